"""How reaction systems show themselves: text, HTML, tables."""

from typing import TYPE_CHECKING, Any

from irrev._core import CountSystem, ReactionSystem
from irrev.network._present import Columns, frame, table

if TYPE_CHECKING:
    import pandas as pd


def _first(names: tuple[str, ...]) -> str:
    return ", ".join(names[:8]) + (" …" if len(names) > 8 else "")


def _rows(system: ReactionSystem) -> Columns:
    reactions = system.reactions
    return {
        "reaction": [r.name for r in reactions],
        "equation": [r.equation for r in reactions],
        "law": [r.law for r in reactions],
        "forward_rate": [r.forward_rate for r in reactions],
        "backward_rate": [r.backward_rate for r in reactions],
        "counted": [r.counted for r in reactions],
    }


def system_summary(system: ReactionSystem) -> str:
    held = ", ".join(f"{name} = {amount:.6g}" for name, amount in list(system.held_amounts.items())[:8])
    lines = [
        f"ReactionSystem of {len(system.species)} species and {len(system.reactions)} reactions",
        f"species     {_first(system.state_names)}",
    ]
    if held:
        lines.append(f"chemostats  {held}")
    lines += [f"  {r.name}: {r.equation}  ({r.law})" for r in system.reactions[:12]]
    if len(system.reactions) > 12:
        lines.append(f"  … and {len(system.reactions) - 12} more")
    if system.one_way_reactions:
        lines.append(f"one way     {_first(tuple(system.one_way_reactions))}")
    if system.left_out:
        lines.append(f"left out    {_first(tuple(system.left_out))}")
    return "\n".join(lines)


def system_html(system: ReactionSystem) -> str:
    return table(repr(system)[1:-1], _rows(system))


def system_dict(system: ReactionSystem) -> dict[str, Any]:
    return {
        "species": system.species,
        "state_names": system.state_names,
        "held_amounts": system.held_amounts,
        "initial_amounts": system.initial_amounts,
        "reactions": tuple(r._asdict() for r in system.reactions),
        "stoichiometry": system.stoichiometry,
    }


def system_pandas(system: ReactionSystem) -> "pd.DataFrame":
    return frame(_rows(system), "reaction")


def counts_summary(system: CountSystem) -> str:
    lines = [
        f"CountSystem of {len(system.species)} species and {len(system.reactions)} reactions",
        f"species     {_first(system.species)}",
    ]
    for r in system.reactions[:12]:
        change = ", ".join(f"{name} {n:+d}" for name, n in r.change.items()) or "no change"
        lines.append(f"  {r.name}: {change}  ({r.forward}; {r.backward or 'one way'})")
    if len(system.reactions) > 12:
        lines.append(f"  … and {len(system.reactions) - 12} more")
    return "\n".join(lines)


def counts_html(system: CountSystem) -> str:
    reactions = system.reactions
    columns: Columns = {
        "reaction": [r.name for r in reactions],
        "change": [", ".join(f"{name} {n:+d}" for name, n in r.change.items()) for r in reactions],
        "forward": [r.forward for r in reactions],
        "backward": [r.backward for r in reactions],
    }
    return table(repr(system)[1:-1], columns)


def counts_dict(system: CountSystem) -> dict[str, Any]:
    return {
        "species": system.species,
        "initial_counts": system.initial_counts,
        "reactions": tuple(r._asdict() for r in system.reactions),
    }

"""How networks, processes and flows show themselves: text, HTML, tables and figures."""

import html
from typing import TYPE_CHECKING, Any

import numpy as np

from irrev._core import Flow, MarkovJump, Network
from irrev._plot import bars, require

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Columns = dict[str, Any]

LONGEST = 20
"""Rows of a table in HTML; longer ones are cut, which is said."""

PER_EDGE = (
    "forward_flux",
    "backward_flux",
    "current",
    "force",
    "onsager_coefficient",
    "entropy_production_rate_per_edge",
)


def _edges(network: Network) -> Columns:
    """Name, ends and reservoir of every edge; the ends are states, or complexes of species."""
    complexes, reservoirs, edges = network.complexes, network.reservoirs, network.edges
    ends = network.states if complexes is None else tuple(name for name, _ in complexes)
    return {
        "edge": [e.name for e in edges],
        "from_": [ends[e.from_] for e in edges],
        "to": [ends[e.to] for e in edges],
        "reservoir": [None if e.reservoir is None else reservoirs[e.reservoir] for e in edges],
    }


def frame(columns: Columns, index: str = "edge") -> "pd.DataFrame":
    """Columns as a table with one of them as its index."""
    pandas: Any = require("pandas", "pandas")
    made: pd.DataFrame = pandas.DataFrame(columns).set_index(index)
    return made


def table(caption: str, columns: Columns) -> str:
    """Columns as a table in HTML."""

    def cell(value: object, tag: str = "td") -> str:
        text = f"{value:.6g}" if isinstance(value, float) else "" if value is None else str(value)
        return f'<{tag} style="text-align:left">{html.escape(text)}</{tag}>'

    head = "".join(cell(name, "th") for name in columns)
    rows = list(zip(*(np.asarray(c, dtype=object) for c in columns.values()), strict=True))
    body = "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in rows[:LONGEST])
    rest = f"<tr><td>… and {len(rows) - LONGEST} more</td></tr>" if len(rows) > LONGEST else ""
    return f"<table><caption>{html.escape(caption)}</caption><tr>{head}</tr>{body}{rest}</table>"


def network_dict(network: Network) -> dict[str, Any]:
    return {
        "states": network.states,
        "edges": tuple(e._asdict() for e in network.edges),
        "complexes": network.complexes,
        "reservoirs": network.reservoirs,
        "subsystems": network.subsystems,
    }


def network_summary(network: Network) -> str:
    def first(names: tuple[str, ...]) -> str:
        return ", ".join(names[:8]) + (" …" if len(names) > 8 else "")

    states, channels = ("states", "edges") if network.complexes is None else ("species", "reactions")
    lines = [
        f"Network of {len(network.states)} {states} and {len(network.edges)} {channels}",
        f"{states:<12}{first(network.states)}",
        f"{channels:<12}{first(tuple(e.name for e in network.edges))}",
    ]
    if network.reservoirs:
        lines.append(f"reservoirs  {first(network.reservoirs)}")
    if network.subsystems:
        lines.append(f"subsystems  {first(tuple(network.subsystems))}")
    return "\n".join(lines)


def network_html(network: Network) -> str:
    return table(repr(network)[1:-1], _edges(network))


def network_pandas(network: Network) -> "pd.DataFrame":
    return frame(_edges(network))


def _rates(kinetics: MarkovJump) -> Columns:
    return {
        **_edges(kinetics.network),
        "forward_rate": kinetics.forward_rate,
        "backward_rate": kinetics.backward_rate,
    }


def kinetics_dict(kinetics: MarkovJump) -> dict[str, Any]:
    rates = {"forward_rate": kinetics.forward_rate, "backward_rate": kinetics.backward_rate}
    return {**network_dict(kinetics.network), **rates}


def kinetics_summary(kinetics: MarkovJump) -> str:
    rates = np.concatenate([kinetics.forward_rate, kinetics.backward_rate])
    used = rates[rates > 0]
    span = f"{used.min():.6g} … {used.max():.6g}" if len(used) else "none"
    lines = [network_summary(kinetics.network).replace("Network of", "MarkovJump on", 1), f"rates       {span}  1/time"]
    if kinetics.one_way_edges:
        lines.append(f"one way     {', '.join(kinetics.one_way_edges[:8])}")
    return "\n".join(lines)


def kinetics_html(kinetics: MarkovJump) -> str:
    return table(repr(kinetics)[1:-1], _rates(kinetics))


def kinetics_pandas(kinetics: MarkovJump) -> "pd.DataFrame":
    return frame(_rates(kinetics))


def _fluxes(flow: Flow) -> Columns:
    return {**_edges(flow.network), **{name: getattr(flow, name) for name in PER_EDGE}}


def flow_dict(flow: Flow) -> dict[str, Any]:
    return {
        **{name: getattr(flow, name) for name in PER_EDGE},
        "entropy_production_rate": flow.entropy_production_rate,
        "entropy_production_rate_by_reservoir": flow.entropy_production_rate_by_reservoir,
        "entropy_production_rate_by_subsystem": flow.entropy_production_rate_by_subsystem,
        "activity": flow.activity,
        "mobility": flow.mobility,
        "rate_of_change": flow.rate_of_change,
        "one_way_edges": flow.one_way_edges,
    }


def flow_summary(flow: Flow) -> str:
    lines = [
        f"Flow on {len(flow.forward_flux)} {'edges' if flow.network.complexes is None else 'reactions'}",
        f"entropy_production_rate  {flow.entropy_production_rate:.12g}  nats/time",
        f"activity                 {flow.activity:.12g}  1/time",
        f"mobility                 {flow.mobility:.12g}  1/time",
        f"largest rate of change   {np.abs(flow.rate_of_change).max():.6g}  1/time",
    ]
    if len(flow.one_way_edges):
        names = [flow.network.edges[e].name for e in flow.one_way_edges[:8]]
        lines.append(f"one way                  {', '.join(names)}")
    return "\n".join(lines)


def flow_html(flow: Flow) -> str:
    return table(repr(flow)[1:-1], _fluxes(flow))


def flow_pandas(flow: Flow) -> "pd.DataFrame":
    return frame(_fluxes(flow))


def flow_plot_data(flow: Flow) -> Columns:
    return {
        "edge": [e.name for e in flow.network.edges],
        "entropy_production_rate": flow.entropy_production_rate_per_edge,
    }


def flow_plot(flow: Flow, ax: "Axes | None") -> "Axes":
    data = flow_plot_data(flow)
    return bars(ax, data["edge"], data["entropy_production_rate"], "entropy production rate (nats/time)")

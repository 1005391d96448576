"""What is written down along a trajectory of molecule counts, and what it is asked to watch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy.typing as npt

from irrev._arrays import finite
from irrev._core import CountSystem
from irrev.exceptions import ModelError

Weights = npt.ArrayLike | Mapping[str, float]
"""A weight per forward jump of every reaction: an array in their order, or a mapping from names, 0 for those that are not named."""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A threshold whose first passage is watched.

    Give one of `counts`, `current` and `medium_entropy`.

    Attributes
    ----------
    name : str
        Name in the results.
    counts : mapping of str to float
        Watches Σ weight · count over species.
    current : array_like or mapping
        Watches Σ weight · (n⁺ - n⁻) over reactions.
    medium_entropy : bool
        Watches the medium entropy, in nats.
    threshold : float
        Where it must go.
    side : str
        "at least" or "at most": from which side.
    stops : bool
        Whether the trajectory ends there.
    """

    name: str
    threshold: float
    counts: Mapping[str, float] | None = None
    current: Weights | None = None
    medium_entropy: bool = False
    side: Literal["at least", "at most"] = "at least"
    stops: bool = False

    def _packed(self, system: CountSystem) -> tuple[str, str, list[tuple[int, float]], float, bool, bool]:
        if (self.counts is not None) + (self.current is not None) + self.medium_entropy != 1:
            raise TypeError(f'passage "{self.name}": give one of counts, current and medium_entropy')
        if self.side not in ("at least", "at most"):
            raise ValueError(f'side of passage "{self.name}" is "{self.side}", expected "at least" or "at most"')
        kind, weights = "medium_entropy", []
        if self.counts is not None:
            kind = "counts"
            weights = [(place("species", system.species, name), float(w)) for name, w in self.counts.items()]
        elif self.current is not None:
            kind = "current"
            weights = list(enumerate(per_reaction(system, self.current, f'current of passage "{self.name}"')))
        return self.name, kind, weights, float(self.threshold), self.side == "at least", self.stops


@dataclass(frozen=True, kw_only=True)
class Books:
    """What to keep along every trajectory; everything is off by default.

    Attributes
    ----------
    jumps : bool
        Jumps of each reaction and direction.
    residence : bool
        Time integrals of the counts.
    entropy : bool
        Medium entropy with its running maximum and minimum, in nats.
    currents : mapping of str to weights
        Currents Σ weight · (n⁺ - n⁻), by name; weights per reaction, as an array or a mapping from names.
    passages : sequence of Passage
        Thresholds whose first passage is watched.
    histograms : sequence of str
        Species whose time at each count is kept, for trajectories that are kept.
    """

    jumps: bool = False
    residence: bool = False
    entropy: bool = False
    currents: Mapping[str, Weights] = field(default_factory=dict)
    passages: Sequence[Passage] = ()
    histograms: Sequence[str] = ()

    @classmethod
    def full(cls) -> "Books":
        """Jumps, time integrals of the counts and medium entropy."""
        return cls(jumps=True, residence=True, entropy=True)

    def _packed(self, system: CountSystem) -> dict[str, Any]:
        return {
            "jumps": self.jumps,
            "residence": self.residence,
            "entropy": self.entropy,
            "currents": [
                (name, per_reaction(system, weights, f'current "{name}"')) for name, weights in self.currents.items()
            ],
            "passages": [passage._packed(system) for passage in self.passages],
            "histograms": [place("species", system.species, name) for name in self.histograms],
        }


def place(what: str, names: Sequence[str], name: str) -> int:
    """Index of a name."""
    try:
        return names.index(name)
    except ValueError:
        raise ModelError(f'unknown {what} "{name}"; known: {", ".join(names)}') from None


def per_reaction(system: CountSystem, weights: Weights, what: str) -> list[float]:
    """A weight for every reaction."""
    if not isinstance(weights, Mapping):
        return finite(weights, what, len(system.reactions))
    names = [reaction.name for reaction in system.reactions]
    dense = [0.0] * len(names)
    for name, weight in weights.items():
        dense[place("reaction", names, name)] = float(weight)
    return dense

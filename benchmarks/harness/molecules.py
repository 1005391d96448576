"""Reaction networks on molecule counts, as both sides of a benchmark read them.

A reaction is (reactants, products, k⁺, k⁻) with the propensity k n(n-1)…(n-ν+1) for ν molecules of a species; k⁻ is None where nothing runs back.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Side = Mapping[str, int]
Reaction = tuple[Side, Side, float, float | None]


@dataclass(frozen=True)
class Counted:
    """A network with its start, how long one trajectory lasts, and how its means are sampled: of the watched species, at one early time."""

    name: str
    species: list[str]
    reactions: list[Reaction]
    initial: dict[str, int]
    end: float
    sample_time: float
    samples: int
    watched: list[str]

    def parameters(self) -> dict[str, Any]:
        return asdict(self)


def ring() -> Counted:
    """One molecule on a ring of ten places, driven round it."""
    places = [f"S{i}" for i in range(10)]
    steps: list[Reaction] = [({x: 1}, {y: 1}, 2.0, 1.0) for x, y in zip(places, places[1:] + places[:1], strict=True)]
    return Counted("ring10", places, steps, {"S0": 1}, 5e5, 1.0, 2000, places)


def schloegl() -> Counted:
    """Schlögl's bistable model, small enough that it changes wells often."""
    reactions: list[Reaction] = [({"X": 2}, {"X": 3}, 0.0225, 1.125e-4), ({}, {"X": 1}, 37.5, 2.0)]
    return Counted("Schlögl", ["X"], reactions, {"X": 20}, 1.5e4, 2.0, 2000, ["X"])


def michaelis_menten() -> Counted:
    """A reversible enzyme whose substrate is fed and whose product is drained."""
    reactions: list[Reaction] = [
        ({"E": 1, "S": 1}, {"C": 1}, 0.01, 1.0),
        ({"C": 1}, {"E": 1, "P": 1}, 2.0, 0.001),
        ({}, {"S": 1}, 100.0, 0.2),
        ({}, {"P": 1}, 5.0, 0.5),
    ]
    species = ["E", "S", "C", "P"]
    return Counted("open Michaelis–Menten", species, reactions, {"E": 100, "S": 500}, 2000.0, 1.0, 2000, species)


def vilar() -> Counted:
    """A circadian clock of an activator A and a repressor R (Vilar, Kueh, Barkai and Leibler, PNAS 99, 5988 (2002)); Ga, Gr their genes."""
    reactions: list[Reaction] = [
        ({"A": 1, "Ga": 1}, {"GaA": 1}, 1.0, 50.0),
        ({"A": 1, "Gr": 1}, {"GrA": 1}, 1.0, 100.0),
        ({"Ga": 1}, {"Ga": 1, "Ma": 1}, 50.0, None),
        ({"GaA": 1}, {"GaA": 1, "Ma": 1}, 500.0, None),
        ({"Gr": 1}, {"Gr": 1, "Mr": 1}, 0.01, None),
        ({"GrA": 1}, {"GrA": 1, "Mr": 1}, 50.0, None),
        ({"Ma": 1}, {"Ma": 1, "A": 1}, 50.0, None),
        ({"Mr": 1}, {"Mr": 1, "R": 1}, 5.0, None),
        ({"A": 1, "R": 1}, {"C": 1}, 2.0, None),
        ({"C": 1}, {"R": 1}, 1.0, None),
        ({"A": 1}, {}, 1.0, None),
        ({"R": 1}, {}, 0.2, None),
        ({"Ma": 1}, {}, 10.0, None),
        ({"Mr": 1}, {}, 0.5, None),
    ]
    species = ["Ga", "Gr", "GaA", "GrA", "Ma", "Mr", "A", "R", "C"]
    return Counted("Vilar", species, reactions, {"Ga": 1, "Gr": 1}, 700.0, 1.0, 2000, species)


def brusselator() -> Counted:
    """The Brusselator with all its reverse reactions, in a volume of 100."""
    volume = 100.0
    reactions: list[Reaction] = [
        ({}, {"X": 1}, volume, 1.0),
        ({"X": 2, "Y": 1}, {"X": 3}, 1.0 / volume**2, 0.05 / volume**2),
        ({"X": 1}, {"Y": 1}, 2.5, 0.05),
    ]
    return Counted("Brusselator", ["X", "Y"], reactions, {"X": 100, "Y": 250}, 2000.0, 1.0, 2000, ["X", "Y"])


def dimer() -> Counted:
    """A million molecules that pair."""
    return Counted("dimer", ["A", "B"], [({"A": 2}, {"B": 1}, 1e-6, 1.0)], {"A": 1_000_000}, 3.0, 0.1, 20, ["A", "B"])


def multisite(sites: int = 7, molecules: int = 2000) -> Counted:
    """A molecule with independent sites, every pattern of modification a species: 2ⁿ species, n 2ⁿ one-way reactions."""
    name = [f"M{pattern}" for pattern in range(2**sites)]
    reactions: list[Reaction] = [
        ({name[pattern]: 1}, {name[pattern | 1 << site]: 1}, 1.0 + 0.1 * site, 0.5)
        for pattern in range(2**sites)
        for site in range(sites)
        if not pattern & 1 << site
    ]
    return Counted("multisite896", name, reactions, {"M0": molecules}, 60.0, 0.1, 100, name[:5])


def lattice(cells: int = 250) -> Counted:
    """Molecules on a line of cells that hop, appear in pairs and vanish in pairs: 4n - 2 one-way reactions."""
    cell = [f"A{i}" for i in range(cells)]
    hops: list[Reaction] = [({x: 1}, {y: 1}, 1.2, 1.0) for x, y in zip(cell, cell[1:], strict=False)]
    pairs: list[Reaction] = [({}, {x: 2}, 1.0, 0.02) for x in cell]
    return Counted("lattice998", cell, hops + pairs, dict.fromkeys(cell, 7), 120.0, 0.5, 100, cell[:5])


SMALL = (ring, schloegl, michaelis_menten, vilar, brusselator)
LARGE = (multisite, lattice)

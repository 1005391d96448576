"""Reactions of a system, as named tuples."""

from typing import NamedTuple


class Reaction(NamedTuple):
    """One reaction by amounts."""

    name: str
    """Name, unique in the system."""
    equation: str
    """As on paper."""
    reactants: dict[str, float]
    """Coefficients of the left side."""
    products: dict[str, float]
    """Coefficients of the right side."""
    law: str
    """"mass action", "formula" or "net flux"."""
    forward_rate: float | None
    """Mass-action constant k⁺; None for other laws."""
    backward_rate: float | None
    """Mass-action constant k⁻; None for other laws."""
    counted: bool
    """Whether it counts in the thermodynamics."""


class CountReaction(NamedTuple):
    """One reaction on molecule counts."""

    name: str
    """Name, unique in the system."""
    change: dict[str, int]
    """Products - reactants."""
    forward: str
    """"mass action" or "formula"."""
    backward: str | None
    """The same; None for a reaction that runs one way."""

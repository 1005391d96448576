"""A channel of a network."""

from typing import NamedTuple


class Edge(NamedTuple):
    """One channel between two states."""

    name: str
    """Name, unique in the network."""
    from_: int
    """State x that a forward jump leaves."""
    to: int
    """State y that a forward jump enters."""
    reservoir: int | None
    """Reservoir that the channel exchanges heat with."""

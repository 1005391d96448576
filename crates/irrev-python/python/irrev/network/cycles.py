"""Fundamental cycles, their affinities, and the currents around them.

A spanning forest leaves one chord per independent cycle: edges - states + components of them. The affinity is the sum of ln(k⁺/k⁻) round the
cycle. Two channels between the same states are a cycle of length two.

Reference: Schnakenberg, Rev. Mod. Phys. 48, 571 (1976).
"""

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, integers, real
from irrev._core import MarkovJump, Network
from irrev._record import Record, means
from irrev.exceptions import ModelError


class Cycle(Record):
    """One closed path, as the edges it runs along (+1) or against (-1)."""

    edges: Annotated[IntArray, means("", "Indices of the edges in the order of the path")]
    signs: Annotated[FloatArray, means("", "+1 where the path runs along the edge, -1 against it")]

    def sum(self, per_edge: npt.ArrayLike) -> float:
        """Sum over the cycle of an edge quantity, with the sign of each edge: for forces, the affinity in nats."""
        return float(_core.cycle_sums([(self.edges, self.signs)], real(per_edge, "per_edge"), None)[0])

    def vector(self, network: Network) -> FloatArray:
        """The cycle as one entry per edge of the network."""
        return _core.cycle_vectors(network, [(self.edges, self.signs)]).reshape(-1)


class CycleBasis(Record):
    """A basis of the cycle space: one cycle per chord of a breadth-first spanning forest."""

    cycles: Annotated[tuple[Cycle, ...], means("", "The cycles, in the order of their chords")]
    chords: Annotated[IntArray, means("", "The chord of each cycle")]

    def affinities(self, kinetics: MarkovJump) -> FloatArray:
        """Affinity of each cycle, the sum of ln(k⁺/k⁻) round it, in nats."""
        return _core.cycle_sums(_paths(self.cycles), kinetics.medium_entropy_change, kinetics.network)

    def currents(self, divergence_free: npt.ArrayLike) -> FloatArray:
        """Current around each cycle, for a divergence-free current: its value on the chord, in 1/time."""
        current = real(divergence_free, "divergence_free")
        if current.ndim != 1 or len(current) <= max(self.chords, default=-1):
            raise ModelError(f"divergence_free has shape {current.shape}, expected one entry per edge of the network")
        return current[self.chords]

    def vectors(self, network: Network) -> FloatArray:
        """The cycles as a matrix, one row per cycle, one column per edge."""
        return _core.cycle_vectors(network, _paths(self.cycles))


class CycleDecomposition(Record):
    """A divergence-free current expressed in cycles."""

    affinities: Annotated[FloatArray, means("nats", "Affinity of each cycle")]
    currents: Annotated[FloatArray, means("1/time", "Current around each cycle")]
    entropy_production_rate: Annotated[float, means("nats/time", "Sum of affinity times current")]


def _paths(cycles: Sequence[Cycle]) -> list[tuple[IntArray, FloatArray]]:
    return [(cycle.edges, cycle.signs) for cycle in cycles]


def basis(fields: dict[str, Any]) -> CycleBasis:
    """The record of what the extension returns."""
    return CycleBasis(cycles=tuple(Cycle(*path) for path in fields["cycles"]), chords=fields["chords"])


def fundamental_cycles(network: Network) -> CycleBasis:
    """Fundamental cycles of a network, breadth-first from state 0 (then from the first state not reached, and so on).

    From each state the edges are tried in their order, in both directions; the first that reaches a new state joins the forest.

    Examples
    --------
    >>> from irrev.network import Network, fundamental_cycles
    >>> ring = Network.from_edges(3, [(0, 1), (1, 2), (2, 0)])
    >>> fundamental_cycles(ring).vectors(ring)
    array([[1., 1., 1.]])
    """
    return basis(_core.fundamental_cycles(network))


def cycle_through_states(network: Network, *, states: Sequence[int | str], name: str = "cycle") -> Cycle:
    """The cycle that visits the given states, by name or index, in order and returns to the first.

    Where several channels join two states the first is taken; see `cycle_through_edges` to choose.
    """
    indices = [network.state(s) if isinstance(s, str) else s for s in states]
    return Cycle(*_core.cycle_through_states(network, name, indices))


def cycle_through_edges(network: Network, *, steps: Sequence[tuple[int | str, float]], name: str = "cycle") -> Cycle:
    """The cycle along the given (edge, ±1) steps, edges by name or index; refused if it does not close."""
    edges = [network.edge(e) if isinstance(e, str) else e for e, _ in steps]
    signs = np.array([sign for _, sign in steps], dtype=np.float64)
    return Cycle(*_core.cycle_through_edges(network, name, (integers(edges, "steps"), signs)))


def cycle_decomposition(
    kinetics: MarkovJump, *, cycles: Sequence[Cycle], divergence_free: npt.ArrayLike
) -> CycleDecomposition:
    """Expresses a divergence-free current in given cycles, which must be a basis of the cycle space.

    Examples
    --------
    >>> from irrev.network import cycle_decomposition, fundamental_cycles, three_state_ring
    >>> ring = three_state_ring(0.5, 1.0)
    >>> flow = ring.flow(ring.stationary_distribution())
    >>> cycles = fundamental_cycles(ring.network).cycles
    >>> split = cycle_decomposition(ring, cycles=cycles, divergence_free=flow.current)
    >>> bool(abs(split.entropy_production_rate - flow.entropy_production_rate) < 1e-14)
    True
    """
    return CycleDecomposition(**_core.cycle_decomposition(kinetics, _paths(cycles), divergence_free))

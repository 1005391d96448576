"""Glansdorff-Prigogine excess entropy production, and stability.

Against a steady state with currents J° and forces F° the excess is Σ (J - J°)(F - F°) over *channels*. For linear master equations and for
channel-resolved mass action it equals -dD(p‖p°)/dt at any distance: where it is negative the state moves away. Channels that are lumped together, or
rates that depend on the state otherwise, break the equality, and then the sum judges nothing; `Excess.no_test` says so.

References: Glansdorff and Prigogine, Thermodynamic Theory of Structure, Stability and Fluctuations (1971); Ito, J. Phys. A 55, 054001 (2022).
"""

from collections.abc import Callable
from typing import Annotated, Any

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._core import Flow, Network, ReactionSystem
from irrev._record import ComplexArray, Record, means
from irrev.reactions.motion import SteadyState


class ChannelSum(Record):
    """A sum over channels at a state, beside the same at the steady state."""

    excess: Annotated[float, means("nats/time", "Σ (J - J°)(F - F°)")]
    entropy_production_rate: Annotated[float, means("nats/time", "Σ J F")]


class Excess(Record):
    """A state against a steady state; of amounts, rates are in k_B·amount/time."""

    resolved: Annotated[ChannelSum, means("nats/time", "The sums over the channels as they are")]
    lumped: Annotated[
        ChannelSum, means("nats/time", "The sums if channels that change the state in the same way were one: no test of stability")
    ]
    parallel: Annotated[tuple[tuple[str, ...], ...], means("", "Channels that change the state in the same way")]
    housekeeping: Annotated[float, means("nats/time", "Σ̇ - excess")]
    divergence_decay: Annotated[float, means("nats/time", "-dD(p‖p°)/dt = -Σ ṗ ln(p/p°)")]
    second_variation: Annotated[float, means("nats", "½ Σ (p - p°)²/p°, to second order D(p‖p°)")]
    second_variation_rate: Annotated[float, means("nats/time", "Σ (p - p°) ṗ/p°")]
    fisher_information: Annotated[float, means("1/time²", "I = Σ ṗ²/p")]
    rate: Annotated[FloatArray, means("1/time", "ṗ")]
    size: Annotated[float, means("nats/time", "Size of the terms of the sums, to which their rounding is relative")]
    motion: Annotated[
        str | None,
        means("", '"approaching", "leaving" or "neither", by the sign of the resolved excess; None if it is no test of stability'),
    ]
    no_test: Annotated[str | None, means("", "Why the sum over channels is no test of stability; None if it is one")]


class AgainstSteadyState(Record):
    """A state against a steady state: excess, the criterion of speed, and linear stability."""

    steady: Annotated[FloatArray, means("", "The steady state in question, of which there may be several")]
    excess: Annotated[Excess, means("", "Sums over channels")]
    fisher_information_rate: Annotated[
        float, means("1/time³", "dI/dt with p̈ = (∂ṗ/∂p) ṗ: positive where the motion speeds up; defined for any law")
    ]
    eigenvalues: Annotated[
        ComplexArray,
        means("1/time", "Eigenvalues of ∂ṗ/∂p at the steady state, on the states that can be reached, by falling real part"),
    ]
    stability: Annotated[str, means("", 'What becomes of small disturbances: "stable", "unstable" or "marginal"')]

    @property
    def stable(self) -> bool | None:
        """Whether small disturbances of the steady state decay; None if some neither decay nor grow, to working precision."""
        return None if self.stability == "marginal" else self.stability == "stable"


class StateDependentRates(Record):
    """Rates of jumping at one distribution, and how they change with it: the flux along an edge x → y is k⁺(p) p_x, back k⁻(p) p_y."""

    forward: Annotated[FloatArray, means("1/time", "k⁺ per edge")]
    backward: Annotated[FloatArray, means("1/time", "k⁻ per edge")]
    forward_derivative: Annotated[FloatArray, means("1/time", "∂k⁺/∂p, edges × states")]
    backward_derivative: Annotated[FloatArray, means("1/time", "∂k⁻/∂p, edges × states")]


def _excess(fields: dict[str, Any]) -> Excess:
    for name in ("resolved", "lumped"):
        fields[name] = ChannelSum(**fields[name])
    fields["parallel"] = tuple(map(tuple, fields["parallel"]))
    return Excess(**fields)


def _against(fields: dict[str, Any]) -> AgainstSteadyState:
    fields["excess"] = _excess(fields["excess"])
    return AgainstSteadyState(**fields)


def excess_entropy_production(
    flow: Flow, *, state: npt.ArrayLike, steady_flow: Flow, steady: npt.ArrayLike
) -> Excess:
    """The excess of a flow at `state` (probabilities or amounts) over that of a steady state, on the same channels.

    Raises ModelError for flows one way only, a state with an empty entry, or a steady state that changes by more than 1e-9 of its traffic.

    Examples
    --------
    >>> from irrev.information import excess_entropy_production
    >>> from irrev.network import MarkovJump
    >>> pair = MarkovJump.from_rates(2, [(0, 1, 1.0, 1.0), (0, 1, 2.0, 1.0)])
    >>> p, steady = [0.8, 0.2], pair.stationary_distribution()
    >>> found = excess_entropy_production(pair.flow(p), state=p, steady_flow=pair.flow(steady), steady=steady)
    >>> found.motion, found.lumped.entropy_production_rate < found.resolved.entropy_production_rate
    ('approaching', True)
    """
    return _excess(_core.excess_entropy_production(flow, state, steady_flow, steady))


def reaction_stability(
    system: ReactionSystem, *, amounts: npt.ArrayLike, steady: SteadyState | npt.ArrayLike
) -> AgainstSteadyState:
    """Amounts of a reaction system (at time 0) against one of its steady states: the one that Newton's method finds from `steady`.

    Raises ModelError if something moves the state that is left out of the thermodynamics.

    Examples
    --------
    >>> from irrev.information import reaction_stability
    >>> from irrev.reactions import ReactionSystem
    >>> schloegl = ReactionSystem(
    ...     ["X"], chemostats={"A": 1.0, "B": 1.0},
    ...     reactions=[("auto", "A + 2 X <=> 3 X", 3.0, 1.0), ("feed", "B <=> X", 0.25, 2.0)],
    ... )
    >>> found = reaction_stability(schloegl, amounts=[0.8], steady=[0.7])
    >>> found.stable, found.excess.motion, found.excess.parallel
    (False, 'leaving', (('auto', 'feed'),))
    """
    reference = steady.amounts if isinstance(steady, SteadyState) else steady
    return _against(_core.reaction_stability(system, amounts, reference))


Rates = Callable[[FloatArray], tuple[npt.ArrayLike, npt.ArrayLike]]
"""A law p ↦ (k⁺, k⁻), two arrays with one rate per edge."""


def differentiated_rates(rates: Rates, *, state: npt.ArrayLike, edges: int) -> StateDependentRates:
    """The rates of a law p ↦ (k⁺, k⁻) at a state, differentiated by central differences with two extrapolations.

    The law is evaluated at distributions that are off by a hundredth of each entry and not normalised; its derivatives are accurate to some 1e-12 if
    it is smooth on that scale.

    Examples
    --------
    >>> from irrev.information import differentiated_rates
    >>> found = differentiated_rates(lambda p: ([1.0 + p[1] ** 2], [0.5]), state=[0.6, 0.4], edges=1)
    >>> found.forward_derivative.round(10).tolist()
    [[0.0, 0.8]]
    """
    return StateDependentRates(**_core.differentiated_rates(rates, state, edges))


def nonlinear_stability(
    network: Network,
    *,
    state: npt.ArrayLike,
    steady: npt.ArrayLike,
    rates: Rates | tuple[StateDependentRates, StateDependentRates],
) -> AgainstSteadyState:
    """A distribution that moves by a nonlinear master equation, against a steady state of it.

    Parameters
    ----------
    network : Network
    state, steady : array_like, shape (states,)
    rates : callable, or pair of StateDependentRates
        The law p ↦ (k⁺, k⁻), which `differentiated_rates` differentiates; or the rates at `state` and at `steady`, with derivatives of your own.

    Examples
    --------
    On a ring, jumps i → i+1 are catalysed by what is already in i+1.

    >>> import numpy as np
    >>> from irrev.information import nonlinear_stability
    >>> from irrev.network import Network
    >>> ring = Network.from_edges(3, [(0, 1), (1, 2), (2, 0)])
    >>> law = lambda p: (0.1 + 6.0 * np.roll(p, -1) ** 2, np.full(3, 0.2))
    >>> found = nonlinear_stability(ring, state=[0.36, 0.33, 0.31], steady=np.full(3, 1 / 3), rates=law)
    >>> found.stable, round(float(found.eigenvalues[0].real), 9)
    (False, 0.55)

    The sum over these channels is positive though the state is left, and says that it is no test.

    >>> found.excess.resolved.excess > 0.0 > found.excess.divergence_decay, found.excess.motion
    (True, None)
    """
    if callable(rates):
        edges = len(network.edges)
        pair = tuple(differentiated_rates(rates, state=p, edges=edges) for p in (state, steady))
    else:
        pair = rates
    sides = [
        (p, r.forward, r.backward, r.forward_derivative, r.backward_derivative)
        for p, r in zip((state, steady), pair, strict=True)
    ]
    return _against(_core.nonlinear_stability(network, sides[0], sides[1]))

"""Fisher information of time at one state, what an observable tells of time, and what short times show of dissipation.

I = Σ ṗ²/p, in 1/time²; of amounts in amount/time². An empty state that is being filled makes I infinite.

References: Ito, Phys. Rev. Lett. 121, 030605 (2018); Ito and Dechant, Phys. Rev. X 10, 021056 (2020); Otsubo, Ito, Dechant and Sagawa, Phys. Rev. E
101, 062106 (2020).
"""

from typing import Annotated

import numpy.typing as npt

from irrev import _core
from irrev._core import Flow, MarkovJump
from irrev._record import Record, means
from irrev._run import Progress, options


class CramerRao(Record):
    """The Cramér-Rao inequality |d⟨r⟩/dt|² ≤ I Var r of one observable."""

    mean: Annotated[float, means("unit of r", "⟨r⟩")]
    variance: Annotated[float, means("(unit of r)²", "Var r")]
    velocity: Annotated[float, means("unit of r/time", "d⟨r⟩/dt = Σ r ṗ")]
    fisher_information: Annotated[float, means("1/time²", "I = Σ ṗ²/p")]
    slack: Annotated[
        float,
        means("(unit of r)²/time²", "I Var r - (d⟨r⟩/dt)² ≥ 0; 0 for an observable that does not vary, infinite with I"),
    ]
    efficiency: Annotated[
        float | None,
        means("", "(d⟨r⟩/dt)²/(I Var r), 1 where r - ⟨r⟩ ∝ ṗ/p; None where nothing varies or nothing moves"),
    ]


def fisher_information(state: npt.ArrayLike, *, rate: npt.ArrayLike) -> float:
    """I = Σ ṗ²/p of probabilities or amounts with their rates of change; infinite where something empty is being filled.

    Examples
    --------
    >>> from irrev.information import fisher_information
    >>> fisher_information([0.5, 0.25, 0.25], rate=[0.5, -0.5, 0.0])
    1.5
    """
    return _core.fisher_information(state, rate)


def fisher_information_rate(state: npt.ArrayLike, *, rate: npt.ArrayLike, acceleration: npt.ArrayLike) -> float:
    """dI/dt = Σ (ṗ/p)(2p̈ - ṗ²/p), in 1/time³; for a motion ṗ = f(p) the acceleration is (∂f/∂p) ṗ.

    Examples
    --------
    >>> from irrev.information import fisher_information_rate
    >>> fisher_information_rate([1.0], rate=[-2.0], acceleration=[4.0])         # x = e^{-2t}: I = 4x
    -8.0
    """
    return _core.fisher_information_rate(state, rate, acceleration)


def cramer_rao(distribution: npt.ArrayLike, *, rate: npt.ArrayLike, observable: npt.ArrayLike) -> CramerRao:
    """How well an observable (one value per state) tells the time at a distribution and its rate of change.

    Examples
    --------
    >>> from irrev.information import cramer_rao
    >>> found = cramer_rao([0.3, 0.7], rate=[0.2, -0.2], observable=[1.0, -0.5])
    >>> round(found.velocity, 12), round(found.efficiency, 12)                 # of two states every observable is efficient
    (0.3, 1.0)
    """
    return CramerRao(**_core.cramer_rao(distribution, rate, observable))


def geodesic_between_distributions(from_: npt.ArrayLike, to: npt.ArrayLike) -> float:
    """Length 2 arccos Σ √(p q) of the shortest path between two distributions, from 0 to π.

    Examples
    --------
    >>> from irrev.information import geodesic_between_distributions
    >>> round(geodesic_between_distributions([1.0, 0.0], [0.5, 0.5]), 12)
    1.570796326795
    """
    return _core.geodesic_between_distributions(from_, to)


def geodesic_between_amounts(from_: npt.ArrayLike, to: npt.ArrayLike) -> float:
    """Length 2 ‖√x - √y‖ of the shortest path between two vectors of amounts, in √amount.

    Examples
    --------
    >>> from irrev.information import geodesic_between_amounts
    >>> geodesic_between_amounts([4.0, 1.0], [1.0, 1.0])
    2.0
    """
    return _core.geodesic_between_amounts(from_, to)


def sampled_irreversibility(
    kinetics: MarkovJump,
    *,
    distribution: npt.ArrayLike,
    dt: float,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> float:
    """KL(P‖Pᵀ)/dt of the pair of states at t and t + dt, P = e^{W dt} diag(p), in nats per time.

    In the stationary state it lies below the entropy production rate, and tends to it as dt → 0 where no parallel channels hide a part of it.

    Examples
    --------
    >>> from irrev.information import sampled_irreversibility
    >>> from irrev.network import MarkovJump
    >>> ring = MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
    >>> steady = ring.stationary_distribution()
    >>> shown = sampled_irreversibility(ring, distribution=steady, dt=1e-3)
    >>> 0.98 < shown / ring.flow(steady).entropy_production_rate < 1.0
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return _core.sampled_irreversibility(kinetics, distribution, dt, run)


def short_time_uncertainty_optimum(flow: Flow) -> float:
    """2 Σ J²/(j⁺ + j⁻) over the channels, in nats per time: the most that the uncertainty of any current shows of Σ̇ over the shortest time.

    Below Σ̇ away from equilibrium, and finite for one-way channels.

    Examples
    --------
    >>> from irrev.information import short_time_uncertainty_optimum
    >>> from irrev.network import three_state_ring
    >>> ring = three_state_ring(0.5, 1.0)
    >>> flow = ring.flow(ring.stationary_distribution())
    >>> round(short_time_uncertainty_optimum(flow) / flow.entropy_production_rate, 6)     # tanh(F/2)/(F/2)
    0.979675
    """
    return _core.short_time_uncertainty_optimum(flow)

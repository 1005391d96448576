"""Steepest descent of relative entropy in the metric of W₂, and its implicit steps.

With detailed balance the master equation is the steepest descent of D(p‖π): dp/dt = -K ln(p/π), K = B L Bᵀ. Without, the adiabatic force
A = ln(k⁺π_x/(k⁻π_y)) adds the defect B L A.

References: Jordan, Kinderlehrer and Otto, SIAM J. Math. Anal. 29, 1 (1998); Maas, J. Funct. Anal. 261, 2250 (2011).
"""

from typing import Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._bound import Side
from irrev._core import Geodesic, MarkovJump
from irrev._record import Convergence, Record, means
from irrev._run import Progress, options


class Velocity(Record):
    """A velocity of the state with its norm in the metric of W₂."""

    rate: Annotated[FloatArray, means("1/time", "Change of every probability")]
    norm: Annotated[float, means("√(nats/time)", "√(v·K⁺v): its square is the least dissipation that moves the state so")]
    potential: Annotated[FloatArray, means("nats", "K⁺v, of mean 0; empty if no potential carries it")]


class GradientFlow(Record):
    """The velocity of the master equation, that of steepest descent, and the defect between them."""

    master: Annotated[Velocity, means("", "dp/dt; the square of its norm is the geometric excess")]
    descent: Annotated[Velocity, means("", "-K ln(p/π)")]
    defect: Annotated[Velocity, means("", "The first less the second: 0 with detailed balance")]
    relative_defect: Annotated[float, means("", "‖defect‖/‖dp/dt‖")]


def gradient_flow(kinetics: MarkovJump, *, distribution: npt.ArrayLike) -> GradientFlow:
    """Master equation and steepest descent of D(p‖π) at a distribution with full support.

    Raises
    ------
    ModelError
        If the distribution or π has an empty state.

    Examples
    --------
    >>> from irrev.network import MarkovJump
    >>> from irrev.transport import gradient_flow
    >>> ring = MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
    >>> at = gradient_flow(ring, distribution=[0.5, 0.3, 0.2])
    >>> round(at.master.norm ** 2, 10)                     # the geometric excess
    0.8694120956
    >>> at.relative_defect > 0.1                           # the ring is driven
    True
    """
    fields = _core.gradient_flow(kinetics, distribution)
    parts = {name: Velocity(**fields[name]) for name in ("master", "descent", "defect")}
    return GradientFlow(relative_defect=fields["relative_defect"], **parts)


class MinimisingMovement(Record):
    """One implicit step of steepest descent: p_τ = argmin D(p‖π) + W₂²(p₀, p)/(2τ)."""

    step: Annotated[float, means("time", "τ")]
    state: Annotated[FloatArray, means("", "The state found")]
    relative_entropy_before: Annotated[float, means("nats", "D(p₀‖π)")]
    relative_entropy_after: Annotated[float, means("nats", "D(p‖π)")]
    dissipated: Annotated[float, means("nats", "The difference of both")]
    least_dissipated: Annotated[Side, means("nats", "W₂²/(2τ), which has to be given up at least")]
    gap: Annotated[float, means("nats", "The functional is proven to be above its minimum by at most this")]
    state_error: Annotated[float, means("", "Proven bound on the total variation between the state found and the minimiser")]
    master: Annotated[FloatArray, means("", "The state of the master equation after τ")]
    deviation: Annotated[float, means("", "Total variation between the state found and that one: of the order of τ²")]
    convergence: Annotated[Convergence, means("", "Evaluations of W₂, Euler-Lagrange residual in √(nats/time), and its target")]
    geodesic: Annotated[Geodesic, means("", "From the start to the state found")]


def minimising_movement(
    kinetics: MarkovJump,
    *,
    start: npt.ArrayLike,
    step: float,
    tol: float = 1e-6,
    wasserstein2_tol: float = 1e-6,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> MinimisingMovement:
    """One step of minimising movement of relative entropy (Jordan, Kinderlehrer and Otto), for rates with detailed balance.

    Parameters
    ----------
    kinetics : MarkovJump
        Rates with detailed balance.
    start : array_like, shape (states,)
        On the boundary of the simplex, too.
    step : float
        τ.
    tol : float
        Accepted Euler-Lagrange residual: the force that is left relative to that of relative entropy.
    wasserstein2_tol : float
        Relative width of the proven interval of W₂², which limits how small the gap can be.

    Raises
    ------
    ModelError
        Without detailed balance, with the defect.

    Examples
    --------
    >>> from irrev.network import MarkovJump
    >>> from irrev.transport import minimising_movement
    >>> chain = MarkovJump.from_rates(3, [(0, 1, 2.0, 1.0), (1, 2, 2.0, 1.0)])
    >>> moved = minimising_movement(chain, start=[0.7, 0.2, 0.1], step=0.01)
    >>> moved.deviation < 1e-3, moved.dissipated > moved.least_dissipated.value
    (True, True)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    fields = _core.minimising_movement(kinetics, start, step, tol, wasserstein2_tol, run)
    value, error = fields.pop("least_dissipated")
    return MinimisingMovement(least_dissipated=Side(value=value, error=error), **fields)

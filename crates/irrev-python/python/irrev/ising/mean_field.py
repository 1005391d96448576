"""Mean-field theories of parallel updates: means and correlations of N spins from step to step, without the 2^N states.

Each is exact around a model in which some couplings are switched off, and expands in them:

====================  =====================================================================
theory                is
====================  =====================================================================
"naive"               Plefka[t-1,t] of order 1: independent spins in mean fields
"TAP"                 Plefka[t-1,t] of order 2: Thouless, Anderson and Palmer's reaction term
"Plefka[t], order 1"  the step before is kept as it is
"Plefka[t], order 2"  the same with the reaction term; its correlations may diverge
"Plefka[t-1]"         local fields are normal, with the covariance of independent earlier spins
"Plefka2[t]"          every pair of spins keeps its coupling
====================  =====================================================================

References: Plefka, J. Phys. A 15, 1971 (1982); Kappen and Spanjers, Phys. Rev. E 61, 5658 (2000); Roudi and Hertz, J. Stat. Mech. P03031 (2011);
Mézard and Sakellariou, J. Stat. Mech. L07001 (2011); Aguilera, Moosavi and Shimazaki, Nat. Commun. 12, 1197 (2021).
"""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, real, vector, whole
from irrev._record import Convergence, Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.ising.exact import independent_distribution, means_of_spins, parallel_step
from irrev.ising.network import KineticIsing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "THEORIES",
    "MeanFieldState",
    "StationaryMeanField",
    "TheoryComparison",
    "compare_theories",
    "entropy_production",
    "stationary_state",
    "step",
]

Theory: TypeAlias = Literal["naive", "TAP", "Plefka[t], order 1", "Plefka[t], order 2", "Plefka[t-1]", "Plefka2[t]"]

THEORIES: tuple[Theory, ...] = get_args(Theory)
"""Names of the theories, from the simplest."""

Moments: TypeAlias = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
"""Means now and before, equal-time and delayed correlations, as the extension takes them."""


class MeanFieldState(Record):
    """Means and correlations at one step, and the means of the step before."""

    magnetizations: Annotated[FloatArray, means("", "m_i(t)")]
    previous_magnetizations: Annotated[FloatArray, means("", "m_i(t-1)")]
    equal_time: Annotated[FloatArray, means("", "C_ik = cov(s_i(t), s_k(t)), 1 - m_i² on the diagonal")]
    delayed: Annotated[FloatArray, means("", "D_il = cov(s_i(t), s_l(t-1))")]

    def __init__(
        self,
        magnetizations: npt.ArrayLike,
        previous_magnetizations: npt.ArrayLike,
        equal_time: npt.ArrayLike,
        delayed: npt.ArrayLike,
    ) -> None:
        now = vector(magnetizations, "magnetizations").copy()
        spins = len(now)
        before = _shaped(previous_magnetizations, "previous_magnetizations", (spins,))
        equal = _shaped(equal_time, "equal_time", (spins, spins))
        lagged = _shaped(delayed, "delayed", (spins, spins))
        self.__dict__.update(magnetizations=now, previous_magnetizations=before, equal_time=equal, delayed=lagged)
        self.__post_init__()

    @classmethod
    def independent(cls, magnetizations: npt.ArrayLike) -> "MeanFieldState":
        """Independent spins with the given means, which nothing precedes.

        Examples
        --------
        >>> from irrev.ising import mean_field
        >>> mean_field.MeanFieldState.independent([0.5, -0.2]).equal_time.round(12).tolist()
        [[0.75, 0.0], [0.0, 0.96]]
        """
        m = means_of_spins(magnetizations, "magnetizations")
        return cls(m, m, np.diag((1.0 - m) * (1.0 + m)), np.zeros((len(m), len(m))))

    @property
    def excess_correlation(self) -> float:
        """How far a correlation lies beyond what two spins can have, |C| ≤ 1: above 0 the expansion has diverged, and its numbers mean nothing."""
        most = float(np.abs([self.equal_time, self.delayed]).max(initial=0.0))
        return float("inf") if np.isnan(most) else max(0.0, most - 1.0)

    @property
    def _moments(self) -> Moments:
        return self.magnetizations, self.previous_magnetizations, self.equal_time, self.delayed


class StationaryMeanField(Record):
    """A stationary state of a mean-field theory."""

    theory: Annotated[str, means("", "Name of the theory")]
    state: Annotated[MeanFieldState, means("", "Means and correlations")]
    entropy_production: Annotated[float, means("nats per step", "σ = β Σ (J_ij - J_ji)(D_ij + m_i m_j)")]
    convergence: Annotated[Convergence, means("", "Largest change of a mean or correlation in the last step")]


class TheoryComparison(Record):
    """What theories make of the first steps, against enumeration; root mean squares over all spins, or all pairs with the diagonal."""

    theories: Annotated[tuple[str, ...], means("", "Names of the theories, one per column of the errors")]
    steps: Annotated[IntArray, means("", "Number of the step, one per row")]
    magnetization_error: Annotated[FloatArray, means("", "Root mean square error of m_i")]
    equal_time_error: Annotated[FloatArray, means("", "Root mean square error of C_ik")]
    delayed_error: Annotated[FloatArray, means("", "Root mean square error of D_il")]
    entropy_production: Annotated[
        FloatArray,
        means("nats per step", "β Σ (J_ij - J_ji) ⟨s_i(t) s_j(t-1)⟩ by each theory: σ once the state is stationary"),
    ]
    exact_entropy_production: Annotated[FloatArray, means("nats per step", "The same by enumeration, one per step")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the error of means per step, by theory."""
        return {name: self.magnetization_error[:, column] for column, name in enumerate(self.theories)}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """The error of means per step on a logarithmic axis, one line per theory; returns the axes."""
        from irrev._plot import lines

        ax = lines(ax, self.steps, self.magnetization_error, self.theories, "step", "rms error of magnetizations")
        ax.set_yscale("log")
        return ax


def step(
    network: KineticIsing,
    *,
    before: MeanFieldState,
    theory: Theory = "Plefka2[t]",
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> MeanFieldState:
    """Means and correlations one step later; N³ operations.

    Correlations that diverge are returned as they are: see `MeanFieldState.excess_correlation`.

    Examples
    --------
    >>> from irrev.ising import KineticIsing, mean_field
    >>> follower = KineticIsing([[0.0, 0.0], [0.5, 0.0]])
    >>> start = mean_field.MeanFieldState.independent([0.6, 0.0])
    >>> mean_field.step(follower, before=start, theory="naive").magnetizations.round(12).tolist()  # tanh 0.3
    [0.0, 0.291312612452]
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return MeanFieldState(**_core.mean_field_step(network._parts, theory, before._moments, run))


def stationary_state(
    network: KineticIsing,
    *,
    theory: Theory = "Plefka2[t]",
    start: npt.ArrayLike | None = None,
    tol: float = 1e-10,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> StationaryMeanField:
    """The state that a theory does not change any more, by iteration from independent spins.

    Raises ConvergenceError where there is none, or where correlations diverge.

    Parameters
    ----------
    network : KineticIsing
    theory : str
        One of `THEORIES`.
    start : array_like, shape (spins,), optional
        Means of the independent spins, which choose among several states; zero by default. Without fields a theory stays at zero.
    tol : float
        Largest change of a mean or correlation in the last step.

    Examples
    --------
    >>> from irrev.ising import KineticIsing, mean_field, parallel_stationary_state
    >>> pair = KineticIsing([[0.0, 0.3], [-0.3, 0.0]])
    >>> found = mean_field.stationary_state(pair)
    >>> abs(found.entropy_production - parallel_stationary_state(pair).entropy_production) < 1e-3
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    begin = np.zeros(network.spins) if start is None else start
    state, sigma, convergence = _core.mean_field_stationary_state(network._parts, theory, begin, float(tol), run)
    return StationaryMeanField(theory, MeanFieldState(**state), sigma, convergence)


def entropy_production(network: KineticIsing, *, state: MeanFieldState) -> float:
    """σ = β Σ (J_ij - J_ji)(D_ij + m_i(t) m_j(t-1)), in nats per step: the entropy production if the state is stationary.

    Examples
    --------
    >>> from irrev.ising import KineticIsing, mean_field
    >>> pair = KineticIsing([[0.0, 0.3], [-0.3, 0.0]])
    >>> now = mean_field.step(pair, before=mean_field.MeanFieldState.independent([0.0, 0.0]), theory="naive")
    >>> round(mean_field.entropy_production(pair, state=now), 12)
    0.36
    """
    return _core.mean_field_entropy_production(network._parts, state._moments)


def compare_theories(
    network: KineticIsing,
    *,
    start: npt.ArrayLike | None = None,
    steps: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> TheoryComparison:
    """All theories against enumeration, from independent spins on; each theory is fed with its own last step.

    4^N multiplications a step: up to 12 spins take a moment.

    Parameters
    ----------
    network : KineticIsing
    start : array_like, shape (spins,), optional
        Means of the independent spins; zero by default.
    steps : int
        Number of steps.

    Examples
    --------
    >>> from irrev.ising import mean_field, sherrington_kirkpatrick
    >>> network = sherrington_kirkpatrick(6, spread=0.5, fields=0.2, beta=0.4)
    >>> found = mean_field.compare_theories(network, steps=3)
    >>> error = dict(zip(found.theories, found.magnetization_error[-1].tolist()))
    >>> error["Plefka2[t]"] < error["naive"]
    True
    """
    count = whole(steps, "steps", 1)
    m0 = np.zeros(network.spins) if start is None else means_of_spins(start, "start")
    begin = MeanFieldState.independent(m0)
    p = independent_distribution(m0)
    enumerated: list[MeanFieldState] = []
    for _ in range(count):
        now = parallel_step(network, distribution=p, threads=threads, memory_limit=memory_limit, progress=progress)
        m = enumerated[-1].magnetizations if enumerated else m0
        enumerated.append(MeanFieldState(now.magnetizations, m, now.equal_time, now.delayed_correlations))
        p = now.distribution
    size = (count, len(THEORIES))
    means_off, equal_off, delayed_off, sigma = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    for column, theory in enumerate(THEORIES):
        state = begin
        for row, exact in enumerate(enumerated):
            state = step(network, before=state, theory=theory, threads=threads, memory_limit=memory_limit)
            means_off[row, column] = _root_mean_square(state.magnetizations - exact.magnetizations)
            equal_off[row, column] = _root_mean_square(state.equal_time - exact.equal_time)
            delayed_off[row, column] = _root_mean_square(state.delayed - exact.delayed)
            sigma[row, column] = entropy_production(network, state=state)
    known = np.array([entropy_production(network, state=exact) for exact in enumerated])
    return TheoryComparison(
        theories=THEORIES,
        steps=np.arange(1, count + 1),
        magnetization_error=means_off,
        equal_time_error=equal_off,
        delayed_error=delayed_off,
        entropy_production=sigma,
        exact_entropy_production=known,
    )


def _shaped(value: npt.ArrayLike, name: str, shape: tuple[int, ...]) -> FloatArray:
    array = real(value, name)
    if array.shape != shape:
        raise ModelError(f"{name} has shape {array.shape}, expected {shape}")
    return array.copy()


def _root_mean_square(error: FloatArray) -> float:
    return float(np.sqrt(np.mean(error * error)))

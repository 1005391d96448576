"""Rates that depend on time: evolution, entropy budget and work of a protocol, and periodic steady states.

Fourth-order commutator-free Magnus steps; every exponential is that of a generator, so probability and positivity are exact. Work is done on the
occupied state by energies that change: W = ∫ Σ p (dE/dt) dt.

References: Blanes and Moan, Appl. Numer. Math. 56, 1519 (2006); Jarzynski, Phys. Rev. E 56, 5018 (1997).
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._core import DrivenJump
from irrev._record import Convergence, Record, means
from irrev._run import Progress, options
from irrev.network.dynamics import probabilities_array, probabilities_frame, probabilities_over_time

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes


class DrivenRecord(Record):
    """A driven process over an interval."""

    times: Annotated[FloatArray, means("time", "The times asked for")]
    distributions: Annotated[FloatArray, means("", "The state at those times, one row each")]
    final_distribution: Annotated[FloatArray, means("", "The state at the end")]
    entropy_production: Annotated[float, means("nats", "Entropy production over the interval")]
    activity: Annotated[float, means("", "Expected number of jumps")]
    net_jumps: Annotated[FloatArray, means("", "∫ J dt per edge")]
    medium_entropy: Annotated[
        FloatArray, means("nats", "∫ J ln(k⁺/k⁻) dt per edge: entropy delivered to the medium through each channel")
    ]
    convergence: Annotated[Convergence, means("", "Steps taken, summed error estimate of the state and its target")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the times and the distributions at them."""
        return {"time": self.times, "probability": self.distributions}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Probabilities over the times asked for; returns the axes."""
        return probabilities_over_time(self.times, self.distributions, ax)

    def to_pandas(self) -> "pd.DataFrame":
        """One row per time, one column per state, as a `pandas.DataFrame`."""
        return probabilities_frame(self.times, self.distributions)

    def to_xarray(self) -> "xr.DataArray":
        """Probabilities by time and state, as an `xarray.DataArray`."""
        return probabilities_array(self.times, self.distributions)


class WorkStatistics(Record):
    """Work done on a driven system."""

    mean: Annotated[float, means("energy", "⟨W⟩")]
    variance: Annotated[float, means("energy²", "Var W")]
    exponential_average: Annotated[float, means("", "⟨e^{-βW}⟩; e^{-βΔF} for a start in equilibrium (Jarzynski)")]
    convergence: Annotated[Convergence, means("", "Steps taken and error estimate")]


class PeriodicState(Record):
    """The state that a periodically driven process repeats."""

    distribution: Annotated[FloatArray, means("", "p at the beginning of the period")]
    record: Annotated[DrivenRecord, means("", "One period from there")]


def driven_process(
    process: DrivenJump,
    *,
    start: npt.ArrayLike,
    from_: float = 0.0,
    to: float,
    times: npt.ArrayLike = (),
    tol: float = 1e-10,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> DrivenRecord:
    """Follows a driven process over [from_, to] and integrates its entropy budget.

    Parameters
    ----------
    process : DrivenJump
    start : array_like, shape (states,)
        Distribution at `from_`.
    from_, to : float
    times : array_like
        Times at which the state is returned, ascending, within the interval.
    tol : float
        Accuracy of ‖p‖₁ and, relatively, of each integral.

    Examples
    --------
    >>> from irrev.network import DrivenJump, Network, driven_process
    >>> process = DrivenJump(Network.from_edges(2, [(0, 1)]), rates=(["1 + t"], ["1"]))
    >>> round(float(driven_process(process, start=[1, 0], to=1.0).final_distribution.sum()), 12)
    1.0
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return DrivenRecord(**_core.driven_process(process, start, from_, to, times, tol, run))


def periodic_state(
    process: DrivenJump,
    *,
    period: float,
    times: npt.ArrayLike = (),
    tol: float = 1e-10,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> PeriodicState:
    """The periodic state of a process whose rates have the given period, with its record over one period.

    Examples
    --------
    >>> from math import pi
    >>> from irrev.network import DrivenJump, Network, periodic_state
    >>> process = DrivenJump(Network.from_edges(2, [(0, 1)]), rates=(["exp(cos(t))"], ["exp(-cos(t))"]))
    >>> state = periodic_state(process, period=2 * pi)
    >>> state.record.entropy_production > 0
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    fields = _core.periodic_state(process, period, times, tol, run)
    return PeriodicState(distribution=fields["distribution"], record=DrivenRecord(**fields["record"]))


def work_statistics(
    process: DrivenJump,
    *,
    energies: Sequence[str | float] | None = None,
    energy_rate: Callable[[float], npt.ArrayLike] | Sequence[str | float] | None = None,
    inverse_temperature: float,
    start: npt.ArrayLike,
    from_: float = 0.0,
    to: float,
    tol: float = 1e-10,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> WorkStatistics:
    """Mean and variance of the work and ⟨e^{-βW}⟩ over [from_, to].

    Parameters
    ----------
    process : DrivenJump
    energies : sequence, shape (states,), optional
        Energy of each state as an expression in `t` and the parameters of the process, or a number; differentiated exactly.
    energy_rate : callable or sequence, shape (states,), optional
        Instead of `energies`: dE/dt per state, as a function of the time or as expressions.
    inverse_temperature : float
        β, in 1/energy.
    start : array_like, shape (states,)
        Distribution at `from_`.
    from_, to : float
    tol : float
        Relative accuracy.

    Examples
    --------
    >>> from irrev.network import DrivenJump, Network, work_statistics
    >>> process = DrivenJump(Network.from_edges(2, [(0, 1)]), rates=(["exp(-t)"], ["exp(t)"]))
    >>> work = work_statistics(process, energies=[0, "2*t"], inverse_temperature=1.0, start=[0.5, 0.5], to=1.0)
    >>> round(work.exponential_average, 9)   # Jarzynski: (1 + e^-2)/2
    0.567667642
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    fields = _core.work_statistics(process, energies, energy_rate, inverse_temperature, start, from_, to, tol, run)
    return WorkStatistics(**fields)

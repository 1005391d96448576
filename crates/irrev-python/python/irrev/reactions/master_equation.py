"""The chemical master equation on molecule counts: stationary state and moments over time.

Counts live on a lattice that begins small and grows until the probability left outside is below the tolerance. Reactions keep their channels: the
entropy production is that of every reaction by itself.

References: Munsky and Khammash, J. Chem. Phys. 124, 044104 (2006) for the bound on what lies outside.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray
from irrev._core import CountSystem, MarkovJump
from irrev._record import Record
from irrev._record import means as of
from irrev._run import Progress, options

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Counts = npt.ArrayLike | Mapping[str, int] | None
"""Counts by species: an array in their order, or a mapping that names all of them."""


class StationaryCounts(Record):
    """The stationary state of a count system and its thermodynamics."""

    counts: Annotated[IntArray, of("", "Counts of every state, one row each")]
    distribution: Annotated[FloatArray, of("", "Probability of every state")]
    means: Annotated[FloatArray, of("", "Mean count per species")]
    variances: Annotated[FloatArray, of("", "Variance of the count per species")]
    entropy_production_rate: Annotated[
        float, of("nats/time", "Entropy production rate; infinite with one-way reactions")
    ]
    entropy_production_rate_by_reaction: Annotated[FloatArray, of("nats/time", "The same by reaction")]
    currents: Annotated[FloatArray, of("1/time", "Mean net rate of every reaction")]
    entropy_flow_to_medium: Annotated[
        float, of("nats/time", "Σ J ln(a⁺/a⁻): the entropy production rate again, in the stationary state")
    ]
    edge_mass: Annotated[
        float, of("", "Probability of states from which reactions would leave the bounds: what the truncation cuts through")
    ]
    bounds: Annotated[IntArray, of("", "Largest count per species")]
    kinetics: Annotated[MarkovJump, of("", "The jump process on the states, for everything in `irrev.network`")]

    def marginal(self, species: int) -> FloatArray:
        """Probability of every count of one species, from 0 to its bound."""
        length = int(self.bounds[species]) + 1
        marginal = np.zeros(length)
        np.add.at(marginal, self.counts[:, species], self.distribution)
        return marginal

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the marginal distribution of every species, by its index."""
        return {str(s): self.marginal(s) for s in range(self.counts.shape[1])}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """The marginal distribution of every species; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        for name, probability in self.plot_data().items():
            ax.plot(np.arange(len(probability)), probability, label=f"species {name}")
        ax.legend()
        ax.set_xlabel("count")
        ax.set_ylabel("probability")
        return ax


class TransientMoments(Record):
    """Moments of the counts over time with a rigorous error."""

    times: Annotated[FloatArray, of("time", "The times")]
    means: Annotated[FloatArray, of("", "Mean counts, one row per time")]
    variances: Annotated[FloatArray, of("", "Variances, one row per time")]
    outside: Annotated[
        FloatArray, of("", "Probability that has left the bounds by each time: no probability is wrong by more")
    ]
    counts: Annotated[IntArray, of("", "Counts of every state, one row each")]
    distribution: Annotated[FloatArray, of("", "Probability of every state at the last time")]
    bounds: Annotated[IntArray, of("", "Largest count per species")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the times and the mean counts."""
        return {"time": self.times, "mean": self.means}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Mean counts over time; returns the axes."""
        from irrev._plot import lines

        return lines(ax, self.times, self.means, [f"species {s}" for s in range(self.means.shape[1])], "time", "count")


def stationary_counts(
    system: CountSystem,
    *,
    start: Counts = None,
    bounds: npt.ArrayLike | None = None,
    grow: bool = True,
    tol: float = 1e-10,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> StationaryCounts:
    """Stationary distribution of the chemical master equation on the counts that a start can reach.

    Parameters
    ----------
    system : CountSystem
    start : array_like or mapping, optional
        Counts to begin with; default the initial counts of the system.
    bounds : array_like, shape (species,), optional
        Largest counts, inclusive, to begin with; default twice the initial counts and ten more.
    grow : bool
        Whether bounds may grow.
    tol : float
        Accepted probability on the edge.

    Raises
    ------
    ModelError
        For propensities that depend on time, or several closed classes.
    ConvergenceError
        For too much probability on the edge.

    Examples
    --------
    >>> from irrev.reactions import CountSystem, stationary_counts
    >>> birth_death = CountSystem(["X"], reactions=[("r", "0 <=> X", 10.0, 0.5)], initial=[3])
    >>> stationary_counts(birth_death).variances.round(6)
    array([20.])
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return StationaryCounts(**_core.stationary_counts(system, start, bounds, grow, tol, run))


def transient_moments(
    system: CountSystem,
    *,
    start: Counts = None,
    times: npt.ArrayLike,
    bounds: npt.ArrayLike | None = None,
    grow: bool = True,
    tol: float = 1e-10,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> TransientMoments:
    """Solves the chemical master equation from initial counts at the given times (ascending, from 0 on).

    Parameters
    ----------
    system : CountSystem
    start : array_like or mapping, optional
        Counts at time 0; default the initial counts of the system.
    times : array_like
    bounds : array_like, shape (species,), optional
        Largest counts, inclusive, to begin with.
    grow : bool
        Whether bounds may grow.
    tol : float
        Accepted probability outside the bounds.

    Examples
    --------
    >>> from irrev.reactions import CountSystem, transient_moments
    >>> birth_death = CountSystem(["X"], reactions=[("r", "0 <=> X", 10.0, 0.5)], initial=[3])
    >>> transient_moments(birth_death, times=[1.7]).means.round(6)
    array([[12.733946]])
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return TransientMoments(**_core.transient_moments(system, start, times, bounds, grow, tol, run))

"""What happens over time with constant rates: stationary states, closed classes, evolution, relaxation, spectra, first passage."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray
from irrev._core import MarkovJump
from irrev._record import ComplexArray, Convergence, Record, means
from irrev._run import Progress, options

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes


class ClosedClass(Record):
    """A set of states that communicate and that no jump leaves, with its own stationary distribution."""

    states: Annotated[IntArray, means("", "The states, ascending")]
    distribution: Annotated[
        FloatArray, means("", "Stationary distribution of this class, on all states (zero outside)")
    ]


class Limit(Record):
    """Where a process ends up from a given start."""

    classes: Annotated[tuple[ClosedClass, ...], means("", "The closed classes")]
    probabilities: Annotated[FloatArray, means("", "Probability of ending in each class")]
    distribution: Annotated[FloatArray, means("", "The limiting distribution")]


class Evolved(Record):
    """A distribution at a later time, with how it was computed."""

    distribution: Annotated[FloatArray, means("", "p(t)")]
    method: Annotated[str, means("", '"uniformisation", "dense exponential" or "Krylov"')]
    convergence: Annotated[
        Convergence, means("", "Products or squarings, the bound or estimate of ‖error‖₁, and its target")
    ]
    clipped: Annotated[
        float, means("", "Probability clipped because a Krylov approximation was negative there; 0 otherwise")
    ]


class Relaxation(Record):
    """State, entropy budget and integrals of a relaxation over [0, duration]."""

    times: Annotated[FloatArray, means("time", "The times asked for")]
    distributions: Annotated[FloatArray, means("", "The state at those times, one row each")]
    final_distribution: Annotated[FloatArray, means("", "The state at the end")]
    entropy_production: Annotated[float, means("nats", "Entropy production; infinite if a flux is one way")]
    excess: Annotated[float, means("nats", "∫ geometric excess dt")]
    housekeeping: Annotated[float, means("nats", "∫ geometric housekeeping dt")]
    adiabatic: Annotated[float | None, means("nats", "∫ adiabatic dt; None if the Hatano-Sasa split does not exist")]
    nonadiabatic: Annotated[
        float | None, means("nats", "∫ nonadiabatic dt = D(p₀‖π) - D(p_τ‖π); None if the split does not exist")
    ]
    activity: Annotated[float, means("", "Expected number of jumps ∫ Σ(j⁺ + j⁻) dt")]
    mobility: Annotated[float, means("", "∫ Σ L dt")]
    wasserstein_length: Annotated[
        float, means("√nats·√time", "∫ √excess dt: length of the path in the Wasserstein metric of L")
    ]
    flow: Annotated[float, means("", "∫ Σ|J| dt")]
    net_jumps: Annotated[FloatArray, means("", "∫ J dt per edge: net number of jumps along it")]
    error: Annotated[float, means("nats", "Error estimate of the entropy production")]
    convergence: Annotated[Convergence, means("", "Panels used and the worst error relative to its target")]

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


class RelaxationSpectrum(Record):
    """Eigenvalues of a generator with what they say about relaxation."""

    eigenvalues: Annotated[
        ComplexArray,
        means("1/time", "All eigenvalues, by falling real part; the first is 0 (one zero per closed class)"),
    ]
    relaxation_times: Annotated[FloatArray, means("time", "-1/Re λ of the non-zero eigenvalues, longest first")]
    spectral_gap: Annotated[float, means("1/time", "-Re λ of the slowest non-zero eigenvalue")]
    coherence: Annotated[float, means("", "Largest |Im λ|/|Re λ|; 0 with detailed balance")]
    detailed_balance: Annotated[bool, means("", "Whether the symmetrised form was used")]
    convergence: Annotated[Convergence, means("", "Residual of the eigenvalue computation")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: real and imaginary parts of the eigenvalues."""
        return {"real": self.eigenvalues.real, "imaginary": self.eigenvalues.imag}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """The eigenvalues in the complex plane; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        ax.plot(self.eigenvalues.real, self.eigenvalues.imag, "o")
        ax.set_xlabel("Re λ (1/time)")
        ax.set_ylabel("Im λ (1/time)")
        return ax


class FirstPassage(Record):
    """Statistics of the first time at which any target is reached."""

    mean: Annotated[float, means("time", "⟨T⟩")]
    variance: Annotated[float, means("time²", "Var T")]
    third_central_moment: Annotated[float, means("time³", "⟨(T - ⟨T⟩)³⟩")]
    skewness: Annotated[float, means("", "Third central moment over variance^{3/2}")]
    fourth_raw_moment: Annotated[float, means("time⁴", "⟨T⁴⟩")]
    cumulative: Annotated[FloatArray, means("", "P(T ≤ t) at the times asked for")]
    splitting_probabilities: Annotated[
        FloatArray, means("", "Probability that each target is the first reached, in the order given")
    ]
    conditional_means: Annotated[
        FloatArray, means("time", "⟨T⟩ given which target was reached; NaN for one that is never first")
    ]


def probabilities_over_time(times: FloatArray, distributions: FloatArray, ax: "Axes | None") -> "Axes":
    """One line per state."""
    from irrev._plot import lines

    states = [f"state {i}" for i in range(distributions.shape[1])]
    return lines(ax, times, distributions, states, "time", "probability")


def probabilities_frame(times: FloatArray, distributions: FloatArray) -> "pd.DataFrame":
    """One row per time, one column per state."""
    from irrev._plot import require

    pandas: Any = require("pandas", "pandas")
    frame: pd.DataFrame = pandas.DataFrame(distributions, index=pandas.Index(times, name="time"))
    return frame.rename_axis(columns="state")


def probabilities_array(times: FloatArray, distributions: FloatArray) -> "xr.DataArray":
    """Dimensions time and state."""
    from irrev._plot import require

    xarray: Any = require("xarray", "xarray")
    array: xr.DataArray = xarray.DataArray(
        distributions,
        {"time": times, "state": range(distributions.shape[1])},
        ("time", "state"),
        name="probability",
    )
    return array


def stationary_distribution(kinetics: MarkovJump) -> FloatArray:
    """The stationary distribution, accurate in every component; see `MarkovJump.stationary_distribution`.

    Examples
    --------
    >>> from irrev.network import MarkovJump, stationary_distribution
    >>> stationary_distribution(MarkovJump.from_rates(2, [(0, 1, 1.0, 3.0)]))
    array([0.75, 0.25])
    """
    return kinetics.stationary_distribution()


def closed_classes(kinetics: MarkovJump) -> tuple[ClosedClass, ...]:
    """The closed classes of a process, each with its stationary distribution; an absorbing state is one of a single state.

    Examples
    --------
    >>> from irrev.network import MarkovJump, closed_classes
    >>> apart = MarkovJump.from_rates(4, [(0, 1, 1.0, 3.0), (2, 3, 1.0, 1.0)])
    >>> [c.states.tolist() for c in closed_classes(apart)]
    [[0, 1], [2, 3]]
    """
    return tuple(ClosedClass(**fields) for fields in _core.closed_classes(kinetics))


def limiting_distribution(kinetics: MarkovJump, *, start: npt.ArrayLike) -> Limit:
    """The distribution that a process approaches from a given start, with the probability of each closed class."""
    fields = _core.limiting_distribution(kinetics, start)
    fields["classes"] = tuple(ClosedClass(**c) for c in fields["classes"])
    return Limit(**fields)


def evolve(
    kinetics: MarkovJump,
    *,
    p: npt.ArrayLike,
    t: float,
    tol: float = 1e-12,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Evolved:
    """p(t) = exp(W t) p with ‖error‖₁ ≤ tol.

    Examples
    --------
    >>> from irrev.network import MarkovJump, evolve
    >>> two = MarkovJump.from_rates(2, [(0, 1, 2.0, 1.0)])
    >>> evolve(two, p=[1, 0], t=0.5).distribution.round(10)
    array([0.48208677, 0.51791323])
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return Evolved(**_core.evolve(kinetics, p, t, tol, run))


def relaxation(
    kinetics: MarkovJump,
    *,
    start: npt.ArrayLike,
    duration: float,
    times: npt.ArrayLike = (),
    tol: float = 1e-9,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Relaxation:
    """Follows dp/dt = W p over [0, duration] and integrates its entropy budget.

    Parameters
    ----------
    kinetics : MarkovJump
    start : array_like, shape (states,)
        Distribution at time 0.
    duration : float
    times : array_like
        Times at which the state is returned, ascending, within the interval.
    tol : float
        Relative accuracy of the integrals; the state is a hundred times more accurate.
    threads, memory_limit, progress
        As everywhere: 0 takes all cores; bytes; see `irrev._run.Progress`.

    Examples
    --------
    >>> from irrev.network import relaxation, three_state_ring
    >>> path = relaxation(three_state_ring(0.5, 1.0), start=[0.6, 0.3, 0.1], duration=2.0)
    >>> bool(abs(path.excess + path.housekeeping - path.entropy_production) < 1e-9)
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return Relaxation(**_core.relaxation(kinetics, start, duration, times, tol, run))


def relaxation_spectrum(
    kinetics: MarkovJump, *, threads: int = 0, memory_limit: int | None = None, progress: Progress = None
) -> RelaxationSpectrum:
    """Spectrum of the generator, dense.

    Examples
    --------
    >>> from irrev.network import MarkovJump, relaxation_spectrum
    >>> round(relaxation_spectrum(MarkovJump.from_rates(2, [(0, 1, 2.0, 1.0)])).spectral_gap, 12)
    3.0
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return RelaxationSpectrum(**_core.relaxation_spectrum(kinetics, run))


def first_passage(
    kinetics: MarkovJump,
    *,
    start: npt.ArrayLike,
    targets: Sequence[int | str],
    times: npt.ArrayLike = (),
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> FirstPassage:
    """First-passage statistics from a start distribution to a set of target states, given by name or index.

    Examples
    --------
    >>> from irrev.network import MarkovJump, first_passage
    >>> walk = MarkovJump.from_rates(3, [(0, 1, 1.0, 1.0), (1, 2, 1.0, 1.0)])
    >>> round(first_passage(walk, start=[1, 0, 0], targets=[2]).mean, 12)
    3.0
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return FirstPassage(**_core.first_passage(kinetics, start, targets, times, run))

"""Networks too large for enumeration, by simulation.

Quantities are per spin and per step of parallel updates, or per unit of time of updates one at a time; in nats. Conditional means replace counts where they can
(Rao and Blackwell), an error is the larger of that from the autocorrelation of a series and that from the spread between replicas, and errors over draws of an
ensemble are kept apart from thermal ones. The same seed gives the same bits for any number of threads and after any interruption.

References: Little, Math. Biosci. 19, 101 (1974); Bortz, Kalos and Lebowitz, J. Comput. Phys. 17, 10 (1975); Aguilera, Igarashi and Shimazaki, Nat. Commun. 14,
3685 (2023).
"""

from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, TypedDict, Unpack

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, whole
from irrev._record import Estimate, Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.ising.ensemble import Fields, law
from irrev.ising.network import KineticIsing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Update: TypeAlias = Literal["parallel", "sequential"] | float
"""Which spins are refreshed together: all of them at every step, one at a time (each at rate 1), or each with this probability at every step."""

Observable: TypeAlias = Literal[
    "magnetization", "magnitude", "entropy_production", "conditional_entropy", "activity", "bath_entropy_production"
]
"""A quantity that is averaged."""

OBSERVABLES: tuple[Observable, ...] = (
    "magnetization",
    "magnitude",
    "entropy_production",
    "conditional_entropy",
    "activity",
    "bath_entropy_production",
)
"""All quantities, in the order of arrays over them."""

Couplings: TypeAlias = tuple[str, *tuple[float, ...]]
"""A law of couplings: ("gaussian", J₀, ΔJ, symmetry), ("diluted", J₀, ΔJ, degree), ("patterns", P, λ) or ("dale", excitatory part, J_e, J_i, ΔJ);
see `sherrington_kirkpatrick`, `diluted`, `patterns` and `dale`."""


class Lengths(TypedDict, total=False):
    """Lengths and numbers of a simulation, in steps or units of time.

    replicas (128) copies of the network; burn_in (100) before the first measurement; measured (400); every (4) between measurements; start ("up" or "random");
    precision of fields ("single" or "double"); method of updates one at a time ("automatic", "independent", "lockstep", "clocks", "rejection-free"); lags (0) of the
    autocorrelation, in measurements; draw (0): draws have different random numbers.
    """

    replicas: int
    burn_in: int
    measured: int
    every: int
    start: Literal["up", "random"]
    precision: Literal["single", "double"]
    method: Literal["automatic", "independent", "lockstep", "clocks", "rejection-free"]
    lags: int
    draw: int


#: Lengths that are not given, and the least that whole numbers may be.
_USUAL: dict[str, Any] = {
    "replicas": 128,
    "burn_in": 100,
    "measured": 400,
    "every": 4,
    "start": "up",
    "precision": "single",
    "method": "automatic",
    "lags": 0,
    "draw": 0,
}


def _asked(lengths: Mapping[str, Any], checkpoint_interval: float = 10.0) -> dict[str, Any]:
    """Lengths as the extension takes them."""
    unknown = sorted(set(lengths) - set(_USUAL))
    if unknown:
        raise TypeError(f"unknown option {unknown[0]!r}; known are {', '.join(_USUAL)}")
    given = {name: lengths.get(name, usual) for name, usual in _USUAL.items()}
    least = {"replicas": 1, "burn_in": 0, "measured": 1, "every": 1, "lags": 0, "draw": 0}
    checked = {name: whole(given[name], name, low) for name, low in least.items()}
    return {**given, **checked, "checkpoint_interval": float(checkpoint_interval)}


def _folder(checkpoint: str | PathLike[str] | None) -> str | None:
    return None if checkpoint is None else fspath(checkpoint)


class NetworkAverages(Record):
    """Averages of a stationary network with their thermal errors, per spin and step or unit of time."""

    spins: Annotated[int, means("", "N")]
    replicas: Annotated[int, means("", "Copies of the network")]
    measurements: Annotated[int, means("", "Measurements of each replica")]
    magnetization: Annotated[Estimate, means("", "m = Σ s_i/N")]
    magnitude: Annotated[Estimate, means("", "|m|")]
    entropy_production: Annotated[
        Estimate, means("nats", "σ: Σ_i tanh(h_i) β [(Js)_i - (Jᵀs)_i]/N, or Σ_i (tanh h_i - s_i) h_i/N one at a time")
    ]
    conditional_entropy: Annotated[Estimate, means("nats", "Entropy of refreshed spins given the state")]
    activity: Annotated[Estimate, means("", "Flips")]
    bath_entropy_production: Annotated[Estimate, means("nats", "Entropy that goes to the bath")]
    autocorrelation_times: Annotated[
        FloatArray, means("time", "Integrated autocorrelation times, in the order of OBSERVABLES")
    ]
    lags: Annotated[FloatArray, means("time", "Lags τ of the autocorrelation")]
    autocorrelation: Annotated[FloatArray, means("", "C(τ) = Σ_i ⟨s_i(t + τ) s_i(t)⟩/N")]
    autocorrelation_error: Annotated[FloatArray, means("", "Its standard errors")]
    drift: Annotated[
        float, means("", "Largest difference between fields kept up to date and computed anew; 0 for parallel updates")
    ]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: C(τ)."""
        return {"lags": self.lags, "autocorrelation": self.autocorrelation, "error": self.autocorrelation_error}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """C(τ) with standard errors, if lags were asked for; returns the axes."""
        from irrev._plot import axes

        if len(self.lags) == 0:
            raise ModelError("there is no autocorrelation to draw; simulate with lags=…")
        ax = axes(ax)
        ax.errorbar(self.lags, self.autocorrelation, self.autocorrelation_error, fmt=".-")
        ax.set_xlabel("lag")
        ax.set_ylabel("autocorrelation")
        return ax


class TwoStarts(Record):
    """The same network from all spins up and from random spins."""

    up: Annotated[NetworkAverages, means("", "From all spins up")]
    random: Annotated[NetworkAverages, means("", "From random spins")]
    deviations: Annotated[FloatArray, means("", "Differences in standard errors, in the order of OBSERVABLES")]
    agree: Annotated[bool, means("", "No difference above 5 standard errors: a false alarm in 3 of a million")]


class EnsembleAverage(Record):
    """Averages over draws of networks of one size; errors are those of the disorder, which contain the thermal ones."""

    spins: Annotated[int, means("", "N")]
    draws: Annotated[tuple[NetworkAverages, ...], means("", "Averages of each draw with their thermal errors")]
    magnetization: Annotated[Estimate, means("", "m")]
    magnitude: Annotated[Estimate, means("", "|m|")]
    entropy_production: Annotated[Estimate, means("nats", "σ per spin")]
    conditional_entropy: Annotated[Estimate, means("nats", "Entropy of refreshed spins given the state, per spin")]
    activity: Annotated[Estimate, means("", "Flips per spin")]
    bath_entropy_production: Annotated[Estimate, means("nats", "Entropy that goes to the bath, per spin")]
    thermal_errors: Annotated[FloatArray, means("", "Thermal part of the errors, in the order of OBSERVABLES")]
    controlled: Annotated[
        dict[str, Estimate],
        means("", "Quantities at the exact m, by regression on m over draws: where it is known and there are four draws"),
    ]


class Extrapolation(Record):
    """a₀ + a₁/N (+ a₂/N²) through averages with errors."""

    infinite: Annotated[Estimate, means("", "a₀")]
    coefficients: Annotated[FloatArray, means("", "All coefficients, a₀ first")]
    residuals: Annotated[FloatArray, means("", "Residuals in standard errors, one per size")]
    chi_squared: Annotated[float, means("", "Sum of their squares")]
    degrees_of_freedom: Annotated[int, means("", "Sizes minus coefficients; with 0 nothing is tested")]
    misfit: Annotated[float, means("", "χ² as a normal deviate: above 3 once in 700 by chance")]


class FiniteSizeStudy(Record):
    """Averages of an ensemble at several sizes, and what they say of infinite size."""

    sizes: Annotated[tuple[EnsembleAverage, ...], means("", "One per number of spins, as asked for")]
    extrapolated: Annotated[dict[str, Extrapolation], means("", "By quantity, where its averages have errors")]

    @property
    def spins(self) -> IntArray:
        """The sizes N."""
        return np.array([size.spins for size in self.sizes])

    def plot_data(self, observable: Observable = "entropy_production") -> dict[str, FloatArray]:
        """What `plot` draws: 1/N, values and errors."""
        found = [size.controlled.get(observable, getattr(size, observable)) for size in self.sizes]
        return {
            "inverse size": 1.0 / self.spins,
            "value": np.array([estimate.value for estimate in found]),
            "error": np.array([estimate.standard_error for estimate in found]),
        }

    def plot(self, observable: Observable = "entropy_production", *, ax: "Axes | None" = None) -> "Axes":
        """A quantity against 1/N with its extrapolation; returns the axes."""
        from irrev._plot import axes

        ax, data = axes(ax), self.plot_data(observable)
        ax.errorbar(data["inverse size"], data["value"], data["error"], fmt="o")
        if (line := self.extrapolated.get(observable)) is not None:
            x = np.linspace(0.0, float(data["inverse size"].max()), 101)
            ax.plot(x, np.polyval(line.coefficients[::-1], x))
            ax.errorbar([0.0], [line.infinite.value], [line.infinite.standard_error], fmt="s")
        ax.set_xlabel("1/N")
        ax.set_ylabel(observable.replace("_", " "))
        return ax


def _averages(found: Mapping[str, Any]) -> NetworkAverages:
    return NetworkAverages(**found)


def _ensemble(found: Mapping[str, Any]) -> EnsembleAverage:
    return EnsembleAverage(**{**found, "draws": tuple(map(_averages, found["draws"]))})


def simulate(
    network: KineticIsing,
    *,
    update: Update = "parallel",
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
    checkpoint: str | PathLike[str] | None = None,
    checkpoint_interval: float = 10.0,
    **lengths: Unpack[Lengths],
) -> NetworkAverages:
    """Averages of the stationary state that a network reaches.

    Parameters
    ----------
    network : KineticIsing
        Self-couplings must be zero for updates one at a time.
    update : str or float
        "parallel", "sequential", or the probability with which each spin is refreshed at every step.
    seed, threads, memory_limit, progress
        As everywhere. Results do not depend on the number of threads.
    checkpoint : path, optional
        Folder from which an interrupted call continues with the same bits.
    checkpoint_interval : float
        Seconds between two checkpoints.
    **lengths
        See `Lengths`.

    Examples
    --------
    >>> from irrev.ising import InfiniteNetwork, sherrington_kirkpatrick, simulate
    >>> network = sherrington_kirkpatrick(512, spread=0.5)
    >>> found = simulate(network, replicas=32, measured=200)
    >>> exact = InfiniteNetwork(beta=1.0, spread=0.5).parallel_state().entropy_production
    >>> bool(abs(found.entropy_production.value - exact) < 0.01)
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    asked = _asked(lengths, checkpoint_interval)
    return _averages(_core.simulate_ising(network._parts, update, asked, _folder(checkpoint), run))


def two_starts(
    network: KineticIsing,
    *,
    update: Update = "parallel",
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
    **lengths: Unpack[Lengths],
) -> TwoStarts:
    """Whether the burn-in was long enough, and the stationary state the only one: averages from two starts.

    Examples
    --------
    >>> from irrev.ising import sherrington_kirkpatrick, two_starts
    >>> hot = sherrington_kirkpatrick(64, spread=0.5, beta=0.5)
    >>> two_starts(hot, replicas=32).agree
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    found: dict[str, Any] = _core.two_ising_starts(network._parts, update, _asked(lengths), run)
    up, random = _averages(found["up"]), _averages(found["random"])
    return TwoStarts(up=up, random=random, deviations=found["deviations"], agree=found["agree"])


def sample(
    network: KineticIsing,
    *,
    steps: int,
    update: Literal["parallel"] | float = "parallel",
    burn_in: int = 100,
    start: Literal["up", "random"] = "random",
    seed: int = 1,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> npt.NDArray[np.int8]:
    """States of one network under parallel updates: -1 and 1, one row per step, shape (steps, spins).

    Examples
    --------
    >>> from irrev.ising import KineticIsing, sample
    >>> states = sample(KineticIsing([[0.0, 2.0], [-2.0, 0.0]]), steps=1000)
    >>> states.shape, float((states[1:, 0] * states[:-1, 1]).mean()) > 0.9
    ((1000, 2), True)
    """
    lengths = {"replicas": 1, "burn_in": burn_in, "measured": whole(steps, "steps", 1), "start": start, "precision": "double"}
    run = options(threads=1, memory=memory_limit, progress=progress, seed=seed)
    return _core.ising_states(network._parts, update, _asked(lengths), run)


def _ensemble_asked(
    couplings: Couplings,
    fields: Fields,
    beta: float,
    update: Update,
    draws: int,
    exact_magnetization: float | None,
    lengths: Mapping[str, Any],
    checkpoint_interval: float,
) -> dict[str, Any]:
    name, *parameters = couplings
    return {
        "couplings": (name, [float(parameter) for parameter in parameters]),
        "fields": law(fields),
        "beta": float(beta),
        "update": update,
        "draws": whole(draws, "draws", 1),
        "exact_magnetization": None if exact_magnetization is None else float(exact_magnetization),
        "sampling": _asked(lengths, checkpoint_interval),
    }


def ensemble_average(
    spins: int,
    *,
    couplings: Couplings,
    fields: Fields = 0.0,
    beta: float = 1.0,
    update: Update = "parallel",
    draws: int = 12,
    exact_magnetization: float | None = None,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
    checkpoint: str | PathLike[str] | None = None,
    checkpoint_interval: float = 10.0,
    **lengths: Unpack[Lengths],
) -> EnsembleAverage:
    """Averages over draws of a random ensemble; self-couplings are kept for parallel updates and removed for updates one at a time.

    Parameters
    ----------
    spins : int
        N.
    couplings : tuple
        ("gaussian", J₀, ΔJ, symmetry), ("diluted", J₀, ΔJ, degree), ("patterns", P, λ) or ("dale", excitatory part, J_e, J_i, ΔJ).
    fields : float or tuple
        As in `sherrington_kirkpatrick`.
    beta : float
        Inverse temperature.
    update : str or float
        As in `simulate`.
    draws : int
        Networks; two are needed for an error, four for a control variate.
    exact_magnetization : float, optional
        m of infinite size: quantities are then also given at it, by regression on the m of each draw, which in ordered phases cuts errors several times.
    seed, threads, memory_limit, progress, checkpoint, checkpoint_interval, **lengths
        As in `simulate`.

    Examples
    --------
    >>> from irrev.ising import ensemble_average
    >>> found = ensemble_average(128, couplings=("gaussian", 1.0, 1.0, 0.0), draws=4, replicas=16)
    >>> len(found.draws), 0.55 < found.entropy_production.value < 0.65
    (4, True)
    """
    asked = _ensemble_asked(couplings, fields, beta, update, draws, exact_magnetization, lengths, checkpoint_interval)
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    return _ensemble(_core.ising_ensemble_average(whole(spins, "spins", 1), asked, _folder(checkpoint), run))


def finite_size_study(
    sizes: Sequence[int],
    *,
    couplings: Couplings,
    fields: Fields = 0.0,
    beta: float = 1.0,
    update: Update = "parallel",
    draws: int = 12,
    exact_magnetization: float | None = None,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
    checkpoint: str | PathLike[str] | None = None,
    checkpoint_interval: float = 10.0,
    **lengths: Unpack[Lengths],
) -> FiniteSizeStudy:
    """Averages of an ensemble at several sizes, extrapolated in 1/N and 1/N², or from two sizes in 1/N alone.

    Options are those of `ensemble_average`.

    Examples
    --------
    >>> from irrev.ising import InfiniteNetwork, finite_size_study
    >>> study = finite_size_study([32, 64, 128], couplings=("gaussian", 1.0, 1.0, 0.0), draws=8, replicas=16)
    >>> limit = study.extrapolated["entropy_production"].infinite
    >>> exact = InfiniteNetwork(beta=1.0, spread=1.0).parallel_state().entropy_production
    >>> bool(abs(limit.value - exact) < 5 * limit.standard_error)
    True
    """
    asked = _ensemble_asked(couplings, fields, beta, update, draws, exact_magnetization, lengths, checkpoint_interval)
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    counts = [whole(size, "sizes", 1) for size in sizes]
    found: dict[str, Any] = _core.ising_finite_size_study(counts, asked, _folder(checkpoint), run)
    lines = {name: Extrapolation(**line) for name, line in found["extrapolated"].items()}
    return FiniteSizeStudy(sizes=tuple(map(_ensemble, found["sizes"])), extrapolated=lines)

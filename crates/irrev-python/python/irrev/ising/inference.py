"""From recorded activity to a network, and to its entropy production with an interval.

Activity is an array with one row per bin of time and one column per unit: 0 and 1, -1 and 1, or booleans. It is taken as stationary, and as made by parallel
updates with one-step memory; entropy production is that of the binned process, in nats per bin: divide by the width of a bin for nats per second. Fitted
couplings and fields contain β.

Plug-in entropy production, couplings and correlations from the same data, is biased upward by about 0.8 N (N - 1)/T and so is offered only beside what corrects it.

References: Roudi and Hertz, Phys. Rev. Lett. 106, 048702 (2011); Aguilera, Moosavi and Shimazaki, Nat. Commun. 12, 1197 (2021); Aguilera, Ito and Kolchinsky,
arXiv:2505.10444.
"""

from collections.abc import Sequence
from math import floor
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, integers, real, vector, whole
from irrev._record import Convergence, Estimate, Record, means
from irrev._run import Progress, options, require_memory
from irrev.exceptions import DataError
from irrev.ising.network import KineticIsing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "BinnedSpikes",
    "CrossValidation",
    "Ellipse",
    "Fit",
    "InferredEntropyProduction",
    "LowerBound",
    "MeanFieldInversion",
    "NullDistribution",
    "Scenario",
    "SparseFit",
    "bin_spikes",
    "cross_validate",
    "entropy_production",
    "fit",
    "fit_sparse",
    "invert_mean_field",
    "lower_bound",
    "scenario",
]

Bits = npt.NDArray[np.uint8]

#: Part of a quotient within which a spike is on the edge of two bins.
_ON_EDGE = 1e-9


def _activity(value: npt.ArrayLike) -> Bits:
    """Activity as 0 and 1."""
    array = real(value, "activity")
    if array.ndim != 2:
        raise DataError(f"activity has shape {array.shape}, expected (bins, units)")
    silent = -1.0 if (array == -1.0).any() else 0.0
    wrong = ~((array == silent) | (array == 1.0))
    if wrong.any():
        bin_, unit = (int(place[0]) for place in np.nonzero(wrong))
        raise DataError(f"activity[{bin_}, {unit}] is {array[bin_, unit]:g}; expected {silent:g} or 1")
    return np.ascontiguousarray(array == 1.0).astype(np.uint8)


class BinnedSpikes(Record):
    """Spikes in bins; every spike is accounted for: in_bins + before + after is the number given."""

    activity: Annotated[npt.NDArray[np.bool_], means("", "Whether a unit fired at least once in a bin; shape (bins, units)")]
    in_bins: Annotated[int, means("", "Spikes that fell into a bin")]
    repeated: Annotated[int, means("", "Of these, spikes that shared unit and bin with an earlier one")]
    before: Annotated[int, means("", "Spikes before the first bin")]
    after: Annotated[int, means("", "Spikes after the last bin")]
    on_edge: Annotated[int, means("", "Spikes within 1e-9 of an edge, whose bin rounding or `edges` decided")]


class Fit(Record):
    """A network fitted by maximum likelihood."""

    couplings: Annotated[FloatArray, means("", "βJ_ij, from unit j (column) to unit i (row)")]
    fields: Annotated[FloatArray, means("", "βH_i")]
    coupling_errors: Annotated[FloatArray | None, means("", "Standard errors of couplings, if asked for")]
    field_errors: Annotated[FloatArray | None, means("", "Standard errors of fields, if asked for")]
    penalty: Annotated[float, means("", "λ of λ/2 Σ_j J_ij² per transition and unit")]
    log_likelihood: Annotated[float, means("nats", "Mean log-likelihood per transition, all units together, without the penalty")]
    conditional_entropy: Annotated[float, means("nats", "Entropy of the next state given the present one, per bin")]
    response: Annotated[FloatArray, means("", "k_i = ⟨sech² h_i⟩")]
    transitions: Annotated[int, means("", "Transitions behind it")]
    convergence: Annotated[Convergence, means("", "Largest step that Newton's method would still take")]

    def network(self) -> KineticIsing:
        """The network, at β = 1."""
        return KineticIsing(self.couplings, self.fields)

    def log_likelihood_of(self, activity: npt.ArrayLike) -> float:
        """Mean log-likelihood per transition of other activity of the same units, in nats."""
        spins = 2.0 * _activity(activity) - 1.0
        if spins.shape[1] != len(self.fields) or len(spins) < 2:
            raise DataError(f"activity has shape {spins.shape}, expected at least 2 bins of {len(self.fields)} units")
        h = self.fields + spins[:-1] @ self.couplings.T
        return float((spins[1:] * h - np.logaddexp(h, -h)).sum(axis=1).mean())


class SparseFit(Record):
    """A network with the penalty λ Σ_j |J_ij|."""

    penalty: Annotated[float, means("", "λ")]
    coupling_count: Annotated[int, means("", "Couplings that are not zero")]
    fit: Annotated[Fit, means("", "The network; its quadratic penalty is 0")]


class CrossValidation(Record):
    """How well penalties predict stretches of time that were not fitted."""

    penalties: Annotated[FloatArray, means("", "λ, in the order given")]
    scores: Annotated[tuple[Estimate, ...], means("nats", "Log-likelihood per transition of data not fitted, over folds")]
    best: Annotated[int, means("", "Place of the best score")]
    simplest: Annotated[int, means("", "Place of the largest λ within one standard error of the best")]

    @property
    def best_penalty(self) -> float:
        """λ of the best score."""
        return float(self.penalties[self.best])

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {
            "penalty": self.penalties,
            "score": np.array([score.value for score in self.scores]),
            "error": np.array([score.standard_error for score in self.scores]),
        }

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Score against λ on a logarithmic axis; returns the axes."""
        from irrev._plot import axes

        ax, data = axes(ax), self.plot_data()
        ax.errorbar(data["penalty"], data["score"], data["error"], fmt=".-")
        ax.set_xscale("log")
        ax.set_xlabel("penalty")
        ax.set_ylabel("log-likelihood of data not fitted (nats)")
        return ax


class MeanFieldInversion(Record):
    """A network from means and correlations."""

    couplings: Annotated[FloatArray, means("", "βJ_ij")]
    fields: Annotated[FloatArray, means("", "βH_i")]
    without_root: Annotated[IntArray, means("", "Units whose TAP equation has no root; their couplings are those at F = 1/3")]


class NullDistribution(Record):
    """What the same analysis gives for data without a direction of time."""

    cross_fit: Annotated[FloatArray, means("nats per bin", "Cross-fitted values")]
    plug_in: Annotated[FloatArray, means("nats per bin", "Plug-in values: their mean is bias")]
    p_value: Annotated[float, means("", "(1 + nulls at or above the estimate)/(1 + nulls)")]


class InferredEntropyProduction(Record):
    """Entropy production of recorded activity, with what is needed to believe it."""

    estimate: Annotated[Estimate, means("nats per bin", "σ by cross-fit with couplings that have no first-order bias, with its interval")]
    shrinkage: Annotated[float, means("nats per bin", "By how much the penalty lowers the estimate, to first order; should be small beside its standard error")]
    cross_fit: Annotated[float, means("nats per bin", "σ by cross-fit before the correction")]
    plug_in: Annotated[float, means("nats per bin", "Couplings and correlations from the same data: biased upward")]
    plug_in_bias: Annotated[float, means("nats per bin", "Plug-in less estimate")]
    shifted: Annotated[NullDistribution, means("", "Null: units shifted against each other in circles")]
    reversed_blocks: Annotated[NullDistribution, means("", "Null: blocks of time reversed by a coin")]
    backwards: Annotated[float, means("nats per bin", "Cross-fit of the recording played backwards")]
    pairs: Annotated[FloatArray, means("nats per bin", "σ_ij by cross-fit, symmetric; those with i < j add up to cross_fit")]
    units: Annotated[FloatArray, means("nats per bin", "Share of each unit as the later one; may be negative; adds up to cross_fit")]
    fit: Annotated[Fit, means("", "The network fitted to all data")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the nulls, cross-fitted."""
        return {"shifted": self.shifted.cross_fit, "reversed blocks": self.reversed_blocks.cross_fit}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """The estimate with its interval above histograms of the nulls; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        for name, values in self.plot_data().items():
            ax.hist(values, alpha=0.5, label=name)
        ax.axvline(self.estimate.value, color="black", label="estimate")
        ax.axvspan(*self.estimate.interval, color="black", alpha=0.15)
        ax.set_xlabel("entropy production (nats per bin)")
        ax.set_ylabel("draws of the null")
        ax.legend()
        return ax


class LowerBound(Record):
    """A lower bound on entropy production from lagged correlations, without a model."""

    estimate: Annotated[
        Estimate, means("nats per bin", "An unbiased estimate of a number not above σ; below zero it says nothing")
    ]
    in_sample: Annotated[float, means("nats per bin", "From the data that chose θ, biased upward: for comparison only")]
    forces: Annotated[FloatArray, means("", "θ_ij, antisymmetric: above 0 where j now goes with i later more than the reverse")]
    penalties: Annotated[FloatArray, means("", "Penalties chosen by the halves; infinite where θ = 0 did best")]


class Ellipse(Record):
    """Region of βJ₀ and βΔJ that holds the truth at a level, if errors are normal."""

    centre: Annotated[tuple[float, float], means("", "βJ₀ and βΔJ")]
    covariance: Annotated[FloatArray, means("", "Covariance matrix")]
    half_axes: Annotated[tuple[float, float], means("", "Longer and shorter half-axis")]
    angle: Annotated[float, means("rad", "Of the longer axis from the first parameter")]
    level: Annotated[float, means("", "Level")]


class Scenario(Record):
    """Where a fitted network lies between criticality and determinism, in the plane of the asymmetric Sherrington-Kirkpatrick model."""

    mean_coupling: Annotated[Estimate, means("", "βJ₀ = N⟨J⟩ over couplings between different units")]
    coupling_spread: Annotated[Estimate, means("", "βΔJ, without the noise of estimated couplings")]
    ellipse: Annotated[Ellipse, means("", "Both in the plane of the phase diagram")]
    mean_field: Annotated[float, means("", "Mean of βH")]
    field_spread: Annotated[float, means("", "Spread of βH without noise")]
    mean_self_coupling: Annotated[float, means("", "Mean of βJ_ii: memory or refractoriness of single units")]
    squared_standard_error: Annotated[float, means("", "Mean squared standard error of couplings, which was subtracted")]
    feedback: Annotated[float, means("", "βJ₀k: 1 is critical")]
    distance_to_criticality: Annotated[float, means("", "1 - feedback: positive in the disordered phase")]
    spectral_radius: Annotated[float, means("", "Largest modulus of the eigenvalues of k_i J_ij")]
    uncertainty: Annotated[float, means("", "S_c/(N ln 2): 1 for fair coins, 0 for a deterministic network")]
    conditional_entropy_per_unit: Annotated[float, means("nats", "S_c per unit and bin")]


def bin_spikes(
    units: npt.ArrayLike,
    times: npt.ArrayLike,
    *,
    width: float,
    bins: int | None = None,
    count: int | None = None,
    start: float = 0.0,
    edges: Literal["quotient", "snapped"] = "quotient",
) -> BinnedSpikes:
    """Bins spikes given as two lists, the unit and the time of each.

    Parameters
    ----------
    units : array_like of int
        Unit of each spike, from 0.
    times : array_like
        Time of each spike, in the unit of `width`.
    width : float
        Of a bin; bin k covers [start + k width, start + (k + 1) width).
    bins : int, optional
        As many as hold the last spike, if not given.
    count : int, optional
        Number of units; one more than the largest, if not given.
    start : float
        Where bin 0 starts.
    edges : str
        A spike goes to bin ⌊(t - start)/width⌋ with the quotient rounded once ("quotient"), or one within 1e-9 below an edge to the later bin ("snapped").

    Examples
    --------
    >>> from irrev.ising import inference
    >>> found = inference.bin_spikes([0, 1, 0], [0.01, 0.02, 0.07], width=0.05)
    >>> found.activity.astype(int).tolist(), found.in_bins
    ([[1, 1], [1, 0]], 3)
    """
    which, when = integers(units, "units"), vector(times, "times")
    if edges not in ("quotient", "snapped"):
        raise DataError(f'edges is {edges!r}; expected "quotient" or "snapped"')
    if bins is None:
        last = float(when.max(initial=start))
        length = (last - start) / width if width > 0.0 else np.nan
        if not np.isfinite(length):
            raise DataError(f"the last spike is at {last} and width is {width}; expected finite numbers and a positive width")
        bins = max(0, floor(length + (_ON_EDGE * abs(length) if edges == "snapped" else 0.0))) + 1
    units_there = int(which.max(initial=0)) + 1 if count is None else whole(count, "count", 1)
    require_memory(f"{bins} bins of {units_there} units", 2 * int(bins) * units_there)
    grid = (units_there, whole(bins, "bins", 1), float(width), float(start))
    found = _core.bin_spikes(which, when, grid, edges == "snapped")
    return BinnedSpikes(**found)


def fit(
    activity: npt.ArrayLike,
    *,
    penalty: float = 0.0,
    tol: float = 1e-9,
    standard_errors: bool = True,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Fit:
    """The network with parallel updates that makes activity most likely, less λ/2 Σ_j J_ij² per transition and unit.

    Parameters
    ----------
    activity : array_like, shape (bins, units)
        0 and 1, -1 and 1, or booleans.
    penalty : float
        λ ≥ 0. Without one, data that a network predicts perfectly have no finite fit, which raises a DataError that names the unit.
    tol : float
        Largest step that Newton's method would still take in any coupling or field.
    standard_errors : bool
        Whether standard errors are computed, O(bins · units³).
    threads, memory_limit, progress
        As everywhere.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.ising import inference, sample, sherrington_kirkpatrick
    >>> network = sherrington_kirkpatrick(5, spread=1.0)
    >>> found = inference.fit(sample(network, steps=20_000))
    >>> pulls = (found.couplings - network.couplings) / found.coupling_errors
    >>> bool(np.abs(pulls).max() < 5.0)
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    asked = (float(penalty), float(tol))
    return Fit(**_core.fit_ising(_activity(activity), asked, bool(standard_errors), run))


def fit_sparse(
    activity: npt.ArrayLike,
    *,
    penalties: npt.ArrayLike | None = None,
    steps: int = 20,
    lowest: float = 1e-2,
    tol: float = 1e-8,
    most_passes: int = 2000,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> tuple[SparseFit, ...]:
    """Networks with the penalty λ Σ_j |J_ij|, along a path of λ.

    Parameters
    ----------
    activity : array_like, shape (bins, units)
    penalties : array_like, optional
        λ; if not given, `steps` of them from the smallest that leaves no coupling down to `lowest` times it.
    tol : float
        Largest violation of the optimality conditions.
    most_passes : int
        Passes over the data per λ after which the method gives up.

    Examples
    --------
    >>> from irrev.ising import diluted, inference, sample
    >>> path = inference.fit_sparse(sample(diluted(8, degree=2.0, spread=0.5), steps=5000), steps=5)
    >>> path[0].coupling_count, path[-1].coupling_count > 0
    (0, True)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    given = None if penalties is None else vector(penalties, "penalties").tolist()
    path, iteration = (whole(steps, "steps", 2), float(lowest)), (float(tol), whole(most_passes, "most_passes", 1))
    found = _core.sparse_fits(_activity(activity), given, path, iteration, run)
    return tuple(SparseFit(**{**one, "fit": Fit(**one["fit"])}) for one in found)


def cross_validate(
    activity: npt.ArrayLike,
    *,
    penalties: npt.ArrayLike | None = None,
    kind: Literal["quadratic", "absolute"] = "quadratic",
    folds: int = 5,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> CrossValidation:
    """Scores penalties on stretches of time, each predicted from the others.

    Without `penalties`, quadratic ones go from 1e-6 to 1e-1, two in a decade, and twelve absolute ones from the smallest that leaves no coupling down to a hundredth
    of it, evenly in the logarithm.

    Examples
    --------
    >>> from irrev.ising import inference, sample, sherrington_kirkpatrick
    >>> activity = sample(sherrington_kirkpatrick(6, spread=0.3), steps=500)
    >>> len(inference.cross_validate(activity).penalties)
    11
    >>> found = inference.cross_validate(activity, penalties=[1.0, 0.1, 0.01, 0.001])
    >>> found.scores[found.best].value >= found.scores[0].value
    True
    """
    if kind not in ("quadratic", "absolute"):
        raise DataError(f'kind is {kind!r}; expected "quadratic" or "absolute"')
    run = options(threads=threads, memory=memory_limit, progress=progress)
    given = None if penalties is None else vector(penalties, "penalties").tolist()
    found: dict[str, Any] = _core.cross_validate_ising(
        _activity(activity), given, kind == "absolute", whole(folds, "folds", 2), run
    )
    return CrossValidation(**{**found, "scores": tuple(found["scores"])})


def invert_mean_field(activity: npt.ArrayLike, *, theory: Literal["naive", "TAP"] = "TAP") -> MeanFieldInversion:
    """Couplings and fields from means and correlations: J = A⁻¹ D C⁻¹ with A = diag(1 - m²), or with Thouless, Anderson and Palmer's correction.

    Examples
    --------
    >>> from irrev.ising import inference, sample, sherrington_kirkpatrick
    >>> network = sherrington_kirkpatrick(8, mean=0.5, spread=0.2)
    >>> found = inference.invert_mean_field(sample(network, steps=20_000))
    >>> bool(abs(found.couplings - network.couplings).max() < 0.05)
    True
    """
    return MeanFieldInversion(**_core.invert_mean_field(_activity(activity), theory))


def entropy_production(
    activity: npt.ArrayLike,
    *,
    penalty: float = 0.0,
    tol: float = 1e-9,
    blocks: int = 50,
    draws: int = 2000,
    nulls: int = 20,
    level: float = 0.95,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> InferredEntropyProduction:
    """σ = Σ_ij (J_ij - J_ji) ⟨s_i(t+1) s_j(t)⟩ of recorded activity: by cross-fit, less its first-order bias, with an interval and two nulls.

    Parameters
    ----------
    activity : array_like, shape (bins, units)
    penalty, tol
        As in `fit`.
    blocks : int
        Blocks per half that are drawn anew; a block should be longer than the memory of the recording.
    draws : int
        Draws of blocks behind the interval.
    nulls : int
        Draws of each null.
    level : float
        Confidence level of the interval.
    seed, threads, memory_limit, progress
        As everywhere.

    Examples
    --------
    >>> from irrev.ising import inference, sample, sherrington_kirkpatrick
    >>> symmetric = sherrington_kirkpatrick(6, spread=0.5, symmetry=1.0)
    >>> found = inference.entropy_production(sample(symmetric, steps=2000), nulls=5, draws=200)
    >>> low, high = found.estimate.interval
    >>> bool(low < 0.0 < high), found.plug_in > high  # without what corrects it the number would look like dissipation
    (True, True)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    resampling = (whole(blocks, "blocks", 1), whole(draws, "draws", 1), whole(nulls, "nulls", 1), float(level))
    found: dict[str, Any] = _core.infer_entropy_production(
        _activity(activity), (float(penalty), float(tol)), resampling, run
    )
    records = {
        "shifted": NullDistribution(**found["shifted"]),
        "reversed_blocks": NullDistribution(**found["reversed_blocks"]),
        "fit": Fit(**found["fit"]),
    }
    return InferredEntropyProduction(**{**found, **records})


def lower_bound(
    activity: npt.ArrayLike,
    *,
    penalties: Sequence[float] | None = None,
    blocks: int = 50,
    draws: int = 2000,
    level: float = 0.95,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> LowerBound:
    """A lower bound on the entropy production of stationary activity from lagged correlations alone: max_θ ⟨θ·g⟩ - ln⟨e^{-θ·g}⟩, g_ij = s_i's_j - s_i s_j'.

    Parameters
    ----------
    activity : array_like, shape (bins, units)
    penalties : sequence of float, optional
        Candidates for the penalty that keeps θ from describing noise; 0.01, 0.1, 1, 10, 100 if not given.
    blocks, draws, level, seed, threads, memory_limit, progress
        As in `entropy_production`.

    Examples
    --------
    >>> from irrev.ising import KineticIsing, inference, parallel_stationary_state, sample
    >>> ring = KineticIsing([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    >>> found = inference.lower_bound(sample(ring, steps=5000), draws=200)
    >>> 0.0 < found.estimate.value < parallel_stationary_state(ring).entropy_production
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    given = None if penalties is None else vector(penalties, "penalties").tolist()
    resampling = (whole(blocks, "blocks", 1), whole(draws, "draws", 1), float(level))
    return LowerBound(**_core.correlation_lower_bound(_activity(activity), given, resampling, run))


def scenario(
    activity: npt.ArrayLike,
    *,
    penalty: float = 0.0,
    tol: float = 1e-9,
    blocks: int = 100,
    draws: int = 2000,
    level: float = 0.95,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Scenario:
    """Where the network behind recorded activity lies: near a phase transition, or near determinism?

    Both raise the entropy production; the feedback βJ₀k tells the first and the entropy of the next state tells the second.

    Examples
    --------
    >>> from irrev.ising import inference, sample, sherrington_kirkpatrick
    >>> place = inference.scenario(sample(sherrington_kirkpatrick(20, spread=0.5), steps=10_000), draws=200)
    >>> low, high = place.mean_coupling.interval
    >>> 0.5 < place.mean_coupling.value < 1.5 and low < high
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    resampling = (whole(blocks, "blocks", 1), whole(draws, "draws", 1), float(level))
    found: dict[str, Any] = _core.place_scenario(_activity(activity), (float(penalty), float(tol)), resampling, run)
    return Scenario(**{**found, "ellipse": Ellipse(**found["ellipse"])})

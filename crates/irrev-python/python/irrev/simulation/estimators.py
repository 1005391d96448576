"""Estimators with their errors, on what trajectories brought home.

Standard errors are asymptotic; where an error bar is known to mislead, the record says so instead of printing a smaller one.
"""

from typing import TYPE_CHECKING, Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray
from irrev._record import Estimate, Record, means

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class IntegralFluctuation(Record):
    """⟨e^{-Σ}⟩ of a sample against what the integral fluctuation theorem demands."""

    mean: Annotated[Estimate, means("", "⟨e^{-Σ}⟩")]
    log_mean: Annotated[Estimate, means("", "Its logarithm, bias-corrected")]
    expected: Annotated[float, means("", "What the theorem demands: 1 - missing weight")]
    deviation: Annotated[float, means("", "(mean - expected)/standard error, corrected for skewness")]
    effective_sample_size: Annotated[float, means("", "(Σw)²/Σw² of the weights w = e^{-Σ}")]
    predicted_effective_sample_size: Annotated[
        float, means("", "The effective sample size that is foreseen without the rarest weights")
    ]
    largest_share: Annotated[float, means("", "Share of the largest weight")]
    reliability: Annotated[
        str,
        means(
            "",
            'Whether this may be believed: "sound"; "ruled by one" (over 10 % of the sum); "few effective samples" (under 100); "tail not sampled" (the trajectories that rule it are too rare); "contradiction" (over 5 errors off)',
        ),
    ]


class DetailedFluctuation(Record):
    """ln P(s)/P(-s) against s: slope 1 through the origin if the detailed fluctuation theorem holds."""

    entropies: Annotated[FloatArray, means("nats", "s of every bin with at least 20 samples on each side")]
    log_ratios: Annotated[FloatArray, means("", "ln P(bin)/P(-bin)")]
    standard_errors: Annotated[FloatArray, means("", "Standard error of the difference between the two")]
    positive_counts: Annotated[IntArray, means("", "Samples in the positive bin")]
    negative_counts: Annotated[IntArray, means("", "Samples in the negative bin")]
    slope: Annotated[Estimate, means("", "Slope of the weighted line through the origin")]
    chi_squared: Annotated[float, means("", "Σ (residual/error)² of that line")]
    degrees_of_freedom: Annotated[int, means("", "Bins minus one")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {"entropy": self.entropies, "log_ratio": self.log_ratios, "standard_error": self.standard_errors}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """The points with their errors, and the line of slope 1; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        ax.errorbar(self.entropies, self.log_ratios, self.standard_errors, fmt="o")
        ax.plot(self.entropies, self.entropies, color="black", linewidth=0.8)
        ax.set_xlabel("s (nats)")
        ax.set_ylabel("ln P(s)/P(-s)")
        return ax


class CrooksFit(Record):
    """The line β(W - ΔF) through ln P_F(W)/P_R(-W)."""

    works: Annotated[FloatArray, means("energy", "W of every bin with at least 20 works from each direction")]
    log_ratios: Annotated[FloatArray, means("", "ln P_F(W)/P_R(-W)")]
    standard_errors: Annotated[FloatArray, means("", "Their standard errors")]
    slope: Annotated[Estimate, means("1/energy", "Fitted slope: β if the theorem holds")]
    free_energy: Annotated[Estimate, means("energy", "ΔF with the slope fixed at β")]
    chi_squared: Annotated[float, means("", "Σ (residual/error)² of the line of slope β")]
    degrees_of_freedom: Annotated[int, means("", "Bins minus one")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {"work": self.works, "log_ratio": self.log_ratios, "standard_error": self.standard_errors}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """The points with their errors; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        ax.errorbar(self.works, self.log_ratios, self.standard_errors, fmt="o")
        ax.set_xlabel("W (energy)")
        ax.set_ylabel("ln P_F(W)/P_R(-W)")
        return ax


class Cumulants(Record):
    """Cumulants of a sample (k-statistics)."""

    values: Annotated[tuple[Estimate, ...], means("", "κ₁ … κ₄: mean, variance, third and fourth cumulant")]


class ScaledCumulantEstimates(Record):
    """Scaled cumulants of a current from one long trajectory."""

    values: Annotated[tuple[Estimate, ...], means("1/time", "c₁ … c₄, in (unit of the current)ⁿ per time")]
    batch_length: Annotated[int, means("", "Increments per batch")]
    batches: Annotated[int, means("", "Number of batches")]
    window: Annotated[int, means("", "Correlation window of the increments")]
    resolved: Annotated[bool, means("", "Whether there were enough batches of the wanted length")]


class Survival(Record):
    """P(T > t) from durations of which some were cut off (Kaplan and Meier)."""

    times: Annotated[FloatArray, means("time", "The times asked for")]
    survival: Annotated[FloatArray, means("", "P(T > t); NaN beyond the last trajectory observed if that one had not passed")]
    standard_errors: Annotated[FloatArray, means("", "Greenwood's standard errors")]
    lower: Annotated[FloatArray, means("", "Lower ends of the 95 % intervals")]
    upper: Annotated[FloatArray, means("", "Upper ends of the 95 % intervals")]
    at_risk: Annotated[IntArray, means("", "Trajectories observed beyond t")]
    passed: Annotated[int, means("", "Trajectories that passed")]
    censored: Annotated[int, means("", "Trajectories that ended before passing")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {"time": self.times, "survival": self.survival, "lower": self.lower, "upper": self.upper}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """The survival function with its band; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        ax.plot(self.times, self.survival)
        ax.fill_between(self.times, self.lower, self.upper, alpha=0.3)
        ax.set_xlabel("time")
        ax.set_ylabel("P(T > t)")
        return ax


class InfimumLaw(Record):
    """Minima of the total entropy production along trajectories, against P(inf Σ ≤ -s) ≤ e^{-s}."""

    mean: Annotated[Estimate, means("nats", "⟨inf Σ⟩, to be compared with -1")]
    mean_excess: Annotated[float, means("", "(-1 - mean)/standard error; values above a few violate the law")]
    levels: Annotated[FloatArray, means("nats", "s")]
    probabilities: Annotated[FloatArray, means("", "P(inf Σ ≤ -s)")]
    standard_errors: Annotated[FloatArray, means("", "Binomial standard errors")]
    bounds: Annotated[FloatArray, means("", "e^{-s}")]
    excesses: Annotated[
        FloatArray, means("", "(probability - bound) in standard deviations at the bound; values above a few violate the law")
    ]


class AutocorrelationTime(Record):
    """Integrated autocorrelation time of a series, and its mean with an error that knows of it."""

    time: Annotated[Estimate, means("", "τ, in steps of the series; 1 for independent values")]
    window: Annotated[int, means("", "Lag at which the sum was cut")]
    mean: Annotated[Estimate, means("", "Mean of the series with error √(τ s²/n)")]
    resolved: Annotated[bool, means("", "Whether a window was found; if not, τ is too small")]


def integral_fluctuation(
    samples: npt.ArrayLike, *, log_weights: npt.ArrayLike | None = None, missing_weight: float = 0.0
) -> IntegralFluctuation:
    """Judges ⟨e^{-Σ}⟩ of samples of the total entropy production.

    Parameters
    ----------
    samples : array_like
        Σ of every trajectory, in nats; infinite after a jump without a reverse.
    log_weights : array_like, optional
        Logarithms of likelihood ratios, for tilted trajectories.
    missing_weight : float
        Known weight of reversed trajectories that end where the initial distribution vanishes (absolute irreversibility).

    References
    ----------
    Seifert, Phys. Rev. Lett. 95, 040602 (2005); Murashita, Funo and Ueda, Phys. Rev. E 90, 042110 (2014).

    Examples
    --------
    >>> from math import log
    >>> from irrev.simulation import integral_fluctuation
    >>> judged = integral_fluctuation([log(3), log(3), log(3), -log(3)] * 1000)
    >>> round(judged.mean.value, 12), judged.reliability
    (1.0, 'sound')
    """
    return IntegralFluctuation(**_core.integral_fluctuation(samples, log_weights, missing_weight))


def stationary_integral_fluctuation(samples: npt.ArrayLike) -> IntegralFluctuation:
    """Judges ⟨e^{-Σ}⟩ of entropy productions of a stationary process over one interval, where P(-s) = P(s) e^{-s}.

    What the sample lacks at negative Σ is foreseen from its positive side, also where Σ makes steps of many nats.

    Parameters
    ----------
    samples : array_like
        Σ of every trajectory or interval, in nats.

    References
    ----------
    Seifert, Phys. Rev. Lett. 95, 040602 (2005).

    Examples
    --------
    8 steps of 6 nats in 1000 intervals and none backwards: 0.8 % of the weight was not drawn, three times the naive error bar.

    >>> from irrev.simulation import stationary_integral_fluctuation
    >>> stationary_integral_fluctuation([6.0] * 8 + [0.0] * 992).reliability
    'tail not sampled'
    """
    return IntegralFluctuation(**_core.stationary_integral_fluctuation(samples))


def detailed_fluctuation(samples: npt.ArrayLike, *, width: float) -> DetailedFluctuation:
    """Detailed fluctuation theorem on samples of Σ, with bins ((k - ½)w, (k + ½)w] for k = ±1, ±2, …

    Where Σ lives on a lattice, choose its spacing as the width.

    Examples
    --------
    >>> from math import log
    >>> from irrev.simulation import detailed_fluctuation
    >>> found = detailed_fluctuation([log(3), log(3), log(3), -log(3)] * 1000, width=log(3))
    >>> round(found.slope.value, 3)
    1.0
    """
    return DetailedFluctuation(**_core.detailed_fluctuation(samples, width))


def jarzynski(work: npt.ArrayLike, *, inverse_temperature: float) -> Estimate:
    """ΔF = -ln⟨e^{-βW}⟩/β of a protocol that starts in equilibrium, with its bias subtracted; the error bar includes the bias.

    Where the dissipated work is many times k_BT the average is ruled by works that were never drawn; see `bennett_acceptance_ratio`.

    References
    ----------
    Jarzynski, Phys. Rev. Lett. 78, 2690 (1997).

    Examples
    --------
    >>> from irrev.simulation import jarzynski
    >>> round(jarzynski([1.0, 1.0, 1.0], inverse_temperature=2.0).value, 12)
    1.0
    """
    return _core.jarzynski(work, inverse_temperature)


def bennett_acceptance_ratio(
    work: npt.ArrayLike, *, reverse: npt.ArrayLike, inverse_temperature: float
) -> Estimate:
    """ΔF from works of a protocol and of its reverse, each starting in its equilibrium, with the least asymptotic variance.

    References
    ----------
    Bennett, J. Comput. Phys. 22, 245 (1976).
    """
    return _core.bennett_acceptance_ratio(work, reverse, inverse_temperature)


def crooks(
    work: npt.ArrayLike, *, reverse: npt.ArrayLike, inverse_temperature: float, width: float
) -> CrooksFit:
    """Crooks' theorem P_F(W)/P_R(-W) = e^{β(W - ΔF)} on a histogram of the given bin width.

    References
    ----------
    Crooks, Phys. Rev. E 60, 2721 (1999).
    """
    return CrooksFit(**_core.crooks(work, reverse, inverse_temperature, width))


def cumulants(samples: npt.ArrayLike) -> Cumulants:
    """Cumulants 1 to 4 of independent samples, unbiased, with standard errors.

    Examples
    --------
    >>> from irrev.simulation import cumulants
    >>> [round(k.value, 6) for k in cumulants([1.0, 2.0, 4.0, 5.0]).values[:2]]
    [3.0, 3.333333]
    """
    return Cumulants(values=tuple(_core.cumulants(samples)))


def scaled_cumulants(increments: npt.ArrayLike, *, duration: float) -> ScaledCumulantEstimates:
    """Scaled cumulants c_n = lim κ_n/t from increments of a current over consecutive intervals of a stationary trajectory (see `long_run`)."""
    fields = _core.scaled_cumulants_of_increments(increments, duration)
    fields["values"] = tuple(fields["values"])
    return ScaledCumulantEstimates(**fields)


def survival_function(durations: npt.ArrayLike, *, passed: npt.ArrayLike, times: npt.ArrayLike) -> Survival:
    """Survival function of first-passage times.

    Parameters
    ----------
    durations : array_like
        How long every trajectory was observed.
    passed : array_like of bool
        Whether it ended by passing; otherwise it was cut off.
    times : array_like
        Where P(T > t) is wanted.

    References
    ----------
    Kaplan and Meier, J. Am. Stat. Assoc. 53, 457 (1958).

    Examples
    --------
    >>> from irrev.simulation import survival_function
    >>> survival_function([1.0, 2.0, 2.5, 4.0], passed=[1, 0, 1, 1], times=[0.5, 1.5, 3.0]).survival
    array([1.   , 0.75 , 0.375])
    """
    import numpy as np

    return Survival(**_core.survival_function(durations, np.asarray(passed).astype(np.int64), times))


def infimum_law(minima: npt.ArrayLike, *, levels: npt.ArrayLike) -> InfimumLaw:
    """Compares minima of Σ along stationary trajectories with P(inf Σ ≤ -s) ≤ e^{-s} and ⟨inf Σ⟩ ≥ -1.

    References
    ----------
    Neri, Roldán and Jülicher, Phys. Rev. X 7, 011019 (2017).
    """
    return InfimumLaw(**_core.infimum_law(minima, levels))


def autocorrelation_time(series: npt.ArrayLike) -> AutocorrelationTime:
    """Integrated autocorrelation time of a series of at least four values."""
    return AutocorrelationTime(**_core.autocorrelation_time(series))


def proportion(successes: int, *, trials: int) -> Estimate:
    """k/n with its binomial standard error and Wilson's 95 % interval.

    Examples
    --------
    >>> from irrev.simulation import proportion
    >>> proportion(25, trials=100).value
    0.25
    """
    return _core.proportion(successes, trials)

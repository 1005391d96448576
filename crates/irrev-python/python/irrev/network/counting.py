"""Counting statistics of currents: full in the stationary state, moments and distributions over a finite interval.

A current counts w for every forward and -w for every backward jump of an edge. Its scaled cumulant generating function λ(χ) is the largest
eigenvalue of the tilted generator, whose jumps carry e^{±χ w}; cumulants are its derivatives at 0, computed without differences. For
w = ln(k⁺/k⁻), the entropy delivered to the medium, λ(χ) = λ(-1 - χ).

References: Lebowitz and Spohn, J. Stat. Phys. 95, 333 (1999); Koza, J. Phys. A 32, 7637 (1999); Seifert, Phys. Rev. Lett. 95, 040602 (2005).
"""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, real
from irrev._core import MarkovJump
from irrev._record import Convergence, Record, means
from irrev._run import Progress, options

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


class ScaledCumulants(Record):
    """Scaled cumulants c_n = lim κ_n(t)/t of a current."""

    values: Annotated[FloatArray, means("(unit of the weight)ⁿ/time", "c₁ (mean rate), c₂ (variance rate), c₃, …")]


class ScaledGeneratingFunction(Record):
    """λ(χ) with its certified bracket; arrays for several χ."""

    chi: Annotated[float | FloatArray, means("", "Tilt χ")]
    value: Annotated[float | FloatArray, means("1/time", "Scaled cumulant generating function lim ln⟨e^{χ X}⟩/t")]
    bracket: Annotated[
        tuple[float, float] | FloatArray, means("1/time", "Lower and upper bound from the positive eigenvector")
    ]
    convergence: Annotated[Convergence | tuple[Convergence, ...], means("", "Iterations and the width of the bracket")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: χ and λ(χ)."""
        return {"chi": np.atleast_1d(self.chi), "value": np.atleast_1d(self.value)}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """λ over χ; returns the axes."""
        from irrev._plot import lines

        data = self.plot_data()
        return lines(ax, data["chi"], data["value"], ["λ"], "χ", "λ(χ) (1/time)")


class CountingStatistics(Record):
    """Counting statistics of one stationary process."""

    kinetics: Annotated[MarkovJump, means("", "The process")]
    stationary_distribution: Annotated[FloatArray, means("", "Its stationary distribution")]

    def scaled_cumulants(self, weights: npt.ArrayLike, *, order: int = 4) -> ScaledCumulants:
        """Scaled cumulants c₁ … c_order (order ≤ 8) of the current with the given weight per forward jump of each edge.

        Examples
        --------
        >>> from irrev.network import counting_statistics, three_state_ring
        >>> statistics = counting_statistics(three_state_ring(0.5, 1.0))
        >>> statistics.scaled_cumulants([1, 1, 1], order=2).values.round(10)
        array([0.50522463, 2.0628262 ])
        """
        fields = _core.scaled_cumulants(self.kinetics, self.stationary_distribution, weights, order)
        return ScaledCumulants(**fields)

    def entropy_cumulants(self, *, order: int = 4) -> ScaledCumulants:
        """Scaled cumulants of the entropy delivered to the medium, weights ln(k⁺/k⁻), in natsⁿ per time."""
        return ScaledCumulants(**_core.entropy_cumulants(self.kinetics, self.stationary_distribution, order))

    def scaled_generating_function(
        self,
        weights: npt.ArrayLike,
        *,
        chi: npt.ArrayLike,
        threads: int = 0,
        memory_limit: int | None = None,
        progress: Progress = None,
    ) -> ScaledGeneratingFunction:
        """λ(χ) of the current with the given weights, for one χ or an array of them.

        Its bracket is within 1e-12 of the largest rate, or a `ConvergenceError` follows.
        """
        run = options(threads=threads, memory=memory_limit, progress=progress)
        tilts = real(chi, "chi")
        found = _core.scaled_generating_function(
            self.kinetics, self.stationary_distribution, weights, np.atleast_1d(tilts), run
        )
        if tilts.ndim == 0:
            return ScaledGeneratingFunction(**found[0])
        return ScaledGeneratingFunction(
            chi=tilts.copy(),
            value=np.array([f["value"] for f in found]),
            bracket=np.array([f["bracket"] for f in found]).reshape(-1, 2),
            convergence=tuple(f["convergence"] for f in found),
        )


class CurrentMoments(Record):
    """Mean and variance of a current over an interval."""

    mean: Annotated[float, means("unit of the weights", "⟨X⟩")]
    variance: Annotated[float, means("(unit of the weights)²", "Var X")]


class EntropyMoments(Record):
    """Statistics of the total entropy production over an interval."""

    mean: Annotated[float, means("nats", "⟨Σ⟩ ≥ 0")]
    variance: Annotated[float, means("nats²", "Var Σ")]
    integral_fluctuation: Annotated[
        float,
        means("", "⟨e^{-Σ}⟩ over trajectories that start where p₀ > 0: 1, or less under absolute irreversibility"),
    ]
    missing_weight: Annotated[
        float, means("", "1 - ⟨e^{-Σ}⟩: weight of the reversed trajectories that end where p₀ = 0")
    ]
    integral_fluctuation_sd: Annotated[float, means("", "Standard deviation of e^{-Σ}")]


class CountDistribution(Record):
    """Probabilities of an integer count over an interval."""

    first: Annotated[int, means("", "Smallest count listed")]
    probabilities: Annotated[FloatArray, means("", "P(first), P(first + 1), … in sequence")]

    @property
    def counts(self) -> IntArray:
        """The counts listed."""
        return np.arange(self.first, self.first + len(self.probabilities), dtype=np.int64)

    def probability(self, n: int) -> float:
        """P(N = n), 0 outside the range listed."""
        place = n - self.first
        return float(self.probabilities[place]) if 0 <= place < len(self.probabilities) else 0.0

    def plot_data(self) -> dict[str, FloatArray | IntArray]:
        """What `plot` draws: counts and probabilities."""
        return {"count": self.counts, "probability": self.probabilities}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Bars of the probabilities; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        ax.bar(self.counts, self.probabilities, width=1.0)
        ax.set_xlabel("count")
        ax.set_ylabel("probability")
        return ax

    def to_pandas(self) -> "pd.Series[float]":
        """Probabilities by count, as a `pandas.Series`."""
        from irrev._plot import require

        pandas: Any = require("pandas", "pandas")
        series: pd.Series[float] = pandas.Series(
            self.probabilities, pandas.Index(self.counts, name="count"), name="probability"
        )
        return series


def counting_statistics(kinetics: MarkovJump) -> CountingStatistics:
    """Prepares counting statistics around the stationary state of an irreducible process.

    Raises
    ------
    ModelError
        If the stationary state is not unique, or some states are transient.
    """
    return CountingStatistics(kinetics=kinetics, stationary_distribution=_core.counting_statistics(kinetics))


def current_moments(
    kinetics: MarkovJump,
    *,
    weights: npt.ArrayLike,
    start: npt.ArrayLike,
    t: float,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> CurrentMoments:
    """Mean and variance of a current over [0, t] from a given start distribution.

    Examples
    --------
    >>> from irrev.network import MarkovJump, current_moments
    >>> ring = MarkovJump.from_rates(3, [(0, 1, 2.0, 1.0), (1, 2, 2.0, 1.0), (2, 0, 2.0, 1.0)])
    >>> moments = current_moments(ring, weights=[1, 1, 1], start=[1, 0, 0], t=5.0)   # a biased walk
    >>> round(moments.mean, 10), round(moments.variance, 10)
    (5.0, 15.0)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return CurrentMoments(**_core.current_moments(kinetics, weights, start, t, run))


def entropy_moments(
    kinetics: MarkovJump,
    *,
    start: npt.ArrayLike,
    t: float,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> EntropyMoments:
    """Mean, variance and integral fluctuation theorem of the total entropy production over [0, t].

    Σ is the medium entropy + ln p₀(x₀) - ln p_t(x_t).

    Raises
    ------
    ModelError
        If a jump has no reverse.
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return EntropyMoments(**_core.entropy_moments(kinetics, start, t, run))


def count_distribution(
    kinetics: MarkovJump,
    *,
    steps: npt.ArrayLike,
    start: npt.ArrayLike,
    t: float,
    largest: int,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> CountDistribution:
    """Distribution of an integer count over [0, t]: `steps` per forward jump of each edge, minus it per backward jump.

    Small probabilities keep their relative accuracy. Counts beyond ±`largest` are not listed.

    Examples
    --------
    >>> from irrev.network import MarkovJump, count_distribution
    >>> hop = MarkovJump.from_rates(2, [(0, 1, 1.0, 0.0)])
    >>> count_distribution(hop, steps=[1], start=[1, 0], t=1.0, largest=1).probabilities.round(10)
    array([0.        , 0.36787944, 0.63212056])
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return CountDistribution(**_core.count_distribution(kinetics, steps, start, t, largest, run))

"""Transfer entropy: who informs whom.

TE = I(x_{t+1}; y_t … y_{t-l+1} | x_t … x_{t-k+1}) in nats per step: what the source's past says of the target's next value beyond the target's own past. Surrogates of the source show what an estimator finds
where there is nothing. An estimate may be negative although the transfer entropy is not.

References: Schreiber, Phys. Rev. Lett. 85, 461 (2000); Barnett, Barrett and Seth, Phys. Rev. Lett. 103, 238701 (2009); Frenzel and Pompe, Phys. Rev. Lett. 99, 204101 (2007); Kraskov, Stögbauer and Grassberger,
Phys. Rev. E 69, 066138 (2004); Barnett and Seth, Phys. Rev. E 91, 040101 (2015), for the endless past.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, real, vector, whole
from irrev._record import Estimate, Record, means
from irrev._run import Progress, options
from irrev.exceptions import DataError, ModelError
from irrev.inference.states import number_of_states, symbol_sequences

Surrogate: TypeAlias = Literal["circular shift", "shuffle"]
"""How a source is deprived of what it knows of the target: turned round by a random time, which keeps its own correlations, or shuffled, which keeps its values only."""


class SurrogateTest(Record):
    """An estimate beside the same of surrogates."""

    number: Annotated[int, means("", "Number of surrogates")]
    mean: Annotated[float, means("nats/step", "Their mean: what the estimator finds where there is nothing")]
    standard_deviation: Annotated[float, means("nats/step", "Their standard deviation")]
    p_value: Annotated[float, means("", "(1 + surrogates at least as large as the value)/(1 + number)")]
    effective: Annotated[float, means("nats/step", "Value less the mean of the surrogates")]


class DiscreteTransferEntropy(Record):
    """Transfer entropy between series of symbols."""

    plugin: Annotated[float, means("nats/step", "Plug-in; never negative, and too high by about (free parameters)/2N")]
    miller_madow: Annotated[float, means("nats/step", "With (occupied cells - 1)/2N added to each of the four entropies")]
    samples: Annotated[int, means("", "Number of samples")]
    estimate: Annotated[
        Estimate,
        means(
            "nats/step",
            "Plug-in less its bias (the mean of the surrogates where there are any), with a 95 % interval; where there is nothing it is too narrow: judge by the surrogates",
        ),
    ]
    surrogates: Annotated[SurrogateTest | None, means("", "The plug-in beside surrogates")]
    assumptions: Annotated[tuple[str, ...], means("", "What would make it wrong")]


class GaussianTransferEntropy(Record):
    """Transfer entropy of linear, normal series."""

    plugin: Annotated[float, means("nats/step", "½ ln of the ratio of residual variances; too high by about l/2N")]
    estimate: Annotated[
        Estimate,
        means(
            "nats/step",
            "Plug-in less its bias, with a 95 % interval; where there is nothing it is too narrow: judge by the surrogates",
        ),
    ]
    own_variance: Annotated[float, means("target²", "Variance of the next value given the target's past")]
    full_variance: Annotated[float, means("target²", "Variance of the next value given both pasts")]
    surrogates: Annotated[SurrogateTest | None, means("", "The plug-in beside surrogates")]
    assumptions: Annotated[tuple[str, ...], means("", "What would make it wrong")]


class KsgTransferEntropy(Record):
    """Transfer entropy by nearest neighbours."""

    estimate: Annotated[
        Estimate,
        means("nats/step", "Value, with the jackknife's error and 95 % interval (NaN without blocks); no bias is taken off"),
    ]
    surrogates: Annotated[SurrogateTest | None, means("", "The value beside surrogates")]
    notes: Annotated[tuple[str, ...], means("", "What a reader of the value should know")]
    assumptions: Annotated[tuple[str, ...], means("", "What would make it wrong")]


def _tested(fields: dict[str, Any]) -> dict[str, Any]:
    found = fields["surrogates"]
    return {**fields, "surrogates": None if found is None else SurrogateTest(**found)}


def _pair(target: npt.ArrayLike, source: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    return vector(target, "target"), vector(source, "source")


def discrete_transfer_entropy(
    target: npt.ArrayLike | Sequence[npt.ArrayLike],
    *,
    source: npt.ArrayLike | Sequence[npt.ArrayLike],
    target_history: int = 1,
    source_history: int = 1,
    delay: int = 0,
    target_symbols: int | None = None,
    source_symbols: int | None = None,
    surrogates: int = 0,
    surrogate: Surrogate = "circular shift",
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> DiscreteTransferEntropy:
    """Transfer entropy source → target of symbols 0, 1, …, one sequence each, or as many as there are stretches of time.

    Parameters
    ----------
    target, source : sequence of int, or list of sequences
        Symbols at the same times.
    target_history, source_history : int
        k and l, the steps of both pasts.
    delay : int
        Steps by which the source's past ends earlier than the target's.
    target_symbols, source_symbols : int
        Sizes of the alphabets; default one more than the largest symbol seen.
    surrogates, surrogate
        Number of surrogates, and how they are made: "circular shift" or "shuffle".

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import discrete_transfer_entropy
    >>> y = np.random.default_rng(1).integers(2, size=10_000)
    >>> found = discrete_transfer_entropy(np.roll(y, 1), source=y, surrogates=19)              # a copy, one step late
    >>> abs(found.estimate.value - np.log(2)) < 0.01, found.surrogates.p_value
    (np.True_, 0.05)
    """
    targets, sources = symbol_sequences(target, "target"), symbol_sequences(source, "source")
    if len(targets) != len(sources):
        raise DataError(f"source has {len(sources)} sequences, expected {len(targets)} as target")
    asked = (
        number_of_states(target_symbols, targets),
        number_of_states(source_symbols, sources),
        whole(target_history, "target_history", 0),
        whole(source_history, "source_history", 0),
        whole(delay, "delay", 0),
    )
    run = options(threads=threads, progress=progress, seed=seed)
    found = _core.inference_discrete(targets, sources, asked, (whole(surrogates, "surrogates", 0), surrogate), run)
    return DiscreteTransferEntropy(**_tested(found))


def gaussian_transfer_entropy(
    target: npt.ArrayLike,
    *,
    source: npt.ArrayLike,
    target_history: int = 1,
    source_history: int = 1,
    surrogates: int = 0,
    surrogate: Surrogate = "circular shift",
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> GaussianTransferEntropy:
    """Transfer entropy source → target of linear, normal series of equal length; otherwise its linear part. Parameters are those of `discrete_transfer_entropy`.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import gaussian_transfer_entropy
    >>> rng, x, y = np.random.default_rng(1), np.zeros(10_000), np.zeros(10_000)
    >>> for t in range(len(x) - 1):
    ...     x[t + 1] = 0.5 * x[t] + 0.3 * y[t] + rng.normal()
    ...     y[t + 1] = 0.7 * y[t] + rng.normal()
    >>> found = gaussian_transfer_entropy(x, source=y)
    >>> abs(found.estimate.value - 0.072763) < 5 * found.estimate.standard_error
    True
    """
    histories = whole(target_history, "target_history", 0), whole(source_history, "source_history", 0)
    run = options(threads=threads, progress=progress, seed=seed)
    drawn = whole(surrogates, "surrogates", 0), surrogate
    return GaussianTransferEntropy(**_tested(_core.inference_gaussian(_pair(target, source), histories, drawn, run)))


def ksg_transfer_entropy(
    target: npt.ArrayLike,
    *,
    source: npt.ArrayLike,
    neighbours: int = 4,
    target_history: int = 1,
    source_history: int = 1,
    jitter: float | None = None,
    blocks: int = 20,
    surrogates: int = 0,
    surrogate: Surrogate = "circular shift",
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> KsgTransferEntropy:
    """Transfer entropy source → target of series of any law with a density, by nearest neighbours.

    Parameters
    ----------
    neighbours : int
        Which neighbour.
    jitter : float
        Uniform noise that parts ties, of this half-width in units of each series' standard deviation; default none.
    blocks : int
        Blocks of the jackknife behind the interval, which costs as many times as the value; 0 for none.
    target, source, target_history, source_history, surrogates, surrogate
        As of `discrete_transfer_entropy`.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import ksg_transfer_entropy
    >>> rng = np.random.default_rng(1)
    >>> y, x = rng.normal(size=1000), np.zeros(1000)
    >>> x[1:] = 0.8 * np.sin(3 * y[:-1]) + 0.3 * rng.normal(size=999)
    >>> found = ksg_transfer_entropy(x, source=y, surrogates=19)
    >>> found.estimate.value > 0.3, found.surrogates.p_value
    (True, 0.05)
    """
    asked = (
        whole(neighbours, "neighbours", 0),
        whole(target_history, "target_history", 0),
        whole(source_history, "source_history", 0),
        None if jitter is None else float(jitter),
        whole(blocks, "blocks", 0),
    )
    run = options(threads=threads, progress=progress, seed=seed)
    drawn = whole(surrogates, "surrogates", 0), surrogate
    found = _tested(_core.inference_ksg(_pair(target, source), asked, drawn, run))
    return KsgTransferEntropy(**found)


class VectorAutoregression:
    """z_{t+1} = Σ_h A_h z_{t+1-h} + e, e normal with covariance Q: covariances and transfer entropies in closed form.

    Parameters
    ----------
    lags : list of array_like
        A_1, A_2, …, square.
    noise : array_like
        Q.

    Examples
    --------
    >>> from irrev.inference import VectorAutoregression
    >>> pair = VectorAutoregression([[[0.5, 0.3], [0.0, 0.7]]], noise=[[1.0, 0.0], [0.0, 1.0]])
    >>> round(pair.transfer_entropy(target=0, source=1, target_history=1, source_history=1), 12)
    0.072763078131
    >>> round(pair.transfer_entropy(target=0, source=1), 12)        # given the endless past
    0.072567942108
    """

    __slots__ = ("_handle",)
    _handle: _core.InferenceAutoregression

    def __init__(self, lags: Sequence[npt.ArrayLike], *, noise: npt.ArrayLike) -> None:
        matrices = [_square(lag, f"lags[{k}]") for k, lag in enumerate(lags)]
        object.__setattr__(self, "_handle", _core.InferenceAutoregression(matrices, _square(noise, "noise")))

    @classmethod
    def _of(cls, handle: _core.InferenceAutoregression) -> "VectorAutoregression":
        made = cls.__new__(cls)
        object.__setattr__(made, "_handle", handle)
        return made

    @classmethod
    def fit(cls, series: Sequence[npt.ArrayLike], *, order: int = 1) -> "VectorAutoregression":
        """Least squares from series of equal length, one for each component, with so many lags; means are taken off."""
        columns = [vector(one, f"series[{k}]") for k, one in enumerate(series)]
        return cls._of(_core.InferenceAutoregression.fit(columns, whole(order, "order", 0)))

    @property
    def lags(self) -> tuple[FloatArray, ...]:
        """A_1, A_2, …."""
        found: tuple[FloatArray, ...] = self._handle.figures()["lags"]
        return found

    @property
    def noise(self) -> FloatArray:
        """Covariance Q of the noise."""
        found: FloatArray = self._handle.figures()["noise"]
        return found

    @property
    def covariance(self) -> FloatArray:
        """Stationary covariance of z_t."""
        found: FloatArray = self._handle.figures()["covariance"]
        return found

    def transfer_entropy(
        self, *, target: int, source: int, target_history: int | None = None, source_history: int | None = None
    ) -> float:
        """Transfer entropy between two components in nats per step, with k and l steps of both pasts, or, if neither is given, with the endless past of all components."""
        if (target_history is None) != (source_history is None):
            raise TypeError("give both target_history and source_history, or neither")
        histories = None
        if target_history is not None and source_history is not None:
            histories = whole(target_history, "target_history", 0), whole(source_history, "source_history", 0)
        return self._handle.transfer_entropy(whole(target, "target", 0), whole(source, "source", 0), histories)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("an autoregression is frozen; make another one")

    def __eq__(self, other: object) -> bool:
        return self._handle == other._handle if isinstance(other, VectorAutoregression) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return VectorAutoregression._of, (self._handle,)

    def __repr__(self) -> str:
        return f"<VectorAutoregression of {len(self.noise)} components with {len(self.lags)} lags>"


def _square(value: npt.ArrayLike, name: str) -> FloatArray:
    array = real(value, name)
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise ModelError(f"{name} has shape {array.shape}, expected a square matrix")
    if not np.isfinite(array).all():
        raise ModelError(f"{name} holds a number that is not finite")
    return array


class FullHistoryTransferEntropy(Record):
    """Transfer entropy given the endless past, from a fitted autoregression."""

    plugin: Annotated[float, means("nats/step", "That of the fit")]
    estimate: Annotated[Estimate, means("nats/step", "Less its bias, with the interval of replicas simulated from the fit")]
    model: Annotated[VectorAutoregression, means("", "The fit; component 0 is the target")]
    assumptions: Annotated[tuple[str, ...], means("", "What would make it wrong")]


def full_history_transfer_entropy(
    target: npt.ArrayLike,
    *,
    source: npt.ArrayLike,
    order: int = 1,
    replicas: int = 200,
    level: float = 0.95,
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> FullHistoryTransferEntropy:
    """Transfer entropy source → target of normal series given the endless past: an autoregression of this order is fitted, and the Riccati equation solved.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import full_history_transfer_entropy
    >>> rng, x, y = np.random.default_rng(1), np.zeros(2000), np.zeros(2000)
    >>> for t in range(len(x) - 1):
    ...     x[t + 1] = 0.5 * x[t] + 0.3 * y[t] + rng.normal()
    ...     y[t + 1] = 0.7 * y[t] + rng.normal()
    >>> found = full_history_transfer_entropy(x, source=y, replicas=40)
    >>> abs(found.estimate.value - 0.072568) < 5 * found.estimate.standard_error
    True
    """
    asked = whole(order, "order", 0), whole(replicas, "replicas", 0), float(level)
    run = options(threads=threads, progress=progress, seed=seed)
    fields = _core.inference_full_history(_pair(target, source), asked, run)
    return FullHistoryTransferEntropy(**{**fields, "model": VectorAutoregression._of(fields["model"])})


class Trial(NamedTuple):
    """One presentation of a stimulus and the spikes it drew."""

    times: npt.ArrayLike
    """When the stimulus was sampled, rising."""
    stimulus: npt.ArrayLike
    """Its values."""
    spikes: npt.ArrayLike
    """Times of spikes in the same unit; those outside of the stimulus do not count."""


class StimulusToSpikes(Record):
    """What spikes report on a stimulus."""

    transfer_entropy: Annotated[DiscreteTransferEntropy, means("nats/bin", "Transfer entropy stimulus → spikes")]
    information_rate: Annotated[Estimate, means("nats/time", "The same per time")]
    bins: Annotated[int, means("", "Number of bins")]
    spike_share: Annotated[float, means("", "Share of bins with a spike")]
    merged_spikes: Annotated[int, means("", "Spikes that shared a bin with another and are not told apart")]


def stimulus_to_spikes(
    trials: Trial | Sequence[Trial],
    *,
    width: float,
    levels: int = 4,
    spike_history: int = 1,
    stimulus_history: int = 1,
    delay: int = 0,
    surrogates: int = 99,
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> StimulusToSpikes:
    """Transfer entropy from a stimulus to spikes, and the information rate, by bins of a width and quantile levels of the stimulus; trials are counted together.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import Trial, stimulus_to_spikes
    >>> times, stimulus = np.arange(3000.0), np.random.default_rng(1).normal(size=3000)
    >>> found = stimulus_to_spikes(Trial(times, stimulus, times[stimulus > 0.5] + 1), width=1.0, surrogates=19)
    >>> found.information_rate.value > 0.3
    True
    """
    several = [trials] if isinstance(trials, Trial) else list(trials)
    if not several or not all(isinstance(one, Trial) for one in several):
        raise TypeError("trials must be Trial(times, stimulus, spikes), or a list of them")
    parts = [(vector(one.times, "times"), vector(one.stimulus, "stimulus"), vector(one.spikes, "spikes")) for one in several]
    asked = (
        whole(levels, "levels", 0),
        whole(spike_history, "spike_history", 0),
        whole(stimulus_history, "stimulus_history", 0),
        whole(delay, "delay", 0),
        whole(surrogates, "surrogates", 0),
    )
    run = options(threads=threads, progress=progress, seed=seed)
    fields = _core.inference_stimulus(parts, float(width), asked, run)
    found = DiscreteTransferEntropy(**_tested(fields["transfer_entropy"]))
    return StimulusToSpikes(**{**fields, "transfer_entropy": found})


def quantile_symbols(series: npt.ArrayLike, *, levels: int) -> IntArray:
    """Level of each number among so many of equal occupation, 0 the lowest; equal numbers share a level.

    Examples
    --------
    >>> from irrev.inference import quantile_symbols
    >>> quantile_symbols([3.0, 1.0, 2.0, 9.0], levels=2).tolist()
    [1, 0, 0, 1]
    """
    return _core.inference_levels(vector(series, "series"), whole(levels, "levels", 0))

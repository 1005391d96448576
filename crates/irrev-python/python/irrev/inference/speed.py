"""How fast distributions of cells change, and at what cost.

With p(x; t) the distribution of a quantity over cells, I = ∫ ṗ²/p dx is the Fisher information of time and √I the speed of p; length ℒ = ∫√I dt, action 𝒞 = ∫I dt, τ ≥ ℒ²/𝒞. Finitely many cells make everything
look fast; the inner product of the steps of two disjoint halves of the cells does not. The plain value stands beside it.

References: Ito and Dechant, Phys. Rev. X 10, 021056 (2020); Crooks, Phys. Rev. Lett. 99, 100602 (2007); Ashida, Aoki and Ito, bioRxiv 2020.11.29.403097, for cells.
"""

from typing import Annotated, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, vector, whole
from irrev._record import Estimate, Record, means
from irrev._run import Progress, options
from irrev.exceptions import DataError, ModelError

Family: TypeAlias = Literal["normal", "log-normal", "gamma"]
"""Family of distributions that stands for the cells of a frame; the last two need positive values."""

CellParts: TypeAlias = tuple[FloatArray, npt.NDArray[np.uint64], FloatArray] | tuple[FloatArray, FloatArray]


def cell_parts(values: npt.ArrayLike, times: npt.ArrayLike, cells: npt.ArrayLike | None) -> CellParts:
    """A long table of rows, or a wide one of frames × cells, as the extension takes it."""
    moments = vector(times, "times")
    if cells is None:
        table = real_with_gaps(values)
        if table.ndim != 2:
            raise ModelError(f"values has shape {table.shape}, expected (frames, cells); of a long table give cells, too")
        return moments, table
    named = np.asarray(cells)
    if named.dtype.kind in "iu" and not (named < 0).any():
        numbers = named.astype(np.uint64)
    else:
        numbers = np.unique(named, return_inverse=True)[1].astype(np.uint64)
    if numbers.ndim != 1:
        raise ModelError(f"cells has shape {named.shape}, expected one dimension")
    return moments, np.ascontiguousarray(numbers), vector(values, "values")


def real_with_gaps(values: npt.ArrayLike) -> FloatArray:
    """Numbers of a wide table; NaN where a cell is missing."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"values cannot be read as numbers: {error}") from None
    return np.ascontiguousarray(array)


class StrideLengths(Record):
    """Length and action from frames 0, s, 2s, … at several strides, naive beside corrected."""

    stride: Annotated[IntArray, means("", "s, in frames")]
    naive_length: Annotated[FloatArray, means("", "Sum of Fisher-Rao distances between the fits of all cells, noise included")]
    length: Annotated[FloatArray, means("", "Sum of signed roots of the squared steps from two halves")]
    naive_action: Annotated[FloatArray, means("1/time", "Sum of squared steps over their durations, noise included")]
    action: Annotated[FloatArray, means("1/time", "The same from two halves")]
    noise: Annotated[FloatArray, means("", "Share of noise in the squared steps")]


class SpeedOfEnsemble(Record):
    """Speed, length and cost of an ensemble of cells."""

    times: Annotated[FloatArray, means("time", "Times of the frames")]
    first: Annotated[FloatArray, means("", "Mean (normal), mean of ln x (log-normal) or ln of the mean (gamma) of each frame")]
    second: Annotated[
        FloatArray, means("", "ln of the variance (normal), of that of ln x (log-normal), or of the shape (gamma)")
    ]
    midtimes: Annotated[FloatArray, means("time", "Times half-way between frames")]
    speed_squared: Annotated[FloatArray, means("1/time²", "Squared speed from two halves; unbiased, may be negative")]
    naive_speed_squared: Annotated[FloatArray, means("1/time²", "Squared speed of all cells, noise included")]
    strides: Annotated[StrideLengths, means("", "Length and action at several strides")]
    nodes: Annotated[IntArray, means("", "Frames between which the length is taken")]
    resolved: Annotated[bool, means("", "Whether every step between them is clear of noise")]
    duration: Annotated[float, means("time", "τ")]
    length: Annotated[Estimate, means("", "ℒ from the first frame to the last")]
    action: Annotated[Estimate, means("1/time", "𝒞 = ∫I dt from neighbouring frames")]
    cost: Annotated[Estimate, means("", "τ𝒞, at least ℒ²")]
    efficiency: Annotated[Estimate, means("", "ℒ²/(τ𝒞): 1 at constant speed")]
    time_bound: Annotated[Estimate, means("time", "ℒ²/𝒞, the least time that the length takes at this action")]
    geodesic: Annotated[Estimate, means("", "Fisher-Rao distance between the first frame and the last")]
    geodesic_efficiency: Annotated[Estimate, means("", "Distance over length: 1 along the shortest path")]
    assumptions: Annotated[tuple[str, ...], means("", "What would make it wrong")]


def ensemble_speed(
    values: npt.ArrayLike,
    *,
    times: npt.ArrayLike,
    cells: npt.ArrayLike | None = None,
    family: Family = "normal",
    splits: int = 64,
    stride: int | None = None,
    replicas: int = 200,
    level: float = 0.95,
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> SpeedOfEnsemble:
    """Speed, length, action, cost and efficiencies of an ensemble of cells, with intervals from drawing cells again.

    Parameters
    ----------
    values : array_like
        (frames, cells), NaN where a cell is missing; or the column of values of a long table, with `cells`.
    times : array_like
        Time of each frame, or the column of times of a long table.
    cells : array_like
        The column of cells (numbers or names) of a long table.
    family : str
        "normal", "log-normal" or "gamma".
    splits : int
        Random splits into halves.
    stride : int
        Frames between which the length is taken; default as few as noise allows, one by one.
    replicas, level
        Replicas of the bootstrap over cells, and level of the intervals.

    Raises
    ------
    DataError
        For frames of fewer than 10 cells, a cell with two values at a time, values that the family does not allow.

    Examples
    --------
    400 cells of width 1 whose mean moves by 1/4 a frame: speed 1/4.

    >>> import numpy as np
    >>> from irrev.inference import ensemble_speed
    >>> t = np.arange(12.0)
    >>> x = 0.25 * t[:, None] + np.random.default_rng(1).normal(size=(12, 400))
    >>> found = ensemble_speed(x, times=t, replicas=40)
    >>> abs(found.length.value - 11 / 4) < 5 * found.length.standard_error, bool(found.strides.naive_length[0] > 2.75)
    (True, True)
    """
    asked = (
        whole(splits, "splits", 0),
        None if stride is None else whole(stride, "stride", 0),
        whole(replicas, "replicas", 0),
        float(level),
    )
    run = options(threads=threads, progress=progress, seed=seed)
    fields: dict[str, Any] = _core.inference_speed(cell_parts(values, times, cells), family, asked, run)
    return SpeedOfEnsemble(**{**fields, "strides": StrideLengths(**fields["strides"])})


def chord_length(
    values: npt.ArrayLike,
    *,
    times: npt.ArrayLike,
    cells: npt.ArrayLike | None = None,
    family: Family = "normal",
    stride: int = 1,
) -> float:
    """Sum of Fisher-Rao distances between the fits of frames 0, s, 2s, …: the naive length, noise included. Arguments are those of `ensemble_speed`.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import chord_length
    >>> frame = np.arange(12.0)                    # twelve cells that move together by one standard deviation
    >>> length = chord_length([frame, frame + frame.std(ddof=1)], times=[0.0, 1.0])
    >>> round(length, 12) == round(2**0.5 * np.arccosh(1.25), 12)
    np.True_
    """
    return _core.inference_chord(cell_parts(values, times, cells), family, whole(stride, "stride", 0))


class HellingerSteps(Record):
    """Steps of histograms between frames 0, s, 2s, …; the squared Fisher step is about twice each."""

    times: Annotated[FloatArray, means("time", "Times half-way")]
    durations: Annotated[FloatArray, means("time", "Lengths of the steps in time")]
    naive: Annotated[FloatArray, means("", "4(1 - BC) with BC the Bhattacharyya coefficient, noise included")]
    corrected: Annotated[FloatArray, means("", "Less (bins - 1)/N, for frames that are independent; may be negative")]


def hellinger_steps(
    values: npt.ArrayLike,
    *,
    times: npt.ArrayLike,
    cells: npt.ArrayLike | None = None,
    stride: int = 1,
    bins: int = 8,
) -> HellingerSteps:
    """Steps without a family: Hellinger's distance of histograms with common bins of equal occupation. Other arguments are those of `ensemble_speed`.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import hellinger_steps
    >>> still = np.random.default_rng(1).normal(size=(20, 1000))
    >>> found = hellinger_steps(still, times=range(20))
    >>> bool(found.naive.mean() > 0.004), bool(abs(found.corrected.mean()) < 0.004)
    (True, True)
    """
    asked = whole(stride, "stride", 0), whole(bins, "bins", 0)
    return HellingerSteps(**_core.inference_hellinger(cell_parts(values, times, cells), *asked))

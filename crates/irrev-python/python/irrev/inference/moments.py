"""Mean and covariance of currents in one pass over points that arrive in pieces, in memory that does not grow with them."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._run import Progress, options
from irrev.exceptions import DataError, ModelError
from irrev.inference.currents import Currents
from irrev.inference.dissipation import (
    RANK_TOLERANCE,
    Interval,
    Motion,
    PlugIn,
    UncertaintyBound,
    bound_parts,
    whole_strides,
    with_records,
)
from irrev.inference.series import Points, series_parts, table


class Moments:
    """Sums of currents and of their products over consecutive blocks of a stream of points; mergeable, can be compared, pickled and saved.

    Pieces of one trajectory follow each other; `end_trajectory` says where the next begins. Where the data are cut into pieces changes no bit. Two accumulators of the same currents add up, `a + b`.

    Parameters
    ----------
    currents : Currents
        The currents.
    step : float
        Time between points.
    strides : sequence of int
        Steps in units of the data's, ascending: what the extrapolation to dt = 0 uses.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import Currents, Moments
    >>> x = np.random.default_rng(1).normal(size=(3000, 2)).cumsum(axis=0)
    >>> pieces = Moments(Currents.affine([0, 0]), step=0.1)
    >>> for piece in np.split(x, [300, 301, 2000]):
    ...     pieces.push(piece)
    >>> pieces.end_trajectory()
    >>> pieces == Moments.of(x, currents=Currents.affine([0, 0]), step=0.1)
    True
    >>> (pieces + pieces).steps
    5998
    """

    __slots__ = ("_handle",)
    _handle: _core.InferenceMoments

    def __init__(self, currents: Currents, *, step: float, strides: Sequence[int] = (1, 2, 4)) -> None:
        self._handle = _core.InferenceMoments(currents._handle, float(step), whole_strides(strides))

    @classmethod
    def _of(cls, handle: _core.InferenceMoments) -> "Moments":
        made = cls.__new__(cls)
        made._handle = handle
        return made

    @classmethod
    def of(
        cls,
        x: Points,
        *,
        currents: Currents,
        step: float,
        strides: Sequence[int] = (1, 2, 4),
        threads: int = 0,
        memory_limit: int | None = None,
        progress: Progress = None,
    ) -> "Moments":
        """Of whole trajectories, in parallel: the same bits as from pieces."""
        run = options(threads=threads, memory=memory_limit, progress=progress)
        parts = series_parts(x, step)
        return cls._of(_core.InferenceMoments.of(parts, currents._handle, whole_strides(strides), run))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> "Moments":
        """From a file that `save` has written. Raises DataError for one that is not there or holds no moments."""
        try:
            return cls._of(_core.InferenceMoments.from_json(Path(path).read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, DataError) as error:
            raise DataError(f"{path} cannot be read: {error}") from None

    def save(self, path: str | PathLike[str]) -> None:
        """Writes the sums as JSON, so that a stream can go on later or elsewhere."""
        Path(path).write_text(self._handle.to_json() + "\n", encoding="utf-8")

    def push(self, x: npt.ArrayLike) -> None:
        """The next points of the open trajectory, (points, coordinates).

        Raises DataError for numbers that are not finite, by their place in the piece; nothing is taken then.
        """
        points = table(x, "x")
        if points.shape[1] != self.currents.dimension:
            raise ModelError(f"x has {points.shape[1]} coordinates, the currents have {self.currents.dimension}")
        self._handle.push(points)

    def end_trajectory(self) -> None:
        """Ends the open trajectory, so that no step is taken to what comes next."""
        self._handle.end_trajectory()

    def __add__(self, other: "Moments") -> "Moments":
        if not isinstance(other, Moments):
            return NotImplemented
        return Moments._of(self._handle.merged(other._handle))

    @property
    def currents(self) -> Currents:
        """The currents."""
        return Currents(self._handle.currents())

    @property
    def step(self) -> float:
        """Time between points."""
        return self._handle.step()

    @property
    def steps(self) -> int:
        """Steps seen, one less than points in every trajectory."""
        return self._handle.steps()

    def means(self, stride: int = 0) -> FloatArray | None:
        """Mean of each current per step of a stride, given by its place among the strides; None without such steps."""
        return self._handle.means(stride)

    def covariance(self, stride: int = 0) -> FloatArray | None:
        """Unbiased covariance of the currents per step of a stride; None for fewer than two steps."""
        packed = self._handle.covariance(stride)
        if packed is None:
            return None
        number = len(self.currents)
        full = np.zeros((number, number))
        full[np.tril_indices(number)] = packed
        return full + np.tril(full, -1).T

    def plug_in(self) -> tuple[PlugIn, ...]:
        """Plain numbers of each stride, with nothing put in and nothing taken out."""
        return tuple(PlugIn(**one) for one in self._handle.plug_in())

    def point_estimate(self, *, motion: Motion = "stationary") -> float:
        """The bound as dt → 0 without bias and interval, for where only speed counts; nats per unit time."""
        return self._handle.point_estimate(motion)

    def bound(
        self,
        *,
        motion: Motion = "stationary",
        draws: int = 1000,
        level: float = 0.95,
        interval: Interval = "recentred",
        rank_tolerance: float = RANK_TOLERANCE,
        seed: int = 1,
        threads: int = 0,
        memory_limit: int | None = None,
        progress: Progress = None,
    ) -> UncertaintyBound:
        """The bound with bias and interval, as if the open trajectory ended here; the stream may go on. Parameters are those of `entropy_production`."""
        run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
        parts = bound_parts(motion, draws, level, interval, rank_tolerance)
        return UncertaintyBound(**with_records(self._handle.bound(parts, run)))

    def __eq__(self, other: object) -> bool:
        return self._handle == other._handle if isinstance(other, Moments) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return Moments._of, (self._handle,)

    def __repr__(self) -> str:
        return f"<Moments of {len(self.currents)} currents over {self.steps} steps of {self.step:g}>"

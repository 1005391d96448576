"""Trajectories of coordinates, checked once: what all estimators of `irrev.landscape` take.

Each trajectory has its own clock; no difference is ever taken from one to the next. A coordinate with a period lives on a circle, and differences take the short way round.
"""

from collections.abc import Sequence
from itertools import repeat
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, real, vector
from irrev.exceptions import ModelError

Trajectories: TypeAlias = npt.ArrayLike | Sequence[npt.ArrayLike]
"""(frames,) of one coordinate; (frames, coordinates); (trajectories, frames, coordinates); or a list of arrays of the first two kinds, one for each trajectory."""


class Period(NamedTuple):
    """From `start` on, once round a circle of this length, in the unit of the coordinate."""

    start: float
    length: float

    @classmethod
    def radians(cls) -> "Period":
        """From -π to π."""
        return cls(-float(np.pi), 2.0 * float(np.pi))

    def wrapped(self, values: npt.ArrayLike) -> FloatArray:
        """Values brought back into the period.

        Examples
        --------
        >>> from irrev.landscape import Period
        >>> Period(0.0, 1.0).wrapped([-0.25, 0.5, 3.25]).tolist()
        [0.75, 0.5, 0.25]
        """
        return _core.wrapped((float(self.start), float(self.length)), values)


class Record:
    """Trajectories of some coordinates, made by `record`. It is frozen, can be compared and pickled, and holds its numbers once."""

    __slots__ = ("_handle",)
    _handle: _core.LandscapeRecord

    def __init__(self, handle: _core.LandscapeRecord) -> None:
        object.__setattr__(self, "_handle", handle)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a record is frozen; make another one")

    def __eq__(self, other: object) -> bool:
        return self._handle == other._handle if isinstance(other, Record) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return Record, (self._handle,)

    @property
    def periods(self) -> tuple[Period | None, ...]:
        """The period of every coordinate; None of one on a line."""
        return tuple(None if period is None else Period(*period) for period in self._handle.periods())

    @property
    def coordinates(self) -> int:
        """Number of coordinates."""
        return len(self._handle.periods())

    @property
    def lengths(self) -> IntArray:
        """Number of frames of every trajectory."""
        return self._handle.frames()

    @property
    def frames(self) -> int:
        """Number of frames of all trajectories."""
        return int(self.lengths.sum())

    def __len__(self) -> int:
        return len(self.lengths)

    def clock(self, trajectory: int = 0) -> float | FloatArray:
        """The time step of a trajectory, or the time of each of its frames."""
        found: float | FloatArray = self._handle.trajectory(trajectory)["clock"]
        return found

    def weight(self, trajectory: int = 0) -> float:
        """The weight of a trajectory."""
        return float(self._handle.trajectory(trajectory)["weight"])

    def positions(self, trajectory: int = 0) -> FloatArray:
        """Positions of a trajectory, shape (frames, coordinates); a copy, as all that follow."""
        found: FloatArray = self._handle.trajectory(trajectory)["positions"]
        return found

    def velocities(self, trajectory: int = 0) -> FloatArray | None:
        """Velocities, if they were given."""
        found: FloatArray | None = self._handle.trajectory(trajectory)["velocities"]
        return found

    def accelerations(self, trajectory: int = 0) -> FloatArray | None:
        """Accelerations, if they were given."""
        found: FloatArray | None = self._handle.trajectory(trajectory)["accelerations"]
        return found

    def metrics(self, trajectory: int = 0) -> FloatArray | None:
        """Metrics g, ⟨Ṙ²; r⟩ = kT ⟨g; r⟩, if they were given."""
        found: FloatArray | None = self._handle.trajectory(trajectory)["metrics"]
        return found

    def __repr__(self) -> str:
        return f"<Record of {len(self)} trajectories, {self.frames} frames, {self.coordinates} coordinates>"

    def summary(self) -> str:
        """A few lines of text for a reader."""
        lengths = self.lengths
        known = [
            name
            for name in ("velocities", "accelerations", "metrics")
            if len(self) and getattr(self, name)() is not None
        ]
        lines = [
            repr(self),
            f"frames of a trajectory: {lengths.min()} to {lengths.max()}" if len(self) else "no trajectory",
        ]
        lines.append(f"given besides positions: {', '.join(known) or 'nothing'}")
        lines += [
            f"coordinate {i}: from {p.start:g} once round {p.length:g}"
            for i, p in enumerate(self.periods)
            if p is not None
        ]
        return "\n".join(lines)


def _tables(values: Any, name: str) -> list[FloatArray]:
    """One array of (frames, coordinates) for each trajectory."""

    def table(one: Any) -> FloatArray:
        array = real(one, name)
        if array.ndim not in (1, 2):
            raise ModelError(
                f"{name} of a trajectory has shape {array.shape}, expected (frames,) or (frames, coordinates)"
            )
        return array.reshape(len(array), -1) if array.ndim == 1 else array

    several = isinstance(values, list | tuple) and any(
        np.ndim(one) > 0 or isinstance(one, list | tuple) for one in values
    )
    if several:
        return [table(one) for one in values]
    array = real(values, name)
    if array.ndim == 3:
        return [np.require(one, requirements=["C", "A"]) for one in array]
    if array.ndim == 0 or array.ndim > 3:
        expected = "(frames,), (frames, coordinates) or (trajectories, frames, coordinates)"
        raise ModelError(f"{name} has shape {array.shape}, expected {expected}")
    return [table(array)]


def _periods(periods: Any, coordinates: int) -> list[tuple[float, float] | None]:
    if periods is None:
        return [None] * coordinates
    numbers = isinstance(periods, tuple) and len(periods) == 2 and all(isinstance(x, int | float) for x in periods)
    listed = [periods] if numbers else list(periods)
    if len(listed) != coordinates:
        raise ModelError(
            f"periods has {len(listed)} entries, expected one for each of {coordinates} coordinates (None for a line)"
        )
    return [None if one is None else (float(one[0]), float(one[1])) for one in listed]


def record(
    positions: Trajectories,
    *,
    step: float | None = None,
    times: Trajectories | None = None,
    velocities: Trajectories | None = None,
    accelerations: Trajectories | None = None,
    metrics: Trajectories | None = None,
    periods: Period | Sequence[Period | None] | None = None,
    weights: float | Sequence[float] | None = None,
    longest_step: float | None = None,
) -> Record:
    """Trajectories of one or more coordinates, checked: what is wrong is named by its trajectory and row.

    Parameters
    ----------
    positions : array_like or list of array_like
        (frames,) for one coordinate; (frames, coordinates); (trajectories, frames, coordinates); a list of arrays of the first two kinds is one trajectory each.
    step : float
        Time between frames. Either this or `times`.
    times : array_like or list of array_like
        Time of every frame, strictly ascending: one array for all trajectories, or a list of one for each.
    velocities, accelerations, metrics : like positions, optional
        Ṙ, R̈ and the metric g = ∇R·M⁻¹∇R of every frame.
    periods : Period, or one Period or None for each coordinate, optional
        (start, length) of coordinates on a circle; positions must lie inside.
    weights : float or sequence of float, optional
        Weight of the frames of each trajectory; default 1.
    longest_step : float, optional
        Cut trajectories at rows that hold a number that is not finite, and between frames that are further apart in time. Without it such rows are refused.

    Raises
    ------
    DataError
        For numbers that are not finite, times that do not ascend, positions outside of their period, by trajectory and row.
    ModelError
        For shapes that do not fit together.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import Period, record
    >>> two = record([np.sin(0.1 * np.arange(50)), np.cos(0.1 * np.arange(80))], step=0.1)
    >>> len(two), two.frames, two.coordinates
    (2, 130, 1)
    >>> angle = record([3.0, -3.1, -2.9], step=0.1, periods=Period.radians())
    >>> record([0.0, 0.1, float("nan"), 0.3], step=0.1)
    Traceback (most recent call last):
        ...
    irrev.exceptions.DataError: a position in row 2 is NaN; leave such rows out, or cut the trajectory there (`--split`, in Rust `record::pieces`)
    >>> record([0.0, 0.1, float("nan"), 0.3], step=0.1, longest_step=1.0).lengths.tolist()
    [2, 1]
    """
    if (step is None) == (times is None):
        raise TypeError("give either step or times")
    tables = _tables(positions, "positions")
    if not tables:
        raise ModelError("positions is an empty list; give at least one trajectory")
    coordinates = tables[0].shape[1]
    clocks: list[Any]
    if times is None:
        clocks = list(repeat(float(step), len(tables)))  # type: ignore[arg-type]
    elif isinstance(times, list | tuple) and any(np.ndim(one) > 0 for one in times):
        clocks = [vector(one, "times") for one in times]
    else:
        clocks = list(repeat(vector(times, "times"), len(tables)))

    def beside(values: Trajectories | None, name: str) -> list[FloatArray | None]:
        found: list[FloatArray | None] = [None] * len(tables) if values is None else list(_tables(values, name))
        if len(found) != len(tables):
            raise ModelError(f"{name} has {len(found)} trajectories, expected {len(tables)} as positions")
        return found

    if len(clocks) != len(tables):
        raise ModelError(f"times has {len(clocks)} trajectories, expected {len(tables)} as positions")
    weighed = vector(
        [1.0] * len(tables) if weights is None else np.broadcast_to(np.asarray(weights), len(tables)), "weights"
    ).tolist()
    columns = [
        beside(v, name)
        for v, name in ((velocities, "velocities"), (accelerations, "accelerations"), (metrics, "metrics"))
    ]
    segments = list(zip(clocks, tables, *columns, weighed, strict=True))
    return Record(_core.LandscapeRecord(_periods(periods, coordinates), segments, longest_step))


def read(given: Record | Trajectories, step: float | None) -> _core.LandscapeRecord:
    """The handle of a record, or of positions at equal steps."""
    if isinstance(given, Record):
        if step is not None:
            raise TypeError("step belongs to positions; a record has its own clock")
        return given._handle
    if step is None:
        raise TypeError("give a record, or positions and step")
    return record(given, step=step)._handle

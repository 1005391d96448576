"""Rectangular grids of nodes: axes, what happens at their ends, and functions at many points at once."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, TypeAlias

import numpy as np

from irrev._arrays import FloatArray, real, whole
from irrev._record import Record, means
from irrev.exceptions import ModelError

Wall = Literal["reflecting", "absorbing"]
Parts: TypeAlias = tuple[float, float, int, tuple[str, str] | None]
Function: TypeAlias = Callable[..., Any]
"""A function of as many arrays as there are coordinates, with the values of all points at once."""


class Axis(Record):
    """Nodes at equal distances along one coordinate, from one end to the other, both included (on a circle the end is the start).

    Examples
    --------
    >>> from irrev.landscape import Axis
    >>> Axis.between(-3.0, 1.0, intervals=4, high="absorbing").nodes.tolist()
    [-3.0, -2.0, -1.0, 0.0, 1.0]
    >>> len(Axis.circle(0.0, 1.0, intervals=4).nodes)
    4
    """

    start: Annotated[float, means("", "First node, in the unit of the coordinate")]
    end: Annotated[float, means("", "Last node, or once round the circle")]
    intervals: Annotated[int, means("", "Number of intervals")]
    walls: Annotated[
        tuple[str, str] | None,
        means("", 'What the low and the high end do, "reflecting" or "absorbing"; None on a circle'),
    ]

    @classmethod
    def circle(cls, start: float, end: float, *, intervals: int) -> "Axis":
        """A circle: x and x + (end - start) are the same point; as many nodes as intervals."""
        return cls(start=float(start), end=float(end), intervals=whole(intervals, "intervals", 1), walls=None)

    @classmethod
    def line(cls, start: float, end: float, *, intervals: int) -> "Axis":
        """A line between two reflecting walls."""
        return cls.between(start, end, intervals=intervals)

    @classmethod
    def between(
        cls, start: float, end: float, *, intervals: int, low: Wall = "reflecting", high: Wall = "reflecting"
    ) -> "Axis":
        """A line between two walls, intervals + 1 nodes."""
        return cls(start=float(start), end=float(end), intervals=whole(intervals, "intervals", 1), walls=(low, high))

    @property
    def spacing(self) -> float:
        """h, in the unit of the coordinate."""
        return (self.end - self.start) / self.intervals

    @property
    def nodes(self) -> FloatArray:
        """Where the nodes stand."""
        return np.linspace(self.start, self.end, self.intervals + 1)[: None if self.walls else -1]

    @property
    def _parts(self) -> Parts:
        return self.start, self.end, self.intervals, self.walls


Axes: TypeAlias = Axis | Sequence[Axis]
"""One axis, or one for each coordinate."""


def listed(axes: Axes) -> tuple[Axis, ...]:
    """A tuple of axes."""
    return (axes,) if isinstance(axes, Axis) else tuple(axes)


def parts_of(axes: Sequence[Axis]) -> list[Parts]:
    """Axes as the extension takes them."""
    return [axis._parts for axis in axes]


def evaluated(function: Any, points: FloatArray, name: str, components: int) -> FloatArray:
    """Values at the rows of `points`, shape (points, components), of a function of the coordinates, or of constants."""
    value = function(*points.T) if callable(function) else function
    rows = [value] if components == 1 and np.ndim(value) <= 1 else list(value)
    if len(rows) != components:
        raise ModelError(f"{name} gave {len(rows)} components, expected {components}")
    found = np.empty((len(points), components))
    for k, row in enumerate(rows):
        array = real(row, name)
        if array.ndim > 1 or (array.ndim == 1 and len(array) not in (1, len(points))):
            raise ModelError(
                f"{name} gave an array of shape {array.shape} for {len(points)} points; it must take arrays and give one value for each point"
            )
        found[:, k] = array
    return found

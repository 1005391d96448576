"""Cells of a coordinate: on a line or on a circle, each closed on the left."""

from typing import Annotated, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, vector, whole
from irrev._record import Record, means
from irrev.exceptions import DataError, ModelError
from irrev.landscape.recording import Period

Parts: TypeAlias = tuple[str, float, float, int] | FloatArray
"""("line", lowest, highest, cells), ("circle", start, length, cells), or edges."""


class Grid(Record):
    """Cells e_i ≤ r < e_{i+1} of one coordinate; what lies on an edge belongs to the cell on its right, and the highest edge to none (on a circle, to the first).

    Examples
    --------
    >>> from irrev.landscape import Grid, Period
    >>> line = Grid.uniform(-1.0, 1.0, cells=4)
    >>> line.edges.tolist(), line.cells([0.5, 1.0]).tolist()
    ([-1.0, -0.5, 0.0, 0.5, 1.0], [3, -1])
    >>> Grid.circle(Period(0.0, 1.0), cells=10).cells([1.0]).tolist()
    [0]
    """

    edges: Annotated[FloatArray, means("", "Edges, one more than cells, in the unit of the coordinate")]
    points: Annotated[FloatArray, means("", "The middle of every cell")]
    widths: Annotated[FloatArray, means("", "The width of every cell")]
    period: Annotated[Period | None, means("", "The period, if the cells go round a circle")]
    parts: Annotated[Parts, means("", "How it was made")]

    @classmethod
    def _of(cls, parts: Parts, period: Period | None = None) -> "Grid":
        return cls(period=period, parts=parts, **_core.grid_figures(parts))

    @classmethod
    def uniform(cls, lowest: float, highest: float, *, cells: int) -> "Grid":
        """Equal cells between two ends."""
        return cls._of(("line", float(lowest), float(highest), whole(cells, "cells", 1)))

    @classmethod
    def circle(cls, period: Period, *, cells: int) -> "Grid":
        """Equal cells once round a circle."""
        start, length = map(float, period)
        return cls._of(("circle", start, length, whole(cells, "cells", 1)), Period(start, length))

    @classmethod
    def from_edges(cls, edges: npt.ArrayLike) -> "Grid":
        """Cells between any ascending edges."""
        return cls._of(vector(edges, "edges"))

    def cells(self, values: npt.ArrayLike) -> IntArray:
        """The cell of every value; -1 outside of the cells."""
        return _core.grid_cells(self.parts, values)


def grid_of(
    handle: _core.LandscapeRecord, coordinate: int, grid: Grid | None, bins: int | None, edges: npt.ArrayLike | None
) -> Grid:
    """The grid asked for: one that is given, equal cells over all positions (once round a circle), or edges."""
    if sum(given is not None for given in (grid, bins, edges)) != 1:
        raise TypeError("give one of grid, bins and edges")
    if grid is not None:
        return grid
    if edges is not None:
        return Grid.from_edges(edges)
    periods = handle.periods()
    if not coordinate < len(periods):
        raise ModelError(f"coordinate {coordinate} was asked for; the coordinates are 0 to {len(periods) - 1}")
    cells = whole(bins, "bins", 1)
    period = periods[coordinate]
    if period is not None:
        return Grid.circle(Period(*period), cells=cells)
    found = handle.range(coordinate)
    if found is None:
        raise DataError("the record has no frames; nothing says where cells should be")
    # the highest position belongs to the last cell
    return Grid.uniform(found[0], float(np.nextafter(found[1], np.inf)), cells=cells)

"""W₂ in one dimension by quantiles: on a line and on a circle, between samples, weighted points and histograms.

On a line the u-quantile goes to the u-quantile, W₂² = ∫₀¹ (F⁻¹(u) - G⁻¹(u))² du. On a circle, with quantiles continued by F⁻¹(u + 1) = F⁻¹(u) + L, W₂² = min_θ ∫₀¹ (F⁻¹(u) - G⁻¹(u + θ))² du, which is convex in θ. Quantile functions of points
are constant on pieces, those of histograms linear, so that each integral is exact. Weights are normalised.

References: Villani, Topics in Optimal Transportation (2003), theorem 2.18; Delon, Salomon and Sobolevskii, SIAM J. Appl. Math. 70, 2239 (2010), for the circle.
"""

from typing import Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, vector
from irrev._record import Record, means
from irrev.landscape.recording import Period

__all__ = ["Quantiles"]


class Quantiles(Record):
    """A distribution on a line or a circle by its quantile function. Weights that are negative, positions that are not finite and edges that do not ascend are refused.

    Examples
    --------
    >>> from irrev.landscape import Period
    >>> from irrev.landscape.transport1d import Quantiles
    >>> narrow, wide = Quantiles.of_histogram([0.0, 1.0], weights=[1.0]), Quantiles.of_histogram([2.0, 5.0], weights=[1.0])
    >>> abs(narrow.squared_distance(wide) - 28 / 3) < 1e-14                    # y = 2 + 3u against x = u
    True
    >>> one, other = Quantiles.of_sample([0.1]), Quantiles.of_sample([0.9])
    >>> round(one.squared_distance(other, period=Period(0.0, 1.0)), 12)
    0.04
    """

    positions: Annotated[FloatArray, means("", "Positions, or edges of a histogram")]
    weights: Annotated[FloatArray | None, means("", "Their weights, one fewer for a histogram; None for equal ones")]
    histogram: Annotated[bool, means("", "Whether weights are spread evenly between neighbouring positions")]

    @classmethod
    def of_sample(cls, positions: npt.ArrayLike) -> "Quantiles":
        """Of a sample: n equal weights."""
        return cls._checked(vector(positions, "positions"), None, False)

    @classmethod
    def of_points(cls, positions: npt.ArrayLike, *, weights: npt.ArrayLike) -> "Quantiles":
        """Of points with weights, in any order."""
        return cls._checked(vector(positions, "positions"), vector(weights, "weights"), False)

    @classmethod
    def of_histogram(cls, edges: npt.ArrayLike, *, weights: npt.ArrayLike) -> "Quantiles":
        """Of a histogram: weights spread evenly between neighbouring edges."""
        return cls._checked(vector(edges, "edges"), vector(weights, "weights"), True)

    @classmethod
    def _checked(cls, positions: FloatArray, weights: FloatArray | None, histogram: bool) -> "Quantiles":
        _core.check_quantiles((positions, weights, histogram))
        return cls(positions=positions, weights=weights, histogram=histogram)

    @property
    def _parts(self) -> tuple[FloatArray, FloatArray | None, bool]:
        return self.positions, self.weights, self.histogram

    def squared_distance(self, other: "Quantiles", *, period: Period | None = None) -> float:
        """W₂² to another distribution, in the unit of positions squared: on the line, or on a circle of this period. O(pieces).

        Raises DataError for a position outside of the period.
        """
        circle = None if period is None else (float(period[0]), float(period[1]))
        return _core.squared_distance(self._parts, other._parts, circle)

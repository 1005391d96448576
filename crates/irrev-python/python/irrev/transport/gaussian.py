"""W₂ between normal distributions, by covariances.

W₂² = |m₁ - m₂|² + tr(Σ₁ + Σ₂ - 2 (Σ₁^½ Σ₂ Σ₁^½)^½); covariances may be singular.

References: Dowson and Landau, J. Multivar. Anal. 12, 450 (1982); Olkin and Pukelsheim, Linear Algebra Appl. 48, 257 (1982).
"""

from typing import Annotated, TypeAlias

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, matrix, vector
from irrev._record import Record, means


class Gaussian(Record):
    """A normal distribution."""

    mean: Annotated[FloatArray, means("", "Mean")]
    covariance: Annotated[FloatArray, means("", "Covariance, symmetric and not negative")]


Normal: TypeAlias = Gaussian | tuple[npt.ArrayLike, npt.ArrayLike]
"""A `Gaussian`, or its mean and covariance."""


class GaussianTransport(Record):
    """The best transport between two normal distributions."""

    distance: Annotated[float, means("", "W₂, in the unit of the coordinates")]
    map: Annotated[
        FloatArray | None,
        means("", "T of the best map x ↦ m₂ + T (x - m₁); None if the end spreads where the start does not"),
    ]
    from_: Annotated[Gaussian, means("", "The start")]
    to: Annotated[Gaussian, means("", "The end")]

    def __float__(self) -> float:
        return self.distance

    def geodesic(self, t: float) -> Gaussian:
        """The normal distribution at a time from 0 to 1 of the shortest path."""
        mean, covariance = _core.gaussian_geodesic(_moments(self.from_), _moments(self.to), t)
        return Gaussian(mean=mean, covariance=covariance)


def _moments(normal: Gaussian) -> tuple[FloatArray, FloatArray]:
    return normal.mean, normal.covariance


def _read(normal: Normal, name: str) -> Gaussian:
    mean, covariance = _moments(normal) if isinstance(normal, Gaussian) else normal
    return Gaussian(mean=vector(mean, f"mean of {name}"), covariance=matrix(covariance, f"covariance of {name}"))


def wasserstein2(from_: Normal, to: Normal) -> GaussianTransport:
    """W₂ between two normal distributions, each a `Gaussian` or a pair (mean, covariance).

    Examples
    --------
    >>> from irrev.transport import gaussian
    >>> found = gaussian.wasserstein2(([0, 0], [[1, 0], [0, 4]]), ([3, 0], [[9, 0], [0, 1]]))
    >>> round(found.distance**2, 12)                # 3² + (3 - 1)² + (1 - 2)²
    14.0
    >>> found.geodesic(0.5).covariance.round(12)
    array([[4.  , 0.  ],
           [0.  , 2.25]])
    """
    start, end = _read(from_, "from_"), _read(to, "to")
    return GaussianTransport(from_=start, to=end, **_core.gaussian_wasserstein2(_moments(start), _moments(end)))

"""Distances on a line, by quantiles: W_q^q = ∫₀¹ |F⁻¹(u) - G⁻¹(u)|^q du.

Reference: Villani, Topics in Optimal Transportation (2003), theorem 2.18.
"""

import numpy.typing as npt

from irrev import _core


def wasserstein(
    from_: npt.ArrayLike,
    to: npt.ArrayLike,
    *,
    order: float,
    from_weights: npt.ArrayLike | None = None,
    to_weights: npt.ArrayLike | None = None,
) -> float:
    """W_q between two samples, or histograms, on a line, in the unit of the positions; exact up to rounding, O(n log n).

    Parameters
    ----------
    from_, to : array_like
        Positions, in any order.
    order : float
        q ≥ 1.
    from_weights, to_weights : array_like, optional
        Weights ≥ 0 of the positions, which are normalised; default equal ones.

    Examples
    --------
    >>> from irrev.transport import line
    >>> line.wasserstein([0.0, 1.0], [3.0, 2.0], order=1, to_weights=[3, 1])
    2.25
    """
    return _core.line_wasserstein(from_, to, order, from_weights, to_weights)

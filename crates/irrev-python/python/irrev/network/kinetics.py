"""Processes from other descriptions."""

import numpy as np
import numpy.typing as npt

from irrev._arrays import real
from irrev._core import MarkovJump
from irrev.exceptions import ModelError


def from_generator(generator: npt.ArrayLike, *, states: list[str] | None = None) -> MarkovJump:
    """Process of a generator W, dp/dt = W p, with one channel x -> y for every pair x < y that jumps connect.

    Parameters
    ----------
    generator : array_like, shape (states, states)
        Row: to, column: from. Rates off the diagonal; the diagonal must make every column sum to zero within 1e-9 of its size.
    states : list of str, optional
        Names of the states.

    Notes
    -----
    A generator does not say which channel a jump took: if several join two states, the entropy production of the result is a lower bound.

    Examples
    --------
    >>> from irrev.network import from_generator
    >>> from_generator([[-1.0, 2.0], [1.0, -2.0]]).forward_rate
    array([1.])
    """
    w = real(generator, "generator")
    if w.ndim != 2 or w.shape[0] != w.shape[1] or w.size == 0:
        raise ModelError(f"generator has shape {w.shape}, expected (states, states)")
    if not np.isfinite(w).all():
        raise ModelError("generator holds a number that is not finite")
    excess = np.abs(w.sum(axis=0)) > 1e-9 * np.abs(np.diagonal(w))
    if excess.any():
        column = int(np.argmax(excess))
        raise ModelError(
            f"column {column} of generator sums to {w[:, column].sum():g}, expected 0 (row: to, column: from)"
        )
    x, y = np.nonzero(np.triu((w != 0) | (w.T != 0), 1))
    return MarkovJump.from_rates(states or len(w), np.stack([x, y], axis=1), w[y, x], w[x, y])

"""Functions of two one-way fluxes a, b ≥ 0, element by element, that keep every digit near equilibrium and over 600 decades.

A flux one way only has logarithmic mean 0, infinite force and infinite dissipation; no flux either way has none of them.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, Scalars, real


def _flat(a: npt.ArrayLike, b: npt.ArrayLike) -> tuple[FloatArray, FloatArray, tuple[int, ...]]:
    """Both arguments broadcast to one shape, in one dimension, and that shape."""
    x, y = np.broadcast_arrays(real(a, "a"), real(b, "b"))
    return x.reshape(-1), y.reshape(-1), x.shape


def _shaped(values: FloatArray, shape: tuple[int, ...]) -> Scalars:
    return values.reshape(shape) if shape else float(values[0])


def _each(function: Callable[[FloatArray, FloatArray], FloatArray], a: npt.ArrayLike, b: npt.ArrayLike) -> Scalars:
    x, y, shape = _flat(a, b)
    return _shaped(function(x, y), shape)


def logarithmic_mean(a: npt.ArrayLike, b: npt.ArrayLike) -> Scalars:
    """Logarithmic mean (a - b)/ln(a/b), with the limits a at a = b and 0 if either is 0.

    Arguments are broadcast; numbers give a number. Relative error below 1e-15.

    Examples
    --------
    >>> from irrev.network import logarithmic_mean
    >>> logarithmic_mean(3.0, 3.0)
    3.0
    >>> logarithmic_mean([2.0, 0.0], 1.0).round(12)
    array([1.44269504, 0.        ])
    """
    return _each(_core.logarithmic_mean, a, b)


def logarithmic_mean_gradient(a: npt.ArrayLike, b: npt.ArrayLike) -> tuple[Scalars, Scalars]:
    """Derivatives of the logarithmic mean by a and by b, for a, b > 0.

    Examples
    --------
    >>> from irrev.network import logarithmic_mean_gradient
    >>> logarithmic_mean_gradient(1.0, 1.0)
    (0.5, 0.5)
    """
    x, y, shape = _flat(a, b)
    first, second = _core.logarithmic_mean_gradient(x, y)
    return _shaped(first, shape), _shaped(second, shape)


def log_ratio(a: npt.ArrayLike, b: npt.ArrayLike) -> Scalars:
    """ln(a/b), also where a ≈ b or the ratio over- or underflows; infinite if exactly one is 0, and 0 if both are."""
    return _each(_core.log_ratio, a, b)


def dissipation(a: npt.ArrayLike, b: npt.ArrayLike) -> Scalars:
    """Dissipation (a - b) ln(a/b) ≥ 0 of two one-way fluxes; infinite if exactly one is 0.

    Examples
    --------
    >>> from irrev.network import dissipation
    >>> dissipation(1.0, 1.0)
    0.0
    """
    return _each(_core.dissipation, a, b)

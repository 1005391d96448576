"""How arguments become arrays: what numpy reads as real numbers is accepted, in any layout, byte order and precision.

Every function returns a new or an unchanged array; none writes into what it was given.
"""

from operator import index
from typing import Any

import numpy as np
import numpy.typing as npt

from irrev.exceptions import ModelError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
ComplexArray = npt.NDArray[np.complex128]
Scalars = FloatArray | float
"""An array, or a number for numbers."""


def _read(value: object, name: str, kinds: str = "biuf", numbers: str = "real") -> npt.NDArray[Any]:
    """The argument as an array of booleans, whole or real numbers, or of complex ones if they are among the kinds."""
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise ModelError(f"{name} has masked entries; fill or drop them first")
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise type(error)(f"{name} cannot be read as an array: {error}") from None
    if array.dtype.kind not in kinds:
        raise TypeError(f"{name} must hold {numbers} numbers, not {array.dtype.name}")
    return array


def _float64(array: npt.NDArray[Any]) -> FloatArray:
    """As aligned, contiguous doubles in the byte order of the machine."""
    return np.require(array, np.dtype(np.float64), ["C", "A"])


def _one_dimension(array: npt.NDArray[Any], name: str) -> npt.NDArray[Any]:
    if array.ndim != 1:
        raise ModelError(f"{name} has shape {array.shape}, expected one dimension")
    return array


def vector(value: object, name: str) -> FloatArray:
    """Real numbers in one dimension."""
    return _float64(_one_dimension(_read(value, name), name))


def one_or_more(value: object, name: str) -> FloatArray:
    """Real numbers in one dimension; a single number is one entry."""
    return vector([value] if isinstance(value, int | float | np.number) else value, name)


def distribution(value: object, name: str) -> FloatArray:
    """Probabilities; those of lower precision than double are normalised if their sum is 1 within their rounding."""
    array = _one_dimension(_read(value, name), name)
    exact = _float64(array)
    if array.dtype.kind == "f" and array.dtype.itemsize < 8:
        total = float(exact.sum())
        if abs(total - 1.0) <= len(exact) * float(np.finfo(array.dtype).eps):
            return exact / total
    return exact


def masses(from_: object, to: object) -> tuple[FloatArray, FloatArray]:
    """Masses at both ends; those of lower precision than double whose totals agree within their rounding are given the same total."""
    start, end = (_one_dimension(_read(value, name), name) for value, name in ((from_, "from_"), (to, "to")))
    exact = _float64(start), _float64(end)
    coarse = [a for a in (start, end) if a.dtype.kind == "f" and a.dtype.itemsize < 8]
    if coarse and all(np.isfinite(a).all() for a in exact):
        rounding = max(len(a) * float(np.finfo(a.dtype).eps) for a in coarse)
        given, wanted = (float(a.sum()) for a in exact)
        if given != wanted and abs(given - wanted) <= rounding * max(given, wanted):
            return exact[0], exact[1] * (given / wanted)
    return exact


def costs(value: object, name: str) -> FloatArray:
    """Real numbers in two dimensions; +inf stands for no way."""
    array = _float64(_read(value, name))
    if array.ndim != 2:
        raise ModelError(f"{name} has shape {array.shape}, expected two dimensions")
    wrong = np.argwhere(np.isnan(array) | np.isneginf(array))
    if len(wrong):
        row, column = wrong[0].tolist()
        raise ModelError(f"{name}[{row}, {column}] is {array[row, column]}, expected a finite number, or inf for no way")
    return array


def real(value: object, name: str) -> FloatArray:
    """Real numbers of any shape."""
    return _float64(_read(value, name))


def matrix(value: object, name: str) -> FloatArray:
    """Real numbers in two dimensions, all finite."""
    array = _float64(_read(value, name))
    if array.ndim != 2:
        raise ModelError(f"{name} has shape {array.shape}, expected two dimensions")
    if not np.isfinite(array).all():
        raise ModelError(f"{name} holds a number that is not finite")
    return array


def complex_numbers(value: object, name: str, dimensions: int) -> ComplexArray:
    """Real or complex numbers in as many dimensions, all finite."""
    array = _read(value, name, "biufc", "real or complex")
    if array.ndim != dimensions:
        words = {0: "a number", 1: "one dimension", 2: "two dimensions"}[dimensions]
        raise ModelError(f"{name} has shape {array.shape}, expected {words}")
    if not np.isfinite(array).all():
        raise ModelError(f"{name} holds a number that is not finite")
    return np.require(array, np.dtype(np.complex128), ["C", "A"])


def whole(value: object, name: str, least: int) -> int:
    """A whole number from `least` on."""
    try:
        number = index(value)  # type: ignore[arg-type]
    except TypeError:
        if not isinstance(value, float) or not value.is_integer():
            raise ModelError(f"{name} is {value!r}, expected a whole number") from None
        number = int(value)
    if number < least:
        raise ModelError(f"{name} is {number}, expected at least {least}")
    return number


def finite(value: object, name: str, length: int) -> list[float]:
    """As many finite numbers as are expected, as a list."""
    array = vector(value, name)
    if len(array) != length:
        raise ModelError(f"{name} has {len(array)} entries, expected {length}")
    if not np.isfinite(array).all():
        raise ModelError(f"{name} holds a number that is not finite")
    numbers: list[float] = array.tolist()
    return numbers


def integers(value: object, name: str) -> IntArray:
    """Whole numbers in one dimension; real numbers without a fraction are accepted."""
    array = _read(value, name)
    if array.size == 0:
        array = array.astype(np.int64)
    if array.dtype.kind == "b":
        raise TypeError(f"{name} must hold whole numbers, not bool")
    _one_dimension(array, name)
    if array.dtype.kind == "f" and not (np.isfinite(array).all() and (np.abs(array) < 2.0**53).all()):
        raise ModelError(f"{name} must hold whole numbers")
    whole = array.astype(np.int64)
    if (whole != array).any():
        raise ModelError(f"{name} must hold whole numbers")
    return np.require(whole, np.dtype(np.int64), ["C", "A"])


def pairs(value: object, name: str) -> IntArray:
    """The entries of an array of two columns, row by row."""
    array = _read(value, name)
    if array.size == 0 and array.ndim <= 2:
        return np.empty(0, np.int64)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ModelError(f"{name} has shape {array.shape}, expected (edges, 2)")
    return integers(array.reshape(-1), name)


def split_channels(
    channels: object, forward_rate: object, backward_rate: object
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Rows x, y, k⁺, k⁻ as pairs and two columns of rates."""
    if forward_rate is not None or backward_rate is not None:
        raise TypeError("give both forward_rate and backward_rate, or neither")
    array = _read(channels, "channels")
    if array.size == 0:
        array = array.reshape(0, 4)
    if array.ndim != 2 or array.shape[1] != 4:
        raise ModelError(f"channels has shape {array.shape}, expected (edges, 4), or (edges, 2) with rates given apart")
    return array[:, :2], array[:, 2], array[:, 3]

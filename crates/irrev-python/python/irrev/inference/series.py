"""Series of points as they are given: one trajectory, or several."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev._arrays import FloatArray, real
from irrev.exceptions import DataError, ModelError

Points: TypeAlias = npt.ArrayLike | Sequence[npt.ArrayLike]
"""(points,) of one coordinate; (points, coordinates); (trajectories, points, coordinates); or a list of arrays of the first two kinds, one for each trajectory. Steps are never taken from one
trajectory to the next."""

SeriesParts: TypeAlias = tuple[list[FloatArray], float]
"""Trajectories and step as the extension takes them."""


def table(value: Any, name: str) -> FloatArray:
    """Points of one trajectory, a row each."""
    array = real(value, name)
    if array.ndim == 1:
        return array.reshape(-1, 1)
    if array.ndim != 2 or array.shape[1] == 0:
        raise ModelError(f"{name} has shape {array.shape}, expected (points,) or (points, coordinates)")
    return array


def is_list_of_trajectories(x: Any) -> bool:
    """Whether a list holds trajectories: arrays, or lists of points; a list of rows of numbers is one trajectory."""

    def holds_points(one: Any) -> bool:
        if isinstance(one, list | tuple):
            return any(isinstance(point, list | tuple) or np.ndim(point) > 0 for point in one)
        return hasattr(one, "__array__") and np.ndim(one) > 0

    return isinstance(x, list | tuple) and any(map(holds_points, x))


def trajectories(x: Points, name: str = "x") -> list[FloatArray]:
    """One table for each trajectory, all of the same coordinates."""
    given: Any = x
    several = is_list_of_trajectories(given)
    if several:
        tables = [table(one, f"{name}[{k}]") for k, one in enumerate(given)]
    else:
        array = real(x, name)
        if array.ndim == 3:
            tables = [table(one, f"{name}[{k}]") for k, one in enumerate(array)]
        elif array.ndim in (1, 2):
            tables = [table(array, name)]
        else:
            expected = "(points,), (points, coordinates) or (trajectories, points, coordinates)"
            raise ModelError(f"{name} has shape {array.shape}, expected {expected}")
    if not tables:
        raise DataError(f"{name} is empty; give at least one trajectory")
    for k, one in enumerate(tables):
        if one.shape[1] != tables[0].shape[1]:
            raise DataError(
                f"{name}[{k}] has {one.shape[1]} coordinates where {name}[0] has {tables[0].shape[1]}; trajectories must have the same"
            )
    return tables


def series_parts(x: Points, step: float) -> SeriesParts:
    """Trajectories and step, checked further by the library."""
    return trajectories(x), float(step)

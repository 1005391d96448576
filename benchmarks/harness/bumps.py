"""Products of chains, squares of them, and of pairs of states: the W₂ of a product is known from its factors."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from harness.networks import grid


def bump(side: int, centre: float, width: float) -> np.ndarray:
    """A normal density on the places 0, 1, …, side − 1, on a floor of a twentieth of its height."""
    heights = np.exp(-0.5 * ((np.arange(side) - centre) / width) ** 2) + 0.05
    density: np.ndarray = heights / heights.sum()
    return density


def outer(factors: Sequence[np.ndarray]) -> np.ndarray:
    """Independent factors; the last one changes fastest."""
    return reduce(lambda p, q: np.outer(p, q).ravel(), factors)


def cube(dimension: int) -> np.ndarray:
    """Edges of a hypercube, each between states that differ in one bit."""
    return np.array([(state, state | 1 << bit) for state in range(1 << dimension) for bit in range(dimension) if not state >> bit & 1])


def travelling(side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A square grid with two bumps on it that are a good part of the side apart, in the same proportions at every size."""
    part = side / 32

    def at(x: tuple[float, float], y: tuple[float, float]) -> np.ndarray:
        return outer([bump(side, *(part * v for v in x)), bump(side, *(part * v for v in y))])

    return grid(side), at((8, 4), (10, 5)), at((22, 4), (20, 3.5))

"""Lattices, and sums over the edges of a network."""

import numpy as np
import scipy.sparse as sp


def grid(side: int) -> np.ndarray:
    """Edges (tail, head) of a side × side grid with open ends: along rows, then along columns."""
    site = np.arange(side * side).reshape(side, side)
    along = np.c_[site[:, :-1].ravel(), site[:, 1:].ravel()]
    across = np.c_[site[:-1].ravel(), site[1:].ravel()]
    return np.vstack([along, across])


def torus(side: int) -> np.ndarray:
    """Edges (tail, head) of a side × side grid with periodic ends: along rows, then along columns."""
    site = np.arange(side * side).reshape(side, side)
    along = np.c_[site.ravel(), np.roll(site, -1, 1).ravel()]
    across = np.c_[site.ravel(), np.roll(site, -1, 0).ravel()]
    return np.vstack([along, across])


def driven_torus(side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Edges of a torus with forward and backward rates, log-normal around exp(0.3) and 1, seed 6."""
    edges, random = torus(side), np.random.default_rng(6)
    forward = np.exp(random.normal(0.3, 1.0, len(edges)))
    return edges, forward, np.exp(random.normal(0.0, 1.0, len(edges)))


def divergence(edges: np.ndarray, current: np.ndarray, states: int) -> np.ndarray:
    """What currents along the edges bring to each state, less what they take."""
    return np.bincount(edges[:, 1], current, states) - np.bincount(edges[:, 0], current, states)


def jumps(edges: np.ndarray, forward: np.ndarray, backward: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Source, target and rate of every jump."""
    tail, head = edges.T
    return np.r_[tail, head], np.r_[head, tail], np.r_[forward, backward]


def generator(edges: np.ndarray, forward: np.ndarray, backward: np.ndarray, states: int) -> sp.coo_array:
    """W with dp/dt = W p."""
    source, target, rate = jumps(edges, forward, backward)
    exit_rate, state = np.bincount(source, rate, states), np.arange(states)
    return sp.coo_array((np.r_[rate, -exit_rate], (np.r_[target, state], np.r_[source, state])), shape=(states, states))

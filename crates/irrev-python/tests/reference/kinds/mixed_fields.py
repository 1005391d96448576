"""Infinite networks whose fields take a few values, exactly: averages over fields are sums over networks with one field each.

At magnetisation m a spin in the field H is one of a network without mean coupling in the field H + J₀m. So m, k and the conditional entropy are sums, and
G(c) = E tanh x tanh y at correlation c is what one step of a quench makes of the overlap of two repetitions. From G follow q = G(q) and the autocorrelation,
C″ = C - G(C).
"""

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.polynomial import Chebyshev

from irrev._arrays import FloatArray
from irrev.ising import InfiniteNetwork, OrderParameters

DEGREE, NODES = 48, 200
Function = Callable[[FloatArray], FloatArray]


def bisected(f: Callable[[float], float], low: float, high: float) -> float:
    """Where f, positive at the low end, becomes negative."""
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if f(middle) > 0.0 else (low, middle)
    return 0.5 * (low + high)


def fitted(f: Function) -> Chebyshev:
    """A polynomial on [0, 1], through points inside."""
    return Chebyshev.interpolate(f, DEGREE, domain=[0.0, 1.0])


class MixedFields:
    """The stationary state with the largest m ≥ 0."""

    def __init__(
        self, beta: float, spread: float, mean_coupling: float, values: Sequence[float], weights: Sequence[float]
    ) -> None:
        if len(values) != len(weights) or min(weights) < 0.0 or abs(sum(weights) - 1.0) > 1e-12:
            raise ValueError("discrete fields need one weight ≥ 0 per value, of sum 1")
        self.beta, self.spread, self.mean_coupling = float(beta), float(spread), float(mean_coupling)
        self.values, self.weights = [float(v) for v in values], [float(w) for w in weights]

    def sites(self, m: float) -> list[InfiniteNetwork]:
        return [InfiniteNetwork(self.beta, self.spread, 0.0, v + self.mean_coupling * m) for v in self.values]

    def mean(self, m: float, of: Callable[[OrderParameters], float]) -> float:
        """A mean over the sites at a magnetisation."""
        return sum(w * of(site.parallel_state()) for w, site in zip(self.weights, self.sites(m), strict=True))

    @cached_property
    def magnetization(self) -> float:
        def excess(m: float) -> float:
            return self.mean(m, lambda state: state.magnetization) - m

        grid = np.concatenate([[0.0], np.geomspace(1e-7, 1e-2, 20), np.linspace(1e-2, 1.0, 200)[1:]]).tolist()
        for low, high in zip(grid[-2::-1], grid[:0:-1], strict=True):
            if excess(low) > 0.0:
                return bisected(excess, low, high)
        if abs(excess(0.0)) > 1e-15:
            raise ValueError("no stationary m ≥ 0 with these fields")
        return 0.0

    @cached_property
    def gain(self) -> float:
        return self.mean(self.magnetization, lambda state: state.gain)

    @cached_property
    def conditional_entropy(self) -> float:
        return self.mean(self.magnetization, lambda state: state.conditional_entropy)

    def next_overlap(self, c: float) -> float:
        """G(c)."""
        steps = [site.quench(c**0.5, steps=1).replica_overlaps[1] for site in self.sites(self.magnetization)]
        return float(np.dot(self.weights, steps))

    @cached_property
    def overlap(self) -> float:
        if self.next_overlap(0.0) == 0.0:
            return 0.0
        return bisected(lambda c: self.next_overlap(c) - c, 0.0, 1.0)

    @property
    def parallel_entropy_production(self) -> float:
        return (self.beta * self.spread) ** 2 * self.gain * (1.0 - self.overlap)

    @cached_property
    def slowness(self) -> Chebyshev:
        """(C - q)/|C′| as a function of η, where C = q + (1 - q)(1 - η²)."""
        q = self.overlap

        def pull(eta: FloatArray) -> FloatArray:
            above = (1.0 - q) * (1.0 - eta**2)
            return np.array([1.0 - (self.next_overlap(q + a) - q) / a for a in above])

        x = Chebyshev([0.5, 0.5], domain=[0.0, 1.0])
        fall = (fitted(pull) * x * (1.0 - x * x)).integ(lbnd=1.0)
        return fitted(lambda eta: (1.0 - eta**2) / np.sqrt(-4.0 * fall(eta)))

    @cached_property
    def forgotten(self) -> float:
        """1 - ∫e^{-τ}C dτ = ∫e^{-τ} |dC|, with e^{-τ} = (1 - η²)^late e^{-delay}."""
        slow = self.slowness
        late = float(slow(1.0))
        delay = fitted(lambda eta: (slow(eta) - late) * 2.0 * eta / (1.0 - eta**2)).integ(lbnd=0.0)
        x, weights = np.polynomial.legendre.leggauss(NODES)
        # 1 - η = ξ⁴ smooths the power
        xi = 0.5 * (1.0 + x)
        eta = 1.0 - xi**4
        kept = (xi**4 * (1.0 + eta)) ** late * np.exp(-delay(eta))
        return float((1.0 - self.overlap) * (0.5 * weights * kept * 2.0 * eta * 4.0 * xi**3).sum())

    @property
    def sequential_entropy_production_rate(self) -> float:
        return (self.beta * self.spread) ** 2 * self.gain * self.forgotten

    @property
    def initial_slope(self) -> float:
        """C′(0⁺)."""
        return -(1.0 - self.overlap) / float(self.slowness(0.0))

"""Linear diffusions, whose thermodynamics is known in closed form, and coupled oscillators with a bath each.

dx = -A x dt + √(2D) dW carries a normal distribution N(m, Σ) to a normal distribution, ṁ = -A m, Σ̇ = -A Σ - Σ Aᵀ + 2D; probability flows with the local mean velocity v(x) = -A x + D Σ⁻¹ (x - m).

Conventions: k_B = 1; ⟨ξ ξᵀ⟩ = 2D δ, so that D = μ T; nats per unit time. A distribution is an `irrev.transport.gaussian.Gaussian`, or its mean and covariance.

References: Risken, The Fokker-Planck Equation (1989), chapter 6; Nakazato and Ito, Phys. Rev. Res. 3, 043093 (2021); Horowitz and Esposito, Phys. Rev. X 4, 031015 (2014); Otto and Villani, J. Funct. Anal. 173, 361
(2000); Bakry and Émery, Sém. Probab. XIX, 177 (1985).
"""

from collections.abc import Sequence
from typing import Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, matrix, real, vector, whole
from irrev._record import Estimate, Record, means
from irrev.exceptions import ModelError
from irrev.transport.gaussian import Gaussian, Normal

__all__ = [
    "ConvexityBounds",
    "EntropyProduction",
    "LinearDiffusion",
    "LinearSplit",
    "LocalMeanVelocity",
    "PartialEntropyProduction",
    "TwoParts",
    "convexity_bounds",
    "part_of_transport_bound",
    "produced_by_part",
    "relative_entropy",
    "split",
    "two_parts",
]


def normal(given: Normal, name: str) -> tuple[FloatArray, FloatArray]:
    """Mean and covariance of a distribution."""
    mean, covariance = (given.mean, given.covariance) if isinstance(given, Gaussian) else given
    return vector(mean, f"mean of {name}"), matrix(covariance, f"covariance of {name}")


def square(given: npt.ArrayLike, name: str, dimension: int) -> FloatArray:
    """A matrix, or a number for that number times the identity."""
    array = real(given, name)
    return matrix(float(array) * np.eye(dimension) if array.ndim == 0 else array, name)


def gaussian(found: tuple[FloatArray, FloatArray] | None) -> Gaussian:
    """A distribution from its moments."""
    if found is None:
        raise ModelError("there is no distribution")
    return Gaussian(mean=found[0], covariance=found[1])


class LocalMeanVelocity(Record):
    """The local mean velocity v(x) = V (x - m) + v(m) of a normal distribution."""

    matrix: Annotated[FloatArray, means("1/time", "V = -A + D Σ⁻¹")]
    mean: Annotated[FloatArray, means("", "m")]
    at_mean: Annotated[FloatArray, means("coordinate/time", "v(m) = -A m")]

    def at(self, x: npt.ArrayLike) -> FloatArray:
        """v at points, shape (coordinates,) or (points, coordinates)."""
        return np.asarray((real(x, "x") - self.mean) @ self.matrix.T + self.at_mean)


class EntropyProduction(Record):
    """Rates of entropy production: rate = excess + housekeeping = system + surroundings."""

    rate: Annotated[float, means("nats/time", "Σ̇ = ⟨v·D⁻¹v⟩ ≥ 0")]
    excess: Annotated[
        float,
        means(
            "nats/time", "That of the gradient D∇φ which moves the distribution as v does; zero in a stationary state"
        ),
    ]
    housekeeping: Annotated[float, means("nats/time", "The rest; zero if A = D K with a symmetric K")]
    system: Annotated[float, means("nats/time", "d/dt ½ ln det Σ")]
    surroundings: Annotated[float, means("nats/time", "Entropy that flows into the surroundings")]


class LinearDiffusion(Record):
    """dx = -A x dt + √(2D) dW with a positive definite D.

    Parameters
    ----------
    drift : array_like, shape (n, n)
        A, in 1/time.
    diffusion : array_like, shape (n, n), or float
        D; a number stands for that number times the identity.

    Raises ModelError unless D is symmetric and positive definite.

    Examples
    --------
    A trap of stiffness 1.5 that also turns, at temperature 0.6.

    >>> from irrev.landscape.linear import LinearDiffusion
    >>> turning = LinearDiffusion([[1.5, 0.8], [-0.8, 1.5]], diffusion=0.6)
    >>> stationary = turning.stationary()
    >>> stationary.covariance.round(12).tolist()                        # T/k
    [[0.4, 0.0], [0.0, 0.4]]
    >>> found = turning.entropy_production(stationary)
    >>> round(found.rate, 12), abs(found.excess) < 1e-12                # 2 ω²/k
    (0.853333333333, True)
    """

    drift: Annotated[FloatArray, means("1/time", "A")]
    diffusion: Annotated[FloatArray, means("coordinate²/time", "D")]

    def __init__(self, drift: npt.ArrayLike, diffusion: npt.ArrayLike) -> None:
        a = matrix(drift, "drift").copy()
        self.__dict__.update(drift=a, diffusion=square(diffusion, "diffusion", len(a)).copy())
        self.__post_init__()
        _core.linear_stationary(self._parts, True)

    @property
    def _parts(self) -> tuple[FloatArray, FloatArray]:
        return self.drift, self.diffusion

    @property
    def dimension(self) -> int:
        """Number of coordinates."""
        return len(self.drift)

    def stationary(self) -> Gaussian:
        """The stationary state N(0, Σ), A Σ + Σ Aᵀ = 2D. Raises ModelError if an eigenvalue of A has no positive real part."""
        return gaussian(_core.linear_stationary(self._parts, False))

    def at(self, start: Normal, *, time: float) -> Gaussian:
        """The distribution a time t ≥ 0 after `start`, stable or not."""
        return gaussian(_core.linear_at(self._parts, normal(start, "start"), time))

    def local_mean_velocity(self, state: Normal) -> LocalMeanVelocity:
        """How probability flows in a normal state."""
        return LocalMeanVelocity(**_core.linear_velocity(self._parts, normal(state, "state")))

    def entropy_production(self, state: Normal) -> EntropyProduction:
        """Entropy production rate and its parts in a normal state; the motion of the mean belongs to the excess."""
        return EntropyProduction(**_core.linear_dissipation(self._parts, normal(state, "state")))

    def produced(self, start: Normal, *, time: float) -> float:
        """Entropy production between `start` and a time t later, ∫₀ᵗ Σ̇ ds, in nats, in closed form."""
        return _core.linear_produced(self._parts, normal(start, "start"), time)

    def transport_bound(self, from_: Normal, *, to: Normal, time: float) -> float:
        """W₂² in the metric D⁻¹ over t, in nats: no motion between the two distributions in that time dissipates less."""
        return _core.linear_transport_bound(self._parts, normal(from_, "from_"), normal(to, "to"), time)


class ConvexityBounds(Record):
    """How relative entropy, distance and dissipation bound each other in a λ-convex potential."""

    convexity: Annotated[float, means("1/time", "λ, the least eigenvalue of A")]
    relative_entropy: Annotated[float, means("nats", "D(p‖π)")]
    squared_distance: Annotated[float, means("coordinate²", "W₂² between p and π")]
    hwi: Annotated[float, means("nats", "√(W₂² Σ̇/D) - λ W₂²/(2D): at least the relative entropy")]
    log_sobolev: Annotated[float, means("nats", "Σ̇/(2λ): at least the relative entropy")]
    talagrand: Annotated[float, means("coordinate²", "2 D D(p‖π)/λ: at least W₂²")]


def convexity_bounds(diffusion: LinearDiffusion, *, state: Normal) -> ConvexityBounds:
    """The inequalities of Otto and Villani in a normal state.

    Raises ModelError if D is not isotropic, A not symmetric, or λ not positive: the inequalities are then not proved.

    Examples
    --------
    >>> from irrev.landscape.linear import LinearDiffusion, convexity_bounds
    >>> trap = LinearDiffusion([[1.5, 0.3], [0.3, 0.8]], diffusion=0.5)
    >>> found = convexity_bounds(trap, state=([1.0, -0.5], [[1.0, 0.0], [0.0, 1.0]]))
    >>> found.relative_entropy <= found.hwi <= found.log_sobolev
    True
    """
    return ConvexityBounds(**_core.linear_convexity(diffusion._parts, normal(state, "state")))


def relative_entropy(p: Normal, *, q: Normal) -> float:
    """D(p‖q) between normal distributions, in nats; close distributions keep their digits.

    Examples
    --------
    >>> from irrev.landscape.linear import relative_entropy
    >>> relative_entropy(([1.0], [[1.0]]), q=([0.0], [[1.0]]))
    0.5
    """
    return _core.gaussian_relative_entropy(normal(p, "p"), normal(q, "q"))


class LinearSplit(Record):
    """A linear field M x = G K x + C x, where G is the metric, K is symmetric and C x moves no probability."""

    gradient: Annotated[FloatArray, means("1/time", "G K: the field G ∇(x·K x/2)")]
    curvature: Annotated[FloatArray, means("1/time", "K, symmetric; with M x = -A x, V_m = -x·K x/2")]
    flux: Annotated[FloatArray, means("1/time", "C = M - G K")]
    mean_square_gradient: Annotated[float, means("", "⟨|G K x|²⟩ in the metric, ⟨u·G⁻¹u⟩")]
    mean_square_flux: Annotated[float, means("", "⟨|C x|²⟩ in the metric")]


def split(field: npt.ArrayLike, *, covariance: npt.ArrayLike, metric: npt.ArrayLike = 1.0) -> LinearSplit:
    """M x as gradient + flux in N(0, Σ), the projection in ⟨u·G⁻¹w⟩.

    The split depends on the metric G (default Euclidean): coordinates of different units need one. A flux is not yet irreversible; it is for G = D and the local mean velocity of a diffusion.

    References: Kawai, Ensemble 16 (2014), equations 14 and 15; Nakazato and Ito, Phys. Rev. Res. 3, 043093 (2021).

    Examples
    --------
    >>> from irrev.landscape.linear import split
    >>> found = split([[-1.5, -0.8], [0.8, -1.5]], covariance=[[0.4, 0.0], [0.0, 0.4]])
    >>> found.flux.round(12).tolist(), round(found.mean_square_flux, 12)
    ([[0.0, -0.8], [0.8, 0.0]], 0.512)
    """
    m = matrix(field, "field")
    return LinearSplit(**_core.linear_split(m, matrix(covariance, "covariance"), square(metric, "metric", len(m))))


class PartialEntropyProduction(Record):
    """Terms of the second law of one part: rate = system + surroundings - information_flow ≥ 0."""

    rate: Annotated[float, means("nats/time", "σ_X")]
    system: Annotated[float, means("nats/time", "dS_X/dt of the marginal")]
    surroundings: Annotated[float, means("nats/time", "Entropy that flows into the surroundings of X")]
    information_flow: Annotated[
        float, means("nats/time", "İ_X: positive if the motion of X makes the parts know more of each other")
    ]


class TwoParts(Record):
    """A diffusion in two parts at one moment."""

    part: Annotated[PartialEntropyProduction, means("", "The part asked for")]
    rest: Annotated[PartialEntropyProduction, means("", "All other coordinates")]
    mutual_information: Annotated[float, means("nats", "Mutual information of the two")]


def _part(part: Sequence[int]) -> list[int]:
    return [whole(i, "part", 0) for i in part]


def two_parts(diffusion: LinearDiffusion, *, state: Normal, part: Sequence[int]) -> TwoParts:
    """The second laws of the part made of some coordinates and of the rest, in a normal state.

    Raises ModelError for noises of the two that are correlated, or a part that holds no coordinate or all of them.

    Examples
    --------
    >>> from irrev.landscape.linear import LinearDiffusion, two_parts
    >>> pair = LinearDiffusion([[2.0, 0.7], [-1.1, 1.5]], diffusion=[[1.0, 0.0], [0.0, 0.5]])
    >>> found = two_parts(pair, state=pair.stationary(), part=[0])
    >>> abs(found.part.information_flow + found.rest.information_flow) < 1e-14          # I stands still
    True
    """
    found = _core.two_parts(diffusion._parts, normal(state, "state"), _part(part))
    laws = {name: PartialEntropyProduction(**found[name]) for name in ("part", "rest")}
    return TwoParts(mutual_information=found["mutual_information"], **laws)


def produced_by_part(
    diffusion: LinearDiffusion, *, start: Normal, part: Sequence[int], time: float, tol: float = 1e-10
) -> Estimate:
    """∫₀ᵗ σ_X ds of a part after `start`, in nats, with the error of the quadrature.

    Examples
    --------
    >>> from irrev.landscape.linear import LinearDiffusion, part_of_transport_bound, produced_by_part
    >>> pair, start = LinearDiffusion([[2.0, 0.7], [-1.1, 1.5]], diffusion=1.0), ([1.0, 0.0], [[1.0, 0.0], [0.0, 1.0]])
    >>> paid = produced_by_part(pair, start=start, part=[0], time=1.0)
    >>> paid.value >= part_of_transport_bound(pair, from_=start, to=pair.at(start, time=1.0), part=[0], time=1.0)
    True
    """
    return _core.produced_by_part(diffusion._parts, normal(start, "start"), _part(part), time, tol)


def part_of_transport_bound(
    diffusion: LinearDiffusion, *, from_: Normal, to: Normal, part: Sequence[int], time: float
) -> float:
    """W₂² over t between the marginals of a part, in the metric D_X⁻¹, in nats: what ∫σ_X ds is at least.

    Examples
    --------
    >>> from irrev.landscape.linear import LinearDiffusion, part_of_transport_bound
    >>> free = LinearDiffusion([[0.0, 0.0], [0.0, 0.0]], diffusion=1.0)
    >>> one = [[1.0, 0.0], [0.0, 1.0]]
    >>> part_of_transport_bound(free, from_=([0.0, 0.0], one), to=([2.0, 5.0], one), part=[0], time=4.0)
    1.0
    """
    return _core.part_of_transport_bound(diffusion._parts, normal(from_, "from_"), normal(to, "to"), _part(part), time)

"""Linear processes in discrete time, and linear Langevin equations looked at every so often.

z' = A z + e steps with normal noise e of covariance Q; dx = -A x dt + √(2D) dW moves in continuous time. Nats per step in the first, per time in the second.

References: Barnett, Barrett and Seth, Phys. Rev. Lett. 103, 238701 (2009); Oizumi, Tsuchiya and Amari, PNAS 113, 14817 (2016); Li, Horowitz, Gingrich and
Fakhri, Nat. Commun. 10, 1666 (2019); Otsubo, Ito, Dechant and Sagawa, Phys. Rev. E 101, 062106 (2020).
"""

from collections.abc import Iterable, Sequence
from typing import Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, matrix, whole
from irrev._record import Convergence, Record, means
from irrev._run import Progress, options


def _variables(given: Iterable[int], name: str) -> list[int]:
    return [whole(i, name, 0) for i in given]


class VectorAutoregression(Record):
    """A stationary process z' = A z + e in discrete time.

    Parameters
    ----------
    transition : array_like, shape (n, n)
        A; `transition[i, j]` is what variable j does to variable i.
    noise : array_like, shape (n, n)
        Q, the covariance of e.

    Raises ModelError unless Q is symmetric and positive definite and every eigenvalue of A lies inside the unit circle.

    Examples
    --------
    y drives x.

    >>> from irrev.information import VectorAutoregression
    >>> pair = VectorAutoregression([[0.5, 0.3], [0.0, 0.7]], noise=[[1.0, 0.0], [0.0, 1.0]])
    >>> round(pair.transfer_entropy(source=[1], target=[0]), 9), abs(pair.transfer_entropy(source=[0], target=[1])) < 1e-14
    (0.072763078, True)
    >>> round(pair.transfer_entropy_of_all_history(source=[1], target=[0]), 9), round(pair.irreversibility(), 9)
    (0.072567942, 0.138461538)
    """

    transition: Annotated[FloatArray, means("", "A")]
    noise: Annotated[FloatArray, means("", "Q")]
    covariance: Annotated[FloatArray, means("", "S = A S Aᵀ + Q")]
    residual: Annotated[float, means("", "‖S - A S Aᵀ - Q‖/‖S‖, which is rounding")]

    def __init__(self, transition: npt.ArrayLike, noise: npt.ArrayLike) -> None:
        a, q = matrix(transition, "transition").copy(), matrix(noise, "noise").copy()
        covariance, residual = _core.autoregression_covariance((a, q))
        self.__dict__.update(transition=a, noise=q, covariance=covariance, residual=residual)
        self.__post_init__()

    def __reduce__(self) -> tuple[type["VectorAutoregression"], tuple[FloatArray, FloatArray]]:
        return type(self), self._parts

    @property
    def _parts(self) -> tuple[FloatArray, FloatArray]:
        return self.transition, self.noise

    @property
    def dimension(self) -> int:
        """Number of variables."""
        return len(self.transition)

    def instantaneous_information(self, one: Iterable[int], other: Iterable[int]) -> float:
        """Mutual information of some variables with others at one time, -½ ln(1 - ρ²) for two, in nats."""
        return _core.autoregression_information(self._parts, (_variables(one, "one"), _variables(other, "other")))

    def past_future_information(self) -> float:
        """Mutual information ½ ln(det S/det Q) of all the past and all the future, in nats."""
        return _core.autoregression_information(self._parts, None)

    def transfer_entropy(self, *, source: Iterable[int], target: Iterable[int], k: int = 1, l: int = 1) -> float:  # noqa: E741
        """I(x_{t+1}; y^{(l)} | x^{(k)}) from some variables to others, in nats per step, with k steps of the target's past and l of the source's."""
        history = (whole(k, "k", 0), whole(l, "l", 0))
        groups = (_variables(source, "source"), _variables(target, "target"))
        return _core.autoregression_transfer(self._parts, *groups, history)

    def transfer_entropy_of_all_history(self, *, source: Iterable[int], target: Iterable[int]) -> float:
        """Transfer entropy with infinite pasts of both, by the Riccati equation, in nats per step."""
        groups = (_variables(source, "source"), _variables(target, "target"))
        return _core.autoregression_transfer(self._parts, *groups, None)

    def irreversibility(self) -> float:
        """KL of (z_t, z_{t+1}) against (z_{t+1}, z_t), in nats per step: the entropy production as far as pairs show it."""
        return _core.autoregression_interaction(self._parts, None)

    def stochastic_interaction(self, parts: Sequence[Iterable[int]]) -> float:
        """Σ_k H(z_k'|z_k) - H(z'|z) of parts that together are all variables, in nats per step: 0 if they step independently."""
        return _core.autoregression_interaction(self._parts, [_variables(part, "parts") for part in parts])


class IntegratedInformation(Record):
    """Integrated information Φ_G, and what bounds it."""

    value: Annotated[float, means("nats/step", "Φ_G: the least that was found")]
    diagonal: Annotated[FloatArray, means("", "The diagonal of A' there")]
    convergence: Annotated[Convergence, means("", "Newton steps of that start, and the gradient left")]
    curvature: Annotated[float, means("", "Least eigenvalue of the Hessian there, in units of spread: positive at a minimum")]
    agreeing: Annotated[tuple[int, int], means("", "Starts that ended at this value, of how many that converged")]
    stochastic_interaction: Annotated[float, means("nats/step", "Stochastic interaction of the variables, at least Φ_G")]
    past_future_information: Annotated[float, means("nats", "Information between past and future, at least Φ_G")]


def integrated_information(
    process: VectorAutoregression,
    *,
    random_starts: int = 5,
    tol: float = 1e-12,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> IntegratedInformation:
    """Φ_G: the divergence of a process from those in which every variable follows only itself, up to noise.

    The least of ½ ln det(Q + (A - A') S (A - A')ᵀ)/det Q over diagonal A', from several starts.

    Parameters
    ----------
    process : VectorAutoregression
    random_starts : int
        Random starts beside the diagonal of A, zero, and the regression of each variable on itself.
    tol : float
        Accepted gradient, in units of spread.
    seed : int
        Of the random starts.

    Examples
    --------
    >>> from irrev.information import VectorAutoregression, integrated_information
    >>> pair = VectorAutoregression([[0.6, 0.25], [-0.35, 0.5]], noise=[[1.0, 0.0], [0.0, 0.5]])
    >>> found = integrated_information(pair)
    >>> round(found.value, 9), found.value <= found.stochastic_interaction
    (0.185127113, True)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    starts = whole(random_starts, "random_starts", 0)
    return IntegratedInformation(**_core.autoregression_integrated(process._parts, starts, tol, run))


class SampledCurrents(Record):
    """All linear currents g = (K x̄)·Δx over steps of dt of a diffusion, with the midpoint x̄: what their uncertainty shows, were there no end of data."""

    drift: Annotated[FloatArray, means("1/time", "A")]
    diffusion: Annotated[FloatArray, means("coordinate²/time", "D")]
    dt: Annotated[float, means("time", "dt")]

    def _of(self, coefficients: npt.ArrayLike) -> tuple[float, float, float]:
        return _core.sampled_current((self.drift, self.diffusion), self.dt, matrix(coefficients, "coefficients"))

    def mean_rate(self, coefficients: npt.ArrayLike) -> float:
        """⟨(K x̄)·Δx⟩/dt, in 1/time."""
        return self._of(coefficients)[0]

    def variance(self, coefficients: npt.ArrayLike) -> float:
        """Var (K x̄)·Δx over a step."""
        return self._of(coefficients)[1]

    def bound(self, coefficients: npt.ArrayLike) -> float:
        """2⟨g⟩²/(dt Var g), in nats per time; 0 for a current without a mean."""
        return self._of(coefficients)[2]

    def bound_of_all_linear(self) -> float:
        """2mᵀC⁻¹m/dt over all currents x_a dx_b, in nats per time; for up to 48 coordinates."""
        return _core.sampled_bounds((self.drift, self.diffusion), self.dt, False)

    def bound_of_rotations(self) -> float:
        """2mᵀC⁻¹m/dt over the rotations x_a dx_b - x_b dx_a alone: less, for total derivatives serve as control variates."""
        return _core.sampled_bounds((self.drift, self.diffusion), self.dt, True)


class SampledDiffusion(Record):
    """dx = -A x dt + √(2D) dW in its stationary state, and as it is seen every dt.

    Parameters
    ----------
    drift : array_like, shape (n, n)
        A, in 1/time: mind the minus sign.
    diffusion : array_like, shape (n, n)
        D, symmetric and positive definite.

    Raises ModelError if an eigenvalue of A has no positive real part, so that there is no stationary state.

    Examples
    --------
    >>> from irrev.information import bead_chain
    >>> chain = bead_chain(2, temperatures=(10.0, 1.0))
    >>> round(chain.entropy_production_rate, 12)                               # k(T_h - T_c)²/(4γ T_h T_c)
    2.025
    >>> round(chain.sampled(0.01).irreversibility() / 0.01, 9)                 # what shows in pairs a time 0.01 apart
    1.984636049
    >>> round(chain.short_time_bound([[0.0, -1.0], [1.0, 0.0]]), 9)            # x₀ dx₁ - x₁ dx₀ loses half of it
    1.008298755
    >>> currents = chain.currents(0.01)
    >>> round(currents.bound_of_all_linear(), 9), round(currents.bound_of_rotations(), 9)
    (1.955536947, 0.983440487)
    """

    drift: Annotated[FloatArray, means("1/time", "A")]
    diffusion: Annotated[FloatArray, means("coordinate²/time", "D")]
    covariance: Annotated[FloatArray, means("coordinate²", "S, with A S + S Aᵀ = 2D")]
    optimal_force: Annotated[
        FloatArray,
        means("1/coordinate²", "F = S⁻¹ - D⁻¹A: the current (F x)·dx shows all of the dissipation in the shortest time"),
    ]
    entropy_production_rate: Annotated[float, means("nats/time", "Σ̇ = tr FᵀDFS")]

    def __init__(self, drift: npt.ArrayLike, diffusion: npt.ArrayLike) -> None:
        a, d = matrix(drift, "drift").copy(), matrix(diffusion, "diffusion").copy()
        self.__dict__.update(drift=a, diffusion=d, **_core.diffusion_figures((a, d)))
        self.__post_init__()

    def __reduce__(self) -> tuple[type["SampledDiffusion"], tuple[FloatArray, FloatArray]]:
        return type(self), self._parts

    @property
    def _parts(self) -> tuple[FloatArray, FloatArray]:
        return self.drift, self.diffusion

    @property
    def dimension(self) -> int:
        """Number of coordinates."""
        return len(self.drift)

    def short_time_bound(self, coefficients: npt.ArrayLike) -> float:
        """What the uncertainty of the current (K x)·dx (Stratonovich) shows of Σ̇ in the limit of short times, in nats per time."""
        return _core.diffusion_short_time_bound(self._parts, matrix(coefficients, "coefficients"))

    def sampled(self, dt: float) -> VectorAutoregression:
        """The process looked at every dt: z' = e^{-A dt} z + e."""
        transition, noise = _core.sampled_diffusion(self._parts, dt)
        return VectorAutoregression(transition, noise)

    def currents(self, dt: float) -> SampledCurrents:
        """All linear currents over steps of dt."""
        _core.sampled_diffusion(self._parts, dt)
        return SampledCurrents(drift=self.drift, diffusion=self.diffusion, dt=dt)


def bead_chain(
    beads: int, *, temperatures: tuple[float, float], stiffness: float = 1.0, friction: float = 1.0
) -> SampledDiffusion:
    """A chain of beads joined by springs, its ends tied to walls, at temperatures that fall linearly from the first bead to the last.

    A = (k/γ) tridiag(-1, 2, -1), D = T/γ.

    Examples
    --------
    >>> from irrev.information import bead_chain
    >>> bead_chain(3, temperatures=(3.0, 1.0)).diffusion.diagonal()
    array([3., 2., 1.])
    """
    return SampledDiffusion(*_core.bead_chain(whole(beads, "beads", 0), temperatures, stiffness, friction))

"""Dual coordinates η and θ of distributions, and the distribution of least free energy with given means.

η_i = p_i and θ_i = ln(p_i/p_0), i = 1 … n - 1, are each other's gradients: ψ(θ) = -ln p_0, φ(η) = Σ p ln p, ψ + φ = θ·η. Counted from equilibrium, φ is
D(p‖p_eq) = β(F - F_eq). Extents of reaction and affinities are in `irrev.reactions.dual_coordinates`.

References: Amari, Information Geometry and Its Applications (2016); Ohga and Ito, arXiv:2112.11008 (2021) and arXiv:2112.13813 (2021).
"""

import math
from typing import TYPE_CHECKING, Annotated, TypeAlias

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, matrix
from irrev._record import Convergence, Record, means

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class SimplexCoordinates(Record):
    """A distribution in both coordinates, with their potentials and metrics."""

    eta: Annotated[FloatArray, means("", "η_i = p_i, i = 1 … n - 1")]
    theta: Annotated[FloatArray, means("", "θ_i = ln(p_i/p_0); -inf where p_i = 0")]
    psi: Annotated[float, means("nats", "ψ = -ln p_0")]
    phi: Annotated[float, means("nats", "φ = Σ p ln p, minus the entropy")]
    metric_eta: Annotated[FloatArray, means("", "∂²φ/∂η² = diag(1/η) + 1/p_0; infinite on the diagonal where p_i = 0")]
    metric_theta: Annotated[FloatArray, means("", "∂²ψ/∂θ² = diag(η) - η ηᵀ, its inverse")]


class EquilibriumGauge(Record):
    """Coordinates counted from equilibrium."""

    theta_equilibrium: Annotated[FloatArray, means("", "θ of p_eq")]
    psi_equilibrium: Annotated[float, means("nats", "ψ of p_eq")]
    theta: Annotated[FloatArray, means("", "θ - θ_eq")]
    psi: Annotated[float, means("nats", "ψ - ψ_eq")]
    phi: Annotated[float, means("nats", "Their Legendre transform (θ - θ_eq)·η - (ψ - ψ_eq) = D(p‖p_eq)")]
    divergence: Annotated[float, means("nats", "D(p‖p_eq), summed by terms that are not negative")]
    free_energy_excess: Annotated[float, means("nats", "β(F - F_eq), from energy and entropy: the same")]
    equilibrium: Annotated[FloatArray, means("", "p_eq ∝ e^{-βE}")]


def simplex_coordinates(distribution: npt.ArrayLike) -> SimplexCoordinates:
    """Both coordinates of a distribution; state 0, which must be occupied, is the one that the others are compared with.

    Examples
    --------
    >>> from irrev.information import simplex_coordinates
    >>> at = simplex_coordinates([0.5, 0.25, 0.25])
    >>> round(at.psi + at.phi - float(at.theta @ at.eta), 12)
    0.0
    """
    return SimplexCoordinates(**_core.simplex_coordinates(distribution))


def distribution_from_theta(theta: npt.ArrayLike) -> FloatArray:
    """The distribution with p_i ∝ e^{θ_i}, θ_0 = 0; an entry -inf is an empty state.

    Examples
    --------
    >>> from irrev.information import distribution_from_theta
    >>> distribution_from_theta([0.0, 0.0, 0.0])
    array([0.25, 0.25, 0.25, 0.25])
    """
    return _core.distribution_from_theta(theta)


def distribution_from_eta(eta: npt.ArrayLike) -> FloatArray:
    """The distribution with these probabilities of the states 1 … n - 1, and the rest in state 0.

    Examples
    --------
    >>> from irrev.information import distribution_from_eta
    >>> distribution_from_eta([0.25, 0.25])
    array([0.5 , 0.25, 0.25])
    """
    return _core.distribution_from_eta(eta)


def equilibrium_gauge(
    distribution: npt.ArrayLike, *, energies: npt.ArrayLike, inverse_temperature: float
) -> EquilibriumGauge:
    """Coordinates counted from the equilibrium of energies E at inverse temperature β > 0.

    Examples
    --------
    >>> from irrev.information import equilibrium_gauge
    >>> at = equilibrium_gauge([0.3, 0.25, 0.25, 0.2], energies=[0.0, 0.7, 1.1, 2.0], inverse_temperature=1.3)
    >>> round(at.phi, 12), abs(at.phi - at.free_energy_excess) < 1e-14
    (0.268831588547, True)
    """
    return EquilibriumGauge(**_core.equilibrium_gauge(distribution, energies, inverse_temperature))


def bregman_divergence(p: npt.ArrayLike, q: npt.ArrayLike) -> float:
    """φ(p) - φ(q) - θ(q)·(η(p) - η(q)), the Bregman divergence of φ, which is D(p‖q), in nats.

    As a difference of potentials it loses digits where p and q are close; `irrev.network.relative_entropy` does not.

    Examples
    --------
    >>> from irrev.information import bregman_divergence
    >>> round(bregman_divergence([0.5, 0.5], [0.25, 0.75]), 12)
    0.143841036226
    """
    return _core.bregman_divergence(p, q)


class TiltedEquilibrium(Record):
    """q ∝ p_eq e^{θ·r}, which has the given means: they lie inside what distributions can have."""

    theta: Annotated[
        FloatArray, means("1/(unit of the observable)", "θ; of least norm in units of spread where observables are dependent")
    ]
    psi: Annotated[float, means("nats", "ψ(θ) = ln⟨e^{θ·r}⟩_eq")]
    least_entropy_production: Annotated[
        float, means("nats", "φ(η) = D(q‖p_eq): the least entropy production of a relaxation from these means")
    ]
    lower_bound: Annotated[
        float, means("nats", "θ·η - ψ(θ): by duality no distribution with these means has less, whatever the accuracy of θ")
    ]
    distribution: Annotated[FloatArray, means("", "q")]
    metric_theta: Annotated[FloatArray, means("", "Covariance of the observables in q: ∂²ψ/∂θ²")]
    rank: Annotated[int, means("", "Number of independent observables")]
    convergence: Annotated[Convergence, means("", "Newton steps, and the distance of q's means from η in units of spread")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the tilted distribution."""
        return {"probability": self.distribution}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Bars of the tilted distribution; returns the axes."""
        from irrev._plot import bars

        return bars(ax, [str(i) for i in range(len(self.distribution))], self.distribution, "probability")


class OnTheBoundary(Record):
    """Means on the boundary of what distributions can have: only the states of a face can be occupied, and θ is infinite across it."""

    normal: Annotated[
        FloatArray, means("1/(unit of the observable)", "d: every state has d·r ≤ d·η, those of the face with equality")
    ]
    face: Annotated[IntArray, means("", "The states that may be occupied")]
    gap: Annotated[float, means("", "How far d·r of the nearest state off the face lies below d·η")]
    on_the_face: Annotated[
        TiltedEquilibrium, means("", "The tilted equilibrium on the face; its θ stands for the limit of θ + t d, t → ∞")
    ]

    @property
    def distribution(self) -> FloatArray:
        """The distribution of least D with these means."""
        return self.on_the_face.distribution

    @property
    def least_entropy_production(self) -> float:
        """D of that distribution, in nats."""
        return self.on_the_face.least_entropy_production


class OutOfReach(Record):
    """Means that no distribution has, with a hyperplane that proves it."""

    normal: Annotated[FloatArray, means("1/(unit of the observable)", "d: every state has d·r < d·η")]
    gap: Annotated[float, means("", "d·η - max d·r > 0")]
    nearest_state: Annotated[int, means("", "The state whose d·r comes nearest")]

    @property
    def least_entropy_production(self) -> float:
        """Infinite: there is no such distribution."""
        return math.inf


Tilted: TypeAlias = TiltedEquilibrium | OnTheBoundary | OutOfReach
"""What became of the means."""


def tilted_equilibrium(
    energies: npt.ArrayLike,
    *,
    inverse_temperature: float = 1.0,
    observables: npt.ArrayLike,
    means: npt.ArrayLike,
    tol: float = 1e-13,
) -> Tilted:
    """The distribution of least D(p‖p_eq) with the given means, or a hyperplane that separates them from all that can be.

    D(p‖p_eq) is what the relaxation to equilibrium produces, so that its least value is the least entropy production from these means.

    Parameters
    ----------
    energies : array_like, shape (states,)
    inverse_temperature : float
        β > 0; p_eq ∝ e^{-βE}.
    observables : array_like, shape (observables, states)
        Values of every observable.
    means : array_like, shape (observables,)
        η: the mean of each.
    tol : float
        Accepted distance of the means from η in units of their spread.

    Returns
    -------
    TiltedEquilibrium, OnTheBoundary or OutOfReach
        All have `least_entropy_production`.

    Examples
    --------
    >>> from irrev.information import OnTheBoundary, OutOfReach, tilted_equilibrium
    >>> found = tilted_equilibrium([0.0, 0.0], observables=[[0.0, 1.0]], means=[0.8])
    >>> found.theta.round(9), found.distribution.round(9)                      # ln 4
    (array([1.38629436]), array([0.2, 0.8]))
    >>> corner = tilted_equilibrium([0.0, 0.0], observables=[[0.0, 1.0]], means=[1.0])
    >>> isinstance(corner, OnTheBoundary), corner.face.tolist(), round(corner.least_entropy_production, 9)
    (True, [1], 0.693147181)
    >>> beyond = tilted_equilibrium([0.0, 0.0], observables=[[0.0, 1.0]], means=[1.5])
    >>> isinstance(beyond, OutOfReach), beyond.nearest_state, beyond.least_entropy_production
    (True, 1, inf)
    """
    table = matrix(observables, "observables")
    outcome, fields = _core.tilted_equilibrium(energies, inverse_temperature, table, means, tol)
    if outcome == "interior":
        return TiltedEquilibrium(**fields)
    if outcome == "out of reach":
        return OutOfReach(**fields)
    return OnTheBoundary(**{**fields, "on_the_face": TiltedEquilibrium(**fields["on_the_face"])})

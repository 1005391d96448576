"""Splits of the entropy production rate into a part that moves the state and a part that keeps it driven.

===================================== =============================================================== ====================
split                                 excess                                                          needs
===================================== =============================================================== ====================
`geometric_decomposition`             ‖projection of F on gradients‖² in ⟨·,·⟩_L                      the flow
`information_geometric_decomposition` least relative entropy of fluxes that move the state equally    the flow
`hatano_sasa_decomposition`           -dD(p‖π)/dt                                                     the stationary state
===================================== =============================================================== ====================
"""

from typing import Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._core import Flow, MarkovJump
from irrev._record import Convergence, Record, means


class GeometricDecomposition(Record):
    """Excess and housekeeping parts with the potential that carries the excess."""

    excess: Annotated[
        float,
        means("nats/time", "Excess entropy production rate Σ L F*² ≥ 0; infinite if no potential can carry the change"),
    ]
    housekeeping: Annotated[float, means("nats/time", "Housekeeping entropy production rate Σ L (F - F*)² ≥ 0")]
    potential: Annotated[
        FloatArray, means("nats", "ψ per state, zero mean on each component; empty if the excess is infinite")
    ]
    excess_force: Annotated[FloatArray, means("nats", "F* = Bᵀψ per edge; empty if the excess is infinite")]
    housekeeping_current: Annotated[
        FloatArray, means("1/time", "L (F - F*) per edge, divergence-free; empty if the excess is infinite")
    ]
    convergence: Annotated[Convergence, means("", "Relative residual of B L Bᵀ ψ = rate of change")]


class HatanoSasaDecomposition(Record):
    """Adiabatic and nonadiabatic entropy production rates."""

    adiabatic: Annotated[float, means("nats/time", "Cost of staying out of equilibrium, Σ J ln(k⁺π_x/(k⁻π_y)) ≥ 0")]
    nonadiabatic: Annotated[float, means("nats/time", "Cost of relaxing, -dD(p‖π)/dt ≥ 0")]


class InformationGeometricDecomposition(Record):
    """Information-geometric excess and housekeeping parts, with certificate."""

    excess: Annotated[float, means("nats/time", "Excess entropy production rate (the dual value)")]
    housekeeping: Annotated[float, means("nats/time", "Entropy production rate minus excess, ≥ 0")]
    potential: Annotated[FloatArray, means("nats", "Maximising potential φ per state, zero mean on each component")]
    primal: Annotated[float, means("nats/time", "Relative entropy of feasible fluxes: an upper bound on the excess")]
    gap: Annotated[float, means("nats/time", "Certified gap primal - dual ≥ 0")]
    convergence: Annotated[Convergence, means("", "Newton steps and the gap against its target")]


def geometric_decomposition(flow: Flow) -> GeometricDecomposition:
    """Geometric excess/housekeeping split of the entropy production rate of a flow.

    Among all forces that move the state in the same way, one is a gradient: F* = Bᵀψ with B L Bᵀ ψ = B J. It is the orthogonal projection
    of F in ⟨f, g⟩ = Σ L f g, so the parts are non-negative and add up to the entropy production rate.

    References
    ----------
    Maas, J. Funct. Anal. 261, 2250 (2011); Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017 (2023).

    Examples
    --------
    >>> from irrev.network import MarkovJump, geometric_decomposition
    >>> ring = MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
    >>> split = geometric_decomposition(ring.flow([0.5, 0.3, 0.2]))
    >>> round(split.excess, 12)
    0.869412095561
    """
    return GeometricDecomposition(**_core.geometric_decomposition(flow))


def hatano_sasa_decomposition(
    kinetics: MarkovJump, *, distribution: npt.ArrayLike, stationary: npt.ArrayLike
) -> HatanoSasaDecomposition:
    """Hatano-Sasa split at a distribution, given the stationary distribution.

    Raises
    ------
    ModelError
        If an edge has exactly one zero rate, or the stationary distribution vanishes somewhere.

    References
    ----------
    Hatano and Sasa, Phys. Rev. Lett. 86, 3463 (2001); Esposito and Van den Broeck, Phys. Rev. Lett. 104, 090601 (2010).

    Examples
    --------
    >>> from irrev.network import hatano_sasa_decomposition, three_state_ring
    >>> ring = three_state_ring(0.5, 1.0)
    >>> split = hatano_sasa_decomposition(ring, distribution=[0.5, 0.3, 0.2], stationary=ring.stationary_distribution())
    >>> split.adiabatic > 0 and split.nonadiabatic > 0
    True
    """
    return HatanoSasaDecomposition(**_core.hatano_sasa_decomposition(kinetics, distribution, stationary))


def information_geometric_decomposition(flow: Flow) -> InformationGeometricDecomposition:
    """Information-geometric excess/housekeeping split of the entropy production rate of a flow.

    The excess is the maximum over potentials φ of φ·(B J) - Σ [j⁻(e^d - 1) + j⁺(e^{-d} - 1)] with d = Bᵀφ.

    Raises
    ------
    ModelError
        If a flux is one way only.
    ConvergenceError
        If the gap stays above its target.

    References
    ----------
    Kolchinsky, Dechant, Yoshimura and Ito, arXiv:2206.14599 (2022).

    Examples
    --------
    >>> from irrev.network import MarkovJump, information_geometric_decomposition
    >>> ring = MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
    >>> round(information_geometric_decomposition(ring.flow([0.5, 0.3, 0.2])).excess, 10)
    0.7148284076
    """
    return InformationGeometricDecomposition(**_core.information_geometric_decomposition(flow))

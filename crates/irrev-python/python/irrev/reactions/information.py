"""Excess entropy production after Glansdorff and Prigogine, and the information geometry of amounts.

References: Glansdorff and Prigogine, Thermodynamic Theory of Structure, Stability and Fluctuations (1971); Kolchinsky, Dechant, Yoshimura and Ito,
arXiv:2206.14599 (2022); Yoshimura and Ito, Phys. Rev. Research 3, 013175 (2021).
"""

from typing import Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, matrix
from irrev._core import Flow, ReactionSystem
from irrev._record import Record, means


class FisherSpeed(Record):
    """Speed of a state in the information geometry of positive measures."""

    information: Annotated[float, means("amount/time²", "I = Σ (dx/dt)²/x")]
    rate_of_change: Annotated[float, means("amount/time³", "dI/dt, for laws without explicit time")]


class DualCoordinates(Record):
    """Coordinates of a state at extents ξ of reaction."""

    amounts: Annotated[FloatArray, means("amount", "x = x° + S ξ")]
    chemical_potential_shift: Annotated[FloatArray, means("RT", "ln(x/x°) per species")]
    dual: Annotated[FloatArray, means("nats", "θ = Sᵀ ln(x/x°) per reaction")]
    affinity: Annotated[FloatArray, means("nats", "-θ: the force that drives each reaction forward")]
    gibbs_difference: Annotated[float, means("RT·amount", "D(x‖x°) ≥ 0")]
    metric: Annotated[FloatArray, means("1/amount", "Sᵀ diag(1/x) S: Hessian of D in the extents")]
    legendre_dual_potential: Annotated[float, means("RT·amount", "θ·ξ - D")]


def glansdorff_prigogine_excess(flow: Flow, *, steady: Flow) -> float:
    """Excess Σ (J - J°)(F - F°) of a flow over that of a steady state, in nats per time; negative where the steady state is unstable.

    Channels count one by one: merging two reactions that change the same species gives another number.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, glansdorff_prigogine_excess
    >>> relax = ReactionSystem(["A", "B"], reactions=[("r", "A <=> B", 1.0, 1.0)])
    >>> round(glansdorff_prigogine_excess(relax.flow([1.5, 0.5]), steady=relax.flow([1.0, 1.0])), 12)
    1.098612288668
    """
    return _core.glansdorff_prigogine_excess(flow, steady)


def divergence_decay(
    system: ReactionSystem, *, amounts: npt.ArrayLike, steady: npt.ArrayLike, time: float = 0.0
) -> float:
    """-dD(x‖x°)/dt = -Σ (dx/dt) ln(x/x°), in nats per time; all amounts above 0."""
    return _core.divergence_decay(system, amounts, steady, time)


def fisher_speed(system: ReactionSystem, *, amounts: npt.ArrayLike, time: float = 0.0) -> FisherSpeed:
    """Fisher information of time and its time derivative at a state with all amounts above 0.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, fisher_speed
    >>> decay = ReactionSystem(["X"], reactions=[("decay", "X -> 0", 2.0, 0.0)])
    >>> fisher_speed(decay, amounts=[3.0]).information
    12.0
    """
    return FisherSpeed(**_core.fisher_speed(system, amounts, time))


def dual_coordinates(
    stoichiometry: npt.ArrayLike, *, equilibrium: npt.ArrayLike, extents: npt.ArrayLike
) -> DualCoordinates:
    """Coordinates of the state x = x° + S ξ.

    Parameters
    ----------
    stoichiometry : array_like, shape (species, reactions)
        S = products - reactants, as `ReactionSystem.stoichiometry`.
    equilibrium : array_like, shape (species,)
        x°, all above 0.
    extents : array_like, shape (reactions,)
        ξ.

    Examples
    --------
    >>> from irrev.reactions import dual_coordinates
    >>> dual_coordinates([[-1.0], [1.0]], equilibrium=[1.0, 1.0], extents=[0.5]).affinity.round(12)
    array([-1.09861229])
    """
    fields = _core.dual_coordinates(matrix(stoichiometry, "stoichiometry"), equilibrium, extents)
    return DualCoordinates(**fields)


def divergence(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """D(x‖y) = Σ x ln(x/y) - x + y ≥ 0 of amounts; infinite where y = 0 < x.

    For y in equilibrium it is the difference of the Gibbs energies, in RT.

    Examples
    --------
    >>> from irrev.reactions import divergence
    >>> divergence([1.0, 2.0], [1.0, 2.0])
    0.0
    """
    return _core.divergence(x, y)

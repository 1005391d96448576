"""The master equation as a gradient flow of relative entropy, and how far driving spoils it."""

from typing import Annotated

import numpy.typing as npt

from irrev import _core
from irrev._core import MarkovJump
from irrev._record import Record, means


class GradientFlowIdentity(Record):
    """Both sides of the gradient-flow identity at one state."""

    residual: Annotated[float, means("1/time", "max |(dp/dt + B L Bᵀ ln(p/π))_i|: 0 with detailed balance")]
    detailed_balance_defect: Annotated[float, means("1/time", "Largest stationary current: 0 with detailed balance")]
    relative_entropy_rate: Annotated[float, means("nats/time", "dD(p‖π)/dt ≤ 0")]
    entropy_production_rate: Annotated[
        float, means("nats/time", "Entropy production rate; -dD/dt with detailed balance")
    ]


def gradient_flow_identity(kinetics: MarkovJump, *, distribution: npt.ArrayLike) -> GradientFlowIdentity:
    """Evaluates dp/dt = -B L Bᵀ ln(p/π) at a distribution with full support.

    References
    ----------
    Maas, J. Funct. Anal. 261, 2250 (2011).
    """
    return GradientFlowIdentity(**_core.gradient_flow_identity(kinetics, distribution))

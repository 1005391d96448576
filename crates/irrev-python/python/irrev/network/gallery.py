"""Small systems whose thermodynamics is known in closed form."""

from irrev import _core
from irrev._core import Energetics, MarkovJump


def three_state_ring(force: float, rate: float) -> MarkovJump:
    """Ring of three states, each edge with rates k e^{±force/2}.

    The stationary state is uniform, with entropy production rate 2k sinh(force/2) · force.

    Parameters
    ----------
    force : float
        Force per edge, in nats.
    rate : float
        k, in 1/time.
    """
    return _core.three_state_ring(force, rate)


def two_level_two_baths(gap: float, hot: float, cold: float, rate: float) -> tuple[MarkovJump, Energetics]:
    """Two levels with an energy gap, coupled to a hot and a cold reservoir at equal rates γ e^{∓gap/2T}."""
    return _core.two_level_two_baths(gap, hot, cold, rate)

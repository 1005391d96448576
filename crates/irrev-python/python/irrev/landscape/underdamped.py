"""Coupled oscillators, each with a bath of its own.

m_i q̈_i = -(K q)_i - m_i γ_i q̇_i + √(2 m_i γ_i T_i) ξ_i. Velocities are odd under time reversal, so that only the current due to friction and noise dissipates: Q_i = γ_i (T_i - m_i ⟨q̇_i²⟩) and Σ̇ = dS/dt - Σ_i Q_i/T_i ≥ 0.

Conventions: state (q₁ … q_n, q̇₁ … q̇_n); heat is positive into the system; k_B = 1.

References: Seifert, Rep. Prog. Phys. 75, 126001 (2012); Spinney and Ford, Phys. Rev. E 85, 051113 (2012).
"""

from typing import Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, finite, matrix, real
from irrev._record import Record, means
from irrev.landscape.linear import gaussian, normal
from irrev.transport.gaussian import Gaussian, Normal

__all__ = ["HeatFlows", "Oscillators"]


class HeatFlows(Record):
    """What baths give and what is lost, per unit time."""

    heat: Annotated[FloatArray, means("energy/time", "Q_i, positive into the system")]
    entropy_production_rate: Annotated[float, means("nats/time", "Σ̇ ≥ 0")]
    system: Annotated[float, means("nats/time", "dS/dt")]


class Oscillators(Record):
    """Oscillators with potential q·K q/2, each with a mass and a bath.

    Parameters
    ----------
    stiffness : array_like, shape (n, n)
        K, symmetric.
    friction : array_like, shape (n,), or float
        γ_i ≥ 0, in 1/time; 0 for an oscillator without a bath.
    temperatures : array_like, shape (n,), or float
        T_i of the baths, in the unit of energy.
    masses : array_like, shape (n,), or float
        m_i.

    Examples
    --------
    >>> from irrev.landscape.underdamped import Oscillators
    >>> pair = Oscillators([[2.0, -1.0], [-1.0, 2.0]], friction=[0.5, 1.2], temperatures=[2.0, 1.0])
    >>> flows = pair.heat_flows(pair.stationary())
    >>> flows.heat.round(6).tolist(), round(flows.entropy_production_rate, 6)          # Q (1/T₂ - 1/T₁)
    ([0.160428, -0.160428], 0.080214)
    """

    stiffness: Annotated[FloatArray, means("", "K")]
    friction: Annotated[FloatArray, means("1/time", "γ_i")]
    temperatures: Annotated[FloatArray, means("energy", "T_i")]
    masses: Annotated[FloatArray, means("", "m_i")]

    def __init__(
        self,
        stiffness: npt.ArrayLike,
        friction: npt.ArrayLike,
        temperatures: npt.ArrayLike,
        masses: npt.ArrayLike = 1.0,
    ) -> None:
        k = matrix(stiffness, "stiffness").copy()

        def each(values: npt.ArrayLike, name: str) -> FloatArray:
            array = real(values, name)
            return np.array(finite(np.broadcast_to(array, len(k)) if array.ndim == 0 else array, name, len(k)))

        given = {"masses": masses, "friction": friction, "temperatures": temperatures}
        self.__dict__.update(stiffness=k, **{name: each(values, name) for name, values in given.items()})
        self.__post_init__()
        _core.oscillators_stationary(self._parts, True)

    @property
    def _parts(self) -> tuple[FloatArray, list[tuple[float, float, float]]]:
        return self.stiffness, list(
            zip(self.masses.tolist(), self.friction.tolist(), self.temperatures.tolist(), strict=True)
        )

    def stationary(self) -> Gaussian:
        """The stationary normal distribution of (q, q̇). Raises ModelError if there is none: K is not positive definite, or a motion meets no friction."""
        return gaussian(_core.oscillators_stationary(self._parts, False))

    def at(self, start: Normal, *, time: float) -> Gaussian:
        """The distribution of (q, q̇) a time t ≥ 0 after `start`."""
        return gaussian(_core.oscillators_at(self._parts, normal(start, "start"), time))

    def heat_flows(self, state: Normal) -> HeatFlows:
        """Heat flows and entropy production in a normal state of (q, q̇)."""
        return HeatFlows(**_core.oscillators_heat(self._parts, normal(state, "state")))

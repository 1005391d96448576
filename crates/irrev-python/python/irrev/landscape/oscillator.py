"""The damped oscillator in a bath, of which every correlation is known: a yardstick for what sampling and filtering do.

ẍ = -ω² x - γ ẋ + noise at kT, mass 1: C(t) = ⟨x(t) x(0)⟩ = (kT/ω²) e^{-γt/2} [cos Ωt + (γ/2Ω) sin Ωt], Ω² = ω² - γ²/4.

References: Chandrasekhar, Rev. Mod. Phys. 15, 1 (1943).
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, one_or_more


class DampedOscillator:
    """A harmonic oscillator of mass 1 with friction, in equilibrium.

    Parameters
    ----------
    omega_squared : float
        ω², in 1/time².
    friction : float
        γ ≥ 0, in 1/time.
    temperature : float
        kT.

    Examples
    --------
    >>> from irrev.landscape import DampedOscillator
    >>> free = DampedOscillator(omega_squared=4.0, temperature=1.0)
    >>> free.autocovariance([0.0, 1.0]).round(6).tolist()
    [0.25, -0.104037]
    """

    __slots__ = ("_parts",)
    _parts: tuple[float, float, float]

    def __init__(self, *, omega_squared: float, friction: float = 0.0, temperature: float = 1.0) -> None:
        self._parts = (float(omega_squared), float(friction), float(temperature))
        self.autocovariance(0.0)

    @property
    def omega_squared(self) -> float:
        """ω², in 1/time²."""
        return self._parts[0]

    @property
    def friction(self) -> float:
        """γ, in 1/time."""
        return self._parts[1]

    @property
    def temperature(self) -> float:
        """kT."""
        return self._parts[2]

    def __eq__(self, other: object) -> bool:
        return self._parts == other._parts if isinstance(other, DampedOscillator) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._parts)

    def __repr__(self) -> str:
        return f"DampedOscillator(omega_squared={self._parts[0]:g}, friction={self._parts[1]:g}, temperature={self._parts[2]:g})"

    def autocovariance(self, times: npt.ArrayLike) -> FloatArray:
        """C(t) = ⟨x(t) x(0)⟩ at times."""
        return _core.oscillator_autocovariance(self._parts, one_or_more(times, "times"))


Autocovariance: TypeAlias = Callable[[float], float] | DampedOscillator
"""C(t) = ⟨r(t) r(0)⟩, as a function of a number or an oscillator."""


def autocovariance_parts(given: Autocovariance) -> tuple[float, float, float] | Callable[[float], float]:
    """An autocovariance as the extension takes it."""
    if isinstance(given, DampedOscillator):
        return given._parts
    if not callable(given):
        raise TypeError("autocovariance must be a function of t, or a DampedOscillator")
    return given

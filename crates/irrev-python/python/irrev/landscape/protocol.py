"""Protocols of least work and least dissipation for overdamped motion on a line, in closed form.

dx = -μ V'(x, t) dt + √(2μT) dW. Between two distributions in a time τ no potential dissipates less than W₂²/(μ T τ), and one does just that: it moves every quantile at constant speed, V(x, t) = -T ln p(x, t) - μ⁻¹ ∫ v(x, t) dx. V jumps at
both ends by μ⁻¹ ∫ v dx, which a smooth ansatz misses.

Conventions: k_B = 1, work in the unit of T.

References: Schmiedl and Seifert, Phys. Rev. Lett. 98, 108301 (2007); Aurell, Mejía-Monasterio and Muratore-Ginanneschi, Phys. Rev. Lett. 106, 250601 (2011).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, one_or_more, vector, whole
from irrev._record import Record, means
from irrev.exceptions import ModelError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "DisplacementProtocol",
    "GaussianProtocol",
    "MovedTrap",
    "ProtocolAt",
    "StiffenedTrap",
    "TrapAt",
    "displacement",
    "gaussian_ends",
    "moved_trap",
    "stiffened_trap",
]


class MovedTrap(Record):
    """The centre λ of a harmonic trap k (x - λ)²/2 on its best way over a distance, from equilibrium."""

    work: Annotated[float, means("energy", "Least mean work k L²/(2 + μ k τ)")]
    jump: Annotated[float, means("length", "Jump of λ at the start, and again at the end: L/(2 + μ k τ)")]
    speed: Annotated[float, means("length/time", "dλ/dt in between, which is also d⟨x⟩/dt")]


def moved_trap(*, stiffness: float, distance: float, duration: float, mobility: float = 1.0) -> MovedTrap:
    """The best way to move a trap of stiffness k over a distance L in a time τ, at a mobility μ.

    Examples
    --------
    >>> from irrev.landscape.protocol import moved_trap
    >>> best = moved_trap(stiffness=1.0, distance=2.0, duration=3.0)
    >>> best.work, best.jump, best.speed
    (0.8, 0.4, 0.4)
    """
    return MovedTrap(**_core.moved_trap(stiffness, distance, duration, mobility))


class StiffenedTrap(Record):
    """A harmonic trap k x²/2 whose stiffness is changed in the best way, from equilibrium."""

    work: Annotated[float, means("energy", "Least mean work")]
    free_energy_difference: Annotated[float, means("energy", "ΔF = (T/2) ln(k₁/k₀)")]
    standard_deviation: Annotated[
        tuple[float, float],
        means("length", "At the start, and at the end of the protocol; it changes linearly in between"),
    ]
    inner_stiffness: Annotated[
        tuple[float, float],
        means("energy/length²", "Stiffness after the jump at the start, and before the jump at the end"),
    ]


def stiffened_trap(
    *, from_: float, to: float, duration: float, temperature: float = 1.0, mobility: float = 1.0
) -> StiffenedTrap:
    """The best way to change the stiffness of a trap from k₀ to k₁ in a time τ, at T and μ.

    Examples
    --------
    >>> from irrev.landscape.protocol import stiffened_trap
    >>> best = stiffened_trap(from_=1.0, to=4.0, duration=1.0)
    >>> round(best.work, 12), best.work > best.free_energy_difference
    (0.890571785491, True)
    """
    return StiffenedTrap(**_core.stiffened_trap(from_, to, duration, temperature, mobility))


class TrapAt(Record):
    """Harmonic traps k (x - c)²/2 and the distributions in them, at some times."""

    times: Annotated[FloatArray, means("time", "The times")]
    mean: Annotated[FloatArray, means("length", "Mean of x")]
    standard_deviation: Annotated[FloatArray, means("length", "Standard deviation of x")]
    stiffness: Annotated[
        FloatArray,
        means("energy/length²", "k; negative where the distribution is to spread faster than it does by itself"),
    ]
    centre: Annotated[FloatArray, means("length", "c; infinite at the moment at which k = 0")]


class GaussianProtocol(Record):
    """Overdamped motion between two normal distributions, by a harmonic trap that is moved and stiffened."""

    squared_distance: Annotated[float, means("length²", "W₂² = (m₁ - m₀)² + (s₁ - s₀)²")]
    entropy_production: Annotated[float, means("nats", "W₂²/(μ T τ)")]
    from_: Annotated[tuple[float, float], means("length", "Mean and standard deviation at the start")]
    to: Annotated[tuple[float, float], means("length", "The same at the end")]
    duration: Annotated[float, means("time", "τ")]
    temperature: Annotated[float, means("energy", "T")]
    mobility: Annotated[float, means("", "μ")]

    def at(self, times: npt.ArrayLike) -> TrapAt:
        """The traps at times from 0 (just after the first jump) to τ (just before the last)."""
        when = one_or_more(times, "times")
        ends = (self.from_, self.to, self.duration, self.temperature, self.mobility)
        return TrapAt(times=when, **_core.gaussian_trap_at(ends, when))

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        found = self.at(np.linspace(0.0, self.duration, 101))
        return {"times": found.times, "stiffness": found.stiffness, "centre": found.centre}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Stiffness and centre of the trap against time; returns the axes."""
        from irrev._plot import lines

        data = self.plot_data()
        columns = np.stack([data["stiffness"], data["centre"]], axis=1)
        return lines(ax, data["times"], columns, ["stiffness", "centre"], "time", "trap")


def gaussian_ends(
    *,
    from_: tuple[float, float],
    to: tuple[float, float],
    duration: float,
    temperature: float = 1.0,
    mobility: float = 1.0,
) -> GaussianProtocol:
    """The protocol of least dissipation between N(m₀, s₀²) and N(m₁, s₁²), each given as (m, s), in a time τ at T and μ.

    Examples
    --------
    >>> from irrev.landscape.protocol import gaussian_ends
    >>> best = gaussian_ends(from_=(0.0, 1.0), to=(2.0, 0.5), duration=1.5)
    >>> round(best.entropy_production, 12), best.at([0.0]).stiffness.round(12).tolist()              # after a jump from 1
    (2.833333333333, [1.333333333333])
    """
    (m0, s0), (m1, s1) = from_, to
    ends = ((float(m0), float(s0)), (float(m1), float(s1)), float(duration), float(temperature), float(mobility))
    start, end, tau, kt, mu = ends
    return GaussianProtocol(
        **_core.gaussian_protocol(ends), from_=start, to=end, duration=tau, temperature=kt, mobility=mu
    )


class ProtocolAt(Record):
    """The protocol at one time, between neighbouring quantiles."""

    points: Annotated[FloatArray, means("length", "Midpoints x between neighbouring quantiles")]
    density: Annotated[FloatArray, means("1/length", "p(x, t)")]
    velocity: Annotated[FloatArray, means("length/time", "v(x, t)")]
    potential: Annotated[FloatArray, means("energy", "V(x, t), zero at the first point")]
    equilibrium_potential: Annotated[
        FloatArray, means("energy", "-T ln p(x, t), zero at the first point; V less this is the jump at either end")
    ]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {"points": self.points, "potential": self.potential, "equilibrium_potential": self.equilibrium_potential}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Both potentials; returns the axes."""
        from irrev._plot import lines

        columns = np.stack([self.potential, self.equilibrium_potential], axis=1)
        return lines(ax, self.points, columns, ["V", "-T ln p"], "position", "energy")


class DisplacementProtocol(Record):
    """Overdamped motion between two distributions on a line in a given time with the least dissipation."""

    squared_distance: Annotated[float, means("length²", "W₂² by the midpoint rule")]
    entropy_production: Annotated[float, means("nats", "W₂²/(μ T τ)")]
    from_: Annotated[FloatArray, means("length", "Quantiles of the start at the levels (i + ½)/n")]
    to: Annotated[FloatArray, means("length", "Those of the end")]
    duration: Annotated[float, means("time", "τ")]
    temperature: Annotated[float, means("energy", "T")]
    mobility: Annotated[float, means("", "μ")]

    def at(self, time: float) -> ProtocolAt:
        """Density, velocity and potential at a time from 0 (just after the first jump) to τ (just before the last)."""
        parts = (self.from_, self.to, self.duration, self.temperature, self.mobility)
        return ProtocolAt(**_core.displacement_at(parts, time))


def displacement(
    *,
    from_: Callable[[FloatArray], Any] | npt.ArrayLike,
    to: Callable[[FloatArray], Any] | npt.ArrayLike,
    duration: float,
    levels: int = 1000,
    temperature: float = 1.0,
    mobility: float = 1.0,
) -> DisplacementProtocol:
    """The protocol of least dissipation between two distributions on a line, given by their quantiles.

    Parameters
    ----------
    from_, to : function or array_like
        Quantile functions of an array of levels, or quantiles at the levels (i + ½)/n themselves, strictly ascending. Errors are of order n⁻² where quantile functions are smooth.
    levels : int
        n, for functions.

    Raises ModelError for a distribution with atoms or gaps, which no potential carries.

    Examples
    --------
    A uniform distribution that is shifted: every point moves at the same speed, and the potential is a slope.

    >>> from irrev.landscape.protocol import displacement
    >>> shifted = displacement(from_=lambda u: u, to=lambda u: u + 2.0, duration=4.0, mobility=0.5, levels=100)
    >>> round(shifted.entropy_production, 12)
    2.0
    >>> now = shifted.at(1.0)
    >>> abs(now.potential + now.points - now.points[0]).max() < 1e-12
    np.True_
    """
    n = whole(levels, "levels", 1)
    at = (np.arange(n) + 0.5) / n

    def quantiles(given: Any, name: str) -> FloatArray:
        found = vector(given(at) if callable(given) else given, name)
        if callable(given) and len(found) != n:
            raise ModelError(f"{name} gave {len(found)} quantiles for {n} levels")
        return found

    parts = (quantiles(from_, "from_"), quantiles(to, "to"), float(duration), float(temperature), float(mobility))
    squared, produced = _core.displacement_protocol(parts)
    start, end, tau, kt, mu = parts
    return DisplacementProtocol(
        squared_distance=squared,
        entropy_production=produced,
        from_=start,
        to=end,
        duration=tau,
        temperature=kt,
        mobility=mu,
    )

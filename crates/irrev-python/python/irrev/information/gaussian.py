"""Normal distributions: Fisher information of time, distances, and the relaxation in a harmonic trap.

References: Atkinson and Mitchell, Sankhyā A 43, 345 (1981); Ito and Dechant, Phys. Rev. X 10, 021056 (2020).
"""

from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, matrix, vector
from irrev._record import Record, means
from irrev.information.path import StatisticalLength, length
from irrev.transport.gaussian import Gaussian, Normal

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def normal_fisher_information(variance: float, *, mean_rate: float, variance_rate: float) -> float:
    """I = ṁ²/V + V̇²/(2V²) of a normal distribution in one dimension, in 1/time².

    Examples
    --------
    >>> from irrev.information import normal_fisher_information
    >>> normal_fisher_information(0.25, mean_rate=2.0, variance_rate=0.5)
    18.0
    """
    return _core.normal_fisher_information(variance, mean_rate, variance_rate)


def normal_distance(from_: tuple[float, float], to: tuple[float, float]) -> float:
    """Fisher-Rao distance √2 arccosh(1 + [Δm²/2 + Δs²]/(2 s₀ s₁)) between two normal distributions, each (mean, variance), s = √V.

    Examples
    --------
    >>> from irrev.information import normal_distance
    >>> round(normal_distance((0.0, 1.0), (0.0, 4.0)), 12)                     # √2 ln 2
    0.980258143469
    """
    return _core.normal_distance(from_, to)


def gaussian_fisher_information(
    state: Normal, *, mean_rate: npt.ArrayLike, covariance_rate: npt.ArrayLike
) -> float:
    """I = ṁᵀΣ⁻¹ṁ + ½ tr(Σ⁻¹Σ̇)² of a normal distribution, in 1/time²; `state` is a `Gaussian` or a pair (mean, covariance).

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.information import gaussian_fisher_information
    >>> quarter, half = 0.25 * np.eye(2), 0.5 * np.eye(2)
    >>> round(gaussian_fisher_information(([0.0, 0.0], quarter), mean_rate=[2.0, 0.0], covariance_rate=half), 12)
    20.0
    """
    mean, covariance = (state.mean, state.covariance) if isinstance(state, Gaussian) else state
    moments = vector(mean, "mean of state"), matrix(covariance, "covariance of state")
    return _core.gaussian_fisher_information(moments, mean_rate, matrix(covariance_rate, "covariance_rate"))


class TrapSpeedAt(Record):
    """A normal distribution in a trap at one time, and how fast it changes."""

    time: Annotated[float, means("time", "Time from the start")]
    mean: Annotated[float, means("", "m")]
    variance: Annotated[float, means("", "V")]
    fisher_information: Annotated[float, means("1/time²", "I = ṁ²/V + V̇²/(2V²)")]
    speed: Annotated[float, means("1/time", "√I")]
    entropy_production_rate: Annotated[float, means("nats/time", "Σ̇ = [ṁ² + (D/V - k)² V]/D")]
    slack: Annotated[float, means("", "I V - ṁ² = V̇²/(2V): slack of the Cramér-Rao inequality for x")]


class TrapSpeed(Record):
    """A relaxation in a trap in the geometry of normal distributions."""

    at: Annotated[tuple[TrapSpeedAt, ...], means("", "The times asked for")]
    path: Annotated[StatisticalLength, means("", "Length, action and the Fisher-Rao distance of the ends")]
    entropy_production: Annotated[float, means("nats", "Σ over the duration")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the times asked for, and the speed √I."""
        return {"time": np.array([at.time for at in self.at]), "speed": np.array([at.speed for at in self.at])}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Speed over the times asked for; returns the axes."""
        from irrev._plot import lines

        data = self.plot_data()
        return lines(ax, data["time"], data["speed"], ["speed"], "time", "speed √I (1/time)")


class OrnsteinUhlenbeck(Record):
    """dx = -k (x - μ) dt + √(2D) dW.

    Examples
    --------
    >>> from irrev.information import OrnsteinUhlenbeck
    >>> trap = OrnsteinUhlenbeck(stiffness=1.0, diffusion=0.5, centre=2.0)
    >>> found = trap.speed(mean=0.0, variance=0.25, duration=2.0, times=[0.0])
    >>> round(found.at[0].fisher_information, 12), round(found.path.length.value, 9)
    (18.0, 2.810906729)
    >>> round(found.entropy_production, 9)
    4.023289939
    """

    stiffness: Annotated[float, means("1/time", "k > 0")]
    diffusion: Annotated[float, means("x²/time", "D > 0")]
    centre: Annotated[float, means("x", "μ, where the trap stands")] = 0.0

    def speed(
        self, *, mean: float, variance: float, duration: float, times: npt.ArrayLike = ()
    ) -> TrapSpeed:
        """The relaxation from N(mean, variance) over [0, duration], in closed form but for the length, which is one integral."""
        parts = (self.stiffness, self.diffusion, self.centre)
        fields = _core.trap_speed(parts, (mean, variance), duration, times)
        fields["at"] = tuple(TrapSpeedAt(**at) for at in fields["at"])
        fields["path"] = length(fields["path"])
        return TrapSpeed(**fields)

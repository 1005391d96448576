"""Landscapes of a model in a plane: ρ, w and a of a coordinate R(q) as integrals over its level sets.

For H = |p|²/2 + V(q) in mass-weighted coordinates at kT, ρ(r) = Z⁻¹ ∫ δ(R - r) e^{-V/kT} dq, w(r) = kT ⟨|∇R|²; r⟩ and a(r) = ⟨kT ΔR - ∇R·∇V; r⟩. In a chart q(r, s) of the level sets with area element J dr ds, the average at r is one
integral over s, done adaptively to 1e-12; functions are asked for many points at a time.

References: Kawai, Ensemble 16 (2014), equations 5 to 24.
"""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, real, vector
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.landscape.axes import Function, evaluated
from irrev.landscape.profiles import Profile

__all__ = ["LevelSets", "PlanarSystem", "project"]

Chart: TypeAlias = Callable[[FloatArray, FloatArray], Any]


class LevelSets(Record):
    """A coordinate R of the plane as a chart q(r, s) of its level sets."""

    name: Annotated[str, means("", "Which coordinate")]
    numbers: Annotated[tuple[float, float], means("", "What it depends on")]
    chart: Annotated[Chart | None, means("", "(x, y, J, R_x, R_y, ΔR) at (r, s), for a coordinate of one's own")]
    range: Annotated[Function | None, means("", "Lower and upper end of s at r, for such a one")]

    @classmethod
    def linear(cls, x: float, y: float) -> "LevelSets":
        """R = x q₁ + y q₂."""
        return cls(name="linear", numbers=(float(x), float(y)), chart=None, range=None)

    @classmethod
    def distance(cls, x: float, y: float) -> "LevelSets":
        """R = |q - (x, y)|, positive."""
        return cls(name="distance", numbers=(float(x), float(y)), chart=None, range=None)

    @classmethod
    def difference_of_distances(cls, focus: float) -> "LevelSets":
        """R = |q - (-f, 0)| - |q - (f, 0)|, between -2f and 2f."""
        return cls(name="difference of distances", numbers=(float(focus), 0.0), chart=None, range=None)

    @classmethod
    def elliptic_angle(cls, focus: float, *, unit: float = 1.0) -> "LevelSets":
        """R = c ν with q = f (cosh μ cos ν, sinh μ sin ν), μ ≥ 0: an angle round the segment between the foci, of period 2π c, -π c < r ≤ π c; `unit` is c."""
        return cls(name="elliptic angle", numbers=(float(focus), float(unit)), chart=None, range=None)

    @classmethod
    def parabola(cls, curvature: float) -> "LevelSets":
        """R = q₂ + g q₁²."""
        return cls(name="parabola", numbers=(float(curvature), 0.0), chart=None, range=None)

    @classmethod
    def of_chart(cls, chart: Chart, *, range: Function) -> "LevelSets":
        """Any coordinate.

        Parameters
        ----------
        chart : function
            Of arrays r and s, giving (x, y, J, R_x, R_y, ΔR): the point q(r, s), J = |∂q/∂(r, s)|, and gradient and Laplacian of R there, each an array or a number.
        range : function
            Of an array r, giving the lower and upper end of s at each.

        Examples
        --------
        >>> import numpy as np
        >>> from irrev.landscape.projection import LevelSets, PlanarSystem, project
        >>> trap = PlanarSystem(lambda x, y: (x**2 + y**2) / 2, gradient=lambda x, y: (x, y), temperature=0.5, reach=7.0)
        >>> own = LevelSets.of_chart(lambda r, s: (r, s, 1.0, 1.0, 0.0, 0.0), range=lambda r: (-7.0, 7.0))
        >>> found, same = (project(trap, coordinate=c, points=[0.0, 1.0]) for c in (own, LevelSets.linear(1.0, 0.0)))
        >>> found.isclose(same, atol=1e-14)
        True
        """
        return cls(name="chart", numbers=(0.0, 0.0), chart=chart, range=range)

    @property
    def _parts(self) -> Any:
        if self.chart is None or self.range is None:
            return self.name, *self.numbers
        chart, range_ = self.chart, self.range

        def ends(r: FloatArray) -> tuple[FloatArray, ...]:
            return tuple(vector(np.array(np.broadcast_to(real(end, "range"), r.shape)), "range") for end in range_(r))

        return lambda rows: evaluated(chart, rows, "chart", 6), ends


class PlanarSystem(Record):
    """A particle in a plane, in mass-weighted coordinates, at a temperature.

    Parameters
    ----------
    potential : function
        V(x, y) of two arrays.
    gradient : function
        (∂V/∂x, ∂V/∂y) of the same.
    temperature : float
        kT.
    reach : float
        A distance from the origin beyond which e^{-V/kT} is negligible.

    Examples
    --------
    A double well seen along its own axis: G = V.

    >>> from irrev.landscape import surfaces
    >>> from irrev.landscape.projection import LevelSets, PlanarSystem, project
    >>> wells = PlanarSystem(
    ...     lambda x, y: (x**2 - 1) ** 2 + y**2 / 2, gradient=lambda x, y: (4 * x * (x**2 - 1), y), temperature=0.25, reach=5.0
    ... )
    >>> profile = project(wells, coordinate=LevelSets.linear(1.0, 0.0), points=[-1.0, -0.5, 0.0, 0.5, 1.0])
    >>> surfaces(profile, temperature=0.25).free_energy.round(9) + 0.0
    array([0.    , 0.5625, 1.    , 0.5625, 0.    ])
    """

    potential: Annotated[Function, means("energy", "V")]
    gradient: Annotated[Function, means("energy/length", "∇V")]
    temperature: Annotated[float, means("energy", "kT")]
    reach: Annotated[float, means("length", "Distance from the origin beyond which nothing is found")]

    def __init__(self, potential: Function, gradient: Function, temperature: float, reach: float) -> None:
        self.__dict__.update(potential=potential, gradient=gradient, temperature=float(temperature), reach=float(reach))

    def _at(self, rows: FloatArray) -> FloatArray:
        return np.concatenate(
            [evaluated(self.potential, rows, "potential", 1), evaluated(self.gradient, rows, "gradient", 2)], axis=1
        )


def project(
    system: PlanarSystem, *, coordinate: LevelSets, points: npt.ArrayLike, progress: Progress = None
) -> Profile:
    """ρ, w and a of a coordinate at ascending points; `surfaces` makes landscapes of it.

    Raises
    ------
    ModelError
        For points that do not ascend, a value that the coordinate does not take, or a potential that is not finite within reach.
    ConvergenceError
        Where a mean does not converge, as ⟨|∇R|²; r⟩ does not if ∇R diverges on the level set.

    Examples
    --------
    A round trap: the distance from its centre has ρ = (r/kT) e^{-r²/2kT}, w = kT, a = kT/r - r.

    >>> import numpy as np
    >>> from irrev.landscape.projection import LevelSets, PlanarSystem, project
    >>> trap = PlanarSystem(lambda x, y: (x**2 + y**2) / 2, gradient=lambda x, y: (x, y), temperature=0.5, reach=7.0)
    >>> found = project(trap, coordinate=LevelSets.distance(0.0, 0.0), points=[0.5, 1.0, 2.0])
    >>> abs(found.density[1] - 2 * np.exp(-1)) < 1e-11, abs(found.mean_acceleration[0] - 0.5) < 1e-11
    (np.True_, np.True_)
    """
    run = options(progress=progress)
    given = (system.temperature, system.reach)
    return Profile(**_core.project(system._at, given, coordinate._parts, points, run))

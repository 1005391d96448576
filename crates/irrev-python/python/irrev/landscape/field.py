"""A field as the gradient of a potential and a flux, on a grid.

F = -A∇V_m + v, ∇·(ρ v) = 0, n·v ρ = 0 on walls: the projection in L²(ρ), with ⟨F·A⁻¹F⟩ = ⟨∇V_m·A∇V_m⟩ + ⟨v·A⁻¹v⟩ to rounding. The metric A says how the coordinates compare; without it, the split would change with their
units.

A flux is not yet irreversible: in equilibrium F_i = ρ⁻¹ Σ_j ∂_j(W_ij ρ) with W_ij = ⟨Ṙ_i Ṙ_j; r⟩, and where W depends on r this has a flux part of its own. `attributed` tells that metric part from the rest.

Conventions: V_m has mean zero in ρ on each component; it differs from that of the continuum by O(h²).

References: Kawai, Ensemble 16 (2014), equations 14 and 15.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, real, vector, whole
from irrev._record import Record, means
from irrev._run import Progress, memory_limit, options
from irrev.exceptions import ModelError
from irrev.landscape.axes import Axes, Axis, Function, evaluated, listed, parts_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Plot

__all__ = ["Attribution", "FieldSplit", "GridField", "attributed", "split"]


class GridField(Record):
    """A field F and a density ρ on a grid of one to three dimensions; walls reflect.

    Examples
    --------
    A torque on a circle is no gradient, which its circulation says.

    >>> import numpy as np
    >>> from irrev.landscape import Axis
    >>> from irrev.landscape.field import GridField
    >>> circle = Axis.circle(0.0, 2 * np.pi, intervals=8)
    >>> GridField.from_functions(circle, density=lambda x: 1.0, field=lambda x: 0.5).circulation().round(12).tolist()
    [3.14159265359]
    """

    axes: Annotated[tuple[Axis, ...], means("", "The axes")]
    points: Annotated[
        FloatArray, means("", "Where the nodes stand, shape (nodes, axes), the last axis running fastest")
    ]
    edges: Annotated[_core.LandscapeField, means("", "Where the values on edges are kept")]

    @classmethod
    def _of(cls, axes: tuple[Axis, ...], source: Any) -> "GridField":
        edges = _core.LandscapeField(parts_of(axes), source, memory_limit())
        return cls(axes=axes, points=edges.points(), edges=edges)

    @classmethod
    def from_functions(cls, axes: Axes, *, density: Function, field: Function) -> "GridField":
        """From functions of one array for each coordinate: F (a tuple of components) is asked for in the middle of edges, ρ there and at nodes; ρ need not be normalised.

        Raises ModelError for a density that is negative or not finite, or a field that is not finite where the density is not zero.
        """
        given = listed(axes)
        places, middles = _core.field_points(parts_of(given), memory_limit())
        rho = evaluated(density, places, "density", 1)
        return cls._of(given, (places, rho, middles, evaluated(field, middles, "field", len(given))))

    @classmethod
    def from_nodes(cls, axes: Axes, *, density: npt.ArrayLike, field: Sequence[npt.ArrayLike]) -> "GridField":
        """From values at nodes, in the shape of the grid or one after the other: density (NaN or 0 where nothing is known) and one array for each component of the field. Edges take the means of their ends."""
        rho = real(density, "density").ravel()
        return cls._of(listed(axes), (rho, [real(component, "field").ravel() for component in field]))

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of nodes along each axis."""
        return tuple(len(axis.nodes) for axis in self.axes)

    def circulation(self, axis: int = 0) -> FloatArray:
        """∮ F dr along each grid line of a circle that ρ fills, in the order of their first nodes; empty if the axis is none. A potential exists only if all are zero."""
        return self.edges.circulation(whole(axis, "axis", 0))


class FieldSplit(Record):
    """F = -A∇V_m + v with its squares, averaged over ρ in the metric A⁻¹."""

    axes: Annotated[tuple[Axis, ...], means("", "The axes")]
    potential: Annotated[
        FloatArray,
        means("", "V_m at nodes, of mean zero in ρ on each component; NaN where ρ vanishes on all edges of a node"),
    ]
    component: Annotated[
        IntArray,
        means(
            "", "Component of each node, from 0; -1 where V_m is NaN. Potentials of different components do not compare"
        ),
    ]
    flux: Annotated[
        FloatArray,
        means(
            "", "v on edges, along their axes: node after node, and for each the axes on which it has a next neighbour"
        ),
    ]
    mean_square: Annotated[float, means("", "⟨F·A⁻¹F⟩")]
    mean_square_gradient: Annotated[float, means("", "⟨∇V_m·A∇V_m⟩")]
    mean_square_flux: Annotated[float, means("", "⟨v·A⁻¹v⟩")]
    residual: Annotated[float, means("", "Residual of the linear system, relative to its right-hand side")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: V_m in the shape of the grid."""
        return {"potential": self.potential.reshape([len(axis.nodes) for axis in self.axes])}

    def plot(self, *, ax: "Plot | None" = None) -> "Plot":
        """V_m, a line in one dimension and an image in two; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        potential = self.plot_data()["potential"]
        if potential.ndim == 1:
            ax.plot(self.axes[0].nodes, potential)
            ax.set_ylabel("V_m")
        elif potential.ndim == 2:
            ax.pcolormesh(self.axes[0].nodes, self.axes[1].nodes, potential.T)
        else:
            raise ModelError("a potential in three dimensions is not drawn; take slices of plot_data()")
        ax.set_xlabel("coordinate")
        return ax


def _metric(metric: npt.ArrayLike, field: GridField) -> FloatArray:
    array = real(metric, "metric")
    return vector(np.broadcast_to(array, len(field.axes)) if array.ndim == 0 else array, "metric")


def split(
    field: GridField,
    *,
    metric: npt.ArrayLike = 1.0,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> FieldSplit:
    """The projection of a field onto gradients, with a metric A of one positive number for each axis. Sparse elimination without a subtraction.

    Examples
    --------
    -(k + ω J) x in its stationary density: V_m = k x²/2, v = -ω J x, ⟨v²⟩ = 2 ω² T/k.

    >>> import numpy as np
    >>> from irrev.landscape import Axis
    >>> from irrev.landscape.field import GridField, split
    >>> k, omega, t, axis = 1.5, 0.8, 0.6, Axis.line(-4.0, 4.0, intervals=80)
    >>> turning = GridField.from_functions(
    ...     [axis, axis],
    ...     density=lambda x, y: np.exp(-k * (x**2 + y**2) / (2 * t)),
    ...     field=lambda x, y: (-k * x - omega * y, omega * x - k * y),
    ... )
    >>> abs(split(turning).mean_square_flux - 0.512) < 2e-3
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return FieldSplit(axes=field.axes, **field.edges.split(_metric(metric, field), run))


class Attribution(Record):
    """The flux part of a field, told apart by the reversible field F⁰_i = ρ⁻¹ Σ_j ∂_j(W_ij ρ); potentials and fluxes of the parts add up to those of the whole."""

    whole: Annotated[FieldSplit, means("", "F = -A∇V_m + v")]
    metric: Annotated[FieldSplit, means("", "The split of F⁰: its flux is metric, and no irreversibility")]
    dissipative: Annotated[FieldSplit, means("", "The split of F - F⁰, which vanishes in equilibrium")]


def attributed(
    field: GridField,
    *,
    reversible: GridField,
    metric: npt.ArrayLike = 1.0,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Attribution:
    """Splits a field, its reversible part and what is left of it, on the same grid with the same ρ.

    For overdamped motion W = D is the diffusion matrix, and F - F⁰ = J/ρ is the local mean velocity. Raises ModelError if the fields are not on the same grid with the same density.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import Axis
    >>> from irrev.landscape.field import GridField, attributed
    >>> axis = Axis.line(-4.0, 4.0, intervals=40)
    >>> def turning(turn):
    ...     return GridField.from_functions(
    ...         [axis, axis],
    ...         density=lambda x, y: np.exp(-(x**2 + y**2) / 2),
    ...         field=lambda x, y: (-x - turn * y, turn * x - y),
    ...     )
    >>> found = attributed(turning(0.3), reversible=turning(0.0))
    >>> found.metric.mean_square_flux < 1e-12                                 # all of the flux dissipates
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    found = field.edges.attributed(reversible.edges, _metric(metric, field), run)
    return Attribution(**{name: FieldSplit(axes=field.axes, **parts) for name, parts in found.items()})

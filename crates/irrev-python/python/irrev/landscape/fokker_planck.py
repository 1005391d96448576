"""Overdamped motion on a grid, as a Markov jump process, to which all of `irrev.network` and `irrev.transport` applies.

Probability flows as J_i = D_i (F_i/T - ∂_i) p with F = -∇V + f and D_i = μ_i T. Between neighbouring nodes probability jumps at the rates k(i → j) = D/(h w_i) B(d), with d = (V_j - V_i - f h)/T, w_i the width of the volume of a
node, and B(d) = d/(e^d - 1) (Scharfetter-Gummel) or e^{-d/2} (square root). For f = 0 detailed balance is exact; quantities differ from those of the continuum by O(h²), which `extrapolated` takes out.

Conventions: k_B = 1; the noise has unit variance, dx_i = (μ_i F_i + ∂_i D_i) dt + √(2 D_i) dW_i (Itô), so that e^{-V/T} is the equilibrium whatever μ(x). A function takes one array for each coordinate, and gives the values
of all points at once. Mobilities with off-diagonal entries are refused: turn the coordinates into their principal axes.

References: Scharfetter and Gummel, IEEE Trans. Electron Devices 16, 64 (1969); Heida, Math. Models Methods Appl. Sci. 28, 2599 (2018); Richardson, Phil. Trans. R. Soc. A 210, 307 (1911).
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, matrix, whole
from irrev._record import Record, means
from irrev._run import memory_limit
from irrev.landscape.axes import Axes, Axis, Function, evaluated, listed, parts_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Plot

    from irrev.network import Flow, MarkovJump

__all__ = ["Exits", "Extrapolation", "GridProcess", "Overdamped", "discretised", "exits", "extrapolated"]

Weights = Literal["scharfetter-gummel", "square root"]


class Overdamped(Record):
    """Overdamped motion at a temperature in a potential, with an optional force that has none, and a mobility.

    Parameters
    ----------
    potential : function
        V(x, …), in the unit of energy.
    temperature : float
        T.
    force : function, number or sequence of numbers, optional
        One component for each coordinate, in energy over length.
    mobility : function, number, sequence of numbers or matrix
        μ_i along each axis, positive; a matrix must be diagonal.

    Examples
    --------
    >>> from irrev.landscape import Axis
    >>> from irrev.landscape.fokker_planck import Overdamped, discretised
    >>> turning = Overdamped(lambda x, y: (x**2 + y**2) / 2, temperature=0.5, force=lambda x, y: (-0.7 * y, 0.7 * x))
    >>> discretised(turning, axes=[Axis.line(-3.0, 3.0, intervals=12)] * 2).kinetics
    <MarkovJump on 169 states and 312 edges>
    """

    potential: Annotated[Function, means("energy", "V")]
    temperature: Annotated[float, means("energy", "T")]
    force: Annotated[Any, means("energy/length", "A force without potential, or None")]
    mobility: Annotated[Any, means("", "μ along each axis")]

    def __init__(self, potential: Function, temperature: float = 1.0, force: Any = None, mobility: Any = 1.0) -> None:
        self.__dict__.update(potential=potential, temperature=float(temperature), force=force, mobility=mobility)

    def _at(self, nodes: FloatArray, middles: FloatArray, weights: str) -> tuple[Any, ...]:
        """What the extension takes: potential at nodes, force and mobility at the middles of edges."""
        dimension = nodes.shape[1]
        force, mobility, table = None, None, None
        if self.force is not None:
            force = (middles, evaluated(self.force, middles, "force", dimension))
        if not callable(self.mobility) and np.ndim(self.mobility) == 2:
            table = matrix(self.mobility, "mobility")
        else:
            each = (
                [self.mobility] * dimension
                if not callable(self.mobility) and np.ndim(self.mobility) == 0
                else self.mobility
            )
            mobility = (middles, evaluated(each, middles, "mobility", dimension))
        potential = evaluated(self.potential, nodes, "potential", 1)
        return self.temperature, weights, (nodes, potential), force, mobility, table


class GridProcess(Record):
    """Overdamped motion on the nodes of a grid. States are the nodes that absorb nothing, the last axis running fastest, followed by one state for each absorbing wall."""

    kinetics: Annotated["MarkovJump", means("", "The jump process, rates in 1/time")]
    axes: Annotated[tuple[Axis, ...], means("", "The axes")]
    points: Annotated[
        FloatArray, means("", "Where the nodes of states stand, shape (states, axes); absorbing walls are left out")
    ]
    volumes: Annotated[FloatArray, means("", "Volume around each of these")]
    edge_axes: Annotated[IntArray, means("", "Axis along which each edge of the network goes upwards")]
    faces: Annotated[FloatArray, means("", "Area of the face of each edge, 1 in one dimension")]
    works: Annotated[FloatArray, means("", "(V_j - V_i - f h)/T of each edge")]
    steepest: Annotated[float, means("", "Largest of these: below 2 the grid resolves the force")]
    absorbing_walls: Annotated[
        tuple[tuple[int, int, int], ...],
        means("", "(axis, 0 for its low and 1 for its high end, state) of absorbing walls"),
    ]
    grid: Annotated[_core.GridProcess, means("", "Where the grid is kept")]

    @classmethod
    def _of(cls, grid: _core.GridProcess) -> "GridProcess":
        figures = grid.figures()
        walls = tuple(figures.pop("walls"))
        axes = tuple(Axis(*parts) for parts in grid.axes())
        return cls(kinetics=grid.kinetics(), axes=axes, absorbing_walls=walls, grid=grid, **figures)

    def state_at(self, *x: float) -> int:
        """The state of the node nearest to a point, or of the absorbing wall that it lies on. Raises ModelError outside of the grid."""
        return self.grid.state_at([float(value) for value in x])

    def density(self, distribution: npt.ArrayLike) -> FloatArray:
        """p over volume at each node, in 1/volume; absorbing walls are left out."""
        return self.grid.density(distribution)

    def current_density(self, flow: "Flow") -> FloatArray:
        """Probability current through each edge over its face, upwards along its axis."""
        return self.grid.current_density(flow)

    def displacement(self, axis: int = 0) -> FloatArray:
        """h for the edges along an axis and 0 for others: the weights of the current that is the mean velocity, and whose second scaled cumulant is twice the effective diffusion."""
        return np.where(self.edge_axes == axis, self.axes[axis].spacing, 0.0)

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the nodes, and the stationary density at each."""
        density = self.density(self.kinetics.stationary_distribution())
        return {"points": self.points, "density": density}

    def plot(self, *, ax: "Plot | None" = None) -> "Plot":
        """The stationary density, a line in one dimension and coloured points in two; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        data = self.plot_data()
        if len(self.axes) == 1:
            ax.plot(data["points"][:, 0], data["density"])
            ax.set_ylabel("density")
        else:
            ax.scatter(data["points"][:, 0], data["points"][:, 1], c=data["density"])
        ax.set_xlabel("coordinate")
        return ax


def discretised(
    motion: Overdamped, *, axes: Axes, weights: Weights = "scharfetter-gummel", memory_limit: int | None = None
) -> GridProcess:
    """The jump process of a motion on a grid of one to three dimensions, O(nodes).

    Parameters
    ----------
    motion : Overdamped
    axes : Axis, or one for each coordinate
    weights : str
        "scharfetter-gummel", exact where force and mobility are constant along an edge, or "square root", whose error is some 2.4 times larger.

    Raises
    ------
    ModelError
        For a potential or force that is not finite, a mobility that is not positive or not diagonal, or a grid so coarse that the work against an edge exceeds 600 T.

    Examples
    --------
    A tilted ring: every edge carries the same current, and each turn dissipates f L/T.

    >>> import numpy as np
    >>> from irrev.landscape import Axis
    >>> from irrev.landscape.fokker_planck import Overdamped, discretised
    >>> process = discretised(Overdamped(np.cos, temperature=0.5, force=0.8), axes=Axis.circle(0.0, 2 * np.pi, intervals=128))
    >>> flow = process.kinetics.flow(process.kinetics.stationary_distribution())
    >>> abs(flow.entropy_production_rate - flow.current[0] * 0.8 * 2 * np.pi / 0.5) < 1e-12
    np.True_
    """
    listed_axes = parts_of(listed(axes))
    limit = _limit(memory_limit)
    nodes, middles = _core.grid_points(listed_axes, limit)
    return GridProcess._of(_core.GridProcess(listed_axes, motion._at(nodes, middles, weights), limit))


def _limit(given: int | None) -> int:
    return memory_limit() if given is None else whole(given, "memory_limit", 0)


class Extrapolation(Record):
    """A number of the continuum from three grids."""

    value: Annotated[float, means("", "The value without its error of order h²")]
    error: Annotated[
        float,
        means(
            "",
            "How far the same from the coarser two lies from it: an estimate of the error that overstates it where the error is of order h⁴",
        ),
    ]
    order: Annotated[
        float, means("", "log₂ |b - a|/|c - b|: near 2 where all is smooth and resolved; NaN where the grids agree")
    ]
    on_grids: Annotated[FloatArray, means("", "Values a, b, c with 1/4, 1/2 and all of the intervals")]

    def __float__(self) -> float:
        return self.value


def extrapolated(
    motion: Overdamped,
    *,
    axes: Axes,
    quantities: Callable[[GridProcess], Sequence[float] | npt.ArrayLike],
    weights: Weights = "scharfetter-gummel",
    memory_limit: int | None = None,
) -> tuple[Extrapolation, ...]:
    """Numbers of the continuum by Richardson's extrapolation: `quantities` gives a list of numbers on grids with 1/4, 1/2 and all of the intervals.

    Nodes of the coarser grids are nodes of the finer ones, so that values at points may be extrapolated, too. Raises ModelError for a number of intervals that is no multiple of 4.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import Axis
    >>> from irrev.landscape.fokker_planck import Overdamped, extrapolated
    >>> ring, circle = Overdamped(np.cos, temperature=0.5, force=0.8), Axis.circle(0.0, 2 * np.pi, intervals=128)
    >>> def dissipation(process):
    ...     return [process.kinetics.flow(process.kinetics.stationary_distribution()).entropy_production_rate]
    >>> rate, = extrapolated(ring, axes=circle, quantities=dissipation)
    >>> abs(rate.value - 0.6705845444235) < rate.error < 1e-4
    True
    """
    found = _core.extrapolated(
        parts_of(listed(axes)),
        lambda nodes, middles: motion._at(nodes, middles, weights),
        lambda grid: np.asarray(quantities(GridProcess._of(grid))),
        _limit(memory_limit),
    )
    return tuple(Extrapolation(**fields) for fields in found)


class Exits(Record):
    """Mean time of first passage, and where it ends."""

    mean_time: Annotated[float, means("time", "⟨t⟩")]
    fractions: Annotated[
        tuple[float, ...], means("", "Probability that each target is the first reached, in the order given")
    ]


def exits(kinetics: "MarkovJump", *, start: int, targets: Sequence[int]) -> Exits:
    """First passage from one state to any of some others, by sparse elimination without a subtraction: a relative error of a few n ε, however rare the passage.

    Moments and distributions of the time: `irrev.network.first_passage`, which is dense. Raises ModelError if from some state on the way no target is reached.

    Examples
    --------
    Free diffusion between absorbing walls: ⟨t⟩ = x (L - x)/(2D).

    >>> from irrev.landscape import Axis
    >>> from irrev.landscape.fokker_planck import Overdamped, discretised, exits
    >>> axis = Axis.between(0.0, 1.0, intervals=20, low="absorbing", high="absorbing")
    >>> process = discretised(Overdamped(lambda x: 0.0, temperature=0.5), axes=axis)
    >>> found = exits(process.kinetics, start=process.state_at(0.3), targets=[state for _, _, state in process.absorbing_walls])
    >>> round(found.mean_time, 12), round(found.fractions[1], 12)
    (0.21, 0.3)
    """
    found = _core.exits(kinetics, whole(start, "start", 0), [whole(target, "targets", 0) for target in targets])
    return Exits(mean_time=found["mean_time"], fractions=tuple(found["fractions"].tolist()))

"""⟨Ṙ²; r⟩ρ(r) from positions alone, twice: from how fast a value is passed, and from the accelerations beyond it.

In equilibrium d(wρ)/dr = aρ. With steps d_t = r_{t+1} - r_t over times h_t and accelerations a_t τ_t = d_t/h_t - d_{t-1}/h_{t-1}, summation by parts gives a twin that holds in every sample: W(e) = (1/T) Σ |d_t|/h_t over
the steps that cross the edge e estimates w(e) ρ(e), and equals -(1/T) Σ a_t τ_t over frames above e up to the two terms at the ends of each trajectory.

References: Ching, Phys. Rev. Lett. 70, 283 (1993); Pope and Ching, Phys. Fluids A 5, 1529 (1993).
"""

from typing import TYPE_CHECKING, Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, whole
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.landscape.estimates import Estimates, with_estimates
from irrev.landscape.grid import Grid, grid_of
from irrev.landscape.recording import Record as Recorded
from irrev.landscape.recording import Trajectories, read

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Crossings(Record):
    """Both sides of the identity. A frame on an edge lies below it."""

    edges: Annotated[
        FloatArray, means("", "Edges of the cells; on a circle without the last, which is the first again")
    ]
    at_edges: Annotated[Estimates, means("coordinate/time²", "W(e) ≈ w ρ at each edge, from crossings")]
    in_cells: Annotated[
        FloatArray,
        means(
            "coordinate/time²",
            "(1/T) Σ a τ over the frames of each cell; on a line the first entry is for what is below the cells, and the last for what is above",
        ),
    ]
    ends: Annotated[
        FloatArray, means("coordinate/time²", "The terms of the ends of trajectories over T, for the same cells")
    ]
    duration: Annotated[float, means("time", "Total time T of frames with neighbours, weighted")]
    residual: Annotated[float, means("", "Largest violation of the identity over the largest W: rounding")]
    from_accelerations: Annotated[
        FloatArray | None,
        means(
            "coordinate/time²", "-(1/T) Σ a τ over frames above each edge, which also estimates w ρ; None on a circle"
        ),
    ]
    ends_above: Annotated[
        FloatArray | None,
        means(
            "coordinate/time²",
            "Terms of the ends above each edge: crossings are these plus `from_accelerations`; None on a circle",
        ),
    ]
    normalised_mean_force_potential: Annotated[
        Estimates,
        means(
            "energy",
            "V*(e) = -kT ln W(e), which is -kT ∫ a/w dr up to a constant; inf at an edge that was never crossed",
        ),
    ]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        found = self.at_edges
        return {"edges": self.edges, "at_edges": found.values, "lower": found.lower, "upper": found.upper}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """W at the edges with its band, and the same from accelerations; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        (line,) = ax.plot(self.edges, self.at_edges.values, label="crossings")
        ax.fill_between(self.edges, self.at_edges.lower, self.at_edges.upper, alpha=0.2, color=line.get_color())
        if self.from_accelerations is not None:
            ax.plot(self.edges, self.from_accelerations, ".", label="accelerations")
        ax.set_xlabel("coordinate")
        ax.set_ylabel("⟨Ṙ²; r⟩ρ(r)")
        ax.legend()
        return ax


def crossings(
    record: Recorded | Trajectories,
    *,
    step: float | None = None,
    coordinate: int = 0,
    grid: Grid | None = None,
    bins: int | None = None,
    edges: npt.ArrayLike | None = None,
    temperature: float = 1.0,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Crossings:
    """w ρ at the edges of cells from crossings and from accelerations, with the terms by which they differ.

    Parameters
    ----------
    record, step, coordinate, grid, bins, edges
        As for `conditional_moments`.
    temperature : float
        kT of `normalised_mean_force_potential`.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import crossings
    >>> x = np.sin(0.01 * np.arange(100_000))        # w ρ = (1 - r²)/(π √(1 - r²))
    >>> found = crossings(x, step=0.01, edges=[-0.5, 0.0, 0.5])
    >>> abs(found.at_edges.values[1] * np.pi - 1) < 1e-2, found.residual < 1e-12
    (np.True_, True)
    """
    handle = read(record, step)
    cells = grid_of(handle, coordinate, grid, bins, edges)
    run = options(threads=threads, memory=memory_limit, progress=progress)
    fields = _core.landscape_crossings(handle, whole(coordinate, "coordinate", 0), cells.parts, temperature, run)
    return Crossings(**with_estimates(fields, "at_edges", "normalised_mean_force_potential"))

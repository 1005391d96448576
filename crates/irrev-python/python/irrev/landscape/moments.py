"""Averages at a given value of a coordinate: ρ(r), ⟨Ṙ; r⟩, ⟨Ṙ²; r⟩ and ⟨R̈; r⟩ in the cells of a grid, with errors, in one pass.

A cell's average is the ratio of a sum over its frames to their weight; errors come from blocks of consecutive frames, so that they hold for correlated data. Derivatives are given with the frames, or
are central differences inside of a trajectory, ṙ = (r₊ - r₋)/2h and r̈ = (r₊ - 2r + r₋)/h², with the formulas for uneven steps where times are given. Frames without a neighbour on either side then count
for nothing.
"""

from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, real, vector, whole
from irrev._record import Record, means
from irrev._run import Progress, memory_limit, options
from irrev.exceptions import ModelError
from irrev.landscape.estimates import Estimates, with_estimates
from irrev.landscape.grid import Grid, grid_of
from irrev.landscape.profiles import Profile
from irrev.landscape.recording import Record as Recorded
from irrev.landscape.recording import Trajectories, read

Velocities = Literal["differences", "given", "metrics"]
Accelerations = Literal["differences", "given", "not needed"]
Outside = Literal["counted", "refused"]
AVERAGES = ("density", "mean_velocity", "mean_square_velocity", "mean_acceleration", "mean_square_acceleration")


class PeriodicSteps(Record):
    """Steps of a coordinate on a circle; all zero for one on a line."""

    wraps: Annotated[int, means("", "Steps that pass the end of the period")]
    doubtful: Annotated[
        int,
        means(
            "", "Steps of more than 0.4 periods after taking the short way round: some may be taken for their images"
        ),
    ]
    largest: Annotated[float, means("", "Largest step after taking the short way round")]


class ConditionalMoments(Record):
    """Averages in the cells of a coordinate; NaN in a cell without frames.

    A pickle holds the record and the question, which is answered again where it is opened; moments from chunks cannot be pickled.
    """

    grid: Annotated[Grid, means("", "The cells")]
    counts: Annotated[IntArray, means("", "Frames in each cell")]
    outside: Annotated[tuple[int, int], means("", "Frames below the lowest edge and above the highest")]
    frames: Annotated[int, means("", "Frames counted, outside of the cells or inside")]
    density: Annotated[
        Estimates,
        means("1/coordinate", "ρ: part of the weight of all frames, also of those outside, over the width of the cell"),
    ]
    mean_velocity: Annotated[
        Estimates, means("coordinate/time", "⟨Ṙ; r⟩, 0 in equilibrium; NaN where velocities follow from metrics")
    ]
    mean_square_velocity: Annotated[Estimates, means("coordinate²/time²", "w = ⟨Ṙ²; r⟩")]
    mean_acceleration: Annotated[
        Estimates, means("coordinate/time²", "a = ⟨R̈; r⟩, the mean force; NaN if accelerations were not needed")
    ]
    mean_square_acceleration: Annotated[Estimates, means("coordinate²/time⁴", "⟨R̈²; r⟩")]
    effective_counts: Annotated[FloatArray, means("", "Independent visits of each cell; NaN for a single block")]
    blocks: Annotated[int, means("", "Number of blocks that errors come from")]
    frames_per_block: Annotated[float, means("", "Average number of frames in a block")]
    growth: Annotated[
        float,
        means(
            "", "By how much variances exceed those from blocks half as long: 1 if blocks are long, 2 if much too short"
        ),
    ]
    resolved: Annotated[bool, means("", "Whether blocks are long enough; if not, errors are too small")]
    periodic_steps: Annotated[PeriodicSteps, means("", "Steps round the circle")]
    sums: Annotated[_core.LandscapeMoments, means("", "Where the sums of all blocks are kept")]

    @classmethod
    def _of(cls, sums: _core.LandscapeMoments, grid: Grid) -> "ConditionalMoments":
        figures = with_estimates(sums.figures(), *AVERAGES)
        figures["periodic_steps"] = PeriodicSteps(**figures["periodic_steps"])
        return cls(grid=grid, sums=sums, **figures)

    @property
    def points(self) -> FloatArray:
        """Centres of the cells."""
        return self.grid.points

    @property
    def profile(self) -> Profile:
        """ρ, w and a as they are, without errors."""
        return Profile(
            points=self.grid.points,
            density=self.density.values,
            mean_square_velocity=self.mean_square_velocity.values,
            mean_acceleration=self.mean_acceleration.values,
        )

    def merged(self, other: "ConditionalMoments") -> "ConditionalMoments":
        """The moments of both records, as if the trajectories of the other had come after these. Raises ModelError if cells or options differ."""
        return self._of(self.sums.merged(other.sums), self.grid)


def moment_parts(
    coordinate: int,
    velocities: str,
    accelerations: str,
    temperature: float | None,
    shortest_block: int | None,
    outside: str,
) -> tuple[int, str, float | None, str, int | None, bool]:
    """Options of a pass as the extension takes them."""
    if velocities == "metrics" and temperature is None:
        raise ModelError('velocities="metrics" needs temperature, kT in the unit of the metrics')
    if outside not in ("counted", "refused"):
        raise ModelError(f'outside is {outside!r}; expected "counted" or "refused"')
    block = None if shortest_block is None else whole(shortest_block, "shortest_block", 1)
    return whole(coordinate, "coordinate", 0), velocities, temperature, accelerations, block, outside == "counted"


def conditional_moments(
    record: Recorded | Trajectories,
    *,
    step: float | None = None,
    coordinate: int = 0,
    grid: Grid | None = None,
    bins: int | None = None,
    edges: npt.ArrayLike | None = None,
    velocities: Velocities = "differences",
    accelerations: Accelerations = "differences",
    temperature: float | None = None,
    shortest_block: int | None = None,
    outside: Outside = "counted",
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> ConditionalMoments:
    """ρ, ⟨Ṙ; r⟩, ⟨Ṙ²; r⟩ and ⟨R̈; r⟩ in cells of one coordinate of a record, with errors; the same bits on any number of threads.

    Parameters
    ----------
    record : Record or array_like
        Trajectories; positions as `record` takes them need `step`.
    grid, bins, edges : Grid, int, array_like
        One of them: cells; a number of equal cells over all positions (once round a circle); edges of cells.
    velocities : str
        "differences" of positions, "given" with the record, or "metrics": ⟨Ṙ²; r⟩ = kT ⟨g; r⟩ at `temperature`, which holds in equilibrium and fluctuates less.
    accelerations : str
        "differences", "given" or "not needed".
    shortest_block : int, optional
        Frames of the shortest block, 16 to 65536; default a 512th of the record, at most 4096.
    outside : str
        "counted" frames outside of the cells enter the normalisation of ρ; "refused" they are an error.

    Raises
    ------
    DataError
        For columns that are needed and not there, a record without frames that have all that is needed, frames outside if refused.
    ModelError
        If the periods of coordinate and cells differ, or for options out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import conditional_moments
    >>> x = np.sin(0.01 * np.arange(100_000))        # ω = 1: Ṙ² = 1 - r², R̈ = -r
    >>> found = conditional_moments(x, step=0.01, edges=[-0.25, 0.25, 0.5])
    >>> found.mean_square_velocity.values.round(2).tolist()
    [0.98, 0.85]
    >>> float(found.mean_acceleration.values[1].round(2))
    -0.38
    """
    handle = read(record, step)
    parts = moment_parts(coordinate, velocities, accelerations, temperature, shortest_block, outside)
    cells = grid_of(handle, coordinate, grid, bins, edges)
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return ConditionalMoments._of(_core.LandscapeMoments(handle, cells.parts, parts, run), cells)


class MomentPass:
    """Moments from chunks of trajectories, in memory that does not grow with the data.

    Chunks of one trajectory follow each other; `end_trajectory` says where the next begins. Where the data are cut into chunks changes no bit.

    Parameters
    ----------
    grid : Grid
        The cells; those of a circle say that the coordinate has a period.
    velocities, accelerations, temperature, shortest_block, outside
        As for `conditional_moments`; the shortest block is 4096 frames by default.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import Grid, MomentPass, conditional_moments
    >>> x, cells = np.sin(0.1 * np.arange(1000)), Grid.uniform(-1.0, 1.0, cells=4)
    >>> run = MomentPass(cells, shortest_block=64)
    >>> for chunk in np.split(x, [300, 301]):
    ...     run.push(chunk, step=0.1)
    >>> run.moments().counts.tolist() == conditional_moments(x, step=0.1, grid=cells).counts.tolist()
    True
    """

    def __init__(
        self,
        grid: Grid,
        *,
        coordinate: int = 0,
        velocities: Velocities = "differences",
        accelerations: Accelerations = "differences",
        temperature: float | None = None,
        shortest_block: int | None = None,
        outside: Outside = "counted",
    ) -> None:
        parts = moment_parts(coordinate, velocities, accelerations, temperature, shortest_block, outside)
        self._grid = grid
        self._pass = _core.LandscapePass(grid.parts, parts, memory_limit())

    def push(
        self,
        positions: npt.ArrayLike,
        *,
        step: float | None = None,
        times: npt.ArrayLike | None = None,
        velocities: npt.ArrayLike | None = None,
        accelerations: npt.ArrayLike | None = None,
        metrics: npt.ArrayLike | None = None,
        weight: float = 1.0,
    ) -> None:
        """The next frames of the open trajectory, or the first of a new one; arguments are those of `record` for one trajectory.

        Raises DataError with the row, counted from the start of the trajectory.
        """
        if (step is None) == (times is None):
            raise TypeError("give either step or times")

        def table(values: Any, name: str) -> FloatArray:
            array = real(values, name)
            if array.ndim not in (1, 2):
                raise ModelError(f"{name} has shape {array.shape}, expected (frames,) or (frames, coordinates)")
            return array.reshape(len(array), 1) if array.ndim == 1 else array

        beside = [
            None if values is None else table(values, name)
            for values, name in ((velocities, "velocities"), (accelerations, "accelerations"), (metrics, "metrics"))
        ]
        clock = float(step) if step is not None else vector(times, "times")
        self._pass.push((clock, table(positions, "positions"), *beside, float(weight)))

    def end_trajectory(self) -> None:
        """Ends the open trajectory, so that no difference is taken to what comes next."""
        self._pass.end_trajectory()

    def moments(self) -> ConditionalMoments:
        """The moments of all frames so far, as if the open trajectory ended here; the pass may go on."""
        return ConditionalMoments._of(self._pass.moments(), self._grid)


def counted(found: ConditionalMoments) -> str:
    """One sentence about the frames of moments."""
    below, above = found.outside
    empty = int(np.count_nonzero(found.counts == 0))
    return (
        f"{found.frames} frames, {below} below and {above} above the cells, {empty} of {len(found.counts)} cells empty"
    )

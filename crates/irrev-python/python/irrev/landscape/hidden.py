"""Hidden dimensions of one coordinate: what its acceleration knows of the others.

From r₁ follow r₂ = r̈₁ - ⟨r̈₁; r₁⟩, r₃ = r̈₂ - ⟨r̈₂; r₁, r₂⟩, …. In a linear system q̈ = -K q at kT each level needs its two predecessors only, r̈_n = D_{n-1} r_{n-1} - W_n r_n + r_{n+1}: Lanczos' recurrence, which ends after as
many levels as r₁ excites modes.

References: Kawai, Ensemble 16 (2014), equations 26 to 31; Mori, Prog. Theor. Phys. 34, 399 (1965).
"""

from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, matrix, real, whole
from irrev._record import Estimate, Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.landscape.grid import Grid
from irrev.landscape.recording import Trajectories, read
from irrev.landscape.recording import Record as Recorded

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class LinearHierarchy(Record):
    """The levels of a linear system, seen along one direction."""

    levels: Annotated[FloatArray, means("", "Coefficients of q in r₁, r₂, …, a row each, not normalised")]
    variances: Annotated[FloatArray, means("", "⟨r_n²⟩")]
    frequencies_squared: Annotated[FloatArray, means("1/time²", "W_n = ⟨ṙ_n²⟩/⟨r_n²⟩, one for each level")]
    strengths: Annotated[FloatArray, means("1/time⁴", "D_n = ⟨r_{n+1}²⟩/⟨r_n²⟩, one fewer")]
    mean_forces: Annotated[
        FloatArray, means("", "Row n: coefficients of r₁, r₂, … in ⟨r̈_n; r₁, …, r_n⟩, zeros after the n-th")
    ]


def linear_hierarchy(stiffness: npt.ArrayLike, *, direction: npt.ArrayLike, temperature: float) -> LinearHierarchy:
    """The hierarchy of r₁ = a·q in q̈ = -K q with unit masses at kT, ⟨q qᵀ⟩ = kT K⁻¹.

    Raises ModelError unless K is symmetric and positive definite, and a is a direction.

    Examples
    --------
    >>> from irrev.landscape import linear_hierarchy
    >>> k = [[2.0, -1.0], [-1.0, 2.0]]
    >>> linear_hierarchy(k, direction=[1.0, 0.0], temperature=1.0).frequencies_squared.round(12).tolist()
    [1.5, 2.5]
    >>> len(linear_hierarchy(k, direction=[1.0, 1.0], temperature=1.0).levels)        # the sum is one mode
    1
    """
    return LinearHierarchy(**_core.linear_hierarchy(matrix(stiffness, "stiffness"), direction, temperature))


class NoiseFloor(NamedTuple):
    """The part of ⟨r̈²⟩ that is not motion, in the unit of r̈²: of values that are noisy, of the length of a step, of the uncertainty of the means of levels before, and all together."""

    noise: float
    step: float
    means: float
    total: float


class Level(Record):
    """What is known of one level r_n of a recording."""

    number: Annotated[int, means("", "n")]
    variance: Annotated[Estimate, means("", "⟨r_n²⟩ - ⟨r_n⟩²; NaN for a periodic r₁")]
    mean_square_velocity: Annotated[Estimate, means("", "⟨ṙ_n²⟩ from central differences")]
    frequency_squared: Annotated[Estimate, means("1/time²", "W_n, the ratio of the two")]
    strength: Annotated[Estimate, means("1/time⁴", "D_n = ⟨r_{n+1}²⟩/⟨r_n²⟩")]
    mean_square_acceleration: Annotated[Estimate, means("", "⟨r̈_n²⟩")]
    closure: Annotated[
        Estimate,
        means("", "⟨r_{n+1}²⟩/⟨r̈_n²⟩ with means that have not seen the frame: how far the first n levels are from a closed equation of motion"),
    ]
    closure_in_sample: Annotated[float, means("", "The same with means that have seen the frame: too small")]
    explained: Annotated[Estimate, means("", "1 - closure, the part of ⟨r̈_n²⟩ that the first n levels explain")]
    known: Annotated[float, means("", "Part of the frames where windows have enough visits")]
    noise: Annotated[NoiseFloor, means("", "What of ⟨r̈_n²⟩ is noise, or due to the length of a step")]
    below_noise: Annotated[bool, means("", "Whether ⟨r_{n+1}²⟩ is no more than that")]
    bandwidths: Annotated[FloatArray, means("", "Width of the window of ⟨r̈_n; r₁, …, r_n⟩ along each level, in its unit")]
    relative_bandwidth: Annotated[float, means("", "The same in standard deviations")]
    frames_per_visit: Annotated[float, means("", "Consecutive frames of a visit to a window")]


class Peak(Record):
    """A peak of a density: lowered from above, a level meets it at its height; at the saddle its hill joins that of a higher one."""

    cell: Annotated[tuple[int, int], means("", "Its cell along either axis")]
    height: Annotated[float, means("", "Density there")]
    saddle: Annotated[float, means("", "Density at the saddle to a higher peak; 0 for the highest")]
    persistence: Annotated[float, means("", "Height less saddle")]


class JointPeak(Record):
    """A peak of the smoothed probability of two levels."""

    cell: Annotated[tuple[int, int], means("", "Its cell along either level")]
    place: Annotated[tuple[float, float], means("", "(r_i, r_j) in the middle of the cell")]
    height: Annotated[float, means("", "Smoothed probability there")]
    saddle: Annotated[float, means("", "At the saddle to a higher peak; 0 for the highest")]
    persistence: Annotated[Estimate, means("", "Height less saddle, with the noise band as its error")]
    significant: Annotated[bool, means("", "Whether it stands out by more than twice the noise band")]


class JointDensity(Record):
    """ρ(r_i, r_j) of two levels, smoothed, and its peaks. Arrays have the shape (cells of r_i, cells of r_j)."""

    levels: Annotated[tuple[int, int], means("", "i and j")]
    edges: Annotated[tuple[FloatArray, FloatArray], means("", "Edges of the cells along either")]
    probability: Annotated[FloatArray, means("", "Part of all frames in each cell, as it was counted")]
    smoothed: Annotated[FloatArray, means("", "The same, smoothed; what the window carries beyond the cells is lost, but round a circle")]
    density: Annotated[FloatArray, means("", "The smoothed probability over the area of the cell")]
    bandwidths: Annotated[tuple[float, float], means("", "Standard deviation of the window along either")]
    noise_band: Annotated[float, means("", "In 95 % of the draws no smoothed probability is off by more; NaN for a single block of frames")]
    outside: Annotated[float, means("", "Part of the frames outside of the cells")]
    peaks: Annotated[tuple[JointPeak, ...], means("", "All peaks, by falling persistence")]
    significant: Annotated[int, means("", "Number of peaks that are no noise")]

    @classmethod
    def _of(cls, fields: dict[str, Any]) -> "JointDensity":
        peaks = tuple(JointPeak(**peak) for peak in fields.pop("peaks"))
        return cls(peaks=peaks, **fields)

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {"first": self.edges[0], "second": self.edges[1], "density": self.density}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """The density as colours, with peaks that are no noise; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        ax.pcolormesh(self.edges[0], self.edges[1], self.density.T)
        places = [peak.place for peak in self.peaks if peak.significant]
        if places:
            ax.plot(*np.transpose(places), "k+")
        ax.set_xlabel(f"r{self.levels[0]}")
        ax.set_ylabel(f"r{self.levels[1]}")
        return ax


class Hierarchy(Record):
    """r₁, r₂, … of a recording, and what is known of each; there is one more series than levels."""

    levels: Annotated[tuple[Level, ...], means("", "Levels 1, 2, …")]
    stop: Annotated[
        str,
        means(
            "",
            'Why there are no more: "asked" (as many as were asked for), "noise" (what the last leaves is no more than noise), "thin" (too few frames lie where windows have enough visits), "closed" (nothing is left), "short" (no trajectory is long enough)',
        ),
    ]
    handle: Annotated[_core.HiddenHierarchy, means("", "Where the series are kept")]

    @classmethod
    def _of(cls, handle: _core.HiddenHierarchy) -> "Hierarchy":
        levels, stop = handle.levels()
        made = tuple(Level(**(level | {"noise": NoiseFloor(*level["noise"])})) for level in levels)
        return cls(levels=made, stop=stop, handle=handle)

    @property
    def dimensions(self) -> int:
        """Number of series r₁, r₂, …."""
        return len(self.levels) + 1

    def series(self, n: int) -> list[FloatArray]:
        """r_n at each frame of each trajectory; NaN where it is not known, at ends of trajectories and where windows are too thin."""
        return self.handle.series(whole(n, "n", 0))

    def mean_force(self, n: int, points: npt.ArrayLike) -> FloatArray:
        """⟨r̈_n; r₁, …, r_n⟩ at points, shape (points, n) or (points,) for n = 1: local planes at nodes, between which cubic convolution interpolates; NaN where too few independent visits are.

        References: Fan and Gijbels (1996); Keys, IEEE Trans. Acoust. Speech Signal Process. 29, 1153 (1981).
        """
        level = whole(n, "n", 0)
        table = real(points, "points")
        if table.ndim < 2 and level == 1:
            table = table.reshape(-1, 1)
        return self.handle.mean_force(level, matrix(table, "points"))

    def joint_density(
        self,
        levels: tuple[int, int] = (1, 2),
        *,
        cells: tuple[Grid, Grid] | None = None,
        smoothing: float = 2.0,
        draws: int = 200,
        seed: int = 1,
        threads: int = 0,
        memory_limit: int | None = None,
        progress: Progress = None,
    ) -> JointDensity:
        """The joint density of two levels, smoothed by a Gaussian window of so many cells, with peaks told from noise by drawing blocks of frames anew. Default cells: 48 along either, between the quantiles 0.001 and 0.999; r₁ on a circle needs cells round the circle."""
        run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
        return JointDensity._of(self.handle.joint_density(_density(levels, cells, smoothing, draws), run))


class BlindSpot(Record):
    """What the number of peaks does not say: wells that coincide in these levels count as one peak. Only an ⟨r_{n+1}²⟩ of zero shows that there is no more."""

    level: Annotated[int, means("", "The last level n")]
    closure: Annotated[Estimate, means("", "What it leaves, ⟨r_{n+1}²⟩/⟨r̈_n²⟩")]
    open: Annotated[bool, means("", "Whether more is left than noise: further dimensions exist, and may separate what these do not")]


class Exploration(Record):
    """A hierarchy, a joint density of it, and what they cannot show."""

    hierarchy: Annotated[Hierarchy, means("", "r₁, r₂, …")]
    density: Annotated[JointDensity, means("", "Density of two levels, with its peaks")]
    blind_spot: Annotated[BlindSpot, means("", "What the number of peaks does not say")]
    sentences: Annotated[tuple[str, ...], means("", "For a reader: peaks, how much is explained, why it ends, and the blind spot")]


def _density(levels: tuple[int, int], cells: tuple[Grid, Grid] | None, smoothing: float, draws: int) -> tuple[Any, ...]:
    pair = whole(levels[0], "levels", 0), whole(levels[1], "levels", 0)
    grids = None if cells is None else (cells[0].parts, cells[1].parts)
    return pair, grids, float(smoothing), whole(draws, "draws", 0)


def _hierarchy(
    coordinate: int, accelerations: str, levels: int, bandwidth: float | None, least_visits: float, parts: int, draws: int
) -> tuple[Any, ...]:
    return (
        whole(coordinate, "coordinate", 0),
        accelerations,
        whole(levels, "levels", 0),
        None if bandwidth is None else float(bandwidth),
        float(least_visits),
        whole(parts, "parts", 0),
        whole(draws, "draws", 0),
    )


def hierarchy(
    record: Recorded | Trajectories,
    *,
    step: float | None = None,
    coordinate: int = 0,
    accelerations: Literal["differences", "given"] = "differences",
    levels: int = 2,
    bandwidth: float | None = None,
    least_visits: float = 10.0,
    parts: int = 8,
    draws: int = 200,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Hierarchy:
    """r₁, r₂, … of a recorded coordinate at equal steps, how much each explains, and where that ends.

    Parameters
    ----------
    record : Record, or positions with `step`
    coordinate : int
        Which coordinate is r₁.
    accelerations : str
        Where r̈₁ comes from: second "differences", or "given". Those of higher levels are second differences always; level n loses n frames at either end of a trajectory.
    levels : int
        Most levels n whose ⟨r̈_n; r₁, …, r_n⟩ is taken, 1 to 4; 2 gives r₁, r₂ and r₃.
    bandwidth : float, optional
        Width of windows in standard deviations; default the widest that predicts what it has not seen as well as any.
    least_visits : float
        Fewest independent visits in a window; where there are fewer, nothing is known.
    parts : int
        Parts of the frames, of which each is predicted from the others.
    draws : int
        Draws of the bootstrap that gives errors.

    Raises ModelError for options out of range, different steps or a coordinate that does not vary; DataError for accelerations that are not there, or trajectories that are too short.

    Examples
    --------
    A sum of two oscillations with frequencies 1 and 2: r₂ is the second dimension, and there is no third.

    >>> import numpy as np
    >>> from irrev.landscape import hierarchy
    >>> j, t = np.arange(200)[:, None, None], 0.05 * np.arange(60)[:, None]
    >>> found = hierarchy(np.sin(j + t) + np.sin(1.7 * j + 2 * t), step=0.05, levels=3)
    >>> found.stop, found.dimensions, found.levels[1].closure.value < 1e-2
    ('noise', 3, True)
    """
    asked = _hierarchy(coordinate, accelerations, levels, bandwidth, least_visits, parts, draws)
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    return Hierarchy._of(_core.HiddenHierarchy(read(record, step), asked, run))


def explore(
    record: Recorded | Trajectories,
    *,
    step: float | None = None,
    coordinate: int = 0,
    accelerations: Literal["differences", "given"] = "differences",
    levels: int = 2,
    bandwidth: float | None = None,
    least_visits: float = 10.0,
    parts: int = 8,
    draws: int = 200,
    density_levels: tuple[int, int] = (1, 2),
    cells: tuple[Grid, Grid] | None = None,
    smoothing: float = 2.0,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Exploration:
    """The hierarchy of a recording, the joint density of two of its levels with peaks, and what they cannot show. Arguments as for `hierarchy` and `Hierarchy.joint_density`.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import explore
    >>> j, t = np.arange(200)[:, None, None], 0.05 * np.arange(60)[:, None]
    >>> found = explore(np.sin(j + t) + np.sin(1.7 * j + 2 * t), step=0.05)
    >>> found.sentences[0][:22]
    'ρ(r1, r2), smoothed by'
    """
    asked = _hierarchy(coordinate, accelerations, levels, bandwidth, least_visits, parts, draws)
    wanted = _density(density_levels, cells, smoothing, draws)
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    handle, density, blind_spot, sentences = _core.explore_hidden(read(record, step), asked, wanted, run)
    return Exploration(
        hierarchy=Hierarchy._of(handle),
        density=JointDensity._of(density),
        blind_spot=BlindSpot(**blind_spot),
        sentences=tuple(sentences),
    )


def peaks(density: npt.ArrayLike, *, cylinder: bool = False) -> tuple[Peak, ...]:
    """All peaks of a density on a grid in two dimensions, by falling persistence; cells touch their eight neighbours, and those at the ends of the first axis of a cylinder touch each other.

    If the density is nowhere off by more than ε, persistences are off by at most 2ε. Values that are not positive, or NaN, belong to no hill.

    References: Edelsbrunner and Harer, Computational Topology (2010), chapter VII.

    Examples
    --------
    >>> from irrev.landscape import peaks
    >>> [(peak.height, peak.saddle) for peak in peaks([[1.0, 3.0, 1.5, 2.0, 0.0]])]
    [(3.0, 0.0), (2.0, 1.5)]
    """
    table = real(density, "density")
    if table.ndim != 2:
        raise ModelError(f"density has shape {table.shape}, expected two dimensions")
    return tuple(Peak(**peak) for peak in _core.density_peaks(table, cylinder))

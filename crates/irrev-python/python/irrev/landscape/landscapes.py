"""G, V_m and V* of one coordinate of a recording, where they differ, and their barriers, with errors.

Landscapes are defined on each component of neighbouring cells with enough independent visits, and nowhere else: what is not there is NaN, and no constant joins two components. Errors are from blocks of
frames drawn anew, everything derived being computed from each draw.

References: Kawai, Ensemble 16 (2014), equations 9 to 21; Ching, Phys. Rev. Lett. 70, 283 (1993).
"""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, whole
from irrev._record import Estimate, Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.landscape.diagnose import sampling_before
from irrev.landscape.estimates import Estimates, with_estimates
from irrev.landscape.grid import Grid, grid_of
from irrev.landscape.moments import Accelerations, ConditionalMoments, Outside, Velocities, counted, moment_parts
from irrev.landscape.profiles import KINDS, LABELS, Kind
from irrev.landscape.recording import Record as Recorded
from irrev.landscape.recording import Trajectories, read

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SURFACES = (*KINDS, "metric_term")


class Comparison(Record):
    """How far the landscapes of a component are apart. Each p-value is of the largest deviation of all cells at once; a maximum of noise is not zero, so judge by it."""

    metric_range: Annotated[tuple[float, float], means("", "Smallest and largest w/kT")]
    largest_metric_deviation: Annotated[float, means("", "max|w/kT - 1|")]
    metric_p_value: Annotated[float, means("", "p-value of w = kT")]
    mean_metric: Annotated[Estimate, means("", "Mean of w/kT over frames")]
    constant_p_value: Annotated[float, means("", "p-value of a constant w")]
    largest_difference: Annotated[float, means("energy", "max|G - V_m|, both zero at the reference")]
    difference_p_value: Annotated[float, means("", "p-value of G = V_m")]
    identity_residual: Annotated[
        float, means("energy", "max|G - V* - kT ln(w/kT)|: noise and the width of cells and steps in equilibrium")
    ]
    identity_p_value: Annotated[float, means("", "p-value of the identity")]
    verdict: Annotated[
        str,
        means(
            "",
            '"equal", "equal with another metric", "proportional", "different", "inconsistent" (no equilibrium, or cells or steps too wide) or "unknown"',
        ),
    ]
    ratio: Annotated[float | None, means("", "kT/w where G is proportional to V_m")]

    @property
    def sentence(self) -> str:
        """The verdict as a sentence with its numbers."""
        low, high = self.metric_range
        between = f"⟨Ṙ²; r⟩/kT lies between {low:.3g} and {high:.3g}"
        largest = f"max|G - V_m| = {self.largest_difference:.3g}"
        return {
            "equal": f"G = V_m within errors: {between}, and {largest} (p = {self.difference_p_value:.2g}).",
            "equal with another metric": f"G = V_m within errors though ⟨Ṙ²; r⟩ differs from kT: {between}, {largest} (p = {self.difference_p_value:.2g}).",
            "proportional": f"⟨Ṙ²; r⟩ is constant but not kT (the coordinate is not weighted by mass): G = {self.ratio or np.nan:.4g} V_m.",
            "different": f"G and V_m differ: {between}, and {largest} (p = {self.difference_p_value:.2g}).",
            "inconsistent": f"G = V* + kT ln(w/kT) is violated by up to {self.identity_residual:.3g} (p = {self.identity_p_value:.2g}): "
            "the data are no equilibrium, or cells or steps are too wide; nothing else can be said.",
            "unknown": f"Too few blocks for errors: {between}, and {largest}.",
        }[self.verdict]


class Component(Record):
    """A run of neighbouring cells with enough independent visits."""

    cells: Annotated[
        IntArray,
        means("", "The cells in the order of the coordinate; on a circle they may pass from the last to the first"),
    ]
    closed: Annotated[bool, means("", "Whether the run is the whole circle")]
    reference: Annotated[int, means("", "The cell in which the landscapes are zero, with no error")]
    comparison: Annotated[Comparison, means("", "Where the landscapes differ")]


class Circulation(Record):
    """What the mean force adds up to once round a circle: V_m has many values unless it vanishes."""

    mean_force: Annotated[Estimate, means("coordinate²/time²", "∮ a dr")]
    tilt: Annotated[Estimate, means("coordinate/time²", "Its part per unit of the coordinate, the tilt of V_m")]
    normalised: Annotated[Estimate, means("energy", "kT ∮ (a/w) dr, which vanishes in equilibrium")]


class EstimatedBarrier(Record):
    """Place and heights of a barrier with errors; the barrier was searched for in each draw anew."""

    top: Annotated[Estimate, means("", "Where its top is, in the unit of the coordinate")]
    from_left: Annotated[Estimate, means("", "Top minus the lowest value between the left end and the top")]
    from_right: Annotated[Estimate, means("", "Top minus the lowest value between the top and the right end")]


class Landscape(Record):
    """The landscapes of one coordinate, cell by cell. A pickle holds the question, which is answered again where it is opened."""

    points: Annotated[FloatArray, means("", "Centres of the cells, in the unit of the coordinate")]
    free_energy: Annotated[Estimates, means("energy", "G = -kT ln ρ")]
    mean_force_potential: Annotated[
        Estimates,
        means(
            "coordinate²/time²",
            "V_m = -∫ a dr: an energy where the coordinate is a mass-weighted length; cut at the ends of the grid on a whole circle",
        ),
    ]
    normalised_mean_force_potential: Annotated[Estimates, means("energy", "V* = -kT ∫ (a/w) dr")]
    metric_term: Annotated[Estimates, means("energy", "kT ln(w/kT) less its value at the reference")]
    components: Annotated[tuple[Component, ...], means("", "Runs of cells with enough independent visits")]
    circulation: Annotated[Circulation | None, means("", "Loop integrals of a component that is the whole circle")]
    temperature: Annotated[float, means("energy", "kT")]
    warnings: Annotated[tuple[str, ...], means("", "What should be known before w, a or V_m are believed")]
    moments: Annotated[ConditionalMoments, means("", "The averages that all of this follows from")]
    draws: Annotated[_core.LandscapeSurfaces, means("", "Where the draws are kept")]

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Where the landscapes of each component differ."""
        return tuple(component.comparison for component in self.components)

    @property
    def verdict(self) -> str:
        """One sentence for each component."""
        return " ".join(comparison.sentence for comparison in self.comparisons)

    def barrier(self, kind: Kind = "free_energy", *, interval: tuple[float, float]) -> EstimatedBarrier | None:
        """The barrier of a landscape between two values of the coordinate, with errors.

        On a circle the interval may pass the end of the period. None if the cells with centres in the interval have no interior maximum, or do not belong to one component.
        """
        found = self.draws.barrier(kind, float(interval[0]), float(interval[1]))
        return None if found is None else EstimatedBarrier(**found)

    def summary(self) -> str:
        """A few lines of text: the verdict, the frames, warnings, and every attribute."""
        told = [f"warning: {warning}" for warning in self.warnings]
        return "\n".join([self.verdict, counted(self.moments), *told, super().summary()])

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: points, and value, lower and upper end of each landscape; V_m is multiplied by the mean kT/w of its component."""
        data = {"points": self.points}
        scale = np.full(len(self.points), np.nan)
        for component in self.components:
            scale[component.cells] = 1.0 / component.comparison.mean_metric.value
        for name in SURFACES:
            found: Estimates = getattr(self, name)
            factor = scale if name == "mean_force_potential" else 1.0
            data[name] = found.values * factor
            data[f"{name}_lower"] = found.lower * factor
            data[f"{name}_upper"] = found.upper * factor
        return data

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """G, V_m (times the mean kT/w, in the unit of G), V* and kT ln(w/kT) with bands, each gap being one of the data; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        data = self.plot_data()
        for name in SURFACES:
            label = "V_m · kT/⟨w⟩" if name == "mean_force_potential" else LABELS[name]
            (line,) = ax.plot(self.points, data[name], label=label)
            ax.fill_between(
                self.points, data[f"{name}_lower"], data[f"{name}_upper"], alpha=0.2, color=line.get_color()
            )
        ax.set_xlabel("coordinate")
        ax.set_ylabel("energy, in the unit of kT")
        ax.legend()
        return ax


def landscape(
    record: Recorded | Trajectories | ConditionalMoments,
    *,
    step: float | None = None,
    coordinate: int = 0,
    grid: Grid | None = None,
    bins: int | None = None,
    edges: npt.ArrayLike | None = None,
    temperature: float = 1.0,
    velocities: Velocities = "differences",
    accelerations: Accelerations = "differences",
    shortest_block: int | None = None,
    outside: Outside = "counted",
    least_count: float = 10.0,
    jacobian_dimension: float | None = None,
    gauge: str | float = "most populated",
    draws: int = 200,
    significance: float = 0.01,
    overdamped: Literal["refuse", "keep"] = "refuse",
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Landscape:
    """Free energy, mean-force potential and their differences from a record, or from moments that were taken before.

    Parameters
    ----------
    record : Record, array_like or ConditionalMoments
        Trajectories; positions as `record` takes them need `step`. Of moments all options down to `outside`, but for `temperature`, are settled.
    grid, bins, edges : Grid, int, array_like
        One of them: cells; a number of equal cells over all positions (once round a circle); edges of cells.
    temperature : float
        kT, in the unit in which G and V* are wanted; for velocities from "metrics" in the unit of these.
    velocities, accelerations, shortest_block, outside
        As for `conditional_moments`.
    least_count : float
        Cells with fewer independent visits are left out.
    jacobian_dimension : float, optional
        d of a distance whose volume element r^(d-1) is removed; default: kept, as ρ has it.
    gauge : str or float
        Where landscapes are zero: "most populated" or "first" cell of each component, or the cell nearest to a value.
    draws : int
        Draws of the bootstrap; intervals are at 95 %.
    significance : float
        Probability of a false alarm of the tests behind the verdict.
    overdamped : str
        Differences of diffusive positions have no ⟨Ṙ²; r⟩; "refuse" says so (see `sampling` and `kramers_moyal`), "keep" warns.

    Raises
    ------
    DataError
        For overdamped data, columns that are needed and not there, or no cell with enough visits.
    ModelError
        For options out of range, or a Jacobian to be removed where r ≤ 0.

    Examples
    --------
    Oscillators with ω = 1 at kT = 1, each from a canonical start: G = V_m = r²/2.

    >>> import numpy as np
    >>> from irrev.landscape import landscape
    >>> rng, t = np.random.default_rng(1), 0.1 * np.arange(40)
    >>> x, v = rng.normal(size=(2, 4000, 1, 1))
    >>> found = landscape(x * np.cos(t)[:, None] + v * np.sin(t)[:, None], step=0.1, edges=np.linspace(-1.5, 1.5, 16))
    >>> found.comparisons[0].verdict
    'equal'
    >>> abs(found.free_energy[14].value - found.free_energy[7].value - 0.98) < 0.1           # at r = 1.4 above r = 0
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    warnings: tuple[str, ...] = ()
    if isinstance(record, ConditionalMoments):
        if any(given is not None for given in (step, grid, bins, edges)):
            raise TypeError("moments have their cells; step, grid, bins and edges belong to a record")
        moments = record
    else:
        handle = read(record, step)
        if overdamped not in ("refuse", "keep"):
            raise ModelError(f'overdamped is {overdamped!r}; expected "refuse" or "keep"')
        cells = grid_of(handle, coordinate, grid, bins, edges)
        if velocities == "differences":
            warnings = sampling_before(handle, whole(coordinate, "coordinate", 0), overdamped == "refuse", run)
        parts = moment_parts(coordinate, velocities, accelerations, temperature, shortest_block, outside)
        moments = ConditionalMoments._of(_core.LandscapeMoments(handle, cells.parts, parts, run), cells)
    place, value = (gauge, 0.0) if isinstance(gauge, str) else ("near", float(gauge))
    asked = (temperature, least_count, jacobian_dimension, place, value, whole(draws, "draws", 0), significance)
    return _landscape(_core.LandscapeSurfaces(moments.sums, asked, run), moments, temperature, warnings)


def _landscape(
    found: _core.LandscapeSurfaces, moments: ConditionalMoments, temperature: float, warnings: tuple[str, ...]
) -> Landscape:
    figures: dict[str, Any] = with_estimates(found.figures(), *SURFACES)
    components = [
        Component(**{**component, "comparison": Comparison(**component["comparison"])})
        for component in figures["components"]
    ]
    if not moments.resolved:
        warnings = (*warnings, "blocks of frames are no longer than correlations: errors are too small")
    if moments.periodic_steps.doubtful:
        warnings = (
            *warnings,
            f"{moments.periodic_steps.doubtful} steps are longer than 0.4 periods: some may be taken for their images",
        )
    circulation = figures["circulation"]
    figures["components"] = tuple(components)
    figures["circulation"] = None if circulation is None else Circulation(**circulation)
    return Landscape(temperature=float(temperature), warnings=warnings, moments=moments, draws=found, **figures)

"""Trajectories of molecule counts: ensembles with thermodynamic books, and single paths jump by jump."""

from collections.abc import Mapping
from os import PathLike, fspath
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, one_or_more, whole
from irrev._core import CountSystem, Model
from irrev._record import Estimate, Record, means
from irrev._run import Progress, chosen_seed, options
from irrev.simulation.books import Books, place

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Moments(Record):
    """Mean and variance of a sample, with their standard errors."""

    count: Annotated[int, means("", "Number of values")]
    mean: Annotated[Estimate, means("", "Sample mean, error √(variance/n)")]
    variance: Annotated[Estimate, means("", "Unbiased sample variance, error √((m₄ - variance²)/n)")]


class ReactionSummary(Record):
    """Jumps of a reaction over an ensemble."""

    name: Annotated[str, means("", "Name of the reaction")]
    forward: Annotated[Moments, means("", "Forward jumps at the end of each trajectory")]
    backward: Annotated[Moments, means("", "Backward jumps at the end of each trajectory")]
    one_way: Annotated[int, means("", "Jumps whose reverse had propensity zero: each makes the medium entropy infinite")]


class PassageSummary(Record):
    """A first passage over an ensemble."""

    name: Annotated[str, means("", "Name of the passage")]
    time: Annotated[Moments, means("time", "Times of the trajectories that got there; their number is the count")]
    entropy: Annotated[Moments, means("nats", "Medium entropy then")]


class Ensemble(Record):
    """Moments of an ensemble at the output times, and what else was asked for."""

    algorithm: Annotated[str, means("", "Name and version of the method")]
    streams: Annotated[str, means("", "Name and version of the random streams")]
    exact: Annotated[bool, means("", "Whether trajectories have the law of the jump process")]
    trajectories: Annotated[int, means("", "Number of trajectories made")]
    times: Annotated[FloatArray, means("time", "Output times")]
    quantities: Annotated[
        tuple[str, ...], means("", "What is recorded at each: species, integral(species), activity, medium_entropy, …")
    ]
    mean: Annotated[FloatArray, means("", "Sample means, one row per time, one column per quantity")]
    mean_error: Annotated[FloatArray, means("", "Standard errors of the means")]
    variance: Annotated[FloatArray, means("", "Sample variances")]
    variance_error: Annotated[FloatArray, means("", "Standard errors of the variances")]
    count: Annotated[IntArray, means("", "Number of trajectories that reached each time")]
    reactions: Annotated[
        tuple[ReactionSummary, ...], means("", "Jumps by reaction, if the books keep jumps or the medium entropy")
    ]
    passages: Annotated[tuple[PassageSummary, ...], means("", "First passages, in the order of the books")]
    stopped_early: Annotated[bool, means("", "Whether the wanted error was met before the last trajectory")]
    ends: Annotated[dict[str, int], means("", "How trajectories ended: at the last time, by jumps, at a passage")]
    samples: Annotated[
        FloatArray,
        means("", "Kept trajectories: by trajectory, time and quantity; NaN at a time that was not reached"),
    ]
    end_times: Annotated[FloatArray, means("time", "End of every kept trajectory")]
    jumps: Annotated[IntArray, means("", "Kept: jumps by trajectory, reaction and direction")]
    passage_times: Annotated[FloatArray, means("time", "Kept: by trajectory and passage; NaN if it was not reached")]
    passage_entropies: Annotated[FloatArray, means("nats", "Kept: medium entropy at the passages")]
    histograms: Annotated[
        tuple[FloatArray, ...], means("time", "Kept: for each species of the books, time by trajectory and count")
    ]
    warnings: Annotated[tuple[str, ...], means("", "What a reader must know before using these numbers")]

    def column(self, quantity: str) -> int:
        """Index of a quantity."""
        return place("quantity", self.quantities, quantity)

    def mean_of(self, quantity: str, *, time: int = -1) -> Estimate:
        """Mean of a quantity at an output time (by its index; default the last), with its standard error."""
        return self._estimate(self.mean, self.mean_error, quantity, time)

    def variance_of(self, quantity: str, *, time: int = -1) -> Estimate:
        """Variance of a quantity at an output time (by its index; default the last), with its standard error."""
        return self._estimate(self.variance, self.variance_error, quantity, time)

    def _estimate(self, values: FloatArray, errors: FloatArray, quantity: str, time: int) -> Estimate:
        k = self.column(quantity)
        return _core.estimate(float(values[time, k]), float(errors[time, k]), int(self.count[time, k]))

    def samples_of(self, quantity: str) -> FloatArray:
        """Kept values of a quantity: one row per trajectory, one column per time."""
        return self.samples[:, :, self.column(quantity)]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the means with their standard errors."""
        return {"time": self.times, "mean": self.mean, "standard_error": self.mean_error}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Means over the output times; returns the axes."""
        from irrev._plot import lines

        return lines(ax, self.times, self.mean, list(self.quantities), "time", "mean")


class Path(Record):
    """A trajectory with all its jumps."""

    algorithm: Annotated[str, means("", "Name and version of the method")]
    times: Annotated[FloatArray, means("time", "Time of every jump")]
    reactions: Annotated[IntArray, means("", "Index of the reaction of every jump")]
    directions: Annotated[IntArray, means("", "1 for a forward jump, -1 for a backward one")]
    counts: Annotated[IntArray, means("", "Counts: the initial ones, then those after every jump, one row each")]
    end_time: Annotated[float, means("time", "Time up to which it is known")]
    end: Annotated[str, means("", 'Why it ended: "time" or "jumps"')]

    def plot_data(self) -> dict[str, FloatArray | IntArray]:
        """What `plot` draws: times, the end among them, and the counts from each on."""
        return {"time": np.concatenate([[0.0], self.times]), "count": self.counts}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Counts over time as steps; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        data = self.plot_data()
        ax.step(data["time"], data["count"], where="post")
        ax.set_xlabel("time")
        ax.set_ylabel("count")
        return ax


def _counts(system: CountSystem | Model) -> CountSystem:
    return system.counts() if isinstance(system, Model) else system


def _asked(times: npt.ArrayLike, start: float, method: str, epsilon: float, **rest: Any) -> dict[str, Any]:
    return {
        "times": one_or_more(times, "times").tolist(),
        "start": float(start),
        "method": method,
        "epsilon": float(epsilon),
        **rest,
    }


def simulate(
    system: CountSystem | Model,
    *,
    initial: npt.ArrayLike | Mapping[str, int] | None = None,
    times: npt.ArrayLike,
    start: float = 0.0,
    trajectories: int = 1000,
    method: str = "automatic",
    epsilon: float = 0.03,
    books: Books | None = None,
    keep: bool = False,
    most_jumps: int | None = None,
    wanted_error: tuple[str, float] | None = None,
    seed: int | None = None,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
    checkpoint: str | PathLike[str] | None = None,
    checkpoint_interval: float = 10.0,
) -> Ensemble:
    """Trajectories of molecule counts from fixed initial counts.

    Trajectory i of a seed is the same whatever the number of threads, the output times and the other trajectories.

    Parameters
    ----------
    system : CountSystem or Model
        For many calls on a model, take `model.counts()` once.
    initial : array_like or mapping, optional
        Counts at the start; default the initial counts of the system.
    times : array_like
        Output times, ascending, from `start` on; the last one ends the trajectory. A state at an output time is that before a jump at that time.
    start : float
        Time at which the initial counts hold.
    trajectories : int
    method : str
        "automatic" chooses by a fixed rule. Exact: "dense", "direct", "sorted_direct", "next_reaction", "composition_rejection", "rejection",
        "integrated_hazard" (propensities that depend on time). Approximate: "tau_leaping", "tau_leaping_midpoint", "langevin".
    epsilon : float
        For the approximate methods: by which part a propensity, or a count, may change in a step.
    books : Books, optional
        What to keep along each trajectory.
    keep : bool
        Keep every trajectory at the output times; otherwise memory does not grow with their number.
    most_jumps : int, optional
        Ends a trajectory after so many jumps.
    wanted_error : (str, float), optional
        Ends the ensemble once the mean of a species at the last time is known with this standard error; `trajectories` is then the most.
    seed : int, optional
        Default that of the model file, or 1.
    threads, memory_limit, progress
        As everywhere.
    checkpoint : path, optional
        Folder to which the state is saved now and then, and from which an interrupted call continues with the same bits.
    checkpoint_interval : float
        Seconds between two checkpoints.

    Examples
    --------
    >>> from irrev.reactions import CountSystem
    >>> from irrev.simulation import simulate
    >>> birth_death = CountSystem(["X"], reactions=[("r", "0 <=> X", 10.0, 0.5)], initial=[3])
    >>> mean = simulate(birth_death, times=[1.7], trajectories=20_000).mean_of("X")
    >>> bool(abs(mean.value - 12.733946) < 5 * mean.standard_error)
    True
    """
    counts = _counts(system)
    wanted = None
    if wanted_error is not None:
        last = max(len(one_or_more(times, "times")) - 1, 0)
        wanted = (place("species", counts.species, wanted_error[0]), last, float(wanted_error[1]))
    asked = _asked(
        times,
        start,
        method,
        epsilon,
        trajectories=whole(trajectories, "trajectories", 1),
        keep=keep,
        most_jumps=most_jumps,
        wanted_error=wanted,
        checkpoint_interval=float(checkpoint_interval),
        **(books or Books())._packed(counts),
    )
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=chosen_seed(seed, counts.model))
    folder = None if checkpoint is None else fspath(checkpoint)
    return _ensemble(counts, _core.simulate(counts, initial, asked, folder, run))


def _moments(fields: dict[str, Any]) -> Moments:
    return Moments(**fields)


def _ensemble(system: CountSystem, fields: dict[str, Any]) -> Ensemble:
    quantities = tuple(fields["quantities"])
    width, height = len(quantities), len(fields["times"])
    for name in ("mean", "mean_error", "variance", "variance_error", "count"):
        fields[name] = fields[name].reshape(height, width)
    fields["quantities"] = quantities
    fields["reactions"] = tuple(
        ReactionSummary(r["name"], _moments(r["forward"]), _moments(r["backward"]), r["one_way"])
        for r in fields["reactions"]
    )
    fields["passages"] = tuple(
        PassageSummary(p["name"], _moments(p["time"]), _moments(p["entropy"])) for p in fields["passages"]
    )
    fields["ends"] = dict(zip(("time", "jumps", "passage"), fields["ends"], strict=True))
    kept = len(fields["end_times"])
    fields["samples"] = fields["samples"].reshape(kept, height, width)
    fields["jumps"] = fields["jumps"].reshape(kept, -1, 2) if kept else fields["jumps"].reshape(0, 0, 2)
    for name in ("passage_times", "passage_entropies"):
        fields[name] = fields[name].reshape(kept, len(fields["passages"]))
    fields["histograms"] = tuple(fields["histograms"])
    return Ensemble(**fields, warnings=_warnings(system, fields))


def _warnings(system: CountSystem, fields: dict[str, Any]) -> tuple[str, ...]:
    found = list(system.warnings)
    if not fields["exact"]:
        found.append(
            f"{fields['algorithm']} is approximate: its moments, entropies and passages are not those of the jump process"
        )
    one_way = [f'"{r.name}" ({r.one_way} jumps)' for r in fields["reactions"] if r.one_way]
    if one_way:
        found.append(f"jumps without a reverse made the medium entropy infinite: {', '.join(one_way)}")
    missed = int(fields["trajectories"] - fields["count"].min()) if fields["count"].size else 0
    if missed:
        found.append(f"{missed} trajectories ended before the last output time and are missing from its moments")
    return tuple(found)


def sample_path(
    system: CountSystem | Model,
    *,
    initial: npt.ArrayLike | Mapping[str, int] | None = None,
    end: float,
    start: float = 0.0,
    most_jumps: int = 1_000_000,
    method: str = "automatic",
    index: int = 0,
    seed: int | None = None,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Path:
    """One trajectory with every jump: trajectory `index` of the seed, the same that `simulate` makes with this end and method.

    Parameters
    ----------
    system : CountSystem or Model
    initial : array_like or mapping, optional
        Counts at the start; default the initial counts of the system.
    end : float
        Time at which it ends.
    start : float
    most_jumps : int
        Ends it after so many jumps, which bounds the memory.
    method : str
        An exact method; see `simulate`.
    index : int
        Which trajectory of the seed.

    Examples
    --------
    >>> from irrev.reactions import CountSystem
    >>> from irrev.simulation import sample_path
    >>> decay = CountSystem(["X"], reactions=[("decay", "X -> 0", 1.0, 0.0)], initial=[20])
    >>> path = sample_path(decay, end=100.0)
    >>> len(path.times), path.counts[-1].tolist()
    (20, [0])
    """
    counts = _counts(system)
    asked = _asked(
        [end],
        start,
        method,
        0.03,
        trajectories=index + 1,
        keep=False,
        most_jumps=most_jumps,
        wanted_error=None,
        checkpoint_interval=10.0,
        **Books()._packed(counts),
    )
    run = options(threads=1, memory=memory_limit, progress=progress, seed=chosen_seed(seed, counts.model))
    return Path(**_core.sample_path(counts, initial, asked, index, run))

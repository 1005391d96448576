"""Many walkers at once, with their books."""

from collections.abc import Sequence
from os import PathLike, fspath
from typing import Annotated, Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, real, whole
from irrev._record import Estimate, Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.landscape.estimates import Estimates
from irrev.landscape.langevin.dynamics import Dynamics
from irrev.landscape.langevin.fields import Field, LinearField, each
from irrev.landscape.recording import Period
from irrev.landscape.recording import Record as Recording
from irrev.landscape.recording import record as recorded


class Reflecting(NamedTuple):
    """Walls of a coordinate, of which one may be infinitely far: what would lie behind a wall is mirrored at it, and the velocity reversed. The weak error of mirrored steps is of first order.

    References: Bossy, Gobet and Talay, J. Appl. Probab. 41, 877 (2004).
    """

    lower: float = -np.inf
    upper: float = np.inf


Boundary: TypeAlias = Period | Reflecting | None
"""Ends of a coordinate: a circle, walls, or None for the whole line."""


class Thermodynamics(Record):
    """Books of all walkers since the start: E = V + Σ m v²/2, ΔE = W - Σ Q + residual.

    The residual is what the integrator adds by its finite step; it is reported and not distributed. It shrinks like h² (like h for the noise of overdamped paths in a potential of third or higher order); where it is not small against what is
    asked, the step is too long.

    References: Sivak, Chodera and Crooks, Phys. Rev. X 3, 011007 (2013), for the residual, their shadow work.
    """

    temperatures: Annotated[FloatArray, means("energy", "T_i of each bath")]
    heat: Annotated[FloatArray, means("energy", "Q_i into each bath, shape (walkers, coordinates)")]
    total_heat: Annotated[FloatArray, means("energy", "Σ Q_i of each walker")]
    medium_entropy: Annotated[FloatArray, means("nats", "Σ Q_i/T_i of each walker")]
    work: Annotated[FloatArray, means("energy", "W of protocol and drive, of each walker")]
    protocol_work: Annotated[FloatArray, means("energy", "Changes of V in time while walkers stand")]
    drive_work: Annotated[FloatArray, means("energy", "∫ f·dx of the force that is not of the potential")]
    first_energy: Annotated[FloatArray, means("energy", "E of each walker at the start")]
    energy: Annotated[FloatArray, means("energy", "E of each walker now")]
    residual: Annotated[FloatArray, means("energy", "ΔE + Σ Q - W of each walker")]
    mean_heat: Annotated[Estimates, means("energy", "⟨Q_i⟩ of each bath")]
    mean_work: Annotated[Estimate, means("energy", "⟨W⟩")]
    mean_medium_entropy: Annotated[Estimate, means("nats", "⟨Σ Q_i/T_i⟩")]


def _books(fields: dict[str, Any]) -> Thermodynamics:
    return Thermodynamics(**(fields | {"mean_heat": Estimates(**fields["mean_heat"])}))


class Motion(Record):
    """What `simulate` returns.

    Arrays of frames have the shape (walkers, frames, coordinates); in memory the frames of one walker and coordinate lie one after the other, so that `motion.positions[w, :, i]` is contiguous. Periodic coordinates lie in their period.
    """

    algorithm: Annotated[str, means("", "Versioned name of the method")]
    streams: Annotated[str, means("", "Versioned name of the random streams")]
    time: Annotated[float, means("time", "When it ended")]
    final_positions: Annotated[FloatArray, means("", "Positions at the end, shape (walkers, coordinates)")]
    final_velocities: Annotated[FloatArray | None, means("", "Velocities at the end; None without inertia")]
    turns: Annotated[IntArray, means("", "Whole turns of periodic coordinates, shape (walkers, coordinates)")]
    thermodynamics: Annotated[Thermodynamics, means("", "Work, heat and entropy of each walker")]
    times: Annotated[FloatArray, means("time", "When frames were kept; empty if none were")]
    positions: Annotated[FloatArray, means("", "Positions, shape (walkers, frames, coordinates)")]
    velocities: Annotated[FloatArray | None, means("", "Velocities likewise; None without inertia")]
    periods: Annotated[tuple[Period | None, ...], means("", "Period of each coordinate")]

    def record(self) -> Recording:
        """The frames as a record of one trajectory for each walker, velocities included: what `landscape`, `conditional_moments`, `memory_kernel` and all other estimators take.

        Raises ModelError for fewer than two frames.
        """
        if len(self.times) < 2:
            raise ModelError("fewer than two frames were kept; simulate with record_every")
        velocities = None if self.velocities is None else list(self.velocities)
        step = (self.times[-1] - self.times[0]) / (len(self.times) - 1)
        return recorded(list(self.positions), step=float(step), velocities=velocities, periods=list(self.periods))

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {"times": self.times, "positions": self.positions}

    def plot(self, *, ax: Any = None, walkers: int = 8, coordinate: int = 0) -> Any:
        """A coordinate of the first walkers against time; returns the axes."""
        from irrev._plot import lines

        columns = self.positions[:walkers, :, coordinate].T
        return lines(ax, self.times, columns, [f"walker {k}" for k in range(columns.shape[1])], "time", "position")


def _boundaries(given: Boundary | Sequence[Boundary], dimension: int) -> list[tuple[str, float, float] | None]:
    listed = [given] * dimension if given is None or isinstance(given, Period | Reflecting) else list(given)
    if len(listed) != dimension:
        raise ModelError(f"boundaries has {len(listed)} entries, expected one for each of {dimension} coordinates")

    def parts(one: Boundary) -> tuple[str, float, float] | None:
        if one is None:
            return None
        if not isinstance(one, Period | Reflecting):
            raise TypeError(f"a boundary is {one!r}; expected a Period, Reflecting(lower, upper) or None")
        return ("period" if isinstance(one, Period) else "walls", float(one[0]), float(one[1]))

    return [parts(one) for one in listed]


def _places(start: npt.ArrayLike, walkers: int | None, dimension: int) -> FloatArray:
    """A position for each walker, shape (walkers, coordinates)."""
    array = real(start, "start")
    number = None if walkers is None else whole(walkers, "walkers", 1)
    if array.ndim == 0 or (array.ndim == 1 and len(array) == dimension and (dimension > 1 or number is not None or len(array) == 1)):
        point = array.reshape(-1)
        if len(point) != dimension:
            raise ModelError(f"start has {len(point)} entries, expected one for each of {dimension} coordinates")
        return np.ascontiguousarray(np.broadcast_to(point, (number or 1, dimension)))
    table = array.reshape(-1, 1) if array.ndim == 1 and dimension == 1 else array
    if table.ndim != 2 or table.shape[1] != dimension or len(table) == 0:
        raise ModelError(
            f"start has shape {array.shape}, expected a point ({dimension},) or one for each walker (walkers, {dimension})"
        )
    if number is not None and number != len(table):
        raise ModelError(f"start has {len(table)} positions, and walkers is {number}; leave walkers out")
    return np.ascontiguousarray(table)


def _course(
    dimension: int,
    start: npt.ArrayLike,
    walkers: int | None,
    velocities: npt.ArrayLike | None,
    boundaries: Boundary | Sequence[Boundary],
    clock: tuple[float, int, float, int, float],
) -> tuple[Any, ...]:
    places = _places(start, walkers, dimension)
    speeds = None
    if velocities is not None:
        given = real(velocities, "velocities")
        if given.ndim == 1 and dimension == 1 and len(given) == len(places):
            given = given.reshape(-1, 1)
        if given.ndim > 1 and given.shape != places.shape or given.ndim == 1 and len(given) != dimension:
            raise ModelError(f"velocities has shape {given.shape}, expected {places.shape} or ({dimension},)")
        speeds = np.ascontiguousarray(np.broadcast_to(given, places.shape))
    return places, speeds, _boundaries(boundaries, dimension), clock


def simulate(
    field: Field | LinearField,
    *,
    dynamics: Dynamics,
    start: npt.ArrayLike,
    step: float,
    steps: int,
    walkers: int | None = None,
    velocities: npt.ArrayLike | None = None,
    boundaries: Boundary | Sequence[Boundary] = None,
    start_time: float = 0.0,
    record_every: int = 0,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
    checkpoint: str | PathLike[str] | None = None,
    checkpoint_interval: float = 60.0,
) -> Motion:
    """Walkers from their start through a number of steps, with the books of their paths, and frames if they are to be kept.

    Parameters
    ----------
    field : Field or LinearField
    dynamics : Overdamped, Underdamped or Generalized
    start : array_like
        A point, shape (coordinates,) or a number, for all walkers; or (walkers, coordinates).
    step : float
        h. A tenth of the fastest relaxation or oscillation is a good start; `thermodynamics.residual` tells whether it was.
    steps : int
        Number of steps.
    walkers : int, optional
        How many start at a point; default 1.
    velocities : array_like, optional
        Velocities at the start; default drawn from the Maxwell distribution of each bath.
    boundaries : Period, Reflecting or None, or a sequence of one for each coordinate
        Ends of coordinates; None for the whole line.
    start_time : float
        t at the start.
    record_every : int
        Keep a frame at the start and after every so many steps; 0 keeps none.
    seed, threads, memory_limit, progress
        As everywhere. Results do not depend on the number of threads.
    checkpoint : path, optional
        Folder from which an interrupted call goes on with the same bits.
    checkpoint_interval : float
        Seconds between two checkpoints.

    Raises ModelError for a field, start or boundary that does not fit, for a walker whose position or force is no number (with walker, time and step), and LimitError if frames would take more memory than allowed.

    Examples
    --------
    A trap that is pulled for one unit of time at the speed 1: ⟨W⟩ = 1/e, and ⟨e^{-W}⟩ = 1.

    >>> import numpy as np
    >>> from irrev.landscape.langevin import Field, Overdamped, simulate
    >>> trap = Field("x", potential="(x - t)^2/2")
    >>> x0 = np.random.default_rng(1).normal(size=20_000)
    >>> motion = simulate(trap, dynamics=Overdamped(), start=x0, step=0.01, steps=100)
    >>> work = motion.thermodynamics.mean_work
    >>> bool(abs(work.value - np.exp(-1)) < 5 * work.standard_error + 0.01)
    True
    >>> bool(abs(np.exp(-motion.thermodynamics.work).mean() - 1) < 0.05)
    True

    A ring with a drive, with frames that all estimators take:

    >>> from irrev.landscape import Period
    >>> ring = Field("phi", potential="cos(phi)", force=0.5)
    >>> motion = simulate(ring, dynamics=Overdamped(), start=0.0, walkers=10, boundaries=Period.radians(), step=0.01, steps=500, record_every=5)
    >>> motion.positions.shape, motion.record().frames
    ((10, 101, 1), 1010)
    """
    d = field.dimension
    clock = (
        float(step),
        whole(steps, "steps", 0),
        float(start_time),
        whole(record_every, "record_every", 0),
        float(checkpoint_interval),
    )
    course = _course(d, start, walkers, velocities, boundaries, clock)
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    folder = None if checkpoint is None else fspath(checkpoint)
    found = _core.langevin_simulate(field._parts, dynamics._parts(field), course, folder, run)
    columns = found["columns"]
    if columns is None:
        columns = np.zeros((len(course[0]), d if found["velocities"] is None else 2 * d, 0))
    frames = columns.transpose(0, 2, 1)
    every = clock[3] * clock[0]
    return Motion(
        algorithm=found["algorithm"],
        streams=found["streams"],
        time=found["time"],
        final_positions=found["positions"],
        final_velocities=found["velocities"],
        turns=found["turns"],
        thermodynamics=_books(found["thermodynamics"]),
        times=clock[2] + every * np.arange(frames.shape[1]),
        positions=frames[:, :, :d],
        velocities=None if found["velocities"] is None else frames[:, :, d:],
        periods=tuple(Period(*ends[1:]) if ends and ends[0] == "period" else None for ends in course[2]),
    )


class Simulation:
    """Walkers that go on as long as one likes, with the books of their paths.

    Parameters
    ----------
    field, dynamics, start, step, walkers, velocities, boundaries, start_time, seed, threads, memory_limit
        As in `simulate`.

    In one piece or in many, on any number of threads and from a checkpoint on, walkers have the same bits. Walkers of an interrupted call have all made the same number of steps, and may go on; after a step that makes no sense they may not,
    and a checkpoint restores them. Several threads of Python may ask one simulation; each waits for the others.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape.langevin import Field, Simulation, Underdamped
    >>> well = Field("x", potential="(x^2 - 1)^2")
    >>> walkers = Simulation(well, dynamics=Underdamped(friction=0.5, temperature=0.3), start=1.0, walkers=100, step=0.02)
    >>> walkers.advance(1000)
    >>> walkers.time, walkers.positions.shape
    (20.0, (100, 1))
    >>> kept = walkers.checkpoint()
    >>> walkers.advance(50)
    >>> there = walkers.positions
    >>> walkers.restore(kept)
    >>> walkers.advance(50, threads=1)
    >>> np.array_equal(walkers.positions, there)
    True
    """

    __slots__ = ("_handle", "_seed")
    _handle: _core.LangevinSimulation
    _seed: int

    def __init__(
        self,
        field: Field | LinearField,
        *,
        dynamics: Dynamics,
        start: npt.ArrayLike,
        step: float,
        walkers: int | None = None,
        velocities: npt.ArrayLike | None = None,
        boundaries: Boundary | Sequence[Boundary] = None,
        start_time: float = 0.0,
        seed: int = 1,
        threads: int = 0,
        memory_limit: int | None = None,
    ) -> None:
        clock = (float(step), 0, float(start_time), 0, 60.0)
        course = _course(field.dimension, start, walkers, velocities, boundaries, clock)
        run = options(threads=threads, memory=memory_limit, progress=False, seed=seed)
        self._handle = _core.LangevinSimulation(field._parts, dynamics._parts(field), course, run)
        self._seed = seed

    def advance(
        self, steps: int, *, threads: int = 0, memory_limit: int | None = None, progress: Progress = None
    ) -> None:
        """Makes steps. Raises ModelError for the first walker, by time and then by number, whose motion makes no sense."""
        run = options(threads=threads, memory=memory_limit, progress=progress, seed=self._seed)
        self._handle.advance(whole(steps, "steps", 0), run)

    @property
    def steps(self) -> int:
        """Steps made since the start."""
        return self._handle.clock()[0]

    @property
    def time(self) -> float:
        """Time now."""
        return self._handle.clock()[1]

    @property
    def positions(self) -> FloatArray:
        """Positions now, shape (walkers, coordinates); a copy, in the order of rows."""
        return self._handle.positions()

    @property
    def velocities(self) -> FloatArray | None:
        """Velocities likewise; None for motion without inertia."""
        return self._handle.velocities()

    @property
    def turns(self) -> IntArray:
        """Whole turns of periodic coordinates likewise."""
        return self._handle.turns()

    def thermodynamics(self) -> Thermodynamics:
        """Work, heat and entropy of each walker since the start."""
        return _books(self._handle.thermodynamics())

    def checkpoint(self) -> bytes:
        """The state as bytes, from which `restore` goes on to the same bits."""
        return self._handle.checkpoint()

    def restore(self, checkpoint: bytes) -> None:
        """Goes back, or ahead, to a checkpoint of the same question. Raises ModelError for bytes of another question, or damaged ones; the walkers then stay as they are."""
        self._handle.restore(checkpoint)

    def __repr__(self) -> str:
        steps, time = self._handle.clock()
        return f"<Simulation of {len(self.positions)} walkers after {steps} steps, at time {time:g}>"

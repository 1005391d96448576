"""The report of `irrev landscape`: everything that a recording tells of its coordinates, from files or from arrays."""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, Literal, TypeAlias

from irrev import _core
from irrev._arrays import whole
from irrev._experiment import Result, _paths
from irrev._run import Progress, chosen_seed, options
from irrev.exceptions import ModelError
from irrev.landscape.recording import Period, Record, Trajectories
from irrev.landscape.recording import record as recorded

Column: TypeAlias = str | int
"""A column of a file: its name, or its number from 0."""
Columns: TypeAlias = Column | Sequence[Column]
Circle: TypeAlias = Literal["radians", "degrees", "none"] | Period | None
"""-π to π, -180 to 180, a period of one's own, or none."""


def report(
    recording: str | PathLike[str] | Sequence[str | PathLike[str]] | Record | Trajectories,
    *,
    coordinate: Columns = (),
    velocity: Columns = (),
    acceleration: Columns = (),
    metric: Columns = (),
    time: Column | None = None,
    step: float | None = None,
    trajectory: Column | None = None,
    period: Circle | Sequence[Circle] = (),
    wrap: bool = False,
    split: bool = False,
    define: str | Sequence[str] = (),
    kt: float = 1.0,
    cells: int = 48,
    range: tuple[float, float] | None = None,
    least_count: float = 10.0,
    draws: int = 200,
    velocities: Literal["auto", "differences", "metrics"] = "auto",
    lags: int | None = None,
    levels: int | None = None,
    scales: Sequence[int] = (),
    field: tuple[Column, Column] | None = None,
    field_cells: int = 24,
    metric_weights: tuple[float, float] = (1.0, 1.0),
    resimulate: int | None = None,
    names: Sequence[str] | None = None,
    name: str = "recording",
    seed: int | None = None,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
    out: str | PathLike[str] | None = None,
    force: bool = False,
    static_page: bool = False,
) -> Result:
    """The landscapes of recorded coordinates, as `irrev landscape` reports them.

    For each coordinate: what the recording can give, G beside V_m, V* and kT ln(w/kT) with errors and whether they are one landscape, barriers, the memory kernel with its nearest passive one, hidden dimensions, and coarser time scales;
    drift and diffusion where steps show no velocities. In `Result.quantities`, `Result.tables` and the figures.

    Parameters
    ----------
    recording : path, sequence of paths, Record, or arrays
        Files, as the command takes them; a `Record`, which may hold velocities, accelerations, metrics and periods; or positions as `record` takes them, with `step`.
    coordinate, velocity, acceleration, metric : str or int, or sequence of these
        Columns of files, by name or by number from 0; default all of which nothing else is said, and differences of positions.
    time : str or int, optional
        Column of times; default what the file says.
    step : float, optional
        Time step, where no column has the times.
    trajectory : str or int, optional
        Column that numbers trajectories.
    period : "radians", "degrees", "none" or Period, or a sequence of one for each coordinate
        Default what the file says.
    wrap : bool
        Bring values outside of their period back into it.
    split : bool
        Cut trajectories at gaps in time and at rows without numbers.
    define : str or sequence of str
        Coordinates from positions of atoms, counted from 0: distance(i, j), angle(i, j, k), dihedral(i, j, k, l), difference(i, j, k, l), linear(c xi, …).
    kt : float
        kT, in mass · length²/time² of the recording.
    cells : int
        Cells of each coordinate.
    range : (float, float), optional
        Where cells begin and end; default where all but a thousandth of the frames lie.
    least_count : float
        Independent visits that a cell needs.
    draws : int
        Draws of the bootstrap.
    velocities : str
        Where ⟨Ṙ²; r⟩ comes from: "auto" (recorded velocities if there are any, else differences of positions), "differences", or "metrics" (kT times the recorded metric).
    lags : int, optional
        Lags of the memory kernel, in frames; 0 leaves it out; default a tenth of the shortest trajectory, at most 400.
    levels : int, optional
        Levels of hidden dimensions; 0 leaves them out; default 2 where the time step resolves accelerations.
    scales : sequence of int
        Widths of windows, in frames, over which the coordinate is averaged to see coarser time scales.
    field : (str, str), optional
        Two coordinates whose mean force, or without inertia whose drift, is taken apart into a gradient and a flux.
    field_cells : int
        Cells along each of them.
    metric_weights : (float, float)
        A of F = -A ∇V + v, a positive number for each of them.
    resimulate : int, optional
        Walkers that follow the fitted memory kernel, beside the recording; 0 leaves them out; default 256.
    names : sequence of str, optional
        Names of the coordinates of arrays; default r, or r1, r2, ….
    name : str
        Name of arrays, in titles and messages.
    seed : int, optional
        Seed of the bootstrap; default 1.
    threads, memory_limit, progress, out, force
        As in `irrev.run`.
    static_page : bool
        Write a small page with drawings instead of interactive plots.

    Raises
    ------
    ModelError, DataError
        With what is wrong in the files, by line and column, or in the options.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import report
    >>> found = report(np.sin(0.05 * np.arange(20_000)), step=0.05, kt=0.5)
    >>> abs(found["step_exponent"].value - 2.0) < 0.1, found.all_verified
    (True, True)
    """
    circles = _circles(period)
    asked: dict[str, Any] = {
        "kt": float(kt),
        "periods_told": bool(circles),
        "cells": whole(cells, "cells", 0),
        "range": None if range is None else (float(range[0]), float(range[1])),
        "least_count": float(least_count),
        "draws": whole(draws, "draws", 0),
        "velocities": velocities,
        "lags": None if lags is None else whole(lags, "lags", 0),
        "levels": None if levels is None else whole(levels, "levels", 0),
        "scales": [whole(width, "scales", 0) for width in scales],
        "field": None if field is None else _two(field, "field", str),
        "field_cells": whole(field_cells, "field_cells", 0),
        "metric_weights": _two(metric_weights, "metric_weights", float),
        "resimulate": None if resimulate is None else whole(resimulate, "resimulate", 0),
    }
    of_files: dict[str, Any] = {
        "coordinate": _columns(coordinate),
        "velocity": _columns(velocity),
        "acceleration": _columns(acceleration),
        "metric": _columns(metric),
        "time": None if time is None else str(time),
        "trajectory": None if trajectory is None else str(trajectory),
        "wrap": wrap,
        "split": split,
        "define": [define] if isinstance(define, str) else list(define),
    }
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=chosen_seed(seed, None))
    files = _paths(recording)
    if files is not None:
        if time is not None and step is not None:
            raise TypeError("give either time or step")
        if names is not None:
            raise TypeError("names belong to arrays; columns of files are chosen by coordinate")
        read_as = of_files | {"step": None if step is None else float(step), "period": circles}
        made = _core.landscape_report_of_files(files, read_as, asked, run)
    else:
        foreign = [option for option, value in of_files.items() if value]
        if foreign:
            raise TypeError(f"{foreign[0]} belongs to files; give arrays with all that belongs to them as a Record")
        handle = _in_memory(recording, step, circles)
        made = _core.landscape_report_of_record(handle, name, _names(names, len(handle.periods())), asked, run)
    result = Result(made)
    if out is not None:
        result.save(out, force=force, static_page=static_page)
    return result


def _two(given: Sequence[Any], name: str, made: Callable[[Any], Any]) -> tuple[Any, Any]:
    if isinstance(given, str) or len(given) != 2:
        raise ModelError(f"{name} is {given!r}; give two")
    return made(given[0]), made(given[1])


def _columns(given: Columns) -> list[str]:
    return [str(given)] if isinstance(given, str | int) else [str(column) for column in given]


def _circles(given: Circle | Sequence[Circle]) -> list[tuple[float, float] | None]:
    """(start, length) of each coordinate."""
    single = given is None or isinstance(given, str | Period)
    listed: Sequence[Any] = [given] if single else list(given)  # type: ignore[arg-type]

    def circle(one: Any) -> tuple[float, float] | None:
        if one is None or one == "none":
            return None
        if one == "radians":
            start, length = Period.radians()
            return start, length
        if one == "degrees":
            return -180.0, 360.0
        if isinstance(one, str) or len(one) != 2:
            raise ModelError(f'period is {one!r}; say "radians", "degrees", "none", or a Period')
        return float(one[0]), float(one[1])

    return [circle(one) for one in listed]


def _in_memory(recording: Any, step: float | None, circles: list[tuple[float, float] | None]) -> _core.LandscapeRecord:
    if isinstance(recording, Record):
        if step is not None or any(circles):
            raise TypeError("step and period belong to positions; a record has its own")
        return recording._handle
    if step is None:
        raise TypeError("give step with positions, or a Record, or files")
    periods = [None if circle is None else Period(*circle) for circle in circles]
    return recorded(recording, step=step, periods=periods or None)._handle


def _names(names: Sequence[str] | None, coordinates: int) -> list[str]:
    if names is None:
        return ["r"] if coordinates == 1 else [f"r{k + 1}" for k in range(coordinates)]
    return [names] if isinstance(names, str) else [str(one) for one in names]

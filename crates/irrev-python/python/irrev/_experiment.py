"""From a model file to a report: `load`, `run` and `Result`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, real, vector, whole
from irrev._core import Model
from irrev._record import Record, means
from irrev._run import Progress, chosen_seed, options
from irrev.exceptions import DataError, ModelError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

Overrides = Mapping[str, str | float]
"""Other values for numbers of a model, by dotted key: numbers, or expressions as text."""


def _number(value: Any) -> float:
    """A number of a result document, where infinities and NaN are words."""
    return float(value) if value is not None else float("nan")


def _numbers(values: Sequence[Any]) -> FloatArray:
    return np.array([_number(v) for v in values], dtype=np.float64)


class Quantity(Record):
    """One reported number with unit, error, kind and definition."""

    name: Annotated[str, means("", "Name, the key in the result")]
    value: Annotated[float, means("", "The number, in `unit`")]
    unit: Annotated[str, means("", "Unit in words; empty for a pure number")]
    error: Annotated[float | None, means("", "Standard error, for estimates")]
    kind: Annotated[str, means("", '"exact", "estimate", "certified", "lower_bound" or "upper_bound"')]
    label: Annotated[str, means("", "The name in words")]
    formula: Annotated[str, means("", "Defining formula, in LaTeX")]
    explanation: Annotated[str, means("", "What it tells")]
    source: Annotated[str, means("", "Where the definition comes from")]
    note: Annotated[str | None, means("", "Remark, for instance why it is infinite")]

    def __float__(self) -> float:
        return self.value


class Check(Record):
    """An identity that must hold, evaluated."""

    name: Annotated[str, means("", "Name")]
    what: Annotated[str, means("", "What must hold")]
    residual: Annotated[float, means("", "Deviation found")]
    tolerance: Annotated[float, means("", "Largest deviation allowed")]
    passed: Annotated[bool, means("", "Whether it holds")]


class Bound(Record):
    """An inequality left ≥ right, evaluated."""

    name: Annotated[str, means("", "Name")]
    statement: Annotated[str, means("", "The inequality in words")]
    left: Annotated[float, means("", "Left side, the larger one")]
    right: Annotated[float, means("", "Right side")]
    unit: Annotated[str, means("", "Unit of both sides")]
    status: Annotated[str, means("", '"holds", "violated" or "not_applicable"')]


class Series(Record):
    """A quantity over a coordinate."""

    name: Annotated[str, means("", "Name")]
    unit: Annotated[str, means("", "Unit of the values")]
    coordinate: Annotated[str, means("", "What runs")]
    coordinate_unit: Annotated[str, means("", "Its unit")]
    x: Annotated[FloatArray, means("", "Values of the coordinate")]
    values: Annotated[FloatArray, means("", "One value each")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {self.coordinate: self.x, self.name: self.values}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """The values over the coordinate; returns the axes."""
        from irrev._plot import lines

        return lines(
            ax,
            self.x,
            self.values,
            [self.name],
            f"{self.coordinate} ({self.coordinate_unit})",
            f"{self.name} ({self.unit})",
        )

    def to_xarray(self) -> "xr.DataArray":
        """As an `xarray.DataArray` with units as attributes."""
        from irrev._plot import require

        xarray: Any = require("xarray", "xarray")
        array: xr.DataArray = xarray.DataArray(
            self.values, {self.coordinate: self.x}, (self.coordinate,), self.name, {"unit": self.unit}
        )
        return array


class Table(Record):
    """Named columns of equal length."""

    name: Annotated[str, means("", "Name")]
    caption: Annotated[str, means("", "What it shows")]
    columns: Annotated[dict[str, FloatArray | tuple[str, ...]], means("", "Columns by name: numbers, or text")]
    units: Annotated[dict[str, str], means("", "Unit of each column")]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and repr(self.to_dict()) == repr(other.to_dict())

    __hash__ = None

    def to_pandas(self) -> "pd.DataFrame":
        """As a `pandas.DataFrame`."""
        from irrev._plot import require

        pandas: Any = require("pandas", "pandas")
        frame: pd.DataFrame = pandas.DataFrame(self.columns)
        return frame


class Result:
    """The report of an analysis: numbers with units, tables, checks, bounds and figures; frozen.

    `result["entropy_production_rate"]` is a `Quantity`, and `float(…)` of it the number.

    Attributes
    ----------
    kind, title : str
    quantities : mapping of str to Quantity
    series : mapping of str to Series
    tables : mapping of str to Table
    checks : tuple of Check
        Identities that must hold, evaluated.
    bounds : tuple of Bound
        Inequalities, evaluated.
    warnings : tuple of str
        What to know before trusting the numbers.
    left_out : mapping of str to str
        Sections that the model does not allow, and why, where all that are possible were asked for.
    figures : tuple of str
        Names of the figures; see `figure_svg`.
    """

    __slots__ = (
        "_content",
        "_report",
        "bounds",
        "checks",
        "figures",
        "kind",
        "left_out",
        "quantities",
        "series",
        "tables",
        "title",
        "warnings",
    )

    kind: str
    title: str
    quantities: Mapping[str, Quantity]
    series: Mapping[str, Series]
    tables: Mapping[str, Table]
    checks: tuple[Check, ...]
    bounds: tuple[Bound, ...]
    warnings: tuple[str, ...]
    left_out: Mapping[str, str]
    figures: tuple[str, ...]
    _content: dict[str, Any]
    _report: _core.Report

    def __init__(self, report: _core.Report) -> None:
        content = json.loads(report.to_json())
        fields = {
            "_report": report,
            "_content": content,
            "kind": content["kind"],
            "title": content["title"],
            "quantities": MappingProxyType({n: _quantity(n, q) for n, q in content["quantities"].items()}),
            "series": MappingProxyType({s["name"]: _series(s) for s in content["series"]}),
            "tables": MappingProxyType({t["name"]: _table(t) for t in content["tables"]}),
            "checks": tuple(_check(c) for c in content["checks"]),
            "bounds": tuple(_bound(b) for b in content["bounds"]),
            "warnings": tuple(content["warnings"]),
            "left_out": MappingProxyType({s["section"]: s["reason"] for s in content.get("left_out", [])}),
            "figures": tuple(f["name"] for f in content["figures"]),
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Result is frozen: cannot assign to {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Result is frozen: cannot delete {name}")

    def __getitem__(self, name: str) -> Quantity:
        return self.quantities[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is a quantity with this name."""
        return name in self.quantities

    def __iter__(self) -> Iterator[str]:
        """Names of the quantities."""
        return iter(self.quantities)

    def __len__(self) -> int:
        """Number of quantities."""
        return len(self.quantities)

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return _from_json, (self.to_json(),)

    def __eq__(self, other: object) -> bool:
        return self.to_json() == other.to_json() if isinstance(other, Result) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Result {self.title!r} with {len(self.quantities)} quantities>"

    @property
    def all_verified(self) -> bool:
        """Whether every check passed."""
        return self._report.all_verified()

    def summary(self) -> str:
        """What the analysis found, in plain words and numbers."""
        return self._report.summary()

    def _repr_html_(self) -> str:
        return self._report.html()

    def figure_svg(self, name: str) -> str:
        """A figure by its name, as SVG."""
        return self._report.figure(name)

    def to_json(self) -> str:
        """The result document, schema `irrev.result/1`."""
        return self._report.to_json()

    def to_dict(self) -> dict[str, Any]:
        """The result document as Python values; infinities and NaN are words, as in JSON."""
        copied: dict[str, Any] = json.loads(self.to_json())
        return copied

    def to_pandas(self) -> "pd.DataFrame":
        """One row per quantity: value, unit, error, kind."""
        from irrev._plot import require

        pandas: Any = require("pandas", "pandas")
        rows = [(q.name, q.value, q.unit, q.error, q.kind) for q in self.quantities.values()]
        frame: pd.DataFrame = pandas.DataFrame(rows, columns=["name", "value", "unit", "error", "kind"]).set_index(
            "name"
        )
        return frame

    def save(
        self, directory: str | PathLike[str], *, force: bool = False, static_page: bool = False
    ) -> tuple[Path, ...]:
        """Writes the result folder (`result.json`, tables, figures, `report.html`) and returns the files written.

        Parameters
        ----------
        directory : path
        force : bool
            Replace an earlier result; it is refused otherwise.
        static_page : bool
            Write a small page with drawings instead of interactive plots.
        """
        return tuple(Path(p) for p in self._report.save(directory, force, static_page))

    @classmethod
    def load(cls, directory: str | PathLike[str]) -> Self:
        """Reads a result folder, or a result document, back."""
        path = Path(directory)
        path = path / "result.json" if path.is_dir() else path
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path} cannot be read: {error}") from error
        return cls(_core.Report(text))


def _from_json(text: str) -> Result:
    return Result(_core.Report(text))


def _quantity(name: str, q: Mapping[str, Any]) -> Quantity:
    definition = q["definition"]
    return Quantity(
        name=name,
        value=_number(q["value"]),
        unit=q["unit"],
        error=None if q["error"] is None else _number(q["error"]),
        kind=q["kind"],
        label=definition["label"],
        formula=definition["formula"],
        explanation=definition["explanation"],
        source=definition["source"],
        note=q.get("note"),
    )


def _series(s: Mapping[str, Any]) -> Series:
    x = s["x"]
    return Series(
        name=s["name"],
        unit=s["unit"],
        coordinate=x["name"],
        coordinate_unit=x["unit"],
        x=_numbers(x["values"]),
        values=_numbers(s["values"]),
    )


def _table(t: Mapping[str, Any]) -> Table:
    columns: dict[str, FloatArray | tuple[str, ...]] = {}
    for column in t["columns"]:
        values = column["values"]
        columns[column["name"]] = _numbers(values["numbers"]) if "numbers" in values else tuple(values["text"])
    units = {column["name"]: column["unit"] for column in t["columns"]}
    return Table(name=t["name"], caption=t["caption"], columns=columns, units=units)


def _check(c: Mapping[str, Any]) -> Check:
    return Check(c["name"], c["what"], _number(c["residual"]), _number(c["tolerance"]), c["passed"])


def _bound(b: Mapping[str, Any]) -> Bound:
    return Bound(b["name"], b["statement"], _number(b["left"]), _number(b["right"]), b["unit"], b["status"])


def load(path: str | PathLike[str], *, set: Overrides | None = None) -> Model:
    """Reads and checks a model file.

    Parameters
    ----------
    path : path
        A TOML file whose first key is `irrev = 1`.
    set : mapping, optional
        Other values for numbers of the model, by dotted key, as in `{"parameters.force": 0.5}`.

    Raises
    ------
    ModelError
        With every fault of the file, its line and what to do about it.
    DataError
        If the file cannot be read.
    """
    return _core.load(path, _plain(set))


def loads(text: str, *, name: str = "model.toml", set: Overrides | None = None) -> Model:
    """Checks the text of a model file; `name` stands in messages."""
    return _core.loads(text, name, _plain(set))


def _plain(set: Overrides | None) -> dict[str, str | float] | None:
    return None if set is None else dict(set)


def run(
    model: Model | str | PathLike[str],
    *,
    set: Overrides | None = None,
    sections: Sequence[str] | None = None,
    seed: int | None = None,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
    out: str | PathLike[str] | None = None,
    force: bool = False,
) -> Result:
    """Analyses a model: every section that it asks for, or else every one that it allows.

    Parameters
    ----------
    model : Model or path
    set : mapping, optional
        Other values for numbers of the model, by dotted key.
    sections : sequence of str, optional
        Sections to compute; see `Model.possibilities`.
    seed : int, optional
        Seed of random streams; default that of the model file, or 1.
    threads : int
        Number of threads; 0 takes all cores. Results do not depend on it.
    memory_limit : int, optional
        Memory that may be planned for, in bytes; default four fifths of the machine's.
    progress : None, bool or callable
        None shows a line on a terminal after a second, True at once, False nothing; or a function of (fraction, what).
    out : path, optional
        Folder to write the result to; see `Result.save`.
    force : bool
        Replace an earlier result there.

    Examples
    --------
    >>> import irrev
    >>> ring = '''
    ... irrev = 1
    ... kind = "markov"
    ... states = ["a", "b", "c"]
    ... transitions = [
    ...   { between = ["a", "b"], rates = { forward = 2.0, backward = 0.5 } },
    ...   { between = ["b", "c"], rates = { forward = 3.0, backward = 1.0 } },
    ...   { between = ["c", "a"], rates = { forward = 1.5, backward = 0.25 } },
    ... ]
    ... '''
    >>> result = irrev.run(irrev.loads(ring))
    >>> round(float(result["entropy_production_rate"]), 12), result.all_verified
    (2.12337968147, True)
    """
    checked = model if isinstance(model, Model) else load(fspath(model))
    if set is not None:
        checked = checked.with_set(_plain(set) or {})
    run_options = options(threads=threads, memory=memory_limit, progress=progress, seed=chosen_seed(seed, checked))
    result = Result(_core.analyse(checked, None if sections is None else list(sections), run_options))
    if out is not None:
        result.save(out, force=force)
    return result


Recording: TypeAlias = (
    str | PathLike[str] | Sequence[str | PathLike[str]] | Mapping[Any, npt.ArrayLike] | Sequence[npt.ArrayLike] | npt.NDArray[Any]
)
"""What `infer` takes: files, spike times of each unit, or bins × units."""


def infer(
    recording: Recording,
    *,
    bin: float | Sequence[float] | None = None,
    from_: float | None = None,
    until: float | None = None,
    units: Sequence[Any] | None = None,
    penalty: float | Literal["cv"] = "cv",
    l1: bool = False,
    confidence: float = 0.95,
    shuffles: int = 20,
    simulate: int = 8,
    format: Literal["auto", "spikes", "bins"] = "auto",
    unit_column: str | int | None = None,
    time_column: str | int | None = None,
    time_unit: Literal["s", "ms", "us"] = "s",
    transpose: bool = False,
    trial: int | None = None,
    name: str = "recording",
    seed: int | None = None,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
    out: str | PathLike[str] | None = None,
    force: bool = False,
) -> Result:
    """The kinetic Ising network behind recorded activity and what it produces, as `irrev infer` reports it.

    The fit with its errors, the entropy production by cross-fit with an interval, nulls without a direction of time, a lower bound that presumes no model, whether a
    recording of this length can show it, and the place between criticality and determinism: in `Result.quantities`, `Result.tables` and the figures.

    Parameters
    ----------
    recording : path, sequence of paths, mapping, sequence of arrays, or array
        Files, as the command takes them; spike times of each unit, by name or one array after the other; or an array of two values with one row per bin and one
        column per unit.
    bin : float or sequence of float, optional
        Width of a bin in seconds, needed for spikes; of several the first is reported and all are compared.
    from_, until : float, optional
        Where bins of spikes begin and end, in seconds; default 0 and the last spike.
    units : sequence, optional
        Units to analyse, by name; default all.
    penalty : float or "cv"
        λ of λ/2 Σ J² per bin and unit; "cv" chooses it by cross-validation over stretches of time.
    l1 : bool
        Also a path of networks with few couplings.
    confidence : float
        Level of intervals and of the error ellipse.
    shuffles : int
        Draws of each null.
    simulate : int
        Recordings that the fitted network is simulated to make, for the power check; 0 leaves it out.
    format, unit_column, time_column, trial
        How files are read: what they hold, names or numbers from 1 of columns in a list of spikes, and which trial.
    time_unit : str
        What times are given in: "s", "ms" or "us".
    transpose : bool
        Rows of a table are units.
    name : str
        Name of a recording that is no file, in titles and messages.
    seed : int, optional
        Seed of shuffles and simulations; default 1.
    threads, memory_limit, progress, out, force
        As in `run`.

    Raises
    ------
    ModelError, DataError
        With what is wrong in the recording, or in the options for it.

    Examples
    --------
    Unit 1 repeats unit 0 a bin later, three times out of four:

    >>> import numpy as np
    >>> import irrev
    >>> drive = np.random.default_rng(1).integers(0, 2, 2000)
    >>> follow = np.where(np.arange(2000) % 4 == 0, 0, np.roll(drive, 1))
    >>> result = irrev.infer(np.column_stack([drive, follow]), penalty=1e-3, shuffles=5, simulate=0)
    >>> found = result["entropy_production_per_bin"]
    >>> found.value > 3 * found.error
    True
    """
    widths = [] if bin is None else [float(width) for width in np.atleast_1d(np.asarray(bin, dtype=np.float64))]
    if penalty != "cv" and isinstance(penalty, str):
        raise ModelError(f'penalty is "{penalty}"; expected "cv" or a number of at least 0')
    asked = (
        widths,
        None if from_ is None else float(from_),
        None if until is None else float(until),
        [] if units is None else [str(unit) for unit in units],
        None if penalty == "cv" else float(penalty),
        l1,
        float(confidence),
        whole(shuffles, "shuffles", 1),
        whole(simulate, "simulate", 0),
    )
    run_options = options(threads=threads, memory=memory_limit, progress=progress, seed=chosen_seed(seed, None))
    column = [None if c is None else str(c) for c in (unit_column, time_column)]
    read_as = (format, column[0], column[1], time_unit, transpose, None if trial is None else whole(trial, "trial", 0))
    bins = _bins(recording, transpose)
    if bins is not None:
        labels = [str(unit) for unit in range(bins.shape[1])]
        report = _core.infer_bins((name, labels, bins), asked, run_options)
    else:
        paths = _paths(recording)
        recorded = paths if paths is not None else (name, *_spike_times(recording))
        report = _core.infer_recording(recorded, read_as, asked, run_options)
    result = Result(report)
    if out is not None:
        result.save(out, force=force)
    return result


def _paths(recording: Any) -> list[str] | None:
    """The files of a recording, if it is files."""
    if isinstance(recording, str | PathLike):
        return [fspath(recording)]
    if isinstance(recording, Sequence) and recording and all(isinstance(path, str | PathLike) for path in recording):
        return [fspath(path) for path in recording]
    return None


def _bins(recording: Any, transpose: bool) -> npt.NDArray[np.uint8] | None:
    """Activity as 0 and 1, one row per bin, if the recording is an array in two dimensions."""
    if not isinstance(recording, np.ndarray) or recording.dtype == object:
        return None
    if recording.ndim != 2:
        raise DataError(f"recording has shape {recording.shape}; expected (bins, units), or a sequence of the spike times of each unit")
    array = real(recording.T if transpose else recording, "recording")
    silent = -1.0 if (array == -1.0).any() else 0.0
    wrong = (array != silent) & (array != 1.0)
    if wrong.any():
        row, unit = (int(place[0]) for place in np.nonzero(wrong))
        raise DataError(f"recording[{row}, {unit}] is {array[row, unit]:g}; expected {silent:g} or 1")
    return np.ascontiguousarray(array == 1.0).astype(np.uint8)


def _spike_times(recording: Any) -> tuple[list[str], list[list[float]]]:
    """Names and spike times of units."""
    if isinstance(recording, Mapping):
        named = {str(label): times for label, times in recording.items()}
        if len(named) < len(recording):
            raise DataError("recording has two units of one name")
    elif isinstance(recording, Sequence) or isinstance(recording, np.ndarray):
        named = {str(unit): times for unit, times in enumerate(recording)}
    else:
        raise DataError(f"recording is a {type(recording).__name__}; expected files, spike times of each unit, or bins × units")
    if not named:
        raise DataError("recording has no units")
    return list(named), [vector(times, f"spike times of unit {label}").tolist() for label, times in named.items()]

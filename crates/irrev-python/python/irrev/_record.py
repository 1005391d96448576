"""Frozen results: what every record of irrev can do.

A record is a frozen dataclass whose fields are annotated with a unit and a description. From these follow the "Attributes" section of its
documentation, its summary and its HTML. Arrays in a record are read-only.
"""

import dataclasses
import html
from typing import Annotated, Any, ClassVar, NamedTuple, Self, TypeAlias, cast, dataclass_transform, get_args

import numpy as np

from irrev._arrays import ComplexArray as ComplexArray
from irrev._arrays import FloatArray


class Meaning(NamedTuple):
    """Unit and description of a field."""

    unit: str
    text: str


@dataclass_transform(frozen_default=True)
class Record:
    """Base of all results: frozen, comparable, picklable, and able to show itself."""

    _meanings: ClassVar[dict[str, Meaning]] = {}

    def __init_subclass__(cls) -> None:
        meanings = {}
        for name, annotation in cls.__annotations__.items():
            # of Annotated[T, m] the arguments are (T, m)
            for argument in get_args(annotation):
                if isinstance(argument, Meaning):
                    meanings[name] = argument
        cls._meanings = {**cls._meanings, **meanings}
        lines = [
            f"    {name}\n        {m.text}" + (f", in {m.unit}." if m.unit else ".")
            for name, m in cls._meanings.items()
        ]
        cls.__doc__ = f"{(cls.__doc__ or '').rstrip()}\n\n    Attributes\n    ----------\n" + "\n".join(lines) + "\n"
        dataclasses.dataclass(frozen=True, eq=False, repr=False)(cls)

    def __post_init__(self) -> None:
        for name, value in self.__dict__.items():
            if isinstance(value, np.ndarray) and value.flags.writeable:
                # a view, because the array may be somebody else's
                frozen = value.view()
                frozen.flags.writeable = False
                self.__dict__[name] = frozen

    @classmethod
    def _names(cls) -> list[str]:
        return [f.name for f in dataclasses.fields(cast(Any, cls))]

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self._names())

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        return type(self), self._values()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record) or type(self) is not type(other):
            return NotImplemented
        return all(_equal(a, b) for a, b in zip(self._values(), other._values(), strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={_short(value)}" for name, value in zip(self._names(), self._values(), strict=True))
        return f"{type(self).__name__}({fields})"

    def to_dict(self) -> dict[str, Any]:
        """All attributes by name; records inside become dictionaries too."""
        return {name: _plain(value) for name, value in zip(self._names(), self._values(), strict=True)}

    def isclose(self, other: Self, *, rtol: float = 1e-9, atol: float = 0.0) -> bool:
        """Whether every number agrees with that of another record within `atol + rtol * |other|`."""
        if type(self) is not type(other):
            return False
        return all(_close(a, b, rtol, atol) for a, b in zip(self._values(), other._values(), strict=True))

    def summary(self) -> str:
        """A few lines of text: every attribute with its value and unit."""
        rows = self._rows()
        width = max((len(row[0]) for row in rows), default=0)
        lines = [f"{name:<{width}}  {value}  {unit}".rstrip() for name, value, unit, _ in rows]
        return "\n".join([type(self).__name__, *lines])

    def _repr_html_(self) -> str:
        def cell(text: str, tag: str = "td") -> str:
            return f'<{tag} style="text-align:left">{html.escape(text)}</{tag}>'

        head = "<tr>" + "".join(cell(title, "th") for title in ("quantity", "value", "unit", "is")) + "</tr>"
        body = "".join("<tr>" + "".join(map(cell, row)) + "</tr>" for row in self._rows())
        return f"<table><caption>{type(self).__name__}</caption>{head}{body}</table>"

    def _rows(self, prefix: str = "") -> list[tuple[str, str, str, str]]:
        """(name, value, unit, description) of every attribute; those of a record inside follow with its name before theirs."""
        rows = []
        for name, value in zip(self._names(), self._values(), strict=True):
            if isinstance(value, Record) and not isinstance(value, Convergence | Estimate):
                rows.extend(value._rows(f"{prefix}{name}."))
                continue
            meaning = self._meanings.get(name, Meaning("", ""))
            rows.append((prefix + name, _short(value), meaning.unit, meaning.text))
        return rows


def _equal(a: Any, b: Any) -> bool:
    """Equality in which arrays are compared entry by entry and NaN equals NaN."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and a.dtype == b.dtype and bool(np.array_equal(a, b, equal_nan=a.dtype.kind in "fc"))
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (a != a and b != b)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(_equal, a, b))
    return type(a) is type(b) and bool(a == b)


def _close(a: Any, b: Any, rtol: float, atol: float) -> bool:
    if isinstance(a, np.ndarray | float) and isinstance(b, np.ndarray | float):
        return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol, atol, equal_nan=True))
    if isinstance(a, Record) and isinstance(b, Record):
        return a.isclose(b, rtol=rtol, atol=atol)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(_close(x, y, rtol, atol) for x, y in zip(a, b, strict=True))
    return _equal(a, b)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return value.to_dict() if hasattr(value, "to_dict") else value


def _short(value: Any) -> str:
    """One line for a value, however large."""
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, Convergence):
        return f"{value.reason}, residual {value.residual:.1e} for {value.target:.1e}"
    if isinstance(value, np.ndarray):
        return str(np.array2string(value, precision=6, threshold=8, edgeitems=3)).replace("\n", "")
    if isinstance(value, Estimate):
        return f"{value.value:.12g} ± {value.standard_error:.2g}"
    if isinstance(value, tuple) and len(value) > 3:
        return f"{len(value)} entries"
    return repr(value)


def means(unit: str, text: str) -> Meaning:
    """Meaning of a field: its unit, empty for none, and what it is."""
    return Meaning(unit, text)


class Convergence(Record):
    """How an iteration ended."""

    iterations: Annotated[int, means("", "Iterations done")]
    residual: Annotated[float, means("", "Residual reached, in the norm the method documents")]
    target: Annotated[float, means("", "Residual aimed at")]
    reason: Annotated[
        str, means("", 'Why it stopped: "direct", "converged", "rounding", "iteration limit" or "breakdown"')
    ]

    @property
    def converged(self) -> bool:
        """Whether the residual met the target."""
        return self.residual <= self.target


class Estimate(Record):
    """A number that comes from data or sampling, with what is needed to judge it."""

    value: Annotated[float, means("", "Point estimate")]
    standard_error: Annotated[float, means("", "Standard error, in the unit of the value")]
    interval: Annotated[tuple[float, float], means("", "Confidence interval")]
    level: Annotated[float, means("", "Confidence level of the interval")]
    sample_size: Annotated[int, means("", "Number of independent samples; 0 for exact numbers")]
    bias_correction: Annotated[float, means("", "Bias that was subtracted; 0 if none")]
    kind: Annotated[str, means("", '"exact", "estimate", "lower bound" or "upper bound"')]

    def __float__(self) -> float:
        return self.value


Array: TypeAlias = FloatArray

"""Fields of force: formulas in coordinates, parameters and time, or linear."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, finite, matrix, real, vector
from irrev._record import Record, means
from irrev.exceptions import ModelError

Formula: TypeAlias = str | float
"""A formula in coordinates, parameters and `t`, or a number."""


Each: TypeAlias = float | Sequence[float] | FloatArray
"""A number for all coordinates, or one for each."""


def _text(formula: Formula, name: str) -> str:
    """A formula as text; numbers with all their digits."""
    if isinstance(formula, str):
        return formula
    try:
        number = float(formula)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a formula or a number, not {type(formula).__name__}") from None
    if not np.isfinite(number):
        raise ModelError(f"{name} is {number}, expected a formula or a finite number")
    return repr(number)


def of_each(given: Any, coordinates: Sequence[str], name: str) -> list[str | None]:
    """A formula for each coordinate, or None, from one formula for a single coordinate, from a mapping by names, or from a sequence."""
    if given is None:
        return []
    if isinstance(given, Mapping):
        unknown = [key for key in given if key not in coordinates]
        if unknown:
            raise ModelError(f"{name} names {unknown[0]!r}; the coordinates are {', '.join(coordinates)}")
        return [_text(given[c], f"{name} of {c}") if c in given else None for c in coordinates]
    single = isinstance(given, str) or np.ndim(given) == 0
    listed = [given] if single else list(given)
    if len(listed) != len(coordinates):
        raise ModelError(f"{name} has {len(listed)} entries, expected one for each of {len(coordinates)} coordinates")
    return [None if one is None else _text(one, f"{name} of {c}") for c, one in zip(coordinates, listed, strict=True)]


class Field(Record):
    """Forces F = -∇V + f as formulas in named coordinates, named parameters and the time `t`.

    Functions are those of model files: `+ - * / ^`, `exp`, `ln`, `sqrt`, `sin`, `tanh`, `if(condition, a, b)`, `heaviside` and so on; `pi` and `e` are constants.

    Parameters
    ----------
    coordinates : str or sequence of str
        Their names.
    potential : str or float, optional
        V, in the unit of energy.
    force : str, float, mapping or sequence, optional
        f, the part of the force that is not of the potential, in energy over length: of a single coordinate, by names, or one for each (None for zero).
    parameters : mapping of str to float, optional
        Values of the other names.

    Raises ModelError, with its place in the formula, for a name that is not there and for what cannot be read.

    Examples
    --------
    >>> from irrev.landscape.langevin import Field
    >>> well = Field("x", potential="height*(x^2 - 1)^2 - pull*t*x", parameters={"height": 2.0, "pull": 0.1})
    >>> turning = Field(["x", "y"], potential="(x^2 + y^2)/2", force={"x": "-0.7*y", "y": "0.7*x"})
    >>> Field("x", potential="(x^2 - a)^2")
    Traceback (most recent call last):
        ...
    irrev.exceptions.ModelError: potential:1:8: error[IRV0121]: unknown name `a`: neither a coordinate nor a parameter
      1 | (x^2 - a)^2
        |        ^
    """

    coordinates: Annotated[tuple[str, ...], means("", "Names of the coordinates")]
    potential: Annotated[str | None, means("energy", "V")]
    force: Annotated[tuple[str | None, ...], means("energy/length", "f of each coordinate; empty for none")]
    parameters: Annotated[dict[str, float], means("", "Values of the other names")]

    def __init__(
        self,
        coordinates: str | Sequence[str],
        potential: Formula | None = None,
        force: Formula | Mapping[str, Formula] | Sequence[Formula | None] | None = None,
        parameters: Mapping[str, float] | None = None,
    ) -> None:
        names = (coordinates,) if isinstance(coordinates, str) else tuple(coordinates)
        self.__dict__.update(
            coordinates=names,
            potential=None if potential is None else _text(potential, "potential"),
            force=tuple(of_each(force, names, "force")),
            parameters={name: float(value) for name, value in (parameters or {}).items()},
        )
        _core.check_langevin_field(self._parts)

    @property
    def dimension(self) -> int:
        """Number of coordinates."""
        return len(self.coordinates)

    @property
    def _parts(self) -> tuple[Any, ...]:
        return list(self.coordinates), list(self.parameters.items()), self.potential, list(self.force)


class LinearField(Record):
    """F = A x + b. The potential is that of the symmetric part of A, V = -x·A_s x/2 - b·x; the antisymmetric part turns, and is the drive f.

    Parameters
    ----------
    matrix : array_like, shape (d, d), or float
        A, in energy over length².
    offset : array_like, shape (d,), or float
        b, in energy over length; default 0.

    Examples
    --------
    >>> from irrev.landscape.langevin import LinearField
    >>> LinearField(-2.0, offset=1.0).matrix.tolist()                    # a trap of stiffness 2 about x = 0.5
    [[-2.0]]
    """

    matrix: Annotated[FloatArray, means("energy/length²", "A")]
    offset: Annotated[FloatArray, means("energy/length", "b")]

    def __init__(self, matrix: npt.ArrayLike, offset: npt.ArrayLike = 0.0) -> None:
        a = square(matrix)
        self.__dict__.update(matrix=a, offset=each(offset, len(a), "offset"))
        self.__post_init__()
        _core.check_langevin_field(self._parts)

    @property
    def dimension(self) -> int:
        """Number of coordinates."""
        return len(self.matrix)

    @property
    def _parts(self) -> tuple[Any, ...]:
        return self.matrix, self.offset


def square(given: npt.ArrayLike) -> FloatArray:
    table = real(given, "matrix")
    return matrix(table.reshape(1, 1) if table.ndim == 0 else table, "matrix").copy()


def each(values: npt.ArrayLike, dimension: int, name: str) -> FloatArray:
    """A number for each coordinate."""
    array = real(values, name)
    return np.array(finite(np.broadcast_to(array, dimension) if array.ndim == 0 else array, name, dimension))


def numbers(values: npt.ArrayLike, name: str) -> float | FloatArray:
    """A number for all coordinates, or an array of one for each."""
    array = real(values, name)
    return float(array) if array.ndim == 0 else np.array(vector(array, name))

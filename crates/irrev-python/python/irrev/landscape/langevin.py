"""Langevin dynamics of many walkers, with work, heat and entropy along every path.

==============  ======================================================  ================================
motion          equation                                                class
==============  ======================================================  ================================
overdamped      dx = (μ F + T ∂μ) dt + √(2 μ T) dW                      `Overdamped`
underdamped     m v̇ = F - m γ v + √(2 m γ T) ξ                          `Underdamped`
with memory     m v̇ = F - m ∫ K(t - s) v(s) ds + ξ, ⟨ξ ξ⟩ = m T K       `Generalized`, with a `Memory`
==============  ======================================================  ================================

F(x, t) = -∇V + f is a `Field` of formulas in the coordinates, in parameters and in the time `t`, or a `LinearField`. Formulas are differentiated and compiled once, and run on rows of 64 walkers; no function of Python is called
while walkers move. `simulate` answers in one call, a `Simulation` goes on as long as one likes.

Conventions: k_B = 1; noise of unit variance, so that the factor 2 stands in the equation; each coordinate has a bath of its own; heat is positive into a bath; entropies in nats. A protocol, a field that depends on `t`, moves V by half a step
while the walkers stand (work), they move, and V moves by the other half. The noise of a walker is a function of seed, walker and step: the same seed gives the same bits on any number of threads, in any stretches, before and after a checkpoint.

References: Leimkuhler and Matthews, Molecular Dynamics (2015); Sekimoto, Stochastic Energetics (2010); Seifert, Rep. Prog. Phys. 75, 126001 (2012).
"""

from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, finite, matrix, real, vector, whole
from irrev._record import Estimate, Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.landscape.estimates import Estimates
from irrev.landscape.memory import ContinuedFraction
from irrev.landscape.recording import Period
from irrev.landscape.recording import Record as Recording
from irrev.landscape.recording import record as recorded

__all__ = [
    "Field",
    "Generalized",
    "LinearField",
    "Memory",
    "Motion",
    "Overdamped",
    "Reflecting",
    "Simulation",
    "Thermodynamics",
    "Underdamped",
    "simulate",
]

Formula: TypeAlias = str | float
"""A formula in coordinates, parameters and `t`, or a number."""
Each: TypeAlias = float | Sequence[float] | FloatArray
"""A number for all coordinates, or one for each."""


class Reflecting(NamedTuple):
    """Walls of a coordinate, of which one may be infinitely far: what would lie behind a wall is mirrored at it, and the velocity reversed. The weak error of mirrored steps is of first order.

    References: Bossy, Gobet and Talay, J. Appl. Probab. 41, 877 (2004).
    """

    lower: float = -np.inf
    upper: float = np.inf


Boundary: TypeAlias = Period | Reflecting | None
"""Ends of a coordinate: a circle, walls, or None for the whole line."""


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


def _of_each(given: Any, coordinates: Sequence[str], name: str) -> list[str | None]:
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
            force=tuple(_of_each(force, names, "force")),
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
        a = _square(matrix)
        self.__dict__.update(matrix=a, offset=_each(offset, len(a), "offset"))
        self.__post_init__()
        _core.check_langevin_field(self._parts)

    @property
    def dimension(self) -> int:
        """Number of coordinates."""
        return len(self.matrix)

    @property
    def _parts(self) -> tuple[Any, ...]:
        return self.matrix, self.offset


def _square(given: npt.ArrayLike) -> FloatArray:
    table = real(given, "matrix")
    return matrix(table.reshape(1, 1) if table.ndim == 0 else table, "matrix").copy()


def _each(values: npt.ArrayLike, dimension: int, name: str) -> FloatArray:
    """A number for each coordinate."""
    array = real(values, name)
    return np.array(finite(np.broadcast_to(array, dimension) if array.ndim == 0 else array, name, dimension))


def _numbers(values: npt.ArrayLike, name: str) -> float | FloatArray:
    """A number for all coordinates, or an array of one for each."""
    array = real(values, name)
    return float(array) if array.ndim == 0 else np.array(vector(array, name))


class Overdamped(Record):
    """dx_i = (μ_i F_i + T_i ∂μ_i/∂x_i) dt + √(2 μ_i T_i) dW_i (Itô): motion without inertia, with a bath for each coordinate. e^{-V/T} is the equilibrium whatever μ(x).

    Parameters
    ----------
    temperature : float or sequence
        T_i, in the unit of energy.
    mobility : float, str, mapping or sequence
        μ_i, in length² over energy and time: numbers, or formulas in the coordinates and parameters of the `Field`.
    integrator : str
        "euler-maruyama": averages have an error of first order in h. "leimkuhler-matthews": averages of positions in equilibrium have one of second order, for constant mobilities; heat over few steps and relaxation are better left to
        the first. "exact": the transition of a `LinearField`, for any h.

    The heat into a bath is ∫ F∘dx (Stratonovich); Σ Q/T is the logarithm of the ratio of the probabilities of a path and of its reverse.

    Examples
    --------
    >>> from irrev.landscape.langevin import Overdamped
    >>> Overdamped(temperature=0.5, mobility="1/(1 + x^2)").mobility
    '1/(1 + x^2)'
    """

    temperature: Annotated[Any, means("energy", "T, one for all or one for each coordinate")]
    mobility: Annotated[Any, means("length²/(energy·time)", "μ")]
    integrator: Annotated[str, means("", "How steps are made")]

    def __init__(
        self,
        temperature: Each = 1.0,
        mobility: Each | str | Mapping[str, Formula] | Sequence[Formula] = 1.0,
        integrator: Literal["euler-maruyama", "leimkuhler-matthews", "exact"] = "euler-maruyama",
    ) -> None:
        self.__dict__.update(
            temperature=_numbers(temperature, "temperature"), mobility=mobility, integrator=integrator
        )
        self.__post_init__()

    def _parts(self, field: Field | LinearField) -> tuple[Any, ...]:
        d = field.dimension
        temperatures = _each(self.temperature, d, "temperature").tolist()
        given: Any = self.mobility
        formulas = isinstance(given, str | Mapping) or (
            isinstance(given, Sequence) and any(isinstance(one, str) for one in given)
        )
        if not formulas:
            return temperatures, _each(given, d, "mobility").tolist(), [], self.integrator
        if isinstance(field, LinearField):
            raise ModelError("mobility is a formula, and a LinearField has no names of coordinates; give the field as a Field")
        return temperatures, [], _of_each(given, field.coordinates, "mobility"), self.integrator


class Underdamped(Record):
    """m_i v̇_i = F_i - m_i γ_i v_i + √(2 m_i γ_i T_i) ξ_i: motion with inertia, with a bath for each coordinate.

    Parameters
    ----------
    friction : float or sequence
        γ_i, in 1/time; 0 for a coordinate without a bath.
    temperature : float or sequence
        T_i, in the unit of energy.
    mass : float or sequence
        m_i.
    integrator : str
        "baoab": half a kick, half a drift, friction and noise exactly, half a drift, half a kick; averages of positions have an error of second order, none in a trap. "exact": the transition of a `LinearField`, for any h.

    The heat into a bath is what friction and noise take from the kinetic energy.
    """

    friction: Annotated[Any, means("1/time", "γ, one for all or one for each coordinate")]
    temperature: Annotated[Any, means("energy", "T")]
    mass: Annotated[Any, means("mass", "m")]
    integrator: Annotated[str, means("", "How steps are made")]

    def __init__(
        self,
        friction: Each,
        temperature: Each = 1.0,
        mass: Each = 1.0,
        integrator: Literal["baoab", "exact"] = "baoab",
    ) -> None:
        given = {"friction": friction, "temperature": temperature, "mass": mass}
        self.__dict__.update({name: _numbers(values, name) for name, values in given.items()}, integrator=integrator)
        self.__post_init__()

    def _parts(self, field: Field | LinearField) -> tuple[Any, ...]:
        d = field.dimension
        columns = [_each(getattr(self, name), d, name).tolist() for name in ("mass", "friction", "temperature")]
        return (*columns, self.integrator)


class Memory(Record):
    """A memory K(t) = 2γ δ(t) + a·e^{-A t} a, carried by auxiliary variables s whose covariance in equilibrium is T/m times the unit matrix.

    Noise with this covariance exists if and only if A + Aᵀ has no negative eigenvalue. K is in 1/time², in the convention of `irrev.landscape.memory_kernel`: ⟨ξ ξ⟩ = ⟨v²⟩ K. The sum of two memories is that of both baths.

    Examples
    --------
    >>> from irrev.landscape.langevin import Memory
    >>> memory = Memory.exponentials([3.0, 0.5], rates=[1.5, 0.2]) + Memory.white(0.1)
    >>> memory.at([0.0, 1.0]).round(6).tolist(), memory.friction
    ([3.5, 1.078756], 0.1)
    >>> Memory.white(-0.1)
    Traceback (most recent call last):
        ...
    irrev.exceptions.ModelError: the white friction of a memory is -0.1; expected zero or a positive number

    References: Mori, Prog. Theor. Phys. 34, 399 (1965); Ceriotti, Bussi and Parrinello, J. Chem. Theory Comput. 6, 1170 (2010).
    """

    friction: Annotated[float, means("1/time", "γ of the white part")]
    coupling: Annotated[FloatArray, means("1/time", "a")]
    drift: Annotated[FloatArray, means("1/time", "A")]

    @classmethod
    def white(cls, friction: float) -> "Memory":
        """White friction alone: K = 2γ δ(t)."""
        return cls._checked(float(friction), np.zeros(0), np.zeros((0, 0)))

    @classmethod
    def general(cls, coupling: npt.ArrayLike, *, drift: npt.ArrayLike) -> "Memory":
        """K = a·e^{-A t} a. Raises ModelError if A + Aᵀ has a negative eigenvalue."""
        a = np.array(finite(coupling, "coupling", np.size(np.asarray(coupling))))
        return cls._checked(0.0, a, matrix(drift, "drift").copy())

    @classmethod
    def exponentials(cls, amplitudes: npt.ArrayLike, *, rates: npt.ArrayLike) -> "Memory":
        """K = Σ c_j e^{-a_j t} of amplitudes c_j ≥ 0, an auxiliary variable each."""
        return cls(**_core.langevin_memory("exponentials", [vector(amplitudes, "amplitudes"), vector(rates, "rates")]))

    @classmethod
    def damped_cosines(
        cls, amplitudes: npt.ArrayLike, *, rates: npt.ArrayLike, frequencies: npt.ArrayLike, phases: npt.ArrayLike = 0.0
    ) -> "Memory":
        """K = Σ c_j e^{-a_j t} cos(ω_j t + φ_j), two auxiliary variables each. Raises ModelError unless each term has c cos φ ≥ 0 and |ω tan φ| ≤ a; a sum that is passive although a term is not may be given by `general`."""
        c = vector(amplitudes, "amplitudes")
        columns = {"rates": rates, "frequencies": frequencies, "phases": phases}
        return cls(
            **_core.langevin_memory("damped cosines", [c, *(_each(x, len(c), name) for name, x in columns.items())])
        )

    @classmethod
    def continued_fraction(cls, fraction: ContinuedFraction) -> "Memory":
        """The memory of a continued fraction: A is its Jacobi matrix, a = (√D₁, 0, …)."""
        return cls(**_core.langevin_memory("continued fraction", [fraction.strengths, fraction.rates]))

    @classmethod
    def _checked(cls, friction: float, coupling: FloatArray, drift: FloatArray) -> "Memory":
        memory = cls(friction=friction, coupling=coupling, drift=drift)
        memory.at([])
        return memory

    def __add__(self, other: "Memory") -> "Memory":
        """The memory of both baths at once."""
        n, k = len(self.coupling), len(other.coupling)
        drift = np.zeros((n + k, n + k))
        drift[:n, :n], drift[n:, n:] = self.drift, other.drift
        return Memory(self.friction + other.friction, np.concatenate([self.coupling, other.coupling]), drift)

    def at(self, times: npt.ArrayLike) -> FloatArray:
        """K at times after 0, without the white part."""
        return _core.langevin_memory_at(self._parts, vector(times, "times").tolist())

    @property
    def _parts(self) -> tuple[float, FloatArray, FloatArray]:
        return self.friction, self.coupling, self.drift


class Generalized(Record):
    """m_i v̇_i = F_i - m_i ∫ K_i(t - s) v_i(s) ds + ξ_i with ⟨ξ_i(t) ξ_i(0)⟩ = m_i T_i K_i(|t|): motion with memory, with a bath for each coordinate.

    Integrated as BAOAB with the exact transition of velocity and auxiliary variables. The bath starts in equilibrium, independently of the velocity.

    Parameters
    ----------
    memory : Memory, or a sequence of one for each coordinate
    temperature : float or sequence
        T_i, in the unit of energy.
    mass : float or sequence
        m_i.

    References: Baczewski and Bond, J. Chem. Phys. 139, 044107 (2013).
    """

    memory: Annotated[Memory | tuple[Memory, ...], means("", "K, one for all or one for each coordinate")]
    temperature: Annotated[Any, means("energy", "T")]
    mass: Annotated[Any, means("mass", "m")]

    def __init__(self, memory: Memory | Sequence[Memory], temperature: Each = 1.0, mass: Each = 1.0) -> None:
        self.__dict__.update(
            memory=memory if isinstance(memory, Memory) else tuple(memory),
            temperature=_numbers(temperature, "temperature"),
            mass=_numbers(mass, "mass"),
        )
        self.__post_init__()

    def _parts(self, field: Field | LinearField) -> tuple[Any, ...]:
        d = field.dimension
        memories = (self.memory,) * d if isinstance(self.memory, Memory) else self.memory
        if len(memories) != d:
            raise ModelError(f"memory has {len(memories)} entries, expected one for each of {d} coordinates")
        columns = [_each(getattr(self, name), d, name).tolist() for name in ("mass", "temperature")]
        return (*columns, [memory._parts for memory in memories])


Dynamics: TypeAlias = Overdamped | Underdamped | Generalized


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

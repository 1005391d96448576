"""Equations of motion: without inertia, with it, and with baths that remember."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, finite, matrix, vector
from irrev._record import Record, means
from irrev.exceptions import ModelError
from irrev.landscape.langevin.fields import Each, Field, Formula, LinearField, each, numbers, of_each
from irrev.landscape.memory import ContinuedFraction


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
            temperature=numbers(temperature, "temperature"), mobility=mobility, integrator=integrator
        )
        self.__post_init__()

    def _parts(self, field: Field | LinearField) -> tuple[Any, ...]:
        d = field.dimension
        temperatures = each(self.temperature, d, "temperature").tolist()
        given: Any = self.mobility
        formulas = isinstance(given, str | Mapping) or (
            isinstance(given, Sequence) and any(isinstance(one, str) for one in given)
        )
        if not formulas:
            return temperatures, each(given, d, "mobility").tolist(), [], self.integrator
        if isinstance(field, LinearField):
            raise ModelError("mobility is a formula, and a LinearField has no names of coordinates; give the field as a Field")
        return temperatures, [], of_each(given, field.coordinates, "mobility"), self.integrator


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
        self.__dict__.update({name: numbers(values, name) for name, values in given.items()}, integrator=integrator)
        self.__post_init__()

    def _parts(self, field: Field | LinearField) -> tuple[Any, ...]:
        d = field.dimension
        columns = [each(getattr(self, name), d, name).tolist() for name in ("mass", "friction", "temperature")]
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
            **_core.langevin_memory("damped cosines", [c, *(each(x, len(c), name) for name, x in columns.items())])
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
            temperature=numbers(temperature, "temperature"),
            mass=numbers(mass, "mass"),
        )
        self.__post_init__()

    def _parts(self, field: Field | LinearField) -> tuple[Any, ...]:
        d = field.dimension
        memories = (self.memory,) * d if isinstance(self.memory, Memory) else self.memory
        if len(memories) != d:
            raise ModelError(f"memory has {len(memories)} entries, expected one for each of {d} coordinates")
        columns = [each(getattr(self, name), d, name).tolist() for name in ("mass", "temperature")]
        return (*columns, [memory._parts for memory in memories])


Dynamics: TypeAlias = Overdamped | Underdamped | Generalized

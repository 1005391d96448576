"""Infinite networks, exactly: Sherrington and Kirkpatrick's asymmetric network with N → ∞.

J_ij = J₀/N + ΔJ z_ij/√N with independent z_ij and z_ji. Since no spin feels an echo of what it did, local fields are normal at all times, and everything
follows from averages over one or two normal numbers. Results are per spin.

References: Crisanti and Sompolinsky, Phys. Rev. A 37, 4865 (1988); Aguilera, Igarashi and Shimazaki, Nat. Commun. 14, 3685 (2023).
"""

import warnings
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, vector, whole
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.ising.ensemble import Fields, law

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Branch: TypeAlias = Literal["up", "down"]
"""Which stationary state, where there are several: that with the largest m, or that with the smallest."""


Parameter: TypeAlias = Literal["beta", "mean_coupling", "spread", "mean_field", "field_width"]
"""What a phase diagram varies: β, J₀, ΔJ, the mean of the fields, or their width (standard deviation of normal fields, half the width of uniform ones)."""

UNITS: dict[Parameter, str] = {
    "beta": "1/energy",
    "mean_coupling": "energy",
    "spread": "energy",
    "mean_field": "energy",
    "field_width": "energy",
}


class OrderParameters(Record):
    """A stationary state of an infinite network, per spin; σ is that of parallel updates."""

    magnetization: Annotated[float, means("", "m = E tanh x over the local field x")]
    overlap: Annotated[float, means("", "q: mean product of a spin with itself at two distant times")]
    gain: Annotated[float, means("", "k = E sech²x: mean response of a spin to its local field")]
    conditional_entropy: Annotated[float, means("nats", "Entropy of a spin given the state before it was refreshed")]
    entropy_production: Annotated[
        float, means("nats per step", "σ = (βΔJ)² k (1 - q); infinite at β = ∞ unless all spins are frozen")
    ]
    reversed_entropy: Annotated[float, means("nats", "Conditional entropy and σ")]
    feedback: Annotated[float, means("", "J₀βk: below 1 the state is stable, for parallel updates above -1, too")]
    susceptibility: Annotated[float, means("1/energy", "dm/dH = βk/(1 - J₀βk); diverges at criticality")]
    magnetization_slope: Annotated[float, means("energy", "dm/dβ along the branch; diverges at criticality")]
    numerical_error: Annotated[float, means("", "Largest change of m, q, k and the entropies on a second grid")]


class AlternatingPhase(Record):
    """Every second step of an alternating state, per spin."""

    magnetization: Annotated[float, means("", "m")]
    overlap: Annotated[float, means("", "Mean product of a spin with itself at two times of this phase")]
    gain: Annotated[float, means("", "k = E sech²x of the fields that spins of this phase make")]
    conditional_entropy: Annotated[float, means("nats", "Entropy of the next state, given one of this phase")]
    entropy_production: Annotated[
        float, means("nats per step", "(βΔJ)² k (1 - q); its mean over both phases is the entropy production")
    ]
    reversed_entropy: Annotated[float, means("nats", "Surprise about the state before one of this phase: the sum of both")]


class AlternatingOrder(Record):
    """A state of period two of an infinite network under parallel updates, per spin: what they reach where J₀βk < -1. Entropies are means over both steps."""

    even: Annotated[AlternatingPhase, means("", "After even steps, with the larger m on the branch \"up\"")]
    odd: Annotated[AlternatingPhase, means("", "After odd steps")]
    successive_overlap: Annotated[float, means("", "Mean product of a spin with itself an odd number of steps apart")]
    conditional_entropy: Annotated[float, means("nats", "Entropy of a spin given the state before")]
    entropy_production: Annotated[float, means("nats per step", "σ = ½ (βΔJ)² [k_a (1 - q_a) + k_b (1 - q_b)]")]
    reversed_entropy: Annotated[float, means("nats", "Conditional entropy and σ")]
    flips: Annotated[float, means("per step", "(1 - successive overlap)/2")]
    multiplier: Annotated[float, means("", "(J₀β)² k_a k_b, by which two steps multiply a small deviation of m; below 1")]
    numerical_error: Annotated[float, means("", "Largest change of these numbers on a second grid")]

    @property
    def magnetization(self) -> float:
        """Mean of m over both steps."""
        return 0.5 * (self.even.magnetization + self.odd.magnetization)


class DrawSpread(Record):
    """Standard deviations over draws of finite networks, to leading order in 1/N; per spin."""

    magnetization: Annotated[float, means("", "Of m")]
    entropy_production: Annotated[float, means("nats per step", "Of σ under parallel updates")]
    entropy_production_rate: Annotated[float, means("nats/time", "Of σ̇ under sequential updates")]


class SequentialOrder(Record):
    """A stationary state of an infinite network under sequential updates, each spin refreshed at rate 1; per spin."""

    order: Annotated[OrderParameters, means("", "m, q, k and entropies; its σ is that of parallel updates")]
    entropy_production_rate: Annotated[float, means("nats/time", "σ̇ = (βΔJ)² k [1 - ∫e^{-τ} C(τ) dτ]")]
    forgotten: Annotated[float, means("", "1 - ∫₀^∞ e^{-τ} C(τ) dτ")]
    flip_rate: Annotated[float, means("1/time", "Flips per unit of time, -C'(0)/2")]
    entropy_per_attempt: Annotated[float, means("nats", "Entropy of the outcome of a refreshment")]
    lags: Annotated[FloatArray, means("time", "The lags τ asked for")]
    autocorrelation: Annotated[FloatArray, means("", "C(τ) = E s(t + τ) s(t) at these lags; from 1 to q")]
    numerical_error: Annotated[float, means("", "Largest change of these numbers on a second grid")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: C(τ)."""
        return {"lags": self.lags, "autocorrelation": self.autocorrelation}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """C(τ) at the lags that were asked for; returns the axes."""
        from irrev._plot import lines

        return lines(ax, self.lags, self.autocorrelation, ("autocorrelation",), "lag", "autocorrelation")


class PartlyParallelOrder(Record):
    """A stationary state of an infinite network in which each spin is refreshed with probability α at every step; per spin."""

    order: Annotated[OrderParameters, means("", "m, q, k and entropies; its σ is that of parallel updates")]
    entropy_production: Annotated[float, means("nats per step", "σ, given which spins were refreshed")]
    flips: Annotated[float, means("per step", "(1 - C₁)/2")]
    autocorrelation: Annotated[FloatArray, means("", "C_n for n = 0, 1, … as long as it differs from q")]
    numerical_error: Annotated[float, means("", "Largest change of these numbers on a second grid")]


class ZeroTemperature(Record):
    """The stationary state at β = ∞, and how entropies approach it; per spin."""

    magnetization: Annotated[float, means("", "m")]
    overlap: Annotated[float, means("", "q")]
    undecided: Annotated[float, means("1/energy", "Density of local fields at 0; infinite if no spin feels any field")]
    conditional_entropy_times_beta: Annotated[float, means("energy", "lim β S_c")]
    entropy_production_per_beta: Annotated[float, means("energy per step", "lim σ/β for parallel updates")]
    entropy_production_rate_per_beta: Annotated[float, means("energy/time", "lim σ̇/β for sequential updates")]
    flip_rate: Annotated[float, means("1/time", "Flips per unit of time of sequential updates")]
    forgotten: Annotated[float, means("", "1 - ∫₀^∞ e^{-τ} C(τ) dτ")]
    feedback: Annotated[float, means("", "J₀βk: the state is stable below 1")]


class PhaseDiagram(Record):
    """Stationary states of infinite networks over two parameters, and where order begins. Matrices have one row per y and one column per x."""

    x_parameter: Annotated[Parameter, means("", "What x is")]
    y_parameter: Annotated[Parameter, means("", "What y is")]
    x: Annotated[FloatArray, means("", "Values of the first parameter")]
    y: Annotated[FloatArray, means("", "Values of the second parameter")]
    magnetization: Annotated[FloatArray, means("", "m")]
    overlap: Annotated[FloatArray, means("", "q")]
    gain: Annotated[FloatArray, means("", "k")]
    conditional_entropy: Annotated[FloatArray, means("nats", "S_c per spin")]
    reversed_entropy: Annotated[FloatArray, means("nats", "S_c + σ per spin for parallel updates")]
    entropy_production: Annotated[FloatArray, means("nats per step", "σ per spin for parallel updates, which alternate where feedback < -1")]
    entropy_production_rate: Annotated[FloatArray, means("nats/time", "σ̇ per spin for sequential updates")]
    flip_rate: Annotated[FloatArray, means("1/time", "Flips per spin for sequential updates")]
    decay_rate: Annotated[FloatArray, means("1/time", "With which the autocorrelation dies out for sequential updates")]
    feedback: Annotated[FloatArray, means("", "J₀βk: 1 at criticality")]
    susceptibility: Annotated[FloatArray, means("1/energy", "dm/dH")]
    magnetization_slope: Annotated[FloatArray, means("energy", "dm/dβ")]
    parallel_conditional_entropy: Annotated[FloatArray, means("nats", "S_c per spin for parallel updates")]
    even_magnetization: Annotated[FloatArray, means("", "m after even steps of parallel updates")]
    odd_magnetization: Annotated[FloatArray, means("", "m after odd steps of parallel updates; differs where they alternate")]
    critical_line: Annotated[FloatArray, means("", "Points (x, y) where m = 0 is critical; none if fields have a mean")]
    alternation_line: Annotated[FloatArray, means("", "Points (x, y) beyond which parallel updates alternate")]

    def plot_data(self, quantity: str = "entropy_production") -> dict[str, FloatArray]:
        """What `plot` draws: the axes, a map, and the critical line."""
        if quantity not in self._mapped():
            raise ValueError(f'quantity is "{quantity}"; expected one of {", ".join(self._mapped())}')
        return {
            "x": self.x,
            "y": self.y,
            quantity: getattr(self, quantity),
            "critical_line": self.critical_line,
            "alternation_line": self.alternation_line,
        }

    def plot(self, quantity: str = "entropy_production", *, ax: "Axes | None" = None) -> "Axes":
        """A map of one quantity with the critical line, dashed; returns the axes."""
        from irrev._plot import axes

        data = self.plot_data(quantity)
        ax = axes(ax)
        drawn = ax.pcolormesh(self.x, self.y, data[quantity], shading="nearest")
        meaning = self._meanings[quantity]
        label = quantity.replace("_", " ")
        ax.figure.colorbar(drawn, ax=ax, label=f"{label} ({meaning.unit})" if meaning.unit else label)
        for style, name, line in (
            ("--", "critical line", self.critical_line),
            (":", "alternation line", self.alternation_line),
        ):
            if len(line):
                column, row = line[np.argsort(line[:, 0])].T
                ax.plot(column, row, style, color="white", label=name)
                ax.legend()
        ax.set_xlabel(f"{self.x_parameter} ({UNITS[self.x_parameter]})")
        ax.set_ylabel(f"{self.y_parameter} ({UNITS[self.y_parameter]})")
        return ax

    @classmethod
    def _mapped(cls) -> list[str]:
        return cls._names()[4:-2]


class Quench(Record):
    """Parallel updates of an infinite network from independent spins, step by step; per spin."""

    steps: Annotated[IntArray, means("", "t = 0 … T")]
    magnetizations: Annotated[FloatArray, means("", "m(t) for t = 0 … T")]
    replica_overlaps: Annotated[FloatArray, means("", "Overlap of two repetitions with the same couplings, t = 0 … T")]
    gains: Annotated[FloatArray, means("", "k = E sech²x of the fields at t = 0 … T - 1")]
    conditional_entropies: Annotated[FloatArray, means("nats", "Entropy of s(t+1) given s(t), t = 0 … T - 1")]
    bath_entropies: Annotated[FloatArray, means("nats", "Entropy sent into the bath by step t → t + 1, t = 0 … T - 1")]
    system_entropy_lower: Annotated[FloatArray, means("nats", "Lower bound of the network's own entropy, t = 0 … T")]
    system_entropy_upper: Annotated[FloatArray, means("nats", "Upper bound of the network's own entropy, t = 0 … T")]

    @property
    def entropy_production_lower(self) -> FloatArray:
        """Lower bound of the entropy production of step t → t + 1, bath and network together, in nats; the second law makes it at least 0."""
        change = self.system_entropy_lower[1:] - self.system_entropy_upper[:-1]
        bound: FloatArray = np.maximum(self.bath_entropies + change, 0.0)
        return bound

    @property
    def entropy_production_upper(self) -> FloatArray:
        """Upper bound of the entropy production of step t → t + 1, in nats."""
        bound: FloatArray = self.bath_entropies + self.system_entropy_upper[1:] - self.system_entropy_lower[:-1]
        return bound

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: bounds of the entropy production per step, and the part of the bath."""
        return {
            "steps": self.steps[:-1].astype(float),
            "bath": self.bath_entropies,
            "lower bound": self.entropy_production_lower,
            "upper bound": self.entropy_production_upper,
        }

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Entropy sent into the bath per step, between the bounds of the entropy production; returns the axes."""
        from irrev._plot import lines

        data = self.plot_data()
        steps = data.pop("steps")
        return lines(ax, steps, np.column_stack(list(data.values())), tuple(data), "step", "entropy (nats per spin)")


def _warn_if_never_reached(state: OrderParameters, part: float) -> None:
    """A step multiplies small deviations by 1 - α + α J₀βk; below -1 they grow with alternating sign, and for α < 1 no state is known that is reached."""
    if state.feedback < 1.0 - 2.0 / part:
        warnings.warn(
            f"J₀βk = {state.feedback:.3g}: spins alternate from step to step and never settle in this stationary state; "
            "`quench` follows them, `sequential_state` is for updates one at a time",
            stacklevel=3,
        )


def _axis(name: str, axis: tuple[Parameter, float, float, int]) -> tuple[str, float, float, int]:
    """An axis of a phase diagram as the extension takes it."""
    if len(axis) != 4 or axis[0] not in get_args(Parameter):
        expected = f"(parameter, first, last, points) with one of {', '.join(get_args(Parameter))}"
        raise ValueError(f"{name} is {axis!r}; expected {expected}")
    return axis[0], float(axis[1]), float(axis[2]), whole(axis[3], f"points of {name}", 1)


class InfiniteNetwork(Record):
    """Sherrington and Kirkpatrick's asymmetric network with infinitely many spins.

    Fields are a number for the same everywhere, ("uniform", low, high) or ("gaussian", mean, spread).

    Examples
    --------
    >>> from irrev.ising import InfiniteNetwork
    >>> state = InfiniteNetwork(beta=2.0, spread=0.5).parallel_state()
    >>> round(state.magnetization, 10), round(state.entropy_production, 10)
    (0.7246827025, 0.1290520323)
    """

    beta: Annotated[float, means("1/energy", "Inverse temperature β ≥ 0, infinity included")]
    spread: Annotated[float, means("energy", "ΔJ ≥ 0")]
    mean_coupling: Annotated[float, means("energy", "J₀")] = 1.0
    fields: Annotated[Fields, means("energy", "Law of the fields H_i")] = 0.0

    def __post_init__(self) -> None:
        _core.check_infinite(self._parameters)
        name, parameters = law(self.fields)
        self.__dict__.update(
            beta=float(self.beta),
            spread=float(self.spread),
            mean_coupling=float(self.mean_coupling),
            fields=parameters[0] if name == "constant" else (name, *parameters),
        )
        super().__post_init__()

    @property
    def _parameters(self) -> tuple[float, float, float, tuple[str, list[float]]]:
        return float(self.beta), float(self.mean_coupling), float(self.spread), law(self.fields)

    def parallel_state(self, *, branch: Branch = "up") -> OrderParameters | AlternatingOrder:
        """The state that parallel updates reach: stationary, or alternating from step to step where negative mean couplings make J₀βk < -1.

        The stationary state that is never reached there is among `solutions`.

        Parameters
        ----------
        branch : str
            "up" for the largest m, "down" for the smallest, where there are several states; of an alternating one it says which m even steps have.

        Examples
        --------
        Without order, and yet far from equilibrium:

        >>> from irrev.ising import InfiniteNetwork
        >>> state = InfiniteNetwork(beta=10.0, spread=1.0).parallel_state()
        >>> state.magnetization, state.entropy_production > 7.9
        (0.0, True)

        With the opposite J₀ an ordered network turns over at every step:

        >>> state = InfiniteNetwork(beta=1.0, mean_coupling=-2.0, spread=0.5).parallel_state()
        >>> round(state.even.magnetization, 4), round(state.odd.magnetization, 4), round(state.entropy_production, 6)
        (0.9261, -0.9261, 0.004654)
        """
        found = _core.infinite_alternating(self._parameters, branch)
        if found is None:
            return OrderParameters(**_core.infinite_parallel(self._parameters, branch))
        even, odd = (AlternatingPhase(**phase) for phase in found.pop("phases"))
        return AlternatingOrder(even=even, odd=odd, **found)

    def draw_spread(self, spins: int, *, branch: Branch = "up") -> DrawSpread:
        """By how much networks of N spins differ from draw to draw, to leading order in 1/N: what is not thermal in the difference to infinitely many spins.

        Not meant near criticality, nor for parallel updates that alternate.

        Examples
        --------
        Without order only the antisymmetric couplings are left, with 2/N:

        >>> from irrev.ising import InfiniteNetwork
        >>> network = InfiniteNetwork(beta=1.0, spread=0.5)
        >>> round(network.draw_spread(1024).entropy_production / network.parallel_state().entropy_production * 1024, 6)
        2.0
        """
        return DrawSpread(**_core.infinite_draw_spread(self._parameters, whole(spins, "spins", 1), branch))

    def sequential_state(self, *, branch: Branch = "up", lags: npt.ArrayLike = ()) -> SequentialOrder:
        """The stationary state under sequential updates, with the autocorrelation C(τ) at lags τ.

        Parameters
        ----------
        branch : str
            As in `parallel_state`.
        lags : array_like
            Times τ from 0 on.

        Examples
        --------
        Without couplings a spin only remembers until it is refreshed, C = e^{-τ}:

        >>> from irrev.ising import InfiniteNetwork
        >>> free = InfiniteNetwork(beta=1.0, mean_coupling=0.0, spread=0.0)
        >>> free.sequential_state(lags=[0.0, 1.5]).autocorrelation.round(12).tolist()
        [1.0, 0.223130160148]
        """
        times = vector(lags, "lags")
        if (times < 0.0).any():
            raise ModelError(f"lags holds {times[times < 0.0][0]:g}; expected times from 0 on, as C(-τ) = C(τ)")
        found: dict[str, Any] = _core.infinite_sequential(self._parameters, branch, times)
        order = OrderParameters(**{name: found[name] for name in OrderParameters._names()})
        rest = {name: found[name] for name in SequentialOrder._names() if name != "order"}
        return SequentialOrder(order=order, **rest)

    def partly_parallel_state(self, update_probability: float, *, branch: Branch = "up") -> PartlyParallelOrder:
        """The stationary state when each spin is refreshed with probability α at every step, from 1e-4 to 1.

        Examples
        --------
        >>> from irrev.ising import InfiniteNetwork
        >>> network = InfiniteNetwork(beta=1.0, spread=0.5)
        >>> few = network.partly_parallel_state(1e-3)
        >>> abs(few.entropy_production / 1e-3 - network.sequential_state().entropy_production_rate) < 1e-3
        True
        """
        found: dict[str, Any] = _core.infinite_partly_parallel(self._parameters, float(update_probability), branch)
        order = OrderParameters(**found.pop("order"))
        _warn_if_never_reached(order, float(update_probability))
        return PartlyParallelOrder(order=order, **found)

    def solutions(self) -> list[OrderParameters]:
        """All stationary states, stable or not, by ascending m: one, or three.

        Examples
        --------
        >>> from irrev.ising import InfiniteNetwork
        >>> states = InfiniteNetwork(beta=2.0, spread=0.5).solutions()
        >>> [round(state.magnetization, 10) for state in states], [state.feedback < 1.0 for state in states]
        ([-0.7246827025, 0.0, 0.7246827025], [True, False, True])
        """
        return [OrderParameters(**found) for found in _core.infinite_solutions(self._parameters)]

    def zero_temperature(self, *, branch: Branch = "up") -> ZeroTemperature:
        """The state at β = ∞ with the same couplings and fields, and how entropies approach it. The network's own β does not matter.

        Examples
        --------
        Without order the dissipation grows with β without bound:

        >>> from irrev.ising import InfiniteNetwork
        >>> limit = InfiniteNetwork(beta=1.0, spread=1.0, mean_coupling=0.0).zero_temperature()
        >>> round(limit.entropy_production_per_beta, 12)  # √(2/π)
        0.797884560803
        """
        return ZeroTemperature(**_core.zero_temperature(self._parameters, branch))

    def phase_diagram(
        self,
        x: tuple[Parameter, float, float, int],
        y: tuple[Parameter, float, float, int],
        *,
        branch: Branch = "up",
        threads: int = 0,
        progress: Progress = None,
    ) -> PhaseDiagram:
        """Stationary states over two parameters, the others being those of the network, with the critical line.

        Parameters
        ----------
        x, y : (parameter, first, last, points)
            What varies along the columns and along the rows: "beta", "mean_coupling", "spread", "mean_field" or "field_width". A single point is the first value.
        branch : str
            As in `parallel_state`.

        Examples
        --------
        >>> from irrev.ising import InfiniteNetwork
        >>> found = InfiniteNetwork(beta=1.0, spread=0.5).phase_diagram(("beta", 0.5, 4.0, 8), ("spread", 0.1, 0.9, 5))
        >>> found.magnetization.shape, bool((found.entropy_production >= 0).all())
        ((5, 8), True)
        """
        asked = options(threads=threads, progress=progress)
        found = _core.phase_diagram(self._parameters, _axis("x", x), _axis("y", y), branch, asked)
        return PhaseDiagram(x_parameter=x[0], y_parameter=y[0], **found)

    def critical_beta(self) -> float | None:
        """β at which m = 0 loses stability, in 1/energy; None if it is stable at all temperatures. The network's own β does not matter.

        Raises ModelError for fields with a mean, which leave nothing critical.

        Examples
        --------
        >>> from irrev.ising import InfiniteNetwork
        >>> round(InfiniteNetwork(beta=1.0, spread=0.5).critical_beta(), 12)
        1.348499961045
        >>> InfiniteNetwork(beta=1.0, spread=0.8).critical_beta() is None
        True
        """
        return _core.critical_inverse_temperature(self._parameters)

    def alternation_beta(self) -> float | None:
        """β beyond which parallel updates with a negative J₀ alternate, in 1/energy; None if they do at no temperature. The network's own β does not matter.

        Raises ModelError for fields with a mean; `parallel_state` tells of every network whether it alternates.

        Examples
        --------
        >>> from irrev.ising import InfiniteNetwork
        >>> round(InfiniteNetwork(beta=1.0, mean_coupling=-1.0, spread=0.5).alternation_beta(), 12)
        1.348499961045
        """
        return _core.alternation_inverse_temperature(self._parameters)

    def critical_spread(self) -> float | None:
        """Largest ΔJ with order at the network's β and fields; None if there is none even with equal couplings. The network's own ΔJ does not matter.

        Examples
        --------
        √(2/π) without temperature and fields:

        >>> from irrev.ising import InfiniteNetwork
        >>> round(InfiniteNetwork(beta=float("inf"), spread=0.0).critical_spread(), 12)
        0.797884560803
        """
        return _core.critical_spread(self._parameters)

    def quench_correlations(self, magnetization: float, *, steps: int, lag: int) -> FloatArray:
        """C(s + lag, s): mean product of a spin with itself `lag` steps later, s = 0 … T - lag, after a quench from independent spins.

        Examples
        --------
        >>> from irrev.ising import InfiniteNetwork
        >>> network = InfiniteNetwork(beta=2.0, spread=0.5)
        >>> bool(network.quench_correlations(0.1, steps=5, lag=2)[0] == 0.1 * network.quench(0.1, steps=5).magnetizations[2])
        True
        """
        found: FloatArray = _core.quench_correlations(self._parameters, float(magnetization), whole(steps, "steps", 1), whole(lag, "lag", 0))
        return found

    def quench(self, magnetization: float, *, steps: int) -> Quench:
        """Parallel updates from independent spins with a magnetisation, step by step.

        Examples
        --------
        >>> from irrev.ising import InfiniteNetwork
        >>> path = InfiniteNetwork(beta=2.0, spread=0.5).quench(0.1, steps=20)
        >>> bool((path.entropy_production_lower <= path.entropy_production_upper).all())
        True
        """
        count = whole(steps, "steps", 1)
        found = _core.quench(self._parameters, float(magnetization), count)
        return Quench(steps=np.arange(count + 1), **found)

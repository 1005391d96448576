"""Optimal protocols: rates in time that lead from one distribution to another in a given time with the least dissipation.

What is fixed is the mobility L(p) of every channel as a function of the state; what is free is the force. Then ∫Σ L F² dt ≥ W₂²/T, with equality
along the geodesic of W₂ under the forces Bᵀψ/T.

References: Aurell, Mejía-Monasterio and Muratore-Ginanneschi, Phys. Rev. Lett. 106, 250601 (2011); Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev.
Research 5, 013017 (2023).
"""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._bound import Side
from irrev._core import Geodesic, MarkovJump
from irrev._record import Convergence, Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.transport.geodesic import DRAWN, wasserstein2

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class ProtocolRates(Record):
    """A protocol at several times, one row each."""

    times: Annotated[FloatArray, means("time", "From 0 to the duration")]
    state: Annotated[FloatArray, means("", "Probabilities of the states")]
    force: Annotated[FloatArray, means("nats", "Forces Bᵀψ/T on the edges")]
    forward_rate: Annotated[FloatArray, means("1/time", "k⁺ of the edges")]
    backward_rate: Annotated[FloatArray, means("1/time", "k⁻ of the edges")]


class SimulatedProtocol(Record):
    """What the master equation did under a protocol."""

    end: Annotated[FloatArray, means("", "The state at the end")]
    missed: Annotated[float, means("", "Σ|p(T) - p₁|: how far from the wanted distribution it ended")]
    state_error: Annotated[float, means("", "Estimate of what the simulation itself is off by, in the same norm")]
    entropy_production: Annotated[Side, means("nats", "∫ Σ̇ dt, to be compared with the cost")]
    mobility_deviation: Annotated[float, means("", "∫ Σ J²|1/L - 1/L(p)| dt/∫ Σ̇ dt: what part of the dissipation comes from another mobility")]
    convergence: Annotated[Convergence, means("", "Steps, and the largest error in units of their tolerance")]


class LeftAlone(Record):
    """What the given process does from the same start in the same time, without being driven."""

    missed: Annotated[float, means("", "Σ|p(T) - p₁|: whether the wanted distribution lies on its way")]
    entropy_production: Annotated[Side, means("nats", "∫ Σ̇ dt")]


class StraightPath(Record):
    """The straight path between two distributions; infinite where it would lead through empty states."""

    action: Annotated[Side, means("nats·time", "∫ Δp·K⁺Δp ds: over T what it costs to pass it evenly")]
    length: Annotated[Side, means("√(nats·time)", "∫ √(Δp·K⁺Δp) ds: its square over T is the cost at constant speed")]


def _side(pair: tuple[float, float]) -> Side:
    return Side(value=pair[0], error=pair[1])


class OptimalProtocol(Record):
    """Rates in time that carry one distribution to another at the least dissipation, with the mobility of the given process."""

    duration: Annotated[float, means("time", "T")]
    cost: Annotated[Side, means("nats", "W₂²/T; the error reaches to the farther end of the proven interval")]
    resolved: Annotated[float, means("", "A state on the way that holds less is taken to hold this in the rates")]
    geodesic: Annotated[Geodesic, means("", "The path that it drives the system along")]

    def at(self, times: npt.ArrayLike) -> ProtocolRates:
        """States, forces and rates at times from 0 to T."""
        return ProtocolRates(**_core.protocol_at(self.geodesic, self.duration, times))

    def simulated(
        self, *, tol: float = 1e-8, threads: int = 0, memory_limit: int | None = None, progress: Progress = None
    ) -> SimulatedProtocol:
        """Follows the master equation under the protocol from the first distribution, each step to a relative accuracy."""
        run = options(threads=threads, memory=memory_limit, progress=progress)
        fields = _core.simulated_protocol(self.geodesic, self.duration, tol, run)
        return SimulatedProtocol(entropy_production=_side(fields.pop("entropy_production")), **fields)

    def left_alone(
        self, *, tol: float = 1e-8, threads: int = 0, memory_limit: int | None = None, progress: Progress = None
    ) -> LeftAlone:
        """What the given process dissipates in the same time without being driven, and how far from the wanted end it is then."""
        run = options(threads=threads, memory=memory_limit, progress=progress)
        fields = _core.left_alone(self.geodesic, self.duration, tol, run)
        return LeftAlone(entropy_production=_side(fields.pop("entropy_production")), **fields)

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: times inside the duration, and the rates of every edge at them."""
        inside = self.at(np.linspace(0.0, self.duration, DRAWN + 1)[:-1] + 0.5 * self.duration / DRAWN)
        return {"time": inside.times, "forward_rate": inside.forward_rate, "backward_rate": inside.backward_rate}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Rates of every edge in both directions against time; returns the axes."""
        from irrev._plot import lines

        data: dict[str, Any] = self.plot_data()
        names = [edge.name for edge in self.geodesic.network.edges]
        labels = names + [f"{name}, back" for name in names]
        rates = np.hstack([data["forward_rate"], data["backward_rate"]])
        return lines(ax, data["time"], rates, labels, "time", "rate (1/time)")


def optimal_protocol(
    kinetics: MarkovJump,
    *,
    from_: npt.ArrayLike,
    to: npt.ArrayLike,
    duration: float,
    tol: float = 1e-6,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> OptimalProtocol:
    """The protocol of least dissipation between two distributions in a given time, with the mobility of the given process.

    Parameters
    ----------
    kinetics : MarkovJump
        Its rates define the mobility L(p); with or without detailed balance.
    from_, to : array_like, shape (states,)
        On the boundary of the simplex, too: rates there are those an instant inside.
    duration : float
        T.
    tol : float
        Asked width of the proven interval of W₂², relative to W₂².

    Raises
    ------
    ModelError
        If no path joins the distributions; as `wasserstein2`.

    Examples
    --------
    >>> from irrev.network import MarkovJump
    >>> from irrev.transport import optimal_protocol
    >>> pair = MarkovJump.from_rates(2, [(0, 1, 1.0, 1.0)])
    >>> protocol = optimal_protocol(pair, from_=[0.9, 0.1], to=[0.2, 0.8], duration=2.0)
    >>> done = protocol.simulated()
    >>> done.missed < 1e-6, abs(done.entropy_production.value / protocol.cost.value - 1) < 1e-6
    (True, True)
    """
    found = wasserstein2(
        kinetics, from_, to, tol=tol, threads=threads, memory_limit=memory_limit, progress=progress
    )
    if found.geodesic is None:
        states = ", ".join(found.component or ())
        raise ModelError(
            f"no path joins the two distributions: the states {states} are joined to no other state, and would have to change their"
            f" probability by {-found.surplus:.6g}; choose distributions with the same probability on each connected part"
        )
    fields = _core.protocol_cost(found.geodesic, duration)
    return OptimalProtocol(cost=_side(fields.pop("cost")), geodesic=found.geodesic, **fields)


def straight_path(
    kinetics: MarkovJump,
    *,
    from_: npt.ArrayLike,
    to: npt.ArrayLike,
    tol: float = 1e-8,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> StraightPath:
    """Action and length of the straight path between two distributions, which no protocol of least dissipation needs to take.

    Examples
    --------
    >>> from irrev.network import MarkovJump
    >>> from irrev.transport import straight_path
    >>> pair = MarkovJump.from_rates(2, [(0, 1, 1.0, 1.0)])
    >>> path = straight_path(pair, from_=[0.9, 0.1], to=[0.2, 0.8])
    >>> round(path.length.value, 8)                         # two states have no other path
    1.02569212
    >>> path.action.value > path.length.value**2            # but an even pace is not the best
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    fields = _core.straight_path(kinetics, from_, to, tol, run)
    return StraightPath(action=_side(fields["action"]), length=_side(fields["length"]))

"""Speed, length and action of a path of states, of the whole and of its parts.

v = √I, ℒ = ∫v dt, 𝒞 = ∫I dt, τ𝒞 ≥ ℒ² ≥ (geodesic between the ends)². With constant rates I of the whole never grows; that of a part may, and its maxima
betray what is hidden.

References: Ito, Phys. Rev. Lett. 121, 030605 (2018); Ito and Dechant, Phys. Rev. X 10, 021056 (2020); Yoshimura and Ito, Phys. Rev. Research 3,
013175 (2021).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Self

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, integers, whole
from irrev._bound import Side, with_sides
from irrev._core import DrivenJump, MarkovJump, Network, ReactionSystem
from irrev._record import Convergence, Record, means
from irrev._run import Progress, options
from irrev.information.fisher import CramerRao

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Marginal(Record):
    """A part of a system seen alone: states that it cannot tell apart form a class.

    Parameters
    ----------
    name : str
    classes : array_like of int, shape (states,)
        The class of every state, from 0 without gaps.

    Examples
    --------
    >>> from irrev.information import Marginal
    >>> y = Marginal.of_factor("y", dimensions=[2, 3], factor=1)               # the first factor is the slowest
    >>> y.classes.tolist(), y.sum([1, 2, 3, 4, 5, 6]).tolist()
    ([0, 1, 2, 0, 1, 2], [5.0, 7.0, 9.0])
    """

    name: Annotated[str, means("", "Its name")]
    classes: Annotated[IntArray, means("", "The class of every state")]

    def __init__(self, name: str, classes: npt.ArrayLike) -> None:
        self.__dict__.update(name=name, classes=integers(classes, "classes").copy())
        self.__post_init__()
        _core.check_marginal(self._parts)

    @property
    def _parts(self) -> tuple[str, IntArray]:
        return self.name, self.classes

    @classmethod
    def of_factor(cls, name: str, *, dimensions: Sequence[int], factor: int) -> Self:
        """One factor of a product of state spaces, the first factor slowest."""
        sizes = [whole(d, "dimensions", 0) for d in dimensions]
        return cls(name, _core.marginal_of_factor(name, sizes, whole(factor, "factor", 0)))

    @classmethod
    def of_subsystem(cls, network: Network, subsystem: str) -> Self:
        """A subsystem of a network, by its labels in the order of their appearance."""
        return cls(subsystem, _core.marginal_of_subsystem(network, subsystem))

    def sum(self, values: npt.ArrayLike) -> FloatArray:
        """Sums of one number per state over the classes: the marginal of a distribution."""
        return _core.marginal_sum(self._parts, values)


class StatisticalLength(Record):
    """Length and action of a path, and the shortest path between its ends, whatever dynamics would take it."""

    duration: Annotated[float, means("time", "τ")]
    length: Annotated[Side, means("", "ℒ = ∫√I dt; of amounts in √amount")]
    action: Annotated[Side, means("1/time", "𝒞 = ∫I dt; infinite from a start with empty states that are filled at once")]
    geodesic: Annotated[float, means("", "Length of the shortest path between the ends, at most ℒ")]
    least_time: Annotated[float | None, means("time", "ℒ²/𝒞 ≤ τ; None where nothing moves")]
    action_efficiency: Annotated[float | None, means("", "ℒ²/(τ𝒞), 1 at constant speed; None where nothing moves")]
    geodesic_efficiency: Annotated[
        float | None, means("", "geodesic/ℒ, 1 on the shortest path; None where nothing moves")
    ]
    action_slack: Annotated[float, means("", "τ𝒞 - ℒ² ≥ 0")]
    geodesic_slack: Annotated[float, means("", "ℒ - geodesic ≥ 0")]


class MarginalSpeed(Record):
    """Fisher information of one part at one time."""

    fisher_information: Annotated[float, means("1/time²", "I of the marginal distribution, at most that of the whole")]
    fisher_information_rate: Annotated[float, means("1/time³", "dI/dt, of either sign")]


class SpeedAt(Record):
    """A state of a relaxation at one time, and how fast it changes."""

    time: Annotated[float, means("time", "Time from the start")]
    distribution: Annotated[FloatArray, means("", "p")]
    rate: Annotated[FloatArray, means("1/time", "ṗ; an entry below the rounding of its fluxes is 0")]
    fisher_information: Annotated[float, means("1/time²", "I; infinite where an empty state is being filled")]
    speed: Annotated[float, means("1/time", "√I")]
    fisher_information_rate: Annotated[float, means("1/time³", "dI/dt ≤ 0")]
    entropy_production_rate: Annotated[float, means("nats/time", "Σ̇")]
    observables: Annotated[tuple[CramerRao, ...], means("", "The Cramér-Rao inequality of every observable")]
    marginals: Annotated[tuple[MarginalSpeed, ...], means("", "The information of every part")]


class LocalMaximum(Record):
    """An interior maximum of the Fisher information of time."""

    time: Annotated[float, means("time", "When")]
    fisher_information: Annotated[float, means("1/time²", "I there")]


class Monotonicity(Record):
    """Whether the Fisher information of a part falls throughout a window, and where it does not."""

    name: Annotated[str, means("", "Name of the part")]
    monotone: Annotated[bool, means("", "Whether dI/dt > 0 was found nowhere")]
    maxima: Annotated[
        tuple[LocalMaximum, ...], means("", "Interior local maxima in their order: all there are outside of what is undecided")
    ]
    undecided: Annotated[
        tuple[tuple[float, float], ...],
        means("time", "Intervals, not longer than the resolution or lost in rounding, on which the sign of dI/dt is not known"),
    ]


class RelaxationSpeed(Record):
    """A relaxation in the geometry of its distributions."""

    at: Annotated[tuple[SpeedAt, ...], means("", "The times asked for")]
    path: Annotated[StatisticalLength, means("", "Length, action and geodesic over the window")]
    filling: Annotated[
        tuple[str, ...], means("", "States that are empty at the beginning and filled at once: the action is infinite")
    ]
    marginals: Annotated[
        tuple[Monotonicity, ...], means("", "For every part, whether its information falls; that of the whole does")
    ]
    convergence: Annotated[Convergence, means("", "Panels used for the length, the worst error relative to its target")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the times asked for, the speed √I of the whole, and those of the parts, one column each."""
        parts = [[m.fisher_information for m in at.marginals] for at in self.at]
        return {
            "time": np.array([at.time for at in self.at]),
            "speed": np.array([at.speed for at in self.at]),
            "marginal_speed": np.sqrt(np.reshape(parts, (len(self.at), len(self.marginals)))),
        }

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Speed of the whole and of the parts over the times asked for; returns the axes."""
        from irrev._plot import lines

        data = self.plot_data()
        columns = np.column_stack([data["speed"], data["marginal_speed"]])
        labels = ["whole", *(part.name for part in self.marginals)]
        return lines(ax, data["time"], columns, labels, "time", "speed √I (1/time)")


class DrivenSpeed(Record):
    """The path of a driven process in the geometry of its distributions."""

    times: Annotated[FloatArray, means("time", "The times asked for")]
    distributions: Annotated[FloatArray, means("", "The state at those times, one row each")]
    fisher_information: Annotated[FloatArray, means("1/time²", "I at those times")]
    path: Annotated[StatisticalLength, means("", "Length, action and geodesic over the protocol")]
    filling: Annotated[
        tuple[str, ...], means("", "States that are empty at the beginning and filled at once: the action is infinite")
    ]
    monotone_relaxation: Annotated[str, means("", "Why dI/dt ≤ 0 is not claimed: driving may speed a process up again")]
    convergence: Annotated[Convergence, means("", "Panels used for the length, the worst error relative to its target")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the times asked for, and the speed √I."""
        return {"time": self.times, "speed": np.sqrt(self.fisher_information)}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Speed over the times asked for; returns the axes."""
        from irrev._plot import lines

        data = self.plot_data()
        return lines(ax, data["time"], data["speed"], ["speed"], "time", "speed √I (1/time)")


class ReactionSpeedAt(Record):
    """Amounts at one time, and how fast they change."""

    time: Annotated[float, means("time", "Time from the start")]
    amounts: Annotated[FloatArray, means("amount", "x of the dynamic species")]
    speed_squared: Annotated[float, means("amount/time²", "Σ ẋ²/x")]
    entropy_production_rate: Annotated[float, means("k_B·amount/time", "Σ̇ of the counted reactions")]
    divergence: Annotated[
        float, means("RT·amount", "D(x‖x°) = Σ x ln(x/x°) - x + x°: the Gibbs energy above x°, if that is an equilibrium")
    ]
    divergence_decay: Annotated[float, means("RT·amount/time", "-dD/dt")]


class ReactionSpeed(Record):
    """A motion of amounts in the geometry of positive measures."""

    at: Annotated[tuple[ReactionSpeedAt, ...], means("", "The times asked for")]
    path: Annotated[StatisticalLength, means("", "Length in √amount, action in amount/time, and 2 ‖√x - √x'‖ of the ends")]
    reference: Annotated[FloatArray, means("amount", "x°")]
    reference_is_equilibrium: Annotated[bool, means("", "Whether no reaction runs at x°, so that D is a Gibbs energy")]
    filling: Annotated[
        tuple[str, ...], means("", "Species that are absent at the beginning and made at once: the action is infinite")
    ]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the times asked for, and the speed √(Σ ẋ²/x)."""
        speeds = [at.speed_squared for at in self.at]
        return {"time": np.array([at.time for at in self.at]), "speed": np.sqrt(speeds)}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Speed over the times asked for; returns the axes."""
        from irrev._plot import lines

        data = self.plot_data()
        return lines(ax, data["time"], data["speed"], ["speed"], "time", "speed √(Σẋ²/x) (√amount/time)")


def length(fields: dict[str, Any]) -> StatisticalLength:
    """A length from its fields."""
    return StatisticalLength(**with_sides(fields, ("length", "action")))


def _moment(fields: dict[str, Any]) -> SpeedAt:
    fields["observables"] = tuple(CramerRao(**found) for found in fields["observables"])
    fields["marginals"] = tuple(MarginalSpeed(**found) for found in fields["marginals"])
    return SpeedAt(**fields)


def _monotonicity(fields: dict[str, Any]) -> Monotonicity:
    maxima = tuple(LocalMaximum(time=t, fisher_information=value) for t, value in fields["maxima"])
    return Monotonicity(**{**fields, "maxima": maxima, "undecided": tuple(fields["undecided"])})


def speed_of_relaxation(
    kinetics: MarkovJump,
    *,
    start: npt.ArrayLike,
    from_: float = 0.0,
    to: float,
    times: npt.ArrayLike = (),
    observables: Sequence[npt.ArrayLike] = (),
    marginals: Sequence[Marginal] = (),
    resolution: float = 1e-9,
    tol: float = 1e-9,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> RelaxationSpeed:
    """Follows a process with constant rates from `start` at time 0, and measures its path over the window from `from_` to `to`.

    Parameters
    ----------
    kinetics : MarkovJump
    start : array_like, shape (states,)
    from_, to : float
        The window of length, action and maxima.
    times : array_like
        Times from the start, in any order, within the window or not, at which speed and observables are returned.
    observables : sequence of array_like, shape (states,)
        Observables whose Cramér-Rao inequality is evaluated at those times.
    marginals : sequence of Marginal
        Parts whose own Fisher information is followed, and searched for maxima.
    resolution : float
        Intervals shorter than this part of the window are not searched.
    tol : float
        Relative accuracy of length and action.

    Examples
    --------
    Two states move on a geodesic.

    >>> from irrev.information import speed_of_relaxation
    >>> from irrev.network import MarkovJump
    >>> pair = MarkovJump.from_rates(2, [(0, 1, 1.0, 1.0)])
    >>> found = speed_of_relaxation(pair, start=[0.9, 0.1], to=1.0, times=[0.5], observables=[[0.0, 1.0]])
    >>> round(found.path.geodesic_efficiency, 9), round(found.at[0].observables[0].efficiency, 12)
    (1.0, 1.0)
    >>> found.path.least_time < 1.0                            # ℒ²/𝒞: it slows down
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    asked = (times, list(observables), [part._parts for part in marginals], resolution, tol)
    fields = _core.speed_of_relaxation(kinetics, start, (from_, to), asked, run)
    return RelaxationSpeed(
        at=tuple(map(_moment, fields["at"])),
        path=length(fields["path"]),
        filling=tuple(fields["filling"]),
        marginals=tuple(map(_monotonicity, fields["marginals"])),
        convergence=fields["convergence"],
    )


def speed_of_driven_process(
    process: DrivenJump,
    *,
    start: npt.ArrayLike,
    from_: float = 0.0,
    to: float,
    times: npt.ArrayLike = (),
    tol: float = 1e-9,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> DrivenSpeed:
    """Follows a driven process over its protocol, and measures its path.

    Examples
    --------
    >>> from irrev.information import speed_of_driven_process
    >>> from irrev.network import DrivenJump, Network
    >>> driven = DrivenJump(Network.from_edges(2, [(0, 1)]), rates=(["exp(t)"], ["1"]))
    >>> found = speed_of_driven_process(driven, start=[0.5, 0.5], to=1.0, times=[0.0, 1.0], tol=1e-8)
    >>> found.fisher_information.round(6)                      # at rest, until the rates change
    array([0.      , 0.269925])
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    fields = _core.speed_of_driven_process(process, start, (from_, to), times, tol, run)
    fields["path"] = length(fields["path"])
    fields["filling"] = tuple(fields["filling"])
    return DrivenSpeed(**fields)


def speed_of_reactions(
    system: ReactionSystem,
    *,
    start: npt.ArrayLike | None = None,
    from_: float = 0.0,
    to: float,
    times: npt.ArrayLike = (),
    reference: npt.ArrayLike | None = None,
    tol: float = 1e-9,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> ReactionSpeed:
    """Follows dx/dt = S J from `start` at time 0, and measures its path over the window from `from_` to `to`.

    Parameters
    ----------
    system : ReactionSystem
    start : array_like, shape (dynamic species,), optional
        Amounts at time 0; default the initial amounts of the system.
    from_, to : float
        The window of length and action.
    times : array_like
        Times from the start, ascending, at most `to`.
    reference : array_like, shape (dynamic species,), optional
        Amounts x° that the divergence is taken from; default the steady state that the start relaxes to.
    tol : float
        Relative accuracy of length and action.

    Examples
    --------
    >>> from irrev.information import speed_of_reactions
    >>> from irrev.reactions import ReactionSystem
    >>> exchange = ReactionSystem(["A", "B"], reactions=[("r", "A <=> B", 1.0, 0.5)])
    >>> found = speed_of_reactions(exchange, start=[3.0, 0.0], to=2.0)
    >>> round(found.path.length.value, 6), found.filling, found.reference_is_equilibrium      # B moves on an arc
    (3.188747, ('B',), True)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    fields = _core.speed_of_reactions(system, start, (from_, to), times, reference, tol, run)
    fields["at"] = tuple(ReactionSpeedAt(**found) for found in fields["at"])
    fields["path"] = length(fields["path"])
    fields["filling"] = tuple(fields["filling"])
    return ReactionSpeed(**fields)

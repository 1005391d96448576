"""What happens over time: evolution, steady states, limit cycles, branches of steady states, and how dissipation answers to changed rates."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._core import Model, ReactionSystem
from irrev._record import ComplexArray, Convergence, Record, means
from irrev._run import Progress, options

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Budget(Record):
    """Integrals of what a motion costs."""

    entropy_production: Annotated[
        float, means("k_B·amount", "∫ Σ̇ dt of the counted reactions; infinite if one of them is one-way")
    ]
    excess: Annotated[float, means("k_B·amount", "∫ geometric excess dt")]
    housekeeping: Annotated[float, means("k_B·amount", "∫ geometric housekeeping dt")]
    wasserstein_length: Annotated[
        float, means("√(amount·time)", "∫ √excess dt: length of the path in the metric of L")
    ]
    activity: Annotated[float, means("amount", "∫ Σ(j⁺ + j⁻) dt over the counted reactions")]
    diffusion: Annotated[FloatArray, means("amount", "∫ D dt per dynamic species, D the scaled diffusion")]
    extents: Annotated[FloatArray, means("amount", "∫ J dt per counted reaction: extents of reaction")]
    errors: Annotated[
        FloatArray, means("", "Error estimates of entropy production, excess, housekeeping and length, in their units")
    ]


class Evolution(Record):
    """A motion of a reaction system over [0, duration]."""

    times: Annotated[FloatArray, means("time", "The times asked for")]
    amounts: Annotated[FloatArray, means("amount", "Amounts of the dynamic species at those times, one row each")]
    final_amounts: Annotated[FloatArray, means("amount", "Amounts at the end")]
    budget: Annotated[Budget | None, means("", "What the motion cost, if asked for")]
    speed_limits: Annotated[
        FloatArray, means("time", "Lower bound 2 Δx²/(Σ D̄) on the duration from each species; empty without budget")
    ]
    final_errors: Annotated[FloatArray | None, means("amount", "Error of every final amount, if asked for")]
    convergence: Annotated[
        Convergence, means("", "Steps, and the global error in units of the tolerance (0 if it was not asked for)")
    ]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the times and the amounts at them."""
        return {"time": self.times, "amount": self.amounts}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Amounts over the times asked for; returns the axes."""
        return _amounts_over_time(self.times, self.amounts, ax)


class SteadyState(Record):
    """A steady state."""

    amounts: Annotated[FloatArray, means("amount", "Amounts of the dynamic species")]
    eigenvalues: Annotated[
        ComplexArray, means("1/time", "Eigenvalues of the Jacobian on the stoichiometric class, by falling real part")
    ]
    stability: Annotated[str, means("", 'What becomes of small disturbances: "stable", "unstable" or "marginal"')]
    convergence: Annotated[
        Convergence, means("", "Newton steps, and the imbalance relative to the traffic at the worst species")
    ]


class LimitCycle(Record):
    """A periodic orbit, with what one turn costs."""

    period: Annotated[float, means("time", "Period")]
    section_species: Annotated[str, means("", "Species of the section at which the orbit was cut")]
    section_value: Annotated[float, means("amount", "Amount at which it is crossed upwards")]
    amounts: Annotated[FloatArray, means("amount", "State at the section")]
    budget: Annotated[Budget, means("", "What one turn costs")]
    multipliers: Annotated[
        ComplexArray, means("", "Floquet multipliers on the stoichiometric class, by falling modulus; one is 1")
    ]
    is_stable: Annotated[bool, means("", "Whether all others lie within the unit circle")]
    times: Annotated[FloatArray, means("time", "Times along one turn, from 0 to the period")]
    orbit: Annotated[FloatArray, means("amount", "Amounts at those times, one row each")]
    convergence: Annotated[Convergence, means("", "Newton steps, and how well the orbit closes")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: one turn."""
        return {"time": self.times, "amount": self.orbit}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Amounts over one period; returns the axes."""
        return _amounts_over_time(self.times, self.orbit, ax)


class Branch(Record):
    """A branch of steady states over a parameter, folds and Hopf points among its points."""

    parameters: Annotated[FloatArray, means("", "The parameter along the branch")]
    amounts: Annotated[FloatArray, means("amount", "Steady amounts, one row per point")]
    entropy_production_rates: Annotated[
        FloatArray, means("k_B·amount/time", "Entropy production rate of the counted reactions")
    ]
    stability: Annotated[tuple[str, ...], means("", '"stable", "unstable" or "marginal", per point')]
    leading: Annotated[ComplexArray, means("1/time", "Leading eigenvalue of the Jacobian on the class")]
    kinds: Annotated[tuple[str, ...], means("", '"regular", "fold" or "hopf", per point')]
    convergence: Annotated[Convergence, means("", "Points found, and the worst Newton residual")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the steady amounts over the parameter."""
        return {"parameter": self.parameters, "amount": self.amounts}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Steady amounts over the parameter; returns the axes."""
        from irrev._plot import lines

        names = [f"species {i}" for i in range(self.amounts.shape[1])]
        return lines(ax, self.parameters, self.amounts, names, "parameter", "amount")


class Response(Record):
    """Linear response of a steady state to changed rates, on its stoichiometric class."""

    forward: Annotated[FloatArray, means("k_B·amount/time", "dΣ̇/d ln j⁺ per reaction")]
    backward: Annotated[FloatArray, means("k_B·amount/time", "dΣ̇/d ln j⁻ per reaction")]
    amounts_forward: Annotated[FloatArray, means("amount", "dx/d ln j⁺, one row per reaction")]
    amounts_backward: Annotated[FloatArray, means("amount", "dx/d ln j⁻, one row per reaction")]
    entropy_production_rate: Annotated[float, means("k_B·amount/time", "Σ̇ of the counted reactions")]


def _amounts_over_time(times: FloatArray, amounts: FloatArray, ax: "Axes | None") -> "Axes":
    from irrev._plot import lines

    return lines(ax, times, amounts, [f"species {i}" for i in range(amounts.shape[1])], "time", "amount")


def evolve(
    system: ReactionSystem,
    *,
    start: npt.ArrayLike | None = None,
    duration: float,
    times: npt.ArrayLike = (),
    tol: float = 1e-10,
    budget: bool = True,
    error_estimate: bool = False,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Evolution:
    """Follows dx/dt = S J over [0, duration] and integrates what it costs.

    Parameters
    ----------
    system : ReactionSystem
    start : array_like, shape (dynamic species,), optional
        Amounts at time 0; default the initial amounts of the system.
    duration : float
    times : array_like
        Times at which the state is returned, ascending, within the interval.
    tol : float
        Local relative accuracy of amounts and integrals.
    budget : bool
        Whether to integrate the dissipation, too.
    error_estimate : bool
        Whether to find the error at the end by a tighter repetition.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, evolve
    >>> enzyme = ReactionSystem(
    ...     ["E", "S", "ES", "P"],
    ...     reactions=[("bind", "E + S <=> ES", 2.0, 0.5), ("release", "ES <=> E + P", 1.0, 0.3)],
    ... )
    >>> path = evolve(enzyme, start=[1.0, 2.0, 0.01, 0.01], duration=1.0)
    >>> path.final_amounts.round(6), round(path.budget.entropy_production, 6)
    (array([0.415049, 0.92784 , 0.594951, 0.497208]), 3.872989)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    fields = _core.evolve_reactions(system, start, duration, times, tol, budget, error_estimate, run)
    fields["budget"] = None if fields["budget"] is None else Budget(**fields["budget"])
    return Evolution(**fields)


def steady_state(
    system: ReactionSystem,
    *,
    start: npt.ArrayLike | None = None,
    guess: npt.ArrayLike | None = None,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> SteadyState:
    """The steady state that a start relaxes to, or the one that Newton's method finds from a guess.

    Parameters
    ----------
    system : ReactionSystem
    start : array_like, shape (dynamic species,), optional
        Amounts from which the system relaxes; default its initial amounts.
    guess : array_like, shape (dynamic species,), optional
        Instead of a start: amounts near the steady state, on the same stoichiometric class; it may be unstable.

    Raises
    ------
    ConvergenceError
        If the motion does not come to rest, as on a limit cycle.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, steady_state
    >>> schloegl = ReactionSystem(["X"], reactions=[("auto", "2 X <=> 3 X", 3.0, 1.0), ("feed", "0 <=> X", 0.25, 2.0)])
    >>> steady_state(schloegl, start=[0.0]).stability, steady_state(schloegl, guess=[0.6]).stability
    ('stable', 'unstable')
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return SteadyState(**_core.steady_state(system, start, guess, run))


def limit_cycle(
    system: ReactionSystem,
    *,
    start: npt.ArrayLike | None = None,
    section: tuple[str | int, float] | None = None,
    points: int = 201,
    returns: int = 400,
    transient: float | None = None,
    tol: float = 1e-11,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> LimitCycle:
    """The limit cycle that a start settles on.

    Parameters
    ----------
    system : ReactionSystem
    start : array_like, shape (dynamic species,), optional
        Default the initial amounts of the system.
    section : (species, amount), optional
        Where the orbit is cut, crossed upwards; default the species that varies most, at the middle of its range.
    points : int
        Number of points of the orbit that is returned.
    returns : int
        Returns to the section after which the transient is given up.
    transient : float, optional
        Longest transient, in the unit of time; default 10¹² times the shortest time scale at the start.
    tol : float
        Relative accuracy of the orbit.

    Raises
    ------
    ConvergenceError
        If no oscillation is seen.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, limit_cycle
    >>> brusselator = ReactionSystem(
    ...     ["X", "Y"],
    ...     reactions=[("feed", "0 <=> X", 1, 1), ("convert", "X <=> Y", 3, 0.1), ("auto", "2 X + Y <=> 3 X", 1, 0.1)],
    ... )
    >>> cycle = limit_cycle(brusselator, start=[1.0, 2.0])
    >>> round(cycle.period, 7), round(cycle.budget.excess, 6), cycle.is_stable
    (6.0573707, 1.577007, True)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    fields = _core.limit_cycle(system, start, section, points, returns, transient, tol, run)
    fields["budget"] = Budget(**fields["budget"])
    return LimitCycle(**fields)


def steady_branch(
    family: Model | Callable[[float], ReactionSystem],
    *,
    key: str | None = None,
    from_: float,
    start: npt.ArrayLike,
    range: tuple[float, float],
    upwards: bool = True,
    largest_step: float = 0.02,
    most_points: int = 5000,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Branch:
    """Follows a steady state over a parameter, through folds, until the parameter leaves its range.

    Parameters
    ----------
    family : Model or callable
        A reaction model, one of whose numbers is the parameter; or a function from the parameter to a `ReactionSystem`.
    key : str, optional
        For a model: the dotted key of the number, as in "species.A.chemostat" or "parameters.k".
    from_ : float
        Value of the parameter to begin with.
    start : array_like, shape (dynamic species,)
        Steady amounts there, or near them.
    range : (float, float)
        Where the parameter may go.
    upwards : bool
        Whether to begin towards larger values.
    largest_step : float
        Largest step along the branch, in units in which the range and the state at the start have length 1.
    most_points : int
        Points after which the branch is given up.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, steady_branch
    >>> def schloegl(k):
    ...     return ReactionSystem(["X"], reactions=[("auto", "2 X <=> 3 X", 3.0, 1.0), ("feed", "0 <=> X", k, 2.5)])
    >>> branch = steady_branch(schloegl, from_=0.0, start=[0.0], range=(0.0, 1.0))
    >>> branch.kinds.count("fold")
    2
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    fields: dict[str, Any] = _core.steady_branch(
        family, key, from_, start, upwards, range, largest_step, most_points, run
    )
    fields["stability"], fields["kinds"] = tuple(fields["stability"]), tuple(fields["kinds"])
    return Branch(**fields)


def steady_response(
    system: ReactionSystem,
    *,
    steady: SteadyState | npt.ArrayLike,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Response:
    """How the entropy production and the amounts of a steady state answer to changed rates of every reaction.

    Parameters
    ----------
    system : ReactionSystem
    steady : SteadyState or array_like, shape (dynamic species,)
        The steady state, or amounts near it.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, steady_response, steady_state
    >>> system = ReactionSystem(["X"], reactions=[("feed", "0 <=> X", 2.0, 1.0), ("drain", "X <=> 0", 3.0, 1.0)])
    >>> answer = steady_response(system, steady=steady_state(system, start=[1.0]))
    >>> answer.amounts_forward.shape
    (2, 1)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    amounts = steady.amounts if isinstance(steady, SteadyState) else steady
    return Response(**_core.steady_response(system, amounts, run))

"""Trajectories on an explicit graph of states: constant, driven and tilted rates, and one long run.

With constant rates, currents, entropies and heat are integer counts times constants, multiplied once at the end. A driven process leaves a state when its
integrated hazard says so, never by constant steps. Tilted dynamics makes rare trajectories common, and every one carries its exact likelihood ratio.

Conventions: Σ = S_medium + ln p₀(x₀) - ln p_t(x_t) in nats, k_B = 1; heat is positive into the reservoir, work positive on the system. A jump without a
reverse makes the medium entropy infinite.

References: Gillespie, J. Phys. Chem. 81, 2340 (1977); Seifert, Rep. Prog. Phys. 75, 126001 (2012); Chetrite and Touchette, Phys. Rev. Lett. 111,
120601 (2013).
"""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike, fspath
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, distribution, finite, one_or_more, whole
from irrev._core import DrivenJump, MarkovJump, Network
from irrev._record import Estimate, Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.network.driven import driven_process
from irrev.network.dynamics import evolve
from irrev.simulation.books import place
from irrev.simulation.estimators import IntegralFluctuation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

State = int | str
"""A state, by its index or its name."""

TotalEntropy = Literal["stationary", "ends"] | None
"""Where the system part of the total entropy comes from; see `sample_jump_process`."""

RunningQuantity = Literal["medium_entropy", "total_entropy"] | npt.ArrayLike | None
"""What is followed jump by jump: an entropy, or a current by its weights."""


class Average(Record):
    """Average of weights that are given by their logarithms."""

    mean: Annotated[Estimate, means("", "The average")]
    log_mean: Annotated[Estimate, means("", "Its logarithm, bias-corrected")]
    effective_sample_size: Annotated[float, means("", "(Σw)²/Σw²: how many equal weights would know it as well")]
    largest_share: Annotated[float, means("", "Share of the largest weight")]


class JumpEnsemble(Record):
    """Trajectories on a graph, summed up.

    Moments and counts are those of the trajectories simulated; for tilted ones, averages of the process asked about are the weighted ones.
    """

    algorithm: Annotated[str, means("", "Generator and samplers, with versions")]
    trajectories: Annotated[int, means("", "Number of trajectories")]
    observables: Annotated[
        tuple[str, ...],
        means("", "What every trajectory has: duration, jumps, medium_entropy, total_entropy, work, currents, heat(…), …"),
    ]
    cumulants: Annotated[
        tuple[tuple[Estimate, ...], ...], means("", "Cumulants 1 to 4 of every observable: mean, variance, third and fourth")
    ]
    times: Annotated[FloatArray, means("time", "Output times")]
    occupations: Annotated[
        IntArray, means("", "Trajectories in each state at each output time, of those still under way; one row per time")
    ]
    endings: Annotated[
        dict[str, int], means("", "How trajectories ended: horizon, upper, lower, jumps, absorbed, and each target by name")
    ]
    target_probabilities: Annotated[tuple[Estimate, ...], means("", "Probability of entering each target first")]
    jump_counts: Annotated[IntArray, means("", "Jumps over all trajectories, by edge and direction")]
    residence: Annotated[FloatArray, means("time", "Time spent in each state over all trajectories")]
    normalisation: Annotated[Average, means("", "⟨likelihood ratio⟩: 1 unless tilted, and 1 within its error if so")]
    integral_fluctuation: Annotated[
        IntegralFluctuation | None, means("", "⟨e^{-Σ}⟩ against the integral fluctuation theorem, if Σ is kept")
    ]
    negative_entropy: Annotated[Estimate | None, means("", "P(Σ < 0), if Σ is kept")]
    samples: Annotated[FloatArray, means("", "Kept: every observable of every trajectory, one row per observable")]
    sample_endings: Annotated[tuple[str, ...], means("", "Kept: how every trajectory ended")]

    def row(self, observable: str) -> int:
        """Index of an observable."""
        return place("observable", self.observables, observable)

    def mean_of(self, observable: str) -> Estimate:
        """Mean of an observable with its standard error."""
        return self.cumulants[self.row(observable)][0]

    def variance_of(self, observable: str) -> Estimate:
        """Variance of an observable with its standard error."""
        return self.cumulants[self.row(observable)][1]

    def samples_of(self, observable: str) -> FloatArray:
        """Kept values of an observable, trajectory by trajectory."""
        if not len(self.samples):
            raise ModelError("no samples were kept; ask for them with keep=True")
        values: FloatArray = self.samples[self.row(observable)]
        return values

    def occupation(self, time: int = -1) -> tuple[Estimate, ...]:
        """Probability of each state at an output time (by its index), of the trajectories still under way then."""
        counts = self.occupations[time]
        total = int(counts.sum())
        return tuple(_core.proportion(int(n), total) for n in counts)

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the fraction of trajectories in each state at the output times."""
        totals = np.maximum(self.occupations.sum(axis=1, keepdims=True), 1)
        return {"time": self.times, "occupation": self.occupations / totals}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Occupation of the states over the output times; returns the axes."""
        from irrev._plot import lines

        data = self.plot_data()
        states = [f"state {i}" for i in range(self.occupations.shape[1])]
        return lines(ax, data["time"], data["occupation"], states, "time", "occupation")


class LongRun(Record):
    """One long trajectory by its increments."""

    increments: Annotated[FloatArray, means("", "What each current gained in each increment; one row per current")]
    duration: Annotated[float, means("time", "Duration of an increment")]
    jump_counts: Annotated[IntArray, means("", "Jumps by edge and direction")]
    residence: Annotated[FloatArray, means("time", "Time spent in each state")]


ENDINGS = {-1: "horizon", -2: "upper", -3: "lower", -4: "jumps", -5: "absorbed"}


class _Question:
    """Options that all samplers share, as the extension takes them, and the names that come back."""

    def __init__(
        self,
        network: Network,
        *,
        horizon: float,
        times: npt.ArrayLike,
        currents: Mapping[str, npt.ArrayLike] | None,
        temperatures: npt.ArrayLike | None,
        targets: Sequence[State],
        upper: float | None,
        lower: float | None,
        most_jumps: int | None,
        running: RunningQuantity,
        system_entropy: tuple[str, list[FloatArray]] | None,
        missing_weight: float,
        trajectories: int,
        keep: bool,
        wanted_error: tuple[str, float] | None,
        checkpoint_interval: float,
    ) -> None:
        self.network = network
        self.currents = {} if currents is None else dict(currents)
        self.targets = [state if isinstance(state, int) else network.state(state) for state in targets]
        self.times = one_or_more(times, "times")
        edges = len(network.edges)
        follows: tuple[str, list[float]] | None = None
        if running is None:
            pass
        elif isinstance(running, str):
            if running not in ("medium_entropy", "total_entropy"):
                raise ValueError(
                    f'running is "{running}", expected "medium_entropy", "total_entropy" or the weights of a current'
                )
            follows = (running, [])
        else:
            follows = ("current", finite(running, "running", edges))
        self.asked: dict[str, Any] = {
            "horizon": float(horizon),
            "times": self.times.tolist(),
            "stop_states": self.targets,
            "upper": upper,
            "lower": lower,
            "most_jumps": most_jumps,
            "currents": [finite(weights, f'current "{name}"', edges) for name, weights in self.currents.items()],
            "temperatures": None if temperatures is None else finite(temperatures, "temperatures", len(network.reservoirs)),
            "system_entropy": None
            if system_entropy is None
            else (system_entropy[0], [p.tolist() for p in system_entropy[1]]),
            "running": follows,
            "trajectories": whole(trajectories, "trajectories", 1),
            "keep": keep,
            "wanted_error": None if wanted_error is None else self._wanted(*wanted_error),
            "checkpoint_interval": float(checkpoint_interval),
            "missing_weight": float(missing_weight),
        }

    def _names(self) -> dict[str, str]:
        """Names of currents and heats by those that the extension gives them."""
        names = {f"current {k}": name for k, name in enumerate(self.currents)}
        return names | {f"heat {k}": f"heat({name})" for k, name in enumerate(self.network.reservoirs)}

    def _wanted(self, observable: str, error: float) -> tuple[str, float]:
        numbered = {name: number for number, name in self._names().items()}
        return numbered.get(observable, observable), float(error)

    def ensemble(self, fields: dict[str, Any]) -> JumpEnsemble:
        names = self._names()
        fields["observables"] = tuple(names.get(name, name) for name in fields["observables"])
        fields["cumulants"] = tuple(map(tuple, fields["cumulants"]))
        fields["target_probabilities"] = tuple(fields["target_probabilities"])
        fields["jump_counts"] = fields["jump_counts"].reshape(-1, 2)
        fields["normalisation"] = Average(**fields["normalisation"])
        if fields["integral_fluctuation"] is not None:
            fields["integral_fluctuation"] = IntegralFluctuation(**fields["integral_fluctuation"])
        states = self.network.states
        targets = [states[state] for state in self.targets]
        endings = fields["endings"]
        endings |= dict(zip(targets, endings.pop("targets"), strict=True))
        fields["sample_endings"] = tuple(
            targets[code] if code >= 0 else ENDINGS[code] for code in fields["sample_endings"].tolist()
        )
        return JumpEnsemble(times=self.times, **fields)


def _system_entropy(
    total_entropy: TotalEntropy,
    start: npt.ArrayLike,
    stationary: Callable[[], FloatArray],
    end: Callable[[], FloatArray],
) -> tuple[str, list[FloatArray]] | None:
    if total_entropy is None:
        return None
    if total_entropy == "stationary":
        return total_entropy, [stationary()]
    if total_entropy == "ends":
        return total_entropy, [distribution(start, "start"), end()]
    raise ValueError(f'total_entropy is "{total_entropy}", expected "stationary", "ends" or None')


def sample_jump_process(
    kinetics: MarkovJump,
    *,
    start: npt.ArrayLike,
    horizon: float,
    times: npt.ArrayLike = (),
    trajectories: int = 10_000,
    currents: Mapping[str, npt.ArrayLike] | None = None,
    temperatures: npt.ArrayLike | None = None,
    total_entropy: TotalEntropy = None,
    running: RunningQuantity = None,
    targets: Sequence[State] = (),
    upper: float | None = None,
    lower: float | None = None,
    most_jumps: int | None = None,
    missing_weight: float = 0.0,
    keep: bool = False,
    wanted_error: tuple[str, float] | None = None,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
    checkpoint: str | PathLike[str] | None = None,
    checkpoint_interval: float = 10.0,
) -> JumpEnsemble:
    """Trajectories of a process with constant rates, from a start drawn from a distribution.

    Parameters
    ----------
    kinetics : MarkovJump
    start : array_like, shape (states,)
        Distribution at time 0.
    horizon : float
        Duration; infinite if a stop condition ends every trajectory.
    times : array_like
        Times at which the state is noted, ascending, within the horizon.
    trajectories : int
    currents : mapping of str to array_like
        Weights per forward jump of every edge, by the name of the current.
    temperatures : array_like, shape (reservoirs,)
        Heat into every reservoir is kept.
    total_entropy : str, optional
        "stationary": the process is stationary, and Σ is known all the time. "ends": Σ with the exact distribution at the horizon, from `start`.
    running : str or array_like, optional
        A quantity followed jump by jump, with its extremes: "medium_entropy", "total_entropy" (stationary), or the weights of a current.
    targets : sequence of str or int
        States at which a trajectory ends.
    upper, lower : float, optional
        Thresholds of the running quantity, above and below 0, at which a trajectory ends.
    most_jumps : int, optional
        Ends a trajectory after so many jumps.
    missing_weight : float
        Known weight of reversed trajectories that end where `start` vanishes, which ⟨e^{-Σ}⟩ must lack; see `irrev.network.entropy_moments`.
    keep : bool
        Keep every observable of every trajectory.
    wanted_error : (str, float), optional
        Ends the ensemble once the mean of an observable is known with this standard error; `trajectories` is then the most.
    seed, threads, memory_limit, progress
        As everywhere. Results do not depend on the number of threads.
    checkpoint : path, optional
        Folder from which an interrupted call continues with the same bits.
    checkpoint_interval : float
        Seconds between two checkpoints.

    Examples
    --------
    >>> from irrev.network import three_state_ring
    >>> from irrev.simulation import sample_jump_process
    >>> ring = three_state_ring(0.5, 1.0)
    >>> ensemble = sample_jump_process(ring, start=[1/3, 1/3, 1/3], horizon=2.0, total_entropy="stationary")
    >>> ensemble.integral_fluctuation.reliability
    'sound'
    >>> sigma = ensemble.mean_of("total_entropy")
    >>> exact = ring.flow([1/3, 1/3, 1/3]).entropy_production_rate * 2.0
    >>> bool(abs(sigma.value - exact) < 5 * sigma.standard_error)
    True
    """
    entropy = _system_entropy(
        total_entropy,
        start,
        kinetics.stationary_distribution,
        lambda: evolve(kinetics, p=start, t=horizon, progress=False).distribution,
    )
    question = _Question(
        kinetics.network,
        horizon=horizon,
        times=times,
        currents=currents,
        temperatures=temperatures,
        targets=targets,
        upper=upper,
        lower=lower,
        most_jumps=most_jumps,
        running=running,
        system_entropy=entropy,
        missing_weight=missing_weight,
        trajectories=trajectories,
        keep=keep,
        wanted_error=wanted_error,
        checkpoint_interval=checkpoint_interval,
    )
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    folder = None if checkpoint is None else fspath(checkpoint)
    return question.ensemble(_core.sample_jump_process(kinetics, start, question.asked, folder, run))


def sample_driven_process(
    process: DrivenJump,
    *,
    start: npt.ArrayLike,
    horizon: float,
    energies: Callable[[float], npt.ArrayLike] | Sequence[str | float] | None = None,
    breaks: npt.ArrayLike = (),
    times: npt.ArrayLike = (),
    trajectories: int = 10_000,
    currents: Mapping[str, npt.ArrayLike] | None = None,
    temperatures: npt.ArrayLike | None = None,
    total_entropy: Literal["ends"] | None = None,
    running: RunningQuantity = None,
    targets: Sequence[State] = (),
    upper: float | None = None,
    lower: float | None = None,
    most_jumps: int | None = None,
    missing_weight: float = 0.0,
    keep: bool = False,
    wanted_error: tuple[str, float] | None = None,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
    checkpoint: str | PathLike[str] | None = None,
    checkpoint_interval: float = 10.0,
) -> JumpEnsemble:
    """Trajectories of a driven process over [0, horizon], with the work of its protocol.

    Parameters
    ----------
    process : DrivenJump
    start : array_like, shape (states,)
    horizon : float
        Duration of the protocol.
    energies : sequence or callable, optional
        Energy of every state as an expression in `t` and the parameters of the process, or a number; or a function of the time. Work is kept.
    breaks : array_like
        Times at which the rates jump.
    times, trajectories, currents, temperatures, running, targets, upper, lower, most_jumps, missing_weight, keep, wanted_error, seed, threads
        As in `sample_jump_process`.
    total_entropy : str, optional
        "ends": Σ with the distribution at the horizon from `start`, computed by `irrev.network.driven_process`.

    Examples
    --------
    >>> from irrev.network import DrivenJump, Network
    >>> from irrev.simulation import sample_driven_process
    >>> process = DrivenJump(Network.from_edges(2, [(0, 1)]), rates=(["exp(-t)"], ["exp(t)"]))
    >>> ensemble = sample_driven_process(process, start=[0.5, 0.5], horizon=1.0, energies=[0, "2*t"], trajectories=4000)
    >>> work = ensemble.mean_of("work")
    >>> bool(abs(work.value - 0.7883666) < 5 * work.standard_error)
    True
    """

    def never() -> FloatArray:
        raise ModelError('a driven process is not stationary; take total_entropy="ends"')

    entropy = _system_entropy(
        total_entropy,
        start,
        never,
        lambda: driven_process(process, start=start, to=horizon, progress=False).final_distribution,
    )
    question = _Question(
        process.network,
        horizon=horizon,
        times=times,
        currents=currents,
        temperatures=temperatures,
        targets=targets,
        upper=upper,
        lower=lower,
        most_jumps=most_jumps,
        running=running,
        system_entropy=entropy,
        missing_weight=missing_weight,
        trajectories=trajectories,
        keep=keep,
        wanted_error=wanted_error,
        checkpoint_interval=checkpoint_interval,
    )
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    folder = None if checkpoint is None else fspath(checkpoint)
    gaps = one_or_more(breaks, "breaks").tolist()
    return question.ensemble(
        _core.sample_driven_process(process, energies, gaps, start, question.asked, folder, run)
    )


def sample_tilted_process(
    kinetics: MarkovJump,
    *,
    start: npt.ArrayLike,
    horizon: float,
    chi: float,
    current: npt.ArrayLike | None = None,
    intervals: int | None = 32,
    times: npt.ArrayLike = (),
    trajectories: int = 10_000,
    currents: Mapping[str, npt.ArrayLike] | None = None,
    temperatures: npt.ArrayLike | None = None,
    total_entropy: TotalEntropy = None,
    missing_weight: float = 0.0,
    keep: bool = False,
    wanted_error: tuple[str, float] | None = None,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
    checkpoint: str | PathLike[str] | None = None,
    checkpoint_interval: float = 10.0,
) -> JumpEnsemble:
    """Trajectories of tilted dynamics with their likelihood ratios: what rules an exponential average is made common.

    Parameters
    ----------
    kinetics : MarkovJump
    start : array_like, shape (states,)
    horizon : float
    chi : float
        χ of e^{χX}: -1 with the total entropy for ⟨e^{-Σ}⟩, -1/2 for P(Σ < 0).
    current : array_like, shape (edges,), optional
        Weights of the current X; default the total entropy, for which `total_entropy` must be given.
    intervals : int or None
        Intervals on each of which the guide is constant; None takes the dominant eigenvector, right for long times.
    times, trajectories, currents, temperatures, total_entropy, missing_weight, keep, wanted_error, seed, threads
        As in `sample_jump_process`.

    Examples
    --------
    >>> from irrev.network import MarkovJump
    >>> from irrev.simulation import sample_tilted_process
    >>> ring = MarkovJump.from_rates(5, [(i, (i + 1) % 5, 10.0, 0.1) for i in range(5)])
    >>> ensemble = sample_tilted_process(
    ...     ring, start=[0.2] * 5, horizon=1.0, chi=-1.0, total_entropy="stationary", trajectories=1000
    ... )
    >>> bool(abs(ensemble.integral_fluctuation.mean.value - 1) < 1e-9)    # plain sampling would need e^46 trajectories
    True
    """
    entropy = _system_entropy(
        total_entropy,
        start,
        kinetics.stationary_distribution,
        lambda: evolve(kinetics, p=start, t=horizon, progress=False).distribution,
    )
    if current is None and entropy is None:
        raise TypeError("give the weights of a current, or total_entropy")
    question = _Question(
        kinetics.network,
        horizon=horizon,
        times=times,
        currents=currents,
        temperatures=temperatures,
        targets=(),
        upper=None,
        lower=None,
        most_jumps=None,
        running=None,
        system_entropy=entropy,
        missing_weight=missing_weight,
        trajectories=trajectories,
        keep=keep,
        wanted_error=wanted_error,
        checkpoint_interval=checkpoint_interval,
    )
    ends = None if current is not None or entropy is None else [p.tolist() for p in entropy[1]]
    tilted = {
        "weights": [] if current is None else finite(current, "current", len(kinetics.forward_rate)),
        "chi": float(chi),
        "initial": None if ends is None else ends[0],
        "end": None if ends is None else ends[-1],
        "total_entropy": ends is not None,
        "intervals": intervals,
    }
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    folder = None if checkpoint is None else fspath(checkpoint)
    return question.ensemble(
        _core.sample_tilted_process(kinetics, tilted, start, question.asked, folder, run)
    )


def long_run(
    kinetics: MarkovJump,
    *,
    start: npt.ArrayLike,
    currents: Sequence[npt.ArrayLike],
    duration: float = 1.0,
    increments: int = 10_000,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
    checkpoint: str | PathLike[str] | None = None,
) -> LongRun:
    """One long trajectory, cut into increments: time averages instead of ensemble averages.

    Parameters
    ----------
    kinetics : MarkovJump
    start : array_like, shape (states,)
        Distribution that the start is drawn from.
    currents : sequence of array_like
        Weights per forward jump of every edge, one list per current.
    duration : float
        Duration of an increment.
    increments : int
        Number of increments.

    Examples
    --------
    >>> from irrev.network import MarkovJump
    >>> from irrev.simulation import long_run, scaled_cumulants
    >>> ring = MarkovJump.from_rates(3, [(0, 1, 2.0, 1.0), (1, 2, 2.0, 1.0), (2, 0, 2.0, 1.0)])
    >>> path = long_run(ring, start=[1/3, 1/3, 1/3], currents=[[1, 1, 1]])
    >>> rate = scaled_cumulants(path.increments[0], duration=1.0).values[0]
    >>> bool(abs(rate.value - 1.0) < 5 * rate.standard_error)
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    folder = None if checkpoint is None else fspath(checkpoint)
    edges = len(kinetics.forward_rate)
    weights = [finite(w, f"currents[{k}]", edges) for k, w in enumerate(currents)]
    fields = _core.long_run(kinetics, start, weights, duration, increments, folder, run)
    fields["jump_counts"] = fields["jump_counts"].reshape(-1, 2)
    return LongRun(**fields, duration=duration)

"""Rates, entropy production and hidden states behind visits of states.

Conventions: W[i, j] is the rate j → i; states are counted from 0; nats. A pair of states seen one way only makes a plug-in entropy production infinite, which is said with the pair; where a pseudo-count
makes it finite, that stands in the name.

References: Billingsley, Statistical Inference for Markov Processes (1961); Roldán and Parrondo, Phys. Rev. Lett. 105, 150607 (2010); van der Meer, Ertel and Seifert, Phys. Rev. X 12, 031025 (2022);
Martínez, Bisker, Horowitz and Parrondo, Nat. Commun. 10, 3542 (2019).
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, integers, vector, whole
from irrev._record import Estimate, Record, means
from irrev._run import Options, Progress, options
from irrev.exceptions import DataError, ModelError

Correction: TypeAlias = Literal["plug-in", "Miller-Madow", "Grassberger"]
"""How an entropy is freed of its bias: not; by (occupied cells - 1)/2N; by Grassberger's digamma sums, for cells seen a few times each."""

Pairs: TypeAlias = tuple[tuple[int, int], ...]
VisitParts: TypeAlias = tuple[IntArray, FloatArray, float]


class Visits(NamedTuple):
    """Visits of states by one trajectory, every jump seen."""

    states: npt.ArrayLike
    """States visited, in order; neighbours differ."""
    times: npt.ArrayLike
    """When each visit began, rising."""
    end: float
    """When the observation ended; the last visit counts as time spent, not as a jump."""


class Transitions(NamedTuple):
    """Transitions of a larger network that were seen in one stretch of time."""

    kinds: npt.ArrayLike
    """Kind of each, counted from 0."""
    times: npt.ArrayLike
    """When each happened, rising."""


def listed_visits(visits: Visits | Sequence[Visits]) -> list[Visits]:
    """One trajectory or several, as a list."""
    several = [visits] if isinstance(visits, Visits) else list(visits)
    if not all(isinstance(one, Visits) for one in several):
        raise TypeError("visits must be Visits(states, times, end), or a list of them")
    if not several:
        raise DataError("visits is an empty list; give at least one trajectory")
    return several


def visit_parts(visits: Sequence[Visits]) -> list[VisitParts]:
    """Visits as the extension takes them."""
    return [(integers(one.states, "states"), vector(one.times, "times"), float(one.end)) for one in visits]


def number_of_states(states: int | None, sequences: Sequence[IntArray]) -> int:
    """As many as are asked for, or one more than the largest seen."""
    if states is not None:
        return whole(states, "states", 1)
    return max((int(one.max()) for one in sequences if len(one)), default=0) + 1


def symbol_sequences(x: Any, name: str) -> list[IntArray]:
    """One sequence of states, or several."""
    if isinstance(x, list | tuple) and any(np.ndim(one) == 1 for one in x):
        return [integers(one, f"{name}[{k}]") for k, one in enumerate(x)]
    return [integers(x, name)]


class JumpEntropyProduction(Record):
    """Entropy production rates of one set of counts."""

    plugin: Annotated[
        float,
        means(
            "nats/time",
            "Σ_{i>j} (N_ij - N_ji) ln[(N_ij/T_j)/(N_ji/T_i)] over the duration; infinite if a pair was seen one way only",
        ),
    ]
    pseudocount_half: Annotated[float, means("nats/time", "The same with 1/2 added to the counts inside of the logarithm")]
    fitted_stationary: Annotated[
        float, means("nats/time", "Of the fitted rates at their stationary law; infinite if a pair was seen one way only")
    ]
    bias_rule: Annotated[float, means("nats/time", "What noise adds to the plug-in near equilibrium: pairs over duration")]
    corrected: Annotated[
        Estimate, means("nats/time", "Stationary value with the posterior's interval, both freed of what noise adds")
    ]
    one_way: Annotated[Pairs, means("", "Pairs (from, to) seen in that direction only")]
    assumptions: Annotated[tuple[str, ...], means("", "What would make it wrong")]


class FittedRates(Record):
    """Rates of maximum likelihood behind fully observed visits, and what they produce."""

    counts: Annotated[FloatArray, means("", "N_ij, the number of jumps j → i")]
    dwell: Annotated[FloatArray, means("time", "T_j, the time spent in each state")]
    duration: Annotated[float, means("time", "Time observed")]
    jumps: Annotated[int, means("", "Number of jumps")]
    rates: Annotated[FloatArray, means("1/time", "N_ij/T_j (j → i; the diagonal is zero)")]
    standard_errors: Annotated[
        FloatArray, means("1/time", "√N_ij/T_j; 0 where no jump was seen, which says nothing of the error there")
    ]
    log_likelihood: Annotated[float, means("", "Σ N ln k - Σ k T at the maximum, without the term of the first state")]
    entropy_production: Annotated[JumpEntropyProduction, means("nats/time", "Entropy production rates")]


def fitted_rates(jumps: _core.InferenceJumps, draws: int, level: float, run: Options) -> FittedRates:
    """What counts say."""
    found = JumpEntropyProduction(**jumps.entropy_production(whole(draws, "draws", 1), float(level), run))
    return FittedRates(entropy_production=found, **jumps.figures())


def jump_counts(visits: Sequence[Visits], states: int | None) -> _core.InferenceJumps:
    """Jumps and times of visits."""
    parts = visit_parts(visits)
    return _core.InferenceJumps(number_of_states(states, [one[0] for one in parts]), parts)


def jump_rates(
    visits: Visits | Sequence[Visits],
    *,
    states: int | None = None,
    draws: int = 400,
    level: float = 0.95,
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> FittedRates:
    """Rates behind fully observed visits, with errors, and the entropy production that follows.

    Parameters
    ----------
    visits : Visits or list of Visits
        States, entry times and end of each trajectory.
    states : int
        Number of states; default one more than the largest seen.
    draws, level
        Draws of the posterior (Jeffreys' prior) behind the interval of the entropy production, and its level.

    Raises
    ------
    DataError
        For states that are not there, times that do not rise, a jump from a state to itself.

    Examples
    --------
    >>> from irrev.inference import Visits, jump_rates
    >>> ring = [0, 1, 2, 0, 1, 0, 2, 1, 2] * 30
    >>> found = jump_rates(Visits(ring, range(270), 270.0))
    >>> found.rates.round(3).tolist()
    [[0.0, 0.333, 0.656], [0.667, 0.0, 0.333], [0.333, 0.667, 0.0]]
    >>> found.entropy_production.one_way, found.entropy_production.corrected.value < found.entropy_production.plugin
    ((), True)
    """
    run = options(threads=threads, progress=progress, seed=seed)
    return fitted_rates(jump_counts(listed_visits(visits), states), draws, level, run)


def posterior_rates(
    visits: Visits | Sequence[Visits],
    *,
    states: int | None = None,
    draws: int = 400,
    prior: tuple[float, float] = (0.5, 0.0),
    support: Literal["seen", "all"] = "seen",
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> FloatArray:
    """Draws of all rates from their posterior, shape (draws, states, states): anything that follows from rates has its interval from them.

    The prior of each rate is k^(a-1) e^(-bk) with (a, b) = `prior`, Jeffreys' by default. Jumps between states with none seen in either direction are impossible unless `support` is "all".

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import Visits, posterior_rates
    >>> drawn = posterior_rates(Visits([0, 1] * 50, range(100), 100.0))
    >>> ratio = drawn[:, 0, 1] / drawn[:, 1, 0]
    >>> bool(np.quantile(ratio, 0.025) < 1 < np.quantile(ratio, 0.975))
    True
    """
    run = options(threads=threads, progress=progress, seed=seed)
    counts = jump_counts(listed_visits(visits), states)
    return counts.posterior(whole(draws, "draws", 1), (float(prior[0]), float(prior[1])), support, run)


class StepEntropyProduction(Record):
    """Irreversibility of a step of a sequence of states."""

    plugin: Annotated[
        float,
        means("nats/step", "Σ p_ij ln(p_ij/p_ji) of the shares of steps; infinite if a step was seen whose reverse was not"),
    ]
    pseudocount_half: Annotated[float, means("nats/step", "The same with 1/2 added to the counts inside of the logarithm")]
    corrected: Annotated[
        Estimate,
        means("nats/step", "Plug-in less its bias, with a 95 % interval from blocks of time; NaN where it is infinite"),
    ]
    counts: Annotated[FloatArray, means("", "N_ij, the number of steps j → i, staying included")]
    transition_matrix: Annotated[FloatArray, means("", "N_ij/Σ_i N_ij; a column of zeros where a state was never left")]
    steps: Annotated[int, means("", "Number of steps")]
    one_way: Annotated[Pairs, means("", "Steps (from, to) seen in that direction only")]
    assumptions: Annotated[tuple[str, ...], means("", "What would make it wrong")]


def step_entropy_production(
    sequences: npt.ArrayLike | Sequence[npt.ArrayLike], *, states: int | None = None
) -> StepEntropyProduction:
    """Divergence of steps from their reverses, a lower bound on the entropy production per step of whatever drives the sequence.

    `sequences` is one sequence of states 0, 1, …, or a list of them; steps are never taken from one to the next.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import step_entropy_production
    >>> forward = np.random.default_rng(1).random(20_000) < 0.7
    >>> found = step_entropy_production(np.cumsum(np.where(forward, 1, 2)) % 3)
    >>> abs(found.corrected.value - 0.4 * np.log(7 / 3)) < 5 * found.corrected.standard_error, found.corrected.kind
    (np.True_, 'lower bound')
    """
    given = symbol_sequences(sequences, "sequences")
    return StepEntropyProduction(**_core.inference_steps(number_of_states(states, given), given))


class WordDivergence(Record):
    """Words of one length against the same read backwards."""

    length: Annotated[int, means("", "Number of states in a word, k")]
    divergence: Annotated[float, means("nats", "Plug-in D_k; infinite if a word was seen whose mirror image was not")]
    pseudocount_half: Annotated[float, means("nats", "The same with 1/2 added to the counts inside of the logarithm")]
    extrapolated: Annotated[float, means("nats", "2 D(N) - D(N/2): without the part that falls like 1/N")]
    extrapolated_twice: Annotated[float, means("nats", "Without the parts that fall like 1/N and 1/N²")]
    rate: Annotated[Estimate, means("nats/step", "(D_k - bias)/(k - 1): a lower bound")]
    increment: Annotated[Estimate, means("nats/step", "Corrected D_k - D_{k-1}: an estimate of the limit of long words")]
    entropy: Annotated[float, means("nats", "Entropy of the words, corrected as asked")]
    entropy_rate: Annotated[float, means("nats/step", "H_k - H_{k-1}")]
    distinct: Annotated[int, means("", "Different words seen")]
    without_image: Annotated[int, means("", "Words seen whose mirror image was not")]
    singles: Annotated[float, means("", "Share of words seen once among all")]
    undersampled: Annotated[bool, means("", "Whether there are too few data")]


class WordDivergences(Record):
    """Words of all lengths up to the first for which the data do not suffice."""

    lengths: Annotated[tuple[WordDivergence, ...], means("", "Lengths 1, 2, …")]
    longest: Annotated[int | None, means("", "Place of the longest length for which the data suffice, if it is two or more")]
    settled: Annotated[bool, means("", "Whether the last increments agree: the sequence's memory is then exhausted")]
    assumptions: Annotated[tuple[str, ...], means("", "What would make it wrong")]


def word_divergences(
    sequences: npt.ArrayLike | Sequence[npt.ArrayLike],
    *,
    states: int | None = None,
    longest: int = 6,
    singles: float = 0.01,
    correction: Correction = "Grassberger",
) -> WordDivergences:
    """Divergences of words of 1 … `longest` states from their mirror images: what longer memory adds, and where the data end.

    A length with a larger share of words seen once than `singles` counts as undersampled; it is the last.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import word_divergences
    >>> forward = np.random.default_rng(1).random(50_000) < 0.6
    >>> found = word_divergences(np.cumsum(np.where(forward, 1, 2)) % 3, longest=4)
    >>> [abs(word.rate.value - 0.2 * np.log(1.5)) < 0.01 for word in found.lengths[1:]]       # a Markov chain: the same at every length
    [np.True_, np.True_, np.True_]
    """
    given = symbol_sequences(sequences, "sequences")
    fields = _core.inference_words(
        number_of_states(states, given), given, whole(longest, "longest", 0), float(singles), correction
    )
    return WordDivergences(**{**fields, "lengths": tuple(WordDivergence(**one) for one in fields["lengths"])})


class WaitingTimes(Record):
    """Entropy production that transitions and the times between them betray."""

    order: Annotated[float, means("nats/time", "Part of the order of the transitions, plug-in with half a count added")]
    waiting: Annotated[float, means("nats/time", "Part of the waiting times, likewise")]
    rate: Annotated[Estimate, means("nats/time", "Their sum less its bias")]
    pairs: Annotated[int, means("", "Pairs of successive transitions")]
    duration: Annotated[float, means("time", "Total waiting time")]
    one_way: Annotated[Pairs, means("", "Pairs of kinds seen although the pair read backwards was not")]
    states: Annotated[Pairs | None, means("", "States (from, to) of each kind, if visits were given")]
    assumptions: Annotated[tuple[str, ...], means("", "What would make it wrong")]


def waiting_time_divergence(
    seen: Transitions | Visits | Sequence[Transitions] | Sequence[Visits],
    *,
    reverse: Sequence[int] | None = None,
    transition: Literal["link", "lumped"] | None = None,
    bins: int = 20,
    replicas: int = 400,
    level: float = 0.95,
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> WaitingTimes:
    """Divergence of successive transitions and their waiting times from their reverses: dissipation of states that are not seen, even without a net current.

    Parameters
    ----------
    seen : Transitions or Visits, or a list of either
        Some transitions of a larger network, or visits of (lumped) states, each jump of which is a transition.
    reverse : sequence of int
        Of transitions: for each kind the kind of the way back.
    transition : str
        "link" (default for transitions): each kind joins two single states, and the result is a lower bound; "lumped" (default for visits): an estimate.
    bins : int
        Most bins of waiting times for each pair of transitions.
    replicas, level
        Replicas of the block bootstrap, and level of the interval.

    Examples
    --------
    A ring seen at one link only, forward (0) three times as often as backward (1).

    >>> import numpy as np
    >>> from irrev.inference import Transitions, waiting_time_divergence
    >>> rng = np.random.default_rng(1)
    >>> seen = Transitions((rng.random(2000) < 0.25).astype(int), np.cumsum(rng.exponential(size=2000)))
    >>> found = waiting_time_divergence(seen, reverse=[1, 0])
    >>> abs(found.rate.value - np.log(3) / 2) < 5 * found.rate.standard_error, found.rate.kind
    (np.True_, 'lower bound')
    """
    several: list[Any] = [seen] if isinstance(seen, Transitions | Visits) else list(seen)
    run = options(threads=threads, progress=progress, seed=seed)
    asked = whole(bins, "bins", 0), whole(replicas, "replicas", 0), float(level)
    given: Any
    if several and all(isinstance(one, Transitions) for one in several):
        if reverse is None:
            raise ModelError("transitions need reverse: for each kind the kind of the way back")
        kinds = [(integers(one.kinds, "kinds"), vector(one.times, "times")) for one in several]
        given = kinds, [whole(kind, "a kind in reverse", 0) for kind in reverse]
    else:
        if reverse is not None:
            raise TypeError("reverse belongs to transitions; of visits it is known")
        parts = visit_parts(listed_visits(several))
        given = parts, number_of_states(None, [one[0] for one in parts])
    usual = "link" if reverse is not None else "lumped"
    found = _core.inference_waiting(given, usual if transition is None else transition, asked, run)
    return WaitingTimes(**found)


def entropy_of_counts(counts: npt.ArrayLike, *, correction: Correction = "plug-in") -> float:
    """Entropy in nats of a law from which each of several things was drawn so many times; 0 without draws.

    Examples
    --------
    >>> from irrev.inference import entropy_of_counts
    >>> round(entropy_of_counts([30, 10]), 6), round(entropy_of_counts([30, 10], correction="Miller-Madow"), 6)
    (0.562335, 0.574835)
    """
    return _core.inference_entropy(integers(counts, "counts"), correction)

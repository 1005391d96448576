"""Small networks exactly: all 2^N states.

Distributions have 2^N entries; spin i is +1 in state s if bit i of s is set.

With parallel updates all spins are refreshed at every step, and the entropy production per step is σ = Σ π(s) P(s'|s) ln [P(s'|s)/P(s|s')]. With sequential
ones each spin is refreshed at rate 1, and σ̇ = Σ_i ⟨w_i(s) ln [w_i(s)/w_i(F_i s)]⟩ per unit of time, where w_i is the rate with which spin i turns over.
"""

from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, vector
from irrev._core import MarkovJump
from irrev._record import Convergence, Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.ising.network import KineticIsing, spin_states


class ParallelState(Record):
    """A stationary state of parallel updates, of the whole network."""

    distribution: Annotated[FloatArray, means("", "π over the 2^N states")]
    magnetizations: Annotated[FloatArray, means("", "m_i = ⟨s_i⟩")]
    equal_time: Annotated[FloatArray, means("", "C_ik = ⟨s_i s_k⟩ - m_i m_k")]
    delayed_correlations: Annotated[FloatArray, means("", "D_ij = ⟨s_i(t+1) s_j(t)⟩ - m_i m_j")]
    entropy_production: Annotated[float, means("nats per step", "σ = β Σ (J_ij - J_ji) ⟨s_i(t+1) s_j(t)⟩ ≥ 0")]
    entropy_production_of_spins: Annotated[
        FloatArray,
        means("nats per step", "Terms β Σ_j (J_ij - J_ji) ⟨s_i(t+1) s_j(t)⟩ of σ, maybe negative; not the heat of a spin"),
    ]
    entropy_production_of_pairs: Annotated[
        FloatArray, means("nats per step", "β (J_ij - J_ji)(D_ij - D_ji); the sum over pairs is σ")
    ]
    conditional_entropy: Annotated[float, means("nats", "Entropy of the next state given this one")]
    reversed_entropy: Annotated[float, means("nats", "-Σ π(s) P(s'|s) ln P(s|s'): conditional entropy and σ")]
    state_entropy: Annotated[float, means("nats", "-Σ π ln π")]
    entropy_production_error: Annotated[float, means("nats per step", "Difference of two formulas for σ")]
    convergence: Annotated[Convergence, means("", "How well π is stationary: Σ|Pπ - π|")]


class SequentialState(Record):
    """A stationary state of sequential updates, every spin refreshed at rate 1; of the whole network."""

    distribution: Annotated[FloatArray, means("", "π over the 2^N states")]
    magnetizations: Annotated[FloatArray, means("", "m_i = ⟨s_i⟩")]
    equal_time: Annotated[FloatArray, means("", "C_ik = ⟨s_i s_k⟩ - m_i m_k")]
    entropy_production_rate: Annotated[float, means("nats/time", "σ̇ = Σ_i ⟨w_i(s) ln [w_i(s)/w_i(F_i s)]⟩ ≥ 0")]
    delayed_correlations: Annotated[
        FloatArray, means("", "D_ij = ⟨tanh h_i s_j⟩ - m_i m_j: spin i just refreshed, with spin j before; D_ij + D_ji = 2 C_ij")
    ]
    entropy_production_rate_of_spins: Annotated[FloatArray, means("nats/time", "The terms of σ̇, one per spin")]
    entropy_production_rate_of_pairs: Annotated[
        FloatArray,
        means("nats/time", "½ β (J_ij - J_ji)(D_ij - D_ji), and what self-couplings add on the diagonal; over pairs and diagonal the sum is σ̇"),
    ]
    activity: Annotated[float, means("1/time", "Turns per unit of time, Σ_i ⟨w_i⟩")]
    attempt_entropy: Annotated[float, means("nats", "Entropy of the outcome of one attempt at every spin, summed")]
    reversed_attempt_entropy: Annotated[float, means("nats", "The same of reversed attempts: attempt entropy and σ̇")]
    state_entropy: Annotated[float, means("nats", "-Σ π ln π")]
    convergence: Annotated[Convergence, means("", "How well π is stationary: change by one attempt at a random spin")]


class PartlyParallelState(Record):
    """A stationary state of updates in which each spin is refreshed with probability α; of the whole network, given which spins were refreshed."""

    distribution: Annotated[FloatArray, means("", "π over the 2^N states")]
    magnetizations: Annotated[FloatArray, means("", "m_i = ⟨s_i⟩")]
    equal_time: Annotated[FloatArray, means("", "C_ik = ⟨s_i s_k⟩ - m_i m_k")]
    delayed_correlations: Annotated[FloatArray, means("", "D_ij = ⟨s_i(t+1) s_j(t)⟩ - m_i m_j")]
    entropy_production: Annotated[float, means("nats per step", "σ ≥ 0")]
    entropy_production_of_spins: Annotated[FloatArray, means("nats per step", "Terms of σ: steps in which each spin is refreshed")]
    conditional_entropy: Annotated[float, means("nats", "Entropy of refreshed spins given the state before")]
    reversed_entropy: Annotated[float, means("nats", "The same of reversed steps: conditional entropy and σ")]
    state_entropy: Annotated[float, means("nats", "-Σ π ln π")]
    activity: Annotated[float, means("per step", "Flips, Σ_i (1 - ⟨s_i(t+1) s_i(t)⟩)/2")]
    convergence: Annotated[Convergence, means("", "How well π is stationary: Σ|Pπ - π|")]


class ParallelStep(Record):
    """One parallel step from a distribution over all states."""

    distribution: Annotated[FloatArray, means("", "p(t+1) over the 2^N states")]
    magnetizations: Annotated[FloatArray, means("", "m_i(t+1)")]
    equal_time: Annotated[FloatArray, means("", "C_ik = cov(s_i(t+1), s_k(t+1))")]
    delayed_correlations: Annotated[FloatArray, means("", "D_ij = cov(s_i(t+1), s_j(t))")]


def means_of_spins(value: npt.ArrayLike, name: str) -> FloatArray:
    """Numbers from -1 to 1 in one dimension."""
    m = vector(value, name)
    if not (np.abs(m) <= 1.0).all():
        spin = int(np.argmin(np.abs(m) <= 1.0))
        raise ModelError(f"{name}[{spin}] is {m[spin]}, expected a number from -1 to 1")
    return m


def independent_distribution(magnetizations: npt.ArrayLike) -> FloatArray:
    """Distribution over the 2^N states of independent spins, p(s) = Π_i (1 + m_i s_i)/2.

    Examples
    --------
    >>> from irrev.ising import independent_distribution
    >>> independent_distribution([0.5, 0.0]).tolist()
    [0.125, 0.375, 0.125, 0.375]
    """
    m = means_of_spins(magnetizations, "magnetizations")
    found: FloatArray = (0.5 * (1.0 + m * spin_states(len(m)))).prod(axis=1)
    return found


def parallel_stationary_state(
    network: KineticIsing, *, threads: int = 0, memory_limit: int | None = None, progress: Progress = None
) -> ParallelState:
    """Stationary state of parallel updates with its thermodynamics, by enumeration of up to 20 spins.

    By elimination up to 9 spins, beyond by a power method of 4^N multiplications a step: 14 spins take seconds, 20 about an hour. Raises
    LimitError beyond 20 spins, ConvergenceError where the state is not found.

    References
    ----------
    Aguilera, Igarashi and Shimazaki, Nat. Commun. 14, 3685 (2023).

    Examples
    --------
    One spin follows another that avoids it: each step both obey a field of size 1, and σ = 4 tanh 1.

    >>> from irrev.ising import KineticIsing, parallel_stationary_state
    >>> state = parallel_stationary_state(KineticIsing([[0.0, 1.0], [-1.0, 0.0]]))
    >>> round(state.entropy_production, 12)
    3.046376623823
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return ParallelState(**_core.parallel_stationary_state(network._parts, run))


def partly_parallel_stationary_state(
    network: KineticIsing,
    *,
    update_probability: float,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> PartlyParallelState:
    """Stationary state of updates in which each spin is refreshed with probability α, 0 < α ≤ 1, by enumeration of up to 20 spins.

    The kernel is a product over spins of (1 - α) δ and α times a refreshment. Costs as `parallel_stationary_state`, and a step more for each spin.

    Examples
    --------
    >>> from irrev.ising import KineticIsing, parallel_stationary_state, partly_parallel_stationary_state
    >>> pair = KineticIsing([[0.0, 1.0], [-1.0, 0.0]])
    >>> all_spins = partly_parallel_stationary_state(pair, update_probability=1.0)
    >>> abs(all_spins.entropy_production - parallel_stationary_state(pair).entropy_production) < 1e-13
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return PartlyParallelState(**_core.partly_parallel_stationary_state(network._parts, float(update_probability), run))


def jump_process(network: KineticIsing, *, self_couplings: Literal["refuse", "keep"] = "refuse") -> MarkovJump:
    """Sequential updates as a jump process between the 2^N states, for all that `irrev.network` does: up to 16 spins.

    Spin i turns over with the rate w_i(s) = (1 - s_i tanh h_i)/2. States are in the order of distributions and named by their signs, spin 0 first; there is a channel
    for each state and spin, upwards, and every spin is a subsystem.

    Examples
    --------
    >>> from irrev.ising import KineticIsing, jump_process, sequential_stationary_state
    >>> network = KineticIsing([[0.0, 1.0], [-1.0, 0.0]], [0.3, 0.0])
    >>> process = jump_process(network)
    >>> flow = process.flow(process.stationary_distribution())
    >>> abs(flow.entropy_production_rate - sequential_stationary_state(network).entropy_production_rate) < 1e-13
    True
    """
    if self_couplings not in ("refuse", "keep"):
        raise ModelError(f'self_couplings is {self_couplings!r}; expected "refuse" or "keep"')
    return _core.ising_jump_process(network._parts, self_couplings == "keep")


def sequential_stationary_state(
    network: KineticIsing,
    *,
    self_couplings: Literal["refuse", "keep"] = "refuse",
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> SequentialState:
    """Stationary state of sequential updates with its thermodynamics, by enumeration of up to 20 spins.

    With couplings of spins to themselves even symmetric couplings dissipate, so they are refused unless they are to be kept. Raises ModelError for them, LimitError
    beyond 20 spins, ConvergenceError where the state is not found.

    References
    ----------
    Glauber, J. Math. Phys. 4, 294 (1963).

    Examples
    --------
    >>> from irrev.ising import KineticIsing, sequential_stationary_state
    >>> state = sequential_stationary_state(KineticIsing([[0.0, 0.7], [0.7, 0.0]], [0.2, -0.1], beta=1.3))
    >>> abs(state.entropy_production_rate) < 1e-15
    True
    """
    if self_couplings not in ("refuse", "keep"):
        raise ModelError(f'self_couplings is {self_couplings!r}; expected "refuse" or "keep"')
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return SequentialState(**_core.sequential_stationary_state(network._parts, self_couplings == "keep", run))


def parallel_step(
    network: KineticIsing,
    *,
    distribution: npt.ArrayLike,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> ParallelStep:
    """One parallel step of a distribution over all 2^N states, with correlations between before and after.

    4^N multiplications.

    Examples
    --------
    >>> from irrev.ising import KineticIsing, independent_distribution, parallel_step
    >>> follower = KineticIsing([[0.0, 0.0], [0.5, 0.0]])
    >>> step = parallel_step(follower, distribution=independent_distribution([1.0, 0.0]))
    >>> step.magnetizations.round(12).tolist()
    [0.0, 0.46211715726]
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return ParallelStep(**_core.parallel_step(network._parts, distribution, run))

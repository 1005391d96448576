"""Kinetic Ising networks: laws, limits, agreement of the three ways, and refusals that name what is wrong."""

import math
from typing import Any

import numpy as np
import pytest

from irrev import ConvergenceError, LimitError, ModelError
from irrev.ising import (
    AlternatingOrder,
    InfiniteNetwork,
    KineticIsing,
    MeanFieldState,
    OrderParameters,
    dale,
    diluted,
    independent_distribution,
    jump_process,
    mean_field,
    parallel_stationary_state,
    parallel_step,
    partly_parallel_stationary_state,
    patterns,
    sequential_stationary_state,
    sherrington_kirkpatrick,
)

SEEDS = (1, 2, 3)


def drawn(seed: int, **options: Any) -> KineticIsing:
    return sherrington_kirkpatrick(6, spread=1.0, fields=("gaussian", 0.1, 0.3), beta=0.9, seed=seed, **options)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stationary_state_is_not_changed_by_a_step(seed: int) -> None:
    network = drawn(seed)
    state = parallel_stationary_state(network)
    step = parallel_step(network, distribution=state.distribution)
    np.testing.assert_allclose(step.distribution, state.distribution, atol=1e-15)
    np.testing.assert_allclose(step.delayed_correlations, state.delayed_correlations, atol=1e-14)
    np.testing.assert_allclose(state.distribution @ network.states(), state.magnetizations, atol=1e-14)


@pytest.mark.parametrize("seed", SEEDS)
def test_entropy_production_is_its_definition(seed: int) -> None:
    """Σ π(s) P(s'|s) ln [P(s'|s)/P(s|s')] with the kernel written out; its parts by spins and by pairs sum to it."""
    network = drawn(seed)
    states = network.states()
    h = network.local_fields(states)
    # ln P(s'|s), one row per s
    log_kernel = h @ states.T - np.log(2 * np.cosh(h)).sum(axis=1)[:, None]
    state = parallel_stationary_state(network)
    sigma = state.distribution @ (np.exp(log_kernel) * (log_kernel - log_kernel.T)).sum(axis=1)
    assert math.isclose(state.entropy_production, sigma, rel_tol=1e-12)
    assert state.entropy_production > 0.0 and state.entropy_production_error < 1e-12
    assert math.isclose(state.entropy_production_of_spins.sum(), sigma, rel_tol=1e-12)
    assert math.isclose(np.triu(state.entropy_production_of_pairs).sum(), sigma, rel_tol=1e-12)
    assert math.isclose(state.reversed_entropy - state.conditional_entropy, sigma, rel_tol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_symmetric_couplings_do_not_dissipate(seed: int) -> None:
    network = drawn(seed, symmetry=1.0, self_couplings=False)
    assert abs(parallel_stationary_state(network).entropy_production) < 1e-13
    one_at_a_time = sequential_stationary_state(network)
    assert abs(one_at_a_time.entropy_production_rate) < 1e-13
    # sequential updates then have Boltzmann's law
    states = network.states()
    pairs = 0.5 * ((states @ network.couplings) * states).sum(axis=1)
    weights = np.exp(network.beta * (states @ network.fields + pairs))
    np.testing.assert_allclose(one_at_a_time.distribution, weights / weights.sum(), rtol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_at_a_time_the_second_law_holds_too(seed: int) -> None:
    state = sequential_stationary_state(drawn(seed, self_couplings=False))
    assert state.entropy_production_rate > 0.0
    assert math.isclose(state.entropy_production_rate_of_spins.sum(), state.entropy_production_rate, rel_tol=1e-12)
    assert 0.0 < state.activity < 6.0


def test_spins_that_act_on_themselves_are_refused_one_at_a_time_unless_kept() -> None:
    symmetric = KineticIsing([[0.5, 0.7], [0.7, 0.0]], [0.2, -0.1])
    with pytest.raises(ModelError, match="spin 0 acts on itself"):
        sequential_stationary_state(symmetric)
    with pytest.raises(ModelError, match='expected "refuse" or "keep"'):
        sequential_stationary_state(symmetric, self_couplings="drop")  # type: ignore[arg-type]
    assert sequential_stationary_state(symmetric, self_couplings="keep").entropy_production_rate > 1e-3


def test_the_numbers_are_those_of_the_library() -> None:
    pair = KineticIsing([[0.0, 1.0], [-1.0, 0.0]])
    assert math.isclose(parallel_stationary_state(pair).entropy_production, 4 * math.tanh(1.0), rel_tol=1e-14)
    ordered = InfiniteNetwork(beta=2.0, spread=0.5).parallel_state()
    assert abs(ordered.magnetization - 0.7246827025) < 1e-10
    assert abs(ordered.entropy_production - 0.1290520323) < 1e-10 and ordered.numerical_error < 1e-13
    critical = InfiniteNetwork(beta=1.0, spread=0.5).critical_beta()
    assert critical is not None and abs(critical - 1.348499961045499) < 1e-12
    cold = InfiniteNetwork(beta=math.inf, spread=0.0).critical_spread()
    assert cold is not None and abs(cold - math.sqrt(2 / math.pi)) < 1e-14


def test_free_spins_have_their_fields_only() -> None:
    fields = np.array([0.3, -0.7, 0.0])
    network = KineticIsing(np.zeros((3, 3)), fields, beta=2.0)
    for state in (parallel_stationary_state(network), sequential_stationary_state(network)):
        np.testing.assert_allclose(state.magnetizations, np.tanh(2.0 * fields), atol=1e-15)
        np.testing.assert_allclose(state.distribution, independent_distribution(np.tanh(2.0 * fields)), atol=1e-15)
    for theory in mean_field.THEORIES:
        found = mean_field.stationary_state(network, theory=theory)
        np.testing.assert_allclose(found.state.magnetizations, np.tanh(2.0 * fields), atol=1e-15)
        assert found.entropy_production == 0.0


def test_theories_approach_enumeration_as_couplings_get_weak() -> None:
    """Halving the couplings divides errors of first order by four, of second order by more than six."""
    start = np.linspace(-0.5, 0.5, 6)
    errors = [
        mean_field.compare_theories(
            sherrington_kirkpatrick(6, spread=0.4, fields=0.2, beta=beta), start=start, steps=2
        ).magnetization_error[-1]
        for beta in (0.1, 0.05)
    ]
    ratios = dict(zip(mean_field.THEORIES, errors[0] / errors[1], strict=True))
    assert ratios["naive"] > 3.5
    assert all(ratios[theory] > 6.0 for theory in ("TAP", "Plefka[t], order 2", "Plefka2[t]"))


def test_a_comparison_agrees_with_single_steps() -> None:
    network, start = drawn(1), np.full(6, 0.2)
    found = mean_field.compare_theories(network, start=start, steps=2)
    exact = parallel_step(network, distribution=independent_distribution(start))
    now = mean_field.step(network, before=MeanFieldState.independent(start), theory="TAP")
    column = found.theories.index("TAP")
    error = np.sqrt(np.mean((now.delayed - exact.delayed_correlations) ** 2))
    assert math.isclose(found.delayed_error[0, column], error, rel_tol=1e-12)
    assert math.isclose(
        found.entropy_production[0, column], mean_field.entropy_production(network, state=now), rel_tol=1e-12
    )


def test_the_stationary_entropy_production_of_pairs_is_exact_to_third_order() -> None:
    """Relative to σ, what Plefka2[t] leaves out is of third order in the couplings or higher: halved, they leave an eighth."""
    errors = []
    for beta in (0.2, 0.1):
        network = sherrington_kirkpatrick(8, spread=0.5, beta=beta, fields=0.1)
        exact = parallel_stationary_state(network).entropy_production
        found = mean_field.stationary_state(network)
        assert found.convergence.converged and found.state.excess_correlation == 0.0
        errors.append(abs(found.entropy_production / exact - 1.0))
    assert errors[0] < 1e-3 and errors[0] > 8.0 * errors[1]


def test_a_theory_that_diverges_says_so() -> None:
    strong = sherrington_kirkpatrick(8, spread=4.0, beta=3.0)
    with pytest.raises(ConvergenceError, match="mean-field"):
        mean_field.stationary_state(strong, theory="Plefka[t], order 2")
    state = MeanFieldState([0.0], [0.0], [[1.0]], [[2.5]])
    assert state.excess_correlation == 1.5


def test_the_same_bits_on_any_number_of_threads() -> None:
    network = sherrington_kirkpatrick(10, spread=0.7, beta=1.1)
    assert parallel_stationary_state(network, threads=1) == parallel_stationary_state(network, threads=3)
    assert mean_field.stationary_state(network, threads=1) == mean_field.stationary_state(network, threads=3)


def test_draws_are_reproducible_and_have_their_law() -> None:
    for make in (
        lambda seed, draw: sherrington_kirkpatrick(40, spread=0.5, fields=("uniform", -1, 1), seed=seed, draw=draw),
        lambda seed, draw: diluted(40, degree=5.0, spread=0.5, seed=seed, draw=draw),
        lambda seed, draw: patterns(40, patterns=3, sequence=0.5, seed=seed, draw=draw),
        lambda seed, draw: dale(40, excitatory=0.8, means=(1.0, 2.0), spread=0.5, seed=seed, draw=draw),
    ):
        assert make(1, 0) == make(1, 0)
        assert make(1, 0) != make(2, 0) and make(1, 0) != make(1, 1)
    bare = diluted(20, degree=20.0, spread=0.5, self_couplings=False)
    assert (np.diag(bare.couplings) == 0.0).all() and np.count_nonzero(bare.couplings) == 380
    opposed = sherrington_kirkpatrick(20, mean=0.0, spread=1.0, symmetry=-1.0, self_couplings=False)
    np.testing.assert_array_equal(opposed.couplings, -opposed.couplings.T)
    hopfield = patterns(20, patterns=2)
    np.testing.assert_array_equal(hopfield.couplings, hopfield.couplings.T)


def test_branches_of_an_infinite_network_mirror_each_other() -> None:
    network = InfiniteNetwork(beta=2.0, spread=0.5)
    up, down = network.parallel_state(), network.parallel_state(branch="down")
    assert math.isclose(up.magnetization, -down.magnetization, rel_tol=1e-12) and up.feedback < 1.0
    assert math.isclose(up.entropy_production, down.entropy_production, rel_tol=1e-12)


def test_the_autocorrelation_of_an_infinite_network_gives_its_entropy_production() -> None:
    """σ̇ = (βΔJ)² k [1 - ∫e^{-τ} C dτ], integrated here by Gauss and Laguerre; C falls from 1 to q."""
    network = InfiniteNetwork(beta=1.5, spread=0.6, fields=("gaussian", 0.1, 0.2))
    nodes, weights = np.polynomial.laguerre.laggauss(40)  # type: ignore[no-untyped-call]
    state = network.sequential_state(lags=nodes)
    assert math.isclose(state.forgotten, 1.0 - weights @ state.autocorrelation, rel_tol=1e-9)
    sigma = (1.5 * 0.6) ** 2 * state.order.gain * state.forgotten
    assert math.isclose(state.entropy_production_rate, sigma, rel_tol=1e-12)
    assert (np.diff(state.autocorrelation) <= 0.0).all() and state.autocorrelation[-1] >= state.order.overlap - 1e-12


def test_a_quench_ends_in_the_stationary_state() -> None:
    network = InfiniteNetwork(beta=2.0, spread=0.5)
    path, end = network.quench(0.5, steps=200), network.parallel_state()
    assert path.magnetizations[0] == 0.5 and len(path.magnetizations) == 201 and len(path.bath_entropies) == 200
    assert math.isclose(path.magnetizations[-1], end.magnetization, rel_tol=1e-9)
    assert math.isclose(path.bath_entropies[-1], end.entropy_production, rel_tol=1e-9)
    assert (path.entropy_production_lower >= 0.0).all()
    assert (path.entropy_production_lower <= path.entropy_production_upper).all()


def test_an_infinite_network_is_the_limit_of_large_ones() -> None:
    """J_ij - J_ji vanishes on the diagonal, which takes 1/N of σ away; what is left of order 1/N is smaller."""
    limit = InfiniteNetwork(beta=0.5, spread=1.0, mean_coupling=0.0).parallel_state().entropy_production
    for spins, draws in ((4, 400), (7, 400)):
        states = [
            parallel_stationary_state(sherrington_kirkpatrick(spins, spread=1.0, beta=0.5, mean=0.0, draw=draw))
            for draw in range(draws)
        ]
        found = np.array([state.entropy_production / (spins - 1) for state in states])
        # 5 σ two-sided: 6e-7 each
        assert abs(found.mean() - limit) < 5 * found.std() / math.sqrt(draws) + 0.5 * limit / spins


def test_figures_are_drawn() -> None:
    pytest.importorskip("matplotlib").use("Agg")
    theories = mean_field.compare_theories(drawn(1), steps=3)
    network = InfiniteNetwork(beta=2.0, spread=0.5)
    slow, path = network.sequential_state(lags=[0.0, 1.0, 2.0]), network.quench(0.1, steps=5)
    assert len(theories.plot().lines) == len(mean_field.THEORIES)
    assert theories.plot().get_yscale() == "log" and set(theories.plot_data()) == set(mean_field.THEORIES)
    assert len(slow.plot().lines) == 1 and set(slow.plot_data()) == {"lags", "autocorrelation"}
    assert len(path.plot().lines) == 3 and len(path.plot_data()["bath"]) == 5


def test_a_network_keeps_its_own_arrays() -> None:
    couplings = np.zeros((2, 2))
    network = KineticIsing(couplings)
    couplings[0, 1] = 1.0
    assert (network.couplings == 0.0).all()
    with pytest.raises(ValueError, match="read-only"):
        network.couplings[0, 1] = 1.0


WRONG: dict[str, tuple[Any, str]] = {
    "not square": (lambda: KineticIsing(np.zeros((2, 3))), "couplings have 2 rows and 3 columns"),
    "no spins": (lambda: KineticIsing(np.zeros((0, 0))), "no spins"),
    "one dimension": (lambda: KineticIsing([0.0, 1.0]), "couplings has shape"),
    "NaN": (lambda: KineticIsing([[0.0, math.nan], [0.0, 0.0]]), "coupling from spin 1 to spin 0 is NaN"),
    "infinite field": (lambda: KineticIsing(np.zeros((2, 2)), [0.0, math.inf]), "field of spin 1 is inf"),
    "fields of another size": (lambda: KineticIsing(np.zeros((2, 2)), [0.0] * 3), "list of fields has 3 entries"),
    "negative temperature": (lambda: KineticIsing(np.zeros((2, 2)), beta=-1.0), "inverse temperature is -1"),
    "not a spin": (lambda: KineticIsing(np.zeros((2, 2))).local_fields([0.5, 1.0]), "other than -1 and 1"),
    "negative spread": (lambda: sherrington_kirkpatrick(3, spread=-0.5), "spread is -0.5"),
    "symmetry": (lambda: sherrington_kirkpatrick(3, spread=0.5, symmetry=2.0), "symmetry is 2"),
    "law of fields": (lambda: sherrington_kirkpatrick(3, spread=1.0, fields=("uniform", 0.0)), 'expected \\("constant"'),  # type: ignore[arg-type]
    "name of a law": (lambda: InfiniteNetwork(1.0, 1.0, fields=("cauchy", 0.0, 1.0)), "cauchy"),  # type: ignore[arg-type]
    "degree": (lambda: diluted(3, degree=4.0, spread=0.5), "degree is 4"),
    "patterns": (lambda: patterns(3, patterns=0), "patterns is 0"),
    "seed": (lambda: sherrington_kirkpatrick(3, spread=1.0, seed=-1), "seed is -1"),
    "distribution": (lambda: parallel_step(KineticIsing([[0.0]]), distribution=[0.5, 0.6]), "sums to"),
    "states": (lambda: parallel_step(KineticIsing([[0.0]]), distribution=[0.25] * 4), "has 4 entries where 2"),
    "mean": (lambda: MeanFieldState.independent([0.0, 1.5]), "magnetizations\\[1\\] is 1.5"),
    "shape": (lambda: MeanFieldState([0.0], [0.0, 0.0], [[1.0]], [[0.0]]), "previous_magnetizations has shape"),
    "theory": (lambda: mean_field.stationary_state(KineticIsing([[0.0]]), theory="TAPE"), 'theory is "TAPE"'),  # type: ignore[arg-type]
    "tol": (lambda: mean_field.stationary_state(KineticIsing([[0.0]]), tol=0.0), "tol is 0"),
    "branch": (lambda: InfiniteNetwork(1.0, 1.0).parallel_state(branch="left"), 'branch is "left"'),  # type: ignore[arg-type]
    "infinite spread": (lambda: InfiniteNetwork(1.0, -1.0), "spread of couplings is -1"),
    "critical in a field": (lambda: InfiniteNetwork(1.0, 0.5, fields=0.1).critical_beta(), "mean field is 0.1"),
    "quench": (lambda: InfiniteNetwork(1.0, 0.5).quench(2.0, steps=3), "initial magnetisation is 2"),
    "steps": (lambda: InfiniteNetwork(1.0, 0.5).quench(0.0, steps=-1), "steps is -1"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named(name: str) -> None:
    call, words = WRONG[name]
    with pytest.raises(ModelError, match=words):
        call()


def test_too_many_spins_are_a_limit() -> None:
    large = KineticIsing(np.zeros((21, 21)))
    for call in (parallel_stationary_state, sequential_stationary_state):
        with pytest.raises(LimitError, match="21 spins"):
            call(large)
    with pytest.raises(LimitError, match="21 spins"):
        large.states()


def test_fields_that_are_no_law_are_refused() -> None:
    with pytest.raises(TypeError, match="fields must be"):
        InfiniteNetwork(1.0, 1.0, fields=None)  # type: ignore[arg-type]


def test_all_solutions_are_stationary_and_the_middle_one_is_unstable() -> None:
    network = InfiniteNetwork(beta=2.0, spread=0.5)
    low, middle, high = network.solutions()
    assert low.magnetization == pytest.approx(-high.magnetization) and middle.magnetization == 0.0
    assert high == network.parallel_state() and low.feedback < 1.0 < middle.feedback
    assert len(InfiniteNetwork(beta=0.5, spread=0.5).solutions()) == 1


def test_cold_networks_approach_the_limit_of_zero_temperature() -> None:
    warm = InfiniteNetwork(beta=1.0, spread=0.7, fields=("gaussian", 0.1, 0.3))
    limit = warm.zero_temperature()
    cold = InfiniteNetwork(beta=200.0, spread=0.7, fields=("gaussian", 0.1, 0.3)).sequential_state()
    # corrections are of order 1/β²
    assert cold.order.magnetization == pytest.approx(limit.magnetization, rel=1e-3)
    assert 200.0 * cold.order.conditional_entropy == pytest.approx(limit.conditional_entropy_times_beta, rel=1e-3)
    assert cold.order.entropy_production / 200.0 == pytest.approx(limit.entropy_production_per_beta, rel=1e-2)


def test_partly_parallel_updates_lie_between_one_at_a_time_and_all_at_once() -> None:
    network = InfiniteNetwork(beta=1.2, spread=0.6)
    together = network.partly_parallel_state(1.0)
    assert together.entropy_production == pytest.approx(network.parallel_state().entropy_production, rel=1e-12)
    few = network.partly_parallel_state(1e-3)
    assert few.flips / 1e-3 == pytest.approx(network.sequential_state().flip_rate, rel=2e-3)
    with pytest.raises(ModelError, match="the probability of an update is 1.5"):
        network.partly_parallel_state(1.5)


def test_a_phase_diagram_holds_the_states_of_its_points_and_the_critical_line() -> None:
    network = InfiniteNetwork(beta=1.0, spread=0.5)
    found = network.phase_diagram(("beta", 0.5, 3.0, 6), ("spread", 0.1, 0.9, 5))
    assert (found.x_parameter, found.y_parameter) == ("beta", "spread")
    for row, spread in enumerate(found.y):
        for column, beta in enumerate(found.x):
            state = InfiniteNetwork(beta=beta, spread=spread).parallel_state()
            assert found.magnetization[row, column] == state.magnetization
            assert found.entropy_production[row, column] == state.entropy_production
    for beta, spread in found.critical_line:
        assert InfiniteNetwork(beta=beta, spread=0.0).critical_spread() == pytest.approx(spread, rel=1e-9)
    with pytest.raises(ValueError, match="quantity is"):
        found.plot_data("entropy")
    with pytest.raises(ValueError, match="x is"):
        network.phase_diagram(("temperature", 0.5, 3.0, 6), ("spread", 0.1, 0.9, 5))  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="two different parameters"):
        network.phase_diagram(("beta", 0.5, 3.0, 6), ("beta", 0.1, 0.9, 5))
    with pytest.raises(ModelError, match="inverse temperature is -1"):
        network.phase_diagram(("beta", -1.0, 3.0, 6), ("spread", 0.1, 0.9, 5))


def test_parallel_updates_with_negative_couplings_alternate() -> None:
    network = InfiniteNetwork(beta=1.0, mean_coupling=-2.0, spread=0.5)
    state = network.parallel_state()
    assert isinstance(state, AlternatingOrder)
    ordered = InfiniteNetwork(beta=1.0, mean_coupling=2.0, spread=0.5).parallel_state()
    assert isinstance(ordered, OrderParameters)
    # without fields every second step turned over is the ordered network; both solvers are right to rounding
    assert state.even.magnetization == pytest.approx(ordered.magnetization, abs=1e-13)
    assert state.odd.magnetization == -state.even.magnetization and state.magnetization == 0.0
    for name in ("entropy_production", "conditional_entropy", "reversed_entropy"):
        assert getattr(state, name) == pytest.approx(getattr(ordered, name), abs=1e-13)
    assert network.solutions()[0].entropy_production > 0.2
    assert network.parallel_state(branch="down").even == state.odd
    path = network.quench(0.1, steps=40).magnetizations
    assert abs(path[-1]) == pytest.approx(state.even.magnetization, abs=1e-9) and path[-1] * path[-2] < 0.0
    beta = network.alternation_beta()
    assert beta is not None and beta == InfiniteNetwork(beta=1.0, mean_coupling=2.0, spread=0.5).critical_beta()
    # refreshing half of the spins damps it, and of most of them no state is known
    assert network.partly_parallel_state(0.5).order.magnetization == 0.0
    with pytest.warns(UserWarning, match="alternate"):
        network.partly_parallel_state(0.95)


def test_maps_show_where_parallel_updates_alternate() -> None:
    network = InfiniteNetwork(beta=1.0, mean_coupling=-2.0, spread=0.5, fields=0.1)
    found = network.phase_diagram(("mean_coupling", -3.0, 0.0, 7), ("spread", 0.5, 0.5, 1))
    assert found.y.tolist() == [0.5] and len(found.alternation_line) == 1
    alternates = found.even_magnetization != found.odd_magnetization
    assert (alternates == (found.feedback < -1.0)).all() and alternates.any() and not alternates.all()
    state = network.parallel_state()
    assert found.entropy_production[0, 2] == pytest.approx(state.entropy_production, abs=1e-14)
    single = network.phase_diagram(("beta", 0.7, 2.0, 1), ("spread", 0.5, 0.6, 2))
    assert single.x.tolist() == [0.7]


def test_lags_are_not_negative() -> None:
    with pytest.raises(ModelError, match="lags holds -1"):
        InfiniteNetwork(beta=1.0, spread=0.5).sequential_state(lags=[0.0, -1.0])


def test_enumeration_of_sequential_networks_has_pairs_and_reversed_entropy() -> None:
    network = sherrington_kirkpatrick(5, spread=1.2, self_couplings=False)
    state = sequential_stationary_state(network)
    d, c = state.delayed_correlations, state.equal_time
    off = ~np.eye(5, dtype=bool)
    assert np.abs(d + d.T - 2.0 * c)[off].max() < 1e-13
    pairs = state.entropy_production_rate_of_pairs
    assert np.triu(pairs).sum() == pytest.approx(state.entropy_production_rate, abs=1e-12)
    assert state.reversed_attempt_entropy == pytest.approx(state.attempt_entropy + state.entropy_production_rate, abs=1e-13)


def test_enumeration_of_partial_updates_joins_both_ends() -> None:
    network = sherrington_kirkpatrick(5, spread=1.2, self_couplings=False)
    together = parallel_stationary_state(network)
    all_spins = partly_parallel_stationary_state(network, update_probability=1.0)
    assert all_spins.entropy_production == pytest.approx(together.entropy_production, abs=1e-13)
    few = partly_parallel_stationary_state(network, update_probability=1e-4)
    rate = sequential_stationary_state(network).entropy_production_rate
    assert few.entropy_production / 1e-4 == pytest.approx(rate, abs=1e-3)
    with pytest.raises(ModelError, match="probability of an update is 0"):
        partly_parallel_stationary_state(network, update_probability=0.0)


def test_a_jump_process_of_spins_is_a_network_like_any_other() -> None:
    network = sherrington_kirkpatrick(6, spread=1.0, self_couplings=False)
    process = jump_process(network)
    pi = process.stationary_distribution()
    state = sequential_stationary_state(network)
    assert np.abs(np.asarray(pi) - state.distribution).max() < 1e-13
    by_spin = process.flow(pi).entropy_production_rate_by_subsystem
    shares = by_spin() if callable(by_spin) else by_spin
    assert sum(shares.values()) == pytest.approx(state.entropy_production_rate, rel=1e-10)
    kept = sherrington_kirkpatrick(4, spread=1.0)
    with pytest.raises(ModelError, match="acts on itself"):
        jump_process(kept)
    with pytest.raises(LimitError, match="17 spins"):
        jump_process(sherrington_kirkpatrick(17, spread=1.0, self_couplings=False))


def test_a_quench_without_end_is_refused() -> None:
    with pytest.raises(ModelError, match="number of steps is 1000000"):
        InfiniteNetwork(beta=1.0, spread=0.5).quench(0.1, steps=10**6)

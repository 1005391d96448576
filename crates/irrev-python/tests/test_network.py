"""What the package computes agrees with closed forms, and with itself by another way."""

import math
from typing import Any

import numpy as np
import pytest

from irrev import network as n


def test_states_and_channels_by_name_and_by_number_are_the_same_process() -> None:
    named = n.MarkovJump.from_rates(["a", "b", "c"], [(0, 1, 2.0, 1.0), (1, 2, 1.0, 3.0), (0, 1, 1.0, 1.0)])
    assert [e.name for e in named.network.edges] == ["a→b", "b→c", "a→b #2"]
    assert named.network.state("c") == 2 and named.network.edge("a→b #2") == 2
    built = (
        n.Network.builder()
        .states(["a", "b", "c"])
        .channel("a→b", "a", "b")
        .channel("b→c", "b", "c")
        .channel("a→b #2", "a", "b")
        .build()
    )
    assert built == named.network
    numbered = n.MarkovJump.from_rates(3, [(0, 1), (1, 2), (0, 1)], [2.0, 1.0, 1.0], [1.0, 3.0, 1.0])
    np.testing.assert_array_equal(numbered.generator(), named.generator())


def test_the_generator_conserves_probability_and_its_jumps_rebuild_it(ring: Any) -> None:
    w = ring.generator()
    np.testing.assert_allclose(w.sum(axis=0), 0.0, atol=1e-15)
    rebuilt = np.zeros((3, 3))
    for x, y, rate in zip(*ring.jumps(), strict=True):
        rebuilt[y, x] += rate
        rebuilt[x, x] -= rate
    np.testing.assert_allclose(rebuilt, w, rtol=1e-15)
    # channels of a generator run from the smaller to the larger state
    np.testing.assert_allclose(n.from_generator(w).generator(), w, rtol=1e-15)


def test_a_flow_is_the_ring_solved_by_hand() -> None:
    ring = n.three_state_ring(0.5, 1.0)
    flow = ring.flow(ring.stationary_distribution())
    assert flow.entropy_production_rate == pytest.approx(2 * math.sinh(0.25) * 0.5, rel=1e-14)
    np.testing.assert_allclose(flow.force, 0.5, rtol=1e-13)
    np.testing.assert_allclose(flow.current, flow.force * flow.onsager_coefficient, rtol=1e-13)
    assert flow.entropy_production_rate == pytest.approx(flow.entropy_production_rate_per_edge.sum(), rel=1e-15)
    assert flow.weighted_current([1, 1, 1]) == pytest.approx(flow.current.sum(), rel=1e-14)


def test_network_operators_are_adjoint_and_match_the_incidence(ring: Any) -> None:
    states, edges, signs = ring.network.incidence()
    b = np.zeros((3, 3))
    b[states, edges] = signs
    x = np.array([0.3, -1.0, 2.0])
    np.testing.assert_allclose(ring.network.divergence(x), b @ x)
    np.testing.assert_allclose(ring.network.gradient(x), b.T @ x)


def test_the_overview_holds_what_the_single_functions_give(ring: Any, p: np.ndarray) -> None:
    weights = [1.0, 0.5, 0.0]
    whole = n.overview(ring, distribution=p, weights=weights)
    flow, pi = ring.flow(p), ring.stationary_distribution()
    statistics = n.counting_statistics(ring)
    cycles = n.fundamental_cycles(ring.network)
    assert whole.flow == flow and whole.stationary_flow == ring.flow(pi)
    assert whole.geometric == n.geometric_decomposition(flow)
    assert whole.information_geometric == n.information_geometric_decomposition(flow)
    assert whole.hatano_sasa == n.hatano_sasa_decomposition(ring, distribution=p, stationary=pi)
    assert whole.uncertainty == n.uncertainty_relation(statistics, stationary_flow=ring.flow(pi), weights=weights)
    assert whole.cycles == cycles
    np.testing.assert_array_equal(whole.affinities, cycles.affinities(ring))
    np.testing.assert_array_equal(whole.cycle_currents, cycles.currents(ring.flow(pi).current))
    assert whole.entropy_production_rate == flow.entropy_production_rate


def test_cycles_by_states_and_by_edges_are_the_fundamental_one(ring: Any) -> None:
    (fundamental,) = n.fundamental_cycles(ring.network).cycles
    by_states = n.cycle_through_states(ring.network, states=["0", "1", "2"])
    by_edges = n.cycle_through_edges(ring.network, steps=[("0→1", 1), ("1→2", 1), ("2→0", 1)])
    assert by_states == by_edges
    np.testing.assert_array_equal(by_states.vector(ring.network), fundamental.vector(ring.network))
    assert fundamental.sum(ring.medium_entropy_change) == pytest.approx(math.log(2 * 3 * 1.5 / (0.5 * 1 * 0.25)))


def test_evolution_relaxation_and_the_exponential_agree(ring: Any, p: np.ndarray) -> None:
    values, vectors = np.linalg.eig(ring.generator())
    exact = (vectors @ (np.exp(0.7 * values) * np.linalg.solve(vectors, p))).real
    np.testing.assert_allclose(n.evolve(ring, p=p, t=0.7).distribution, exact, atol=1e-13)
    path = n.relaxation(ring, start=p, duration=0.7, times=[0.35, 0.7])
    np.testing.assert_allclose(path.final_distribution, exact, atol=1e-11)
    np.testing.assert_allclose(path.distributions[1], exact, atol=1e-11)
    np.testing.assert_allclose(ring.network.divergence(path.net_jumps), exact - p, atol=1e-9)
    spectrum = n.relaxation_spectrum(ring)
    np.testing.assert_allclose(np.sort(spectrum.eigenvalues.real), np.sort(values.real), atol=1e-13)


def test_cumulants_are_the_slopes_of_the_generating_function(ring: Any) -> None:
    statistics = n.counting_statistics(ring)
    weights, h = [1.0, 0.0, 2.0], 1e-3
    low, zero, high = statistics.scaled_generating_function(weights, chi=[-h, 0.0, h]).value
    mean, variance = statistics.scaled_cumulants(weights, order=2).values
    # central differences: errors h²/6 c₃ and h²/12 c₄, and rounding 1e-12/h and 1e-12/h²
    assert (high - low) / (2 * h) == pytest.approx(mean, abs=1e-5)
    assert (high - 2 * zero + low) / h**2 == pytest.approx(variance, abs=1e-4)
    assert statistics.scaled_generating_function(weights, chi=h).value == high
    assert statistics.entropy_cumulants(order=1).values[0] == pytest.approx(
        ring.flow(statistics.stationary_distribution).entropy_production_rate, rel=1e-13
    )


def test_a_count_has_the_mean_and_variance_of_its_distribution(ring: Any, p: np.ndarray) -> None:
    counts = n.count_distribution(ring, steps=[1, 1, 1], start=p, t=2.0, largest=60)
    moments = n.current_moments(ring, weights=[1, 1, 1], start=p, t=2.0)
    mean = counts.counts @ counts.probabilities
    assert counts.probabilities.sum() == pytest.approx(1.0, abs=1e-12)
    assert mean == pytest.approx(moments.mean, abs=1e-11)
    assert (counts.counts - mean) ** 2 @ counts.probabilities == pytest.approx(moments.variance, abs=1e-10)
    assert counts.probability(1000) == 0.0


def test_driving_by_expressions_and_by_functions_is_the_same(p: np.ndarray) -> None:
    network = n.Network.from_edges(2, [(0, 1)])
    text = n.DrivenJump(network, rates=(["k*exp(sin(w*t))"], [1]), parameters={"k": 2.0, "w": 3.0})
    code = n.DrivenJump(network, rates=lambda t: ([2.0 * math.exp(math.sin(3.0 * t))], [1.0]))
    one, other = (n.driven_process(d, start=[0.7, 0.3], to=1.0, times=[0.5]) for d in (text, code))
    assert one.isclose(other, rtol=1e-9)
    assert text.parameters == {"k": 2.0, "w": 3.0}
    slope = {"inverse_temperature": 1.0, "start": [0.7, 0.3], "to": 1.0}
    by_energy = n.work_statistics(text, energies=[0, "k*t^2"], **slope)
    by_formula = n.work_statistics(text, energy_rate=["0", "2*k*t"], **slope)
    by_function = n.work_statistics(text, energy_rate=lambda t: [0.0, 4.0 * t], **slope)
    assert by_energy == by_formula and by_energy.isclose(by_function, rtol=1e-12)
    flow = text.flow(0.0, [0.7, 0.3])
    assert flow.forward_flux[0] == pytest.approx(1.4)


def test_constant_driving_is_the_constant_process(ring: Any, p: np.ndarray) -> None:
    process = n.DrivenJump(ring.network, rates=lambda t: (ring.forward_rate, ring.backward_rate))
    record = n.driven_process(process, start=p, to=0.5)
    path = n.relaxation(ring, start=p, duration=0.5)
    np.testing.assert_allclose(record.final_distribution, path.final_distribution, atol=1e-10)
    assert record.entropy_production == pytest.approx(path.entropy_production, rel=1e-8)
    state = n.periodic_state(process, period=1.0)
    np.testing.assert_allclose(state.distribution, ring.stationary_distribution(), atol=1e-9)


def test_energy_is_conserved_and_entropy_produced_between_two_leads(dot: Any) -> None:
    process, energetics = dot
    energetics.require_detailed_balance(process)
    edge, residual = energetics.detailed_balance_residual(process)
    assert edge in (0, 1) and residual < 1e-14
    p = process.stationary_distribution()
    flow = process.flow(p)
    budget = n.energy_budget(flow, distribution=p, energetics=energetics)
    assert abs(budget.first_law_defect) < 1e-15
    assert budget.clausius_rate == pytest.approx(flow.entropy_production_rate, rel=1e-12)
    use = n.engine(budget, energetics=energetics)
    assert isinstance(use, n.HeatEngine) and 0 < use.efficiency <= use.carnot
    parts = flow.entropy_production_rate_by_reservoir
    assert set(parts) == {"hot", "cold"}
    assert sum(parts.values()) == pytest.approx(flow.entropy_production_rate, rel=1e-14)
    assert set(flow.entropy_production_rate_by_subsystem) == {"level"}


def test_the_clausius_sum_is_the_entropy_production_of_the_relaxation(dot: Any) -> None:
    process, energetics = dot
    start = [0.9, 0.1]
    path = n.relaxation(process, start=start, duration=1.5)
    clausius = n.clausius_sum(process, energetics=energetics, start=start, relaxation=path)
    assert clausius.total == pytest.approx(path.entropy_production, rel=1e-9)
    assert clausius.entropy_change == pytest.approx(n.entropy(path.final_distribution) - n.entropy(start), rel=1e-12)


def test_free_energy_is_least_in_equilibrium(dot: Any) -> None:
    _, energetics = dot
    gibbs = energetics.gibbs_distribution("cold")
    least = energetics.free_energy(gibbs, reservoir="cold")
    excess = energetics.free_energy([0.9, 0.1], reservoir=1) - least
    assert excess == pytest.approx(0.5 * n.relative_entropy([0.9, 0.1], gibbs), rel=1e-12)


@pytest.mark.parametrize(
    "rule", [n.Arrhenius(1.5, 3.0), n.Metropolis(1.5), n.Glauber(1.5), n.Fermi(1.5), n.Bose(1.5), n.Symmetric(1.5, 0.3)]
)
def test_every_rule_obeys_local_detailed_balance(dot: Any, rule: n.RateRule) -> None:
    _, energetics = dot
    for edge, wanted in enumerate(energetics.detailed_balance_log_ratio()):
        forward, backward = rule.rates(energetics, edge=edge)
        assert math.log(forward / backward) == pytest.approx(wanted, rel=1e-12)


def test_rules_refuse_what_they_cannot_use(dot: Any) -> None:
    _, energetics = dot
    for wrong in (n.Fermi(-1.0), n.Symmetric(1.0, 1.5)):
        with pytest.raises(n.Network and ValueError):
            wrong.rates(energetics, edge=0)
    with pytest.raises(ValueError, match="unknown edge"):
        n.Fermi(1.0).rates(energetics, edge="no lead")
    with pytest.raises(ValueError, match="temperature"):
        n.Fermi(1.0).rates(energetics, edge=0, reservoir=n.Reservoir(-1.0))


def test_first_passage_of_a_walk_and_where_it_ends() -> None:
    walk = n.MarkovJump.from_rates(4, [(0, 1, 1.0, 1.0), (1, 2, 1.0, 1.0), (2, 3, 1.0, 1.0)])
    passage = n.first_passage(walk, start=[0, 1, 0, 0], targets=["0", 3], times=[1e3])
    np.testing.assert_allclose(passage.splitting_probabilities, [2 / 3, 1 / 3], rtol=1e-14)
    assert passage.mean == pytest.approx(1.0, rel=1e-14)
    assert passage.cumulative[0] == pytest.approx(1.0, abs=1e-12)
    trap = n.MarkovJump.from_rates(3, [(1, 0, 2.0, 0.0), (1, 2, 1.0, 0.0)])
    limit = n.limiting_distribution(trap, start=[0, 1, 0])
    np.testing.assert_allclose(limit.probabilities, [2 / 3, 1 / 3], rtol=1e-14)
    np.testing.assert_allclose(limit.distribution, [2 / 3, 0, 1 / 3], rtol=1e-14)


def test_special_functions_broadcast_and_keep_their_shape() -> None:
    a, b = np.array([[1.0], [2.0]]), np.array([1.0, 2.0, 4.0])
    mean = n.logarithmic_mean(a, b)
    assert isinstance(mean, np.ndarray) and mean.shape == (2, 3)
    np.testing.assert_allclose(mean, n.logarithmic_mean(b, a), rtol=1e-15)
    assert isinstance(n.logarithmic_mean(1, 2), float)
    first, second = n.logarithmic_mean_gradient(a, b)
    np.testing.assert_allclose(a * first + b * second, mean, rtol=1e-14)
    np.testing.assert_allclose(n.dissipation(a, b), (a - b) * n.log_ratio(a, b), rtol=1e-14)
    assert n.log_ratio(1.0, 0.0) == math.inf and n.dissipation(0.0, 0.0) == 0.0
    for wrong in (lambda: n.logarithmic_mean(-1.0, 1.0), lambda: n.logarithmic_mean_gradient(0.0, 1.0)):
        with pytest.raises(ValueError):
            wrong()


def test_distances_between_distributions(p: np.ndarray) -> None:
    q = np.array([0.2, 0.3, 0.5])
    assert n.relative_entropy(p, q) == pytest.approx(float(p @ np.log(p / q)), rel=1e-13)
    assert n.total_variation(p, q) == pytest.approx(0.3, rel=1e-15)
    assert n.relative_entropy([1, 0], [0, 1]) == math.inf
    assert n.entropy(p) == pytest.approx(float(-p @ np.log(p)), rel=1e-14)


def test_an_overview_of_thirty_states_costs_far_less_than_a_millisecond() -> None:
    """Measured 0.27 ms; the limit leaves room for a slow machine, and the best of many is taken."""
    import time

    rng = np.random.default_rng(5)
    i = np.arange(30)
    channels = np.concatenate([np.stack([i, (i + k) % 30], 1) for k in (1, 7)])
    rates = rng.lognormal(size=(2, 60))
    p = rng.dirichlet(np.ones(30))

    def once() -> float:
        begin = time.perf_counter()
        n.overview(n.MarkovJump.from_rates(30, channels, *rates), distribution=p)
        return time.perf_counter() - begin

    assert min(once() for _ in range(50)) < 2e-3

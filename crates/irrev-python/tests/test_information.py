"""Information: identities between what different functions say, limits, and refusals that name what is wrong."""

import math
import pickle
from typing import Any

import numpy as np
import pytest

from irrev import LimitError, ModelError
from irrev.information import (
    Game,
    Marginal,
    OnTheBoundary,
    OrnsteinUhlenbeck,
    OutOfReach,
    SampledDiffusion,
    TiltedEquilibrium,
    VectorAutoregression,
    bead_chain,
    bregman_divergence,
    chain,
    coarse_grained,
    conditional_current,
    cooperative_optimum,
    cramer_rao,
    differentiated_rates,
    distribution_from_eta,
    distribution_from_theta,
    excess_entropy_production,
    fisher_information,
    gaussian_fisher_information,
    geodesic_between_distributions,
    hierarchy,
    integrated_information,
    multibody_information_flow,
    nash_equilibrium,
    nonlinear_stability,
    normal_distance,
    normal_fisher_information,
    pareto_front,
    product_process,
    reaction_stability,
    sampled_irreversibility,
    second_laws,
    second_laws_of_flow,
    short_time_uncertainty_optimum,
    simplex_coordinates,
    speed_of_driven_process,
    speed_of_reactions,
    speed_of_relaxation,
    spin_coordinates,
    tilted_equilibrium,
)
from irrev.landscape.linear import LinearDiffusion
from irrev.network import DrivenJump, MarkovJump, Network, membrane_channel, relative_entropy, transported, transporter
from irrev.reactions import ReactionSystem, steady_state

RING = MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
START = np.array([0.8, 0.1, 0.1])
CHANNEL = membrane_channel()
STEADY = CHANNEL.stationary_distribution()


def generator(sizes: list[int], rng: np.random.Generator) -> np.ndarray:
    """Random rates of all jumps that change one part."""
    states = list(np.ndindex(*sizes))
    w = np.zeros((len(states), len(states)))
    for i, x in enumerate(states):
        for j, y in enumerate(states):
            if sum(a != b for a, b in zip(x, y, strict=True)) == 1:
                w[i, j] = rng.exponential()
    return w - np.diag(w.sum(axis=0))


@pytest.mark.parametrize("sizes", [[2, 3], [2, 2, 2], [3, 2, 2]])
def test_second_laws_add_up_and_orders_of_the_information_flow_too(sizes: list[int]) -> None:
    rng = np.random.default_rng(len(sizes))
    for _ in range(10):
        process = product_process(generator(sizes, rng), sizes=sizes)
        p = rng.dirichlet(np.ones(math.prod(sizes)))
        flow = process.flow(p)
        found = second_laws(process, distribution=p)
        assert math.isclose(sum(part.entropy_production_rate for part in found.parts), flow.entropy_production_rate)
        for part in found.parts:
            assert math.isclose(part.second_law_slack, part.entropy_production_rate, rel_tol=1e-11, abs_tol=1e-12)
        assert second_laws_of_flow(flow, distribution=p).isclose(found, rtol=1e-9, atol=1e-12)
        split = multibody_information_flow(flow, distribution=p).orders.sum(axis=0)
        np.testing.assert_allclose(split, [part.information_flow for part in found.parts], rtol=1e-10, atol=1e-12)
        seen = coarse_grained(flow, distribution=p, kept=["0", 1])
        lost = [part.entropy_production_rate for part in found.parts][:2] - seen.loss
        np.testing.assert_allclose(lost, [part.entropy_production_rate for part in seen.laws.parts], rtol=1e-10, atol=1e-12)


def test_the_sign_of_the_information_flow_is_that_of_what_jumps_create() -> None:
    """Only x jumps, mostly so as to copy y: what x and y know of each other grows at the rate İ_x > 0."""
    copying = product_process([[-0.1, 0, 2, 0], [0, -2, 0, 0.1], [0.1, 0, -2, 0], [0, 2, 0, -0.1]], sizes=[2, 2])
    p, step = np.array([0.3, 0.2, 0.2, 0.3]), 1e-6

    def mutual(q: np.ndarray) -> float:
        table = q.reshape(2, 2)
        return relative_entropy(q, np.outer(table.sum(axis=1), table.sum(axis=0)).ravel())

    moved = step * (copying.generator() @ p)
    x, y = second_laws(copying, distribution=p).parts
    assert x.information_flow > 0.0 == y.information_flow
    assert x.information_flow == pytest.approx((mutual(p + moved) - mutual(p - moved)) / (2 * step), rel=1e-6)


def test_a_transporter_dissipates_what_its_currents_cost_and_has_a_demon() -> None:
    symport = transporter()
    steady = symport.stationary_distribution()
    flow = symport.flow(steady)
    a, b = transported(flow)
    assert math.isclose(a * math.log(10) - b * math.log(2), flow.entropy_production_rate, rel_tol=1e-12)
    laws = second_laws(symport, distribution=steady)
    assert [part.name for part in laws.demons] == ["b"] and laws.part("b").information_flow < 0.0
    with pytest.raises(KeyError, match="a, b, c, g"):
        laws.part("x")
    even = transporter("uniport", concentrations_a=(2.0, 2.0), concentrations_b=(1.0, 1.0))
    assert even.detailed_balance_defect() < 1e-12


def test_a_sampled_step_tends_to_the_second_laws() -> None:
    step = chain.step_of_parts(chain.MarkovChain.sampled(CHANNEL, interval=1e-5), sizes=[2, 2], distribution=STEADY)
    rates = [part.entropy_production_rate for part in second_laws(CHANNEL, distribution=STEADY).parts]
    np.testing.assert_allclose(step.partial / 1e-5, rates, rtol=1e-3)
    # the whole shows as what pairs of looks show
    shown = sampled_irreversibility(CHANNEL, distribution=STEADY, dt=1e-5)
    assert math.isclose(step.total.divergence / 1e-5, shown, rel_tol=1e-8)


def test_a_relaxation_obeys_its_bounds_and_its_parts_know_less() -> None:
    times = np.linspace(0.0, 1.0, 5)
    part = Marginal("0 or not", [0, 1, 1])
    found = speed_of_relaxation(RING, start=START, to=1.0, times=times, observables=[[1, 2, 4]], marginals=[part])
    path = found.path
    assert path.geodesic <= path.length.value and path.least_time is not None and path.least_time <= 1.0
    assert path.geodesic == pytest.approx(geodesic_between_distributions(START, found.at[-1].distribution), rel=1e-14)
    rates = [at.fisher_information_rate for at in found.at]
    assert max(rates) <= 0.0
    for at in found.at:
        assert at.fisher_information == pytest.approx(fisher_information(at.distribution, rate=at.rate))
        assert at.marginals[0].fisher_information <= at.fisher_information * (1 + 1e-12)
        assert at.observables[0] == cramer_rao(at.distribution, rate=at.rate, observable=[1, 2, 4])
        assert at.observables[0].slack >= 0.0
    data = found.plot_data()
    assert data["speed"].shape == (5,) and data["marginal_speed"].shape == (5, 1)


def test_a_hidden_part_lets_the_other_speed_up() -> None:
    """A ring of four states seen through its first factor, from a state that fills both others first."""
    rates = [(0, 1, 3.0, 0.1), (1, 3, 3.0, 0.1), (3, 2, 3.0, 0.1), (2, 0, 3.0, 0.1)]
    ring = MarkovJump.from_rates(4, rates)
    part = Marginal.of_factor("x", dimensions=[2, 2], factor=0)
    found = speed_of_relaxation(ring, start=[0.97, 0.01, 0.01, 0.01], from_=0.01, to=2.0, marginals=[part])
    assert not found.marginals[0].monotone and len(found.marginals[0].maxima) >= 1


def test_a_driven_process_with_constant_rates_is_a_relaxation() -> None:
    forward, backward = RING.forward_rate, RING.backward_rate
    driven = DrivenJump(RING.network, rates=lambda t: (forward, backward))
    one = speed_of_driven_process(driven, start=START, to=0.5, times=[0.25], tol=1e-8)
    two = speed_of_relaxation(RING, start=START, to=0.5, times=[0.25])
    assert one.path.length.value == pytest.approx(two.path.length.value, rel=1e-7)
    assert one.fisher_information[0] == pytest.approx(two.at[0].fisher_information, rel=1e-7)
    assert "rates" in one.monotone_relaxation


def test_amounts_in_one_molecule_move_as_probabilities() -> None:
    exchange = ReactionSystem(["A", "B"], reactions=[("r", "A <=> B", 2.0, 0.5)])
    pair = MarkovJump.from_rates(2, [(0, 1, 2.0, 0.5)])
    amounts = speed_of_reactions(exchange, start=[0.9, 0.1], to=1.0, times=[0.5])
    states = speed_of_relaxation(pair, start=[0.9, 0.1], to=1.0, times=[0.5])
    assert amounts.path.length.value == pytest.approx(states.path.length.value, rel=1e-8)
    assert amounts.at[0].entropy_production_rate == pytest.approx(amounts.at[0].divergence_decay, rel=1e-8)


def test_stability_by_both_ways_of_writing_a_linear_equation() -> None:
    steady = RING.stationary_distribution()
    law = differentiated_rates(lambda p: (RING.forward_rate, RING.backward_rate), state=START, edges=3)
    found = nonlinear_stability(RING.network, state=START, steady=steady, rates=(law, law))
    linear = excess_entropy_production(
        RING.flow(START), state=START, steady_flow=RING.flow(steady), steady=steady
    )
    assert found.stable is True and found.excess.motion == "approaching"
    assert found.excess.isclose(linear, rtol=1e-10)


def test_a_steady_state_record_stands_for_its_amounts() -> None:
    exchange = ReactionSystem(["A", "B"], reactions=[("r", "A <=> B", 2.0, 0.5)])
    rest = steady_state(exchange, start=[1.0, 1.0])
    one = reaction_stability(exchange, amounts=[1.5, 0.5], steady=rest)
    assert one == reaction_stability(exchange, amounts=[1.5, 0.5], steady=rest.amounts) and one.stable is True


def test_what_a_law_raises_is_raised() -> None:
    def law(p: Any) -> Any:
        raise RuntimeError("no rates today")

    with pytest.raises(RuntimeError, match="no rates today"):
        differentiated_rates(law, state=[0.5, 0.5], edges=1)
    with pytest.raises(TypeError, match="pair"):
        differentiated_rates(lambda p: 1.0, state=[0.5, 0.5], edges=1)  # type: ignore[arg-type, return-value]
    with pytest.raises(ModelError, match="forward rates has 2 entries, expected 1"):
        differentiated_rates(lambda p: ([1.0, 1.0], [1.0]), state=[0.5, 0.5], edges=1)


def test_coordinates_go_there_and_back() -> None:
    p, q = np.array([0.5, 0.2, 0.3]), np.array([0.25, 0.25, 0.5])
    at = simplex_coordinates(p)
    np.testing.assert_allclose(distribution_from_theta(at.theta), p, rtol=1e-14)
    np.testing.assert_allclose(distribution_from_eta(at.eta), p, rtol=1e-14)
    np.testing.assert_allclose(at.metric_eta @ at.metric_theta, np.eye(2), atol=1e-14)
    assert bregman_divergence(p, q) == pytest.approx(relative_entropy(p, q), rel=1e-13)
    assert distribution_from_theta([-math.inf, 0.0]).tolist() == [0.5, 0.0, 0.5]


def test_the_three_outcomes_of_a_tilt() -> None:
    levels, r = [0.0, 0.5, 1.0], [[0.0, 1.0, 2.0], [0.0, 1.0, 4.0]]
    inside = tilted_equilibrium(levels, observables=r, means=[1.0, 1.5])
    assert isinstance(inside, TiltedEquilibrium)
    np.testing.assert_allclose(np.array(r) @ inside.distribution, [1.0, 1.5], rtol=1e-11)
    assert inside.lower_bound == pytest.approx(inside.least_entropy_production, rel=1e-10)
    edge = tilted_equilibrium(levels, observables=r, means=[0.5, 0.5])
    assert isinstance(edge, OnTheBoundary) and edge.face.tolist() == [0, 1]
    np.testing.assert_allclose(edge.distribution, [0.5, 0.5, 0.0], atol=1e-11)
    out = tilted_equilibrium(levels, observables=r, means=[1.0, 0.5])
    assert isinstance(out, OutOfReach) and out.least_entropy_production == math.inf
    below = np.array(out.normal) @ (np.array(r) - np.array([[1.0], [0.5]]))
    assert below.max() == pytest.approx(-out.gap) and out.gap > 0.0


def test_games_with_equal_weights_are_played_together() -> None:
    b = [[-1, 0, -1, 0], [0, -1, 1, 0], [1, 0, 0, -1], [0, 1, 0, 1]]
    target = [-0.3, 0.05, 0.1, 0.15]
    for law in ({"conductance": [1.0, 0.5, 0.8, 1.2]}, {"mean_flux": [0.5, 0.25, 0.4, 0.6]}):
        game = Game(b, **law, owner=[0, 0, 1, 1], weights=[5.0, 5.0], target=target)
        nash = nash_equilibrium(game)
        np.testing.assert_allclose(nash.currents, cooperative_optimum(game).currents, rtol=1e-10)
        assert nash.own_gradients.max() < 1e-10
        assert pickle.loads(pickle.dumps(game)) == game
    skewed = Game(b, conductance=[1.0, 0.5, 0.8, 1.2], owner=[0, 0, 1, 1], weights=[20.0, 1.0], target=target)
    front = pareto_front(skewed, shares=[[0.2, 0.8], [2.0, 2.0]])
    assert front.points[1].shares.tolist() == [0.5, 0.5] and front.plot_data()["front"].shape == (2, 2)


def test_normal_distributions_agree_in_one_dimension() -> None:
    one = normal_fisher_information(0.5, mean_rate=0.3, variance_rate=-0.2)
    many = gaussian_fisher_information(([0.0], [[0.5]]), mean_rate=[0.3], covariance_rate=[[-0.2]])
    assert one == pytest.approx(many, rel=1e-14)
    trap = OrnsteinUhlenbeck(stiffness=2.0, diffusion=1.0)
    found = trap.speed(mean=1.0, variance=2.0, duration=1.0, times=[0.0, 1.0])
    ends = [(at.mean, at.variance) for at in found.at]
    assert found.path.geodesic == pytest.approx(normal_distance(*ends), rel=1e-13)
    assert pickle.loads(pickle.dumps(trap)) == trap


def test_linear_diffusions_have_one_sign_everywhere() -> None:
    a, d = [[2.0, 0.7], [-1.1, 1.5]], [[1.0, 0.0], [0.0, 0.5]]
    here, there = SampledDiffusion(a, d), LinearDiffusion(a, diffusion=d)
    np.testing.assert_allclose(here.covariance, there.stationary().covariance, rtol=1e-13)
    rate = there.entropy_production(there.stationary()).rate
    assert here.entropy_production_rate == pytest.approx(rate, rel=1e-12)
    shown = [here.sampled(dt).irreversibility() / dt for dt in (1e-3, 1e-2)]
    assert shown[1] < shown[0] < rate and shown[0] == pytest.approx(rate, rel=1e-2)
    assert pickle.loads(pickle.dumps(here)) == here
    currents = here.currents(0.01)
    assert currents.bound(here.optimal_force) <= currents.bound_of_all_linear() < rate
    again = pickle.loads(pickle.dumps(currents))
    assert again == currents


def test_groups_of_variables_and_bounds_of_integration() -> None:
    process = VectorAutoregression(0.5 * np.eye(3) + 0.1, noise=np.eye(3))
    whole = process.transfer_entropy(source=[1, 2], target=[0], k=30, l=30)
    assert whole == pytest.approx(process.transfer_entropy_of_all_history(source=[1, 2], target=[0]), rel=1e-9)
    phi = integrated_information(process)
    assert 0.0 < phi.value <= min(phi.stochastic_interaction, phi.past_future_information)
    assert pickle.loads(pickle.dumps(process)) == process and process.residual < 1e-14


def test_the_hierarchy_of_a_pair_model_ends_with_pairs() -> None:
    spins = np.array(list(np.ndindex(2, 2, 2))) * 2 - 1
    weights = np.exp(0.3 * spins[:, 0] - 0.4 * spins[:, 0] * spins[:, 1] + 0.2 * spins[:, 1] * spins[:, 2])
    p = weights / weights.sum()
    found = hierarchy(p, sizes=[2, 2, 2])
    assert found.divergences[1] < 1e-14 and np.abs(found.pythagoras_residual).max() < 1e-13
    theta = spin_coordinates(p, order=2)
    assert theta.subsets == ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
    np.testing.assert_allclose(theta.natural, [0.3, 0, 0, -0.4, 0, 0.2], atol=1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: second_laws(RING, distribution=START), "subsystem"),
        (lambda: second_laws(product_process(np.eye(4)[::-1] - np.eye(4), sizes=[2, 2]), distribution=[0.25] * 4), "0 0→1 1"),
        (lambda: coarse_grained(CHANNEL.flow(STEADY), distribution=STEADY, kept=["x"]), "x"),
        (lambda: coarse_grained(CHANNEL.flow(STEADY), distribution=STEADY, kept=["a"], resolution="all"), "reservoirs"),
        (lambda: conditional_current(CHANNEL.flow(STEADY), part="a", from_="0", to="2"), "a 2"),
        (lambda: chain.MarkovChain([[0.5, 0.5], [0.4, 0.5]]), "state 0"),
        (lambda: Marginal("x", [0, 2]), "class"),
        (lambda: speed_of_relaxation(RING, start=START, to=1.0, marginals=[Marginal("x", [0, 1])]), "classes of a marginal"),
        (lambda: speed_of_relaxation(RING, start=START, from_=1.0, to=1.0), "window"),
        (lambda: tilted_equilibrium([0.0, 1.0], observables=[[0.0, 1.0, 2.0]], means=[1.0]), "observable"),
        (lambda: simplex_coordinates([0.0, 1.0]), "p₀"),
        (lambda: Game([[1.0]], conductance=[0.0], owner=[0], weights=[1.0], target=[1.0]), "conductance of edge 0"),
        (lambda: VectorAutoregression([[1.5]], noise=[[1.0]]), "below 1"),
        (lambda: bead_chain(2, temperatures=(1.0, -1.0)), "temperature of the last bead"),
        (lambda: bead_chain(3, temperatures=(2.0, 1.0)).currents(0.1).bound([[1.0]]), "coefficients"),
        (lambda: bead_chain(3, temperatures=(2.0, 1.0)).currents(-0.1), "dt"),
        (lambda: VectorAutoregression(np.zeros((2, 2)), noise=np.eye(2)).transfer_entropy(source=[0], target=[0]), "variable"),
        (lambda: transporter("export"), "symport"),
        (lambda: hierarchy([0.25] * 4, sizes=[2, 2], highest=3), "order"),
    ],
)
def test_what_is_wrong_is_named(call: Any, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        call()


def test_limits_are_said() -> None:
    coin = chain.MarkovChain(np.full((4, 4), 0.25))
    with pytest.raises(LimitError, match="histories"):
        chain.transfer_entropy(coin, sizes=[2, 2], source=1, target=0, k=20, l=20)
    # a game asks for one law of dissipation
    with pytest.raises(TypeError, match="conductance or mean_flux"):
        Game([[1.0]], owner=[0], weights=[1.0], target=[1.0])


def test_one_way_channels_make_a_part_infinite_by_name() -> None:
    one_way = MarkovJump(CHANNEL.network, forward_rate=CHANNEL.forward_rate, backward_rate=[0.0, *CHANNEL.backward_rate[1:]])
    steady = one_way.stationary_distribution()
    law = second_laws(one_way, distribution=steady).part("a")
    assert law.entropy_production_rate == math.inf and law.one_way == (CHANNEL.network.edges[0].name,)
    flow = one_way.flow(steady)
    assert flow.entropy_production_rate == math.inf and short_time_uncertainty_optimum(flow) < math.inf


def test_pictures_show_what_their_data_say() -> None:
    pytest.importorskip("matplotlib").use("Agg")
    laws = second_laws(CHANNEL, distribution=STEADY)
    assert [label.get_text() for label in laws.plot().get_xticklabels()] == ["a", "c"]
    found = speed_of_relaxation(RING, start=START, to=1.0, times=[0.0, 0.5, 1.0], marginals=[Marginal("x", [0, 1, 1])])
    assert len(found.plot().get_lines()) == 2
    assert len(tilted_equilibrium([0.0, 1.0], observables=[[0.0, 1.0]], means=[0.5]).plot().patches) == 2  # type: ignore[union-attr]
    game = Game([[1.0, 1.0]], conductance=[1.0, 1.0], owner=[0, 1], weights=[2.0, 1.0], target=[1.0])
    assert len(pareto_front(game, shares=[[0.5, 0.5]]).plot().get_lines()) == 2
    assert len(hierarchy([0.25] * 4, sizes=[2, 2]).plot().patches) == 1
    trap = OrnsteinUhlenbeck(stiffness=1.0, diffusion=1.0)
    assert len(trap.speed(mean=1.0, variance=1.0, duration=1.0, times=[0.0, 1.0]).plot().get_lines()) == 1


def test_records_can_be_pickled_and_summed_up() -> None:
    found = speed_of_relaxation(RING, start=START, to=1.0, times=[0.5], marginals=[Marginal("x", [0, 1, 1])])
    assert pickle.loads(pickle.dumps(found)) == found
    assert "path.length" in found.summary()
    seen = coarse_grained(CHANNEL.flow(STEADY), distribution=STEADY, kept=["a"])
    assert pickle.loads(pickle.dumps(seen)) == seen
    part = Marginal.of_subsystem(CHANNEL.network, "c")
    assert pickle.loads(pickle.dumps(part)) == part and part.sum(STEADY).sum() == pytest.approx(1.0)
    network = Network.from_edges(2, [(0, 1)])
    with pytest.raises(ModelError, match="subsystem"):
        Marginal.of_subsystem(network, "c")

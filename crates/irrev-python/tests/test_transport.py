"""Distances, geodesics, curvature and speed limits: identities, closed forms, and refusals that name what is wrong."""

import math
import pickle

import numpy as np
import pytest

from irrev import ModelError
from irrev.network import (
    DrivenJump,
    MarkovJump,
    Network,
    current_moments,
    driven_process,
    driven_uncertainty,
    finite_time_uncertainty,
    relaxation,
)
from irrev.reactions import ReactionSystem, one_reaction_distance
from irrev.transport import (
    Side,
    curvature_at,
    driven_speed_limits,
    entropic_curvature,
    gaussian,
    gradient_flow,
    langevin_speed_limit,
    line,
    minimising_movement,
    modified_log_sobolev,
    optimal_protocol,
    product_curvature,
    reaction_geodesic,
    relaxation_bounds,
    speed_limits,
    straight_path,
    wasserstein1,
    wasserstein1_with_cost,
    wasserstein2,
)

Q = np.array([0.1, 0.2, 0.7])
APART = MarkovJump.from_rates(4, [(0, 1, 1.0, 2.0), (2, 3, 1.0, 0.5)])


def test_flow_and_potential_prove_the_effort(ring: MarkovJump, p: np.ndarray) -> None:
    lengths = [1.0, 2.0, 4.0]
    found = wasserstein1(ring, p, Q, lengths=lengths)
    np.testing.assert_allclose(ring.network.divergence(found.flow), Q - p, atol=1e-15)
    assert math.isclose(found.distance, np.abs(found.flow) @ lengths, rel_tol=1e-14)
    assert math.isclose(found.dual, found.potential @ (Q - p), rel_tol=1e-14)
    assert (np.abs(ring.network.gradient(found.potential)) <= np.array(lengths) * (1 + 1e-14)).all()
    assert found.lower_bound <= found.distance <= found.upper_bound
    assert found == wasserstein1(ring.network, p, Q, lengths=lengths)


def test_any_cost_agrees_with_the_network_where_it_is_the_length_of_the_way(p: np.ndarray) -> None:
    path = Network.from_edges(3, [(0, 1), (1, 2)])
    cost = np.abs(np.subtract.outer(range(3), range(3)))
    plan = wasserstein1_with_cost(cost, p, Q)
    assert math.isclose(plan.cost, wasserstein1(path, p, Q).distance, rel_tol=1e-14)
    np.testing.assert_allclose(plan.matrix().sum(axis=1), p, atol=1e-15)
    np.testing.assert_allclose(plan.matrix().sum(axis=0), Q, atol=1e-15)
    assert math.isclose(plan.cost, line.wasserstein([0, 1, 2], [0, 1, 2], order=1, from_weights=p, to_weights=Q))


def test_masses_in_any_unit_are_carried_as_they_are(ring: MarkovJump) -> None:
    found = wasserstein1(ring, [5, 1, 2], [1, 1, 6], lengths=[1, 2, 5])
    assert (found.distance, found.total, found.flow.tolist()) == (12.0, 8.0, [4.0, 4.0, 0.0])
    coarse = wasserstein1(ring, np.array([0.5, 0.3, 0.2], np.float32), np.array([0.1, 0.2, 0.7], np.float32))
    assert math.isclose(coarse.distance, 0.5, rel_tol=1e-6) and coarse.rebalanced < 1e-15
    assert wasserstein1(ring, [0, 0, 0], [0, 0, 0]).distance == 0.0


def test_a_pair_without_a_way_is_avoided_or_makes_the_cost_infinite() -> None:
    cost = [[0.0, math.inf], [1.0, 2.0]]
    plan = wasserstein1_with_cost(cost, [3, 4], [5, 2])
    assert (plan.cost, plan.total, plan.stranded_sources) == (6.0, 7.0, None)
    assert plan.matrix().tolist() == [[3.0, 0.0], [2.0, 2.0]]
    none = wasserstein1_with_cost(cost, [3, 4], [2, 5])
    assert none.cost == math.inf and none.surplus == 1.0
    assert (none.stranded_sources.tolist(), none.stranded_targets.tolist()) == ([0], [0])
    with pytest.raises(ModelError, match="no plan"):
        none.matrix()
    for wrong in (math.nan, -math.inf):
        with pytest.raises(ModelError, match=r"cost\[1, 0\] is"):
            wasserstein1_with_cost([[0.0, 1.0], [wrong, 0.0]], [1, 1], [1, 1])


def test_speed_limits_of_rest_bound_nothing_and_are_not_drawn(ring: MarkovJump) -> None:
    rest = speed_limits(ring, start=ring.stationary_distribution(), duration=0.5)
    assert rest.excess.value == 0.0 and rest.wasserstein1.value == 0.0
    assert {bound.verdict for bound in rest.bounds} <= {"nothing moves", "unmet"}
    assert rest.plot_data()["bound"] == []


def test_bars_of_speed_limits_keep_their_labels_apart_and_inside(ring: MarkovJump, p: np.ndarray) -> None:
    pytest.importorskip("matplotlib").use("Agg")
    ax = speed_limits(ring, start=p, duration=0.5).plot()
    ax.figure.canvas.draw()
    boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert all(above.y0 >= below.y1 for above, below in zip(boxes, boxes[1:], strict=False))
    assert min(box.x0 for box in boxes) >= 0.0


def test_the_geodesic_has_constant_speed_and_obeys_continuity(ring: MarkovJump, p: np.ndarray) -> None:
    found = wasserstein2(ring, p, Q, tol=1e-9)
    assert found.converged and found.lower_bound <= found.distance <= found.upper_bound
    np.testing.assert_allclose(found.states([0.0, 1.0]), [p, Q], atol=1e-15)
    h = 1e-4
    for t in (0.2, 0.5, 0.8):
        moment = found.at(t)
        mobility = ring.flow(moment.state).onsager_coefficient
        assert math.isclose((moment.current**2 / mobility).sum(), found.distance**2, rel_tol=1e-4)
        np.testing.assert_allclose(moment.current, mobility * ring.network.gradient(moment.potential), rtol=1e-10)
        before, after = found.states([t - h, t + h])
        np.testing.assert_allclose((after - before) / (2 * h), ring.network.divergence(moment.current), atol=1e-4)


def test_w2_is_symmetric_obeys_the_triangle_inequality_and_vanishes_at_home(ring: MarkovJump, p: np.ndarray) -> None:
    there, back = wasserstein2(ring, p, Q), wasserstein2(ring, Q, p)
    assert math.isclose(there.distance, back.distance, rel_tol=1e-6)
    even = np.full(3, 1 / 3)
    assert there.lower_bound <= wasserstein2(ring, p, even).upper_bound + wasserstein2(ring, even, Q).upper_bound
    home = wasserstein2(ring, p, p)
    assert (home.distance, home.upper_bound, home.relative_gap) == (0.0, 0.0, 0.0)


def test_the_bits_do_not_depend_on_the_threads(ring: MarkovJump, p: np.ndarray) -> None:
    one, many = (wasserstein2(ring, p, Q, threads=threads) for threads in (1, 3))
    assert one == many
    np.testing.assert_array_equal(one.states(np.linspace(0, 1, 7)), many.states(np.linspace(0, 1, 7)))


def test_a_pickled_geodesic_is_the_same_path(ring: MarkovJump, p: np.ndarray) -> None:
    found = wasserstein2(ring, p, Q)
    again = pickle.loads(pickle.dumps(found))
    np.testing.assert_array_equal(again.states([0.1, 0.5]), found.states([0.1, 0.5]))
    assert again == found and again.geodesic.network == ring.network


def test_states_that_no_path_joins_are_named() -> None:
    start, end = [0.5, 0.25, 0.25, 0.0], [0.25, 0.25, 0.25, 0.25]
    for found in (wasserstein1(APART, start, end), wasserstein2(APART, start, end)):
        assert found.distance == math.inf
        assert (found.component, found.surplus) in [(("0", "1"), 0.25), (("2", "3"), -0.25)]
        assert "component" in found.summary()
    with pytest.raises(ModelError, match="infinite"):
        wasserstein2(APART, start, end).at(0.5)


DIMERS = ReactionSystem(["A", "B", "C"], reactions=[("pair", "2 A <=> B", 1.0, 0.5), ("turn", "B <=> C", 1.0, 1.0)])


def test_one_reaction_has_one_path() -> None:
    pair = ReactionSystem(["A", "B"], reactions=[("pair", "2 A <=> B", 1.0, 0.5)])
    found = reaction_geodesic(pair, [2.0, 0.1], [0.2, 1.0])
    assert found.optimality == "global" and found.converged
    assert math.isclose(found.length, one_reaction_distance(pair, origin=[2.0, 0.1], to=0.9).value, rel_tol=1e-11)


def test_a_path_of_reactions_is_locally_shortest_and_says_so() -> None:
    start, end = [2.0, 0.1, 0.1], [0.2, 0.3, 0.8]
    found = reaction_geodesic(DIMERS, start, end)
    assert (found.optimality, found.minima) == ("local", 1) and found.excess < 1e-8 * float(found)
    assert math.isclose(found.length, reaction_geodesic(DIMERS, end, start).length, rel_tol=1e-7)
    states = found.states(np.linspace(0, 1, 5))
    np.testing.assert_allclose(states @ [1, 2, 2], 2.4)
    np.testing.assert_array_equal(states[[0, -1]], [start, end])
    moment = found.at(0.5)
    # constant speed: ΣJ²/L is the squared length
    onsager = DIMERS.flow(moment.state).onsager_coefficient
    assert math.isclose(np.sum(moment.current**2 / onsager), found.length**2, rel_tol=1e-3)
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert reaction_geodesic(DIMERS, start, end, threads=3) == reaction_geodesic(DIMERS, start, end, threads=1)


def test_what_reactions_conserve_keeps_states_apart() -> None:
    found = reaction_geodesic(DIMERS, [2.0, 0.1, 0.1], [0.2, 0.3, 0.3])
    assert found.length == math.inf and found.law == {"A": 1, "B": 2, "C": 2} and math.isclose(found.surplus, 1.0)
    with pytest.raises(ModelError, match="infinite"):
        found.at(0.5)
    with pytest.raises(ModelError, match="one way"):
        reaction_geodesic(ReactionSystem(["A", "B"], reactions=[("r", "A -> B", 1.0, 0.0)]), [1.0, 0.1], [0.5, 0.6])
    with pytest.raises(ModelError, match="amount of A"):
        reaction_geodesic(DIMERS, [-1.0, 0.1, 0.1], [0.2, 0.3, 0.3])


def test_gaussians_and_points_have_their_closed_forms() -> None:
    found = gaussian.wasserstein2(([1.0], [[4.0]]), ([4.0], [[1.0]]))
    assert math.isclose(found.distance, math.sqrt(9 + 1))
    half = found.geodesic(0.5)
    np.testing.assert_allclose([half.mean[0], half.covariance[0, 0]], [2.5, 1.5**2])
    np.testing.assert_allclose(found.map, [[0.5]])
    assert gaussian.wasserstein2(([0.0], [[0.0]]), ([0.0], [[1.0]])).map is None
    assert math.isclose(line.wasserstein([0, 1, 3], [5, 6, 8], order=3), 5.0)


def test_speed_limits_hold_and_agree_with_the_relaxation(ring: MarkovJump, p: np.ndarray) -> None:
    pytest.importorskip("pandas")
    table = speed_limits(ring, start=p, duration=0.5, lengths=[1, 2, 3], observables={"place": [0, 1, 2]})
    path = relaxation(ring, start=p, duration=0.5)
    assert math.isclose(float(table.entropy_production), path.entropy_production, rel_tol=1e-8)
    assert math.isclose(float(table.jumps), path.activity, rel_tol=1e-8)
    distance = wasserstein2(ring, p, table.end).distance
    assert math.isclose(float(table.wasserstein2), distance, rel_tol=1e-5)
    assert table.length_ratio.value >= 1.0 and table.obstacle is None
    assert {b.verdict for b in table.bounds} <= {"holds", "saturated", "unmet"}
    nearest = table.find("wasserstein2", paid="excess")
    assert math.isclose(nearest.bound.value, float(table.wasserstein2) ** 2 / 0.5, rel_tol=1e-12)
    assert nearest.least_time.value <= 0.5 and nearest.slack >= 0.0
    assert any(b.subject == "place" for b in table.bounds)
    assert speed_limits(ring, start=p, duration=0.5, wasserstein2_tol=None).wasserstein2 is None
    frame = table.to_pandas()
    assert len(frame) == len(table.bounds) and (frame["slack"].dropna() >= -1e-9).all()
    with pytest.raises(KeyError, match="shiraishi_funo_saito"):
        table.find("perpetuum mobile")


def test_a_bound_says_which_assumption_fails() -> None:
    one_way = MarkovJump.from_rates(3, [(0, 1, 1.0, 0.0), (1, 2, 1.0, 1.0)])
    table = speed_limits(one_way, start=[0.5, 0.3, 0.2], duration=0.5)
    unmet = [b for b in table.bounds if b.verdict == "unmet"]
    assert unmet and all(b.unmet and b.cost is None and b.slack is None for b in unmet)
    assert "one way" in (table.obstacle or "")


def test_curvature_of_two_states_and_at_equilibrium() -> None:
    pair = MarkovJump.from_rates(2, [(0, 1, 2.0, 0.5)])
    found = entropic_curvature(pair)
    assert math.isclose(curvature_at(pair, distribution=pair.stationary_distribution()).value, 2.5, rel_tol=1e-12)
    assert math.isclose(found.value, 2.311393273137358, rel_tol=1e-6)
    assert math.isclose(curvature_at(pair, distribution=found.witness).value, found.value, rel_tol=1e-12)
    assert found.lower_bound is None or found.lower_bound <= found.value


def test_what_cannot_be_asked_is_refused_by_name(ring: MarkovJump, p: np.ndarray) -> None:
    with pytest.raises(ModelError, match="tolerance"):
        wasserstein2(ring, p, Q, tol=1e-20)
    with pytest.raises(ModelError, match="to"):
        wasserstein2(ring, p, [0.5, 0.5])
    with pytest.raises(ModelError, match="the masses sum to 1 at the start and 1.5 at the end"):
        wasserstein1(ring, p, [0.5, 0.5, 0.5])
    with pytest.raises(ModelError, match="to: mass 2 is -0.5"):
        wasserstein1(ring, p, [1.0, 0.5, -0.5])
    with pytest.raises(ModelError, match="negative|-0.5"):
        wasserstein2(ring, p, [1.0, 0.5, -0.5])
    with pytest.raises(ModelError, match="length of"):
        wasserstein1(ring, p, Q, lengths=[1, -1, 1])
    with pytest.raises(ModelError, match=r"cost has shape \(2, 3\)"):
        wasserstein1_with_cost(np.ones((2, 3)), p, Q)
    with pytest.raises(ModelError, match="one way|one-way|0→1"):
        wasserstein2(MarkovJump.from_rates(2, [(0, 1, 1.0, 0.0)]), [0.5, 0.5], [0.4, 0.6])
    with pytest.raises(ModelError, match="time"):
        wasserstein2(ring, p, Q).at(1.5)
    with pytest.raises(ModelError, match="order"):
        line.wasserstein([0.0], [1.0], order=0.5)
    with pytest.raises(ModelError, match="detailed balance"):
        entropic_curvature(ring)
    with pytest.raises(ModelError, match="duration"):
        speed_limits(ring, start=p, duration=math.nan)


def test_the_master_equation_is_steepest_descent_and_the_defect(ring: MarkovJump, p: np.ndarray) -> None:
    at = gradient_flow(ring, distribution=p)
    np.testing.assert_allclose(at.descent.rate + at.defect.rate, at.master.rate, atol=1e-14)
    np.testing.assert_allclose(at.master.rate, ring.flow(p).rate_of_change, atol=1e-15)
    assert math.isclose(at.relative_defect, at.defect.norm / at.master.norm)
    chain = MarkovJump.from_rates(3, [(0, 1, 2.0, 1.0), (1, 2, 2.0, 1.0)])
    assert gradient_flow(chain, distribution=p).relative_defect < 1e-13


def test_minimising_movements_approach_the_master_equation_and_pay_for_the_distance(p: np.ndarray) -> None:
    chain = MarkovJump.from_rates(3, [(0, 1, 2.0, 1.0), (1, 2, 2.0, 1.0)])
    long, short = (minimising_movement(chain, start=p, step=step) for step in (0.004, 0.002))
    assert 3.6 < long.deviation / short.deviation < 4.4
    assert short.dissipated >= short.least_dissipated.value and short.gap < 1e-6
    assert short.geodesic.at(1.0).state == pytest.approx(short.state)
    driven = MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
    with pytest.raises(ModelError, match="without detailed balance"):
        minimising_movement(driven, start=p, step=0.1)


def test_a_protocol_is_followed_by_the_master_equation_at_its_cost(ring: MarkovJump, p: np.ndarray) -> None:
    protocol = optimal_protocol(ring, from_=p, to=Q, duration=2.0)
    done = protocol.simulated()
    assert done.missed < 1e-6 and done.mobility_deviation < 1e-6
    assert math.isclose(done.entropy_production.value, protocol.cost.value, rel_tol=1e-6)
    assert math.isclose(protocol.cost.value, wasserstein2(ring, p, Q).distance ** 2 / 2.0, rel_tol=1e-12)
    rates = protocol.at([0.0, 1.0, 2.0])
    starts = [edge.from_ for edge in ring.network.edges]
    ends = [edge.to for edge in ring.network.edges]
    a, b = rates.forward_rate * rates.state[:, starts], rates.backward_rate * rates.state[:, ends]
    np.testing.assert_allclose(np.log(a / b), rates.force, atol=1e-12)
    straight = straight_path(ring, from_=p, to=Q)
    assert straight.action.value >= straight.length.value**2 >= protocol.cost.value * 2.0
    assert protocol.left_alone().missed > 0.01
    with pytest.raises(ModelError, match="no path joins"):
        optimal_protocol(APART, from_=[0.5, 0.1, 0.2, 0.2], to=[0.1, 0.1, 0.4, 0.4], duration=1.0)
    with pytest.raises(ModelError, match="duration"):
        optimal_protocol(ring, from_=p, to=Q, duration=0.0)


def test_gap_curvature_and_log_sobolev_constant_stand_in_order_and_bound_the_decay() -> None:
    triangle = MarkovJump.from_rates(3, [(0, 1, 1, 1), (0, 2, 1, 1), (1, 2, 1, 1)])
    curvature = entropic_curvature(triangle)
    constant = modified_log_sobolev(triangle, curvature=curvature, random_starts=16, descents=4)
    assert constant.lower_bound is not None and curvature.lower_bound is not None
    assert curvature.lower_bound <= constant.lower_bound <= constant.value <= constant.spectral_gap
    decay = relaxation_bounds(triangle, start=[1, 0, 0], times=np.linspace(0, 2, 9), curvature=curvature)
    for bound in (decay.by_gap, decay.by_curvature, decay.by_curvature_estimate):
        assert (decay.relative_entropy <= bound * (1 + 1e-12)).all()
    assert (decay.total_variation <= decay.total_variation_bound * (1 + 1e-12)).all()
    by_gap_alone = relaxation_bounds(triangle, start=[1, 0, 0], times=np.linspace(0, 2, 9))
    np.testing.assert_array_equal(by_gap_alone.by_gap, decay.by_gap)
    assert (by_gap_alone.by_curvature == decay.relative_entropy[0]).all()


def test_the_curvature_of_independent_parts_is_that_of_the_whole() -> None:
    spins = [MarkovJump.from_rates(2, [(0, 1, k, k)]) for k in (1.0, 1.5)]
    whole = MarkovJump.from_rates(4, [(0, 1, 1, 1), (2, 3, 1, 1), (0, 2, 1.5, 1.5), (1, 3, 1.5, 1.5)])
    parts = product_curvature([entropic_curvature(spin) for spin in spins])
    assert parts.part == 0
    assert math.isclose(parts.value, entropic_curvature(whole, random_starts=16, descents=8).value, rel_tol=1e-9)
    # and serves wherever a curvature of the whole is asked for
    assert modified_log_sobolev(whole, curvature=parts, random_starts=8, descents=2).lower_bound is not None


def test_the_curvature_of_another_process_is_refused() -> None:
    slow, fast = (MarkovJump.from_rates(2, [(0, 1, k, k)]) for k in (1.0, 3.0))
    curvature = entropic_curvature(slow, random_starts=4, descents=2)
    with pytest.raises(ModelError, match="of the same process"):
        modified_log_sobolev(fast, curvature=curvature)
    with pytest.raises(ModelError, match="of the same process"):
        relaxation_bounds(fast, start=[1, 0], times=[0.1], curvature=curvature)


def test_speed_limits_and_precision_of_a_protocol_that_stands_still_are_those_of_a_relaxation(
    ring: MarkovJump, p: np.ndarray
) -> None:
    forward, backward = ring.forward_rate, ring.backward_rate
    still = DrivenJump(ring.network, rates=(list(forward), list(backward)))
    one = driven_speed_limits(still, start=p, to=0.5, tol=1e-8)
    other = speed_limits(ring, start=p, duration=0.5, wasserstein2_tol=None)
    for bound in one.bounds:
        assert bound.bound is not None
        again = other.find(bound.name, paid=bound.paid).bound
        assert again is not None and math.isclose(bound.bound.value, again.value, rel_tol=1e-6)
    driven = driven_uncertainty(still, weights=[1, 2, 0], start=p, to=0.5)
    constant = finite_time_uncertainty(ring, weights=[1, 2, 0], start=p, duration=0.5)
    for mine, theirs in zip(driven.bounds, constant.bounds, strict=True):
        assert mine.bound is not None and theirs.bound is not None
        assert math.isclose(mine.bound.value, theirs.bound.value, rel_tol=1e-7)
    assert math.isclose(constant.variance.value, current_moments(ring, weights=[1, 2, 0], start=p, t=0.5).variance)


def test_a_protocol_answers_to_its_pace(p: np.ndarray) -> None:
    network = Network.from_edges(3, [(0, 1), (1, 2), (2, 0)])

    def at(pace: float) -> DrivenJump:
        forward = [f"pace*exp(sin(2*t + {e}))" for e in range(3)]
        return DrivenJump(network, rates=(forward, ["pace"] * 3), parameters={"pace": pace})

    relations = driven_uncertainty(at(1.0), weights=[1, 1, 1], start=p, to=2.0, tol=1e-8)
    assert all(bound.verdict == "holds" for bound in relations.bounds)
    h = 1e-3
    higher, lower = (driven_process(at(pace), start=p, to=2.0, tol=1e-12).net_jumps.sum() for pace in (1 + h, 1 - h))
    # central differences err by h² times the third derivative
    assert math.isclose(relations.response.value, (higher - lower) / (2 * h), rel_tol=1e-5)


def test_diffusion_along_the_geodesic_saturates_its_speed_limit() -> None:
    limit = langevin_speed_limit(mobility=0.5, temperature=2.0, distance=3.0, duration=2.0, dissipated=4.5)
    assert limit.verdict == "saturated" and limit.least_time is not None
    assert math.isclose(limit.least_time.value, 2.0)
    uncertain = langevin_speed_limit(
        mobility=0.5, temperature=2.0, distance=Side(value=3.0, error=0.1), duration=2.0, dissipated=6.0, excess=True
    )
    assert uncertain.paid == "excess" and uncertain.bound is not None and uncertain.bound.error > 0.3
    with pytest.raises(ModelError, match="mobility"):
        langevin_speed_limit(mobility=0.0, temperature=2.0, distance=3.0, duration=2.0, dissipated=4.5)

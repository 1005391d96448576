#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use irrev_testing::random::{self, cases, networks};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::streams::{Purpose, Stream};

const ROUNDING: f64 = 1e-12;

fn solve(nodes: usize, channels: &[Channel], supply: &[f64]) -> OptimalFlow {
    match minimum_cost_flow(nodes, channels, supply, ROUNDING, &Run::default()).unwrap() {
        MinimumCost::Finite(optimal) => optimal,
        MinimumCost::Infinite(obstacle) => panic!("{obstacle:?}"),
    }
}

/// Balance, feasible potentials, equality where mass flows, and a gap of rounding.
fn check(nodes: usize, channels: &[Channel], supply: &[f64], best: &OptimalFlow) {
    let mut left = supply.to_vec();
    let mass: f64 = supply.iter().map(|s| s.abs()).sum::<f64>() + f64::MIN_POSITIVE;
    let largest = best.potential.iter().fold(0.0_f64, |m, p| m.max(p.abs()));
    // a potential is a sum of up to `nodes` rounded costs
    let slack = 2.0 * nodes as f64 * f64::EPSILON * largest;
    for (channel, &f) in channels.iter().zip(&best.flow) {
        left[channel.tail] -= f;
        left[channel.head] += f;
        let rise = best.potential[channel.head] - best.potential[channel.tail];
        assert!(
            rise <= channel.forward && -rise <= channel.backward,
            "infeasible potential"
        );
        if f > 0.0 {
            assert!(rise >= channel.forward - slack, "{rise} {channel:?}");
        } else if f < 0.0 {
            assert!(-rise >= channel.backward - slack, "{rise} {channel:?}");
        }
    }
    // every flow is a sum of up to `nodes` supplies; on one-way channels flows up to the accepted mismatch may have been dropped
    let dropped = if channels
        .iter()
        .any(|c| c.forward.is_infinite() || c.backward.is_infinite())
    {
        ROUNDING
    } else {
        0.0
    };
    let allowed = 4.0 * nodes as f64 * f64::EPSILON * mass + best.rebalanced + dropped;
    assert!(left.iter().all(|l| l.abs() <= allowed), "{left:?}");
    assert!(
        best.gap().abs() <= 1e-12 * (best.cost + mass * largest),
        "gap {} of {}",
        best.gap(),
        best.cost
    );
    assert!(best.lower_bound <= best.cost && best.cost <= best.upper_bound);
    assert!(best.lower_bound <= best.dual && best.dual <= best.upper_bound);
}

fn grid(side: usize, length: impl Fn(usize) -> f64) -> Vec<Channel> {
    let mut channels = Vec::new();
    for x in 0..side * side {
        if x % side + 1 < side {
            channels.push(Channel::both_ways(x, x + 1, length(channels.len())));
        }
        if x + side < side * side {
            channels.push(Channel::both_ways(x, x + side, length(channels.len())));
        }
    }
    channels
}

/// Distances between all nodes (Floyd–Warshall).
fn distances(nodes: usize, channels: &[Channel]) -> Vec<f64> {
    let mut d = vec![f64::INFINITY; nodes * nodes];
    for x in 0..nodes {
        d[x * nodes + x] = 0.0;
    }
    for c in channels {
        d[c.tail * nodes + c.head] = d[c.tail * nodes + c.head].min(c.forward);
        d[c.head * nodes + c.tail] = d[c.head * nodes + c.tail].min(c.backward);
    }
    for k in 0..nodes {
        for i in 0..nodes {
            for j in 0..nodes {
                d[i * nodes + j] = d[i * nodes + j].min(d[i * nodes + k] + d[k * nodes + j]);
            }
        }
    }
    d
}

fn side(supply: &[f64], sign: f64) -> Vec<f64> {
    supply.iter().map(|s| (sign * s).max(0.0)).collect()
}

#[test]
fn whole_supplies_have_whole_flows() {
    for seed in [1, 2, 3] {
        let mut random = Stream::new(seed, Purpose::Search, 0);
        let side = 12;
        let mut supply: Vec<f64> = (0..side * side)
            .map(|_| (random.uniform() * 2001.0).floor() - 1000.0)
            .collect();
        supply[0] -= supply.iter().sum::<f64>();
        let channels = grid(side, |_| 1.0);
        let best = solve(side * side, &channels, &supply);
        check(side * side, &channels, &supply, &best);
        assert!(best.flow.iter().all(|f| f.fract() == 0.0));
        assert_eq!(best.cost, best.dual, "whole numbers are exact");
    }
}

#[test]
fn ties_and_free_channels_end_with_a_proof() {
    // every supply is 1 or −1 and every length 0 or 1: nearly every pivot is degenerate
    for seed in [1, 2, 3] {
        let mut random = Stream::new(seed, Purpose::Search, 0);
        let side = 20;
        let channels: Vec<Channel> = grid(side, |_| 0.0)
            .into_iter()
            .map(|c| Channel::both_ways(c.tail, c.head, (random.uniform() * 2.0).floor()))
            .collect();
        let supply: Vec<f64> = (0..side * side)
            .map(|x| if (x / side + x) % 2 == 0 { 1.0 } else { -1.0 })
            .collect();
        let best = solve(side * side, &channels, &supply);
        check(side * side, &channels, &supply, &best);
        assert_eq!(best.gap(), 0.0);
    }
}

#[test]
fn a_forest_needs_no_pivot_and_agrees_with_the_simplex_on_the_same_forest_with_a_detour() {
    let chain: Vec<Channel> = (0..9)
        .map(|x| Channel::both_ways(x, x + 1, 1.0 + x as f64))
        .collect();
    let supply: Vec<f64> = (0..10).map(|x| [0.3, -0.1, -0.2, 0.7, -0.7][x % 5]).collect();
    let on_tree = solve(10, &chain, &supply);
    assert_eq!((on_tree.method, on_tree.pivots), (Method::Forest, 0));
    check(10, &chain, &supply, &on_tree);
    let mut with_detour = chain;
    with_detour.push(Channel::both_ways(0, 9, 1e6));
    let on_ring = solve(10, &with_detour, &supply);
    assert_eq!(on_ring.method, Method::NetworkSimplex);
    assert!((on_ring.cost - on_tree.cost).abs() <= 1e-14 * on_tree.cost);
}

#[test]
fn components_are_solved_apart_and_a_mismatch_between_them_is_named() {
    let channels =
        [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (4, 5, 2.0)].map(|(x, y, c)| Channel::both_ways(x, y, c));
    let supply = [0.5, -0.5, 0.0, 0.0, 0.25, -0.25];
    let best = solve(6, &channels, &supply);
    assert_eq!(best.cost, 1.0);
    let found = minimum_cost_flow(
        6,
        &channels,
        &[0.5, -0.25, 0.0, 0.0, -0.25, 0.0],
        ROUNDING,
        &Run::default(),
    )
    .unwrap();
    let MinimumCost::Infinite(obstacle) = &found else {
        panic!("{found:?}")
    };
    assert_eq!(found.cost(), f64::INFINITY);
    assert!(obstacle.surplus.abs() == 0.25 && (obstacle.nodes == [0, 1, 2] || obstacle.nodes == [4, 5]));
    let isolated = minimum_cost_flow(
        6,
        &channels,
        &[0.5, -0.5, 0.0, 0.1, 0.0, 0.0],
        ROUNDING,
        &Run::default(),
    )
    .unwrap();
    assert!(matches!(isolated, MinimumCost::Infinite(o) if o.nodes == [3] && o.surplus == 0.1));
}

#[test]
fn rounding_of_the_balance_is_removed_and_paid_for_in_the_bounds() {
    let channels = [(0, 1, 1.0), (1, 2, 3.0), (2, 0, 1.0)].map(|(x, y, c)| Channel::both_ways(x, y, c));
    let best = solve(3, &channels, &[0.1 + 1e-13, 0.2, -0.3]);
    assert!((best.rebalanced - 1e-13).abs() < 1e-15);
    assert!(best.upper_bound - best.lower_bound >= 1e-13 && best.upper_bound - best.lower_bound < 1e-11);
}

#[test]
fn one_way_channels_are_obeyed_and_a_dead_end_is_named() {
    let ring: Vec<Channel> = (0..5).map(|x| Channel::one_way(x, (x + 1) % 5, 1.0)).collect();
    let best = solve(5, &ring, &[0.0, 1.0, 0.0, -1.0, 0.0]);
    assert_eq!(
        (best.cost, best.flow.as_slice()),
        (2.0, &[0.0, 1.0, 1.0, 0.0, 0.0][..])
    );
    let back = solve(5, &ring, &[-1.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(
        (back.cost, back.flow.as_slice()),
        (4.0, &[0.0, 1.0, 1.0, 1.0, 1.0][..])
    );
    check(5, &ring, &[-1.0, 1.0, 0.0, 0.0, 0.0], &back);
    let line = [
        Channel::one_way(0, 1, 1.0),
        Channel::one_way(1, 2, 1.0),
        Channel::one_way(0, 2, 1.0),
    ];
    let stuck = minimum_cost_flow(3, &line, &[-1.0, 0.5, 0.5], ROUNDING, &Run::default()).unwrap();
    let MinimumCost::Infinite(obstacle) = stuck else {
        panic!()
    };
    assert_eq!((obstacle.nodes.as_slice(), obstacle.surplus), (&[1, 2][..], 1.0));
}

#[test]
fn lengths_over_many_decades_leave_a_gap_of_rounding() {
    for seed in [1, 2, 3] {
        let mut random = Stream::new(seed, Purpose::Search, 0);
        let side = 15;
        let channels: Vec<Channel> = grid(side, |_| 0.0)
            .into_iter()
            .map(|c| Channel::both_ways(c.tail, c.head, 10.0_f64.powf(12.0 * random.uniform() - 6.0)))
            .collect();
        let mut supply: Vec<f64> = (0..side * side)
            .map(|_| 10.0_f64.powf(8.0 * random.uniform()) * (random.uniform() - 0.5))
            .collect();
        let total: f64 = supply.iter().sum();
        supply[7] -= total;
        let best = match minimum_cost_flow(side * side, &channels, &supply, 1e-3, &Run::default()).unwrap() {
            MinimumCost::Finite(best) => best,
            MinimumCost::Infinite(obstacle) => panic!("{obstacle:?}"),
        };
        check(side * side, &channels, &supply, &best);
    }
}

#[test]
fn the_same_problem_has_the_same_bits() {
    let channels = grid(20, |e| 1.0 + (e as f64).sin().abs());
    let supply: Vec<f64> = (0..400).map(|x| ((x * 37) as f64).sin()).collect();
    let total: f64 = supply.iter().sum();
    let supply: Vec<f64> = supply.iter().map(|s| s - total / 400.0).collect();
    assert_eq!(solve(400, &channels, &supply), solve(400, &channels, &supply));
}

#[test]
fn bad_input_is_refused_by_name() {
    let channel = [Channel::both_ways(0, 1, -1.0)];
    let failed = |channels: &[Channel], supply: &[f64]| {
        minimum_cost_flow(2, channels, supply, 0.0, &Run::default()).unwrap_err()
    };
    assert!(matches!(
        failed(&channel, &[0.0, 0.0]),
        Error::Domain { value: -1.0, .. }
    ));
    assert!(matches!(
        failed(&[Channel::both_ways(0, 2, 1.0)], &[0.0, 0.0]),
        Error::Length { found: 2, .. }
    ));
    assert!(matches!(failed(&[], &[0.0]), Error::Length { .. }));
    assert!(matches!(
        failed(&[], &[0.0, f64::NAN]),
        Error::NotFinite { index: 1, .. }
    ));
    assert!(matches!(
        failed(&[Channel::both_ways(0, 1, f64::NAN)], &[0.0, 0.0]),
        Error::Domain { .. }
    ));
    assert!(matches!(
        failed(&[Channel::both_ways(0, 1, 1e308)], &[1e10, -1e10]),
        Error::Domain { .. }
    ));
    let small = Run {
        memory_limit: 10,
        ..Run::default()
    };
    assert!(matches!(
        minimum_cost_flow(2, &[], &[0.0, 0.0], 0.0, &small),
        Err(Error::Memory { .. })
    ));
    assert_eq!(
        minimum_cost_flow(0, &[], &[], 0.0, &Run::default())
            .unwrap()
            .cost(),
        0.0
    );
}

#[test]
fn a_cancelled_run_stops() {
    struct Cancelled;
    impl crate::Monitor for Cancelled {
        fn progress(&self, _: f64, _: &str) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let run = Run {
        monitor: &Cancelled,
        ..Run::default()
    };
    let found = minimum_cost_flow(2, &[Channel::both_ways(0, 1, 1.0)], &[1.0, -1.0], 0.0, &run);
    assert_eq!(found, Err(Error::Cancelled));
}

/// The plan of a transport that has one.
fn plan(cost: &[f64], from: &[f64], to: &[f64], accepted_mismatch: f64) -> TransportPlan {
    match optimal_transport(cost, from, to, accepted_mismatch, &Run::default()).unwrap() {
        OptimalTransport::Finite(plan) => plan,
        OptimalTransport::Infinite(stranded) => panic!("{stranded:?}"),
    }
}

#[test]
fn an_assignment_with_ties_is_the_best_of_all_permutations() {
    let cost = [4.0, 1.0, 3.0, 2.0, 0.0, 5.0, 3.0, 2.0, 2.0];
    let plan = plan(&cost, &[1.0; 3], &[1.0; 3], 0.0);
    let permutations = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let best = permutations
        .iter()
        .map(|p| (0..3).map(|i| cost[3 * i + p[i]]).sum())
        .fold(f64::INFINITY, f64::min);
    assert_eq!((plan.cost, plan.dual), (best, best));
}

#[test]
fn points_without_mass_get_feasible_potentials_and_no_flow() {
    let cost: Vec<f64> = (0..12).map(|k| ((k * 7 % 12) as f64) - 4.0).collect();
    let found = plan(&cost, &[0.0, 0.5, 0.5], &[0.25, 0.0, 0.75, 0.0], 0.0);
    for i in 0..3 {
        for j in 0..4 {
            assert!(found.target_potential[j] - found.source_potential[i] <= cost[4 * i + j] + 1e-14);
        }
    }
    assert!(
        found
            .flow
            .iter()
            .all(|&(i, j, mass)| i > 0 && j % 2 == 0 && mass > 0.0)
    );
    assert!((found.cost - found.dual).abs() < 1e-14);
    let none = plan(&cost, &[0.0; 3], &[0.0; 4], 0.0);
    assert_eq!((none.cost, none.lower_bound, none.flow.len()), (0.0, 0.0, 0));
    assert!(optimal_transport(&cost, &[1.0; 3], &[1.0; 4], 1e-12, &Run::default()).is_err());
}

#[test]
fn a_pair_without_a_way_is_gone_round_and_too_many_of_them_strand_mass_by_name() {
    const NO: f64 = f64::INFINITY;
    // the cheap pair is closed: source 0 has to go to target 1, and source 1 makes room
    let found = plan(&[NO, -2.0, 1.0, NO], &[3.0, 4.0], &[4.0, 3.0], 0.0);
    assert_eq!(found.flow, [(0, 1, 3.0), (1, 0, 4.0)]);
    assert_eq!((found.cost, found.dual), (-2.0, -2.0));
    let stranded = |cost: &[f64], from: &[f64], to: &[f64]| match optimal_transport(
        cost,
        from,
        to,
        1e-12,
        &Run::default(),
    )
    .unwrap()
    {
        OptimalTransport::Infinite(stranded) => stranded,
        OptimalTransport::Finite(plan) => panic!("{plan:?}"),
    };
    let two = stranded(&[1.0, NO, 1.0, 5.0], &[2.0, 1.0], &[1.0, 2.0]);
    assert_eq!((two.sources, two.targets, two.surplus), (vec![0], vec![0], 1.0));
    let closed = stranded(&[NO; 4], &[1.0, 0.0], &[0.0, 1.0]);
    assert_eq!(closed.surplus.abs(), 1.0);
    // points without mass need no way, and no mass needs none
    assert_eq!(plan(&[1.5, NO, NO, NO], &[2.0, 0.0], &[2.0, 0.0], 0.0).cost, 3.0);
    assert_eq!(
        plan(&[NO; 4], &[0.0; 2], &[0.0; 2], 0.0).target_potential,
        [0.0; 2]
    );
    for wrong in [f64::NAN, f64::NEG_INFINITY] {
        let refused = optimal_transport(&[wrong], &[1.0], &[1.0], 0.0, &Run::default());
        assert!(matches!(
            refused,
            Err(Error::NotFinite {
                what: "cost",
                index: 0,
                ..
            })
        ));
    }
}

/// Channels with lengths both ways, and supplies that cancel.
fn problems() -> impl Strategy<Value = (usize, Vec<(usize, usize, f64, f64)>, Vec<f64>)> {
    networks(30, 6.0).prop_flat_map(|network| {
        let n = network.states;
        let pair = (
            random::boundary_distributions(n),
            random::positive_distributions(n),
        );
        (Just(n), Just(network.channels), pair).prop_map(|(n, channels, (p, q))| {
            let supply = p.iter().zip(&q).map(|(p, q)| p - q).collect();
            (n, channels, supply)
        })
    })
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn random_flows_are_proved_optimal_and_agree_with_transport_by_distances((n, channels, supply) in problems()) {
        let channels: Vec<Channel> = channels.iter().map(|c| Channel::both_ways(c.0, c.1, c.2)).collect();
        let best = solve(n, &channels, &supply);
        check(n, &channels, &supply, &best);
        let cost = distances(n, &channels);
        let plan = plan(&cost, &side(&supply, 1.0), &side(&supply, -1.0), ROUNDING);
        prop_assert!(plan.lower_bound <= best.upper_bound && best.lower_bound <= plan.upper_bound);
        prop_assert!((plan.cost - best.cost).abs() <= 1e-11 * best.cost + 1e-14, "{} {}", plan.cost, best.cost);
        prop_assert!((plan.cost - plan.dual).abs() <= 1e-11 * best.cost + 1e-14);
    }

    #[test]
    fn flows_with_different_costs_or_one_way_channels_are_proved_optimal(
        (n, channels, supply) in problems(), closed in vec(0..3_u8, 80)
    ) {
        let channels: Vec<Channel> = channels.iter().zip(&closed).map(|(c, closed)| Channel {
            tail: c.0, head: c.1,
            forward: if *closed == 1 { f64::INFINITY } else { c.2 },
            backward: if *closed == 2 { f64::INFINITY } else { c.3 },
        }).collect();
        let cost = distances(n, &channels);
        match minimum_cost_flow(n, &channels, &supply, ROUNDING, &Run::default()).unwrap() {
            MinimumCost::Finite(best) => {
                check(n, &channels, &supply, &best);
                // pairs that no open way joins have an infinite distance
                let plan = plan(&cost, &side(&supply, 1.0), &side(&supply, -1.0), ROUNDING);
                prop_assert!((plan.cost - best.cost).abs() <= 1e-11 * best.cost + 1e-14);
                prop_assert!((plan.cost - plan.dual).abs() <= 1e-11 * best.cost + 1e-14);
            }
            MinimumCost::Infinite(obstacle) => {
                // mass is caught: no open way leaves the nodes, and they hold too much
                let inside = |x: usize| obstacle.nodes.contains(&x);
                for c in &channels {
                    prop_assert!(!(c.forward.is_finite() && inside(c.tail) && !inside(c.head)));
                    prop_assert!(!(c.backward.is_finite() && inside(c.head) && !inside(c.tail)));
                }
                let held: f64 = obstacle.nodes.iter().map(|&x| supply[x]).sum();
                prop_assert!(held > 0.0 && (held - obstacle.surplus).abs() < 1e-12);
                let same = optimal_transport(&cost, &side(&supply, 1.0), &side(&supply, -1.0), ROUNDING, &Run::default());
                prop_assert_eq!(same.unwrap().cost(), f64::INFINITY);
            }
        }
    }

    #[test]
    fn random_transport_is_proved_optimal((n, m, seed) in (1..20_usize, 1..20_usize, 1..1000_u64)) {
        let mut random = Stream::new(seed, Purpose::Search, 0);
        let cost: Vec<f64> = (0..n * m).map(|_| (random.uniform() - 0.3) * 7.0).collect();
        let from: Vec<f64> = (0..n).map(|_| (random.uniform() - 0.2).max(0.0)).collect();
        let to: Vec<f64> = (0..m).map(|_| (random.uniform() - 0.2).max(0.0)).collect();
        let (given, wanted): (f64, f64) = (from.iter().sum(), to.iter().sum());
        prop_assume!(given > 0.0 && wanted > 0.0);
        let to: Vec<f64> = to.iter().map(|t| t * given / wanted).collect();
        let plan = plan(&cost, &from, &to, ROUNDING);
        prop_assert!((plan.cost - plan.dual).abs() <= 1e-13 * given * 7.0);
        prop_assert!(plan.lower_bound <= plan.dual && plan.cost <= plan.upper_bound);
        prop_assert!(plan.flow.len() < n + m);
        for i in 0..n {
            for j in 0..m {
                prop_assert!(plan.target_potential[j] - plan.source_potential[i] <= cost[i * m + j] + 1e-14);
            }
        }
        let sent: f64 = plan.flow.iter().map(|f| f.2).sum();
        prop_assert!((sent - given).abs() <= 1e-13 * given);
    }

    #[test]
    fn closing_pairs_is_as_good_as_making_them_too_dear((n, m, seed) in (1..12_usize, 1..12_usize, 1..1000_u64)) {
        const TOO_DEAR: f64 = 1e5;
        let mut random = Stream::new(seed, Purpose::Search, 0);
        let cost: Vec<f64> = (0..n * m).map(|_| (random.uniform() - 0.3) * 7.0).collect();
        let open: Vec<bool> = (0..n * m).map(|_| random.uniform() < 0.4).collect();
        let from: Vec<f64> = (0..n).map(|_| (8.0 * random.uniform()).floor()).collect();
        let mut to = vec![0.0; m];
        for _ in 0..from.iter().sum::<f64>() as usize {
            to[(m as f64 * random.uniform()) as usize] += 1.0;
        }
        let priced = |price: f64| -> Vec<f64> { cost.iter().zip(&open).map(|(c, open)| if *open { *c } else { price }).collect() };
        let dear = plan(&priced(TOO_DEAR), &from, &to, 0.0);
        let closed = priced(f64::INFINITY);
        match optimal_transport(&closed, &from, &to, 0.0, &Run::default()).unwrap() {
            OptimalTransport::Finite(plan) => {
                prop_assert!((plan.cost - dear.cost).abs() < 1e-9, "{} {}", plan.cost, dear.cost);
                prop_assert!(plan.lower_bound <= dear.upper_bound && dear.lower_bound <= plan.upper_bound);
                prop_assert!(plan.upper_bound - plan.lower_bound < 1e-9);
                prop_assert!(plan.flow.iter().all(|&(i, j, _)| open[i * m + j]));
                for (pair, cost) in closed.iter().enumerate() {
                    prop_assert!(plan.target_potential[pair % m] - plan.source_potential[pair / m] <= *cost);
                }
            }
            OptimalTransport::Infinite(stranded) => {
                prop_assert!(dear.cost > 0.5 * TOO_DEAR);
                let mass = |points: &[usize], masses: &[f64]| points.iter().map(|&x| masses[x]).sum::<f64>();
                let surplus = mass(&stranded.sources, &from) - mass(&stranded.targets, &to);
                prop_assert_eq!(surplus, stranded.surplus);
                let among = |i: usize, j: usize| (stranded.sources.contains(&i), stranded.targets.contains(&j));
                for pair in (0..n * m).filter(|&pair| open[pair]) {
                    let (source, target) = among(pair / m, pair % m);
                    let escapes = (source && !target && surplus > 0.0) || (target && !source && surplus < 0.0);
                    prop_assert!(!escapes);
                }
            }
        }
    }
}

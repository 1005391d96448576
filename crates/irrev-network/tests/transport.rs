//! Distances between distributions by the public API: reference values (`data/transport.json`), laws, and random networks.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use irrev_network::transport::line::{PointsOnLine, wasserstein};
use irrev_network::transport::{Masses, Wasserstein1, wasserstein1, wasserstein1_with_cost};
use irrev_network::{Distribution, Error, Network};
use irrev_numerics::Run;
use irrev_numerics::network_simplex::Method;
use irrev_testing::random::{boundary_distributions, networks, positive_distributions};
use proptest::prelude::*;
use serde_json::Value;

use crate::cases::{Case, index, numbers, only_kinds, run_cases};

const FILE: &str = include_str!("data/transport.json");

fn distribution(case: &Case<'_>, key: &str) -> Distribution {
    Distribution::new(numbers(&case.inputs[key])).unwrap()
}

fn distance(network: &Network, lengths: Option<&[f64]>, p: &[f64], q: &[f64]) -> f64 {
    let state = |p: &[f64]| Distribution::new(p.to_vec()).unwrap();
    wasserstein1(network, lengths, &state(p), &state(q), &Run::default())
        .unwrap()
        .distance()
}

#[test]
fn reference_distances_on_networks_are_reproduced() {
    only_kinds(FILE, &["w1_network"]);
    let count = run_cases(FILE, &["w1_network"], |_, case| {
        let pair = |e: &Value| (index(&e[0]), index(&e[1]));
        let edges: Vec<_> = case.inputs["edges"]
            .as_array()
            .unwrap()
            .iter()
            .map(pair)
            .collect();
        let network = Network::from_edges(index(&case.inputs["n"]), &edges).unwrap();
        let lengths = case.inputs["lengths"]
            .is_array()
            .then(|| numbers(&case.inputs["lengths"]));
        let (from, to) = (distribution(case, "p0"), distribution(case, "p1"));
        let found = wasserstein1(&network, lengths.as_deref(), &from, &to, &Run::default()).unwrap();
        case.compare("W1", found.distance());
        case.compare("TV", from.total_variation(&to).unwrap());
        let transport = found.finite().unwrap();
        assert!(transport.gap().abs() <= 1e-14 && transport.upper_bound - transport.lower_bound < 1e-13);
        // B J = q − p
        let moved = network.divergence(&transport.flow).unwrap();
        let wanted = to
            .probabilities()
            .iter()
            .zip(from.probabilities())
            .map(|(q, p)| q - p);
        assert!(moved.iter().zip(wanted).all(|(m, w)| (m - w).abs() < 1e-15));
    });
    assert_eq!(count, 3);
}

#[test]
fn of_parallel_channels_the_shortest_carries_everything() {
    let network = Network::from_edges(2, &[(0, 1), (1, 0), (0, 1)]).unwrap();
    let (from, to) = (
        Distribution::point(2, 0).unwrap(),
        Distribution::point(2, 1).unwrap(),
    );
    let found = wasserstein1(&network, Some(&[3.0, 2.0, 2.5]), &from, &to, &Run::default()).unwrap();
    assert_eq!(found.distance(), 2.0);
    assert_eq!(found.finite().unwrap().flow, [0.0, -1.0, 0.0]);
    assert_eq!(
        found.finite().unwrap().method,
        Method::Forest,
        "parallel channels make no cycle here"
    );
}

#[test]
fn a_component_that_would_have_to_lose_probability_is_named() {
    let network = Network::builder()
        .states(["a", "b", "c", "alone"])
        .channel("ab", "a", "b", None)
        .channel("bc", "b", "c", None)
        .channel("ca", "c", "a", None)
        .build()
        .unwrap();
    let state = |p: [f64; 4]| Distribution::new(p.to_vec()).unwrap();
    let (p, q) = (state([0.5, 0.2, 0.1, 0.2]), state([0.25, 0.25, 0.25, 0.25]));
    let found = wasserstein1(&network, None, &p, &q, &Run::default()).unwrap();
    assert_eq!(found.distance(), f64::INFINITY);
    let Wasserstein1::Infinite { component, surplus } = found else {
        panic!()
    };
    assert!(surplus.abs() - 0.05 < 1e-15 && (component == ["alone"] || component == ["a", "b", "c"]));
    // what a component keeps up to rounding may stay; sums that miss 1 by what a distribution is allowed do not matter
    let q = state([0.1, 0.2, 0.5 - 1e-14, 0.2 + 1e-14]);
    let kept = wasserstein1(&network, None, &p, &q, &Run::default()).unwrap();
    assert!((kept.distance() - 0.4).abs() < 1e-13);
    let loose = state([0.1, 0.2, 0.5, 0.2])
        .probabilities()
        .iter()
        .map(|p| p * (1.0 + 5e-10))
        .collect();
    let loose = wasserstein1(
        &network,
        None,
        &p,
        &Distribution::new(loose).unwrap(),
        &Run::default(),
    )
    .unwrap();
    assert!((loose.distance() - 0.4).abs() < 1e-13);
}

#[test]
fn masses_in_any_unit_are_carried_as_they_are() {
    let ring = Network::from_edges(3, &[(0, 1), (1, 2), (2, 0)]).unwrap();
    let masses = |m: [f64; 3]| Masses::new(m.to_vec()).unwrap();
    let found = wasserstein1(
        &ring,
        Some(&[1.0, 2.0, 5.0]),
        &masses([5.0, 1.0, 2.0]),
        &masses([1.0, 1.0, 6.0]),
        &Run::default(),
    )
    .unwrap();
    let transport = found.finite().unwrap();
    // whole masses stay whole: four units go the way 0, 1, 2 of length 3
    assert_eq!((transport.distance, transport.total), (12.0, 8.0));
    assert_eq!(
        (&*transport.flow, transport.rebalanced),
        ([4.0, 4.0, 0.0].as_slice(), 0.0)
    );
    let nothing = wasserstein1(&ring, None, &masses([0.0; 3]), &masses([0.0; 3]), &Run::default()).unwrap();
    assert_eq!(nothing.distance(), 0.0);
    let refused = wasserstein1(
        &ring,
        None,
        &masses([5.0, 1.0, 2.0]),
        &masses([1.0; 3]),
        &Run::default(),
    );
    assert!(matches!(
        refused,
        Err(Error::UnequalMasses {
            from: 8.0,
            to: 3.0,
            ..
        })
    ));
}

#[test]
fn a_pair_without_a_way_is_avoided_or_makes_the_distance_infinite() {
    const NO: f64 = f64::INFINITY;
    let masses = |m: [f64; 2]| Masses::new(m.to_vec()).unwrap();
    let least = |cost: [f64; 4], to: [f64; 2]| {
        wasserstein1_with_cost(&cost, &masses([3.0, 4.0]), &masses(to), &Run::default()).unwrap()
    };
    assert_eq!(
        least([0.0, NO, 1.0, 2.0], [5.0, 2.0]).cost(),
        2.0 * 1.0 + 2.0 * 2.0
    );
    assert_eq!(least([0.0, NO, 1.0, 2.0], [2.0, 5.0]).cost(), NO);
    let (p, q) = (masses([3.0, 4.0]), masses([4.0, 3.0]));
    for wrong in [f64::NAN, f64::NEG_INFINITY] {
        let refused = wasserstein1_with_cost(&[0.0, 1.0, wrong, 0.0], &p, &q, &Run::default()).unwrap_err();
        assert!(refused.to_string().starts_with("cost[1, 0] is"), "{refused}");
    }
}

#[test]
fn bad_lengths_are_refused_by_the_name_of_the_edge() {
    let network = Network::from_edges(2, &[(0, 1)]).unwrap();
    let p = Distribution::uniform(2).unwrap();
    for length in [-1.0, f64::NAN, f64::INFINITY] {
        let refused = wasserstein1(&network, Some(&[length]), &p, &p, &Run::default()).unwrap_err();
        assert!(matches!(refused, Error::Domain { what, .. } if what.contains("0→1")));
    }
    assert!(wasserstein1(&network, Some(&[]), &p, &p, &Run::default()).is_err());
    assert!(
        wasserstein1(
            &network,
            None,
            &p,
            &Distribution::uniform(3).unwrap(),
            &Run::default()
        )
        .is_err()
    );
}

/// A connected network with lengths, and three distributions on it.
fn networks_with_states() -> impl Strategy<Value = (Network, Vec<f64>, [Vec<f64>; 3])> {
    networks(25, 4.0).prop_flat_map(|random| {
        let n = random.states;
        let edges: Vec<_> = random.channels.iter().map(|c| (c.0, c.1)).collect();
        let lengths: Vec<f64> = random.channels.iter().map(|c| c.2).collect();
        let network = Network::from_edges(n, &edges).unwrap();
        let states = (
            boundary_distributions(n),
            positive_distributions(n),
            boundary_distributions(n),
        );
        (Just(network), Just(lengths), states)
            .prop_map(|(network, lengths, (p, q, r))| (network, lengths, [p, q, r]))
    })
}

proptest! {
    #![proptest_config(irrev_testing::random::cases(200))]

    #[test]
    fn the_distance_is_a_metric_above_total_variation((network, lengths, [p, q, r]) in networks_with_states()) {
        let d = |p: &[f64], q: &[f64]| distance(&network, Some(&lengths), p, q);
        let (pq, qr, pr) = (d(&p, &q), d(&q, &r), d(&p, &r));
        let rounding = 1e-12 * (pq + qr + pr) + 1e-13 * lengths.iter().sum::<f64>();
        prop_assert!((pq - d(&q, &p)).abs() <= rounding);
        prop_assert!(pr <= pq + qr + rounding);
        let same = p.iter().zip(&q).all(|(p, q)| (p - q).abs() <= 4.0 * f64::EPSILON);
        prop_assert!(d(&p, &p) == 0.0 && (same || pq > 0.0));
        let shortest = lengths.iter().copied().fold(f64::INFINITY, f64::min);
        let variation: f64 = 0.5 * p.iter().zip(&q).map(|(p, q)| (p - q).abs()).sum::<f64>();
        prop_assert!(pq >= shortest * variation - rounding);
    }

    #[test]
    fn between_certain_states_it_is_the_length_of_the_shortest_path((network, lengths, _) in networks_with_states()) {
        let n = network.states().len();
        let mut shortest = vec![f64::INFINITY; n];
        shortest[0] = 0.0;
        for _ in 0..n {
            for (edge, length) in network.edges().iter().zip(&lengths) {
                shortest[edge.to] = shortest[edge.to].min(shortest[edge.from] + length);
                shortest[edge.from] = shortest[edge.from].min(shortest[edge.to] + length);
            }
        }
        let start = Distribution::point(n, 0).unwrap();
        for (end, expected) in shortest.iter().enumerate() {
            let end = Distribution::point(n, end).unwrap();
            let found = wasserstein1(&network, Some(&lengths), &start, &end, &Run::default()).unwrap();
            prop_assert!((found.distance() - expected).abs() <= 1e-13 * expected);
        }
    }

    #[test]
    fn on_a_chain_network_line_and_ground_cost_agree(
        (steps, p, q) in (1..30_usize).prop_flat_map(|n| (
            proptest::collection::vec(0.0..3.0, n), boundary_distributions(n + 1), positive_distributions(n + 1)
        ))
    ) {
        let n = p.len();
        let edges: Vec<_> = (1..n).map(|x| (x - 1, x)).collect();
        let network = Network::from_edges(n, &edges).unwrap();
        let mut position = vec![0.0; n];
        for x in 1..n {
            position[x] = position[x - 1] + steps[x - 1];
        }
        let on_network = distance(&network, Some(&steps), &p, &q);
        let points = |p: &[f64]| PointsOnLine::weighted(&position, p).unwrap();
        let on_line = wasserstein(1.0, &points(&p), &points(&q)).unwrap();
        let cost: Vec<f64> = (0..n * n).map(|k| (position[k / n] - position[k % n]).abs()).collect();
        let state = |p: &[f64]| Distribution::new(p.to_vec()).unwrap();
        let plan = wasserstein1_with_cost(&cost, &state(&p), &state(&q), &Run::default()).unwrap();
        let rounding = 1e-13 * position[n - 1];
        prop_assert!((on_network - on_line).abs() <= rounding);
        prop_assert!((on_network - plan.cost()).abs() <= rounding);
        // the square of W₂ is the least cost for squared distances
        let squared: Vec<f64> = cost.iter().map(|c| c * c).collect();
        let plan = wasserstein1_with_cost(&squared, &state(&p), &state(&q), &Run::default()).unwrap();
        let second = wasserstein(2.0, &points(&p), &points(&q)).unwrap();
        prop_assert!((second * second - plan.cost()).abs() <= 1e-13 * position[n - 1].powi(2));
    }
}

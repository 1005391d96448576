//! W₂ against independent values, its laws as a metric, and what is refused.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use std::sync::Mutex;

use irrev_network::transport::{
    Geodesic, Wasserstein2, Wasserstein2Options, wasserstein2, wasserstein2_near,
};
use irrev_network::{Distribution, Error, MarkovJump};
use irrev_numerics::streams::{Purpose, Stream};
use irrev_numerics::{Monitor, Run};
use serde_json::Value;

fn distribution(values: Vec<f64>) -> Distribution {
    Distribution::new(values).unwrap()
}

fn solve(kinetics: &MarkovJump, from: &Distribution, to: &Distribution, tolerance: f64) -> Geodesic {
    let options = Wasserstein2Options::within(tolerance);
    match wasserstein2(kinetics, from, to, &options, &Run::default()).unwrap() {
        Wasserstein2::Finite(geodesic) => *geodesic,
        Wasserstein2::Infinite { component, .. } => panic!("{component:?} cannot be reached"),
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_f64().unwrap())
        .collect()
}

/// The jump process of a case, whose channels stand under a key as [from, to, rate, rate back].
fn network(case: &Value, key: &str) -> MarkovJump {
    let channels: Vec<(usize, usize, f64, f64)> = case[key]
        .as_array()
        .unwrap()
        .iter()
        .map(|channel| {
            let channel = numbers(channel);
            (channel[0] as usize, channel[1] as usize, channel[2], channel[3])
        })
        .collect();
    MarkovJump::from_rates(case["states"].as_u64().unwrap() as usize, &channels).unwrap()
}

fn references() -> Value {
    serde_json::from_str(include_str!("data/wasserstein2.json")).unwrap()
}

/// Remembers what a computation says of its progress.
#[derive(Default)]
struct Heard(Mutex<Vec<(f64, String)>>);

impl Monitor for Heard {
    fn progress(&self, fraction: f64, what: &str) {
        self.0.lock().unwrap().push((fraction, what.into()));
    }

    fn cancelled(&self) -> bool {
        false
    }
}

#[test]
fn progress_is_told_with_every_step_and_never_falls() {
    let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)]).unwrap();
    let (p, q) = (
        distribution(vec![0.6, 0.3, 0.1]),
        distribution(vec![0.1, 0.2, 0.7]),
    );
    let heard = Heard::default();
    let run = Run {
        monitor: &heard,
        ..Run::default()
    };
    let found = wasserstein2(&ring, &p, &q, &Wasserstein2Options::within(1e-8), &run).unwrap();
    let told = heard.0.into_inner().unwrap();
    let steps = told.iter().filter(|(_, what)| what.contains("step")).count();
    assert!(steps >= found.geodesic().unwrap().newton_steps(), "{told:?}");
    for pair in told.windows(2) {
        assert!(pair[0].0 <= pair[1].0 && pair[1].0 <= 1.0, "{pair:?}");
    }
    assert!(
        told.iter()
            .any(|(_, what)| what.starts_with("geodesic, mesh 1 of ")),
        "{told:?}"
    );
}

#[test]
fn distances_midpoints_and_bounds_agree_with_independent_values() {
    for case in references()["networks"].as_array().unwrap() {
        let kinetics = network(case, "edges");
        let (from, to) = (
            distribution(numbers(&case["from"])),
            distribution(numbers(&case["to"])),
        );
        let found = solve(&kinetics, &from, &to, 1e-6);
        let id = case["id"].as_str().unwrap();
        assert!(found.converged(), "{id}: {:e}", found.relative_gap());
        assert!(
            found.lower_bound() <= found.distance() && found.distance() <= found.upper_bound(),
            "{id}"
        );
        if let Some(exact) = case["distance"].as_f64() {
            assert!(
                (found.distance() / exact - 1.0).abs() < 2e-9,
                "{id}: {} {exact}",
                found.distance()
            );
            // the references themselves are good to 1e-8 at worst
            assert!(found.lower_bound() < exact * (1.0 + 1e-8) && exact < found.upper_bound() * (1.0 + 1e-8));
            if case["midpoint"].is_array() {
                let half = found.at(0.5).unwrap().state;
                for (p, q) in half.iter().zip(numbers(&case["midpoint"])) {
                    assert!((p - q).abs() < 1e-6, "{id}: {half:?}");
                }
            }
        } else {
            let (lower, upper) = (case["lower"].as_f64().unwrap(), case["upper"].as_f64().unwrap());
            assert!(lower <= found.distance() && found.distance() <= upper, "{id}");
        }
    }
}

/// The product of two chains of eight: distances of the factors add in squares.
#[test]
fn an_eight_by_eight_grid_is_certified_to_one_in_a_million() {
    let grid = &references()["grid"];
    let side = 8;
    let rate = grid["rate"].as_f64().unwrap();
    let mut channels = Vec::new();
    for i in 0..side {
        for j in 0..side {
            if j + 1 < side {
                channels.push((i * side + j, i * side + j + 1, rate, rate));
            }
            if i + 1 < side {
                channels.push((i * side + j, (i + 1) * side + j, rate, rate));
            }
        }
    }
    let product = |key: &str| {
        let (a, b) = (numbers(&grid[key][0]), numbers(&grid[key][1]));
        distribution(a.iter().flat_map(|x| b.iter().map(move |y| x * y)).collect())
    };
    let kinetics = MarkovJump::from_rates(side * side, &channels).unwrap();
    let found = solve(&kinetics, &product("factors_from"), &product("factors_to"), 1e-6);
    let exact = grid["distance"].as_f64().unwrap();
    assert!(found.converged());
    assert!((found.distance() / exact - 1.0).abs() < 1e-9);
    assert!(found.lower_bound() < exact && exact < found.upper_bound());
    let chain: Vec<_> = (0..side - 1).map(|i| (i, i + 1, rate, rate)).collect();
    let chain = MarkovJump::from_rates(side, &chain).unwrap();
    let squares: f64 = (0..2)
        .map(|k| {
            let ends = |key: &str| distribution(numbers(&grid[key][k]));
            solve(&chain, &ends("factors_from"), &ends("factors_to"), 1e-6)
                .distance()
                .powi(2)
        })
        .sum();
    assert!((squares.sqrt() / exact - 1.0).abs() < 1e-9);
}

/// Ends and rates of a channel.
type Channel = (usize, usize, f64, f64);

/// A random connected network with parallel channels and no detailed balance, and three distributions on it.
fn random_network(random: &mut Stream, states: usize) -> (Vec<Channel>, Vec<Distribution>) {
    let rate = |random: &mut Stream| (2.0 * random.uniform() - 1.0).exp();
    let mut channels = Vec::new();
    for i in 1..states {
        let other = (random.uniform() * i as f64) as usize;
        channels.push((other, i, rate(random), rate(random)));
    }
    for _ in 0..states {
        let a = (random.uniform() * states as f64) as usize;
        let b = (random.uniform() * states as f64) as usize;
        if a != b {
            channels.push((a, b, rate(random), rate(random)));
        }
    }
    let points = (0..3)
        .map(|_| {
            let weights: Vec<f64> = (0..states)
                .map(|_| -(1.0 - random.uniform()).ln() + 1e-3)
                .collect();
            let sum: f64 = weights.iter().sum();
            distribution(weights.iter().map(|w| w / sum).collect())
        })
        .collect();
    (channels, points)
}

#[test]
fn w2_is_a_metric_that_names_do_not_matter_to() {
    let mut random = Stream::new(1, Purpose::Search, 0);
    for states in [3, 4, 6, 9] {
        let (channels, p) = random_network(&mut random, states);
        let kinetics = MarkovJump::from_rates(states, &channels).unwrap();
        let d = |a: usize, b: usize| solve(&kinetics, &p[a], &p[b], 1e-6);
        let (ab, ba, bc, ac) = (d(0, 1), d(1, 0), d(1, 2), d(0, 2));
        for found in [&ab, &ba, &bc, &ac] {
            assert!(found.converged(), "{states} states: {:e}", found.relative_gap());
        }
        assert!((ab.distance() / ba.distance() - 1.0).abs() < 1e-7);
        assert!(ac.lower_bound() <= ab.upper_bound() + bc.upper_bound());
        assert_eq!(d(0, 0).distance(), 0.0);
        // states in reverse order
        let turned: Vec<_> = channels
            .iter()
            .map(|&(a, b, k, l)| (states - 1 - a, states - 1 - b, k, l))
            .collect();
        let mirror = |p: &Distribution| distribution(p.probabilities().iter().rev().copied().collect());
        let other = MarkovJump::from_rates(states, &turned).unwrap();
        let again = solve(&other, &mirror(&p[0]), &mirror(&p[1]), 1e-6);
        assert!((again.distance() / ab.distance() - 1.0).abs() < 1e-7);
    }
}

#[test]
fn a_geodesic_has_constant_speed_and_its_currents_move_its_states() {
    let mut random = Stream::new(2, Purpose::Search, 0);
    let (channels, p) = random_network(&mut random, 6);
    let kinetics = MarkovJump::from_rates(6, &channels).unwrap();
    let geodesic = solve(&kinetics, &p[0], &p[1], 1e-6);
    let network = kinetics_network(&channels);
    for t in [0.1, 0.35, 0.5, 0.8] {
        let moment = geodesic.at(t).unwrap();
        let gradient = network.gradient(&moment.potential).unwrap();
        let power: f64 = gradient.iter().zip(&moment.current).map(|(f, j)| f * j).sum();
        assert!(
            (power / geodesic.distance().powi(2) - 1.0).abs() < 1e-5,
            "{t}: {power}"
        );
        let h = 1e-4;
        let (before, after) = (geodesic.at(t - h).unwrap(), geodesic.at(t + h).unwrap());
        let moved = network.divergence(&moment.current).unwrap();
        for ((a, b), rate) in before.state.iter().zip(&after.state).zip(&moved) {
            assert!(((b - a) / (2.0 * h) - rate).abs() < 1e-5);
        }
        assert!((moment.state.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
    assert_eq!(geodesic.at(0.0).unwrap().state.len(), 6);
    assert!(matches!(geodesic.at(1.5), Err(Error::Domain { .. })));
}

fn kinetics_network(channels: &[(usize, usize, f64, f64)]) -> irrev_network::Network {
    let edges: Vec<(usize, usize)> = channels.iter().map(|c| (c.0, c.1)).collect();
    irrev_network::Network::from_edges(6, &edges).unwrap()
}

#[test]
fn point_masses_have_a_certified_distance_too() {
    let triangle =
        MarkovJump::from_rates(3, &[(0, 1, 1.0, 1.0), (0, 2, 1.0, 1.0), (1, 2, 1.0, 1.0)]).unwrap();
    let point = |i| Distribution::point(3, i).unwrap();
    let found = solve(&triangle, &point(0), &point(1), 1e-6);
    assert!(found.converged());
    // by symmetry each pair of corners is as far apart
    let other = solve(&triangle, &point(2), &point(0), 1e-6);
    assert!(found.lower_bound() <= other.upper_bound() && other.lower_bound() <= found.upper_bound());
    assert_eq!(found.at(0.0).unwrap().state, [1.0, 0.0, 0.0]);
    let two = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)]).unwrap();
    let (left, right) = (
        Distribution::point(2, 0).unwrap(),
        Distribution::point(2, 1).unwrap(),
    );
    let exact = 2.4295689192171617_f64.sqrt();
    let corners = solve(&two, &left, &right, 1e-6);
    assert!((corners.distance() / exact - 1.0).abs() < 1e-10 && corners.lower_bound() < exact);
}

/// The corners 0…0 and 1…1 of a cube: coordinates move independently, so that squares of the two-state distance add.
#[test]
fn opposite_corners_of_a_cube_are_certified_though_many_jumps_apart() {
    let two_states = 2.4295689192171617_f64;
    for dimension in [2_usize, 3, 4] {
        let states = 1 << dimension;
        let edges: Vec<(usize, usize, f64, f64)> = (0..states)
            .flat_map(|i| (0..dimension).map(move |bit| (i, i | 1 << bit)))
            .filter(|(i, j)| i != j)
            .map(|(i, j)| (i, j, 1.0, 1.0))
            .collect();
        let cube = MarkovJump::from_rates(states, &edges).unwrap();
        let corner = |i| Distribution::point(states, i).unwrap();
        let found = solve(&cube, &corner(0), &corner(states - 1), 1e-6);
        let exact = (dimension as f64 * two_states).sqrt();
        assert!(found.converged(), "gap {:e}", found.relative_gap());
        assert!(found.lower_bound() <= exact && exact <= found.upper_bound());
        assert!((found.distance() / exact - 1.0).abs() < 1e-7);
    }
}

#[test]
fn the_ends_of_a_chain_are_certified_and_the_way_back_is_as_long() {
    let states = 6;
    let rates: Vec<(usize, usize, f64, f64)> =
        (0..states - 1).map(|i| (i, i + 1, 1.0 + i as f64, 0.5)).collect();
    let chain = MarkovJump::from_rates(states, &rates).unwrap();
    let end = |i| Distribution::point(states, i).unwrap();
    let (there, back) = (
        solve(&chain, &end(0), &end(states - 1), 1e-6),
        solve(&chain, &end(states - 1), &end(0), 1e-6),
    );
    assert!(there.converged() && back.converged());
    assert!(there.lower_bound() <= back.upper_bound() && back.lower_bound() <= there.upper_bound());
    // half of a face, the rest of it empty, and a state in between
    let face = distribution(vec![0.5, 0.0, 0.0, 0.5, 0.0, 0.0]);
    let inside = distribution(vec![0.1, 0.2, 0.2, 0.2, 0.2, 0.1]);
    let (first, second) = (
        solve(&chain, &end(0), &face, 1e-5),
        solve(&chain, &face, &inside, 1e-5),
    );
    let direct = solve(&chain, &end(0), &inside, 1e-5);
    assert!(direct.converged());
    // occupied states that are far apart exchange less, near this end, than their own rounding: the interval stays a little wider
    assert!(first.relative_gap() < 1e-3 && second.relative_gap() < 1e-3);
    assert!(direct.lower_bound() <= first.upper_bound() + second.upper_bound());
}

fn overlap(a: &Geodesic, b: &Geodesic) -> bool {
    a.lower_bound() <= b.upper_bound() && b.lower_bound() <= a.upper_bound()
}

/// From one state to a distribution inside and to another state, on networks of 3 to 8 states; loosely and tightly.
#[test]
fn point_masses_on_random_networks_are_certified_to_loose_and_tight_tolerances() {
    for seed in 1..=6 {
        let mut random = Stream::new(seed, Purpose::Search, 7);
        let states = 3 + (6.0 * random.uniform()) as usize;
        let (channels, points) = random_network(&mut random, states);
        let kinetics = MarkovJump::from_rates(states, &channels).unwrap();
        let start = Distribution::point(states, 0).unwrap();
        for end in [&points[0], &Distribution::point(states, states - 1).unwrap()] {
            let found = [1e-2, 1e-3, 1e-6].map(|tolerance| solve(&kinetics, &start, end, tolerance));
            for geodesic in &found {
                assert!(geodesic.converged(), "seed {seed}: {:e}", geodesic.relative_gap());
                assert!(overlap(geodesic, &found[2]), "seed {seed}");
            }
        }
    }
}

#[test]
fn a_state_that_holds_next_to_nothing_counts_as_empty() {
    let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)]).unwrap();
    let end = distribution(vec![0.2, 0.3, 0.5]);
    let empty = solve(&ring, &distribution(vec![0.0, 0.5, 0.5]), &end, 1e-6);
    assert!(empty.converged());
    for little in [1e-300, 1e-14, 1e-11, 1e-9] {
        let start = distribution(vec![little, 0.5, 0.5 - little]);
        let found = solve(&ring, &start, &end, 1e-6);
        assert!(found.converged(), "{little:e}: {:e}", found.relative_gap());
        // moving so little costs less than 1e-7
        assert!((found.distance() - empty.distance()).abs() < 1e-6, "{little:e}");
    }
}

/// Such a state relaxes within any element of time: undamped, its probability alternates from end to end, and where it is fed again polynomials swing
/// below zero. Neither may keep the bounds apart.
#[test]
fn geodesics_on_which_a_state_runs_dry_take_few_elements() {
    let cases: Value = serde_json::from_str(include_str!("data/dry_states.json")).unwrap();
    for case in cases.as_array().unwrap() {
        let (from, to) = (
            distribution(numbers(&case["from"])),
            distribution(numbers(&case["to"])),
        );
        let tolerance = case["tolerance"].as_f64().unwrap();
        let found = solve(&network(case, "channels"), &from, &to, tolerance);
        assert!(found.converged(), "{tolerance:e}: {:e}", found.relative_gap());
        let driest = found.times().iter().fold(1.0_f64, |least, time| {
            let state = found.at(*time).unwrap().state;
            state.iter().fold(least, |least, p| least.min(*p))
        });
        assert!(driest > 0.0 && driest < 1e-8, "{driest:e}");
        let most = case["elements"].as_u64().unwrap() as usize;
        assert!(found.times().len() < most, "{}", found.times().len());
    }
}

#[test]
fn from_a_corner_of_a_grid_probability_spreads_over_states_that_begin_nearly_empty() {
    // more states than dense steps are made for; along the path the farthest hold down to 1e-8
    let side = 13;
    let mut channels = Vec::new();
    for i in 0..side * side {
        if i % side + 1 < side {
            channels.push((i, i + 1, 1.0, 1.0));
        }
        if i + side < side * side {
            channels.push((i, i + side, 1.0, 1.0));
        }
    }
    let grid = MarkovJump::from_rates(side * side, &channels).unwrap();
    let even = 1.0 / (side * side) as f64;
    let mut corner = vec![0.01 * even; side * side];
    corner[0] += 0.99;
    let found = solve(
        &grid,
        &distribution(corner),
        &distribution(vec![even; side * side]),
        0.1,
    );
    assert!(found.converged(), "{:e}", found.relative_gap());
    // as found to 5e-3
    assert!(found.lower_bound() < 9.9943 * 1.003 && found.upper_bound() > 9.9943 / 1.003);
}

#[test]
fn rates_over_nine_decades_are_certified() {
    let rates = [
        (2.573500177203478, 0.07325987650042771),
        (0.12677800464641015, 4.993682655902884e-06),
        (8091.237084310347, 305.1579038522088),
        (0.19649580738980021, 47.896045022991885),
    ];
    let channels: Vec<_> = (0..4).map(|i| (i, (i + 1) % 4, rates[i].0, rates[i].1)).collect();
    let ring = MarkovJump::from_rates(4, &channels).unwrap();
    let corner = |i: usize| distribution((0..4).map(|j| f64::from(u8::from(i == j))).collect());
    let found = solve(&ring, &corner(0), &corner(2), 1e-6);
    assert!(found.converged(), "{:e}", found.relative_gap());
    // lower bound of the interval at 1e-4 and upper bound of the one at 1e-6, on other meshes
    assert!(found.upper_bound() > 0.598390 && found.lower_bound() < 0.598415);
}

#[test]
fn ends_close_to_each_other_on_a_face_are_certified() {
    let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)]).unwrap();
    let (from, to) = (
        distribution(vec![0.0, 0.5, 0.5]),
        distribution(vec![0.0, 0.501, 0.499]),
    );
    let found = solve(&ring, &from, &to, 1e-6);
    assert!(found.converged());
    // at most the straight way, on which the channel between them conducts √(j⁺ j⁻) at least
    let straight = 0.001 / (3.0 * 0.499 * 1.0 * 0.499_f64).powf(0.25);
    assert!(found.lower_bound() <= straight && found.distance() > 0.5 * straight);
}

#[test]
fn two_states_move_at_the_speed_of_the_distance() {
    let two = MarkovJump::from_rates(2, &[(0, 1, 2.0, 0.5)]).unwrap();
    for (from, to) in [(0.9, 0.2), (0.2, 0.9), (1.0, 0.0), (0.3, 1.0)] {
        let (from, to) = (
            distribution(vec![from, 1.0 - from]),
            distribution(vec![to, 1.0 - to]),
        );
        let whole = solve(&two, &from, &to, 1e-6);
        for t in [0.1, 0.5, 0.75] {
            let between = distribution(whole.at(t).unwrap().state);
            let part = solve(&two, &from, &between, 1e-6);
            assert!((part.distance() / (t * whole.distance()) - 1.0).abs() < 1e-8);
        }
    }
}

/// 1/√L is convex: rectangles at midpoints bound its integral from below and trapezoids from above, whatever makes the narrow interval.
#[test]
fn two_states_are_certified_to_rounding() {
    const STEPS: usize = 4000;
    let channels = [(1.0, 2.0), (1e-4, 30.0), (500.0, 0.2)];
    for used in 1..=channels.len() {
        let rates: Vec<_> = channels[..used]
            .iter()
            .map(|(k, back)| (0, 1, *k, *back))
            .collect();
        let two = MarkovJump::from_rates(2, &rates).unwrap();
        for (from, to) in [(0.9, 0.2), (0.05, 0.95), (1e-3, 0.4)] {
            let ends = [from, to].map(|p| distribution(vec![p, 1.0 - p]));
            let found = solve(&two, &ends[0], &ends[1], 1e-10);
            let width = found.upper_bound() / found.lower_bound() - 1.0;
            assert!(found.converged() && width < 1e-13, "width {width:e}");
            let slowness = |p: f64| {
                let means = rates.iter().map(|(_, _, k, back)| {
                    let (a, b) = (k * p, back * (1.0 - p));
                    if a == b { a } else { (a - b) / (a / b).ln() }
                });
                means.sum::<f64>().sqrt().recip()
            };
            let (low, high) = (from.min(to), from.max(to));
            let (mut below, mut above) = (0.0, 0.0);
            // equal steps of ln p/(1 − p)
            let place = |step: usize| {
                let logit = |p: f64| (p / (1.0 - p)).ln();
                let at = logit(low) + (logit(high) - logit(low)) * step as f64 / STEPS as f64;
                at.exp() / (1.0 + at.exp())
            };
            for step in 0..STEPS {
                let (a, b) = (place(step), place(step + 1));
                below += (b - a) * slowness(0.5 * (a + b));
                above += 0.5 * (b - a) * (slowness(a) + slowness(b));
            }
            assert!(above / below < 1.0 + 1e-4);
            assert!(below <= found.upper_bound() && found.lower_bound() <= above);
        }
    }
}

#[test]
fn a_geodesic_nearby_is_a_start_that_changes_nothing_but_the_work() {
    let ring = |k: f64| {
        let rates: Vec<_> = (0..5).map(|i| (i, (i + 1) % 5, k, 1.0)).collect();
        MarkovJump::from_rates(5, &rates).unwrap()
    };
    let (from, to) = (
        distribution(vec![0.5, 0.2, 0.1, 0.1, 0.1]),
        distribution(vec![0.1, 0.1, 0.2, 0.5, 0.1]),
    );
    let options = Wasserstein2Options::default();
    let first = solve(&ring(2.0), &from, &to, 1e-6);
    let cold = solve(&ring(2.2), &from, &to, 1e-6);
    let warm = wasserstein2_near(&ring(2.2), &from, &to, &first, &options, &Run::default()).unwrap();
    let warm = warm.geodesic().unwrap();
    assert!(warm.converged() && warm.newton_steps() < cold.newton_steps());
    assert!(warm.lower_bound() <= cold.upper_bound() && cold.lower_bound() <= warm.upper_bound());
    let four = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)]).unwrap();
    let ends = (distribution(vec![0.5, 0.5]), distribution(vec![0.4, 0.6]));
    let refused = wasserstein2_near(&four, &ends.0, &ends.1, &first, &options, &Run::default());
    assert!(matches!(refused, Err(Error::Length { .. })));
}

#[test]
fn what_cannot_be_is_said() {
    let apart = MarkovJump::from_rates(4, &[(0, 1, 1.0, 2.0), (2, 3, 1.0, 1.0)]).unwrap();
    let (from, to) = (
        distribution(vec![0.3, 0.2, 0.4, 0.1]),
        distribution(vec![0.1, 0.2, 0.4, 0.3]),
    );
    let options = Wasserstein2Options::default();
    let found = wasserstein2(&apart, &from, &to, &options, &Run::default()).unwrap();
    assert_eq!(found.distance(), f64::INFINITY);
    let Wasserstein2::Infinite { component, surplus } = found else {
        panic!()
    };
    assert_eq!(component, ["0", "1"]);
    assert!((surplus - 0.2).abs() < 1e-15);
    // equal probability in each component: the squares add
    let to = distribution(vec![0.1, 0.4, 0.1, 0.4]);
    let both = solve(&apart, &from, &to, 1e-6);
    assert!(both.converged() && both.distance() > 0.0);
    let one_way = MarkovJump::from_rates(2, &[(0, 1, 1.0, 0.0)]).unwrap();
    let ends = (distribution(vec![0.5, 0.5]), distribution(vec![0.4, 0.6]));
    let refused = wasserstein2(&one_way, &ends.0, &ends.1, &options, &Run::default());
    assert!(matches!(refused, Err(Error::OneWay { .. })), "{refused:?}");
    let wrong = wasserstein2(&apart, &ends.0, &ends.1, &options, &Run::default());
    assert!(matches!(wrong, Err(Error::Length { .. })));
    for tolerance in [0.0, -1.0, f64::NAN, 1.0] {
        let options = Wasserstein2Options::within(tolerance);
        let refused = wasserstein2(&apart, &from, &to, &options, &Run::default());
        assert!(matches!(refused, Err(Error::Domain { .. })));
    }
}

/// Near a state the distance is the length of the step in its metric, W₂² = Δᵀ (B L Bᵀ)⁻¹ Δ, down to where rounding leaves nothing of Δ.
#[test]
fn nearly_equal_distributions_are_nearly_at_no_distance() {
    let triangle =
        MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)]).unwrap();
    let from = triangle.stationary_distribution().unwrap();
    let p = from.probabilities();
    let l: Vec<f64> = triangle.flow(&from).unwrap().onsager_coefficient().to_vec();
    // Δ = δ (1, −1, 0): the direct edge beside the two others in a row
    let resistance = 1.0 / (l[0] + 1.0 / (1.0 / l[1] + 1.0 / l[2]));
    for size in [1e-3, 1e-5, 1e-7, 1e-9, 1e-11, 1e-13, 1e-15] {
        let to = distribution(vec![p[0] + size, p[1] - size, p[2]]);
        let found = solve(&triangle, &from, &to, 1e-6);
        let expected = size * resistance.sqrt();
        assert!(found.lower_bound() <= found.distance() && found.distance() <= found.upper_bound());
        // first order in the step, and what rounding leaves of the step
        let accepted = 10.0 * size + 1e-15 / size;
        assert!(
            (found.distance() / expected - 1.0).abs() < accepted,
            "{size:e}: {:e} {expected:e}",
            found.distance()
        );
        if size >= 1e-7 {
            assert!(found.converged(), "{size:e}: {:e}", found.relative_gap());
        }
    }
}

#[test]
fn ends_next_to_each_other_on_a_face_have_an_interval_all_the_same() {
    // W₂ → δ/√L for a step δ over one edge with L = ½; beside the empty states there is no time to resolve
    let chain = MarkovJump::from_rates(4, &[(0, 1, 1.0, 1.0), (1, 2, 1.0, 1.0), (2, 3, 1.0, 1.0)]).unwrap();
    let (from, to) = (
        distribution(vec![0.5, 0.5, 0.0, 0.0]),
        distribution(vec![0.5 + 1e-6, 0.5 - 1e-6, 0.0, 0.0]),
    );
    let found = solve(&chain, &from, &to, 1e-3);
    let step = 1e-6 * 2f64.sqrt();
    assert!(found.lower_bound() >= 0.7 * step && found.lower_bound() <= step);
    assert!(found.upper_bound() >= step * (1.0 - 1e-6) && found.upper_bound() <= 1.1 * step);
}

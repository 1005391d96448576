//! Entropic curvature by the public API: reference values (`data/curvature.json`), closed forms, laws, and random networks.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use irrev_network::transport::curvature::{
    CurvatureInterval, CurvatureOptions, EntropicCurvature, curvature_at, entropic_curvature,
    modified_log_sobolev, product_curvature, relaxation_bounds,
};
use irrev_network::{Distribution, Error, Kinetics, MarkovJump, gallery};
use irrev_numerics::Run;
use irrev_testing::assert_close;
use irrev_testing::random::{balanced_networks, balanced_networks_with_state, positive_distributions};
use proptest::prelude::*;

use crate::cases::{index, numbers, only_kinds, run_cases};

const FILE: &str = include_str!("data/curvature.json");

fn search(kinetics: &MarkovJump) -> EntropicCurvature {
    entropic_curvature(kinetics, &CurvatureOptions::default(), &Run::default()).unwrap()
}

/// States are the corners of a cube; every bit flips at rate 1 both ways.
fn hypercube(dimension: usize) -> MarkovJump {
    let states = 1 << dimension;
    let mut channels = Vec::new();
    for x in 0..states {
        channels.extend(
            (0..dimension)
                .filter(|k| x & (1 << k) == 0)
                .map(|k| (x, x | (1 << k), 1.0, 1.0)),
        );
    }
    MarkovJump::from_rates(states, &channels).unwrap()
}

fn complete(states: usize) -> MarkovJump {
    let pairs = (0..states).flat_map(|x| (x + 1..states).map(move |y| (x, y, 1.0, 1.0)));
    MarkovJump::from_rates(states, &pairs.collect::<Vec<_>>()).unwrap()
}

#[test]
fn reference_curvatures_are_reproduced() {
    only_kinds(FILE, &["entropic_curvature"]);
    let count = run_cases(FILE, &["entropic_curvature"], |_, case| {
        let edges = case.inputs["edges"].as_array().unwrap().iter();
        let channels: Vec<_> = edges
            .map(|e| {
                (
                    index(&e[0]),
                    index(&e[1]),
                    e[2].as_f64().unwrap(),
                    e[3].as_f64().unwrap(),
                )
            })
            .collect();
        let kinetics = MarkovJump::from_rates(index(&case.inputs["n"]), &channels).unwrap();
        let found = search(&kinetics);
        case.compare("kappa", found.value);
        // the pencil itself is known better than the infimum
        case.relative = 1e-9;
        let p = Distribution::new(numbers(&case.inputs["p_test"])).unwrap();
        case.compare("kappa_at_p", curvature_at(&kinetics, &p).unwrap().value);
        let stationary = kinetics.stationary_distribution().unwrap();
        case.compare("kappa_at_pi", curvature_at(&kinetics, &stationary).unwrap().value);
        case.compare("spectral_gap", found.spectral_gap);
        case.ignore(&["argmin", "mlsi_upper_sampled"]);
        assert!(found.is_local_minimum(), "{}: {:?}", case.id, found.local_minimum);
        assert!(found.value <= found.spectral_gap * (1.0 + 1e-12), "{}", case.id);
        assert!(
            found.lower_bound.is_none_or(|b| b <= found.value * (1.0 + 1e-12)),
            "{}",
            case.id
        );
        let constant =
            modified_log_sobolev(&kinetics, &found, &CurvatureOptions::default(), &Run::default()).unwrap();
        let sampled = case.expected["mlsi_upper_sampled"].as_f64().unwrap();
        assert!(
            constant.value <= sampled * (1.0 + 1e-7),
            "{}: {} above {sampled}",
            case.id,
            constant.value
        );
        assert!(found.value <= constant.value * (1.0 + 1e-9), "{}", case.id);
    });
    assert_eq!(count, 6);
}

/// κ = (a + b)/2 + min over β of Λ(b(1 + β), a(1 − β))/(1 − β²) (Maas, J. Funct. Anal. 261, 2250 (2011)), by a fine grid.
#[test]
fn two_states_have_their_closed_form_as_value_and_bound() {
    for (a, b) in [(1.0, 1.0), (2.0, 0.5), (1e-3, 1.0), (40.0, 0.3)] {
        let found = search(&MarkovJump::from_rates(2, &[(0, 1, a, b)]).unwrap());
        let mean = |x: f64, y: f64| irrev_numerics::special::logarithmic_mean(x, y);
        let grid = (-99_999..100_000_i32).map(|k| f64::from(k) * 1e-5);
        let least = grid
            .map(|x| mean(b * (1.0 + x), a * (1.0 - x)) / ((1.0 - x) * (1.0 + x)))
            .fold(f64::INFINITY, f64::min);
        let expected = 0.5 * (a + b) + least;
        // the grid errs by its step squared times the second derivative
        assert_close("κ", found.value, expected, 1e-7, 0.0);
        assert_close("bound", found.lower_bound.unwrap(), found.value, 1e-12, 0.0);
    }
}

#[test]
fn hypercubes_have_curvature_two_in_every_dimension() {
    for dimension in 1..=4 {
        let found = search(&hypercube(dimension));
        assert_close("κ", found.value, 2.0, 1e-9, 0.0);
        assert_close("bound", found.lower_bound.unwrap(), 2.0, 1e-12, 0.0);
    }
    let spin = search(&hypercube(1));
    let whole = product_curvature(&[spin.clone(), spin.clone(), spin]).unwrap();
    assert_close("tensorisation", whole.value, 2.0, 1e-12, 0.0);
    assert!(matches!(
        product_curvature::<CurvatureInterval>(&[]),
        Err(Error::NoStates)
    ));
}

#[test]
fn complete_graphs_are_bounded_by_half_of_n_plus_two() {
    for n in 2..=6_u32 {
        let found = search(&complete(n as usize));
        assert_close(
            "bound",
            found.lower_bound.unwrap(),
            0.5 * f64::from(n + 2),
            1e-12,
            0.0,
        );
        assert!(
            found.lower_bound.unwrap() <= found.value * (1.0 + 1e-12)
                && found.value <= f64::from(n) * (1.0 + 1e-12)
        );
    }
}

#[test]
fn chains_with_falling_birth_and_rising_death_rates_are_bounded_from_below() {
    // independent particles in two boxes: birth N − k, death k, κ of one of them is 2
    let n = 5_u32;
    let channels: Vec<_> = (0..n)
        .map(|k| (k as usize, k as usize + 1, f64::from(n - k), f64::from(k + 1)))
        .collect();
    let found = search(&MarkovJump::from_rates(n as usize + 1, &channels).unwrap());
    assert_close("bound", found.lower_bound.unwrap(), 2.0, 1e-12, 0.0);
    assert_close("κ", found.value, 2.0, 1e-9, 0.0);
    assert_close("gap", found.spectral_gap, 2.0, 1e-12, 0.0);
    // rates that turn round have no such bound
    let turning = MarkovJump::from_rates(3, &[(0, 1, 1.0, 3.0), (1, 2, 2.0, 1.0)]).unwrap();
    assert_eq!(search(&turning).lower_bound, None);
}

#[test]
fn a_product_is_bounded_as_the_lowest_of_its_factors() {
    // two particles in two boxes at rate 1 beside a spin at rates 3 and 1, state 2k + s
    let mut channels = Vec::new();
    for k in 0..3_usize {
        channels.push((2 * k, 2 * k + 1, 3.0, 1.0));
        for s in 0..2 {
            let (birth, death) = ([2.0, 1.0, 0.0][k], [1.0, 2.0, 0.0][k]);
            channels.extend((k < 2).then_some((2 * k + s, 2 * k + 2 + s, birth, death)));
        }
    }
    let whole = search(&MarkovJump::from_rates(6, &channels).unwrap());
    let particles = search(&MarkovJump::from_rates(3, &[(0, 1, 2.0, 1.0), (1, 2, 1.0, 2.0)]).unwrap());
    let spin = search(&MarkovJump::from_rates(2, &[(0, 1, 3.0, 1.0)]).unwrap());
    let expected = product_curvature(&[spin, particles]).unwrap();
    assert_eq!(expected.part, 1);
    assert_close("κ", whole.value, expected.value, 1e-9, 0.0);
    assert_close(
        "bound",
        whole.lower_bound.unwrap(),
        expected.lower_bound.unwrap(),
        1e-12,
        0.0,
    );
    assert_close("bound", expected.lower_bound.unwrap(), 2.0, 1e-12, 0.0);
    // a ring is flat in this sense: jumps along it commute
    let ring: Vec<_> = (0..6).map(|x| (x, (x + 1) % 6, 1.0, 1.0)).collect();
    assert_eq!(
        search(&MarkovJump::from_rates(6, &ring).unwrap()).lower_bound,
        Some(0.0)
    );
}

#[test]
fn a_process_without_detailed_balance_is_refused_with_its_defect() {
    let driven = gallery::three_state_ring(0.5, 1.0).unwrap();
    let uniform = Distribution::uniform(3).unwrap();
    let defect = driven.detailed_balance_defect().unwrap();
    for refused in [
        curvature_at(&driven, &uniform).unwrap_err(),
        entropic_curvature(&driven, &CurvatureOptions::default(), &Run::default()).unwrap_err(),
    ] {
        assert!(
            matches!(&refused, Error::Domain { value, .. } if *value == defect),
            "{refused}"
        );
        assert!(refused.to_string().contains("detailed balance"), "{refused}");
    }
    let one_way = MarkovJump::from_rates(2, &[(0, 1, 1.0, 0.0)]).unwrap();
    assert!(curvature_at(&one_way, &Distribution::uniform(2).unwrap()).is_err());
    let two = hypercube(1);
    assert!(matches!(
        curvature_at(&two, &Distribution::point(2, 0).unwrap()),
        Err(Error::NotPositive { .. })
    ));
    assert!(matches!(curvature_at(&two, &uniform), Err(Error::Length { .. })));
    let single = MarkovJump::from_rates(1, &[]).unwrap();
    assert!(curvature_at(&single, &Distribution::uniform(1).unwrap()).is_err());
    let options = CurvatureOptions {
        descents: 0,
        ..Default::default()
    };
    assert!(entropic_curvature(&two, &options, &Run::default()).is_err());
}

#[test]
fn the_result_depends_neither_on_threads_nor_on_numbers_and_parallel_channels_add_up() {
    let chain = |k: &[(usize, usize, f64, f64)]| MarkovJump::from_rates(4, k).unwrap();
    let merged = chain(&[(0, 1, 2.0, 1.0), (1, 2, 1.0, 0.25), (2, 3, 3.0, 3.0)]);
    let split = chain(&[
        (0, 1, 1.5, 0.75),
        (1, 0, 0.25, 0.5),
        (1, 2, 1.0, 0.25),
        (2, 3, 3.0, 3.0),
    ]);
    let with = |threads| {
        let run = Run {
            threads,
            ..Run::default()
        };
        entropic_curvature(&merged, &CurvatureOptions::default(), &run).unwrap()
    };
    assert_eq!(with(1), with(3));
    let reversed = chain(&[(0, 1, 3.0, 3.0), (2, 1, 1.0, 0.25), (2, 3, 1.0, 2.0)]);
    assert_close("renumbered", search(&reversed).value, with(1).value, 1e-9, 0.0);
    assert_close("split", search(&split).value, with(1).value, 1e-9, 0.0);
}

#[test]
fn near_a_corner_two_states_keep_their_digits() {
    let two = MarkovJump::from_rates(2, &[(0, 1, 2.0, 0.5)]).unwrap();
    for small in [1e-3, 1e-8, 1e-16, 1e-100] {
        let p = Distribution::new(vec![small, 1.0 - small]).unwrap();
        // H/K = (a + b)/2 + ½ [a Λ(1, r) + b Λ(1, 1/r)] with r = ρ_1/ρ_0
        let r = (p.probabilities()[1] / 0.8) / (small / 0.2);
        let mean = |x: f64, y: f64| irrev_numerics::special::logarithmic_mean(x, y);
        let expected = 1.25 + 0.5 * (2.0 * mean(1.0, r) + 0.5 * mean(1.0, 1.0 / r));
        assert_close(
            "κ(p)",
            curvature_at(&two, &p).unwrap().value,
            expected,
            1e-12,
            0.0,
        );
    }
}

/// ṗ = K ψ and ψ̇_x = −½ Σ (Bᵀψ)² ∂L/∂p_x, by the classical Runge–Kutta method, and D(p‖π) at the end.
fn entropy_along_geodesic(kinetics: &MarkovJump, p: &[f64], psi: &[f64], time: f64) -> f64 {
    let n = p.len();
    let rate = |state: &[f64]| {
        let (p, psi) = state.split_at(n);
        let mut out = vec![0.0; 2 * n];
        let rates = kinetics.forward_rate().iter().zip(kinetics.backward_rate());
        for (edge, (k, back)) in kinetics.network().edges().iter().zip(rates) {
            let (a, b) = (k * p[edge.from], back * p[edge.to]);
            let g = psi[edge.to] - psi[edge.from];
            let flow = irrev_numerics::special::logarithmic_mean(a, b) * g;
            out[edge.from] -= flow;
            out[edge.to] += flow;
            let (by_a, by_b) = irrev_numerics::special::logarithmic_mean_gradient(a, b);
            out[n + edge.from] -= 0.5 * g * g * k * by_a;
            out[n + edge.to] -= 0.5 * g * g * back * by_b;
        }
        out
    };
    let steps = 8;
    let h = time / f64::from(steps);
    let mut state: Vec<f64> = p.iter().chain(psi).copied().collect();
    let add = |a: &[f64], b: &[f64], h: f64| a.iter().zip(b).map(|(a, b)| a + h * b).collect::<Vec<_>>();
    for _ in 0..steps {
        let k1 = rate(&state);
        let k2 = rate(&add(&state, &k1, 0.5 * h));
        let k3 = rate(&add(&state, &k2, 0.5 * h));
        let k4 = rate(&add(&state, &k3, h));
        for (k, weight) in [(k1, 1.0), (k2, 2.0), (k3, 2.0), (k4, 1.0)] {
            state = add(&state, &k, h * weight / 6.0);
        }
    }
    let end = Distribution::new(state[..n].to_vec()).unwrap();
    end.relative_entropy(&kinetics.stationary_distribution().unwrap())
        .unwrap()
}

fn kinetics_of(random: &irrev_testing::random::RandomNetwork) -> MarkovJump {
    MarkovJump::from_rates(random.states, &random.channels).unwrap()
}

/// Networks with detailed balance and a state well inside.
fn inside() -> impl Strategy<Value = (MarkovJump, Vec<f64>)> {
    balanced_networks(6, 3.0).prop_flat_map(|random| {
        let weights = proptest::collection::vec(0.2..1.0, random.states);
        (Just(kinetics_of(&random)), weights).prop_map(|(kinetics, weights)| {
            let sum: f64 = weights.iter().sum();
            (kinetics, weights.iter().map(|w| w / sum).collect())
        })
    })
}

proptest! {
    #![proptest_config(irrev_testing::random::cases(100))]

    #[test]
    fn the_curvature_is_the_second_derivative_of_relative_entropy_along_a_geodesic((kinetics, p) in inside()) {
        let found = curvature_at(&kinetics, &Distribution::new(p.clone()).unwrap()).unwrap();
        // a step over which no probability changes by more than a small part
        let steepest = found.potential.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let fastest = kinetics.exit_rates().into_iter().fold(0.0, f64::max);
        let h = 0.02 / (fastest * steepest).max(1e-300);
        let d = |time: f64| entropy_along_geodesic(&kinetics, &p, &found.potential, time);
        let middle = d(0.0);
        let second = |h: f64| (d(h) + d(-h) - 2.0 * middle) / (h * h);
        // Richardson's extrapolation of the second difference: error h⁴ and rounding ε D/h²
        let extrapolated = (4.0 * second(0.5 * h) - second(h)) / 3.0;
        let rounding = 64.0 * f64::EPSILON * (middle + 1.0) / (h * h);
        let scale = fastest.max(found.value.abs());
        prop_assert!((extrapolated - found.value).abs() <= 1e-6 * scale + rounding, "{extrapolated} {}", found.value);
    }

    #[test]
    fn at_the_stationary_state_the_curvature_is_the_gap(random in balanced_networks(8, 6.0)) {
        let kinetics = kinetics_of(&random);
        let gap = irrev_network::dynamics::relaxation_spectrum(&kinetics, &Run::default()).unwrap().spectral_gap;
        let found = curvature_at(&kinetics, &kinetics.stationary_distribution().unwrap()).unwrap();
        let fastest = kinetics.exit_rates().into_iter().fold(0.0, f64::max);
        prop_assert!((found.value - gap).abs() <= 1e-9 * gap + 1e-13 * fastest, "{} {gap}", found.value);
    }

    #[test]
    fn renumbering_states_and_turning_edges_change_no_curvature(
        (random, p) in balanced_networks_with_state(7, 4.0), shift in 1..6_usize
    ) {
        let n = random.states;
        let moved = |x: usize| (x + shift) % n;
        let channels: Vec<_> = random.channels.iter().map(|&(x, y, k, l)| (moved(y), moved(x), l, k)).collect();
        let renumbered = MarkovJump::from_rates(n, &channels).unwrap();
        let mut q = vec![0.0; n];
        for (x, p) in p.iter().enumerate() {
            q[moved(x)] = *p;
        }
        let there = curvature_at(&kinetics_of(&random), &Distribution::new(p).unwrap()).unwrap().value;
        let here = curvature_at(&renumbered, &Distribution::new(q).unwrap()).unwrap().value;
        let fastest = renumbered.exit_rates().into_iter().fold(0.0, f64::max);
        prop_assert!((there - here).abs() <= 1e-8 * (there.abs() + 1e-3 * fastest), "{there} {here}");
    }
}

proptest! {
    #![proptest_config(irrev_testing::random::cases(25))]

    #[test]
    fn relaxation_is_at_least_as_fast_as_curvature_and_gap_say(
        (random, starts) in balanced_networks(5, 3.0).prop_flat_map(|random| {
            let starts = proptest::collection::vec(positive_distributions(random.states), 4);
            (Just(random), starts)
        })
    ) {
        let kinetics = kinetics_of(&random);
        let options = CurvatureOptions { random_starts: 16, descents: 12, ..CurvatureOptions::default() };
        let found = entropic_curvature(&kinetics, &options, &Run::default()).unwrap();
        let constant = modified_log_sobolev(&kinetics, &found, &options, &Run::default()).unwrap();
        let gap = found.spectral_gap;
        prop_assert!(found.value <= gap * (1.0 + 1e-9));
        prop_assert!(found.lower_bound.is_none_or(|b| b <= found.value + 1e-9 * gap), "{:?}", found);
        prop_assert!(found.value <= constant.value * (1.0 + 1e-7) && constant.value <= gap);
        let times: Vec<f64> = [0.0, 0.1, 0.5, 1.0, 3.0].iter().map(|t| t / gap).collect();
        for start in starts {
            let start = Distribution::new(start).unwrap();
            // no state has less curvature than the infimum
            let here = curvature_at(&kinetics, &start).unwrap().value;
            prop_assert!(here >= found.value - 1e-7 * gap, "{here} below {}", found.value);
            for at in relaxation_bounds(&kinetics, &start, &times, Some((&found).into()), &Run::default()).unwrap() {
                let slack = 1e-9 * at.relative_entropy + 1e-24;
                prop_assert!(at.relative_entropy <= at.by_gap + slack);
                prop_assert!(at.relative_entropy <= at.by_curvature + slack);
                prop_assert!(at.relative_entropy <= at.by_curvature_estimate + slack);
                prop_assert!(at.total_variation <= at.total_variation_bound * (1.0 + 1e-9) + 1e-13);
                let law = (-2.0 * constant.value * at.time).exp();
                // D e^{2αt} may rise above D(0) only if the search missed the infimum
                prop_assert!(at.relative_entropy <= law * (1.0 + 1e-6) * start.relative_entropy(&kinetics.stationary_distribution().unwrap()).unwrap() + slack);
            }
        }
    }
}

/// Values in 80 digits (`data/curvature_boundary.py`).
#[test]
fn near_faces_the_smallest_curvature_keeps_its_digits() {
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("data/curvature_boundary.json")).unwrap();
    for case in &cases {
        let weights = numbers(&case["weights"]);
        let pairs = case["pairs"].as_array().unwrap().iter().map(|pair| {
            let (x, y, c) = (index(&pair[0]), index(&pair[1]), pair[2].as_f64().unwrap());
            (x, y, c / weights[x], c / weights[y])
        });
        let kinetics = MarkovJump::from_rates(weights.len(), &pairs.collect::<Vec<_>>()).unwrap();
        let p = numbers(&case["p"]);
        let sum: f64 = p.iter().sum();
        let p = Distribution::new(p.iter().map(|p| p / sum).collect()).unwrap();
        let found = curvature_at(&kinetics, &p).unwrap().value;
        let name = case["name"].as_str().unwrap();
        // rounding of terms of the size of the exit rates, about 10
        assert_close(name, found, case["curvature"].as_f64().unwrap(), 1e-11, 1e-12);
    }
}

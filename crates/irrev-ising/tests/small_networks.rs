//! Small networks against independent enumerations, and the laws they must obey.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_ising::ensemble::{CouplingLaw, FieldLaw, SelfCouplings};

use crate::reference_cases::{numbers, rows};
use irrev_ising::enumeration::{ParallelKernel, parallel_stationary_state, sequential_stationary_state};
use irrev_ising::{Couplings, Error, KineticIsing};
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use proptest::prelude::*;
use serde_json::Value;

fn close(found: f64, case: &Value, name: &str) {
    same(found, case["expected"][name].as_f64().unwrap(), case, name);
}

fn same(found: f64, expected: f64, case: &Value, name: &str) {
    let (abs, rel) = (
        case["tolerance"]["abs"].as_f64().unwrap(),
        case["tolerance"]["rel"].as_f64().unwrap(),
    );
    assert!(
        (found - expected).abs() <= abs + rel * expected.abs(),
        "{} {name}: {found} where {expected} is expected",
        case["id"]
    );
}

fn same_rows(found: &Matrix, case: &Value, name: &str) {
    for (i, row) in rows(&case["expected"][name]).iter().enumerate() {
        for (j, expected) in row.iter().enumerate() {
            same(found[(i, j)], *expected, case, name);
        }
    }
}

fn same_list(found: &[f64], case: &Value, name: &str) {
    if let Some(expected) = case["expected"].get(name) {
        for (found, expected) in found.iter().zip(numbers(expected)) {
            same(*found, expected, case, name);
        }
    }
}

#[test]
fn reference_enumerations_agree() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("data/enumeration.json")).unwrap();
    assert_eq!(cases.len(), 12);
    for case in &cases {
        let inputs = &case["inputs"];
        let couplings = Couplings::from_rows(&rows(&inputs["J"])).unwrap();
        let network =
            KineticIsing::new(couplings, numbers(&inputs["H"]), inputs["beta"].as_f64().unwrap()).unwrap();
        if case["kind"] == "enum-sync" {
            let found = parallel_stationary_state(&network, &Run::default()).unwrap();
            same_list(&found.correlations.magnetizations, case, "m");
            same_rows(&found.correlations.equal_time, case, "C");
            same_rows(&found.delayed_correlations, case, "D_delayed");
            same_list(&found.entropy_production_of_spins, case, "EP_per_spin_terms");
            same_list(&found.distribution, case, "p_stationary");
            close(found.entropy_production, case, "EP");
            close(found.conditional_entropy, case, "S_cond");
            close(found.reversed_entropy, case, "S_rev");
            close(found.state_entropy, case, "S_state");
            assert!(found.entropy_production_error < 1e-11);
        } else {
            let found = sequential_stationary_state(&network, &Run::default()).unwrap();
            same_list(&found.correlations.magnetizations, case, "m");
            same_rows(&found.correlations.equal_time, case, "C");
            same_list(&found.distribution, case, "p_stationary");
            close(found.entropy_production_rate, case, "EP_rate");
            close(found.activity, case, "activity");
            close(found.attempt_entropy, case, "S_attempt");
            close(found.state_entropy, case, "S_state");
        }
    }
}

fn network(spins: usize, symmetry: f64, own: SelfCouplings, seed: u64, beta: f64) -> KineticIsing {
    let law = CouplingLaw::Gaussian {
        mean: 0.5,
        spread: 1.0,
        symmetry,
    };
    let fields = FieldLaw::Gaussian {
        mean: 0.1,
        spread: 0.3,
    }
    .draw(spins, seed, 0)
    .unwrap();
    KineticIsing::new(law.draw(spins, own, seed, 0).unwrap(), fields, beta).unwrap()
}

/// Σ π(s) P(s'|s) ln [P(s'|s)/P(s|s')], from its definition.
fn entropy_production_by_definition(network: &KineticIsing, distribution: &[f64]) -> f64 {
    let n = network.spins();
    let spins =
        |state: usize| -> Vec<i8> { (0..n).map(|i| if state >> i & 1 == 1 { 1 } else { -1 }).collect() };
    let log_probability = |to: usize, from: usize| -> f64 {
        let fields = network.local_fields(&spins(from));
        let terms = fields.iter().zip(spins(to));
        terms
            .map(|(h, s)| f64::from(s) * h - irrev_ising::response::log_two_cosh(*h))
            .sum()
    };
    let mut sum = 0.0;
    for from in 0..distribution.len() {
        for to in 0..distribution.len() {
            let (there, back) = (log_probability(to, from), log_probability(from, to));
            sum += distribution[from] * there.exp() * (there - back);
        }
    }
    sum
}

/// The same network with further spins that nothing acts on but a field of 0.4: they multiply the law of the others.
fn with_free_spins(network: &KineticIsing, free: usize) -> KineticIsing {
    let (n, own) = (network.spins(), network.couplings().to_matrix());
    let couplings = Matrix::from_fn(
        n + free,
        n + free,
        |i, j| if i < n && j < n { own[(i, j)] } else { 0.0 },
    );
    let fields = network.fields().iter().copied().chain(vec![0.4; free]).collect();
    KineticIsing::new(Couplings::from_matrix(couplings).unwrap(), fields, 1.0).unwrap()
}

/// Probabilities of states in which the further spins are up, from those of the others alone.
fn require_factorised(few: &[f64], many: &[f64], free: i32, tolerance: f64) {
    let up = (1.0 + (-0.8_f64).exp()).recip().powi(free);
    let offset = many.len() - few.len();
    for (state, p) in few.iter().enumerate() {
        assert!((many[state + offset] - up * p).abs() < tolerance);
    }
}

#[test]
fn the_power_method_agrees_with_elimination() {
    // parallel: 9 spins are eliminated, 10 iterated; sequential: 12 and 13
    let run = Run::default();
    let small = network(9, 0.0, SelfCouplings::Kept, 1, 1.0);
    let few = parallel_stationary_state(&small, &run).unwrap();
    let many = parallel_stationary_state(&with_free_spins(&small, 1), &run).unwrap();
    assert!((few.entropy_production - many.entropy_production).abs() < 1e-11);
    require_factorised(&few.distribution, &many.distribution, 1, 1e-13);
    let small = network(9, 0.0, SelfCouplings::Removed, 1, 1.0);
    let few = sequential_stationary_state(&small, &run).unwrap();
    let many = sequential_stationary_state(&with_free_spins(&small, 4), &run).unwrap();
    assert!((few.entropy_production_rate - many.entropy_production_rate).abs() < 1e-10);
    require_factorised(&few.distribution, &many.distribution, 4, 1e-12);
}

/// All spins favour each other, and a field favours one side: an equilibrium whose two sides hardly ever change into each other.
fn ferromagnet(spins: usize, beta: f64) -> KineticIsing {
    let rows: Vec<Vec<f64>> = (0..spins)
        .map(|i| {
            (0..spins)
                .map(|j| if i == j { 0.0 } else { 1.0 / spins as f64 })
                .collect()
        })
        .collect();
    KineticIsing::new(Couplings::from_rows(&rows).unwrap(), vec![0.01; spins], beta).unwrap()
}

#[test]
fn sides_that_are_hardly_ever_left_have_their_boltzmann_weights() {
    let (spins, beta) = (12, 8.0);
    let found = sequential_stationary_state(&ferromagnet(spins, beta), &Run::default()).unwrap();
    let energy = |state: usize| {
        let up = f64::from(state.count_ones());
        let m = 2.0 * up - spins as f64;
        -0.5 * (m * m / spins as f64 - 1.0) - 0.01 * m
    };
    let weights: Vec<f64> = (0..1 << spins)
        .map(|state| (-beta * energy(state)).exp())
        .collect();
    let total: f64 = weights.iter().sum();
    for (found, weight) in found.distribution.iter().zip(&weights) {
        assert!((found / (weight / total) - 1.0).abs() < 1e-10);
    }
    assert!(found.entropy_production_rate.abs() < 1e-12);
}

#[test]
fn a_law_that_no_iteration_can_find_is_an_error_and_not_a_number() {
    let found = sequential_stationary_state(&ferromagnet(13, 20.0), &Run::default());
    let message = found.unwrap_err().to_string();
    assert!(message.contains("two starts"), "{message}");
    assert!(parallel_stationary_state(&ferromagnet(11, 20.0), &Run::default()).is_err());
}

#[test]
fn threads_do_not_change_a_bit() {
    let network = network(11, 0.0, SelfCouplings::Kept, 2, 0.8);
    let on = |threads: usize| {
        let run = Run {
            threads,
            ..Run::default()
        };
        run.install(|| parallel_stationary_state(&network, &run))
            .unwrap()
            .unwrap()
    };
    assert_eq!(on(1), on(2));
    assert_eq!(on(1), on(5));
}

#[test]
fn a_self_coupling_breaks_detailed_balance_of_sequential_updates_only() {
    let with = network(5, 1.0, SelfCouplings::Kept, 3, 0.9);
    let run = Run::default();
    assert!(
        parallel_stationary_state(&with, &run)
            .unwrap()
            .entropy_production
            .abs()
            < 1e-13
    );
    assert!(
        sequential_stationary_state(&with, &run)
            .unwrap()
            .entropy_production_rate
            > 1e-6
    );
}

#[test]
fn too_many_spins_are_refused() {
    let law = CouplingLaw::Diluted {
        mean: 1.0,
        spread: 0.0,
        degree: 2.0,
    };
    let couplings = law.draw(21, SelfCouplings::Removed, 1, 0).unwrap();
    let network = KineticIsing::new(couplings, vec![0.0; 21], 1.0).unwrap();
    let message = parallel_stationary_state(&network, &Run::default())
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("2^21") && message.contains("20 spins"),
        "{message}"
    );
    assert!(sequential_stationary_state(&network, &Run::default()).is_err());
    assert!(ParallelKernel::new(&network).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn entropy_production_obeys_its_laws(seed in 0_u64..1000, spins in 1_usize..7, beta in 0.0_f64..3.0) {
        let run = Run::default();
        let asymmetric = network(spins, 0.0, SelfCouplings::Kept, seed, beta);
        let found = parallel_stationary_state(&asymmetric, &run).unwrap();
        let defined = entropy_production_by_definition(&asymmetric, &found.distribution);
        prop_assert!((found.entropy_production - defined).abs() < 1e-11 * (1.0 + defined));
        prop_assert!(found.entropy_production > -1e-13);
        let pairs: f64 = (0..spins).flat_map(|i| (0..i).map(move |j| (i, j))).map(|ij| found.entropy_production_of_pairs[ij]).sum();
        prop_assert!((pairs - found.entropy_production).abs() < 1e-11 * (1.0 + defined));
        let symmetric = network(spins, 1.0, SelfCouplings::Removed, seed, beta);
        prop_assert!(parallel_stationary_state(&symmetric, &run).unwrap().entropy_production.abs() < 1e-11);
        prop_assert!(sequential_stationary_state(&symmetric, &run).unwrap().entropy_production_rate.abs() < 1e-11);
        let sequential = sequential_stationary_state(&asymmetric, &run).unwrap();
        prop_assert!(sequential.entropy_production_rate > -1e-13);
    }

    #[test]
    fn turning_a_spin_over_by_name_changes_no_entropy(seed in 0_u64..1000, turned in 0_usize..5) {
        // s_k → −s_k with J_kj, J_jk and H_k reversed is the same network
        let network = network(5, 0.0, SelfCouplings::Removed, seed, 1.0);
        let sign = |i: usize| if i == turned { -1.0 } else { 1.0 };
        let couplings = network.couplings().to_matrix();
        let couplings = Couplings::from_matrix(Matrix::from_fn(5, 5, |i, j| sign(i) * sign(j) * couplings[(i, j)])).unwrap();
        let fields = network.fields().iter().enumerate().map(|(i, h)| sign(i) * h).collect();
        let gauged = KineticIsing::new(couplings, fields, 1.0).unwrap();
        let run = Run::default();
        let (a, b) = (parallel_stationary_state(&network, &run).unwrap(), parallel_stationary_state(&gauged, &run).unwrap());
        prop_assert!((a.entropy_production - b.entropy_production).abs() < 1e-12);
        prop_assert!((a.conditional_entropy - b.conditional_entropy).abs() < 1e-12);
        let (a, b) = (sequential_stationary_state(&network, &run).unwrap(), sequential_stationary_state(&gauged, &run).unwrap());
        prop_assert!((a.entropy_production_rate - b.entropy_production_rate).abs() < 1e-12);
    }
}

#[test]
fn a_frozen_network_is_said_to_be_one() {
    let couplings = Couplings::from_rows(&[vec![0.0, 1.0], vec![1.0, 0.0]]).unwrap();
    let frozen = KineticIsing::new(couplings, vec![0.0; 2], 1e6).unwrap();
    let found = parallel_stationary_state(&frozen, &Run::default());
    assert!(matches!(found, Err(Error::Frozen)), "{found:?}");
}

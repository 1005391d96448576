//! Mean-field theories against their published maps and against exact propagation.

#![allow(clippy::unwrap_used, missing_docs)]

use crate::reference_cases::{numbers, rows};
use irrev_ising::ensemble::{CouplingLaw, SelfCouplings};
use irrev_ising::enumeration::{ParallelKernel, parallel_stationary_state};
use irrev_ising::mean_field::{Expansion, MeanFieldState, stationary_state, step};
use irrev_ising::{Couplings, KineticIsing};
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use serde_json::Value;

fn require_close(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= tolerance, "{what}: {a} where {b} is expected");
    }
}

fn require_rows(found: &Matrix, expected: &Value, tolerance: f64, what: &str) {
    for (i, row) in rows(expected).iter().enumerate() {
        let found: Vec<f64> = (0..row.len()).map(|j| found[(i, j)]).collect();
        require_close(&found, row, tolerance, what);
    }
}

const NAMES: [(Expansion, &str); 6] = [
    (Expansion::Naive, "naive_mf"),
    (Expansion::ThoulessAndersonPalmer, "tap"),
    (Expansion::CurrentFirst, "plefka_t_o1"),
    (Expansion::CurrentSecond, "plefka_t_o2"),
    (Expansion::Previous, "plefka_tm1_o1"),
    (Expansion::Pairwise, "plefka2_t_o2"),
];

#[test]
fn reference_maps_agree() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("data/mean_field.json")).unwrap();
    for case in &cases {
        let inputs = &case["inputs"];
        let network = crate::reference_cases::network(inputs);
        let start = numbers(&inputs["m0"]);
        let run = Run::default();
        let tolerance = case["tolerance"]["abs"].as_f64().unwrap();
        for (expansion, name) in NAMES {
            let mut state = MeanFieldState::independent(&start).unwrap();
            for expected in case["expected"][name].as_array().unwrap() {
                state = step(&network, expansion, &state, &run).unwrap();
                require_close(&state.magnetizations, &numbers(&expected["m"]), tolerance, name);
                require_rows(&state.equal_time, &expected["C"], tolerance, name);
                require_rows(&state.delayed, &expected["D"], tolerance, name);
            }
        }
        let kernel = ParallelKernel::new(&network).unwrap();
        let mut p: Vec<f64> = (0..1_usize << start.len())
            .map(|state| {
                start
                    .iter()
                    .enumerate()
                    .map(|(i, m)| 0.5 * (1.0 + if state >> i & 1 == 1 { *m } else { -m }))
                    .product()
            })
            .collect();
        let tolerance = case["tolerance"]["exact_abs"].as_f64().unwrap();
        for expected in case["expected"]["exact"].as_array().unwrap() {
            let delayed = kernel.delayed_correlations(&p);
            p = kernel.apply(&p, &run).unwrap();
            let found = kernel.correlations(&p);
            require_close(
                &found.magnetizations,
                &numbers(&expected["m"]),
                tolerance,
                "exact m",
            );
            require_rows(&found.equal_time, &expected["C"], tolerance, "exact C");
            require_rows(&delayed, &expected["D"], tolerance, "exact D");
        }
    }
}

fn weak(spins: usize, strength: f64, seed: u64) -> KineticIsing {
    let law = CouplingLaw::Gaussian {
        mean: 0.5 * strength,
        spread: strength,
        symmetry: 0.0,
    };
    let couplings = law.draw(spins, SelfCouplings::Removed, seed, 0).unwrap();
    KineticIsing::new(couplings, vec![0.2; spins], 1.0).unwrap()
}

#[test]
fn every_theory_becomes_exact_as_couplings_vanish_and_pairs_faster_than_single_spins() {
    let run = Run::default();
    let error = |expansion, strength| {
        let network = weak(6, strength, 1);
        let exact = parallel_stationary_state(&network, &run)
            .unwrap()
            .entropy_production;
        let found = stationary_state(&network, expansion, &[0.0; 6], 1e-13, &run)
            .unwrap()
            .entropy_production;
        (found - exact).abs() / exact
    };
    for expansion in Expansion::ALL {
        let (strong, weak) = (error(expansion, 0.2), error(expansion, 0.02));
        assert!(
            weak < 0.35 * strong && weak < 0.02,
            "{expansion:?}: {strong} and {weak}"
        );
    }
    assert!(error(Expansion::Pairwise, 0.2) < 0.2 * error(Expansion::Naive, 0.2));
}

#[test]
fn without_couplings_every_theory_is_exact() {
    let free = KineticIsing::new(
        Couplings::from_rows(&vec![vec![0.0; 3]; 3]).unwrap(),
        vec![0.3, -1.0, 0.0],
        2.0,
    )
    .unwrap();
    let start = MeanFieldState::independent(&[0.5, 0.1, -0.9]).unwrap();
    for expansion in Expansion::ALL {
        let next = step(&free, expansion, &start, &Run::default()).unwrap();
        for (m, h) in next.magnetizations.iter().zip(free.fields()) {
            assert!((m - (2.0 * h).tanh()).abs() < 1e-15, "{expansion:?}");
        }
        assert!(next.delayed.data().iter().all(|d| d.abs() < 1e-16));
        assert_eq!(next.excess_correlation(), 0.0);
    }
}

#[test]
fn symmetric_couplings_produce_no_entropy_in_any_theory() {
    let law = CouplingLaw::Gaussian {
        mean: 0.2,
        spread: 0.4,
        symmetry: 1.0,
    };
    let couplings = law.draw(8, SelfCouplings::Removed, 2, 0).unwrap();
    let network = KineticIsing::new(couplings, vec![0.1; 8], 1.0).unwrap();
    for expansion in Expansion::ALL {
        let found = stationary_state(&network, expansion, &[0.0; 8], 1e-12, &Run::default()).unwrap();
        // J_ij = J_ji kills every term, whatever the theory says of D
        assert_eq!(found.entropy_production, 0.0, "{expansion:?}");
    }
}

#[test]
fn spins_that_listen_to_the_same_senders_only_are_not_beyond_the_expansion() {
    // two spins with the same inputs: their fields have correlation 1, and the double integral takes over from Mehler's sum
    let rows: Vec<Vec<f64>> = (0..4)
        .map(|i| {
            if i < 2 {
                vec![0.0, 0.0, 1.5, -2.0]
            } else {
                vec![0.0; 4]
            }
        })
        .collect();
    let network = KineticIsing::new(Couplings::from_rows(&rows).unwrap(), vec![0.1; 4], 1.0).unwrap();
    let start = MeanFieldState::independent(&[0.0, 0.0, 0.3, 0.2]).unwrap();
    let found = step(&network, Expansion::Previous, &start, &Run::default()).unwrap();
    let square: f64 = {
        // ⟨tanh²⟩ over the same normal field, by a sum so fine that its rule does not matter
        let (theta, width) = (0.1 + 1.5 * 0.3 - 2.0 * 0.2, (2.25 * 0.91 + 4.0 * 0.96_f64).sqrt());
        (-100_000..=100_000)
            .map(|k| {
                let z = f64::from(k) * 1e-4;
                1e-4 * (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
                    * (theta + width * z).tanh().powi(2)
            })
            .sum()
    };
    let m = found.magnetizations[0];
    assert!((found.equal_time[(0, 1)] - (square - m * m)).abs() < 1e-9);
}

#[test]
fn wrong_states_are_refused() {
    let network = weak(3, 0.1, 1);
    assert!(MeanFieldState::independent(&[1.5]).is_err());
    let other = MeanFieldState::independent(&[0.0; 2]).unwrap();
    assert!(step(&network, Expansion::Naive, &other, &Run::default()).is_err());
    assert!(other.entropy_production(&network).is_err());
}

/// The nodes of the double integral grow with the spread of the fields: beyond a bound the theory refuses instead of never ending.
#[test]
fn fields_spread_over_too_many_temperatures_are_refused_by_one_theory_only() {
    let couplings = Couplings::from_rows(&[vec![0.0, 0.7], vec![-0.4, 0.0]]).unwrap();
    let cold = KineticIsing::new(couplings, vec![0.1, 0.0], 1e3).unwrap();
    let before = MeanFieldState::independent(&[0.2, -0.1]).unwrap();
    for expansion in Expansion::ALL {
        let found = step(&cold, expansion, &before, &Run::default());
        match expansion {
            Expansion::Previous => {
                let refused = found.unwrap_err().to_string();
                assert!(refused.contains("expected at most 64"), "{refused}");
            }
            _ => assert!(found.is_ok(), "{}", expansion.name()),
        }
    }
}

//! Linear diffusions against values computed elsewhere (`data/models.json`), against each other, and against their second laws.

#![allow(clippy::unwrap_used, missing_docs)]

use irrev_landscape::Error;
use irrev_landscape::linear::convexity::{convexity_bounds, relative_entropy};
use irrev_landscape::linear::subsystem::{part_of_transport_bound, produced_by_part, two_parts};
use irrev_landscape::linear::underdamped::{Bath, Oscillators};
use irrev_landscape::linear::{LinearDiffusion, split};
use irrev_network::transport::gaussian::{Gaussian, wasserstein2};
use irrev_numerics::Tolerance;
use irrev_numerics::linalg::Matrix;
use irrev_testing::reference::{self, number, numbers};
use irrev_testing::{assert_all_close, assert_close};
use proptest::prelude::*;
use serde_json::Value;

fn cases(kind: &str) -> Vec<Value> {
    reference::cases(include_str!("data/models.json"), kind)
}

fn matrix(value: &Value) -> Matrix {
    let rows: Vec<Vec<f64>> = value.as_array().unwrap().iter().map(numbers).collect();
    Matrix::from_fn(rows.len(), rows[0].len(), |i, j| rows[i][j])
}

fn diagonal(values: &[f64]) -> Matrix {
    Matrix::from_fn(
        values.len(),
        values.len(),
        |i, j| if i == j { values[i] } else { 0.0 },
    )
}

fn assert_matrix(what: &str, found: &Matrix, expected: &Value, relative: f64) {
    assert_all_close(what, found.data(), matrix(expected).data(), relative, 1e-9);
}

#[test]
fn splits_of_linear_fields_agree() {
    for case in cases("hodge") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let (diffusion, probe) = if inputs.get("B").is_some() {
            let diffusion = LinearDiffusion::new(matrix(&inputs["B"]), matrix(&inputs["D"])).unwrap();
            (diffusion, numbers(&inputs["probe_x"]))
        } else if inputs.get("omega").is_some() {
            let (k, omega, t) = (
                number(&inputs["k"]),
                number(&inputs["omega"]),
                number(&inputs["T"]),
            );
            let drift = Matrix::from_columns(2, vec![k, -omega, omega, k]);
            (
                LinearDiffusion::new(drift, diagonal(&[t, t])).unwrap(),
                vec![1.0, 0.5],
            )
        } else {
            continue;
        };
        let stationary = diffusion.stationary().unwrap();
        let field = diffusion.drift().clone().scaled(-1.0);
        let found = split(&field, stationary.covariance(), &Matrix::identity(2)).unwrap();
        let curved = found.curvature.apply_to(&probe);
        let potential = -0.5 * (curved[0] * probe[0] + curved[1] * probe[1]);
        let flux = found.flux.apply_to(&probe);
        let rate = diffusion.entropy_production(&stationary).unwrap().rate;
        assert_close("rate", rate, number(&expected["epr_rate"]), 1e-9, 1e-9);
        if let Some(variance) = expected.get("variance") {
            let variance = number(variance);
            assert_all_close(
                "covariance",
                stationary.covariance().data(),
                diagonal(&[variance, variance]).data(),
                0.0,
                1e-10,
            );
            assert_close("V_m", potential, number(&expected["Vm_at_(1,0.5)"]), 0.0, 1e-10);
            assert_all_close("v", &flux, &numbers(&expected["v_at_(1,0.5)"]), 0.0, 1e-10);
            assert_close(
                "⟨v²⟩",
                found.mean_square_flux,
                number(&expected["mean_square_v"]),
                0.0,
                1e-10,
            );
        } else {
            assert_matrix(
                "covariance",
                stationary.covariance(),
                &expected["covariance"],
                1e-9,
            );
            assert_matrix("P", &found.curvature.clone().scaled(-1.0), &expected["P"], 1e-9);
            assert_matrix("C", &found.flux, &expected["C"], 1e-9);
            assert_close("V_m", potential, number(&expected["Vm_at_probe"]), 1e-9, 1e-9);
            assert_all_close("v", &flux, &numbers(&expected["v_at_probe"]), 1e-9, 1e-9);
            assert_close(
                "gradient",
                found.mean_square_gradient,
                number(&expected["mean_square_gradient_part"]),
                1e-9,
                1e-9,
            );
            assert_close(
                "flux",
                found.mean_square_flux,
                number(&expected["mean_square_flux_part"]),
                1e-9,
                1e-9,
            );
        }
    }
}

#[test]
fn relaxations_agree() {
    for case in cases("relax") {
        let (id, inputs) = (case["id"].as_str().unwrap(), &case["inputs"]);
        let d = number(&inputs["D"]);
        let diffusion = LinearDiffusion::new(matrix(&inputs["B"]), diagonal(&[d, d])).unwrap();
        let start = Gaussian::new(numbers(&inputs["mean0"]), matrix(&inputs["cov0"])).unwrap();
        let stationary = diffusion.stationary().unwrap();
        assert_matrix(
            id,
            stationary.covariance(),
            &case["expected"]["stationary_cov"],
            1e-8,
        );
        for expected in case["expected"]["at"].as_array().unwrap() {
            let t = number(&expected["t"]);
            let state = diffusion.at(&start, t).unwrap();
            let rates = diffusion.entropy_production(&state).unwrap();
            let close = |key: &str, found: f64| {
                assert_close(
                    &format!("{id} {key} at {t}"),
                    found,
                    number(&expected[key]),
                    1e-8,
                    1e-9,
                );
            };
            assert_all_close(id, state.mean(), &numbers(&expected["mean"]), 1e-8, 1e-9);
            assert_matrix(id, state.covariance(), &expected["cov"], 1e-8);
            close("epr_rate", rates.rate);
            close("excess_rate", rates.excess);
            close("housekeeping_rate", rates.housekeeping);
            close("total_EP", diffusion.produced(&start, t).unwrap());
            close(
                "W2sq_from_start",
                wasserstein2(&start, &state).unwrap().distance().powi(2),
            );
            close(
                "bound_W2sq_over_Dt",
                diffusion.transport_bound(&start, &state, t).unwrap(),
            );
            close("KL_to_stationary", relative_entropy(&state, &stationary).unwrap());
            if expected.get("HWI_rhs").is_some() {
                let bounds = convexity_bounds(&diffusion, &state).unwrap();
                assert_close(
                    id,
                    bounds.convexity,
                    number(&inputs["lambda_min_sym_B"]),
                    1e-8,
                    0.0,
                );
                close("W2sq_to_stationary", bounds.squared_distance);
                close("HWI_rhs", bounds.hwi);
                close("log_sobolev_rhs", bounds.log_sobolev);
                close("talagrand_rhs", bounds.talagrand);
            } else {
                assert!(matches!(
                    convexity_bounds(&diffusion, &state),
                    Err(Error::Domain { .. })
                ));
            }
        }
    }
}

#[test]
fn second_laws_of_parts_agree() {
    for case in cases("subsystem") {
        let inputs = &case["inputs"];
        let diffusion =
            LinearDiffusion::new(matrix(&inputs["B"]), diagonal(&numbers(&inputs["D_diagonal"]))).unwrap();
        let start = Gaussian::new(numbers(&inputs["mean0"]), matrix(&inputs["cov0"])).unwrap();
        let check = |state: &Gaussian, expected: &Value| {
            let found = two_parts(&diffusion, state, &[0]).unwrap();
            let close = |key: &str, found: f64| assert_close(key, found, number(&expected[key]), 1e-8, 1e-9);
            for (name, part) in [("X", found.part), ("Y", found.rest)] {
                close(&format!("sigma_{name}"), part.rate);
                close(&format!("Idot_{name}"), part.information_flow);
                close(&format!("dSsys_{name}"), part.system);
                close(&format!("Senv_{name}"), part.surroundings);
            }
            close("I", found.mutual_information);
        };
        check(&diffusion.stationary().unwrap(), &case["expected"]["stationary"]);
        for expected in case["expected"]["at"].as_array().unwrap() {
            let t = number(&expected["t"]);
            let state = diffusion.at(&start, t).unwrap();
            check(&state, expected);
            let produced = produced_by_part(&diffusion, &start, &[0], t, Tolerance::relative(1e-11)).unwrap();
            assert_close("EP_X", produced.value, number(&expected["EP_X"]), 1e-8, 1e-9);
            let bound = part_of_transport_bound(&diffusion, &start, &state, &[0], t).unwrap();
            assert_close(
                "bound",
                bound,
                number(&expected["marginal_W2sq_X_over_DX_t"]),
                1e-8,
                1e-9,
            );
        }
    }
}

#[test]
fn oscillators_between_two_baths_agree() {
    for case in cases("underdamped") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let baths = numbers(&inputs["gamma"])
            .into_iter()
            .zip(numbers(&inputs["T"]))
            .map(|(friction, temperature)| Bath {
                mass: 1.0,
                friction,
                temperature,
            })
            .collect();
        let oscillators = Oscillators::new(matrix(&inputs["K"]), baths).unwrap();
        let stationary = oscillators.stationary().unwrap();
        let flows = oscillators.heat_flows(&stationary).unwrap();
        assert_matrix(
            "covariance",
            stationary.covariance(),
            &expected["covariance"],
            1e-9,
        );
        assert_all_close("heat", &flows.heat, &numbers(&expected["heat"]), 1e-9, 1e-10);
        assert_close(
            "rate",
            flows.entropy_production_rate,
            number(&expected["epr"]),
            1e-9,
            0.0,
        );
        assert!(flows.system.abs() < 1e-13);
    }
}

#[test]
fn masses_and_missing_baths_are_told_apart() {
    // at one temperature all is in equilibrium, ⟨m v²⟩ = T, whatever the masses, and though one oscillator has no bath
    let bath = |mass: f64, friction: f64| Bath {
        mass,
        friction,
        temperature: 0.7,
    };
    let k = Matrix::from_columns(2, vec![2.0, -1.0, -1.0, 3.0]);
    let oscillators = Oscillators::new(k.clone(), vec![bath(3.0, 0.4), bath(0.5, 0.0)]).unwrap();
    let state = oscillators.stationary().unwrap();
    assert!(
        (state.covariance()[(2, 2)] - 0.7 / 3.0).abs() < 1e-13
            && (state.covariance()[(3, 3)] - 1.4).abs() < 1e-13
    );
    let flows = oscillators.heat_flows(&state).unwrap();
    assert!(flows.entropy_production_rate.abs() < 1e-13 && flows.heat.iter().all(|q| q.abs() < 1e-13));
    // away from it, the entropy balance closes: Σ̇ = dS/dt − Σ Q/T, and ∫ dS/dt is the change of ½ ln det Σ (here by the midpoint rule)
    let start = Gaussian::new(vec![0.3, 0.0, -0.2, 0.1], diagonal(&[0.5, 0.4, 0.6, 1.0])).unwrap();
    let flows = oscillators.heat_flows(&start).unwrap();
    let released: f64 = flows.heat.iter().map(|q| -q / 0.7).sum();
    assert!((flows.entropy_production_rate - flows.system - released).abs() < 1e-13);
    // a motion without friction, a potential that does not bind
    let free = Oscillators::new(k, vec![bath(1.0, 0.0); 2]).unwrap();
    assert!(matches!(free.stationary(), Err(Error::Unstable { .. })));
    let loose = Oscillators::new(Matrix::from_columns(1, vec![-1.0]), vec![bath(1.0, 1.0)]).unwrap();
    assert!(matches!(loose.stationary(), Err(Error::Unstable { .. })));
}

#[test]
fn a_gradient_drift_in_the_metric_of_its_noise_is_in_equilibrium() {
    let d = Matrix::from_columns(2, vec![1.0, 0.3, 0.3, 0.5]);
    let k = Matrix::from_columns(2, vec![2.0, -0.4, -0.4, 1.0]);
    let diffusion = LinearDiffusion::new(d.times(&k), d).unwrap();
    let rates = diffusion
        .entropy_production(&diffusion.stationary().unwrap())
        .unwrap();
    assert!(rates.rate.abs() < 1e-13);
    let elsewhere = Gaussian::new(vec![1.0, 2.0], diagonal(&[0.2, 3.0])).unwrap();
    let rates = diffusion.entropy_production(&elsewhere).unwrap();
    assert!(rates.housekeeping < 1e-13 * rates.excess);
    // relative entropy is what is lost
    let (start, end) = (&elsewhere, diffusion.at(&elsewhere, 0.8).unwrap());
    let stationary = diffusion.stationary().unwrap();
    let lost = relative_entropy(start, &stationary).unwrap() - relative_entropy(&end, &stationary).unwrap();
    assert!((diffusion.produced(start, 0.8).unwrap() - lost).abs() < 1e-12 * lost);
}

#[test]
fn what_has_no_answer_is_refused() {
    assert!(matches!(
        LinearDiffusion::new(Matrix::identity(2), diagonal(&[1.0, 0.0])),
        Err(Error::Domain { .. })
    ));
    assert!(matches!(
        LinearDiffusion::new(Matrix::identity(2), Matrix::identity(3)),
        Err(Error::Size { .. })
    ));
    assert!(LinearDiffusion::new(diagonal(&[1.0, f64::NAN]), Matrix::identity(2)).is_err());
    let saddle = LinearDiffusion::new(diagonal(&[1.0, -1.0]), Matrix::identity(2)).unwrap();
    assert_eq!(saddle.stationary(), Err(Error::Unstable { real_part: -1.0 }));
    let flat = Gaussian::new(vec![0.0; 2], diagonal(&[1.0, 0.0])).unwrap();
    assert!(matches!(
        saddle.entropy_production(&flat),
        Err(Error::Domain { .. })
    ));
    let correlated = LinearDiffusion::new(
        Matrix::identity(2),
        Matrix::from_columns(2, vec![1.0, 0.1, 0.1, 1.0]),
    )
    .unwrap();
    let state = correlated.stationary().unwrap();
    assert!(matches!(
        two_parts(&correlated, &state, &[0]),
        Err(Error::CorrelatedNoise { i: 0, j: 1, .. })
    ));
    assert!(matches!(
        two_parts(&saddle, &state, &[2]),
        Err(Error::NoCoordinate { .. })
    ));
    for part in [&[][..], &[0, 0], &[0, 1]] {
        assert!(matches!(
            two_parts(&saddle, &state, part),
            Err(Error::Domain { .. })
        ));
    }
    // a saddle still has a future
    let later = saddle.at(&state, 1.0).unwrap();
    assert!(
        (saddle.produced(&state, 1.0).unwrap()).is_finite()
            && later.covariance()[(1, 1)] > state.covariance()[(1, 1)]
    );
}

/// A drift, a diagonal D and a state of three coordinates.
fn systems() -> impl Strategy<Value = (LinearDiffusion, Gaussian)> {
    let entries = || prop::collection::vec(-1.0..1.0_f64, 9);
    (
        entries(),
        prop::collection::vec(0.2..3.0_f64, 3),
        entries(),
        prop::collection::vec(-2.0..2.0_f64, 3),
    )
        .prop_map(|(a, d, root, mean)| {
            let drift = Matrix::from_fn(3, 3, |i, j| a[3 * j + i] + if i == j { 1.5 } else { 0.0 });
            let root = Matrix::from_columns(3, root).gram();
            let covariance = Matrix::from_fn(3, 3, |i, j| root[(i, j)] + if i == j { 0.2 } else { 0.0 });
            (
                LinearDiffusion::new(drift, diagonal(&d)).unwrap(),
                Gaussian::new(mean, covariance).unwrap(),
            )
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn second_laws_hold_and_add_up((diffusion, state) in systems()) {
        let whole = diffusion.entropy_production(&state).unwrap();
        let scale = 1e-11 * whole.rate.abs().max(1.0);
        prop_assert!(whole.excess >= 0.0 && whole.housekeeping >= 0.0);
        for part in [&[0][..], &[1], &[0, 2]] {
            let parts = two_parts(&diffusion, &state, part).unwrap();
            prop_assert!(parts.part.rate >= 0.0 && parts.rest.rate >= 0.0 && parts.mutual_information >= -1e-13);
            prop_assert!((parts.part.rate + parts.rest.rate - whole.rate).abs() <= scale);
            let balance = |p: irrev_landscape::linear::subsystem::PartialEntropyProduction| p.rate - p.system - p.surroundings + p.information_flow;
            prop_assert!(balance(parts.part).abs() <= scale && balance(parts.rest).abs() <= scale);
            // İ_X + İ_Y = dI/dt, by a central difference of a two-sided pair of states: here forward over h with an error O(h)
            let h = 1e-4;
            let later = two_parts(&diffusion, &diffusion.at(&state, h).unwrap(), part).unwrap();
            let flow = |p: &irrev_landscape::linear::subsystem::TwoParts| p.part.information_flow + p.rest.information_flow;
            let change = (later.mutual_information - parts.mutual_information) / h;
            // the trapezoid rule leaves h²/12 of a third derivative, and rounding over h
            prop_assert!((change - 0.5 * (flow(&parts) + flow(&later))).abs() <= 1e-4 * whole.rate.max(1.0));
        }
    }

    #[test]
    fn dissipation_bounds_transport_and_integrates((diffusion, start) in systems(), t in 0.05..1.0_f64) {
        let end = diffusion.at(&start, t).unwrap();
        let produced = diffusion.produced(&start, t).unwrap();
        prop_assert!(produced >= diffusion.transport_bound(&start, &end, t).unwrap() * (1.0 - 1e-10));
        let halfway = diffusion.at(&start, 0.5 * t).unwrap();
        let halves = diffusion.produced(&start, 0.5 * t).unwrap() + diffusion.produced(&halfway, 0.5 * t).unwrap();
        prop_assert!((halves - produced).abs() <= 1e-10 * produced.max(1.0));
        for part in [&[0][..], &[1, 2]] {
            let paid = produced_by_part(&diffusion, &start, part, t, Tolerance::relative(1e-9)).unwrap();
            prop_assert!(paid.value >= part_of_transport_bound(&diffusion, &start, &end, part, t).unwrap() * (1.0 - 1e-8));
        }
    }
}

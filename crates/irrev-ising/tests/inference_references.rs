//! Reference values of the inverse problem: seeded data, a recording, and the portable generator.
#![allow(clippy::unwrap_used)]

use crate::reference_cases::{number, numbers};
use crate::support::{Instance, SplitMix, fingerprint};
use irrev_ising::inference::{
    Binning, EntropyProductionOptions, Fit, FitOptions, LowerBoundOptions, MeanFieldInversion, Raster,
    ScenarioOptions, correlation_lower_bound, entropy_production, maximum_likelihood, mean_field_inversion,
    scenario,
};
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use irrev_testing::{assert_all_close, assert_close};
use serde_json::Value;

fn cases(kind: &str) -> Vec<Value> {
    crate::reference_cases::cases(include_str!("data/inference_references.json"), kind)
}

fn fitted(raster: &Raster, penalty: f64) -> Fit {
    let options = FitOptions {
        penalty,
        ..FitOptions::default()
    };
    maximum_likelihood(&raster.transitions().unwrap(), &options).unwrap()
}

fn check_data(raster: &Raster, expected: &Value) {
    assert_eq!(fingerprint(raster), expected["data_fnv1a64"].as_str().unwrap());
    let counts: Vec<f64> = raster.active_bins().into_iter().map(|c| c as f64).collect();
    assert_eq!(counts, numbers(&expected["plus_counts"]));
}

fn check_fit(fit: &Fit, expected: &Value, tolerance: &Value) {
    let (fit_abs, log_abs) = (number(&tolerance["fit_abs"]), number(&tolerance["loglik_abs"]));
    let row: Vec<f64> = (0..fit.units()).map(|j| fit.couplings[(0, j)]).collect();
    assert_all_close("couplings", &row, &numbers(&expected["J_fit_row0"]), 0.0, fit_abs);
    assert_all_close("fields", &fit.fields, &numbers(&expected["H_fit"]), 0.0, fit_abs);
    let norm = fit.couplings.data().iter().map(|x| x * x).sum::<f64>().sqrt();
    assert_close("norm", norm, number(&expected["J_fit_frobenius"]), 0.0, fit_abs);
    assert_close(
        "log-likelihood",
        fit.log_likelihood,
        number(&expected["loglik_per_step"]),
        0.0,
        log_abs,
    );
}

#[test]
fn the_portable_generator_gives_the_published_numbers() {
    for case in cases("rng") {
        let expected = &case["expected"];
        for seed in [0, 1_234_567] {
            let mut draws = SplitMix(seed);
            let hex: Vec<String> = (0..4).map(|_| format!("{:016x}", draws.bits())).collect();
            assert_eq!(serde_json::json!(hex), expected[format!("u64_seed{seed}_hex")]);
        }
        let mut draws = SplitMix(42);
        let uniforms: Vec<f64> = (0..4).map(|_| draws.uniform()).collect();
        assert_eq!(uniforms, numbers(&expected["uniform_seed42"]));
        let mut draws = SplitMix(42);
        let normals: Vec<f64> = (0..4).map(|_| draws.normal()).collect();
        assert_all_close(
            "normal",
            &normals,
            &numbers(&expected["normal_seed42"]),
            0.0,
            1e-14,
        );
        let network = Instance::new(3, 1.0, 0.5, 0.3, 32);
        assert_all_close("fields", &network.fields, &numbers(&expected["H"]), 0.0, 1e-14);
        for (row, wanted) in network.couplings.iter().zip(expected["J"].as_array().unwrap()) {
            assert_all_close("couplings", row, &numbers(wanted), 0.0, 1e-14);
        }
    }
}

#[test]
fn seeded_networks_are_found_again() {
    for case in cases("inverse") {
        let (inputs, expected, tolerance) = (&case["inputs"], &case["expected"], &case["tolerance"]);
        let n = inputs["N"].as_u64().unwrap() as usize;
        let steps = inputs["T"].as_u64().unwrap() as usize;
        let (seed, burn) = (
            inputs["seed"].as_u64().unwrap(),
            inputs["burn"].as_u64().unwrap() as usize,
        );
        let beta = number(&inputs["beta"]);
        let spread = number(&inputs["delta_J"]);
        let truth = Instance::new(n, number(&inputs["J0"]), spread, number(&inputs["field"]), seed);
        let raster = truth.simulate(beta, steps + 1, burn, seed + 1);
        check_data(&raster, expected);
        let penalty = number(&inputs["lam"]);
        let fit = fitted(&raster, penalty);
        check_fit(&fit, expected, tolerance);
        let log_abs = number(&tolerance["loglik_abs"]);
        let [first, second] = raster.transitions().unwrap().halves();
        let half = maximum_likelihood(
            &first,
            &FitOptions {
                penalty,
                ..FitOptions::default()
            },
        )
        .unwrap();
        assert_close(
            "first half",
            half.log_likelihood,
            number(&expected["train_half_loglik"]),
            0.0,
            log_abs,
        );
        let held_out = half.log_likelihood_of(&second).unwrap();
        assert_close(
            "second half",
            held_out,
            number(&expected["heldout_half_loglik"]),
            0.0,
            log_abs,
        );
        let error = |found: &Matrix| {
            let square = |k: usize| (found[(k / n, k % n)] - beta * truth.couplings[k / n][k % n]).powi(2);
            ((0..n * n).map(square).sum::<f64>() / (n * n) as f64).sqrt()
        };
        assert_close(
            "error of J",
            error(&fit.couplings),
            number(&expected["rms_J_error"]),
            0.01,
            0.0,
        );
        let transitions = raster.transitions().unwrap();
        let naive = mean_field_inversion(&transitions, MeanFieldInversion::Naive).unwrap();
        assert_close(
            "naive",
            error(&naive.couplings),
            number(&expected["rms_J_error_naive_mf"]),
            1e-5,
            0.0,
        );
        let tap = mean_field_inversion(&transitions, MeanFieldInversion::ThoulessAndersonPalmer).unwrap();
        assert_close(
            "TAP",
            error(&tap.couplings),
            number(&expected["rms_J_error_tap"]),
            1e-5,
            0.0,
        );
        assert!(!tap.without_root.is_empty());
        let found = entropy_production(&raster, &quick(penalty), &Run::default()).unwrap();
        let ep_abs = number(&tolerance["EP_abs"]);
        assert_close(
            "plug-in",
            found.plug_in,
            number(&expected["EP_fitted"]),
            0.0,
            ep_abs,
        );
    }
}

/// As few draws as are allowed, where only the deterministic parts are looked at.
fn quick(penalty: f64) -> EntropyProductionOptions {
    let fit = FitOptions {
        penalty,
        ..FitOptions::default()
    };
    EntropyProductionOptions {
        fit,
        nulls: 1,
        draws: 100,
        ..EntropyProductionOptions::default()
    }
}

/// From spikes to the place in the phase diagram, and both estimates of irreversibility beside each other.
#[test]
fn a_recording_of_the_hippocampus_is_placed_and_bounded() {
    let raster = hippocampus(0.05, 19_960);
    let transitions = raster.transitions().unwrap();
    let fit = fitted(&raster, 1e-4);
    let place = scenario(&fit, &transitions, &ScenarioOptions::default(), &Run::default()).unwrap();
    // far from determinism (sparse firing keeps it below fair coins), and ordered by its couplings
    assert!(place.uncertainty > 0.2 && place.uncertainty < 0.3, "{place:?}");
    assert!((place.uncertainty * 16.0 * std::f64::consts::LN_2 + fit.log_likelihood).abs() < 0.05);
    assert!(place.feedback > 0.0 && place.feedback < 1.0);
    let bound = correlation_lower_bound(&raster, &LowerBoundOptions::default(), &Run::default()).unwrap();
    assert!(bound.estimate.value <= bound.in_sample);
    println!(
        "{place:?}\n{:?} {} {:?}",
        bound.estimate, bound.in_sample, bound.penalties
    );
}

fn hippocampus(width: f64, bins: usize) -> Raster {
    let text = include_str!("data/hippocampus16_spikes.csv");
    let rows = text.lines().skip(1).map(|line| line.split_once(',').unwrap());
    let (units, times): (Vec<usize>, Vec<f64>) = rows
        .map(|(unit, time)| (unit.parse::<usize>().unwrap(), time.parse::<f64>().unwrap()))
        .unzip();
    let binning = Binning {
        units: 16,
        bins,
        width,
        ..Binning::default()
    };
    let binned = Raster::from_spikes(&units, &times, &binning).unwrap();
    assert_eq!(binned.in_bins + binned.before + binned.after, 35_112);
    binned.raster
}

#[test]
fn a_recording_of_the_hippocampus_is_fitted() {
    for case in cases("real") {
        let (inputs, expected, tolerance) = (&case["inputs"], &case["expected"], &case["tolerance"]);
        let bins = inputs["bins"].as_u64().unwrap() as usize;
        let raster = hippocampus(number(&inputs["bin_s"]), bins);
        check_data(&raster, expected);
        let penalty = number(&inputs["lam"]);
        check_fit(&fitted(&raster, penalty), expected, tolerance);
        let options = EntropyProductionOptions {
            nulls: 5,
            ..quick(penalty)
        };
        let found = entropy_production(&raster, &options, &Run::default()).unwrap();
        let ep_abs = number(&tolerance["EP_abs"]);
        assert_close(
            "plug-in",
            found.plug_in,
            number(&expected["EP_plug_in_per_bin"]),
            0.0,
            ep_abs,
        );
        assert_close(
            "cross-fit",
            found.cross_fit,
            number(&expected["EP_crossfit_per_bin"]),
            0.0,
            ep_abs,
        );
        // checked by an independent program: played backwards, the recording is not what this model makes
        assert_close("backwards", found.backwards, 0.059_009_970_205, 0.0, ep_abs);
        println!(
            "{:?}\n{:?}\n{:?}",
            found.estimate, found.shifted, found.reversed_blocks
        );
        // the nulls of the reference: plug-in below half of the value, cross-fit below 0.005
        assert!(found.shifted.plug_in.iter().all(|x| *x < 0.5 * found.plug_in));
        assert!(found.shifted.cross_fit.iter().all(|x| x.abs() < 0.005));
    }
}

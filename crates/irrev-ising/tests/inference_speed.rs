//! Times of the tasks a user waits for; run by hand on a quiet machine: `cargo test --release --test inference_speed -- --ignored --nocapture`.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Instant;

use irrev_ising::inference::{Binning, FitOptions, Raster, maximum_likelihood};
use support::{Instance, SplitMix};

fn best<R>(what: &str, mut task: impl FnMut() -> R) -> R {
    let (mut least, mut result) = (f64::INFINITY, None);
    for _ in 0..5 {
        let start = Instant::now();
        result = Some(task());
        least = least.min(start.elapsed().as_secs_f64());
    }
    println!("{what}: {:.1} ms", 1e3 * least);
    result.unwrap()
}

#[test]
#[ignore = "a measurement, not a test"]
fn fifty_units_are_fitted() {
    let raster = Instance::new(50, 1.0, 0.5, 0.0, 1).simulate(1.0, 40_001, 100, 2);
    let transitions = raster.transitions().unwrap();
    let options = FitOptions::default();
    let fit = best("maximum likelihood, N = 50, T = 40,000", || {
        maximum_likelihood(&transitions, &options).unwrap()
    });
    println!(
        "passes {}, residual {:e}",
        fit.convergence.iterations, fit.convergence.residual
    );
    best("correlations, N = 50, T = 40,000", || transitions.correlations());
    best("standard errors, N = 50, T = 40,000", || {
        fit.standard_errors(&transitions).unwrap()
    });
}

#[test]
#[ignore = "a measurement, not a test"]
fn spikes_are_binned() {
    let mut draws = SplitMix(1);
    let (mut units, mut times) = (Vec::new(), Vec::new());
    for unit in 0..300 {
        let mut train: Vec<f64> = (0..5000).map(|_| 1000.0 * draws.uniform()).collect();
        train.sort_by(f64::total_cmp);
        units.extend(std::iter::repeat_n(unit, train.len()));
        times.extend(train);
    }
    let binning = Binning {
        units: 300,
        bins: 100_000,
        width: 0.01,
        ..Binning::default()
    };
    let found = best("1,500,000 spikes of 300 units in bins of 10 ms", || {
        Raster::from_spikes(&units, &times, &binning).unwrap()
    });
    assert_eq!(found.in_bins, 1_500_000);
}

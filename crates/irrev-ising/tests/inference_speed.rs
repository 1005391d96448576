//! Times of the tasks a user waits for; run by hand on a quiet machine: `cargo test --release --test inference_speed -- --ignored --nocapture`.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Instant;

use irrev_ising::inference::{Binning, FitOptions, Raster, maximum_likelihood};
use support::{Instance, SplitMix};

/// Processor time of this process in seconds (all threads, steps of 10 ms), where Linux tells it.
fn processor_time() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

/// Prints the least elapsed time and the mean processor time of some runs.
fn best<R>(what: &str, mut task: impl FnMut() -> R) -> R {
    const RUNS: u32 = 10;
    let mut result = task();
    let before = processor_time();
    let mut least = f64::INFINITY;
    for _ in 0..RUNS {
        let start = Instant::now();
        result = task();
        least = least.min(start.elapsed().as_secs_f64());
    }
    let spent = before
        .zip(processor_time())
        .map(|(before, after)| (after - before) / f64::from(RUNS));
    println!(
        "{what}: {:.1} ms elapsed, processor {:.0} ms",
        1e3 * least,
        1e3 * spent.unwrap_or(f64::NAN)
    );
    result
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

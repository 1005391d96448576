//! Replicas of an estimate, and what intervals are made of: the one place where this crate's discrete estimators resample.

use irrev_numerics::run::Run;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_numerics::{Estimate, EstimateKind};
use rayon::prelude::*;

use crate::error::{Error, Result};

/// Replicas between two questions whether to stop.
const BATCH: usize = 16;

/// Two-sided 95 % quantile of the normal distribution.
const NORMAL_95: f64 = 1.959_963_984_540_054;

/// What replicas are drawn for; each has streams of its own.
#[derive(Debug, Clone, Copy)]
#[repr(u64)]
pub(crate) enum Task {
    /// Rates from their posterior.
    Posterior = 1,
    /// Blocks of waiting times.
    Waiting,
    /// Surrogates of a source.
    Surrogates,
    /// Noise that parts ties.
    Jitter,
    /// Series simulated from a fit.
    Simulation,
    /// Halves of an ensemble of cells.
    Halves,
    /// Cells, drawn again.
    Cells,
}

impl Task {
    /// The stream of replica i.
    pub(crate) fn stream(self, seed: u64, index: usize) -> Stream {
        Stream::new(seed, Purpose::Bootstrap, (self as u64) << 40 | index as u64)
    }
}

/// `number` replicas, each from the stream of its place: the same bits on any number of threads.
pub(crate) fn replicas<T: Send>(
    task: Task,
    number: usize,
    run: &Run,
    draw: impl Fn(&mut Stream) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let mut all = Vec::with_capacity(number);
    for first in (0..number).step_by(BATCH) {
        run.report(first as f64 / number as f64, "resampling")?;
        let batch: Result<Vec<T>> = run.install(|| {
            (first..number.min(first + BATCH))
                .into_par_iter()
                .map(|i| draw(&mut task.stream(run.seed, i)))
                .collect()
        })?;
        all.append(&mut batch?);
    }
    Ok(all)
}

/// Refuses a level that is no level.
pub(crate) fn require_level(level: f64) -> Result<()> {
    Error::require(
        "confidence level",
        level,
        level > 0.0 && level < 1.0,
        "a number between 0 and 1",
    )
}

/// The quantile at q of sorted numbers, linear between them.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let place = q * (sorted.len() - 1) as f64;
    let (below, part) = (place.floor() as usize, place.fract());
    let low = sorted[below];
    match sorted.get(below + 1) {
        Some(&high) if part > 0.0 => low + part * (high - low),
        _ => low,
    }
}

/// The interval that holds the middle `level` of the numbers.
pub(crate) fn middle(numbers: &[f64], level: f64) -> (f64, f64) {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - level);
    (quantile(&sorted, tail), quantile(&sorted, 1.0 - tail))
}

/// Mean and standard deviation.
pub(crate) fn mean_and_deviation(numbers: &[f64]) -> (f64, f64) {
    let n = numbers.len() as f64;
    let mean = irrev_numerics::sum::compensated_sum(numbers.iter().copied()) / n;
    let square: f64 = numbers.iter().map(|x| (x - mean) * (x - mean)).sum();
    (mean, (square / (n - 1.0)).sqrt())
}

/// Estimate whose replicas lie about it as it lies about the truth: what replicas add is subtracted twice from their quantiles, once from the value.
pub(crate) fn shifted(value: f64, replicas: &[f64], level: f64, sample_size: usize) -> Estimate {
    let (mean, deviation) = mean_and_deviation(replicas);
    let bias = mean - value;
    let (low, high) = middle(replicas, level);
    Estimate {
        value: value - bias,
        standard_error: deviation,
        interval: (low - 2.0 * bias, high - 2.0 * bias),
        level,
        sample_size,
        bias_correction: bias,
        kind: EstimateKind::Estimate,
    }
}

/// Two-sided 95 % quantile of Student's t (Cornish and Fisher to 1/ν³; from the tables up to three degrees of freedom).
pub(crate) fn student_95(degrees_of_freedom: usize) -> f64 {
    let z = NORMAL_95;
    let v = (degrees_of_freedom as f64).recip();
    match degrees_of_freedom {
        0 => f64::INFINITY,
        1 => 12.706_204_736,
        2 => 4.302_652_730,
        3 => 3.182_446_305,
        _ => {
            let g1 = (z.powi(3) + z) / 4.0;
            let g2 = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
            let g3 = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
            z + v * (g1 + v * (g2 + v * g3))
        }
    }
}

/// Value minus bias with a 95 % interval of Student's t.
pub(crate) fn student(
    value: f64,
    standard_error: f64,
    bias: f64,
    degrees_of_freedom: usize,
    sample_size: usize,
) -> Estimate {
    let half = student_95(degrees_of_freedom) * standard_error;
    let value = value - bias;
    Estimate {
        value,
        standard_error,
        interval: (value - half, value + half),
        level: 0.95,
        sample_size,
        bias_correction: bias,
        kind: EstimateKind::Estimate,
    }
}

/// Standard error of the mean of correlated numbers from the means of `batches` stretches of equal length; what does not fill the last is left out.
pub(crate) fn batch_error(numbers: &[f64], batches: usize) -> f64 {
    let length = numbers.len() / batches;
    let means: Vec<f64> = numbers
        .chunks_exact(length)
        .take(batches)
        .map(|chunk| chunk.iter().sum::<f64>() / length as f64)
        .collect();
    mean_and_deviation(&means).1 / (batches as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_testing::assert_close;

    #[test]
    fn quantiles_of_student_are_those_of_the_tables() {
        for (nu, t) in [
            (3, 3.1824),
            (5, 2.5706),
            (10, 2.2281),
            (19, 2.0930),
            (31, 2.0395),
            (1000, 1.9623),
        ] {
            assert_close("t", student_95(nu), t, 4e-3, 0.0);
        }
    }

    #[test]
    fn quantiles_lie_between_the_numbers() {
        let sorted = [1.0, 2.0, 4.0];
        assert_eq!(quantile(&sorted, 0.0), 1.0);
        assert_eq!(quantile(&sorted, 0.75), 3.0);
        assert_eq!(quantile(&sorted, 1.0), 4.0);
    }

    #[test]
    fn the_error_of_independent_numbers_is_that_of_their_mean() {
        // 64 batches: relative deviation of the error 1/√126 = 0.09; 5 σ is 0.45 (two-sided 6e-7)
        let mut stream = Stream::new(1, Purpose::Search, 0);
        let numbers: Vec<f64> = (0..64_000).map(|_| stream.normal()).collect();
        assert_close(
            "error",
            batch_error(&numbers, 64),
            64_000.0_f64.sqrt().recip(),
            0.45,
            0.0,
        );
    }
}

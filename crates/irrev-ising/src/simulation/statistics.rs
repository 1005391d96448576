//! Error bars: of correlated series, of independent replicas, and of draws of the disorder.
//!
//! The thermal error says how far an average over time is from the exact average of this network; the disorder error how far the average over some draws is
//! from that over all of them. They answer different questions and are never mixed.

use irrev_numerics::Estimate;
use irrev_numerics::sum::compensated_sum;

/// The sum of lags stops at this many autocorrelation times, where noise outgrows what is left of the correlation.
const WINDOW: f64 = 5.0;

/// Integrated autocorrelation time τ = 1 + 2 Σ ρ(t), in entries of the series and at least 1; its mean has the variance of n/τ independent numbers.
///
/// The sum ends at the first lag beyond 5 τ. A constant series has τ = 1.
///
/// Source: A. Sokal, Monte Carlo methods in statistical mechanics (1996), section 3.
///
/// ```
/// let alternating: Vec<f64> = (0..1000).map(|k| if k % 2 == 0 { 1.0 } else { -1.0 }).collect();
/// assert_eq!(irrev_ising::simulation::integrated_autocorrelation_time(&alternating), 1.0);
/// ```
#[must_use]
pub fn integrated_autocorrelation_time(series: &[f64]) -> f64 {
    let n = series.len();
    let mean = compensated_sum(series.iter().copied()) / n.max(1) as f64;
    let centred: Vec<f64> = series.iter().map(|x| x - mean).collect();
    let product = |lag: usize| {
        compensated_sum(centred[lag..].iter().zip(&centred).map(|(a, b)| a * b)) / (n - lag) as f64
    };
    if n < 2 || !(product(0) > 0.0) {
        return 1.0;
    }
    let variance = product(0);
    let mut time = 1.0;
    for lag in 1..n / 2 {
        time += 2.0 * product(lag) / variance;
        if lag as f64 >= WINDOW * time {
            break;
        }
    }
    time.max(1.0)
}

/// Mean of a stationary series with the error that its autocorrelation leaves; the sample size is the effective one.
#[must_use]
pub fn mean_of_series(series: &[f64]) -> Estimate {
    let n = series.len() as f64;
    let mean = compensated_sum(series.iter().copied()) / n;
    let effective = n / integrated_autocorrelation_time(series);
    let variance = compensated_sum(series.iter().map(|x| (x - mean) * (x - mean))) / (n - 1.0);
    let error = (variance / effective).sqrt();
    Estimate::from_mean(mean, error, effective.round() as usize)
}

/// Mean of independent numbers, such as one per draw of the disorder, with its standard error; that of a single number is not known and NaN.
#[must_use]
pub fn mean_of_draws(values: &[f64]) -> Estimate {
    let n = values.len() as f64;
    let mean = compensated_sum(values.iter().copied()) / n;
    let variance = compensated_sum(values.iter().map(|x| (x - mean) * (x - mean))) / (n - 1.0);
    Estimate::from_mean(mean, (variance / n).sqrt(), values.len())
}

/// A statistic of n independent draws, with the jackknife's error and correction of bias: `statistic` is called with all draws kept, and without each.
///
/// Source: B. Efron, The jackknife, the bootstrap and other resampling plans (1982).
///
/// ```
/// let x = [1.0, 2.0, 4.0];
/// let mean = irrev_ising::simulation::jackknife(3, |kept| {
///     let sum: f64 = (0..3).filter(|k| kept(*k)).map(|k| x[k]).sum();
///     sum / (0..3).filter(|k| kept(*k)).count() as f64
/// });
/// assert!((mean.value - 7.0 / 3.0).abs() < 1e-15 && (mean.standard_error - (7.0_f64 / 9.0).sqrt()).abs() < 1e-12);
/// ```
#[must_use]
pub fn jackknife(draws: usize, statistic: impl Fn(&dyn Fn(usize) -> bool) -> f64) -> Estimate {
    let n = draws as f64;
    let all = statistic(&|_| true);
    let without: Vec<f64> = (0..draws).map(|left| statistic(&|k| k != left)).collect();
    let mean = compensated_sum(without.iter().copied()) / n;
    let spread = compensated_sum(without.iter().map(|x| (x - mean) * (x - mean)));
    let bias = (n - 1.0) * (mean - all);
    let mut estimate = Estimate::from_mean(all - bias, ((n - 1.0) / n * spread).sqrt(), draws);
    estimate.bias_correction = bias;
    estimate
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_numerics::streams::{Purpose, Stream};

    #[test]
    fn an_autoregressive_series_has_its_known_time_and_error() {
        // ρ(t) = aᵗ: τ = (1 + a)/(1 − a); relative error of τ ≈ √(2 (2·5 + 1) τ/n) = 5 %, 5 σ
        let (a, n) = (0.8, 80_000);
        for seed in [1, 2, 3] {
            let mut stream = Stream::new(seed, Purpose::Search, 0);
            let mut x = 0.0;
            let series: Vec<f64> = (0..n)
                .map(|_| {
                    x = a * x + stream.normal();
                    x
                })
                .collect();
            let time = integrated_autocorrelation_time(&series);
            assert!((time / 9.0 - 1.0).abs() < 0.25, "{time}");
            let mean = mean_of_series(&series);
            assert!(mean.value.abs() < 5.0 * mean.standard_error);
            // variance of the mean: 1/((1−a)² n)
            assert!((mean.standard_error * (1.0 - a) * f64::from(n).sqrt() - 1.0).abs() < 0.15);
        }
    }

    #[test]
    fn a_constant_series_has_no_error() {
        let mean = mean_of_series(&[2.0; 10]);
        assert_eq!((mean.value, mean.standard_error), (2.0, 0.0));
    }

    #[test]
    fn the_jackknife_takes_the_bias_out_of_a_squared_mean() {
        // (x̄)² is biased by Var/n, which the jackknife removes exactly
        let x = [1.0, 3.0, 2.0, 6.0];
        let squared = jackknife(4, |kept| {
            let values: Vec<f64> = (0..4).filter(|k| kept(*k)).map(|k| x[k]).collect();
            (values.iter().sum::<f64>() / values.len() as f64).powi(2)
        });
        let mean = mean_of_draws(&x);
        assert!((squared.value - (9.0 - mean.standard_error * mean.standard_error)).abs() < 1e-12);
    }
}

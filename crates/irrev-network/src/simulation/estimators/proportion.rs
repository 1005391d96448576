//! Probabilities from counts, with intervals that stay within [0, 1].
//!
//! Wilson's interval contains the p for which k successes in n lie within z standard deviations, √(p(1−p)/n) at that p. It has
//! positive length also for k = 0 and k = n, where the naive interval is a point.
//!
//! Source: Wilson, J. Am. Stat. Assoc. 22, 209 (1927).

use irrev_numerics::{Estimate, EstimateKind};

use super::NORMAL_95;

/// Wilson's interval at z standard deviations (1 for 68.3 %, 1.96 for 95 %); (0, 1) without trials.
///
/// ```
/// use irrev_network::simulation::estimators::wilson_interval;
/// let (low, high) = wilson_interval(0, 100, 1.96);
/// assert!(low == 0.0 && (high - 0.0370).abs() < 1e-4);
/// ```
#[must_use]
pub fn wilson_interval(successes: u64, trials: u64, z: f64) -> (f64, f64) {
    if trials == 0 {
        return (0.0, 1.0);
    }
    let (k, n) = (successes as f64, trials as f64);
    let centre = (k + 0.5 * z * z) / (n + z * z);
    let half = z / (n + z * z) * (k * (n - k) / n + 0.25 * z * z).sqrt();
    let low = if successes == 0 {
        0.0
    } else {
        (centre - half).max(0.0)
    };
    let high = if successes >= trials {
        1.0
    } else {
        (centre + half).min(1.0)
    };
    (low, high)
}

/// k/n with its binomial standard error and Wilson's 95 % interval.
#[must_use]
pub fn proportion(successes: u64, trials: u64) -> Estimate {
    let n = trials as f64;
    let p = if trials == 0 {
        f64::NAN
    } else {
        successes as f64 / n
    };
    Estimate {
        value: p,
        standard_error: if trials == 0 {
            f64::INFINITY
        } else {
            (p * (1.0 - p) / n).max(0.0).sqrt()
        },
        interval: wilson_interval(successes, trials, NORMAL_95),
        level: 0.95,
        sample_size: trials as usize,
        bias_correction: 0.0,
        kind: EstimateKind::Estimate,
    }
}

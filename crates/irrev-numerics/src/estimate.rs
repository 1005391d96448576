//! A number that comes from data or sampling, with what is needed to judge it.

use serde::{Deserialize, Serialize};

/// What a number claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EstimateKind {
    /// Computed, not sampled; its error is numerical.
    Exact,
    /// A statistical estimate.
    Estimate,
    /// Not larger than the true value.
    LowerBound,
    /// Not smaller than the true value.
    UpperBound,
}

/// Value, standard error, interval at a level, sample size, bias correction applied, and kind.
///
/// ```
/// use irrev_numerics::Estimate;
/// let mean = Estimate::from_mean(2.0, 0.01, 10_000);
/// assert!(mean.interval.0 < 1.981 && mean.interval.1 > 2.019);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Point estimate.
    pub value: f64,
    /// Standard error of the value, in its unit.
    pub standard_error: f64,
    /// Confidence interval (lower, upper).
    pub interval: (f64, f64),
    /// Confidence level of the interval, in (0, 1).
    pub level: f64,
    /// Number of independent samples behind it (effective, if they are correlated); 0 for exact numbers.
    pub sample_size: usize,
    /// Bias correction that was subtracted; 0 if none.
    pub bias_correction: f64,
    /// What the number claims to be.
    pub kind: EstimateKind,
}

impl Estimate {
    /// Two-sided 95 % quantile of the normal distribution.
    const NORMAL_95: f64 = 1.959_963_984_540_054;

    /// Sample mean with its standard error and a normal 95 % interval.
    #[must_use]
    pub fn from_mean(value: f64, standard_error: f64, sample_size: usize) -> Self {
        let half = Self::NORMAL_95 * standard_error;
        Self {
            value,
            standard_error,
            interval: (value - half, value + half),
            level: 0.95,
            sample_size,
            bias_correction: 0.0,
            kind: EstimateKind::Estimate,
        }
    }

    /// A computed number with a bound on its numerical error.
    #[must_use]
    pub fn exact(value: f64, numerical_error: f64) -> Self {
        Self {
            value,
            standard_error: 0.0,
            interval: (value - numerical_error, value + numerical_error),
            level: 1.0,
            sample_size: 0,
            bias_correction: 0.0,
            kind: EstimateKind::Exact,
        }
    }
}

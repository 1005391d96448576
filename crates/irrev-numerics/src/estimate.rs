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

/// The normal deviate that is as unlikely as a deviation in standard errors which were themselves estimated: z ≈ (8ν + 1)/(8ν + 3) √(ν ln(1 + t²/ν)) for Student's t with ν degrees of freedom.
///
/// Up to z = 5 too small by at most 0.7 (ν = 1), 0.2 (ν = 3), 0.03 (ν = 10); 0 for ν = 0, where nothing is known of the error. Source: D. L. Wallace, Ann. Math. Stat. 30, 1124 (1959).
///
/// ```
/// use irrev_numerics::estimate::normal_deviate_of_student;
/// // Student's t with 3 degrees of freedom exceeds 5.8409 with probability 0.005, a normal number 2.5758
/// assert!((normal_deviate_of_student(5.8409, 3.0) - 2.5758).abs() < 0.1);
/// assert!((normal_deviate_of_student(2.0, 1e9) - 2.0).abs() < 1e-6);
/// ```
#[must_use]
pub fn normal_deviate_of_student(t: f64, degrees_of_freedom: f64) -> f64 {
    let nu = degrees_of_freedom;
    if nu <= 0.0 {
        return 0.0;
    }
    (8.0 * nu + 1.0) / (8.0 * nu + 3.0) * (nu * (t * t / nu).ln_1p()).sqrt()
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

//! Scaled cumulants c_n = lim κ_n(t)/t of a current from one long run.
//!
//! The run is cut into batches; the cumulants of the batch sums over their duration estimate c_n. For n ≥ 2 a batch of duration T has
//! κ_n(T) = c_n T + const, so short batches are biased by about (correlation time)/T while long ones are few. Batches of
//! 1.35 w^{2/3} N^{1/3} increments, w the correlation window and N the number of increments, keep the bias of the variance below a sixth of its
//! standard error.
//!
//! Source: Flegal and Jones, Ann. Stat. 38, 1034 (2010) for batch sizes that grow as N^{1/3}.

use irrev_numerics::Estimate;

use super::{Moments, autocorrelation_time};
use crate::error::Result;

/// Fewer batches than this do not know a variance.
const LEAST_BATCHES: usize = 50;

/// Scaled cumulants 1 to 4 with how they were batched.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ScaledCumulantEstimates {
    /// c₁ … c₄, in (unit of the current)ⁿ per time.
    pub values: [Estimate; 4],
    /// Increments per batch.
    pub batch_length: usize,
    /// Number of batches.
    pub batches: usize,
    /// Correlation window of the increments.
    pub window: usize,
    /// Whether there are at least 50 batches of the wanted length; if not, batches were shortened and are biased.
    pub resolved: bool,
}

/// Scaled cumulants from the increments of a current over consecutive intervals of equal duration, in the stationary state.
///
/// # Errors
/// [`crate::Error::Domain`] for fewer than 200 increments, one that is not finite, or a duration that is not positive.
pub fn scaled_cumulants(increments: &[f64], duration: f64) -> Result<ScaledCumulantEstimates> {
    crate::require(
        "duration of an increment",
        duration,
        duration.is_finite() && duration > 0.0,
        "a finite time above 0",
    )?;
    let n = increments.len();
    crate::require(
        "number of increments",
        n as f64,
        n >= 4 * LEAST_BATCHES,
        "at least 200",
    )?;
    let correlation = autocorrelation_time(increments)?;
    let window = correlation.window.max(1);
    let wanted = 1.35 * (window as f64).powf(2.0 / 3.0) * (n as f64).cbrt();
    let most = n / LEAST_BATCHES;
    let batch_length = (wanted.ceil() as usize).clamp(1, most);
    let sums: Vec<f64> = increments
        .chunks_exact(batch_length)
        .map(|b| b.iter().sum())
        .collect();
    let time = duration * batch_length as f64;
    let values = Moments::of(&sums).cumulants().map(|k| Estimate {
        value: k.value / time,
        standard_error: k.standard_error / time,
        interval: (k.interval.0 / time, k.interval.1 / time),
        ..k
    });
    Ok(ScaledCumulantEstimates {
        values,
        batch_length,
        batches: sums.len(),
        window: correlation.window,
        resolved: correlation.resolved && wanted <= most as f64,
    })
}

//! Integrated autocorrelation time of a stationary series.
//!
//! τ = 1 + 2 Σ_{k ≥ 1} ρ(k): the variance of the mean of n values is τ Var/n, so n/τ independent values would know it as well. The sum is
//! cut at the smallest window w ≥ 3 τ(w), where the neglected tail e^{−6} and the noise balance; its error is τ √(2(2w + 1)/n).
//!
//! Sources: Sokal, in Functional Integration (Plenum, 1997), section 3; Madras and Sokal, J. Stat. Phys. 50, 109 (1988).

use irrev_numerics::Estimate;
use irrev_numerics::sum::compensated_sum;

use crate::error::Result;

/// Windows per autocorrelation time.
const WINDOWS: f64 = 3.0;

/// The window is not sought beyond the length of the series over this.
const LONG: usize = 20;

/// τ of a series, and its mean with an error that knows of it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct AutocorrelationTime {
    /// τ, in steps of the series; 1 for independent values, below 1 for anticorrelated ones.
    pub time: Estimate,
    /// Lag at which the sum was cut.
    pub window: usize,
    /// Mean of the series with error √(τ s²/n); its sample size is n/τ.
    pub mean: Estimate,
    /// Whether a window was found within a twentieth of the series; if not, τ is too small.
    pub resolved: bool,
}

/// Integrated autocorrelation time. O(n · window), the window at most n/20.
///
/// # Errors
/// [`crate::Error::Domain`] for fewer than 4 values or one that is not finite.
pub fn autocorrelation_time(series: &[f64]) -> Result<AutocorrelationTime> {
    let n = series.len();
    crate::require("length of the series", n as f64, n >= 4, "at least 4")?;
    let bad = series.iter().find(|x| !x.is_finite());
    crate::require(
        "value",
        bad.copied().unwrap_or(0.0),
        bad.is_none(),
        "a finite number",
    )?;
    let size = n as f64;
    let mean = compensated_sum(series.iter().copied()) / size;
    let d: Vec<f64> = series.iter().map(|x| x - mean).collect();
    let covariance = |lag: usize| d.iter().zip(&d[lag..]).map(|(a, b)| a * b).sum::<f64>() / size;
    let variance = covariance(0);
    let (mut time, mut window, mut resolved) = (1.0, 0, variance == 0.0);
    if variance > 0.0 {
        // beyond this the time is not resolved anyway
        while window < (n / LONG).max(1) {
            window += 1;
            time += 2.0 * covariance(window) / variance;
            resolved = window as f64 >= WINDOWS * time;
            if resolved {
                break;
            }
        }
    }
    // noise may leave an anticorrelated series with a sum at or below zero: the mean is known no better than n² independent values
    let time = time.max(size.recip());
    let spread = 2.0 * (2.0 * window as f64 + 1.0) / size;
    let effective = (size / time).min(size * size);
    let error = (variance * time / (size - 1.0)).sqrt();
    Ok(AutocorrelationTime {
        time: Estimate::from_mean(time, time * spread.sqrt(), n),
        window,
        mean: Estimate::from_mean(mean, error, effective as usize),
        resolved,
    })
}

//! The infimum law of the total entropy production in a stationary state.
//!
//! e^{−Σ(t)} is a martingale, so by Doob's inequality the smallest value that Σ ever takes obeys P(inf Σ ≤ −s) ≤ e^{−s} and ⟨inf Σ⟩ ≥ −1, at
//! every horizon and however far from equilibrium.
//!
//! Source: Neri, Roldán and Jülicher, Phys. Rev. X 7, 011019 (2017).

use irrev_numerics::Estimate;

use super::{Moments, proportion};
use crate::error::Result;

/// P(inf Σ ≤ −s) at one level.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct InfimumLevel {
    /// s > 0, in nats.
    pub level: f64,
    /// P(inf Σ ≤ −s).
    pub probability: Estimate,
    /// e^{−s}.
    pub bound: f64,
    /// (probability − bound) in binomial standard deviations at the bound; positive values above a few violate the law.
    pub excess: f64,
}

/// The infimum law on a sample.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct InfimumLaw {
    /// ⟨inf Σ⟩, to be compared with −1.
    pub mean: Estimate,
    /// (−1 − mean) / standard error; positive values above a few violate the law.
    pub mean_excess: f64,
    /// Cumulative probabilities.
    pub levels: Vec<InfimumLevel>,
}

/// Compares minima of Σ along trajectories of a stationary process with the infimum law at levels s > 0.
///
/// A minimum counts as reaching −s within 10⁻¹² of s, so that sums of ln 2 reach multiples of ln 2.
///
/// # Errors
/// [`crate::Error::Domain`] for a level that is not positive.
pub fn infimum_law(minima: &[f64], levels: &[f64]) -> Result<InfimumLaw> {
    let n = minima.len() as u64;
    let mean = Moments::of(minima).mean();
    let at = |level: f64| {
        crate::require(
            "level",
            level,
            level.is_finite() && level > 0.0,
            "a finite number above 0",
        )?;
        let reached = minima.iter().filter(|m| **m <= -level * (1.0 - 1e-12)).count() as u64;
        let bound = (-level).exp();
        let probability = proportion(reached, n);
        Ok(InfimumLevel {
            level,
            probability,
            bound,
            excess: (probability.value - bound) / (bound * (1.0 - bound) / n as f64).sqrt(),
        })
    };
    Ok(InfimumLaw {
        mean,
        mean_excess: (-1.0 - mean.value) / mean.standard_error,
        levels: levels.iter().map(|&s| at(s)).collect::<Result<_>>()?,
    })
}

//! What an iteration aims at, and what it reached.

use serde::{Deserialize, Serialize};

/// Target of an iteration: stop when error ≤ absolute + relative · scale.
///
/// Defaults: relative 1e-10, absolute 0, at most 10 000 iterations; the iteration gives up at that count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tolerance {
    /// Accepted absolute error, in the unit of the quantity.
    pub absolute: f64,
    /// Accepted error relative to the scale that the method names.
    pub relative: f64,
    /// Iterations after which the method gives up with an error.
    pub max_iterations: usize,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self {
            absolute: 0.0,
            relative: 1e-10,
            max_iterations: 10_000,
        }
    }
}

impl Tolerance {
    /// Tolerance with the given relative target and the other defaults.
    #[must_use]
    pub fn relative(relative: f64) -> Self {
        Self {
            relative,
            ..Self::default()
        }
    }

    /// The target for a quantity of the given scale: absolute + relative · scale.
    #[must_use]
    pub fn target(&self, scale: f64) -> f64 {
        self.absolute + self.relative * scale
    }
}

/// Why an iteration stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum StopReason {
    /// No iteration was needed: the method is direct, the residual was verified.
    Direct,
    /// The residual met the target.
    Converged,
    /// The residual stopped falling at the rounding level, which lies above the target.
    Rounding,
    /// The iteration limit was reached first.
    IterationLimit,
    /// The method broke down (zero or non-finite intermediate result).
    Breakdown,
}

/// How an iteration ended: iterations done, residual reached, target, and why it stopped.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Convergence {
    /// Iterations done.
    pub iterations: usize,
    /// Residual reached, in the norm the method documents.
    pub residual: f64,
    /// Residual aimed at.
    pub target: f64,
    /// Why the iteration stopped.
    pub reason: StopReason,
}

impl Convergence {
    /// Record of a direct method whose residual was measured afterwards.
    #[must_use]
    pub fn direct(residual: f64, target: f64) -> Self {
        Self {
            iterations: 0,
            residual,
            target,
            reason: StopReason::Direct,
        }
    }

    /// Whether the residual met the target.
    #[must_use]
    pub fn converged(&self) -> bool {
        self.residual <= self.target
    }
}

impl std::fmt::Display for Convergence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let reason = match self.reason {
            StopReason::Direct => "direct method",
            StopReason::Converged => "converged",
            StopReason::Rounding => "stagnated at rounding level",
            StopReason::IterationLimit => "iteration limit reached",
            StopReason::Breakdown => "broke down",
        };
        let Self {
            iterations,
            residual,
            target,
            ..
        } = self;
        write!(
            f,
            "{reason} after {iterations} iterations, residual {residual:.3e}, target {target:.3e}"
        )
    }
}

//! What is known of κ, without its witness: what other statements about relaxation rest on.

use super::product::ProductCurvature;
use super::reversible::Reversible;
use super::search::EntropicCurvature;
use crate::error::Result;

/// κ from both sides, and the gap of the process that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvatureInterval {
    /// Upper estimate of κ, in 1/time.
    pub value: f64,
    /// Proven lower bound of κ, in 1/time, if there is one.
    pub lower_bound: Option<f64>,
    /// Spectral gap of the process, in 1/time.
    pub spectral_gap: f64,
}

impl From<&EntropicCurvature> for CurvatureInterval {
    fn from(found: &EntropicCurvature) -> Self {
        Self {
            value: found.value,
            lower_bound: found.lower_bound,
            spectral_gap: found.spectral_gap,
        }
    }
}

impl From<&ProductCurvature> for CurvatureInterval {
    fn from(whole: &ProductCurvature) -> Self {
        Self {
            value: whole.value,
            lower_bound: whole.lower_bound,
            spectral_gap: whole.spectral_gap,
        }
    }
}

impl From<&Self> for CurvatureInterval {
    fn from(other: &Self) -> Self {
        *other
    }
}

impl CurvatureInterval {
    /// # Errors
    /// [`crate::Error::Domain`] if the curvature belongs to a process of another gap.
    pub(super) fn require_of(&self, chain: &Reversible) -> Result<()> {
        let gap = self.spectral_gap;
        crate::require(
            "the spectral gap that came with the curvature",
            gap,
            (gap - chain.spectral_gap).abs() <= 1e-9 * gap,
            "that of the process itself; pass the curvature of the same process",
        )
    }
}

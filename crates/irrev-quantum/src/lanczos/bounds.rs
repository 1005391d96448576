//! An interval that holds the spectrum.

use num_complex::Complex64;

use irrev_numerics::Run;

use super::lanczos_coefficients;
use crate::error::{Error, Result};
use crate::kernel::SectorHamiltonian;
use crate::random::random_state;

/// Steps from a random vector: the outer levels are known to a few per mille of the width then.
const STEPS: usize = 40;

/// Margin on either side, as a part of the width, on top of the residual.
const MARGIN: f64 = 5e-3;

/// An interval that contains every level of a sector, with a margin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpectralBounds {
    lowest: f64,
    highest: f64,
}

impl SpectralBounds {
    /// Bounds that are known to hold; Chebyshev expansions diverge where they do not.
    ///
    /// # Errors
    /// [`Error::Domain`] unless lowest < highest and both are finite.
    pub fn new(lowest: f64, highest: f64) -> Result<Self> {
        let width = highest - lowest;
        Error::require(
            "the width of the spectrum",
            width,
            width > 0.0 && width.is_finite(),
            "a positive number",
        )?;
        Ok(Self { lowest, highest })
    }

    /// A number below every level.
    #[must_use]
    pub fn lowest(&self) -> f64 {
        self.lowest
    }

    /// A number above every level.
    #[must_use]
    pub fn highest(&self) -> f64 {
        self.highest
    }

    /// The middle.
    #[must_use]
    pub fn centre(&self) -> f64 {
        0.5 * (self.lowest + self.highest)
    }

    /// Half the width, positive.
    #[must_use]
    pub fn half_width(&self) -> f64 {
        0.5 * (self.highest - self.lowest)
    }
}

/// Bounds of the spectrum of a sector by 40 Lanczos steps from a random vector: the outermost Ritz values, moved outwards by their residuals and by 0.5 % of the
/// width.
///
/// Not a proof, since the start could miss a level, but the probability of that is as small as its overlap. A level outside makes a Chebyshev
/// expansion grow, which the drift of norms betrays.
///
/// Source: Zhou and Li, Linear Algebra Appl. 435, 480 (2011).
///
/// # Errors
/// [`irrev_numerics::Error::Cancelled`].
pub fn spectral_bounds(h: &SectorHamiltonian, run: &Run<'_>) -> Result<SpectralBounds> {
    run.install(|| {
        let found = if h.is_real() {
            lanczos_coefficients(h, &random_state::<f64>(h.dimension(), run.seed, 0), STEPS, run)?
        } else {
            lanczos_coefficients(
                h,
                &random_state::<Complex64>(h.dimension(), run.seed, 0),
                STEPS,
                run,
            )?
        };
        let ritz = found.ritz()?;
        let m = ritz.values.len();
        let (lowest, highest) = (ritz.values[0], ritz.values[m - 1]);
        let residual = |j: usize| found.beta[m - 1] * ritz.vectors[(m - 1, j)].abs();
        // a flat spectrum still needs an interval
        let size = lowest.abs().max(highest.abs()).max(1e-3);
        let margin = MARGIN * (highest - lowest) + 1e-6 * size;
        SpectralBounds::new(lowest - residual(0) - margin, highest + residual(m - 1) + margin)
    })?
}

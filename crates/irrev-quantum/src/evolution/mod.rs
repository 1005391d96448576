//! Evolution of a state, in real and in imaginary time, by Chebyshev's polynomials of H.
//!
//! e^{−iHt} = e^{−ict} Σ_n (2 − δ_n0) (−i)^n J_n(ht) T_n((H − c)/h) for a spectrum inside c ± h, and e^{−βH} likewise with modified Bessel functions. The sum ends soon after n =
//! ht, its error falls faster than any exponential there and is bounded by the weights left out. Nothing accumulates from step to step, and one pass
//! serves any number of times.
//!
//! Source: Tal-Ezer and Kosloff, J. Chem. Phys. 81, 3967 (1984); Kosloff, Annu. Rev. Phys. Chem. 45, 145 (1994).

mod bessel;
mod echo;
mod imaginary_time;
mod real_time;

pub use echo::{Echo, echoes};
pub use imaginary_time::{ImaginaryEvolution, evolve_in_imaginary_time};
pub use real_time::{Evolution, evolve, mean_energy};
pub(crate) use real_time::{exponentials, require_norm};

use crate::lanczos::SpectralBounds;

/// How an evolution is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EvolutionOptions {
    /// Accepted error of a state in norm by truncation, relative to the norm of the start; default 1e-12.
    pub tolerance: f64,
    /// Bounds of the spectrum; by default found by [`crate::lanczos::spectral_bounds`].
    pub bounds: Option<SpectralBounds>,
}

impl Default for EvolutionOptions {
    fn default() -> Self {
        Self {
            tolerance: 1e-12,
            bounds: None,
        }
    }
}

/// Number of weights to keep, and the sum of moduli of those left out, which the tolerance allows.
fn truncation(weights: &[f64], tolerance: f64) -> (usize, f64) {
    let mut lost = 0.0;
    for (n, weight) in weights.iter().enumerate().rev() {
        if lost + weight.abs() > tolerance {
            return (n + 1, lost);
        }
        lost += weight.abs();
    }
    (1, lost)
}

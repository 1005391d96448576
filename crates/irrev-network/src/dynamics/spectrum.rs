//! Spectrum of the generator and relaxation times.
//!
//! With detailed balance the generator is symmetrised, S = π^{−1/2} W π^{1/2}, and its eigenvalues are real and accurate;
//! without it they come in complex pairs. Relaxation times are −1/Re λ over the non-zero eigenvalues; a complex pair
//! oscillates with period 2π/|Im λ| and quality |Im λ|/|Re λ|.

use irrev_numerics::linalg::{Matrix, eigenvalues, symmetric_eigen};
use irrev_numerics::{Run, tolerance::Convergence};
use num_complex::Complex64;

use crate::error::Result;
use crate::kinetics::{Kinetics, MarkovJump};

/// Detailed balance is taken to hold below this relative current; above it rounding of π explains it no more.
const DETAILED_BALANCE: f64 = 1e-13;

/// Eigenvalues of a generator with what they say about relaxation.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RelaxationSpectrum {
    /// All eigenvalues, by falling real part; the first is 0 (one zero per closed class).
    pub eigenvalues: Vec<Complex64>,
    /// −1/Re λ of the non-zero eigenvalues, longest first, in units of time.
    pub relaxation_times: Vec<f64>,
    /// Spectral gap −Re λ of the slowest non-zero eigenvalue, in 1/time.
    pub spectral_gap: f64,
    /// Largest |Im λ|/|Re λ|: number of coherent oscillations times 2π; 0 with detailed balance.
    pub coherence: f64,
    /// Whether the symmetrised form was used.
    pub detailed_balance: bool,
    /// Residual of the eigenvalue computation.
    pub convergence: Convergence,
}

/// Spectrum of the generator, dense: O(n³) time, 24 n² bytes.
///
/// ```
/// use irrev_network::{MarkovJump, dynamics::relaxation_spectrum};
/// let two = MarkovJump::from_rates(2, &[(0, 1, 2.0, 1.0)])?;
/// assert!((relaxation_spectrum(&two, &Default::default())?.spectral_gap - 3.0).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// Memory over the limit of `run`; not converged.
pub fn relaxation_spectrum(kinetics: &MarkovJump, run: &Run<'_>) -> Result<RelaxationSpectrum> {
    let n = kinetics.network().states().len();
    run.require_memory("the dense spectrum", 24 * (n as u64).pow(2))?;
    let mut w = Matrix::<f64>::zeros(n, n);
    for (from, to, rate) in kinetics.jumps() {
        w[(to, from)] += rate;
        w[(from, from)] -= rate;
    }
    let stationary = kinetics.stationary_distribution().ok();
    let balanced = stationary.filter(|pi| {
        pi.probabilities().iter().all(|p| *p > 0.0)
            && kinetics
                .detailed_balance_defect()
                .is_ok_and(|defect| defect < DETAILED_BALANCE)
    });
    let (mut values, convergence) = match &balanced {
        Some(_) => {
            // S_ij = √(W_ij W_ji): symmetric by construction, without dividing by small probabilities
            let s = Matrix::from_fn(n, n, |i, j| {
                if i == j {
                    w[(i, i)]
                } else {
                    (w[(i, j)] * w[(j, i)]).sqrt()
                }
            });
            let spectrum = symmetric_eigen(&s)?;
            let values = spectrum
                .values
                .iter()
                .rev()
                .map(|&v| Complex64::new(v, 0.0))
                .collect::<Vec<_>>();
            (values, spectrum.convergence)
        }
        None => {
            let spectrum = eigenvalues(&w)?;
            (spectrum.values, spectrum.convergence)
        }
    };
    // one eigenvalue per closed class is exactly zero, and no real part is positive: what rounding left of that is removed
    values.sort_by(|a, b| b.re.total_cmp(&a.re).then(a.im.abs().total_cmp(&b.im.abs())));
    let zeros = super::classes::closed_sets(kinetics).len();
    for (k, value) in values.iter_mut().enumerate() {
        if k < zeros {
            *value = Complex64::ZERO;
        }
        value.re = value.re.min(0.0);
    }
    values.sort_by(|a, b| b.re.total_cmp(&a.re).then(b.im.total_cmp(&a.im)));
    let decaying = || values.iter().filter(|v| v.re < 0.0);
    let relaxation_times: Vec<f64> = decaying().map(|v| -1.0 / v.re).collect();
    let spectral_gap = decaying().map(|v| -v.re).fold(f64::INFINITY, f64::min);
    let coherence = decaying().map(|v| v.im.abs() / -v.re).fold(0.0, f64::max);
    Ok(RelaxationSpectrum {
        spectral_gap: if spectral_gap.is_finite() {
            spectral_gap
        } else {
            0.0
        },
        eigenvalues: values,
        relaxation_times,
        coherence,
        detailed_balance: balanced.is_some(),
        convergence,
    })
}

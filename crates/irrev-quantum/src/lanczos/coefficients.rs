//! The three-term recurrence, and eigenvalues of its tridiagonal matrix.

use irrev_numerics::Run;
use irrev_numerics::linalg::{Matrix, SymmetricSpectrum, symmetric_eigen};

use crate::error::{Error, Result};
use crate::kernel::{Amplitude, Combination, SectorHamiltonian};
use crate::vector::{add, inner, norm, scale};

/// Part of the largest coefficients below which β is rounding: the Krylov space is exhausted.
pub(super) const EXHAUSTED: f64 = 16.0 * f64::EPSILON;

/// α_0 … α_{m−1} and β_1 … β_m of Lanczos' recurrence, energies; fewer than asked for if the Krylov space was exhausted.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct LanczosCoefficients {
    /// α_j = ⟨v_j|H|v_j⟩.
    pub alpha: Vec<f64>,
    /// β_{j+1} = ‖(H − α_j) v_j − β_j v_{j−1}‖ ≥ 0; the last is the norm of the final residual.
    pub beta: Vec<f64>,
}

impl LanczosCoefficients {
    /// Ritz values, ascending, and their vectors in the Krylov basis.
    ///
    /// # Errors
    /// [`irrev_numerics::Error::NotConverged`].
    pub fn ritz(&self) -> Result<SymmetricSpectrum> {
        Ok(symmetric_eigen(&Matrix::from_fn(
            self.alpha.len(),
            self.alpha.len(),
            |i, j| match i.abs_diff(j) {
                0 => self.alpha[i],
                1 => self.beta[i.min(j)],
                _ => 0.0,
            },
        ))?)
    }

    /// ⟨v_0|H^q|v_0⟩ for q = 0 … m, from the tridiagonal matrix.
    #[must_use]
    pub fn moments(&self) -> Vec<f64> {
        let m = self.alpha.len();
        let mut vector = vec![0.0; m];
        vector[0] = 1.0;
        let mut moments = vec![1.0];
        for _ in 0..m {
            let entry = |i: usize| {
                let left = if i > 0 {
                    self.beta[i - 1] * vector[i - 1]
                } else {
                    0.0
                };
                let right = if i + 1 < m {
                    self.beta[i] * vector[i + 1]
                } else {
                    0.0
                };
                left + self.alpha[i] * vector[i] + right
            };
            vector = (0..m).map(entry).collect();
            moments.push(vector[0]);
        }
        moments
    }
}

/// Lanczos coefficients of up to `steps` steps from a start vector of any norm > 0, without orthogonalisation; two vectors of memory.
///
/// # Errors
/// [`Error::Size`], [`Error::ComplexHoppings`]; [`Error::Domain`] for a start of norm 0; [`irrev_numerics::Error::Cancelled`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::{Hamiltonian, Sector, SectorHamiltonian, lanczos};
/// let ring = Lattice::chain(8, Boundary::Periodic)?;
/// let h = SectorHamiltonian::new(&Hamiltonian::uniform(&ring, 1.0, 0.0, 0.0)?, Sector::new(8, 1)?)?;
/// let mut start = [0.0; 8];
/// start[0] = 1.0;
/// let found = lanczos::lanczos_coefficients(&h, &start, 3, &Run::default())?;
/// assert!((found.beta[0] - 2.0_f64.sqrt()).abs() < 1e-15);               // hops to both sides
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn lanczos_coefficients<T: Amplitude>(
    h: &SectorHamiltonian,
    start: &[T],
    steps: usize,
    run: &Run<'_>,
) -> Result<LanczosCoefficients> {
    run.install(|| {
        h.require_closed::<T>()?;
        Error::require_size("the start vector", start.len(), h.dimension())?;
        let mut current = start.to_vec();
        let length = norm(&current);
        Error::require(
            "the norm of the start vector",
            length,
            length > 0.0 && length.is_finite(),
            "a positive number",
        )?;
        scale(1.0 / length, &mut current);
        let mut previous = vec![T::ZERO; current.len()];
        let (mut alpha, mut beta): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        let mut size = 0.0_f64;
        for step in 0..steps.min(h.dimension()) {
            run.report(step as f64 / steps as f64, "Lanczos steps")?;
            let combination = Combination {
                y: beta.last().map_or(0.0, |beta| -beta),
                ..Combination::default()
            };
            h.combine(combination, 1, &current, &mut previous)?;
            let a = inner(&current, &previous).to_complex().re;
            add(T::from_real(-a), &current, &mut previous);
            let b = norm(&previous);
            alpha.push(a);
            beta.push(b);
            size = size.max(a.abs() + b);
            if b <= EXHAUSTED * size {
                break;
            }
            scale(1.0 / b, &mut previous);
            std::mem::swap(&mut current, &mut previous);
        }
        Ok(LanczosCoefficients { alpha, beta })
    })?
}

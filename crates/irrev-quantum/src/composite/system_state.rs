//! The initial state of the system.

use num_complex::Complex64;

use irrev_numerics::linalg::{Matrix, hermitian_eigen};
use irrev_numerics::special::x_ln_x;

use crate::error::{Error, Result};

/// Accepted error of normalisation and orthogonality of what a user gives.
const ROUNDING: f64 = 1e-9;

/// Eigenvalues of a density matrix below this are nothing.
const EMPTY: f64 = 1e-15;

/// ρ_S = Σ_k p_k |φ_k⟩⟨φ_k| with p_k > 0 and orthonormal φ_k, of 2^m amplitudes by configuration (bit i for site i).
///
/// ```
/// use irrev_quantum::composite::SystemState;
/// let full = SystemState::diagonal(&[0.0, 1.0])?;                       // one site, occupied
/// assert_eq!(full.rank(), 1);
/// let mixed = full.regularised(0.01)?;
/// assert_eq!(mixed.probabilities(), [0.99, 0.01]);
/// assert!(mixed.entropy() > 0.0);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SystemState {
    sites: usize,
    probabilities: Vec<f64>,
    vectors: Vec<Vec<Complex64>>,
}

impl SystemState {
    /// From probabilities and orthonormal vectors; those with p_k = 0 are dropped.
    ///
    /// # Errors
    /// [`Error::Size`] unless there are as many vectors as probabilities, each of 2^m amplitudes for some m; [`Error::Domain`] for probabilities that are negative
    /// or do not sum to 1 within 1e-9; [`Error::NotOrthonormal`].
    pub fn new(probabilities: &[f64], vectors: &[Vec<Complex64>]) -> Result<Self> {
        Error::require_size("vectors of the system", vectors.len(), probabilities.len())?;
        let length = vectors.first().map_or(0, Vec::len);
        Error::require(
            "the number of amplitudes of the system",
            length as f64,
            length >= 2 && length.is_power_of_two(),
            "a power of two, one for each configuration",
        )?;
        for &p in probabilities {
            Error::require("a probability of the system", p, p >= 0.0, "a number from 0 to 1")?;
        }
        let sum: f64 = probabilities.iter().sum();
        Error::require(
            "the sum of the probabilities of the system",
            sum,
            (sum - 1.0).abs() <= ROUNDING,
            "1",
        )?;
        for (second, right) in vectors.iter().enumerate() {
            Error::require_size("a vector of the system", right.len(), length)?;
            for (first, left) in vectors[..=second].iter().enumerate() {
                let overlap: Complex64 = left.iter().zip(right).map(|(l, r)| l.conj() * r).sum();
                let expected = if first == second { 1.0 } else { 0.0 };
                if !((overlap - expected).norm() <= ROUNDING) {
                    return Err(Error::NotOrthonormal {
                        first,
                        second,
                        overlap: overlap.norm(),
                    });
                }
            }
        }
        let kept = || (0..probabilities.len()).filter(|&k| probabilities[k] > 0.0);
        Ok(Self {
            sites: length.ilog2() as usize,
            probabilities: kept().map(|k| probabilities[k]).collect(),
            vectors: kept().map(|k| vectors[k].clone()).collect(),
        })
    }

    /// A mixture of configurations with the given probabilities, 2^m of them.
    ///
    /// # Errors
    /// As [`SystemState::new`].
    pub fn diagonal(probabilities: &[f64]) -> Result<Self> {
        let unit = |s: usize| {
            let mut vector = vec![Complex64::ZERO; probabilities.len()];
            vector[s] = Complex64::ONE;
            vector
        };
        let vectors: Vec<_> = (0..probabilities.len()).map(unit).collect();
        Self::new(probabilities, &vectors)
    }

    /// A pure state of 2^m amplitudes, which may be a superposition of different numbers of particles.
    ///
    /// # Errors
    /// As [`SystemState::new`].
    pub fn pure(amplitudes: &[Complex64]) -> Result<Self> {
        Self::new(&[1.0], &[amplitudes.to_vec()])
    }

    /// From a density matrix of 2^m rows (the lower triangle is read); eigenvalues below 1e-15, and negative ones down to −1e-9, count as zero.
    ///
    /// # Errors
    /// [`Error::Size`] for a matrix that is not square, and as [`SystemState::new`] for the eigenvalues.
    pub fn from_matrix(rho: &Matrix<Complex64>) -> Result<Self> {
        Error::require_size("columns of a density matrix", rho.columns(), rho.rows())?;
        let found = hermitian_eigen(rho)?;
        let clean = |&q: &f64| if q < EMPTY && q > -ROUNDING { 0.0 } else { q };
        let probabilities: Vec<f64> = found.values.iter().map(clean).collect();
        let vectors: Vec<_> = (0..rho.rows())
            .map(|l| found.vectors.column(l).to_vec())
            .collect();
        Self::new(&probabilities, &vectors)
    }

    /// (1 − ε) ρ + ε (1 − Π)/(2^m − rank): what is orthogonal to the support of ρ becomes possible, so that no outcome is absolutely irreversible. A state of full
    /// rank stays as it is.
    ///
    /// # Errors
    /// [`Error::Domain`] unless 0 < ε < 1.
    pub fn regularised(&self, epsilon: f64) -> Result<Self> {
        Error::require(
            "the share ε of a regularisation",
            epsilon,
            epsilon > 0.0 && epsilon < 1.0,
            "a number between 0 and 1",
        )?;
        let missing = self.dimension() - self.rank();
        if missing == 0 {
            return Ok(self.clone());
        }
        let mut vectors = self.vectors.clone();
        for s in 0..self.dimension() {
            let mut candidate = vec![Complex64::ZERO; self.dimension()];
            candidate[s] = Complex64::ONE;
            for _ in 0..2 {
                for vector in &vectors {
                    let overlap: Complex64 = vector.iter().zip(&candidate).map(|(v, c)| v.conj() * c).sum();
                    for (c, v) in candidate.iter_mut().zip(vector) {
                        *c -= overlap * v;
                    }
                }
            }
            let length = candidate.iter().map(Complex64::norm_sqr).sum::<f64>().sqrt();
            // among 2^m unit vectors one keeps at least this length unless the basis is complete
            if length > 0.5 / self.dimension() as f64 && vectors.len() < self.dimension() {
                vectors.push(candidate.iter().map(|c| c / length).collect());
            }
        }
        let mut probabilities: Vec<f64> = self.probabilities.iter().map(|p| (1.0 - epsilon) * p).collect();
        probabilities.extend(std::iter::repeat_n(epsilon / missing as f64, missing));
        Self::new(&probabilities, &vectors)
    }

    /// Number of sites m.
    #[must_use]
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// Number of configurations 2^m.
    #[must_use]
    pub fn dimension(&self) -> usize {
        1 << self.sites
    }

    /// Number of p_k > 0.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.probabilities.len()
    }

    /// p_k, all positive.
    #[must_use]
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// φ_k, amplitudes by configuration.
    #[must_use]
    pub fn vectors(&self) -> &[Vec<Complex64>] {
        &self.vectors
    }

    /// Von Neumann entropy −Σ p_k ln p_k, in nats.
    #[must_use]
    pub fn entropy(&self) -> f64 {
        -self.probabilities.iter().map(|&p| x_ln_x(p)).sum::<f64>()
    }

    /// Σ_k p_k |φ_k⟩⟨φ_k|, 2^m × 2^m.
    #[must_use]
    pub fn to_matrix(&self) -> Matrix<Complex64> {
        Matrix::from_fn(self.dimension(), self.dimension(), |i, j| {
            let terms = self.probabilities.iter().zip(&self.vectors);
            terms.map(|(p, phi)| phi[i] * phi[j].conj() * *p).sum()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_state_is_refused() {
        assert!(matches!(
            SystemState::diagonal(&[0.5, 0.6]),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            SystemState::diagonal(&[1.5, -0.5]),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            SystemState::diagonal(&[0.5, 0.2, 0.3]),
            Err(Error::Domain { .. })
        ));
        let twice = vec![Complex64::ONE, Complex64::ZERO];
        assert!(matches!(
            SystemState::new(&[0.5, 0.5], &[twice.clone(), twice]),
            Err(Error::NotOrthonormal {
                first: 0,
                second: 1,
                ..
            })
        ));
        assert!(SystemState::pure(&[Complex64::ONE, Complex64::ONE]).is_err());
    }

    #[test]
    fn a_regularised_superposition_has_full_rank_and_the_same_support() {
        let half = Complex64::from(0.5_f64.sqrt());
        let pure = SystemState::pure(&[half, Complex64::ZERO, Complex64::ZERO, half * Complex64::I]).unwrap();
        let full = pure.regularised(0.03).unwrap();
        assert_eq!(full.rank(), 4);
        let (a, b) = (pure.to_matrix(), full.to_matrix());
        let overlap: Complex64 = a.data().iter().zip(b.data()).map(|(a, b)| a.conj() * b).sum();
        assert!((overlap.re - 0.97).abs() < 1e-14);
        let again = SystemState::from_matrix(&b).unwrap();
        assert!((again.entropy() - full.entropy()).abs() < 1e-14);
    }
}

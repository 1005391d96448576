//! Sums of exponentials as continued fractions, and back.
//!
//! K(t) = Σ c_j e^{−a_j t} has the transform K(s) = Σ c_j/(s + a_j) = D₁/(s + g₁ − D₂/(s + g₂ − D₃/(…))). The g and D are the entries of the Jacobi matrix
//! that Lanczos' recurrence makes of diag(a) and the start vector √c: its diagonal and its squared off-diagonal, with D₁ = Σ c_j. In Mori's form, with plus
//! signs, D_n for n ≥ 2 are the negatives of these.
//!
//! Sources: H. Mori, Prog. Theor. Phys. 34, 399 (1965); G. H. Golub and J. H. Welsch, Math. Comput. 23, 221 (1969).

use irrev_numerics::linalg::{Matrix, symmetric_eigen};

use crate::error::{Error, Result};

/// K(s) = D₁/(s + g₁ − D₂/(s + g₂ − …)).
///
/// ```
/// use irrev_landscape::memory::ContinuedFraction;
/// let fraction = ContinuedFraction::from_exponentials(&[1.0, 2.0], &[0.5, 3.0])?;
/// assert!((fraction.transform(1.0) - (1.0 / 1.5 + 2.0 / 4.0)).abs() < 1e-14);
/// let (amplitudes, rates) = fraction.exponentials()?;
/// assert!((amplitudes[1] - 2.0).abs() < 1e-13 && (rates[1] - 3.0).abs() < 1e-13);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ContinuedFraction {
    /// D₁, D₂, …, positive.
    pub strengths: Vec<f64>,
    /// g₁, g₂, …, as many.
    pub rates: Vec<f64>,
}

impl ContinuedFraction {
    /// The fraction of Σ c_j e^{−a_j t}; equal rates count as one term.
    ///
    /// # Errors
    /// [`Error::Size`] if there are not as many rates as amplitudes, [`Error::Domain`] for an amplitude that is not positive, [`Error::NotFinite`] for a rate
    /// that is no number.
    pub fn from_exponentials(amplitudes: &[f64], rates: &[f64]) -> Result<Self> {
        Error::require_size("the rates of exponentials", rates.len(), amplitudes.len())?;
        for c in amplitudes {
            Error::require(
                "an amplitude of an exponential",
                *c,
                *c > 0.0 && c.is_finite(),
                "a positive number",
            )?;
        }
        crate::record::require_numbers("a rate of an exponential", rates, 0)?;
        let total: f64 = amplitudes.iter().sum();
        let mut basis: Vec<Vec<f64>> = Vec::new();
        let mut next: Vec<f64> = amplitudes.iter().map(|c| c.sqrt()).collect();
        let mut strength = total;
        let mut fraction = Self {
            strengths: Vec::new(),
            rates: Vec::new(),
        };
        let largest = rates.iter().fold(0.0, |most: f64, a| most.max(a.abs()));
        for _ in 0..amplitudes.len() {
            // what is left is rounding: there were equal rates
            if !fraction.strengths.is_empty() && strength.sqrt() <= 1e-13 * largest {
                break;
            }
            let norm = next.iter().map(|x| x * x).sum::<f64>().sqrt();
            let vector: Vec<f64> = next.iter().map(|x| x / norm).collect();
            fraction.strengths.push(strength);
            fraction
                .rates
                .push(vector.iter().zip(rates).map(|(x, a)| a * x * x).sum());
            next = vector.iter().zip(rates).map(|(x, a)| a * x).collect();
            basis.push(vector);
            // twice: the second time takes out what rounding left
            for _ in 0..2 {
                for earlier in &basis {
                    let part: f64 = earlier.iter().zip(&next).map(|(e, x)| e * x).sum();
                    next.iter_mut().zip(earlier).for_each(|(x, e)| *x -= part * e);
                }
            }
            strength = next.iter().map(|x| x * x).sum();
        }
        Ok(fraction)
    }

    /// K(s), from the innermost fraction outwards.
    #[must_use]
    pub fn transform(&self, s: f64) -> f64 {
        let levels = self.strengths.iter().zip(&self.rates).rev();
        levels.fold(0.0, |inner, (strength, rate)| strength / (s + rate - inner))
    }

    /// Amplitudes c_j and ascending rates a_j of Σ c_j e^{−a_j t}.
    ///
    /// # Errors
    /// [`Error::Size`] if there are not as many rates as strengths, [`Error::Domain`] for a strength that is negative, [`Error::Numerics`] if the eigenvalues
    /// of the Jacobi matrix are not found.
    pub fn exponentials(&self) -> Result<(Vec<f64>, Vec<f64>)> {
        let n = self.strengths.len();
        Error::require_size("the rates of a continued fraction", self.rates.len(), n)?;
        for d in &self.strengths {
            Error::require(
                "a strength of a continued fraction",
                *d,
                *d >= 0.0 && d.is_finite(),
                "zero or a positive number",
            )?;
        }
        let Some(total) = self.strengths.first() else {
            return Ok((Vec::new(), Vec::new()));
        };
        let jacobi = Matrix::from_fn(n, n, |i, j| match i.abs_diff(j) {
            0 => self.rates[i],
            1 => self.strengths[i.max(j)].sqrt(),
            _ => 0.0,
        });
        let spectrum = symmetric_eigen(&jacobi)?;
        let amplitudes = (0..n)
            .map(|k| total * spectrum.vectors.column(k)[0].powi(2))
            .collect();
        Ok((amplitudes, spectrum.values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn there_and_back_again(terms in prop::collection::vec((0.1..3.0_f64, 0.3..1.0_f64), 1..7)) {
            let amplitudes: Vec<f64> = terms.iter().map(|(c, _)| *c).collect();
            let rates: Vec<f64> = terms.iter().scan(0.0, |a, (_, gap)| { *a += gap; Some(*a) }).collect();
            let fraction = ContinuedFraction::from_exponentials(&amplitudes, &rates).unwrap();
            let (found, found_rates) = fraction.exponentials().unwrap();
            // rates at least 0.3 apart within 6: the map is well conditioned
            for k in 0..terms.len() {
                prop_assert!((found[k] - amplitudes[k]).abs() < 1e-11 && (found_rates[k] - rates[k]).abs() < 1e-12);
            }
            let exact: f64 = terms.iter().zip(&rates).map(|((c, _), a)| c / (0.7 + a)).sum();
            prop_assert!((fraction.transform(0.7) - exact).abs() < 1e-12 * exact);
        }
    }

    #[test]
    fn equal_rates_are_one_term_and_signs_are_checked() {
        let fraction = ContinuedFraction::from_exponentials(&[1.0, 2.0], &[3.0, 3.0]).unwrap();
        assert_eq!(fraction.strengths.len(), 1);
        assert!((fraction.transform(0.0) - 1.0).abs() < 1e-15);
        assert_eq!(
            ContinuedFraction::from_exponentials(&[], &[])
                .unwrap()
                .transform(1.0),
            0.0
        );
        assert!(matches!(
            ContinuedFraction::from_exponentials(&[-1.0], &[1.0]),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            ContinuedFraction::from_exponentials(&[1.0], &[]),
            Err(Error::Size { .. })
        ));
    }
}

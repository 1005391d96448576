//! Discrete Fourier transforms of real series, and convolutions by them.
//!
//! X_k = Σ_j x_j e^{−2πi jk/n} for k = 0..=n/2; the inverse divides by n. Errors are a few roundings times log n of the largest entry. Lengths of the form
//! 2^a 3^b are fast, any length works.
//!
//! Source: J. W. Cooley and J. W. Tukey, Math. Comput. 19, 297 (1965).

use std::sync::Arc;

use num_complex::Complex64;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::error::{Error, Result};

/// Transforms of one length; cheap to clone, and shared by threads.
///
/// ```
/// use irrev_numerics::fourier::RealFourier;
/// let transform = RealFourier::new(4)?;
/// let spectrum = transform.forward(&mut [1.0, 2.0, 3.0, 4.0])?;
/// assert_eq!(spectrum[0].re, 10.0);
/// let back = transform.inverse(&mut spectrum.clone())?;
/// assert!((back[2] - 3.0).abs() < 1e-15);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
#[derive(Clone)]
pub struct RealFourier {
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
}

impl std::fmt::Debug for RealFourier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RealFourier {{ length: {} }}", self.length())
    }
}

impl RealFourier {
    /// Transforms of series of this length.
    ///
    /// # Errors
    /// [`Error::Domain`] for length 0.
    pub fn new(length: usize) -> Result<Self> {
        if length == 0 {
            return Err(Error::Domain {
                what: "the length of a Fourier transform",
                value: 0.0,
                expected: "at least 1",
            });
        }
        let mut planner = RealFftPlanner::new();
        Ok(Self {
            forward: planner.plan_fft_forward(length),
            inverse: planner.plan_fft_inverse(length),
        })
    }

    /// Length of the series.
    #[must_use]
    pub fn length(&self) -> usize {
        self.forward.len()
    }

    /// X_k for k = 0..=n/2; `series` is used as working space.
    ///
    /// # Errors
    /// [`Error::Length`].
    pub fn forward(&self, series: &mut [f64]) -> Result<Vec<Complex64>> {
        let (found, expected) = (series.len(), self.length());
        let mut spectrum = self.forward.make_output_vec();
        self.forward
            .process(series, &mut spectrum)
            .map_err(|_| Error::Length {
                what: "a series to be transformed",
                found,
                expected,
            })?;
        Ok(spectrum)
    }

    /// The series with the given X_k, k = 0..=n/2; the imaginary parts of X_0 and, for even n, X_{n/2} are taken as 0. `spectrum` is used as working space.
    ///
    /// # Errors
    /// [`Error::Length`].
    pub fn inverse(&self, spectrum: &mut [Complex64]) -> Result<Vec<f64>> {
        let (n, found, expected) = (self.length(), spectrum.len(), self.length() / 2 + 1);
        if found != expected {
            return Err(Error::Length {
                what: "a spectrum to be transformed",
                found,
                expected,
            });
        }
        spectrum[0].im = 0.0;
        if n.is_multiple_of(2) {
            spectrum[n / 2].im = 0.0;
        }
        let mut series = self.inverse.make_output_vec();
        self.inverse
            .process(spectrum, &mut series)
            .map_err(|_| Error::Length {
                what: "a spectrum to be transformed",
                found,
                expected,
            })?;
        series.iter_mut().for_each(|x| *x /= n as f64);
        Ok(series)
    }
}

/// The smallest length of the form 2^a or 3·2^a that is at least `least`, for which transforms are fast.
#[must_use]
pub fn fast_length(least: usize) -> usize {
    let power = least.max(1).next_power_of_two();
    let three_quarters = power / 4 * 3;
    if three_quarters >= least && three_quarters > 0 {
        three_quarters
    } else {
        power
    }
}

/// Entries `from..to` of the convolution (a ∗ b)_k = Σ_j a_j b_{k−j}; entries beyond the end are 0. O(n log n), or direct sums where these are faster.
///
/// Errors are absolute: some roundings of |a||b|.
///
/// ```
/// let c = irrev_numerics::fourier::convolution(&[1.0, 2.0], &[3.0, 4.0, 5.0], 1, 5)?;
/// assert_eq!(c, [10.0, 13.0, 10.0, 0.0]);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
///
/// # Errors
/// Those of the transform.
pub fn convolution(a: &[f64], b: &[f64], from: usize, to: usize) -> Result<Vec<f64>> {
    /// Below this length of the shorter series direct sums are faster.
    const DIRECT: usize = 48;
    let full = (a.len() + b.len()).saturating_sub(1);
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() <= DIRECT {
        let entry = |k: usize| {
            let terms = short
                .iter()
                .enumerate()
                .take(k + 1)
                .skip((k + 1).saturating_sub(long.len()));
            terms.map(|(j, x)| x * long[k - j]).sum()
        };
        return Ok((from..to)
            .map(|k| if k < full { entry(k) } else { 0.0 })
            .collect());
    }
    let transform = RealFourier::new(fast_length(full))?;
    let padded = |x: &[f64]| {
        let mut padded = vec![0.0; transform.length()];
        padded[..x.len()].copy_from_slice(x);
        transform.forward(&mut padded)
    };
    let mut product: Vec<Complex64> = padded(a)?.iter().zip(padded(b)?).map(|(a, b)| a * b).collect();
    let all = transform.inverse(&mut product)?;
    Ok((from..to).map(|k| if k < full { all[k] } else { 0.0 }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transforms_agree_with_their_definition_for_any_length() {
        for n in [1, 2, 3, 8, 15, 97] {
            let x: Vec<f64> = (0..n).map(|j| (1.3 * j as f64).sin() + 0.2).collect();
            let transform = RealFourier::new(n).unwrap();
            let spectrum = transform.forward(&mut x.clone()).unwrap();
            for (k, found) in spectrum.iter().enumerate() {
                let angle = -std::f64::consts::TAU * k as f64 / n as f64;
                let exact: Complex64 = x
                    .iter()
                    .enumerate()
                    .map(|(j, x)| Complex64::from_polar(*x, angle * j as f64))
                    .sum();
                assert!((found - exact).norm() < 1e-13 * n as f64, "{n} {k}");
            }
            let back = transform.inverse(&mut spectrum.clone()).unwrap();
            assert!(back.iter().zip(&x).all(|(a, b)| (a - b).abs() < 1e-14));
            assert!(matches!(
                transform.forward(&mut vec![0.0; n + 1]),
                Err(Error::Length { .. })
            ));
            assert!(matches!(
                transform.inverse(&mut vec![Complex64::ZERO; n + 7]),
                Err(Error::Length { .. })
            ));
        }
        assert!(RealFourier::new(0).is_err());
    }

    #[test]
    fn both_ways_to_a_convolution_agree() {
        let series =
            |n: usize, seed: f64| -> Vec<f64> { (0..n).map(|j| (seed * (j * j) as f64).cos()).collect() };
        for (n, m) in [(1, 1), (48, 300), (49, 50), (300, 211)] {
            let (a, b) = (series(n, 0.7), series(m, 1.1));
            let found = convolution(&a, &b, 0, n + m + 3).unwrap();
            for (k, found) in found.iter().enumerate() {
                let exact: f64 = (0..n)
                    .filter(|j| *j <= k && k - j < m)
                    .map(|j| a[j] * b[k - j])
                    .sum();
                assert!((found - exact).abs() < 1e-12, "{n} {m} {k}");
            }
        }
        assert_eq!(convolution(&[], &[1.0], 0, 2).unwrap(), [0.0, 0.0]);
    }

    #[test]
    fn fast_lengths_are_next() {
        assert_eq!(
            [0, 1, 2, 3, 5, 6, 7, 9, 12, 13, 97].map(fast_length),
            [1, 1, 2, 3, 6, 6, 8, 12, 12, 16, 128]
        );
    }
}

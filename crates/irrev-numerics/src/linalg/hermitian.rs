//! Spectra of large Hermitian matrices, real or complex, verified at the cost of a few products with vectors.

use num_complex::Complex64;

use super::Matrix;
use crate::dense_kernels::DenseKernels;
use crate::error::{Error, Result};
use crate::operator::{Scalar, norm};
use crate::tolerance::{Convergence, StopReason};

/// Accepted relative residual in units of n ε.
const RESIDUAL: f64 = 256.0;

/// Vectors with which a spectrum is probed.
const PROBES: usize = 3;

/// `f64` or [`Complex64`].
pub trait DenseScalar: Scalar + private::Sealed {}
impl DenseScalar for f64 {}
impl DenseScalar for Complex64 {}

mod private {
    use num_complex::Complex64;

    pub trait Sealed: faer::traits::ComplexField + Copy {
        fn real_part(self) -> f64;
        fn eigenvalues(a: faer::MatRef<'_, Self>) -> Option<Vec<f64>>;
    }

    impl Sealed for f64 {
        fn real_part(self) -> f64 {
            self
        }
        fn eigenvalues(a: faer::MatRef<'_, Self>) -> Option<Vec<f64>> {
            a.self_adjoint_eigenvalues(faer::Side::Lower).ok()
        }
    }

    impl Sealed for Complex64 {
        fn real_part(self) -> f64 {
            self.re
        }
        fn eigenvalues(a: faer::MatRef<'_, Self>) -> Option<Vec<f64>> {
            a.self_adjoint_eigenvalues(faer::Side::Lower).ok()
        }
    }
}

/// Eigenvalues and orthonormal eigenvectors of a Hermitian matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct HermitianSpectrum<T: Scalar> {
    /// Eigenvalues, ascending.
    pub values: Vec<f64>,
    /// Eigenvectors as columns, in the order of the values.
    pub vectors: Matrix<T>,
    /// Largest residual of the probes relative to ‖A‖.
    pub convergence: Convergence,
}

/// All eigenvalues and eigenvectors of a Hermitian matrix (the lower triangle is read). O(n³), four times the memory of the matrix.
///
/// Verified on fixed pseudo-random vectors x: A V x = V Λ x and ‖V x‖ = ‖x‖. An error in one column shows in every probe.
///
/// # Errors
/// [`Error::NotConverged`] if the probes do not agree.
///
/// ```
/// use irrev_numerics::linalg::{Matrix, hermitian_eigen};
/// use num_complex::Complex64;
/// let i = Complex64::I;
/// let a = Matrix::from_fn(2, 2, |j, k| match (j, k) { (1, 0) => i, (0, 1) => -i, _ => Complex64::ZERO });
/// let found = hermitian_eigen(&a)?;
/// assert!((found.values[0] + 1.0).abs() < 1e-15 && (found.values[1] - 1.0).abs() < 1e-15);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
pub fn hermitian_eigen<T: DenseScalar>(a: &Matrix<T>) -> Result<HermitianSpectrum<T>> {
    let _kernels = DenseKernels::on_this_thread();
    let n = a.rows();
    let target = RESIDUAL * n as f64 * f64::EPSILON;
    let view = faer::MatRef::from_column_major_slice(a.data(), n, n);
    let mut residual = f64::INFINITY;
    if let Ok(found) = view.self_adjoint_eigen(faer::Side::Lower) {
        let values: Vec<f64> = (0..n).map(|i| found.S()[i].real_part()).collect();
        let mut data = Vec::with_capacity(n * n);
        for j in 0..n {
            data.extend((0..n).map(|i| found.U()[(i, j)]));
        }
        drop(found);
        let vectors = if n == 0 {
            Matrix::zeros(0, 0)
        } else {
            Matrix::from_columns(n, data)
        };
        residual = probed(a, &values, &vectors);
        if residual <= target {
            return Ok(HermitianSpectrum {
                values,
                vectors,
                convergence: Convergence::direct(residual, target),
            });
        }
    }
    Err(not_converged(residual, target))
}

/// All eigenvalues of a Hermitian matrix, ascending (the lower triangle is read). O(n³), half of the memory of [`hermitian_eigen`] and less of its time.
///
/// Verified by the traces of A and A².
///
/// # Errors
/// [`Error::NotConverged`] if the traces do not agree.
pub fn hermitian_eigenvalues<T: DenseScalar>(a: &Matrix<T>) -> Result<Vec<f64>> {
    let _kernels = DenseKernels::on_this_thread();
    let n = a.rows();
    let target = RESIDUAL * n as f64 * f64::EPSILON;
    let view = faer::MatRef::from_column_major_slice(a.data(), n, n);
    let mut residual = f64::INFINITY;
    if let Some(values) = T::eigenvalues(view) {
        let size = values.iter().fold(f64::MIN_POSITIVE, |m, v| m.max(v.abs()));
        let (mut trace, mut square) = (0.0, 0.0);
        for j in 0..n {
            trace += a[(j, j)].real_part();
            square += a[(j, j)].modulus().powi(2);
            square += 2.0
                * a.column(j)[j + 1..]
                    .iter()
                    .map(|x| x.modulus().powi(2))
                    .sum::<f64>();
        }
        let count = n.max(1) as f64;
        let sum: f64 = values.iter().sum();
        let sum_of_squares: f64 = values.iter().map(|v| v * v).sum();
        residual = ((sum - trace).abs() / size).max((sum_of_squares - square).abs() / (size * size)) / count;
        if residual <= target {
            return Ok(values);
        }
    }
    Err(not_converged(residual, target))
}

/// Largest residual of A V x − V Λ x and of ‖V x‖ − ‖x‖ over the probes, relative to ‖A‖ and to ‖x‖.
fn probed<T: DenseScalar>(a: &Matrix<T>, values: &[f64], vectors: &Matrix<T>) -> f64 {
    let n = values.len();
    let size = values.iter().fold(f64::MIN_POSITIVE, |m, v| m.max(v.abs()));
    let mut worst = 0.0_f64;
    for probe in 0..PROBES {
        // entries of modulus near 1 without a pattern (Weyl's sequence of the golden ratio)
        let entry = |j: usize| 2.0 * (0.618_033_988_749_895 * ((probe + 1) * (j + 1)) as f64).fract() - 1.0;
        let x: Vec<T> = (0..n).map(|j| T::from_real(entry(j))).collect();
        let scaled: Vec<T> = (0..n).map(|j| T::from_real(values[j] * entry(j))).collect();
        let image = lower_times(a, &vectors.apply_to(&x));
        let expected = vectors.apply_to(&scaled);
        let length = norm(&x);
        let off: Vec<T> = image.iter().zip(&expected).map(|(y, z)| *y - *z).collect();
        worst = worst
            .max(norm(&off) / (size * length))
            .max((norm(&vectors.apply_to(&x)) / length - 1.0).abs());
        if worst.is_nan() {
            return f64::INFINITY;
        }
    }
    worst
}

/// A x with the upper triangle of A taken from the lower one.
fn lower_times<T: DenseScalar>(a: &Matrix<T>, x: &[T]) -> Vec<T> {
    let mut y: Vec<T> = (0..x.len()).map(|j| a[(j, j)] * x[j]).collect();
    for j in 0..x.len() {
        let mut above = T::ZERO;
        for (i, &entry) in a.column(j).iter().enumerate().skip(j + 1) {
            y[i] += entry * x[j];
            above += entry.conjugate() * x[i];
        }
        y[j] += above;
    }
    y
}

fn not_converged(residual: f64, target: f64) -> Error {
    Error::NotConverged {
        what: "eigenvalues of a Hermitian matrix",
        convergence: Convergence {
            iterations: 1,
            residual,
            target,
            reason: StopReason::Breakdown,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_with_a_flux_has_its_momenta() {
        // hops of phase φ around n sites: eigenvalues −2 cos(2πk/n + φ)
        let (n, flux) = (50, 0.2);
        let a = Matrix::from_fn(n, n, |i, j| match (i + n - j) % n {
            1 => -Complex64::cis(flux),
            d if d == n - 1 => -Complex64::cis(-flux),
            _ => Complex64::ZERO,
        });
        let wave = |k: usize| -2.0 * (std::f64::consts::TAU * k as f64 / n as f64 + flux).cos();
        let mut expected: Vec<f64> = (0..n).map(wave).collect();
        expected.sort_by(f64::total_cmp);
        let found = hermitian_eigen(&a).unwrap();
        let values = hermitian_eigenvalues(&a).unwrap();
        for k in 0..n {
            assert!((found.values[k] - expected[k]).abs() < 1e-13);
            assert!((values[k] - expected[k]).abs() < 1e-13);
        }
    }

    #[test]
    fn a_wrong_vector_is_noticed() {
        let n = 30;
        let a = Matrix::from_fn(n, n, |i, j| ((i * j) % 7) as f64 + ((i + j) % 5) as f64);
        let mut found = hermitian_eigen(&a).unwrap();
        assert!(probed(&a, &found.values, &found.vectors) < 1e-13);
        found.vectors[(3, 7)] += 1e-6;
        assert!(probed(&a, &found.values, &found.vectors) > 1e-9);
    }
}

//! Dense spectra, verified by residual or trace.

use num_complex::Complex64;

use super::Matrix;
use super::balance::balancing;
use crate::dense_kernels::DenseKernels;
use crate::error::{Error, Result};
use crate::tolerance::{Convergence, StopReason};

/// Accepted relative residual of a spectrum in units of n ε.
const RESIDUAL: f64 = 256.0;

/// Sweeps after which Jacobi's method gives up.
const JACOBI_SWEEPS: usize = 60;

/// Eigenvalues of a general real matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrum {
    /// Eigenvalues, sorted by falling real part, then falling imaginary part.
    pub values: Vec<Complex64>,
    /// |Σ λ − tr A| and |Σ λ² − tr A²|, relative to n‖A‖ and n‖A‖².
    pub convergence: Convergence,
}

/// Eigenvalues and orthonormal eigenvectors of a symmetric matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct SymmetricSpectrum {
    /// Eigenvalues, ascending.
    pub values: Vec<f64>,
    /// Eigenvectors as columns, in the order of the values.
    pub vectors: Matrix,
    /// max |A V − V Λ| relative to ‖A‖.
    pub convergence: Convergence,
}

/// All eigenvalues of a square real matrix. O(n³).
///
/// Done on A scaled so that rows and columns are of one size: the spectrum is that of A, and far less of it
/// is lost to rounding where A is far from normal, as along a driven chain.
/// The first attempt works on A, the second on Aᵀ (same spectrum, another path through the iteration).
///
/// # Errors
/// [`Error::NotConverged`] if neither reproduces the traces of A and A².
pub fn eigenvalues(a: &Matrix) -> Result<Spectrum> {
    let _kernels = DenseKernels::on_this_thread();
    let n = a.rows();
    let scale = balancing(a);
    let a = &Matrix::from_fn(n, n, |i, j| a[(i, j)] * (scale[j] / scale[i]));
    let norm = a.norm_one();
    let target = RESIDUAL * n as f64 * f64::EPSILON;
    if n == 0 || norm == 0.0 {
        return Ok(Spectrum {
            values: vec![Complex64::ZERO; n],
            convergence: Convergence::direct(0.0, target),
        });
    }
    let mut trace = 0.0;
    let mut trace_of_square = 0.0;
    for i in 0..n {
        trace += a[(i, i)];
        for j in 0..n {
            trace_of_square += a[(i, j)] * a[(j, i)];
        }
    }
    let mut best = f64::INFINITY;
    for transposed in [false, true] {
        let attempt = if transposed {
            a.as_faer().transpose().eigenvalues()
        } else {
            a.as_faer().eigenvalues()
        };
        let Ok(mut values) = attempt else { continue };
        values.sort_by(|x, y| y.re.total_cmp(&x.re).then(y.im.total_cmp(&x.im)));
        let sum: Complex64 = values.iter().sum();
        let sum_of_squares: Complex64 = values.iter().map(|v| v * v).sum();
        let count = n as f64;
        let residual = ((sum - trace).norm() / (count * norm))
            .max((sum_of_squares - trace_of_square).norm() / (count * norm * norm));
        best = best.min(residual);
        if residual <= target {
            return Ok(Spectrum {
                values,
                convergence: Convergence::direct(residual, target),
            });
        }
    }
    let convergence = Convergence {
        iterations: 2,
        residual: best,
        target,
        reason: StopReason::Breakdown,
    };
    Err(Error::NotConverged {
        what: "eigenvalues of a dense matrix",
        convergence,
    })
}

/// All eigenvalues and eigenvectors of a symmetric matrix (the lower triangle is read). O(n³).
///
/// The first attempt is tridiagonalisation, the second Jacobi's rotations.
///
/// # Errors
/// [`Error::NotConverged`] if neither has a small residual.
pub fn symmetric_eigen(a: &Matrix) -> Result<SymmetricSpectrum> {
    let _kernels = DenseKernels::on_this_thread();
    let n = a.rows();
    let full = Matrix::from_fn(n, n, |i, j| if i >= j { a[(i, j)] } else { a[(j, i)] });
    let target = RESIDUAL * n as f64 * f64::EPSILON;
    let mut best = f64::INFINITY;
    let direct = full
        .as_faer()
        .self_adjoint_eigen(faer::Side::Lower)
        .ok()
        .map(|e| {
            let values: Vec<f64> = (0..n).map(|i| e.S()[i]).collect();
            (values, Matrix::from_fn(n, n, |i, j| e.U()[(i, j)]))
        });
    for (values, vectors) in direct
        .into_iter()
        .chain(std::iter::once_with(|| jacobi(full.clone())))
    {
        let residual = symmetric_residual(&full, &values, &vectors);
        best = best.min(residual);
        if residual <= target {
            return Ok(SymmetricSpectrum {
                values,
                vectors,
                convergence: Convergence::direct(residual, target),
            });
        }
    }
    let convergence = Convergence {
        iterations: JACOBI_SWEEPS,
        residual: best,
        target,
        reason: StopReason::IterationLimit,
    };
    Err(Error::NotConverged {
        what: "eigenvectors of a symmetric matrix",
        convergence,
    })
}

fn symmetric_residual(a: &Matrix, values: &[f64], vectors: &Matrix) -> f64 {
    let norm = a.norm_one().max(f64::MIN_POSITIVE);
    let mut worst = 0.0_f64;
    for (j, value) in values.iter().enumerate() {
        let v = vectors.column(j);
        let length: f64 = v.iter().map(|x| x * x).sum();
        let off = a
            .apply_to(v)
            .iter()
            .zip(v)
            .map(|(av, x)| (av - value * x).abs())
            .fold(0.0, f64::max);
        worst = worst.max(off / norm).max((length - 1.0).abs());
        if !(off.is_finite() && length.is_finite()) {
            return f64::INFINITY;
        }
    }
    worst
}

/// Cyclic Jacobi rotations: slow, and practically impossible to break.
fn jacobi(mut a: Matrix) -> (Vec<f64>, Matrix) {
    let n = a.rows();
    let mut v = Matrix::identity(n);
    let negligible = f64::EPSILON * f64::EPSILON * a.norm_one().powi(2);
    for _ in 0..JACOBI_SWEEPS {
        let mut off = 0.0;
        for p in 0..n {
            for q in p + 1..n {
                let apq = a[(p, q)];
                off += apq * apq;
                if apq == 0.0 {
                    continue;
                }
                let theta = (a[(q, q)] - a[(p, p)]) / (2.0 * apq);
                let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
                let c = 1.0 / t.hypot(1.0);
                let s = t * c;
                for k in 0..n {
                    let (x, y) = (a[(k, p)], a[(k, q)]);
                    (a[(k, p)], a[(k, q)]) = (c * x - s * y, s * x + c * y);
                }
                for k in 0..n {
                    let (x, y) = (a[(p, k)], a[(q, k)]);
                    (a[(p, k)], a[(q, k)]) = (c * x - s * y, s * x + c * y);
                    let (x, y) = (v[(k, p)], v[(k, q)]);
                    (v[(k, p)], v[(k, q)]) = (c * x - s * y, s * x + c * y);
                }
            }
        }
        if off <= negligible {
            break;
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a[(i, i)].total_cmp(&a[(j, j)]));
    (
        order.iter().map(|&i| a[(i, i)]).collect(),
        Matrix::from_fn(n, n, |i, j| v[(i, order[j])]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// −W of a ring hopping at rate 1 both ways: eigenvalues 2 − 2 cos(2πk/n).
    fn ring(n: usize) -> Matrix {
        Matrix::from_fn(n, n, |i, j| match (i + n - j) % n {
            0 => 2.0,
            d if d == 1 || d == n - 1 => -1.0,
            _ => 0.0,
        })
    }

    #[test]
    fn both_symmetric_methods_find_the_spectrum_of_a_ring() {
        let n = 9;
        let mut expected: Vec<f64> = (0..n)
            .map(|k| 2.0 - 2.0 * (std::f64::consts::TAU * k as f64 / n as f64).cos())
            .collect();
        expected.sort_by(f64::total_cmp);
        for values in [symmetric_eigen(&ring(n)).unwrap().values, jacobi(ring(n)).0] {
            for (v, e) in values.iter().zip(&expected) {
                assert!((v - e).abs() < 1e-14, "{v} {e}");
            }
        }
    }

    #[test]
    fn a_driven_ring_has_complex_eigenvalues() {
        let (n, k) = (6, 2.0);
        let w = Matrix::from_fn(n, n, |i, j| match (i + n - j) % n {
            0 => -k,
            1 => k,
            _ => 0.0,
        });
        let spectrum = eigenvalues(&w).unwrap();
        assert!(spectrum.values[0].norm() < 1e-14);
        for value in &spectrum.values {
            assert!(((value + k).norm() - k).abs() < 1e-13);
        }
    }
}

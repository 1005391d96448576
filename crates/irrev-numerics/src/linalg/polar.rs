//! The orthogonal factor of the polar decomposition.

use super::Matrix;
use crate::dense_kernels::DenseKernels;
use crate::error::{Error, Result};
use crate::operator::norm;

/// Accepted deviation in units of n ε.
const RESIDUAL: f64 = 256.0;

/// The orthogonal matrix U nearest to a square matrix C: C = U P with P symmetric and positive semidefinite. O(n³).
///
/// Among orthogonal matrices U makes tr(Cᵀ U) largest, namely the sum of the singular values of C. It is unique if C is regular; otherwise it is one
/// of those that do this.
///
/// ```
/// use irrev_numerics::linalg::{Matrix, polar_factor};
/// let c = Matrix::from_fn(2, 2, |i, j| [[0.0, -3.0], [2.0, 0.0]][i][j]);        // a quarter turn after a stretch
/// let u = polar_factor(&c)?;
/// assert!((u[(0, 1)] + 1.0).abs() < 1e-15 && (u[(1, 0)] - 1.0).abs() < 1e-15 && u[(0, 0)].abs() < 1e-15);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`] if the matrix is not square; [`Error::NotFinite`]; [`Error::Singular`] if Uᵀ U misses the identity or Uᵀ C is not symmetric to within
/// 256 n ε.
pub fn polar_factor(c: &Matrix) -> Result<Matrix> {
    let _kernels = DenseKernels::on_this_thread();
    let n = c.rows();
    if c.columns() != n {
        return Err(Error::Length {
            what: "matrix columns",
            found: c.columns(),
            expected: n,
        });
    }
    if let Some(index) = c.data().iter().position(|a| !a.is_finite()) {
        return Err(Error::NotFinite {
            what: "matrix",
            index,
            value: c.data()[index],
        });
    }
    let failed = |residual| Error::Singular {
        what: "polar decomposition",
        residual,
    };
    // U is the same for any multiple of C, and squares of tiny entries would vanish
    let largest = c.data().iter().fold(0.0_f64, |most, a| most.max(a.abs()));
    let unit = if largest > 0.0 { largest } else { 1.0 };
    let c = &Matrix::from_fn(n, n, |i, j| c[(i, j)] / unit);
    let svd = c.as_faer().svd().map_err(|_| failed(f64::INFINITY))?;
    let left = Matrix::from_fn(n, n, |i, j| svd.U()[(i, j)]);
    let right = Matrix::from_fn(n, n, |i, j| svd.V()[(j, i)]);
    let u = left.times(&right);
    let transposed = Matrix::from_fn(n, n, |i, j| u[(j, i)]);
    let (gram, p) = (transposed.times(&u), transposed.times(c));
    let size = norm(c.data());
    let mut residual = 0.0_f64;
    for i in 0..n {
        for j in 0..n {
            let expected = if i == j { 1.0 } else { 0.0 };
            residual = residual.max((gram[(i, j)] - expected).abs());
            if size > 0.0 {
                residual = residual.max((p[(i, j)] - p[(j, i)]).abs() / size);
            }
        }
    }
    if residual <= RESIDUAL * n as f64 * f64::EPSILON {
        Ok(u)
    } else {
        Err(failed(residual))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_singular_matrix_has_an_orthogonal_factor_too() {
        for rank_one in [0.0, 1.0, 1e-200] {
            let c = Matrix::from_fn(4, 4, |i, j| rank_one * ((i + 1) * (j + 2)) as f64);
            let u = polar_factor(&c).unwrap();
            let trace: f64 = (0..4)
                .flat_map(|i| (0..4).map(move |j| (i, j)))
                .map(|ij| c[ij] * u[ij])
                .sum();
            // one singular value: the product of the lengths of both vectors
            let expected = rank_one * 30_f64.sqrt() * 54_f64.sqrt();
            assert!((trace - expected).abs() <= 1e-13 * expected);
        }
    }

    #[test]
    fn bad_matrices_are_refused() {
        assert!(polar_factor(&Matrix::zeros(2, 3)).is_err());
        assert!(polar_factor(&Matrix::from_fn(1, 1, |_, _| f64::NAN)).is_err());
    }
}

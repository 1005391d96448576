//! Dense linear systems: LU, one step of refinement, a verified residual, and a rank-revealing second attempt.

use faer::linalg::solvers::{ColPivQr, PartialPivLu, Solve};

use super::Matrix;
use crate::dense_kernels::DenseKernels;
use crate::error::{Error, Result};
use crate::operator::norm;
use crate::tolerance::Convergence;

/// Accepted backward error ‖b − A x‖/(‖A‖ ‖x‖ + ‖b‖) in units of n ε.
const BACKWARD: f64 = 64.0;

/// Factorised square matrix, ready to solve A x = b for many b.
///
/// ```
/// use irrev_numerics::linalg::{LinearSolver, Matrix};
/// let a = Matrix::from_fn(2, 2, |i, j| if i == j { 2.0 } else { 1.0 });
/// let x = LinearSolver::new(a)?.solve(&[3.0, 3.0])?.x;
/// assert!((x[0] - 1.0).abs() < 1e-15);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
pub struct LinearSolver {
    matrix: Matrix,
    lu: PartialPivLu<f64>,
}

/// A solution with its backward error.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// The solution x.
    pub x: Vec<f64>,
    /// Backward error ‖b − A x‖/(‖A‖ ‖x‖ + ‖b‖) against its target.
    pub convergence: Convergence,
}

impl LinearSolver {
    /// Factorises a square matrix. O(n³).
    ///
    /// # Errors
    /// [`Error::Length`] if the matrix is not square, [`Error::NotFinite`] if an entry is not finite.
    pub fn new(matrix: Matrix) -> Result<Self> {
        if matrix.rows() != matrix.columns() {
            return Err(Error::Length {
                what: "matrix columns",
                found: matrix.columns(),
                expected: matrix.rows(),
            });
        }
        if let Some(index) = matrix.data().iter().position(|a| !a.is_finite()) {
            return Err(Error::NotFinite {
                what: "matrix",
                index,
                value: matrix.data()[index],
            });
        }
        let _kernels = DenseKernels::on_this_thread();
        let lu = PartialPivLu::new(matrix.as_faer());
        Ok(Self { matrix, lu })
    }

    fn backward_error(&self, x: &[f64], b: &[f64]) -> (Vec<f64>, f64) {
        let ax = self.matrix.apply_to(x);
        let residual: Vec<f64> = b.iter().zip(&ax).map(|(b, a)| b - a).collect();
        let scale = self.matrix.norm_one() * norm(x) + norm(b);
        let error = if scale == 0.0 {
            0.0
        } else {
            norm(&residual) / scale
        };
        (residual, error)
    }

    /// Solves A x = b.
    ///
    /// # Errors
    /// [`Error::Singular`] if neither LU nor column-pivoted QR reaches the backward error 64 n ε.
    pub fn solve(&self, b: &[f64]) -> Result<Solution> {
        let _kernels = DenseKernels::on_this_thread();
        let n = self.matrix.rows();
        if b.len() != n {
            return Err(Error::Length {
                what: "right-hand side",
                found: b.len(),
                expected: n,
            });
        }
        let target = BACKWARD * n as f64 * f64::EPSILON;
        let column = |v: &[f64]| faer::Mat::from_fn(n, 1, |i, _| v[i]);
        let values = |m: faer::Mat<f64>| (0..n).map(|i| m[(i, 0)]).collect::<Vec<f64>>();
        let mut x = values(self.lu.solve(column(b)));
        let (residual, _) = self.backward_error(&x, b);
        let correction = values(self.lu.solve(column(&residual)));
        for (x, d) in x.iter_mut().zip(&correction) {
            *x += d;
        }
        let mut error = self.backward_error(&x, b).1;
        // a solution 1/ε times larger than the data is made of rounding errors: the matrix is singular
        let size = self.matrix.norm_one();
        let passes = |x: &[f64], error: f64| {
            x.iter().all(|v| v.is_finite()) && error <= target && size * norm(x) * f64::EPSILON <= norm(b)
        };
        if !passes(&x, error) {
            x = values(ColPivQr::new(self.matrix.as_faer()).solve(column(b)));
            error = self.backward_error(&x, b).1;
            if !passes(&x, error) {
                return Err(Error::Singular {
                    what: "dense linear system",
                    residual: error,
                });
            }
        }
        Ok(Solution {
            x,
            convergence: Convergence::direct(error, target),
        })
    }

    /// A⁻¹ B, column by column.
    ///
    /// ```
    /// use irrev_numerics::linalg::{LinearSolver, Matrix};
    /// let a = Matrix::from_columns(2, vec![2.0, 0.0, 1.0, 4.0]);
    /// let inverse = LinearSolver::new(a)?.solve_matrix(&Matrix::identity(2))?;
    /// assert_eq!(inverse.data(), [0.5, 0.0, -0.125, 0.25]);
    /// # Ok::<(), irrev_numerics::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`LinearSolver::solve`].
    pub fn solve_matrix(&self, b: &Matrix) -> Result<Matrix> {
        let mut entries = Vec::with_capacity(b.data().len());
        for j in 0..b.columns() {
            entries.extend(self.solve(b.column(j))?.x);
        }
        Ok(Matrix::from_columns(self.matrix.rows(), entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_singular_matrix_is_refused() {
        let a = Matrix::from_fn(2, 2, |_, _| 1.0);
        assert!(LinearSolver::new(a).and_then(|s| s.solve(&[1.0, 2.0])).is_err());
    }

    #[test]
    fn a_hilbert_matrix_is_solved_with_small_backward_error() {
        let a = Matrix::from_fn(8, 8, |i, j| 1.0 / (i + j + 1) as f64);
        let b = a.apply_to(&[1.0; 8]);
        assert!(
            LinearSolver::new(a)
                .unwrap()
                .solve(&b)
                .unwrap()
                .convergence
                .converged()
        );
    }
}

//! Sparse linear systems: LU with a fill-reducing ordering, one step of refinement, and a verified residual.

use super::factor::{Factor, SparseOrdering};
use super::solve::Solution;
use crate::error::{Error, Result};
use crate::operator::norm;
use crate::sparse::SparseMatrix;
use crate::tolerance::Convergence;

/// Accepted backward error ‖b − A x‖/(‖A‖ ‖x‖ + ‖b‖) in units of n ε.
const BACKWARD: f64 = 64.0;

/// Factorised sparse square matrix, ready to solve A x = b for many b.
///
/// ```
/// use irrev_numerics::linalg::SparseSolver;
/// let a = [(0, 0, 2.0), (0, 1, 1.0), (1, 0, 1.0), (1, 1, 2.0)];
/// let x = SparseSolver::new(2, &a)?.solve(&[3.0, 3.0])?.x;
/// assert!((x[0] - 1.0).abs() < 1e-15);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
pub struct SparseSolver {
    matrix: SparseMatrix,
    lu: Factor<f64>,
    size: f64,
}

impl SparseSolver {
    /// Factorises an n × n matrix from (row, column, value), places named twice added.
    ///
    /// # Errors
    /// [`Error::Length`] for a place outside, [`Error::NotFinite`], [`Error::Singular`] if a pivot vanishes.
    pub fn new(n: usize, entries: &[(usize, usize, f64)]) -> Result<Self> {
        if let Some(index) = entries.iter().position(|(_, _, a)| !a.is_finite()) {
            return Err(Error::NotFinite {
                what: "matrix",
                index,
                value: entries[index].2,
            });
        }
        let matrix = SparseMatrix::from_triplets(n, n, entries)?;
        let all = entries.iter().copied();
        let lu = Factor::sparse(n, all, &mut SparseOrdering::default()).ok_or(Error::Singular {
            what: "sparse linear system",
            residual: f64::INFINITY,
        })?;
        let mut columns = vec![0.0; n];
        for row in 0..n {
            for (column, a) in matrix.row(row) {
                columns[column] += a.abs();
            }
        }
        Ok(Self {
            size: columns.iter().fold(0.0, |m: f64, v| m.max(*v)),
            matrix,
            lu,
        })
    }

    fn residual(&self, x: &[f64], b: &[f64]) -> Vec<f64> {
        let mut ax = vec![0.0; b.len()];
        self.matrix.multiply(x, &mut ax);
        b.iter().zip(&ax).map(|(b, a)| b - a).collect()
    }

    /// Solves A x = b. O(entries of the factors).
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::Singular`] if the backward error 64 n ε is not reached, or the solution is made of rounding errors.
    pub fn solve(&self, b: &[f64]) -> Result<Solution> {
        let n = self.matrix.rows();
        if b.len() != n {
            return Err(Error::Length {
                what: "right-hand side",
                found: b.len(),
                expected: n,
            });
        }
        let target = BACKWARD * n as f64 * f64::EPSILON;
        let mut x = b.to_vec();
        self.lu.solve(&mut x);
        let mut correction = self.residual(&x, b);
        self.lu.solve(&mut correction);
        x.iter_mut().zip(&correction).for_each(|(x, d)| *x += d);
        let scale = self.size * norm(&x) + norm(b);
        let left = norm(&self.residual(&x, b));
        let error = if scale == 0.0 { 0.0 } else { left / scale };
        // a solution 1/ε times larger than the data is made of rounding errors: the matrix is singular
        let sound = error <= target && self.size * norm(&x) * f64::EPSILON <= norm(b);
        if !sound || x.iter().any(|v| !v.is_finite()) {
            return Err(Error::Singular {
                what: "sparse linear system",
                residual: error,
            });
        }
        Ok(Solution {
            x,
            convergence: Convergence::direct(error, target),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_chain_is_solved_and_a_singular_one_refused() {
        let n = 3000;
        let chain = |shift: f64| -> Vec<(usize, usize, f64)> {
            let links = (0..n - 1).flat_map(|i| {
                [
                    (i, i, 1.0),
                    (i, i + 1, -1.0),
                    (i + 1, i, -1.0),
                    (i + 1, i + 1, 1.0),
                ]
            });
            links.chain([(0, 0, shift)]).collect()
        };
        // unit load on the far end of springs in series, the near end held: x_k = 1 + k
        let mut load = vec![0.0; n];
        load[n - 1] = 1.0;
        let found = SparseSolver::new(n, &chain(1.0)).unwrap().solve(&load).unwrap();
        // condition 4 n², so errors up to 4 n² ε of the largest entry
        let accepted = 4.0 * (n * n * n) as f64 * f64::EPSILON;
        assert!((0..n).all(|k| (found.x[k] - (1 + k) as f64).abs() < accepted));
        let singular = SparseSolver::new(n, &chain(0.0)).and_then(|solver| solver.solve(&load));
        assert!(singular.is_err());
    }
}

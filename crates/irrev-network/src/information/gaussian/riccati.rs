//! Stationary solutions of linear recursions: covariances, and errors of prediction from an infinite past.

use irrev_numerics::linalg::{LinearSolver, Matrix};
use irrev_numerics::{Convergence, Error as NumericsError, StopReason};

use crate::error::Result;

/// Doublings after which even a memory of 2⁶⁰ steps has run out.
const DOUBLINGS: usize = 60;

/// What a doubling may still add, relative.
const SETTLED: f64 = 1e-16;

/// S = A S Aᵀ + Q by doubling: S ← S + A S Aᵀ, A ← A², in which only positive semidefinite matrices are added.
///
/// # Errors
/// Not converged: the process is not stable.
pub(super) fn stationary_covariance(a: &Matrix, q: &Matrix) -> Result<Matrix> {
    let (mut power, mut s) = (a.clone(), q.symmetrised());
    for _ in 0..DOUBLINGS {
        let added = conjugated(&power, &s);
        s = sum(&s, &added);
        if size(&added) <= SETTLED * size(&s) {
            return Ok(s.symmetrised());
        }
        power = power.times(&power);
    }
    Err(unsettled("stationary covariance of a linear recursion"))
}

/// The covariance of what a past of exact observations o leaves unknown of u, in u' = F u + … + e, o' = C u + … + f with noises of covariance Q, R and cross-covariance N = ⟨e fᵀ⟩:
///
/// E = F E Fᵀ + Q − (F E Cᵀ + N)(C E Cᵀ + R)⁻¹(F E Cᵀ + N)ᵀ.
///
/// By the structure-preserving doubling of Chu, Fan, Lin and Wang, Int. J. Control 77, 767 (2004), which squares its error in each step.
///
/// # Errors
/// A singular R; not converged.
pub(super) fn error_of_prediction(
    f: &Matrix,
    c: &Matrix,
    q: &Matrix,
    r: &Matrix,
    n: &Matrix,
) -> Result<Matrix> {
    // without the cross-covariance: F − N R⁻¹ C, Q − N R⁻¹ Nᵀ
    let noise = LinearSolver::new(r.clone())?;
    let (of_c, of_n) = (noise.solve_matrix(c)?, noise.solve_matrix(&n.transposed())?);
    let mut a = difference(f, &n.times(&of_c)).transposed();
    let mut g = c.transposed().times(&of_c).symmetrised();
    let mut h = difference(q, &n.times(&of_n)).symmetrised();
    let one = Matrix::identity(f.rows());
    for _ in 0..DOUBLINGS {
        let solver = LinearSolver::new(sum(&one, &g.times(&h)))?;
        let (next, weighted) = (solver.solve_matrix(&a)?, solver.solve_matrix(&g)?);
        let added = a.transposed().times(&h).times(&next).symmetrised();
        g = sum(&g, &conjugated(&a, &weighted.symmetrised()));
        h = sum(&h, &added);
        a = a.times(&next);
        if size(&added) <= SETTLED * size(&h) {
            return Ok(h);
        }
    }
    Err(unsettled("error of prediction from an infinite past"))
}

fn unsettled(what: &'static str) -> crate::Error {
    NumericsError::NotConverged {
        what,
        convergence: Convergence {
            iterations: DOUBLINGS,
            residual: f64::INFINITY,
            target: SETTLED,
            reason: StopReason::IterationLimit,
        },
    }
    .into()
}

/// M S Mᵀ.
pub(super) fn conjugated(m: &Matrix, s: &Matrix) -> Matrix {
    m.times(s).times(&m.transposed()).symmetrised()
}

pub(super) fn sum(a: &Matrix, b: &Matrix) -> Matrix {
    Matrix::from_fn(a.rows(), a.columns(), |i, j| a[(i, j)] + b[(i, j)])
}

pub(super) fn difference(a: &Matrix, b: &Matrix) -> Matrix {
    Matrix::from_fn(a.rows(), a.columns(), |i, j| a[(i, j)] - b[(i, j)])
}

fn size(a: &Matrix) -> f64 {
    a.data().iter().fold(0.0, |most, x| most.max(x.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scalar_process_observed_through_noise_has_the_error_of_its_quadratic_equation() {
        let one = |x: f64| Matrix::from_columns(1, vec![x]);
        let (f, c, q, r, n) = (0.9, 0.7, 1.0, 2.0, 0.3);
        let found = error_of_prediction(&one(f), &one(c), &one(q), &one(r), &one(n)).unwrap()[(0, 0)];
        let again = f * f * found + q - (f * found * c + n).powi(2) / (c * c * found + r);
        assert!((found - again).abs() < 1e-14 * found && found > 0.0);
    }

    #[test]
    fn a_process_that_grows_has_no_covariance() {
        let grows = Matrix::from_columns(1, vec![1.0]);
        assert!(stationary_covariance(&grows, &Matrix::identity(1)).is_err());
    }
}

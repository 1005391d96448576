//! Preconditioned conjugate gradients for symmetric positive (semi)definite operators.

use crate::error::{Error, Result};
use crate::operator::{LinearOperator, inner, norm};
use crate::run::Run;
use crate::tolerance::{Convergence, StopReason, Tolerance};

/// Solution of A x = b with the record of the iteration.
#[derive(Debug, Clone, PartialEq)]
pub struct ConjugateGradients {
    /// The solution.
    pub x: Vec<f64>,
    /// True residual ‖b − A x‖₂, recomputed at the end, against absolute + relative · ‖b‖₂.
    pub convergence: Convergence,
}

/// Solves A x = b for symmetric positive semidefinite A and b in its range, starting from x = 0.
///
/// `preconditioner(r, z)` writes an approximation of A⁻¹ r into z and must be symmetric positive definite on the range.
/// O(iterations × cost of A).
///
/// Source: Hestenes and Stiefel, J. Res. Natl. Bur. Stand. 49, 409 (1952).
///
/// # Errors
/// [`Error::NotConverged`] with the residual reached; [`Error::Cancelled`].
pub fn conjugate_gradients(
    a: &dyn LinearOperator,
    preconditioner: impl Fn(&[f64], &mut [f64]),
    b: &[f64],
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<ConjugateGradients> {
    let n = a.dimension();
    if b.len() != n {
        return Err(Error::Length {
            what: "right-hand side",
            found: b.len(),
            expected: n,
        });
    }
    let target = tolerance.target(norm(b));
    let mut x = vec![0.0; n];
    let mut r = b.to_vec();
    let mut z = vec![0.0; n];
    let mut ap = vec![0.0; n];
    preconditioner(&r, &mut z);
    let mut p = z.clone();
    let mut rz = inner(&r, &z);
    let mut iterations = 0;
    let mut reason = StopReason::Converged;
    while norm(&r) > target {
        if iterations == tolerance.max_iterations {
            reason = StopReason::IterationLimit;
            break;
        }
        run.report(0.0, "conjugate gradients")?;
        a.apply(&p, &mut ap);
        let curvature = inner(&p, &ap);
        if !(curvature > 0.0 && rz.is_finite()) {
            reason = StopReason::Breakdown;
            break;
        }
        let step = rz / curvature;
        for i in 0..n {
            x[i] += step * p[i];
            r[i] -= step * ap[i];
        }
        preconditioner(&r, &mut z);
        let next = inner(&r, &z);
        let beta = next / rz;
        rz = next;
        for i in 0..n {
            p[i] = z[i] + beta * p[i];
        }
        iterations += 1;
    }
    // the recurrence drifts from the truth: judge the true residual
    a.apply(&x, &mut ap);
    let residual = norm(&b.iter().zip(&ap).map(|(b, a)| b - a).collect::<Vec<_>>());
    let convergence = Convergence {
        iterations,
        residual,
        target,
        reason,
    };
    if reason != StopReason::Converged || residual > 2.0 * target {
        return Err(Error::NotConverged {
            what: "conjugate gradients",
            convergence,
        });
    }
    Ok(ConjugateGradients { x, convergence })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::Matrix;

    #[test]
    fn a_path_laplacian_with_one_end_held_is_solved() {
        let n = 50;
        let a = Matrix::from_fn(n, n, |i, j| match i.abs_diff(j) {
            0 => 2.0,
            1 => -1.0,
            _ => 0.0,
        });
        let b = vec![1.0; n];
        let solved = conjugate_gradients(
            &a,
            |r, z| z.copy_from_slice(r),
            &b,
            Tolerance::relative(1e-12),
            &Run::default(),
        )
        .unwrap();
        // −x'' = 1 with x(0) = x(n + 1) = 0
        for (i, x) in solved.x.iter().enumerate() {
            let s = (i + 1) as f64;
            assert!((x - 0.5 * s * (51.0 - s)).abs() < 1e-9);
        }
    }

    #[test]
    fn too_few_iterations_are_an_error() {
        let a = Matrix::from_fn(9, 9, |i, j| if i == j { (i + 1) as f64 } else { 0.0 });
        let tolerance = Tolerance {
            relative: 1e-14,
            max_iterations: 2,
            ..Tolerance::default()
        };
        let failed = conjugate_gradients(
            &a,
            |r, z| z.copy_from_slice(r),
            &[1.0; 9],
            tolerance,
            &Run::default(),
        );
        assert!(matches!(failed, Err(Error::NotConverged { .. })));
    }
}

//! Lyapunov equations A X + X Aᵀ = Q, without a subtraction where there is none in the answer.
//!
//! If all eigenvalues of A have positive real parts, X = ∫₀^∞ e^{−At} Q e^{−Aᵀt} dt. The integral up to a short time h comes from one exponential of twice the size, and
//!
//! ```text
//! X(2t) = X(t) + e^{−At} X(t) e^{−Aᵀt}
//! ```
//!
//! doubles the time: for a positive semidefinite Q only positive semidefinite matrices are added. Some log₂(fastest/slowest rate) + 6 doublings do.
//!
//! Sources: R. A. Smith, SIAM J. Appl. Math. 16, 198 (1968), for the doubling; C. F. Van Loan, IEEE Trans. Autom. Control 23, 395 (1978), for the first step.

use super::{Matrix, eigenvalues, exponential};
use crate::error::{Error, Result};
use crate::operator::norm;
use crate::tolerance::{Convergence, StopReason};

/// Accepted ‖A X + X Aᵀ − Q‖/(2 ‖A‖ ‖X‖ + ‖Q‖) in units of n ε.
const BACKWARD: f64 = 64.0;

/// Doublings after which even rates 1e-30 of the fastest have run out.
const DOUBLINGS: usize = 110;

/// Most solutions for what rounding has left.
const REFINEMENTS: usize = 4;

/// Solution of A X + X Aᵀ = Q.
#[derive(Debug, Clone, PartialEq)]
pub struct Lyapunov {
    /// X, symmetric to the last bit.
    pub x: Matrix,
    /// Doublings, and the backward error ‖A X + X Aᵀ − Q‖/(2 ‖A‖ ‖X‖ + ‖Q‖) in the Frobenius norm against its target.
    pub convergence: Convergence,
}

/// The symmetric X with A X + X Aᵀ = Q for a symmetric Q, if all eigenvalues of A have positive real parts. O(n³) for each doubling.
///
/// ```
/// use irrev_numerics::linalg::{Matrix, lyapunov};
/// let a = Matrix::from_columns(2, vec![1.0, 0.0, 1.0, 2.0]);                // [[1, 1], [0, 2]]
/// let x = lyapunov(&a, &Matrix::identity(2))?.x;
/// assert!((x[(1, 1)] - 0.25).abs() < 1e-15 && (x[(0, 1)] + 1.0 / 12.0).abs() < 1e-15 && (x[(0, 0)] - 7.0 / 12.0).abs() < 1e-15);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`] unless both matrices are square and of one size; [`Error::Domain`] if an eigenvalue of A has no positive real part;
/// [`Error::NotConverged`] if the backward error stays above 64 n ε; failure of the eigenvalues.
pub fn lyapunov(a: &Matrix, q: &Matrix) -> Result<Lyapunov> {
    let n = a.rows();
    for (what, found) in [
        ("matrix columns", a.columns()),
        ("right-hand side rows", q.rows()),
        ("right-hand side columns", q.columns()),
    ] {
        if found != n {
            return Err(Error::Length {
                what,
                found,
                expected: n,
            });
        }
    }
    let slowest = eigenvalues(a)?
        .values
        .iter()
        .map(|value| value.re)
        .fold(f64::INFINITY, f64::min);
    if n > 0 && slowest <= 0.0 {
        return Err(Error::Domain {
            what: "the least real part of an eigenvalue of A in A X + X Aᵀ = Q",
            value: slowest,
            expected: "a positive number",
        });
    }
    let target = BACKWARD * n as f64 * f64::EPSILON;
    let (x, doublings) = integral(a, q);
    let mut x = x.symmetrised();
    let mut left = residual(a, &x, q);
    // the slowest rates are lost in the rounding of e^{−At} at short times; each solution for what is left brings back as many digits as the first had
    for _ in 0..REFINEMENTS {
        let refined = sum(&x, &integral(a, &left).0).symmetrised();
        let new = residual(a, &refined, q);
        if !(norm(new.data()) < norm(left.data())) {
            break;
        }
        (x, left) = (refined, new);
    }
    let scale = 2.0 * norm(a.data()) * norm(x.data()) + norm(q.data());
    let error = if scale > 0.0 {
        norm(left.data()) / scale
    } else {
        0.0
    };
    let convergence = Convergence {
        iterations: doublings,
        residual: error,
        target,
        reason: if error <= target {
            StopReason::Converged
        } else {
            StopReason::Rounding
        },
    };
    if !convergence.converged() {
        return Err(Error::NotConverged {
            what: "Lyapunov equation",
            convergence,
        });
    }
    Ok(Lyapunov { x, convergence })
}

/// ∫₀^t e^{−As} Q e^{−Aᵀs} ds and e^{−At}, for any A: the covariance that noise of strength Q has built up after t, and what is left of the start.
///
/// ```
/// use irrev_numerics::linalg::{Matrix, accumulated_noise};
/// let (x, e) = accumulated_noise(&Matrix::from_columns(1, vec![1.0]), &Matrix::from_columns(1, vec![2.0]), 3.0);
/// assert!((x[(0, 0)] - (1.0 - (-6.0_f64).exp())).abs() < 1e-15 && (e[(0, 0)] - (-3.0_f64).exp()).abs() < 1e-15);
/// ```
///
/// Time is halved until ‖A‖ t ≤ 1 and doubled again. O(n³ log(‖A‖ t)).
///
/// # Panics
/// If the matrices are not square and of one size.
#[must_use]
pub fn accumulated_noise(a: &Matrix, q: &Matrix, t: f64) -> (Matrix, Matrix) {
    let doublings = (a.norm_one() * t).log2().ceil().max(0.0) as i32;
    let (mut x, mut e) = short_time(a, q, t * 0.5_f64.powi(doublings));
    for _ in 0..doublings {
        x = doubled(&x, &e);
        e = e.times(&e);
    }
    (x, e)
}

/// The integral to infinity by doubling, and the number of doublings.
fn integral(a: &Matrix, q: &Matrix) -> (Matrix, usize) {
    let size = a.norm_one();
    if size == 0.0 {
        return (q.clone(), 0);
    }
    let (mut x, mut e) = short_time(a, q, size.recip());
    for k in 0..DOUBLINGS {
        let next = doubled(&x, &e);
        if next == x {
            return (x, k);
        }
        x = next;
        e = e.times(&e);
    }
    (x, DOUBLINGS)
}

/// X(2t) = X(t) + E X(t) Eᵀ.
fn doubled(x: &Matrix, e: &Matrix) -> Matrix {
    sum(x, &e.times(x).times(&e.transposed())).symmetrised()
}

/// exp of [[−A, Q], [0, Aᵀ]] h has e^{−Ah} in one corner and ∫ e^{−A(h−s)} Q e^{Aᵀs} ds in another.
fn short_time(a: &Matrix, q: &Matrix, h: f64) -> (Matrix, Matrix) {
    let n = a.rows();
    let both = Matrix::from_fn(2 * n, 2 * n, |i, j| {
        h * match (i < n, j < n) {
            (true, true) => -a[(i, j)],
            (true, false) => q[(i, j - n)],
            (false, true) => 0.0,
            (false, false) => a[(j - n, i - n)],
        }
    });
    let both = exponential(&both);
    let e = Matrix::from_fn(n, n, |i, j| both[(i, j)]);
    let corner = Matrix::from_fn(n, n, |i, j| both[(i, j + n)]);
    (corner.times(&e.transposed()).symmetrised(), e)
}

/// Q − A X − X Aᵀ.
fn residual(a: &Matrix, x: &Matrix, q: &Matrix) -> Matrix {
    let ax = a.times(x);
    Matrix::from_fn(q.rows(), q.columns(), |i, j| q[(i, j)] - ax[(i, j)] - ax[(j, i)])
}

fn sum(a: &Matrix, b: &Matrix) -> Matrix {
    Matrix::from_fn(a.rows(), a.columns(), |i, j| a[(i, j)] + b[(i, j)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::{Purpose, Stream};

    /// A = S + R with S positive definite and R antisymmetric, so that the real parts of its eigenvalues are positive.
    fn stable(n: usize, rotation: f64, stream: &mut Stream) -> Matrix {
        let g = Matrix::from_fn(n, n, |_, _| stream.normal());
        let square = g.gram();
        let r = Matrix::from_fn(n, n, |_, _| stream.normal());
        Matrix::from_fn(n, n, |i, j| {
            square[(i, j)] + rotation * (r[(i, j)] - r[(j, i)]) + if i == j { 0.1 } else { 0.0 }
        })
    }

    #[test]
    fn a_known_solution_is_found() {
        let mut stream = Stream::new(1, Purpose::Search, 0);
        for n in [1, 2, 5, 12] {
            for rotation in [0.0, 1.0, 30.0] {
                let a = stable(n, rotation, &mut stream);
                let x = Matrix::from_fn(n, n, |_, _| stream.normal()).gram_of_rows();
                let ax = a.times(&x);
                let q = Matrix::from_fn(n, n, |i, j| ax[(i, j)] + ax[(j, i)]);
                let found = lyapunov(&a, &q).unwrap();
                assert!(found.convergence.converged());
                // the inverse of X ↦ A X + X Aᵀ is bounded by 1/(2 · 0.1) on symmetric matrices
                let allowed =
                    found.convergence.target * (2.0 * norm(a.data()) * norm(x.data()) + norm(q.data())) / 0.2;
                let error = Matrix::from_fn(n, n, |i, j| found.x[(i, j)] - x[(i, j)]);
                assert!(norm(error.data()) <= allowed, "{n} {rotation}");
            }
        }
    }

    #[test]
    fn rates_may_differ_by_twelve_decades() {
        let a = Matrix::from_fn(2, 2, |i, j| if i == j { [1e-6, 1e6][i] } else { 0.0 });
        let found = lyapunov(&a, &Matrix::identity(2)).unwrap().x;
        assert!((found[(0, 0)] / 5e5 - 1.0).abs() < 1e-9 && (found[(1, 1)] / 5e-7 - 1.0).abs() < 1e-13);
    }

    #[test]
    fn noise_accumulates_to_the_stationary_solution_and_composes() {
        let mut stream = Stream::new(2, Purpose::Search, 0);
        let a = stable(4, 2.0, &mut stream);
        let q = Matrix::identity(4);
        let limit = lyapunov(&a, &q).unwrap().x;
        let close = |x: &Matrix, y: &Matrix| {
            let difference = Matrix::from_fn(4, 4, |i, j| x[(i, j)] - y[(i, j)]);
            assert!(norm(difference.data()) <= 1e-12 * norm(y.data()));
        };
        close(&accumulated_noise(&a, &q, 1e3).0, &limit);
        let ((first, e), (second, f)) = (accumulated_noise(&a, &q, 0.3), accumulated_noise(&a, &q, 0.5));
        let (both, ef) = accumulated_noise(&a, &q, 0.8);
        close(&both, &sum(&second, &f.times(&first).times(&f.transposed())));
        close(&ef, &f.times(&e));
        // without a drift, noise grows like time
        assert_eq!(
            accumulated_noise(&Matrix::zeros(1, 1), &Matrix::identity(1), 3.0).0[(0, 0)],
            3.0
        );
    }

    #[test]
    fn what_does_not_come_back_is_refused() {
        for a in [
            Matrix::from_columns(1, vec![-1.0]),
            Matrix::from_columns(2, vec![0.0, 1.0, -1.0, 0.0]),
        ] {
            let n = a.rows();
            assert!(matches!(
                lyapunov(&a, &Matrix::identity(n)),
                Err(Error::Domain { .. })
            ));
        }
        assert!(matches!(
            lyapunov(&Matrix::identity(2), &Matrix::identity(3)),
            Err(Error::Length { .. })
        ));
    }
}

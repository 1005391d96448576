//! exp(t A) v for any linear operator, real or complex, by Arnoldi's method in adaptive steps.

use super::super::linalg::{Matrix, exponential};
use crate::error::{Error, Result};
use crate::operator::{LinearOperator, Scalar, inner, norm};
use crate::run::Run;
use crate::tolerance::{Convergence, StopReason, Tolerance};

/// Dimension of the Krylov space of one step.
const SPACE: usize = 30;

/// The result of exp(t A) v with the record of the steps.
#[derive(Debug, Clone, PartialEq)]
pub struct ExponentialAction<T: Scalar> {
    /// exp(t A) v.
    pub vector: Vec<T>,
    /// Products with A, summed local error estimate, its target, reason.
    pub convergence: Convergence,
}

/// exp(t A) v with an estimated error ≤ absolute + relative · ‖v‖₂, for t ≥ 0.
///
/// Each step projects on a Krylov space of dimension 30 and is accepted when the estimate of its local error (corrected
/// scheme, two terms) keeps to its share of the target; the step length adapts.
///
/// Source: Saad, SIAM J. Numer. Anal. 29, 209 (1992); Sidje, ACM Trans. Math. Softw. 24, 130 (1998).
///
/// # Errors
/// [`Error::NotConverged`] after `tolerance.max_iterations` products; [`Error::Cancelled`].
pub fn exponential_action<T: Scalar>(
    a: &dyn LinearOperator<T>,
    v: &[T],
    t: f64,
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<ExponentialAction<T>> {
    let n = a.dimension();
    if v.len() != n {
        return Err(Error::Length {
            what: "vector",
            found: v.len(),
            expected: n,
        });
    }
    let target = tolerance.target(norm(v)).max(f64::MIN_POSITIVE);
    let mut record = Convergence {
        iterations: 0,
        residual: 0.0,
        target,
        reason: StopReason::Converged,
    };
    let mut w = v.to_vec();
    let mut done = 0.0;
    let mut step = t;
    let mut basis: Vec<Vec<T>> = Vec::new();
    while done < t {
        let beta = norm(&w);
        if beta == 0.0 {
            break;
        }
        let m = SPACE.min(n);
        let mut h = Matrix::<T>::zeros(m + 2, m + 2);
        basis.clear();
        basis.push(w.iter().map(|&x| x * T::from_real(1.0 / beta)).collect());
        let mut size = m;
        let mut breakdown = false;
        for j in 0..m {
            run.report(done / t, "exponential of an operator")?;
            let mut next = vec![T::ZERO; n];
            a.apply(&basis[j], &mut next);
            record.iterations += 1;
            let before = norm(&next);
            // twice is enough (Kahan): the second pass removes what rounding left of the first
            for _ in 0..2 {
                for (i, q) in basis.iter().enumerate() {
                    let overlap = inner(q, &next);
                    h[(i, j)] += overlap;
                    for (x, &b) in next.iter_mut().zip(q) {
                        *x += -(overlap * b);
                    }
                }
            }
            let length = norm(&next);
            if length <= f64::EPSILON * before || !length.is_finite() {
                size = j + 1;
                breakdown = true;
                break;
            }
            h[(j + 1, j)] = T::from_real(length);
            basis.push(next.iter().map(|&x| x * T::from_real(1.0 / length)).collect());
        }
        let edge = if breakdown {
            0.0
        } else {
            h[(size, size - 1)].modulus()
        };
        let after = if breakdown {
            0.0
        } else {
            let mut image = vec![T::ZERO; n];
            a.apply(&basis[size], &mut image);
            record.iterations += 1;
            norm(&image)
        };
        if !breakdown {
            h[(size + 1, size)] = T::ONE;
        }
        step = step.min(t - done);
        loop {
            if record.iterations > tolerance.max_iterations {
                record.reason = StopReason::IterationLimit;
                return Err(Error::NotConverged {
                    what: "exponential of an operator",
                    convergence: record,
                });
            }
            let extended = if breakdown { size } else { size + 2 };
            let small = Matrix::from_fn(extended, extended, |i, j| h[(i, j)] * T::from_real(step));
            let e = exponential(&small);
            // both estimates of Sidje: the first neglected term and the one after it
            let error = if breakdown {
                0.0
            } else {
                let p1 = beta * e[(size, 0)].modulus();
                let p2 = beta * e[(size + 1, 0)].modulus() * after;
                if p1 > 10.0 * p2 {
                    p2
                } else if p1 > p2 {
                    p1 * p2 / (p1 - p2)
                } else {
                    p1
                }
            };
            let allowed = target * step / t;
            let last = done + step >= t * (1.0 - 4.0 * f64::EPSILON);
            if error <= 1.2 * allowed || (edge == 0.0 && breakdown) {
                let used = if breakdown { size } else { size + 1 };
                w = vec![T::ZERO; n];
                for (i, q) in basis.iter().take(used).enumerate() {
                    let weight = e[(i, 0)] * T::from_real(beta);
                    for (x, &b) in w.iter_mut().zip(q) {
                        *x += weight * b;
                    }
                }
                record.residual += error;
                done = if last { t } else { done + step };
                let growth = if error > 0.0 {
                    0.9 * (allowed / error).powf(1.0 / size as f64)
                } else {
                    5.0
                };
                step *= growth.clamp(0.2, 5.0);
                break;
            }
            step *= (0.9 * (allowed / error).powf(1.0 / size as f64)).clamp(0.05, 0.9);
            if !(step > f64::EPSILON * t) {
                record.reason = StopReason::Breakdown;
                record.residual = error;
                return Err(Error::NotConverged {
                    what: "exponential of an operator",
                    convergence: record,
                });
            }
        }
    }
    record.target = 1.2 * target;
    Ok(ExponentialAction {
        vector: w,
        convergence: record,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex64;

    #[test]
    fn a_diagonal_operator_is_exponentiated_entry_by_entry() {
        let n = 200;
        let a = Matrix::from_fn(n, n, |i, j| if i == j { -(i as f64) } else { 0.0 });
        let out = exponential_action(
            &a,
            &vec![1.0; n],
            0.7,
            Tolerance::relative(1e-12),
            &Run::default(),
        )
        .unwrap();
        for (i, x) in out.vector.iter().enumerate() {
            assert!((x - (-0.7 * i as f64).exp()).abs() < 1e-10);
        }
    }

    #[test]
    fn a_unitary_evolution_keeps_its_norm() {
        let n = 60;
        let hop = Complex64::new(0.0, -1.0);
        let a = Matrix::from_fn(
            n,
            n,
            |i, j| if i.abs_diff(j) == 1 { hop } else { Complex64::ZERO },
        );
        let mut v = vec![Complex64::ZERO; n];
        v[n / 2] = Complex64::ONE;
        let out = exponential_action(&a, &v, 8.0, Tolerance::relative(1e-11), &Run::default()).unwrap();
        assert!((norm(&out.vector) - 1.0).abs() < 1e-10);
    }
}

//! Exponentials of small dense matrices by scaling, a Taylor sum, and squaring.

use super::Matrix;
use crate::operator::Scalar;

/// Degree of the Taylor sum at norm ≤ 1/2: the next term is below 2e-19.
const DEGREE: usize = 14;

/// Squarings needed to bring a norm under 1/2.
fn squarings(norm: f64) -> u32 {
    if norm <= 0.5 {
        0
    } else {
        (2.0 * norm).log2().ceil() as u32
    }
}

/// Σ_{k ≤ DEGREE} Aᵏ/k! by Horner's rule.
fn taylor<T: Scalar>(a: &Matrix<T>, times: &impl Fn(&Matrix<T>, &Matrix<T>) -> Matrix<T>) -> Matrix<T> {
    let n = a.rows();
    let mut sum = Matrix::identity(n);
    for k in (1..=DEGREE).rev() {
        sum = times(a, &sum).scaled(T::from_real(1.0 / k as f64));
        for i in 0..n {
            sum[(i, i)] += T::ONE;
        }
    }
    sum
}

/// exp(A) for a square matrix of either scalar; relative error about n ε ‖A‖ in norm. O(n³ log ‖A‖).
///
/// Source: scaling and squaring as in Higham, SIAM J. Matrix Anal. Appl. 26, 1179 (2005), with a Taylor sum.
#[must_use]
pub fn exponential<T: Scalar>(a: &Matrix<T>) -> Matrix<T> {
    let s = squarings(a.norm_one());
    let mut e = taylor(
        &a.clone().scaled(T::from_real(0.5_f64.powi(s as i32))),
        &|x, y| x.plain_product(y),
    );
    for _ in 0..s {
        e = e.plain_product(&e);
    }
    e
}

/// exp(A t) for a Metzler matrix (off-diagonal entries ≥ 0: generators and tilted generators) and t ≥ 0.
///
/// exp(A t) = e^{−qt} exp((A + q) t) with q = max |Aᵢᵢ|: only non-negative numbers are added and multiplied, so each
/// entry keeps its relative accuracy and none is negative. For a generator the columns are renormalised after every
/// squaring, so that probability is conserved to rounding.
///
/// Source: Xue and Ye, Numer. Math. 124, 393 (2013).
///
/// ```
/// use irrev_numerics::linalg::{Matrix, metzler_exponential};
/// let w = Matrix::from_fn(2, 2, |i, j| if i == j { -1.0 } else { 1.0 });
/// let p = metzler_exponential(&w, 0.3);
/// assert!((p[(0, 0)] - 0.5 * (1.0 + (-0.6_f64).exp())).abs() < 1e-15);
/// ```
#[must_use]
pub fn metzler_exponential(a: &Matrix, t: f64) -> Matrix {
    let n = a.rows();
    let q = (0..n).map(|i| -a[(i, i)]).fold(0.0, f64::max);
    // a column sums to zero up to its own rounding exactly for generators
    let is_generator = (0..n).all(|j| {
        let sum: f64 = a.column(j).iter().sum();
        sum.abs() <= 8.0 * f64::EPSILON * n as f64 * a[(j, j)].abs()
    });
    let mut shifted = a.clone().scaled(t);
    for i in 0..n {
        shifted[(i, i)] = ((a[(i, i)] + q) * t).max(0.0);
    }
    let s = squarings(shifted.norm_one());
    let step = 0.5_f64.powi(s as i32);
    let mut e = taylor(&shifted.scaled(step), &|x, y| x.times(y)).scaled((-q * t * step).exp());
    if is_generator {
        normalise_columns(&mut e);
    }
    for _ in 0..s {
        e = e.times(&e);
        if is_generator {
            normalise_columns(&mut e);
        }
    }
    e
}

fn normalise_columns(e: &mut Matrix) {
    for j in 0..e.columns() {
        let sum: f64 = e.column(j).iter().sum();
        for i in 0..e.rows() {
            e[(i, j)] /= sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex64;

    #[test]
    fn a_rotation_is_the_exponential_of_its_generator() {
        let i = Complex64::new(0.0, 1.0);
        let a = Matrix::from_fn(1, 1, |_, _| i * 40.0);
        let e = exponential(&a)[(0, 0)];
        assert!((e - (i * 40.0).exp()).norm() < 1e-13);
    }

    #[test]
    fn a_stiff_chain_keeps_probability_and_small_entries() {
        let (fast, slow) = (1e9, 1e-6);
        let mut w = Matrix::zeros(2, 2);
        (w[(1, 0)], w[(0, 0)], w[(0, 1)], w[(1, 1)]) = (slow, -slow, fast, -fast);
        let p = metzler_exponential(&w, 10.0);
        let stationary = slow / (slow + fast);
        assert!((p[(1, 0)] / stationary - 1.0).abs() < 1e-12);
        assert!((p[(0, 0)] + p[(1, 0)] - 1.0).abs() < 1e-15);
    }
}

//! One exact step of a linear stochastic equation: y(h) = P y + c + L ξ with independent normal ξ.
//!
//! For dy = −A y dt + b dt + noise of strength Q, P = e^{−A h}, c = ∫₀^h e^{−A s} b ds and L Lᵀ = ∫₀^h e^{−A s} Q e^{−Aᵀ s} ds. Neither is a difference of nearly equal numbers, so short steps lose no digits.

use irrev_numerics::linalg::{Matrix, accumulated_noise, exponential};

use super::field::add_scaled;
use super::rows::{rows, rows_mut};

/// P by rows, c, and the lower triangle of L by rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LinearStep {
    size: usize,
    propagator: Vec<f64>,
    shift: Vec<f64>,
    root: Vec<f64>,
}

impl LinearStep {
    /// The step of length h for A, b and Q, all of one size.
    pub(super) fn new(drift: &Matrix, push: &[f64], noise: &Matrix, h: f64) -> Self {
        let n = push.len();
        let (covariance, propagator) = accumulated_noise(drift, noise, h);
        // exp of [[−A, b], [0, 0]] h has the integral of the push in its last column
        let with_push = Matrix::from_fn(n + 1, n + 1, |i, j| match (i < n, j < n) {
            (true, true) => -h * drift[(i, j)],
            (true, false) => h * push[i],
            _ => 0.0,
        });
        let with_push = exponential(&with_push);
        let by_rows = |m: &Matrix| (0..n * n).map(|k| m[(k / n, k % n)]).collect();
        Self {
            size: n,
            propagator: by_rows(&propagator),
            shift: (0..n).map(|i| with_push[(i, n)]).collect(),
            root: by_rows(&semidefinite_root(&covariance)),
        }
    }

    /// y ← P y + c + L ξ for rows of `lanes`; the new rows are made in `work`.
    #[inline(always)]
    pub(super) fn apply(&self, y: &mut [f64], noise: &[f64], work: &mut [f64], lanes: usize) {
        let n = self.size;
        for (i, row) in rows_mut(&mut work[..n * lanes], lanes).enumerate() {
            row.fill(self.shift[i]);
            for (j, y) in rows(y, lanes).enumerate() {
                let p = self.propagator[i * n + j];
                if p != 0.0 {
                    add_scaled(row, p, y);
                }
            }
            for (j, xi) in rows(noise, lanes).take(i + 1).enumerate() {
                let l = self.root[i * n + j];
                if l != 0.0 {
                    add_scaled(row, l, xi);
                }
            }
        }
        y.copy_from_slice(&work[..n * lanes]);
    }
}

/// Lower triangular L with L Lᵀ = S for a symmetric S without negative eigenvalues; a direction without noise has a column of zeros.
pub(super) fn semidefinite_root(s: &Matrix) -> Matrix {
    let n = s.rows();
    let mut l = Matrix::zeros(n, n);
    for j in 0..n {
        let known: f64 = (0..j).map(|k| l[(j, k)] * l[(j, k)]).sum();
        let pivot = s[(j, j)] - known;
        // what is left of a diagonal entry by rounding is no noise
        if pivot <= 16.0 * n as f64 * f64::EPSILON * s[(j, j)] {
            continue;
        }
        l[(j, j)] = pivot.sqrt();
        for i in j + 1..n {
            let known: f64 = (0..j).map(|k| l[(i, k)] * l[(j, k)]).sum();
            l[(i, j)] = (s[(i, j)] - known) / l[(j, j)];
        }
    }
    l
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_a_covariance_gives_it_back_also_where_there_is_no_noise() {
        let factor = Matrix::from_columns(3, vec![1.0, 2.0, 0.5, 0.0, 0.0, 3.0]);
        let s = factor.times(&factor.transposed());
        let root = semidefinite_root(&s);
        let back = root.times(&root.transposed());
        for (a, b) in s.data().iter().zip(back.data()) {
            assert!((a - b).abs() < 1e-14);
        }
        assert_eq!(semidefinite_root(&Matrix::zeros(2, 2)), Matrix::zeros(2, 2));
    }

    #[test]
    fn a_push_without_friction_adds_up() {
        let step = LinearStep::new(
            &Matrix::zeros(1, 1),
            &[3.0],
            &Matrix::identity(1).scaled(2.0),
            0.25,
        );
        assert!((step.shift[0] - 0.75).abs() < 1e-15 && (step.root[0] - 0.5_f64.sqrt()).abs() < 1e-15);
    }
}

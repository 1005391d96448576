//! Positive definite matrices of few rows: Cholesky's factor, and solutions with it or with half of it.

use super::Matrix;

/// A = L Lᵀ.
///
/// ```
/// use irrev_numerics::linalg::{Matrix, PositiveDefinite};
/// let a = Matrix::from_fn(2, 2, |i, j| if i == j { 2.0 } else { 1.0 });
/// let factor = PositiveDefinite::new(a).unwrap();
/// let x = factor.solve(&[3.0, 3.0]);
/// assert!((x[0] - 1.0).abs() < 1e-15 && (x[1] - 1.0).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct PositiveDefinite {
    /// L; what is above the diagonal is not read.
    lower: Matrix,
}

impl PositiveDefinite {
    /// Factors of a symmetric matrix, of which the lower triangle is read; `None` if it is not positive definite. O(n³).
    ///
    /// The accuracy does not depend on how rows and columns are scaled together.
    #[must_use]
    pub fn new(mut matrix: Matrix) -> Option<Self> {
        let n = matrix.rows();
        for k in 0..n {
            let pivot = matrix[(k, k)];
            if !(pivot > 0.0 && pivot.is_finite()) {
                return None;
            }
            let root = pivot.sqrt();
            matrix[(k, k)] = root;
            for i in k + 1..n {
                matrix[(i, k)] /= root;
            }
            for j in k + 1..n {
                let share = matrix[(j, k)];
                for i in j..n {
                    let product = matrix[(i, k)] * share;
                    matrix[(i, j)] -= product;
                }
            }
        }
        Some(Self { lower: matrix })
    }

    /// L⁻¹ b: its square is b · A⁻¹ b.
    #[must_use]
    pub fn half_solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for j in 0..x.len() {
            x[j] /= self.lower[(j, j)];
            let value = x[j];
            for (i, x) in x.iter_mut().enumerate().skip(j + 1) {
                *x -= self.lower[(i, j)] * value;
            }
        }
        x
    }

    /// A⁻¹ b.
    #[must_use]
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = self.half_solve(b);
        for j in (0..x.len()).rev() {
            let mut value = x[j];
            for (i, x) in x.iter().enumerate().skip(j + 1) {
                value -= self.lower[(i, j)] * x;
            }
            x[j] = value / self.lower[(j, j)];
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_do_not_matter() {
        let scale = [1e-9, 1.0, 1e9, 1e3];
        let a = |i: usize, j: usize| if i == j { 4.0 } else { ((i * j) as f64).sin() };
        let matrix = Matrix::from_fn(4, 4, |i, j| scale[i] * a(i.max(j), i.min(j)) * scale[j]);
        let factor = PositiveDefinite::new(matrix.clone()).unwrap();
        let x: Vec<f64> = scale.iter().map(|s| 1.0 / s).collect();
        let b = matrix.apply_to(&x);
        // unit diagonal after scaling, condition below 10
        for (found, expected) in factor.solve(&b).iter().zip(&x) {
            assert!((found / expected - 1.0).abs() < 1e-14);
        }
        let half: f64 = factor.half_solve(&b).iter().map(|h| h * h).sum();
        let whole: f64 = b.iter().zip(&x).map(|(b, x)| b * x).sum();
        assert!((half / whole - 1.0).abs() < 1e-14);
    }

    #[test]
    fn what_is_not_positive_definite_has_no_factor() {
        assert!(PositiveDefinite::new(Matrix::from_fn(2, 2, |_, _| 1.0)).is_none());
        assert!(PositiveDefinite::new(Matrix::from_fn(1, 1, |_, _| f64::NAN)).is_none());
        assert!(PositiveDefinite::new(Matrix::zeros(0, 0)).is_some());
    }
}

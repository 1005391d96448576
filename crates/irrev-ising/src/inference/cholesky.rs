//! Cholesky's factor of a small symmetric matrix, by columns, that says which column depends on those before it.

use irrev_numerics::linalg::Matrix;

/// A pivot this small relative to its diagonal entry is rounding: n of these errors of 1.1e-16 add up in a column.
const PIVOT: f64 = 1e-13;

/// A = L Lᵀ.
#[derive(Debug, Clone)]
pub(super) struct Cholesky {
    lower: Matrix,
}

impl Cholesky {
    /// The factor of a positive definite matrix (the lower triangle is read), or the first column that depends on those before it.
    pub(super) fn new(matrix: &Matrix) -> Result<Self, usize> {
        let n = matrix.rows();
        let mut lower = Matrix::zeros(n, n);
        for k in 0..n {
            let mut column: Vec<f64> = (k..n).map(|i| matrix[(i, k)]).collect();
            for j in 0..k {
                let factor = lower[(k, j)];
                for (entry, known) in column.iter_mut().zip(&lower.column(j)[k..]) {
                    *entry -= factor * known;
                }
            }
            if !(column[0] > PIVOT * matrix[(k, k)]) {
                return Err(k);
            }
            let root = column[0].sqrt();
            for (i, entry) in column.iter().enumerate() {
                lower[(k + i, k)] = entry / root;
            }
        }
        Ok(Self { lower })
    }

    /// A⁻¹ b.
    pub(super) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let n = b.len();
        let mut x = b.to_vec();
        for k in 0..n {
            x[k] /= self.lower[(k, k)];
            let known = x[k];
            for (entry, factor) in x[k + 1..].iter_mut().zip(&self.lower.column(k)[k + 1..]) {
                *entry -= factor * known;
            }
        }
        for k in (0..n).rev() {
            let terms = self.lower.column(k)[k + 1..].iter().zip(&x[k + 1..]);
            let known: f64 = terms.map(|(l, x)| l * x).sum();
            x[k] = (x[k] - known) / self.lower[(k, k)];
        }
        x
    }

    /// ln det A.
    pub(super) fn log_determinant(&self) -> f64 {
        (0..self.lower.rows())
            .map(|k| 2.0 * self.lower[(k, k)].ln())
            .sum()
    }

    /// A⁻¹.
    pub(super) fn inverse(&self) -> Matrix {
        let n = self.lower.rows();
        let columns: Vec<Vec<f64>> = (0..n)
            .map(|k| self.solve(&(0..n).map(|i| f64::from(u8::from(i == k))).collect::<Vec<_>>()))
            .collect();
        Matrix::from_fn(n, n, |i, j| 0.5 * (columns[j][i] + columns[i][j]))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_dependent_column_is_named_and_a_definite_matrix_is_solved() {
        let spread = |i: usize, j: usize| if i == j { 3.0 } else { 1.0 / (1 + i + j) as f64 };
        let a = Matrix::from_fn(6, 6, spread);
        let factor = Cholesky::new(&a).unwrap();
        let x = factor.solve(&a.apply_to(&[1.0, -1.0, 2.0, 0.0, 1.0, 3.0]));
        assert!((x[5] - 3.0).abs() < 1e-14 && (x[1] + 1.0).abs() < 1e-14);
        let product = a.times(&factor.inverse());
        assert!(
            (0..36).all(|k| (product[(k / 6, k % 6)] - f64::from(u8::from(k / 6 == k % 6))).abs() < 1e-14)
        );
        // column 2 is column 0 plus column 1
        let rows = [
            [1.0, 0.0, 1.0],
            [1.0, 1.0, 2.0],
            [0.0, 1.0, 1.0],
            [2.0, -1.0, 1.0],
        ];
        let b = Matrix::from_fn(4, 3, |i, j| rows[i][j]);
        assert_eq!(Cholesky::new(&b.gram()).unwrap_err(), 2);
    }
}

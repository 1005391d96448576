//! The root of a Gram matrix AᵀA, for rows of A that differ by any factors.
//!
//! Formed as a product, AᵀA loses what weak rows say beside strong ones. Householder's QR factorisation with rows in falling order and column
//! pivoting keeps it: the factor is that of rows each perturbed by rounding relative to itself.
//!
//! Source: A. J. Cox and N. J. Higham, BIT 38, 34 (1998).

use super::Matrix;

/// AᵀA = Π RᵀR Πᵀ, for solutions with it or with half of it.
///
/// ```
/// use irrev_numerics::linalg::{GramFactor, Matrix};
/// let rows = Matrix::from_fn(3, 2, |i, j| [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]][i][j]);
/// let factor = GramFactor::new(rows).unwrap();                 // of ((2, 1), (1, 2))
/// let x = factor.solve(&[3.0, 3.0]);
/// assert!((x[0] - 1.0).abs() < 1e-15 && (x[1] - 1.0).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct GramFactor {
    /// R; what is below the diagonal is not read.
    upper: Matrix,
    /// Column of A at each place of R.
    order: Vec<usize>,
}

impl GramFactor {
    /// The root of AᵀA; `None` if A has not the rank of its columns, or entries that are not finite. O(rows · columns²).
    #[must_use]
    pub fn new(a: Matrix) -> Option<Self> {
        let (m, n) = (a.rows(), a.columns());
        if m < n {
            return None;
        }
        let size = |i: usize| (0..n).fold(0.0_f64, |most, j| most.max(a[(i, j)].abs()));
        let mut sorted: Vec<usize> = (0..m).collect();
        sorted.sort_by(|x, y| size(*y).total_cmp(&size(*x)));
        let mut a = Matrix::from_fn(m, n, |i, j| a[(sorted[i], j)]);
        let mut order: Vec<usize> = (0..n).collect();
        for k in 0..n {
            let rest = |j: usize| (k..m).map(|i| a[(i, j)] * a[(i, j)]).sum::<f64>();
            let norms = (k..n).map(|j| (j, rest(j)));
            let (pivot, norm) = norms.max_by(|x, y| x.1.total_cmp(&y.1))?;
            if !(norm > 0.0 && norm.is_finite()) {
                return None;
            }
            order.swap(k, pivot);
            for i in 0..m {
                (a[(i, k)], a[(i, pivot)]) = (a[(i, pivot)], a[(i, k)]);
            }
            let mut mirror: Vec<f64> = (k..m).map(|i| a[(i, k)]).collect();
            // away from the first entry, so that nothing cancels
            let head = -norm.sqrt().copysign(mirror[0]);
            mirror[0] -= head;
            let square: f64 = mirror.iter().map(|v| v * v).sum();
            a[(k, k)] = head;
            for j in k + 1..n {
                let along: f64 = mirror.iter().enumerate().map(|(i, v)| v * a[(k + i, j)]).sum();
                let share = 2.0 * along / square;
                for (i, v) in mirror.iter().enumerate() {
                    a[(k + i, j)] -= share * v;
                }
            }
        }
        Some(Self {
            upper: Matrix::from_fn(n, n, |i, j| a[(i, j)]),
            order,
        })
    }

    /// R⁻ᵀ Πᵀ b: its square is b · (AᵀA)⁻¹ b.
    #[must_use]
    pub fn half_solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = self.order.iter().map(|j| b[*j]).collect();
        for k in 0..x.len() {
            let known: f64 = (0..k).map(|j| self.upper[(j, k)] * x[j]).sum();
            x[k] = (x[k] - known) / self.upper[(k, k)];
        }
        x
    }

    /// (AᵀA)⁻¹ b.
    #[must_use]
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut half = self.half_solve(b);
        let mut x = vec![0.0; half.len()];
        for k in (0..half.len()).rev() {
            let known: f64 = (k + 1..half.len()).map(|j| self.upper[(k, j)] * half[j]).sum();
            half[k] = (half[k] - known) / self.upper[(k, k)];
            x[self.order[k]] = half[k];
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_rows_count_beside_strong_ones() {
        // a chain grounded by 1e-20 only: (AᵀA)⁻¹ of the unit load at its end is 1e20 and what the links add
        let weights = [1e-20, 1.0, 4.0];
        let rows = [[1.0, 0.0, 0.0], [-1.0, 1.0, 0.0], [0.0, -1.0, 1.0]];
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let a = Matrix::from_fn(3, 3, |i, j| f64::sqrt(weights[order[i]]) * rows[order[i]][j]);
            let factor = GramFactor::new(a).unwrap();
            let x = factor.solve(&[0.0, 0.0, 1.0]);
            for x in &x {
                assert!((x * 1e-20 - 1.0).abs() < 1e-14, "{x}");
            }
            // forces along strong links are differences that no absolute accuracy of 1e4 resolves, their energy is resolved
            let half: f64 = factor.half_solve(&[0.0, 1.0, -1.0]).iter().map(|h| h * h).sum();
            assert!((half - 0.25).abs() < 1e-12, "{half}");
        }
    }

    #[test]
    fn the_inverse_is_that_of_the_product() {
        let a = Matrix::from_fn(6, 4, |i, j| ((3 * i * i + 5 * j + i * j) as f64).sin());
        let gram = a.gram();
        let x = [1.0, -2.0, 0.5, 3.0];
        let b = gram.apply_to(&x);
        let factor = GramFactor::new(a).unwrap();
        for (found, expected) in factor.solve(&b).iter().zip(&x) {
            assert!((found - expected).abs() < 1e-11);
        }
        let half: f64 = factor.half_solve(&b).iter().map(|h| h * h).sum();
        let whole: f64 = b.iter().zip(&x).map(|(b, x)| b * x).sum();
        assert!((half / whole - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_lacks_rank_has_no_factor() {
        assert!(GramFactor::new(Matrix::zeros(2, 2)).is_none());
        assert!(GramFactor::new(Matrix::zeros(1, 2)).is_none());
        assert!(GramFactor::new(Matrix::from_fn(2, 1, |_, _| f64::NAN)).is_none());
        assert!(GramFactor::new(Matrix::zeros(0, 0)).is_some());
    }
}

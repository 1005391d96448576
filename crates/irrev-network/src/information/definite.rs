//! Cholesky factor of a positive semidefinite matrix, leaving out unknowns that depend on those before them.
//!
//! Newton's method on log-linear families meets features that are sums of others on the support of a distribution. Such an unknown gets the value 0,
//! which solves the system as well as any other.

/// A pivot below this part of its diagonal entry is rounding: the unknown depends on those before it.
const DEPENDENT: f64 = 1e-13;

/// H = L Lᵀ of the unknowns that were kept.
pub(super) struct DefiniteFactor {
    n: usize,
    /// By columns, diagonal and below.
    lower: Vec<f64>,
    kept: Vec<bool>,
}

impl DefiniteFactor {
    /// Factorises a symmetric matrix of order n given by columns; only the diagonal and what is below it is read.
    pub(super) fn new(n: usize, mut lower: Vec<f64>) -> Self {
        let mut kept = vec![true; n];
        for j in 0..n {
            let (before, rest) = lower.split_at_mut(j * n);
            let column = &mut rest[j..n];
            let diagonal = column[0];
            for earlier in before.chunks_exact(n) {
                let factor = earlier[j];
                if factor != 0.0 {
                    for (c, e) in column.iter_mut().zip(&earlier[j..]) {
                        *c -= factor * e;
                    }
                }
            }
            let pivot = column[0];
            // not (pivot > …): a pivot that is no number is left out, too
            if !(pivot > DEPENDENT * diagonal) {
                kept[j] = false;
                column.fill(0.0);
                continue;
            }
            let root = pivot.sqrt();
            for c in column {
                *c /= root;
            }
        }
        Self { n, lower, kept }
    }

    /// Replaces b by the solution x of H x = b.
    pub(super) fn solve(&self, b: &mut [f64]) {
        let n = self.n;
        for j in 0..n {
            let column = &self.lower[j * n..(j + 1) * n];
            b[j] = if self.kept[j] { b[j] / column[j] } else { 0.0 };
            let x = b[j];
            for (b, l) in b[j + 1..].iter_mut().zip(&column[j + 1..]) {
                *b -= l * x;
            }
        }
        for j in (0..n).rev() {
            let column = &self.lower[j * n..(j + 1) * n];
            let known: f64 = column[j + 1..].iter().zip(&b[j + 1..]).map(|(l, x)| l * x).sum();
            b[j] = if self.kept[j] {
                (b[j] - known) / column[j]
            } else {
                0.0
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependent_unknown_is_left_at_zero() {
        // unknowns 0 and 1 are the same feature
        let factor = DefiniteFactor::new(3, vec![2.0, 2.0, 1.0, 2.0, 2.0, 1.0, 1.0, 1.0, 3.0]);
        let mut x = [4.0, 4.0, 7.0];
        factor.solve(&mut x);
        assert!((x[0] - 1.0).abs() < 1e-15 && x[1] == 0.0 && (x[2] - 2.0).abs() < 1e-15);
    }
}

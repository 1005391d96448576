//! Plain LU factors of one matrix that is solved with a few times and thrown away, real or complex, dense or sparse.
//!
//! Unlike [`LinearSolver`](super::LinearSolver) nothing is verified here: the Newton iterations that use these
//! factors measure convergence themselves, and a poor factor shows there as a slow or failed iteration.

use faer::linalg::solvers::{PartialPivLu, Solve};
use faer::sparse::linalg::solvers::{Lu, SymbolicLu};
use faer::sparse::{SparseColMat, Triplet};
use num_complex::Complex64;

use super::Matrix;
use crate::dense_kernels::DenseKernels;
use crate::operator::Scalar;

/// Up to this size elimination row by row is faster than the blocked algorithm.
const SMALL: usize = 40;

/// A scalar that can be divided and handed to faer.
pub(crate) trait Field:
    Scalar + std::ops::Div<Output = Self> + std::ops::SubAssign + faer::traits::ComplexField
{
}
impl Field for f64 {}
impl Field for Complex64 {}

/// LU factors with row pivoting.
pub(crate) enum Factor<T: Field> {
    /// Both factors in one array by rows, and the row that was swapped with each.
    Rows {
        /// L below the diagonal (its diagonal is one), U above, by rows.
        entries: Vec<T>,
        /// Row exchanged with row k in step k.
        pivots: Vec<usize>,
    },
    /// Blocked dense factors.
    Blocked(PartialPivLu<T>),
    /// Sparse factors.
    Sparse(Lu<usize, T>),
}

/// The fill-reducing ordering of the last sparse pattern, reused while the pattern stays.
#[derive(Default)]
pub(crate) struct SparseOrdering {
    known: Option<(Vec<usize>, Vec<usize>, SymbolicLu<usize>)>,
}

impl<T: Field> Factor<T> {
    /// Factors of a dense matrix; `None` if a pivot is zero or not finite.
    pub(crate) fn dense(matrix: &Matrix<T>) -> Option<Self> {
        let n = matrix.rows();
        if n > SMALL {
            if matrix.data().iter().any(|a| !a.modulus().is_finite()) {
                return None;
            }
            let _kernels = DenseKernels::on_this_thread();
            return Some(Self::Blocked(PartialPivLu::new(
                faer::MatRef::from_column_major_slice(matrix.data(), n, n),
            )));
        }
        let mut a: Vec<T> = (0..n * n).map(|k| matrix[(k / n, k % n)]).collect();
        let mut pivots = vec![0; n];
        for k in 0..n {
            let mut pivot = k;
            for i in k + 1..n {
                if a[i * n + k].modulus() > a[pivot * n + k].modulus() {
                    pivot = i;
                }
            }
            let size = a[pivot * n + k].modulus();
            if !(size > 0.0 && size.is_finite()) {
                return None;
            }
            pivots[k] = pivot;
            if pivot != k {
                for j in 0..n {
                    a.swap(k * n + j, pivot * n + j);
                }
            }
            let (upper, lower) = a.split_at_mut((k + 1) * n);
            let top = &upper[k * n..];
            for row in lower.chunks_exact_mut(n) {
                let share = row[k] / top[k];
                row[k] = share;
                for (r, t) in row[k + 1..].iter_mut().zip(&top[k + 1..]) {
                    *r -= share * *t;
                }
            }
        }
        Some(Self::Rows { entries: a, pivots })
    }

    /// Factors of a sparse matrix from (row, column, value), places named twice added; `None` if singular.
    pub(crate) fn sparse(
        n: usize,
        entries: impl Iterator<Item = (usize, usize, T)>,
        ordering: &mut SparseOrdering,
    ) -> Option<Self> {
        let _kernels = DenseKernels::on_this_thread();
        let triplets: Vec<_> = entries
            .map(|(row, column, value)| Triplet::new(row, column, value))
            .collect();
        if triplets.iter().any(|t| !t.val.modulus().is_finite()) {
            return None;
        }
        let matrix = SparseColMat::<usize, T>::try_new_from_triplets(n, n, &triplets).ok()?;
        let (starts, rows) = (matrix.symbolic().col_ptr(), matrix.symbolic().row_idx());
        let symbolic = match &ordering.known {
            Some((s, r, symbolic)) if s == starts && r == rows => symbolic.clone(),
            _ => {
                let symbolic = SymbolicLu::try_new(matrix.symbolic()).ok()?;
                ordering.known = Some((starts.to_vec(), rows.to_vec(), symbolic.clone()));
                symbolic
            }
        };
        Lu::try_new_with_symbolic(symbolic, matrix.as_ref())
            .ok()
            .map(Self::Sparse)
    }

    /// Overwrites b by the solution of A x = b.
    pub(crate) fn solve(&self, b: &mut [T]) {
        let n = b.len();
        match self {
            Self::Rows { entries, pivots } => {
                for (k, &pivot) in pivots.iter().enumerate() {
                    b.swap(k, pivot);
                }
                for i in 1..n {
                    let mut value = b[i];
                    for (a, x) in entries[i * n..i * n + i].iter().zip(&b[..i]) {
                        value -= *a * *x;
                    }
                    b[i] = value;
                }
                for i in (0..n).rev() {
                    let mut value = b[i];
                    for (a, x) in entries[i * n + i + 1..(i + 1) * n].iter().zip(&b[i + 1..]) {
                        value -= *a * *x;
                    }
                    b[i] = value / entries[i * n + i];
                }
            }
            Self::Blocked(lu) => {
                let _kernels = DenseKernels::on_this_thread();
                lu.solve_in_place(faer::MatMut::from_column_major_slice_mut(b, n, 1));
            }
            Self::Sparse(lu) => {
                let _kernels = DenseKernels::on_this_thread();
                lu.solve_in_place(faer::MatMut::from_column_major_slice_mut(b, n, 1));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn residual<T: Field>(a: &Matrix<T>, factor: &Factor<T>) -> f64 {
        let n = a.rows();
        let b: Vec<T> = (0..n).map(|i| T::from_real((i as f64).cos())).collect();
        let mut x = b.clone();
        factor.solve(&mut x);
        let difference = |(l, r): (&T, &T)| (*l - *r).modulus();
        a.apply_to(&x).iter().zip(&b).map(difference).fold(0.0, f64::max)
    }

    #[test]
    fn dense_and_sparse_factors_solve_real_and_complex_systems_of_small_and_large_size() {
        for n in [1, 2, 7, SMALL, SMALL + 1, 90] {
            let real = Matrix::from_fn(n, n, |i, j| {
                ((3 * i + 7 * j) as f64).sin() + if i == j { 4.0 } else { 0.0 }
            });
            let complex = Matrix::from_fn(n, n, |i, j| Complex64::new(real[(i, j)], ((i * j) as f64).cos()));
            // entries below 2, pivots of order one: residual ≲ n ε × growth
            let accepted = 1e3 * n as f64 * f64::EPSILON;
            assert!(residual(&real, &Factor::dense(&real).unwrap()) < accepted);
            assert!(residual(&complex, &Factor::dense(&complex).unwrap()) < accepted);
            let mut ordering = SparseOrdering::default();
            for _ in 0..2 {
                let entries = (0..n * n).map(|k| (k % n, k / n, complex[(k % n, k / n)]));
                assert!(residual(&complex, &Factor::sparse(n, entries, &mut ordering).unwrap()) < accepted);
            }
        }
    }

    #[test]
    fn a_singular_matrix_has_no_small_factor() {
        assert!(Factor::dense(&Matrix::from_fn(3, 3, |_, _| 0.0)).is_none());
        assert!(Factor::dense(&Matrix::from_fn(2, 2, |_, _| f64::NAN)).is_none());
    }
}

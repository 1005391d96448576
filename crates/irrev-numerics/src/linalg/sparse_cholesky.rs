//! Cholesky's method for sparse positive definite matrices of one pattern.

use crate::dense_kernels::DenseKernels;
use faer::linalg::solvers::Solve;
use faer::sparse::linalg::solvers::{Llt, SymbolicLlt};
use faer::sparse::{SparseColMat, Triplet};

/// The pattern of a symmetric matrix with its fill-reducing ordering, for many matrices of that pattern.
#[derive(Debug, Clone)]
pub(super) struct CholeskyPattern {
    n: usize,
    symbolic: SymbolicLlt<usize>,
}

/// Factors of one matrix.
pub(super) struct SparseCholesky(Llt<usize, f64>);

impl CholeskyPattern {
    /// The pattern of these places of the lower triangle, repeated ones once; `None` if the ordering fails for want of memory.
    pub(super) fn new(n: usize, places: impl Iterator<Item = (usize, usize)>) -> Option<Self> {
        let _kernels = DenseKernels::on_this_thread();
        let matrix = assembled(n, places.map(|(i, j)| (i, j, 1.0)))?;
        let symbolic = SymbolicLlt::try_new(matrix.symbolic(), faer::Side::Lower).ok()?;
        Some(Self { n, symbolic })
    }

    /// Factors of a matrix with (row, column, value) at the places of the pattern, repeated ones added; `None` if it is not positive definite.
    pub(super) fn factor(
        &self,
        entries: impl Iterator<Item = (usize, usize, f64)>,
    ) -> Option<SparseCholesky> {
        let _kernels = DenseKernels::on_this_thread();
        let matrix = assembled(self.n, entries)?;
        let factor = Llt::try_new_with_symbolic(self.symbolic.clone(), matrix.as_ref(), faer::Side::Lower);
        factor.ok().map(SparseCholesky)
    }
}

impl SparseCholesky {
    /// Overwrites b by the solution of A x = b.
    pub(super) fn solve(&self, b: &mut [f64]) {
        let _kernels = DenseKernels::on_this_thread();
        let n = b.len();
        self.0
            .solve_in_place(faer::MatMut::from_column_major_slice_mut(b, n, 1));
    }
}

fn assembled(
    n: usize,
    entries: impl Iterator<Item = (usize, usize, f64)>,
) -> Option<SparseColMat<usize, f64>> {
    let triplets: Vec<_> = entries.map(|(i, j, value)| Triplet::new(i, j, value)).collect();
    if triplets.iter().any(|t| !t.val.is_finite()) {
        return None;
    }
    SparseColMat::try_new_from_triplets(n, n, &triplets).ok()
}

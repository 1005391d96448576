//! Products of dense matrices given as columns, in single and in double precision.
//!
//! Monte Carlo fields need no more than single precision, which is twice as fast. Products run on the calling thread: who wants more threads splits the
//! columns of B into fixed blocks, and the bits do not depend on who multiplies which.

use crate::dense_kernels::DenseKernels;
/// `f32` or `f64`.
pub trait Precision: private::Sealed + Copy {}
impl Precision for f32 {}
impl Precision for f64 {}

mod private {
    pub trait Sealed: faer::traits::ComplexField {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// What becomes of the earlier content of the result of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// C ← A B.
    Replaced,
    /// C ← C + A B.
    Kept,
}

/// The product of A (rows × inner) and B (inner × columns), written or added to C (rows × columns); all stored column by column.
///
/// The sizes follow from `rows` and the lengths of A and C.
///
/// # Panics
/// If the lengths do not fit each other.
///
/// ```
/// use irrev_numerics::linalg::{Earlier, product_into};
/// let (a, b) = ([1.0_f32, 2.0, 3.0, 4.0], [1.0, -1.0]);          // A = ((1, 3), (2, 4))
/// let mut c = [0.0; 2];
/// product_into(&mut c, Earlier::Replaced, &a, &b, 2);
/// assert_eq!(c, [-2.0, -2.0]);
/// ```
pub fn product_into<T: Precision>(c: &mut [T], earlier: Earlier, a: &[T], b: &[T], rows: usize) {
    assert!(
        rows > 0 && a.len().is_multiple_of(rows) && c.len().is_multiple_of(rows),
        "rows of a product"
    );
    let (inner, columns) = (a.len() / rows, c.len() / rows);
    assert_eq!(b.len(), inner * columns, "inner sizes of a product");
    let b = faer::MatRef::from_column_major_slice(b, inner, columns);
    multiply(c, earlier, a, b, rows);
}

/// As [`product_into`], with B given by its transpose (columns × inner), stored column by column: the sum over pairs of columns of A and of Bᵀ.
///
/// # Panics
/// If the lengths do not fit each other.
///
/// ```
/// use irrev_numerics::linalg::{Earlier, product_with_transpose_into};
/// let (a, b) = ([1.0, 2.0, 3.0, 4.0], [1.0, 0.0, 5.0, -1.0, 1.0, 0.0]);   // A = ((1, 3), (2, 4)), Bᵀ = ((1, −1), (0, 1), (5, 0))
/// let mut c = [0.0; 6];
/// product_with_transpose_into(&mut c, Earlier::Replaced, &a, &b, 2);
/// assert_eq!(c, [-2.0, -2.0, 3.0, 4.0, 5.0, 10.0]);
/// ```
pub fn product_with_transpose_into<T: Precision>(
    c: &mut [T],
    earlier: Earlier,
    a: &[T],
    b: &[T],
    rows: usize,
) {
    assert!(
        rows > 0 && a.len().is_multiple_of(rows) && c.len().is_multiple_of(rows),
        "rows of a product"
    );
    let (inner, columns) = (a.len() / rows, c.len() / rows);
    assert_eq!(b.len(), inner * columns, "inner sizes of a product");
    let b = faer::MatRef::from_column_major_slice(b, columns, inner);
    multiply(c, earlier, a, b.transpose(), rows);
}

fn multiply<T: Precision>(c: &mut [T], earlier: Earlier, a: &[T], b: faer::MatRef<'_, T>, rows: usize) {
    let _kernels = DenseKernels::on_this_thread();
    faer::linalg::matmul::matmul(
        faer::MatMut::from_column_major_slice_mut(c, rows, b.ncols()),
        match earlier {
            Earlier::Replaced => faer::Accum::Replace,
            Earlier::Kept => faer::Accum::Add,
        },
        faer::MatRef::from_column_major_slice(a, rows, b.nrows()),
        b,
        T::one_impl(),
        faer::Par::Seq,
    );
}

/// Runs `work` compiled for the widest vectors that this machine has; what is marked `#[inline(always)]` inside is compiled with it.
///
/// Elementwise arithmetic has the same bits with any width, since nothing is contracted or reordered.
#[inline]
pub fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    faer::traits::pulp::Arch::new().dispatch(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_precisions_multiply_and_add() {
        let (m, k, n) = (37, 29, 23);
        let a: Vec<f64> = (0..m * k).map(|x| ((x * 7) % 11) as f64 - 5.0).collect();
        let b: Vec<f64> = (0..k * n).map(|x| ((x * 5) % 13) as f64 - 6.0).collect();
        let b_transposed: Vec<f64> = (0..k * n).map(|x| b[x % n * k + x / n]).collect();
        let mut c = vec![1.0; m * n];
        product_into(&mut c, Earlier::Kept, &a, &b, m);
        let mut with_transpose = vec![1.0; m * n];
        product_with_transpose_into(&mut with_transpose, Earlier::Kept, &a, &b_transposed, m);
        assert_eq!(c, with_transpose);
        let single = |x: &[f64]| x.iter().map(|x| *x as f32).collect::<Vec<f32>>();
        let mut c32 = vec![9.0_f32; m * n];
        product_into(&mut c32, Earlier::Replaced, &single(&a), &single(&b), m);
        for j in 0..n {
            for i in 0..m {
                // whole numbers: exact in both
                let sum: f64 = (0..k).map(|l| a[l * m + i] * b[j * k + l]).sum();
                assert_eq!(c[j * m + i], sum + 1.0);
                assert_eq!(f64::from(c32[j * m + i]), sum);
            }
        }
    }

    #[test]
    fn vectorised_work_returns_what_it_finds() {
        assert_eq!(vectorised(|| (0..100).sum::<i32>()), 4950);
    }
}

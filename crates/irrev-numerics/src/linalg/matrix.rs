//! A dense matrix in columns.

use crate::dense_kernels::DenseKernels;
use crate::operator::{LinearOperator, Scalar};

/// Dense matrix of scalars, stored by columns.
///
/// ```
/// use irrev_numerics::linalg::Matrix;
/// let a = Matrix::from_fn(2, 2, |i, j| (2 * i + j) as f64);
/// assert_eq!(a.times(&a)[(1, 0)], 6.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix<T: Scalar = f64> {
    rows: usize,
    columns: usize,
    data: Vec<T>,
}

/// Below this size a plain triple loop beats the packing of a blocked product.
const SMALL: usize = 24;

impl<T: Scalar> Matrix<T> {
    /// Matrix of zeros.
    #[must_use]
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self {
            rows,
            columns,
            data: vec![T::ZERO; rows * columns],
        }
    }

    /// Identity matrix.
    #[must_use]
    pub fn identity(n: usize) -> Self {
        Self::from_fn(n, n, |i, j| if i == j { T::ONE } else { T::ZERO })
    }

    /// Matrix with the given entries.
    #[must_use]
    pub fn from_fn(rows: usize, columns: usize, mut entry: impl FnMut(usize, usize) -> T) -> Self {
        let mut data = Vec::with_capacity(rows * columns);
        for j in 0..columns {
            for i in 0..rows {
                data.push(entry(i, j));
            }
        }
        Self { rows, columns, data }
    }

    /// Matrix with the given entries, column by column.
    ///
    /// # Panics
    /// If they do not fill whole columns.
    #[must_use]
    pub fn from_columns(rows: usize, data: Vec<T>) -> Self {
        assert!(
            rows > 0 && data.len().is_multiple_of(rows),
            "entries of whole columns"
        );
        let columns = data.len() / rows;
        Self { rows, columns, data }
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Column j as a slice.
    ///
    /// # Panics
    /// If j is not below [`Self::columns`].
    #[must_use]
    pub fn column(&self, j: usize) -> &[T] {
        &self.data[j * self.rows..(j + 1) * self.rows]
    }

    /// Column j as a slice to write to.
    ///
    /// # Panics
    /// If j is not below [`Self::columns`].
    pub fn column_mut(&mut self, j: usize) -> &mut [T] {
        &mut self.data[j * self.rows..(j + 1) * self.rows]
    }

    /// All entries, column by column.
    #[must_use]
    pub fn data(&self) -> &[T] {
        &self.data
    }

    /// All entries, column by column, to write to.
    pub fn data_mut(&mut self) -> &mut [T] {
        &mut self.data
    }

    /// A x.
    ///
    /// # Panics
    /// If the length of x is not the number of columns.
    #[must_use]
    pub fn apply_to(&self, x: &[T]) -> Vec<T> {
        assert_eq!(x.len(), self.columns, "length of the vector");
        let mut y = vec![T::ZERO; self.rows];
        for (j, &xj) in x.iter().enumerate() {
            for (out, &a) in y.iter_mut().zip(self.column(j)) {
                *out += a * xj;
            }
        }
        y
    }

    /// Every entry multiplied by a scalar.
    #[must_use]
    pub fn scaled(mut self, factor: T) -> Self {
        for a in &mut self.data {
            *a = *a * factor;
        }
        self
    }

    /// Largest column sum of moduli.
    #[must_use]
    pub fn norm_one(&self) -> f64 {
        (0..self.columns)
            .map(|j| self.column(j).iter().map(|a| a.modulus()).sum())
            .fold(0.0, f64::max)
    }

    /// A B by a plain loop in a fixed order.
    ///
    /// # Panics
    /// If the inner sizes differ.
    #[must_use]
    pub fn plain_product(&self, other: &Self) -> Self {
        assert_eq!(self.columns, other.rows, "inner sizes of a product");
        let mut out = Self::zeros(self.rows, other.columns);
        for j in 0..other.columns {
            let target = &mut out.data[j * self.rows..(j + 1) * self.rows];
            for (k, &b) in other.column(j).iter().enumerate() {
                for (t, &a) in target.iter_mut().zip(self.column(k)) {
                    *t += a * b;
                }
            }
        }
        out
    }
}

impl Matrix<f64> {
    /// Aᵀ.
    #[must_use]
    pub fn transposed(&self) -> Self {
        Self::from_fn(self.columns, self.rows, |i, j| self[(j, i)])
    }

    /// (A + Aᵀ)/2 of a square matrix.
    ///
    /// # Panics
    /// If the matrix is not square.
    #[must_use]
    pub fn symmetrised(&self) -> Self {
        assert_eq!(self.rows, self.columns, "rows and columns");
        Self::from_fn(self.rows, self.columns, |i, j| {
            0.5 * self[(i, j)] + 0.5 * self[(j, i)]
        })
    }

    /// A B, blocked for larger sizes.
    ///
    /// # Panics
    /// If the inner sizes differ.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        if self.rows.max(self.columns).max(other.columns) <= SMALL {
            return self.plain_product(other);
        }
        assert_eq!(self.columns, other.rows, "inner sizes of a product");
        let mut out = Self::zeros(self.rows, other.columns);
        let (m, k, n) = (self.rows, self.columns, other.columns);
        let _kernels = DenseKernels::on_this_thread();
        faer::linalg::matmul::matmul(
            faer::MatMut::from_column_major_slice_mut(&mut out.data, m, n),
            faer::Accum::Replace,
            faer::MatRef::from_column_major_slice(&self.data, m, k),
            faer::MatRef::from_column_major_slice(&other.data, k, n),
            1.0,
            faer::Par::Seq,
        );
        out
    }

    /// Aᵀ A, symmetric to the last bit.
    #[must_use]
    pub fn gram(&self) -> Self {
        Self::gram_of(self.as_faer())
    }

    /// A Aᵀ, symmetric to the last bit.
    #[must_use]
    pub fn gram_of_rows(&self) -> Self {
        Self::gram_of(self.as_faer().transpose())
    }

    fn gram_of(a: faer::MatRef<'_, f64>) -> Self {
        let n = a.ncols();
        let mut out = Self::zeros(n, n);
        let _kernels = DenseKernels::on_this_thread();
        faer::linalg::matmul::triangular::matmul(
            faer::MatMut::from_column_major_slice_mut(&mut out.data, n, n),
            faer::linalg::matmul::triangular::BlockStructure::TriangularLower,
            faer::Accum::Replace,
            a.transpose(),
            faer::linalg::matmul::triangular::BlockStructure::Rectangular,
            a,
            faer::linalg::matmul::triangular::BlockStructure::Rectangular,
            1.0,
            faer::Par::Seq,
        );
        for j in 0..n {
            for i in j + 1..n {
                out[(j, i)] = out[(i, j)];
            }
        }
        out
    }

    /// The same numbers as a borrowed faer matrix.
    pub(crate) fn as_faer(&self) -> faer::MatRef<'_, f64> {
        faer::MatRef::from_column_major_slice(&self.data, self.rows, self.columns)
    }
}

impl<T: Scalar> std::ops::Index<(usize, usize)> for Matrix<T> {
    type Output = T;
    fn index(&self, (i, j): (usize, usize)) -> &T {
        &self.data[j * self.rows + i]
    }
}

impl<T: Scalar> std::ops::IndexMut<(usize, usize)> for Matrix<T> {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut T {
        &mut self.data[j * self.rows + i]
    }
}

impl<T: Scalar> LinearOperator<T> for Matrix<T> {
    fn dimension(&self) -> usize {
        self.rows
    }

    fn apply(&self, x: &[T], y: &mut [T]) {
        y.copy_from_slice(&self.apply_to(x));
    }
}

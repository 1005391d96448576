//! Sparse matrices in compressed rows.

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::operator::LinearOperator;

/// Rows handled by one parallel task of a product.
const ROWS_PER_TASK: usize = 8192;

/// Sparse matrix in compressed sparse rows, indices in 32 bits (a product is bound by memory traffic).
///
/// Entries of a row are sorted by column and unique; explicit zeros are kept.
///
/// ```
/// use irrev_numerics::{LinearOperator, SparseMatrix};
/// let a = SparseMatrix::from_triplets(2, 2, &[(0, 1, 2.0), (1, 0, 3.0), (0, 1, 1.0)])?;
/// let mut y = [0.0; 2];
/// a.apply(&[1.0, 10.0], &mut y);
/// assert_eq!(y, [30.0, 3.0]);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SparseMatrix {
    rows: usize,
    columns: usize,
    row_start: Vec<usize>,
    column: Vec<u32>,
    value: Vec<f64>,
}

impl SparseMatrix {
    /// Matrix from (row, column, value) triplets; repeated places are added in the order given.
    ///
    /// # Errors
    /// [`Error::Length`] if a place lies outside, or if there are more than 2³² columns.
    pub fn from_triplets(rows: usize, columns: usize, triplets: &[(usize, usize, f64)]) -> Result<Self> {
        if u32::try_from(columns).is_err() {
            return Err(Error::Length {
                what: "columns",
                found: columns,
                expected: u32::MAX as usize,
            });
        }
        let mut row_start = vec![0; rows + 1];
        for &(r, c, _) in triplets {
            if r >= rows {
                return Err(Error::Length {
                    what: "row index",
                    found: r,
                    expected: rows,
                });
            }
            if c >= columns {
                return Err(Error::Length {
                    what: "column index",
                    found: c,
                    expected: columns,
                });
            }
            row_start[r + 1] += 1;
        }
        for r in 0..rows {
            row_start[r + 1] += row_start[r];
        }
        let mut next = row_start.clone();
        let mut place = vec![(0_u32, 0.0); triplets.len()];
        for &(r, c, v) in triplets {
            place[next[r]] = (c as u32, v);
            next[r] += 1;
        }
        let mut column = Vec::with_capacity(triplets.len());
        let mut value = Vec::with_capacity(triplets.len());
        let mut start = vec![0; rows + 1];
        for r in 0..rows {
            let row = &mut place[row_start[r]..row_start[r + 1]];
            row.sort_by_key(|entry| entry.0);
            for &(c, v) in row.iter() {
                if column.len() > start[r] && column.last() == Some(&c) {
                    if let Some(last) = value.last_mut() {
                        *last += v;
                    }
                } else {
                    column.push(c);
                    value.push(v);
                }
            }
            start[r + 1] = column.len();
        }
        Ok(Self {
            rows,
            columns,
            row_start: start,
            column,
            value,
        })
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

    /// Number of stored entries.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.value.len()
    }

    /// The stored (column, value) pairs of a row, sorted by column.
    ///
    /// # Panics
    /// If `row` is not below [`Self::rows`].
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.row_start[row]..self.row_start[row + 1];
        self.column[range.clone()]
            .iter()
            .map(|&c| c as usize)
            .zip(self.value[range].iter().copied())
    }

    /// The transposed matrix.
    #[must_use]
    pub fn transpose(&self) -> Self {
        let mut row_start = vec![0; self.columns + 1];
        for &c in &self.column {
            row_start[c as usize + 1] += 1;
        }
        for c in 0..self.columns {
            row_start[c + 1] += row_start[c];
        }
        let mut next = row_start.clone();
        let mut column = vec![0; self.column.len()];
        let mut value = vec![0.0; self.value.len()];
        for r in 0..self.rows {
            for (c, v) in self.row(r) {
                column[next[c]] = r as u32;
                value[next[c]] = v;
                next[c] += 1;
            }
        }
        Self {
            rows: self.columns,
            columns: self.rows,
            row_start,
            column,
            value,
        }
    }

    /// y = A x, in parallel over fixed blocks of rows for large matrices.
    ///
    /// # Panics
    /// If the lengths of x and y are not the numbers of columns and rows.
    pub fn multiply(&self, x: &[f64], y: &mut [f64]) {
        assert!(
            x.len() == self.columns && y.len() == self.rows,
            "lengths of a matrix–vector product"
        );
        let block = |first: usize, y: &mut [f64]| {
            for (i, out) in y.iter_mut().enumerate() {
                let range = self.row_start[first + i]..self.row_start[first + i + 1];
                let mut sum = 0.0;
                for (&c, &v) in self.column[range.clone()].iter().zip(&self.value[range]) {
                    sum += v * x[c as usize];
                }
                *out = sum;
            }
        };
        if self.rows <= 2 * ROWS_PER_TASK {
            block(0, y);
        } else {
            y.par_chunks_mut(ROWS_PER_TASK)
                .enumerate()
                .for_each(|(b, y)| block(b * ROWS_PER_TASK, y));
        }
    }
}

impl LinearOperator for SparseMatrix {
    fn dimension(&self) -> usize {
        self.rows
    }

    fn apply(&self, x: &[f64], y: &mut [f64]) {
        self.multiply(x, y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposing_twice_is_the_identity() {
        let a = SparseMatrix::from_triplets(2, 3, &[(0, 2, 1.0), (1, 0, -2.0), (1, 2, 4.0)]).unwrap();
        assert_eq!(a.transpose().transpose(), a);
        assert_eq!(a.transpose().rows(), 3);
    }

    #[test]
    fn a_place_outside_is_refused() {
        assert!(SparseMatrix::from_triplets(2, 2, &[(2, 0, 1.0)]).is_err());
        assert!(SparseMatrix::from_triplets(2, 2, &[(0, 2, 1.0)]).is_err());
    }
}

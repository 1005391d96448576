//! Couplings J_ij of a network: how strongly spin j acts on spin i.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::sparse::SparseMatrix;

use crate::error::{Error, Result};

/// Couplings J_ij, row i what spin i receives and column j what spin j sends: J acts **from j to i**. Dense or sparse, in units of energy.
///
/// ```
/// use irrev_ising::Couplings;
/// // a ring in which each spin acts on the next
/// let ring = Couplings::from_triplets(3, &[(1, 0, 1.0), (2, 1, 1.0), (0, 2, 1.0)])?;
/// assert_eq!(ring.apply(&[1.0, -1.0, -1.0]), [-1.0, 1.0, -1.0]);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Couplings {
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// By (to, from), columns contiguous.
    Dense(Matrix),
    /// Rows by the receiving spin, and the transpose: rows by the sending spin.
    Sparse {
        received: SparseMatrix,
        sent: SparseMatrix,
    },
}

impl Couplings {
    /// From rows: `rows[i][j]` is J_ij, from j to i.
    ///
    /// # Errors
    /// [`Error::NoSpins`], [`Error::NotSquare`], [`Error::Coupling`] for a value that is not finite.
    pub fn from_rows(rows: &[Vec<f64>]) -> Result<Self> {
        let n = rows.len();
        if let Some(row) = rows.iter().find(|row| row.len() != n) {
            return Err(Error::NotSquare {
                rows: n,
                columns: row.len(),
            });
        }
        Self::from_matrix(Matrix::from_fn(n, n, |i, j| rows[i][j]))
    }

    /// From a square matrix with J_ij in row i and column j.
    ///
    /// # Errors
    /// As [`Couplings::from_rows`].
    pub fn from_matrix(matrix: Matrix) -> Result<Self> {
        let (rows, columns) = (matrix.rows(), matrix.columns());
        if rows != columns {
            return Err(Error::NotSquare { rows, columns });
        }
        if rows == 0 {
            return Err(Error::NoSpins);
        }
        if let Some(place) = matrix.data().iter().position(|x| !x.is_finite()) {
            return Err(Error::Coupling {
                to: place % rows,
                from: place / rows,
                value: matrix.data()[place],
            });
        }
        Ok(Self {
            kind: Kind::Dense(matrix),
        })
    }

    /// Sparse couplings from (to, from, J) entries; repeated ones are added.
    ///
    /// # Errors
    /// [`Error::NoSpins`], [`Error::Coupling`] for a value that is not finite; a numerical error for a spin that does not exist.
    pub fn from_triplets(spins: usize, entries: &[(usize, usize, f64)]) -> Result<Self> {
        if spins == 0 {
            return Err(Error::NoSpins);
        }
        if let Some(&(to, from, value)) = entries.iter().find(|(_, _, value)| !value.is_finite()) {
            return Err(Error::Coupling { to, from, value });
        }
        let received = SparseMatrix::from_triplets(spins, spins, entries)?;
        let sent = received.transpose();
        Ok(Self {
            kind: Kind::Sparse { received, sent },
        })
    }

    /// Number of spins N.
    #[must_use]
    pub fn spins(&self) -> usize {
        match &self.kind {
            Kind::Dense(matrix) => matrix.rows(),
            Kind::Sparse { received, .. } => received.rows(),
        }
    }

    /// The matrix, if the couplings are dense.
    #[must_use]
    pub fn dense(&self) -> Option<&Matrix> {
        match &self.kind {
            Kind::Dense(matrix) => Some(matrix),
            Kind::Sparse { .. } => None,
        }
    }

    /// The couplings as a dense matrix, N² numbers.
    #[must_use]
    pub fn to_matrix(&self) -> Matrix {
        match &self.kind {
            Kind::Dense(matrix) => matrix.clone(),
            Kind::Sparse { received, .. } => {
                let rows: Vec<Vec<(usize, f64)>> =
                    (0..received.rows()).map(|i| received.row(i).collect()).collect();
                Matrix::from_fn(received.rows(), received.rows(), |i, j| {
                    rows[i]
                        .iter()
                        .find(|(from, _)| *from == j)
                        .map_or(0.0, |(_, value)| *value)
                })
            }
        }
    }

    /// Couplings stored: N² if dense.
    #[must_use]
    pub fn entries(&self) -> usize {
        match &self.kind {
            Kind::Dense(matrix) => matrix.data().len(),
            Kind::Sparse { received, .. } => received.entries(),
        }
    }

    /// What a spin receives: (from, J) of its non-zero couplings.
    pub fn received(&self, spin: usize) -> Box<dyn Iterator<Item = (usize, f64)> + '_> {
        match &self.kind {
            Kind::Dense(matrix) => Box::new((0..matrix.columns()).map(move |j| (j, matrix[(spin, j)]))),
            Kind::Sparse { received, .. } => Box::new(received.row(spin)),
        }
    }

    /// What a spin sends: (to, J) of its non-zero couplings.
    pub fn sent(&self, spin: usize) -> Box<dyn Iterator<Item = (usize, f64)> + '_> {
        match &self.kind {
            Kind::Dense(matrix) => Box::new(matrix.column(spin).iter().copied().enumerate()),
            Kind::Sparse { sent, .. } => Box::new(sent.row(spin)),
        }
    }

    /// Σ_j J_ij x_j for every spin i.
    #[must_use]
    pub fn apply(&self, x: &[f64]) -> Vec<f64> {
        match &self.kind {
            Kind::Dense(matrix) => matrix.apply_to(x),
            Kind::Sparse { received, .. } => {
                let mut y = vec![0.0; received.rows()];
                received.multiply(x, &mut y);
                y
            }
        }
    }

    /// Σ_i J_ij y_i for every spin j: what the transpose does.
    #[must_use]
    pub fn apply_transpose(&self, y: &[f64]) -> Vec<f64> {
        match &self.kind {
            Kind::Dense(matrix) => (0..matrix.columns())
                .map(|j| irrev_numerics::sum::inner_product(matrix.column(j), y))
                .collect(),
            Kind::Sparse { sent, .. } => {
                let mut x = vec![0.0; sent.rows()];
                sent.multiply(y, &mut x);
                x
            }
        }
    }

    /// The first spin that acts on itself, with its coupling.
    #[must_use]
    pub fn first_self_coupling(&self) -> Option<(usize, f64)> {
        (0..self.spins())
            .map(|i| {
                let own = self.received(i).find(|(from, _)| *from == i);
                (i, own.map_or(0.0, |(_, value)| value))
            })
            .find(|(_, value)| *value != 0.0)
    }

    /// The same couplings without those of spins to themselves.
    #[must_use]
    pub fn without_self_couplings(&self) -> Self {
        match &self.kind {
            Kind::Dense(matrix) => Self {
                kind: Kind::Dense(Matrix::from_fn(matrix.rows(), matrix.columns(), |i, j| {
                    if i == j { 0.0 } else { matrix[(i, j)] }
                })),
            },
            Kind::Sparse { received, .. } => {
                let kept = |row: usize| {
                    received
                        .row(row)
                        .filter(move |(from, _)| *from != row)
                        .map(move |(from, value)| (row, from, value))
                };
                let entries: Vec<_> = (0..received.rows()).flat_map(kept).collect();
                // entries of a valid matrix are valid
                Self::from_triplets(received.rows(), &entries).unwrap_or_else(|_| self.clone())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn dense_and_sparse_couplings_act_alike() {
        let entries = [(0, 1, 0.5), (1, 2, -1.0), (2, 0, 2.0), (2, 2, 0.25)];
        let sparse = Couplings::from_triplets(3, &entries).unwrap();
        let dense = Couplings::from_matrix(sparse.to_matrix()).unwrap();
        let x = [1.0, -2.0, 3.0];
        assert_eq!(sparse.apply(&x), dense.apply(&x));
        assert_eq!(sparse.apply_transpose(&x), dense.apply_transpose(&x));
        assert_eq!(sparse.first_self_coupling(), Some((2, 0.25)));
        assert_eq!(
            sparse.without_self_couplings().to_matrix(),
            dense.without_self_couplings().to_matrix()
        );
        assert_eq!(dense.without_self_couplings().first_self_coupling(), None);
    }

    #[test]
    fn wrong_couplings_are_named() {
        assert_eq!(Couplings::from_rows(&[]), Err(Error::NoSpins));
        assert_eq!(
            Couplings::from_rows(&[vec![0.0, 1.0]]),
            Err(Error::NotSquare { rows: 1, columns: 2 })
        );
        let found = Couplings::from_rows(&[vec![0.0, f64::INFINITY], vec![1.0, 0.0]]);
        assert_eq!(
            found,
            Err(Error::Coupling {
                to: 0,
                from: 1,
                value: f64::INFINITY
            })
        );
    }
}

//! Sparse symmetric quasidefinite systems, as Newton's method for a constrained convex problem poses them.
//!
//! ```text
//! ( H   Aᵀ ) H positive and D positive semidefinite: such a matrix has factors L Δ Lᵀ with diagonal Δ in every
//! ( A  −D  ) order of elimination, so that the order is free to keep the factor sparse and is found once.
//! ```
//!
//! Directions in which H and D vanish are held by a small shift of the diagonal while factors are made; refinement with the matrix as it is
//! takes the shift's effect away again.
//!
//! Source: R. J. Vanderbei, SIAM J. Optim. 5, 100 (1995).

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::ldlt::factor::LdltRegularization;
use faer::perm::PermRef;
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, LdltRef, SymbolicCholesky, SymmetricOrdering, factorize_symbolic_cholesky,
};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMat};
use faer::{Conj, MatMut, Par, Side, Spec};

use crate::dense_kernels::DenseKernels;
use crate::error::{Error, Result};

/// The shift that holds undetermined directions, relative to each diagonal entry.
const SHIFT: f64 = 1e-8;

/// Most refinements of one solution.
const REFINEMENTS: usize = 12;

/// A refinement that gains less than this factor ends them.
const GAIN: f64 = 0.9;

/// A symmetric quasidefinite matrix of fixed pattern, and its factors for the values last given.
pub struct Quasidefinite {
    starts: Vec<usize>,
    rows: Vec<usize>,
    /// Place among the stored entries of every entry as it was named.
    places: Vec<usize>,
    entries: Vec<f64>,
    diagonal: Vec<usize>,
    signs: Vec<i8>,
    symbolic: SymbolicCholesky<usize>,
    factor: Vec<f64>,
    shifted: Vec<f64>,
    /// What unknowns are multiplied by to make the diagonal one.
    scale: Vec<f64>,
}

impl std::fmt::Debug for Quasidefinite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Quasidefinite {{ order: {}, entries: {}, factor entries: {} }}",
            self.signs.len(),
            self.rows.len(),
            self.symbolic.len_val()
        )
    }
}

/// A solution, and what it leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct QuasidefiniteSolution {
    /// x.
    pub x: Vec<f64>,
    /// ‖b − A x‖∞/‖b‖∞ after the last refinement.
    pub relative_residual: f64,
}

impl Quasidefinite {
    /// Plans the factors of a matrix whose lower triangle has entries at these (row, column), row ≥ column; places named twice are added.
    ///
    /// `positive[i]` says whether unknown i belongs to H or to −D. Beside minimum degree the given orders of elimination are tried, each a
    /// permutation of the unknowns, and the one with the sparsest factor is taken.
    ///
    /// # Errors
    /// [`Error::Domain`] for an entry above the diagonal or outside, or an order that is no permutation; [`Error::Memory`] if the plan does
    /// not fit in memory.
    pub fn new(entries: &[(usize, usize)], positive: &[bool], orders: &[Vec<usize>]) -> Result<Self> {
        let order = positive.len();
        let mut keys: Vec<(usize, usize)> = entries.iter().map(|&(row, column)| (column, row)).collect();
        if let Some(&(column, row)) = keys.iter().find(|(column, row)| row < column || *row >= order) {
            return Err(Error::Domain {
                what: "the row of an entry of the lower triangle",
                value: row as f64 - column as f64,
                expected: "a row from the column to the last",
            });
        }
        keys.extend((0..order).map(|i| (i, i)));
        keys.sort_unstable();
        keys.dedup();
        let mut starts = vec![0; order + 1];
        for (column, _) in &keys {
            starts[column + 1] += 1;
        }
        for column in 0..order {
            starts[column + 1] += starts[column];
        }
        let rows: Vec<usize> = keys.iter().map(|key| key.1).collect();
        let pattern = SymbolicSparseColMat::new_checked(order, order, starts.clone(), None, rows.clone());
        let planned = |ordering: SymmetricOrdering<'_, usize>| {
            factorize_symbolic_cholesky(
                pattern.as_ref(),
                Side::Lower,
                ordering,
                CholeskySymbolicParams::default(),
            )
            .map_err(|_| Error::Memory {
                what: "the plan of a sparse factorisation",
                needed: 64 * keys.len() as u64,
                limit: u64::MAX,
            })
        };
        let mut symbolic = planned(SymmetricOrdering::Amd)?;
        for forward in orders {
            let inverse = inverse_permutation(forward, order)?;
            let permutation = PermRef::new_checked(forward, &inverse, order);
            let other = planned(SymmetricOrdering::Custom(permutation))?;
            if other.len_val() < symbolic.len_val() {
                symbolic = other;
            }
        }
        let place = |row: usize, column: usize| {
            let range = starts[column]..starts[column + 1];
            let inside = rows[range.clone()].partition_point(|r| *r < row);
            range.start + inside
        };
        Ok(Self {
            places: entries.iter().map(|&(row, column)| place(row, column)).collect(),
            diagonal: (0..order).map(|i| place(i, i)).collect(),
            entries: vec![0.0; rows.len()],
            shifted: vec![0.0; rows.len()],
            signs: positive.iter().map(|p| if *p { 1 } else { -1 }).collect(),
            scale: vec![1.0; order],
            starts,
            rows,
            symbolic,
            factor: Vec::new(),
        })
    }

    /// Number of unknowns.
    #[must_use]
    pub fn order(&self) -> usize {
        self.signs.len()
    }

    /// Bytes that factors and entries take.
    #[must_use]
    pub fn memory(&self) -> u64 {
        8 * (2 * self.symbolic.len_val() as u64 + 6 * self.rows.len() as u64)
    }

    /// About how many multiplications the factors take: the square of their entries over the number of unknowns.
    #[must_use]
    pub fn multiplications(&self) -> f64 {
        let entries = self.symbolic.len_val() as f64;
        entries * entries / self.order().max(1) as f64
    }

    /// Takes the values of the entries, in the order in which [`Quasidefinite::new`] named them, and makes factors.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::NotFinite`]; [`Error::Singular`] if a pivot vanishes in spite of the shift; [`Error::Memory`].
    pub fn factorise(&mut self, values: &[f64]) -> Result<()> {
        if values.len() != self.places.len() {
            return Err(Error::Length {
                what: "values of the entries",
                found: values.len(),
                expected: self.places.len(),
            });
        }
        if let Some(index) = values.iter().position(|v| !v.is_finite()) {
            return Err(Error::NotFinite {
                what: "values of the entries",
                index,
                value: values[index],
            });
        }
        self.entries.fill(0.0);
        for (place, value) in self.places.iter().zip(values) {
            self.entries[*place] += value;
        }
        // to unit diagonal: a scale that a pivot could be compared with does not exist otherwise
        for i in 0..self.order() {
            let own = self.entries[self.diagonal[i]].abs();
            self.scale[i] = if own > 0.0 { 1.0 / own.sqrt() } else { 0.0 };
        }
        let widest = self
            .scale
            .iter()
            .fold(0.0_f64, |m, s| m.max(*s))
            .max(f64::MIN_POSITIVE);
        for scale in &mut self.scale {
            if *scale == 0.0 {
                *scale = widest;
            }
        }
        for column in 0..self.order() {
            for k in self.starts[column]..self.starts[column + 1] {
                self.shifted[k] = self.entries[k] * self.scale[column] * self.scale[self.rows[k]];
            }
        }
        for (place, sign) in self.diagonal.iter().zip(&self.signs) {
            self.shifted[*place] += f64::from(*sign) * SHIFT;
        }
        self.factor.resize(self.symbolic.len_val(), 0.0);
        let scratch = self
            .symbolic
            .factorize_numeric_ldlt_scratch::<f64>(Par::Seq, Spec::default());
        let mut memory = MemBuffer::try_new(scratch).map_err(|_| Error::Memory {
            what: "a sparse factorisation",
            needed: self.memory(),
            limit: u64::MAX,
        })?;
        let regularisation = LdltRegularization {
            dynamic_regularization_signs: Some(&self.signs),
            dynamic_regularization_delta: SHIFT,
            // positive, or signs are not looked at
            dynamic_regularization_epsilon: SHIFT * SHIFT,
        };
        let matrix = SparseColMatRef::new(
            faer::sparse::SymbolicSparseColMatRef::new_checked(
                self.order(),
                self.order(),
                &self.starts,
                None,
                &self.rows,
            ),
            &self.shifted,
        );
        let _kernels = DenseKernels::on_this_thread();
        self.symbolic
            .factorize_numeric_ldlt(
                &mut self.factor,
                matrix,
                Side::Lower,
                regularisation,
                Par::Seq,
                MemStack::new(&mut memory),
                Spec::default(),
            )
            .map_err(|_| Error::Singular {
                what: "a quasidefinite system",
                residual: 1.0,
            })?;
        Ok(())
    }

    /// Solves A x = b with the factors last made, refined until the residual stops falling.
    ///
    /// # Errors
    /// [`Error::Length`].
    pub fn solve(&self, b: &[f64]) -> Result<QuasidefiniteSolution> {
        let order = self.order();
        if b.len() != order || self.factor.is_empty() {
            return Err(Error::Length {
                what: "right-hand side",
                found: b.len(),
                expected: order,
            });
        }
        let largest = |x: &[f64]| x.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let scale = largest(b);
        let mut x = vec![0.0; order];
        if scale == 0.0 {
            return Ok(QuasidefiniteSolution {
                x,
                relative_residual: 0.0,
            });
        }
        let mut memory = MemBuffer::new(self.symbolic.solve_in_place_scratch::<f64>(1, Par::Seq));
        let _kernels = DenseKernels::on_this_thread();
        let factors = LdltRef::new(&self.symbolic, &self.factor);
        let mut residual = b.to_vec();
        let mut left = 1.0;
        for _ in 0..=REFINEMENTS {
            let mut step: Vec<f64> = residual.iter().zip(&self.scale).map(|(r, s)| r * s).collect();
            factors.solve_in_place_with_conj(
                Conj::No,
                MatMut::from_column_major_slice_mut(&mut step, order, 1),
                Par::Seq,
                MemStack::new(&mut memory),
            );
            let refined: Vec<f64> = x
                .iter()
                .zip(step.iter().zip(&self.scale))
                .map(|(x, (step, scale))| x + scale * step)
                .collect();
            let new_residual = self.residual(b, &refined);
            let new_left = largest(&new_residual) / scale;
            if new_left >= left {
                break;
            }
            let gain = new_left / left;
            (x, residual, left) = (refined, new_residual, new_left);
            if gain > GAIN || left < f64::EPSILON {
                break;
            }
        }
        Ok(QuasidefiniteSolution {
            x,
            relative_residual: left,
        })
    }

    fn residual(&self, b: &[f64], x: &[f64]) -> Vec<f64> {
        let mut left = b.to_vec();
        for column in 0..self.order() {
            for place in self.starts[column]..self.starts[column + 1] {
                let (row, entry) = (self.rows[place], self.entries[place]);
                left[row] -= entry * x[column];
                if row != column {
                    left[column] -= entry * x[row];
                }
            }
        }
        left
    }
}

/// The inverse of a permutation of 0..order.
fn inverse_permutation(forward: &[usize], order: usize) -> Result<Vec<usize>> {
    let mut inverse = vec![usize::MAX; order];
    for (new, &old) in forward.iter().enumerate() {
        if old < order {
            inverse[old] = new;
        }
    }
    if forward.len() == order && !inverse.contains(&usize::MAX) {
        return Ok(inverse);
    }
    Err(Error::Domain {
        what: "the length of an order of elimination",
        value: forward.len() as f64,
        expected: "a permutation of the unknowns",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// H = 2 + chain, A a difference, D = 0: the constraint determines x, the multiplier follows.
    #[test]
    fn a_constrained_problem_is_solved_to_rounding_though_one_block_vanishes() {
        let n = 40;
        let mut entries = Vec::new();
        let mut values = Vec::new();
        for i in 0..n {
            entries.push((i, i));
            values.push(2.5);
            if i > 0 {
                entries.push((i, i - 1));
                values.push(-1.0);
            }
        }
        for k in 0..n / 2 {
            entries.push((n + k, 2 * k));
            values.push(1.0);
            entries.push((n + k, 2 * k + 1));
            values.push(-1.0);
        }
        let positive: Vec<bool> = (0..n + n / 2).map(|i| i < n).collect();
        let mut matrix = Quasidefinite::new(&entries, &positive, &[]).unwrap();
        matrix.factorise(&values).unwrap();
        let b: Vec<f64> = (0..n + n / 2).map(|i| (i as f64).sin()).collect();
        let solution = matrix.solve(&b).unwrap();
        assert!(
            solution.relative_residual < 1e-12,
            "{}",
            solution.relative_residual
        );
        for k in 0..n / 2 {
            let constraint = solution.x[2 * k] - solution.x[2 * k + 1];
            assert!((constraint - b[n + k]).abs() < 1e-11);
        }
    }

    #[test]
    fn entries_named_twice_are_added_and_wrong_ones_refused() {
        let mut matrix = Quasidefinite::new(&[(0, 0), (0, 0)], &[true], &[vec![0]]).unwrap();
        matrix.factorise(&[1.0, 3.0]).unwrap();
        assert!((matrix.solve(&[2.0]).unwrap().x[0] - 0.5).abs() < 1e-15);
        assert!(matrix.factorise(&[1.0]).is_err());
        assert!(matrix.factorise(&[1.0, f64::NAN]).is_err());
        assert!(Quasidefinite::new(&[(0, 0)], &[true, true], &[vec![0, 0]]).is_err());
        assert!(Quasidefinite::new(&[(0, 1)], &[true, true], &[]).is_err());
    }
}

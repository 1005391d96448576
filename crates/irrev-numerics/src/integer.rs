//! Exact null spaces of matrices with rational entries.
//!
//! Conservation laws and cycles of a reaction network are null vectors of an integer matrix. Found in floating point they are 0.9999999
//! times something, and their number hangs on a tolerance; found by fraction-free elimination they are integers, and the rank is
//! certain. Rows are kept sparse and divided by their greatest common divisor; 128-bit integers hold what stoichiometry makes.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Result};

/// A sparse row: (column, entry ≠ 0), columns ascending.
pub type SparseRow = Vec<(usize, i64)>;

/// Largest denominator tried when a coefficient is read as a fraction.
const LARGEST_DENOMINATOR: i64 = 1_000_000;

/// How far a coefficient may lie from its fraction, relative: a few roundings. Fractions with denominators up to a million come within 1e-12 of
/// any number.
const FRACTION_ERROR: f64 = 1e-15;

/// Null space of a matrix, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NullSpace {
    /// Rank of the matrix.
    pub rank: usize,
    /// Columns that carry the rank: they are independent, and as many as the rank.
    pub independent: Vec<usize>,
    /// One free column per null vector.
    pub free: Vec<usize>,
    /// A basis: primitive integer vectors, the μ-th positive in column `free[μ]` and zero in the other free columns.
    pub basis: Vec<SparseRow>,
}

/// Null space {v : A v = 0} of a matrix given by its rows.
///
/// ```
/// use irrev_numerics::integer::null_space;
/// // A + B ⇌ C, C ⇌ D: species balance of the two reactions, row per reaction
/// let laws = null_space(&[vec![(0, -1.0), (1, -1.0), (2, 1.0)], vec![(2, -1.0), (3, 1.0)]], 4)?;
/// assert_eq!(laws.rank, 2);
/// assert_eq!(laws.basis.len(), 2);                        // two conserved moieties
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`] for an entry beyond the columns; [`Error::NotRational`] for one that is no fraction with a denominator up to 10⁶; [`Error::Overflow`] if an intermediate
/// number outgrows 127 bits, or a result 63.
pub fn null_space(rows: &[Vec<(usize, f64)>], columns: usize) -> Result<NullSpace> {
    let mut echelon = Echelon::new(columns);
    for row in rows {
        echelon.admit(integer_row(row)?)?;
    }
    echelon.null_space()
}

/// Whether each of some vectors is independent of a space and of the vectors before it.
///
/// ```
/// use irrev_numerics::integer::independent_of;
/// let space = [vec![(0, 1), (1, 1)]];
/// let vectors = [vec![(0, 2), (1, 2)], vec![(1, 1)], vec![(0, 1)]];
/// assert_eq!(independent_of(&space, &vectors, 2)?, [false, true, false]);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`], [`Error::Overflow`] as in [`null_space`].
pub fn independent_of(space: &[SparseRow], vectors: &[SparseRow], columns: usize) -> Result<Vec<bool>> {
    let mut echelon = Echelon::new(columns);
    let whole = |row: &SparseRow| row.iter().map(|&(c, a)| (c, i128::from(a))).collect();
    for row in space {
        echelon.admit(whole(row))?;
    }
    vectors.iter().map(|row| echelon.admit(whole(row))).collect()
}

/// Rows in echelon form: each has a pivot column that no later row holds, so that what is sparse stays sparse.
struct Echelon {
    /// (pivot column, row).
    rows: Vec<(usize, BTreeMap<usize, i128>)>,
    row_of_pivot: Vec<Option<usize>>,
}

impl Echelon {
    fn new(columns: usize) -> Self {
        Self {
            rows: Vec::new(),
            row_of_pivot: vec![None; columns],
        }
    }

    /// Adds what a row holds beyond the rows before it; whether that is anything.
    fn admit(&mut self, mut row: BTreeMap<usize, i128>) -> Result<bool> {
        if let Some(&column) = row.keys().next_back()
            && column >= self.row_of_pivot.len()
        {
            return Err(Error::Length {
                what: "columns of a row",
                found: column + 1,
                expected: self.row_of_pivot.len(),
            });
        }
        // the earliest pivot first: its row holds pivots of later rows only
        while let Some(p) = row.keys().filter_map(|&c| self.row_of_pivot[c]).min() {
            let (column, pivot) = &self.rows[p];
            eliminate(&mut row, *column, pivot)?;
        }
        // a unit entry keeps numbers small
        let Some(column) = row
            .iter()
            .min_by_key(|(c, a)| (a.unsigned_abs(), **c))
            .map(|(c, _)| *c)
        else {
            return Ok(false);
        };
        self.row_of_pivot[column] = Some(self.rows.len());
        self.rows.push((column, row));
        Ok(true)
    }

    fn null_space(&self) -> Result<NullSpace> {
        let columns = 0..self.row_of_pivot.len();
        let (independent, free): (Vec<usize>, Vec<usize>) =
            columns.partition(|c| self.row_of_pivot[*c].is_some());
        let mut rows_with = vec![Vec::new(); self.row_of_pivot.len()];
        for (k, (pivot, row)) in self.rows.iter().enumerate() {
            for &column in row.keys().filter(|c| *c != pivot) {
                rows_with[column].push(k);
            }
        }
        let basis = free.iter().map(|&column| self.null_vector(column, &rows_with));
        Ok(NullSpace {
            rank: self.rows.len(),
            basis: basis.collect::<Result<_>>()?,
            independent,
            free,
        })
    }

    /// The null vector with the given free column, by substitution from the last row that it meets to the first.
    fn null_vector(&self, free: usize, rows_with: &[Vec<usize>]) -> Result<SparseRow> {
        let overflow = || Error::Overflow {
            what: "a null vector",
        };
        let mut vector = BTreeMap::from([(free, 1_i128)]);
        let mut met: BTreeSet<usize> = rows_with[free].iter().copied().collect();
        while let Some(k) = met.pop_last() {
            // Σ a v = 0 over the row decides the entry at its pivot
            let (pivot, row) = &self.rows[k];
            let mut sum: i128 = 0;
            for (column, a) in row {
                if let Some(v) = vector.get(column) {
                    let product = a.checked_mul(*v).ok_or_else(overflow)?;
                    sum = sum.checked_add(product).ok_or_else(overflow)?;
                }
            }
            if sum == 0 {
                continue;
            }
            let shared = gcd(row[pivot], sum);
            let (mut scale, mut entry) = (row[pivot] / shared, -sum / shared);
            if scale < 0 {
                (scale, entry) = (-scale, -entry);
            }
            if scale > 1 {
                for v in vector.values_mut() {
                    *v = v.checked_mul(scale).ok_or_else(overflow)?;
                }
            }
            vector.insert(*pivot, entry);
            met.extend(&rows_with[*pivot]);
        }
        let divisor = vector.values().fold(0, |g, &a| gcd(g, a));
        let narrow =
            |(c, a): (usize, i128)| i64::try_from(a / divisor).map(|a| (c, a)).map_err(|_| overflow());
        vector.into_iter().map(narrow).collect()
    }
}

/// row ← (pivot entry) row − (row entry) pivot, divided by what all entries share.
fn eliminate(row: &mut BTreeMap<usize, i128>, column: usize, pivot: &BTreeMap<usize, i128>) -> Result<()> {
    let (a, b) = (row[&column], pivot[&column]);
    let shared = gcd(a, b);
    let (mut for_row, mut for_pivot) = (b / shared, a / shared);
    if for_row < 0 {
        (for_row, for_pivot) = (-for_row, -for_pivot);
    }
    let overflow = || Error::Overflow {
        what: "exact elimination",
    };
    for entry in row.values_mut() {
        *entry = entry.checked_mul(for_row).ok_or_else(overflow)?;
    }
    for (&c, &entry) in pivot {
        let product = entry.checked_mul(for_pivot).ok_or_else(overflow)?;
        let target = row.entry(c).or_insert(0);
        *target = target.checked_sub(product).ok_or_else(overflow)?;
    }
    row.retain(|_, entry| *entry != 0);
    let divisor = row.values().fold(0, |g, &a| gcd(g, a));
    if divisor > 1 {
        row.values_mut().for_each(|entry| *entry /= divisor);
    }
    Ok(())
}

/// The row times the least number that makes it whole.
fn integer_row(row: &[(usize, f64)]) -> Result<BTreeMap<usize, i128>> {
    let mut common: i128 = 1;
    let mut fractions = Vec::with_capacity(row.len());
    for &(column, value) in row {
        let (numerator, denominator) = fraction(value).ok_or(Error::NotRational { value })?;
        let denominator = i128::from(denominator);
        common = (common / gcd(common, denominator))
            .checked_mul(denominator)
            .ok_or(Error::Overflow {
                what: "a row of fractions",
            })?;
        fractions.push((column, i128::from(numerator), denominator));
    }
    let mut whole = BTreeMap::new();
    for (column, numerator, denominator) in fractions {
        let value = numerator
            .checked_mul(common / denominator)
            .ok_or(Error::Overflow {
                what: "a row of fractions",
            })?;
        *whole.entry(column).or_insert(0) += value;
    }
    whole.retain(|_, entry| *entry != 0);
    Ok(whole)
}

/// The fraction with the smallest denominator that a number stands for, by its continued fraction.
///
/// ```
/// use irrev_numerics::integer::fraction;
/// assert_eq!(fraction(1.5), Some((3, 2)));
/// assert_eq!(fraction(std::f64::consts::PI), None);
/// ```
#[must_use]
pub fn fraction(value: f64) -> Option<(i64, i64)> {
    if !value.is_finite() || value.abs() > 1e15 {
        return None;
    }
    let close = |n: i64, d: i64| (value - n as f64 / d as f64).abs() <= FRACTION_ERROR * value.abs();
    let (mut n, mut d, mut n_before, mut d_before) = (value.floor() as i64, 1_i64, 1_i64, 0_i64);
    let mut rest = value - value.floor();
    loop {
        if close(n, d) {
            return Some((n, d));
        }
        if rest < 1e-15 {
            return None;
        }
        let digit = (1.0 / rest).floor();
        rest = 1.0 / rest - digit;
        if digit > 1e15 {
            return None;
        }
        let next = |a: i64, before: i64| (digit as i64).checked_mul(a).and_then(|x| x.checked_add(before));
        let (next_n, next_d) = (next(n, n_before)?, next(d, d_before)?);
        if next_d > LARGEST_DENOMINATOR {
            return None;
        }
        (n_before, d_before, n, d) = (n, d, next_n, next_d);
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(rows: &[Vec<(usize, f64)>], v: &SparseRow) -> Vec<f64> {
        let dense: BTreeMap<usize, i64> = v.iter().copied().collect();
        let entry = |c: &usize| dense.get(c).copied().unwrap_or(0) as f64;
        rows.iter()
            .map(|row| row.iter().map(|(c, a)| a * entry(c)).sum())
            .collect()
    }

    #[test]
    fn null_vectors_are_annihilated_and_complete_the_rank() {
        // 60 pseudo-random rows of small integers on 40 columns, rank 25 by construction: 25 rows and sums of them
        let mut seed = 1_u64;
        let mut next = || {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 60) as i64 % 3 - 1
        };
        let base: Vec<Vec<i64>> = (0..25).map(|_| (0..40).map(|_| next()).collect()).collect();
        let mut rows: Vec<Vec<i64>> = base.clone();
        for k in 0..35 {
            rows.push(
                (0..40)
                    .map(|c| base[k % 25][c] - 2 * base[(k * 7 + 3) % 25][c])
                    .collect(),
            );
        }
        let sparse: Vec<Vec<(usize, f64)>> = rows
            .iter()
            .map(|r| {
                r.iter()
                    .enumerate()
                    .filter(|(_, a)| **a != 0)
                    .map(|(c, a)| (c, *a as f64))
                    .collect()
            })
            .collect();
        let space = null_space(&sparse, 40).unwrap();
        assert_eq!(space.rank + space.basis.len(), 40);
        assert!(space.rank <= 25);
        for v in &space.basis {
            assert!(product(&sparse, v).iter().all(|r| *r == 0.0));
        }
    }

    #[test]
    fn the_full_space_is_null_for_no_rows_and_nothing_for_a_regular_matrix() {
        assert_eq!(null_space(&[], 3).unwrap().basis.len(), 3);
        let regular = [vec![(0, 1.0)], vec![(0, 1.0), (1, -2.0)]];
        assert!(null_space(&regular, 2).unwrap().basis.is_empty());
    }

    #[test]
    fn a_long_chain_takes_no_time_and_columns_beyond_the_last_are_refused() {
        // balance of each species along a chain of 20 000 reactions between two reservoirs: one cycle, the whole chain
        let n = 20_000;
        let rows: Vec<_> = (1..n).map(|k| vec![(k - 1, 1.0), (k, -1.0)]).collect();
        let begin = std::time::Instant::now();
        let cycles = null_space(&rows, n).unwrap();
        assert_eq!(cycles.basis, [(0..n).map(|k| (k, 1)).collect::<Vec<_>>()]);
        // some 20 ms; work that grows with the square of the length takes minutes
        assert!(begin.elapsed().as_secs() < 10);
        assert!(null_space(&[vec![(3, 1.0)]], 3).is_err());
    }

    #[test]
    fn fractions_are_found_and_irrational_numbers_refused() {
        assert_eq!(fraction(-0.75), Some((-3, 4)));
        assert_eq!(fraction(0.0), Some((0, 1)));
        assert_eq!(fraction(59.81), Some((5981, 100)));
        assert_eq!(fraction(1.0 / 3.0), Some((1, 3)));
        assert_eq!(fraction(f64::NAN), None);
        let space = null_space(&[vec![(0, 0.5), (1, -1.5)]], 2).unwrap();
        assert_eq!(space.basis, vec![vec![(0, 3), (1, 1)]]);
        assert!(null_space(&[vec![(0, std::f64::consts::SQRT_2)]], 1).is_err());
    }
}

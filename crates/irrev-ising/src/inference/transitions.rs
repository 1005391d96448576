//! Transitions between neighbouring bins: the sample that everything is inferred from.
//!
//! A transition is named by the bin t it starts in; it pairs the spins of bin t, with a constant 1 before them (the field), and the spins of bin t + 1. A set
//! of transitions is a list of ranges of starts, so that halves, folds and blocks of a recording are sets as well.

use std::ops::Range;

use irrev_numerics::linalg::{Earlier, Matrix, product_into, product_with_transpose_into};
use rayon::prelude::*;

use super::error::DataError;
use super::raster::{ConstantUnit, Raster};
use crate::error::Result;

/// Transitions taken together: large enough for a matrix product, small enough for a cache.
const BLOCK: usize = 256;
/// Parts whose sums are formed independently and then added in order: the bits do not depend on the number of threads.
const PARTS: usize = 16;
/// Unpacked blocks are kept between passes up to this size.
const KEPT_BYTES: usize = 64 << 20;

/// Transitions t → t + 1 of a recording, for t in some ranges of bins.
#[derive(Debug, Clone)]
pub struct Transitions<'a> {
    raster: &'a Raster,
    starts: Vec<Range<usize>>,
}

/// Transitions cut into blocks, ready for passes over them.
pub(super) struct Blocks<'a> {
    raster: &'a Raster,
    transitions: usize,
    ranges: Vec<Range<usize>>,
    /// All blocks, if they are kept; otherwise each pass unpacks them anew.
    prepared: Vec<Block>,
}

/// Averages over transitions.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Correlations {
    /// Number of transitions T.
    pub transitions: usize,
    /// ⟨s_i(t)⟩ over the bins in which transitions start.
    pub means_before: Vec<f64>,
    /// ⟨s_i(t + 1)⟩ over the bins in which they end.
    pub means_after: Vec<f64>,
    /// ⟨s_i(t) s_j(t)⟩ over the starts; not centred.
    pub equal_time: Matrix,
    /// ⟨s_i(t + 1) s_j(t)⟩, the later one in the row; not centred.
    pub delayed: Matrix,
}

/// Transitions as numbers.
pub(super) struct Block {
    /// Number of units, and one.
    width: usize,
    /// x = (1, s) bin by bin, of one bin more than there are transitions.
    bins: Vec<f64>,
}

impl Block {
    fn new(raster: &Raster, starts: Range<usize>) -> Self {
        let width = raster.units() + 1;
        let mut bins = Vec::with_capacity(width * (starts.len() + 1));
        for bin in starts.start..=starts.end {
            bins.push(1.0);
            raster.push_spins(bin, &mut bins);
        }
        Self { width, bins }
    }

    /// Number of transitions.
    pub(super) fn len(&self) -> usize {
        self.bins.len() / self.width - 1
    }

    /// x of every start.
    pub(super) fn starts(&self) -> &[f64] {
        &self.bins[..self.width * self.len()]
    }

    /// x of every end.
    fn ends(&self) -> &[f64] {
        &self.bins[self.width..]
    }

    /// x at the start of transition t.
    pub(super) fn before(&self, t: usize) -> &[f64] {
        &self.bins[t * self.width..][..self.width]
    }

    /// Spins at the end of transition t.
    pub(super) fn after(&self, t: usize) -> &[f64] {
        &self.bins[(t + 1) * self.width + 1..][..self.width - 1]
    }

    /// w·x at every start.
    pub(super) fn field(&self, w: &[f64]) -> Vec<f64> {
        let terms = |x: &[f64]| x.iter().zip(w).map(|(x, w)| x * w).sum();
        self.starts().chunks_exact(self.width).map(terms).collect()
    }

    /// The products w·x of every row w of a matrix with every start: transitions in columns.
    pub(super) fn fields(&self, weights: &Matrix) -> Matrix {
        let mut fields = Matrix::zeros(weights.rows(), self.len());
        let rows = weights.rows();
        product_into(
            fields.data_mut(),
            Earlier::Replaced,
            weights.data(),
            self.starts(),
            rows,
        );
        fields
    }

    /// Adds Σ_t a(t) x(t)ᵀ to a sum, the columns a given one after the other.
    pub(super) fn add_products(&self, sum: &mut Matrix, columns: &[f64]) {
        let rows = sum.rows();
        product_with_transpose_into(sum.data_mut(), Earlier::Kept, columns, self.starts(), rows);
    }

    /// Σ_t r(t)² x(t) x(t)ᵀ.
    pub(super) fn weighted_squares(&self, roots: &[f64]) -> Matrix {
        let mut scaled = self.starts().to_vec();
        for (x, root) in scaled.chunks_exact_mut(self.width).zip(roots) {
            x.iter_mut().for_each(|x| *x *= root);
        }
        Matrix::from_columns(self.width, scaled).gram_of_rows()
    }
}

impl Raster {
    /// All transitions between neighbouring bins.
    ///
    /// # Errors
    /// [`DataError::TooShort`] if there is none.
    pub fn transitions(&self) -> Result<Transitions<'_>> {
        let found = self.bins().saturating_sub(1);
        if found == 0 {
            return Err(DataError::TooShort {
                what: "a recording",
                found,
                needed: 1,
            }
            .into());
        }
        Ok(Transitions {
            raster: self,
            starts: std::iter::once(0..found).collect(),
        })
    }
}

impl<'a> Transitions<'a> {
    /// Ranges of starts within a raster; empty ones are dropped.
    pub(super) fn of(raster: &'a Raster, starts: impl IntoIterator<Item = Range<usize>>) -> Self {
        let starts = starts.into_iter().filter(|range| !range.is_empty()).collect();
        Self { raster, starts }
    }

    /// The recording.
    #[must_use]
    pub fn raster(&self) -> &'a Raster {
        self.raster
    }

    /// Number of units N.
    #[must_use]
    pub fn units(&self) -> usize {
        self.raster.units()
    }

    /// Number of transitions T.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.iter().map(ExactSizeIterator::len).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Those whose start is in a range of bins.
    #[must_use]
    pub fn within(&self, bins: Range<usize>) -> Self {
        let cut = |r: &Range<usize>| r.start.max(bins.start)..r.end.min(bins.end);
        Self::of(self.raster, self.starts.iter().map(cut))
    }

    /// Those that share no bin with the transitions that start in a range of bins.
    #[must_use]
    pub fn apart_from(&self, bins: Range<usize>) -> Self {
        let parts = self.starts.iter().flat_map(|r| {
            let before = r.start..r.end.min(bins.start.saturating_sub(1));
            let after = r.start.max(bins.end + 1)..r.end;
            [before, after]
        });
        Self::of(self.raster, parts)
    }

    /// Two halves that share no bin: of a recording with n bins, transitions within bins 0 to ⌊n/2⌋ − 1 and within the bins from ⌊n/2⌋ on.
    #[must_use]
    pub fn halves(&self) -> [Self; 2] {
        let bins: usize = self.starts.iter().map(|r| r.len() + 1).sum();
        let mut left = bins / 2;
        let mut cut = 0;
        for range in &self.starts {
            cut = range.start + left;
            if left <= range.len() + 1 {
                break;
            }
            left -= range.len() + 1;
        }
        let end = self.raster.bins();
        [self.within(0..cut.saturating_sub(1)), self.within(cut..end)]
    }

    /// Units that are in the same state at the start of all transitions, or at the end of all: what follows from such a set has no finite field for them.
    ///
    /// ```
    /// use irrev_ising::inference::{Coding, Raster};
    /// // the second unit falls silent half way
    /// let raster = Raster::from_array(&[0_u8, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0], 8, 2, Coding::ZeroOne)?;
    /// let [first, second] = raster.transitions()?.halves();
    /// assert!(first.constant_units().is_empty());
    /// assert_eq!((second.constant_units()[0].unit, second.constant_units()[0].active), (1, false));
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    #[must_use]
    pub fn constant_units(&self) -> Vec<ConstantUnit> {
        if self.is_empty() {
            return Vec::new();
        }
        let active = |later: usize| {
            let mut counts = vec![0; self.units()];
            for range in &self.starts {
                let here = self.raster.active_bins_in(range.start + later..range.end + later);
                counts
                    .iter_mut()
                    .zip(here)
                    .for_each(|(count, here)| *count += here);
            }
            counts
        };
        let counts = active(0).into_iter().zip(active(1)).enumerate();
        counts
            .filter_map(|(unit, (before, after))| {
                let constant = [after, before]
                    .into_iter()
                    .find(|count| *count == 0 || *count == self.len());
                constant.map(|count| ConstantUnit {
                    unit,
                    active: count > 0,
                })
            })
            .collect()
    }

    /// Consecutive parts with the same number of transitions, as nearly as can be.
    #[must_use]
    pub fn split(&self, parts: usize) -> Vec<Self> {
        let total = self.len();
        let nth = |place: usize| place * total / parts.max(1);
        let mut out = Vec::with_capacity(parts);
        for part in 0..parts {
            let (from, to) = (nth(part), nth(part + 1));
            let mut before = 0;
            let mut pieces = Vec::new();
            for range in &self.starts {
                let place = |k: usize| range.start + k.saturating_sub(before).min(range.len());
                pieces.push(place(from)..place(to));
                before += range.len();
            }
            out.push(Self::of(self.raster, pieces));
        }
        out
    }

    /// First and last start, the last one excluded.
    pub(super) fn extent(&self) -> Range<usize> {
        let first = self.starts.first().map_or(0, |r| r.start);
        first..self.starts.last().map_or(0, |r| r.end)
    }

    /// `Err` if there are fewer than needed.
    pub(super) fn require(&self, what: &'static str, needed: usize) -> Result<()> {
        let found = self.len();
        if found < needed {
            return Err(DataError::TooShort { what, found, needed }.into());
        }
        Ok(())
    }

    /// Means over all bins touched, ends included.
    pub(super) fn means(&self) -> Vec<f64> {
        let mut active = vec![0_usize; self.units()];
        let mut bins = 0;
        for range in &self.starts {
            bins += range.len() + 1;
            for bin in range.start..=range.end {
                for (unit, count) in active.iter_mut().enumerate() {
                    *count += usize::from(self.raster.active(bin, unit));
                }
            }
        }
        let mean = |count: &usize| 2.0 * *count as f64 / bins as f64 - 1.0;
        active.iter().map(mean).collect()
    }

    /// The transitions cut into blocks, for several passes.
    pub(super) fn blocks(&self) -> Blocks<'a> {
        let cut = |r: &Range<usize>| {
            let end = r.end;
            r.clone()
                .step_by(BLOCK)
                .map(move |start| start..(start + BLOCK).min(end))
        };
        let ranges: Vec<Range<usize>> = self.starts.iter().flat_map(cut).collect();
        let bytes = 8 * self.len() * (self.units() + 1);
        let prepared = if bytes <= KEPT_BYTES {
            ranges
                .par_iter()
                .map(|r| Block::new(self.raster, r.clone()))
                .collect()
        } else {
            Vec::new()
        };
        Blocks {
            raster: self.raster,
            transitions: self.len(),
            ranges,
            prepared,
        }
    }

    /// One pass: see [`Blocks::sum`].
    pub(super) fn sum<S: Send>(
        &self,
        zero: impl Fn() -> S + Sync,
        add: impl Fn(&mut S, &Block) + Sync,
        join: impl Fn(&mut S, S),
    ) -> S {
        self.blocks().sum(zero, add, join)
    }

    /// Means and correlations. O(T N²).
    #[must_use]
    pub fn correlations(&self) -> Correlations {
        self.blocks().correlations()
    }
}

impl Blocks<'_> {
    /// See [`Transitions::correlations`].
    pub(super) fn correlations(&self) -> Correlations {
        let n = self.raster.units();
        let zero = || (Matrix::zeros(n + 1, n + 1), Matrix::zeros(n + 1, n + 1));
        let add = |sum: &mut (Matrix, Matrix), block: &Block| {
            block.add_products(&mut sum.0, block.starts());
            block.add_products(&mut sum.1, block.ends());
        };
        let join = |total: &mut (Matrix, Matrix), part: (Matrix, Matrix)| {
            accumulate(&mut total.0, &part.0);
            accumulate(&mut total.1, &part.1);
        };
        // sums of ±1: exact
        let (equal, delayed) = self.sum(zero, add, join);
        let transitions = self.transitions;
        let mean = |x: f64| x / transitions as f64;
        Correlations {
            transitions,
            means_before: (0..n).map(|i| mean(equal[(0, i + 1)])).collect(),
            means_after: (0..n).map(|i| mean(delayed[(i + 1, 0)])).collect(),
            equal_time: Matrix::from_fn(n, n, |i, j| mean(equal[(i + 1, j + 1)])),
            delayed: Matrix::from_fn(n, n, |i, j| mean(delayed[(i + 1, j + 1)])),
        }
    }

    /// Number of transitions.
    pub(super) fn transitions(&self) -> usize {
        self.transitions
    }

    /// Sums over blocks: `add` takes a block into a sum, `join` one sum into another. Parallel, with the same bits on any number of threads.
    pub(super) fn sum<S: Send>(
        &self,
        zero: impl Fn() -> S + Sync,
        add: impl Fn(&mut S, &Block) + Sync,
        join: impl Fn(&mut S, S),
    ) -> S {
        let count = self.ranges.len();
        let each = count.div_ceil(PARTS).max(1);
        let part = |first: usize| {
            let mut sum = zero();
            for k in first..(first + each).min(count) {
                match self.prepared.get(k) {
                    Some(block) => add(&mut sum, block),
                    None => add(&mut sum, &Block::new(self.raster, self.ranges[k].clone())),
                }
            }
            sum
        };
        let firsts: Vec<usize> = (0..count).step_by(each).collect();
        let parts: Vec<S> = firsts.into_par_iter().map(part).collect();
        let mut parts = parts.into_iter();
        let mut total = parts.next().unwrap_or_else(&zero);
        parts.for_each(|sum| join(&mut total, sum));
        total
    }
}

impl Correlations {
    /// ⟨x xᵀ⟩ with x = (1, s(t)).
    pub(super) fn design(&self) -> Matrix {
        let n = self.means_before.len();
        Matrix::from_fn(n + 1, n + 1, |i, j| match (i, j) {
            (0, 0) => 1.0,
            (0, k) | (k, 0) => self.means_before[k - 1],
            _ => self.equal_time[(i - 1, j - 1)],
        })
    }

    /// `Err` for a unit that is the same at the end of all transitions, or at the start of all.
    pub(super) fn require_changes(&self) -> Result<()> {
        let means = self.means_before.iter().zip(&self.means_after);
        for (unit, (before, after)) in means.enumerate() {
            if let Some(mean) = [after, before].into_iter().find(|mean| mean.abs() == 1.0) {
                return Err(DataError::Constant {
                    unit,
                    active: *mean > 0.0,
                }
                .into());
            }
        }
        Ok(())
    }

    /// `Err` if one state of a unit is always followed by one state of another: a coupling that would become infinite.
    pub(super) fn require_no_separated_pair(&self) -> Result<()> {
        let n = self.means_before.len();
        for unit in 0..n {
            for by in 0..n {
                for (then, when) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
                    let never = 1.0
                        + then * self.means_after[unit]
                        + when * self.means_before[by]
                        + then * when * self.delayed[(unit, by)];
                    // 4/T for each transition of this kind
                    if never * (self.transitions as f64) < 2.0 {
                        return Err(DataError::SeparatedPair {
                            unit,
                            by,
                            when_active: when > 0.0,
                            then_active: then < 0.0,
                        }
                        .into());
                    }
                }
            }
        }
        Ok(())
    }
}

/// total += part, entry by entry.
pub(super) fn accumulate(total: &mut Matrix, part: &Matrix) {
    for (sum, x) in total.data_mut().iter_mut().zip(part.data()) {
        *sum += x;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::inference::Coding;

    fn raster(bins: usize) -> Raster {
        let values: Vec<i8> = (0..3 * bins)
            .map(|k| if (k * k + k / 7) % 5 < 2 { 1 } else { -1 })
            .collect();
        Raster::from_array(&values, bins, 3, Coding::PlusMinus).unwrap()
    }

    #[test]
    fn correlations_are_averages_over_transitions() {
        let raster = raster(1000);
        let found = raster.transitions().unwrap().correlations();
        let spins: Vec<Vec<i8>> = (0..1000).map(|bin| raster.spins(bin)).collect();
        for i in 0..3 {
            for j in 0..3 {
                let sum: i32 = (0..999).map(|t| i32::from(spins[t + 1][i] * spins[t][j])).sum();
                assert_eq!(found.delayed[(i, j)], f64::from(sum) / 999.0);
            }
            let sum: i32 = (1..1000).map(|t| i32::from(spins[t][i])).sum();
            assert_eq!(found.means_after[i], f64::from(sum) / 999.0);
        }
    }

    #[test]
    fn halves_folds_and_parts_cover_what_they_should() {
        let raster = raster(11);
        let all = raster.transitions().unwrap();
        assert_eq!(all.len(), 10);
        assert!(all.within(20..30).constant_units().is_empty());
        let [first, second] = all.halves();
        assert_eq!((first.starts[0].clone(), second.starts[0].clone()), (0..4, 5..10));
        let apart = all.apart_from(3..5);
        assert_eq!(apart.starts, [0..2, 6..10]);
        let parts = apart.split(4);
        assert_eq!(parts.iter().map(Transitions::len).sum::<usize>(), 6);
        assert_eq!(parts[1].starts, [1..2, 6..7]);
        assert!(all.within(20..30).is_empty());
        assert!(
            Raster::from_array(&[1_i8], 1, 1, Coding::PlusMinus)
                .unwrap()
                .transitions()
                .is_err()
        );
    }
}

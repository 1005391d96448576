//! Sums over consecutive blocks of data, from which errors of correlated averages follow.
//!
//! Data arrive as leaves, sums over some thousand frames of one segment. Consecutive leaves make a block; when there are too many blocks, neighbours are
//! joined and blocks become twice as long. Memory stays constant, and blocks end up as long as the data allow, which is what correlated data need.
//! The order of additions follows from the order of leaves alone.
//!
//! The variance of a ratio R = ΣS/ΣN over n blocks is n/(n − 1) Σ_B (S_B − R N_B)²/(ΣN)²; for blocks much longer than the correlation time it
//! tends to the true one. Sources: H. Flyvbjerg and H. G. Petersen, J. Chem. Phys. 91, 461 (1989); H. R. Künsch, Ann. Stat. 17, 1217 (1989).

use irrev_numerics::streams::{Purpose, Stream};

use crate::error::{Error, Result};

/// Most blocks that are kept.
const MOST: usize = 512;

/// Errors come from at least this many blocks if there are as many, and from fewer than twice as many: the error of an error is 1/√128 = 9 %.
const RESAMPLED: usize = 64;

/// Sums over consecutive blocks, each a row of the same width.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Blocks {
    width: usize,
    rows: Vec<Vec<f64>>,
    /// Leaves of a full block.
    length: u64,
    /// Leaves of the last block.
    filled: u64,
}

impl Blocks {
    pub(crate) fn new(width: usize) -> Self {
        Self {
            width,
            rows: Vec::new(),
            length: 1,
            filled: 1,
        }
    }

    /// Bytes that the rows take at most.
    pub(crate) fn memory(width: usize) -> u64 {
        (MOST * width * size_of::<f64>()) as u64
    }

    pub(crate) fn add(&mut self, leaf: Vec<f64>) {
        debug_assert_eq!(leaf.len(), self.width);
        match self.rows.last_mut() {
            Some(last) if self.filled < self.length => {
                add_to(last, &leaf);
                self.filled += 1;
            }
            _ => {
                if self.rows.len() == MOST {
                    self.join_neighbours();
                }
                self.rows.push(leaf);
                self.filled = 1;
            }
        }
    }

    /// Only full blocks are joined here, or a last one that stays the last.
    fn join_neighbours(&mut self) {
        let odd = self.rows.len() % 2 == 1;
        self.rows = joined(std::mem::take(&mut self.rows), 1);
        self.filled = if odd {
            self.filled
        } else {
            self.length + self.filled
        };
        self.length *= 2;
    }

    /// Appends the blocks of other data.
    pub(crate) fn merge(&mut self, mut other: Self) -> Result<()> {
        if self.width != other.width {
            return Err(Error::Unlike { what: "cells" });
        }
        while self.length < other.length {
            self.join_neighbours();
        }
        while other.length < self.length {
            other.join_neighbours();
        }
        if !other.rows.is_empty() {
            self.rows.extend(other.rows);
            self.filled = other.filled;
        }
        while self.rows.len() > MOST {
            self.join_neighbours();
        }
        Ok(())
    }

    pub(crate) fn total(&self) -> Vec<f64> {
        let mut total = vec![0.0; self.width];
        for row in &self.rows {
            add_to(&mut total, row);
        }
        total
    }

    /// The blocks that errors are taken from: joined until fewer than 2 × 64 are left.
    pub(crate) fn resampled(&self) -> Vec<Vec<f64>> {
        joined(self.rows.clone(), halvings(self.rows.len(), RESAMPLED))
    }

    /// Blocks half as long as those of [`Self::resampled`], if there are any.
    pub(crate) fn finer(&self) -> Option<Vec<Vec<f64>>> {
        let level = halvings(self.rows.len(), RESAMPLED).checked_sub(1)?;
        Some(joined(self.rows.clone(), level))
    }
}

/// How often a number of blocks can be halved with at least `least` left.
fn halvings(blocks: usize, least: usize) -> u32 {
    (blocks / least).max(1).ilog2()
}

/// Rows summed over 2^level neighbours.
fn joined(rows: Vec<Vec<f64>>, level: u32) -> Vec<Vec<f64>> {
    let mut rows = rows;
    for _ in 0..level {
        let mut halved = Vec::with_capacity(rows.len().div_ceil(2));
        let mut each = rows.into_iter();
        while let Some(mut first) = each.next() {
            if let Some(second) = each.next() {
                add_to(&mut first, &second);
            }
            halved.push(first);
        }
        rows = halved;
    }
    rows
}

fn add_to(sum: &mut [f64], terms: &[f64]) {
    for (sum, term) in sum.iter_mut().zip(terms) {
        *sum += term;
    }
}

/// Variance of ΣS/ΣN over blocks, given the pairs (S_B, N_B); NaN for fewer than two blocks with N_B ≠ 0.
pub(crate) fn variance_of_ratio(blocks: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    let (mut count, mut seen) = (0.0, 0_u32);
    for (s, n) in blocks.clone() {
        sum += s;
        weight += n;
        count += 1.0;
        seen += u32::from(n != 0.0);
    }
    if seen < 2 {
        return f64::NAN;
    }
    let ratio = sum / weight;
    let squares: f64 = blocks.map(|(s, n)| (s - ratio * n) * (s - ratio * n)).sum();
    count / (count - 1.0) * squares / (weight * weight)
}

/// Totals of blocks drawn anew with replacement, as many as there are; a function of seed and draw.
pub(crate) fn resampled_total(blocks: &[Vec<f64>], seed: u64, draw: u64) -> Vec<f64> {
    let mut stream = Stream::new(seed, Purpose::Bootstrap, draw);
    let mut times = vec![0.0; blocks.len()];
    for _ in blocks {
        times[stream.below(blocks.len() as u64) as usize] += 1.0;
    }
    let mut total = vec![0.0; blocks.first().map_or(0, Vec::len)];
    for (row, times) in blocks.iter().zip(times).filter(|(_, times)| *times > 0.0) {
        for (total, term) in total.iter_mut().zip(row) {
            *total += times * term;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_grow_and_lose_nothing() {
        let mut blocks = Blocks::new(2);
        let n = 5000;
        for k in 0..n {
            blocks.add(vec![1.0, f64::from(k)]);
        }
        assert_eq!(blocks.total(), [5000.0, f64::from(n * (n - 1) / 2)]);
        // 5000 leaves need blocks of 16: 312 full ones and one of 8
        assert_eq!((blocks.rows.len(), blocks.length, blocks.filled), (313, 16, 8));
        assert!(blocks.rows[..312].iter().all(|row| row[0] == 16.0));
        let coarse = blocks.resampled();
        assert_eq!(coarse.len(), 79);
        assert_eq!(blocks.finer().unwrap().len(), 157);
        assert_eq!(
            coarse.iter().map(|row| row[1]).sum::<f64>(),
            f64::from(n * (n - 1) / 2)
        );
    }

    #[test]
    fn merging_keeps_all_and_the_order() {
        let filled = |leaves: u32| {
            let mut blocks = Blocks::new(1);
            (0..leaves).for_each(|_| blocks.add(vec![1.0]));
            blocks
        };
        for (a, b) in [(0, 3), (3, 0), (700, 5), (5, 700), (512, 512), (1, 1)] {
            let mut merged = filled(a);
            merged.merge(filled(b)).unwrap();
            assert_eq!(merged.total(), [f64::from(a + b)]);
            assert!(merged.rows.len() <= MOST);
            merged.add(vec![1.0]);
            assert_eq!(merged.total(), [f64::from(a + b + 1)]);
        }
        assert!(filled(1).merge(Blocks::new(2)).is_err());
    }

    #[test]
    fn a_ratio_has_the_variance_of_its_blocks() {
        // means of pairs 1, 3 and 2 with equal weights: variance of the mean is 1/3
        let pairs = [(2.0, 2.0), (6.0, 2.0), (4.0, 2.0)];
        assert!((variance_of_ratio(pairs.iter().copied()) - 1.0 / 3.0).abs() < 1e-15);
        assert!(variance_of_ratio([(1.0, 1.0), (0.0, 0.0)].into_iter()).is_nan());
    }
}

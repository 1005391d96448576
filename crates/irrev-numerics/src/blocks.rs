//! Sums over consecutive blocks of data, in constant memory: what errors of correlated averages follow from.
//!
//! Sources: H. Flyvbjerg and H. G. Petersen, J. Chem. Phys. 91, 461 (1989); H. R. Künsch, Ann. Stat. 17, 1217 (1989).

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Most blocks that are kept.
const MOST: usize = 512;

/// Sums over consecutive blocks, each a row of the same width.
///
/// Rows arrive in the order of the data, each the sums over one leaf, some hundred steps of one segment. When there are 512 blocks, neighbours are joined and blocks
/// become twice as long: memory stays constant, and blocks end up as long as the data allow. The order of additions follows from the order of leaves alone.
///
/// ```
/// use irrev_numerics::blocks::Blocks;
/// let mut blocks = Blocks::new(2);
/// for k in 0..5000 {
///     blocks.add(vec![1.0, f64::from(k)])?;
/// }
/// assert_eq!(blocks.total(), [5000.0, 12_497_500.0]);
/// assert_eq!(blocks.rows().len(), 313);                          // of 16 leaves each
/// assert_eq!(blocks.joined(100).len(), 79);                      // of 64: at most 100 blocks
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blocks {
    width: usize,
    rows: Vec<Vec<f64>>,
    /// Leaves of a full block.
    length: u64,
    /// Leaves of the last block.
    filled: u64,
}

impl Blocks {
    /// No blocks yet; rows will have `width` entries.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self {
            width,
            rows: Vec::new(),
            length: 1,
            filled: 1,
        }
    }

    /// Bytes that rows of a width take at most.
    #[must_use]
    pub fn memory(width: usize) -> u64 {
        (MOST * width * size_of::<f64>()) as u64
    }

    /// Entries of a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Leaves of a full block.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The blocks in the order of the data; at most 512.
    #[must_use]
    pub fn rows(&self) -> &[Vec<f64>] {
        &self.rows
    }

    /// Adds the sums of the next leaf.
    ///
    /// # Errors
    /// [`Error::Length`] if the leaf has another width.
    pub fn add(&mut self, leaf: Vec<f64>) -> Result<()> {
        self.require_width(leaf.len())?;
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
        Ok(())
    }

    /// Appends the blocks of other data.
    ///
    /// # Errors
    /// [`Error::Length`] if they have another width.
    pub fn merge(&mut self, mut other: Self) -> Result<()> {
        self.require_width(other.width)?;
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

    /// Sums over all blocks.
    #[must_use]
    pub fn total(&self) -> Vec<f64> {
        let mut total = vec![0.0; self.width];
        for row in &self.rows {
            add_to(&mut total, row);
        }
        total
    }

    /// Blocks joined with their neighbours, by twos, until there are at most `most` (at least 1).
    #[must_use]
    pub fn joined(&self, most: usize) -> Vec<Vec<f64>> {
        let mut rows = self.rows.clone();
        while rows.len() > most.max(1) {
            rows = halved(rows);
        }
        rows
    }

    /// Blocks joined with their neighbours, by twos, so many times.
    #[must_use]
    pub fn halved(&self, times: u32) -> Vec<Vec<f64>> {
        (0..times).fold(self.rows.clone(), |rows, _| halved(rows))
    }

    fn require_width(&self, found: usize) -> Result<()> {
        if found == self.width {
            return Ok(());
        }
        Err(Error::Length {
            what: "a row of sums",
            found,
            expected: self.width,
        })
    }

    /// Only full blocks are joined here, or a last one that stays the last.
    fn join_neighbours(&mut self) {
        let odd = self.rows.len() % 2 == 1;
        self.rows = halved(std::mem::take(&mut self.rows));
        self.filled = if odd {
            self.filled
        } else {
            self.length + self.filled
        };
        self.length *= 2;
    }
}

fn halved(rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut halved = Vec::with_capacity(rows.len().div_ceil(2));
    let mut each = rows.into_iter();
    while let Some(mut first) = each.next() {
        if let Some(second) = each.next() {
            add_to(&mut first, &second);
        }
        halved.push(first);
    }
    halved
}

/// Adds term by term.
fn add_to(sum: &mut [f64], terms: &[f64]) {
    for (sum, term) in sum.iter_mut().zip(terms) {
        *sum += term;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_keeps_all_and_the_order() {
        let filled = |leaves: u32| {
            let mut blocks = Blocks::new(1);
            (0..leaves).for_each(|_| blocks.add(vec![1.0]).unwrap());
            blocks
        };
        for (a, b) in [(0, 3), (3, 0), (700, 5), (5, 700), (512, 512), (1, 1)] {
            let mut merged = filled(a);
            merged.merge(filled(b)).unwrap();
            assert_eq!(merged.total(), [f64::from(a + b)]);
            assert!(merged.rows.len() <= MOST);
            merged.add(vec![1.0]).unwrap();
            assert_eq!(merged.total(), [f64::from(a + b + 1)]);
        }
        assert!(filled(1).merge(Blocks::new(2)).is_err());
        assert!(filled(1).add(vec![]).is_err());
    }
}

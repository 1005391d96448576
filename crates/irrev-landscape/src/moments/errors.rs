//! Errors of averages in cells, from blocks of frames.

use crate::blocks::{Blocks, finer, resampled, variance_of_ratio};

use super::kernel::{COUNT, WEIGHT, WIDTH};

/// Blocks of frames, and the variances of averages that follow from them.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockErrors {
    blocks: Vec<Vec<f64>>,
    /// Weight of all frames of each block.
    weights: Vec<f64>,
    growth: f64,
}

impl BlockErrors {
    pub(super) fn new(blocks: &Blocks, cells: usize) -> Self {
        let coarse = resampled(blocks);
        let growth = match finer(blocks) {
            Some(finer) => variance_of_occupation(&coarse, cells) / variance_of_occupation(&finer, cells),
            None => f64::NAN,
        };
        let weights = coarse.iter().map(|block| weight_of(block)).collect();
        Self {
            blocks: coarse,
            weights,
            growth,
        }
    }

    /// Number of blocks: 64 to 127, or fewer for very short records.
    #[must_use]
    pub fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Average number of frames in a block.
    #[must_use]
    pub fn frames_per_block(&self) -> f64 {
        let frames: f64 = self
            .blocks
            .iter()
            .flat_map(|block| block.iter().step_by(WIDTH))
            .sum();
        frames / self.blocks.len() as f64
    }

    /// By how much the variances of the occupation of cells, summed over cells, exceed those from blocks half as long: 1 if blocks are much longer than the
    /// correlation time, 2 if much shorter; NaN for too few blocks to tell.
    #[must_use]
    pub fn growth(&self) -> f64 {
        self.growth
    }

    /// Whether blocks are long enough: the growth differs from 1 by less than it may by chance, 2 √(2/blocks). If not, errors are too small.
    #[must_use]
    pub fn resolved(&self) -> bool {
        self.growth < 1.0 + 2.0 * (2.0 / self.blocks.len() as f64).sqrt()
    }

    /// Variance of a cell's average of a column.
    pub(super) fn of_ratio(&self, cell: usize, column: usize) -> f64 {
        variance_of_ratio(ratio_of_columns(&self.blocks, cell, column))
    }

    /// Variance of a cell's part of the weight.
    pub(super) fn of_part(&self, cell: usize) -> f64 {
        let parts = self.blocks.iter().zip(&self.weights);
        variance_of_ratio(parts.map(|(block, weight)| (block[(cell + 1) * WIDTH + WEIGHT], *weight)))
    }

    /// p (1 − p)/Var p̂ for the part p of frames in a cell, at most their number.
    pub(super) fn effective_count(&self, cell: usize) -> f64 {
        let slot = (cell + 1) * WIDTH;
        let count: f64 = self.blocks.iter().map(|block| block[slot + COUNT]).sum();
        let weight: f64 = self.blocks.iter().map(|block| block[slot + WEIGHT]).sum();
        if count == 0.0 {
            return 0.0;
        }
        let part = weight / self.weights.iter().sum::<f64>();
        let variance = self.of_part(cell);
        if variance.is_nan() {
            return f64::NAN;
        }
        // in units of visits to this cell: n independent frames leave Var p̂ = p (1 − p)/n, and n p of them are here
        (part * part * (1.0 - part) / variance).min(count)
    }
}

/// The pairs (sum of a column, weight) of a cell in each block.
fn ratio_of_columns(
    blocks: &[Vec<f64>],
    cell: usize,
    column: usize,
) -> impl Iterator<Item = (f64, f64)> + Clone {
    let slot = (cell + 1) * WIDTH;
    blocks
        .iter()
        .map(move |block| (block[slot + column], block[slot + WEIGHT]))
}

fn weight_of(block: &[f64]) -> f64 {
    block.iter().skip(WEIGHT).step_by(WIDTH).sum()
}

fn variance_of_occupation(blocks: &[Vec<f64>], cells: usize) -> f64 {
    let weights: Vec<f64> = blocks.iter().map(|block| weight_of(block)).collect();
    (0..cells)
        .map(|cell| {
            let occupation = blocks.iter().map(|block| block[(cell + 1) * WIDTH + WEIGHT]);
            variance_of_ratio(occupation.zip(weights.iter().copied()))
        })
        .sum()
}

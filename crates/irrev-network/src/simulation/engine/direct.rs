//! Direct method with a dependency graph and a tree of sums.
//!
//! Propensities stand in blocks of eight; a block's sum is an entry of a block of the next level, up to one total. A jump evaluates its dependents
//! and sums the blocks above them afresh, so the total is always the rounded sum of what is there: no running total, no drift, and an absorbing
//! state has total 0. The search walks down from the total, eight entries a level.

use std::marker::PhantomData;

use irrev_numerics::streams::{BatchedStream, RandomBits};

use super::{Engine, after_wait};
use crate::counts::{Channels, Lists, Rates};

const BLOCK: usize = 8;

/// Channels by level of the tree, and what a jump has to renew.
pub(crate) struct Direct<R> {
    /// All levels, each padded to whole blocks: propensities first, the total last.
    sums: Vec<f64>,
    /// Start of each level but the last.
    levels: Vec<u32>,
    /// For each channel, the sums to renew from the leaves up: (where the sum stands, where its block starts).
    renewed: Lists<(u32, u32)>,
    rates: PhantomData<R>,
}

impl<R: Rates> Direct<R> {
    pub(super) fn new(channels: &Channels) -> Self {
        let mut levels: Vec<u32> = Vec::new();
        let (mut start, mut entries) = (0, channels.len().max(1));
        loop {
            levels.push(start as u32);
            let blocks = entries.div_ceil(BLOCK);
            start += blocks * BLOCK;
            if blocks == 1 {
                break;
            }
            entries = blocks;
        }
        let total = start;
        let renewed = (0..channels.len()).map(|r| {
            let dependents = channels.dependents.of(r);
            let mut blocks: Vec<u32> = dependents.iter().map(|d| d / BLOCK as u32).collect();
            let mut sums = Vec::new();
            for (k, level) in levels.iter().enumerate() {
                blocks.dedup();
                let above = levels.get(k + 1).copied().unwrap_or(total as u32);
                sums.extend(blocks.iter().map(|b| (above + b, level + b * BLOCK as u32)));
                for b in &mut blocks {
                    *b /= BLOCK as u32;
                }
            }
            sums
        });
        Self {
            renewed: Lists::new(renewed.collect::<Vec<_>>()),
            sums: vec![0.0; total + 1],
            levels,
            rates: PhantomData,
        }
    }

    #[inline(always)]
    fn renew(sums: &mut [f64], place: u32, block: u32) {
        let block = block as usize;
        if let Some(b) = sums[block..].first_chunk::<BLOCK>() {
            let sum = ((b[0] + b[1]) + (b[2] + b[3])) + ((b[4] + b[5]) + (b[6] + b[7]));
            sums[place as usize] = sum;
        }
    }

    #[inline(always)]
    fn total(&self) -> f64 {
        self.sums[self.sums.len() - 1]
    }
}

/// Entry of a block that holds the target, and what is left of the target: cumulative sums as in the block's own sum, so they are monotone.
#[inline(always)]
fn find(b: &[f64; BLOCK], target: f64) -> (usize, f64) {
    let (pair, other) = (b[0] + b[1], b[4] + b[5]);
    let four = pair + (b[2] + b[3]);
    let before = [
        0.0,
        b[0],
        pair,
        pair + b[2],
        four,
        four + b[4],
        four + other,
        four + (other + b[6]),
    ];
    let mut k = 0;
    for &sum in &before[1..] {
        k += usize::from(sum <= target);
    }
    (k, target - before[k])
}

impl<R: Rates> Engine for Direct<R> {
    fn rebuild(&mut self, channels: &Channels, counts: &[f64], _: f64, _: &mut BatchedStream) {
        for r in 0..channels.len() {
            self.sums[r] = R::rate(channels, r, counts);
        }
        let total = self.sums.len() - 1;
        for (k, &level) in self.levels.iter().enumerate() {
            let above = self.levels.get(k + 1).map_or(total, |&l| l as usize);
            for b in 0..(above - level as usize) / BLOCK {
                Self::renew(&mut self.sums, (above + b) as u32, level + (b * BLOCK) as u32);
            }
        }
    }

    #[inline(always)]
    fn next_time(&mut self, _: &Channels, _: &[f64], now: f64, bits: &mut BatchedStream) -> f64 {
        after_wait(now, self.total(), bits)
    }

    #[inline(always)]
    fn select(&mut self, channels: &Channels, _: &[f64], bits: &mut BatchedStream) -> usize {
        let mut target = bits.fraction() * self.total();
        let mut entry = 0;
        for &level in self.levels.iter().rev() {
            let start = level as usize + entry * BLOCK;
            if let Some(block) = self.sums[start..].first_chunk::<BLOCK>() {
                let (k, left) = find(block, target);
                // rounding may carry the target past the last positive entry of a block
                let k = if block[k] > 0.0 { k } else { last_positive(block) };
                target = left;
                entry = entry * BLOCK + k;
            }
        }
        entry.min(channels.len() - 1)
    }

    #[inline(always)]
    fn refresh(
        &mut self,
        channels: &Channels,
        channel: usize,
        counts: &[f64],
        _: f64,
        _: &mut BatchedStream,
    ) {
        for &r in channels.dependents.of(channel) {
            self.sums[r as usize] = R::rate(channels, r as usize, counts);
        }
        for &(place, block) in self.renewed.of(channel) {
            Self::renew(&mut self.sums, place, block);
        }
    }

    #[inline(always)]
    fn rate(&self, _: &Channels, channel: usize, _: &[f64], _: f64) -> f64 {
        self.sums[channel]
    }
}

#[cold]
fn last_positive(block: &[f64; BLOCK]) -> usize {
    block.iter().rposition(|&a| a > 0.0).unwrap_or(0)
}

//! Direct method for up to eight channels: all propensities at every jump, without a branch.
//!
//! Cumulative sums are formed by halves, c₇ = ((a₀+a₁)+(a₂+a₃)) + ((a₄+a₅)+(a₆+a₇)): three additions deep, and monotone, because rounded addition
//! is. The channel is the number of cumulative sums not above u·c₇; a channel with propensity zero adds nothing and is never found. Nothing
//! is updated, so nothing drifts.

use irrev_numerics::streams::{BatchedStream, RandomBits};

use super::{Engine, after_wait};
use crate::counts::{Channels, SMALL};

/// Channels of a block.
pub(super) const CHANNELS: usize = 8;
/// Species that a small counts array holds beside the slot of 1 and three slots of scratch.
pub(super) const SPECIES: usize = SMALL - 1 - (CHANGES - 1);
/// Changed species per channel; fewer are padded with changes of 0 of scratch slots.
pub(super) const CHANGES: usize = 4;

type Counts = [f64; SMALL];

/// `ORDER`: largest number of molecules of a channel.
pub(crate) struct Dense<const ORDER: usize> {
    constant: [f64; CHANNELS],
    slot: [[u8; CHANNELS]; 3],
    offset: [[f64; CHANNELS]; 2],
    change: [[(u8, f64); CHANGES]; CHANNELS],
    rates: [f64; CHANNELS],
    cumulative: [f64; CHANNELS],
}

impl<const ORDER: usize> Dense<ORDER> {
    /// Whether the system is small enough.
    pub(super) fn suits(channels: &Channels) -> bool {
        channels.len() <= CHANNELS
            && channels.species <= SPECIES
            && channels.order == Some(ORDER)
            && (0..channels.len()).all(|r| channels.changes.of(r).len() <= CHANGES)
    }

    pub(super) fn new(channels: &Channels) -> Self {
        let scratch = |k: usize| ((SMALL - 1 - k % (CHANGES - 1)) as u8, 0.0);
        let mut dense = Self {
            constant: [0.0; CHANNELS],
            slot: [[channels.species as u8; CHANNELS]; 3],
            offset: [[0.0; CHANNELS]; 2],
            change: [std::array::from_fn(scratch); CHANNELS],
            rates: [0.0; CHANNELS],
            cumulative: [0.0; CHANNELS],
        };
        for (r, fast) in channels.fast.iter().enumerate() {
            dense.constant[r] = fast.constant;
            for k in 0..3 {
                dense.slot[k][r] = fast.slot[k] as u8;
            }
            for k in 0..2 {
                dense.offset[k][r] = f64::from(fast.offset[k]);
            }
            for (entry, &(slot, d)) in dense.change[r].iter_mut().zip(channels.changes.of(r)) {
                *entry = (slot as u8, d);
            }
        }
        dense
    }

    #[inline(always)]
    fn evaluate(&mut self, counts: &Counts) {
        let a = &mut self.rates;
        for r in 0..CHANNELS {
            let mut rate = self.constant[r] * counts[self.slot[0][r] as usize % SMALL];
            if ORDER >= 2 {
                rate *= counts[self.slot[1][r] as usize % SMALL] - self.offset[0][r];
            }
            if ORDER >= 3 {
                rate *= counts[self.slot[2][r] as usize % SMALL] - self.offset[1][r];
            }
            a[r] = rate;
        }
        let (pair, other) = (a[0] + a[1], a[4] + a[5]);
        let (four, last) = (pair + (a[2] + a[3]), other + (a[6] + a[7]));
        self.cumulative = [
            a[0],
            pair,
            pair + a[2],
            four,
            four + a[4],
            four + other,
            four + (other + a[6]),
            four + last,
        ];
    }
}

/// The counts as an array; they are made at least this long.
#[inline(always)]
fn small(counts: &[f64]) -> &Counts {
    counts.first_chunk().unwrap_or(&[0.0; SMALL])
}

impl<const ORDER: usize> Engine for Dense<ORDER> {
    fn rebuild(&mut self, _: &Channels, counts: &[f64], _: f64, _: &mut BatchedStream) {
        self.evaluate(small(counts));
    }

    #[inline(always)]
    fn next_time(&mut self, _: &Channels, _: &[f64], now: f64, bits: &mut BatchedStream) -> f64 {
        after_wait(now, self.cumulative[CHANNELS - 1], bits)
    }

    #[inline(always)]
    fn select(&mut self, _: &Channels, _: &[f64], bits: &mut BatchedStream) -> usize {
        // u < 1, and u·total < total: the last sum is above the target
        let target = bits.fraction() * self.cumulative[CHANNELS - 1];
        let below = self.cumulative.iter().map(|&c| usize::from(c <= target));
        below.sum::<usize>() % CHANNELS
    }

    #[inline(always)]
    fn apply(&self, _: &Channels, channel: usize, counts: &mut [f64]) {
        if let Some(counts) = counts.first_chunk_mut::<SMALL>() {
            for &(slot, change) in &self.change[channel] {
                counts[slot as usize % SMALL] += change;
            }
        }
    }

    #[inline(always)]
    fn refresh(&mut self, _: &Channels, _: usize, counts: &[f64], _: f64, _: &mut BatchedStream) {
        self.evaluate(small(counts));
    }

    #[inline(always)]
    fn rate(&self, _: &Channels, channel: usize, _: &[f64], _: f64) -> f64 {
        self.rates[channel]
    }
}

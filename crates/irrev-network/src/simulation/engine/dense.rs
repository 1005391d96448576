//! Direct method for up to eight channels: all propensities at every jump, without a branch.
//!
//! Instead of the counts the method keeps the factors of every propensity, a = c·x₀·x₁·x₂ with x₀ = n₀, x₁ = n₁ − o₁, x₂ = n₂ − o₂, and adds to
//! them what the jump changes: whole numbers, so nothing is lost, and rows of vectors instead of a search for counts. Cumulative sums are formed by halves,
//! c₇ = ((a₀+a₁)+(a₂+a₃)) + ((a₄+a₅)+(a₆+a₇)): three additions deep, and monotone, because rounded addition is. The channel is the number
//! of cumulative sums not above u·c₇; a channel with propensity zero adds nothing and is never found.

use irrev_numerics::streams::{BatchedStream, RandomBits};

use super::{Engine, after_wait};
use crate::counts::Channels;

/// Most channels.
const MOST: usize = 8;

/// `ORDER`: largest number of molecules of a channel; `N`: channels, rounded up to 4, 6 or 8, and most species; `ROWS` = `ORDER` + 1.
pub(crate) struct Dense<const ORDER: usize, const ROWS: usize, const N: usize> {
    constant: [f64; N],
    /// Factor k of every channel, and in the last row the counts.
    row: [[f64; N]; ROWS],
    /// What a jump of each channel adds to the rows.
    change: [[[f64; N]; ROWS]; N],
    rates: [f64; N],
    cumulative: [f64; N],
    species: usize,
}

impl<const ORDER: usize, const ROWS: usize, const N: usize> Dense<ORDER, ROWS, N> {
    /// The engine, if the system is small enough for it.
    pub(super) fn new(channels: &Channels) -> Option<Self> {
        if channels.len() > N || channels.species > N || channels.order.is_none_or(|order| order > ORDER) {
            return None;
        }
        let mut dense = Self {
            constant: [0.0; N],
            row: [[0.0; N]; ROWS],
            change: [[[0.0; N]; ROWS]; N],
            rates: [0.0; N],
            cumulative: [0.0; N],
            species: channels.species,
        };
        for (r, fast) in channels.fast.iter().enumerate() {
            dense.constant[r] = fast.constant;
            for jump in 0..channels.len() {
                for &(slot, d) in channels.changes.of(jump) {
                    for k in (0..ORDER).filter(|&k| fast.slot[k] == slot) {
                        dense.change[jump][k][r] = d;
                    }
                }
            }
        }
        for jump in 0..channels.len() {
            for &(slot, d) in channels.changes.of(jump) {
                dense.change[jump][ORDER][slot as usize] = d;
            }
        }
        Some(dense)
    }

    #[inline(always)]
    fn evaluate(&mut self) {
        let mut a = [0.0; MOST];
        for r in 0..N {
            let mut rate = self.constant[r];
            for factor in &self.row[..ORDER] {
                rate *= factor[r];
            }
            a[r] = rate;
        }
        self.rates.copy_from_slice(&a[..N]);
        let (pair, other) = (a[0] + a[1], a[4] + a[5]);
        let four = pair + (a[2] + a[3]);
        let sums = [
            a[0],
            pair,
            pair + a[2],
            four,
            four + a[4],
            four + other,
            four + (other + a[6]),
            four + (other + (a[6] + a[7])),
        ];
        self.cumulative.copy_from_slice(&sums[..N]);
    }
}

impl<const ORDER: usize, const ROWS: usize, const N: usize> Engine for Dense<ORDER, ROWS, N> {
    fn rebuild(&mut self, channels: &Channels, counts: &[f64], _: f64, _: &mut BatchedStream) {
        for (r, fast) in channels.fast.iter().enumerate() {
            for (k, factor) in self.row[..ORDER].iter_mut().enumerate() {
                let offset = if k == 0 { 0.0 } else { fast.offset[k - 1] };
                factor[r] = counts[fast.slot[k] as usize] - f64::from(offset);
            }
        }
        self.row[ORDER][..channels.species].copy_from_slice(&counts[..channels.species]);
        self.evaluate();
    }

    #[inline(always)]
    fn next_time(&mut self, _: &Channels, _: &[f64], now: f64, bits: &mut BatchedStream) -> f64 {
        after_wait(now, self.cumulative[N - 1], bits)
    }

    #[inline(always)]
    fn select(&mut self, _: &Channels, _: &[f64], bits: &mut BatchedStream) -> usize {
        // u < 1, and u·total < total: the last sum is above the target. Numbers that are not negative compare as their bits do, read as signed
        // so that −0 comes first; whole numbers are compared without a detour over masks
        let bits_of = |x: f64| x.to_bits() as i64;
        let target = bits_of(bits.fraction() * self.cumulative[N - 1]);
        let mut channel = 0;
        for &sum in &self.cumulative[..N - 1] {
            channel += usize::from(bits_of(sum) <= target);
        }
        channel
    }

    /// Nothing: the counts are a row of the engine.
    #[inline(always)]
    fn apply(&self, _: &Channels, _: usize, _: &mut [f64]) {}

    #[inline(always)]
    fn settle(&self, counts: &mut [f64]) {
        for (n, held) in counts.iter_mut().zip(&self.row[ORDER][..self.species]) {
            *n = *held;
        }
    }

    #[inline(always)]
    fn refresh(&mut self, _: &Channels, channel: usize, _: &[f64], _: f64, _: &mut BatchedStream) {
        let change = &self.change[channel];
        for (row, change) in self.row.iter_mut().zip(change) {
            for (x, d) in row.iter_mut().zip(change) {
                *x += d;
            }
        }
        self.evaluate();
    }

    #[inline(always)]
    fn rate(&self, _: &Channels, channel: usize, _: &[f64], _: f64) -> f64 {
        self.rates[channel]
    }
}

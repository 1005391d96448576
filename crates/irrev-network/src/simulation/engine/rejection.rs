//! Rejection-based method: bounds on the propensities that hold while the counts stay in a box around them.
//!
//! Candidates come at the sum of the upper bounds; one is kept with probability a/ā, and for most the lower bound settles that without
//! evaluating a. Only when a count leaves its box are the bounds of the channels that read it renewed. Rejected candidates pass time, so the kept ones
//! have exactly the law of the direct method.
//!
//! Source: Thanh, Priami and Zunino, J. Chem. Phys. 141, 134116 (2014).

use irrev_numerics::streams::{BatchedStream, RandomBits};

use super::{Engine, after_wait};
use crate::counts::Channels;

/// Half width of the box as a part of the count; ten per cent, and four at least.
const WIDTH: f64 = 0.1;
const LEAST_WIDTH: f64 = 4.0;
/// After so many rejections in a row the propensities are summed, so that an absorbing state ends.
const PATIENCE: u32 = 64;

pub(crate) struct Rejection {
    low: Vec<f64>,
    high: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    total: f64,
    chosen: usize,
}

impl Rejection {
    pub(super) fn new(channels: &Channels) -> Self {
        let mut edge = vec![0.0; channels.slots];
        edge[channels.species] = 1.0;
        Self {
            low: edge.clone(),
            high: edge,
            lower: vec![0.0; channels.len()],
            upper: vec![0.0; channels.len()],
            total: 0.0,
            chosen: 0,
        }
    }

    fn box_around(&mut self, species: usize, n: f64) {
        let half = (WIDTH * n).floor().max(LEAST_WIDTH);
        self.low[species] = (n - half).max(0.0);
        self.high[species] = n + half;
    }

    /// NaN where a law gives no bounds, which ends the run with an error.
    fn bound(&mut self, channels: &Channels, r: usize) {
        let (lower, upper) = channels
            .bounds(r, &self.low, &self.high)
            .unwrap_or((f64::NAN, f64::NAN));
        (self.lower[r], self.upper[r]) = (lower, upper);
    }

    fn candidate(&self, bits: &mut BatchedStream) -> usize {
        let mut left = bits.fraction() * self.total;
        let mut last = 0;
        for (r, &bound) in self.upper.iter().enumerate() {
            if bound > 0.0 {
                last = r;
                if left < bound {
                    break;
                }
                left -= bound;
            }
        }
        last
    }
}

impl Engine for Rejection {
    fn rebuild(&mut self, channels: &Channels, counts: &[f64], _: f64, _: &mut BatchedStream) {
        for (s, &n) in counts[..channels.species].iter().enumerate() {
            self.box_around(s, n);
        }
        for r in 0..channels.len() {
            self.bound(channels, r);
        }
        self.total = self.upper.iter().sum();
    }

    fn next_time(&mut self, channels: &Channels, counts: &[f64], now: f64, bits: &mut BatchedStream) -> f64 {
        let mut time = now;
        let mut rejected = 0;
        loop {
            time = after_wait(time, self.total, bits);
            if !time.is_finite() {
                return time;
            }
            let r = self.candidate(bits);
            let height = bits.fraction() * self.upper[r];
            if height < self.lower[r] {
                self.chosen = r;
                return time;
            }
            let rate = channels.rate_at(r, counts, 0.0);
            // above the bound: the law broke its promise, and NaN says so
            if !(rate <= self.upper[r]) {
                return f64::NAN;
            }
            if height < rate {
                self.chosen = r;
                return time;
            }
            rejected += 1;
            if rejected % PATIENCE == 0 {
                let exact: f64 = (0..channels.len())
                    .map(|r| channels.rate_at(r, counts, 0.0))
                    .sum();
                if exact == 0.0 {
                    return f64::INFINITY;
                }
            }
        }
    }

    fn select(&mut self, _: &Channels, _: &[f64], _: &mut BatchedStream) -> usize {
        self.chosen
    }

    fn refresh(
        &mut self,
        channels: &Channels,
        channel: usize,
        counts: &[f64],
        _: f64,
        _: &mut BatchedStream,
    ) {
        let mut left_box = false;
        for &(s, _) in channels.changes.of(channel) {
            let s = s as usize;
            if counts[s] < self.low[s] || counts[s] > self.high[s] {
                left_box = true;
                self.box_around(s, counts[s]);
                for &r in channels.readers.of(s) {
                    self.bound(channels, r as usize);
                }
            }
        }
        if left_box {
            self.total = self.upper.iter().sum();
        }
    }

    fn rate(&self, channels: &Channels, channel: usize, counts: &[f64], _: f64) -> f64 {
        channels.rate_at(channel, counts, 0.0)
    }

    fn memory(&self) -> Vec<f64> {
        vec![self.chosen as f64]
    }

    fn recall(&mut self, memory: &[f64]) {
        self.chosen = memory.first().map_or(0, |&r| r as usize);
    }
}

//! Sorted direct method: a linear search through an order in which each channel that fires moves one place forward.
//!
//! The order is memory, not physics: it changes which channel a given random number means, never how probable a channel is. The running total is
//! renewed at each window, and the search ends at the last channel with a positive propensity, whatever rounding has done to the total.

use irrev_numerics::streams::{BatchedStream, RandomBits};

use super::{Engine, after_wait};
use crate::counts::{Channels, General, Rates};

/// The running total is renewed when it falls below this part of its peak.
const LEAST_PART: f64 = 1e-3;

pub(crate) struct SortedDirect {
    rates: Vec<f64>,
    total: f64,
    /// Largest total since it was last renewed.
    peak: f64,
    /// Channels in the order of the search.
    order: Vec<u32>,
}

impl SortedDirect {
    pub(super) fn new(channels: &Channels) -> Self {
        Self {
            rates: vec![0.0; channels.len()],
            total: 0.0,
            peak: 0.0,
            order: (0..channels.len() as u32).collect(),
        }
    }

    fn renew_total(&mut self) {
        self.total = self.order.iter().map(|&r| self.rates[r as usize]).sum();
        self.peak = self.total;
    }
}

impl Engine for SortedDirect {
    fn rebuild(&mut self, channels: &Channels, counts: &[f64], _: f64, _: &mut BatchedStream) {
        for (r, rate) in self.rates.iter_mut().enumerate() {
            *rate = General::rate(channels, r, counts);
        }
        self.renew_total();
    }

    fn next_time(&mut self, _: &Channels, _: &[f64], now: f64, bits: &mut BatchedStream) -> f64 {
        after_wait(now, self.total, bits)
    }

    fn select(&mut self, _: &Channels, _: &[f64], bits: &mut BatchedStream) -> usize {
        let mut left = bits.fraction() * self.total;
        let mut last = 0;
        for (place, &r) in self.order.iter().enumerate() {
            let rate = self.rates[r as usize];
            if rate > 0.0 {
                last = place;
                if left < rate {
                    break;
                }
                left -= rate;
            }
        }
        let channel = self.order[last];
        self.order.swap(last, last.saturating_sub(1));
        channel as usize
    }

    fn refresh(
        &mut self,
        channels: &Channels,
        channel: usize,
        counts: &[f64],
        _: f64,
        _: &mut BatchedStream,
    ) {
        for &r in channels.dependents.of(channel) {
            let rate = General::rate(channels, r as usize, counts);
            self.total += rate - self.rates[r as usize];
            self.rates[r as usize] = rate;
        }
        // where most of the total has gone, what is left of it carries the rounding of what was there: an absorbing state must have total 0
        if self.total > LEAST_PART * self.peak {
            self.peak = self.peak.max(self.total);
        } else {
            self.renew_total();
        }
    }

    fn rate(&self, _: &Channels, channel: usize, _: &[f64], _: f64) -> f64 {
        self.rates[channel]
    }

    fn memory(&self) -> Vec<f64> {
        self.order.iter().map(|&r| f64::from(r)).collect()
    }

    fn recall(&mut self, memory: &[f64]) {
        let found = self.order.iter_mut().zip(memory);
        found.for_each(|(r, &m)| *r = m as u32);
    }

    fn forget(&mut self) {
        for (k, r) in self.order.iter_mut().enumerate() {
            *r = k as u32;
        }
    }
}

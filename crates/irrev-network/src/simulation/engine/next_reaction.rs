//! Next reaction method: every channel has a firing time, the earliest fires, and the others keep or rescale theirs.
//!
//! A channel whose propensity goes from a to a' keeps its exponential: t' = now + (a/a')(t − now). Only the channel that fired draws a
//! new number, and one whose propensity was zero. The earliest time is the root of a binary heap that knows where each channel stands.
//!
//! Source: Gibson and Bruck, J. Phys. Chem. A 104, 1876 (2000).

use irrev_numerics::streams::{BatchedStream, RandomBits};

use super::Engine;
use crate::counts::{Channels, General, Rates};

pub(crate) struct NextReaction {
    rates: Vec<f64>,
    /// Firing time of each channel, relative to the window's start.
    times: Vec<f64>,
    heap: Vec<u32>,
    /// Where each channel stands in the heap.
    place: Vec<u32>,
    /// Absolute time of the window's start; NaN before the first.
    start: f64,
    faulty: bool,
}

impl NextReaction {
    pub(super) fn new(channels: &Channels) -> Self {
        let n = channels.len();
        Self {
            rates: vec![0.0; n],
            times: vec![f64::INFINITY; n],
            heap: (0..n as u32).collect(),
            place: (0..n as u32).collect(),
            start: f64::NAN,
            faulty: false,
        }
    }

    /// Earlier time first, and the lower channel among equals, so that the root does not depend on how the heap came about.
    fn before(&self, a: u32, b: u32) -> bool {
        let (x, y) = (self.times[a as usize], self.times[b as usize]);
        x < y || (x == y && a < b)
    }

    fn swap(&mut self, i: usize, j: usize) {
        self.heap.swap(i, j);
        self.place[self.heap[i] as usize] = i as u32;
        self.place[self.heap[j] as usize] = j as u32;
    }

    fn sift(&mut self, channel: usize) {
        let mut i = self.place[channel] as usize;
        while i > 0 && self.before(self.heap[i], self.heap[(i - 1) / 2]) {
            self.swap(i, (i - 1) / 2);
            i = (i - 1) / 2;
        }
        loop {
            let mut first = i;
            for child in [2 * i + 1, 2 * i + 2] {
                if child < self.heap.len() && self.before(self.heap[child], self.heap[first]) {
                    first = child;
                }
            }
            if first == i {
                return;
            }
            self.swap(i, first);
            i = first;
        }
    }

    /// The firing time of a channel whose propensity is new.
    fn firing_time(rate: f64, now: f64, bits: &mut BatchedStream) -> f64 {
        if rate > 0.0 {
            now + bits.exponential_ziggurat() / rate
        } else {
            f64::INFINITY
        }
    }
}

impl Engine for NextReaction {
    fn rebuild(&mut self, channels: &Channels, counts: &[f64], start: f64, bits: &mut BatchedStream) {
        let fresh = self.start.is_nan();
        self.faulty = false;
        for r in 0..self.rates.len() {
            self.rates[r] = General::rate(channels, r, counts);
            self.faulty |= !self.rates[r].is_finite();
            if fresh {
                self.times[r] = Self::firing_time(self.rates[r], 0.0, bits);
            }
        }
        self.start = start;
        for r in 0..self.rates.len() {
            self.sift(r);
        }
    }

    fn next_time(&mut self, _: &Channels, _: &[f64], _: f64, _: &mut BatchedStream) -> f64 {
        if self.faulty {
            return f64::NAN;
        }
        self.heap
            .first()
            .map_or(f64::INFINITY, |&r| self.times[r as usize])
    }

    fn select(&mut self, _: &Channels, _: &[f64], _: &mut BatchedStream) -> usize {
        self.heap[0] as usize
    }

    fn refresh(
        &mut self,
        channels: &Channels,
        channel: usize,
        counts: &[f64],
        now: f64,
        bits: &mut BatchedStream,
    ) {
        // the channel itself need not be among its dependents
        let rate = General::rate(channels, channel, counts);
        self.rates[channel] = rate;
        self.times[channel] = Self::firing_time(rate, now, bits);
        self.faulty |= !rate.is_finite();
        self.sift(channel);
        for &r in channels.dependents.of(channel) {
            let r = r as usize;
            if r == channel {
                continue;
            }
            let (old, new) = (self.rates[r], General::rate(channels, r, counts));
            self.rates[r] = new;
            self.faulty |= !new.is_finite();
            self.times[r] = if old > 0.0 && new > 0.0 {
                now + (old / new) * (self.times[r] - now)
            } else {
                Self::firing_time(new, now, bits)
            };
            self.sift(r);
        }
    }

    fn rate(&self, _: &Channels, channel: usize, _: &[f64], _: f64) -> f64 {
        self.rates[channel]
    }

    fn shift(&mut self, by: f64) {
        for time in &mut self.times {
            *time -= by;
        }
    }

    fn memory(&self) -> Vec<f64> {
        self.times.clone()
    }

    fn recall(&mut self, memory: &[f64]) {
        self.times.copy_from_slice(memory);
        self.start = 0.0;
    }

    fn forget(&mut self) {
        self.start = f64::NAN;
    }
}

//! Time-dependent propensities: the waiting time solves ∫ a(n, t) dt = E with E exponential, the channel is drawn at that time.
//!
//! Exact up to the quadrature: the total propensity is integrated by Gauss–Legendre rules of seven points on panels that are halved until two halves agree with
//! the whole to 1e-10, and the crossing is bisected with Newton steps inside the last panel. A panel begins as long as the last waits, so slow driving
//! costs few evaluations; no panel is longer than a hundredth of the whole run. Nothing is held constant over a step. What a law does within less than
//! a tenth of a panel, while all else stands still, may be missed.

use irrev_numerics::streams::{BatchedStream, RandomBits};

use super::Engine;
use crate::counts::Channels;

/// Agreement of a panel with its halves, relative to max(1, integral).
const AGREEMENT: f64 = 1e-10;
const HALVINGS: u32 = 40;
/// Panels of a run, at least.
const LEAST_PANELS: f64 = 100.0;

const NODES: [f64; 4] = [
    0.0,
    0.405_845_151_377_397_2,
    0.741_531_185_599_394_4,
    0.949_107_912_342_758_5,
];
const WEIGHTS: [f64; 4] = [
    0.417_959_183_673_469_4,
    0.381_830_050_505_118_9,
    0.279_705_391_489_276_7,
    0.129_484_966_168_869_7,
];

pub(crate) struct IntegratedHazard {
    rates: Vec<f64>,
    start: f64,
    /// Absolute time beyond which nothing is asked.
    end: f64,
    longest: f64,
    /// Width that the next panel begins with.
    panel: f64,
    /// Time of the jump to come, relative to the window's start.
    chosen_time: f64,
}

impl IntegratedHazard {
    pub(super) fn new(channels: &Channels, end: f64) -> Self {
        Self {
            rates: vec![0.0; channels.len()],
            start: 0.0,
            end,
            longest: 0.0,
            panel: f64::NAN,
            chosen_time: 0.0,
        }
    }

    /// Total propensity at a time relative to the window's start.
    fn total(&self, channels: &Channels, counts: &[f64], at: f64) -> f64 {
        (0..channels.len())
            .map(|r| channels.rate_at(r, counts, self.start + at))
            .sum()
    }

    fn rule(&self, channels: &Channels, counts: &[f64], from: f64, to: f64) -> f64 {
        let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
        let mut sum = WEIGHTS[0] * self.total(channels, counts, middle);
        for (x, w) in NODES.iter().zip(WEIGHTS).skip(1) {
            sum += w * self.total(channels, counts, middle - half * x);
            sum += w * self.total(channels, counts, middle + half * x);
        }
        half * sum
    }

    /// The time in [from, to] where the integral from `from` reaches `goal`, known to lie there.
    fn crossing(&self, channels: &Channels, counts: &[f64], from: f64, to: f64, goal: f64) -> f64 {
        let (mut low, mut high) = (from, to);
        let mut t = 0.5 * (low + high);
        for _ in 0..100 {
            let excess = self.rule(channels, counts, from, t) - goal;
            if excess > 0.0 {
                high = t;
            } else {
                low = t;
            }
            let step = excess / self.total(channels, counts, t);
            let newton = t - step;
            let next = if newton > low && newton < high {
                newton
            } else {
                0.5 * (low + high)
            };
            if (next - t).abs() <= 4.0 * f64::EPSILON * (to - from) {
                return next;
            }
            t = next;
        }
        t
    }
}

impl Engine for IntegratedHazard {
    fn rebuild(&mut self, channels: &Channels, counts: &[f64], start: f64, _: &mut BatchedStream) {
        self.start = start;
        if self.panel.is_nan() {
            let total = self.total(channels, counts, 0.0);
            self.longest = ((self.end - start) / LEAST_PANELS).max(f64::MIN_POSITIVE);
            self.panel = 1.0 / total;
        }
    }

    fn next_time(&mut self, channels: &Channels, counts: &[f64], now: f64, bits: &mut BatchedStream) -> f64 {
        let mut goal = bits.exponential_ziggurat();
        let end = self.end - self.start;
        let mut from = now;
        while from < end {
            let mut width = self.panel.min(self.longest).min(end - from);
            let mut whole = self.rule(channels, counts, from, from + width);
            for halving in 0..=HALVINGS {
                let middle = from + 0.5 * width;
                let left = self.rule(channels, counts, from, middle);
                let right = self.rule(channels, counts, middle, from + width);
                if !(left + right).is_finite() {
                    return f64::NAN;
                }
                if (left + right - whole).abs() <= AGREEMENT * whole.max(1.0) || halving == HALVINGS {
                    whole = left + right;
                    break;
                }
                (width, whole) = (0.5 * width, left);
            }
            if whole > goal {
                let at = self.crossing(channels, counts, from, from + width, goal);
                self.panel = (4.0 * (at - now)).max(0.25 * width);
                self.chosen_time = at;
                return at;
            }
            goal -= whole;
            from += width;
            self.panel = 2.0 * width;
        }
        f64::INFINITY
    }

    fn select(&mut self, channels: &Channels, counts: &[f64], bits: &mut BatchedStream) -> usize {
        for r in 0..self.rates.len() {
            self.rates[r] = channels.rate_at(r, counts, self.start + self.chosen_time);
        }
        let mut left = bits.fraction() * self.rates.iter().sum::<f64>();
        let mut last = 0;
        for (r, &rate) in self.rates.iter().enumerate() {
            if rate > 0.0 {
                last = r;
                if left < rate {
                    break;
                }
                left -= rate;
            }
        }
        last
    }

    fn refresh(&mut self, _: &Channels, _: usize, _: &[f64], _: f64, _: &mut BatchedStream) {}

    fn rate(&self, channels: &Channels, channel: usize, counts: &[f64], now: f64) -> f64 {
        channels.rate_at(channel, counts, self.start + now)
    }

    fn memory(&self) -> Vec<f64> {
        vec![self.longest, self.panel, self.chosen_time]
    }

    fn recall(&mut self, memory: &[f64]) {
        if let &[longest, panel, chosen_time] = memory {
            (self.longest, self.panel, self.chosen_time) = (longest, panel, chosen_time);
        }
    }

    fn forget(&mut self) {
        self.panel = f64::NAN;
    }

    fn shift(&mut self, by: f64) {
        self.chosen_time -= by;
    }
}

//! Composition and rejection: channels in groups by the power of two of their propensity.
//!
//! Group k holds propensities in [2^(k−1), 2^k). A group is chosen by its sum, a channel of it uniformly and kept with probability
//! a/2^k ≥ 1/2: at most two tries on average, however many channels there are. Groups exist only for exponents that have occurred in the window.

use irrev_numerics::streams::{BatchedStream, RandomBits};

use super::{Engine, after_wait};
use crate::counts::{Channels, General, Rates};

/// 2¹⁰²³: a group above it would have no finite bound.
const LARGEST: f64 = 8.98846567431158e307;

const NOWHERE: u32 = u32::MAX;

#[derive(Debug, Clone)]
struct Group {
    exponent: i32,
    /// 2^exponent, above every propensity of the group.
    bound: f64,
    sum: f64,
    members: Vec<u32>,
}

pub(crate) struct CompositionRejection {
    rates: Vec<f64>,
    /// Group of each channel and its place there.
    place: Vec<(u32, u32)>,
    groups: Vec<Group>,
    total: f64,
    faulty: bool,
}

/// Exponent k with 2^(k−1) ≤ a < 2^k, from the bits; all subnormal numbers share one group.
fn exponent(a: f64) -> i32 {
    ((a.to_bits() >> 52) as i32 & 0x7ff) - 1022
}

impl CompositionRejection {
    pub(super) fn new(channels: &Channels) -> Self {
        Self {
            rates: vec![0.0; channels.len()],
            place: vec![(NOWHERE, 0); channels.len()],
            groups: Vec::new(),
            total: 0.0,
            faulty: false,
        }
    }

    fn insert(&mut self, r: usize, rate: f64) {
        self.rates[r] = rate;
        if !(rate < LARGEST) {
            self.faulty = true;
            return;
        }
        if !(rate > 0.0) {
            return;
        }
        let k = exponent(rate);
        let g = self
            .groups
            .iter()
            .position(|g| g.exponent == k)
            .unwrap_or_else(|| {
                self.groups.push(Group {
                    exponent: k,
                    bound: 2_f64.powi(k),
                    sum: 0.0,
                    members: Vec::new(),
                });
                self.groups.len() - 1
            });
        let group = &mut self.groups[g];
        self.place[r] = (g as u32, group.members.len() as u32);
        group.members.push(r as u32);
        group.sum += rate;
    }

    fn remove(&mut self, r: usize) {
        let (g, at) = self.place[r];
        self.place[r] = (NOWHERE, 0);
        let Some(group) = self.groups.get_mut(g as usize) else {
            return;
        };
        group.members.swap_remove(at as usize);
        if let Some(&moved) = group.members.get(at as usize) {
            self.place[moved as usize] = (g, at);
        }
        // an empty group has sum zero, exactly
        group.sum = if group.members.is_empty() {
            0.0
        } else {
            group.sum - self.rates[r]
        };
    }

    fn renew_total(&mut self) {
        self.total = if self.faulty {
            f64::NAN
        } else {
            self.groups.iter().map(|g| g.sum).sum()
        };
    }
}

impl Engine for CompositionRejection {
    fn rebuild(&mut self, channels: &Channels, counts: &[f64], _: f64, _: &mut BatchedStream) {
        self.groups.clear();
        self.place.fill((NOWHERE, 0));
        self.faulty = false;
        for r in 0..channels.len() {
            self.insert(r, General::rate(channels, r, counts));
        }
        self.renew_total();
    }

    fn next_time(&mut self, _: &Channels, _: &[f64], now: f64, bits: &mut BatchedStream) -> f64 {
        after_wait(now, self.total, bits)
    }

    fn select(&mut self, _: &Channels, _: &[f64], bits: &mut BatchedStream) -> usize {
        let mut target = bits.fraction() * self.total;
        let mut chosen = 0;
        for (g, group) in self.groups.iter().enumerate() {
            if group.members.is_empty() {
                continue;
            }
            chosen = g;
            if target < group.sum {
                break;
            }
            target -= group.sum;
        }
        let group = &self.groups[chosen];
        loop {
            // one word: the high product is the member, the low one the height
            let wide = u128::from(bits.bits()) * group.members.len() as u128;
            let r = group.members[(wide >> 64) as usize] as usize;
            let height = (wide as u64 >> 11) as f64 * (1.0 / (1_u64 << 53) as f64) * group.bound;
            if height < self.rates[r] {
                return r;
            }
        }
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
            let r = r as usize;
            let (old, rate) = (self.rates[r], General::rate(channels, r, counts));
            if rate == old {
                continue;
            }
            let (g, _) = self.place[r];
            if g != NOWHERE && rate > 0.0 && exponent(rate) == exponent(old) {
                let group = &mut self.groups[g as usize];
                group.sum += rate - old;
                self.rates[r] = rate;
            } else {
                self.remove(r);
                self.insert(r, rate);
            }
        }
        self.renew_total();
    }

    fn rate(&self, _: &Channels, channel: usize, _: &[f64], _: f64) -> f64 {
        self.rates[channel]
    }
}

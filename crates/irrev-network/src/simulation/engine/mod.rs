//! Exact methods: which channel fires next, and when.
//!
//! All draw from the same law, P(next jump in dt is r) = a_r(n) exp(−Σ a t) dt, and differ in what they store. Time runs relative to the start of a
//! *window* of a fixed number of jumps; at each window's end everything derived from the counts is rebuilt from them. So rounding never
//! accumulates, a clock that has run long still resolves short waits, and a trajectory taken up from a window's end continues bit by bit.
//!
//! | name | a jump costs | source |
//! |---|---|---|
//! | `dense/1` | all propensities, without a branch; up to 8 channels | Gillespie, J. Comput. Phys. 22, 403 (1976) |
//! | `direct/1` | dependents and log₈ of the channels: a tree of sums of eight, always fresh | Gibson and Bruck, J. Phys. Chem. A 104, 1876 (2000) |
//! | `sorted_direct/1` | dependents and a linear search that learns the busy channels | McCollum et al., Comput. Biol. Chem. 30, 39 (2006) |
//! | `next_reaction/1` | dependents and a heap of firing times | Gibson and Bruck (2000) |
//! | `composition_rejection/1` | dependents; the search is constant | Slepoy, Thompson and Plimpton, J. Chem. Phys. 128, 205101 (2008) |
//! | `rejection/1` | a few propensities, as long as counts stay in a box | Thanh, Priami and Zunino, J. Chem. Phys. 141, 134116 (2014) |
//! | `integrated_hazard/1` | quadratures of the total propensity, for laws that depend on time | Anderson, J. Chem. Phys. 127, 214107 (2007) |

mod choice;
mod composition_rejection;
mod dense;
mod direct;
mod integrated_hazard;
mod next_reaction;
mod rejection;
mod sorted_direct;

use irrev_numerics::streams::{BatchedStream, RandomBits};

use super::account::{Account, Counting, Entropy, Ledger, Plain, Recording, Watching};
use super::books::Level;
use crate::counts::{Channels, NO_CHANNEL};
pub(crate) use choice::{engine_for, window_length};

/// A method: what it keeps between jumps. Times are relative to the start of the window.
pub(crate) trait Engine {
    /// Derives everything from the counts; `start` is the absolute time of the window's start.
    fn rebuild(&mut self, channels: &Channels, counts: &[f64], start: f64, bits: &mut BatchedStream);
    /// Time of the next jump after `now`: +∞ if nothing can happen, NaN if a propensity has no valid value.
    fn next_time(&mut self, channels: &Channels, counts: &[f64], now: f64, bits: &mut BatchedStream) -> f64;
    /// The channel that fires then.
    fn select(&mut self, channels: &Channels, counts: &[f64], bits: &mut BatchedStream) -> usize;
    /// Changes the counts.
    #[inline(always)]
    fn apply(&self, channels: &Channels, channel: usize, counts: &mut [f64]) {
        channels.apply(channel, counts);
    }
    /// Writes the counts, for an engine that keeps them itself.
    #[inline(always)]
    fn settle(&self, counts: &mut [f64]) {
        let _ = counts;
    }
    /// Takes notice of the new counts, at the time of the jump.
    fn refresh(
        &mut self,
        channels: &Channels,
        channel: usize,
        counts: &[f64],
        now: f64,
        bits: &mut BatchedStream,
    );
    /// Propensity of a channel at the present counts.
    fn rate(&self, channels: &Channels, channel: usize, counts: &[f64], now: f64) -> f64;
    /// What cannot be derived from the counts, for a checkpoint.
    fn memory(&self) -> Vec<f64> {
        Vec::new()
    }
    /// Takes that back, before [`Engine::rebuild`].
    fn recall(&mut self, memory: &[f64]) {
        let _ = memory;
    }
    /// Forgets it: a new trajectory begins.
    fn forget(&mut self) {}
    /// The window's start has moved by this much.
    fn shift(&mut self, by: f64) {
        let _ = by;
    }
}

/// Where a trajectory stands within its window.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    /// Time of the last jump.
    pub(crate) now: f64,
    /// Time of the jump to come.
    pub(crate) next: f64,
}

/// Why a run of jumps ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pause {
    /// The jump to come lies beyond the time asked for, or has no valid time.
    Time,
    /// The jumps allowed are done.
    Jumps,
    /// A watched threshold that ends the trajectory was reached.
    Passage,
}

/// An engine behind one call per window.
pub(crate) trait Simulator: Send {
    fn rebuild(&mut self, channels: &Channels, counts: &[f64], start: f64, bits: &mut BatchedStream);
    fn first_time(&mut self, channels: &Channels, counts: &[f64], bits: &mut BatchedStream) -> f64;
    fn memory(&self) -> Vec<f64>;
    fn recall(&mut self, memory: &[f64]);
    fn forget(&mut self);
    fn shift(&mut self, by: f64);
    /// Jumps until the jump to come lies beyond `until`, or `jumps` are done; returns how many were done.
    #[expect(clippy::too_many_arguments)]
    fn run(
        &mut self,
        channels: &Channels,
        counts: &mut [f64],
        clock: &mut Clock,
        account: &mut Account,
        bits: &mut BatchedStream,
        until: f64,
        jumps: u64,
    ) -> (Pause, u64);
}

impl<E: Engine + Send> Simulator for E {
    fn rebuild(&mut self, channels: &Channels, counts: &[f64], start: f64, bits: &mut BatchedStream) {
        Engine::rebuild(self, channels, counts, start, bits);
    }

    fn first_time(&mut self, channels: &Channels, counts: &[f64], bits: &mut BatchedStream) -> f64 {
        self.next_time(channels, counts, 0.0, bits)
    }

    fn memory(&self) -> Vec<f64> {
        Engine::memory(self)
    }

    fn recall(&mut self, memory: &[f64]) {
        Engine::recall(self, memory);
    }

    fn forget(&mut self) {
        Engine::forget(self);
    }

    fn shift(&mut self, by: f64) {
        Engine::shift(self, by);
    }

    fn run(
        &mut self,
        channels: &Channels,
        counts: &mut [f64],
        clock: &mut Clock,
        account: &mut Account,
        bits: &mut BatchedStream,
        until: f64,
        jumps: u64,
    ) -> (Pause, u64) {
        match account.level {
            Level::Plain => jump::<E, Plain>(self, channels, counts, clock, account, bits, until, jumps),
            Level::Counting => {
                jump::<E, Counting>(self, channels, counts, clock, account, bits, until, jumps)
            }
            Level::Entropy => jump::<E, Entropy>(self, channels, counts, clock, account, bits, until, jumps),
            Level::Watching => {
                jump::<E, Watching>(self, channels, counts, clock, account, bits, until, jumps)
            }
            Level::Recording => {
                jump::<E, Recording>(self, channels, counts, clock, account, bits, until, jumps)
            }
        }
    }
}

/// The loop: one compiled copy per engine and level of bookkeeping.
#[inline(never)]
#[expect(clippy::too_many_arguments)]
fn jump<E: Engine, L: Ledger>(
    engine: &mut E,
    channels: &Channels,
    counts: &mut [f64],
    clock: &mut Clock,
    account: &mut Account,
    bits: &mut BatchedStream,
    until: f64,
    jumps: u64,
) -> (Pause, u64) {
    let (mut now, mut next) = (clock.now, clock.next);
    let mut done = 0;
    let mut pause = Pause::Jumps;
    while done < jumps {
        // written so that NaN stops too
        if !(next <= until) {
            pause = Pause::Time;
            break;
        }
        let channel = engine.select(channels, counts, bits);
        let forward = if L::RATES {
            engine.rate(channels, channel, counts, next)
        } else {
            0.0
        };
        L::dwell(account, now, next, counts);
        engine.apply(channels, channel, counts);
        now = next;
        engine.refresh(channels, channel, counts, now, bits);
        let mut backward = 0.0;
        if L::RATES {
            let reverse = channels.reverse[channel];
            if reverse != NO_CHANNEL {
                backward = engine.rate(channels, reverse as usize, counts, now);
            }
        }
        next = engine.next_time(channels, counts, now, bits);
        done += 1;
        if L::COUNTS {
            engine.settle(counts);
        }
        if L::jump(account, channel, now, forward, backward, counts) {
            pause = Pause::Passage;
            break;
        }
    }
    engine.settle(counts);
    (clock.now, clock.next) = (now, next);
    (pause, done)
}

/// `now` plus an exponential waiting time at the total propensity.
#[inline(always)]
fn after_wait(now: f64, total: f64, bits: &mut BatchedStream) -> f64 {
    if total > 0.0 && total < f64::INFINITY {
        now + bits.exponential_ziggurat() / total
    } else {
        without_wait(total)
    }
}

/// Absorbed if the total is zero, a fault otherwise.
#[cold]
fn without_wait(total: f64) -> f64 {
    if total == 0.0 { f64::INFINITY } else { f64::NAN }
}

//! Chemical Langevin equation: dn = Σ Δ_r (a_r dt + √a_r dW_r), one noise per channel, by Euler and Maruyama with adaptive steps.
//!
//! Approximate, for large counts: numbers are real, and where few molecules are left the equation says little. A step is chosen so that no count is
//! expected to move, or to spread, by more than the part ε of itself (of one molecule, at least). Propensities are set to zero where they
//! would be negative; a count may then dip below zero by a fraction of a step, and is handed out as it is.
//!
//! There are no jumps, so the only books are the counts.
//!
//! Source: Gillespie, J. Chem. Phys. 113, 297 (2000).

use irrev_numerics::streams::{BatchedStream, RandomBits};

use super::account::Account;
use super::books::{Books, Level};
use super::engine::{Clock, Pause, Simulator};
use super::leap_step::{LeapStep, evaluate};
use crate::counts::Channels;
use crate::error::{Error, Result};

/// Options of the Langevin equation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LangevinOptions {
    /// Part ε by which a count may change in a step, in (0, 1); default 0.03.
    pub epsilon: f64,
}

impl Default for LangevinOptions {
    fn default() -> Self {
        Self { epsilon: 0.03 }
    }
}

pub(crate) fn simulator(
    channels: &Channels,
    options: LangevinOptions,
    books: &Books,
) -> Result<(&'static str, Box<dyn Simulator>)> {
    super::require_epsilon(options.epsilon)?;
    if channels.depends_on_time {
        return Err(Error::Method {
            method: "langevin",
            reason: "some propensity depends on time; take integrated_hazard",
        });
    }
    if books.level() != Level::Plain {
        return Err(Error::Method {
            method: "langevin",
            reason: "it has no jumps, so it keeps no books; ask for none (`--books none`), or take an exact method or tau_leaping",
        });
    }
    let n = channels.len();
    let langevin = Langevin {
        epsilon: options.epsilon,
        step: LeapStep::new(channels),
        rates: vec![0.0; n],
        none: vec![false; n],
    };
    Ok(("langevin/1", Box::new(langevin)))
}

struct Langevin {
    epsilon: f64,
    step: LeapStep,
    rates: Vec<f64>,
    none: Vec<bool>,
}

impl Simulator for Langevin {
    fn rebuild(&mut self, _: &Channels, _: &[f64], _: f64, _: &mut BatchedStream) {}

    fn first_time(&mut self, _: &Channels, _: &[f64], _: &mut BatchedStream) -> f64 {
        0.0
    }

    fn memory(&self) -> Vec<f64> {
        Vec::new()
    }

    fn recall(&mut self, _: &[f64]) {}

    fn forget(&mut self) {}

    fn shift(&mut self, _: f64) {}

    fn run(
        &mut self,
        channels: &Channels,
        counts: &mut [f64],
        clock: &mut Clock,
        _: &mut Account,
        bits: &mut BatchedStream,
        until: f64,
        jumps: u64,
    ) -> (Pause, u64) {
        for done in 0..jumps {
            if clock.now >= until {
                return (Pause::Time, done);
            }
            if !evaluate(channels, counts, &mut self.rates) {
                clock.next = f64::NAN;
                return (Pause::Time, done);
            }
            let limits = (self.epsilon, self.epsilon);
            let longest = self
                .step
                .longest(channels, counts, &self.rates, &self.none, limits);
            let step = longest.min(until - clock.now);
            for (r, &a) in self.rates.iter().enumerate().filter(|a| *a.1 > 0.0) {
                let jumps = a * step + (a * step).sqrt() * bits.normal();
                for &(slot, d) in channels.changes.of(r) {
                    counts[slot as usize] += d * jumps;
                }
            }
            clock.now = if step < until - clock.now {
                clock.now + step
            } else {
                until
            };
        }
        (Pause::Jumps, jumps)
    }
}

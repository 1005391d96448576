//! Tau-leaping: approximate trajectories that take many jumps at a time.
//!
//! During a leap τ the propensities are held constant and channel r fires Poisson(a_r τ) times. Channels that could use up a reactant within
//! ten jumps are *critical* and fire one at a time; where a leap would be shorter than ten jumps the exact method takes a hundred; a leap that would make a count
//! negative is refused and halved. The midpoint variant evaluates propensities at n + ½τ Σ Δ a.
//!
//! Books: jumps are those of the leaps, time integrals follow the trapezoid; the medium entropy Σ k_r ln(a_r(n)/a_r̄(n')) is that of the propensities at the ends of
//! leaps, an approximation of that of the jump process. Leaps end at output times.
//!
//! Sources: Cao, Gillespie and Petzold, J. Chem. Phys. 123, 054104 (2005) and 124, 044109 (2006); Gillespie, J. Chem. Phys. 115, 1716 (2001).

use irrev_numerics::streams::{BatchedStream, RandomBits};

use super::account::Account;
use super::engine::{Clock, Pause, Simulator};
use super::leap_step::{LeapStep, evaluate};
use crate::counts::{Channels, NO_CHANNEL};
use crate::error::{Error, Result};

/// Where in a leap the propensities are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LeapRule {
    /// At its start.
    #[default]
    Explicit,
    /// At its expected middle.
    Midpoint,
}

/// Options of tau-leaping.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TauLeapOptions {
    /// Part ε by which a propensity may change in a leap, in (0, 1); default 0.03.
    pub epsilon: f64,
    /// Default: explicit.
    pub rule: LeapRule,
}

impl Default for TauLeapOptions {
    fn default() -> Self {
        Self {
            epsilon: 0.03,
            rule: LeapRule::Explicit,
        }
    }
}

/// Jumps left of a reactant below which a channel is critical.
const CRITICAL: f64 = 10.0;
/// A leap must be worth so many jumps; else so many exact jumps are taken.
const WORTH: f64 = 10.0;
const EXACT_JUMPS: u32 = 100;
/// Halvings of a refused leap before exact jumps are taken instead.
const HALVINGS: u32 = 40;

pub(crate) fn simulator(
    channels: &Channels,
    options: TauLeapOptions,
) -> Result<(&'static str, Box<dyn Simulator>)> {
    super::require_epsilon(options.epsilon)?;
    if channels.depends_on_time {
        return Err(Error::Method {
            method: "tau_leaping",
            reason: "some propensity depends on time; take integrated_hazard",
        });
    }
    let name = match options.rule {
        LeapRule::Explicit => "tau_leaping/1",
        LeapRule::Midpoint => "tau_leaping_midpoint/1",
    };
    Ok((name, Box::new(TauLeap::new(channels, options))))
}

struct TauLeap {
    options: TauLeapOptions,
    step: LeapStep,
    rates: Vec<f64>,
    firing: Vec<f64>,
    critical: Vec<bool>,
    after: Vec<f64>,
}

/// What became of one step.
enum Step {
    Leap,
    Absorbed,
    Fault,
}

impl TauLeap {
    fn new(channels: &Channels, options: TauLeapOptions) -> Self {
        let n = channels.len();
        Self {
            options,
            step: LeapStep::new(channels),
            rates: vec![0.0; n],
            firing: vec![0.0; n],
            critical: vec![false; n],
            after: vec![0.0; channels.slots],
        }
    }

    fn mark_critical(&mut self, channels: &Channels, counts: &[f64]) {
        for r in 0..channels.len() {
            let short = |&(s, d): &(u32, f64)| d < 0.0 && counts[s as usize] < -d * CRITICAL;
            self.critical[r] = self.rates[r] > 0.0 && channels.changes.of(r).iter().any(short);
        }
    }

    /// One leap, or a stretch of exact jumps, up to `until` at most.
    fn advance(
        &mut self,
        channels: &Channels,
        counts: &mut [f64],
        now: &mut f64,
        account: &mut Account,
        bits: &mut BatchedStream,
        until: f64,
    ) -> Step {
        if !evaluate(channels, counts, &mut self.rates) {
            return Step::Fault;
        }
        let total: f64 = self.rates.iter().sum();
        if total == 0.0 {
            return Step::Absorbed;
        }
        self.mark_critical(channels, counts);
        let limits = (self.options.epsilon, 1.0);
        let mut longest = self
            .step
            .longest(channels, counts, &self.rates, &self.critical, limits);
        for _ in 0..HALVINGS {
            if longest < WORTH / total {
                break;
            }
            if self.leap(channels, counts, now, account, bits, (longest, until)) {
                return Step::Leap;
            }
            longest *= 0.5;
        }
        self.exact_jumps(channels, counts, now, account, bits, until)
    }

    /// Tries a leap; false if it would make a count negative.
    fn leap(
        &mut self,
        channels: &Channels,
        counts: &mut [f64],
        now: &mut f64,
        account: &mut Account,
        bits: &mut BatchedStream,
        (longest, until): (f64, f64),
    ) -> bool {
        let critical: f64 = self.sum_of_critical();
        let wait = if critical > 0.0 {
            bits.exponential_ziggurat() / critical
        } else {
            f64::INFINITY
        };
        let step = longest.min(wait).min(until - *now);
        let mut rates = self.rates.clone();
        if self.options.rule == LeapRule::Midpoint {
            self.after.copy_from_slice(counts);
            for (r, a) in self.rates.iter().enumerate().filter(|(r, _)| !self.critical[*r]) {
                for &(s, d) in channels.changes.of(r) {
                    self.after[s as usize] += 0.5 * step * a * d;
                }
            }
            self.after.iter_mut().for_each(|n| *n = n.max(0.0));
            if !evaluate(channels, &self.after, &mut rates) {
                return false;
            }
        }
        for (r, k) in self.firing.iter_mut().enumerate() {
            *k = if self.critical[r] {
                0.0
            } else {
                bits.poisson(rates[r] * step)
            };
        }
        if wait <= step {
            let mut left = bits.fraction() * critical;
            let mut last = 0;
            for r in (0..self.rates.len()).filter(|&r| self.critical[r]) {
                last = r;
                if left < self.rates[r] {
                    break;
                }
                left -= self.rates[r];
            }
            self.firing[last] = 1.0;
        }
        self.after.copy_from_slice(counts);
        for (r, &k) in self.firing.iter().enumerate() {
            for &(s, d) in channels.changes.of(r) {
                self.after[s as usize] += k * d;
            }
        }
        if self.after.iter().any(|&n| n < 0.0) {
            return false;
        }
        let middle = *now + 0.5 * step;
        // the step is cut to end at `until` exactly, so that no rounding leaves a sliver
        *now = if step < until - *now { *now + step } else { until };
        account.stay(middle - 0.5 * step, *now, counts);
        for (r, &k) in self.firing.iter().enumerate().filter(|f| *f.1 > 0.0) {
            let backward = reverse_rate(channels, r, &self.after);
            let forward = if self.critical[r] { self.rates[r] } else { rates[r] };
            account.leap((r, k), middle, forward, backward);
        }
        counts.copy_from_slice(&self.after);
        true
    }

    fn sum_of_critical(&self) -> f64 {
        let critical = self.rates.iter().zip(&self.critical).filter(|r| *r.1);
        critical.map(|r| r.0).sum()
    }

    fn exact_jumps(
        &mut self,
        channels: &Channels,
        counts: &mut [f64],
        now: &mut f64,
        account: &mut Account,
        bits: &mut BatchedStream,
        until: f64,
    ) -> Step {
        for _ in 0..EXACT_JUMPS {
            if !evaluate(channels, counts, &mut self.rates) {
                return Step::Fault;
            }
            let total: f64 = self.rates.iter().sum();
            if total == 0.0 {
                return Step::Absorbed;
            }
            let next = *now + bits.exponential_ziggurat() / total;
            if next > until {
                account.stay(*now, until, counts);
                *now = until;
                break;
            }
            let mut left = bits.fraction() * total;
            let mut r = 0;
            for (k, &a) in self.rates.iter().enumerate().filter(|a| *a.1 > 0.0) {
                r = k;
                if left < a {
                    break;
                }
                left -= a;
            }
            account.stay(*now, next, counts);
            *now = next;
            channels.apply(r, counts);
            let backward = reverse_rate(channels, r, counts);
            account.leap((r, 1.0), next, self.rates[r], backward);
        }
        Step::Leap
    }
}

fn reverse_rate(channels: &Channels, r: usize, counts: &[f64]) -> f64 {
    match channels.reverse[r] {
        NO_CHANNEL => 0.0,
        reverse => channels.rate_at(reverse as usize, counts, 0.0).max(0.0),
    }
}

impl Simulator for TauLeap {
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
        account: &mut Account,
        bits: &mut BatchedStream,
        until: f64,
        jumps: u64,
    ) -> (Pause, u64) {
        for done in 0..jumps {
            if clock.now >= until {
                return (Pause::Time, done);
            }
            match self.advance(channels, counts, &mut clock.now, account, bits, until) {
                Step::Leap => {}
                Step::Absorbed => return (Pause::Time, done),
                Step::Fault => {
                    clock.next = f64::NAN;
                    return (Pause::Time, done);
                }
            }
            if account.check_passages(clock.now, counts) {
                return (Pause::Passage, done + 1);
            }
        }
        (Pause::Jumps, jumps)
    }
}

//! Whether a sum of damped oscillations has a spectrum that is nowhere negative.
//!
//! S(ω) = Re K(iω) falls like 1/ω², so that the least value of S says nothing: it is that of T(ω) = (1 + ω²/κ) S(ω), with κ the geometric mean of the squared
//! poles, which tends to −K′(0)/κ. With θ = ω²/(κ + ω²) from 0 to 1, T is a sum over terms of a straight line over a parabola that is positive,
//!
//! ```text
//! T = Σ (n₀ (1 − θ) + n₁ κ θ)/(κ² θ² + 2 (a² − w²) κ θ (1 − θ) + (a² + w²)² (1 − θ)²),   n₀ = (pa + qw)(a² + w²),  n₁ = pa − qw,
//! ```
//!
//! for e^{−at}(p cos wt + q sin wt), and pa/(κ θ + a² (1 − θ)) for p e^{−at}. Over an interval each term takes its extremes at the ends or at the zeros of a parabola, so that the sum of their least values
//! is a lower bound of T there: intervals are halved until the bounds of the least one meet. No frequency is left out.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use irrev_numerics::tolerance::{Convergence, StopReason};

use super::prony::Mode;
use crate::error::Result;

/// Where bounds are taken to have met, as a part of the largest sum of sizes of terms.
const MET: f64 = 1e-8;

/// Intervals after which it gives up.
const INTERVALS: usize = 2_000_000;

/// Roundings in a bound, as a part of the sum of sizes of terms.
const ROUNDING: f64 = 1e-14;

/// Bounds on the least value of the spectrum of a kernel.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Passivity {
    /// Bounds on the least value over all ω of (1 + ω²/κ) Re K(iω), in 1/time: nowhere is it below the first, and at `frequency` it is the second.
    pub least: (f64, f64),
    /// ω where the second was found; infinite for the limit of high frequencies.
    pub frequency: f64,
    /// κ.
    pub scale: f64,
}

impl Passivity {
    /// Whether the spectrum is positive at every frequency, beyond rounding.
    #[must_use]
    pub fn certified(&self) -> bool {
        self.least.0 > 0.0
    }
}

/// A line over a parabola.
struct Term {
    line: [f64; 2],
    parabola: [f64; 3],
}

impl Term {
    fn of(mode: &Mode, kappa: f64) -> Self {
        let (a, w) = (mode.pole.re, -mode.pole.im);
        if !mode.oscillates() {
            return Self {
                line: [mode.residue.re * a, 0.0],
                parabola: [a * a, kappa - a * a, 0.0],
            };
        }
        let (p, q) = (2.0 * mode.residue.re, -2.0 * mode.residue.im);
        let (m, e) = (a * a + w * w, a * a - w * w);
        let (n0, n1) = ((p * a + q * w) * m, (p * a - q * w) * kappa);
        Self {
            line: [n0, n1 - n0],
            parabola: [
                m * m,
                2.0 * (e * kappa - m * m),
                kappa * kappa - 2.0 * e * kappa + m * m,
            ],
        }
    }

    fn at(&self, theta: f64) -> f64 {
        let [c0, c1, c2] = self.parabola;
        (self.line[0] + self.line[1] * theta) / (c0 + theta * (c1 + theta * c2))
    }

    /// Its least value on an interval.
    fn least(&self, start: f64, end: f64) -> f64 {
        let mut least = self.at(start).min(self.at(end));
        let ([l0, l1], [c0, c1, c2]) = (self.line, self.parabola);
        // the numerator of the derivative, α + 2β θ + γ θ²
        let (alpha, beta, gamma) = (l1 * c0 - l0 * c1, -l0 * c2, -l1 * c2);
        let discriminant = beta * beta - alpha * gamma;
        if discriminant >= 0.0 {
            let far = -(beta + discriminant.sqrt().copysign(beta));
            for root in [far / gamma, alpha / far] {
                // also a little outside: rounding must not lose an extreme
                if root >= start - 1e-9 && root <= end + 1e-9 {
                    least = least.min(self.at(root.clamp(start, end)));
                }
            }
        }
        least
    }
}

/// An interval of θ with a lower bound; the heap gives the one with the least first.
struct Interval {
    bound: f64,
    start: f64,
    end: f64,
}

impl PartialEq for Interval {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Interval {}

impl PartialOrd for Interval {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Interval {
    fn cmp(&self, other: &Self) -> Ordering {
        other.bound.total_cmp(&self.bound)
    }
}

pub(super) fn passivity(modes: &[Mode]) -> Result<Passivity> {
    let kappa = (modes.iter().map(|mode| mode.pole.norm_sqr().ln()).sum::<f64>() / modes.len() as f64).exp();
    let terms: Vec<Term> = modes.iter().map(|mode| Term::of(mode, kappa)).collect();
    let at = |theta: f64| terms.iter().map(|term| term.at(theta)).sum::<f64>();
    let size = |theta: f64| terms.iter().map(|term| term.at(theta).abs()).sum::<f64>();
    let interval = |start: f64, end: f64| {
        let rounding = ROUNDING * size(start).max(size(end));
        Interval {
            bound: terms.iter().map(|term| term.least(start, end)).sum::<f64>() - rounding,
            start,
            end,
        }
    };
    let mut best = if at(0.0) < at(1.0) {
        (at(0.0), 0.0)
    } else {
        (at(1.0), 1.0)
    };
    let mut largest = size(0.0).max(size(1.0));
    let mut heap = BinaryHeap::from([interval(0.0, 1.0)]);
    let mut made = 1;
    let found = |bound: f64, (value, theta): (f64, f64)| Passivity {
        least: (bound, value),
        frequency: (kappa * theta / (1.0 - theta)).sqrt(),
        scale: kappa,
    };
    while let Some(Interval { bound, start, end }) = heap.pop() {
        let middle = 0.5 * (start + end);
        let met = best.0 - bound <= MET * largest || !(middle > start && middle < end);
        if met {
            return Ok(found(bound.min(best.0), best));
        }
        if made >= INTERVALS {
            let convergence = Convergence {
                iterations: made,
                residual: (best.0 - bound) / largest,
                target: MET,
                reason: StopReason::IterationLimit,
            };
            return Err(irrev_numerics::Error::NotConverged {
                what: "the least value of a spectrum",
                convergence,
            }
            .into());
        }
        let value = at(middle);
        largest = largest.max(size(middle));
        if value < best.0 {
            best = (value, middle);
        }
        heap.push(interval(start, middle));
        heap.push(interval(middle, end));
        made += 2;
    }
    Ok(found(best.0, best))
}

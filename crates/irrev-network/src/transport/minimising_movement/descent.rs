//! Descent of Φ: Newton's steps with a model of the second derivative, corrected by what the steps teach (limited-memory BFGS).

use std::collections::VecDeque;

use irrev_numerics::Error as NumericsError;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::tolerance::{Convergence, StopReason};

use super::functional::{Functional, Point};
use crate::error::Result;
use crate::state::Distribution;

/// Pairs of steps and slopes from which curvature is learnt.
const MEMORY: usize = 12;

/// Largest change of ln p that one step may try.
const LONGEST: f64 = 2.0;

/// A step is accepted once the slope along it, if it has turned upwards, is at most this part of what it was.
const TURNED: f64 = 0.5;

/// Shortenings of one step.
const SHORTENINGS: usize = 25;

impl Functional<'_> {
    /// Minimises Φ from a positive state.
    pub(super) fn descend(&self, first: Distribution) -> Result<(Point, Convergence)> {
        let mut at = self.point(first)?;
        let mut evaluations = 1;
        let mut learnt = Curvature::default();
        loop {
            if at.residual <= at.target {
                let convergence = ended(&at, evaluations, StopReason::Converged);
                return Ok((at, convergence));
            }
            let downhill = learnt.times(&at.slope, |slope| self.newton_step(&at, slope))?;
            let p = at.state.probabilities();
            let rate: Vec<f64> = downhill.iter().zip(p).map(|(d, p)| -d / p).collect();
            let Some(next) = self.lower(&at, &rate, &mut evaluations)? else {
                // what is left is what the interval of W₂ leaves open
                let reason = match evaluations >= self.options.max_evaluations {
                    true => StopReason::IterationLimit,
                    false => StopReason::Rounding,
                };
                let convergence = ended(&at, evaluations, reason);
                if self.distance_to_dual(&at) <= self.width(&at) {
                    return Ok((at, convergence));
                }
                return Err(NumericsError::NotConverged {
                    what: "minimising movement",
                    convergence,
                }
                .into());
            };
            learnt.add(&at, &next);
            at = next;
        }
    }

    /// A point along p e^{αw} where Φ has fallen and does not rise steeply; `None` if none is found.
    fn lower(&self, at: &Point, rate: &[f64], evaluations: &mut usize) -> Result<Option<Point>> {
        let longest = rate.iter().fold(0.0, |most: f64, w| most.max(w.abs()));
        let before = slope_along(at, rate);
        let mut length = (LONGEST / longest).min(1.0);
        if !(before < 0.0) {
            return Ok(None);
        }
        for _ in 0..SHORTENINGS {
            if *evaluations >= self.options.max_evaluations {
                return Ok(None);
            }
            *evaluations += 1;
            let weights = at.state.probabilities().iter().zip(rate);
            let weights = weights.map(|(p, w)| p * (length * w).exp()).collect();
            let next = self.point(Distribution::from_weights(weights))?;
            // slopes tell a minimum apart far better than values, whose changes drown in the rounding of W₂²
            let after = slope_along(&next, rate);
            if after <= -TURNED * before {
                return Ok(Some(next));
            }
            length *= (before / (before - after)).clamp(0.1, 0.7);
        }
        Ok(None)
    }
}

fn ended(at: &Point, evaluations: usize, reason: StopReason) -> Convergence {
    Convergence {
        iterations: evaluations,
        residual: at.residual,
        target: at.target,
        reason,
    }
}

/// dΦ/dα along p e^{αw}/Σ p e^{αw}, at this state.
fn slope_along(at: &Point, rate: &[f64]) -> f64 {
    let p = at.state.probabilities();
    let mean = compensated_sum(p.iter().zip(rate).map(|(p, w)| p * w));
    compensated_sum(
        p.iter()
            .zip(rate)
            .zip(&at.slope)
            .map(|((p, w), g)| g * p * (w - mean)),
    )
}

/// What steps have taught of the second derivative: pairs (Δp, Δ∇Φ), whose product is positive as Φ is convex.
#[derive(Default)]
struct Curvature {
    pairs: VecDeque<(Vec<f64>, Vec<f64>, f64)>,
}

impl Curvature {
    fn add(&mut self, before: &Point, after: &Point) {
        let (p, q) = (before.state.probabilities(), after.state.probabilities());
        let moved: Vec<f64> = p.iter().zip(q).map(|(p, q)| q - p).collect();
        let turned: Vec<f64> = before
            .slope
            .iter()
            .zip(&after.slope)
            .map(|(g, h)| h - g)
            .collect();
        let product = dot(&moved, &turned);
        if product > 0.0 {
            if self.pairs.len() == MEMORY {
                self.pairs.pop_front();
            }
            self.pairs.push_back((moved, turned, product));
        }
    }

    /// The inverse second derivative times a slope, starting from that of the model.
    fn times(&self, slope: &[f64], model: impl Fn(&[f64]) -> Result<Vec<f64>>) -> Result<Vec<f64>> {
        let mut left = slope.to_vec();
        let mut parts = Vec::with_capacity(self.pairs.len());
        for (moved, turned, product) in self.pairs.iter().rev() {
            let part = dot(moved, &left) / product;
            add(&mut left, -part, turned);
            parts.push(part);
        }
        let mut step = model(&left)?;
        for ((moved, turned, product), part) in self.pairs.iter().zip(parts.iter().rev()) {
            let factor = part - dot(turned, &step) / product;
            add(&mut step, factor, moved);
        }
        Ok(step)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    compensated_sum(a.iter().zip(b).map(|(x, y)| x * y))
}

fn add(to: &mut [f64], factor: f64, what: &[f64]) {
    for (t, w) in to.iter_mut().zip(what) {
        *t += factor * w;
    }
}

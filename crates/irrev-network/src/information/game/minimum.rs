//! The minimum of Σ_e D_e/μ_e + |B J − target|², for μ_e ≥ 0.
//!
//! Newton's method with shortened steps. Each step is the least squares of the rows √(D''/2μ) above those of B, and is solved as that: the normal equations would lose
//! what small D/μ say of circulating currents, which B does not see. An edge with μ = 0 carries no current.

use irrev_numerics::linalg::{Matrix, least_norm};
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{Convergence, Error as NumericsError, StopReason};

use super::play::{Game, GameOptions, Outcome};
use crate::error::Result;

/// Change of the value, relative, that is rounding.
const FLAT: f64 = 16.0 * f64::EPSILON;

pub(super) fn minimum(game: &Game, factors: &[f64], options: &GameOptions) -> Result<Outcome> {
    let problem = Problem {
        game,
        factors,
        moving: (0..factors.len()).filter(|&e| factors[e] > 0.0).collect(),
    };
    let mut convergence = Convergence {
        iterations: 0,
        residual: 0.0,
        target: options.tolerance.target(1.0),
        reason: StopReason::Converged,
    };
    let mut currents = vec![0.0; factors.len()];
    if problem.moving.is_empty() {
        return Ok(game.outcome(currents, convergence));
    }
    loop {
        let missed = problem.missed(&currents);
        let step = problem.step(&currents, &missed)?;
        let size = |x: &[f64]| x.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        let moved =
            |length: f64| -> Vec<f64> { currents.iter().zip(&step).map(|(j, s)| j + length * s).collect() };
        let whole = moved(1.0);
        let largest = size(&whole).max(f64::MIN_POSITIVE);
        convergence.residual = size(&step) / largest;
        convergence.iterations += 1;
        if convergence.converged() {
            return Ok(game.outcome(whole, convergence));
        }
        if convergence.iterations >= options.tolerance.max_iterations {
            return Err(stopped(convergence, StopReason::IterationLimit).into());
        }
        let here = problem.value(&currents, &missed);
        let slope = problem.slope(&currents, &missed, &step);
        // near the minimum the value no longer changes, and Newton's step is as good as it gets
        let rounding = FLAT * here.abs();
        let mut length = 1.0_f64;
        currents = loop {
            let next = moved(length);
            let there = problem.value(&next, &problem.missed(&next));
            if there <= here + 1e-4 * length * slope + rounding {
                break next;
            }
            length *= 0.5;
            if length < 1e-14 {
                return Err(stopped(convergence, StopReason::Rounding).into());
            }
        };
    }
}

fn stopped(convergence: Convergence, reason: StopReason) -> NumericsError {
    NumericsError::NotConverged {
        what: "minimum of a game",
        convergence: Convergence {
            reason,
            ..convergence
        },
    }
}

struct Problem<'a> {
    game: &'a Game,
    factors: &'a [f64],
    /// Edges with μ > 0.
    moving: Vec<usize>,
}

impl Problem<'_> {
    fn value(&self, currents: &[f64], missed: &[f64]) -> f64 {
        let paid = self
            .moving
            .iter()
            .map(|&e| self.game.dissipation[e].of(currents[e]) / self.factors[e]);
        compensated_sum(paid.chain(missed.iter().map(|m| m * m)))
    }

    /// B J − target.
    fn missed(&self, currents: &[f64]) -> Vec<f64> {
        let achieved = self.game.incidence.apply_to(currents);
        achieved
            .iter()
            .zip(&self.game.target)
            .map(|(a, t)| a - t)
            .collect()
    }

    /// Derivative of the value along a step.
    fn slope(&self, currents: &[f64], missed: &[f64], step: &[f64]) -> f64 {
        let paid = self
            .moving
            .iter()
            .map(|&e| self.game.dissipation[e].slope(currents[e]) / self.factors[e] * step[e]);
        let change = self.game.incidence.apply_to(step);
        compensated_sum(paid.chain(missed.iter().zip(&change).map(|(m, c)| 2.0 * m * c)))
    }

    /// Newton's step s: the least squares of √c (s + D'/D'') over the edges, c = D''/2μ, and of B s + missed over the states.
    fn step(&self, currents: &[f64], missed: &[f64]) -> Result<Vec<f64>> {
        let game = self.game;
        let (edges, states) = (self.moving.len(), missed.len());
        let root = |k: usize| {
            let e = self.moving[k];
            (0.5 * game.dissipation[e].curvature(currents[e]) / self.factors[e]).sqrt()
        };
        let rows = Matrix::from_fn(edges + states, edges, |i, k| {
            if i >= edges {
                game.incidence[(i - edges, self.moving[k])]
            } else if i == k {
                root(k)
            } else {
                0.0
            }
        });
        let own = self.moving.iter().enumerate().map(|(k, &e)| {
            let law = game.dissipation[e];
            -root(k) * law.slope(currents[e]) / law.curvature(currents[e])
        });
        let push: Vec<f64> = own.chain(missed.iter().map(|m| -m)).collect();
        let found = least_norm(&rows, &push, 0.0)?;
        let mut step = vec![0.0; currents.len()];
        for (&e, s) in self.moving.iter().zip(found.x) {
            step[e] = s;
        }
        Ok(step)
    }
}

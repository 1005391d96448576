//! The minimum of Σ_e D_e/μ_e + |B J − target|², for μ_e ≥ 0.
//!
//! Newton's method with shortened steps. The matrix diag(D''/2μ) + BᵀB is the Gram matrix of the rows √(D''/2μ) above those of B, and is factorised as that: edges
//! with large μ lose nothing beside others. An edge with μ = 0 carries no current.

use irrev_numerics::linalg::{GramFactor, Matrix};
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{Convergence, Error as NumericsError, StopReason};

use super::play::{Game, GameOptions, Outcome};
use crate::error::Result;

pub(super) fn minimum(game: &Game, factors: &[f64], options: &GameOptions) -> Result<Outcome> {
    let problem = Problem {
        game,
        factors,
        moving: (0..factors.len()).filter(|&e| factors[e] > 0.0).collect(),
    };
    let mut convergence = Convergence {
        iterations: 0,
        residual: f64::INFINITY,
        target: options.tolerance.target(1.0),
        reason: StopReason::Converged,
    };
    let mut currents = vec![0.0; factors.len()];
    loop {
        let gradient = problem.gradient(&currents);
        convergence.residual = gradient.worst;
        if convergence.converged() {
            return Ok(game.outcome(currents, convergence));
        }
        if convergence.iterations == options.tolerance.max_iterations {
            return Err(stopped(convergence, StopReason::IterationLimit).into());
        }
        convergence.iterations += 1;
        let step = problem
            .step(&currents, &gradient.values)
            .ok_or_else(|| stopped(convergence, StopReason::Breakdown))?;
        let slope = compensated_sum(gradient.values.iter().zip(&step).map(|(g, s)| g * s));
        let here = problem.value(&currents);
        let mut length = 1.0_f64;
        currents = loop {
            let moved: Vec<f64> = currents.iter().zip(&step).map(|(j, s)| j + length * s).collect();
            // near the minimum the value no longer changes, and the gradient decides
            if problem.value(&moved) <= here + 1e-4 * length * slope
                || problem.gradient(&moved).worst < gradient.worst
            {
                break moved;
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

struct Gradient {
    /// By J of every edge; 0 on edges that stand still.
    values: Vec<f64>,
    /// The largest relative to the terms it is the sum of.
    worst: f64,
}

impl Problem<'_> {
    fn value(&self, currents: &[f64]) -> f64 {
        let game = self.game;
        let paid = self
            .moving
            .iter()
            .map(|&e| game.dissipation[e].of(currents[e]) / self.factors[e]);
        let missed = self.missed(currents);
        compensated_sum(paid.chain(missed.iter().map(|m| m * m)))
    }

    fn missed(&self, currents: &[f64]) -> Vec<f64> {
        let achieved = self.game.incidence.apply_to(currents);
        achieved
            .iter()
            .zip(&self.game.target)
            .map(|(a, t)| a - t)
            .collect()
    }

    fn gradient(&self, currents: &[f64]) -> Gradient {
        let game = self.game;
        let missed = self.missed(currents);
        let scale: Vec<f64> = (0..missed.len())
            .map(|i| {
                let terms = (0..currents.len()).map(|e| (game.incidence[(i, e)] * currents[e]).abs());
                game.target[i].abs() + terms.sum::<f64>()
            })
            .collect();
        let mut found = Gradient {
            values: vec![0.0; currents.len()],
            worst: 0.0,
        };
        for &e in &self.moving {
            let own = game.dissipation[e].slope(currents[e]) / self.factors[e];
            let column = game.incidence.column(e);
            let pull = compensated_sum(column.iter().zip(&missed).map(|(b, m)| 2.0 * b * m));
            let size = own.abs()
                + column
                    .iter()
                    .zip(&scale)
                    .map(|(b, s)| 2.0 * b.abs() * s)
                    .sum::<f64>();
            found.values[e] = own + pull;
            if size > 0.0 {
                found.worst = found.worst.max((own + pull).abs() / size);
            }
        }
        found
    }

    /// Newton's step; `None` if the matrix has no rank.
    fn step(&self, currents: &[f64], gradient: &[f64]) -> Option<Vec<f64>> {
        let game = self.game;
        let (edges, states) = (self.moving.len(), game.incidence.rows());
        let rows = Matrix::from_fn(edges + states, edges, |i, k| {
            let e = self.moving[k];
            if i >= edges {
                game.incidence[(i - edges, e)]
            } else if i == k {
                (0.5 * game.dissipation[e].curvature(currents[e]) / self.factors[e]).sqrt()
            } else {
                0.0
            }
        });
        let factor = GramFactor::new(rows)?;
        let push: Vec<f64> = self.moving.iter().map(|&e| -0.5 * gradient[e]).collect();
        let mut step = vec![0.0; currents.len()];
        for (&e, s) in self.moving.iter().zip(factor.solve(&push)) {
            step[e] = s;
        }
        Some(step)
    }
}

//! Newton's method on the logarithm of a partition function.

use irrev_numerics::special::log_sum_exp;
use irrev_numerics::{Convergence, StopReason};

use super::matching::Reservoir;
use crate::error::{Error, Result};

/// A β whose exponents are smaller than this for all levels is 0 up to rounding, where there is no chemical potential.
const INFINITE: f64 = 1e-12;

/// Steps before giving up.
const MOST_STEPS: usize = 500;

/// A level relative to the energy and the number that are matched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    pub energy: f64,
    pub number: f64,
    /// Logarithm of how many levels it stands for.
    pub logarithm: f64,
}

/// First and second moments of energy and number at some β and α.
struct Moments {
    logarithm: f64,
    energy: f64,
    number: f64,
    energy_variance: f64,
    covariance: f64,
    number_variance: f64,
}

fn moments(levels: &[Level], beta: f64, alpha: f64) -> Moments {
    let logits: Vec<f64> = levels
        .iter()
        .map(|level| level.logarithm - beta * level.energy + alpha * level.number)
        .collect();
    let logarithm = log_sum_exp(&logits);
    let weights: Vec<f64> = logits.iter().map(|x| (x - logarithm).exp()).collect();
    let mean = |value: &dyn Fn(&Level) -> f64| -> f64 {
        weights
            .iter()
            .zip(levels)
            .map(|(w, level)| w * value(level))
            .sum()
    };
    let (energy, number) = (mean(&|level| level.energy), mean(&|level| level.number));
    Moments {
        logarithm,
        energy,
        number,
        energy_variance: mean(&|level| (level.energy - energy).powi(2)),
        covariance: mean(&|level| (level.energy - energy) * (level.number - number)),
        number_variance: mean(&|level| (level.number - number).powi(2)),
    }
}

/// β and α with ⟨H⟩ and ⟨N⟩ at zero: the minimum of ln Σ e^{−βE + αN}. Without a start of α it stays 0 and only ⟨H⟩ is matched.
pub(super) fn matched(levels: &[Level], start: Option<f64>) -> Result<Reservoir> {
    let scale = levels.iter().fold(0.0_f64, |m, level| m.max(level.energy.abs()));
    let (mut beta, mut alpha) = (0.0, start.unwrap_or(0.0));
    let mut now = moments(levels, beta, alpha);
    let mut residual = f64::INFINITY;
    for _ in 0..MOST_STEPS {
        // gradient of the logarithm: −⟨E⟩ and ⟨N⟩; its Hessian is the covariance
        let (step_beta, step_alpha) = if start.is_some() {
            let determinant = now.energy_variance * now.number_variance - now.covariance * now.covariance;
            let beta = (now.number_variance * now.energy - now.covariance * now.number) / determinant;
            let alpha = (now.covariance * now.energy - now.energy_variance * now.number) / determinant;
            (beta, alpha)
        } else {
            (now.energy / now.energy_variance, 0.0)
        };
        let slope = -now.energy * step_beta + now.number * step_alpha;
        if !slope.is_finite() {
            break;
        }
        let error = (now.energy / scale)
            .abs()
            .max(if start.is_some() { now.number.abs() } else { 0.0 });
        // quadratic convergence: a step that no longer halves the error is at rounding
        if error < 1e-12 && error > 0.5 * residual || error == 0.0 {
            let beta = if (beta * scale).abs() < INFINITE {
                0.0
            } else {
                beta
            };
            return Ok(Reservoir { beta, alpha });
        }
        residual = error;
        let mut share = 1.0;
        loop {
            let (new_beta, new_alpha) = (beta + share * step_beta, alpha + share * step_alpha);
            let then = moments(levels, new_beta, new_alpha);
            let rounding = 1e-14 * (1.0 + now.logarithm.abs());
            if then.logarithm <= now.logarithm + 1e-4 * share * slope + rounding {
                (beta, alpha, now) = (new_beta, new_alpha, then);
                break;
            }
            share *= 0.5;
            if share < 1e-12 {
                return Err(not_converged(residual));
            }
        }
    }
    Err(not_converged(residual))
}

fn not_converged(residual: f64) -> Error {
    Error::Numerics(irrev_numerics::Error::NotConverged {
        what: "the match of a temperature",
        convergence: Convergence {
            residual,
            target: 1e-12,
            iterations: MOST_STEPS,
            reason: StopReason::IterationLimit,
        },
    })
}

//! Couplings without their first-order bias, finite whatever the data: the likelihood times the root of the determinant of its information.
//!
//! Maximum likelihood puts couplings too far from zero by A⁻¹ ⟨x tanh h sech²h (xᵀ A⁻¹ x)⟩/T, and without bound where one state is never followed by another. Subtracting
//! that number once is enough where it is small, and worse than nothing where it is not. The place where the slope of the likelihood equals what the bias adds to it,
//!
//! ```text
//! L(w) − λ/2 Σ_j J_j² + (1/2T) ln det A(w) → max,      A = ⟨sech²h x xᵀ⟩ + λ,
//! ```
//!
//! is the same to first order, and finite always: Jeffreys' prior. It is climbed to by Newton's steps with A, halved where they do not ascend.
//!
//! Source: D. Firth, Biometrika 80, 27 (1993).

use irrev_numerics::linalg::Matrix;
use irrev_numerics::{Convergence, StopReason};

use super::fisher::{Information, first_order_bias, information};
use super::likelihood::Fit;
use super::transitions::Transitions;
use crate::error::{Error, Result};

/// Part of a standard error, squared, up to which a place is known.
const CLOSE: f64 = 1e-5;
/// Evaluations after which a fit is given up; two or three suffice where the bias is small, some ten where couplings have no other bound.
const EVALUATIONS: usize = 300;
/// A unit whose steps are shorter than this part of Newton's ascends no more.
const SHORTEST: f64 = 1e-6;

/// A network without the first-order bias of its couplings, and the information there.
pub(super) struct Reduced {
    pub(super) fit: Fit,
    pub(super) information: Vec<Information>,
}

/// What is known at the present place.
struct Place {
    fit: Fit,
    information: Vec<Information>,
    /// L − λ/2 Σ J² + ln det A/2T of each unit.
    objective: Vec<f64>,
    /// Newton's step of each unit, a row.
    step: Matrix,
    /// T × (slope · step) of each unit: squared distance from the maximum in standard errors.
    distance: Vec<f64>,
}

impl Place {
    fn at(fit: Fit, transitions: &Transitions<'_>) -> Result<Self> {
        let n = fit.units();
        let total = transitions.len() as f64;
        let information = information(&fit, transitions)?;
        let bias = first_order_bias(&fit, transitions, &information);
        let scores = fit.scores_of(transitions)?;
        let (slope, likelihood) = (fit.penalised_slope(&scores), &scores.log_likelihood);
        let mut step = Matrix::zeros(n, n + 1);
        let (mut objective, mut distance) = (Vec::with_capacity(n), Vec::with_capacity(n));
        for (i, unit) in information.iter().enumerate() {
            let row: Vec<f64> = (0..=n).map(|j| slope[(i, j)]).collect();
            let along = unit.inverse.apply_to(&row);
            let taken: Vec<f64> = (0..=n).map(|j| along[j] - bias[(i, j)]).collect();
            let curved = unit.information.apply_to(&taken);
            distance.push(total * taken.iter().zip(&curved).map(|(d, a)| d * a).sum::<f64>());
            for (j, d) in taken.into_iter().enumerate() {
                step[(i, j)] = d;
            }
            let square: f64 = (0..n).map(|j| fit.couplings[(i, j)].powi(2)).sum();
            objective.push(likelihood[i] - 0.5 * fit.penalty * square + 0.5 * unit.log_determinant / total);
        }
        Ok(Self {
            fit,
            information,
            objective,
            step,
            distance,
        })
    }

    /// What rounding leaves of a unit's objective.
    fn rounding(&self, unit: usize) -> f64 {
        1e-13 * self.objective[unit].abs()
    }

    /// The place that lies the given part of each unit's step away.
    fn moved(&self, parts: &[f64], transitions: &Transitions<'_>) -> Vec<Vec<f64>> {
        let (n, weights) = (transitions.units(), self.fit.weights());
        (0..n)
            .map(|i| {
                (0..=n)
                    .map(|j| weights[(i, j)] + parts[i] * self.step[(i, j)])
                    .collect()
            })
            .collect()
    }
}

/// The network without the first-order bias of its couplings, from the most likely one. Each evaluation takes O(T N³).
///
/// # Errors
/// As [`information`]; [`irrev_numerics::Error::NotConverged`].
pub(super) fn reduced(fit: &Fit, transitions: &Transitions<'_>) -> Result<Reduced> {
    let n = fit.units();
    let blocks = transitions.blocks();
    let mut place = Place::at(fit.clone(), transitions)?;
    let mut parts = vec![1.0; n];
    let total = transitions.len() as f64;
    let mut convergence = Convergence {
        iterations: 0,
        residual: f64::INFINITY,
        target: CLOSE,
        reason: StopReason::IterationLimit,
    };
    for evaluation in 1..=EVALUATIONS {
        convergence.residual = place.distance.iter().copied().fold(0.0, f64::max);
        convergence.iterations = fit.convergence.iterations + evaluation;
        let open = |i: usize| place.distance[i] > CLOSE && parts[i] > SHORTEST;
        if !(0..n).any(open) {
            // where no step ascends, what a whole one would gain must be rounding
            let stalls = |i: usize| {
                place.distance[i] > CLOSE && place.distance[i] > 2.0 * total * 100.0 * place.rounding(i)
            };
            if (0..n).any(stalls) {
                convergence.reason = StopReason::Breakdown;
                break;
            }
            convergence.reason = StopReason::Converged;
            place.fit.convergence = convergence;
            return Ok(Reduced {
                fit: place.fit,
                information: place.information,
            });
        }
        let taken: Vec<f64> = (0..n).map(|i| if open(i) { parts[i] } else { 0.0 }).collect();
        let weights = place.moved(&taken, transitions);
        let trial = Place::at(
            Fit::at(&blocks, &weights, fit.penalty, fit.convergence),
            transitions,
        );
        let falls: Vec<usize> = match &trial {
            Ok(trial) => (0..n)
                .filter(|&i| !(trial.objective[i] >= place.objective[i] - place.rounding(i)))
                .collect(),
            // a step so long that the information vanishes
            Err(_) => (0..n).filter(|&i| taken[i] > 0.0).collect(),
        };
        if falls.is_empty() {
            place = trial?;
            parts = vec![1.0; n];
            continue;
        }
        for i in 0..n {
            parts[i] = if falls.contains(&i) {
                0.25 * taken[i]
            } else {
                taken[i]
            };
        }
    }
    Err(Error::Numerics(irrev_numerics::Error::NotConverged {
        what: "couplings without their first-order bias",
        convergence,
    }))
}

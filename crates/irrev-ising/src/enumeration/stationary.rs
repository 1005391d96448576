//! The stationary law of a stochastic map on many states: Anderson's acceleration of the power method.
//!
//! Among combinations of the last few iterates that sum to one, the one whose step is shortest is advanced. Plain steps at the end leave no negative
//! probability. Where a network hardly ever leaves a part of its states every mixture of such parts looks stationary: a short step proves nothing, and only
//! two starts that agree say that the weights of the parts are right. Source: D. G. Anderson, J. ACM 12, 547 (1965).

use irrev_numerics::linalg::{Matrix, least_norm};
use irrev_numerics::sum::blocked_sum;
use irrev_numerics::{Convergence, Error as NumericsError, Run, StopReason};

use crate::error::Result;

/// Iterates that are combined.
const DEPTH: usize = 6;

/// Most steps of the map.
const STEPS: usize = 2000;

/// Largest Σ |P π − π| of what counts as stationary.
const RESIDUAL: f64 = 1e-14;

/// Steps without a smaller residual after which rounding is what is left, if it is this small.
const STALLED: (usize, f64) = (12, 1e-12);

/// Laws from two starts may differ by this much, Σ |π − π'|.
const AGREEMENT: f64 = 1e-10;

/// π = P π, from all states alike and once more from one of them; the residual is the larger one of Σ |P π − π| and of what the two differ by.
pub(super) fn stationary(
    states: usize,
    run: &Run<'_>,
    mut map: impl FnMut(&[f64]) -> Result<Vec<f64>>,
) -> Result<(Vec<f64>, Convergence)> {
    let (found, convergence) = from_start(vec![1.0 / states as f64; states], run, &mut map)?;
    let mut one = vec![0.0; states];
    one[0] = 1.0;
    let (again, _) = from_start(one, run, &mut map)?;
    let difference = blocked_sum(states, |s| (found[s] - again[s]).abs());
    let convergence = Convergence {
        residual: convergence.residual.max(difference),
        ..convergence
    };
    if difference > AGREEMENT {
        return Err(NumericsError::NotConverged {
            what: "the stationary law, which two starts give differently as some states are hardly ever left,",
            convergence: Convergence {
                target: AGREEMENT,
                reason: StopReason::Breakdown,
                ..convergence
            },
        }
        .into());
    }
    Ok((found, convergence))
}

fn from_start(
    mut here: Vec<f64>,
    run: &Run<'_>,
    map: &mut impl FnMut(&[f64]) -> Result<Vec<f64>>,
) -> Result<(Vec<f64>, Convergence)> {
    let states = here.len();
    let mut history: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    let (mut best, mut residual, mut since) = (here.clone(), f64::INFINITY, 0);
    for iterations in 1..=STEPS {
        let there = map(&here)?;
        let change = blocked_sum(states, |s| (there[s] - here[s]).abs());
        let progress = change.max(RESIDUAL).ln() / RESIDUAL.ln();
        run.report(progress.clamp(0.0, 1.0), "stationary law")?;
        if change < residual {
            (residual, since) = (change, 0);
            best.clone_from(&there);
        } else {
            since += 1;
        }
        let as_good_as_it_gets = since >= STALLED.0 && residual <= STALLED.1;
        if residual <= RESIDUAL || as_good_as_it_gets {
            let reason = if residual <= RESIDUAL {
                StopReason::Converged
            } else {
                StopReason::Rounding
            };
            let convergence = Convergence {
                iterations,
                residual,
                target: RESIDUAL,
                reason,
            };
            return Ok((normalised(best), convergence));
        }
        history.push((here, there));
        if history.len() > DEPTH {
            history.remove(0);
        }
        here = normalised(combined(&history)?);
    }
    Err(NumericsError::NotConverged {
        what: "the stationary law",
        convergence: Convergence {
            iterations: STEPS,
            residual,
            target: RESIDUAL,
            reason: StopReason::IterationLimit,
        },
    }
    .into())
}

/// The images of the last iterates, combined so that the step is shortest; the last image itself where the combination leaves the distributions.
fn combined(history: &[(Vec<f64>, Vec<f64>)]) -> Result<Vec<f64>> {
    let Some(((here, there), earlier)) = history.split_last() else {
        return Ok(Vec::new());
    };
    if earlier.is_empty() {
        return Ok(there.clone());
    }
    let states = here.len();
    let step = |k: usize, s: usize| history[k].1[s] - history[k].0[s];
    let last = earlier.len();
    let difference = |k: usize, s: usize| step(k, s) - step(last, s);
    let gram = Matrix::from_fn(last, last, |i, j| {
        blocked_sum(states, |s| difference(i, s) * difference(j, s))
    });
    let right: Vec<f64> = (0..last)
        .map(|i| blocked_sum(states, |s| -difference(i, s) * step(last, s)))
        .collect();
    let weights = least_norm(&gram, &right, 1e-12)?.x;
    let mixed: Vec<f64> = (0..states)
        .map(|s| {
            let shifts = earlier
                .iter()
                .zip(&weights)
                .map(|((_, image), w)| w * (image[s] - there[s]));
            there[s] + shifts.sum::<f64>()
        })
        .collect();
    Ok(if mixed.iter().all(|p| *p >= 0.0) {
        mixed
    } else {
        there.clone()
    })
}

fn normalised(mut p: Vec<f64>) -> Vec<f64> {
    let total = irrev_numerics::sum::compensated_sum(p.iter().copied());
    p.iter_mut().for_each(|p| *p /= total);
    p
}

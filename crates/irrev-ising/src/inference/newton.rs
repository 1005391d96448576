//! Newton's method for one unit: the last digits where the shared factor was not enough, and the proof where there is no maximum.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::{Convergence, StopReason};

use super::cholesky::Cholesky;
use super::error::DataError;
use super::exponential::decay;
use super::transitions::{Blocks, accumulate};
use crate::error::{Error, Result};

/// Steps after which the method gives up; from anywhere a dozen suffice.
const STEPS: usize = 100;
/// Fields this large are rare in data with a maximum; beyond them separation is looked for.
const LARGE_FIELD: f64 = 10.0;
/// A separating direction is one along which no transition loses more than this part of the largest gain.
const SEPARATION: f64 = 1e-7;

/// Slope and information of one unit, averaged over transitions, and the largest |h|.
struct Local {
    gradient: Vec<f64>,
    information: Matrix,
    largest_field: f64,
}

fn local(blocks: &Blocks<'_>, unit: usize, w: &[f64]) -> Local {
    let p = w.len();
    let zero = || Local {
        gradient: vec![0.0; p],
        information: Matrix::zeros(p, p),
        largest_field: 0.0,
    };
    let join = |total: &mut Local, part: Local| {
        accumulate(&mut total.information, &part.information);
        total
            .gradient
            .iter_mut()
            .zip(&part.gradient)
            .for_each(|(a, b)| *a += b);
        total.largest_field = total.largest_field.max(part.largest_field);
    };
    let mut sums = blocks.sum(
        zero,
        |sums, block| {
            let fields = block.field(w);
            let root_of_response = |h: f64| {
                let e = decay(2.0 * h.abs());
                2.0 * decay(h.abs()) / (1.0 + e)
            };
            let roots: Vec<f64> = fields.iter().map(|h| root_of_response(*h)).collect();
            accumulate(&mut sums.information, &block.weighted_squares(&roots));
            let residuals = fields.iter().enumerate();
            let residuals: Vec<f64> = residuals.map(|(t, h)| block.after(t)[unit] - h.tanh()).collect();
            for (t, residual) in residuals.iter().enumerate() {
                let terms = sums.gradient.iter_mut().zip(block.before(t));
                terms.for_each(|(sum, x)| *sum += residual * x);
            }
            sums.largest_field = fields
                .iter()
                .fold(sums.largest_field, |most, h| most.max(h.abs()));
        },
        join,
    );
    let mean = 1.0 / blocks.transitions() as f64;
    sums.gradient.iter_mut().for_each(|g| *g *= mean);
    sums.information = sums.information.scaled(mean);
    sums
}

/// Whether a direction raises the field of the state that follows, or leaves it, in all transitions.
fn separates(blocks: &Blocks<'_>, unit: usize, direction: &[f64]) -> bool {
    let (least, most) = blocks.sum(
        || (f64::INFINITY, f64::NEG_INFINITY),
        |range, block| {
            for (t, h) in block.field(direction).into_iter().enumerate() {
                let gain = block.after(t)[unit] * h;
                *range = (range.0.min(gain), range.1.max(gain));
            }
        },
        |total, part| *total = (total.0.min(part.0), total.1.max(part.1)),
    );
    most > 0.0 && least >= -SEPARATION * most
}

/// Subtracts the slope of the penalty λ/2 Σ_j J_ij², which leaves the field free.
pub(super) fn penalise(gradient: &mut [f64], w: &[f64], penalty: f64) {
    for (g, w) in gradient[1..].iter_mut().zip(&w[1..]) {
        *g -= penalty * w;
    }
}

/// Information plus the curvature of the penalty.
pub(super) fn penalised(information: &Matrix, penalty: f64) -> Matrix {
    let n = information.rows();
    Matrix::from_fn(n, n, |i, j| {
        information[(i, j)] + if i == j && i > 0 { penalty } else { 0.0 }
    })
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The maximum of the penalised likelihood of one unit, from a start; the residual is the largest component of the last Newton step.
pub(super) fn polish(
    blocks: &Blocks<'_>,
    unit: usize,
    mut w: Vec<f64>,
    penalty: f64,
    tolerance: f64,
) -> Result<(Vec<f64>, Convergence)> {
    let mut residual = f64::INFINITY;
    let mut here = local(blocks, unit, &w);
    for iterations in 1..=STEPS {
        penalise(&mut here.gradient, &w, penalty);
        let separable = penalty == 0.0 && here.largest_field > LARGE_FIELD;
        let factor = Cholesky::new(&penalised(&here.information, penalty));
        let Ok(factor) = factor else {
            let error = if separable {
                DataError::Separated { unit }
            } else {
                DataError::Dependent {
                    unit: factor.err().unwrap_or(0).saturating_sub(1),
                }
            };
            return Err(error.into());
        };
        let step = factor.solve(&here.gradient);
        residual = step.iter().fold(0.0, |most: f64, d| most.max(d.abs()));
        if residual <= tolerance {
            let convergence = Convergence {
                iterations,
                residual,
                target: tolerance,
                reason: StopReason::Converged,
            };
            return Ok((w, convergence));
        }
        if separable && (separates(blocks, unit, &step) || separates(blocks, unit, &w)) {
            return Err(DataError::Separated { unit }.into());
        }
        // the function is concave: as long as the slope at the end is not more negative than the one at the start was positive, it grew
        let slope = dot(&here.gradient, &step);
        let mut length = 1.0;
        loop {
            let trial: Vec<f64> = w.iter().zip(&step).map(|(w, d)| w + length * d).collect();
            here = local(blocks, unit, &trial);
            let mut gradient = here.gradient.clone();
            penalise(&mut gradient, &trial, penalty);
            let end = dot(&gradient, &step);
            if end >= -0.5 * slope || length < 1e-8 {
                w = trial;
                break;
            }
            length *= (slope / (slope - end)).clamp(0.1, 0.7);
        }
    }
    Err(Error::Numerics(irrev_numerics::Error::NotConverged {
        what: "maximum of the likelihood of a unit",
        convergence: Convergence {
            iterations: STEPS,
            residual,
            target: tolerance,
            reason: StopReason::IterationLimit,
        },
    }))
}

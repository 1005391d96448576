//! Local minimisation over positive states, in θ = ln(p/π).
//!
//! The smallest eigenvalue is a minimum of smooth functions, one for each ψ; where two of them cross it has a ridge, never a valley, and every
//! local minimum is stationary for each eigenvector that attains it. Quasi-Newton steps (BFGS with backtracking) along the slope of one
//! eigenvector therefore need no care at crossings.
//!
//! Source: J. Nocedal and S. Wright, Numerical Optimization (2006), algorithm 6.1.

use irrev_numerics::linalg::Matrix;

use crate::error::Result;

/// Steps after which a descent gives up.
const STEPS: usize = 300;

/// Halvings of a step after which nothing is lower along it.
const HALVINGS: usize = 40;

/// Largest change of ln p in a step.
const LONGEST: f64 = 2.0;

/// Share of the promised decrease that a step must keep (Armijo).
const DECREASE: f64 = 1e-4;

/// A decrease below this, relative to the scale, is rounding; so many in a row end the descent.
const ROUNDING: (f64, usize) = (1e-15, 3);

/// When a descent stops.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Largest difference between entries of θ.
    pub(super) spread: f64,
    /// Norm of the slope at which the point is stationary.
    pub(super) slope: f64,
    /// Size of values.
    pub(super) scale: f64,
}

/// Where a descent ended.
#[derive(Debug, Clone)]
pub(super) struct Descent {
    pub(super) value: f64,
    pub(super) log_density: Vec<f64>,
    pub(super) evaluations: usize,
}

/// Follows a function of θ, given with its slope, downhill.
///
/// # Errors
/// Whatever the function returns.
pub(super) fn descend(
    start: Vec<f64>,
    limits: &Limits,
    function: impl Fn(&[f64]) -> Result<(f64, Vec<f64>)>,
) -> Result<Descent> {
    let n = start.len();
    let mut theta = within(start, limits.spread);
    let (mut value, mut slope) = function(&theta)?;
    let mut evaluations = 1;
    let mut inverse = Matrix::identity(n);
    let (mut fresh, mut standstill) = (true, 0);
    for _ in 0..STEPS {
        // entries at the limit that would leave it stay
        let held: Vec<bool> = theta
            .iter()
            .zip(&slope)
            .map(|(t, g)| *t <= -limits.spread && *g > 0.0)
            .collect();
        let released = |v: Vec<f64>| -> Vec<f64> {
            v.iter()
                .zip(&held)
                .map(|(v, h)| if *h { 0.0 } else { -v })
                .collect()
        };
        let steepest = released(slope.clone());
        if norm(&steepest) <= limits.slope || standstill == ROUNDING.1 {
            break;
        }
        let mut direction = released(inverse.apply_to(&slope));
        if dot(&direction, &slope) >= 0.0 {
            (inverse, fresh) = (Matrix::identity(n), true);
            direction = steepest;
        }
        let longest = direction.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
        // before anything is known about curvature the unit of time sets the length, which means nothing
        let allowed = if fresh { LONGEST / 8.0 } else { LONGEST };
        let mut step = if fresh || longest > allowed {
            allowed / longest
        } else {
            1.0
        };
        let mut accepted = None;
        for _ in 0..HALVINGS {
            let moved = theta.iter().zip(&direction).map(|(t, d)| t + step * d).collect();
            let trial = within(moved, limits.spread);
            let (new_value, new_slope) = function(&trial)?;
            evaluations += 1;
            if new_value <= value + DECREASE * step * dot(&direction, &slope) {
                accepted = Some((trial, new_value, new_slope));
                break;
            }
            step *= 0.5;
        }
        let Some((trial, new_value, new_slope)) = accepted else {
            if fresh {
                break;
            }
            (inverse, fresh) = (Matrix::identity(n), true);
            continue;
        };
        standstill = if value - new_value <= ROUNDING.0 * limits.scale {
            standstill + 1
        } else {
            0
        };
        let moved: Vec<f64> = trial.iter().zip(&theta).map(|(new, old)| new - old).collect();
        let turned: Vec<f64> = new_slope.iter().zip(&slope).map(|(new, old)| new - old).collect();
        update(&mut inverse, &mut fresh, &moved, &turned);
        (theta, value, slope) = (trial, new_value, new_slope);
    }
    Ok(Descent {
        value,
        log_density: theta,
        evaluations,
    })
}

/// The BFGS update of the inverse Hessian by a step s and the change y of the slope, if s·y > 0.
fn update(inverse: &mut Matrix, fresh: &mut bool, s: &[f64], y: &[f64]) {
    let sy = dot(s, y);
    if sy <= 1e-12 * norm(s) * norm(y) {
        return;
    }
    let n = s.len();
    if std::mem::replace(fresh, false) {
        *inverse = Matrix::identity(n).scaled(sy / dot(y, y));
    }
    let hy = inverse.apply_to(y);
    let factor = (1.0 + dot(y, &hy) / sy) / sy;
    for i in 0..n {
        for j in 0..n {
            inverse[(i, j)] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy;
        }
    }
}

/// θ with entries no farther than `spread` below the largest.
fn within(mut theta: Vec<f64>, spread: f64) -> Vec<f64> {
    let largest = theta.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for t in &mut theta {
        *t = (*t - largest).max(-spread);
    }
    theta
}

/// Σ a b.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// √Σ a².
pub(super) fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

//! The path p(t) of a driven process over an interval: accepted steps, their propagators, and the state at any time.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::tolerance::{Convergence, StopReason};
use irrev_numerics::{Error as NumericsError, Run, Tolerance};

use super::driven::DrivenJump;
use crate::error::Result;
use crate::state::Distribution;

/// Halvings of the first step towards a start on the boundary, where the entropy production rate diverges as −ln t.
const HALVINGS: i32 = 60;

/// A path of a driven process over [from, to].
pub(crate) struct DrivenPath<'a, 'r> {
    process: &'a DrivenJump<'r>,
    grid: Grid,
    breaks: Vec<f64>,
    /// The state at each time of the grid.
    anchors: Vec<Distribution>,
}

impl<'a, 'r> DrivenPath<'a, 'r> {
    /// Follows the process from `start`, ‖error‖₁ within the tolerance.
    ///
    /// # Errors
    /// [`crate::Error::Length`], [`crate::Error::Domain`], [`crate::Error::Rate`]; not converged; cancelled.
    pub(crate) fn new(
        process: &'a DrivenJump<'r>,
        start: &Distribution,
        from: f64,
        to: f64,
        tolerance: Tolerance,
        run: &Run<'_>,
    ) -> Result<Self> {
        process
            .network
            .check_states("initial distribution", start.probabilities())?;
        crate::require(
            "end of the protocol",
            to,
            to.is_finite() && to > from,
            "a finite time after its beginning",
        )?;
        let grid = grid(process, from, to, tolerance, run)?;
        let mut anchors = vec![start.clone()];
        for (k, propagator) in grid.propagators.iter().enumerate() {
            let moved = propagator.apply_to(anchors[k].probabilities());
            anchors.push(Distribution::from_weights(moved));
        }
        let mut breaks: Vec<f64> = Vec::new();
        if start.probabilities().contains(&0.0) {
            let first = grid.times[1] - from;
            breaks.push(from);
            breaks.extend((0..HALVINGS).rev().map(|k| from + first * 0.5_f64.powi(k)));
            breaks.extend(&grid.times[2..]);
        } else {
            breaks.extend(&grid.times);
        }
        Ok(Self {
            process,
            grid,
            breaks,
            anchors,
        })
    }

    /// Ends of the panels on which integrals along the path begin.
    pub(crate) fn breaks(&self) -> &[f64] {
        &self.breaks
    }

    /// The state at the end.
    pub(crate) fn end(&self) -> &Distribution {
        &self.anchors[self.anchors.len() - 1]
    }

    /// Steps taken, summed error estimate of the state and its target.
    pub(crate) fn convergence(&self) -> Convergence {
        self.grid.convergence
    }

    /// The state at a time within the interval.
    pub(crate) fn at(&self, t: f64) -> Result<Distribution> {
        let times = &self.grid.times;
        let k = times.partition_point(|s| *s <= t).clamp(1, times.len() - 1) - 1;
        // a part of an accepted step is shorter than the step, so its rates stay non-negative; if not, keep halving
        let mut p = self.anchors[k].clone();
        let (mut s, mut h) = (times[k], t - times[k]);
        while s < t {
            h = h.min(t - s);
            match self.process.propagator(s, h)? {
                Some(propagator) => {
                    p = Distribution::from_weights(propagator.apply_to(p.probabilities()));
                    s = if s + h >= t { t } else { s + h };
                }
                None => h *= 0.5,
            }
        }
        Ok(p)
    }
}

/// The grid of accepted steps with the propagator of each.
pub(super) struct Grid {
    pub(super) times: Vec<f64>,
    pub(super) propagators: Vec<Matrix>,
    pub(super) convergence: Convergence,
}

/// Chooses steps over [from, to] such that the propagators' errors (largest column sum) add up to the tolerance.
pub(super) fn grid(
    process: &DrivenJump<'_>,
    from: f64,
    to: f64,
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<Grid> {
    let n = process.network.states().len() as u64;
    run.require_memory("propagators of a driven process", 8 * n * n * 64)?;
    let span = to - from;
    let target = tolerance.target(1.0);
    let mut convergence = Convergence {
        iterations: 0,
        residual: 0.0,
        target,
        reason: StopReason::Converged,
    };
    let mut grid = Grid {
        times: vec![from],
        propagators: Vec::new(),
        convergence,
    };
    let mut t = from;
    let mut h = span / 16.0;
    while t < to {
        run.report((t - from) / span, "driven master equation")?;
        if convergence.iterations >= tolerance.max_iterations {
            convergence.reason = StopReason::IterationLimit;
            return Err(NumericsError::NotConverged {
                what: "driven master equation",
                convergence,
            }
            .into());
        }
        convergence.iterations += 1;
        let last = t + h >= to - 1e-12 * span;
        if last {
            h = to - t;
        }
        let halves = (
            process.propagator(t, 0.5 * h)?,
            process.propagator(t + 0.5 * h, 0.5 * h)?,
        );
        let (Some(whole), (Some(first), Some(second))) = (process.propagator(t, h)?, halves) else {
            h *= 0.5;
            continue;
        };
        let fine = second.times(&first);
        let size = fine.rows();
        let difference = Matrix::from_fn(size, size, |i, j| fine[(i, j)] - whole[(i, j)]).norm_one();
        // the halved steps err by a fifteenth of the difference; rounding cannot be reduced by shorter steps
        let error = difference / 15.0;
        let allowed = (target * h / span).max(8.0 * f64::EPSILON);
        let growth = if error > 0.0 {
            0.9 * (allowed / error).powf(0.2)
        } else {
            4.0
        };
        if error <= allowed {
            convergence.residual += error;
            grid.times.push(t + 0.5 * h);
            grid.propagators.push(first);
            t = if last { to } else { t + h };
            grid.times.push(t);
            grid.propagators.push(second);
            h *= growth.clamp(0.3, 4.0);
        } else {
            h *= growth.clamp(0.1, 0.9);
        }
        if !(h > 1e-14 * span) && t < to {
            convergence.reason = StopReason::Breakdown;
            return Err(NumericsError::NotConverged {
                what: "driven master equation",
                convergence,
            }
            .into());
        }
    }
    grid.convergence = convergence;
    Ok(grid)
}

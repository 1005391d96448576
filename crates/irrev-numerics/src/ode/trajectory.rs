//! The record of an integration: a continuous solution.

use std::sync::Arc;

use super::collocation::Collocation;
use crate::error::{Error, Result};

/// Why an integration stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// The end of the interval was reached.
    Interval,
    /// The event of this number (in the order given) happened as often as asked.
    Event(usize),
    /// The rate fell below [`super::Options::steady_rate`].
    Steady,
}

/// An event that happened.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Occurrence {
    /// Number of the event, in the order given.
    pub event: usize,
    /// When.
    pub time: f64,
    /// State at that time, with the full order of the method.
    pub state: Vec<f64>,
    /// Integrals from the start to that time.
    pub quadratures: Vec<f64>,
}

/// Work done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Statistics {
    /// Accepted steps.
    pub steps: usize,
    /// Steps refused because of their error.
    pub rejected: usize,
    /// Steps abandoned because their equations were not solved or the rate was undefined.
    pub abandoned: usize,
    /// Evaluations of the rate.
    pub rates: usize,
    /// Evaluations of the Jacobian.
    pub jacobians: usize,
    /// Factorisations of an n × n matrix.
    pub factorisations: usize,
}

/// Difference to a repetition with a hundredth of the tolerance.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GlobalError {
    /// |difference| of each component of the last state.
    pub state: Vec<f64>,
    /// |difference| of each integral.
    pub quadratures: Vec<f64>,
    /// Largest difference of a component, in units of its local tolerance.
    pub scaled: f64,
}

/// The solution of an initial value problem, continuous in time.
#[derive(Debug, Clone)]
pub struct Trajectory {
    pub(super) method: Arc<Collocation>,
    pub(super) n: usize,
    pub(super) integrals: usize,
    /// Ends of the steps, the start first.
    pub(super) times: Vec<f64>,
    /// States (and integrals) at those times, one after the other.
    pub(super) knots: Vec<f64>,
    /// Displacements at the nodes of each step, node by node.
    pub(super) stages: Vec<f64>,
    pub(super) quadrature_errors: Vec<f64>,
    pub(super) events: Vec<Occurrence>,
    pub(super) end: End,
    pub(super) statistics: Statistics,
    pub(super) global_error: Option<GlobalError>,
}

impl Trajectory {
    /// Ends of the accepted steps, ascending, the start first.
    #[must_use]
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// State at the end of accepted step k, with the full order of the method; k = 0 is the start.
    ///
    /// # Panics
    /// If k is not below the number of [`Self::times`].
    #[must_use]
    pub fn state_after(&self, k: usize) -> &[f64] {
        &self.knots[k * self.width()..k * self.width() + self.n]
    }

    /// Last time.
    #[must_use]
    pub fn time(&self) -> f64 {
        self.times[self.times.len() - 1]
    }

    /// Last state.
    #[must_use]
    pub fn state(&self) -> &[f64] {
        self.state_after(self.times.len() - 1)
    }

    /// Integrals over the whole interval.
    #[must_use]
    pub fn quadratures(&self) -> &[f64] {
        &self.knots[self.knots.len() - self.integrals..]
    }

    /// Sum of the local error estimates of each integral. An upper estimate: the integrals themselves are of higher
    /// order; [`Self::global_error`] is sharper.
    #[must_use]
    pub fn quadrature_errors(&self) -> &[f64] {
        &self.quadrature_errors
    }

    /// State at any time of the interval: the collocation polynomial of that step, whose local error is the one
    /// that the tolerance controls.
    ///
    /// # Errors
    /// [`Error::Domain`] if the time lies outside.
    pub fn at(&self, time: f64) -> Result<Vec<f64>> {
        Ok(self.interpolate(time)?[..self.n].to_vec())
    }

    /// Integrals from the start to any time of the interval.
    ///
    /// # Errors
    /// [`Error::Domain`] if the time lies outside.
    pub fn quadratures_at(&self, time: f64) -> Result<Vec<f64>> {
        Ok(self.interpolate(time)?[self.n..].to_vec())
    }

    /// Events, in the order in which they happened.
    #[must_use]
    pub fn events(&self) -> &[Occurrence] {
        &self.events
    }

    /// Why the integration stopped.
    #[must_use]
    pub fn end(&self) -> End {
        self.end
    }

    /// Work done; that of a repetition for the error is not counted.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// Estimate of the error at the end, if [`super::Options::error_estimate`] asked for it.
    #[must_use]
    pub fn global_error(&self) -> Option<&GlobalError> {
        self.global_error.as_ref()
    }

    fn width(&self) -> usize {
        self.n + self.integrals
    }

    fn interpolate(&self, time: f64) -> Result<Vec<f64>> {
        let last = self.times.len() - 1;
        if !(time >= self.times[0] && time <= self.times[last]) {
            return Err(Error::Domain {
                what: "time",
                value: time,
                expected: "a time between start and end of the trajectory",
            });
        }
        let width = self.width();
        // the step that ends at or after this time
        let k = self.times.partition_point(|&t| t < time);
        if self.times[k] == time {
            return Ok(self.knots[k * width..(k + 1) * width].to_vec());
        }
        let s = self.method.stages();
        let theta = (time - self.times[k - 1]) / (self.times[k] - self.times[k - 1]);
        let mut basis = vec![0.0; s];
        self.method.basis(theta, &mut basis);
        let mut out = self.knots[(k - 1) * width..k * width].to_vec();
        let stages = &self.stages[(k - 1) * s * width..k * s * width];
        for (b, stage) in basis.iter().zip(stages.chunks_exact(width)) {
            for (out, z) in out.iter_mut().zip(stage) {
                *out += b * z;
            }
        }
        Ok(out)
    }
}

impl std::fmt::Debug for Collocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Radau IIA with {} stages", self.stages())
    }
}

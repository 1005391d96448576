//! The path p(t) of the master equation over an interval, prepared so that its state at any time is a short step away.
//!
//! The interval is cut into panels that grow geometrically from the shortest time scale; the state is kept at their ends. A start on the
//! boundary of the simplex has rates of change that diverge as −ln t: the panels then begin at 10⁻¹⁴ of the shortest time scale, where the
//! integrable singularity has no weight left, and the state is evolved to relative accuracy in every component.

use irrev_numerics::{Run, Tolerance};

use super::evolution::Evolution;
use super::spectrum::relaxation_spectrum;
use crate::error::Result;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// First panel in units of 1/(fastest rate) when the state starts on the boundary.
const FROM_BOUNDARY: f64 = 1e-14;

/// First panel in units of 1/(fastest rate) otherwise.
const FIRST_PANEL: f64 = 0.5;

/// Below this probability a state is still being filled, and the evolution keeps every component.
const BEING_FILLED: f64 = 1e-30;

/// What stands for a probability too small to matter at t > 0, over the number of jumps in the interval: its share of any integral is
/// below 10⁻¹⁹⁰, and products of two such numbers vanish instead of becoming subnormal, which is slow.
const UNDERFLOW: f64 = 1e-200;

/// Relaxation times after which the state is stationary to rounding, and the rest of the interval is one panel.
const STATIONARY: f64 = 200.0;

/// Largest number of states for which the slowest relaxation time is computed to find that point.
const DENSE_SPECTRUM: usize = 200;

/// Asks the evolution for relative accuracy in every component.
const EVERY_COMPONENT: Tolerance = Tolerance {
    absolute: 0.0,
    relative: 1e-289,
    max_iterations: 0,
};

/// A path of the master equation with constant rates over [0, duration].
pub(crate) struct MasterPath<'a> {
    evolution: Evolution<'a>,
    fine: Tolerance,
    negligible: f64,
    breaks: Vec<f64>,
    /// The state at each break; the state at any time is evolved from the nearest one before it.
    anchors: Vec<Distribution>,
}

impl<'a> MasterPath<'a> {
    /// Follows the process from `start`; `accuracy` is that of the state, ‖error‖₁ per panel.
    ///
    /// # Errors
    /// [`crate::Error::Length`]; [`crate::Error::Domain`] for a duration out of range; not converged; cancelled.
    pub(crate) fn new(
        kinetics: &'a MarkovJump,
        start: &Distribution,
        duration: f64,
        accuracy: f64,
        run: &Run<'_>,
    ) -> Result<Self> {
        let network = kinetics.network();
        network.check_states("initial distribution", start.probabilities())?;
        crate::require(
            "duration",
            duration,
            duration.is_finite() && duration > 0.0,
            "a finite time above 0",
        )?;
        let evolution = Evolution::new(kinetics)?;
        let shortest = 1.0 / evolution.fastest_rate().max(f64::MIN_POSITIVE);
        let first = if start.probabilities().contains(&0.0) {
            FROM_BOUNDARY * shortest
        } else {
            FIRST_PANEL * shortest
        };
        let gap = match network.states().len() <= DENSE_SPECTRUM {
            true => relaxation_spectrum(kinetics, run).map_or(0.0, |s| s.spectral_gap),
            false => 0.0,
        };
        let still = if gap > 0.0 {
            STATIONARY / gap
        } else {
            f64::INFINITY
        };
        let jumps = (evolution.fastest_rate() * duration).max(1.0);
        let mut path = Self {
            evolution,
            fine: Tolerance {
                absolute: 0.0,
                relative: accuracy,
                max_iterations: 0,
            },
            negligible: (UNDERFLOW / jumps).max(1e-300),
            breaks: growing_panels(first.min(duration), duration, still),
            anchors: vec![start.clone()],
        };
        for k in 1..path.breaks.len() {
            run.report(0.3 * k as f64 / path.breaks.len() as f64, "relaxation")?;
            let width = path.breaks[k] - path.breaks[k - 1];
            path.anchors.push(path.advance(&path.anchors[k - 1], width, run)?);
        }
        Ok(path)
    }

    /// Ends of the panels, from 0 to the duration.
    pub(crate) fn breaks(&self) -> &[f64] {
        &self.breaks
    }

    /// The state at the end.
    pub(crate) fn end(&self) -> &Distribution {
        &self.anchors[self.anchors.len() - 1]
    }

    /// The state at a time within the interval.
    pub(crate) fn at(&self, t: f64, run: &Run<'_>) -> Result<Distribution> {
        let k = self.breaks.partition_point(|b| *b <= t).max(1) - 1;
        self.advance(&self.anchors[k], t - self.breaks[k], run)
    }

    /// The state at a time t > 0, where a reachable state is never empty: what underflowed is lifted.
    pub(crate) fn filled_at(&self, t: f64, run: &Run<'_>) -> Result<Distribution> {
        let state = self.at(t, run)?;
        let lifted = state.probabilities().iter().map(|p| p.max(self.negligible));
        Ok(Distribution::from_weights(lifted.collect()))
    }

    fn advance(&self, p: &Distribution, t: f64, run: &Run<'_>) -> Result<Distribution> {
        let filling = p.probabilities().iter().any(|p| *p < BEING_FILLED);
        let tolerance = if filling { EVERY_COMPONENT } else { self.fine };
        Ok(self.evolution.advance(p, t, tolerance, run)?.distribution)
    }
}

/// 0, first, 2·first, … up to the end; one last panel once the state stands still.
fn growing_panels(first: f64, end: f64, still: f64) -> Vec<f64> {
    let mut breaks = vec![0.0, first];
    while let Some(&last) = breaks.last().filter(|t| **t < end) {
        breaks.push(if 2.0 * last >= 0.9 * end || last > still {
            end
        } else {
            2.0 * last
        });
    }
    breaks
}

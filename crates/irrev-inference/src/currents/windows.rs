//! Dissipation that changes in time, from ensembles of trajectories.
//!
//! With many trajectories that were prepared alike, mean and covariance of currents are taken over the trajectories in a window of time, and the short-time bound holds at that time, relaxing or
//! driven: 2 mᵀC⁻¹m/dt → σ(t) if D⁻¹ν(x, t) is among the fields. Trajectories are independent, so that they are the blocks behind errors, whatever their correlations in time.
//!
//! Source: S. Otsubo, S. K. Manikandan, T. Sagawa and S. Krishnamurthy, Commun. Phys. 5, 11 (2022).

use irrev_numerics::Run;
use serde::{Deserialize, Serialize};

use super::bound::{BoundOptions, Motion, UncertaintyBound, uncertainty_bound};
use super::family::Currents;
use super::moments::{MomentOptions, Moments};
use super::series::Series;
use crate::error::{Error, Result};

/// How time is cut.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WindowOptions {
    /// Steps of a window; default 8. The number is a mean over the window.
    pub steps: usize,
    /// Strides as in [`MomentOptions`], as far as they fit a window; default 1, 2, 4.
    pub moments: MomentOptions,
    /// As in [`uncertainty_bound`]; default [`Motion::Any`], since in time-dependent motion total derivatives have means.
    pub bound: BoundOptions,
}

impl Default for WindowOptions {
    fn default() -> Self {
        Self {
            steps: 8,
            moments: MomentOptions::default(),
            bound: BoundOptions {
                motion: Motion::Any,
                ..BoundOptions::default()
            },
        }
    }
}

/// The bound in one window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WindowDissipation {
    /// When the window begins, from the beginning of trajectories.
    pub from: f64,
    /// When it ends.
    pub to: f64,
    /// Trajectories that reach its end.
    pub trajectories: usize,
    /// The bound with interval.
    pub bound: UncertaintyBound,
}

/// σ(t) in consecutive windows, from segments that are trajectories of one ensemble beginning at time 0. Windows end where fewer than eight trajectories reach.
///
/// ```
/// use irrev_inference::currents::{Currents, Series, WindowOptions, dissipation_in_time};
/// use irrev_numerics::{Run, streams::{Purpose, Stream}};
/// // dx = 3 dt + √2 dW: σ = 9 at all times
/// let trajectories = (0..400).map(|k| {
///     let (mut stream, mut x) = (Stream::new(1, Purpose::Trajectory, k), 0.0);
///     (0..17).map(|_| { x += 0.03 + 0.02_f64.sqrt() * stream.normal(); x }).collect::<Vec<f64>>()
/// });
/// let series = Series::new(trajectories, 1, 0.01)?;
/// let found = dissipation_in_time(&series, &Currents::affine(vec![0.0]), &WindowOptions::default(), &Run::default())?;
/// assert_eq!(found.len(), 2);
/// let first = &found[0].bound.estimate;
/// assert!((first.value - 9.0).abs() < 5.0 * first.standard_error);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] if fewer than eight trajectories reach the end of the first window; [`Error::Domain`] for options; what [`uncertainty_bound`] refuses.
pub fn dissipation_in_time(
    series: &Series<'_>,
    currents: &Currents,
    options: &WindowOptions,
    run: &Run<'_>,
) -> Result<Vec<WindowDissipation>> {
    const FEWEST: usize = 8;
    let steps = options.steps;
    Error::require("the steps of a window", steps as f64, steps > 0, "at least 1")?;
    let mut moment_options = options.moments.clone();
    moment_options.strides.retain(|stride| *stride <= steps);
    let mut found = Vec::new();
    loop {
        let first = found.len() * steps;
        let window = series.window(first..first + steps);
        let trajectories = window.segments();
        if trajectories < FEWEST {
            if found.is_empty() {
                return Err(Error::TooFew {
                    what: "dissipation in time",
                    unit: "trajectories that reach the end of the first window",
                    found: trajectories,
                    needed: FEWEST,
                });
            }
            return Ok(found);
        }
        let moments = Moments::of(&window, currents.clone(), &moment_options, run)?;
        found.push(WindowDissipation {
            from: first as f64 * series.step(),
            to: (first + steps) as f64 * series.step(),
            trajectories,
            bound: uncertainty_bound(&moments, &options.bound, run)?,
        });
    }
}

//! The whole answer for a series: noise, currents, estimate, certified bound, and what is assumed.

use irrev_numerics::Run;
use serde::{Deserialize, Serialize};

use super::bound::{BoundOptions, Motion, UncertaintyBound, uncertainty_bound};
use super::family::Currents;
use super::held_out::{HeldOut, HeldOutOptions, held_out_bound};
use super::moments::{MomentOptions, Moments, Products};
use super::noise::{MeasurementNoise, measurement_noise};
use super::radial::{RadialChoice, RadialOptions, radial_currents};
use super::series::Series;
use crate::error::{Error, Result};

/// Which currents.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// All dx_b and x_a dx_b: default, exact for linear systems.
    #[default]
    Affine,
    /// All x_a dx_b.
    Linear,
    /// Rotations only; loses what control variates give.
    Antisymmetric,
    /// Affine ones and Gaussians, as many as the first half of the data chooses.
    Radial(RadialOptions),
    /// Given.
    Chosen(Currents),
}

impl Basis {
    /// The currents for a series; radial ones are chosen by its first half, which then certifies nothing.
    ///
    /// ```
    /// use irrev_inference::currents::{Basis, Currents, Series};
    /// let series = Series::new([&[0.0, 1.0, 2.0, 1.0][..]], 1, 0.1)?;
    /// let (currents, choice) = Basis::Affine.currents(&series, &irrev_numerics::Run::default())?;
    /// assert_eq!(currents, Currents::affine(vec![1.0]));                      // about the mean of the points
    /// assert!(choice.is_none());
    /// # Ok::<(), irrev_inference::Error>(())
    /// ```
    ///
    /// # Errors
    /// What [`radial_currents`] refuses; nothing otherwise.
    pub fn currents(&self, series: &Series<'_>, run: &Run<'_>) -> Result<(Currents, Option<RadialChoice>)> {
        Ok(match self {
            Self::Affine => (Currents::affine(series.mean()), None),
            Self::Linear => (Currents::linear(series.dimension()), None),
            Self::Antisymmetric => (Currents::antisymmetric(series.dimension()), None),
            Self::Chosen(currents) => (currents.clone(), None),
            Self::Radial(options) => {
                let half = series.part(0..series.steps() / 2);
                let choice = radial_currents(&half, options, run)?;
                (choice.currents.clone(), Some(choice))
            }
        })
    }
}

/// What happens if noise of measurement is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoisePolicy {
    /// It is taken out of second moments where the currents allow it, and refused otherwise.
    #[default]
    TakeOutOrRefuse,
    /// It is said, and stays in: the bound is lower than it could be.
    Keep,
}

/// How a series is asked.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RateOptions {
    /// Default [`Basis::Affine`].
    pub basis: Basis,
    /// Default [`NoisePolicy::TakeOutOrRefuse`].
    pub noise: NoisePolicy,
    /// Steps, 1, 2 and 4 by default; `products` is set by the noise.
    pub moments: MomentOptions,
    /// Interval and motion of the estimate.
    pub bound: BoundOptions,
    /// Folds of the certified bound; its motion is that of `bound`.
    pub held_out: HeldOutOptions,
}

/// Entropy production rate of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Dissipation {
    /// Estimate of the best bound of the currents as dt → 0; equals σ if the thermodynamic force is among the fields.
    pub estimate: UncertaintyBound,
    /// The certified bound by data held out, at the step of the data.
    pub held_out: HeldOut,
    /// Noise of measurement of each coordinate; empty if the segments are too short to tell.
    pub noise: Vec<MeasurementNoise>,
    /// Whether noise was taken out of the estimate.
    pub noise_taken_out: bool,
    /// How radial currents were chosen, if they were.
    pub radial: Option<RadialChoice>,
    /// A name for each coefficient.
    pub labels: Vec<String>,
    /// What must hold for estimate and bound, and what was seen that speaks against it.
    pub assumptions: Vec<String>,
}

/// Entropy production rate of overdamped motion from its currents: estimate with interval, certified lower bound, and what both assume.
///
/// ```
/// use irrev_inference::currents::{RateOptions, Series, entropy_production_rate};
/// use irrev_numerics::{EstimateKind, Run, streams::{Purpose, Stream}};
/// let (dt, mut stream, mut x, mut y) = (0.01, Stream::new(1, Purpose::Trajectory, 0), 0.0, 0.0);
/// let mut points = Vec::new();
/// for _ in 0..20_000 {
///     points.extend([x, y]);
///     let noise = [(2.0_f64 * dt).sqrt() * stream.normal(), (2.0_f64 * dt).sqrt() * stream.normal()];
///     (x, y) = (x + (-x - 2.0 * y) * dt + noise[0], y + (2.0 * x - y) * dt + noise[1]);
/// }
/// let found = entropy_production_rate(&Series::new([points], 2, dt)?, &RateOptions::default(), &Run::default())?;
/// let (low, high) = found.estimate.estimate.interval;
/// assert!(low > 5.0 && high < 12.0);                             // the truth is 8
/// assert_eq!(found.held_out.estimate.kind, EstimateKind::LowerBound);
/// assert!(found.held_out.estimate.interval.0 < 8.0);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for data too short for the currents (with the number needed), [`Error::Domain`] for options, and for noise of measurement that cannot be taken out;
/// what [`uncertainty_bound`] and [`held_out_bound`] refuse; cancellation.
pub fn entropy_production_rate(
    series: &Series<'_>,
    options: &RateOptions,
    run: &Run<'_>,
) -> Result<Dissipation> {
    let noise = match measurement_noise(series, run) {
        Ok(noise) => noise,
        // trajectories too short for four steps in a row
        Err(Error::TooFew { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut held_out = HeldOutOptions {
        motion: options.bound.motion,
        ..options.held_out.clone()
    };
    let (currents, radial) = options.basis.currents(series, run)?;
    if radial.is_some() {
        // their first half chose the currents
        held_out.chosen_by = held_out.chosen_by.max(0.5);
    }
    let noisy = noise.iter().any(|found| found.seen);
    let taken_out = noisy && options.noise == NoisePolicy::TakeOutOrRefuse;
    let products = if taken_out {
        Products::WithoutNoise
    } else {
        Products::Plain
    };
    let moment_options = MomentOptions {
        products,
        ..options.moments.clone()
    };
    let moments = Moments::of(series, currents.clone(), &moment_options, run)?;
    let estimate = uncertainty_bound(&moments, &options.bound, run)?;
    let held_out = held_out_bound(series, currents.clone(), &held_out, run)?;
    Ok(Dissipation {
        assumptions: assumptions(options, &estimate, &noise, taken_out),
        labels: currents.labels(),
        estimate,
        held_out,
        noise,
        noise_taken_out: taken_out,
        radial,
    })
}

fn assumptions(
    options: &RateOptions,
    estimate: &UncertaintyBound,
    noise: &[MeasurementNoise],
    taken_out: bool,
) -> Vec<String> {
    let mut said = vec![
        "the motion is overdamped and every coordinate is even under reversal of time".to_owned(),
        "what is not recorded adds dissipation that no bound from these coordinates contains".to_owned(),
        "the estimate is that of the best bound of these currents as the step vanishes; it is fitted to the data and certifies nothing. The bound by data held out does, if folds are long beside correlation times".to_owned(),
    ];
    match options.bound.motion {
        Motion::StationaryConfined => {
            said.push("the motion is stationary and confined: total derivatives have mean zero".into());
        }
        Motion::Any => said.push(
            "nothing is put in for total derivatives; over a single trajectory their means are its ends"
                .into(),
        ),
    }
    if estimate.rank < estimate.currents {
        said.push(format!(
            "{} of {} currents are independent on these data",
            estimate.rank, estimate.currents
        ));
    }
    if options.moments.strides.len() < 2 {
        said.push("one step length: what a finite step hides is not taken out".into());
    } else if estimate.step_error > estimate.estimate.standard_error {
        said.push(format!(
            "the extrapolation in the step still moves by {:.2e}, more than the standard error: the step is long for this motion",
            estimate.step_error
        ));
    }
    let list = |which: fn(&MeasurementNoise) -> bool| {
        let names = noise
            .iter()
            .filter(|found| which(found))
            .map(|found| found.coordinate.to_string());
        names.collect::<Vec<_>>().join(", ")
    };
    let (seen, smooth) = (list(|found| found.seen), list(|found| found.smooth));
    if !seen.is_empty() && taken_out {
        said.push(format!(
            "noise of measurement is seen in coordinates {seen} and taken out of second moments, as noise independent from point to point"
        ));
    } else if !seen.is_empty() {
        said.push(format!(
            "noise of measurement is seen in coordinates {seen} and kept: estimate and bound are lower than without it"
        ));
    }
    if !smooth.is_empty() {
        said.push(format!(
            "neighbouring increments of coordinates {smooth} go the same way: inertia, or averaging by the recorder; the motion is not overdamped at this step, and the estimate is not one of σ"
        ));
    }
    if noise.is_empty() {
        said.push("segments are too short to tell noise of measurement".into());
    }
    said
}

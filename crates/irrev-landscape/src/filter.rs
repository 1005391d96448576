//! A coordinate at a coarser time scale: what a box filter of width τ does to its landscapes.
//!
//! r_τ(t) = (1/τ) ∫ r over the τ around t. Its velocity is [r(t + τ/2) − r(t − τ/2)]/τ. For a linear system G and V_m stay parabolas, with curvatures
//! kT/⟨r_τ²⟩ and ⟨ṙ_τ²⟩/⟨r_τ²⟩, where
//!
//! ⟨r_τ²⟩ = (2/τ²) ∫₀^τ (τ − t) C(t) dt,  ⟨ṙ_τ²⟩ = 2 [C(0) − C(τ)]/τ²:
//!
//! their ratio kT/⟨ṙ_τ²⟩ grows with τ, for an undamped oscillator as 1/sinc²(ωτ/2). The barrier of G seen at a coarser time scale is not that of a force.
//!
//! Source of the question: S. Kawai, Ensemble 16 (2014); the box is our choice.

use irrev_numerics::Tolerance;
use irrev_numerics::quadrature::integrate;

use crate::error::{Error, Result};
use crate::record::{Clock, Period, Segment};

/// Variances of a filtered linear coordinate, and what follows for its landscapes.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Filtered {
    /// ⟨r_τ²⟩.
    pub variance: f64,
    /// ⟨ṙ_τ²⟩.
    pub mean_square_velocity: f64,
    /// Curvature of G, kT/⟨r_τ²⟩.
    pub free_energy_curvature: f64,
    /// Curvature of V_m, ⟨ṙ_τ²⟩/⟨r_τ²⟩.
    pub mean_force_curvature: f64,
    /// Their ratio, kT/⟨ṙ_τ²⟩.
    pub ratio: f64,
}

/// What a box of width τ makes of a stationary normal coordinate with the autocovariance C(t) = ⟨r(t) r(0)⟩, smooth for t > 0.
///
/// ```
/// use irrev_landscape::filter::box_filtered;
/// let found = box_filtered(|t: f64| t.cos(), 1.0, 2.0)?;
/// assert!((found.ratio - 1.0 / 1.0_f64.sin().powi(2)).abs() < 1e-12);        // 1/sinc²(ωτ/2)
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] unless kT and τ are positive, [`Error::Numerics`] if the integral does not converge.
pub fn box_filtered(autocovariance: impl Fn(f64) -> f64, temperature: f64, width: f64) -> Result<Filtered> {
    let positive = |x: f64| x > 0.0 && x.is_finite();
    Error::require("kT", temperature, positive(temperature), "a positive number")?;
    Error::require(
        "the width of a filter",
        width,
        positive(width),
        "a positive number",
    )?;
    let c0 = autocovariance(0.0);
    let scale = |_: &[f64], _: usize| 0.5 * c0;
    let part = |s: f64, out: &mut [f64]| -> Result<()> {
        out[0] = (1.0 - s) * autocovariance(width * s);
        Ok(())
    };
    let integral = integrate(
        &[0.0, 0.5, 1.0],
        1,
        Tolerance {
            relative: 1e-13,
            ..Tolerance::default()
        },
        scale,
        part,
    )?;
    let variance = 2.0 * integral.values[0];
    let mean_square_velocity = 2.0 * (c0 - autocovariance(width)) / (width * width);
    Ok(Filtered {
        variance,
        mean_square_velocity,
        free_energy_curvature: temperature / variance,
        mean_force_curvature: mean_square_velocity / variance,
        ratio: temperature / mean_square_velocity,
    })
}

/// A filtered trajectory: r_τ, ṙ_τ and r̈_τ of each frame that has all it needs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FilteredTrajectory {
    /// Time step.
    pub step: f64,
    /// r_τ; of a periodic coordinate brought back into its period.
    pub positions: Vec<f64>,
    /// ṙ_τ.
    pub velocities: Vec<f64>,
    /// r̈_τ, the central difference of ṙ_τ.
    pub accelerations: Vec<f64>,
}

impl FilteredTrajectory {
    /// As a segment for [`moments`](crate::moments), with velocities and accelerations.
    ///
    /// # Errors
    /// None that a filtered trajectory could cause.
    pub fn segment(&self) -> Result<Segment<'_>> {
        Segment::new(Clock::Step(self.step), vec![&self.positions])?
            .with_velocities(vec![&self.velocities])?
            .with_accelerations(vec![&self.accelerations])
    }
}

/// The box filter over `steps` time steps of one coordinate of a segment with equal steps, by the trapezoid rule: the weight of the two ends is one half, τ
/// is `steps` times the step.
///
/// The first frame is that in the middle of frames 1 to `steps` + 1; a segment of n frames leaves n − `steps` − 2, or none. On a circle frames are averaged
/// along the path.
///
/// ```
/// use irrev_landscape::filter::box_filter;
/// use irrev_landscape::record::{Clock, Segment};
/// let x: Vec<f64> = (0..10).map(|k| f64::from(k * k)).collect();
/// let found = box_filter(&Segment::new(Clock::Step(1.0), vec![&x])?, 0, None, 2)?;
/// assert_eq!((found.positions[0], found.velocities[0], found.accelerations[0]), (4.5, 4.0, 2.0));
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] for no step, [`Error::Unlike`] if times are given instead of a step, [`Error::NoCoordinate`], what is wrong with the values.
pub fn box_filter(
    segment: &Segment<'_>,
    coordinate: usize,
    period: Option<Period>,
    steps: usize,
) -> Result<FilteredTrajectory> {
    Error::require(
        "the width of a filter in steps",
        steps as f64,
        steps >= 1,
        "at least 1",
    )?;
    let Clock::Step(step) = segment.clock() else {
        return Err(Error::Unlike {
            what: "time steps within a segment",
        });
    };
    let x = segment.positions(coordinate)?;
    crate::record::require_numbers("a position", x, 0)?;
    crate::record::require_inside(period, coordinate, x, 0)?;
    let path = unwrapped(x, period);
    let width = step * steps as f64;
    let frames = x.len().saturating_sub(steps + 2);
    let velocity = |k: usize| (path[k + steps] - path[k]) / width;
    // prefix sums relative to the start: a box costs one difference, whatever its width
    let start = path.first().copied().unwrap_or(0.0);
    let mut sums = irrev_numerics::sum::CompensatedSum::default();
    let prefix: Vec<f64> = std::iter::once(0.0)
        .chain(path.iter().map(|r| {
            sums.add(r - start);
            sums.value()
        }))
        .collect();
    let position = |k: usize| {
        let whole = prefix[k + steps + 1] - prefix[k];
        let ends = 0.5 * (path[k] + path[k + steps] - 2.0 * start);
        let mean = start + (whole - ends) / steps as f64;
        period.map_or(mean, |period| period.wrapped(mean))
    };
    Ok(FilteredTrajectory {
        step,
        positions: (1..=frames).map(position).collect(),
        velocities: (1..=frames).map(velocity).collect(),
        accelerations: (1..=frames)
            .map(|k| (velocity(k + 1) - velocity(k - 1)) / (2.0 * step))
            .collect(),
    })
}

/// A path on a circle as one on a line.
fn unwrapped(x: &[f64], period: Option<Period>) -> Vec<f64> {
    let Some(period) = period else { return x.to_vec() };
    let mut place = x.first().copied().unwrap_or(0.0);
    let steps = x.windows(2).map(|pair| period.nearest_image(pair[1] - pair[0]));
    let rest: Vec<f64> = steps
        .map(|step| {
            place += step;
            place
        })
        .collect();
    x.iter().take(1).copied().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_harmonic_is_damped_by_the_box_and_keeps_its_equation_of_motion() {
        let (h, n, steps) = (0.01, 2000, 150);
        let x: Vec<f64> = (0..n).map(|k| (h * f64::from(k)).sin()).collect();
        let found = box_filter(&Segment::new(Clock::Step(h), vec![&x]).unwrap(), 0, None, steps).unwrap();
        let half = 0.5 * h * steps as f64;
        let damping = half.sin() / half;
        assert_eq!(found.positions.len(), n as usize - steps - 2);
        for k in (0..found.positions.len()).step_by(97) {
            let t = h * (k + 1) as f64 + half;
            // the trapezoid rule and the difference are off by h²/12 and h²/6
            assert!((found.positions[k] - damping * t.sin()).abs() < 1e-5);
            assert!((found.velocities[k] - damping * t.cos()).abs() < 1e-13);
            assert!((found.accelerations[k] + damping * t.sin()).abs() < 2e-5);
        }
        assert_eq!(found.segment().unwrap().frames(), found.positions.len());
    }

    #[test]
    fn circles_are_averaged_along_the_path() {
        let period = Period::new(0.0, 1.0).unwrap();
        let x = [0.7, 0.8, 0.9, 0.0, 0.1, 0.2];
        let found = box_filter(
            &Segment::new(Clock::Step(1.0), vec![&x]).unwrap(),
            0,
            Some(period),
            2,
        )
        .unwrap();
        assert!((found.positions[0] - 0.9).abs() < 1e-14 && found.positions[1] < 1e-14);
        assert!(
            found.velocities.iter().all(|v| (v - 0.1).abs() < 1e-14)
                && found.accelerations.iter().all(|a| a.abs() < 1e-14)
        );
    }

    #[test]
    fn short_segments_leave_nothing_and_faults_are_named() {
        let x = [0.0, 1.0, 2.0];
        let segment = Segment::new(Clock::Step(1.0), vec![&x]).unwrap();
        assert!(box_filter(&segment, 0, None, 1).unwrap().positions.is_empty());
        assert!(
            box_filter(&segment.part(0..0), 0, None, 5)
                .unwrap()
                .positions
                .is_empty()
        );
        assert!(matches!(
            box_filter(&segment, 0, None, 0),
            Err(Error::Domain { .. })
        ));
        let uneven = Segment::new(Clock::Times(&[0.0, 1.0, 3.0]), vec![&x]).unwrap();
        assert!(matches!(
            box_filter(&uneven, 0, None, 1),
            Err(Error::Unlike { .. })
        ));
        assert!(matches!(
            box_filtered(|_| 1.0, 1.0, 0.0),
            Err(Error::Domain { .. })
        ));
    }
}

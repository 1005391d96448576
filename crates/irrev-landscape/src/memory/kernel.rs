//! Memory kernels from correlations, and from recordings with confidence bands.

use irrev_numerics::{Estimate, Run};
use rayon::prelude::*;

use crate::correlation::correlations;
use crate::diagnose::common_step;
use crate::error::{Error, Result};
use crate::estimates::from_draws;
use crate::record::{Record, Segment, require_numbers};

use super::stencil::derivative;
use super::volterra::second_kind;

/// The force f(r) in the generalised Langevin equation.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MeanForce {
    /// f = 0: the kernel then contains what the landscape does.
    None,
    /// f = −Ω² r.
    Linear {
        /// Ω², in 1/time².
        omega_squared: f64,
    },
    /// f = −Σ_j k_j r_j over all coordinates of the record.
    Coupled {
        /// k_j, in 1/time², one for each coordinate.
        stiffness: Vec<f64>,
    },
    /// f between points of the coordinate, linearly interpolated: ⟨R̈; r⟩ of [`moments`](crate::moments), which belongs to this equation, or −(w₀/kT) dG/dr,
    /// which is the same for constant w only.
    Table {
        /// Points, ascending.
        points: Vec<f64>,
        /// f at each.
        values: Vec<f64>,
    },
}

/// How a kernel is computed.
#[derive(Debug, Clone, PartialEq)]
pub struct KernelOptions {
    /// Which coordinate; default 0.
    pub coordinate: usize,
    /// Number of lags, in frames; default 200.
    pub lags: usize,
    /// The force; default none.
    pub mean_force: MeanForce,
    /// Draws of the bootstrap that gives the bands; default 100.
    pub draws: usize,
}

impl Default for KernelOptions {
    fn default() -> Self {
        Self {
            coordinate: 0,
            lags: 200,
            mean_force: MeanForce::None,
            draws: 100,
        }
    }
}

/// A memory kernel with its confidence band.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MemoryKernel {
    /// Times 0, h, 2h, ….
    pub times: Vec<f64>,
    /// K at each, in 1/time².
    pub kernel: Vec<Estimate>,
    /// ∫₀ᵗ K ds at each, in 1/time: the friction once it is level.
    pub integral: Vec<Estimate>,
    /// C(t) = ⟨ṙ(t) ṙ(0)⟩.
    pub velocity_correlation: Vec<Estimate>,
    /// K from either half of the data, every other block; `None` if there are too few.
    pub halves: Option<[Vec<f64>; 2]>,
}

/// K from C(t) = ⟨ṙ(t) ṙ(0)⟩ and C_f(t) = ⟨f(r(t)) ṙ(0)⟩ at t = 0, h, 2h, …; the error is of order h².
///
/// Derivatives are of the fourth order, from one side at 0, where C'(0) = 0.
///
/// ```
/// use irrev_landscape::memory::kernel_from_correlations;
/// // no force and K(t) = e^{−2t}: C = (1 + t) e^{−t}
/// let c: Vec<f64> = (0..200).map(|k| 0.02 * f64::from(k)).map(|t| (1.0 + t) * (-t).exp()).collect();
/// let found = kernel_from_correlations(&c, &[0.0; 200], 0.02)?;
/// assert!((found[100] - (-4.0_f64).exp()).abs() < 2e-4);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`] if the correlations differ in length, [`Error::NotFinite`], [`Error::Domain`] if C(0) or the step is not positive.
pub fn kernel_from_correlations(velocity: &[f64], force: &[f64], step: f64) -> Result<Vec<f64>> {
    let c0 = require_correlations(velocity, force, step)?;
    let second = derivative(velocity, step, 2);
    let right: Vec<f64> = derivative(force, step, 1)
        .iter()
        .zip(second)
        .map(|(f, c)| f - c)
        .collect();
    second_kind(c0, &slope(velocity, step), &right, step)
}

/// ∫₀ᵗ K ds from the same correlations, with one derivative less than [`kernel_from_correlations`], and less noise: the equation of the first kind, integrated by parts, is
/// C(0) G(t) + ∫₀ᵗ G(s) C'(t − s) ds = C_f(t) − C'(t).
///
/// ```
/// use irrev_landscape::memory::integral_from_correlations;
/// let c: Vec<f64> = (0..200).map(|k| 0.02 * f64::from(k)).map(|t| (1.0 + t) * (-t).exp()).collect();
/// let found = integral_from_correlations(&c, &[0.0; 200], 0.02)?;
/// assert!((found[100] - 0.5 * (1.0 - (-4.0_f64).exp())).abs() < 1e-4);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// As [`kernel_from_correlations`].
pub fn integral_from_correlations(velocity: &[f64], force: &[f64], step: f64) -> Result<Vec<f64>> {
    let c0 = require_correlations(velocity, force, step)?;
    let first = slope(velocity, step);
    let mut right: Vec<f64> = force.iter().zip(&first).map(|(f, c)| f - c).collect();
    // ⟨f ṙ⟩ = 0 in equilibrium
    if let Some(start) = right.first_mut() {
        *start = 0.0;
    }
    second_kind(c0, &first, &right, step)
}

/// C', which vanishes at 0, where C is even.
fn slope(velocity: &[f64], step: f64) -> Vec<f64> {
    let mut first = derivative(velocity, step, 1);
    if let Some(start) = first.first_mut() {
        *start = 0.0;
    }
    first
}

/// Checks both correlations, and returns C(0); 1 if there are no lags.
fn require_correlations(velocity: &[f64], force: &[f64], step: f64) -> Result<f64> {
    Error::require_size("the correlation of the force", force.len(), velocity.len())?;
    require_numbers("a correlation of velocities", velocity, 0)?;
    require_numbers("a correlation of forces", force, 0)?;
    Error::require(
        "the time step",
        step,
        step > 0.0 && step.is_finite(),
        "a positive number",
    )?;
    let c0 = velocity.first().copied().unwrap_or(1.0);
    Error::require("⟨ṙ²⟩", c0, c0 > 0.0, "a positive number")?;
    Ok(c0)
}

/// The memory kernel of one coordinate of a record with velocities, with a band from blocks drawn anew.
///
/// # Errors
/// [`Error::Missing`] without velocities, [`Error::Unlike`] for different steps, [`Error::Domain`] for a table that does not hold all positions, or fewer
/// than 2 draws, [`Error::Empty`] if no segment has all lags, [`Error::Numerics`] if too much memory would be needed or the run is cancelled.
pub fn memory_kernel(record: &Record<'_>, options: &KernelOptions, run: &Run<'_>) -> Result<MemoryKernel> {
    let KernelOptions {
        coordinate,
        lags,
        draws,
        ..
    } = *options;
    Error::require("the number of draws", draws as f64, draws >= 2, "at least 2")?;
    let step = common_step(record)?;
    let velocities = record
        .segments()
        .iter()
        .map(|segment| segment.velocities(coordinate))
        .collect::<Result<Vec<_>>>()?;
    run.require_memory("forces along a record", record.frames() * size_of::<f64>() as u64)?;
    let forces = record
        .segments()
        .iter()
        .map(|segment| options.mean_force.along(segment, coordinate))
        .collect::<Result<Vec<_>>>()?;
    let signals = [velocities, forces.iter().map(Vec::as_slice).collect()];
    let found = correlations(&signals, &[(0, 0), (1, 0)], lags, run)?;
    let kernel_of = |c: &[Vec<f64>]| -> Result<[Vec<f64>; 2]> {
        let kernel = kernel_from_correlations(&c[0], &c[1], step)?;
        let integral = integral_from_correlations(&c[0], &c[1], step)?;
        Ok([kernel, integral])
    };
    let value = kernel_of(&[found.values(0), found.values(1)])?;
    let drawn: Vec<[Vec<f64>; 2]> = run.install(|| {
        (0..draws as u64)
            .into_par_iter()
            .map(|draw| {
                run.report(draw as f64 / draws as f64, "band of a memory kernel")?;
                kernel_of(&found.draw(run.seed, draw))
            })
            .collect::<Result<_>>()
    })??;
    let halves = match found.halves() {
        Some([a, b]) => Some([
            kernel_from_correlations(&a[0], &a[1], step)?,
            kernel_from_correlations(&b[0], &b[1], step)?,
        ]),
        None => None,
    };
    // a single block has no spread
    let drawn = if found.blocks() < 2 { Vec::new() } else { drawn };
    let [kernel, integral] = std::array::from_fn(|which| {
        let estimate = |k: usize| {
            from_draws(
                value[which][k],
                drawn.iter().map(|draw| draw[which][k]),
                found.blocks(),
            )
        };
        (0..lags).map(estimate).collect()
    });
    Ok(MemoryKernel {
        times: (0..lags).map(|k| step * k as f64).collect(),
        kernel,
        integral,
        velocity_correlation: found.estimates(0),
        halves,
    })
}

impl MeanForce {
    /// f at each frame of a segment.
    pub(super) fn along(&self, segment: &Segment<'_>, coordinate: usize) -> Result<Vec<f64>> {
        let positions = segment.positions(coordinate)?;
        match self {
            Self::Coupled { stiffness } => {
                Error::require_size(
                    "the stiffnesses of a force",
                    stiffness.len(),
                    segment.coordinates(),
                )?;
                let mut force = vec![0.0; positions.len()];
                for (j, k) in stiffness.iter().enumerate() {
                    let other = segment.positions(j)?;
                    force.iter_mut().zip(other).for_each(|(f, r)| *f -= k * r);
                }
                Ok(force)
            }
            Self::None => Ok(vec![0.0; positions.len()]),
            Self::Linear { omega_squared } => Ok(positions.iter().map(|r| -omega_squared * r).collect()),
            Self::Table { points, values } => {
                Error::require_size("the values of a table of forces", values.len(), points.len())?;
                Error::require(
                    "the number of points of a table",
                    points.len() as f64,
                    points.len() >= 2,
                    "at least 2",
                )?;
                positions
                    .iter()
                    .map(|r| interpolated(points, values, *r))
                    .collect()
            }
        }
    }
}

fn interpolated(points: &[f64], values: &[f64], r: f64) -> Result<f64> {
    let inside = r >= points[0] && r <= points[points.len() - 1];
    Error::require(
        "a position",
        r,
        inside,
        "a value between the first and the last point of the table of forces",
    )?;
    let upper = points
        .partition_point(|point| *point <= r)
        .clamp(1, points.len() - 1);
    let part = (r - points[upper - 1]) / (points[upper] - points[upper - 1]);
    Ok(values[upper - 1] + part * (values[upper] - values[upper - 1]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Clock;

    #[test]
    fn tables_interpolate_and_refuse_what_they_do_not_hold() {
        let table = MeanForce::Table {
            points: vec![0.0, 1.0, 3.0],
            values: vec![1.0, 0.0, 4.0],
        };
        let along = |x: &[f64]| table.along(&Segment::new(Clock::Step(1.0), vec![x]).unwrap(), 0);
        assert_eq!(
            along(&[0.0, 0.5, 1.0, 2.0, 3.0]).unwrap(),
            [1.0, 0.5, 0.0, 2.0, 4.0]
        );
        assert!(matches!(along(&[3.1]), Err(Error::Domain { .. })));
        assert!(matches!(along(&[f64::NAN]), Err(Error::Domain { .. })));
        let coupled = MeanForce::Coupled {
            stiffness: vec![1.0, -2.0],
        };
        let segment = Segment::new(Clock::Step(1.0), vec![&[1.0, 2.0], &[3.0, 5.0]]).unwrap();
        assert_eq!(coupled.along(&segment, 0).unwrap(), [5.0, 8.0]);
    }
}

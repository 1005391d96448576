//! The random force of a recording, and the second fluctuation–dissipation relation.
//!
//! With b = r̈ − f(r), the random force of a memory that begins at t₀ is ξ(t₀ + t) = b(t₀ + t) + ∫₀ᵗ K(s) ṙ(t₀ + t − s) ds, and ξ(t₀) = b(t₀). Averaged over all t₀,
//!
//! ⟨ξ(t) ξ(0)⟩ = ⟨b(t) b(0)⟩ + ∫₀ᵗ K(s) ⟨ṙ(t − s) b(0)⟩ ds,
//!
//! and it should be ⟨ṙ²⟩ K(t). This holds by construction where f is zero or linear; where f is not, it tells whether one kernel for all positions is enough, besides
//! errors of K, accelerations that do not belong to the positions, and drift in time.
//!
//! Source: R. Kubo, Rep. Prog. Phys. 29, 255 (1966).

use irrev_numerics::fourier::convolution;
use irrev_numerics::{Estimate, Run};
use rayon::prelude::*;

use super::kernel::{KernelOptions, MeanForce, kernel_from_correlations};
use crate::correlation::{Signal, correlations};
use crate::diagnose::common_step;
use crate::error::{Error, Result};
use crate::estimates::from_draws;
use crate::record::{Record, Segment};

/// ⟨ξ(t) ξ(0)⟩/⟨ṙ²⟩ beside K(t).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FluctuationDissipation {
    /// Times 0, h, 2h, ….
    pub times: Vec<f64>,
    /// K, in 1/time².
    pub kernel: Vec<Estimate>,
    /// ⟨ξ(t) ξ(0)⟩/⟨ṙ²⟩, in 1/time².
    pub noise: Vec<Estimate>,
    /// The difference, noise less kernel, with errors of its own: both come from the same data.
    pub difference: Vec<Estimate>,
}

impl FluctuationDissipation {
    /// The largest difference in units of its error. Differences at neighbouring times are not independent; 4 to 5 is much for some hundred times.
    #[must_use]
    pub fn largest_deviation(&self) -> f64 {
        self.difference
            .iter()
            .map(|d| d.value.abs() / d.standard_error)
            .filter(|deviation| deviation.is_finite())
            .fold(0.0, f64::max)
    }
}

/// The correlation of the random force of a record with velocities and accelerations, beside its memory kernel, with bands from the same blocks.
///
/// ```
/// use irrev_landscape::Record;
/// use irrev_landscape::memory::{KernelOptions, MeanForce, fluctuation_dissipation};
/// use irrev_landscape::record::{Clock, Segment};
/// use irrev_numerics::Run;
/// // an oscillator without a bath has neither memory nor noise
/// let t = |k: i32| 0.05 * f64::from(k);
/// let (x, v): (Vec<f64>, Vec<f64>) = (0..20_000).map(|k| (t(k).sin(), t(k).cos())).unzip();
/// let a: Vec<f64> = x.iter().map(|x| -x).collect();
/// let segment = Segment::new(Clock::Step(0.05), vec![&x])?.with_velocities(vec![&v])?.with_accelerations(vec![&a])?;
/// let record = Record::new(vec![None], vec![segment])?;
/// let options = KernelOptions { lags: 20, mean_force: MeanForce::Linear { omega_squared: 1.0 }, ..Default::default() };
/// let found = fluctuation_dissipation(&record, &options, &Run::default())?;
/// assert!(found.noise.iter().zip(&found.kernel).all(|(noise, k)| noise.value.abs() < 0.01 && k.value.abs() < 0.01));
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// As [`memory_kernel`](super::memory_kernel), and [`Error::Missing`] without accelerations.
pub fn fluctuation_dissipation(
    record: &Record<'_>,
    options: &KernelOptions,
    run: &Run<'_>,
) -> Result<FluctuationDissipation> {
    let KernelOptions {
        coordinate,
        lags,
        draws,
        ..
    } = *options;
    Error::require("the number of draws", draws as f64, draws >= 2, "at least 2")?;
    let step = common_step(record)?;
    run.require_memory(
        "forces along a record",
        2 * record.frames() * size_of::<f64>() as u64,
    )?;
    let mut velocities: Signal<'_> = Vec::new();
    let (mut forces, mut rests): (Vec<Vec<f64>>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
    for segment in record.segments() {
        velocities.push(segment.velocities(coordinate)?);
        let force = options.mean_force.along(segment, coordinate)?;
        rests.push(rest(segment, coordinate, &force)?);
        forces.push(force);
    }
    let forces: Signal<'_> = forces.iter().map(Vec::as_slice).collect();
    let rests: Signal<'_> = rests.iter().map(Vec::as_slice).collect();
    // ⟨v v⟩, ⟨f v⟩, ⟨b b⟩ and ⟨v b⟩
    let found = correlations(
        &[velocities, forces, rests],
        &[(0, 0), (1, 0), (2, 2), (0, 2)],
        lags,
        run,
    )?;
    let of = |c: &[Vec<f64>]| -> Result<[Vec<f64>; 3]> {
        let kernel = kernel_from_correlations(&c[0], &c[1], step)?;
        let integral = convolution(&kernel, &c[3], 0, lags)?;
        let noise: Vec<f64> = (0..lags)
            .map(|k| {
                // the ends of the trapezoid rule count half
                let ends = 0.5 * (kernel[0] * c[3][k] + kernel[k] * c[3][0]);
                let inside = if k == 0 { 0.0 } else { integral[k] - ends };
                (c[2][k] + step * inside) / c[0][0]
            })
            .collect();
        let difference = noise
            .iter()
            .zip(&kernel)
            .map(|(noise, kernel)| noise - kernel)
            .collect();
        Ok([kernel, noise, difference])
    };
    let all: Vec<Vec<f64>> = (0..4).map(|pair| found.values(pair)).collect();
    let value = of(&all)?;
    let drawn: Vec<[Vec<f64>; 3]> = if found.blocks() < 2 {
        Vec::new()
    } else {
        run.install(|| {
            (0..draws as u64)
                .into_par_iter()
                .map(|draw| of(&found.draw(run.seed, draw)))
                .collect::<Result<_>>()
        })??
    };
    let estimates = |which: usize| {
        (0..lags)
            .map(|k| {
                let draws = drawn.iter().map(|draw| draw[which][k]);
                from_draws(value[which][k], draws, found.blocks())
            })
            .collect()
    };
    Ok(FluctuationDissipation {
        times: (0..lags).map(|k| step * k as f64).collect(),
        kernel: estimates(0),
        noise: estimates(1),
        difference: estimates(2),
    })
}

/// ξ(t) = r̈ − f(r) + ∫ K(s) ṙ(t − s) ds along each segment of a record with velocities and accelerations, from the frame on that has the whole kernel behind it: a
/// segment of n frames leaves n − L + 1, or none.
///
/// The integral is over the L lags of the kernel by the trapezoid rule; what the kernel is beyond them is left out.
///
/// ```
/// use irrev_landscape::Record;
/// use irrev_landscape::memory::{MeanForce, random_force};
/// use irrev_landscape::record::{Clock, Segment};
/// // v = 1 and K = 1 for two steps: ξ = 0 + 2
/// let (x, v, a) = ([0.0, 1.0, 2.0, 3.0], [1.0; 4], [0.0; 4]);
/// let segment = Segment::new(Clock::Step(1.0), vec![&x])?.with_velocities(vec![&v])?.with_accelerations(vec![&a])?;
/// let record = Record::new(vec![None], vec![segment])?;
/// assert_eq!(random_force(&record, 0, &MeanForce::None, &[1.0; 3])?, [[2.0, 2.0]]);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Missing`], [`Error::NoCoordinate`], [`Error::Unlike`] for different steps, what is wrong with the force, [`Error::Empty`] for a kernel without lags.
pub fn random_force(
    record: &Record<'_>,
    coordinate: usize,
    mean_force: &MeanForce,
    kernel: &[f64],
) -> Result<Vec<Vec<f64>>> {
    let step = common_step(record)?;
    let mut weights: Vec<f64> = kernel.iter().map(|k| step * k).collect();
    let lags = weights.len();
    let Some(last) = lags.checked_sub(1) else {
        return Err(Error::Empty {
            what: "the kernel",
            way_out: "give at least one lag",
        });
    };
    weights[0] *= 0.5;
    weights[last] *= 0.5;
    if last == 0 {
        weights[0] = 0.0;
    }
    record
        .segments()
        .iter()
        .map(|segment| {
            let force = mean_force.along(segment, coordinate)?;
            let rest = rest(segment, coordinate, &force)?;
            let velocity = segment.velocities(coordinate)?;
            if rest.len() < lags {
                return Ok(Vec::new());
            }
            let memory = convolution(&weights, velocity, last, rest.len())?;
            Ok(rest[last..].iter().zip(memory).map(|(b, m)| b + m).collect())
        })
        .collect()
}

/// r̈ − f at each frame.
fn rest(segment: &Segment<'_>, coordinate: usize, force: &[f64]) -> Result<Vec<f64>> {
    let accelerations = segment.accelerations(coordinate)?;
    Ok(accelerations.iter().zip(force).map(|(a, f)| a - f).collect())
}

//! The fitted generalised Langevin equation simulated, and laid beside the recording it was fitted to.
//!
//! r̈ = f(r) − ∫₀ᵗ K(s) ṙ(t − s) ds + ξ with ⟨ξ(t) ξ(0)⟩ = w₀ K(t), w₀ = ⟨ṙ²⟩ of the recording, is the motion of a mass kT/w₀ in a bath at kT. Walkers start at frames of the recording with thermal
//! velocities, and a fifth of their way is left out. Steps divide that of the recording, so that frames are as far apart as there; a step is short against the fastest rate of the equation, and ⟨ṙ²⟩ of the
//! walkers tells whether it was short enough.
//!
//! What comes back differs from the recording by noise of both, by the error of kernel and force, and by what one kernel for all positions leaves out: its stationary density is e^{∫f dr/w₀}, which is ρ only
//! where w(r) = ⟨Ṙ²; r⟩ does not depend on r.

use irrev_numerics::{Estimate, Run};

use super::passive_fit::PassiveFit;
use super::tabulated_force::TabulatedForce;
use super::transitions::{Transitions, transitions, two_wells};
use crate::correlation::correlations;
use crate::diagnose::common_step;
use crate::error::{Error, Result};
use crate::grid::Grid;
use crate::langevin::{
    Boundary, Generalized, LangevinOptions, MemoryBath, MemoryKernel, Start, Trajectories, simulate,
};
use crate::moments::{Accelerations, MomentOptions, Velocities, conditional_moments};
use crate::record::{Clock, Record, Segment};

/// Largest step over the time of the fastest rate.
const RESOLVED: f64 = 0.2;

/// Most steps within one of the recording.
const MOST_WITHIN: f64 = 1000.0;

/// Steps of all walkers, frames of all walkers at most, and how often the recording's own frames.
const STEPS: f64 = 2e7;
const FRAMES: f64 = 2e6;
const LONGER: f64 = 4.0;

/// Part of the frames that are left out at the start: one in so many.
const SETTLING: u64 = 5;

/// How a fitted equation is simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct ResimulationOptions {
    /// Which coordinate; default 0.
    pub coordinate: usize,
    /// Lags of the correlation of velocities, in frames; default 200.
    pub lags: usize,
    /// Walkers; default 256. Together they make some four times the frames of the recording, but each at least twice the lags.
    pub walkers: usize,
    /// Independent visits that a cell needs; default 10.
    pub least_count: f64,
    /// Barrier in units of w₀ (kT for a mass kT/w₀) that parts two wells; default 1.
    pub barrier: f64,
}

impl Default for ResimulationOptions {
    fn default() -> Self {
        Self {
            coordinate: 0,
            lags: 200,
            walkers: 256,
            least_count: 10.0,
            barrier: 1.0,
        }
    }
}

/// The same numbers of a recording and of walkers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Side {
    /// ⟨ṙ(t) ṙ(0)⟩ at the lags.
    pub velocity_correlation: Vec<Estimate>,
    /// ρ in cells; NaN where the recording has too few visits, or walkers may not go.
    pub density: Vec<Estimate>,
    /// Mean times between the two deepest wells of the recording; `None` if there are none.
    pub transitions: Option<Transitions>,
}

/// A recording, and walkers that follow its fitted equation.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Resimulation {
    /// Times of the lags.
    pub times: Vec<f64>,
    /// Of the recording.
    pub recorded: Side,
    /// Of the walkers.
    pub simulated: Side,
    /// ⟨ṙ²⟩ of the walkers over w₀: 1 but for the error of the step.
    pub equipartition: Estimate,
    /// Cells of the cores of the two deepest wells of the recording.
    pub wells: Option<[Vec<usize>; 2]>,
    /// Part of the recording's frames in cells that are compared.
    pub compared: f64,
    /// Ends of the coordinate for the walkers.
    pub boundary: Boundary,
    /// Step of the simulation, and how many make one of the recording.
    pub step: f64,
    /// Steps of the simulation to one of the recording.
    pub substeps: u64,
    /// Walkers.
    pub walkers: usize,
    /// Frames of each that count.
    pub frames: usize,
}

impl Resimulation {
    /// Largest difference of the correlations of velocities over ⟨ṙ²⟩, and the largest in units of the errors of both. Neighbouring lags are not independent; 4 to 5 is much for some hundred.
    #[must_use]
    pub fn correlation_deviation(&self) -> (f64, f64) {
        let (a, b) = (
            &self.recorded.velocity_correlation,
            &self.simulated.velocity_correlation,
        );
        let scale = a.first().map_or(1.0, |c| c.value);
        let (difference, errors) = deviations(a, b);
        (difference / scale, errors)
    }

    /// Half the integral of |ρ − ρ'| over compared cells, densities of both brought to the same weight there, and the largest difference of a cell in units of the errors of both.
    #[must_use]
    pub fn density_deviation(&self, grid: &Grid) -> (f64, f64) {
        let weight = |side: &Side| -> f64 {
            let parts = side
                .density
                .iter()
                .zip(grid.widths())
                .map(|(rho, width)| rho.value * width);
            parts.filter(|part| part.is_finite()).sum()
        };
        let (a, b) = (weight(&self.recorded), weight(&self.simulated));
        let halves = self
            .recorded
            .density
            .iter()
            .zip(&self.simulated.density)
            .zip(grid.widths());
        let distance = halves
            .map(|((p, q), width)| 0.5 * (p.value / a - q.value / b).abs() * width)
            .filter(|part| part.is_finite())
            .sum();
        (
            distance,
            deviations(&self.recorded.density, &self.simulated.density).1,
        )
    }
}

/// Largest |a − b|, and largest |a − b|/√(σ_a² + σ_b²), over pairs that have both.
fn deviations(a: &[Estimate], b: &[Estimate]) -> (f64, f64) {
    a.iter().zip(b).fold((0.0, 0.0), |(difference, errors), (a, b)| {
        let off = (a.value - b.value).abs();
        let in_errors = off / a.standard_error.hypot(b.standard_error);
        let larger = |most: f64, x: f64| if x.is_finite() { most.max(x) } else { most };
        (larger(difference, off), larger(errors, in_errors))
    })
}

/// Walkers with the mean force and the fitted kernel of one coordinate of a record with velocities and equal steps, beside the record.
///
/// Same record, fit and seed, same bits on any number of threads. Some 2·10⁷ steps, a few seconds.
///
/// ```
/// use irrev_landscape::langevin::{Generalized, LangevinOptions, MemoryBath, MemoryKernel, PointField, Start, simulate};
/// use irrev_landscape::memory::{
///     FitOptions, KernelOptions, MeanForce, ResimulationOptions, TabulatedForce, memory_kernel, passive_fit, resimulated,
/// };
/// use irrev_landscape::Grid;
/// use irrev_numerics::Run;
/// // a well r² with the memory 4 e^{−2t}, recorded
/// let run = Run::default();
/// let bath = MemoryBath { mass: 1.0, temperature: 1.0, kernel: MemoryKernel::exponentials(&[4.0], &[2.0])? };
/// let well = PointField::new(1, |_, x, f| f[0] = -2.0 * x[0]);
/// let options = LangevinOptions { step: 0.02, steps: 20_000, record_every: 5, ..Default::default() };
/// let motion = simulate(&well, &Generalized::new(vec![bath])?.into(), &Start::at(&[0.0], 64), &options, &run)?;
/// let frames = motion.trajectories.ok_or("no frames")?;
/// let record = frames.record()?;
/// let options = KernelOptions { lags: 40, mean_force: MeanForce::Linear { omega_squared: 2.0 }, ..Default::default() };
/// let fit = passive_fit(&memory_kernel(&record, &options, &run)?, &FitOptions::default(), &run)?;
/// let cells = Grid::uniform(-2.0, 2.0, 20)?;
/// let force: Vec<f64> = cells.centres().iter().map(|r| -2.0 * r).collect();
/// let force = TabulatedForce::of_cells(&cells, &force, (-4.0, 4.0))?;
/// let found = resimulated(&record, &force, &fit, &cells, &ResimulationOptions { lags: 40, walkers: 64, ..Default::default() }, &run)?;
/// assert!((found.equipartition.value - 1.0).abs() < 0.02);
/// assert!(found.correlation_deviation().0 < 0.1 && found.density_deviation(&cells).0 < 0.05);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Missing`] without velocities, [`Error::Unlike`] for different steps, [`Error::Domain`] for no walkers, no lags, or a force or kernel that would need more than a thousand steps within one of the
/// record, [`Error::Empty`] if no frame lies where walkers may go or no segment has all lags, what the simulation reports, [`Error::Numerics`].
pub fn resimulated(
    record: &Record<'_>,
    force: &TabulatedForce,
    fit: &PassiveFit,
    grid: &Grid,
    options: &ResimulationOptions,
    run: &Run<'_>,
) -> Result<Resimulation> {
    let ResimulationOptions {
        coordinate,
        lags,
        walkers,
        ..
    } = *options;
    Error::require(
        "the number of walkers",
        walkers as f64,
        walkers >= 1,
        "at least 1",
    )?;
    let step = common_step(record)?;
    let velocities = record
        .segments()
        .iter()
        .map(|segment| segment.velocities(coordinate))
        .collect::<Result<Vec<_>>>()?;
    let found = correlations(&[velocities], &[(0, 0)], lags, run)?;
    let w0 = found.values(0)[0];
    let kernel = MemoryKernel::embedded(&fit.embedding(w0)?)?;
    let rate = (force.steepest() + kernel.at(0.0).max(0.0)).sqrt();
    let substeps = (step * rate / RESOLVED).ceil().max(1.0);
    Error::require(
        "the number of steps that the simulation needs within one of the recording",
        substeps,
        substeps <= MOST_WITHIN,
        "at most 1000: a force with less noise (fewer cells), or a slower kernel",
    )?;
    let (frames, settling) = frames(record.frames(), walkers, lags, substeps);
    let inner = LangevinOptions {
        step: step / substeps,
        steps: (frames + settling - 1) * substeps as u64,
        boundaries: vec![force.boundary()],
        record_every: substeps as u64,
        ..LangevinOptions::default()
    };
    let bath = MemoryBath {
        mass: 1.0,
        temperature: w0,
        kernel,
    };
    let start = Start::of_positions(1, starts(record, coordinate, force.boundary(), walkers)?)?;
    let alone = Run {
        checkpoints: None,
        ..*run
    };
    let motion = simulate(
        force,
        &Generalized::new(vec![bath])?.into(),
        &start,
        &inner,
        &alone,
    )?;
    let trajectories = motion.trajectories.ok_or(Error::Missing {
        what: "frames of the simulation",
    })?;
    let columns = settled(&trajectories, settling as usize, record.period(coordinate)?)?;
    let segments = columns.iter().map(|[x, v]| {
        Segment::new(Clock::Step(step), vec![x.as_slice()])?.with_velocities(vec![v.as_slice()])
    });
    let simulated = Record::new(vec![record.period(coordinate)?], segments.collect::<Result<_>>()?)?;
    let moments = |record: &Record<'_>, coordinate: usize| {
        let asked = MomentOptions {
            coordinate,
            velocities: Velocities::Given,
            accelerations: Accelerations::NotNeeded,
            ..MomentOptions::default()
        };
        conditional_moments(record, grid, &asked, run)
    };
    let of_record = moments(record, coordinate)?;
    let visits = of_record.effective_counts();
    let inside = |cell: usize| visits[cell] >= options.least_count && may_go(force.boundary(), grid, cell);
    let compared: Vec<bool> = (0..grid.cells()).map(inside).collect();
    let masked = |density: Vec<Estimate>| -> Vec<Estimate> {
        let nothing = Estimate::from_mean(f64::NAN, f64::NAN, 0);
        let both = density.into_iter().zip(&compared);
        both.map(|(rho, compared)| if *compared { rho } else { nothing })
            .collect()
    };
    let density = masked(of_record.density());
    let free_energy: Vec<f64> = density.iter().map(|rho| -rho.value.ln()).collect();
    let wells = two_wells(grid, &free_energy, options.barrier);
    let passages = |record: &Record<'_>, coordinate: usize| {
        let found = wells
            .as_ref()
            .map(|wells| transitions(record, coordinate, grid, wells));
        found.transpose()
    };
    let of_walkers = correlations(
        &[columns.iter().map(|[_, v]| v.as_slice()).collect()],
        &[(0, 0)],
        lags,
        run,
    )?;
    let squared = of_walkers.estimates(0)[0];
    Ok(Resimulation {
        times: (0..lags).map(|k| step * k as f64).collect(),
        recorded: Side {
            velocity_correlation: found.estimates(0),
            transitions: passages(record, coordinate)?,
            density,
        },
        simulated: Side {
            velocity_correlation: of_walkers.estimates(0),
            transitions: passages(&simulated, 0)?,
            density: masked(moments(&simulated, 0)?.density()),
        },
        equipartition: Estimate::from_mean(
            squared.value / w0,
            squared.standard_error / w0,
            squared.sample_size,
        ),
        compared: of_record
            .counts()
            .iter()
            .zip(&compared)
            .filter(|(_, compared)| **compared)
            .map(|(count, _)| *count as f64)
            .sum::<f64>()
            / of_record.frames() as f64,
        wells,
        boundary: force.boundary(),
        step: inner.step,
        substeps: substeps as u64,
        walkers,
        frames: frames as usize,
    })
}

/// Frames of each walker that count, and those before.
fn frames(recorded: u64, walkers: usize, lags: usize, substeps: f64) -> (u64, u64) {
    let all = (LONGER * recorded as f64).min(FRAMES).min(STEPS / substeps);
    let each = ((all / walkers as f64) as u64).max(2 * lags as u64);
    (each, each / SETTLING)
}

/// Frames of the recording at equal distances, of those that lie where walkers may go.
fn starts(record: &Record<'_>, coordinate: usize, boundary: Boundary, walkers: usize) -> Result<Vec<f64>> {
    let period = record.period(coordinate)?;
    let allowed = |x: f64| match boundary {
        Boundary::Reflecting { lower, upper } => {
            let x = match period {
                Some(period) => lower + (x - lower).rem_euclid(period.length()),
                None => x,
            };
            (x >= lower && x <= upper).then_some(x)
        }
        _ => Some(x),
    };
    let mut inside = Vec::new();
    let every = (record.frames() as usize / (64 * walkers)).max(1);
    for segment in record.segments() {
        let x = segment.positions(coordinate)?;
        inside.extend(x.iter().step_by(every).filter_map(|x| allowed(*x)));
    }
    if inside.is_empty() {
        return Err(Error::Empty {
            what: "the set of frames where walkers may start",
            way_out: "give a longer recording, or fewer cells",
        });
    }
    Ok((0..walkers)
        .map(|walker| inside[walker * inside.len() / walkers])
        .collect())
}

/// Positions in the period and velocities of each walker, without the first frames.
fn settled(
    trajectories: &Trajectories,
    first: usize,
    period: Option<crate::record::Period>,
) -> Result<Vec<[Vec<f64>; 2]>> {
    (0..trajectories.walkers())
        .map(|walker| {
            let x = &trajectories.positions(walker, 0)?[first..];
            let x = x
                .iter()
                .map(|x| period.map_or(*x, |period| period.wrapped(*x)))
                .collect();
            Ok([x, trajectories.velocities(walker, 0)?[first..].to_vec()])
        })
        .collect()
}

/// Whether a cell lies between the walls.
fn may_go(boundary: Boundary, grid: &Grid, cell: usize) -> bool {
    let Boundary::Reflecting { lower, upper } = boundary else {
        return true;
    };
    let centre = 0.5 * (grid.edges()[cell] + grid.edges()[cell + 1]);
    let centre = match grid.period() {
        Some(period) => lower + (centre - lower).rem_euclid(period.length()),
        None => centre,
    };
    centre >= lower && centre <= upper
}

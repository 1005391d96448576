//! A simulation in one call.

use irrev_numerics::{Run, streams};

use super::checkpoints::Keeping;
use super::dynamics::Dynamics;
use super::field::ForceField;
use super::simulation::{LangevinOptions, Simulation};
use super::start::Start;
use super::thermodynamics::Thermodynamics;
use super::trajectories::{Recorder, Trajectories, gathered};
use crate::error::Result;

/// Name of the checkpoint in its store.
const NAME: &str = "langevin";

/// What [`simulate`] returns.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Motion {
    /// Versioned name of the method.
    pub algorithm: &'static str,
    /// Versioned name of the random streams.
    pub streams: &'static str,
    /// Time at the end.
    pub time: f64,
    /// Positions at the end, walker by walker.
    pub positions: Vec<f64>,
    /// Velocities at the end, walker by walker; empty for motion without inertia.
    pub velocities: Vec<f64>,
    /// Whole turns of periodic coordinates, walker by walker.
    pub turns: Vec<i64>,
    /// Work, heat and entropy of each walker.
    pub thermodynamics: Thermodynamics,
    /// The frames, if they were to be kept.
    pub trajectories: Option<Trajectories>,
}

/// Walkers from their start through the steps of the options, with checkpoints if the run keeps any.
///
/// ```
/// use irrev_landscape::langevin::{LangevinOptions, Overdamped, PointField, Start, simulate};
/// use irrev_numerics::Run;
/// let well = PointField::new(1, |_, x, f| f[0] = -4.0 * x[0] * (x[0] * x[0] - 1.0))
///     .with_potential(|_, x| (x[0] * x[0] - 1.0).powi(2));
/// let dynamics = Overdamped::new(vec![1.0], vec![0.3])?.into();
/// let options = LangevinOptions { step: 0.005, steps: 2000, record_every: 20, ..Default::default() };
/// let motion = simulate(&well, &dynamics, &Start::at(&[1.0], 10), &options, &Run::default())?;
/// let frames = motion.trajectories.unwrap();
/// assert_eq!((frames.walkers(), frames.frames()), (10, 101));
/// assert_eq!(frames.record()?.frames(), 1010);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// As [`Simulation::new`] and [`Simulation::advance`]; [`Error::Numerics`] if frames would take more memory than allowed, or a checkpoint belongs to another question.
pub fn simulate<'a>(
    field: &'a dyn ForceField,
    dynamics: &Dynamics<'a>,
    start: &Start,
    options: &LangevinOptions,
    run: &Run<'_>,
) -> Result<Motion> {
    let mut simulation = Simulation::new(field, dynamics, start, options, run)?;
    let mut recorders = recorders(&simulation, options, run)?;
    let keeping = Keeping {
        name: NAME,
        interval: options.checkpoint_interval,
    };
    simulation.observe_to(options.steps, options.record_every, &mut recorders, keeping, run)?;
    let interval = (options.start_time, options.record_every as f64 * options.step);
    Ok(Motion {
        algorithm: dynamics.algorithm(),
        streams: streams::ALGORITHM,
        time: simulation.time(),
        positions: simulation.positions(),
        velocities: simulation.velocities(),
        turns: simulation.turns(),
        thermodynamics: simulation.thermodynamics()?,
        trajectories: (options.record_every > 0)
            .then(|| gathered(recorders, simulation.boundaries(), interval)),
    })
}

/// A recorder for each block, if their frames fit into memory.
fn recorders(simulation: &Simulation<'_>, options: &LangevinOptions, run: &Run<'_>) -> Result<Vec<Recorder>> {
    let frames = options
        .steps
        .checked_div(options.record_every)
        .map_or(0, |n| n + 1);
    let d = simulation.boundaries().len() as u64;
    let inert = simulation.is_inert();
    let numbers = (simulation.walkers() as u64 * d * if inert { 1 } else { 2 }).saturating_mul(frames);
    // twice, while blocks are put together
    run.require_memory("the recorded frames", numbers.saturating_mul(16))?;
    let frames = usize::try_from(frames).unwrap_or(usize::MAX);
    Ok(simulation.recorders(frames))
}

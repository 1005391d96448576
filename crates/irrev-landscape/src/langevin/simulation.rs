//! Walkers under way: blocks in parallel, stretches of steps, checkpoints.
//!
//! Blocks of 64 walkers are cut by number, and the noise of a walker is a function of seed, walker and step, so that neither threads nor stretches nor interruptions are seen in a result. Stretches are as
//! long as fits between two looks at the monitor; after each all walkers have made the same number of steps.

use std::ops::Range;

use irrev_numerics::{Run, streams};
use rayon::prelude::*;

use super::block::{Block, LANES, Setting};
use super::boundary::Boundary;
use super::checkpoints::{OF_ANOTHER, refused};
use super::dynamics::Dynamics;
use super::field::ForceField;
use super::observer::{Frame, Observer};
use super::pace::Pace;
use super::rows::rows_mut;
use super::start::Start;
use super::stepper::{self, Stepper};
use super::thermodynamics::{Energies, Thermodynamics};
use super::trajectories::Recorder;
use super::words::{Reader, Writer};
use crate::error::{Error, Result};

/// Steps, ends of coordinates, and what is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct LangevinOptions {
    /// h, positive; default 0.01 units of time. A tenth of the fastest relaxation or oscillation is a good start; the first-law residual tells whether it was.
    pub step: f64,
    /// Steps of [`simulate`](super::simulate); default 1000.
    pub steps: u64,
    /// t₀, at which protocols begin; default 0.
    pub start_time: f64,
    /// An end for each coordinate; empty (default) for the whole line in all.
    pub boundaries: Vec<Boundary>,
    /// [`simulate`](super::simulate) keeps a frame at the start and after every so many steps; 0 (default) for none.
    pub record_every: u64,
    /// Seconds between checkpoints, if the run keeps any; default 60.
    pub checkpoint_interval: f64,
}

impl Default for LangevinOptions {
    fn default() -> Self {
        Self {
            step: 0.01,
            steps: 1000,
            start_time: 0.0,
            boundaries: Vec::new(),
            record_every: 0,
            checkpoint_interval: 60.0,
        }
    }
}

/// Walkers, with the books of their paths.
///
/// ```
/// use irrev_landscape::langevin::{LangevinOptions, LinearField, Simulation, Start, Underdamped};
/// use irrev_landscape::linear::underdamped::Bath;
/// use irrev_numerics::{Run, linalg::Matrix};
/// let spring = LinearField::new(Matrix::from_columns(1, vec![-1.0]), vec![0.0])?;
/// let bath = Bath { mass: 1.0, friction: 0.5, temperature: 2.0 };
/// let dynamics = Underdamped::new(vec![bath])?.into();
/// let run = Run::default();
/// let mut motion = Simulation::new(&spring, &dynamics, &Start::at(&[3.0], 100), &LangevinOptions::default(), &run)?;
/// motion.advance(1500, &run)?;
/// assert!((motion.time() - 15.0).abs() < 1e-12);
/// // in one piece or in two, with a checkpoint between: the same bits
/// let mut again = Simulation::new(&spring, &dynamics, &Start::at(&[3.0], 100), &LangevinOptions::default(), &run)?;
/// again.restore(&motion.checkpoint())?;
/// motion.advance(77, &run)?;
/// again.advance(77, &run)?;
/// assert_eq!(motion.positions(), again.positions());
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
pub struct Simulation<'a> {
    setting: Setting<'a>,
    stepper: Box<dyn Stepper + 'a>,
    boundaries: Vec<Boundary>,
    dynamics: Dynamics<'a>,
    pub(super) seed: u64,
    pub(super) steps: u64,
    pub(super) blocks: Vec<Block>,
    /// Words of the start alone, and of the whole question.
    pub(super) start: String,
    pub(super) fingerprint: String,
}

impl<'a> Simulation<'a> {
    /// Walkers at their start; the seed is the run's.
    ///
    /// # Errors
    /// [`Error::Size`] for a field, a start or boundaries of another dimension; [`Error::Empty`] without walkers or coordinates; [`Error::Domain`] for a step that is not positive or a start outside of walls;
    /// [`Error::Force`] for a force and [`Error::Field`] for a potential at the start that is no number; [`Error::Missing`] and [`Error::Method`] for a field or boundaries that the integrator cannot take; [`Error::Numerics`] if the walkers take
    /// more memory than allowed.
    pub fn new(
        field: &'a dyn ForceField,
        dynamics: &Dynamics<'a>,
        start: &Start,
        options: &LangevinOptions,
        run: &Run<'_>,
    ) -> Result<Self> {
        let d = start.dimension();
        let mut simulation = Self::without_walkers(
            field,
            dynamics,
            (d, start.walkers(), start.fingerprint()),
            options,
            run.seed,
        )?;
        let auxiliaries = dynamics.auxiliaries().iter().sum();
        run.require_memory(
            "the walkers",
            (start.walkers() as u64).saturating_mul(Block::memory(d, auxiliaries)),
        )?;
        for first in (0..start.walkers()).step_by(LANES) {
            let walkers = first..start.walkers().min(first + LANES);
            let block = simulation.block(start, walkers)?;
            simulation.blocks.push(block);
        }
        Ok(simulation)
    }

    /// All but the walkers, of whose start the dimension, the number and the words are given.
    pub(super) fn without_walkers(
        field: &'a dyn ForceField,
        dynamics: &Dynamics<'a>,
        (d, walkers, start): (usize, usize, String),
        options: &LangevinOptions,
        seed: u64,
    ) -> Result<Self> {
        let setting = checked(field, dynamics, (d, walkers), options)?;
        let boundaries = boundaries_of(options, d);
        let fingerprint = format!(
            "{} {} seed {seed} h {:x} from {:x} {boundaries:?}\n{}\n{start}\n{}",
            dynamics.algorithm(),
            streams::ALGORITHM,
            options.step.to_bits(),
            options.start_time.to_bits(),
            dynamics.fingerprint(),
            field.fingerprint(),
        );
        Ok(Self {
            stepper: stepper::stepper(dynamics, &setting)?,
            setting,
            boundaries,
            dynamics: dynamics.clone(),
            seed,
            steps: 0,
            blocks: Vec::new(),
            start,
            fingerprint,
        })
    }

    /// Walkers of a block at their start.
    fn block(&self, start: &Start, walkers: Range<usize>) -> Result<Block> {
        let lanes = walkers.len();
        let (masses, d) = (self.dynamics.masses(), start.dimension());
        let auxiliaries: usize = self.dynamics.auxiliaries().iter().sum();
        let mut block = Block {
            first: walkers.start as u64,
            lanes,
            positions: vec![0.0; d * lanes],
            velocities: vec![0.0; masses.len() * lanes],
            auxiliaries: vec![0.0; auxiliaries * lanes],
            turns: vec![0; d * lanes],
            heat: vec![0.0; d * lanes],
            protocol_work: vec![0.0; lanes],
            drive_work: vec![0.0; lanes],
            potential: Vec::new(),
            first_energy: Vec::new(),
            forces: Vec::new(),
            drive: Vec::new(),
        };
        for (lane, walker) in walkers.enumerate() {
            let (velocities, hidden) = start.motion(walker, &self.dynamics, self.seed);
            let position = start.position(walker, &self.boundaries)?;
            let rows = [
                (&mut block.positions, position),
                (&mut block.velocities, velocities),
                (&mut block.auxiliaries, hidden),
            ];
            for (rows, values) in rows {
                for (row, x) in rows_mut(rows, lanes).zip(values) {
                    row[lane] = x;
                }
            }
        }
        block.settle(&self.setting(), 0)?;
        let mut energy = block.potential.clone();
        block.add_kinetic(&masses, &mut energy);
        block.first_energy = energy;
        Ok(block)
    }

    fn setting(&self) -> Setting<'_> {
        Setting {
            boundaries: &self.boundaries,
            ..self.setting
        }
    }

    /// Number of blocks.
    pub(super) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// The ends of coordinates.
    pub(super) fn boundaries(&self) -> &[Boundary] {
        &self.boundaries
    }

    /// Whether there are no velocities.
    pub(super) fn is_inert(&self) -> bool {
        self.dynamics.masses().is_empty()
    }

    /// A recorder of so many frames for each block.
    pub(super) fn recorders(&self, frames: usize) -> Vec<Recorder> {
        self.blocks
            .iter()
            .map(|block| Recorder::new(block, frames))
            .collect()
    }

    /// Number of walkers.
    #[must_use]
    pub fn walkers(&self) -> usize {
        self.blocks.iter().map(|block| block.lanes).sum()
    }

    /// Steps made since the start.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// t₀ + steps · h.
    #[must_use]
    pub fn time(&self) -> f64 {
        self.setting.time(self.steps as f64)
    }

    /// Makes steps.
    ///
    /// # Errors
    /// [`Error::Diverged`], [`Error::StepTooLong`], [`Error::Force`] for the first walker (by time, then by number) whose motion makes no sense, what the field reports, and [`Error::Numerics`] if the run is
    /// cancelled: then all walkers have made the same number of steps, [`Self::steps`], and may go on.
    pub fn advance(&mut self, steps: u64, run: &Run<'_>) -> Result<()> {
        self.observe(steps, 0, &mut self.observers(|_| ()), run)
    }

    /// An observer for each block, made from the walkers in it.
    pub fn observers<O: Observer>(&self, mut make: impl FnMut(Range<u64>) -> O) -> Vec<O> {
        self.blocks.iter().map(|block| make(block.walkers())).collect()
    }

    /// Shows the walkers as they are.
    ///
    /// # Errors
    /// [`Error::Size`] unless there is an observer for each block; what an observer reports.
    pub fn look<O: Observer>(&self, observers: &mut [O]) -> Result<()> {
        Error::require_size("the observers", observers.len(), self.blocks.len())?;
        let both = self.blocks.iter().zip(observers);
        both.into_iter()
            .try_for_each(|(block, observer)| observer.observe(&Frame::of(block, self.time(), self.steps)))
    }

    /// Makes steps, and shows the walkers to the observers whenever the number of steps since the start is a multiple of `every`; never for 0.
    ///
    /// # Errors
    /// As [`Self::advance`]; [`Error::Size`] unless there is an observer for each block.
    pub fn observe<O: Observer>(
        &mut self,
        steps: u64,
        every: u64,
        observers: &mut [O],
        run: &Run<'_>,
    ) -> Result<()> {
        Error::require_size("the observers", observers.len(), self.blocks.len())?;
        let goal = self.steps + steps;
        run.install(|| {
            let mut pace = Pace::new();
            while self.steps < goal {
                let to = goal.min(self.steps + pace.steps);
                pace.timed(|| self.stretch(to, every, observers))?;
                run.report(1.0 - (goal - self.steps) as f64 / steps as f64, "Langevin steps")?;
            }
            Ok(())
        })?
    }

    /// All blocks up to a number of steps.
    pub(super) fn stretch<O: Observer>(&mut self, to: u64, every: u64, observers: &mut [O]) -> Result<()> {
        let setting = Setting {
            boundaries: &self.boundaries,
            ..self.setting
        };
        let (from, seed, stepper) = (self.steps, self.seed, &*self.stepper);
        let failures: Vec<(u64, u64, Error)> = self
            .blocks
            .par_iter_mut()
            .zip(observers)
            .map_init(
                || stepper::scratch(stepper, self.boundaries.len()),
                |scratch, (block, observer)| {
                    let look = |block: &mut Block, steps: u64| {
                        if every > 0 && steps.is_multiple_of(every) {
                            observer.observe(&Frame::of(block, setting.time(steps as f64), steps))?;
                        }
                        Ok(())
                    };
                    let first = block.first;
                    stepper::advance(stepper, block, &setting, seed, from..to, scratch, look)
                        .map_err(|(step, error)| (step, first, error))
                        .err()
                },
            )
            .flatten()
            .collect();
        // the earliest, whatever the stretches
        if let Some((_, _, error)) = failures.into_iter().min_by_key(|f| (f.0, f.1)) {
            return Err(error);
        }
        self.steps = to;
        Ok(())
    }

    /// Positions, walker by walker: d numbers for the first, d for the second …
    #[must_use]
    pub fn positions(&self) -> Vec<f64> {
        self.gathered(|block| &block.positions)
    }

    /// Velocities likewise; empty for motion without inertia.
    #[must_use]
    pub fn velocities(&self) -> Vec<f64> {
        if self.is_inert() {
            return Vec::new();
        }
        self.gathered(|block| &block.velocities)
    }

    /// Whole turns of periodic coordinates likewise.
    #[must_use]
    pub fn turns(&self) -> Vec<i64> {
        self.gathered(|block| &block.turns)
    }

    fn gathered<T: Copy>(&self, rows: impl Fn(&Block) -> &Vec<T>) -> Vec<T> {
        let mut out = Vec::new();
        for block in &self.blocks {
            block.by_walker(rows(block), &mut out);
        }
        out
    }

    /// Work, heat and entropy since the start.
    ///
    /// # Errors
    /// What the field reports for the energies.
    pub fn thermodynamics(&self) -> Result<Thermodynamics> {
        let row = |rows: fn(&Block) -> &Vec<f64>| -> Vec<f64> {
            self.blocks.iter().flat_map(rows).copied().collect()
        };
        let energies = if self.setting.parts.potential {
            Some(Energies {
                first: row(|block| &block.first_energy),
                now: self.energies_now()?,
                protocol_work: row(|block| &block.protocol_work),
            })
        } else {
            None
        };
        Ok(Thermodynamics {
            temperatures: self.dynamics.temperatures(),
            heat: self.gathered(|block| &block.heat),
            drive_work: row(|block| &block.drive_work),
            energies,
        })
    }

    /// V + Σ m v²/2 of each walker.
    fn energies_now(&self) -> Result<Vec<f64>> {
        let (masses, mut all) = (self.dynamics.masses(), Vec::new());
        for block in &self.blocks {
            let mut energies = vec![0.0; block.lanes];
            let field = self.setting.field;
            field.potential(self.time(), &block.positions, block.lanes, &mut energies)?;
            block.add_kinetic(&masses, &mut energies);
            all.extend(energies);
        }
        Ok(all)
    }

    /// The state as bytes, from which [`Self::restore`] goes on to the same bits.
    #[must_use]
    pub fn checkpoint(&self) -> Vec<u8> {
        let mut out = Writer::default();
        self.write(&mut out);
        out.finish()
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.text(&self.fingerprint);
        out.word(self.steps);
        self.blocks.iter().for_each(|block| block.write(out));
    }

    /// Goes back, or ahead, to a checkpoint of the same question.
    ///
    /// # Errors
    /// [`Error::Numerics`] for bytes of another question, or damaged ones; then the simulation should be made anew.
    pub fn restore(&mut self, checkpoint: &[u8]) -> Result<()> {
        self.read(&mut Reader(checkpoint))
    }

    pub(super) fn read(&mut self, input: &mut Reader<'_>) -> Result<()> {
        if input.text().as_deref() != Some(&self.fingerprint) {
            return Err(refused(OF_ANOTHER));
        }
        let steps = input.word();
        let blocks = self.blocks.iter_mut().map(|block| block.read(input));
        let complete: Option<()> = blocks.collect();
        let (Some(steps), Some(())) = (steps, complete) else {
            return Err(refused("its contents do not fit; remove it"));
        };
        self.steps = steps;
        let setting = Setting {
            boundaries: &self.boundaries,
            ..self.setting
        };
        let settled = self.blocks.iter_mut().map(|block| block.settle(&setting, steps));
        settled.collect()
    }
}

fn boundaries_of(options: &LangevinOptions, dimension: usize) -> Vec<Boundary> {
    if options.boundaries.is_empty() {
        vec![Boundary::Free; dimension]
    } else {
        options.boundaries.clone()
    }
}

/// Shapes and numbers that fit together.
fn checked<'a>(
    field: &'a dyn ForceField,
    dynamics: &Dynamics<'a>,
    (d, walkers): (usize, usize),
    options: &LangevinOptions,
) -> Result<Setting<'a>> {
    Error::require_size("a force field", field.dimension(), d)?;
    Error::require_size("an equation of motion", dynamics.temperatures().len(), d)?;
    if walkers == 0 {
        return Err(Error::Empty {
            what: "the list of walkers",
            way_out: "start at least one, with at least one coordinate",
        });
    }
    let h = options.step;
    Error::require(
        "the time step h",
        h,
        h > 0.0 && h.is_finite(),
        "a positive number",
    )?;
    let t0 = options.start_time;
    Error::require("the time of the start", t0, t0.is_finite(), "a finite number")?;
    if !options.boundaries.is_empty() {
        Error::require_size("the boundaries", options.boundaries.len(), d)?;
    }
    options.boundaries.iter().try_for_each(|b| b.check())?;
    let free = options.boundaries.iter().all(|b| *b == Boundary::Free);
    if dynamics.algorithm().starts_with("exact-linear") && !free {
        return Err(Error::Method {
            method: dynamics.algorithm(),
            reason: "its steps are exact on the whole line only; take another integrator, or no boundaries",
        });
    }
    Ok(Setting {
        field,
        parts: field.parts(),
        boundaries: &[],
        step: h,
        start: t0,
    })
}

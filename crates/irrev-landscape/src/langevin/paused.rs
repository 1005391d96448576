//! A simulation set aside: its walkers, without the field and the equation of motion that they move by.

use super::block::Block;
use super::checkpoints::{OF_ANOTHER, refused};
use super::dynamics::Dynamics;
use super::field::ForceField;
use super::simulation::{LangevinOptions, Simulation};
use crate::error::Result;

/// Walkers that wait, with the books of their paths: what somebody keeps who owns the field, and moves them now and then.
///
/// A [`Simulation`] borrows its field. Between two stretches it may be given up for this, and taken up again without a copy.
///
/// ```
/// use irrev_landscape::langevin::{Dynamics, LangevinOptions, LinearField, Overdamped, Simulation, Start};
/// use irrev_numerics::{Run, linalg::Matrix};
/// let trap = LinearField::new(Matrix::from_columns(1, vec![-1.0]), vec![0.0])?;
/// let dynamics = Dynamics::from(Overdamped::new(vec![1.0], vec![1.0])?);
/// let (options, run) = (LangevinOptions::default(), Run::default());
/// let begin = || Simulation::new(&trap, &dynamics, &Start::at(&[3.0], 100), &options, &run);
/// let mut motion = begin()?;
/// motion.advance(30, &run)?;
/// let mut resumed = Simulation::resume(&trap, &dynamics, &options, motion.pause())?;
/// resumed.advance(12, &run)?;
/// let mut whole = begin()?;
/// whole.advance(42, &run)?;
/// assert_eq!(resumed.positions(), whole.positions());
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Paused {
    seed: u64,
    steps: u64,
    dimension: usize,
    walkers: usize,
    blocks: Vec<Block>,
    start: String,
    fingerprint: String,
}

impl<'a> Simulation<'a> {
    /// The walkers as they are, without what they move by.
    #[must_use]
    pub fn pause(self) -> Paused {
        let first = self.blocks.first();
        Paused {
            seed: self.seed,
            steps: self.steps,
            dimension: first.map_or(0, |block| block.positions.len() / block.lanes),
            walkers: self.walkers(),
            blocks: self.blocks,
            start: self.start,
            fingerprint: self.fingerprint,
        }
    }

    /// Takes up walkers in the field, by the equation of motion and with the options with which they were paused.
    ///
    /// # Errors
    /// [`Error::Numerics`](crate::Error::Numerics) if one of these is another; what [`Simulation::new`] refuses.
    pub fn resume(
        field: &'a dyn ForceField,
        dynamics: &Dynamics<'a>,
        options: &LangevinOptions,
        paused: Paused,
    ) -> Result<Self> {
        let start = (paused.dimension, paused.walkers, paused.start);
        let mut simulation = Self::without_walkers(field, dynamics, start, options, paused.seed)?;
        if simulation.fingerprint != paused.fingerprint {
            return Err(refused(OF_ANOTHER));
        }
        simulation.steps = paused.steps;
        simulation.blocks = paused.blocks;
        Ok(simulation)
    }
}

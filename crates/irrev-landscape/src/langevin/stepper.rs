//! What a simulation asks of an integrator, and many steps of one block.

use std::ops::Range;

use irrev_numerics::streams::{Purpose, fill_normals};

use super::block::{Block, Scratch, Setting};
use super::dynamics::{Dynamics, UnderdampedIntegrator};
use super::exact::ExactUnderdamped;
use super::inertial::Baoab;
use super::overdamped::OverdampedStepper;
use super::rows::rows_mut;
use crate::error::{Error, Result};

/// One step of all walkers of a block.
pub(super) trait Stepper: Send + Sync {
    /// Normal numbers that a walker needs in a step.
    fn normals(&self) -> usize;

    /// Whether the noise of the next step is needed too.
    fn looks_ahead(&self) -> bool {
        false
    }

    /// Scratch rows.
    fn rows(&self) -> usize;

    /// Moves from forces at the old positions to forces at the new ones; `time` is that of the middle of the step, and `noise` has rows of this step and, for a method that looks ahead, of the next.
    fn step(
        &self,
        block: &mut Block,
        setting: &Setting<'_>,
        time: f64,
        noise: &[f64],
        scratch: &mut Scratch,
    ) -> Result<()>;
}

/// The integrator of an equation of motion for steps of length h.
pub(super) fn stepper<'a>(dynamics: &Dynamics<'a>, setting: &Setting<'_>) -> Result<Box<dyn Stepper + 'a>> {
    let h = setting.step;
    Ok(match dynamics {
        Dynamics::Overdamped(motion) => Box::new(OverdampedStepper::new(motion, setting.field, h)?),
        Dynamics::Underdamped(motion) => match motion.integrator {
            UnderdampedIntegrator::Baoab => Box::new(Baoab::underdamped(&motion.baths, h)),
            UnderdampedIntegrator::ExactLinear => {
                Box::new(ExactUnderdamped::new(&motion.baths, setting.field, h)?)
            }
        },
        Dynamics::Generalized(motion) => Box::new(Baoab::generalized(&motion.baths, h)),
    })
}

/// Normal numbers of a walker that are drawn at a time, if a step needs fewer.
const DRAWN: usize = 64;

/// Steps for which noise is drawn at a time.
pub(super) fn steps_at_a_time(stepper: &dyn Stepper) -> usize {
    (DRAWN / stepper.normals().max(1)).max(1)
}

/// Scratch rows for blocks of this dimension.
pub(super) fn scratch(stepper: &dyn Stepper, dimension: usize) -> Scratch {
    let ahead = usize::from(stepper.looks_ahead());
    let noise = stepper.normals() * (steps_at_a_time(stepper) + ahead);
    Scratch::new(dimension, noise, stepper.rows())
}

/// Steps from a number of steps on, with a call after each.
///
/// Number n·s + i of a walker's stream is the i-th noise of step s, whatever the stretches are in which steps are made.
///
/// # Errors
/// With the steps that were complete before.
pub(super) fn advance(
    stepper: &dyn Stepper,
    block: &mut Block,
    setting: &Setting<'_>,
    seed: u64,
    steps: Range<u64>,
    scratch: &mut Scratch,
    mut after: impl FnMut(&mut Block, u64) -> Result<()>,
) -> std::result::Result<(), (u64, Error)> {
    let most = steps_at_a_time(stepper) as u64;
    let mut noise = std::mem::take(&mut scratch.noise);
    let mut from = steps.start;
    let mut outcome = Ok(());
    while from < steps.end && outcome.is_ok() {
        let to = steps.end.min(from + most);
        draw(stepper, block, seed, from..to, &mut noise, &mut scratch.of_walker);
        let width = stepper.normals() * block.lanes;
        outcome = (from..to).try_for_each(|step| {
            let noise = &noise[width * (step - from) as usize..];
            one_step(stepper, block, setting, step, noise, scratch)
                .and_then(|()| after(block, step + 1))
                .map_err(|error| (step, error))
        });
        from = to;
    }
    scratch.noise = noise;
    outcome
}

/// The noise of some steps, step by step and row by row.
fn draw(
    stepper: &dyn Stepper,
    block: &Block,
    seed: u64,
    steps: Range<u64>,
    noise: &mut [f64],
    of_walker: &mut [f64],
) {
    let n = stepper.normals();
    let ahead = u64::from(stepper.looks_ahead());
    let numbers = &mut of_walker[..n * (steps.end + ahead - steps.start) as usize];
    for (lane, walker) in block.walkers().enumerate() {
        fill_normals(seed, Purpose::Trajectory, walker, n as u64 * steps.start, numbers);
        for (row, x) in rows_mut(noise, block.lanes).zip(&*numbers) {
            row[lane] = *x;
        }
    }
}

/// The protocol acts in the middle: it moves half a step, stands while the walkers move, and moves the other half.
fn one_step(
    stepper: &dyn Stepper,
    block: &mut Block,
    setting: &Setting<'_>,
    step: u64,
    noise: &[f64],
    scratch: &mut Scratch,
) -> Result<()> {
    let middle = setting.time(step as f64 + 0.5);
    block.switch(setting, middle, scratch)?;
    block.update_forces(setting, middle)?;
    stepper.step(block, setting, middle, noise, scratch)?;
    block.carry_potential(setting, middle)?;
    block.switch(setting, setting.time((step + 1) as f64), scratch)
}

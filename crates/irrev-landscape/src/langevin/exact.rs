//! Exact steps of linear motion with inertia.

use irrev_numerics::linalg::{Matrix, vectorised};

use super::block::{Block, Scratch, Setting};
use super::dynamics::Dynamics;
use super::field::ForceField;
use super::linear_step::LinearStep;
use super::stepper::Stepper;
use crate::error::Result;
use crate::linear::underdamped::Bath;

pub(super) struct ExactUnderdamped {
    step: LinearStep,
    masses: Vec<f64>,
}

impl ExactUnderdamped {
    /// d(x, v) = (v, (A x + b)/m − γ v) dt + noise of strength 2 γ T/m on v.
    pub(super) fn new(baths: &[Bath], field: &dyn ForceField, h: f64) -> Result<Self> {
        let (a, b) = Dynamics::require_linear(field)?;
        let d = baths.len();
        let drift = Matrix::from_fn(2 * d, 2 * d, |i, j| match (i < d, j < d) {
            (true, true) => 0.0,
            (true, false) => -f64::from(u8::from(j == i + d)),
            (false, true) => -a[(i - d, j)] / baths[i - d].mass,
            (false, false) if i == j => baths[i - d].friction,
            (false, false) => 0.0,
        });
        let noise = Matrix::from_fn(2 * d, 2 * d, |i, j| {
            if i == j && i >= d {
                let bath = baths[i - d];
                2.0 * bath.friction * bath.temperature / bath.mass
            } else {
                0.0
            }
        });
        let push: Vec<f64> = (0..2 * d)
            .map(|i| if i < d { 0.0 } else { b[i - d] / baths[i - d].mass })
            .collect();
        Ok(Self {
            step: LinearStep::new(&drift, &push, &noise, h),
            masses: baths.iter().map(|bath| bath.mass).collect(),
        })
    }
}

impl Stepper for ExactUnderdamped {
    fn normals(&self) -> usize {
        2 * self.masses.len()
    }

    fn rows(&self) -> usize {
        4 * self.masses.len()
    }

    fn step(
        &self,
        block: &mut Block,
        setting: &Setting<'_>,
        time: f64,
        noise: &[f64],
        scratch: &mut Scratch,
    ) -> Result<()> {
        let (n, lanes) = (block.positions.len(), block.lanes);
        let (state, work) = scratch.rows[..4 * n].split_at_mut(2 * n);
        state[..n].copy_from_slice(&block.positions);
        state[n..].copy_from_slice(&block.velocities);
        vectorised(
            #[inline(always)]
            || self.step.apply(state, &noise[..2 * n], work, lanes),
        );
        let moves = scratch.moves.iter_mut().zip(&state[..n]).zip(&block.positions);
        moves.for_each(|((dx, x), before)| *dx = x - before);
        block.positions.copy_from_slice(&state[..n]);
        // the old velocities stay until the heat is known
        let before = &mut scratch.before[..n];
        before.copy_from_slice(&block.velocities);
        block.velocities.copy_from_slice(&state[n..]);
        block.next_forces(setting, time, scratch)?;
        for place in 0..n {
            let (old, new) = (scratch.before[place], block.velocities[place]);
            let kinetic = 0.5 * self.masses[place / lanes] * (new - old) * (new + old);
            let force = 0.5 * (block.forces[place] + scratch.forces[place]);
            block.heat[place] += force * scratch.moves[place] - kinetic;
        }
        block.take_forces(setting, time, scratch)
    }
}

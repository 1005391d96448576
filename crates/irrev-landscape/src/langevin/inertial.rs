//! Steps with inertia: kicks, drifts, and the exact motion of velocity and bath in between.

use irrev_numerics::linalg::{Matrix, vectorised};

use super::block::{Block, Scratch, Setting};
use super::dynamics::MemoryBath;
use super::linear_step::LinearStep;
use super::rows::{rows, rows_mut};
use super::stepper::Stepper;
use crate::error::Result;
use crate::linear::underdamped::Bath;

/// What a bath does to a velocity in a step.
enum Thermostat {
    /// v ← c v + s ξ.
    White(f64, f64),
    /// (v, s) ← P (v, s) + L ξ.
    Memory(LinearStep),
}

/// BAOAB.
pub(super) struct Baoab {
    masses: Vec<f64>,
    thermostats: Vec<Thermostat>,
    /// Auxiliary variables of each coordinate.
    auxiliaries: Vec<usize>,
}

/// v ← e^{−γh} v + √(T/m (1 − e^{−2γh})) ξ.
fn white(mass: f64, friction: f64, temperature: f64, h: f64) -> Thermostat {
    let spread = -(-2.0 * friction * h).exp_m1() * temperature / mass;
    Thermostat::White((-friction * h).exp(), spread.sqrt())
}

impl Baoab {
    pub(super) fn underdamped(baths: &[Bath], h: f64) -> Self {
        let thermostat = |b: &Bath| white(b.mass, b.friction, b.temperature, h);
        Self {
            masses: baths.iter().map(|bath| bath.mass).collect(),
            thermostats: baths.iter().map(thermostat).collect(),
            auxiliaries: vec![0; baths.len()],
        }
    }

    pub(super) fn generalized(baths: &[MemoryBath], h: f64) -> Self {
        let thermostat = |bath: &MemoryBath| {
            let kernel = &bath.kernel;
            if kernel.auxiliaries() == 0 {
                return white(bath.mass, kernel.friction(), bath.temperature, h);
            }
            let drift = kernel.whole_drift();
            let thermal = bath.temperature / bath.mass;
            let noise = Matrix::from_fn(drift.rows(), drift.rows(), |i, j| {
                thermal * (drift[(i, j)] + drift[(j, i)])
            });
            Thermostat::Memory(LinearStep::new(&drift, &vec![0.0; drift.rows()], &noise, h))
        };
        Self {
            masses: baths.iter().map(|bath| bath.mass).collect(),
            thermostats: baths.iter().map(thermostat).collect(),
            auxiliaries: baths.iter().map(|bath| bath.kernel.auxiliaries()).collect(),
        }
    }

    /// Half a kick: v += (h/2) F/m.
    #[inline(always)]
    fn kick(&self, block: &mut Block, h: f64) {
        let lanes = block.lanes;
        let velocities = rows_mut(&mut block.velocities, lanes);
        for ((v, f), m) in velocities.zip(rows(&block.forces, lanes)).zip(&self.masses) {
            super::field::add_scaled(v, 0.5 * h / m, f);
        }
    }

    /// Half a drift: x += (h/2) v, mirrored at walls.
    #[inline(always)]
    fn drift(&self, block: &mut Block, setting: &Setting<'_>) {
        let lanes = block.lanes;
        let rows = rows_mut(&mut block.positions, lanes);
        let rows = rows
            .zip(rows_mut(&mut block.velocities, lanes))
            .zip(setting.boundaries);
        for ((x, v), boundary) in rows {
            super::field::add_scaled(x, 0.5 * setting.step, v);
            boundary.reflect(x, Some(v));
        }
    }

    /// Friction, noise and memory; what kinetic energy loses is heat.
    #[inline(always)]
    fn exchange(&self, block: &mut Block, noise: &[f64], scratch: &mut Scratch) {
        let lanes = block.lanes;
        let (mut noise, mut auxiliaries) = (noise, block.auxiliaries.as_mut_slice());
        let rows = rows_mut(&mut block.velocities, lanes).zip(rows_mut(&mut block.heat, lanes));
        let baths = self.thermostats.iter().zip(&self.masses).zip(&self.auxiliaries);
        for ((v, heat), ((thermostat, mass), auxiliary)) in rows.zip(baths) {
            let half = 0.5 * mass;
            match thermostat {
                Thermostat::White(keep, spread) => {
                    for ((v, q), xi) in v.iter_mut().zip(heat).zip(noise) {
                        let after = keep * *v + spread * xi;
                        // (v² − v'²) as a product keeps its digits
                        *q += half * (*v - after) * (*v + after);
                        *v = after;
                    }
                }
                Thermostat::Memory(step) => {
                    let size = (auxiliary + 1) * lanes;
                    let (own, rest) = auxiliaries.split_at_mut(auxiliary * lanes);
                    let (state, work) = scratch.rows[..2 * size].split_at_mut(size);
                    state[..lanes].copy_from_slice(v);
                    state[lanes..].copy_from_slice(own);
                    step.apply(state, &noise[..size], work, lanes);
                    for ((v, q), after) in v.iter_mut().zip(heat).zip(&*state) {
                        *q += half * (*v - after) * (*v + after);
                        *v = *after;
                    }
                    own.copy_from_slice(&state[lanes..]);
                    auxiliaries = rest;
                }
            }
            noise = &noise[(auxiliary + 1) * lanes..];
        }
    }
}

impl Stepper for Baoab {
    fn normals(&self) -> usize {
        self.auxiliaries.iter().map(|k| k + 1).sum()
    }

    fn rows(&self) -> usize {
        2 * (self.auxiliaries.iter().max().copied().unwrap_or(0) + 1)
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
        vectorised(
            #[inline(always)]
            || {
                scratch.before[..n].copy_from_slice(&block.positions);
                self.kick(block, setting.step);
                self.drift(block, setting);
                self.exchange(block, noise, scratch);
                self.drift(block, setting);
                let moves = scratch.moves.iter_mut().zip(&block.positions);
                for ((dx, x), before) in moves.zip(&scratch.before) {
                    *dx = x - before;
                }
            },
        );
        let rows = rows_mut(&mut block.positions, lanes).zip(rows_mut(&mut block.turns, lanes));
        for ((x, turns), boundary) in rows.zip(setting.boundaries) {
            boundary.wrap(x, turns);
        }
        block.next_forces(setting, time, scratch)?;
        block.take_forces(setting, time, scratch)?;
        vectorised(
            #[inline(always)]
            || self.kick(block, setting.step),
        );
        Ok(())
    }
}

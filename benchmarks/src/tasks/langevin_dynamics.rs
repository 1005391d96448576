//! Walkers in a double well of two dimensions with inertia, by BAOAB.

use irrev::landscape::langevin::{
    ForceField, Frame, LangevinOptions, Observer, Parts, Simulation, Start, Underdamped,
};
use irrev::landscape::linear::underdamped::Bath;
use irrev_numerics::Run;

use crate::measure::{Measurement, Problem};

/// V = (x² − 1)² + 2 y².
struct DoubleWell;

impl ForceField for DoubleWell {
    fn dimension(&self) -> usize {
        2
    }

    fn parts(&self) -> Parts {
        Parts {
            potential: true,
            ..Parts::default()
        }
    }

    fn forces(
        &self,
        _: f64,
        positions: &[f64],
        lanes: usize,
        forces: &mut [f64],
    ) -> irrev::landscape::Result<()> {
        let ((x, y), (fx, fy)) = (positions.split_at(lanes), forces.split_at_mut(lanes));
        for ((f, g), (x, y)) in fx.iter_mut().zip(fy).zip(x.iter().zip(y)) {
            *f = -4.0 * x * (x * x - 1.0);
            *g = -4.0 * y;
        }
        Ok(())
    }

    fn potential(
        &self,
        _: f64,
        positions: &[f64],
        lanes: usize,
        energies: &mut [f64],
    ) -> irrev::landscape::Result<()> {
        let (x, y) = positions.split_at(lanes);
        for (energy, (x, y)) in energies.iter_mut().zip(x.iter().zip(y)) {
            *energy = (x * x - 1.0).powi(2) + 2.0 * y * y;
        }
        Ok(())
    }
}

/// Σ y² over walkers and steps.
#[derive(Default)]
struct Squares(f64);

impl Observer for Squares {
    fn observe(&mut self, frame: &Frame<'_>) -> irrev::landscape::Result<()> {
        self.0 += frame.position(1).iter().map(|y| y * y).sum::<f64>();
        Ok(())
    }
}

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let parameter = |name: &str| measurement.parameter(name).map(|value| value.as_f64());
    let walkers = parameter("walkers")?.ok_or("walkers")? as usize;
    let steps = parameter("steps")?.ok_or("steps")? as u64;
    let bath = Bath {
        mass: 1.0,
        friction: 1.0,
        temperature: 1.0 / 3.0,
    };
    let dynamics = Underdamped::new(vec![bath; 2])?.into();
    let options = LangevinOptions {
        step: 0.02,
        ..LangevinOptions::default()
    };
    let run = Run::default();
    let sum = measurement.time("walker-steps", || -> irrev::landscape::Result<f64> {
        let mut motion = Simulation::new(&DoubleWell, &dynamics, &Start::at(&[1.0, 0.0], walkers), &options, &run)?;
        let mut squares = motion.observers(|_| Squares::default());
        motion.observe(steps, 1, &mut squares, &run)?;
        Ok(squares.iter().map(|squares| squares.0).sum())
    })??;
    measurement.save("square", &[sum / (walkers as f64 * steps as f64)])
}

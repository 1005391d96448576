//! The stationary state and the motion of walkers in the plane that a force keeps out of equilibrium.

use irrev::landscape::Error;
use irrev::landscape::axes::Axis;
use irrev::landscape::fokker_planck::{Overdamped, GridProcess, Weights, discretised};
use irrev_network::Distribution;
use irrev_network::dynamics::evolve;
use irrev_numerics::{Run, Tolerance};

use crate::measure::{Measurement, Problem};

const TURN: f64 = 0.5;

/// V = (x² − 1)² + 2 y², and (−∂V/∂y, ∂V/∂x)/2 across its slope.
fn process(intervals: usize, run: &Run<'_>) -> irrev::landscape::Result<GridProcess> {
    let motion = Overdamped::new(0.5, |q: &[f64]| (q[0] * q[0] - 1.0).powi(2) + 2.0 * q[1] * q[1])?.with_force(|q, f| {
        f.copy_from_slice(&[-TURN * 4.0 * q[1], TURN * 4.0 * q[0] * (q[0] * q[0] - 1.0)]);
    });
    let axis = Axis::line(-2.5, 2.5, intervals)?;
    discretised(&motion, &[axis, axis], Weights::default(), run)
}

fn gaussian(q: &[f64]) -> f64 {
    (-0.5 * ((q[0] + 1.0).powi(2) + q[1] * q[1]) / 0.04).exp()
}

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let intervals = measurement.parameter("intervals")?.as_u64().ok_or("intervals")? as usize;
    let run = Run::default();
    let stationary = measurement.time("stationary state", || -> irrev::landscape::Result<Distribution> {
        Ok(process(intervals, &run)?.kinetics().stationary_distribution()?)
    })??;
    let moved = measurement.time("motion", || -> irrev::landscape::Result<Distribution> {
        let process = process(intervals, &run)?;
        let weights = (0..process.volumes().len())
            .map(|state| process.point(state).map_or(0.0, |q| gaussian(&q)) * process.volumes()[state])
            .collect::<Vec<f64>>();
        let all: f64 = weights.iter().sum();
        let start = Distribution::new(weights.iter().map(|w| w / all).collect()).map_err(Error::from)?;
        let moved = evolve(process.kinetics(), &start, 1.0, Tolerance::relative(1e-8), &run).map_err(Error::from)?;
        Ok(moved.distribution)
    })??;
    measurement.save("stationary", stationary.probabilities())?;
    measurement.save("moved", moved.probabilities())
}

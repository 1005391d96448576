//! The stationary state of a motion in the plane that a force keeps out of equilibrium.

use irrev::landscape::axes::Axis;
use irrev::landscape::fokker_planck::{Overdamped, Weights, discretised};
use irrev_numerics::Run;

use crate::measure::{Measurement, Problem};

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let intervals = measurement.parameter("intervals")?.as_u64().ok_or("intervals")? as usize;
    let run = Run::default();
    let density = measurement.time("stationary state", || -> irrev::landscape::Result<Vec<f64>> {
        let motion = Overdamped::new(1.0, |q: &[f64]| 2.0 * (q[0] * q[0] - 1.0).powi(2) + 2.0 * q[1] * q[1])?
            .with_force(|q, f| f.copy_from_slice(&[-q[1], q[0]]));
        let axis = Axis::line(-2.0, 2.0, intervals)?;
        let process = discretised(&motion, &[axis, axis], Weights::default(), &run)?;
        process.density(&process.kinetics().stationary_distribution()?)
    })??;
    measurement.save("density", &density)
}

//! The memory kernel of a long recording, with its band, and the Volterra equation alone.

use irrev::landscape::correlation::correlations;
use irrev::landscape::memory::{KernelOptions, MeanForce, kernel_from_correlations, memory_kernel};
use irrev::landscape::record::{Clock, Record, Segment};
use irrev_numerics::Run;

use crate::measure::{Measurement, Problem};

const STEP: f64 = 0.02;

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let lags = measurement.parameter("lags")?.as_u64().ok_or("lags")? as usize;
    if measurement.parameter("frames")?.as_u64() == Some(0) {
        let (velocity, force) = (measurement.reals("velocity")?, measurement.reals("force")?);
        let kernel = measurement.time("Volterra", || kernel_from_correlations(&velocity, &force, STEP))??;
        return measurement.save("kernel", &kernel);
    }
    let (positions, velocities) = (measurement.reals("positions")?, measurement.reals("velocities")?);
    let forces: Vec<f64> = positions.iter().map(|r| -r).collect();
    let run = Run::default();
    measurement.time("kernel", || {
        let signals = [vec![velocities.as_slice()], vec![forces.as_slice()]];
        let found = correlations(&signals, &[(0, 0), (1, 0)], lags, &run)?;
        kernel_from_correlations(&found.values(0), &found.values(1), STEP)
    })??;
    let segment = Segment::new(Clock::Step(STEP), vec![&positions])?.with_velocities(vec![&velocities])?;
    let record = Record::new(vec![None], vec![segment])?;
    let options = KernelOptions {
        lags,
        mean_force: MeanForce::Linear { omega_squared: 1.0 },
        ..KernelOptions::default()
    };
    let found = measurement.time("kernel and band", || memory_kernel(&record, &options, &run))??;
    let values: Vec<f64> = found.kernel.iter().map(|k| k.value).collect();
    measurement.save("kernel", &values)
}

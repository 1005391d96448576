//! W₂ between two samples on a line.

use irrev::landscape::transport1d::Quantiles;

use crate::measure::{Measurement, Problem};

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let (first, second) = (measurement.reals("first")?, measurement.reals("second")?);
    let squared = measurement.time("distance", || -> irrev::landscape::Result<f64> {
        Ok(Quantiles::of_sample(&first)?.squared_distance(&Quantiles::of_sample(&second)?))
    })??;
    measurement.save("squared", &[squared])
}

//! ρ(r), ⟨Ṙ²; r⟩ and ⟨R̈; r⟩ of a long recording, with errors from blocks.

use irrev::landscape::moments::{MomentOptions, conditional_moments};
use irrev::landscape::{Grid, Record};
use irrev_numerics::Run;

use crate::measure::{Measurement, Problem};

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let positions = measurement.reals("positions")?;
    let step = measurement.parameter("step")?.as_f64().ok_or("step")?;
    let cells = measurement.parameter("cells")?.as_u64().ok_or("cells")? as usize;
    let record = Record::of_positions(step, [positions.as_slice()])?;
    let grid = Grid::uniform(-3.0, 3.0, cells)?;
    let moments = measurement.time("moments", || {
        conditional_moments(&record, &grid, &MomentOptions::default(), &Run::default()).map(|moments| {
            let errors = moments.mean_square_velocity();
            (moments, errors)
        })
    })??;
    let value = |estimates: &[irrev_numerics::Estimate]| estimates.iter().map(|e| e.value).collect::<Vec<f64>>();
    measurement.save("square", &value(&moments.1))?;
    measurement.save("acceleration", &value(&moments.0.mean_acceleration()))
}

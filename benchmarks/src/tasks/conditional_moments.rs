//! ρ(r), ⟨Ṙ²; r⟩ and ⟨R̈; r⟩ of a long recording, with errors from blocks.

use irrev::landscape::moments::{Accelerations, MomentOptions, Velocities, conditional_moments};
use irrev::landscape::record::{Clock, Record, Segment};
use irrev::landscape::{Grid, Result};
use irrev_numerics::{Estimate, Run};

use crate::measure::{Measurement, Problem};

pub(crate) fn run(measurement: &mut Measurement) -> std::result::Result<(), Problem> {
    let positions = measurement.reals("positions")?;
    let (velocities, accelerations) = (measurement.reals("velocities")?, measurement.reals("accelerations")?);
    let step = measurement.parameter("step")?.as_f64().ok_or("step")?;
    let cells = measurement.parameter("cells")?.as_u64().ok_or("cells")? as usize;
    let grid = Grid::uniform(-3.0, 3.0, cells)?;
    let moments = |record: &Record<'_>, options: &MomentOptions| -> Result<[Vec<Estimate>; 2]> {
        let found = conditional_moments(record, &grid, options, &Run::default())?;
        Ok([found.mean_square_velocity(), found.mean_acceleration()])
    };
    let bare = Record::of_positions(step, [positions.as_slice()])?;
    let segment = Segment::new(Clock::Step(step), vec![&positions])?
        .with_velocities(vec![&velocities])?
        .with_accelerations(vec![&accelerations])?;
    let whole = Record::new(vec![None], vec![segment])?;
    let given = MomentOptions {
        velocities: Velocities::Given,
        accelerations: Accelerations::Given,
        ..MomentOptions::default()
    };
    let differences = MomentOptions::default();
    for (phase, suffix, record, options) in [
        ("moments", "", &whole, &given),
        ("from positions", "_of_positions", &bare, &differences),
    ] {
        let [square, acceleration] = measurement.time(phase, || moments(record, options))??;
        let values = |estimates: &[Estimate]| estimates.iter().map(|e| e.value).collect::<Vec<f64>>();
        measurement.save(&format!("square{suffix}"), &values(&square))?;
        measurement.save(&format!("acceleration{suffix}"), &values(&acceleration))?;
    }
    Ok(())
}

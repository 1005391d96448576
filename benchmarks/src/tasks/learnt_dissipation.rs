//! Dissipation and information flow learnt from data.

use irrev::estimators::currents::{
    Currents, MomentOptions, Moments, RateOptions, Series, entropy_production_rate, plug_in,
};
use irrev::estimators::states::{step_entropy_production, transition_counts};
use irrev::estimators::transfer::{
    DiscreteOptions, DiscretePair, KsgOptions, ksg_transfer_entropy, plugin_transfer_entropy,
};
use irrev_numerics::Run;

use crate::measure::{Measurement, Problem};

/// Time between two points.
const STEP: f64 = 0.01;

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    match measurement.parameter("what")?.as_str() {
        Some("beads") => beads(measurement),
        Some("neighbours") => neighbours(measurement),
        Some("symbols") => symbols(measurement),
        Some("states") => states(measurement),
        _ => Err("`what` is no question of this task".into()),
    }
}

fn beads(measurement: &mut Measurement) -> Result<(), Problem> {
    let points = measurement.reals("points")?;
    let one = Run {
        threads: 1,
        ..Run::default()
    };
    let found = measurement.time("estimate", || -> irrev::estimators::Result<f64> {
        let series = Series::new([points.as_slice()], 2, STEP)?;
        let options = MomentOptions {
            strides: vec![1],
            ..MomentOptions::default()
        };
        let moments = Moments::of(&series, Currents::linear(2), &options, &one)?;
        Ok(plug_in(&moments)?[0].central)
    })??;
    measurement.save("estimate", &[found])?;
    let found = measurement.time("interval", || -> irrev::estimators::Result<f64> {
        let series = Series::new([points.as_slice()], 2, STEP)?;
        Ok(entropy_production_rate(&series, &RateOptions::default(), &one)?
            .estimate
            .estimate
            .value)
    })??;
    measurement.save("interval", &[found])
}

fn neighbours(measurement: &mut Measurement) -> Result<(), Problem> {
    let (target, source) = (measurement.reals("target")?, measurement.reals("source")?);
    let one = Run {
        threads: 1,
        ..Run::default()
    };
    // the estimate alone, as the peer gives it
    let options = KsgOptions {
        blocks: 0,
        ..KsgOptions::default()
    };
    let found = measurement.time("neighbours", || ksg_transfer_entropy(&target, &source, &options, &one))??;
    measurement.save("neighbours", &[found.estimate.value])
}

/// Whole numbers kept as reals.
fn whole(values: &[f64]) -> Vec<u32> {
    values.iter().map(|value| *value as u32).collect()
}

fn symbols(measurement: &mut Measurement) -> Result<(), Problem> {
    let (target, source) = (
        whole(&measurement.reals("target")?),
        whole(&measurement.reals("source")?),
    );
    for past in [1, 5] {
        let options = DiscreteOptions {
            target_history: past,
            ..DiscreteOptions::default()
        };
        let pair = DiscretePair {
            target: &target,
            source: &source,
        };
        let found = measurement.time(&format!("k = {past}"), || plugin_transfer_entropy(&[pair], &options))??;
        measurement.save(&format!("k = {past}"), &[found.plugin])?;
    }
    Ok(())
}

fn states(measurement: &mut Measurement) -> Result<(), Problem> {
    let visited = whole(&measurement.reals("states")?);
    let found = measurement.time("counts", || -> irrev::estimators::Result<f64> {
        let counts = transition_counts(20, &[&visited])?;
        std::hint::black_box(counts.transition_matrix());
        Ok(step_entropy_production(&counts).plugin)
    })??;
    measurement.save("counts", &[found])
}

//! W₂ with bounds for a list of problems on networks of all kinds; what they must have in common is judged by the peer file.

use std::time::Instant;

use irrev_network::transport::wasserstein2;
use irrev_numerics::Run;
use serde_json::{Value, json};

use crate::measure::{Measurement, Problem};
use crate::problem::{Given, interval};

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let problems = Given::all(measurement)?;
    let found = measurement.time("all problems", || {
        problems.iter().map(outcome).collect::<Result<Vec<_>, _>>()
    })??;
    measurement.number("outcomes", found);
    Ok(())
}

/// Bounds, distance and seconds of one problem, or what irrev says instead.
fn outcome(given: &Given) -> Result<Value, Problem> {
    let start = Instant::now();
    let found = wasserstein2(&given.kinetics, &given.from, &given.to, &given.options, &Run::default());
    let seconds = start.elapsed().as_secs_f64();
    let mut told = match found {
        Ok(found) => interval(found.geodesic().ok_or("the network is connected")?),
        Err(problem) => json!({"error": problem.to_string()}),
    };
    told["seconds"] = seconds.into();
    Ok(told)
}

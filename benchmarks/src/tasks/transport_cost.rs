//! Times of W₁ or W₂ for problems of growing size; each problem is a phase of its own.

use irrev_network::Kinetics;
use irrev_network::transport::{wasserstein1, wasserstein2};
use irrev_numerics::Run;
use serde_json::json;

use crate::measure::{Measurement, Problem};
use crate::problem::{Given, interval};

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let first = measurement.parameter("distance")? == "W₁";
    for given in Given::all(measurement)? {
        let name = given.entry["name"].as_str().ok_or("a problem without a name")?;
        let run = Run::default();
        for _ in 0..given.entry["calls"].as_u64().ok_or("a problem without calls")? {
            if first {
                measurement.time(name, || {
                    wasserstein1(given.kinetics.network(), None, &given.from, &given.to, &run)
                })??;
            } else {
                let found = measurement.time(name, || {
                    wasserstein2(&given.kinetics, &given.from, &given.to, &given.options, &run)
                })?;
                let told = match found {
                    Ok(found) => interval(found.geodesic().ok_or("the network is connected")?),
                    // the other sizes are worth having
                    Err(problem) => json!({"error": problem.to_string()}),
                };
                measurement.number(name, told);
            }
        }
    }
    Ok(())
}

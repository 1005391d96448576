//! Problems of transport as a peer file writes them to `problems.json`: a network with rates, two distributions, a tolerance, and whatever else a task reads.

use std::fs::File;
use std::io::BufReader;

use irrev_network::transport::{Geodesic, Wasserstein2Options};
use irrev_network::{Distribution, MarkovJump};
use serde_json::{Value, json};

use crate::measure::{Measurement, Problem};

/// One problem.
pub(crate) struct Given {
    pub(crate) kinetics: MarkovJump,
    pub(crate) from: Distribution,
    pub(crate) to: Distribution,
    pub(crate) options: Wasserstein2Options,
    /// Everything that was written.
    pub(crate) entry: Value,
}

impl Given {
    /// All problems of a task.
    pub(crate) fn all(measurement: &Measurement) -> Result<Vec<Self>, Problem> {
        let file = File::open(measurement.input("problems.json"))?;
        let entries: Vec<Value> = serde_json::from_reader(BufReader::new(file))?;
        entries.into_iter().map(Self::read).collect()
    }

    fn read(entry: Value) -> Result<Self, Problem> {
        let channels: Vec<_> = list(&entry["channels"])?
            .iter()
            .map(|row| {
                Ok((
                    natural(&row[0])?,
                    natural(&row[1])?,
                    real(&row[2])?,
                    real(&row[3])?,
                ))
            })
            .collect::<Result<_, Problem>>()?;
        Ok(Self {
            kinetics: MarkovJump::from_rates(natural(&entry["states"])?, &channels)?,
            from: distribution(&entry["from"])?,
            to: distribution(&entry["to"])?,
            options: Wasserstein2Options::within(real(&entry["tolerance"])?),
            entry,
        })
    }
}

/// What is told of a geodesic.
pub(crate) fn interval(geodesic: &Geodesic) -> Value {
    json!({
        "lower": geodesic.lower_bound(),
        "distance": geodesic.distance(),
        "upper": geodesic.upper_bound(),
        "gap": geodesic.relative_gap(),
        "steps": geodesic.newton_steps(),
        "meshes": geodesic.meshes(),
        "elements": geodesic.times().len() - 1,
    })
}

fn distribution(values: &Value) -> Result<Distribution, Problem> {
    let probabilities = list(values)?.iter().map(real).collect::<Result<_, _>>()?;
    Ok(Distribution::new(probabilities)?)
}

fn real(value: &Value) -> Result<f64, Problem> {
    Ok(value.as_f64().ok_or("a number is missing from problems.json")?)
}

fn natural(value: &Value) -> Result<usize, Problem> {
    Ok(usize::try_from(
        value
            .as_u64()
            .ok_or("a whole number is missing from problems.json")?,
    )?)
}

fn list(value: &Value) -> Result<&Vec<Value>, Problem> {
    Ok(value.as_array().ok_or("a list is missing from problems.json")?)
}

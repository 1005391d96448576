//! Reaction networks by concentrations: reading a file, a split at a state, a time course, a limit cycle.

use std::path::Path;

use irrev::chemistry::Chemistry;
use irrev::model::{Model, ReactionsEnvironment, Vocabulary, load};
use irrev_network::decomposition::{geometric_decomposition, information_geometric_decomposition};
use irrev_network::reactions::ReactionSystem;
use irrev_network::reactions::evolution::{EvolutionOptions, evolve};
use irrev_network::reactions::limit_cycle::limit_cycle;
use irrev_numerics::Run;

use crate::measure::{Measurement, Problem};

/// Samples per process of what takes milliseconds.
const SAMPLES: usize = 5;

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let work = measurement.parameter("work")?;
    match work.as_str() {
        Some("mechanism") => mechanism(measurement),
        Some("time course") => time_course(measurement),
        Some("limit cycle") => brusselator_cycle(measurement),
        _ => Err(format!("unknown work {work}").into()),
    }
}

/// A file as a system, ready to be asked.
fn read(path: &Path) -> Result<Chemistry, Problem> {
    match load(path, &Vocabulary::default())? {
        Model::Reactions(reactions) => Ok(Chemistry::new(&ReactionsEnvironment::new(&reactions, &[])?)?),
        _ => Err(format!("{} is no model of reactions", path.display()).into()),
    }
}

fn mechanism(measurement: &mut Measurement) -> Result<(), Problem> {
    let amounts = measurement.reals("amounts")?;
    let (toml, sbml) = (measurement.input("model.toml"), measurement.input("model.xml"));
    for _ in 0..SAMPLES {
        measurement.time("load TOML", || read(&toml))??;
        measurement.time("load SBML", || read(&sbml))??;
    }
    let system = read(&sbml)?.system;
    let flow = system.flow(0.0, &amounts)?;
    for _ in 0..SAMPLES {
        let geometric = measurement.time("geometric split", || geometric_decomposition(&flow))??;
        measurement.number("geometric split", vec![geometric.excess, geometric.housekeeping]);
        let information = measurement.time("information-geometric split", || {
            information_geometric_decomposition(&flow)
        })??;
        let parts = vec![information.excess, information.housekeeping];
        measurement.number("information-geometric split", parts);
    }
    Ok(())
}

fn time_course(measurement: &mut Measurement) -> Result<(), Problem> {
    let chemistry = read(&measurement.input("model.xml"))?;
    let times = measurement.reals("times")?;
    let names = measurement.parameter("species")?;
    let columns: Result<Vec<usize>, Problem> = names
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str())
        .map(|name| Ok(chemistry.system.state(name)?))
        .collect();
    let columns = columns?;
    let end = times.last().copied().ok_or("no times")?;
    let options = EvolutionOptions {
        times,
        budget: false,
        ..Default::default()
    };
    for _ in 0..SAMPLES {
        let found = measurement.time("time course", || {
            evolve(&chemistry.system, &chemistry.initial, end, &options, &Run::default())
        })??;
        let rows = found.amounts.iter();
        let course: Vec<f64> = rows.flat_map(|row| columns.iter().map(|&s| row[s])).collect();
        measurement.save("course", &course)?;
    }
    Ok(())
}

fn brusselator_cycle(measurement: &mut Measurement) -> Result<(), Problem> {
    let brusselator = ReactionSystem::builder()
        .species("X")
        .species("Y")
        .mass_action("feed", &[], &[("X", 1.0)], 1.0, 1.0)
        .mass_action("convert", &[("X", 1.0)], &[("Y", 1.0)], 3.0, 0.1)
        .mass_action("autocatalysis", &[("X", 2.0), ("Y", 1.0)], &[("X", 3.0)], 1.0, 0.1)
        .build()?;
    for _ in 0..SAMPLES {
        let cycle = measurement.time("limit cycle", || {
            limit_cycle(&brusselator, &[1.0, 2.0], &Default::default(), &Run::default())
        })??;
        measurement.number("period", cycle.period);
        measurement.number("entropy_production", cycle.budget.entropy_production);
        measurement.number("excess", cycle.budget.excess);
    }
    Ok(())
}

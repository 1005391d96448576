//! The Brusselator three ways: what it dissipates now, where it goes and what that costs, and a hundred trajectories of its molecules.
//!
//! Run with `cargo run --release --example brusselator -- examples/models/brusselator.toml`; with `--bits` the numbers are printed
//! as the hexadecimal bits of their doubles, for comparison with Python.

use std::path::Path;

use irrev::analysis::vocabulary;
use irrev::chemistry::Chemistry;
use irrev::model::{Model, ReactionsEnvironment};
use irrev::network::reactions::evolution::evolve;
use irrev::network::simulation::{Books, SimulationOptions, simulate};
use irrev::numerics::Run;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let bits = arguments.iter().any(|a| a == "--bits");
    let threads = arguments
        .iter()
        .find_map(|a| a.strip_prefix("--threads=")?.parse().ok())
        .unwrap_or(0);
    let path = arguments
        .iter()
        .find(|a| !a.starts_with("--"))
        .map_or("examples/models/brusselator.toml", String::as_str);
    let run = Run {
        threads,
        ..Run::default()
    };

    let Model::Reactions(model) = irrev::model::load(Path::new(path), &vocabulary())? else {
        return Err("the model has no reactions".into());
    };
    let environment = ReactionsEnvironment::new(&model, &[])?;
    let chemistry = Chemistry::new(&environment)?;
    let system = &chemistry.system;

    let now = system.flow(0.0, &chemistry.initial)?.entropy_production_rate();
    let mut found = vec![("entropy_production_rate".to_owned(), now)];
    let path = evolve(system, &chemistry.initial, 2.0, &Default::default(), &run)?;
    for (name, amount) in system.state_names().iter().zip(&path.final_amounts) {
        found.push((format!("after 2({name})"), *amount));
    }
    if let Some(budget) = &path.budget {
        found.push(("entropy_production".to_owned(), budget.entropy_production));
        found.push(("excess".to_owned(), budget.excess));
    }

    let molecules = chemistry.counts(&environment)?;
    let options = SimulationOptions {
        times: vec![0.5, 2.0],
        trajectories: 100,
        books: Books::full(),
        ..Default::default()
    };
    let ensemble = simulate(&molecules.system, &molecules.initial, &options, &run)?;
    for (k, quantity) in ensemble.quantities.iter().enumerate() {
        found.push((format!("mean({})", quantity.name()), ensemble.mean(1, k)?.value));
    }

    for (name, value) in found {
        if bits {
            println!("{name} {:016x}", value.to_bits());
        } else {
            println!("{name} = {value}");
        }
    }
    Ok(())
}

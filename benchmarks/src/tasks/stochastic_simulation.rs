//! Trajectories of molecule counts: one at a time, on a graph, and many. Variants: "full books", "two threads".

use irrev_network::counts::{CountReaction, CountSystem};
use irrev_network::simulation::graph::{Running, Simulator, SystemEntropy, TrajectoryOptions};
use irrev_network::simulation::{Books, Ensemble, SimulationOptions, simulate};
use irrev_network::{Distribution, MarkovJump};
use irrev_numerics::Run;
use serde_json::{Value, json};

use crate::measure::{Measurement, Problem};

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let work = measurement.parameter("work")?;
    let two_threads = measurement.variant() == "two threads";
    match work.as_str() {
        Some("ensemble") => ensemble(measurement, if two_threads { 2 } else { 1 }),
        // a single trajectory has no use for a second thread
        _ if two_threads => Ok(()),
        Some("trajectory") => trajectories(measurement),
        Some("graph") => graph(measurement),
        _ => Err(format!("unknown work {work}").into()),
    }
}

/// A network of the inputs.
struct Network {
    name: String,
    system: CountSystem,
    initial: Vec<i64>,
    end: f64,
    sample_time: f64,
    samples: u64,
    watched: Vec<usize>,
}

fn text(value: &Value) -> Result<&str, Problem> {
    value.as_str().ok_or_else(|| format!("{value} is no text").into())
}

fn real(value: &Value) -> Result<f64, Problem> {
    value.as_f64().ok_or_else(|| format!("{value} is no number").into())
}

fn list(value: &Value) -> Result<&[Value], Problem> {
    let items = value.as_array().ok_or_else(|| format!("{value} is no list"))?;
    Ok(items)
}

impl Network {
    fn new(given: &Value) -> Result<Self, Problem> {
        let names: Result<Vec<String>, Problem> =
            list(&given["species"])?.iter().map(|s| Ok(text(s)?.into())).collect();
        let names = names?;
        let place = |name: &str| -> Result<usize, Problem> {
            let found = names.iter().position(|s| s == name);
            Ok(found.ok_or_else(|| format!("no species {name}"))?)
        };
        let side = |given: &Value| -> Result<Vec<(usize, u32)>, Problem> {
            let terms = given.as_object().into_iter().flatten();
            terms
                .map(|(name, n)| Ok((place(name)?, real(n)? as u32)))
                .collect()
        };
        let reactions = list(&given["reactions"])?.iter().enumerate();
        let reactions: Result<Vec<CountReaction>, Problem> = reactions
            .map(|(r, given)| {
                let (name, reactants, products) = (format!("r{r}"), side(&given[0])?, side(&given[1])?);
                let forward = real(&given[2])?;
                Ok(match given[3].as_f64() {
                    Some(backward) => CountReaction::mass_action(name, &reactants, &products, forward, backward),
                    None => CountReaction::one_way(name, &reactants, &products, forward),
                })
            })
            .collect();
        let mut initial = vec![0; names.len()];
        for (name, n) in given["initial"].as_object().into_iter().flatten() {
            initial[place(name)?] = real(n)? as i64;
        }
        let watched: Result<Vec<usize>, Problem> =
            list(&given["watched"])?.iter().map(|s| place(text(s)?)).collect();
        Ok(Self {
            name: text(&given["name"])?.into(),
            initial,
            end: real(&given["end"])?,
            sample_time: real(&given["sample_time"])?,
            samples: real(&given["samples"])? as u64,
            watched: watched?,
            system: CountSystem::new(names, reactions?)?,
        })
    }

    /// One trajectory with 50 output points.
    fn trajectory(&self, seed: u64, books: Books, end: f64) -> irrev_network::Result<Ensemble> {
        let options = SimulationOptions {
            times: (1..=50).map(|k| end * f64::from(k) / 50.0).collect(),
            books,
            ..Default::default()
        };
        simulate(&self.system, &self.initial, &options, &on(1, seed))
    }

    /// Jumps of that trajectory, which is the same with books and without.
    fn jumps(&self, seed: u64) -> Result<f64, Problem> {
        let counting = Books {
            jumps: true,
            ..Books::default()
        };
        let counted = self.trajectory(seed, counting, self.end)?;
        let each = counted.reactions.iter();
        Ok(each.map(|r| r.forward.mean() + r.backward.mean()).sum())
    }

    /// Means with standard errors of the watched species, and the size of the sample.
    fn means(&self, found: &Ensemble) -> Result<Value, Problem> {
        let mut mean = Vec::new();
        let mut error = Vec::new();
        for &s in &self.watched {
            let estimate = found.mean(0, s)?;
            mean.push(estimate.value);
            error.push(estimate.standard_error);
        }
        Ok(json!({"mean": mean, "error": error, "samples": self.samples}))
    }
}

fn networks(measurement: &Measurement) -> Result<Vec<Network>, Problem> {
    let given = measurement.parameter("networks")?;
    list(&given)?.iter().map(Network::new).collect()
}

fn on(threads: usize, seed: u64) -> Run<'static> {
    Run {
        seed,
        threads,
        ..Run::default()
    }
}

fn books(measurement: &Measurement) -> Books {
    match measurement.variant() {
        "full books" => Books::full(),
        _ => Books::default(),
    }
}

/// Time per jump of one trajectory of each network, and the geometric mean over the networks.
fn trajectories(measurement: &mut Measurement) -> Result<(), Problem> {
    let networks = networks(measurement)?;
    let seeds = real(&measurement.parameter("seeds")?)? as u64;
    let books = books(measurement);
    for network in &networks {
        for seed in 1..=seeds {
            let jumps = network.jumps(seed)?;
            measurement.time_per_part(&network.name, jumps, || {
                network.trajectory(seed, books.clone(), network.end)
            })??;
        }
        let options = SimulationOptions {
            times: vec![network.sample_time],
            trajectories: network.samples,
            ..Default::default()
        };
        let sampled = simulate(&network.system, &network.initial, &options, &on(1, 1))?;
        measurement.number(&network.name, network.means(&sampled)?);
    }
    let names: Vec<&str> = networks.iter().map(|n| n.name.as_str()).collect();
    if names.len() > 1 {
        measurement.add_geometric_mean("geometric mean", &names);
    }
    let first = &networks[0];
    measurement.time_per_call("a call without jumps", 100, || {
        first.trajectory(1, books.clone(), 1e-12)
    })
}

/// Time per jump on the ring as an explicit graph.
fn graph(measurement: &mut Measurement) -> Result<(), Problem> {
    let ring: Vec<_> = (0..10).map(|i| (i, (i + 1) % 10, 2.0, 1.0)).collect();
    let horizon = real(&measurement.parameter("networks")?[0]["end"])?;
    let seeds = real(&measurement.parameter("seeds")?)? as u64;
    let ring = MarkovJump::from_rates(10, &ring)?;
    let mut options = TrajectoryOptions {
        horizon,
        times: (1..=50).map(|k| horizon * f64::from(k) / 50.0).collect(),
        ..Default::default()
    };
    if measurement.variant() == "full books" {
        options.system_entropy = SystemEntropy::Stationary(Distribution::uniform(10)?);
        options.running = Some(Running::TotalEntropy);
    } else {
        options.counts = false;
    }
    let simulator = Simulator::new(&ring, options)?;
    let mut all = Vec::new();
    for seed in 1..=seeds {
        let jumps = simulator.trajectory(0, 0, &on(1, seed))?.jumps as f64;
        measurement.time_per_part("ring10 as a graph", jumps, || {
            simulator.trajectory(0, 0, &on(1, seed))
        })??;
        all.push(jumps);
    }
    measurement.number("ring10 as a graph", all);
    Ok(())
}

/// Time per trajectory of many short ones.
fn ensemble(measurement: &mut Measurement, threads: usize) -> Result<(), Problem> {
    let networks = networks(measurement)?;
    let books = books(measurement);
    for network in &networks {
        let options = SimulationOptions {
            times: vec![network.sample_time],
            trajectories: network.samples,
            books: books.clone(),
            ..Default::default()
        };
        let found = measurement.time_per_part(&network.name, network.samples as f64, || {
            simulate(&network.system, &network.initial, &options, &on(threads, 1))
        })??;
        measurement.number(&network.name, network.means(&found)?);
    }
    Ok(())
}

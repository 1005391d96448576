//! What is asked of a jump process, resolved: start, times, targets, currents.

use std::sync::Arc;
use std::time::Duration;

use irrev_network::Distribution;
use irrev_network::simulation::Method;
use irrev_network::simulation::graph::{
    Ensemble, EnsembleOptions, Keep, Observable, Simulation, Stop, TrajectoryOptions, ensemble,
};
use irrev_numerics::Run;
use irrev_numerics::run::CheckpointStore;

use super::super::request::{Request, refused, suggestion};
use crate::analysis::units::Units;
use crate::error::{Error, Result};
use crate::model::{Environment, Snapshot};
use crate::system::System;

/// Entropy, in nats, that a trajectory of default length produces in the stationary state: the fluctuation theorems are seen best there.
const DEFAULT_ENTROPY: f64 = 3.0;

/// Most jumps of a trajectory of default length.
const DEFAULT_JUMPS: f64 = 1e4;

/// Jumps of a trajectory of default length where no entropy is produced.
const EQUILIBRIUM_JUMPS: f64 = 100.0;

/// Most transitions whose net jumps are followed one by one.
const FOLLOWED_TRANSITIONS: usize = 64;

/// Bytes of samples that are kept unasked. Beyond, sums alone are kept, and what needs samples is left out.
const KEPT: u64 = 256 << 20;

/// Numbers kept per trajectory besides currents and heats.
const NUMBERS: u64 = 10;

/// Times of the paths that are drawn.
const FINE: usize = 600;

pub(super) struct Question<'a> {
    pub(super) environment: &'a Environment<'a>,
    pub(super) request: &'a Request,
    pub(super) run: &'a Run<'a>,
    pub(super) snapshot: Snapshot,
    pub(super) system: System,
    pub(super) units: Units,
    pub(super) initial: Distribution,
    /// The stationary distribution of a process with constant rates, if there is one.
    stationary: Option<Distribution>,
    pub(super) times: Vec<f64>,
    pub(super) horizon: f64,
    pub(super) trajectories: u64,
    /// States that end a trajectory.
    pub(super) targets: Vec<usize>,
    /// Name and weights per transition: the observables, then the transitions one by one.
    pub(super) currents: Vec<(String, Vec<f64>)>,
    /// How many of the currents are observables.
    pub(super) observables: usize,
    /// Temperatures for the heat, where medium entropy times temperature is the heat.
    temperatures: Option<Vec<f64>>,
}

impl<'a> Question<'a> {
    pub(super) fn new(
        environment: &'a Environment<'a>,
        request: &'a Request,
        run: &'a Run<'a>,
    ) -> Result<Self> {
        let spec = environment.spec();
        let fail = |e| Error::network(spec.source.name(), e);
        known_method(request, spec.is_driven())?;
        let snapshot = environment.evaluate(0.0)?;
        let network = Arc::new(crate::system::network(spec)?);
        let system = System::on(&network, environment, &snapshot)?;
        let mut initial = system.initial_distribution(environment)?;
        let stationary = if spec.is_driven() {
            None
        } else {
            let needed = system.kinetics.stationary_memory().map_err(fail)?;
            run.require_memory("the stationary distribution", needed)
                .map_err(|e| fail(e.into()))?;
            match system.kinetics.stationary_distribution() {
                Err(error) if request.stationary => return Err(fail(error)),
                found => found.ok(),
            }
        };
        if let Some(pi) = stationary.as_ref().filter(|_| request.stationary) {
            initial = pi.clone();
        }
        let protocol = environment.duration()?.or(environment.period()?);
        let default_end = || match protocol {
            Some(end) => Ok(end),
            None => default_horizon(&system, stationary.as_ref().unwrap_or(&initial)).map_err(fail),
        };
        // a protocol knows its end better than the grid of the pictures
        let model_times = if protocol.is_some() {
            None
        } else {
            environment.times()?
        };
        let times = request.times(model_times, default_end)?;
        let horizon = times.last().copied().unwrap_or(1.0);
        let targets = request
            .until
            .iter()
            .map(|name| target(name, network.states()))
            .collect::<Result<_>>()?;
        let mut currents = Vec::new();
        for (k, observable) in spec.observables.iter().enumerate() {
            currents.push((
                observable.name.clone(),
                environment.observable_weights(k, &snapshot)?,
            ));
        }
        let observables = currents.len();
        let edges = network.edges();
        if edges.len() <= FOLLOWED_TRANSITIONS {
            currents.extend(edges.iter().enumerate().map(|(e, edge)| {
                let mut weights = vec![0.0; edges.len()];
                weights[e] = 1.0;
                (edge.name.clone(), weights)
            }));
        }
        if !request.books.jumps {
            currents.clear();
        }
        let trajectories = request.trajectories(None)?;
        let temperatures = heat_temperatures(environment, &system, &snapshot);
        Ok(Self {
            units: Units::of_trajectories(&spec.units),
            environment,
            request,
            run,
            snapshot,
            system,
            initial,
            stationary,
            times,
            horizon,
            trajectories,
            targets,
            observables: observables.min(currents.len()),
            currents,
            temperatures,
        })
    }

    pub(super) fn fail(&self, error: irrev_network::Error) -> Error {
        Error::network(self.environment.spec().source.name(), error)
    }

    /// The stationary distribution, if trajectories start from it.
    pub(super) fn stationary_start(&self) -> Option<&Distribution> {
        let pi = self.stationary.as_ref()?;
        let far = pi.total_variation(&self.initial).unwrap_or(1.0);
        (far <= Distribution::SUM_TOLERANCE).then_some(pi)
    }

    /// Books and stops that constant and driven trajectories share.
    pub(super) fn options(&self) -> TrajectoryOptions<'static> {
        let books = &self.request.books;
        TrajectoryOptions {
            stop: Stop {
                states: self.targets.clone(),
                ..Stop::default()
            },
            counts: books.jumps || books.residence || books.entropy,
            currents: self.currents.iter().map(|c| c.1.clone()).collect(),
            temperatures: self.temperatures.clone().filter(|_| books.entropy),
            ..TrajectoryOptions::default()
        }
    }

    /// Times at which the paths that are drawn are looked at.
    pub(super) fn fine_times(&self) -> Vec<f64> {
        (0..=FINE)
            .map(|k| self.horizon * k as f64 / FINE as f64)
            .collect()
    }

    /// Makes the trajectories.
    pub(super) fn ensemble(&self, simulation: &impl Simulation, start: &Distribution) -> Result<Ensemble> {
        let reservoirs = self.temperatures.as_ref().map_or(0, Vec::len);
        let each = 8 * (NUMBERS + (self.currents.len() + reservoirs) as u64);
        let fits = self.trajectories.saturating_mul(each) <= KEPT;
        let keep = if self.request.keep || fits {
            Keep::Samples
        } else {
            Keep::Summary
        };
        let wanted = match &self.request.wanted {
            None => None,
            Some((name, error)) => Some((self.observable(name)?, *error)),
        };
        let options = EnsembleOptions {
            trajectories: self.trajectories,
            keep,
            wanted,
            checkpoint_interval: Duration::try_from_secs_f64(self.request.checkpoint_interval)
                .unwrap_or(Duration::from_secs(10)),
        };
        let store = self.request.checkpoints.as_ref().map(CheckpointStore::new);
        let run = Run {
            checkpoints: store.as_ref(),
            ..*self.run
        };
        ensemble(simulation, start, &options, &run).map_err(|e| self.fail(e))
    }

    /// The number that a wanted error is about.
    fn observable(&self, name: &str) -> Result<Observable> {
        let mut known = vec!["jumps", "medium_entropy", "total_entropy", "work"];
        let of_current = self.currents.iter().position(|(current, _)| current == name);
        match (name, of_current) {
            ("jumps", _) => Ok(Observable::Jumps),
            ("medium_entropy", _) => Ok(Observable::MediumEntropy),
            ("total_entropy", _) => Ok(Observable::TotalEntropy),
            ("work", _) => Ok(Observable::Work),
            (_, Some(k)) => Ok(Observable::Current(k)),
            _ => {
                known.extend(self.currents.iter().map(|c| c.0.as_str()));
                let problem = format!(
                    "is no number of these trajectories{}; known: {}",
                    suggestion(name, &known),
                    known.join(", ")
                );
                Err(refused("of", name, problem))
            }
        }
    }
}

fn known_method(request: &Request, driven: bool) -> Result<()> {
    match request.method {
        Method::Automatic => Ok(()),
        Method::IntegratedHazard if driven => Ok(()),
        other => {
            let problem = "is a method for reaction models; trajectories of a jump process are made by \"automatic\", which is exact";
            Err(refused("method", other.name(), problem.to_owned()))
        }
    }
}

fn target(name: &str, states: &[String]) -> Result<usize> {
    states.iter().position(|state| state == name).ok_or_else(|| {
        let known: Vec<&str> = states.iter().map(String::as_str).collect();
        let problem = format!("is no state of the model{}", suggestion(name, &known));
        refused("until", name, problem)
    })
}

/// A time in which a few nats are produced from a state, or some jumps are made.
fn default_horizon(system: &System, state: &Distribution) -> irrev_network::Result<f64> {
    let flow = system.kinetics.flow(state)?;
    let (rate, activity) = (flow.entropy_production_rate(), flow.activity());
    let by_entropy = DEFAULT_ENTROPY / rate;
    let horizon = if rate.is_finite() && rate > 1e-9 * activity {
        by_entropy.min(DEFAULT_JUMPS / activity)
    } else {
        EQUILIBRIUM_JUMPS / activity
    };
    Ok(if horizon.is_finite() && horizon > 0.0 {
        horizon
    } else {
        1.0
    })
}

/// Temperatures of the reservoirs, if heat is temperature times medium entropy: constant ones, and rates that obey local detailed balance.
fn heat_temperatures(
    environment: &Environment<'_>,
    system: &System,
    snapshot: &Snapshot,
) -> Option<Vec<f64>> {
    let constant = environment
        .spec()
        .reservoirs
        .iter()
        .all(|r| !r.temperature.depends_on_time());
    let energetics = system.energetics.as_ref()?;
    let balanced = energetics
        .require_detailed_balance(&system.kinetics, 1e-9)
        .is_ok();
    (constant && balanced).then(|| snapshot.temperatures.clone())
}

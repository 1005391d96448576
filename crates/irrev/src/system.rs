//! From the numbers of a model file to the objects of stochastic thermodynamics.

use std::sync::Arc;

use irrev_network::dynamics::DrivenJump;
use irrev_network::energetics::{Energetics, RateRule, Reservoir};
use irrev_network::{Distribution, MarkovJump, Network};

use crate::error::{Error, Result};
use crate::model::{
    Environment, InitialDistribution, LawValues, Markov, ModelError, RuleKind, Snapshot, code,
};

/// A Markov jump process made from a model at one time, with its energetics if the model has reservoirs.
#[derive(Debug, Clone)]
pub struct System {
    /// The process.
    pub kinetics: MarkovJump,
    /// Energies and reservoirs; `None` for a model without reservoirs.
    pub energetics: Option<Energetics>,
}

/// States, reservoirs, subsystems and channels of a model.
///
/// # Errors
/// [`Error::Network`] if labels of a subsystem are missing on some state.
pub fn network(spec: &Markov) -> Result<Network> {
    let name = spec.source.name();
    let mut builder = Network::builder().states(spec.states.iter().map(|s| s.name.clone()));
    for reservoir in &spec.reservoirs {
        builder = builder.reservoir(&reservoir.name);
    }
    for subsystem in spec.parts() {
        let labels = spec.states.iter().map(|state| {
            let found = state.labels.iter().find(|(label, _)| label == subsystem);
            found.map(|(_, value)| value.clone()).ok_or_else(|| {
                let message = format!(
                    "state \"{}\" has no label \"{subsystem}\", which other states have",
                    state.name
                );
                let help = Some("give every state a label for each subsystem");
                spec.error_at(state.span, code::MISSING_KEY, message, help)
            })
        });
        builder = builder.subsystem(subsystem, labels.collect::<Result<Vec<_>, ModelError>>()?);
    }
    for t in &spec.transitions {
        let reservoir = t.reservoir.map(|r| spec.reservoirs[r].name.as_str());
        builder = builder.channel(
            &t.name,
            &spec.states[t.from].name,
            &spec.states[t.to].name,
            reservoir,
        );
    }
    builder.build().map_err(|e| Error::network(name, e))
}

/// Energies and reservoirs of a model at the time of a snapshot; `None` without reservoirs.
fn energetics(snapshot: &Snapshot) -> Option<Energetics> {
    if snapshot.temperatures.is_empty() {
        return None;
    }
    let reservoirs = snapshot
        .temperatures
        .iter()
        .zip(&snapshot.chemical_potentials)
        .map(|(&temperature, &chemical_potential)| Reservoir {
            temperature,
            chemical_potential,
        })
        .collect();
    Some(Energetics {
        energies: snapshot.energies.clone(),
        numbers: snapshot.numbers.clone(),
        degeneracies: snapshot.degeneracies.clone(),
        reservoirs,
        driving_work: snapshot.transitions.iter().map(|t| t.force).collect(),
    })
}

/// Writes the rates of every transition at the time of a snapshot.
fn rates(
    spec: &Markov,
    network: &Network,
    snapshot: &Snapshot,
    forward: &mut [f64],
    backward: &mut [f64],
) -> Result<()> {
    let energetics = energetics(snapshot);
    for (e, (transition, values)) in spec.transitions.iter().zip(&snapshot.transitions).enumerate() {
        (forward[e], backward[e]) = match values.law {
            LawValues::Rates { forward, backward } => {
                if forward.is_subnormal() || backward.is_subnormal() {
                    let message = format!(
                        "\"{}\" has the rates {forward:e} and {backward:e}: one is too small for its digits to be kept",
                        transition.name
                    );
                    let help = Some(
                        "rates must be 0 (with one_way = true) or above 2.3e-308; choose another unit of time",
                    );
                    return Err(spec
                        .error_at(transition.span, code::BAD_VALUE, message, help)
                        .into());
                }
                (forward, backward)
            }
            LawValues::Rule {
                kind,
                prefactor,
                barrier,
                load,
            } => {
                let rule = match kind {
                    RuleKind::Arrhenius => RateRule::Arrhenius {
                        prefactor,
                        barrier: barrier.unwrap_or(0.0),
                    },
                    RuleKind::Metropolis => RateRule::Metropolis { prefactor },
                    RuleKind::Glauber => RateRule::Glauber { prefactor },
                    RuleKind::Fermi => RateRule::Fermi { prefactor },
                    RuleKind::Bose => RateRule::Bose { prefactor },
                    RuleKind::Symmetric => RateRule::Symmetric {
                        prefactor,
                        load: load.unwrap_or(0.5),
                    },
                };
                // the reader has checked that a transition with a rule names a reservoir
                let (Some(energetics), Some(r)) = (&energetics, transition.reservoir) else {
                    continue;
                };
                let reservoir = energetics.reservoirs[r];
                let pair = rule
                    .rates(energetics, &network.edges()[e], reservoir, values.force)
                    .map_err(|error| Error::network(spec.source.name(), error))?;
                if !(pair.0.is_normal() && pair.1.is_normal()) {
                    let message = format!(
                        "the rule of \"{}\" gives the rates {:e} and {:e}, outside the range of numbers",
                        transition.name, pair.0, pair.1
                    );
                    let help =
                        Some("the cost of the jump is too many temperatures; check energies and units");
                    return Err(spec
                        .error_at(transition.span, code::BAD_VALUE, message, help)
                        .into());
                }
                pair
            }
        };
    }
    Ok(())
}

impl System {
    /// The process of a model at a time.
    ///
    /// # Errors
    /// [`Error::Model`] for a value that is not allowed, [`Error::Network`] for rates out of range.
    pub fn at(environment: &Environment<'_>, time: f64) -> Result<Self> {
        let network = Arc::new(network(environment.spec())?);
        Self::on(&network, environment, &environment.evaluate(time)?)
    }

    /// The process on a network already built, from a snapshot.
    pub(crate) fn on(
        network: &Arc<Network>,
        environment: &Environment<'_>,
        snapshot: &Snapshot,
    ) -> Result<Self> {
        let spec = environment.spec();
        let edges = network.edges().len();
        let (mut forward, mut backward) = (vec![0.0; edges], vec![0.0; edges]);
        rates(spec, network, snapshot, &mut forward, &mut backward)?;
        let kinetics = MarkovJump::new(Arc::clone(network), forward, backward)
            .map_err(|error| Error::network(spec.source.name(), error))?;
        let energetics = energetics(snapshot);
        Ok(Self { kinetics, energetics })
    }

    /// The initial distribution that the model asks for; uniform if it does not say.
    ///
    /// # Errors
    /// [`Error::Model`] for probabilities that are not allowed, [`Error::Network`] if a stationary start is not unique.
    pub fn initial_distribution(&self, environment: &Environment<'_>) -> Result<Distribution> {
        use irrev_network::Kinetics as _;
        let spec = environment.spec();
        let name = spec.source.name();
        let n = self.kinetics.network().states().len();
        let chosen = spec.initial.as_ref().map(|i| &i.distribution);
        let result = match chosen {
            None | Some(InitialDistribution::Uniform) => Distribution::uniform(n),
            Some(InitialDistribution::Stationary) => self.kinetics.stationary_distribution(),
            Some(InitialDistribution::Gibbs(reservoir)) => match &self.energetics {
                Some(energetics) => energetics.gibbs_distribution(*reservoir),
                None => Distribution::uniform(n),
            },
            Some(InitialDistribution::Table(_)) => {
                let table = environment.initial_probabilities()?.unwrap_or_default();
                Distribution::new(table)
            }
        };
        result.map_err(|error| Error::network(name, error))
    }
}

/// The process of a model whose rates depend on time.
///
/// # Errors
/// As [`System::at`], for time 0. Errors at later times surface in the evolution.
pub fn driven<'a>(environment: &'a Environment<'a>) -> Result<DrivenJump<'a>> {
    let network = Arc::new(network(environment.spec())?);
    let snapshot = environment.evaluate(0.0)?;
    let shared = Arc::clone(&network);
    let law = move |time: f64, forward: &mut [f64], backward: &mut [f64]| {
        let mut now = snapshot.clone();
        let described = |error: Error| {
            let reason = match &error {
                Error::Model(model) => model
                    .diagnostics
                    .first()
                    .map_or_else(String::new, |d| d.message.clone()),
                other => other.to_string(),
            };
            irrev_network::Error::RateLaw { time, reason }
        };
        environment
            .advance(&mut now, time)
            .map_err(|e| described(e.into()))?;
        rates(environment.spec(), &shared, &now, forward, backward).map_err(described)
    };
    Ok(DrivenJump::new(network, Box::new(law)))
}

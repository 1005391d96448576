//! What the sections share: the process, its stationary state, units, and the results they read from each other.

use irrev_network::cycles::CycleDecomposition;
use irrev_network::dynamics::{Relaxation, RelaxationSpectrum};
use irrev_network::energetics::{EnergyBudget, Engine};
use irrev_network::{Distribution, Flow, Kinetics, Network};
use irrev_numerics::Run;
use irrev_report::{Definition, Quantity};

use super::units::Units;
use super::{Section, SweepRequest};
use crate::error::{Error, Result};
use crate::model::{Environment, Snapshot};
use crate::system::System;

/// Largest number of states for which dense spectra are computed without being asked.
pub(super) const DENSE_SPECTRUM: usize = 1500;

/// Largest number of states for which a relaxation is integrated without being asked.
pub(super) const RELAXATION_STATES: usize = 600;

pub(super) struct Context<'a> {
    pub(super) environment: &'a Environment<'a>,
    pub(super) run: &'a Run<'a>,
    pub(super) snapshot: Snapshot,
    pub(super) system: System,
    pub(super) units: Units,
    pub(super) initial: Distribution,
    /// The stationary distribution, or why there is none to speak of.
    pub(super) stationary: std::result::Result<Distribution, irrev_network::Error>,
    pub(super) stationary_flow: Option<Flow>,
    /// A sweep asked for in place of the model's own.
    pub(super) sweep: Option<SweepRequest>,
    // what earlier sections found, for later ones and the summary
    pub(super) budget: Option<EnergyBudget>,
    pub(super) engine: Option<Engine>,
    pub(super) cycles: Option<(Vec<String>, CycleDecomposition)>,
    pub(super) spectrum: Option<RelaxationSpectrum>,
    pub(super) relaxation: Option<Relaxation>,
    /// Places where a swept observable vanishes, in words.
    pub(super) stalls: Vec<String>,
}

impl<'a> Context<'a> {
    pub(super) fn new(environment: &'a Environment<'a>, run: &'a Run<'a>) -> Result<Self> {
        let snapshot = environment.evaluate(0.0)?;
        let network = std::sync::Arc::new(crate::system::network(environment.spec())?);
        let system = System::on(&network, environment, &snapshot)?;
        let initial = system.initial_distribution(environment)?;
        let fail = |e: irrev_network::Error| Error::network(environment.spec().source.name(), e);
        let needed = system.kinetics.stationary_memory().map_err(fail)?;
        run.require_memory("the stationary distribution", needed)
            .map_err(|e| fail(e.into()))?;
        let stationary = system.kinetics.stationary_distribution().and_then(|pi| {
            // where every jump can be undone and all states communicate, a zero is a probability that underflowed; it would turn
            // jumps into one-way flux
            let lost = pi.probabilities().iter().position(|p| *p == 0.0);
            match lost.filter(|_| system.kinetics.one_way_edges().is_empty()) {
                Some(state) => Err(irrev_network::Error::Domain {
                    what: format!(
                        "the stationary probability of \"{}\"",
                        environment.spec().states[state].name
                    ),
                    value: 0.0,
                    expected: "a number within range (the rates into and out of the state differ too much)",
                }),
                None => Ok(pi),
            }
        });
        let model = environment.spec().source.name();
        let stationary_flow = match &stationary {
            Ok(pi) => Some(system.kinetics.flow(pi).map_err(|e| Error::network(model, e))?),
            Err(_) => None,
        };
        Ok(Self {
            environment,
            run,
            snapshot,
            units: Units::of(environment.spec()),
            initial,
            stationary,
            stationary_flow,
            system,
            sweep: None,
            budget: None,
            engine: None,
            cycles: None,
            spectrum: None,
            relaxation: None,
            stalls: Vec::new(),
        })
    }

    pub(super) fn network(&self) -> &Network {
        self.system.kinetics.network()
    }

    pub(super) fn fail(&self, error: irrev_network::Error) -> Error {
        Error::network(self.environment.spec().source.name(), error)
    }

    /// A quantity in the model's units.
    pub(super) fn quantity(&self, definition: &Definition, value: f64) -> Quantity {
        let unit = self.units.apply(&definition.unit);
        Quantity::new(definition.clone(), value).in_unit(unit)
    }

    /// Stationary distribution and flow; sections that need them are only called when they exist.
    pub(super) fn steady(&self) -> Result<(&Distribution, &Flow)> {
        match (&self.stationary, &self.stationary_flow) {
            (Ok(pi), Some(flow)) => Ok((pi, flow)),
            (Err(error), _) => Err(self.fail(error.clone())),
            (Ok(_), None) => Err(self.fail(irrev_network::Error::NoStates)),
        }
    }

    /// Why a section cannot be computed, or `None` if it can.
    pub(super) fn obstacle(&self, section: Section) -> Option<String> {
        let spec = self.environment.spec();
        let kinetics = &self.system.kinetics;
        let states = self.network().states().len();
        let driven = || {
            spec.is_driven()
                .then(|| "its rates depend on time, so there is no stationary state".to_owned())
        };
        let unique = || self.stationary.as_ref().err().map(ToString::to_string);
        let one_way = || {
            let edges = kinetics.one_way_edges();
            let (plural, produce) = if edges.len() == 1 {
                ("transition", "produces")
            } else {
                ("transitions", "produce")
            };
            (!edges.is_empty()).then(|| {
                let some: Vec<&str> = edges.iter().take(5).map(String::as_str).collect();
                let more = if edges.len() > 5 { " and others" } else { "" };
                format!(
                    "one-way {plural} {}{more} {produce} infinite entropy; give backward rates",
                    some.join(", ")
                )
            })
        };
        let transient = || {
            let pi = self.stationary.as_ref().ok()?;
            let empty = pi.probabilities().iter().position(|p| *p == 0.0)?;
            Some(format!(
                "state \"{}\" is transient: it has no weight in the stationary state",
                self.network().states()[empty]
            ))
        };
        match section {
            Section::SteadyState => driven().or_else(unique),
            Section::Decomposition => driven().or_else(unique).or_else(one_way).or_else(transient),
            Section::Cycles => driven().or_else(unique).or_else(|| {
                let count = irrev_network::cycles::fundamental_cycles(self.network())
                    .cycles
                    .len();
                (count == 0).then(|| "the network has no cycles, so no stationary currents".to_owned())
            }),
            Section::Energetics => driven().or_else(unique).or_else(|| {
                spec.reservoirs
                    .is_empty()
                    .then(|| "the model has no [reservoirs]".to_owned())
            }),
            Section::Counting => driven().or_else(unique).or_else(transient),
            Section::Spectrum => driven().or_else(|| {
                let reason =
                    || format!("{states} states are too many for a dense spectrum (limit {DENSE_SPECTRUM})");
                (states > DENSE_SPECTRUM).then(reason)
            }),
            Section::Relaxation => driven().or_else(|| {
                let reason =
                    || format!("{states} states are too many to integrate (limit {RELAXATION_STATES})");
                (states > RELAXATION_STATES).then(reason)
            }),
            Section::Curvature => driven().or_else(unique).or_else(|| {
                let (stationary, flow) = (self.stationary.as_ref().ok()?, self.stationary_flow.as_ref()?);
                super::curvature::obstacle(stationary, flow)
            }),
            Section::Speed => driven().or_else(|| super::speed::obstacle(self)),
            Section::Subsystems => driven()
                .or_else(unique)
                .or_else(|| super::subsystems::obstacle(self)),
            Section::Driven => {
                if !spec.is_driven() {
                    Some("no rate or energy depends on the time `t`".into())
                } else if spec.protocol.is_none() && spec.time.is_none() {
                    Some("give `[protocol] period` or `duration`, or `[time] end`".into())
                } else {
                    None
                }
            }
            Section::Structure
            | Section::LimitCycle
            | Section::Evolution
            | Section::FreeEnergy
            | Section::Stability
            | Section::Response
            | Section::Counts => Some("it belongs to reaction models".into()),
            Section::InfiniteSize
            | Section::Quench
            | Section::PhaseDiagram
            | Section::Transfer
            | Section::Enumeration
            | Section::MeanField
            | Section::Simulation
            | Section::FiniteSize => Some("it belongs to networks of spins".into()),
            Section::Bath
            | Section::LightCone
            | Section::SecondLaw
            | Section::FluctuationTheorem
            | Section::Thermalization
            | Section::Eigenstates
            | Section::Sizes => Some("it belongs to quantum lattices".into()),
            Section::Linear
            | Section::Field
            | Section::FirstPassage
            | Section::Protocol
            | Section::Projection => Some("it belongs to Langevin models".into()),
            Section::Sweep => driven().or_else(|| {
                let nothing = spec.sweeps.is_empty() && self.sweep.is_none();
                nothing.then(|| "the model has no [[sweep]]".to_owned())
            }),
        }
    }
}

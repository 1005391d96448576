//! What the sections of a reaction model share: the system, where it settles, and units.

use std::cell::OnceCell;

use irrev_network::Kinetics as _;
use irrev_network::reactions::attractor::{Attractor, attractor};
use irrev_network::reactions::evolution::Evolution;
use irrev_network::reactions::limit_cycle::{LimitCycle, LimitCycleOptions, Section as PoincareSection};
use irrev_network::reactions::steady_state::{SteadyState, relaxed_steady_state};
use irrev_numerics::Run;
use irrev_report::{Definition, Quantity};

use super::super::units::Units;
use super::super::{Section, SweepRequest};
use crate::chemistry::Chemistry;
use crate::error::{Error, Result};
use crate::model::{Quantity as Meaning, ReactionsEnvironment};

/// Most dynamic species for which a steady state is sought: its stability takes all eigenvalues, some species³ operations.
const STEADY_SPECIES: usize = 2000;

/// Most for which a limit cycle is: its stability takes two turns of the motion per species.
const CYCLE_SPECIES: usize = 400;

/// Exit code of what did not converge.
const NOT_CONVERGED: i32 = 75;

/// Points of a default time grid.
const POINTS: usize = 241;

/// Default interval: relaxation times of a steady state, or periods of a limit cycle.
const RELAXATION_TIMES: f64 = 8.0;
const PERIODS: f64 = 5.0;

pub(crate) struct Context<'a> {
    pub(crate) environment: &'a ReactionsEnvironment<'a>,
    pub(super) run: &'a Run<'a>,
    pub(super) chemistry: Chemistry,
    pub(super) units: Units,
    /// A sweep asked for in place of the model's own.
    pub(crate) sweep: Option<SweepRequest>,
    attractor: OnceCell<std::result::Result<Attractor, irrev_network::Error>>,
    /// Whether questions about large systems are answered without following their motion.
    foresees: bool,
    // what earlier sections found, for the summary
    pub(super) evolution: Option<Evolution>,
}

impl<'a> Context<'a> {
    /// # Errors
    /// Values of the model that are not allowed.
    pub(crate) fn new(environment: &'a ReactionsEnvironment<'a>, run: &'a Run<'a>) -> Result<Self> {
        environment.check()?;
        let chemistry = Chemistry::new(environment)?;
        let spec = environment.spec();
        let amount = if spec.compartments.is_empty() {
            "concentration"
        } else {
            "amount"
        };
        Ok(Self {
            environment,
            run,
            units: Units::extensive(&spec.units, amount),
            chemistry,
            sweep: None,
            attractor: OnceCell::new(),
            foresees: false,
            evolution: None,
        })
    }

    /// For questions about what can be computed: where the motion of a large system ends is not sought for them.
    pub(super) fn foreseeing(self) -> Self {
        Self {
            foresees: true,
            ..self
        }
    }

    pub(super) fn fail(&self, error: irrev_network::Error) -> Error {
        Error::network(self.environment.spec().source.name(), error)
    }

    /// A quantity in the model's units.
    pub(super) fn quantity(&self, definition: &Definition, value: f64) -> Quantity {
        let unit = self.units.apply(&definition.unit);
        Quantity::new(definition.clone(), value).in_unit(unit)
    }

    /// What the initial state settles on, sought once.
    pub(super) fn attractor(&self) -> &std::result::Result<Attractor, irrev_network::Error> {
        self.attractor.get_or_init(|| {
            let (system, start) = (&self.chemistry.system, &self.chemistry.initial);
            let species = system.dynamic().len();
            if species > STEADY_SPECIES {
                return Err(irrev_network::Error::ManySpecies {
                    quantity: "the steady state and its stability",
                    species,
                    most: STEADY_SPECIES,
                });
            }
            if species > CYCLE_SPECIES && !system.depends_on_time() {
                return relaxed_steady_state(system, start, self.run).map(Attractor::Steady);
            }
            let section = match self.environment.section() {
                Ok(section) => section.and_then(|(species, value)| {
                    let state = self.chemistry.system.state_of(species)?;
                    Some(PoincareSection {
                        state,
                        value: value * self.chemistry.amount_per_symbol[state],
                    })
                }),
                Err(_) => None,
            };
            let options = LimitCycleOptions {
                section,
                ..LimitCycleOptions::default()
            };
            attractor(system, start, Some(&options), self.run)
        })
    }

    /// Whether it was sought in vain what the motion settles on.
    pub(crate) fn did_not_settle(&self) -> bool {
        let failed = self.attractor.get().and_then(|found| found.as_ref().err());
        failed.is_some_and(|error| self.fail(error.clone()).exit_code() == NOT_CONVERGED)
    }

    pub(super) fn steady(&self) -> Option<&SteadyState> {
        match self.attractor() {
            Ok(Attractor::Steady(steady)) => Some(steady),
            _ => None,
        }
    }

    pub(super) fn cycle(&self) -> Option<&LimitCycle> {
        match self.attractor() {
            Ok(Attractor::Cycle(cycle)) => Some(cycle),
            _ => None,
        }
    }

    /// Why the model refuses its own thermodynamics, if it does.
    pub(crate) fn refusal(&self) -> Option<String> {
        self.chemistry.refusal.clone()
    }

    /// Names of reactions that drive the motion and do not count: what the others do is not what moves the state.
    pub(super) fn left_out(&self) -> Vec<&str> {
        self.chemistry.system.left_out()
    }

    /// Whether anything counts in the thermodynamics, and why not.
    pub(super) fn no_thermodynamics(&self) -> Option<String> {
        if let Some(reason) = &self.chemistry.refusal {
            return Some(reason.clone());
        }
        if self.chemistry.system.counted().is_empty() {
            return Some("no reaction of the model counts in the thermodynamics".into());
        }
        None
    }

    /// Names of counted reactions without a reverse: the entropy production is infinite.
    pub(super) fn one_way(&self) -> Vec<&str> {
        let infinite = |d: &&crate::chemistry::Decision| d.treatment == crate::model::Treatment::Infinite;
        self.chemistry
            .decisions
            .iter()
            .filter(infinite)
            .map(|d| d.reaction.as_str())
            .collect()
    }

    /// Names of counted reactions, given by their positions among them.
    pub(super) fn counted_names(&self, positions: &[usize]) -> Vec<&str> {
        let edges = self.chemistry.system.network().edges();
        positions.iter().map(|&e| edges[e].name.as_str()).collect()
    }

    /// Why there are no chemical potentials behind all forces: no thermodynamics, or reactions without a reverse.
    fn without_finite_forces(&self) -> Option<String> {
        self.no_thermodynamics().or_else(|| {
            let one_way = self.one_way();
            (!one_way.is_empty()).then(|| format!("reactions without a reverse: {}", shortened(&one_way)))
        })
    }

    /// Why a section cannot be computed, or `None` if it can.
    pub(crate) fn obstacle(&self, section: Section) -> Option<String> {
        let spec = self.environment.spec();
        let system = &self.chemistry.system;
        let species = system.dynamic().len();
        let within_reach = (CYCLE_SPECIES + 1..=STEADY_SPECIES).contains(&species);
        let foreseen = self.foresees && within_reach && !system.depends_on_time();
        let of_attractor = |wanted_cycle: bool| match self.attractor() {
            Ok(Attractor::Steady(_)) if !wanted_cycle => None,
            Ok(Attractor::Cycle(_)) if wanted_cycle => None,
            Ok(Attractor::Steady(_)) => Some("the motion comes to rest".to_owned()),
            Ok(Attractor::Cycle(_)) => Some("the motion settles on a limit cycle".to_owned()),
            Ok(_) => Some("the motion settles on something else".to_owned()),
            Err(error) => Some(error.to_string()),
        };
        match section {
            Section::Structure => None,
            Section::LimitCycle if species > CYCLE_SPECIES => Some(format!(
                "limit cycles are sought for at most {CYCLE_SPECIES} dynamic species, because their stability takes two turns of the motion \
                 for each"
            )),
            Section::SteadyState if foreseen => None,
            Section::SteadyState => of_attractor(false),
            Section::LimitCycle => of_attractor(true),
            Section::Evolution => None,
            Section::Decomposition => self.no_thermodynamics(),
            Section::Stability if foreseen => self.without_finite_forces(),
            Section::Stability => self
                .without_finite_forces()
                .or_else(|| of_attractor(false))
                .or_else(|| super::stability::obstacle(self)),
            Section::FreeEnergy => self.without_finite_forces(),
            Section::Response if foreseen => self.without_finite_forces(),
            Section::Response => self.without_finite_forces().or_else(|| of_attractor(false)),
            Section::Counts => match (spec.trajectories, self.chemistry.counts(self.environment)) {
                (None, _) => Some("the model asks for no trajectories ([stochastic] trajectories)".into()),
                (Some(_), Err(error)) => Some(error.to_string()),
                (Some(_), Ok(_)) => None,
            },
            Section::Sweep => {
                (spec.sweeps.is_empty() && self.sweep.is_none()).then(|| "the model has no [[sweep]]".into())
            }
            _ => Some("it belongs to models of another kind".into()),
        }
    }

    /// The model's time grid, or one that fits where the motion settles.
    pub(crate) fn times(&self) -> Result<Vec<f64>> {
        if let Some(times) = self.environment.times()? {
            return Ok(times);
        }
        let end = match self.attractor() {
            Ok(Attractor::Steady(steady)) => {
                let slowest = steady.eigenvalues.first().map_or(-1.0, |l| l.re);
                RELAXATION_TIMES / -slowest.min(-f64::MIN_POSITIVE)
            }
            Ok(Attractor::Cycle(cycle)) => PERIODS * cycle.period,
            _ => FALLBACK_END,
        };
        let end = if end.is_finite() && end > 0.0 {
            end
        } else {
            FALLBACK_END
        };
        Ok((0..POINTS)
            .map(|k| end * k as f64 / (POINTS - 1) as f64)
            .collect())
    }

    /// Label and unit of the axis on which species are drawn.
    pub(super) fn species_axis(&self) -> (String, String) {
        let concentrations = self
            .chemistry
            .quantities
            .iter()
            .all(|q| *q == Meaning::Concentration);
        let label = if concentrations { "concentration" } else { "amount" };
        (label.into(), self.units.label(label))
    }

    /// Names of the counted reactions.
    pub(super) fn reaction_names(&self) -> Vec<String> {
        let edges = self.chemistry.system.network().edges();
        edges.iter().map(|e| e.name.clone()).collect()
    }

    /// Equations of the counted reactions.
    pub(super) fn equations(&self) -> Vec<String> {
        let system = &self.chemistry.system;
        system
            .counted()
            .iter()
            .map(|&r| system.equation(&system.reactions()[r]))
            .collect()
    }
}

/// Interval followed when nothing tells how long to look: in the model's unit of time.
const FALLBACK_END: f64 = 100.0;

/// Why an entropy production is infinite.
pub(super) fn infinite_because(names: &[&str]) -> String {
    format!(
        "infinite, because of reactions that run one way only: {}",
        shortened(names)
    )
}

/// The first few names, and how many more there are.
pub(super) fn shortened(names: &[&str]) -> String {
    const SHOWN: usize = 6;
    if names.len() <= SHOWN {
        return names.join(", ");
    }
    format!("{} and {} more", names[..SHOWN].join(", "), names.len() - SHOWN)
}

//! What the sections of a kinetic Ising model share: its numbers, units, and what they found.

use irrev_ising::infinite::{Branch, InfiniteNetwork};
use irrev_ising::simulation::{Observable, SequentialMethod};
use irrev_ising::{KineticIsing, Update};
use irrev_numerics::{Estimate, Run};
use irrev_report::{Definition, Quantity};

use super::super::units::Units;
use super::super::{Section, SweepRequest};
use crate::error::{Error, Result};
use crate::model::{IsingEnvironment, IsingValues, SizeValues};
use crate::spins;

/// Cost of an enumeration: spins that take some seconds on one core and are therefore enumerated without being asked, those seconds, and by how much
/// they grow with each further spin.
const ENUMERATED_IN_PARALLEL: (usize, f64, f64) = (14, 3.0, 3.5);
const ENUMERATED_ONE_BY_ONE: (usize, f64, f64) = (16, 5.0, 2.7);

/// Most spins whose states are handed over to the analysis of networks, and of those for which nobody has to ask: with more it takes minutes.
const HANDED_OVER: usize = crate::spins::MOST_SPINS;
const HANDED_OVER_UNASKED: usize = 12;

/// Most spins of mean-field theories that nobody asks for, and of those that somebody does: Plefka2[t] solves 4 N² equations a step.
const MEAN_FIELD_UNASKED: usize = 64;
const MEAN_FIELD: usize = 1024;

/// What a stationary state is known to have, for comparisons: exact values, or averages with errors.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) magnetization: f64,
    pub(super) entropy_production: f64,
    pub(super) conditional_entropy: f64,
    pub(super) flip_rate: f64,
    /// Whether they are means over both steps of an alternating state.
    pub(super) alternates: bool,
}

impl Known {
    /// The value of a simulated quantity; the magnitude of m is not known beside m.
    pub(super) fn of(&self, observable: Observable) -> Option<f64> {
        match observable {
            Observable::Magnetization => Some(self.magnetization),
            Observable::EntropyProduction => Some(self.entropy_production),
            Observable::ConditionalEntropy => Some(self.conditional_entropy),
            Observable::Activity => Some(self.flip_rate),
            _ => None,
        }
    }
}

/// Averages of a simulation, for comparisons and the summary.
#[derive(Clone, Copy)]
pub(super) struct Simulated {
    pub(super) magnetization: Estimate,
    pub(super) entropy_production: Estimate,
    /// Whether they are of the one network that other sections look at, and no averages over draws.
    pub(super) is_of_one: bool,
}

/// A time of computation in words, as it depends on the machine and the temperature.
fn duration(seconds: f64) -> &'static str {
    match seconds {
        s if s < 60.0 => "up to a minute",
        s if s < 3600.0 => "minutes",
        _ => "hours",
    }
}

pub(crate) struct Context<'a> {
    pub(super) environment: &'a IsingEnvironment<'a>,
    pub(super) run: &'a Run<'a>,
    pub(super) values: IsingValues,
    pub(super) units: Units,
    asked: Vec<Section>,
    /// A sweep asked for in place of the model's own.
    pub(crate) sweep: Option<SweepRequest>,
    // what earlier sections found, for later ones and the summary
    pub(super) infinite: Option<Known>,
    pub(super) enumerated: Option<Known>,
    /// Mean of every spin of the enumerated network, for mean-field theories.
    pub(super) exact_magnetizations: Option<Vec<f64>>,
    pub(super) simulated: Option<Simulated>,
    /// How one simulated draw differs from infinitely many spins, in words.
    pub(super) draw_beside_infinite: Option<String>,
    /// Stationary law of the enumerated states of updates one at a time.
    pub(super) stationary_law: Option<Vec<f64>>,
}

impl<'a> Context<'a> {
    /// # Errors
    /// Values of the model that are not allowed.
    pub(crate) fn new(
        environment: &'a IsingEnvironment<'a>,
        asked: Option<Vec<Section>>,
        run: &'a Run<'a>,
    ) -> Result<Self> {
        let values = environment.values()?;
        Ok(Self {
            environment,
            run,
            values,
            units: Units::of_trajectories(&environment.spec().units),
            asked: asked.unwrap_or_default(),
            sweep: None,
            infinite: None,
            enumerated: None,
            exact_magnetizations: None,
            simulated: None,
            draw_beside_infinite: None,
            stationary_law: None,
        })
    }

    /// Sets the time between checkpoints of simulations.
    pub(crate) fn keep_checkpoints_every(&mut self, seconds: Option<f64>) {
        if let (Some(sampling), Some(seconds)) = (&mut self.values.sampling, seconds) {
            sampling.checkpoint_seconds = seconds;
        }
    }

    pub(super) fn fail(&self, error: irrev_ising::Error) -> Error {
        Error::ising(self.environment.spec().source.name(), error)
    }

    /// A quantity in the model's units.
    pub(super) fn quantity(&self, definition: &Definition, value: f64) -> Quantity {
        let unit = self.units.apply(&definition.unit);
        Quantity::new(definition.clone(), value).in_unit(unit)
    }

    /// A quantity that counts per step or unit of time.
    pub(super) fn rate(&self, definition: &Definition, value: f64) -> Quantity {
        Quantity::new(definition.clone(), value).in_unit(self.per_time(&definition.unit))
    }

    /// A unit per step, or per unit of time.
    pub(super) fn per_time(&self, unit: &str) -> String {
        if self.is_one_at_a_time() {
            self.units.apply(&format!("{unit}/time"))
        } else {
            format!("{}/step", self.units.apply(unit))
        }
    }

    /// Part of the spins that a step refreshes; infinitely few of updates one at a time.
    pub(super) fn part(&self) -> f64 {
        match self.values.update {
            Update::Sequential => 0.0,
            Update::PartlyParallel(part) => part,
            _ => 1.0,
        }
    }

    /// Whether spins are refreshed one at a time.
    pub(super) fn is_one_at_a_time(&self) -> bool {
        self.values.update == Update::Sequential
    }

    /// The number of spins, if there is one.
    pub(super) fn size(&self) -> Option<usize> {
        match &self.values.sizes {
            SizeValues::Finite(sizes) => match sizes.as_slice() {
                [size] => Some(*size),
                _ => None,
            },
            SizeValues::Infinite => None,
        }
    }

    pub(super) fn sizes(&self) -> &[usize] {
        match &self.values.sizes {
            SizeValues::Finite(sizes) => sizes,
            SizeValues::Infinite => &[],
        }
    }

    /// The network of the first draw; `None` unless there is one number of spins.
    pub(super) fn network(&self) -> Result<Option<KineticIsing>> {
        let Some(size) = self.size() else { return Ok(None) };
        let matrices = 3 * 8 * (size as u64).pow(2);
        self.run
            .require_memory("the couplings of the network", matrices)
            .map_err(|error| self.fail(error.into()))?;
        let network = spins::network(&self.values, size, self.run.seed, 0);
        network.map(Some).map_err(|error| self.fail(error))
    }

    /// The network of infinitely many spins; `Err` says why it has no exact solution.
    pub(super) fn infinite_network(&self) -> std::result::Result<InfiniteNetwork, &'static str> {
        self.values.infinite()
    }

    /// The branch that the start leads to.
    pub(super) fn branch(&self) -> Branch {
        if self.values.initial_magnetization < 0.0 {
            Branch::Down
        } else {
            Branch::Up
        }
    }

    /// Which section a simulation of this model is.
    pub(crate) fn simulated_section(&self) -> Section {
        if self.sizes().len() > 1 {
            Section::FiniteSize
        } else {
            Section::Simulation
        }
    }

    /// Why a section cannot be computed, or `None` if it can.
    pub(crate) fn obstacle(&self, section: Section) -> Option<String> {
        let infinite = || self.infinite_network().err().map(str::to_owned);
        match section {
            Section::InfiniteSize => infinite(),
            Section::Quench => self.no_quench().or_else(infinite),
            Section::PhaseDiagram => match self.values.phase_diagram {
                None => Some("the model has no [phase_diagram]".into()),
                Some(_) => infinite(),
            },
            Section::Transfer => super::transfer::obstacle(&self.values),
            Section::Enumeration => self.no_enumeration(self.asked.contains(&section)),
            Section::Decomposition => self.no_decomposition(self.asked.contains(&section)),
            Section::MeanField => self.no_mean_field(self.asked.contains(&section)),
            Section::Simulation => self.no_simulation().or_else(|| match self.sizes().len() {
                1 => None,
                _ => Some("there are several sizes, which make a study of finite sizes".into()),
            }),
            Section::FiniteSize => self.no_simulation().or_else(|| match self.sizes().len() {
                1 => Some("there is one size; `network.size = [64, 128, 256]` makes a study".into()),
                _ if self.values.draws < 2 => {
                    Some("`network.draws` is 1, and errors of the disorder take at least 2 draws".into())
                }
                _ => None,
            }),
            Section::Sweep => {
                let none = self.environment.spec().sweeps.is_empty() && self.sweep.is_none();
                none.then(|| "the model has no [[sweep]]".into())
            }
            _ => Some("it belongs to models of another kind".into()),
        }
    }

    fn one_size(&self) -> Option<String> {
        match (&self.values.sizes, self.size()) {
            (_, Some(_)) => None,
            (SizeValues::Infinite, _) => Some("there are infinitely many spins (`network.size`)".into()),
            _ => Some("there are several sizes (`network.size`)".into()),
        }
    }

    fn no_quench(&self) -> Option<String> {
        if self.values.quench_steps.is_none() {
            return Some("the model has no [quench]".into());
        }
        (self.values.update != Update::Parallel)
            .then(|| "steps after a quench are those of parallel updates (`dynamics.update`)".into())
    }

    fn no_enumeration(&self, is_asked: bool) -> Option<String> {
        if let Some(reason) = self.one_size() {
            return Some(reason);
        }
        let size = self.size().unwrap_or(0);
        let most = irrev_ising::enumeration::MOST_SPINS;
        let (unasked, seconds, growth) = if self.is_one_at_a_time() {
            ENUMERATED_ONE_BY_ONE
        } else {
            ENUMERATED_IN_PARALLEL
        };
        if size > most {
            return Some(format!(
                "{size} spins have 2^{size} states; they are enumerated for at most {most} spins"
            ));
        }
        (size > unasked && !is_asked).then(|| {
            let takes = duration(seconds * growth.powi((size - unasked) as i32));
            format!(
                "the 2^{size} states of {size} spins take {takes} to enumerate, which has to be asked for: `--sections enumeration`, or \
                 `quantities = [\"enumeration\"]` in [report]"
            )
        })
    }

    fn no_decomposition(&self, is_asked: bool) -> Option<String> {
        if let Some(reason) = self.one_size() {
            return Some(reason);
        }
        let size = self.size().unwrap_or(0);
        if !self.is_one_at_a_time() {
            return Some("only updates one at a time make a jump process in continuous time".into());
        }
        if size > HANDED_OVER {
            return Some(format!(
                "{size} spins have 2^{size} states; they become a jump process for at most {HANDED_OVER} spins"
            ));
        }
        (size > HANDED_OVER_UNASKED && !is_asked).then(|| {
            format!(
                "the jump process between the 2^{size} states of {size} spins takes minutes, which has to be asked for: `--sections decomposition`, or \
                 `quantities = [\"decomposition\"]` in [report]"
            )
        })
    }

    fn no_mean_field(&self, is_asked: bool) -> Option<String> {
        if let Some(reason) = self.one_size() {
            return Some(reason);
        }
        let size = self.size().unwrap_or(0);
        let asked = is_asked || self.environment.spec().has_mean_field;
        let most = if asked { MEAN_FIELD } else { MEAN_FIELD_UNASKED };
        if self.values.update != Update::Parallel {
            return Some("mean-field theories are those of parallel updates (`dynamics.update`)".into());
        }
        (size > most).then(|| {
            if asked {
                format!("{size} spins are more than {MEAN_FIELD}")
            } else {
                format!("the theories take long for {size} spins; a table [mean_field] asks for them")
            }
        })
    }

    fn no_simulation(&self) -> Option<String> {
        let Some(sampling) = &self.values.sampling else {
            return Some("the model has no [simulation]".into());
        };
        if self.values.sizes == SizeValues::Infinite {
            return Some("infinitely many spins cannot be simulated (`network.size`)".into());
        }
        sampling.check().err().map(|error| error.to_string())
    }

    /// How simulations go from one state to the next, in words.
    pub(super) fn method(&self) -> &'static str {
        match (self.values.update, &self.values.sampling) {
            (Update::Sequential, Some(sampling)) if sampling.sequential == SequentialMethod::Clocks => {
                "one spin at a time, each at times of its own"
            }
            (Update::Sequential, _) => "one spin at a time, chosen at random",
            (Update::PartlyParallel(_), _) => "a random part of all spins at every step",
            _ => "all spins at every step",
        }
    }
}

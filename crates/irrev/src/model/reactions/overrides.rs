//! Other values for numbers of a reaction model: `--set KEY=VALUE` and sweeps.
//!
//! A key is the path of the number in the file: `parameters.k`, `compartments.cell`, `species.X.initial`, `reactions.feed.kf`,
//! `thermodynamics.temperature`, `volume.omega`, `time.end`.

use std::sync::Arc;

use super::super::diagnostic::{Fault, ModelError, code};
use super::super::formula::Formula;
use super::super::markov::{TimeGrid, TimeSpacing};
use super::super::overrides::{MAXIMUM_SUGGESTED, Override, choice, in_own_text};
use super::read::{IRREVERSIBLE, MAXIMUM_TRAJECTORIES, PAIRING, POWERS, UNSPLIT};
use super::symbols::{Admit, Symbols};
use super::{Backward, Law, Quantity, Reaction, Reactions, Role, VariableLaw};
use crate::expression::nearest_name;
use crate::source::{SourceFile, Span};

/// Points of the time grid that an end makes where the model has none, as SBML has none.
const DEFAULT_POINTS: usize = 241;

/// The key that says which one-way reactions are joined.
const PAIRING_KEY: &str = "thermodynamics.pairing";

/// What a key of a reaction model names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReactionTarget {
    /// A parameter.
    Parameter(usize),
    /// A parameter that follows the time, which is a variable.
    TimedParameter(usize),
    /// The value at time 0 of a variable that changes at a rate.
    VariableInitial(usize),
    /// The size of a compartment.
    Compartment(usize),
    /// The value of a species at time 0, or at which it is held.
    Initial(usize),
    /// The standard potential of a species that states one.
    StandardPotential(usize),
    /// k⁺, or the forward flux, of a reaction.
    Forward(usize),
    /// What the backward direction of a reaction follows from.
    Backward(usize),
    /// The net flux of a reaction.
    Net(usize),
    /// The temperature.
    Temperature,
    /// What to do about irreversible reactions.
    Irreversible,
    /// What to do about unsplit laws.
    Unsplit,
    /// What becomes of one-way reactions that undo each other.
    Pairing,
    /// What a power of a number of molecules means.
    Powers,
    /// The system size Ω.
    SystemSize,
    /// The last time.
    TimeEnd,
    /// The first time of a logarithmic grid.
    TimeStart,
    /// The number of trajectories.
    Trajectories,
    /// The value of the section through a limit cycle.
    SectionValue,
}

impl ReactionTarget {
    /// What `key` names in this model.
    ///
    /// # Errors
    /// Nothing has this key; the nearest key that names something, if there is one near.
    pub(super) fn find(spec: &Reactions, key: &str) -> Result<Self, Option<String>> {
        let section = key.split('.').next().unwrap_or(key);
        let found = every_key(spec, Some(section)).find(|(known, _)| known == key);
        if let Some((_, target)) = found {
            return Ok(target);
        }
        let keys: Vec<String> = (every_key(spec, None).take(MAXIMUM_SUGGESTED))
            .map(|(key, _)| key)
            .collect();
        let nearest = |among: &[&str]| nearest_name(key, among.iter().copied()).map(str::to_owned);
        let below = |prefix: &str| -> Vec<&str> {
            let keys = keys.iter().map(String::as_str);
            keys.filter(|known| known.starts_with(prefix)).collect()
        };
        // A thing without its field: the first that it has.
        let inside = || below(&format!("{key}.")).first().map(|&key| key.to_owned());
        // The bare name of a symbol is most likely meant as the number that the file gives it.
        let symbol = || {
            let exact = [format!("parameters.{key}"), format!("compartments.{key}")];
            let found = exact.into_iter().find(|exact| keys.contains(exact));
            found.or_else(|| {
                below(&format!("species.{key}."))
                    .first()
                    .map(|&key| key.to_owned())
            })
        };
        // A wrong field of a thing that there is: the field that it has.
        let beside = || {
            let among = below(&key[..=key.rfind('.')?]);
            nearest(&among).or_else(|| among.first().map(|&key| key.to_owned()))
        };
        let all = || nearest(&keys.iter().map(String::as_str).collect::<Vec<_>>());
        let is_field = key.matches('.').count() > 1;
        Err(symbol()
            .or_else(inside)
            .or_else(|| is_field.then(beside).flatten())
            .or_else(all))
    }

    /// Whether a sweep can take it through values.
    pub(super) fn is_number(self) -> bool {
        !matches!(
            self,
            ReactionTarget::Irreversible
                | ReactionTarget::Unsplit
                | ReactionTarget::Pairing
                | ReactionTarget::Powers
                | ReactionTarget::Trajectories
        )
    }

    /// Which symbols a formula for this number may use.
    fn admit(self, spec: &Reactions) -> Admit {
        match self {
            ReactionTarget::Parameter(_) | ReactionTarget::Compartment(_) => Admit::Parameter,
            ReactionTarget::TimedParameter(_) => Admit::TimedParameter,
            ReactionTarget::Initial(index) if matches!(spec.species[index].role, Role::Chemostat) => {
                Admit::Constants
            }
            ReactionTarget::Initial(_) | ReactionTarget::VariableInitial(_) => Admit::Initial,
            ReactionTarget::StandardPotential(_) => Admit::Time,
            ReactionTarget::Forward(index) => match spec.reactions[index].law {
                Law::MassAction { .. } => Admit::RateConstant,
                _ => Admit::Everything,
            },
            ReactionTarget::Backward(index) => match &spec.reactions[index].law {
                Law::MassAction {
                    backward: Backward::Rate(_),
                    ..
                } => Admit::RateConstant,
                Law::Flux {
                    backward: Backward::Rate(_),
                    ..
                } => Admit::Everything,
                _ => Admit::Time,
            },
            ReactionTarget::Net(_) => Admit::Everything,
            _ => Admit::Constants,
        }
    }

    /// Puts a formula in the place of the number.
    fn assign(self, spec: &mut Reactions, value: Formula) {
        match self {
            ReactionTarget::Parameter(index) => spec.parameters[index].value = value,
            ReactionTarget::TimedParameter(index) => {
                spec.variables[index].law = VariableLaw::Assigned(value);
            }
            ReactionTarget::VariableInitial(index) => {
                if let VariableLaw::Rate { initial, .. } = &mut spec.variables[index].law {
                    *initial = value;
                }
            }
            ReactionTarget::Compartment(index) => spec.compartments[index].size = value,
            ReactionTarget::Initial(index) => spec.species[index].initial = value,
            ReactionTarget::StandardPotential(index) => {
                spec.species[index].standard_potential = Some(value);
            }
            ReactionTarget::Forward(index) => match &mut spec.reactions[index].law {
                Law::MassAction { forward, .. } | Law::Flux { forward, .. } => *forward = value,
                Law::Net(_) => {}
            },
            ReactionTarget::Backward(index) => {
                if let Law::MassAction { backward, .. } | Law::Flux { backward, .. } =
                    &mut spec.reactions[index].law
                {
                    match backward {
                        Backward::Rate(old)
                        | Backward::EquilibriumConstant(old)
                        | Backward::GibbsEnergy(old) => *old = value,
                        // a reverse rate for what had none
                        Backward::None => *backward = Backward::EquilibriumConstant(value),
                        Backward::StandardPotentials => {}
                    }
                }
            }
            ReactionTarget::Net(index) => spec.reactions[index].law = Law::Net(value),
            ReactionTarget::Temperature => spec.temperature = Some(value),
            ReactionTarget::SystemSize => spec.system_size = Some(value),
            ReactionTarget::TimeEnd => match &mut spec.time {
                Some(grid) => grid.end = value,
                None => {
                    spec.time = Some(TimeGrid {
                        end: value,
                        points: DEFAULT_POINTS,
                        spacing: TimeSpacing::Linear,
                        span: Span::default(),
                    });
                }
            },
            ReactionTarget::TimeStart => {
                if let Some(grid) = &mut spec.time {
                    grid.spacing = TimeSpacing::Logarithmic(value);
                }
            }
            ReactionTarget::SectionValue => {
                if let Some((_, old)) = &mut spec.section {
                    *old = value;
                }
            }
            // Words and counts are no formulas: `overridden` has dealt with them.
            ReactionTarget::Irreversible
            | ReactionTarget::Unsplit
            | ReactionTarget::Pairing
            | ReactionTarget::Powers
            | ReactionTarget::Trajectories => {}
        }
    }
}

/// Every key of the model (or of one of its sections) and what it names.
fn every_key<'a>(
    spec: &'a Reactions,
    section: Option<&'a str>,
) -> impl Iterator<Item = (String, ReactionTarget)> + 'a {
    let wanted = move |name: &str| section.is_none_or(|section| section == name);
    let parameters = (spec.parameters.iter().enumerate())
        .map(|(index, parameter)| (&parameter.name, ReactionTarget::Parameter(index)));
    // A variable that follows the time may stand under [parameters] in the file.
    let timed = (spec.variables.iter().enumerate()).filter_map(|(index, variable)| match &variable.law {
        VariableLaw::Assigned(formula) if formula.key().starts_with("parameters.") => {
            Some((&variable.name, ReactionTarget::TimedParameter(index)))
        }
        _ => None,
    });
    let parameters = (parameters.chain(timed))
        .filter(move |_| wanted("parameters"))
        .map(|(name, target)| (format!("parameters.{name}"), target));
    let compartments = (spec.compartments.iter().enumerate())
        .filter(move |_| wanted("compartments"))
        .map(|(index, compartment)| {
            let key = format!("compartments.{}", compartment.name);
            (key, ReactionTarget::Compartment(index))
        });
    let species = (spec.species.iter().enumerate())
        .filter(move |_| wanted("species"))
        .flat_map(|(index, species)| {
            let key = match (&species.role, species.initial_quantity) {
                (Role::Assigned(_), _) => None,
                (Role::Chemostat, Quantity::Concentration) => Some("chemostat"),
                (Role::Chemostat, Quantity::Amount) => Some("chemostat_amount"),
                (_, Quantity::Concentration) => Some("initial"),
                (_, Quantity::Amount) => Some("initial_amount"),
            };
            let value = key.map(|key| (key, ReactionTarget::Initial(index)));
            let potential = (species.standard_potential.as_ref())
                .map(|_| ("standard_potential", ReactionTarget::StandardPotential(index)));
            let fields = value.into_iter().chain(potential);
            fields.map(|(field, target)| (format!("species.{}.{field}", species.name), target))
        });
    let variables = (spec.variables.iter().enumerate())
        .filter(move |_| wanted("variables"))
        .filter(|(_, variable)| matches!(variable.law, VariableLaw::Rate { .. }))
        .map(|(index, variable)| {
            let key = format!("variables.{}.initial", variable.name);
            (key, ReactionTarget::VariableInitial(index))
        });
    let reactions = (spec.reactions.iter().enumerate())
        .filter(move |_| wanted("reactions"))
        .flat_map(|(index, reaction)| {
            let (forward, backward) = law_keys(&reaction.law);
            let forward_target = match reaction.law {
                Law::Net(_) => ReactionTarget::Net(index),
                _ => ReactionTarget::Forward(index),
            };
            let backward = backward.map(|key| (key, ReactionTarget::Backward(index)));
            let fields = [(forward, forward_target)].into_iter().chain(backward);
            let own = fields.map(|(field, target)| (format!("reactions.{}.{field}", reaction.name), target));
            // two that were joined keep the keys that they have in the file
            let alone = reaction.paired.iter().flat_map(move |pair| {
                let of = |one: &Reaction, target| (format!("reactions.{}.{forward}", one.name), target);
                [
                    of(&pair.first, ReactionTarget::Forward(index)),
                    of(&pair.second, ReactionTarget::Backward(index)),
                ]
            });
            own.chain(alone)
        });
    let is_logarithmic = spec
        .time
        .as_ref()
        .is_some_and(|grid| matches!(grid.spacing, TimeSpacing::Logarithmic(_)));
    let single = [
        (true, "thermodynamics.temperature", ReactionTarget::Temperature),
        (true, "thermodynamics.irreversible", ReactionTarget::Irreversible),
        (true, "thermodynamics.unsplit", ReactionTarget::Unsplit),
        (true, PAIRING_KEY, ReactionTarget::Pairing),
        (true, "volume.omega", ReactionTarget::SystemSize),
        (true, "time.end", ReactionTarget::TimeEnd),
        (is_logarithmic, "time.start", ReactionTarget::TimeStart),
        (true, "stochastic.trajectories", ReactionTarget::Trajectories),
        (true, "stochastic.powers", ReactionTarget::Powers),
        (
            spec.section.is_some(),
            "limit_cycle.value",
            ReactionTarget::SectionValue,
        ),
    ];
    let single = (single.into_iter())
        .filter(|(exists, ..)| *exists)
        .map(|(_, key, target)| (key.to_owned(), target));
    (parameters.chain(compartments).chain(species))
        .chain(variables)
        .chain(reactions)
        .chain(single)
}

/// The keys under which the numbers of a law stand.
pub(super) fn law_keys(law: &Law) -> (&'static str, Option<&'static str>) {
    let (forward, rate, backward) = match law {
        Law::MassAction { backward, .. } => ("kf", "kr", backward),
        Law::Flux { backward, .. } => ("forward", "backward", backward),
        Law::Net(_) => return ("net", None),
    };
    let backward = match backward {
        Backward::Rate(_) => Some(rate),
        // an irreversible reaction may be given an equilibrium constant
        Backward::EquilibriumConstant(_) | Backward::None => Some("keq"),
        Backward::GibbsEnergy(_) => Some("dG0"),
        Backward::StandardPotentials => None,
    };
    (forward, backward)
}

/// The model with the overrides applied.
pub(super) fn overridden(spec: &Reactions, overrides: &[Override]) -> Result<Reactions, ModelError> {
    let mut changed = spec.clone();
    // Which reactions there are comes first: the other keys name them.
    let (pairing, others): (Vec<_>, Vec<_>) = overrides.iter().partition(|o| o.key == PAIRING_KEY);
    for given in pairing.into_iter().chain(others) {
        let (key, value, name) = (&given.key, &given.value, given.name());
        let target = ReactionTarget::find(&changed, key).map_err(|near| {
            let message = format!("no number of the model has the key `{key}`");
            let fault =
                Fault::error(code::OVERRIDE, Span::new(0, key.len()), message).suggest(near.as_deref());
            in_own_text(&format!("{key}={value}"), fault, &name)
        })?;
        // The text of the value is the text that faults point into.
        let own = |fault: Fault| in_own_text(value, fault, &name);
        match target {
            ReactionTarget::Irreversible => {
                changed.irreversible = choice(key, value, IRREVERSIBLE).map_err(own)?;
            }
            ReactionTarget::Unsplit => {
                changed.unsplit = choice(key, value, UNSPLIT).map_err(own)?;
            }
            ReactionTarget::Pairing => changed.pair_as(choice(key, value, PAIRING).map_err(own)?),
            ReactionTarget::Powers => changed.powers = choice(key, value, POWERS).map_err(own)?,
            ReactionTarget::Trajectories => {
                changed.trajectories = Some(count(key, value).map_err(own)?);
            }
            number => {
                let symbols = Symbols::of(&changed);
                let span = Span::new(0, value.len());
                let formula = symbols
                    .formula(key, value, span, Some(0), number.admit(&changed))
                    .map_err(|fault| own(*fault))?;
                let source = SourceFile::from_text(name.clone(), value.clone())?;
                number.assign(&mut changed, formula.written_in(Arc::new(source)));
            }
        }
    }
    refresh_time_dependence(&mut changed);
    Ok(changed)
}

fn count(key: &str, value: &str) -> Result<u64, Fault> {
    let found = value.parse().ok();
    found
        .filter(|count| (1..=MAXIMUM_TRAJECTORIES).contains(count))
        .ok_or_else(|| {
            let message = format!("`{key}` is a whole number from 1 to {MAXIMUM_TRAJECTORIES}");
            Fault::error(code::OUT_OF_RANGE, Span::new(0, value.len()), message)
        })
}

/// Finds out again which formulas change with time, since a parameter may have ceased to.
fn refresh_time_dependence(spec: &mut Reactions) {
    let symbols = Symbols::of(spec);
    for formula in spec.formulas_mut() {
        formula.refresh(symbols.scope());
    }
}

impl Reactions {
    /// Every formula that may follow the time.
    fn formulas_mut(&mut self) -> Vec<&mut Formula> {
        let mut formulas: Vec<&mut Formula> = Vec::new();
        for species in &mut self.species {
            formulas.extend(&mut species.standard_potential);
            if let Role::Assigned(formula) | Role::Rate(formula) = &mut species.role {
                formulas.push(formula);
            }
        }
        for variable in &mut self.variables {
            match &mut variable.law {
                VariableLaw::Assigned(formula) | VariableLaw::Rate { rate: formula, .. } => {
                    formulas.push(formula);
                }
            }
        }
        for reaction in &mut self.reactions {
            let (forward, backward) = match &mut reaction.law {
                Law::MassAction { forward, backward } | Law::Flux { forward, backward } => {
                    (forward, Some(backward))
                }
                Law::Net(net) => (net, None),
            };
            formulas.push(forward);
            if let Some(
                Backward::Rate(formula)
                | Backward::EquilibriumConstant(formula)
                | Backward::GibbsEnergy(formula),
            ) = backward
            {
                formulas.push(formula);
            }
        }
        formulas
    }
}

//! From the numbers of a reaction model to the objects of chemical thermodynamics.
//!
//! A [`Chemistry`] is the [`ReactionSystem`] of a model with its start, its units and what was decided about reactions whose entropy
//! production is not finite; [`Chemistry::counts`] is the same model on molecule counts.
//!
//! | in the file | here |
//! |---|---|
//! | concentration c in a compartment of size V | amount a = V c |
//! | mass action, V k ∏ c^ν | k_eff ∏ a^ν with k_eff = k V ∏ V_i^−ν, if k is constant |
//! | any other law | a program of all laws together ([`laws`]) |
//! | equilibrium constant, ΔG°, standard potentials | k⁻ = k⁺/K, or j⁻ = j⁺ ∏ c^ν products/(K ∏ c^ν reactants) |
//! | a variable or species with a rate | a dynamic species that no reaction changes |

mod conversion;
mod counts;
mod formulas;
mod laws;
mod propensity;
mod recognition;

pub use counts::CountModel;
pub use formulas::{
    EquationSides, FormulaReaction, Rate, count_system_from_formulas, equation_sides,
    reaction_system_from_formulas,
};

use std::sync::Arc;

use irrev_network::reactions::{Law, RateLaws, Reaction, ReactionSystem, Species};

use crate::error::{Error, Result};
use crate::expression::Program;
use crate::model::{self, Quantity, Reactions, ReactionsEnvironment, Role, VariableLaw};
use conversion::Conversion;

/// A reaction model as a reaction system, at the values of an environment.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Chemistry {
    /// Species and reactions by amounts: the species of the model in their order, then its variables with a rate.
    pub system: ReactionSystem,
    /// Amounts of the dynamic species at time 0.
    pub initial: Vec<f64>,
    /// Per dynamic species, the amount that one unit of its symbol is: V for a concentration, 1 for an amount.
    pub amount_per_symbol: Vec<f64>,
    /// What each dynamic species' symbol means.
    pub quantities: Vec<Quantity>,
    /// Standard potentials per species in units of T, if the model states them all.
    pub standard_potentials: Option<Vec<f64>>,
    /// What was decided about reactions whose entropy production is not finite.
    pub decisions: Vec<Decision>,
    /// Why the thermodynamics is refused, if it is.
    pub refusal: Option<String>,
    conversion: Arc<Conversion>,
    /// Refreshes everything that follows a formula.
    observer: Arc<Program>,
}

/// A reaction whose entropy production is not finite, and what is done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// Name of the reaction.
    pub reaction: String,
    /// Why its entropy production is not finite.
    pub cause: Cause,
    /// What is done.
    pub treatment: model::Treatment,
}

/// Why a reaction has no finite entropy production.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// It has no reverse rate.
    Irreversible,
    /// Its law is a net flux that could not be split into directions.
    Unsplit,
}

impl Decision {
    /// What follows for the thermodynamics, in words.
    #[must_use]
    pub fn consequence(&self) -> &'static str {
        match self.treatment {
            model::Treatment::Infinite => "this makes the entropy production infinite",
            model::Treatment::LeaveOut => "left out of the thermodynamics, still driving the dynamics",
            model::Treatment::Refuse => "the entropy production of the model is refused",
        }
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Irreversible => "without a reverse rate",
            Self::Unsplit => "with a net law that could not be split into forward and backward parts",
        })
    }
}

impl std::fmt::Display for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Reaction \"{}\" {}: {}.",
            self.reaction,
            self.cause,
            self.consequence()
        )
    }
}

/// What is decided about the reactions of a model without finite entropy production, one sentence each; the last one says so if the
/// thermodynamics is refused.
///
/// # Errors
/// As [`ReactionsEnvironment::new`].
pub fn decisions(spec: &Reactions, overrides: &[model::Override]) -> Result<Vec<String>> {
    let environment = ReactionsEnvironment::new(spec, overrides)?;
    let spec = environment.spec();
    let found: Vec<Decision> = spec.reactions.iter().filter_map(|r| decision(spec, r)).collect();
    let mut sentences: Vec<String> = found.iter().map(ToString::to_string).collect();
    sentences.extend(refusal(&found).map(|reason| format!("No thermodynamics: {reason}.")));
    Ok(sentences)
}

impl Chemistry {
    /// The system of a model.
    ///
    /// # Errors
    /// [`Error::Model`] for a value that is not allowed, [`Error::Network`] for a reaction that is not.
    pub fn new(environment: &ReactionsEnvironment<'_>) -> Result<Self> {
        let spec = environment.spec();
        let slots = environment.initial_slots()?;
        let per_symbol = environment.amounts_per_symbol(&slots);
        let conversion = Conversion::new(environment, &slots, &per_symbol)?;
        let species = species(spec, &slots, &per_symbol);
        let decisions: Vec<Decision> = spec.reactions.iter().filter_map(|r| decision(spec, r)).collect();
        let left_out = |name: &str| {
            let found = decisions.iter().find(|d| d.reaction == name);
            found.is_some_and(|d| d.treatment == model::Treatment::LeaveOut || d.cause == Cause::Unsplit)
        };
        let reactions: Vec<Reaction> = spec
            .reactions
            .iter()
            .zip(&conversion.laws)
            .map(|(reaction, law)| Reaction {
                name: reaction.name.clone(),
                reactants: reaction.reactants.clone(),
                products: reaction.products.clone(),
                law: *law,
                counted: !left_out(&reaction.name),
            })
            .collect();
        let general = reactions.iter().any(|r| !matches!(r.law, Law::MassAction { .. }));
        let needs_laws = general || conversion.has_rates_or_assignments();
        let laws = needs_laws.then(|| Arc::new(conversion.rate_laws.clone()) as Arc<dyn RateLaws>);
        if species.iter().all(|species| species.held.is_some()) {
            let span = spec
                .species
                .first()
                .map(|species| species.span)
                .unwrap_or_default();
            let message = "no species of the model changes: each is held from outside or follows a formula";
            let help = "give at least one of them `initial` in place of `chemostat`";
            return Err(spec
                .error_at(span, model::code::CONFLICT, message, Some(help))
                .into());
        }
        let system = ReactionSystem::new(species, reactions, laws)
            .map_err(|error| Error::network(spec.source.name(), error))?;
        let (initial, amount_per_symbol, quantities) = start(spec, &system, &slots, &per_symbol);
        Ok(Self {
            initial,
            amount_per_symbol,
            quantities,
            standard_potentials: conversion.standard_potentials(environment, &slots)?,
            refusal: refusal(&decisions),
            decisions,
            system,
            conversion: Arc::new(conversion),
            observer: Arc::new(environment.program(&[])),
        })
    }

    /// Values of all symbols of the model at a time and amounts, in the order of [`Reactions::symbol_names`].
    #[must_use]
    pub fn symbol_values(&self, time: f64, amounts: &[f64]) -> Vec<f64> {
        let laws = &self.conversion.rate_laws;
        let mut registers = self.observer.registers();
        registers[..laws.slots.len()].copy_from_slice(&laws.slots);
        registers[laws.time_slot] = time;
        for (symbol, amount) in laws.dynamic.iter().zip(amounts) {
            registers[symbol.slot] = amount / symbol.amount;
        }
        self.observer.run(&mut registers);
        registers.truncate(laws.time_slot);
        registers
    }

    /// Values of the dynamic species' symbols (concentrations or amounts) for amounts.
    #[must_use]
    pub fn symbols(&self, amounts: &[f64]) -> Vec<f64> {
        amounts
            .iter()
            .zip(&self.amount_per_symbol)
            .map(|(a, v)| a / v)
            .collect()
    }
}

/// Species of the model, then variables with a rate.
fn species(spec: &Reactions, slots: &[f64], per_symbol: &[f64]) -> Vec<Species> {
    let of_species = spec.species.iter().enumerate().map(|(k, species)| Species {
        name: species.name.clone(),
        held: match species.role {
            Role::Dynamic | Role::Rate(_) => None,
            Role::Chemostat | Role::Assigned(_) => Some(slots[spec.species_slot(k)] * per_symbol[k]),
        },
    });
    let of_variables = rate_variables(spec).map(|k| Species {
        name: spec.variables[k].name.clone(),
        held: None,
    });
    of_species.chain(of_variables).collect()
}

/// Indices of the variables that change at a rate, in order.
fn rate_variables(spec: &Reactions) -> impl Iterator<Item = usize> + '_ {
    let is_rate = |k: &usize| matches!(spec.variables[*k].law, VariableLaw::Rate { .. });
    (0..spec.variables.len()).filter(is_rate)
}

/// Amounts at time 0, amount per symbol, and meaning, of the dynamic species.
fn start(
    spec: &Reactions,
    system: &ReactionSystem,
    slots: &[f64],
    per_symbol: &[f64],
) -> (Vec<f64>, Vec<f64>, Vec<Quantity>) {
    let variables: Vec<usize> = rate_variables(spec).collect();
    let mut found = (Vec::new(), Vec::new(), Vec::new());
    for &s in system.dynamic() {
        let (slot, factor, quantity) = match spec.species.get(s) {
            Some(species) => (spec.species_slot(s), per_symbol[s], species.symbol),
            None => (
                spec.variable_slot(variables[s - spec.species.len()]),
                1.0,
                Quantity::Amount,
            ),
        };
        found.0.push(slots[slot] * factor);
        found.1.push(factor);
        found.2.push(quantity);
    }
    found
}

/// What is decided about a reaction without finite entropy production; `None` for one that has it.
fn decision(spec: &Reactions, reaction: &model::Reaction) -> Option<Decision> {
    let (cause, treatment) = match &reaction.law {
        model::Law::Net(_) => (Cause::Unsplit, spec.unsplit),
        model::Law::MassAction { backward, .. } | model::Law::Flux { backward, .. } => match backward {
            model::Backward::None => (Cause::Irreversible, spec.irreversible),
            _ => return None,
        },
    };
    Some(Decision {
        reaction: reaction.name.clone(),
        cause,
        treatment: match (cause, reaction.irreversible.unwrap_or(treatment)) {
            // a net flux has no directions whose ratio could be infinite
            (Cause::Unsplit, model::Treatment::Infinite) => model::Treatment::LeaveOut,
            (_, treatment) => treatment,
        },
    })
}

fn refusal(decisions: &[Decision]) -> Option<String> {
    let refused: Vec<&Decision> = decisions
        .iter()
        .filter(|d| d.treatment == model::Treatment::Refuse)
        .collect();
    if refused.is_empty() {
        return None;
    }
    let names: Vec<&str> = refused.iter().map(|d| d.reaction.as_str()).collect();
    Some(format!(
        "no finite entropy production exists, because of the reactions {}; give them reverse rates, or leave them out by name",
        names.join(", ")
    ))
}

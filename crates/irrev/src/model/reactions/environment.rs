//! The numbers of a reaction model: values at time 0, and programs that follow the state.
//!
//! A [`ReactionsEnvironment`] is a model with overrides applied, and the order in which its symbols follow from each other.
//! [`initial_slots`](ReactionsEnvironment::initial_slots) gives every symbol at time 0; a [`Program`] from
//! [`program`](ReactionsEnvironment::program) gives formulas at any state: the caller writes the time and the symbols that the dynamics
//! moves (dynamic species, species and variables that change at a rate) into their slots, and one run refreshes the symbols that are
//! assigned and evaluates the formulas. Derivatives take the chain rule through the assigned symbols.
//!
//! ```
//! use irrev::model::{Law, Model, ReactionsEnvironment, Vocabulary, parse};
//! use irrev::source::SourceFile;
//!
//! let text = r#"
//! irrev = 1
//! kind = "reactions"
//! [species]
//! S = 2.0
//! P = 1.0
//! [variables]
//! total = "S + P"
//! [reactions]
//! turnover = { eq = "S <=> P", forward = "3*S/total", backward = "P/total" }
//! "#;
//! let source = SourceFile::from_text("turnover.toml", text)?;
//! let Model::Reactions(spec) = parse(source, &Vocabulary::default())? else { unreachable!() };
//! let environment = ReactionsEnvironment::new(&spec, &[])?;
//! let Law::Flux { forward, .. } = &spec.reactions[0].law else { unreachable!() };
//!
//! let by = [spec.species_slot(0), spec.species_slot(1)];
//! let program = environment.program_with_slopes(&[forward], &by);
//! let mut registers = program.registers();
//! registers[..program.slots()].copy_from_slice(&environment.initial_slots()?);
//! registers[spec.species_slot(0)] = 5.0;
//! program.run(&mut registers);
//! assert_eq!(registers[spec.variable_slot(0)], 6.0);
//! assert_eq!(program.output(&registers, 0), 2.5);
//! // d(3S/(S + P))/dP = −3S/(S + P)²
//! let slope = program.slope(&registers, &program.slopes()[1]);
//! assert!((slope + 15.0 / 36.0).abs() < 4.0 * f64::EPSILON);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::borrow::Cow;
use std::collections::HashSet;

use super::super::diagnostic::{Fault, ModelError, code};
use super::super::environment::grid_times;
use super::super::evaluation::Faults;
use super::super::formula::Formula;
use super::super::overrides::Override;
use super::super::parameters::evaluation_order;
use super::overrides::overridden;
use super::{Backward, Law, Quantity, Reactions, Role, Symbol, VariableLaw};
use crate::expression::{Program, ProgramBuilder};
use crate::source::ExitCategory;

/// How many members of a circle of definitions are named.
const CYCLE_NAMED: usize = 8;

/// A reaction model whose numbers can be evaluated.
#[derive(Clone, Debug)]
pub struct ReactionsEnvironment<'a> {
    spec: Cow<'a, Reactions>,
    /// The slots of all symbols, the temperature among them, each after those it follows from at time 0.
    order: Vec<usize>,
}

impl<'a> ReactionsEnvironment<'a> {
    /// The model with the overrides applied, one after the other. O(size of the formulas).
    ///
    /// # Errors
    /// A key that names nothing (with the nearest that does), a value that is not allowed for it, and symbols that are defined by each
    /// other, with their names. Whether the numbers are allowed, [`check`](Self::check) tells.
    pub fn new(spec: &'a Reactions, overrides: &[Override]) -> Result<Self, ModelError> {
        let spec = if overrides.is_empty() {
            Cow::Borrowed(spec)
        } else {
            Cow::Owned(overridden(spec, overrides)?)
        };
        let time = spec.time_slot();
        // The time comes from outside: it is in the graph, and follows from nothing.
        let uses: Vec<Vec<usize>> = (0..=spec.temperature_slot())
            .map(|slot| initial_uses(&spec, slot))
            .collect();
        let order = evaluation_order(&uses).map_err(|cycle| cyclic(&spec, &cycle))?;
        Ok(ReactionsEnvironment {
            order: order.into_iter().filter(|slot| *slot != time).collect(),
            spec,
        })
    }

    /// The model, with the overrides applied.
    #[must_use]
    pub fn spec(&self) -> &Reactions {
        &self.spec
    }

    /// The values of all symbols at time 0, then the time and the temperature: the slots of every formula.
    ///
    /// # Errors
    /// A value that is not finite or not allowed, with its place: sizes and the temperature are positive, species not negative.
    pub fn initial_slots(&self) -> Result<Vec<f64>, ModelError> {
        let spec = self.spec();
        let mut slots = vec![f64::NAN; spec.temperature_slot() + 1];
        slots[spec.time_slot()] = 0.0;
        slots[spec.temperature_slot()] = 1.0;
        let mut faults = Faults::new(&spec.source);
        let mut wrong = HashSet::new();
        for &slot in &self.order {
            // What follows from a wrong number would only repeat its fault.
            let follows =
                !wrong.is_empty() && initial_uses(spec, slot).iter().any(|used| wrong.contains(used));
            if follows || !self.initial_value(slot, &mut slots, &mut faults) {
                wrong.insert(slot);
            }
        }
        faults.stop_if_any()?;
        Ok(slots)
    }

    /// The value of one symbol into its slot; says whether it is allowed.
    fn initial_value(&self, slot: usize, slots: &mut [f64], faults: &mut Faults) -> bool {
        let spec = self.spec();
        let value = match spec.symbol(slot) {
            Some(Symbol::Parameter(index)) => {
                faults.parameter(&spec.parameters[index], index, slots);
                return slots[index].is_finite();
            }
            Some(Symbol::Compartment(index)) => {
                let size = &spec.compartments[index].size;
                faults.checked(size, slots, |value| value > 0.0, "a size must be positive")
            }
            Some(Symbol::Species(index)) => self.initial_species(index, slots, faults),
            Some(Symbol::Variable(index)) => {
                let formula = match &spec.variables[index].law {
                    VariableLaw::Assigned(formula) => formula,
                    VariableLaw::Rate { initial, .. } => initial,
                };
                faults.checked(formula, slots, |_| true, "")
            }
            None => match &spec.temperature {
                None => return true,
                Some(temperature) => {
                    let requirement = "a temperature must be positive";
                    faults.checked(temperature, slots, |value| value > 0.0, requirement)
                }
            },
        };
        if let Some(value) = value {
            slots[slot] = value;
        }
        value.is_some()
    }

    /// The value of a species' symbol at time 0.
    fn initial_species(&self, index: usize, slots: &[f64], faults: &mut Faults) -> Option<f64> {
        let spec = self.spec();
        let species = &spec.species[index];
        let requirement = "the amount of a species must not be negative";
        let allowed = |value: f64| value >= 0.0;
        if let Role::Assigned(formula) = &species.role {
            return faults.checked(formula, slots, allowed, requirement);
        }
        let value = faults.checked(&species.initial, slots, allowed, requirement)?;
        let size = species
            .compartment
            .map_or(1.0, |compartment| slots[spec.compartment_slot(compartment)]);
        Some(match (species.initial_quantity, species.symbol) {
            (Quantity::Amount, Quantity::Concentration) => value / size,
            (Quantity::Concentration, Quantity::Amount) => value * size,
            _ => value,
        })
    }

    /// Per species, the amount that one unit of its symbol is: the size of its compartment, or 1 for a symbol that is an amount.
    ///
    /// `slots` are those of [`initial_slots`](Self::initial_slots).
    #[must_use]
    pub fn amounts_per_symbol(&self, slots: &[f64]) -> Vec<f64> {
        let spec = self.spec();
        let amount = |species: &super::Species| match (species.symbol, species.compartment) {
            (Quantity::Concentration, Some(index)) => slots
                .get(spec.compartment_slot(index))
                .copied()
                .unwrap_or(f64::NAN),
            _ => 1.0,
        };
        spec.species.iter().map(amount).collect()
    }

    /// Evaluates the whole model at time 0 and its initial state, so that a model that passes can be used.
    ///
    /// # Errors
    /// Every number that is not finite or not allowed: beside those of [`initial_slots`](Self::initial_slots), constant rate and
    /// equilibrium constants are positive, those that follow the time not negative, and so are the fluxes of laws.
    pub fn check(&self) -> Result<(), ModelError> {
        let spec = self.spec();
        let slots = self.initial_slots()?;
        let mut faults = Faults::new(&spec.source);
        for species in &spec.species {
            let rate = match &species.role {
                Role::Rate(rate) => Some(rate),
                _ => None,
            };
            for formula in rate.into_iter().chain(&species.standard_potential) {
                faults.checked(formula, &slots, |_| true, "");
            }
        }
        for variable in &spec.variables {
            if let VariableLaw::Rate { rate, .. } = &variable.law {
                faults.checked(rate, &slots, |_| true, "");
            }
        }
        for reaction in &spec.reactions {
            check_law(&reaction.law, &slots, &mut faults);
        }
        if let Some((_, value)) = &spec.section {
            faults.checked(value, &slots, |_| true, "");
        }
        faults.stop_if_any()?;
        self.system_size()?;
        self.times()?;
        Ok(())
    }

    /// k_B T in the energy unit of the file; 1 where it is not stated.
    ///
    /// # Errors
    /// As [`initial_slots`](Self::initial_slots).
    pub fn temperature(&self) -> Result<f64, ModelError> {
        Ok(self.initial_slots()?[self.spec().temperature_slot()])
    }

    /// System size Ω, molecules per unit of amount; 1 where it is not stated.
    ///
    /// # Errors
    /// As [`initial_slots`](Self::initial_slots), or a size that is not positive.
    pub fn system_size(&self) -> Result<f64, ModelError> {
        let Some(formula) = &self.spec().system_size else {
            return Ok(1.0);
        };
        let requirement = "a system size must be positive";
        self.evaluated(|slots, faults| faults.checked(formula, slots, |value| value > 0.0, requirement))
            .map(|value| value.unwrap_or(f64::NAN))
    }

    /// The times of `[time]`: equal steps from 0 to the end, or equal ratios from the first time to the end.
    ///
    /// # Errors
    /// As [`initial_slots`](Self::initial_slots), or times that are not positive or not in order.
    pub fn times(&self) -> Result<Option<Vec<f64>>, ModelError> {
        let Some(grid) = &self.spec().time else {
            return Ok(None);
        };
        self.evaluated(|slots, faults| grid_times(grid, slots, faults))
    }

    /// The Poincaré section: index of the species, and the value that its symbol crosses upwards.
    ///
    /// # Errors
    /// As [`initial_slots`](Self::initial_slots), or a value that is not finite.
    pub fn section(&self) -> Result<Option<(usize, f64)>, ModelError> {
        let Some((species, formula)) = &self.spec().section else {
            return Ok(None);
        };
        let value = self.evaluated(|slots, faults| faults.checked(formula, slots, |_| true, ""))?;
        Ok(value.map(|value| (*species, value)))
    }

    /// The value of a formula of this model for these slots.
    ///
    /// # Errors
    /// The innermost part of the formula that is not finite, with its place.
    pub fn value(&self, formula: &Formula, slots: &[f64]) -> Result<f64, ModelError> {
        formula.value(slots).map_err(|fault| {
            let diagnostic = formula.diagnostic(*fault, &self.spec().source);
            ModelError::single(ExitCategory::Invalid, diagnostic)
        })
    }

    /// A program that refreshes the assigned species and variables and evaluates `formulas`, one output each, in their order.
    ///
    /// Its slots are those of [`initial_slots`](Self::initial_slots). Values may be infinite or NaN;
    /// [`value`](Self::value) then says why.
    #[must_use]
    pub fn program(&self, formulas: &[&Formula]) -> Program {
        self.program_with_slopes(formulas, &[])
    }

    /// As [`program`](Self::program), with the derivatives of every formula by the symbols in the slots `by`, through assigned symbols too.
    #[must_use]
    pub fn program_with_slopes(&self, formulas: &[&Formula], by: &[usize]) -> Program {
        let spec = self.spec();
        let mut builder = ProgramBuilder::new(spec.temperature_slot() + 1);
        let value = |builder: &mut ProgramBuilder, formula: &Formula| match formula.compiled() {
            Some(compiled) => builder.formula(compiled),
            None => builder.number(formula.number().unwrap_or(f64::NAN)),
        };
        // The order at time 0 is one for the assigned symbols at all times: among them, the same formulas hold.
        for &slot in &self.order {
            if let Some(formula) = assigned(spec, slot) {
                let value = value(&mut builder, formula);
                builder.assign(slot, value);
            }
        }
        for formula in formulas {
            let value = value(&mut builder, formula);
            let output = builder.output(value);
            builder.slopes_of(output, by);
        }
        builder.finish()
    }

    fn evaluated<T>(&self, evaluate: impl FnOnce(&[f64], &mut Faults) -> T) -> Result<T, ModelError> {
        let slots = self.initial_slots()?;
        let mut faults = Faults::new(&self.spec().source);
        let value = evaluate(&slots, &mut faults);
        faults.stop_if_any()?;
        Ok(value)
    }
}

/// The formula that a symbol follows at every time.
fn assigned(spec: &Reactions, slot: usize) -> Option<&Formula> {
    match spec.symbol(slot)? {
        Symbol::Species(index) => match &spec.species[index].role {
            Role::Assigned(formula) => Some(formula),
            _ => None,
        },
        Symbol::Variable(index) => match &spec.variables[index].law {
            VariableLaw::Assigned(formula) => Some(formula),
            VariableLaw::Rate { .. } => None,
        },
        _ => None,
    }
}

/// The formula of the value at time 0.
fn initial_formula(spec: &Reactions, slot: usize) -> Option<&Formula> {
    assigned(spec, slot).or_else(|| match spec.symbol(slot) {
        Some(Symbol::Parameter(index)) => Some(&spec.parameters[index].value),
        Some(Symbol::Compartment(index)) => Some(&spec.compartments[index].size),
        Some(Symbol::Species(index)) => Some(&spec.species[index].initial),
        Some(Symbol::Variable(index)) => match &spec.variables[index].law {
            VariableLaw::Rate { initial, .. } => Some(initial),
            VariableLaw::Assigned(formula) => Some(formula),
        },
        None => spec
            .temperature
            .as_ref()
            .filter(|_| slot == spec.temperature_slot()),
    })
}

/// The slots that a symbol follows from at time 0.
fn initial_uses(spec: &Reactions, slot: usize) -> Vec<usize> {
    let mut uses: Vec<usize> = initial_formula(spec, slot)
        .into_iter()
        .flat_map(Formula::slots)
        .collect();
    if let Some(Symbol::Species(index)) = spec.symbol(slot) {
        // Concentrations and amounts are told from each other by the size.
        uses.extend(
            spec.species[index]
                .compartment
                .map(|compartment| spec.compartment_slot(compartment)),
        );
    }
    uses
}

fn cyclic(spec: &Reactions, cycle: &[usize]) -> ModelError {
    let names = spec.symbol_names();
    let name = |slot: &usize| names.get(*slot).map_or("T", String::as_str);
    let mut shown: Vec<&str> = cycle.iter().take(CYCLE_NAMED).map(name).collect();
    if cycle.len() > CYCLE_NAMED {
        shown.push("…");
    }
    shown.extend(cycle.first().map(name));
    let message = format!("symbols are defined by each other: {}", shown.join(" → "));
    let formula = cycle.first().and_then(|slot| initial_formula(spec, *slot));
    let span = formula.map(Formula::span).unwrap_or_default();
    let fault = Fault::error(code::CYCLIC_PARAMETERS, span, message).help("give one of them a number");
    let diagnostic = match formula {
        Some(formula) => formula.diagnostic(fault, &spec.source),
        None => fault.in_file(&spec.source),
    };
    ModelError::single(ExitCategory::Invalid, diagnostic)
}

/// Whether the numbers of a law are allowed.
fn check_law(law: &Law, slots: &[f64], faults: &mut Faults) {
    let mut constant = |formula: &Formula, requirement: &str| {
        // What follows the time may pass through zero.
        let follows_time = formula.depends_on_time();
        let allowed = |value: f64| value > 0.0 || (follows_time && value == 0.0);
        faults.checked(formula, slots, allowed, requirement);
    };
    let backward = match law {
        Law::MassAction { forward, backward } => {
            constant(forward, "a rate constant must be positive");
            if let Backward::Rate(backward) = backward {
                let requirement =
                    "a rate constant must be positive; if there is no reverse, write `->` in the equation";
                constant(backward, requirement);
            }
            backward
        }
        Law::Flux { backward, .. } => backward,
        Law::Net(net) => {
            faults.checked(net, slots, |_| true, "");
            return;
        }
    };
    match backward {
        Backward::EquilibriumConstant(constant_value) => {
            constant(constant_value, "an equilibrium constant must be positive");
        }
        Backward::GibbsEnergy(energy) => {
            faults.checked(energy, slots, |_| true, "");
        }
        Backward::None | Backward::Rate(_) | Backward::StandardPotentials => {}
    }
    if let Law::Flux { forward, backward } = law {
        let requirement = "a one-way flux must not be negative";
        let allowed = |value: f64| value >= 0.0;
        faults.checked(forward, slots, allowed, requirement);
        if let Backward::Rate(backward) = backward {
            faults.checked(backward, slots, allowed, requirement);
        }
    }
}

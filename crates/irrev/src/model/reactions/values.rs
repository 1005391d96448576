//! The values of all symbols of a model: at time 0, and at any other state.
//!
//! Every symbol has one defining formula at time 0 (a species its initial value, turned into what its name means), and those that
//! are assigned keep theirs at all times. Each is evaluated after those it uses; what uses itself is an error with its name.

use super::super::diagnostic::{Fault, ModelError, code};
use super::super::formula::{Admit, Formula, Scope, TIME};
use super::super::parameters::evaluation_order;
use super::{Backward, Law, Quantity, Reactions, Role, Symbol, VariableLaw};
use crate::source::{ExitCategory, Span};

/// How deep formulas of a network may nest: machines write them too.
pub(crate) const MAXIMUM_FORMULA_DEPTH: usize = 256;

/// The orders in which the symbols of a model are evaluated.
pub(crate) struct Symbols<'a> {
    model: &'a Reactions,
    /// Every slot, after those its value at time 0 needs.
    initially: Vec<usize>,
    /// The slots that follow a formula at all times, each after those it uses.
    assigned: Vec<usize>,
    /// Per slot, its place in the order of the assigned ones.
    rank: Vec<usize>,
}

/// The names of a model's symbols, with those marked that change with the time by themselves. O(size of the assigned formulas).
pub(crate) fn scope(model: &Reactions) -> Scope {
    let mut scope = Scope::new(model.symbol_names()).nested(MAXIMUM_FORMULA_DEPTH);
    // Symbols that are defined by each other have no values at all; whoever asks for values says so.
    if let Ok(order) = evaluation_order(&uses_of_assignments(model, &scope)) {
        let mut depends = vec![false; scope.names().len()];
        for slot in order {
            let names = model.assignment(slot).map(names).unwrap_or_default();
            depends[slot] = names.into_iter().any(|name| {
                name == TIME
                    || scope
                        .position(name)
                        .is_some_and(|used| depends.get(used) == Some(&true))
            });
        }
        scope.set_time_dependence(depends);
    }
    scope
}

fn names(formula: &Formula) -> Vec<&str> {
    formula
        .expression()
        .map(|expression| expression.names())
        .unwrap_or_default()
}

/// The slots of the symbols that a formula uses.
fn uses(formula: &Formula, scope: &Scope) -> Vec<usize> {
    let slots = names(formula).into_iter().filter_map(|name| scope.position(name));
    slots.filter(|slot| *slot < scope.names().len()).collect()
}

/// Per slot, what the formula uses that it follows at all times.
fn uses_of_assignments(model: &Reactions, scope: &Scope) -> Vec<Vec<usize>> {
    (0..scope.names().len())
        .map(|slot| {
            model
                .assignment(slot)
                .map(|formula| uses(formula, scope))
                .unwrap_or_default()
        })
        .collect()
}

impl Reactions {
    /// The formula that the symbol in this slot follows at all times.
    pub(crate) fn assignment(&self, slot: usize) -> Option<&Formula> {
        match self.symbol(slot)? {
            Symbol::Species(index) => match &self.species[index].role {
                Role::Assigned(formula) => Some(formula),
                _ => None,
            },
            Symbol::Variable(index) => match &self.variables[index].law {
                VariableLaw::Assigned(formula) => Some(formula),
                VariableLaw::Rate { .. } => None,
            },
            Symbol::Parameter(_) | Symbol::Compartment(_) => None,
        }
    }

    /// Finds out again which formulas change with the time, by themselves or through what is assigned.
    pub(crate) fn refresh_time_dependence(&mut self) {
        let scope = scope(self);
        let parameters = self.parameters.iter_mut().map(|parameter| &mut parameter.value);
        let species = self
            .species
            .iter_mut()
            .filter_map(|species| match &mut species.role {
                Role::Assigned(formula) | Role::Rate(formula) => Some(formula),
                Role::Dynamic | Role::Chemostat => None,
            });
        let variables = self.variables.iter_mut().map(|variable| match &mut variable.law {
            VariableLaw::Assigned(formula) | VariableLaw::Rate { rate: formula, .. } => formula,
        });
        let laws = self
            .reactions
            .iter_mut()
            .flat_map(|reaction| reaction.law.formulas_mut());
        parameters
            .chain(species)
            .chain(variables)
            .chain(laws)
            .for_each(|formula| formula.refresh(&scope));
    }

    /// A formula over the symbols of the model, from its text.
    ///
    /// # Errors
    /// What is wrong with the text, at the place given.
    pub(crate) fn formula(&self, key: &str, text: &str, span: Span) -> Result<Formula, ModelError> {
        scope(self)
            .formula(key, text, span, None, Admit::TimeAndTemperature)
            .map_err(|fault| ModelError::single(ExitCategory::Invalid, fault.in_file(&self.source)))
    }

    /// An error about a place of the model's file.
    #[must_use]
    pub fn error_at(
        &self,
        span: Span,
        code: &'static str,
        message: impl Into<String>,
        help: Option<&str>,
    ) -> ModelError {
        let fault = Fault::error(code, span, message);
        let fault = match help {
            Some(help) => fault.help(help),
            None => fault,
        };
        ModelError::single(ExitCategory::Invalid, fault.in_file(&self.source))
    }

    /// The formula of a symbol at time 0.
    fn definition(&self, symbol: Symbol) -> &Formula {
        match symbol {
            Symbol::Parameter(index) => &self.parameters[index].value,
            Symbol::Compartment(index) => &self.compartments[index].size,
            Symbol::Species(index) => match &self.species[index].role {
                Role::Assigned(formula) => formula,
                _ => &self.species[index].initial,
            },
            Symbol::Variable(index) => match &self.variables[index].law {
                VariableLaw::Assigned(formula) => formula,
                VariableLaw::Rate { initial, .. } => initial,
            },
        }
    }

    /// The slot of the compartment whose size turns a species' initial value into its symbol, and whether it multiplies.
    fn conversion(&self, symbol: Symbol) -> Option<(usize, bool)> {
        let Symbol::Species(index) = symbol else {
            return None;
        };
        let species = &self.species[index];
        if matches!(species.role, Role::Assigned(_)) || species.initial_quantity == species.symbol {
            return None;
        }
        let slot = self.compartment_slot(species.compartment?);
        Some((slot, species.symbol == Quantity::Amount))
    }
}

impl Law {
    /// Every formula of the law.
    fn formulas_mut(&mut self) -> Vec<&mut Formula> {
        let (forward, backward) = match self {
            Law::Net(net) => return vec![net],
            Law::MassAction { forward, backward } | Law::Flux { forward, backward } => (forward, backward),
        };
        let backward = match backward {
            Backward::Rate(formula)
            | Backward::EquilibriumConstant(formula)
            | Backward::GibbsEnergy(formula) => Some(formula),
            Backward::None | Backward::StandardPotentials => None,
        };
        std::iter::once(forward).chain(backward).collect()
    }
}

impl<'a> Symbols<'a> {
    /// Orders the symbols.
    ///
    /// # Errors
    /// Symbols that are defined by each other, with their names.
    pub(crate) fn new(model: &'a Reactions, scope: &Scope) -> Result<Self, Box<Fault>> {
        let count = scope.names().len();
        let initial: Vec<Vec<usize>> = (0..count)
            .filter_map(|slot| model.symbol(slot))
            .map(|symbol| {
                let mut slots = uses(model.definition(symbol), scope);
                slots.extend(model.conversion(symbol).map(|(compartment, _)| compartment));
                slots
            })
            .collect();
        let always = uses_of_assignments(model, scope);
        let cyclic = |cycle: Vec<usize>| Box::new(cyclic(model, scope, &cycle));
        let initially = evaluation_order(&initial).map_err(cyclic)?;
        let mut assigned = evaluation_order(&always).map_err(cyclic)?;
        assigned.retain(|slot| model.assignment(*slot).is_some());
        let mut rank = vec![usize::MAX; count];
        for (place, slot) in assigned.iter().enumerate() {
            rank[*slot] = place;
        }
        Ok(Symbols {
            model,
            initially,
            assigned,
            rank,
        })
    }

    /// The slots that follow a formula, in the order of evaluation.
    pub(crate) fn assigned(&self) -> &[usize] {
        &self.assigned
    }

    /// The slots that a formula follows, directly or through others, in the order of evaluation. O(their formulas).
    pub(crate) fn followed(&self, formula: &Formula, scope: &Scope) -> Vec<usize> {
        let mut open = uses(formula, scope);
        let mut found = std::collections::HashSet::new();
        while let Some(slot) = open.pop() {
            if let Some(assignment) = self.model.assignment(slot)
                && found.insert(slot)
            {
                open.extend(uses(assignment, scope));
            }
        }
        let mut slots: Vec<usize> = found.into_iter().collect();
        slots.sort_unstable_by_key(|slot| self.rank[*slot]);
        slots
    }

    /// The values of all slots at time 0: the symbols, then the time 0 and the temperature.
    ///
    /// # Errors
    /// The first formula without a finite value.
    pub(crate) fn initial(&self) -> Result<Vec<f64>, Box<Fault>> {
        let mut slots = vec![0.0; self.initially.len() + 2];
        if let Some(last) = slots.last_mut() {
            *last = 1.0;
        }
        for &slot in &self.initially {
            let Some(symbol) = self.model.symbol(slot) else {
                continue;
            };
            let stated = self.model.definition(symbol).value(&slots)?;
            slots[slot] = match self.model.conversion(symbol) {
                Some((compartment, true)) => stated * slots[compartment],
                Some((compartment, false)) => stated / slots[compartment],
                None => stated,
            };
        }
        if let Some(temperature) = &self.model.temperature {
            let value = temperature.value(&slots)?;
            if let Some(last) = slots.last_mut() {
                *last = value;
            }
        }
        Ok(slots)
    }

    /// Brings what is assigned up to date with the other slots.
    ///
    /// # Errors
    /// The first formula without a finite value.
    pub(crate) fn refresh(&self, slots: &mut [f64]) -> Result<(), Box<Fault>> {
        for &slot in &self.assigned {
            if let Some(formula) = self.model.assignment(slot) {
                slots[slot] = formula.value(slots)?;
            }
        }
        Ok(())
    }
}

/// How many members of a cycle are named.
const CYCLE_NAMED: usize = 8;

fn cyclic(model: &Reactions, scope: &Scope, cycle: &[usize]) -> Fault {
    let mut names: Vec<&str> = cycle
        .iter()
        .take(CYCLE_NAMED)
        .map(|slot| scope.names()[*slot].as_str())
        .collect();
    if cycle.len() > CYCLE_NAMED {
        names.push("…");
    }
    names.extend(cycle.first().map(|slot| scope.names()[*slot].as_str()));
    let first = cycle.first().and_then(|slot| {
        let always = model.assignment(*slot);
        always.or_else(|| model.symbol(*slot).map(|symbol| model.definition(symbol)))
    });
    let message = format!("symbols are defined by each other: {}", names.join(" → "));
    let span = first.map(Formula::span).unwrap_or_default();
    let help = format!("give one of them a number; `{TIME}` and what has a rate may be used by all");
    Fault::error(code::CYCLIC_PARAMETERS, span, message).help(help)
}

//! From the components of a file to [`Reactions`]: names, formulas, and the checks at time 0.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::annotation::{OfModel, Stated};
use super::collect::{self, Components, Stoichiometry};
use super::functions::{Functions, definitions};
use super::header::{self, Edition};
use super::labels;
use super::mathml::{Meaning, RateLaw, Translator};
use super::names::Names;
use super::network;
use super::targets::{check_targets, declare};
use super::xml::{Element, Report};
use crate::model::diagnostic::{Fault, code};
use crate::model::formula::{Admit, Formula, Scope};
use crate::model::reactions::values::{MAXIMUM_FORMULA_DEPTH, Symbols, scope};
use crate::model::{
    Compartment, Origin, Parameter, Quantity, Reactions, Role, Species, Treatment, Variable, VariableLaw,
};
use crate::source::Span;

/// A model, and what its file claims about the reversibility of each reaction.
pub(super) struct Built {
    pub(super) reactions: Reactions,
    pub(super) claims: Vec<network::Claim>,
    pub(super) stated: Stated,
}

/// Reads the model; `None` if faults were reported.
pub(super) fn built(root: Element<'_>) -> Option<Built> {
    let report = root.report;
    let (edition, model) = header::opened(root)?;
    header::refuse_what_is_not_read(model, report);
    let components = Components::of(model, edition.level);
    let functions = definitions(model);
    let mut names = Names::default();
    declare(&mut names, &functions, &components);
    check_targets(&components, &names);
    if report.has_errors() {
        return None;
    }
    let builder = Builder::new(model, components, functions, names);
    builder.translator.check_functions()?;
    let mut reactions = builder.symbols(edition)?;
    let claims = builder.network(&mut reactions);
    if report.has_errors() {
        return None;
    }
    check_initial_values(&mut reactions, report, |reactions, slots| {
        builder.stoichiometries(reactions, slots)
    })?;
    let stated = Stated::of(&builder.components);
    Some(Built {
        reactions,
        claims,
        stated,
    })
}

/// The names and formulas of one file.
pub(super) struct Builder<'a> {
    pub(super) model: Element<'a>,
    pub(super) components: Components<'a>,
    pub(super) translator: Translator<'a>,
    pub(super) scope: Scope,
    /// How many symbols are constant: parameters and compartments, which come first.
    constants: usize,
    /// Of the parameters of kinetic laws, reaction by reaction.
    local_names: Vec<Vec<String>>,
}

impl<'a> Builder<'a> {
    fn new(
        model: Element<'a>,
        components: Components<'a>,
        functions: Functions<'a>,
        mut names: Names,
    ) -> Self {
        let report = model.report;
        let mut meanings: HashMap<String, Meaning> = HashMap::new();
        let mut order: [Vec<String>; 4] = Default::default();
        let [parameters, compartments, species, variables] = &mut order;
        let mut name = |id: &str, list: &mut Vec<String>| {
            let name = names.symbol(id, report);
            meanings.insert(id.to_owned(), Meaning::Symbol(name.clone()));
            list.push(name);
        };
        for parameter in &components.parameters {
            if components.rules.contains_key(parameter.id) {
                name(parameter.id, variables);
            } else if is_kept(parameter, &components) {
                name(parameter.id, parameters);
            }
        }
        components
            .compartments
            .iter()
            .for_each(|item| name(item.id, compartments));
        components.species.iter().for_each(|item| name(item.id, species));
        let locals: Vec<(&str, &str, Span)> = (components.reactions.iter())
            .flat_map(|reaction| {
                reaction
                    .parameters
                    .iter()
                    .map(|item| (reaction.id, item.id, item.element.span()))
            })
            .collect();
        let mut given = names.local(&locals, report).into_iter();
        let local_names: Vec<Vec<String>> = (components.reactions.iter())
            .map(|reaction| given.by_ref().take(reaction.parameters.len()).collect())
            .collect();
        parameters.extend(local_names.iter().flatten().cloned());
        let mut laws = Vec::with_capacity(components.reactions.len());
        for (index, (reaction, names)) in components.reactions.iter().zip(&local_names).enumerate() {
            meanings.insert(reaction.id.to_owned(), Meaning::Reaction(index));
            let ids = reaction.parameters.iter().map(|item| item.id.to_owned());
            laws.push(RateLaw {
                id: reaction.id.to_owned(),
                math: reaction.law,
                parameters: ids.zip(names.iter().cloned()).collect(),
            });
            for reference in reaction.reactants.iter().chain(&reaction.products) {
                let meaning = match reference.stoichiometry {
                    Stoichiometry::Number(value) => Meaning::Number(value),
                    Stoichiometry::Formula(_) => Meaning::Nothing("it is a stoichiometry given by a formula"),
                };
                meanings.extend(reference.id.map(|id| (id.to_owned(), meaning)));
            }
        }
        for id in functions.keys() {
            meanings.insert(id.clone(), Meaning::Nothing("it is a function"));
        }
        let functions = functions
            .into_iter()
            .map(|(id, (_, definition))| (id, definition));
        Builder {
            model,
            translator: Translator {
                report,
                meanings,
                functions: functions.collect(),
                laws,
                steps: Cell::new(0),
                depth: Cell::new(0),
                written: Cell::new(0),
            },
            components,
            constants: order[0].len() + order[1].len(),
            scope: Scope::new(order.concat()).nested(MAXIMUM_FORMULA_DEPTH),
            local_names,
        }
    }

    fn report(&self) -> &'a Report {
        self.model.report
    }

    /// What a symbol of the file is called here.
    fn name(&self, id: &str) -> String {
        match self.translator.meanings.get(id) {
            Some(Meaning::Symbol(name)) => name.clone(),
            _ => id.to_owned(),
        }
    }

    /// A formula from its text; faults are reported at the `<math>`.
    pub(super) fn formula(&self, key: &str, text: &str, math: Element<'a>) -> Option<Formula> {
        match self.scope.formula(key, text, math.span(), None, Admit::Time) {
            Ok(formula) => Some(formula),
            Err(fault) => {
                let message = format!("`{key}`: {}", fault.message);
                self.report().add(Fault { message, ..*fault });
                None
            }
        }
    }

    fn formula_of(&self, key: &str, math: Element<'a>) -> Option<Formula> {
        self.formula(key, &self.translator.formula(math)?, math)
    }

    /// The value of something at time 0: its initial assignment, or else the number in an attribute.
    fn initial(
        &self,
        key: &str,
        id: &str,
        element: Element<'a>,
        attribute: &str,
        value: Option<f64>,
    ) -> Option<Formula> {
        if let Some(math) = self.components.initial_assignments.get(id) {
            return self.formula_of(key, *math);
        }
        let span = element
            .attribute(attribute)
            .map_or(element.span(), |attribute| attribute.span);
        match value {
            Some(value) => Some(Formula::literal(key, span, value)),
            None => {
                let message = format!("`{id}` has no value at time 0");
                let fault = Fault::error(code::MISSING_KEY, span, message);
                self.report()
                    .add(fault.help(format!("give it the attribute `{attribute}`")));
                None
            }
        }
    }

    /// The model without its reactions.
    fn symbols(&self, edition: Edition) -> Option<Reactions> {
        let said = OfModel::read(self.model);
        let title = self.model.attribute("name").or(self.model.attribute("id"));
        let reactions = Reactions {
            source: Arc::clone(self.report().source()),
            title: title.map(|title| title.value.to_owned()),
            doc: None,
            sources: labels::sources(self.model),
            units: labels::units(self.model, edition.level),
            parameters: self.parameters(),
            compartments: self.compartments(),
            species: self.species(),
            variables: self.variables(),
            reactions: Vec::new(),
            temperature: None,
            system_size: said.system_size,
            irreversible: Treatment::Infinite,
            unsplit: Treatment::LeaveOut,
            pairing: said.pairing,
            powers: said.powers,
            time: None,
            trajectories: None,
            section: None,
            sweeps: Vec::new(),
            report: None,
            seed: None,
            origin: Origin::Sbml {
                level: edition.level,
                version: edition.version,
            },
            warnings: Vec::new(),
        };
        (!self.report().has_errors()).then_some(reactions)
    }

    fn parameters(&self) -> Vec<Parameter> {
        let parameter = |name: String, item: &collect::Parameter<'a>, initial: Option<Formula>| {
            Some(Parameter {
                value: initial?,
                name,
                unit: item.element.attribute("units").map(|unit| unit.value.to_owned()),
                doc: description(item.element, item.id),
                minimum: None,
                maximum: None,
                span: item.element.span(),
            })
        };
        let all = self.components.parameters.iter();
        let kept = all
            .filter(|item| !self.components.rules.contains_key(item.id) && is_kept(item, &self.components));
        let global = kept.filter_map(|item| {
            let name = self.name(item.id);
            let key = format!("parameters.{name}");
            parameter(
                name,
                item,
                self.initial(&key, item.id, item.element, "value", item.value),
            )
        });
        let by_reaction = self.components.reactions.iter().zip(&self.local_names);
        let local = by_reaction.flat_map(|(reaction, names)| reaction.parameters.iter().zip(names));
        let local = local.filter_map(|(item, name)| {
            let key = format!("parameters.{name}");
            let span = item
                .element
                .attribute("value")
                .map_or(item.element.span(), |value| value.span);
            if item.value.is_none() {
                let message = format!("the parameter `{}` of a kinetic law has no value", item.id);
                self.report().add(Fault::error(code::MISSING_KEY, span, message));
            }
            parameter(
                name.clone(),
                item,
                item.value.map(|value| Formula::literal(key, span, value)),
            )
        });
        global.chain(local).collect()
    }

    fn compartments(&self) -> Vec<Compartment> {
        let sized = self.sized_compartments();
        let compartment = |item: &collect::Compartment<'a>| {
            let name = self.name(item.id);
            let key = format!("compartments.{name}");
            let needs_size = item.dimensions > 0 && sized.contains(item.id);
            let size = item.size.or((!needs_size).then_some(1.0));
            let size = match self.components.rules.get(item.id) {
                Some(rule) => self.constant_size(&key, item.id, rule)?,
                None => self.initial(&key, item.id, item.element, "size", size)?,
            };
            Some(Compartment {
                size,
                name,
                dimensions: item.dimensions,
                span: item.element.span(),
            })
        };
        self.components
            .compartments
            .iter()
            .filter_map(compartment)
            .collect()
    }

    /// The size that an assignment rule gives, if it is one of constants and so the same at all times.
    fn constant_size(&self, key: &str, id: &str, rule: &collect::Rule<'a>) -> Option<Formula> {
        let size = self.formula_of(key, rule.math)?;
        let constants = self.constants;
        let changes = |name: &&str| self.scope.position(name).is_none_or(|slot| slot >= constants);
        let names = size
            .expression()
            .map(|expression| expression.variables())
            .unwrap_or_default();
        if names.iter().any(changes) {
            let message = format!("compartment `{id}` has a rule, and compartments that change are not read");
            rule.element.fault(code::UNSUPPORTED, message);
            return None;
        }
        Some(size)
    }

    /// The compartments on whose size any number depends: those that formulas mention, and those of converted species.
    fn sized_compartments(&self) -> HashSet<&'a str> {
        let mentioned = &self.components.mentioned;
        let is_converted = |species: &&collect::Species<'a>| {
            let is_concentration = !species.has_only_substance_units && mentioned.contains(species.id);
            is_concentration || species.concentration.is_some()
        };
        let converted = self.components.species.iter().filter(is_converted);
        let places = converted.map(|species| self.components.compartments[species.compartment].id);
        let all = self
            .components
            .compartments
            .iter()
            .map(|compartment| compartment.id);
        places.chain(all.filter(|id| mentioned.contains(*id))).collect()
    }

    fn species(&self) -> Vec<Species> {
        self.components
            .species
            .iter()
            .filter_map(|item| self.one_species(item))
            .collect()
    }

    fn one_species(&self, item: &collect::Species<'a>) -> Option<Species> {
        let name = self.name(item.id);
        let place = &self.components.compartments[item.compartment];
        let symbol = if item.has_only_substance_units || place.dimensions == 0 {
            Quantity::Amount
        } else {
            Quantity::Concentration
        };
        if place.dimensions == 0 && item.concentration.is_some() {
            let message = format!(
                "species `{}` has an initial concentration, but its compartment `{}` has no spatial dimensions",
                item.id, place.id
            );
            item.element.fault(code::CONFLICT, message);
            return None;
        }
        let key = format!("species.{name}.initial");
        let rule = self.components.rules.get(item.id);
        let role = match rule {
            Some(rule) if rule.is_rate => {
                Role::Rate(self.formula_of(&format!("species.{name}.rate"), rule.math)?)
            }
            Some(rule) => Role::Assigned(self.formula_of(&format!("species.{name}.assigned"), rule.math)?),
            None if item.is_boundary || item.is_constant => Role::Chemostat,
            None => Role::Dynamic,
        };
        let has_assignment = self.components.initial_assignments.contains_key(item.id);
        let (initial, initial_quantity) = match (&role, item.concentration) {
            (Role::Assigned(formula), _) => (formula.clone(), symbol),
            (_, value @ Some(_)) if !has_assignment => (
                self.initial(&key, item.id, item.element, "initialConcentration", value)?,
                Quantity::Concentration,
            ),
            _ => (
                self.initial(&key, item.id, item.element, "initialAmount", item.amount)?,
                if has_assignment { symbol } else { Quantity::Amount },
            ),
        };
        Some(Species {
            name,
            compartment: Some(item.compartment),
            initial,
            initial_quantity,
            symbol,
            role,
            standard_potential: None,
            doc: description(item.element, item.id),
            span: item.element.span(),
        })
    }

    fn variables(&self) -> Vec<Variable> {
        let variable = |item: &collect::Parameter<'a>| {
            let rule = self.components.rules.get(item.id)?;
            let name = self.name(item.id);
            let law = if rule.is_rate {
                VariableLaw::Rate {
                    initial: self.initial(
                        &format!("variables.{name}.initial"),
                        item.id,
                        item.element,
                        "value",
                        item.value,
                    )?,
                    rate: self.formula_of(&format!("variables.{name}.rate"), rule.math)?,
                }
            } else {
                VariableLaw::Assigned(self.formula_of(&format!("variables.{name}"), rule.math)?)
            };
            Some(Variable {
                name,
                law,
                span: item.element.span(),
            })
        };
        self.components.parameters.iter().filter_map(variable).collect()
    }
}

/// Whether a parameter has a value, or should have one because a formula mentions it.
fn is_kept(parameter: &collect::Parameter<'_>, components: &Components<'_>) -> bool {
    parameter.value.is_some()
        || components.initial_assignments.contains_key(parameter.id)
        || components.mentioned.contains(parameter.id)
}

/// The name for people, where it says more than the identifier.
pub(super) fn description(element: Element<'_>, id: &str) -> Option<String> {
    let name = element.attribute("name")?.value.trim();
    (!name.is_empty() && name != id).then(|| name.to_owned())
}

/// Evaluates everything at time 0, fills in what needs the values, and refuses values without meaning.
fn check_initial_values(
    reactions: &mut Reactions,
    report: &Report,
    complete: impl FnOnce(&mut Reactions, &[f64]),
) -> Option<()> {
    let slots = {
        let scope = scope(reactions);
        let values = Symbols::new(reactions, &scope).and_then(|symbols| symbols.initial());
        values.map_err(|fault| report.add(*fault)).ok()?
    };
    for (index, compartment) in reactions.compartments.iter().enumerate() {
        let size = slots[reactions.compartment_slot(index)];
        if !(size > 0.0) {
            report.add(
                compartment
                    .size
                    .refused(size, "the size of a compartment must be positive"),
            );
        }
    }
    if report.has_errors() {
        return None;
    }
    for (index, species) in reactions.species.iter().enumerate() {
        let value = slots[reactions.species_slot(index)];
        if matches!(species.role, Role::Dynamic | Role::Chemostat) && value < 0.0 {
            report.add(species.initial.refused(value, "an amount must not be negative"));
        }
    }
    complete(reactions, &slots);
    (!report.has_errors()).then_some(())
}

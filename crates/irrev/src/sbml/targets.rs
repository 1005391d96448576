//! What is declared, and whether rules and initial assignments set something that exists and may change.

use std::collections::{HashMap, HashSet};

use super::collect::{Components, Parameter};
use super::functions::Functions;
use super::names::Names;
use super::xml::Element;
use crate::model::diagnostic::code;

/// Declares every identifier in the order of the file.
pub(super) fn declare(names: &mut Names, functions: &Functions<'_>, components: &Components<'_>) {
    let functions = functions.iter().map(|(id, (element, _))| (id.as_str(), *element));
    let compartments = components.compartments.iter().map(|item| (item.id, item.element));
    let species = components.species.iter().map(|item| (item.id, item.element));
    let parameters = components.parameters.iter().map(|item| (item.id, item.element));
    let reactions = components.reactions.iter().map(|item| (item.id, item.element));
    let sides = components
        .reactions
        .iter()
        .flat_map(|item| item.reactants.iter().chain(&item.products));
    let references = sides.filter_map(|reference| Some((reference.id?, reference.element)));
    let mut all: Vec<(&str, Element)> = functions
        .chain(compartments)
        .chain(species)
        .chain(parameters)
        .chain(reactions)
        .chain(references)
        .collect();
    all.sort_by_key(|(_, element)| element.span().start);
    for (id, element) in all {
        names.declare(id, element);
    }
}

/// Rules and initial assignments must set something that exists and may change.
pub(super) fn check_targets(components: &Components<'_>, names: &Names) {
    let compartments: HashSet<&str> = components.compartments.iter().map(|item| item.id).collect();
    let is_compartment = |id: &str| compartments.contains(id);
    let species_index: HashMap<&str, usize> = (components.species.iter().enumerate())
        .map(|(index, item)| (item.id, index))
        .collect();
    let parameters: HashMap<&str, &Parameter> =
        components.parameters.iter().map(|item| (item.id, item)).collect();
    let mut sides = components
        .reactions
        .iter()
        .flat_map(|item| item.reactants.iter().chain(&item.products));
    let references: HashSet<&str> = sides.clone().filter_map(|reference| reference.id).collect();
    let is_consumed: HashSet<usize> = sides.by_ref().map(|reference| reference.species).collect();
    for (id, rule) in &components.rules {
        let refused = |code: &'static str, message: String| rule.element.fault(code, message);
        let species = species_index.get(id).copied();
        let parameter = parameters.get(id);
        let is_constant = species.is_some_and(|index| components.species[index].is_constant)
            || parameter.is_some_and(|parameter| parameter.is_constant);
        match species {
            _ if is_compartment(id) && !rule.is_rate => {}
            _ if is_compartment(id) => refused(
                code::UNSUPPORTED,
                format!("compartment `{id}` has a rule, and compartments that change are not read"),
            ),
            _ if references.contains(id) => refused(
                code::UNSUPPORTED,
                format!("the stoichiometry `{id}` has a rule, and stoichiometries that change are not read"),
            ),
            None if parameter.is_none() => {
                refused(
                    code::UNKNOWN_NAME,
                    format!("the rule is for `{id}`, which is no species or parameter"),
                );
            }
            _ if is_constant => refused(code::CONFLICT, format!("`{id}` is constant, but has a rule")),
            Some(index) if is_consumed.contains(&index) && !components.species[index].is_boundary => refused(
                code::CONFLICT,
                format!(
                    "species `{id}` has a rule and is changed by reactions; only one of them can decide, so its `boundaryCondition` must be true"
                ),
            ),
            _ => {}
        }
    }
    for reaction in &components.reactions {
        for reference in reaction.reactants.iter().chain(&reaction.products) {
            let species = &components.species[reference.species];
            if species.is_constant && !species.is_boundary {
                let message = format!(
                    "species `{}` is constant, but reaction `{}` changes it; its `boundaryCondition` must be true",
                    species.id, reaction.id
                );
                reference.element.fault(code::CONFLICT, message);
            }
        }
    }
    for (id, math) in &components.initial_assignments {
        let rule = components.rules.get(id);
        if !names.is_declared(id) {
            math.fault(
                code::UNKNOWN_NAME,
                format!("the initial assignment is for `{id}`, which does not exist"),
            );
        } else if rule.is_some_and(|rule| !rule.is_rate) {
            math.fault(
                code::CONFLICT,
                format!("`{id}` has both an initial assignment and an assignment rule"),
            );
        }
    }
}

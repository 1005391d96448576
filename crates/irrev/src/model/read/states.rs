//! States and reservoirs.

use std::collections::HashSet;

use super::super::diagnostic::{Fault, code};
use super::super::formula::{Admit, Scope};
use super::super::markov::{Reservoir, State};
use super::super::reader::{Item, Table};
use super::{checked_name, is_new, keys};

/// The states: a list of names, or of tables. A model with a matrix may leave them out.
pub(super) fn states(root: &Table, scope: &Scope) -> Vec<State> {
    let findings = root.findings();
    let has_matrix = root.contains("matrix");
    let item = if has_matrix {
        root.get("states")
    } else {
        root.require("states")
    };
    let Some(elements) = item.as_ref().and_then(Item::array) else {
        return Vec::new();
    };
    if elements.is_empty() {
        findings.add(Fault::error(
            code::OUT_OF_RANGE,
            root.key_span("states").unwrap_or_default(),
            "`states` is empty",
        ));
    }
    let mut seen = HashSet::new();
    let mut states = Vec::with_capacity(elements.len());
    for element in &elements {
        if findings.is_full() {
            break;
        }
        let state = if element.is_table() {
            described(element, scope)
        } else {
            named(element)
        };
        let Some(state) = state else { continue };
        if is_new(&mut seen, &state.name, "states", element) {
            states.push(state);
        }
    }
    states
}

fn named(element: &Item) -> Option<State> {
    let name = checked_name(element)?;
    Some(State {
        name,
        energy: None,
        number: None,
        degeneracy: None,
        labels: Vec::new(),
        span: element.span,
    })
}

fn described(element: &Item, scope: &Scope) -> Option<State> {
    let table = element.table()?;
    table.only(keys::STATE);
    let name = checked_name(&table.require("name")?)?;
    let labels = match table.get("labels").as_ref().and_then(Item::table) {
        None => Vec::new(),
        Some(labels) => {
            let pairs = labels.entries();
            pairs
                .filter_map(|entry| Some((entry.key.to_owned(), checked_name(&entry.item)?)))
                .collect()
        }
    };
    Some(State {
        name,
        energy: table.formula("energy", scope, Admit::Time),
        number: table.formula("number", scope, Admit::Constants),
        degeneracy: table.formula("degeneracy", scope, Admit::Constants),
        labels,
        span: element.span,
    })
}

/// The reservoirs, under whichever of the two names the author prefers.
pub(super) fn reservoirs(root: &Table, scope: &Scope) -> Vec<Reservoir> {
    let findings = root.findings();
    if let (true, Some(span)) = (root.contains("reservoirs"), root.key_span("baths")) {
        let message = "`baths` is another name for `reservoirs`; the file has both";
        findings.add(Fault::error(code::CONFLICT, span, message).help("put all of them under [reservoirs]"));
    }
    let section = if root.contains("reservoirs") {
        "reservoirs"
    } else {
        "baths"
    };
    let Some(table) = root.get(section).as_ref().and_then(Item::table) else {
        return Vec::new();
    };
    let mut reservoirs = Vec::new();
    for entry in table.entries() {
        if findings.is_full() {
            break;
        }
        let Some(details) = entry.item.table() else {
            continue;
        };
        details.only(keys::RESERVOIR);
        let Some(temperature) = details.required_formula("temperature", scope, Admit::Time) else {
            continue;
        };
        reservoirs.push(Reservoir {
            name: entry.key.to_owned(),
            temperature,
            chemical_potential: details.formula("chemical_potential", scope, Admit::Time),
            span: entry.key_span,
        });
    }
    reservoirs
}

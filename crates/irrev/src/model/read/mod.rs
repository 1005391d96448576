//! The schema of `kind = "markov"`: which keys there are, what they may hold, and how names are resolved.

pub(super) mod dynamics;
pub(super) mod outputs;
mod states;
mod subsystems;
mod transitions;

pub(super) use transitions::{name_the_nameless, unknown};

use std::collections::HashSet;
use std::sync::Arc;

use super::Vocabulary;
use super::diagnostic::{Fault, ModelError, code};
use super::environment::Environment;
use super::formula::{Admit, Formula, Scope, refused_name};
use super::markov::Markov;
use super::matrix;
use super::parameters::{Parameter, ParameterTable};
use super::reader::{Entry, Item, Table};
use crate::expression::Expression;

/// The keys of each table, in the order in which the documentation lists them.
pub(super) mod keys {
    pub(crate) const ROOT: &[&str] = &[
        "irrev",
        "kind",
        "title",
        "doc",
        "sources",
        "units",
        "parameters",
        "states",
        "reservoirs",
        "baths",
        "transitions",
        "matrix",
        "initial",
        "time",
        "protocol",
        "subsystems",
        "observables",
        "derived",
        "cycles",
        "sweep",
        "report",
        "random",
    ];
    pub(crate) const UNITS: &[&str] = &[
        "energy",
        "time",
        "length",
        "concentration",
        "mass",
        "force",
        "temperature",
        "charge",
        "amount",
        "volume",
    ];
    pub(crate) const PARAMETER: &[&str] = &["value", "unit", "doc", "min", "max"];
    pub(crate) const STATE: &[&str] = &["name", "energy", "number", "degeneracy", "labels"];
    pub(crate) const RESERVOIR: &[&str] = &["temperature", "chemical_potential"];
    pub(crate) const TRANSITION: &[&str] = &[
        "name",
        "between",
        "reservoir",
        "bath",
        "rates",
        "rule",
        "force",
        "one_way",
    ];
    pub(crate) const RATES: &[&str] = &["forward", "backward"];
    pub(crate) const RULE: &[&str] = &["type", "prefactor", "barrier", "load"];
    pub(crate) const MATRIX: &[&str] = &["file", "orientation", "reservoir", "one_way"];
    pub(crate) const INITIAL: &[&str] = &["distribution"];
    pub(crate) const TIME: &[&str] = &["start", "end", "points", "spacing"];
    pub(crate) const PROTOCOL: &[&str] = &["period", "duration"];
    pub(crate) const SUBSYSTEMS: &[&str] = &["include", "views", "interval"];
    pub(crate) const OBSERVABLE: &[&str] = &["name", "unit", "doc", "weights"];
    pub(crate) const DERIVED: &[&str] = &["name", "value", "unit", "doc", "symbol"];
    pub(crate) const CYCLE: &[&str] = &["name", "states", "transitions"];
    pub(crate) const SWEEP: &[&str] = &["key", "values", "from", "to", "points", "spacing", "show"];
    pub(crate) const REPORT: &[&str] = &["quantities"];
    pub(crate) const RANDOM: &[&str] = &["seed"];
}

/// Largest number of points of a time grid or a sweep.
pub(super) const MAXIMUM_POINTS: usize = 1_000_000;

/// Longest name, in characters.
const LONGEST_NAME: usize = 200;

/// The model in the file, or nothing if the findings say why there is none.
pub(super) fn markov(root: &Table, vocabulary: &Vocabulary) -> Result<Option<Markov>, ModelError> {
    let findings = root.findings();
    root.only(keys::ROOT);
    let (parameters, scope) = parameters(root, Admit::Time);
    let reservoirs = states::reservoirs(root, &scope);
    let mut states = states::states(root, &scope);
    let (transitions, matrix) = match root.get("matrix").as_ref().and_then(Item::table) {
        None => (transitions::transitions(root, &scope, &states, &reservoirs), None),
        Some(table) => matrix::transitions(root, &table, &mut states, &reservoirs)?,
    };
    if findings.has_errors() {
        return Ok(None);
    }
    let mut spec = Markov {
        source: Arc::clone(findings.source()),
        title: root.string("title"),
        doc: root.string("doc"),
        sources: bibliography(root),
        units: units(root),
        parameters,
        states,
        reservoirs,
        transitions,
        matrix,
        initial: None,
        time: None,
        protocol: None,
        subsystems: None,
        observables: Vec::new(),
        derived: Vec::new(),
        cycles: Vec::new(),
        sweeps: Vec::new(),
        report: None,
        seed: dynamics::seed(root),
        warnings: Vec::new(),
    };
    spec.initial = dynamics::initial(root, &scope, &spec);
    spec.time = dynamics::time(root, &|item: &Item| item.formula(&scope, Admit::Constants));
    spec.protocol = dynamics::protocol(root, &scope, &spec);
    spec.subsystems = subsystems::subsystems(root, &scope, &spec);
    spec.observables = outputs::observables(root, &scope, &spec);
    spec.derived = outputs::derived(root, &spec, vocabulary);
    spec.cycles = outputs::cycles(root, &spec);
    // Sweeps may name any number of the model, so they come when all the others are there.
    spec.sweeps = outputs::sweeps(root, &scope, &spec, vocabulary);
    spec.report = outputs::report(root, vocabulary.quantities);
    if findings.has_errors() {
        return Ok(None);
    }
    check_numbers(&spec)?;
    Ok(Some(spec))
}

/// Evaluates every number once, so that a model that is read can be evaluated.
fn check_numbers(spec: &Markov) -> Result<(), ModelError> {
    let environment = Environment::new(spec, &[])?;
    let snapshot = environment.evaluate(0.0)?;
    environment.initial_probabilities()?;
    environment.times()?;
    environment.period()?;
    environment.duration()?;
    environment.interval_between_looks()?;
    for index in 0..spec.observables.len() {
        environment.observable_weights(index, &snapshot)?;
    }
    for index in 0..spec.sweeps.len() {
        environment.sweep_values(index)?;
    }
    Ok(())
}

/// The parameters, and the names that expressions may use; `admit` says what their own values may depend on.
pub(super) fn parameters(root: &Table, admit: Admit) -> (ParameterTable, Scope) {
    let findings = root.findings();
    let Some(table) = root.get("parameters").as_ref().and_then(Item::table) else {
        return (ParameterTable::default(), Scope::new(Vec::new()));
    };
    let names: Vec<String> = table.entries().map(|entry| entry.key.to_owned()).collect();
    // The names are known before the first expression is read, so that the order in the file does not matter.
    let mut scope = Scope::new(names);
    let mut list = Vec::new();
    for entry in table.entries() {
        if findings.is_full() {
            break;
        }
        if let Some(reason) = refused_name(entry.key) {
            findings.add(Fault::error(code::BAD_NAME, entry.key_span, reason));
            continue;
        }
        let read = |item: &Item| item.formula(&scope, admit);
        let Some(parameter) = parameter(&entry, &read) else {
            continue;
        };
        list.push(parameter);
    }
    if findings.has_errors() {
        return (ParameterTable::default(), scope);
    }
    match ParameterTable::new(list) {
        Ok(parameters) => {
            scope.set_time_dependence(parameters.time_dependence());
            (parameters, scope)
        }
        Err(fault) => {
            findings.add(*fault);
            (ParameterTable::default(), scope)
        }
    }
}

/// A parameter, plain or described; `read` makes a formula of its value.
pub(super) fn parameter(entry: &Entry, read: &dyn Fn(&Item) -> Option<Formula>) -> Option<Parameter> {
    let plain = |value| Parameter {
        name: entry.key.to_owned(),
        value,
        unit: None,
        doc: None,
        minimum: None,
        maximum: None,
        span: entry.key_span,
    };
    if !entry.item.is_table() {
        return read(&entry.item).map(plain);
    }
    let details = entry.item.table()?;
    details.only(keys::PARAMETER);
    let (minimum, maximum) = (bound(&details, "min"), bound(&details, "max"));
    if let (Some(least), Some(greatest)) = (minimum, maximum)
        && least > greatest
    {
        entry
            .item
            .refuse(&format!("`min` = {least} is above `max` = {greatest}"));
    }
    Some(Parameter {
        unit: details.string("unit"),
        doc: details.string("doc"),
        minimum,
        maximum,
        ..plain(read(&details.require("value")?)?)
    })
}

/// A bound of a parameter: a number, or an expression without names.
fn bound(table: &Table, key: &str) -> Option<f64> {
    let item = table.get(key)?;
    if !item.is_string() {
        return item.number();
    }
    let value =
        Expression::parse(item.string()?).and_then(|expression| expression.evaluate_checked(&|_| None));
    match value {
        Ok(value) => Some(value),
        Err(error) => {
            item.refuse(&format!("{}; a bound is a number", error.message));
            None
        }
    }
}

pub(super) fn bibliography(root: &Table) -> Vec<String> {
    let strings = root
        .get("sources")
        .and_then(|item| item.strings())
        .unwrap_or_default();
    strings.into_iter().map(|(text, _)| text.to_owned()).collect()
}

pub(super) fn units(root: &Table) -> Vec<(String, String)> {
    let Some(table) = root.get("units").as_ref().and_then(Item::table) else {
        return Vec::new();
    };
    table.only(keys::UNITS);
    table
        .entries()
        .filter_map(|entry| Some((entry.key.to_owned(), entry.item.string()?.to_owned())))
        .collect()
}

/// A name that people will read: not empty, not endless, on one line.
pub(super) fn checked_name(item: &Item) -> Option<String> {
    let name = item.string()?;
    let Some(problem) = name_problem(name) else {
        return Some(name.to_owned());
    };
    item.fault(Fault::error(
        code::BAD_NAME,
        item.span,
        format!("`{}`: {problem}", item.path),
    ));
    None
}

/// Why people could not read a name: it is empty, endless, or not on one line.
pub(super) fn name_problem(name: &str) -> Option<&'static str> {
    if name.trim().is_empty() {
        Some("a name must not be empty")
    } else if name.chars().any(char::is_control) {
        Some("a name must not have control characters")
    } else if name.chars().count() > LONGEST_NAME {
        Some("a name must not be longer than 200 characters")
    } else {
        None
    }
}

/// Records a name that was given before; says whether it is new.
pub(super) fn is_new(seen: &mut HashSet<String>, name: &str, what: &str, item: &Item) -> bool {
    let is_new = seen.insert(name.to_owned());
    if !is_new {
        item.fault(Fault::error(
            code::DUPLICATE_NAME,
            item.span,
            format!("there are two {what} named `{name}`"),
        ));
    }
    is_new
}

/// The tables of a list written as `[[name]]`.
pub(super) fn tables<'a>(root: &Table<'a>, name: &str) -> Vec<Table<'a>> {
    let elements = root.get(name).and_then(|item| item.array()).unwrap_or_default();
    elements.iter().filter_map(Item::table).collect()
}

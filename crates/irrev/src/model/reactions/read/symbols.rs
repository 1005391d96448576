//! Names first: every symbol is known before the first formula is read, so that the order of the file does not matter.

use std::collections::{HashMap, HashSet};

use super::super::super::diagnostic::{Fault, Findings, code};
use super::super::super::formula::{Formula, TIME, refused_name};
use super::super::super::parameters::Parameter;
use super::super::super::read::parameter;
use super::super::super::reader::{Entry, Item, Table};
use super::super::symbols::{Admit, Symbols};
use super::super::{Variable, VariableLaw};
use super::{conflict, keys};
use crate::expression::Expression;

/// The entries that declare a symbol, by section.
pub(super) struct Declared<'a> {
    /// Parameters that are constant.
    constants: Vec<Entry<'a>>,
    pub(super) compartments: Vec<Entry<'a>>,
    pub(super) species: Vec<Entry<'a>>,
    /// Parameters that follow the time: they are variables.
    timed: Vec<Entry<'a>>,
    variables: Vec<Entry<'a>>,
}

/// The symbols that the file declares.
pub(super) fn declared<'a>(root: &Table<'a>) -> Declared<'a> {
    let mut taken: HashMap<&'a str, &'static str> = HashMap::new();
    let mut section = |name: &'static str, what: &'static str| -> Vec<Entry<'a>> {
        let Some(table) = root.get(name).as_ref().and_then(Item::table) else {
            return Vec::new();
        };
        let usable = |entry: &Entry<'a>| is_usable(entry, what, &mut taken, root.findings());
        table.entries().filter(usable).collect()
    };
    let parameters = section("parameters", "parameter");
    let compartments = section("compartments", "compartment");
    let species = section("species", "species");
    let variables = section("variables", "variable");
    let in_time = following_time(&parameters);
    let (timed, constants) = parameters
        .into_iter()
        .partition(|entry| in_time.contains(entry.key));
    Declared {
        constants,
        compartments,
        species,
        timed,
        variables,
    }
}

/// Whether a formula can use the name of the entry, and nothing else has it.
fn is_usable<'a>(
    entry: &Entry<'a>,
    what: &'static str,
    taken: &mut HashMap<&'a str, &'static str>,
    findings: &Findings,
) -> bool {
    if let Some(reason) = refused_name(entry.key) {
        findings.add(Fault::error(code::BAD_NAME, entry.key_span, reason));
        return false;
    }
    if let Some(other) = taken.insert(entry.key, what) {
        let message = format!("`{}` is the name of a {other} and of a {what}", entry.key);
        let fault = Fault::error(code::DUPLICATE_NAME, entry.key_span, message);
        findings.add(
            fault.help(
                "parameters, compartments, species and variables share their names: rename one of them",
            ),
        );
        return false;
    }
    true
}

/// The text of a formula, wherever the entry keeps it.
fn formula_text<'a>(entry: &Entry<'a>) -> Option<&'a str> {
    let item = match entry.item.is_table() {
        true => entry.item.table()?.get("value")?,
        false => entry.item.clone(),
    };
    item.is_string().then(|| item.string()).flatten()
}

/// The names in a formula; none in one that cannot be parsed, which is told when it is read.
fn names(text: &str) -> Vec<String> {
    let expression = Expression::parse(text).ok();
    let names = expression.as_ref().map(Expression::names).unwrap_or_default();
    names.into_iter().map(str::to_owned).collect()
}

/// The parameters that follow the time, by themselves or through others.
fn following_time<'a>(parameters: &[Entry<'a>]) -> HashSet<&'a str> {
    let mut users: HashMap<String, Vec<&'a str>> = HashMap::new();
    for entry in parameters {
        for name in formula_text(entry).map(names).unwrap_or_default() {
            users.entry(name).or_default().push(entry.key);
        }
    }
    let mut found = HashSet::new();
    let mut open = users.remove(TIME).unwrap_or_default();
    while let Some(name) = open.pop() {
        if found.insert(name) {
            open.extend(users.remove(name).unwrap_or_default());
        }
    }
    found
}

impl Declared<'_> {
    /// The symbols in the order of their slots.
    pub(super) fn symbols(&self) -> Symbols {
        let sections = [
            &self.constants,
            &self.compartments,
            &self.species,
            &self.timed,
            &self.variables,
        ];
        let all = sections.into_iter().flatten();
        let ends = [
            self.constants.len(),
            self.constants.len() + self.compartments.len(),
            self.constants.len() + self.compartments.len() + self.species.len(),
        ];
        let timed = self
            .timed
            .iter()
            .map(|entry| Some(formula_text(entry).map(names).unwrap_or_default()));
        let variables = (self.variables.iter()).map(|entry| match entry.item.is_table() {
            true => None,
            false => Some(formula_text(entry).map(names).unwrap_or_default()),
        });
        let uses: Vec<Option<Vec<String>>> = timed.chain(variables).collect();
        Symbols::new(all.map(|entry| entry.key.to_owned()).collect(), ends, &uses)
    }

    /// The parameters that are constant.
    pub(super) fn parameters(&self, symbols: &Symbols) -> Vec<Parameter> {
        let read = |entry: &Entry| parameter(entry, &|item| symbols.read(item, Admit::Parameter));
        self.constants.iter().filter_map(read).collect()
    }

    /// The parameters that follow the time, then what stands under `[variables]`.
    pub(super) fn variables(&self, symbols: &Symbols) -> Vec<Variable> {
        let timed = self.timed.iter().filter_map(|entry| timed(entry, symbols));
        let variables = self.variables.iter().filter_map(|entry| variable(entry, symbols));
        timed.chain(variables).collect()
    }
}

/// A parameter that follows the time.
fn timed(entry: &Entry, symbols: &Symbols) -> Option<Variable> {
    let read = |item: &Item| symbols.read(item, Admit::TimedParameter);
    let parameter = parameter(entry, &read)?;
    if let Some(table) = entry.item.is_table().then(|| entry.item.table()).flatten()
        && let Some(key) = ["min", "max"].into_iter().find(|key| table.contains(key))
    {
        let message = format!("`{key}` bounds a number, but `{}` follows the time", entry.key);
        conflict(&table, key, message, "");
        return None;
    }
    Some(Variable {
        name: parameter.name,
        law: VariableLaw::Assigned(parameter.value),
        span: parameter.span,
    })
}

fn variable(entry: &Entry, symbols: &Symbols) -> Option<Variable> {
    let everything = |item: Item| -> Option<Formula> { symbols.read(&item, Admit::Everything) };
    let law = if entry.item.is_table() {
        let table = entry.item.table()?;
        table.only(keys::VARIABLE);
        let initial = table.require("initial");
        let rate = table.require("rate");
        VariableLaw::Rate {
            initial: symbols.read(&initial?, Admit::Initial)?,
            rate: everything(rate?)?,
        }
    } else {
        VariableLaw::Assigned(everything(entry.item.clone())?)
    };
    Some(Variable {
        name: entry.key.to_owned(),
        law,
        span: entry.key_span,
    })
}

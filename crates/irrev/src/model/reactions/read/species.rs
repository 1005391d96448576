//! Compartments, and the species in them.

use super::super::super::diagnostic::{Fault, code};
use super::super::super::formula::Formula;
use super::super::super::reader::{Entry, Item, Table};
use super::super::symbols::{Admit, Symbols};
use super::super::{Compartment, Quantity, Role, Species};
use super::{conflict, keys};
use crate::expression::nearest_name;

const QUANTITIES: &[(Quantity, &str)] = &[
    (Quantity::Concentration, "concentration"),
    (Quantity::Amount, "amount"),
];

/// Dimensions of a compartment where the file does not say.
const DEFAULT_DIMENSIONS: u8 = 3;

pub(super) fn compartments(entries: &[Entry], symbols: &Symbols) -> Vec<Compartment> {
    let read = |entry: &Entry| {
        let (size, dimensions) = if entry.item.is_table() {
            let table = entry.item.table()?;
            table.only(keys::COMPARTMENT);
            let dimensions = match table.get("dimensions") {
                None => DEFAULT_DIMENSIONS,
                Some(item) => u8::try_from(item.integer(0..=3)?).ok()?,
            };
            (table.require("size")?, dimensions)
        } else {
            (entry.item.clone(), DEFAULT_DIMENSIONS)
        };
        Some(Compartment {
            name: entry.key.to_owned(),
            size: symbols.read(&size, Admit::Parameter)?,
            dimensions,
            span: entry.key_span,
        })
    };
    entries.iter().filter_map(read).collect()
}

pub(super) fn species(entries: &[Entry], symbols: &Symbols, compartments: &[Compartment]) -> Vec<Species> {
    let read = |entry: &Entry| {
        if entry.item.is_table() {
            described(entry, symbols, compartments)
        } else {
            plain(entry, symbols, compartments)
        }
    };
    entries.iter().filter_map(read).collect()
}

/// `X = 1.0`: an initial concentration.
fn plain(entry: &Entry, symbols: &Symbols, compartments: &[Compartment]) -> Option<Species> {
    let initial = symbols.read(&entry.item, Admit::Initial)?;
    let compartment = only_compartment(entry, compartments)?;
    let species = Species {
        name: entry.key.to_owned(),
        compartment,
        initial,
        initial_quantity: Quantity::Concentration,
        symbol: Quantity::Concentration,
        role: Role::Dynamic,
        standard_potential: None,
        doc: None,
        span: entry.key_span,
    };
    has_meaning(&species, compartments, &entry.item).then_some(species)
}

fn described(entry: &Entry, symbols: &Symbols, compartments: &[Compartment]) -> Option<Species> {
    let table = entry.item.table()?;
    table.only(keys::SPECIES);
    let symbol = match table.get("symbol") {
        None => Quantity::Concentration,
        Some(item) => item.choice(QUANTITIES)?,
    };
    let compartment = match table.get("compartment") {
        None => only_compartment(entry, compartments)?,
        Some(item) => Some(named_compartment(&item, compartments)?),
    };
    let (initial, initial_quantity, role) = value_and_role(&table, entry.key, symbols, symbol)?;
    let species = Species {
        name: entry.key.to_owned(),
        compartment,
        initial,
        initial_quantity,
        symbol,
        role,
        standard_potential: match table.get("standard_potential") {
            None => None,
            Some(item) => Some(symbols.read(&item, Admit::Time)?),
        },
        doc: table.string("doc"),
        span: entry.key_span,
    };
    has_meaning(&species, compartments, &entry.item).then_some(species)
}

/// The value at time 0, what it states, and how it goes on.
fn value_and_role(
    table: &Table,
    name: &str,
    symbols: &Symbols,
    symbol: Quantity,
) -> Option<(Formula, Quantity, Role)> {
    const VALUES: [(&str, Quantity); 5] = [
        ("initial", Quantity::Concentration),
        ("initial_amount", Quantity::Amount),
        ("chemostat", Quantity::Concentration),
        ("chemostat_amount", Quantity::Amount),
        // The formula of an assigned species is the value of its symbol, whatever that means.
        ("assigned", Quantity::Concentration),
    ];
    let stated: Vec<&(&str, Quantity)> = VALUES.iter().filter(|(key, _)| table.contains(key)).collect();
    let &[&(key, quantity)] = stated.as_slice() else {
        match stated.get(1) {
            Some((second, _)) => {
                let message = format!(
                    "the value of `{name}` is stated twice: `{}` and `{second}`",
                    stated[0].0
                );
                let help = "a species is dynamic (`initial`), held from outside (`chemostat`) or follows a formula (`assigned`)";
                conflict(table, second, message, help);
            }
            None => {
                let message = format!("the species `{name}` has no value");
                let fault = Fault::error(code::MISSING_KEY, table.span(), message);
                table
                    .findings()
                    .add(fault.help("give `initial` (or `initial_amount`), `chemostat` or `assigned`"));
            }
        }
        return None;
    };
    let value = table.get(key)?;
    let held = key.starts_with("chemostat");
    let rate = table.get("rate");
    if let (Some(_), true) = (&rate, held || key == "assigned") {
        let message = format!("`{name}` cannot have a `rate` beside `{key}`");
        conflict(
            table,
            "rate",
            message,
            "with a `rate`, give `initial` or `initial_amount`",
        );
        return None;
    }
    if held {
        let initial = symbols.read(&value, Admit::Constants)?;
        return Some((initial, quantity, Role::Chemostat));
    }
    if key == "assigned" {
        let formula = symbols.read(&value, Admit::Everything)?;
        return Some((formula.clone(), symbol, Role::Assigned(formula)));
    }
    let role = match rate {
        None => Role::Dynamic,
        Some(rate) => Role::Rate(symbols.read(&rate, Admit::Everything)?),
    };
    Some((symbols.read(&value, Admit::Initial)?, quantity, role))
}

/// The compartment of a species that names none: the only one, if there is one.
fn only_compartment(entry: &Entry, compartments: &[Compartment]) -> Option<Option<usize>> {
    match compartments.len() {
        0 => Some(None),
        1 => Some(Some(0)),
        _ => {
            let message = format!(
                "the species `{}` does not say in which compartment it is",
                entry.key
            );
            let fault = Fault::error(code::MISSING_KEY, entry.key_span, message);
            let example = format!(
                "as in `{} = {{ initial = 1.0, compartment = \"{}\" }}`",
                entry.key, compartments[0].name
            );
            entry.item.fault(fault.help(example));
            None
        }
    }
}

pub(super) fn named_compartment(item: &Item, compartments: &[Compartment]) -> Option<usize> {
    let name = item.string()?;
    let found = compartments
        .iter()
        .position(|compartment| compartment.name == name);
    if found.is_none() {
        let message = format!("`{}`: unknown compartment `{name}`", item.path);
        let near = nearest_name(
            name,
            compartments.iter().map(|compartment| compartment.name.as_str()),
        );
        item.fault(Fault::error(code::UNKNOWN_NAME, item.span, message).suggest(near));
    }
    found
}

/// Whether the species may be stated as it is: nothing is a concentration where there is no volume.
fn has_meaning(species: &Species, compartments: &[Compartment], item: &Item) -> bool {
    let flat = species
        .compartment
        .is_some_and(|index| compartments[index].dimensions == 0);
    let concentration = [species.initial_quantity, species.symbol].contains(&Quantity::Concentration);
    if flat && concentration {
        let message = format!(
            "`{}` is a concentration in a compartment without extent (`dimensions = 0`)",
            species.name
        );
        let help = "write `initial_amount` (or `chemostat_amount`) and `symbol = \"amount\"`";
        item.fault(Fault::error(code::CONFLICT, item.span, message).help(help));
    }
    !(flat && concentration)
}

//! Thermodynamics, system size, and what the author wants to know.

use std::collections::HashSet;

use super::super::super::Vocabulary;
use super::super::super::diagnostic::{Diagnostic, Fault, ModelError, code};
use super::super::super::environment::swept;
use super::super::super::evaluation::Faults;
use super::super::super::formula::Formula;
use super::super::super::read::is_new;
use super::super::super::read::outputs::{references, sweep_tables, sweep_values};
use super::super::super::read::tables;
use super::super::super::reader::{Item, Table};
use super::super::overrides::ReactionTarget;
use super::super::symbols::{Admit, Symbols};
use super::super::{Pairing, Powers, ReactionSweep, Reactions, Role, Treatment};
use super::{IRREVERSIBLE, PAIRING, POWERS, READING, UNSPLIT, keys};
use crate::expression::nearest_name;

/// Most trajectories to simulate for a report.
pub(in super::super) const MAXIMUM_TRAJECTORIES: u64 = 10_000_000;

/// What `[thermodynamics]` says.
pub(super) struct Thermodynamics {
    pub(super) temperature: Option<Formula>,
    pub(super) irreversible: Treatment,
    pub(super) unsplit: Treatment,
    pub(super) pairing: Pairing,
}

pub(super) fn thermodynamics(root: &Table, symbols: &Symbols) -> Thermodynamics {
    let mut found = Thermodynamics {
        temperature: None,
        irreversible: Treatment::Infinite,
        unsplit: Treatment::LeaveOut,
        // a model file says `<=>` where it means one reaction
        pairing: Pairing::Apart,
    };
    let Some(table) = root.get("thermodynamics").as_ref().and_then(Item::table) else {
        return found;
    };
    table.only(keys::THERMODYNAMICS);
    found.temperature = symbols.optional(&table, "temperature", Admit::Constants);
    if let Some(treatment) = table
        .get("irreversible")
        .and_then(|item| item.choice(IRREVERSIBLE))
    {
        found.irreversible = treatment;
    }
    if let Some(treatment) = table.get("unsplit").and_then(|item| item.choice(UNSPLIT)) {
        found.unsplit = treatment;
    }
    if let Some(pairing) = table.get("pairing").and_then(|item| item.choice(PAIRING)) {
        found.pairing = pairing;
    }
    found
}

pub(super) fn system_size(root: &Table, symbols: &Symbols) -> Option<Formula> {
    let table = root.get("volume").as_ref().and_then(Item::table)?;
    table.only(keys::VOLUME);
    symbols.read(&table.require("omega")?, Admit::Constants)
}

/// What `[stochastic]` says.
#[derive(Default)]
pub(super) struct Stochastic {
    pub(super) trajectories: Option<u64>,
    pub(super) powers: Powers,
}

pub(super) fn stochastic(root: &Table) -> Stochastic {
    let Some(table) = root.get("stochastic").as_ref().and_then(Item::table) else {
        return Stochastic::default();
    };
    table.only(keys::STOCHASTIC);
    let trajectories = table.get("trajectories");
    let powers = table.get("powers").and_then(|item| item.choice(POWERS));
    Stochastic {
        trajectories: trajectories.and_then(|item| item.integer(1..=MAXIMUM_TRAJECTORIES)),
        powers: powers.unwrap_or_default(),
    }
}

/// The notes on how the file was read that this one was written from.
pub(super) fn reading(root: &Table) -> Vec<Diagnostic> {
    let codes: Vec<(&'static str, &str)> = READING.iter().map(|code| (*code, *code)).collect();
    let read = |table: Table| {
        table.only(keys::READING);
        let code = table.require("code")?.choice(&codes)?;
        let fault = Fault::warning(code, table.span(), table.require("note")?.string()?);
        let fault = match table.get("help") {
            Some(help) => fault.help(help.string()?),
            None => fault,
        };
        Some(fault.in_file(table.findings().source()))
    };
    tables(root, "reading").into_iter().filter_map(read).collect()
}

/// The section through a limit cycle.
pub(super) fn section(root: &Table, symbols: &Symbols, spec: &Reactions) -> Option<(usize, Formula)> {
    let table = root.get("limit_cycle").as_ref().and_then(Item::table)?;
    table.only(keys::LIMIT_CYCLE);
    let (item, value) = (table.require("species"), table.require("value"));
    let (item, value) = (item?, value?);
    let name = item.string()?;
    let Some(index) = spec.species.iter().position(|species| species.name == name) else {
        let message = format!("`{}`: unknown species `{name}`", item.path);
        let near = nearest_name(name, spec.species.iter().map(|species| species.name.as_str()));
        item.fault(Fault::error(code::UNKNOWN_NAME, item.span, message).suggest(near));
        return None;
    };
    if matches!(spec.species[index].role, Role::Chemostat) {
        item.refuse(&format!("`{name}` is held from outside and crosses no value"));
        return None;
    }
    Some((index, symbols.read(&value, Admit::Constants)?))
}

/// The sweeps, with their values for the numbers of the file.
pub(super) fn sweeps(
    root: &Table,
    symbols: &Symbols,
    spec: &Reactions,
    slots: &[f64],
    vocabulary: &Vocabulary,
) -> Result<Vec<ReactionSweep>, ModelError> {
    let species = spec.species.iter().map(|species| species.name.as_str());
    let variables = spec.variables.iter().map(|variable| variable.name.as_str());
    let scalars = vocabulary.reactions.scalars.iter().copied();
    let known: Vec<&str> = scalars.chain(species).chain(variables).collect();
    let mut faults = Faults::new(&spec.source);
    let mut seen = HashSet::new();
    let read = |table: Table| {
        table.only(keys::SWEEP);
        let item = table.require("key")?;
        let key = item.string()?;
        match ReactionTarget::find(spec, key) {
            Ok(target) if target.is_number() => {}
            Ok(_) => {
                item.refuse(&format!("`{key}` is no number"));
                return None;
            }
            Err(near) => {
                let message = format!("no number of the model has the key `{key}`");
                item.fault(Fault::error(code::UNKNOWN_NAME, item.span, message).suggest(near.as_deref()));
                return None;
            }
        }
        is_new(&mut seen, key, "sweeps of the key", &item).then_some(())?;
        let values = sweep_values(&table, &|item: &Item| symbols.read(item, Admit::Constants))?;
        Some(ReactionSweep {
            key: key.to_owned(),
            values: swept(&values, slots, &mut faults),
            show: (table.get("show"))
                .map(|item| references(&item, &known))
                .unwrap_or_default(),
            span: table.span(),
        })
    };
    let sweeps = sweep_tables(root).into_iter().filter_map(read).collect();
    faults.stop_if_any()?;
    Ok(sweeps)
}

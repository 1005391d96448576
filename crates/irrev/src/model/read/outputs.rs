//! What the author wants to know: observables, derived numbers, cycles, sweeps, the report.

use std::collections::{HashMap, HashSet};

use super::super::Vocabulary;
use super::super::diagnostic::{Fault, code};
use super::super::formula::{Admit, Formula, Scope, TIME, refused_name};
use super::super::markov::{
    Cycle, Derived, Direction, Markov, Observable, Reference, Spacing, Sweep, SweepValues, Transition,
};
use super::super::overrides::Target;
use super::super::reader::{Item, Table};
use super::dynamics::SPACINGS;
use super::transitions::unknown;
use super::{MAXIMUM_POINTS, checked_name, is_new, keys, tables};
use crate::expression::{constant, nearest_name};

/// Most sweeps of a model; two make a grid.
const MAXIMUM_SWEEPS: usize = 2;

pub(super) fn observables(root: &Table, scope: &Scope, spec: &Markov) -> Vec<Observable> {
    let mut seen: HashSet<String> = scope.names().iter().cloned().collect();
    let transitions: HashMap<&str, usize> = spec
        .transitions
        .iter()
        .enumerate()
        .map(|(index, transition)| (transition.name.as_str(), index))
        .collect();
    let read = |table: Table| {
        table.only(keys::OBSERVABLE);
        let name = expression_name(&table, &mut seen)?;
        let mut weights = Vec::new();
        for entry in table.require("weights")?.table()?.entries() {
            match transitions.get(entry.key) {
                Some(&transition) => weights.push((transition, entry.item.formula(scope, Admit::Time)?)),
                None => {
                    let message = format!("unknown transition `{}`", entry.key);
                    let near = nearest_name(
                        entry.key,
                        spec.transitions.iter().map(|transition| transition.name.as_str()),
                    );
                    entry
                        .item
                        .fault(Fault::error(code::UNKNOWN_NAME, entry.key_span, message).suggest(near));
                }
            }
        }
        Some(Observable {
            name,
            unit: table.string("unit"),
            doc: table.string("doc"),
            weights,
            span: table.span(),
        })
    };
    tables(root, "observables").into_iter().filter_map(read).collect()
}

/// A name under which an expression may use the thing.
fn expression_name(table: &Table, seen: &mut HashSet<String>) -> Option<String> {
    let item = table.require("name")?;
    let name = item.string()?;
    if let Some(reason) = refused_name(name) {
        item.fault(Fault::error(code::BAD_NAME, item.span, reason));
        return None;
    }
    is_new(seen, name, "parameters, observables or derived quantities", &item).then(|| name.to_owned())
}

/// Every name that stands for a number among the results.
fn result_names(spec: &Markov, vocabulary: &Vocabulary) -> Vec<String> {
    let mut names: Vec<String> = spec
        .observables
        .iter()
        .map(|observable| observable.name.clone())
        .collect();
    names.extend(vocabulary.scalars.iter().map(|name| (*name).to_owned()));
    for reservoir in &spec.reservoirs {
        names.extend(
            vocabulary
                .scalars_per_reservoir
                .iter()
                .map(|prefix| format!("{prefix}_{}", reservoir.name)),
        );
    }
    for part in spec.parts() {
        names.extend(
            vocabulary
                .scalars_per_subsystem
                .iter()
                .map(|prefix| format!("{prefix}_{part}")),
        );
    }
    names
}

pub(super) fn derived(root: &Table, spec: &Markov, vocabulary: &Vocabulary) -> Vec<Derived> {
    let parameters = spec.parameters.iter().map(|parameter| parameter.name.clone());
    let results = result_names(spec, vocabulary);
    let mut seen: HashSet<String> = parameters
        .chain(spec.observables.iter().map(|observable| observable.name.clone()))
        .collect();
    // Results are names like parameters here, so the expression is read in a scope that has both.
    let mut names: Vec<String> = spec
        .parameters
        .iter()
        .map(|parameter| parameter.name.clone())
        .collect();
    names.extend(
        results
            .iter()
            .filter(|name| spec.parameters.position(name).is_none())
            .cloned(),
    );
    let mut scope = Scope::new(names);
    let mut depends_on_time = spec.parameters.time_dependence();
    depends_on_time.resize(scope.names().len(), false);
    scope.set_time_dependence(depends_on_time);
    let read = |table: Table| {
        table.only(keys::DERIVED);
        let name = expression_name(&table, &mut seen)?;
        let value = table.required_formula("value", &scope, Admit::Time)?;
        let inputs = (value
            .expression()
            .into_iter()
            .flat_map(|expression| expression.names()))
        .filter(|name| *name != TIME && spec.parameters.position(name).is_none() && constant(name).is_none())
        .map(str::to_owned)
        .collect();
        Some(Derived {
            name,
            value,
            inputs,
            unit: table.string("unit"),
            doc: table.string("doc"),
            symbol: table.string("symbol"),
            span: table.span(),
        })
    };
    tables(root, "derived").into_iter().filter_map(read).collect()
}

pub(super) fn cycles(root: &Table, spec: &Markov) -> Vec<Cycle> {
    let mut seen = HashSet::new();
    let read = |table: Table| {
        table.only(keys::CYCLE);
        let item = table.require("name")?;
        let name = checked_name(&item)?;
        is_new(&mut seen, &name, "cycles", &item).then_some(())?;
        let steps = match (table.get("states"), table.get("transitions")) {
            (Some(states), None) => steps_through_states(&states, spec)?,
            (None, Some(transitions)) => steps_through_transitions(&transitions, spec)?,
            _ => {
                let message = "a cycle is given either by `states` or by `transitions`";
                table
                    .findings()
                    .add(Fault::error(code::MISSING_KEY, table.span(), message));
                return None;
            }
        };
        Some(Cycle {
            name,
            steps,
            span: table.span(),
        })
    };
    tables(root, "cycles").into_iter().filter_map(read).collect()
}

fn broken(item: &Item, message: String, help: &str) {
    item.fault(Fault::error(code::BROKEN_CYCLE, item.span, message).help(help));
}

fn steps_through_states(item: &Item, spec: &Markov) -> Option<Vec<(usize, Direction)>> {
    let names = item.strings()?;
    if names.len() < 2 {
        broken(
            item,
            "a cycle has at least two states".to_owned(),
            "list each state once, the first not again at the end",
        );
        return None;
    }
    let mut states = Vec::new();
    for (name, element) in &names {
        let Some(state) = spec.state(name) else {
            unknown(
                element,
                "state",
                name,
                spec.states.iter().map(|state| state.name.as_str()),
            );
            return None;
        };
        states.push(state);
    }
    let mut steps = Vec::new();
    for (index, &from) in states.iter().enumerate() {
        let to = states[(index + 1) % states.len()];
        let joins = |transition: &Transition| {
            (transition.from, transition.to) == (from, to) || (transition.from, transition.to) == (to, from)
        };
        let mut channels = spec
            .transitions
            .iter()
            .enumerate()
            .filter(|(_, transition)| joins(transition));
        let path = format!("`{}` and `{}`", spec.states[from].name, spec.states[to].name);
        match (channels.next(), channels.next()) {
            (Some((channel, transition)), None) => {
                let direction = if transition.from == from {
                    Direction::Forward
                } else {
                    Direction::Backward
                };
                steps.push((channel, direction));
            }
            (None, _) => {
                broken(
                    item,
                    format!("no transition joins {path}"),
                    "the last state is joined with the first again",
                );
                return None;
            }
            (Some(_), Some(_)) => {
                broken(
                    item,
                    format!("several transitions join {path}"),
                    "give the cycle by `transitions`",
                );
                return None;
            }
        }
    }
    Some(steps)
}

fn steps_through_transitions(item: &Item, spec: &Markov) -> Option<Vec<(usize, Direction)>> {
    let names = item.strings()?;
    let mut steps = Vec::new();
    for (written, element) in &names {
        // A name that itself begins with a minus sign is found before the sign is taken as one.
        let forward = spec.transition(written).map(|index| (index, Direction::Forward));
        let backward = || {
            written
                .strip_prefix('-')
                .and_then(|name| spec.transition(name))
                .map(|index| (index, Direction::Backward))
        };
        let Some(step) = forward.or_else(backward) else {
            let name = written.strip_prefix('-').unwrap_or(written);
            unknown(
                element,
                "transition",
                name,
                spec.transitions.iter().map(|transition| transition.name.as_str()),
            );
            return None;
        };
        steps.push(step);
    }
    let ends = |&(index, direction): &(usize, Direction)| {
        let transition = &spec.transitions[index];
        match direction {
            Direction::Forward => (transition.from, transition.to),
            Direction::Backward => (transition.to, transition.from),
        }
    };
    if steps.is_empty() {
        broken(
            item,
            "the cycle has no transitions".to_owned(),
            "list them in order, with `-` before those passed backwards",
        );
        return None;
    }
    for (index, step) in steps.iter().enumerate() {
        let next = &steps[(index + 1) % steps.len()];
        let (reached, left) = (ends(step).1, ends(next).0);
        if reached != left {
            let (reached, left) = (&spec.states[reached].name, &spec.states[left].name);
            let message = format!(
                "step {} ends in `{reached}`, but the next begins in `{left}`",
                index + 1
            );
            broken(
                item,
                message,
                "write `-` before the name of a transition that is passed backwards",
            );
            return None;
        }
    }
    Some(steps)
}

/// The tables of `[[sweep]]`, as many as there may be.
pub(in super::super) fn sweep_tables<'a>(root: &Table<'a>) -> Vec<Table<'a>> {
    let mut sweeps = tables(root, "sweep");
    if let Some(third) = sweeps.get(MAXIMUM_SWEEPS) {
        let message = format!("found {} sweeps, expected at most {MAXIMUM_SWEEPS}", sweeps.len());
        third
            .findings()
            .add(Fault::error(code::OUT_OF_RANGE, third.span(), message));
    }
    sweeps.truncate(MAXIMUM_SWEEPS);
    sweeps
}

pub(super) fn sweeps(root: &Table, scope: &Scope, spec: &Markov, vocabulary: &Vocabulary) -> Vec<Sweep> {
    let mut seen = HashSet::new();
    let read = |table: Table| {
        table.only(keys::SWEEP);
        let item = table.require("key")?;
        let key = item.string()?;
        let target = match Target::find(spec, key) {
            Ok(target) => target,
            Err(near) => {
                let message = format!("no number of the model has the key `{key}`");
                item.fault(Fault::error(code::UNKNOWN_NAME, item.span, message).suggest(near.as_deref()));
                return None;
            }
        };
        is_new(&mut seen, key, "sweeps of the key", &item).then_some(())?;
        let values = sweep_values(&table, &|item: &Item| item.formula(scope, Admit::Constants))?;
        Some(Sweep {
            key: key.to_owned(),
            target,
            values,
            show: shown(&table, spec, vocabulary),
            span: table.span(),
        })
    };
    sweep_tables(root).into_iter().filter_map(read).collect()
}

/// The values of a sweep; `constant` reads a number that may not depend on time.
pub(in super::super) fn sweep_values(
    table: &Table,
    constant: &dyn Fn(&Item) -> Option<Formula>,
) -> Option<SweepValues> {
    if let Some(item) = table.get("values") {
        if let Some(span) = ["from", "to", "points", "spacing"]
            .into_iter()
            .find_map(|key| table.key_span(key))
        {
            let message = "a sweep has either `values` or `from`, `to` and `points`; this one has both";
            table.findings().add(Fault::error(code::CONFLICT, span, message));
            return None;
        }
        let elements = item.array()?;
        if elements.is_empty() || elements.len() > MAXIMUM_POINTS {
            item.refuse("found no values, expected at least one");
            return None;
        }
        let values: Option<Vec<Formula>> = elements.iter().map(constant).collect();
        return values.map(SweepValues::List);
    }
    let (from, to, points) = (
        table.require("from"),
        table.require("to"),
        table.require("points"),
    );
    let spacing = match table.get("spacing") {
        None => Spacing::Linear,
        Some(item) => item.choice(SPACINGS)?,
    };
    Some(SweepValues::Range {
        from: constant(&from?)?,
        to: constant(&to?)?,
        points: points?.count(2, MAXIMUM_POINTS)?,
        spacing,
    })
}

fn shown(table: &Table, spec: &Markov, vocabulary: &Vocabulary) -> Vec<Reference> {
    let mut known = result_names(spec, vocabulary);
    known.extend(spec.derived.iter().map(|derived| derived.name.clone()));
    known.extend(vocabulary.quantities.iter().map(|name| (*name).to_owned()));
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    table
        .get("show")
        .map(|item| references(&item, &known))
        .unwrap_or_default()
}

/// The sections to report; `known` are those there are.
pub(in super::super) fn report(root: &Table, known: &[&str]) -> Option<Vec<Reference>> {
    let table = root.get("report").as_ref().and_then(Item::table)?;
    table.only(keys::REPORT);
    Some(references(&table.get("quantities")?, known))
}

/// The names in a list, each of which must be known.
pub(in super::super) fn references(item: &Item, known: &[&str]) -> Vec<Reference> {
    let mut references = Vec::new();
    for (name, element) in item.strings().unwrap_or_default() {
        if known.contains(&name) {
            references.push(Reference {
                name: name.to_owned(),
                span: element.span,
            });
            continue;
        }
        let message = format!("`{}`: unknown quantity `{name}`", item.path);
        let fault = Fault::error(code::UNKNOWN_NAME, element.span, message);
        element.fault(match nearest_name(name, known.iter().copied()) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help(format!("known: {}", known.join(", "))),
        });
    }
    references
}

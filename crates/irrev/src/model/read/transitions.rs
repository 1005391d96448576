//! Transitions: which states they join, through which reservoir, and by what rates.

use std::collections::{HashMap, HashSet};

use super::super::diagnostic::{Fault, Findings, code};
use super::super::formula::{Admit, Formula, Scope};
use super::super::markov::{RateLaw, Rates, Reservoir, Rule, RuleKind, State, Transition};
use super::super::reader::{Item, Table};
use super::{checked_name, is_new, keys};
use crate::expression::nearest_name;

/// The names that transitions refer to.
struct Names<'a> {
    states: HashMap<&'a str, usize>,
    state_list: &'a [State],
    reservoirs: &'a [Reservoir],
}

pub(super) fn transitions(
    root: &Table,
    scope: &Scope,
    states: &[State],
    reservoirs: &[Reservoir],
) -> Vec<Transition> {
    let findings = root.findings();
    let Some(elements) = root.require("transitions").and_then(|item| item.array()) else {
        return Vec::new();
    };
    let names = Names {
        states: states
            .iter()
            .enumerate()
            .map(|(index, state)| (state.name.as_str(), index))
            .collect(),
        state_list: states,
        reservoirs,
    };
    let mut transitions = Vec::with_capacity(elements.len());
    let mut taken = HashSet::new();
    for element in &elements {
        if findings.is_full() {
            break;
        }
        let Some(table) = element.table() else { continue };
        table.only(keys::TRANSITION);
        let name = table.get("name").and_then(|item| {
            let name = checked_name(&item)?;
            is_new(&mut taken, &name, "transitions", &item).then_some(name)
        });
        if let Some(transition) = transition(&table, element, scope, &names, name) {
            transitions.push(transition);
        }
    }
    name_the_nameless(&mut transitions, taken, states, reservoirs);
    transitions
}

fn transition(
    table: &Table,
    element: &Item,
    scope: &Scope,
    names: &Names,
    name: Option<String>,
) -> Option<Transition> {
    let between = table.require("between").and_then(|item| between(&item, names));
    let reservoir = reservoir(table, names);
    let one_way = table.boolean("one_way").unwrap_or(false);
    let has_reservoir = table.contains("reservoir") || table.contains("bath");
    let admit = if has_reservoir {
        Admit::TimeAndTemperature
    } else {
        Admit::TimeWithoutReservoir
    };
    let law = law(table, scope, admit, one_way, has_reservoir);
    let force = table.formula("force", scope, admit);
    let (from, to) = between?;
    Some(Transition {
        name: name.unwrap_or_default(),
        from,
        to,
        reservoir: reservoir?,
        law: law?,
        force,
        one_way,
        span: element.span,
    })
}

fn between(item: &Item, names: &Names) -> Option<(usize, usize)> {
    let ends = item.strings()?;
    let [(first, first_item), (second, second_item)] = ends.as_slice() else {
        item.refuse(&format!(
            "found {} states, expected two: [\"from\", \"to\"]",
            ends.len()
        ));
        return None;
    };
    let from = state(first, first_item, names);
    let to = state(second, second_item, names);
    let (from, to) = (from?, to?);
    if from == to {
        let message = format!("a transition from `{first}` to itself changes nothing");
        item.fault(Fault::error(code::SELF_LOOP, item.span, message));
        return None;
    }
    Some((from, to))
}

fn state(name: &str, item: &Item, names: &Names) -> Option<usize> {
    let found = names.states.get(name).copied();
    if found.is_none() {
        unknown(
            item,
            "state",
            name,
            names.state_list.iter().map(|state| state.name.as_str()),
        );
    }
    found
}

/// Records a name that refers to nothing, with the nearest that refers to something.
pub(in crate::model) fn unknown<'a>(
    item: &Item,
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) {
    /// How many known names are compared.
    const COMPARED: usize = 10_000;
    let message = format!("unknown {what} `{name}`");
    let near = nearest_name(name, known.take(COMPARED));
    let fault = Fault::error(code::UNKNOWN_NAME, item.span, message).label(format!("no such {what}"));
    item.fault(fault.suggest(near));
}

/// The reservoir, if one is named. The outer `None` is a fault.
fn reservoir(table: &Table, names: &Names) -> Option<Option<usize>> {
    if let (true, Some(span)) = (table.contains("reservoir"), table.key_span("bath")) {
        let message = "`bath` is another name for `reservoir`; the transition has both";
        table.findings().add(Fault::error(code::CONFLICT, span, message));
        return None;
    }
    let Some(item) = table.get("reservoir").or_else(|| table.get("bath")) else {
        return Some(None);
    };
    let name = item.string()?;
    let found = names
        .reservoirs
        .iter()
        .position(|reservoir| reservoir.name == name);
    if found.is_none() {
        unknown(
            &item,
            "reservoir",
            name,
            names.reservoirs.iter().map(|reservoir| reservoir.name.as_str()),
        );
    }
    found.map(Some)
}

fn law(table: &Table, scope: &Scope, admit: Admit, one_way: bool, has_reservoir: bool) -> Option<RateLaw> {
    let findings = table.findings();
    match (table.get("rates"), table.get("rule")) {
        (Some(_), Some(_)) => {
            let span = table.key_span("rule").unwrap_or_default();
            let message = "a transition has either `rates` or a `rule`; this one has both";
            findings.add(Fault::error(code::CONFLICT, span, message));
            None
        }
        (None, None) => {
            let message =
                "a transition needs `rates = { forward = …, backward = … }` or `rule = { type = … }`";
            findings.add(Fault::error(code::MISSING_KEY, table.span(), message));
            None
        }
        (Some(item), None) => rates(&item.table()?, scope, admit, one_way),
        (None, Some(item)) => rule(&item.table()?, scope, admit, one_way, has_reservoir, findings),
    }
}

fn rates(table: &Table, scope: &Scope, admit: Admit, one_way: bool) -> Option<RateLaw> {
    table.only(keys::RATES);
    let one_way_fault = |message: &str, help: &str| {
        table
            .findings()
            .add(Fault::error(code::ONE_WAY, table.span(), message).help(help));
    };
    let is_zero = |key| table.get(key).is_some_and(|item| item.is_zero());
    let is_absent_or_zero = |key| !table.contains(key) || is_zero(key);
    if is_absent_or_zero("forward") && is_absent_or_zero("backward") {
        one_way_fault(
            "both rates are zero or missing: this transition never happens",
            "leave the transition out",
        );
        return None;
    }
    if is_zero("forward") {
        let message = "the forward rate is zero";
        one_way_fault(
            message,
            "a one-way transition is written from its start to its end: swap `between` and the rates, and add `one_way = true`",
        );
        return None;
    }
    if !one_way && is_absent_or_zero("backward") {
        let message = "the backward rate is zero or missing, which makes the entropy production infinite";
        one_way_fault(
            message,
            "give the backward rate, or say `one_way = true` if there really is no backward jump",
        );
        return None;
    }
    let forward = table.required_formula("forward", scope, admit);
    let backward = match table.contains("backward") {
        true => Some(table.formula("backward", scope, admit)?),
        false => None,
    };
    Some(RateLaw::Rates(Box::new(Rates {
        forward: forward?,
        backward,
    })))
}

fn rule(
    table: &Table,
    scope: &Scope,
    admit: Admit,
    one_way: bool,
    has_reservoir: bool,
    findings: &Findings,
) -> Option<RateLaw> {
    table.only(keys::RULE);
    if one_way {
        let message = "a `rule` gives both directions, so the transition cannot be `one_way`";
        findings.add(
            Fault::error(code::ONE_WAY, table.span(), message).help("use `rates`, or leave `one_way` out"),
        );
    }
    if !has_reservoir {
        let message = "a `rule` needs the temperature of a reservoir, and this transition names none";
        findings
            .add(Fault::error(code::MISSING_KEY, table.span(), message).help("add `reservoir = \"NAME\"`"));
        return None;
    }
    let kind = table.require("type")?.choice(&RuleKind::ALL)?;
    let optional = |key: &str| -> Option<Option<Formula>> {
        match table.get(key) {
            None => Some(None),
            Some(item) => item.formula(scope, admit).map(Some),
        }
    };
    let only_for = |key: &str, owner: RuleKind| {
        if let (Some(span), true) = (table.key_span(key), kind != owner) {
            let message = format!(
                "`{key}` belongs to the rule \"{}\", not to \"{}\"",
                owner.name(),
                kind.name()
            );
            findings.add(Fault::error(code::UNKNOWN_KEY, span, message));
        }
    };
    only_for("barrier", RuleKind::Arrhenius);
    only_for("load", RuleKind::Symmetric);
    if kind == RuleKind::Arrhenius {
        table.require("barrier")?;
    }
    let (prefactor, barrier, load) = (optional("prefactor")?, optional("barrier")?, optional("load")?);
    Some(RateLaw::Rule(Box::new(Rule {
        kind,
        prefactor,
        barrier,
        load,
    })))
}

/// Gives `a→b`, or `a→b (reservoir)`, to transitions without a name; numbers what is taken.
pub(in crate::model) fn name_the_nameless(
    transitions: &mut [Transition],
    mut taken: HashSet<String>,
    states: &[State],
    reservoirs: &[Reservoir],
) {
    // Only such characters in the names of states can make the names of different channels equal.
    let is_ambiguous = states.iter().any(|state| state.name.contains(['→', '#', '(']));
    let mut used: HashMap<(usize, usize, Option<usize>), usize> = HashMap::new();
    for transition in transitions
        .iter_mut()
        .filter(|transition| transition.name.is_empty())
    {
        let mut plain = format!("{}→{}", states[transition.from].name, states[transition.to].name);
        if let Some(reservoir) = transition.reservoir {
            plain = format!("{plain} ({})", reservoirs[reservoir].name);
        }
        // The count goes on from the last number used, so that many equal names take linear time.
        let count = used
            .entry((transition.from, transition.to, transition.reservoir))
            .or_insert(0);
        transition.name = loop {
            *count += 1;
            let name = if *count == 1 {
                plain.clone()
            } else {
                format!("{plain} #{count}")
            };
            let is_free = if is_ambiguous {
                taken.insert(name.clone())
            } else {
                !taken.contains(&name)
            };
            if is_free {
                break name;
            }
        };
    }
}

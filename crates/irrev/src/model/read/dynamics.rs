//! Where the dynamics begins, at which times it is wanted, and how its driving goes on.

use super::super::diagnostic::{Fault, code};
use super::super::formula::{Admit, Formula, Scope};
use super::super::markov::{Initial, InitialDistribution, Markov, Protocol, Spacing, TimeGrid, TimeSpacing};
use super::super::reader::{Item, Table};
use super::transitions::unknown;
use super::{MAXIMUM_POINTS, keys};
use crate::expression::nearest_name;

/// Number of times where `[time]` does not say.
const DEFAULT_POINTS: usize = 201;

pub(super) const SPACINGS: &[(Spacing, &str)] = &[(Spacing::Linear, "linear"), (Spacing::Logarithmic, "log")];

pub(in super::super) fn seed(root: &Table) -> Option<u64> {
    let table = root.get("random").as_ref().and_then(Item::table)?;
    table.only(keys::RANDOM);
    table.require("seed")?.integer(0..=u64::MAX)
}

pub(super) fn initial(root: &Table, scope: &Scope, spec: &Markov) -> Option<Initial> {
    let table = root.get("initial").as_ref().and_then(Item::table)?;
    table.only(keys::INITIAL);
    let item = table.require("distribution")?;
    let distribution = if item.is_table() {
        listed(&item, scope, spec)?
    } else {
        worded(&item, spec)?
    };
    Some(Initial {
        distribution,
        span: item.span,
    })
}

fn worded(item: &Item, spec: &Markov) -> Option<InitialDistribution> {
    let word = item.string()?;
    if let Some(name) = word.strip_prefix("gibbs:") {
        let found = spec.reservoir(name);
        if found.is_none() {
            unknown(
                item,
                "reservoir",
                name,
                spec.reservoirs.iter().map(|reservoir| reservoir.name.as_str()),
            );
        }
        return found.map(InitialDistribution::Gibbs);
    }
    match word {
        "uniform" => Some(InitialDistribution::Uniform),
        "stationary" => Some(InitialDistribution::Stationary),
        _ => {
            let message = format!(
                "`{}`: found `{word}`, expected \"uniform\", \"stationary\", \"gibbs:RESERVOIR\" or a table of probabilities",
                item.path
            );
            let near = nearest_name(word, ["uniform", "stationary"]);
            item.fault(Fault::error(code::OUT_OF_RANGE, item.span, message).suggest(near));
            None
        }
    }
}

fn listed(item: &Item, scope: &Scope, spec: &Markov) -> Option<InitialDistribution> {
    let mut probabilities = Vec::new();
    for entry in item.table()?.entries() {
        match spec.state(entry.key) {
            Some(state) => probabilities.push((state, entry.item.formula(scope, Admit::Constants)?)),
            None => {
                let message = format!("unknown state `{}` in `{}`", entry.key, item.path);
                let near = nearest_name(entry.key, spec.states.iter().map(|state| state.name.as_str()));
                item.fault(Fault::error(code::UNKNOWN_NAME, entry.key_span, message).suggest(near));
                return None;
            }
        }
    }
    Some(InitialDistribution::Table(probabilities))
}

/// The times of `[time]`; `constant` reads a number that may not depend on time.
pub(in super::super) fn time(root: &Table, constant: &dyn Fn(&Item) -> Option<Formula>) -> Option<TimeGrid> {
    let table = root.get("time").as_ref().and_then(Item::table)?;
    table.only(keys::TIME);
    let end = constant(&table.require("end")?)?;
    let points = match table.get("points") {
        None => DEFAULT_POINTS,
        Some(item) => item.count(2, MAXIMUM_POINTS)?,
    };
    let spacing = match table.get("spacing") {
        None => Spacing::Linear,
        Some(item) => item.choice(SPACINGS)?,
    };
    let spacing = match (spacing, table.get("start")) {
        (Spacing::Linear, None) => TimeSpacing::Linear,
        (Spacing::Linear, Some(item)) => {
            let message = "`time.start` belongs to `spacing = \"log\"`; linear times start at 0";
            item.fault(Fault::error(code::CONFLICT, item.span, message));
            return None;
        }
        (Spacing::Logarithmic, Some(item)) => TimeSpacing::Logarithmic(constant(&item)?),
        (Spacing::Logarithmic, None) => {
            let message = "missing key `start` in `time`: logarithmic times need a first one that is not 0";
            table
                .findings()
                .add(Fault::error(code::MISSING_KEY, table.span(), message));
            return None;
        }
    };
    Some(TimeGrid {
        end,
        points,
        spacing,
        span: table.span(),
    })
}

pub(super) fn protocol(root: &Table, scope: &Scope, spec: &Markov) -> Option<Protocol> {
    let table = root.get("protocol").as_ref().and_then(Item::table)?;
    table.only(keys::PROTOCOL);
    let findings = table.findings();
    if !spec.is_driven() {
        let message = "[protocol] has no effect: no energy, rate or reservoir depends on the time `t`";
        findings.add(Fault::warning(code::NO_EFFECT, table.span(), message));
    }
    match (table.get("period"), table.get("duration")) {
        (Some(period), None) => period.formula(scope, Admit::Constants).map(Protocol::Period),
        (None, Some(duration)) => duration.formula(scope, Admit::Constants).map(Protocol::Duration),
        (None, None) => {
            findings.add(Fault::error(
                code::MISSING_KEY,
                table.span(),
                "[protocol] needs a `period` or a `duration`",
            ));
            None
        }
        (Some(_), Some(duration)) => {
            let message = "[protocol] has either a `period` or a `duration`; this one has both";
            findings.add(Fault::error(code::CONFLICT, duration.span, message));
            None
        }
    }
}

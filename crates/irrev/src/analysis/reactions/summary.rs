//! The plain-language summary on top: how irreversible, and where it dissipates.

use irrev_network::Flow;
use irrev_report::{Report, readable_number};

use super::context::{Context, shortened};
use crate::error::Result;

/// An entropy production rate below this part of the activity is rounding.
const ROUNDING: f64 = 1e-11;

/// Reactions named.
const NAMED: usize = 4;

/// Adds the summary.
///
/// # Errors
/// Whatever evaluation of the flow reports.
pub(crate) fn add(context: &Context<'_>, report: &mut Report) -> Result<()> {
    sentences(context, report)?;
    caveat(context, report);
    Ok(())
}

fn sentences(context: &Context<'_>, report: &mut Report) -> Result<()> {
    if let Some(reason) = context.no_thermodynamics() {
        report.push_summary(Report::HOW_IRREVERSIBLE, format!("Not decided: {reason}."));
        return Ok(());
    }
    let Some(quantity) = report.quantity("entropy_production_rate") else {
        if let Err(error) = context.attractor() {
            let sentence = match error {
                irrev_network::Error::Accumulation { .. } | irrev_network::Error::Unbounded { .. } => {
                    format!("In the long run {error}.")
                }
                _ => format!("Not decided in the long run: {error}."),
            };
            report.push_summary(Report::HOW_IRREVERSIBLE, sentence);
        }
        if report
            .quantity("entropy_production")
            .is_some_and(|q| q.value.is_infinite())
        {
            let budget = context.evolution.as_ref().and_then(|e| e.budget.as_ref());
            let names = budget.map_or_else(Vec::new, |budget| context.counted_names(&budget.one_way));
            report.push_summary(
                Report::HOW_IRREVERSIBLE,
                format!(
                    "Infinitely, as the model is written: {} without a reverse rate on the way ({}).",
                    counted(names.len(), "reaction runs", "reactions run"),
                    shortened(&names)
                ),
            );
        }
        return Ok(());
    };
    let (rate, unit) = (quantity.value, context.units.entropy_rate());
    let number = |x: f64| readable_number(x, 4);
    if rate.is_infinite() {
        let names = where_it_settles(context)?;
        report.push_summary(
            Report::HOW_IRREVERSIBLE,
            format!(
                "Infinitely, as the model is written: {} of {} without a reverse rate ({}). Give them one (`keq`), or leave them \
                 out by name (`thermodynamics.irreversible=leave-out`).",
                names.len(),
                counted(
                    context.chemistry.system.counted().len(),
                    "reaction runs",
                    "reactions run"
                ),
                shortened(&names)
            ),
        );
        return Ok(());
    }
    if let Some(cycle) = context.cycle() {
        let budget = &cycle.budget;
        report.push_summary(
            Report::HOW_IRREVERSIBLE,
            format!(
                "It settles on a limit cycle of period {} {} and produces {} {unit} on average; of the {} of one turn, {:.2} % move the \
                 state (excess), the rest circulates.",
                number(cycle.period),
                context.units.time(),
                number(rate),
                number(budget.entropy_production),
                100.0 * budget.excess / budget.entropy_production
            ),
        );
        return Ok(());
    }
    let Some(steady) = context.steady() else {
        return Ok(());
    };
    let flow = context
        .chemistry
        .system
        .flow(0.0, &steady.amounts)
        .map_err(|e| context.fail(e))?;
    if rate <= ROUNDING * flow.activity() {
        report.push_summary(Report::HOW_IRREVERSIBLE, at_rest(context, &flow));
        return Ok(());
    }
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!("In the steady state it produces {} {unit}.", number(rate)),
    );
    let names = context.reaction_names();
    let per_reaction = flow.entropy_production_rate_per_edge();
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&a, &b| per_reaction[b].total_cmp(&per_reaction[a]));
    let parts: Vec<String> = order
        .iter()
        .take(NAMED)
        .filter(|e| per_reaction[**e] > 0.0)
        .map(|&e| format!("{} {:.1} %", names[e], 100.0 * per_reaction[e] / rate))
        .collect();
    report.push_summary(
        Report::WHERE_IT_DISSIPATES,
        format!("By reaction: {}.", parts.join(", ")),
    );
    Ok(())
}

/// Names of the reactions that run one way only in the steady state or on the limit cycle.
fn where_it_settles<'a>(context: &'a Context<'_>) -> Result<Vec<&'a str>> {
    if let Some(cycle) = context.cycle() {
        return Ok(context.counted_names(&cycle.budget.one_way));
    }
    let Some(steady) = context.steady() else {
        return Ok(Vec::new());
    };
    let flow = context.chemistry.system.flow(0.0, &steady.amounts);
    let flow = flow.map_err(|e| context.fail(e))?;
    Ok(context.counted_names(&flow.one_way_edges()))
}

/// What a steady state is that produces no entropy: an equilibrium only if every reaction has both directions, and counts.
fn at_rest(context: &Context<'_>, flow: &Flow) -> String {
    let (mut one_way, left_out) = (context.one_way(), context.left_out());
    // a law may have two directions of which one is zero at the numbers of the model: the way to the rest has shown it
    let budget = context.evolution.as_ref().and_then(|e| e.budget.as_ref());
    let seen = budget.map_or_else(Vec::new, |budget| context.counted_names(&budget.one_way));
    one_way.extend(seen);
    one_way.sort_unstable();
    one_way.dedup();
    let others = match flow.activity() == 0.0 {
        true => "nothing reacts any more",
        false => "the other reactions are in equilibrium",
    };
    if !one_way.is_empty() {
        return format!(
            "It comes to rest, which is no equilibrium: {} run dry ({}), and {others}. The entropy produced on the way is infinite, as the \
             model is written.",
            counted(one_way.len(), "one-way reaction has", "one-way reactions have"),
            shortened(&one_way)
        );
    }
    if !left_out.is_empty() {
        return format!(
            "Not decided: in the steady state the reactions that count produce no entropy up to rounding; {} ({}).",
            counted(
                left_out.len(),
                "reaction that drives the motion is left out",
                "reactions that drive the motion are left out"
            ),
            shortened(&left_out)
        );
    }
    if flow.activity() == 0.0 {
        return "Not at all in the steady state: nothing reacts there.".to_owned();
    }
    "Not at all in the steady state: it is an equilibrium, and produces no entropy up to rounding.".to_owned()
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What a finite number rests on, where one-way reactions were joined in pairs.
fn caveat(context: &Context<'_>, report: &mut Report) {
    let rate = report
        .quantity("entropy_production_rate")
        .map_or(f64::INFINITY, |q| q.value);
    let paired = context
        .environment
        .spec()
        .reactions
        .iter()
        .filter(|r| r.paired.is_some());
    let names: Vec<&str> = paired.map(|r| r.name.as_str()).collect();
    if names.is_empty() || rate.is_infinite() {
        return;
    }
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "The number holds only if {} pair{} of one-way reactions ({}) {} the two directions of one process each, as they are read; if \
             they are different processes, such as a kinase and a phosphatase, the model does not say how irreversible it is \
             (`--set thermodynamics.pairing=apart` takes them so).",
            names.len(),
            if names.len() == 1 { "" } else { "s" },
            shortened(&names),
            if names.len() == 1 { "is" } else { "are" },
        ),
    );
}

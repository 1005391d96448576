//! The plain-language summary on top: how irreversible, and where it dissipates.

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
                irrev_network::Error::Accumulation { .. } => format!("In the long run {error}."),
                _ => format!("Not decided in the long run: {error}."),
            };
            report.push_summary(Report::HOW_IRREVERSIBLE, sentence);
        }
        if report
            .quantity("entropy_production")
            .is_some_and(|q| q.value.is_infinite())
        {
            let names = context.one_way();
            report.push_summary(
                Report::HOW_IRREVERSIBLE,
                format!(
                    "Infinitely, as the model is written: {} reactions have no reverse rate ({}).",
                    names.len(),
                    shortened(&names)
                ),
            );
        }
        return Ok(());
    };
    let (rate, unit) = (quantity.value, context.units.entropy_rate());
    let number = |x: f64| readable_number(x, 4);
    if rate.is_infinite() {
        let names = context.one_way();
        report.push_summary(
            Report::HOW_IRREVERSIBLE,
            format!(
                "Infinitely, as the model is written: {} of {} reactions have no reverse rate ({}). Give them one (`keq`), or leave them \
                 out by name (`thermodynamics.irreversible=leave-out`).",
                names.len(),
                context.chemistry.system.counted().len(),
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
        report.push_summary(
            Report::HOW_IRREVERSIBLE,
            "Not at all in the steady state: it is an equilibrium, and produces no entropy up to rounding.",
        );
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

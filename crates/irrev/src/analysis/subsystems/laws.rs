//! The second law of every part, in the stationary state and at the start.

use irrev_network::information::parts::{PartLaw, SecondLaws, second_laws};
use irrev_numerics::sum::compensated_sum;
use irrev_report::{Axis, Bars, Bound, Check, Figure, Report, Table, readable_number};

use super::WHO_PAYS;
use super::definitions::{
    ENVIRONMENT_FLOW, INFORMATION_FLOW, PART_ENTROPY_PRODUCTION, TOTAL_CORRELATION, TOTAL_CORRELATION_RATE,
};
use crate::analysis::context::Context;
use crate::analysis::steady_state::MOST_BARS;
use crate::error::Result;

pub(super) fn stationary(context: &Context<'_>, laws: &SecondLaws, report: &mut Report) {
    for part in &laws.parts {
        for (definition, value) in [
            (&PART_ENTROPY_PRODUCTION, part.entropy_production_rate),
            (&INFORMATION_FLOW, part.information_flow),
            (&ENVIRONMENT_FLOW, part.environment_flow),
        ] {
            let quantity = context.quantity(definition, value);
            let mut quantity = quantity.named(format!("{}_{}", definition.name, part.name));
            if !part.one_way.is_empty() {
                quantity = quantity.with_note(format!("one-way flux along {}", some_of(&part.one_way)));
            }
            report.push_quantity(quantity);
        }
    }
    report.push_quantity(context.quantity(&TOTAL_CORRELATION, laws.total_correlation));
    report.push_table(table(
        context,
        laws,
        "subsystems",
        "Second law of each subsystem in the stationary state: σ = environment + own entropy − information ≥ 0",
    ));
    figure(context, laws, report);
    sentences(context, laws, report);
    if laws.entropy_production_rate.is_finite() {
        checks(context, laws, report);
    }
}

/// The same at the initial distribution, where correlations change.
pub(super) fn at_the_start(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let fail = |e| context.fail(e);
    let laws = second_laws(&context.system.kinetics, &context.initial).map_err(fail)?;
    report.push_quantity(context.quantity(&TOTAL_CORRELATION_RATE, laws.total_correlation_rate));
    report.push_table(table(
        context,
        &laws,
        "subsystems_at_start",
        "Second law of each subsystem at the initial distribution: σ = environment + own entropy − information ≥ 0",
    ));
    let p = context.initial.probabilities();
    if laws.entropy_production_rate.is_finite() && p.iter().all(|p| *p > 0.0) {
        let flow = context.system.kinetics.flow(&context.initial).map_err(fail)?;
        let whole = compensated_sum(flow.rate_of_change().iter().zip(p).map(|(v, p)| -v * p.ln()));
        let own = compensated_sum(laws.parts.iter().map(|part| part.marginal_entropy_rate));
        report.push_check(Check::new(
            "correlation_at_start",
            "|Σ İ_k − (Σ dS_k/dt − dS/dt)| at the initial distribution",
            (laws.total_correlation_rate - (own - whole)).abs(),
            2.0 * rounding(&laws),
        ));
    }
    Ok(())
}

fn table(context: &Context<'_>, laws: &SecondLaws, name: &str, caption: &str) -> Table {
    let unit = context.units.entropy_rate();
    let column = |of: fn(&PartLaw) -> f64| laws.parts.iter().map(of).collect::<Vec<f64>>();
    Table::new(name, caption)
        .text(
            "subsystem",
            laws.parts.iter().map(|part| part.name.clone()).collect(),
        )
        .numbers(
            "entropy_production_rate",
            unit.clone(),
            column(|p| p.entropy_production_rate),
        )
        .numbers("environment_flow", unit.clone(), column(|p| p.environment_flow))
        .numbers(
            "own_entropy_rate",
            unit.clone(),
            column(|p| p.marginal_entropy_rate),
        )
        .numbers("information_flow", unit, column(|p| p.information_flow))
        .numbers("activity", context.units.per_time(), column(|p| p.activity))
}

fn figure(context: &Context<'_>, laws: &SecondLaws, report: &mut Report) {
    let finite = laws
        .parts
        .iter()
        .all(|p| p.environment_flow.is_finite() && p.information_flow.is_finite());
    if !finite || laws.parts.len() > MOST_BARS {
        return;
    }
    let column = |of: fn(&PartLaw) -> f64| laws.parts.iter().map(of).collect::<Vec<f64>>();
    let names = laws.parts.iter().map(|p| {
        format!(
            "{} (σ = {})",
            p.name,
            readable_number(p.entropy_production_rate, 3)
        )
    });
    let bars = Bars::new(
        "subsystem",
        Axis::new(
            "contribution to its entropy production",
            context.units.entropy_rate(),
        ),
        names.collect(),
    );
    report.push_figure(Figure::new(
        "second_laws",
        "The second law of each subsystem",
        "What a subsystem delivers to its surroundings and what it loses of the information that it shares add up to its entropy production σ, which is never \
         negative. A bar below zero at the surroundings is a demon, paid for by information.",
        bars.group("to its surroundings", column(|p| p.environment_flow))
            .group("own entropy", column(|p| p.marginal_entropy_rate))
            .group("information lost", column(|p| -p.information_flow))
            .stacked(),
    ));
}

/// Who lives on information and who gathers it.
fn sentences(context: &Context<'_>, laws: &SecondLaws, report: &mut Report) {
    let unit = context.units.entropy_rate();
    let number = |x: f64| readable_number(x, 4);
    let gathering: Vec<String> = laws
        .parts
        .iter()
        .filter(|part| part.information_flow > part.rounding)
        .map(|part| part.name.clone())
        .collect();
    let mut any = false;
    for demon in laws.demons() {
        any = true;
        report.push_summary(
            WHO_PAYS,
            format!(
                "{} is a demon: its surroundings lose {} {unit}, which it pays with {} {unit} of information gathered by {}.",
                demon.name,
                number(-demon.environment_flow),
                number(-demon.information_flow),
                some_of(&gathering)
            ),
        );
    }
    if any {
        return;
    }
    let sentence = match laws
        .parts
        .iter()
        .filter(|part| part.information_flow > part.rounding)
        .max_by(|a, b| a.information_flow.total_cmp(&b.information_flow))
    {
        None => "No information flows between the subsystems.".to_owned(),
        Some(part) => format!(
            "No subsystem is a demon. {} learns at a rate of {} {unit} and delivers {} {unit} to its surroundings for it.",
            part.name,
            number(part.information_flow),
            number(part.environment_flow)
        ),
    };
    report.push_summary(WHO_PAYS, sentence);
}

fn checks(context: &Context<'_>, laws: &SecondLaws, report: &mut Report) {
    let states = context.network().states().len() as f64;
    let all = rounding(laws);
    // the part whose identity is worst for its size
    let defect = |part: &&PartLaw| (part.second_law_slack - part.entropy_production_rate).abs();
    let worst = laws
        .parts
        .iter()
        .max_by(|a, b| (defect(a) / a.rounding).total_cmp(&(defect(b) / b.rounding)));
    if let Some(part) = worst {
        report.push_check(Check::new(
            "second_law_of_parts",
            format!(
                "|environment + own entropy − information − σ|, worst for {}",
                part.name
            ),
            defect(&part),
            part.rounding,
        ));
    }
    let sum = compensated_sum(laws.parts.iter().map(|part| part.entropy_production_rate));
    report.push_check(Check::new(
        "parts_of_the_dissipation",
        "|Σ σ_k − entropy production rate|",
        (sum - laws.entropy_production_rate).abs(),
        all,
    ));
    report.push_check(Check::new(
        "information_flows",
        "|Σ İ_k| in the stationary state",
        laws.total_correlation_rate.abs(),
        // and the rounding of the stationary state itself
        states.max(8.0) * all,
    ));
    for part in &laws.parts {
        let left = part.environment_flow + part.marginal_entropy_rate;
        report.push_bound(
            Bound::at_least(
                format!("part_second_law_{}", part.name),
                format!(
                    "environment + own entropy + rounding ≥ information flow of {}",
                    part.name
                ),
                left + part.rounding,
                part.information_flow,
            )
            .in_unit(context.units.entropy_rate())
            .assuming("every jump changes one subsystem"),
        );
    }
}

/// What rounding may have left in the flows of all parts together.
pub(super) fn rounding(laws: &SecondLaws) -> f64 {
    laws.parts.iter().map(|part| part.rounding).sum()
}

/// A list of names, cut short.
fn some_of(names: &[String]) -> String {
    const MOST: usize = 5;
    let shown = names[..names.len().min(MOST)].join(", ");
    if names.len() > MOST {
        shown + " and others"
    } else {
        shown
    }
}

//! The plain-language summary on top: how irreversible, and where it dissipates.

use irrev_network::energetics::Engine;
use irrev_report::{Report, readable_number};

use super::context::Context;

/// Part of the whole that counts as most of it.
const MOST: f64 = 0.8;

/// An entropy production rate below this part of the activity is rounding.
const ROUNDING: f64 = 1e-13;

pub(super) fn add(context: &Context<'_>, report: &mut Report) {
    let Some(flow) = &context.stationary_flow else {
        if let Err(error) = &context.stationary
            && !context.environment.spec().is_driven()
        {
            report.push_summary(Report::HOW_IRREVERSIBLE, format!("Not decided: {error}."));
        }
        return;
    };
    if report.quantity("entropy_production_rate").is_none() {
        return;
    }
    let units = &context.units;
    let number = |x: f64| readable_number(x, 4);
    let (rate, activity) = (flow.entropy_production_rate(), flow.activity());
    let unit = units.entropy_rate();
    if rate.is_infinite() {
        let edges = flow.one_way_edges().len();
        report.push_summary(
            Report::HOW_IRREVERSIBLE,
            format!(
                "Infinitely: {edges} of {} transitions carry flux one way only.",
                context.network().edges().len()
            ),
        );
        return;
    }
    if rate <= ROUNDING * activity {
        let left_behind = context.system.kinetics.one_way_edges();
        let sentence = if left_behind.is_empty() {
            "Not at all in the stationary state: it obeys detailed balance, and produces no entropy up to rounding.".into()
        } else {
            let names = left_behind[..left_behind.len().min(5)].join(", ");
            format!(
                "Not at all in the stationary state, where no current flows; getting there is: {names} cannot be undone."
            )
        };
        report.push_summary(Report::HOW_IRREVERSIBLE, sentence);
        return;
    }
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "In the stationary state it produces {} {unit}, that is {} nats per jump: after {} {} a movie of it can be told from \
             its reverse at odds of e.",
            number(rate),
            number(rate / activity),
            number(1.0 / rate),
            units.time(),
        ),
    );
    if let Some(relaxation) = &context.relaxation
        && relaxation.entropy_production.is_finite()
        && relaxation.entropy_production > 0.0
    {
        report.push_summary(
            Report::HOW_IRREVERSIBLE,
            format!(
                "Over the interval followed from the initial distribution it produces {} nats, of which {:.0} % move the state (excess).",
                number(relaxation.entropy_production),
                100.0 * relaxation.excess / relaxation.entropy_production
            ),
        );
    }
    let mut order: Vec<(usize, f64)> = flow
        .entropy_production_rate_per_edge()
        .into_iter()
        .enumerate()
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut sum = 0.0;
    let mut top = Vec::new();
    for (e, value) in order {
        sum += value;
        top.push(format!(
            "{} ({:.0} %)",
            context.network().edges()[e].name,
            100.0 * value / rate
        ));
        if sum >= MOST * rate || top.len() == 5 {
            break;
        }
    }
    report.push_summary(
        Report::WHERE_IT_DISSIPATES,
        format!("Mostly in {}.", top.join(", ")),
    );
    if let Some((names, cycles)) = &context.cycles
        && names.len() > 1
    {
        let mut parts: Vec<(String, f64)> = names
            .iter()
            .zip(cycles.currents.iter().zip(&cycles.affinities))
            .map(|(name, (j, a))| (name.clone(), j * a))
            .collect();
        parts.sort_by(|a, b| b.1.total_cmp(&a.1));
        let shown: Vec<String> = parts
            .iter()
            .take(4)
            .map(|(name, value)| format!("{name} {} {unit}", number(*value)))
            .collect();
        report.push_summary(
            Report::WHERE_IT_DISSIPATES,
            format!("By cycle: {}.", shown.join(", ")),
        );
    }
    for sentence in &context.stalls {
        report.push_summary(Report::WHERE_IT_DISSIPATES, sentence.clone());
    }
    match context.engine {
        Some(Engine::HeatEngine {
            power,
            efficiency,
            carnot,
        }) => report.push_summary(
            Report::WHERE_IT_DISSIPATES,
            format!(
                "It is a heat engine: {} {} at {:.1} % efficiency, {:.0} % of Carnot's {:.1} %.",
                number(power),
                units.power(),
                100.0 * efficiency,
                100.0 * efficiency / carnot,
                100.0 * carnot
            ),
        ),
        Some(Engine::Refrigerator {
            coefficient_of_performance,
            carnot,
            ..
        }) => report.push_summary(
            Report::WHERE_IT_DISSIPATES,
            format!(
                "It is a refrigerator with coefficient of performance {} (Carnot: {}).",
                number(coefficient_of_performance),
                number(carnot)
            ),
        ),
        _ => {}
    }
}

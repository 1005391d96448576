//! The plain-language summary on top: how irreversible, and why.

use irrev_report::{Report, readable_number};

use super::context::Context;

/// Distance to the critical temperature within which a network counts as nearly critical.
const NEAR: f64 = 0.1;

/// An entropy production per spin below this is rounding.
const ROUNDING: f64 = 1e-11;

/// Adds the summary.
pub(crate) fn add(context: &Context<'_>, report: &mut Report) {
    let number = |x: f64| readable_number(x, 4);
    let unit = context.per_time("nats");
    let size = context.sizes().last().copied().unwrap_or(0);
    let one = size == 1;
    if let Some(known) = &context.enumerated {
        report.push_summary(
            Report::HOW_IRREVERSIBLE,
            if known.entropy_production.abs() <= ROUNDING {
                "Within the rounding of its numbers the network is in equilibrium: no entropy is produced."
                    .to_owned()
            } else {
                format!(
                    "{}, all of whose states were enumerated, {} {} {unit} per spin.",
                    if one {
                        "The one spin".to_owned()
                    } else {
                        format!("The {size} spins")
                    },
                    if one { "produces" } else { "produce" },
                    number(known.entropy_production)
                )
            },
        );
    }
    if let Some(simulated) = &context.simulated {
        let production = simulated.entropy_production;
        report.push_summary(
            Report::HOW_IRREVERSIBLE,
            format!(
                "Simulated, {}, {} {} ± {} {unit} per spin.",
                context.method(),
                if one {
                    "one spin produces".to_owned()
                } else {
                    format!("{size} spins produce")
                },
                number(production.value),
                readable_number(production.standard_error, 2)
            ),
        );
    }
    if let Some(known) = &context.infinite {
        report.push_summary(
            Report::HOW_IRREVERSIBLE,
            format!(
                "Infinitely many spins of this kind produce {} {unit} per spin.",
                number(known.entropy_production)
            ),
        );
        if let Some(sentence) = &context.draw_beside_infinite {
            report.push_summary(Report::HOW_IRREVERSIBLE, sentence.clone());
        }
        if known.alternates {
            report.push_summary(Report::HOW_IRREVERSIBLE, alternation(report));
        } else {
            report.push_summary(Report::WHERE_IT_DISSIPATES, scenario(report, known.magnetization));
        }
    }
}

/// Between which magnetisations parallel updates alternate.
fn alternation(report: &Report) -> String {
    let value = |name: &str| report.quantity(name).map_or(f64::NAN, |quantity| quantity.value);
    format!(
        "Their negative mean coupling turns the magnetisation over at every step, alternating between {} and {}; numbers are means over both steps.",
        readable_number(value("infinite_even_magnetization"), 4),
        readable_number(value("infinite_odd_magnetization"), 4)
    )
}

/// What a large entropy production is due to.
fn scenario(report: &Report, magnetization: f64) -> String {
    let number = |x: f64| readable_number(x, 3);
    let value = |name: &str| report.quantity(name).map(|quantity| quantity.value);
    let conditional = value("infinite_conditional_entropy").unwrap_or(f64::NAN);
    let phase = if magnetization == 0.0 {
        "disordered"
    } else {
        "ordered"
    };
    match value("distance_to_criticality") {
        Some(distance) if distance.abs() < NEAR => format!(
            "The network is {phase} and nearly critical (β/β_c − 1 = {}): spins of it fluctuate together, with a conditional entropy of {} nats.",
            number(distance),
            number(conditional)
        ),
        Some(distance) => format!(
            "The network is {phase}, away from its critical point (β/β_c − 1 = {}); the conditional entropy is {} nats of ln 2 = 0.693.",
            number(distance),
            number(conditional)
        ),
        None => format!(
            "The network has no critical point; it is {phase}, and the conditional entropy, {} nats of ln 2 = 0.693, says how random its motion is.",
            number(conditional)
        ),
    }
}

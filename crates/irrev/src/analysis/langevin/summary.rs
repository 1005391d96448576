//! The plain-language summary on top: how irreversible is the motion, and how slow?

use irrev_report::{Report, readable_estimate};

use super::context::Context;

/// Entropy production below this is none.
const NOTHING: f64 = 1e-9;

/// Adds the summary.
pub(crate) fn add(context: &Context<'_>, report: &mut Report) {
    let value = |name: &str| {
        report
            .quantity(name)
            .map(|quantity| (quantity.value, quantity.error.unwrap_or(0.0)))
    };
    let mut sentences = Vec::new();
    if let Some((production, error)) = value("continuum_entropy_production_rate") {
        sentences.push(if production.abs() <= NOTHING.max(error) {
            "The stationary motion is in equilibrium: it makes no entropy.".to_owned()
        } else {
            format!(
                "The stationary motion makes entropy at a rate of {} {}.",
                readable_estimate(production, Some(error)),
                context.units.entropy_rate()
            )
        });
    }
    if let Some((rate, error)) = value("relaxation_rate").filter(|(rate, error)| *rate > 3.0 * error) {
        sentences.push(format!(
            "{} at a rate of {} {} or faster.",
            if context.has_absorbing_end() {
                "What is not absorbed yet decays"
            } else {
                "Distributions go to the stationary one"
            },
            readable_estimate(rate, Some(error)),
            context.units.per_time()
        ));
    }
    for sentence in sentences {
        report.push_summary(Report::HOW_IRREVERSIBLE, sentence);
    }
}

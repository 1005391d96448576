//! The plain-language summary on top: does the second law hold for this one state?

use irrev_report::{Report, readable_number};

use super::context::Context;

/// Entropy production above minus this is not negative.
const ROUNDING: f64 = 1e-9;

/// Adds the summary.
pub(crate) fn add(context: &Context<'_>, report: &mut Report) {
    let named = |name: &str, place: usize| {
        let name = format!("{name}{}", context.suffix(place));
        report.quantity(&name).map(|quantity| quantity.value)
    };
    let number = |x: f64| readable_number(x, 4);
    let end = context.values.times.last().copied().unwrap_or(0.0);
    let mut irreversible = Vec::new();
    let mut theorem = Vec::new();
    for place in 0..context.values.couplings.len() {
        let coupling = context.coupling(place);
        if let (Some(production), Some(lowest)) = (
            named("quantum_entropy_production", place),
            named("lowest_entropy_production", place),
        ) {
            let law = if lowest >= -ROUNDING {
                "and never less than zero before".to_owned()
            } else {
                format!(
                    "but {} at its lowest: the second law is violated there",
                    number(lowest)
                )
            };
            irreversible.push(format!(
                "With a hopping of {coupling} to the bath, {} nats are produced by t = {}, {law}.",
                number(production),
                context.units.lasting(end)
            ));
        }
        if let Some(departure) = named("largest_departure", place) {
            theorem.push(format!("{} (hopping {coupling})", number(departure)));
        }
    }
    for sentence in irreversible {
        report.push_summary(Report::HOW_IRREVERSIBLE, sentence);
    }
    if !theorem.is_empty() {
        report.push_summary(
            Report::HOW_IRREVERSIBLE,
            format!(
                "The fluctuation theorem ⟨e^−σ⟩ = 1 is kept within {}.",
                theorem.join(", ")
            ),
        );
    }
}

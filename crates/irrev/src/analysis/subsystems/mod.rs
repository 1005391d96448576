//! Section: the second law of each subsystem, and the information that flows between them.

mod definitions;
mod laws;
mod looks;
mod orders;
mod scalars;
mod views;

pub(super) use definitions::{INFORMATION_FLOW, PART_ENTROPY_PRODUCTION, all as definitions};
pub(super) use scalars::{Flows, SCALARS};

use irrev_network::information::parts::second_laws;
use irrev_report::Report;

use super::context::Context;
use crate::error::Result;

/// Heading of the summary.
pub(super) const WHO_PAYS: &str = "Who pays";

/// Most parts whose subsets are looked at.
const MOST_PARTS: usize = 8;

/// Why there is no second law of parts, or `None` if there is one.
pub(super) fn obstacle(context: &Context<'_>) -> Option<String> {
    let pi = context.stationary.as_ref().ok()?;
    match context.network().subsystems().len() {
        0 => Some("its states have no labels, and so no parts (`labels = { PART = \"VALUE\" }`)".into()),
        1 => Some("its states have one label only, and a single part is the whole".into()),
        _ => second_laws(&context.system.kinetics, pi)
            .err()
            .map(|error| error.to_string()),
    }
}

/// # Errors
/// As the quantities of `information::parts` and `information::chain`.
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let (pi, flow) = context.steady()?;
    let laws = second_laws(&context.system.kinetics, pi).map_err(|e| context.fail(e))?;
    laws::stationary(context, &laws, report);
    if context.environment.spec().initial.is_some() {
        laws::at_the_start(context, report)?;
    }
    let number = laws.parts.len();
    if (3..=MOST_PARTS).contains(&number) {
        orders::add(context, (flow, pi), &laws, report)?;
    }
    views::add(context, (flow, pi), &laws, report)?;
    if let Some(interval) = context.environment.interval_between_looks()? {
        looks::add(context, pi, &laws, interval, report)?;
    }
    Ok(())
}

//! Section: the initial state against the steady state — the excess of Glansdorff and Prigogine, and what its sign says.

use irrev_network::information::stability::{AgainstSteadyState, Motion, reaction_stability};
use irrev_report::{Check, Report, Table, readable_number};

use super::super::definitions::{DIVERGENCE, FISHER_INFORMATION_RATE, STABILITY_EXCESS};
use super::context::Context;
use crate::error::Result;

/// Heading of the summary.
const WHERE_TO: &str = "Where it goes";

/// Accepted relative deviation of the excess from what it must be.
const EQUAL: f64 = 1e-9;

/// The initial state against the steady state, or why that cannot be told.
fn found(context: &Context<'_>) -> Option<irrev_network::Result<AgainstSteadyState>> {
    let steady = context.steady()?;
    Some(reaction_stability(
        &context.chemistry.system,
        &context.chemistry.initial,
        steady,
    ))
}

/// Why the section cannot be computed, where the motion comes to rest.
pub(super) fn obstacle(context: &Context<'_>) -> Option<String> {
    match found(context)? {
        Err(error) => Some(error.to_string()),
        Ok(against) if against.excess.motion() == Ok(Motion::Neither) => {
            Some("it begins in its steady state".into())
        }
        Ok(_) => None,
    }
}

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(against) = found(context) else {
        return Ok(());
    };
    let against = against.map_err(|e| context.fail(e))?;
    let excess = &against.excess;
    let unit = context.units.entropy_rate();
    report.push_quantity(context.quantity(&STABILITY_EXCESS, excess.resolved.excess));
    report.push_quantity(context.quantity(&DIVERGENCE, excess.divergence_decay));
    let (_, species) = context.species_axis();
    let cubed = context.units.apply("1/time³").replacen('1', &species, 1);
    report.push_quantity(
        context
            .quantity(&FISHER_INFORMATION_RATE, against.fisher_information_rate)
            .in_unit(cubed),
    );
    if !excess.parallel.is_empty() {
        report.push_table(
            Table::new(
                "parallel_reactions",
                "Sums over reactions one by one, and with those that change the state alike taken for one: only the first test stability",
            )
            .text("sum over", vec!["reactions".into(), "reactions taken together".into()])
            .numbers("excess", &unit, vec![excess.resolved.excess, excess.lumped.excess])
            .numbers(
                "entropy_production_rate",
                &unit,
                vec![
                    excess.resolved.entropy_production_rate,
                    excess.lumped.entropy_production_rate,
                ],
            ),
        );
    }
    let sentence = match excess.motion() {
        Err(no_test) => {
            report.push_warning(format!("Excess of Glansdorff and Prigogine: {no_test}."));
            return Ok(());
        }
        Ok(Motion::Approaching) => "At the start it approaches its steady state",
        Ok(_) => "At the start it still goes away from its steady state",
    };
    report.push_summary(
        WHERE_TO,
        format!(
            "{sentence}: the excess of Glansdorff and Prigogine is {} {unit}.",
            readable_number(excess.resolved.excess, 4)
        ),
    );
    report.push_check(Check::new(
        "excess_and_divergence",
        "|Σ (J − J°)(F − F°) + dD/dt|",
        (excess.resolved.excess - excess.divergence_decay).abs(),
        EQUAL * excess.size,
    ));
    Ok(())
}

//! The subsystems looked at from time to time: entropy production, transfer of information and interaction of one step.

use irrev_network::information::chain::{MarkovChain, StepOfParts, integrated_information, step_of_parts};
use irrev_network::information::parts::SecondLaws;
use irrev_network::information::product::ProductSpace;
use irrev_network::{Distribution, MarkovJump};
use irrev_report::{Bound, Check, Report, Table};

use super::definitions::{
    INTEGRATED_INFORMATION, NONADDITIVITY, SAMPLED_ENTROPY_PRODUCTION, STOCHASTIC_INTERACTION,
};
use crate::analysis::context::Context;
use crate::error::Result;

/// Most states whose step is a dense matrix here.
const MOST_STATES: usize = 1024;

/// Most states for which the integrated information is minimised.
const MOST_INTEGRATED: usize = 64;

pub(super) fn add(
    context: &Context<'_>,
    pi: &Distribution,
    laws: &SecondLaws,
    interval: f64,
    report: &mut Report,
) -> Result<()> {
    let fail = |e| context.fail(e);
    let space = ProductSpace::of(context.network()).map_err(fail)?;
    let sizes = space.sizes();
    if space.holes() != 0.0 || space.states() > MOST_STATES {
        let reason = if space.holes() == 0.0 {
            format!("{} states are more than {MOST_STATES}", space.states())
        } else {
            format!(
                "{} combinations of labels are no states, and a step back may lead to any of them",
                space.holes()
            )
        };
        report.push_warning(format!(
            "The subsystems are not looked at from time to time, as `[subsystems] interval` asks: {reason}."
        ));
        return Ok(());
    }
    let (process, p) = row_major(context, &space, pi).map_err(fail)?;
    let chain = MarkovChain::sampled(&process, interval).map_err(fail)?;
    let step = step_of_parts(&chain, &sizes, &p).map_err(fail)?;
    tables(context, laws, &step, interval, report);
    let whole = step.total.divergence / interval;
    report.push_quantity(context.quantity(&SAMPLED_ENTROPY_PRODUCTION, whole));
    if let Some(nonadditivity) = step.nonadditivity {
        report.push_quantity(context.quantity(&NONADDITIVITY, nonadditivity / interval));
    }
    report.push_quantity(context.quantity(&STOCHASTIC_INTERACTION, step.stochastic_interaction));
    let rounding = 64.0 * (space.states() as f64) * f64::EPSILON;
    if laws.entropy_production_rate.is_finite() {
        report.push_bound(
            Bound::at_least(
                "dissipation_between_looks",
                "entropy production rate + rounding ≥ entropy production between two looks per time",
                laws.entropy_production_rate + rounding / interval,
                whole,
            )
            .in_unit(context.units.entropy_rate())
            .assuming("the stationary state"),
        );
    }
    report.push_check(Check::new(
        "step_of_the_stationary_state",
        "|entropy change of the whole in a step of the stationary state|",
        step.total.entropy_change.abs(),
        rounding,
    ));
    if space.states() <= MOST_INTEGRATED {
        match integrated_information(&chain, &sizes, &p) {
            Ok(found) => report.push_quantity(
                context
                    .quantity(&INTEGRATED_INFORMATION, found.value)
                    .certified(found.gap),
            ),
            Err(error) => report.push_warning(format!("The integrated information is missing: {error}.")),
        }
    }
    Ok(())
}

/// The process with its states in row-major order of the labels.
fn row_major(
    context: &Context<'_>,
    space: &ProductSpace,
    pi: &Distribution,
) -> irrev_network::Result<(MarkovJump, Distribution)> {
    let sizes = space.sizes();
    let place = |z: usize| {
        space
            .tuple(z)
            .iter()
            .zip(&sizes)
            .fold(0, |place, (label, size)| place * size + label)
    };
    let kinetics = &context.system.kinetics;
    let edges = context.network().edges().iter();
    let rates = kinetics.forward_rate().iter().zip(kinetics.backward_rate());
    let channels: Vec<(usize, usize, f64, f64)> = edges
        .zip(rates)
        .map(|(edge, (&forward, &backward))| (place(edge.from), place(edge.to), forward, backward))
        .collect();
    let mut p = vec![0.0; space.states()];
    for (z, &probability) in pi.probabilities().iter().enumerate() {
        p[place(z)] = probability;
    }
    Ok((MarkovJump::from_rates(p.len(), &channels)?, Distribution::new(p)?))
}

fn tables(context: &Context<'_>, laws: &SecondLaws, step: &StepOfParts, interval: f64, report: &mut Report) {
    let unit = context.units.entropy_rate();
    let names: Vec<String> = laws.parts.iter().map(|part| part.name.clone()).collect();
    let rate = |values: &[f64]| values.iter().map(|value| value / interval).collect::<Vec<f64>>();
    report.push_table(
        Table::new(
            "subsystems_from_time_to_time",
            format!(
                "Subsystems looked at every {}: entropy production and what each receives, per time",
                context.units.lasting(interval)
            ),
        )
        .text("subsystem", names.clone())
        .numbers(
            "entropy_production_between_looks",
            unit.clone(),
            rate(&step.partial),
        )
        .numbers(
            "entropy_production_rate",
            unit.clone(),
            laws.parts
                .iter()
                .map(|part| part.entropy_production_rate)
                .collect(),
        )
        .numbers("information_received", unit.clone(), rate(&step.received)),
    );
    let mut table = Table::new(
        "transfer_entropy",
        "Transfer entropy from each subsystem (rows) to each (columns) between two looks, per time",
    )
    .text("from", names.clone());
    for (k, name) in names.iter().enumerate() {
        let into: Vec<f64> = step.transfer_entropy.iter().map(|from| from[k]).collect();
        table = table.numbers(format!("to {name}"), unit.clone(), rate(&into));
    }
    report.push_table(table);
}

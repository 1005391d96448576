//! Section: how the steady entropy production answers to changed rates.

use irrev_network::reactions::response::steady_response;
use irrev_report::{Axis, Bars, Check, Figure, Report, Table};

use super::context::Context;
use crate::error::Result;

/// Reactions shown as bars; of more, those with the largest responses.
const BARS: usize = 25;

/// Roundings of every one-way flux that may add up.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(steady) = context.steady() else {
        return Ok(());
    };
    let system = &context.chemistry.system;
    let response = steady_response(system, steady).map_err(|e| context.fail(e))?;
    let names: Vec<String> = system.reactions().iter().map(|r| r.name.clone()).collect();
    let unit = context.units.entropy_rate();
    let barrier: Vec<f64> = response
        .forward
        .iter()
        .zip(&response.backward)
        .map(|(a, b)| a + b)
        .collect();
    report.push_table(
        Table::new(
            "response",
            "Change of the steady entropy production rate per relative change of a one-way flux; the last column scales both directions",
        )
        .text("reaction", names.clone())
        .numbers("forward", &unit, response.forward.clone())
        .numbers("backward", &unit, response.backward.clone())
        .numbers("both", &unit, barrier.clone()),
    );
    let mut order: Vec<usize> = (0..names.len()).collect();
    let size = |r: usize| response.forward[r].abs().max(response.backward[r].abs());
    order.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
    order.truncate(BARS);
    let pick = |values: &[f64]| order.iter().map(|&r| values[r]).collect::<Vec<_>>();
    report.push_figure(Figure::new(
        "response",
        "What the dissipation depends on",
        "dΣ̇/d ln j: change of the steady entropy production rate when one direction of a reaction, or both, are made faster.",
        Bars::new(
            "reaction",
            Axis::new("dΣ̇/d ln j", unit),
            order.iter().map(|&r| names[r].clone()).collect(),
        )
        .group("forward", pick(&response.forward))
        .group("backward", pick(&response.backward))
        .group("both", pick(&barrier)),
    ));
    let sum: f64 = response.forward.iter().chain(&response.backward).sum();
    let scale: f64 = response
        .forward
        .iter()
        .chain(&response.backward)
        .map(|v| v.abs())
        .sum();
    let activity = system
        .flow(0.0, &steady.amounts)
        .map_err(|e| context.fail(e))?
        .activity();
    report.push_check(Check::new(
        "response_sum_rule",
        "|Σ responses − Σ̇|: scaling all rates rescales time",
        (sum - response.entropy_production_rate).abs(),
        // at equilibrium all responses vanish, and what is left is the rounding of one-way fluxes
        1e-8 * scale + 1e-12 * response.entropy_production_rate + ROUNDING * activity,
    ));
    Ok(())
}

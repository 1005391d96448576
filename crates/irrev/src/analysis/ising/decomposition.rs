//! Section: updates one at a time as a jump process: excess and housekeeping of the start.

use irrev_network::decomposition::{geometric_decomposition, hatano_sasa_decomposition};
use irrev_report::{Check, Report, Table};

use super::super::definitions::{
    ADIABATIC, GEOMETRIC_EXCESS, GEOMETRIC_HOUSEKEEPING, INITIAL_ENTROPY_PRODUCTION_RATE, NONADIABATIC,
};
use super::context::Context;
use crate::error::{Error, Result};
use crate::spins::{independent_spins, jump_process};

/// Accepted relative deviation of a sum of parts from the whole.
const PARTS: f64 = 1e-9;

/// # Errors
/// Those of the jump process and of its splits.
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(network) = context.network()? else {
        return Ok(());
    };
    let model = context.environment.spec().source.name().to_owned();
    let fail = |error| Error::network(&model, error);
    context
        .run
        .report(0.0, "splitting the flow between all states")
        .map_err(|e| context.fail(e.into()))?;
    let process = jump_process(&network)?;
    let magnetization = context.values.initial_magnetization;
    let start = independent_spins(network.spins(), magnetization)?;
    let pi = process.stationary_distribution().map_err(fail)?;
    let flow = process.flow(&start).map_err(fail)?;
    let rate = flow.entropy_production_rate();
    let note = format!(
        "of the whole network, from independent spins with magnetisation {magnetization} (`initial.magnetization`)"
    );
    report.push_quantity(
        context
            .quantity(&INITIAL_ENTROPY_PRODUCTION_RATE, rate)
            .with_note(note),
    );
    let split = hatano_sasa_decomposition(&process, &start, &pi).map_err(fail)?;
    report.push_quantity(context.quantity(&NONADIABATIC, split.nonadiabatic));
    report.push_quantity(context.quantity(&ADIABATIC, split.adiabatic));
    let tolerance = PARTS * rate + 64.0 * f64::EPSILON * flow.activity();
    if rate.is_finite() {
        let geometric = geometric_decomposition(&flow).map_err(fail)?;
        report.push_quantity(context.quantity(&GEOMETRIC_EXCESS, geometric.excess));
        report.push_quantity(context.quantity(&GEOMETRIC_HOUSEKEEPING, geometric.housekeeping));
        let unit = context.units.entropy_rate();
        report.push_table(
            Table::new(
                "decomposition",
                "Excess and housekeeping of the whole network at the start",
            )
            .text("split", ["Hatano–Sasa", "geometric"].map(String::from).to_vec())
            .numbers("excess", unit.clone(), vec![split.nonadiabatic, geometric.excess])
            .numbers(
                "housekeeping",
                unit,
                vec![split.adiabatic, geometric.housekeeping],
            ),
        );
        report.push_check(Check::new(
            "geometric_split",
            "|excess + housekeeping − entropy production rate|",
            (geometric.excess + geometric.housekeeping - rate).abs(),
            tolerance,
        ));
        report.push_check(Check::new(
            "hatano_sasa_split",
            "|adiabatic + nonadiabatic − entropy production rate|",
            (split.adiabatic + split.nonadiabatic - rate).abs(),
            tolerance,
        ));
    }
    let stationary = process.flow(&pi).map_err(fail)?;
    if let Some(enumerated) = context.enumerated {
        let expected = enumerated.entropy_production * network.spins() as f64;
        report.push_check(Check::new(
            "network_and_spins",
            "entropy production rate by channels of the jump process and by turns of the spins",
            (stationary.entropy_production_rate() - expected).abs(),
            PARTS * expected.abs() + 64.0 * f64::EPSILON * stationary.activity(),
        ));
    }
    Ok(())
}

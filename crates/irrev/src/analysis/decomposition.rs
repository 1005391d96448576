//! Section: excess and housekeeping at the initial distribution, by three definitions.

use irrev_network::decomposition::{
    geometric_decomposition, hatano_sasa_decomposition, information_geometric_decomposition,
};
use irrev_report::{Check, Report, Table};

use super::context::Context;
use super::definitions::{
    ADIABATIC, GEOMETRIC_EXCESS, GEOMETRIC_HOUSEKEEPING, INFORMATION_GEOMETRIC_EXCESS,
    INITIAL_ENTROPY_PRODUCTION_RATE, NONADIABATIC,
};
use crate::error::Result;

/// Accepted relative deviation of a sum of parts from the whole.
const PARTS: f64 = 1e-10;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let kinetics = &context.system.kinetics;
    let (pi, _) = context.steady()?;
    let fail = |e| context.fail(e);
    let flow = kinetics.flow(&context.initial).map_err(fail)?;
    let rate = flow.entropy_production_rate();
    let mut at_start = context.quantity(&INITIAL_ENTROPY_PRODUCTION_RATE, rate);
    if !rate.is_finite() {
        at_start = at_start.with_note(
            "infinite, integrably so, because the initial distribution leaves states empty; the geometric \
             splits at the very start are left out, their integrals over time are reported",
        );
    }
    report.push_quantity(at_start);
    let adiabatic = hatano_sasa_decomposition(kinetics, &context.initial, pi).map_err(fail)?;
    report.push_quantity(context.quantity(&NONADIABATIC, adiabatic.nonadiabatic));
    report.push_quantity(context.quantity(&ADIABATIC, adiabatic.adiabatic));
    if !rate.is_finite() {
        return Ok(());
    }
    let scale = rate.max(f64::MIN_POSITIVE);
    // rounding of the fluxes themselves limits what a sum of parts can show
    let floor = 64.0 * f64::EPSILON * flow.activity();
    let geometric = geometric_decomposition(&flow).map_err(fail)?;
    report.push_quantity(context.quantity(&GEOMETRIC_EXCESS, geometric.excess));
    report.push_quantity(context.quantity(&GEOMETRIC_HOUSEKEEPING, geometric.housekeeping));
    let information = information_geometric_decomposition(&flow).map_err(fail)?;
    report.push_quantity(
        context
            .quantity(&INFORMATION_GEOMETRIC_EXCESS, information.excess)
            .with_note(format!(
                "certified: the primal problem gives at most {} more",
                irrev_report::readable_number(information.gap, 4)
            )),
    );
    report.push_table(
        Table::new(
            "decomposition",
            "Excess and housekeeping at the initial distribution",
        )
        .text(
            "split",
            ["Hatano–Sasa", "information-geometric", "geometric"]
                .map(String::from)
                .to_vec(),
        )
        .numbers(
            "excess",
            context.units.entropy_rate(),
            vec![adiabatic.nonadiabatic, information.excess, geometric.excess],
        )
        .numbers(
            "housekeeping",
            context.units.entropy_rate(),
            vec![
                adiabatic.adiabatic,
                information.housekeeping,
                geometric.housekeeping,
            ],
        ),
    );
    let deviation = |sum: f64| (sum - rate).abs();
    let tolerance = PARTS * scale + floor;
    report.push_check(Check::new(
        "geometric_split",
        "|excess + housekeeping − entropy production rate|",
        deviation(geometric.excess + geometric.housekeeping),
        tolerance,
    ));
    report.push_check(Check::new(
        "hatano_sasa_split",
        "|adiabatic + nonadiabatic − entropy production rate|",
        deviation(adiabatic.adiabatic + adiabatic.nonadiabatic),
        tolerance,
    ));
    report.push_check(Check::new(
        "duality_gap",
        "primal − dual of the information-geometric excess",
        information.gap,
        1e-9 * scale + floor,
    ));
    Ok(())
}

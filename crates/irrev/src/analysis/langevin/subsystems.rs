//! Section: the second law of each coordinate, and the information that flows between them.

use irrev_landscape::fokker_planck::GridProcess;
use irrev_numerics::special::log_ratio;
use irrev_report::{Check, Report, Table, readable_estimate};

use super::context::Context;
use crate::analysis::subsystems::{INFORMATION_FLOW, PART_ENTROPY_PRODUCTION, WHO_PAYS};
use crate::error::Result;

/// Up to which the information flows sum to zero, relative to the entropy production.
const BALANCED: f64 = 1e-8;

/// Of each coordinate: its entropy production, then the entropy that flows into its bath.
fn numbers(process: &GridProcess) -> irrev_landscape::Result<Vec<f64>> {
    let kinetics = process.kinetics();
    let flow = kinetics.flow(&kinetics.stationary_distribution()?)?;
    let dimension = process.axes().len();
    let mut found = vec![0.0; 2 * dimension];
    for ((ahead, back), edge) in flow.fluxes().zip(process.edges()) {
        let current = ahead - back;
        found[edge.axis] += current * log_ratio(ahead, back);
        // the work along an edge is in units of the temperature of its own bath
        found[dimension + edge.axis] -= current * edge.work;
    }
    Ok(found)
}

/// # Errors
/// As [`Context::extrapolated`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let axes = context.even_axes()?;
    let found = context.extrapolated(&axes, |process| {
        let mut found = numbers(process)?;
        let dimension = process.axes().len();
        let flows: Vec<f64> = (0..dimension).map(|i| found[dimension + i] - found[i]).collect();
        found.extend(flows);
        Ok(found)
    })?;
    let names: Vec<String> = context.names().iter().map(|name| (*name).to_owned()).collect();
    let d = names.len();
    for (i, name) in names.iter().enumerate() {
        for (definition, of) in [
            (&PART_ENTROPY_PRODUCTION, &found[i]),
            (&INFORMATION_FLOW, &found[2 * d + i]),
        ] {
            let quantity = context.of_grids(definition, of);
            report.push_quantity(quantity.named(format!("{}_{name}", definition.name)));
        }
        let (bath, flow) = (&found[d + i], &found[2 * d + i]);
        if bath.value < -bath.error {
            report.push_summary(
                WHO_PAYS,
                format!(
                    "The bath of {name} loses entropy at a rate of {0} {unit}: {name} is a demon that the information of {1} {unit} pays, which the others gather.",
                    readable_estimate(-bath.value, Some(bath.error)),
                    readable_estimate(-flow.value, Some(flow.error)),
                    unit = context.units.entropy_rate()
                ),
            );
        }
    }
    let on_finest = |of: std::ops::Range<usize>| found[of].iter().map(|f| f.on_grids[2]).sum::<f64>();
    let whole = on_finest(0..d);
    report.push_check(Check::new(
        "information_flows",
        "|Σ İ_i| on the finest grid, relative to the entropy production",
        if whole > 1e-12 {
            on_finest(2 * d..3 * d).abs() / whole
        } else {
            0.0
        },
        BALANCED,
    ));
    let column = |from: usize| {
        found[from..from + d]
            .iter()
            .map(|f| f.value)
            .collect::<Vec<f64>>()
    };
    let unit = context.units.entropy_rate();
    report.push_table(
        Table::new(
            "subsystems",
            "Second law of each coordinate in the stationary state: σ_i = entropy into its bath − information flow ≥ 0",
        )
        .text("coordinate", names)
        .numbers("entropy production", &unit, column(0))
        .numbers("entropy into the bath", &unit, column(d))
        .numbers("information flow", unit, column(2 * d)),
    );
    Ok(())
}

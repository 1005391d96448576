//! Section: how fast distributions go to the stationary one.

use irrev_network::dynamics::relaxation_spectrum;
use irrev_report::{Report, Table};

use super::context::Context;
use super::definitions::RELAXATION_RATE;
use crate::error::Result;

/// Nodes of the finest grid: the spectrum is dense.
const MOST_NODES: usize = 1_200;

/// Rates that are told.
const RATES: usize = 5;

/// # Errors
/// As [`relaxation_spectrum`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let axes = context.coarser(MOST_NODES)?;
    let run = context.run;
    let found = context.extrapolated(&axes, |process| {
        let spectrum = relaxation_spectrum(process.kinetics(), run)?;
        let slowest = spectrum.eigenvalues.iter().skip(1).take(RATES);
        Ok(slowest.flat_map(|value| [-value.re, value.im.abs()]).collect())
    })?;
    report.push_quantity(context.of_grids(&RELAXATION_RATE, &found[0]).key());
    let rates = || found.iter().step_by(2);
    let frequencies = || found.iter().skip(1).step_by(2);
    let rate = context.units.per_time();
    report.push_table(
        Table::new(
            "spectrum",
            "Slowest rates of relaxation −Re λ and frequencies |Im λ|, extrapolated to the continuum",
        )
        .numbers("rate", rate.clone(), rates().map(|found| found.value).collect())
        .numbers(
            "error of the rate",
            rate.clone(),
            rates().map(|found| found.error).collect(),
        )
        .numbers(
            "frequency",
            rate.clone(),
            frequencies().map(|found| found.value).collect(),
        )
        .numbers(
            "error of the frequency",
            rate,
            frequencies().map(|found| found.error).collect(),
        ),
    );
    Ok(())
}

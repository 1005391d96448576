//! Section: how fast distributions go to the stationary one.

use irrev_network::dynamics::relaxation_spectrum;
use irrev_report::{Report, Table};

use super::context::Context;
use super::definitions::RELAXATION_RATE;
use crate::error::Result;

/// Nodes of the finest grid: the spectrum is dense.
const MOST_NODES: usize = 1_200;

/// What rounding leaves of an eigenvalue, relative to the largest.
const ROUNDING: f64 = 1e-13;

/// Rates that are told.
const RATES: usize = 5;

/// # Errors
/// As [`relaxation_spectrum`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let axes = context.coarser(MOST_NODES)?;
    let run = context.run;
    let mut found = context.extrapolated(&axes, |process| {
        let spectrum = relaxation_spectrum(process.kinetics(), run)?;
        // what stands still for ever: the stationary state, or what each absorbing wall holds
        let still = process.absorbing_walls().len().max(1);
        let slowest = spectrum.eigenvalues.iter().skip(still).take(RATES);
        let fastest = spectrum
            .eigenvalues
            .iter()
            .map(|value| -value.re)
            .fold(0.0, f64::max);
        let told = slowest.flat_map(|value| [-value.re, value.im.abs()]);
        Ok(std::iter::once(fastest).chain(told).collect())
    })?;
    let fastest = found.remove(0).on_grids[2];
    for rate in &mut found {
        // eigenvalues know no less than the rounding of the largest
        rate.error = rate.error.max(ROUNDING * fastest);
    }
    let slowest = context.of_grids(&RELAXATION_RATE, &found[0]);
    report.push_quantity(if found[0].value > 3.0 * found[0].error {
        slowest.key()
    } else {
        slowest.with_note("too slow to be told from rounding beside the fastest; a mean first passage may know it (`[first_passage]`)")
    });
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

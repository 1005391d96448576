//! Section: how far periodic coordinates go in the long run, and how precisely.

use irrev_landscape::fokker_planck::GridProcess;
use irrev_network::dynamics::CountingStatistics;
use irrev_report::{Bound, Report};

use super::context::Context;
use super::definitions::EFFECTIVE_DIFFUSION;
use crate::error::Result;
use crate::model::Ends;

/// Nodes of the finest grid.
const MOST_NODES: usize = 20_000;

/// Mean velocity and variance rate along each axis asked for, then the entropy production rate.
fn numbers(process: &GridProcess, axes: &[usize]) -> irrev_landscape::Result<Vec<f64>> {
    let kinetics = process.kinetics();
    let stationary = kinetics.stationary_distribution()?;
    let flow = kinetics.flow(&stationary)?;
    let statistics = CountingStatistics::around(kinetics, stationary)?;
    let mut found = Vec::new();
    for &axis in axes {
        let spacing = process.axes()[axis].spacing();
        let weight = |of: usize| if of == axis { spacing } else { 0.0 };
        let weights: Vec<f64> = process.edges().iter().map(|edge| weight(edge.axis)).collect();
        found.extend(&statistics.scaled_cumulants(&weights, 2)?.values);
    }
    found.push(flow.entropy_production_rate());
    Ok(found)
}

/// # Errors
/// As [`Context::extrapolated`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let periodic: Vec<usize> = (0..context.values.coordinates.len())
        .filter(|i| context.values.coordinates[*i].ends == Ends::Periodic)
        .collect();
    let axes = context.coarser(MOST_NODES)?;
    let found = context.extrapolated(&axes, |process| numbers(process, &periodic))?;
    let Some((production, cumulants)) = found.split_last() else {
        return Ok(());
    };
    for (axis, pair) in periodic.iter().zip(cumulants.chunks_exact(2)) {
        let name = context.values.coordinates[*axis].name.clone();
        let (mean, variance) = (&pair[0], &pair[1]);
        let diffusion = variance.times(0.5);
        report.push_quantity(
            context
                .of_grids(&EFFECTIVE_DIFFUSION, &diffusion)
                .named(format!("{}_{name}", EFFECTIVE_DIFFUSION.name)),
        );
        let (bound, statement) = (
            format!("thermodynamic_uncertainty_{name}"),
            format!("{name}: variance rate × entropy production rate / mean velocity² ≥ 2"),
        );
        let square = mean.value * mean.value;
        let lost = mean.value.abs() <= 3.0 * mean.error || production.value <= 3.0 * production.error;
        report.push_bound(if lost {
            Bound::not_applicable(
                bound,
                statement,
                "the motion has no mean, so no precision to bound",
            )
        } else {
            let product = variance.value * production.value / square;
            let relative = variance.error / variance.value
                + production.error / production.value
                + 2.0 * mean.error / mean.value.abs();
            Bound::at_least(bound, statement, product, 2.0)
                .with_errors(product * relative, 0.0)
                .assuming("stationary overdamped motion")
        });
    }
    Ok(())
}

//! Section: what the protocol of a model on a line dissipates, and what the best one would.

use std::cell::RefCell;

use irrev_landscape::axes::Axis as GridAxis;
use irrev_landscape::fokker_planck::{GridProcess, Weights, discretised, on_three_grids};
use irrev_landscape::protocol::DisplacementProtocol;
use irrev_landscape::transport1d::Quantiles;
use irrev_network::Distribution;
use irrev_network::dynamics::Evolution;
use irrev_numerics::Tolerance;
use irrev_numerics::sum::CompensatedSum;
use irrev_report::{Axis, Bound, Curve, CurveStyle, Figure, Lines, Report, Table};

use super::cells::edges;
use super::context::Context;
use super::definitions::{
    EQUILIBRIUM_DISSIPATION, LEAST_DISSIPATION, PROTOCOL_DISSIPATION, PROTOCOL_EFFICIENCY,
};
use crate::error::Result;

/// Nodes of the finest grid.
const MOST_NODES: usize = 260;

/// Steps of time for each interval of the grid.
const STEPS: usize = 2;

/// Levels of the quantiles of the best protocol.
const LEVELS: usize = 400;

/// Part of the probability at either end that the picture of the best potential leaves out.
const TAIL: f64 = 0.01;

/// Accuracy of a step, which that of the grids does not reach.
const TOLERANCE: f64 = 1e-13;

/// The protocol on one grid.
struct OnGrid {
    process: GridProcess,
    start: Distribution,
    end: Distribution,
    last_equilibrium: Distribution,
    entropy_production: f64,
}

/// # Errors
/// As [`Evolution::advance`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(duration) = context.values.protocol else {
        return Ok(());
    };
    let axes = context.coarser(MOST_NODES)?;
    let cost = context.values.fields.mobility(0, 0.0, &[0.0]) * context.values.temperatures[0] * duration;
    // the last of the three is the finest, and is drawn
    let finest = RefCell::new(None);
    let numbers = |axes: &[GridAxis]| -> irrev_landscape::Result<Vec<f64>> {
        let found = followed(context, axes, duration)?;
        let least = |from: &Distribution, to: &Distribution| -> irrev_landscape::Result<f64> {
            let (from, to) = (quantiles(&found.process, from)?, quantiles(&found.process, to)?);
            Ok(from.squared_distance(&to) / cost)
        };
        let numbers = vec![
            found.entropy_production,
            least(&found.start, &found.end)?,
            least(&found.start, &found.last_equilibrium)?,
        ];
        finest.replace(Some(found));
        Ok(numbers)
    };
    let found = on_three_grids(&axes, numbers).map_err(|error| context.fail(error))?;
    let ([own, least, to_equilibrium], Some(finest)) = (&found[..], finest.into_inner()) else {
        return Err(context.fail(irrev_landscape::Error::Missing {
            what: "the protocol on the finest grid",
        }));
    };
    report.push_quantity(context.of_grids(&PROTOCOL_DISSIPATION, own).key());
    report.push_quantity(context.of_grids(&LEAST_DISSIPATION, least).key());
    let efficiency = least.value / own.value;
    let relative = own.error / own.value + least.error / least.value;
    report.push_quantity(
        context
            .quantity(&PROTOCOL_EFFICIENCY, efficiency)
            .estimate(efficiency * relative),
    );
    report.push_quantity(context.of_grids(&EQUILIBRIUM_DISSIPATION, to_equilibrium));
    report.push_bound(
        Bound::at_least(
            "wasserstein_protocol",
            "∫ entropy production ≥ W₂²/(μTτ)",
            own.value,
            least.value,
        )
        .with_errors(own.error, least.error)
        .in_unit("nats")
        .assuming("overdamped motion of one mobility and temperature; Aurell et al., Phys. Rev. Lett. 106, 250601 (2011)"),
    );
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "The protocol makes {} nats, of which {} could not be avoided in its time between the same distributions.",
            irrev_report::readable_estimate(own.value, Some(own.error)),
            irrev_report::readable_estimate(least.value, Some(least.error)),
        ),
    );
    pictures(context, &finest, duration, report).map_err(|error| context.fail(error))
}

/// From the equilibrium at the start through the protocol, in steps in each of which the potential stands still as it is in the middle.
///
/// In a step the relative entropy to the equilibrium of its potential is all that is dissipated, so that nothing has to be integrated. Steps are as many times shorter as cells on a finer grid, so that errors of both
/// are of the same order and go together.
fn followed(context: &Context<'_>, axes: &[GridAxis], duration: f64) -> irrev_landscape::Result<OnGrid> {
    let (values, run) = (&context.values, context.run);
    let at = |time: f64| discretised(&values.overdamped(time)?, axes, Weights::default(), run);
    let process = at(0.0)?;
    let start = process.kinetics().stationary_distribution()?;
    let tolerance = Tolerance {
        relative: TOLERANCE,
        absolute: TOLERANCE,
        ..Tolerance::default()
    };
    let steps = STEPS * axes[0].intervals();
    let length = duration / steps as f64;
    let (mut now, mut dissipated) = (start.clone(), CompensatedSum::default());
    for step in 0..steps {
        run.report(step as f64 / steps as f64, "protocol")?;
        let held = at((step as f64 + 0.5) * length)?;
        let equilibrium = held.kinetics().stationary_distribution()?;
        let next = Evolution::new(held.kinetics())?
            .advance(&now, length, tolerance, run)?
            .distribution;
        dissipated.add(now.relative_entropy(&equilibrium)?);
        dissipated.add(-next.relative_entropy(&equilibrium)?);
        now = next;
    }
    Ok(OnGrid {
        end: now,
        last_equilibrium: at(duration)?.kinetics().stationary_distribution()?,
        entropy_production: dissipated.value(),
        start,
        process,
    })
}

/// The quantile function of a distribution on the nodes of a line, spread evenly over their cells.
fn quantiles(process: &GridProcess, distribution: &Distribution) -> irrev_landscape::Result<Quantiles> {
    Quantiles::of_histogram(&edges(&process.axes()[0]), distribution.probabilities())
}

/// The quantile at a level of a distribution on cells.
fn quantile(edges: &[f64], probabilities: &[f64], level: f64) -> f64 {
    let mut below = 0.0;
    for (cell, p) in edges.windows(2).zip(probabilities) {
        if below + p >= level && *p > 0.0 {
            return cell[0] + (cell[1] - cell[0]) * ((level - below) / p).clamp(0.0, 1.0);
        }
        below += p;
    }
    edges[edges.len() - 1]
}

/// Densities at both ends, and the best potential on the way beside the model's own.
fn pictures(
    context: &Context<'_>,
    found: &OnGrid,
    duration: f64,
    report: &mut Report,
) -> irrev_landscape::Result<()> {
    let values = &context.values;
    let axis = &found.process.axes()[0];
    let (name, length, energy) = (
        context.names()[0],
        context.length(),
        context.units.energy().to_owned(),
    );
    let x: Vec<f64> = (0..axis.nodes()).map(|k| axis.node(k)).collect();
    let density = |p: &Distribution| found.process.density(p);
    report.push_figure(Figure::new(
        "protocol_ends",
        "Where the protocol begins, and where it leads",
        "Solid: the density at the end of the protocol. Dashed: equilibrium at its start and at its end.",
        Lines::new(
            Axis::new(name, &length),
            Axis::new("density", format!("1/{length}")),
        )
        .curve(Curve::new("at the end", x.clone(), density(&found.end)?))
        .curve(Curve::new("at the start", x.clone(), density(&found.start)?).styled(CurveStyle::Dashed))
        .curve(
            Curve::new("last equilibrium", x, density(&found.last_equilibrium)?).styled(CurveStyle::Dashed),
        ),
    ));
    let cells = edges(axis);
    // what lies in the tails needs steep potentials, which would hide the rest
    let level = |u: f64| TAIL + (1.0 - 2.0 * TAIL) * u;
    let best = DisplacementProtocol::new(
        |u| quantile(&cells, found.start.probabilities(), level(u)),
        |u| quantile(&cells, found.end.probabilities(), level(u)),
        LEVELS,
        duration,
        values.temperatures[0],
        values.fields.mobility(0, 0.0, &[0.0]),
    )?;
    let mut lines = Lines::new(Axis::new(name, &length), Axis::new("V", &energy));
    let mut table = Table::new(
        "best_protocol",
        "The potential of least dissipation between the same distributions, at five times; it jumps at both ends",
    );
    for k in 0..=4_u8 {
        let time = duration * f64::from(k) / 4.0;
        let now = best.at(time)?;
        let lowest = now.potential.iter().copied().fold(f64::INFINITY, f64::min);
        let height: Vec<f64> = now.potential.iter().map(|v| v - lowest).collect();
        let told = irrev_report::readable_number(time, 3);
        lines = lines.curve(Curve::new(
            format!("t = {told}"),
            now.points.clone(),
            height.clone(),
        ));
        table = table
            .numbers(format!("{name} at {told}"), length.clone(), now.points)
            .numbers(format!("V at {told}"), energy.clone(), height);
    }
    report.push_figure(Figure::new(
        "best_protocol",
        "The potential that would dissipate least",
        "Potentials, each above its least value, that carry the distribution at the start to that at the end at the least dissipation; without the outermost hundredth of probability on either side.",
        lines,
    ));
    report.push_table(table);
    Ok(())
}

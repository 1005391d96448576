//! Section: from a normal distribution to the stationary state: what it dissipates, and what had to be dissipated.

mod convexity;
mod distances;

use std::cell::RefCell;

use irrev_landscape::fokker_planck::{Extrapolation, GridProcess};
use irrev_landscape::linear::LinearDiffusion;
use irrev_network::Distribution;
use irrev_network::decomposition::geometric_decomposition;
use irrev_network::dynamics::{Relaxation, RelaxationOptions, relaxation};
use irrev_network::transport::gaussian::Gaussian;
use irrev_numerics::Tolerance;
use irrev_numerics::linalg::Matrix;
use irrev_report::{Axis, Bound, Check, Curve, CurveStyle, Figure, Lines, Report, Table, readable_estimate};

use super::super::Section;
use super::context::Context;
use super::definitions::{INITIAL_RELATIVE_ENTROPY, RELAXATION_DISSIPATION, RELAXATION_EXCESS};
use super::linear;
use crate::error::Result;
use crate::model::RelaxationValues;
use distances::{Distances, Metric};

/// Nodes of the finest grid, along one coordinate and along several: steps of time shrink with the squares of cells.
const MOST_NODES: [usize; 2] = [260, 1_100];

/// Accuracy of the path and its integrals, which that of the grids does not reach.
const TOLERANCE: f64 = 1e-8;

/// Narrowest distribution at the start, in cells of the coarsest grid.
const NARROWEST: f64 = 0.4;

/// Densities that are drawn.
const DRAWN: usize = 6;

/// Up to which what a gradient dissipates is relative entropy, relative.
const BALANCED: f64 = 1e-5;

/// The relaxation on one grid.
struct OnGrid {
    process: GridProcess,
    start: Distribution,
    stationary: Distribution,
    path: Relaxation,
}

/// Numbers of a relaxation, in the continuum.
struct Numbers {
    /// D(p₀‖π) and D(p_τ‖π).
    relative_entropy: [Extrapolation; 2],
    /// ∫ of the entropy production and of its excess.
    dissipated: [Extrapolation; 2],
    /// Entropy production rate at the start.
    first_rate: Extrapolation,
    /// W₂² in the metric D⁻¹ from the start to the end, and to the stationary state, or what it is at least.
    squared_distance: Option<[Extrapolation; 2]>,
}

/// # Errors
/// As [`relaxation`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(asked) = context.values.relaxation.clone() else {
        return Ok(());
    };
    if let Some(place) = too_low(context)? {
        report.push_left_out(
            "relaxation",
            format!("at ({place}) the stationary density is too small for a number, so that nothing is relative to it; end the coordinates earlier"),
        );
        return Ok(());
    }
    if let Some(reason) = unresolved(context, &asked)? {
        report.push_left_out("relaxation", reason);
        return Ok(());
    }
    let metric = Metric::new(&context.values);
    let (numbers, finest) = numbers(context, &asked, metric.as_ref())?;
    let [dissipated, excess] = &numbers.dissipated;
    report.push_quantity(context.of_grids(&INITIAL_RELATIVE_ENTROPY, &numbers.relative_entropy[0]));
    report.push_quantity(context.of_grids(&RELAXATION_DISSIPATION, dissipated).key());
    report.push_quantity(context.of_grids(&RELAXATION_EXCESS, excess));
    if !context.values.fields.has_force() && context.values.temperature().is_some() {
        let lost = numbers.relative_entropy[0].on_grids[2] - numbers.relative_entropy[1].on_grids[2];
        report.push_check(Check::new(
            "relaxation_relative_entropy",
            "|∫ entropy production − D(p₀‖π) + D(p_τ‖π)| on the finest grid, relative",
            (dissipated.on_grids[2] - lost).abs() / lost.abs().max(f64::MIN_POSITIVE),
            BALANCED,
        ));
    }
    wasserstein(&asked, &numbers, metric.as_ref(), report);
    let convexity = convexity::add(context, &asked, &numbers, report)?;
    closed_form(context, &asked, dissipated, report).map_err(|error| context.fail(error))?;
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "Relaxing from where it begins, the motion makes {} nats in {} {}, {} of them by the change of its distribution.",
            readable_estimate(dissipated.value, Some(dissipated.error)),
            irrev_report::readable_number(asked.time, 4),
            context.units.time(),
            readable_estimate(excess.value, Some(excess.error)),
        ),
    );
    pictures(context, &finest, convexity, report)
}

/// Why the distribution at the start cannot be had on the grids.
fn unresolved(context: &Context<'_>, asked: &RelaxationValues) -> Result<Option<String>> {
    let coarsest = coarsest(context)?;
    let each = context
        .values
        .coordinates
        .iter()
        .zip(&coarsest)
        .zip(asked.from.iter().zip(&asked.width));
    for ((coordinate, axis), (from, width)) in each {
        let (name, h) = (&coordinate.name, axis.spacing());
        if let (false, Some((low, high))) = (axis.is_circle(), coordinate.range)
            && !(low..=high).contains(from)
        {
            return Ok(Some(format!(
                "`relaxation.from` is {from} for `{name}`, which goes from {low} to {high}"
            )));
        }
        if *width < NARROWEST * h {
            return Ok(Some(format!(
                "`relaxation.width` is {width} for `{name}`, too narrow for the coarsest grid, whose cells are {}; take it wider, or the coordinate shorter",
                irrev_report::readable_number(h, 2)
            )));
        }
    }
    Ok(None)
}

/// Axes of the coarsest of the three grids.
fn coarsest(context: &Context<'_>) -> Result<Vec<irrev_landscape::axes::Axis>> {
    let axes = context.coarser(most_nodes(context))?;
    axes.iter()
        .map(|axis| axis.with_intervals(axis.intervals() / 4))
        .collect::<irrev_landscape::Result<_>>()
        .map_err(|error| context.fail(error))
}

fn most_nodes(context: &Context<'_>) -> usize {
    MOST_NODES[usize::from(context.values.coordinates.len() > 1)]
}

/// Where the stationary density is zero to rounding, if it is so somewhere.
fn too_low(context: &mut Context<'_>) -> Result<Option<String>> {
    let on_grid = context.on_grid()?;
    let lost = on_grid
        .stationary
        .probabilities()
        .iter()
        .position(|p| *p < f64::MIN_POSITIVE);
    let point = lost.and_then(|state| on_grid.process.point(state));
    Ok(point.map(|x| {
        let numbers: Vec<String> = x.iter().map(|x| irrev_report::readable_number(*x, 3)).collect();
        numbers.join(", ")
    }))
}

/// The numbers of the continuum, with the relaxation on the finest grid.
fn numbers(
    context: &Context<'_>,
    asked: &RelaxationValues,
    metric: Option<&Metric>,
) -> Result<(Numbers, OnGrid)> {
    let axes = context.coarser(most_nodes(context))?;
    // the last of the three is the finest, and is drawn
    let finest = RefCell::new(None);
    let found = context.extrapolated(&axes, |process| {
        let found = followed(context, asked, process.clone())?;
        let between = |p: &Distribution, q: &Distribution| -> irrev_landscape::Result<Vec<f64>> {
            metric.map_or(Ok(Vec::new()), |metric| {
                let Distances {
                    of_marginals,
                    of_moments,
                } = metric.between(process, p, q)?;
                Ok([Some(of_marginals), of_moments].into_iter().flatten().collect())
            })
        };
        let end = &found.path.final_distribution;
        let flow = process.kinetics().flow(&found.start)?;
        let mut numbers = vec![
            found.start.relative_entropy(&found.stationary)?,
            end.relative_entropy(&found.stationary)?,
            found.path.entropy_production,
            found.path.excess,
            flow.entropy_production_rate(),
        ];
        numbers.extend(between(&found.start, end)?);
        numbers.extend(between(&found.start, &found.stationary)?);
        finest.replace(Some(found));
        Ok(numbers)
    })?;
    let Some(finest) = finest.into_inner() else {
        return Err(context.fail(irrev_landscape::Error::Missing {
            what: "the relaxation on the finest grid",
        }));
    };
    let distances = &found[5..];
    let half = distances.len() / 2;
    // of several lower bounds the larger
    let best = |of: &[Extrapolation]| of.iter().copied().max_by(|a, b| a.value.total_cmp(&b.value));
    let numbers = Numbers {
        relative_entropy: [found[0], found[1]],
        dissipated: [found[2], found[3]],
        first_rate: found[4],
        squared_distance: best(&distances[..half])
            .zip(best(&distances[half..]))
            .map(<[Extrapolation; 2]>::from),
    };
    Ok((numbers, finest))
}

fn followed(
    context: &Context<'_>,
    asked: &RelaxationValues,
    process: GridProcess,
) -> irrev_landscape::Result<OnGrid> {
    let start = start(&process, asked)?;
    let stationary = process.kinetics().stationary_distribution()?;
    let points = asked.points;
    // early times are told apart more finely than late ones
    let times = (1..points).map(|k| asked.time * (k as f64 / (points - 1) as f64).powi(2));
    let options = RelaxationOptions {
        times: times.collect(),
        tolerance: Tolerance {
            relative: TOLERANCE,
            ..RelaxationOptions::default().tolerance
        },
    };
    let path = relaxation(process.kinetics(), &start, asked.time, &options, context.run)?;
    Ok(OnGrid {
        process,
        start,
        stationary,
        path,
    })
}

/// The normal distribution on the nodes, cut off at the ends of coordinates and wrapped round circles.
fn start(process: &GridProcess, asked: &RelaxationValues) -> irrev_landscape::Result<Distribution> {
    let axes = process.axes();
    let states = process.volumes().len();
    let logarithm = |state: usize| -> f64 {
        let point = process.point(state).unwrap_or_default();
        axes.iter()
            .zip(&point)
            .zip(asked.from.iter().zip(&asked.width))
            .map(|((axis, x), (mean, width))| {
                let distance = if axis.is_circle() {
                    let length = axis.spacing() * axis.intervals() as f64;
                    let turns = (x - mean) / length;
                    (turns - turns.round()) * length
                } else {
                    x - mean
                };
                -0.5 * (distance / width).powi(2)
            })
            .sum()
    };
    let logarithms: Vec<f64> = (0..states).map(logarithm).collect();
    let highest = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logarithms
        .iter()
        .zip(process.volumes())
        .map(|(l, volume)| (l - highest).exp() * volume)
        .collect();
    let total: f64 = weights.iter().sum();
    Ok(Distribution::new(weights.iter().map(|w| w / total).collect())?)
}

/// ∫ excess ≥ W₂²/τ in the metric D⁻¹.
fn wasserstein(asked: &RelaxationValues, numbers: &Numbers, metric: Option<&Metric>, report: &mut Report) {
    let (name, statement) = (
        "wasserstein_relaxation",
        "∫ excess ≥ W₂(p₀, p_τ)²/τ in the metric D⁻¹",
    );
    let Some([distance, _]) = &numbers.squared_distance else {
        report.push_bound(Bound::not_applicable(
            name,
            statement,
            "needs mobilities that are the same everywhere",
        ));
        return;
    };
    let excess = &numbers.dissipated[1];
    let exact = metric.is_some_and(Metric::is_exact);
    report.push_bound(
        Bound::at_least(name, statement, excess.value, distance.value / asked.time)
            .with_errors(excess.error, distance.error / asked.time)
            .in_unit("nats")
            .assuming(if exact {
                "overdamped motion; W₂ by quantiles; Nakazato and Ito, Phys. Rev. Research 3, 043093 (2021)"
            } else {
                "overdamped motion; W₂² is at least that of the marginals, summed, and that of means and covariances (Gelbrich); Nakazato and Ito, Phys. Rev. Research 3, 043093 (2021)"
            }),
    );
}

/// Of linear motion the entropy production is known.
fn closed_form(
    context: &Context<'_>,
    asked: &RelaxationValues,
    dissipated: &Extrapolation,
    report: &mut Report,
) -> irrev_landscape::Result<()> {
    let field = context.values.fields.linear();
    let (Some(field), None) = (field, context.obstacle(Section::Linear)) else {
        return Ok(());
    };
    let motion: LinearDiffusion = linear::diffusion(context, &field)?;
    let rest = linear::rest(&field)?;
    let d = rest.len();
    let mean = asked.from.iter().zip(&rest).map(|(m, x)| m - x).collect();
    let variances = Matrix::from_fn(d, d, |i, j| if i == j { asked.width[i].powi(2) } else { 0.0 });
    let exact = motion.produced(&Gaussian::new(mean, variances)?, asked.time)?;
    report.push_check(Check::new(
        "relaxation_closed_form",
        "|∫ entropy production on grids − that in closed form|, against three times the error of the grids",
        (dissipated.value - exact).abs(),
        3.0 * dissipated.error + 1e-5 * exact.abs(),
    ));
    Ok(())
}

fn pictures(
    context: &Context<'_>,
    found: &OnGrid,
    convexity: Option<f64>,
    report: &mut Report,
) -> Result<()> {
    let fail = |error: irrev_network::Error| context.fail(error.into());
    let states: Vec<&Distribution> = std::iter::once(&found.start)
        .chain(&found.path.distributions)
        .collect();
    let times: Vec<f64> = std::iter::once(0.0)
        .chain(found.path.times.iter().copied())
        .collect();
    let (mut entropies, mut rates, mut excess, mut housekeeping) = (vec![], vec![], vec![], vec![]);
    for state in &states {
        entropies.push(state.relative_entropy(&found.stationary).map_err(fail)?);
        let flow = found.process.kinetics().flow(state).map_err(fail)?;
        let split = geometric_decomposition(&flow).map_err(fail)?;
        rates.push(flow.entropy_production_rate());
        excess.push(split.excess);
        housekeeping.push(split.housekeeping);
    }
    let time = || Axis::new("time", context.units.time());
    let mut decay = Lines::new(time(), Axis::new("D(p‖π)", "nats").logarithmic()).curve(Curve::new(
        "D(p‖π)",
        times.clone(),
        entropies.clone(),
    ));
    if let Some(convexity) = convexity.filter(|convexity| *convexity > 0.0) {
        let bound = times
            .iter()
            .map(|t| entropies[0] * (-2.0 * convexity * t).exp())
            .collect();
        decay = decay.curve(Curve::new("exp(−2λt) D(p₀‖π)", times.clone(), bound).styled(CurveStyle::Dashed));
    }
    report.push_figure(Figure::new(
        "relaxation",
        "Decay of the relative entropy",
        "Relative entropy to the stationary state on the finest grid; dashed, where the potential is convex, the bound of Bakry and Émery.",
        decay,
    ));
    let unit = context.units.entropy_rate();
    report.push_figure(Figure::new(
        "relaxation_dissipation",
        "Entropy production of the relaxation",
        "Solid: entropy production rate. Dashed: its parts, excess and housekeeping.",
        Lines::new(time(), Axis::new("rate", &unit))
            .curve(Curve::new("entropy production", times.clone(), rates.clone()))
            .curve(Curve::new("excess", times.clone(), excess.clone()).styled(CurveStyle::Dashed))
            .curve(
                Curve::new("housekeeping", times.clone(), housekeeping.clone()).styled(CurveStyle::Dashed),
            ),
    ));
    report.push_table(
        Table::new("relaxation", "Relaxation on the finest grid")
            .numbers("time", context.units.time(), times.clone())
            .numbers("relative entropy", "nats", entropies)
            .numbers("entropy production rate", &unit, rates)
            .numbers("excess", &unit, excess)
            .numbers("housekeeping", unit, housekeeping),
    );
    if let [axis] = found.process.axes() {
        let (name, length) = (context.names()[0], context.length());
        let x: Vec<f64> = (0..axis.nodes()).map(|k| axis.node(k)).collect();
        let mut lines = Lines::new(
            Axis::new(name, &length),
            Axis::new("density", format!("1/{length}")),
        );
        let last = states.len() - 1;
        let mut shown: Vec<usize> = (0..DRAWN)
            .map(|k| (last as f64 * k as f64 / (DRAWN - 1) as f64).round() as usize)
            .collect();
        shown.dedup();
        for k in shown {
            let density = found
                .process
                .density(states[k])
                .map_err(|error| context.fail(error))?;
            let told = irrev_report::readable_number(times[k], 3);
            lines = lines.curve(Curve::new(format!("t = {told}"), x.clone(), density));
        }
        report.push_figure(Figure::new(
            "relaxation_density",
            "The density on its way",
            "Densities from the start to the end of the relaxation.",
            lines,
        ));
    }
    Ok(())
}

//! Fluctuation theorems along the paths of walkers: Crooks' of a protocol, the integral and the detailed one of a stationary state.

use irrev_landscape::axes::Axis as GridAxis;
use irrev_network::simulation::estimators::{CrooksFit, bennett_acceptance_ratio, crooks};
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Mark, Report};

use super::super::context::{Context, OnGrid};
use super::super::definitions::BENNETT_FREE_ENERGY;
use super::motion::Window;
use crate::error::Result;
use crate::simulate::fluctuations::{Asked, Sample, add};

/// Bins of the works of both directions.
const BINS: f64 = 24.0;

/// Free energy from works of both directions, and Crooks' theorem.
///
/// # Errors
/// As [`bennett_acceptance_ratio`].
pub(super) fn of_protocol(
    context: &Context<'_>,
    (forward, reverse): (&[f64], &[f64]),
    temperature: f64,
    report: &mut Report,
) -> Result<()> {
    let inverse = temperature.recip();
    let fail = |error: irrev_network::Error| context.fail(error.into());
    let found = bennett_acceptance_ratio(forward, reverse, inverse).map_err(fail)?;
    report.push_quantity(
        context
            .quantity(&BENNETT_FREE_ENERGY, found.value)
            .estimate(found.standard_error)
            .with_note(format!("{} works each way", forward.len()))
            .key(),
    );
    let ends = |works: &mut dyn Iterator<Item = f64>| {
        works.fold(
            (f64::INFINITY, f64::NEG_INFINITY),
            |(low, high): (f64, f64), w| (low.min(w), high.max(w)),
        )
    };
    let (low, high) = ends(&mut forward.iter().copied().chain(reverse.iter().map(|w| -w)));
    let width = (high - low) / BINS;
    if width <= 0.0 {
        return Ok(());
    }
    let energy = context.units.energy().to_owned();
    report.push_figure(both_ways(forward, reverse, (low, width), found.value, &energy));
    // without overlap there is no ratio, and Bennett's error says so
    if let Ok(theorem) = crooks(forward, reverse, inverse, width) {
        report.push_figure(ratios(&theorem, found.value, inverse, &energy));
    }
    Ok(())
}

/// Distributions of W and of −W of the reversed protocol, which cross at ΔF.
fn both_ways(forward: &[f64], reverse: &[f64], (low, width): (f64, f64), free: f64, energy: &str) -> Figure {
    let density = |works: &mut dyn Iterator<Item = f64>, n: usize| {
        let mut counts = vec![0.0; BINS as usize];
        for w in works {
            counts[(((w - low) / width) as usize).min(BINS as usize - 1)] += 1.0 / (n as f64 * width);
        }
        counts
    };
    let x: Vec<f64> = (0..BINS as usize)
        .map(|k| low + (k as f64 + 0.5) * width)
        .collect();
    Figure::new(
        "work_distributions",
        "Work of the protocol and of its reverse",
        "Solid: works W of the protocol. Dashed: −W of the reversed protocol. By Crooks' theorem they cross at the change of free energy.",
        Lines::new(
            Axis::new("W", energy),
            Axis::new("density", format!("1/{energy}")),
        )
        .curve(Curve::new(
            "W",
            x.clone(),
            density(&mut forward.iter().copied(), forward.len()),
        ))
        .curve(
            Curve::new(
                "−W of the reverse",
                x,
                density(&mut reverse.iter().map(|w| -w), reverse.len()),
            )
            .styled(CurveStyle::Dashed),
        )
        .mark(Mark::vertical(free, "ΔF")),
    )
}

fn ratios(theorem: &CrooksFit, free: f64, inverse: f64, energy: &str) -> Figure {
    let column = |of: fn(&(f64, f64, f64)) -> f64| theorem.points.iter().map(of).collect::<Vec<f64>>();
    let x = column(|p| p.0);
    let line = x.iter().map(|w| inverse * (w - free)).collect();
    Figure::new(
        "crooks",
        "Crooks' theorem",
        "Logarithm of how much more often a work is done by the protocol than gained from its reverse, with standard errors; the theorem demands the dashed line (W − ΔF)/T.",
        Lines::new(Axis::new("W", energy), Axis::new("ln P(W)/P_R(−W)", "1"))
            .curve(
                Curve::new("walkers", x.clone(), column(|p| p.1))
                    .styled(CurveStyle::Markers)
                    .with_band(column(|p| p.1 - p.2), column(|p| p.1 + p.2)),
            )
            .curve(Curve::new("theorem", x, line).styled(CurveStyle::Dashed)),
    )
}

/// Σ = entropy of the baths − ln p(x_τ)/p(x₀) of each walker in the stationary state, with the density of the Fokker–Planck equation.
///
/// # Errors
/// As [`Context::on_grid`], and what the estimators report.
pub(super) fn of_stationary_state(
    context: &mut Context<'_>,
    window: &Window,
    report: &mut Report,
) -> Result<()> {
    let on_grid = context.on_grid()?;
    let OnGrid { process, stationary } = &*on_grid;
    let density = process.density(stationary).map_err(|error| context.fail(error))?;
    let axes = process.axes();
    let d = axes.len();
    let logarithm = |x: &[f64]| between_nodes(axes, &density, x).ln();
    let [first, last] = &window.ends;
    let total: Vec<f64> = first
        .chunks_exact(d)
        .zip(last.chunks_exact(d))
        .zip(&window.entropy)
        .map(|((begin, end), baths)| baths - (logarithm(end) - logarithm(begin)))
        .collect();
    let sample = Sample {
        total: &total,
        minima: None,
        missing_weight: 0.0,
        stationary: true,
        asked: Asked::All,
        // steps and grid are finite
        exact: false,
        of: format!(
            "in the stationary state over {} {}",
            irrev_report::readable_number(window.duration, 3),
            context.units.time()
        ),
    };
    add(&sample, report).map_err(|error| context.fail(error.into()))
}

/// A function on the nodes of a grid between them, linear along each axis; at the end of the grid beyond it.
fn between_nodes(axes: &[GridAxis], values: &[f64], x: &[f64]) -> f64 {
    let d = axes.len();
    let places: Vec<(usize, usize, f64)> = axes
        .iter()
        .zip(x)
        .map(|(axis, x)| {
            let n = axis.nodes();
            let place = (x - axis.node(0)) / axis.spacing();
            if axis.is_circle() {
                let below = place.floor();
                let low = below.rem_euclid(n as f64) as usize % n;
                (low, (low + 1) % n, place - below)
            } else {
                let low = place.clamp(0.0, (n - 2) as f64).floor() as usize;
                (low, low + 1, (place - low as f64).clamp(0.0, 1.0))
            }
        })
        .collect();
    (0..1_usize << d)
        .map(|corner| {
            let (mut node, mut weight) = (0, 1.0);
            for (k, (axis, (low, high, part))) in axes.iter().zip(&places).enumerate() {
                let upper = corner >> k & 1 == 1;
                node = node * axis.nodes() + if upper { *high } else { *low };
                weight *= if upper { *part } else { 1.0 - part };
            }
            weight * values[node]
        })
        .sum()
}

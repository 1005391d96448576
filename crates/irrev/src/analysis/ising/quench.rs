//! Section: infinitely many spins after a quench, step by step.

use irrev_ising::infinite::Quench;
use irrev_report::{Axis, Check, Curve, CurveStyle, Figure, Heatmap, Lines, Report, Table};

use super::context::Context;
use super::definitions::{QUENCH_BATH_ENTROPY, QUENCH_MAGNETIZATION};
use super::infinite::solvable;
use crate::error::Result;

/// Rounding of sums over averages.
const ROUNDING: f64 = 1e-9;

/// # Errors
/// As [`irrev_ising::infinite::InfiniteNetwork::quench`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let network = solvable(context)?;
    let steps = context.values.quench_steps.unwrap_or(1);
    let start = context.values.initial_magnetization;
    let fail = |e| context.fail(e);
    context
        .run
        .report(0.0, "following the quench")
        .map_err(|e| context.fail(e.into()))?;
    let quench = network.quench(start, steps).map_err(fail)?;
    let bath: f64 = quench.bath_entropies.iter().sum();
    let last = quench.magnetizations.last().copied().unwrap_or(start);
    report.push_quantity(context.quantity(&QUENCH_MAGNETIZATION, last).with_note(format!(
        "after {steps} parallel steps from independent spins with magnetisation {start}"
    )));
    report.push_quantity(context.quantity(&QUENCH_BATH_ENTROPY, bath));
    let correlations = correlations(context, &quench)?;
    report.push_table(table(&quench));
    report.push_figure(magnetization(&quench));
    report.push_figure(entropies(&quench));
    report.push_figure(correlation_map(&correlations));
    let bounds: Vec<(f64, f64)> = (0..steps)
        .filter_map(|step| quench.entropy_production_bounds(step))
        .collect();
    let negative = bounds
        .iter()
        .map(|(_, upper)| (-upper).max(0.0))
        .fold(0.0, f64::max);
    report.push_check(Check::new(
        "quench_second_law",
        "no step of the quench has an upper bound of the entropy production below 0",
        negative,
        ROUNDING,
    ));
    let beyond = correlations.iter().flatten().map(|c| c.abs() - 1.0);
    report.push_check(Check::new(
        "quench_correlations",
        "no correlation between two times exceeds 1",
        beyond.filter(|c| c.is_finite()).fold(0.0, f64::max),
        ROUNDING,
    ));
    Ok(())
}

/// C_{t,s} for all t and s.
fn correlations(context: &Context<'_>, quench: &Quench) -> Result<Vec<Vec<f64>>> {
    let times = quench.magnetizations.len();
    let mut map = vec![vec![f64::NAN; times]; times];
    for lag in 0..times {
        context
            .run
            .report(lag as f64 / times as f64, "correlations between times")
            .map_err(|e| context.fail(e.into()))?;
        for (s, value) in quench.correlations(lag).into_iter().enumerate() {
            map[s + lag][s] = value;
            map[s][s + lag] = value;
        }
    }
    Ok(map)
}

fn steps(count: usize) -> Vec<f64> {
    (0..count).map(|t| t as f64).collect()
}

fn table(quench: &Quench) -> Table {
    let times = quench.magnetizations.len();
    // what belongs to a step has no value at the last time
    let padded = |values: &[f64]| {
        let mut values = values.to_vec();
        values.resize(times, f64::NAN);
        values
    };
    let (lower, upper): (Vec<f64>, Vec<f64>) = quench.system_entropies.iter().copied().unzip();
    Table::new("quench", "Infinitely many spins after the quench, per spin")
        .numbers("step", "", steps(times))
        .numbers("m", "", quench.magnetizations.clone())
        .numbers("replica overlap", "", quench.replica_overlaps.clone())
        .numbers("k", "", padded(&quench.gains))
        .numbers(
            "conditional entropy",
            "nats",
            padded(&quench.conditional_entropies),
        )
        .numbers("bath entropy", "nats", padded(&quench.bath_entropies))
        .numbers("spins' entropy, at least", "nats", lower)
        .numbers("spins' entropy, at most", "nats", upper)
}

fn magnetization(quench: &Quench) -> Figure {
    let times = steps(quench.magnetizations.len());
    Figure::new(
        "quench_order",
        "Order after the quench, N → ∞",
        "Magnetisation, and overlap of two repetitions with the same couplings: how much the couplings decide about the state.",
        Lines::new(Axis::new("step", ""), Axis::new("order", "1"))
            .curve(
                Curve::new("magnetisation", times.clone(), quench.magnetizations.clone())
                    .styled(CurveStyle::LineAndMarkers),
            )
            .curve(
                Curve::new("replica overlap", times, quench.replica_overlaps.clone())
                    .styled(CurveStyle::LineAndMarkers),
            ),
    )
}

fn entropies(quench: &Quench) -> Figure {
    let (lower, upper): (Vec<f64>, Vec<f64>) = quench.system_entropies.iter().copied().unzip();
    let middle: Vec<f64> = lower.iter().zip(&upper).map(|(l, u)| 0.5 * (l + u)).collect();
    let of_steps = steps(quench.bath_entropies.len());
    Figure::new(
        "quench_entropies",
        "Entropy of bath and spins after the quench, N → ∞",
        "Per spin: entropy that each step sends to the bath, entropy of the next state given this one, and the entropy of the spins, which is known to lie in \
         the band.",
        Lines::new(Axis::new("step", ""), Axis::new("entropy", "nats"))
            .curve(
                Curve::new("to the bath", of_steps.clone(), quench.bath_entropies.clone())
                    .styled(CurveStyle::LineAndMarkers),
            )
            .curve(
                Curve::new(
                    "conditional entropy",
                    of_steps,
                    quench.conditional_entropies.clone(),
                )
                .styled(CurveStyle::LineAndMarkers),
            )
            .curve(Curve::new("of the spins", steps(middle.len()), middle).with_band(lower, upper)),
    )
}

/// The correlations with gaps on the diagonal, whose ones would leave no colours for the others.
fn beside_the_diagonal(correlations: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut shown = correlations.to_vec();
    for (t, row) in shown.iter_mut().enumerate() {
        row[t] = f64::NAN;
    }
    shown
}

fn correlation_map(correlations: &[Vec<f64>]) -> Figure {
    let times = steps(correlations.len());
    Figure::new(
        "quench_correlations",
        "Correlation between times after the quench, N → ∞",
        "C(t, s), the mean product of a spin at two steps. The diagonal, where it is 1, is left blank: beside it the network has forgotten at once what couplings and fields do not impose.",
        Heatmap::new(
            Axis::new("step s", ""),
            times.clone(),
            Axis::new("step t", ""),
            times,
            Axis::new("correlation", "1"),
            beside_the_diagonal(correlations),
        ),
    )
}

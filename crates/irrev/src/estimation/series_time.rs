//! Dissipation in windows of time, of many trajectories that were prepared alike.

use irrev_inference::currents::{BoundOptions, Currents, Motion, WindowOptions, dissipation_in_time};
use irrev_report::{Axis, Curve, Figure, Lines, Report, Table, readable_number};

use super::definitions::WINDOW_LARGEST;
use super::recorded::SeriesData;
use super::told::{Tell, per, with_interval};
use crate::error::Result;

/// # Errors
/// Fewer than eight trajectories that reach the end of the first window; too few steps for the currents.
pub(super) fn add(data: &SeriesData, currents: &Currents, tell: &mut Tell<'_>) -> Result<()> {
    let Some(steps) = tell.request.window else {
        return Ok(());
    };
    let options = WindowOptions {
        steps,
        bound: BoundOptions {
            motion: Motion::Any,
            level: tell.request.level,
            ..BoundOptions::default()
        },
        ..WindowOptions::default()
    };
    let found = dissipation_in_time(&data.series, currents, &options, tell.run).map_err(|e| tell.fail(e))?;
    let column = |of: &dyn Fn(&irrev_inference::currents::WindowDissipation) -> f64| {
        found.iter().map(of).collect::<Vec<f64>>()
    };
    let (value, low, high) = (
        column(&|w| w.bound.estimate.value),
        column(&|w| w.bound.estimate.interval.0),
        column(&|w| w.bound.estimate.interval.1),
    );
    let middle = column(&|w| 0.5 * (w.from + w.to));
    let unit = per("nats", &data.unit);
    tell.report.push_table(
        Table::new(
            "dissipation_in_time",
            "Entropy production rate in windows of time",
        )
        .numbers("from", data.unit.clone(), column(&|w| w.from))
        .numbers("to", data.unit.clone(), column(&|w| w.to))
        .numbers("trajectories", "", column(&|w| w.trajectories as f64))
        .numbers("entropy production rate", unit.clone(), value.clone())
        .numbers(
            "standard error",
            unit.clone(),
            column(&|w| w.bound.estimate.standard_error),
        )
        .numbers("low", unit.clone(), low.clone())
        .numbers("high", unit.clone(), high.clone()),
    );
    tell.report.push_figure(Figure::new(
        "dissipation_in_time",
        "Entropy production rate in time",
        format!("Best bound of the currents in windows of {steps} steps, over trajectories that begin alike, with {} % intervals.", readable_number(100.0 * tell.request.level, 4)),
        Lines::new(Axis::new("time", data.unit.clone()), Axis::new("entropy production rate", unit.clone()))
            .curve(Curve::new("best bound", middle, value).with_band(low, high)),
    ));
    let largest = found
        .iter()
        .max_by(|a, b| a.bound.estimate.value.total_cmp(&b.bound.estimate.value));
    if let Some(largest) = largest {
        let estimate = largest.bound.estimate;
        tell.estimate(
            &WINDOW_LARGEST,
            "",
            &estimate,
            &unit,
            &[
                "all trajectories begin alike at time 0",
                "the largest of several is too large by chance",
            ],
        );
        tell.report.push_summary(
            Report::HOW_IRREVERSIBLE,
            format!(
                "Of {} windows of time the one from {} to {} {} dissipates most, {} {unit}.",
                found.len(),
                readable_number(largest.from, 4),
                readable_number(largest.to, 4),
                data.unit,
                with_interval(&estimate)
            ),
        );
    }
    Ok(())
}

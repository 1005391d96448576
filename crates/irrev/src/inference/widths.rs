//! Section: entropy production over several widths of a bin.

use irrev_ising::inference::EntropyProduction;
use irrev_numerics::Run;
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Mark, Report, Table, readable_number};

use super::at_width;
use super::request::InferenceRequest;
use super::stage::Stage;
use super::subject::Subject;
use crate::error::{Error, Result};
use crate::recordings::Recording;

/// One width.
struct Row {
    width: f64,
    bins: usize,
    spikes_per_bin: f64,
    found: EntropyProduction,
}

pub(super) fn add(
    recording: &Recording,
    request: &InferenceRequest,
    (subject, first, penalty): (&Subject<'_>, &EntropyProduction, f64),
    run: &Run<'_>,
    report: &mut Report,
) -> Result<()> {
    let mut rows = Vec::with_capacity(request.bin_widths.len());
    let others = request.bin_widths.len() - 1;
    for (k, width) in request.bin_widths.iter().enumerate() {
        if k == 0 {
            rows.push(Row {
                width: *width,
                bins: subject.raster.bins(),
                spikes_per_bin: subject.spikes_per_bin(),
                found: first.clone(),
            });
            continue;
        }
        let part = |k: usize| k as f64 / others as f64;
        let stage = Stage::new(run, part(k - 1), part(k));
        match at_width(recording, request, (*width, penalty), &stage.run(run)) {
            Ok((spikes_per_bin, bins, found)) => rows.push(Row {
                width: *width,
                bins,
                spikes_per_bin,
                found,
            }),
            Err(
                error @ (Error::Request { .. }
                | Error::Recording {
                    error: irrev_ising::Error::Data(_),
                    ..
                }),
            ) => report.push_warning(format!("No result for bins of {width} s: {error}.")),
            Err(error) => return Err(error),
        }
    }
    rows.sort_by(|a, b| a.width.total_cmp(&b.width));
    report.push_table(table(&rows, penalty));
    let rate = |of: fn(&EntropyProduction) -> f64| -> Vec<f64> {
        rows.iter().map(|row| of(&row.found) / row.width).collect()
    };
    let widths: Vec<f64> = rows.iter().map(|row| row.width).collect();
    let estimate = Curve::new("estimate", widths.clone(), rate(|e| e.estimate.value))
        .with_band(rate(|e| e.estimate.interval.0), rate(|e| e.estimate.interval.1))
        .styled(CurveStyle::Markers);
    let null = |e: &EntropyProduction| super::production::mean(&e.shifted.cross_fit);
    report.push_figure(Figure::new(
        "bin_widths",
        "Entropy production over the width of a bin",
        format!(
            "Entropy production per second with {} % intervals, and the mean of units shifted in circles. The binned process changes with the width, so that the curve is no property of the cells alone.",
            readable_number(100.0 * request.level, 4)
        ),
        Lines::new(
            Axis::new("width of a bin", "s").logarithmic(),
            Axis::new("entropy production", "nats/s"),
        )
        .curve(estimate)
        .curve(Curve::new("units shifted in circles", widths, rate(null)).styled(CurveStyle::Dashed))
        .mark(Mark::horizontal(0.0, "reversible")),
    ));
    Ok(())
}

fn table(rows: &[Row], penalty: f64) -> Table {
    let column = |of: &dyn Fn(&Row) -> f64| -> Vec<f64> { rows.iter().map(of).collect() };
    Table::new(
        "bin_widths",
        format!(
            "Entropy production over the width of a bin, with the penalty {}; `plug_in_bias` is what couplings and correlations from the same data give too much",
            readable_number(penalty, 4)
        ),
    )
    .numbers("width", "s", column(&|r| r.width))
    .numbers("bins", "1", column(&|r| r.bins as f64))
    .numbers("units", "1", column(&|r| r.found.units.len() as f64))
    .numbers("spikes_per_bin", "1", column(&|r| r.spikes_per_bin))
    .numbers("entropy_production_per_bin", "nats/bin", column(&|r| r.found.estimate.value))
    .numbers("entropy_production_per_second", "nats/s", column(&|r| r.found.estimate.value / r.width))
    .numbers("standard_error", "nats/s", column(&|r| r.found.estimate.standard_error / r.width))
    .numbers("lower", "nats/s", column(&|r| r.found.estimate.interval.0 / r.width))
    .numbers("upper", "nats/s", column(&|r| r.found.estimate.interval.1 / r.width))
    .numbers("plug_in_bias", "nats/s", column(&|r| r.found.plug_in_bias / r.width))
    .numbers("p_value_shifted_units", "1", column(&|r| r.found.shifted.p_value))
    .numbers("p_value_reversed_blocks", "1", column(&|r| r.found.reversed_blocks.p_value))
}

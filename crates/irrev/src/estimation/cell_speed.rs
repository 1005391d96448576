//! Speed, length, action and cost of ensembles of cells, doses beside each other.

use irrev_inference::speed::{EnsembleSpeed, SpeedOptions, compared_speeds};
use irrev_report::{Axis, Bars, Curve, CurveStyle, Figure, Lines, Report, Table, readable_number};

use super::cells::CellData;
use super::definitions::{
    ACTION, COST, EFFICIENCY, GEODESIC, LENGTH, NAIVE_ACTION, NAIVE_LENGTH, TIME_BOUND,
};
use super::told::{RECORDED, Tell, per, with_interval};
use crate::error::Result;

/// Frames over which squared speeds are averaged for the figure, as one of many is mostly noise.
const SMOOTHED: usize = 5;

/// # Errors
/// Too few cells or frames, with the number needed; values that the family does not allow; cancellation.
pub(super) fn add(data: &CellData, tell: &mut Tell<'_>) -> Result<()> {
    let options = SpeedOptions {
        family: tell.request.family,
        level: tell.request.level,
        ..SpeedOptions::default()
    };
    let ensembles: Vec<_> = data
        .ensembles
        .iter()
        .map(|(name, e)| (name.as_str(), e))
        .collect();
    for (name, ensemble) in &ensembles {
        tell.report.push_summary(
            RECORDED,
            format!(
                "{}{} cells at {} times.",
                if ensembles.len() > 1 {
                    format!("{name}: ")
                } else {
                    String::new()
                },
                ensemble.cells(),
                ensemble.times().len()
            ),
        );
    }
    let found = compared_speeds(&ensembles, &options, tell.run).map_err(|e| tell.fail(e))?;
    let several = found.len() > 1;
    for (name, speed) in &found {
        one(data, if several { name } else { "" }, speed, tell);
    }
    doses(data, &found, tell);
    figures(data, &found, tell);
    Ok(())
}

fn one(data: &CellData, name: &str, found: &EnsembleSpeed, tell: &mut Tell<'_>) {
    let time = if data.unit.is_empty() { "time" } else { &data.unit };
    for (definition, estimate, unit) in [
        (&LENGTH, &found.length, "1".to_owned()),
        (&ACTION, &found.action, per("1", &data.unit)),
        (&COST, &found.cost, "1".to_owned()),
        (&EFFICIENCY, &found.efficiency, "1".to_owned()),
        (&TIME_BOUND, &found.time_bound, time.to_owned()),
        (&GEODESIC, &found.geodesic, "1".to_owned()),
    ] {
        tell.estimate(definition, name, estimate, &unit, found.assumptions);
    }
    let naive = &found.strides[0];
    tell.number(&NAIVE_LENGTH, name, naive.naive_length, "1");
    tell.number(&NAIVE_ACTION, name, naive.naive_action, &per("1", &data.unit));
    let who = if name.is_empty() {
        "The cells".to_owned()
    } else {
        name.to_owned()
    };
    tell.report.push_summary(
        "How fast the cells change",
        format!(
            "{who}: length {}, cost {}, efficiency {}. Noise of few cells included, the length would be {}.",
            with_interval(&found.length),
            with_interval(&found.cost),
            with_interval(&found.efficiency),
            readable_number(naive.naive_length, 3)
        ),
    );
    if !found.resolved {
        tell.report.push_warning(format!(
            "{who}: not every step of the length is clear of noise; more cells would show more of the way"
        ));
    }
}

fn doses(data: &CellData, found: &[(&str, EnsembleSpeed)], tell: &mut Tell<'_>) {
    let numbers = |of: &dyn Fn(&EnsembleSpeed) -> f64| found.iter().map(|(_, s)| of(s)).collect::<Vec<f64>>();
    let unit = per("1", &data.unit);
    let mut table = Table::new(
        "conditions",
        "Speed, length and cost of each condition, noise taken out and included",
    )
    .text(
        "condition",
        found.iter().map(|(name, _)| (*name).to_owned()).collect(),
    )
    .numbers(
        "cells",
        "",
        data.ensembles.iter().map(|(_, e)| e.cells() as f64).collect(),
    )
    .numbers("duration", data.unit.clone(), numbers(&|s| s.duration));
    type Of = fn(&EnsembleSpeed) -> &irrev_numerics::Estimate;
    let columns: [(&str, &str, Of); 5] = [
        ("length", "", |s| &s.length),
        ("action", &unit, |s| &s.action),
        ("cost", "", |s| &s.cost),
        ("efficiency", "", |s| &s.efficiency),
        ("distance", "", |s| &s.geodesic),
    ];
    for (name, unit, of) in columns {
        table = table
            .numbers(name, unit, numbers(&|s| of(s).value))
            .numbers(format!("{name}, low"), unit, numbers(&|s| of(s).interval.0))
            .numbers(format!("{name}, high"), unit, numbers(&|s| of(s).interval.1));
    }
    tell.report.push_table(
        table
            .numbers("length with noise", "", numbers(&|s| s.strides[0].naive_length))
            .numbers(
                "action with noise",
                unit.as_str(),
                numbers(&|s| s.strides[0].naive_action),
            )
            .numbers("share of noise", "", numbers(&|s| s.strides[0].noise)),
    );
    if found.len() > 1 {
        compared(found, tell);
    }
}

/// Which condition goes the longest way.
fn compared(found: &[(&str, EnsembleSpeed)], tell: &mut Tell<'_>) {
    let longest = found
        .iter()
        .max_by(|a, b| a.1.length.value.total_cmp(&b.1.length.value));
    let shortest = found
        .iter()
        .min_by(|a, b| a.1.length.value.total_cmp(&b.1.length.value));
    let (Some((most, long)), Some((least, short))) = (longest, shortest) else {
        return;
    };
    let difference = long.length.value - short.length.value;
    let error = long.length.standard_error.hypot(short.length.standard_error);
    let verdict = if difference > 2.0 * error {
        "apart beyond their errors"
    } else {
        "not apart beyond their errors"
    };
    tell.report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "Of {} conditions the cells of {most} go the longest way ({}), those of {least} the shortest ({}), {verdict}.",
            found.len(),
            readable_number(long.length.value, 3),
            readable_number(short.length.value, 3)
        ),
    );
}

fn figures(data: &CellData, found: &[(&str, EnsembleSpeed)], tell: &mut Tell<'_>) {
    let time = || Axis::new("time", data.unit.clone());
    let mut speeds = Lines::new(time(), Axis::new("squared speed", per("1", &data.unit) + "²"));
    let mut means = Lines::new(
        time(),
        Axis::new(format!("mean of {}", data.value), data.value_unit.clone()),
    );
    for ((name, speed), (_, ensemble)) in found.iter().zip(&data.ensembles) {
        let smooth = |of: &dyn Fn(&irrev_inference::speed::SpeedStep) -> f64| {
            let window = SMOOTHED.min(speed.speed.len());
            speed
                .speed
                .windows(window)
                .map(|w| w.iter().map(of).sum::<f64>() / window as f64)
                .collect::<Vec<f64>>()
        };
        let at = smooth(&|s| s.time);
        speeds = speeds
            .curve(Curve::new(
                format!("{name}"),
                at.clone(),
                smooth(&|s| s.speed_squared),
            ))
            .curve(
                Curve::new(format!("{name}, noise included"), at, smooth(&|s| s.naive))
                    .styled(CurveStyle::Dashed),
            );
        let mean = |frame: usize| {
            let known = ensemble.frame(frame).iter().filter(|x| !x.is_nan());
            known.clone().sum::<f64>() / known.count() as f64
        };
        let values = (0..ensemble.times().len()).map(mean).collect();
        means = means.curve(Curve::new(format!("{name}"), ensemble.times().to_vec(), values));
    }
    let names: Vec<String> = found.iter().map(|(name, _)| (*name).to_owned()).collect();
    let column = |of: &dyn Fn(&EnsembleSpeed) -> f64| found.iter().map(|(_, s)| of(s)).collect::<Vec<f64>>();
    tell.report.push_figure(Figure::new(
        "cell_lengths",
        "Length of the way of the cells",
        "Length without the noise of few cells, with standard errors from drawing cells again, beside the plain sum of distances between neighbouring frames, which noise makes too long.",
        Bars::new("condition", Axis::new("length", ""), names)
            .group_with_errors("noise taken out", column(&|s| s.length.value), column(&|s| s.length.standard_error))
            .group("noise included", column(&|s| s.strides[0].naive_length)),
    ));
    tell.report.push_figure(Figure::new(
        "cell_speed",
        "Squared speed of the distribution of cells",
        format!("Fisher information of time, from two halves of the cells (lines), which may be negative by noise, and of all cells as they are (dashed); means over {SMOOTHED} steps."),
        speeds,
    ));
    tell.report.push_figure(Figure::new(
        "cell_means",
        "Mean over the cells",
        "What the cells do on average.",
        means,
    ));
}

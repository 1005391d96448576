//! Figures of the speed: Fisher information over time, and how well observables tell the time.

use irrev_network::information::time::RelaxationSpeed;
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Mark, Report};

use super::observables::Named;
use crate::analysis::context::Context;

/// Part of the largest Fisher information below which nothing is drawn.
const FLOOR: f64 = 1e-12;

pub(super) fn add(
    context: &Context<'_>,
    speed: &RelaxationSpeed,
    observables: &[Named],
    report: &mut Report,
) {
    let largest = speed
        .at
        .iter()
        .map(|at| at.fisher_information)
        .filter(|information| information.is_finite())
        .fold(0.0, f64::max);
    if largest == 0.0 {
        return;
    }
    // a logarithm needs positive numbers, and what is far below the start is rounding
    let drawn = |values: &mut dyn Iterator<Item = (f64, f64)>| -> (Vec<f64>, Vec<f64>) {
        values
            .filter(|(_, information)| information.is_finite() && *information > FLOOR * largest)
            .unzip()
    };
    let time = || {
        let axis = Axis::new("time", context.units.time());
        match speed.at.first() {
            Some(first) if first.time > 0.0 => axis.logarithmic(),
            _ => axis,
        }
    };
    let (x, y) = drawn(&mut speed.at.iter().map(|at| (at.time, at.fisher_information)));
    let axis = Axis::new("Fisher information of time", context.units.apply("1/time²")).logarithmic();
    let mut lines = Lines::new(time(), axis).curve(Curve::new("whole", x, y));
    for (k, part) in speed.marginals.iter().enumerate() {
        let (x, y) = drawn(
            &mut speed
                .at
                .iter()
                .map(|at| (at.time, at.marginals[k].fisher_information)),
        );
        if x.is_empty() {
            continue;
        }
        lines = lines.curve(Curve::new(part.name.clone(), x, y).styled(CurveStyle::Dashed));
        for maximum in part.maxima.iter().take(3) {
            if maximum.fisher_information > FLOOR * largest {
                lines = lines.mark(Mark::point(
                    maximum.time,
                    maximum.fisher_information,
                    format!("maximum of {}", part.name),
                ));
            }
        }
    }
    report.push_figure(Figure::new(
        "fisher_information",
        "Fisher information of time",
        "How well the distribution tells the time: of the whole it never grows while rates are constant, of a subsystem seen alone it may, and then betrays \
         what it does not show.",
        lines,
    ));
    let mut lines = Lines::new(time(), Axis::new("efficiency", "1"));
    for (k, named) in observables.iter().enumerate() {
        let known = speed
            .at
            .iter()
            .filter_map(|at| Some((at.time, at.observables[k].efficiency?)));
        let (x, y): (Vec<f64>, Vec<f64>) = known.filter(|(_, efficiency)| efficiency.is_finite()).unzip();
        if !x.is_empty() {
            lines = lines.curve(Curve::new(named.name.clone(), x, y));
        }
    }
    if !lines.curves.is_empty() {
        report.push_figure(Figure::new(
            "cramer_rao",
            "How well observables tell the time",
            "(d⟨r⟩/dt)² over I Var r: 1 for an observable that moves as fast as any could.",
            lines,
        ));
    }
}

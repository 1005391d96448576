//! Section: the state and its entropy production over time.

use irrev_network::decomposition::{geometric_decomposition, hatano_sasa_decomposition};
use irrev_network::dynamics::{RelaxationOptions, limiting_distribution, relaxation};
use irrev_network::energetics::clausius_sum;
use irrev_report::{Axis, Bound, Check, Curve, CurveStyle, Figure, Lines, Report, Table};

use super::context::Context;
use super::definitions::{
    CLAUSIUS_SUM, ENTROPY_CHANGE, ENTROPY_PRODUCTION, EXCESS_ENTROPY_PRODUCTION, EXPECTED_JUMPS, HEAT,
    NONADIABATIC_ENTROPY_PRODUCTION, WASSERSTEIN_LENGTH,
};
use crate::error::Result;

/// States whose probability is drawn; of more, those that change most.
const MOST_CURVES: usize = 10;

/// Points of the default time grid.
const POINTS: usize = 121;

/// Default interval in units of the slowest relaxation time.
const RELAXATION_TIMES: f64 = 6.0;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let fail = |e| context.fail(e);
    let kinetics = &context.system.kinetics;
    if context.stationary.is_err() {
        limit(context, report)?;
    }
    let Some(times) = times(context)? else {
        return Ok(());
    };
    let Some(&end) = times.last() else { return Ok(()) };
    let later: Vec<f64> = times.iter().copied().filter(|t| *t > 0.0).collect();
    let options = RelaxationOptions {
        times: later,
        ..RelaxationOptions::default()
    };
    let record = relaxation(kinetics, &context.initial, end, &options, context.run).map_err(fail)?;
    let finite = record.entropy_production.is_finite();
    let total = context
        .quantity(&ENTROPY_PRODUCTION, record.entropy_production)
        .with_error(finite.then_some(record.error));
    report.push_quantity(total);
    report.push_quantity(context.quantity(&EXPECTED_JUMPS, record.activity));
    if finite {
        report.push_quantity(context.quantity(&EXCESS_ENTROPY_PRODUCTION, record.excess));
        report.push_quantity(context.quantity(&WASSERSTEIN_LENGTH, record.wasserstein_length));
        report.push_check(Check::new(
            "relaxation_split",
            "|∫ excess + ∫ housekeeping − ∫ entropy production|",
            (record.excess + record.housekeeping - record.entropy_production).abs(),
            1e-8 * record.entropy_production + 1e-12 * record.activity,
        ));
        if record.wasserstein_length > 0.0 {
            report.push_bound(
                Bound::at_least(
                    "wasserstein_path",
                    "duration × ∫ excess ≥ (Wasserstein length of the path)²",
                    end * record.excess,
                    record.wasserstein_length * record.wasserstein_length,
                )
                .assuming("any path (Cauchy and Schwarz); equality for constant speed"),
            );
        }
    }
    if let (Some(nonadiabatic), Ok(pi)) = (record.nonadiabatic, &context.stationary) {
        report.push_quantity(context.quantity(&NONADIABATIC_ENTROPY_PRODUCTION, nonadiabatic));
        let before = context.initial.relative_entropy(pi).map_err(fail)?;
        let after = record.final_distribution.relative_entropy(pi).map_err(fail)?;
        report.push_check(Check::new(
            "relative_entropy",
            "|∫ nonadiabatic − D(p₀‖π) + D(p_τ‖π)|",
            (nonadiabatic - (before - after)).abs(),
            1e-7 * before + 1e-10,
        ));
    }
    if let Some(energetics) = &context.system.energetics {
        let sum = clausius_sum(kinetics, energetics, &context.initial, &record).map_err(fail)?;
        report.push_quantity(context.quantity(&ENTROPY_CHANGE, sum.entropy_change));
        for (name, heat) in context.network().reservoirs().iter().zip(&sum.heat) {
            report.push_quantity(
                context
                    .quantity(&HEAT, *heat)
                    .named(format!("heat_over_interval_{name}")),
            );
        }
        report.push_quantity(context.quantity(&CLAUSIUS_SUM, sum.total));
        let complete = energetics.is_complete(kinetics).map_err(fail)?;
        let balanced = energetics.require_detailed_balance(kinetics, 1e-9).is_ok();
        if complete && balanced {
            report.push_bound(
                // a difference of entropies carries their rounding
                Bound::at_least("clausius", "ΔS + Σ Q/T + rounding ≥ 0", sum.total + 1e-12, 0.0)
                    .in_unit("nats")
                    .assuming("every transition is a work source or coupled to a reservoir with local detailed balance"),
            );
            if finite {
                report.push_check(Check::new(
                    "clausius_identity",
                    "|ΔS + Σ Q/T − ∫ entropy production|",
                    (sum.total - record.entropy_production).abs(),
                    1e-7 * record.entropy_production + 1e-9,
                ));
            }
        }
    }
    figures(context, &times, &record, report)?;
    context.relaxation = Some(record);
    Ok(())
}

/// Where a process with several closed classes ends up from its initial distribution.
fn limit(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let limit =
        limiting_distribution(&context.system.kinetics, &context.initial).map_err(|e| context.fail(e))?;
    let names = context.network().states();
    let members = |states: &[usize]| {
        states
            .iter()
            .map(|&i| names[i].clone())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let classes: Vec<String> = limit.classes.iter().map(|c| members(&c.states)).collect();
    let told: Vec<String> = classes
        .iter()
        .zip(&limit.probabilities)
        .map(|(class, p)| {
            format!(
                "{{{class}}} with probability {}",
                irrev_report::readable_number(*p, 6)
            )
        })
        .collect();
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!("From its initial distribution it ends in {}.", told.join(", ")),
    );
    report.push_table(
        Table::new(
            "closed_classes",
            "Closed classes and the probability of ending in each, from the initial distribution",
        )
        .text("states", classes)
        .numbers("probability", "1", limit.probabilities.clone()),
    );
    report.push_table(
        Table::new(
            "limiting_distribution",
            "Distribution approached from the initial one",
        )
        .text("state", names.to_vec())
        .numbers("probability", "1", limit.distribution.probabilities().to_vec()),
    );
    Ok(())
}

/// The model's time grid, or some relaxation times in equal steps.
pub(super) fn times(context: &Context<'_>) -> Result<Option<Vec<f64>>> {
    if let Some(times) = context.environment.times()? {
        return Ok(Some(times));
    }
    let slowest = context
        .spectrum
        .as_ref()
        .and_then(|s| s.relaxation_times.first().copied());
    let end = slowest
        .map(|t| RELAXATION_TIMES * t)
        .filter(|t| t.is_finite() && *t > 0.0);
    Ok(end.map(|end| {
        (0..POINTS)
            .map(|k| end * k as f64 / (POINTS - 1) as f64)
            .collect()
    }))
}

fn figures(
    context: &Context<'_>,
    times: &[f64],
    record: &irrev_network::dynamics::Relaxation,
    report: &mut Report,
) -> Result<()> {
    let fail = |e| context.fail(e);
    let kinetics = &context.system.kinetics;
    let logarithmic = times.first().is_some_and(|t| *t > 0.0);
    let mut states = Vec::with_capacity(times.len());
    if !logarithmic {
        states.push(&context.initial);
    }
    states.extend(&record.distributions);
    let axis = || {
        let axis = Axis::new("time", context.units.time());
        if logarithmic { axis.logarithmic() } else { axis }
    };
    let n = context.initial.len();
    let mut shown: Vec<usize> = (0..n).collect();
    let range = |i: usize| {
        let values = states.iter().map(|p| p.probabilities()[i]);
        values.clone().fold(0.0, f64::max) - values.fold(1.0, f64::min)
    };
    shown.sort_by(|&a, &b| range(b).total_cmp(&range(a)).then(a.cmp(&b)));
    shown.truncate(MOST_CURVES);
    shown.sort_unstable();
    let mut lines = Lines::new(axis(), Axis::new("probability", "1"));
    for &i in &shown {
        let values = states.iter().map(|p| p.probabilities()[i]).collect();
        lines = lines.curve(Curve::new(
            context.network().states()[i].clone(),
            times.to_vec(),
            values,
        ));
    }
    let caption = if n > MOST_CURVES {
        format!(
            "Probability of the {MOST_CURVES} states (of {n}) that change most, from the initial distribution."
        )
    } else {
        "Probability of each state, from the initial distribution.".into()
    };
    report.push_figure(Figure::new(
        "relaxation",
        "Relaxation of the distribution",
        caption,
        lines,
    ));
    if !record.entropy_production.is_finite() {
        return Ok(());
    }
    let mut curves: [Vec<f64>; 4] = Default::default();
    let mut at = Vec::new();
    for (&t, p) in times.iter().zip(&states) {
        let flow = kinetics.flow(p).map_err(fail)?;
        let rate = flow.entropy_production_rate();
        if !rate.is_finite() {
            continue;
        }
        let split = geometric_decomposition(&flow).map_err(fail)?;
        at.push(t);
        curves[0].push(rate);
        curves[1].push(split.excess);
        curves[2].push(split.housekeeping);
        if let (Ok(pi), true) = (&context.stationary, record.nonadiabatic.is_some()) {
            curves[3].push(
                hatano_sasa_decomposition(kinetics, p, pi)
                    .map_err(fail)?
                    .nonadiabatic,
            );
        }
    }
    let mut lines = Lines::new(
        axis(),
        Axis::new("entropy production rate", context.units.entropy_rate()),
    );
    let names = [
        "total",
        "excess (geometric)",
        "housekeeping (geometric)",
        "nonadiabatic (Hatano–Sasa)",
    ];
    for (k, (name, values)) in names.into_iter().zip(curves).enumerate() {
        if values.len() == at.len() {
            let style = if k == 3 {
                CurveStyle::Dashed
            } else {
                CurveStyle::Line
            };
            lines = lines.curve(Curve::new(name, at.clone(), values).styled(style));
        }
    }
    report.push_figure(Figure::new(
        "entropy_production_over_time",
        "Entropy production over time",
        "Entropy production rate along the relaxation, split into what moves the state (excess) and what keeps it driven (housekeeping).",
        lines,
    ));
    Ok(())
}

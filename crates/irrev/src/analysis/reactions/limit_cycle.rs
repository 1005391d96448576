//! Section: the limit cycle, its period, its stability, and what one turn costs.

use irrev_network::reactions::bounds::speed_limit;
use irrev_network::reactions::evolution::flow_and_split;
use irrev_report::{Axis, Check, Curve, Definition, Figure, Lines, Report, Table};

use super::super::definitions::{
    ENTROPY_PRODUCTION_PER_PERIOD, ENTROPY_PRODUCTION_RATE, EXCESS_PER_PERIOD, HOUSEKEEPING_PER_PERIOD,
    PERIOD, WASSERSTEIN_LENGTH,
};
use super::context::{Context, infinite_because};
use crate::error::Result;

/// Relative error that no period is free of: the rounding of a sum of steps.
const LEAST_ERROR: f64 = 16.0 * f64::EPSILON;

/// Points along the orbit in figures.
const POINTS: usize = 361;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(cycle) = context.cycle() else {
        return Ok(());
    };
    let system = &context.chemistry.system;
    let section_species = &system.state_names()[cycle.section.state];
    let (label, unit) = context.species_axis();
    report.push_quantity(
        context
            .quantity(&PERIOD, cycle.period)
            .with_error(Some(cycle.period * cycle.convergence.residual.max(LEAST_ERROR)))
            .with_note(format!(
                "{} limit cycle, cut where {section_species} rises through {}",
                if cycle.is_stable { "stable" } else { "unstable" },
                irrev_report::readable_number(
                    cycle.section.value / context.chemistry.amount_per_symbol[cycle.section.state],
                    5
                )
            ))
            .key(),
    );
    report.push_table(
        Table::new("limit_cycle_section", "State on the Poincaré section")
            .text("species", system.state_names().to_vec())
            .numbers("value", &unit, context.chemistry.symbols(&cycle.amounts)),
    );
    report.push_table(
        Table::new(
            "floquet_multipliers",
            "Floquet multipliers: what becomes of a small disturbance after one turn; one is 1, along the orbit",
        )
        .numbers("real part", "1", cycle.multipliers.iter().map(|m| m.re).collect())
        .numbers("imaginary part", "1", cycle.multipliers.iter().map(|m| m.im).collect())
        .numbers("modulus", "1", cycle.multipliers.iter().map(|m| m.norm()).collect()),
    );
    report.push_check(Check::new(
        "orbit_closes",
        "distance between the state and its return after one period, relative",
        cycle.convergence.residual,
        cycle.convergence.target,
    ));
    // the last time must not lie behind the orbit's end by rounding
    let last = cycle.trajectory.time();
    let times: Vec<f64> = (0..POINTS)
        .map(|k| (last * k as f64 / (POINTS - 1) as f64).min(last))
        .collect();
    let mut orbit = Vec::with_capacity(POINTS);
    for &time in &times {
        orbit.push(cycle.trajectory.at(time).map_err(|e| context.fail(e.into()))?);
    }
    let symbols: Vec<Vec<f64>> = orbit.iter().map(|x| context.chemistry.symbols(x)).collect();
    phase_portrait(context, &symbols, (label, unit), report);
    if context.no_thermodynamics().is_some() {
        return Ok(());
    }
    let budget = &cycle.budget;
    if budget.entropy_production.is_infinite() {
        let names = context.counted_names(&budget.one_way);
        report.push_quantity(
            context
                .quantity(&ENTROPY_PRODUCTION_RATE, f64::INFINITY)
                .key()
                .with_note(infinite_because(&names)),
        );
        return Ok(());
    }
    let with = |definition: &Definition, value: f64, error: f64| {
        context.quantity(definition, value).with_error(Some(error))
    };
    report.push_quantity(
        context
            .quantity(&ENTROPY_PRODUCTION_RATE, budget.entropy_production / cycle.period)
            .with_note("mean over one period of the limit cycle")
            .key(),
    );
    report.push_quantity(
        with(
            &ENTROPY_PRODUCTION_PER_PERIOD,
            budget.entropy_production,
            budget.errors[0],
        )
        .key(),
    );
    report.push_quantity(with(&EXCESS_PER_PERIOD, budget.excess, budget.errors[1]).key());
    report.push_quantity(with(&HOUSEKEEPING_PER_PERIOD, budget.housekeeping, budget.errors[2]).key());
    report.push_quantity(
        with(&WASSERSTEIN_LENGTH, budget.wasserstein_length, budget.errors[3])
            .named("wasserstein_length_of_cycle")
            .with_note("of one turn of the limit cycle"),
    );
    report.push_check(Check::new(
        "cycle_split",
        "|excess + housekeeping − entropy production| over one period",
        (budget.excess + budget.housekeeping - budget.entropy_production).abs(),
        1e-8 * budget.entropy_production,
    ));
    report.push_bound(
        irrev_report::Bound::at_least(
            "cycle_length",
            "period × excess of a turn ≥ (length of the orbit)²",
            cycle.period * budget.excess,
            budget.wasserstein_length * budget.wasserstein_length,
        )
        .assuming("any closed path (Cauchy and Schwarz)"),
    );
    let (mut rates, mut excess, mut housekeeping) = (Vec::new(), Vec::new(), Vec::new());
    for x in &orbit {
        let (flow, split) = flow_and_split(system, 0.0, x).map_err(|e| context.fail(e))?;
        rates.push(flow.entropy_production_rate());
        excess.push(split.excess);
        housekeeping.push(split.housekeeping);
    }
    report.push_figure(Figure::new(
        "limit_cycle_dissipation",
        "Dissipation along the limit cycle",
        "Entropy production rate over one period, split into what moves the state (excess) and what circulates (housekeeping).",
        Lines::new(
            Axis::new("time since the section", context.units.time()),
            Axis::new("entropy production rate", context.units.entropy_rate()),
        )
        .curve(Curve::new("total", times.clone(), rates))
        .curve(Curve::new("excess (geometric)", times.clone(), excess))
        .curve(Curve::new("housekeeping (geometric)", times, housekeeping)),
    ));
    half_turn_limits(context, &orbit, report);
    Ok(())
}

/// The orbit in the plane of the two species that vary most.
fn phase_portrait(
    context: &Context<'_>,
    orbit: &[Vec<f64>],
    (label, unit): (String, String),
    report: &mut Report,
) {
    let names = context.chemistry.system.state_names();
    if names.len() < 2 {
        return;
    }
    let extent = |k: usize| {
        let values = orbit.iter().map(|x| x[k]);
        let (low, high) = values.fold((f64::INFINITY, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
        (high - low) / high.max(f64::MIN_POSITIVE)
    };
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&a, &b| extent(b).total_cmp(&extent(a)).then(a.cmp(&b)));
    let (mut x, mut y) = (order[0], order[1]);
    if x > y {
        (x, y) = (y, x);
    }
    let column = |k: usize| orbit.iter().map(|values| values[k]).collect::<Vec<f64>>();
    report.push_figure(Figure::new(
        "phase_portrait",
        "Phase portrait",
        format!("The limit cycle in the plane of {} and {}.", names[x], names[y]),
        Lines::new(
            Axis::new(format!("{label} of {}", names[x]), unit.clone()),
            Axis::new(format!("{label} of {}", names[y]), unit),
        )
        .curve(Curve::new("limit cycle", column(x), column(y))),
    ));
}

/// How fast each species could turn at this dissipation: limits on the time from its least to its largest amount.
fn half_turn_limits(context: &Context<'_>, orbit: &[Vec<f64>], report: &mut Report) {
    let Some(cycle) = context.cycle() else { return };
    let names = context.chemistry.system.state_names();
    let budget = &cycle.budget;
    let mut limits = Vec::new();
    for k in 0..names.len() {
        let values = orbit.iter().map(|x| x[k]);
        let (low, high) = values.fold((f64::INFINITY, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
        // there and back: Σ₁∫D₁ ≥ 2 Δx² and Σ₂∫D₂ ≥ 2 Δx² give Σ∫D ≥ 8 Δx² (Cauchy and Schwarz)
        limits.push(
            4.0 * speed_limit(
                high - low,
                budget.entropy_production,
                budget.diffusion[k],
                cycle.period,
            ),
        );
    }
    report.push_table(
        Table::new(
            "period_bounds",
            "Least time of one turn of each species at the dissipation and diffusion of the cycle: 8 Δx²/(Σ D̄)",
        )
        .text("species", names.to_vec())
        .numbers("bound", context.units.time(), limits)
        .numbers("period", context.units.time(), vec![cycle.period; names.len()]),
    );
}

//! Section: concentrations and dissipation over time.

use irrev_network::decomposition::information_geometric_decomposition;
use irrev_network::reactions::evolution::{EvolutionOptions, evolve, flow_and_split};
use irrev_report::{
    Axis, Bound, Check, Curve, CurveStyle, Definition, Figure, Lines, Quantity, Report, Table, text,
};

use super::super::definitions::{
    ENTROPY_PRODUCTION, EXCESS_ENTROPY_PRODUCTION, EXPECTED_JUMPS, WASSERSTEIN_LENGTH,
};
use super::context::{Context, infinite_because};
use crate::error::Result;

/// Species drawn; of more, those that change most.
const MOST_CURVES: usize = 10;

/// Most species for which the dissipation is integrated along the way and drawn: every point takes projections on the stoichiometry.
const BUDGET_SPECIES: usize = 2000;

/// What an excess means where reactions were left out.
pub(super) const PARTIAL: &str = "of the motion that the counted reactions would cause by themselves: others were left out, so it says nothing of the true motion";

/// Points at which the information-geometric excess is drawn.
const CERTIFIED: usize = 121;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let times = context.times()?;
    let Some(&end) = times.last() else { return Ok(()) };
    let system = &context.chemistry.system;
    let species = system.dynamic().len();
    let counted = context.no_thermodynamics().is_none() && species <= BUDGET_SPECIES;
    if species > BUDGET_SPECIES {
        report.push_warning(format!(
            "The entropy production along the evolution is left out: it is integrated for at most {BUDGET_SPECIES} dynamic species, and there are \
             {species}."
        ));
    }
    let options = EvolutionOptions {
        times: times.clone(),
        budget: counted && end > 0.0,
        ..EvolutionOptions::default()
    };
    let record = evolve(system, &context.chemistry.initial, end, &options, context.run)
        .map_err(|e| context.fail(e))?;
    concentrations(context, &times, &record.amounts, report);
    table(context, &times, &record.amounts, report);
    if let Some(budget) = &record.budget {
        let finite = budget.entropy_production.is_finite();
        let total = context.quantity(&ENTROPY_PRODUCTION, budget.entropy_production);
        report.push_quantity(if finite {
            total.with_error(Some(budget.errors[0]))
        } else {
            total.with_note(infinite_because(&context.counted_names(&budget.one_way)))
        });
        report.push_quantity(
            context
                .quantity(&turnover(), budget.activity)
                .in_unit(context.units.amount()),
        );
        if finite {
            let partial = |quantity: Quantity| match context.left_out().is_empty() {
                true => quantity,
                false => quantity.with_note(PARTIAL),
            };
            report.push_quantity(partial(
                context.quantity(&EXCESS_ENTROPY_PRODUCTION, budget.excess),
            ));
            report.push_quantity(partial(
                context.quantity(&WASSERSTEIN_LENGTH, budget.wasserstein_length),
            ));
            report.push_check(Check::new(
                "evolution_split",
                "|∫ excess + ∫ housekeeping − ∫ entropy production|",
                (budget.excess + budget.housekeeping - budget.entropy_production).abs(),
                1e-8 * budget.entropy_production + 1e-12 * budget.activity,
            ));
            if context.left_out().is_empty() {
                speed_limits(context, &record, end, report);
            }
        }
    }
    if counted {
        dissipation(context, &times, &record.amounts, report)?;
    }
    context.evolution = Some(record);
    Ok(())
}

/// ∫ Σ(j⁺ + j⁻) dt, which by amounts is no number of jumps.
fn turnover() -> Definition {
    Definition {
        label: text("total of the one-way fluxes over the interval"),
        formula: text(r"\mathcal A = \int_0^\tau \sum_r (j_r^+ + j_r^-)\,dt"),
        explanation: text(
            "What the counted reactions turn over in both directions, as an amount: times the molecules per amount, the expected number of jumps.",
        ),
        ..EXPECTED_JUMPS
    }
}

fn axis(context: &Context<'_>, times: &[f64]) -> Axis {
    let axis = Axis::new("time", context.units.time());
    if times.first().is_some_and(|t| *t > 0.0) {
        axis.logarithmic()
    } else {
        axis
    }
}

fn concentrations(context: &Context<'_>, times: &[f64], amounts: &[Vec<f64>], report: &mut Report) {
    let symbols: Vec<Vec<f64>> = amounts.iter().map(|x| context.chemistry.symbols(x)).collect();
    let names = context.chemistry.system.state_names();
    let range = |k: usize| {
        let values = symbols.iter().map(|x| x[k]);
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
            (l.min(v), h.max(v))
        });
        high - low
    };
    let mut shown: Vec<usize> = (0..names.len()).collect();
    shown.sort_by(|&a, &b| range(b).total_cmp(&range(a)).then(a.cmp(&b)));
    shown.truncate(MOST_CURVES);
    shown.sort_unstable();
    let (label, unit) = context.species_axis();
    let mut lines = Lines::new(axis(context, times), Axis::new(label.clone(), unit));
    for &k in &shown {
        lines = lines.curve(Curve::new(
            names[k].clone(),
            times.to_vec(),
            symbols.iter().map(|x| x[k]).collect(),
        ));
    }
    let caption = if names.len() > MOST_CURVES {
        format!("The {MOST_CURVES} species (of {}) that change most.", names.len())
    } else {
        format!("The {label} of each dynamic species from the initial state.")
    };
    report.push_figure(Figure::new("evolution", "Evolution", caption, lines));
}

/// Every symbol that moves, at every time.
fn table(context: &Context<'_>, times: &[f64], amounts: &[Vec<f64>], report: &mut Report) {
    let (_, unit) = context.species_axis();
    let mut table = Table::new("time_course", "Dynamic species over time").numbers(
        "time",
        context.units.time(),
        times.to_vec(),
    );
    let symbols: Vec<Vec<f64>> = amounts.iter().map(|x| context.chemistry.symbols(x)).collect();
    for (k, name) in context.chemistry.system.state_names().iter().enumerate() {
        table = table.numbers(name.clone(), unit.clone(), symbols.iter().map(|x| x[k]).collect());
    }
    report.push_table(table);
}

fn speed_limits(
    context: &Context<'_>,
    record: &irrev_network::reactions::evolution::Evolution,
    end: f64,
    report: &mut Report,
) {
    let system = &context.chemistry.system;
    let names = system.state_names();
    // a species that follows a rate of its own is limited by nothing
    let limited: Vec<usize> = (0..names.len())
        .filter(|k| !system.is_external(system.dynamic()[*k]))
        .collect();
    let tightest = limited
        .iter()
        .copied()
        .max_by(|&a, &b| record.speed_limits[a].total_cmp(&record.speed_limits[b]));
    if let Some(k) = tightest.filter(|k| record.speed_limits[*k] > 0.0) {
        report.push_bound(
            Bound::at_least(
                "speed_limit",
                format!("duration ≥ 2 Δx²/(Σ D̄), for {}", names[k]),
                end,
                record.speed_limits[k],
            )
            .in_unit(context.units.time())
            .assuming("every reaction that moves the species counts (Yoshimura and Ito 2021)"),
        );
    }
    report.push_table(
        Table::new(
            "speed_limits",
            "Least duration of the change of each species: 2 Δx²/(Σ D̄)",
        )
        .text("species", limited.iter().map(|k| names[*k].clone()).collect())
        .numbers(
            "bound",
            context.units.time(),
            limited.iter().map(|k| record.speed_limits[*k]).collect(),
        )
        .numbers("duration", context.units.time(), vec![end; limited.len()]),
    );
}

fn dissipation(
    context: &Context<'_>,
    times: &[f64],
    amounts: &[Vec<f64>],
    report: &mut Report,
) -> Result<()> {
    let system = &context.chemistry.system;
    let every = amounts.len().div_ceil(CERTIFIED);
    let (mut at, mut rates, mut excess, mut housekeeping) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut certified_at, mut certified) = (Vec::new(), Vec::new());
    for (k, (&time, x)) in times.iter().zip(amounts).enumerate() {
        context
            .run
            .report(k as f64 / times.len() as f64, "dissipation along the evolution")
            .map_err(|e| context.fail(e.into()))?;
        // a species that is not there yet makes the rate infinite at that instant
        if x.iter().any(|v| *v <= 0.0) {
            continue;
        }
        let (flow, split) = flow_and_split(system, time, x).map_err(|e| context.fail(e))?;
        let rate = flow.entropy_production_rate();
        if !rate.is_finite() {
            continue;
        }
        at.push(time);
        rates.push(rate);
        excess.push(split.excess);
        housekeeping.push(split.housekeeping);
        if k % every == 0 {
            // drawn where it converges; the numbers that are reported are certified elsewhere
            if let Ok(information) = information_geometric_decomposition(&flow) {
                certified_at.push(time);
                certified.push(information.excess);
            }
        }
    }
    if at.is_empty() {
        return Ok(());
    }
    report.push_figure(Figure::new(
        "entropy_production_over_time",
        "Entropy production over time",
        "Entropy production rate of the counted reactions, split into what moves the concentrations (excess) and what circulates (housekeeping).",
        Lines::new(axis(context, times), Axis::new("entropy production rate", context.units.entropy_rate()))
            .curve(Curve::new("total", at.clone(), rates))
            .curve(Curve::new("excess (geometric)", at.clone(), excess))
            .curve(Curve::new("housekeeping (geometric)", at, housekeeping))
            .curve(Curve::new("excess (information-geometric)", certified_at, certified).styled(CurveStyle::Dashed)),
    ));
    Ok(())
}

//! Section: results over the values of one or two numbers of the model.

use irrev_network::reactions::attractor::Attractor;
use irrev_report::{Axis, Figure, Report, Table};
use rayon::prelude::*;

use super::super::SweepRequest;
use super::super::sweeping::{at_point, door};
use super::context::Context;
use crate::error::Result;
use crate::model::{Override, Reactions, ReactionsEnvironment};

/// What a sweep shows unless told.
const DEFAULT: &[&str] = &["entropy_production_rate"];

/// Most points of a sweep.
const MOST_POINTS: usize = 100_000;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let spec = context.environment.spec();
    let request = match &context.sweep {
        Some(request) => request.clone(),
        None => SweepRequest {
            axes: spec
                .sweeps
                .iter()
                .map(|s| (s.key.clone(), s.values.clone()))
                .collect(),
            show: spec
                .sweeps
                .iter()
                .flat_map(|s| s.show.iter().map(|r| r.name.clone()))
                .collect(),
        },
    };
    let show: Vec<String> = if request.show.is_empty() {
        DEFAULT.iter().map(|s| (*s).to_owned()).collect()
    } else {
        request.show.clone()
    };
    let points = request.points(MOST_POINTS, spec.source.name())?;
    let keys = request.keys();
    let (door, run) = (door(context.sweep.as_ref()), context.run);
    let rows: Vec<Result<(Vec<f64>, String)>> = points
        .par_iter()
        .map(|point| row(spec, &at_point(door, &keys, point), &show, run))
        .collect();
    let rows = rows.into_iter().collect::<Result<Vec<_>>>()?;
    let mut table = Table::new("sweep", "Results over the swept numbers");
    for (k, key) in keys.iter().enumerate() {
        table = table.numbers(*key, "", points.iter().map(|p| p[k]).collect());
    }
    for (k, name) in show.iter().enumerate() {
        table = table.numbers(
            name.clone(),
            unit(context, name),
            rows.iter().map(|r| r.0[k]).collect(),
        );
    }
    report.push_table(table.text("settles on", rows.iter().map(|r| r.1.clone()).collect()));
    let failures = rows.iter().filter(|r| r.1.starts_with("no ")).count();
    if failures > 0 {
        report.push_warning(format!(
            "At {failures} of {} points of the sweep the motion neither rests nor repeats; their results are gaps.",
            rows.len()
        ));
    }
    for (k, name) in show.iter().enumerate() {
        let values: Vec<f64> = rows.iter().map(|r| r.0[k]).collect();
        let title = name.replace('_', " ");
        let axis = Axis::new(title.clone(), unit(context, name));
        report.push_figure(Figure::new(
            format!("sweep_{}", file_name(name)),
            format!("{title} against {}", request.against()),
            "Each point is the steady state or limit cycle that the initial state settles on.",
            request.picture(&title, axis, values, None),
        ));
    }
    Ok(())
}

/// Results at one point, and what the motion settles on there.
fn row(
    spec: &Reactions,
    overrides: &[Override],
    show: &[String],
    run: &irrev_numerics::Run<'_>,
) -> Result<(Vec<f64>, String)> {
    let environment = ReactionsEnvironment::new(spec, overrides)?;
    let context = Context::new(&environment, run)?;
    let settled = match context.attractor() {
        Ok(Attractor::Steady(_)) => "steady state",
        Ok(Attractor::Cycle(_)) => "limit cycle",
        Ok(_) => "another attractor",
        Err(_) => "no attractor found",
    };
    let values = show
        .iter()
        .map(|name| value(&context, name))
        .collect::<Result<Vec<f64>>>()?;
    Ok((values, settled.into()))
}

/// A named number at what the motion settles on; NaN where it has no meaning there.
fn value(context: &Context<'_>, name: &str) -> Result<f64> {
    let system = &context.chemistry.system;
    let flow = match context.steady() {
        Some(steady) if context.no_thermodynamics().is_none() => {
            Some(system.flow(0.0, &steady.amounts).map_err(|e| context.fail(e))?)
        }
        _ => None,
    };
    let cycle = context.cycle();
    let per_period = |of: fn(&irrev_network::reactions::Budget) -> f64| cycle.map(|c| of(&c.budget));
    let found = match name {
        "entropy_production_rate" => flow
            .map(|f| f.entropy_production_rate())
            .or_else(|| cycle.map(|c| c.budget.entropy_production / c.period)),
        "activity" => flow
            .map(|f| f.activity())
            .or_else(|| cycle.map(|c| c.budget.activity / c.period)),
        "period" => cycle.map(|c| c.period),
        "entropy_production_per_period" => per_period(|b| b.entropy_production),
        "excess_per_period" => per_period(|b| b.excess),
        "geometric_excess" => cycle.map(|c| c.budget.excess / c.period).or(flow.map(|_| 0.0)),
        species => {
            let names = context.environment.spec().symbol_names();
            let slot = names.iter().position(|n| n == species);
            match (slot, context.steady(), cycle) {
                (Some(slot), Some(steady), _) => context
                    .chemistry
                    .symbol_values(0.0, &steady.amounts)
                    .get(slot)
                    .copied(),
                (Some(slot), None, Some(cycle)) => context
                    .chemistry
                    .symbol_values(0.0, &cycle.amounts)
                    .get(slot)
                    .copied(),
                _ => None,
            }
        }
    };
    Ok(found.unwrap_or(f64::NAN))
}

fn unit(context: &Context<'_>, name: &str) -> String {
    match name {
        "entropy_production_rate" | "geometric_excess" => context.units.entropy_rate(),
        "activity" => context.units.extent_rate(),
        "period" => context.units.time().to_owned(),
        "entropy_production_per_period" | "excess_per_period" => context.units.apply("nats"),
        _ => context.species_axis().1,
    }
}

fn file_name(name: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    name.chars().map(plain).collect()
}

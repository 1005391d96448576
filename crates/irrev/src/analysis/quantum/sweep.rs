//! Section: results over the values of one or two numbers of the model.

use irrev_numerics::Run;
use irrev_quantum::temperature::Matching;
use irrev_quantum::thermodynamics::short_time_coefficient;
use irrev_report::{Axis, Figure, Report, Table};

use super::super::SweepRequest;
use super::super::sweeping::{at_point, door};
use super::SCALARS;
use super::context::Context;
use super::history::{contact, follow, without_rounding};
use crate::error::Result;
use crate::lattices;
use crate::model::{Override, Quantum, QuantumEnvironment, QuantumValues, counted};

/// What a sweep shows unless told.
const DEFAULT: [&str; 2] = ["entropy_production", "largest_departure"];

/// Most points of a sweep.
const MOST_POINTS: usize = 10_000;

/// # Errors
/// A name that is no result, a point that is not allowed or cannot be computed.
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let spec = context.environment.spec();
    let request = match &context.sweep {
        Some(request) => request.clone(),
        None => own(context.environment)?,
    };
    let show = request.shown(&DEFAULT, &SCALARS)?;
    let points = request.points(MOST_POINTS, spec.source.name())?;
    let door = door(context.sweep.as_ref());
    let keys = request.keys();
    let mut rows = Vec::new();
    for (k, point) in points.iter().enumerate() {
        context
            .run
            .report(k as f64 / points.len() as f64, "sweep")
            .map_err(|e| context.fail(e.into()))?;
        rows.push(row(context, spec, &at_point(door, &keys, point))?);
    }
    let mut table = Table::new(
        "sweep",
        "Results over the swept numbers, at the first hopping of the contact",
    );
    for (k, key) in keys.iter().enumerate() {
        table = table.numbers(*key, "", points.iter().map(|p| p[k]).collect());
    }
    for name in &show {
        let values: Vec<f64> = rows.iter().map(|row| value(&row.0, name)).collect();
        table = table.numbers(name.clone(), unit(context, name), values.clone());
        report.push_figure(figure(context, &request, name, values));
    }
    let missing = rows.iter().filter(|row| !row.1.is_empty()).count();
    if missing > 0 {
        report.push_warning(format!(
            "{missing} of {} of the sweep {} no results; the table says why.",
            counted(rows.len(), "point"),
            if missing == 1 { "has" } else { "have" }
        ));
        table = table.text("why there is none", rows.into_iter().map(|row| row.1).collect());
    }
    report.push_table(table);
    Ok(())
}

/// The sweep that the model itself asks for.
fn own(environment: &QuantumEnvironment<'_>) -> Result<SweepRequest> {
    let mut request = SweepRequest::default();
    for (index, sweep) in environment.spec().sweeps.iter().enumerate() {
        request
            .axes
            .push((sweep.key.clone(), environment.sweep_values(index)?));
        request
            .show
            .extend(sweep.show.iter().map(|name| name.name.clone()));
    }
    Ok(request)
}

type Row = Vec<(&'static str, f64)>;

fn value(row: &Row, name: &str) -> f64 {
    row.iter()
        .find(|(known, _)| *known == name)
        .map_or(f64::NAN, |found| found.1)
}

/// Results at a point, and why there are none where there are none.
fn row(context: &Context<'_>, spec: &Quantum, overrides: &[Override]) -> Result<(Row, String)> {
    let environment = QuantumEnvironment::new(spec, overrides)?;
    let values = environment.values()?;
    match results(&values, environment.spec().matching, context.run) {
        Ok(row) => Ok((row, String::new())),
        // a point without a temperature does not take the others with it
        Err(
            error @ (irrev_quantum::Error::InfiniteReservoir { .. }
            | irrev_quantum::Error::DegenerateLevel { .. }),
        ) => Ok((Row::new(), error.to_string())),
        Err(error) => Err(context.fail(error)),
    }
}

fn results(values: &QuantumValues, matching: Matching, run: &Run<'_>) -> irrev_quantum::Result<Row> {
    let bath = lattices::prepare(values, matching, run)?;
    let reservoir = bath.matched.finite()?;
    let coupling = values.couplings[0];
    let history = follow(values, &bath, coupling, run)?;
    let departures = history.averages.iter().map(|average| (average - 1.0).abs());
    // λ of a state that does not fill its space changes with time, and is not computed at all of them
    let has_full_rank = values.state.rank() == values.state.dimension();
    let departure = match history.averages.as_slice() {
        [] => f64::NAN,
        _ if !has_full_rank => f64::NAN,
        _ => departures.fold(0.0, f64::max),
    };
    let coefficient = match short_time_coefficient(&contact(values, &bath, coupling)?, run) {
        Ok(c2) => c2,
        Err(irrev_quantum::Error::ShortTime { .. }) => f64::NAN,
        Err(error) => return Err(error),
    };
    let last = history.last();
    Ok(vec![
        (
            "entropy_production",
            last.map_or(f64::NAN, |b| without_rounding(b.entropy_production)),
        ),
        ("lowest_entropy_production", history.lowest()),
        (
            "exponential_average",
            history.averages.last().copied().unwrap_or(f64::NAN),
        ),
        ("largest_departure", departure),
        ("heat_into_bath", last.map_or(f64::NAN, |b| b.heat)),
        ("contact_energy", last.map_or(f64::NAN, |b| b.contact_energy)),
        ("drive_work", last.map_or(f64::NAN, |b| b.work)),
        ("inverse_temperature", reservoir.beta),
        ("chemical_affinity", reservoir.alpha),
        ("short_time_coefficient", coefficient),
    ])
}

fn unit(context: &Context<'_>, name: &str) -> String {
    let unit = match name {
        "entropy_production" | "lowest_entropy_production" => "nats",
        "heat_into_bath" | "contact_energy" | "drive_work" => "energy",
        "inverse_temperature" => "1/energy",
        "short_time_coefficient" => "1/time²",
        _ => "1",
    };
    context.units.apply(unit)
}

fn figure(context: &Context<'_>, request: &SweepRequest, name: &str, values: Vec<f64>) -> Figure {
    let words = name.replace('_', " ");
    let axis = Axis::new(words.clone(), unit(context, name));
    Figure::new(
        format!("sweep_{name}"),
        format!("{words} against {}", request.against()),
        "At the first hopping of the contact; entropy production at the end of the evolution.",
        request.picture(&words, axis, values, None),
    )
}

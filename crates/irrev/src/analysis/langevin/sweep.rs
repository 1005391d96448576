//! Section: results over the values of one or two numbers of the model.

use irrev_report::{Axis, Figure, Report, Table};

use super::super::sweeping::{at_point, door};
use super::super::{Section, SweepRequest};
use super::context::Context;
use super::{SCALARS, first_passage, projection, spectrum, stationary};
use crate::error::Result;
use crate::model::{LangevinEnvironment, Override};

/// What a sweep shows unless told.
const DEFAULT: [&str; 1] = ["entropy_production_rate"];

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
    let (door, keys) = (door(context.sweep.as_ref()), request.keys());
    let mut rows = Vec::new();
    for (k, point) in points.iter().enumerate() {
        context
            .run
            .report(k as f64 / points.len() as f64, "sweep")
            .map_err(|error| context.fail(error.into()))?;
        rows.push(row(context, &at_point(door, &keys, point), &show)?);
    }
    let mut table = Table::new("sweep", "Results over the swept numbers");
    for (k, key) in keys.iter().enumerate() {
        table = table.numbers(*key, "", points.iter().map(|point| point[k]).collect());
    }
    for (k, name) in show.iter().enumerate() {
        let values: Vec<f64> = rows.iter().map(|row| row[k]).collect();
        let unit = unit(context, name);
        table = table.numbers(name.clone(), unit.clone(), values.clone());
        let words = name.replace('_', " ");
        report.push_figure(Figure::new(
            format!("sweep_{name}"),
            format!("{words} against {}", request.against()),
            "In the stationary state, extrapolated to the continuum where the intervals of the grid are multiples of 4.",
            request.picture(&words, Axis::new(words.clone(), unit), values, None),
        ));
    }
    report.push_table(table);
    Ok(())
}

/// The sweep that the model itself asks for.
fn own(environment: &LangevinEnvironment<'_>) -> Result<SweepRequest> {
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

/// The results shown, at a point.
fn row(context: &Context<'_>, overrides: &[Override], show: &[String]) -> Result<Vec<f64>> {
    let environment = LangevinEnvironment::new(context.environment.spec(), overrides)?;
    let mut here = Context::new(&environment, context.run)?;
    let mut report = Report::new("langevin", "point of a sweep", irrev_report::Provenance::new(""));
    let can = |section: Section| here.obstacle(section).is_none();
    let (is_stationary, spectral, passages, projected) = (
        can(Section::SteadyState),
        can(Section::Spectrum),
        can(Section::FirstPassage),
        can(Section::Projection),
    );
    let shows = |name: &str| show.iter().any(|shown| shown == name);
    if is_stationary && (shows("entropy_production_rate") || shows("mean_velocity")) {
        stationary::numbers_only(&mut here, &mut report)?;
    }
    if spectral && shows("relaxation_rate") {
        spectrum::add(&mut here, &mut report)?;
    }
    if passages && shows("mean_first_passage_time") {
        first_passage::add(&mut here, &mut report)?;
    }
    if projected && shows("largest_landscape_difference") {
        projection::add(&mut here, &mut report)?;
    }
    let value = |name: &String| {
        let known = match name.as_str() {
            "entropy_production_rate" => "continuum_entropy_production_rate",
            other => other,
        };
        let found = report
            .quantities
            .iter()
            .find(|quantity| quantity.definition.name == known);
        found.map_or(f64::NAN, |quantity| quantity.value)
    };
    Ok(show.iter().map(value).collect())
}

fn unit(context: &Context<'_>, name: &str) -> String {
    context.units.apply(match name {
        "entropy_production_rate" => "nats/time",
        "relaxation_rate" => "1/time",
        "mean_first_passage_time" => "time",
        "largest_landscape_difference" => "energy",
        _ => "length/time",
    })
}

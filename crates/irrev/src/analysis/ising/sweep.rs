//! Section: stationary results over the values of one or two numbers of the model.
//!
//! Each point is computed in the most exact way that the model allows there: the solution of infinitely many spins, all states of few, or a simulation.

use irrev_ising::Update;
use irrev_ising::enumeration::{
    parallel_stationary_state, partly_parallel_stationary_state, sequential_stationary_state,
};
use irrev_ising::infinite::{AlternatingState, Branch, InfiniteNetwork};
use irrev_ising::simulation::{Observable, simulate};
use irrev_numerics::Run;
use irrev_report::{Axis, Figure, Report, Table};
use rayon::prelude::*;

use super::super::SweepRequest;
use super::super::sweeping::{at_point, door};
use super::SCALARS;
use super::context::Context;
use crate::error::{Error, Result};
use crate::model::{Ising, IsingEnvironment, IsingValues, Override, SizeValues};

/// What a sweep shows unless told.
const DEFAULT: [&str; 3] = ["entropy_production", "conditional_entropy", "magnetization"];

/// Most points of a sweep.
const MOST_POINTS: usize = 100_000;

/// Most spins that are enumerated at every point.
const ENUMERATED: usize = 10;

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
    let run = Run {
        checkpoints: None,
        ..*context.run
    };
    let rows: Vec<Result<Row>> = points
        .par_iter()
        .map(|point| row(spec, &at_point(door, &keys, point), &run))
        .collect();
    let rows = rows.into_iter().collect::<Result<Vec<_>>>()?;
    let mut table = Table::new("sweep", "Stationary results over the swept numbers, per spin");
    for (k, key) in keys.iter().enumerate() {
        table = table.numbers(*key, "", points.iter().map(|p| p[k]).collect());
    }
    let has_errors = rows.iter().any(|row| row.method == SIMULATED);
    for name in &show {
        table = table.numbers(
            name.clone(),
            unit(context, name),
            rows.iter().map(|r| r.value(name)).collect(),
        );
        if has_errors {
            table = table.numbers(
                format!("{name}_error"),
                unit(context, name),
                rows.iter().map(|r| r.error(name)).collect(),
            );
        }
    }
    // an alternating state is shown by its magnetisation at even and at odd steps, whatever else is asked for
    let alternates = rows.iter().any(|row| row.method == ALTERNATING);
    if alternates {
        for name in ["even_magnetization", "odd_magnetization"]
            .iter()
            .filter(|name| !show.iter().any(|s| s == *name))
        {
            table = table.numbers(*name, "1", rows.iter().map(|r| r.value(name)).collect());
        }
    }
    report.push_table(table.text("by", rows.iter().map(|row| row.method.to_owned()).collect()));
    for name in &show {
        let values: Vec<f64> = rows.iter().map(|row| row.value(name)).collect();
        let errors: Vec<f64> = rows.iter().map(|row| row.error(name)).collect();
        report.push_figure(figure(
            context,
            &request,
            name,
            values,
            has_errors.then_some(&errors[..]),
        ));
    }
    Ok(())
}

/// The sweep that the model itself asks for.
fn own(environment: &IsingEnvironment<'_>) -> Result<SweepRequest> {
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

const SIMULATED: &str = "simulation";

/// Results at one point by their names, with standard errors, and the way in which they were found.
struct Row {
    values: Vec<(&'static str, f64, f64)>,
    method: &'static str,
}

impl Row {
    fn value(&self, name: &str) -> f64 {
        self.values.iter().find(|v| v.0 == name).map_or(f64::NAN, |v| v.1)
    }

    fn error(&self, name: &str) -> f64 {
        self.values.iter().find(|v| v.0 == name).map_or(f64::NAN, |v| v.2)
    }
}

/// How a state of period two was found.
const ALTERNATING: &str = "exact solution, N → ∞, alternating";

/// How a stationary state was found in which partly parallel updates do not settle.
const NEVER_REACHED: &str = "exact solution, N → ∞, never reached: spins alternate";

fn exact(values: &[(&'static str, f64)], method: &'static str) -> Row {
    Row {
        values: values.iter().map(|(name, value)| (*name, *value, 0.0)).collect(),
        method,
    }
}

fn row(spec: &Ising, overrides: &[Override], run: &Run<'_>) -> Result<Row> {
    let environment = IsingEnvironment::new(spec, overrides)?;
    let values = environment.values()?;
    let fail = |error| Error::ising(spec.source.name(), error);
    let impossible = |reason: String| Error::NotPossible {
        model: spec.source.name().into(),
        what: "the sweep".into(),
        reason,
    };
    if run.monitor.cancelled() {
        return Err(fail(irrev_numerics::Error::Cancelled.into()));
    }
    let size = match &values.sizes {
        SizeValues::Infinite => {
            let network = values.infinite().map_err(|reason| impossible(reason.into()))?;
            return infinite(&network, &values).map_err(fail);
        }
        SizeValues::Finite(sizes) => match sizes.as_slice() {
            [size] => *size,
            _ => {
                return Err(impossible(
                    "there are several sizes (`network.size`); set one, or \"infinite\"".into(),
                ));
            }
        },
    };
    let network = crate::spins::network(&values, size, run.seed, 0).map_err(fail)?;
    if size <= ENUMERATED {
        return few(&network, values.update, run).map_err(fail);
    }
    let Some(sampling) = &values.sampling else {
        return Err(impossible(format!(
            "{size} spins are too many to enumerate them at every point; a table [simulation] samples them, and `network.size = \"infinite\"` \
             has an exact solution"
        )));
    };
    let averages = simulate(&network, values.update, sampling, run).map_err(fail)?;
    let named = [
        ("magnetization", Observable::Magnetization),
        ("entropy_production", Observable::EntropyProduction),
        ("conditional_entropy", Observable::ConditionalEntropy),
        ("flip_rate", Observable::Activity),
    ];
    let values = named.map(|(name, observable)| {
        let estimate = averages.get(observable);
        (name, estimate.value, estimate.standard_error)
    });
    Ok(Row {
        values: values.to_vec(),
        method: SIMULATED,
    })
}

fn infinite(network: &InfiniteNetwork, values: &IsingValues) -> irrev_ising::Result<Row> {
    let branch = if values.initial_magnetization < 0.0 {
        Branch::Down
    } else {
        Branch::Up
    };
    let distance = match network.fields.mean() {
        0.0 => network.distance_to_criticality()?.unwrap_or(f64::NAN),
        _ => f64::NAN,
    };
    if values.update == Update::Parallel
        && let Some(state) = network.alternating(branch)?
    {
        return Ok(alternating(&state, distance));
    }
    let (order, production, flips, part) = match values.update {
        Update::Sequential => {
            let state = network.sequential(branch)?;
            (state.order, state.entropy_production_rate, state.flip_rate, 0.0)
        }
        Update::PartlyParallel(probability) => {
            let state = network.partly_parallel(probability, branch)?;
            (state.order, state.entropy_production, state.flips, probability)
        }
        _ => {
            let order = network.order_parameters(branch)?;
            (order, order.entropy_production, 0.5 * order.unfrozen, 1.0)
        }
    };
    // one at a time, entropies are those of an attempt
    let share = if part == 0.0 { 1.0 } else { part };
    let method = if order.alternates(part) {
        NEVER_REACHED
    } else {
        "exact solution, N → ∞"
    };
    Ok(exact(
        &[
            ("magnetization", order.magnetization),
            ("even_magnetization", order.magnetization),
            ("odd_magnetization", order.magnetization),
            ("overlap", order.overlap),
            ("gain", order.gain),
            ("conditional_entropy", share * order.conditional_entropy),
            ("reversed_entropy", share * order.conditional_entropy + production),
            ("entropy_production", production),
            ("flip_rate", flips),
            ("distance_to_criticality", distance),
        ],
        method,
    ))
}

/// Means over both steps of an alternating state, and its magnetisation at each.
fn alternating(state: &AlternatingState, distance: f64) -> Row {
    let [even, odd] = &state.phases;
    exact(
        &[
            ("magnetization", state.magnetization()),
            ("even_magnetization", even.magnetization),
            ("odd_magnetization", odd.magnetization),
            ("overlap", 0.5 * (even.overlap + odd.overlap)),
            ("gain", 0.5 * (even.gain + odd.gain)),
            ("conditional_entropy", state.conditional_entropy),
            ("reversed_entropy", state.reversed_entropy),
            ("entropy_production", state.entropy_production),
            ("flip_rate", state.flips),
            ("distance_to_criticality", distance),
        ],
        ALTERNATING,
    )
}

fn few(network: &irrev_ising::KineticIsing, update: Update, run: &Run<'_>) -> irrev_ising::Result<Row> {
    let n = network.spins() as f64;
    let mean = |m: &[f64]| m.iter().sum::<f64>() / n;
    let values = match update {
        Update::Sequential => {
            let state = sequential_stationary_state(network, run)?;
            vec![
                ("magnetization", mean(&state.correlations.magnetizations)),
                ("conditional_entropy", state.attempt_entropy / n),
                ("entropy_production", state.entropy_production_rate / n),
                ("flip_rate", state.activity / n),
                ("reversed_entropy", state.reversed_attempt_entropy / n),
                ("state_entropy", state.state_entropy / n),
            ]
        }
        Update::PartlyParallel(part) => {
            let state = partly_parallel_stationary_state(network, part, run)?;
            vec![
                ("magnetization", mean(&state.correlations.magnetizations)),
                ("conditional_entropy", state.conditional_entropy / n),
                ("reversed_entropy", state.reversed_entropy / n),
                ("entropy_production", state.entropy_production / n),
                ("flip_rate", state.activity / n),
                ("state_entropy", state.state_entropy / n),
            ]
        }
        _ => {
            let state = parallel_stationary_state(network, run)?;
            let m = &state.correlations.magnetizations;
            let turns = (0..m.len()).map(|i| 0.5 * (1.0 - state.delayed_correlations[(i, i)] - m[i] * m[i]));
            vec![
                ("magnetization", mean(m)),
                ("conditional_entropy", state.conditional_entropy / n),
                ("reversed_entropy", state.reversed_entropy / n),
                ("entropy_production", state.entropy_production / n),
                ("flip_rate", turns.sum::<f64>() / n),
                ("state_entropy", state.state_entropy / n),
            ]
        }
    };
    Ok(exact(&values, "enumeration"))
}

fn unit(context: &Context<'_>, name: &str) -> String {
    match name {
        "entropy_production" | "conditional_entropy" | "reversed_entropy" => context.per_time("nats"),
        "flip_rate" => context.per_time("1"),
        "state_entropy" => "nats".into(),
        _ => "1".into(),
    }
}

fn figure(
    context: &Context<'_>,
    request: &SweepRequest,
    name: &str,
    values: Vec<f64>,
    errors: Option<&[f64]>,
) -> Figure {
    let words = name.replace('_', " ").replace("magnetization", "magnetisation");
    let axis = Axis::new(words.clone(), unit(context, name));
    Figure::new(
        format!("sweep_{name}"),
        format!("{words} against {}", request.against()),
        "Per spin, in the stationary state at each point.",
        request.picture(&words, axis, values, errors),
    )
}

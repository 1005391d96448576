//! Bounds as records, and the uncertainty relations in finite time.

use std::sync::Arc;

use irrev_network::bounds::{
    self, Bound as Limit, Cost, FiniteTimeUncertainty, Side, SpeedLimitOptions, Unmet, Verdict,
};
use irrev_numerics::Tolerance;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrays::{self, distribution, finite, vector};
use crate::driven::DrivenJump;
use crate::kinetics::MarkovJump;
use crate::run::{Options, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// What is paid, in words.
fn cost_name(cost: Cost) -> &'static str {
    match cost {
        Cost::EntropyProduction => "entropy production",
        Cost::Excess => "excess",
        Cost::Nonadiabatic => "nonadiabatic",
        Cost::Jumps => "jumps",
        Cost::PseudoEntropy => "pseudo-entropy",
        Cost::ConstantSpeed => "constant speed",
        _ => "other",
    }
}

/// A number with its error, as Python unpacks it.
pub(crate) fn pair(side: Side) -> (f64, f64) {
    (side.value, side.error)
}

pub(crate) fn row<'py>(py: Python<'py>, limit: &Limit) -> Fields<'py> {
    let fields = PyDict::new(py);
    fields.set_item("name", limit.name)?;
    fields.set_item("subject", limit.subject.as_deref())?;
    fields.set_item("paid", cost_name(limit.cost))?;
    fields.set_item("statement", limit.statement())?;
    fields.set_item("source", limit.source)?;
    let sides = limit.sides();
    fields.set_item("cost", sides.map(|s| pair(s.cost)))?;
    fields.set_item("bound", sides.map(|s| pair(s.bound)))?;
    fields.set_item("least_time", sides.and_then(|s| s.least_time).map(pair))?;
    fields.set_item("slack", sides.map(irrev_network::bounds::Sides::slack))?;
    fields.set_item(
        "tightness",
        sides.and_then(irrev_network::bounds::Sides::tightness),
    )?;
    let verdict = match sides.map(irrev_network::bounds::Sides::verdict) {
        None => "unmet",
        Some(Verdict::Holds) => "holds",
        Some(Verdict::Saturated) => "saturated",
        Some(Verdict::NothingMoves) => "nothing moves",
        Some(_) => "violated",
    };
    fields.set_item("verdict", verdict)?;
    fields.set_item("unmet", limit.outcome.as_ref().err().map(Unmet::to_string))?;
    Ok(fields)
}

/// A list of bounds.
pub(crate) fn rows<'py>(py: Python<'py>, limits: &[Limit]) -> PyResult<Bound<'py, PyList>> {
    let rows: PyResult<Vec<_>> = limits.iter().map(|limit| row(py, limit)).collect();
    PyList::new(py, rows?)
}

/// The tolerance of integrals along a path, with the asked relative part.
pub(crate) fn path_tolerance(py: Python<'_>, tol: f64) -> PyResult<Tolerance> {
    Ok(Tolerance {
        relative: arrays::tolerance(py, tol)?,
        ..SpeedLimitOptions::default().tolerance
    })
}

fn relations<'py>(py: Python<'py>, found: &FiniteTimeUncertainty) -> Fields<'py> {
    let fields = PyDict::new(py);
    fields.set_item("mean", pair(found.mean))?;
    fields.set_item("variance", pair(found.variance))?;
    fields.set_item("response", pair(found.response))?;
    fields.set_item("bounds", rows(py, &found.bounds)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn finite_time_uncertainty<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    weights: &Bound<'py, PyAny>,
    start: &Bound<'py, PyAny>,
    duration: f64,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let (weights, start) = (vector("weights", weights)?, distribution("start", start)?);
    let duration = finite(py, "duration", duration)?;
    let tolerance = path_tolerance(py, tol)?;
    let inner = Arc::clone(&kinetics.0);
    let found = supervised(py, options, move |run, _| {
        bounds::finite_time_uncertainty(&inner, &weights, &start, duration, tolerance, run)
    })?;
    relations(py, &found)
}

#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "the options of one call")]
pub(crate) fn driven_uncertainty<'py>(
    py: Python<'py>,
    process: &DrivenJump,
    weights: &Bound<'py, PyAny>,
    start: &Bound<'py, PyAny>,
    from: f64,
    to: f64,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let (weights, start) = (vector("weights", weights)?, distribution("start", start)?);
    let (from, to) = (finite(py, "from_", from)?, finite(py, "to", to)?);
    let tolerance = path_tolerance(py, tol)?;
    let (network, law) = (Arc::clone(&process.network.0), Arc::clone(&process.law));
    let found = supervised(py, options, move |run, watch| {
        let process = DrivenJump::process(&network, &law, watch);
        bounds::driven_uncertainty(&process, &weights, &start, from, to, tolerance, run)
    })?;
    relations(py, &found)
}

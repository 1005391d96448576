//! Speed limits of a relaxation, as one table.

use std::collections::BTreeMap;
use std::sync::Arc;

use irrev_network::bounds::{
    self, Bound as Limit, Cost, Observable, Side, SpeedLimitOptions, Unmet, Verdict,
};
use irrev_network::transport::Wasserstein2Options;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrays::{self, distribution, finite, vector};
use crate::kinetics::MarkovJump;
use crate::records::ToPython;
use crate::run::{Options, supervised};

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
fn pair(side: Side) -> (f64, f64) {
    (side.value, side.error)
}

fn row<'py>(py: Python<'py>, limit: &Limit) -> PyResult<Bound<'py, PyDict>> {
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
        Some(_) => "violated",
    };
    fields.set_item("verdict", verdict)?;
    fields.set_item("unmet", limit.outcome.as_ref().err().map(Unmet::to_string))?;
    Ok(fields)
}

/// A distance and its error, and what keeps it from existing.
fn distance(fields: &Bound<'_, PyDict>, name: &str, found: Option<&Result<Side, Unmet>>) -> PyResult<()> {
    fields.set_item(name, found.and_then(|d| d.as_ref().ok()).copied().map(pair))?;
    match found.and_then(|d| d.as_ref().err()) {
        Some(unmet) => fields.set_item("obstacle", unmet.to_string()),
        None => Ok(()),
    }
}

#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "the options of one call")]
pub(crate) fn speed_limits<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    start: &Bound<'py, PyAny>,
    duration: f64,
    tol: f64,
    wasserstein2_tol: Option<f64>,
    lengths: Option<&Bound<'py, PyAny>>,
    observables: BTreeMap<String, Bound<'py, PyAny>>,
    options: Options,
) -> PyResult<Bound<'py, PyDict>> {
    let start = distribution("start", start)?;
    let duration = finite(py, "duration", duration)?;
    let mut how = SpeedLimitOptions::default();
    how.tolerance.relative = arrays::tolerance(py, tol)?;
    how.wasserstein2 = wasserstein2_tol.map(Wasserstein2Options::within);
    how.lengths = lengths.map(|lengths| vector("lengths", lengths)).transpose()?;
    let named = |(name, values): (String, Bound<'py, PyAny>)| {
        let values = vector(&format!("observables[\"{name}\"]"), &values)?;
        Ok(Observable { name, values })
    };
    how.observables = observables.into_iter().map(named).collect::<PyResult<_>>()?;
    let inner = Arc::clone(&kinetics.0);
    let found = supervised(py, options, move |run, _| {
        bounds::speed_limits(&inner, &start, duration, &how, run)
    })?;
    let (path, ends, fields) = (&found.path, &found.distances, PyDict::new(py));
    fields.set_item("duration", path.duration)?;
    fields.set_item("end", path.end.to_python(py)?)?;
    for (name, side) in [
        ("entropy_production", path.entropy_production),
        ("excess", path.excess),
        ("housekeeping", path.housekeeping),
        ("wasserstein_length", path.wasserstein_length),
        ("jumps", path.jumps),
        ("mobility", path.mobility),
        ("pseudo_entropy", path.pseudo_entropy),
        ("total_variation", ends.total_variation),
    ] {
        fields.set_item(name, pair(side))?;
    }
    fields.set_item("obstacle", py.None())?;
    distance(&fields, "wasserstein1", Some(&ends.wasserstein1))?;
    distance(
        &fields,
        "weighted_wasserstein1",
        ends.weighted_wasserstein1.as_ref(),
    )?;
    distance(&fields, "wasserstein2", ends.wasserstein2.as_ref())?;
    fields.set_item("length_ratio", found.length_ratio().map(pair))?;
    let rows: PyResult<Vec<_>> = found.bounds.iter().map(|limit| row(py, limit)).collect();
    fields.set_item("bounds", PyList::new(py, rows?)?)?;
    Ok(fields)
}

//! Speed limits of a relaxation or a protocol, as one table, and that of diffusion.

use std::collections::BTreeMap;
use std::sync::Arc;

use irrev_network::bounds::{
    self, Cost, Diffusion, Observable, Side, SpeedLimitOptions, SpeedLimits, Unmet,
    langevin_speed_limit as langevin,
};
use irrev_network::transport::Wasserstein2Options;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::{distribution, finite, vector};
use crate::bounds::{pair, path_tolerance, row, rows};
use crate::driven::DrivenJump;
use crate::errors::OrRaise;
use crate::kinetics::MarkovJump;
use crate::records::ToPython;
use crate::run::{Options, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// A distance and its error, and what keeps it from existing.
fn distance(fields: &Bound<'_, PyDict>, name: &str, found: Option<&Result<Side, Unmet>>) -> PyResult<()> {
    fields.set_item(name, found.and_then(|d| d.as_ref().ok()).copied().map(pair))?;
    match found.and_then(|d| d.as_ref().err()) {
        Some(unmet) => fields.set_item("obstacle", unmet.to_string()),
        None => Ok(()),
    }
}

/// Options of a table of speed limits, as Python packs them: tolerances, lengths, observables.
type How<'py> = (
    f64,
    Option<f64>,
    Option<Bound<'py, PyAny>>,
    BTreeMap<String, Bound<'py, PyAny>>,
);

fn how(
    py: Python<'_>,
    (tol, wasserstein2_tol, lengths, observables): How<'_>,
) -> PyResult<SpeedLimitOptions> {
    let named = |(name, values): (String, Bound<'_, PyAny>)| {
        let values = vector(&format!("observables[\"{name}\"]"), &values)?;
        Ok(Observable { name, values })
    };
    Ok(SpeedLimitOptions {
        tolerance: path_tolerance(py, tol)?,
        wasserstein2: wasserstein2_tol.map(Wasserstein2Options::within),
        lengths: lengths.map(|lengths| vector("lengths", &lengths)).transpose()?,
        observables: observables.into_iter().map(named).collect::<PyResult<_>>()?,
    })
}

#[pyfunction]
pub(crate) fn speed_limits<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    start: &Bound<'py, PyAny>,
    duration: f64,
    asked: How<'py>,
    options: Options,
) -> Fields<'py> {
    let start = distribution("start", start)?;
    let duration = finite(py, "duration", duration)?;
    let how = how(py, asked)?;
    let inner = Arc::clone(&kinetics.0);
    let found = supervised(py, options, move |run, _| {
        bounds::speed_limits(&inner, &start, duration, &how, run)
    })?;
    table(py, &found)
}

#[pyfunction]
pub(crate) fn driven_speed_limits<'py>(
    py: Python<'py>,
    process: &DrivenJump,
    start: &Bound<'py, PyAny>,
    from: f64,
    to: f64,
    asked: How<'py>,
    options: Options,
) -> Fields<'py> {
    let start = distribution("start", start)?;
    let (from, to) = (finite(py, "from_", from)?, finite(py, "to", to)?);
    let how = how(py, asked)?;
    let (network, law) = (Arc::clone(&process.network.0), Arc::clone(&process.law));
    let found = supervised(py, options, move |run, watch| {
        let process = DrivenJump::process(&network, &law, watch);
        bounds::driven_speed_limits(&process, &start, from, to, &how, run)
    })?;
    table(py, &found)
}

/// The speed limit of diffusion, with distance and dissipation as (value, error).
#[pyfunction]
pub(crate) fn langevin_speed_limit<'py>(
    py: Python<'py>,
    mobility: f64,
    temperature: f64,
    distance: (f64, f64),
    duration: f64,
    excess: bool,
    dissipated: (f64, f64),
) -> Fields<'py> {
    let side = |(value, error)| Side { value, error };
    let cost = if excess {
        Cost::Excess
    } else {
        Cost::EntropyProduction
    };
    let diffusion = Diffusion {
        mobility,
        temperature,
    };
    let limit = langevin(&diffusion, side(distance), duration, cost, side(dissipated)).or_raise()?;
    row(py, &limit)
}

fn table<'py>(py: Python<'py>, found: &SpeedLimits) -> Fields<'py> {
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
    fields.set_item("bounds", rows(py, &found.bounds)?)?;
    Ok(fields)
}

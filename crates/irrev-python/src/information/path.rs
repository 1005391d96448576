//! Speed and length of relaxations, driven processes and reactions.

use std::sync::Arc;

use irrev_network::information::time::{
    self, MarginalSpeed, Monotonicity, ReactionSpeedAt, ReactionSpeedOptions, SpeedAt, SpeedOptions,
    StatisticalLength,
};
use irrev_numerics::Tolerance;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::Fields;
use super::time::{Part, inequality, marginal};
use crate::arrays::{self, distribution, finite, vector};
use crate::bounds::pair;
use crate::driven::DrivenJump;
use crate::kinetics::MarkovJump;
use crate::reactions::ReactionSystem;
use crate::records::record;
use crate::run::{Options, supervised};

/// One dictionary for each of some records.
fn each<'py, T>(
    py: Python<'py>,
    found: &[T],
    fields: impl Fn(Python<'py>, &T) -> Fields<'py>,
) -> PyResult<Bound<'py, PyList>> {
    let made: PyResult<Vec<_>> = found.iter().map(|one| fields(py, one)).collect();
    PyList::new(py, made?)
}

/// A length with the bounds that follow from it.
pub(super) fn length<'py>(py: Python<'py>, path: &StatisticalLength) -> Fields<'py> {
    let fields = record!(py, path; duration, geodesic);
    fields.set_item("length", pair(path.length))?;
    fields.set_item("action", pair(path.action))?;
    fields.set_item("least_time", path.least_time())?;
    fields.set_item("action_efficiency", path.action_efficiency())?;
    fields.set_item("geodesic_efficiency", path.geodesic_efficiency())?;
    fields.set_item("action_slack", path.action_slack())?;
    fields.set_item("geodesic_slack", path.geodesic_slack())?;
    Ok(fields)
}

fn of_part<'py>(py: Python<'py>, found: &MarginalSpeed) -> Fields<'py> {
    Ok(record!(py, found; fisher_information, fisher_information_rate))
}

fn moment<'py>(py: Python<'py>, at: &SpeedAt) -> Fields<'py> {
    let fields = record!(py, at; time, distribution, rate, fisher_information, speed, fisher_information_rate,
        entropy_production_rate);
    fields.set_item("observables", each(py, &at.observables, inequality)?)?;
    fields.set_item("marginals", each(py, &at.marginals, of_part)?)?;
    Ok(fields)
}

fn monotonicity<'py>(py: Python<'py>, found: &Monotonicity) -> Fields<'py> {
    let fields = record!(py, found; name, monotone);
    let maxima = found.maxima.iter().map(|m| (m.time, m.fisher_information));
    fields.set_item("maxima", maxima.collect::<Vec<_>>())?;
    fields.set_item("undecided", found.undecided.clone())?;
    Ok(fields)
}

/// What is asked of a relaxation, as Python packs it: times, observables, parts, resolution, tolerance.
type Asked<'py> = (
    Bound<'py, PyAny>,
    Vec<Bound<'py, PyAny>>,
    Vec<Part<'py>>,
    f64,
    f64,
);

#[pyfunction]
pub(crate) fn speed_of_relaxation<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    start: &Bound<'py, PyAny>,
    window: (f64, f64),
    asked: Asked<'py>,
    options: Options,
) -> Fields<'py> {
    let (times, observables, marginals, resolution, tol) = asked;
    let start = distribution("start", start)?;
    let observables = observables.iter().enumerate();
    let asked = SpeedOptions {
        times: vector("times", &times)?,
        observables: observables
            .map(|(i, values)| vector(&format!("observables[{i}]"), values))
            .collect::<PyResult<_>>()?,
        marginals: marginals.into_iter().map(marginal).collect::<PyResult<_>>()?,
        resolution,
        tolerance: Tolerance {
            relative: arrays::tolerance(py, tol)?,
            ..SpeedOptions::default().tolerance
        },
    };
    let inner = Arc::clone(&kinetics.0);
    let found = supervised(py, options, move |run, _| {
        time::speed_of_relaxation(&inner, &start, window, &asked, run)
    })?;
    let fields = record!(py, found; convergence);
    fields.set_item("at", each(py, &found.at, moment)?)?;
    fields.set_item("path", length(py, &found.path)?)?;
    fields.set_item("filling", &found.filling)?;
    fields.set_item("marginals", each(py, &found.marginals, monotonicity)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn speed_of_driven_process<'py>(
    py: Python<'py>,
    process: &DrivenJump,
    start: &Bound<'py, PyAny>,
    window: (f64, f64),
    times: &Bound<'py, PyAny>,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let (start, times) = (distribution("start", start)?, vector("times", times)?);
    let (from, to) = (finite(py, "from_", window.0)?, finite(py, "to", window.1)?);
    let tolerance = Tolerance {
        relative: arrays::tolerance(py, tol)?,
        ..SpeedOptions::default().tolerance
    };
    let (network, law) = (Arc::clone(&process.network.0), Arc::clone(&process.law));
    let found = supervised(py, options, move |run, watch| {
        let process = DrivenJump::process(&network, &law, watch);
        time::speed_of_driven_process(&process, &start, (from, to), &times, tolerance, run)
    })?;
    let fields = record!(py, found; times, distributions, fisher_information, convergence);
    fields.set_item("path", length(py, &found.path)?)?;
    fields.set_item("filling", &found.filling)?;
    fields.set_item("monotone_relaxation", found.monotone_relaxation.to_string())?;
    Ok(fields)
}

fn amounts<'py>(py: Python<'py>, at: &ReactionSpeedAt) -> Fields<'py> {
    Ok(record!(py, at; time, amounts, speed_squared, entropy_production_rate, divergence, divergence_decay))
}

#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "the options of one call")]
pub(crate) fn speed_of_reactions<'py>(
    py: Python<'py>,
    system: &ReactionSystem,
    start: Option<&Bound<'py, PyAny>>,
    window: (f64, f64),
    times: &Bound<'py, PyAny>,
    reference: Option<&Bound<'py, PyAny>>,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let start = system.start("start", start)?;
    let asked = ReactionSpeedOptions {
        times: vector("times", times)?,
        reference: reference
            .map(|amounts| system.state("reference", amounts))
            .transpose()?,
        tolerance: Tolerance {
            relative: arrays::tolerance(py, tol)?,
            ..ReactionSpeedOptions::default().tolerance
        },
    };
    let inner = Arc::clone(&system.inner);
    let found = supervised(py, options, move |run, _| {
        time::speed_of_reactions(&inner, &start, window, &asked, run)
    })?;
    let fields = record!(py, found; reference, reference_is_equilibrium);
    fields.set_item("at", each(py, &found.at, amounts)?)?;
    fields.set_item("path", length(py, &found.path)?)?;
    fields.set_item("filling", &found.filling)?;
    Ok(fields)
}

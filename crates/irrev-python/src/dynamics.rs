//! What happens over time with constant rates: evolution, relaxation, spectra, closed classes, first passage.

use std::sync::Arc;

use irrev_network::dynamics::{self, RelaxationOptions};
use irrev_network::{Kinetics, Network};
use irrev_numerics::Tolerance;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrays::{self, distribution, finite, vector};
use crate::kinetics::MarkovJump;
use crate::records::record;
use crate::run::{Options, supervised, unmonitored};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

fn class<'py>(py: Python<'py>, class: &dynamics::ClosedClass) -> Fields<'py> {
    Ok(record!(py, class; states, distribution))
}

#[pyfunction]
pub(crate) fn closed_classes<'py>(py: Python<'py>, kinetics: &MarkovJump) -> PyResult<Bound<'py, PyList>> {
    let inner = Arc::clone(&kinetics.0);
    let classes = unmonitored(py, kinetics.channels(), move || dynamics::closed_classes(&inner))?;
    let classes: PyResult<Vec<_>> = classes.iter().map(|c| class(py, c)).collect();
    PyList::new(py, classes?)
}

#[pyfunction]
pub(crate) fn limiting_distribution<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    start: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let start = distribution("start", start)?;
    let inner = Arc::clone(&kinetics.0);
    let limit = unmonitored(py, kinetics.channels(), move || {
        dynamics::limiting_distribution(&inner, &start)
    })?;
    let fields = record!(py, limit; probabilities, distribution);
    let classes: PyResult<Vec<_>> = limit.classes.iter().map(|c| class(py, c)).collect();
    fields.set_item("classes", PyList::new(py, classes?)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn evolve<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    p: &Bound<'py, PyAny>,
    t: f64,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let (p, t) = (distribution("p", p)?, finite(py, "t", t)?);
    let tolerance = Tolerance::relative(arrays::tolerance(py, tol)?);
    let inner = Arc::clone(&kinetics.0);
    let evolved = supervised(py, options, move |run, _| {
        dynamics::evolve(&inner, &p, t, tolerance, run)
    })?;
    Ok(record!(py, evolved; distribution, method, convergence, clipped))
}

#[pyfunction]
pub(crate) fn relaxation<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    start: &Bound<'py, PyAny>,
    duration: f64,
    times: &Bound<'py, PyAny>,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let start = distribution("start", start)?;
    let default = RelaxationOptions::default();
    let settings = RelaxationOptions {
        times: vector("times", times)?,
        tolerance: Tolerance {
            relative: arrays::tolerance(py, tol)?,
            ..default.tolerance
        },
    };
    let inner = Arc::clone(&kinetics.0);
    let found = supervised(py, options, move |run, _| {
        dynamics::relaxation(&inner, &start, duration, &settings, run)
    })?;
    Ok(
        record!(py, found; times, distributions, final_distribution, entropy_production, excess, housekeeping,
        adiabatic, nonadiabatic, activity, mobility, wasserstein_length, flow, net_jumps, error, convergence),
    )
}

/// A relaxation with the given end and net jumps, as far as the Clausius sum asks for it.
///
/// The record of the library can be made by a relaxation only; the one of a single state that never moves is filled in.
pub(crate) fn relaxed(
    final_distribution: irrev_network::Distribution,
    net_jumps: Vec<f64>,
) -> irrev_network::Result<dynamics::Relaxation> {
    let still = irrev_network::MarkovJump::new(Network::from_edges(1, &[])?, Vec::new(), Vec::new())?;
    let start = irrev_network::Distribution::uniform(1)?;
    let mut relaxation = dynamics::relaxation(
        &still,
        &start,
        1.0,
        &RelaxationOptions::default(),
        &irrev_numerics::Run::default(),
    )?;
    relaxation.final_distribution = final_distribution;
    relaxation.net_jumps = net_jumps;
    Ok(relaxation)
}

#[pyfunction]
pub(crate) fn relaxation_spectrum<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    options: Options,
) -> Fields<'py> {
    let inner = Arc::clone(&kinetics.0);
    let spectrum = supervised(py, options, move |run, _| {
        dynamics::relaxation_spectrum(&inner, run)
    })?;
    Ok(
        record!(py, spectrum; eigenvalues, relaxation_times, spectral_gap, coherence, detailed_balance, convergence),
    )
}

#[pyfunction]
pub(crate) fn first_passage<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    start: &Bound<'py, PyAny>,
    targets: Vec<Bound<'py, PyAny>>,
    times: &Bound<'py, PyAny>,
    options: Options,
) -> Fields<'py> {
    let (start, times) = (distribution("start", start)?, vector("times", times)?);
    let names = kinetics.0.network().states();
    let targets: PyResult<Vec<usize>> = targets
        .iter()
        .map(|t| arrays::place("target state", names, t))
        .collect();
    let (targets, inner) = (targets?, Arc::clone(&kinetics.0));
    let passage = supervised(py, options, move |run, _| {
        dynamics::first_passage(&inner, &start, &targets, &times, run)
    })?;
    Ok(
        record!(py, passage; mean, variance, third_central_moment, skewness, fourth_raw_moment, cumulative,
        splitting_probabilities, conditional_means),
    )
}

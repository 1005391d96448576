//! Counting statistics of currents: in the stationary state, and over a finite interval.

use std::sync::Arc;

use irrev_network::dynamics::{self, CountingStatistics};
use irrev_network::{Distribution, Kinetics};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrays::{count, distribution, finite, integers, vector};
use crate::errors::OrRaise;
use crate::kinetics::MarkovJump;
use crate::records::record;
use crate::run::{Options, supervised, unmonitored};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// A process with its stationary distribution, which `irrev.network.CountingStatistics` keeps.
pub(crate) fn statistics(
    kinetics: &MarkovJump,
    stationary: &Bound<'_, PyAny>,
) -> PyResult<(Arc<irrev_network::MarkovJump>, Distribution)> {
    let stationary = distribution("stationary_distribution", stationary)?;
    let (found, expected) = (stationary.len(), kinetics.0.network().states().len());
    if found != expected {
        let what = "stationary_distribution";
        return Err(irrev_network::Error::Length {
            what,
            found,
            expected,
        })
        .or_raise();
    }
    Ok((Arc::clone(&kinetics.0), stationary))
}

/// The stationary distribution of a process that can be counted.
#[pyfunction]
pub(crate) fn counting_statistics<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
) -> PyResult<Bound<'py, PyAny>> {
    let inner = Arc::clone(&kinetics.0);
    let stationary = unmonitored(py, kinetics.channels(), move || {
        Ok(dynamics::counting_statistics(&inner)?
            .stationary_distribution()
            .clone())
    })?;
    crate::records::ToPython::to_python(&stationary, py)
}

#[pyfunction]
pub(crate) fn scaled_cumulants<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    stationary: &Bound<'py, PyAny>,
    weights: &Bound<'py, PyAny>,
    order: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let weights = vector("weights", weights)?;
    let order = count("order", order, 8)? as usize;
    let (inner, stationary) = statistics(kinetics, stationary)?;
    let cumulants = unmonitored(py, kinetics.channels(), move || {
        CountingStatistics::around(&inner, stationary)?.scaled_cumulants(&weights, order)
    })?;
    Ok(record!(py, cumulants; values))
}

#[pyfunction]
pub(crate) fn entropy_cumulants<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    stationary: &Bound<'py, PyAny>,
    order: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let order = count("order", order, 8)? as usize;
    let (inner, stationary) = statistics(kinetics, stationary)?;
    let cumulants = unmonitored(py, kinetics.channels(), move || {
        CountingStatistics::around(&inner, stationary)?.entropy_cumulants(order)
    })?;
    Ok(record!(py, cumulants; values))
}

/// One record per tilt.
#[pyfunction]
pub(crate) fn scaled_generating_function<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    stationary: &Bound<'py, PyAny>,
    weights: &Bound<'py, PyAny>,
    chi: &Bound<'py, PyAny>,
    options: Options,
) -> PyResult<Bound<'py, PyList>> {
    let (weights, tilts) = (vector("weights", weights)?, vector("chi", chi)?);
    let (inner, stationary) = statistics(kinetics, stationary)?;
    let all = supervised(py, options, move |run, _| {
        let statistics = CountingStatistics::around(&inner, stationary)?;
        let one = |&chi| statistics.scaled_generating_function(&weights, chi, run);
        tilts.iter().map(one).collect::<irrev_network::Result<Vec<_>>>()
    })?;
    let records: PyResult<Vec<_>> = all
        .iter()
        .map(|one| Ok(record!(py, one; chi, value, bracket, convergence)))
        .collect();
    PyList::new(py, records?)
}

#[pyfunction]
pub(crate) fn current_moments<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    weights: &Bound<'py, PyAny>,
    start: &Bound<'py, PyAny>,
    t: f64,
    options: Options,
) -> Fields<'py> {
    let (weights, start) = (vector("weights", weights)?, distribution("start", start)?);
    let t = finite(py, "t", t)?;
    let inner = Arc::clone(&kinetics.0);
    let moments = supervised(py, options, move |run, _| {
        dynamics::current_moments(&inner, &weights, &start, t, run)
    })?;
    Ok(record!(py, moments; mean, variance))
}

#[pyfunction]
pub(crate) fn entropy_moments<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    start: &Bound<'py, PyAny>,
    t: f64,
    options: Options,
) -> Fields<'py> {
    let (start, t) = (distribution("start", start)?, finite(py, "t", t)?);
    let inner = Arc::clone(&kinetics.0);
    let moments = supervised(py, options, move |run, _| {
        dynamics::entropy_moments(&inner, &start, t, run)
    })?;
    Ok(record!(py, moments; mean, variance, integral_fluctuation, missing_weight, integral_fluctuation_sd))
}

#[pyfunction]
pub(crate) fn count_distribution<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    steps: &Bound<'py, PyAny>,
    start: &Bound<'py, PyAny>,
    t: f64,
    largest: &Bound<'py, PyAny>,
    options: Options,
) -> Fields<'py> {
    let (steps, start) = (integers("steps", steps)?, distribution("start", start)?);
    let t = finite(py, "t", t)?;
    let largest = count("largest", largest, u32::MAX)?;
    // a joint table with more counts than this would not fit any memory
    if let Some(&step) = steps.iter().find(|s| s.unsigned_abs() > u64::from(u32::MAX)) {
        let (what, expected) = ("count per jump".to_owned(), "a number within ±4294967295");
        return Err(irrev_network::Error::Domain {
            what,
            value: step as f64,
            expected,
        })
        .or_raise();
    }
    // the Poisson weights of the number of jumps reach 37 standard deviations, down to the smallest double, on both sides
    let jumps = kinetics.0.exit_rates().iter().copied().fold(0.0, f64::max) * t.max(0.0);
    let needed = (8.0 * 2.0 * 37.0 * jumps.sqrt()) as u64;
    let limit = irrev_numerics::Run {
        memory_limit: options.2,
        ..Default::default()
    };
    limit
        .require_memory("the distribution of the number of jumps", needed)
        .map_err(irrev_network::Error::from)
        .or_raise()?;
    let inner = Arc::clone(&kinetics.0);
    let counts = supervised(py, options, move |run, _| {
        dynamics::count_distribution(&inner, &steps, &start, t, largest, run)
    })?;
    Ok(record!(py, counts; first, probabilities))
}

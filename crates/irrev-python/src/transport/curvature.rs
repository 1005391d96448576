//! Entropic curvature of a jump process with detailed balance.

use std::sync::Arc;

use irrev_network::transport::curvature::{self, CurvatureInterval, CurvatureOptions};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::{count, distribution, vector};
use crate::errors::OrRaise;
use crate::kinetics::MarkovJump;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised, unmonitored};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

#[pyfunction]
pub(crate) fn curvature_at<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    at: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let at = distribution("distribution", at)?;
    let inner = Arc::clone(&kinetics.0);
    let found = unmonitored(py, kinetics.channels(), move || {
        curvature::curvature_at(&inner, &at)
    })?;
    Ok(record!(py, found; value, potential, multiplicity))
}

fn effort(
    random_starts: &Bound<'_, PyAny>,
    descents: &Bound<'_, PyAny>,
    largest_log_ratio: f64,
) -> PyResult<CurvatureOptions> {
    Ok(CurvatureOptions {
        random_starts: count("random_starts", random_starts, u32::MAX)? as usize,
        descents: count("descents", descents, u32::MAX)? as usize,
        largest_log_ratio,
        ..CurvatureOptions::default()
    })
}

/// A curvature as Python hands it over: value, lower bound, spectral gap.
type Known = (f64, Option<f64>, f64);

fn interval((value, lower_bound, spectral_gap): Known) -> CurvatureInterval {
    CurvatureInterval {
        value,
        lower_bound,
        spectral_gap,
    }
}

#[pyfunction]
pub(crate) fn entropic_curvature<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    random_starts: &Bound<'py, PyAny>,
    descents: &Bound<'py, PyAny>,
    largest_log_ratio: f64,
    options: Options,
) -> Fields<'py> {
    let how = effort(random_starts, descents, largest_log_ratio)?;
    let inner = Arc::clone(&kinetics.0);
    let found = supervised(py, options, move |run, _| {
        curvature::entropic_curvature(&inner, &how, run)
    })?;
    let fields = record!(py, found; value, witness, potential, lower_bound, spectral_gap);
    fields.update(record!(py, found.local_minimum; slope, multiplicity, lowest_rise, neighbours, radius, at_the_boundary).as_mapping())?;
    fields.update(
        record!(py, found.search; starts, descents, evaluations, descents_to_the_lowest).as_mapping(),
    )?;
    fields.set_item("local_minimum", found.is_local_minimum())?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn modified_log_sobolev<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    curvature: Known,
    random_starts: &Bound<'py, PyAny>,
    descents: &Bound<'py, PyAny>,
    largest_log_ratio: f64,
    options: Options,
) -> Fields<'py> {
    let how = effort(random_starts, descents, largest_log_ratio)?;
    let inner = Arc::clone(&kinetics.0);
    let found = supervised(py, options, move |run, _| {
        curvature::modified_log_sobolev(&inner, interval(curvature), &how, run)
    })?;
    let fields = record!(py, found; value, lower_bound, conditional_lower_bound, spectral_gap);
    let witness = found
        .witness
        .as_ref()
        .map(|state| state.to_python(py))
        .transpose()?;
    fields.set_item("witness", witness)?;
    fields.update(
        record!(py, found.search; starts, descents, evaluations, descents_to_the_lowest).as_mapping(),
    )?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn relaxation_bounds<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    start: &Bound<'py, PyAny>,
    times: &Bound<'py, PyAny>,
    curvature: Option<Known>,
    options: Options,
) -> Fields<'py> {
    let (start, times) = (distribution("start", start)?, vector("times", times)?);
    let inner = Arc::clone(&kinetics.0);
    let found = supervised(py, options, move |run, _| {
        curvature::relaxation_bounds(&inner, &start, &times, curvature.map(interval), run)
    })?;
    let fields = PyDict::new(py);
    let column =
        |of: fn(&curvature::RelaxationBound) -> f64| found.iter().map(of).collect::<Vec<f64>>().to_python(py);
    fields.set_item("times", column(|at| at.time)?)?;
    fields.set_item("relative_entropy", column(|at| at.relative_entropy)?)?;
    fields.set_item("total_variation", column(|at| at.total_variation)?)?;
    fields.set_item("chi_squared", column(|at| at.chi_squared)?)?;
    fields.set_item("by_gap", column(|at| at.by_gap)?)?;
    fields.set_item("by_curvature", column(|at| at.by_curvature)?)?;
    fields.set_item("by_curvature_estimate", column(|at| at.by_curvature_estimate)?)?;
    fields.set_item("total_variation_bound", column(|at| at.total_variation_bound)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn product_curvature(py: Python<'_>, parts: Vec<Known>) -> Fields<'_> {
    let parts: Vec<CurvatureInterval> = parts.into_iter().map(interval).collect();
    let found = curvature::product_curvature(&parts).or_raise()?;
    Ok(record!(py, found; value, part, lower_bound, spectral_gap))
}

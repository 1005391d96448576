//! Entropic curvature of a jump process with detailed balance.

use std::sync::Arc;

use irrev_network::transport::curvature::{self, CurvatureOptions};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::{count, distribution};
use crate::kinetics::MarkovJump;
use crate::records::record;
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

#[pyfunction]
pub(crate) fn entropic_curvature<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    random_starts: &Bound<'py, PyAny>,
    descents: &Bound<'py, PyAny>,
    largest_log_ratio: f64,
    options: Options,
) -> Fields<'py> {
    let how = CurvatureOptions {
        random_starts: count("random_starts", random_starts, u32::MAX)? as usize,
        descents: count("descents", descents, u32::MAX)? as usize,
        largest_log_ratio,
        ..CurvatureOptions::default()
    };
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

//! Normal distributions, and their relaxation in a trap.

use irrev_network::information::gaussian::{self, OrnsteinUhlenbeck};
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::Fields;
use super::path::length;
use crate::arrays::vector;
use crate::errors::OrRaise;
use crate::matrices::{Normal, matrix};
use crate::records::record;

#[pyfunction]
pub(crate) fn normal_fisher_information(variance: f64, mean_rate: f64, variance_rate: f64) -> PyResult<f64> {
    gaussian::normal_fisher_information(variance, mean_rate, variance_rate).or_raise()
}

/// Both as (mean, variance).
#[pyfunction]
pub(crate) fn normal_distance(from_: (f64, f64), to: (f64, f64)) -> PyResult<f64> {
    gaussian::normal_distance(from_, to).or_raise()
}

#[pyfunction]
pub(crate) fn gaussian_fisher_information(
    py: Python<'_>,
    state: Normal<'_>,
    mean_rate: &Bound<'_, PyAny>,
    covariance_rate: PyReadonlyArray2<'_, f64>,
) -> PyResult<f64> {
    let (state, rate) = (state.gaussian(py, "state")?, vector("mean_rate", mean_rate)?);
    gaussian::gaussian_fisher_information(&state, &rate, &matrix(&covariance_rate)?).or_raise()
}

/// Of a trap (stiffness, diffusion, centre), from a start (mean, variance).
#[pyfunction]
pub(crate) fn trap_speed<'py>(
    py: Python<'py>,
    trap: (f64, f64, f64),
    start: (f64, f64),
    duration: f64,
    times: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let (stiffness, diffusion, centre) = trap;
    let trap = OrnsteinUhlenbeck {
        stiffness,
        diffusion,
        centre,
    };
    let found = trap.speed(start, duration, &vector("times", times)?).or_raise()?;
    let at = found.at.iter().map(|at| {
        Ok(record!(py, at; time, mean, variance, fisher_information, speed, entropy_production_rate, slack))
    });
    let fields = record!(py, found; entropy_production);
    fields.set_item("at", PyList::new(py, at.collect::<PyResult<Vec<_>>>()?)?)?;
    fields.set_item("path", length(py, &found.path)?)?;
    Ok(fields)
}

//! Mean-field theories.

use irrev_ising::mean_field::{self, Expansion, MeanFieldState};
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::{Parts, dense};
use crate::arrays::{tolerance, vector};
use crate::errors::{OrRaise, model_error};
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// Means now and before, equal-time and delayed correlations.
#[derive(FromPyObject)]
pub(crate) struct State<'py>(
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray2<'py, f64>,
    PyReadonlyArray2<'py, f64>,
);

impl State<'_> {
    fn state(&self) -> PyResult<MeanFieldState> {
        let mut state = MeanFieldState::independent(self.0.as_slice()?).or_raise()?;
        state.previous_magnetizations = self.1.as_slice()?.to_vec();
        state.equal_time = dense(&self.2);
        state.delayed = dense(&self.3);
        Ok(state)
    }
}

fn expansion(py: Python<'_>, name: &str) -> PyResult<Expansion> {
    let found = Expansion::ALL.into_iter().find(|e| e.name() == name);
    found.ok_or_else(|| {
        let names: Vec<String> = Expansion::ALL
            .iter()
            .map(|e| format!("\"{}\"", e.name()))
            .collect();
        model_error(
            py,
            format!("theory is \"{name}\"; expected one of {}", names.join(", ")),
        )
    })
}

fn fields<'py>(py: Python<'py>, state: &MeanFieldState) -> Fields<'py> {
    Ok(record!(py, state; magnetizations, previous_magnetizations, equal_time, delayed))
}

#[pyfunction]
pub(crate) fn mean_field_step<'py>(
    py: Python<'py>,
    parts: Parts<'py>,
    theory: &str,
    before: State<'py>,
    options: Options,
) -> Fields<'py> {
    let (network, theory, before) = (parts.network()?, expansion(py, theory)?, before.state()?);
    let next = supervised(py, options, move |run, _| {
        mean_field::step(&network, theory, &before, run)
    })?;
    fields(py, &next)
}

#[pyfunction]
pub(crate) fn mean_field_entropy_production(parts: Parts<'_>, state: State<'_>) -> PyResult<f64> {
    state.state()?.entropy_production(&parts.network()?).or_raise()
}

#[pyfunction]
pub(crate) fn mean_field_stationary_state<'py>(
    py: Python<'py>,
    parts: Parts<'py>,
    theory: &str,
    start: &Bound<'py, PyAny>,
    tol: f64,
    options: Options,
) -> PyResult<(Bound<'py, PyDict>, f64, Bound<'py, PyAny>)> {
    let (network, theory, start) = (parts.network()?, expansion(py, theory)?, vector("start", start)?);
    let tol = tolerance(py, tol)?;
    let found = supervised(py, options, move |run, _| {
        mean_field::stationary_state(&network, theory, &start, tol, run)
    })?;
    Ok((
        fields(py, &found.state)?,
        found.entropy_production,
        found.convergence.to_python(py)?,
    ))
}

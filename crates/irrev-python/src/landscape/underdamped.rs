//! Coupled oscillators, each with a bath of its own.

use irrev_landscape::linear::underdamped::{Bath, Oscillators};
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;

use super::Fields;
use crate::errors::OrRaise;
use crate::matrices::{Normal, matrix, moments};
use crate::records::record;

/// K, and mass, friction and temperature of every oscillator.
#[derive(FromPyObject)]
pub(crate) struct OscillatorParts<'py>(PyReadonlyArray2<'py, f64>, Vec<(f64, f64, f64)>);

impl OscillatorParts<'_> {
    fn oscillators(&self) -> PyResult<Oscillators> {
        let bath = |&(mass, friction, temperature): &(f64, f64, f64)| Bath {
            mass,
            friction,
            temperature,
        };
        Oscillators::new(matrix(&self.0)?, self.1.iter().map(bath).collect()).or_raise()
    }
}

type Pair<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

/// Mean and covariance of the stationary state of (q, q̇); a check of the oscillators alone if `only_check`.
#[pyfunction]
pub(crate) fn oscillators_stationary<'py>(
    py: Python<'py>,
    oscillators: OscillatorParts<'py>,
    only_check: bool,
) -> PyResult<Option<Pair<'py>>> {
    let oscillators = oscillators.oscillators()?;
    if only_check {
        return Ok(None);
    }
    moments(py, &oscillators.stationary().or_raise()?).map(Some)
}

/// The distribution of (q, q̇) after a time.
#[pyfunction]
pub(crate) fn oscillators_at<'py>(
    py: Python<'py>,
    oscillators: OscillatorParts<'py>,
    start: Normal<'py>,
    time: f64,
) -> PyResult<Pair<'py>> {
    let start = start.gaussian(py, "start")?;
    moments(py, &oscillators.oscillators()?.at(&start, time).or_raise()?)
}

/// Heat flows and entropy production.
#[pyfunction]
pub(crate) fn oscillators_heat<'py>(
    py: Python<'py>,
    oscillators: OscillatorParts<'py>,
    state: Normal<'py>,
) -> Fields<'py> {
    let state = state.gaussian(py, "state")?;
    let found = oscillators.oscillators()?.heat_flows(&state).or_raise()?;
    Ok(record!(py, found; heat, entropy_production_rate, system))
}

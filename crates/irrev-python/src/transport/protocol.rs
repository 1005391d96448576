//! Optimal protocols along a geodesic, and the ways that they are compared with.

use std::sync::Arc;

use irrev_network::bounds::Side;
use irrev_network::transport::{self, OptimalProtocol, ProtocolMoment};
use irrev_numerics::Tolerance;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::geodesic::Geodesic;
use crate::arrays::{distribution, vector};
use crate::errors::OrRaise;
use crate::kinetics::MarkovJump;
use crate::records::{ToPython, matrix, record};
use crate::run::{Options, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

fn pair<'py>(py: Python<'py>, side: Side) -> PyResult<Bound<'py, PyAny>> {
    (side.value, side.error).to_python(py)
}

fn along(geodesic: &Geodesic, duration: f64) -> irrev_network::Result<OptimalProtocol> {
    OptimalProtocol::along(&geodesic.0.kinetics, geodesic.0.path.clone(), duration)
}

#[pyfunction]
pub(crate) fn protocol_cost<'py>(py: Python<'py>, geodesic: &Geodesic, duration: f64) -> Fields<'py> {
    let protocol = along(geodesic, duration).or_raise()?;
    let fields = PyDict::new(py);
    fields.set_item("duration", duration)?;
    fields.set_item("cost", pair(py, protocol.cost())?)?;
    fields.set_item("resolved", protocol.resolved())?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn protocol_at<'py>(
    py: Python<'py>,
    geodesic: &Geodesic,
    duration: f64,
    times: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let times = vector("times", times)?;
    let moments = py.detach(|| -> irrev_network::Result<Vec<ProtocolMoment>> {
        let protocol = along(geodesic, duration)?;
        times.iter().map(|&t| protocol.at(t)).collect()
    });
    let moments = moments.or_raise()?;
    let network = geodesic.0.path.network();
    let (states, edges) = (network.states().len(), network.edges().len());
    let rows = |of: &dyn Fn(&ProtocolMoment) -> &Vec<f64>, columns: usize| {
        let numbers: Vec<f64> = moments.iter().flat_map(|m| of(m).iter().copied()).collect();
        matrix(py, numbers, moments.len(), columns)
    };
    let fields = PyDict::new(py);
    fields.set_item("state", rows(&|m| &m.state, states)?)?;
    fields.set_item("force", rows(&|m| &m.force, edges)?)?;
    fields.set_item("forward_rate", rows(&|m| &m.forward_rate, edges)?)?;
    fields.set_item("backward_rate", rows(&|m| &m.backward_rate, edges)?)?;
    fields.set_item("times", times.to_python(py)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn simulated_protocol<'py>(
    py: Python<'py>,
    geodesic: &Geodesic,
    duration: f64,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let geodesic = geodesic.clone();
    let done = supervised(py, options, move |run, _| {
        along(&geodesic, duration)?.simulated(Tolerance::relative(tol), run)
    })?;
    let fields = record!(py, done; end, missed, state_error, mobility_deviation, convergence);
    fields.set_item("entropy_production", pair(py, done.entropy_production)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn left_alone<'py>(
    py: Python<'py>,
    geodesic: &Geodesic,
    duration: f64,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let geodesic = geodesic.clone();
    let done = supervised(py, options, move |run, _| {
        along(&geodesic, duration)?.left_alone(Tolerance::relative(tol), run)
    })?;
    let fields = record!(py, done; missed);
    fields.set_item("entropy_production", pair(py, done.entropy_production)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn straight_path<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    from_: &Bound<'py, PyAny>,
    to: &Bound<'py, PyAny>,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let (from, to) = (distribution("from_", from_)?, distribution("to", to)?);
    let inner = Arc::clone(&kinetics.0);
    let path = supervised(py, options, move |run, _| {
        transport::straight_path(&inner, &from, &to, Tolerance::relative(tol), run)
    })?;
    let fields = PyDict::new(py);
    fields.set_item("action", pair(py, path.action)?)?;
    fields.set_item("length", pair(py, path.length)?)?;
    Ok(fields)
}

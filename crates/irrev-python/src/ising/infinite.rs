//! Infinite networks.

use irrev_ising::infinite::{Branch, InfiniteNetwork, OrderParameters};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::drawn::Fields as FieldsDrawn;
use crate::arrays::vector;
use crate::errors::{OrRaise, model_error};
use crate::records::{ToPython, record};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// β, J₀, ΔJ and the law of the fields.
#[derive(FromPyObject)]
pub(crate) struct Infinite(f64, f64, f64, FieldsDrawn);

impl Infinite {
    fn network(&self, py: Python<'_>) -> PyResult<InfiniteNetwork> {
        let network = InfiniteNetwork {
            inverse_temperature: self.0,
            mean_coupling: self.1,
            spread: self.2,
            fields: self.3.law(py)?,
        };
        network.check().or_raise()?;
        Ok(network)
    }
}

/// Raises what is wrong with the parameters of an infinite network.
#[pyfunction]
pub(crate) fn check_infinite(py: Python<'_>, network: Infinite) -> PyResult<()> {
    network.network(py).map(|_| ())
}

fn branch(py: Python<'_>, name: &str) -> PyResult<Branch> {
    match name {
        "up" => Ok(Branch::Up),
        "down" => Ok(Branch::Down),
        _ => Err(model_error(
            py,
            format!("branch is \"{name}\"; expected \"up\" or \"down\""),
        )),
    }
}

fn order<'py>(py: Python<'py>, found: &OrderParameters) -> Fields<'py> {
    Ok(
        record!(py, found; magnetization, overlap, gain, conditional_entropy, entropy_production, reversed_entropy, feedback,
        susceptibility, magnetization_slope, numerical_error),
    )
}

#[pyfunction]
pub(crate) fn infinite_parallel<'py>(py: Python<'py>, network: Infinite, at: &str) -> Fields<'py> {
    let (network, at) = (network.network(py)?, branch(py, at)?);
    order(py, &py.detach(|| network.order_parameters(at)).or_raise()?)
}

#[pyfunction]
pub(crate) fn infinite_sequential<'py>(
    py: Python<'py>,
    network: Infinite,
    at: &str,
    lags: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let (network, at, lags) = (network.network(py)?, branch(py, at)?, vector("lags", lags)?);
    let found = py.detach(|| network.sequential(at)).or_raise()?;
    let fields = order(py, &found.order)?;
    fields.update(record!(py, found; entropy_production_rate, forgotten, flip_rate, entropy_per_attempt, numerical_error).as_mapping())?;
    let correlations: Vec<f64> = lags.iter().map(|lag| found.autocorrelation.at(*lag)).collect();
    fields.set_item("lags", lags.to_python(py)?)?;
    fields.set_item("autocorrelation", correlations.to_python(py)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn critical_inverse_temperature(py: Python<'_>, network: Infinite) -> PyResult<Option<f64>> {
    network.network(py)?.critical_inverse_temperature().or_raise()
}

#[pyfunction]
pub(crate) fn critical_spread(py: Python<'_>, network: Infinite) -> PyResult<Option<f64>> {
    network.network(py)?.critical_spread().or_raise()
}

#[pyfunction]
pub(crate) fn quench<'py>(
    py: Python<'py>,
    network: Infinite,
    magnetization: f64,
    steps: usize,
) -> Fields<'py> {
    let network = network.network(py)?;
    let found = py.detach(|| network.quench(magnetization, steps)).or_raise()?;
    let fields =
        record!(py, found; magnetizations, replica_overlaps, gains, conditional_entropies, bath_entropies);
    let (lower, upper): (Vec<f64>, Vec<f64>) = found.system_entropies.iter().copied().unzip();
    fields.set_item("system_entropy_lower", lower.to_python(py)?)?;
    fields.set_item("system_entropy_upper", upper.to_python(py)?)?;
    Ok(fields)
}

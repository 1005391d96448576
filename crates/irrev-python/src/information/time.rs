//! Fisher information of time at one state, and what short times show.

use std::sync::Arc;

use irrev_network::information::time::{self, CramerRao, Marginal};
use pyo3::prelude::*;

use super::Fields;
use crate::arrays::{distribution, finite, indices, vector};
use crate::errors::OrRaise;
use crate::flow::Flow;
use crate::kinetics::MarkovJump;
use crate::network::Network;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

#[pyfunction]
pub(crate) fn fisher_information(state: &Bound<'_, PyAny>, rate: &Bound<'_, PyAny>) -> PyResult<f64> {
    time::fisher_information(&vector("state", state)?, &vector("rate", rate)?).or_raise()
}

#[pyfunction]
pub(crate) fn fisher_information_rate(
    state: &Bound<'_, PyAny>,
    rate: &Bound<'_, PyAny>,
    acceleration: &Bound<'_, PyAny>,
) -> PyResult<f64> {
    let (state, rate) = (vector("state", state)?, vector("rate", rate)?);
    time::fisher_information_rate(&state, &rate, &vector("acceleration", acceleration)?).or_raise()
}

pub(super) fn inequality<'py>(py: Python<'py>, found: &CramerRao) -> Fields<'py> {
    Ok(record!(py, found; mean, variance, velocity, fisher_information, slack, efficiency))
}

#[pyfunction]
pub(crate) fn cramer_rao<'py>(
    py: Python<'py>,
    state: &Bound<'py, PyAny>,
    rate: &Bound<'py, PyAny>,
    observable: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let (state, rate) = (distribution("distribution", state)?, vector("rate", rate)?);
    let observable = vector("observable", observable)?;
    inequality(
        py,
        &time::cramer_rao(state.probabilities(), &rate, &observable).or_raise()?,
    )
}

#[pyfunction]
pub(crate) fn geodesic_between_distributions(
    from_: &Bound<'_, PyAny>,
    to: &Bound<'_, PyAny>,
) -> PyResult<f64> {
    let (from, to) = (distribution("from_", from_)?, distribution("to", to)?);
    time::geodesic_between_distributions(from.probabilities(), to.probabilities()).or_raise()
}

#[pyfunction]
pub(crate) fn geodesic_between_amounts(from_: &Bound<'_, PyAny>, to: &Bound<'_, PyAny>) -> PyResult<f64> {
    time::geodesic_between_amounts(&vector("from_", from_)?, &vector("to", to)?).or_raise()
}

#[pyfunction]
pub(crate) fn sampled_irreversibility(
    py: Python<'_>,
    kinetics: &MarkovJump,
    state: &Bound<'_, PyAny>,
    dt: f64,
    options: Options,
) -> PyResult<f64> {
    let state = distribution("distribution", state)?;
    let dt = finite(py, "dt", dt)?;
    let inner = Arc::clone(&kinetics.0);
    supervised(py, options, move |run, _| {
        time::sampled_irreversibility(&inner, &state, dt, run)
    })
}

#[pyfunction]
pub(crate) fn short_time_uncertainty_optimum(flow: &Flow) -> f64 {
    time::short_time_uncertainty_optimum(&flow.0)
}

/// A part as Python packs it: its name and the class of every state.
pub(super) type Part<'py> = (String, Bound<'py, PyAny>);

pub(super) fn marginal((name, classes): Part<'_>) -> PyResult<Marginal> {
    let what = format!("classes of \"{name}\"");
    Marginal::new(name, indices(&what, &classes)?).or_raise()
}

/// Classes of one factor of a product of state spaces.
#[pyfunction]
pub(crate) fn marginal_of_factor(
    py: Python<'_>,
    name: String,
    dimensions: Vec<usize>,
    factor: usize,
) -> PyResult<Bound<'_, PyAny>> {
    let found = Marginal::of_factor(name, &dimensions, factor).or_raise()?;
    found.classes().to_vec().to_python(py)
}

/// Classes of a subsystem of a network.
#[pyfunction]
pub(crate) fn marginal_of_subsystem<'py>(
    py: Python<'py>,
    network: &Network,
    subsystem: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let found = Marginal::of_subsystem(&network.0, subsystem).or_raise()?;
    found.classes().to_vec().to_python(py)
}

/// Refuses classes with gaps.
#[pyfunction]
pub(crate) fn check_marginal(part: Part<'_>) -> PyResult<()> {
    marginal(part).map(|_| ())
}

/// Sums of values over the classes.
#[pyfunction]
pub(crate) fn marginal_sum<'py>(
    py: Python<'py>,
    part: Part<'py>,
    values: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let (part, values) = (marginal(part)?, vector("values", values)?);
    if values.len() != part.classes().len() {
        return Err(irrev_network::Error::Length {
            what: "values",
            found: values.len(),
            expected: part.classes().len(),
        })
        .or_raise();
    }
    part.sum(&values).to_python(py)
}

//! Markov chains in discrete time: steps as projections.

use std::sync::Arc;

use irrev_network::information::chain::{self, BackwardProjection, Histories, MarkovChain};
use irrev_numerics::linalg::Matrix;
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;

use super::Fields;
use crate::arrays::{distribution, finite, vector};
use crate::errors::OrRaise;
use crate::kinetics::MarkovJump;
use crate::matrices::matrix;
use crate::records::{ToPython, record, rows};
use crate::run::{Options, supervised, unmonitored};

fn chain(transition: &PyReadonlyArray2<'_, f64>) -> PyResult<MarkovChain> {
    MarkovChain::new(matrix(transition)?).or_raise()
}

/// Refuses a matrix that is no chain.
#[pyfunction]
pub(crate) fn check_chain(transition: PyReadonlyArray2<'_, f64>) -> PyResult<()> {
    chain(&transition).map(|_| ())
}

/// T of parts that step independently given the present.
#[pyfunction]
pub(crate) fn chain_of_kernels<'py>(
    py: Python<'py>,
    sizes: Vec<usize>,
    kernels: Vec<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let kernels: Vec<Vec<f64>> = kernels
        .iter()
        .enumerate()
        .map(|(k, kernel)| vector(&format!("kernels[{k}]"), kernel))
        .collect::<PyResult<_>>()?;
    let found = MarkovChain::from_kernels(&sizes, &kernels).or_raise()?;
    found.transition().to_python(py)
}

/// T of a jump process looked at every so often.
#[pyfunction]
pub(crate) fn chain_of_process<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    interval: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let interval = finite(py, "interval", interval)?;
    let inner = Arc::clone(&kinetics.0);
    let found = unmonitored(py, kinetics.channels(), move || {
        MarkovChain::sampled(&inner, interval)
    })?;
    found.transition().to_python(py)
}

#[pyfunction]
pub(crate) fn chain_stationary<'py>(
    py: Python<'py>,
    transition: PyReadonlyArray2<'py, f64>,
) -> PyResult<Bound<'py, PyAny>> {
    chain(&transition)?
        .stationary_distribution()
        .or_raise()?
        .to_python(py)
}

/// The distribution one step later.
#[pyfunction]
pub(crate) fn chain_step<'py>(
    py: Python<'py>,
    transition: PyReadonlyArray2<'py, f64>,
    p: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let p = distribution("distribution", p)?;
    chain(&transition)?.step(&p).or_raise()?.to_python(py)
}

/// P(i, j) of j now and i one step later.
#[pyfunction]
pub(crate) fn chain_two_time<'py>(
    py: Python<'py>,
    transition: PyReadonlyArray2<'py, f64>,
    p: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let p = distribution("distribution", p)?;
    chain(&transition)?.two_time(&p).or_raise()?.to_python(py)
}

fn backward<'py>(py: Python<'py>, found: &BackwardProjection) -> Fields<'py> {
    let fields = record!(py, found; divergence, law, entropy_change, environment_change);
    fields.set_item("one_way", found.one_way.clone())?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn backward_projection<'py>(
    py: Python<'py>,
    transition: PyReadonlyArray2<'py, f64>,
    p: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let p = distribution("distribution", p)?;
    backward(
        py,
        &chain::backward_projection(&chain(&transition)?, &p).or_raise()?,
    )
}

#[pyfunction]
pub(crate) fn symmetric_projections<'py>(
    py: Python<'py>,
    two_time: PyReadonlyArray2<'py, f64>,
) -> Fields<'py> {
    let found = chain::symmetric_projections(&matrix(&two_time)?).or_raise()?;
    Ok(record!(py, found; m_divergence, e_divergence))
}

#[pyfunction]
pub(crate) fn step_of_parts<'py>(
    py: Python<'py>,
    transition: PyReadonlyArray2<'py, f64>,
    sizes: Vec<usize>,
    p: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let (chain, p) = (chain(&transition)?, distribution("distribution", p)?);
    let parts = sizes.len();
    let found = py
        .detach(move || chain::step_of_parts(&chain, &sizes, &p))
        .or_raise()?;
    let fields = record!(py, found; partial, nonadditivity, received, stochastic_interaction,
        past_future_information);
    fields.set_item("total", backward(py, &found.total)?)?;
    fields.set_item("transfer_entropy", rows(py, &found.transfer_entropy, parts)?)?;
    Ok(fields)
}

/// With k steps of the target's past and l of the source's.
#[pyfunction]
pub(crate) fn chain_transfer_entropy(
    py: Python<'_>,
    transition: PyReadonlyArray2<'_, f64>,
    sizes: Vec<usize>,
    ends: (usize, usize),
    history: (usize, usize),
) -> PyResult<f64> {
    let chain = chain(&transition)?;
    let histories = Histories {
        target: history.0,
        source: history.1,
    };
    py.detach(|| chain::transfer_entropy(&chain, &sizes, ends.0, ends.1, histories))
        .or_raise()
}

/// Φ_G of a step.
#[pyfunction]
pub(crate) fn chain_integrated<'py>(
    py: Python<'py>,
    transition: PyReadonlyArray2<'py, f64>,
    sizes: Vec<usize>,
    p: &Bound<'py, PyAny>,
    options: Options,
) -> Fields<'py> {
    let (chain, p) = (chain(&transition)?, distribution("distribution", p)?);
    let states = chain.states();
    let found = supervised(py, options, move |_, _| {
        chain::integrated_information(&chain, &sizes, &p)
    })?;
    let fields = record!(py, found; value, gap, stochastic_interaction, past_future_information, convergence);
    let kernel = Matrix::from_columns(states, found.kernel.clone());
    fields.set_item("kernel", kernel.to_python(py)?)?;
    Ok(fields)
}

//! Numbers of one flow or one state: bounds, excess, information geometry, distance.

use std::sync::Arc;

use irrev_network::reactions::{bounds, distance, dual_coordinates as dual, excess};
use irrev_numerics::Tolerance;
use irrev_numerics::linalg::Matrix;
use numpy::{PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::system::ReactionSystem;
use crate::arrays::{self, finite, vector};
use crate::errors::{OrRaise, model_error};
use crate::flow::Flow;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

#[pyfunction]
pub(crate) fn scaled_diffusion<'py>(py: Python<'py>, flow: &Flow) -> PyResult<Bound<'py, PyAny>> {
    bounds::scaled_diffusion(&flow.0).to_python(py)
}

/// NaN where a species does not change.
#[pyfunction]
pub(crate) fn uncertainty_products<'py>(
    py: Python<'py>,
    flow: &Flow,
    dissipation: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let products = bounds::uncertainty_products(&flow.0, dissipation);
    let products: Vec<f64> = products.into_iter().map(|p| p.unwrap_or(f64::NAN)).collect();
    products.to_python(py)
}

#[pyfunction]
pub(crate) fn speed_limit(
    change: f64,
    entropy_production: f64,
    diffusion_integral: f64,
    duration: f64,
) -> f64 {
    bounds::speed_limit(change, entropy_production, diffusion_integral, duration)
}

#[pyfunction]
pub(crate) fn glansdorff_prigogine_excess(flow: &Flow, steady: &Flow) -> PyResult<f64> {
    excess::glansdorff_prigogine_excess(&flow.0, &steady.0).or_raise()
}

#[pyfunction]
pub(crate) fn divergence_decay(
    py: Python<'_>,
    system: &ReactionSystem,
    amounts: &Bound<'_, PyAny>,
    steady: &Bound<'_, PyAny>,
    time: f64,
) -> PyResult<f64> {
    let (x, steady) = (system.state("amounts", amounts)?, system.state("steady", steady)?);
    excess::divergence_decay(&system.inner, finite(py, "time", time)?, &x, &steady).or_raise()
}

#[pyfunction]
pub(crate) fn fisher_speed<'py>(
    py: Python<'py>,
    system: &ReactionSystem,
    amounts: &Bound<'py, PyAny>,
    time: f64,
) -> Fields<'py> {
    let (x, time) = (system.state("amounts", amounts)?, finite(py, "time", time)?);
    let speed = excess::fisher_speed(&system.inner, time, &x).or_raise()?;
    Ok(record!(py, speed; information, rate_of_change))
}

/// The stoichiometric matrix comes as a contiguous array of finite doubles.
#[pyfunction]
pub(crate) fn dual_coordinates<'py>(
    py: Python<'py>,
    stoichiometry: PyReadonlyArray2<'py, f64>,
    equilibrium: &Bound<'py, PyAny>,
    extents: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let (rows, columns) = (stoichiometry.shape()[0], stoichiometry.shape()[1]);
    let entries = stoichiometry.as_slice()?;
    let s = Matrix::from_fn(rows, columns, |i, j| entries[i * columns + j]);
    let (equilibrium, extents) = (vector("equilibrium", equilibrium)?, vector("extents", extents)?);
    let found = dual::dual_coordinates(&s, &equilibrium, &extents).or_raise()?;
    Ok(
        record!(py, found; amounts, chemical_potential_shift, dual, affinity, gibbs_difference, metric,
        legendre_dual_potential),
    )
}

#[pyfunction]
pub(crate) fn divergence(py: Python<'_>, x: &Bound<'_, PyAny>, y: &Bound<'_, PyAny>) -> PyResult<f64> {
    let (x, y) = (vector("x", x)?, vector("y", y)?);
    if x.len() != y.len() {
        let message = format!("y has {} entries, expected {}, as x", y.len(), x.len());
        return Err(model_error(py, message));
    }
    if let Some(amount) = x.iter().chain(&y).find(|amount| **amount < 0.0) {
        let message = format!("x or y holds {amount}, expected amounts from 0 on");
        return Err(model_error(py, message));
    }
    Ok(dual::divergence(&x, &y))
}

fn length<'py>(py: Python<'py>, found: &distance::Length) -> Fields<'py> {
    Ok(record!(py, found; value, error, convergence))
}

#[pyfunction]
#[allow(
    clippy::too_many_arguments,
    reason = "a distance has a system, an origin, two ends and options"
)]
pub(crate) fn one_reaction_distance<'py>(
    py: Python<'py>,
    system: &ReactionSystem,
    origin: Option<&Bound<'py, PyAny>>,
    from: f64,
    to: f64,
    time: f64,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let origin = system.start("origin", origin)?;
    let extents = (finite(py, "from_", from)?, finite(py, "to", to)?);
    let time = finite(py, "time", time)?;
    let tolerance = Tolerance::relative(arrays::tolerance(py, tol)?);
    let inner = Arc::clone(&system.inner);
    let found = supervised(py, options, move |_, _| {
        distance::wasserstein2_one_reaction(&inner, time, &origin, extents, tolerance)
    })?;
    length(py, &found)
}

#[pyfunction]
pub(crate) fn wasserstein_speed(
    py: Python<'_>,
    system: &ReactionSystem,
    amounts: &Bound<'_, PyAny>,
    change: &Bound<'_, PyAny>,
    time: f64,
) -> PyResult<f64> {
    let (x, change) = (system.state("amounts", amounts)?, system.state("change", change)?);
    distance::wasserstein_speed(&system.inner, finite(py, "time", time)?, &x, &change).or_raise()
}

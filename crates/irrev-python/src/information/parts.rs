//! Second laws of the parts of a system.

use std::sync::Arc;

use irrev_network::Distribution;
use irrev_network::information::parts::{self, PartLaw, Resolution, SecondLaws};
use irrev_network::information::product;
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::Fields;
use crate::arrays::{distribution, named, place};
use crate::errors::OrRaise;
use crate::flow::Flow;
use crate::kinetics::MarkovJump;
use crate::matrices::matrix;
use crate::records::{record, rows};
use crate::run::unmonitored;

/// A jump process on a full product, from its generator.
#[pyfunction]
pub(crate) fn product_process(sizes: Vec<usize>, rates: PyReadonlyArray2<'_, f64>) -> PyResult<MarkovJump> {
    let process = product::product_process(&sizes, &matrix(&rates)?).or_raise()?;
    Ok(MarkovJump(Arc::new(process)))
}

fn law<'py>(py: Python<'py>, found: &PartLaw) -> Fields<'py> {
    let fields = record!(py, found; name, entropy_production_rate, environment_flow, marginal_entropy_rate,
        information_flow, second_law_slack, activity, rounding);
    fields.set_item("one_way", &found.one_way)?;
    fields.set_item("is_demon", found.is_demon())?;
    Ok(fields)
}

fn laws<'py>(py: Python<'py>, found: &SecondLaws) -> Fields<'py> {
    let fields = record!(py, found; entropy_production_rate, total_correlation_rate, total_correlation);
    let parts: PyResult<Vec<_>> = found.parts.iter().map(|part| law(py, part)).collect();
    fields.set_item("parts", PyList::new(py, parts?)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn second_laws<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    state: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let state = distribution("distribution", state)?;
    let inner = Arc::clone(&kinetics.0);
    let found = unmonitored(py, kinetics.channels(), move || {
        parts::second_laws(&inner, &state)
    })?;
    laws(py, &found)
}

/// Runs work on a flow and its state, out of the interpreter's way.
fn on_flow<T: Send + 'static>(
    py: Python<'_>,
    flow: &Flow,
    state: &Bound<'_, PyAny>,
    work: impl FnOnce(&irrev_network::Flow, &Distribution) -> irrev_network::Result<T> + Send + 'static,
) -> PyResult<T> {
    let state = distribution("distribution", state)?;
    let inner = Arc::clone(&flow.0);
    let channels = inner.network().edges().len();
    unmonitored(py, channels, move || work(&inner, &state))
}

#[pyfunction]
pub(crate) fn second_laws_of_flow<'py>(
    py: Python<'py>,
    flow: &Flow,
    state: &Bound<'py, PyAny>,
) -> Fields<'py> {
    laws(py, &on_flow(py, flow, state, parts::second_laws_of_flow)?)
}

#[pyfunction]
pub(crate) fn multibody_information_flow<'py>(
    py: Python<'py>,
    flow: &Flow,
    state: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let found = on_flow(py, flow, state, parts::multibody_information_flow)?;
    let fields = record!(py, found; amplification);
    let columns = flow.0.network().subsystems().len();
    fields.set_item("orders", rows(py, &found.orders, columns)?)?;
    Ok(fields)
}

/// Parts are kept by name or by index.
#[pyfunction]
pub(crate) fn coarse_grained<'py>(
    py: Python<'py>,
    flow: &Flow,
    state: &Bound<'py, PyAny>,
    kept: Vec<Bound<'py, PyAny>>,
    resolution: &str,
) -> Fields<'py> {
    let known = [
        ("states", Resolution::States),
        ("reservoirs", Resolution::Reservoirs),
    ];
    let resolution = named(py, "resolution", resolution, &known)?;
    let subsystems = flow.0.network().subsystems();
    let names: Vec<String> = subsystems.iter().map(|s| s.name.clone()).collect();
    let kept: Vec<usize> = kept
        .iter()
        .map(|part| place("subsystem", &names, part))
        .collect::<PyResult<_>>()?;
    let found = on_flow(py, flow, state, move |flow, state| {
        parts::coarse_grained(flow, state, &kept, resolution)
    })?;
    let fields = record!(py, found; kept, coarse_state, distribution, loss, total_loss);
    fields.set_item("laws", laws(py, &found.laws)?)?;
    fields.set_item("process", MarkovJump(Arc::new(found.process)))?;
    Ok(fields)
}

/// Of a part between two labels, while others are in given ones.
#[pyfunction]
pub(crate) fn conditional_current(
    flow: &Flow,
    part: &str,
    from_: &str,
    to: &str,
    while_in: Vec<(String, String)>,
) -> PyResult<f64> {
    let conditions: Vec<(&str, &str)> = while_in.iter().map(|(p, l)| (p.as_str(), l.as_str())).collect();
    parts::conditional_current(&flow.0, (part, from_, to), &conditions).or_raise()
}

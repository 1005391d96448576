//! The log-linear hierarchy of a joint distribution.

use irrev_network::information::hierarchy;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::Fields;
use crate::arrays::distribution;
use crate::errors::OrRaise;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// Up to an order, or to the last but one.
#[pyfunction]
pub(crate) fn log_linear_hierarchy<'py>(
    py: Python<'py>,
    p: &Bound<'py, PyAny>,
    sizes: Vec<usize>,
    highest: Option<usize>,
    options: Options,
) -> Fields<'py> {
    let p = distribution("distribution", p)?;
    let found = supervised(py, options, move |_, _| match highest {
        Some(order) => hierarchy::hierarchy_to_order(&p, &sizes, order),
        None => hierarchy::hierarchy(&p, &sizes),
    })?;
    let fields = record!(py, found; pythagoras, pythagoras_residual, total_correlation);
    fields.set_item("divergences", found.divergences().to_python(py)?)?;
    let projections = found
        .projections
        .iter()
        .map(|q| Ok(record!(py, q; order, distribution, divergence, convergence)));
    let projections: PyResult<Vec<_>> = projections.collect();
    fields.set_item("projections", PyList::new(py, projections?)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn spin_coordinates<'py>(py: Python<'py>, q: &Bound<'py, PyAny>, order: usize) -> Fields<'py> {
    let found = hierarchy::spin_coordinates(&distribution("distribution", q)?, order).or_raise()?;
    let fields = record!(py, found; natural, mean, log_partition);
    fields.set_item("subsets", found.subsets.clone())?;
    Ok(fields)
}

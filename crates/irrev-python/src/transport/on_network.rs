//! W₁ on a network, and at any ground cost.

use std::sync::Arc;

use irrev_network::transport::{self, Wasserstein1};
use irrev_numerics::network_simplex::{Method, OptimalTransport};
use numpy::{PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::arrays::{masses, vector};
use crate::errors::model_error;
use crate::network::Network;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// What keeps two distributions apart: names of the states of a component, and what it has too much; or nothing.
pub(super) fn set_obstacle(fields: &Bound<'_, PyDict>, found: Option<(&[String], f64)>) -> PyResult<()> {
    let py = fields.py();
    let component = found.map(|(names, _)| PyTuple::new(py, names)).transpose()?;
    fields.set_item("component", component)?;
    fields.set_item("surplus", found.map_or(0.0, |(_, surplus)| surplus))
}

#[pyfunction]
pub(crate) fn wasserstein1<'py>(
    py: Python<'py>,
    network: &Network,
    from_: &Bound<'py, PyAny>,
    to: &Bound<'py, PyAny>,
    lengths: Option<&Bound<'py, PyAny>>,
    options: Options,
) -> Fields<'py> {
    let (from, to) = (masses("from_", from_)?, masses("to", to)?);
    let total = from.total();
    let lengths = lengths.map(|lengths| vector("lengths", lengths)).transpose()?;
    let inner = Arc::clone(&network.0);
    let found = supervised(py, options, move |run, _| {
        transport::wasserstein1(&inner, lengths.as_deref(), from, to, run)
    })?;
    let fields = match &found {
        Wasserstein1::Finite(way) => {
            let fields =
                record!(py, way; flow, potential, dual, lower_bound, upper_bound, rebalanced, pivots);
            let method = match way.method {
                Method::Forest => "forest",
                _ => "network simplex",
            };
            fields.set_item("method", method)?;
            set_obstacle(&fields, None)?;
            fields
        }
        Wasserstein1::Infinite { component, surplus } => {
            let fields = PyDict::new(py);
            for name in ["flow", "potential"] {
                fields.set_item(name, py.None())?;
            }
            for name in ["dual", "lower_bound", "upper_bound"] {
                fields.set_item(name, f64::INFINITY)?;
            }
            fields.set_item("rebalanced", 0.0)?;
            fields.set_item("pivots", 0)?;
            fields.set_item("method", "none")?;
            set_obstacle(&fields, Some((component, *surplus)))?;
            fields
        }
        _ => return Err(model_error(py, "W₁ ended in an unknown way".into())),
    };
    fields.set_item("distance", found.distance())?;
    fields.set_item("total", total)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn wasserstein1_with_cost<'py>(
    py: Python<'py>,
    cost: PyReadonlyArray2<'py, f64>,
    from_: &Bound<'py, PyAny>,
    to: &Bound<'py, PyAny>,
    options: Options,
) -> Fields<'py> {
    let (from, to) = (masses("from_", from_)?, masses("to", to)?);
    let total = from.total();
    if cost.shape() != [from.len(), to.len()] {
        let (rows, columns) = (cost.shape()[0], cost.shape()[1]);
        let expected = (from.len(), to.len());
        let text = format!(
            "cost has shape ({rows}, {columns}), expected {expected:?}: one row per state of from_, one column per state of to"
        );
        return Err(model_error(py, text));
    }
    let cost = cost.as_slice()?.to_vec();
    let found = supervised(py, options, move |run, _| {
        transport::wasserstein1_with_cost(&cost, from, to, run)
    })?;
    let fields = match &found {
        OptimalTransport::Finite(plan) => {
            let fields = record!(py, plan; source_potential, target_potential, dual, lower_bound, upper_bound, rebalanced, pivots);
            let sources: Vec<usize> = plan.flow.iter().map(|step| step.0).collect();
            let targets: Vec<usize> = plan.flow.iter().map(|step| step.1).collect();
            let carried: Vec<f64> = plan.flow.iter().map(|step| step.2).collect();
            fields.set_item("sources", sources.to_python(py)?)?;
            fields.set_item("targets", targets.to_python(py)?)?;
            fields.set_item("masses", carried.to_python(py)?)?;
            fields.set_item("stranded_sources", py.None())?;
            fields.set_item("stranded_targets", py.None())?;
            fields.set_item("surplus", 0.0)?;
            fields
        }
        OptimalTransport::Infinite(stranded) => {
            let fields = PyDict::new(py);
            for name in [
                "sources",
                "targets",
                "masses",
                "source_potential",
                "target_potential",
            ] {
                fields.set_item(name, py.None())?;
            }
            for name in ["dual", "lower_bound", "upper_bound"] {
                fields.set_item(name, f64::INFINITY)?;
            }
            fields.set_item("rebalanced", 0.0)?;
            fields.set_item("pivots", 0)?;
            fields.set_item("stranded_sources", stranded.sources.to_python(py)?)?;
            fields.set_item("stranded_targets", stranded.targets.to_python(py)?)?;
            fields.set_item("surplus", stranded.surplus)?;
            fields
        }
    };
    fields.set_item("cost", found.cost())?;
    fields.set_item("total", total)?;
    Ok(fields)
}

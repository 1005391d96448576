//! Splits of the entropy production rate, cycles, identities and bounds.

use std::sync::Arc;

use irrev_network::cycles::{self, Cycle};
use irrev_network::{Kinetics, bounds, decomposition, gradient_flow, overview};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrays::{distribution, indices, vector};
use crate::counting::statistics;
use crate::errors::OrRaise;
use crate::flow::Flow;
use crate::kinetics::MarkovJump;
use crate::network::Network;
use crate::records::{ToPython, matrix, record};
use crate::run::unmonitored;

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

fn geometric<'py>(py: Python<'py>, split: &decomposition::GeometricDecomposition) -> Fields<'py> {
    Ok(record!(py, split; excess, housekeeping, potential, excess_force, housekeeping_current, convergence))
}

fn hatano_sasa<'py>(py: Python<'py>, split: decomposition::HatanoSasaDecomposition) -> Fields<'py> {
    Ok(record!(py, split; adiabatic, nonadiabatic))
}

fn information_geometric<'py>(
    py: Python<'py>,
    split: &decomposition::InformationGeometricDecomposition,
) -> Fields<'py> {
    Ok(record!(py, split; excess, housekeeping, potential, primal, gap, convergence))
}

fn uncertainty<'py>(py: Python<'py>, relation: bounds::UncertaintyRelation) -> Fields<'py> {
    Ok(
        record!(py, relation; mean, variance_rate, entropy_production_rate, activity, thermodynamic_product,
        kinetic_product, short_time_product, dissipation_bound),
    )
}

#[pyfunction]
pub(crate) fn geometric_decomposition<'py>(py: Python<'py>, flow: &Flow) -> Fields<'py> {
    let inner = Arc::clone(&flow.0);
    let channels = inner.network().edges().len();
    let split = unmonitored(py, channels, move || {
        decomposition::geometric_decomposition(&inner)
    })?;
    geometric(py, &split)
}

#[pyfunction]
pub(crate) fn hatano_sasa_decomposition<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    p: &Bound<'py, PyAny>,
    stationary: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let p = distribution("distribution", p)?;
    let stationary = distribution("stationary", stationary)?;
    hatano_sasa(
        py,
        decomposition::hatano_sasa_decomposition(&kinetics.0, &p, &stationary).or_raise()?,
    )
}

#[pyfunction]
pub(crate) fn information_geometric_decomposition<'py>(py: Python<'py>, flow: &Flow) -> Fields<'py> {
    let inner = Arc::clone(&flow.0);
    let channels = inner.network().edges().len();
    let split = unmonitored(py, channels, move || {
        decomposition::information_geometric_decomposition(&inner)
    })?;
    information_geometric(py, &split)
}

/// (list of cycles as arrays (edges, signs), chords).
fn basis<'py>(py: Python<'py>, basis: &cycles::CycleBasis) -> Fields<'py> {
    let cycles: PyResult<Vec<_>> = basis.cycles.iter().map(|c| steps(py, c)).collect();
    let fields = PyDict::new(py);
    fields.set_item("cycles", PyList::new(py, cycles?)?)?;
    fields.set_item("chords", basis.chords.to_python(py)?)?;
    Ok(fields)
}

/// A cycle as arrays (edges, signs).
fn steps<'py>(py: Python<'py>, cycle: &Cycle) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let edges: Vec<usize> = cycle.edges.iter().map(|s| s.0).collect();
    let signs: Vec<f64> = cycle.edges.iter().map(|s| s.1).collect();
    Ok((edges.to_python(py)?, signs.to_python(py)?))
}

/// A cycle from arrays (edges, signs), checked to close.
fn cycle(network: &irrev_network::Network, name: &str, steps: &Bound<'_, PyAny>) -> PyResult<Cycle> {
    let (edges, signs): (Bound<'_, PyAny>, Bound<'_, PyAny>) = steps.extract()?;
    let (edges, signs) = (indices("edges", &edges)?, vector("signs", &signs)?);
    if signs.len() != edges.len() {
        let (found, expected) = (signs.len(), edges.len());
        return Err(irrev_network::Error::Length {
            what: "signs",
            found,
            expected,
        })
        .or_raise();
    }
    if let Some(&value) = signs.iter().find(|s| s.abs() != 1.0) {
        let what = "sign of a cycle's step".to_owned();
        return Err(irrev_network::Error::Domain {
            what,
            value,
            expected: "1 or -1",
        })
        .or_raise();
    }
    let steps: Vec<_> = edges.into_iter().zip(signs).collect();
    cycles::cycle_through_edges(network, name, &steps).or_raise()
}

#[pyfunction]
pub(crate) fn fundamental_cycles<'py>(py: Python<'py>, network: &Network) -> Fields<'py> {
    let inner = Arc::clone(&network.0);
    let found = unmonitored(py, inner.edges().len(), move || {
        Ok(cycles::fundamental_cycles(&inner))
    })?;
    basis(py, &found)
}

#[pyfunction]
pub(crate) fn cycle_through_states<'py>(
    py: Python<'py>,
    network: &Network,
    name: &str,
    states: &Bound<'py, PyAny>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let states = indices("states", states)?;
    steps(
        py,
        &cycles::cycle_through_states(&network.0, name, &states).or_raise()?,
    )
}

#[pyfunction]
pub(crate) fn cycle_through_edges<'py>(
    py: Python<'py>,
    network: &Network,
    name: &str,
    path: &Bound<'py, PyAny>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    steps(py, &cycle(&network.0, name, path)?)
}

/// Σ over each cycle of an edge quantity.
#[pyfunction]
pub(crate) fn cycle_sums<'py>(
    py: Python<'py>,
    paths: Vec<Bound<'py, PyAny>>,
    per_edge: &Bound<'py, PyAny>,
    network: Option<&Network>,
) -> PyResult<Bound<'py, PyAny>> {
    // forces may be infinite: only their number is checked
    let per_edge: Vec<f64> = match per_edge.extract::<Vec<f64>>() {
        Ok(values) => values,
        Err(_) => vector("per_edge", per_edge)?,
    };
    let longest = network.map_or(0, |network| network.0.edges().len());
    let mut sums = Vec::with_capacity(paths.len());
    for path in &paths {
        let (edges, signs): (Bound<'_, PyAny>, Bound<'_, PyAny>) = path.extract()?;
        let (edges, signs) = (indices("edges", &edges)?, vector("signs", &signs)?);
        let needed = edges.iter().map(|e| e + 1).max().unwrap_or(0).max(longest);
        if per_edge.len() < needed {
            let found = per_edge.len();
            return Err(irrev_network::Error::Length {
                what: "per_edge",
                found,
                expected: needed,
            })
            .or_raise();
        }
        let terms = edges.iter().zip(&signs).map(|(&e, s)| s * per_edge[e]);
        sums.push(irrev_numerics::sum::compensated_sum(terms));
    }
    sums.to_python(py)
}

#[pyfunction]
pub(crate) fn cycle_decomposition<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    paths: Vec<Bound<'py, PyAny>>,
    divergence_free: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let network = kinetics.0.network();
    let paths: PyResult<Vec<Cycle>> = paths.iter().map(|path| cycle(network, "cycle", path)).collect();
    let (paths, current) = (paths?, vector("divergence_free", divergence_free)?);
    let inner = Arc::clone(&kinetics.0);
    let split = unmonitored(py, kinetics.channels(), move || {
        cycles::cycle_decomposition(&inner, &paths, &current)
    })?;
    Ok(record!(py, split; affinities, currents, entropy_production_rate))
}

#[pyfunction]
pub(crate) fn gradient_flow_identity<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    p: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let p = distribution("distribution", p)?;
    let inner = Arc::clone(&kinetics.0);
    let identity = unmonitored(py, kinetics.channels(), move || {
        gradient_flow::gradient_flow_identity(&inner, &p)
    })?;
    Ok(
        record!(py, identity; residual, detailed_balance_defect, relative_entropy_rate, entropy_production_rate),
    )
}

#[pyfunction]
pub(crate) fn uncertainty_relation<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    stationary: &Bound<'py, PyAny>,
    stationary_flow: &Flow,
    weights: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let weights = vector("weights", weights)?;
    let (inner, stationary) = statistics(kinetics, stationary)?;
    let flow = Arc::clone(&stationary_flow.0);
    if flow.network() != inner.network() {
        let (found, expected) = (flow.network().edges().len(), kinetics.channels());
        return Err(irrev_network::Error::Length {
            what: "stationary_flow (of another network)",
            found,
            expected,
        })
        .or_raise();
    }
    let relation = unmonitored(py, kinetics.channels(), move || {
        let statistics = irrev_network::dynamics::CountingStatistics::around(&inner, stationary)?;
        bounds::uncertainty_relation(&statistics, &flow, &weights)
    })?;
    uncertainty(py, relation)
}

#[pyfunction]
#[pyo3(name = "overview")]
pub(crate) fn whole_overview<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    p: &Bound<'py, PyAny>,
    weights: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let (p, weights) = (distribution("distribution", p)?, vector("weights", weights)?);
    let inner = Arc::clone(&kinetics.0);
    let all = unmonitored(py, kinetics.channels(), move || {
        overview::overview(&inner, &p, &weights)
    })?;
    let fields = record!(py, all; stationary, entropy_production_rate, affinities, cycle_currents,
        housekeeping_cycle_currents);
    fields.set_item("stationary_flow", Flow(Arc::new(all.stationary_flow)))?;
    fields.set_item("flow", Flow(Arc::new(all.flow)))?;
    fields.set_item("geometric", geometric(py, &all.geometric)?)?;
    fields.set_item("hatano_sasa", hatano_sasa(py, all.hatano_sasa)?)?;
    fields.set_item(
        "information_geometric",
        information_geometric(py, &all.information_geometric)?,
    )?;
    fields.set_item("cycles", basis(py, &all.cycles)?)?;
    fields.set_item("uncertainty", uncertainty(py, all.uncertainty)?)?;
    Ok(fields)
}

/// The cycles as a matrix, one row per cycle, one column per edge.
#[pyfunction]
pub(crate) fn cycle_vectors<'py>(
    py: Python<'py>,
    network: &Network,
    paths: Vec<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let edges = network.0.edges().len();
    let mut entries = Vec::new();
    for path in &paths {
        entries.extend(cycle(&network.0, "cycle", path)?.vector(edges));
    }
    matrix(py, entries, paths.len(), edges)
}

//! The chemical master equation on molecule counts.

use std::sync::Arc;

use irrev_network::counts::{self, CountLattice, MasterEquationOptions};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::counts::CountSystem;
use crate::arrays::{self, integers, vector};
use crate::kinetics::MarkovJump;
use crate::records::{ToPython, matrix, record, rows};
use crate::run::{Options, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

fn settings(
    py: Python<'_>,
    bounds: Option<&Bound<'_, PyAny>>,
    grow: bool,
    tol: f64,
) -> PyResult<MasterEquationOptions> {
    Ok(MasterEquationOptions {
        bounds: bounds.map(|b| integers("bounds", b)).transpose()?,
        grow,
        tolerance: arrays::tolerance(py, tol)?,
        ..MasterEquationOptions::default()
    })
}

/// Counts of every state, one row each, and the largest counts admitted.
fn lattice<'py>(py: Python<'py>, fields: &Bound<'py, PyDict>, lattice: &CountLattice) -> PyResult<()> {
    let species = lattice.bounds().len();
    let counts: Vec<i64> = (0..lattice.states())
        .flat_map(|state| lattice.counts(state))
        .copied()
        .collect();
    fields.set_item("counts", matrix(py, counts, lattice.states(), species)?)?;
    fields.set_item("bounds", lattice.bounds().to_vec().to_python(py)?)
}

#[pyfunction]
#[allow(
    clippy::too_many_arguments,
    reason = "a lattice has a start, bounds and a tolerance beside the options"
)]
pub(crate) fn stationary_counts<'py>(
    py: Python<'py>,
    system: &CountSystem,
    start: Option<&Bound<'py, PyAny>>,
    bounds: Option<&Bound<'py, PyAny>>,
    grow: bool,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let start = system.start("start", start)?;
    let settings = settings(py, bounds, grow, tol)?;
    let inner = Arc::clone(&system.inner);
    let found = supervised(py, options, move |run, _| {
        counts::stationary_counts(&inner, &start, &settings, run)
    })?;
    let fields = record!(py, found; distribution, means, variances, entropy_production_rate,
        entropy_production_rate_by_reaction, currents, entropy_flow_to_medium, edge_mass);
    lattice(py, &fields, &found.lattice)?;
    let kinetics = MarkovJump(Arc::new(found.lattice.kinetics().clone()));
    fields.set_item("kinetics", kinetics)?;
    Ok(fields)
}

#[pyfunction]
#[allow(
    clippy::too_many_arguments,
    reason = "a lattice has a start, times, bounds and a tolerance beside the options"
)]
pub(crate) fn transient_moments<'py>(
    py: Python<'py>,
    system: &CountSystem,
    start: Option<&Bound<'py, PyAny>>,
    times: &Bound<'py, PyAny>,
    bounds: Option<&Bound<'py, PyAny>>,
    grow: bool,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let (start, times) = (system.start("start", start)?, vector("times", times)?);
    let settings = settings(py, bounds, grow, tol)?;
    let inner = Arc::clone(&system.inner);
    let found = supervised(py, options, move |run, _| {
        counts::transient_moments(&inner, &start, &times, &settings, run)
    })?;
    let species = system.inner.species().len();
    let fields = record!(py, found; times, outside, distribution);
    fields.set_item("means", rows(py, &found.means, species)?)?;
    fields.set_item("variances", rows(py, &found.variances, species)?)?;
    lattice(py, &fields, &found.lattice)?;
    Ok(fields)
}

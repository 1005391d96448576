//! What stoichiometry decides, chemical potentials, and where dissipation is paid for.

use irrev_network::reactions::structure::{Graph, counted_structure, structure};
use irrev_network::reactions::thermodynamics;
use irrev_numerics::integer::SparseRow;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::system::ReactionSystem;
use crate::arrays::{finite, vector};
use crate::errors::OrRaise;
use crate::records::{matrix, record};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

fn dense<'py>(py: Python<'py>, rows: &[SparseRow], columns: usize) -> PyResult<Bound<'py, PyAny>> {
    let mut entries = vec![0; rows.len() * columns];
    for (k, row) in rows.iter().enumerate() {
        for &(column, value) in row {
            entries[k * columns + column] = value;
        }
    }
    matrix(py, entries, rows.len(), columns)
}

fn graph<'py>(py: Python<'py>, graph: &Graph) -> Fields<'py> {
    Ok(record!(py, graph; complexes, linkage_classes, deficiency))
}

#[pyfunction]
pub(crate) fn reaction_structure<'py>(
    py: Python<'py>,
    system: &ReactionSystem,
    counted: bool,
) -> Fields<'py> {
    let inner = &system.inner;
    let found = py
        .detach(|| {
            if counted {
                counted_structure(inner)
            } else {
                structure(inner)
            }
        })
        .or_raise()?;
    let reactions = if counted {
        inner.counted().len()
    } else {
        inner.reactions().len()
    };
    let (states, species) = (inner.state_names().len(), inner.species().len());
    let fields = record!(py, found; rank, closed_rank, cycle_chords);
    for (name, rows, columns) in [
        ("conservation_laws", &found.conservation_laws, states),
        ("cycles", &found.cycles, reactions),
        (
            "closed_conservation_laws",
            &found.closed_conservation_laws,
            species,
        ),
        (
            "broken_conservation_laws",
            &found.broken_conservation_laws,
            species,
        ),
        ("emergent_cycles", &found.emergent_cycles, reactions),
    ] {
        fields.set_item(name, dense(py, rows, columns)?)?;
    }
    fields.set_item("closed", graph(py, &found.closed)?)?;
    fields.set_item("open", graph(py, &found.open)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn standard_potentials<'py>(
    py: Python<'py>,
    system: &ReactionSystem,
    amounts: &Bound<'py, PyAny>,
    time: f64,
) -> Fields<'py> {
    let (x, time) = (system.state("amounts", amounts)?, finite(py, "time", time)?);
    let found = thermodynamics::standard_potentials(&system.inner, time, &x).or_raise()?;
    let fields = record!(py, found; potentials, logarithmic_equilibrium_constants, leftover_forces);
    fields.set_item("is_consistent", found.is_consistent())?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn free_energy_balance<'py>(
    py: Python<'py>,
    system: &ReactionSystem,
    amounts: &Bound<'py, PyAny>,
    time: f64,
    potentials: Option<&Bound<'py, PyAny>>,
) -> Fields<'py> {
    let (x, time) = (system.state("amounts", amounts)?, finite(py, "time", time)?);
    let potentials = potentials.map(|p| vector("potentials", p)).transpose()?;
    let found =
        thermodynamics::free_energy_balance(&system.inner, time, &x, potentials.as_deref()).or_raise()?;
    let fields = record!(py, found; entropy_production_rate, gibbs_energy, gibbs_energy_rate, chemical_work_rate,
        semigrand_energy, semigrand_energy_rate, nonconservative_work_rate, leftover_work_rate, residual);
    let exchanges: PyResult<Vec<_>> = found
        .exchanges
        .iter()
        .map(|exchange| {
            let fields = record!(py, exchange; chemical_potential, current, force);
            fields.set_item("species", &system.inner.species()[exchange.species].name)?;
            Ok(fields)
        })
        .collect();
    fields.set_item("exchanges", PyList::new(py, exchanges?)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn driving_work_rate(
    py: Python<'_>,
    system: &ReactionSystem,
    amounts: &Bound<'_, PyAny>,
    held_rates: &Bound<'_, PyAny>,
    time: f64,
) -> PyResult<f64> {
    let (x, time) = (system.state("amounts", amounts)?, finite(py, "time", time)?);
    let rates = vector("held_rates", held_rates)?;
    thermodynamics::driving_work_rate(&system.inner, time, &x, &rates).or_raise()
}

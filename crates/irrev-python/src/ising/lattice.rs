//! Spins on a periodic square lattice.

use irrev_ising::lattice::{self, EnumeratedLattice, Lattice};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::OrRaise;
use crate::records::record;
use crate::run::{Options, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

#[pyfunction]
pub(crate) fn lattice_equilibrium<'py>(
    py: Python<'py>,
    columns: usize,
    rows: usize,
    coupling: f64,
    temperature: f64,
) -> Fields<'py> {
    let found = py
        .detach(|| EnumeratedLattice::new(Lattice::new(columns, rows)?)?.equilibrium(coupling, temperature))
        .or_raise()?;
    let fields = record!(py, found; energy_per_site, mean_absolute_magnetization);
    let transfer = found.transfer;
    for (name, value) in [
        ("pair_per_step", transfer.pair_per_step),
        ("global_per_step", transfer.global_per_step),
        ("pair_per_sweep", transfer.pair_per_sweep()),
        ("global_per_sweep", transfer.global_per_sweep()),
        ("neighbour_information", transfer.neighbour_information),
    ] {
        fields.set_item(name, value)?;
    }
    Ok(fields)
}

#[pyfunction]
pub(crate) fn driven_lattice<'py>(
    py: Python<'py>,
    columns: usize,
    rows: usize,
    coupling: f64,
    temperature: f64,
    input_rate: f64,
    options: Options,
) -> Fields<'py> {
    let found = supervised(py, options, move |run, _| {
        lattice::driven_lattice(
            Lattice::new(columns, rows)?,
            coupling,
            temperature,
            input_rate,
            run,
        )
    })?;
    let fields = record!(py, found; distribution, partial_entropy_production_rate, environment_flow, information_flow,
        information_flow_of_the_rest, information_about_input, information_of_the_rest, convergence);
    fields.set_item("entropy_production_rate", found.entropy_production_rate())?;
    Ok(fields)
}

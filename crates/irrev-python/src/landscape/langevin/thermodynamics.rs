//! Books of walkers on their way to Python.

use irrev_landscape::langevin::Thermodynamics;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::super::Fields;
use super::super::estimates::columns;
use crate::errors::OrRaise;
use crate::records::{ToPython, matrix};

/// All of the books; arrays of one number for each walker, but heat, which has one for each coordinate, too.
pub(super) fn fields<'py>(py: Python<'py>, books: &Thermodynamics) -> Fields<'py> {
    let (walkers, d) = (books.walkers(), books.temperatures.len());
    let fields = PyDict::new(py);
    fields.set_item("temperatures", books.temperatures.to_python(py)?)?;
    fields.set_item("heat", matrix(py, books.heat.clone(), walkers, d)?)?;
    fields.set_item("total_heat", books.total_heat().to_python(py)?)?;
    fields.set_item("medium_entropy", books.medium_entropy().to_python(py)?)?;
    fields.set_item("drive_work", books.drive_work.to_python(py)?)?;
    if let Some(energies) = &books.energies {
        fields.set_item("protocol_work", energies.protocol_work.to_python(py)?)?;
        fields.set_item("first_energy", energies.first.to_python(py)?)?;
        fields.set_item("energy", energies.now.to_python(py)?)?;
    }
    fields.set_item("work", books.work().or_raise()?.to_python(py)?)?;
    fields.set_item("residual", books.residual().or_raise()?.to_python(py)?)?;
    fields.set_item("mean_work", books.mean_work().or_raise()?.to_python(py)?)?;
    fields.set_item("mean_medium_entropy", books.mean_medium_entropy().to_python(py)?)?;
    let mean_heat = (0..d).map(|i| books.mean_heat(i));
    let mean_heat = mean_heat
        .collect::<irrev_landscape::Result<Vec<_>>>()
        .or_raise()?;
    fields.set_item("mean_heat", columns(py, &mean_heat)?)?;
    Ok(fields)
}

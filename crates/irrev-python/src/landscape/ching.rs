//! ⟨Ṙ²; r⟩ρ(r) from positions alone.

use irrev_landscape::Result;
use irrev_landscape::ching::crossings;
use pyo3::prelude::*;

use super::Fields;
use super::estimates::columns;
use super::grid::GridParts;
use super::recording::LandscapeRecord;
use crate::errors::OrRaise;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// Crossings of the edges, and V* that follows at a temperature if one is given.
#[pyfunction]
pub(crate) fn landscape_crossings<'py>(
    py: Python<'py>,
    record: &LandscapeRecord,
    coordinate: usize,
    grid: GridParts,
    temperature: f64,
    options: Options,
) -> Fields<'py> {
    let (recording, grid) = (record.shared(), grid.grid().or_raise()?);
    let found = supervised(py, options, move |run, _| -> Result<_> {
        crossings(&recording.record()?, coordinate, &grid, run)
    })?;
    let fields = record!(py, found; edges, in_cells, ends, duration, residual);
    fields.set_item("at_edges", columns(py, &found.at_edges)?)?;
    fields.set_item("from_accelerations", found.from_accelerations().to_python(py)?)?;
    fields.set_item("ends_above", found.ends_above().to_python(py)?)?;
    let potential = found.normalised_mean_force_potential(temperature);
    fields.set_item("normalised_mean_force_potential", columns(py, &potential)?)?;
    Ok(fields)
}

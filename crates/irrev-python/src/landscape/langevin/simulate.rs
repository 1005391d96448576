//! A whole simulation in one call.

use std::path::PathBuf;

use irrev_landscape::Result;
use irrev_landscape::langevin::simulate;
use numpy::{PyArray1, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::super::Fields;
use super::parts::{Course, DynamicsParts, FieldParts, Question};
use super::thermodynamics::fields as books;
use crate::records::matrix;
use crate::run::{Options, resumable};

/// Where the walkers are at the end, their books, and frames as columns: walkers × columns × frames, columns those of positions, then of velocities.
#[pyfunction]
pub(crate) fn langevin_simulate<'py>(
    py: Python<'py>,
    field: FieldParts<'py>,
    dynamics: DynamicsParts<'py>,
    course: Course<'py>,
    folder: Option<PathBuf>,
    options: Options,
) -> Fields<'py> {
    let question = Question::read(py, field, dynamics, course)?;
    let d = question.dimension();
    let found = resumable(py, options, folder, move |run, _| -> Result<_> {
        let dynamics = question.dynamics()?;
        simulate(
            question.field(),
            &dynamics,
            &question.start,
            &question.options,
            run,
        )
    })?;
    let fields = PyDict::new(py);
    fields.set_item("algorithm", found.algorithm)?;
    fields.set_item("streams", found.streams)?;
    fields.set_item("time", found.time)?;
    let walkers = found.positions.len() / d;
    fields.set_item("positions", matrix(py, found.positions, walkers, d)?)?;
    let inert = found.velocities.is_empty();
    let velocities = (!inert).then(|| matrix(py, found.velocities, walkers, d));
    fields.set_item("velocities", velocities.transpose()?)?;
    fields.set_item("turns", matrix(py, found.turns, walkers, d)?)?;
    fields.set_item("thermodynamics", books(py, &found.thermodynamics)?)?;
    let columns = found.trajectories.map(|trajectories| {
        let frames = trajectories.frames();
        PyArray1::from_vec(py, trajectories.into_columns()).reshape([
            walkers,
            if inert { d } else { 2 * d },
            frames,
        ])
    });
    fields.set_item("columns", columns.transpose()?)?;
    Ok(fields)
}

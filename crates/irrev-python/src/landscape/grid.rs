//! Cells of a coordinate.

use irrev_landscape::{Grid, Period, Result};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;

use super::Fields;
use crate::arrays::{named, samples};
use crate::errors::OrRaise;
use crate::records::ToPython;

/// "line", lowest, highest, cells; "circle", start, length, cells; or edges: as `irrev.landscape.Grid` holds them.
#[derive(Clone, PartialEq)]
pub(crate) enum GridParts {
    Line(f64, f64, usize),
    Circle(f64, f64, usize),
    Edges(Vec<f64>),
}

type Uniform = fn(f64, f64, usize) -> GridParts;

#[derive(FromPyObject)]
enum ReadGrid<'py> {
    Uniform(String, f64, f64, usize),
    Edges(PyReadonlyArray1<'py, f64>),
}

impl<'py> FromPyObject<'_, 'py> for GridParts {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match object.extract::<ReadGrid<'py>>()? {
            ReadGrid::Uniform(kind, start, extent, cells) => {
                let known: [(&str, Uniform); 2] = [("line", Self::Line), ("circle", Self::Circle)];
                Ok(named(object.py(), "the kind of a grid", &kind, &known)?(
                    start, extent, cells,
                ))
            }
            ReadGrid::Edges(edges) => Ok(Self::Edges(edges.as_slice()?.to_vec())),
        }
    }
}

impl GridParts {
    pub(super) fn grid(&self) -> Result<Grid> {
        match self {
            Self::Line(lowest, highest, cells) => Grid::uniform(*lowest, *highest, *cells),
            Self::Circle(start, length, cells) => Grid::circle(Period::new(*start, *length)?, *cells),
            Self::Edges(edges) => Grid::from_edges(edges.clone()),
        }
    }

    pub(super) fn to_parts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let uniform = |kind: &str, start: f64, extent: f64, cells: usize| {
            Ok((kind, start, extent, cells).into_pyobject(py)?.into_any())
        };
        match self {
            Self::Line(lowest, highest, cells) => uniform("line", *lowest, *highest, *cells),
            Self::Circle(start, length, cells) => uniform("circle", *start, *length, *cells),
            Self::Edges(edges) => edges.to_python(py),
        }
    }
}

/// Edges, centres and widths of the cells.
#[pyfunction]
pub(crate) fn grid_figures(py: Python<'_>, grid: GridParts) -> Fields<'_> {
    let (grid, fields) = (grid.grid().or_raise()?, pyo3::types::PyDict::new(py));
    fields.set_item("edges", grid.edges().to_vec().to_python(py)?)?;
    fields.set_item("points", grid.centres().to_python(py)?)?;
    fields.set_item("widths", grid.widths().to_python(py)?)?;
    Ok(fields)
}

/// The cell of every value; −1 outside of the cells.
#[pyfunction]
pub(crate) fn grid_cells<'py>(
    py: Python<'py>,
    grid: GridParts,
    values: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let (grid, values) = (grid.grid().or_raise()?, samples("values", values)?);
    let cells: Vec<i64> = values
        .iter()
        .map(|value| grid.cell(*value).map_or(-1, |cell| cell as i64))
        .collect();
    cells.to_python(py)
}

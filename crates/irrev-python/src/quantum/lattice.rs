//! Lattices.

use irrev_quantum::lattice::{Boundary, Lattice};
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::Fields;
use crate::arrays::{indices, named};
use crate::errors::{OrRaise, model_error};
use crate::records::matrix;

/// Name of a regular lattice, its two numbers, and which of its directions are periodic.
#[derive(FromPyObject)]
pub(crate) struct Shape(String, [usize; 2], [bool; 2]);

impl Shape {
    fn lattice(&self, py: Python<'_>) -> PyResult<Lattice> {
        type Builder = fn([usize; 2], [Boundary; 2]) -> irrev_quantum::Result<Lattice>;
        let builders: [(&str, Builder); 4] = [
            ("chain", |[length, _], [along, _]| Lattice::chain(length, along)),
            ("ladder", |[length, legs], [along, _]| {
                Lattice::ladder(length, legs, along)
            }),
            ("square", Lattice::square),
            ("hexagonal", Lattice::hexagonal),
        ];
        let boundary = |periodic| {
            if periodic {
                Boundary::Periodic
            } else {
                Boundary::Open
            }
        };
        named(py, "the shape of a lattice", &self.0, &builders)?(self.1, self.2.map(boundary)).or_raise()
    }
}

/// Pairs of sites in two columns.
pub(super) fn pairs(name: &str, array: &PyReadonlyArray2<'_, i64>) -> PyResult<Vec<(usize, usize)>> {
    let view = array.as_array();
    let site = |row: usize, column: usize| {
        usize::try_from(view[(row, column)]).map_err(|_| {
            let found = view[(row, column)];
            let message = format!("{name}[{row}] names site {found}; sites are numbered from 0");
            Python::attach(|py| model_error(py, message))
        })
    };
    (0..view.nrows())
        .map(|row| Ok((site(row, 0)?, site(row, 1)?)))
        .collect()
}

/// Pairs of sites as an array of two columns.
pub(super) fn columns<'py>(py: Python<'py>, pairs: &[(usize, usize)]) -> PyResult<Bound<'py, PyAny>> {
    let flat = pairs.iter().flat_map(|&(i, j)| [i as i64, j as i64]);
    matrix(py, flat.collect(), pairs.len(), 2)
}

fn fields<'py>(py: Python<'py>, lattice: &Lattice) -> Fields<'py> {
    let fields = PyDict::new(py);
    fields.set_item("sites", lattice.sites())?;
    fields.set_item("bonds", columns(py, lattice.bonds())?)?;
    let positions = lattice.positions().concat();
    fields.set_item("positions", matrix(py, positions, lattice.sites(), 2)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn lattice_shape(py: Python<'_>, shape: Shape) -> Fields<'_> {
    fields(py, &shape.lattice(py)?)
}

#[pyfunction]
pub(crate) fn lattice_on_circle<'py>(
    py: Python<'py>,
    sites: usize,
    bonds: PyReadonlyArray2<'py, i64>,
) -> Fields<'py> {
    fields(
        py,
        &Lattice::from_bonds(sites, &pairs("bonds", &bonds)?).or_raise()?,
    )
}

/// Raises what is wrong with a list of bonds.
#[pyfunction]
pub(crate) fn check_lattice(sites: usize, bonds: PyReadonlyArray2<'_, i64>) -> PyResult<()> {
    Lattice::from_bonds(sites, &pairs("bonds", &bonds)?)
        .or_raise()
        .map(|_| ())
}

/// Pairs of sites at the n-th shortest distance in space.
#[pyfunction]
pub(crate) fn lattice_shell(py: Python<'_>, shape: Shape, n: usize) -> PyResult<Bound<'_, PyAny>> {
    columns(py, &shape.lattice(py)?.shell(n).or_raise()?)
}

/// Fewest bonds from any of the given sites to every one; -1 where no path leads.
#[pyfunction]
pub(crate) fn lattice_distances(
    sites: usize,
    bonds: PyReadonlyArray2<'_, i64>,
    from_: &Bound<'_, PyAny>,
) -> PyResult<Vec<i64>> {
    let lattice = Lattice::from_bonds(sites, &pairs("bonds", &bonds)?).or_raise()?;
    let distances = lattice.distances(&indices("from_", from_)?).or_raise()?;
    Ok(distances
        .into_iter()
        .map(|distance| distance.map_or(-1, |d| d as i64))
        .collect())
}

//! How long the far part of a bath cannot be felt.

use irrev_quantum::Result;
use irrev_quantum::light_cone::{self, LiebRobinson};
use numpy::Complex64;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use irrev_numerics::linalg::Matrix;
use numpy::PyArray1;
use numpy::prelude::*;

use super::Fields;
use super::bath::BathEnsemble;
use super::composite::{CompositeParts, SystemParts};
use super::model::ModelParts;
use super::motion::within;
use crate::arrays::{indices, vector};
use crate::errors::OrRaise;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// Distance of two sets of sites, the bound at some times, and the times at which it reaches some disturbances.
#[pyfunction]
pub(crate) fn lieb_robinson<'py>(
    py: Python<'py>,
    model: ModelParts<'py>,
    sets: (Bound<'py, PyAny>, Bound<'py, PyAny>),
    times: &Bound<'py, PyAny>,
    disturbances: &Bound<'py, PyAny>,
) -> PyResult<(Option<usize>, Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let model = model.hamiltonian()?;
    let (from, to) = (indices("from_", &sets.0)?, indices("to", &sets.1)?);
    let (times, disturbances) = (vector("times", times)?, vector("disturbance", disturbances)?);
    let found = LiebRobinson::new(&model, &from, &to).or_raise()?;
    let answers: Result<(Vec<f64>, Vec<f64>)> = py.detach(|| {
        let bounds = times.iter().map(|&t| found.bound(t)).collect();
        let reached: Result<Vec<f64>> = disturbances.iter().map(|&delta| found.time(delta)).collect();
        Ok((bounds, reached?))
    });
    let (bounds, reached) = answers.or_raise()?;
    Ok((found.distance(), bounds.to_python(py)?, reached.to_python(py)?))
}

/// ρ_S with the whole bath and with a cut one, and their distances.
#[pyfunction]
pub(crate) fn compare_with_cut_bath<'py>(
    py: Python<'py>,
    composite: CompositeParts<'py>,
    states: (SystemParts<'py>, Py<BathEnsemble>),
    keep: &Bound<'py, PyAny>,
    times: &Bound<'py, PyAny>,
    how: (f64, f64),
    options: Options,
) -> Fields<'py> {
    let (composite, system, bath) = (composite.composite()?, states.0.state()?, states.1.get().shared());
    let (keep, times) = (indices("keep", keep)?, vector("times", times)?);
    let (tol, epsilon) = how;
    let asked = within(py, tol)?;
    let found = supervised(py, options, move |run, _| {
        light_cone::compare_with_cut_bath(&composite, &system, &bath, &keep, &times, &asked, run)
    })?;
    let fields: Bound<'py, PyDict> = record!(py, found; times, distances);
    fields.set_item("whole", stacked(py, &found.whole)?)?;
    fields.set_item("cut", stacked(py, &found.cut)?)?;
    fields.set_item("epsilon", epsilon)?;
    fields.set_item("felt", found.felt(epsilon))?;
    Ok(fields)
}

/// Matrices of one size in an array of three dimensions.
fn stacked<'py>(py: Python<'py>, matrices: &[Matrix<Complex64>]) -> PyResult<Bound<'py, PyAny>> {
    let size = matrices.first().map_or(0, Matrix::rows);
    let entries = matrices
        .iter()
        .flat_map(|rho| (0..size).flat_map(move |i| (0..size).map(move |j| rho[(i, j)])));
    let array = PyArray1::from_iter(py, entries).reshape([matrices.len(), size, size])?;
    Ok(array.into_any())
}

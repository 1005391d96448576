//! Matrices and normal distributions, as `irrev._arrays` has read them.

use irrev_network::transport::gaussian::Gaussian;
use irrev_numerics::linalg::Matrix;
use numpy::{PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;

use crate::errors::model_error;
use crate::records::ToPython;

/// Rows and columns.
pub(crate) fn matrix(given: &PyReadonlyArray2<'_, f64>) -> PyResult<Matrix> {
    let (rows, columns) = (given.shape()[0], given.shape()[1]);
    let entries = given.as_slice()?;
    Ok(Matrix::from_fn(rows, columns, |i, j| entries[i * columns + j]))
}

/// A mean and a covariance.
#[derive(FromPyObject)]
pub(crate) struct Normal<'py>(PyReadonlyArray1<'py, f64>, PyReadonlyArray2<'py, f64>);

impl Normal<'_> {
    pub(crate) fn gaussian(&self, py: Python<'_>, name: &str) -> PyResult<Gaussian> {
        let mean = self.0.as_slice()?.to_vec();
        Gaussian::new(mean, matrix(&self.1)?).map_err(|error| model_error(py, format!("{name}: {error}")))
    }
}

/// A pair (mean, covariance).
pub(crate) fn moments<'py>(
    py: Python<'py>,
    normal: &Gaussian,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    Ok((
        normal.mean().to_vec().to_python(py)?,
        normal.covariance().to_python(py)?,
    ))
}

//! Distances on a line, and between normal distributions.

use irrev_network::transport::gaussian::{self, Gaussian};
use irrev_network::transport::line::{self, PointsOnLine};
use irrev_numerics::linalg::Matrix;
use numpy::{PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::vector;
use crate::errors::{OrRaise, model_error};
use crate::records::ToPython;

/// A sample, or points with weights.
fn points(
    (name, positions): (&str, &Bound<'_, PyAny>),
    (its, weights): (&str, Option<&Bound<'_, PyAny>>),
) -> PyResult<PointsOnLine> {
    let positions = vector(name, positions)?;
    let found = match weights {
        None => PointsOnLine::sample(&positions),
        Some(weights) => PointsOnLine::weighted(&positions, &vector(its, weights)?),
    };
    Python::attach(|py| found.map_err(|error| model_error(py, format!("{name}: {error}"))))
}

#[pyfunction]
pub(crate) fn line_wasserstein(
    py: Python<'_>,
    from_: &Bound<'_, PyAny>,
    to: &Bound<'_, PyAny>,
    order: f64,
    from_weights: Option<&Bound<'_, PyAny>>,
    to_weights: Option<&Bound<'_, PyAny>>,
) -> PyResult<f64> {
    let from = points(("from_", from_), ("from_weights", from_weights))?;
    let to = points(("to", to), ("to_weights", to_weights))?;
    py.detach(|| line::wasserstein(order, &from, &to)).or_raise()
}

/// A mean and a covariance, as `irrev._arrays` has read them.
type Moments<'py> = (Bound<'py, PyAny>, PyReadonlyArray2<'py, f64>);

fn normal(name: &str, (mean, covariance): &Moments<'_>) -> PyResult<Gaussian> {
    let mean = vector(name, mean)?;
    let (rows, columns) = (covariance.shape()[0], covariance.shape()[1]);
    let entries = covariance.as_slice()?;
    let matrix = Matrix::from_fn(rows, columns, |i, j| entries[i * columns + j]);
    Python::attach(|py| {
        Gaussian::new(mean, matrix).map_err(|error| model_error(py, format!("{name}: {error}")))
    })
}

#[pyfunction]
pub(crate) fn gaussian_wasserstein2<'py>(
    py: Python<'py>,
    from_: Moments<'py>,
    to: Moments<'py>,
) -> PyResult<Bound<'py, PyDict>> {
    let (from, to) = (normal("from_", &from_)?, normal("to", &to)?);
    let (distance, map) = py
        .detach(|| gaussian::wasserstein2(&from, &to).map(|found| (found.distance(), found.map())))
        .or_raise()?;
    let fields = PyDict::new(py);
    fields.set_item("distance", distance)?;
    fields.set_item("map", map.map(|map| map.to_python(py)).transpose()?)?;
    Ok(fields)
}

/// Mean and covariance at a time of the geodesic.
#[pyfunction]
pub(crate) fn gaussian_geodesic<'py>(
    py: Python<'py>,
    from_: Moments<'py>,
    to: Moments<'py>,
    t: f64,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let (from, to) = (normal("from_", &from_)?, normal("to", &to)?);
    let there = py
        .detach(|| gaussian::wasserstein2(&from, &to)?.geodesic(t))
        .or_raise()?;
    Ok((
        there.mean().to_vec().to_python(py)?,
        there.covariance().to_python(py)?,
    ))
}

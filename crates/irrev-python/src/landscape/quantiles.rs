//! W₂² on a line and on a circle.

use irrev_landscape::transport1d::Quantiles;
use pyo3::prelude::*;

use super::recording::period;
use crate::arrays::vector;
use crate::errors::{OrRaise, model_error};

/// Positions or edges, and weights if there are any.
type Parts<'py> = (Bound<'py, PyAny>, Option<Bound<'py, PyAny>>);

fn quantiles((positions, weights): &Parts<'_>, name: &str, histogram: bool) -> PyResult<Quantiles> {
    let positions = vector(name, positions)?;
    let weights = weights
        .as_ref()
        .map(|weights| vector(&format!("{name} weights"), weights));
    let found = match (weights.transpose()?, histogram) {
        (Some(weights), true) => Quantiles::of_histogram(&positions, &weights),
        (Some(weights), false) => Quantiles::of_points(&positions, &weights),
        (None, _) => Quantiles::of_sample(&positions),
    };
    found.map_err(|error| Python::attach(|py| model_error(py, format!("{name}: {error}"))))
}

/// W₂² between samples, weighted points or histograms, on a line or on a circle (start, length).
#[pyfunction]
pub(crate) fn squared_distance<'py>(
    py: Python<'py>,
    from_: Parts<'py>,
    to: Parts<'py>,
    histograms: (bool, bool),
    circle: Option<(f64, f64)>,
) -> PyResult<f64> {
    let (from, to) = (
        quantiles(&from_, "from_", histograms.0)?,
        quantiles(&to, "to", histograms.1)?,
    );
    let circle = period(circle).or_raise()?;
    py.detach(|| match circle {
        None => Ok(from.squared_distance(&to)),
        Some(circle) => from.squared_distance_on_circle(&to, circle),
    })
    .or_raise()
}

//! Noise of measurement.

use irrev_inference::Result;
use irrev_inference::currents::{MeasurementNoise, measurement_noise};
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::series::SeriesParts;
use crate::records::record;
use crate::run::{Options, supervised};

pub(super) fn noise_fields<'py>(py: Python<'py>, found: &[MeasurementNoise]) -> PyResult<Bound<'py, PyList>> {
    let each: Vec<_> = found
        .iter()
        .map(|one| Ok(record!(py, one; coordinate, variance, standard_error, share, diffusion, seen, smooth)))
        .collect::<PyResult<_>>()?;
    PyList::new(py, each)
}

/// What neighbouring increments of each coordinate tell.
#[pyfunction]
pub(crate) fn inference_noise<'py>(
    py: Python<'py>,
    series: SeriesParts<'py>,
    options: Options,
) -> PyResult<Bound<'py, PyList>> {
    let own = series.own()?;
    let found = supervised(py, options, move |run, _| -> Result<_> {
        measurement_noise(&own.series()?, run)
    })?;
    noise_fields(py, &found)
}

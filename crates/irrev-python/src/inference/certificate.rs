//! Certificates: bounds that can be computed again.

use irrev_inference::Result;
use irrev_inference::currents::{Certificate, recheck};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::series::SeriesParts;
use super::{Fields, unreadable};
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// What computes a bound again; `irrev.inference.Certificate` shows it.
#[pyclass(frozen, eq, module = "irrev._core")]
#[derive(PartialEq)]
pub(crate) struct InferenceCertificate(pub(super) Certificate);

#[pymethods]
impl InferenceCertificate {
    fn figures<'py>(&self, py: Python<'py>) -> Fields<'py> {
        let certificate = &self.0;
        let fields = record!(py, certificate; step, steps, segments, bound);
        let values: Vec<f64> = certificate.folds.iter().map(|fold| fold.value).collect();
        fields.set_item("folds", values.to_python(py)?)?;
        fields.set_item("labels", PyTuple::new(py, certificate.currents.labels())?)?;
        Ok(fields)
    }

    fn recheck<'py>(&self, py: Python<'py>, series: SeriesParts<'py>, options: Options) -> Fields<'py> {
        let (own, certificate) = (series.own()?, self.0.clone());
        let found = supervised(py, options, move |_, _| -> Result<_> {
            recheck(&certificate, &own.series()?)
        })?;
        Ok(record!(py, found; agrees, value, stated, difference, tolerance))
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        serde_json::to_string_pretty(&self.0).map_err(|error| unreadable(py, "the certificate", &error))
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        serde_json::from_str(text)
            .map(Self)
            .map_err(|error| unreadable(py, "the certificate", &error))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let py = slf.py();
        let text = slf.get().to_json(py)?;
        Ok((slf.get_type().getattr("from_json")?, PyTuple::new(py, [text])?))
    }
}

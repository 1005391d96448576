//! Vector autoregressions.

use irrev_inference::transfer::VectorAutoregression;
use irrev_numerics::linalg::Matrix;
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::Fields;
use crate::errors::OrRaise;
use crate::records::ToPython;

/// A stable vector autoregression; `irrev.inference.VectorAutoregression` shows it.
#[pyclass(frozen, eq, module = "irrev._core")]
#[derive(PartialEq)]
pub(crate) struct InferenceAutoregression(pub(super) VectorAutoregression);

fn read(given: &PyReadonlyArray2<'_, f64>) -> Matrix {
    let view = given.as_array();
    Matrix::from_fn(view.nrows(), view.ncols(), |i, j| view[[i, j]])
}

#[pymethods]
impl InferenceAutoregression {
    #[new]
    fn new(lags: Vec<PyReadonlyArray2<'_, f64>>, noise: PyReadonlyArray2<'_, f64>) -> PyResult<Self> {
        let lags = lags.iter().map(read).collect();
        VectorAutoregression::new(lags, read(&noise)).map(Self).or_raise()
    }

    #[staticmethod]
    fn fit(py: Python<'_>, series: Vec<PyReadonlyArray1<'_, f64>>, order: usize) -> PyResult<Self> {
        let series: Vec<&[f64]> = series
            .iter()
            .map(|one| Ok(one.as_slice()?))
            .collect::<PyResult<_>>()?;
        py.detach(|| VectorAutoregression::fit(&series, order))
            .map(Self)
            .or_raise()
    }

    fn figures<'py>(&self, py: Python<'py>) -> Fields<'py> {
        let fields = pyo3::types::PyDict::new(py);
        let lags: Vec<_> = self
            .0
            .lags()
            .iter()
            .map(|lag| lag.to_python(py))
            .collect::<PyResult<_>>()?;
        fields.set_item("lags", PyTuple::new(py, lags)?)?;
        fields.set_item("noise", self.0.noise().to_python(py)?)?;
        fields.set_item("covariance", self.0.covariance().to_python(py)?)?;
        Ok(fields)
    }

    /// With finite pasts, or the endless one.
    fn transfer_entropy(
        &self,
        target: usize,
        source: usize,
        histories: Option<(usize, usize)>,
    ) -> PyResult<f64> {
        match histories {
            Some((k, l)) => self.0.transfer_entropy(target, source, k, l),
            None => self.0.full_history_transfer_entropy(target, source),
        }
        .or_raise()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let py = slf.py();
        let figures = slf.get().figures(py)?;
        let part = |name: &str| figures.as_any().get_item(name);
        // a list, as the constructor takes it
        let lags = part("lags")?.try_iter()?.collect::<PyResult<Vec<_>>>()?;
        Ok((
            slf.get_type().into_any(),
            (lags, part("noise")?).into_pyobject(py)?,
        ))
    }
}

//! Results on their way to Python: each record becomes a dictionary with the names of its fields, from which the frozen classes of
//! the package are built.

use std::collections::BTreeMap;

use irrev_network::Distribution;
use irrev_numerics::linalg::Matrix;
use irrev_numerics::{Convergence, Estimate, EstimateKind, StopReason};
use numpy::{Complex64, PyArray1, PyArray2, PyArrayMethods};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// A value that has one natural form in Python.
pub(crate) trait ToPython {
    /// That form.
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;
}

/// Dictionary of the named fields of a record.
macro_rules! record {
    ($py:expr, $source:expr; $($field:ident),+ $(,)?) => {{
        let fields = pyo3::types::PyDict::new($py);
        $(fields.set_item(
            pyo3::intern!($py, stringify!($field)),
            $crate::records::ToPython::to_python(&$source.$field, $py)?,
        )?;)+
        fields
    }};
}
pub(crate) use record;

/// Values that PyO3 converts by itself.
macro_rules! as_they_are {
    ($($t:ty),+) => {$(
        impl ToPython for $t {
            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                self.into_bound_py_any(py)
            }
        }
    )+};
}
as_they_are!(f64, i64, u64, usize, bool, &'static str, String, (f64, f64), Option<f64>, BTreeMap<String, f64>);

impl ToPython for Vec<f64> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyArray1::from_slice(py, self).into_any())
    }
}

impl ToPython for Vec<Complex64> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyArray1::from_slice(py, self).into_any())
    }
}

impl ToPython for Vec<usize> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        // an index fits i64: no vector is longer
        Ok(PyArray1::from_iter(py, self.iter().map(|&i| i as i64)).into_any())
    }
}

impl ToPython for Vec<i64> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyArray1::from_slice(py, self).into_any())
    }
}

impl ToPython for Vec<u64> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        // numbers of jumps and trajectories stay far below 2⁶³
        Ok(PyArray1::from_iter(py, self.iter().map(|&n| n as i64)).into_any())
    }
}

impl ToPython for Option<Vec<f64>> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.as_ref()
            .map_or_else(|| Ok(py.None().into_bound(py)), |values| values.to_python(py))
    }
}

impl ToPython for Matrix {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let entries = (0..self.rows()).flat_map(|i| (0..self.columns()).map(move |j| self[(i, j)]));
        matrix(py, entries.collect(), self.rows(), self.columns())
    }
}

impl ToPython for Matrix<Complex64> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let entries = (0..self.rows()).flat_map(|i| (0..self.columns()).map(move |j| self[(i, j)]));
        matrix(py, entries.collect(), self.rows(), self.columns())
    }
}

impl ToPython for Estimate {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let kind = match self.kind {
            EstimateKind::Exact => "exact",
            EstimateKind::LowerBound => "lower bound",
            EstimateKind::UpperBound => "upper bound",
            _ => "estimate",
        };
        let class = CELL.import(py, "irrev._record", "Estimate")?;
        class.call1((
            self.value,
            self.standard_error,
            self.interval,
            self.level,
            self.sample_size,
            self.bias_correction,
            kind,
        ))
    }
}

impl ToPython for Distribution {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyArray1::from_slice(py, self.probabilities()).into_any())
    }
}

/// One row per distribution.
impl ToPython for Vec<Distribution> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let columns = self.first().map_or(0, Distribution::len);
        let entries: Vec<f64> = self.iter().flat_map(|p| p.probabilities()).copied().collect();
        matrix(py, entries, self.len(), columns)
    }
}

impl ToPython for Convergence {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let reason = match self.reason {
            StopReason::Direct => "direct",
            StopReason::Converged => "converged",
            StopReason::Rounding => "rounding",
            StopReason::IterationLimit => "iteration limit",
            _ => "breakdown",
        };
        let class = CELL.import(py, "irrev._record", "Convergence")?;
        class.call1((self.iterations, self.residual, self.target, reason))
    }
}

/// A matrix from its rows.
pub(crate) fn rows<'py, T: numpy::Element + Clone>(
    py: Python<'py>,
    rows: &[Vec<T>],
    columns: usize,
) -> PyResult<Bound<'py, PyAny>> {
    matrix(py, rows.concat(), rows.len(), columns)
}

/// A matrix from its entries, row by row.
pub(crate) fn matrix<T: numpy::Element>(
    py: Python<'_>,
    entries: Vec<T>,
    rows: usize,
    columns: usize,
) -> PyResult<Bound<'_, PyAny>> {
    let array: Bound<'_, PyArray2<T>> = PyArray1::from_vec(py, entries).reshape([rows, columns])?;
    Ok(array.into_any())
}

//! Errors of the library as the exceptions of `irrev.exceptions`.

use irrev_numerics::{Convergence, ErrorKind};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use crate::records::ToPython;

/// An error that has an exception.
pub(crate) trait Exception {
    /// The exception, with the error's message.
    fn exception(&self, py: Python<'_>) -> PyErr;
}

/// A result of the library whose error becomes a Python exception.
pub(crate) trait OrRaise<T> {
    /// The value, or the exception that belongs to the error.
    fn or_raise(self) -> PyResult<T>;
}

impl<T, E: Exception> OrRaise<T> for Result<T, E> {
    fn or_raise(self) -> PyResult<T> {
        self.map_err(|error| Python::attach(|py| error.exception(py)))
    }
}

/// An exception of `irrev.exceptions`, by the name of its class.
fn raise(py: Python<'_>, cell: &'static PyOnceLock<Py<PyType>>, class: &str, message: String) -> PyErr {
    match cell.import(py, "irrev.exceptions", class) {
        Ok(class) => PyErr::from_type(class.clone(), (message,)),
        Err(error) => error,
    }
}

/// The model, or a question asked of it, is wrong.
pub(crate) fn model_error(py: Python<'_>, message: String) -> PyErr {
    static CELL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    raise(py, &CELL, "ModelError", message)
}

/// The work exceeds a limit.
fn limit_error(py: Python<'_>, message: String) -> PyErr {
    static CELL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    raise(py, &CELL, "LimitError", message)
}

/// Anything else.
pub(crate) fn general_error(py: Python<'_>, message: String) -> PyErr {
    static CELL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    raise(py, &CELL, "IrrevError", message)
}

/// A computation that did not reach its answer, with how far an iteration came if it was one.
fn convergence_error(py: Python<'_>, message: String, convergence: Option<Convergence>) -> PyErr {
    static CELL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let made = || -> PyResult<PyErr> {
        let class = CELL.import(py, "irrev.exceptions", "ConvergenceError")?;
        let figures = convergence
            .map(|convergence| convergence.to_python(py)?.call_method0("to_dict"))
            .transpose()?
            .map(Bound::unbind);
        Ok(PyErr::from_type(class.clone(), (message, figures)))
    };
    made().unwrap_or_else(|error| error)
}

/// Data are wrong, or cannot be read.
pub(crate) fn data_error(py: Python<'_>, message: String) -> PyErr {
    static CELL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    raise(py, &CELL, "DataError", message)
}

/// The exception of a kind of failure.
pub(crate) fn of_kind(py: Python<'_>, kind: ErrorKind, message: String) -> PyErr {
    match kind {
        ErrorKind::Invalid => model_error(py, message),
        ErrorKind::OverLimit => limit_error(py, message),
        ErrorKind::NotConverged { convergence } => convergence_error(py, message, convergence),
        _ => general_error(py, message),
    }
}

impl Exception for irrev_ising::Error {
    fn exception(&self, py: Python<'_>) -> PyErr {
        match self {
            Self::Data(_) => data_error(py, self.to_string()),
            _ => of_kind(py, self.kind(), self.to_string()),
        }
    }
}

impl Exception for irrev_quantum::Error {
    fn exception(&self, py: Python<'_>) -> PyErr {
        of_kind(py, self.kind(), self.to_string())
    }
}

impl Exception for irrev_landscape::Error {
    fn exception(&self, py: Python<'_>) -> PyErr {
        match self {
            Self::Network(error) => error.exception(py),
            Self::Numerics(error) => of_kind(py, error.kind(), self.to_string()),
            Self::NotFinite { .. }
            | Self::Times { .. }
            | Self::OutsidePeriod { .. }
            | Self::OutsideGrid { .. }
            | Self::Missing { .. }
            | Self::Empty { .. }
            | Self::Overdamped { .. } => data_error(py, self.to_string()),
            _ => model_error(py, self.to_string()),
        }
    }
}

impl Exception for irrev_network::Error {
    fn exception(&self, py: Python<'_>) -> PyErr {
        of_kind(py, self.kind(), self.to_string())
    }
}

impl Exception for irrev::model::ModelError {
    fn exception(&self, py: Python<'_>) -> PyErr {
        match self.category.exit_code() {
            66 => data_error(py, self.to_string()),
            69 => limit_error(py, self.to_string()),
            _ => model_error(py, self.to_string()),
        }
    }
}

impl Exception for irrev::Error {
    fn exception(&self, py: Python<'_>) -> PyErr {
        match self {
            Self::Model(error) => error.exception(py),
            Self::Report(_) => general_error(py, self.to_string()),
            _ => of_kind(py, self.kind().unwrap_or(ErrorKind::Invalid), self.to_string()),
        }
    }
}

impl Exception for irrev::report::Error {
    fn exception(&self, py: Python<'_>) -> PyErr {
        general_error(py, self.to_string())
    }
}

//! How live objects show themselves: text, HTML, tables and figures are made in Python, by `irrev.network._present`.

use pyo3::prelude::*;

/// Calls a function of `irrev.network._present` on the object.
pub(crate) fn present<'py, T>(object: &Bound<'py, T>, function: &str) -> PyResult<Bound<'py, PyAny>> {
    object
        .py()
        .import("irrev.network._present")?
        .call_method1(function, (object.as_any(),))
}

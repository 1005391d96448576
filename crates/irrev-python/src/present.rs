//! How live objects show themselves: text, HTML, tables and figures are made in Python, by modules of the package.

use pyo3::prelude::*;

/// Calls a function of `irrev.network._present` on the object.
pub(crate) fn present<'py, T>(object: &Bound<'py, T>, function: &str) -> PyResult<Bound<'py, PyAny>> {
    present_by(object, "irrev.network._present", function)
}

/// Calls a function of a module on the object.
pub(crate) fn present_by<'py, T>(
    object: &Bound<'py, T>,
    module: &str,
    function: &str,
) -> PyResult<Bound<'py, PyAny>> {
    object
        .py()
        .import(module)?
        .call_method1(function, (object.as_any(),))
}

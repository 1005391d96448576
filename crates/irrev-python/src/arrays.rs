//! Arguments: whatever numpy can read becomes plain vectors, and what it cannot is refused by the argument's name.
//!
//! A contiguous, aligned `float64` array is copied at once; everything else (other dtypes, byte orders and layouts, lists,
//! masked arrays) takes the way through `irrev._arrays`, where the rules stand.

use irrev_network::Distribution;
use irrev_network::transport::Masses;
use numpy::{PyArrayMethods, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::errors::{OrRaise, model_error};

/// Calls a function of `irrev._arrays` with (value, name).
fn normalised<'py>(
    function: &'static str,
    cell: &'static PyOnceLock<Py<PyAny>>,
    name: &str,
    value: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    cell.import(value.py(), "irrev._arrays", function)?
        .call1((value, name))
}

/// The entries of a plain `float64` array that can be read in place.
fn plain(value: &Bound<'_, PyAny>) -> Option<Vec<f64>> {
    let array = value.cast_exact::<numpy::PyArray1<f64>>().ok()?;
    let array: PyReadonlyArray1<'_, f64> = array.try_readonly().ok()?;
    array.as_slice().ok().map(<[f64]>::to_vec)
}

/// Real numbers in one dimension, infinities and NaN among them.
fn numbers(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
    static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    match plain(value) {
        Some(entries) => Ok(entries),
        None => Ok(normalised("vector", &CELL, name, value)?
            .extract::<PyReadonlyArray1<'_, f64>>()?
            .as_slice()?
            .to_vec()),
    }
}

/// Numbers that were sampled: they may be infinite, as the entropy of a jump without a reverse is, but not NaN.
pub(crate) fn samples(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
    let entries = numbers(name, value)?;
    match entries.iter().position(|x| x.is_nan()) {
        None => Ok(entries),
        Some(i) => Err(model_error(
            value.py(),
            format!("{name}[{i}] is NaN, expected a number"),
        )),
    }
}

/// Real numbers in one dimension, all finite.
pub(crate) fn vector(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
    let entries = numbers(name, value)?;
    match entries.iter().position(|x| !x.is_finite()) {
        None => Ok(entries),
        Some(i) => Err(model_error(
            value.py(),
            format!("{name}[{i}] is {}, expected a finite number", entries[i]),
        )),
    }
}

/// Probabilities; an array of lower precision than `float64` is normalised within its own rounding.
pub(crate) fn distribution(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Distribution> {
    static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let entries = match plain(value) {
        Some(entries) => entries,
        None => normalised("distribution", &CELL, name, value)?
            .extract::<PyReadonlyArray1<'_, f64>>()?
            .as_slice()?
            .to_vec(),
    };
    Distribution::new(entries).map_err(|error| model_error(value.py(), format!("{name}: {error}")))
}

/// Masses, none negative, in any unit.
pub(crate) fn masses(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Masses> {
    let entries = numbers(name, value)?;
    Masses::new(entries).map_err(|error| model_error(value.py(), format!("{name}: {error}")))
}

/// Signed whole numbers in one dimension.
pub(crate) fn integers(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<i64>> {
    static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let array = normalised("integers", &CELL, name, value)?.extract::<PyReadonlyArray1<'_, i64>>()?;
    Ok(array.as_slice()?.to_vec())
}

/// Indices: whole numbers, none negative.
pub(crate) fn indices(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<usize>> {
    let entries = integers(name, value)?;
    let convert = |(i, x): (usize, i64)| {
        usize::try_from(x).map_err(|_| {
            model_error(
                value.py(),
                format!("{name}[{i}] is {x}, expected an index from 0"),
            )
        })
    };
    entries.into_iter().enumerate().map(convert).collect()
}

/// Pairs of indices: an array of two columns.
pub(crate) fn pairs(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<(usize, usize)>> {
    static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let flat = indices(name, &normalised("pairs", &CELL, name, value)?)?;
    Ok(flat.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
}

/// One finite number.
pub(crate) fn finite(py: Python<'_>, name: &str, value: f64) -> PyResult<f64> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(model_error(
            py,
            format!("{name} is {value}, expected a finite number"),
        ))
    }
}

/// A whole number from 0 to a largest one.
pub(crate) fn count(name: &str, value: &Bound<'_, PyAny>, largest: u32) -> PyResult<u32> {
    let number = value
        .call_method0("__index__")
        .map_err(|_| pyo3::exceptions::PyTypeError::new_err(format!("{name} must be a whole number")))?;
    match number.extract::<u32>() {
        Ok(found) if found <= largest => Ok(found),
        _ => Err(model_error(
            value.py(),
            format!("{name} is {number}, expected a whole number from 0 to {largest}"),
        )),
    }
}

/// A relative tolerance above 0.
pub(crate) fn tolerance(py: Python<'_>, tol: f64) -> PyResult<f64> {
    if tol.is_finite() && tol > 0.0 {
        Ok(tol)
    } else {
        Err(model_error(
            py,
            format!("tol is {tol}, expected a number above 0"),
        ))
    }
}

/// The position of a name or an index among names.
pub(crate) fn place(what: &'static str, names: &[String], value: &Bound<'_, PyAny>) -> PyResult<usize> {
    let unknown = |name: String| irrev_network::Error::Unknown { what, name };
    if let Ok(name) = value.extract::<String>() {
        let found = names.iter().position(|n| *n == name);
        return found.ok_or_else(|| unknown(name)).or_raise();
    }
    let index: usize = value.extract().map_err(|_| {
        pyo3::exceptions::PyTypeError::new_err(format!("{what} must be a name or an index from 0"))
    })?;
    if index < names.len() {
        Ok(index)
    } else {
        Err(unknown(index.to_string())).or_raise()
    }
}

/// The value that belongs to a name, or an error that lists the names.
pub(crate) fn named<T: Copy>(py: Python<'_>, what: &str, name: &str, known: &[(&str, T)]) -> PyResult<T> {
    let found = known.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<String> = known.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        model_error(
            py,
            format!("{what} is \"{name}\"; expected one of {}", names.join(", ")),
        )
    })
}

//! States and symbols: whole numbers counted from 0.

use numpy::PyReadonlyArray1;
use pyo3::prelude::*;

use crate::errors::data_error;

/// Sequences of whole numbers, as `irrev.inference.states` hands them over.
#[derive(FromPyObject)]
pub(crate) struct SymbolParts<'py>(Vec<PyReadonlyArray1<'py, i64>>);

impl SymbolParts<'_> {
    pub(super) fn own(&self, py: Python<'_>, name: &str) -> PyResult<Vec<Vec<u32>>> {
        let own = |sequence: &PyReadonlyArray1<'_, i64>| symbols(py, name, sequence);
        self.0.iter().map(own).collect()
    }
}

/// One sequence; `name` stands in what is raised.
pub(super) fn symbols(
    py: Python<'_>,
    name: &str,
    sequence: &PyReadonlyArray1<'_, i64>,
) -> PyResult<Vec<u32>> {
    let one = |(place, value): (usize, &i64)| {
        u32::try_from(*value).map_err(|_| {
            data_error(
                py,
                format!("{name}, entry {place} is {value}; states are counted from 0"),
            )
        })
    };
    sequence.as_slice()?.iter().enumerate().map(one).collect()
}

pub(super) fn borrowed(sequences: &[Vec<u32>]) -> Vec<&[u32]> {
    sequences.iter().map(Vec::as_slice).collect()
}

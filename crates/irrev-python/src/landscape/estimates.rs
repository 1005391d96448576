//! Lists of estimates, as columns.

use irrev_numerics::Estimate;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::Fields;
use crate::records::ToPython;

/// Values, standard errors, ends of the intervals with their level, and sample sizes: as `irrev.landscape.Estimates` holds them.
pub(super) fn columns<'py>(py: Python<'py>, estimates: &[Estimate]) -> Fields<'py> {
    let column = |of: fn(&Estimate) -> f64| estimates.iter().map(of).collect::<Vec<f64>>();
    let sizes: Vec<usize> = estimates.iter().map(|estimate| estimate.sample_size).collect();
    let fields = PyDict::new(py);
    fields.set_item("values", column(|e| e.value).to_python(py)?)?;
    fields.set_item("standard_errors", column(|e| e.standard_error).to_python(py)?)?;
    fields.set_item("lower", column(|e| e.interval.0).to_python(py)?)?;
    fields.set_item("upper", column(|e| e.interval.1).to_python(py)?)?;
    fields.set_item(
        "level",
        estimates.first().map_or(f64::NAN, |estimate| estimate.level),
    )?;
    fields.set_item("sample_sizes", sizes.to_python(py)?)?;
    Ok(fields)
}

/// Lists of estimates under their names.
pub(super) fn set_columns(
    py: Python<'_>,
    fields: &Bound<'_, PyDict>,
    named: &[(&str, &Vec<Estimate>)],
) -> PyResult<()> {
    named
        .iter()
        .try_for_each(|(name, estimates)| fields.set_item(name, columns(py, estimates)?))
}

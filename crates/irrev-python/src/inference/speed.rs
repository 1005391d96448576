//! How fast distributions of cells change.

use irrev_inference::Result;
use irrev_inference::speed::{
    CellEnsemble, EnsembleSpeed, Family, SpeedOptions, chord_length, ensemble_speed, hellinger_steps,
};
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::Fields;
use crate::arrays::named;
use crate::errors::OrRaise;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// Rows of time, cell and value, or times and a table of frames × cells.
#[derive(FromPyObject)]
pub(crate) enum CellParts<'py> {
    Long(
        PyReadonlyArray1<'py, f64>,
        PyReadonlyArray1<'py, u64>,
        PyReadonlyArray1<'py, f64>,
    ),
    Wide(PyReadonlyArray1<'py, f64>, PyReadonlyArray2<'py, f64>),
}

impl CellParts<'_> {
    fn ensemble(&self) -> PyResult<CellEnsemble> {
        match self {
            Self::Long(times, cells, values) => {
                CellEnsemble::from_long(times.as_slice()?, cells.as_slice()?, values.as_slice()?).or_raise()
            }
            Self::Wide(times, values) => {
                let cells = values.as_array().ncols();
                CellEnsemble::from_wide(times.as_slice()?, cells, values.as_slice()?).or_raise()
            }
        }
    }
}

fn family(py: Python<'_>, name: &str) -> PyResult<Family> {
    let families = [
        ("normal", Family::Normal),
        ("log-normal", Family::LogNormal),
        ("gamma", Family::Gamma),
    ];
    named(py, "family", name, &families)
}

/// Columns of a list of records under their names.
fn set_columns<T>(
    py: Python<'_>,
    fields: &Bound<'_, PyDict>,
    records: &[T],
    columns: &[(&str, fn(&T) -> f64)],
) -> PyResult<()> {
    columns.iter().try_for_each(|(name, of)| {
        let column: Vec<f64> = records.iter().map(of).collect();
        fields.set_item(name, column.to_python(py)?)
    })
}

fn speed_fields<'py>(py: Python<'py>, found: &EnsembleSpeed) -> Fields<'py> {
    let fields = record!(py, found; nodes, resolved, duration, length, action, cost, efficiency, time_bound, geodesic, geodesic_efficiency);
    set_columns(
        py,
        &fields,
        &found.moments,
        &[
            ("times", |frame| frame.time),
            ("first", |frame| frame.first),
            ("second", |frame| frame.second),
        ],
    )?;
    set_columns(
        py,
        &fields,
        &found.speed,
        &[
            ("midtimes", |step| step.time),
            ("speed_squared", |step| step.speed_squared),
            ("naive_speed_squared", |step| step.naive),
        ],
    )?;
    let strides = PyDict::new(py);
    let number: Vec<usize> = found.strides.iter().map(|s| s.stride).collect();
    strides.set_item("stride", number.to_python(py)?)?;
    set_columns(
        py,
        &strides,
        &found.strides,
        &[
            ("naive_length", |s| s.naive_length),
            ("length", |s| s.length),
            ("naive_action", |s| s.naive_action),
            ("action", |s| s.action),
            ("noise", |s| s.noise),
        ],
    )?;
    fields.set_item("strides", strides)?;
    fields.set_item("assumptions", PyTuple::new(py, found.assumptions)?)?;
    Ok(fields)
}

/// Speed, length and cost: family; splits, stride, replicas, level.
#[pyfunction]
pub(crate) fn inference_speed<'py>(
    py: Python<'py>,
    cells: CellParts<'py>,
    of: &str,
    asked: (usize, Option<usize>, usize, f64),
    options: Options,
) -> Fields<'py> {
    let (splits, stride, replicas, level) = asked;
    let asked = SpeedOptions {
        family: family(py, of)?,
        splits,
        stride,
        replicas,
        level,
    };
    let ensemble = cells.ensemble()?;
    let found = supervised(py, options, move |run, _| -> Result<_> {
        ensemble_speed(&ensemble, &asked, run)
    })?;
    speed_fields(py, &found)
}

/// Length from all cells, noise included.
#[pyfunction]
pub(crate) fn inference_chord(
    py: Python<'_>,
    cells: CellParts<'_>,
    of: &str,
    stride: usize,
) -> PyResult<f64> {
    let (ensemble, family) = (cells.ensemble()?, family(py, of)?);
    py.detach(|| chord_length(&ensemble, family, stride)).or_raise()
}

/// Steps of histograms.
#[pyfunction]
pub(crate) fn inference_hellinger<'py>(
    py: Python<'py>,
    cells: CellParts<'py>,
    stride: usize,
    bins: usize,
) -> Fields<'py> {
    let ensemble = cells.ensemble()?;
    let found = py
        .detach(|| hellinger_steps(&ensemble, stride, bins))
        .or_raise()?;
    let fields = PyDict::new(py);
    set_columns(
        py,
        &fields,
        &found,
        &[
            ("times", |step| step.time),
            ("durations", |step| step.duration),
            ("naive", |step| step.naive),
            ("corrected", |step| step.corrected),
        ],
    )?;
    Ok(fields)
}

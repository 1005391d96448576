//! Sums over a stream of points.

use std::sync::Mutex;

use irrev_inference::Result;
use irrev_inference::currents::{Moments, Motion, plug_in, point_estimate, uncertainty_bound};
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::bounds::{BoundParts, bound_fields, motion, plug_in_fields, strided};
use super::currents::InferenceCurrents;
use super::series::SeriesParts;
use super::{Fields, unreadable};
use crate::errors::{OrRaise, general_error};
use crate::records::ToPython;
use crate::run::{Options, supervised};

/// Moments of currents; `irrev.inference.Moments` shows them.
#[pyclass(frozen, module = "irrev._core")]
pub(crate) struct InferenceMoments(Mutex<Moments>);

impl InferenceMoments {
    fn with<T>(&self, py: Python<'_>, work: impl FnOnce(&mut Moments) -> PyResult<T>) -> PyResult<T> {
        let mut open = self
            .0
            .lock()
            .map_err(|_| general_error(py, "an earlier piece failed inside; begin anew".into()))?;
        work(&mut open)
    }

    /// A copy in which the open trajectory has ended.
    fn ended(&self, py: Python<'_>) -> PyResult<Moments> {
        let mut moments = self.with(py, |moments| Ok(moments.clone()))?;
        moments.end_segment().or_raise()?;
        Ok(moments)
    }
}

#[pymethods]
impl InferenceMoments {
    #[new]
    fn new(currents: &InferenceCurrents, step: f64, strides: Vec<usize>) -> PyResult<Self> {
        let moments = Moments::new(currents.0.clone(), step, &strided(strides)).or_raise()?;
        Ok(Self(Mutex::new(moments)))
    }

    /// Of whole trajectories, in parallel.
    #[staticmethod]
    fn of<'py>(
        py: Python<'py>,
        series: SeriesParts<'py>,
        currents: &InferenceCurrents,
        strides: Vec<usize>,
        options: Options,
    ) -> PyResult<Self> {
        let (own, currents, asked) = (series.own()?, currents.0.clone(), strided(strides));
        let moments = supervised(py, options, move |run, _| -> Result<_> {
            Moments::of(&own.series()?, currents, &asked, run)
        })?;
        Ok(Self(Mutex::new(moments)))
    }

    /// The next points of the open trajectory.
    fn push(&self, py: Python<'_>, points: PyReadonlyArray2<'_, f64>) -> PyResult<()> {
        let points = points.as_slice()?;
        self.with(py, |moments| py.detach(|| moments.push(points)).or_raise())
    }

    fn end_trajectory(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, |moments| moments.end_segment().or_raise())
    }

    /// The moments of both, as if the points of the other had come after these.
    fn merged(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        let mut both = self.ended(py)?;
        both.merge(other.ended(py)?).or_raise()?;
        Ok(Self(Mutex::new(both)))
    }

    fn steps(&self, py: Python<'_>) -> PyResult<u64> {
        self.with(py, |moments| Ok(moments.steps()))
    }

    fn step(&self, py: Python<'_>) -> PyResult<f64> {
        self.with(py, |moments| Ok(moments.step()))
    }

    fn currents(&self, py: Python<'_>) -> PyResult<InferenceCurrents> {
        self.with(py, |moments| Ok(InferenceCurrents(moments.currents().clone())))
    }

    /// Mean of each current at a stride, given by its place; None without steps.
    fn means<'py>(&self, py: Python<'py>, place: usize) -> PyResult<Bound<'py, PyAny>> {
        self.ended(py)?.means(place).to_python(py)
    }

    /// Lower triangle of the covariance by rows; None for fewer than two steps.
    fn covariance<'py>(&self, py: Python<'py>, place: usize) -> PyResult<Bound<'py, PyAny>> {
        self.ended(py)?.covariance(place).to_python(py)
    }

    fn plug_in<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        plug_in_fields(py, &plug_in(&self.ended(py)?).or_raise()?)
    }

    fn point_estimate(&self, py: Python<'_>, how: &str) -> PyResult<f64> {
        let how: Motion = motion(py, how)?;
        point_estimate(&self.ended(py)?, how).or_raise()
    }

    /// The bound with interval.
    fn bound<'py>(&self, py: Python<'py>, parts: BoundParts, options: Options) -> Fields<'py> {
        let (moments, asked) = (self.ended(py)?, parts.options(py)?);
        let currents = moments.currents().clone();
        let found = supervised(py, options, move |run, _| -> Result<_> {
            uncertainty_bound(&moments, &asked, run)
        })?;
        bound_fields(py, &found, InferenceCurrents(currents))
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        let moments = self.with(py, |moments| Ok(moments.clone()))?;
        serde_json::to_string(&moments).map_err(|error| unreadable(py, "moments", &error))
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        let moments = serde_json::from_str(text).map_err(|error| unreadable(py, "moments", &error))?;
        Ok(Self(Mutex::new(moments)))
    }

    fn __eq__(&self, py: Python<'_>, other: &Self) -> PyResult<bool> {
        let theirs = other.with(py, |moments| Ok(moments.clone()))?;
        self.with(py, |moments| Ok(*moments == theirs))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let py = slf.py();
        let text = slf.get().to_json(py)?;
        Ok((slf.get_type().getattr("from_json")?, PyTuple::new(py, [text])?))
    }
}

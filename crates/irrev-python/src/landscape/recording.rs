//! Trajectories of coordinates, read once.

use irrev_landscape::record::{Clock, Period, Record, Segment, pieces};
use irrev_landscape::{Error, Result};
use numpy::{PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use std::sync::Arc;

use super::Fields;
use crate::arrays::vector;
use crate::errors::{OrRaise, data_error};
use crate::records::{ToPython, rows};

/// A step, or the time of every frame.
#[derive(FromPyObject)]
pub(crate) enum ClockParts<'py> {
    Step(f64),
    Times(PyReadonlyArray1<'py, f64>),
}

/// One trajectory: clock, positions, velocities, accelerations and metrics (each frames × coordinates), weight.
#[derive(FromPyObject)]
pub(crate) struct SegmentParts<'py>(
    ClockParts<'py>,
    PyReadonlyArray2<'py, f64>,
    Option<PyReadonlyArray2<'py, f64>>,
    Option<PyReadonlyArray2<'py, f64>>,
    Option<PyReadonlyArray2<'py, f64>>,
    f64,
);

#[derive(Clone, PartialEq)]
enum OwnClock {
    Step(f64),
    Times(Vec<f64>),
}

type Columns = Vec<Vec<f64>>;

/// A trajectory that owns its columns.
#[derive(Clone, PartialEq)]
pub(super) struct OwnSegment {
    clock: OwnClock,
    positions: Columns,
    velocities: Option<Columns>,
    accelerations: Option<Columns>,
    metrics: Option<Columns>,
    weight: f64,
}

fn columns(given: &PyReadonlyArray2<'_, f64>) -> PyResult<Columns> {
    let (frames, coordinates) = (given.shape()[0], given.shape()[1]);
    let entries = given.as_slice()?;
    let column = |j: usize| (0..frames).map(|i| entries[i * coordinates + j]).collect();
    Ok((0..coordinates).map(column).collect())
}

fn borrowed(columns: &Columns) -> Vec<&[f64]> {
    columns.iter().map(Vec::as_slice).collect()
}

impl OwnSegment {
    pub(super) fn read(parts: &SegmentParts<'_>) -> PyResult<Self> {
        let optional = |given: &Option<PyReadonlyArray2<'_, f64>>| given.as_ref().map(columns).transpose();
        Ok(Self {
            clock: match &parts.0 {
                ClockParts::Step(step) => OwnClock::Step(*step),
                ClockParts::Times(times) => OwnClock::Times(times.as_slice()?.to_vec()),
            },
            positions: columns(&parts.1)?,
            velocities: optional(&parts.2)?,
            accelerations: optional(&parts.3)?,
            metrics: optional(&parts.4)?,
            weight: parts.5,
        })
    }

    pub(super) fn segment(&self) -> Result<Segment<'_>> {
        let clock = match &self.clock {
            OwnClock::Step(step) => Clock::Step(*step),
            OwnClock::Times(times) => Clock::Times(times),
        };
        let mut segment = Segment::new(clock, borrowed(&self.positions))?.with_weight(self.weight)?;
        if let Some(columns) = &self.velocities {
            segment = segment.with_velocities(borrowed(columns))?;
        }
        if let Some(columns) = &self.accelerations {
            segment = segment.with_accelerations(borrowed(columns))?;
        }
        if let Some(columns) = &self.metrics {
            segment = segment.with_metrics(borrowed(columns))?;
        }
        Ok(segment)
    }

    /// The columns of a part of this trajectory.
    fn part<'a>(&self, part: &Segment<'a>) -> Result<Self> {
        type Column<'a> = fn(&Segment<'a>, usize) -> Result<&'a [f64]>;
        let coordinates = 0..part.coordinates();
        let all = |column: Column<'a>| -> Result<Columns> {
            coordinates
                .clone()
                .map(|j| Ok(column(part, j)?.to_vec()))
                .collect()
        };
        let optional = |there: bool, column: Column<'a>| there.then(|| all(column)).transpose();
        Ok(Self {
            clock: match part.clock() {
                Clock::Step(step) => OwnClock::Step(step),
                Clock::Times(times) => OwnClock::Times(times.to_vec()),
            },
            positions: all(Segment::positions)?,
            velocities: optional(self.velocities.is_some(), Segment::velocities)?,
            accelerations: optional(self.accelerations.is_some(), Segment::accelerations)?,
            metrics: optional(self.metrics.is_some(), Segment::metrics)?,
            weight: self.weight,
        })
    }
}

/// Trajectories and the periods of their coordinates.
#[derive(PartialEq)]
pub(super) struct Recording {
    periods: Vec<Option<Period>>,
    segments: Vec<OwnSegment>,
}

impl Recording {
    pub(super) fn record(&self) -> Result<Record<'_>> {
        let segments = self
            .segments
            .iter()
            .map(OwnSegment::segment)
            .collect::<Result<_>>()?;
        Record::new(self.periods.clone(), segments)
    }
}

/// Trajectories of coordinates that have been checked; `irrev.landscape.Record` shows them.
#[pyclass(frozen, eq, module = "irrev._core")]
#[derive(PartialEq)]
pub(crate) struct LandscapeRecord(Arc<Recording>);

impl LandscapeRecord {
    pub(super) fn shared(&self) -> Arc<Recording> {
        Arc::clone(&self.0)
    }
}

/// A period from its start and length.
pub(super) fn period(given: Option<(f64, f64)>) -> Result<Option<Period>> {
    given
        .map(|(start, length)| Period::new(start, length))
        .transpose()
}

#[pymethods]
impl LandscapeRecord {
    /// From periods (start, length) and trajectories; cut at rows that hold no numbers and at steps longer than `longest_step`, or refused for the former if that is None.
    #[new]
    fn new(
        py: Python<'_>,
        periods: Vec<Option<(f64, f64)>>,
        segments: Vec<SegmentParts<'_>>,
        longest_step: Option<f64>,
    ) -> PyResult<Self> {
        let periods = periods
            .into_iter()
            .map(period)
            .collect::<Result<Vec<_>>>()
            .or_raise()?;
        let mut kept = Vec::with_capacity(segments.len());
        let many = segments.len() > 1;
        for (trajectory, parts) in segments.iter().enumerate() {
            let own = OwnSegment::read(parts)?;
            let checked = || -> Result<Vec<OwnSegment>> {
                let segment = own.segment()?;
                let cut = match longest_step {
                    Some(longest) => pieces(&segment, longest),
                    None => vec![segment],
                };
                Record::new(periods.clone(), cut.clone())?.check()?;
                match longest_step {
                    Some(_) => cut.iter().map(|part| own.part(part)).collect(),
                    None => Ok(Vec::new()),
                }
            };
            let cut = checked().map_err(|error| match (many, &error) {
                (
                    true,
                    Error::NotFinite { .. }
                    | Error::Times { .. }
                    | Error::OutsidePeriod { .. }
                    | Error::Size { .. },
                ) => data_error(py, format!("trajectory {trajectory}: {error}")),
                _ => crate::errors::Exception::exception(&error, py),
            })?;
            match longest_step {
                Some(_) => kept.extend(cut),
                None => kept.push(own),
            }
        }
        Ok(Self(Arc::new(Recording {
            periods,
            segments: kept,
        })))
    }

    /// (start, length) of every coordinate; None of one that has no period.
    fn periods(&self) -> Vec<Option<(f64, f64)>> {
        let parts = |period: &Option<Period>| period.map(|period| (period.start(), period.length()));
        self.0.periods.iter().map(parts).collect()
    }

    /// Number of frames of every trajectory.
    fn frames<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let frames = |segment: &OwnSegment| segment.positions.first().map_or(0, Vec::len);
        self.0
            .segments
            .iter()
            .map(frames)
            .collect::<Vec<usize>>()
            .to_python(py)
    }

    /// Least and largest position of a coordinate; None without frames.
    fn range(&self, coordinate: usize) -> PyResult<Option<(f64, f64)>> {
        let mut range: Option<(f64, f64)> = None;
        let record = self.0.record().or_raise()?;
        for segment in record.segments() {
            for &x in segment.positions(coordinate).or_raise()? {
                let (low, high) = range.unwrap_or((x, x));
                range = Some((low.min(x), high.max(x)));
            }
        }
        Ok(range)
    }

    /// The parts of a trajectory, from which it can be made again.
    fn trajectory<'py>(&self, py: Python<'py>, index: usize) -> Fields<'py> {
        let Some(segment) = self.0.segments.get(index) else {
            let last = self.0.segments.len().saturating_sub(1);
            return Err(data_error(
                py,
                format!("trajectory {index} was asked for; the trajectories are 0 to {last}"),
            ));
        };
        let coordinates = segment.positions.len();
        let table = |columns: &Columns| -> PyResult<Bound<'py, PyAny>> {
            let frames = columns.first().map_or(0, Vec::len);
            let by_frame: Vec<Vec<f64>> = (0..frames)
                .map(|i| columns.iter().map(|column| column[i]).collect())
                .collect();
            rows(py, &by_frame, coordinates)
        };
        let fields = PyDict::new(py);
        match &segment.clock {
            OwnClock::Step(step) => fields.set_item("clock", step)?,
            OwnClock::Times(times) => fields.set_item("clock", times.to_python(py)?)?,
        }
        fields.set_item("positions", table(&segment.positions)?)?;
        for (name, columns) in [
            ("velocities", &segment.velocities),
            ("accelerations", &segment.accelerations),
            ("metrics", &segment.metrics),
        ] {
            fields.set_item(name, columns.as_ref().map(table).transpose()?)?;
        }
        fields.set_item("weight", segment.weight)?;
        Ok(fields)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), slf.get());
        let mut segments = Vec::new();
        for index in 0..this.0.segments.len() {
            let fields = this.trajectory(py, index)?;
            let part = |name: &str| fields.as_any().get_item(name);
            segments.push(PyTuple::new(
                py,
                [
                    part("clock")?,
                    part("positions")?,
                    part("velocities")?,
                    part("accelerations")?,
                    part("metrics")?,
                    part("weight")?,
                ],
            )?);
        }
        let question = (this.periods(), segments, None::<f64>).into_pyobject(py)?;
        Ok((slf.get_type().into_any(), question))
    }
}

/// Values brought back into a period.
#[pyfunction]
pub(crate) fn wrapped<'py>(
    py: Python<'py>,
    period: (f64, f64),
    values: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let period = Period::new(period.0, period.1).or_raise()?;
    let values = vector("values", values)?;
    values
        .iter()
        .map(|value| period.wrapped(*value))
        .collect::<Vec<f64>>()
        .to_python(py)
}

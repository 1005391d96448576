//! The report of `irrev landscape`, from files and from arrays.

use std::path::PathBuf;
use std::time::Instant;

use irrev::landscapes::{LandscapeRequest, VelocitySource, report};
use irrev::trajectories::{
    Column, Gaps, OutsidePeriod, Reading, Time, Trajectories, of_record, read, source_name,
};
use pyo3::prelude::*;

use super::recording::{LandscapeRecord, period};
use crate::arrays::named;
use crate::errors::OrRaise;
use crate::experiment::Report;
use crate::run::{Options, watched};

/// How files are read, as `irrev.landscape.report` gives it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct ReadAs {
    coordinate: Vec<String>,
    velocity: Vec<String>,
    acceleration: Vec<String>,
    metric: Vec<String>,
    time: Option<String>,
    step: Option<f64>,
    trajectory: Option<String>,
    /// (start, length) of each coordinate, or None for a line.
    period: Vec<Option<(f64, f64)>>,
    wrap: bool,
    split: bool,
    define: Vec<String>,
}

/// What is asked of a recording.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked {
    kt: f64,
    periods_told: bool,
    cells: usize,
    range: Option<(f64, f64)>,
    least_count: f64,
    draws: usize,
    velocities: String,
    lags: Option<usize>,
    levels: Option<usize>,
    scales: Vec<usize>,
    field: Option<[String; 2]>,
    field_cells: usize,
    metric_weights: [f64; 2],
    resimulate: Option<usize>,
}

impl ReadAs {
    fn reading(self) -> PyResult<Reading> {
        let column = |name: String| Column::Name(name);
        let columns = |names: Vec<String>| names.into_iter().map(column).collect();
        let periods = self.period.into_iter().map(period);
        let definitions = self.define.iter().map(|text| text.parse());
        Ok(Reading {
            coordinates: columns(self.coordinate),
            velocities: columns(self.velocity),
            accelerations: columns(self.acceleration),
            metrics: columns(self.metric),
            time: match (self.time, self.step) {
                (Some(name), None) => Time::Column(column(name)),
                (None, Some(step)) => Time::Step(step),
                _ => Time::Automatic,
            },
            trajectory: self.trajectory.map(column),
            periods: periods.collect::<irrev_landscape::Result<_>>().or_raise()?,
            outside: if self.wrap {
                OutsidePeriod::Wrap
            } else {
                OutsidePeriod::Refuse
            },
            gaps: if self.split { Gaps::Split } else { Gaps::Refuse },
            definitions: definitions.collect::<irrev::Result<_>>().or_raise()?,
            ..Reading::default()
        })
    }
}

impl Asked {
    fn request(self, py: Python<'_>) -> PyResult<LandscapeRequest> {
        let known = [
            ("auto", VelocitySource::Automatic),
            ("differences", VelocitySource::Differences),
            ("metrics", VelocitySource::Metrics),
        ];
        let request = LandscapeRequest {
            temperature: self.kt,
            periods_told: self.periods_told,
            cells: self.cells,
            range: self.range,
            least_count: self.least_count,
            draws: self.draws,
            velocities: named(py, "velocities", &self.velocities, &known)?,
            lags: self.lags,
            levels: self.levels,
            scales: self.scales,
            field: self.field,
            field_cells: self.field_cells,
            metric_weights: self.metric_weights,
            resimulate: self.resimulate,
        };
        request.check().or_raise()?;
        Ok(request)
    }
}

/// The landscapes of a recording in files.
#[pyfunction]
pub(crate) fn landscape_report_of_files(
    py: Python<'_>,
    files: Vec<PathBuf>,
    read_as: ReadAs,
    asked: Asked,
    options: Options,
) -> PyResult<Report> {
    let (request, reading) = (asked.request(py)?, read_as.reading()?);
    let source = source_name(&files);
    answered(py, source, request, options, move |run| {
        read(&files, &reading, run)
    })
}

/// The landscapes of trajectories in memory.
#[pyfunction]
pub(crate) fn landscape_report_of_record(
    py: Python<'_>,
    record: &LandscapeRecord,
    name: String,
    names: Vec<String>,
    asked: Asked,
    options: Options,
) -> PyResult<Report> {
    let request = asked.request(py)?;
    let recording = record.shared();
    let source = name.clone();
    answered(py, source, request, options, move |_| {
        let fail = |error| irrev::Error::Landscape {
            model: name.clone(),
            error,
            coordinate: None,
        };
        of_record(names, &recording.record().map_err(fail)?).map_err(fail)
    })
}

fn answered(
    py: Python<'_>,
    source: String,
    request: LandscapeRequest,
    options: Options,
    recorded: impl FnOnce(&irrev_numerics::Run<'_>) -> irrev::Result<Trajectories> + Send + 'static,
) -> PyResult<Report> {
    let (threads, begin) = (options.1, Instant::now());
    let found = watched(py, options, move |run, _| {
        report(&source, &recorded(run)?, &request, run)
    })?;
    Ok(Report::made(found, threads, begin))
}

//! Trajectories in memory.

use std::ops::Range;
use std::path::PathBuf;

use irrev_landscape::record::{Clock, Record, Segment};
use irrev_numerics::Run;

use super::cut::{End, Piece};
use super::fault::{grouped, over_limit};
use super::found::Found;
use super::pace::{Pace, Rounding};
use super::pass::{Looking, Plan};
use super::reading::Reading;
use super::roles::{Given, Roles};
use super::rows::require_memory;
use crate::error::Result;

/// Trajectories that were read: columns of all frames, one trajectory after the other, and what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectories {
    columns: Vec<Vec<f64>>,
    times: Vec<f64>,
    parts: Vec<Part>,
    coordinates: usize,
    has: Given,
    found: Found,
}

/// One trajectory.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    frames: Range<usize>,
    clock: PartClock,
    weight: f64,
}

#[derive(Debug, Clone, PartialEq)]
enum PartClock {
    Step(f64),
    /// A range of the times.
    Times(Range<usize>),
}

/// Reads files into memory: eight bytes for each frame and column that is used, and for times that are not even.
///
/// # Errors
/// [`Error::Model`](crate::Error::Model) for a file that cannot be read or holds a fault, with its place, and for more memory than
/// [`Run::memory_limit`] allows, told before anything is read; [`Error::Request`](crate::Error::Request) for options that are not possible;
/// [`Error::Recording`](crate::Error::Recording) if cancelled.
///
/// ```
/// use irrev::trajectories::{Reading, Time, read};
/// use irrev::numerics::Run;
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("x.csv");
/// # std::fs::write(&path, "x,v\n0.5,1\n0.6,2\n").unwrap();
/// let reading = Reading {
///     coordinates: vec!["x".into()],
///     velocities: vec!["v".into()],
///     time: Time::Step(0.1),
///     ..Reading::default()
/// };
/// let trajectories = read(&[path], &reading, &Run::default())?;          // a file with the rows x,v  0.5,1  0.6,2
/// let record = trajectories.record()?;
/// assert_eq!(record.segments()[0].velocities(0)?, [1.0, 2.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(files: &[PathBuf], reading: &Reading, run: &Run<'_>) -> Result<Trajectories> {
    let plan = Plan::new(files, reading)?;
    let roles = plan.roles();
    let name = &plan.opened[0].0.file;
    let expected: u64 = plan.opened.iter().map(|(layout, _)| layout.rows).sum();
    let width = 8 * (roles.values + usize::from(plan.is_timed())) as u64;
    require_memory(
        name,
        "reading all frames into memory",
        expected.saturating_mul(width),
        run,
    )?;
    let mut gathered = Gathered::reserved(name, roles, plan.is_timed(), expected)?;
    let found = plan.pass((files, reading), Looking::AtValues, run, &mut |piece| {
        gathered.take(&piece, reading.weights.get(piece.file).copied().unwrap_or(1.0));
        require_memory(
            name,
            "reading all frames into memory",
            width.saturating_mul(gathered.frames() as u64),
            run,
        )
    })?;
    Ok(Trajectories {
        columns: gathered.columns,
        times: gathered.times,
        parts: gathered.parts,
        coordinates: roles.coordinates,
        has: roles.has,
        found,
    })
}

/// Trajectories that are in memory already, with names of their coordinates: a copy. Times are taken for steps where they are even, as in [`read`].
///
/// ```
/// use irrev::landscape::Record;
/// use irrev::trajectories::of_record;
/// let record = Record::of_positions(0.1, [&[0.5, 0.6, 0.8][..], &[0.1, 0.2]])?;
/// let trajectories = of_record(vec!["x".into()], &record)?;
/// assert_eq!(trajectories.found().sentences()[0], "2 trajectories of 3, 2 frames, step 0.1, given as arrays");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Size`](irrev_landscape::Error::Size) unless there is a name for each coordinate; what is wrong with the values.
pub fn of_record(names: Vec<String>, record: &Record<'_>) -> irrev_landscape::Result<Trajectories> {
    record.check()?;
    let segments = record.segments();
    let coordinates = segments.first().map_or(0, Segment::coordinates);
    if names.len() != coordinates {
        return Err(irrev_landscape::Error::Size {
            what: "the names of coordinates",
            found: names.len(),
            expected: coordinates,
        });
    }
    let all = |column: fn(&Segment<'_>) -> bool| !segments.is_empty() && segments.iter().all(column);
    let has = Given {
        velocities: all(|segment| segment.velocities(0).is_ok()),
        accelerations: all(|segment| segment.accelerations(0).is_ok()),
        metrics: all(|segment| segment.metrics(0).is_ok()),
    };
    let periods = (0..coordinates).map(|i| record.period(i));
    let kinds = 1 + [has.velocities, has.accelerations, has.metrics]
        .into_iter()
        .filter(|has| *has)
        .count();
    let roles = Roles {
        asked: Vec::new(),
        values: coordinates * kinds,
        coordinates,
        has,
        time: None,
        trajectory: None,
        step: None,
        units: vec![None; coordinates],
        names,
        periods: periods.collect::<irrev_landscape::Result<_>>()?,
        time_unit: None,
    };
    let mut gathered = Gathered {
        columns: vec![Vec::new(); roles.values],
        times: Vec::new(),
        parts: Vec::new(),
        start: 0,
        first_time: 0,
    };
    let mut found = Found::new(&roles);
    for segment in segments {
        let columns = columns_of(segment, coordinates, has)?;
        found.widen(&ranges(&columns[..coordinates]));
        let (times, end) = match segment.clock() {
            Clock::Step(step) => (&[][..], even(step)),
            Clock::Times(times) => (times, paced(times)),
        };
        let piece = Piece {
            file: 0,
            columns: &columns,
            times,
            first: 0,
            end: Some(end),
        };
        gathered.take(&piece, segment.weight());
        found.ended(&piece, segment.frames() as u64, end);
    }
    found.conclude();
    Ok(Trajectories {
        columns: gathered.columns,
        times: gathered.times,
        parts: gathered.parts,
        coordinates,
        has,
        found,
    })
}

/// Positions, then velocities, accelerations and metrics, as far as all segments have them.
fn columns_of(
    segment: &Segment<'_>,
    coordinates: usize,
    has: Given,
) -> irrev_landscape::Result<Vec<Vec<f64>>> {
    type Column<'a> = fn(&Segment<'a>, usize) -> irrev_landscape::Result<&'a [f64]>;
    let kinds: [(bool, Column<'_>); 4] = [
        (true, Segment::positions),
        (has.velocities, Segment::velocities),
        (has.accelerations, Segment::accelerations),
        (has.metrics, Segment::metrics),
    ];
    let kept = kinds.into_iter().filter(|(has, _)| *has);
    kept.flat_map(|(_, column)| (0..coordinates).map(move |i| Ok(column(segment, i)?.to_vec())))
        .collect()
}

/// Least and greatest value of each column.
fn ranges(columns: &[Vec<f64>]) -> Vec<[f64; 2]> {
    let range = |column: &Vec<f64>| {
        column
            .iter()
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| {
                [low.min(*x), high.max(*x)]
            })
    };
    columns.iter().map(range).collect()
}

fn even(step: f64) -> End {
    End {
        step: Some(step),
        is_coarse: false,
    }
}

/// What ascending times of full precision say of their steps.
fn paced(times: &[f64]) -> End {
    let mut times = times.iter();
    let pace = times.next().map(|first| {
        let mut pace = Pace::from(*first);
        times.for_each(|time| pace.push(*time, Rounding::default()));
        pace
    });
    End {
        step: pace.and_then(|pace| pace.step()),
        is_coarse: pace.is_some_and(|pace| pace.is_coarse()),
    }
}

/// What has been read so far.
struct Gathered {
    columns: Vec<Vec<f64>>,
    times: Vec<f64>,
    parts: Vec<Part>,
    /// First frame of the open trajectory, and its first time.
    start: usize,
    first_time: usize,
}

impl Gathered {
    fn reserved(file: &str, roles: &Roles, is_timed: bool, frames: u64) -> Result<Self> {
        let refuse = || {
            let bytes = frames.saturating_mul(8 * roles.values as u64);
            let message = format!(
                "the system has no {} bytes of memory for {} frames",
                grouped(bytes),
                grouped(frames)
            );
            over_limit(
                file,
                message,
                Some("choose fewer columns, or read in constant memory as a stream"),
            )
        };
        let reserved = || {
            let mut column = Vec::new();
            let frames = usize::try_from(frames).map_err(|_| refuse())?;
            column.try_reserve_exact(frames).map_err(|_| refuse())?;
            Ok(column)
        };
        Ok(Self {
            columns: (0..roles.values).map(|_| reserved()).collect::<Result<_>>()?,
            times: if is_timed { reserved()? } else { Vec::new() },
            parts: Vec::new(),
            start: 0,
            first_time: 0,
        })
    }

    fn frames(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    fn take(&mut self, piece: &Piece<'_>, weight: f64) {
        for (target, column) in self.columns.iter_mut().zip(piece.columns) {
            target.extend_from_slice(column);
        }
        self.times.extend_from_slice(piece.times);
        let Some(end) = piece.end else { return };
        let clock = match end.step {
            Some(step) => {
                self.times.truncate(self.first_time);
                PartClock::Step(step)
            }
            None => PartClock::Times(self.first_time..self.times.len()),
        };
        self.parts.push(Part {
            frames: self.start..self.frames(),
            clock,
            weight,
        });
        (self.start, self.first_time) = (self.frames(), self.times.len());
    }
}

impl Trajectories {
    /// The trajectories as segments of a record, which borrows them.
    ///
    /// # Errors
    /// Those of [`Segment`] and [`Record`], which reading has ruled out.
    pub fn record(&self) -> irrev_landscape::Result<Record<'_>> {
        let segments = self.parts.iter().map(|part| {
            let clock = match &part.clock {
                PartClock::Step(step) => Clock::Step(*step),
                PartClock::Times(times) => Clock::Times(&self.times[times.clone()]),
            };
            let columns = self.columns.iter().map(|column| &column[part.frames.clone()]);
            segment(clock, columns.collect(), self.coordinates, self.has, part.weight)
        });
        Record::new(
            self.found.periods.clone(),
            segments.collect::<irrev_landscape::Result<_>>()?,
        )
    }

    /// What was found in the files, and how they were taken.
    #[must_use]
    pub fn found(&self) -> &Found {
        &self.found
    }

    /// Names of the coordinates.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.found.names
    }

    /// Number of frames of all trajectories.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.found.frames
    }

    /// The step, where all trajectories have the same.
    #[must_use]
    pub fn step(&self) -> Option<f64> {
        self.found.step
    }
}

/// A segment of columns in the order of [`Roles`].
pub(super) fn segment<'a>(
    clock: Clock<'a>,
    columns: Vec<&'a [f64]>,
    coordinates: usize,
    has: Given,
    weight: f64,
) -> irrev_landscape::Result<Segment<'a>> {
    let mut columns = columns.into_iter();
    let mut next = || columns.by_ref().take(coordinates).collect::<Vec<&'a [f64]>>();
    let mut segment = Segment::new(clock, next())?;
    if has.velocities {
        segment = segment.with_velocities(next())?;
    }
    if has.accelerations {
        segment = segment.with_accelerations(next())?;
    }
    if has.metrics {
        segment = segment.with_metrics(next())?;
    }
    segment.with_weight(weight)
}

//! Trajectories in memory.

use std::ops::Range;
use std::path::PathBuf;

use irrev_landscape::record::{Clock, Record, Segment};
use irrev_numerics::Run;

use super::cut::Piece;
use super::fault::{grouped, over_limit};
use super::found::Found;
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
        gathered.take(&piece, reading);
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

    fn take(&mut self, piece: &Piece<'_>, reading: &Reading) {
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
            weight: reading.weights.get(piece.file).copied().unwrap_or(1.0),
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

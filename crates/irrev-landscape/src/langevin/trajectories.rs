//! Frames of walkers, kept as columns.

use super::block::Block;
use super::boundary::Boundary;
use super::checkpoints::Kept;
use super::observer::{Frame, Observer};
use super::words::{Reader, Writer};
use crate::error::{Error, Result};
use crate::record::{Clock, Record, Segment};

/// Positions, and velocities if there are any, of all walkers at equal steps; a column for each walker and coordinate.
///
/// Periodic coordinates lie in their period, as in a [`Record`].
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectories {
    boundaries: Vec<Boundary>,
    /// Time between frames.
    interval: f64,
    first_time: f64,
    frames: usize,
    /// Walker by walker: columns of positions, then of velocities.
    columns: Vec<f64>,
    /// Columns of each walker.
    width: usize,
}

impl Trajectories {
    /// Number of walkers.
    #[must_use]
    pub fn walkers(&self) -> usize {
        self.columns.len() / (self.width * self.frames).max(1)
    }

    /// Frames of each walker.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Time of the first frame, and between frames.
    #[must_use]
    pub fn clock(&self) -> (f64, f64) {
        (self.first_time, self.interval)
    }

    /// A coordinate of a walker.
    ///
    /// # Errors
    /// [`Error::NoCoordinate`], [`Error::Size`] for a walker that does not exist.
    pub fn positions(&self, walker: usize, coordinate: usize) -> Result<&[f64]> {
        let d = self.boundaries.len();
        if coordinate >= d {
            return Err(Error::NoCoordinate {
                coordinate,
                coordinates: d,
            });
        }
        self.column(walker, coordinate)
    }

    /// Its velocity.
    ///
    /// # Errors
    /// As [`Self::positions`]; [`Error::Missing`] for motion without inertia.
    pub fn velocities(&self, walker: usize, coordinate: usize) -> Result<&[f64]> {
        let d = self.boundaries.len();
        if self.width == d {
            return Err(Error::Missing { what: "velocities" });
        }
        self.positions(walker, coordinate)?;
        self.column(walker, d + coordinate)
    }

    fn column(&self, walker: usize, column: usize) -> Result<&[f64]> {
        let from = (walker * self.width + column) * self.frames;
        self.columns.get(from..from + self.frames).ok_or(Error::Size {
            what: "the walkers, up to the one asked for",
            found: self.walkers(),
            expected: walker + 1,
        })
    }

    /// All numbers, walker by walker: the columns of its positions, a coordinate after the other, then those of its velocities if there are any, each of as many numbers as there are frames.
    #[must_use]
    pub fn into_columns(self) -> Vec<f64> {
        self.columns
    }

    /// As a record of one segment for each walker, velocities included: what [`crate::moments`], [`crate::correlation`] and [`crate::memory`] take.
    ///
    /// # Errors
    /// [`Error::Empty`] for motion without a coordinate.
    pub fn record(&self) -> Result<Record<'_>> {
        let d = self.boundaries.len();
        let segments = (0..self.walkers()).map(|walker| {
            let columns = |from: usize| -> Result<Vec<&[f64]>> {
                (from..from + d).map(|c| self.column(walker, c)).collect()
            };
            let segment = Segment::new(Clock::Step(self.interval), columns(0)?)?;
            if self.width == d {
                Ok(segment)
            } else {
                segment.with_velocities(columns(d)?)
            }
        });
        let periods = self.boundaries.iter().map(|boundary| match boundary {
            Boundary::Periodic(period) => Some(*period),
            _ => None,
        });
        Record::new(periods.collect(), segments.collect::<Result<_>>()?)
    }
}

/// Frames of one block, in the places they will have.
pub(super) struct Recorder {
    width: usize,
    frames: usize,
    taken: usize,
    columns: Vec<f64>,
}

impl Recorder {
    pub(super) fn new(block: &Block, frames: usize) -> Self {
        let numbers = block.positions.len() + block.velocities.len();
        Self {
            width: numbers / block.lanes,
            frames,
            taken: 0,
            columns: vec![0.0; numbers * frames],
        }
    }

    fn read(&mut self, input: &mut Reader<'_>) -> Option<()> {
        self.taken = usize::try_from(input.word()?).ok()?;
        if self.taken > self.frames {
            return None;
        }
        for column in self.columns.chunks_exact_mut(self.frames.max(1)) {
            let found = input.numbers()?;
            if found.len() != self.taken {
                return None;
            }
            column[..self.taken].copy_from_slice(&found);
        }
        Some(())
    }
}

impl Kept for Recorder {
    fn save(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.word(self.taken as u64);
        for column in self.columns.chunks_exact(self.frames.max(1)) {
            out.numbers(&column[..self.taken]);
        }
        out.finish()
    }

    fn restore(&mut self, state: &[u8]) -> bool {
        self.read(&mut Reader(state)).is_some()
    }
}

impl Observer for Recorder {
    fn observe(&mut self, frame: &Frame<'_>) -> Result<()> {
        Error::require_size(
            "the recorded frames, with this one,",
            self.taken + 1,
            (self.taken + 1).min(self.frames),
        )?;
        let rows = frame.positions.chunks_exact(frame.lanes);
        let rows = rows.chain(frame.velocities.chunks_exact(frame.lanes));
        for (column, row) in rows.enumerate() {
            for (lane, x) in row.iter().enumerate() {
                self.columns[(lane * self.width + column) * self.frames + self.taken] = *x;
            }
        }
        self.taken += 1;
        Ok(())
    }
}

/// All blocks, one after the other.
pub(super) fn gathered(
    recorders: Vec<Recorder>,
    boundaries: &[Boundary],
    (first_time, interval): (f64, f64),
) -> Trajectories {
    let first = recorders.first();
    let (width, frames) = first.map_or((boundaries.len(), 0), |r| (r.width, r.frames));
    let mut columns = Vec::new();
    for recorder in recorders {
        // the first block's memory grows into that of all, others are freed as they are taken
        if columns.is_empty() {
            columns = recorder.columns;
        } else {
            columns.extend_from_slice(&recorder.columns);
        }
    }
    Trajectories {
        boundaries: boundaries.to_vec(),
        interval,
        first_time,
        frames,
        columns,
        width,
    }
}

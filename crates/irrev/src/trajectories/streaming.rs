//! Trajectories in pieces, in constant memory.

use std::path::PathBuf;

use irrev_landscape::record::{Clock, Segment};
use irrev_numerics::Run;

use super::fault::fault;
use super::found::Found;
use super::memory::segment;
use super::pass::{Looking, Plan};
use super::reading::{Gaps, Reading};
use crate::error::{Error, Result};

/// At most 65,536 frames of one trajectory that follow each other.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Chunk<'a> {
    /// The frames.
    pub segment: Segment<'a>,
    /// Whether the trajectory ends with them.
    pub ends: bool,
    /// Number of the file, counted from 0.
    pub file: usize,
    /// Number of the trajectory, counted from 0 over all files.
    pub trajectory: u64,
    /// Frames of the trajectory before these.
    pub first: u64,
}

/// Hands out the frames of files in chunks, one trajectory after the other: the same frames and clocks as [`read`](super::read), in constant memory.
///
/// Files with a column of times are read twice, the first time for their times, since a step that is even shows at the end of a trajectory. An error of
/// `visit` ends the reading and is returned.
///
/// # Errors
/// As [`read`](super::read), and those of `visit`.
///
/// ```
/// use irrev::landscape::Grid;
/// use irrev::landscape::moments::{MomentOptions, MomentPass};
/// use irrev::numerics::Run;
/// use irrev::trajectories::{Reading, Time, stream};
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("x.csv");
/// # std::fs::write(&path, "0.1\n0.2\n0.4\n0.7\n").unwrap();
/// let reading = Reading { time: Time::Step(0.1), ..Reading::default() };
/// let mut pass = MomentPass::new(Grid::uniform(0.0, 1.0, 2)?, &MomentOptions::default(), &Run::default())?;
/// let found = stream(&[path], &reading, &Run::default(), &mut |chunk| -> Result<(), Box<dyn std::error::Error>> {
///     pass.push(&chunk.segment)?;                                         // a file with the rows 0.1, 0.2, 0.4, 0.7
///     if chunk.ends {
///         pass.end_segment()?;
///     }
///     Ok(())
/// })?;
/// assert_eq!((found.frames, pass.finish()?.counts()), (4, vec![2, 0]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn stream<E: From<Error>>(
    files: &[PathBuf],
    reading: &Reading,
    run: &Run<'_>,
    visit: &mut dyn FnMut(Chunk<'_>) -> Result<(), E>,
) -> Result<Found, E> {
    let plan = Plan::new(files, reading)?;
    let steps = if plan.is_timed() {
        Some(steps(&plan, files, reading, run)?)
    } else {
        None
    };
    let (coordinates, has) = (plan.roles().coordinates, plan.roles().has);
    let mut trajectory = 0;
    plan.pass((files, reading), Looking::AtValues, run, &mut |piece| {
        let changed = || {
            let name = files[piece.file].display().to_string();
            fault(
                &name,
                "the file changed while it was read",
                Some("wait until it is written, or read a copy"),
            )
        };
        let step = match (&steps, plan.opened[piece.file].1.step) {
            (_, Some(step)) => Some(step),
            (Some(steps), None) => *steps.get(trajectory).ok_or_else(changed)?,
            (None, None) => None,
        };
        let clock = step.map_or(Clock::Times(piece.times), Clock::Step);
        if piece.end.is_some_and(|end| end.step != step) {
            return Err(changed().into());
        }
        let columns = piece.columns.iter().map(Vec::as_slice).collect();
        let weight = reading.weights.get(piece.file).copied().unwrap_or(1.0);
        // shapes, times and weights have been checked
        let segment = segment(clock, columns, coordinates, has, weight).map_err(|_| changed())?;
        visit(Chunk {
            segment,
            ends: piece.end.is_some(),
            file: piece.file,
            trajectory: trajectory as u64,
            first: piece.first,
        })?;
        trajectory += usize::from(piece.end.is_some());
        Ok(())
    })
}

/// The step of each trajectory, `None` where its times are uneven.
fn steps(plan: &Plan, files: &[PathBuf], reading: &Reading, run: &Run<'_>) -> Result<Vec<Option<f64>>> {
    // rows without numbers cut trajectories, too, so that all columns count
    let looking = match reading.gaps {
        Gaps::Refuse => Looking::AtTimes,
        Gaps::Split => Looking::AtValues,
    };
    let mut steps = Vec::new();
    plan.pass((files, reading), looking, run, &mut |piece| {
        steps.extend(piece.end.map(|end| end.step));
        Ok::<(), Error>(())
    })?;
    Ok(steps)
}

/// Reads files once, keeps nothing, and tells what they hold: frames, steps, ranges of the coordinates; for instance to choose a grid before [`stream`].
///
/// # Errors
/// As [`read`](super::read).
pub fn survey(files: &[PathBuf], reading: &Reading, run: &Run<'_>) -> Result<Found> {
    let plan = Plan::new(files, reading)?;
    plan.pass((files, reading), Looking::AtValues, run, &mut |_| Ok(()))
}

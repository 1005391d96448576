//! One pass over files: blocks of rows are read, cut, and handed on in the order of the files.

use std::path::PathBuf;

use irrev_numerics::Run;

use super::cut::{Cutter, Piece, Sink};
use super::fault::fault;
use super::found::Found;
use super::reading::{Reading, Time};
use super::roles::Roles;
use super::rows::{Block, Layout, Opened};
use crate::error::{Error, Result};

/// Which columns are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looking {
    AtValues,
    /// Only when frames were taken, and where trajectories end.
    AtTimes,
}

/// Files with their layouts and roles, before any row is read.
pub(super) struct Plan {
    pub(super) opened: Vec<(Layout, Roles)>,
}

impl Plan {
    /// Looks at all files; their coordinates must be the same.
    pub(super) fn new(files: &[PathBuf], reading: &Reading) -> Result<Self> {
        check_options(files, reading)?;
        let mut opened: Vec<(Layout, Roles)> = Vec::with_capacity(files.len());
        for path in files {
            let layout = Opened::new(path, reading)?.layout;
            let roles = Roles::of(&layout, reading)?;
            if let Some(difference) = opened.first().and_then(|(_, first)| first.unlike(&roles)) {
                return Err(fault(
                    &layout.file,
                    difference,
                    Some("read files of other coordinates on their own"),
                ));
            }
            opened.push((layout, roles));
        }
        Ok(Self { opened })
    }

    /// Roles of the columns in the first file, whose coordinates all others have.
    pub(super) fn roles(&self) -> &Roles {
        &self.opened[0].1
    }

    /// Whether some file has a column of times, whose evenness shows at its end only.
    pub(super) fn is_timed(&self) -> bool {
        self.opened.iter().any(|(_, roles)| roles.time.is_some())
    }

    /// Reads all files.
    pub(super) fn pass<E: From<Error>>(
        &self,
        (files, reading): (&[PathBuf], &Reading),
        looking: Looking,
        run: &Run<'_>,
        sink: &mut Sink<'_, E>,
    ) -> Result<Found, E> {
        let mut found = Found::new(self.roles());
        for (index, (path, (_, roles))) in files.iter().zip(&self.opened).enumerate() {
            let opened = Opened::new(path, reading)?;
            let layout = opened.layout.clone();
            let roles = match looking {
                Looking::AtValues => roles.clone(),
                Looking::AtTimes => roles.of_times(),
            };
            let mut rows = opened.rows(roles.asked(), run)?;
            let mut block = Block::of(roles.asked.len());
            let mut cutter = Cutter::new(index, &layout, &roles, reading);
            let mut noted = |piece: Piece<'_>| -> Result<(), E> {
                if let Some(end) = piece.end {
                    let waiting = piece.columns.first().map_or(piece.times.len(), Vec::len) as u64;
                    found.ended(&piece, waiting, end);
                }
                sink(piece)
            };
            loop {
                block.clear();
                rows.next(&mut block)?;
                if block.rows() == 0 {
                    break;
                }
                let done = (index as f64 + rows.done()) / files.len() as f64;
                run.report(done.clamp(0.0, 1.0), "reading trajectories")
                    .map_err(|error| Error::recording(&layout.file, error.into()))?;
                cutter.push(&mut block, &mut noted)?;
            }
            cutter.end(&mut noted)?;
            let ranges = std::mem::take(&mut cutter.ranges);
            found.widen(&ranges);
            found.files += 1;
            found.notes.extend(layout.notes.iter().cloned());
            if let (Time::Automatic, Some(step)) = (&reading.time, layout.step) {
                found.notes.push(format!(
                    "{}: the step of {step:.6} is that of the header; some programs write another one than they took",
                    layout.file
                ));
            }
            if !found.formats.contains(&layout.format) {
                found.formats.push(layout.format);
            }
        }
        if found.frames == 0 {
            let name = self.opened[0].0.file.clone();
            return Err(fault(&name, "no row holds numbers only", Some("choose other columns")).into());
        }
        found.conclude();
        Ok(found)
    }
}

/// Options that are wrong whatever the files hold.
fn check_options(files: &[PathBuf], reading: &Reading) -> Result<()> {
    let refuse = |option, given: String, problem: &str| {
        Err(Error::Request {
            option,
            given,
            problem: problem.to_owned(),
        })
    };
    let is_positive = |value: f64| value > 0.0 && value.is_finite();
    if files.is_empty() {
        return refuse("the list of files", String::new(), "is empty; give at least one");
    }
    if let Time::Step(step) = reading.time
        && !is_positive(step)
    {
        return refuse(
            "step",
            step.to_string(),
            "is not possible; expected a positive number",
        );
    }
    if let Some(longest) = reading.longest_step
        && !(longest > 0.0)
    {
        return refuse(
            "the longest step",
            longest.to_string(),
            "is not possible; expected a positive number",
        );
    }
    let weights = &reading.weights;
    if !weights.is_empty() && weights.len() != files.len() {
        let problem = format!("are not one for each of {} files", files.len());
        return refuse("the weights", weights.len().to_string(), &problem);
    }
    match weights.iter().find(|weight| !is_positive(**weight)) {
        Some(weight) => refuse(
            "the weight of a file",
            weight.to_string(),
            "is not possible; expected a positive number",
        ),
        None => Ok(()),
    }
}

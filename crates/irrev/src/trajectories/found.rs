//! What was found in files of trajectories, for reports and for choosing a grid.

use std::path::PathBuf;

use irrev_landscape::Period;

use super::cut::{End, Piece};
use super::fault::{counted, grouped};
use super::reading::Format;
use super::roles::Roles;

/// Most trajectories of differing length that are listed one by one.
const MOST_LISTED: usize = 6;

/// What files of trajectories hold, and how they were taken.
///
/// ```
/// use irrev::trajectories::{Reading, Time, survey};
/// use irrev::numerics::Run;
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("x.csv");
/// # std::fs::write(&path, "x\n0.5\n-0.25\n").unwrap();
/// let reading = Reading { time: Time::Step(0.1), ..Reading::default() };
/// let found = survey(&[path], &reading, &Run::default())?;               // a file with the rows x, 0.5, -0.25
/// assert_eq!((found.names[0].as_str(), found.frames), ("x", 2));
/// assert_eq!(found.ranges[0], [-0.25, 0.5]);
/// # Ok::<(), irrev::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Found {
    /// Names of the coordinates; those without are `column N`.
    pub names: Vec<String>,
    /// Their units, where files tell them.
    pub units: Vec<Option<String>>,
    /// Their periods.
    pub periods: Vec<Option<Period>>,
    /// Least and greatest value of each coordinate.
    pub ranges: Vec<[f64; 2]>,
    /// The unit of time, where files tell it.
    pub time_unit: Option<String>,
    /// Number of files; 0 for what was given as arrays.
    pub files: usize,
    /// What they are.
    pub formats: Vec<Format>,
    /// Uninterrupted trajectories.
    pub trajectories: u64,
    /// Frames of all of them.
    pub frames: u64,
    /// The step, where all trajectories with more than one frame have the same.
    pub step: Option<f64>,
    /// How files were taken, and what in them may be meant otherwise: a sentence each.
    pub notes: Vec<String>,
    sizes: Sizes,
}

/// Lengths and steps of trajectories.
#[derive(Debug, Clone, PartialEq, Default)]
struct Sizes {
    /// Frames of the first few.
    first: Vec<u64>,
    shortest: u64,
    longest: u64,
    least_step: f64,
    greatest_step: f64,
    even: u64,
    uneven: u64,
    coarse: u64,
}

/// A recording by the names of its files, for titles and messages.
///
/// ```
/// use irrev::trajectories::source_name;
/// assert_eq!(source_name(&["a.csv".into(), "b.csv".into()]), "a.csv and 1 more");
/// ```
#[must_use]
pub fn source_name(files: &[PathBuf]) -> String {
    let first = files
        .first()
        .map_or_else(String::new, |file| file.display().to_string());
    match files.len() {
        0 | 1 => first,
        several => format!("{first} and {} more", several - 1),
    }
}

impl Found {
    pub(super) fn new(roles: &Roles) -> Self {
        Self {
            names: roles.names.clone(),
            units: roles.units.clone(),
            periods: roles.periods.clone(),
            ranges: vec![[f64::INFINITY, f64::NEG_INFINITY]; roles.names.len()],
            time_unit: roles.time_unit.clone(),
            files: 0,
            formats: Vec::new(),
            trajectories: 0,
            frames: 0,
            step: None,
            notes: Vec::new(),
            sizes: Sizes {
                shortest: u64::MAX,
                least_step: f64::INFINITY,
                ..Sizes::default()
            },
        }
    }

    pub(super) fn widen(&mut self, ranges: &[[f64; 2]]) {
        for (known, found) in self.ranges.iter_mut().zip(ranges) {
            *known = [known[0].min(found[0]), known[1].max(found[1])];
        }
    }

    /// Takes note of a piece that ends a trajectory.
    pub(super) fn ended(&mut self, piece: &Piece<'_>, waiting: u64, end: End) {
        let frames = piece.first + waiting;
        let sizes = &mut self.sizes;
        self.trajectories += 1;
        self.frames += frames;
        if sizes.first.len() <= MOST_LISTED {
            sizes.first.push(frames);
        }
        sizes.shortest = sizes.shortest.min(frames);
        sizes.longest = sizes.longest.max(frames);
        if frames < 2 {
            return;
        }
        match end.step {
            Some(step) => {
                sizes.even += 1;
                sizes.least_step = sizes.least_step.min(step);
                sizes.greatest_step = sizes.greatest_step.max(step);
            }
            None => sizes.uneven += 1,
        }
        sizes.coarse += u64::from(end.is_coarse);
    }

    /// Draws conclusions from all frames.
    pub(super) fn conclude(&mut self) {
        let sizes = &self.sizes;
        self.step = (sizes.even > 0 && sizes.uneven == 0 && sizes.least_step == sizes.greatest_step)
            .then_some(sizes.least_step);
        if sizes.coarse > 0 {
            self.notes.push(format!(
                "the times of {} are written to so few digits that nobody can tell whether steps are even; if they are, give the step",
                counted(sizes.coarse, "trajectory")
            ));
        }
        for ((name, period), [least, most]) in self.names.iter().zip(&self.periods).zip(&self.ranges) {
            let in_degrees = period.is_some_and(|period| (period.length() - 360.0).abs() < 1e-6);
            if in_degrees && *least >= -3.2 && *most <= 3.2 && self.frames > 1 {
                self.notes.push(format!(
                    "all values of {name} lie between {least:.3} and {most:.3} of a period of 360: are they radians?"
                ));
            }
        }
    }

    /// What was found, a sentence each: how many trajectories of which length and step, the coordinates, and [`Self::notes`].
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let names: Vec<&str> = self.formats.iter().map(|format| format.name()).collect();
        let origin = match self.files {
            0 => "given as arrays".to_owned(),
            files => format!("from {} ({})", counted(files as u64, "file"), names.join(", ")),
        };
        let first = format!(
            "{}{}, {}, {origin}",
            counted(self.trajectories, "trajectory"),
            self.lengths(),
            self.steps(),
        );
        let coordinates: Vec<String> = (0..self.names.len()).map(|k| self.coordinate(k)).collect();
        let coordinates = format!("coordinates: {}", coordinates.join("; "));
        [first, coordinates]
            .into_iter()
            .chain(self.notes.iter().cloned())
            .collect()
    }

    fn lengths(&self) -> String {
        let sizes = &self.sizes;
        if sizes.shortest >= sizes.longest {
            return format!(" of {}", counted(sizes.longest, "frame"));
        }
        if sizes.first.len() as u64 == self.trajectories && sizes.first.len() <= MOST_LISTED {
            let each: Vec<String> = sizes.first.iter().map(|frames| grouped(*frames)).collect();
            return format!(" of {} frames", each.join(", "));
        }
        let (all, shortest, longest) = (
            grouped(self.frames),
            grouped(sizes.shortest),
            grouped(sizes.longest),
        );
        format!(" of {shortest} to {longest} frames, {all} in all")
    }

    fn steps(&self) -> String {
        let sizes = &self.sizes;
        let unit = self
            .time_unit
            .as_ref()
            .map(|unit| format!(" {unit}"))
            .unwrap_or_default();
        match (self.step, sizes.even, sizes.uneven) {
            (Some(step), ..) => format!("step {step}{unit}"),
            (None, 0, 0) => "single frames".to_owned(),
            (None, 0, _) => "uneven steps".to_owned(),
            (None, _, 0) => format!("steps {} to {}{unit}", sizes.least_step, sizes.greatest_step),
            _ => format!(
                "even steps in {}, uneven ones in {}",
                counted(sizes.even, "trajectory"),
                grouped(sizes.uneven)
            ),
        }
    }

    fn coordinate(&self, k: usize) -> String {
        let [least, most] = self.ranges[k];
        let unit = self.units[k]
            .as_ref()
            .map(|unit| format!(" {unit}"))
            .unwrap_or_default();
        let range = if least <= most {
            format!(" from {least:.6} to {most:.6}{unit}")
        } else {
            unit
        };
        let period = self.periods[k].map_or_else(String::new, |period| {
            format!(", period {:.6} to {:.6}", period.start(), period.end())
        });
        format!("{}{range}{period}", self.names[k])
    }
}

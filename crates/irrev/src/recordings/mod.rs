//! Recordings of activity: which unit was active when.
//!
//! | content | files |
//! |---|---|
//! | spikes: a unit and a time in each row | text with commas, semicolons, tabs or spaces, with or without a header |
//! | spikes of one unit: a time in each row, one file per unit | text, or a list in `.npy` |
//! | bins × units of two values, 0 and 1 or −1 and 1 | text, or an array in `.npy` (booleans, integers, reals) |
//!
//! Lines that begin with `#` or `%` are comments. In a list of times, comments or an empty line between times part trials; one of them is chosen by
//! [`Reading::trial`]. Units are named by their label in a list of spikes, by the header of a table or by their column counted from 0, and by the name of
//! the file where a file is a unit. Nothing is guessed silently: [`Recording::notes`] says how the files were taken.
//!
//! ```
//! use irrev::recordings::{Activity, Reading, parse};
//! use irrev::source::SourceFile;
//! let text = "unit,time_s\n1,0.2\n0,0.1\n1,0.3\n";
//! let recording = parse(&SourceFile::from_text("spikes.csv", text)?, &Reading::default())?;
//! assert_eq!(recording.labels, ["0", "1"]);
//! let Activity::Spikes(spikes) = recording.activity else { unreachable!() };
//! assert_eq!((spikes.units, spikes.times), (vec![0, 1, 1], vec![0.1, 0.2, 0.3]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod array;
mod fault;
mod rows;
mod spikes;
mod table;

use std::path::{Path, PathBuf};

use irrev_ising::inference::Raster;
use irrev_numerics::Run;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::model::ModelError;
use crate::source::{Limits, STANDARD_INPUT, SourceFile, read_regular_bytes, read_standard_input};
use fault::{placeless, refused_format};
use rows::{Layout, Rows};

/// Largest file that is read.
pub const MAXIMUM_RECORDING_BYTES: u64 = 4 << 30;

/// A millisecond, the length of an action potential, less what rounding of decimal fractions adds to an interval of just that.
const REFRACTORY: f64 = 1e-3 * (1.0 - 1e-6);

/// What a file may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// One column, or a header that names a column of times: spikes; one column of two values without such a header has to be told which it is. Two columns without header: bins if all values are 0 and 1 or −1 and 1, else spikes. Else bins.
    #[default]
    Automatic,
    /// Spikes.
    Spikes,
    /// A table of bins × units.
    Bins,
}

/// How files are read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// What they hold; default automatic.
    pub format: Format,
    /// Column of units in a list of spikes: its name, or its number from 1; default `unit`, `neuron`, `cell`, `cluster` or `id`, else the first of two.
    pub unit_column: Option<String>,
    /// Column of times, likewise; default `time`, `times`, `t`, `spike_time` or `timestamp`, with a unit of time behind or not, else the second of two.
    pub time_column: Option<String>,
    /// What times are given in; default seconds.
    pub time_unit: TimeUnit,
    /// Whether a table has a unit in each row instead of in each column; default false.
    pub transpose: bool,
    /// Which trial of a list of times is read, counted from 0; default none, which is an error where there are several.
    pub trial: Option<usize>,
    /// Whether times below 0 are allowed; default false: they are often a sign of another zero of time.
    pub negative_times: bool,
}

/// Units in which times are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeUnit {
    /// Seconds.
    #[default]
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
}

impl TimeUnit {
    /// How many of them make a second: times are divided by it, so that 700 µs are 0.0007 s to the last digit.
    #[must_use]
    pub fn per_second(self) -> f64 {
        match self {
            Self::Seconds => 1.0,
            Self::Milliseconds => 1e3,
            Self::Microseconds => 1e6,
        }
    }
}

/// Spikes in the order of time, and of units at the same time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spikes {
    /// Unit of each spike, an index into [`Recording::labels`].
    pub units: Vec<usize>,
    /// Its time in seconds.
    pub times: Vec<f64>,
}

impl Spikes {
    /// Sorts spikes by time, then unit.
    pub(crate) fn sorted(mut spikes: Vec<(f64, usize)>) -> Self {
        spikes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (times, units) = spikes.into_iter().unzip();
        Self { units, times }
    }

    /// Neighbours in the order of time that have the same time and are of two units: often one event that was counted twice.
    #[must_use]
    pub fn coincidences(&self) -> usize {
        let pairs = self.times.windows(2).zip(self.units.windows(2));
        pairs.filter(|(t, u)| t[0] == t[1] && u[0] != u[1]).count()
    }

    /// Spikes that another one of the same unit precedes by less than a millisecond, the length of an action potential.
    #[must_use]
    pub fn refractory_violations(&self) -> usize {
        let units = self.units.iter().max().map_or(0, |most| most + 1);
        let mut last = vec![f64::NEG_INFINITY; units];
        let spikes = self.units.iter().zip(&self.times);
        spikes
            .filter(|&(&unit, &time)| time - std::mem::replace(&mut last[unit], time) < REFRACTORY)
            .count()
    }
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Activity {
    /// Spikes at times.
    Spikes(Spikes),
    /// Two-valued activity in bins.
    Bins(Raster),
}

/// A recording that was read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Recording {
    /// Name for errors and titles: that of the file, or of the first one and how many follow.
    pub name: String,
    /// Labels of the units.
    pub labels: Vec<String>,
    /// What they did.
    pub activity: Activity,
    /// Base names and SHA-256 of the files.
    pub inputs: Vec<(String, String)>,
    /// How the files were taken.
    pub notes: Vec<String>,
}

/// Reads a recording from one file, or from several with the times of one unit each; `-` is standard input.
///
/// # Errors
/// [`Error::Model`] for files that cannot be read, with line and column for what is wrong in them; [`Error::Recording`] for memory over the limit of the run.
pub fn read(paths: &[PathBuf], reading: &Reading, run: &Run<'_>) -> Result<Recording> {
    let name = match paths {
        [] => String::new(),
        [path] => path.display().to_string(),
        [path, rest @ ..] => format!("{} and {} more", path.display(), rest.len()),
    };
    let bytes: u64 = paths
        .iter()
        .filter_map(|path| std::fs::metadata(path).ok())
        .map(|found| found.len())
        .sum();
    // text, spikes as read and as sorted, or numbers of a table; a byte of text is at most a number of eight bytes
    run.require_memory("reading the recording", bytes.saturating_mul(12))
        .map_err(|error| Error::recording(&name, error.into()))?;
    if let [path] = paths {
        return Ok(one(path, reading)?);
    }
    let mut labels = Vec::with_capacity(paths.len());
    let mut inputs = Vec::with_capacity(paths.len());
    let mut spikes = Vec::new();
    for (unit, path) in paths.iter().enumerate() {
        let part = one(path, reading)?;
        let (Activity::Spikes(found), [label]) = (&part.activity, part.labels.as_slice()) else {
            let message = format!(
                "of several files each must hold the spike times of one unit, but this one holds {} units",
                part.labels.len()
            );
            return Err(placeless(&path.display().to_string(), message, None).into());
        };
        if labels.contains(label) {
            let message = format!("two files are named `{label}`, which would be two units of one name");
            return Err(placeless(&path.display().to_string(), message, None).into());
        }
        labels.push(label.clone());
        inputs.extend(part.inputs);
        spikes.extend(found.times.iter().map(|time| (*time, unit)));
    }
    Ok(Recording {
        name,
        notes: vec![format!(
            "read as spike times of {} units, one file each",
            labels.len()
        )],
        labels,
        activity: Activity::Spikes(Spikes::sorted(spikes)),
        inputs,
    })
}

fn one(path: &Path, reading: &Reading) -> Result<Recording, ModelError> {
    if path.as_os_str() == STANDARD_INPUT {
        return parse(&read_standard_input(&limits())?, reading);
    }
    let name = path.display().to_string();
    let bytes = read_regular_bytes(path, MAXIMUM_RECORDING_BYTES)?;
    if bytes.starts_with(b"\x93NUMPY") {
        return array::recording(&name, &bytes, reading);
    }
    if let Some(refusal) = refused_format(&name, &bytes) {
        return Err(refusal);
    }
    let source = SourceFile::from_bytes(name, bytes, None, &limits())?;
    parse(&source, reading)
}

fn limits() -> Limits {
    Limits {
        file_bytes: MAXIMUM_RECORDING_BYTES,
        // a row of a table with very many units, or all bins of a unit
        line_bytes: 1 << 30,
    }
}

/// A recording in a text.
///
/// # Errors
/// What is wrong in it, with line and column.
pub fn parse(source: &SourceFile, reading: &Reading) -> Result<Recording, ModelError> {
    let rows = Rows::of(source)?;
    match rows.layout(reading)? {
        Layout::Times => spikes::times(&rows, reading),
        Layout::Spikes { unit, time } => {
            refuse_trial(source.name(), "a list of units and times", reading)?;
            spikes::spikes(&rows, unit, time, reading)
        }
        Layout::Table => {
            refuse_trial(source.name(), "a table of bins", reading)?;
            table::recording(&rows, reading)
        }
    }
}

/// A recording in memory: spike times of each unit, in seconds and in any order.
///
/// ```
/// use irrev::recordings::of_spikes;
/// let recording = of_spikes("session", vec!["a".into(), "b".into()], &[vec![0.3, 0.1], vec![0.2]], false)?;
/// assert_eq!(recording.labels, ["a", "b"]);
/// # Ok::<(), irrev::model::ModelError>(())
/// ```
///
/// # Errors
/// Two units of one name, another number of names than of units, times that are not finite, and times below 0 unless they are allowed.
pub fn of_spikes(
    name: &str,
    labels: Vec<String>,
    times: &[Vec<f64>],
    negative_times: bool,
) -> Result<Recording, ModelError> {
    check_labels(name, &labels, times.len())?;
    let mut content = Vec::new();
    let mut spikes = Vec::new();
    for (unit, (label, times)) in labels.iter().zip(times).enumerate() {
        content.extend(format!("{label}\n").into_bytes());
        for (index, time) in times.iter().enumerate() {
            let place = format!("spike {index} of unit `{label}`");
            if !time.is_finite() {
                let message = format!("{place}: the time is {time}, expected a finite number");
                return Err(placeless(name, message, None));
            }
            if *time < 0.0 && !negative_times {
                let message = format!("{place}: the time {time} is negative, expected times from 0 on");
                return Err(placeless(
                    name,
                    message,
                    Some("if times count from an event, say where bins begin"),
                ));
            }
            content.extend(time.to_le_bytes());
            spikes.push((*time, unit));
        }
    }
    Ok(Recording {
        name: name.to_owned(),
        notes: vec![format!("spike times of {} units, from memory", labels.len())],
        labels,
        activity: Activity::Spikes(Spikes::sorted(spikes)),
        inputs: vec![input(name, &content)],
    })
}

/// A recording in memory: activity in bins, with a name for each of its units.
///
/// ```
/// use irrev::ising::inference::{Coding, Raster};
/// use irrev::recordings::of_bins;
/// let raster = Raster::from_array(&[0_u8, 1, 1, 0], 2, 2, Coding::ZeroOne)?;
/// assert_eq!(of_bins("session", vec!["a".into(), "b".into()], raster)?.labels, ["a", "b"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Two units of one name, and another number of names than of units.
pub fn of_bins(name: &str, labels: Vec<String>, raster: Raster) -> Result<Recording, ModelError> {
    let (bins, units) = (raster.bins(), raster.units());
    check_labels(name, &labels, units)?;
    let cells = (0..bins).flat_map(|bin| (0..units).map(move |unit| (bin, unit)));
    let mut content = labels.join("\n").into_bytes();
    content.extend(cells.map(|(bin, unit)| u8::from(raster.active(bin, unit))));
    Ok(Recording {
        name: name.to_owned(),
        labels,
        notes: vec![format!("a table of {bins} bins of {units} units, from memory")],
        activity: Activity::Bins(raster),
        inputs: vec![input(name, &content)],
    })
}

fn check_labels(name: &str, labels: &[String], units: usize) -> Result<(), ModelError> {
    if labels.len() != units {
        let message = format!("there are {} names for {units} units", labels.len());
        return Err(placeless(name, message, None));
    }
    for (k, label) in labels.iter().enumerate() {
        if label.is_empty() || labels[..k].contains(label) {
            let message = format!("the name `{label}` of unit {k} is empty or there twice");
            return Err(placeless(name, message, None));
        }
    }
    Ok(())
}

/// Refuses a trial of a file that has none.
fn refuse_trial(name: &str, what: &str, reading: &Reading) -> Result<(), ModelError> {
    let Some(trial) = reading.trial else {
        return Ok(());
    };
    let message = format!(
        "--trial {trial}: the file was taken for {what}, and only texts with the times of one unit have trials"
    );
    Err(placeless(
        name,
        message,
        Some("leave out --trial, or keep the rows of one trial in a file of their own"),
    ))
}

/// Base name of a file and the hash of its content, as a result names them.
fn input(name: &str, content: &[u8]) -> (String, String) {
    let digest: String = Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let base = Path::new(name)
        .file_name()
        .map_or_else(|| name.to_owned(), |base| base.to_string_lossy().into_owned());
    (base, format!("sha256:{digest}"))
}

/// The label of a unit that is a file.
fn stem(name: &str) -> String {
    Path::new(name)
        .file_stem()
        .map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

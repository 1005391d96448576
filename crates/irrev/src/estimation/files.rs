//! Files as they are opened: texts, compressed texts, arrays, and what `trajectories` reads.

use std::path::{Path, PathBuf};

use irrev_landscape::record::Clock;
use irrev_numerics::Run;
use sha2::{Digest, Sha256};

use super::fault::placeless;
use super::gzip::{is_compressed, unpacked};
use super::request::EstimationRequest;
use super::table::Table;
use crate::error::{Error, Result};
use crate::model::npy;
use crate::source::{Limits, STANDARD_INPUT, SourceFile, read_regular_bytes, read_standard_input};
use crate::trajectories::{Gaps, Reading, Time};

/// Largest file that is read, and largest text that a compressed one may hold.
pub const MAXIMUM_DATA_BYTES: u64 = 4 << 30;

/// A file whose content is known and not yet understood.
pub struct Opened {
    pub(super) path: PathBuf,
    pub(super) content: Content,
    /// Base name and SHA-256.
    pub(super) input: (String, String),
}

pub(super) enum Content {
    Text(SourceFile),
    Array(Vec<u8>),
    /// For the readers of trajectories.
    Other,
}

/// Opens a data file; `-` is standard input, texts may be compressed with gzip.
///
/// # Errors
/// A file that cannot be read, is no text where it ought to be, or is over a limit.
pub fn open(path: &Path, run: &Run<'_>) -> Result<Opened> {
    let name = path.display().to_string();
    if path.as_os_str() == STANDARD_INPUT {
        let source = read_standard_input(&limits()).map_err(crate::model::ModelError::from)?;
        let input = ("standard input".into(), hash(source.text().as_bytes()));
        return Ok(Opened {
            path: path.to_owned(),
            content: Content::Text(source),
            input,
        });
    }
    let length = std::fs::metadata(path).map_or(0, |found| found.len());
    // text, numbers of eight bytes for two or more bytes of it, and what is made of them
    run.require_memory("reading the data", length.saturating_mul(12))
        .map_err(|error| Error::inference(&name, error.into()))?;
    let bytes = read_regular_bytes(path, MAXIMUM_DATA_BYTES).map_err(crate::model::ModelError::from)?;
    let base = path
        .file_name()
        .map_or_else(|| name.clone(), |base| base.to_string_lossy().into_owned());
    let input = (base, hash(&bytes));
    let content = if bytes.starts_with(b"\x93NUMPY") {
        Content::Array(bytes)
    } else if is_compressed(&bytes) {
        let text = unpacked(&name, &bytes, run)?;
        Content::Text(text_of(&name, text)?)
    } else if is_of_trajectories(&name, &bytes) {
        Content::Other
    } else {
        Content::Text(text_of(&name, bytes)?)
    };
    Ok(Opened {
        path: path.to_owned(),
        content,
        input,
    })
}

fn text_of(name: &str, bytes: Vec<u8>) -> Result<SourceFile> {
    let source = SourceFile::from_bytes(name.to_owned(), bytes, None, &limits());
    Ok(source.map_err(crate::model::ModelError::from)?)
}

fn limits() -> Limits {
    Limits {
        file_bytes: MAXIMUM_DATA_BYTES,
        line_bytes: 1 << 30,
    }
}

fn hash(content: &[u8]) -> String {
    let digest: String = Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("sha256:{digest}")
}

/// Archives, positions of atoms, and texts with headings of their own.
fn is_of_trajectories(name: &str, bytes: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    bytes.starts_with(b"PK\x03\x04")
        || bytes.starts_with(b"PAR1")
        || bytes.starts_with(b"#! FIELDS")
        || [".xvg", ".xtc", ".dcd"]
            .iter()
            .any(|ending| lower.ends_with(ending))
}

impl Opened {
    /// The text, if it is one that no other reader is asked for.
    #[must_use]
    pub fn source(&self) -> Option<&SourceFile> {
        match &self.content {
            Content::Text(source) => Some(source),
            _ => None,
        }
    }

    /// The file as a table.
    pub(super) fn table(self, request: &EstimationRequest, run: &Run<'_>) -> Result<Table> {
        let name = self.path.display().to_string();
        match self.content {
            Content::Text(source) => Table::of_text(source),
            Content::Array(bytes) => array(&name, &bytes),
            Content::Other => of_trajectories(&self.path, request, run),
        }
    }
}

fn array(name: &str, bytes: &[u8]) -> Result<Table> {
    let found = npy::rows(bytes).map_err(|reason| placeless(name, reason, None))?;
    let width = found.columns.unwrap_or(1);
    let infinite = found.values.iter().position(|x| x.is_infinite());
    if let Some(index) = infinite {
        let message = format!(
            "[{}, {}] is infinite, expected a number",
            index / width,
            index % width
        );
        return Err(placeless(name, message, None));
    }
    let column = |k: usize| found.values.iter().skip(k).step_by(width.max(1)).copied();
    let columns = (0..width).map(|k| (None, column(k).collect())).collect();
    Ok(Table::of_numbers(name, "an array of NumPy", columns))
}

/// Coordinates with times and numbers of trajectories as further columns.
fn of_trajectories(path: &Path, request: &EstimationRequest, run: &Run<'_>) -> Result<Table> {
    let name = path.display().to_string();
    let reading = Reading {
        coordinates: request.columns.iter().map(|c| c.as_str().into()).collect(),
        time: match (&request.time, request.step) {
            (Some(name), _) => Time::Column(name.as_str().into()),
            (None, Some(step)) => Time::Step(step),
            (None, None) => Time::Automatic,
        },
        trajectory: request.trajectory.as_deref().map(Into::into),
        gaps: if request.split { Gaps::Split } else { Gaps::Refuse },
        ..Reading::default()
    };
    let read = crate::trajectories::read(&[path.to_owned()], &reading, run)?;
    let record = read.record().map_err(|error| Error::landscape(&name, error))?;
    let mut columns: Vec<(Option<String>, Vec<f64>)> = read
        .names()
        .iter()
        .map(|name| (Some(name.clone()), Vec::new()))
        .collect();
    let (mut times, mut numbers) = (Vec::new(), Vec::new());
    for (number, segment) in record.segments().iter().enumerate() {
        for (k, (_, values)) in columns.iter_mut().enumerate() {
            let positions = segment
                .positions(k)
                .map_err(|error| Error::landscape(&name, error))?;
            values.extend(positions);
        }
        numbers.extend(std::iter::repeat_n(number as f64, segment.frames()));
        match segment.clock() {
            Clock::Step(step) => times.extend((0..segment.frames()).map(|k| k as f64 * step)),
            Clock::Times(given) => times.extend(given),
        }
    }
    let unit = read
        .found()
        .time_unit
        .as_ref()
        .map_or_else(String::new, |unit| format!(" [{unit}]"));
    columns.push((Some(format!("time{unit}")), times));
    columns.push((Some("trajectory".into()), numbers));
    let format = read.found().formats.first().map_or("", |format| format.name());
    Ok(Table::of_numbers(&name, format, columns))
}

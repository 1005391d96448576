//! What all formats become: rows of numbers in blocks, with the columns that were asked for.

use std::fs::{File, Metadata};
use std::path::Path;

use irrev_landscape::Period;
use irrev_numerics::Run;

use super::fault::{fault, grouped};
use super::pace::Rounding;
use super::reading::{Format, Reading};
use super::{archive, array, dcd, text, xtc};
use crate::error::Result;
use crate::model::ModelError;
use crate::source::SourceError;

/// Rows of a block, at most.
pub(super) const BLOCK: usize = 65_536;

/// What a file says about its columns before any row is read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// As errors call it.
    pub(super) file: String,
    pub(super) format: Format,
    pub(super) columns: Vec<Label>,
    /// The column of times, where the format has one.
    pub(super) time: Option<usize>,
    /// The step, where the format tells it.
    pub(super) step: Option<f64>,
    pub(super) time_unit: Option<String>,
    /// How rows are called and counted in messages.
    pub(super) counted: Counted,
    /// Rows, exactly or from the size of the file.
    pub(super) rows: u64,
    /// What was found out and is no fault.
    pub(super) notes: Vec<String>,
}

/// A column by what its file says of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Label {
    /// Its name, if it has one.
    pub(super) name: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) period: Option<Period>,
}

impl Label {
    /// A name with the unit behind it in brackets, as in `x (nm)` or `x [nm]`.
    pub(super) fn parsed(text: &str) -> Self {
        let text = text.trim();
        for (open, close) in [('(', ')'), ('[', ']')] {
            let parts = text.strip_suffix(close).and_then(|rest| rest.rsplit_once(open));
            if let Some((name, unit)) = parts
                && !name.trim().is_empty()
                && !unit.trim().is_empty()
                && name.ends_with(' ')
            {
                return Self {
                    name: Some(name.trim().to_owned()),
                    unit: Some(unit.trim().to_owned()),
                    period: None,
                };
            }
        }
        Self {
            name: (!text.is_empty()).then(|| text.to_owned()),
            ..Self::default()
        }
    }
}

impl Layout {
    /// How a column is called in messages.
    pub(super) fn called(&self, column: usize) -> String {
        match self.columns.get(column).and_then(|label| label.name.as_ref()) {
            Some(name) => format!("column {column} (`{name}`)"),
            None => format!("column {column}"),
        }
    }

    /// Where a row of a block is, for messages.
    pub(super) fn place(&self, block: &Block, row: usize) -> String {
        match self.counted {
            Counted::Lines => match block.lines.get(row) {
                Some(line) => format!("line {line}"),
                None => format!("row {}", block.first + row as u64),
            },
            Counted::Rows => format!("row {}", block.first + row as u64),
            Counted::RowsOfTrajectories => {
                let trajectory = block.trajectory;
                format!("row {} of trajectory {trajectory}", block.first + row as u64)
            }
            Counted::Frames => format!("frame {}", block.first + row as u64),
        }
    }
}

/// How rows are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// Lines of a text, from 1.
    Lines,
    /// Rows of an array, from 0.
    Rows,
    /// Rows of each trajectory of an array, from 0.
    RowsOfTrajectories,
    /// Frames, from 0.
    Frames,
}

/// Some rows that follow each other.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The columns asked for, in the order asked.
    pub(super) columns: Vec<Vec<f64>>,
    /// Number of the first row, counted from 0 in the file, or in the trajectory where a file has several.
    pub(super) first: u64,
    /// Number of the trajectory in the file.
    pub(super) trajectory: u64,
    /// Lines of the rows in a text.
    pub(super) lines: Vec<u64>,
    /// Whether the first row begins a new trajectory.
    pub(super) begins: bool,
    /// To what the times so far are rounded.
    pub(super) rounding: Rounding,
}

impl Block {
    pub(super) fn of(columns: usize) -> Self {
        Self {
            columns: vec![Vec::new(); columns],
            ..Self::default()
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    pub(super) fn clear(&mut self) {
        self.columns.iter_mut().for_each(Vec::clear);
        self.lines.clear();
        self.begins = false;
    }
}

/// A file that gives its rows from the first to the last.
pub(super) trait Rows {
    /// The next rows into a cleared block; no rows at the end.
    fn next(&mut self, block: &mut Block) -> Result<()>;

    /// Which part of the file has been read.
    fn done(&self) -> f64;
}

/// A file whose layout is known.
pub(super) struct Opened {
    pub(super) layout: Layout,
    source: Source,
}

enum Source {
    Text(text::Text),
    Array(array::Array),
    Archive(archive::Archive),
    #[cfg(feature = "parquet")]
    Parquet(super::parquet::Parquet),
    Xtc(xtc::Xtc),
    Dcd(dcd::Dcd),
}

/// What the rows of a file are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Columns by number.
    pub(super) columns: &'a [usize],
    /// Which of them, by place in that list, holds times.
    pub(super) time: Option<usize>,
}

impl Opened {
    /// Looks at a file: what it is, and which columns it has.
    pub(super) fn new(path: &Path, reading: &Reading) -> Result<Self> {
        let (file, length) = regular(path)?;
        let name = path.display().to_string();
        let format = match reading.format {
            Format::Automatic => super::sniff::format(path, &name, &file)?,
            told => told,
        };
        let of_atoms = matches!(format, Format::Xtc | Format::Dcd);
        if of_atoms == reading.definitions.is_empty() {
            return Err(if of_atoms {
                fault(
                    &name,
                    format!(
                        "the file holds positions of atoms ({}), and no coordinate is defined",
                        format.name()
                    ),
                    Some(
                        "define at least one: distance(i, j), angle(i, j, k), dihedral(i, j, k, l) with atoms counted from 0",
                    ),
                )
            } else {
                let what = format.name();
                fault(
                    &name,
                    format!("coordinates are defined by atoms, but the file is {what} and holds no atoms"),
                    Some("choose its columns instead"),
                )
            });
        }
        let (layout, source) = match format {
            Format::Npy => {
                let array = array::Array::of_file(path, &name, length)?;
                (array.layout(), Source::Array(array))
            }
            Format::Npz => {
                let archive = archive::Archive::new(path, &name, file, length)?;
                (archive.layout(), Source::Archive(archive))
            }
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                let parquet = super::parquet::Parquet::new(&name, file)?;
                (parquet.layout(), Source::Parquet(parquet))
            }
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => {
                return Err(fault(
                    &name,
                    "the file is in the format Parquet, which this build of irrev does not read",
                    Some(
                        "build irrev with the feature parquet, or save the columns with Python: pandas.read_parquet, then numpy.savez or DataFrame.to_csv",
                    ),
                ));
            }
            Format::Xtc => {
                let xtc = xtc::Xtc::new(&name, file, length, &reading.definitions)?;
                (xtc.layout(), Source::Xtc(xtc))
            }
            Format::Dcd => {
                let dcd = dcd::Dcd::new(&name, file, length, &reading.definitions)?;
                (dcd.layout(), Source::Dcd(dcd))
            }
            Format::Csv | Format::Colvar | Format::Xvg | Format::Automatic => {
                let (text, layout) = text::Text::new(&name, file, length, format)?;
                (layout, Source::Text(text))
            }
        };
        Ok(Self { layout, source })
    }

    /// The rows of the file.
    pub(super) fn rows(self, asked: Asked<'_>, run: &Run<'_>) -> Result<Box<dyn Rows>> {
        Ok(match self.source {
            Source::Text(text) => Box::new(text.rows(asked)),
            Source::Array(array) => Box::new(array.rows(asked, run)?),
            Source::Archive(archive) => Box::new(archive.rows(asked, run)?),
            #[cfg(feature = "parquet")]
            Source::Parquet(parquet) => Box::new(parquet.rows(asked)?),
            Source::Xtc(xtc) => Box::new(xtc.rows(asked)),
            Source::Dcd(dcd) => Box::new(dcd.rows(asked)),
        })
    }
}

/// Opens a regular file, and tells its length.
pub(super) fn regular(path: &Path) -> Result<(File, u64)> {
    Ok(opened(path).map_err(ModelError::from)?)
}

fn opened(path: &Path) -> Result<(File, u64), SourceError> {
    let name = || path.display().to_string();
    let unreadable = |error: std::io::Error| SourceError::Unreadable {
        name: name(),
        reason: error.to_string(),
    };
    let check = |metadata: &Metadata| match (metadata.is_file(), metadata.is_dir()) {
        (true, _) => Ok(metadata.len()),
        (false, is_directory) => Err(SourceError::NotRegular {
            name: name(),
            found: if is_directory {
                "a directory"
            } else {
                "a device or a pipe"
            },
        }),
    };
    // looked at before it is opened, since opening a named pipe would wait for a writer, and again after, in case the path leads elsewhere now
    check(&std::fs::metadata(path).map_err(unreadable)?)?;
    let file = File::open(path).map_err(unreadable)?;
    match check(&file.metadata().map_err(unreadable)?)? {
        0 => Err(SourceError::Empty { name: name() }),
        length => Ok((file, length)),
    }
}

/// Refuses memory over the limit of the run, with the figure.
pub(super) fn require_memory(file: &str, what: &str, needed: u64, run: &Run<'_>) -> Result<()> {
    if needed <= run.memory_limit {
        return Ok(());
    }
    Err(super::fault::over_limit(
        file,
        format!(
            "{what} would need {} bytes of memory, more than the limit of {} bytes",
            grouped(needed),
            grouped(run.memory_limit)
        ),
        Some("allow more memory, choose fewer columns, or read in constant memory as a stream"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_stand_in_brackets_behind_a_name() {
        let label = Label::parsed(" x (nm)");
        assert_eq!(
            (label.name.as_deref(), label.unit.as_deref()),
            (Some("x"), Some("nm"))
        );
        // a bracket without a space before it belongs to the name
        assert_eq!(Label::parsed("d(1,2)").name.as_deref(), Some("d(1,2)"));
        assert_eq!(Label::parsed("").name, None);
    }
}

//! Rows and cells of a text, and what they hold.

use super::fault::{TIMES_OR_BINS, at};
use super::{Format, Reading};
use crate::expression::nearest_name;
use crate::model::ModelError;
use crate::source::{SourceFile, Span};

/// What parts cells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Comma,
    Semicolon,
    Tab,
    Spaces,
}

/// What the columns mean.
pub(super) enum Layout {
    /// One column of times.
    Times,
    /// A column of units and one of times, by index.
    Spikes { unit: usize, time: usize },
    /// A unit in each column.
    Table,
}

/// The rows of a text that are no comments.
pub(super) struct Rows<'a> {
    pub(super) source: &'a SourceFile,
    separator: Separator,
    /// Names of columns, where the first row is no row of numbers.
    pub(super) header: Option<Vec<String>>,
    /// Lines of data.
    pub(super) lines: Vec<Span>,
    /// For each trial, the index of its first line: comments or an empty line stand before it.
    pub(super) trials: Vec<usize>,
    pub(super) columns: usize,
}

/// Names of columns that are taken for units or times without being told, in the order of preference.
const UNITS: [&str; 7] = ["unit", "unit_id", "neuron", "cell", "cluster", "cluster_id", "id"];
const TIMES: [&str; 7] = [
    "time",
    "times",
    "t",
    "spike_time",
    "spike_times",
    "timestamp",
    "timestamps",
];

impl<'a> Rows<'a> {
    pub(super) fn of(source: &'a SourceFile) -> Result<Self, ModelError> {
        let mut lines = Vec::new();
        let mut trials = Vec::new();
        let mut apart = true;
        for line in source.lines() {
            let text = source.slice(line).trim();
            if text.is_empty() || text.starts_with(['#', '%']) {
                apart = true;
                continue;
            }
            if apart {
                trials.push(lines.len());
            }
            apart = false;
            lines.push(line);
        }
        let Some(&first) = lines.first() else {
            return Err(at(
                source,
                Span::default(),
                "the file has no rows".into(),
                Some("expected rows of unit and time, times of one unit, or a table of bins × units"),
            ));
        };
        let text = source.slice(first);
        let separator = if text.contains(',') {
            Separator::Comma
        } else if text.contains(';') {
            Separator::Semicolon
        } else if text.contains('\t') {
            Separator::Tab
        } else {
            Separator::Spaces
        };
        let mut rows = Self {
            source,
            separator,
            header: None,
            lines,
            trials,
            columns: 0,
        };
        let cells = rows.cells(first);
        rows.columns = cells.len();
        let words: Vec<&str> = cells.iter().map(|cell| source.slice(*cell)).collect();
        if words.iter().all(|word| word.parse::<f64>().is_err()) {
            rows.header = Some(words.into_iter().map(str::to_owned).collect());
            rows.lines.remove(0);
            for start in &mut rows.trials {
                *start = start.saturating_sub(1);
            }
            rows.trials.dedup();
            if rows.lines.is_empty() {
                return Err(at(
                    source,
                    first,
                    "the file has a header and no rows".into(),
                    None,
                ));
            }
        }
        Ok(rows)
    }

    /// Cells of a line, without the spaces and quotes around them.
    pub(super) fn cells(&self, line: Span) -> Vec<Span> {
        let text = self.source.slice(line);
        let separator = match self.separator {
            Separator::Comma => ',',
            Separator::Semicolon => ';',
            Separator::Tab => '\t',
            Separator::Spaces => {
                let words = text.split_ascii_whitespace();
                // the words are pieces of the text: their distance from its start is their offset
                return words
                    .map(|word| {
                        let start = line.start + (word.as_ptr() as usize - text.as_ptr() as usize);
                        Span::new(start, start + word.len())
                    })
                    .collect();
            }
        };
        let mut cells = Vec::with_capacity(self.columns);
        let mut start = line.start;
        for piece in text.split(separator) {
            let lead = piece.len() - piece.trim_start().len();
            let word = piece.trim();
            let (quote, word) = match word.strip_prefix('"').and_then(|w| w.strip_suffix('"')) {
                Some(inside) => (1, inside),
                None => (0, word),
            };
            let begin = start + lead + quote;
            cells.push(Span::new(begin, begin + word.len()));
            start += piece.len() + 1;
        }
        cells
    }

    /// Cells of the row with an index; an error where there are not as many as in the first row.
    pub(super) fn row(&self, index: usize) -> Result<Vec<Span>, ModelError> {
        let line = self.lines[index];
        let cells = self.cells(line);
        if cells.len() == self.columns {
            return Ok(cells);
        }
        let (found, expected) = (cells.len(), self.columns);
        let s = if found == 1 { "" } else { "s" };
        Err(at(
            self.source,
            line,
            format!("the row has {found} cell{s}, expected {expected} as in the first row"),
            None,
        ))
    }

    pub(super) fn text(&self, cell: Span) -> &'a str {
        self.source.slice(cell)
    }

    pub(super) fn fault(&self, cell: Span, message: String, help: Option<&str>) -> ModelError {
        at(self.source, cell, message, help)
    }

    /// What the file holds.
    pub(super) fn layout(&self, reading: &Reading) -> Result<Layout, ModelError> {
        let named = reading.time_column.is_some() || reading.unit_column.is_some();
        let by_name = || self.header.is_some() && self.known(&TIMES).is_some();
        match reading.format {
            Format::Bins => return Ok(Layout::Table),
            Format::Automatic if self.columns == 1 && !named && !by_name() && self.is_binary()? => {
                return Err(at(
                    self.source,
                    self.lines[0],
                    TIMES_OR_BINS.0.into(),
                    Some(TIMES_OR_BINS.1),
                ));
            }
            _ if self.columns == 1 => return Ok(Layout::Times),
            Format::Spikes => {}
            Format::Automatic if named || by_name() => {}
            Format::Automatic if self.header.is_none() && self.columns == 2 && !self.is_binary()? => {}
            Format::Automatic => return Ok(Layout::Table),
        }
        let time = match &reading.time_column {
            Some(name) => self.column("--time-column", name)?,
            None => match self.known(&TIMES) {
                Some(column) => column,
                None if self.columns == 2 => match &reading.unit_column {
                    Some(name) => 1 - self.column("--unit-column", name)?,
                    None => 1,
                },
                None => return Err(self.unnamed("times", "--time-column")),
            },
        };
        let unit = match &reading.unit_column {
            Some(name) => self.column("--unit-column", name)?,
            None => match self.known(&UNITS) {
                Some(column) => column,
                None if self.columns == 2 => 1 - time,
                None => return Err(self.unnamed("units", "--unit-column")),
            },
        };
        if unit == time {
            return Err(at(
                self.source,
                self.lines[0],
                format!("column {} cannot hold both units and times", unit + 1),
                Some("name two columns: --unit-column and --time-column"),
            ));
        }
        Ok(Layout::Spikes { unit, time })
    }

    /// Whether all values of all rows are 0 and 1, or −1 and 1.
    fn is_binary(&self) -> Result<bool, ModelError> {
        let (mut zero, mut minus) = (false, false);
        for index in 0..self.lines.len() {
            for cell in self.row(index)? {
                match self.text(cell).parse::<f64>() {
                    Ok(1.0) => {}
                    Ok(0.0) => zero = true,
                    Ok(-1.0) => minus = true,
                    _ => return Ok(false),
                }
            }
        }
        Ok(!(zero && minus))
    }

    /// The first column whose name is one of those known, with a unit of time behind or not.
    fn known(&self, names: &[&str]) -> Option<usize> {
        let header: Vec<String> = self.header.iter().flatten().map(|n| n.to_lowercase()).collect();
        let bare = |name: &String| {
            let name = name.trim_end_matches([']', ')']);
            let units = [
                "_s", "_ms", "_us", "_seconds", "[s", "[ms", "[us", "(s", "(ms", "(us",
            ];
            let stripped = units.iter().find_map(|unit| name.strip_suffix(unit));
            stripped.unwrap_or(name).trim_end().to_owned()
        };
        names.iter().find_map(|known| {
            header
                .iter()
                .position(|name| name == known || bare(name) == *known)
        })
    }

    /// The column that an option names.
    fn column(&self, option: &str, name: &str) -> Result<usize, ModelError> {
        let header = self.header.as_deref().unwrap_or_default();
        if let Some(found) = header.iter().position(|column| column == name) {
            return Ok(found);
        }
        match name.parse::<usize>() {
            Ok(number) if (1..=self.columns).contains(&number) => Ok(number - 1),
            _ => {
                let near = nearest_name(name, header.iter().map(String::as_str));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("give a name of the header or a number from 1 to {}", self.columns),
                };
                Err(at(
                    self.source,
                    self.lines[0],
                    format!("the file has no column `{name}` ({option})"),
                    Some(&help),
                ))
            }
        }
    }

    fn unnamed(&self, what: &str, option: &str) -> ModelError {
        at(
            self.source,
            self.lines[0],
            format!("which of {} columns holds the {what} is not clear", self.columns),
            Some(&format!("name it: {option} NAME, or its number from 1")),
        )
    }
}

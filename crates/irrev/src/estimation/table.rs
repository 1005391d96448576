//! A file as columns of numbers or of words, with the place of every cell for messages.

use std::collections::HashMap;

use super::fault::{at, placeless};
use super::text::{Separator, is_missing, name_and_unit, number, place, rows};
use crate::error::{Error, Result};
use crate::source::{SourceFile, Span};

/// A table; rows and columns are counted from 0 in code and from 1 in messages.
pub(super) struct Table {
    /// The file.
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: usize,
    /// Whether the file names its columns.
    pub(super) has_header: bool,
    /// How the file was read, in words.
    pub(super) format: String,
    text: Option<Text>,
}

struct Text {
    source: SourceFile,
    separator: Separator,
    lines: Vec<Span>,
}

pub(super) struct Column {
    pub(super) name: String,
    pub(super) unit: Option<String>,
    pub(super) cells: Cells,
}

pub(super) enum Cells {
    /// NaN where there is no number.
    Numbers(Vec<f64>),
    Words(Words),
}

pub(super) struct Words {
    /// In the order of first use.
    pub(super) labels: Vec<String>,
    /// Label of each row; none where the cell is empty.
    pub(super) of: Vec<Option<u32>>,
    /// The first row that is a word where others are numbers, or a number where others are words.
    pub(super) odd: Option<usize>,
}

impl Table {
    /// Columns of numbers that did not come from a text.
    pub(super) fn of_numbers(name: &str, format: &str, columns: Vec<(Option<String>, Vec<f64>)>) -> Self {
        let rows = columns.first().map_or(0, |(_, values)| values.len());
        let has_header = columns.iter().any(|(name, _)| name.is_some());
        let columns = columns.into_iter().enumerate().map(|(k, (name, values))| {
            let (name, unit) = name.map_or_else(|| (unnamed(k), None), |name| name_and_unit(&name));
            Column {
                name,
                unit,
                cells: Cells::Numbers(values),
            }
        });
        Self {
            name: name.to_owned(),
            columns: columns.collect(),
            rows,
            has_header,
            format: format.to_owned(),
            text: None,
        }
    }

    /// # Errors
    /// A text without rows, and rows of another number of cells than the first, by line.
    pub(super) fn of_text(source: SourceFile) -> Result<Self> {
        let mut lines: Vec<Span> = rows(&source).collect();
        let Some(&first) = lines.first() else {
            return Err(at(&source, Span::default(), "the file has no rows".into(), None));
        };
        let separator = Separator::of(source.slice(first));
        let names = header(&source, separator, &lines);
        if names.is_some() {
            lines.remove(0);
        }
        if lines.is_empty() {
            let message = "the file has a header and no rows".into();
            return Err(at(&source, first, message, None));
        }
        let width = separator.cells(source.slice(first)).len();
        let numbers = parsed(&source, separator, &lines, width)?;
        let text = Text {
            source,
            separator,
            lines,
        };
        let mut columns = Vec::with_capacity(width);
        for (k, found) in numbers.into_iter().enumerate() {
            let (name, unit) = match &names {
                Some(names) => name_and_unit(&names[k]),
                None => (unnamed(k), None),
            };
            let cells = match found.first_word {
                None => Cells::Numbers(found.values),
                Some(word) => Cells::Words(text.words(k, word, found.first_number)),
            };
            columns.push(Column { name, unit, cells });
        }
        Ok(Self {
            name: text.source.name().to_owned(),
            columns,
            rows: text.lines.len(),
            has_header: names.is_some(),
            format: format!("text with {}", separator.name()),
            text: Some(text),
        })
    }

    /// A fault of one cell.
    pub(super) fn fault(
        &self,
        row: usize,
        column: usize,
        message: impl Into<String>,
        help: Option<&str>,
    ) -> Error {
        let message = format!(
            "row {}, column `{}`: {}",
            row + 1,
            self.columns[column].name,
            message.into()
        );
        match &self.text {
            Some(text) => {
                let line = text.lines[row];
                let cells = text.separator.cells(text.source.slice(line));
                let span = cells
                    .get(column)
                    .map_or(line, |cell| place(&text.source, line, cell));
                at(&text.source, span, message, help)
            }
            None => placeless(&self.name, message, help),
        }
    }

    /// The numbers of a column.
    ///
    /// # Errors
    /// A cell that is a word.
    pub(super) fn numbers(&self, column: usize, what: &str) -> Result<&[f64]> {
        match &self.columns[column].cells {
            Cells::Numbers(values) => Ok(values),
            Cells::Words(words) => {
                let row = words.odd.unwrap_or(0);
                let word = words.of[row].map_or("", |label| words.labels[label as usize].as_str());
                Err(self.fault(
                    row,
                    column,
                    format!("`{word}` is no number, and {what} needs numbers"),
                    None,
                ))
            }
        }
    }

    /// Each row of a column as a label, and the labels: words in the order of first use, numbers ascending.
    pub(super) fn labels(&self, column: usize) -> (Vec<String>, Vec<Option<u32>>) {
        match &self.columns[column].cells {
            Cells::Words(words) => (words.labels.clone(), words.of.clone()),
            Cells::Numbers(values) => {
                let mut distinct: Vec<f64> = values.iter().copied().filter(|x| !x.is_nan()).collect();
                distinct.sort_by(f64::total_cmp);
                distinct.dedup();
                let of = values.iter().map(|value| {
                    let place = distinct.partition_point(|x| x < value);
                    (!value.is_nan()).then_some(place as u32)
                });
                let of = of.collect();
                (distinct.iter().map(f64::to_string).collect(), of)
            }
        }
    }

    /// The column that an option names: by its name, or by its number counted from 0.
    ///
    /// # Errors
    /// No such column, with those there are.
    pub(super) fn column(&self, option: &'static str, name: &str) -> Result<usize> {
        let by_name = self.columns.iter().position(|column| column.name == name);
        let by_header = || {
            let (bare, _) = name_and_unit(name);
            self.columns.iter().position(|column| column.name == bare)
        };
        let by_number = || name.parse().ok().filter(|k| *k < self.columns.len());
        by_name.or_else(by_header).or_else(by_number).ok_or_else(|| {
            let known: Vec<&str> = self.columns.iter().map(|c| c.name.as_str()).take(40).collect();
            Error::Request {
                option,
                given: name.to_owned(),
                problem: format!(
                    "is no column of {}; it has {} (or numbers from 0)",
                    self.name,
                    known.join(", ")
                ),
            }
        })
    }
}

impl Text {
    /// A column with words, read again as such.
    fn words(&self, column: usize, first_word: usize, first_number: Option<usize>) -> Words {
        let mut known: HashMap<&str, u32> = HashMap::new();
        let (mut labels, mut of) = (Vec::new(), Vec::with_capacity(self.lines.len()));
        for line in &self.lines {
            let cells = self.separator.cells(self.source.slice(*line));
            let cell = cells.get(column).copied().unwrap_or_default();
            of.push((!is_missing(cell)).then(|| {
                *known.entry(cell).or_insert_with(|| {
                    labels.push(cell.to_owned());
                    labels.len() as u32 - 1
                })
            }));
        }
        Words {
            labels,
            of,
            odd: first_number.map(|number| number.max(first_word)),
        }
    }
}

fn unnamed(column: usize) -> String {
    format!("column {column}")
}

/// A column of which every cell was tried as a number.
struct Parsed {
    values: Vec<f64>,
    first_word: Option<usize>,
    first_number: Option<usize>,
}

fn parsed(source: &SourceFile, separator: Separator, lines: &[Span], width: usize) -> Result<Vec<Parsed>> {
    let mut columns: Vec<Parsed> = (0..width)
        .map(|_| Parsed {
            values: Vec::with_capacity(lines.len()),
            first_word: None,
            first_number: None,
        })
        .collect();
    for (row, line) in lines.iter().enumerate() {
        let mut found = 0;
        separator.each(source.slice(*line), |cell| {
            if let Some(column) = columns.get_mut(found) {
                let value = number(cell);
                column.values.push(value.unwrap_or(f64::NAN));
                if value.is_some() {
                    column.first_number.get_or_insert(row);
                } else if !is_missing(cell) {
                    column.first_word.get_or_insert(row);
                }
            }
            found += 1;
        });
        if found != width {
            let cells = super::fault::counted(found, "cell");
            let message = format!(
                "row {} has {cells}, expected {width} as in the first row",
                row + 1
            );
            return Err(at(source, *line, message, None));
        }
    }
    Ok(columns)
}

/// The first row, if none of its cells is a number and it is not one of states that come again below it.
fn header<'a>(source: &'a SourceFile, separator: Separator, lines: &[Span]) -> Option<Vec<String>> {
    const LOOKED_AT: usize = 1000;
    let cells = separator.cells(source.slice(*lines.first()?));
    if cells.iter().any(|cell| number(cell).is_some()) || cells.iter().all(|cell| cell.is_empty()) {
        return None;
    }
    let comes_again = lines.iter().skip(1).take(LOOKED_AT).any(|line| {
        let others: Vec<&'a str> = separator.cells(source.slice(*line));
        cells
            .iter()
            .zip(others)
            .any(|(cell, other)| !cell.is_empty() && *cell == other)
    });
    (!comes_again).then(|| cells.into_iter().map(str::to_owned).collect())
}

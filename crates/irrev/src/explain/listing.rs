//! An explanation as data: named lists of rows, printed as aligned text or as JSON.

use std::fmt;

use serde_json::{Map, Value};

/// Rows printed of one listing; JSON holds all of them.
const MOST_ROWS: usize = 500;

/// Widest column that is padded.
const WIDEST: usize = 40;

/// Everything that is told of a model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// Title of the model, or the name of its file.
    pub title: String,
    /// Its kind.
    pub kind: &'static str,
    /// The lists, in order.
    pub listings: Vec<Listing>,
    /// Sentences that hold for the model as a whole.
    pub notes: Vec<String>,
}

/// A named list with columns.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Listing {
    /// What is listed.
    pub name: &'static str,
    /// Headings.
    pub columns: &'static [&'static str],
    /// Rows, a cell per column.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a listing.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A number, printed so that it reads back as the same.
    Number(f64),
    /// Words.
    Text(String),
}

impl Listing {
    /// An empty list.
    pub(super) fn new(name: &'static str, columns: &'static [&'static str]) -> Self {
        Self {
            name,
            columns,
            rows: Vec::new(),
        }
    }

    pub(super) fn row(&mut self, cells: impl Into<Vec<Cell>>) {
        self.rows.push(cells.into());
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) if *number != 0.0 && !(1e-4..1e7).contains(&number.abs()) => {
                write!(f, "{number:e}")
            }
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl Explanation {
    /// The explanation as a JSON document, schema `irrev.explanation/1`. Numbers that JSON lacks are words.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let value = |cell: &Cell| match cell {
            Cell::Number(number) if !number.is_finite() => Value::from(number.to_string()),
            Cell::Number(number) => Value::from(*number),
            Cell::Text(text) => Value::from(text.as_str()),
        };
        let row = |columns: &[&str], cells: &Vec<Cell>| -> Value {
            let entries = columns.iter().zip(cells);
            let entries = entries.map(|(name, cell)| ((*name).to_owned(), value(cell)));
            Value::Object(entries.collect::<Map<_, _>>())
        };
        let mut document = serde_json::json!({
            "schema": "irrev.explanation/1",
            "title": self.title,
            "kind": self.kind,
            "notes": self.notes,
        });
        for listing in &self.listings {
            let rows = listing.rows.iter().map(|cells| row(listing.columns, cells));
            document[listing.name] = rows.collect::<Vec<Value>>().into();
        }
        document
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} (kind {})", self.title, self.kind)?;
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        for listing in self.listings.iter().filter(|l| !l.rows.is_empty()) {
            writeln!(f, "\n{}: {}", listing.name, listing.columns.join(", "))?;
            let cells: Vec<Vec<String>> = listing
                .rows
                .iter()
                .take(MOST_ROWS)
                .map(|row| row.iter().map(Cell::to_string).collect())
                .collect();
            let width = |column: usize| {
                let longest = cells.iter().map(|row| row[column].chars().count()).max();
                longest.unwrap_or(0).min(WIDEST)
            };
            let widths: Vec<usize> = (0..listing.columns.len()).map(width).collect();
            for row in &cells {
                let mut line = String::from(" ");
                for (cell, width) in row.iter().zip(&widths).filter(|(_, width)| **width > 0) {
                    line += &format!(" {cell:<width$} ");
                }
                writeln!(f, "{}", line.trim_end())?;
            }
            if listing.rows.len() > MOST_ROWS {
                writeln!(f, "  … and {} more", listing.rows.len() - MOST_ROWS)?;
            }
        }
        Ok(())
    }
}

//! Whether a file holds the activity of units (spikes, or bins of two values), which a network of spins is fitted to, or data of another kind.

use super::files::{Content, Opened};
use super::text::{Separator, TIMES, name_and_unit, number, rows};
use crate::model::npy;
use crate::source::{SourceFile, Span};

/// Rows that are looked at.
const LOOKED_AT: usize = 2000;
/// Part of the values of a table of bins that may be faults.
const FAULTS: f64 = 0.01;
/// Names of columns of units that fire.
const UNITS: [&str; 7] = ["unit", "unit_id", "neuron", "cell", "cluster", "cluster_id", "id"];

impl Opened {
    /// Whether the file is a list of units and times, of times alone, or a table of two values.
    ///
    /// Lists have a header of a unit and a time, or of a time alone; without one, a column that rises throughout, or a column of whole numbers or words beside one of times. A column of times that ascends
    /// evenly is one of samples. What else there is holds numbers, states or cells.
    #[must_use]
    pub fn is_activity(&self) -> bool {
        match &self.content {
            Content::Text(source) => of_text(source),
            Content::Array(bytes) => of_array(bytes),
            Content::Other => false,
        }
    }
}

/// A faulty array is told by the reader of activity, which knows all kinds.
fn of_array(bytes: &[u8]) -> bool {
    let Ok(found) = npy::rows(bytes) else {
        return true;
    };
    let values = &found.values;
    is_binary(values) || (found.columns.is_none() && values.windows(2).all(|pair| pair[0] <= pair[1]))
}

fn of_text(source: &SourceFile) -> bool {
    let lines: Vec<Span> = rows(source).take(LOOKED_AT).collect();
    let Some(first) = lines.first() else {
        return false;
    };
    let separator = Separator::of(source.slice(*first));
    let table: Vec<Vec<Option<f64>>> = lines
        .iter()
        .map(|line| {
            separator
                .cells(source.slice(*line))
                .into_iter()
                .map(number)
                .collect()
        })
        .collect();
    let width = table[0].len();
    if table[0].iter().all(Option::is_none) {
        let names: Vec<String> = separator
            .cells(source.slice(*first))
            .into_iter()
            .map(|name| name_and_unit(name).0.to_lowercase())
            .collect();
        return with_header(&names, &table[1..]);
    }
    let values: Vec<f64> = table
        .iter()
        .flatten()
        .map(|cell| cell.unwrap_or(f64::NAN))
        .collect();
    if is_binary(&values) {
        return true;
    }
    let column = |k: usize| table.iter().map(move |row| row.get(k).copied().flatten());
    match width {
        1 => rises(source, &lines, &values),
        2 => {
            let first: Vec<Option<f64>> = column(0).collect();
            let is_unit = first.iter().all(|x| x.is_none_or(|x| x.fract() == 0.0));
            let later = column(1).all(|time| time.is_some_and(|time| time >= 0.0));
            is_unit && later && !ascends_evenly(&first)
        }
        _ => false,
    }
}

fn with_header(names: &[String], rows: &[Vec<Option<f64>>]) -> bool {
    let knows = |known: &[&str]| names.iter().any(|name| known.contains(&name.as_str()));
    match (knows(&TIMES), names.len()) {
        (true, 1) => true,
        (true, 2) => knows(&UNITS),
        (true, _) => false,
        (false, _) => {
            let values: Vec<f64> = rows
                .iter()
                .flatten()
                .map(|cell| cell.unwrap_or(f64::NAN))
                .collect();
            is_binary(&values)
        }
    }
}

/// Whether nearly all values are 0 and 1, or −1 and 1.
fn is_binary(values: &[f64]) -> bool {
    let others = |known: [f64; 2]| values.iter().filter(|x| !known.contains(x)).count() as f64;
    let faults = FAULTS * values.len() as f64;
    !values.is_empty() && (others([0.0, 1.0]) <= faults || others([-1.0, 1.0]) <= faults)
}

/// Whether times rise within each trial; trials are parted by comments or empty lines.
fn rises(source: &SourceFile, lines: &[Span], values: &[f64]) -> bool {
    let falls = values.windows(2).zip(lines.windows(2)).filter(|(pair, line)| {
        let between = source.text()[line[0].end..line[1].start]
            .bytes()
            .filter(|byte| *byte == b'\n');
        pair[1] < pair[0] && between.count() < 2
    });
    falls.count() == 0
}

fn ascends_evenly(column: &[Option<f64>]) -> bool {
    let [Some(first), Some(second)] = column.get(..2).unwrap_or_default() else {
        return false;
    };
    let step = second - first;
    column.len() > 2
        && step > 0.0
        && column.windows(2).all(|pair| match pair {
            [Some(a), Some(b)] => (b - a - step).abs() <= 1e-6 * step,
            _ => false,
        })
}

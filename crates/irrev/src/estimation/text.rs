//! Texts as rows of cells, and names of columns with their units.

use crate::source::{SourceFile, Span};

/// What parts cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    Byte(char),
    Spaces,
}

impl Separator {
    /// Commas before semicolons before tabs before spaces, by the first row.
    pub(super) fn of(line: &str) -> Self {
        let found = [',', ';', '\t'].into_iter().find(|byte| line.contains(*byte));
        found.map_or(Self::Spaces, Self::Byte)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Byte(',') => "commas",
            Self::Byte(';') => "semicolons",
            Self::Byte(_) => "tabs",
            Self::Spaces => "spaces",
        }
    }

    /// Calls `take` with each cell, without spaces and quotes around it.
    pub(super) fn each<'a>(self, line: &'a str, mut take: impl FnMut(&'a str)) {
        match self {
            Self::Spaces => line.split_ascii_whitespace().for_each(take),
            Self::Byte(separator) => line.split(separator).for_each(|cell| take(bare(cell))),
        }
    }

    pub(super) fn cells(self, line: &str) -> Vec<&str> {
        let mut cells = Vec::new();
        self.each(line, |cell| cells.push(cell));
        cells
    }
}

fn bare(cell: &str) -> &str {
    let cell = cell.trim();
    let inside = cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.unwrap_or(cell)
}

/// Where a cell, a piece of the line, lies in the text.
pub(super) fn place(source: &SourceFile, line: Span, cell: &str) -> Span {
    let start = cell.as_ptr() as usize - source.slice(line).as_ptr() as usize + line.start;
    Span::new(start, start + cell.len())
}

/// Lines that are neither empty nor comments.
pub(super) fn rows(source: &SourceFile) -> impl Iterator<Item = Span> + '_ {
    source.lines().filter(|line| {
        let text = source.slice(*line).trim();
        !text.is_empty() && !text.starts_with(['#', '%'])
    })
}

/// Whether a cell says that there is no number.
pub(super) fn is_missing(cell: &str) -> bool {
    ["", "na", "n/a", "nan", "null"]
        .iter()
        .any(|word| cell.eq_ignore_ascii_case(word))
}

/// The number of a cell; words such as `inf` are none.
pub(super) fn number(cell: &str) -> Option<f64> {
    let begins = cell.bytes().find(|byte| !matches!(byte, b'+' | b'-'))?;
    if !(begins.is_ascii_digit() || begins == b'.') {
        return None;
    }
    cell.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A name of a header parted into the name and a unit in brackets, or of a time behind an underscore.
///
/// `time [s]`, `time (s)` and `time_s` are a time in seconds.
pub(super) fn name_and_unit(header: &str) -> (String, Option<String>) {
    let header = header.trim();
    let bracketed = header
        .strip_suffix([']', ')'])
        .and_then(|rest| rest.split_once(['[', '(']));
    if let Some((name, unit)) = bracketed {
        return (name.trim().to_owned(), Some(unit.trim().to_owned()));
    }
    let lower = header.to_lowercase();
    for (ending, unit) in [
        ("_s", "s"),
        ("_ms", "ms"),
        ("_us", "us"),
        ("_min", "min"),
        ("_h", "h"),
        ("_seconds", "s"),
        ("_ps", "ps"),
        ("_ns", "ns"),
    ] {
        let is_time = lower
            .strip_suffix(ending)
            .is_some_and(|name| TIMES.contains(&name));
        if is_time {
            return (
                header[..header.len() - ending.len()].to_owned(),
                Some(unit.into()),
            );
        }
    }
    (header.to_owned(), None)
}

/// Names of columns that are taken for times without being told.
pub(super) const TIMES: [&str; 9] = [
    "time",
    "times",
    "t",
    "realtime",
    "real_time",
    "timestamp",
    "timestamps",
    "spike_time",
    "spike_times",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_part_from_their_units() {
        let unit = |unit: &str| Some(unit.to_owned());
        assert_eq!(name_and_unit("time [s]"), ("time".into(), unit("s")));
        assert_eq!(name_and_unit("Time_ms"), ("Time".into(), unit("ms")));
        assert_eq!(name_and_unit("force (pN)"), ("force".into(), unit("pN")));
        assert_eq!(name_and_unit("mean_s"), ("mean_s".into(), None));
    }

    #[test]
    fn numbers_are_finite_and_words_are_none() {
        assert_eq!(
            (number("-1.5e3"), number("inf"), number("nan")),
            (Some(-1500.0), None, None)
        );
        assert!(is_missing("NaN") && is_missing("") && !is_missing("none"));
    }
}

//! What a text says about its columns: a row of names, PLUMED's `#! FIELDS` and `#! SET`, labels and legends of Grace.

use std::ops::Range;

use irrev_landscape::Period;

use super::fault::{at, fault, shown};
use super::number;
use super::reading::Format;
use super::rows::Label;
use crate::error::Result;

/// What parts cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    Byte(u8),
    Spaces,
}

impl Separator {
    /// Commas before semicolons before tabs before spaces, by the first row.
    pub(super) fn of(line: &[u8]) -> Self {
        // a semicolon beside commas: the commas are decimal
        let candidates = [b';', b',', b'\t'];
        candidates
            .into_iter()
            .find(|byte| memchr::memchr(*byte, line).is_some())
            .map_or(Self::Spaces, Self::Byte)
    }

    /// The cells of a line, without white space and quotes around them; a separator in quotes is none.
    pub(super) fn cells(self, line: &[u8]) -> Vec<Range<usize>> {
        let parts = |byte: u8| match self {
            Self::Byte(separator) => byte == separator,
            Self::Spaces => byte == b' ' || byte == b'\t',
        };
        let mut cells = Vec::new();
        let (mut start, mut is_quoted) = (0, false);
        for (offset, byte) in line.iter().enumerate() {
            if *byte == b'"' {
                is_quoted = !is_quoted;
            } else if parts(*byte) && !is_quoted {
                cells.push(start..offset);
                start = offset + 1;
            }
        }
        cells.push(start..line.len());
        if self == Self::Spaces {
            cells.retain(|cell| !cell.is_empty());
        }
        cells.into_iter().map(|cell| bare(line, cell)).collect()
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Byte(b',') => "commas",
            Self::Byte(b';') => "semicolons",
            Self::Byte(_) => "tabs",
            Self::Spaces => "spaces",
        }
    }
}

/// A cell without white space and quotes around it.
fn bare(line: &[u8], cell: Range<usize>) -> Range<usize> {
    let bytes = &line[cell.clone()];
    let start = cell.start + bytes.len() - bytes.trim_ascii_start().len();
    let bytes = bytes.trim_ascii();
    let is_quoted = bytes.len() >= 2 && bytes.starts_with(b"\"") && bytes.ends_with(b"\"");
    let margin = usize::from(is_quoted);
    start + margin..start + bytes.len() - margin
}

/// The names in a row, if none of its cells is a number.
pub(super) fn names(line: &[u8], separator: Separator) -> Option<Vec<Label>> {
    let cells = separator.cells(line);
    let is_name = |cell: &Range<usize>| number::cell(&line[cell.clone()]).is_none();
    let labels = |cells: Vec<Range<usize>>| {
        let text = |cell: Range<usize>| String::from_utf8_lossy(&line[cell]).into_owned();
        cells.into_iter().map(|cell| Label::parsed(&text(cell))).collect()
    };
    cells.iter().all(is_name).then(|| labels(cells))
}

/// Header lines so far.
#[derive(Debug, Default)]
pub(super) struct Heading {
    /// Names after `#! FIELDS`.
    pub(super) fields: Option<Vec<String>>,
    /// `min_x` and `max_x` of `#! SET`.
    limits: Vec<(String, f64)>,
    /// Label of the first axis of Grace, and of the second.
    axes: [Option<Label>; 2],
    /// Legends by number of the set.
    legends: Vec<(usize, String)>,
    /// The last comment before the rows, for texts whose names stand in one.
    pub(super) comment: Option<Vec<u8>>,
}

impl Heading {
    /// Takes a line that is no row; an error names what is wrong in it.
    pub(super) fn take(&mut self, format: Format, line: (&[u8], u64), file: &str) -> Result<()> {
        match format {
            Format::Colvar => self.colvar(line, file),
            Format::Xvg => {
                self.grace(line.0);
                Ok(())
            }
            _ => {
                self.comment = Some(line.0.trim_ascii_start()[1..].to_vec());
                Ok(())
            }
        }
    }

    fn colvar(&mut self, (line, number): (&[u8], u64), file: &str) -> Result<()> {
        let text = String::from_utf8_lossy(line);
        let Some(rest) = text.strip_prefix("#!") else {
            return Ok(());
        };
        let words: Vec<&str> = rest.split_ascii_whitespace().collect();
        match words.as_slice() {
            ["FIELDS", names @ ..] => {
                let found: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
                if let Some(fields) = self.fields.as_ref().filter(|fields| **fields != found) {
                    let message = format!(
                        "the columns change from {} to {}, expected the same in the whole file",
                        fields.join(" "),
                        found.join(" ")
                    );
                    let help = "two runs were written to one file: part it into two";
                    return Err(at(file, (line, number), 0..line.len(), message, Some(help)));
                }
                self.fields = Some(found);
            }
            ["SET", key, value] if key.starts_with("min_") || key.starts_with("max_") => {
                let value = angle(value).ok_or_else(|| {
                    let message = format!(
                        "`{key}` is {}, expected a number such as 3.5, -pi or 2*pi",
                        shown(value.as_bytes())
                    );
                    at(file, (line, number), 0..line.len(), message, None)
                })?;
                self.limits.retain(|(known, _)| known != key);
                self.limits.push(((*key).to_owned(), value));
            }
            _ => {}
        }
        Ok(())
    }

    /// Labels of columns of PLUMED, with their periods.
    pub(super) fn fields(&self, file: &str) -> Result<Vec<Label>> {
        let names = self.fields.as_ref().ok_or_else(|| {
            fault(
                file,
                "no line `#! FIELDS` names the columns",
                Some("say that the format is CSV if the file is not of PLUMED"),
            )
        })?;
        names.iter().map(|name| self.field(name, file)).collect()
    }

    fn field(&self, name: &str, file: &str) -> Result<Label> {
        let limit = |end: &str| {
            let key = format!("{end}_{name}");
            self.limits
                .iter()
                .find(|(known, _)| *known == key)
                .map(|(_, value)| *value)
        };
        let period = match (limit("min"), limit("max")) {
            (Some(start), Some(end)) => Some(Period::new(start, end - start).map_err(|_| {
                let message =
                    format!("`{name}` has a period from {start} to {end}, expected an end above its start");
                fault(
                    file,
                    message,
                    Some("correct the lines `#! SET min_… ` and `#! SET max_…`"),
                )
            })?),
            _ => None,
        };
        Ok(Label {
            name: Some(name.to_owned()),
            unit: None,
            period,
        })
    }

    fn grace(&mut self, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let Some(rest) = text.strip_prefix('@') else {
            return;
        };
        let quoted = rest
            .split_once('"')
            .and_then(|(_, rest)| rest.rsplit_once('"'))
            .map(|(inside, _)| inside);
        let words: Vec<&str> = rest.split_ascii_whitespace().collect();
        match (words.as_slice(), quoted) {
            (["xaxis", "label", ..], Some(label)) => self.axes[0] = Some(axis(label)),
            (["yaxis", "label", ..], Some(label)) => self.axes[1] = Some(axis(label)),
            ([set, "legend", ..], Some(legend)) => {
                if let Some(number) = set.strip_prefix('s').and_then(|number| number.parse().ok()) {
                    self.legends.push((number, legend.to_owned()));
                }
            }
            _ => {}
        }
    }

    /// Labels of columns of Grace, and whether the first is the time.
    pub(super) fn legends(&self, columns: usize) -> (Vec<Label>, bool) {
        let [first, second] = &self.axes;
        let named_time = |label: &Label| {
            label
                .name
                .as_ref()
                .is_none_or(|name| name.to_lowercase().contains("time"))
        };
        let is_time = first.as_ref().is_none_or(named_time);
        let mut first = first.clone().unwrap_or_default();
        if is_time {
            first.name = Some("time".to_owned());
        }
        let unit = second.as_ref().and_then(|label| label.unit.clone());
        let others = (1..columns).map(|column| {
            let legend = self.legends.iter().find(|(set, _)| set + 1 == column);
            let mut label = match (legend, columns, second) {
                (Some((_, legend)), ..) => Label::parsed(legend),
                (None, 2, Some(label)) => label.clone(),
                _ => Label::default(),
            };
            label.unit = label.unit.or_else(|| unit.clone());
            label
        });
        let labels = std::iter::once(first.clone()).chain(others).take(columns);
        (labels.collect(), is_time)
    }
}

/// The label of an axis, of which a part in brackets is the unit, and may be all there is.
fn axis(label: &str) -> Label {
    match label
        .trim()
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        Some(unit) => Label {
            unit: Some(unit.to_owned()),
            ..Label::default()
        },
        None => Label::parsed(label),
    }
}

/// A limit of PLUMED: a number, `pi`, or a multiple or part of it.
fn angle(text: &str) -> Option<f64> {
    let (sign, bare) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let pi = std::f64::consts::PI;
    let value = if bare == "pi" {
        pi
    } else if let Some(factor) = bare.strip_suffix("*pi") {
        factor.parse::<f64>().ok()? * pi
    } else if let Some(factor) = bare.strip_prefix("pi*") {
        factor.parse::<f64>().ok()? * pi
    } else if let Some(part) = bare.strip_prefix("pi/") {
        pi / part.parse::<f64>().ok()?
    } else {
        bare.parse().ok()?
    };
    value.is_finite().then_some(sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_plumed_are_numbers_or_parts_of_pi() {
        let pi = std::f64::consts::PI;
        for (text, value) in [
            ("-pi", -pi),
            ("2*pi", 2.0 * pi),
            ("+pi/2", pi / 2.0),
            ("-180.0", -180.0),
        ] {
            assert_eq!(angle(text), Some(value), "{text}");
        }
        assert_eq!((angle("pie"), angle("inf"), angle("")), (None, None, None));
    }

    #[test]
    fn cells_keep_separators_in_quotes() {
        let line = br#" 1 , "a, b",3 "#;
        let cells: Vec<&[u8]> = Separator::of(line)
            .cells(line)
            .into_iter()
            .map(|cell| &line[cell])
            .collect();
        assert_eq!(cells, [b"1".as_slice(), b"a, b", b"3"]);
        assert_eq!(Separator::of(b"0,1;0,2"), Separator::Byte(b';'));
        assert_eq!(Separator::Spaces.cells(b"1 \t 2").len(), 2);
        assert!(
            names(b"t, x", Separator::Byte(b',')).is_some()
                && names(b"t, 1", Separator::Byte(b',')).is_none()
        );
    }
}

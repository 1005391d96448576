//! Text: rows of numbers as CSV, COLVAR or XVG.
//!
//! A row is parsed in one go, number by number, and only in the columns that are asked for. What the fast way does not understand, quotes, words for
//! missing values, or a fault, is looked at again cell by cell, and only that way makes errors.

use std::fs::File;
use std::io::{Seek, SeekFrom};

use super::fault::{at, counted, fault, shown, unreadable};
use super::heading::{Heading, Separator, names};
use super::lines::Lines;
use super::number;
use super::reading::Format;
use super::rows::{Asked, BLOCK, Block, Counted, Label, Layout, Rows};
use crate::error::Result;

/// Rows from whose mean length the number of rows is estimated.
const ROWS_SAMPLED: u64 = 1000;

/// A text whose head has been read.
pub(super) struct Text {
    lines: Lines,
    shape: Shape,
}

/// How its rows look.
struct Shape {
    format: Format,
    separator: Separator,
    labels: Vec<Label>,
    /// Line of the row of names; 0 for none.
    header: u64,
    /// Where the number of columns follows from.
    from: &'static str,
}

impl Shape {
    fn is_remark(&self, first: u8) -> bool {
        is_remark(self.format, first)
    }
}

/// Whether a line that begins with this byte is no row.
fn is_remark(format: Format, first: u8) -> bool {
    first == b'#'
        || (format == Format::Xvg && matches!(first, b'@' | b'&'))
        || (format == Format::Csv && first == b'%')
}

impl Text {
    /// Reads the head, and some rows for an estimate of how many there are.
    pub(super) fn new(name: &str, file: File, length: u64, format: Format) -> Result<(Self, Layout)> {
        let again = file.try_clone().map_err(|error| unreadable(name, &error))?;
        let mut lines = Lines::new(name, file, length);
        let mut heading = Heading::default();
        let mut header: Option<(u64, Vec<Label>)> = None;
        let first = loop {
            let Some(line) = lines.next()? else {
                let help = "expected rows of numbers, one for each frame";
                return Err(fault(name, "the file has no rows of numbers", Some(help)));
            };
            let (bytes, number) = (lines.bytes(line), lines.number());
            match bytes.first() {
                None => heading.comment = None,
                Some(first) if is_remark(format, *first) => heading.take(format, (bytes, number), name)?,
                Some(_) => {
                    let separator = separator(format, bytes);
                    let labels = (format == Format::Csv && header.is_none())
                        .then(|| names(bytes, separator))
                        .flatten();
                    match labels {
                        Some(labels) => header = Some((number, labels)),
                        None => {
                            break (
                                separator,
                                separator.cells(bytes).len(),
                                lines.offset() - bytes.len() as u64,
                            );
                        }
                    }
                }
            }
        };
        let (separator, columns, start) = first;
        let (mut labels, mut time, mut notes) = (vec![Label::default(); columns], None, Vec::new());
        let mut from = "as in the first row";
        match format {
            Format::Colvar => {
                (labels, from) = (heading.fields(name)?, "as in `#! FIELDS`");
            }
            Format::Xvg => {
                let (found, is_time) = heading.legends(columns);
                (labels, time) = (found, is_time.then_some(0));
            }
            _ => {
                let in_comment = || {
                    let comment = heading.comment.as_ref()?;
                    names(comment, separator).filter(|labels| labels.len() == columns)
                };
                if let Some((_, found)) = &header {
                    (labels, from) = (found.clone(), "as in the header");
                } else if let Some(found) = in_comment() {
                    labels = found;
                    notes.push(format!(
                        "{name}: the comment before the first row was taken for the names of its columns"
                    ));
                }
                if separator != Separator::Byte(b',') {
                    notes.push(format!("{name}: cells are parted by {}", separator.name()));
                }
            }
        }
        let mut sampled = 1;
        while sampled < ROWS_SAMPLED && lines.next()?.is_some() {
            sampled += 1;
        }
        let a_row = (lines.offset() - start) as f64 / sampled as f64;
        let rows = ((length - start.min(length)) as f64 / a_row.max(1.0)).ceil() as u64;
        let layout = Layout {
            file: name.to_owned(),
            format,
            time_unit: time.and_then(|time: usize| labels.get(time)?.unit.clone()),
            columns: labels.clone(),
            time,
            step: None,
            counted: Counted::Lines,
            rows,
            notes,
        };
        let mut again = again;
        again
            .seek(SeekFrom::Start(0))
            .map_err(|error| unreadable(name, &error))?;
        let shape = Shape {
            format,
            separator,
            labels,
            header: header.map_or(0, |(line, _)| line),
            from,
        };
        let lines = Lines::new(name, again, length);
        Ok((Self { lines, shape }, layout))
    }

    pub(super) fn rows(self, asked: Asked<'_>) -> TextRows {
        let mut slots = vec![None; self.shape.labels.len()];
        for (place, column) in asked.columns.iter().enumerate() {
            if let Some(slot) = slots.get_mut(*column) {
                *slot = Some(place);
            }
        }
        TextRows {
            lines: self.lines,
            shape: self.shape,
            slots,
            time: asked.time,
            last_place: None,
            heading: Heading::default(),
            row: 0,
            begins: true,
        }
    }
}

fn separator(format: Format, line: &[u8]) -> Separator {
    match format {
        Format::Csv => Separator::of(line),
        _ => Separator::Spaces,
    }
}

/// The rows of a text.
pub(super) struct TextRows {
    lines: Lines,
    shape: Shape,
    /// For each column, the place it was asked for.
    slots: Vec<Option<usize>>,
    time: Option<usize>,
    /// The last decimal place to which a time was written.
    last_place: Option<i32>,
    heading: Heading,
    row: u64,
    begins: bool,
}

impl Rows for TextRows {
    fn next(&mut self, block: &mut Block) -> Result<()> {
        block.first = self.row;
        block.begins = self.begins;
        while block.lines.len() < BLOCK {
            let Some(line) = self.lines.next()? else { break };
            let bytes = self.lines.bytes(line);
            let Some(first) = bytes.first() else { continue };
            let number = self.lines.number();
            if self.shape.is_remark(*first) {
                if *first == b'&' {
                    self.begins = true;
                    block.begins |= block.lines.is_empty();
                    if block.lines.is_empty() {
                        continue;
                    }
                    break;
                }
                if self.shape.format == Format::Colvar {
                    self.heading
                        .take(Format::Colvar, (bytes, number), self.lines.file())?;
                }
                continue;
            }
            if number <= self.shape.header {
                continue;
            }
            let place = match self.shape.separator {
                Separator::Byte(separator) => parted(bytes, separator, &self.slots, self.time, block),
                Separator::Spaces => spaced(bytes, &self.slots, self.time, block),
            };
            match place {
                Some(Some(place)) => {
                    self.last_place = Some(self.last_place.map_or(place, |known| known.min(place)))
                }
                Some(None) => {}
                None => self.slow((bytes, number), block)?,
            }
            block.lines.push(number);
            self.begins = false;
        }
        self.row += block.lines.len() as u64;
        block.rounding.absolute = self.last_place.map_or(0.0, |place| 10_f64.powi(place));
        Ok(())
    }

    fn done(&self) -> f64 {
        self.lines.done()
    }
}

/// A row with a separator between cells: the place of the last digit of its time, or `None` if it has to be looked at again.
#[inline]
fn parted(
    line: &[u8],
    separator: u8,
    slots: &[Option<usize>],
    time: Option<usize>,
    block: &mut Block,
) -> Option<Option<i32>> {
    let mut last_place = None;
    let mut at = 0;
    for (column, slot) in slots.iter().enumerate() {
        if let Some(slot) = slot {
            at = after_spaces(line, at);
            let found = number::leading(&line[at..])?;
            block.columns[*slot].push(found.value);
            if time == Some(*slot) {
                last_place = Some(found.last_place);
            }
            at = after_spaces(line, at + found.length);
        } else {
            at = memchr::memchr(separator, &line[at..]).map_or(line.len(), |found| at + found);
        }
        let is_last = column + 1 == slots.len();
        match line.get(at) {
            None if is_last => return Some(last_place),
            Some(byte) if *byte == separator && !is_last => at += 1,
            _ => return None,
        }
    }
    None
}

/// The same for cells with white space between them.
#[inline]
fn spaced(
    line: &[u8],
    slots: &[Option<usize>],
    time: Option<usize>,
    block: &mut Block,
) -> Option<Option<i32>> {
    let mut last_place = None;
    let mut at = 0;
    for slot in slots {
        at = after_spaces(line, at);
        if let Some(slot) = slot {
            let found = number::leading(&line[at..])?;
            block.columns[*slot].push(found.value);
            if time == Some(*slot) {
                last_place = Some(found.last_place);
            }
            at += found.length;
        } else {
            let start = at;
            while line.get(at).is_some_and(|byte| !matches!(byte, b' ' | b'\t')) {
                at += 1;
            }
            if at == start {
                return None;
            }
        }
        if line.get(at).is_some_and(|byte| !matches!(byte, b' ' | b'\t')) {
            return None;
        }
    }
    (after_spaces(line, at) == line.len()).then_some(last_place)
}

#[inline]
fn after_spaces(line: &[u8], mut at: usize) -> usize {
    while matches!(line.get(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    at
}

impl TextRows {
    /// A row, cell by cell: what is unusual in it, or the error.
    fn slow(&self, (line, number): (&[u8], u64), block: &mut Block) -> Result<()> {
        let rows = block.lines.len();
        block.columns.iter_mut().for_each(|column| column.truncate(rows));
        let cells = self.shape.separator.cells(line);
        let file = self.lines.file();
        if cells.len() != self.slots.len() {
            let message = format!(
                "the row has {}, expected {} {}",
                counted(cells.len() as u64, "cell"),
                self.slots.len(),
                self.shape.from
            );
            let is_last = self.lines.offset() == self.lines.length();
            let help = is_last.then_some("it is the last row: was the file cut while it was written?");
            return Err(at(file, (line, number), 0..line.len(), message, help));
        }
        for (column, cell) in cells.into_iter().enumerate() {
            let Some(slot) = self.slots[column] else { continue };
            let Some(value) = number::cell(&line[cell.clone()]) else {
                let message = format!(
                    "{} holds {}, expected a number",
                    self.called(column),
                    shown(&line[cell.clone()])
                );
                let has_comma = line[cell.clone()].contains(&b',');
                let help = has_comma.then_some("decimal commas are not read: write points");
                return Err(at(file, (line, number), cell, message, help));
            };
            block.columns[slot].push(value);
        }
        Ok(())
    }

    fn called(&self, column: usize) -> String {
        match &self.shape.labels[column].name {
            Some(name) => format!("column {column} (`{name}`)"),
            None => format!("column {column}"),
        }
    }
}

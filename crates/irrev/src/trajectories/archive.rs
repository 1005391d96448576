//! Archives of arrays, as `numpy.savez` and `numpy.savez_compressed` write them: a zip file of `.npy` members, stored or deflated.
//!
//! A member of one dimension is a column under its name; one of two dimensions is columns `name.0`, `name.1`, …; all have the same frames. A single
//! member of three dimensions is read as such an array alone is. Checksums of members are not compared.
//!
//! Source: APPNOTE.TXT of PKWARE, "ZIP File Format Specification" 6.3.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use irrev_numerics::Run;

use super::array::{Array, ArrayRows};
use super::bytes::Stored;
use super::fault::{fault, grouped, unreadable};
use super::pace::Rounding;
use super::reading::Format;
use super::rows::{Asked, Block, Counted, Label, Layout, Rows};
use crate::error::Result;

/// Longest list of members that is read, in bytes.
const LONGEST_DIRECTORY: u64 = 1 << 24;

/// Bytes at the end of a file in which the record of its directory lies: the record, and the longest comment.
const LONGEST_END: u64 = 22 + 65_535;

/// Members with their names.
pub(super) struct Archive {
    file: String,
    members: Vec<(String, Array)>,
    /// For each column, its member and its number in it.
    columns: Vec<(usize, usize)>,
}

impl Archive {
    pub(super) fn new(path: &Path, name: &str, mut file: File, length: u64) -> Result<Self> {
        let damaged = |what: &str| {
            fault(
                name,
                format!("the archive is damaged: {what}"),
                Some("write the file anew with numpy.savez"),
            )
        };
        let directory = directory(name, &mut file, length)?;
        let mut members = Vec::new();
        for entry in entries(&directory).ok_or_else(|| damaged("its list of members is cut"))? {
            let Some(label) = entry.name.strip_suffix(".npy") else {
                let message = format!(
                    "the member `{}` is no array, expected members `….npy`",
                    entry.name.escape_debug()
                );
                return Err(fault(
                    name,
                    message,
                    Some("archives are read as numpy.savez writes them"),
                ));
            };
            let member = format!("{name}[{label}]");
            let compressed = match (entry.flags & 1, entry.method) {
                (0, 0) => false,
                (0, 8) => true,
                (0, method) => {
                    let message =
                        format!("the member is compressed by method {method}, expected none or deflate");
                    return Err(fault(&member, message, None));
                }
                _ => return Err(fault(&member, "the member is encrypted", None)),
            };
            let mut local = [0; 30];
            file.seek(SeekFrom::Start(entry.offset))
                .and_then(|_| file.read_exact(&mut local))
                .map_err(|error| unreadable(&member, &error))?;
            if !local.starts_with(b"PK\x03\x04") {
                return Err(damaged("a member is not where the list says"));
            }
            let offset = entry.offset + 30 + u64::from(short(&local, 26)) + u64::from(short(&local, 28));
            let is_inside = offset.checked_add(entry.packed).is_some_and(|end| end <= length);
            if !is_inside || (!compressed && entry.packed != entry.size) {
                return Err(damaged("the size of a member is not possible"));
            }
            let stored = Stored {
                path: path.to_owned(),
                name: member,
                offset,
                length: entry.packed,
                compressed,
            };
            members.push((label.to_owned(), Array::new(stored, entry.size)?));
        }
        let first = members
            .first()
            .ok_or_else(|| fault(name, "the archive holds no array", None))?;
        let (frames, known) = (first.1.frames(), first.0.clone());
        let mut columns = Vec::new();
        for (index, (label, array)) in members.iter().enumerate() {
            if array.dimensions == 3 && members.len() > 1 {
                let message = "the array has three dimensions, expected one or two beside other members";
                return Err(fault(array.name(), message, Some("save it alone")));
            }
            if array.frames() != frames {
                let message = format!(
                    "`{label}` has {} frames, expected {} as in `{known}`",
                    grouped(array.frames()),
                    grouped(frames)
                );
                return Err(fault(
                    name,
                    message,
                    Some("save arrays of other sizes in another file"),
                ));
            }
            columns.extend((0..array.columns()).map(|column| (index, column)));
        }
        Ok(Self {
            file: name.to_owned(),
            members,
            columns,
        })
    }

    pub(super) fn layout(&self) -> Layout {
        let label = |(member, column): &(usize, usize)| {
            let (name, array) = &self.members[*member];
            match array.dimensions {
                1 => Label::parsed(name),
                _ => Label {
                    name: Some(format!("{name}.{column}")),
                    ..Label::default()
                },
            }
        };
        let first = &self.members[0].1;
        Layout {
            file: self.file.clone(),
            format: Format::Npz,
            columns: self.columns.iter().map(label).collect(),
            time: None,
            step: None,
            time_unit: None,
            counted: if first.dimensions == 3 {
                Counted::RowsOfTrajectories
            } else {
                Counted::Rows
            },
            rows: first.trajectories() * first.frames(),
            notes: Vec::new(),
        }
    }

    pub(super) fn rows(self, asked: Asked<'_>, run: &Run<'_>) -> Result<ArchiveRows> {
        let places: Vec<(usize, usize)> = asked.columns.iter().map(|column| self.columns[*column]).collect();
        let timed = asked.time.map(|place| places[place].0);
        let mut parts = Vec::new();
        let mut rounding = Rounding::default();
        for (index, (_, array)) in self.members.into_iter().enumerate() {
            let slots: Vec<usize> = (0..places.len())
                .filter(|place| places[*place].0 == index)
                .collect();
            if slots.is_empty() {
                continue;
            }
            if timed == Some(index) && array.is_single() {
                rounding = Rounding::SINGLE;
            }
            let columns: Vec<usize> = slots.iter().map(|place| places[*place].1).collect();
            let asked = Asked {
                columns: &columns,
                time: None,
            };
            parts.push(Part {
                rows: array.rows(asked, run)?,
                waiting: Block::of(slots.len()),
                taken: 0,
                slots,
            });
        }
        Ok(ArchiveRows {
            parts,
            rounding,
            row: 0,
        })
    }
}

/// The rows of several members beside each other.
pub(super) struct ArchiveRows {
    parts: Vec<Part>,
    rounding: Rounding,
    row: u64,
}

/// One member: what has been read of it and not been handed out.
struct Part {
    rows: ArrayRows,
    waiting: Block,
    taken: usize,
    /// Places of its columns in a block.
    slots: Vec<usize>,
}

impl Rows for ArchiveRows {
    fn next(&mut self, block: &mut Block) -> Result<()> {
        let mut rows = usize::MAX;
        for part in &mut self.parts {
            if part.taken == part.waiting.rows() {
                part.waiting.clear();
                part.rows.next(&mut part.waiting)?;
                part.taken = 0;
            }
            rows = rows.min(part.waiting.rows() - part.taken);
        }
        for part in &mut self.parts {
            let some = part.taken..part.taken + rows;
            for (slot, column) in part.slots.iter().zip(&part.waiting.columns) {
                block.columns[*slot].extend_from_slice(&column[some.clone()]);
            }
            (block.begins, block.trajectory) =
                (part.waiting.begins && part.taken == 0, part.waiting.trajectory);
            block.first = part.waiting.first + part.taken as u64;
            part.taken = some.end;
        }
        block.rounding = self.rounding;
        self.row += rows as u64;
        Ok(())
    }

    fn done(&self) -> f64 {
        self.parts.iter().map(|part| part.rows.done()).fold(1.0, f64::min)
    }
}

/// A member as the directory tells it.
struct Entry {
    name: String,
    flags: u16,
    method: u16,
    packed: u64,
    size: u64,
    offset: u64,
}

fn short(bytes: &[u8], at: usize) -> u16 {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .map_or(0, |word| u16::from_le_bytes(*word))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .map_or(0, |word| u32::from_le_bytes(*word))
}

fn long(bytes: &[u8], at: usize) -> u64 {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .map_or(0, |word| u64::from_le_bytes(*word))
}

/// The list of members, found from the end of the file.
fn directory(name: &str, file: &mut File, length: u64) -> Result<Vec<u8>> {
    let mut at = |offset: u64, bytes: u64| -> Result<Vec<u8>> {
        let mut read = vec![0; bytes as usize];
        file.seek(SeekFrom::Start(offset))
            .and_then(|_| file.read_exact(&mut read))
            .map_err(|error| unreadable(name, &error))?;
        Ok(read)
    };
    let tail_length = length.min(LONGEST_END);
    let tail_start = length - tail_length;
    let tail = at(tail_start, tail_length)?;
    let damaged = || {
        fault(
            name,
            "the archive has no list of its members; was the file cut while it was written?",
            None,
        )
    };
    let end = memchr::memmem::rfind(&tail, b"PK\x05\x06").ok_or_else(damaged)?;
    let record = &tail[end..];
    if record.len() < 22 {
        return Err(damaged());
    }
    let (mut size, mut offset) = (u64::from(word(record, 12)), u64::from(word(record, 16)));
    let locator = end.checked_sub(20).map(|start| &tail[start..end]);
    if let Some(locator) = locator.filter(|locator| locator.starts_with(b"PK\x06\x07")) {
        let place = long(locator, 8);
        if place.checked_add(56).is_none_or(|end| end > length) {
            return Err(damaged());
        }
        let wide = at(place, 56)?;
        if !wide.starts_with(b"PK\x06\x06") {
            return Err(damaged());
        }
        (size, offset) = (long(&wide, 40), long(&wide, 48));
    }
    if size > LONGEST_DIRECTORY || offset.checked_add(size).is_none_or(|end| end > length) {
        return Err(damaged());
    }
    at(offset, size)
}

/// The members in a directory; `None` if it is cut.
fn entries(mut directory: &[u8]) -> Option<Vec<Entry>> {
    const FIXED: usize = 46;
    const WIDE: u32 = u32::MAX;
    let mut found = Vec::new();
    while directory.starts_with(b"PK\x01\x02") {
        let lengths = [28, 30, 32].map(|at| usize::from(short(directory, at)));
        let name = directory.get(FIXED..FIXED + lengths[0])?;
        let extra = directory.get(FIXED + lengths[0]..FIXED + lengths[0] + lengths[1])?;
        let (size, packed, offset) = (word(directory, 24), word(directory, 20), word(directory, 42));
        let mut wide = widened(extra);
        let mut full = |value: u32| {
            if value == WIDE {
                wide.next()
            } else {
                Some(u64::from(value))
            }
        };
        let (size, packed, offset) = (full(size)?, full(packed)?, full(offset)?);
        found.push(Entry {
            name: String::from_utf8_lossy(name).into_owned(),
            flags: short(directory, 8),
            method: short(directory, 10),
            packed,
            size,
            offset,
        });
        directory = directory.get(FIXED + lengths.iter().sum::<usize>()..)?;
    }
    Some(found)
}

/// Sizes of 64 bits in the extra field of a member, in their order.
fn widened(mut extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut field: &[u8] = &[];
    while extra.len() >= 4 {
        let length = usize::from(short(extra, 2));
        let Some(content) = extra.get(4..4 + length) else {
            break;
        };
        if short(extra, 0) == 1 {
            field = content;
        }
        extra = &extra[4 + length..];
    }
    let words: Vec<u64> = field.chunks_exact(8).map(|word| long(word, 0)).collect();
    words.into_iter()
}

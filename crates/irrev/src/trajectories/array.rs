//! Arrays of NumPy: frames, frames × columns, or trajectories × frames × columns; in C and Fortran order.
//!
//! Blocks of rows are read and decoded as they come. In Fortran order a column lies in one piece, and each is read on its own; three dimensions in that
//! order have frames of one trajectory far apart, and their columns are read as a whole, which needs memory.

use std::path::Path;

use irrev_numerics::Run;

use super::bytes::{Bytes, Stored};
use super::fault::{fault, grouped};
use super::pace::Rounding;
use super::reading::Format;
use super::rows::{Asked, BLOCK, Block, Counted, Label, Layout, Rows, require_memory};
use crate::error::Result;
use crate::model::npy::{Element, Header, LONGEST_HEADER, MAGIC, split};

/// Bytes before the text of a header.
const PREAMBLE: usize = 12;

/// Bytes of rows that are read at once, at least one row.
const AT_ONCE: usize = 1 << 22;

/// An array whose header has been read.
pub(super) struct Array {
    stored: Stored,
    /// Bytes before the first number.
    start: u64,
    element: Element,
    is_fortran: bool,
    /// Trajectories, frames of each, columns.
    shape: [u64; 3],
    pub(super) dimensions: usize,
}

impl Array {
    pub(super) fn of_file(path: &Path, name: &str, length: u64) -> Result<Self> {
        let stored = Stored {
            path: path.to_owned(),
            name: name.to_owned(),
            offset: 0,
            length,
            compressed: false,
        };
        Self::new(stored, length)
    }

    /// Reads the header of an array of that many bytes as a whole.
    pub(super) fn new(stored: Stored, length: u64) -> Result<Self> {
        let refuse = |message: String| fault(&stored.name, message, None);
        let most = (LONGEST_HEADER + PREAMBLE) as u64;
        let mut head = vec![0; length.min(most) as usize];
        stored.open()?.read(&mut head)?;
        if !head.starts_with(MAGIC) {
            return Err(refuse("the file does not begin as an .npy file does".into()));
        }
        let (text, rest) = split(&head).map_err(&refuse)?;
        let start = (head.len() - rest.len()) as u64;
        let header = Header::parse(text).map_err(&refuse)?;
        let element = Element::of(&header.descr).map_err(&refuse)?;
        let shape = match header.shape.as_slice() {
            [frames] => [1, *frames, 1],
            [frames, columns] => [1, *frames, *columns],
            [trajectories, frames, columns] => [*trajectories, *frames, *columns],
            shape => {
                let message = format!(
                    "the array has {} dimensions ({shape:?}), expected frames, frames × columns, or trajectories × frames × columns",
                    shape.len()
                );
                return Err(refuse(message));
            }
        };
        let numbers = shape
            .iter()
            .try_fold(1_u64, |product, size| product.checked_mul(*size));
        let expected =
            numbers.and_then(|numbers| numbers.checked_mul(element.width as u64)?.checked_add(start));
        if expected != Some(length) {
            let message = format!(
                "{} bytes follow the header, expected {} for an array of shape {:?} of {}-byte numbers",
                grouped(length - start),
                expected.map_or_else(
                    || "more than there can be".to_owned(),
                    |bytes| grouped(bytes - start)
                ),
                header.shape,
                element.width
            );
            let is_short = expected.is_none_or(|expected| expected > length);
            return Err(fault(
                &stored.name,
                message,
                is_short.then_some("was the file cut while it was written?"),
            ));
        }
        if numbers == Some(0) {
            return Err(refuse(format!(
                "the array has shape {:?} and holds no number",
                header.shape
            )));
        }
        Ok(Self {
            dimensions: header.shape.len(),
            stored,
            start,
            element,
            is_fortran: header.fortran_order,
            shape,
        })
    }

    pub(super) fn trajectories(&self) -> u64 {
        self.shape[0]
    }

    pub(super) fn frames(&self) -> u64 {
        self.shape[1]
    }

    pub(super) fn columns(&self) -> usize {
        usize::try_from(self.shape[2]).unwrap_or(usize::MAX)
    }

    pub(super) fn is_single(&self) -> bool {
        self.element.kind == 'f' && self.element.width == 4
    }

    pub(super) fn name(&self) -> &str {
        &self.stored.name
    }

    pub(super) fn layout(&self) -> Layout {
        Layout {
            file: self.stored.name.clone(),
            format: Format::Npy,
            columns: vec![Label::default(); self.columns()],
            time: None,
            step: None,
            time_unit: None,
            counted: match self.dimensions {
                3 => Counted::RowsOfTrajectories,
                _ => Counted::Rows,
            },
            rows: self.shape[0] * self.shape[1],
            notes: Vec::new(),
        }
    }

    pub(super) fn rows(self, asked: Asked<'_>, run: &Run<'_>) -> Result<ArrayRows> {
        let Self {
            stored,
            start,
            element,
            is_fortran,
            shape,
            ..
        } = self;
        let rounding = match (element.kind, element.width) {
            ('f', 4) => Rounding::SINGLE,
            _ => Rounding::default(),
        };
        let [trajectories, frames, columns] = shape;
        let width = element.width as u64;
        let decoder = Decoder { element };
        let at_column = |column: usize| -> Result<Bytes> {
            let mut bytes = stored.open()?;
            bytes.skip(start + trajectories * frames * column as u64 * width)?;
            Ok(bytes)
        };
        let source = if is_fortran && columns > 1 && trajectories == 1 {
            let opened: Result<Vec<Bytes>> = asked.columns.iter().map(|column| at_column(*column)).collect();
            Source::Columns(opened?)
        } else if is_fortran && trajectories > 1 {
            let numbers = trajectories * frames;
            let needed = numbers.saturating_mul((8 * asked.columns.len() as u64).saturating_add(width));
            require_memory(
                &stored.name,
                "an array of three dimensions in Fortran order",
                needed,
                run,
            )?;
            let mut planes = Vec::with_capacity(asked.columns.len());
            let mut raw = vec![0; (numbers * width) as usize];
            for column in asked.columns {
                at_column(*column)?.read(&mut raw)?;
                let mut plane = Vec::with_capacity(numbers as usize);
                decoder.decode(&raw, width as usize, 0, &mut plane);
                planes.push(plane);
            }
            Source::Planes(planes)
        } else {
            let mut bytes = stored.open()?;
            bytes.skip(start)?;
            Source::Rows(bytes)
        };
        Ok(ArrayRows {
            source,
            decoder,
            columns: columns as usize,
            asked: asked.columns.to_vec(),
            rounding,
            trajectories,
            frames,
            trajectory: 0,
            frame: 0,
            raw: Vec::new(),
        })
    }
}

enum Source {
    /// Row after row.
    Rows(Bytes),
    /// Each column on its own.
    Columns(Vec<Bytes>),
    /// Columns in memory, trajectories beside each other.
    Planes(Vec<Vec<f64>>),
}

/// The rows of an array.
pub(super) struct ArrayRows {
    source: Source,
    decoder: Decoder,
    columns: usize,
    asked: Vec<usize>,
    rounding: Rounding,
    trajectories: u64,
    frames: u64,
    trajectory: u64,
    frame: u64,
    raw: Vec<u8>,
}

impl Rows for ArrayRows {
    fn next(&mut self, block: &mut Block) -> Result<()> {
        if self.frame == self.frames {
            (self.trajectory, self.frame) = (self.trajectory + 1, 0);
        }
        if self.trajectory >= self.trajectories {
            return Ok(());
        }
        block.rounding = self.rounding;
        (block.first, block.trajectory, block.begins) = (self.frame, self.trajectory, self.frame == 0);
        let width = self.decoder.element.width;
        let left = self.frames - self.frame;
        let rows = match &mut self.source {
            Source::Rows(bytes) => {
                let stride = self.columns * width;
                let rows = left.min((AT_ONCE / stride).clamp(1, BLOCK) as u64) as usize;
                self.raw.resize(rows * stride, 0);
                bytes.read(&mut self.raw)?;
                for (column, target) in self.asked.iter().zip(&mut block.columns) {
                    self.decoder.decode(&self.raw, stride, column * width, target);
                }
                rows
            }
            Source::Columns(columns) => {
                let rows = left.min(BLOCK as u64) as usize;
                self.raw.resize(rows * width, 0);
                for (bytes, target) in columns.iter_mut().zip(&mut block.columns) {
                    bytes.read(&mut self.raw)?;
                    self.decoder.decode(&self.raw, width, 0, target);
                }
                rows
            }
            Source::Planes(planes) => {
                let rows = left.min(BLOCK as u64) as usize;
                let (apart, first) = (self.trajectories as usize, self.frame as usize);
                let start = self.trajectory as usize + apart * first;
                for (plane, target) in planes.iter().zip(&mut block.columns) {
                    target.extend(plane.iter().skip(start).step_by(apart).take(rows));
                }
                rows
            }
        };
        self.frame += rows as u64;
        Ok(())
    }

    fn done(&self) -> f64 {
        (self.trajectory as f64 + self.frame as f64 / self.frames as f64) / self.trajectories as f64
    }
}

/// How numbers are stored.
struct Decoder {
    element: Element,
}

impl Decoder {
    /// Every number at `offset` of rows of `stride` bytes.
    fn decode(&self, bytes: &[u8], stride: usize, offset: usize, target: &mut Vec<f64>) {
        fn each<const W: usize>(
            (bytes, stride, offset): (&[u8], usize, usize),
            target: &mut Vec<f64>,
            value: impl Fn([u8; W]) -> f64,
        ) {
            let word = |row: &[u8]| row.get(offset..)?.first_chunk::<W>().copied();
            target.extend(bytes.chunks_exact(stride).filter_map(word).map(value));
        }
        let rows = (bytes, stride, offset);
        match (self.element.kind, self.element.width, self.element.is_big_endian) {
            ('f', 8, false) => each(rows, target, f64::from_le_bytes),
            ('f', 8, true) => each(rows, target, f64::from_be_bytes),
            ('f', 4, false) => each(rows, target, |word| f64::from(f32::from_le_bytes(word))),
            _ => {
                let width = self.element.width;
                let word = |row: &'_ [u8]| {
                    row.get(offset..offset + width)
                        .map(|word| self.element.value(word))
                };
                target.extend(bytes.chunks_exact(stride).filter_map(word));
            }
        }
    }
}

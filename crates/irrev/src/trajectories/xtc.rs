//! XTC, the compressed positions of GROMACS, in nm and ps.
//!
//! Frames stand one after the other, big-endian: a magic number, the number of atoms, step, time, the cell, and positions as whole multiples of a precision,
//! packed ([`super::compressed`]); up to nine atoms are not packed. Only the atoms that are asked for, and those before them, are unpacked.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use super::atoms::{FRAMES, Values, check, labels};
use super::compressed::{PADDING, Packing, unpack};
use super::definition::{Cell, Definition};
use super::fault::{fault, unreadable};
use super::pace::Rounding;
use super::reading::Format;
use super::rows::{Asked, Block, Counted, Label, Layout, Rows};
use crate::error::Result;

const MAGIC: i32 = 1995;

/// Of files whose packed positions may be longer than 2³¹ bytes.
const MAGIC_LARGE: i32 = 2023;

/// Frames of so few atoms are not packed.
const NOT_PACKED: usize = 9;

/// A file whose first frame has been looked at.
pub(super) struct Xtc {
    frames: Frames,
    definitions: Vec<Definition>,
    expected: u64,
}

impl Xtc {
    pub(super) fn new(name: &str, file: File, length: u64, definitions: &[Definition]) -> Result<Self> {
        let mut frames = Frames {
            file: name.to_owned(),
            source: BufReader::with_capacity(1 << 18, file),
            length,
            at: 0,
            frame: 0,
            atoms: None,
            packed: Vec::new(),
            whole: Vec::new(),
            positions: Vec::new(),
        };
        frames.next(0)?;
        let first = frames.at.max(1);
        check(name, definitions, frames.atoms.unwrap_or(0))?;
        frames
            .source
            .seek(SeekFrom::Start(0))
            .map_err(|error| unreadable(name, &error))?;
        (frames.at, frames.frame) = (0, 0);
        Ok(Self {
            frames,
            definitions: definitions.to_vec(),
            expected: length.div_ceil(first),
        })
    }

    pub(super) fn layout(&self) -> Layout {
        let time = Label {
            name: Some("time".to_owned()),
            unit: Some("ps".to_owned()),
            period: None,
        };
        Layout {
            file: self.frames.file.clone(),
            format: Format::Xtc,
            columns: std::iter::once(time)
                .chain(labels(&self.definitions, "nm"))
                .collect(),
            time: Some(0),
            step: None,
            time_unit: Some("ps".to_owned()),
            counted: Counted::Frames,
            rows: self.expected,
            notes: Vec::new(),
        }
    }

    pub(super) fn rows(self, asked: Asked<'_>) -> XtcRows {
        XtcRows {
            values: Values::new(&self.definitions, 1, asked),
            frames: self.frames,
        }
    }
}

/// The frames of a file as rows.
pub(super) struct XtcRows {
    frames: Frames,
    values: Values,
}

impl Rows for XtcRows {
    fn next(&mut self, block: &mut Block) -> Result<()> {
        block.first = self.frames.frame;
        block.begins = block.first == 0;
        block.rounding = Rounding::SINGLE;
        for _ in 0..FRAMES {
            let Some((time, cell)) = self.frames.next(self.values.needed)? else {
                break;
            };
            let positions = &self.frames.positions;
            self.values.push(block, time, &cell, &|atom| {
                positions.get(atom).copied().unwrap_or([f64::NAN; 3])
            });
        }
        Ok(())
    }

    fn done(&self) -> f64 {
        self.frames.at as f64 / self.frames.length.max(1) as f64
    }
}

struct Frames {
    file: String,
    source: BufReader<File>,
    length: u64,
    at: u64,
    frame: u64,
    atoms: Option<usize>,
    packed: Vec<u8>,
    whole: Vec<[i32; 3]>,
    positions: Vec<[f64; 3]>,
}

impl Frames {
    /// The time and the cell of the next frame; its first `needed` positions are in [`Self::positions`].
    fn next(&mut self, needed: usize) -> Result<Option<(f64, Cell)>> {
        if self.at == self.length {
            return Ok(None);
        }
        let [magic, atoms, _step] = [self.int()?, self.int()?, self.int()?];
        if magic != MAGIC && magic != MAGIC_LARGE {
            return Err(self.damaged(&format!("it begins with {magic}, expected {MAGIC}")));
        }
        let atoms = usize::try_from(atoms).map_err(|_| self.damaged(&format!("it has {atoms} atoms")))?;
        if let Some(before) = self.atoms.filter(|before| *before != atoms) {
            return Err(self.damaged(&format!("it has {atoms} atoms, expected {before} as before")));
        }
        self.atoms = Some(atoms);
        let time = f64::from(self.float()?);
        let mut edges = [[0.0; 3]; 3];
        for component in edges.iter_mut().flatten() {
            *component = f64::from(self.float()?);
        }
        let again = self.int()?;
        if usize::try_from(again) != Ok(atoms) {
            return Err(self.damaged(&format!("it has {atoms} atoms and {again} positions")));
        }
        self.positions.clear();
        if atoms <= NOT_PACKED {
            for _ in 0..atoms {
                let position = [self.float()?, self.float()?, self.float()?];
                self.positions.push(position.map(f64::from));
            }
        } else {
            self.packed_positions(atoms, magic, needed)?;
        }
        self.frame += 1;
        Ok(Some((time, Cell::of_edges(edges))))
    }

    fn packed_positions(&mut self, atoms: usize, magic: i32, needed: usize) -> Result<()> {
        let precision = f64::from(self.float()?);
        if !(precision > 0.0 && precision.is_finite()) {
            return Err(self.damaged(&format!("its precision is {precision}")));
        }
        let lowest = [self.int()?, self.int()?, self.int()?];
        let highest = [self.int()?, self.int()?, self.int()?];
        let side = self.int()?;
        let bytes = match magic {
            MAGIC_LARGE => {
                let (high, low) = (self.int()?, self.int()?);
                i64::from(high) << 32 | i64::from(low as u32)
            }
            _ => i64::from(self.int()?),
        };
        // padded to words of four bytes
        let padded = u64::try_from(bytes)
            .ok()
            .and_then(|bytes| bytes.checked_next_multiple_of(4));
        let padded =
            padded.filter(|padded| self.at.checked_add(*padded).is_some_and(|end| end <= self.length));
        let (Some(padded), Ok(bytes)) = (padded, usize::try_from(bytes)) else {
            return Err(self.cut());
        };
        if needed == 0 {
            self.source
                .seek_relative(padded as i64)
                .map_err(|error| unreadable(&self.file, &error))?;
            self.at += padded;
            return Ok(());
        }
        let mut packed = std::mem::take(&mut self.packed);
        packed.resize(padded as usize, 0);
        self.fill(&mut packed)?;
        packed.truncate(bytes);
        packed.resize(bytes + PADDING, 0);
        let packing = Packing {
            atoms,
            lowest,
            highest,
            side,
        };
        let unpacked = unpack(&packing, &packed, needed, &mut self.whole);
        self.packed = packed;
        unpacked.map_err(|problem| self.damaged(problem))?;
        let scaled = |position: &[i32; 3]| position.map(|whole| f64::from(whole) / precision);
        self.positions.extend(self.whole.iter().map(scaled));
        Ok(())
    }

    fn word(&mut self) -> Result<[u8; 4]> {
        let mut word = [0; 4];
        self.fill(&mut word)?;
        Ok(word)
    }

    fn fill(&mut self, target: &mut [u8]) -> Result<()> {
        if self.length - self.at < target.len() as u64 {
            return Err(self.cut());
        }
        self.source
            .read_exact(target)
            .map_err(|error| unreadable(&self.file, &error))?;
        self.at += target.len() as u64;
        Ok(())
    }

    fn int(&mut self) -> Result<i32> {
        Ok(i32::from_be_bytes(self.word()?))
    }

    fn float(&mut self) -> Result<f32> {
        Ok(f32::from_be_bytes(self.word()?))
    }

    fn damaged(&self, problem: &str) -> crate::Error {
        fault(
            &self.file,
            format!("frame {} is damaged: {problem}", self.frame),
            Some("check the file: gmx check -f FILE"),
        )
    }

    fn cut(&self) -> crate::Error {
        fault(
            &self.file,
            format!("the file ends inside of frame {}", self.frame),
            Some("was it cut while it was written? gmx trjconv keeps the whole frames"),
        )
    }
}

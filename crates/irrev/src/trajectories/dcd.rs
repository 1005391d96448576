//! DCD, the positions of CHARMM and NAMD, in Å.
//!
//! Records of Fortran, in either order of bytes: a header, titles, the number of atoms; then for each frame the cell and x, y and z of all atoms in single
//! precision. The step in the header is in units of 48.88821 fs, and some programs write 1 whatever it was, so that it is told with what was found. Fixed
//! atoms, which are written once only, are refused.

use std::fs::File;
use std::io::{BufReader, Read};

use super::atoms::{FRAMES, Values, check, labels};
use super::definition::{Cell, Definition};
use super::fault::{counted, fault, grouped, unreadable};
use super::reading::Format;
use super::rows::{Asked, Block, Counted, Layout, Rows};
use crate::error::Result;

/// CHARMM's unit of time in ps: √(u Å² / (kcal/mol)).
const AKMA: f64 = 0.048_888_21;

/// Bytes of the first record.
const HEADER: u32 = 84;

/// A file whose header has been read.
pub(super) struct Dcd {
    records: Records,
    definitions: Vec<Definition>,
    atoms: usize,
    has_cell: bool,
    /// Positions in a fourth dimension, which are skipped.
    has_fourth: bool,
    frames: u64,
    step: Option<f64>,
    notes: Vec<String>,
}

impl Dcd {
    pub(super) fn new(name: &str, file: File, length: u64, definitions: &[Definition]) -> Result<Self> {
        let mut records = Records {
            file: name.to_owned(),
            source: BufReader::with_capacity(1 << 18, file),
            length,
            at: 0,
            is_big_endian: false,
        };
        let first = records.word()?;
        records.is_big_endian = match (u32::from_le_bytes(first), u32::from_be_bytes(first)) {
            (HEADER, _) => false,
            (_, HEADER) => true,
            _ => {
                let message = "the first record is not one of 84 bytes, as DCD begins with";
                let help = "files with record lengths of 64 bits are not read: convert it with MDAnalysis, mdtraj or catdcd";
                return Err(fault(name, message, Some(help)));
            }
        };
        let mut header = [0; HEADER as usize];
        records.fill(&mut header)?;
        records.marker(HEADER, "header")?;
        if !header.starts_with(b"CORD") {
            let help = "files of velocities (VELD) are not read";
            return Err(fault(name, "the header does not begin with `CORD`", Some(help)));
        }
        let int = |index: usize| records.int_of(&header, 4 + 4 * index);
        let [told, every, fixed] = [int(0), int(2), int(8)];
        let (has_cell, has_fourth) = (int(10) != 0, int(11) != 0);
        let word = |index: usize| {
            header
                .get(4 + 4 * index..)
                .and_then(|rest| rest.first_chunk::<4>())
                .copied()
                .unwrap_or_default()
        };
        let is_charmm = int(19) != 0;
        let delta = match (is_charmm, records.is_big_endian) {
            (true, true) => f64::from(f32::from_be_bytes(word(9))),
            (true, false) => f64::from(f32::from_le_bytes(word(9))),
            (false, _) => records.double_of(&header, 4 + 4 * 9),
        };
        if fixed != 0 {
            let message = format!(
                "{} are fixed, and their positions are written once only",
                counted(fixed.unsigned_abs().into(), "atom")
            );
            return Err(fault(
                name,
                message,
                Some("write the trajectory anew with all atoms: catdcd, MDAnalysis or mdtraj"),
            ));
        }
        records.skip_record("titles")?;
        records.marker(4, "number of atoms")?;
        let word = records.word()?;
        let atoms = records.int_of(&word, 0);
        records.marker(4, "number of atoms")?;
        let atoms = usize::try_from(atoms).ok().filter(|atoms| *atoms > 0);
        let Some(atoms) = atoms else {
            return Err(fault(name, "the header tells no number of atoms", None));
        };
        check(name, definitions, atoms)?;
        let of_positions = 4 * atoms as u64 + 8;
        let a_frame = (3 + u64::from(has_fourth)) * of_positions + if has_cell { 56 } else { 0 };
        let left = length - records.at;
        let frames = left / a_frame;
        if !left.is_multiple_of(a_frame) || frames == 0 {
            let message = format!(
                "the file ends inside of frame {frames}: {} bytes are left after {}, expected {} for another",
                left % a_frame,
                counted(frames, "frame"),
                grouped(a_frame)
            );
            return Err(fault(name, message, Some("was it cut while it was written?")));
        }
        let step = delta * f64::from(every.max(1)) * AKMA;
        let step = (step > 0.0 && step.is_finite()).then_some(step);
        let mut notes = Vec::new();
        if i64::from(told) != frames as i64 && told != 0 {
            notes.push(format!(
                "{name}: the header tells {told} frames, and {} are there",
                grouped(frames)
            ));
        }
        Ok(Self {
            records,
            definitions: definitions.to_vec(),
            atoms,
            has_cell,
            has_fourth,
            frames,
            step,
            notes,
        })
    }

    pub(super) fn layout(&self) -> Layout {
        Layout {
            file: self.records.file.clone(),
            format: Format::Dcd,
            columns: labels(&self.definitions, "Å").collect(),
            time: None,
            step: self.step,
            time_unit: Some("ps".to_owned()),
            counted: Counted::Frames,
            rows: self.frames,
            notes: self.notes.clone(),
        }
    }

    pub(super) fn rows(self, asked: Asked<'_>) -> DcdRows {
        DcdRows {
            values: Values::new(&self.definitions, 0, asked),
            raw: vec![0; 4 * self.atoms],
            components: [const { Vec::new() }; 3],
            frame: 0,
            dcd: self,
        }
    }
}

/// The frames of a file as rows.
pub(super) struct DcdRows {
    dcd: Dcd,
    values: Values,
    raw: Vec<u8>,
    components: [Vec<f32>; 3],
    frame: u64,
}

impl Rows for DcdRows {
    fn next(&mut self, block: &mut Block) -> Result<()> {
        block.first = self.frame;
        block.begins = block.first == 0;
        for _ in 0..FRAMES.min((self.dcd.frames - self.frame) as usize) {
            let cell = self.frame()?;
            let components = &self.components;
            let position = |atom: usize| {
                [0, 1, 2].map(|axis: usize| components[axis].get(atom).map_or(f64::NAN, |x| f64::from(*x)))
            };
            self.values.push(block, f64::NAN, &cell, &position);
            self.frame += 1;
        }
        Ok(())
    }

    fn done(&self) -> f64 {
        self.frame as f64 / self.dcd.frames.max(1) as f64
    }
}

impl DcdRows {
    fn frame(&mut self) -> Result<Cell> {
        let (records, frame) = (&mut self.dcd.records, self.frame);
        let mut cell = Cell::Open;
        if self.dcd.has_cell {
            let mut raw = [0; 48];
            records.record(&mut raw, || format!("cell of frame {frame}"))?;
            let [a, gamma, b, beta, alpha, c] = [0, 8, 16, 24, 32, 40].map(|at| records.double_of(&raw, at));
            // cosines, or angles in degrees
            let cosine = |value: f64| {
                if value.abs() <= 1.0 {
                    value
                } else {
                    value.to_radians().cos()
                }
            };
            // the cosine of a right angle in degrees is 6e-17
            let cosines = [alpha, beta, gamma]
                .map(cosine)
                .map(|c| if c.abs() < 1e-15 { 0.0 } else { c });
            cell = Cell::of_lengths([a, b, c], cosines);
        }
        let is_big_endian = records.is_big_endian;
        for component in &mut self.components {
            records.record(&mut self.raw, || format!("positions of frame {frame}"))?;
            component.clear();
            let words = self
                .raw
                .chunks_exact(4)
                .filter_map(|word| word.first_chunk::<4>())
                .take(self.values.needed);
            if is_big_endian {
                component.extend(words.map(|word| f32::from_be_bytes(*word)));
            } else {
                component.extend(words.map(|word| f32::from_le_bytes(*word)));
            }
        }
        if self.dcd.has_fourth {
            records.record(&mut self.raw, || format!("fourth component of frame {frame}"))?;
        }
        Ok(cell)
    }
}

/// Records of Fortran: a length, that many bytes, and the length again.
struct Records {
    file: String,
    source: BufReader<File>,
    length: u64,
    at: u64,
    is_big_endian: bool,
}

impl Records {
    fn fill(&mut self, target: &mut [u8]) -> Result<()> {
        if self.length - self.at < target.len() as u64 {
            return Err(fault(
                &self.file,
                "the file ends inside of its header",
                Some("was it cut while it was written?"),
            ));
        }
        self.source
            .read_exact(target)
            .map_err(|error| unreadable(&self.file, &error))?;
        self.at += target.len() as u64;
        Ok(())
    }

    fn word(&mut self) -> Result<[u8; 4]> {
        let mut word = [0; 4];
        self.fill(&mut word)?;
        Ok(word)
    }

    fn int_of(&self, bytes: &[u8], at: usize) -> i32 {
        let word = bytes
            .get(at..)
            .and_then(|rest| rest.first_chunk())
            .copied()
            .unwrap_or_default();
        if self.is_big_endian {
            i32::from_be_bytes(word)
        } else {
            i32::from_le_bytes(word)
        }
    }

    fn double_of(&self, bytes: &[u8], at: usize) -> f64 {
        let word = bytes
            .get(at..)
            .and_then(|rest| rest.first_chunk())
            .copied()
            .unwrap_or_default();
        if self.is_big_endian {
            f64::from_be_bytes(word)
        } else {
            f64::from_le_bytes(word)
        }
    }

    fn marker(&mut self, expected: u32, what: &str) -> Result<()> {
        let word = self.word()?;
        let found = self.int_of(&word, 0) as u32;
        if found != expected {
            let message =
                format!("the record of the {what} is damaged: its length is {found}, expected {expected}");
            return Err(fault(&self.file, message, None));
        }
        Ok(())
    }

    fn record(&mut self, target: &mut [u8], what: impl Fn() -> String) -> Result<()> {
        let length = target.len() as u32;
        self.marker(length, &what())?;
        self.fill(target)?;
        self.marker(length, &what())
    }

    fn skip_record(&mut self, what: &str) -> Result<()> {
        let word = self.word()?;
        let length = self.int_of(&word, 0) as u32;
        if u64::from(length) > self.length - self.at {
            return Err(fault(
                &self.file,
                format!("the record of the {what} is longer than the file"),
                None,
            ));
        }
        self.source
            .seek_relative(i64::from(length))
            .map_err(|error| unreadable(&self.file, &error))?;
        self.at += u64::from(length);
        self.marker(length, what)
    }
}

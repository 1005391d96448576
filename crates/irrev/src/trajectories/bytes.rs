//! The bytes of an array, in order, from a file or from a compressed member of an archive.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

use super::fault::{fault, unreadable};
use super::rows::regular;
use crate::error::Result;

/// Bytes of compressed data read at once, and of what is thrown away.
const BUFFER: usize = 1 << 16;

/// Where bytes are.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stored {
    pub(super) path: PathBuf,
    /// As errors call it: the file, or file and member.
    pub(super) name: String,
    /// Where they begin in the file.
    pub(super) offset: u64,
    /// Bytes in the file.
    pub(super) length: u64,
    pub(super) compressed: bool,
}

/// Bytes that are read from the first to the last.
pub(super) struct Bytes {
    name: String,
    file: File,
    packed: Option<Box<Packed>>,
}

struct Packed {
    state: Box<InflateState>,
    /// Bytes of the file that are still to come.
    left: u64,
    input: Vec<u8>,
    at: usize,
}

impl Stored {
    pub(super) fn open(&self) -> Result<Bytes> {
        let (mut file, _) = regular(&self.path)?;
        file.seek(SeekFrom::Start(self.offset))
            .map_err(|error| unreadable(&self.name, &error))?;
        let packed = self.compressed.then(|| {
            Box::new(Packed {
                state: InflateState::new_boxed(DataFormat::Raw),
                left: self.length,
                input: Vec::new(),
                at: 0,
            })
        });
        Ok(Bytes {
            name: self.name.clone(),
            file,
            packed,
        })
    }
}

impl Bytes {
    /// Fills `target`.
    pub(super) fn read(&mut self, target: &mut [u8]) -> Result<()> {
        match &mut self.packed {
            None => self
                .file
                .read_exact(target)
                .map_err(|error| unreadable(&self.name, &error)),
            Some(packed) => packed.read(&mut self.file, target, &self.name),
        }
    }

    /// Goes on without looking at the next bytes.
    pub(super) fn skip(&mut self, mut bytes: u64) -> Result<()> {
        if self.packed.is_none() {
            let by = i64::try_from(bytes)
                .map_err(|_| fault(&self.name, "the array is larger than any file", None))?;
            return match self.file.seek(SeekFrom::Current(by)) {
                Ok(_) => Ok(()),
                Err(error) => Err(unreadable(&self.name, &error)),
            };
        }
        let mut thrown = vec![0; BUFFER];
        while bytes > 0 {
            let some = bytes.min(BUFFER as u64) as usize;
            self.read(&mut thrown[..some])?;
            bytes -= some as u64;
        }
        Ok(())
    }
}

impl Packed {
    fn read(&mut self, file: &mut File, mut target: &mut [u8], name: &str) -> Result<()> {
        while !target.is_empty() {
            if self.at == self.input.len() && self.left > 0 {
                let some = self.left.min(BUFFER as u64) as usize;
                self.input.resize(some, 0);
                file.read_exact(&mut self.input)
                    .map_err(|error| unreadable(name, &error))?;
                self.left -= some as u64;
                self.at = 0;
            }
            let result = inflate(&mut self.state, &self.input[self.at..], target, MZFlush::None);
            self.at += result.bytes_consumed;
            let written = result.bytes_written;
            let is_stuck = result.bytes_consumed == 0 && written == 0;
            match result.status {
                Ok(MZStatus::Ok) if !is_stuck => {}
                Ok(MZStatus::StreamEnd) if written == target.len() => {}
                Ok(MZStatus::StreamEnd) => {
                    return Err(fault(
                        name,
                        "the compressed data end before the array does",
                        Some("write the file anew"),
                    ));
                }
                _ => {
                    return Err(fault(
                        name,
                        "the compressed data are damaged",
                        Some("write the file anew"),
                    ));
                }
            }
            target = &mut target[written..];
        }
        Ok(())
    }
}

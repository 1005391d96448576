//! What a file is, from its first bytes.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::fault::{fault, unreadable};
use super::reading::Format;
use crate::error::Result;

/// Bytes that are looked at.
const LOOKED_AT: u64 = 4096;

/// The format of a file; an error for one that is known and not read, and for one that is no text and unknown.
pub(super) fn format(path: &Path, name: &str, mut file: &File) -> Result<Format> {
    let mut head = Vec::new();
    file.take(LOOKED_AT)
        .read_to_end(&mut head)
        .and_then(|_| file.seek(SeekFrom::Start(0)))
        .map_err(|error| unreadable(name, &error))?;
    if let Some((what, help)) = refused(&head) {
        return Err(fault(name, what, Some(help)));
    }
    let word = |at: usize| head.get(at..at + 4);
    if head.starts_with(b"\x93NUMPY") {
        return Ok(Format::Npy);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Format::Npz);
    }
    if head.starts_with(b"PAR1") {
        return Ok(Format::Parquet);
    }
    if word(0) == Some(&1995_u32.to_be_bytes()) || word(0) == Some(&2023_u32.to_be_bytes()) {
        return Ok(Format::Xtc);
    }
    if word(4) == Some(b"CORD") || word(8) == Some(b"CORD") {
        return Ok(Format::Dcd);
    }
    if head.contains(&0) {
        return Err(fault(
            name,
            "the file is no text, and none of the formats that are known",
            Some(
                "read are text (CSV, COLVAR, XVG), NumPy's .npy and .npz, XTC and DCD; say which if it is one of them",
            ),
        ));
    }
    let text = String::from_utf8_lossy(&head);
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("");
    let is_grace = text.lines().any(|line| line.trim_start().starts_with('@'));
    let is_named_xvg = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("xvg"));
    Ok(if first.starts_with("#! ") {
        Format::Colvar
    } else if is_grace || is_named_xvg {
        Format::Xvg
    } else {
        Format::Csv
    })
}

/// Formats that are known and not read, with the way out.
fn refused(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let table: [(&[u8], &str, &str); 7] = [
        (
            b"\x1f\x8b",
            "the file is compressed with gzip",
            "unpack it: gunzip -k FILE",
        ),
        (
            b"\xfd7zXZ",
            "the file is compressed with xz",
            "unpack it: unxz -k FILE",
        ),
        (
            b"(\xb5/\xfd",
            "the file is compressed with zstd",
            "unpack it: unzstd FILE",
        ),
        (
            b"\x89HDF\r\n\x1a\n",
            "the file is in the format HDF5",
            "save the columns with Python: h5py.File, then numpy.save or numpy.savez",
        ),
        (
            b"MATLAB",
            "the file is in MATLAB's format",
            "save the columns with Python: scipy.io.loadmat, then numpy.save or numpy.savez",
        ),
        (
            b"CDF",
            "the file is in the format NetCDF",
            "save the coordinates with Python (MDAnalysis, mdtraj) as DCD, XTC, or with numpy.save",
        ),
        (
            b"\x00\x00\x07\xc9",
            "the file is a trajectory in the format TRR",
            "convert it: gmx trjconv -f FILE -o trajectory.xtc",
        ),
    ];
    let found = table.into_iter().find(|(magic, ..)| head.starts_with(magic));
    found.map(|(_, what, help)| (what, help))
}

//! Files of trajectories: what is written is read back, in memory and as a stream; what is wrong is told with its place; and nothing makes a reader panic.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

mod arrays;
mod atoms;
mod damage;
mod faults;
mod gaps;
mod speed;
mod streaming;
mod text;

use std::path::{Path, PathBuf};

use irrev::numerics::Run;
use irrev::trajectories::{Reading, Trajectories, read};
use tempfile::TempDir;

/// A folder with files in it.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// A file beside this test.
fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/trajectories/data")
        .join(name)
}

/// One file, read as told.
fn one(name: &str, content: impl AsRef<[u8]>, reading: &Reading) -> Result<Trajectories, String> {
    let folder = Folder::new();
    let path = folder.file(name, content);
    read(&[path], reading, &Run::default()).map_err(|error| error.to_string())
}

/// The positions of a coordinate, trajectory by trajectory.
fn positions(trajectories: &Trajectories, coordinate: usize) -> Vec<Vec<f64>> {
    let record = trajectories.record().unwrap();
    let segments = record.segments().iter();
    segments
        .map(|segment| segment.positions(coordinate).unwrap().to_vec())
        .collect()
}

/// An array of NumPy.
fn npy(descr: &str, is_fortran: bool, shape: &str, numbers: &[u8]) -> Vec<u8> {
    let order = if is_fortran { "True" } else { "False" };
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}");
    while (header.len() + 11) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(numbers);
    bytes
}

fn doubles(values: impl IntoIterator<Item = f64>) -> Vec<u8> {
    values.into_iter().flat_map(f64::to_le_bytes).collect()
}

/// A zip file; members are compressed where it is said.
fn zip(members: &[(&str, &[u8], bool)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content, compressed) in members {
        let packed = match compressed {
            true => miniz_oxide::deflate::compress_to_vec(content, 6),
            false => content.to_vec(),
        };
        let mut common = vec![
            20,
            0,
            0,
            0,
            if *compressed { 8 } else { 0 },
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend((file.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(name.as_bytes());
        file.extend(packed);
    }
    let offset = file.len() as u32;
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(
        [
            (members.len() as u16).to_le_bytes(),
            (members.len() as u16).to_le_bytes(),
        ]
        .concat(),
    );
    file.extend((directory.len() as u32).to_le_bytes());
    file.extend(offset.to_le_bytes());
    file.extend([0, 0]);
    file
}

//! Random damage to real files: an answer or an error, in time and without a panic.

use std::time::{Duration, Instant};

use irrev::numerics::streams::{Purpose, Stream};
use irrev::source::SourceFile;

use super::files;

/// Bits flipped, or a piece of 1 to 64 bytes deleted, doubled, or copied over another place; one to four times.
fn mutated(bytes: &[u8], stream: &mut Stream) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + stream.bits() % 4 {
        if bytes.is_empty() {
            break;
        }
        let start = (stream.bits() % bytes.len() as u64) as usize;
        let end = (start + 1 + (stream.bits() % 64) as usize).min(bytes.len());
        let piece = bytes[start..end].to_vec();
        match stream.bits() % 4 {
            0 => bytes[start] ^= 1 << (stream.bits() % 8),
            1 => drop(bytes.drain(start..end)),
            2 => drop(bytes.splice(start..start, piece)),
            _ => {
                let other = (stream.bits() % bytes.len() as u64) as usize;
                let end = (other + piece.len()).min(bytes.len());
                bytes.splice(other..end, piece);
            }
        }
    }
    bytes
}

#[test]
fn two_thousand_mutations_end_without_a_panic() {
    let originals: Vec<Vec<u8>> = files()
        .iter()
        .map(|(_, path)| std::fs::read(path).unwrap())
        .collect();
    let (mut read, mut refused) = (0, 0);
    for index in 0..2000 {
        let mut stream = Stream::new(1, Purpose::Search, index);
        let original = &originals[(stream.bits() % originals.len() as u64) as usize];
        // What is no text any more never reaches the reader.
        let Ok(text) = String::from_utf8(mutated(original, &mut stream)) else {
            continue;
        };
        let Ok(source) = SourceFile::from_text("mutated.xml", text) else {
            continue;
        };
        let start = Instant::now();
        match irrev::sbml::read(source) {
            Ok(model) => {
                read += 1;
                assert!(!irrev::sbml::write(&model).text.is_empty());
            }
            Err(error) => {
                refused += 1;
                assert!(!error.to_string().is_empty());
            }
        }
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "mutation {index} took {:?}",
            start.elapsed()
        );
    }
    assert!(read > 30 && refused > 500, "{read} read, {refused} refused");
}

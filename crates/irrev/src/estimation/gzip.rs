//! Texts compressed with gzip, unpacked with both of their checks.
//!
//! Source: P. Deutsch, RFC 1952 (1996).

use irrev_numerics::Run;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::fault::placeless;
use super::files::MAXIMUM_DATA_BYTES;
use crate::error::{Error, Result};

pub(super) fn is_compressed(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// The content of a file of one member.
///
/// # Errors
/// A file that is cut, damaged, or of several members; more memory than the run allows.
pub(super) fn unpacked(name: &str, bytes: &[u8], run: &Run<'_>) -> Result<Vec<u8>> {
    let damaged = |what: &str| {
        placeless(
            name,
            format!("the file is compressed with gzip and {what}"),
            Some("unpack it with gunzip, and pass what it gives"),
        )
    };
    let start = header(bytes).ok_or_else(|| damaged("ends within its header"))?;
    let Some((packed, end)) = bytes[start..].split_last_chunk::<8>() else {
        return Err(damaged("ends early"));
    };
    let [c0, c1, c2, c3, l0, l1, l2, l3] = *end;
    let length = u32::from_le_bytes([l0, l1, l2, l3]);
    run.require_memory("unpacking the data", u64::from(length).saturating_mul(12))
        .map_err(|error| Error::inference(name, error.into()))?;
    let limit = usize::try_from(MAXIMUM_DATA_BYTES).unwrap_or(usize::MAX);
    let text = decompress_to_vec_with_limit(packed, limit.min(length as usize))
        .map_err(|_| damaged("is damaged, or has several members"))?;
    let sum = u32::from_le_bytes([c0, c1, c2, c3]);
    if text.len() as u32 != length || crc32(&text) != sum {
        return Err(damaged("is damaged: its check sum is another one"));
    }
    Ok(text)
}

/// Where the packed bits begin.
fn header(bytes: &[u8]) -> Option<usize> {
    const FIXED: usize = 10;
    let flags = *bytes.get(3)?;
    let mut at = FIXED;
    if flags & 4 != 0 {
        let extra = u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]);
        at += 2 + usize::from(extra);
    }
    // the name of the file, then a comment, each up to a zero
    for flag in [8, 16] {
        if flags & flag != 0 {
            at += bytes.get(at..)?.iter().position(|byte| *byte == 0)? + 1;
        }
    }
    if flags & 2 != 0 {
        at += 2;
    }
    (at <= bytes.len()).then_some(at)
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut table = [0_u32; 256];
    for (entry, byte) in table.iter_mut().zip(0_u32..) {
        *entry = (0..8).fold(byte, |c, _| {
            if c & 1 == 1 {
                0xedb8_8320 ^ (c >> 1)
            } else {
                c >> 1
            }
        });
    }
    !bytes.iter().fold(!0, |c, byte| {
        table[((c ^ u32::from(*byte)) & 0xff) as usize] ^ (c >> 8)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_sum_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_file_is_unpacked_and_damage_is_seen() {
        let text = b"x,y\n1,2\n".repeat(40);
        let mut file = vec![0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3];
        file.extend(b"name\0");
        file.extend(miniz_oxide::deflate::compress_to_vec(&text, 6));
        file.extend(crc32(&text).to_le_bytes());
        file.extend((text.len() as u32).to_le_bytes());
        assert_eq!(unpacked("x.gz", &file, &Run::default()).unwrap(), text);
        let middle = file.len() - 6;
        file[middle] ^= 1;
        assert!(unpacked("x.gz", &file, &Run::default()).is_err());
        assert!(unpacked("x.gz", &file[..6], &Run::default()).is_err());
    }
}

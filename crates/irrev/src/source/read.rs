//! Opening only what can be read to its end.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;

use super::{SourceError, SourceFile};

/// The path that stands for standard input.
pub const STANDARD_INPUT: &str = "-";

/// How much of a text is read before the answer is an error of category
/// [`OverLimit`](super::ExitCategory::OverLimit).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest file in bytes, checked before it is opened. Default 64 MiB.
    pub file_bytes: u64,
    /// Longest line in bytes, its line end included. Default 1 MiB.
    pub line_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file_bytes: 64 << 20,
            line_bytes: 1 << 20,
        }
    }
}

/// Reads a text file, or standard input where `path` is `-`.
///
/// # Errors
/// [`SourceError`]: the path is missing, forbidden, a link loop or no regular file (category `Unreadable`); the
/// file or a line is too long (`OverLimit`); the content is empty, not UTF-8 or has a NUL byte (`Invalid`).
pub fn read_regular_file(path: &Path, limits: &Limits) -> Result<SourceFile, SourceError> {
    if path.as_os_str() == STANDARD_INPUT {
        return read_standard_input(limits);
    }
    let bytes = read_regular_bytes(path, limits.file_bytes)?;
    // A bare file name has the parent "", which joins as the current folder does.
    let directory = path.parent().map(Path::to_path_buf);
    SourceFile::from_bytes(display_name(path), bytes, directory, limits)
}

/// Reads standard input to its end, under the same limits as a file.
///
/// # Errors
/// As [`read_regular_file`].
pub fn read_standard_input(limits: &Limits) -> Result<SourceFile, SourceError> {
    let name = "standard input".to_owned();
    let bytes = read_to_limit(std::io::stdin().lock(), &name, limits.file_bytes)?;
    SourceFile::from_bytes(name, bytes, None, limits)
}

/// Reads a regular file of at most `limit` bytes as it is.
///
/// # Errors
/// [`SourceError`] of category `Unreadable` or `OverLimit`.
pub fn read_regular_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, SourceError> {
    let name = display_name(path);
    let unreadable = |error: std::io::Error| SourceError::Unreadable {
        name: display_name(path),
        reason: reason(&error),
    };
    // Looked at before opening: opening a named pipe would wait for a writer.
    check_metadata(&std::fs::metadata(path).map_err(unreadable)?, &name, limit)?;
    let file = File::open(path).map_err(unreadable)?;
    // And again after opening, in case the path now leads elsewhere.
    check_metadata(&file.metadata().map_err(unreadable)?, &name, limit)?;
    read_to_limit(file, &name, limit)
}

fn check_metadata(metadata: &Metadata, name: &str, limit: u64) -> Result<(), SourceError> {
    if !metadata.is_file() {
        return Err(SourceError::NotRegular {
            name: name.to_owned(),
            found: kind_of(metadata),
        });
    }
    if metadata.len() > limit {
        return Err(SourceError::TooLarge {
            name: name.to_owned(),
            found: metadata.len(),
            limit,
        });
    }
    Ok(())
}

#[cfg(unix)]
fn kind_of(metadata: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let file_type = metadata.file_type();
    if file_type.is_dir() {
        "a directory"
    } else if file_type.is_fifo() {
        "a named pipe"
    } else if file_type.is_socket() {
        "a socket"
    } else if file_type.is_char_device() || file_type.is_block_device() {
        "a device"
    } else {
        "something else"
    }
}

#[cfg(not(unix))]
fn kind_of(metadata: &Metadata) -> &'static str {
    if metadata.is_dir() {
        "a directory"
    } else {
        "something else"
    }
}

/// Reads to the end; one byte past the limit is an error, however large the source says it is.
fn read_to_limit(source: impl Read, name: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    source
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| SourceError::Unreadable {
            name: name.to_owned(),
            reason: reason(&error),
        })?;
    let found = bytes.len() as u64;
    if found > limit {
        return Err(SourceError::TooLarge {
            name: name.to_owned(),
            found,
            limit,
        });
    }
    Ok(bytes)
}

fn display_name(path: &Path) -> String {
    path.display().to_string()
}

/// The operating system's words without its number in brackets.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

//! Why a file could not be read, and which exit code says so.

/// The three ways in which an input can fail; a command turns each into its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExitCategory {
    /// The input was read and is wrong: exit code 65.
    Invalid,
    /// The input could not be read at all: exit code 66.
    Unreadable,
    /// The input exceeds a named limit: exit code 69.
    OverLimit,
}

impl ExitCategory {
    /// The process exit code: 65, 66 or 69 (the numbers of BSD's `sysexits.h`).
    #[must_use]
    pub fn exit_code(self) -> i32 {
        match self {
            ExitCategory::Invalid => 65,
            ExitCategory::Unreadable => 66,
            ExitCategory::OverLimit => 69,
        }
    }
}

/// A file that could not be turned into text or bytes.
///
/// Every variant names the file; those about the content also name the place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The path does not exist, may not be read, or the reading failed half-way.
    #[error("{name}: cannot read the file: {reason}")]
    Unreadable {
        /// The path as the user gave it.
        name: String,
        /// The operating system's reason.
        reason: String,
    },
    /// The path is something else than a regular file.
    #[error("{name}: not a regular file but {found}; give the path of a file, or - for standard input")]
    NotRegular {
        /// The path as the user gave it.
        name: String,
        /// What stands there: "a directory", "a named pipe" and so on.
        found: &'static str,
    },
    /// The file is larger than [`Limits::file_bytes`](super::Limits::file_bytes).
    #[error("{name}: the file has {found} bytes, more than the limit of {limit} bytes")]
    TooLarge {
        /// The path as the user gave it.
        name: String,
        /// Size found; "at least" this many where the end was not reached.
        found: u64,
        /// The limit that was exceeded.
        limit: u64,
    },
    /// One line is longer than [`Limits::line_bytes`](super::Limits::line_bytes).
    #[error("{name}:{line}: the line has {found} bytes, more than the limit of {limit} bytes")]
    LineTooLong {
        /// The path as the user gave it.
        name: String,
        /// Line number, from 1.
        line: usize,
        /// Length of that line in bytes.
        found: usize,
        /// The limit that was exceeded.
        limit: usize,
    },
    /// The bytes are not UTF-8.
    #[error("{name}:{line}: invalid UTF-8 at byte offset {offset}; {help}")]
    NotUtf8 {
        /// The path as the user gave it.
        name: String,
        /// Line number of the first bad byte, from 1.
        line: usize,
        /// Offset of the first bad byte from the start of the file.
        offset: usize,
        /// What to do about it.
        help: &'static str,
    },
    /// The text has a NUL byte: it is a binary file, or UTF-16 without a byte order mark.
    #[error("{name}:{line}: NUL byte at byte offset {offset}; this is not a text file")]
    NulByte {
        /// The path as the user gave it.
        name: String,
        /// Line number, from 1.
        line: usize,
        /// Offset of the NUL byte from the start of the file.
        offset: usize,
    },
    /// The file has no content.
    #[error("{name}: the file is empty")]
    Empty {
        /// The path as the user gave it.
        name: String,
    },
}

impl SourceError {
    /// Which exit code belongs to this error.
    #[must_use]
    pub fn category(&self) -> ExitCategory {
        match self {
            SourceError::Unreadable { .. } | SourceError::NotRegular { .. } => ExitCategory::Unreadable,
            SourceError::TooLarge { .. } | SourceError::LineTooLong { .. } => ExitCategory::OverLimit,
            SourceError::NotUtf8 { .. } | SourceError::NulByte { .. } | SourceError::Empty { .. } => {
                ExitCategory::Invalid
            }
        }
    }

    /// The name of the file, as given.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            SourceError::Unreadable { name, .. }
            | SourceError::NotRegular { name, .. }
            | SourceError::TooLarge { name, .. }
            | SourceError::LineTooLong { name, .. }
            | SourceError::NotUtf8 { name, .. }
            | SourceError::NulByte { name, .. }
            | SourceError::Empty { name } => name,
        }
    }
}

//! Reading files without surprises: what is opened, how much is read, and where in it something is.
//!
//! A path given by a user may be a directory, a pipe that never answers, a device that never ends, a link to
//! itself, or 10 GB of zeros. [`read_regular_file`] answers each with an error instead of a hang: it reads only
//! regular files (a symbolic link to one is fine), looks at the size before it opens, and checks the text (UTF-8,
//! no NUL bytes, no overlong line) before anybody parses it. `-` is standard input, under the same limits.
//!
//! Conventions: spans are byte offsets into [`SourceFile::text`]; lines and columns count from 1, columns in
//! characters. A UTF-8 byte order mark is accepted and is not part of the text. Line ends may be LF or CRLF.
//!
//! ```
//! use irrev::source::{SourceFile, Span};
//!
//! let file = SourceFile::from_text("model.toml", "irrev = 1\nkind = \"markov\"\n")?;
//! let place = file.line_column(Span::new(10, 14));
//! assert_eq!((place.line, place.column), (2, 1));
//! assert_eq!(file.slice(Span::new(10, 14)), "kind");
//! # Ok::<(), irrev::source::SourceError>(())
//! ```

mod error;
mod read;
mod text;

pub use error::{ExitCategory, SourceError};
pub use read::{Limits, STANDARD_INPUT, read_regular_bytes, read_regular_file, read_standard_input};
pub use text::{LineColumn, SourceFile, Span};

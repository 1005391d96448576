//! A named text whose byte offsets can be turned into lines and columns.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::{Limits, SourceError};

/// A half-open range of byte offsets, `start..end`, into a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`; an `end` before `start` is moved to `start`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Span {
            start,
            end: end.max(start),
        }
    }

    /// The smallest range that covers both.
    #[must_use]
    pub fn union(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The same range moved by `offset` bytes towards the end.
    #[must_use]
    pub fn shifted(self, offset: usize) -> Span {
        Span {
            start: self.start.saturating_add(offset),
            end: self.end.saturating_add(offset),
        }
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether the range covers no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Span::new(range.start, range.end)
    }
}

/// A place as people count it: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LineColumn {
    /// Line number, from 1.
    pub line: usize,
    /// Column number in characters, from 1.
    pub column: usize,
}

/// A checked text with the name under which errors speak of it.
///
/// The text is UTF-8, not empty, without NUL bytes and without a byte order mark. Where it came from a file,
/// [`directory`](Self::directory) is the folder against which relative paths inside it are resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    name: String,
    text: String,
    directory: Option<PathBuf>,
    is_argument: bool,
    line_ends: LineEnds,
}

/// Bytes between two counts of [`LineEnds`].
const BLOCK: usize = 1 << 14;

/// How many lines end before each block of a text; counted when the first place is asked for. No part of what the text is.
#[derive(Clone, Debug, Default)]
struct LineEnds(OnceLock<Vec<usize>>);

impl PartialEq for LineEnds {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for LineEnds {}

impl LineEnds {
    /// How many lines end before this offset. O(1), but for the first call, which reads the whole text.
    fn before(&self, bytes: &[u8], offset: usize) -> usize {
        let counts = self.0.get_or_init(|| {
            let blocks = bytes.chunks(BLOCK).scan(0, |ended, block| {
                let before = *ended;
                *ended += line_ends(block);
                Some(before)
            });
            blocks.collect()
        });
        let block = offset / BLOCK;
        match counts.get(block) {
            Some(before) => before + line_ends(&bytes[block * BLOCK..offset]),
            None => line_ends(&bytes[..offset]),
        }
    }
}

fn line_ends(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte == b'\n').count()
}

impl SourceFile {
    /// A text that did not come from a file, under the limits of [`Limits::default`].
    ///
    /// # Errors
    /// [`SourceError`] if the text is empty, has a NUL byte, or exceeds a limit.
    pub fn from_text(name: impl Into<String>, text: impl Into<String>) -> Result<Self, SourceError> {
        Self::from_bytes(name.into(), text.into().into_bytes(), None, &Limits::default())
    }

    /// Checks bytes read from `name` and keeps them as text.
    pub(crate) fn from_bytes(
        name: String,
        mut bytes: Vec<u8>,
        directory: Option<PathBuf>,
        limits: &Limits,
    ) -> Result<Self, SourceError> {
        const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
        let found = bytes.len() as u64;
        if found > limits.file_bytes {
            return Err(SourceError::TooLarge {
                name,
                found,
                limit: limits.file_bytes,
            });
        }
        let mark = if bytes.starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        bytes.drain(..mark);
        if bytes.is_empty() {
            return Err(SourceError::Empty { name });
        }
        let text = String::from_utf8(bytes).map_err(|error| not_utf8(&name, &error, mark))?;
        if let Some(position) = text.find('\0') {
            let line = line_of(text.as_bytes(), position);
            return Err(SourceError::NulByte {
                name,
                line,
                offset: position + mark,
            });
        }
        if let Some(start) = overlong_line(text.as_bytes(), limits.line_bytes) {
            let found = text[start..]
                .find('\n')
                .map_or(text.len() - start, |length| length + 1);
            let line = line_of(text.as_bytes(), start);
            return Err(SourceError::LineTooLong {
                name,
                line,
                found,
                limit: limits.line_bytes,
            });
        }
        Ok(SourceFile {
            name,
            text,
            directory,
            is_argument: false,
            line_ends: LineEnds::default(),
        })
    }

    /// As [`Self::from_text`], for an argument of a command such as `--set KEY=VALUE`, which is one line: errors name it, and no line and column in it.
    ///
    /// # Errors
    /// As [`Self::from_text`].
    pub(crate) fn from_argument(
        name: impl Into<String>,
        text: impl Into<String>,
    ) -> Result<Self, SourceError> {
        Ok(Self {
            is_argument: true,
            ..Self::from_text(name, text)?
        })
    }

    /// Whether it is an argument of a command.
    pub(crate) fn is_argument(&self) -> bool {
        self.is_argument
    }

    /// The name under which errors speak of this text: the path as given, or `standard input`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The folder of the file; `None` for standard input and for texts that were never a file.
    #[must_use]
    pub fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// The same text with another folder for relative paths.
    #[must_use]
    pub fn with_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// Line and column of the start of `span`; a place past the end counts as the end of the last line.
    ///
    /// O(length of the line), but for the first call, which counts the lines of the text; no memory for texts without errors.
    #[must_use]
    pub fn line_column(&self, span: Span) -> LineColumn {
        let start = self.place_in_line(span.start);
        let line_start = self.line_start(start);
        LineColumn {
            line: self.line_ends.before(self.text.as_bytes(), start) + 1,
            column: self.text[line_start..start].chars().count() + 1,
        }
    }

    /// Byte range of the line in which `span` starts, without its line end.
    #[must_use]
    pub fn line_at(&self, span: Span) -> Span {
        let start = self.place_in_line(span.start);
        let line_start = self.line_start(start);
        let length = self.text[line_start..].lines().next().map_or(0, str::len);
        Span::new(line_start, line_start + length)
    }

    /// Byte range of every line, without its line end; a newline at the very end opens no further line.
    pub fn lines(&self) -> impl Iterator<Item = Span> + '_ {
        let mut next = 0;
        self.text.split_inclusive('\n').map(move |line| {
            let start = next;
            next += line.len();
            Span::new(start, start + line.trim_end_matches(['\n', '\r']).len())
        })
    }

    fn line_start(&self, offset: usize) -> usize {
        self.text[..offset].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// The offset on a whole character; the end of the text is on its last line even after a newline.
    fn place_in_line(&self, offset: usize) -> usize {
        let offset = self.floor_boundary(offset);
        let is_past_last_line = offset == self.text.len() && self.text.ends_with('\n');
        if is_past_last_line { offset - 1 } else { offset }
    }

    /// The piece of text under `span`, cut to the text and to whole characters.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        let start = self.floor_boundary(span.start);
        &self.text[start..self.floor_boundary(span.end).max(start)]
    }

    fn floor_boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

fn line_of(bytes: &[u8], offset: usize) -> usize {
    line_ends(&bytes[..offset.min(bytes.len())]) + 1
}

/// Start of the first line of more than `limit` bytes. Looks from one line end to the last one within reach, so
/// it reads few bytes of a text whose lines are short.
fn overlong_line(bytes: &[u8], limit: usize) -> Option<usize> {
    let mut start = 0;
    while bytes.len() - start > limit {
        match bytes[start..start + limit]
            .iter()
            .rposition(|byte| *byte == b'\n')
        {
            Some(newline) => start += newline + 1,
            None => return Some(start),
        }
    }
    None
}

fn not_utf8(name: &str, error: &std::string::FromUtf8Error, mark: usize) -> SourceError {
    let bytes = error.as_bytes();
    let position = error.utf8_error().valid_up_to();
    let help = if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        "the file looks like UTF-16; save it as UTF-8"
    } else {
        "save the file as UTF-8"
    };
    let line = line_of(bytes, position);
    SourceError::NotUtf8 {
        name: name.to_owned(),
        line,
        offset: position + mark,
        help,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_survive_crlf() {
        let file = SourceFile::from_text("f", "α = 1\r\nβγ = 2\r\n").unwrap();
        let place = file.line_column(Span::new(12, 13));
        assert_eq!((place.line, place.column), (2, 3));
        assert_eq!(file.slice(file.line_at(Span::new(12, 13))), "βγ = 2");
        let lines: Vec<&str> = file.lines().map(|line| file.slice(line)).collect();
        assert_eq!(lines, ["α = 1", "βγ = 2"]);
    }

    #[test]
    fn lines_are_counted_across_blocks() {
        let text = "ab\n".repeat(BLOCK);
        let file = SourceFile::from_text("f", text).unwrap();
        for line in [1, 2, BLOCK / 3, BLOCK / 3 + 1, BLOCK] {
            let place = file.line_column(Span::new(3 * (line - 1), 3 * line));
            assert_eq!((place.line, place.column), (line, 1));
        }
    }

    #[test]
    fn places_past_the_end_are_the_end() {
        let file = SourceFile::from_text("f", "ab\n").unwrap();
        assert_eq!(
            file.line_column(Span::new(99, 100)),
            LineColumn { line: 1, column: 3 }
        );
        assert_eq!(file.slice(Span::new(1, 99)), "b\n");
        assert_eq!(file.line_at(Span::new(99, 99)), Span::new(0, 2));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        let file = SourceFile::from_bytes(
            "f".into(),
            b"\xEF\xBB\xBFx = 1".to_vec(),
            None,
            &Limits::default(),
        );
        assert_eq!(file.unwrap().text(), "x = 1");
    }

    #[test]
    fn offsets_of_bad_bytes_count_the_byte_order_mark() {
        let error = SourceFile::from_bytes(
            "f".into(),
            b"\xEF\xBB\xBFa\n\xFF".to_vec(),
            None,
            &Limits::default(),
        );
        assert!(matches!(
            error,
            Err(SourceError::NotUtf8 {
                line: 2,
                offset: 5,
                ..
            })
        ));
    }

    #[test]
    fn each_limit_is_its_own_error() {
        let limits = Limits {
            file_bytes: 10,
            line_bytes: 4,
        };
        let read = |text: &str| SourceFile::from_bytes("f".into(), text.into(), None, &limits);
        assert!(matches!(
            read("01234567890"),
            Err(SourceError::TooLarge { found: 11, .. })
        ));
        assert!(matches!(
            read("a\nbcdef"),
            Err(SourceError::LineTooLong {
                line: 2,
                found: 5,
                ..
            })
        ));
        assert!(read("abc\nabcd").is_ok() && read("a\n\nabc\nabc").is_ok());
        assert!(matches!(
            read("a\nbcd\n\nabcd\n"),
            Err(SourceError::TooLarge { .. })
        ));
        assert!(matches!(read(""), Err(SourceError::Empty { .. })));
        assert!(matches!(
            read("a\n\0"),
            Err(SourceError::NulByte {
                line: 2,
                offset: 2,
                ..
            })
        ));
    }
}

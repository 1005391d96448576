//! The lines of a text, one after the other, in constant memory.

use std::fs::File;
use std::io::Read;
use std::ops::Range;

use super::fault::{grouped, over_limit, unreadable};
use crate::error::Result;

/// Longest line that is read.
const LONGEST_LINE: usize = 64 << 20;

/// Bytes read at once.
const BUFFER: usize = 1 << 20;

/// Lines of a file; each is handed out as a range of [`Self::bytes`].
pub(super) struct Lines {
    file: String,
    source: File,
    length: u64,
    read: u64,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    line: u64,
}

impl Lines {
    pub(super) fn new(file: &str, source: File, length: u64) -> Self {
        Self {
            file: file.to_owned(),
            source,
            length,
            read: 0,
            buffer: vec![0; BUFFER],
            start: 0,
            end: 0,
            line: 0,
        }
    }

    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// Number of the line that was handed out last, from 1.
    pub(super) fn number(&self) -> u64 {
        self.line
    }

    /// Bytes of the file before the next line.
    pub(super) fn offset(&self) -> u64 {
        self.read - (self.end - self.start) as u64
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn done(&self) -> f64 {
        self.offset() as f64 / self.length.max(1) as f64
    }

    pub(super) fn bytes(&self, line: Range<usize>) -> &[u8] {
        &self.buffer[line]
    }

    /// The next line, without white space at its ends; also one without a line end before the end of the file.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<Range<usize>>> {
        let mut looked = self.start;
        loop {
            if let Some(found) = memchr::memchr(b'\n', &self.buffer[looked..self.end]) {
                let line = self.start..looked + found;
                self.start = line.end + 1;
                self.line += 1;
                return Ok(Some(self.trimmed(line)));
            }
            let waiting = self.end - self.start;
            if self.more()? == 0 {
                if waiting == 0 {
                    return Ok(None);
                }
                let line = self.start..self.end;
                self.start = self.end;
                self.line += 1;
                return Ok(Some(self.trimmed(line)));
            }
            looked = self.start + waiting;
        }
    }

    fn trimmed(&self, line: Range<usize>) -> Range<usize> {
        let bytes = &self.buffer[line.clone()];
        let front = bytes.len() - bytes.trim_ascii_start().len();
        let length = bytes.trim_ascii().len();
        // a byte order mark stands at the beginning of the file only
        let mark = usize::from(self.line == 1 && bytes.starts_with(b"\xEF\xBB\xBF")) * 3;
        let start = line.start + front + mark;
        start..(line.start + front + length).max(start)
    }

    /// Reads on; 0 at the end of the file.
    fn more(&mut self) -> Result<usize> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end == self.buffer.len() {
            if self.end >= LONGEST_LINE {
                let message = format!(
                    "line {} has more than {} bytes, the limit of a line",
                    grouped(self.line + 1),
                    grouped(LONGEST_LINE as u64)
                );
                return Err(over_limit(
                    &self.file,
                    message,
                    Some("is this a text with one frame in each line?"),
                ));
            }
            self.buffer.resize(2 * self.end, 0);
        }
        let got = loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other.map_err(|error| unreadable(&self.file, &error))?,
            }
        };
        self.end += got;
        self.read += got as u64;
        Ok(got)
    }
}

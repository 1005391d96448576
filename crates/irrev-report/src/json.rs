//! The result document: `"schema": "irrev.result/1"` and the report's fields.
//!
//! Lossless: finite numbers read back to the same bits, infinities and NaN stand as `"infinity"`,
//! `"-infinity"` and `"nan"`. Objects are indented; lists of numbers stay on one line.

use crate::{Error, Report, Result, RunLog, SCHEMA};
use serde::{Deserialize, Serialize};
use serde_json::ser::Formatter;
use std::io::{self, Write};

/// Schema of the run log.
const RUN_LOG_SCHEMA: &str = "irrev.run-log/1";

#[derive(Serialize)]
struct Document<'a, T> {
    schema: &'a str,
    #[serde(flatten)]
    content: &'a T,
}

#[derive(Deserialize)]
struct Header {
    schema: Option<serde_json::Value>,
}

impl Report {
    /// The result document as indented JSON, ending in a line feed.
    ///
    /// # Errors
    ///
    /// What [`Report::validate`] finds.
    pub fn to_json(&self) -> Result<String> {
        self.validate()?;
        document(SCHEMA, self)
    }

    /// Reads a result document back; unknown fields are ignored, so that later versions may add some.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] if the text is not JSON or lacks a field, [`Error::Schema`] if it is another kind of
    /// document or a later format, and what [`Report::validate`] finds.
    pub fn from_json(text: &str) -> Result<Self> {
        let header: Header = serde_json::from_str(text)?;
        match header.schema {
            Some(serde_json::Value::String(schema)) if schema == SCHEMA => {}
            found => {
                let found = found.map_or_else(|| "missing".to_owned(), |value| value.to_string());
                return Err(Error::Schema { found });
            }
        }
        let report: Self = serde_json::from_str(text)?;
        report.validate()?;
        Ok(report)
    }
}

impl RunLog {
    /// The run log as indented JSON, ending in a line feed.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] if a value cannot be written.
    pub fn to_json(&self) -> Result<String> {
        document(RUN_LOG_SCHEMA, self)
    }
}

fn document<T: Serialize>(schema: &str, content: &T) -> Result<String> {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Indented::default());
    Document { schema, content }.serialize(&mut serializer)?;
    bytes.push(b'\n');
    // serde_json writes UTF-8 only, so nothing is ever replaced here.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Indents objects by two spaces and leaves lists on one line.
#[derive(Default)]
struct Indented {
    depth: usize,
    /// Whether the innermost open object has members.
    has_members: bool,
}

impl Indented {
    fn new_line<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for Indented {
    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.has_members = false;
        writer.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        self.new_line(writer)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.has_members = true;
        Ok(())
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.has_members {
            self.new_line(writer)?;
        }
        writer.write_all(b"}")
    }
}

//! Errors of trajectories, in the form that errors of model files have: file, place, what was found and what was expected.

use crate::error::Error;
use crate::model::diagnostic::{Diagnostic, Fault};
use crate::model::{ModelError, Severity};
use crate::source::{ExitCategory, SourceError, SourceFile, Span};

/// Code of a file of trajectories with a fault.
const TRAJECTORY: &str = "IRV0142";

/// A fault of a file as a whole, or at a place that the message names.
pub(super) fn fault(file: &str, message: impl Into<String>, help: Option<&str>) -> Error {
    of_category(ExitCategory::Invalid, file, message.into(), help)
}

/// More than is read at all.
pub(super) fn over_limit(file: &str, message: impl Into<String>, help: Option<&str>) -> Error {
    of_category(ExitCategory::OverLimit, file, message.into(), help)
}

fn of_category(category: ExitCategory, file: &str, message: String, help: Option<&str>) -> Error {
    let diagnostic = Diagnostic {
        severity: Severity::Error,
        code: TRAJECTORY,
        file: file.to_owned(),
        message,
        label: String::new(),
        is_argument: false,
        place: None,
        help: help.map(str::to_owned),
    };
    ModelError::single(category, diagnostic).into()
}

/// A fault in some bytes of one line of a text, which is shown.
pub(super) fn at(
    file: &str,
    (line, number): (&[u8], u64),
    span: std::ops::Range<usize>,
    message: String,
    help: Option<&str>,
) -> Error {
    // an excerpt needs text: what is none is replaced, and places behind it may shift
    let text = String::from_utf8_lossy(line).replace('\0', "\u{fffd}");
    let whole = |mut offset: usize| {
        offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let span = Span::new(whole(span.start), whole(span.end));
    let Ok(source) = SourceFile::from_text(file, text.clone()) else {
        return fault(file, format!("line {number}: {message}"), help);
    };
    let mut found = Fault::error(TRAJECTORY, span, message);
    if let Some(help) = help {
        found = found.help(help);
    }
    let mut diagnostic = found.in_file(&source);
    if let Some(place) = &mut diagnostic.place {
        place.line = usize::try_from(number).unwrap_or(usize::MAX);
    }
    ModelError::single(ExitCategory::Invalid, diagnostic).into()
}

/// What the operating system answered while a file was read.
pub(super) fn unreadable(file: &str, error: &std::io::Error) -> Error {
    let reason = match error.kind() {
        std::io::ErrorKind::UnexpectedEof => "it ended early; was it cut or changed meanwhile?".to_owned(),
        _ => error.to_string(),
    };
    let name = file.to_owned();
    Error::Model(SourceError::Unreadable { name, reason }.into())
}

/// A piece of a file as it is shown in a message: in quotes, not too long, without control characters.
pub(super) fn shown(bytes: &[u8]) -> String {
    const LONGEST: usize = 40;
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim();
    let cut: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    let more = if text.chars().nth(LONGEST).is_some() {
        "…"
    } else {
        ""
    };
    format!("`{cut}{more}`")
}

/// A number of frames or bytes with commas between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count and a noun, which takes an s unless there is one of it; `y` becomes `ies`.
pub(super) fn counted(number: u64, noun: &str) -> String {
    match (number, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{} {stem}ies", grouped(number)),
        (_, None) => format!("{} {noun}s", grouped(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_pieces_are_shown_for_people() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(
            (counted(1, "trajectory"), counted(1000, "trajectory")),
            ("1 trajectory".into(), "1,000 trajectories".into())
        );
        assert_eq!(shown(b" a\x07b "), "`a\\u{7}b`");
        assert!(shown(&[b'x'; 100]).ends_with("…`"));
    }

    #[test]
    fn a_place_in_a_line_that_is_no_text_is_still_a_place() {
        let error = at("f.csv", (b"1,\xff\0,2", 7), 2..4, "found".into(), None).to_string();
        assert!(error.starts_with("f.csv:7:3: error[IRV0142]: found"), "{error}");
    }
}

//! Errors of data files, in the form that errors of model files have: file, place, what was found and what was expected.

use crate::error::Error;
use crate::model::diagnostic::{Diagnostic, Fault};
use crate::model::{ModelError, Severity};
use crate::source::{ExitCategory, SourceFile, Span};

/// Code of a data file with a fault.
const DATA: &str = "IRV0143";

/// A fault at a place of a text.
pub(super) fn at(source: &SourceFile, span: Span, message: String, help: Option<&str>) -> Error {
    let mut fault = Fault::error(DATA, span, message);
    if let Some(help) = help {
        fault = fault.help(help);
    }
    ModelError::single(ExitCategory::Invalid, fault.in_file(source)).into()
}

/// A fault of a file as a whole, or of one without lines.
pub(super) fn placeless(file: &str, message: impl Into<String>, help: Option<&str>) -> Error {
    let diagnostic = Diagnostic {
        severity: Severity::Error,
        code: DATA,
        file: file.to_owned(),
        message: message.into(),
        label: String::new(),
        is_argument: false,
        place: None,
        help: help.map(str::to_owned),
    };
    ModelError::single(ExitCategory::Invalid, diagnostic).into()
}

/// A count and a noun, which takes an s unless there is one of it; `y` becomes `ies`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    match (number, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {noun}s"),
    }
}

//! Errors with their place in the file, of what is wrong only once all numbers are known.

use super::super::diagnostic::{Fault, ModelError, code};
use super::super::keyed::Values;
use super::Quantum;
use crate::source::{ExitCategory, Span};

/// An error about what stands under a key, or in its table if nothing is written there.
pub(super) fn failure_at(spec: &Quantum, reader: &Values<'_>, key: &str, message: &str) -> ModelError {
    let spans = &spec.spans;
    let table = match key.split('.').next() {
        Some("lattice") => spans.lattice,
        Some("system") => spans.system,
        Some("contact") => spans.contact,
        _ => spans.bath,
    };
    match reader.fault_at(key, message) {
        Some(diagnostic) => ModelError::single(ExitCategory::Invalid, diagnostic),
        None => failure(spec, table, code::BAD_VALUE, message.to_owned()),
    }
}

/// Where the first pair is written that is refused by itself; the table if none is, or none is written.
pub(super) fn refused(
    pairs: &[(usize, usize)],
    spans: &[Span],
    table: Span,
    is_refused: impl Fn(&(usize, usize)) -> bool,
) -> Span {
    let place = pairs.iter().position(is_refused);
    place.and_then(|place| spans.get(place)).copied().unwrap_or(table)
}

/// An error about a table as a whole.
pub(super) fn failure(spec: &Quantum, span: Span, code: &'static str, message: String) -> ModelError {
    let fault = Fault::error(code, span, message);
    ModelError::single(ExitCategory::Invalid, fault.in_file(&spec.source))
}

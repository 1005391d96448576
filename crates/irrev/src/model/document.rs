//! From text to TOML values with their places.
//!
//! The text is scanned once before it is parsed: the parser's memory grows with the number of values and its stack
//! with their nesting, so both are limited first.

use toml::de::DeTable;

use super::diagnostic::{Fault, Findings, code};
use crate::source::{SourceFile, Span};

/// How deep arrays, tables and dotted keys may nest.
pub const MAXIMUM_NESTING: usize = 64;

/// How many keys and array elements a model file may have; larger models keep their rates in a matrix file.
pub const MAXIMUM_VALUES: usize = 500_000;

/// How many pieces (brackets, signs, strings, comments, spaces, line ends) a model file may have. The parser keeps
/// some 60 bytes for each.
pub const MAXIMUM_PIECES: usize = 6_000_000;

/// Why a text was not parsed.
pub(super) enum Refusal {
    /// Too many values: over a limit, not wrong.
    TooManyValues(Fault),
    /// Everything else is among the findings.
    Invalid,
}

/// Parses the text of a model file; faults of syntax are added to `findings`.
pub(super) fn parsed<'a>(source: &'a SourceFile, findings: &Findings) -> Result<DeTable<'a>, Refusal> {
    match outline(source.text()) {
        Outline::Sound => {}
        Outline::TooDeep(position) => {
            let message = format!("nested deeper than {MAXIMUM_NESTING} levels");
            findings.add(Fault::error(
                code::NESTING,
                Span::new(position, position + 1),
                message,
            ));
            return Err(Refusal::Invalid);
        }
        Outline::TooMany(position) => {
            let message = format!(
                "the file has more than {MAXIMUM_VALUES} keys and array elements, or is mostly space"
            );
            let fault = Fault::error(code::OVER_LIMIT, Span::new(position, position + 1), message);
            return Err(Refusal::TooManyValues(
                fault.help("put the rates into a file and name it in [matrix]"),
            ));
        }
    }
    let (table, errors) = DeTable::parse_recoverable(source.text());
    for error in &errors {
        findings.add(syntax_fault(source, error));
    }
    if errors.is_empty() {
        Ok(table.into_inner())
    } else {
        Err(Refusal::Invalid)
    }
}

fn syntax_fault(source: &SourceFile, error: &toml::de::Error) -> Fault {
    let end = source.text().len();
    let span = error.span().map_or(Span::new(end, end), Span::from);
    let written = source.slice(span);
    match error.message() {
        "duplicate key" => Fault::error(code::DUPLICATE_KEY, span, format!("duplicate key `{written}`"))
            .help("each key stands once; several [[tables]] of one name make a list"),
        message => {
            let fault = Fault::error(code::SYNTAX, span, format!("not TOML: {message}"));
            match message.contains("unquoted key") {
                true => fault.help("keys of other than ASCII letters, digits, `-` and `_` stand in quotes"),
                false => fault,
            }
        }
    }
}

enum Outline {
    Sound,
    TooDeep(usize),
    TooMany(usize),
}

/// Follows brackets, dots and strings through the text without understanding it otherwise.
fn outline(text: &str) -> Outline {
    let bytes = text.as_bytes();
    // Dots of the current key per open bracket, the outermost (no bracket) first.
    let mut dots: Vec<usize> = vec![0];
    let mut depth = 0;
    let (mut values, mut pieces) = (0, 0);
    let mut position = 0;
    while let Some(&byte) = bytes.get(position) {
        let start = position;
        position += 1;
        match byte {
            b'#' => position = line_end(bytes, position),
            b'"' | b'\'' => position = string_end(bytes, start),
            b'[' | b'{' => {
                dots.push(0);
                depth += 1;
            }
            b']' | b'}' if dots.len() > 1 => depth -= 1 + dots.pop().unwrap_or(0),
            b'.' => {
                *last(&mut dots) += 1;
                depth += 1;
            }
            // The dots before `=` stay in force: what the value opens lies below the whole key.
            b'=' => values += 1,
            b',' | b'\n' => {
                depth -= std::mem::take(last(&mut dots));
                values += usize::from(byte == b',');
            }
            _ => {}
        }
        if depth > MAXIMUM_NESTING {
            return Outline::TooDeep(start);
        }
        let continues_space = byte == b' ' && start > 0 && bytes[start - 1] == b' ';
        pieces += usize::from(!byte.is_ascii_alphanumeric() && !continues_space);
        if values > MAXIMUM_VALUES || pieces > MAXIMUM_PIECES {
            return Outline::TooMany(start);
        }
    }
    Outline::Sound
}

/// The dots of the innermost bracket; the list is never empty.
fn last(dots: &mut Vec<usize>) -> &mut usize {
    if dots.is_empty() {
        dots.push(0);
    }
    let index = dots.len() - 1;
    &mut dots[index]
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..]
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(bytes.len(), |length| from + length)
}

/// The offset after a string that begins at `start`; an unclosed one ends where its line, or the text, does.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let is_long = bytes[start..].starts_with(&[quote; 3]);
    let mut position = start + if is_long { 3 } else { 1 };
    while let Some(&byte) = bytes.get(position) {
        if byte == b'\\' && quote == b'"' {
            position += 2;
        } else if byte == quote && !is_long {
            return position + 1;
        } else if byte == quote && bytes[position..].starts_with(&[quote; 3]) {
            return position + 3;
        } else if byte == b'\n' && !is_long {
            return position;
        } else {
            position += 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn too_deep(text: &str) -> bool {
        matches!(outline(text), Outline::TooDeep(_))
    }

    #[test]
    fn depth_counts_brackets_and_dots_outside_strings() {
        assert!(!too_deep(&format!("a = {}1{}", "[".repeat(64), "]".repeat(64))));
        assert!(too_deep(&format!("a = {}", "[".repeat(65))));
        assert!(too_deep(&"[".repeat(100_000)));
        assert!(too_deep(&format!("a{} = 1", ".a".repeat(65))));
        assert!(too_deep(&"{a.b.c=".repeat(22)));
        let quoted = "[".repeat(100);
        for text in [
            format!("a = \"{quoted}\""),
            format!("a = '''{quoted}\n{quoted}'''"),
            format!("a = 1 # {quoted}"),
        ] {
            assert!(!too_deep(&text), "{text}");
        }
        assert!(!too_deep(&"a.b = 1.5\n".repeat(1000)));
        assert!(!too_deep(&"a = [1.5, 2.5]\n[b.c]\n".repeat(1000)));
    }

    #[test]
    fn values_are_counted() {
        assert!(matches!(
            outline(&"1,".repeat(MAXIMUM_VALUES + 1)),
            Outline::TooMany(_)
        ));
        assert!(matches!(outline(&"1,".repeat(MAXIMUM_VALUES)), Outline::Sound));
    }

    #[test]
    fn unclosed_strings_and_brackets_are_left_to_the_parser() {
        for text in ["a = \"", "a = '''", "]]]]", "a = \"\\", "}", "a = [\n1"] {
            assert!(matches!(outline(text), Outline::Sound), "{text}");
        }
    }
}

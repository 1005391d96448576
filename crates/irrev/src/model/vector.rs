//! Lists of numbers in files: NumPy's `.npy`, or text with commas and line ends between them.

use std::path::Path;

use super::diagnostic::{Diagnostic, Fault, ModelError, code};
use super::matrix::{MAXIMUM_MATRIX_BYTES, Unusable, named_path, placeless};
use super::npy;
use super::reader::Item;
use crate::source::{ExitCategory, Limits, SourceFile, Span, read_regular_bytes, read_regular_file};

/// Reads a list of numbers from a file that ends in `.npy` or `.csv`.
///
/// Text holds the numbers with commas, spaces or line ends between them; lines that begin with `#` are comments. NaN and infinities are read as what they
/// are: the caller knows what the numbers mean.
///
/// # Errors
/// A file that cannot be read, or a word that is no number, with its line and column.
pub(crate) fn numbers(path: &Path) -> Result<Vec<f64>, ModelError> {
    Ok(content(path)?)
}

/// As [`numbers`], from a file that a model names, or nothing if the findings say why there are none.
///
/// # Errors
/// As [`numbers`]; a file that cannot be read is told at the place where the model names it.
pub(super) fn named_numbers(item: &Item, file: &str) -> Result<Option<Vec<f64>>, ModelError> {
    let Some(path) = named_path(item, file) else {
        return Ok(None);
    };
    content(&path).map(Some).map_err(|fault| fault.named_by(item))
}

fn content(path: &Path) -> Result<Vec<f64>, Unusable> {
    let is_array = path
        .extension()
        .is_some_and(|e| e.to_string_lossy().eq_ignore_ascii_case("npy"));
    if is_array {
        let bytes = read_regular_bytes(path, MAXIMUM_MATRIX_BYTES)?;
        return npy::vector(&bytes).map_err(|message| placeless(&path.display().to_string(), message).into());
    }
    let limits = Limits {
        file_bytes: MAXIMUM_MATRIX_BYTES,
        ..Limits::default()
    };
    let source = read_regular_file(path, &limits)?;
    words(&source).map_err(|diagnostic| ModelError::single(ExitCategory::Invalid, *diagnostic).into())
}

fn words(source: &SourceFile) -> Result<Vec<f64>, Box<Diagnostic>> {
    let mut numbers = Vec::new();
    for line in source.lines() {
        let text = source.slice(line);
        if text.trim_start().starts_with('#') {
            continue;
        }
        let mut start = line.start;
        for word in text.split([',', ';', ' ', '\t', '\r', '\n']) {
            let span = Span::new(start, start + word.len());
            start += word.len() + 1;
            if word.is_empty() {
                continue;
            }
            let Ok(number) = word.parse() else {
                let message = format!("`{}` is not a number", word.escape_debug());
                return Err(Box::new(
                    Fault::error(code::MATRIX, span, message).in_file(source),
                ));
            };
            numbers.push(number);
        }
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_and_lines_part_the_numbers() {
        let source = SourceFile::from_text("p.csv", "# p\n0.25, 5e-1\n0.25\n").unwrap();
        assert_eq!(words(&source).unwrap(), [0.25, 0.5, 0.25]);
        let wrong = SourceFile::from_text("p.csv", "0.5\n0.2, half\n").unwrap();
        let place = words(&wrong).unwrap_err().place.unwrap();
        assert_eq!((place.line, place.column), (2, 6));
    }
}

//! Square matrices as comma-separated text.
//!
//! One row per line; cells may be quoted; lines that begin with `#` are comments. A first row of names, one more
//! row than the matrix has, is a header.

use super::diagnostic::{Diagnostic, Fault, code};
use super::reader::shortened;
use crate::source::{SourceFile, Span};

/// A matrix with the text it came from, so that each entry has a place.
pub(super) struct Text {
    pub(super) size: usize,
    /// Row by row.
    pub(super) values: Vec<f64>,
    pub(super) header: Option<Vec<String>>,
    source: SourceFile,
    /// The line of each row.
    lines: Vec<Span>,
}

impl Text {
    /// Where an entry is written.
    pub(super) fn place(&self, row: usize, column: usize) -> Span {
        let line = self.lines.get(row).copied().unwrap_or_default();
        cells(&self.source, line).get(column).copied().unwrap_or(line)
    }

    pub(super) fn source(&self) -> &SourceFile {
        &self.source
    }
}

/// The cells of a line, without the spaces and quotes around them.
fn cells(source: &SourceFile, line: Span) -> Vec<Span> {
    let text = source.slice(line);
    let mut cells = Vec::new();
    let (mut start, mut is_quoted) = (0, false);
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => {
                cells.push(trimmed(text, start, offset).shifted(line.start));
                start = offset + 1;
            }
            _ => {}
        }
    }
    cells.push(trimmed(text, start, text.len()).shifted(line.start));
    cells
}

fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let cell = &text[start..end];
    let start = start + (cell.len() - cell.trim_start().len());
    let cell = cell.trim();
    match cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')) {
        Some(inside) => Span::new(start + 1, start + 1 + inside.len()),
        None => Span::new(start, start + cell.len()),
    }
}

/// Reads a square matrix of at most `largest` rows.
pub(super) fn square_matrix(source: SourceFile, largest: usize) -> Result<Text, Box<Diagnostic>> {
    let fault =
        |span: Span, message: String| Box::new(Fault::error(code::MATRIX, span, message).in_file(&source));
    let is_row = |line: &Span| {
        let text = source.slice(*line).trim_start();
        !text.is_empty() && !text.starts_with('#')
    };
    let mut rows = source.lines().filter(is_row);
    let Some(first) = rows.next() else {
        return Err(fault(
            Span::default(),
            "the file has no rows of numbers".to_owned(),
        ));
    };
    let first_cells = cells(&source, first);
    let columns = first_cells.len();
    let mut values = Vec::new();
    let mut lines = Vec::new();
    for line in rows {
        let row = lines.len() + 2;
        if row > largest + 1 {
            return Err(fault(line, format!("the matrix has more than {largest} rows")));
        }
        let cells = cells(&source, line);
        if cells.len() != columns {
            let message = format!(
                "row {row} has {} cells, expected {columns} as in the first",
                cells.len()
            );
            return Err(fault(line, message));
        }
        for (column, cell) in cells.into_iter().enumerate() {
            let text = source.slice(cell);
            values.push(number(text).ok_or_else(|| fault(cell, not_a_number(row, column, text)))?);
        }
        lines.push(line);
    }
    let numbers: Vec<Option<f64>> = first_cells
        .iter()
        .map(|cell| number(source.slice(*cell)))
        .collect();
    let bad = numbers.iter().position(Option::is_none);
    let is_header = lines.len() == columns && bad.is_some();
    if !is_header {
        if let Some(column) = bad {
            let cell = first_cells[column];
            return Err(fault(cell, not_a_number(1, column, source.slice(cell))));
        }
        values.splice(0..0, numbers.into_iter().flatten());
        lines.insert(0, first);
    }
    let size = lines.len();
    if size != columns {
        return Err(fault(
            first,
            format!("the matrix has {size} rows and {columns} columns, expected a square one"),
        ));
    }
    let header = is_header.then(|| {
        first_cells
            .iter()
            .map(|cell| source.slice(*cell).to_owned())
            .collect()
    });
    Ok(Text {
        size,
        values,
        header,
        source,
        lines,
    })
}

fn number(cell: &str) -> Option<f64> {
    cell.parse().ok().filter(|value: &f64| value.is_finite())
}

fn not_a_number(row: usize, column: usize, cell: &str) -> String {
    format!(
        "row {row}, column {}: {} is not a finite number",
        column + 1,
        shortened(cell)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Text, Box<Diagnostic>> {
        square_matrix(SourceFile::from_text("w.csv", text).unwrap(), 3)
    }

    #[test]
    fn headers_comments_quotes_and_spaces_are_understood() {
        let matrix = read("# rates\n\"a\", \"b, c\"\n 1 ,2\n\n3, \"4\"\n").unwrap();
        assert_eq!(
            (matrix.size, matrix.values.as_slice()),
            (2, [1.0, 2.0, 3.0, 4.0].as_slice())
        );
        assert_eq!(matrix.header, Some(vec!["a".to_owned(), "b, c".to_owned()]));
        assert_eq!(matrix.source().slice(matrix.place(0, 1)), "2");
        assert_eq!(matrix.source().slice(matrix.place(1, 0)), "3");
        assert_eq!(read("7").unwrap().values, [7.0]);
    }

    #[test]
    fn every_mistake_names_its_place() {
        for (text, line, column, message) in [
            ("1,2\n3\n", 2, 1, "row 2 has 1 cells, expected 2"),
            ("1,2\n3,4\n5,6\n", 1, 1, "3 rows and 2 columns"),
            ("1,x\n3,4\n", 1, 3, "row 1, column 2: `x`"),
            ("1,2\n3, nan\n", 2, 4, "row 2, column 2: `nan`"),
            ("0\n0\n0\n0\n0\n", 5, 1, "more than 3 rows"),
            ("# nothing\n", 1, 1, "no rows"),
        ] {
            let Err(diagnostic) = read(text) else {
                panic!("{text} was accepted")
            };
            let place = diagnostic.place.unwrap();
            assert!(diagnostic.message.contains(message), "{}", diagnostic.message);
            assert_eq!((place.line, place.column), (line, column), "{text}");
        }
    }
}

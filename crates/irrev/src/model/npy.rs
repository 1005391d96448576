//! Square matrices, tables and lists of numbers in NumPy's `.npy` format, versions 1 to 3: real or integer, C or Fortran order.
//!
//! The header is a Python literal. Only its plain form is understood, the one that NumPy writes: a dictionary of
//! `descr`, `fortran_order` and `shape`. Nothing is ever evaluated, and arrays of objects, which hold pickled code,
//! are refused. The size is checked against the header before anything is allocated.
//!
//! Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays".

/// The shape and values of a matrix.
#[derive(Debug)]
pub(super) struct Array {
    pub(super) size: usize,
    /// Row by row.
    pub(super) values: Vec<f64>,
}

/// The bytes every file begins with.
pub(crate) const MAGIC: &[u8] = b"\x93NUMPY";

/// Longest header that is read; NumPy itself writes about 118 bytes for a plain array.
pub(crate) const LONGEST_HEADER: usize = 65_536;

/// Reads a square matrix of at most `largest` rows.
pub(super) fn square_matrix(bytes: &[u8], largest: usize) -> Result<Array, String> {
    let (header, data) = split(bytes)?;
    let header = Header::parse(header)?;
    let size = match header.shape.as_slice() {
        [rows, columns] if rows == columns => *rows,
        shape => return Err(format!("the array has shape {shape:?}, expected a square matrix")),
    };
    let size = usize::try_from(size)
        .ok()
        .filter(|size| *size <= largest)
        .ok_or_else(|| format!("the matrix has {size} rows, more than the limit of {largest}"))?;
    let element = Element::of(&header.descr)?;
    // The limit on rows keeps the product far from overflow.
    let expected = size * size * element.width;
    if data.len() != expected {
        return Err(format!(
            "{} bytes follow the header, expected {expected} for a {size} × {size} matrix",
            data.len()
        ));
    }
    let stored: Vec<f64> = data
        .chunks_exact(element.width)
        .map(|bytes| element.value(bytes))
        .collect();
    let values = match header.fortran_order {
        false => stored,
        true => (0..size * size)
            .map(|index| stored[(index % size) * size + index / size])
            .collect(),
    };
    Ok(Array { size, values })
}

/// Reads a list of numbers: an array of one dimension, or one row or column.
pub(super) fn vector(bytes: &[u8]) -> Result<Vec<f64>, String> {
    let (header, data) = split(bytes)?;
    let header = Header::parse(header)?;
    let size = match header.shape.as_slice() {
        [size] | [1, size] | [size, 1] => *size,
        shape => {
            return Err(format!(
                "the array has shape {shape:?}, expected a list of numbers"
            ));
        }
    };
    let element = Element::of(&header.descr)?;
    let expected = usize::try_from(size)
        .ok()
        .and_then(|size| size.checked_mul(element.width));
    if expected != Some(data.len()) {
        return Err(format!(
            "{} bytes follow the header, which do not make {size} numbers",
            data.len()
        ));
    }
    Ok(data
        .chunks_exact(element.width)
        .map(|bytes| element.value(bytes))
        .collect())
}

/// An array of one or two dimensions.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) rows: usize,
    /// Columns; `None` for a list.
    pub(crate) columns: Option<usize>,
    /// Row by row.
    pub(crate) values: Vec<f64>,
}

/// Reads a list or a rectangle of numbers, or of booleans as 0 and 1.
pub(crate) fn rows(bytes: &[u8]) -> Result<Rows, String> {
    let (header, data) = split(bytes)?;
    let header = Header::parse(header)?;
    let (rows, columns) = match header.shape.as_slice() {
        [rows] => (*rows, None),
        [rows, columns] => (*rows, Some(*columns)),
        shape => {
            return Err(format!(
                "the array has shape {shape:?}, expected one or two dimensions"
            ));
        }
    };
    let element = match header.descr.as_str() {
        // NumPy writes booleans as bytes 0 and 1
        "|b1" => Element {
            kind: 'u',
            width: 1,
            is_big_endian: false,
        },
        descr => Element::of(descr)?,
    };
    let size = |count: u64| usize::try_from(count).ok();
    let sizes = size(rows).zip(size(columns.unwrap_or(1)));
    let expected = sizes.and_then(|(rows, columns)| rows.checked_mul(columns)?.checked_mul(element.width));
    let Some((rows, width)) = sizes.filter(|_| expected == Some(data.len())) else {
        return Err(format!(
            "{} bytes follow the header, which do not make an array of shape {:?}",
            data.len(),
            header.shape
        ));
    };
    let stored: Vec<f64> = data
        .chunks_exact(element.width)
        .map(|bytes| element.value(bytes))
        .collect();
    let values = match header.fortran_order {
        false => stored,
        true => (0..rows * width)
            .map(|index| stored[(index % width) * rows + index / width])
            .collect(),
    };
    Ok(Rows {
        rows,
        columns: columns.map(|_| width),
        values,
    })
}

/// The header's text and the data after it.
pub(crate) fn split(bytes: &[u8]) -> Result<(&str, &[u8]), String> {
    let cut = || "the file ends inside its header".to_owned();
    let after_magic = bytes
        .strip_prefix(MAGIC)
        .ok_or("the file does not begin as an .npy file does")?;
    let (&[major, _minor], rest) = after_magic.split_first_chunk().ok_or_else(cut)?;
    let (length, rest) = match major {
        1 => {
            let (length, rest) = rest.split_first_chunk::<2>().ok_or_else(cut)?;
            (usize::from(u16::from_le_bytes(*length)), rest)
        }
        2 | 3 => {
            let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
            (u32::from_le_bytes(*length) as usize, rest)
        }
        _ => return Err(format!("unknown .npy version {major}")),
    };
    if length > LONGEST_HEADER {
        return Err(format!(
            "the header has {length} bytes, more than the limit of {LONGEST_HEADER}"
        ));
    }
    let (header, data) = rest.split_at_checked(length).ok_or_else(cut)?;
    Ok((
        std::str::from_utf8(header).map_err(|_| "the header is not UTF-8")?,
        data,
    ))
}

/// What a header says.
pub(crate) struct Header {
    pub(crate) descr: String,
    pub(crate) fortran_order: bool,
    pub(crate) shape: Vec<u64>,
}

impl Header {
    pub(crate) fn parse(text: &str) -> Result<Header, String> {
        let wrong = |what: &str| format!("the header is not that of a plain array: {what}");
        let inside = text
            .trim()
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        let mut rest = inside.ok_or_else(|| wrong("no dictionary"))?.trim();
        let (mut descr, mut fortran_order, mut shape) = (None, None, None);
        while !rest.is_empty() {
            let (key, after) = quoted(rest).ok_or_else(|| wrong("no quoted key"))?;
            let after = after
                .trim_start()
                .strip_prefix(':')
                .ok_or_else(|| wrong("no colon after a key"))?
                .trim_start();
            rest = match key {
                "descr" => {
                    let (value, after) = quoted(after)
                        .ok_or("only plain arrays of one number type are read, no structured ones")?;
                    descr = Some(value.to_owned());
                    after
                }
                "fortran_order" => {
                    let (value, after) = [("True", true), ("False", false)]
                        .into_iter()
                        .find_map(|(word, value)| Some((value, after.strip_prefix(word)?)))
                        .ok_or_else(|| wrong("`fortran_order` is neither True nor False"))?;
                    fortran_order = Some(value);
                    after
                }
                "shape" => {
                    let (list, after) = after
                        .strip_prefix('(')
                        .and_then(|after| after.split_once(')'))
                        .ok_or_else(|| wrong("no shape"))?;
                    let numbers = list.split(',').map(str::trim).filter(|number| !number.is_empty());
                    let numbers: Result<Vec<u64>, _> = numbers.map(str::parse).collect();
                    shape = Some(numbers.map_err(|_| wrong("the shape is not a list of sizes"))?);
                    after
                }
                _ => return Err(wrong("an unknown key")),
            };
            rest = rest.trim_start();
            rest = match rest.strip_prefix(',') {
                Some(after) => after.trim_start(),
                None if rest.is_empty() => rest,
                None => return Err(wrong("no comma between entries")),
            };
        }
        match (descr, fortran_order, shape) {
            (Some(descr), Some(fortran_order), Some(shape)) => Ok(Header {
                descr,
                fortran_order,
                shape,
            }),
            _ => Err(wrong("one of `descr`, `fortran_order`, `shape` is missing")),
        }
    }
}

/// A string in single or double quotes at the beginning, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|first| matches!(first, '\'' | '"'))?;
    text[1..].split_once(quote)
}

/// How one number is stored.
pub(crate) struct Element {
    pub(crate) kind: char,
    pub(crate) width: usize,
    pub(crate) is_big_endian: bool,
}

impl Element {
    pub(crate) fn of(descr: &str) -> Result<Element, String> {
        let mut characters = descr.chars();
        let order = characters.next();
        let kind = characters.next().unwrap_or(' ');
        let width = characters.as_str().parse().unwrap_or(0);
        if kind == 'O' {
            return Err("the array holds Python objects; only numbers are read".to_owned());
        }
        let is_known = matches!((kind, width), ('f', 4 | 8) | ('i' | 'u', 1 | 2 | 4 | 8));
        let is_big_endian = match order {
            Some('<') => false,
            Some('>') => true,
            Some('|') if width == 1 => false,
            _ => {
                return Err(format!(
                    "the numbers are of type `{}`, which is not read",
                    descr.escape_debug()
                ));
            }
        };
        if !is_known {
            return Err(format!(
                "the numbers are of type `{}`; float32, float64 and integers are read",
                descr.escape_debug()
            ));
        }
        Ok(Element {
            kind,
            width,
            is_big_endian,
        })
    }

    pub(crate) fn value(&self, bytes: &[u8]) -> f64 {
        // As the low bytes of a 64-bit word, the least first.
        let mut word = [0_u8; 8];
        for (index, slot) in word.iter_mut().take(self.width).enumerate() {
            let position = if self.is_big_endian {
                self.width - 1 - index
            } else {
                index
            };
            *slot = bytes.get(position).copied().unwrap_or(0);
        }
        let bits = u64::from_le_bytes(word);
        let unused = 64 - 8 * self.width as u32;
        match (self.kind, self.width) {
            ('f', 8) => f64::from_bits(bits),
            ('f', _) => f64::from(f32::from_bits(bits as u32)),
            // Shifted up and down again, so that the sign bit fills the unused bytes.
            ('i', _) => (((bits << unused) as i64) >> unused) as f64,
            _ => bits as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(descr: &str, fortran_order: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header =
            format!("{{'descr': '{descr}', 'fortran_order': {fortran_order}, 'shape': {shape}, }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn a_list_may_be_a_row_or_a_column() {
        let data: Vec<u8> = [0.25_f64, 0.75].iter().flat_map(|x| x.to_le_bytes()).collect();
        for shape in ["(2,)", "(1, 2)", "(2, 1)"] {
            assert_eq!(vector(&file("<f8", "False", shape, &data)).unwrap(), [0.25, 0.75]);
        }
        assert!(
            vector(&file("<f8", "False", "(3,)", &data))
                .unwrap_err()
                .contains("16 bytes")
        );
        assert!(
            vector(&file("<f8", "False", "(2, 2)", &data))
                .unwrap_err()
                .contains("shape")
        );
        assert!(vector(&file("<f8", "False", "(2305843009213693952,)", &data)).is_err());
    }

    #[test]
    fn types_and_orders_are_understood() {
        let floats: Vec<u8> = [1.0_f64, 2.0, 3.0, 4.0]
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        assert_eq!(
            square_matrix(&file("<f8", "False", "(2, 2)", &floats), 9)
                .unwrap()
                .values,
            [1.0, 2.0, 3.0, 4.0]
        );
        assert_eq!(
            square_matrix(&file("<f8", "True", "(2, 2)", &floats), 9)
                .unwrap()
                .values,
            [1.0, 3.0, 2.0, 4.0]
        );
        let singles: Vec<u8> = [0.5_f32, -2.0, 3.0, 4.0]
            .iter()
            .flat_map(|value| value.to_be_bytes())
            .collect();
        assert_eq!(
            square_matrix(&file(">f4", "False", "(2, 2)", &singles), 9)
                .unwrap()
                .values,
            [0.5, -2.0, 3.0, 4.0]
        );
        assert_eq!(
            square_matrix(&file("|i1", "False", "(2,2)", &[0xFF, 1, 2, 0x80]), 9)
                .unwrap()
                .values,
            [-1.0, 1.0, 2.0, -128.0]
        );
        assert_eq!(
            square_matrix(&file("<u2", "False", "(1, 1)", &[0xFF, 0xFF]), 9)
                .unwrap()
                .values,
            [65535.0]
        );
        let long = (-5_i64).to_le_bytes();
        assert_eq!(
            square_matrix(&file("<i8", "False", "(1, 1)", &long), 9)
                .unwrap()
                .values,
            [-5.0]
        );
    }

    #[test]
    fn a_table_may_be_boolean_and_in_either_order() {
        let bytes = [1_u8, 0, 0, 1, 1, 1];
        let c = rows(&file("|b1", "False", "(3, 2)", &bytes)).unwrap();
        assert_eq!((c.rows, c.columns), (3, Some(2)));
        assert_eq!(c.values, [1.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
        let fortran = rows(&file("|b1", "True", "(3, 2)", &bytes)).unwrap();
        assert_eq!(fortran.values, [1.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
        let list = rows(&file("|i1", "False", "(6,)", &bytes)).unwrap();
        assert_eq!((list.rows, list.columns), (6, None));
        for shape in [
            "(3, 3)",
            "(18446744073709551615, 18446744073709551615)",
            "(1, 2, 3)",
        ] {
            assert!(rows(&file("|b1", "False", shape, &bytes)).is_err(), "{shape}");
        }
    }

    #[test]
    fn what_is_no_plain_matrix_is_refused() {
        for (bytes, message) in [
            (b"PK\x03\x04".to_vec(), "does not begin"),
            (b"\x93NUMPY\x01".to_vec(), "ends inside"),
            (b"\x93NUMPY\x09\x00aaaa".to_vec(), "unknown .npy version"),
            (
                b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec(),
                "more than the limit",
            ),
            (file("|O", "False", "(2, 2)", &[]), "Python objects"),
            (
                file("<c16", "False", "(2, 2)", &[]),
                "float32, float64 and integers",
            ),
            (file("<f8", "False", "(2, 3)", &[]), "square"),
            (file("<f8", "False", "(2,)", &[]), "square"),
            (
                file("<f8", "False", "(99999999999999999999, 1)", &[]),
                "list of sizes",
            ),
            (
                file(
                    "<f8",
                    "False",
                    "(18446744073709551615, 18446744073709551615)",
                    &[],
                ),
                "more than the limit",
            ),
            (file("<f8", "False", "(2, 2)", &[0; 31]), "31 bytes follow"),
            (
                file("<f8", "__import__('os')", "(2, 2)", &[]),
                "neither True nor False",
            ),
            (
                file("<f8', 'descr': [('a', '<f8')], 'x': '", "False", "(2, 2)", &[]),
                "structured",
            ),
        ] {
            let error = square_matrix(&bytes, 100).unwrap_err();
            assert!(error.contains(message), "{error}");
        }
    }
}

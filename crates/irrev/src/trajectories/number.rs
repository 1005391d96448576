//! Numbers in text, read as they come: the value, how many bytes it took, and to which decimal place it was written.
//!
//! Up to 2⁵³ as a whole number times a power of ten that is exact makes one rounding, the right one (Clinger 1990); all others go to the standard
//! library. Both give the nearest number.

/// Powers of ten that are numbers of double precision.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// Digits that fit into 64 bits, whatever they are.
const DIGITS_OF_A_WORD: usize = 19;

/// A number at the beginning of some bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Leading {
    pub(super) value: f64,
    /// Bytes that it takes.
    pub(super) length: usize,
    /// Power of ten of its last digit.
    pub(super) last_place: i32,
}

/// The decimal number that the bytes begin with; `None` if they begin with none, also for words such as `nan`.
#[inline]
pub(super) fn leading(bytes: &[u8]) -> Option<Leading> {
    let negative = bytes.first() == Some(&b'-');
    let start = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let (mut at, mut mantissa) = (start, 0_u64);
    let digits = |mut at: usize, mantissa: &mut u64| {
        while let Some(digit) = bytes
            .get(at)
            .map(|byte| byte.wrapping_sub(b'0'))
            .filter(|d| *d < 10)
        {
            *mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            at += 1;
        }
        at
    };
    at = digits(at, &mut mantissa);
    let mut written = at - start;
    let mut last_place = 0_i32;
    if bytes.get(at) == Some(&b'.') {
        let end = digits(at + 1, &mut mantissa);
        let behind = end - at - 1;
        written += behind;
        last_place = -i32::try_from(behind).unwrap_or(i32::MAX);
        at = end;
    }
    if written == 0 {
        return None;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let signed = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'-' | b'+')));
        let mut exponent = 0_i32;
        let mut end = signed;
        while let Some(digit) = bytes.get(end).filter(|byte| byte.is_ascii_digit()) {
            exponent = exponent
                .saturating_mul(10)
                .saturating_add(i32::from(digit - b'0'));
            end += 1;
        }
        if end > signed {
            let exponent = if bytes[at + 1] == b'-' {
                -exponent
            } else {
                exponent
            };
            last_place = last_place.saturating_add(exponent);
            at = end;
        }
    }
    let power = last_place.unsigned_abs() as usize;
    let value = if written <= DIGITS_OF_A_WORD && mantissa <= 1 << 53 && power < EXACT_POWERS.len() {
        let whole = mantissa as f64;
        let value = if last_place < 0 {
            whole / EXACT_POWERS[power]
        } else {
            whole * EXACT_POWERS[power]
        };
        if negative { -value } else { value }
    } else {
        std::str::from_utf8(&bytes[..at]).ok()?.parse().ok()?
    };
    Some(Leading {
        value,
        length: at,
        last_place,
    })
}

/// The number that a cell is as a whole: decimal, or a word for what is no number (empty, `nan`, `na`, `null`, `inf`).
pub(super) fn cell(bytes: &[u8]) -> Option<f64> {
    let bytes = bytes.trim_ascii();
    if let Some(found) = leading(bytes).filter(|found| found.length == bytes.len()) {
        return Some(found.value);
    }
    let missing = bytes.is_empty()
        || ["na", "null", "none"]
            .iter()
            .any(|w| bytes.eq_ignore_ascii_case(w.as_bytes()));
    if missing {
        return Some(f64::NAN);
    }
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_end_where_they_end() {
        for (text, value, length, last_place) in [
            ("1.50,2", 1.5, 4, -2),
            ("-3 ", -3.0, 2, 0),
            ("+.5e-3\n", 5e-4, 6, -4),
            ("1e", 1.0, 1, 0),
            ("2e+", 2.0, 1, 0),
            ("7.", 7.0, 2, 0),
            (
                "123456789012345678901234567890",
                123456789012345678901234567890.0,
                30,
                0,
            ),
            ("1e400", f64::INFINITY, 5, 400),
            ("0.000000000000000000000000000001", 1e-30, 32, -30),
        ] {
            let expected = Leading {
                value,
                length,
                last_place,
            };
            assert_eq!(leading(text.as_bytes()), Some(expected), "{text}");
        }
        for text in ["", "-", ".", "e5", "nan", " 1", "-.e1"] {
            assert_eq!(leading(text.as_bytes()), None, "{text}");
        }
        for text in ["", " ", "NaN", "NA", "null"] {
            assert!(cell(text.as_bytes()).is_some_and(f64::is_nan), "{text}");
        }
        assert_eq!(
            (cell(b" 2.5 "), cell(b"2.5x"), cell(b"-inf")),
            (Some(2.5), None, Some(f64::NEG_INFINITY))
        );
    }

    proptest! {
        #[test]
        fn values_are_those_of_the_standard_library(value in proptest::num::f64::NORMAL, digits in 0_usize..20) {
            for text in [format!("{value}"), format!("{value:e}"), format!("{value:.digits$e}"), format!("{:.digits$}", value % 1e9)] {
                let found = leading(text.as_bytes()).unwrap();
                prop_assert_eq!(found.value.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{}", text);
                prop_assert_eq!(found.length, text.len());
            }
        }
    }
}

//! Numbers in text: lossless in JSON, short for people.
//!
//! JSON has no infinity and no NaN, yet both are answers in thermodynamics (a unidirectional channel makes
//! the entropy production rate +∞). They are written as the strings `"infinity"`, `"-infinity"` and `"nan"`
//! and read back as such. Finite numbers are written with the fewest digits that read back to the same
//! bits.

use serde::de::{self, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;

/// A number that survives JSON bit for bit; NaN loses only its payload.
#[derive(Clone, Copy)]
pub(crate) struct Lossless(pub(crate) f64);

impl Serialize for Lossless {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            value if value.is_nan() => serializer.serialize_str("nan"),
            f64::INFINITY => serializer.serialize_str("infinity"),
            f64::NEG_INFINITY => serializer.serialize_str("-infinity"),
            value => serializer.serialize_f64(value),
        }
    }
}

impl<'de> de::Deserialize<'de> for Lossless {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LosslessVisitor)
    }
}

struct LosslessVisitor;

impl Visitor<'_> for LosslessVisitor {
    type Value = Lossless;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number, \"infinity\", \"-infinity\" or \"nan\"")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Lossless, E> {
        Ok(Lossless(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Lossless, E> {
        Ok(Lossless(value as f64))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Lossless, E> {
        Ok(Lossless(value as f64))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Lossless, E> {
        match value {
            "infinity" => Ok(Lossless(f64::INFINITY)),
            "-infinity" => Ok(Lossless(f64::NEG_INFINITY)),
            "nan" => Ok(Lossless(f64::NAN)),
            _ => Err(E::invalid_value(de::Unexpected::Str(value), &self)),
        }
    }
}

/// `#[serde(with)]` for one number.
pub(crate) mod one {
    use super::{Deserializer, Lossless, Serialize, Serializer};
    use serde::Deserialize;

    pub(crate) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        Lossless(*value).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Lossless::deserialize(deserializer)?.0)
    }
}

/// `#[serde(with)]` for a number that may be absent.
pub(crate) mod optional {
    use super::{Deserializer, Lossless, Serialize, Serializer};
    use serde::Deserialize;

    pub(crate) fn serialize<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        value.map(Lossless).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
        Ok(Option::<Lossless>::deserialize(deserializer)?.map(|value| value.0))
    }
}

/// `#[serde(with)]` for a list of numbers.
pub(crate) mod list {
    use super::{Deserializer, Lossless, Serializer};
    use serde::Deserialize;

    pub(crate) fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|&value| Lossless(value)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        Ok(Vec::<Lossless>::deserialize(deserializer)?
            .into_iter()
            .map(|value| value.0)
            .collect())
    }
}

/// `#[serde(with)]` for a list of numbers that may be absent.
pub(crate) mod optional_list {
    use super::{Deserializer, Lossless, Serialize, Serializer};
    use serde::Deserialize;

    pub(crate) fn serialize<S: Serializer>(
        values: &Option<Vec<f64>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let values: Option<Vec<Lossless>> = values
            .as_ref()
            .map(|values| values.iter().map(|&value| Lossless(value)).collect());
        values.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<f64>>, D::Error> {
        let values = Option::<Vec<Lossless>>::deserialize(deserializer)?;
        Ok(values.map(|values| values.into_iter().map(|value| value.0).collect()))
    }
}

/// `#[serde(with)]` for rows of numbers.
pub(crate) mod rows {
    use super::{Deserializer, Lossless, Serialize, Serializer};
    use serde::Deserialize;

    pub(crate) fn serialize<S: Serializer>(rows: &[Vec<f64>], serializer: S) -> Result<S::Ok, S::Error> {
        struct Row<'a>(&'a [f64]);
        impl Serialize for Row<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                super::list::serialize(self.0, serializer)
            }
        }
        serializer.collect_seq(rows.iter().map(|row| Row(row)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<f64>>, D::Error> {
        let rows = Vec::<Vec<Lossless>>::deserialize(deserializer)?;
        Ok(rows
            .into_iter()
            .map(|row| row.into_iter().map(|value| value.0).collect())
            .collect())
    }
}

/// A number in at most `digits` significant digits for people: `0.6931`, `1.5e-12`, `∞`, `undefined`.
///
/// Trailing zeros are dropped; powers of ten are used below 1e-4 and from 1e6 on. The minus sign is the
/// typographic one (U+2212).
///
/// ```
/// use irrev_report::readable_number;
/// assert_eq!(readable_number(std::f64::consts::LN_2, 4), "0.6931");
/// assert_eq!(readable_number(-1.5e-12, 4), "−1.5e−12");
/// assert_eq!(readable_number(f64::INFINITY, 4), "∞");
/// ```
pub fn readable_number(value: f64, digits: usize) -> String {
    if value.is_nan() {
        return "undefined".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = digits.clamp(1, 17);
    let scientific = format!("{value:.*e}", digits - 1);
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let Ok(exponent) = exponent.parse::<i32>() else {
        return scientific;
    };
    let text = if (-4..6).contains(&exponent) {
        let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
        without_trailing_zeros(&format!("{value:.decimals$}")).to_owned()
    } else {
        format!("{}e{exponent}", without_trailing_zeros(mantissa))
    };
    text.replace('-', "−")
}

/// A bound from below in at most `digits` significant digits: rounded down, so that it stays one.
///
/// ```
/// use irrev_report::readable_lower_bound;
/// assert_eq!(readable_lower_bound(2.165_819_099, 6), "2.16581");
/// ```
pub fn readable_lower_bound(value: f64, digits: usize) -> String {
    let digits = digits.clamp(1, 17);
    let (rounded, last) = rounded(value, digits);
    readable_number(if rounded > value { rounded - last } else { value }, digits)
}

/// A bound from above in at most `digits` significant digits: rounded up.
///
/// ```
/// use irrev_report::readable_upper_bound;
/// assert_eq!(readable_upper_bound(-2.165_819_099, 6), "−2.16581");
/// ```
pub fn readable_upper_bound(value: f64, digits: usize) -> String {
    let digits = digits.clamp(1, 17);
    let (rounded, last) = rounded(value, digits);
    readable_number(if rounded < value { rounded + last } else { value }, digits)
}

/// The number as so many digits show it, and the worth of one in its own last digit: rounding may reach the next decade.
fn rounded(value: f64, digits: usize) -> (f64, f64) {
    let own = format!("{value:.16e}");
    let exponent = own
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    match (format!("{value:.*e}", digits - 1).parse(), exponent) {
        (Ok(shown), Some(exponent)) => (shown, 10_f64.powi(exponent - (digits as i32 - 1))),
        // neither NaN nor infinity is rounded
        _ => (value, 0.0),
    }
}

fn without_trailing_zeros(text: &str) -> &str {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}

/// A value with its standard error in the field's short form: `0.693(3)`, `1.20(15)e−7`.
///
/// The error is shown in one digit, or two if it begins with 1, and never as less than the distance of the value to the
/// next double. Without an error, or with one that is zero or not finite, the value is shown in six digits (and `± ∞` where
/// the error is infinite).
///
/// ```
/// use irrev_report::readable_estimate;
/// assert_eq!(readable_estimate(0.69312, Some(0.0031)), "0.693(3)");
/// assert_eq!(readable_estimate(0.69312, Some(0.00131)), "0.6931(13)");
/// assert_eq!(readable_estimate(0.69312, None), "0.69312");
/// ```
pub fn readable_estimate(value: f64, error: Option<f64>) -> String {
    let Some(error) = error.filter(|error| *error != 0.0) else {
        return readable_number(value, 6);
    };
    if !value.is_finite() || !error.is_finite() || error < 0.0 {
        return format!("{} ± {}", readable_number(value, 6), readable_number(error, 2));
    }
    let error = error.max(value.abs().next_up() - value.abs());
    let decade = |number: f64, digits: usize| -> i32 {
        let text = format!("{number:.*e}", digits - 1);
        text.split_once('e')
            .and_then(|(_, exponent)| exponent.parse().ok())
            .unwrap_or(0)
    };
    let digits = if format!("{error:.1e}").starts_with('1') {
        2
    } else {
        1
    };
    let last = decade(error, digits) - (digits as i32 - 1);
    // The value's decade once rounded at the error's last digit.
    let top = if value == 0.0 {
        last
    } else {
        decade(value, 17).max(last)
    };
    let shift = if (-4..6).contains(&top) && last <= 0 {
        0
    } else {
        top
    };
    let decimals = (shift - last).max(0) as usize;
    if decimals > 15 {
        return format!("{} ± {}", readable_number(value, 15), readable_number(error, 2));
    }
    let scale = 10f64.powi(shift);
    let shown_error = (error / 10f64.powi(last)).round();
    let number = format!("{:.decimals$}({shown_error})", value / scale);
    let text = if shift == 0 {
        number
    } else {
        format!("{number}e{shift}")
    };
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_keep_their_decade() {
        for (value, digits, expected) in [
            (0.0, 4, "0"),
            (-0.0, 4, "0"),
            (1.0, 4, "1"),
            (0.000_123_45, 3, "0.000123"),
            (0.000_012_345, 3, "1.23e−5"),
            (123_456.0, 4, "123456"),
            (1_234_567.0, 4, "1.235e6"),
            (999_999.9, 4, "1e6"),
            (-2.5, 4, "−2.5"),
            (f64::NAN, 4, "undefined"),
            (f64::NEG_INFINITY, 4, "−∞"),
            (5e-324, 3, "4.94e−324"),
        ] {
            assert_eq!(readable_number(value, digits), expected, "{value}");
        }
    }

    #[test]
    fn bounds_are_rounded_outwards() {
        for (value, below, above) in [
            (2.165_819_099, "2.165", "2.166"),
            (2.165, "2.165", "2.165"),
            (0.999_99, "0.9999", "1"),
            (-0.999_99, "−1", "−0.9999"),
            (1_234_567.0, "1.234e6", "1.235e6"),
            (3.141_59e-12, "3.141e−12", "3.142e−12"),
            (0.0, "0", "0"),
            (f64::INFINITY, "∞", "∞"),
            (f64::NAN, "undefined", "undefined"),
        ] {
            assert_eq!(readable_lower_bound(value, 4), below, "{value}");
            assert_eq!(readable_upper_bound(value, 4), above, "{value}");
        }
    }

    #[test]
    fn estimates_show_the_error_in_the_last_digits() {
        for (value, error, expected) in [
            (1.2e-7, 1.5e-8, "1.20(15)e−7"),
            (12_345.0, 40.0, "1.234(4)e4"),
            (0.0, 0.002, "0.000(2)"),
            (-3.25, 0.5, "−3.2(5)"),
            (0.001, 0.3, "0.0(3)"),
            (0.5, 0.0, "0.5"),
            (f64::INFINITY, 1.0, "∞ ± 1"),
            (1.0, f64::INFINITY, "1 ± ∞"),
            (0.5, 0.0996, "0.50(10)"),
            (0.5, 1e-18, "0.5 ± 1.1e−16"),
        ] {
            assert_eq!(readable_estimate(value, Some(error)), expected, "{value} {error}");
        }
    }
}

//! Values computed elsewhere, as JSON: a list of cases with `kind`, `inputs`, `expected`.

#![allow(clippy::unwrap_used)]

use serde_json::Value;

/// The cases of a kind.
///
/// # Panics
/// If the text is no list, or holds none of that kind: a test without cases would pass for ever.
#[must_use]
pub fn cases(text: &str, kind: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(text).unwrap();
    let found: Vec<Value> = all.into_iter().filter(|case| case["kind"] == kind).collect();
    assert!(!found.is_empty(), "there is no case of the kind {kind}");
    found
}

/// A number.
///
/// # Panics
/// If it is none.
#[must_use]
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// A list of numbers.
///
/// # Panics
/// If it is none.
#[must_use]
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

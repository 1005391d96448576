//! Reference cases from files under `data/`, as the tests read them.

#![allow(dead_code, clippy::unwrap_used)] // no test needs all of it

use irrev_ising::{Couplings, KineticIsing};
use serde_json::Value;

/// The cases of a kind in a file's text.
pub(crate) fn cases(text: &str, kind: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(text).unwrap();
    all.into_iter().filter(|case| case["kind"] == kind).collect()
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

pub(crate) fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

/// Couplings J, fields H, and β, or 1 where it is part of both.
pub(crate) fn network(inputs: &Value) -> KineticIsing {
    let couplings = Couplings::from_rows(&rows(&inputs["J"])).unwrap();
    let beta = inputs.get("beta").map_or(1.0, number);
    KineticIsing::new(couplings, numbers(&inputs["H"]), beta).unwrap()
}

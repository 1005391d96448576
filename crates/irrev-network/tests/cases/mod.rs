//! Reference cases from a file: every case has a kind, inputs, expected numbers and a tolerance |got − expected| ≤ relative |expected| +
//! absolute, and each key of a case must be answered.

#![allow(dead_code)] // each test program uses its part

use std::collections::BTreeSet;

use irrev_testing::assert_close;
use serde_json::Value;

/// One case, and which of its expected keys were compared.
pub(crate) struct Case<'a> {
    pub(crate) id: &'a str,
    pub(crate) inputs: &'a Value,
    pub(crate) expected: &'a Value,
    pub(crate) relative: f64,
    pub(crate) absolute: f64,
    answered: BTreeSet<&'static str>,
}

impl Case<'_> {
    /// Compares a number, or numbers nested in arrays, element by element; `null` is not compared.
    pub(crate) fn compare(&mut self, key: &'static str, got: impl Into<Value>) {
        self.answered.insert(key);
        let expected = &self.expected[key];
        self.same(key, &got.into(), expected);
    }

    /// As [`Self::compare`], with what is expected.
    pub(crate) fn same(&self, what: &str, got: &Value, expected: &Value) {
        match expected {
            Value::Null => {}
            Value::Array(items) => {
                let got = got.as_array().unwrap();
                assert_eq!(got.len(), items.len(), "{}: length of {what}", self.id);
                for (i, (g, e)) in got.iter().zip(items).enumerate() {
                    self.same(&format!("{what}[{i}]"), g, e);
                }
            }
            _ => assert_close(
                &format!("{}: {what}", self.id),
                got.as_f64().unwrap_or(f64::NAN),
                expected.as_f64().unwrap(),
                self.relative,
                self.absolute,
            ),
        }
    }

    /// Whether the case expects a number under the key.
    pub(crate) fn asks(&self, key: &str) -> bool {
        !self.expected[key].is_null()
    }

    /// Keys that are compared by other means, or are information.
    pub(crate) fn ignore(&mut self, keys: &[&'static str]) {
        self.answered.extend(keys);
    }

    pub(crate) fn number(&self, key: &str) -> f64 {
        self.inputs[key].as_f64().unwrap()
    }
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_f64().unwrap())
        .collect()
}

pub(crate) fn index(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// Runs every case of the named kinds; returns how many there were.
pub(crate) fn run_cases(file: &str, kinds: &[&str], check: impl Fn(&str, &mut Case<'_>)) -> usize {
    let all: Value = serde_json::from_str(file).unwrap();
    let mut count = 0;
    for entry in all.as_array().unwrap() {
        let kind = entry["kind"].as_str().unwrap();
        if !kinds.contains(&kind) {
            continue;
        }
        let tolerance = &entry["tolerance"];
        let allowed = |name: &str, default: f64| {
            let given = tolerance[name].as_f64();
            given
                .or(tolerance[format!("{name}_deterministic")].as_f64())
                .unwrap_or(default)
        };
        // where a case states none: 1e-10 and 1e-12 for solvers, and no absolute part beside a relative one
        let stated = tolerance["rel"].is_number();
        let mut case = Case {
            id: entry["id"].as_str().unwrap(),
            inputs: &entry["inputs"],
            expected: &entry["expected"],
            relative: allowed("rel", 1e-10),
            absolute: allowed("abs", if stated { 0.0 } else { 1e-12 }),
            answered: BTreeSet::new(),
        };
        check(kind, &mut case);
        for key in entry["expected"].as_object().unwrap().keys() {
            assert!(
                case.answered.contains(key.as_str()),
                "{}: nobody compared {key}",
                case.id
            );
        }
        count += 1;
    }
    count
}

/// Fails if the file holds a case of another kind.
pub(crate) fn only_kinds(file: &str, kinds: &[&str]) {
    let all: Value = serde_json::from_str(file).unwrap();
    for entry in all.as_array().unwrap() {
        assert!(
            kinds.contains(&entry["kind"].as_str().unwrap()),
            "{}",
            entry["id"]
        );
    }
}

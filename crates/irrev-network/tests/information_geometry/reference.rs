//! Values computed elsewhere, with the tolerance of each case.

use irrev_network::{Distribution, MarkovJump};
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use irrev_testing::reference::{number, numbers};
use irrev_testing::{assert_all_close, assert_close};
use serde_json::Value;

pub(super) const FILE: &str = include_str!("../data/information_geometry.json");

/// A case with its tolerance.
pub(super) struct Checked<'a> {
    pub(super) case: &'a Value,
    pub(super) relative: f64,
    pub(super) absolute: f64,
}

impl<'a> Checked<'a> {
    pub(super) fn new(case: &'a Value) -> Self {
        Self {
            case,
            relative: case["tolerance"]["rel"].as_f64().unwrap_or(0.0),
            absolute: case["tolerance"]["abs"].as_f64().unwrap_or(0.0),
        }
    }

    pub(super) fn input(&self, key: &str) -> f64 {
        number(&self.case["inputs"][key])
    }

    pub(super) fn inputs(&self, key: &str) -> Vec<f64> {
        numbers(&self.case["inputs"][key])
    }

    pub(super) fn matrix(&self, key: &str) -> Matrix {
        matrix(&self.case["inputs"][key])
    }

    pub(super) fn same(&self, what: &str, got: f64, expected: &Value) {
        let what = format!("{}: {what}", self.case["id"]);
        assert_close(&what, got, number(expected), self.relative, self.absolute);
    }

    pub(super) fn compare(&self, key: &str, got: f64) {
        self.same(key, got, &self.case["expected"][key]);
    }

    pub(super) fn compare_all(&self, key: &str, got: &[f64]) {
        let what = format!("{}: {key}", self.case["id"]);
        let expected = numbers(&self.case["expected"][key]);
        assert_all_close(&what, got, &expected, self.relative, self.absolute);
    }

    pub(super) fn compare_matrix(&self, key: &str, got: &Matrix) {
        for (i, row) in self.case["expected"][key].as_array().unwrap().iter().enumerate() {
            for (j, expected) in row.as_array().unwrap().iter().enumerate() {
                self.same(&format!("{key}[{i}][{j}]"), got[(i, j)], expected);
            }
        }
    }
}

pub(super) fn matrix(value: &Value) -> Matrix {
    let rows: Vec<Vec<f64>> = value.as_array().unwrap().iter().map(numbers).collect();
    Matrix::from_fn(rows.len(), rows[0].len(), |i, j| rows[i][j])
}

/// The process of a generator W[i][j] = rate j → i.
pub(super) fn process(w: &Matrix) -> MarkovJump {
    let mut channels = Vec::new();
    for j in 0..w.rows() {
        for i in 0..j {
            if w[(i, j)] > 0.0 || w[(j, i)] > 0.0 {
                channels.push((i, j, w[(j, i)], w[(i, j)]));
            }
        }
    }
    MarkovJump::from_rates(w.rows(), &channels).unwrap()
}

pub(super) fn distribution(p: Vec<f64>) -> Distribution {
    Distribution::new(p).unwrap()
}

pub(super) fn run() -> Run<'static> {
    Run::default()
}

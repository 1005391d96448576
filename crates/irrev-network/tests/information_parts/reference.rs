//! Values computed elsewhere, with the tolerance of each case.

use irrev_network::information::parts::{PartLaw, SecondLaws};
use irrev_network::information::product::product_process;
use irrev_network::{Distribution, MarkovJump};
use irrev_numerics::linalg::Matrix;
use irrev_testing::assert_all_close;
use irrev_testing::reference::{cases, number, numbers};
use serde_json::Value;

pub(super) const FILE: &str = include_str!("../data/information_parts.json");

pub(super) const EPS: f64 = f64::EPSILON;

/// A square matrix given as rows.
pub(super) fn matrix(value: &Value) -> Matrix {
    let rows: Vec<Vec<f64>> = value.as_array().unwrap().iter().map(numbers).collect();
    Matrix::from_fn(rows.len(), rows[0].len(), |i, j| rows[i][j])
}

pub(super) fn sizes(value: &Value) -> Vec<usize> {
    numbers(value).into_iter().map(|x| x as usize).collect()
}

/// The numbers of a nested list in order.
pub(super) fn flat(value: &Value) -> Vec<f64> {
    match value.as_array() {
        Some(list) => list.iter().flat_map(flat).collect(),
        None => vec![number(value)],
    }
}

/// Compares with the tolerance of the case.
pub(super) struct Case(pub(super) Value);

impl Case {
    pub(super) fn all(kind: &str) -> impl Iterator<Item = Self> {
        cases(FILE, kind).into_iter().map(Self)
    }

    pub(super) fn check(&self, key: &str, got: &[f64]) {
        let expected = key.split('.').fold(&self.0["expected"], |value, key| &value[key]);
        let tolerance = &self.0["tolerance"];
        assert_all_close(
            &format!("{} {key}", self.0["id"]),
            got,
            &flat(expected),
            number(&tolerance["rel"]),
            number(&tolerance["abs"]),
        );
    }

    pub(super) fn input(&self, key: &str) -> &Value {
        &self.0["inputs"][key]
    }

    pub(super) fn product_process(&self) -> (MarkovJump, Distribution) {
        let process = product_process(&sizes(self.input("dims")), &matrix(self.input("W"))).unwrap();
        let p = match self.input("p").as_array() {
            None => process.stationary_distribution().unwrap(),
            Some(_) => Distribution::new(numbers(self.input("p"))).unwrap(),
        };
        (process, p)
    }
}

pub(super) fn each(laws: &SecondLaws, f: impl Fn(&PartLaw) -> f64) -> Vec<f64> {
    laws.parts.iter().map(f).collect()
}

//! The reaction networks of `data/reaction_networks.json`, built by hand, with the numbers the file holds.

use std::sync::Arc;

use irrev_network::counts::{CountReaction, CountSystem, Propensity, PropensityLaw};
use serde_json::Value;

/// The cases of the file.
pub(crate) fn cases() -> Vec<Value> {
    let text = include_str!("../data/reaction_networks.json");
    serde_json::from_str(text).unwrap()
}

/// A case by its name.
pub(crate) fn case(id: &str) -> Value {
    cases().into_iter().find(|c| c["id"] == id).unwrap()
}

/// constant·∏ (falling factorial), of the free enzyme `total − C` in place of one species: a law that mass action cannot express.
#[derive(Debug)]
struct WithFreeEnzyme {
    constant: f64,
    partner: usize,
    complex: usize,
    total: f64,
    species: [usize; 2],
}

impl PropensityLaw for WithFreeEnzyme {
    fn value(&self, _: f64, n: &[f64]) -> f64 {
        self.constant * n[self.partner] * (self.total - n[self.complex])
    }
    fn species(&self) -> &[usize] {
        &self.species
    }
    fn depends_on_time(&self) -> bool {
        false
    }
    fn bounds(&self, low: &[f64], high: &[f64]) -> Option<(f64, f64)> {
        let free = |c: f64| (self.total - c).max(0.0);
        Some((
            self.constant * low[self.partner] * free(high[self.complex]),
            self.constant * high[self.partner] * free(low[self.complex]),
        ))
    }
}

fn enzyme_law(constant: f64, partner: usize) -> Propensity {
    Propensity::Law(Arc::new(WithFreeEnzyme {
        constant,
        partner,
        complex: 1,
        total: 3.0,
        species: [partner, 1],
    }))
}

/// The system of a case and its initial counts.
pub(crate) fn system(id: &str) -> (CountSystem, Vec<i64>) {
    let of = |names: &[&str], reactions: Vec<CountReaction>| {
        CountSystem::new(names.iter().map(|&n| n.into()).collect(), reactions).unwrap()
    };
    let mass = CountReaction::mass_action;
    match id {
        "birth_death_a" => (of(&["X"], vec![mass("r", &[], &[(0, 1)], 10.0, 0.5)]), vec![3]),
        "dimerisation" => (
            of(&["A", "B"], vec![mass("r", &[(0, 2)], &[(1, 1)], 0.01, 0.3)]),
            vec![40, 0],
        ),
        "schloegl_small" => {
            let mut autocatalysis = mass("r1", &[(0, 2)], &[(0, 3)], 0.0225, 1.125e-4);
            let mut exchange = mass("r2", &[], &[(0, 1)], 37.5, 2.0);
            (autocatalysis.reservoir, exchange.reservoir) = (Some(0), Some(1));
            (of(&["X"], vec![autocatalysis, exchange]), vec![20])
        }
        "mm_reversible" => {
            let bind = CountReaction {
                name: "bind".into(),
                change: vec![(0, -1), (1, 1)],
                forward: enzyme_law(0.5, 0),
                backward: Some(Propensity::mass_action(1.0, &[(1, 1)])),
                reservoir: None,
            };
            let cat = CountReaction {
                name: "cat".into(),
                change: vec![(1, -1), (2, 1)],
                forward: Propensity::mass_action(2.0, &[(1, 1)]),
                backward: Some(enzyme_law(0.1, 2)),
                reservoir: None,
            };
            (of(&["S", "C", "P"], vec![bind, cat]), vec![30, 0, 0])
        }
        "brusselator_small" => {
            let mut list = vec![
                mass("in", &[], &[(0, 1)], 4.0, 1.0),
                mass("auto", &[(0, 2), (1, 1)], &[(0, 3)], 1.0 / 16.0, 0.1 / 16.0),
                mass("conv", &[(0, 1)], &[(1, 1)], 1.5, 0.1),
            ];
            for (k, r) in list.iter_mut().enumerate() {
                r.reservoir = Some(k);
            }
            (of(&["X", "Y"], list), vec![0, 0])
        }
        other => panic!("unknown case {other}"),
    }
}

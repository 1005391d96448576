//! Every model of the gallery against values evaluated independently of this project, in 40- or 60-digit arithmetic.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use std::path::{Path, PathBuf};
use std::sync::Arc;

use irrev::analysis::{Options, Section, vocabulary};
use irrev::chemistry::Chemistry;
use irrev::model::{Environment, Markov, Model, Override, Reactions, ReactionsEnvironment, load};
use irrev::network::Kinetics;
use irrev::network::counts::{MasterEquationOptions, stationary_counts};
use irrev::network::cycles::cycle_through_edges;
use irrev::network::dynamics::evolve;
use irrev::numerics::{Run, Tolerance};
use irrev::report::{ColumnValues, Report};
use irrev::system::System;
use serde_json::Value;

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/models")
}

fn cases() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/gallery.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn overrides(case: &Value) -> Vec<Override> {
    let set = case["set"].as_object().cloned().unwrap_or_default();
    set.iter()
        .map(|(key, value)| Override::number(key.clone(), value.as_f64().unwrap()))
        .collect()
}

struct Judge<'a> {
    case: &'a Value,
}

impl Judge<'_> {
    fn close(&self, what: &str, found: f64, wanted: f64) {
        let relative = self.case["relative_tolerance"].as_f64().unwrap();
        let absolute = self.case["absolute_tolerance"].as_f64().unwrap_or(0.0);
        // a value that vanishes is a difference of fluxes, each rounded: 64 ε of the activity
        let activity = self.case["expected"]["dynamical_activity"]
            .as_f64()
            .unwrap_or(0.0);
        let accepted = (relative * wanted.abs()).max(absolute) + 64.0 * f64::EPSILON * activity;
        assert!(
            (found - wanted).abs() <= accepted,
            "{} {}: {what} is {found}, expected {wanted} within {accepted:e}",
            self.case["model"],
            self.case["set"]
        );
    }

    fn list(&self, key: &str, found: &[f64]) {
        if let Some(wanted) = self.case["expected"][key].as_array() {
            assert_eq!(found.len(), wanted.len(), "{key}");
            for (i, (found, wanted)) in found.iter().zip(wanted).enumerate() {
                self.close(&format!("{key}[{i}]"), *found, wanted.as_f64().unwrap());
            }
        }
    }

    fn map(&self, key: &str, report: &Report, prefix: &str) {
        if let Some(wanted) = self.case["expected"][key].as_object() {
            for (name, value) in wanted {
                let found = report
                    .quantity(&format!("{prefix}{name}"))
                    .unwrap_or_else(|| panic!("no {prefix}{name}"));
                self.close(name, found.value, value.as_f64().unwrap());
            }
        }
    }

    /// Stationary state, currents, dissipation, affinities and relaxation of a jump process.
    fn markov(&self, spec: &Markov, overrides: &[Override]) {
        let environment = Environment::new(spec, overrides).unwrap();
        let system = System::at(&environment, 0.0).unwrap();
        let network = Arc::clone(system.kinetics.network());
        let pi = system.kinetics.stationary_distribution().unwrap();
        let flow = system.kinetics.flow(&pi).unwrap();
        self.list("stationary", pi.probabilities());
        self.list("currents", &flow.current());
        self.list(
            "entropy_production_rate_per_transition",
            &flow.entropy_production_rate_per_edge(),
        );
        for (key, found) in [
            ("entropy_production_rate", flow.entropy_production_rate()),
            ("dynamical_activity", flow.activity()),
        ] {
            if let Some(wanted) = self.case["expected"][key].as_f64() {
                self.close(key, found, wanted);
            }
        }
        if let Some(wanted) = self.case["expected"]["affinities"].as_object() {
            for (name, value) in wanted {
                let cycle = spec.cycles.iter().find(|c| &c.name == name).unwrap();
                let sign = |d: &irrev::model::Direction| {
                    if *d == irrev::model::Direction::Forward {
                        1.0
                    } else {
                        -1.0
                    }
                };
                let steps: Vec<(usize, f64)> = cycle.steps.iter().map(|(e, d)| (*e, sign(d))).collect();
                let cycle = cycle_through_edges(&network, name, &steps).unwrap();
                self.close(
                    name,
                    cycle.sum(&system.kinetics.medium_entropy_change()),
                    value.as_f64().unwrap(),
                );
            }
        }
        if let Some(end) = self.case["expected"]["distribution_at_end"].as_object() {
            let start = system.initial_distribution(&environment).unwrap();
            let time = end["time"].as_f64().unwrap();
            let p = evolve(
                &system.kinetics,
                &start,
                time,
                Tolerance::relative(1e-12),
                &Run::default(),
            )
            .unwrap();
            let accepted = end["absolute_tolerance"].as_f64().unwrap();
            for (found, wanted) in p
                .distribution
                .probabilities()
                .iter()
                .zip(end["values"].as_array().unwrap())
            {
                assert!(
                    (found - wanted.as_f64().unwrap()).abs() <= accepted,
                    "{}: p at the end",
                    self.case["model"]
                );
            }
        }
    }

    /// Concentrations in the steady state of a reaction model.
    fn steady_state(&self, report: &Report) {
        let Some(wanted) = self.case["expected"]["steady_state"].as_object() else {
            return;
        };
        let table = report.tables.iter().find(|t| t.name == "steady_state").unwrap();
        let (ColumnValues::Text(names), ColumnValues::Numbers(values)) =
            (&table.columns[0].values, &table.columns[1].values)
        else {
            panic!("names and numbers")
        };
        for (name, value) in wanted {
            let found = values[names.iter().position(|n| n == name).unwrap()];
            self.close(name, found, value.as_f64().unwrap());
        }
    }

    /// The stationary master equation of a reaction model on molecule counts.
    fn counts(&self, spec: &Reactions, overrides: &[Override]) {
        let Some(wanted) = self.case["expected"]["counts"].as_object() else {
            return;
        };
        let environment = ReactionsEnvironment::new(spec, overrides).unwrap();
        let model = Chemistry::new(&environment)
            .unwrap()
            .counts(&environment)
            .unwrap();
        // the probability cut off weighs at most the square of a count, some 10⁴
        let options = MasterEquationOptions {
            tolerance: 1e-14,
            ..MasterEquationOptions::default()
        };
        let found = stationary_counts(&model.system, &model.initial, &options, &Run::default()).unwrap();
        let named = |values: &[f64], key: &str| {
            for (name, value) in wanted[key].as_object().unwrap() {
                let species = model.system.species().iter().position(|s| s == name).unwrap();
                self.close(name, values[species], value.as_f64().unwrap());
            }
        };
        named(&found.means, "means");
        named(&found.variances, "variances");
        self.close(
            "entropy production rate by counts",
            found.entropy_production_rate,
            wanted["entropy_production_rate"].as_f64().unwrap(),
        );
    }
}

#[test]
fn every_gallery_model_gives_the_published_and_independently_computed_values() {
    for case in cases() {
        let judge = Judge { case: &case };
        let model = load(&models().join(case["model"].as_str().unwrap()), &vocabulary()).unwrap();
        let overrides = overrides(&case);
        let possible = irrev::analysis::possibilities(&model, &overrides).unwrap();
        let sections = [
            Section::SteadyState,
            Section::LimitCycle,
            Section::Energetics,
            Section::Counting,
        ];
        let is_possible = |s: &Section| possible.iter().any(|p| p.section == *s && p.obstacle.is_none());
        let options = Options {
            overrides: overrides.clone(),
            sections: Some(sections.into_iter().filter(is_possible).collect()),
            sweep: None,
        };
        let report = irrev::analysis::run(&model, &options, &Run::default()).unwrap();
        judge.map("observables", &report, "");
        judge.map("derived", &report, "");
        judge.map("quantities", &report, "");
        judge.map("heat", &report, "heat_");
        match &model {
            Model::Markov(spec) => judge.markov(spec, &overrides),
            Model::Reactions(spec) => {
                judge.steady_state(&report);
                judge.counts(spec, &overrides);
            }
            _ => panic!("a kind of model without a judge"),
        }
    }
}

#[test]
fn every_gallery_model_gives_a_full_report_whose_checks_hold() {
    for entry in irrev::gallery::ENTRIES {
        let model = load(&models().join(format!("{}.toml", entry.name)), &vocabulary()).unwrap();
        let report = irrev::analysis::run(&model, &Options::default(), &Run::default()).unwrap();
        for check in &report.checks {
            assert!(
                check.passed,
                "{}: {} {:e} > {:e}",
                entry.name, check.name, check.residual, check.tolerance
            );
        }
        for bound in &report.bounds {
            assert_ne!(bound.holds(), Some(false), "{}: {}", entry.name, bound.name);
        }
        assert!(!report.figures.is_empty());
        // every name in a result can be explained; those that a model gives its observables and derived numbers, with the result
        let told = irrev::explain::result(&report).to_string();
        let names = report
            .quantities
            .iter()
            .map(|q| (&q.name, q.definition.name.as_ref()));
        for (name, defined) in names.chain(report.bounds.iter().map(|b| (&b.name, b.name.as_str()))) {
            assert!(told.contains(name.as_str()), "{}: {name}", entry.name);
            let is_own = defined == "mean"
                || defined == name && irrev::analysis::definitions().iter().all(|d| d.name != defined);
            let is_bound = report.bounds.iter().any(|b| b.name == *name);
            match irrev::explain::definition(name) {
                Ok(found) => assert!(!found.explanation.is_empty(), "{}: {name}", entry.name),
                Err(error) => assert!(is_own && !is_bound, "{}: {error}", entry.name),
            }
        }
    }
}

#[test]
fn kinesin_stalls_where_velocity_vanishes_and_the_sweep_says_so() {
    let model = load(&models().join("kinesin.toml"), &vocabulary()).unwrap();
    let options = Options {
        sections: Some(vec![Section::SteadyState, Section::Sweep]),
        ..Options::default()
    };
    let report = irrev::analysis::run(&model, &options, &Run::default()).unwrap();
    let told: String = report.summary.iter().map(|s| s.text.clone()).collect();
    assert!(told.contains("7.19481"), "{told}");
}

#[test]
fn a_report_has_the_same_bits_for_any_number_of_threads() {
    let model = load(&models().join("kinesin.toml"), &vocabulary()).unwrap();
    let json = |threads| {
        let run = Run {
            threads,
            ..Run::default()
        };
        irrev::analysis::run(&model, &Options::default(), &run)
            .unwrap()
            .to_json()
            .unwrap()
    };
    let one = json(1);
    assert!(one == json(2), "1 and 2 threads");
    assert!(one == json(5), "1 and 5 threads");
}

//! What a plain simulation of the gallery's reaction models says of the fluctuation theorems.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use irrev::analysis::vocabulary;
use irrev::model::Model;
use irrev::simulate::{Request, simulate};
use irrev::source::SourceFile;

fn example(name: &str) -> Model {
    let path = format!("../../examples/models/{name}.toml");
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let source = SourceFile::from_text(format!("{name}.toml"), text).unwrap();
    irrev::model::parse(source, &vocabulary()).unwrap()
}

fn note(model: &Model, request: &Request, quantity: &str) -> String {
    let report = simulate(model, request, &Default::default()).unwrap();
    // 5 standard errors and 6 standard deviations: below 1e-5 for all of one report
    assert!(
        report.checks.iter().all(|check| check.passed),
        "{:?}",
        report.checks
    );
    report.quantity(quantity).unwrap().note.clone().unwrap()
}

#[test]
fn a_plain_simulation_resolves_the_average_and_draws_eight_bins_of_the_detailed_theorem() {
    for name in ["michaelis-menten", "schloegl"] {
        let model = example(name);
        let average = note(&model, &Request::default(), "exponential_entropy_average");
        assert!(!average.contains("not resolved"), "{name}: {average}");
        let slope = note(&model, &Request::default(), "fluctuation_slope");
        let freedom = slope.split(" for ").nth(1).and_then(|s| s.split(' ').next());
        assert!(freedom.unwrap().parse::<u32>().unwrap() >= 7, "{name}: {slope}");
    }
}

#[test]
fn one_pair_of_bins_has_no_chi_squared() {
    // in a fifth of the time of a hop the ring hardly ever takes two
    let request = Request {
        trajectories: Some(1500),
        end: Some(0.2),
        stationary: true,
        ..Request::default()
    };
    let slope = note(&example("three-state-ring"), &request, "fluctuation_slope");
    assert!(
        slope.contains("one pair of bins") && !slope.contains("χ²"),
        "{slope}"
    );
}

//! Rates and changes against libRoadRunner 2.10.0 (`tests/data/sbml/oracle.py` made `oracle.json`).

use std::time::Instant;

use serde_json::Value;

use super::{data, evaluator, files, folder, read};

/// Relative to the sum of the sizes of what is added up.
const TOLERANCE: f64 = 1e-12;

fn close(found: f64, expected: f64, scale: f64) -> bool {
    (found - expected).abs() <= TOLERANCE * (scale + expected.abs())
}

fn numbers(value: &Value) -> impl Iterator<Item = (&str, f64)> {
    value
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_f64().unwrap()))
}

#[test]
fn rates_and_changes_are_those_of_another_program() {
    let text = std::fs::read_to_string(folder().join("oracle.json")).unwrap();
    let answers: Value = serde_json::from_str(&text).unwrap();
    let (mut files_checked, mut rates_checked) = (0, 0);
    for (name, states) in answers.as_object().unwrap() {
        if name == "semantic/00052-sbml-l3v1.xml" {
            continue; // its compartment changes
        }
        let model = data(name);
        for (number, state) in states.as_array().unwrap().iter().enumerate() {
            let amounts = &state["amounts"];
            let values = if number == 0 {
                let values = evaluator::initial(&model);
                for (index, species) in model.species.iter().enumerate() {
                    let (found, expected) = (
                        evaluator::amount(&model, index, &values),
                        amounts[&species.name].as_f64().unwrap(),
                    );
                    assert!(
                        close(found, expected, 0.0),
                        "{name}: {} starts at {found}, expected {expected}",
                        species.name
                    );
                }
                values
            } else {
                evaluator::at(&model, state["time"].as_f64().unwrap(), &|species| {
                    amounts[species].as_f64()
                })
            };
            for (parameter, expected) in numbers(&state["parameters"]) {
                let Some(found) = values.get(parameter) else {
                    continue;
                };
                assert!(
                    close(*found, expected, 0.0),
                    "{name}, state {number}: {parameter} = {found}, expected {expected}"
                );
            }
            for (index, reaction) in model.reactions.iter().enumerate() {
                let (forward, backward) = evaluator::fluxes(&model, index, &values);
                let of = |name: &str| state["rates"][name].as_f64().unwrap();
                let expected = match reaction.name.split_once('/') {
                    Some((first, second)) => of(first) - of(second),
                    None => of(&reaction.name),
                };
                let found = forward - backward;
                assert!(
                    close(found, expected, forward.abs() + backward.abs()),
                    "{name}, state {number}: {} runs at {found}, expected {expected}",
                    reaction.name
                );
                rates_checked += 1;
            }
            for (species, expected) in numbers(&state["changes"]) {
                let index = model
                    .species
                    .iter()
                    .position(|known| known.name == species)
                    .unwrap();
                let (found, scale) = evaluator::change(&model, index, &values);
                assert!(
                    close(found, expected, scale),
                    "{name}, state {number}: {species} changes at {found}, expected {expected}"
                );
            }
        }
        files_checked += 1;
    }
    assert!(
        files_checked >= 140 && rates_checked >= 1580,
        "{files_checked} files, {rates_checked} rates"
    );
}

#[test]
fn every_model_reads_in_time_or_is_refused_by_name() {
    for (name, path) in files() {
        let start = Instant::now();
        let outcome = read(&path);
        let elapsed = start.elapsed();
        // A bound against algorithms of the wrong order; it is met by a factor of some ten on an idle machine.
        assert!(elapsed.as_millis() < 500, "{name} took {elapsed:?}");
        let refusal = match name.as_str() {
            _ if name.starts_with("dsmts/00028") || name.starts_with("dsmts/00032") => {
                Some("the model has the event `reset`, and events are not read")
            }
            "semantic/00052-sbml-l3v1.xml" => Some("compartment `C` has a rule"),
            _ => None,
        };
        match (outcome, refusal) {
            (Ok(_), None) => {}
            (Ok(_), Some(_)) => panic!("{name} should be refused"),
            (Err(error), None) => panic!("{name}: {error}"),
            (Err(error), Some(refusal)) => assert!(error.to_string().contains(refusal), "{name}: {error}"),
        }
    }
}

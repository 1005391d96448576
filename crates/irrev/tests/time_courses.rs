//! Deterministic time courses against the expected values of the SBML Test Suite.

use std::path::{Path, PathBuf};

use irrev::chemistry::Chemistry;
use irrev::model::{Model, Quantity, Reactions, ReactionsEnvironment, Vocabulary, load};
use irrev::network::reactions::evolution::{EvolutionOptions, evolve};

/// The case whose compartment grows, which is refused by name.
const COMPARTMENT_CHANGES: &str = "00052";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/sbml")
        .join(name)
}

fn reactions(path: &Path) -> Box<Reactions> {
    match load(path, &Vocabulary::default()) {
        Ok(Model::Reactions(reactions)) => reactions,
        Ok(_) => panic!("{} is not a reaction model", path.display()),
        Err(error) => panic!("{error}"),
    }
}

/// The value of a setting such as "duration: 20.0".
fn setting(settings: &str, key: &str) -> String {
    let line = settings
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{key}:")));
    line.unwrap_or_default().trim().to_owned()
}

#[test]
fn the_semantic_cases_agree_with_their_tables_in_every_level() {
    let mut files = 0;
    let all: Vec<PathBuf> = std::fs::read_dir(folder("semantic"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let name_of = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    for results in all.iter().filter(|path| name_of(path).ends_with("-results.csv")) {
        let name = name_of(results).replace("-results.csv", "");
        let read = |suffix: &str| {
            std::fs::read_to_string(folder("semantic").join(format!("{name}-{suffix}"))).unwrap()
        };
        let (settings, results) = (read("settings.txt"), read("results.csv"));
        let mut lines = results.lines().filter(|line| !line.trim().is_empty());
        let header: Vec<String> = lines
            .next()
            .unwrap()
            .split(',')
            .map(|s| s.trim().trim_matches('"').to_owned())
            .collect();
        let rows: Vec<Vec<f64>> = lines
            .map(|line| line.split(',').map(|v| v.trim().parse().unwrap()).collect())
            .collect();
        let number = |key: &str| setting(&settings, key).parse::<f64>().unwrap();
        let (absolute, relative) = (number("absolute"), number("relative"));
        let as_amount: Vec<String> = setting(&settings, "amount")
            .split(',')
            .map(|s| s.trim().to_owned())
            .collect();
        let models = all
            .iter()
            .filter(|p| name_of(p).starts_with(&format!("{name}-")) && name_of(p).ends_with(".xml"));
        for path in models {
            files += 1;
            if name == COMPARTMENT_CHANGES {
                let refused = load(path, &Vocabulary::default()).unwrap_err().to_string();
                assert!(refused.contains("compartment `C` has a rule"), "{refused}");
                continue;
            }
            let spec = reactions(path);
            let environment = ReactionsEnvironment::new(&spec, &[]).unwrap();
            let chemistry = Chemistry::new(&environment).unwrap();
            let options = EvolutionOptions {
                times: rows.iter().map(|row| row[0]).collect(),
                budget: false,
                ..EvolutionOptions::default()
            };
            let duration = rows.last().unwrap()[0];
            let path_name = path.display();
            let motion = evolve(
                &chemistry.system,
                &chemistry.initial,
                duration,
                &options,
                &Default::default(),
            )
            .unwrap_or_else(|error| panic!("{path_name}: {error}"));
            let slots = environment.initial_slots().unwrap();
            let per_symbol = environment.amounts_per_symbol(&slots);
            let names = spec.symbol_names();
            for (row, amounts) in rows.iter().zip(&motion.amounts) {
                let values = chemistry.symbol_values(row[0], amounts);
                for (column, expected) in header.iter().zip(row).skip(1) {
                    let slot = names
                        .iter()
                        .position(|n| n == column)
                        .unwrap_or_else(|| panic!("{path_name}: {column}"));
                    let mut found = values[slot];
                    if let Some(k) = spec.species.iter().position(|s| s.name == *column) {
                        let size = spec.species[k]
                            .compartment
                            .map_or(1.0, |c| slots[spec.compartment_slot(c)]);
                        let amount = found * per_symbol[k];
                        let amount = if spec.species[k].symbol == Quantity::Amount {
                            found
                        } else {
                            amount
                        };
                        found = if as_amount.contains(column) {
                            amount
                        } else {
                            amount / size
                        };
                    }
                    assert!(
                        (found - expected).abs() <= absolute + relative * expected.abs(),
                        "{path_name}: {column} at {}: {found} instead of {expected}",
                        row[0]
                    );
                }
            }
        }
    }
    assert!(files >= 79, "{files} files");
}

/// Agreement demanded with an independent integrator, relative to a species' largest amount over the course.
const INDEPENDENT: f64 = 1e-6;

#[test]
fn published_models_follow_the_time_courses_of_an_independent_integrator() {
    let cases: serde_json::Value = serde_json::from_str(include_str!("data/sbml/time_courses.json")).unwrap();
    let cases = cases.as_object().unwrap();
    assert_eq!(cases.len(), 7);
    for (name, case) in cases {
        let rows: Vec<Vec<f64>> = serde_json::from_value(case["rows"].clone()).unwrap();
        let species: Vec<String> = serde_json::from_value(case["species"].clone()).unwrap();
        let spec = reactions(&folder("biomodels").join(format!("{name}.xml")));
        let environment = ReactionsEnvironment::new(&spec, &[]).unwrap();
        let chemistry = Chemistry::new(&environment).unwrap();
        let options = EvolutionOptions {
            times: rows.iter().map(|row| row[0]).collect(),
            budget: false,
            ..EvolutionOptions::default()
        };
        let end = rows.last().unwrap()[0];
        let motion = evolve(
            &chemistry.system,
            &chemistry.initial,
            end,
            &options,
            &Default::default(),
        )
        .unwrap();
        let slots = environment.initial_slots().unwrap();
        for (column, species) in species.iter().enumerate() {
            let k = spec.species.iter().position(|s| s.name == *species).unwrap();
            // amounts, whatever the symbol means
            let per_symbol = environment.amounts_per_symbol(&slots)[k];
            let largest = rows
                .iter()
                .map(|row| row[column + 1].abs())
                .fold(f64::MIN_POSITIVE, f64::max);
            for (row, amounts) in rows.iter().zip(&motion.amounts) {
                let found = chemistry.symbol_values(row[0], amounts)[spec.species_slot(k)] * per_symbol;
                assert!(
                    (found - row[column + 1]).abs() <= INDEPENDENT * largest,
                    "{name}: {species} at {}: {found} instead of {}",
                    row[0],
                    row[column + 1]
                );
            }
        }
    }
}

//! What is written reads back as the same model.

use irrev::model::{Model, Reactions, Vocabulary, parse};
use irrev::source::SourceFile;

use super::{data, evaluator, files, read};

/// A number in (0, 1) that depends on the seed and the place only.
fn uniform(seed: u64, place: usize) -> f64 {
    let mut bits =
        seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (place as u64).wrapping_mul(0xD1B5_4A32_D192_ED03);
    bits ^= bits >> 29;
    bits = bits.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((bits ^ (bits >> 32)) >> 11) as f64 / (1_u64 << 53) as f64
}

#[test]
fn every_model_reads_back_with_the_same_rates() {
    let mut compared = 0;
    for (name, path) in files() {
        let Ok(model) = read(&path) else { continue };
        let written = irrev::sbml::write(&model);
        let source = SourceFile::from_text("again.xml", written.text.clone()).unwrap();
        let again =
            irrev::sbml::read(source).unwrap_or_else(|error| panic!("{name}: {error}\n{}", written.text));
        assert_eq!(model.species.len(), again.species.len(), "{name}");
        let close = |found: f64, expected: f64, scale: f64| {
            (found - expected).abs() <= 1e-12 * (scale + expected.abs())
        };
        let (start, start_again) = (evaluator::initial(&model), evaluator::initial(&again));
        for seed in [1, 2, 3] {
            let amount = |model: &irrev::model::Reactions, start, species: &str| {
                let index = model.species.iter().position(|known| known.name == species)?;
                // Near the initial state, where rules hold; what starts from nothing gets something.
                let factor = 0.9 + 0.2 * uniform(seed, index);
                Some(evaluator::amount(model, index, start) * factor + 1e-6 * uniform(seed, index + 1000))
            };
            let values = evaluator::at(&model, seed as f64, &|species| amount(&model, &start, species));
            let values_again = evaluator::at(&again, seed as f64, &|species| {
                amount(&again, &start_again, species)
            });
            for (index, species) in model.species.iter().enumerate() {
                let other = &again.species[index];
                assert_eq!(species.name, other.name, "{name}");
                let (expected, scale) = evaluator::change(&model, index, &values);
                let (found, _) = evaluator::change(&again, index, &values_again);
                assert!(
                    close(found, expected, scale),
                    "{name}: {} changes at {found}, expected {expected}",
                    species.name
                );
            }
            assert_eq!(
                model.reactions.len(),
                again.reactions.len(),
                "{name}\n{}",
                written.text
            );
            for index in 0..model.reactions.len() {
                let (expected, found) = (
                    evaluator::fluxes(&model, index, &values),
                    evaluator::fluxes(&again, index, &values_again),
                );
                let what = &model.reactions[index].name;
                assert!(
                    close(found.0, expected.0, 0.0) && close(found.1, expected.1, 0.0),
                    "{name}, {what}: {found:?}, expected {expected:?}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared >= 1000, "{compared}");
}

#[test]
fn what_is_written_does_not_change_when_read_and_written_again() {
    for name in [
        "biomodels/BIOMD0000000064.xml",
        "biomodels/BIOMD0000000019.xml",
        "petab/model_Boehm_JProteomeRes2014.xml",
    ] {
        let first = irrev::sbml::write(&data(name)).text;
        let source = SourceFile::from_text("first.xml", first.clone()).unwrap();
        let second = irrev::sbml::write(&irrev::sbml::read(source).unwrap()).text;
        assert_eq!(first, second, "{name}");
    }
}

/// Code, message and help of every warning.
fn told(model: &Reactions) -> Vec<(&str, &str, Option<&str>)> {
    let warnings = model.warnings.iter();
    let mut told: Vec<_> = warnings
        .map(|w| (w.code, w.message.as_str(), w.help.as_deref()))
        .collect();
    told.sort_unstable();
    told
}

#[test]
fn what_reading_decided_survives_in_a_model_file() {
    let (mut notes, mut pairs) = (0, 0);
    for (name, path) in files() {
        let Ok(model) = read(&path) else { continue };
        let written = irrev::model::write(&model);
        let source = SourceFile::from_text("again.toml", written.text.clone()).unwrap();
        let again = match parse(source, &Vocabulary::default()) {
            Ok(Model::Reactions(again)) => again,
            // what a model file refuses is among the losses
            Err(_) if !written.losses.is_empty() => continue,
            other => panic!("{name}: {other:?}\n{}", written.text),
        };
        if written.losses.is_empty() {
            assert_eq!(told(&model), told(&again), "{name}");
        }
        let paired = |model: &Reactions| -> Vec<(String, bool)> {
            let reactions = model.reactions.iter();
            reactions.map(|r| (r.name.clone(), r.paired.is_some())).collect()
        };
        assert_eq!(paired(&model), paired(&again), "{name}");
        notes += model.warnings.len();
        pairs += paired(&model).iter().filter(|(_, paired)| *paired).count();
    }
    assert!(notes >= 100 && pairs >= 20, "{notes} notes, {pairs} pairs");
}

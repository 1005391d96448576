//! The two distributions of a distance, as they are given on a command line.
//!
//! | text | is |
//! |---|---|
//! | `uniform` | equal probability for every state |
//! | `stationary` | the stationary distribution |
//! | `gibbs:RESERVOIR` | the Gibbs distribution of a reservoir |
//! | `initial` | the model's own initial distribution |
//! | the name of a state | certainty of that state |
//! | `0.2,0.3,0.5` | one number per state, in the order of the model |
//! | a file `.csv` or `.npy` | the same, in a file |

use std::path::Path;

use irrev_network::{Distribution, Kinetics};
use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};
use crate::expression::nearest_name;
use crate::model::Environment;
use crate::system::System;

/// Words with a meaning of their own.
const WORDS: [&str; 3] = ["uniform", "stationary", "initial"];

/// One end of a path: where it lies, and how to call it.
pub(super) struct End {
    /// What was given; of a file, its name without the folder.
    pub(super) label: String,
    pub(super) distribution: Distribution,
}

/// Reads one end; `option` is its name in messages.
pub(super) fn end(
    option: &'static str,
    text: &str,
    system: &System,
    environment: &Environment<'_>,
) -> Result<End> {
    let states = system.kinetics.network().states();
    let model = environment.spec().source.name();
    let fail = |e| Error::network(model, e);
    let named = |distribution| End {
        label: text.to_owned(),
        distribution,
    };
    match text {
        "uniform" => return Distribution::uniform(states.len()).map(named).map_err(fail),
        "stationary" => return system.kinetics.stationary_distribution().map(named).map_err(fail),
        "initial" => return system.initial_distribution(environment).map(named),
        _ => {}
    }
    if let Some(state) = states.iter().position(|name| name == text) {
        return Distribution::point(states.len(), state).map(named).map_err(fail);
    }
    if let Some(name) = text.strip_prefix("gibbs:") {
        let reservoirs = system.kinetics.network().reservoirs();
        let found = reservoirs.iter().position(|r| r == name);
        let (Some(reservoir), Some(energetics)) = (found, &system.energetics) else {
            return Err(unknown(option, text, "is no reservoir of the model", reservoirs));
        };
        return energetics.gibbs_distribution(reservoir).map(named).map_err(fail);
    }
    if is_file(text) {
        let (label, numbers) = from_file(text)?;
        return Ok(End {
            label,
            distribution: checked(option, text, numbers, states)?,
        });
    }
    if text.contains(',') {
        let numbers = listed(option, text)?;
        return checked(option, text, numbers, states).map(named);
    }
    let problem = "is neither a state nor a list of probabilities nor a file .csv or .npy";
    Err(unknown(option, text, problem, states))
}

pub(super) fn is_file(text: &str) -> bool {
    Path::new(text)
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("csv") || e.eq_ignore_ascii_case("npy"))
}

/// The numbers of a file, and its name without the folder.
pub(super) fn from_file(text: &str) -> Result<(String, Vec<f64>)> {
    let path = Path::new(text);
    let label = path
        .file_name()
        .map_or(text.into(), |name| name.to_string_lossy());
    Ok((label.into_owned(), crate::model::numbers(path)?))
}

fn unknown(option: &'static str, given: &str, problem: &str, known: &[String]) -> Error {
    let names = known.iter().map(String::as_str).chain(WORDS);
    let near = nearest_name(given.trim_start_matches("gibbs:"), names);
    let hint = near.map_or_else(
        || {
            "; say uniform, stationary, initial, gibbs:RESERVOIR, a state, one number per state, or a file"
                .into()
        },
        |near| format!("; did you mean \"{near}\"?"),
    );
    Error::Request {
        option,
        given: given.into(),
        problem: format!("{problem}{hint}"),
    }
}

pub(super) fn listed(option: &'static str, text: &str) -> Result<Vec<f64>> {
    let number = |(k, word): (usize, &str)| {
        word.trim().parse().map_err(|_| Error::Distribution {
            option,
            given: text.into(),
            problem: format!("number {} is `{}`, which is no number", k + 1, word.trim()),
        })
    };
    text.split(',').enumerate().map(number).collect()
}

/// A distribution over the states, or what keeps the numbers from being one.
fn checked(option: &'static str, given: &str, numbers: Vec<f64>, states: &[String]) -> Result<Distribution> {
    let wrong = |problem: String| Error::Distribution {
        option,
        given: given.into(),
        problem,
    };
    if numbers.len() != states.len() {
        return Err(wrong(format!(
            "{} numbers, expected {}, one per state of the model in its order",
            numbers.len(),
            states.len()
        )));
    }
    if let Some(k) = numbers.iter().position(|p| !(p.is_finite() && *p >= 0.0)) {
        return Err(wrong(format!(
            "number {} (state \"{}\") is {}; a probability is finite and not negative",
            k + 1,
            states[k],
            numbers[k]
        )));
    }
    let sum = compensated_sum(numbers.iter().copied());
    Distribution::new(numbers).map_err(|_| {
        wrong(format!(
            "the numbers sum to {sum}, expected 1 within {:e}: distances are between equal masses; divide each number by the sum",
            Distribution::SUM_TOLERANCE
        ))
    })
}

//! The two distributions of a distance, or two families of masses, as they are given on a command line.
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
//!
//! Numbers that do not sum to 1 are masses, which have a W₁ to others of the same total. What is wrong with numbers of an option is a wrong use of the
//! command, what is wrong with those of a file is a wrong input.

use std::path::Path;

use irrev_network::transport::Masses;
use irrev_network::{Distribution, Kinetics};

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

/// One end with numbers that are no probabilities.
pub(super) struct Heap {
    /// As that of [`End`].
    pub(super) label: String,
    pub(super) masses: Masses,
}

/// What stands at one end.
pub(super) enum Given {
    Distribution(End),
    Masses(Heap),
}

impl Given {
    /// The end as masses; a distribution has the total 1.
    pub(super) fn into_heap(self) -> Heap {
        match self {
            Self::Masses(heap) => heap,
            Self::Distribution(End { label, distribution }) => Heap {
                label,
                masses: Masses::from(&distribution),
            },
        }
    }
}

/// Reads one end; `option` is its name in messages.
pub(super) fn end(
    option: &'static str,
    text: &str,
    system: &System,
    environment: &Environment<'_>,
) -> Result<Given> {
    let states = system.kinetics.network().states();
    let model = environment.spec().source.name();
    let fail = |e| Error::network(model, e);
    let named = |distribution| {
        Given::Distribution(End {
            label: text.to_owned(),
            distribution,
        })
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
        return checked(option, text, label, numbers, states);
    }
    if text.contains(',') {
        let numbers = listed(option, text)?;
        return checked(option, text, text.to_owned(), numbers, states);
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
        word.trim().parse().map_err(|_| Error::Request {
            option,
            given: text.into(),
            problem: format!("has `{}` as number {}, which is no number", word.trim(), k + 1),
        })
    };
    text.split(',').enumerate().map(number).collect()
}

/// What is wrong with the numbers that an option gives or names a file of.
pub(super) fn wrong(option: &'static str, given: &str, problem: String) -> Error {
    if is_file(given) {
        Error::Numbers {
            option,
            file: given.into(),
            problem,
        }
    } else {
        Error::Request {
            option,
            given: given.into(),
            problem,
        }
    }
}

/// A distribution over the states or masses on them, or what keeps the numbers from being either.
fn checked(
    option: &'static str,
    given: &str,
    label: String,
    numbers: Vec<f64>,
    states: &[String],
) -> Result<Given> {
    if numbers.len() != states.len() {
        let (found, expected) = (numbers.len(), states.len());
        let problem =
            format!("has {found} numbers, expected {expected}, one per state of the model in its order");
        return Err(wrong(option, given, problem));
    }
    if let Some(k) = numbers.iter().position(|p| !(p.is_finite() && *p >= 0.0)) {
        let problem = format!(
            "has {} as number {} (state \"{}\"); a probability or mass is finite and not negative",
            numbers[k],
            k + 1,
            states[k]
        );
        return Err(wrong(option, given, problem));
    }
    if let Ok(distribution) = Distribution::new(numbers.clone()) {
        return Ok(Given::Distribution(End { label, distribution }));
    }
    match Masses::new(numbers) {
        Ok(masses) => Ok(Given::Masses(Heap { label, masses })),
        Err(error) => Err(wrong(option, given, format!("gives no masses: {error}"))),
    }
}

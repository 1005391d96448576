//! The two states of a reaction network, as they are given on a command line.
//!
//! | text | is |
//! |---|---|
//! | `initial` | the model's initial state |
//! | `stationary` | the steady state that the initial state settles on |
//! | `X=0.2,Y=1` | these species so, the others as initially |
//! | `0.2,1,0.5` | one number per dynamic species, in the order of the model |
//! | a file `.csv` or `.npy` | the same, in a file |
//!
//! Numbers are values of the species' symbols: concentrations where the model has concentrations, amounts elsewhere.

use irrev_network::reactions::steady_state::relaxed_steady_state;
use irrev_numerics::Run;

use super::ends::{from_file, is_file, listed, wrong};
use crate::chemistry::Chemistry;
use crate::error::{Error, Result};
use crate::expression::nearest_name;

/// Words with a meaning of their own.
const WORDS: [&str; 2] = ["initial", "stationary"];

/// One end of a path: where it lies, and how to call it.
pub(super) struct State {
    /// What was given; of a file, its name without the folder.
    pub(super) label: String,
    /// Amounts of the dynamic species.
    pub(super) amounts: Vec<f64>,
}

/// Reads one end; `option` is its name in messages, `model` that of the model.
pub(super) fn state(
    option: &'static str,
    text: &str,
    chemistry: &Chemistry,
    model: &str,
    run: &Run<'_>,
) -> Result<State> {
    let named = |amounts| State {
        label: text.to_owned(),
        amounts,
    };
    match text {
        "initial" => return Ok(named(chemistry.initial.clone())),
        "stationary" => {
            let found = relaxed_steady_state(&chemistry.system, &chemistry.initial, run);
            return found
                .map(|steady| named(steady.amounts))
                .map_err(|error| Error::network(model, error));
        }
        _ => {}
    }
    let names = chemistry.system.state_names();
    if is_file(text) {
        let (label, numbers) = from_file(text)?;
        return Ok(State {
            label,
            amounts: checked(option, text, numbers, chemistry)?,
        });
    }
    if text.contains('=') {
        return assigned(option, text, chemistry).map(named);
    }
    if text.contains(',') || text.parse::<f64>().is_ok() {
        return checked(option, text, listed(option, text)?, chemistry).map(named);
    }
    let near = nearest_name(text, names.iter().map(String::as_str).chain(WORDS));
    let hint = near.map_or_else(
        || {
            "; say initial, stationary, values such as X=0.2,Y=1, one number per dynamic species, or a file"
                .into()
        },
        |near| format!("; did you mean \"{near}\"?"),
    );
    Err(Error::Request {
        option,
        given: text.into(),
        problem: format!("is neither a state nor a list of values nor a file .csv or .npy{hint}"),
    })
}

/// The initial state with some species given by name.
fn assigned(option: &'static str, text: &str, chemistry: &Chemistry) -> Result<Vec<f64>> {
    let names = chemistry.system.state_names();
    let mut symbols = chemistry.symbols(&chemistry.initial);
    for part in text.split(',') {
        let wrong = |problem: String| Error::Request {
            option,
            given: text.into(),
            problem,
        };
        let Some((name, value)) = part.split_once('=') else {
            return Err(wrong(format!("`{}` is no assignment such as X=0.2", part.trim())));
        };
        let (name, value) = (name.trim(), value.trim());
        let Some(place) = names.iter().position(|known| known == name) else {
            let near = nearest_name(name, names.iter().map(String::as_str));
            let hint = near.map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"));
            return Err(wrong(format!(
                "`{name}` is no dynamic species of the model{hint}"
            )));
        };
        symbols[place] = value
            .parse()
            .map_err(|_| wrong(format!("`{value}` for {name} is no number")))?;
    }
    checked(option, text, symbols, chemistry)
}

/// Amounts from values of the symbols, or what keeps the numbers from being a state.
fn checked(option: &'static str, given: &str, symbols: Vec<f64>, chemistry: &Chemistry) -> Result<Vec<f64>> {
    let names = chemistry.system.state_names();
    let wrong = |problem: String| wrong(option, given, problem);
    if symbols.len() != names.len() {
        return Err(wrong(format!(
            "has {} numbers, expected {}, one per dynamic species: {}",
            symbols.len(),
            names.len(),
            names.join(", ")
        )));
    }
    if let Some(k) = symbols.iter().position(|x| !(x.is_finite() && *x >= 0.0)) {
        return Err(wrong(format!(
            "gives {} the value {}; expected a finite number that is not negative",
            names[k], symbols[k]
        )));
    }
    let amounts = symbols.iter().zip(&chemistry.amount_per_symbol);
    Ok(amounts.map(|(x, v)| x * v).collect())
}

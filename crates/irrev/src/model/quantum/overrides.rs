//! Other values for numbers of a quantum lattice: `--set KEY=VALUE` and sweeps.
//!
//! A key is the path of the number in the file: `parameters.g`, `bath.hopping`, `contact.hopping`, `lattice.shape[0]`. Where a list stands under a key, the key
//! alone replaces it by one number. The words of `bath.state`, `bath.matching` and `lattice.boundary` can be set, too.

use irrev_quantum::lattice::Boundary;
use irrev_quantum::temperature::Matching;

use super::super::diagnostic::{Fault, ModelError};
use super::super::keyed_changes::{formula_of, nearest_key, no_such_key, scope_of, with_parameter};
use super::super::overrides::{Override, choice, in_own_text};
use super::numbers::OPTIONAL;
use super::read::{BOUNDARIES, MATCHINGS};
use super::{Quantum, StateKind};

/// Keys with words for values.
const WORDS: [&str; 3] = ["bath.state", "bath.matching", "lattice.boundary"];

/// Whether a number stands under a key, alone or in a list.
fn stands_under(key: &str, number: &str) -> bool {
    number
        .strip_prefix(key)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

/// What `key` names: `Ok` for a number, else the nearest key that names one.
pub(super) fn find(spec: &Quantum, key: &str) -> Result<(), Option<String>> {
    if OPTIONAL.contains(&key)
        || spec
            .numbers
            .iter()
            .any(|formula| stands_under(key, formula.key()))
    {
        return Ok(());
    }
    if let Some(name) = key.strip_prefix("parameters.")
        && spec.parameters.position(name).is_some()
    {
        return Ok(());
    }
    let parameters = spec.parameters.iter().map(|p| format!("parameters.{}", p.name));
    let numbers = spec.numbers.iter().map(|formula| formula.key().to_owned());
    Err(nearest_key(
        key,
        parameters
            .chain(numbers)
            .chain(OPTIONAL.into_iter().chain(WORDS).map(str::to_owned)),
    ))
}

/// The model with the overrides applied.
pub(super) fn overridden(spec: &Quantum, overrides: &[Override]) -> Result<Quantum, ModelError> {
    let mut changed = spec.clone();
    for given in overrides {
        let (key, value) = (&given.key, &given.value);
        let word = set_word(&mut changed, key, value);
        if word.map_err(|fault| in_own_text(value, fault, &given.name()))? {
            continue;
        }
        find(&changed, key).map_err(|near| no_such_key(given, near.as_deref()))?;
        let formula = formula_of(given, &scope_of(&changed.parameters))?;
        if let Some(formula) = with_parameter(&mut changed.parameters, given, formula)? {
            let place = changed
                .numbers
                .iter()
                .position(|old| stands_under(key, old.key()));
            changed.numbers.retain(|old| !stands_under(key, old.key()));
            let place = place.unwrap_or(changed.numbers.len());
            changed.numbers.insert(place, formula);
        }
    }
    Ok(changed)
}

/// Sets a word, if the key has one; says whether it has.
fn set_word(spec: &mut Quantum, key: &str, value: &str) -> Result<bool, Fault> {
    match key {
        "bath.state" => spec.state = choice::<StateKind>(key, value, StateKind::ALL)?,
        "bath.matching" => spec.matching = choice::<Matching>(key, value, MATCHINGS)?,
        "lattice.boundary" => spec.boundaries = [choice::<Boundary>(key, value, BOUNDARIES)?; 2],
        _ => return Ok(false),
    }
    Ok(true)
}

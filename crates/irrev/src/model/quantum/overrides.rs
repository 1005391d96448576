//! Other values for numbers of a quantum lattice: `--set KEY=VALUE` and sweeps.
//!
//! A key is the path of the number in the file: `parameters.g`, `bath.hopping`, `contact.hopping`, `lattice.shape[0]`. Where a list stands under a key, the key
//! alone replaces it by one number. The words of `bath.state`, `bath.matching` and `lattice.boundary` can be set, too.

use std::sync::Arc;

use irrev_quantum::lattice::Boundary;
use irrev_quantum::temperature::Matching;

use super::super::diagnostic::{Fault, ModelError, code};
use super::super::formula::{Admit, Scope};
use super::super::overrides::{MAXIMUM_SUGGESTED, Override, choice, in_own_text};
use super::numbers::OPTIONAL;
use super::read::{BOUNDARIES, MATCHINGS};
use super::{Quantum, StateKind};
use crate::expression::nearest_name;
use crate::source::{SourceFile, Span};

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
    let known: Vec<String> = parameters
        .chain(numbers)
        .chain(OPTIONAL.into_iter().chain(WORDS).map(str::to_owned))
        .take(MAXIMUM_SUGGESTED)
        .collect();
    // a bare name is most likely meant as the number whose key ends with it
    let below = format!(".{key}");
    let near = known
        .iter()
        .find(|known| known.ends_with(&below))
        .map(String::as_str);
    Err(near
        .or_else(|| nearest_name(key, known.iter().map(String::as_str)))
        .map(str::to_owned))
}

/// The model with the overrides applied.
pub(super) fn overridden(spec: &Quantum, overrides: &[Override]) -> Result<Quantum, ModelError> {
    let mut changed = spec.clone();
    for given in overrides {
        let (key, value, name) = (&given.key, &given.value, given.name());
        // The text of the value is the text that faults point into.
        let own = |fault: Fault| in_own_text(value, fault, &name);
        if set_word(&mut changed, key, value).map_err(own)? {
            continue;
        }
        find(&changed, key).map_err(|near| {
            let message = format!("no number of the model has the key `{key}`");
            let fault =
                Fault::error(code::OVERRIDE, Span::new(0, key.len()), message).suggest(near.as_deref());
            in_own_text(&format!("{key}={value}"), fault, &name)
        })?;
        let names = changed.parameters.iter().map(|parameter| parameter.name.clone());
        let scope = Scope::new(names.collect());
        let span = Span::new(0, value.len());
        let formula = scope
            .formula(key, value, span, Some(0), Admit::Constants)
            .map_err(|fault| own(*fault))?;
        let source = Arc::new(SourceFile::from_text(name.clone(), value.clone())?);
        let formula = formula.written_in(source);
        if let Some(index) =
            (key.strip_prefix("parameters.")).and_then(|name| changed.parameters.position(name))
        {
            changed.parameters = std::mem::take(&mut changed.parameters)
                .with_value(index, formula)
                .map_err(|fault| own(*fault))?;
        } else {
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

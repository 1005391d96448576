//! Other values for numbers of a kinetic Ising model: `--set KEY=VALUE` and sweeps.
//!
//! A key is the path of the number in the file: `parameters.g`, `network.size`, `network.couplings.spread`, `dynamics.beta`, `simulation.measured`. The words
//! of `dynamics.update`, `network.self_couplings`, `simulation.start` and `network.size = "infinite"` can be set, too.

use irrev_ising::simulation::Start;

use super::super::diagnostic::{Fault, ModelError};
use super::super::keyed_changes::{formula_of, nearest_key, no_such_key, scope_of, with_parameter};
use super::super::overrides::{Override, choice, in_own_text};
use super::numbers::OPTIONAL;
use super::read::{INFINITE, POLICIES, STARTS, misspelt_infinite};
use super::{Ising, SelfCouplingPolicy, Sizes, UpdateRule};
use crate::source::Span;

/// Keys with words for values.
const WORDS: [&str; 3] = ["dynamics.update", "network.self_couplings", "simulation.start"];

/// What `key` names: `Ok` for a number, else the nearest key that names one.
pub(super) fn find(spec: &Ising, key: &str) -> Result<(), Option<String>> {
    if key == "network.size" || OPTIONAL.contains(&key) || spec.number(key).is_some() {
        return Ok(());
    }
    if let Some(name) = key.strip_prefix("parameters.")
        && spec.parameters.position(name).is_some()
    {
        return Ok(());
    }
    let parameters = spec.parameters.iter().map(|p| format!("parameters.{}", p.name));
    let numbers = spec.formulas().map(|formula| formula.key().to_owned());
    let words = ["network.size"].into_iter().chain(OPTIONAL).chain(WORDS);
    Err(nearest_key(
        key,
        parameters.chain(numbers).chain(words.map(str::to_owned)),
    ))
}

/// The model with the overrides applied.
pub(super) fn overridden(spec: &Ising, overrides: &[Override]) -> Result<Ising, ModelError> {
    let mut changed = spec.clone();
    for given in overrides {
        let (key, value) = (&given.key, &given.value);
        // the text of the value is the text that faults point into
        let own = |fault: Fault| in_own_text(value, fault, &given.name());
        if set_word(&mut changed, key, value).map_err(own)? {
            continue;
        }
        find(&changed, key).map_err(|near| no_such_key(given, near.as_deref()))?;
        let scope = scope_of(&changed.parameters);
        if key == "network.size"
            && let Some(fault) = misspelt_infinite(value, Span::new(0, value.len()), &scope)
        {
            return Err(own(fault));
        }
        let formula = formula_of(given, &scope)?;
        let Some(formula) = with_parameter(&mut changed.parameters, given, formula)? else {
            continue;
        };
        if key == "network.size" {
            changed.sizes = Sizes::Finite(vec![formula]);
        } else if let Some(old) = changed.formulas_mut().into_iter().find(|old| old.key() == key) {
            *old = formula;
        } else {
            changed.numbers.push(formula);
        }
    }
    super::read::consistent(&changed)?;
    Ok(changed)
}

/// Sets a word, if the key has one; says whether it has.
fn set_word(spec: &mut Ising, key: &str, value: &str) -> Result<bool, Fault> {
    match key {
        "network.size" if value == INFINITE => spec.sizes = Sizes::Infinite,
        "dynamics.update" => spec.update = choice::<UpdateRule>(key, value, UpdateRule::ALL)?,
        "network.self_couplings" => {
            spec.self_couplings = Some(choice::<SelfCouplingPolicy>(key, value, POLICIES)?);
        }
        "simulation.start" => spec.simulation = Some(choice::<Start>(key, value, STARTS)?),
        _ => return Ok(false),
    }
    Ok(true)
}

//! Other values for numbers of a kinetic Ising model: `--set KEY=VALUE` and sweeps.
//!
//! A key is the path of the number in the file: `parameters.g`, `network.size`, `network.couplings.spread`, `dynamics.beta`, `simulation.measured`. The words
//! of `dynamics.update`, `network.self_couplings`, `simulation.start` and `network.size = "infinite"` can be set, too.

use std::sync::Arc;

use irrev_ising::simulation::Start;

use super::super::diagnostic::{Fault, ModelError, code};
use super::super::formula::{Admit, Scope};
use super::super::overrides::{MAXIMUM_SUGGESTED, Override, choice, in_own_text};
use super::numbers::OPTIONAL;
use super::read::{INFINITE, POLICIES, STARTS, misspelt_infinite};
use super::{Ising, SelfCouplingPolicy, Sizes, UpdateRule};
use crate::expression::nearest_name;
use crate::source::{SourceFile, Span};

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
    let known: Vec<String> = parameters
        .chain(numbers)
        .chain(
            ["network.size"]
                .into_iter()
                .chain(OPTIONAL)
                .chain(WORDS)
                .map(str::to_owned),
        )
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
pub(super) fn overridden(spec: &Ising, overrides: &[Override]) -> Result<Ising, ModelError> {
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
        if key == "network.size"
            && let Some(fault) = misspelt_infinite(value, span, &scope)
        {
            return Err(own(fault));
        }
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
        } else if key == "network.size" {
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

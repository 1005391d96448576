//! Other values for numbers and fields of a Langevin model: `--set KEY=VALUE` and sweeps.
//!
//! A key is the path in the file: `parameters.h`, `dynamics.temperature`, `coordinates.x.max`, `dynamics.potential`. The word of `dynamics.type` cannot be set, since the other
//! keys of the table depend on it.

use super::super::diagnostic::ModelError;
use super::super::formula::{Admit, Formula};
use super::super::keyed_changes::{formula_of, nearest_key, no_such_key, scope_of, with_parameter};
use super::super::overrides::{Override, in_own_text};
use super::read::scope_of_place;
use super::{Ends, Langevin};
use crate::source::Span;

/// Numbers that a model may go without, and that can still be set.
fn optional(spec: &Langevin) -> Vec<String> {
    let of_coordinates = spec.coordinates.iter().flat_map(|coordinate| {
        let grid =
            (coordinate.ends != Ends::Open).then(|| format!("coordinates.{}.intervals", coordinate.name));
        grid.into_iter()
    });
    of_coordinates.collect()
}

/// What `key` names: `Ok` for a number, else the nearest key that names one.
pub(super) fn find(spec: &Langevin, key: &str) -> Result<(), Option<String>> {
    if optional(spec).iter().any(|known| known == key)
        || spec.numbers.iter().any(|formula| formula.key() == key)
    {
        return Ok(());
    }
    if let Some(name) = key.strip_prefix("parameters.")
        && spec.parameters.position(name).is_some()
    {
        return Ok(());
    }
    let parameters = spec.parameters.iter().map(|p| format!("parameters.{}", p.name));
    let written = spec.numbers.iter().chain(&spec.fields);
    let written = written.map(|formula| formula.key().to_owned());
    Err(nearest_key(key, parameters.chain(written).chain(optional(spec))))
}

/// The model with the overrides applied.
pub(super) fn overridden(spec: &Langevin, overrides: &[Override]) -> Result<Langevin, ModelError> {
    let mut changed = spec.clone();
    for given in overrides {
        if let Some(place) = changed.fields.iter().position(|field| field.key() == given.key) {
            changed.fields[place] = field(&changed, given)?;
            continue;
        }
        find(&changed, &given.key).map_err(|near| no_such_key(given, near.as_deref()))?;
        let formula = formula_of(given, &scope_of(&changed.parameters))?;
        if let Some(formula) = with_parameter(&mut changed.parameters, given, formula)? {
            match changed.numbers.iter_mut().find(|old| old.key() == given.key) {
                Some(old) => *old = formula,
                None => changed.numbers.push(formula),
            }
        }
    }
    Ok(changed)
}

/// The field that stands in an override.
fn field(spec: &Langevin, given: &Override) -> Result<Formula, ModelError> {
    let names: Vec<String> = spec.coordinates.iter().map(|c| c.name.clone()).collect();
    let scope = scope_of_place(&scope_of(&spec.parameters), &names);
    let text = &given.value;
    let span = Span::new(0, text.len());
    // coordinates onto which a model is projected stand still
    let admit = if given.key.starts_with("projections") {
        Admit::Constants
    } else {
        Admit::Time
    };
    scope
        .formula(&given.key, text, span, Some(0), admit)
        .map_err(|fault| in_own_text(text, *fault, &given.name()))
}

//! Other values for numbers that stand under dotted keys: sweeps in the file, and `--set KEY=VALUE`.

use std::collections::HashSet;
use std::sync::Arc;

use super::diagnostic::{Fault, ModelError, code};
use super::formula::{Admit, Formula, Scope};
use super::markov::{Reference, SweepValues};
use super::overrides::{MAXIMUM_SUGGESTED, Override, in_own_text};
use super::parameters::ParameterTable;
use super::read::outputs::{references, sweep_tables, sweep_values};
use super::read::{is_new, keys};
use super::reader::{Item, Table};
use crate::expression::nearest_name;
use crate::source::{SourceFile, Span};

/// A number of the model that takes several values in turn.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeyedSweep {
    /// The dotted key, as for `--set`.
    pub key: String,
    /// The values.
    pub values: SweepValues,
    /// Names of the results to show against it; empty leaves the choice to the analysis.
    pub show: Vec<Reference>,
    /// Where it is written.
    pub span: Span,
}

/// The sweeps of a file, over numbers whose keys `find` knows, or else the nearest key that it knows; `results` can be shown.
pub(super) fn sweeps(
    root: &Table,
    scope: &Scope,
    find: impl Fn(&str) -> Result<(), Option<String>>,
    results: &[&str],
) -> Vec<KeyedSweep> {
    let mut seen = HashSet::new();
    let read = |table: Table| {
        table.only(keys::SWEEP);
        let item = table.require("key")?;
        let key = item.string()?;
        if let Err(near) = find(key) {
            let message = format!("no number of the model has the key `{key}`");
            item.fault(Fault::error(code::UNKNOWN_NAME, item.span, message).suggest(near.as_deref()));
            return None;
        }
        is_new(&mut seen, key, "sweeps of the key", &item).then_some(())?;
        let values = sweep_values(&table, &|item: &Item| item.formula(scope, Admit::Constants))?;
        Some(KeyedSweep {
            key: key.to_owned(),
            values,
            show: (table.get("show"))
                .map(|item| references(&item, results))
                .unwrap_or_default(),
            span: table.span(),
        })
    };
    sweep_tables(root).into_iter().filter_map(read).collect()
}

/// The key that was meant by one that names nothing: a bare name is most likely that of the number whose key ends with it.
pub(super) fn nearest_key(key: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let known: Vec<String> = known.take(MAXIMUM_SUGGESTED).collect();
    let below = format!(".{key}");
    let near = known
        .iter()
        .find(|known| known.ends_with(&below))
        .map(String::as_str);
    near.or_else(|| nearest_name(key, known.iter().map(String::as_str)))
        .map(str::to_owned)
}

/// The fault of an override whose key names nothing.
pub(super) fn no_such_key(given: &Override, near: Option<&str>) -> ModelError {
    let (key, value) = (&given.key, &given.value);
    let message = format!("no number of the model has the key `{key}`");
    let fault = Fault::error(code::OVERRIDE, Span::new(0, key.len()), message).suggest(near);
    in_own_text(&format!("{key}={value}"), fault, &given.name())
}

/// The formula that an override gives, whose faults point into its own text.
pub(super) fn formula_of(given: &Override, scope: &Scope) -> Result<Formula, ModelError> {
    let (key, value, name) = (&given.key, &given.value, given.name());
    let formula = scope
        .formula(key, value, Span::new(0, value.len()), Some(0), Admit::Constants)
        .map_err(|fault| in_own_text(value, *fault, &name))?;
    let source = Arc::new(SourceFile::from_argument(name, value.clone())?);
    Ok(formula.written_in(source))
}

/// The parameters with the value of one overridden, if the key names one; else the formula again.
pub(super) fn with_parameter(
    parameters: &mut ParameterTable,
    given: &Override,
    formula: Formula,
) -> Result<Option<Formula>, ModelError> {
    let name = given.key.strip_prefix("parameters.");
    let Some(index) = name.and_then(|name| parameters.position(name)) else {
        return Ok(Some(formula));
    };
    *parameters = std::mem::take(parameters)
        .with_value(index, formula)
        .map_err(|fault| in_own_text(&given.value, *fault, &given.name()))?;
    Ok(None)
}

/// Names of parameters, for the formulas of overrides.
pub(super) fn scope_of(parameters: &ParameterTable) -> Scope {
    Scope::new(
        parameters
            .iter()
            .map(|parameter| parameter.name.clone())
            .collect(),
    )
}

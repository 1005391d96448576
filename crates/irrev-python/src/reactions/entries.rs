//! Reactions as Python gives them: (name, equation, forward, backward), or (name, reactants, products, forward, backward).

use std::collections::HashMap;

use irrev::chemistry::{FormulaReaction, Rate, equation_sides};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::arrays::finite;
use crate::errors::{OrRaise, model_error};

/// A named number per item of a mapping.
pub(crate) fn named_numbers(what: &str, mapping: Option<&Bound<'_, PyDict>>) -> PyResult<Vec<(String, f64)>> {
    let one = |(name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        let name: String = name
            .extract()
            .map_err(|_| PyTypeError::new_err(format!("the names of {what} must be text")))?;
        let number: f64 = value
            .extract()
            .map_err(|_| PyTypeError::new_err(format!("{what} \"{name}\" must be a number")))?;
        let number = finite(value.py(), &format!("{what} \"{name}\""), number)?;
        Ok((name, number))
    };
    mapping.into_iter().flatten().map(one).collect()
}

/// A mass-action constant or a formula.
fn rate(what: &str, value: &Bound<'_, PyAny>) -> PyResult<Rate> {
    if let Ok(text) = value.extract::<String>() {
        return Ok(Rate::Formula(text));
    }
    let constant: f64 = value.extract().map_err(|_| {
        PyTypeError::new_err(format!(
            "{what} must be a number (a mass-action constant) or a formula as text"
        ))
    })?;
    Ok(Rate::MassAction(finite(value.py(), what, constant)?))
}

type Side = Vec<(usize, f64)>;

struct Reader<'a> {
    place: HashMap<&'a str, usize>,
}

impl Reader<'_> {
    fn side(&self, py: Python<'_>, reaction: &str, terms: Vec<(String, f64)>) -> PyResult<Side> {
        let one = |(name, coefficient): (String, f64)| match self.place.get(name.as_str()) {
            Some(&s) => Ok((s, coefficient)),
            None => {
                let mut known: Vec<&str> = self.place.keys().copied().collect();
                known.sort_unstable();
                Err(model_error(
                    py,
                    format!(
                        "reaction \"{reaction}\": unknown species \"{name}\"; known: {}",
                        known.join(", ")
                    ),
                ))
            }
        };
        terms.into_iter().map(one).collect()
    }

    fn mapping(&self, reaction: &str, value: &Bound<'_, PyAny>) -> PyResult<Side> {
        let mapping = value.cast::<PyDict>().map_err(|_| {
            PyTypeError::new_err(format!(
                "the sides of reaction \"{reaction}\" must be mappings from species to coefficients"
            ))
        })?;
        let terms = named_numbers("coefficient", Some(mapping))?;
        self.side(value.py(), reaction, terms)
    }

    fn reaction(&self, item: &Bound<'_, PyAny>) -> PyResult<FormulaReaction> {
        let py = item.py();
        let wrong = || {
            PyTypeError::new_err(
                "a reaction must be (name, equation, forward, backward), as in (\"bind\", \"E + S <=> ES\", 2.0, 0.5), or \
                 (name, reactants, products, forward, backward)",
            )
        };
        let parts = item.cast::<PyTuple>().map_err(|_| wrong())?;
        let name: String = parts.get_item(0).map_err(|_| wrong())?.extract()?;
        let rates = |from: usize| -> PyResult<(Rate, Rate)> {
            Ok((
                rate(&format!("the forward rate of \"{name}\""), &parts.get_item(from)?)?,
                rate(
                    &format!("the backward rate of \"{name}\""),
                    &parts.get_item(from + 1)?,
                )?,
            ))
        };
        let (reactants, products, (forward, backward)) = match parts.len() {
            4 => {
                let text: String = parts.get_item(1)?.extract().map_err(|_| wrong())?;
                let sides = equation_sides(&text).or_raise()?;
                let (forward, backward) = rates(2)?;
                if sides.one_way && backward != Rate::MassAction(0.0) {
                    let message = format!(
                        "reaction \"{name}\" has a backward rate, but `{text}` runs one way; write `<=>`"
                    );
                    return Err(model_error(py, message));
                }
                (
                    self.side(py, &name, sides.reactants)?,
                    self.side(py, &name, sides.products)?,
                    (forward, backward),
                )
            }
            5 => (
                self.mapping(&name, &parts.get_item(1)?)?,
                self.mapping(&name, &parts.get_item(2)?)?,
                rates(3)?,
            ),
            _ => return Err(wrong()),
        };
        Ok(FormulaReaction {
            name,
            reactants,
            products,
            forward,
            backward,
            counted: true,
        })
    }
}

/// Reads reactions over named species.
pub(super) fn reactions(species: &[String], items: &[Bound<'_, PyAny>]) -> PyResult<Vec<FormulaReaction>> {
    let place = species.iter().enumerate().map(|(s, name)| (name.as_str(), s));
    let reader = Reader {
        place: place.collect(),
    };
    items.iter().map(|item| reader.reaction(item)).collect()
}

/// A reaction as Python gave it: (name, reactants, products, forward, backward).
pub(super) fn entry<'py>(
    py: Python<'py>,
    species: &[String],
    reaction: &FormulaReaction,
) -> PyResult<Bound<'py, PyTuple>> {
    let side = |terms: &Side| {
        let mapping = PyDict::new(py);
        for &(s, coefficient) in terms {
            mapping.set_item(&species[s], coefficient)?;
        }
        PyResult::Ok(mapping.into_any())
    };
    let rate = |rate: &Rate| match rate {
        Rate::MassAction(constant) => constant
            .into_pyobject(py)
            .map(Bound::into_any)
            .map_err(PyErr::from),
        Rate::Formula(text) => text.into_pyobject(py).map(Bound::into_any).map_err(PyErr::from),
    };
    PyTuple::new(
        py,
        [
            reaction.name.as_str().into_pyobject(py)?.into_any(),
            side(&reaction.reactants)?,
            side(&reaction.products)?,
            rate(&reaction.forward)?,
            rate(&reaction.backward)?,
        ],
    )
}

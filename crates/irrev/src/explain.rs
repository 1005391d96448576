//! What a quantity means, and where each number of a model comes from.

use std::fmt::Write as _;

use irrev_report::Definition;

use crate::analysis::{definitions, possibilities};
use crate::error::{Error, Result};
use crate::expression::nearest_name;
use crate::model::{Environment, LawValues, Model, Override};
use crate::system::System;

/// The definition of a quantity by its name.
///
/// # Errors
/// [`Error::UnknownQuantity`] with the nearest name.
pub fn definition(name: &str) -> Result<Definition> {
    let all = definitions();
    if let Some(found) = all.iter().find(|d| d.name == name) {
        return Ok(found.clone());
    }
    let suggestion = nearest_name(name, all.iter().map(|d| d.name.as_ref())).map(str::to_owned);
    Err(Error::UnknownQuantity {
        name: name.into(),
        suggestion,
    })
}

/// The text of `irrev explain QUANTITY`.
#[must_use]
pub fn definition_text(d: &Definition) -> String {
    format!(
        "{} — {}\n  symbol   {}\n  unit     {}\n  formula  {}\n  {}\n  source   {}\n",
        d.name, d.label, d.symbol, d.unit, d.formula, d.explanation, d.source
    )
}

/// The text of `irrev explain MODEL`: every number with its formula and place, the rates, and what can be computed.
///
/// # Errors
/// As [`crate::analysis::run`], before anything is computed.
pub fn model_text(model: &Model, overrides: &[Override]) -> Result<String> {
    let Model::Markov(spec) = model else {
        return Ok(String::new());
    };
    let environment = Environment::new(spec, overrides)?;
    let now = environment.evaluate(0.0)?;
    let spec = environment.spec();
    let place = |formula: &crate::model::Formula| {
        let overridden = overrides.iter().any(|o| o.key == formula.key());
        if overridden {
            "--set".to_owned()
        } else {
            format!("line {}", spec.source.line_column(formula.span()).line)
        }
    };
    let mut text = String::new();
    // writing to a String cannot fail
    let mut line = |s: String| {
        let _ = writeln!(text, "{s}");
    };
    line(format!(
        "{} (kind markov)",
        spec.title.as_deref().unwrap_or(spec.source.name())
    ));
    line(format!(
        "{} states, {} transitions, {} reservoirs",
        spec.states.len(),
        spec.transitions.len(),
        spec.reservoirs.len()
    ));
    line("\nparameters".into());
    for (parameter, value) in spec.parameters.iter().zip(&now.parameters) {
        let unit = parameter.unit.as_deref().unwrap_or("");
        let formula = match parameter.value.number() {
            Some(_) => String::new(),
            None => format!(" = {}", parameter.value.text()),
        };
        line(format!(
            "  {:<20} {value:<22e} {unit:<10} {}{formula}",
            parameter.name,
            place(&parameter.value)
        ));
    }
    if !spec.reservoirs.is_empty() {
        line("\nreservoirs: temperature, chemical potential".into());
        for (r, reservoir) in spec.reservoirs.iter().enumerate() {
            line(format!(
                "  {:<20} {:<12} {}",
                reservoir.name, now.temperatures[r], now.chemical_potentials[r]
            ));
        }
    }
    line("\nstates: energy, number, degeneracy".into());
    for (i, state) in spec.states.iter().enumerate().take(200) {
        line(format!(
            "  {:<20} {:<22} {:<8} {}",
            state.name, now.energies[i], now.numbers[i], now.degeneracies[i]
        ));
    }
    let system = System::at(&environment, 0.0)?;
    line("\ntransitions at time 0: forward rate, backward rate, origin".into());
    for (e, transition) in spec.transitions.iter().enumerate().take(500) {
        let origin = match now.transitions[e].law {
            LawValues::Rates { .. } => "explicit rates".to_owned(),
            LawValues::Rule { kind, .. } => format!("rule {}", kind.name()),
        };
        let ends = format!(
            "{} → {}",
            spec.states[transition.from].name, spec.states[transition.to].name
        );
        line(format!(
            "  {:<22} {ends:<16} {:<22e} {:<22e} {origin}, line {}",
            transition.name,
            system.kinetics.forward_rate()[e],
            system.kinetics.backward_rate()[e],
            spec.source.line_column(transition.span).line
        ));
    }
    line("\nsections".into());
    for possibility in possibilities(model, overrides)? {
        let answer = possibility
            .obstacle
            .map_or_else(|| "yes".to_owned(), |reason| format!("no: {reason}"));
        line(format!("  {:<14} {answer}", possibility.section.name()));
    }
    Ok(text)
}

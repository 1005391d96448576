//! The numbers of a quantum lattice, and where they stand.

use super::{Explanation, Listing, formula_text, line, place};
use crate::error::Result;
use crate::model::{Override, Quantum, QuantumEnvironment};

pub(super) fn explanation(spec: &Quantum, overrides: &[Override]) -> Result<Explanation> {
    let environment = QuantumEnvironment::new(spec, overrides)?;
    let values = environment.values()?;
    let spec = environment.spec();
    let source = &spec.source;
    let mut parameters = Listing::new("parameters", &["name", "value", "unit", "place", "formula"]);
    for (parameter, value) in spec.parameters.iter().zip(&values.parameters) {
        parameters.row([
            parameter.name.as_str().into(),
            (*value).into(),
            parameter.unit.as_deref().unwrap_or("").into(),
            place(&parameter.value, source, overrides).into(),
            formula_text(&parameter.value).into(),
        ]);
    }
    let mut numbers = Listing::new("numbers", &["key", "value", "place", "formula"]);
    for formula in &spec.numbers {
        let written = if formula.span().is_empty() {
            "default".to_owned()
        } else {
            place(formula, source, overrides)
        };
        numbers.row([
            formula.key().into(),
            environment.value_of(formula)?.into(),
            written.into(),
            formula_text(formula).into(),
        ]);
    }
    Ok(Explanation {
        title: spec.title.clone().unwrap_or_else(|| source.name().to_owned()),
        kind: "quantum-lattice",
        listings: vec![parameters, numbers],
        notes: vec![format!(
            "a lattice of the type \"{}\" with {} sites and {} bonds ({}), {} particles; sites of the system: {}",
            spec.lattice.word(),
            values.bath.sites(),
            values.bath.bonds().len(),
            line(source, spec.spans.lattice),
            values.particles,
            values.system.sites()
        )],
    })
}

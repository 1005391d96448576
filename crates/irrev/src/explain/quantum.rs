//! The numbers of a quantum lattice, and where they stand.

use super::{Explanation, line, numbers, parameters};
use crate::error::Result;
use crate::model::{Override, Quantum, QuantumEnvironment, counted};

pub(super) fn explanation(spec: &Quantum, overrides: &[Override]) -> Result<Explanation> {
    let environment = QuantumEnvironment::new(spec, overrides)?;
    let values = environment.values()?;
    let spec = environment.spec();
    let source = &spec.source;
    let listings = vec![
        parameters(&spec.parameters, &values.parameters, source, overrides),
        numbers(
            spec.numbers.iter(),
            |formula| environment.value_of(formula),
            source,
            overrides,
        )?,
    ];
    Ok(Explanation {
        title: spec.title.clone().unwrap_or_else(|| source.name().to_owned()),
        kind: "quantum-lattice",
        listings,
        notes: vec![format!(
            "a lattice of the type \"{}\" with {} and {} ({}), {}; sites of the system: {}",
            spec.lattice.word(),
            counted(values.bath.sites(), "site"),
            counted(values.bath.bonds().len(), "bond"),
            line(source, spec.spans.lattice),
            counted(values.particles, "particle"),
            values.system.sites()
        )],
    })
}

//! The numbers of a quantum lattice, and where they stand.

use irrev_quantum::diagonalise::Symmetries;

use super::{Explanation, line, numbers, parameters};
use crate::error::{Error, Result};
use crate::model::{Override, Quantum, QuantumEnvironment, QuantumValues, counted};

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
        notes: vec![
            format!(
                "a lattice of the type \"{}\" with {} and {} ({}), {}; sites of the system: {}",
                spec.lattice.word(),
                counted(values.bath.sites(), "site"),
                counted(values.bath.bonds().len(), "bond"),
                line(source, spec.spans.lattice),
                counted(values.particles, "particle"),
                values.system.sites()
            ),
            blocks(&values).map_err(|error| Error::quantum(source.name(), error))?,
        ],
    })
}

/// The symmetry blocks of the bath's sector, by the labels that `bath.block` takes.
fn blocks(values: &QuantumValues) -> irrev_quantum::Result<String> {
    let symmetries = Symmetries::of_lattice(&values.bath, &values.lattice)?;
    if symmetries.orders().is_empty() {
        return Ok(
            "no mirror image of the lattice leaves the bath as it is: its sector is one block".to_owned(),
        );
    }
    let told = symmetries.labels().into_iter().map(|label| {
        let levels = symmetries.dimension(&label, values.particles)?;
        Ok(format!("{label:?} with {levels}"))
    });
    let told = told.collect::<irrev_quantum::Result<Vec<String>>>()?;
    Ok(format!(
        "symmetry blocks of the bath's sector (`bath.block`) and their levels: {}",
        told.join(", ")
    ))
}

//! The numbers of a kinetic Ising model, where they stand, and where couplings and fields come from.

use super::{Explanation, line, numbers, parameters};
use crate::error::Result;
use crate::model::{CouplingKind, FieldKind, Ising, IsingEnvironment, Override, SizeValues};

/// Entries of given couplings and fields that are listed.
const MOST_NUMBERS: usize = 400;

pub(super) fn explanation(spec: &Ising, overrides: &[Override]) -> Result<Explanation> {
    let environment = IsingEnvironment::new(spec, overrides)?;
    let values = environment.values()?;
    let spec = environment.spec();
    let source = &spec.source;
    let listings = vec![
        parameters(&spec.parameters, &values.parameters, source, overrides),
        numbers(
            spec.formulas().take(MOST_NUMBERS),
            |formula| environment.value_of(formula),
            source,
            overrides,
        )?,
    ];
    let size = match &values.sizes {
        SizeValues::Infinite => "infinitely many spins".to_owned(),
        SizeValues::Finite(sizes) => {
            let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
            let noun = if sizes == ["1"] { "spin" } else { "spins" };
            format!("{} {noun}", sizes.join(", "))
        }
    };
    let couplings = match &spec.couplings {
        CouplingKind::MatrixFile { file, .. } | CouplingKind::EntriesFile { file, .. } => {
            format!("couplings from {file}")
        }
        kind if kind.is_random() || matches!(kind, CouplingKind::Lattice) => {
            format!("couplings of the type \"{}\"", kind.word())
        }
        _ => "couplings listed in the file".to_owned(),
    };
    let fields = match &spec.fields {
        FieldKind::File { file, .. } => format!("fields from {file}"),
        kind => format!("fields of the type \"{}\"", kind.word()),
    };
    Ok(Explanation {
        title: spec.title.clone().unwrap_or_else(|| source.name().to_owned()),
        kind: "kinetic-ising",
        listings,
        notes: vec![format!(
            "{size}; {couplings}, {fields} ({}); {} updates",
            line(source, spec.network_span),
            spec.update.word()
        )],
    })
}

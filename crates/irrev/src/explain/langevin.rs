//! The numbers and fields of a Langevin model, and where they stand.

use super::{Explanation, Listing, formula_text, numbers, parameters, place};
use crate::error::Result;
use crate::model::{Langevin, LangevinEnvironment, Override};

pub(super) fn explanation(spec: &Langevin, overrides: &[Override]) -> Result<Explanation> {
    let environment = LangevinEnvironment::new(spec, overrides)?;
    let values = environment.values()?;
    let spec = environment.spec();
    let source = &spec.source;
    let mut fields = Listing::new("fields", &["key", "place", "formula"]);
    for field in &spec.fields {
        let text = match field.number() {
            Some(number) => number.to_string(),
            None => formula_text(field),
        };
        fields.row([
            field.key().into(),
            place(field, source, overrides).into(),
            text.into(),
        ]);
    }
    let gradient = spec
        .formula("dynamics.potential")
        .and_then(|potential| potential.expression())
        .map(|potential| {
            let slope = |name: &str| format!("-∂V/∂{name} = -({})", potential.derivative(name));
            let slopes = spec.coordinates.iter().map(|coordinate| slope(&coordinate.name));
            format!(
                "forces of the potential: {}",
                slopes.collect::<Vec<_>>().join(", ")
            )
        });
    Ok(Explanation {
        title: spec.title.clone().unwrap_or_else(|| source.name().to_owned()),
        kind: "langevin",
        listings: vec![
            parameters(&spec.parameters, &values.parameters, source, overrides),
            fields,
            numbers(
                spec.numbers.iter(),
                |formula| environment.value_of(formula),
                source,
                overrides,
            )?,
        ],
        notes: gradient.into_iter().collect(),
    })
}

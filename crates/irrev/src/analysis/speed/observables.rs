//! Functions of the state that a model has: energy, particle number, and the labels of its subsystems.

use crate::analysis::context::Context;

/// Labels that are looked at, over all subsystems.
const MOST_LABELS: usize = 8;

/// A function of the state.
pub(super) struct Named {
    /// For the names of checks and columns.
    pub(super) name: String,
    /// One value per state.
    pub(super) values: Vec<f64>,
}

/// Energy and particle number if they vary, and of every subsystem the indicators of its labels but the first.
pub(super) fn of_states(context: &Context<'_>) -> Vec<Named> {
    let snapshot = &context.snapshot;
    let mut found = Vec::new();
    for (name, values) in [("energy", &snapshot.energies), ("number", &snapshot.numbers)] {
        if values.iter().any(|value| *value != values[0]) {
            found.push(Named {
                name: name.into(),
                values: values.clone(),
            });
        }
    }
    let mut labels: Vec<(&str, &str)> = Vec::new();
    for part in context.network().subsystems() {
        let others = part.labels.iter().filter(|label| **label != part.labels[0]);
        for label in others {
            let pair = (part.name.as_str(), label.as_str());
            if !labels.contains(&pair) {
                labels.push(pair);
            }
        }
    }
    labels.truncate(MOST_LABELS);
    for (name, label) in labels {
        let of = context
            .network()
            .subsystems()
            .iter()
            .find(|part| part.name == name);
        let values = of.into_iter().flat_map(|part| &part.labels);
        found.push(Named {
            name: format!("{name}={label}"),
            values: values.map(|own| f64::from(u8::from(own == label))).collect(),
        });
    }
    found
}

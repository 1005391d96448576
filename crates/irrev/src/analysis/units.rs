//! Labels of units, composed from those the model declares.

use crate::model::Markov;

/// Labels for time and energy, and units made of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Units {
    time: String,
    energy: String,
}

impl Units {
    pub(crate) fn of(spec: &Markov) -> Self {
        let label = |name: &str| {
            spec.units
                .iter()
                .find(|(key, _)| key == name)
                .map_or_else(|| name.to_owned(), |(_, label)| label.clone())
        };
        Self {
            time: label("time"),
            energy: label("energy"),
        }
    }

    pub(crate) fn time(&self) -> &str {
        &self.time
    }

    pub(crate) fn energy(&self) -> &str {
        &self.energy
    }

    /// A definition's unit with the model's labels in place of "time" and "energy".
    pub(crate) fn apply(&self, unit: &str) -> String {
        unit.replace("time", &self.time).replace("energy", &self.energy)
    }

    pub(crate) fn per_time(&self) -> String {
        format!("1/{}", self.time)
    }

    pub(crate) fn entropy_rate(&self) -> String {
        format!("nats/{}", self.time)
    }

    pub(crate) fn power(&self) -> String {
        format!("{}/{}", self.energy, self.time)
    }
}

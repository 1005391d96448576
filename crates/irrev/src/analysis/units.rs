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
        let unit = unit.replace("energy", &self.energy);
        match unit.strip_suffix("/time") {
            Some(numerator) => self.per_time_of(numerator),
            None => unit.replace("time", &self.time),
        }
    }

    /// `numerator` per time; a time unit that is itself a reciprocal, such as 1/gamma, turns into a product.
    fn per_time_of(&self, numerator: &str) -> String {
        match self.time.strip_prefix("1/") {
            Some(rate) if numerator == "1" => rate.to_owned(),
            Some(rate) => format!("{numerator}·{rate}"),
            None if self.time.contains(['/', ' ']) => format!("{numerator}/({})", self.time),
            None => format!("{numerator}/{}", self.time),
        }
    }

    pub(crate) fn per_time(&self) -> String {
        self.per_time_of("1")
    }

    pub(crate) fn entropy_rate(&self) -> String {
        self.per_time_of("nats")
    }

    pub(crate) fn power(&self) -> String {
        self.per_time_of(&self.energy)
    }
}

#[cfg(test)]
mod tests {
    use super::Units;

    #[test]
    fn units_are_composed_readably() {
        let units = |time: &str| Units {
            time: time.into(),
            energy: "kT".into(),
        };
        assert_eq!(units("s").apply("energy/time"), "kT/s");
        assert_eq!(units("1/gamma").per_time(), "gamma");
        assert_eq!(units("1/gamma").entropy_rate(), "nats·gamma");
        assert_eq!(units("10 ms").entropy_rate(), "nats/(10 ms)");
        assert_eq!(units("s").apply("time"), "s");
    }
}

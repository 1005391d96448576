//! Labels of units, composed from those the model declares.

use crate::model::Markov;

/// Labels for time and energy, and units made of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Units {
    time: String,
    energy: String,
    /// Unit of the amounts whose entropy is counted, for extensive quantities; `None` for probabilities.
    amount: Option<String>,
    declared: Vec<(String, String)>,
}

impl Units {
    pub(crate) fn of(spec: &Markov) -> Self {
        Self::declared(&spec.units, None)
    }

    /// Units of trajectories: entropies in nats, counts in molecules.
    pub(crate) fn of_trajectories(units: &[(String, String)]) -> Self {
        Self::declared(units, None)
    }

    /// Units of a system whose entropy, currents and activity grow with amounts, in the declared unit of that name.
    pub(crate) fn extensive(units: &[(String, String)], amount: &str) -> Self {
        Self::declared(units, Some(amount))
    }

    fn declared(units: &[(String, String)], amount: Option<&str>) -> Self {
        let label = |name: &str| declared(units, name).unwrap_or_else(|| name.to_owned());
        Self {
            time: label("time"),
            energy: label("energy"),
            amount: amount.map(label),
            declared: units.to_vec(),
        }
    }

    /// The declared label of a unit, or its dimension.
    pub(crate) fn label(&self, dimension: &str) -> String {
        declared(&self.declared, dimension).unwrap_or_else(|| dimension.to_owned())
    }

    /// Unit of amounts; "1" for probabilities.
    pub(crate) fn amount(&self) -> String {
        self.amount.clone().unwrap_or_else(|| "1".into())
    }

    /// Unit of currents: amount per time, or 1/time for probabilities.
    pub(crate) fn extent_rate(&self) -> String {
        self.per_time_of(&self.amount())
    }

    pub(crate) fn time(&self) -> &str {
        &self.time
    }

    /// A duration in words: a number alone where time has no unit of its own.
    pub(crate) fn lasting(&self, duration: impl std::fmt::Display) -> String {
        if self.time == "time" {
            duration.to_string()
        } else {
            format!("{duration} {}", self.time)
        }
    }

    pub(crate) fn energy(&self) -> &str {
        &self.energy
    }

    /// A definition's unit with the model's labels in place of "time" and "energy".
    pub(crate) fn apply(&self, unit: &str) -> String {
        let unit = unit.replace("energy", &self.energy);
        let unit = match &self.amount {
            // entropies, and the numbers of jumps, grow with the amounts
            Some(amount)
                if ["nats", "√(nats", "RT"]
                    .iter()
                    .any(|start| unit.starts_with(start)) =>
            {
                unit.replacen("nats", &format!("nats·{amount}"), 1)
                    .replacen("RT", &format!("RT·{amount}"), 1)
            }
            _ => unit,
        };
        match unit.strip_suffix("/time") {
            Some(numerator) => self.per_time_of(numerator),
            None => match self.time.strip_prefix("1/") {
                Some(rate) => unit
                    .replace("·time", &format!("/{rate}"))
                    .replace("time", &self.time),
                None => unit.replace("time", &self.time),
            },
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
        self.apply("nats/time")
    }

    pub(crate) fn power(&self) -> String {
        self.per_time_of(&self.energy)
    }
}

fn declared(units: &[(String, String)], name: &str) -> Option<String> {
    units
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, label)| label.clone())
}

#[cfg(test)]
mod tests {
    use super::Units;

    #[test]
    fn units_are_composed_readably() {
        let units = |time: &str| Units {
            time: time.into(),
            energy: "kT".into(),
            amount: None,
            declared: Vec::new(),
        };
        assert_eq!(units("s").apply("energy/time"), "kT/s");
        assert_eq!(units("1/gamma").per_time(), "gamma");
        assert_eq!(units("1/gamma").entropy_rate(), "nats·gamma");
        assert_eq!(units("1/k").apply("√(nats·time)"), "√(nats/k)");
        assert_eq!(units("10 ms").entropy_rate(), "nats/(10 ms)");
        assert_eq!(units("s").apply("time"), "s");
        let chemical = Units::extensive(&[("concentration".into(), "mM".into())], "concentration");
        assert_eq!(chemical.entropy_rate(), "nats·mM/time");
        assert_eq!(chemical.extent_rate(), "mM/time");
        assert_eq!(chemical.apply("√(nats·time)"), "√(nats·mM·time)");
    }
}

//! A part of a system seen alone: which states it cannot tell apart.

use irrev_numerics::sum::CompensatedSum;

use crate::error::{Error, Result};
use crate::network::Network;

/// States gathered in classes, such as the states of one subsystem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marginal {
    name: String,
    classes: Vec<usize>,
    count: usize,
}

impl Marginal {
    /// The class of every state, from 0 without gaps.
    ///
    /// # Errors
    /// [`Error::NoStates`]; [`Error::Unknown`] for a class between that no state belongs to.
    pub fn new(name: impl Into<String>, classes: Vec<usize>) -> Result<Self> {
        let count = classes.iter().max().ok_or(Error::NoStates)? + 1;
        let mut seen = vec![false; count.min(classes.len())];
        for &class in &classes {
            if let Some(seen) = seen.get_mut(class) {
                *seen = true;
            }
        }
        match seen.iter().position(|seen| !seen) {
            Some(class) => Err(Error::Unknown {
                what: "class of states, below the largest, that some state belongs to",
                name: class.to_string(),
            }),
            None if count > classes.len() => Err(Error::Unknown {
                what: "class of states, one of fewer than there are states",
                name: (count - 1).to_string(),
            }),
            None => Ok(Self {
                name: name.into(),
                classes,
                count,
            }),
        }
    }

    /// One factor of a product of state spaces, the first factor slowest.
    ///
    /// ```
    /// use irrev_network::information::time::Marginal;
    /// let y = Marginal::of_factor("y", &[2, 3], 1)?;
    /// assert_eq!(y.classes(), [0, 1, 2, 0, 1, 2]);
    /// assert_eq!(y.sum(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), [5.0, 7.0, 9.0]);
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Unknown`] for a factor that is not there; [`Error::NoStates`] if a factor has none.
    pub fn of_factor(name: impl Into<String>, dimensions: &[usize], factor: usize) -> Result<Self> {
        let Some(&levels) = dimensions.get(factor) else {
            return Err(Error::Unknown {
                what: "factor",
                name: factor.to_string(),
            });
        };
        if dimensions.contains(&0) {
            return Err(Error::NoStates);
        }
        let states: usize = dimensions.iter().product();
        let faster: usize = dimensions[factor + 1..].iter().product();
        let classes = (0..states).map(|state| state / faster % levels).collect();
        Self::new(name, classes)
    }

    /// A subsystem of a network, by its labels.
    ///
    /// # Errors
    /// [`Error::Unknown`].
    pub fn of_subsystem(network: &Network, subsystem: &str) -> Result<Self> {
        let found = network.subsystems().iter().find(|s| s.name == subsystem);
        let found = found.ok_or_else(|| Error::Unknown {
            what: "subsystem",
            name: subsystem.into(),
        })?;
        let mut labels: Vec<&String> = Vec::new();
        let classes = found
            .labels
            .iter()
            .map(|label| {
                labels.iter().position(|l| *l == label).unwrap_or_else(|| {
                    labels.push(label);
                    labels.len() - 1
                })
            })
            .collect();
        Self::new(subsystem, classes)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The class of every state.
    #[must_use]
    pub fn classes(&self) -> &[usize] {
        &self.classes
    }

    /// Sums of one number per state over the classes.
    #[must_use]
    pub fn sum(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![CompensatedSum::default(); self.count];
        for (&class, &value) in self.classes.iter().zip(values) {
            sums[class].add(value);
        }
        sums.iter().map(CompensatedSum::value).collect()
    }

    /// # Errors
    /// [`Error::Length`] unless there is a class for every state.
    pub(super) fn check(&self, states: usize) -> Result<()> {
        if self.classes.len() == states {
            return Ok(());
        }
        Err(Error::Length {
            what: "the classes of a marginal",
            found: self.classes.len(),
            expected: states,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_with_gaps_or_without_states_are_refused() {
        for classes in [vec![], vec![0, 2], vec![1, 1], vec![0, 7]] {
            assert!(Marginal::new("x", classes.clone()).is_err(), "{classes:?}");
        }
        assert!(Marginal::of_factor("x", &[2, 2], 2).is_err());
        assert!(Marginal::of_factor("x", &[2, 0], 0).is_err());
    }

    #[test]
    fn labels_are_classes_in_the_order_of_their_appearance() {
        let network = Network::builder()
            .states(["a", "b", "c"])
            .subsystem("part", ["up", "down", "up"])
            .build()
            .unwrap();
        let part = Marginal::of_subsystem(&network, "part").unwrap();
        assert_eq!(part.classes(), [0, 1, 0]);
        assert!(Marginal::of_subsystem(&network, "other").is_err());
    }
}

//! A validated set of species and reactions.

use std::collections::HashSet;

use super::{LARGEST_COUNT, Propensity};
use crate::error::{Error, Result};

/// A reaction: its change of the counts and the propensities of its two directions.
#[derive(Debug, Clone)]
pub struct CountReaction {
    /// Name, unique in the system.
    pub name: String,
    /// Products − reactants of the forward direction as (species, Δ), each species once. An empty list is a reaction that turns over without changing
    /// a count, and may still dissipate.
    pub change: Vec<(usize, i64)>,
    /// Propensity of n → n + Δ.
    pub forward: Propensity,
    /// Propensity of n → n − Δ; `None` if the reaction runs one way, which makes the entropy production of each of its jumps infinite.
    pub backward: Option<Propensity>,
    /// Index of the reservoir that takes its heat, if any.
    pub reservoir: Option<usize>,
}

impl CountReaction {
    /// A reversible mass-action reaction; reactants and products as (species, multiplicity), a catalyst on both sides.
    ///
    /// ```
    /// use irrev_network::counts::CountReaction;
    /// let dimerisation = CountReaction::mass_action("2A <-> B", &[(0, 2)], &[(1, 1)], 0.01, 0.3);
    /// assert_eq!(dimerisation.change, [(0, -2), (1, 1)]);
    /// ```
    #[must_use]
    pub fn mass_action(
        name: impl Into<String>,
        reactants: &[(usize, u32)],
        products: &[(usize, u32)],
        forward: f64,
        backward: f64,
    ) -> Self {
        Self {
            backward: Some(Propensity::mass_action(backward, products)),
            ..Self::one_way(name, reactants, products, forward)
        }
    }

    /// A mass-action reaction without a reverse.
    #[must_use]
    pub fn one_way(
        name: impl Into<String>,
        reactants: &[(usize, u32)],
        products: &[(usize, u32)],
        constant: f64,
    ) -> Self {
        let mut change: Vec<(usize, i64)> = Vec::new();
        let consumed = reactants.iter().map(|&(s, n)| (s, -i64::from(n)));
        for (species, n) in consumed.chain(products.iter().map(|&(s, n)| (s, i64::from(n)))) {
            match change.iter_mut().find(|c| c.0 == species) {
                Some(entry) => entry.1 += n,
                None => change.push((species, n)),
            }
        }
        change.retain(|c| c.1 != 0);
        Self {
            name: name.into(),
            change,
            forward: Propensity::mass_action(constant, reactants),
            backward: None,
            reservoir: None,
        }
    }
}

/// Species and reactions on their counts.
///
/// ```
/// use irrev_network::counts::{CountReaction, CountSystem};
/// let birth_death = CountSystem::new(
///     vec!["X".into()],
///     vec![CountReaction::mass_action("0 <-> X", &[], &[(0, 1)], 10.0, 0.5)],
/// )?;
/// assert_eq!(birth_death.reactions().len(), 1);
/// # Ok::<(), irrev_network::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CountSystem {
    species: Vec<String>,
    reactions: Vec<CountReaction>,
}

impl CountSystem {
    /// The system, checked.
    ///
    /// # Errors
    /// [`Error::NoStates`] without species; [`Error::Duplicate`] for a name, or a species of a change or of the reactants, that appears twice;
    /// [`Error::Unknown`] for a species index out of range; [`Error::Domain`] for a constant that is negative or not finite, a multiplicity of 0, or a
    /// change beyond 2⁵³.
    pub fn new(species: Vec<String>, reactions: Vec<CountReaction>) -> Result<Self> {
        if species.is_empty() {
            return Err(Error::NoStates);
        }
        unique("species", species.iter())?;
        unique("reaction", reactions.iter().map(|r| &r.name))?;
        for reaction in &reactions {
            check_reaction(reaction, species.len())?;
        }
        Ok(Self { species, reactions })
    }

    /// Names of the species.
    #[must_use]
    pub fn species(&self) -> &[String] {
        &self.species
    }

    /// The reactions.
    #[must_use]
    pub fn reactions(&self) -> &[CountReaction] {
        &self.reactions
    }

    /// Index of a species.
    ///
    /// # Errors
    /// [`Error::Unknown`].
    pub fn species_index(&self, name: &str) -> Result<usize> {
        let found = self.species.iter().position(|s| s == name);
        found.ok_or_else(|| Error::Unknown {
            what: "species",
            name: name.into(),
        })
    }

    /// Whether some propensity changes in time while the counts stay.
    #[must_use]
    pub fn depends_on_time(&self) -> bool {
        let backward = self.reactions.iter().filter_map(|r| r.backward.as_ref());
        let mut all = self.reactions.iter().map(|r| &r.forward).chain(backward);
        all.any(Propensity::depends_on_time)
    }

    /// Refuses counts that are negative, too large, or of the wrong number.
    pub(crate) fn check_counts(&self, counts: &[i64]) -> Result<()> {
        if counts.len() != self.species.len() {
            return Err(Error::Length {
                what: "initial counts",
                found: counts.len(),
                expected: self.species.len(),
            });
        }
        for (name, &n) in self.species.iter().zip(counts) {
            crate::require(
                &format!("initial count of \"{name}\""),
                n as f64,
                (0..=LARGEST_COUNT).contains(&n),
                "a count between 0 and 2^53",
            )?;
        }
        Ok(())
    }

    /// Words that tell the system apart in a checkpoint.
    pub(crate) fn fingerprint(&self) -> String {
        let mut words = format!("{:?}", self.species);
        for r in &self.reactions {
            let backward = r.backward.as_ref().map(Propensity::fingerprint);
            words += &format!(
                "\n{:?} {:?} {:?} | {} | {backward:?}",
                r.name,
                r.change,
                r.reservoir,
                r.forward.fingerprint()
            );
        }
        words
    }
}

fn unique<'a>(what: &'static str, names: impl Iterator<Item = &'a String>) -> Result<()> {
    let mut seen = HashSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(Error::Duplicate {
                what,
                name: name.clone(),
            });
        }
    }
    Ok(())
}

/// Each species index in range and there once.
fn check_species(
    reaction: &str,
    list: impl Iterator<Item = usize>,
    species: usize,
    what: &'static str,
) -> Result<()> {
    let mut seen = HashSet::new();
    for s in list {
        if s >= species {
            let name = format!("{s} of reaction {reaction}");
            return Err(Error::Unknown {
                what: "species index",
                name,
            });
        }
        if !seen.insert(s) {
            let name = format!("{s} of reaction {reaction}");
            return Err(Error::Duplicate { what, name });
        }
    }
    Ok(())
}

fn check_reaction(reaction: &CountReaction, species: usize) -> Result<()> {
    let name = &reaction.name;
    check_species(
        name,
        reaction.change.iter().map(|c| c.0),
        species,
        "changed species",
    )?;
    for &(s, change) in &reaction.change {
        crate::require(
            &format!("change of species {s} by reaction \"{name}\""),
            change as f64,
            change != 0 && change.unsigned_abs() <= LARGEST_COUNT as u64,
            "a whole number other than 0, at most 2^53",
        )?;
    }
    for propensity in [Some(&reaction.forward), reaction.backward.as_ref()]
        .into_iter()
        .flatten()
    {
        match propensity {
            Propensity::MassAction { constant, reactants } => {
                crate::require(
                    &format!("rate constant of reaction \"{name}\""),
                    *constant,
                    constant.is_finite() && *constant >= 0.0,
                    "a finite number, not negative",
                )?;
                check_species(name, reactants.iter().map(|r| r.0), species, "reactant")?;
                for &(s, order) in reactants {
                    crate::require(
                        &format!("multiplicity of species {s} in reaction \"{name}\""),
                        f64::from(order),
                        (1..=1000).contains(&order),
                        "a number from 1 to 1000",
                    )?;
                }
            }
            Propensity::Law(law) => {
                check_species(name, law.species().iter().copied(), species, "species of a law")?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(reaction: CountReaction) -> Result<CountSystem> {
        CountSystem::new(vec!["A".into(), "B".into()], vec![reaction])
    }

    #[test]
    fn what_cannot_be_simulated_is_refused_by_name() {
        let bad_constant = one(CountReaction::one_way("decay", &[(0, 1)], &[], f64::NAN)).unwrap_err();
        assert!(bad_constant.to_string().contains("decay"), "{bad_constant}");
        assert!(one(CountReaction::one_way("r", &[(0, 1)], &[], -1.0)).is_err());
        assert!(one(CountReaction::one_way("r", &[(2, 1)], &[], 1.0)).is_err());
        assert!(one(CountReaction::one_way("r", &[(0, 1), (0, 1)], &[], 1.0)).is_err());
        assert!(one(CountReaction::one_way("r", &[(0, 0)], &[], 1.0)).is_err());
        assert!(CountSystem::new(vec![], vec![]).is_err());
        assert!(CountSystem::new(vec!["A".into(), "A".into()], vec![]).is_err());
        let system = one(CountReaction::one_way("r", &[(0, 1)], &[], 1.0)).unwrap();
        assert!(system.check_counts(&[1]).is_err() && system.check_counts(&[1, -1]).is_err());
    }

    #[test]
    fn a_catalyst_is_read_but_not_changed() {
        let reaction = CountReaction::mass_action("r", &[(0, 1), (1, 1)], &[(1, 2)], 1.0, 1.0);
        assert_eq!(reaction.change, [(0, -1), (1, 1)]);
    }
}

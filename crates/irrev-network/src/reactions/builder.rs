//! Reaction systems by name.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Law, RateLaws, Reaction, ReactionSystem, Species};
use crate::error::{Error, Result};

/// Collects species and reactions by name; [`ReactionSystemBuilder::build`] checks them together.
#[derive(Debug, Clone, Default)]
pub struct ReactionSystemBuilder {
    species: Vec<Species>,
    reactions: Vec<NamedReaction>,
    laws: Option<Arc<dyn RateLaws>>,
}

#[derive(Debug, Clone)]
struct NamedReaction {
    name: String,
    reactants: Vec<(String, f64)>,
    products: Vec<(String, f64)>,
    law: Law,
    counted: bool,
}

impl ReactionSystemBuilder {
    /// Adds a dynamic species.
    #[must_use]
    pub fn species(mut self, name: impl Into<String>) -> Self {
        self.species.push(Species {
            name: name.into(),
            held: None,
        });
        self
    }

    /// Adds a species held at an amount from outside.
    #[must_use]
    pub fn chemostat(mut self, name: impl Into<String>, amount: f64) -> Self {
        self.species.push(Species {
            name: name.into(),
            held: Some(amount),
        });
        self
    }

    /// Adds a mass-action reaction with k⁺ and k⁻.
    #[must_use]
    pub fn mass_action(
        self,
        name: impl Into<String>,
        reactants: &[(&str, f64)],
        products: &[(&str, f64)],
        forward: f64,
        backward: f64,
    ) -> Self {
        self.reaction(
            name,
            reactants,
            products,
            Law::MassAction { forward, backward },
            true,
        )
    }

    /// Adds a reaction with any law; see [`Reaction`].
    #[must_use]
    pub fn reaction(
        mut self,
        name: impl Into<String>,
        reactants: &[(&str, f64)],
        products: &[(&str, f64)],
        law: Law,
        counted: bool,
    ) -> Self {
        let owned = |side: &[(&str, f64)]| side.iter().map(|(s, c)| ((*s).to_owned(), *c)).collect();
        self.reactions.push(NamedReaction {
            name: name.into(),
            reactants: owned(reactants),
            products: owned(products),
            law,
            counted,
        });
        self
    }

    /// Sets the laws of reactions that are not mass action.
    #[must_use]
    pub fn laws(mut self, laws: Arc<dyn RateLaws>) -> Self {
        self.laws = Some(laws);
        self
    }

    /// Checks everything and builds the system.
    ///
    /// # Errors
    /// As [`ReactionSystem::new`].
    pub fn build(self) -> Result<ReactionSystem> {
        let index: HashMap<&str, usize> = self
            .species
            .iter()
            .enumerate()
            .map(|(k, s)| (s.name.as_str(), k))
            .collect();
        let find = |side: &[(String, f64)]| -> Result<Vec<(usize, f64)>> {
            side.iter()
                .map(|(name, c)| match index.get(name.as_str()) {
                    Some(&s) => Ok((s, *c)),
                    None => Err(Error::Unknown {
                        what: "species",
                        name: name.clone(),
                    }),
                })
                .collect()
        };
        let mut reactions = Vec::with_capacity(self.reactions.len());
        for named in &self.reactions {
            reactions.push(Reaction {
                name: named.name.clone(),
                reactants: find(&named.reactants)?,
                products: find(&named.products)?,
                law: named.law,
                counted: named.counted,
            });
        }
        ReactionSystem::new(self.species.clone(), reactions, self.laws)
    }
}

//! What can happen: states, and the channels along which the system jumps between them.
//!
//! Each edge e is a channel x → y with a name and, if heat matters, the reservoir it exchanges with. Several channels may
//! join the same two states; they are never merged. The incidence matrix B has −1 at (x, e) and +1 at (y, e), so
//! ṗ = B J. Labels of subsystems say which part of a composite system a jump changes.
//!
//! A reaction network is the same graph with one more layer: its edges join *complexes* such as 2 X + Y, and the composition matrix Y
//! says how much of each species a complex holds. The change of the species is then ẋ = S J with the stoichiometric matrix S = Y B;
//! a jump network is the case Y = 1. What is said of B below holds for S.

use std::collections::HashMap;

use crate::error::{Error, Result};

/// One channel between two states.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edge {
    /// Name, unique in the network.
    pub name: String,
    /// Node x that a forward jump leaves: a state, or in a reaction network a complex.
    pub from: usize,
    /// Node y that a forward jump enters.
    pub to: usize,
    /// Reservoir that the channel exchanges heat with.
    pub reservoir: Option<usize>,
}

/// A subsystem of a composite system: its name, and its own state in every state of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subsystem {
    /// Name, such as "ligand".
    pub name: String,
    /// Label of the subsystem in each state of the network, such as "bound".
    pub labels: Vec<String>,
}

/// One side of a reaction, such as 2 X + Y.
#[derive(Debug, Clone, PartialEq)]
pub struct Complex {
    /// Its formula, for display; it may name species that are held and so are no states of the network.
    pub name: String,
    /// (state, coefficient > 0) of every species in it that is a state, in ascending order.
    pub composition: Vec<(usize, f64)>,
}

/// States (or species), channels, reservoirs and subsystems. Immutable once built.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    states: Vec<String>,
    edges: Vec<Edge>,
    reservoirs: Vec<String>,
    subsystems: Vec<Subsystem>,
    reactions: Option<Reactions>,
}

/// A column of B or S as (state, coefficient) pairs; reads as a slice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change<'a> {
    /// −1 where the jump starts and +1 where it ends.
    Jump([(usize, f64); 2]),
    /// The net change of every species.
    Reaction(&'a [(usize, f64)]),
}

impl std::ops::Deref for Change<'_> {
    type Target = [(usize, f64)];

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Jump(pair) => pair,
            Self::Reaction(column) => column,
        }
    }
}

/// What a reaction network has beyond its graph.
#[derive(Debug, Clone, PartialEq)]
struct Reactions {
    complexes: Vec<Complex>,
    /// Column of S per edge: (state, coefficient ≠ 0).
    changes: Vec<Vec<(usize, f64)>>,
}

impl Network {
    /// Starts a network by name.
    ///
    /// ```
    /// use irrev_network::Network;
    /// let dot = Network::builder()
    ///     .states(["empty", "filled"])
    ///     .reservoir("left").reservoir("right")
    ///     .channel("left lead", "empty", "filled", Some("left"))
    ///     .channel("right lead", "empty", "filled", Some("right"))
    ///     .build()?;
    /// assert_eq!(dot.edges().len(), 2);                 // parallel channels stay apart
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    #[must_use]
    pub fn builder() -> NetworkBuilder {
        NetworkBuilder::default()
    }

    /// Network on states "0" … "n−1" with channels (x, y) named "x→y" (and "x→y #2" … for parallel ones).
    ///
    /// # Errors
    /// [`Error::NoStates`], [`Error::Unknown`] for an index out of range, [`Error::SelfLoop`].
    pub fn from_edges(states: usize, edges: &[(usize, usize)]) -> Result<Self> {
        if states == 0 {
            return Err(Error::NoStates);
        }
        let names: Vec<String> = (0..states).map(|i| i.to_string()).collect();
        let mut seen: HashMap<(usize, usize), usize> = HashMap::new();
        let mut list = Vec::with_capacity(edges.len());
        for &(from, to) in edges {
            let outside = from.max(to);
            if outside >= states {
                return Err(Error::Unknown {
                    what: "state",
                    name: outside.to_string(),
                });
            }
            let count = seen.entry((from, to)).or_insert(0);
            *count += 1;
            let name = if *count == 1 {
                format!("{from}→{to}")
            } else {
                format!("{from}→{to} #{count}")
            };
            if from == to {
                return Err(Error::SelfLoop {
                    edge: name,
                    state: names[from].clone(),
                });
            }
            list.push(Edge {
                name,
                from,
                to,
                reservoir: None,
            });
        }
        Ok(Self {
            states: names,
            edges: list,
            reservoirs: Vec::new(),
            subsystems: Vec::new(),
            reactions: None,
        })
    }

    /// Reaction network on the given species, with channels (name, from, to) between complexes.
    ///
    /// ```
    /// use irrev_network::{Network, network::Complex};
    /// let complex = |name: &str, composition: &[(usize, f64)]| Complex { name: name.into(), composition: composition.into() };
    /// let dimerisation = Network::from_reactions(
    ///     vec!["A".into(), "A2".into()],
    ///     vec![complex("2 A", &[(0, 2.0)]), complex("A2", &[(1, 1.0)])],
    ///     vec![("dimerise".into(), 0, 1)],
    /// )?;
    /// assert_eq!(dimerisation.divergence(&[0.5])?, [-1.0, 0.5]);       // ẋ = S J
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Duplicate`], [`Error::Unknown`] for an index out of range, [`Error::SelfLoop`] for a reaction between one complex and
    /// itself, [`Error::Domain`] for a coefficient that is not positive.
    pub fn from_reactions(
        species: Vec<String>,
        complexes: Vec<Complex>,
        channels: Vec<(String, usize, usize)>,
    ) -> Result<Self> {
        unique("species", species.iter())?;
        unique("reaction", channels.iter().map(|c| &c.0))?;
        for complex in &complexes {
            for &(state, coefficient) in &complex.composition {
                if state >= species.len() {
                    return Err(Error::Unknown {
                        what: "species",
                        name: state.to_string(),
                    });
                }
                crate::require(
                    &format!("the coefficient of {} in {}", species[state], complex.name),
                    coefficient,
                    coefficient > 0.0 && coefficient.is_finite(),
                    "a positive number",
                )?;
            }
        }
        let mut edges = Vec::with_capacity(channels.len());
        let mut changes = Vec::with_capacity(channels.len());
        for (name, from, to) in channels {
            let outside = from.max(to);
            if outside >= complexes.len() {
                return Err(Error::Unknown {
                    what: "complex",
                    name: outside.to_string(),
                });
            }
            if from == to {
                return Err(Error::SelfLoop {
                    edge: name,
                    state: complexes[from].name.clone(),
                });
            }
            changes.push(change(&complexes[from].composition, &complexes[to].composition));
            edges.push(Edge {
                name,
                from,
                to,
                reservoir: None,
            });
        }
        Ok(Self {
            states: species,
            edges,
            reservoirs: Vec::new(),
            subsystems: Vec::new(),
            reactions: Some(Reactions { complexes, changes }),
        })
    }

    /// The complexes that the edges join, if this is a reaction network; in a jump network the edges join states.
    #[must_use]
    pub fn complexes(&self) -> Option<&[Complex]> {
        self.reactions.as_ref().map(|r| r.complexes.as_slice())
    }

    /// What a forward jump along an edge changes: (state, coefficient), the edge's column of B or S.
    ///
    /// # Panics
    /// If there is no such edge.
    #[must_use]
    pub fn change(&self, edge: usize) -> Change<'_> {
        match &self.reactions {
            Some(reactions) => Change::Reaction(&reactions.changes[edge]),
            None => Change::Jump([(self.edges[edge].from, -1.0), (self.edges[edge].to, 1.0)]),
        }
    }

    /// # Errors
    /// [`Error::NotAJumpNetwork`] if edges join complexes rather than states.
    pub(crate) fn require_jump_network(&self, quantity: &'static str) -> Result<()> {
        match self.reactions {
            None => Ok(()),
            Some(_) => Err(Error::NotAJumpNetwork { quantity }),
        }
    }

    /// Names of the states.
    #[must_use]
    pub fn states(&self) -> &[String] {
        &self.states
    }

    /// The channels.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Names of the reservoirs.
    #[must_use]
    pub fn reservoirs(&self) -> &[String] {
        &self.reservoirs
    }

    /// The subsystems of a composite system.
    #[must_use]
    pub fn subsystems(&self) -> &[Subsystem] {
        &self.subsystems
    }

    /// Index of a state.
    ///
    /// # Errors
    /// [`Error::Unknown`].
    pub fn state(&self, name: &str) -> Result<usize> {
        let found = self.states.iter().position(|s| s == name);
        found.ok_or_else(|| Error::Unknown {
            what: "state",
            name: name.into(),
        })
    }

    /// Index of an edge.
    ///
    /// # Errors
    /// [`Error::Unknown`].
    pub fn edge(&self, name: &str) -> Result<usize> {
        let found = self.edges.iter().position(|e| e.name == name);
        found.ok_or_else(|| Error::Unknown {
            what: if self.complexes().is_some() {
                "reaction"
            } else {
                "edge"
            },
            name: name.into(),
        })
    }

    /// The incidence or stoichiometric matrix as (state, edge, coefficient) triplets, edge by edge.
    pub fn incidence(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        (0..self.edges.len()).flat_map(|e| {
            let column = self.change(e);
            (0..column.len()).map(move |k| (column[k].0, e, column[k].1))
        })
    }

    /// B J: the rate of change of the state under the currents J, one entry per state.
    ///
    /// # Errors
    /// [`Error::Length`] unless there is one current per edge.
    pub fn divergence(&self, current: &[f64]) -> Result<Vec<f64>> {
        self.check_edges("current", current)?;
        let mut rate = vec![0.0; self.states.len()];
        match &self.reactions {
            None => {
                for (edge, j) in self.edges.iter().zip(current) {
                    rate[edge.from] -= j;
                    rate[edge.to] += j;
                }
            }
            Some(reactions) => {
                for (change, j) in reactions.changes.iter().zip(current) {
                    for &(state, c) in change {
                        rate[state] += c * j;
                    }
                }
            }
        }
        Ok(rate)
    }

    /// Bᵀ φ: the difference φ_y − φ_x along every edge x → y; Sᵀ φ in a reaction network.
    ///
    /// # Errors
    /// [`Error::Length`] unless there is one value per state.
    pub fn gradient(&self, potential: &[f64]) -> Result<Vec<f64>> {
        self.check_states("potential", potential)?;
        Ok(match &self.reactions {
            None => self
                .edges
                .iter()
                .map(|e| potential[e.to] - potential[e.from])
                .collect(),
            Some(reactions) => reactions
                .changes
                .iter()
                .map(|change| change.iter().map(|&(state, c)| c * potential[state]).sum())
                .collect(),
        })
    }

    pub(crate) fn check_states(&self, what: &'static str, values: &[f64]) -> Result<()> {
        if values.len() == self.states.len() {
            return Ok(());
        }
        Err(Error::Length {
            what,
            found: values.len(),
            expected: self.states.len(),
        })
    }

    pub(crate) fn check_edges(&self, what: &'static str, values: &[f64]) -> Result<()> {
        if values.len() == self.edges.len() {
            return Ok(());
        }
        Err(Error::Length {
            what,
            found: values.len(),
            expected: self.edges.len(),
        })
    }

    /// # Errors
    /// [`Error::Length`] unless there is one weight per edge; [`Error::Domain`] for one that is not finite.
    pub(crate) fn check_weights(&self, weights: &[f64]) -> Result<()> {
        self.check_edges("weights", weights)?;
        for (edge, &value) in self.edges.iter().zip(weights) {
            if !value.is_finite() {
                return Err(Error::Domain {
                    what: format!("weight of \"{}\"", edge.name),
                    value,
                    expected: "a finite number",
                });
            }
        }
        Ok(())
    }
}

/// Collects states, reservoirs, subsystems and channels by name; [`NetworkBuilder::build`] checks them together.
#[derive(Debug, Clone, Default)]
pub struct NetworkBuilder {
    states: Vec<String>,
    reservoirs: Vec<String>,
    subsystems: Vec<(String, Vec<String>)>,
    channels: Vec<(String, String, String, Option<String>)>,
}

impl NetworkBuilder {
    /// Adds states.
    #[must_use]
    pub fn states<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.states.extend(names.into_iter().map(Into::into));
        self
    }

    /// Adds a reservoir.
    #[must_use]
    pub fn reservoir(mut self, name: impl Into<String>) -> Self {
        self.reservoirs.push(name.into());
        self
    }

    /// Adds a subsystem with its label in every state, in the order of the states.
    #[must_use]
    pub fn subsystem<S: Into<String>>(
        mut self,
        name: impl Into<String>,
        labels: impl IntoIterator<Item = S>,
    ) -> Self {
        self.subsystems
            .push((name.into(), labels.into_iter().map(Into::into).collect()));
        self
    }

    /// Adds a channel from one state to another, exchanging with a reservoir or with none that is named.
    #[must_use]
    pub fn channel(
        mut self,
        name: impl Into<String>,
        from: impl Into<String>,
        to: impl Into<String>,
        reservoir: Option<&str>,
    ) -> Self {
        self.channels
            .push((name.into(), from.into(), to.into(), reservoir.map(Into::into)));
        self
    }

    /// Checks everything and builds the network.
    ///
    /// # Errors
    /// [`Error::NoStates`], [`Error::Duplicate`], [`Error::Unknown`], [`Error::SelfLoop`], [`Error::Length`].
    pub fn build(self) -> Result<Network> {
        if self.states.is_empty() {
            return Err(Error::NoStates);
        }
        let index = |what: &'static str, names: &[String]| -> Result<HashMap<String, usize>> {
            let mut map = HashMap::new();
            for (i, name) in names.iter().enumerate() {
                if map.insert(name.clone(), i).is_some() {
                    return Err(Error::Duplicate {
                        what,
                        name: name.clone(),
                    });
                }
            }
            Ok(map)
        };
        let state = index("state", &self.states)?;
        let reservoir = index("reservoir", &self.reservoirs)?;
        index(
            "edge",
            &self.channels.iter().map(|c| c.0.clone()).collect::<Vec<_>>(),
        )?;
        index(
            "subsystem",
            &self.subsystems.iter().map(|s| s.0.clone()).collect::<Vec<_>>(),
        )?;
        let find = |what: &'static str, map: &HashMap<String, usize>, name: &str| {
            map.get(name).copied().ok_or_else(|| Error::Unknown {
                what,
                name: name.into(),
            })
        };
        let mut edges = Vec::with_capacity(self.channels.len());
        for (name, from, to, bath) in self.channels {
            let (from, to) = (find("state", &state, &from)?, find("state", &state, &to)?);
            if from == to {
                return Err(Error::SelfLoop {
                    edge: name,
                    state: self.states[from].clone(),
                });
            }
            let reservoir = bath.map(|b| find("reservoir", &reservoir, &b)).transpose()?;
            edges.push(Edge {
                name,
                from,
                to,
                reservoir,
            });
        }
        let mut subsystems = Vec::new();
        for (name, labels) in self.subsystems {
            if labels.len() != self.states.len() {
                let (found, expected) = (labels.len(), self.states.len());
                return Err(Error::Length {
                    what: "subsystem labels",
                    found,
                    expected,
                });
            }
            subsystems.push(Subsystem { name, labels });
        }
        Ok(Network {
            states: self.states,
            edges,
            reservoirs: self.reservoirs,
            subsystems,
            reactions: None,
        })
    }
}

/// Column of S of a reaction: composition of the products less that of the reactants, zeros left out, states ascending.
fn change(reactants: &[(usize, f64)], products: &[(usize, f64)]) -> Vec<(usize, f64)> {
    let mut net = std::collections::BTreeMap::new();
    for &(state, c) in reactants {
        *net.entry(state).or_insert(0.0) -= c;
    }
    for &(state, c) in products {
        *net.entry(state).or_insert(0.0) += c;
    }
    net.into_iter().filter(|(_, c)| *c != 0.0).collect()
}

/// # Errors
/// [`Error::Duplicate`] with the first name that comes twice.
fn unique<'a>(what: &'static str, names: impl Iterator<Item = &'a String>) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_networks_are_refused_by_name() {
        let ab = || Network::builder().states(["a", "b"]);
        assert_eq!(Network::builder().build(), Err(Error::NoStates));
        assert!(matches!(ab().states(["a"]).build(), Err(Error::Duplicate { .. })));
        assert!(matches!(
            ab().channel("e", "a", "a", None).build(),
            Err(Error::SelfLoop { .. })
        ));
        assert!(matches!(
            ab().channel("e", "a", "c", None).build(),
            Err(Error::Unknown { .. })
        ));
        assert!(matches!(
            ab().channel("e", "a", "b", Some("hot")).build(),
            Err(Error::Unknown { .. })
        ));
        assert!(matches!(
            Network::from_edges(2, &[(0, 2)]),
            Err(Error::Unknown { .. })
        ));
    }

    #[test]
    fn divergence_and_gradient_are_adjoint() {
        let network = Network::from_edges(3, &[(0, 1), (1, 2), (2, 0), (0, 1)]).unwrap();
        let (current, potential) = ([1.0, -2.0, 0.5, 3.0], [0.3, -1.0, 2.0]);
        let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(a, b)| a * b).sum::<f64>();
        let left = dot(&network.divergence(&current).unwrap(), &potential);
        let right = dot(&current, &network.gradient(&potential).unwrap());
        assert!((left - right).abs() < 1e-14);
    }
}

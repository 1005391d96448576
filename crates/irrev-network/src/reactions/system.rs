//! Species, reactions and their laws.

use std::collections::HashMap;
use std::sync::Arc;

use irrev_numerics::linalg::Matrix;

use super::RateLaws;
use super::assembly::{change, check, complex_name, network};
use super::builder::ReactionSystemBuilder;
use super::mass_action::{monomial, monomial_derivative};
use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::kinetics::Kinetics;
use crate::network::Network;

/// A chemical species.
#[derive(Debug, Clone, PartialEq)]
pub struct Species {
    /// Name, unique in the system.
    pub name: String,
    /// The amount at which a reservoir holds it; `None` for a dynamic species.
    pub held: Option<f64>,
}

/// A reaction between two complexes.
#[derive(Debug, Clone, PartialEq)]
pub struct Reaction {
    /// Name, unique in the system.
    pub name: String,
    /// (species, coefficient > 0) of the left side, each species once.
    pub reactants: Vec<(usize, f64)>,
    /// (species, coefficient > 0) of the right side, each species once.
    pub products: Vec<(usize, f64)>,
    /// How fast it runs.
    pub law: Law,
    /// Whether it counts in the thermodynamics; one that does not still drives the dynamics.
    pub counted: bool,
}

/// The law of a reaction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    /// j⁺ = forward · ∏ x^ν⁺, j⁻ = backward · ∏ x^ν⁻; a zero makes the reaction one-way.
    MassAction {
        /// k⁺, in amount per time at unit amounts.
        forward: f64,
        /// k⁻.
        backward: f64,
    },
    /// One-way fluxes given by the system's [`RateLaws`].
    General,
    /// A net flux given by the system's [`RateLaws`] that is not split into directions; such a reaction cannot be counted.
    Net,
}

/// A chemical reaction network with its rate laws. Immutable once built.
///
/// ```
/// use irrev_network::{Kinetics, decomposition::geometric_decomposition, reactions::ReactionSystem};
/// let brusselator = ReactionSystem::builder()
///     .species("X").species("Y").chemostat("A", 1.0).chemostat("B", 3.0)
///     .mass_action("feed", &[("A", 1.0)], &[("X", 1.0)], 1.0, 1.0)
///     .mass_action("convert", &[("B", 1.0), ("X", 1.0)], &[("Y", 1.0), ("A", 1.0)], 1.0, 0.1)
///     .mass_action("auto", &[("X", 2.0), ("Y", 1.0)], &[("X", 3.0)], 1.0, 0.1)
///     .build()?;
/// let flow = brusselator.flow(0.0, &[1.3, 2.1])?;
/// assert!((flow.entropy_production_rate() - 20.12214215772822).abs() < 1e-12);
/// let split = geometric_decomposition(&flow)?;
/// assert!((split.excess - 0.13160465863361417).abs() < 1e-12);
/// # Ok::<(), irrev_network::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ReactionSystem {
    species: Vec<Species>,
    /// Species index of every state of the network.
    dynamic: Vec<usize>,
    /// State of every species; `None` if held.
    state: Vec<Option<usize>>,
    /// Whether a species follows a rate of its own.
    driven: Vec<bool>,
    reactions: Vec<Reaction>,
    /// Reaction index of every edge of the network.
    counted: Vec<usize>,
    /// Net change of the dynamic species per reaction, by state.
    changes: Vec<Vec<(usize, f64)>>,
    network: Arc<Network>,
    laws: Option<Arc<dyn RateLaws>>,
}

/// What an evaluation of the rate writes on its way, kept between evaluations.
pub(crate) struct Workspace {
    amounts: Vec<f64>,
    forward: Vec<f64>,
    backward: Vec<f64>,
    drift: Vec<f64>,
}

impl Workspace {
    pub(crate) fn new(system: &ReactionSystem) -> Self {
        Self {
            amounts: system.held_amounts(),
            forward: vec![0.0; system.reactions.len()],
            backward: vec![0.0; system.reactions.len()],
            drift: vec![0.0; system.species.len()],
        }
    }
}

impl ReactionSystem {
    /// Starts a system by name.
    #[must_use]
    pub fn builder() -> ReactionSystemBuilder {
        ReactionSystemBuilder::default()
    }

    /// A system of species and reactions by index; `laws` serves those that are not mass action.
    ///
    /// # Errors
    /// [`Error::NoStates`] without a dynamic species; [`Error::Duplicate`], [`Error::Unknown`], [`Error::Domain`] for a coefficient or a
    /// held amount that is not allowed; [`Error::Rate`]; [`Error::SelfLoop`] for a reaction with equal sides; [`Error::MissingLaw`]
    /// for a general law without `laws`, or a net law that is counted.
    pub fn new(
        species: Vec<Species>,
        reactions: Vec<Reaction>,
        laws: Option<Arc<dyn RateLaws>>,
    ) -> Result<Self> {
        let dynamic: Vec<usize> = (0..species.len())
            .filter(|s| species[*s].held.is_none())
            .collect();
        if dynamic.is_empty() {
            return Err(Error::NoStates);
        }
        let mut state = vec![None; species.len()];
        for (k, &s) in dynamic.iter().enumerate() {
            state[s] = Some(k);
        }
        let mut names = HashMap::new();
        for one in &species {
            if names.insert(one.name.as_str(), ()).is_some() {
                return Err(Error::Duplicate {
                    what: "species",
                    name: one.name.clone(),
                });
            }
            if let Some(amount) = one.held {
                let what = format!("the held amount of {}", one.name);
                crate::require(
                    &what,
                    amount,
                    amount.is_finite() && amount >= 0.0,
                    "a non-negative number",
                )?;
            }
        }
        for reaction in &reactions {
            check(reaction, &species, laws.is_some())?;
        }
        let counted: Vec<usize> = (0..reactions.len()).filter(|r| reactions[*r].counted).collect();
        let drifting = laws.as_ref().map_or(&[][..], |laws| laws.drifting());
        let driven: Vec<bool> = species.iter().map(|s| drifting.contains(&s.name)).collect();
        // what follows a rate of its own is changed by no reaction
        let reacting: Vec<Option<usize>> = (0..species.len())
            .map(|s| state[s].filter(|_| !driven[s]))
            .collect();
        let network = Arc::new(network(&species, &reacting, &dynamic, &reactions, &counted)?);
        let changes = reactions.iter().map(|r| change(r, &reacting)).collect();
        Ok(Self {
            species,
            dynamic,
            state,
            driven,
            reactions,
            counted,
            changes,
            network,
            laws,
        })
    }

    /// All species, dynamic and held.
    #[must_use]
    pub fn species(&self) -> &[Species] {
        &self.species
    }

    /// Names of the dynamic species, in the order of the state.
    #[must_use]
    pub fn state_names(&self) -> &[String] {
        self.network.states()
    }

    /// Species index of every entry of the state.
    #[must_use]
    pub fn dynamic(&self) -> &[usize] {
        &self.dynamic
    }

    /// Position of a species in the state; `None` if it is held.
    #[must_use]
    pub fn state_of(&self, species: usize) -> Option<usize> {
        self.state.get(species).copied().flatten()
    }

    /// Whether a species is driven from outside: held at an amount, or following a rate of its own ([`Self::drifting`]).
    ///
    /// No reaction changes such a species; for the thermodynamics it is a chemostat.
    #[must_use]
    pub fn is_external(&self, species: usize) -> bool {
        self.state_of(species).is_none() || self.driven[species]
    }

    /// Index of a dynamic species in the state.
    ///
    /// # Errors
    /// [`Error::Unknown`].
    pub fn state(&self, name: &str) -> Result<usize> {
        self.network.state(name).map_err(|_| Error::Unknown {
            what: "dynamic species",
            name: name.into(),
        })
    }

    /// All reactions, counted or not.
    #[must_use]
    pub fn reactions(&self) -> &[Reaction] {
        &self.reactions
    }

    /// Reaction index of every edge of the thermodynamic network.
    #[must_use]
    pub fn counted(&self) -> &[usize] {
        &self.counted
    }

    /// Names of the reactions that do not count in the thermodynamics.
    #[must_use]
    pub fn left_out(&self) -> Vec<&str> {
        let left = self.reactions.iter().filter(|r| !r.counted);
        left.map(|r| r.name.as_str()).collect()
    }

    /// The laws of reactions that are not mass action.
    #[must_use]
    pub fn laws(&self) -> Option<&Arc<dyn RateLaws>> {
        self.laws.as_ref()
    }

    /// Whether fluxes depend on the time explicitly.
    #[must_use]
    pub fn depends_on_time(&self) -> bool {
        self.laws.as_ref().is_some_and(|laws| laws.depends_on_time())
    }

    /// Names of species that follow a rate of their own: driven from outside, they are chemostats whose amounts move.
    #[must_use]
    pub fn drifting(&self) -> &[String] {
        self.laws.as_ref().map_or(&[], |laws| laws.drifting())
    }

    /// The same system with the mass-action constants (k⁺, k⁻) of one reaction multiplied.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::MissingLaw`] if the reaction is not mass action, [`Error::Rate`].
    pub fn with_rates(&self, reaction: usize, forward: f64, backward: f64) -> Result<Self> {
        let mut reactions = self.reactions.clone();
        let one = reactions.get_mut(reaction).ok_or_else(|| Error::Unknown {
            what: "reaction",
            name: reaction.to_string(),
        })?;
        if !matches!(one.law, Law::MassAction { .. }) {
            return Err(Error::MissingLaw {
                reaction: one.name.clone(),
                reason: "its rate constants cannot be set, because it is not mass action",
            });
        }
        one.law = Law::MassAction { forward, backward };
        Self::new(self.species.clone(), reactions, self.laws.clone())
    }

    /// The same system with other held amounts, one per held species in order.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::Domain`].
    pub fn with_held(&self, amounts: &[f64]) -> Result<Self> {
        let mut species = self.species.clone();
        let held: Vec<&mut Species> = species.iter_mut().filter(|s| s.held.is_some()).collect();
        if held.len() != amounts.len() {
            return Err(Error::Length {
                what: "held amounts",
                found: amounts.len(),
                expected: held.len(),
            });
        }
        for (species, &amount) in held.into_iter().zip(amounts) {
            species.held = Some(amount);
        }
        Self::new(species, self.reactions.clone(), self.laws.clone())
    }

    /// Amounts of all species at a state: the state itself, the held amounts, and what follows a formula.
    ///
    /// # Errors
    /// [`Error::Length`]; whatever the laws report.
    pub fn amounts(&self, time: f64, x: &[f64]) -> Result<Vec<f64>> {
        let mut amounts = self.held_amounts();
        self.write_amounts(time, x, &mut amounts)?;
        Ok(amounts)
    }

    /// Held amounts in their places, zeros elsewhere.
    fn held_amounts(&self) -> Vec<f64> {
        self.species.iter().map(|s| s.held.unwrap_or(0.0)).collect()
    }

    fn write_amounts(&self, time: f64, x: &[f64], amounts: &mut [f64]) -> Result<()> {
        self.network.check_states("state", x)?;
        for (&s, &value) in self.dynamic.iter().zip(x) {
            amounts[s] = value;
        }
        match &self.laws {
            Some(laws) => laws.assign(time, amounts),
            None => Ok(()),
        }
    }

    /// One-way fluxes of all reactions, counted or not; a net law stands in the forward flux and may be negative.
    ///
    /// # Errors
    /// [`Error::Length`]; whatever the laws report.
    pub fn all_fluxes(&self, time: f64, x: &[f64]) -> Result<(Vec<f64>, Vec<f64>)> {
        let amounts = self.amounts(time, x)?;
        let mut forward = vec![0.0; self.reactions.len()];
        let mut backward = vec![0.0; self.reactions.len()];
        self.write_fluxes(time, &amounts, &mut forward, &mut backward)?;
        Ok((forward, backward))
    }

    fn write_fluxes(
        &self,
        time: f64,
        amounts: &[f64],
        forward: &mut [f64],
        backward: &mut [f64],
    ) -> Result<()> {
        if let Some(laws) = &self.laws {
            laws.fluxes(time, amounts, forward, backward)?;
        }
        for (r, reaction) in self.reactions.iter().enumerate() {
            if let Law::MassAction {
                forward: up,
                backward: down,
            } = reaction.law
            {
                forward[r] = monomial(up, &reaction.reactants, amounts);
                backward[r] = monomial(down, &reaction.products, amounts);
            }
        }
        Ok(())
    }

    /// ẋ of the dynamic species: S J over all reactions, plus what changes species otherwise.
    ///
    /// Negative amounts within rounding of zero are allowed, as an integrator meets them.
    ///
    /// # Errors
    /// [`Error::Length`]; whatever the laws report.
    pub fn rate_of_change(&self, time: f64, x: &[f64], rate: &mut [f64]) -> Result<()> {
        self.rate_with(time, x, &mut Workspace::new(self), rate)
    }

    /// As [`Self::rate_of_change`], without allocating.
    pub(crate) fn rate_with(
        &self,
        time: f64,
        x: &[f64],
        workspace: &mut Workspace,
        rate: &mut [f64],
    ) -> Result<()> {
        self.network.check_states("rate of change", rate)?;
        let Workspace {
            amounts,
            forward,
            backward,
            drift,
        } = workspace;
        self.write_amounts(time, x, amounts)?;
        self.write_fluxes(time, amounts, forward, backward)?;
        rate.fill(0.0);
        for (r, change) in self.changes.iter().enumerate() {
            let current = forward[r] - backward[r];
            for &(state, c) in change {
                rate[state] += c * current;
            }
        }
        if let Some(laws) = &self.laws
            && !laws.drifting().is_empty()
        {
            drift.fill(0.0);
            laws.drift(time, amounts, drift)?;
            for (rate, &s) in rate.iter_mut().zip(&self.dynamic) {
                *rate += drift[s];
            }
        }
        Ok(())
    }

    /// The Jacobian ∂ẋ/∂x, row by changed species. O(reactions · species per reaction²).
    ///
    /// # Errors
    /// As [`Self::rate_of_change`].
    pub fn jacobian(&self, time: f64, x: &[f64]) -> Result<Matrix> {
        let n = self.dynamic.len();
        let mut matrix: Matrix = Matrix::zeros(n, n);
        self.jacobian_entries(time, x, &mut |row, column, value| matrix[(row, column)] += value)?;
        Ok(matrix)
    }

    /// Calls `entry(row, column, value)` for the terms of the Jacobian, places repeated, always in the same order.
    pub(crate) fn jacobian_entries(
        &self,
        time: f64,
        x: &[f64],
        entry: &mut dyn FnMut(usize, usize, f64),
    ) -> Result<()> {
        let amounts = self.amounts(time, x)?;
        self.flux_derivatives(time, &amounts, &mut |r, s, up, down| {
            if let Some(column) = self.state[s] {
                for &(row, c) in &self.changes[r] {
                    entry(row, column, c * (up - down));
                }
            }
        })?;
        if let Some(laws) = &self.laws {
            laws.drift_derivatives(time, &amounts, &mut |changed, by, value| {
                if let (Some(row), Some(column)) = (self.state[changed], self.state[by]) {
                    entry(row, column, value);
                }
            })?;
        }
        Ok(())
    }

    /// Net change of the dynamic species by a reaction: (state, coefficient).
    ///
    /// # Panics
    /// If there is no such reaction.
    #[must_use]
    pub fn change(&self, reaction: usize) -> &[(usize, f64)] {
        &self.changes[reaction]
    }

    /// Calls `entry(reaction, species, ∂j⁺/∂a, ∂j⁻/∂a)` for all reactions and dynamic species.
    pub(crate) fn flux_derivatives(
        &self,
        time: f64,
        amounts: &[f64],
        entry: &mut dyn FnMut(usize, usize, f64, f64),
    ) -> Result<()> {
        for (r, reaction) in self.reactions.iter().enumerate() {
            let Law::MassAction { forward, backward } = reaction.law else {
                continue;
            };
            for &(s, _) in reaction
                .reactants
                .iter()
                .filter(|(s, _)| self.state[*s].is_some())
            {
                entry(
                    r,
                    s,
                    monomial_derivative(forward, &reaction.reactants, amounts, s),
                    0.0,
                );
            }
            for &(s, _) in reaction.products.iter().filter(|(s, _)| self.state[*s].is_some()) {
                entry(
                    r,
                    s,
                    0.0,
                    monomial_derivative(backward, &reaction.products, amounts, s),
                );
            }
        }
        match &self.laws {
            Some(laws) => laws.derivatives(time, amounts, entry),
            None => Ok(()),
        }
    }

    /// The flow of the counted reactions at a state.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::Domain`] for a negative amount, [`Error::Rate`] for a flux that is negative or not finite; whatever
    /// the laws report.
    pub fn flow(&self, time: f64, x: &[f64]) -> Result<Flow> {
        Flow::evaluate(self, time, x)
    }

    /// Names of the counted reactions that run one way only by their rate constants.
    #[must_use]
    pub fn one_way_reactions(&self) -> Vec<&str> {
        let one_way = |r: &&Reaction| matches!(r.law, Law::MassAction { forward, backward } if r.counted && (forward == 0.0) != (backward == 0.0));
        self.reactions
            .iter()
            .filter(one_way)
            .map(|r| r.name.as_str())
            .collect()
    }

    /// A complex as on paper: "2 X + Y", or "∅" for the empty one.
    #[must_use]
    pub fn complex_name(&self, side: &[(usize, f64)]) -> String {
        complex_name(&self.species, side)
    }

    /// The equation of a reaction, such as "2 X + Y ⇌ 3 X".
    #[must_use]
    pub fn equation(&self, reaction: &Reaction) -> String {
        let one_way = matches!(reaction.law, Law::MassAction { backward, .. } if backward == 0.0);
        let arrow = if one_way { "→" } else { "⇌" };
        format!(
            "{} {arrow} {}",
            self.complex_name(&reaction.reactants),
            self.complex_name(&reaction.products)
        )
    }
}

impl Kinetics for ReactionSystem {
    /// The network of the counted reactions, on the dynamic species.
    fn network(&self) -> &Arc<Network> {
        &self.network
    }

    fn fluxes(&self, time: f64, state: &[f64], forward: &mut [f64], backward: &mut [f64]) -> Result<()> {
        self.network.check_states("state", state)?;
        for (name, &value) in self.network.states().iter().zip(state) {
            let fits = value.is_finite() && value >= 0.0;
            crate::require(
                &format!("the amount of {name}"),
                value,
                fits,
                "a non-negative number",
            )?;
        }
        let (all_forward, all_backward) = self.all_fluxes(time, state)?;
        for (e, &r) in self.counted.iter().enumerate() {
            for (direction, value) in [("forward", all_forward[r]), ("backward", all_backward[r])] {
                if !value.is_finite() {
                    return Err(Error::Rate {
                        edge: self.reactions[r].name.clone(),
                        direction,
                        value,
                    });
                }
            }
            forward[e] = all_forward[r];
            backward[e] = all_backward[r];
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_systems_are_refused_by_name() {
        let a = || ReactionSystem::builder().species("A").species("B");
        assert!(matches!(ReactionSystem::builder().build(), Err(Error::NoStates)));
        assert!(matches!(a().species("A").build(), Err(Error::Duplicate { .. })));
        let one = |left: &[(&str, f64)], right: &[(&str, f64)], k| {
            a().mass_action("r", left, right, k, 1.0).build()
        };
        assert!(matches!(
            one(&[("A", 1.0)], &[("C", 1.0)], 1.0),
            Err(Error::Unknown { .. })
        ));
        assert!(matches!(
            one(&[("A", 1.0)], &[("A", 1.0)], 1.0),
            Err(Error::SelfLoop { .. })
        ));
        assert!(matches!(
            one(&[("A", -1.0)], &[("B", 1.0)], 1.0),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            one(&[("A", 1.0)], &[("B", 1.0)], f64::NAN),
            Err(Error::Rate { .. })
        ));
        let general = a()
            .reaction("r", &[("A", 1.0)], &[("B", 1.0)], Law::General, true)
            .build();
        assert!(matches!(general, Err(Error::MissingLaw { .. })));
    }

    #[test]
    fn the_jacobian_is_the_derivative_of_the_rate() {
        let system = ReactionSystem::builder()
            .species("X")
            .species("Y")
            .chemostat("A", 2.0)
            .mass_action("in", &[("A", 1.0)], &[("X", 1.0)], 1.0, 0.3)
            .mass_action("auto", &[("X", 2.0), ("Y", 1.0)], &[("X", 3.0)], 1.0, 0.1)
            .mass_action("half", &[("X", 1.5)], &[("Y", 1.0)], 0.7, 0.2)
            .build()
            .unwrap();
        let x = [1.3, 0.8];
        let jacobian = system.jacobian(0.0, &x).unwrap();
        let rate = |x: &[f64]| {
            let mut rate = [0.0; 2];
            system.rate_of_change(0.0, x, &mut rate).unwrap();
            rate
        };
        for column in 0..2 {
            let h = 1e-6;
            let (mut up, mut down) = (x, x);
            up[column] += h;
            down[column] -= h;
            let (up, down) = (rate(&up), rate(&down));
            for row in 0..2 {
                let difference = (up[row] - down[row]) / (2.0 * h);
                assert!((jacobian[(row, column)] - difference).abs() < 1e-7);
            }
        }
    }

    #[test]
    fn a_reaction_left_out_drives_the_state_and_not_the_thermodynamics() {
        let system = ReactionSystem::builder()
            .species("X")
            .mass_action("both", &[], &[("X", 1.0)], 1.0, 2.0)
            .reaction(
                "decay",
                &[("X", 1.0)],
                &[],
                Law::MassAction {
                    forward: 3.0,
                    backward: 0.0,
                },
                false,
            )
            .build()
            .unwrap();
        assert_eq!(system.left_out(), ["decay"]);
        let mut rate = [0.0];
        system.rate_of_change(0.0, &[1.0], &mut rate).unwrap();
        assert_eq!(rate, [-4.0]);
        let flow = system.flow(0.0, &[1.0]).unwrap();
        assert!((flow.entropy_production_rate() - 2.0_f64.ln()).abs() < 1e-15);
    }
}

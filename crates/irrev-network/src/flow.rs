//! What is happening now: a network with its one-way fluxes at one state and time.
//!
//! From j⁺ and j⁻ alone follow, edge by edge,
//!
//! | quantity | formula | unit |
//! |---|---|---|
//! | current J | j⁺ − j⁻ | 1/time |
//! | force F | ln(j⁺/j⁻) | nats |
//! | Onsager coefficient L | J/F, the logarithmic mean of j⁺ and j⁻ | 1/time |
//! | entropy production rate | J F ≥ 0 | nats/time |
//! | activity | j⁺ + j⁻ | 1/time |
//!
//! A flux one way only makes F = ±∞ and the entropy production rate +∞, with L = 0; no flux either way contributes nothing.
//!
//! Sources: Schnakenberg, Rev. Mod. Phys. 48, 571 (1976); for L: Maas, J. Funct. Anal. 261, 2250 (2011) and Yoshimura,
//! Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017 (2023).

use std::collections::BTreeMap;
use std::sync::Arc;

use irrev_numerics::special::{dissipation, log_ratio, logarithmic_mean};
use irrev_numerics::sum::{CompensatedSum, compensated_sum};

use crate::error::{Error, Result};
use crate::kinetics::Kinetics;
use crate::network::Network;

/// One-way fluxes of every edge at one state and time.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    network: Arc<Network>,
    forward_flux: Vec<f64>,
    backward_flux: Vec<f64>,
}

/// Sums over parts of the network, which add up to the whole.
pub type Parts = BTreeMap<String, f64>;

impl Flow {
    /// Flow with given fluxes.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::Rate`] for a negative or non-finite flux.
    pub fn new(
        network: impl Into<Arc<Network>>,
        forward_flux: Vec<f64>,
        backward_flux: Vec<f64>,
    ) -> Result<Self> {
        let network = network.into();
        network.check_edges("forward fluxes", &forward_flux)?;
        network.check_edges("backward fluxes", &backward_flux)?;
        for (direction, fluxes) in [("forward", &forward_flux), ("backward", &backward_flux)] {
            for (edge, &value) in network.edges().iter().zip(fluxes) {
                if !(value.is_finite() && value >= 0.0) {
                    return Err(Error::Rate {
                        edge: edge.name.clone(),
                        direction,
                        value,
                    });
                }
            }
        }
        Ok(Self {
            network,
            forward_flux,
            backward_flux,
        })
    }

    /// Flow of a kinetics at a time and a state.
    ///
    /// # Errors
    /// As [`Kinetics::fluxes`].
    pub fn evaluate(kinetics: &impl Kinetics, time: f64, state: &[f64]) -> Result<Self> {
        let network = Arc::clone(kinetics.network());
        let edges = network.edges().len();
        let mut flow = Self {
            network,
            forward_flux: vec![0.0; edges],
            backward_flux: vec![0.0; edges],
        };
        kinetics.fluxes(time, state, &mut flow.forward_flux, &mut flow.backward_flux)?;
        Ok(flow)
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &Arc<Network> {
        &self.network
    }

    /// j⁺ per edge, in 1/time.
    #[must_use]
    pub fn forward_flux(&self) -> &[f64] {
        &self.forward_flux
    }

    /// j⁻ per edge, in 1/time.
    #[must_use]
    pub fn backward_flux(&self) -> &[f64] {
        &self.backward_flux
    }

    /// The fluxes (j⁺, j⁻), edge by edge.
    pub fn fluxes(&self) -> impl Iterator<Item = (f64, f64)> + Clone + '_ {
        self.forward_flux
            .iter()
            .copied()
            .zip(self.backward_flux.iter().copied())
    }

    /// Current J = j⁺ − j⁻ per edge, positive along the edge.
    #[must_use]
    pub fn current(&self) -> Vec<f64> {
        self.fluxes().map(|(a, b)| a - b).collect()
    }

    /// Force F = ln(j⁺/j⁻) per edge, in nats; ±∞ on a one-way flux, 0 where nothing flows.
    #[must_use]
    pub fn force(&self) -> Vec<f64> {
        self.fluxes().map(|(a, b)| log_ratio(a, b)).collect()
    }

    /// Edge Onsager coefficient L = J/F: the logarithmic mean of j⁺ and j⁻; 0 on a one-way flux.
    #[must_use]
    pub fn onsager_coefficient(&self) -> Vec<f64> {
        self.fluxes().map(|(a, b)| logarithmic_mean(a, b)).collect()
    }

    /// Entropy production rate of every edge, (j⁺ − j⁻) ln(j⁺/j⁻) ≥ 0, in nats per time.
    #[must_use]
    pub fn entropy_production_rate_per_edge(&self) -> Vec<f64> {
        self.fluxes().map(|(a, b)| dissipation(a, b)).collect()
    }

    /// Entropy production rate Σ̇ = Σₑ (jₑ⁺ − jₑ⁻) ln(jₑ⁺/jₑ⁻), in nats per unit time.
    ///
    /// Non-negative; `f64::INFINITY` if some edge carries flux one way only, see [`Flow::one_way_edges`]. O(edges),
    /// compensated.
    ///
    /// Source: Schnakenberg, Rev. Mod. Phys. 48, 571 (1976).
    ///
    /// ```
    /// use irrev_network::gallery;
    /// let ring = gallery::three_state_ring(0.5, 1.0)?;          // force 0.5 per edge, k± = exp(±0.25)
    /// let flow = ring.flow(&ring.stationary_distribution()?)?;
    /// let expected = 2.0 * 0.25_f64.sinh() * 0.5;               // (k⁺ − k⁻)·F, since p = 1/3 on three edges
    /// assert!((flow.entropy_production_rate() - expected).abs() < 1e-14);
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    #[must_use]
    pub fn entropy_production_rate(&self) -> f64 {
        compensated_sum(self.fluxes().map(|(a, b)| dissipation(a, b)))
    }

    /// Indices of the edges that carry flux one way only, and so make the entropy production rate infinite.
    #[must_use]
    pub fn one_way_edges(&self) -> Vec<usize> {
        let one_way = |(_, (a, b)): &(usize, (f64, f64))| (*a == 0.0) != (*b == 0.0);
        self.fluxes()
            .enumerate()
            .filter(one_way)
            .map(|(e, _)| e)
            .collect()
    }

    /// Activity (traffic, frenesy) Σₑ (jₑ⁺ + jₑ⁻): jumps per unit time.
    #[must_use]
    pub fn activity(&self) -> f64 {
        compensated_sum(self.fluxes().map(|(a, b)| a + b))
    }

    /// Dynamical state mobility Σₑ Lₑ, in 1/time.
    ///
    /// Source: Van Vu and Saito, Phys. Rev. X 13, 011013 (2023).
    #[must_use]
    pub fn mobility(&self) -> f64 {
        compensated_sum(self.fluxes().map(|(a, b)| logarithmic_mean(a, b)))
    }

    /// Rate of change of the state, ẋ = B J (S J in a reaction network), one entry per state, summed with compensation.
    #[must_use]
    pub fn rate_of_change(&self) -> Vec<f64> {
        let mut rate = vec![CompensatedSum::default(); self.network.states().len()];
        if self.network.complexes().is_none() {
            for (edge, (a, b)) in self.network.edges().iter().zip(self.fluxes()) {
                rate[edge.from].add(-a);
                rate[edge.from].add(b);
                rate[edge.to].add(a);
                rate[edge.to].add(-b);
            }
        } else {
            for (e, (a, b)) in self.fluxes().enumerate() {
                for &(state, c) in &*self.network.change(e) {
                    rate[state].add(c * a);
                    rate[state].add(-c * b);
                }
            }
        }
        rate.iter().map(CompensatedSum::value).collect()
    }

    /// Σₑ wₑ Jₑ: mean rate of a current with a weight per forward jump (minus it per backward jump).
    ///
    /// # Errors
    /// [`Error::Length`] unless there is one weight per edge.
    pub fn weighted_current(&self, weights: &[f64]) -> Result<f64> {
        self.network.check_edges("weights", weights)?;
        Ok(compensated_sum(
            self.fluxes()
                .zip(weights)
                .map(|((a, b), w)| if *w == 0.0 { 0.0 } else { w * (a - b) }),
        ))
    }

    /// Entropy production rate by reservoir; edges without one are gathered under "no reservoir".
    #[must_use]
    pub fn entropy_production_rate_by_reservoir(&self) -> Parts {
        let names = self.network.reservoirs();
        self.parts(|edge| match self.network.edges()[edge].reservoir {
            Some(r) => names[r].clone(),
            None => "no reservoir".into(),
        })
    }

    /// Entropy production rate by the subsystems that the jumps change: "ligand", "memory", or "ligand + memory" for jumps
    /// that change both at once. Empty for a network without subsystems.
    ///
    /// For a bipartite system these are the partial entropy productions before information flow is added.
    #[must_use]
    pub fn entropy_production_rate_by_subsystem(&self) -> Parts {
        if self.network.subsystems().is_empty() {
            return Parts::new();
        }
        self.parts(|e| {
            let edge = &self.network.edges()[e];
            let changed = |s: &&crate::network::Subsystem| s.labels[edge.from] != s.labels[edge.to];
            let names: Vec<&str> = self
                .network
                .subsystems()
                .iter()
                .filter(changed)
                .map(|s| s.name.as_str())
                .collect();
            if names.is_empty() {
                "no subsystem".into()
            } else {
                names.join(" + ")
            }
        })
    }

    fn parts(&self, part_of: impl Fn(usize) -> String) -> Parts {
        let mut sums: BTreeMap<String, CompensatedSum> = BTreeMap::new();
        for (e, (a, b)) in self.fluxes().enumerate() {
            sums.entry(part_of(e)).or_default().add(dissipation(a, b));
        }
        sums.into_iter().map(|(name, sum)| (name, sum.value())).collect()
    }

    /// # Errors
    /// [`Error::OneWay`] with the names of the edges that carry flux one way only.
    pub(crate) fn require_both_ways(&self, quantity: &'static str) -> Result<()> {
        let one_way = self.one_way_edges();
        if one_way.is_empty() {
            return Ok(());
        }
        let edges = one_way
            .into_iter()
            .map(|e| self.network.edges()[e].name.clone())
            .collect();
        Err(Error::OneWay { quantity, edges })
    }
}

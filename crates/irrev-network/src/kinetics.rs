//! How fast: one-way fluxes as a function of state and time.

use std::sync::Arc;

use irrev_numerics::SparseMatrix;
use irrev_numerics::special::log_ratio;

use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::network::Network;
use crate::state::Distribution;

/// A law that gives the one-way fluxes of every edge at a state and a time.
pub trait Kinetics {
    /// The network on which the system moves.
    fn network(&self) -> &Arc<Network>;

    /// Writes the forward fluxes j⁺ and backward fluxes j⁻ (probability, or concentration, per time; ≥ 0), one per edge.
    ///
    /// # Errors
    /// If the state does not fit the network, or a flux is negative or not finite.
    fn fluxes(&self, time: f64, state: &[f64], forward: &mut [f64], backward: &mut [f64]) -> Result<()>;
}

/// Markov jump process with constant rates: j⁺ = k⁺ p_x and j⁻ = k⁻ p_y along an edge x → y.
///
/// dp/dt = W p with W = B(k⁺ p_from − k⁻ p_to); its columns sum to zero by construction.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkovJump {
    network: Arc<Network>,
    forward_rate: Vec<f64>,
    backward_rate: Vec<f64>,
}

impl MarkovJump {
    /// Rates k⁺ (x → y) and k⁻ (y → x) for every edge of the network; a zero makes the edge one-way.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::Rate`] for a negative or non-finite rate, [`Error::NotAJumpNetwork`].
    pub fn new(
        network: impl Into<Arc<Network>>,
        forward_rate: Vec<f64>,
        backward_rate: Vec<f64>,
    ) -> Result<Self> {
        let network = network.into();
        network.require_jump_network("a Markov jump process")?;
        network.check_edges("forward rates", &forward_rate)?;
        network.check_edges("backward rates", &backward_rate)?;
        for (direction, rates) in [("forward", &forward_rate), ("backward", &backward_rate)] {
            for (edge, &value) in network.edges().iter().zip(rates) {
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
            forward_rate,
            backward_rate,
        })
    }

    /// Process on states 0..n with channels (x, y, k⁺, k⁻).
    ///
    /// ```
    /// use irrev_network::MarkovJump;
    /// let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])?;
    /// let flow = ring.flow(&ring.stationary_distribution()?)?;
    /// assert!((flow.entropy_production_rate() - 2.12337968146951).abs() < 1e-13);
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Network::from_edges`] and [`MarkovJump::new`].
    pub fn from_rates(states: usize, channels: &[(usize, usize, f64, f64)]) -> Result<Self> {
        let edges: Vec<(usize, usize)> = channels.iter().map(|c| (c.0, c.1)).collect();
        let network = Network::from_edges(states, &edges)?;
        Self::new(
            network,
            channels.iter().map(|c| c.2).collect(),
            channels.iter().map(|c| c.3).collect(),
        )
    }

    /// k⁺ of every edge.
    #[must_use]
    pub fn forward_rate(&self) -> &[f64] {
        &self.forward_rate
    }

    /// k⁻ of every edge.
    #[must_use]
    pub fn backward_rate(&self) -> &[f64] {
        &self.backward_rate
    }

    /// ln(k⁺/k⁻) of every edge: the entropy that a forward jump delivers to the medium, in nats.
    #[must_use]
    pub fn medium_entropy_change(&self) -> Vec<f64> {
        self.forward_rate
            .iter()
            .zip(&self.backward_rate)
            .map(|(&f, &b)| log_ratio(f, b))
            .collect()
    }

    /// Names of the edges with exactly one zero rate.
    #[must_use]
    pub fn one_way_edges(&self) -> Vec<String> {
        let rates = self.forward_rate.iter().zip(&self.backward_rate);
        let one_way = self
            .network
            .edges()
            .iter()
            .zip(rates)
            .filter(|(_, (f, b))| (**f == 0.0) != (**b == 0.0));
        one_way.map(|(edge, _)| edge.name.clone()).collect()
    }

    /// # Errors
    /// [`Error::OneWay`] if an edge has exactly one zero rate.
    pub(crate) fn require_both_ways(&self, quantity: &'static str) -> Result<()> {
        let edges = self.one_way_edges();
        if edges.is_empty() {
            Ok(())
        } else {
            Err(Error::OneWay { quantity, edges })
        }
    }

    /// The jumps as (from, to, rate), forward before backward, edge by edge; zero rates are left out.
    pub fn jumps(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        let rates = self.forward_rate.iter().zip(&self.backward_rate);
        self.network
            .edges()
            .iter()
            .zip(rates)
            .flat_map(|(e, (&f, &b))| [(e.from, e.to, f), (e.to, e.from, b)])
            .filter(|jump| jump.2 > 0.0)
    }

    /// Rate of leaving each state.
    #[must_use]
    pub fn exit_rates(&self) -> Vec<f64> {
        let mut exit = vec![0.0; self.network.states().len()];
        for (from, _, rate) in self.jumps() {
            exit[from] += rate;
        }
        exit
    }

    /// The generator W, dp/dt = W p, as a sparse matrix (row: to, column: from).
    ///
    /// # Errors
    /// Only for more than 2³² states.
    pub fn generator(&self) -> Result<SparseMatrix> {
        let n = self.network.states().len();
        let mut triplets: Vec<_> = self.jumps().map(|(from, to, rate)| (to, from, rate)).collect();
        triplets.extend(
            self.exit_rates()
                .into_iter()
                .enumerate()
                .map(|(i, exit)| (i, i, -exit)),
        );
        Ok(SparseMatrix::from_triplets(n, n, &triplets)?)
    }

    /// The flow at a distribution.
    ///
    /// # Errors
    /// [`Error::Length`] if the distribution does not fit the network.
    pub fn flow(&self, distribution: &Distribution) -> Result<Flow> {
        Flow::evaluate(self, 0.0, distribution.probabilities())
    }
}

impl Kinetics for MarkovJump {
    fn network(&self) -> &Arc<Network> {
        &self.network
    }

    fn fluxes(&self, _time: f64, state: &[f64], forward: &mut [f64], backward: &mut [f64]) -> Result<()> {
        self.network.check_states("state", state)?;
        for (e, edge) in self.network.edges().iter().enumerate() {
            forward[e] = self.forward_rate[e] * state[edge.from];
            backward[e] = self.backward_rate[e] * state[edge.to];
        }
        Ok(())
    }
}

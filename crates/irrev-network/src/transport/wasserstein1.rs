//! The distance W₁: the least effort of carrying one distribution, or any masses of equal total, to another along the channels of a network.
//!
//! ```text
//! W₁(p, q) = min Σₑ ℓₑ |Jₑ|   over flows with B J = q − p
//!          = max Σ φ (q − p)   over potentials with |(Bᵀφ)ₑ| ≤ ℓₑ.
//! ```
//!
//! Channels carry both ways at the same length. With unit lengths W₁ counts the jumps that are needed at least, and W₁ ≥ TV, the total variation distance.
//! Flow and potential prove each other: [`NetworkTransport::lower_bound`] and [`NetworkTransport::upper_bound`] enclose W₁, rounding included.
//!
//! Conventions: W₁ has the unit of mass times that of length: between distributions that of length (jumps, for unit lengths). Masses are taken as they are
//! ([`Masses`]); probabilities are normalised first. W₁ is +∞, and said to be so by a list of states, if a component of the network holds different mass in p
//! and in q.
//!
//! Sources: Kantorovich, Dokl. Akad. Nauk SSSR 37, 199 (1942); Van Vu and Saito, Phys. Rev. X 13, 011013 (2023), for networks.

use std::collections::HashMap;

use irrev_numerics::Run;
use irrev_numerics::network_simplex::{
    Channel, Method, MinimumCost, OptimalTransport, minimum_cost_flow, optimal_transport,
};

use super::masses::{EqualMasses, Masses};
use crate::error::{Error, Result};
use crate::network::Network;

/// The part of the total mass that a component may gain or lose as a matter of rounding.
const ROUNDING: f64 = 1e-12;

/// W₁ between two distributions, or masses of equal total, on a network.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Wasserstein1 {
    /// One can be carried to the other.
    Finite(NetworkTransport),
    /// It cannot: these states form a component that would have to lose (surplus > 0) or gain mass.
    Infinite {
        /// Names of the states of the component.
        component: Vec<String>,
        /// Its mass at the start less that at the end.
        surplus: f64,
    },
}

/// A transport along the channels, and the potential that proves it optimal.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NetworkTransport {
    /// W₁ = Σ ℓ |J|, in units of mass times length.
    pub distance: f64,
    /// M, the total mass at either end; 1 for distributions.
    pub total: f64,
    /// J per edge, positive along the edge: the mass carried in total. Of parallel channels the shortest carries all.
    pub flow: Vec<f64>,
    /// Kantorovich potential φ per state, in units of length; |φ_y − φ_x| ≤ ℓ, with equality where mass flows, uphill in φ.
    pub potential: Vec<f64>,
    /// Σ φ (q − p).
    pub dual: f64,
    /// A number that W₁ is certainly not below.
    pub lower_bound: f64,
    /// A number that W₁ is certainly not above.
    pub upper_bound: f64,
    /// Mass that was taken for rounding and removed: of the totals, within [`Masses::TOTAL_TOLERANCE`], and of components, within 1e-12 of the total.
    /// Distance and bounds are those of what is left.
    pub rebalanced: f64,
    /// Pivots of the network simplex method; none on trees.
    pub pivots: u64,
    /// Closed form on a forest, or network simplex.
    pub method: Method,
}

impl NetworkTransport {
    /// Duality gap: zero up to rounding.
    #[must_use]
    pub fn gap(&self) -> f64 {
        self.distance - self.dual
    }
}

impl Wasserstein1 {
    /// The distance; +∞ if there is no way.
    #[must_use]
    pub fn distance(&self) -> f64 {
        self.finite()
            .map_or(f64::INFINITY, |transport| transport.distance)
    }

    /// The transport, if there is one.
    #[must_use]
    pub fn finite(&self) -> Option<&NetworkTransport> {
        match self {
            Self::Finite(transport) => Some(transport),
            Self::Infinite { .. } => None,
        }
    }
}

/// W₁ on a network, with one length per edge, or 1 for each edge, between two distributions or two [`Masses`] of equal total.
///
/// A tree is solved in closed form in O(states); other networks by the network simplex method, about 2 ms on a 32 × 32 grid.
///
/// ```
/// use irrev_network::{Distribution, Network, transport::{Masses, wasserstein1}};
/// use irrev_numerics::Run;
/// let ring = Network::from_edges(4, &[(0, 1), (1, 2), (2, 3), (3, 0)])?;
/// let (from, to) = (Distribution::point(4, 0)?, Distribution::new(vec![0.0, 0.5, 0.0, 0.5])?);
/// let found = wasserstein1(&ring, None, &from, &to, &Run::default())?;
/// assert_eq!(found.distance(), 1.0);
/// assert_eq!(found.finite().unwrap().flow, [0.5, 0.0, 0.0, -0.5]);
/// // six molecules instead of certainty
/// let (from, to) = (Masses::new(vec![6.0, 0.0, 0.0, 0.0])?, Masses::new(vec![0.0, 3.0, 0.0, 3.0])?);
/// let found = wasserstein1(&ring, None, &from, &to, &Run::default())?;
/// assert_eq!((found.distance(), found.finite().unwrap().total), (6.0, 6.0));
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotAJumpNetwork`]; [`Error::Length`]; [`Error::UnequalMasses`]; [`Error::Domain`] for a length that is negative or not finite, with the name of
/// its edge; whatever the numerics report (memory, cancellation).
pub fn wasserstein1(
    network: &Network,
    lengths: Option<&[f64]>,
    from: impl Into<Masses>,
    to: impl Into<Masses>,
    run: &Run<'_>,
) -> Result<Wasserstein1> {
    let (from, to) = (from.into(), to.into());
    network.require_jump_network("the Wasserstein distance along channels")?;
    network.check_states("from", from.values())?;
    network.check_states("to", to.values())?;
    let (channels, shortest) = shortest_channels(network, lengths)?;
    let masses = EqualMasses::new(from, to, ROUNDING)?;
    let supply: Vec<f64> = masses.from.iter().zip(&masses.to).map(|(p, q)| p - q).collect();
    let accepted = ROUNDING * masses.total;
    let best = match minimum_cost_flow(supply.len(), &channels, &supply, accepted, run)? {
        MinimumCost::Finite(best) => best,
        MinimumCost::Infinite(obstacle) => {
            return Ok(Wasserstein1::Infinite {
                component: obstacle
                    .nodes
                    .iter()
                    .map(|&x| network.states()[x].clone())
                    .collect(),
                surplus: obstacle.surplus,
            });
        }
    };
    let mut flow = vec![0.0; network.edges().len()];
    for (&edge, &carried) in shortest.iter().zip(&best.flow) {
        flow[edge] = carried;
    }
    Ok(Wasserstein1::Finite(NetworkTransport {
        distance: best.cost,
        total: masses.total,
        flow,
        dual: best.dual,
        lower_bound: best.lower_bound,
        upper_bound: best.upper_bound,
        rebalanced: best.rebalanced + masses.scaled,
        pivots: best.pivots,
        method: best.method,
        potential: best.potential,
    }))
}

/// W₁ at any ground cost: `cost[x · m + y]` for carrying a unit of mass from state x of the one distribution to state y of the other, which has m states.
///
/// The costs need not be a metric, and may have either sign; +∞ stands for no way. Where no plan avoids such pairs the cost is infinite, and the states are
/// named that stand in the way. Needs no memory beyond them worth mentioning, but for pairs without a way: then some 130 bytes for each pair that has one.
///
/// ```
/// use irrev_network::{Distribution, transport::{Masses, wasserstein1_with_cost}};
/// use irrev_numerics::Run;
/// let (from, to) = (Distribution::new(vec![0.5, 0.5])?, Distribution::new(vec![0.25, 0.75])?);
/// let plan = wasserstein1_with_cost(&[0.0, 2.0, 2.0, 0.0], &from, &to, &Run::default())?;
/// assert_eq!(plan.cost(), 0.5);
/// let (from, to) = (Masses::new(vec![2.0, 2.0])?, Masses::new(vec![1.0, 3.0])?);
/// let plan = wasserstein1_with_cost(&[0.0, f64::INFINITY, 2.0, 0.0], &from, &to, &Run::default())?;
/// assert_eq!(plan.cost(), f64::INFINITY);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::UnequalMasses`]; [`Error::Domain`] for a cost that is NaN or −∞, with its place; as [`optimal_transport`].
pub fn wasserstein1_with_cost(
    cost: &[f64],
    from: impl Into<Masses>,
    to: impl Into<Masses>,
    run: &Run<'_>,
) -> Result<OptimalTransport> {
    let (from, to) = (from.into(), to.into());
    let targets = to.len();
    if let Some(k) = cost.iter().position(|c| c.is_nan() || *c == f64::NEG_INFINITY) {
        return Err(Error::Domain {
            what: format!("cost[{}, {}]", k / targets, k % targets),
            value: cost[k],
            expected: "a finite number, or +∞ where there is no way",
        });
    }
    let masses = EqualMasses::new(from, to, ROUNDING)?;
    let accepted = ROUNDING * masses.total;
    let mut found = optimal_transport(cost, &masses.from, &masses.to, accepted, run)?;
    if let OptimalTransport::Finite(plan) = &mut found {
        plan.rebalanced += masses.scaled;
    }
    Ok(found)
}

/// One channel per pair of neighbouring states, the shortest (of several, the first), and the edge it is.
fn shortest_channels(network: &Network, lengths: Option<&[f64]>) -> Result<(Vec<Channel>, Vec<usize>)> {
    if let Some(lengths) = lengths {
        network.check_edges("lengths", lengths)?;
    }
    let mut place: HashMap<(usize, usize), usize> = HashMap::with_capacity(network.edges().len());
    let mut channels: Vec<Channel> = Vec::with_capacity(network.edges().len());
    let mut shortest: Vec<usize> = Vec::with_capacity(network.edges().len());
    for (e, edge) in network.edges().iter().enumerate() {
        let length = lengths.map_or(1.0, |lengths| lengths[e]);
        if !(length >= 0.0 && length.is_finite()) {
            return Err(Error::Domain {
                what: format!("length of \"{}\"", edge.name),
                value: length,
                expected: "a finite number ≥ 0",
            });
        }
        let channel = Channel::both_ways(edge.from, edge.to, length);
        let pair = (edge.from.min(edge.to), edge.from.max(edge.to));
        let k = *place.entry(pair).or_insert(channels.len());
        if k == channels.len() {
            channels.push(channel);
            shortest.push(e);
        } else if length < channels[k].forward {
            (channels[k], shortest[k]) = (channel, e);
        }
    }
    Ok((channels, shortest))
}

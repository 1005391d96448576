//! Flows of least cost on a graph, and between two sets of points, with a certificate.
//!
//! Given nodes with supplies s (Σ s = 0) and channels that carry any amount at a cost c ≥ 0 per unit,
//!
//! ```text
//! least   Σₑ cₑ |fₑ|   over flows f that leave s at every node
//! = most  −Σᵥ sᵥ φᵥ    over potentials φ with φ_y − φ_x ≤ c(x → y).
//! ```
//!
//! The flow is an upper bound, the potentials are a lower bound, and both are returned: [`OptimalFlow::lower_bound`] and
//! [`OptimalFlow::upper_bound`] enclose the least cost, rounding included. On a tree the flow is unique and known in closed form; on other graphs the
//! network simplex method walks from spanning tree to spanning tree. Masses are real numbers, and none of them is rounded to a unit: flows are sums
//! and differences of supplies, so that whole-numbered supplies give whole-numbered flows.
//!
//! What rounding left of the balance of a component is removed and reported ([`OptimalFlow::rebalanced`]); a larger mismatch, or one-way channels in
//! the way, make the cost infinite, and the [`Obstacle`] says where. Mass that rounding lost or made is charged a way across the component and back; where
//! one-way channels leave no such way, the bounds hold for supplies that differ from the given ones by that rounding.
//!
//! Everything runs on one thread in a fixed order: equal inputs give equal bits.
//!
//! Sources: Dantzig, in Activity Analysis of Production and Allocation (1951); Cunningham, Math. Program. 11, 105 (1976); Ahuja, Magnanti and
//! Orlin, Network Flows (1993), chapter 11.

mod balance;
mod certificate;
mod forest;
mod graph;
mod one_way;
mod pivots;
mod transport;
mod tree;

#[cfg(test)]
mod tests;

use crate::error::{Error, Result};
use crate::run::Run;
use balance::Balance;
use forest::{Forest, flows_up};
use graph::Graph;
use tree::Tree;

pub use transport::{OptimalTransport, Stranded, TransportPlan, optimal_transport};

/// A channel between two nodes, with the cost of a unit each way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Channel {
    /// Node where it starts.
    pub tail: usize,
    /// Node where it ends.
    pub head: usize,
    /// Cost ≥ 0 of a unit from tail to head; `f64::INFINITY` if that way is closed.
    pub forward: f64,
    /// Cost ≥ 0 of a unit from head to tail; `f64::INFINITY` if that way is closed.
    pub backward: f64,
}

impl Channel {
    /// A channel with the same cost both ways.
    #[must_use]
    pub fn both_ways(tail: usize, head: usize, cost: f64) -> Self {
        Self {
            tail,
            head,
            forward: cost,
            backward: cost,
        }
    }

    /// A channel from tail to head only.
    #[must_use]
    pub fn one_way(tail: usize, head: usize, cost: f64) -> Self {
        Self {
            tail,
            head,
            forward: cost,
            backward: f64::INFINITY,
        }
    }

    fn is_open(&self) -> bool {
        self.forward < f64::INFINITY || self.backward < f64::INFINITY
    }
}

/// How an optimal flow was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// The graph is a forest, on which the flow is unique: the surplus of a subtree has one way out.
    Forest,
    /// Primal network simplex.
    NetworkSimplex,
}

/// A flow of least cost, and the potentials that prove it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OptimalFlow {
    /// Flow per channel, positive from tail to head.
    pub flow: Vec<f64>,
    /// φ per node, in units of cost: φ_y − φ_x ≤ c(x → y), with equality where mass flows. The least of each component is about 0.
    pub potential: Vec<f64>,
    /// Σ c |f|, the primal value.
    pub cost: f64,
    /// −Σ s φ, the dual value.
    pub dual: f64,
    /// A number that the least cost is certainly not below.
    pub lower_bound: f64,
    /// A number that the least cost is certainly not above.
    pub upper_bound: f64,
    /// Σ over components of the supplies' mismatch that was taken for rounding and removed; what it may have cost is within the bounds.
    pub rebalanced: f64,
    /// Pivots done.
    pub pivots: u64,
    /// How it was found.
    pub method: Method,
}

impl OptimalFlow {
    /// Duality gap: primal minus dual value, zero up to rounding.
    #[must_use]
    pub fn gap(&self) -> f64 {
        self.cost - self.dual
    }
}

/// Why a cost is infinite: nodes that mass cannot leave, or cannot enter.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Obstacle {
    /// The nodes, ascending.
    pub nodes: Vec<usize>,
    /// Sum of their supplies: positive if it has to leave and finds no way, negative if it has to enter and finds none.
    pub surplus: f64,
}

/// A least cost.
#[derive(Debug, Clone, PartialEq)]
pub enum MinimumCost {
    /// There is a flow, and this one is optimal.
    Finite(OptimalFlow),
    /// No flow balances the supplies.
    Infinite(Obstacle),
}

impl MinimumCost {
    /// The cost; +∞ if there is no flow.
    #[must_use]
    pub fn cost(&self) -> f64 {
        match self {
            Self::Finite(optimal) => optimal.cost,
            Self::Infinite(_) => f64::INFINITY,
        }
    }
}

/// Flow of least cost that leaves `supply[v]` at every node v (negative: arrives there).
///
/// A component whose supplies do not sum to zero is rebalanced if the mismatch is at most `accepted_mismatch` (in units of supply; rounding of
/// probabilities is about 1e-16 per node): the larger of its two sides is scaled down. Needs about 130 bytes per node and 100 per channel. A forest
/// takes O(nodes); other graphs a number of pivots that is usually a few per node, each O(√channels) and the smaller part of the tree.
///
/// ```
/// use irrev_numerics::network_simplex::{Channel, MinimumCost, minimum_cost_flow};
/// use irrev_numerics::Run;
/// // a square with one long side: half of the mass at corner 0 goes to 2, half to 3
/// let square = [(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0), (3, 0, 5.0)].map(|(x, y, c)| Channel::both_ways(x, y, c));
/// let MinimumCost::Finite(best) = minimum_cost_flow(4, &square, &[1.0, 0.0, -0.5, -0.5], 1e-12, &Run::default())? else { panic!() };
/// assert_eq!(best.cost, 2.5);
/// assert_eq!(best.flow, [1.0, 1.0, 0.5, 0.0]);
/// assert!(best.lower_bound <= 2.5 && best.upper_bound - best.lower_bound < 1e-13);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`] unless there is one supply per node, all ends are nodes, and nodes and channels are fewer than 2³¹; [`Error::NotFinite`] for a supply;
/// [`Error::Domain`] for a cost that is negative or undefined, or a negative mismatch; [`Error::Memory`]; [`Error::Cancelled`];
/// [`Error::NotConverged`] after 1000 pivots per node and channel.
pub fn minimum_cost_flow(
    nodes: usize,
    channels: &[Channel],
    supply: &[f64],
    accepted_mismatch: f64,
    run: &Run<'_>,
) -> Result<MinimumCost> {
    check(nodes, channels, supply, accepted_mismatch)?;
    let needed = 130 * nodes as u64 + 100 * channels.len() as u64;
    run.require_memory("minimum cost flow", needed)?;
    run.report(0.0, "network simplex")?;
    let graph = Graph::new(nodes, channels);
    let neighbours = graph.neighbours();
    let forest = Forest::breadth_first(&graph, &neighbours, |edge| channels[edge as usize].is_open());
    let balance = match Balance::new(&forest, supply, accepted_mismatch) {
        Ok(balance) => balance,
        Err(obstacle) => return Ok(MinimumCost::Infinite(obstacle)),
    };
    let flow = flows_up(&forest.above, &forest.downwards, &balance.supply);
    let mut tree = Tree::new(&forest.above, &forest.downwards, &flow);
    let open = channels.iter().filter(|c| c.is_open()).count();
    let method = if open + forest.components == nodes {
        Method::Forest
    } else {
        Method::NetworkSimplex
    };
    let closed_ways = channels
        .iter()
        .any(|c| c.forward.is_infinite() || c.backward.is_infinite());
    let mut pivots = 0;
    let mut passable = None;
    if closed_ways {
        let found = one_way::passable(&graph, &mut tree, &balance, accepted_mismatch, run)?;
        pivots += found.pivots;
        if let Some(obstacle) = found.obstacle {
            return Ok(MinimumCost::Infinite(obstacle));
        }
        passable = Some(found);
    }
    let costs = passable.as_ref().map_or(&graph, |found| &found.graph);
    pivots += pivots::optimise(&mut tree, costs, run)?;
    if let Some(found) = &passable {
        found.lift_potentials(&graph, &mut tree.potential);
    }
    let proof = certificate::Certificate::new(&graph, &neighbours, &forest, &tree, &balance);
    Ok(MinimumCost::Finite(OptimalFlow {
        flow: proof.flow,
        potential: proof.potential,
        cost: proof.cost,
        dual: proof.dual,
        lower_bound: proof.lower_bound,
        upper_bound: proof.upper_bound,
        rebalanced: balance.removed,
        pivots,
        method,
    }))
}

/// Indices are kept in 32 bits, and one bit is spare.
const LARGEST: usize = 1 << 31;

fn check(nodes: usize, channels: &[Channel], supply: &[f64], accepted_mismatch: f64) -> Result<()> {
    let length = |what, found, expected| {
        Err(Error::Length {
            what,
            found,
            expected,
        })
    };
    if supply.len() != nodes {
        return length("supply", supply.len(), nodes);
    }
    for (what, found) in [("nodes", nodes), ("channels", channels.len())] {
        if found >= LARGEST {
            return length(what, found, LARGEST - 1);
        }
    }
    finite("supply", supply)?;
    for channel in channels {
        let end = channel.tail.max(channel.head);
        if end >= nodes {
            return length("node of a channel", end, nodes);
        }
        for cost in [channel.forward, channel.backward] {
            if !(cost >= 0.0) {
                return Err(Error::Domain {
                    what: "cost of a channel",
                    value: cost,
                    expected: "a number ≥ 0",
                });
            }
        }
    }
    // with these bounds no potential and no cost of a flow leaves the range of doubles
    let costs = channels.iter().flat_map(|c| [c.forward, c.backward]);
    let longest: f64 = costs.filter(|c| c.is_finite()).sum();
    let mass: f64 = supply.iter().map(|s| s.abs()).sum();
    in_range(
        "sum of all costs times sum of all supplies",
        (1.0 + longest) * (1.0 + mass),
    )?;
    not_negative(accepted_mismatch)
}

fn in_range(what: &'static str, value: f64) -> Result<()> {
    if value < 0.25 * f64::MAX {
        return Ok(());
    }
    Err(Error::Domain {
        what,
        value,
        expected: "less than a quarter of the largest double; choose other units",
    })
}

fn finite(what: &'static str, values: &[f64]) -> Result<()> {
    match values.iter().position(|v| !v.is_finite()) {
        Some(index) => Err(Error::NotFinite {
            what,
            index,
            value: values[index],
        }),
        None => Ok(()),
    }
}

fn not_negative(accepted_mismatch: f64) -> Result<()> {
    if accepted_mismatch >= 0.0 {
        return Ok(());
    }
    Err(Error::Domain {
        what: "accepted mismatch",
        value: accepted_mismatch,
        expected: "a number ≥ 0",
    })
}

//! Transport between two sets of points, at any cost from each point of one set to each of the other.
//!
//! The same simplex method on the complete bipartite graph, whose edges are the entries of the cost matrix and are stored nowhere else. Where some pairs
//! have no way, whose cost is +∞, the graph of the others is a list of one-way channels, and it is first asked whether any plan delivers.

use std::ops::Range;

use super::forest::flows_up;
use super::pivots::{Arcs, optimise};
use super::tree::{NONE, Tree};
use super::{Channel, MinimumCost, finite, in_range, minimum_cost_flow, not_negative};
use crate::error::{Error, Result};
use crate::run::Run;
use crate::sum::{CompensatedSum, compensated_sum};

/// A transport of least cost, and the potentials that prove it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TransportPlan {
    /// (source, target, mass > 0), by source, then target; at most n + m − 1 of them.
    pub flow: Vec<(usize, usize, f64)>,
    /// φ per source, in units of cost.
    pub source_potential: Vec<f64>,
    /// φ per target: φ_target − φ_source ≤ cost, with equality where mass flows.
    pub target_potential: Vec<f64>,
    /// Σ cost · mass, the primal value.
    pub cost: f64,
    /// Σ φ_target · to − Σ φ_source · from, the dual value.
    pub dual: f64,
    /// A number that the least cost is certainly not below.
    pub lower_bound: f64,
    /// A number that the least cost is certainly not above.
    pub upper_bound: f64,
    /// Mismatch of the two masses that was taken for rounding and removed; what it may have cost is within the bounds.
    pub rebalanced: f64,
    /// Pivots done.
    pub pivots: u64,
}

/// A least cost of transport.
#[derive(Debug, Clone, PartialEq)]
pub enum OptimalTransport {
    /// There is a plan, and this one is optimal.
    Finite(TransportPlan),
    /// No plan delivers everything: too many pairs have no way.
    Infinite(Stranded),
}

/// Why no plan delivers: the sources have ways to the targets only, or the targets have ways from the sources only, and their masses differ.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Stranded {
    /// Sources, ascending.
    pub sources: Vec<usize>,
    /// Targets, ascending.
    pub targets: Vec<usize>,
    /// Mass of the sources less that of the targets: positive if it finds no other target, negative if the targets find no other source.
    pub surplus: f64,
}

impl OptimalTransport {
    /// The cost; +∞ if there is no plan.
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.finite().map_or(f64::INFINITY, |plan| plan.cost)
    }

    /// The plan, if there is one.
    #[must_use]
    pub fn finite(&self) -> Option<&TransportPlan> {
        match self {
            Self::Finite(plan) => Some(plan),
            Self::Infinite(_) => None,
        }
    }
}

/// Transport of least cost from masses `from` to masses `to`; `cost[i · m + j]` is the cost of a unit from source i to target j, of either sign, and
/// +∞ where there is no way.
///
/// Masses that differ by at most `accepted_mismatch` are rebalanced: the larger side is scaled down. Needs about 100 bytes per point, besides the costs;
/// where some pairs have no way also 130 bytes for each pair that has one.
///
/// ```
/// use irrev_numerics::network_simplex::{OptimalTransport, optimal_transport};
/// use irrev_numerics::Run;
/// let least = |cost: [f64; 4]| optimal_transport(&cost, &[2.0, 2.0], &[1.0, 3.0], 1e-12, &Run::default());
/// let OptimalTransport::Finite(plan) = least([1.0, 4.0, 2.0, 1.0])? else { panic!() };
/// assert_eq!(plan.flow, [(0, 0, 1.0), (0, 1, 1.0), (1, 1, 2.0)]);
/// assert_eq!((plan.cost, plan.dual), (7.0, 7.0));
/// let OptimalTransport::Infinite(stranded) = least([1.0, f64::INFINITY, 2.0, 1.0])? else { panic!() };
/// assert_eq!((stranded.sources, stranded.targets, stranded.surplus), (vec![0], vec![0], 1.0));
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`] unless there is one cost per pair and fewer than 2³¹ pairs; [`Error::NotFinite`] for a cost that is NaN or −∞ and for a mass;
/// [`Error::Domain`] for a negative mass or masses that differ by more than accepted; [`Error::Memory`]; [`Error::Cancelled`];
/// [`Error::NotConverged`] after 1000 pivots per pair.
pub fn optimal_transport(
    cost: &[f64],
    from: &[f64],
    to: &[f64],
    accepted_mismatch: f64,
    run: &Run<'_>,
) -> Result<OptimalTransport> {
    let (from, to, rebalanced) = check(cost, from, to, accepted_mismatch)?;
    run.require_memory("optimal transport", 100 * (from.len() + to.len()) as u64)?;
    run.report(0.0, "optimal transport")?;
    let pairs = Pairs {
        cost,
        sources: from.len(),
        targets: to.len(),
    };
    if from.iter().all(|&mass| mass == 0.0) {
        return Ok(OptimalTransport::Finite(pairs.nothing(rebalanced)));
    }
    if cost.contains(&f64::INFINITY) {
        return pairs.over_open_pairs((&from, &to), (accepted_mismatch, rebalanced), run);
    }
    let mut tree = pairs.start(&from, &to);
    let pivots = optimise(&mut tree, &pairs, run)?;
    let flow = pairs.flow(&tree, &from, &to);
    let (source_potential, target_potential) = pairs.potentials(&tree, &from, &to);
    Ok(OptimalTransport::Finite(pairs.certified(
        (flow, source_potential, target_potential),
        (&from, &to),
        (rebalanced, pivots),
    )))
}

/// Both sides with equal mass, and what was taken away for it.
fn check(
    cost: &[f64],
    from: &[f64],
    to: &[f64],
    accepted_mismatch: f64,
) -> Result<(Vec<f64>, Vec<f64>, f64)> {
    let pairs = from.len().saturating_mul(to.len());
    if cost.len() != pairs || pairs >= super::LARGEST {
        return Err(Error::Length {
            what: "cost",
            found: cost.len(),
            expected: pairs.min(super::LARGEST - 1),
        });
    }
    if let Some(index) = cost.iter().position(|c| c.is_nan() || *c == f64::NEG_INFINITY) {
        return Err(Error::NotFinite {
            what: "cost",
            index,
            value: cost[index],
        });
    }
    not_negative(accepted_mismatch)?;
    for (what, masses) in [("source masses", from), ("target masses", to)] {
        finite(what, masses)?;
        if let Some(&value) = masses.iter().find(|&&mass| mass < 0.0) {
            return Err(Error::Domain {
                what,
                value,
                expected: "numbers ≥ 0",
            });
        }
    }
    let largest = largest(cost);
    let [given, wanted] = [from, to].map(|masses| compensated_sum(masses.iter().copied()));
    let points = (from.len() + to.len()) as f64;
    in_range(
        "largest cost times all mass and points",
        (1.0 + points * largest) * (1.0 + given + wanted),
    )?;
    let mismatch = given - wanted;
    if mismatch.abs() > accepted_mismatch {
        return Err(Error::Domain {
            what: "mass to be sent minus mass to be received",
            value: mismatch,
            expected: "zero up to the accepted mismatch: transport needs equal masses",
        });
    }
    let scaled = |masses: &[f64], own: f64, other: f64| -> Vec<f64> {
        let factor = if own > other { other / own } else { 1.0 };
        masses.iter().map(|mass| mass * factor).collect()
    };
    Ok((
        scaled(from, given, wanted),
        scaled(to, wanted, given),
        mismatch.abs(),
    ))
}

/// The largest |cost| of a pair that has a way.
fn largest(cost: &[f64]) -> f64 {
    let sizes = cost.iter().map(|c| c.abs()).filter(|size| size.is_finite());
    sizes.fold(0.0, f64::max)
}

/// All pairs of a source and a target; targets are numbered after the sources.
struct Pairs<'a> {
    cost: &'a [f64],
    sources: usize,
    targets: usize,
}

impl Arcs for Pairs<'_> {
    fn count(&self) -> usize {
        self.cost.len()
    }

    fn ends(&self, edge: usize) -> (u32, u32) {
        (
            (edge / self.targets) as u32,
            (self.sources + edge % self.targets) as u32,
        )
    }

    fn costs(&self, edge: usize) -> (f64, f64) {
        (self.cost[edge], f64::INFINITY)
    }

    fn most_violated(&self, edges: Range<usize>, potential: &[f64], threshold: f64) -> Option<usize> {
        let (mut most, mut found) = (threshold, None);
        let mut start = edges.start;
        while start < edges.end {
            let (row, column) = (start / self.targets, start % self.targets);
            let end = edges.end.min((row + 1) * self.targets);
            let at_targets = &potential[self.sources + column..self.sources + column + end - start];
            let at_source = potential[row];
            for (k, (phi, cost)) in at_targets.iter().zip(&self.cost[start..end]).enumerate() {
                let violation = phi - at_source - cost;
                if violation > most {
                    (most, found) = (violation, Some(start + k));
                }
            }
            start = end;
        }
        found
    }
}

impl Pairs<'_> {
    fn cost_of(&self, source: usize, target: usize) -> f64 {
        self.cost[source * self.targets + target]
    }

    /// A plan that flow and potentials prove, with what rounding leaves open.
    fn certified(
        &self,
        (flow, source_potential, target_potential): (Vec<(usize, usize, f64)>, Vec<f64>, Vec<f64>),
        (from, to): (&[f64], &[f64]),
        (rebalanced, pivots): (f64, u64),
    ) -> TransportPlan {
        let spent = compensated_sum(flow.iter().map(|&(i, j, mass)| self.cost_of(i, j) * mass));
        let gain = || to.iter().zip(&target_potential).map(|(t, phi)| t * phi);
        let loss = || from.iter().zip(&source_potential).map(|(f, phi)| -f * phi);
        let dual = compensated_sum(gain().chain(loss()));
        // φ_j − φ_i ≤ c holds up to one rounding of c; every product is rounded once; what does not balance pays the largest difference of costs
        let mass: f64 = from.iter().sum();
        let largest = largest(self.cost);
        let detour = 2.0 * largest * (rebalanced + imbalance(&flow, from, to));
        let rounding = 2.0 * f64::EPSILON;
        let magnitude: f64 = gain().chain(loss()).map(f64::abs).sum();
        TransportPlan {
            lower_bound: dual - rounding * (magnitude + mass * largest) - detour,
            upper_bound: spent + rounding * mass * largest + detour,
            flow,
            source_potential,
            target_potential,
            cost: spent,
            dual,
            rebalanced,
            pivots,
        }
    }

    /// The same where some pairs have no way: a flow through one-way channels, one for each pair that has.
    fn over_open_pairs(
        &self,
        (from, to): (&[f64], &[f64]),
        (accepted_mismatch, rebalanced): (f64, f64),
        run: &Run<'_>,
    ) -> Result<OptimalTransport> {
        // costs of channels are not negative, and every unit of mass passes one channel: a constant moves all plans alike
        let lowest = self.cost.iter().copied().fold(0.0, f64::min);
        let open = (0..self.cost.len()).filter(|&pair| self.cost[pair] < f64::INFINITY);
        let (pairs, channels): (Vec<usize>, Vec<Channel>) = open
            .map(|pair| {
                let (source, target) = self.ends(pair);
                let cost = self.cost[pair] - lowest;
                (pair, Channel::one_way(source as usize, target as usize, cost))
            })
            .unzip();
        let supply: Vec<f64> = from.iter().copied().chain(to.iter().map(|t| -t)).collect();
        let best = match minimum_cost_flow(supply.len(), &channels, &supply, accepted_mismatch, run)? {
            MinimumCost::Finite(best) => best,
            MinimumCost::Infinite(obstacle) => {
                let (sources, targets): (Vec<usize>, Vec<usize>) =
                    obstacle.nodes.into_iter().partition(|node| *node < self.sources);
                return Ok(OptimalTransport::Infinite(Stranded {
                    sources,
                    targets: targets.into_iter().map(|target| target - self.sources).collect(),
                    surplus: obstacle.surplus,
                }));
            }
        };
        let carried = pairs.iter().zip(&best.flow).filter(|(_, mass)| **mass > 0.0);
        let flow = carried
            .map(|(pair, mass)| (pair / self.targets, pair % self.targets, *mass))
            .collect();
        let (at_sources, at_targets) = best.potential.split_at(self.sources);
        let mut at_targets: Vec<f64> = at_targets.iter().map(|phi| phi + lowest).collect();
        for (i, &phi) in at_sources.iter().enumerate() {
            self.lower_targets(i, phi, &mut at_targets);
        }
        Ok(OptimalTransport::Finite(self.certified(
            (flow, at_sources.to_vec(), at_targets),
            (from, to),
            (rebalanced + best.rebalanced, best.pivots),
        )))
    }

    /// Lowers potentials of targets to what the potential of one source allows.
    fn lower_targets(&self, source: usize, phi: f64, at_targets: &mut [f64]) {
        for (j, at_target) in at_targets.iter_mut().enumerate() {
            let cost = self.cost_of(source, j);
            if *at_target - phi > cost {
                *at_target = phi + cost;
                while *at_target - phi > cost {
                    *at_target = at_target.next_down();
                }
            }
        }
    }

    /// The plan for no mass at all.
    fn nothing(&self, rebalanced: f64) -> TransportPlan {
        // a target that no source has a way to is bound by nothing
        let nearest = |j: usize| {
            let costs = (0..self.sources).map(|i| self.cost_of(i, j));
            let least = costs.fold(f64::INFINITY, f64::min);
            if least.is_finite() { least } else { 0.0 }
        };
        let largest = largest(self.cost);
        TransportPlan {
            flow: Vec::new(),
            source_potential: vec![0.0; self.sources],
            target_potential: (0..self.targets).map(nearest).collect(),
            cost: 0.0,
            dual: 0.0,
            lower_bound: -2.0 * largest * rebalanced,
            upper_bound: 2.0 * largest * rebalanced,
            rebalanced,
            pivots: 0,
        }
    }

    /// A tree from a greedy transport: every source in turn fills the nearest targets with room.
    ///
    /// Points without mass hang on the root with a potential that keeps them out of every cycle.
    fn start(&self, from: &[f64], to: &[f64]) -> Tree {
        let (sources, nodes) = (self.sources, self.sources + self.targets);
        let mut links: Vec<Vec<(u32, u32, f64)>> = vec![Vec::new(); nodes]; // (neighbour, edge, flow from source to target)
        let mut link = |source: usize, target: usize, mass: f64| {
            let edge = (source * self.targets + target) as u32;
            links[source].push(((sources + target) as u32, edge, mass));
            links[sources + target].push((source as u32, edge, mass));
        };
        let mut room: Vec<f64> = to.to_vec();
        let mut open: Vec<usize> = (0..self.targets).filter(|&j| to[j] > 0.0).collect();
        for (i, &mass) in from.iter().enumerate() {
            let mut left = mass;
            while left > 0.0 {
                let nearest = (0..open.len())
                    .min_by(|&a, &b| self.cost_of(i, open[a]).total_cmp(&self.cost_of(i, open[b])));
                let Some(place) = nearest else { break };
                let j = open[place];
                link(i, j, left.min(room[j]));
                if left < room[j] {
                    room[j] -= left;
                    left = 0.0;
                } else {
                    left -= room[j];
                    open.swap_remove(place);
                }
            }
        }
        self.grow(&links, from, to)
    }

    /// Joins what the greedy transport linked to one tree, by edges without flow that point up: from a source of one part to a target of the tree.
    fn grow(&self, links: &[Vec<(u32, u32, f64)>], from: &[f64], to: &[f64]) -> Tree {
        let (sources, nodes) = (self.sources, self.sources + self.targets);
        let top = nodes as u32;
        let mut above = vec![(top, NONE); nodes];
        let mut flow = vec![0.0; nodes];
        let mut seen = vec![false; nodes];
        let mut downwards: Vec<u32> = Vec::with_capacity(nodes);
        let (heavy, light): (Vec<usize>, Vec<usize>) =
            (0..nodes).partition(|&x| self.mass(x, from, to) > 0.0);
        // parts begin at their sources; a target that nothing reached is a rounding error of the balance, and hangs on a source
        let source = heavy.first().copied();
        let mut anchor = None;
        for &x in &heavy {
            if seen[x] {
                continue;
            }
            let ends = if x < sources {
                anchor.map(|j| (x, j, j))
            } else {
                source.map(|i| (i, x, i))
            };
            if let Some((i, j, parent)) = ends {
                above[x] = (parent as u32, (i * self.targets + j - sources) as u32);
                flow[x] = if x < sources { 0.0 } else { -f64::MIN_POSITIVE };
            }
            seen[x] = true;
            let mut at = downwards.len();
            downwards.push(x as u32);
            while let Some(&y) = downwards.get(at) {
                at += 1;
                if anchor.is_none() && y as usize >= sources {
                    anchor = Some(y as usize);
                }
                for &(z, edge, mass) in &links[y as usize] {
                    if !seen[z as usize] {
                        seen[z as usize] = true;
                        above[z as usize] = (y, edge);
                        flow[z as usize] = if (z as usize) < sources { mass } else { -mass };
                        downwards.push(z);
                    }
                }
            }
        }
        downwards.extend(light.iter().map(|&x| x as u32));
        let mut tree = Tree::new(&above, &downwards, &flow);
        for x in light {
            tree.potential[x] = if x < sources {
                f64::INFINITY
            } else {
                f64::NEG_INFINITY
            };
        }
        tree
    }

    fn mass(&self, node: usize, from: &[f64], to: &[f64]) -> f64 {
        if node < self.sources {
            from[node]
        } else {
            to[node - self.sources]
        }
    }

    /// The tree's flow, computed anew from the masses; rounding of the wrong sign is dropped.
    fn flow(&self, tree: &Tree, from: &[f64], to: &[f64]) -> Vec<(usize, usize, f64)> {
        let supply: Vec<f64> = from.iter().copied().chain(to.iter().map(|t| -t)).collect();
        let (above, downwards) = tree.forest();
        let up = flows_up(&above, &downwards, &supply);
        let mut flow: Vec<(usize, usize, f64)> = Vec::with_capacity(up.len());
        for (x, (&(_, edge), up)) in above.iter().zip(up).enumerate() {
            let mass = if x < self.sources { up } else { -up };
            if edge != NONE && mass > 0.0 {
                flow.push((edge as usize / self.targets, edge as usize % self.targets, mass));
            }
        }
        flow.sort_by_key(|&(i, j, _)| (i, j));
        flow
    }

    /// The tree's potentials at points with mass, made feasible against rounding; at the others the tightest that are feasible.
    fn potentials(&self, tree: &Tree, from: &[f64], to: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (at_sources, at_targets) = tree.potential[..self.sources + self.targets].split_at(self.sources);
        let mut at_targets: Vec<f64> = at_targets
            .iter()
            .zip(to)
            .map(|(phi, t)| if *t > 0.0 { *phi } else { f64::MAX })
            .collect();
        let mut at_sources = at_sources.to_vec();
        for (i, &phi) in at_sources.iter().enumerate().filter(|(i, _)| from[*i] > 0.0) {
            self.lower_targets(i, phi, &mut at_targets);
        }
        for (i, at_source) in at_sources.iter_mut().enumerate().filter(|(i, _)| from[*i] == 0.0) {
            let needed = at_targets
                .iter()
                .enumerate()
                .map(|(j, phi)| phi - self.cost_of(i, j));
            *at_source = needed.fold(f64::NEG_INFINITY, f64::max).next_up();
        }
        (at_sources, at_targets)
    }
}

/// Half of Σ |mass − flow| over all points: what rounding lost or made.
fn imbalance(flow: &[(usize, usize, f64)], from: &[f64], to: &[f64]) -> f64 {
    let exactly = |masses: &[f64]| -> Vec<CompensatedSum> {
        masses.iter().map(|&m| CompensatedSum::from_iter([m])).collect()
    };
    let (mut left, mut room) = (exactly(from), exactly(to));
    for &(i, j, mass) in flow {
        left[i].add(-mass);
        room[j].add(-mass);
    }
    0.5 * left.iter().chain(&room).map(|sum| sum.value().abs()).sum::<f64>()
}

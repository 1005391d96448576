//! The simplex method on a spanning tree: which edge enters, and when to stop.

use std::ops::Range;

use super::tree::Tree;
use crate::error::{Error, Result};
use crate::run::Run;
use crate::tolerance::{Convergence, StopReason};

/// Edges between nodes with a cost each way.
pub(super) trait Arcs {
    /// Number of edges.
    fn count(&self) -> usize;
    /// Tail and head of an edge.
    fn ends(&self, edge: usize) -> (u32, u32);
    /// Cost of a unit from tail to head, and from head to tail; +∞ if that way is closed.
    fn costs(&self, edge: usize) -> (f64, f64);
    /// The edge among these that is violated most, if one is by more than the threshold.
    fn most_violated(&self, edges: Range<usize>, potential: &[f64], threshold: f64) -> Option<usize>;

    /// Cost of a unit along an edge away from one of its ends.
    fn cost_from(&self, edge: u32, from: u32) -> f64 {
        let edge = edge as usize;
        let (forward, backward) = self.costs(edge);
        if self.ends(edge).0 == from {
            forward
        } else {
            backward
        }
    }

    /// Start, end and violation φ_end − φ_start − cost of the more violated way along an edge.
    fn violation(&self, edge: usize, potential: &[f64]) -> (u32, u32, f64) {
        let (tail, head) = self.ends(edge);
        let (forward, backward) = self.costs(edge);
        let difference = potential[head as usize] - potential[tail as usize];
        let (along, against) = (difference - forward, -difference - backward);
        if along >= against {
            (tail, head, along)
        } else {
            (head, tail, against)
        }
    }
}

/// Edges looked at together for the next pivot, in units of √edges: fewer make poorer pivots, more make slower ones.
const BLOCK: f64 = 1.0;
/// Potentials drift by a rounding with every pivot and are computed anew after this many.
const RENEWAL: u64 = 4096;
/// Violations below this many roundings of the largest potential are not told from drift.
const DRIFT: f64 = 64.0;
/// As [`DRIFT`], for potentials just computed.
const ROUNDING: f64 = 2.0;
/// Pivots with exact potentials at the end, each of which costs a walk through the tree.
const POLISHING: usize = 100;
/// Steps of work (nodes or edges touched) between two looks at the monitor; some milliseconds.
const WORK_PER_REPORT: usize = 1 << 22;
/// Pivots allowed per node and edge; usual inputs take a few.
const PIVOTS: u64 = 1000;

/// Pivots until no edge is violated beyond rounding; returns their number.
///
/// # Errors
/// Cancelled; not converged after 1000 pivots per node and edge.
pub(super) fn optimise(tree: &mut Tree, arcs: &impl Arcs, run: &Run<'_>) -> Result<u64> {
    let edges = arcs.count();
    if edges == 0 {
        return Ok(0);
    }
    let limit = PIVOTS * (tree.node.len() + edges) as u64;
    let block = (BLOCK * (edges as f64).sqrt()) as usize;
    let mut simplex = Simplex {
        tree,
        arcs,
        block: block.clamp(32, edges.max(32)),
        next: 0,
        pivots: 0,
        work: 0,
    };
    let mut threshold = DRIFT * simplex.renew();
    while let Some(edge) = simplex.entering(threshold) {
        simplex.pivot(edge);
        if simplex.pivots.is_multiple_of(RENEWAL) {
            threshold = DRIFT * simplex.renew();
        }
        simplex.attend(run)?;
        if simplex.pivots == limit {
            let (_, _, residual) = arcs.violation(edge, &simplex.tree.potential);
            return Err(Error::NotConverged {
                what: "network simplex",
                convergence: Convergence {
                    iterations: limit as usize,
                    residual,
                    target: threshold,
                    reason: StopReason::IterationLimit,
                },
            });
        }
    }
    for _ in 0..POLISHING {
        let threshold = ROUNDING * simplex.renew();
        let Some(edge) = simplex.entering(threshold) else {
            break;
        };
        simplex.pivot(edge);
        simplex.attend(run)?;
    }
    simplex.renew();
    Ok(simplex.pivots)
}

struct Simplex<'a, A> {
    tree: &'a mut Tree,
    arcs: &'a A,
    /// Number of edges that are looked at together.
    block: usize,
    /// Where the next look begins.
    next: usize,
    pivots: u64,
    /// Nodes and edges touched since the monitor was asked.
    work: usize,
}

impl<A: Arcs> Simplex<'_, A> {
    /// Computes the potentials anew; returns a rounding of the largest.
    fn renew(&mut self) -> f64 {
        self.work += self.tree.node.len();
        self.tree
            .renew_potentials(|edge, from| self.arcs.cost_from(edge, from));
        let sizes = self.tree.potential.iter().map(|phi| phi.abs());
        let largest = sizes.filter(|size| size.is_finite()).fold(0.0, f64::max);
        f64::EPSILON * largest
    }

    /// The most violated edge of the next block that has one, if any edge is violated by more than the threshold.
    fn entering(&mut self, threshold: f64) -> Option<usize> {
        let edges = self.arcs.count();
        let mut left = edges;
        while left > 0 {
            let end = (self.next + self.block.min(left)).min(edges);
            let range = self.next..end;
            left -= range.len();
            self.work += range.len();
            self.next = if end == edges { 0 } else { end };
            let found = self.arcs.most_violated(range, &self.tree.potential, threshold);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Brings an edge into the tree.
    fn pivot(&mut self, edge: usize) {
        self.pivots += 1;
        let (start, end, violation) = self.arcs.violation(edge, &self.tree.potential);
        let cycle = self.tree.cycle(start, end);
        if cycle.mass.is_finite() {
            self.work += self.tree.exchange(edge as u32, start, end, violation, &cycle);
        } else {
            // costs are not negative, so a cycle that nothing blocks only seems to gain: the potentials have drifted
            self.renew();
        }
    }

    /// Reports to the monitor now and then.
    fn attend(&mut self, run: &Run<'_>) -> Result<()> {
        if self.work < WORK_PER_REPORT {
            return Ok(());
        }
        self.work = 0;
        let share = self.pivots as f64 / (self.tree.node.len() + self.arcs.count()) as f64;
        run.report(share / (1.0 + share), "network simplex")
    }
}

//! The order in which nodes are eliminated, which decides how much memory and time the factor takes.
//!
//! Eliminating a node joins all its neighbours. Minimum degree takes a node with the fewest neighbours each
//! time; nested dissection ([`dissection`](super::dissection)) splits the graph by small separators, which are
//! eliminated last. The order depends on the graph only, not on the number of threads.
//!
//! Source: Amestoy, Davis and Duff, SIAM J. Matrix Anal. Appl. 17, 886 (1996), for minimum degree.

use super::dissection::{LEAF, Part};
use super::graph::Adjacency;
use super::supernodes::{Fundamental, Supernodes};
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::sparse::SymbolicSparseColMatRef;
use faer::sparse::linalg::amd;

/// How the elimination order is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Ordering {
    /// Minimum degree up to 3000 nodes; above, nested dissection too, and the one that takes less work of the
    /// two (the default). Dissection suits grids and tori, minimum degree trees and irregular networks.
    #[default]
    Automatic,
    /// Approximate minimum degree for the whole graph.
    MinimumDegree,
    /// Nested dissection down to small parts, which are ordered by minimum degree.
    NestedDissection,
    /// The nodes in the order of their numbers.
    Natural,
}

/// Graphs up to this size are ordered by minimum degree under [`Ordering::Automatic`]: it takes less time.
const SMALL_GRAPH: usize = 3_000;

/// Orders the nodes and groups them into supernodes.
pub(super) fn supernodes(graph: &Adjacency, ordering: Ordering, parallel: bool) -> Supernodes {
    let nodes = graph.nodes();
    let by_degree = || Fundamental::new(graph, minimum_degree(graph).0).merged();
    match ordering {
        Ordering::Natural => Fundamental::new(graph, (0..nodes as u32).collect()).merged(),
        Ordering::MinimumDegree => by_degree(),
        Ordering::Automatic if nodes <= SMALL_GRAPH => by_degree(),
        Ordering::NestedDissection if nodes <= LEAF => by_degree(),
        Ordering::NestedDissection => {
            let part = Part::searched(graph);
            part.grouped(Fundamental::new(&part.graph, part.dissected(parallel)))
        }
        Ordering::Automatic => {
            let part = Part::searched(graph);
            let dissected = || Fundamental::new(&part.graph, part.dissected(parallel));
            let by_degree = || minimum_degree(&part.graph);
            let (dissected, (by_degree, work)) = if parallel {
                rayon::join(dissected, by_degree)
            } else {
                (dissected(), by_degree())
            };
            if dissected.work() <= work {
                part.grouped(dissected)
            } else {
                part.grouped(Fundamental::new(&part.graph, by_degree))
            }
        }
    }
}

/// Approximate minimum degree: the order, and the multiply-add pairs the elimination takes with it.
pub(super) fn minimum_degree(graph: &Adjacency) -> (Vec<u32>, f64) {
    let nodes = graph.nodes();
    let (offsets, neighbours) = (&graph.offsets, &graph.neighbours);
    let mut order = vec![0u32; nodes];
    let mut position = vec![0u32; nodes];
    let pattern = SymbolicSparseColMatRef::new_unsorted_checked(nodes, nodes, offsets, None, neighbours);
    let mut memory = MemBuffer::new(amd::order_maybe_unsorted_scratch::<u32>(nodes, neighbours.len()));
    let outcome = amd::order_maybe_unsorted(
        &mut order,
        &mut position,
        pattern,
        amd::Control::default(),
        MemStack::new(&mut memory),
    );
    match outcome {
        Ok(count) => (order, count.n_mult_subs_ldl),
        // It fails only where its 32-bit positions overflow; any order is correct, this one needs no memory.
        Err(_) => ((0..nodes as u32).collect(), f64::INFINITY),
    }
}

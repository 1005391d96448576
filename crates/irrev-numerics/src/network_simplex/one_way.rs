//! Channels that are closed one way: is there a flow at all, and which channels could it use?
//!
//! A first pass of the simplex method counts the mass that goes where it must not: closed ways cost 1, open ones nothing. If none has to, its potentials
//! χ tell more: no flow uses a way with χ_end − χ_start < cost, so that the second pass may leave those out, and a closed way that is
//! still in the tree stays empty whatever it costs. The costs of the first pass are whole numbers, so χ is exact.

use super::Obstacle;
use super::balance::Balance;
use super::graph::{Edge, Graph};
use super::pivots::{Arcs as _, optimise};
use super::tree::{NONE, Tree};
use crate::error::Result;
use crate::run::Run;
use crate::sum::compensated_sum;

/// What the first pass found.
pub(super) struct Passable {
    /// The graph for the second pass: ways that no flow uses are closed, and closed ways that stay empty are free.
    pub(super) graph: Graph,
    pub(super) pivots: u64,
    /// Where mass is stuck, if it is.
    pub(super) obstacle: Option<Obstacle>,
    /// χ per node.
    level: Vec<f64>,
}

/// Moves the tree to one whose flow avoids closed ways.
pub(super) fn passable(
    graph: &Graph,
    tree: &mut Tree,
    balance: &Balance,
    accepted_mismatch: f64,
    run: &Run<'_>,
) -> Result<Passable> {
    let ways = |edge: &Edge, cost: &dyn Fn(f64, f64) -> f64| Edge {
        forward: cost(edge.forward, edge.backward),
        backward: cost(edge.backward, edge.forward),
        ..*edge
    };
    // a channel that is closed both ways is no channel
    let counting = |way: f64, back: f64| match (way.is_infinite(), back.is_infinite()) {
        (true, true) => f64::INFINITY,
        (true, false) => 1.0,
        (false, _) => 0.0,
    };
    let counted = Graph {
        nodes: graph.nodes,
        edges: graph.edges.iter().map(|e| ways(e, &counting)).collect(),
    };
    let pivots = optimise(tree, &counted, run)?;
    let level = tree.potential[..graph.nodes].to_vec();
    let stuck = compensated_sum((0..graph.nodes as u32).filter_map(|x| {
        let node = &tree.node[x as usize];
        let from = if node.flow >= 0.0 { x } else { node.parent };
        (node.edge != NONE && graph.cost_from(node.edge, from).is_infinite()).then(|| node.flow.abs())
    }));
    let obstacle = (stuck > accepted_mismatch).then(|| obstacle(&level, &balance.supply));
    let edges = counted.edges.iter().zip(&graph.edges).map(|(counted, edge)| {
        let rise = level[edge.head as usize] - level[edge.tail as usize];
        let cost = |counted: f64, rise: f64, cost: f64| match (rise < counted, cost.is_infinite()) {
            (true, _) => f64::INFINITY,
            (false, true) => 0.0,
            (false, false) => cost,
        };
        Edge {
            forward: cost(counted.forward, rise, edge.forward),
            backward: cost(counted.backward, -rise, edge.backward),
            ..*edge
        }
    });
    Ok(Passable {
        graph: Graph {
            nodes: graph.nodes,
            edges: edges.collect(),
        },
        pivots,
        obstacle,
        level,
    })
}

/// The set {χ ≤ level} with the largest surplus. No open way leaves it, because χ does not rise along open ways.
fn obstacle(level: &[f64], supply: &[f64]) -> Obstacle {
    let mut order: Vec<usize> = (0..level.len()).collect();
    order.sort_by(|&x, &y| level[x].total_cmp(&level[y]));
    let (mut surplus, mut most, mut highest) = (0.0, 0.0, f64::NEG_INFINITY);
    for (k, &x) in order.iter().enumerate() {
        surplus += supply[x];
        let complete = order.get(k + 1).is_none_or(|&y| level[y] > level[x]);
        if complete && surplus > most {
            (most, highest) = (surplus, level[x]);
        }
    }
    Obstacle {
        nodes: (0..level.len()).filter(|&x| level[x] <= highest).collect(),
        surplus: most,
    }
}

impl Passable {
    /// Adds to the potentials the multiple of χ that satisfies the ways left out; the dual value stays, since −Σ s χ is zero.
    pub(super) fn lift_potentials(&self, graph: &Graph, potential: &mut [f64]) {
        let mut multiple = 0.0_f64;
        for edge in &graph.edges {
            for (from, to, cost) in [
                (edge.tail, edge.head, edge.forward),
                (edge.head, edge.tail, edge.backward),
            ] {
                let (from, to) = (from as usize, to as usize);
                let fall = self.level[from] - self.level[to];
                if cost < f64::INFINITY && fall > 0.0 {
                    multiple = multiple.max((potential[to] - potential[from] - cost) / fall);
                }
            }
        }
        for (potential, level) in potential.iter_mut().zip(&self.level) {
            *potential += multiple * level;
        }
    }
}

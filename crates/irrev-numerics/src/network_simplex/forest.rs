//! Spanning forests of a graph: the components, and a tree in each.

use super::graph::{Graph, Neighbours};
use super::tree::NONE;
use crate::sum::CompensatedSum;

/// A spanning forest.
pub(super) struct Forest {
    /// The node above and the edge to it; (number of nodes, `NONE`) for the top of a component.
    pub(super) above: Vec<(u32, u32)>,
    /// All nodes, every one after the node above it, component by component.
    pub(super) downwards: Vec<u32>,
    /// Component of every node; components are numbered by their first nodes.
    pub(super) component: Vec<u32>,
    pub(super) components: usize,
}

impl Forest {
    /// Breadth-first from the first node of every component, along the edges that are allowed.
    pub(super) fn breadth_first(
        graph: &Graph,
        neighbours: &Neighbours,
        allowed: impl Fn(u32) -> bool,
    ) -> Self {
        let nodes = graph.nodes;
        let mut forest = Self {
            above: vec![(nodes as u32, NONE); nodes],
            downwards: Vec::with_capacity(nodes),
            component: vec![NONE; nodes],
            components: 0,
        };
        for first in 0..nodes as u32 {
            if forest.component[first as usize] != NONE {
                continue;
            }
            let label = forest.components as u32;
            forest.components += 1;
            forest.component[first as usize] = label;
            let mut at = forest.downwards.len();
            forest.downwards.push(first);
            while let Some(&x) = forest.downwards.get(at) {
                at += 1;
                for &(y, edge) in neighbours.of(x) {
                    if forest.component[y as usize] == NONE && allowed(edge) {
                        forest.component[y as usize] = label;
                        forest.above[y as usize] = (x, edge);
                        forest.downwards.push(y);
                    }
                }
            }
        }
        forest
    }
}

/// Flow from every node to the one above that carries the supplies away: the sum of the supplies in its subtree.
pub(super) fn flows_up(above: &[(u32, u32)], downwards: &[u32], supply: &[f64]) -> Vec<f64> {
    let mut surplus: Vec<CompensatedSum> = supply.iter().map(|&s| CompensatedSum::from_iter([s])).collect();
    let mut flow = vec![0.0; supply.len()];
    for &x in downwards.iter().rev() {
        let (parent, edge) = above[x as usize];
        // what rounding left of the balance of a component stays at its top
        if edge != NONE {
            let up = surplus[x as usize].value();
            flow[x as usize] = up;
            surplus[parent as usize].add(up);
        }
    }
    flow
}

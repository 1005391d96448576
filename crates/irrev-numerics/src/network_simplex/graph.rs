//! Channels as the edges of a graph.

use std::ops::Range;

use super::Channel;
use super::pivots::Arcs;

/// A channel with indices of 32 bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) tail: u32,
    pub(super) head: u32,
    pub(super) forward: f64,
    pub(super) backward: f64,
}

/// Nodes and the edges between them.
#[derive(Debug, Clone)]
pub(super) struct Graph {
    pub(super) nodes: usize,
    pub(super) edges: Vec<Edge>,
}

impl Graph {
    pub(super) fn new(nodes: usize, channels: &[Channel]) -> Self {
        let edge = |c: &Channel| Edge {
            tail: c.tail as u32,
            head: c.head as u32,
            forward: c.forward,
            backward: c.backward,
        };
        Self {
            nodes,
            edges: channels.iter().map(edge).collect(),
        }
    }

    /// Who is next to whom.
    pub(super) fn neighbours(&self) -> Neighbours {
        let mut start = vec![0_u32; self.nodes + 1];
        for edge in &self.edges {
            start[edge.tail as usize + 1] += 1;
            start[edge.head as usize + 1] += 1;
        }
        for x in 0..self.nodes {
            start[x + 1] += start[x];
        }
        let mut next = start.clone();
        let mut list = vec![(0, 0); 2 * self.edges.len()];
        for (e, edge) in self.edges.iter().enumerate() {
            for (from, to) in [(edge.tail, edge.head), (edge.head, edge.tail)] {
                let place = &mut next[from as usize];
                list[*place as usize] = (to, e as u32);
                *place += 1;
            }
        }
        Neighbours { start, list }
    }
}

/// The neighbours of every node, in the order of the edges.
pub(super) struct Neighbours {
    start: Vec<u32>,
    /// (neighbour, edge).
    list: Vec<(u32, u32)>,
}

impl Neighbours {
    pub(super) fn of(&self, node: u32) -> &[(u32, u32)] {
        let range = self.start[node as usize] as usize..self.start[node as usize + 1] as usize;
        &self.list[range]
    }
}

impl Arcs for Graph {
    fn count(&self) -> usize {
        self.edges.len()
    }

    fn ends(&self, edge: usize) -> (u32, u32) {
        (self.edges[edge].tail, self.edges[edge].head)
    }

    fn costs(&self, edge: usize) -> (f64, f64) {
        (self.edges[edge].forward, self.edges[edge].backward)
    }

    fn most_violated(&self, edges: Range<usize>, potential: &[f64], threshold: f64) -> Option<usize> {
        let (mut most, mut found) = (threshold, None);
        for (k, edge) in self.edges[edges.clone()].iter().enumerate() {
            let difference = potential[edge.head as usize] - potential[edge.tail as usize];
            let violation = (difference - edge.forward).max(-difference - edge.backward);
            if violation > most {
                (most, found) = (violation, Some(edges.start + k));
            }
        }
        found
    }
}

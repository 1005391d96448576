//! From a tree to a flow, potentials, and bounds that hold in spite of rounding.
//!
//! Flows are summed anew from the supplies, leaves first, and potentials from the costs, root first. Rounding may leave a difference of potentials above
//! its cost: such potentials are lowered until none is. In floating point φ_y − φ_x ≤ c then holds up to one rounding of c, so that
//! φ/(1 + ε) is feasible and −Σ s φ/(1 + ε) is a lower bound.

use std::collections::VecDeque;

use super::balance::Balance;
use super::forest::{Forest, flows_up};
use super::graph::{Graph, Neighbours};
use super::pivots::Arcs as _;
use super::tree::{NONE, Tree};
use crate::sum::{CompensatedSum, compensated_sum};

/// Flow, potentials, both values, and the interval they certify.
pub(super) struct Certificate {
    pub(super) flow: Vec<f64>,
    pub(super) potential: Vec<f64>,
    pub(super) cost: f64,
    pub(super) dual: f64,
    pub(super) lower_bound: f64,
    pub(super) upper_bound: f64,
}

impl Certificate {
    pub(super) fn new(
        graph: &Graph,
        neighbours: &Neighbours,
        forest: &Forest,
        tree: &Tree,
        balance: &Balance,
    ) -> Self {
        let flow = flow(graph, tree, &balance.supply);
        let potential = potential(graph, neighbours, forest, &tree.potential);
        let unit_cost = |e: usize| {
            if flow[e] > 0.0 {
                graph.edges[e].forward
            } else {
                graph.edges[e].backward
            }
        };
        let carrying = || (0..flow.len()).filter(|&e| flow[e] != 0.0);
        let cost = compensated_sum(carrying().map(|e| unit_cost(e) * flow[e].abs()));
        let terms = || balance.supply.iter().zip(&potential).map(|(s, phi)| -s * phi);
        let dual = compensated_sum(terms());
        // every product is rounded once, the sums about once; what does not balance travels at most the diameter
        let unbalanced = balance.removed + imbalance(graph, &flow, &balance.supply);
        let detour = unbalanced * diameter(graph, forest);
        let rounding = 2.0 * f64::EPSILON;
        let magnitude: f64 = terms().map(f64::abs).sum();
        Self {
            lower_bound: (dual - rounding * (magnitude + dual.abs()) - detour).max(0.0),
            upper_bound: cost * (1.0 + 2.0 * rounding) + detour,
            flow,
            potential,
            cost,
            dual,
        }
    }
}

/// The tree's flow per edge. Where rounding turned a flow against the way that its edge is used, or on a closed way, it is dropped.
fn flow(graph: &Graph, tree: &Tree, supply: &[f64]) -> Vec<f64> {
    let mut flow = vec![0.0; graph.edges.len()];
    let (above, downwards) = tree.forest();
    for (x, up) in flows_up(&above, &downwards, supply).into_iter().enumerate() {
        let node = &tree.node[x];
        let (from, mass) = if node.flow >= 0.0 {
            (x as u32, up)
        } else {
            (node.parent, -up)
        };
        if node.edge == NONE || !(mass > 0.0) || graph.cost_from(node.edge, from).is_infinite() {
            continue;
        }
        let e = node.edge as usize;
        flow[e] = if graph.edges[e].tail == from { mass } else { -mass };
    }
    flow
}

/// Lowers potentials until no difference exceeds its cost. What is given violates by rounding only, so that few are lowered.
fn potential(graph: &Graph, neighbours: &Neighbours, forest: &Forest, given: &[f64]) -> Vec<f64> {
    let mut least = vec![f64::INFINITY; forest.components];
    for (phi, &c) in given.iter().zip(&forest.component) {
        least[c as usize] = least[c as usize].min(*phi);
    }
    let shifted = given
        .iter()
        .zip(&forest.component)
        .map(|(phi, &c)| phi - least[c as usize]);
    let mut potential: Vec<f64> = shifted.collect();
    let mut waiting: VecDeque<u32> = (0..graph.nodes as u32).collect();
    let mut waits = vec![true; graph.nodes];
    while let Some(x) = waiting.pop_front() {
        waits[x as usize] = false;
        for &(y, edge) in neighbours.of(x) {
            let cost = graph.cost_from(edge, x);
            let here = potential[x as usize];
            if potential[y as usize] - here > cost {
                let mut lowered = here + cost;
                while lowered - here > cost {
                    lowered = lowered.next_down();
                }
                potential[y as usize] = lowered;
                if !waits[y as usize] {
                    waits[y as usize] = true;
                    waiting.push_back(y);
                }
            }
        }
    }
    potential
}

/// Half of Σ |supply − outflow|: the mass that rounding lost or made.
fn imbalance(graph: &Graph, flow: &[f64], supply: &[f64]) -> f64 {
    let mut left: Vec<CompensatedSum> = supply.iter().map(|&s| CompensatedSum::from_iter([s])).collect();
    for (edge, f) in graph.edges.iter().zip(flow) {
        left[edge.tail as usize].add(-f);
        left[edge.head as usize].add(*f);
    }
    0.5 * left.iter().map(|l| l.value().abs()).sum::<f64>()
}

/// An upper bound on the distance of two nodes of a component: twice the longest way to the top of a breadth-first tree.
fn diameter(graph: &Graph, forest: &Forest) -> f64 {
    let mut depth = vec![0.0_f64; graph.nodes];
    let mut most = 0.0_f64;
    for &x in &forest.downwards {
        let (parent, e) = forest.above[x as usize];
        if e != NONE {
            let edge = &graph.edges[e as usize];
            let finite = [edge.forward, edge.backward]
                .into_iter()
                .filter(|c| c.is_finite());
            depth[x as usize] = depth[parent as usize] + finite.fold(0.0, f64::max);
            most = most.max(depth[x as usize]);
        }
    }
    2.0 * most
}

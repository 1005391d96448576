//! Where the polynomials of a path dip below the states at their nodes, straight lines from node to node take over.
//!
//! A state that has run dry stays so until it is fed again, at once: no polynomial through its nodes follows that without swinging, below zero as
//! well. What a line adds to the state it takes from its fullest neighbour, along the edge between them, so that the path remains one that
//! currents carry. At the nodes nothing changes.

use super::mobility::Mobility;
use super::path::DiscretePath;

/// A polynomial dips where it falls below this part of the least value at its nodes.
const DIP: f64 = 0.5;

/// Places between neighbouring nodes that are looked at.
const PLACES: usize = 4;

/// States at the nodes that differ by less than this factor hold what is between them.
const LEVEL: f64 = 1.5;

/// A state on one element that follows straight lines between the nodes.
pub(super) struct Held {
    pub(super) state: usize,
    /// The neighbour that gives.
    giver: usize,
    /// The edge between them.
    pub(super) bundle: usize,
    /// Change of the state by a unit of current along the edge.
    pub(super) gain: f64,
}

/// The states that need it on an element.
pub(super) fn held(mobility: &Mobility, path: &DiscretePath, element: usize) -> Vec<Held> {
    if !mobility.concave {
        return Vec::new();
    }
    let basis = &path.mesh.basis;
    let nodes = &path.nodes[element * basis.degree..=(element + 1) * basis.degree];
    let least = |i: usize| nodes.iter().fold(f64::INFINITY, |least, x| least.min(x[i]));
    let uneven: Vec<(usize, f64)> = (0..mobility.states)
        .map(|i| (i, least(i)))
        .filter(|&(i, least)| least > 0.0 && nodes.iter().any(|x| x[i] > LEVEL * least))
        .collect();
    if uneven.is_empty() {
        return Vec::new();
    }
    let weights: Vec<Vec<f64>> = (0..basis.degree)
        .flat_map(|j| (1..PLACES).map(move |k| (j, k as f64 / PLACES as f64)))
        .map(|(j, part)| basis.at(basis.node(j) + part * (basis.node(j + 1) - basis.node(j))))
        .collect();
    let dips = |&(i, least): &(usize, f64)| {
        let value = |weights: &Vec<f64>| weights.iter().zip(nodes).map(|(w, x)| w * x[i]).sum::<f64>();
        weights.iter().any(|weights| value(weights) < DIP * least)
    };
    let dipping = uneven.into_iter().filter(dips);
    dipping
        .filter_map(|(state, _)| {
            let edges = mobility.bundles.iter().enumerate();
            let neighbours = edges.filter_map(|(bundle, edge)| {
                let &(_, gain) = edge.change.iter().find(|(i, _)| *i == state)?;
                let &(giver, _) = edge.change.iter().find(|(i, _)| *i != state)?;
                Some(Held {
                    state,
                    giver,
                    bundle,
                    gain,
                })
            });
            neighbours.max_by(|a, b| least(a.giver).total_cmp(&least(b.giver)))
        })
        .collect()
}

impl Held {
    /// Moves a state of the path at a place s of an element to where it is held, and says how much it gained.
    pub(super) fn apply(&self, path: &DiscretePath, element: usize, s: f64, state: &mut [f64]) -> f64 {
        let basis = &path.mesh.basis;
        let after = (1..basis.degree)
            .find(|&j| basis.node(j) > s)
            .unwrap_or(basis.degree);
        let (start, end) = (basis.node(after - 1), basis.node(after));
        let at = |node: usize| path.nodes[element * basis.degree + node][self.state];
        let part = (s - start) / (end - start);
        let gained = (1.0 - part) * at(after - 1) + part * at(after) - state[self.state];
        state[self.state] += gained;
        state[self.giver] -= gained;
        gained
    }
}

//! Fundamental cycles, their affinities, and the currents around them.
//!
//! A spanning forest leaves one chord per independent cycle: m − n + components of them. The affinity 𝒜_μ = Σ S_{eμ} Fₑ is the
//! logarithm of a ratio of rate products and does not depend on the state. Any divergence-free current is Σ_μ 𝒥_μ S_μ with 𝒥_μ its
//! value on the chord, so in the stationary state Σ̇ = Σ_μ 𝒥_μ 𝒜_μ, and at any state the geometric housekeeping part is
//! Σ_μ 𝒥_μ 𝒜_μ with 𝒥 the chord entries of L(F − F*). Two channels between the same states are a cycle of length two.
//!
//! Source: Schnakenberg, Rev. Mod. Phys. 48, 571 (1976).

use std::collections::VecDeque;

use irrev_numerics::linalg::{LinearSolver, Matrix};
use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::network::Network;

/// One closed path, as the edges it runs along (+1) or against (−1).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Cycle {
    /// (edge, ±1) in the order of the path; the first edge is the chord.
    pub edges: Vec<(usize, f64)>,
}

impl Cycle {
    /// Σ over the cycle of an edge quantity, with the sign of each edge: for forces, the affinity in nats.
    ///
    /// # Panics
    /// If the array is shorter than the edges of the network.
    #[must_use]
    pub fn sum(&self, per_edge: &[f64]) -> f64 {
        compensated_sum(self.edges.iter().map(|&(e, sign)| sign * per_edge[e]))
    }

    /// The cycle as one entry per edge of the network.
    #[must_use]
    pub fn vector(&self, edges: usize) -> Vec<f64> {
        let mut v = vec![0.0; edges];
        for &(e, sign) in &self.edges {
            v[e] += sign;
        }
        v
    }
}

/// A basis of the cycle space: one cycle per chord of a breadth-first spanning forest.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CycleBasis {
    /// The cycles, in the order of their chords.
    pub cycles: Vec<Cycle>,
    /// The chord of each cycle.
    pub chords: Vec<usize>,
}

/// Fundamental cycles of a network, breadth-first from state 0 (then from the first state not reached, and so on).
///
/// From each state the edges are tried in their order, in both directions; the first that reaches a new state joins the forest. O(edges ·
/// length of the cycles).
///
/// For a network of reactions these are the closed paths on its graph of complexes; the cycles that change no species, all of them, are
/// found by [`reactions::structure`](fn@crate::reactions::structure).
#[must_use]
pub fn fundamental_cycles(network: &Network) -> CycleBasis {
    let n = network
        .complexes()
        .map_or(network.states().len(), |complexes| complexes.len());
    let edges = network.edges();
    let mut incident: Vec<Vec<usize>> = vec![Vec::new(); n];
    for (e, edge) in edges.iter().enumerate() {
        incident[edge.from].push(e);
        incident[edge.to].push(e);
    }
    let mut parent: Vec<Option<usize>> = vec![None; n];
    let mut depth = vec![usize::MAX; n];
    let mut in_tree = vec![false; edges.len()];
    for root in 0..n {
        if depth[root] != usize::MAX {
            continue;
        }
        depth[root] = 0;
        let mut queue = VecDeque::from([root]);
        while let Some(x) = queue.pop_front() {
            for &e in &incident[x] {
                let y = edges[e].from + edges[e].to - x;
                if depth[y] == usize::MAX {
                    depth[y] = depth[x] + 1;
                    parent[y] = Some(e);
                    in_tree[e] = true;
                    queue.push_back(y);
                }
            }
        }
    }
    let mut basis = CycleBasis {
        cycles: Vec::new(),
        chords: Vec::new(),
    };
    for (chord, edge) in edges.iter().enumerate().filter(|(e, _)| !in_tree[*e]) {
        // from the head of the chord up to the common ancestor, then down to its tail
        let (mut up, mut down) = (Vec::new(), Vec::new());
        let (mut head, mut tail) = (edge.to, edge.from);
        while head != tail {
            let climb_head = depth[head] >= depth[tail];
            let at = if climb_head { &mut head } else { &mut tail };
            let Some(e) = parent[*at] else { break };
            let above = edges[e].from + edges[e].to - *at;
            // +1 if the path runs along the edge; on the way down it is walked from above to here
            let along = if climb_head {
                edges[e].from == *at
            } else {
                edges[e].to == *at
            };
            let step = (e, if along { 1.0 } else { -1.0 });
            *at = above;
            if climb_head {
                up.push(step)
            } else {
                down.push(step)
            }
        }
        down.reverse();
        let mut path = vec![(chord, 1.0)];
        path.extend(up);
        path.extend(down);
        basis.cycles.push(Cycle { edges: path });
        basis.chords.push(chord);
    }
    basis
}

impl CycleBasis {
    /// Affinity of each cycle, 𝒜 = Σ S ln(k⁺/k⁻), in nats; ±∞ (or NaN for opposed ones) if it holds a one-way edge.
    #[must_use]
    pub fn affinities(&self, kinetics: &MarkovJump) -> Vec<f64> {
        let medium = kinetics.medium_entropy_change();
        self.cycles.iter().map(|c| c.sum(&medium)).collect()
    }

    /// Current around each cycle, for a divergence-free current: its value on the chord.
    ///
    /// # Panics
    /// If the array is shorter than the edges of the network.
    #[must_use]
    pub fn currents(&self, divergence_free: &[f64]) -> Vec<f64> {
        self.chords.iter().map(|&e| divergence_free[e]).collect()
    }
}

/// The cycle that visits the named states in order and returns to the first.
///
/// Where several channels join two states the first is taken; name edges with [`cycle_through_edges`] to choose.
///
/// # Errors
/// [`Error::NotACycle`] where two successive states have no edge; [`Error::Unknown`] for an index out of range.
pub fn cycle_through_states(network: &Network, name: &str, states: &[usize]) -> Result<Cycle> {
    let mut edges = Vec::with_capacity(states.len());
    for (k, &x) in states.iter().enumerate() {
        let y = states[(k + 1) % states.len()];
        if x.max(y) >= network.states().len() {
            return Err(Error::Unknown {
                what: "state",
                name: x.max(y).to_string(),
            });
        }
        let joins = |e: &crate::Edge| (e.from, e.to) == (x, y) || (e.from, e.to) == (y, x);
        // a path to and fro between two states takes another channel back
        let taken = |e: usize| edges.iter().any(|&(used, _)| used == e);
        let found = network
            .edges()
            .iter()
            .enumerate()
            .find(|(e, edge)| joins(edge) && !taken(*e));
        let Some((e, edge)) = found else {
            let (from, to) = (network.states()[x].clone(), network.states()[y].clone());
            return Err(Error::NotACycle {
                name: name.into(),
                from,
                to,
            });
        };
        edges.push((e, if edge.from == x { 1.0 } else { -1.0 }));
    }
    Ok(Cycle { edges })
}

/// The cycle along the given (edge, ±1) steps.
///
/// # Errors
/// [`Error::NotACycle`] if the steps do not close; [`Error::Unknown`] for an index out of range.
pub fn cycle_through_edges(network: &Network, name: &str, steps: &[(usize, f64)]) -> Result<Cycle> {
    let mut ends = Vec::with_capacity(steps.len());
    for &(e, sign) in steps {
        let edge = network.edges().get(e).ok_or_else(|| Error::Unknown {
            what: "edge",
            name: e.to_string(),
        })?;
        ends.push(if sign > 0.0 {
            (edge.from, edge.to)
        } else {
            (edge.to, edge.from)
        });
    }
    for (k, &(_, to)) in ends.iter().enumerate() {
        let (from, _) = ends[(k + 1) % ends.len()];
        if to != from {
            let (from, to) = (network.states()[to].clone(), network.states()[from].clone());
            return Err(Error::NotACycle {
                name: name.into(),
                from,
                to,
            });
        }
    }
    Ok(Cycle {
        edges: steps.to_vec(),
    })
}

/// Affinities and currents of a basis of named cycles.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CycleDecomposition {
    /// 𝒜 per cycle, in nats.
    pub affinities: Vec<f64>,
    /// 𝒥 per cycle, in 1/time.
    pub currents: Vec<f64>,
    /// Σ 𝒥 𝒜, in nats per time: the entropy production rate of the divergence-free current.
    pub entropy_production_rate: f64,
}

/// Expresses a divergence-free current in given cycles: 𝒥 with Σ_μ 𝒥_μ S_μ = J.
///
/// # Errors
/// [`Error::CycleBasis`] unless the cycles are a basis of the cycle space; [`Error::Length`].
pub fn cycle_decomposition(
    kinetics: &MarkovJump,
    cycles: &[Cycle],
    divergence_free: &[f64],
) -> Result<CycleDecomposition> {
    let network = kinetics.network();
    network.check_edges("current", divergence_free)?;
    let basis = fundamental_cycles(network);
    let expected = basis.cycles.len();
    if cycles.len() != expected {
        return Err(Error::CycleBasis {
            found: cycles.len(),
            expected,
        });
    }
    // a cycle is determined by its entries on the chords: solve for the coordinates there
    let vectors: Vec<Vec<f64>> = cycles.iter().map(|c| c.vector(network.edges().len())).collect();
    let matrix = Matrix::from_fn(expected, expected, |i, j| vectors[j][basis.chords[i]]);
    let wanted = basis.currents(divergence_free);
    let independent = || Error::CycleBasis {
        found: expected.saturating_sub(1),
        expected,
    };
    let currents = LinearSolver::new(matrix)?
        .solve(&wanted)
        .map_err(|_| independent())?
        .x;
    let medium = kinetics.medium_entropy_change();
    let affinities: Vec<f64> = cycles.iter().map(|c| c.sum(&medium)).collect();
    let entropy_production_rate = compensated_sum(currents.iter().zip(&affinities).map(|(j, a)| j * a));
    Ok(CycleDecomposition {
        affinities,
        currents,
        entropy_production_rate,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fundamental_cycle_closes_and_their_number_is_right() {
        let edges = [(0, 1), (1, 2), (2, 0), (0, 1), (3, 4), (4, 3), (2, 1)];
        let network = Network::from_edges(6, &edges).unwrap();
        let basis = fundamental_cycles(&network);
        assert_eq!(basis.cycles.len(), edges.len() - 6 + 3);
        for cycle in &basis.cycles {
            let rate = network.divergence(&cycle.vector(edges.len())).unwrap();
            assert!(rate.iter().all(|r| *r == 0.0));
        }
    }

    #[test]
    fn a_path_that_does_not_close_is_refused() {
        let network = Network::from_edges(4, &[(0, 1), (1, 2), (2, 0), (2, 3)]).unwrap();
        assert!(cycle_through_states(&network, "c", &[0, 1, 2]).is_ok());
        assert!(matches!(
            cycle_through_states(&network, "c", &[0, 1, 3]),
            Err(Error::NotACycle { .. })
        ));
        assert!(matches!(
            cycle_through_edges(&network, "c", &[(0, 1.0), (2, 1.0)]),
            Err(Error::NotACycle { .. })
        ));
    }
}

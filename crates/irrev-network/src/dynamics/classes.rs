//! Closed classes: where a process ends up when not every state can be reached from every other.
//!
//! A closed class is a set of states that communicate and that no jump leaves; an absorbing state is a closed class of one. With
//! one closed class the stationary distribution is unique (zero on the transient states); with several, each has its own,
//! and the limit depends on where the process starts.

use irrev_numerics::linalg::{AbsorbingFactor, Matrix};
use petgraph::graph::{DiGraph, NodeIndex};

use super::stationary::irreducible_stationary;
use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Largest number of transient states for which absorption probabilities are computed densely.
const DENSE_TRANSIENT: usize = 4000;

/// A set of states that communicate and that no jump leaves, with its own stationary distribution.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ClosedClass {
    /// The states, ascending.
    pub states: Vec<usize>,
    /// Stationary distribution of this class, on all states of the network (zero outside).
    pub distribution: Distribution,
}

/// Where a process ends up from a given start.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Limit {
    /// The closed classes.
    pub classes: Vec<ClosedClass>,
    /// Probability of ending in each class.
    pub probabilities: Vec<f64>,
    /// The limiting distribution.
    pub distribution: Distribution,
}

/// States of every closed class, each ascending, classes by their first state.
pub(crate) fn closed_sets(kinetics: &MarkovJump) -> Vec<Vec<usize>> {
    let n = kinetics.network().states().len();
    let mut graph: DiGraph<(), (), u32> = DiGraph::with_capacity(n, 2 * kinetics.network().edges().len());
    for _ in 0..n {
        graph.add_node(());
    }
    for (from, to, _) in kinetics.jumps() {
        graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), ());
    }
    // Kosaraju's algorithm keeps its own stack; Tarjan's recurses once per state of a long chain
    let components = petgraph::algo::kosaraju_scc(&graph);
    let mut component_of = vec![0; n];
    for (c, members) in components.iter().enumerate() {
        for node in members {
            component_of[node.index()] = c;
        }
    }
    let mut open = vec![false; components.len()];
    for (from, to, _) in kinetics.jumps() {
        if component_of[from] != component_of[to] {
            open[component_of[from]] = true;
        }
    }
    let mut closed: Vec<Vec<usize>> = components
        .iter()
        .zip(&open)
        .filter(|(_, open)| !**open)
        .map(|(members, _)| {
            let mut states: Vec<usize> = members.iter().map(|m| m.index()).collect();
            states.sort_unstable();
            states
        })
        .collect();
    closed.sort();
    closed
}

/// The closed classes of a process, each with its stationary distribution. O(edges) plus one elimination per class.
///
/// # Errors
/// Numerical failure of an elimination.
pub fn closed_classes(kinetics: &MarkovJump) -> Result<Vec<ClosedClass>> {
    let n = kinetics.network().states().len();
    let class = |states: Vec<usize>| {
        let weights = irreducible_stationary(kinetics, &states)?;
        let mut p = vec![0.0; n];
        for (&i, w) in states.iter().zip(weights) {
            p[i] = w;
        }
        Ok(ClosedClass {
            states,
            distribution: Distribution::from_weights(p),
        })
    };
    closed_sets(kinetics).into_iter().map(class).collect()
}

/// The distribution that a process approaches from a given start, with the probability of each closed class.
///
/// # Errors
/// [`Error::Length`]; a memory refusal for more than 4000 transient states.
pub fn limiting_distribution(kinetics: &MarkovJump, start: &Distribution) -> Result<Limit> {
    let network = kinetics.network();
    network.check_states("initial distribution", start.probabilities())?;
    let classes = closed_classes(kinetics)?;
    let n = network.states().len();
    let mut class_of = vec![usize::MAX; n];
    for (c, class) in classes.iter().enumerate() {
        for &i in &class.states {
            class_of[i] = c;
        }
    }
    let transient: Vec<usize> = (0..n).filter(|&i| class_of[i] == usize::MAX).collect();
    if transient.len() > DENSE_TRANSIENT {
        let bytes = |m: usize| 8 * (m as u64) * (m as u64);
        let (needed, limit) = (bytes(transient.len()), bytes(DENSE_TRANSIENT));
        return Err(irrev_numerics::Error::Memory {
            what: "absorption probabilities",
            needed,
            limit,
        }
        .into());
    }
    let mut place = vec![usize::MAX; n];
    for (k, &i) in transient.iter().enumerate() {
        place[i] = k;
    }
    let mut rates = Matrix::zeros(transient.len(), transient.len());
    let mut leak = vec![0.0; transient.len()];
    for (from, to, rate) in kinetics.jumps() {
        match (place[from], place[to]) {
            (usize::MAX, _) => {}
            (x, usize::MAX) => leak[x] += rate,
            (x, y) => rates[(y, x)] += rate,
        }
    }
    let begin: Vec<f64> = transient.iter().map(|&i| start.probabilities()[i]).collect();
    let occupation = AbsorbingFactor::new(rates, leak)?.solve(&begin);
    let mut probabilities = vec![0.0; classes.len()];
    for (i, &p) in start.probabilities().iter().enumerate() {
        if class_of[i] != usize::MAX {
            probabilities[class_of[i]] += p;
        }
    }
    for (from, to, rate) in kinetics.jumps() {
        if class_of[from] == usize::MAX && class_of[to] != usize::MAX {
            probabilities[class_of[to]] += rate * occupation[place[from]];
        }
    }
    let mut p = vec![0.0; n];
    for (class, probability) in classes.iter().zip(&probabilities) {
        for (total, part) in p.iter_mut().zip(class.distribution.probabilities()) {
            *total += probability * part;
        }
    }
    Ok(Limit {
        classes,
        probabilities,
        distribution: Distribution::from_weights(p),
    })
}

impl Error {
    pub(crate) fn several_classes(kinetics: &MarkovJump, sets: &[Vec<usize>]) -> Self {
        let names = kinetics.network().states();
        let classes = sets
            .iter()
            .map(|set| set.iter().map(|&i| names[i].clone()).collect())
            .collect();
        Self::SeveralClosedClasses { classes }
    }
}

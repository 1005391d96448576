//! Proptest strategies for networks, distributions and currents.
//!
//! The networks are connected: a random tree, further channels anywhere (parallel ones too), and rates drawn log-uniformly, each
//! direction on its own. Over 24 decades most are stiff beyond anything measured; what holds there holds.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngSeed};

/// A connected network as plain data.
#[derive(Clone, PartialEq)]
pub struct RandomNetwork {
    /// Number of states.
    pub states: usize,
    /// Channels (x, y, k⁺, k⁻).
    pub channels: Vec<(usize, usize, f64, f64)>,
}

/// On one line, so that a failing network can be pasted into a test.
impl fmt::Debug for RandomNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { states, channels } = self;
        let listed: Vec<String> = channels
            .iter()
            .map(|c| format!("({}, {}, {:e}, {:e})", c.0, c.1, c.2, c.3))
            .collect();
        write!(f, "{states} states, [{}]", listed.join(", "))
    }
}

/// Configuration of a property test with the given number of cases, from a fixed seed unless `PROPTEST_RNG_SEED` names another.
///
/// `PROPTEST_CASES` overrides the number of cases, for a soak.
#[must_use]
pub fn cases(number: u32) -> Config {
    let given = |name: &str| std::env::var_os(name).is_some();
    let config = Config::default();
    Config {
        cases: if given("PROPTEST_CASES") {
            config.cases
        } else {
            number
        },
        rng_seed: if given("PROPTEST_RNG_SEED") {
            config.rng_seed
        } else {
            RngSeed::Fixed(1)
        },
        failure_persistence: None,
        max_shrink_iters: 400,
        ..config
    }
}

/// Tails, heads of a connected graph on `states` nodes: a tree and up to 1.5 further edges per node.
fn graphs(states: usize) -> impl Strategy<Value = Vec<(usize, usize)>> {
    let tree = vec(any::<(Index, bool)>(), states - 1);
    let further = vec(any::<(Index, Index)>(), 0..=states + states / 2);
    (tree, further).prop_map(move |(tree, further)| {
        let mut edges = Vec::new();
        for (child, (parent, flipped)) in tree.into_iter().enumerate() {
            let (child, parent) = (child + 1, parent.index(child + 1));
            edges.push(if flipped { (child, parent) } else { (parent, child) });
        }
        for (x, step) in further {
            let x = x.index(states);
            let y = (x + 1 + step.index(states - 1)) % states;
            edges.push((x, y));
        }
        edges
    })
}

/// Numbers log-uniform over `decades` decades, centred at 1.
pub fn rates(decades: f64) -> impl Strategy<Value = f64> + Clone {
    (-0.5 * decades..0.5 * decades).prop_map(|x| 10.0_f64.powf(x))
}

/// Connected networks of 2 to `largest` states with independent rates log-uniform over `decades` decades around 1.
pub fn networks(largest: usize, decades: f64) -> impl Strategy<Value = RandomNetwork> {
    (2..=largest)
        .prop_flat_map(graphs)
        .prop_flat_map(move |edges| {
            let number = edges.len();
            (Just(edges), vec((rates(decades), rates(decades)), number))
        })
        .prop_map(|(edges, rates)| RandomNetwork {
            states: edges.iter().map(|e| e.0.max(e.1)).max().unwrap_or(0) + 1,
            channels: edges
                .iter()
                .zip(rates)
                .map(|(e, k)| (e.0, e.1, k.0, k.1))
                .collect(),
        })
}

/// Connected networks with detailed balance: k⁺ = c/w_x and k⁻ = c/w_y with weights w and conductances c log-uniform over a third
/// and two thirds of the decades.
pub fn balanced_networks(largest: usize, decades: f64) -> impl Strategy<Value = RandomNetwork> {
    (2..=largest)
        .prop_flat_map(move |n| (graphs(n), vec(rates(decades / 3.0), n)))
        .prop_flat_map(move |(edges, weights)| {
            let number = edges.len();
            (
                Just(edges),
                Just(weights),
                vec(rates(2.0 * decades / 3.0), number),
            )
        })
        .prop_map(|(edges, weights, conductances)| RandomNetwork {
            states: weights.len(),
            channels: edges
                .iter()
                .zip(conductances)
                .map(|(e, c)| (e.0, e.1, c / weights[e.0], c / weights[e.1]))
                .collect(),
        })
}

/// Strictly positive distributions on n states: comfortable, or near the boundary (weights over 40 decades).
pub fn positive_distributions(n: usize) -> impl Strategy<Value = Vec<f64>> {
    prop_oneof![vec(rates(1.0), n), vec(rates(40.0), n)].prop_map(normalised)
}

/// Distributions on n states with some exact zeros, at least one positive entry.
pub fn boundary_distributions(n: usize) -> impl Strategy<Value = Vec<f64>> {
    (vec((rates(2.0), any::<bool>()), n), any::<Index>()).prop_map(move |(weights, kept)| {
        let kept = kept.index(n);
        normalised(
            weights
                .into_iter()
                .enumerate()
                .map(|(i, (w, zero))| if zero && i != kept { 0.0 } else { w })
                .collect(),
        )
    })
}

fn normalised(weights: Vec<f64>) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|w| w / total).collect()
}

/// A network with a strictly positive distribution on its states.
pub fn networks_with_state(largest: usize, decades: f64) -> impl Strategy<Value = (RandomNetwork, Vec<f64>)> {
    networks(largest, decades).prop_flat_map(|network| {
        let n = network.states;
        (Just(network), positive_distributions(n))
    })
}

/// A network with detailed balance and a strictly positive distribution on its states.
pub fn balanced_networks_with_state(
    largest: usize,
    decades: f64,
) -> impl Strategy<Value = (RandomNetwork, Vec<f64>)> {
    balanced_networks(largest, decades).prop_flat_map(|network| {
        let n = network.states;
        (Just(network), positive_distributions(n))
    })
}

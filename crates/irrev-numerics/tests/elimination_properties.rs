//! Elimination of random graphs and chains.

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use crate::graphs::*;
use irrev_numerics::elimination::*;
use proptest::prelude::*;

/// A random multigraph with weights over 24 decades, some of them zero.
fn multigraph(most: usize) -> impl Strategy<Value = (usize, Edges, Vec<f64>)> {
    (2..most).prop_flat_map(move |nodes| {
        let edge = (0..nodes, 1..nodes).prop_map(move |(tail, step)| (tail, (tail + step) % nodes));
        let weight = prop_oneof![1 => Just(0.0), 6 => (-12.0..12.0f64).prop_map(|x| 10f64.powf(x))];
        prop::collection::vec((edge, weight), 0..3 * nodes).prop_map(move |list| {
            let (edges, weights) = list.into_iter().unzip();
            (nodes, edges, weights)
        })
    })
}

/// An irreducible chain: a ring one way round and random further edges; rates over 24 decades.
fn chain(most: usize) -> impl Strategy<Value = (usize, Edges, Vec<f64>, Vec<f64>)> {
    (3..most).prop_flat_map(move |nodes| {
        let rate = || (-12.0..12.0f64).prop_map(|x| 10f64.powf(x));
        let extra = (0..nodes, 1..nodes).prop_map(move |(tail, step)| (tail, (tail + step) % nodes));
        let extras = prop::collection::vec((extra, rate(), prop_oneof![Just(0.0), rate()]), 0..2 * nodes);
        let around = prop::collection::vec((rate(), prop_oneof![Just(0.0), rate()]), nodes);
        (around, extras).prop_map(move |(around, extras)| {
            let mut edges = ring(nodes);
            let (mut forward, mut backward): (Vec<f64>, Vec<f64>) = around.into_iter().unzip();
            for (edge, out, back) in extras {
                edges.push(edge);
                forward.push(out);
                backward.push(back);
            }
            (nodes, edges, forward, backward)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn random_graphs_are_solved_backward_stably((nodes, edges, conductances) in multigraph(90)) {
        let graph = plan(nodes, &edges).laplacian(&conductances, Threads::One).unwrap();
        let labels = graph.component_labels().to_vec();
        for (&(tail, head), &conductance) in edges.iter().zip(&conductances) {
            prop_assert!(conductance == 0.0 || labels[tail] == labels[head]);
        }
        // A current that balances on each component: a random flow along the edges.
        let mut current = vec![0.0; nodes];
        let mut stream = Stream(99);
        for (&(tail, head), &conductance) in edges.iter().zip(&conductances) {
            let flow = (stream.uniform() - 0.5) * if conductance > 0.0 { 1.0 } else { 0.0 };
            current[head] += flow;
            current[tail] -= flow;
        }
        let options = SolveOptions { imbalance_tolerance: 1e-6, ..Default::default() };
        let psi = graph.solve(&current, &options).unwrap().values;
        // Every node balances to ε of the magnitudes that meet there or anywhere nearer the ground.
        let mut remaining = current.clone();
        let mut size = largest(&current);
        for (&(tail, head), &conductance) in edges.iter().zip(&conductances) {
            let flow = conductance * (psi[head] - psi[tail]);
            remaining[head] -= flow;
            remaining[tail] += flow;
            size = size.max(conductance * psi[head].abs().max(psi[tail].abs()));
        }
        prop_assert!(largest(&remaining) <= 64.0 * nodes as f64 * EPSILON * size);
        for component in 0..graph.component_count() as u32 {
            let members = || (0..nodes).filter(|&node| labels[node] == component);
            let (sum, most) = members().fold((0.0, 0.0f64), |(s, m), node| (s + psi[node], m.max(psi[node].abs())));
            prop_assert!(f64::abs(sum) <= 4.0 * nodes as f64 * EPSILON * most);
        }
    }

    #[test]
    fn random_chains_are_accurate_in_every_component((nodes, edges, forward, backward) in chain(70)) {
        let expected = reference_distribution(nodes, &edges, &forward, &backward);
        let factor = plan(nodes, &edges).generator(&forward, &backward, Threads::One).unwrap();
        // Each of up to n eliminations on the way multiplies by a few rounded numbers, sums add log n more.
        let error = componentwise(factor.stationary_distribution(), &expected);
        prop_assert!(error < 16.0 * nodes as f64 * EPSILON, "{error}");
    }
}

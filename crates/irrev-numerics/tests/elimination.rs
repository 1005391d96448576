//! Elimination of weighted graphs and Markov chains: limits, laws, references, edge cases.

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use crate::graphs::*;
use irrev_numerics::elimination::*;

#[test]
fn potential_drops_on_a_path_obey_ohm_over_24_decades() {
    for nodes in [2, 40, 500] {
        let edges = path(nodes);
        let conductances = Stream(7).magnitudes(nodes - 1, 24.0);
        let mut current = vec![0.0; nodes];
        (current[0], current[nodes - 1]) = (-1.0, 1.0);
        let factor = plan(nodes, &edges)
            .laplacian(&conductances, Threads::One)
            .unwrap();
        let psi = factor.solve(&current, &SolveOptions::default()).unwrap().values;
        let scale = largest(&psi);
        for (edge, &(tail, head)) in edges.iter().enumerate() {
            // ψ is stored to ε of its largest value; the sum of its up to `nodes` drops adds as many roundings.
            let error = (psi[head] - psi[tail] - 1.0 / conductances[edge]).abs();
            assert!(
                error <= 4.0 * nodes as f64 * EPSILON * scale,
                "edge {edge}: {error}"
            );
        }
    }
}

#[test]
fn current_on_a_ring_divides_in_inverse_proportion_to_resistance() {
    let nodes = 10;
    let mut current = vec![0.0; nodes];
    (current[0], current[3]) = (-1.0, 1.0);
    let factor = plan(nodes, &ring(nodes))
        .laplacian(&[2.0; 10], Threads::One)
        .unwrap();
    let psi = factor.solve(&current, &SolveOptions::default()).unwrap().values;
    // Three resistors of 1/2 beside seven: (3/2)(7/2)/(10/2).
    assert!((psi[3] - psi[0] - 1.05).abs() < 16.0 * EPSILON);
}

#[test]
fn the_complete_graph_divides_by_the_number_of_nodes() {
    for nodes in [5, 100] {
        let edges: Edges = (0..nodes).flat_map(|i| (0..i).map(move |j| (i, j))).collect();
        let current = balanced(Stream(3).vector(nodes));
        let factor = plan(nodes, &edges)
            .laplacian(&vec![1.0; edges.len()], Threads::One)
            .unwrap();
        let expected: Vec<f64> = current.iter().map(|w| w / nodes as f64).collect();
        let psi = factor.solve(&current, &SolveOptions::default()).unwrap().values;
        assert_close(&psi, &expected, 4.0 * nodes as f64 * EPSILON);
    }
}

#[test]
fn plane_waves_are_eigenvectors_of_the_torus() {
    let side = 70;
    let edges = torus(side);
    let factor = plan(side * side, &edges)
        .laplacian(&vec![1.0; edges.len()], Threads::One)
        .unwrap();
    let angle = std::f64::consts::TAU / side as f64;
    for (a, b) in [(1, 0), (2, 3), (35, 35)] {
        let wave: Vec<f64> = (0..side * side)
            .map(|i| (angle * (a * (i / side) + b * (i % side)) as f64).cos())
            .collect();
        let eigenvalue = 4.0 - 2.0 * (angle * a as f64).cos() - 2.0 * (angle * b as f64).cos();
        let expected: Vec<f64> = wave.iter().map(|value| value / eigenvalue).collect();
        let psi = factor.solve(&wave, &SolveOptions::default()).unwrap().values;
        // The condition number 8 / λ₁ = 8 / angle² ≈ 1e3 multiplies the rounding of the wave itself.
        assert_close(&psi, &expected, 8.0 / (angle * angle) * 8.0 * EPSILON);
    }
}

#[test]
fn birth_and_death_chain_has_the_product_distribution_over_24_decades() {
    let nodes = 60;
    let edges = path(nodes);
    let mut stream = Stream(11);
    let (forward, backward) = (
        stream.magnitudes(nodes - 1, 24.0),
        stream.magnitudes(nodes - 1, 24.0),
    );
    let mut expected = vec![1.0f64];
    for edge in 0..nodes - 1 {
        expected.push(expected[edge] * (forward[edge] / backward[edge]));
    }
    let total: f64 = expected.iter().sum();
    expected.iter_mut().for_each(|value| *value /= total);
    let factor = plan(nodes, &edges)
        .generator(&forward, &backward, Threads::One)
        .unwrap();
    // Each factor of the product is rounded twice, here and in the expectation.
    assert!(componentwise(factor.stationary_distribution(), &expected) < 6.0 * nodes as f64 * EPSILON);
}

#[test]
fn a_biased_ring_is_uniform_and_relaxes_with_its_known_group_inverse() {
    let nodes = 64;
    let factor = plan(nodes, &ring(nodes))
        .generator(&[3.0; 64], &[1.0; 64], Threads::One)
        .unwrap();
    let uniform = vec![1.0 / nodes as f64; nodes];
    assert!(componentwise(factor.stationary_distribution(), &uniform) < 4.0 * nodes as f64 * EPSILON);
    // W cos(qx) = (Re λ) cos(qx) + (Im λ)-part; with both parts W maps cos to (k⁺+k⁻)(cos q − 1) cos + (k⁺−k⁻) sin q sin.
    let q = std::f64::consts::TAU / nodes as f64;
    let wave = |phase: fn(f64) -> f64| (0..nodes).map(|x| phase(q * x as f64)).collect::<Vec<_>>();
    let (cosine, sine) = (wave(f64::cos), wave(f64::sin));
    let (damping, turning) = (4.0 * (q.cos() - 1.0), 2.0 * q.sin());
    let image: Vec<f64> = cosine
        .iter()
        .zip(&sine)
        .map(|(c, s)| damping * c + turning * s)
        .collect();
    let response = factor.solve(&image, &SolveOptions::default()).unwrap();
    assert_close(&response.values, &cosine, 1e4 * EPSILON); // condition number 8 / q² < 1e3
    let image: Vec<f64> = cosine
        .iter()
        .zip(&sine)
        .map(|(c, s)| damping * c - turning * s)
        .collect();
    let response = factor.solve_transpose(&image, &SolveOptions::default()).unwrap();
    assert_close(&response.values, &cosine, 1e4 * EPSILON);
}

// ---- references -----------------------------------------------------------------------------------------

#[test]
fn stationary_distribution_of_a_driven_torus_agrees_with_twice_the_precision() {
    let side = 40;
    let edges = torus(side);
    for (seed, decades) in [(1, 2.0), (2, 12.0), (3, 24.0)] {
        let mut stream = Stream(seed);
        let (forward, backward) = (
            stream.magnitudes(edges.len(), decades),
            stream.magnitudes(edges.len(), decades),
        );
        let expected = reference_distribution(side * side, &edges, &forward, &backward);
        for ordering in [Ordering::Automatic, Ordering::NestedDissection] {
            let factor = plan_with(side * side, &edges, ordering)
                .generator(&forward, &backward, Threads::One)
                .unwrap();
            // A probability is a product along at most `levels` ~ 2·side eliminations of sums of up to
            // 4·side terms; each level adds a few roundings, the sums one per doubling.
            let error = componentwise(factor.stationary_distribution(), &expected);
            assert!(error < 16.0 * side as f64 * EPSILON, "{decades} decades: {error}");
            assert!(error < 1e-12);
        }
    }
}

// ---- laws and invariances -------------------------------------------------------------------------------

#[test]
fn residual_is_at_rounding_level_on_a_rough_grid() {
    let side = 120;
    let edges = grid(side);
    let mut stream = Stream(5);
    let conductances = stream.magnitudes(edges.len(), 6.0);
    let mut current = vec![0.0; side * side];
    for (&(tail, head), conductance) in edges.iter().zip(&conductances) {
        let flow = conductance * (stream.uniform() - 0.5);
        current[head] += flow;
        current[tail] -= flow;
    }
    let factor = plan(side * side, &edges)
        .laplacian(&conductances, Threads::Shared)
        .unwrap();
    let solution = factor.solve(&current, &SolveOptions::default()).unwrap();
    assert!(
        solution.relative_residual < 64.0 * EPSILON,
        "{}",
        solution.relative_residual
    );
    assert!(solution.imbalance < 64.0 * EPSILON);
    assert!(solution.values.iter().sum::<f64>().abs() < 1e-12 * largest(&solution.values));
}

#[test]
fn relabelling_nodes_and_turning_edges_changes_results_by_rounding_only() {
    let side = 60;
    let nodes = side * side;
    let edges = torus(side);
    let mut stream = Stream(17);
    let (forward, backward) = (
        stream.magnitudes(edges.len(), 8.0),
        stream.magnitudes(edges.len(), 8.0),
    );
    let current = balanced(stream.vector(nodes));
    let label = stream.permutation(nodes);
    let order = stream.permutation(edges.len());
    let turned: Edges = order
        .iter()
        .map(|&edge| (label[edges[edge].1], label[edges[edge].0]))
        .collect();
    let pick = |values: &[f64]| order.iter().map(|&edge| values[edge]).collect::<Vec<_>>();

    let chain = plan(nodes, &edges)
        .generator(&forward, &backward, Threads::One)
        .unwrap();
    let other = plan(nodes, &turned)
        .generator(&pick(&backward), &pick(&forward), Threads::One)
        .unwrap();
    let moved: Vec<f64> = label
        .iter()
        .map(|&node| other.stationary_distribution()[node])
        .collect();
    assert!(componentwise(&moved, chain.stationary_distribution()) < 32.0 * side as f64 * EPSILON);

    let graph = plan(nodes, &edges).laplacian(&forward, Threads::One).unwrap();
    let other = plan(nodes, &turned)
        .laplacian(&pick(&forward), Threads::One)
        .unwrap();
    let mut moved_current = vec![0.0; nodes];
    (0..nodes).for_each(|node| moved_current[label[node]] = current[node]);
    let psi = graph.solve(&current, &SolveOptions::default()).unwrap().values;
    let found = other
        .solve(&moved_current, &SolveOptions::default())
        .unwrap()
        .values;
    let moved: Vec<f64> = label.iter().map(|&node| found[node]).collect();
    // Node balances hold to ε of the largest current; the smallest conductance, 1e-4, and the way across
    // turn that into potential.
    assert_close(&moved, &psi, 1e4 * side as f64 * EPSILON);
}

#[test]
fn bits_do_not_depend_on_the_number_of_threads() {
    let side = 200;
    let edges = torus(side);
    let nodes = side * side;
    let mut stream = Stream(23);
    let (forward, backward) = (
        stream.magnitudes(edges.len(), 3.0),
        stream.magnitudes(edges.len(), 3.0),
    );
    let current = balanced(stream.vector(nodes));
    let results = |threads: Threads| {
        let options = PlanOptions {
            threads,
            ..Default::default()
        };
        let plan = EliminationPlan::new(nodes, &edges, &options).unwrap();
        let graph = plan.laplacian(&forward, threads).unwrap();
        let mut chain = plan.generator(&forward, &backward, threads).unwrap();
        let first = chain.stationary_distribution().to_vec();
        chain.update(&forward, &backward, threads).unwrap();
        assert_eq!(
            first,
            chain.stationary_distribution(),
            "an update repeats the first elimination"
        );
        let solve = SolveOptions {
            imbalance_tolerance: 1e-3,
            ..Default::default()
        };
        let mean: f64 = current.iter().zip(&first).map(|(a, b)| a * b).sum();
        let observable: Vec<f64> = current.iter().map(|value| value - mean).collect();
        [
            graph.solve(&current, &solve).unwrap().values,
            chain.solve(&current, &solve).unwrap().values,
            chain.solve_transpose(&observable, &solve).unwrap().values,
            first,
        ]
    };
    let one = results(Threads::One);
    for threads in [Threads::Count(2), Threads::Count(5), Threads::Shared] {
        assert!(results(threads) == one, "{threads:?}");
    }
}

#[test]
fn scaling_all_weights_by_a_power_of_two_scales_results_exactly() {
    let edges = torus(12);
    let mut stream = Stream(29);
    let (forward, backward) = (
        stream.magnitudes(edges.len(), 10.0),
        stream.magnitudes(edges.len(), 10.0),
    );
    let current = balanced(stream.vector(144));
    let plan = plan(144, &edges);
    let chain = plan.generator(&forward, &backward, Threads::One).unwrap();
    let psi = plan
        .laplacian(&forward, Threads::One)
        .unwrap()
        .solve(&current, &SolveOptions::default())
        .unwrap();
    for power in [-980, -500, 0, 500, 1000] {
        let factor = 2f64.powi(power);
        let scaled = |values: &[f64]| values.iter().map(|value| value * factor).collect::<Vec<_>>();
        let other = plan
            .generator(&scaled(&forward), &scaled(&backward), Threads::One)
            .unwrap();
        assert_eq!(other.stationary_distribution(), chain.stationary_distribution());
        // Tiny conductances together with tiny currents, so that the potential itself stays in range.
        let graph = plan.laplacian(&scaled(&forward), Threads::One).unwrap();
        let found = graph.solve(&scaled(&current), &SolveOptions::default()).unwrap();
        assert_close(&found.values, &psi.values, 1e6 * EPSILON);
        if power > -900 {
            assert_eq!(found.values, psi.values);
        }
    }
}

#[test]
fn the_two_singular_solutions_are_adjoint() {
    let edges = torus(15);
    let mut stream = Stream(31);
    let (forward, backward) = (
        stream.magnitudes(edges.len(), 2.0),
        stream.magnitudes(edges.len(), 2.0),
    );
    let chain = plan(225, &edges)
        .generator(&forward, &backward, Threads::One)
        .unwrap();
    let pi = chain.stationary_distribution();
    let source = balanced(stream.vector(225));
    let mut observable = stream.vector(225);
    let mean: f64 = observable.iter().zip(pi).map(|(a, b)| a * b).sum();
    observable.iter_mut().for_each(|value| *value -= mean);
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let y = chain.solve(&source, &SolveOptions::default()).unwrap();
    let z = chain
        .solve_transpose(&observable, &SolveOptions::default())
        .unwrap();
    let (left, right) = (dot(&observable, &y.values), dot(&z.values, &source));
    let size = dot(
        &observable.iter().map(|v| v.abs()).collect::<Vec<_>>(),
        &y.values.iter().map(|v| v.abs()).collect::<Vec<_>>(),
    );
    assert!((left - right).abs() < 1e4 * EPSILON * size, "{left} {right}");
    assert!(y.values.iter().sum::<f64>().abs() < 1e3 * EPSILON * largest(&y.values));
    assert!(dot(pi, &z.values).abs() < 1e3 * EPSILON * largest(&z.values));
    assert!(y.relative_residual < 1e3 * EPSILON && z.relative_residual < 1e3 * EPSILON);
    assert!(chain.stationary_imbalance() < 64.0 * EPSILON);
}

#[test]
fn all_orderings_give_the_same_potential() {
    let edges = grid(25);
    let mut stream = Stream(37);
    let conductances = stream.magnitudes(edges.len(), 2.0);
    let current = balanced(stream.vector(625));
    let potential = |ordering| {
        let graph = plan_with(625, &edges, ordering)
            .laplacian(&conductances, Threads::One)
            .unwrap();
        graph.solve(&current, &SolveOptions::default()).unwrap().values
    };
    let first = potential(Ordering::Automatic);
    for ordering in [
        Ordering::Natural,
        Ordering::MinimumDegree,
        Ordering::NestedDissection,
    ] {
        assert_close(&potential(ordering), &first, 1e4 * EPSILON);
    }
}

#[test]
fn nested_dissection_saves_work_and_the_plan_predicts_it() {
    let edges = grid(100);
    let [natural, dissected] =
        [Ordering::Natural, Ordering::NestedDissection].map(|o| plan_with(10_000, &edges, o));
    assert!(dissected.laplacian_operations() < natural.laplacian_operations() / 4.0);
    assert!(dissected.laplacian_bytes() < natural.laplacian_bytes());
    assert!(dissected.generator_bytes() > dissected.laplacian_bytes());
    assert!(dissected.generator_working_bytes() == 2 * dissected.laplacian_working_bytes());
    assert!(dissected.bytes() > 8 * edges.len());
    // On a path every elimination order that starts at the ends has one update per node.
    let simple = plan_with(1_000, &path(1_000), Ordering::Natural);
    assert!(simple.laplacian_operations() < 1e6);
}

// ---- shapes that strain the tree ------------------------------------------------------------------------

#[test]
fn a_long_path_and_a_large_star_are_no_trouble() {
    let nodes = 200_000;
    let star: Edges = (1..nodes).map(|leaf| (0, leaf)).collect();
    for edges in [path(nodes), star] {
        for ordering in [Ordering::Natural, Ordering::Automatic] {
            // In natural order the star fills completely, which is the user's choice to make.
            if edges[1].0 == 0 && ordering == Ordering::Natural {
                continue;
            }
            let plan = plan_with(nodes, &edges, ordering);
            let graph = plan.laplacian(&vec![1.0; edges.len()], Threads::Shared).unwrap();
            let mut current = vec![0.0; nodes];
            (current[1], current[nodes - 1]) = (-1.0, 1.0);
            let psi = graph.solve(&current, &SolveOptions::default()).unwrap().values;
            let resistance = if edges[1].0 == 0 { 2.0 } else { (nodes - 2) as f64 };
            let error = (psi[nodes - 1] - psi[1] - resistance).abs();
            assert!(error < 4.0 * nodes as f64 * EPSILON * resistance, "{error}");
        }
    }
}

#[test]
fn many_components_of_all_sizes_are_eliminated_together() {
    let mut edges = Edges::new();
    let mut nodes = 0;
    let mut components = 0;
    for side in [1, 40, 2, 25, 3, 1, 30, 20, 20, 5, 1] {
        edges.extend(
            grid(side)
                .into_iter()
                .map(|(tail, head)| (tail + nodes, head + nodes)),
        );
        nodes += side * side;
        components += 1;
    }
    let mut stream = Stream(43);
    let conductances = stream.magnitudes(edges.len(), 3.0);
    let mut current = vec![0.0; nodes];
    for &(tail, head) in &edges {
        let flow = stream.uniform() - 0.5;
        current[head] += flow;
        current[tail] -= flow;
    }
    for ordering in [
        Ordering::Automatic,
        Ordering::NestedDissection,
        Ordering::MinimumDegree,
    ] {
        let graph = plan_with(nodes, &edges, ordering)
            .laplacian(&conductances, Threads::Shared)
            .unwrap();
        assert_eq!(graph.component_count(), components);
        let solution = graph.solve(&current, &SolveOptions::default()).unwrap();
        assert!(solution.relative_residual < 1e3 * EPSILON);
    }
}

#[test]
fn every_ordering_copes_with_tiny_graphs() {
    for ordering in [
        Ordering::Automatic,
        Ordering::Natural,
        Ordering::MinimumDegree,
        Ordering::NestedDissection,
    ] {
        for nodes in 0..4 {
            let edges = if nodes == 0 { Edges::new() } else { path(nodes) };
            let graph = plan_with(nodes, &edges, ordering)
                .laplacian(&vec![1.0; edges.len()], Threads::One)
                .unwrap();
            assert_eq!(graph.component_count(), nodes.min(1));
        }
    }
}

#[test]
fn an_expander_and_a_hypercube_are_eliminated_correctly() {
    let nodes = 4096;
    let cube: Edges = (0..nodes)
        .flat_map(|v| (0..12).map(move |bit| (v, v | 1 << bit)))
        .filter(|(v, u)| v != u)
        .collect();
    let mut stream = Stream(41);
    let mut random = ring(nodes);
    random.extend((0..nodes).map(|v| (v, (v + 2 + (stream.uniform() * 4000.0) as usize) % nodes)));
    for edges in [cube, random] {
        let conductances = stream.magnitudes(edges.len(), 2.0);
        let current = balanced(stream.vector(nodes));
        let graph = plan(nodes, &edges)
            .laplacian(&conductances, Threads::Shared)
            .unwrap();
        let solution = graph.solve(&current, &SolveOptions::default()).unwrap();
        assert!(solution.relative_residual < 1e3 * EPSILON);
    }
}

// ---- components and absent edges ------------------------------------------------------------------------

#[test]
fn each_component_has_its_own_gauge() {
    // A path 0-1-2, an isolated node 3, a pair 4-5.
    let edges = [(0, 1), (1, 2), (5, 4)];
    let graph = plan(6, &edges).laplacian(&[1.0, 1.0, 4.0], Threads::One).unwrap();
    assert_eq!(graph.component_count(), 3);
    assert_eq!(graph.component_labels(), [0, 0, 0, 1, 2, 2]);
    let solution = graph
        .solve(&[1.0, 0.0, -1.0, 0.0, 2.0, -2.0], &SolveOptions::default())
        .unwrap();
    assert_close(
        &solution.values,
        &[1.0, 0.0, -1.0, 0.0, 0.25, -0.25],
        4.0 * EPSILON,
    );
    let error = graph
        .solve(&[1.0, 0.0, -1.0, 0.5, 0.0, 0.0], &SolveOptions::default())
        .unwrap_err();
    assert!(
        matches!(error, EliminationError::Unbalanced { node: 3, .. }),
        "{error}"
    );
    let error = graph
        .solve(&[1.0, 0.0, -0.5, 0.0, 0.0, -0.5], &SolveOptions::default())
        .unwrap_err();
    assert!(
        matches!(error, EliminationError::Unbalanced { node: 0, .. }),
        "{error}"
    );
}

#[test]
fn a_zero_conductance_disconnects_and_parallel_edges_add() {
    let edges = [(0, 1), (1, 2), (2, 3), (3, 2)];
    let plan = plan(4, &edges);
    let graph = plan.laplacian(&[1.0, 0.0, 1.0, 3.0], Threads::One).unwrap();
    assert_eq!(graph.component_labels(), [0, 0, 1, 1]);
    let solution = graph
        .solve(&[1.0, -1.0, -2.0, 2.0], &SolveOptions::default())
        .unwrap();
    assert_close(&solution.values, &[0.5, -0.5, -0.25, 0.25], 4.0 * EPSILON);
    assert_eq!(plan.components(), 1);
    let connected = plan.laplacian(&[1.0, 1.0, 1.0, 3.0], Threads::One).unwrap();
    assert_eq!(connected.component_count(), 1);
}

#[test]
fn an_imbalance_within_the_tolerance_is_removed_and_reported() {
    let graph = plan(2, &[(0, 1)]).laplacian(&[1.0], Threads::One).unwrap();
    let solution = graph
        .solve(&[-1.0, 1.0 + 4e-9], &SolveOptions::default())
        .unwrap();
    assert!((solution.imbalance - 2e-9).abs() < 1e-15);
    let options = SolveOptions {
        imbalance_tolerance: 1.0,
        ..Default::default()
    };
    let solution = graph.solve(&[0.0, 1.0], &options).unwrap();
    assert_eq!((solution.imbalance, solution.values), (1.0, vec![-0.25, 0.25]));
}

#[test]
fn graphs_without_edges_or_nodes_have_trivial_answers() {
    for nodes in [0, 1, 5, 100] {
        let graph = plan(nodes, &[]).laplacian(&[], Threads::One).unwrap();
        assert_eq!(graph.component_count(), nodes);
        let solution = graph.solve(&vec![0.0; nodes], &SolveOptions::default()).unwrap();
        assert_eq!(
            (solution.values, solution.relative_residual),
            (vec![0.0; nodes], 0.0)
        );
    }
    let single = plan(1, &[]).generator(&[], &[], Threads::One).unwrap();
    assert_eq!(single.stationary_distribution(), [1.0]);
    assert_eq!(
        single.solve(&[0.0], &SolveOptions::default()).unwrap().values,
        [0.0]
    );
    assert!(
        plan(0, &[])
            .generator(&[], &[], Threads::One)
            .unwrap()
            .stationary_distribution()
            .is_empty()
    );
}

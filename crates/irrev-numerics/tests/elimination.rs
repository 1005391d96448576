//! Elimination of weighted graphs and Markov chains: limits, laws, references, properties, edge cases.

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use irrev_numerics::elimination::{
    EliminationError, EliminationPlan, Ordering, PlanOptions, ReducibleDefect, SolveOptions, Threads,
};
use proptest::prelude::*;

const EPSILON: f64 = f64::EPSILON;

type Edges = Vec<(usize, usize)>;

fn plan(nodes: usize, edges: &[(usize, usize)]) -> EliminationPlan {
    EliminationPlan::new(nodes, edges, &PlanOptions::default()).unwrap()
}

fn plan_with(nodes: usize, edges: &[(usize, usize)], ordering: Ordering) -> EliminationPlan {
    EliminationPlan::new(
        nodes,
        edges,
        &PlanOptions {
            ordering,
            ..Default::default()
        },
    )
    .unwrap()
}

fn path(nodes: usize) -> Edges {
    (1..nodes).map(|node| (node - 1, node)).collect()
}

fn ring(nodes: usize) -> Edges {
    (0..nodes).map(|node| (node, (node + 1) % nodes)).collect()
}

fn torus(side: usize) -> Edges {
    let node = |x: usize, y: usize| (x % side) * side + y % side;
    (0..side * side)
        .flat_map(|at| {
            let (x, y) = (at / side, at % side);
            [(at, node(x, y + 1)), (at, node(x + 1, y))]
        })
        .collect()
}

fn grid(side: usize) -> Edges {
    torus(side)
        .into_iter()
        .filter(|(tail, head)| head > tail && (head - tail == 1 || head - tail == side))
        .collect()
}

/// A small random stream (xorshift), so that larger inputs need no proptest.
struct Stream(u64);

impl Stream {
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// 10^x with x uniform over `decades` decades around 1.
    fn magnitude(&mut self, decades: f64) -> f64 {
        10f64.powf(decades * (self.uniform() - 0.5))
    }

    fn vector(&mut self, length: usize) -> Vec<f64> {
        (0..length).map(|_| self.uniform() - 0.5).collect()
    }

    fn magnitudes(&mut self, length: usize, decades: f64) -> Vec<f64> {
        (0..length).map(|_| self.magnitude(decades)).collect()
    }

    fn permutation(&mut self, length: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..length).collect();
        for last in (1..length).rev() {
            order.swap(last, (self.uniform() * (last + 1) as f64) as usize);
        }
        order
    }
}

fn balanced(mut values: Vec<f64>) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter_mut().for_each(|value| *value -= mean);
    values
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, value| most.max(value.abs()))
}

fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    let scale = largest(expected);
    for (node, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= tolerance * scale, "node {node}: {a} against {b}");
    }
}

/// Largest relative difference of two positive vectors.
fn componentwise(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    found
        .iter()
        .zip(expected)
        .map(|(a, b)| if a == b { 0.0 } else { (a / b - 1.0).abs() })
        .fold(0.0, f64::max)
}

/// Numbers of twice the precision, as unevaluated sums; positive operands only, so errors are of order ε².
#[derive(Clone, Copy, Default)]
struct Double(f64, f64);

impl Double {
    fn renormalised(high: f64, low: f64) -> Self {
        let sum = high + low;
        Self(sum, low - (sum - high))
    }

    fn plus(self, other: Self) -> Self {
        let sum = self.0 + other.0;
        let shadow = sum - self.0;
        let error = (self.0 - (sum - shadow)) + (other.0 - shadow);
        Self::renormalised(sum, error + self.1 + other.1)
    }

    fn times(self, other: Self) -> Self {
        let product = self.0 * other.0;
        let error = self.0.mul_add(other.0, -product);
        Self::renormalised(product, error + self.0 * other.1 + self.1 * other.0)
    }

    fn over(self, other: Self) -> Self {
        let quotient = self.0 / other.0;
        let part = Self(quotient, 0.0).times(other);
        let rest = ((self.0 - part.0) - part.1) + self.1;
        Self::renormalised(quotient, rest / other.0)
    }
}

/// Stationary distribution by dense Grassmann-Taksar-Heyman elimination from the last state down, in twice
/// the precision. `rate[x][y]` leads from x to y.
fn reference_distribution(
    nodes: usize,
    edges: &[(usize, usize)],
    forward: &[f64],
    backward: &[f64],
) -> Vec<f64> {
    let mut rate = vec![vec![Double::default(); nodes]; nodes];
    for (edge, &(tail, head)) in edges.iter().enumerate() {
        rate[tail][head] = rate[tail][head].plus(Double(forward[edge], 0.0));
        rate[head][tail] = rate[head][tail].plus(Double(backward[edge], 0.0));
    }
    let mut outflow = vec![Double::default(); nodes];
    for s in (1..nodes).rev() {
        let (rest, eliminated) = rate.split_at_mut(s);
        let targets: Vec<usize> = (0..s).filter(|&v| eliminated[0][v].0 > 0.0).collect();
        outflow[s] = targets
            .iter()
            .fold(Double::default(), |sum, &v| sum.plus(eliminated[0][v]));
        for row in rest.iter_mut().filter(|row| row[s].0 > 0.0) {
            let share = row[s].over(outflow[s]);
            for &v in &targets {
                row[v] = row[v].plus(share.times(eliminated[0][v]));
            }
        }
    }
    let mut weight = vec![Double(1.0, 0.0)];
    for s in 1..nodes {
        let inflow = (0..s).fold(Double::default(), |sum, u| sum.plus(weight[u].times(rate[u][s])));
        weight.push(inflow.over(outflow[s]));
    }
    let total = weight.iter().fold(Double::default(), |sum, &w| sum.plus(w));
    weight.iter().map(|w| w.over(total).0).collect()
}

// ---- analytic limits ------------------------------------------------------------------------------------

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

// ---- errors ---------------------------------------------------------------------------------------------

#[test]
fn faulty_edges_and_weights_are_named() {
    let new = |edges: &[(usize, usize)]| EliminationPlan::new(3, edges, &PlanOptions::default()).unwrap_err();
    assert_eq!(
        new(&[(0, 1), (1, 3)]),
        EliminationError::NodeOutOfRange {
            edge: 1,
            node: 3,
            nodes: 3
        }
    );
    assert_eq!(
        new(&[(0, 1), (2, 2)]),
        EliminationError::SelfLoop { edge: 1, node: 2 }
    );
    let plan = plan(3, &[(0, 1), (1, 2)]);
    for value in [-1.0, f64::INFINITY, f64::NAN] {
        let error = plan.laplacian(&[1.0, value], Threads::One).unwrap_err();
        assert!(matches!(
            error,
            EliminationError::InvalidWeight {
                edge: 1,
                what: "conductance",
                ..
            }
        ));
        let error = plan
            .generator(&[1.0, 1.0], &[value, 1.0], Threads::One)
            .unwrap_err();
        assert!(matches!(
            error,
            EliminationError::InvalidWeight {
                edge: 0,
                what: "backward rate",
                ..
            }
        ));
    }
    let error = plan.laplacian(&[1.0], Threads::One).unwrap_err();
    assert_eq!(
        error,
        EliminationError::Length {
            what: "conductance",
            expected: 2,
            found: 1
        }
    );
    let error = plan.laplacian(&[1e-200, 1e200], Threads::One).unwrap_err();
    assert!(
        matches!(error, EliminationError::RangeTooWide { edge: 0, .. }),
        "{error}"
    );
    let graph = plan.laplacian(&[1.0, 1.0], Threads::One).unwrap();
    let error = graph
        .solve(&[0.0, f64::NAN, 0.0], &SolveOptions::default())
        .unwrap_err();
    assert!(matches!(
        error,
        EliminationError::InvalidRightHandSide { node: 1, .. }
    ));
    let error = graph.solve(&[0.0], &SolveOptions::default()).unwrap_err();
    assert_eq!(
        error,
        EliminationError::Length {
            what: "right-hand side",
            expected: 3,
            found: 1
        }
    );
}

#[test]
fn solutions_beyond_double_precision_are_an_error() {
    let graph = plan(2, &[(0, 1)]).laplacian(&[1e-300], Threads::One).unwrap();
    let error = graph
        .solve(&[-1e100, 1e100], &SolveOptions::default())
        .unwrap_err();
    assert!(matches!(error, EliminationError::Overflow { .. }), "{error}");
    let solution = graph.solve(&[-1e-300, 1e-300], &SolveOptions::default()).unwrap();
    assert_close(&solution.values, &[-0.5, 0.5], 4.0 * EPSILON);
}

#[test]
fn effective_rates_below_double_precision_are_an_error() {
    // State 0 lies between 1 and 2 and falls back to 1 nearly always: 1 → 2 happens at rate 1e-180 · 1e-370.
    let plan = plan_with(3, &[(1, 0), (0, 2)], Ordering::Natural);
    let error = plan
        .generator(&[1e-180, 1e-180], &[1e190, 1e190], Threads::One)
        .unwrap_err();
    assert_eq!(error, EliminationError::Underflow { node: 1 });
    // Over fewer decades it is a number like others: detailed balance gives p1 : p0 : p2 = 1 : 1e-200 : 1e-200.
    let chain = plan
        .generator(&[1e-100, 1.0], &[1e100, 1.0], Threads::One)
        .unwrap();
    assert!(componentwise(chain.stationary_distribution(), &[1e-200, 1.0, 1e-200]) < 8.0 * EPSILON);
}

#[test]
fn a_distribution_over_500_decades_keeps_what_double_precision_can_hold() {
    // Uphill from the last state eliminated, each step a factor 1e-50; the largest stays one.
    let nodes = 11;
    for reversed in [false, true] {
        let (forward, backward) = if reversed { (1.0, 1e-50) } else { (1e-50, 1.0) };
        let chain = plan_with(nodes, &path(nodes), Ordering::Natural)
            .generator(
                &vec![forward; nodes - 1],
                &vec![backward; nodes - 1],
                Threads::One,
            )
            .unwrap();
        for (node, &p) in chain.stationary_distribution().iter().enumerate() {
            let steps = if reversed { nodes - 1 - node } else { node };
            let expected = 10f64.powi(-50 * steps as i32);
            if steps <= 5 {
                assert!((p / expected - 1.0).abs() < 1e-13, "{node}: {p}");
            } else {
                assert!(p <= 1.000_1e-300);
            }
        }
    }
}

#[test]
fn reducible_generators_are_refused_with_a_state_that_shows_it() {
    // One way only.
    let error = plan(2, &[(0, 1)])
        .generator(&[1.0], &[0.0], Threads::One)
        .unwrap_err();
    assert_eq!(
        error,
        EliminationError::Reducible {
            state: 1,
            defect: ReducibleDefect::NoWayOut
        }
    );
    let error = plan(2, &[(0, 1)])
        .generator(&[0.0], &[1.0], Threads::One)
        .unwrap_err();
    assert_eq!(
        error,
        EliminationError::Reducible {
            state: 1,
            defect: ReducibleDefect::NoWayIn
        }
    );
    // Two parts.
    let error = plan(4, &[(0, 1), (2, 3)])
        .generator(&[1.0; 2], &[1.0; 2], Threads::One)
        .unwrap_err();
    assert!(matches!(error, EliminationError::Reducible { .. }), "{error}");
    // A ring of one-way edges communicates.
    let one_way = plan(100, &ring(100))
        .generator(&[2.0; 100], &[0.0; 100], Threads::One)
        .unwrap();
    assert!(componentwise(one_way.stationary_distribution(), &[0.01; 100]) < 1e3 * EPSILON);
    // Large graphs find it too.
    let side = 60;
    let edges = torus(side);
    let mut forward = vec![1.0; edges.len()];
    let mut backward = vec![1.0; edges.len()];
    for (edge, &(tail, head)) in edges.iter().enumerate() {
        if tail == 1234 {
            forward[edge] = 0.0;
        }
        if head == 1234 {
            backward[edge] = 0.0;
        }
    }
    let error = plan(side * side, &edges)
        .generator(&forward, &backward, Threads::One)
        .unwrap_err();
    assert!(matches!(error, EliminationError::Reducible { .. }), "{error}");
}

// ---- properties -----------------------------------------------------------------------------------------

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

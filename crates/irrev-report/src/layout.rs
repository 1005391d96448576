//! Places of the nodes in a network figure: from the graph alone, the same on every run.
//!
//! Rings of any size and small networks with a cycle stand on a circle. Others minimise the stress
//! Σ_{i<j} d_ij⁻² (|x_i − x_j| − d_ij)² of graph distances d_ij by majorisation, which lowers it in every
//! step, beginning from classical scaling of the squared distances. Components are placed side by side.
//!
//! Sources: Gansner, Koren and North, Graph Drawing 2004, 239 (stress majorisation); Torgerson,
//! Psychometrika 17, 401 (1952) (classical scaling).

use crate::Network;
use std::collections::VecDeque;
use std::f64::consts::TAU;

/// Largest network with a cycle that stands on a circle without being a ring.
const SMALL: usize = 8;
/// Most steps of majorisation; fewer once a step lowers the stress by less than one part in 10⁴.
const STEPS: usize = 250;
/// Most pairs of nodes visited by all steps together: some 0.1 s.
const PAIRS: usize = 10_000_000;
/// Steps of power iteration for the initial places, which need two digits only.
const POWER_STEPS: usize = 60;

/// Places of the nodes within the box −1…1 on both axes, in node order; y points up.
///
/// Places given with all nodes are used as they are, only moved and scaled alike. Deterministic.
/// Cost O(nodes · edges + steps · nodes²).
///
/// ```
/// use irrev_report::{Axis, Network, NetworkEdge, NetworkNode, network_layout};
/// let mut network = Network::new(Axis::new("entropy production rate", "nats/time"));
/// network.nodes.extend(["A", "B", "C"].map(|label| NetworkNode::new(label, 1.0 / 3.0)));
/// network.edges.extend((0..3).map(|i| NetworkEdge::new(i, (i + 1) % 3, "", 0.1, 0.1)));
/// let places = network_layout(&network);
/// assert!(places[0][0].abs() < 1e-12 && places[0][1] > places[1][1]);   // the first node of a ring is on top
/// ```
pub fn network_layout(network: &Network) -> Vec<[f64; 2]> {
    let given: Option<Vec<[f64; 2]>> = network.nodes.iter().map(|node| node.position).collect();
    match given {
        Some(places) if places.iter().flatten().all(|value| value.is_finite()) => fitted(places),
        _ => fitted(computed(network)),
    }
}

fn computed(network: &Network) -> Vec<[f64; 2]> {
    let neighbours = neighbours(network);
    let mut places = vec![[0.0; 2]; neighbours.len()];
    let components = components(&neighbours);
    // Components stand in rows about as wide as all of them are high.
    let row_width = 1.6
        * components
            .iter()
            .map(|nodes| side(nodes.len()).powi(2))
            .sum::<f64>()
            .sqrt();
    let (mut left, mut top, mut row_height) = (0.0, 0.0, 0.0_f64);
    for nodes in &components {
        let side = side(nodes.len());
        if left > 0.0 && left + side > row_width {
            (left, top, row_height) = (0.0, top - row_height, 0.0);
        }
        let local = fitted(connected(nodes, &neighbours));
        let reach = 0.5 * (side - 1.0).max(0.0);
        for (&node, place) in nodes.iter().zip(local) {
            places[node] = [
                left + 0.5 * side + reach * place[0],
                top - 0.5 * side + reach * place[1],
            ];
        }
        left += side;
        row_height = row_height.max(side);
    }
    places
}

/// Side of the square that a component of `nodes` nodes gets, in typical edge lengths.
fn side(nodes: usize) -> f64 {
    1.0 + (nodes as f64).sqrt()
}

/// Distinct neighbours of each node, in increasing order, without the node itself.
fn neighbours(network: &Network) -> Vec<Vec<usize>> {
    let mut neighbours = vec![Vec::new(); network.nodes.len()];
    for edge in network.edges.iter().filter(|edge| edge.from != edge.to) {
        if edge.from < neighbours.len() && edge.to < neighbours.len() {
            neighbours[edge.from].push(edge.to);
            neighbours[edge.to].push(edge.from);
        }
    }
    for list in &mut neighbours {
        list.sort_unstable();
        list.dedup();
    }
    neighbours
}

/// Connected components, each in increasing node order, by their first node.
fn components(neighbours: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut seen = vec![false; neighbours.len()];
    let mut components = Vec::new();
    for start in 0..neighbours.len() {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        let mut nodes = vec![start];
        let mut next = 0;
        while next < nodes.len() {
            for &neighbour in &neighbours[nodes[next]] {
                if !seen[neighbour] {
                    seen[neighbour] = true;
                    nodes.push(neighbour);
                }
            }
            next += 1;
        }
        nodes.sort_unstable();
        components.push(nodes);
    }
    components
}

/// Places of one connected component.
fn connected(nodes: &[usize], neighbours: &[Vec<usize>]) -> Vec<[f64; 2]> {
    match nodes.len() {
        0 | 1 => vec![[0.0; 2]; nodes.len()],
        2 => vec![[-1.0, 0.0], [1.0, 0.0]],
        count => {
            if let Some(order) = ring_order(nodes, neighbours) {
                return on_circle(nodes, &order);
            }
            let edges: usize = nodes.iter().map(|&node| neighbours[node].len()).sum::<usize>() / 2;
            if count <= SMALL && edges >= count {
                on_circle(nodes, nodes)
            } else {
                stress(nodes, neighbours)
            }
        }
    }
}

/// The nodes in walking order if they form one ring.
fn ring_order(nodes: &[usize], neighbours: &[Vec<usize>]) -> Option<Vec<usize>> {
    if nodes.iter().any(|&node| neighbours[node].len() != 2) {
        return None;
    }
    // Walk off towards the lower neighbour, so that 0 → 1 → 2 … goes clockwise.
    let start = nodes[0];
    let mut order = vec![start];
    let (mut previous, mut current) = (start, neighbours[start][0]);
    while current != start {
        order.push(current);
        let [one, other] = [neighbours[current][0], neighbours[current][1]];
        (previous, current) = (current, if one == previous { other } else { one });
    }
    Some(order)
}

/// Places on a circle, the first of `order` on top, then clockwise; returned in the order of `nodes`.
fn on_circle(nodes: &[usize], order: &[usize]) -> Vec<[f64; 2]> {
    let mut places = vec![[0.0; 2]; nodes.len()];
    for (turn, node) in order.iter().enumerate() {
        let angle = TAU * turn as f64 / order.len() as f64;
        if let Ok(index) = nodes.binary_search(node) {
            places[index] = [angle.sin(), angle.cos()];
        }
    }
    places
}

/// Graph distances between the nodes of one component, row by row.
fn distances(nodes: &[usize], neighbours: &[Vec<usize>]) -> Vec<f64> {
    let count = nodes.len();
    let mut distances = vec![f64::INFINITY; count * count];
    let mut queue = VecDeque::new();
    for source in 0..count {
        let row = &mut distances[source * count..(source + 1) * count];
        row[source] = 0.0;
        queue.push_back(source);
        while let Some(at) = queue.pop_front() {
            for neighbour in &neighbours[nodes[at]] {
                if let Ok(index) = nodes.binary_search(neighbour)
                    && row[index].is_infinite()
                {
                    row[index] = row[at] + 1.0;
                    queue.push_back(index);
                }
            }
        }
    }
    distances
}

/// Stress majorisation with weights d⁻²: each node moves to the mean of where the others want it.
fn stress(nodes: &[usize], neighbours: &[Vec<usize>]) -> Vec<[f64; 2]> {
    let count = nodes.len();
    let distances = distances(nodes, neighbours);
    let mut places = classical_scaling(&distances, count);
    let mut last = f64::INFINITY;
    for _ in 0..STEPS.min(PAIRS / (count * count)).max(20) {
        let mut current = 0.0;
        for node in 0..count {
            let here = places[node];
            let (mut sum, mut weights) = ([0.0; 2], 0.0);
            for (other, place) in places.iter().enumerate() {
                if other == node {
                    continue;
                }
                let target = distances[node * count + other];
                let weight = 1.0 / (target * target);
                let [dx, dy] = [here[0] - place[0], here[1] - place[1]];
                // Places are of order one, so that the squares cannot overflow.
                let length = (dx * dx + dy * dy).sqrt().max(1e-9);
                sum[0] += weight * (place[0] + target * dx / length);
                sum[1] += weight * (place[1] + target * dy / length);
                weights += weight;
                current += weight * (length - target).powi(2);
            }
            places[node] = [sum[0] / weights, sum[1] / weights];
        }
        if last - current < 1e-4 * current {
            break;
        }
        last = current;
    }
    places
}

/// The two leading eigenvectors of the doubly centred matrix −d²/2, scaled by the roots of their eigenvalues.
fn classical_scaling(distances: &[f64], count: usize) -> Vec<[f64; 2]> {
    let squares: Vec<f64> = distances.iter().map(|distance| distance * distance).collect();
    let means: Vec<f64> = squares
        .chunks(count)
        .map(|row| row.iter().sum::<f64>() / count as f64)
        .collect();
    let mean = means.iter().sum::<f64>() / count as f64;
    let inner = |row: usize, column: usize| {
        -0.5 * (squares[row * count + column] - means[row] - means[column] + mean)
    };
    let mut axes: Vec<Vec<f64>> = Vec::new();
    for axis in 0..2 {
        // A start without symmetry, so that no leading vector is orthogonal to it.
        let mut vector: Vec<f64> = (0..count)
            .map(|node| ((node + 1) as f64 * (1.0 + axis as f64) * 0.754_877_666).fract() - 0.5)
            .collect();
        let mut length = 0.0;
        for _ in 0..POWER_STEPS {
            let mut image: Vec<f64> = (0..count)
                .map(|row| {
                    vector
                        .iter()
                        .enumerate()
                        .map(|(column, value)| inner(row, column) * value)
                        .sum()
                })
                .collect();
            if let Some(first) = axes.first() {
                let norm: f64 = first.iter().map(|value| value * value).sum();
                let part: f64 = first.iter().zip(&image).map(|(one, other)| one * other).sum();
                image
                    .iter_mut()
                    .zip(first)
                    .for_each(|(value, other)| *value -= part / norm.max(1e-300) * other);
            }
            length = image.iter().map(|value| value * value).sum::<f64>().sqrt();
            vector = image.iter().map(|value| value / length.max(1e-300)).collect();
        }
        vector.iter_mut().for_each(|value| *value *= length.sqrt());
        axes.push(vector);
    }
    // Nodes with equal distances to all others coincide; a small spiral of golden angles parts them.
    (0..count)
        .map(|node| {
            let angle = node as f64 * 2.399_963_229_728_653;
            [
                axes[0][node] + 0.05 * angle.cos(),
                axes[1][node] + 0.05 * angle.sin(),
            ]
        })
        .collect()
}

/// Moves and scales the places, both axes alike, into the box −1…1.
fn fitted(mut places: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    let bounds = |axis: usize| {
        places
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), place| {
                (low.min(place[axis]), high.max(place[axis]))
            })
    };
    let ((left, right), (bottom, top)) = (bounds(0), bounds(1));
    let reach = (0.5 * (right - left)).max(0.5 * (top - bottom));
    if !(reach.is_finite() && reach > 0.0) {
        places.fill([0.0; 2]);
        return places;
    }
    for place in &mut places {
        *place = [
            (place[0] - 0.5 * (left + right)) / reach,
            (place[1] - 0.5 * (bottom + top)) / reach,
        ];
    }
    places
}

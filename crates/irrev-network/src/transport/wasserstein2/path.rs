//! A path between two states, as polynomials on the elements of a time mesh.

use super::mesh::TimeMesh;

/// States with less than this part of an even share bend the first path,
const SCARCE: f64 = 1e-2;

/// which half way then holds this part of the uniform distribution, times the total variation between the ends: so far does a path reach.
const BEND: f64 = 0.3;

/// States at the nodes of a mesh; the first and the last are the ends and stay.
#[derive(Debug, Clone)]
pub(crate) struct DiscretePath {
    pub(crate) mesh: TimeMesh,
    pub(crate) nodes: Vec<Vec<f64>>,
}

impl DiscretePath {
    /// The straight path; where an end has hardly any probability in some state, bent towards the uniform distribution, which fills the states on
    /// the way.
    pub(crate) fn first(mesh: TimeMesh, from: &[f64], to: &[f64]) -> Self {
        let even = from.iter().sum::<f64>() / from.len() as f64;
        let lowest = from.iter().chain(to).fold(f64::INFINITY, |low, x| low.min(*x));
        let moved = 0.5 * from.iter().zip(to).map(|(a, b)| (a - b).abs()).sum::<f64>();
        let part = moved / (even * from.len() as f64);
        let bend = if lowest < SCARCE * even { BEND * part } else { 0.0 };
        let nodes = (0..mesh.nodes())
            .map(|node| {
                let s = mesh.node_time(node);
                let part = 4.0 * s * (1.0 - s) * bend;
                let ends = from.iter().zip(to);
                ends.map(|(a, b)| (1.0 - part) * ((1.0 - s) * a + s * b) + part * even)
                    .collect()
            })
            .collect();
        Self { mesh, nodes }
    }

    /// The path from its last state to its first.
    pub(crate) fn reversed(mut self) -> Self {
        self.nodes.reverse();
        self.mesh.ends.reverse();
        self.mesh.ends.iter_mut().for_each(|end| *end = 1.0 - *end);
        self
    }

    /// The path moved so that it has other ends, each shift fading towards the other end; `None` if it leaves the positive states.
    pub(crate) fn led(&self, from: &[f64], to: &[f64]) -> Option<Self> {
        let last = self.nodes.len() - 1;
        let (first_end, last_end) = (&self.nodes[0], &self.nodes[last]);
        let mut led = self.clone();
        for (node, state) in led.nodes.iter_mut().enumerate() {
            let t = self.mesh.node_time(node);
            for (i, x) in state.iter_mut().enumerate() {
                *x += (1.0 - t) * (from[i] - first_end[i]) + t * (to[i] - last_end[i]);
            }
        }
        led.nodes[0].copy_from_slice(from);
        led.nodes[last].copy_from_slice(to);
        let positive = led.nodes.iter().flatten().all(|x| *x > 0.0) && led.lowest_at_points() > 0.0;
        positive.then_some(led)
    }

    /// The path prolonged by straight pieces to new ends, which take the given parts of the time; none where the part is zero.
    pub(crate) fn prolonged(&self, from: &[f64], to: &[f64], parts: (f64, f64)) -> Self {
        let scale = 1.0 / (1.0 + parts.0 + parts.1);
        let mut mesh = self.mesh.clone();
        for end in &mut mesh.ends {
            *end = scale * (parts.0 + *end);
        }
        let mut nodes = self.nodes.clone();
        let straight = |a: &[f64], b: &[f64]| -> Vec<Vec<f64>> {
            (0..=mesh.basis.degree)
                .map(|j| {
                    let s = mesh.basis.node(j);
                    a.iter().zip(b).map(|(a, b)| (1.0 - s) * a + s * b).collect()
                })
                .collect()
        };
        if parts.0 > 0.0 {
            let mut piece = straight(from, &nodes[0]);
            piece.pop();
            nodes.splice(0..0, piece);
            mesh.ends.insert(0, 0.0);
        }
        if parts.1 > 0.0 {
            let piece = straight(&nodes[nodes.len() - 1], to);
            nodes.extend(piece.into_iter().skip(1));
            mesh.ends.push(1.0);
        }
        let last = (mesh.ends.len() - 1, nodes.len() - 1);
        (mesh.ends[0], mesh.ends[last.0]) = (0.0, 1.0);
        nodes[0].copy_from_slice(from);
        nodes[last.1].copy_from_slice(to);
        Self { mesh, nodes }
    }

    /// The weighted sum of an element's node values.
    fn combine(&self, element: usize, weights: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        let first = element * self.mesh.basis.degree;
        for (node, weight) in self.nodes[first..].iter().zip(weights) {
            for (o, x) in out.iter_mut().zip(node) {
                *o += weight * x;
            }
        }
    }

    /// State at a place s in [0, 1] of an element.
    pub(crate) fn inside(&self, element: usize, s: f64) -> Vec<f64> {
        let mut state = vec![0.0; self.nodes[0].len()];
        self.combine(element, &self.mesh.basis.at(s), &mut state);
        state
    }

    /// State at a time.
    pub(crate) fn at(&self, time: f64) -> Vec<f64> {
        let (element, s) = self.mesh.locate(time);
        self.inside(element, s)
    }

    /// Velocity at a place s in [0, 1] of an element.
    pub(crate) fn velocity_inside(&self, element: usize, s: f64) -> Vec<f64> {
        let mut velocity = vec![0.0; self.nodes[0].len()];
        let width = self.mesh.width(element);
        let weights: Vec<f64> = self.mesh.basis.slope_at(s).iter().map(|w| w / width).collect();
        self.combine(element, &weights, &mut velocity);
        velocity
    }

    /// State and velocity at a point of an element.
    pub(crate) fn at_point(&self, element: usize, point: usize, state: &mut [f64], velocity: &mut [f64]) {
        let basis = &self.mesh.basis;
        self.combine(element, &basis.value[point], state);
        self.combine(element, &basis.derivative[point], velocity);
        let width = self.mesh.width(element);
        for v in velocity {
            *v /= width;
        }
    }

    /// The path moved by a step in its inner nodes.
    pub(crate) fn moved(&self, step: &[f64], length: f64) -> Self {
        let mut moved = self.clone();
        let inner = moved.nodes.len() - 1;
        let states = self.nodes[0].len();
        for (node, step) in moved.nodes[1..inner].iter_mut().zip(step.chunks_exact(states)) {
            for (x, s) in node.iter_mut().zip(step) {
                *x += length * s;
            }
        }
        moved
    }

    /// The same path on another mesh. Where its polynomials leave the positive states between their points, straight pieces between the
    /// points take over.
    pub(crate) fn on(&self, mesh: TimeMesh) -> Self {
        let last = self.nodes.len() - 1;
        let mut moved = Self {
            nodes: (0..mesh.nodes())
                .map(|node| self.at(mesh.node_time(node)))
                .collect(),
            mesh,
        };
        let end = moved.nodes.len() - 1;
        moved.nodes[0].clone_from(&self.nodes[0]);
        moved.nodes[end].clone_from(&self.nodes[last]);
        if moved.lowest_at_points() <= 0.0 {
            let pieces = self.pieces();
            for node in 1..end {
                moved.nodes[node] = straight_at(&pieces, moved.mesh.node_time(node));
            }
            moved.straighten();
        }
        moved
    }

    /// Replaces the path by a straight piece on every element where it leaves the positive states.
    fn straighten(&mut self) {
        let degree = self.mesh.basis.degree;
        let mut state = vec![0.0; self.nodes[0].len()];
        for element in 0..self.mesh.elements() {
            let mut lowest = f64::INFINITY;
            for weights in &self.mesh.basis.value {
                self.combine(element, weights, &mut state);
                lowest = state.iter().fold(lowest, |low, x| low.min(*x));
            }
            if lowest > 0.0 {
                continue;
            }
            let first = element * degree;
            let (left, right) = (self.nodes[first].clone(), self.nodes[first + degree].clone());
            for inner in 1..degree {
                let s = self.mesh.basis.node(inner);
                let ends = left.iter().zip(&right);
                self.nodes[first + inner] = ends.map(|(a, b)| (1.0 - s) * a + s * b).collect();
            }
        }
    }

    /// The lowest component at any point.
    pub(crate) fn lowest_at_points(&self) -> f64 {
        let states = self.nodes[0].len();
        let mut state = vec![0.0; states];
        let mut lowest = f64::INFINITY;
        for element in 0..self.mesh.elements() {
            for weights in &self.mesh.basis.value {
                self.combine(element, weights, &mut state);
                lowest = state.iter().fold(lowest, |low, x| low.min(*x));
            }
        }
        lowest
    }

    /// Times and states of the ends and all points, in ascending order; what elements share comes once.
    pub(crate) fn pieces(&self) -> Vec<(f64, Vec<f64>)> {
        let mut pieces = vec![(0.0, self.nodes[0].clone())];
        for element in 0..self.mesh.elements() {
            let points = self.mesh.basis.points.iter().zip(&self.mesh.basis.value);
            for (point, weights) in
                points.filter(|(point, _)| **point < 1.0 && (element > 0 || **point > 0.0))
            {
                let mut state = vec![0.0; self.nodes[0].len()];
                self.combine(element, weights, &mut state);
                let time = self.mesh.ends[element] + self.mesh.width(element) * point;
                pieces.push((time, state));
            }
        }
        pieces.push((1.0, self.nodes[self.nodes.len() - 1].clone()));
        pieces
    }
}

/// Linear interpolation between states at ascending times.
fn straight_at(pieces: &[(f64, Vec<f64>)], time: f64) -> Vec<f64> {
    let after = pieces
        .partition_point(|(t, _)| *t < time)
        .clamp(1, pieces.len() - 1);
    let ((start, left), (end, right)) = (&pieces[after - 1], &pieces[after]);
    let s = (time - start) / (end - start);
    left.iter()
        .zip(right)
        .map(|(a, b)| (1.0 - s) * a + s * b)
        .collect()
}

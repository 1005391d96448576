//! Two states: the distance is an integral over one probability, W₂ = ∫ dp/√L(m − p, p), m being what both hold together.
//!
//! Near an empty state 1/√L grows like √ln(1/p), so that panels shrink geometrically towards both, and Gauss and Legendre's rule on each is
//! exact to rounding. As L is concave 1/√L is convex: trapezoids bound the integral from above, rectangles at midpoints from below.

use irrev_numerics::quadrature::gauss_legendre;
use irrev_numerics::sum::CompensatedSum;

use super::mesh::TimeMesh;
use super::mobility::Mobility;
use super::path::DiscretePath;

/// Nodes of the rule on each panel.
const NODES: usize = 16;

/// Each panel is so many times nearer to an empty state than the one before,
const GRADING: f64 = 4.0;

/// down to a part of the probability that no longer matters.
const SMALLEST: f64 = 1e-20;

/// Most steps of the bounds on one panel.
const MOST_STEPS: usize = 1 << 14;

/// Degree of the path's polynomials.
const DEGREE: usize = 7;

/// No element of the path is shorter.
const SHORTEST: f64 = 1e-9;

/// A node leaves at least the rest of a state's probability behind.
const MOST_OF_IT: f64 = 0.999_999;

/// Most steps of Newton's method for a node.
const STEPS: usize = 30;

/// W₂ with bounds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TwoStates {
    pub(crate) distance: f64,
    pub(crate) lower: f64,
    pub(crate) upper: f64,
}

/// The coordinate of W₂ on the states (m − p, p): its integral from one p to another.
pub(crate) struct Interval<'a> {
    mobility: &'a Mobility,
    mass: f64,
    nodes: Vec<f64>,
    weights: Vec<f64>,
}

impl<'a> Interval<'a> {
    pub(crate) fn new(mobility: &'a Mobility, mass: f64) -> Self {
        let (nodes, weights) = gauss_legendre(NODES);
        Self {
            mobility,
            mass,
            nodes,
            weights,
        }
    }

    /// 1/√L at the distance s from one of the states being empty: state 1 if `empty` is 1, else state 0.
    fn integrand(&self, empty: usize, s: f64) -> f64 {
        let mut state = [self.mass - s, self.mass - s];
        state[empty] = s;
        1.0 / self.mobility.value(0, &state).sqrt()
    }

    /// Panels from p = `start` to `end` > `start`, as (empty state, nearer end, farther end) in distance from that state being empty.
    fn panels(&self, start: [f64; 2], end: [f64; 2]) -> Vec<(usize, f64, f64)> {
        let half = 0.5 * self.mass;
        let mut panels = Vec::new();
        // by the probability of state 1 up to half, by that of state 0 beyond
        for (empty, low, high) in [(1, start[1], end[1].min(half)), (0, end[0], start[0].min(half))] {
            let mut far = high;
            while far > low {
                let near = if far <= SMALLEST * self.mass {
                    low
                } else {
                    (far / GRADING).max(low)
                };
                panels.push((empty, near, far));
                far = near;
            }
        }
        panels
    }

    /// ∫ dp/√L between two states, `start` holding less in state 1 than `end`.
    pub(crate) fn length(&self, start: [f64; 2], end: [f64; 2]) -> f64 {
        let mut sum = CompensatedSum::default();
        for (empty, near, far) in self.panels(start, end) {
            for (x, w) in self.nodes.iter().zip(&self.weights) {
                sum.add((far - near) * w * self.integrand(empty, near + (far - near) * x));
            }
        }
        sum.value()
    }

    /// Bounds on the length, within a relative tolerance if steps allow.
    fn bounds(&self, start: [f64; 2], end: [f64; 2], length: f64, tolerance: f64) -> (f64, f64) {
        let panels = self.panels(start, end);
        let allowed = tolerance * length / panels.len().max(1) as f64;
        let (mut lower, mut upper) = (CompensatedSum::default(), CompensatedSum::default());
        for (empty, near, far) in panels {
            let mut steps = 4;
            loop {
                let (below, above) = self.panel_bounds(empty, near, far, steps);
                if above - below <= allowed || steps >= MOST_STEPS {
                    lower.add(below);
                    upper.add(above);
                    break;
                }
                let factor = ((above - below) / allowed).sqrt().ceil().clamp(2.0, 64.0);
                steps = (steps * factor as usize).min(MOST_STEPS);
            }
        }
        (lower.value(), upper.value())
    }

    fn panel_bounds(&self, empty: usize, near: f64, far: f64, steps: usize) -> (f64, f64) {
        if near == 0.0 {
            // Λ(a, b) ≥ √(ab) grows like √s, so that 1/√L is at most its value by √(ab) at the end times (end/s)^(1/4)
            let mut state = [self.mass - far, self.mass - far];
            state[empty] = far;
            let above = 4.0 / 3.0 * far / self.mobility.geometric(0, &state).sqrt();
            return (
                far * self.integrand(empty, far).min(self.integrand(empty, 0.5 * far)),
                above,
            );
        }
        let step = (far - near) / steps as f64;
        let (mut below, mut above) = (CompensatedSum::default(), CompensatedSum::default());
        for k in 0..steps {
            below.add(self.integrand(empty, near + (k as f64 + 0.5) * step));
            let weight = if k == 0 { 0.5 } else { 1.0 };
            above.add(weight * self.integrand(empty, near + k as f64 * step));
        }
        above.add(0.5 * self.integrand(empty, far));
        (step * below.value(), step * above.value())
    }

    /// The geodesic: on elements between the panels' ends, with every node where the coordinate of W₂ says.
    pub(crate) fn path(&self, from: &[f64], to: &[f64]) -> DiscretePath {
        let (from, to) = ([from[0], from[1]], [to[0], to[1]]);
        let rising = from[1] <= to[1];
        let (start, end) = if rising { (from, to) } else { (to, from) };
        // panels in the order of the path
        let mut states = vec![start];
        let mut ends: Vec<[f64; 2]> = self
            .panels(start, end)
            .into_iter()
            .flat_map(|(empty, near, far)| {
                let state = |s: f64| {
                    let mut state = [self.mass - s, self.mass - s];
                    state[empty] = s;
                    state
                };
                [state(near), state((near * far).sqrt().max(near)), state(far)]
            })
            .collect();
        ends.sort_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
        let total = self.length(start, end);
        let mut times = vec![0.0];
        let mut passed = 0.0;
        for state in ends.into_iter().chain([end]) {
            let last = states[states.len() - 1];
            let time = (passed + self.length(last, state)) / total;
            if time > times[times.len() - 1] + SHORTEST && time < 1.0 - SHORTEST {
                passed += self.length(last, state);
                times.push(time);
                states.push(state);
            }
        }
        times.push(1.0);
        states.push(end);
        let mesh = TimeMesh::new(times, DEGREE);
        let mut nodes = vec![start];
        for element in 0..mesh.elements() {
            let step = total * mesh.width(element);
            for node in 1..DEGREE {
                let place = mesh.basis.node(node) - mesh.basis.node(node - 1);
                nodes.push(self.advanced(nodes[nodes.len() - 1], step * place));
            }
            nodes.push(states[element + 1]);
        }
        let nodes: Vec<Vec<f64>> = nodes.into_iter().map(|state| state.to_vec()).collect();
        let path = DiscretePath { mesh, nodes };
        if rising { path } else { path.reversed() }
    }

    /// The state at a small distance from another one, towards more in state 1: by Newton's method on the length.
    fn advanced(&self, start: [f64; 2], length: f64) -> [f64; 2] {
        let moved = |by: f64| [start[0] - by, start[1] + by];
        let speed = |state: [f64; 2]| self.mobility.value(0, &state).sqrt();
        let most = MOST_OF_IT * start[0];
        // the mobility may vanish at the start, but grows from there
        let mut by =
            (length * speed(moved((0.5 * length * speed([0.5 * self.mass; 2])).min(most)))).min(most);
        for _ in 0..STEPS {
            let state = moved(by);
            let change = (length - self.length(start, state)) * speed(state);
            by = (by + change).clamp(0.25 * by, most);
            if change.abs() <= 4.0 * f64::EPSILON * by {
                break;
            }
        }
        moved(by)
    }

    /// Distance between two states with bounds.
    pub(crate) fn distance(&self, from: &[f64], to: &[f64], tolerance: f64) -> TwoStates {
        let (from, to) = ([from[0], from[1]], [to[0], to[1]]);
        let (start, end) = if from[1] <= to[1] { (from, to) } else { (to, from) };
        let distance = self.length(start, end);
        let (lower, upper) = self.bounds(start, end, distance, 0.5 * tolerance);
        TwoStates {
            distance,
            lower: lower.min(distance),
            upper: upper.max(distance),
        }
    }
}

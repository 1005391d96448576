//! Two states: the distance is an integral over one probability, W₂ = ∫ dp/√L(m − p, p), m being what both hold together.
//!
//! Near an empty state 1/√L grows like √ln(1/p), so that panels shrink geometrically towards both, and Gauss and Legendre's rule on each is
//! exact to rounding. What is proven of it comes from the same panels: all derivatives of 1/√L of even order are positive, wherefore that rule
//! bounds the integral from below and Gauss and Lobatto's bounds it from above.
//!
//! They are positive because 1/√L is a superposition of 1/(t − p), t > m, and 1/(p − t), t < 0, with positive weights. For L, a sum of Λ(a, b) with a
//! proportional to m − p and b to p, is analytic off these two cuts; as p runs along their upper sides the logarithm in Λ = (a − b)/(ln a − ln b)
//! gains ∓iπ, so that Im L < 0 for p > m and Im L > 0 for p < 0. In the upper half plane L has no zero (on its border, closed by a large arc,
//! arg L winds 0 times) and |arg L| < π. So Im 1/√L > 0 on the one side and < 0 on the other, and Cauchy's formula is that superposition.

use irrev_numerics::quadrature::{gauss_legendre, gauss_lobatto};
use irrev_numerics::sum::CompensatedSum;

use super::mesh::{Basis, TimeMesh};
use super::mobility::Mobility;
use super::path::DiscretePath;

/// Nodes of the rules on each panel.
const NODES: usize = 16;

/// Each panel is so many times nearer to an empty state than the one before,
const GRADING: f64 = 4.0;

/// down to a part of the probability that no longer matters.
const SMALLEST: f64 = 1e-24;

/// A term of either sum, and so the sum of positive terms, is right to this part.
const ROUNDING: f64 = 32.0 * f64::EPSILON;

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

    /// A bound on the length from above; from below it is [`Self::length`] itself.
    fn longest(&self, start: [f64; 2], end: [f64; 2]) -> f64 {
        let (nodes, weights) = gauss_lobatto(NODES);
        let mut sum = CompensatedSum::default();
        for (empty, near, far) in self.panels(start, end) {
            if near == 0.0 {
                // Λ(a, b) ≥ √(ab) grows like √s, so that 1/√L is at most its value by √(ab) at the end times (end/s)^(1/4)
                let mut state = [self.mass - far, self.mass - far];
                state[empty] = far;
                sum.add(4.0 / 3.0 * far / self.mobility.geometric(0, &state).sqrt());
                continue;
            }
            for (x, w) in nodes.iter().zip(&weights) {
                sum.add((far - near) * w * self.integrand(empty, near + (far - near) * x));
            }
        }
        sum.value()
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
        let mesh = TimeMesh::new(times, Basis::gauss(DEGREE));
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
    pub(crate) fn distance(&self, from: &[f64], to: &[f64]) -> TwoStates {
        let (from, to) = ([from[0], from[1]], [to[0], to[1]]);
        let (start, end) = if from[1] <= to[1] { (from, to) } else { (to, from) };
        let distance = self.length(start, end);
        TwoStates {
            distance,
            lower: distance * (1.0 - ROUNDING),
            upper: self.longest(start, end).max(distance) * (1.0 + ROUNDING),
        }
    }
}

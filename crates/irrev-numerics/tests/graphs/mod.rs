//! Graphs and comparisons that the tests of elimination share.

#![allow(dead_code, clippy::unwrap_used)] // no test needs all of it

use irrev_numerics::elimination::{EliminationPlan, Ordering, PlanOptions};

pub(crate) const EPSILON: f64 = f64::EPSILON;

pub(crate) type Edges = Vec<(usize, usize)>;

pub(crate) fn plan(nodes: usize, edges: &[(usize, usize)]) -> EliminationPlan {
    EliminationPlan::new(nodes, edges, &PlanOptions::default()).unwrap()
}

pub(crate) fn plan_with(nodes: usize, edges: &[(usize, usize)], ordering: Ordering) -> EliminationPlan {
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

pub(crate) fn path(nodes: usize) -> Edges {
    (1..nodes).map(|node| (node - 1, node)).collect()
}

pub(crate) fn ring(nodes: usize) -> Edges {
    (0..nodes).map(|node| (node, (node + 1) % nodes)).collect()
}

pub(crate) fn torus(side: usize) -> Edges {
    let node = |x: usize, y: usize| (x % side) * side + y % side;
    (0..side * side)
        .flat_map(|at| {
            let (x, y) = (at / side, at % side);
            [(at, node(x, y + 1)), (at, node(x + 1, y))]
        })
        .collect()
}

pub(crate) fn grid(side: usize) -> Edges {
    torus(side)
        .into_iter()
        .filter(|(tail, head)| head > tail && (head - tail == 1 || head - tail == side))
        .collect()
}

/// A small random stream (xorshift), so that larger inputs need no proptest.
pub(crate) struct Stream(pub(crate) u64);

impl Stream {
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// 10^x with x uniform over `decades` decades around 1.
    pub(crate) fn magnitude(&mut self, decades: f64) -> f64 {
        10f64.powf(decades * (self.uniform() - 0.5))
    }

    pub(crate) fn vector(&mut self, length: usize) -> Vec<f64> {
        (0..length).map(|_| self.uniform() - 0.5).collect()
    }

    pub(crate) fn magnitudes(&mut self, length: usize, decades: f64) -> Vec<f64> {
        (0..length).map(|_| self.magnitude(decades)).collect()
    }

    pub(crate) fn permutation(&mut self, length: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..length).collect();
        for last in (1..length).rev() {
            order.swap(last, (self.uniform() * (last + 1) as f64) as usize);
        }
        order
    }
}

pub(crate) fn balanced(mut values: Vec<f64>) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter_mut().for_each(|value| *value -= mean);
    values
}

pub(crate) fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, value| most.max(value.abs()))
}

pub(crate) fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    let scale = largest(expected);
    for (node, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= tolerance * scale, "node {node}: {a} against {b}");
    }
}

/// Largest relative difference of two positive vectors.
pub(crate) fn componentwise(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    found
        .iter()
        .zip(expected)
        .map(|(a, b)| if a == b { 0.0 } else { (a / b - 1.0).abs() })
        .fold(0.0, f64::max)
}

/// Numbers of twice the precision, as unevaluated sums; positive operands only, so errors are of order ε².
#[derive(Clone, Copy, Default)]
pub(crate) struct Double(f64, f64);

impl Double {
    pub(crate) fn renormalised(high: f64, low: f64) -> Self {
        let sum = high + low;
        Self(sum, low - (sum - high))
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        let sum = self.0 + other.0;
        let shadow = sum - self.0;
        let error = (self.0 - (sum - shadow)) + (other.0 - shadow);
        Self::renormalised(sum, error + self.1 + other.1)
    }

    pub(crate) fn times(self, other: Self) -> Self {
        let product = self.0 * other.0;
        let error = self.0.mul_add(other.0, -product);
        Self::renormalised(product, error + self.0 * other.1 + self.1 * other.0)
    }

    pub(crate) fn over(self, other: Self) -> Self {
        let quotient = self.0 / other.0;
        let part = Self(quotient, 0.0).times(other);
        let rest = ((self.0 - part.0) - part.1) + self.1;
        Self::renormalised(quotient, rest / other.0)
    }
}

/// Stationary distribution by dense Grassmann-Taksar-Heyman elimination from the last state down, in twice
/// the precision. `rate[x][y]` leads from x to y.
pub(crate) fn reference_distribution(
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

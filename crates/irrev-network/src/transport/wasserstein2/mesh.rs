//! Time: elements on [0, 1], and on each a polynomial path with a rule of quadrature for the cost.
//!
//! On an element of width h the path is a polynomial of degree d, given by its values at d + 1 nodes that include both ends. Its cost is
//! summed with positive weights, so that the discrete problem is convex where the continuous one is, and at the ends of elements its minimiser errs
//! by O(h^2d): by Gauss and Legendre's rule of d points, or by Lobatto's of d + 1.
//!
//! Gauss's costs less. But a polynomial of degree d that vanishes at its d points costs nothing: what a state does that relaxes faster than an element
//! lasts may alternate from end to end without being damped. Lobatto's points hold every node, ends included, where they should be.
//!
//! Source: E. Hairer, C. Lubich and G. Wanner, Geometric Numerical Integration (2006), VI.6, for variational integrators.

use irrev_numerics::quadrature::{gauss_legendre, gauss_lobatto};

/// Polynomials of one degree on [0, 1].
#[derive(Debug, Clone)]
pub(crate) struct Basis {
    /// d.
    pub(crate) degree: usize,
    /// Points c of the rule of quadrature.
    pub(crate) points: Vec<f64>,
    /// Their weights.
    pub(crate) weights: Vec<f64>,
    /// Nodes of the path, from 0 to 1.
    nodes: Vec<f64>,
    /// Values at the points from values at the nodes: row by point.
    pub(crate) value: Vec<Vec<f64>>,
    /// Derivatives at the points from values at the nodes.
    pub(crate) derivative: Vec<Vec<f64>>,
}

impl Basis {
    /// With Gauss and Legendre's rule.
    pub(crate) fn gauss(degree: usize) -> Self {
        let nodes = (0..=degree)
            .map(|j| 0.5 - 0.5 * (std::f64::consts::PI * j as f64 / degree as f64).cos())
            .collect();
        Self::new(nodes, gauss_legendre(degree))
    }

    /// With Lobatto's rule, whose points are the nodes.
    pub(crate) fn lobatto(degree: usize) -> Self {
        let rule = gauss_lobatto(degree + 1);
        Self::new(rule.0.clone(), rule)
    }

    fn new(nodes: Vec<f64>, (points, weights): (Vec<f64>, Vec<f64>)) -> Self {
        let value = points.iter().map(|c| lagrange(&nodes, *c)).collect();
        let derivative = points.iter().map(|c| lagrange_slope(&nodes, *c)).collect();
        Self {
            degree: nodes.len() - 1,
            points,
            weights,
            nodes,
            value,
            derivative,
        }
    }

    /// Number of points on an element.
    pub(crate) fn stages(&self) -> usize {
        self.points.len()
    }

    /// Whether two nodes take part in the value at one of the points.
    pub(crate) fn share_a_point(&self, node: usize, other: usize) -> bool {
        self.value
            .iter()
            .any(|value| value[node] != 0.0 && value[other] != 0.0)
    }

    /// Place of a node.
    pub(crate) fn node(&self, node: usize) -> f64 {
        self.nodes[node]
    }

    /// Weights of the node values in the value at s.
    pub(crate) fn at(&self, s: f64) -> Vec<f64> {
        lagrange(&self.nodes, s)
    }

    /// Weights of the node values in the derivative at s.
    pub(crate) fn slope_at(&self, s: f64) -> Vec<f64> {
        lagrange_slope(&self.nodes, s)
    }

    /// Weights of values at the points in the integral from 0 to s of the polynomial through them.
    pub(crate) fn integral(&self, s: f64) -> Vec<f64> {
        let mut weights = vec![0.0; self.stages()];
        // the rule on [0, s] is exact for it
        for (c, w) in self.points.iter().zip(&self.weights) {
            for (weight, l) in weights.iter_mut().zip(lagrange(&self.points, s * c)) {
                *weight += s * w * l;
            }
        }
        weights
    }
}

/// Lagrange's polynomials of the nodes at s.
fn lagrange(nodes: &[f64], s: f64) -> Vec<f64> {
    (0..nodes.len())
        .map(|j| {
            let others = nodes.iter().enumerate().filter(|(k, _)| *k != j);
            others.fold(1.0, |product, (_, z)| product * ((s - z) / (nodes[j] - z)))
        })
        .collect()
}

/// Derivatives of Lagrange's polynomials at s.
fn lagrange_slope(nodes: &[f64], s: f64) -> Vec<f64> {
    let n = nodes.len();
    (0..n)
        .map(|j| {
            let mut sum = 0.0;
            for m in (0..n).filter(|m| *m != j) {
                let mut product = 1.0 / (nodes[j] - nodes[m]);
                for k in (0..n).filter(|k| *k != j && *k != m) {
                    product *= (s - nodes[k]) / (nodes[j] - nodes[k]);
                }
                sum += product;
            }
            sum
        })
        .collect()
}

/// Elements of [0, 1] with the basis used on all of them.
#[derive(Debug, Clone)]
pub(crate) struct TimeMesh {
    /// Ends of the elements, from 0 to 1.
    pub(crate) ends: Vec<f64>,
    pub(crate) basis: Basis,
}

impl TimeMesh {
    pub(crate) fn new(ends: Vec<f64>, basis: Basis) -> Self {
        Self { ends, basis }
    }

    /// Equal elements.
    pub(crate) fn uniform(elements: usize, basis: Basis) -> Self {
        Self::new(
            (0..=elements).map(|k| k as f64 / elements as f64).collect(),
            basis,
        )
    }

    pub(crate) fn elements(&self) -> usize {
        self.ends.len() - 1
    }

    pub(crate) fn width(&self, element: usize) -> f64 {
        self.ends[element + 1] - self.ends[element]
    }

    /// Density of the barrier on an element.
    pub(crate) fn guard(&self, element: usize) -> f64 {
        1.0 / (self.elements() as f64 * self.width(element))
    }

    /// Number of points of the rule on all elements.
    pub(crate) fn points(&self) -> usize {
        self.elements() * self.basis.stages()
    }

    /// Number of nodes, shared ones counted once.
    pub(crate) fn nodes(&self) -> usize {
        self.elements() * self.basis.degree + 1
    }

    /// Time of a node.
    pub(crate) fn node_time(&self, node: usize) -> f64 {
        let element = (node / self.basis.degree).min(self.elements() - 1);
        let inside = node - element * self.basis.degree;
        if inside == self.basis.degree {
            return self.ends[element + 1];
        }
        self.ends[element] + self.width(element) * self.basis.nodes[inside]
    }

    /// Element that holds a time, and the place in it.
    pub(crate) fn locate(&self, time: f64) -> (usize, f64) {
        let after = self.ends.partition_point(|end| *end <= time);
        let element = after.clamp(1, self.elements()) - 1;
        let inside = (time - self.ends[element]) / self.width(element);
        (element, inside.clamp(0.0, 1.0))
    }
}

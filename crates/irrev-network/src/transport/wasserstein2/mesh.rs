//! Time: elements on [0, 1], and on each a polynomial path with Gauss and Legendre's points for the cost.
//!
//! On an element of width h the path is a polynomial of degree d, given by its values at d + 1 nodes that include both ends. Its cost is
//! summed with Gauss and Legendre's rule of d points, whose weights are positive, so that the discrete problem is convex where the continuous
//! one is. Its minimiser solves the equations of the geodesic by Gauss collocation, which at the ends of elements errs by O(h^2d).
//!
//! Source: E. Hairer, C. Lubich and G. Wanner, Geometric Numerical Integration (2006), VI.6, for variational integrators.

use irrev_numerics::quadrature::gauss_legendre;

/// Polynomials of one degree on [0, 1].
#[derive(Debug, Clone)]
pub(crate) struct Basis {
    /// d.
    pub(crate) degree: usize,
    /// Gauss and Legendre's points c.
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
    pub(crate) fn new(degree: usize) -> Self {
        let (points, weights) = gauss_legendre(degree);
        let nodes: Vec<f64> = (0..=degree)
            .map(|j| 0.5 - 0.5 * (std::f64::consts::PI * j as f64 / degree as f64).cos())
            .collect();
        let value = points.iter().map(|c| lagrange(&nodes, *c)).collect();
        let derivative = points.iter().map(|c| lagrange_slope(&nodes, *c)).collect();
        Self {
            degree,
            points,
            weights,
            nodes,
            value,
            derivative,
        }
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

    /// Weights of values at Gauss points in the integral from 0 to s of the polynomial through them.
    pub(crate) fn integral(&self, s: f64) -> Vec<f64> {
        let mut weights = vec![0.0; self.degree];
        // Gauss's rule on [0, s] is exact for it
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
    pub(crate) fn new(ends: Vec<f64>, degree: usize) -> Self {
        Self {
            ends,
            basis: Basis::new(degree),
        }
    }

    /// Equal elements.
    pub(crate) fn uniform(elements: usize, degree: usize) -> Self {
        Self::new(
            (0..=elements).map(|k| k as f64 / elements as f64).collect(),
            degree,
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

    /// Number of Gauss points.
    pub(crate) fn points(&self) -> usize {
        self.elements() * self.basis.degree
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

//! Radau IIA collocation with any number of stages: its nodes, its interpolation, its modes.
//!
//! A step of width h replaces x(t + θh) by x + u(θ), u a polynomial with u(0) = 0 and u′(cᵢ) = h f(t + cᵢh, x + u(cᵢ))
//! at the right Radau nodes 0 < c₁ < … < c_s = 1. With zᵢ = u(cᵢ) that reads Σⱼ Dᵢⱼ zⱼ = h fᵢ, where D differentiates
//! polynomials of degree s. Everything here follows from the nodes by barycentric formulas; no coefficient is tabulated.
//!
//! Sources: Hairer and Wanner, *Solving Ordinary Differential Equations II* (1996), IV.5 and IV.8; J. Comput. Appl.
//! Math. 111, 93 (1999) for s = 5 and 7; Berrut and Trefethen, SIAM Rev. 46, 501 (2004).

use num_complex::Complex64;

use crate::error::{Error, Result};
use crate::linalg::{Factor, Matrix, eigenvalues};
use crate::tolerance::{Convergence, StopReason};

/// One Radau IIA method of order 2s − 1.
pub(super) struct Collocation {
    /// Nodes c, ascending, the last exactly 1.
    pub(super) nodes: Vec<f64>,
    /// D, by rows: derivative at cᵢ of the polynomial that is one at cⱼ and zero at 0 and the other nodes.
    pub(super) derivative: Vec<f64>,
    /// Derivative of the same polynomials at 0.
    pub(super) slope_at_start: Vec<f64>,
    /// Radau weights b: ∫₀¹ p = Σ bᵢ p(cᵢ) for degrees up to 2s − 2.
    pub(super) weights: Vec<f64>,
    /// Values at 0 of the Lagrange polynomials on the nodes without 0.
    pub(super) value_at_start: Vec<f64>,
    /// D⁻¹, by rows: from values at the nodes to integrals up to each node.
    pub(super) integral: Vec<f64>,
    /// The real eigenvalue of D.
    pub(super) real: f64,
    /// The eigenvalues of D with positive imaginary part.
    pub(super) pairs: Vec<Complex64>,
    /// Row of T⁻¹ and column of T of the real mode, D = T Λ T⁻¹.
    pub(super) real_mode: (Vec<f64>, Vec<f64>),
    /// The same for each complex pair.
    pub(super) pair_modes: Vec<(Vec<Complex64>, Vec<Complex64>)>,
    /// Barycentric weights of the nodes 0, c₁ … c_s.
    barycentric: Vec<f64>,
    /// max |N| on [0, 1] of N(θ) = θ Π (θ − cᵢ), to which the error of the interpolation is proportional.
    largest_node_polynomial: f64,
}

impl Collocation {
    /// The method with an odd number of stages s ≥ 3.
    ///
    /// # Errors
    /// [`Error::NotConverged`] if the modes of D cannot be separated.
    pub(super) fn new(stages: usize) -> Result<Self> {
        let s = stages;
        let (nodes, weights) = radau_nodes(s);
        let all: Vec<f64> = std::iter::once(0.0).chain(nodes.iter().copied()).collect();
        let barycentric: Vec<f64> = (0..=s)
            .map(|i| {
                (0..=s)
                    .filter(|&j| j != i)
                    .map(|j| 1.0 / (4.0 * (all[i] - all[j])))
                    .product()
            })
            .collect();
        let slope = |i: usize, j: usize| barycentric[j] / barycentric[i] / (all[i] - all[j]);
        let mut derivative = vec![0.0; s * s];
        for i in 0..s {
            // constants have no slope, which fixes the diagonal
            let mut diagonal = -slope(i + 1, 0);
            for j in (0..s).filter(|&j| j != i) {
                derivative[i * s + j] = slope(i + 1, j + 1);
                diagonal -= slope(i + 1, j + 1);
            }
            derivative[i * s + i] = diagonal;
        }
        let value_at_start = (0..s)
            .map(|i| {
                (0..s)
                    .filter(|&j| j != i)
                    .map(|j| nodes[j] / (nodes[j] - nodes[i]))
                    .product()
            })
            .collect();
        let spectrum = eigenvalues(&Matrix::from_fn(s, s, |i, j| derivative[i * s + j]))?.values;
        let is_real = |v: &Complex64| v.im.abs() < 1e-6 * v.norm();
        let real = spectrum.iter().find(|v| is_real(v)).map_or(0.0, |v| v.re);
        let pairs: Vec<Complex64> = spectrum
            .iter()
            .copied()
            .filter(|v| v.im > 0.0 && !is_real(v))
            .collect();
        let (rows, columns) = modes(&derivative, real, &pairs).ok_or(Error::NotConverged {
            what: "modes of the Radau method",
            convergence: Convergence {
                iterations: 0,
                residual: f64::NAN,
                target: 0.0,
                reason: StopReason::Breakdown,
            },
        })?;
        let slope_at_start = (1..=s).map(|j| slope(0, j)).collect();
        let real_part = |values: &[Complex64]| values.iter().map(|v| v.re).collect();
        let node_polynomial = |theta: f64| nodes.iter().fold(theta, |product, c| product * (theta - c)).abs();
        Ok(Self {
            largest_node_polynomial: (0..=512)
                .map(|k| node_polynomial(k as f64 / 512.0))
                .fold(0.0, f64::max),
            integral: inverse(&derivative, s),
            real_mode: (real_part(&rows[0]), real_part(&columns[0])),
            pair_modes: (0..pairs.len())
                .map(|k| (rows[2 * k + 1].clone(), columns[2 * k + 1].clone()))
                .collect(),
            nodes,
            derivative,
            slope_at_start,
            weights,
            value_at_start,
            real,
            pairs,
            barycentric,
        })
    }

    /// Number of stages.
    pub(super) fn stages(&self) -> usize {
        self.nodes.len()
    }

    /// Largest error of the interpolation on a step, as a share of what the polynomial of the step before, extrapolated
    /// over `ratio` of its own width, is wrong by at the end of the step.
    ///
    /// Both are the next derivative times a node polynomial: max |N| on the step itself, N(1 + r)/r^{s+1} ahead.
    pub(super) fn interpolation_share(&self, ratio: f64) -> f64 {
        let ahead = self.nodes.iter().fold(1.0 + 1.0 / ratio, |product, c| {
            product * (1.0 + (1.0 - c) / ratio)
        });
        self.largest_node_polynomial / ahead
    }

    /// Values at θ of the basis polynomials: u(θ) = Σ basisᵢ(θ) zᵢ. Exact at the nodes; θ > 1 extrapolates.
    pub(super) fn basis(&self, theta: f64, out: &mut [f64]) {
        out.fill(0.0);
        if theta == 0.0 {
            return;
        }
        if let Some(i) = self.nodes.iter().position(|&c| c == theta) {
            out[i] = 1.0;
            return;
        }
        let mut total = self.barycentric[0] / theta;
        for (i, c) in self.nodes.iter().enumerate() {
            out[i] = self.barycentric[i + 1] / (theta - c);
            total += out[i];
        }
        for value in out.iter_mut() {
            *value /= total;
        }
    }
}

/// Right Radau nodes on [0, 1] and their weights: zeros of P_s − P_{s−1}, by Newton's method.
fn radau_nodes(s: usize) -> (Vec<f64>, Vec<f64>) {
    // (P_s, P_{s−1}) by the three-term recurrence
    let legendre = |x: f64| {
        let (mut low, mut high) = (1.0, x);
        for k in 2..=s {
            let k = k as f64;
            (low, high) = (high, ((2.0 * k - 1.0) * x * high - (k - 1.0) * low) / k);
        }
        (high, low)
    };
    let mut nodes = Vec::with_capacity(s);
    let mut weights = Vec::with_capacity(s);
    let order = s as f64;
    for k in (1..s).rev() {
        let mut x = (2.0 * std::f64::consts::PI * k as f64 / (2.0 * order - 1.0)).cos();
        for _ in 0..20 {
            let (high, low) = legendre(x);
            // (x² − 1) P_n′ = n (x P_n − P_{n−1}) = (n)(…); for P_{n−1}: (1 − x²) P_{n−1}′ = n (x P_{n−1} − P_n)
            let slope = order * ((x * high - low) + (x * low - high)) / (x * x - 1.0);
            x -= (high - low) / slope;
        }
        let (_, low) = legendre(x);
        nodes.push(0.5 * (1.0 + x));
        weights.push(0.5 * (1.0 + x) / (order * low).powi(2));
    }
    nodes.push(1.0);
    weights.push(1.0 / (order * order));
    (nodes, weights)
}

/// Rows of T⁻¹, and columns of T.
type Modes = (Vec<Vec<Complex64>>, Vec<Vec<Complex64>>);

/// Rows of T⁻¹ and columns of T with D = T Λ T⁻¹, the real mode first, then each pair with its conjugate.
fn modes(d: &[f64], real: f64, pairs: &[Complex64]) -> Option<Modes> {
    let s = 2 * pairs.len() + 1;
    if s * s != d.len() {
        return None;
    }
    // an eigenpolynomial does not vanish at the last node, so the last component may be set to one
    let column = |value: Complex64| {
        let top = Matrix::from_fn(s - 1, s - 1, |i, j| {
            Complex64::from(d[i * s + j]) - if i == j { value } else { Complex64::ZERO }
        });
        let mut v: Vec<Complex64> = (0..s - 1).map(|i| Complex64::from(-d[i * s + s - 1])).collect();
        Factor::dense(&top)?.solve(&mut v);
        v.push(Complex64::ONE);
        Some(v)
    };
    let mut columns = vec![column(real.into())?];
    for &value in pairs {
        let v = column(value)?;
        let conjugate = v.iter().map(Complex64::conj).collect();
        columns.extend([v, conjugate]);
    }
    // row k of T⁻¹ solves Tᵀ r = e_k
    let transposed = Factor::dense(&Matrix::from_fn(s, s, |i, j| columns[i][j]))?;
    let row = |k: usize| {
        let mut r = vec![Complex64::ZERO; s];
        r[k] = Complex64::ONE;
        transposed.solve(&mut r);
        r
    };
    Some(((0..s).map(row).collect(), columns))
}

/// Inverse of a small matrix by rows.
fn inverse(a: &[f64], n: usize) -> Vec<f64> {
    let mut out = vec![f64::NAN; n * n];
    if let Some(factor) = Factor::dense(&Matrix::from_fn(n, n, |i, j| a[i * n + j])) {
        for j in 0..n {
            let mut column = vec![0.0; n];
            column[j] = 1.0;
            factor.solve(&mut column);
            for i in 0..n {
                out[i * n + j] = column[i];
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_stage_method_is_the_published_one() {
        // Hairer and Wanner (1996), IV.5, table 5.6 and equation (8.13)
        let root = 6_f64.sqrt();
        let method = Collocation::new(3).unwrap();
        let a = [
            (88.0 - 7.0 * root) / 360.0,
            (296.0 - 169.0 * root) / 1800.0,
            (-2.0 + 3.0 * root) / 225.0,
            (296.0 + 169.0 * root) / 1800.0,
            (88.0 + 7.0 * root) / 360.0,
            (-2.0 - 3.0 * root) / 225.0,
            (16.0 - root) / 36.0,
            (16.0 + root) / 36.0,
            1.0 / 9.0,
        ];
        for (found, wanted) in method.integral.iter().zip(a) {
            assert!((found - wanted).abs() < 4e-16, "{found} {wanted}");
        }
        let real = 3.0 + 3_f64.powf(2.0 / 3.0) - 3_f64.powf(1.0 / 3.0);
        assert!((method.real - real).abs() < 1e-13);
    }

    #[test]
    fn order_conditions_hold_and_the_modes_diagonalise_the_derivative() {
        for s in [3, 5, 7] {
            let m = Collocation::new(s).unwrap();
            for degree in 0..2 * s - 1 {
                let sum: f64 = m
                    .nodes
                    .iter()
                    .zip(&m.weights)
                    .map(|(c, b)| b * c.powi(degree as i32))
                    .sum();
                // a weight is the square of a value with some roundings
                assert!(
                    (sum - 1.0 / (degree + 1) as f64).abs() < 8.0 * f64::EPSILON,
                    "s {s} degree {degree}"
                );
            }
            for i in 0..s {
                for degree in 1..=s {
                    let slope: f64 = (0..s)
                        .map(|j| m.derivative[i * s + j] * m.nodes[j].powi(degree as i32))
                        .sum();
                    let wanted = degree as f64 * m.nodes[i].powi(degree as i32 - 1);
                    assert!((slope - wanted).abs() < 4e-14, "s {s} node {i} degree {degree}");
                }
                for j in 0..s {
                    let mut entry = m.real * m.real_mode.1[i] * m.real_mode.0[j];
                    for (value, (row, column)) in m.pairs.iter().zip(&m.pair_modes) {
                        entry += 2.0 * (value * column[i] * row[j]).re;
                    }
                    assert!(
                        (entry - m.derivative[i * s + j]).abs() < 1e-10,
                        "s {s} entry {i} {j}"
                    );
                }
            }
            let mut basis = vec![0.0; s];
            m.basis(0.37, &mut basis);
            let fifth: f64 = basis.iter().zip(&m.nodes).map(|(b, c)| b * c.powi(3)).sum();
            assert!((fifth - 0.37_f64.powi(3)).abs() < 1e-14);
        }
    }
}

//! The pair of quadratic forms Hess and K at one state, its smallest eigenvalue, and how that moves with the state.
//!
//! In terms of ρ = p/π, with g = Bᵀψ,
//!
//! ```text
//! ψᵀ K ψ = Σ L g²,     ψᵀ Hess ψ = Σ [½ g² (∂L·Δρ) − L g (Bᵀ Δψ)],     L = c Λ(ρ_x, ρ_y),
//! ```
//!
//! both of degree one in ρ, so that the eigenvalues do not depend on its normalisation.
//!
//! Near the boundary the weights ½ ∂L·Δρ and L of g² span many decades. Potentials are therefore written by their differences along the spanning tree
//! of the largest weights: ψ = Σ u_v 1[states behind v]. In these coordinates no large weight hides a small one, entries are graded, and a Cholesky
//! factor is as accurate as if it were scaled. The smallest λ is the largest μ = 1/(λ + s) of K against Hess + s K, which the
//! symmetric eigenvalue problem finds to relative accuracy.

use irrev_numerics::linalg::{Matrix, symmetric_eigen};
use irrev_numerics::special::{
    logarithmic_mean, logarithmic_mean_gradient, logarithmic_mean_mixed_derivative,
};

use super::reversible::{Pair, Reversible};
use crate::error::{Error, Result};

/// First shift s tried where the Hessian is not positive, in units of the gap, and the factor to the next.
const SHIFTS: (f64, f64) = (1e-3, 8.0);

/// Shifts tried: 8⁴⁰ gaps are beyond any curvature of finite numbers.
const SHIFT_LIMIT: usize = 40;

/// Hess and K at one state.
pub(super) struct Pencil<'a> {
    chain: &'a Reversible,
    /// ρ e^{−centre}, centred so that neither end of the range of doubles is reached first.
    density: Vec<f64>,
    centre: f64,
    /// Δρ.
    change: Vec<f64>,
    /// (L, ∂L/∂ρ_from, ∂L/∂ρ_to) of every pair.
    conductance: Vec<(f64, f64, f64)>,
}

/// Generalised eigenvalues, ascending, with potentials.
pub(super) struct Eigenpairs {
    /// λ; the accuracy is that of the smallest.
    pub(super) values: Vec<f64>,
    /// ψ of each, with ψᵀ K ψ = 1 at the centred ρ.
    pub(super) potentials: Vec<Vec<f64>>,
}

impl Eigenpairs {
    /// How many eigenvalues lie within a distance of the smallest.
    pub(super) fn multiplicity(&self, width: f64) -> usize {
        self.values
            .iter()
            .take_while(|v| **v <= self.values[0] + width)
            .count()
    }
}

impl<'a> Pencil<'a> {
    /// The forms at ρ ∝ e^θ.
    ///
    /// # Errors
    /// [`Error::Domain`] if conductances or their slopes leave the range of doubles.
    pub(super) fn new(chain: &'a Reversible, log_density: &[f64]) -> Result<Self> {
        let (low, high) = log_density
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), t| {
                (low.min(*t), high.max(*t))
            });
        let centre = 0.5 * (low + high);
        let density: Vec<f64> = log_density.iter().map(|t| (t - centre).exp()).collect();
        let conductance: Vec<_> = chain
            .pairs
            .iter()
            .map(
                |&Pair {
                     from,
                     to,
                     conductance,
                 }| {
                    let (a, b) = (density[from], density[to]);
                    let (by_from, by_to) = logarithmic_mean_gradient(a, b);
                    (
                        conductance * logarithmic_mean(a, b),
                        conductance * by_from,
                        conductance * by_to,
                    )
                },
            )
            .collect();
        if !conductance
            .iter()
            .all(|(l, x, y)| *l > 0.0 && x.is_finite() && y.is_finite())
        {
            return Err(Error::Domain {
                what: "ln of the largest over the smallest p/π".into(),
                value: high - low,
                expected: "so small that the Onsager coefficients and their derivatives are positive finite numbers (below about 600)",
            });
        }
        Ok(Self {
            change: chain.laplacian(&density),
            chain,
            density,
            centre,
            conductance,
        })
    }

    /// The potential with ψᵀ K ψ = 1 at ρ itself.
    pub(super) fn uncentred(&self, potential: &[f64]) -> Vec<f64> {
        let factor = (-0.5 * self.centre).exp();
        potential.iter().map(|v| factor * v).collect()
    }

    /// All eigenvalues and potentials. O(states³).
    ///
    /// # Errors
    /// [`Error::Numerics`] if the eigenvalues do not converge; [`Error::Domain`] if the Hessian leaves the range of doubles.
    pub(super) fn eigenpairs(&self) -> Result<Eigenpairs> {
        let tree = self.tree();
        let (hessian, metric) = self.forms(&tree);
        let size = metric.rows();
        let shifts = std::iter::once(0.0).chain(
            std::iter::successors(Some(SHIFTS.0 * self.chain.spectral_gap), |s| Some(s * SHIFTS.1))
                .take(SHIFT_LIMIT),
        );
        for shift in shifts {
            let shifted = Matrix::from_fn(size, size, |i, j| hessian[(i, j)] + shift * metric[(i, j)]);
            let Some(root) = cholesky(&shifted) else { continue };
            // R⁻¹ K R⁻ᵀ has the eigenvalues 1/(λ + s)
            let half = Matrix::from_fn(size, size, |i, j| metric[(i, j)]);
            let whitened = solve_from_both_sides(&root, half);
            let spectrum = symmetric_eigen(&whitened)?;
            let mut pairs = Eigenpairs {
                values: Vec::with_capacity(size),
                potentials: Vec::with_capacity(size),
            };
            for k in (0..size).rev() {
                let mu = spectrum.values[k].max(f64::MIN_POSITIVE);
                let differences = solve_transposed(&root, spectrum.vectors.column(k));
                pairs.values.push(1.0 / mu - shift);
                pairs.potentials.push(
                    tree.potential(&differences)
                        .iter()
                        .map(|v| v / mu.sqrt())
                        .collect(),
                );
            }
            return Ok(pairs);
        }
        Err(Error::Domain {
            what: "the largest entry of the Hessian of relative entropy".into(),
            value: hessian.data().iter().fold(0.0, |m: f64, h| m.max(h.abs())),
            expected: "a finite number; the state is too near the boundary",
        })
    }

    /// ρ_z ∂/∂ρ_z of (Hess − λ K)(ψ, φ) for every state z: with ψ = φ an eigenvector of λ as it comes, the slope of λ in ln p.
    pub(super) fn slope(&self, value: f64, psi: &[f64], phi: &[f64]) -> Vec<f64> {
        let (psi_change, phi_change) = (self.chain.laplacian(psi), self.chain.laplacian(phi));
        let mut slope = vec![0.0; psi.len()];
        let mut weight = vec![0.0; psi.len()];
        for (
            &Pair {
                from,
                to,
                conductance,
            },
            &(_, by_from, by_to),
        ) in self.chain.pairs.iter().zip(&self.conductance)
        {
            let (g, f) = (psi[to] - psi[from], phi[to] - phi[from]);
            let (g_change, f_change) = (
                psi_change[to] - psi_change[from],
                phi_change[to] - phi_change[from],
            );
            let by_conductance = -0.5 * (g * f_change + f * g_change) - value * g * f;
            let (a, b) = (self.density[from], self.density[to]);
            let (a_change, b_change) = (self.change[from], self.change[to]);
            // d²Λ = −∂²Λ/∂a∂b (√(b/a) da − √(a/b) db)²
            let mixed = 0.5 * g * f * conductance * logarithmic_mean_mixed_derivative(a, b);
            slope[from] += a * by_from * by_conductance + mixed * (a * b_change - b * a_change);
            slope[to] += b * by_to * by_conductance + mixed * (b * a_change - a * b_change);
            weight[from] += g * f * by_from;
            weight[to] += g * f * by_to;
        }
        // ½ Σ g² ∂L·Δρ depends on ρ through Δρ too; c is symmetric, so the adjoint of Δ divides before it subtracts
        let pi = self.chain.stationary.probabilities();
        for &Pair {
            from,
            to,
            conductance,
        } in &self.chain.pairs
        {
            let flow = 0.5 * conductance * (weight[to] / pi[to] - weight[from] / pi[from]);
            slope[from] += self.density[from] * flow;
            slope[to] -= self.density[to] * flow;
        }
        slope
    }

    /// Hess and K in the coordinates of the tree.
    fn forms(&self, tree: &Tree) -> (Matrix, Matrix) {
        let size = tree.behind.len();
        let (mut hessian, mut metric) = (Matrix::zeros(size, size), Matrix::zeros(size, size));
        // K 1[S] and Δ 1[S]: at a state every term has the same sign, nothing cancels
        let (mut through, mut spread) = (vec![Vec::new(); size], vec![Vec::new(); size]);
        for (coordinate, behind) in tree.behind.iter().enumerate() {
            let mut flux = vec![0.0; self.density.len()];
            for (&Pair { from, to, .. }, &(l, ..)) in self.chain.pairs.iter().zip(&self.conductance) {
                let flow = l * (behind[to] - behind[from]);
                flux[from] -= flow;
                flux[to] += flow;
            }
            through[coordinate] = flux;
            spread[coordinate] = self.chain.laplacian(behind);
        }
        for (&Pair { from, to, .. }, &(l, by_from, by_to)) in self.chain.pairs.iter().zip(&self.conductance) {
            let growth = self.growth(from, to, by_from, by_to);
            let crossed: Vec<(usize, f64)> = (0..size)
                .map(|i| (i, tree.behind[i][to] - tree.behind[i][from]))
                .filter(|(_, step)| *step != 0.0)
                .collect();
            for &(i, left) in &crossed {
                for &(j, right) in &crossed {
                    metric[(i, j)] += left * right * l;
                    hessian[(i, j)] += left * right * growth;
                }
            }
        }
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        for i in 0..size {
            for j in 0..size {
                hessian[(i, j)] -= 0.5 * (dot(&spread[i], &through[j]) + dot(&spread[j], &through[i]));
            }
        }
        (hessian, metric)
    }

    /// ½ ∂L·Δρ, the weight of g² in the Hessian. Towards a face it grows beyond bounds, and is positive where it is large.
    fn growth(&self, from: usize, to: usize, by_from: f64, by_to: f64) -> f64 {
        0.5 * (by_from * self.change[from] + by_to * self.change[to])
    }

    /// The spanning tree of the largest weights |½ ∂L·Δρ| + (k + k') L (Kruskal's algorithm), rooted at state 0.
    fn tree(&self) -> Tree {
        let n = self.density.len();
        let pi = self.chain.stationary.probabilities();
        let edges = self.chain.pairs.iter().zip(&self.conductance);
        let weight: Vec<f64> = edges
            .map(
                |(
                    &Pair {
                        from,
                        to,
                        conductance,
                    },
                    &(l, by_from, by_to),
                )| {
                    self.growth(from, to, by_from, by_to).abs()
                        + (conductance / pi[from] + conductance / pi[to]) * l
                },
            )
            .collect();
        let mut order: Vec<usize> = (0..weight.len()).collect();
        order.sort_by(|&e, &f| weight[f].total_cmp(&weight[e]));
        let mut group: Vec<usize> = (0..n).collect();
        let mut neighbours = vec![Vec::new(); n];
        for e in order {
            let Pair { from, to, .. } = self.chain.pairs[e];
            let (old, new) = (group[to], group[from]);
            if old != new {
                group.iter_mut().filter(|g| **g == old).for_each(|g| *g = new);
                neighbours[from].push(to);
                neighbours[to].push(from);
            }
        }
        let mut parent = vec![usize::MAX; n];
        let mut order = vec![0];
        let mut next = 0;
        while next < order.len() {
            let x = order[next];
            let above = parent[x];
            for &y in neighbours[x].iter().filter(|y| **y != above) {
                parent[y] = x;
                order.push(y);
            }
            next += 1;
        }
        let mut behind = vec![vec![0.0; n]; n];
        for &v in order.iter().rev() {
            behind[v][v] = 1.0;
            if v != 0 {
                let own = behind[v].clone();
                behind[parent[v]]
                    .iter_mut()
                    .zip(own)
                    .for_each(|(all, own)| *all += own);
            }
        }
        behind.remove(0);
        Tree { behind }
    }
}

/// One coordinate per edge of a tree: the difference of the potential across it.
struct Tree {
    /// 1 for the states that the edge separates from the root, 0 for the others.
    behind: Vec<Vec<f64>>,
}

impl Tree {
    /// ψ with the given differences and Σψ = 0.
    fn potential(&self, differences: &[f64]) -> Vec<f64> {
        let mut psi = vec![0.0; differences.len() + 1];
        for (behind, u) in self.behind.iter().zip(differences) {
            psi.iter_mut()
                .zip(behind)
                .for_each(|(psi, inside)| *psi += u * inside);
        }
        let mean = psi.iter().sum::<f64>() / psi.len() as f64;
        psi.iter().map(|v| v - mean).collect()
    }
}

/// R with A = R Rᵀ, lower triangular; `None` if A is not positive definite.
fn cholesky(a: &Matrix) -> Option<Matrix> {
    let n = a.rows();
    let mut root = Matrix::zeros(n, n);
    for j in 0..n {
        for i in j..n {
            let sum: f64 = (0..j).map(|k| root[(i, k)] * root[(j, k)]).sum();
            let rest = a[(i, j)] - sum;
            if i > j {
                root[(i, j)] = rest / root[(j, j)];
            } else if rest > 0.0 && rest.is_finite() {
                root[(j, j)] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    Some(root)
}

/// R⁻¹ A R⁻ᵀ for symmetric A.
fn solve_from_both_sides(root: &Matrix, a: Matrix) -> Matrix {
    let n = a.rows();
    let forward = |a: Matrix| {
        let mut out = a;
        for j in 0..n {
            for i in 0..n {
                let sum: f64 = (0..i).map(|k| root[(i, k)] * out[(k, j)]).sum();
                out[(i, j)] = (out[(i, j)] - sum) / root[(i, i)];
            }
        }
        out
    };
    let left = forward(a);
    let both = forward(Matrix::from_fn(n, n, |i, j| left[(j, i)]));
    Matrix::from_fn(n, n, |i, j| 0.5 * (both[(i, j)] + both[(j, i)]))
}

/// R⁻ᵀ b.
fn solve_transposed(root: &Matrix, b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let mut x = b.to_vec();
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| root[(k, i)] * x[k]).sum();
        x[i] = (x[i] - sum) / root[(i, i)];
    }
    x
}

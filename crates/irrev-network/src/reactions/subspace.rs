//! Coordinates of the states that a start can reach: x = x₀ + Q z, Q an orthonormal basis of the space of possible changes.
//!
//! Conservation laws make the Jacobian singular in x; in z it is regular wherever a steady state is isolated.

use irrev_numerics::linalg::Matrix;

use super::ReactionSystem;
use super::bounds::dot;
use crate::error::Result;

/// Orthonormal basis of im S, and of what drifts otherwise.
pub(super) struct Subspace {
    /// Basis vectors, each of the length of the state.
    pub(super) basis: Vec<Vec<f64>>,
}

/// A vector that keeps less than this part of its length beside the others is dependent; ranks of stoichiometry are far from it.
const DEPENDENT: f64 = 1e-9;

impl Subspace {
    pub(super) fn new(system: &ReactionSystem) -> Self {
        let n = system.dynamic().len();
        let mut basis: Vec<Vec<f64>> = Vec::new();
        let mut admit = |mut v: Vec<f64>| {
            let length = dot(&v, &v).sqrt();
            if basis.len() == n || length == 0.0 {
                return;
            }
            // twice is enough (Kahan and Parlett)
            for _ in 0..2 {
                for u in &basis {
                    let along = dot(u, &v);
                    v.iter_mut().zip(u).for_each(|(v, u)| *v -= along * u);
                }
            }
            let rest = dot(&v, &v).sqrt();
            if rest > DEPENDENT * length {
                v.iter_mut().for_each(|v| *v /= rest);
                basis.push(v);
            }
        };
        for r in 0..system.reactions().len() {
            let mut v = vec![0.0; n];
            for &(state, c) in system.change(r) {
                v[state] = c;
            }
            admit(v);
        }
        for name in system.drifting() {
            if let Ok(state) = system.state(name) {
                let mut v = vec![0.0; n];
                v[state] = 1.0;
                admit(v);
            }
        }
        Self { basis }
    }

    pub(super) fn dimension(&self) -> usize {
        self.basis.len()
    }

    /// Qᵀ v.
    pub(super) fn reduced(&self, v: &[f64]) -> Vec<f64> {
        self.basis.iter().map(|u| dot(u, v)).collect()
    }

    /// Q z.
    pub(super) fn full(&self, z: &[f64], n: usize) -> Vec<f64> {
        let mut v = vec![0.0; n];
        for (u, z) in self.basis.iter().zip(z) {
            v.iter_mut().zip(u).for_each(|(v, u)| *v += z * u);
        }
        v
    }

    /// Orthonormal basis of what no change can reach: the conserved directions.
    pub(super) fn complement(&self, n: usize) -> Vec<Vec<f64>> {
        let mut all = self.basis.clone();
        for k in 0..n {
            if all.len() == n {
                break;
            }
            let mut v = vec![0.0; n];
            v[k] = 1.0;
            for _ in 0..2 {
                for u in &all {
                    let along = dot(u, &v);
                    v.iter_mut().zip(u).for_each(|(v, u)| *v -= along * u);
                }
            }
            let rest = dot(&v, &v).sqrt();
            if rest > DEPENDENT {
                v.iter_mut().for_each(|v| *v /= rest);
                all.push(v);
            }
        }
        all.split_off(self.dimension())
    }

    /// Qᵀ A Q.
    pub(super) fn restricted(&self, a: &Matrix) -> Matrix {
        let images: Vec<Vec<f64>> = self.basis.iter().map(|u| self.reduced(&a.apply_to(u))).collect();
        Matrix::from_fn(self.dimension(), self.dimension(), |i, j| images[j][i])
    }
}

/// The Jacobian on the space of possible changes.
pub(super) fn restricted_jacobian(
    system: &ReactionSystem,
    subspace: &Subspace,
    time: f64,
    x: &[f64],
) -> Result<Matrix> {
    Ok(subspace.restricted(&system.jacobian(time, x)?))
}

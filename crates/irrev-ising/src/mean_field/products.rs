//! Matrices that several expansions share: couplings times correlations, in units of k_B T.

use irrev_numerics::linalg::Matrix;

use super::MeanFieldState;
use crate::network::KineticIsing;

/// β J with mean fields, and products with the correlations of the step before.
pub(super) struct Products {
    /// β J.
    pub(super) couplings: Matrix,
    /// θ_i = β (H_i + Σ_j J_ij m'_j).
    pub(super) mean_fields: Vec<f64>,
}

/// Variance 1 − m² of a spin.
pub(super) fn variance(m: f64) -> f64 {
    (1.0 - m) * (1.0 + m)
}

pub(super) fn transposed(a: &Matrix) -> Matrix {
    Matrix::from_fn(a.columns(), a.rows(), |i, j| a[(j, i)])
}

impl Products {
    pub(super) fn new(network: &KineticIsing, before: &MeanFieldState) -> Self {
        Self {
            couplings: network
                .couplings()
                .to_matrix()
                .scaled(network.inverse_temperature()),
            mean_fields: network.local_fields_of(&before.magnetizations),
        }
    }

    /// J C'.
    pub(super) fn driven(&self, before: &MeanFieldState) -> Matrix {
        self.couplings.times(&before.equal_time)
    }

    /// J C' Jᵀ, from J C'.
    pub(super) fn field_covariance(&self, driven: &Matrix) -> Matrix {
        driven.times(&transposed(&self.couplings))
    }

    /// Σ_j J_ij J_kj v_j: the covariance of local fields if earlier spins are independent.
    pub(super) fn independent_covariance(&self, variances: &[f64]) -> Matrix {
        let n = variances.len();
        let weighted = Matrix::from_fn(n, n, |j, i| self.couplings[(i, j)] * variances[j].max(0.0).sqrt());
        weighted.gram()
    }
}

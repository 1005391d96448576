//! Mean-field theories of parallel updates: means and correlations of N spins carried from step to step without the 2^N states.
//!
//! Each theory maps means m', equal-time correlations C' and delayed correlations D' of one step to those of the next; it is exact around a model in which some
//! couplings are switched off, and expands in them. With v_j = 1 − m'_j², θ_i = β (H_i + Σ_j J_ij m'_j) and a_i = 1 − m_i² (β J written J below):
//!
//! | [`Expansion`] | mean | C_ik, i ≠ k | D_il = cov(s_i(t), s_l(t−1)) |
//! |---|---|---|---|
//! | naive, Plefka\[t−1,t\] of order 1 | tanh θ_i | 0 | a_i J_il v_l |
//! | Thouless–Anderson–Palmer, Plefka\[t−1,t\] of order 2 | tanh(θ_i − m_i Σ_j J_ij² v_j) | a_i a_k Σ_j J_ij J_kj v_j | a_i J_il v_l (1 + 2 J_il m_i m'_l) |
//! | Plefka\[t\] of order 1 | tanh θ_i | 0 | a_i Σ_j J_ij C'_jl |
//! | Plefka\[t\] of order 2 | tanh(θ_i − m_i V_ii), V = J C' Jᵀ | a_i a_k V_ik | a_i (J C')_il (1 + 2 J_il m_i m'_l) |
//! | Plefka\[t−1\] of order 1 | mean of tanh over a normal field | that of tanh tanh over two, − m_i m_k | ⟨sech²⟩_i Σ_j J_ij C'_jl |
//! | Plefka2\[t\] of order 2 | pairs kept exact, see [`Expansion::Pairwise`] | | |
//!
//! Sources: T. Plefka, J. Phys. A 15, 1971 (1982); H. J. Kappen and J. J. Spanjers, Phys. Rev. E 61, 5658 (2000); Y. Roudi and J. Hertz, J. Stat. Mech. P03031 (2011);
//! M. Mézard and J. Sakellariou, J. Stat. Mech. L07001 (2011); M. Aguilera, S. A. Moosavi and H. Shimazaki, Nat. Commun. 12, 1197 (2021).

mod correlated_fields;
mod pairwise;
mod products;
mod self_consistent;
mod stationary;
mod step;

pub use stationary::{StationaryMeanField, stationary_state};
pub use step::step;

use irrev_numerics::linalg::Matrix;

use crate::error::{Error, Result};
use crate::network::KineticIsing;

/// Which couplings are expanded in, and how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Expansion {
    /// Plefka\[t−1,t\] of first order: independent spins in mean fields.
    Naive,
    /// Plefka\[t−1,t\] of second order, with Onsager's reaction term.
    ThoulessAndersonPalmer,
    /// Plefka\[t\] of first order: the step before is kept as it is.
    CurrentFirst,
    /// Plefka\[t\] of second order. Its correlations may leave what is possible: see [`MeanFieldState::excess_correlation`].
    CurrentSecond,
    /// Plefka\[t−1\] of first order: local fields are normal, with the covariance of independent earlier spins.
    Previous,
    /// Plefka2\[t\] of second order: a pair (s_i(t), s_l(t−1)) or (s_i(t), s_k(t)) keeps its coupling, all others are expanded in.
    ///
    /// For s = ±1: x = θ_i + (J_il + W_il)(s − m'_l) − V^{(l)}_i tanh x, with W_il = Σ_{j≠l,n} J_ij J_ln D'_jn and V^{(l)}_i = Σ_{j,n≠l} J_ij J_in C'_jn; then
    /// m_i is the mean over l of Σ_s p(s) tanh x_s, and D_il = Σ_s p(s) s tanh x_s − m_i^{(l)} m'_l. At equal times
    /// x = θ_i + V_ik (s − m_k) − V_ii tanh x, with the mean m_k of this step; C is symmetrised.
    Pairwise,
}

impl Expansion {
    /// All of them, from the simplest.
    pub const ALL: [Self; 6] = [
        Self::Naive,
        Self::ThoulessAndersonPalmer,
        Self::CurrentFirst,
        Self::CurrentSecond,
        Self::Previous,
        Self::Pairwise,
    ];

    /// The name it goes by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Naive => "naive",
            Self::ThoulessAndersonPalmer => "TAP",
            Self::CurrentFirst => "Plefka[t], order 1",
            Self::CurrentSecond => "Plefka[t], order 2",
            Self::Previous => "Plefka[t-1]",
            Self::Pairwise => "Plefka2[t]",
        }
    }
}

/// Means and correlations at one step, and the means of the step before.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MeanFieldState {
    /// m_i(t).
    pub magnetizations: Vec<f64>,
    /// m_i(t−1).
    pub previous_magnetizations: Vec<f64>,
    /// C_ik = cov(s_i(t), s_k(t)), 1 − m_i² on the diagonal.
    pub equal_time: Matrix,
    /// D_il = cov(s_i(t), s_l(t−1)).
    pub delayed: Matrix,
}

impl MeanFieldState {
    /// Independent spins with the given means, which nothing precedes.
    ///
    /// # Errors
    /// [`Error::Domain`] for a mean outside [−1, 1].
    ///
    /// ```
    /// use irrev_ising::mean_field::MeanFieldState;
    /// let start = MeanFieldState::independent(&[0.5, -0.2])?;
    /// assert_eq!(start.equal_time[(0, 0)], 0.75);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn independent(magnetizations: &[f64]) -> Result<Self> {
        for &m in magnetizations {
            Error::require("a magnetisation", m, m.abs() <= 1.0, "a number from -1 to 1")?;
        }
        let n = magnetizations.len();
        Ok(Self {
            magnetizations: magnetizations.to_vec(),
            previous_magnetizations: magnetizations.to_vec(),
            equal_time: Matrix::from_fn(n, n, |i, k| {
                if i == k {
                    products::variance(magnetizations[i])
                } else {
                    0.0
                }
            }),
            delayed: Matrix::zeros(n, n),
        })
    }

    /// How far a correlation lies beyond what two spins can have, |C_ik| ≤ 1: above 0 the expansion has diverged, and its numbers mean nothing.
    #[must_use]
    pub fn excess_correlation(&self) -> f64 {
        let correlations = self.equal_time.data().iter().chain(self.delayed.data());
        correlations.fold(0.0, |most, c| {
            if c.is_nan() {
                f64::INFINITY
            } else {
                f64::max(most, c.abs() - 1.0)
            }
        })
    }

    /// σ = β Σ_ij (J_ij − J_ji)(D_ij + m_i(t) m_j(t−1)), in nats per step: the entropy production in the bath if the state is stationary.
    ///
    /// # Errors
    /// [`Error::Size`] if the network has another number of spins.
    pub fn entropy_production(&self, network: &KineticIsing) -> Result<f64> {
        let n = network.spins();
        if self.magnetizations.len() != n {
            return Err(Error::Size {
                what: "a mean-field state",
                found: self.magnetizations.len(),
                expected: n,
            });
        }
        let couplings = network.couplings().to_matrix();
        let (now, before) = (&self.magnetizations, &self.previous_magnetizations);
        let terms = (0..n).flat_map(|i| (0..n).map(move |j| (i, j)));
        let sum = irrev_numerics::sum::compensated_sum(terms.map(|(i, j)| {
            (couplings[(i, j)] - couplings[(j, i)]) * (self.delayed[(i, j)] + now[i] * before[j])
        }));
        Ok(network.inverse_temperature() * sum)
    }
}

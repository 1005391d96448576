//! What is left at β → ∞.
//!
//! Spins follow the sign of their field: m = E erf((J₀m + H)/(√2ΔJ)). Only spins whose field is near 0 are still undecided, so that everything thermal
//! is proportional to ρ = E exp(−(J₀m + H)²/2ΔJ²)/√(2π), the density of x̂/ΔJ at 0: βk → 2ρ/ΔJ, S_c → (π²/6) ρ/(βΔJ), and the entropy production grows
//! without bound, σ → 2ρ βΔJ (1 − q), σ̇ → 2ρ βΔJ [1 − ∫e^{−τ}C]. Without fields and order G(c) = (2/π) arcsin c, q = 0, and the flip rate
//! is √(1/π − 1/4).

use std::f64::consts::PI;

use serde::Serialize;

use super::InfiniteNetwork;
use super::asynchronous::{Autocorrelation, SequentialState};
use super::gaussian::Grid;
use super::order_parameters::Branch;
use crate::error::Result;

/// Stationary state at β = ∞, and how entropies approach it; per spin.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ZeroTemperature {
    /// m.
    pub magnetization: f64,
    /// q.
    pub overlap: f64,
    /// Density of local fields at 0, in 1/energy: ρ/ΔJ. Infinite if no spin feels any field.
    pub undecided: f64,
    /// lim β S_c, in units of energy.
    pub conditional_entropy_times_beta: f64,
    /// lim σ/β, in units of energy per parallel step.
    pub entropy_production_per_beta: f64,
    /// lim σ̇/β for updates one at a time, in units of energy per unit of time.
    pub entropy_production_rate_per_beta: f64,
    /// Flips per unit of time of updates one at a time.
    pub flip_rate: f64,
    /// 1 − ∫e^{−τ}C dτ.
    pub forgotten: f64,
    /// C(τ).
    pub autocorrelation: Autocorrelation,
    /// J₀βk: the state is stable below 1.
    pub feedback: f64,
}

impl InfiniteNetwork {
    /// The stationary state at β = ∞ with the same couplings and fields; the network's own β does not matter.
    ///
    /// Constants are exact up to corrections of relative order 1/β², since tanh differs from a sign within 1/β of 0 only.
    ///
    /// # Errors
    /// As [`InfiniteNetwork::order_parameters`].
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::{Branch, InfiniteNetwork};
    /// let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: 0.0, spread: 1.0, fields: FieldLaw::Constant(0.0) };
    /// let limit = network.zero_temperature(Branch::Up)?;
    /// assert!((limit.entropy_production_per_beta - (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-14);
    /// assert!((limit.entropy_production_rate_per_beta - 0.28835513).abs() < 1e-8);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn zero_temperature(&self, branch: Branch) -> Result<ZeroTemperature> {
        let cold = self.at_inverse_temperature(f64::INFINITY);
        cold.check()?;
        let state = SequentialState::on_branch(&cold, branch, Grid::STANDARD)?;
        let order = state.order;
        let undecided = 0.5 * order.local_susceptibility;
        let per_unfrozen = if self.spread == 0.0 {
            0.0
        } else {
            self.spread * self.spread * order.local_susceptibility
        };
        Ok(ZeroTemperature {
            magnetization: order.magnetization,
            overlap: order.overlap,
            undecided,
            conditional_entropy_times_beta: PI * PI / 6.0 * undecided,
            entropy_production_per_beta: per_unfrozen * order.unfrozen,
            entropy_production_rate_per_beta: per_unfrozen * state.forgotten,
            flip_rate: state.flip_rate,
            forgotten: state.forgotten,
            autocorrelation: state.autocorrelation,
            feedback: order.feedback,
        })
    }
}

//! How far one finite network is from the infinite one because of its own draw of couplings and fields.
//!
//! Averages of a large network differ from draw to draw, however long it is watched. To leading order in 1/N two sources are told apart:
//!
//! * The time averages t_i of its spins are independent draws with variance q − m², and their mean moves the field of all: m spreads by
//!   √((q − m²)/N)/(1 − J₀βk), and with it σ, along the states that a common field leads to, by |dσ/dm| times that. This is of order 1/√N where there is order.
//! * σ is proportional to Σ_ij (J_ij − J_ji)², whose N(N − 1)/2 squares of normal numbers spread by a relative 2/N. It is all that is left where m = 0 without
//!   fields.
//!
//! Source: derived here; both are compared with simulated draws in the tests.

use serde::Serialize;

use super::InfiniteNetwork;
use super::order_parameters::Branch;
use super::phase_diagram::Parameter;
use crate::error::{Error, Result};

/// Change of the mean field, relative to the scale of the energies, over which slopes are taken.
const STEP: f64 = 1e-4;

/// Standard deviations over draws of networks of one size, to leading order in 1/N; per spin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DrawSpread {
    /// Of m.
    pub magnetization: f64,
    /// Of σ per step of parallel updates.
    pub entropy_production: f64,
    /// Of σ̇ per unit of time of updates one at a time.
    pub entropy_production_rate: f64,
}

impl InfiniteNetwork {
    /// By how much networks of N spins differ from draw to draw, to leading order in 1/N: the standard deviations that are not thermal.
    ///
    /// Not meant near criticality, where it diverges, nor for parallel updates that alternate.
    ///
    /// # Errors
    /// As [`InfiniteNetwork::sequential`]; [`Error::Domain`] for no spins, and at β = ∞.
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::{Branch, InfiniteNetwork};
    /// let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: 1.0, spread: 0.5, fields: FieldLaw::Constant(0.0) };
    /// let (spread, state) = (network.draw_spread(1024, Branch::Up)?, network.order_parameters(Branch::Up)?);
    /// // without order only the antisymmetric couplings are left
    /// assert!((spread.entropy_production - state.entropy_production * 2.0 / 1024.0).abs() < 1e-9);
    /// assert_eq!(spread.magnetization, 0.0);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn draw_spread(&self, spins: usize, branch: Branch) -> Result<DrawSpread> {
        let (n, beta) = (spins as f64, self.inverse_temperature);
        Error::require("the number of spins", n, spins > 0, "at least 1")?;
        Error::require(
            "the inverse temperature",
            beta,
            beta.is_finite(),
            "a finite number",
        )?;
        let state = self.sequential(branch)?;
        let order = state.order;
        let own = (order.overlap - order.magnetization.powi(2)).max(0.0);
        let magnetization = (own / n).sqrt() / (1.0 - order.feedback).abs();
        // along the branch by a common field: dσ/dH over dm/dH
        let by = STEP * (self.mean_coupling.abs() + self.spread);
        let mean = self.fields.mean();
        let (low, high) = (
            self.with(Parameter::MeanField, mean - by).sequential(branch)?,
            self.with(Parameter::MeanField, mean + by).sequential(branch)?,
        );
        let per_m = |of: f64| {
            let moved = high.order.magnetization - low.order.magnetization;
            if moved == 0.0 { 0.0 } else { of / moved }
        };
        let by_order = magnetization * per_m(high.order.entropy_production - low.order.entropy_production);
        let rate_by_order = magnetization * per_m(high.entropy_production_rate - low.entropy_production_rate);
        let squares = 2.0 / n;
        Ok(DrawSpread {
            magnetization,
            entropy_production: by_order.hypot(squares * order.entropy_production),
            entropy_production_rate: rate_by_order.hypot(squares * state.entropy_production_rate),
        })
    }
}

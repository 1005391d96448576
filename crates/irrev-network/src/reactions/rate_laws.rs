//! Laws other than mass action.

use std::fmt::Debug;

use crate::error::Result;

/// The laws of all reactions that are not mass action, in one object, so that what several of them share is evaluated once.
///
/// Amounts are those of all species, dynamic and held, in the order of the system; reactions are numbered as in the system.
pub trait RateLaws: Send + Sync + Debug {
    /// Writes the amounts of held species that follow a formula.
    ///
    /// # Errors
    /// Where a formula has no finite value.
    fn assign(&self, time: f64, amounts: &mut [f64]) -> Result<()>;

    /// Writes the one-way fluxes of every reaction with [`Law::General`](super::Law::General), and j⁺ = net flux with j⁻ = 0 for one
    /// with [`Law::Net`](super::Law::Net); other entries are left alone.
    ///
    /// # Errors
    /// Where a law has no finite value.
    fn fluxes(&self, time: f64, amounts: &[f64], forward: &mut [f64], backward: &mut [f64]) -> Result<()>;

    /// Calls `entry(reaction, species, ∂j⁺/∂a, ∂j⁻/∂a)` for every derivative that may differ from zero, by dynamic species.
    ///
    /// # Errors
    /// Where a law has no finite value.
    fn derivatives(
        &self,
        time: f64,
        amounts: &[f64],
        entry: &mut dyn FnMut(usize, usize, f64, f64),
    ) -> Result<()>;

    /// Writes into `rate` (one entry per species) the rates of the species that follow a rate of their own.
    ///
    /// # Errors
    /// Where a rate has no finite value.
    fn drift(&self, time: f64, amounts: &[f64], rate: &mut [f64]) -> Result<()>;

    /// Calls `entry(changed species, species, derivative)` for the derivatives of [`drift`](Self::drift) by dynamic species.
    ///
    /// # Errors
    /// Where a rate has no finite value.
    fn drift_derivatives(
        &self,
        time: f64,
        amounts: &[f64],
        entry: &mut dyn FnMut(usize, usize, f64),
    ) -> Result<()>;

    /// Names of the species that follow [`drift`](Self::drift). They are driven from outside: no reaction changes them, and for the
    /// thermodynamics they are chemostats whose amounts move.
    fn drifting(&self) -> &[String];

    /// Whether anything depends on the time explicitly.
    fn depends_on_time(&self) -> bool;
}

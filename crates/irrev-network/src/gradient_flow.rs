//! The master equation as a gradient flow of relative entropy, and how far driving spoils it.
//!
//! With detailed balance ṗ = −B L Bᵀ ln(p/π), the steepest descent of D(p‖π) in the metric of L (Maas). Without it the identity
//! fails, by a residual that is reported together with the stationary currents that cause it. The velocities themselves, with
//! their norms, are in [`crate::transport::gradient_flow()`].
//!
//! Source: Maas, J. Funct. Anal. 261, 2250 (2011).

use crate::decomposition::hatano_sasa::relative_entropy_decay;
use crate::error::Result;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;
use crate::transport::gradient_flow::{defect_rate, require_positive};

/// Both sides of the gradient-flow identity at one state.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct GradientFlowIdentity {
    /// maxᵢ |(ṗ + B L Bᵀ ln(p/π))ᵢ|, in 1/time: 0 with detailed balance.
    pub residual: f64,
    /// Largest stationary current, in 1/time: 0 with detailed balance.
    pub detailed_balance_defect: f64,
    /// dD(p‖π)/dt ≤ 0, in nats per time.
    pub relative_entropy_rate: f64,
    /// Entropy production rate, in nats per time; equals −dD/dt with detailed balance.
    pub entropy_production_rate: f64,
}

/// Evaluates the gradient-flow identity at a distribution with full support.
///
/// # Errors
/// [`crate::Error::NotPositive`] if p or π vanishes somewhere; as [`MarkovJump::stationary_distribution`].
pub fn gradient_flow_identity(
    kinetics: &MarkovJump,
    distribution: &Distribution,
) -> Result<GradientFlowIdentity> {
    let network = kinetics.network();
    network.check_states("distribution", distribution.probabilities())?;
    let stationary = kinetics.stationary_distribution()?;
    for p in [distribution, &stationary] {
        require_positive(kinetics, p)?;
    }
    let flow = kinetics.flow(distribution)?;
    let left = defect_rate(kinetics, &flow, &stationary)?;
    let residual = left.iter().fold(0.0, |most: f64, d| most.max(d.abs()));
    let defect = kinetics
        .flow(&stationary)?
        .current()
        .iter()
        .map(|j| j.abs())
        .fold(0.0, f64::max);
    Ok(GradientFlowIdentity {
        residual,
        detailed_balance_defect: defect,
        relative_entropy_rate: -relative_entropy_decay(kinetics, distribution, &stationary)?,
        entropy_production_rate: flow.entropy_production_rate(),
    })
}

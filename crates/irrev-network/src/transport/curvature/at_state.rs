//! Curvature at one state.

use super::pencil::Pencil;
use super::reversible::{Reversible, require_positive};
use crate::error::Result;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Eigenvalues that differ by less than this, relative to the gap or to themselves, count as one.
const SAME: f64 = 1e-9;

/// The smallest curvature of relative entropy at a state, and the direction in which it is met.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CurvatureAt {
    /// κ(p) = min ψᵀ Hess ψ / ψᵀ K ψ, in 1/time.
    pub value: f64,
    /// A minimising potential ψ with ψᵀ K ψ = 1 and Σψ = 0: the geodesic that leaves p with ṗ = Kψ bends relative entropy by D̈ = κ(p).
    pub potential: Vec<f64>,
    /// Number of eigenvalues that equal the smallest to nine digits.
    pub multiplicity: usize,
}

/// κ(p): the smallest eigenvalue of the Hessian of D(·‖π) at p > 0 in the metric of the Onsager coefficients, in 1/time.
///
/// At p = π it is the spectral gap. Accurate near the boundary, too: what counts is that no p/π is more than e⁶⁰⁰ times another. O(states³).
///
/// Source: Erbar and Maas, Arch. Ration. Mech. Anal. 206, 997 (2012).
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, transport::curvature::curvature_at};
/// let two = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)])?;
/// let b = 0.6_f64;                                                   // p = (1 ± b)/2: κ(p) = 1 + Λ(1 + b, 1 − b)/(1 − b²)
/// let found = curvature_at(&two, &Distribution::new(vec![0.8, 0.2])?)?;
/// assert!((found.value - (1.0 + b / b.atanh() / (1.0 - b * b))).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`](crate::Error::Domain) without detailed balance, with the defect; [`Error::NotPositive`](crate::Error::NotPositive) if p or π
/// vanishes somewhere; [`Error::Length`](crate::Error::Length); as [`MarkovJump::stationary_distribution`].
pub fn curvature_at(kinetics: &MarkovJump, p: &Distribution) -> Result<CurvatureAt> {
    let quantity = "the curvature of relative entropy";
    kinetics
        .network()
        .check_states("distribution", p.probabilities())?;
    require_positive(kinetics, p, quantity)?;
    at_state(&Reversible::of(kinetics, quantity)?, p)
}

/// As [`curvature_at`], for a chain that is known to have detailed balance.
pub(super) fn at_state(chain: &Reversible, p: &Distribution) -> Result<CurvatureAt> {
    let pencil = Pencil::new(chain, &chain.log_density(p))?;
    let found = pencil.eigenpairs()?;
    let value = found.values[0];
    Ok(CurvatureAt {
        value,
        multiplicity: found.multiplicity(SAME * chain.spectral_gap.max(value.abs())),
        potential: pencil.uncentred(&found.potentials[0]),
    })
}

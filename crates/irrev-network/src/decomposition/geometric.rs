//! Geometric excess/housekeeping split of the entropy production rate.
//!
//! Among all forces that move the state in the same way, one is a gradient: F* = Bᵀψ with B L Bᵀ ψ = ẋ. It is the orthogonal
//! projection of F in ⟨f, g⟩ = Σₑ Lₑ fₑ gₑ, hence Σ̇ = ‖F*‖² + ‖F − F*‖² = excess + housekeeping, both non-negative.
//!
//! Conventions: nats per unit time; ψ has zero mean on each component. An edge with flux one way only has L = 0 and makes
//! Σ̇ and the housekeeping part infinite; the excess is finite only if the other edges can carry ẋ.
//!
//! Sources: Maas, J. Funct. Anal. 261, 2250 (2011); Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5,
//! 013017 (2023).

use irrev_numerics::sum::compensated_sum;
use irrev_numerics::tolerance::Convergence;

use crate::error::Result;
use crate::flow::Flow;
use crate::projection::Projection;

/// Excess and housekeeping parts with the potential that carries the excess.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GeometricDecomposition {
    /// Excess entropy production rate Σ L F*² ≥ 0, in nats per time; +∞ if no potential can carry ẋ.
    pub excess: f64,
    /// Housekeeping entropy production rate Σ L (F − F*)² ≥ 0, in nats per time.
    pub housekeeping: f64,
    /// ψ per state, in nats, zero mean on each component; empty if the excess is infinite.
    pub potential: Vec<f64>,
    /// F* = Bᵀψ per edge, in nats; empty if the excess is infinite.
    pub excess_force: Vec<f64>,
    /// Housekeeping current L (F − F*) per edge: divergence-free, in 1/time; empty if the excess is infinite.
    pub housekeeping_current: Vec<f64>,
    /// Divergence of the housekeeping current at the worst state, relative to the largest current through a state.
    pub convergence: Convergence,
}

/// Geometric split of the entropy production rate of a flow. O(edges) plus a sparse factorisation.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, decomposition::geometric_decomposition};
/// let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])?;
/// let split = geometric_decomposition(&ring.flow(&Distribution::new(vec![0.5, 0.3, 0.2])?)?)?;
/// assert!((split.excess - 0.8694120955609179).abs() < 1e-12);
/// assert!((split.housekeeping - 1.9492010983724053).abs() < 1e-12);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// Numerical failure of the factorisation.
pub fn geometric_decomposition(flow: &Flow) -> Result<GeometricDecomposition> {
    decompose(flow, &Projection::new(flow.network())?)
}

pub(crate) fn decompose(flow: &Flow, projection: &Projection<'_>) -> Result<GeometricDecomposition> {
    let onsager = flow.onsager_coefficient();
    let current = flow.current();
    let force = flow.force();
    let one_way: Vec<f64> = current
        .iter()
        .zip(&onsager)
        .map(|(&j, &l)| if l == 0.0 { j } else { 0.0 })
        .collect();
    let Some(potential) = projection.potential(&onsager, &force, &one_way)? else {
        return Ok(GeometricDecomposition {
            excess: f64::INFINITY,
            housekeeping: f64::INFINITY,
            potential: Vec::new(),
            excess_force: Vec::new(),
            housekeeping_current: Vec::new(),
            convergence: Convergence::direct(0.0, 0.0),
        });
    };
    let excess_force = flow.network().gradient(&potential)?;
    // L (F − F*) is J − L F* also on one-way edges, where L F is 0 · ∞
    let housekeeping_current: Vec<f64> = current
        .iter()
        .zip(&force)
        .zip(onsager.iter().zip(&excess_force))
        .map(|((j, f), (l, fx))| if f.is_finite() { l * (f - fx) } else { *j })
        .collect();
    let excess = compensated_sum(onsager.iter().zip(&excess_force).map(|(l, f)| l * f * f));
    let housekeeping = compensated_sum(onsager.iter().zip(&force).zip(&excess_force).map(|((l, f), fx)| {
        if f.is_finite() {
            l * (f - fx) * (f - fx)
        } else {
            f64::INFINITY
        }
    }));
    Ok(GeometricDecomposition {
        excess,
        housekeeping,
        convergence: projection.convergence(&onsager, &force, &one_way, &potential),
        potential,
        excess_force,
        housekeeping_current,
    })
}

//! The master equation beside the steepest descent of relative entropy in the metric of [W₂](super::wasserstein2).
//!
//! The metric makes K = B L Bᵀ of a slope a velocity: steepest descent of D(p‖π) moves with −K ln(p/π). The master equation moves with B L F, and
//!
//! ```text
//! F = −Bᵀ ln(p/π) + A,   A = ln(k⁺π_x/(k⁻π_y)),   ṗ = −K ln(p/π) + B L A.
//! ```
//!
//! A is the force that is left at every state, the adiabatic one. With detailed balance A = 0 and the master equation *is* the gradient flow; without, the
//! two part by the defect B L A, which also vanishes where L A is divergence-free, as in the stationary state.
//!
//! Velocities are measured in the metric: ‖v‖² = v·K⁺v is the least entropy production rate that moves the state so, hence ‖ṗ‖² the geometric excess.
//!
//! Conventions: velocities in 1/time, norms in √(nats/time). A channel with flux one way only has L = 0 and no part in the descent; a velocity that only such
//! channels can carry has an infinite norm.
//!
//! Source: J. Maas, J. Funct. Anal. 261, 2250 (2011).

use irrev_numerics::special::log_ratio;
use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::projection::Projection;
use crate::state::Distribution;

/// A velocity of the state, with its norm in the metric of W₂ and the potential that drives it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Velocity {
    /// Change of every probability, in 1/time.
    pub rate: Vec<f64>,
    /// √(v·K⁺v), in √(nats/time); +∞ if no potential can carry it.
    pub norm: f64,
    /// K⁺v, in nats, of mean zero; empty if the norm is infinite.
    pub potential: Vec<f64>,
}

/// The velocity of the master equation, that of steepest descent, and what lies between them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GradientFlow {
    /// ṗ of the master equation; the square of its norm is the geometric excess, in nats per time.
    pub master: Velocity,
    /// −B L Bᵀ ln(p/π); the square of its norm is the rate at which D(p‖π) falls along it, in nats per time.
    pub descent: Velocity,
    /// B L A, the first less the second: 0 with detailed balance.
    pub defect: Velocity,
}

impl GradientFlow {
    /// ‖defect‖/‖ṗ‖; 0 where there is no defect, even if nothing moves, +∞ where only the defect keeps the state in place.
    #[must_use]
    pub fn relative_defect(&self) -> f64 {
        if self.defect.norm == 0.0 {
            return 0.0;
        }
        self.defect.norm / self.master.norm
    }
}

/// Master equation and steepest descent of D(p‖π) at a distribution with full support. O(edges) plus three sparse solves.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, transport::gradient_flow};
/// let p = Distribution::new(vec![0.5, 0.3, 0.2])?;
/// let reversible = MarkovJump::from_rates(3, &[(0, 1, 2.0, 1.0), (1, 2, 2.0, 1.0), (2, 0, 1.0, 4.0)])?;
/// assert!(gradient_flow(&reversible, &p)?.relative_defect() < 1e-14);
/// let driven = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])?;
/// let at = gradient_flow(&driven, &p)?;
/// assert!((at.master.norm.powi(2) - 0.8694120955609179).abs() < 1e-12);   // the geometric excess
/// assert!(at.relative_defect() > 0.1);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotPositive`] if p or π vanishes somewhere; [`Error::Length`]; as [`MarkovJump::stationary_distribution`].
pub fn gradient_flow(kinetics: &MarkovJump, distribution: &Distribution) -> Result<GradientFlow> {
    let network = kinetics.network();
    network.check_states("distribution", distribution.probabilities())?;
    let stationary = kinetics.stationary_distribution()?;
    for p in [distribution, &stationary] {
        require_positive(kinetics, p)?;
    }
    let flow = kinetics.flow(distribution)?;
    let onsager = flow.onsager_coefficient();
    let projection = Projection::new(network)?;
    let velocity = |force: &[f64], one_way: &[f64]| -> Result<Velocity> {
        let rate = network.divergence(&driven(&onsager, force, one_way))?;
        let Some(potential) = projection.potential(&onsager, force, one_way)? else {
            return Ok(Velocity {
                rate,
                norm: f64::INFINITY,
                potential: Vec::new(),
            });
        };
        let gradient = network.gradient(&potential)?;
        let power = compensated_sum(onsager.iter().zip(&gradient).map(|(l, f)| l * f * f));
        Ok(Velocity {
            rate,
            norm: power.sqrt(),
            potential,
        })
    };
    let one_way = one_way_current(&flow, &onsager);
    let slope = network.gradient(&distribution.log_ratios(&stationary))?;
    let downhill: Vec<f64> = slope.iter().map(|s| -s).collect();
    let master = velocity(&flow.force(), &one_way)?;
    Ok(GradientFlow {
        master: Velocity {
            rate: flow.rate_of_change(),
            ..master
        },
        descent: velocity(&downhill, &vec![0.0; onsager.len()])?,
        defect: velocity(&adiabatic_force(kinetics, &stationary), &one_way)?,
    })
}

/// B (L A + J′) with the currents J′ of channels that carry flux one way only: the defect alone, without solving for potentials.
pub(crate) fn defect_rate(kinetics: &MarkovJump, flow: &Flow, stationary: &Distribution) -> Result<Vec<f64>> {
    let onsager = flow.onsager_coefficient();
    let current = driven(
        &onsager,
        &adiabatic_force(kinetics, stationary),
        &one_way_current(flow, &onsager),
    );
    kinetics.network().divergence(&current)
}

/// L f where L > 0, and the given current elsewhere.
fn driven(onsager: &[f64], force: &[f64], one_way: &[f64]) -> Vec<f64> {
    let edges = onsager.iter().zip(force.iter().zip(one_way));
    edges
        .map(|(&l, (f, j))| if l > 0.0 { l * f } else { *j })
        .collect()
}

/// Currents of the channels with L = 0, and 0 for the others.
fn one_way_current(flow: &Flow, onsager: &[f64]) -> Vec<f64> {
    let edges = flow.fluxes().zip(onsager);
    edges
        .map(|((a, b), &l)| if l > 0.0 { 0.0 } else { a - b })
        .collect()
}

/// A = ln(k⁺π_x/(k⁻π_y)) per edge: no difference of p enters, so that what is left of it with detailed balance is rounding of π alone.
fn adiabatic_force(kinetics: &MarkovJump, stationary: &Distribution) -> Vec<f64> {
    let pi = stationary.probabilities();
    let rates = kinetics.forward_rate().iter().zip(kinetics.backward_rate());
    let edges = kinetics.network().edges().iter().zip(rates);
    edges
        .map(|(e, (k, back))| log_ratio(k * pi[e.from], back * pi[e.to]))
        .collect()
}

pub(crate) fn require_positive(kinetics: &MarkovJump, p: &Distribution) -> Result<()> {
    match p.probabilities().iter().position(|p| *p == 0.0) {
        None => Ok(()),
        Some(state) => Err(Error::NotPositive {
            quantity: "the gradient-flow identity",
            state: kinetics.network().states()[state].clone(),
            value: 0.0,
        }),
    }
}

//! What curvature, the modified log-Sobolev constant and the gap say about relaxation, beside the relaxation itself.

use irrev_numerics::special::relative_entropy_term;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{Run, Tolerance};

use super::interval::CurvatureInterval;
use super::reversible::Reversible;
use crate::dynamics::Evolution;
use crate::error::Result;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// ‖error‖₁ of p(t): relative entropies are accurate to its square.
const EVOLUTION: f64 = 1e-14;

/// Relaxation at one time: what is true, and what is known without following it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct RelaxationBound {
    /// t.
    pub time: f64,
    /// D(p(t)‖π), in nats.
    pub relative_entropy: f64,
    /// Σᵢ |pᵢ(t) − πᵢ|/2.
    pub total_variation: f64,
    /// Σᵢ (pᵢ(t) − πᵢ)²/πᵢ.
    pub chi_squared: f64,
    /// Proven bound of D(p(t)‖π) by the gap, ln(1 + χ²(0) e^{−2 gap t}), in nats.
    pub by_gap: f64,
    /// Proven bound of D(p(t)‖π) by the lower bound of κ, e^{−2κt} D(0), in nats; without one that is positive, or without a curvature, D(0).
    pub by_curvature: f64,
    /// The same with the curvature that the search found, in nats: a bound if the search has found the infimum.
    pub by_curvature_estimate: f64,
    /// Proven bound of the total variation: the smaller of √(D/2) (Pinsker) with the proven bounds of D, and √χ²/2.
    pub total_variation_bound: f64,
}

/// D(p(t)‖π), total variation and χ² at the given times, with their bounds by curvature and gap.
///
/// Σ̇ ≥ 2κD gives D(t) ≤ e^{−2κt} D(0) where κ > 0; χ²(t) ≤ e^{−2 gap t} χ²(0) always, and D ≤ ln(1 + χ²). A negative κ bounds nothing that D(t) ≤ D(0)
/// does not. Without a curvature, the search for which is the costly part, what remains are the bounds by the gap.
///
/// Sources: Erbar and Maas, Arch. Ration. Mech. Anal. 206, 997 (2012); A. Gibbs and F. Su, Int. Stat. Rev. 70, 419 (2002), for D ≤ ln(1 + χ²).
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, transport::curvature::{entropic_curvature, relaxation_bounds}};
/// let triangle = MarkovJump::from_rates(3, &[(0, 1, 1.0, 1.0), (0, 2, 1.0, 1.0), (1, 2, 1.0, 1.0)])?;
/// let curvature = entropic_curvature(&triangle, &Default::default(), &Default::default())?;
/// let start = Distribution::point(3, 0)?;
/// for at in relaxation_bounds(&triangle, &start, &[0.0, 0.2, 1.0], Some((&curvature).into()), &Default::default())? {
///     assert!(at.relative_entropy <= at.by_curvature * (1.0 + 1e-12));
///     assert!(at.relative_entropy <= at.by_gap * (1.0 + 1e-12));
///     assert!(at.total_variation <= at.total_variation_bound * (1.0 + 1e-12));
/// }
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`](crate::Error::Domain) for a negative time, without detailed balance, or for the curvature of another process;
/// [`Error::Length`](crate::Error::Length); as [`Evolution::advance`].
pub fn relaxation_bounds(
    kinetics: &MarkovJump,
    start: &Distribution,
    times: &[f64],
    curvature: Option<CurvatureInterval>,
    run: &Run<'_>,
) -> Result<Vec<RelaxationBound>> {
    kinetics
        .network()
        .check_states("distribution", start.probabilities())?;
    let chain = Reversible::of(kinetics, "relaxation by curvature")?;
    if let Some(curvature) = curvature {
        curvature.require_of(&chain)?;
    }
    // κ as proven and as found; 0 bounds nothing that D(t) ≤ D(0) does not
    let proven = curvature.and_then(|c| c.lower_bound).unwrap_or(0.0);
    let found = curvature.map_or(0.0, |c| c.value);
    let evolution = Evolution::new(kinetics)?;
    let start = Distribution::from_weights(start.probabilities().to_vec());
    let (entropy, chi_squared) = distances(&start, &chain.stationary);
    let slower = |rate: f64, time: f64| (-2.0 * rate.max(0.0) * time).exp();
    let mut bounds = Vec::with_capacity(times.len());
    for &time in times {
        crate::require(
            "a time of relaxation",
            time,
            time.is_finite() && time >= 0.0,
            "a finite time, not negative",
        )?;
        let state = evolution
            .advance(&start, time, Tolerance::relative(EVOLUTION), run)?
            .distribution;
        let (now, chi_squared_now) = distances(&state, &chain.stationary);
        let chi_squared_bound = chi_squared * slower(chain.spectral_gap, time);
        let by_gap = chi_squared_bound.ln_1p();
        let by_curvature = entropy * slower(proven, time);
        bounds.push(RelaxationBound {
            time,
            relative_entropy: now,
            total_variation: state.total_variation(&chain.stationary)?,
            chi_squared: chi_squared_now,
            by_gap,
            by_curvature,
            by_curvature_estimate: entropy * slower(found, time),
            total_variation_bound: (0.5 * by_gap.min(by_curvature))
                .sqrt()
                .min(0.5 * chi_squared_bound.sqrt()),
        });
    }
    Ok(bounds)
}

/// D(p‖π) in nats, and χ².
fn distances(p: &Distribution, stationary: &Distribution) -> (f64, f64) {
    let pairs = || p.probabilities().iter().zip(stationary.probabilities());
    let entropy = compensated_sum(pairs().map(|(&p, &q)| relative_entropy_term(p, q)));
    (
        entropy,
        compensated_sum(pairs().map(|(p, q)| (p - q) * ((p - q) / q))),
    )
}

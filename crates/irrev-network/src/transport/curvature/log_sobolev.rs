//! The modified logarithmic Sobolev constant: how little entropy production a distance from equilibrium can do with.

use irrev_numerics::Run;
use irrev_numerics::special::{dissipation, log_ratio};
use irrev_numerics::sum::compensated_sum;

use super::descent::norm;
use super::interval::CurvatureInterval;
use super::reversible::{Pair, Reversible};
use super::search::{CurvatureOptions, CurvatureSearch, lowest_of_many};
use crate::error::Result;
use crate::kinetics::MarkovJump;
use crate::state::Distribution;

/// √Σ π (ln p/π)² below which Σ̇/(2D) is replaced by the lowest of its limits, the gap: nearer to π the quotient is mostly rounding.
const AT_EQUILIBRIUM: f64 = 1e-6;

/// α = inf Σ̇/(2D) from both sides.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ModifiedLogSobolev {
    /// Upper bound of α, in 1/time: the lowest Σ̇/(2D) that the search saw, or the gap, its limit at π.
    pub value: f64,
    /// The state with that ratio; `None` if it is the limit p → π along the slowest mode.
    pub witness: Option<Distribution>,
    /// Proven lower bound of α, in 1/time: that of κ, where it is positive.
    pub lower_bound: Option<f64>,
    /// Lower bound of α if the search for κ has found its infimum, and that is positive, in 1/time.
    pub conditional_lower_bound: Option<f64>,
    /// Poincaré's constant: the gap, in 1/time; not below α.
    pub spectral_gap: f64,
    /// What was searched.
    pub search: CurvatureSearch,
}

/// α = inf Σ̇(p)/(2 D(p‖π)) over p ≠ π: the largest rate with D(p(t)‖π) ≤ e^{−2αt} D(p(0)‖π) for all initial states, in 1/time.
///
/// κ ≤ α ≤ spectral gap, the first where κ > 0. The search is that of [`entropic_curvature`](super::entropic_curvature), whose result for the same
/// process is taken for the bounds from below. O(evaluations · edges).
///
/// Sources: Bobkov and Tetali, J. Theor. Probab. 19, 289 (2006); κ ≤ α: Erbar and Maas, Arch. Ration. Mech. Anal. 206, 997 (2012).
///
/// ```
/// use irrev_network::{MarkovJump, transport::curvature::{entropic_curvature, modified_log_sobolev}};
/// let two = MarkovJump::from_rates(2, &[(0, 1, 2.0, 0.5)])?;
/// let curvature = entropic_curvature(&two, &Default::default(), &Default::default())?;
/// let found = modified_log_sobolev(&two, &curvature, &Default::default(), &Default::default())?;
/// assert!(found.lower_bound.unwrap() <= found.value && found.value <= found.spectral_gap);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// As [`entropic_curvature`](super::entropic_curvature).
pub fn modified_log_sobolev(
    kinetics: &MarkovJump,
    curvature: impl Into<CurvatureInterval>,
    options: &CurvatureOptions,
    run: &Run<'_>,
) -> Result<ModifiedLogSobolev> {
    options.check()?;
    let chain = Reversible::of(kinetics, "the modified log-Sobolev constant")?;
    let curvature = curvature.into();
    curvature.require_of(&chain)?;
    let gap = chain.spectral_gap;
    let limits = options.limits(gap);
    let (lowest, search) =
        run.install(|| lowest_of_many(&chain, options, &limits, run, |theta| Ok(ratio(&chain, theta))))??;
    let witness = chain.distribution(&lowest.log_density);
    let value = ratio(&chain, &chain.log_density(&witness)).0;
    let positive = |bound: f64| (bound > 0.0).then_some(bound);
    Ok(ModifiedLogSobolev {
        value: value.min(gap),
        witness: (value < gap).then_some(witness),
        lower_bound: curvature.lower_bound.and_then(positive),
        conditional_lower_bound: positive(curvature.value),
        spectral_gap: gap,
        search,
    })
}

/// Σ̇/(2D) at p ∝ π e^θ and its slope in θ; at π its limit along the slowest mode, the gap, with slope 0.
fn ratio(chain: &Reversible, theta: &[f64]) -> (f64, Vec<f64>) {
    let state = chain.distribution(theta);
    let (p, pi) = (state.probabilities(), chain.stationary.probabilities());
    let log: Vec<f64> = p.iter().zip(pi).map(|(&p, &q)| log_ratio(p, q)).collect();
    let distance: Vec<f64> = pi.iter().zip(&log).map(|(p, l)| p.sqrt() * l).collect();
    if norm(&distance) < AT_EQUILIBRIUM {
        return (chain.spectral_gap, vec![0.0; theta.len()]);
    }
    let density: Vec<f64> = p.iter().zip(pi).map(|(p, q)| p / q).collect();
    // D as a sum of terms that are not negative; p and π have the same sum
    let terms = p
        .iter()
        .zip(pi)
        .map(|(&p, &q)| irrev_numerics::special::relative_entropy_term(p, q));
    let entropy = compensated_sum(terms);
    let mut production = 0.0;
    let mut by_log_density = vec![0.0; theta.len()];
    for &Pair {
        from,
        to,
        conductance,
    } in &chain.pairs
    {
        let (a, b) = (density[from], density[to]);
        production += conductance * dissipation(a, b);
        // ρ ∂/∂ρ of (a − b) ln(a/b)
        let force = log_ratio(a, b);
        by_log_density[from] += conductance * (a * force + (a - b));
        by_log_density[to] -= conductance * (b * force + (a - b));
    }
    let value = 0.5 * production / entropy;
    // normalisation: p_x ∂/∂p_x less p_x times the mean
    for (x, slope) in by_log_density.iter_mut().enumerate() {
        *slope = (0.5 * *slope - value * p[x] * log[x]) / entropy;
    }
    let mean: f64 = compensated_sum(by_log_density.iter().copied());
    for (slope, p) in by_log_density.iter_mut().zip(p) {
        *slope -= p * mean;
    }
    (value, by_log_density)
}

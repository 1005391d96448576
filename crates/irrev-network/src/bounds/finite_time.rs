//! Uncertainty relations over a finite time, from any start: what the precision of a current costs.
//!
//! For a current X = Σ w N over [0, τ], counted with weight w per forward and −w per backward jump, with constant rates and any p(0), let j be
//! its mean rate at the time τ, so that τ ∂⟨X⟩/∂τ = τ j. Then
//!
//! ```text
//! pseudo-entropy         𝓘 = ∫Σ J²/(j⁺ + j⁻) dt  ≥  (τj)²/Var X
//! kinetic                𝒜 = ∫Σ (j⁺ + j⁻) dt     ≥  (τj)²/Var X
//! thermodynamic          Σ                        ≥  2 (τj)²/Var X
//! thermodynamic-kinetic  Σ                        ≥  2𝒜 y artanh y,  y = τj/√(𝒜 Var X)
//! mobility               Σ                        ≥  ⟨X⟩²/∫Σ w²L dt  ≥  2⟨X⟩²/∫Σ w²(j⁺ + j⁻) dt
//! ```
//!
//! *Why.* Perturb k± to k±(1 ± θ J/(j⁺ + j⁻)): to first order in θ all fluxes become those of the process at the pace 1 + θ, and ⟨X⟩ changes by
//! θ τj. The path's Fisher information on θ is 𝓘, and the Cramér–Rao inequality gives the first line. Scaling all rates by 1 + θ does the same at the
//! information 𝒜. With x = F/2, J²/(j⁺ + j⁻) = (j⁺ + j⁻) tanh²x and J F = 2 (j⁺ + j⁻) x tanh x; tanh²x is a concave function of x tanh x, whence the fourth
//! line, and the third from it. The last line is Cauchy and Schwarz, holds for driven rates, and needs no variance. In the stationary state τj = ⟨X⟩.
//!
//! With rates that change, the same holds with τj replaced by R = (τ∂_τ − v∂_v)⟨X⟩, the response of ⟨X⟩ to a change of pace at the same protocol, whose speed
//! is v: nothing in the argument needs constant rates but the value of that response ([`driven_uncertainty`]).
//!
//! 𝓘 and 𝒜 are finite for one-way channels, too. Sources: Dechant and Sasa, J. Stat. Mech. 063209 (2018) and PNAS 117, 6430 (2020); Di Terlizzi and
//! Baiesi, J. Phys. A 52, 02LT03 (2019); Liu, Gong and Ueda, Phys. Rev. Lett. 125, 140602 (2020); Vo, Van Vu and Hasegawa, J. Phys. A 55, 405004 (2022);
//! Koyuk and Seifert, Phys. Rev. Lett. 125, 260604 (2020), for rates that change.

use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{Run, Tolerance};

use super::bound::{Bound, Cost, Side, Sides, Unmet};
use super::path::{PathIntegrals, driven_path_integrals, path_integrals};
use crate::dynamics::{DrivenJump, current_moments, driven_current_moments};
use crate::error::Result;
use crate::kinetics::MarkovJump;
use crate::state::Distribution;

const LIU: &str = "Liu, Gong and Ueda, Phys. Rev. Lett. 125, 140602 (2020)";
const DI_TERLIZZI: &str = "Di Terlizzi and Baiesi, J. Phys. A 52, 02LT03 (2019)";
const VO: &str = "Vo, Van Vu and Hasegawa, J. Phys. A 55, 405004 (2022)";
const FLUCTUATION_RESPONSE: &str = "Dechant and Sasa, PNAS 117, 6430 (2020)";
const KOYUK: &str = "Koyuk and Seifert, Phys. Rev. Lett. 125, 260604 (2020)";
const DECHANT_SASA: &str = "Dechant and Sasa, J. Stat. Mech. 063209 (2018)";

/// Accuracy of the second moment that the variance is a difference of, relative.
const SECOND_MOMENT: f64 = 1e-12;

/// A mean rate below this part of Σ|w|(j⁺ + j⁻) is rounding.
const NO_RESPONSE: f64 = 16.0 * f64::EPSILON;

/// Uncertainty relations of one current over [0, τ].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FiniteTimeUncertainty {
    /// ⟨X⟩, in the unit of the weights.
    pub mean: Side,
    /// Var X.
    pub variance: Side,
    /// τ ∂⟨X⟩/∂τ = τ j with constant rates, ⟨X⟩ in the stationary state; (τ∂_τ − v∂_v)⟨X⟩ with a protocol of speed v.
    pub response: Side,
    /// The table of bounds.
    pub bounds: Vec<Bound>,
}

impl FiniteTimeUncertainty {
    /// The bound of a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Bound> {
        self.bounds.iter().find(|b| b.name == name)
    }
}

/// Uncertainty relations of the current with the given weight per forward jump of each channel over [0, duration], from any start.
///
/// ```
/// use irrev_network::{MarkovJump, bounds::finite_time_uncertainty};
/// let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])?;
/// let steady = ring.stationary_distribution()?;
/// let relations = finite_time_uncertainty(&ring, &[1.0; 3], &steady, 2.0, Default::default(), &Default::default())?;
/// assert!((relations.mean.value - relations.response.value).abs() < 1e-12);
/// assert!(relations.bounds.iter().all(|bound| bound.holds()));
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Length`], [`crate::Error::Domain`]; not converged; cancelled. A bound whose assumptions fail is no error: its outcome says which.
pub fn finite_time_uncertainty(
    kinetics: &MarkovJump,
    weights: &[f64],
    start: &Distribution,
    duration: f64,
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<FiniteTimeUncertainty> {
    let path = path_integrals(kinetics, start, duration, tolerance, run)?;
    let moments = current_moments(kinetics, weights, start, duration, run)?;
    let exact = |value: f64| Side {
        value,
        error: SECOND_MOMENT * value.abs(),
    };
    let mean = exact(moments.mean);
    let variance = Side {
        value: moments.variance,
        error: SECOND_MOMENT * (moments.variance + moments.mean * moments.mean),
    };
    let flow = kinetics.flow(&path.end)?;
    let rate = flow.weighted_current(weights)?;
    let size = compensated_sum(flow.fluxes().zip(weights).map(|((a, b), w)| w.abs() * (a + b)));
    let response = Side {
        value: duration * rate,
        error: duration * size * path.state_error,
    };
    let moving = if rate.abs() > NO_RESPONSE * size {
        Ok(response.squared_over(variance))
    } else {
        Err(Unmet::NoResponse)
    };
    let mut bounds = precision(&path, &moving, &CONSTANT_RATES);
    bounds.extend(current(&path, weights, mean));
    Ok(FiniteTimeUncertainty {
        mean,
        variance,
        response,
        bounds,
    })
}

/// Uncertainty relations of a current over the protocol's [from, to], from any start, with rates that change.
///
/// The precision that the mean buys is replaced by that of the response (τ∂_τ − v∂_v)⟨X⟩ to a change of pace at the same protocol. With rates that do
/// not change these are the relations of [`finite_time_uncertainty`].
///
/// ```
/// use irrev_network::{Distribution, Kinetics, MarkovJump, bounds::{SpeedLimitOptions, driven_uncertainty}, dynamics::DrivenJump};
/// let pair = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0), (0, 1, 1.0, 1.0)])?;
/// let pump = |t: f64, forward: &mut [f64], backward: &mut [f64]| {
///     forward.copy_from_slice(&[(2.0 * t).cos().exp(), t.cos().exp()]);
///     backward.copy_from_slice(&[(2.0 * t).sin().exp(), 1.0]);
///     Ok(())
/// };
/// let pump = DrivenJump::new(pair.network().clone(), Box::new(pump));
/// let start = Distribution::uniform(2)?;
/// let tolerance = SpeedLimitOptions::default().tolerance;
/// let found = driven_uncertainty(&pump, &[1.0, -1.0], &start, 0.0, 3.0, tolerance, &Default::default())?;
/// assert!(found.bounds.iter().all(|bound| bound.holds()));
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// As [`finite_time_uncertainty`] and [`crate::dynamics::driven_process`].
pub fn driven_uncertainty(
    process: &DrivenJump<'_>,
    weights: &[f64],
    start: &Distribution,
    from: f64,
    to: f64,
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<FiniteTimeUncertainty> {
    let path = driven_path_integrals(process, start, from, to, tolerance, run)?;
    let moments = driven_current_moments(process, weights, start, from, to, tolerance, run)?;
    let side = |value, k: usize| Side {
        value,
        error: moments.errors[k],
    };
    let (mean, variance) = (side(moments.mean, 0), side(moments.variance, 1));
    let response = side(moments.response, 2);
    let moving = if response.value.abs() > response.error {
        Ok(response.squared_over(variance))
    } else {
        Err(Unmet::NoResponse)
    };
    let mut bounds = precision(&path, &moving, &PROTOCOL);
    bounds.extend(current(&path, weights, mean));
    Ok(FiniteTimeUncertainty {
        mean,
        variance,
        response,
        bounds,
    })
}

/// The bounds by the mean of a current alone, which hold along any path, driven ones too: the last line of the table above.
///
/// # Errors
/// [`crate::Error::Length`], [`crate::Error::Domain`] for a weight that is not finite.
pub fn driven_current_bounds(path: &PathIntegrals, weights: &[f64]) -> Result<Vec<Bound>> {
    path.network.check_weights(weights)?;
    let terms = || {
        path.net_jumps
            .iter()
            .zip(weights)
            .map(|(jumps, w)| jumps.times(*w))
    };
    let mean = Side {
        value: compensated_sum(terms().map(|side| side.value)),
        error: terms().map(|side| side.error).sum(),
    };
    Ok(current(path, weights, mean).into())
}

/// How the bounds by the response read.
struct Reading {
    thermodynamic: &'static str,
    thermodynamic_kinetic: &'static str,
    jumps: &'static str,
    source: &'static str,
}

const CONSTANT_RATES: Reading = Reading {
    thermodynamic: "2 (τj)²/Var X",
    thermodynamic_kinetic: "2𝒜 y artanh y, y = τj/√(𝒜 Var X)",
    jumps: "(τj)²/Var X",
    source: LIU,
};

const PROTOCOL: Reading = Reading {
    thermodynamic: "2R²/Var X, R = (τ∂_τ − v∂_v)⟨X⟩",
    thermodynamic_kinetic: "2𝒜 y artanh y, y = R/√(𝒜 Var X), R = (τ∂_τ − v∂_v)⟨X⟩",
    jumps: "R²/Var X, R = (τ∂_τ − v∂_v)⟨X⟩",
    source: KOYUK,
};

/// Bounds by the response squared over Var X.
fn precision(path: &PathIntegrals, precision: &Result<Side, Unmet>, reading: &Reading) -> Vec<Bound> {
    let row = |name, cost, formula, source, paid, bound: &dyn Fn(Side) -> Side| Bound {
        name,
        subject: None,
        cost,
        formula,
        source,
        outcome: match cost {
            Cost::EntropyProduction => path.both_ways(),
            _ => Ok(()),
        }
        .and_then(|()| precision.clone())
        .map(|reached| Sides::new(paid, bound(reached))),
    };
    let sigma = path.entropy_production;
    vec![
        row(
            "thermodynamic",
            Cost::EntropyProduction,
            reading.thermodynamic,
            reading.source,
            sigma,
            &|reached| reached.times(2.0),
        ),
        row(
            "thermodynamic_kinetic",
            Cost::EntropyProduction,
            reading.thermodynamic_kinetic,
            VO,
            sigma,
            &|reached| thermodynamic_kinetic(path.jumps, reached),
        ),
        row(
            "kinetic",
            Cost::Jumps,
            reading.jumps,
            DI_TERLIZZI,
            path.jumps,
            &|reached| reached,
        ),
        row(
            "pseudo_entropy",
            Cost::PseudoEntropy,
            reading.jumps,
            FLUCTUATION_RESPONSE,
            path.pseudo_entropy,
            &|reached| reached,
        ),
    ]
}

/// 2𝒜 y artanh y with y² = reached/𝒜 ≤ 1.
fn thermodynamic_kinetic(jumps: Side, reached: Side) -> Side {
    // y ≤ 1, but for rounding; the bound grows with y
    let y = (reached.value / jumps.value).sqrt().min(1.0 - f64::EPSILON);
    let value = 2.0 * jumps.value * y * y.atanh();
    // d ln artanh(y)/d ln y ≤ 1/(1 − y²)
    let slope = 1.0 + 1.0 / ((1.0 - y) * (1.0 + y));
    let relative = 0.5 * (reached.relative_error() + jumps.relative_error());
    Side {
        value,
        error: value * (jumps.relative_error() + slope * relative),
    }
}

/// Bounds by ⟨X⟩ alone.
fn current(path: &PathIntegrals, weights: &[f64], mean: Side) -> [Bound; 2] {
    let row = |name, formula, below: Side| Bound {
        name,
        subject: None,
        cost: Cost::EntropyProduction,
        formula,
        source: DECHANT_SASA,
        outcome: path
            .both_ways()
            .map(|()| Sides::new(path.entropy_production, mean.squared_over(below))),
    };
    let jumps = path.weighted_jumps(weights).times(0.5);
    [
        row(
            "current_mobility",
            "⟨X⟩²/∫Σ w²L dt",
            path.weighted_mobility(weights),
        ),
        row("current_jumps", "2⟨X⟩²/∫Σ w²(j⁺ + j⁻) dt", jumps),
    ]
}

//! Speed limits: what a change of state dissipates at least in a given time, and so how long it takes at least at a given dissipation.
//!
//! Along the path p(t), 0 ≤ t ≤ τ, of a jump process, with L the Onsager coefficients, Ā the mean number of jumps and M̄ the mean Σ L per time,
//! TV = ½ Σ|Δp| (so that **L₁ = Σ|Δp| = 2 TV**), and W₁ with unit lengths:
//!
//! ```text
//! W₂²/τ ≤ ℓ²/τ ≤ Σ_ex ≤ Σ,   ℓ = ∫√Σ̇_ex dt
//! L₁²/(2τĀ) ≤ 2 TV artanh(TV/(τĀ)) ≤ 2 W₁ artanh(W₁/(τĀ)) ≤ W₁²/(τM̄) ≤ Δpᵀ K⁺ Δp ≤ Σ_ex ≤ Σ,   K = ∫ B L Bᵀ dt.
//! ```
//!
//! The second chain in brief: the excess current J* = L Bᵀψ moves the state like J at the cost Σ̇_ex = Σ J*²/L. This is jointly convex in (J*, L), so
//! Σ_ex ≥ (∫J*)²/∫L ≥ Δpᵀ K⁺ Δp, an effective resistance: the best of all bounds (Δ⟨r⟩)²/∫Σ(Bᵀr)²L by one observable r, Kantorovich's potential of
//! W₁ among them. L ≤ (j⁺ + j⁻)/2 · x/artanh x with x = |J|/(j⁺ + j⁻) leads from mobility to jumps. No step needs detailed balance or rates that are
//! constant, and none is lost in going from Σ to Σ_ex, although most were first published for Σ.
//!
//! Sources: Benamou and Brenier, Numer. Math. 84, 375 (2000), Maas, J. Funct. Anal. 261, 2250 (2011) and Yoshimura, Kolchinsky, Dechant and Ito,
//! Phys. Rev. Research 5, 013017 (2023), for W₂; Shiraishi, Funo and Saito, Phys. Rev. Lett. 121, 070601 (2018); Vo, Van Vu and Hasegawa, Phys. Rev.
//! E 102, 062132 (2020); Van Vu and Saito, Phys. Rev. X 13, 011013 (2023); Dechant, J. Phys. A 52, 035001 (2019), for observables.

use irrev_numerics::{Run, Tolerance};

use super::bound::{Bound, Cost, Side, Sides, Unmet};
use super::path::{PathIntegrals, driven_path_integrals, path_integrals};
use super::{relaxation_limit, transport_limit};
use crate::dynamics::DrivenJump;
use crate::error::Result;
use crate::kinetics::MarkovJump;
use crate::state::Distribution;
use crate::transport::{Wasserstein1, Wasserstein2, Wasserstein2Options, wasserstein1, wasserstein2};

/// A number per state, whose mean is a bound's subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Observable {
    /// Its name.
    pub name: String,
    /// r per state, in any unit.
    pub values: Vec<f64>,
}

/// Which speed limits are computed, and how well.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeedLimitOptions {
    /// Accuracy of the integrals along the path (relative), and of the state (a hundredth of it); default 1e-9; gives up after 4000 panels.
    pub tolerance: Tolerance,
    /// How well W₂ is to be known; its proven lower bound enters. Default 1e-6 of W₂²; `None` leaves W₂ out, which is the costly part.
    pub wasserstein2: Option<Wasserstein2Options>,
    /// Lengths of the channels for one more W₁, ≥ 0; default none.
    pub lengths: Option<Vec<f64>>,
    /// Observables whose change is bounded; default none.
    pub observables: Vec<Observable>,
}

impl Default for SpeedLimitOptions {
    fn default() -> Self {
        Self {
            tolerance: Tolerance {
                relative: 1e-9,
                absolute: 1e-13,
                max_iterations: 4000,
            },
            wasserstein2: Some(Wasserstein2Options::default()),
            lengths: None,
            observables: Vec::new(),
        }
    }
}

/// Distances between two states, or what keeps them apart.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Distances {
    /// L₁ = Σ|Δp| = 2 TV.
    pub l1: Side,
    /// TV = ½ Σ|Δp|.
    pub total_variation: Side,
    /// W₁ with unit lengths, as its proven lower bound; the error reaches to the proven upper one.
    pub wasserstein1: Result<Side, Unmet>,
    /// W₁ with the given lengths, likewise.
    pub weighted_wasserstein1: Option<Result<Side, Unmet>>,
    /// W₂ for the given rates, likewise, in √time; `None` if it was left out.
    pub wasserstein2: Option<Result<Side, Unmet>>,
}

/// All speed limits of one path.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SpeedLimits {
    /// What the path cost.
    pub path: PathIntegrals,
    /// How far apart its ends are.
    pub distances: Distances,
    /// The table of bounds.
    pub bounds: Vec<Bound>,
}

impl SpeedLimits {
    /// The bound of a name on a cost, the first if it has several subjects.
    #[must_use]
    pub fn find(&self, name: &str, cost: Cost) -> Option<&Bound> {
        self.bounds.iter().find(|b| b.name == name && b.cost == cost)
    }

    /// ∫√Σ̇_ex dt / W₂ ≥ 1: how much longer the path is than the shortest one. `None` without W₂, or if nothing moved.
    #[must_use]
    pub fn length_ratio(&self) -> Option<Side> {
        let distance = self.distances.wasserstein2.as_ref()?.as_ref().ok()?;
        ratio(self.path.wasserstein_length, *distance)
    }
}

/// How much longer a path is than the shortest one; `None` if nothing moved.
fn ratio(length: Side, distance: Side) -> Option<Side> {
    (distance.value > 0.0).then(|| {
        let value = length.value / distance.value;
        Side {
            value,
            error: value * (length.relative_error() + distance.relative_error()),
        }
    })
}

/// Speed limits of the relaxation dp/dt = W p from `start` over a duration.
///
/// Each bound stands in the table twice, as one on the excess and as one on the whole entropy production.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, bounds::{Cost, speed_limits}};
/// let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])?;
/// let start = Distribution::new(vec![0.8, 0.1, 0.1])?;
/// let limits = speed_limits(&ring, &start, 0.5, &Default::default(), &Default::default())?;
/// assert!(limits.bounds.iter().all(|bound| bound.holds() || bound.outcome.is_err()));
/// let nearest = limits.find("wasserstein2", Cost::Excess).unwrap().sides().unwrap();
/// assert!(nearest.tightness().unwrap() > 0.5 && nearest.least_time.unwrap().value < 0.5);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Length`]; [`crate::Error::Domain`] for a duration or a length out of range; whatever [`wasserstein2()`] and the numerics report. A
/// bound whose assumptions fail is no error: its outcome says which.
pub fn speed_limits(
    kinetics: &MarkovJump,
    start: &Distribution,
    duration: f64,
    options: &SpeedLimitOptions,
    run: &Run<'_>,
) -> Result<SpeedLimits> {
    let path = path_integrals(kinetics, start, duration, options.tolerance, run)?;
    let mut distances = distances(&path, options, run)?;
    distances.wasserstein2 = match (&options.wasserstein2, path.both_ways()) {
        (None, _) => None,
        (Some(_), Err(unmet)) => Some(Err(unmet)),
        (Some(how), Ok(())) => Some(wasserstein2_side(kinetics, &path, how, run)?),
    };
    let mut bounds = transport_limit::rows(&path, &distances, options)?;
    bounds.extend(relaxation_limit::rows(kinetics, &path, &distances)?);
    Ok(SpeedLimits {
        path,
        distances,
        bounds,
    })
}

/// Speed limits of a driven process from `start` over [from, to].
///
/// As [`speed_limits`], but with rates that change there is no one W₂ between the ends, and the bounds by it say so.
///
/// # Errors
/// As [`crate::dynamics::driven_process`] and [`speed_limits`].
pub fn driven_speed_limits(
    process: &DrivenJump<'_>,
    start: &Distribution,
    from: f64,
    to: f64,
    options: &SpeedLimitOptions,
    run: &Run<'_>,
) -> Result<SpeedLimits> {
    let path = driven_path_integrals(process, start, from, to, options.tolerance, run)?;
    let mut distances = distances(&path, options, run)?;
    distances.wasserstein2 = options.wasserstein2.as_ref().map(|_| Err(Unmet::ConstantRates));
    let bounds = transport_limit::rows(&path, &distances, options)?;
    Ok(SpeedLimits {
        path,
        distances,
        bounds,
    })
}

/// Length of a relaxation in the metric of W₂, beside the distance it covers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PathLength {
    /// ℓ = ∫√Σ̇_ex dt, in √nats √time.
    pub length: Side,
    /// W₂ between the ends, as its proven lower bound; no distance only if rounding moved probability between components.
    pub distance: Result<Side, Unmet>,
    /// ℓ/W₂ ≥ 1; `None` if nothing moved.
    pub ratio: Option<Side>,
}

/// Length of the relaxation from `start` over a duration in the metric of W₂, and its ratio to the distance: 1 for a geodesic.
///
/// # Errors
/// [`crate::Error::OneWay`] if a channel jumps one way only; as [`speed_limits`].
pub fn wasserstein2_length(
    kinetics: &MarkovJump,
    start: &Distribution,
    duration: f64,
    options: &SpeedLimitOptions,
    run: &Run<'_>,
) -> Result<PathLength> {
    kinetics.require_both_ways("the length of a path in the Wasserstein metric")?;
    let path = path_integrals(kinetics, start, duration, options.tolerance, run)?;
    let how = options.wasserstein2.unwrap_or_default();
    let length = path.wasserstein_length;
    let distance = wasserstein2_side(kinetics, &path, &how, run)?;
    let ratio = distance.as_ref().ok().and_then(|d| ratio(length, *d));
    Ok(PathLength {
        length,
        distance,
        ratio,
    })
}

/// L₁, TV and W₁ between the ends; W₂ is left to the caller, who knows whether the rates have one.
fn distances(path: &PathIntegrals, options: &SpeedLimitOptions, run: &Run<'_>) -> Result<Distances> {
    let total_variation = Side {
        value: path.start.total_variation(path.resolved_end())?,
        error: 0.5 * path.state_error,
    };
    let weighted = match &options.lengths {
        None => None,
        Some(lengths) => Some(wasserstein1_side(path, Some(lengths), run)?),
    };
    Ok(Distances {
        l1: total_variation.times(2.0),
        total_variation,
        wasserstein1: wasserstein1_side(path, None, run)?,
        weighted_wasserstein1: weighted,
        wasserstein2: None,
    })
}

fn wasserstein1_side(
    path: &PathIntegrals,
    lengths: Option<&[f64]>,
    run: &Run<'_>,
) -> Result<Result<Side, Unmet>> {
    let longest = lengths.map_or(1.0, |l| l.iter().copied().fold(0.0, f64::max));
    // the state's error may have to be carried from one end of the network to the other
    let from_state = 0.5 * path.state_error * longest * (path.start.len() - 1) as f64;
    Ok(
        match wasserstein1(&path.network, lengths, &path.start, path.resolved_end(), run)? {
            Wasserstein1::Finite(transport) => {
                Ok(proven(transport.lower_bound, transport.upper_bound, from_state))
            }
            Wasserstein1::Infinite { component, surplus } => Err(Unmet::Unreachable { component, surplus }),
        },
    )
}

/// W₂ between the ends as computed.
fn wasserstein2_side(
    kinetics: &MarkovJump,
    path: &PathIntegrals,
    options: &Wasserstein2Options,
    run: &Run<'_>,
) -> Result<Result<Side, Unmet>> {
    Ok(
        match wasserstein2(kinetics, &path.start, path.resolved_end(), options, run)? {
            Wasserstein2::Finite(geodesic) => Ok(proven(geodesic.lower_bound(), geodesic.upper_bound(), 0.0)),
            Wasserstein2::Infinite { component, surplus } => Err(Unmet::Unreachable { component, surplus }),
        },
    )
}

/// A number of which is proven that it lies between two others: the lower one is the value, for a bound that is proven.
pub(super) fn proven(lower: f64, upper: f64, error: f64) -> Side {
    let value = lower.max(0.0);
    Side {
        value,
        error: (upper - value).max(0.0) + error,
    }
}

/// A bound on the excess and, as Σ ≥ Σ_ex, on the whole entropy production.
pub(super) fn on_both(path: &PathIntegrals, bound: impl Fn(Cost, Side) -> Bound) -> [Bound; 2] {
    [
        bound(Cost::Excess, path.excess),
        bound(Cost::EntropyProduction, path.entropy_production),
    ]
}

/// Cost and bound of a limit that is inversely proportional to the duration.
pub(super) fn limit(path: &PathIntegrals, cost: Side, bound: Result<Side, Unmet>) -> Result<Sides, Unmet> {
    path.both_ways()?;
    Ok(Sides::new(cost, bound?).within(path.duration))
}

//! Speed, length and bounds along a relaxation with constant rates.

use irrev_numerics::sum::{CompensatedSum, compensated_sum};
use irrev_numerics::tolerance::Convergence;
use irrev_numerics::{Run, Tolerance};

use super::cramer_rao::{CramerRao, cramer_rao};
use super::extrema::{Monotonicity, monotonicities};
use super::fisher::{fisher_information, with_limits};
use super::length::{StatisticalLength, geodesic_between_distributions, integrated};
use super::marginal::Marginal;
use crate::dynamics::{Evolution, MasterPath};
use crate::error::Result;
use crate::flow::Flow;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Accuracy of a state, ‖error‖₁: close to the stationary state ṗ is what is left of it.
const STATE: f64 = 1e-15;

/// Asks for relative accuracy in every component, where some are still being filled.
const EVERY_COMPONENT: f64 = 1e-289;

/// A rate of change below this part of the fluxes it is the balance of is rounding.
const BALANCED: f64 = 4.0 * f64::EPSILON;

/// What is asked of a relaxation.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeedOptions {
    /// Times from the start, in any order, within the window or not; default none.
    pub times: Vec<f64>,
    /// Observables, one value per state each; default none.
    pub observables: Vec<Vec<f64>>,
    /// Parts whose own Fisher information is followed; default none.
    pub marginals: Vec<Marginal>,
    /// Intervals shorter than this part of the window are not searched for maxima; default 1e-9.
    pub resolution: f64,
    /// Accuracy of length and action (relative; default 1e-9); gives up after 4000 panels.
    pub tolerance: Tolerance,
}

impl Default for SpeedOptions {
    fn default() -> Self {
        Self {
            times: Vec::new(),
            observables: Vec::new(),
            marginals: Vec::new(),
            resolution: 1e-9,
            tolerance: Tolerance {
                relative: 1e-9,
                absolute: 1e-13,
                max_iterations: 4000,
            },
        }
    }
}

/// Fisher information of one part.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct MarginalSpeed {
    /// I of the marginal distribution, at most that of the whole.
    pub fisher_information: f64,
    /// Its derivative, of either sign.
    pub fisher_information_rate: f64,
}

/// The state at one time and how fast it changes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SpeedAt {
    /// Time from the start.
    pub time: f64,
    /// p.
    pub distribution: Distribution,
    /// ṗ; an entry below the rounding of its fluxes is 0.
    pub rate: Vec<f64>,
    /// I, in 1/time²; +∞ where an empty state is being filled.
    pub fisher_information: f64,
    /// √I, in 1/time.
    pub speed: f64,
    /// dI/dt ≤ 0, in 1/time³.
    pub fisher_information_rate: f64,
    /// Σ̇, in nats per time.
    pub entropy_production_rate: f64,
    /// The Cramér–Rao inequality of every observable.
    pub observables: Vec<CramerRao>,
    /// The information of every part.
    pub marginals: Vec<MarginalSpeed>,
}

/// A relaxation in the geometry of its distributions.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RelaxationSpeed {
    /// The times asked for.
    pub at: Vec<SpeedAt>,
    /// Length, action and geodesic over the window.
    pub path: StatisticalLength,
    /// Names of the states that are empty at the beginning of the window and filled at once, which makes the action infinite.
    pub filling: Vec<String>,
    /// For every part, whether its information falls throughout the window. That of the whole does: dI/dt ≤ 0 for constant rates.
    pub marginals: Vec<Monotonicity>,
    /// Panels used for the length, and the worst error relative to its target.
    pub convergence: Convergence,
}

/// Follows a process with constant rates from `start` at time 0, and measures its path over the window (from, to).
///
/// ```
/// use irrev_network::{Distribution, MarkovJump};
/// use irrev_network::information::time::{SpeedOptions, speed_of_relaxation};
/// let pair = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)])?;
/// let options = SpeedOptions { times: vec![0.5], ..SpeedOptions::default() };
/// let speed = speed_of_relaxation(&pair, &Distribution::point(2, 0)?, (0.0, 1.0), &options, &Default::default())?;
/// let p: f64 = 0.5 * (1.0 - (-1.0_f64).exp());                             // two states move on a geodesic
/// assert!((speed.at[0].fisher_information - (1.0 - 2.0 * p).powi(2) / (p * (1.0 - p))).abs() < 1e-12);
/// assert!(speed.path.geodesic_slack().abs() < 1e-9);
/// assert_eq!(speed.path.action.value, f64::INFINITY);                      // a state that starts empty
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// √I of a distribution is accurate to some 1e-15 of the fastest rate, absolutely.
///
/// # Errors
/// [`crate::Error::Length`]; [`crate::Error::Domain`] for times, a window or a resolution out of range; not converged; cancelled.
pub fn speed_of_relaxation(
    kinetics: &MarkovJump,
    start: &Distribution,
    window: (f64, f64),
    options: &SpeedOptions,
    run: &Run<'_>,
) -> Result<RelaxationSpeed> {
    let network = kinetics.network();
    network.check_states("initial distribution", start.probabilities())?;
    check_window(window)?;
    let resolution = options.resolution;
    crate::require(
        "the resolution",
        resolution,
        resolution > 0.0 && resolution < 1.0,
        "a part of the window between 0 and 1",
    )?;
    for marginal in &options.marginals {
        marginal.check(start.len())?;
    }
    let generator = kinetics.generator()?;
    let at_rest = |state: &Distribution| -> Result<Vec<f64>> { Ok(balanced_rate(&kinetics.flow(state)?)) };
    let evolution = Evolution::new(kinetics)?;
    let mut at = Vec::with_capacity(options.times.len());
    for &time in &options.times {
        crate::require("time", time, time >= 0.0 && time.is_finite(), "a finite time ≥ 0")?;
        let distribution = state_at(&evolution, start, time, run)?;
        let mut derivatives = vec![distribution.probabilities().to_vec(), at_rest(&distribution)?];
        for k in 1..3 {
            let mut next = vec![0.0; start.len()];
            generator.multiply(&derivatives[k], &mut next);
            derivatives.push(next);
        }
        at.push(speed_at(kinetics, distribution, time, &derivatives, options)?);
    }
    let first = state_at(&evolution, start, window.0, run)?;
    let rate = at_rest(&first)?;
    let duration = window.1 - window.0;
    let path = MasterPath::new(kinetics, &first, duration, STATE, run)?;
    let filling: Vec<String> = (0..first.len())
        .filter(|&i| first.probabilities()[i] == 0.0 && rate[i] != 0.0)
        .map(|i| network.states()[i].clone())
        .collect();
    let infinite = !filling.is_empty();
    let information = |t: f64| -> Result<f64> {
        run.report(0.3 + 0.4 * t / duration, "length of the path")?;
        let state = path.filled_at(t, run)?;
        fisher_information(state.probabilities(), &at_rest(&state)?)
    };
    let ([length, action], integrals) = integrated(path.breaks(), options.tolerance, infinite, information)?;
    let ends = (first.probabilities(), path.end().probabilities());
    let marginals = monotonicities(
        kinetics,
        (first.probabilities(), &rate),
        window,
        &options.marginals,
        resolution,
        run,
    )?;
    Ok(RelaxationSpeed {
        at,
        path: StatisticalLength {
            duration,
            length,
            action,
            geodesic: geodesic_between_distributions(ends.0, ends.1)?,
        },
        filling,
        marginals,
        convergence: integrals.convergence,
    })
}

/// Everything at one time, from p and its first three derivatives.
fn speed_at(
    kinetics: &MarkovJump,
    distribution: Distribution,
    time: f64,
    derivatives: &[Vec<f64>],
    options: &SpeedOptions,
) -> Result<SpeedAt> {
    let [p, v, a, b] = [0, 1, 2, 3].map(|k| derivatives[k].as_slice());
    let (fisher_information, slope) = with_limits(p, v, a, b);
    // as a sum of squares where every state is occupied
    let fisher_information_rate = match p.contains(&0.0) {
        true => slope,
        false => -compensated_sum(
            kinetics
                .jumps()
                .map(|(from, to, rate)| rate * p[from] * (v[to] / p[to] - v[from] / p[from]).powi(2)),
        ),
    };
    let observables = options.observables.iter().map(|r| cramer_rao(p, v, r));
    let of_part = |marginal: &Marginal| {
        let [p, v, a, b] = [p, v, a, b].map(|d| marginal.sum(d));
        let (fisher_information, fisher_information_rate) = with_limits(&p, &v, &a, &b);
        MarginalSpeed {
            fisher_information,
            fisher_information_rate,
        }
    };
    Ok(SpeedAt {
        time,
        entropy_production_rate: kinetics.flow(&distribution)?.entropy_production_rate(),
        rate: v.to_vec(),
        fisher_information,
        speed: fisher_information.sqrt(),
        fisher_information_rate,
        observables: observables.collect::<Result<_>>()?,
        marginals: options.marginals.iter().map(of_part).collect(),
        distribution,
    })
}

fn state_at(
    evolution: &Evolution<'_>,
    start: &Distribution,
    time: f64,
    run: &Run<'_>,
) -> Result<Distribution> {
    if time == 0.0 {
        return Ok(start.clone());
    }
    let filling = start.probabilities().contains(&0.0);
    let tolerance = Tolerance {
        absolute: 0.0,
        relative: if filling { EVERY_COMPONENT } else { STATE },
        max_iterations: 0,
    };
    Ok(evolution.advance(start, time, tolerance, run)?.distribution)
}

/// ṗ of a flow, without what is only the rounding of the fluxes it balances.
pub(super) fn balanced_rate(flow: &Flow) -> Vec<f64> {
    let mut traffic = vec![CompensatedSum::default(); flow.network().states().len()];
    for (e, (a, b)) in flow.fluxes().enumerate() {
        for &(state, c) in &*flow.network().change(e) {
            traffic[state].add(c.abs() * (a + b));
        }
    }
    let rate = flow.rate_of_change().into_iter().zip(&traffic);
    rate.map(|(v, traffic)| match v.abs() <= BALANCED * traffic.value() {
        true => 0.0,
        false => v,
    })
    .collect()
}

/// # Errors
/// [`crate::Error::Domain`] unless 0 ≤ from < to < ∞.
pub(super) fn check_window((from, to): (f64, f64)) -> Result<()> {
    crate::require(
        "the beginning of the window",
        from,
        from >= 0.0 && from.is_finite(),
        "a finite time ≥ 0",
    )?;
    crate::require(
        "the end of the window",
        to,
        to > from && to.is_finite(),
        "a finite time after its beginning",
    )
}

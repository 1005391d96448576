//! Optimal protocols: rates in time that lead from one distribution to another in a given time with the least dissipation.
//!
//! Dissipation alone has no minimum: with faster rates it falls as far as one likes. What is kept fixed here is the mobility, the Onsager coefficient
//! L_e(P) = Λ(k⁺P_x, k⁻P_y) of every channel as a function of the state, and what is free is the force F on it. Then ∫Σ L F² dt ≥ W₂²/T, with equality along
//! the geodesic of [W₂](super::wasserstein2) under the force F = Bᵀψ/T. Rates that do this have one-way fluxes a, b with Λ(a, b) = L and a/b = e^F,
//!
//! ```text
//! a = L F/(1 − e^{−F}),   b = L F/(e^F − 1),   k⁺(t) = a/P_x,   k⁻(t) = b/P_y.
//! ```
//!
//! Parallel channels keep their own L each and all feel the same force: no current runs in circles. [`OptimalProtocol::simulated`] follows the master equation
//! under these rates and reports what it did.
//!
//! **Ends.** Where a state is empty at an end, its rates diverge there like 1/t. They are kept at what they are an instant (10⁻⁹ T) inside, where the path
//! has left the boundary, and a state on the way that holds less than the path resolves
//! ([`OptimalProtocol::resolved`]) is taken to hold that. What this changes is seen in the simulation; what the path
//! beside the boundary may cost is within the proven interval of W₂.
//!
//! Conventions: time from 0 to T, nats; F along the edge. Sources: E. Aurell, C. Mejía-Monasterio and P. Muratore-Ginanneschi, Phys. Rev. Lett. 106, 250601
//! (2011), for diffusions; A. Dechant, J. Phys. A 55, 094001 (2022), and K. Yoshimura, A. Kolchinsky, A. Dechant and S. Ito, Phys. Rev. Res. 5, 013017
//! (2023), for jumps with fixed L.

mod simulation;

use irrev_numerics::special::logarithmic_mean;
use irrev_numerics::{Run, Tolerance};

pub use self::simulation::SimulatedProtocol;
use super::wasserstein2::{Geodesic, Wasserstein2, Wasserstein2Options, wasserstein2};
use crate::bounds::{Side, path_integrals};
use crate::dynamics::DrivenJump;
use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// The part of the duration at either end over which rates stay what they are an instant inside: at ends with empty states they diverge like 1/t.
const INSTANT: f64 = 1e-9;

/// A state on the way that holds less is taken to hold this, or
const RESOLVED: f64 = 1e-11;

/// so many times what the polynomials of the path fall below zero between their points, found by
const CLEAR: f64 = 4.0;

/// looking at this number of times in each of its elements.
const LOOKS: usize = 8;

/// Rates in time that carry one distribution to another at the least dissipation, each channel's mobility being that of the given process.
#[derive(Debug, Clone)]
pub struct OptimalProtocol {
    kinetics: MarkovJump,
    from: Distribution,
    to: Distribution,
    duration: f64,
    geodesic: Geodesic,
    /// Least probability of a state on the way, in rates.
    resolved: f64,
}

/// A protocol at one time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProtocolMoment {
    /// Probabilities P.
    pub state: Vec<f64>,
    /// Forces F = Bᵀψ/T per edge, in nats.
    pub force: Vec<f64>,
    /// k⁺(t) per edge, in 1/time.
    pub forward_rate: Vec<f64>,
    /// k⁻(t) per edge, in 1/time.
    pub backward_rate: Vec<f64>,
}

/// What the given process does from the same start in the same time, left alone.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LeftAlone {
    /// Σ|p(T) − p₁|: whether the wanted distribution lies on its way.
    pub missed: f64,
    /// ∫Σ̇ dt, in nats.
    pub entropy_production: Side,
}

/// The protocol of least dissipation between two distributions in a given time, with the mobility of the given process.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, transport::optimal_protocol};
/// use irrev_numerics::{Run, Tolerance};
/// let pair = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)])?;
/// let (from, to) = (Distribution::new(vec![0.9, 0.1])?, Distribution::new(vec![0.2, 0.8])?);
/// let protocol = optimal_protocol(&pair, &from, &to, 2.0, &Default::default(), &Run::default())?;
/// let least = protocol.cost();                                        // W₂²/T
/// assert!((least.value - 1.0256921195_f64.powi(2) / 2.0).abs() < 1e-6);
/// let done = protocol.simulated(Tolerance::relative(1e-8), &Run::default())?;
/// assert!(done.missed < 1e-5);
/// assert!((done.entropy_production.value / least.value - 1.0).abs() < 1e-5);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::NoPath`] if no path joins the distributions; [`Error::Domain`] for a duration that is not positive; as [`wasserstein2()`].
pub fn optimal_protocol(
    kinetics: &MarkovJump,
    from: &Distribution,
    to: &Distribution,
    duration: f64,
    options: &Wasserstein2Options,
    run: &Run<'_>,
) -> Result<OptimalProtocol> {
    require_duration(duration)?;
    match wasserstein2(kinetics, from, to, options, run)? {
        Wasserstein2::Finite(geodesic) => OptimalProtocol::along(kinetics, *geodesic, duration),
        Wasserstein2::Infinite { component, surplus } => Err(Error::NoPath { component, surplus }),
    }
}

fn require_duration(duration: f64) -> Result<()> {
    crate::require(
        "the duration of a protocol",
        duration,
        duration.is_finite() && duration > 0.0,
        "a finite time above 0",
    )
}

impl OptimalProtocol {
    /// The protocol along a geodesic that [`wasserstein2()`] has found for this process.
    ///
    /// # Errors
    /// [`Error::Domain`] for a duration that is not positive; [`Error::Length`] for the geodesic of another network.
    pub fn along(kinetics: &MarkovJump, geodesic: Geodesic, duration: f64) -> Result<Self> {
        require_duration(duration)?;
        let end = |time: f64| geodesic.at(time).map(|moment| moment.state);
        let (from, to) = (end(0.0)?, end(1.0)?);
        let network = kinetics.network();
        network.check_states("the state of the geodesic", &from)?;
        network.check_edges("the currents of the geodesic", &geodesic.at(0.5)?.current)?;
        Ok(Self {
            kinetics: kinetics.clone(),
            from: Distribution::from_weights(from),
            to: Distribution::from_weights(to),
            duration,
            resolved: (CLEAR * depth(&geodesic)?).max(RESOLVED),
            geodesic,
        })
    }

    /// T.
    #[must_use]
    pub fn duration(&self) -> f64 {
        self.duration
    }

    /// The path that it drives the system along, with its own time from 0 to 1.
    #[must_use]
    pub fn geodesic(&self) -> &Geodesic {
        &self.geodesic
    }

    /// W₂²/T: what it dissipates, in nats, as computed; the error reaches to the farther end of the proven interval.
    #[must_use]
    pub fn cost(&self) -> Side {
        let by = |w: f64| w * w / self.duration;
        let value = by(self.geodesic.distance());
        let error = (by(self.geodesic.upper_bound()) - value).max(value - by(self.geodesic.lower_bound()));
        Side {
            value,
            error: error.max(0.0),
        }
    }

    /// State, forces and rates at a time from 0 to T.
    ///
    /// Channels without rates in the given process, and those beside a state that stays empty, are closed. Within 10⁻⁹ T of an end they are those an instant inside, as is the state.
    ///
    /// # Errors
    /// [`Error::Domain`] for a time outside [0, T].
    pub fn at(&self, time: f64) -> Result<ProtocolMoment> {
        crate::require(
            "the time of a protocol",
            time,
            (0.0..=self.duration).contains(&time),
            "a time from 0 to the duration",
        )?;
        let inside = (time / self.duration).clamp(INSTANT, 1.0 - INSTANT);
        let moment = self.geodesic.at(inside)?;
        let network = self.kinetics.network();
        let force: Vec<f64> = network
            .gradient(&moment.potential)?
            .iter()
            .map(|f| f / self.duration)
            .collect();
        let edges = network.edges();
        let mut forward_rate = vec![0.0; edges.len()];
        let mut backward_rate = vec![0.0; edges.len()];
        for (e, edge) in edges.iter().enumerate() {
            let (k, back) = (self.kinetics.forward_rate()[e], self.kinetics.backward_rate()[e]);
            let (p, q) = (moment.state[edge.from], moment.state[edge.to]);
            // without rates, or beside a state that stays empty, L = 0: the channel is closed
            if k == 0.0 || p == 0.0 || q == 0.0 {
                continue;
            }
            let (p, q) = (self.held(p), self.held(q));
            let onsager = logarithmic_mean(k * p, back * q);
            forward_rate[e] = onsager * bernoulli(-force[e]) / p;
            backward_rate[e] = onsager * bernoulli(force[e]) / q;
        }
        Ok(ProtocolMoment {
            state: moment.state,
            force,
            forward_rate,
            backward_rate,
        })
    }

    /// Least probability that rates are computed for: a state on the way that holds less is taken to hold this.
    #[must_use]
    pub fn resolved(&self) -> f64 {
        self.resolved
    }

    /// p, and smoothly not less than what is resolved.
    fn held(&self, p: f64) -> f64 {
        let above = p - self.resolved;
        self.resolved + 0.5 * (above + above.hypot(self.resolved))
    }

    /// The driven process with these rates, on [0, T].
    #[must_use]
    pub fn process(&self) -> DrivenJump<'_> {
        let rates = |time: f64, forward: &mut [f64], backward: &mut [f64]| {
            let moment = self.at(time)?;
            forward.copy_from_slice(&moment.forward_rate);
            backward.copy_from_slice(&moment.backward_rate);
            Ok(())
        };
        DrivenJump::new(self.kinetics.network().clone(), Box::new(rates))
    }

    /// What the given process dissipates from the same start in the same time without being driven, and how far from the wanted end it is then.
    ///
    /// # Errors
    /// As [`path_integrals`].
    pub fn left_alone(&self, tolerance: Tolerance, run: &Run<'_>) -> Result<LeftAlone> {
        let path = path_integrals(&self.kinetics, &self.from, self.duration, tolerance, run)?;
        Ok(LeftAlone {
            missed: 2.0 * path.end.total_variation(&self.to)?,
            entropy_production: path.entropy_production,
        })
    }
}

/// How far the path falls below zero somewhere, which a polynomial may where a state is nearly empty.
fn depth(geodesic: &Geodesic) -> Result<f64> {
    let mut deepest: f64 = 0.0;
    for element in geodesic.times().windows(2) {
        for k in 1..LOOKS {
            let time = element[0] + (element[1] - element[0]) * k as f64 / LOOKS as f64;
            let state = geodesic.at(time)?.state;
            deepest = state.iter().fold(deepest, |deepest, p| deepest.max(-p));
        }
    }
    Ok(deepest)
}

/// x/(eˣ − 1), Bernoulli's function: 1 at 0, −x far below, 0 far above.
fn bernoulli(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { x / x.exp_m1() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fluxes_from_a_force_have_the_conductance_and_the_force() {
        for force in [-800.0, -30.0, -1.0, -1e-9, 0.0, 1e-300, 0.3, 5.0, 300.0] {
            let (a, b) = (2.0 * bernoulli(-force), 2.0 * bernoulli(force));
            assert!((a - b - 2.0 * force).abs() <= 4.0 * f64::EPSILON * a.max(b));
            if b > 0.0 && a > 0.0 {
                assert!((logarithmic_mean(a, b) / 2.0 - 1.0).abs() <= 1e-13 * force.abs().max(1.0));
                assert!(((a / b).ln() - force).abs() <= 1e-13 * force.abs().max(1e-2));
            }
        }
    }
}

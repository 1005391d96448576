//! Integrals along the path of a jump process, computed once, from which all bounds are read off.
//!
//! Per channel: ∫L dt, ∫(j⁺ + j⁻) dt and ∫J dt; in total: entropy production with its geometric split, the length ∫√Σ̇_ex dt of the path in the
//! metric of W₂, jumps, mobility, and the pseudo-entropy ∫Σ J²/(j⁺ + j⁻) dt. All integrands share their abscissae. A start on the boundary has
//! a rate of entropy production that diverges as −ln t, whose integral exists.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use irrev_numerics::quadrature::{Integrals, integrate};
use irrev_numerics::special::logarithmic_mean;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::tolerance::Convergence;
use irrev_numerics::{Run, Tolerance};

use super::bound::{Side, Unmet};
use crate::decomposition::geometric;
use crate::dynamics::{DrivenJump, DrivenPath, MasterPath};
use crate::error::Result;
use crate::flow::Flow;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::network::Network;
use crate::projection::Projection;
use crate::state::Distribution;

/// What stands for a probability that underflowed on its way from 0.
const FILLED: f64 = 1e-200;

/// Integrals of a total come first: entropy production, excess, housekeeping, √excess, jumps, mobility, pseudo-entropy.
const TOTALS: usize = 7;

/// The part of the integrals' tolerance that the state may be off by.
const STATE: f64 = 1e-2;

/// A probability below this part of the jumps that were made is a rounding error of theirs.
const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// Below this part of √(Στ) the length of a path is no longer known to the relative tolerance.
const VANISHING: f64 = 1e-3;

/// What a path of a jump process cost, in total and per channel.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PathIntegrals {
    /// The network.
    pub network: Arc<Network>,
    /// Duration τ.
    pub duration: f64,
    /// The state at the start.
    pub start: Distribution,
    /// The state at the end.
    pub end: Distribution,
    /// ‖error‖₁ of the state at the end is at most this, but for rounding.
    pub state_error: f64,
    /// Names of the channels that jumped one way only; with any, the next four are +∞.
    pub one_way: Vec<String>,
    /// Entropy production Σ, in nats.
    pub entropy_production: Side,
    /// Geometric excess Σ_ex, in nats.
    pub excess: Side,
    /// Geometric housekeeping Σ − Σ_ex, in nats.
    pub housekeeping: Side,
    /// ∫ √Σ̇_ex dt: length of the path in the metric of W₂, in √nats √time.
    pub wasserstein_length: Side,
    /// Expected number of jumps 𝒜 = ∫ Σ(j⁺ + j⁻) dt; its time mean is Ā = 𝒜/τ.
    pub jumps: Side,
    /// ∫ Σ L dt; its time mean is M̄.
    pub mobility: Side,
    /// 𝓘 = ∫ Σ J²/(j⁺ + j⁻) dt ≤ min(𝒜, Σ/2).
    pub pseudo_entropy: Side,
    /// ∫ L dt per channel.
    pub edge_mobility: Vec<Side>,
    /// ∫ (j⁺ + j⁻) dt per channel.
    pub edge_jumps: Vec<Side>,
    /// ∫ J dt per channel: net jumps.
    pub net_jumps: Vec<Side>,
    /// Panels used and the worst error relative to its target.
    pub convergence: Convergence,
}

/// Integrals along dp/dt = W p from `start` over [0, duration], each to the relative tolerance.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, bounds::path_integrals};
/// let pair = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)])?;
/// let path = path_integrals(&pair, &Distribution::point(2, 0)?, 1.0, Default::default(), &Default::default())?;
/// assert!((path.jumps.value - 1.0).abs() < 1e-12);                  // every state is left at rate 1
/// assert!((path.entropy_production.value - path.excess.value).abs() < 1e-9);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Length`], [`crate::Error::Domain`] for a duration out of range; not converged; cancelled.
pub fn path_integrals(
    kinetics: &MarkovJump,
    start: &Distribution,
    duration: f64,
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<PathIntegrals> {
    let accuracy = (tolerance.relative * STATE).max(1e-15);
    let path = MasterPath::new(kinetics, start, duration, accuracy, run)?;
    // the master equation contracts: errors of the panels add up at most
    let state_error = accuracy * (path.breaks().len() - 1) as f64;
    let integrand = Integrand::new(kinetics.network())?;
    integrand.one_way.borrow_mut().extend(one_way_edges(kinetics));
    let integrals = integrand.integrate(path.breaks(), tolerance, |t| {
        run.report(0.3 + 0.6 * t / duration, "integrals along the path")?;
        kinetics.flow(&path.filled_at(t, run)?)
    })?;
    Ok(integrand.collected(&integrals, start, path.end(), duration, state_error))
}

/// Integrals along the path of a driven process from `start` over [from, to], each to the relative tolerance.
///
/// # Errors
/// As [`crate::dynamics::driven_process`].
pub fn driven_path_integrals(
    process: &DrivenJump<'_>,
    start: &Distribution,
    from: f64,
    to: f64,
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<PathIntegrals> {
    let state_error = (tolerance.relative * STATE).max(1e-14);
    let fine = Tolerance {
        absolute: 0.0,
        relative: state_error,
        max_iterations: 100_000,
    };
    let path = DrivenPath::new(process, start, from, to, fine, run)?;
    let integrand = Integrand::new(process.network())?;
    let integrals = integrand.integrate(path.breaks(), tolerance, |t| {
        run.report((t - from) / (to - from), "integrals along the path")?;
        let state = path.at(t)?;
        let lifted: Vec<f64> = state.probabilities().iter().map(|p| p.max(FILLED)).collect();
        Flow::evaluate(process, t, &lifted)
    })?;
    Ok(integrand.collected(&integrals, start, path.end(), to - from, state_error))
}

impl PathIntegrals {
    /// Whether no probability moved that the numerics could tell from rounding: the path is a stationary state. Excess and length are then exactly zero.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        self.excess.value == 0.0
    }

    /// The state at the end, or the start itself where they are not known to differ.
    pub(super) fn resolved_end(&self) -> &Distribution {
        let ends = self.start.probabilities().iter().zip(self.end.probabilities());
        let change = compensated_sum(ends.map(|(p, q)| (p - q).abs()));
        if self.is_at_rest() || change <= self.state_error.max(ROUNDING) {
            &self.start
        } else {
            &self.end
        }
    }

    /// # Errors
    /// The assumption of both directions, with the channels that lack one.
    pub(super) fn both_ways(&self) -> Result<(), Unmet> {
        if self.one_way.is_empty() {
            return Ok(());
        }
        Err(Unmet::OneWay {
            edges: self.one_way.clone(),
        })
    }

    /// Σ w² ∫L dt with one weight per channel.
    pub(super) fn weighted_mobility(&self, weights: &[f64]) -> Side {
        weighted(&self.edge_mobility, weights)
    }

    /// Σ w² ∫(j⁺ + j⁻) dt with one weight per channel.
    pub(super) fn weighted_jumps(&self, weights: &[f64]) -> Side {
        weighted(&self.edge_jumps, weights)
    }
}

fn weighted(sides: &[Side], weights: &[f64]) -> Side {
    let terms = || sides.iter().zip(weights).map(|(side, w)| side.times(w * w));
    Side {
        value: compensated_sum(terms().map(|side| side.value)),
        error: terms().map(|side| side.error).sum(),
    }
}

fn one_way_edges(kinetics: &MarkovJump) -> impl Iterator<Item = usize> + '_ {
    let rates = kinetics.forward_rate().iter().zip(kinetics.backward_rate());
    rates
        .enumerate()
        .filter(|(_, (f, b))| (**f == 0.0) != (**b == 0.0))
        .map(|(e, _)| e)
}

/// What is integrated, and the channels found to run one way.
struct Integrand<'a> {
    network: &'a Arc<Network>,
    projection: Projection<'a>,
    one_way: RefCell<BTreeSet<usize>>,
}

impl<'a> Integrand<'a> {
    fn new(network: &'a Arc<Network>) -> Result<Self> {
        Ok(Self {
            network,
            projection: Projection::new(network)?,
            one_way: RefCell::default(),
        })
    }

    fn integrate(
        &self,
        breaks: &[f64],
        tolerance: Tolerance,
        flow_at: impl Fn(f64) -> Result<Flow>,
    ) -> Result<Integrals> {
        let edges = self.network.edges().len();
        let duration = breaks[breaks.len() - 1] - breaks[0];
        // parts are judged by their whole: splits by Σ, counts of jumps by 𝒜
        let scale = |values: &[f64], k: usize| match k {
            0..3 => values[0],
            // a vanishing excess is rounding of Σ, and its root no smooth function
            3 => values[3].max(VANISHING * (values[0] * duration).sqrt()),
            _ => values[4],
        };
        integrate(breaks, TOTALS + 3 * edges, tolerance, scale, |t, out| {
            self.write(&flow_at(t)?, out)
        })
    }

    fn write(&self, flow: &Flow, out: &mut [f64]) -> Result<()> {
        out.fill(0.0);
        self.one_way.borrow_mut().extend(flow.one_way_edges());
        if self.one_way.borrow().is_empty() {
            let split = geometric::decompose(flow, &self.projection)?;
            out[..4].copy_from_slice(&[
                flow.entropy_production_rate(),
                split.excess,
                split.housekeeping,
                split.excess.max(0.0).sqrt(),
            ]);
        }
        let (totals, per_edge) = out.split_at_mut(TOTALS);
        for ((a, b), out) in flow.fluxes().zip(per_edge.chunks_exact_mut(3)) {
            out.copy_from_slice(&[logarithmic_mean(a, b), a + b, a - b]);
        }
        totals[4] = flow.activity();
        totals[5] = flow.mobility();
        totals[6] = compensated_sum(
            flow.fluxes()
                .filter(|(a, b)| a + b > 0.0)
                .map(|(a, b)| (a - b) * ((a - b) / (a + b))),
        );
        Ok(())
    }

    fn collected(
        self,
        integrals: &Integrals,
        start: &Distribution,
        end: &Distribution,
        duration: f64,
        state_error: f64,
    ) -> PathIntegrals {
        let one_way: Vec<String> = self
            .one_way
            .into_inner()
            .into_iter()
            .map(|e| self.network.edges()[e].name.clone())
            .collect();
        let side = |k: usize| Side {
            value: integrals.values[k],
            error: integrals.errors[k],
        };
        let finite = |k: usize| match one_way.is_empty() {
            true => side(k),
            false => Side::exact(f64::INFINITY),
        };
        // Σ_ex ≥ (∫|J*|)²/∫ΣL: what a dissipation can have moved, with these mobilities
        let (mobility, jumps) = (side(5), side(4));
        let resolved = |part: Side| {
            let moved = (part.value.max(0.0) * mobility.value).sqrt();
            if moved <= state_error.max(ROUNDING * jumps.value) {
                return Side {
                    value: 0.0,
                    error: part.value.abs() + part.error,
                };
            }
            part
        };
        let (whole, excess) = (resolved(finite(0)), resolved(finite(1)));
        let length = match excess.value == 0.0 {
            true => Side {
                value: 0.0,
                error: (excess.error * duration).sqrt(),
            },
            false => finite(3),
        };
        let edges = 0..self.network.edges().len();
        let per_edge = |part: usize| edges.clone().map(|e| side(TOTALS + 3 * e + part)).collect();
        PathIntegrals {
            network: Arc::clone(self.network),
            duration,
            start: start.clone(),
            end: end.clone(),
            state_error,
            entropy_production: whole,
            excess,
            housekeeping: finite(2),
            wasserstein_length: length,
            jumps,
            mobility,
            pseudo_entropy: side(6),
            edge_mobility: per_edge(0),
            edge_jumps: per_edge(1),
            net_jumps: per_edge(2),
            convergence: integrals.convergence,
            one_way,
        }
    }
}

//! The master equation under a protocol, and what it dissipates.
//!
//! The rates are smooth between the elements of the geodesic, and stiff wherever a state is nearly empty, at the ends or on the way: the equation is
//! integrated by Radau's collocation, which lands on the ends of the elements, with the entropy production as an integral along the way. A
//! repetition with a hundredth of the tolerance gives the errors.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::ode::{Absolute, Failure, JacobianKind, Options, Problem, System};
use irrev_numerics::special::logarithmic_mean;
use irrev_numerics::sum::CompensatedSum;
use irrev_numerics::tolerance::{Convergence, StopReason};
use irrev_numerics::{Run, Tolerance};

use super::{INSTANT, OptimalProtocol};
use crate::bounds::Side;
use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::kinetics::Kinetics;
use crate::state::Distribution;

/// What stands for a probability that rounding or the start leaves at 0 or below.
const FILLED: f64 = 1e-200;

/// Probability that is followed with less than the relative accuracy.
const SMALLEST: f64 = 1e-14;

/// Nats, and jumps, that are none: where nothing has to move.
const NOTHING: f64 = 1e-15;

/// Steps after which a simulation gives up.
const MOST_STEPS: usize = 100_000;

/// From this number of states on the Jacobian is handed over as a sparse matrix.
const SPARSE: usize = 48;

/// What the master equation did under a protocol.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SimulatedProtocol {
    /// The state at the end.
    pub end: Distribution,
    /// Σ|p(T) − p₁|: how far from the wanted distribution it ended.
    pub missed: f64,
    /// What the simulation itself may be off by, in the same norm: an estimate.
    pub state_error: f64,
    /// ∫Σ̇ dt, in nats: to be compared with W₂²/T.
    pub entropy_production: Side,
    /// ∫Σ J²|1/L − 1/L(p)| dt/∫Σ̇ dt: what part of the dissipation comes from a mobility other than that of the given process at the same states.
    pub mobility_deviation: f64,
    /// Steps taken, the largest error of a probability in units of the tolerance of a step, and no target for it.
    pub convergence: Convergence,
}

impl OptimalProtocol {
    /// Follows the master equation under the protocol from the first distribution, and counts what it dissipates, each step to a relative tolerance from
    /// 1e-12 on.
    ///
    /// # Errors
    /// As [`OptimalProtocol::at`]; [`Error::Evolution`] if the integrator cannot go on; cancelled.
    pub fn simulated(&self, tolerance: Tolerance, run: &Run<'_>) -> Result<SimulatedProtocol> {
        let master = MasterEquation { protocol: self };
        let edges = self.geodesic.times().into_iter().chain([INSTANT, 1.0 - INSTANT]);
        let mut landings: Vec<f64> = edges.map(|t| t * self.duration).collect();
        landings.sort_by(f64::total_cmp);
        landings.retain(|t| *t > 0.0 && *t < self.duration);
        landings.dedup();
        let options = Options {
            relative: tolerance.relative,
            absolute: Absolute::Same(tolerance.absolute.max(SMALLEST)),
            integral: NOTHING,
            max_steps: MOST_STEPS,
            landings,
            error_estimate: true,
            ..Options::default()
        };
        let path = Problem::new(&master)
            .with_integrand(2, |t, p, out| master.dissipation(t, p, out))
            .solve(0.0, self.from.probabilities(), self.duration, &options, run)
            .map_err(failed)?;
        let end = path.state().iter().map(|p| p.max(0.0)).collect();
        let end = Distribution::from_weights(end);
        let (integrals, error) = (path.quadratures(), path.global_error());
        Ok(SimulatedProtocol {
            missed: 2.0 * end.total_variation(&self.to)?,
            end,
            state_error: error.map_or(0.0, |e| e.state.iter().sum()),
            entropy_production: Side {
                value: integrals[0],
                error: error.map_or(0.0, |e| e.quadratures[0]),
            },
            mobility_deviation: match integrals[0] {
                0.0 => 0.0,
                dissipation => integrals[1] / dissipation,
            },
            convergence: Convergence {
                iterations: path.statistics().steps,
                residual: error.map_or(0.0, |e| e.scaled),
                target: f64::INFINITY,
                reason: StopReason::Converged,
            },
        })
    }
}

/// ṗ = B (k⁺(t) p_x − k⁻(t) p_y).
struct MasterEquation<'a> {
    protocol: &'a OptimalProtocol,
}

impl MasterEquation<'_> {
    /// Calls with (to, from, rate) for every entry of the generator, losses as negative rates.
    fn entries(&self, time: f64, mut entry: impl FnMut(usize, usize, f64)) -> Result<()> {
        let rates = self.protocol.at(time)?;
        let edges = self.protocol.kinetics.network().edges().iter();
        for (edge, (k, back)) in edges.zip(rates.forward_rate.iter().zip(&rates.backward_rate)) {
            entry(edge.to, edge.from, *k);
            entry(edge.from, edge.from, -k);
            entry(edge.from, edge.to, *back);
            entry(edge.to, edge.to, -back);
        }
        Ok(())
    }

    /// Σ̇, and Σ J²|1/L − 1/L(p)| with the conductances L(p) of the given process.
    fn dissipation(&self, time: f64, p: &[f64], out: &mut [f64]) -> Result<()> {
        let filled: Vec<f64> = p.iter().map(|p| p.max(FILLED)).collect();
        let at = self.protocol.at(time)?;
        let given = Flow::evaluate(&self.protocol.kinetics, time, &filled)?.onsager_coefficient();
        let [mut entropy, mut deviation] = [CompensatedSum::default(); 2];
        for (e, edge) in self.protocol.kinetics.network().edges().iter().enumerate() {
            let (k, back) = (at.forward_rate[e], at.backward_rate[e]);
            if k == 0.0 && back == 0.0 {
                continue;
            }
            let (a, b) = (k * filled[edge.from], back * filled[edge.to]);
            // ln(a/b) as the force of the protocol and what the state differs from its path: a flux may underflow, its logarithm does not
            let ahead = |i: usize| (filled[i] / self.protocol.held(at.state[i])).ln();
            let force = at.force[e] + ahead(edge.from) - ahead(edge.to);
            let conductance = logarithmic_mean(a, b);
            entropy.add((a - b) * force);
            deviation.add((a - b) * force * (conductance / given[e] - 1.0).abs());
        }
        out.copy_from_slice(&[entropy.value(), deviation.value()]);
        Ok(())
    }
}

impl System for MasterEquation<'_> {
    type Error = Error;

    fn dimension(&self) -> usize {
        self.protocol.from.len()
    }

    fn rate(&self, t: f64, p: &[f64], dp: &mut [f64]) -> Result<()> {
        dp.fill(0.0);
        self.entries(t, |to, from, rate| dp[to] += rate * p[from])
    }

    fn jacobian_kind(&self) -> JacobianKind {
        if self.dimension() < SPARSE {
            JacobianKind::Dense
        } else {
            JacobianKind::Sparse
        }
    }

    fn jacobian(&self, t: f64, _p: &[f64], jacobian: &mut Matrix) -> Result<()> {
        self.entries(t, |to, from, rate| jacobian[(to, from)] += rate)
    }

    fn sparse_jacobian(&self, t: f64, _p: &[f64], entries: &mut Vec<(usize, usize, f64)>) -> Result<()> {
        self.entries(t, |to, from, rate| entries.push((to, from, rate)))
    }
}

/// An integrator's failure in the words of this crate.
fn failed(failure: Failure<Error>) -> Error {
    match failure {
        Failure::System { time, error } => Error::AtTime {
            time,
            error: Box::new(error),
        },
        Failure::Numerics(error) => Error::Numerics(error),
        other => Error::Evolution {
            reason: other.to_string(),
        },
    }
}

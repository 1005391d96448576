//! Mean, variance and response to pace of a current counted while the rates change.
//!
//! With D(t) the generator's jump part weighted by ±w, and D₂(t) by w², the counted X = Σ w N obeys
//!
//! ```text
//! d⟨X⟩/dt = j = 1ᵀD p            dm/dt = W m + D p − j p        d Var X/dt = 2·1ᵀD m + 1ᵀD₂ p
//! dq/dt = W q + W p              d R/dt = j + 1ᵀD q
//! ```
//!
//! where m = ⟨(X − ⟨X⟩) 1_x⟩ is centred, so that the variance is no difference of large numbers, and q, R are the derivatives of the state and of ⟨X⟩
//! with respect to θ when all rates are multiplied by 1 + θ, at the same protocol. Scaling all rates is the same as running the process at the pace 1 + θ
//! over a duration τ(1 + θ) with a protocol of speed v/(1 + θ), so that **R = (τ∂_τ − v∂_v)⟨X⟩**; with constant rates it is τ j(τ).
//!
//! Source: T. Koyuk and U. Seifert, Phys. Rev. Lett. 125, 260604 (2020), for the response.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::ode::{Failure, JacobianKind, Options, Problem, System};
use irrev_numerics::{Run, Tolerance};

use super::driven::DrivenJump;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::state::Distribution;

/// Integrals are followed to the relative tolerance down to this part of what can be counted at most.
const SHARE: f64 = 1e-6;

/// Moments of a current over the interval of a protocol.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct DrivenCurrentMoments {
    /// ⟨X⟩, in the unit of the weights.
    pub mean: f64,
    /// Var X.
    pub variance: f64,
    /// R = (τ∂_τ − v∂_v)⟨X⟩, in the unit of the weights: the change of ⟨X⟩ per relative change of all rates at the same protocol.
    pub response: f64,
    /// Upper estimates of the errors of mean, variance and response.
    pub errors: [f64; 3],
}

/// Mean, variance and response to pace of the current with the given weight per forward jump of each channel, over the protocol's [from, to].
///
/// The tolerance is relative, for states and integrals. Stiff integration of 3 n numbers: O(steps · n³).
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, Kinetics, dynamics::{DrivenJump, driven_current_moments}};
/// use irrev_numerics::Tolerance;
/// // two one-way jumps at the same rate 1 + t: a Poisson process with mean ∫₀² (1 + t) dt = 4
/// let pair = MarkovJump::from_rates(2, &[(0, 1, 1.0, 0.0), (1, 0, 1.0, 0.0)])?;
/// let driven = DrivenJump::new(pair.network().clone(), Box::new(|t, forward, _| { forward.fill(1.0 + t); Ok(()) }));
/// let start = Distribution::point(2, 0)?;
/// let found = driven_current_moments(&driven, &[1.0, 1.0], &start, 0.0, 2.0, Tolerance::relative(1e-10), &Default::default())?;
/// for moment in [found.mean, found.variance, found.response] {
///     assert!((moment - 4.0).abs() < 1e-8);
/// }
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`], [`Error::Domain`], [`Error::Rate`] with the time; not converged; cancelled.
pub fn driven_current_moments(
    process: &DrivenJump<'_>,
    weights: &[f64],
    start: &Distribution,
    from: f64,
    to: f64,
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<DrivenCurrentMoments> {
    let network = &process.network;
    network.check_states("initial distribution", start.probabilities())?;
    network.check_weights(weights)?;
    crate::require(
        "end of the protocol",
        to,
        to.is_finite() && to > from,
        "a finite time after its beginning",
    )?;
    let n = start.len();
    run.require_memory("moments of a driven current", 8 * 9 * (n as u64).pow(2) * 8)?;
    // weights of size one, so that what is counted has the scale of a probability
    let unit = weights.iter().fold(0.0_f64, |m, w| m.max(w.abs()));
    if unit == 0.0 {
        return Ok(DrivenCurrentMoments {
            mean: 0.0,
            variance: 0.0,
            response: 0.0,
            errors: [0.0; 3],
        });
    }
    let counting = Counting {
        process,
        weights: weights.iter().map(|w| w / unit).collect(),
        states: n,
    };
    let options = Options {
        relative: tolerance.relative,
        // where a mean passes zero it has no size of its own
        integral: tolerance.relative * SHARE * counting.most_counted(from, to)?,
        max_steps: tolerance.max_iterations,
        ..Options::default()
    };
    let mut state = vec![0.0; 3 * n];
    state[..n].copy_from_slice(start.probabilities());
    let path = Problem::new(&counting)
        .with_integrand(3, |t, x, out| counting.integrand(t, x, out))
        .solve(from, &state, to, &options, run)
        .map_err(failed)?;
    let (values, errors) = (path.quadratures(), path.quadrature_errors());
    let unit_of = [unit, unit * unit, unit];
    let scaled = |k: usize| values[k] * unit_of[k];
    let error = |k: usize| errors[k] * unit_of[k] + options.relative * scaled(k).abs();
    Ok(DrivenCurrentMoments {
        mean: scaled(0),
        variance: scaled(1).max(0.0),
        response: scaled(2),
        errors: [error(0), error(1), error(2)],
    })
}

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

/// The system of p, m and q, one block after the other.
struct Counting<'a, 'r> {
    process: &'a DrivenJump<'r>,
    weights: Vec<f64>,
    states: usize,
}

/// One jump possibility at one time.
struct Jump {
    from: usize,
    to: usize,
    rate: f64,
    weight: f64,
}

impl Counting<'_, '_> {
    fn network(&self) -> &Network {
        &self.process.network
    }

    fn jumps(&self, t: f64) -> Result<Vec<Jump>> {
        let (forward, backward) = self.process.rates_at(t)?;
        let edges = self.network().edges().iter().zip(&self.weights);
        Ok(edges
            .zip(forward.into_iter().zip(backward))
            .flat_map(|((edge, &weight), (f, b))| {
                let jump = |from, to, rate, weight| Jump {
                    from,
                    to,
                    rate,
                    weight,
                };
                [
                    jump(edge.from, edge.to, f, weight),
                    jump(edge.to, edge.from, b, -weight),
                ]
            })
            .collect())
    }

    /// What all channels would count together if every state were occupied all the time, by the rates at both ends and half way.
    fn most_counted(&self, from: f64, to: f64) -> Result<f64> {
        let mut rate = f64::MIN_POSITIVE;
        for t in [from, 0.5 * (from + to), to] {
            let counted = self.jumps(t)?;
            rate = counted
                .iter()
                .map(|j| j.rate * j.weight.abs())
                .sum::<f64>()
                .max(rate);
        }
        Ok(rate * (to - from))
    }

    /// j, d Var X/dt and dR/dt.
    fn integrand(&self, t: f64, x: &[f64], out: &mut [f64]) -> Result<()> {
        let n = self.states;
        out.fill(0.0);
        for Jump {
            from, rate, weight, ..
        } in self.jumps(t)?
        {
            let counted = weight * rate;
            let (p, m, q) = (x[from], x[n + from], x[2 * n + from]);
            out[0] += counted * p;
            out[1] += counted * (2.0 * m + weight * p);
            out[2] += counted * (p + q);
        }
        Ok(())
    }
}

impl System for Counting<'_, '_> {
    type Error = Error;

    fn dimension(&self) -> usize {
        3 * self.states
    }

    fn rate(&self, t: f64, x: &[f64], dx: &mut [f64]) -> Result<()> {
        let n = self.states;
        dx.fill(0.0);
        let mut current = 0.0;
        for Jump {
            from,
            to,
            rate,
            weight,
        } in self.jumps(t)?
        {
            let (p, m, q) = (rate * x[from], rate * x[n + from], rate * x[2 * n + from]);
            for (block, flux) in [p, m, q + p].into_iter().enumerate() {
                dx[block * n + from] -= flux;
                dx[block * n + to] += flux;
            }
            dx[n + to] += weight * p;
            current += weight * p;
        }
        for i in 0..n {
            dx[n + i] -= current * x[i];
        }
        Ok(())
    }

    fn jacobian_kind(&self) -> JacobianKind {
        JacobianKind::Dense
    }

    fn jacobian(&self, t: f64, x: &[f64], jacobian: &mut Matrix) -> Result<()> {
        let n = self.states;
        let mut current = 0.0;
        for Jump {
            from,
            to,
            rate,
            weight,
        } in self.jumps(t)?
        {
            // W on every block, and of p on q
            for (row, column) in [(0, 0), (1, 1), (2, 2), (2, 0)] {
                jacobian[(row * n + from, column * n + from)] -= rate;
                jacobian[(row * n + to, column * n + from)] += rate;
            }
            let counted = weight * rate;
            jacobian[(n + to, from)] += counted;
            for i in 0..n {
                jacobian[(n + i, from)] -= counted * x[i];
            }
            current += counted * x[from];
        }
        for i in 0..n {
            jacobian[(n + i, i)] -= current;
        }
        Ok(())
    }
}

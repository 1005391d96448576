//! Updates of a random part of all spins at every step: between parallel updates (α = 1) and those one at a time (α → 0).
//!
//! The stationary m, q, k do not depend on α. A spin that was last refreshed a + 1 steps ago, with probability α(1 − α)^a, knows the field of then,
//! so that C_n = E s_i(t + n) s_i(t) obeys (1 − α)(C_{n+1} − 2C_n + C_{n−1}) = α² (C_n − G(C_n)) with C_0 = 1 and C_∞ = q: constant q for α = 1, and
//! C″ = C − G(C) in the time αn for α → 0. What a step sends into the bath, given which spins were refreshed, is per spin
//! σ = α ς² k [1 − Σ_a α(1 − α)^a C_{a+2}], which joins ς² k (1 − q) at α = 1 with the rate of updates one at a time, σ/α → σ̇.
//!
//! Source: derived here from the effective single-spin process of A. Crisanti and H. Sompolinsky, Phys. Rev. A 37, 4865 (1988).

use irrev_numerics::tolerance::{Convergence, StopReason};
use serde::Serialize;

use super::InfiniteNetwork;
use super::gaussian::Grid;
use super::order_parameters::{Branch, OrderParameters, Solution, difference};
use super::overlap::Overlap;
use crate::error::{Error, Result};

/// Smallest α that is solved step by step.
const FEWEST: f64 = 1e-4;

/// e^{−40} of C − q is left where the chain of steps ends.
const FORGOTTEN: f64 = 40.0;

/// Largest change of a correlation at which Newton's method ends: being quadratic, it then is as exact as rounding allows, which for small α costs
/// some digits of second differences.
const CONVERGED: f64 = 1e-9;

/// Newton's steps after which it gives up.
const MOST_ITERATIONS: usize = 100;

/// A stationary state of partly parallel updates; per spin and step, in nats.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PartlyParallelState {
    /// m, q, k and the entropies of the state; its entropy production is that of parallel updates.
    pub order: OrderParameters,
    /// σ per step, given which spins were refreshed; infinite at β = ∞ unless all spins are frozen.
    pub entropy_production: f64,
    /// Flips per step, (1 − C_1)/2.
    pub flips: f64,
    /// C_n for n = 0, 1, … as long as it differs from q.
    pub autocorrelation: Vec<f64>,
    /// Largest change of m, q, k, S_c, C_n or (relative to 1 + σ) σ on a second grid.
    pub numerical_error: f64,
}

impl PartlyParallelState {
    fn on_branch(network: &InfiniteNetwork, alpha: f64, branch: Branch, grid: Grid) -> Result<Self> {
        let Solution { order, overlap } = Solution::on_branch(network, branch, grid)?;
        let autocorrelation = correlations(&overlap, alpha)?;
        // what is not listed has forgotten all it can
        let mut weight = alpha;
        let mut left = 1.0;
        let mut forgotten = 0.0;
        for c in &autocorrelation[2..] {
            forgotten += weight * (1.0 - c);
            left -= weight;
            weight *= 1.0 - alpha;
        }
        forgotten += left.max(0.0) * order.unfrozen;
        let entropy_production = if order.unfrozen == 0.0 {
            0.0
        } else {
            alpha * order.entropy_production * (forgotten / order.unfrozen)
        };
        Ok(Self {
            order,
            entropy_production,
            flips: 0.5 * (1.0 - autocorrelation[1]),
            autocorrelation,
            numerical_error: f64::NAN,
        })
    }
}

/// C_0, C_1, … until nothing is left of C − q: Newton's method for the whole chain, one tridiagonal system per step.
fn correlations(overlap: &Overlap, alpha: f64) -> Result<Vec<f64>> {
    let (q, kept) = (overlap.overlap(), 1.0 - alpha);
    // late steps decay as ρⁿ with (1 − α)(ρ − 2 + 1/ρ) = α² (1 − G′(q))
    let restoring = alpha * alpha * (1.0 - overlap.map(q).1).clamp(0.0, 1.0);
    let half = 1.0 + 0.5 * restoring / kept;
    let decay = if kept == 0.0 {
        0.0
    } else {
        1.0 / (half + (half * half - 1.0).max(0.0).sqrt())
    };
    let length = (FORGOTTEN / -decay.max(1e-6).ln()).ceil() as usize + 2;
    let mut c: Vec<f64> = (0..=length)
        .map(|n| q + overlap.unfrozen() * decay.powi(n as i32))
        .collect();
    let mut change = f64::INFINITY;
    for iterations in 0..MOST_ITERATIONS {
        if change <= CONVERGED {
            return Ok(c);
        }
        // elimination from the front; the last step is followed by its decay
        let (mut ratios, mut rests) = (vec![0.0; length + 1], vec![0.0; length + 1]);
        for n in 1..=length {
            let (value, slope) = overlap.map(c[n]);
            let next = if n == length {
                q + decay * (c[n] - q)
            } else {
                c[n + 1]
            };
            let residual = kept * (next - 2.0 * c[n] + c[n - 1]) - alpha * alpha * (c[n] - value);
            let last = if n == length { kept * decay } else { 0.0 };
            let diagonal = -2.0 * kept - alpha * alpha * (1.0 - slope) + last;
            let pivot = diagonal - kept * ratios[n - 1];
            ratios[n] = kept / pivot;
            rests[n] = (-residual - kept * rests[n - 1]) / pivot;
        }
        change = 0.0;
        let mut step = 0.0;
        for n in (1..=length).rev() {
            step = rests[n] - ratios[n] * step;
            let moved = (c[n] + step).clamp(q, 1.0);
            change = f64::max(change, (moved - c[n]).abs());
            c[n] = moved;
        }
        if !change.is_finite() {
            return Err(not_converged(iterations + 1, change, StopReason::Breakdown));
        }
    }
    Err(not_converged(MOST_ITERATIONS, change, StopReason::IterationLimit))
}

fn not_converged(iterations: usize, residual: f64, reason: StopReason) -> Error {
    Error::Numerics(irrev_numerics::Error::NotConverged {
        what: "autocorrelation of partly parallel updates",
        convergence: Convergence {
            iterations,
            residual,
            target: CONVERGED,
            reason,
        },
    })
}

impl InfiniteNetwork {
    /// The stationary state when each spin is refreshed with probability α at every step, with a second computation on another grid as error estimate.
    ///
    /// O(1/α) steps are solved for. For smaller α than 10⁻⁴ see [`InfiniteNetwork::sequential`], which differs by a relative amount of order α.
    ///
    /// # Errors
    /// As [`InfiniteNetwork::order_parameters`]; [`Error::Domain`] unless 10⁻⁴ ≤ α ≤ 1; a numerical error if Newton's method does not converge.
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::{Branch, InfiniteNetwork};
    /// let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: 1.0, spread: 0.5, fields: FieldLaw::Constant(0.0) };
    /// let all = network.partly_parallel(1.0, Branch::Up)?;
    /// assert!((all.entropy_production - all.order.entropy_production).abs() < 1e-14);
    /// let few = network.partly_parallel(1e-3, Branch::Up)?;
    /// let one = network.sequential(Branch::Up)?;
    /// assert!((few.entropy_production / 1e-3 - one.entropy_production_rate).abs() < 1e-3);            // the difference is of order α
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn partly_parallel(&self, update_probability: f64, branch: Branch) -> Result<PartlyParallelState> {
        self.check()?;
        Error::require(
            "the probability of an update",
            update_probability,
            (FEWEST..=1.0).contains(&update_probability),
            "a number from 1e-4 to 1 (below, updates one at a time are the same)",
        )?;
        let mut state = PartlyParallelState::on_branch(self, update_probability, branch, Grid::STANDARD)?;
        let check = PartlyParallelState::on_branch(self, update_probability, branch, Grid::CHECK)?;
        state.order.numerical_error = difference(&state.order, &check.order);
        let pairs = state.autocorrelation.iter().zip(&check.autocorrelation);
        let correlations = pairs.fold(0.0, |m: f64, (a, b)| m.max((a - b).abs()));
        let (sigma, other) = (state.entropy_production, check.entropy_production);
        let dissipation = if sigma == other {
            0.0
        } else {
            (sigma - other).abs() / (1.0 + sigma)
        };
        state.numerical_error = state.order.numerical_error.max(correlations).max(dissipation);
        Ok(state)
    }
}

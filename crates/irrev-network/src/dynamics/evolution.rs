//! The master equation in time: dp/dt = W p.
//!
//! Short times (in units of the fastest rate) are uniformised, which keeps positivity and probability exactly; long times on a
//! small network use the dense exponential of the generator, which squares non-negative matrices only; long times on a large
//! one use a Krylov space, whose negative parts (below the tolerance) are clipped and reported.

use irrev_numerics::krylov::{Uniformised, exponential_action};
use irrev_numerics::linalg::{Matrix, metzler_exponential};
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::tolerance::Convergence;
use irrev_numerics::{Run, Tolerance};

use crate::error::Result;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Largest number of states for which a dense exponential is considered.
const DENSE: usize = 400;

/// Uniformisation steps beyond which a Krylov space is expected to need fewer products.
const MANY_STEPS: f64 = 20_000.0;

/// A tolerance below this asks for every component, however small, to relative accuracy.
const EVERY_COMPONENT: f64 = 1e-100;

/// A distribution at a later time, with how it was computed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Evolved {
    /// p(t).
    pub distribution: Distribution,
    /// "uniformisation", "dense exponential" or "Krylov".
    pub method: &'static str,
    /// Products or squarings, the bound (uniformisation) or estimate (Krylov) of ‖error‖₁, and its target.
    pub convergence: Convergence,
    /// Probability clipped because a Krylov approximation was negative there; 0 for the other methods.
    pub clipped: f64,
}

/// A process prepared for evolution over several intervals.
#[derive(Debug, Clone)]
pub struct Evolution<'a> {
    kinetics: &'a MarkovJump,
    uniformised: Uniformised,
    dense: Option<Matrix>,
}

impl<'a> Evolution<'a> {
    /// Prepares a process. O(edges).
    ///
    /// # Errors
    /// Only for more than 2³² states.
    pub fn new(kinetics: &'a MarkovJump) -> Result<Self> {
        let n = kinetics.network().states().len();
        let jumps: Vec<_> = kinetics.jumps().collect();
        let dense = (n <= DENSE).then(|| {
            let mut w = Matrix::zeros(n, n);
            for &(from, to, rate) in &jumps {
                w[(to, from)] += rate;
                w[(from, from)] -= rate;
            }
            w
        });
        Ok(Self {
            kinetics,
            uniformised: Uniformised::new(n, &jumps)?,
            dense,
        })
    }

    /// The largest exit rate: 1 over the shortest time scale.
    #[must_use]
    pub fn fastest_rate(&self) -> f64 {
        self.uniformised.rate()
    }

    /// p(t) = exp(W t) p with ‖error‖₁ within the tolerance, for t ≥ 0.
    ///
    /// # Errors
    /// Not converged within `tolerance.max_iterations` Krylov products; cancelled.
    pub fn advance(&self, p: &Distribution, t: f64, tolerance: Tolerance, run: &Run<'_>) -> Result<Evolved> {
        let n = p.len() as f64;
        let steps = self.uniformised.steps(t);
        // costs in multiply-adds: a sparse step against a dense product per squaring
        let sparse_cost = steps * (n + 2.0 * self.kinetics.network().edges().len() as f64);
        let dense_cost = (14.0 + steps.max(2.0).log2()) * n * n * n;
        // a Taylor sum of fixed degree leaves zeros where only longer paths lead
        let every_component = tolerance.target(1.0) < EVERY_COMPONENT && steps <= MANY_STEPS;
        if let Some(w) = self
            .dense
            .as_ref()
            .filter(|_| dense_cost < sparse_cost && !every_component)
        {
            let moved = metzler_exponential(w, t).apply_to(p.probabilities());
            let convergence =
                Convergence::direct(n * f64::EPSILON, tolerance.target(1.0).max(n * f64::EPSILON));
            let distribution = Distribution::from_weights(moved);
            return Ok(Evolved {
                distribution,
                method: "dense exponential",
                convergence,
                clipped: 0.0,
            });
        }
        if steps <= MANY_STEPS || self.dense.is_some() {
            let unlimited = Tolerance {
                max_iterations: usize::MAX,
                ..tolerance
            };
            let (moved, convergence) = self.uniformised.evolve(p.probabilities(), t, unlimited, run)?;
            let distribution = Distribution::from_weights(moved);
            return Ok(Evolved {
                distribution,
                method: "uniformisation",
                convergence,
                clipped: 0.0,
            });
        }
        let limit = tolerance.max_iterations.max(10_000_000);
        // ‖x‖₁ ≤ √n ‖x‖₂
        let tighter = Tolerance {
            relative: 0.0,
            absolute: tolerance.target(1.0) / n.sqrt(),
            max_iterations: limit,
        };
        let action = exponential_action(&self.kinetics.generator()?, p.probabilities(), t, tighter, run)?;
        let clipped = compensated_sum(action.vector.iter().map(|v| (-v).max(0.0)));
        let moved = action.vector.iter().map(|v| v.max(0.0)).collect();
        let distribution = Distribution::from_weights(moved);
        Ok(Evolved {
            distribution,
            method: "Krylov",
            convergence: action.convergence,
            clipped,
        })
    }
}

/// p(t) from p at time 0; see [`Evolution::advance`].
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, dynamics::evolve};
/// use irrev_numerics::{Run, Tolerance};
/// let w = MarkovJump::from_rates(2, &[(0, 1, 2.0, 1.0)])?;
/// let p = evolve(&w, &Distribution::point(2, 0)?, 0.5, Tolerance::relative(1e-12), &Run::default())?;
/// let exact = 1.0 / 3.0 + 2.0 / 3.0 * (-1.5_f64).exp();
/// assert!((p.distribution.probabilities()[0] - exact).abs() < 1e-12);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Length`], [`crate::Error::Domain`] for t < 0, and as [`Evolution::advance`].
pub fn evolve(
    kinetics: &MarkovJump,
    p: &Distribution,
    t: f64,
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<Evolved> {
    kinetics
        .network()
        .check_states("distribution", p.probabilities())?;
    crate::require(
        "duration",
        t,
        t.is_finite() && t >= 0.0,
        "a finite time, not negative",
    )?;
    Evolution::new(kinetics)?.advance(p, t, tolerance, run)
}

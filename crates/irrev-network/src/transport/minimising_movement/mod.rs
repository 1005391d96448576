//! Minimising movements: a step of the gradient flow of relative entropy as a minimum, with a proof of how near it comes.
//!
//! ```text
//! p_τ = argmin Φ,   Φ(p) = D(p‖π) + W₂(p₀, p)²/(2τ),
//! ```
//!
//! is the implicit step of steepest descent in the metric of [W₂](super::wasserstein2) (Jordan, Kinderlehrer and Otto). With detailed balance it follows the
//! master equation with an error of the order of τ² in a step, of τ over a given time.
//!
//! **Convexity.** W₂² is convex in p, and D convex with D itself as its modulus, so that Φ(q) ≥ Φ(p_τ) + D(q‖p_τ). Its slope is ln(p/π) + ψ₁/τ with
//! the potential ψ₁ at the end of the geodesic from p₀, which vanishes (up to a constant) where p equals p* ∝ π e^{−ψ₁/τ}. As ψ is feasible for the dual
//! of W₂ whatever p is,
//!
//! ```text
//! Φ(p) − min Φ ≤ D(p‖p*) + (upper² − lower²)/(2τ)
//! ```
//!
//! with the proven bounds of W₂: a gap that is computed, not estimated, and that bounds D(p‖p_τ), too.
//!
//! **Method.** Near p₀ the square W₂²/2 has the second derivative K⁺, K = B L Bᵀ. Newton's step with diag(1/p) + K⁺/τ is δ = p w,
//! (diag(p) + τK) w = −τK ∇Φ: a sparse Laplacian with a leak p, which conserves probability. Curvature is learnt on the way by limited-memory BFGS, steps
//! are taken along p e^{αw} and keep every probability positive. The first state is that of the master equation after τ.
//!
//! Sources: R. Jordan, D. Kinderlehrer and F. Otto, SIAM J. Math. Anal. 29, 1 (1998); J. Maas, J. Funct. Anal. 261, 2250 (2011); J. Nocedal, Math. Comput.
//! 35, 773 (1980), for BFGS.

mod descent;
mod functional;

use irrev_numerics::sum::compensated_sum;
use irrev_numerics::tolerance::Convergence;
use irrev_numerics::{Run, Tolerance};

use self::functional::{Functional, relative_entropy};
use super::wasserstein2::{Geodesic, Wasserstein2Options};
use crate::bounds::Side;
use crate::dynamics::Evolution;
use crate::error::Result;
use crate::kinetics::MarkovJump;
use crate::state::Distribution;

/// Relative change of a probability that W₂ does not resolve.
const RESOLUTION: f64 = 1e-12;

/// How a minimising movement is sought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MinimisingMovementOptions {
    /// How well W₂ is to be known; default 1e-6 of its square. It limits how small the gap can be.
    pub wasserstein2: Wasserstein2Options,
    /// Accepted Euler–Lagrange residual: the force that is left, relative to that of relative entropy, in the metric of W₂; default 1e-6. 1e-10 to 0.1.
    pub tolerance: f64,
    /// Most evaluations of W₂; default 200.
    pub max_evaluations: usize,
}

impl Default for MinimisingMovementOptions {
    fn default() -> Self {
        Self {
            wasserstein2: Wasserstein2Options::default(),
            tolerance: 1e-6,
            max_evaluations: 200,
        }
    }
}

/// One step of minimising movement.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MinimisingMovement {
    /// τ.
    pub step: f64,
    /// The state p found.
    pub state: Distribution,
    /// Geodesic from the start to it, with the proven interval of W₂.
    pub geodesic: Geodesic,
    /// D(p₀‖π), in nats.
    pub relative_entropy_before: f64,
    /// D(p‖π), in nats.
    pub relative_entropy_after: f64,
    /// Φ(p) is proven to be above the minimum by at most this, and D(p‖p_τ) to be at most this, in nats.
    pub gap: f64,
    /// The state of the master equation after the time τ.
    pub master: Distribution,
    /// Evaluations of W₂, the Euler–Lagrange residual √(∇Φ·K∇Φ) in √(nats/time), its target, and whether it was met: where it was not, what is left is
    /// less than what the interval of W₂ leaves open.
    pub convergence: Convergence,
}

impl MinimisingMovement {
    /// D(p₀‖π) − D(p‖π), in nats: relative entropy given up.
    #[must_use]
    pub fn dissipated(&self) -> f64 {
        self.relative_entropy_before - self.relative_entropy_after
    }

    /// W₂²/(2τ), in nats: what has to be given up at least, as Φ(p_τ) ≤ Φ(p₀); by the proven lower bound of W₂, with the width of its interval.
    #[must_use]
    pub fn least_dissipated(&self) -> Side {
        let by = |w: f64| w * w / (2.0 * self.step);
        let value = by(self.geodesic.lower_bound());
        Side {
            value,
            error: by(self.geodesic.upper_bound()) - value,
        }
    }

    /// The state found is proven to be within this total variation of the minimiser, by Pinsker's inequality.
    #[must_use]
    pub fn state_error(&self) -> f64 {
        (0.5 * self.gap).sqrt()
    }

    /// Total variation between the state found and that of the master equation: of the order of τ².
    #[must_use]
    pub fn deviation(&self) -> f64 {
        let pairs = self.state.probabilities().iter().zip(self.master.probabilities());
        0.5 * compensated_sum(pairs.map(|(p, q)| (p - q).abs()))
    }
}

/// One step τ of minimising movement from a distribution, which may be on the boundary.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, transport::minimising_movement};
/// let triangle = MarkovJump::from_rates(3, &[(0, 1, 2.0, 1.0), (1, 2, 2.0, 1.0), (2, 0, 1.0, 4.0)])?;
/// let start = Distribution::new(vec![0.7, 0.2, 0.1])?;
/// let step = minimising_movement(&triangle, &start, 0.002, &Default::default(), &Default::default())?;
/// let moved = start.probabilities()[0] - step.master.probabilities()[0];
/// assert!(step.deviation() < 0.05 * moved);                           // of second order in the step
/// assert!(step.dissipated() >= step.least_dissipated().value);
/// assert!(step.gap < 1e-6);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Domain`] without detailed balance, with the defect, for a step that is not positive, or a tolerance out of range; [`crate::Error::NotPositive`] for a
/// transient state; as [`wasserstein2()`] and [`MarkovJump::stationary_distribution`]; not converged.
pub fn minimising_movement(
    kinetics: &MarkovJump,
    start: &Distribution,
    step: f64,
    options: &MinimisingMovementOptions,
    run: &Run<'_>,
) -> Result<MinimisingMovement> {
    let functional = Functional::new(kinetics, start, step, options, run)?;
    let evolved = Evolution::new(kinetics)?.advance(start, step, Tolerance::relative(RESOLUTION), run)?;
    let master = evolved.distribution;
    let (at, convergence) = functional.descend(master.clone())?;
    Ok(MinimisingMovement {
        step,
        relative_entropy_before: relative_entropy(start, &functional.stationary),
        relative_entropy_after: relative_entropy(&at.state, &functional.stationary),
        gap: functional.distance_to_dual(&at) + functional.width(&at),
        state: at.state,
        geodesic: at.geodesic,
        master,
        convergence,
    })
}

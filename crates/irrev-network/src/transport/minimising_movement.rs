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

use std::collections::VecDeque;

use irrev_numerics::elimination::{EliminationPlan, PlanOptions, SolveOptions, Threads};
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::tolerance::{Convergence, StopReason};
use irrev_numerics::{Error as NumericsError, Run, Tolerance};

use super::gradient_flow::require_positive;
use super::wasserstein2::{Geodesic, Wasserstein2, Wasserstein2Options, wasserstein2};
use crate::bounds::Side;
use crate::dynamics::Evolution;
use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Largest stationary current relative to its activity that may come from rates with few digits.
const DEFECT: f64 = 1e-9;

/// Relative change of a probability that W₂ does not resolve.
const RESOLUTION: f64 = 1e-12;

/// Pairs of steps and slopes from which curvature is learnt.
const MEMORY: usize = 12;

/// Largest change of ln p that one step may try.
const LONGEST: f64 = 2.0;

/// A step is accepted once the slope along it, if it has turned upwards, is at most this part of what it was.
const TURNED: f64 = 0.5;

/// Shortenings of one step.
const SHORTENINGS: usize = 25;

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
    /// Evaluations of W₂, the Euler–Lagrange residual √(∇Φ·K∇Φ) in √(nats/time), and its target.
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
        let pairs = self
            .state
            .probabilities()
            .iter()
            .zip(self.master.probabilities());
        0.5 * compensated_sum(pairs.map(|(p, q)| (p - q).abs()))
    }
}

/// One step τ of minimising movement from a distribution, which may be on the boundary.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, transport::minimising_movement};
/// let triangle = MarkovJump::from_rates(3, &[(0, 1, 2.0, 1.0), (1, 2, 2.0, 1.0), (2, 0, 1.0, 4.0)])?;
/// let start = Distribution::new(vec![0.7, 0.2, 0.1])?;
/// let step = minimising_movement(&triangle, &start, 0.02, &Default::default(), &Default::default())?;
/// assert!(step.deviation() < 2e-3);                                   // the master equation moves by 0.017 here
/// assert!(step.dissipated() >= step.least_dissipated().value);
/// assert!(step.gap < 1e-6);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] without detailed balance, with the defect, for a step that is not positive, or a tolerance out of range; [`Error::NotPositive`] for a
/// transient state; as [`wasserstein2()`] and [`MarkovJump::stationary_distribution`]; not converged.
pub fn minimising_movement(
    kinetics: &MarkovJump,
    start: &Distribution,
    step: f64,
    options: &MinimisingMovementOptions,
    run: &Run<'_>,
) -> Result<MinimisingMovement> {
    let problem = Problem::new(kinetics, start, step, options, run)?;
    let evolved =
        Evolution::new(kinetics)?.advance(start, step, Tolerance::relative(RESOLUTION), run)?;
    let master = evolved.distribution;
    let (at, convergence) = problem.descend(master.clone())?;
    Ok(MinimisingMovement {
        step,
        relative_entropy_before: start.relative_entropy(&problem.stationary)?,
        relative_entropy_after: at.state.relative_entropy(&problem.stationary)?,
        gap: problem.gap(&at)?,
        state: at.state,
        geodesic: at.geodesic,
        master,
        convergence,
    })
}

/// Φ and what it is made of.
struct Problem<'a> {
    kinetics: &'a MarkovJump,
    start: &'a Distribution,
    stationary: Distribution,
    step: f64,
    options: &'a MinimisingMovementOptions,
    run: &'a Run<'a>,
    /// The network with one more node, to which every state leaks.
    leaking: EliminationPlan,
}

/// Φ's slope at a state.
struct Point {
    state: Distribution,
    geodesic: Geodesic,
    onsager: Vec<f64>,
    /// ψ₁, up to a constant.
    potential: Vec<f64>,
    /// ψ₁·q is uncertain by at most this over all distributions q.
    potential_error: f64,
    /// ln(p/π) + ψ₁/τ.
    slope: Vec<f64>,
    /// √(∇Φ·K∇Φ).
    residual: f64,
    /// What the residual may be.
    target: f64,
}

impl<'a> Problem<'a> {
    fn new(
        kinetics: &'a MarkovJump,
        start: &'a Distribution,
        step: f64,
        options: &'a MinimisingMovementOptions,
        run: &'a Run<'a>,
    ) -> Result<Self> {
        const QUANTITY: &str = "a minimising movement";
        kinetics
            .network()
            .check_states("distribution", start.probabilities())?;
        kinetics.require_both_ways(QUANTITY)?;
        crate::require(
            "the step of a minimising movement",
            step,
            step.is_finite() && step > 0.0,
            "a finite time above 0",
        )?;
        crate::require(
            "the tolerance of a minimising movement",
            options.tolerance,
            (1e-10..=0.1).contains(&options.tolerance),
            "a number from 1e-10 to 0.1",
        )?;
        let stationary = kinetics.stationary_distribution()?;
        require_positive(kinetics, &stationary)?;
        let defect = kinetics.detailed_balance_defect()?;
        crate::require(
            "the largest stationary current relative to its activity, for a minimising movement,",
            defect,
            defect <= DEFECT,
            "at most 1e-9: without detailed balance the master equation is no gradient flow of relative entropy",
        )?;
        let states = start.len();
        let edges = kinetics.network().edges().iter().map(|e| (e.from, e.to));
        let pairs: Vec<(usize, usize)> = edges.chain((0..states).map(|i| (i, states))).collect();
        let plan = PlanOptions {
            threads: Threads::One,
            ..PlanOptions::default()
        };
        Ok(Self {
            kinetics,
            start,
            stationary,
            step,
            options,
            run,
            leaking: EliminationPlan::new(states + 1, &pairs, &plan)?,
        })
    }

    /// Minimises Φ from a positive state.
    fn descend(&self, first: Distribution) -> Result<(Point, Convergence)> {
        let mut at = self.point(first)?;
        let mut evaluations = 1;
        let mut learnt = Curvature::default();
        loop {
            let mut convergence = Convergence {
                iterations: evaluations,
                residual: at.residual,
                target: at.target,
                reason: StopReason::Converged,
            };
            if at.residual <= at.target {
                return Ok((at, convergence));
            }
            let downhill = learnt.times(&at.slope, |slope| self.newton_step(&at, slope))?;
            let p = at.state.probabilities();
            let rate: Vec<f64> = downhill.iter().zip(p).map(|(d, p)| -d / p).collect();
            let longest = rate.iter().fold(0.0, |most: f64, w| most.max(w.abs()));
            let before = slope_along(&at, &rate);
            let mut length = (LONGEST / longest).min(1.0);
            let mut shortened = 0;
            let next = loop {
                if evaluations >= self.options.max_evaluations || shortened > SHORTENINGS || !(before < 0.0) {
                    convergence.reason = match evaluations >= self.options.max_evaluations {
                        true => StopReason::IterationLimit,
                        false => StopReason::Breakdown,
                    };
                    convergence.iterations = evaluations;
                    return Err(NumericsError::NotConverged {
                        what: "minimising movement",
                        convergence,
                    }
                    .into());
                }
                evaluations += 1;
                let weights = p.iter().zip(&rate).map(|(p, w)| p * (length * w).exp());
                let next = self.point(Distribution::from_weights(weights.collect()))?;
                // slopes tell a minimum apart far better than values, whose changes drown in the rounding of W₂²
                let after = slope_along(&next, &rate);
                if after <= -TURNED * before {
                    break next;
                }
                length *= (before / (before - after)).clamp(0.1, 0.7);
                shortened += 1;
            };
            learnt.add(&at, &next);
            at = next;
        }
    }

    fn point(&self, state: Distribution) -> Result<Point> {
        let how = &self.options.wasserstein2;
        let geodesic = match wasserstein2(self.kinetics, self.start, &state, how, self.run)? {
            Wasserstein2::Finite(geodesic) => *geodesic,
            // detailed balance with one stationary state joins all states
            Wasserstein2::Infinite { component, surplus } => {
                return Err(Error::NoPath { component, surplus });
            }
        };
        let network = self.kinetics.network();
        let onsager = self.kinetics.flow(&state)?.onsager_coefficient();
        let (potential, potential_error) = self.end_potential(&geodesic, &state, &onsager)?;
        let force = state.log_ratios(&self.stationary);
        let slope: Vec<f64> = force
            .iter()
            .zip(&potential)
            .map(|(f, psi)| f + psi / self.step)
            .collect();
        let norm = |potential: &[f64]| -> Result<f64> {
            let gradient = network.gradient(potential)?;
            Ok(compensated_sum(onsager.iter().zip(&gradient).map(|(l, g)| l * g * g)).sqrt())
        };
        let mobility = compensated_sum(onsager.iter().copied()).sqrt();
        // what a change of the probabilities that W₂ does not resolve would make
        let floor = RESOLUTION * (mobility + 1.0 / (mobility * self.step));
        Ok(Point {
            residual: norm(&slope)?,
            target: (self.options.tolerance * norm(&force)?).max(floor),
            state,
            geodesic,
            onsager,
            potential,
            potential_error,
            slope,
        })
    }

    /// ψ₁ with what ψ₁·q is uncertain by: it is that of the certificate, but for two states, whose interval follows from the integral dW₂ = dp/√L.
    fn end_potential(
        &self,
        geodesic: &Geodesic,
        state: &Distribution,
        onsager: &[f64],
    ) -> Result<(Vec<f64>, f64)> {
        if state.len() != 2 {
            return Ok((geodesic.at(1.0)?.potential, 0.0));
        }
        let root = compensated_sum(onsager.iter().copied()).sqrt();
        let moved = state.probabilities()[1] - self.start.probabilities()[1];
        let half = 0.5 * geodesic.distance().copysign(moved) / root;
        let width = geodesic.upper_bound() - geodesic.lower_bound();
        Ok((vec![-half, half], width / root))
    }

    /// δ with (diag(1/p) + K⁺/τ) δ = slope.
    fn newton_step(&self, at: &Point, slope: &[f64]) -> Result<Vec<f64>> {
        let network = self.kinetics.network();
        let gradient = network.gradient(slope)?;
        let current: Vec<f64> = at
            .onsager
            .iter()
            .zip(&gradient)
            .map(|(l, g)| self.step * l * g)
            .collect();
        let mut moved = network.divergence(&current)?;
        moved.push(0.0);
        let p = at.state.probabilities();
        let joined = at.onsager.iter().map(|l| self.step * l);
        let conductances: Vec<f64> = joined.chain(p.iter().copied()).collect();
        let factor = self.leaking.laplacian(&conductances, Threads::One)?;
        let options = SolveOptions {
            imbalance_tolerance: f64::INFINITY,
            ..SolveOptions::default()
        };
        let w = factor.solve(&moved, &options)?.values;
        let ground = w[p.len()];
        Ok(p.iter().zip(&w).map(|(p, w)| p * (w - ground)).collect())
    }

    /// D(p‖p*) with p* ∝ π e^{−ψ₁/τ}, the width of W₂²/(2τ), and what the potential is uncertain by.
    fn gap(&self, at: &Point) -> Result<f64> {
        let least = at.potential.iter().copied().fold(f64::INFINITY, f64::min);
        let pi = self.stationary.probabilities();
        let weights = pi
            .iter()
            .zip(&at.potential)
            .map(|(pi, psi)| pi * (-(psi - least) / self.step).exp());
        let dual = Distribution::from_weights(weights.collect());
        let (lower, upper) = (at.geodesic.lower_bound(), at.geodesic.upper_bound());
        let width = (upper - lower) * (upper + lower) / (2.0 * self.step);
        Ok(at.state.relative_entropy(&dual)?.max(0.0) + width + at.potential_error / self.step)
    }
}

/// d Φ/dα along p e^{αw}/Σ p e^{αw}, at this state.
fn slope_along(at: &Point, rate: &[f64]) -> f64 {
    let p = at.state.probabilities();
    let mean = compensated_sum(p.iter().zip(rate).map(|(p, w)| p * w));
    compensated_sum(
        p.iter()
            .zip(rate)
            .zip(&at.slope)
            .map(|((p, w), g)| g * p * (w - mean)),
    )
}

/// What steps have taught of the second derivative: pairs (Δp, Δ∇Φ), whose product is positive as Φ is convex.
#[derive(Default)]
struct Curvature {
    pairs: VecDeque<(Vec<f64>, Vec<f64>, f64)>,
}

impl Curvature {
    fn add(&mut self, before: &Point, after: &Point) {
        let (p, q) = (before.state.probabilities(), after.state.probabilities());
        let moved: Vec<f64> = p.iter().zip(q).map(|(p, q)| q - p).collect();
        let turned: Vec<f64> = before.slope.iter().zip(&after.slope).map(|(g, h)| h - g).collect();
        let product = dot(&moved, &turned);
        if product > 0.0 {
            if self.pairs.len() == MEMORY {
                self.pairs.pop_front();
            }
            self.pairs.push_back((moved, turned, product));
        }
    }

    /// The inverse second derivative times a slope, starting from that of the model.
    fn times(&self, slope: &[f64], model: impl Fn(&[f64]) -> Result<Vec<f64>>) -> Result<Vec<f64>> {
        let mut left = slope.to_vec();
        let mut parts = Vec::with_capacity(self.pairs.len());
        for (moved, turned, product) in self.pairs.iter().rev() {
            let part = dot(moved, &left) / product;
            add(&mut left, -part, turned);
            parts.push(part);
        }
        let mut step = model(&left)?;
        for ((moved, turned, product), part) in self.pairs.iter().zip(parts.iter().rev()) {
            let factor = part - dot(turned, &step) / product;
            add(&mut step, factor, moved);
        }
        Ok(step)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    compensated_sum(a.iter().zip(b).map(|(x, y)| x * y))
}

fn add(to: &mut [f64], factor: f64, what: &[f64]) {
    for (t, w) in to.iter_mut().zip(what) {
        *t += factor * w;
    }
}

//! Φ = D(·‖π) + W₂²/(2τ) with its slope, the model of its second derivative, and the bound on how far it is above its minimum.

use irrev_numerics::Run;
use irrev_numerics::elimination::{EliminationPlan, PlanOptions, SolveOptions, Threads};
use irrev_numerics::special::relative_entropy_term;
use irrev_numerics::sum::compensated_sum;

use super::{MinimisingMovementOptions, RESOLUTION};
use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;
use crate::transport::gradient_flow::require_positive;
use crate::transport::wasserstein2::{Geodesic, Wasserstein2, wasserstein2};

/// Largest stationary current relative to its activity that may come from rates with few digits.
const DEFECT: f64 = 1e-9;

/// Φ and what it is made of.
pub(super) struct Functional<'a> {
    kinetics: &'a MarkovJump,
    start: &'a Distribution,
    pub(super) stationary: Distribution,
    step: f64,
    pub(super) options: &'a MinimisingMovementOptions,
    run: &'a Run<'a>,
    /// The network with one more node, to which every state leaks.
    leaking: EliminationPlan,
}

/// Φ's slope at a state.
pub(super) struct Point {
    pub(super) state: Distribution,
    pub(super) geodesic: Geodesic,
    onsager: Vec<f64>,
    /// ψ₁, up to a constant.
    potential: Vec<f64>,
    /// ψ₁·q is uncertain by at most this over all distributions q.
    potential_error: f64,
    /// ln(p/π) + ψ₁/τ.
    pub(super) slope: Vec<f64>,
    /// √(∇Φ·K∇Φ).
    pub(super) residual: f64,
    /// What the residual may be.
    pub(super) target: f64,
}

impl<'a> Functional<'a> {
    pub(super) fn new(
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

    pub(super) fn point(&self, state: Distribution) -> Result<Point> {
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
    pub(super) fn newton_step(&self, at: &Point, slope: &[f64]) -> Result<Vec<f64>> {
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

    /// D(p‖p*) with p* ∝ π e^{−ψ₁/τ}, in nats.
    pub(super) fn distance_to_dual(&self, at: &Point) -> f64 {
        let least = at.potential.iter().copied().fold(f64::INFINITY, f64::min);
        let pi = self.stationary.probabilities();
        let weights = pi
            .iter()
            .zip(&at.potential)
            .map(|(pi, psi)| pi * (-(psi - least) / self.step).exp());
        relative_entropy(&at.state, &Distribution::from_weights(weights.collect()))
    }

    /// What the interval of W₂ and the potential leave open of Φ, in nats.
    pub(super) fn width(&self, at: &Point) -> f64 {
        let (lower, upper) = (at.geodesic.lower_bound(), at.geodesic.upper_bound());
        (0.5 * (upper - lower) * (upper + lower) + at.potential_error) / self.step
    }
}

/// D(p‖q) from terms that are not negative: accurate relative to itself also where p and q are close.
pub(super) fn relative_entropy(p: &Distribution, q: &Distribution) -> f64 {
    let pairs = p.probabilities().iter().zip(q.probabilities());
    compensated_sum(pairs.map(|(&p, &q)| relative_entropy_term(p, q)))
}

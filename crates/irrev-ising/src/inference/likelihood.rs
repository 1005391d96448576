//! Maximum likelihood of a network with parallel updates, given its activity.
//!
//! The log-likelihood of all transitions, Σ_t Σ_i s_i(t+1) h_i(t) − ln 2cosh h_i(t) with h_i = H_i + Σ_j J_ij s_j, is concave and splits into one problem per
//! unit. All share the matrix C = ⟨x xᵀ⟩ of x = (1, s): the curvature of unit i is ⟨sech²h_i x xᵀ⟩ ≤ C (Böhning's bound), and nearly k_i C with k_i =
//! ⟨sech²h_i⟩. So one Cholesky factor serves all; a few remembered steps (L-BFGS) correct it for each unit, all units advance together by matrix products,
//! and Newton's method takes over what has not converged. The objective per transition is less λ/2 Σ_j J_ij²; fields are free.
//!
//! Couplings and fields contain β: they are βJ and βH.
//!
//! Sources: D. Böhning and B. G. Lindsay, Ann. Inst. Stat. Math. 40, 641 (1988); Y. Roudi and J. Hertz, Phys. Rev.
//! Lett. 106, 048702 (2011) for the kinetic Ising model.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::{Convergence, StopReason};

use super::ascent::Ascent;
use super::cholesky::Cholesky;
use super::error::DataError;
use super::newton::{penalise, penalised, polish};
use super::scores::{Depth, Scores, scores};
use super::transitions::{Blocks, Correlations, Transitions};
use crate::error::{Error, Result};
use crate::{Couplings, KineticIsing};

/// Passes over the data with the shared factor before Newton's method takes over.
const SHARED_PASSES: usize = 30;

/// How a network is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitOptions {
    /// λ ≥ 0 of the penalty λ/2 Σ_j J_ij² per transition and unit; default 0.
    pub penalty: f64,
    /// Largest step that Newton's method would still take in any coupling or field; default 1e-9.
    pub tolerance: f64,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self {
            penalty: 0.0,
            tolerance: 1e-9,
        }
    }
}

/// A network fitted to transitions.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fit {
    /// βJ, J_ij from j to i in row i.
    pub couplings: Matrix,
    /// βH.
    pub fields: Vec<f64>,
    /// λ.
    pub penalty: f64,
    /// Mean log-likelihood per transition, all units together, without the penalty; nats.
    pub log_likelihood: f64,
    /// Σ_i ⟨ln 2cosh h_i − h_i tanh h_i⟩: entropy of the next state given the present one, nats per step.
    pub conditional_entropy: f64,
    /// k_i = ⟨sech²h_i⟩ of each unit.
    pub response: Vec<f64>,
    /// Transitions behind it.
    pub transitions: usize,
    /// Largest step that Newton's method would still take, and passes over the data.
    pub convergence: Convergence,
}

impl Fit {
    /// Number of units N.
    #[must_use]
    pub fn units(&self) -> usize {
        self.fields.len()
    }

    /// The network, at β = 1.
    ///
    /// # Errors
    /// None that a converged fit can cause.
    pub fn network(&self) -> Result<KineticIsing> {
        KineticIsing::new(
            Couplings::from_matrix(self.couplings.clone())?,
            self.fields.clone(),
            1.0,
        )
    }

    /// N (N + 1): all couplings, those of units to themselves included, and fields.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.units() * (self.units() + 1)
    }

    /// Akaike's criterion 2 · parameters − 2 · log-likelihood of all transitions; the smaller the better. It presumes λ = 0.
    #[must_use]
    pub fn akaike(&self) -> f64 {
        2.0 * self.parameters() as f64 - 2.0 * self.transitions as f64 * self.log_likelihood
    }

    /// Schwarz' (Bayesian) criterion: parameters · ln T − 2 · log-likelihood.
    #[must_use]
    pub fn schwarz(&self) -> f64 {
        let total = self.transitions as f64;
        self.parameters() as f64 * total.ln() - 2.0 * total * self.log_likelihood
    }

    /// Mean log-likelihood per transition of other data of the same units, nats.
    ///
    /// # Errors
    /// [`DataError::UnitsDiffer`], [`DataError::TooShort`] without a transition.
    pub fn log_likelihood_of(&self, transitions: &Transitions<'_>) -> Result<f64> {
        Ok(self.scores_of(transitions)?.log_likelihood.iter().sum())
    }

    /// (H_i, J_i1, … J_iN) in row i.
    pub(super) fn weights(&self) -> Matrix {
        let n = self.units();
        Matrix::from_fn(n, n + 1, |i, j| {
            if j == 0 {
                self.fields[i]
            } else {
                self.couplings[(i, j - 1)]
            }
        })
    }

    pub(super) fn scores_of(&self, transitions: &Transitions<'_>) -> Result<Scores> {
        if transitions.units() != self.units() {
            return Err(DataError::UnitsDiffer {
                fitted: self.units(),
                found: transitions.units(),
            }
            .into());
        }
        transitions.require("a likelihood", 1)?;
        let units: Vec<usize> = (0..self.units()).collect();
        Ok(scores(
            &transitions.blocks(),
            &self.weights(),
            &units,
            Depth::Full,
        ))
    }

    /// Mean slope of the penalised log-likelihood on some of the data: (field, couplings) in row i; its mean over all data fitted is zero.
    pub(super) fn penalised_scores_of(&self, transitions: &Transitions<'_>) -> Result<Matrix> {
        Ok(self.penalised_slope(&self.scores_of(transitions)?))
    }

    /// The slope of the likelihood less that of the penalty: (field, couplings) in row i.
    pub(super) fn penalised_slope(&self, scores: &Scores) -> Matrix {
        let n = self.units();
        let pull = |i: usize, j: usize| {
            if j == 0 {
                0.0
            } else {
                self.penalty * self.couplings[(i, j - 1)]
            }
        };
        Matrix::from_fn(n, n + 1, |i, j| scores.gradient[(i, j)] - pull(i, j))
    }

    /// A fit with given (field, couplings) of each unit.
    pub(super) fn at(
        blocks: &Blocks<'_>,
        weights: &[Vec<f64>],
        penalty: f64,
        convergence: Convergence,
    ) -> Self {
        let n = weights.len();
        let units: Vec<usize> = (0..n).collect();
        let matrix = Matrix::from_fn(n, n + 1, |i, j| weights[i][j]);
        let found = scores(blocks, &matrix, &units, Depth::Full);
        Self {
            couplings: Matrix::from_fn(n, n, |i, j| weights[i][j + 1]),
            fields: weights.iter().map(|w| w[0]).collect(),
            penalty,
            log_likelihood: found.log_likelihood.iter().sum(),
            conditional_entropy: found.entropy.iter().sum(),
            response: found.response,
            transitions: blocks.transitions(),
            convergence,
        }
    }
}

/// The start of a unit: the best constant field, tanh H = ⟨s'⟩, where the slope follows from correlations.
fn start(unit: usize, correlations: &Correlations, inverse: &Matrix) -> Ascent {
    let mean = correlations.means_after[unit];
    let n = correlations.means_before.len();
    let mut place = vec![0.0; n + 1];
    place[0] = mean.atanh();
    let mut gradient = vec![0.0; n + 1];
    for j in 0..n {
        gradient[j + 1] = correlations.delayed[(unit, j)] - mean * correlations.means_before[j];
    }
    Ascent::new(place, gradient, |rest| {
        inverse_curvature(inverse, 1.0 - mean * mean, rest)
    })
}

/// The factor of ⟨x xᵀ⟩, which all units share.
pub(super) fn shared_factor(design: &Matrix) -> Result<Cholesky> {
    let dependent = |column: usize| DataError::Dependent {
        unit: column.saturating_sub(1),
    };
    Ok(Cholesky::new(design).map_err(dependent)?)
}

/// (k C)⁻¹ rest.
fn inverse_curvature(inverse: &Matrix, response: f64, rest: &[f64]) -> Vec<f64> {
    let mut step = inverse.apply_to(rest);
    step.iter_mut().for_each(|d| *d /= response);
    step
}

/// Most likely couplings and fields of a network with parallel updates.
///
/// O(T N²) per pass over the transitions, some ten passes; C costs one more and its factor N³/3.
///
/// # Errors
/// [`DataError::TooShort`] with fewer transitions than parameters of a unit, [`DataError::Constant`] for a unit that never changes (no penalty helps: fields are
/// free); without penalty [`DataError::Dependent`] and [`DataError::SeparatedPair`] or [`DataError::Separated`] where couplings are not unique or not finite;
/// [`Error::Domain`] for a negative penalty.
///
/// ```
/// use irrev_ising::inference::{Coding, FitOptions, Raster, maximum_likelihood};
/// let activity = [1_i8, -1, 1, 1, -1, 1, -1, -1, 1, 1, 1, -1, -1, -1, 1, -1, 1, 1, -1, 1, -1, 1, 1, -1];
/// let raster = Raster::from_array(&activity, 12, 2, Coding::PlusMinus)?;
/// let fit = maximum_likelihood(&raster.transitions()?, &FitOptions { penalty: 0.1, ..FitOptions::default() })?;
/// assert!(fit.convergence.converged() && fit.log_likelihood > -2.0 * 2.0_f64.ln());
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn maximum_likelihood(transitions: &Transitions<'_>, options: &FitOptions) -> Result<Fit> {
    let FitOptions { penalty, tolerance } = *options;
    Error::require(
        "the penalty",
        penalty,
        penalty >= 0.0 && penalty.is_finite(),
        "a number of at least 0",
    )?;
    Error::require("the tolerance", tolerance, tolerance > 0.0, "a positive number")?;
    let n = transitions.units();
    let needed = if penalty > 0.0 { 2 } else { n + 2 };
    transitions.require("a fit", needed)?;
    let blocks = transitions.blocks();
    let correlations = blocks.correlations();
    correlations.require_changes()?;
    if penalty == 0.0 {
        correlations.require_no_separated_pair()?;
    }
    let inverse = shared_factor(&penalised(&correlations.design(), penalty))?.inverse();
    let mut ascents: Vec<Ascent> = (0..n).map(|unit| start(unit, &correlations, &inverse)).collect();
    let mut passes = 1;
    for _ in 0..SHARED_PASSES {
        let open: Vec<usize> = (0..n)
            .filter(|unit| ascents[*unit].residual() > tolerance)
            .collect();
        if open.is_empty() {
            break;
        }
        let trials: Vec<Vec<f64>> = open.iter().map(|unit| ascents[*unit].trial()).collect();
        let weights = Matrix::from_fn(open.len(), n + 1, |k, j| trials[k][j]);
        let found = scores(&blocks, &weights, &open, Depth::Slope);
        for (k, (unit, trial)) in open.iter().zip(trials).enumerate() {
            let mut gradient: Vec<f64> = (0..=n).map(|j| found.gradient[(k, j)]).collect();
            penalise(&mut gradient, &trial, penalty);
            let response = found.response[k];
            ascents[*unit].advance(trial, gradient, |rest| {
                inverse_curvature(&inverse, response, rest)
            });
        }
        passes += 1;
    }
    let mut residual = 0.0_f64;
    let mut weights = Vec::with_capacity(n);
    for (unit, ascent) in ascents.into_iter().enumerate() {
        let reached = ascent.residual();
        if reached <= tolerance {
            residual = residual.max(reached);
            weights.push(ascent.into_place());
        } else {
            let (w, convergence) = polish(&blocks, unit, ascent.into_place(), penalty, tolerance)?;
            residual = residual.max(convergence.residual);
            passes += convergence.iterations;
            weights.push(w);
        }
    }
    let convergence = Convergence {
        iterations: passes,
        residual,
        target: tolerance,
        reason: StopReason::Converged,
    };
    Ok(Fit::at(&blocks, &weights, penalty, convergence))
}

//! Which penalty predicts best: cross-validation in blocks of time.
//!
//! Neighbouring bins resemble each other, so folds are stretches of time, and transitions that share a bin with a fold are kept out of the fit that is scored
//! on it. The score is the log-likelihood per transition of the fold.
//!
//! Source: C. Bergmeir and J. M. Benítez, Inf. Sci. 191, 192 (2012).

use irrev_numerics::{Estimate, Run};
use rayon::prelude::*;

use super::likelihood::{Fit, FitOptions, maximum_likelihood};
use super::sparse::{SparseOptions, sparse_path, sparse_penalties};
use super::transitions::Transitions;
use crate::error::{Error, Result};

/// Which penalty is compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PenaltyKind {
    /// λ/2 Σ_j J_ij².
    Quadratic(FitOptions),
    /// λ Σ_j |J_ij|.
    Absolute(SparseOptions),
}

impl PenaltyKind {
    /// Quadratic penalties to compare where nobody says which: exponents of 10, half a decade apart.
    const QUADRATIC: (f64, f64) = (-6.0, -1.0);
    /// Absolute ones: how many, and the smallest as a part of the one that leaves no coupling.
    const ABSOLUTE: (usize, f64) = (12, 0.01);

    /// Penalties to compare where nobody says which, evenly in the logarithm: quadratic ones from 1e-6 to 1e-1, two in a decade; twelve absolute ones from the smallest
    /// that leaves no coupling down to a hundredth of it.
    ///
    /// # Errors
    /// Those of [`sparse_penalties`].
    pub fn penalties(&self, transitions: &Transitions<'_>) -> Result<Vec<f64>> {
        match self {
            Self::Quadratic(_) => {
                let (low, high) = Self::QUADRATIC;
                let steps = (2.0 * (high - low)) as i32;
                Ok((0..=steps)
                    .map(|k| 10_f64.powf(low + 0.5 * f64::from(k)))
                    .collect())
            }
            Self::Absolute(_) => sparse_penalties(transitions, Self::ABSOLUTE.0, Self::ABSOLUTE.1),
        }
    }
}

/// How well each penalty predicts.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CrossValidation {
    /// λ in the order given.
    pub penalties: Vec<f64>,
    /// Log-likelihood per transition of data not fitted, mean over folds; nats.
    pub scores: Vec<Estimate>,
    /// Place of the best score.
    pub best: usize,
    /// Place of the largest λ whose score is within one standard error (of the difference to the best, fold by fold) of the best.
    pub simplest: usize,
}

/// Scores penalties on `folds` stretches of time, each predicted from the others. O(folds · fits); parallel over folds.
///
/// # Errors
/// Those of the fits; [`Error::Domain`] for fewer than 2 folds or no penalty; cancelled runs.
///
/// ```
/// use irrev_ising::inference::{Coding, FitOptions, PenaltyKind, Raster, cross_validation};
/// use irrev_numerics::Run;
/// let activity: Vec<u8> = (0..3000_u32).map(|k| (k.wrapping_mul(2654435761) >> 17 & 1) as u8).collect();
/// let raster = Raster::from_array(&activity, 1000, 3, Coding::ZeroOne)?;
/// let kind = PenaltyKind::Quadratic(FitOptions::default());
/// let found = cross_validation(&raster.transitions()?, &[1.0, 0.1, 0.01], kind, 5, &Run::default())?;
/// assert!(found.scores[found.best].value >= found.scores[found.simplest].value);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn cross_validation(
    transitions: &Transitions<'_>,
    penalties: &[f64],
    kind: PenaltyKind,
    folds: usize,
    run: &Run<'_>,
) -> Result<CrossValidation> {
    Error::require("the number of folds", folds as f64, folds >= 2, "at least 2")?;
    Error::require(
        "the number of penalties",
        penalties.len() as f64,
        !penalties.is_empty(),
        "at least 1",
    )?;
    transitions.require("cross-validation", 4 * folds)?;
    let stretches = transitions.split(folds);
    let scored = run.install(|| {
        let score = |fold: usize| -> Result<Vec<f64>> {
            run.report(fold as f64 / folds as f64, "cross-validation")?;
            let held_out = &stretches[fold];
            let fitted = transitions.apart_from(held_out.extent());
            let fits: Vec<Fit> = match kind {
                PenaltyKind::Quadratic(options) => penalties
                    .iter()
                    .map(|&penalty| maximum_likelihood(&fitted, &FitOptions { penalty, ..options }))
                    .collect::<Result<_>>()?,
                PenaltyKind::Absolute(options) => {
                    let path = sparse_path(&fitted, penalties, &options)?;
                    path.into_iter().map(|sparse| sparse.fit).collect()
                }
            };
            fits.iter().map(|fit| fit.log_likelihood_of(held_out)).collect()
        };
        (0..folds)
            .into_par_iter()
            .map(score)
            .collect::<Result<Vec<Vec<f64>>>>()
    })??;
    let count = folds as f64;
    let column = |k: usize| scored.iter().map(move |fold| fold[k]);
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let error = |x: &[f64]| {
        let centre = mean(x);
        (x.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / (count * (count - 1.0))).sqrt()
    };
    let scores: Vec<Estimate> = (0..penalties.len())
        .map(|k| {
            let folds_of: Vec<f64> = column(k).collect();
            Estimate::from_mean(mean(&folds_of), error(&folds_of), folds)
        })
        .collect();
    let best = (0..scores.len())
        .max_by(|a, b| scores[*a].value.total_cmp(&scores[*b].value))
        .unwrap_or(0);
    let close = |k: &usize| {
        let loss: Vec<f64> = column(best).zip(column(*k)).map(|(b, x)| b - x).collect();
        mean(&loss) <= error(&loss)
    };
    let simplest = (0..scores.len())
        .filter(close)
        .max_by(|a, b| penalties[*a].total_cmp(&penalties[*b]))
        .unwrap_or(best);
    Ok(CrossValidation {
        penalties: penalties.to_vec(),
        scores,
        best,
        simplest,
    })
}

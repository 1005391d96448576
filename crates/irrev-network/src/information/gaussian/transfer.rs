//! Transfer entropy of linear processes.
//!
//! T = I(x_{t+1}; y^{(l)} | x^{(k)}) = ½ ln det Σ(x'|x^{(k)})/det Σ(x'|x^{(k)}, y^{(l)}), with pasts of k and l steps that end at t. With infinite pasts the
//! conditional covariances are errors of prediction, by the Riccati equation of what the past does not show.
//!
//! Source: Barnett, Barrett and Seth, Phys. Rev. Lett. 103, 238701 (2009).

use irrev_numerics::linalg::Matrix;

use super::divergence::{block, conditional_covariance, log_determinant};
use super::riccati::{conjugated, error_of_prediction, sum};
use super::vector_autoregression::VectorAutoregression;
use crate::error::{Error, Result};

/// Longest history, in steps, that the joint covariance is made for.
const LONGEST: usize = 1000;

impl VectorAutoregression {
    /// Transfer entropy from some variables to others, in nats per step, with k steps of the target's own past and l of the source's.
    ///
    /// Non-negative, but for rounding. O((k n_x + l n_y)³).
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Duplicate`]; [`Error::Domain`] for a history of more than 1000 steps, or none of the source.
    pub fn transfer_entropy(&self, source: &[usize], target: &[usize], k: usize, l: usize) -> Result<f64> {
        self.check_transfer(source, target)?;
        for (what, steps, least) in [("the target", k, 0), ("the source", l, 1)] {
            crate::require(
                &format!("the history of {what} in steps"),
                steps as f64,
                (least..=LONGEST).contains(&steps),
                "a number of steps up to 1000, at least one of the source",
            )?;
        }
        // variables as (steps before t + 1, index)
        let future: Vec<(usize, usize)> = target.iter().map(|&i| (0, i)).collect();
        let past = |of: &[usize], steps: usize| {
            let steps = (1..=steps).flat_map(|h| of.iter().map(move |&i| (h, i)));
            steps.collect::<Vec<_>>()
        };
        let (own, other) = (past(target, k), past(source, l));
        let lagged = self.lagged_covariances(k.max(l));
        let entry = |(h, i): (usize, usize), (g, j): (usize, usize)| match h <= g {
            true => lagged[g - h][(i, j)],
            false => lagged[h - g][(j, i)],
        };
        let all: Vec<(usize, usize)> = [future, own, other].concat();
        let joint = Matrix::from_fn(all.len(), all.len(), |a, b| entry(all[a], all[b]));
        let wanted: Vec<usize> = (0..target.len()).collect();
        let split = target.len() * (1 + k);
        let by_own: Vec<usize> = (target.len()..split).collect();
        let by_both: Vec<usize> = (target.len()..all.len()).collect();
        let half_log = |given: &[usize]| -> Result<f64> {
            let left = conditional_covariance(&joint, &wanted, given)?;
            Ok(0.5 * log_determinant("the variance left of the target", &left)?)
        };
        Ok(half_log(&by_own)? - half_log(&by_both)?)
    }

    /// Transfer entropy from some variables to others with infinite pasts of both, in nats per step.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Duplicate`]; failure of the Riccati equation.
    pub fn transfer_entropy_of_all_history(&self, source: &[usize], target: &[usize]) -> Result<f64> {
        self.check_transfer(source, target)?;
        let both: Vec<usize> = target.iter().chain(source).copied().collect();
        let half_log = |observed: &[usize]| -> Result<f64> {
            let left = self.innovations(observed)?;
            let first: Vec<usize> = (0..target.len()).collect();
            let left = block(&left, &first, &first);
            Ok(0.5 * log_determinant("the variance left of the target", &left)?)
        };
        Ok(half_log(target)? - half_log(&both)?)
    }

    /// Covariance of what is new in the next step of observed variables, given all their past.
    fn innovations(&self, observed: &[usize]) -> Result<Matrix> {
        let hidden: Vec<usize> = (0..self.dimension()).filter(|i| !observed.contains(i)).collect();
        let r = block(&self.noise, observed, observed);
        if hidden.is_empty() {
            return Ok(r);
        }
        let of_hidden = block(&self.transition, observed, &hidden);
        let error = error_of_prediction(
            &block(&self.transition, &hidden, &hidden),
            &of_hidden,
            &block(&self.noise, &hidden, &hidden),
            &r,
            &block(&self.noise, &hidden, observed),
        )?;
        Ok(sum(&conjugated(&of_hidden, &error), &r))
    }

    fn check_transfer(&self, source: &[usize], target: &[usize]) -> Result<()> {
        for (what, variables) in [("source variables", source), ("target variables", target)] {
            if variables.is_empty() {
                return Err(Error::Length {
                    what,
                    found: 0,
                    expected: 1,
                });
            }
        }
        self.check_groups(&[source, target])
    }
}

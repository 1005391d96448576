//! How far fitted couplings are from the true ones: standard errors, and the first-order bias of maximum likelihood.
//!
//! F_i = ⟨sech²h_i x xᵀ⟩ is the Fisher information of unit i per transition and A_i = F_i + λ (on couplings). The estimate scatters with covariance
//! A⁻¹ F A⁻¹/T, and is off by A⁻¹ ⟨x tanh h sech²h (xᵀ A⁻¹ x)⟩/T: away from zero, because the likelihood is flatter on the side of larger fields.
//!
//! Sources: D. R. Cox and E. J. Snell, J. R. Stat. Soc. B 30, 248 (1968); P. McCullagh and J. A. Nelder, Generalized Linear Models (1989), section 15.2.

use irrev_numerics::linalg::Matrix;

use super::cholesky::Cholesky;
use super::error::DataError;
use super::exponential::decay;
use super::likelihood::Fit;
use super::newton::penalised;
use super::transitions::{Transitions, accumulate};
use crate::error::Result;

/// Units treated in one pass: each needs N² numbers for every part of the data.
const GROUP: usize = 8;

/// Standard errors of a fit, from the Fisher information.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StandardErrors {
    /// Of J_ij, in row i.
    pub couplings: Matrix,
    /// Of H_i.
    pub fields: Vec<f64>,
}

/// F_i, A_i with its inverse and determinant of one unit.
pub(super) struct Information {
    pub(super) fisher: Matrix,
    pub(super) information: Matrix,
    pub(super) inverse: Matrix,
    /// ln det A_i.
    pub(super) log_determinant: f64,
}

impl Fit {
    /// Standard errors of couplings and fields from the data that were fitted. O(T N³).
    ///
    /// With a penalty they describe the scatter around the penalised optimum of infinitely many data, not the shrinkage.
    ///
    /// # Errors
    /// [`DataError::UnitsDiffer`]; [`DataError::Dependent`] for information that is singular.
    pub fn standard_errors(&self, transitions: &Transitions<'_>) -> Result<StandardErrors> {
        let information = information(self, transitions)?;
        let n = self.units();
        let total = transitions.len() as f64;
        let errors: Vec<Vec<f64>> = information
            .iter()
            .map(|unit| {
                let sandwich = unit.inverse.times(&unit.fisher).times(&unit.inverse);
                (0..=n).map(|k| (sandwich[(k, k)] / total).sqrt()).collect()
            })
            .collect();
        Ok(StandardErrors {
            couplings: Matrix::from_fn(n, n, |i, j| errors[i][j + 1]),
            fields: errors.iter().map(|unit| unit[0]).collect(),
        })
    }
}

/// Splits 0..n into groups.
fn groups(n: usize) -> impl Iterator<Item = Vec<usize>> {
    (0..n)
        .step_by(GROUP)
        .map(move |first| (first..(first + GROUP).min(n)).collect())
}

fn rows_of(weights: &Matrix, units: &[usize]) -> Matrix {
    Matrix::from_fn(units.len(), weights.columns(), |k, j| weights[(units[k], j)])
}

/// F and A⁻¹ of every unit.
pub(super) fn information(fit: &Fit, transitions: &Transitions<'_>) -> Result<Vec<Information>> {
    let n = fit.units();
    if transitions.units() != n {
        return Err(DataError::UnitsDiffer {
            fitted: n,
            found: transitions.units(),
        }
        .into());
    }
    transitions.require("standard errors", 1)?;
    let weights = fit.weights();
    let mut all = Vec::with_capacity(n);
    for units in groups(n) {
        let weights = rows_of(&weights, &units);
        let sums = transitions.sum(
            || vec![Matrix::zeros(n + 1, n + 1); units.len()],
            |sums, block| {
                let fields = block.fields(&weights);
                for (k, sum) in sums.iter_mut().enumerate() {
                    // √sech²h = 2 e^{−|h|}/(1 + e^{−2|h|})
                    let roots: Vec<f64> = (0..block.len())
                        .map(|t| {
                            let e = decay(fields[(k, t)].abs());
                            2.0 * e / (1.0 + e * e)
                        })
                        .collect();
                    accumulate(sum, &block.weighted_squares(&roots));
                }
            },
            |total, part| total.iter_mut().zip(&part).for_each(|(a, b)| accumulate(a, b)),
        );
        for sum in sums {
            let fisher = sum.scaled(1.0 / transitions.len() as f64);
            let information = penalised(&fisher, fit.penalty);
            let factor = Cholesky::new(&information).map_err(|column| DataError::Dependent {
                unit: column.saturating_sub(1),
            })?;
            all.push(Information {
                fisher,
                information,
                inverse: factor.inverse(),
                log_determinant: factor.log_determinant(),
            });
        }
    }
    Ok(all)
}

/// By how much the couplings move if a part of the data is there once more, to first order: A_i⁻¹ times its share of the score.
pub(super) fn move_by(
    part: &Transitions<'_>,
    total: usize,
    fit: &Fit,
    information: &[Information],
) -> Result<Matrix> {
    let n = fit.units();
    let share = part.len() as f64 / total as f64;
    let slope = fit.penalised_scores_of(part)?;
    let steps: Vec<Vec<f64>> = information
        .iter()
        .enumerate()
        .map(|(i, unit)| {
            unit.inverse
                .apply_to(&(0..=n).map(|j| share * slope[(i, j)]).collect::<Vec<_>>())
        })
        .collect();
    Ok(Matrix::from_fn(n, n, |i, j| steps[i][j + 1]))
}

/// First-order bias of (field, couplings), one row per unit.
pub(super) fn first_order_bias(
    fit: &Fit,
    transitions: &Transitions<'_>,
    information: &[Information],
) -> Matrix {
    let n = fit.units();
    let total = transitions.len() as f64;
    let weights = fit.weights();
    let mut bias = Matrix::zeros(n, n + 1);
    for units in groups(n) {
        let weights = rows_of(&weights, &units);
        let sums = transitions.sum(
            || vec![vec![0.0; n + 1]; units.len()],
            |sums, block| {
                let fields = block.fields(&weights);
                for (k, sum) in sums.iter_mut().enumerate() {
                    let spread = block.fields(&information[units[k]].inverse);
                    for t in 0..block.len() {
                        let h = fields[(k, t)];
                        let e = decay(2.0 * h.abs());
                        let slope = 4.0 * e * (1.0 - e).copysign(h) / ((1.0 + e) * (1.0 + e) * (1.0 + e));
                        let x = block.before(t);
                        let leverage: f64 = x.iter().zip(spread.column(t)).map(|(x, a)| x * a).sum();
                        sum.iter_mut()
                            .zip(x)
                            .for_each(|(s, x)| *s += slope * leverage * x);
                    }
                }
            },
            |total, part| {
                for (a, b) in total.iter_mut().flatten().zip(part.iter().flatten()) {
                    *a += b;
                }
            },
        );
        for (unit, sum) in units.iter().zip(sums) {
            let shift = information[*unit].inverse.apply_to(&sum);
            for (j, shift) in shift.into_iter().enumerate() {
                bias[(*unit, j)] = shift / (total * total);
            }
        }
    }
    bias
}

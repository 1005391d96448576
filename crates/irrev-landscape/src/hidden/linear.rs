//! The hierarchy of a linear system, exactly: Lanczos' recurrence.
//!
//! In q̈ = −K q at kT the averages are linear, and each level needs its two predecessors only,
//!
//! r̈_n = D_{n−1} r_{n−1} − W_n r_n + r_{n+1},  W_n = ⟨ṙ_n²⟩/⟨r_n²⟩,  D_n = ⟨r_{n+1}²⟩/⟨r_n²⟩,
//!
//! which is the continued fraction of the motion of r₁. It ends by itself after as many levels as r₁ excites modes.
//!
//! Sources: S. Kawai, Ensemble 16 (2014), equations 26 to 31; H. Mori, Prog. Theor. Phys. 34, 399 (1965).

use irrev_numerics::linalg::{LinearSolver, Matrix};
use irrev_numerics::sum::inner_product;

use crate::error::{Error, Result};

/// A level ends the hierarchy if it holds less than this part of ⟨r̈_n²⟩, which is rounding.
const CLOSED: f64 = 1e-24;

/// The levels of a linear system, seen along one direction.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LinearHierarchy {
    /// Coefficients of q in r₁, r₂, …, not normalised.
    pub levels: Vec<Vec<f64>>,
    /// ⟨r_n²⟩.
    pub variances: Vec<f64>,
    /// W_n, one for each level, in 1/time².
    pub frequencies_squared: Vec<f64>,
    /// D_n, one fewer.
    pub strengths: Vec<f64>,
}

impl LinearHierarchy {
    /// Coefficients of r₁, …, r_n in ⟨r̈_n; r₁, …, r_n⟩, for each n: zeros, D_{n−1}, −W_n.
    #[must_use]
    pub fn mean_forces(&self) -> Vec<Vec<f64>> {
        (0..self.levels.len())
            .map(|n| {
                let mut row = vec![0.0; n + 1];
                row[n] = -self.frequencies_squared[n];
                if n > 0 {
                    row[n - 1] = self.strengths[n - 1];
                }
                row
            })
            .collect()
    }
}

/// The hierarchy of r₁ = a·q in q̈ = −K q with unit masses at kT, ⟨q qᵀ⟩ = kT K⁻¹.
///
/// Levels are kept orthogonal to all before them, so that rounding adds none.
///
/// ```
/// use irrev_landscape::hidden::linear_hierarchy;
/// use irrev_numerics::linalg::Matrix;
/// let k = Matrix::from_columns(2, vec![2.0, -1.0, -1.0, 2.0]);
/// let found = linear_hierarchy(&k, &[1.0, 0.0], 1.0)?;
/// assert!((found.frequencies_squared[0] - 1.5).abs() < 1e-14 && (found.frequencies_squared.iter().sum::<f64>() - 4.0).abs() < 1e-14);
/// // the sum of two equal oscillators is one mode
/// assert_eq!(linear_hierarchy(&k, &[1.0, 1.0], 1.0)?.levels.len(), 1);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`] unless K is square with as many rows as a has entries, [`Error::Domain`] if K is not symmetric or a variance is not positive (K must be
/// positive definite, a not zero), [`Error::Numerics`] if K is singular.
pub fn linear_hierarchy(stiffness: &Matrix, direction: &[f64], temperature: f64) -> Result<LinearHierarchy> {
    let n = direction.len();
    Error::require_size("the rows of a stiffness matrix", stiffness.rows(), n)?;
    Error::require_size("the columns of a stiffness matrix", stiffness.columns(), n)?;
    Error::require(
        "kT",
        temperature,
        temperature > 0.0 && temperature.is_finite(),
        "a positive number",
    )?;
    for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
        let difference = (stiffness.column(j)[i] - stiffness.column(i)[j]).abs();
        let scale = stiffness.column(i)[i].abs().max(stiffness.column(j)[j].abs());
        Error::require(
            "K_ij − K_ji",
            difference,
            difference <= 1e-12 * scale,
            "0: forces of a potential",
        )?;
    }
    let solver = LinearSolver::new(stiffness.clone())?;
    let covariance_times =
        |u: &[f64]| -> Result<Vec<f64>> { Ok(solver.solve(u)?.x.iter().map(|x| temperature * x).collect()) };
    let mut found = LinearHierarchy {
        levels: Vec::new(),
        variances: Vec::new(),
        frequencies_squared: Vec::new(),
        strengths: Vec::new(),
    };
    // what projects on each level: ⟨q qᵀ⟩ u_n
    let mut duals: Vec<Vec<f64>> = Vec::new();
    let mut next = direction.to_vec();
    while found.levels.len() < n {
        let dual = covariance_times(&next)?;
        let variance = inner_product(&next, &dual);
        Error::require(
            "the variance of a level",
            variance,
            variance > 0.0 && variance.is_finite(),
            "a positive number: a positive definite K, and a direction that is not 0",
        )?;
        if let Some(before) = found.variances.last() {
            found.strengths.push(variance / before);
        }
        let acceleration: Vec<f64> = stiffness.apply_to(&next).iter().map(|x| -x).collect();
        found
            .frequencies_squared
            .push(temperature * inner_product(&next, &next) / variance);
        found.variances.push(variance);
        duals.push(dual);
        found.levels.push(next);
        next = acceleration.clone();
        // twice: the second time takes out what rounding left
        for _ in 0..2 {
            for ((level, dual), variance) in found.levels.iter().zip(&duals).zip(&found.variances) {
                let part = inner_product(&next, dual) / variance;
                next.iter_mut().zip(level).for_each(|(x, u)| *x -= part * u);
            }
        }
        let (left, whole) = (
            inner_product(&next, &covariance_times(&next)?),
            inner_product(&acceleration, &covariance_times(&acceleration)?),
        );
        if left <= CLOSED * whole {
            break;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_hierarchy_has_the_trace_of_k_and_closes() {
        let n = 6;
        let k = Matrix::from_fn(n, n, |i, j| match i.abs_diff(j) {
            0 => 3.0 + i as f64,
            1 => -1.0,
            _ => 0.0,
        });
        let found = linear_hierarchy(&k, &[1.0, 0.2, 0.0, 0.0, -0.3, 0.0], 0.7).unwrap();
        assert_eq!((found.levels.len(), found.strengths.len()), (n, n - 1));
        let trace = (0..n).map(|i| 3.0 + i as f64).sum::<f64>();
        assert!((found.frequencies_squared.iter().sum::<f64>() - trace).abs() < 1e-11);
        // −K u_n = D_{n−1} u_{n−1} − W_n u_n + u_{n+1}
        for level in 0..n {
            let acceleration = k.apply_to(&found.levels[level]);
            for i in 0..n {
                let below = if level > 0 {
                    found.strengths[level - 1] * found.levels[level - 1][i]
                } else {
                    0.0
                };
                let above = found.levels.get(level + 1).map_or(0.0, |u| u[i]);
                let sum = below - found.frequencies_squared[level] * found.levels[level][i] + above;
                assert!((acceleration[i] + sum).abs() < 1e-9, "{level} {i}");
            }
        }
    }

    #[test]
    fn what_is_no_potential_well_is_refused() {
        let of = |entries: [f64; 4], a: [f64; 2]| {
            linear_hierarchy(&Matrix::from_columns(2, entries.to_vec()), &a, 1.0)
        };
        assert!(matches!(
            of([1.0, 0.5, 0.0, 1.0], [1.0, 0.0]),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            of([-1.0, 0.0, 0.0, 1.0], [1.0, 0.0]),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            of([1.0, 0.0, 0.0, 1.0], [0.0, 0.0]),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            of([1.0, 1.0, 1.0, 1.0], [1.0, 0.0]),
            Err(Error::Numerics(_))
        ));
        assert!(matches!(
            linear_hierarchy(&Matrix::zeros(2, 2), &[1.0], 1.0),
            Err(Error::Size { .. })
        ));
    }
}

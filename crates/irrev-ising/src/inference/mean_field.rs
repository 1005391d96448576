//! Couplings straight from correlations: the mean-field inversions.
//!
//! With C the covariance of s(t), D that of s_i(t+1) with s_j(t) and A = diag(1 − m²), small couplings give D = A J C, the naive inversion J = A⁻¹ D C⁻¹.
//! The equation of Thouless, Anderson and Palmer corrects it to J/(1 − F_i), where F_i is the smallest root of F (1 − F)² = (1 − m_i²) Σ_j J_ij² (1 − m_j²)
//! with the naive J. The left side is at most 4/27, at F = 1/3: a unit beyond has no root, is taken at F = 1/3, and is flagged.
//!
//! They are fast and, unlike [`maximum_likelihood`](super::maximum_likelihood), do not converge to the truth with more data; couplings and fields contain β.
//!
//! Source: Y. Roudi and J. Hertz, Phys. Rev. Lett. 106, 048702 (2011).

use irrev_numerics::linalg::Matrix;

use super::cholesky::Cholesky;
use super::error::DataError;
use super::transitions::Transitions;
use crate::error::Result;

/// Which expansion is inverted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeanFieldInversion {
    /// First order in the couplings.
    Naive,
    /// Second order: with Onsager's reaction term.
    ThoulessAndersonPalmer,
}

/// A network from mean-field inversion.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MeanFieldFit {
    /// βJ, J_ij from j to i in row i.
    pub couplings: Matrix,
    /// βH.
    pub fields: Vec<f64>,
    /// Units without a root F; their couplings are those at F = 1/3. Empty for the naive inversion.
    pub without_root: Vec<usize>,
}

/// Where F (1 − F)² has its maximum.
const TOP: f64 = 1.0 / 3.0;

/// Couplings and fields from means and correlations. O(T N² + N³).
///
/// # Errors
/// [`DataError::TooShort`], [`DataError::Constant`]; [`DataError::Dependent`] if C is singular.
pub fn mean_field_inversion(
    transitions: &Transitions<'_>,
    which: MeanFieldInversion,
) -> Result<MeanFieldFit> {
    let n = transitions.units();
    transitions.require("a mean-field inversion", n + 2)?;
    let found = transitions.correlations();
    found.require_changes()?;
    let m = transitions.means();
    let (before, after) = (&found.means_before, &found.means_after);
    let equal = Matrix::from_fn(n, n, |i, j| found.equal_time[(i, j)] - before[i] * before[j]);
    let delayed = Matrix::from_fn(n, n, |i, j| found.delayed[(i, j)] - after[i] * before[j]);
    let inverse = Cholesky::new(&equal)
        .map_err(|unit| DataError::Dependent { unit })?
        .inverse();
    let product = delayed.times(&inverse);
    let naive = Matrix::from_fn(n, n, |i, j| product[(i, j)] / (1.0 - m[i] * m[i]));
    let strength = |couplings: &Matrix, i: usize| -> f64 {
        (0..n)
            .map(|j| couplings[(i, j)] * couplings[(i, j)] * (1.0 - m[j] * m[j]))
            .sum()
    };
    let input = |couplings: &Matrix, i: usize| -> f64 { (0..n).map(|j| couplings[(i, j)] * m[j]).sum() };
    Ok(match which {
        MeanFieldInversion::Naive => MeanFieldFit {
            fields: (0..n).map(|i| m[i].atanh() - input(&naive, i)).collect(),
            couplings: naive,
            without_root: Vec::new(),
        },
        MeanFieldInversion::ThoulessAndersonPalmer => {
            let roots: Vec<Option<f64>> = (0..n)
                .map(|i| reaction((1.0 - m[i] * m[i]) * strength(&naive, i)))
                .collect();
            let couplings = Matrix::from_fn(n, n, |i, j| naive[(i, j)] / (1.0 - roots[i].unwrap_or(TOP)));
            let field = |i: usize| m[i].atanh() - input(&couplings, i) + m[i] * strength(&couplings, i);
            MeanFieldFit {
                fields: (0..n).map(field).collect(),
                couplings,
                without_root: (0..n).filter(|i| roots[*i].is_none()).collect(),
            }
        }
    })
}

/// The smallest root of F (1 − F)² = target in [0, 1/3], by bisection down to neighbouring doubles.
fn reaction(target: f64) -> Option<f64> {
    let rise = |f: f64| f * (1.0 - f) * (1.0 - f);
    if !(target <= rise(TOP)) {
        return None;
    }
    let (mut low, mut high) = (0.0, TOP);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return Some(high);
        }
        if rise(middle) < target {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reaction_term_is_the_smallest_root_or_none() {
        for f in [1e-12, 0.01, 0.2, 0.3] {
            let found = reaction(f * (1.0 - f) * (1.0 - f));
            assert!(found.is_some_and(|x| (x - f).abs() < 1e-14));
        }
        assert_eq!(reaction(0.15), None);
        assert_eq!(reaction(f64::NAN), None);
    }
}

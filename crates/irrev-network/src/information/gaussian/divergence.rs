//! Divergences of normal distributions, in forms that lose nothing where the two are close.

use irrev_numerics::linalg::{LinearSolver, Matrix, symmetric_eigen};
use irrev_numerics::special::relative_entropy_term;
use irrev_numerics::sum::compensated_sum;

use super::riccati::conjugated;
use crate::error::Result;

/// ln det A of a symmetric positive definite A.
///
/// # Errors
/// [`crate::Error::Domain`] if an eigenvalue is not positive.
pub(super) fn log_determinant(what: &'static str, a: &Matrix) -> Result<f64> {
    let values = symmetric_eigen(a)?.values;
    if let Some(&least) = values.first() {
        crate::require(what, least, least > 0.0, "a positive number")?;
    }
    Ok(compensated_sum(values.iter().map(|v| v.ln())))
}

/// A^{−½} of a symmetric positive definite A, up to a rotation: R with R A Rᵀ = 1.
///
/// # Errors
/// [`crate::Error::Domain`] if an eigenvalue is not positive.
pub(super) fn whitening(what: &'static str, a: &Matrix) -> Result<Matrix> {
    let axes = symmetric_eigen(a)?;
    if let Some(&least) = axes.values.first() {
        crate::require(what, least, least > 0.0, "a positive number")?;
    }
    Ok(Matrix::from_fn(a.rows(), a.rows(), |k, i| {
        axes.vectors[(i, k)] / axes.values[k].sqrt()
    }))
}

/// ⟨D(N(Bx, Q)‖N(B̃x, Q̃))⟩ over x of covariance S: ½ Σ (λ − 1 − ln λ) over the eigenvalues of Q̃⁻¹Q, and ½ tr Q̃⁻¹(B − B̃)S(B − B̃)ᵀ.
pub(super) fn conditional_divergence(
    q: &Matrix,
    other: &Matrix,
    difference: &Matrix,
    s: &Matrix,
) -> Result<f64> {
    let root = whitening("the least variance of a reversed step", other)?;
    let spread = symmetric_eigen(&conjugated(&root, q))?.values;
    let shift = conjugated(&root.times(difference), s);
    let trace = (0..shift.rows()).map(|i| 0.5 * shift[(i, i)]);
    let squeezed = spread.iter().map(|&v| 0.5 * relative_entropy_term(1.0, v));
    Ok(compensated_sum(trace.chain(squeezed)))
}

/// Σ_aa − Σ_ab Σ_bb⁻¹ Σ_ba.
pub(super) fn conditional_covariance(joint: &Matrix, wanted: &[usize], given: &[usize]) -> Result<Matrix> {
    let own = block(joint, wanted, wanted);
    if given.is_empty() {
        return Ok(own);
    }
    let across = block(joint, given, wanted);
    let explained = LinearSolver::new(block(joint, given, given))?.solve_matrix(&across)?;
    Ok(super::riccati::difference(&own, &across.transposed().times(&explained)).symmetrised())
}

/// The entries of a matrix in some rows and columns.
pub(super) fn block(matrix: &Matrix, rows: &[usize], columns: &[usize]) -> Matrix {
    Matrix::from_fn(rows.len(), columns.len(), |i, j| matrix[(rows[i], columns[j])])
}

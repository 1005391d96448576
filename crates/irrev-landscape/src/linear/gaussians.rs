//! What linear diffusions need of normal distributions.

use irrev_network::transport::gaussian::Gaussian;
use irrev_numerics::linalg::{LinearSolver, Matrix, symmetric_eigen};

use crate::error::{Error, Result};

/// The law of M x.
pub(super) fn mapped(state: &Gaussian, m: &Matrix) -> Result<Gaussian> {
    let covariance = m.times(state.covariance()).times(&m.transposed()).symmetrised();
    Ok(Gaussian::new(m.apply_to(state.mean()), covariance)?)
}

/// The law of some of the coordinates.
pub(super) fn marginal(state: &Gaussian, coordinates: &[usize]) -> Result<Gaussian> {
    let mean = coordinates.iter().map(|&i| state.mean()[i]).collect();
    Ok(Gaussian::new(
        mean,
        block(state.covariance(), coordinates, coordinates),
    )?)
}

/// The entries of a matrix in some rows and columns.
pub(super) fn block(matrix: &Matrix, rows: &[usize], columns: &[usize]) -> Matrix {
    Matrix::from_fn(rows.len(), columns.len(), |i, j| matrix[(rows[i], columns[j])])
}

/// Σ⁻¹.
pub(super) fn precision(state: &Gaussian) -> Result<Matrix> {
    let covariance = state.covariance();
    require_spread(covariance)?;
    let inverse =
        LinearSolver::new(covariance.clone())?.solve_matrix(&Matrix::identity(covariance.rows()))?;
    Ok(inverse.symmetrised())
}

/// ln det Σ.
pub(super) fn log_determinant(state: &Gaussian) -> Result<f64> {
    Ok(require_spread(state.covariance())?.iter().map(|v| v.ln()).sum())
}

/// The variances along the principal axes, all of which must be positive for forces and entropies to exist.
fn require_spread(covariance: &Matrix) -> Result<Vec<f64>> {
    let values = symmetric_eigen(covariance)?.values;
    let floor = covariance.rows() as f64 * f64::EPSILON * values.last().copied().unwrap_or(0.0);
    let least = values.first().copied().unwrap_or(1.0);
    Error::require(
        "the least variance of a distribution",
        least,
        least > floor,
        "a positive number: a distribution without spread in some direction flows out of it infinitely fast",
    )?;
    Ok(values)
}

/// tr A B.
pub(super) fn trace_of_product(a: &Matrix, b: &Matrix) -> f64 {
    (0..a.rows())
        .flat_map(|i| (0..a.columns()).map(move |j| a[(i, j)] * b[(j, i)]))
        .sum()
}

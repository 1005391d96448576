//! The gradient nearest to a linear field.

use irrev_numerics::linalg::{LinearSolver, Matrix, lyapunov};

use super::gaussians::trace_of_product;
use crate::error::{Error, Result};

/// A linear field M x = G K x + flux, where G is the metric and K is symmetric.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LinearSplit {
    /// G K: the field G ∇(x·K x/2). With M x = −A x, the mean-force potential is V_m = −x·K x/2.
    pub gradient: Matrix,
    /// K, symmetric.
    pub curvature: Matrix,
    /// C = M − G K, with ∇·(ρ C x) = 0: it moves no probability.
    pub flux: Matrix,
    /// ⟨|G K x|²⟩ in the metric, ⟨u·G⁻¹u⟩.
    pub mean_square_gradient: f64,
    /// ⟨|C x|²⟩ in the metric.
    pub mean_square_flux: f64,
}

/// M x as gradient + flux in N(0, Σ): the projection in ⟨u·G⁻¹w⟩, for which G K Σ + Σ K G = M Σ + Σ Mᵀ.
///
/// `metric` is G, the identity for the Euclidean metric. The split depends on it: coordinates of different units need one that says how they compare.
/// A flux is not yet irreversible; it is for G = D and the local mean velocity of a diffusion.
///
/// ```
/// use irrev_landscape::linear::split;
/// use irrev_numerics::linalg::Matrix;
/// // −(k + ω J) x in an isotropic distribution
/// let field = Matrix::from_columns(2, vec![-1.5, 0.8, -0.8, -1.5]);
/// let found = split(&field, &Matrix::identity(2).scaled(0.4), &Matrix::identity(2))?;
/// assert!((found.curvature[(0, 0)] + 1.5).abs() < 1e-14 && (found.flux[(0, 1)] + 0.8).abs() < 1e-14);
/// assert!((found.mean_square_flux - 0.512).abs() < 1e-14);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// Source: S. Kawai, Ensemble 16 (2014), equations 14 and 15; M. Nakazato and S. Ito, Phys. Rev. Res. 3, 043093 (2021).
///
/// # Errors
/// [`Error::Size`] for shapes that do not fit; failure of a solve, as for a singular G or Σ.
pub fn split(field: &Matrix, covariance: &Matrix, metric: &Matrix) -> Result<LinearSplit> {
    let n = field.rows();
    for (what, matrix) in [
        ("a linear field", field),
        ("the covariance of a field", covariance),
        ("the metric of a field", metric),
    ] {
        Error::require_size(what, matrix.rows(), n)?;
        Error::require_size(what, matrix.columns(), n)?;
    }
    let metric_solver = LinearSolver::new(metric.clone())?;
    // K (Σ G⁻¹) + (G⁻¹ Σ) K = G⁻¹ (M Σ + Σ Mᵀ) G⁻¹, and G⁻¹ Σ has positive eigenvalues
    let spread = metric_solver.solve_matrix(covariance)?;
    let moved = field.times(covariance);
    let change = Matrix::from_fn(n, n, |i, j| moved[(i, j)] + moved[(j, i)]);
    let right = metric_solver.solve_matrix(&metric_solver.solve_matrix(&change)?.transposed())?;
    let curvature = lyapunov(&spread, &right.symmetrised())?.x;
    let gradient = metric.times(&curvature);
    let flux = Matrix::from_fn(n, n, |i, j| field[(i, j)] - gradient[(i, j)]);
    let mean_square = |u: &Matrix| -> Result<f64> {
        let spread = u.times(covariance).times(&u.transposed());
        Ok(trace_of_product(
            &metric_solver.solve_matrix(&Matrix::identity(n))?,
            &spread,
        ))
    };
    Ok(LinearSplit {
        mean_square_gradient: mean_square(&gradient)?,
        mean_square_flux: mean_square(&flux)?,
        gradient,
        curvature,
        flux,
    })
}

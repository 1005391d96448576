//! Least-squares solutions of least norm, for matrices that may be rectangular or singular by nature.

use super::Matrix;
use crate::dense_kernels::DenseKernels;
use crate::error::{Error, Result};

/// Solution of least norm among those that minimise ‖A x − b‖, by the singular value decomposition.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastNorm {
    /// x.
    pub x: Vec<f64>,
    /// Number of singular values kept.
    pub rank: usize,
    /// Smallest singular value kept over the largest; 1 for rank 0.
    pub conditioning: f64,
}

/// Solves min ‖A x − b‖, and min ‖x‖ among the solutions; singular values below `cutoff` of the largest count as zero. O(m n²).
///
/// ```
/// use irrev_numerics::linalg::{Matrix, least_norm};
/// let a = Matrix::from_fn(2, 2, |_, _| 1.0);                        // singular: x₀ + x₁ = 2
/// let found = least_norm(&a, &[2.0, 2.0], 1e-12)?;
/// assert!((found.x[0] - 1.0).abs() < 1e-14 && found.rank == 1);
/// # Ok::<(), irrev_numerics::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`]; [`Error::NotFinite`]; [`Error::Singular`] if the decomposition fails.
pub fn least_norm(a: &Matrix, b: &[f64], cutoff: f64) -> Result<LeastNorm> {
    if b.len() != a.rows() {
        return Err(Error::Length {
            what: "right-hand side",
            found: b.len(),
            expected: a.rows(),
        });
    }
    if let Some(index) = a.data().iter().position(|v| !v.is_finite()) {
        return Err(Error::NotFinite {
            what: "matrix",
            index,
            value: a.data()[index],
        });
    }
    let _kernels = DenseKernels::on_this_thread();
    let decomposed = a.as_faer().thin_svd().map_err(|_| Error::Singular {
        what: "singular value decomposition",
        residual: f64::INFINITY,
    })?;
    let (u, s, v) = (decomposed.U(), decomposed.S().column_vector(), decomposed.V());
    let largest = if s.nrows() > 0 { s[0] } else { 0.0 };
    let mut found = LeastNorm {
        x: vec![0.0; a.columns()],
        rank: 0,
        conditioning: 1.0,
    };
    for k in 0..s.nrows() {
        if !(s[k] > cutoff * largest) {
            break;
        }
        let along = (0..a.rows()).map(|i| u[(i, k)] * b[i]).sum::<f64>() / s[k];
        for (j, x) in found.x.iter_mut().enumerate() {
            *x += along * v[(j, k)];
        }
        found.rank += 1;
        found.conditioning = s[k] / largest;
    }
    Ok(found)
}

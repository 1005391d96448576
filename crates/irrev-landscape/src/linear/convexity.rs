//! Relative entropy to the stationary state, and the inequalities that a convex potential gives.
//!
//! For a gradient drift with an isotropic D, A = Aᵀ, the potential V = D⁻¹ x·A x/2 (in units of T) is λ-convex with λ the least eigenvalue of A. Then
//!
//! ```text
//! D(p‖π) ≤ √(W₂² Σ̇/D) − λ W₂²/(2D)        (HWI)
//! D(p‖π) ≤ Σ̇/(2λ),   W₂² ≤ 2 D D(p‖π)/λ     (logarithmic Sobolev, Talagrand; λ > 0)
//! ```
//!
//! and D(p_t‖π) decays at least as e^{−2λt}. None of this is claimed where the drift is not a gradient.
//!
//! Source: F. Otto and C. Villani, J. Funct. Anal. 173, 361 (2000); D. Bakry and M. Émery, Sém. Probab. XIX, 177 (1985).

use irrev_network::transport::gaussian::{Gaussian, wasserstein2};
use irrev_numerics::linalg::{Matrix, symmetric_eigen};
use irrev_numerics::sum::{compensated_sum, inner_product};

use super::LinearDiffusion;
use super::gaussians::precision;
use crate::error::{Error, Result};

/// D(p‖q) between normal distributions, in nats.
///
/// From the eigenvalues of q's precision in the covariance of p, each as ν − 1 − ln ν, so that close distributions keep their digits.
///
/// ```
/// use irrev_landscape::linear::convexity::relative_entropy;
/// use irrev_network::transport::gaussian::Gaussian;
/// use irrev_numerics::linalg::Matrix;
/// let line = |mean: f64, variance: f64| Gaussian::new(vec![mean], Matrix::from_columns(1, vec![variance]));
/// assert!((relative_entropy(&line(1.0, 1.0)?, &line(0.0, 1.0)?)? - 0.5).abs() < 1e-15);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`] if the dimensions differ, [`Error::Domain`] for a singular covariance.
pub fn relative_entropy(p: &Gaussian, q: &Gaussian) -> Result<f64> {
    let n = q.mean().len();
    Error::require_size("a normal distribution", p.mean().len(), n)?;
    precision(p)?;
    let precision = precision(q)?;
    let spectrum = symmetric_eigen(&precision)?;
    let root = Matrix::from_fn(n, n, |i, k| spectrum.vectors[(k, i)] * spectrum.values[i].sqrt());
    // R Σ_p Rᵀ − 1 = R (Σ_p − Σ_q) Rᵀ
    let difference = Matrix::from_fn(n, n, |i, j| p.covariance()[(i, j)] - q.covariance()[(i, j)]);
    let beyond = symmetric_eigen(&root.times(&difference).times(&root.transposed()).symmetrised())?.values;
    let shift: Vec<f64> = p.mean().iter().zip(q.mean()).map(|(a, b)| a - b).collect();
    let shifted = root.apply_to(&shift);
    let spread = compensated_sum(beyond.iter().map(|&excess| excess - excess.ln_1p()));
    Ok(0.5 * (spread + inner_product(&shifted, &shifted)))
}

/// How relative entropy, distance and dissipation bound each other in a λ-convex potential.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ConvexityBounds {
    /// λ, the least eigenvalue of A, in 1/time.
    pub convexity: f64,
    /// D(p‖π), in nats.
    pub relative_entropy: f64,
    /// W₂² between p and π, in the units of x².
    pub squared_distance: f64,
    /// √(W₂² Σ̇/D) − λ W₂²/(2D), in nats: at least the relative entropy.
    pub hwi: f64,
    /// Σ̇/(2λ), in nats: at least the relative entropy.
    pub log_sobolev: f64,
    /// 2 D D(p‖π)/λ, in the units of x²: at least W₂².
    pub talagrand: f64,
}

/// The inequalities of a convex potential in a normal state.
///
/// ```
/// use irrev_landscape::linear::{LinearDiffusion, convexity::convexity_bounds};
/// use irrev_network::transport::gaussian::Gaussian;
/// use irrev_numerics::linalg::Matrix;
/// let trap = LinearDiffusion::new(Matrix::from_columns(2, vec![1.5, 0.3, 0.3, 0.8]), Matrix::identity(2).scaled(0.5))?;
/// let found = convexity_bounds(&trap, &Gaussian::new(vec![1.0, -0.5], Matrix::identity(2))?)?;
/// assert!(found.relative_entropy <= found.hwi && found.hwi <= found.log_sobolev);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] if D is not isotropic, A not symmetric (each beyond rounding), or λ not positive: the inequalities are then not proved; [`Error::Size`].
pub fn convexity_bounds(diffusion: &LinearDiffusion, state: &Gaussian) -> Result<ConvexityBounds> {
    let (a, d) = (&diffusion.drift, &diffusion.diffusion);
    let strength = if diffusion.dimension() > 0 { d[(0, 0)] } else { 1.0 };
    let rounding = 64.0 * f64::EPSILON;
    for (i, j) in (0..diffusion.dimension()).flat_map(|i| (0..=i).map(move |j| (i, j))) {
        let anisotropy = (d[(i, j)] - if i == j { strength } else { 0.0 }).abs();
        Error::require(
            "the anisotropy of D",
            anisotropy,
            anisotropy <= rounding * strength,
            "zero for the inequalities of a convex potential",
        )?;
        let rotation = (a[(i, j)] - a[(j, i)]).abs();
        Error::require(
            "the rotation in A",
            rotation,
            rotation <= rounding * a.norm_one(),
            "zero for the inequalities of a convex potential",
        )?;
    }
    let convexity = symmetric_eigen(&a.symmetrised())?
        .values
        .first()
        .copied()
        .unwrap_or(0.0);
    Error::require(
        "the convexity λ of the potential",
        convexity,
        convexity > 0.0,
        "a positive number",
    )?;
    let stationary = diffusion.stationary()?;
    let relative_entropy = relative_entropy(state, &stationary)?;
    let squared_distance = wasserstein2(state, &stationary)?.distance().powi(2);
    let rate = diffusion.entropy_production(state)?.rate;
    Ok(ConvexityBounds {
        convexity,
        relative_entropy,
        squared_distance,
        hwi: (squared_distance * rate / strength).sqrt() - 0.5 * convexity * squared_distance / strength,
        log_sobolev: 0.5 * rate / convexity,
        talagrand: 2.0 * strength * relative_entropy / convexity,
    })
}

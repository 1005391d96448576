//! Dual coordinates of an ideal-dilute network: extents of reaction and affinities.
//!
//! From equilibrium amounts x° the extents ξ lead to x = x° + S ξ. The generalised Kullback–Leibler divergence
//! D(x‖x°) = Σ x ln(x/x°) − x + x° is the Gibbs energy above equilibrium in units of RT; its gradient along the extents is
//! θ = Sᵀ ln(x/x°) = −affinity, its Hessian the metric Sᵀ diag(1/x) S, and θ·ξ − D the Legendre dual.
//!
//! Sources: Yoshimura and Ito, Phys. Rev. Research 3, 013175 (2021); Ohga and Ito, arXiv:2112.13813 (2021).

use irrev_numerics::linalg::Matrix;
use irrev_numerics::special::relative_entropy_term;
use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};

/// A state in both coordinates.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DualCoordinates {
    /// x = x° + S ξ.
    pub amounts: Vec<f64>,
    /// ln(x/x°) = (μ − μ°)/RT per species.
    pub chemical_potential_shift: Vec<f64>,
    /// θ = Sᵀ ln(x/x°) per reaction.
    pub dual: Vec<f64>,
    /// −θ: the force that drives each reaction forward, in nats.
    pub affinity: Vec<f64>,
    /// D(x‖x°) ≥ 0, in amount.
    pub gibbs_difference: f64,
    /// Sᵀ diag(1/x) S: the Hessian of D in the extents.
    pub metric: Matrix,
    /// θ·ξ − D.
    pub legendre_dual_potential: f64,
}

/// Coordinates of the state at extents ξ, for the matrix S (species × reactions) and equilibrium amounts x°.
///
/// ```
/// use irrev_network::reactions::dual_coordinates::dual_coordinates;
/// use irrev_numerics::linalg::Matrix;
/// let s = Matrix::from_fn(2, 1, |i, _| if i == 0 { -1.0 } else { 1.0 });
/// let at = dual_coordinates(&s, &[1.0, 1.0], &[0.5])?;
/// assert!((at.affinity[0] + 3.0_f64.ln()).abs() < 1e-15);           // B is in excess: the reaction is driven back
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`]; [`Error::Domain`] if an amount is not positive.
pub fn dual_coordinates(
    stoichiometry: &Matrix,
    equilibrium: &[f64],
    extents: &[f64],
) -> Result<DualCoordinates> {
    let (species, reactions) = (stoichiometry.rows(), stoichiometry.columns());
    for (what, found, expected) in [
        ("equilibrium amounts", equilibrium.len(), species),
        ("extents", extents.len(), reactions),
    ] {
        if found != expected {
            return Err(Error::Length {
                what,
                found,
                expected,
            });
        }
    }
    let moved = stoichiometry.apply_to(extents);
    let amounts: Vec<f64> = equilibrium.iter().zip(&moved).map(|(x, d)| x + d).collect();
    for (what, values) in [("the equilibrium amount", equilibrium), ("the amount", &amounts)] {
        for (i, &value) in values.iter().enumerate() {
            let fits = value > 0.0 && value.is_finite();
            crate::require(
                &format!("{what} of species {i}"),
                value,
                fits,
                "a positive number",
            )?;
        }
    }
    // ln(1 + d/x°) keeps the digits near equilibrium
    let shift: Vec<f64> = equilibrium
        .iter()
        .zip(&moved)
        .map(|(x, d)| (d / x).ln_1p())
        .collect();
    let dual: Vec<f64> = (0..reactions)
        .map(|r| super::bounds::dot(stoichiometry.column(r), &shift))
        .collect();
    let gibbs_difference = divergence(&amounts, equilibrium);
    let metric = Matrix::from_fn(reactions, reactions, |a, b| {
        compensated_sum((0..species).map(|i| stoichiometry[(i, a)] * stoichiometry[(i, b)] / amounts[i]))
    });
    let legendre_dual_potential = super::bounds::dot(&dual, extents) - gibbs_difference;
    Ok(DualCoordinates {
        amounts,
        chemical_potential_shift: shift,
        affinity: dual.iter().map(|t| -t).collect(),
        dual,
        gibbs_difference,
        metric,
        legendre_dual_potential,
    })
}

/// Generalised Kullback–Leibler divergence Σ x ln(x/y) − x + y ≥ 0 of positive measures.
#[must_use]
pub fn divergence(x: &[f64], y: &[f64]) -> f64 {
    compensated_sum(x.iter().zip(y).map(|(&x, &y)| relative_entropy_term(x, y)))
}

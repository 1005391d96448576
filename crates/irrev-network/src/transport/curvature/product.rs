//! Curvature of independent parts together.

use super::interval::CurvatureInterval;
use crate::error::{Error, Result};

/// κ of a system of parts that jump independently of each other.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ProductCurvature {
    /// Upper estimate of κ, in 1/time: the smallest of the parts'. Attained where that part is in its witness and the others are stationary.
    pub value: f64,
    /// The part that has it.
    pub part: usize,
    /// Proven lower bound, in 1/time: the smallest of the parts', if each has one.
    pub lower_bound: Option<f64>,
    /// Spectral gap of the whole, the smallest of the parts', in 1/time.
    pub spectral_gap: f64,
}

/// Tensorisation: κ of independent parts is the smallest κ of a part, however many there are.
///
/// Source: Erbar and Maas, Arch. Ration. Mech. Anal. 206, 997 (2012).
///
/// ```
/// use irrev_network::{MarkovJump, transport::curvature::{entropic_curvature, product_curvature}};
/// let spin = |up: f64, down: f64| MarkovJump::from_rates(2, &[(0, 1, up, down)]);
/// let parts = [spin(1.0, 1.0)?, spin(2.0, 0.5)?, spin(3.0, 3.0)?];
/// let curvatures = parts.map(|part| entropic_curvature(&part, &Default::default(), &Default::default()));
/// let [a, b, c] = curvatures;
/// let whole = product_curvature(&[a?, b?, c?])?;
/// assert!((whole.value - 2.0).abs() < 1e-12 && whole.part == 0);
/// assert!((whole.lower_bound.unwrap() - 2.0).abs() < 1e-12);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::NoStates`] for no parts.
pub fn product_curvature<'a, P>(parts: &'a [P]) -> Result<ProductCurvature>
where
    &'a P: Into<CurvatureInterval>,
{
    let parts: Vec<CurvatureInterval> = parts.iter().map(Into::into).collect();
    let lowest = (0..parts.len()).reduce(|best, i| {
        if parts[i].value < parts[best].value {
            i
        } else {
            best
        }
    });
    let part = lowest.ok_or(Error::NoStates)?;
    let smallest = |values: Option<Vec<f64>>| values.map(|v| v.into_iter().fold(f64::INFINITY, f64::min));
    Ok(ProductCurvature {
        value: parts[part].value,
        part,
        lower_bound: smallest(parts.iter().map(|p| p.lower_bound).collect()),
        spectral_gap: parts.iter().map(|p| p.spectral_gap).fold(f64::INFINITY, f64::min),
    })
}

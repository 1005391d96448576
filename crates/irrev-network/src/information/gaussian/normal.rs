//! Fisher information and distances of normal distributions.

use irrev_numerics::linalg::{Matrix, symmetric_eigen};
use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};
use crate::transport::gaussian::Gaussian;

/// I = ṁ²/V + V̇²/(2V²) of a normal distribution in one dimension, in 1/time².
///
/// ```
/// use irrev_network::information::gaussian::normal_fisher_information;
/// assert_eq!(normal_fisher_information(0.25, 2.0, 0.5)?, 18.0);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] unless V > 0 and all is finite.
pub fn normal_fisher_information(variance: f64, mean_rate: f64, variance_rate: f64) -> Result<f64> {
    require_variance(variance)?;
    for (what, value) in [("ṁ", mean_rate), ("V̇", variance_rate)] {
        crate::require(what, value, value.is_finite(), "a finite number")?;
    }
    let spreading = variance_rate / variance;
    Ok(mean_rate * (mean_rate / variance) + 0.5 * spreading * spreading)
}

/// Fisher–Rao distance √2 arccosh(1 + [Δm²/2 + Δs²]/(2 s₀ s₁)) between two normal distributions in one dimension, s = √V.
///
/// The length of the shortest path; written with asinh, it keeps its digits where the two are close.
///
/// ```
/// use irrev_network::information::gaussian::normal_distance;
/// let spread = normal_distance((0.0, 1.0), (0.0, 4.0))?;
/// assert!((spread - 2.0_f64.sqrt() * 2.0_f64.ln()).abs() < 1e-15);           // √2 |ln s₁/s₀|
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// Source: Atkinson and Mitchell, Sankhyā A 43, 345 (1981).
///
/// # Errors
/// [`Error::Domain`] unless both variances are positive and all is finite.
pub fn normal_distance((m0, v0): (f64, f64), (m1, v1): (f64, f64)) -> Result<f64> {
    require_variance(v0)?;
    require_variance(v1)?;
    crate::require(
        "a difference of means",
        m1 - m0,
        (m1 - m0).is_finite(),
        "a finite number",
    )?;
    let (s0, s1) = (v0.sqrt(), v1.sqrt());
    let spread = (v1 - v0) / (s0 + s1);
    let apart = (0.5_f64.sqrt() * (m1 - m0)).hypot(spread);
    // arccosh(1 + 2y²) = 2 arsinh y
    Ok(2.0 * std::f64::consts::SQRT_2 * (0.5 * apart / (s0.sqrt() * s1.sqrt())).asinh())
}

/// I = ṁᵀΣ⁻¹ṁ + ½ tr(Σ⁻¹Σ̇)² of a normal distribution, in 1/time².
///
/// ```
/// use irrev_network::information::gaussian::gaussian_fisher_information;
/// use irrev_network::transport::gaussian::Gaussian;
/// use irrev_numerics::linalg::Matrix;
/// let state = Gaussian::new(vec![0.0, 0.0], Matrix::identity(2).scaled(0.25))?;
/// let found = gaussian_fisher_information(&state, &[2.0, 0.0], &Matrix::identity(2).scaled(0.5))?;
/// assert!((found - 20.0).abs() < 1e-13);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`]; [`Error::Domain`] for a singular covariance, from which a normal distribution spreads infinitely fast, or rates that are not finite;
/// failure of the eigenvalues.
pub fn gaussian_fisher_information(
    state: &Gaussian,
    mean_rate: &[f64],
    covariance_rate: &Matrix,
) -> Result<f64> {
    let n = state.mean().len();
    for (what, found) in [
        ("mean rate", mean_rate.len()),
        ("covariance rate rows", covariance_rate.rows()),
        ("covariance rate columns", covariance_rate.columns()),
    ] {
        if found != n {
            return Err(Error::Length {
                what,
                found,
                expected: n,
            });
        }
    }
    for &value in mean_rate.iter().chain(covariance_rate.data()) {
        crate::require("a rate of change", value, value.is_finite(), "a finite number")?;
    }
    let axes = symmetric_eigen(state.covariance())?;
    let floor = n as f64 * f64::EPSILON * axes.values.last().copied().unwrap_or(0.0);
    if let Some(&least) = axes.values.first() {
        crate::require(
            "the least variance",
            least,
            least > floor,
            "a positive number beside the largest",
        )?;
    }
    // in coordinates of unit variance along the principal axes
    let whitening = Matrix::from_fn(n, n, |i, k| axes.vectors[(i, k)] / axes.values[k].sqrt());
    let moving = whitening.transposed().apply_to(mean_rate);
    let spreading = whitening
        .transposed()
        .times(&covariance_rate.symmetrised())
        .times(&whitening);
    let squares = moving.iter().map(|v| v * v);
    Ok(compensated_sum(
        squares.chain(spreading.data().iter().map(|s| 0.5 * s * s)),
    ))
}

pub(super) fn require_variance(variance: f64) -> Result<()> {
    crate::require(
        "the variance",
        variance,
        variance > 0.0 && variance.is_finite(),
        "a finite number above 0",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_step_is_as_long_as_the_fisher_information_says() {
        let (m, v, dm, dv) = (0.3, 0.7, 0.4, -0.2);
        let h = 1e-7;
        let step = normal_distance((m - h * dm, v - h * dv), (m + h * dm, v + h * dv)).unwrap() / (2.0 * h);
        let speed = normal_fisher_information(v, dm, dv).unwrap().sqrt();
        assert!((step / speed - 1.0).abs() < 1e-8);
    }

    #[test]
    fn the_information_does_not_depend_on_coordinates() {
        let covariance = Matrix::from_columns(2, vec![2.0, 0.6, 0.6, 0.5]);
        let rate = Matrix::from_columns(2, vec![-0.3, 0.2, 0.2, 0.1]);
        let mean_rate = [0.7, -1.1];
        let mix = Matrix::from_columns(2, vec![3.0, -1.0, 0.5, 0.25]);
        let turned = |a: &Matrix| mix.times(a).times(&mix.transposed()).symmetrised();
        let first = Gaussian::new(vec![0.0; 2], covariance.clone()).unwrap();
        let second = Gaussian::new(vec![0.0; 2], turned(&covariance)).unwrap();
        let here = gaussian_fisher_information(&first, &mean_rate, &rate).unwrap();
        let there = gaussian_fisher_information(&second, &mix.apply_to(&mean_rate), &turned(&rate)).unwrap();
        assert!((here / there - 1.0).abs() < 1e-12);
        let singular = Gaussian::new(vec![0.0; 2], Matrix::from_fn(2, 2, |_, _| 1.0)).unwrap();
        assert!(gaussian_fisher_information(&singular, &mean_rate, &rate).is_err());
        assert!(normal_fisher_information(0.0, 1.0, 1.0).is_err());
    }
}

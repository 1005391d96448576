//! Coordinates of a distribution that are each other's gradients.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::special::{log_ratio, log_sum_exp, x_ln_x};
use irrev_numerics::sum::{compensated_sum, inner_product};

use crate::error::{Error, Result};
use crate::state::Distribution;

/// A distribution in both coordinates, with their potentials and metrics.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SimplexCoordinates {
    /// η_i = p_i, i = 1 … n − 1.
    pub eta: Vec<f64>,
    /// θ_i = ln(p_i/p_0); −∞ where p_i = 0.
    pub theta: Vec<f64>,
    /// ψ = −ln p_0.
    pub psi: f64,
    /// φ = Σ p ln p, minus the entropy.
    pub phi: f64,
    /// ∂²φ/∂η² = diag(1/η) + 1/p_0; +∞ on the diagonal where p_i = 0.
    pub metric_eta: Matrix,
    /// ∂²ψ/∂θ² = diag(η) − η ηᵀ, its inverse.
    pub metric_theta: Matrix,
}

/// Both coordinates of a distribution on n ≥ 1 states; state 0 is the one that the others are compared with.
///
/// ```
/// use irrev_network::{Distribution, information::dual::simplex_coordinates};
/// let at = simplex_coordinates(&Distribution::new(vec![0.5, 0.25, 0.25])?)?;
/// assert_eq!((at.theta[0], at.psi), (-2.0_f64.ln(), 2.0_f64.ln()));
/// let legendre = at.psi + at.phi - (at.theta[0] * at.eta[0] + at.theta[1] * at.eta[1]);
/// assert!(legendre.abs() < 1e-15);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotPositive`] if p_0 = 0: number the states such that the first is occupied.
pub fn simplex_coordinates(distribution: &Distribution) -> Result<SimplexCoordinates> {
    let p = distribution.probabilities();
    let (base, eta) = (p[0], p[1..].to_vec());
    require_base(base)?;
    let n = eta.len();
    let on_diagonal = |i: usize, j: usize, value: f64| if i == j { value } else { 0.0 };
    Ok(SimplexCoordinates {
        theta: eta.iter().map(|&p| log_ratio(p, base)).collect(),
        psi: -base.ln(),
        phi: compensated_sum(p.iter().map(|&p| x_ln_x(p))),
        metric_eta: Matrix::from_fn(n, n, |i, j| on_diagonal(i, j, eta[i].recip()) + base.recip()),
        metric_theta: Matrix::from_fn(n, n, |i, j| on_diagonal(i, j, eta[i]) - eta[i] * eta[j]),
        eta,
    })
}

/// The distribution with p_i ∝ e^{θ_i}, θ_0 = 0.
///
/// # Errors
/// [`Error::Domain`] for a coordinate that is +∞ or not a number.
pub fn distribution_from_theta(theta: &[f64]) -> Result<Distribution> {
    for (i, &value) in theta.iter().enumerate() {
        crate::require(
            &format!("θ of state {}", i + 1),
            value,
            value < f64::INFINITY,
            "a number below +∞",
        )?;
    }
    let exponents: Vec<f64> = std::iter::once(0.0).chain(theta.iter().copied()).collect();
    let psi = log_sum_exp(&exponents);
    Ok(Distribution::from_weights(
        exponents.iter().map(|t| (t - psi).exp()).collect(),
    ))
}

/// The distribution with these probabilities of the states 1 … n − 1, and the rest in state 0.
///
/// # Errors
/// [`Error::Distribution`] if a probability is negative, the rest included.
pub fn distribution_from_eta(eta: &[f64]) -> Result<Distribution> {
    let base = compensated_sum(std::iter::once(1.0).chain(eta.iter().map(|p| -p)));
    Distribution::new(std::iter::once(base).chain(eta.iter().copied()).collect())
}

/// Coordinates counted from equilibrium.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EquilibriumGauge {
    /// θ of p_eq.
    pub theta_equilibrium: Vec<f64>,
    /// ψ of p_eq.
    pub psi_equilibrium: f64,
    /// θ − θ_eq.
    pub theta: Vec<f64>,
    /// ψ − ψ_eq.
    pub psi: f64,
    /// Their Legendre transform (θ − θ_eq)·η − (ψ − ψ_eq) = D(p‖p_eq), in nats.
    pub phi: f64,
    /// D(p‖p_eq), summed by terms that are not negative.
    pub divergence: f64,
    /// β(F − F_eq) with F = Σ p E − S/β: the same, from energy and entropy.
    pub free_energy_excess: f64,
    /// p_eq ∝ e^{−βE}.
    pub equilibrium: Distribution,
}

/// The equilibrium gauge for energies E at inverse temperature β > 0.
///
/// ```
/// use irrev_network::{Distribution, information::dual::equilibrium_gauge};
/// let at = equilibrium_gauge(&Distribution::new(vec![0.3, 0.25, 0.25, 0.2])?, &[0.0, 0.7, 1.1, 2.0], 1.3)?;
/// assert!((at.phi - 0.2688315885470186).abs() < 1e-14 && (at.phi - at.free_energy_excess).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`]; [`Error::Domain`] for energies or a β that are not finite, or β ≤ 0; [`Error::NotPositive`] if p_0 = 0.
pub fn equilibrium_gauge(
    distribution: &Distribution,
    energies: &[f64],
    inverse_temperature: f64,
) -> Result<EquilibriumGauge> {
    let at = simplex_coordinates(distribution)?;
    let equilibrium = boltzmann(energies, inverse_temperature, distribution.len())?;
    let p = distribution.probabilities();
    let theta_equilibrium: Vec<f64> = energies[1..]
        .iter()
        .map(|e| -inverse_temperature * (e - energies[0]))
        .collect();
    let exponents: Vec<f64> = std::iter::once(0.0)
        .chain(theta_equilibrium.iter().copied())
        .collect();
    let psi_equilibrium = log_sum_exp(&exponents);
    let theta: Vec<f64> = at
        .theta
        .iter()
        .zip(&theta_equilibrium)
        .map(|(t, e)| t - e)
        .collect();
    let psi = at.psi - psi_equilibrium;
    // 0 · (−∞) of an empty state is nothing
    let products = theta.iter().zip(&at.eta);
    let phi = compensated_sum(products.map(|(t, e)| if *e == 0.0 { 0.0 } else { t * e })) - psi;
    let energy = compensated_sum(p.iter().zip(energies).map(|(p, e)| p * (e - energies[0])));
    Ok(EquilibriumGauge {
        // βF = β⟨E⟩ + φ, and βF_eq = −ψ_eq, both with E_0 = 0
        free_energy_excess: inverse_temperature * energy + at.phi + psi_equilibrium,
        divergence: distribution.relative_entropy(&equilibrium)?,
        theta_equilibrium,
        psi_equilibrium,
        theta,
        psi,
        phi,
        equilibrium,
    })
}

/// e^{−βE}/Z.
pub(super) fn boltzmann(energies: &[f64], inverse_temperature: f64, states: usize) -> Result<Distribution> {
    if energies.len() != states {
        return Err(Error::Length {
            what: "energies",
            found: energies.len(),
            expected: states,
        });
    }
    let fits = inverse_temperature > 0.0 && inverse_temperature.is_finite();
    crate::require(
        "the inverse temperature",
        inverse_temperature,
        fits,
        "a finite number above 0",
    )?;
    for (i, &energy) in energies.iter().enumerate() {
        crate::require(
            &format!("the energy of state {i}"),
            energy,
            energy.is_finite(),
            "a finite number",
        )?;
    }
    let exponents: Vec<f64> = energies.iter().map(|e| -inverse_temperature * e).collect();
    let psi = log_sum_exp(&exponents);
    Ok(Distribution::from_weights(
        exponents.iter().map(|t| (t - psi).exp()).collect(),
    ))
}

/// φ(p) − φ(q) − θ(q)·(η(p) − η(q)): the Bregman divergence of φ, which is D(p‖q).
///
/// As a difference of potentials it loses digits where p and q are close; [`Distribution::relative_entropy`] does not.
///
/// # Errors
/// [`Error::Length`]; [`Error::NotPositive`] for an empty state of q.
pub fn bregman_divergence(p: &Distribution, q: &Distribution) -> Result<f64> {
    if p.len() != q.len() {
        return Err(Error::Length {
            what: "distribution",
            found: q.len(),
            expected: p.len(),
        });
    }
    if let Some(i) = q.probabilities().iter().position(|q| *q == 0.0) {
        return Err(Error::NotPositive {
            quantity: "the Bregman divergence",
            state: i.to_string(),
            value: 0.0,
        });
    }
    let to = simplex_coordinates(q)?;
    let moved: Vec<f64> = p.probabilities()[1..]
        .iter()
        .zip(&to.eta)
        .map(|(p, q)| p - q)
        .collect();
    Ok(-p.entropy() - to.phi - inner_product(&to.theta, &moved))
}

fn require_base(base: f64) -> Result<()> {
    if base > 0.0 {
        return Ok(());
    }
    Err(Error::NotPositive {
        quantity: "the coordinates θ = ln(p/p₀)",
        state: "0".into(),
        value: base,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_states_have_infinite_coordinates_and_an_empty_base_is_refused() {
        let p = Distribution::new(vec![0.5, 0.0, 0.5]).unwrap();
        let at = simplex_coordinates(&p).unwrap();
        assert_eq!(at.theta, [f64::NEG_INFINITY, 0.0]);
        assert_eq!(at.metric_eta[(0, 0)], f64::INFINITY);
        assert_eq!(distribution_from_theta(&at.theta).unwrap(), p);
        let gauge = equilibrium_gauge(&p, &[0.0, 1.0, 0.0], 1.0).unwrap();
        assert!((gauge.phi - gauge.divergence).abs() < 1e-14);
        let empty = Distribution::new(vec![0.0, 1.0]).unwrap();
        assert!(simplex_coordinates(&empty).is_err());
        assert!(distribution_from_eta(&[0.6, 0.6]).is_err());
    }

    #[test]
    fn the_metrics_are_inverse() {
        let p = Distribution::new(vec![0.1, 0.2, 0.3, 0.4]).unwrap();
        let at = simplex_coordinates(&p).unwrap();
        let one = at.metric_eta.times(&at.metric_theta);
        for (i, j) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
            assert!((one[(i, j)] - if i == j { 1.0 } else { 0.0 }).abs() < 1e-14);
        }
    }
}

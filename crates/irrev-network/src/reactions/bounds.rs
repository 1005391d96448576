//! Bounds on the speed of a species set by the dissipation.
//!
//! With the scaled diffusion D_i = Σ_r S_ir² (j⁺ + j⁻) of species i,
//!
//! | bound | reads |
//! |---|---|
//! | thermodynamic uncertainty relation | Σ̇ D_i / ẋ_i² ≥ 2, and the same with the excess Σ̇_ex for Σ̇ |
//! | speed limit | τ ≥ 2 (x_i(τ) − x_i(0))² / (Σ D̄_i), D̄_i the time mean of D_i |
//!
//! Conventions: the 2 fixes the normalisation of D; some papers use half of it. Where ẋ_i = 0 the product is undefined, not infinite.
//!
//! Source: Yoshimura and Ito, Phys. Rev. Lett. 127, 160601 (2021).

use irrev_numerics::sum::{CompensatedSum, compensated_sum};

use crate::flow::Flow;

/// Scaled diffusion D_i = Σ_r S_ir² (j⁺ + j⁻) of every dynamic species, in amount² per time.
#[must_use]
pub fn scaled_diffusion(flow: &Flow) -> Vec<f64> {
    let mut sums = vec![CompensatedSum::default(); flow.network().states().len()];
    for (e, (a, b)) in flow.fluxes().enumerate() {
        for &(state, c) in &*flow.network().change(e) {
            sums[state].add(c * c * (a + b));
        }
    }
    sums.iter().map(CompensatedSum::value).collect()
}

/// Σ̇ D_i/ẋ_i² ≥ 2 per dynamic species; `None` where ẋ_i = 0.
///
/// `dissipation` is the entropy production rate or its geometric excess. Computed species by species from
/// ẋ_i = Σ S_ir J_r with compensation.
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, bounds::uncertainty_products};
/// let system = ReactionSystem::builder().species("A").species("B")
///     .mass_action("r", &[("A", 1.0)], &[("B", 1.0)], 1.0, 0.5)
///     .build()?;
/// let flow = system.flow(0.0, &[1.0, 1.0])?;
/// let products = uncertainty_products(&flow, flow.entropy_production_rate());
/// assert!(products[0].unwrap() >= 2.0);
/// # Ok::<(), irrev_network::Error>(())
/// ```
#[must_use]
pub fn uncertainty_products(flow: &Flow, dissipation: f64) -> Vec<Option<f64>> {
    let rates = flow.rate_of_change();
    let diffusion = scaled_diffusion(flow);
    let product = |(rate, d): (&f64, f64)| (*rate != 0.0).then(|| dissipation * d / (rate * rate));
    rates.iter().zip(diffusion).map(product).collect()
}

/// Lower bound 2 Δx²/(Σ D̄) on the duration of a change, with D̄ = (∫ D dt)/τ.
///
/// 0 where nothing changed.
#[must_use]
pub fn speed_limit(change: f64, entropy_production: f64, diffusion_integral: f64, duration: f64) -> f64 {
    if change == 0.0 {
        return 0.0;
    }
    2.0 * change * change / (entropy_production * diffusion_integral / duration)
}

/// Dot product with compensation, shared by what sums over species.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    compensated_sum(a.iter().zip(b).map(|(a, b)| a * b))
}

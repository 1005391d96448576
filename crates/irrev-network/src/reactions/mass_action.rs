//! The fluxes of mass action, k ∏ a^ν, and their derivatives.

/// k ∏ a^ν.
pub(super) fn monomial(constant: f64, side: &[(usize, f64)], amounts: &[f64]) -> f64 {
    side.iter()
        .fold(constant, |product, &(s, nu)| product * power(amounts[s], nu))
}

/// ∂/∂a_s of k ∏ a^ν, finite also where a_s = 0 and ν ≥ 1.
pub(super) fn monomial_derivative(constant: f64, side: &[(usize, f64)], amounts: &[f64], by: usize) -> f64 {
    side.iter().fold(constant, |product, &(s, nu)| {
        product
            * if s == by {
                nu * power(amounts[s], nu - 1.0)
            } else {
                power(amounts[s], nu)
            }
    })
}

/// a^ν, by products for the small whole numbers of chemistry.
#[inline]
fn power(a: f64, nu: f64) -> f64 {
    if nu == 1.0 {
        a
    } else if nu == 2.0 {
        a * a
    } else if nu == 0.0 {
        1.0
    } else if nu == nu.trunc() && nu.abs() < 1e6 {
        a.powi(nu as i32)
    } else {
        a.powf(nu)
    }
}

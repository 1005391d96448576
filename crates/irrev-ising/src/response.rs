//! What a spin in a local field h does, in forms that neither overflow nor cancel.

/// ln 2cosh x = |x| + ln(1 + e^{−2|x|}).
///
/// ```
/// assert_eq!(irrev_ising::response::log_two_cosh(0.0), 2.0_f64.ln());
/// assert_eq!(irrev_ising::response::log_two_cosh(-1e4), 1e4);
/// ```
#[must_use]
#[inline]
pub fn log_two_cosh(x: f64) -> f64 {
    x.abs() + (-2.0 * x.abs()).exp().ln_1p()
}

/// sech²x = 4 e^{−2|x|}/(1 + e^{−2|x|})².
///
/// ```
/// assert_eq!(irrev_ising::response::sech_squared(0.0), 1.0);
/// assert!(irrev_ising::response::sech_squared(300.0) > 0.0);
/// ```
#[must_use]
#[inline]
pub fn sech_squared(x: f64) -> f64 {
    let e = (-2.0 * x.abs()).exp();
    4.0 * e / ((1.0 + e) * (1.0 + e))
}

/// Entropy of a spin that has just been refreshed in a field, −Σ p ln p = ln 2cosh x − x tanh x, in nats.
///
/// ln(1 + e) + 2|x| e/(1 + e) with e = e^{−2|x|}: nothing cancels.
///
/// ```
/// assert_eq!(irrev_ising::response::refreshed_entropy(0.0), 2.0_f64.ln());
/// assert!(irrev_ising::response::refreshed_entropy(300.0) > 0.0);
/// ```
#[must_use]
#[inline]
pub fn refreshed_entropy(x: f64) -> f64 {
    let e = (-2.0 * x.abs()).exp();
    e.ln_1p() + 2.0 * x.abs() * e / (1.0 + e)
}

/// Probability of becoming +1 in a field: 1/(1 + e^{−2x}).
///
/// ```
/// assert_eq!(irrev_ising::response::probability_up(0.0), 0.5);
/// ```
#[must_use]
#[inline]
pub fn probability_up(x: f64) -> f64 {
    1.0 / (1.0 + (-2.0 * x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entropy_of_a_refreshed_spin_is_that_of_its_probabilities() {
        for x in [-3.0, -0.1, 0.0, 0.7, 5.0] {
            let p: f64 = probability_up(x);
            let entropy = -p * p.ln() - (1.0 - p) * (1.0 - p).ln();
            assert!((refreshed_entropy(x) - entropy).abs() < 1e-15);
            assert!((log_two_cosh(x) - x * f64::tanh(x) - entropy).abs() < 1e-15 * (1.0 + x.abs()));
            assert!((sech_squared(x) - (1.0 - x.tanh() * x.tanh())).abs() < 1e-15);
        }
    }
}

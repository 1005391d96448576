//! Functions of two fluxes that thermodynamics cannot afford to lose digits in.
//!
//! With one-way fluxes a, b ≥ 0: force ln(a/b), logarithmic mean Λ(a, b) = (a − b)/ln(a/b), dissipation
//! (a − b) ln(a/b). Near detailed balance a ≈ b, and the naive forms lose every digit; far from it the ratio
//! a/b may leave the range of doubles. Here u = (a − b)/(a + b) carries the small case (a − b is exact
//! there by Sterbenz' lemma, and ln(a/b) = 2 artanh u), logarithms of the ratio the middle, and a
//! difference of logarithms only the cases whose ratio is not representable.
//!
//! Conventions: natural logarithms; a flux one way only has Λ = 0, force ±∞ and dissipation +∞; no flux either
//! way has force 0, Λ = 0 and dissipation 0.

/// Under this |u| the series in u = (a − b)/(a + b) is used; it is the point where both forms are equally good.
const CLOSE: f64 = 1.0 / 3.0;

/// u = (a − b)/(a + b) in [−1, 1] without overflow of the sum; ±1 if one argument is infinite.
#[inline]
fn contrast(a: f64, b: f64) -> f64 {
    if a.max(b) > f64::MAX / 4.0 {
        match (a.is_infinite(), b.is_infinite()) {
            (true, false) => 1.0,
            (false, true) => -1.0,
            _ => (a * 0.25 - b * 0.25) / (a * 0.25 + b * 0.25),
        }
    } else {
        (a - b) / (a + b)
    }
}

/// artanh(u)/u for |u| ≤ 1/3, to one unit in the last place.
#[inline]
fn artanh_over(u: f64) -> f64 {
    let u2 = u * u;
    if u2 < 1e-4 {
        // terms up to u¹⁰/11: the next one is below 1e-25
        1.0 + u2 * (1.0 / 3.0 + u2 * (0.2 + u2 * (1.0 / 7.0 + u2 * (1.0 / 9.0 + u2 / 11.0))))
    } else {
        0.5 * (2.0 * u / (1.0 - u)).ln_1p() / u
    }
}

/// ln(a/b) for a, b ≥ 0 with full relative accuracy, also where a ≈ b and where a/b over- or underflows.
///
/// ±∞ if exactly one argument is zero; 0 if both are (no flux, no force). NaN if an argument is NaN or negative.
///
/// ```
/// use irrev_numerics::special::log_ratio;
/// assert_eq!(log_ratio(2.0, 2.0), 0.0);
/// assert!((log_ratio(1e300, 1e-300) - 600.0 * 10f64.ln()).abs() < 1e-12);
/// assert_eq!(log_ratio(1.0, 0.0), f64::INFINITY);
/// ```
#[inline]
#[must_use]
pub fn log_ratio(a: f64, b: f64) -> f64 {
    if a == b {
        return 0.0;
    }
    let u = contrast(a, b);
    if u.abs() < CLOSE {
        return 2.0 * u * artanh_over(u);
    }
    let ratio = a / b;
    if ratio.is_normal() {
        ratio.ln()
    } else {
        a.ln() - b.ln()
    }
}

/// Logarithmic mean Λ(a, b) = (a − b)/ln(a/b), with Λ(a, a) = a and Λ(a, 0) = 0, for a, b ≥ 0.
///
/// Between the geometric and the arithmetic mean, symmetric, homogeneous of degree one and jointly concave.
/// Relative error below 1e-15 over the whole range of normal doubles.
///
/// Source: Carlson, Am. Math. Mon. 79, 615 (1972); edge Onsager coefficient in Maas, J. Funct. Anal. 261, 2250 (2011).
///
/// ```
/// use irrev_numerics::special::logarithmic_mean;
/// assert_eq!(logarithmic_mean(3.0, 3.0), 3.0);
/// assert!((logarithmic_mean(2.0, 1.0) - 1.0 / 2f64.ln()).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn logarithmic_mean(a: f64, b: f64) -> f64 {
    if a == b {
        return a;
    }
    if a == 0.0 || b == 0.0 {
        return 0.0;
    }
    let u = contrast(a, b);
    if u.abs() < CLOSE {
        (0.5 * a + 0.5 * b) / artanh_over(u)
    } else {
        (a - b) / log_ratio(a, b)
    }
}

/// Derivatives (∂Λ/∂a, ∂Λ/∂b) of the logarithmic mean for a, b ≥ 0.
///
/// ∂Λ/∂a = (r − 1 + e^{−r})/r² with r = ln(a/b); both are positive and a ∂Λ/∂a + b ∂Λ/∂b = Λ. A derivative that
/// exceeds the range of doubles is `f64::INFINITY`, as is its limit where that argument is 0 (the other's limit is 0). At (0, 0) the
/// mean has no derivative: NaN.
#[must_use]
pub fn logarithmic_mean_gradient(a: f64, b: f64) -> (f64, f64) {
    if a == 0.0 || b == 0.0 {
        let limit = |x: f64, other: f64| match (x == 0.0, other == 0.0) {
            (true, true) => f64::NAN,
            (true, false) => f64::INFINITY,
            (false, _) => 0.0,
        };
        return (limit(a, b), limit(b, a));
    }
    let r = log_ratio(a, b);
    (gradient_in_first(r, a, b), gradient_in_first(-r, b, a))
}

/// (r − 1 + b/a)/r² with r = ln(a/b), as a series where the three terms cancel.
fn gradient_in_first(r: f64, a: f64, b: f64) -> f64 {
    if r.abs() < 1.0 {
        // Σ (−r)^k/(k+2)!: at |r| = 1 the 18th term is below 1e-18
        let mut term = 0.5;
        let mut sum = 0.5;
        let mut k = 2.0;
        while f64::abs(term) > 1e-18 {
            k += 1.0;
            term *= -r / k;
            sum += term;
        }
        return sum;
    }
    // for a ≪ b the ratio dominates and may exceed the range before the division by r²
    (r - 1.0) / (r * r) + (b / (r * r)) / a
}

/// Mixed second derivative ∂²Λ/∂a∂b ≥ 0 of the logarithmic mean for a, b > 0.
///
/// Λ is homogeneous, so that it holds the whole Hessian: −d²Λ = ∂²Λ/∂a∂b (√(b/a) da − √(a/b) db)², which vanishes along (a, b).
/// With r = ln(a/b) it is (2 r cosh(r/2) − 4 sinh(r/2))/(r³ √(ab)).
///
/// ```
/// use irrev_numerics::special::logarithmic_mean_mixed_derivative;
/// assert!((logarithmic_mean_mixed_derivative(2.0, 2.0) - 1.0 / 12.0).abs() < 1e-16);
/// ```
#[must_use]
pub fn logarithmic_mean_mixed_derivative(a: f64, b: f64) -> f64 {
    let r = log_ratio(a, b).abs();
    let smaller = a.min(b);
    if r < 2.0 {
        // Σ 4j/(2j + 1)! (r/2)^(2j) / r², j ≥ 1: at r = 2 the tenth term is below 1e-18
        let square = 0.25 * r * r;
        let (mut factor, mut sum, mut j) = (1.0, 0.0, 1.0);
        loop {
            // factor is (r/2)^(2j − 2)/(2j + 1)! up to the 1/4 that r² = 4 (r/2)² leaves
            factor /= 2.0 * j * (2.0 * j + 1.0);
            let term = j * factor;
            sum += term;
            if term < 1e-18 * sum {
                break;
            }
            factor *= square;
            j += 1.0;
        }
        return sum / (a.sqrt() * b.sqrt());
    }
    // e^{−r/2}/√(ab) is 1/max(a, b), e^{r/2}/√(ab) is 1/min(a, b)
    (r - 2.0) / (r * r * r) / smaller + (r + 2.0) / (r * r * r) / a.max(b)
}

/// Dissipation (a − b) ln(a/b) of two one-way fluxes a, b ≥ 0: non-negative, 0 at a = b, +∞ if exactly one is zero.
///
/// ```
/// use irrev_numerics::special::dissipation;
/// assert_eq!(dissipation(1.0, 1.0), 0.0);
/// let d = 1e-9;                                       // near equilibrium it is d²
/// assert!((dissipation(1.0 + d, 1.0) / (d * d) - 1.0).abs() < 1e-6);
/// ```
#[inline]
#[must_use]
pub fn dissipation(a: f64, b: f64) -> f64 {
    if a == b { 0.0 } else { (a - b) * log_ratio(a, b) }
}

/// x ln x with its limit 0 at x = 0.
#[inline]
#[must_use]
pub fn x_ln_x(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x * x.ln() }
}

/// One term p ln(p/q) − p + q ≥ 0 of a (generalised) relative entropy, for p, q ≥ 0; q if p = 0, +∞ if only q is zero.
#[must_use]
pub fn relative_entropy_term(p: f64, q: f64) -> f64 {
    if p == q {
        return 0.0;
    }
    if p == 0.0 {
        return q;
    }
    if q == 0.0 {
        return f64::INFINITY;
    }
    let x = (p - q) / q;
    if x.abs() < 1e-2 {
        // q [(1 + x) ln(1 + x) − x] = q x² [1/2 − x/6 + x²/12 − …], term k: (−x)^k/((k+1)(k+2))
        let mut sum = 0.0;
        let mut power = 1.0;
        for k in 0..10 {
            let k = f64::from(k);
            sum += power / ((k + 1.0) * (k + 2.0));
            power *= -x;
        }
        return q * x * x * sum;
    }
    p * log_ratio(p, q) - (p - q)
}

/// ln Σᵢ exp(xᵢ) without overflow; −∞ for an empty slice.
#[must_use]
pub fn log_sum_exp(x: &[f64]) -> f64 {
    let largest = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !largest.is_finite() {
        return largest;
    }
    largest + x.iter().map(|v| (v - largest).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_obeys_eulers_relation_over_the_range() {
        for (a, b) in [
            (1.0, 1.0),
            (1.0, 1.01),
            (3.0, 1e-5),
            (1e-200, 1e-210),
            (1e250, 3e250),
            (5.0, 0.001),
        ] {
            let (da, db) = logarithmic_mean_gradient(a, b);
            let mean = logarithmic_mean(a, b);
            assert!(((a * da + b * db) / mean - 1.0).abs() < 1e-14, "{a} {b}");
        }
    }

    #[test]
    fn the_mean_lies_between_geometric_and_arithmetic() {
        let mut x: f64 = 1e-12;
        while x < 1e12 {
            let mean = logarithmic_mean(x, 1.0);
            assert!(mean >= x.sqrt() * (1.0 - 4e-16) && mean <= 0.5 * (1.0 + x) * (1.0 + 4e-16));
            x *= 1.37;
        }
    }

    #[test]
    fn zero_and_equal_arguments_take_their_limits() {
        assert_eq!(logarithmic_mean(0.0, 5.0), 0.0);
        assert_eq!(logarithmic_mean(0.0, 0.0), 0.0);
        assert_eq!(logarithmic_mean_gradient(0.0, 5.0), (f64::INFINITY, 0.0));
        assert!(logarithmic_mean_gradient(0.0, 0.0).0.is_nan());
        assert_eq!(log_ratio(0.0, 0.0), 0.0);
        assert_eq!(log_ratio(0.0, 1.0), f64::NEG_INFINITY);
        assert_eq!(dissipation(0.0, 0.0), 0.0);
        assert_eq!(dissipation(1.0, 0.0), f64::INFINITY);
        assert_eq!(relative_entropy_term(0.0, 2.0), 2.0);
        assert_eq!(log_sum_exp(&[]), f64::NEG_INFINITY);
        assert!((log_sum_exp(&[1000.0, 1000.0]) - 1000.0 - 2f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn the_largest_doubles_do_not_overflow() {
        let mean = logarithmic_mean(f64::MAX, f64::MAX / 1.5);
        assert!(mean.is_finite() && mean < f64::MAX);
        assert!((log_ratio(f64::MAX, f64::MAX / 1.5) - 1.5f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn relative_entropy_terms_join_smoothly_between_series_and_formula() {
        for x in [0.0099_f64, 0.0101, -0.0099, -0.0101] {
            let exact = (1.0 + x) * x.ln_1p() - x;
            assert!((relative_entropy_term(1.0 + x, 1.0) / exact - 1.0).abs() < 1e-10);
        }
    }
}

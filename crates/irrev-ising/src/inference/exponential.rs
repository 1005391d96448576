//! e^{−y} for many y ≥ 0 at once, in operations that compilers turn into vector instructions.

/// 1.5 · 2⁵²: adding it rounds a double below 2⁵¹ to a whole number, which then stands in the lowest bits.
const ROUNDING: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts, the first with zeros at its end so that small multiples of it are exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
const LN_2_LOW: f64 = f64::from_bits(0x3DEA_39EF_3579_3C76);
/// e^{−y} is below 1e-304 from here on, and taken as e^{−700}.
const LARGEST: f64 = 700.0;
/// 1/k! up to k = 13: with |r| ≤ ln 2/2 the first neglected term of e^r is 4e-18.
const TAYLOR: [f64; 14] = {
    let mut inverse = [1.0; 14];
    let mut factorial = 1.0;
    let mut k = 1;
    while k < 14 {
        factorial *= k as f64;
        inverse[k] = 1.0 / factorial;
        k += 1;
    }
    inverse
};

/// e^{−y} for y ≥ 0, relative error below 3e-16; e^{−700} beyond 700.
#[inline(always)]
pub(super) fn decay(y: f64) -> f64 {
    let x = -y.min(LARGEST);
    let shifted = x * std::f64::consts::LOG2_E + ROUNDING;
    let k = shifted - ROUNDING;
    let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
    // Estrin's order: products that do not wait for each other
    let c = &TAYLOR;
    let (r2, pair) = (r * r, |k: usize| c[k] + c[k + 1] * r);
    let r4 = r2 * r2;
    let low = (pair(0) + pair(2) * r2) + (pair(4) + pair(6) * r2) * r4;
    let high = (pair(8) + pair(10) * r2) + pair(12) * r4;
    let series = low + high * (r4 * r4);
    // 2^k: the whole number in the lowest bits becomes an exponent
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    series * power
}

#[cfg(test)]
mod tests {
    use super::decay;

    #[test]
    fn decay_agrees_with_the_exponential() {
        for k in 0..70_000 {
            let y = f64::from(k) * 0.01;
            assert!((decay(y) / (-y).exp() - 1.0).abs() < 1e-15, "{y}");
        }
        assert_eq!(decay(0.0), 1.0);
        assert!(decay(1e300) > 0.0 && decay(f64::INFINITY) < 1e-300);
    }
}

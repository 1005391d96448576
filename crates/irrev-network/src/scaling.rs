//! Powers of two that bring rates of any size into the middle of the range of doubles, exactly.

/// The exponent of the power of two that brings a positive number near 2^`target`; 0 for 0.
pub(crate) fn exponent_towards(target: i32, largest: f64) -> i32 {
    if largest > 0.0 {
        target - largest.log2().floor() as i32
    } else {
        0
    }
}

/// x · 2^exponent, exact unless it leaves the range; in two steps, as the power itself may leave it.
pub(crate) fn scaled(x: f64, exponent: i32) -> f64 {
    let half = exponent / 2;
    x * 2.0_f64.powi(half) * 2.0_f64.powi(exponent - half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_and_the_largest_doubles_reach_the_target_exactly() {
        for x in [f64::MIN_POSITIVE, 1e-300, 3.7, 1e300, f64::MAX] {
            let exponent = exponent_towards(400, x);
            let there = scaled(x, exponent);
            assert!((2.0_f64.powi(399)..2.0_f64.powi(402)).contains(&there));
            assert_eq!(scaled(there, -exponent), x);
        }
    }
}

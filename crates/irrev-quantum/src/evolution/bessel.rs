//! Bessel functions of whole order, all orders at once.
//!
//! Upward recurrence loses every digit once n exceeds x; downward recurrence from far above gains them (Miller). J is normalised by J_0² + 2 Σ J_n² = 1, which has no
//! cancellation, and I by I_0 + 2 Σ I_n = e^x.
//!
//! Sources: Miller, Mathematical Tables X (British Association, 1952); NIST Handbook, 10.12.2 and 10.35.5; Gautschi, SIAM Rev. 9, 24 (1967).

/// Above this the numbers of an unnormalised recurrence are scaled down.
const LARGE: f64 = 1e200;

/// Order from which to recur downwards: the functions are below 1e-30 of their largest there.
fn first_order(x: f64) -> usize {
    // J_n(x) falls like exp(−(2(n − x))^{3/2} / (3 √x)) just above x, and faster than 2^{−n} far above
    (x + 18.0 * x.cbrt() + 80.0).ceil() as usize
}

/// Below this three orders are all there is to double precision.
const SMALL: f64 = 1e-10;

/// f_{n−1} = (2n/x) f_n ± f_{n+1} downwards, unnormalised, positive at the top.
fn downwards(x: f64, sign: f64) -> Vec<f64> {
    let top = first_order(x);
    let mut values = vec![0.0; top + 1];
    values[top] = f64::MIN_POSITIVE * 1e100;
    let mut above = 0.0;
    for n in (1..=top).rev() {
        let below = 2.0 * n as f64 / x * values[n] + sign * above;
        above = values[n];
        values[n - 1] = below;
        if below.abs() > LARGE {
            // what falls below the smallest number is zero to any accuracy wanted
            for value in &mut values[n - 1..] {
                *value /= LARGE;
            }
            above /= LARGE;
        }
    }
    values
}

/// J_0(x), J_1(x), … for x ≥ 0, up to where they are negligible.
pub(super) fn bessel_j(x: f64) -> Vec<f64> {
    if x < SMALL {
        return trimmed(vec![1.0, 0.5 * x, 0.125 * x * x]);
    }
    let mut values = downwards(x, -1.0);
    let largest = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let squares: f64 =
        values.iter().map(|v| (v / largest).powi(2)).sum::<f64>() * 2.0 - (values[0] / largest).powi(2);
    let factor = 1.0 / (largest * squares.sqrt());
    for value in &mut values {
        *value *= factor;
    }
    trimmed(values)
}

/// e^{−x} I_0(x), e^{−x} I_1(x), … for x ≥ 0, up to where they are negligible.
pub(super) fn scaled_bessel_i(x: f64) -> Vec<f64> {
    if x < SMALL {
        return trimmed(vec![1.0 - x, 0.5 * x, 0.125 * x * x]);
    }
    let mut values = downwards(x, 1.0);
    let largest = values.iter().copied().fold(0.0, f64::max);
    let sum: f64 = 2.0 * values.iter().rev().map(|v| v / largest).sum::<f64>() - values[0] / largest;
    let factor = 1.0 / (largest * sum);
    for value in &mut values {
        *value *= factor;
    }
    trimmed(values)
}

/// Without the orders that are zero next to rounding of the rest.
fn trimmed(mut values: Vec<f64>) -> Vec<f64> {
    while values.len() > 1 && values.last().is_some_and(|v| v.abs() < 1e-24) {
        values.pop();
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_agree_with_tables() {
        // Abramowitz and Stegun, tables 9.1 and 9.8, and 30 digits of mpmath 1.3
        let j = bessel_j(1.0);
        assert!((j[0] - 0.765_197_686_557_966_6).abs() < 1e-15);
        assert!((j[1] - 0.440_050_585_744_933_5).abs() < 1e-15);
        assert!((j[10] / 2.630_615_123_687_453e-10 - 1.0).abs() < 1e-14);
        let j = bessel_j(100.0);
        assert!((j[0] - 0.019_985_850_304_223_122).abs() < 1e-14);
        assert!((j[100] - 0.096_366_673_295_861_56).abs() < 1e-14);
        let i = scaled_bessel_i(1.0);
        assert!((i[0] - 0.465_759_607_593_640_4).abs() < 1e-15);
        assert!((i[1] - 0.207_910_415_349_708_46).abs() < 1e-15);
        // e^{−x} I_0(x) ≈ (1 + 1/8x + 9/128x²) / √(2πx)
        let x = 1e4;
        let expected = (1.0 + 0.125 / x + 9.0 / 128.0 / (x * x)) / (std::f64::consts::TAU * x).sqrt();
        assert!((scaled_bessel_i(x)[0] / expected - 1.0).abs() < 1e-11);
    }

    #[test]
    fn plane_waves_are_resolved() {
        // cos(x y) = J_0 + 2 Σ (−1)^k J_{2k} T_{2k}(y)
        for x in [1e-8, 0.3, 7.0, 450.0, 2e4] {
            let j = bessel_j(x);
            for y in [0.0_f64, 0.37, -0.9, 1.0] {
                let terms = j.iter().enumerate().skip(2).step_by(2);
                let sum: f64 = terms
                    .map(|(n, j)| {
                        let sign = if n % 4 == 0 { 2.0 } else { -2.0 };
                        sign * j * (n as f64 * y.acos()).cos()
                    })
                    .sum();
                // rounding of the recurrence and of the cosines grows with the number of orders
                assert!((j[0] + sum - (x * y).cos()).abs() < 1e-15 * (x + 10.0), "{x} {y}");
            }
        }
    }
}

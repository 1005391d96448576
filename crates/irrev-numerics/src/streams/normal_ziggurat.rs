//! Layers of the normal distribution for the ziggurat method.
//!
//! The area under e^{−x²/2}, x > 0, is covered by 256 layers of equal area v as in [`super::ziggurat`], with r = 3.654… where the tail begins.
//!
//! Source: Marsaglia and Tsang, J. Stat. Softw. 5, 8 (2000); r and v from their condition that the last layer ends at 1, to 30 digits.

use super::ziggurat::{exponential, logarithm};

/// Where the tail begins.
pub(super) const TAIL: f64 = 3.654_152_885_361_009;
/// Area of one layer.
const AREA: f64 = 0.004_928_673_233_974_655;

const LAYERS: usize = 256;

/// xᵢ; x₀ = v e^{r²/2} is the width that layer 0 would have if its tail were spread over a rectangle.
pub(super) static EDGE: [f64; LAYERS + 1] = edges();
/// e^{−xᵢ²/2}.
pub(super) static HEIGHT: [f64; LAYERS + 1] = heights();

const fn edges() -> [f64; LAYERS + 1] {
    let mut x = [0.0; LAYERS + 1];
    x[0] = AREA / density(TAIL);
    x[1] = TAIL;
    let mut i = 2;
    while i < LAYERS {
        x[i] = root(-2.0 * logarithm(density(x[i - 1]) + AREA / x[i - 1]));
        i += 1;
    }
    x
}

const fn heights() -> [f64; LAYERS + 1] {
    let x = edges();
    let mut y = [0.0; LAYERS + 1];
    let mut i = 0;
    while i <= LAYERS {
        y[i] = density(x[i]);
        i += 1;
    }
    y
}

/// e^{−x²/2} for |x| < 5.
const fn density(x: f64) -> f64 {
    exponential(-0.5 * x * x)
}

/// √y for y in (0, 16) by Newton's iteration, from above.
const fn root(y: f64) -> f64 {
    let mut x = 4.0;
    let mut n = 0;
    while n < 40 {
        x = 0.5 * (x + y / x);
        n += 1;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_layers_have_the_same_area_and_close_at_zero() {
        assert_eq!(EDGE[LAYERS], 0.0);
        for i in 1..LAYERS {
            let area = EDGE[i] * (HEIGHT[i + 1] - HEIGHT[i]);
            assert!((area - AREA).abs() < 1e-13, "layer {i}: {area}");
            assert!((HEIGHT[i] - (-0.5 * EDGE[i] * EDGE[i]).exp()).abs() < 1e-15);
        }
        // e^{−r²/2} times Mills' ratio, as a continued fraction, is the tail
        let mills = (1..=200).rev().fold(TAIL, |inner, k| TAIL + f64::from(k) / inner);
        assert!((TAIL * HEIGHT[1] + HEIGHT[1] / mills - AREA).abs() < 1e-15);
    }
}

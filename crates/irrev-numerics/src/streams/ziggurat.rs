//! Layers of the exponential distribution for the ziggurat method.
//!
//! The area under e^{−x} is covered by 256 layers of equal area v: layer 0 is the rectangle [0, r] × [0, e^{−r}] with the tail beyond r, layer
//! i > 0 the rectangle [0, xᵢ] × [e^{−xᵢ}, e^{−xᵢ₊₁}] with x₁ = r > x₂ > … > x₂₅₆ = 0. The edges are computed by the compiler, with
//! additions, multiplications and divisions only, so every machine has the same bits.
//!
//! Source: Marsaglia and Tsang, J. Stat. Softw. 5, 8 (2000), table for 256 layers.

/// Where the tail begins.
pub(super) const TAIL: f64 = 7.697_117_470_131_05;
/// Area of one layer.
const AREA: f64 = 0.003_949_659_822_581_557;

pub(super) const LAYERS: usize = 256;

/// xᵢ; x₀ = v eʳ is the width that layer 0 would have if its tail were spread over a rectangle.
pub(super) static EDGE: [f64; LAYERS + 1] = edges();
/// e^{−xᵢ}.
pub(super) static HEIGHT: [f64; LAYERS + 1] = heights();

const fn edges() -> [f64; LAYERS + 1] {
    let mut x = [0.0; LAYERS + 1];
    x[0] = AREA / exponential(-TAIL);
    x[1] = TAIL;
    let mut i = 2;
    while i < LAYERS {
        x[i] = -logarithm(exponential(-x[i - 1]) + AREA / x[i - 1]);
        i += 1;
    }
    x
}

const fn heights() -> [f64; LAYERS + 1] {
    let x = edges();
    let mut y = [0.0; LAYERS + 1];
    let mut i = 0;
    while i <= LAYERS {
        y[i] = exponential(-x[i]);
        i += 1;
    }
    y
}

/// eˣ for |x| < 16: the Taylor series of e^{x/64}, squared six times.
pub(super) const fn exponential(x: f64) -> f64 {
    let small = x / 64.0;
    let mut term = 1.0;
    let mut sum = 0.0;
    let mut n = 1;
    // eˣ − 1 is carried, so that squaring does not multiply the rounding of the leading 1
    while n < 20 {
        term *= small / n as f64;
        sum += term;
        n += 1;
    }
    let mut k = 0;
    while k < 6 {
        sum = sum * (2.0 + sum);
        k += 1;
    }
    1.0 + sum
}

/// ln y for y in (0, 1] by Newton's iteration on eˣ = y, from above the root.
pub(super) const fn logarithm(y: f64) -> f64 {
    let mut x = 0.0;
    let mut n = 0;
    while n < 40 {
        x += y / exponential(x) - 1.0;
        n += 1;
        if x < -12.0 {
            x = -12.0;
        }
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
            assert!((HEIGHT[i] - (-EDGE[i]).exp()).abs() < 1e-15);
        }
        let base = TAIL * HEIGHT[1] + HEIGHT[1]; // rectangle and tail
        assert!((base - AREA).abs() < 1e-15);
    }
}

//! Exponential waiting times by the ziggurat.
//!
//! The area under e^{−x} is cut into 256 horizontal layers of equal area; a point thrown into a layer lies under the curve for
//! certain in 98.9 % of the cases, and one multiplication and one comparison suffice. The remaining cases are decided exactly, so the
//! law is exponential to the resolution of 52 random bits. One draw of 64 bits serves layer (8 bits) and position (52 other bits).
//!
//! Source: Marsaglia and Tsang, J. Stat. Softw. 5(8), 1 (2000), with separate bits for layer and position as Doornik (2005) asks.

use std::sync::LazyLock;

use irrev_numerics::streams::Stream;

/// Name of the sampler, recorded with every result that used it.
pub(super) const ALGORITHM: &str = "ziggurat-exponential-256/1";

const LAYERS: usize = 256;

/// Where the lowest layer hands over to the tail: the root of x₁ e^{−x₁} + e^{−x₁} = area with 256 equal areas that meet at height 1.
const TAIL: f64 = 7.697_117_470_131_05;

/// Layer i covers positions 0 … `edge[i]` between the heights `height[i]` and `height[i + 1]`.
pub(super) struct Ziggurat {
    edge: [f64; LAYERS + 1],
    height: [f64; LAYERS + 1],
}

static ZIGGURAT: LazyLock<Ziggurat> = LazyLock::new(|| {
    let area = TAIL * (-TAIL).exp() + (-TAIL).exp();
    let (mut edge, mut height) = ([0.0; LAYERS + 1], [0.0; LAYERS + 1]);
    // the lowest layer is widened to hold the tail's area too
    edge[0] = area * TAIL.exp();
    edge[1] = TAIL;
    height[1] = (-TAIL).exp();
    for i in 2..LAYERS {
        height[i] = height[i - 1] + area / edge[i - 1];
        edge[i] = -height[i].ln();
    }
    height[LAYERS] = 1.0;
    Ziggurat { edge, height }
});

/// The tables; take them once before a loop.
pub(super) fn ziggurat() -> &'static Ziggurat {
    &ZIGGURAT
}

impl Ziggurat {
    /// An exponential number of mean 1.
    #[inline]
    pub(super) fn exponential(&self, stream: &mut Stream) -> f64 {
        let bits = stream.bits();
        let layer = (bits & 0xff) as usize;
        let x = position(bits) * self.edge[layer];
        if x < self.edge[layer + 1] {
            return x;
        }
        self.undecided(layer, x, stream)
    }

    /// The point fell beyond the part of its layer that is surely under the curve.
    #[cold]
    #[inline(never)]
    fn undecided(&self, layer: usize, x: f64, stream: &mut Stream) -> f64 {
        let (mut layer, mut x) = (layer, x);
        loop {
            if layer == 0 {
                // beyond the tail's start the law is the same again
                return TAIL - stream.uniform().ln();
            }
            let (low, high) = (self.height[layer], self.height[layer + 1]);
            if low + (high - low) * stream.uniform() < (-x).exp() {
                return x;
            }
            let bits = stream.bits();
            layer = (bits & 0xff) as usize;
            x = position(bits) * self.edge[layer];
            if x < self.edge[layer + 1] {
                return x;
            }
        }
    }
}

/// (k + 1/2)/2⁵² from the upper 52 bits.
#[inline]
fn position(bits: u64) -> f64 {
    const SCALE: f64 = 1.0 / (1_u64 << 52) as f64;
    ((bits >> 12) as f64 + 0.5) * SCALE
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_numerics::streams::Purpose;

    #[test]
    fn the_layers_have_equal_areas_and_meet_at_height_one() {
        let z = ziggurat();
        let area = z.edge[0] * z.height[1];
        for i in 1..LAYERS {
            let layer = z.edge[i] * (z.height[i + 1] - z.height[i]);
            // the topmost layer gathers the rounding of 255 steps of the recursion
            assert!(
                (layer / area - 1.0).abs() < 1e-9,
                "layer {i}: {layer} against {area}"
            );
        }
    }

    #[test]
    fn waiting_times_follow_the_exponential_law() {
        // Kolmogorov–Smirnov distance of n = 1e6 times: √n D > 2.73 has probability 2 e^{−2·2.73²} = 6.7e-7
        for seed in [1, 2, 3] {
            let mut stream = Stream::new(seed, Purpose::Search, 0);
            let n = 1_000_000_usize;
            let mut x: Vec<f64> = (0..n).map(|_| ziggurat().exponential(&mut stream)).collect();
            x.sort_by(f64::total_cmp);
            let distance = x.iter().enumerate().map(|(i, x)| {
                let cdf = -(-x).exp_m1();
                (cdf - i as f64 / n as f64)
                    .abs()
                    .max(((i + 1) as f64 / n as f64 - cdf).abs())
            });
            let distance = distance.fold(0.0, f64::max);
            assert!((n as f64).sqrt() * distance < 2.73, "seed {seed}: D = {distance}");
            assert!(
                x[0] > 0.0 && x[n - 1] > TAIL,
                "the tail is drawn: largest {}",
                x[n - 1]
            );
        }
    }
}

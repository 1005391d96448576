//! Samplers over any source of random bits: exponential by ziggurat, Poisson by inversion and by transformed rejection.
//!
//! Each is fixed for ever under its name; a change of the numbers is a new method with a new name.

use super::ziggurat::{EDGE, HEIGHT, LAYERS, TAIL};
use super::{Stream, open_uniform};

/// Below this mean a Poisson number is drawn by multiplying uniforms, above it by transformed rejection.
const SMALL_MEAN: f64 = 10.0;

/// A source of independent random 64-bit words, with the samplers that need nothing else.
///
/// ```
/// use irrev_numerics::streams::{BatchedStream, Purpose, RandomBits};
/// let mut bits = BatchedStream::new(1, Purpose::Trajectory, 0);
/// let mean = (0..10_000).map(|_| bits.exponential_ziggurat()).sum::<f64>() / 1e4;
/// assert!((mean - 1.0).abs() < 0.05);                            // 5 σ
/// ```
pub trait RandomBits {
    /// The next 64 random bits.
    fn bits(&mut self) -> u64;

    /// Uniform number in the open interval (0, 1), the same as [`Stream::uniform`].
    #[inline(always)]
    fn uniform(&mut self) -> f64 {
        open_uniform(self.bits())
    }

    /// Uniform number k/2⁵³ in [0, 1), for comparison with cumulative sums.
    #[inline(always)]
    fn fraction(&mut self) -> f64 {
        const SCALE: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.bits() >> 11) as f64 * SCALE
    }

    /// Standard exponential number (mean 1, always positive): ziggurat with 256 layers, layer from the 8 lowest bits, position from the 52 highest.
    ///
    /// Source: Marsaglia and Tsang, J. Stat. Softw. 5, 8 (2000).
    #[inline(always)]
    fn exponential_ziggurat(&mut self) -> f64 {
        let bits = self.bits();
        let layer = (bits & 0xff) as usize;
        let x = open_uniform(bits) * EDGE[layer];
        if x < EDGE[layer + 1] {
            return x;
        }
        outside_the_core(self, layer, x)
    }

    /// Standard normal number: cosine branch of Box and Muller, the same as [`Stream::normal`].
    #[inline]
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Poisson number of the given mean, as a whole `f64`; 0 for a mean of 0, mean finite and below 2⁵³.
    ///
    /// Means below 10 multiply uniforms until the product falls under e^{−mean}; larger ones use transformed rejection with squeeze (PTRS).
    ///
    /// Source: Hörmann, Insur. Math. Econ. 12, 39 (1993).
    fn poisson(&mut self, mean: f64) -> f64 {
        if !(mean > 0.0) {
            return 0.0;
        }
        if mean < SMALL_MEAN {
            let floor = (-mean).exp();
            let mut product = self.uniform();
            let mut n = 0.0;
            while product > floor {
                product *= self.uniform();
                n += 1.0;
            }
            return n;
        }
        let b = 0.931 + 2.53 * mean.sqrt();
        let a = -0.059 + 0.024_83 * b;
        let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
        let v_r = 0.9277 - 3.6224 / (b - 2.0);
        let ln_mean = mean.ln();
        loop {
            let u = self.uniform() - 0.5;
            let v = self.uniform();
            let us = 0.5 - u.abs();
            let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
            if us >= 0.07 && v <= v_r {
                return k;
            }
            if k < 0.0 || (us < 0.013 && v > us) {
                continue;
            }
            let accepted = k * ln_mean - mean - ln_factorial(k);
            if (v * inverse_alpha / (a / (us * us) + b)).ln() <= accepted {
                return k;
            }
        }
    }
}

impl RandomBits for Stream {
    #[inline(always)]
    fn bits(&mut self) -> u64 {
        Self::bits(self)
    }
}

/// Tail and wedges of the ziggurat: about one draw in ninety.
#[cold]
#[inline(never)]
fn outside_the_core<B: RandomBits + ?Sized>(source: &mut B, mut layer: usize, mut x: f64) -> f64 {
    // beyond r the distribution is the same exponential again: each visit to the tail adds r
    let mut shift = 0.0;
    loop {
        if x < EDGE[layer + 1] {
            return shift + x;
        }
        if layer == 0 {
            shift += TAIL;
        } else {
            let y = HEIGHT[layer] + source.uniform() * (HEIGHT[layer + 1] - HEIGHT[layer]);
            if y < (-x).exp() {
                return shift + x;
            }
        }
        let bits = source.bits();
        layer = (bits & 0xff) as usize % LAYERS;
        x = open_uniform(bits) * EDGE[layer];
    }
}

/// ln k! for whole k ≥ 0: table of products up to 12!, Stirling's series beyond (error below 1e-14 of the value).
fn ln_factorial(k: f64) -> f64 {
    const PRODUCT: [f64; 13] = [
        1.0,
        1.0,
        2.0,
        6.0,
        24.0,
        120.0,
        720.0,
        5040.0,
        40_320.0,
        362_880.0,
        3_628_800.0,
        39_916_800.0,
        479_001_600.0,
    ];
    if k <= 12.0 {
        return PRODUCT[k as usize].ln();
    }
    let n = k + 1.0;
    let r = 1.0 / (n * n);
    let series = (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r / 1680.0))) / n;
    (n - 0.5) * n.ln() - n + 0.5 * std::f64::consts::TAU.ln() + series
}

#[cfg(test)]
mod tests {
    use super::super::{BatchedStream, Purpose};
    use super::*;

    /// Largest distance between the empirical and the exact distribution function, times √n.
    fn kolmogorov(mut sample: Vec<f64>, cumulative: impl Fn(f64) -> f64) -> f64 {
        sample.sort_by(f64::total_cmp);
        let n = sample.len() as f64;
        let distance = sample.iter().enumerate().fold(0.0_f64, |d, (i, &x)| {
            let f = cumulative(x);
            d.max((f - i as f64 / n).abs())
                .max(((i as f64 + 1.0) / n - f).abs())
        });
        distance * n.sqrt()
    }

    #[test]
    fn the_ziggurat_draws_exponential_numbers() {
        // Kolmogorov: P(√n D > 2.7) = 2 exp(−2·2.7²) = 9e-7 for each of the three seeds
        for seed in [1, 2, 3] {
            let mut bits = BatchedStream::new(seed, Purpose::Search, 0);
            let sample: Vec<f64> = (0..1_000_000).map(|_| bits.exponential_ziggurat()).collect();
            // raw moments k! of the exponential; variance of x^k is (2k)! − (k!)²; 5 σ each
            for (k, moment, variance) in [
                (1, 1.0, 1.0),
                (2, 2.0, 20.0),
                (3, 6.0, 684.0),
                (4, 24.0, 39_744.0),
            ] {
                let mean = sample.iter().map(|x| x.powi(k)).sum::<f64>() / 1e6;
                assert!(
                    (mean - moment).abs() < 5.0 * (variance / 1e6_f64).sqrt(),
                    "moment {k}: {mean}"
                );
            }
            // P(x > r) = e^{−r} = 4.5e-4: the tail is visited as often as it should, 5 σ of a binomial
            let tail = sample.iter().filter(|&&x| x > TAIL).count() as f64;
            let expected = 1e6 * (-TAIL).exp();
            assert!((tail - expected).abs() < 5.0 * expected.sqrt());
            assert!(kolmogorov(sample, |x| -(-x).exp_m1()) < 2.7);
        }
    }

    #[test]
    fn poisson_numbers_have_their_mean_variance_and_third_moment() {
        // standard errors from the exact moments: κ₂ = κ₃ = λ, Var of the sample variance ≈ (λ + 2λ²)/n; 5 σ, 24 checks: 1.4e-5
        let n = 200_000;
        for seed in [1, 2, 3] {
            for mean in [0.02, 3.0, 9.99, 10.0, 47.3, 1e4, 1e9] {
                let mut bits = BatchedStream::new(seed, Purpose::Search, 1);
                let sample: Vec<f64> = (0..n).map(|_| bits.poisson(mean)).collect();
                let m = sample.iter().map(|x| x - mean).sum::<f64>() / f64::from(n);
                assert!(
                    m.abs() < 5.0 * (mean / f64::from(n)).sqrt(),
                    "mean of {mean}: off by {m}"
                );
                let v = sample.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(n);
                let error = ((mean + 2.0 * mean * mean) / f64::from(n)).sqrt();
                assert!((v - mean).abs() < 5.0 * error, "variance of {mean}: {v}");
            }
        }
    }

    #[test]
    fn poisson_probabilities_match_on_both_sides_of_the_switch() {
        // χ² over the cells with expectation ≥ 100; Wilson–Hilferty: 5 σ of the normal deviate
        let n = 400_000;
        for mean in [7.5, 12.0] {
            let mut bits = BatchedStream::new(1, Purpose::Search, 2);
            let mut seen = vec![0.0; 64];
            for _ in 0..n {
                seen[bits.poisson(mean) as usize] += 1.0;
            }
            let (mut chi2, mut cells) = (0.0, 0.0);
            for (k, &count) in seen.iter().enumerate() {
                let k = k as f64;
                let expected = f64::from(n) * (k * f64::ln(mean) - mean - ln_factorial(k)).exp();
                if expected >= 100.0 {
                    chi2 += (count - expected).powi(2) / expected;
                    cells += 1.0;
                }
            }
            let deviate =
                ((chi2 / cells).cbrt() - (1.0 - 2.0 / (9.0 * cells))) / (2.0 / (9.0 * cells)).sqrt();
            assert!(deviate < 5.0, "χ² {chi2} on {cells} cells");
        }
    }

    #[test]
    fn the_logarithm_of_a_factorial_is_right_at_the_seam() {
        let mut sum = 0.0;
        for k in 1..200 {
            sum += f64::from(k).ln();
            assert!((ln_factorial(f64::from(k)) - sum).abs() < 1e-13 * sum.max(1.0));
        }
    }

    #[test]
    fn the_samplers_keep_their_bits() {
        // frozen: a change of these numbers changes every stored result
        let mut bits = BatchedStream::new(1, Purpose::Trajectory, 0);
        let mut fold = 0_u64;
        for _ in 0..10_000 {
            fold = fold.rotate_left(7) ^ bits.exponential_ziggurat().to_bits();
        }
        assert_eq!((fold, bits.position()), (2_638_271_074_596_722_475, 10_344));
        for k in 0..10_000 {
            fold = fold.rotate_left(7) ^ (bits.poisson(f64::from(k % 40)) as u64);
        }
        assert_eq!((fold, bits.position()), (18_342_133_878_707_152_303, 42_535));
    }
}

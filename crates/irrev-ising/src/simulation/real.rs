//! What a sampler computes of every spin, in single precision without branches, so that compilers turn it into vector instructions, and in double
//! precision from the standard library, for reference.
//!
//! A spin becomes +1 if its field h exceeds a logistic variate λ = ½ ln(u/(1−u)), since P(λ < h) = 1/(1 + e^{−2h}): no hyperbolic tangent is needed to
//! update. λ is made from 32 random bits: its sign from one, and |λ| = −½ ln(v/(1−v)) with v = (k + ½)/2³² from the other 31, so that both tails keep the
//! relative precision of the format.

use std::ops::{Add, AddAssign, Mul, Neg, Sub};

use irrev_numerics::linalg::Precision;

use crate::response::refreshed_entropy;

/// Bits below this, of 31, are drawn more finely: see [`Real::rare_logistic`].
pub(super) const RARE: u32 = 128;

/// Single or double precision, with what a spin does in a field.
pub(super) trait Real:
    Precision
    + Default
    + PartialOrd
    + Into<f64>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + Send
    + Sync
    + 'static
{
    /// +1.
    const UP: Self;
    /// Fields may not exceed this, or products of them overflow.
    const LARGEST: f64;
    /// The nearest number of this format.
    fn of(x: f64) -> Self;
    /// Logistic variate from 32 random bits.
    fn logistic(bits: u32) -> Self;
    /// tanh h, and the entropy of a spin refreshed in h.
    fn response(h: Self) -> (Self, Self);
    /// ln 2cosh h.
    fn log_two_cosh(h: Self) -> Self;
    /// Rate 1/(1 + e^{2x}) at which a spin s flips, with x = s h.
    fn flip_rate(x: Self) -> Self;

    /// Logistic variate of bits k < [`RARE`], with 52 more bits u in (0, 1): v = (k + u)/2³², down to 2⁻⁸⁴.
    fn rare_logistic(bits: u32, u: f64) -> Self {
        let v = (f64::from(bits & 0x7fff_ffff) + u) / 4_294_967_296.0;
        let magnitude = -0.5 * (v.ln() - (-v).ln_1p());
        Self::of(if bits >> 31 == 0 { magnitude } else { -magnitude })
    }
}

/// e^{−2x} for x ≥ 0, as 2ⁿ 2ᶠ with |f| ≤ ½ and Taylor's series of 2ᶠ; not below 2⁻¹²⁶.
#[inline(always)]
fn exp_minus_two(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5·2²³: adding it rounds to a whole number
    let y = x * (-2.0 * std::f32::consts::LOG2_E);
    let y = if y > -126.0 { y } else { -126.0 };
    let shifted = y + ROUND;
    let whole = shifted - ROUND;
    let f = (y - whole) * std::f32::consts::LN_2;
    let tail = 1.0 / 120.0 + f * (1.0 / 720.0 + f * (1.0 / 5040.0));
    let series = 1.0 + f * (1.0 + f * (0.5 + f * (1.0 / 6.0 + f * (1.0 / 24.0 + f * tail))));
    // the whole number stands in the lowest bits of the shifted one
    let exponent = (shifted.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32);
    f32::from_bits((series.to_bits() as i32).wrapping_add(exponent << 23) as u32)
}

/// ln(1 + e) for e in [0, 1], as 2 artanh(e/(2 + e)), to relative precision.
#[inline(always)]
fn ln_1p_of_unit(e: f32) -> f32 {
    let z = e / (2.0 + e);
    let w = z * z;
    let high = 1.0 / 9.0 + w * (1.0 / 11.0 + w * (1.0 / 13.0 + w * (1.0 / 15.0)));
    2.0 * z * (1.0 + w * (1.0 / 3.0 + w * (1.0 / 5.0 + w * (1.0 / 7.0 + w * high))))
}

/// ln q for q in (0, 1], as e ln 2 + 2 artanh((m − 1)/(m + 1)) with m in [√½, √2).
#[inline(always)]
fn ln_of_unit(q: f32) -> f32 {
    const ROOT_HALF: i32 = 0x3f35_04f3;
    let bits = q.to_bits() as i32;
    let exponent = (bits - ROOT_HALF) >> 23;
    let m = f32::from_bits((bits - (exponent << 23)) as u32);
    let z = (m - 1.0) / (m + 1.0);
    let w = z * z;
    let series = 1.0 + w * (1.0 / 3.0 + w * (1.0 / 5.0 + w * (1.0 / 7.0 + w * (1.0 / 9.0))));
    exponent as f32 * std::f32::consts::LN_2 + 2.0 * z * series
}

impl Real for f32 {
    const UP: Self = 1.0;
    const LARGEST: f64 = 1e30;

    #[inline(always)]
    fn of(x: f64) -> Self {
        x as Self
    }

    #[inline(always)]
    fn logistic(bits: u32) -> Self {
        let v = ((bits & 0x7fff_ffff) as i32 as Self + 0.5) * (1.0 / 4_294_967_296.0);
        let magnitude = -0.5 * ln_of_unit(v / (1.0 - v));
        // the sign bit is the first of the 32
        Self::from_bits(magnitude.to_bits() ^ (bits & 0x8000_0000))
    }

    #[inline(always)]
    fn response(h: Self) -> (Self, Self) {
        let x = h.abs();
        let e = exp_minus_two(x);
        let tanh = (1.0 - e) / (1.0 + e);
        (tanh.copysign(h), ln_1p_of_unit(e) + 2.0 * x * e / (1.0 + e))
    }

    #[inline(always)]
    fn log_two_cosh(h: Self) -> Self {
        let x = h.abs();
        x + ln_1p_of_unit(exp_minus_two(x))
    }

    #[inline(always)]
    fn flip_rate(x: Self) -> Self {
        let e = exp_minus_two(x.abs());
        (if x > 0.0 { e } else { 1.0 }) / (1.0 + e)
    }
}

impl Real for f64 {
    const UP: Self = 1.0;
    const LARGEST: f64 = 1e300;

    #[inline(always)]
    fn of(x: f64) -> Self {
        x
    }

    #[inline(always)]
    fn logistic(bits: u32) -> Self {
        Self::rare_logistic(bits, 0.5)
    }

    #[inline(always)]
    fn response(h: Self) -> (Self, Self) {
        (h.tanh(), refreshed_entropy(h))
    }

    #[inline(always)]
    fn log_two_cosh(h: Self) -> Self {
        crate::response::log_two_cosh(h)
    }

    #[inline(always)]
    fn flip_rate(x: Self) -> Self {
        let e = (-2.0 * x.abs()).exp();
        (if x > 0.0 { e } else { 1.0 }) / (1.0 + e)
    }
}

/// Elements whose terms are computed together, before they are added.
const STRIP: usize = 64;

/// Σ term(i) for i in 0..n of K terms, added in double precision on eight lanes, in an order that does not depend on the width of vectors.
#[inline(always)]
pub(super) fn lane_sums<T: Real, const K: usize>(
    n: usize,
    mut terms: impl FnMut(usize) -> [T; K],
) -> [f64; K] {
    const LANES: usize = 8;
    let mut lanes = [[0.0; LANES]; K];
    let mut strip = [[T::default(); STRIP]; K];
    let mut start = 0;
    while start < n {
        let length = STRIP.min(n - start);
        // a loop of its own, so that it becomes one of vector instructions
        for i in 0..length {
            let values = terms(start + i);
            for (strip, value) in strip.iter_mut().zip(values) {
                strip[i] = value;
            }
        }
        for (lanes, strip) in lanes.iter_mut().zip(&mut strip) {
            strip[length..].fill(T::default());
            for eight in strip.chunks_exact(LANES) {
                for (lane, &value) in lanes.iter_mut().zip(eight) {
                    *lane += value.into();
                }
            }
        }
        start += STRIP;
    }
    lanes.map(|lane| lane.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_precision_agrees_with_double() {
        for k in -6000..=6000 {
            let h = f64::from(k) * 0.005;
            let x = h as f32;
            let ((tanh, entropy), (t, s)) =
                (<f32 as Real>::response(x), <f64 as Real>::response(f64::from(x)));
            assert!((f64::from(tanh) - t).abs() < 2e-7, "tanh {h}");
            // e^{−2|h|} inherits the relative rounding of its exponent
            let relative = 4e-7 * (1.0 + h.abs());
            assert!(
                (f64::from(entropy) / s - 1.0).abs() < relative,
                "entropy {h}: {entropy} {s}"
            );
            let (a, b) = (
                <f32 as Real>::flip_rate(x),
                <f64 as Real>::flip_rate(f64::from(x)),
            );
            assert!((f64::from(a) / b - 1.0).abs() < relative, "rate {h}");
            let (a, b) = (
                <f32 as Real>::log_two_cosh(x),
                <f64 as Real>::log_two_cosh(f64::from(x)),
            );
            assert!((f64::from(a) / b - 1.0).abs() < 3e-7, "ln 2cosh {h}");
        }
        for k in 0..100_000_u32 {
            let bits = k.wrapping_mul(2_654_435_761);
            let (a, b) = (<f32 as Real>::logistic(bits), <f64 as Real>::logistic(bits));
            assert!(
                (f64::from(a) - b).abs() < 2e-7 * (1.0 + b.abs()),
                "{bits}: {a} {b}"
            );
        }
        for bits in [0, 1, 127, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff] {
            let (a, b) = (<f32 as Real>::logistic(bits), <f64 as Real>::logistic(bits));
            assert!(
                (f64::from(a) - b).abs() < 3e-7 * (1.0 + b.abs()),
                "{bits}: {a} {b}"
            );
        }
    }
}

//! What noise and the length of a step leave in second differences.

use crate::record::Period;

/// Orders of the differences that tell noise from motion.
const ORDERS: std::ops::RangeInclusive<usize> = 3..=8;

/// Fewest differences of an order that count.
const LEAST: u64 = 16;

/// The part of ⟨r̈²⟩ that is not motion, in the unit of r̈².
///
/// White noise of variance s² leaves C(2k, k) s² in squared differences of order k, where a smooth motion leaves h^{2k}⟨(r^{(k)})²⟩: the least of ⟨(Δᵏr)²⟩/C(2k, k)
/// over k = 3, …, 8 bounds s² from above. Second differences then contain 6 s²/h⁴. They are also off by h² r⁗/12, a third of their difference from those over
/// 2h, whose noise is 35 s²/8h⁴. From the second level on, the means that were taken off at levels before are themselves uncertain.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct NoiseFloor {
    /// From noise of the values, white in time: 6 s²/h⁴ for second differences, s² for accelerations that were given.
    pub noise: f64,
    /// From the length of a step, ⟨(h² r⁗/12)²⟩; 0 for accelerations that were given.
    pub step: f64,
    /// From the uncertainty of the means of the levels before: how much r̈_n changes when each frame is left out of them, scaled to all frames.
    pub means: f64,
}

impl NoiseFloor {
    /// All together.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.noise + self.step + self.means
    }

    /// Of second differences of series at steps h; NaN where they have none.
    pub(super) fn of_differences<'a>(
        series: impl Iterator<Item = &'a [f64]> + Clone,
        period: Option<Period>,
        step: f64,
    ) -> Self {
        let variance = white_part(series.clone(), period);
        let h4 = step.powi(4);
        let (mut sum, mut count) = (0.0, 0_u64);
        for x in series {
            let short = |d: f64| period.map_or(d, |period| period.nearest_image(d));
            for x in x.windows(5) {
                let steps: Vec<f64> = x.windows(2).map(|pair| short(pair[1] - pair[0])).collect();
                let near = steps[2] - steps[1];
                let far = (steps[3] + steps[2] - steps[1] - steps[0]) / 4.0;
                if (far - near).is_finite() {
                    sum += (far - near).powi(2);
                    count += 1;
                }
            }
        }
        let between = if count >= LEAST {
            sum / count as f64 / h4
        } else {
            f64::NAN
        };
        Self {
            noise: 6.0 * variance / h4,
            step: (between - 35.0 / 8.0 * variance / h4).max(0.0) / 9.0,
            means: 0.0,
        }
    }

    /// Of accelerations that were given.
    pub(super) fn of_values<'a>(series: impl Iterator<Item = &'a [f64]> + Clone) -> Self {
        Self {
            noise: white_part(series, None),
            step: 0.0,
            means: 0.0,
        }
    }
}

/// A bound on the variance of white noise in series; NaN for too few values.
fn white_part<'a>(series: impl Iterator<Item = &'a [f64]> + Clone, period: Option<Period>) -> f64 {
    ORDERS
        .filter_map(|order| {
            let binomials: Vec<f64> = (0..=order)
                .scan(1.0, |binomial, j| {
                    let here = *binomial;
                    *binomial *= (order - j) as f64 / (j + 1) as f64;
                    Some(if j % 2 == 0 { here } else { -here })
                })
                .collect();
            let norm: f64 = binomials.iter().map(|b| b * b).sum();
            let (mut sum, mut count) = (0.0, 0_u64);
            for x in series.clone() {
                for x in x.windows(order + 1) {
                    // relative to the first: on a circle, the short way round
                    let difference: f64 = x
                        .iter()
                        .zip(&binomials)
                        .map(|(value, b)| {
                            let d = value - x[0];
                            b * period.map_or(d, |period| period.nearest_image(d))
                        })
                        .sum();
                    if difference.is_finite() {
                        sum += difference * difference;
                        count += 1;
                    }
                }
            }
            (count >= LEAST).then(|| sum / count as f64 / norm)
        })
        .fold(f64::NAN, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_numerics::streams::{Purpose, Stream};

    #[test]
    fn a_smooth_motion_has_no_noise_and_noise_is_found_in_it() {
        let h = 0.05;
        let smooth: Vec<f64> = (0..20_000).map(|k| (h * f64::from(k)).sin()).collect();
        let floor = NoiseFloor::of_differences(std::iter::once(&smooth[..]), None, h);
        // ⟨(Δ⁸r)²⟩ = h¹⁶/2, over 12870
        assert!(floor.noise < 6.0 * h.powi(12) / 2.0 / 12_870.0 * 1.01);
        // ⟨(h² r⁗/12)²⟩ = h⁴/288
        assert!((floor.step / (h.powi(4) / 288.0) - 1.0).abs() < 0.01, "{floor:?}");
        let mut stream = Stream::new(1, Purpose::Search, 0);
        let s = 0.01;
        let noisy: Vec<f64> = smooth.iter().map(|x| x + s * stream.normal()).collect();
        let floor = NoiseFloor::of_differences(std::iter::once(&noisy[..]), None, h);
        // Δ⁸ of 2e4 frames: about 4e3 independent squares, 2 %; the least of six is lower by as much
        assert!(
            (floor.noise / (6.0 * s * s / h.powi(4)) - 1.0).abs() < 0.15,
            "{floor:?}"
        );
        let floor = NoiseFloor::of_values(std::iter::once(&noisy[..]));
        assert!((floor.noise / (s * s) - 1.0).abs() < 0.15 && floor.step == 0.0);
    }

    #[test]
    fn too_few_values_tell_nothing() {
        let floor = NoiseFloor::of_differences(std::iter::once(&[0.0, 1.0, 2.0][..]), None, 1.0);
        assert!(floor.noise.is_nan());
    }
}

//! Central moments up to the fourth, one value at a time and merged in a fixed order.
//!
//! Source: Pébay, Sandia report SAND2008-6212 (2008).

use irrev_numerics::Estimate;

use super::words::{Reader, Writer};

/// Number of values, their mean, and sums of powers of the deviations from it.
///
/// ```
/// use irrev_network::simulation::Moments;
/// let mut m = Moments::default();
/// for x in [1.0, 2.0, 3.0, 4.0] { m.push(x); }
/// assert_eq!((m.mean(), m.variance()), (2.5, 5.0 / 3.0));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    count: u64,
    mean: f64,
    sum2: f64,
    sum3: f64,
    sum4: f64,
}

impl Moments {
    /// Takes one value. An infinite value makes the mean infinite and the higher moments undefined (NaN).
    pub fn push(&mut self, x: f64) {
        if x.is_infinite() || self.mean.is_infinite() {
            self.count += 1;
            self.mean += x;
            (self.sum2, self.sum3, self.sum4) = (f64::NAN, f64::NAN, f64::NAN);
            return;
        }
        let before = self.count as f64;
        self.count += 1;
        let n = self.count as f64;
        let delta = x - self.mean;
        let part = delta / n;
        let part2 = part * part;
        let term = delta * part * before;
        self.mean += part;
        self.sum4 +=
            term * part2 * (n * n - 3.0 * n + 3.0) + 6.0 * part2 * self.sum2 - 4.0 * part * self.sum3;
        self.sum3 += term * part * (n - 2.0) - 3.0 * part * self.sum2;
        self.sum2 += term;
    }

    /// Takes all values of another set.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let (a, b) = (self.count as f64, other.count as f64);
        let n = a + b;
        let count = self.count + other.count;
        if self.mean.is_infinite() || other.mean.is_infinite() {
            *self = Self {
                count,
                mean: self.mean + other.mean,
                sum2: f64::NAN,
                sum3: f64::NAN,
                sum4: f64::NAN,
            };
            return;
        }
        let d = other.mean - self.mean;
        let (d2, d3, d4) = (d * d, d * d * d, d * d * d * d);
        let sum4 = self.sum4
            + other.sum4
            + d4 * a * b * (a * a - a * b + b * b) / (n * n * n)
            + 6.0 * d2 * (a * a * other.sum2 + b * b * self.sum2) / (n * n)
            + 4.0 * d * (a * other.sum3 - b * self.sum3) / n;
        let sum3 = self.sum3
            + other.sum3
            + d3 * a * b * (a - b) / (n * n)
            + 3.0 * d * (a * other.sum2 - b * self.sum2) / n;
        *self = Self {
            count,
            mean: self.mean + d * b / n,
            sum2: self.sum2 + other.sum2 + d2 * a * b / n,
            sum3,
            sum4,
        };
    }

    /// Number of values.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Sample mean; NaN without values.
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.count == 0 { f64::NAN } else { self.mean }
    }

    /// Unbiased sample variance Σ(x − m)²/(n − 1); NaN below two values.
    #[must_use]
    pub fn variance(&self) -> f64 {
        if self.count < 2 {
            return f64::NAN;
        }
        self.sum2 / (self.count - 1) as f64
    }

    /// Third and fourth central moment of the sample, Σ(x − m)^k/n; NaN without values.
    #[must_use]
    pub fn higher(&self) -> (f64, f64) {
        let n = self.count as f64;
        (self.sum3 / n, self.sum4 / n)
    }

    /// The mean with its standard error √(variance/n).
    #[must_use]
    pub fn mean_estimate(&self) -> Estimate {
        let error = (self.variance() / self.count as f64).sqrt();
        Estimate::from_mean(self.mean(), error, self.count as usize)
    }

    /// The variance with its standard error √((m₄ − variance²)/n).
    #[must_use]
    pub fn variance_estimate(&self) -> Estimate {
        let variance = self.variance();
        let spread = (self.higher().1 - variance * variance).max(0.0);
        Estimate::from_mean(variance, (spread / self.count as f64).sqrt(), self.count as usize)
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.word(self.count);
        for x in [self.mean, self.sum2, self.sum3, self.sum4] {
            out.number(x);
        }
    }

    pub(crate) fn read(input: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            count: input.word()?,
            mean: input.number()?,
            sum2: input.number()?,
            sum3: input.number()?,
            sum4: input.number()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_parts_have_the_moments_of_the_whole() {
        let values: Vec<f64> = (0..97).map(|k| (f64::from(k) * 0.7).sin() * 3.0 + 10.0).collect();
        let of = |part: &[f64]| {
            let mut m = Moments::default();
            part.iter().for_each(|&x| m.push(x));
            m
        };
        let mut merged = of(&values[..13]);
        merged.merge(&of(&values[13..60]));
        merged.merge(&Moments::default());
        merged.merge(&of(&values[60..]));
        let mean = values.iter().sum::<f64>() / 97.0;
        let central = |k: i32| values.iter().map(|x| (x - mean).powi(k)).sum::<f64>() / 97.0;
        for m in [merged, of(&values)] {
            assert!(
                (m.mean() - mean).abs() < 1e-13 && (m.variance() * 96.0 / 97.0 - central(2)).abs() < 1e-12
            );
            assert!((m.higher().0 - central(3)).abs() < 1e-11 && (m.higher().1 - central(4)).abs() < 1e-11);
        }
    }

    #[test]
    fn an_infinite_value_is_not_averaged_away() {
        let mut m = Moments::default();
        for x in [1.0, f64::INFINITY, 2.0] {
            m.push(x);
        }
        assert_eq!(m.mean(), f64::INFINITY);
        assert!(m.variance().is_nan());
    }
}

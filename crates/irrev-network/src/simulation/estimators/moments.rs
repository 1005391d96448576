//! Central moments of a stream of numbers, mergeable, and the cumulants that follow.
//!
//! Kept are n, the mean and M_p = Σ (x − mean)^p for p = 2 … 8. Two accumulators merge exactly (Pébay's binomial formulas), so
//! blocks can be filled on any thread and joined in a fixed order; adding one number merges a block of one. Moments to order 8 are
//! what the standard error of the fourth cumulant needs.
//!
//! Cumulants are k-statistics (unbiased); standard errors follow from the influence functions
//! κ₁: d, κ₂: d² − m₂, κ₃: d³ − m₃ − 3m₂d, κ₄: d⁴ − m₄ − 4m₃d − 6m₂(d² − m₂), with d = x − mean. They are right for n → ∞: for heavy
//! tails or small n those of κ₃ and κ₄ come out too small, because the rare values that rule them are missing from the sample.
//!
//! Sources: Pébay, Sandia report SAND2008-6212 (2008); Fisher, Proc. London Math. Soc. 30, 199 (1929) for k-statistics.

use irrev_numerics::Estimate;

use super::undefined;

/// Highest power kept.
const ORDER: usize = 8;

/// C(p, k).
const BINOMIAL: [[f64; ORDER + 1]; ORDER + 1] = {
    let mut c = [[0.0; ORDER + 1]; ORDER + 1];
    let mut p = 0;
    while p <= ORDER {
        c[p][0] = 1.0;
        let mut k = 1;
        while k <= p {
            c[p][k] = c[p - 1][k - 1] + if k < p { c[p - 1][k] } else { 0.0 };
            k += 1;
        }
        p += 1;
    }
    c
};

/// Count, mean and central moments of the numbers added so far.
///
/// ```
/// use irrev_network::simulation::estimators::Moments;
/// let mut moments = Moments::default();
/// for x in [1.0, 2.0, 4.0, 5.0] { moments.add(x); }
/// assert!(moments.mean().value == 3.0 && (moments.variance().value - 10.0 / 3.0).abs() < 1e-14);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    count: u64,
    infinite: u64,
    mean: f64,
    /// M₂ … M₈.
    sums: [f64; ORDER - 1],
}

impl Moments {
    /// Adds a number. One that is not finite is counted apart and makes the mean infinite or undefined.
    pub fn add(&mut self, x: f64) {
        if !x.is_finite() {
            self.infinite += 1;
            return;
        }
        let before = self.count as f64;
        self.count += 1;
        if before == 0.0 {
            self.mean = x;
            return;
        }
        let delta = x - self.mean;
        let n = before + 1.0;
        // the old mean moves by δ/n towards x; x stays δ (n − 1)/n from the new one
        let (moved, distance) = (-delta / n, delta * before / n);
        let (mut powers, mut own) = ([1.0; ORDER + 1], [1.0; ORDER + 1]);
        for p in 1..=ORDER {
            powers[p] = powers[p - 1] * moved;
            own[p] = own[p - 1] * distance;
        }
        // downwards, so that lower orders are still the old ones
        for p in (2..=ORDER).rev() {
            let shifted = (1..=p - 2).map(|k| BINOMIAL[p][k] * powers[k] * self.sums[p - k - 2]);
            self.sums[p - 2] += shifted.sum::<f64>() + before * powers[p] + own[p];
        }
        self.mean += delta / n;
    }

    /// Joins the numbers of another accumulator.
    pub fn merge(&mut self, other: &Self) {
        self.infinite += other.infinite;
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = Self {
                infinite: self.infinite,
                ..*other
            };
            return;
        }
        let (a, b) = (self.count as f64, other.count as f64);
        let n = a + b;
        let delta = other.mean - self.mean;
        let old = self.sums;
        // powers of −b δ/n and a δ/n: by how much the two means move
        let (shift_a, shift_b) = (-b / n * delta, a / n * delta);
        for p in 2..=ORDER {
            let mut sum = old[p - 2] + other.sums[p - 2];
            let (mut by_a, mut by_b) = (1.0, 1.0);
            for k in 1..=p - 2 {
                by_a *= shift_a;
                by_b *= shift_b;
                sum += BINOMIAL[p][k] * (by_a * old[p - k - 2] + by_b * other.sums[p - k - 2]);
            }
            let exponent = p as i32;
            sum += a * shift_a.powi(exponent) + b * shift_b.powi(exponent);
            self.sums[p - 2] = sum;
        }
        self.mean += b / n * delta;
        self.count += other.count;
    }

    /// Moments of numbers, with the mean taken first: a little more accurate than adding one by one.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let mut moments = Self::default();
        for block in values.chunks(4096) {
            let mut part = Self::default();
            block.iter().for_each(|x| part.add(*x));
            moments.merge(&part);
        }
        moments
    }

    /// Finite numbers added.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Infinite or undefined numbers met; they enter the mean only.
    #[must_use]
    pub fn infinite(&self) -> u64 {
        self.infinite
    }

    /// m_p = Σ (x − mean)^p / n, for p from 2 to 8; 0 for p = 1 and 1 for p = 0.
    #[must_use]
    pub fn central(&self, p: usize) -> f64 {
        match p {
            0 => 1.0,
            1 => 0.0,
            _ => self.sums.get(p - 2).map_or(f64::NAN, |s| s / self.count as f64),
        }
    }

    /// Sample mean, standard error √(s²/n).
    #[must_use]
    pub fn mean(&self) -> Estimate {
        let n = self.count as usize;
        if self.infinite > 0 {
            return Estimate::from_mean(f64::INFINITY, f64::INFINITY, n + self.infinite as usize);
        }
        if n == 0 {
            return undefined(0);
        }
        let error = if n > 1 {
            (self.sums[0] / (n as f64 - 1.0) / n as f64).max(0.0).sqrt()
        } else {
            f64::INFINITY
        };
        Estimate::from_mean(self.mean, error, n)
    }

    /// Unbiased sample variance, standard error √((m₄ − m₂²)/n).
    #[must_use]
    pub fn variance(&self) -> Estimate {
        self.cumulants()[1]
    }

    /// Cumulants 1 to 4 (k-statistics) with their standard errors; NaN where there are fewer numbers than the order.
    #[must_use]
    pub fn cumulants(&self) -> [Estimate; 4] {
        let size = self.count as usize;
        let n = self.count as f64;
        let m = |p: usize| self.central(p);
        let (m2, m3, m4) = (m(2), m(3), m(4));
        let k2 = n / (n - 1.0) * m2;
        let k3 = n * n / ((n - 1.0) * (n - 2.0)) * m3;
        let k4 = n * n * ((n + 1.0) * m4 - 3.0 * (n - 1.0) * m2 * m2) / ((n - 1.0) * (n - 2.0) * (n - 3.0));
        let of_variance = m4 - m2 * m2;
        let of_third = m(6) - m3 * m3 - 6.0 * m2 * m4 + 9.0 * m2.powi(3);
        let of_fourth = m(8) - m4 * m4 + 16.0 * m2 * m3 * m3 + 36.0 * m2 * m2 * (m4 - m2 * m2)
            - 8.0 * m3 * m(5)
            - 12.0 * m2 * (m(6) - m4 * m2)
            + 48.0 * m2 * m3 * m3;
        let estimate = |order: usize, value: f64, spread: f64| {
            if size < order || self.infinite > 0 {
                return undefined(size);
            }
            Estimate::from_mean(value, (spread.max(0.0) / n).sqrt(), size)
        };
        [
            self.mean(),
            estimate(2, k2, of_variance),
            estimate(3, k3, of_third),
            estimate(4, k4, of_fourth),
        ]
    }

    pub(crate) fn write(&self, words: &mut Vec<u64>) {
        words.extend([self.count, self.infinite, self.mean.to_bits()]);
        words.extend(self.sums.iter().map(|s| s.to_bits()));
    }

    pub(crate) fn read(words: &mut impl Iterator<Item = u64>) -> Option<Self> {
        let (count, infinite, mean) = (words.next()?, words.next()?, f64::from_bits(words.next()?));
        let mut sums = [0.0; ORDER - 1];
        for s in &mut sums {
            *s = f64::from_bits(words.next()?);
        }
        Some(Self {
            count,
            infinite,
            mean,
            sums,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_testing::assert_close;

    #[test]
    fn merged_blocks_agree_with_two_passes_over_all_numbers() {
        let x: Vec<f64> = (0..1000)
            .map(|i| (f64::from(i) * 0.7).sin().exp() + 100.0)
            .collect();
        let mut merged = Moments::default();
        for block in x.chunks(37) {
            let mut part = Moments::default();
            block.iter().for_each(|x| part.add(*x));
            merged.merge(&part);
        }
        let mean = x.iter().sum::<f64>() / 1000.0;
        assert_close("mean", merged.mean().value, mean, 1e-14, 0.0);
        for p in 2..=8 {
            let direct = x.iter().map(|x| (x - mean).powi(p)).sum::<f64>() / 1000.0;
            // values near 100 know their distance from the mean to 1e-14
            assert_close("central moment", merged.central(p as usize), direct, 1e-11, 0.0);
        }
    }

    #[test]
    fn k_statistics_of_five_numbers_are_those_of_the_textbook() {
        // 1, 2, 3, 4, 10: mean 4, Σd² = 50, Σd³ = 180, Σd⁴ = 1394
        let k = Moments::of(&[1.0, 2.0, 3.0, 4.0, 10.0]).cumulants();
        assert_close("k2", k[1].value, 50.0 / 4.0, 1e-14, 0.0);
        assert_close("k3", k[2].value, 5.0 * 180.0 / (4.0 * 3.0), 1e-14, 0.0);
        let (m4, m2) = (1394.0 / 5.0, 10.0);
        let k4 = 25.0 * (6.0 * m4 - 12.0 * m2 * m2) / (4.0 * 3.0 * 2.0);
        assert_close("k4", k[3].value, k4, 1e-13, 0.0);
    }

    #[test]
    fn an_infinite_number_is_said_and_too_few_numbers_are_undefined() {
        let mut moments = Moments::of(&[1.0, 2.0]);
        assert!(moments.cumulants()[2].value.is_nan());
        moments.add(f64::INFINITY);
        assert_eq!(moments.mean().value, f64::INFINITY);
        assert_eq!((moments.count(), moments.infinite()), (2, 1));
    }

    #[test]
    fn its_words_restore_the_same_bits() {
        let moments = Moments::of(&[0.1, 0.2, 0.7]);
        let mut words = Vec::new();
        moments.write(&mut words);
        assert_eq!(Moments::read(&mut words.into_iter()), Some(moments));
    }
}

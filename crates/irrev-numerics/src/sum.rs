//! Compensated sums in a fixed order.
//!
//! Neumaier's variant of Kahan's summation: the error of a sum of n terms is about one rounding of the result plus
//! n ε² of the sum of magnitudes, instead of n ε. Sums over large arrays are split into blocks of a fixed size,
//! so the result does not depend on the number of threads.

use rayon::prelude::*;

/// Length of one block of a parallel sum; part of the definition of the result, so it never changes.
const BLOCK: usize = 4096;

/// Running compensated sum (Neumaier, Z. Angew. Math. Mech. 54, 39 (1974)).
///
/// ```
/// use irrev_numerics::sum::CompensatedSum;
/// let mut sum = CompensatedSum::default();
/// for x in [1.0, 1e100, 1.0, -1e100] { sum.add(x); }
/// assert_eq!(sum.value(), 2.0);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CompensatedSum {
    sum: f64,
    lost: f64,
}

impl CompensatedSum {
    /// Adds one term.
    #[inline]
    pub fn add(&mut self, x: f64) {
        let t = self.sum + x;
        if self.sum.abs() >= x.abs() {
            self.lost += (self.sum - t) + x;
        } else {
            self.lost += (x - t) + self.sum;
        }
        self.sum = t;
    }

    /// The sum so far. An infinite or undefined sum stays what it is (∞ − ∞ in the correction is not added).
    #[inline]
    #[must_use]
    pub fn value(&self) -> f64 {
        if self.lost.is_finite() {
            self.sum + self.lost
        } else {
            self.sum
        }
    }
}

impl FromIterator<f64> for CompensatedSum {
    fn from_iter<I: IntoIterator<Item = f64>>(terms: I) -> Self {
        let mut sum = Self::default();
        for x in terms {
            sum.add(x);
        }
        sum
    }
}

/// Compensated sum of the terms in their order.
#[must_use]
pub fn compensated_sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    terms.into_iter().collect::<CompensatedSum>().value()
}

/// Compensated inner product Σ xᵢ yᵢ (terms rounded once, their sum compensated).
#[must_use]
pub fn inner_product(x: &[f64], y: &[f64]) -> f64 {
    compensated_sum(x.iter().zip(y).map(|(a, b)| a * b))
}

/// Σᵢ term(i) for i in 0..n over fixed blocks, in parallel when it pays; the same bits for any number of threads.
#[must_use]
pub fn blocked_sum(n: usize, term: impl Fn(usize) -> f64 + Sync) -> f64 {
    let block = |b: usize| compensated_sum((b * BLOCK..((b + 1) * BLOCK).min(n)).map(&term));
    let blocks = n.div_ceil(BLOCK);
    if blocks < 8 {
        return compensated_sum((0..blocks).map(block));
    }
    let partial: Vec<f64> = (0..blocks).into_par_iter().map(block).collect();
    compensated_sum(partial)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_terms_stay_infinite() {
        assert_eq!(compensated_sum([1.0, f64::INFINITY, 2.0]), f64::INFINITY);
        assert!(compensated_sum([f64::INFINITY, f64::NEG_INFINITY]).is_nan());
    }

    #[test]
    fn a_blocked_sum_has_the_same_bits_for_any_number_of_threads() {
        let sum_on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| blocked_sum(100_003, |i| (i as f64).sin() * 1e3))
                .to_bits()
        };
        assert_eq!(sum_on(1), sum_on(2));
        assert_eq!(sum_on(1), sum_on(5));
    }
}

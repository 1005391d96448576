//! A running product of ratios that stands for the sum of their logarithms, and a running sum that keeps its rounding.

use irrev_numerics::special::log_ratio;

/// The product is folded into a logarithm before it leaves this range.
const LARGE: f64 = 1e150;
const SMALL: f64 = 1e-150;

/// Sum carried as value and rounding (Knuth's two-sum): about 106 bits.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct LongSum {
    pub(crate) high: f64,
    pub(crate) low: f64,
}

impl LongSum {
    pub(crate) fn add(&mut self, x: f64) {
        let sum = self.high + x;
        let back = sum - self.high;
        self.low += (self.high - (sum - back)) + (x - back);
        // renormalised, so that the low part stays below a rounding of the high one
        self.high = sum + self.low;
        self.low -= self.high - sum;
    }

    pub(crate) fn value(self) -> f64 {
        self.high + self.low
    }

    /// `t` − self, without losing what both have in common.
    pub(crate) fn until(self, t: f64) -> f64 {
        (t - self.high) - self.low
    }
}

/// Σ ln(ratio) with its largest and smallest partial sum; starts at 0.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LogProduct {
    product: f64,
    largest: f64,
    smallest: f64,
    folded: LongSum,
    maximum: f64,
    minimum: f64,
}

impl LogProduct {
    pub(crate) const WORDS: usize = 7;

    pub(crate) fn new() -> Self {
        Self {
            product: 1.0,
            largest: 1.0,
            smallest: 1.0,
            folded: LongSum::default(),
            maximum: 0.0,
            minimum: 0.0,
        }
    }

    /// Adds ln(forward/backward); false, and nothing is added, if `backward` is zero.
    #[inline(always)]
    pub(crate) fn add(&mut self, forward: f64, backward: f64) -> bool {
        let product = self.product * (forward / backward);
        if product < LARGE && product > SMALL {
            self.product = product;
            // written as choices, not as branches: a new extreme is as likely as not where entropy grows
            self.largest = if product > self.largest {
                product
            } else {
                self.largest
            };
            self.smallest = if product < self.smallest {
                product
            } else {
                self.smallest
            };
            true
        } else {
            self.fold(forward, backward)
        }
    }

    /// Adds k ln(forward/backward); false, and nothing is added, if `backward` is zero.
    pub(crate) fn add_many(&mut self, k: f64, forward: f64, backward: f64) -> bool {
        if !(backward > 0.0) {
            return false;
        }
        self.maximum = self.maximum();
        self.minimum = self.minimum();
        self.folded.add(self.product.ln());
        self.folded.add(k * log_ratio(forward, backward));
        (self.product, self.largest, self.smallest) = (1.0, 1.0, 1.0);
        true
    }

    #[cold]
    #[inline(never)]
    fn fold(&mut self, forward: f64, backward: f64) -> bool {
        self.add_many(1.0, forward, backward)
    }

    pub(crate) fn value(&self) -> f64 {
        self.folded.value() + self.product.ln()
    }

    pub(crate) fn maximum(&self) -> f64 {
        self.maximum.max(self.folded.value() + self.largest.ln())
    }

    pub(crate) fn minimum(&self) -> f64 {
        self.minimum.min(self.folded.value() + self.smallest.ln())
    }

    pub(crate) fn words(&self) -> [f64; Self::WORDS] {
        let LongSum { high, low } = self.folded;
        [
            self.product,
            self.largest,
            self.smallest,
            high,
            low,
            self.maximum,
            self.minimum,
        ]
    }

    pub(crate) fn from_words(w: [f64; Self::WORDS]) -> Self {
        let [product, largest, smallest, high, low, maximum, minimum] = w;
        Self {
            product,
            largest,
            smallest,
            folded: LongSum { high, low },
            maximum,
            minimum,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_of_ratios_is_the_sum_of_logarithms_over_any_range() {
        // ratios over 600 decades, the sum of both signs; each rounding of the product is one ε of the sum
        let mut product = LogProduct::new();
        let (mut sum, mut highest, mut lowest) = (0.0_f64, 0.0_f64, 0.0_f64);
        for k in 0..100_000_i64 {
            let decade = |step: i64| 10_f64.powi(((k * step) % 301) as i32 - 150);
            let (forward, backward) = (1.3 * decade(7919), 0.7 * decade(104_729));
            assert!(product.add(forward, backward));
            sum += log_ratio(forward, backward);
            highest = highest.max(sum);
            lowest = lowest.min(sum);
        }
        let error = 1e5 * f64::EPSILON * 1e5;
        assert!((product.value() - sum).abs() < error);
        assert!((product.maximum() - highest).abs() < error && (product.minimum() - lowest).abs() < error);
    }

    #[test]
    fn a_ratio_without_a_reverse_is_refused_and_leaves_the_sum() {
        let mut product = LogProduct::new();
        assert!(product.add(2.0, 1.0) && !product.add(1.0, 0.0));
        assert_eq!(product.value(), 2_f64.ln());
        assert!(product.add(1e-300, 1e300));
        assert!((product.value() - (2_f64.ln() - 600.0 * 10_f64.ln())).abs() < 1e-12);
    }

    #[test]
    fn a_long_sum_keeps_steps_below_the_rounding_of_the_total() {
        let mut time = LongSum::default();
        time.add(1e9);
        for _ in 0..1_000_000 {
            time.add(1e-9);
        }
        assert!((time.until(1e9) + 1e-3).abs() < 1e-15);
    }
}

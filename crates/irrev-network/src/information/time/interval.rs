//! Intervals that contain a number for certain: the little of interval arithmetic that the search for maxima needs.

use std::ops::{Add, Mul, Sub};

/// A closed interval, rounded outwards by every operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Interval {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Interval {
    fn outwards(low: f64, high: f64) -> Self {
        Self {
            low: low.next_down(),
            high: high.next_up(),
        }
    }

    pub(super) fn around(centre: f64, radius: f64) -> Self {
        Self::outwards(centre - radius, centre + radius)
    }

    pub(super) fn zero() -> Self {
        Self { low: 0.0, high: 0.0 }
    }

    /// The quotient by an interval of positive numbers; everything if it is not positive.
    pub(super) fn over(self, divisor: Self) -> Self {
        if !(divisor.low > 0.0) {
            return Self {
                low: f64::NEG_INFINITY,
                high: f64::INFINITY,
            };
        }
        self * Self::outwards(divisor.high.recip(), divisor.low.recip())
    }

    pub(super) fn times(self, factor: f64) -> Self {
        let (a, b) = (self.low * factor, self.high * factor);
        Self::outwards(a.min(b), a.max(b))
    }

    /// −1 or 1 if all its numbers have that sign; 0 if not.
    pub(super) fn sign(self) -> i8 {
        if self.low > 0.0 {
            1
        } else if self.high < 0.0 {
            -1
        } else {
            0
        }
    }
}

impl Add for Interval {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::outwards(self.low + other.low, self.high + other.high)
    }
}

impl Sub for Interval {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::outwards(self.low - other.high, self.high - other.low)
    }
}

impl Mul for Interval {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let products = [
            self.low * other.low,
            self.low * other.high,
            self.high * other.low,
            self.high * other.high,
        ];
        // 0 · ∞ is undefined, and so is what it bounds
        if products.iter().any(|p| p.is_nan()) {
            return Self {
                low: f64::NEG_INFINITY,
                high: f64::INFINITY,
            };
        }
        let low = products.iter().fold(f64::INFINITY, |least, p| least.min(*p));
        let high = products.iter().fold(f64::NEG_INFINITY, |most, p| most.max(*p));
        Self::outwards(low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_contain_what_they_bound() {
        let (x, y) = (Interval::around(1.0, 0.5), Interval::around(-2.0, 0.25));
        for (a, b) in [(0.5, -2.25), (1.0, -2.0), (1.5, -1.75), (0.7, -1.8)] {
            let holds = |i: Interval, v: f64| i.low <= v && v <= i.high;
            assert!(holds(x + y, a + b) && holds(x - y, a - b) && holds(x * y, a * b));
            assert!(holds(y.over(x), b / a) && holds(x.times(-3.0), -3.0 * a));
        }
        assert_eq!((x * y).sign(), -1);
        assert_eq!(x.over(Interval::around(0.0, 1.0)).sign(), 0);
    }
}

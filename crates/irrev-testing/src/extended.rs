//! Double-double arithmetic (about 32 digits), and stationary distributions computed in it.
//!
//! A number is an unevaluated sum of two doubles that do not overlap. Products use the fused multiply-add, whose error term is exact.
//!
//! Sources: Dekker, Numer. Math. 18, 224 (1971); Hida, Li and Bailey, Proc. 15th IEEE Symposium on Computer Arithmetic, 155 (2001).

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number with about 32 significant digits, in the range of doubles.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DoubleDouble {
    high: f64,
    low: f64,
}

impl DoubleDouble {
    /// Zero.
    pub const ZERO: Self = Self { high: 0.0, low: 0.0 };

    fn normalised(high: f64, low: f64) -> Self {
        let sum = high + low;
        Self {
            high: sum,
            low: low - (sum - high),
        }
    }

    /// The nearest double.
    #[must_use]
    pub fn value(self) -> f64 {
        self.high + self.low
    }
}

impl From<f64> for DoubleDouble {
    fn from(high: f64) -> Self {
        Self { high, low: 0.0 }
    }
}

impl Add for DoubleDouble {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (a, b) = (self.high, other.high);
        let sum = a + b;
        let part = sum - a;
        let error = (a - (sum - part)) + (b - part);
        Self::normalised(sum, error + (self.low + other.low))
    }
}

impl Neg for DoubleDouble {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            high: -self.high,
            low: -self.low,
        }
    }
}

impl Sub for DoubleDouble {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for DoubleDouble {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let product = self.high * other.high;
        let error = self.high.mul_add(other.high, -product);
        Self::normalised(product, error + (self.high * other.low + self.low * other.high))
    }
}

impl Div for DoubleDouble {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let first = self.high / other.high;
        let rest = self - other * first.into();
        let second = rest.high / other.high;
        let rest = rest - other * second.into();
        Self::normalised(first, second) + (rest.high / other.high).into()
    }
}

/// Stationary distribution of an irreducible process with channels (x, y, k⁺, k⁻), by elimination of states in double-double
/// arithmetic: every probability is right to the last bit of its double but for rounding.
///
/// ```
/// let p = irrev_testing::extended::stationary_distribution(2, &[(0, 1, 1.0, 3.0)]);
/// assert_eq!(p, [0.75, 0.25]);
/// ```
#[must_use]
pub fn stationary_distribution(states: usize, channels: &[(usize, usize, f64, f64)]) -> Vec<f64> {
    let mut rate = vec![vec![DoubleDouble::ZERO; states]; states];
    for &(x, y, forward, backward) in channels {
        rate[x][y] = rate[x][y] + forward.into();
        rate[y][x] = rate[y][x] + backward.into();
    }
    // censor states from the last on: those that remain are visited in unchanged proportions
    let mut exit = vec![DoubleDouble::ZERO; states];
    for k in (1..states).rev() {
        exit[k] = rate[k][..k].iter().fold(DoubleDouble::ZERO, |sum, r| sum + *r);
        let (before, row) = rate.split_at_mut(k);
        let row = &row[0];
        for (i, others) in before.iter_mut().enumerate() {
            let share = others[k] / exit[k];
            for j in (0..k).filter(|&j| j != i) {
                others[j] = others[j] + share * row[j];
            }
        }
    }
    let mut weight = vec![DoubleDouble::from(1.0)];
    for k in 1..states {
        let inflow = (0..k).fold(DoubleDouble::ZERO, |sum, i| sum + weight[i] * rate[i][k]);
        weight.push(inflow / exit[k]);
    }
    let total = weight.iter().fold(DoubleDouble::ZERO, |sum, w| sum + *w);
    weight.iter().map(|w| (*w / total).value()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_times_three_is_one_to_thirty_digits() {
        let third = DoubleDouble::from(1.0) / 3.0.into();
        assert!((third * 3.0.into() - 1.0.into()).value().abs() < 1e-31);
        let tenth = DoubleDouble::from(1.0) / 10.0.into();
        let sum = (0..10).fold(DoubleDouble::ZERO, |sum, _| sum + tenth);
        assert!((sum - 1.0.into()).value().abs() < 1e-31);
    }

    #[test]
    fn a_birth_death_chain_has_its_product_form() {
        let p = stationary_distribution(4, &[(0, 1, 1e-9, 1.0), (1, 2, 1e-9, 1.0), (2, 3, 1e-9, 1.0)]);
        for k in 1..4 {
            assert!((p[k] / p[k - 1] / 1e-9 - 1.0).abs() < 4.0 * f64::EPSILON);
        }
    }
}

//! Averages of exponentials, kept without overflow.
//!
//! For numbers l = ln w the accumulator keeps the largest l, Σ e^{l − max} and Σ e^{2(l − max)}; so ⟨w⟩, its standard error, the effective
//! sample size (Σw)²/Σw² and the largest share max w/Σw are available, even where w itself leaves the range of numbers.
//!
//! Source for the effective sample size: Kong, University of Chicago technical report 348 (1992).

use irrev_numerics::Estimate;

use super::{NORMAL_95, undefined};

/// ⟨w⟩ of non-negative numbers given by their logarithms.
///
/// ```
/// use irrev_network::simulation::estimators::ExponentialAverage;
/// let mut average = ExponentialAverage::default();
/// for l in [1000.0, 1000.0 + 3_f64.ln()] { average.add(l); }
/// let log = average.log_mean();                                                  // (1 + 3)/2 = 2
/// assert!((log.value + log.bias_correction - (1000.0 + 2_f64.ln())).abs() < 1e-12);
/// assert!((average.effective_sample_size() - 1.6).abs() < 1e-12);                // 16/10
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExponentialAverage {
    count: u64,
    largest: f64,
    sum: f64,
    squares: f64,
}

impl Default for ExponentialAverage {
    fn default() -> Self {
        Self {
            count: 0,
            largest: f64::NEG_INFINITY,
            sum: 0.0,
            squares: 0.0,
        }
    }
}

impl ExponentialAverage {
    /// Average over the logarithms of weights.
    #[must_use]
    pub fn of(logarithms: impl IntoIterator<Item = f64>) -> Self {
        let mut average = Self::default();
        logarithms.into_iter().for_each(|l| average.add(l));
        average
    }

    /// Adds w = e^l; l = −∞ adds a zero.
    pub fn add(&mut self, l: f64) {
        self.merge(&Self {
            count: 1,
            largest: l,
            sum: f64::from(u8::from(l > f64::NEG_INFINITY)),
            squares: f64::from(u8::from(l > f64::NEG_INFINITY)),
        });
    }

    /// Joins another average.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        if other.sum == 0.0 {
            return;
        }
        if self.sum == 0.0 {
            *self = Self {
                count: self.count,
                ..*other
            };
            return;
        }
        let largest = self.largest.max(other.largest);
        let (a, b) = ((self.largest - largest).exp(), (other.largest - largest).exp());
        self.sum = self.sum * a + other.sum * b;
        self.squares = self.squares * a * a + other.squares * b * b;
        self.largest = largest;
    }

    /// Numbers added, zeros included.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// (Σw)²/Σw²: how many equal weights would know the mean as well; 0 if all are zero.
    #[must_use]
    pub fn effective_sample_size(&self) -> f64 {
        if self.squares > 0.0 {
            self.sum * self.sum / self.squares
        } else {
            0.0
        }
    }

    /// max w/Σw; 0 if all are zero.
    #[must_use]
    pub fn largest_share(&self) -> f64 {
        if self.sum > 0.0 { 1.0 / self.sum } else { 0.0 }
    }

    /// Standard deviation of w over its mean, over √n.
    fn relative_error(&self) -> f64 {
        let n = self.count as f64;
        if self.count < 2 || self.sum == 0.0 {
            return f64::INFINITY;
        }
        let spread = n * self.squares / (self.sum * self.sum) - 1.0;
        (spread.max(0.0) / (n - 1.0)).sqrt()
    }

    /// ⟨w⟩ with its standard error.
    #[must_use]
    pub fn mean(&self) -> Estimate {
        let n = self.count as usize;
        if n == 0 {
            return undefined(0);
        }
        if self.sum == 0.0 {
            return Estimate::from_mean(0.0, if n > 1 { 0.0 } else { f64::INFINITY }, n);
        }
        let mean = (self.largest + (self.sum / n as f64).ln()).exp();
        Estimate::from_mean(mean, mean * self.relative_error(), n)
    }

    /// ln⟨w⟩ with its standard error (delta method) and its bias −error²/2, which is subtracted.
    #[must_use]
    pub fn log_mean(&self) -> Estimate {
        let n = self.count as usize;
        if self.sum == 0.0 {
            return undefined(n);
        }
        let error = self.relative_error();
        let bias = if error.is_finite() {
            -0.5 * error * error
        } else {
            0.0
        };
        let value = self.largest + (self.sum / n as f64).ln() - bias;
        // what second order adds to the spread: the bias itself is uncertain by about its own size
        let total = error.hypot(bias);
        Estimate {
            interval: (value - NORMAL_95 * total, value + NORMAL_95 * total),
            bias_correction: bias,
            ..Estimate::from_mean(value, total, n)
        }
    }

    pub(crate) fn write(&self, words: &mut Vec<u64>) {
        let numbers = [self.largest, self.sum, self.squares];
        words.push(self.count);
        words.extend(numbers.map(f64::to_bits));
    }

    pub(crate) fn read(words: &mut impl Iterator<Item = u64>) -> Option<Self> {
        let count = words.next()?;
        let mut number = || words.next().map(f64::from_bits);
        Some(Self {
            count,
            largest: number()?,
            sum: number()?,
            squares: number()?,
        })
    }
}

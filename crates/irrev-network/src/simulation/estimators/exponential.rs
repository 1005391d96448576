//! Averages of exponentials, kept without overflow.
//!
//! For numbers l = ln w the accumulator keeps the largest l and the sums of w, w², w³, √w and ⁴√w in units of e^max; so ⟨w⟩, its
//! standard error, its skewness, the effective sample size (Σw)²/Σw² and the largest share max w/Σw are available, even where w itself
//! leaves the range of numbers.
//!
//! Large w are rare, so samples that lack them have too small a mean and too short an error bar. Intervals therefore lean upwards by the
//! skewness of w (Hall) and by the largest weight once more. Whether the sample reaches the weights that matter at all is better read
//! off the low moments, which do not depend on the rarest ones: [`ExponentialAverage::log_spread`].
//!
//! Sources: Kong, University of Chicago technical report 348 (1992), for the effective sample size; Hall, J. R. Stat. Soc. B 54, 221
//! (1992), for the interval.

use irrev_numerics::Estimate;

use super::skewness::studentised;
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
    cubes: f64,
    roots: f64,
    fourth_roots: f64,
}

/// A variance below this part of the squared mean is rounding.
const EQUAL: f64 = 1e-13;

impl Default for ExponentialAverage {
    fn default() -> Self {
        Self {
            count: 0,
            largest: f64::NEG_INFINITY,
            sum: 0.0,
            squares: 0.0,
            cubes: 0.0,
            roots: 0.0,
            fourth_roots: 0.0,
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
        let unit = f64::from(u8::from(l > f64::NEG_INFINITY));
        self.merge(&Self {
            count: 1,
            largest: l,
            sum: unit,
            squares: unit,
            cubes: unit,
            roots: unit,
            fourth_roots: unit,
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
        // fourth roots of the two units, in the new one
        let (a, b) = (
            (0.25 * (self.largest - largest)).exp(),
            (0.25 * (other.largest - largest)).exp(),
        );
        let joined = |mine: f64, its: f64, power: i32| mine * a.powi(power) + its * b.powi(power);
        *self = Self {
            count: self.count,
            largest,
            sum: joined(self.sum, other.sum, 4),
            squares: joined(self.squares, other.squares, 8),
            cubes: joined(self.cubes, other.cubes, 12),
            roots: joined(self.roots, other.roots, 2),
            fourth_roots: joined(self.fourth_roots, other.fourth_roots, 1),
        };
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

    /// Skewness of w over √n: how far the sample mean leans towards too small values, in standard errors; 0 for equal weights.
    ///
    /// At 1 one weight holds all of the variance; at ½ about two fifths of it.
    #[must_use]
    pub fn lean(&self) -> f64 {
        let n = self.count as f64;
        let mean = self.sum / n;
        let variance = self.squares / n - mean * mean;
        if !(variance > EQUAL * mean * mean) {
            return 0.0;
        }
        let third = self.cubes / n - mean * (3.0 * self.squares / n - 2.0 * mean * mean);
        third / (variance * (n * variance).sqrt())
    }

    /// 16 ln(⟨√w⟩/⟨⁴√w⟩²): the variance of ln w if it is normal, and otherwise how strongly ln⟨w^q⟩ bends between q = ¼ and ½.
    ///
    /// e^{this} predicts ⟨w²⟩/⟨w⟩² from moments that every sample knows, also one in which no weight is drawn that rules ⟨w⟩.
    #[must_use]
    pub fn log_spread(&self) -> f64 {
        let n = self.count as f64;
        if self.sum == 0.0 {
            return f64::NAN;
        }
        (16.0 * ((self.roots / n).ln() - 2.0 * (self.fourth_roots / n).ln())).max(0.0)
    }

    /// ⟨w⟩ with its standard error and a 95 % interval that leans towards the weights that were not drawn.
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
        let (below, above) = self.relative_interval();
        Estimate {
            interval: (mean * below, mean * above),
            ..Estimate::from_mean(mean, mean * self.relative_error(), n)
        }
    }

    /// The 95 % interval of ⟨w⟩ over the sample mean.
    fn relative_interval(&self) -> (f64, f64) {
        let (error, lean) = (self.relative_error(), self.lean());
        if error == 0.0 || error.is_infinite() {
            return (1.0 - error, 1.0 + error);
        }
        let below = 1.0 - error * studentised(NORMAL_95, lean);
        let above = 1.0 - error * studentised(-NORMAL_95, lean);
        // one more weight like the largest may be missing
        (below.max(0.0), above + self.largest_share())
    }

    /// ln⟨w⟩ with its standard error (delta method) and its bias −error²/2, which is subtracted; the interval is that of ⟨w⟩.
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
        let naive = self.largest + (self.sum / n as f64).ln();
        let (below, above) = self.relative_interval();
        Estimate {
            interval: (naive + below.max(0.0).ln(), naive + above.ln()),
            bias_correction: bias,
            // what second order adds to the spread: the bias itself is uncertain by about its own size
            ..Estimate::from_mean(naive - bias, error.hypot(bias), n)
        }
    }

    pub(crate) fn write(&self, words: &mut Vec<u64>) {
        let numbers = [
            self.largest,
            self.sum,
            self.squares,
            self.cubes,
            self.roots,
            self.fourth_roots,
        ];
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
            cubes: number()?,
            roots: number()?,
            fourth_roots: number()?,
        })
    }
}

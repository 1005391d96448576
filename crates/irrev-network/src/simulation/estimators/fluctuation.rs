//! Fluctuation theorems on samples: ⟨e^{−Σ}⟩ = 1 − missing weight, and P(s) = P(−s) e^{s}.
//!
//! ⟨e^{−Σ}⟩ is ruled by rare trajectories with Σ < 0. Where they are absent from the sample its mean is far below 1 with a small
//! apparent error; the record says so by [`Reliability`] instead of letting the number speak.
//!
//! For the detailed theorem a histogram of any bin width is exact: P(−bin) = ⟨e^{−s}; bin⟩, so each bin is placed at
//! s* = −ln⟨e^{−s}⟩ over its samples, where ln P(bin)/P(−bin) = s* holds without a discretisation error.
//!
//! Sources: Seifert, Phys. Rev. Lett. 95, 040602 (2005); Murashita, Funo and Ueda, Phys. Rev. E 90, 042110 (2014); Evans and Searles,
//! Adv. Phys. 51, 1529 (2002).

use std::collections::BTreeMap;

use irrev_numerics::Estimate;
use irrev_numerics::sum::compensated_sum;

use super::ExponentialAverage;
use crate::error::Result;

/// A weight above this share of the sum rules the average.
const LARGEST_SHARE: f64 = 0.1;

/// Fewer effective samples than this do not know their own spread.
const FEW_SAMPLES: f64 = 100.0;

/// A sample mean this many standard errors from the theorem's value contradicts it.
const CONTRADICTION: f64 = 5.0;

/// Samples that a bin needs on each side.
const LEAST_COUNT: u64 = 20;

/// Whether an exponential average may be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reliability {
    /// No sign of trouble.
    Sound,
    /// One trajectory holds more than 10 % of the sum: rarer ones would change it. Take more, or tilt the dynamics.
    RuledByOne,
    /// Fewer than 100 effective samples.
    FewEffectiveSamples,
    /// More than 5 standard errors from the theorem's value: the trajectories that matter were never drawn, or the theorem does
    /// not apply (absolute irreversibility not accounted for).
    Contradiction,
}

/// ⟨e^{−Σ}⟩ of a sample against what the integral fluctuation theorem demands.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct IntegralFluctuation {
    /// ⟨e^{−Σ}⟩.
    pub mean: Estimate,
    /// ln⟨e^{−Σ}⟩, bias-corrected.
    pub log_mean: Estimate,
    /// 1 − missing weight.
    pub expected: f64,
    /// (mean − expected) / standard error; 0 for an exact agreement without spread.
    pub deviation: f64,
    /// (Σw)²/Σw² of the weights w = e^{−Σ}.
    pub effective_sample_size: f64,
    /// Share of the largest weight.
    pub largest_share: f64,
    /// Whether all this may be believed.
    pub reliability: Reliability,
}

/// Judges an average of e^{−Σ}; `missing_weight` is the known weight of reversed trajectories that end where p₀ = 0 (0 if there are none).
///
/// ```
/// use irrev_network::simulation::estimators::{ExponentialAverage, Reliability, integral_fluctuation};
/// let ln3 = 3_f64.ln();                                        // P(Σ = ln 3) = 3/4, P(Σ = −ln 3) = 1/4
/// let sample = (0..4000).map(|i| if i % 4 == 0 { -ln3 } else { ln3 });
/// let ift = integral_fluctuation(&ExponentialAverage::of(sample.map(|s| -s)), 0.0)?;
/// assert!((ift.mean.value - 1.0).abs() < 1e-12 && ift.reliability == Reliability::Sound);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Domain`] for a missing weight outside [0, 1).
pub fn integral_fluctuation(
    average: &ExponentialAverage,
    missing_weight: f64,
) -> Result<IntegralFluctuation> {
    crate::require(
        "missing weight",
        missing_weight,
        (0.0..1.0).contains(&missing_weight),
        "a probability below 1",
    )?;
    let mean = average.mean();
    let expected = 1.0 - missing_weight;
    let difference = mean.value - expected;
    // weights that are all equal are known to rounding
    let rounding = 1e-12 * expected;
    let deviation = if difference.abs() <= rounding {
        0.0
    } else {
        difference / mean.standard_error
    };
    let (effective, share) = (average.effective_sample_size(), average.largest_share());
    let reliability = if share > LARGEST_SHARE {
        Reliability::RuledByOne
    } else if effective < FEW_SAMPLES {
        Reliability::FewEffectiveSamples
    } else if !(deviation.abs() <= CONTRADICTION) {
        Reliability::Contradiction
    } else {
        Reliability::Sound
    };
    Ok(IntegralFluctuation {
        mean,
        log_mean: average.log_mean(),
        expected,
        deviation,
        effective_sample_size: effective,
        largest_share: share,
        reliability,
    })
}

/// One pair of bins ±s.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct DetailedBin {
    /// s* = −ln⟨e^{−s}⟩ over the samples of the positive bin, in nats.
    pub entropy: f64,
    /// ln P(bin)/P(−bin).
    pub log_ratio: f64,
    /// Standard error of the difference between the two.
    pub standard_error: f64,
    /// Samples in the positive and in the negative bin.
    pub counts: (u64, u64),
}

/// ln P(s)/P(−s) against s: a line of slope 1 through the origin if the detailed fluctuation theorem holds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DetailedFluctuation {
    /// Bins with at least 20 samples on each side, ascending.
    pub bins: Vec<DetailedBin>,
    /// Slope of the weighted line through the origin.
    pub slope: Estimate,
    /// Σ (residual/error)² of that line.
    pub chi_squared: f64,
    /// Bins minus one.
    pub degrees_of_freedom: usize,
}

/// Detailed fluctuation theorem on samples of Σ, with bins ((k − ½)w, (k + ½)w] for k = ±1, ±2, …
///
/// Where Σ lives on a lattice, choose its spacing as the width. The bin around 0 says nothing and is left out.
///
/// # Errors
/// [`crate::Error::Domain`] for a width that is not a positive number, or if no bin has 20 samples on both sides.
pub fn detailed_fluctuation(samples: &[f64], width: f64) -> Result<DetailedFluctuation> {
    crate::require(
        "bin width",
        width,
        width.is_finite() && width > 0.0,
        "a finite number above 0",
    )?;
    // per bin: positive count, Σ e^{−s}, Σ e^{−2s} relative to the centre, negative count
    let mut bins: BTreeMap<i64, (u64, f64, f64, u64)> = BTreeMap::new();
    for &s in samples.iter().filter(|s| s.is_finite()) {
        let k = (s.abs() / width).round() as i64;
        if k == 0 {
            continue;
        }
        let bin = bins.entry(k).or_default();
        if s > 0.0 {
            let w = (k as f64 * width - s).exp();
            bin.0 += 1;
            bin.1 += w;
            bin.2 += w * w;
        } else {
            bin.3 += 1;
        }
    }
    let populated = bins.iter().filter(|(_, b)| b.0.min(b.3) >= LEAST_COUNT);
    let bins: Vec<DetailedBin> = populated
        .map(|(&k, &(n, sum, squares, m))| {
            let (plus, minus) = (n as f64, m as f64);
            // half a count more removes the bias −1/(2n) of ln n to first order
            DetailedBin {
                entropy: k as f64 * width - (sum / plus).ln(),
                log_ratio: ((plus + 0.5) / (minus + 0.5)).ln(),
                standard_error: (squares / (sum * sum) + 1.0 / minus).sqrt(),
                counts: (n, m),
            }
        })
        .collect();
    crate::require(
        "number of bins with 20 samples on both sides",
        bins.len() as f64,
        !bins.is_empty(),
        "at least one; take more samples, wider bins, or a shorter interval",
    )?;
    let weighted = |f: &dyn Fn(&DetailedBin) -> f64| {
        compensated_sum(bins.iter().map(|b| f(b) / b.standard_error.powi(2)))
    };
    let information = weighted(&|b| b.entropy * b.entropy);
    let slope = weighted(&|b| b.entropy * b.log_ratio) / information;
    let chi_squared = weighted(&|b| (b.log_ratio - slope * b.entropy).powi(2));
    let used = bins.iter().map(|b| b.counts.0 + b.counts.1).sum::<u64>() as usize;
    Ok(DetailedFluctuation {
        slope: Estimate::from_mean(slope, information.sqrt().recip(), used),
        chi_squared,
        degrees_of_freedom: bins.len() - 1,
        bins,
    })
}

//! The detailed fluctuation theorem on samples: P(s) = P(−s) e^{s}.
//!
//! A histogram of any bins is exact: P(−bin) = ⟨e^{−s}; bin⟩, so each bin is placed at s* = −ln⟨e^{−s}⟩ over its samples, where
//! ln P(bin)/P(−bin) = s* holds without a discretisation error. Given |Σ| the sign is a coin with odds e^{|Σ|}, so bins may be chosen by
//! looking at |Σ|, as long as no sign is looked at: [`balanced_edges`] gives each bin the same expected number of negative samples.
//!
//! Source: Evans and Searles, Adv. Phys. 51, 1529 (2002).

use irrev_numerics::Estimate;
use irrev_numerics::sum::compensated_sum;

use crate::error::Result;

/// Samples that a bin needs on each side.
const LEAST_COUNT: u64 = 20;

/// Two values of |Σ| within this part of each other belong to one point of a lattice.
const SAME: f64 = 1e-9;

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
    /// Bins minus one: with 0 of them `chi_squared` says nothing.
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
    binned(samples, |s| (s / width).round() as usize)
}

/// Detailed fluctuation theorem on samples of Σ, with bins of |Σ| between ascending edges, as from [`balanced_edges`].
///
/// # Errors
/// [`crate::Error::Domain`] for edges that are negative or do not ascend, or if no bin has 20 samples on both sides.
pub fn detailed_fluctuation_between(samples: &[f64], edges: &[f64]) -> Result<DetailedFluctuation> {
    let ascend = |w: &[f64]| w[0] < w[1];
    let first = edges.first().copied().unwrap_or(f64::NAN);
    crate::require(
        "the first edge of the bins",
        first,
        first >= 0.0 && edges.windows(2).all(ascend),
        "a number from 0 on, followed by ascending ones",
    )?;
    let beyond = edges.len();
    binned(samples, |s| {
        let below = edges.partition_point(|edge| *edge < s);
        if below == beyond { 0 } else { below }
    })
}

/// Edges of at most `most` bins of |Σ| in which, if the theorem holds, at least `expected` samples are negative: Σ 1/(1 + e^{|s|}) over the
/// samples of a bin.
///
/// Bins are at least 1/`most` of the range wide that has so many. Points of a lattice are never cut, and 0 itself, which says nothing, lies
/// in no bin. Empty if the samples do not fill one bin.
///
/// ```
/// use irrev_network::simulation::estimators::balanced_edges;
/// // 300 times ±ln 2 and 700 times ±ln 4: 100 and 140 negative ones are expected
/// let (near, far) = (2_f64.ln(), 4_f64.ln());
/// let sample: Vec<f64> = (0..1000).map(|i| if i < 300 { near } else { -far }).collect();
/// let edges = balanced_edges(&sample, 50.0, 24);
/// assert!(edges.len() == 3 && edges[0] < near && near < edges[1] && edges[1] < far && far < edges[2]);
/// assert_eq!(balanced_edges(&sample, 150.0, 24).len(), 2);
/// ```
#[must_use]
pub fn balanced_edges(samples: &[f64], expected: f64, most: usize) -> Vec<f64> {
    let magnitudes = samples.iter().map(|s| s.abs()).filter(|s| s.is_finite());
    let mut sizes: Vec<f64> = magnitudes.collect();
    sizes.sort_by(f64::total_cmp);
    let largest = sizes.last().copied().unwrap_or(0.0);
    let apart = |low: f64, high: f64| high - low > SAME * largest;
    let sizes = &sizes[sizes.partition_point(|s| !apart(0.0, *s))..];
    let negative = |s: &f64| 1.0 / (1.0 + s.exp());
    // beyond the reach fewer negative samples are expected than a bin needs
    let mut above = 0.0;
    let reach = sizes.iter().rev().find(|s| {
        above += negative(s);
        above >= expected
    });
    let (Some(&smallest), Some(&reach)) = (sizes.first(), reach) else {
        return Vec::new();
    };
    let width = (reach - smallest) / most.max(1) as f64;
    let mut edges = vec![0.5 * smallest];
    let (mut begin, mut within) = (smallest, 0.0);
    for pair in sizes.windows(2) {
        within += negative(&pair[0]);
        let (low, high) = (pair[0], pair[1]);
        if low >= reach {
            break;
        }
        let full = within >= expected && high - begin >= width;
        if full && apart(low, high) {
            edges.push(0.5 * (low + high));
            (begin, within) = (high, 0.0);
        }
    }
    // the last bin begins at the reach at the latest, and has what lies beyond
    edges.push(1.5 * largest);
    edges
}

/// What a bin has gathered; weights e^{−s} are relative to its first positive sample.
#[derive(Debug, Clone, Copy, Default)]
struct Gathered {
    first: f64,
    sum: f64,
    squares: f64,
    positive: u64,
    negative: u64,
}

impl Gathered {
    fn add(&mut self, s: f64) {
        if s < 0.0 {
            self.negative += 1;
            return;
        }
        if self.positive == 0 {
            self.first = s;
        }
        let w = (self.first - s).exp();
        self.positive += 1;
        self.sum += w;
        self.squares += w * w;
    }

    fn bin(&self) -> DetailedBin {
        let (plus, minus) = (self.positive as f64, self.negative as f64);
        DetailedBin {
            entropy: self.first - (self.sum / plus).ln(),
            // half a count more removes the bias −1/(2n) of ln n to first order
            log_ratio: ((plus + 0.5) / (minus + 0.5)).ln(),
            standard_error: (self.squares / (self.sum * self.sum) + 1.0 / minus).sqrt(),
            counts: (self.positive, self.negative),
        }
    }
}

/// The theorem with bins numbered from 1 by |Σ|; number 0 is left out.
fn binned(samples: &[f64], number: impl Fn(f64) -> usize) -> Result<DetailedFluctuation> {
    let mut gathered: std::collections::BTreeMap<usize, Gathered> = std::collections::BTreeMap::new();
    for &s in samples.iter().filter(|s| s.is_finite()) {
        match number(s.abs()) {
            0 => {}
            k => gathered.entry(k).or_default().add(s),
        }
    }
    let bins: Vec<DetailedBin> = gathered
        .values()
        .filter(|g| g.positive.min(g.negative) >= LEAST_COUNT)
        .map(Gathered::bin)
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

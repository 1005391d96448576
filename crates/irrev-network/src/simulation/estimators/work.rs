//! Free-energy differences from nonequilibrium work.
//!
//! Starting in equilibrium, ⟨e^{−βW}⟩ = e^{−βΔF} (Jarzynski), and with the reversed protocol P_F(W)/P_R(−W) = e^{β(W − ΔF)} (Crooks).
//! Bennett's acceptance ratio uses both directions with the smallest asymptotic variance: ΔF solves
//! Σ_F f(M + β(W − ΔF)) = Σ_R f(−M + β(W + ΔF)), f(x) = 1/(1 + eˣ), M = ln(n_F/n_R).
//!
//! Sources: Jarzynski, Phys. Rev. Lett. 78, 2690 (1997); Crooks, Phys. Rev. E 60, 2721 (1999); Bennett, J. Comput. Phys. 22, 245 (1976);
//! Zuckerman and Woolf, Phys. Rev. Lett. 89, 180602 (2002) for the bias.

use std::collections::BTreeMap;

use irrev_numerics::Estimate;
use irrev_numerics::sum::compensated_sum;

use super::ExponentialAverage;
use crate::error::Result;

/// Samples that a bin needs from each direction.
const LEAST_COUNT: u64 = 20;

fn check(works: &[&[f64]], inverse_temperature: f64) -> Result<()> {
    crate::require(
        "inverse temperature",
        inverse_temperature,
        inverse_temperature.is_finite() && inverse_temperature > 0.0,
        "a finite number above 0",
    )?;
    for work in works {
        crate::require(
            "number of works",
            work.len() as f64,
            work.len() >= 2,
            "at least 2",
        )?;
        let bad = work.iter().find(|w| !w.is_finite());
        crate::require(
            "work",
            bad.copied().unwrap_or(0.0),
            bad.is_none(),
            "a finite number",
        )?;
    }
    Ok(())
}

/// ΔF = −ln⟨e^{−βW}⟩/β with the bias var(e^{−βW})/(2nβ⟨e^{−βW}⟩²) subtracted; the error bar includes the bias.
///
/// Where the dissipated work is many times k_BT the average is ruled by works that were never drawn, and ΔF comes out too large:
/// judge the weights with [`ExponentialAverage::largest_share`], or use [`bennett_acceptance_ratio`].
///
/// # Errors
/// [`crate::Error::Domain`] for fewer than two works, one that is not finite, or β ≤ 0.
pub fn jarzynski(work: &[f64], inverse_temperature: f64) -> Result<Estimate> {
    check(&[work], inverse_temperature)?;
    let log = ExponentialAverage::of(work.iter().map(|w| -inverse_temperature * w)).log_mean();
    let scale = -inverse_temperature.recip();
    Ok(Estimate {
        interval: (scale * log.interval.1, scale * log.interval.0),
        bias_correction: scale * log.bias_correction,
        ..Estimate::from_mean(scale * log.value, -scale * log.standard_error, work.len())
    })
}

/// f(x) = 1/(1 + eˣ).
fn fermi(x: f64) -> f64 {
    1.0 / (1.0 + x.exp())
}

/// Bennett's estimate of ΔF from works of the forward protocol and of its reverse (each starting in its equilibrium).
///
/// The standard error is Bennett's asymptotic one, Σ over directions of (⟨f²⟩/⟨f⟩² − 1)/n; it is right where the distributions of W
/// and −W_R overlap.
///
/// # Errors
/// As [`jarzynski`].
pub fn bennett_acceptance_ratio(
    forward: &[f64],
    reverse: &[f64],
    inverse_temperature: f64,
) -> Result<Estimate> {
    check(&[forward, reverse], inverse_temperature)?;
    let beta = inverse_temperature;
    let shift = (forward.len() as f64 / reverse.len() as f64).ln();
    let accepted = |f: f64| {
        let ahead = forward.iter().map(move |w| fermi(shift + beta * (w - f)));
        let back = reverse.iter().map(move |w| fermi(-shift + beta * (w + f)));
        (ahead, back)
    };
    // increasing in ΔF, from −n_R to n_F
    let balance = |f: f64| {
        let (ahead, back) = accepted(f);
        let slope: f64 = ahead
            .clone()
            .chain(back.clone())
            .map(|a| beta * a * (1.0 - a))
            .sum();
        (compensated_sum(ahead) - compensated_sum(back), slope)
    };
    let ends = forward.iter().copied().chain(reverse.iter().map(|w| -w));
    let (mut low, mut high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), w| {
        (l.min(w), h.max(w))
    });
    let mut stride = 1.0 / beta;
    while balance(low).0 > 0.0 {
        low -= stride;
        stride *= 2.0;
    }
    while balance(high).0 < 0.0 {
        high += stride;
        stride *= 2.0;
    }
    let mut f = 0.5 * (low + high);
    while high - low > 4.0 * f64::EPSILON * (low.abs() + high.abs() + beta.recip()) {
        let (value, slope) = balance(f);
        if value > 0.0 {
            high = f
        } else {
            low = f
        }
        let newton = f - value / slope;
        let middle = 0.5 * (low + high);
        let next = if newton > low && newton < high {
            newton
        } else {
            middle
        };
        if next == f || value == 0.0 {
            break;
        }
        f = next;
    }
    let (ahead, back) = accepted(f);
    let spread = |values: &mut dyn Iterator<Item = f64>, n: usize| {
        let average = ExponentialAverage::of(values.map(f64::ln));
        average.effective_sample_size().recip() - (n as f64).recip()
    };
    let variance =
        spread(&mut ahead.into_iter(), forward.len()) + spread(&mut back.into_iter(), reverse.len());
    let error = variance.max(0.0).sqrt() / beta;
    Ok(Estimate::from_mean(f, error, forward.len() + reverse.len()))
}

/// The line β(W − ΔF) through ln P_F(W)/P_R(−W).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CrooksFit {
    /// Points (W, ln ratio, standard error); bins with at least 20 works from each direction.
    pub points: Vec<(f64, f64, f64)>,
    /// Fitted slope, β if the theorem holds; NaN with an infinite error for a single bin.
    pub slope: Estimate,
    /// ΔF from the points with the slope fixed at β.
    pub free_energy: Estimate,
    /// Σ (residual/error)² of the line of slope β through ΔF.
    pub chi_squared: f64,
    /// Points minus one.
    pub degrees_of_freedom: usize,
}

/// Crooks' theorem on a histogram of the given bin width.
///
/// A bin is placed at −ln⟨e^{−βW}⟩/β over its forward works, where the theorem is exact for any width.
///
/// # Errors
/// As [`jarzynski`]; [`crate::Error::Domain`] for a width that is not positive, or if no bin has 20 works from each direction.
pub fn crooks(forward: &[f64], reverse: &[f64], inverse_temperature: f64, width: f64) -> Result<CrooksFit> {
    check(&[forward, reverse], inverse_temperature)?;
    crate::require(
        "bin width",
        width,
        width.is_finite() && width > 0.0,
        "a finite number above 0",
    )?;
    let beta = inverse_temperature;
    // per bin: forward count, Σ e^{−βW} and Σ e^{−2βW} relative to the bin's centre, reverse count
    let mut bins: BTreeMap<i64, (u64, f64, f64, u64)> = BTreeMap::new();
    for &w in forward {
        let k = (w / width).round();
        let bin = bins.entry(k as i64).or_default();
        let weight = (beta * (k * width - w)).exp();
        bin.0 += 1;
        bin.1 += weight;
        bin.2 += weight * weight;
    }
    for &w in reverse {
        bins.entry((-w / width).round() as i64).or_default().3 += 1;
    }
    let scale = (reverse.len() as f64 / forward.len() as f64).ln();
    let points: Vec<(f64, f64, f64)> = bins
        .iter()
        .filter(|(_, b)| b.0.min(b.3) >= LEAST_COUNT)
        .map(|(&k, &(n, sum, squares, m))| {
            let (n, m) = (n as f64, m as f64);
            let at = k as f64 * width - (sum / n).ln() / beta;
            let ratio = ((n + 0.5) / (m + 0.5)).ln() + scale;
            (at, ratio, (squares / (sum * sum) + 1.0 / m).sqrt())
        })
        .collect();
    crate::require(
        "number of bins with 20 works from each direction",
        points.len() as f64,
        !points.is_empty(),
        "at least one; the two distributions of work do not overlap",
    )?;
    let weighted =
        |f: &dyn Fn(f64, f64) -> f64| compensated_sum(points.iter().map(|(x, y, e)| f(*x, *y) / (e * e)));
    let total = weighted(&|_, _| 1.0);
    let (mean_x, mean_y) = (weighted(&|x, _| x) / total, weighted(&|_, y| y) / total);
    let used = forward.len() + reverse.len();
    let spread = weighted(&|x, _| (x - mean_x).powi(2));
    let slope = if points.len() > 1 {
        let value = weighted(&|x, y| (x - mean_x) * (y - mean_y)) / spread;
        Estimate::from_mean(value, spread.sqrt().recip(), used)
    } else {
        super::undefined(used)
    };
    let free_energy = mean_x - mean_y / beta;
    Ok(CrooksFit {
        chi_squared: weighted(&|x, y| (y - beta * (x - free_energy)).powi(2)),
        degrees_of_freedom: points.len() - 1,
        slope,
        free_energy: Estimate::from_mean(free_energy, total.sqrt().recip() / beta, used),
        points,
    })
}

//! Survival functions from first-passage times, with trajectories that ended before passing.
//!
//! S(t) = Π_{tᵢ ≤ t} (1 − dᵢ/nᵢ) over the times of passage, nᵢ trajectories still under way and dᵢ passing (Kaplan and Meier);
//! error² = S² Σ dᵢ/(nᵢ(nᵢ − dᵢ)) (Greenwood). Intervals are symmetric in ln(−ln S), so they stay within [0, 1]; where S is still 1 or already
//! 0, Wilson's interval of the trajectories at risk takes their place.
//!
//! Sources: Kaplan and Meier, J. Am. Stat. Assoc. 53, 457 (1958); Kalbfleisch and Prentice, The Statistical Analysis of Failure Time
//! Data (1980), ch. 1.

use irrev_numerics::{Estimate, EstimateKind};

use super::{NORMAL_95, wilson_interval};
use crate::error::{Error, Result};

/// S(t) at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SurvivalPoint {
    /// t.
    pub time: f64,
    /// P(T > t), NaN beyond the last trajectory observed if that one had not passed.
    pub survival: Estimate,
    /// Trajectories observed beyond t.
    pub at_risk: u64,
}

/// A survival function at the times asked for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Survival {
    /// S at the times, in their order.
    pub points: Vec<SurvivalPoint>,
    /// Trajectories that passed.
    pub passed: u64,
    /// Trajectories that ended before passing.
    pub censored: u64,
}

/// Survival function of durations, of which `passed[i]` says whether they ended by passing (else they were cut off).
///
/// ```
/// use irrev_network::simulation::estimators::survival_function;
/// let s = survival_function(&[1.0, 2.0, 2.5, 4.0], &[true, false, true, true], &[0.5, 1.5, 3.0])?;
/// let values: Vec<f64> = s.points.iter().map(|p| p.survival.value).collect();
/// assert_eq!(values, [1.0, 0.75, 0.375]);                                        // 3/4, then half of it
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`] unless there is one flag per duration; [`Error::Domain`] for a duration that is negative or NaN.
pub fn survival_function(durations: &[f64], passed: &[bool], times: &[f64]) -> Result<Survival> {
    if passed.len() != durations.len() {
        return Err(Error::Length {
            what: "flags of passage",
            found: passed.len(),
            expected: durations.len(),
        });
    }
    if let Some(&value) = durations.iter().find(|d| !(**d >= 0.0)) {
        return Err(Error::Domain {
            what: "duration".into(),
            value,
            expected: "a time, not negative",
        });
    }
    let mut order: Vec<(f64, bool)> = durations.iter().copied().zip(passed.iter().copied()).collect();
    // at equal times passages come first: who is cut off at t was still under way at t
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let total = order.len();
    // steps of S: time, S after it, Greenwood's sum after it
    let mut steps: Vec<(f64, f64, f64)> = Vec::new();
    let (mut survival, mut greenwood, mut i) = (1.0, 0.0, 0);
    while i < total {
        let (time, _) = order[i];
        let same = order[i..].iter().take_while(|o| o.0 == time).count();
        let deaths = order[i..i + same].iter().filter(|o| o.1).count() as f64;
        let at_risk = (total - i) as f64;
        if deaths > 0.0 {
            survival *= (at_risk - deaths) / at_risk;
            greenwood += deaths / (at_risk * (at_risk - deaths));
            steps.push((time, survival, greenwood));
        }
        i += same;
    }
    let last_cut = order.last().is_some_and(|o| !o.1);
    let longest = order.last().map_or(0.0, |o| o.0);
    let points = times.iter().map(|&time| {
        let before = steps.partition_point(|s| s.0 <= time);
        let (_, s, g) = before.checked_sub(1).map_or((0.0, 1.0, 0.0), |k| steps[k]);
        let at_risk = (total - order.partition_point(|o| o.0 <= time)) as u64;
        let unknown = total == 0 || (last_cut && time > longest);
        SurvivalPoint {
            time,
            survival: estimate(if unknown { f64::NAN } else { s }, g, total, at_risk),
            at_risk,
        }
    });
    let events = passed.iter().filter(|p| **p).count() as u64;
    Ok(Survival {
        points: points.collect(),
        passed: events,
        censored: total as u64 - events,
    })
}

fn estimate(s: f64, greenwood: f64, total: usize, at_risk: u64) -> Estimate {
    let (error, interval) = if s.is_nan() {
        (f64::INFINITY, (0.0, 1.0))
    } else if s == 1.0 {
        (0.0, wilson_interval(at_risk, at_risk, NORMAL_95))
    } else if s == 0.0 {
        (0.0, wilson_interval(0, total as u64, NORMAL_95))
    } else {
        let root = greenwood.sqrt();
        let factor = (NORMAL_95 * root / s.ln()).exp();
        // ln s < 0: the first factor is below 1 and gives the upper end
        (s * root, (s.powf(1.0 / factor), s.powf(factor)))
    };
    Estimate {
        value: s,
        standard_error: error,
        interval,
        level: 0.95,
        sample_size: total,
        bias_correction: 0.0,
        kind: EstimateKind::Estimate,
    }
}

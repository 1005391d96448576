//! A bound by data that did not choose the current, and the certificate by which it is checked again.
//!
//! Of any current y = θ·g that is odd under reversal of a step, with θ fixed beforehand,
//!
//! ```text
//! ⟨2y − y²/2⟩ ≤ 2⟨y⟩²/⟨y²⟩ ≤ ⟨s⟩ = KL(forward‖backward) ≤ σ dt,
//! ```
//!
//! for steps of any length: ⟨y⟩ = ⟨y tanh(s/2)⟩, hence ⟨y⟩² ≤ ⟨y²⟩⟨tanh²(s/2)⟩, and 2⟨tanh²(s/2)⟩ = 2⟨tanh(s/2)⟩ ≤ ⟨s⟩. The left side is a plain average: on data that did not choose θ it is
//! unbiased for a number that is not above σ dt. The data are cut into contiguous folds; θ = 2⟨ggᵀ⟩⁻¹m comes from all other folds, shortened by the share of the bound there that
//! is no bias, and is evaluated on its own. That makes the bound lower than the plug-in by about as much as the plug-in is too high; it is a bound nevertheless.
//!
//! Sources: Y. Hasegawa and T. Van Vu, Phys. Rev. Lett. 123, 110602 (2019), for bounds from the fluctuation theorem; derivation above.

use irrev_numerics::{Estimate, EstimateKind, Run};
use serde::{Deserialize, Serialize};

use super::bound::{BoundOptions, Motion, Reading, tilted};
use super::family::Currents;
use super::moments::{MomentOptions, Moments, Products, StrideSums};
use super::passes::{project, summed};
use super::series::Series;
use crate::error::{Error, Result};
use crate::resampling::{block_length, jackknife, normal_quantile, student_quantile};

/// How data are held out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldOutOptions {
    /// Contiguous folds; default 5, at least 2.
    pub folds: usize,
    /// Part of the data, from the beginning, that is never held out because something else was chosen by it, such as the currents; default 0.
    pub chosen_by: f64,
    /// Default [`Motion::StationaryConfined`].
    pub motion: Motion,
    /// Confidence level of the interval; default 0.95.
    pub level: f64,
    /// As in [`BoundOptions`]; default 1e-10.
    pub rank_tolerance: f64,
}

impl Default for HeldOutOptions {
    fn default() -> Self {
        let BoundOptions {
            motion,
            level,
            rank_tolerance,
            ..
        } = BoundOptions::default();
        Self {
            folds: 5,
            chosen_by: 0.0,
            motion,
            level,
            rank_tolerance,
        }
    }
}

impl HeldOutOptions {
    pub(super) fn require(&self) -> Result<()> {
        let BoundOptions { draws, interval, .. } = BoundOptions::default();
        let (folds, part) = (self.folds, self.chosen_by);
        Error::require(
            "the number of folds",
            folds as f64,
            (2..=64).contains(&folds),
            "2 to 64",
        )?;
        Error::require(
            "the part of the data that chose the currents",
            part,
            (0.0..0.9).contains(&part),
            "a number from 0 to below 0.9",
        )?;
        BoundOptions {
            motion: self.motion,
            draws,
            level: self.level,
            interval,
            rank_tolerance: self.rank_tolerance,
        }
        .require()
    }

    /// Ranges of steps: what is never held out first, then the folds.
    pub(super) fn ranges(&self, steps: usize) -> (std::ops::Range<usize>, Vec<std::ops::Range<usize>>) {
        let from = (self.chosen_by * steps as f64) as usize;
        let at = |k: usize| from + ((steps - from) as u128 * k as u128 / self.folds as u128) as usize;
        (0..from, (0..self.folds).map(|k| at(k)..at(k + 1)).collect())
    }
}

/// Steps that were held out, and the coefficients that were not fitted to them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldOutFold {
    /// First step, counted through all segments.
    pub first: usize,
    /// Step after the last.
    pub end: usize,
    /// θ from the other steps.
    pub coefficients: Vec<f64>,
    /// ⟨2y − y²/2⟩/dt on these steps.
    pub value: f64,
}

/// All that is needed to compute a bound again from the data, without fitting anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// Of this record; 1.
    pub format: u32,
    /// The currents.
    pub currents: Currents,
    /// Time between points.
    pub step: f64,
    /// Steps of the whole series.
    pub steps: usize,
    /// Segments of the whole series.
    pub segments: usize,
    /// The folds.
    pub folds: Vec<HeldOutFold>,
    /// The bound with standard error and interval: mean over all steps held out.
    pub bound: Estimate,
}

/// The certified bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeldOut {
    /// Unbiased for a number that is not above σ, nats per unit time; its interval is that of the mean. Below zero it says nothing.
    pub estimate: Estimate,
    /// The same expression with θ fitted to the data that evaluate it: for comparison only.
    pub in_sample: f64,
    /// What computes it again.
    pub certificate: Certificate,
}

/// The bound by data that did not choose the current. One pass over the points.
///
/// ```
/// use irrev_inference::currents::{Currents, HeldOutOptions, Series, held_out_bound, recheck};
/// use irrev_numerics::{Run, streams::{Purpose, Stream}};
/// // noise that goes round: x' = 0.9 R x + ξ with R a rotation by 0.3
/// let (mut stream, mut x, mut y) = (Stream::new(1, Purpose::Trajectory, 0), 0.0, 0.0);
/// let mut points = Vec::new();
/// for _ in 0..20_000 {
///     points.extend([x, y]);
///     (x, y) = (0.86 * x - 0.27 * y + stream.normal(), 0.27 * x + 0.86 * y + stream.normal());
/// }
/// let series = Series::new([points], 2, 1.0)?;
/// let found = held_out_bound(&series, Currents::linear(2), &HeldOutOptions::default(), &Run::default())?;
/// assert!(found.estimate.interval.0 > 0.1 && found.in_sample > found.estimate.value);
/// assert!(recheck(&found.certificate, &series)?.agrees);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for folds of fewer steps than ten for each current, [`Error::Domain`] for options, cancellation.
pub fn held_out_bound(
    series: &Series<'_>,
    currents: Currents,
    options: &HeldOutOptions,
    run: &Run<'_>,
) -> Result<HeldOut> {
    options.require()?;
    series.require_steps(
        "a bound with data held out",
        10 * currents.len() * options.folds + options.folds,
    )?;
    let single = MomentOptions {
        strides: vec![1],
        products: Products::Plain,
    };
    let (before, ranges) = options.ranges(series.steps());
    let moments_of = |range: &std::ops::Range<usize>| {
        Moments::of(&series.part(range.clone()), currents.clone(), &single, run)
    };
    let parts: Vec<Moments> = ranges.iter().map(moments_of).collect::<Result<_>>()?;
    let earlier = if before.is_empty() {
        None
    } else {
        Some(moments_of(&before)?)
    };
    let reading_options = BoundOptions {
        motion: options.motion,
        rank_tolerance: options.rank_tolerance,
        ..BoundOptions::default()
    };
    let all = train(parts.iter().chain(&earlier), &reading_options)?;
    let (mut folds, mut rows, mut in_sample) = (Vec::new(), Vec::new(), 0.0);
    for (k, range) in ranges.iter().enumerate() {
        let others = parts
            .iter()
            .enumerate()
            .filter(|(l, _)| *l != k)
            .map(|(_, part)| part);
        let theta = train(others.chain(&earlier), &reading_options)?;
        let own = evaluated(&parts[k], &theta);
        in_sample += evaluated(&parts[k], &all).iter().map(|row| row[1]).sum::<f64>();
        folds.push(HeldOutFold {
            first: range.start,
            end: range.end,
            value: mean_of(&own) / series.step(),
            coefficients: theta,
        });
        rows.push(own);
    }
    let estimate = certified(&rows, options.level, series.step());
    let held: usize = ranges.iter().map(ExactSizeIterator::len).sum();
    Ok(HeldOut {
        estimate,
        in_sample: in_sample / (held as f64 * series.step()),
        certificate: Certificate {
            format: 1,
            currents,
            step: series.step(),
            steps: series.steps(),
            segments: series.segments(),
            folds,
            bound: estimate,
        },
    })
}

/// The bound ⟨2y − y²/2⟩/dt of one current y = θ·g on data that did not choose it, nats per unit time: what coefficients from elsewhere are worth here.
///
/// ```
/// use irrev_inference::currents::{Currents, Monomial, Series, bound_of_current};
/// use irrev_numerics::Run;
/// // steps of +1 and −1, three to one: ⟨2y − y²/2⟩ = 2θ/2 − θ²/2
/// let steps = [1.0, 1.0, -1.0, 1.0];
/// let points: Vec<f64> = (0..401).scan(0.0, |x, t| { let now = *x; *x += steps[t % 4]; Some(now) }).collect();
/// let only_dx = Currents::monomials(1, vec![Monomial { exponents: vec![0], component: 0 }])?;
/// let found = bound_of_current(&Series::new([points], 1, 1.0)?, &only_dx, &[1.0], 0.95, &Run::default())?;
/// assert!((found.value - 0.5).abs() < 1e-14 && found.value < 0.5 * 3.0_f64.ln());
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`] for coefficients or a series that do not fit the currents, [`Error::Entry`] for coefficients that are no numbers, [`Error::Domain`] for a level outside of (0, 1), cancellation.
pub fn bound_of_current(
    series: &Series<'_>,
    currents: &Currents,
    coefficients: &[f64],
    level: f64,
    run: &Run<'_>,
) -> Result<Estimate> {
    let inside = level > 0.0 && level < 1.0;
    Error::require("the confidence level", level, inside, "a number between 0 and 1")?;
    if coefficients.len() != currents.len() {
        return Err(Error::Size {
            what: "the coefficients",
            found: coefficients.len(),
            expected: currents.len(),
        });
    }
    if let Some(index) = coefficients.iter().position(|x| !x.is_finite()) {
        return Err(Error::Entry {
            what: "the coefficients".to_owned(),
            index,
            value: coefficients[index],
        });
    }
    let single = MomentOptions {
        strides: vec![1],
        products: Products::Plain,
    };
    let moments = Moments::of(series, currents.clone(), &single, run)?;
    Ok(certified(
        &[evaluated(&moments, coefficients)],
        level,
        series.step(),
    ))
}

/// Steps and Σ (2y − y²/2), y = θ·g, of each block.
fn evaluated(part: &Moments, theta: &[f64]) -> Vec<[f64; 2]> {
    let of = |row: &Vec<f64>| {
        StrideSums::of(row, 0, theta.len()).map_or([0.0; 2], |sums| {
            let (linear, square) = tilted(&sums, theta);
            [sums.count, 2.0 * linear - 0.5 * square]
        })
    };
    part.blocks().rows().iter().map(of).collect()
}

/// θ = 2⟨ggᵀ⟩⁻¹m on some parts, times the share (bound − bias)/bound there.
fn train<'a>(parts: impl Iterator<Item = &'a Moments>, options: &BoundOptions) -> Result<Vec<f64>> {
    let parts: Vec<&Moments> = parts.collect();
    let blocks: Vec<Vec<f64>> = parts.iter().flat_map(|part| part.blocks().joined(16)).collect();
    let mut total = vec![0.0; parts[0].blocks().width()];
    for row in &blocks {
        for (total, term) in total.iter_mut().zip(row) {
            *total += term;
        }
    }
    let reading = Reading::over(parts[0], &total, options)?;
    let found = reading.optimum(&total)?;
    let knife = jackknife(&blocks, |sums| reading.value(sums))?;
    let kept = if knife.value > 0.0 && knife.bias.is_finite() {
        (1.0 - knife.bias / knife.value).clamp(0.0, 1.0)
    } else {
        0.0
    };
    // ⟨ggᵀ⟩⁻¹m = C⁻¹m/(1 + mᵀC⁻¹m)
    let scale = 2.0 * kept / (1.0 + found.quotient);
    Ok(found.direction.iter().map(|x| scale * x).collect())
}

fn mean_of(rows: &[[f64; 2]]) -> f64 {
    rows.iter().map(|row| row[1]).sum::<f64>() / rows.iter().map(|row| row[0]).sum::<f64>()
}

/// Mean of all folds, rows of (steps, sum) each, with the error from blocks inside of folds and Student's interval.
pub(super) fn certified(folds: &[Vec<[f64; 2]>], level: f64, step: f64) -> Estimate {
    let all: Vec<[f64; 2]> = folds.concat();
    let value = mean_of(&all);
    let steps: f64 = all.iter().map(|row| row[0]).sum();
    let (mut variance, mut free, mut number) = (0.0, 0.0, 0);
    for rows in folds {
        let mean = mean_of(rows);
        let deviations: Vec<f64> = rows.iter().map(|row| row[1] - mean * row[0]).collect();
        let length = block_length(&deviations).optimal.ceil() as usize;
        // blocks as long as correlations ask for, but at least 4 of a fold if it has as many rows
        let length = length.clamp(1, (rows.len() / 4).max(1));
        let blocks: Vec<f64> = deviations
            .chunks(length)
            .map(|block| block.iter().sum())
            .collect();
        let b = blocks.len() as f64;
        if b > 1.0 {
            variance += b / (b - 1.0) * blocks.iter().map(|x| x * x).sum::<f64>() / (steps * steps);
            free += b - 1.0;
        }
        number += blocks.len();
    }
    let standard_error = if free > 0.0 { variance.sqrt() } else { f64::NAN };
    let half = student_quantile(normal_quantile(0.5 * (1.0 + level)), free) * standard_error;
    Estimate {
        value: value / step,
        standard_error: standard_error / step,
        interval: ((value - half) / step, (value + half) / step),
        level,
        sample_size: number,
        bias_correction: 0.0,
        kind: EstimateKind::LowerBound,
    }
}

/// What a certificate gave when it was computed again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Recheck {
    /// Whether the bound, and that of every fold, came out again.
    pub agrees: bool,
    /// The bound from these data.
    pub value: f64,
    /// The bound that the certificate states.
    pub stated: f64,
    /// The largest difference of a fold, in nats per unit time.
    pub difference: f64,
    /// What rounding explains, in the same unit.
    pub tolerance: f64,
}

/// Part of the mean size of its terms by which a sum computed in another order may differ.
const ROUNDING: f64 = 1e-11;

/// Computes the bound of a certificate again from the data, term by term, with its coefficients as they are.
///
/// # Errors
/// [`Error::Size`] or [`Error::Domain`] if the series has another dimension, number of steps or segments, or step than that of the certificate, or if the certificate contradicts itself.
pub fn recheck(certificate: &Certificate, series: &Series<'_>) -> Result<Recheck> {
    let Certificate {
        currents,
        folds,
        step,
        ..
    } = certificate;
    Error::require(
        "the format of the certificate",
        f64::from(certificate.format),
        certificate.format == 1,
        "1",
    )?;
    currents.require_consistent()?;
    for (what, found, expected) in [
        (
            "the dimension of the series",
            series.dimension(),
            currents.dimension(),
        ),
        ("the series in steps", series.steps(), certificate.steps),
        ("the series in segments", series.segments(), certificate.segments),
    ] {
        if found != expected {
            return Err(Error::Size {
                what,
                found,
                expected,
            });
        }
    }
    let same = (series.step() / step - 1.0).abs() < 1e-9;
    Error::require(
        "the step of the series",
        series.step(),
        same,
        "that of the certificate",
    )?;
    let (mut sum, mut held, mut difference, mut tolerance) = (0.0, 0, 0.0_f64, 0.0_f64);
    let mut agrees = !folds.is_empty();
    let mut end = 0;
    for fold in folds {
        if fold.coefficients.len() != currents.len() {
            return Err(Error::Size {
                what: "the coefficients of a fold",
                found: fold.coefficients.len(),
                expected: currents.len(),
            });
        }
        let apart = fold.first >= end && fold.first < fold.end && fold.end <= series.steps();
        Error::require(
            "the first step of a fold",
            fold.first as f64,
            apart,
            "folds apart from each other, inside of the series",
        )?;
        end = fold.end;
        let part = series.part(fold.first..fold.end);
        let add = |sums: &mut [f64; 2], tile: &mut super::tile::Tile, count: usize| {
            project(tile, &fold.coefficients);
            for y in &tile.weights[..count] {
                sums[0] += 2.0 * y - 0.5 * y * y;
                sums[1] += 2.0 * y.abs() + 0.5 * y * y;
            }
        };
        let parts = summed(&part, currents, || [0.0; 2], add);
        let steps = part.steps() as f64;
        let [value, size] = [0, 1].map(|k| parts.iter().map(|part| part[k]).sum::<f64>());
        let allowed = ROUNDING * size / (steps * step);
        let off = (value / (steps * step) - fold.value).abs();
        agrees &= off <= allowed;
        (difference, tolerance) = (difference.max(off), tolerance.max(allowed));
        sum += value;
        held += part.steps();
    }
    let value = sum / (held as f64 * step);
    let stated = certificate.bound.value;
    Ok(Recheck {
        agrees: agrees && (value - stated).abs() <= tolerance,
        value,
        stated,
        difference,
        tolerance,
    })
}

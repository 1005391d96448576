//! Speed, length, action and cost of an ensemble of cells, with errors from drawing the cells again.
//!
//! Squared steps come from two disjoint halves, averaged over random splits; they are right on average and may be negative. The action is their sum over neighbouring frames,
//! each divided by its duration. The length is a sum of roots, which noise would raise again: it is taken between frames that are as close as they can be while each
//! squared step is four times what noise adds to steps of that many frames. Where the ensemble slows down, steps grow longer.

use irrev_numerics::Estimate;
use irrev_numerics::run::Run;

use super::ensemble::CellEnsemble;
use super::family::Family;
use super::halves::{Cells, Tracks};
use crate::error::{Error, Result};
use crate::replicas::{Task, replicas, require_level, shifted};

/// Strides that are tried, as far as a quarter of the frames.
const STRIDES: [usize; 13] = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40];
/// How many times what noise adds a squared step of the length is.
const CLEAR: f64 = 4.0;
/// Starts from which the noise of steps of a number of frames is averaged.
const STARTS: usize = 16;
/// Splits of each replica; their noise adds little to that of the cells.
const REPLICA_SPLITS: usize = 16;

const ASSUMPTIONS: &[&str] = &[
    "cells are independent of each other and drawn from one population",
    "the family holds at every frame; otherwise this is the motion of its fit",
    "measurement noise is part of the distribution, which it makes wider and slower",
    "the length follows the shortest way between its frames, and is too low where speed turns on the way",
];

/// How speed is estimated.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeedOptions {
    /// Family of distributions; default normal.
    pub family: Family,
    /// Random splits into halves, at least 2; default 64.
    pub splits: usize,
    /// Stride of the length in frames; default `None`: steps as short as noise allows, one by one.
    pub stride: Option<usize>,
    /// Replicas of the bootstrap over cells, at least 20; default 200.
    pub replicas: usize,
    /// Level of the intervals; default 0.95.
    pub level: f64,
}

impl Default for SpeedOptions {
    fn default() -> Self {
        Self {
            family: Family::Normal,
            splits: 64,
            stride: None,
            replicas: 200,
            level: 0.95,
        }
    }
}

/// Fit of one frame.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FrameMoments {
    /// Time.
    pub time: f64,
    /// Mean (normal), mean of ln x (log-normal) or ln of the mean (gamma).
    pub first: f64,
    /// ln of the variance (normal), of that of ln x (log-normal), or of the shape (gamma).
    pub second: f64,
}

/// Squared speed between neighbouring frames.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SpeedStep {
    /// Time half-way.
    pub time: f64,
    /// Squared speed from two halves, 1/time²; unbiased, may be negative.
    pub speed_squared: f64,
    /// Squared speed of all cells, noise included.
    pub naive: f64,
}

/// Length and action from frames 0, s, 2s, ….
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct StrideLength {
    /// s, in frames.
    pub stride: usize,
    /// Sum of Fisher–Rao distances between the fits of all cells, noise included.
    pub naive_length: f64,
    /// Sum of signed roots of the squared steps from two halves.
    pub length: f64,
    /// Sum of squared steps over their durations, noise included.
    pub naive_action: f64,
    /// The same from two halves.
    pub action: f64,
    /// Share of noise in the squared steps, 1 − Σ (from halves)/Σ (of all cells).
    pub noise: f64,
}

/// Speed, length and cost of one ensemble.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EnsembleSpeed {
    /// Fits of all cells, frame by frame.
    pub moments: Vec<FrameMoments>,
    /// Squared speed between neighbouring frames.
    pub speed: Vec<SpeedStep>,
    /// Length and action at several strides, naive beside corrected.
    pub strides: Vec<StrideLength>,
    /// Frames between which the length is taken.
    pub nodes: Vec<usize>,
    /// Whether every step between them is clear of noise; otherwise the last one (or, at a given stride, some) is not.
    pub resolved: bool,
    /// Duration τ.
    pub duration: f64,
    /// Length ℒ from the first frame to the last.
    pub length: Estimate,
    /// Action 𝒞 = ∫ I dt from neighbouring frames, 1/time.
    pub action: Estimate,
    /// Cost τ 𝒞, at least ℒ².
    pub cost: Estimate,
    /// Efficiency ℒ²/(τ 𝒞): 1 at constant speed.
    pub efficiency: Estimate,
    /// Least time ℒ²/𝒞 that the length takes at this action.
    pub time_bound: Estimate,
    /// Fisher–Rao distance between the first frame and the last.
    pub geodesic: Estimate,
    /// Distance over length: 1 along the shortest path.
    pub geodesic_efficiency: Estimate,
    /// What would make it wrong.
    pub assumptions: &'static [&'static str],
}

/// Sum of Fisher–Rao distances between the fits of frames 0, s, 2s, …: the naive length, noise included.
///
/// ```
/// use irrev_inference::speed::{CellEnsemble, Family, chord_length};
/// // twelve cells that move together by one standard deviation
/// let frame: Vec<f64> = (0..12).map(f64::from).collect();
/// let sd = 13.0_f64.sqrt();
/// let both: Vec<f64> = frame.iter().copied().chain(frame.iter().map(|x| x + sd)).collect();
/// let length = chord_length(&CellEnsemble::from_wide(&[0.0, 1.0], 12, &both)?, Family::Normal, 1)?;
/// assert!((length - 2.0_f64.sqrt() * 1.25_f64.acosh()).abs() < 1e-12);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::Frame`] for frames of fewer than 10 cells; [`Error::TooFew`], [`Error::Domain`], [`Error::NotPositive`], [`Error::Constant`].
pub fn chord_length(ensemble: &CellEnsemble, family: Family, stride: usize) -> Result<f64> {
    require_stride(stride, ensemble.times().len())?;
    let cells = Cells::new(ensemble, family)?;
    let tracks = cells.tracks(&vec![1.0; cells.cells()], 0, &mut Task::Halves.stream(1, 0))?;
    Ok(steps(ensemble.times().len(), stride, false)
        .map(|(from, to)| tracks.distance(from, to))
        .sum())
}

/// Speed, length, action, cost and efficiencies of an ensemble of cells, with intervals from drawing cells again.
///
/// ```
/// use irrev_inference::speed::{CellEnsemble, SpeedOptions, ensemble_speed};
/// # let mut stream = irrev_numerics::streams::Stream::new(1, irrev_numerics::streams::Purpose::Search, 0);
/// // 400 cells of width 1 whose mean moves by 1/4 a frame: speed 1/4
/// let times: Vec<f64> = (0..12).map(f64::from).collect();
/// let cells: Vec<f64> = times.iter().flat_map(|t| (0..400).map(|_| 0.25 * t + stream.normal()).collect::<Vec<_>>()).collect();
/// let options = SpeedOptions { replicas: 40, ..Default::default() };
/// let found = ensemble_speed(&CellEnsemble::from_wide(&times, 400, &cells)?, &options, &irrev_numerics::Run::default())?;
/// assert!((found.length.value - 11.0 / 4.0).abs() < 5.0 * found.length.standard_error);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::Frame`] for frames of fewer than 10 cells; [`Error::TooFew`] for fewer than two frames; [`Error::NotPositive`] where the family asks for it;
/// [`Error::Constant`] for a frame of equal values; [`Error::Domain`] for options without a meaning; cancellation.
pub fn ensemble_speed(ensemble: &CellEnsemble, options: &SpeedOptions, run: &Run) -> Result<EnsembleSpeed> {
    let SpeedOptions {
        family,
        splits,
        stride,
        replicas: number,
        level,
    } = *options;
    require_level(level)?;
    Error::require("splits", splits as f64, splits >= 2, "at least 2")?;
    Error::require("replicas", number as f64, number >= 20, "at least 20")?;
    let times = ensemble.times();
    if let Some(stride) = stride {
        require_stride(stride, times.len())?;
    }
    let cells = Cells::new(ensemble, family)?;
    let weights = vec![1.0; cells.cells()];
    let tracks = cells.tracks(&weights, splits, &mut Task::Halves.stream(run.seed, 0))?;
    let strides: Vec<StrideLength> = STRIDES
        .iter()
        .copied()
        .chain(stride)
        .filter(|&s| s == 1 || Some(s) == stride || 4 * s < times.len())
        .map(|s| at_stride(&tracks, times, s))
        .collect();
    let noise = noise_of_steps(&tracks, times.len());
    let nodes = match stride {
        Some(stride) => std::iter::once(0)
            .chain(steps(times.len(), stride, true).map(|(_, to)| to))
            .collect(),
        None => clear_nodes(&tracks, &noise),
    };
    let resolved = nodes.windows(2).all(|w| is_clear(&tracks, &noise, w[0], w[1]));
    let draws = replicas(Task::Cells, number, run, |stream| {
        let mut weights = vec![0.0; cells.cells()];
        for _ in 0..cells.cells() {
            weights[stream.below(cells.cells() as u64) as usize] += 1.0;
        }
        Ok(totals(
            &cells.tracks(&weights, REPLICA_SPLITS, stream)?,
            times,
            &nodes,
        ))
    })?;
    let found = totals(&tracks, times, &nodes);
    let estimate = |of: fn(&Totals) -> f64| {
        let values: Vec<f64> = draws.iter().map(of).collect();
        shifted(of(&found), &values, level, cells.cells())
    };
    Ok(EnsembleSpeed {
        moments: moments(&tracks, times),
        speed: speed(&tracks, times),
        strides,
        nodes,
        resolved,
        duration: found.duration,
        length: estimate(|t| t.length),
        action: estimate(|t| t.action),
        cost: estimate(|t| t.duration * t.action),
        efficiency: estimate(|t| t.length * t.length / (t.duration * t.action)),
        time_bound: estimate(|t| t.length * t.length / t.action),
        geodesic: estimate(|t| t.geodesic),
        geodesic_efficiency: estimate(|t| t.geodesic / t.length),
        assumptions: ASSUMPTIONS,
    })
}

/// Several ensembles (doses, conditions) with the same options, side by side under their names.
///
/// # Errors
/// Those of [`ensemble_speed`].
pub fn compared_speeds<'a>(
    ensembles: &[(&'a str, &CellEnsemble)],
    options: &SpeedOptions,
    run: &Run,
) -> Result<Vec<(&'a str, EnsembleSpeed)>> {
    ensembles
        .iter()
        .map(|&(name, ensemble)| Ok((name, ensemble_speed(ensemble, options, run)?)))
        .collect()
}

fn require_stride(stride: usize, frames: usize) -> Result<()> {
    Error::require(
        "stride",
        stride as f64,
        stride >= 1 && stride < frames,
        "1 to the last frame",
    )
}

/// Steps 0 → s → 2s …, and on request what is left at the end.
fn steps(frames: usize, stride: usize, to_the_end: bool) -> impl Iterator<Item = (usize, usize)> {
    let last = frames - 1;
    let whole = last / stride;
    let rest = (to_the_end && !last.is_multiple_of(stride)).then_some((whole * stride, last));
    (0..whole)
        .map(move |k| (k * stride, (k + 1) * stride))
        .chain(rest)
}

/// What noise adds to squared steps of 1, 2, … frames, on average.
fn noise_of_steps(tracks: &Tracks, frames: usize) -> Vec<f64> {
    let added = |stride: usize| {
        let starts = frames - stride;
        let every = starts.div_ceil(STARTS);
        let all: Vec<f64> = (0..starts)
            .step_by(every)
            .map(|from| tracks.squared_step(from, from + stride))
            .map(|(naive, clean)| naive - clean)
            .collect();
        all.iter().sum::<f64>() / all.len() as f64
    };
    (1..frames).map(added).collect()
}

fn is_clear(tracks: &Tracks, noise: &[f64], from: usize, to: usize) -> bool {
    tracks.squared_step(from, to).1 >= CLEAR * noise[to - from - 1].max(0.0)
}

/// Frames with clear steps between them; what is left at the end is a last step that is not.
fn clear_nodes(tracks: &Tracks, noise: &[f64]) -> Vec<usize> {
    let last = noise.len();
    let mut nodes = vec![0];
    let mut from = 0;
    while from < last {
        from = (from + 1..last)
            .find(|&to| is_clear(tracks, noise, from, to))
            .unwrap_or(last);
        nodes.push(from);
    }
    nodes
}

/// Root with the sign of its square: steps made of noise cancel on average.
fn signed_root(x: f64) -> f64 {
    x.abs().sqrt().copysign(x)
}

fn at_stride(tracks: &Tracks, times: &[f64], stride: usize) -> StrideLength {
    let mut row = StrideLength {
        stride,
        naive_length: 0.0,
        length: 0.0,
        naive_action: 0.0,
        action: 0.0,
        noise: 0.0,
    };
    let (mut all, mut clean) = (0.0, 0.0);
    for (from, to) in steps(times.len(), stride, false) {
        let (naive, square) = tracks.squared_step(from, to);
        let duration = times[to] - times[from];
        row.naive_length += tracks.distance(from, to);
        row.length += signed_root(square);
        row.naive_action += naive / duration;
        row.action += square / duration;
        all += naive;
        clean += square;
    }
    row.noise = 1.0 - clean / all;
    row
}

fn moments(tracks: &Tracks, times: &[f64]) -> Vec<FrameMoments> {
    times
        .iter()
        .zip(&tracks.whole)
        .map(|(&time, &[first, second])| FrameMoments { time, first, second })
        .collect()
}

fn speed(tracks: &Tracks, times: &[f64]) -> Vec<SpeedStep> {
    steps(times.len(), 1, false)
        .map(|(from, to)| {
            let (naive, square) = tracks.squared_step(from, to);
            let duration = times[to] - times[from];
            SpeedStep {
                time: 0.5 * (times[from] + times[to]),
                speed_squared: square / (duration * duration),
                naive: naive / (duration * duration),
            }
        })
        .collect()
}

/// What a replica gives.
struct Totals {
    duration: f64,
    length: f64,
    action: f64,
    geodesic: f64,
}

fn totals(tracks: &Tracks, times: &[f64], nodes: &[usize]) -> Totals {
    let last = times.len() - 1;
    Totals {
        duration: times[last] - times[0],
        length: nodes
            .windows(2)
            .map(|w| signed_root(tracks.squared_step(w[0], w[1]).1))
            .sum(),
        action: steps(times.len(), 1, false)
            .map(|(from, to)| tracks.squared_step(from, to).1 / (times[to] - times[from]))
            .sum(),
        geodesic: tracks.distance(0, last),
    }
}

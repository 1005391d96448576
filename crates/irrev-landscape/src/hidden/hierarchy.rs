//! r₁, r₂, … of a recording.

use irrev_numerics::{Estimate, Run};

use super::conditional_mean::{ConditionalMean, Fit, FitOptions, Samples, fit};
use super::noise::NoiseFloor;
use crate::blocks::{Blocks, resampled, resampled_total};
use crate::diagnose::common_step;
use crate::error::{Error, Result};
use crate::estimates::from_draws;
use crate::moments::Accelerations;
use crate::record::{Period, Record, require_inside, require_numbers};

/// Blocks of frames of each part that is left out in turn.
const BLOCKS_OF_PART: usize = 4;

/// Frames of the longest leaf of sums.
const LEAF: usize = 4096;

/// Leaves that are made if there are as many frames.
const LEAVES: usize = 512;

/// Part of the frames that must lie where windows have enough visits, for a next level to mean anything.
const KNOWN: f64 = 0.9;

/// How a hierarchy is made.
#[derive(Debug, Clone, PartialEq)]
pub struct HierarchyOptions {
    /// Which coordinate is r₁; default 0.
    pub coordinate: usize,
    /// Where r̈₁ comes from; default second differences. Those of higher levels are second differences always.
    pub accelerations: Accelerations,
    /// Most levels n whose ⟨r̈_n; r₁, …, r_n⟩ is taken, 1 to 4; default 2, which gives r₁, r₂ and r₃.
    pub levels: usize,
    /// Width of windows in standard deviations of each coordinate; default `None` takes the widest that predicts what it has not seen as well as any.
    pub bandwidth: Option<f64>,
    /// Fewest independent visits in a window; default 10. Where there are fewer, nothing is known.
    pub least_visits: f64,
    /// Parts of the frames, blocks far from one another, of which each is predicted from the others; default 8.
    pub parts: usize,
    /// Draws of the bootstrap that gives errors; default 200.
    pub draws: usize,
}

impl Default for HierarchyOptions {
    fn default() -> Self {
        Self {
            coordinate: 0,
            accelerations: Accelerations::Differences,
            levels: 2,
            bandwidth: None,
            least_visits: 10.0,
            parts: 8,
            draws: 200,
        }
    }
}

/// What is known of one level.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Level {
    /// n.
    pub number: usize,
    /// ⟨r_n²⟩ − ⟨r_n⟩²; NaN for a periodic r₁.
    pub variance: Estimate,
    /// ⟨ṙ_n²⟩ from central differences.
    pub mean_square_velocity: Estimate,
    /// W_n, the ratio of the two, in 1/time².
    pub frequency_squared: Estimate,
    /// D_n = ⟨r_{n+1}²⟩/⟨r_n²⟩, in 1/time⁴.
    pub strength: Estimate,
    /// ⟨r̈_n²⟩.
    pub mean_square_acceleration: Estimate,
    /// ⟨r_{n+1}²⟩/⟨r̈_n²⟩ with means that have not seen the frame: how far the first n levels are from a closed equation of motion. It may exceed 1 where
    /// nothing is explained.
    pub closure: Estimate,
    /// The same with means that have seen the frame: too small, by as much as they follow its noise.
    pub closure_in_sample: f64,
    /// What of ⟨r̈_n²⟩ is noise, or due to the length of a step.
    pub noise: NoiseFloor,
    /// Part of the frames where windows have enough visits; averages with r_{n+1} are over these.
    pub known: f64,
    /// ⟨r̈_n; r₁, …, r_n⟩.
    pub mean_force: ConditionalMean,
}

impl Level {
    /// Part of ⟨r̈_n²⟩ that the first n levels explain, 1 − closure.
    #[must_use]
    pub fn explained(&self) -> Estimate {
        Estimate {
            value: 1.0 - self.closure.value,
            interval: (1.0 - self.closure.interval.1, 1.0 - self.closure.interval.0),
            ..self.closure
        }
    }

    /// Whether ⟨r_{n+1}²⟩ is no more than noise and the length of a step leave.
    #[must_use]
    pub fn below_noise(&self) -> bool {
        self.closure.value * self.mean_square_acceleration.value <= self.noise.total()
    }
}

/// Why a hierarchy ends where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// As many levels as were asked for.
    Asked,
    /// What the last level leaves is no more than noise.
    Noise,
    /// Too few frames lie where windows have enough visits.
    Thin,
    /// What the last level leaves does not vary.
    Closed,
    /// No segment is long enough for the second differences of the next level.
    Short,
}

/// r₁, r₂, … of a recording, and what is known of each.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Hierarchy {
    /// Levels 1, 2, …; there is one more series r_n than levels.
    pub levels: Vec<Level>,
    /// Why there are no more.
    pub stop: Stop,
    /// Period of r₁.
    pub period: Option<Period>,
    /// For each segment, for each n from 1: r_n at each frame.
    series: Vec<Vec<Vec<f64>>>,
    /// For each segment: the last r_n with means that have not seen the frame.
    unseen: Vec<Vec<f64>>,
    weights: Vec<f64>,
}

impl Hierarchy {
    /// Number of series r₁, r₂, ….
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.levels.len() + 1
    }

    /// r_n at each frame of each segment; NaN where it is not known, at ends of segments and where windows are too thin.
    ///
    /// # Errors
    /// [`Error::NoCoordinate`] unless n is 1 to [`Self::dimensions`].
    pub fn series(&self, n: usize) -> Result<Vec<&[f64]>> {
        self.require_dimension(n)?;
        Ok(self
            .series
            .iter()
            .map(|levels| levels[n - 1].as_slice())
            .collect())
    }

    pub(super) fn require_dimension(&self, n: usize) -> Result<()> {
        if (1..=self.dimensions()).contains(&n) {
            return Ok(());
        }
        Err(Error::NoCoordinate {
            coordinate: n,
            coordinates: self.dimensions() + 1,
        })
    }

    /// (r_i, r_j) and weights of all frames where both are known, segment after segment.
    pub(super) fn pairs(&self, i: usize, j: usize) -> impl Iterator<Item = ([f64; 2], f64)> + '_ {
        self.series
            .iter()
            .zip(&self.weights)
            .flat_map(move |(levels, weight)| {
                levels[i - 1]
                    .iter()
                    .zip(&levels[j - 1])
                    .filter(|(x, y)| x.is_finite() && y.is_finite())
                    .map(|(x, y)| ([*x, *y], *weight))
            })
    }
}

/// The hierarchy of a recorded coordinate at equal steps.
///
/// Each level needs the frames before and after: level n loses n frames at either end of a segment. Results do not depend on the number of threads.
///
/// ```
/// use irrev_landscape::Record;
/// use irrev_landscape::hidden::{HierarchyOptions, Stop, hierarchy};
/// use irrev_numerics::Run;
/// // a sum of two oscillations with frequencies 1 and 2: r₂ is the second dimension, and there is no third
/// let trajectories: Vec<Vec<f64>> = (0..200)
///     .map(|j| (0..60).map(|k| (f64::from(j) + 0.05 * f64::from(k)).sin() + (1.7 * f64::from(j) + 0.1 * f64::from(k)).sin()).collect())
///     .collect();
/// let record = Record::of_positions(0.05, trajectories.iter().map(Vec::as_slice))?;
/// let found = hierarchy(&record, &HierarchyOptions { levels: 3, ..Default::default() }, &Run::default())?;
/// assert_eq!((found.stop, found.levels.len()), (Stop::Noise, 2));
/// assert!((found.levels[0].frequency_squared.value - 2.5).abs() < 0.2 && found.levels[1].closure.value < 1e-2);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] for options out of range or an r₁ that does not vary, [`Error::Unlike`] unless all steps are equal, [`Error::Missing`] for accelerations
/// that are not there, [`Error::Empty`] if no segment has three frames, what is wrong with the values, [`Error::Numerics`] if too much memory would be needed
/// or the run is cancelled.
pub fn hierarchy(record: &Record<'_>, options: &HierarchyOptions, run: &Run<'_>) -> Result<Hierarchy> {
    options.check()?;
    let step = common_step(record)?;
    let period = record.period(options.coordinate)?;
    run.require_memory(
        "a hierarchy",
        record.frames() * ((4 * options.levels + 4) * size_of::<f64>()) as u64,
    )?;
    let mut series = Vec::new();
    for segment in record.segments() {
        let x = segment.positions(options.coordinate)?;
        require_numbers("a position", x, 0)?;
        require_inside(period, options.coordinate, x, 0)?;
        series.push(vec![x.to_vec()]);
    }
    let mut found = Hierarchy {
        levels: Vec::new(),
        stop: Stop::Asked,
        period,
        unseen: series.iter().map(|levels| levels[0].clone()).collect(),
        series,
        weights: record.segments().iter().map(|segment| segment.weight()).collect(),
    };
    for n in 1..=options.levels {
        run.report((n - 1) as f64 / options.levels as f64, "hidden dimensions")?;
        let accelerations = accelerations(record, &found, n, step, options)?;
        let samples = found.samples(&accelerations, options.parts);
        if samples.y.is_empty() {
            if n == 1 {
                let (what, way_out) = (
                    "the set of frames with neighbours on both sides",
                    "give trajectories of at least three frames",
                );
                return Err(Error::Empty { what, way_out });
            }
            found.stop = Stop::Short;
            break;
        }
        let how = FitOptions {
            parts: options.parts,
            least_visits: options.least_visits,
            bandwidth: options.bandwidth,
            period,
        };
        let Some(fitted) = fit(&samples, &how, run)? else {
            Error::require(
                "the variance of r₁",
                0.0,
                n > 1,
                "a positive number: the coordinate must move",
            )?;
            found.stop = Stop::Closed;
            break;
        };
        let level = found.append(&accelerations, &samples, fitted, step, options, run)?;
        let ended = match () {
            () if level.below_noise() => Some(Stop::Noise),
            () if level.known < KNOWN => Some(Stop::Thin),
            () => None,
        };
        found.levels.push(level);
        if let Some(stop) = ended {
            found.stop = stop;
            break;
        }
    }
    Ok(found)
}

impl HierarchyOptions {
    fn check(&self) -> Result<()> {
        let levels = self.levels;
        Error::require(
            "the number of levels",
            levels as f64,
            (1..=4).contains(&levels),
            "1 to 4",
        )?;
        Error::require(
            "the number of parts",
            self.parts as f64,
            self.parts >= 2,
            "at least 2",
        )?;
        Error::require(
            "the number of draws",
            self.draws as f64,
            self.draws >= 2,
            "at least 2",
        )?;
        let visits = self.least_visits;
        Error::require("the fewest visits", visits, visits >= 1.0, "at least 1")?;
        if let Some(width) = self.bandwidth {
            let holds = width > 0.0 && width.is_finite();
            Error::require(
                "the width of windows",
                width,
                holds,
                "a positive number of standard deviations",
            )?;
        }
        Ok(())
    }
}

/// r̈_n at each frame of each segment; NaN where it is not known.
fn accelerations(
    record: &Record<'_>,
    found: &Hierarchy,
    n: usize,
    step: f64,
    options: &HierarchyOptions,
) -> Result<Vec<Vec<f64>>> {
    if n > 1 {
        return Ok(found
            .series
            .iter()
            .map(|levels| second_differences(&levels[n - 1], None, step))
            .collect());
    }
    let of = |(segment, levels): (&crate::record::Segment<'_>, &Vec<Vec<f64>>)| match options.accelerations {
        Accelerations::Differences => Ok(second_differences(&levels[0], found.period, step)),
        Accelerations::Given => {
            let given = segment.accelerations(options.coordinate)?;
            require_numbers("an acceleration", given, 0)?;
            Ok(given.to_vec())
        }
        Accelerations::NotNeeded => Err(Error::Missing {
            what: "accelerations",
        }),
    };
    record.segments().iter().zip(&found.series).map(of).collect()
}

/// (r₊ − 2r + r₋)/h² of each value between two others; NaN at the ends.
fn second_differences(x: &[f64], period: Option<Period>, step: f64) -> Vec<f64> {
    inner(x, |x| {
        let short = |d: f64| period.map_or(d, |period| period.nearest_image(d));
        (short(x[2] - x[1]) - short(x[1] - x[0])) / (step * step)
    })
}

/// A function of each value and its two neighbours; NaN at the ends.
fn inner(x: &[f64], f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let mut result = vec![f64::NAN; x.len()];
    for (result, x) in result.iter_mut().skip(1).zip(x.windows(3)) {
        *result = f(x);
    }
    result
}

/// Sums of a leaf: weight, r_n, r_n², ṙ_n² (and the weight of these), r̈_n²; of frames with an r_{n+1}: weight, r̈_n², r_{n+1}² from means that have not seen the
/// frame, and from those that have.
const WIDTH: usize = 10;

impl Hierarchy {
    /// All frames of which r₁, …, r_n and r̈_n are known.
    fn samples(&self, accelerations: &[Vec<f64>], parts: usize) -> Samples {
        let mut samples = Samples {
            dimension: self.dimensions(),
            ..Samples::default()
        };
        let frames: usize = accelerations.iter().map(Vec::len).sum();
        let block = frames.div_ceil(BLOCKS_OF_PART * parts).max(1);
        let mut first = 0;
        for ((levels, acceleration), weight) in self.series.iter().zip(accelerations).zip(&self.weights) {
            let mut open = false;
            for (frame, y) in acceleration.iter().enumerate() {
                let known = y.is_finite() && levels.iter().all(|r| r[frame].is_finite());
                if known {
                    samples.points.extend(levels.iter().map(|r| r[frame]));
                    samples.y.push(*y);
                    samples.weights.push(*weight);
                    // a segment shorter than a block belongs to one part as a whole
                    let place = if acceleration.len() <= block {
                        first
                    } else {
                        first + frame
                    };
                    samples.parts.push(place / block % parts);
                    samples.starts.push(!open);
                }
                open = known;
            }
            first += acceleration.len();
        }
        samples
    }

    /// r_{n+1} with means that have not seen the frame takes the place of such an r_n; returns how much r̈_n differs from that of the means of all frames. Means
    /// from all but one of p parts have 1/(p − 1) more variance than those from all, and share the rest with them.
    fn advance_unseen(
        &mut self,
        accelerations: &[Vec<f64>],
        samples: &Samples,
        held_out: &[f64],
        step: f64,
        parts: usize,
    ) -> f64 {
        let first = self.dimensions() == 1;
        let (mut sum, mut total) = (0.0, 0.0);
        let mut sample = 0;
        let segments = self
            .series
            .iter()
            .zip(accelerations)
            .zip(&mut self.unseen)
            .zip(&self.weights);
        for (((levels, acceleration), unseen), weight) in segments {
            let own = if first {
                acceleration.clone()
            } else {
                second_differences(unseen, None, step)
            };
            let mut next = vec![f64::NAN; acceleration.len()];
            let mut before = None;
            for (frame, next) in next.iter_mut().enumerate() {
                let known = acceleration[frame].is_finite() && levels.iter().all(|r| r[frame].is_finite());
                if !known {
                    continue;
                }
                let change = own[frame] - acceleration[frame];
                if change.is_finite() {
                    sum += weight * change * change;
                    total += weight;
                }
                // where another part begins, another mean does: no differences across
                let part = samples.parts[sample];
                if before.is_none_or(|before| before == part) {
                    *next = own[frame] - held_out[sample];
                }
                before = Some(part);
                sample += 1;
            }
            *unseen = next;
        }
        if first {
            0.0
        } else {
            (parts - 1) as f64 * sum / total
        }
    }

    /// Appends r_{n+1}, and says what is known of r_n.
    fn append(
        &mut self,
        accelerations: &[Vec<f64>],
        samples: &Samples,
        fitted: Fit,
        step: f64,
        options: &HierarchyOptions,
        run: &Run<'_>,
    ) -> Result<Level> {
        let n = self.dimensions();
        let period = self.period.filter(|_| n == 1);
        let mut noise = match options.accelerations {
            Accelerations::Given if n == 1 => NoiseFloor::of_values(accelerations.iter().map(Vec::as_slice)),
            _ => NoiseFloor::of_differences(
                self.series.iter().map(|levels| levels[n - 1].as_slice()),
                period,
                step,
            ),
        };
        noise.means = self.advance_unseen(accelerations, samples, &fitted.held_out, step, options.parts);
        let length = (samples.y.len() / LEAVES).clamp(1, LEAF);
        let mut blocks = Blocks::new(WIDTH);
        let mut leaf = vec![0.0; WIDTH];
        let mut sample = 0;
        for ((levels, acceleration), weight) in self.series.iter_mut().zip(accelerations).zip(&self.weights) {
            let velocity = inner(&levels[n - 1], |x| {
                let short = |d: f64| period.map_or(d, |period| period.nearest_image(d));
                (short(x[2] - x[1]) + short(x[1] - x[0])) / (2.0 * step)
            });
            let mut next = vec![f64::NAN; acceleration.len()];
            for (frame, next) in next.iter_mut().enumerate() {
                let known = acceleration[frame].is_finite() && levels.iter().all(|r| r[frame].is_finite());
                if !known {
                    continue;
                }
                let (r, a) = (levels[n - 1][frame], acceleration[frame]);
                let (rest, unseen) = (
                    a - fitted.mean.value(samples.point(sample)),
                    a - fitted.held_out[sample],
                );
                *next = rest;
                let mut add = |column: usize, value: f64| leaf[column] += weight * value;
                add(0, 1.0);
                add(1, r);
                add(2, r * r);
                if velocity[frame].is_finite() {
                    add(3, velocity[frame].powi(2));
                    add(4, 1.0);
                }
                add(5, a * a);
                if (rest + unseen).is_finite() {
                    add(6, 1.0);
                    add(7, a * a);
                    add(8, unseen * unseen);
                    add(9, rest * rest);
                }
                sample += 1;
                if sample % length == 0 {
                    blocks.add(std::mem::replace(&mut leaf, vec![0.0; WIDTH]))?;
                }
            }
            levels.push(next);
        }
        if leaf[0] > 0.0 {
            blocks.add(leaf)?;
        }
        let coarse = resampled(&blocks);
        let draws: Vec<Vec<f64>> = if coarse.len() < 2 {
            Vec::new()
        } else {
            (0..options.draws as u64)
                .map(|draw| resampled_total(&coarse, run.seed, draw))
                .collect()
        };
        let total = blocks.total();
        let estimate =
            |f: &dyn Fn(&[f64]) -> f64| from_draws(f(&total), draws.iter().map(|sums| f(sums)), coarse.len());
        let variance = |s: &[f64]| {
            if period.is_some() {
                f64::NAN
            } else {
                s[2] / s[0] - (s[1] / s[0]).powi(2)
            }
        };
        Ok(Level {
            number: n,
            variance: estimate(&variance),
            mean_square_velocity: estimate(&|s| s[3] / s[4]),
            frequency_squared: estimate(&|s| s[3] / s[4] / variance(s)),
            strength: estimate(&|s| s[9] / s[6] / variance(s)),
            mean_square_acceleration: estimate(&|s| s[5] / s[0]),
            closure: estimate(&|s| s[8] / s[7]),
            closure_in_sample: total[9] / total[7],
            noise,
            known: total[6] / total[0],
            mean_force: fitted.mean,
        })
    }
}

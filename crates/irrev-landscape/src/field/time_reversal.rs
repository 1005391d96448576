//! Whether a recording can be told from its reverse.
//!
//! In equilibrium ⟨a(t + τ) b(t)⟩ = ⟨a(t) b(t + τ)⟩ for all functions a and b of positions. The differences, for all pairs of the coordinates and (of three at most) of their products,
//! are taken from blocks of the recording. Where time has no direction, each block is as likely as its reverse, whose differences have the other sign: drawing
//! signs anew tells how large their sum may become by chance, with no assumption about distributions.
//!
//! A flux that is metric passes this test; one that dissipates fails it, given data enough. Blocks are taken as independent of one another.
//!
//! Sources: Y. Pomeau, J. Phys. 43, 859 (1982); E. L. Lehmann and J. P. Romano, Testing Statistical Hypotheses (2005), chapter 15.

use irrev_numerics::linalg::{Matrix, least_norm};
use irrev_numerics::streams::{Purpose, Stream};
use irrev_numerics::{Estimate, Run};

use crate::blocks::{Blocks, resampled, variance_of_ratio};
use crate::diagnose::common_step;
use crate::error::{Error, Result};
use crate::record::{Record, Segment, require_numbers};

/// Frames of the longest leaf, and leaves that are made if there are as many frames.
const LEAF: usize = 4096;
const LEAVES: usize = 512;

/// Singular values below this part of the largest count as zero: combinations of functions that do not vary.
const CUTOFF: f64 = 1e-10;

/// Most coordinates whose products are taken, too: those of four would make 91 pairs, more than the 64 to 127 blocks, of which every choice of signs would give the same statistic.
const WITH_PRODUCTS: usize = 3;

/// What a recording says of the direction of time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TimeReversal {
    /// τ.
    pub lag: f64,
    /// For i < j: ⟨r_i(t) r_j(t + τ) − r_j(t) r_i(t + τ)⟩/2τ, the area that is encircled per time from r_i towards r_j.
    pub circulations: Vec<((usize, usize), Estimate)>,
    /// Sᵀ (Σ_B s_B s_Bᵀ)⁻¹ S of the differences s_B of blocks and their sum S.
    pub statistic: f64,
    /// Part of the drawn signs that give as much, the drawn ones and the observed one counted: the probability of such a recording if time has no direction.
    pub p_value: f64,
    /// Number of blocks.
    pub blocks: usize,
}

/// Tests all coordinates of a record on a line for the direction of time, at a lag in frames, with `draws` drawn signs; up to three coordinates with their products, more of them alone.
///
/// Below some 20 blocks nothing can be told, and p values near 1 follow. O(frames · m⁴ + draws · blocks · m⁴) for m coordinates.
///
/// ```
/// use irrev_landscape::field::time_reversal;
/// use irrev_landscape::record::{Clock, Record, Segment};
/// use irrev_numerics::Run;
/// use irrev_numerics::streams::{Purpose, Stream};
/// // a noisy spiral that turns one way
/// let mut stream = Stream::new(1, Purpose::Search, 0);
/// let (mut x, mut y) = (vec![0.0], vec![0.0]);
/// for k in 0..20_000 {
///     let (a, b): (f64, f64) = (x[k], y[k]);
///     x.push(0.9 * a - 0.3 * b + stream.normal());
///     y.push(0.3 * a + 0.9 * b * 0.9 + stream.normal());
/// }
/// let record = Record::new(vec![None; 2], vec![Segment::new(Clock::Step(1.0), vec![&x, &y])?])?;
/// let found = time_reversal(&record, 1, 999, &Run::default())?;
/// assert!(found.p_value <= 0.001 && found.circulations[0].1.value > 0.0);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] for no lag, no draw, or a periodic coordinate (give its cosine and sine), [`Error::Unlike`] for different steps, [`Error::Empty`] if no segment
/// is longer than the lag, [`Error::NotFinite`], [`Error::Numerics`].
pub fn time_reversal(record: &Record<'_>, lag: usize, draws: usize, run: &Run<'_>) -> Result<TimeReversal> {
    Error::require("the lag", lag as f64, lag >= 1, "at least 1 frame")?;
    Error::require("the number of draws", draws as f64, draws >= 1, "at least 1")?;
    let step = common_step(record)?;
    let m = record.periods().len();
    if let Some(period) = record.periods().iter().flatten().next() {
        return Err(Error::Domain {
            what: "the period of a coordinate",
            value: period.length(),
            expected: "none: give the cosine and the sine of an angle as two coordinates",
        });
    }
    let scales = scales(record)?;
    let functions = if m <= WITH_PRODUCTS {
        m + m * (m + 1) / 2
    } else {
        m
    };
    let pairs: Vec<(usize, usize)> = (0..functions).flat_map(|a| (0..a).map(move |b| (b, a))).collect();
    let frames: usize = record
        .segments()
        .iter()
        .map(|segment| segment.frames().saturating_sub(lag))
        .sum();
    let length = (frames / LEAVES).clamp(1, LEAF);
    let mut blocks = Blocks::new(pairs.len() + 1);
    for segment in record.segments() {
        let last = segment.frames().saturating_sub(lag);
        for start in (0..last).step_by(length) {
            let mut leaf = vec![0.0; pairs.len() + 1];
            for t in start..(start + length).min(last) {
                let (here, ahead) = (values(segment, t, &scales)?, values(segment, t + lag, &scales)?);
                leaf[0] += segment.weight();
                for (sum, (a, b)) in leaf[1..].iter_mut().zip(&pairs) {
                    *sum += segment.weight() * (here[*a] * ahead[*b] - here[*b] * ahead[*a]);
                }
            }
            blocks.add(leaf)?;
        }
        run.report(0.5, "direction of time")?;
    }
    let blocks = resampled(&blocks);
    if blocks.is_empty() {
        return Err(Error::Empty {
            what: "the set of segments longer than the lag",
            way_out: "give longer trajectories, or a shorter lag",
        });
    }
    let weight: f64 = blocks.iter().map(|block| block[0]).sum();
    let time = 2.0 * step * lag as f64;
    let circulation = |place: usize, i: usize, j: usize| {
        let unit = scales[i].1 * scales[j].1 / time;
        let sums = blocks.iter().map(|block| (block[place + 1], block[0]));
        let mean = blocks.iter().map(|block| block[place + 1]).sum::<f64>() / weight;
        Estimate::from_mean(unit * mean, unit * variance_of_ratio(sums).sqrt(), blocks.len())
    };
    let (statistic, p_value) = sign_test(&blocks, draws, run.seed)?;
    Ok(TimeReversal {
        lag: step * lag as f64,
        circulations: pairs
            .iter()
            .enumerate()
            .filter(|(_, (_, j))| *j < m)
            .map(|(place, (i, j))| ((*i, *j), circulation(place, *i, *j)))
            .collect(),
        statistic,
        p_value,
        blocks: blocks.len(),
    })
}

/// Mean and standard deviation of each coordinate.
fn scales(record: &Record<'_>) -> Result<Vec<(f64, f64)>> {
    (0..record.periods().len())
        .map(|coordinate| {
            let columns = record
                .segments()
                .iter()
                .map(|segment| segment.positions(coordinate))
                .collect::<Result<Vec<_>>>()?;
            for column in &columns {
                require_numbers("a position", column, 0)?;
            }
            let n: f64 = columns.iter().map(|column| column.len() as f64).sum();
            let mean = columns.iter().copied().flatten().sum::<f64>() / n;
            let variance = columns
                .iter()
                .copied()
                .flatten()
                .map(|r| (r - mean).powi(2))
                .sum::<f64>()
                / n;
            // one that does not vary tells nothing, in any unit
            Ok((mean, if variance > 0.0 { variance.sqrt() } else { 1.0 }))
        })
        .collect()
}

/// The coordinates and their products, scaled.
fn values(segment: &Segment<'_>, frame: usize, scales: &[(f64, f64)]) -> Result<Vec<f64>> {
    let mut values = scales
        .iter()
        .enumerate()
        .map(|(k, (mean, scale))| Ok((segment.positions(k)?[frame] - mean) / scale))
        .collect::<Result<Vec<f64>>>()?;
    let multiplied = if scales.len() <= WITH_PRODUCTS {
        scales.len()
    } else {
        0
    };
    for i in 0..multiplied {
        for j in 0..=i {
            values.push(values[i] * values[j]);
        }
    }
    Ok(values)
}

/// Statistic of the sum over blocks, and the part of sign changes that reach it.
fn sign_test(blocks: &[Vec<f64>], draws: usize, seed: u64) -> Result<(f64, f64)> {
    let n = blocks[0].len() - 1;
    let sum = |signs: &[f64]| -> Vec<f64> {
        let mut total = vec![0.0; n];
        for (block, sign) in blocks.iter().zip(signs) {
            total
                .iter_mut()
                .zip(&block[1..])
                .for_each(|(sum, s)| *sum += sign * s);
        }
        total
    };
    let spread = Matrix::from_fn(n, n, |i, j| {
        blocks.iter().map(|block| block[i + 1] * block[j + 1]).sum()
    });
    let statistic = |signs: &[f64]| -> Result<f64> {
        let total = sum(signs);
        let solved = least_norm(&spread, &total, CUTOFF)?.x;
        Ok(total.iter().zip(solved).map(|(a, b)| a * b).sum())
    };
    let observed = statistic(&vec![1.0; blocks.len()])?;
    let mut reached = 1_usize;
    for draw in 0..draws as u64 {
        let mut stream = Stream::new(seed, Purpose::Bootstrap, draw);
        let signs: Vec<f64> = blocks
            .iter()
            .map(|_| if stream.below(2) == 0 { 1.0 } else { -1.0 })
            .collect();
        // what ties but for rounding counts as reached
        reached += usize::from(statistic(&signs)? >= observed * (1.0 - 1e-9));
    }
    Ok((observed, reached as f64 / (draws + 1) as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Clock, Period};

    /// x' = −x/10 ∓ turn y + noise, in steps.
    fn spiral(turn: f64, seed: u64) -> [Vec<f64>; 2] {
        let mut stream = Stream::new(seed, Purpose::Trajectory, 0);
        let (mut x, mut y) = (0.0, 0.0);
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for _ in 0..20_000 {
            a.push(x);
            b.push(y);
            (x, y) = (
                0.9 * x - turn * y + stream.normal(),
                turn * x + 0.9 * y + stream.normal(),
            );
        }
        [a, b]
    }

    fn of(columns: &[Vec<f64>]) -> TimeReversal {
        let segment = Segment::new(Clock::Step(0.5), columns.iter().map(Vec::as_slice).collect()).unwrap();
        let record = Record::new(vec![None; columns.len()], vec![segment]).unwrap();
        time_reversal(&record, 1, 199, &Run::default()).unwrap()
    }

    #[test]
    fn turning_is_seen_and_standing_still_is_not() {
        assert_eq!(of(&spiral(0.1, 1)).p_value, 1.0 / 200.0);
        // p values of reversible recordings are uniform: 12 of them are all above 0.05 or few are not; 5 or more below have a probability of 2e-4
        let low = (1..=12)
            .filter(|seed| of(&spiral(0.0, *seed)).p_value <= 0.05)
            .count();
        assert!(low < 5, "{low}");
        // reversed, the circulation has the other sign and the statistic is the same
        let [a, b] = spiral(0.1, 1);
        let backwards = of(&[
            a.iter().rev().copied().collect(),
            b.iter().rev().copied().collect(),
        ]);
        let forwards = of(&[a, b]);
        let value = |found: &TimeReversal| found.circulations[0].1.value;
        assert!((value(&backwards) + value(&forwards)).abs() < 1e-9 * value(&forwards).abs());
        assert!(value(&forwards) > 0.0);
    }

    #[test]
    fn one_coordinate_has_a_direction_if_it_rises_slowly_and_falls_fast() {
        let mut stream = Stream::new(1, Purpose::Trajectory, 0);
        let mut x = 0.0;
        let saw: Vec<f64> = (0..20_000)
            .map(|_| {
                x += 0.1 + 0.02 * stream.normal();
                if x > 1.0 + 0.1 * stream.normal() {
                    x = 0.0;
                }
                x
            })
            .collect();
        assert_eq!(of(&[saw]).p_value, 1.0 / 200.0);
    }

    #[test]
    fn faults_are_named() {
        let x = [0.0, 1.0];
        let record = Record::of_positions(1.0, [&x[..]]).unwrap();
        assert!(matches!(
            time_reversal(&record, 0, 9, &Run::default()),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            time_reversal(&record, 2, 9, &Run::default()),
            Err(Error::Empty { .. })
        ));
        let segment = Segment::new(Clock::Step(1.0), vec![&x]).unwrap();
        let angle = Record::new(vec![Some(Period::radians())], vec![segment]).unwrap();
        assert!(matches!(
            time_reversal(&angle, 1, 9, &Run::default()),
            Err(Error::Domain { .. })
        ));
    }
}

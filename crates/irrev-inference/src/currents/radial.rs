//! Gaussian radial currents for fields that are not linear, their number chosen by data held out.

use irrev_numerics::Run;
use irrev_numerics::streams::{Purpose, Stream};
use serde::{Deserialize, Serialize};

use super::family::Currents;
use super::held_out::{HeldOutOptions, held_out_bound};
use super::series::Series;
use crate::error::{Error, Result};

/// Most points that centres are sought among.
const SAMPLED: usize = 8192;
/// Rounds of moving centres to the means of their points.
const ROUNDS: usize = 20;

/// Which numbers of centres are tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RadialOptions {
    /// Numbers of centres, ascending; 0 are the affine currents alone. Default 0, 4, 8, 16, 32.
    pub centres: Vec<usize>,
    /// Width of the Gaussians in mean distances of a centre from the nearest other one; default 1.
    pub width: f64,
    /// How the numbers are judged.
    pub held_out: HeldOutOptions,
}

impl Default for RadialOptions {
    fn default() -> Self {
        Self {
            centres: vec![0, 4, 8, 16, 32],
            width: 1.0,
            held_out: HeldOutOptions::default(),
        }
    }
}

/// Currents chosen by data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RadialChoice {
    /// The affine currents and those of the chosen number of centres.
    pub currents: Currents,
    /// Number of centres chosen.
    pub centres: usize,
    /// Numbers tried and their bounds by data held out, nats per unit time, up to where enough data were there. The largest of them is biased by being the largest: certify on other data.
    pub tried: Vec<(usize, f64)>,
}

/// Affine and Gaussian radial currents φ_c(x) dx_b: centres by k-means++ on points in units of their standard deviations, one width, the number of centres by data held out.
///
/// A function of the series and the seed. Judge the result by other data than those that chose it: [`HeldOutOptions::chosen_by`].
///
/// ```
/// use irrev_inference::currents::{RadialOptions, Series, radial_currents};
/// use irrev_numerics::{Run, streams::{Purpose, Stream}};
/// let (mut stream, mut x) = (Stream::new(1, Purpose::Trajectory, 0), [0.0; 2]);
/// let mut points = Vec::new();
/// for _ in 0..3000 {
///     points.extend(x);
///     x = [0.9 * x[0] + 0.1 * stream.normal(), 0.9 * x[1] + 0.1 * stream.normal()];
/// }
/// let options = RadialOptions { centres: vec![0, 3], ..Default::default() };
/// let found = radial_currents(&Series::new([points], 2, 0.1)?, &options, &Run::default())?;
/// assert_eq!(found.tried.len(), 2);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] for options, [`Error::TooFew`] if the data do not suffice for the smallest number, cancellation.
pub fn radial_currents(series: &Series<'_>, options: &RadialOptions, run: &Run<'_>) -> Result<RadialChoice> {
    let numbers = &options.centres;
    let ascending = !numbers.is_empty() && numbers.windows(2).all(|pair| pair[0] < pair[1]);
    Error::require(
        "the number of numbers of centres",
        numbers.len() as f64,
        ascending,
        "at least one, ascending",
    )?;
    let positive = options.width > 0.0 && options.width.is_finite();
    Error::require(
        "the width of radial currents",
        options.width,
        positive,
        "a positive number",
    )?;
    let origin = series.mean();
    let scales = deviations(series, &origin);
    let sample = sampled(series, &scales);
    let mut tried = Vec::new();
    let mut best: Option<(Currents, usize, f64)> = None;
    for &number in numbers {
        run.report(
            tried.len() as f64 / numbers.len() as f64,
            "choosing radial currents",
        )?;
        let currents = if number == 0 {
            Currents::affine(origin.clone())
        } else {
            let centres = k_means(&sample, series.dimension(), number, run.seed);
            let width = options.width * spacing(&centres, series.dimension());
            Currents::radial(origin.clone(), scales.clone(), centres, width)?
        };
        let value = match held_out_bound(series, currents.clone(), &options.held_out, run) {
            Ok(found) => found.estimate.value,
            // the larger numbers ask for more data than there are
            Err(Error::TooFew { .. }) if best.is_some() => break,
            Err(error) => return Err(error),
        };
        tried.push((number, value));
        if best.as_ref().is_none_or(|(_, _, most)| value > *most) {
            best = Some((currents, number, value));
        }
    }
    best.map(|(currents, centres, _)| RadialChoice {
        currents,
        centres,
        tried,
    })
    .ok_or(Error::TooFew {
        what: "a choice of radial currents",
        unit: "numbers of centres",
        found: 0,
        needed: 1,
    })
}

fn deviations(series: &Series<'_>, mean: &[f64]) -> Vec<f64> {
    let d = mean.len();
    let mut squares = vec![0.0; d];
    for point in series.each().flat_map(|points| points.chunks_exact(d)) {
        for ((sum, x), mean) in squares.iter_mut().zip(point).zip(mean) {
            *sum += (x - mean) * (x - mean);
        }
    }
    let n = series.points() as f64;
    squares.iter().map(|sum| (sum / n).sqrt()).collect()
}

/// Every so-manieth point in units of the scales.
fn sampled(series: &Series<'_>, scales: &[f64]) -> Vec<f64> {
    let d = scales.len();
    let every = series.points().div_ceil(SAMPLED);
    let points = series.each().flat_map(|points| points.chunks_exact(d));
    let scaled = |point: &[f64]| -> Vec<f64> { point.iter().zip(scales).map(|(x, s)| x / s).collect() };
    points.step_by(every).flat_map(scaled).collect()
}

fn squared_distance(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum()
}

/// Place and squared distance of the nearest centre.
fn nearest(point: &[f64], centres: &[f64]) -> (usize, f64) {
    let distances = centres
        .chunks_exact(point.len())
        .map(|c| squared_distance(point, c));
    distances.enumerate().fold(
        (0, f64::INFINITY),
        |best, next| if next.1 < best.1 { next } else { best },
    )
}

/// k-means++: each first centre with probability ∝ squared distance from those before, then Lloyd's rounds. Fewer centres where there are fewer different points.
///
/// Source: D. Arthur and S. Vassilvitskii, SODA 2007, 1027.
fn k_means(sample: &[f64], d: usize, number: usize, seed: u64) -> Vec<f64> {
    let mut stream = Stream::new(seed, Purpose::Search, number as u64);
    let points: Vec<&[f64]> = sample.chunks_exact(d).collect();
    let mut centres = points[stream.below(points.len() as u64) as usize].to_vec();
    let mut distances: Vec<f64> = points.iter().map(|p| squared_distance(p, &centres)).collect();
    while centres.len() < number * d && distances.iter().any(|x| *x > 0.0) {
        let next = points[stream.categorical(&distances)];
        centres.extend_from_slice(next);
        for (distance, point) in distances.iter_mut().zip(&points) {
            *distance = distance.min(squared_distance(point, next));
        }
    }
    for _ in 0..ROUNDS {
        let mut sums = vec![0.0; centres.len()];
        let mut counts = vec![0.0; centres.len() / d];
        for point in &points {
            let (own, _) = nearest(point, &centres);
            counts[own] += 1.0;
            for (sum, x) in sums[own * d..(own + 1) * d].iter_mut().zip(*point) {
                *sum += x;
            }
        }
        let mut moved = false;
        for (k, x) in centres.iter_mut().enumerate() {
            let mean = if counts[k / d] > 0.0 {
                sums[k] / counts[k / d]
            } else {
                *x
            };
            moved |= mean != *x;
            *x = mean;
        }
        if !moved {
            break;
        }
    }
    centres
}

/// Mean distance of a centre from the nearest other one; 1 for a single centre.
fn spacing(centres: &[f64], d: usize) -> f64 {
    let number = centres.len() / d;
    if number < 2 {
        return 1.0;
    }
    let each = (0..number).map(|k| {
        let others = (0..number).filter(|l| *l != k);
        others
            .map(|l| squared_distance(&centres[k * d..(k + 1) * d], &centres[l * d..(l + 1) * d]))
            .fold(f64::INFINITY, f64::min)
            .sqrt()
    });
    let mean = each.sum::<f64>() / number as f64;
    if mean > 0.0 { mean } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centres_find_separate_clouds() {
        let mut stream = Stream::new(5, Purpose::Search, 99);
        let clouds = [[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]];
        let sample: Vec<f64> = (0..600)
            .flat_map(|k| clouds[k % 3].map(|x| x + 0.3 * stream.normal()))
            .collect();
        let centres = k_means(&sample, 2, 3, 1);
        for cloud in clouds {
            assert!(nearest(&cloud, &centres).1 < 0.1);
        }
        assert!((spacing(&centres, 2) - 10.0).abs() < 0.2);
        // no more centres than different points
        assert_eq!(k_means(&[1.0, 1.0, 2.0, 1.0], 1, 3, 1).len(), 2);
    }
}

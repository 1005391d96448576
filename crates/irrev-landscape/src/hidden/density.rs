//! The joint density of two levels, smoothed, with its peaks.

use irrev_numerics::{Estimate, Run};
use rayon::prelude::*;

use super::hierarchy::Hierarchy;
use super::peaks::{Peak, Topology, peaks};
use crate::blocks::{Blocks, resampled, resampled_total};
use crate::error::{Error, Result};
use crate::grid::Grid;

/// Cells along each level where none are given.
const CELLS: usize = 48;

/// Part of the frames beyond the cells at either end where none are given.
const LEFT_OUT: f64 = 1e-3;

/// Standard deviations beyond which the smoothing window is zero.
const REACH: f64 = 4.0;

/// Frames of the longest leaf, and leaves that are made if there are as many frames.
const LEAF: usize = 4096;
const LEAVES: usize = 512;

/// Part of the draws that stay within the noise band.
const CONFIDENCE: f64 = 0.95;

/// How a joint density is made.
#[derive(Debug, Clone, PartialEq)]
pub struct DensityOptions {
    /// Which two levels; default (1, 2).
    pub levels: (usize, usize),
    /// Cells along either; default `None` takes 48 between the quantiles 0.001 and 0.999. r₁ on a circle needs cells round the circle.
    pub cells: Option<(Grid, Grid)>,
    /// Standard deviation of the Gaussian window, in cells; default 2, and 0 smooths nothing. Densities of levels are singular at folds, so that some smoothing
    /// is needed before peaks mean anything.
    pub smoothing: f64,
    /// Draws of the bootstrap that gives the noise band; default 200.
    pub draws: usize,
}

impl Default for DensityOptions {
    fn default() -> Self {
        Self {
            levels: (1, 2),
            cells: None,
            smoothing: 2.0,
            draws: 200,
        }
    }
}

/// ρ(r_i, r_j), smoothed, and its peaks.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JointDensity {
    /// i and j.
    pub levels: (usize, usize),
    /// Cells along either.
    pub cells: (Grid, Grid),
    /// Part of all frames in each cell, that of r_j running fastest, as it was counted.
    pub probability: Vec<f64>,
    /// The same, smoothed. What the window carries beyond the cells is lost, but round a circle.
    pub smoothed: Vec<f64>,
    /// Standard deviation of the window along either, in its unit, for cells of the average width.
    pub bandwidths: [f64; 2],
    /// In 95 % of the draws no smoothed probability is off by more; NaN for a single block of frames.
    pub noise_band: f64,
    /// Part of the frames outside of the cells.
    pub outside: f64,
    /// All peaks of the smoothed probability, by falling persistence.
    pub peaks: Vec<Peak>,
}

impl JointDensity {
    /// The peaks that are no noise: those that stand out by more than twice the noise band.
    pub fn significant_peaks(&self) -> impl Iterator<Item = &Peak> {
        self.peaks
            .iter()
            .filter(|peak| peak.persistence() > 2.0 * self.noise_band)
    }

    /// (r_i, r_j) in the middle of a peak's cell.
    #[must_use]
    pub fn place(&self, peak: &Peak) -> [f64; 2] {
        let middle = |grid: &Grid, cell: usize| 0.5 * (grid.edges()[cell] + grid.edges()[cell + 1]);
        [
            middle(&self.cells.0, peak.cell[0]),
            middle(&self.cells.1, peak.cell[1]),
        ]
    }

    /// ρ in each cell: the smoothed probability over its area.
    #[must_use]
    pub fn density(&self) -> Vec<f64> {
        let (a, b) = (self.cells.0.widths(), self.cells.1.widths());
        self.smoothed
            .iter()
            .enumerate()
            .map(|(cell, p)| p / (a[cell / b.len()] * b[cell % b.len()]))
            .collect()
    }

    /// Persistence of a peak with the noise band as its error.
    #[must_use]
    pub fn persistence(&self, peak: &Peak) -> Estimate {
        let (value, half) = (peak.persistence(), 2.0 * self.noise_band);
        let mut estimate = Estimate::from_mean(value, self.noise_band, 0);
        (estimate.interval, estimate.level) = ((value - half, value + half), CONFIDENCE);
        estimate
    }
}

/// The joint density of two levels of a hierarchy.
///
/// Frames are counted in cells, smoothed by a Gaussian window, and peaks are told from noise by drawing blocks of frames anew.
///
/// ```
/// use irrev_landscape::Record;
/// use irrev_landscape::hidden::{DensityOptions, HierarchyOptions, hierarchy, joint_density};
/// use irrev_numerics::Run;
/// let trajectories: Vec<Vec<f64>> = (0..200)
///     .map(|j| (0..60).map(|k| (f64::from(j) + 0.05 * f64::from(k)).sin() + (1.7 * f64::from(j) + 0.1 * f64::from(k)).sin()).collect())
///     .collect();
/// let record = Record::of_positions(0.05, trajectories.iter().map(Vec::as_slice))?;
/// let levels = hierarchy(&record, &HierarchyOptions { levels: 1, ..Default::default() }, &Run::default())?;
/// let found = joint_density(&levels, &DensityOptions::default(), &Run::default())?;
/// assert!((found.probability.iter().sum::<f64>() + found.outside - 1.0).abs() < 1e-12 && found.significant_peaks().count() >= 1);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::NoCoordinate`] for levels that are not there, [`Error::Domain`] for a window that is negative or fewer than 2 draws, [`Error::Empty`] if no frame
/// has both, [`Error::Unlike`] for cells of r₁ that do not go round its circle, [`Error::Numerics`] if too much memory would be needed or the run is cancelled.
pub fn joint_density(hierarchy: &Hierarchy, options: &DensityOptions, run: &Run<'_>) -> Result<JointDensity> {
    let (i, j) = options.levels;
    hierarchy.require_dimension(i)?;
    hierarchy.require_dimension(j)?;
    let (sigma, draws) = (options.smoothing, options.draws);
    Error::require(
        "the width of a window",
        sigma,
        sigma >= 0.0 && sigma.is_finite(),
        "0 or a positive number of cells",
    )?;
    Error::require("the number of draws", draws as f64, draws >= 2, "at least 2")?;
    let frames = hierarchy.pairs(i, j).count();
    let cells = match &options.cells {
        Some(cells) => cells.clone(),
        None => default_cells(hierarchy, i, j)?,
    };
    cells.0.require_period(hierarchy.period.filter(|_| i == 1))?;
    cells.1.require_period(hierarchy.period.filter(|_| j == 1))?;
    let shape = [cells.0.cells(), cells.1.cells()];
    let width = shape[0] * shape[1] + 1;
    run.require_memory("a joint density", 2 * Blocks::memory(width))?;
    let length = (frames / LEAVES).clamp(1, LEAF);
    let mut blocks = Blocks::new(width);
    let mut leaf = vec![0.0; width];
    let mut counted = 0;
    for ([x, y], weight) in hierarchy.pairs(i, j) {
        // the last entry holds what lies outside
        let cell = cells.0.cell(x).zip(cells.1.cell(y));
        leaf[cell.map_or(width - 1, |(a, b)| a * shape[1] + b)] += weight;
        counted += 1;
        if counted % length == 0 {
            blocks.add(std::mem::replace(&mut leaf, vec![0.0; width]))?;
        }
    }
    if counted % length != 0 {
        blocks.add(leaf)?;
    }
    let smooth = |sums: &[f64]| -> (Vec<f64>, Vec<f64>) {
        let all: f64 = sums.iter().sum();
        let probability: Vec<f64> = sums[..width - 1].iter().map(|sum| sum / all).collect();
        let circular = [cells.0.period().is_some(), cells.1.period().is_some()];
        let smoothed = smoothed(&probability, shape, circular, sigma);
        (probability, smoothed)
    };
    let total = blocks.total();
    let (probability, smoothed) = smooth(&total);
    run.report(0.5, "noise band of a joint density")?;
    let coarse = resampled(&blocks);
    let mut deviations: Vec<f64> = if coarse.len() < 2 {
        Vec::new()
    } else {
        run.install(|| {
            (0..draws as u64)
                .into_par_iter()
                .map(|draw| {
                    let drawn = smooth(&resampled_total(&coarse, run.seed, draw)).1;
                    let off = drawn.iter().zip(&smoothed).map(|(a, b)| (a - b).abs());
                    off.fold(0.0, f64::max)
                })
                .collect()
        })?
    };
    deviations.sort_by(f64::total_cmp);
    let place = (CONFIDENCE * deviations.len() as f64).ceil() as usize;
    let noise_band = deviations
        .get(place.saturating_sub(1))
        .copied()
        .unwrap_or(f64::NAN);
    let topology = match (cells.0.period(), cells.1.period()) {
        (Some(_), _) => Topology::Cylinder,
        _ => Topology::Plane,
    };
    let bandwidth = |grid: &Grid| {
        let edges = grid.edges();
        sigma * (edges[edges.len() - 1] - edges[0]) / grid.cells() as f64
    };
    Ok(JointDensity {
        levels: (i, j),
        bandwidths: [bandwidth(&cells.0), bandwidth(&cells.1)],
        noise_band,
        outside: total[width - 1] / total.iter().sum::<f64>(),
        peaks: peaks(&smoothed, shape, topology)?,
        cells,
        probability,
        smoothed,
    })
}

fn default_cells(hierarchy: &Hierarchy, i: usize, j: usize) -> Result<(Grid, Grid)> {
    let grid = |which: usize, level: usize| {
        if let Some(period) = hierarchy.period.filter(|_| level == 1) {
            return Grid::circle(period, CELLS);
        }
        let mut values: Vec<f64> = hierarchy.pairs(i, j).map(|(pair, _)| pair[which]).collect();
        values.sort_by(f64::total_cmp);
        let at = |part: f64| {
            let place = (part * values.len().saturating_sub(1) as f64).round() as usize;
            values.get(place).copied().ok_or(Error::Empty {
                what: "the set of frames with both levels",
                way_out: "give longer trajectories, or ask for lower levels",
            })
        };
        Grid::uniform(at(LEFT_OUT)?, at(1.0 - LEFT_OUT)?, CELLS)
    };
    Ok((grid(0, i)?, grid(1, j)?))
}

/// Convolution with a Gaussian window of `sigma` cells along both axes; beyond a straight end there is nothing.
fn smoothed(values: &[f64], shape: [usize; 2], circular: [bool; 2], sigma: f64) -> Vec<f64> {
    let reach = (REACH * sigma).round() as isize;
    let window: Vec<f64> = (-reach..=reach)
        .map(|k| {
            if reach == 0 {
                1.0
            } else {
                (-0.5 * (k as f64 / sigma).powi(2)).exp()
            }
        })
        .collect();
    let norm: f64 = window.iter().sum();
    let mut result = values.to_vec();
    for axis in 0..2 {
        let n = shape[axis] as isize;
        let stride = if axis == 0 { shape[1] } else { 1 };
        let before = result.clone();
        for (cell, result) in result.iter_mut().enumerate() {
            let here = (cell / stride % shape[axis]) as isize;
            let start = cell - here as usize * stride;
            *result = (-reach..=reach)
                .zip(&window)
                .filter_map(|(k, w)| {
                    let other = if circular[axis] {
                        (here + k).rem_euclid(n)
                    } else {
                        here + k
                    };
                    (0..n)
                        .contains(&other)
                        .then(|| w / norm * before[start + other as usize * stride])
                })
                .sum();
        }
    }
    result
}

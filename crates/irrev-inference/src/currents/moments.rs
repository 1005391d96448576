//! Mean and covariance of currents in one pass.

use std::cell::RefCell;

use irrev_numerics::Run;
use irrev_numerics::linalg::vectorised;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::family::Currents;
use super::lagged::add_lagged_products;
use super::series::Series;
use super::tile::{LENGTH, Tile, add_products, add_sums};
use crate::error::{Error, Result};
use crate::resampling::Blocks;

/// Leaves that are summed before they are added in their order.
const TOGETHER: usize = 1024;

/// Below this number of leaves threads do not pay.
const WORTH_THREADS: usize = 16;

/// What second moments are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Products {
    /// g_k g_l of the same step.
    #[default]
    Plain,
    /// Factors of neighbouring points that share no measurement noise: x_a and x_c from two steps before and three after, and dx_b (dx_d of this and both neighbouring steps). Of affine and linear currents only.
    WithoutNoise,
}

/// How steps are summed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MomentOptions {
    /// Steps in units of the data's, ascending; every one starts at every point. Default 1, 2, 4: what extrapolation to vanishing steps needs.
    pub strides: Vec<usize>,
    /// Default [`Products::Plain`].
    pub products: Products,
}

impl Default for MomentOptions {
    fn default() -> Self {
        Self {
            strides: vec![1, 2, 4],
            products: Products::Plain,
        }
    }
}

/// Sums of currents, and of their products, over consecutive blocks of a stream of points: constant memory, about 8 (K + K²/2) · strides · 512 bytes for K currents.
///
/// Points arrive in pieces of any length; a leaf of the sums has 128 steps counted from the beginning of a segment, so that **pieces and threads change no bit**. Two
/// accumulators that are merged agree with one that saw all up to rounding. Plain sums suffice: a current's mean is small beside its deviation, and affine currents have an origin near the data's mean.
///
/// ```
/// use irrev_inference::currents::{Currents, MomentOptions, Moments};
/// let points: Vec<f64> = (0..2000).map(|t| (0.01 * f64::from(t * t % 997)).sin()).collect();
/// let mut whole = Moments::new(Currents::linear(2), 0.1, &MomentOptions::default())?;
/// let mut pieces = whole.clone();
/// whole.push(&points)?;
/// for piece in points.chunks(14) {
///     pieces.push(piece)?;
/// }
/// whole.end_segment()?;
/// pieces.end_segment()?;
/// assert_eq!(whole, pieces);
/// assert_eq!(whole.steps(), 999);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    currents: Currents,
    step: f64,
    options: MomentOptions,
    blocks: Blocks,
    /// Points of the open segment that steps to come need.
    open: Vec<f64>,
    /// How many of them lie before the next leaf.
    history: usize,
    points: u64,
    segments: u64,
}

impl Moments {
    /// An empty accumulator for points at equal steps.
    ///
    /// # Errors
    /// [`Error::Domain`] for a step that is not positive, strides that do not ascend from 1 on, no currents, or products that the currents do not have.
    pub fn new(currents: Currents, step: f64, options: &MomentOptions) -> Result<Self> {
        let positive = step > 0.0 && step.is_finite();
        Error::require("the step of time", step, positive, "a positive number")?;
        let strides = &options.strides;
        let ascending = strides.windows(2).all(|pair| pair[0] < pair[1]);
        let first = strides.first().copied().unwrap_or(0);
        Error::require(
            "the first of the strides",
            first as f64,
            first >= 1 && ascending,
            "whole numbers ascending from at least 1",
        )?;
        let longest = strides.last().copied().unwrap_or(1);
        Error::require(
            "the longest stride",
            longest as f64,
            longest <= 1024,
            "at most 1024",
        )?;
        currents.require_consistent()?;
        let number = currents.len();
        if options.products == Products::WithoutNoise {
            currents.require_lagged_products()?;
        }
        let width = strides.len() * row_width(number);
        Ok(Self {
            currents,
            step,
            options: options.clone(),
            blocks: Blocks::new(width),
            open: Vec::new(),
            history: 0,
            points: 0,
            segments: 0,
        })
    }

    /// The sums over a series, in parallel.
    ///
    /// # Errors
    /// As [`Self::new`]; [`Error::Size`] if currents and series differ in dimension; the limit of memory, cancellation.
    pub fn of(
        series: &Series<'_>,
        currents: Currents,
        options: &MomentOptions,
        run: &Run<'_>,
    ) -> Result<Self> {
        if series.dimension() != currents.dimension() {
            return Err(Error::Size {
                what: "the dimension of the series",
                found: series.dimension(),
                expected: currents.dimension(),
            });
        }
        let mut moments = Self::new(currents, series.step(), options)?;
        run.require_memory("moments of currents", Blocks::memory(moments.blocks.width()))?;
        run.install(|| -> Result<()> {
            for (k, points) in series.each().enumerate() {
                if k % TOGETHER == 0 {
                    run.report(k as f64 / series.segments() as f64, "summing currents")?;
                }
                moments.begin(points.len());
                let done = moments.sum(points, 0, true)?;
                debug_assert_eq!(done, points.len() / moments.currents.dimension());
            }
            Ok(())
        })??;
        Ok(moments)
    }

    /// The next points of the open segment, d numbers each; cut between points wherever it suits.
    ///
    /// # Errors
    /// [`Error::Size`] if a point is not whole, [`Error::Entry`] for a value that is no finite number; nothing is taken then.
    pub fn push(&mut self, points: &[f64]) -> Result<()> {
        let d = self.currents.dimension();
        if !points.len().is_multiple_of(d) {
            return Err(Error::Size {
                what: "a piece of points in their dimension",
                found: points.len(),
                expected: points.len().next_multiple_of(d),
            });
        }
        if let Some(index) = points.iter().position(|x| !x.is_finite()) {
            return Err(Error::Entry {
                what: format!("coordinate {} of the points", index % d),
                index: index / d,
                value: points[index],
            });
        }
        if points.is_empty() {
            return Ok(());
        }
        if self.open.is_empty() {
            self.begin(0);
        }
        self.points += (points.len() / d) as u64;
        let mut open = std::mem::take(&mut self.open);
        open.extend_from_slice(points);
        let done = self.sum(&open, self.history, false)?;
        let kept = done.saturating_sub(self.reach().0);
        self.history = done - kept;
        open.drain(..kept * d);
        self.open = open;
        Ok(())
    }

    /// Ends the open segment: the next point that is pushed does not follow on the last.
    ///
    /// # Errors
    /// None of its own; those of [`Blocks::add`].
    pub fn end_segment(&mut self) -> Result<()> {
        let open = std::mem::take(&mut self.open);
        self.sum(&open, self.history, true)?;
        self.history = 0;
        Ok(())
    }

    /// Adds what another accumulator has seen, as segments that follow; open segments of both end.
    ///
    /// # Errors
    /// [`Error::Domain`] unless currents, step and options are the same.
    pub fn merge(&mut self, mut other: Self) -> Result<()> {
        let same = self.currents == other.currents && self.options == other.options;
        Error::require(
            "the step of moments that are merged",
            other.step,
            same && self.step == other.step,
            "the same currents, step and options in both",
        )?;
        self.end_segment()?;
        other.end_segment()?;
        self.points += other.points;
        self.segments += other.segments;
        Ok(self.blocks.merge(other.blocks)?)
    }

    /// The currents.
    #[must_use]
    pub fn currents(&self) -> &Currents {
        &self.currents
    }

    /// Time between points.
    #[must_use]
    pub fn step(&self) -> f64 {
        self.step
    }

    /// Strides and products.
    #[must_use]
    pub fn options(&self) -> &MomentOptions {
        &self.options
    }

    /// Steps seen, one less than points in every segment.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.points - self.segments
    }

    /// Sums over consecutive blocks: for each stride the number of steps, Σ g_k, and Σ g_k g_l (l ≤ k) by rows.
    #[must_use]
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// Mean of each current per step of a stride, given by its place among the strides; `None` if there are no such steps.
    #[must_use]
    pub fn means(&self, place: usize) -> Option<Vec<f64>> {
        let total = self.blocks.total();
        let sums = StrideSums::of(&total, place, self.currents.len())?;
        Some(sums.means())
    }

    /// Unbiased covariance of the currents per step of a stride, lower triangle by rows; `None` for fewer than two steps.
    #[must_use]
    pub fn covariance(&self, place: usize) -> Option<Vec<f64>> {
        let total = self.blocks.total();
        let sums = StrideSums::of(&total, place, self.currents.len())?;
        (sums.count > 1.0).then(|| sums.covariance(&sums.means()))
    }

    fn begin(&mut self, numbers: usize) {
        self.segments += 1;
        self.points += (numbers / self.currents.dimension()) as u64;
    }

    /// Points before and after the first of a step that the step needs.
    fn reach(&self) -> (usize, usize) {
        let longest = self.options.strides.last().copied().unwrap_or(1);
        match self.options.products {
            Products::Plain => (0, longest),
            Products::WithoutNoise => (2 * longest, 3 * longest),
        }
    }

    /// Adds all leaves from point `first` on whose points are there, and with `ended` the rest; returns the first point of the next leaf.
    fn sum(&mut self, points: &[f64], first: usize, ended: bool) -> Result<usize> {
        let number = points.len() / self.currents.dimension();
        let after = self.reach().1;
        let leaves = if ended {
            // the last point begins no step
            (number - first.min(number)).saturating_sub(1).div_ceil(LENGTH)
        } else {
            (number - first).saturating_sub(after) / LENGTH
        };
        for from in (0..leaves).step_by(TOGETHER) {
            let these = from..(from + TOGETHER).min(leaves);
            let leaf = |k: usize| self.leaf(points, first + k * LENGTH);
            let rows: Vec<Vec<f64>> = if these.len() < WORTH_THREADS {
                these.map(leaf).collect()
            } else {
                these.into_par_iter().with_min_len(4).map(leaf).collect()
            };
            for row in rows {
                self.blocks.add(row)?;
            }
        }
        Ok(if ended { number } else { first + leaves * LENGTH })
    }

    /// Sums over the steps that begin at 128 points from `first` on, as far as they end inside.
    fn leaf(&self, points: &[f64], first: usize) -> Vec<f64> {
        let number = self.currents.len();
        let mut row = vec![0.0; self.blocks.width()];
        with_tile(&self.currents, |tile| {
            let parts = row.chunks_exact_mut(row_width(number));
            for (stride, part) in self.options.strides.iter().zip(parts) {
                match self.options.products {
                    Products::Plain => self.add_plain(points, first, *stride, tile, part),
                    Products::WithoutNoise => {
                        add_lagged_products(&self.currents, points, first, *stride, tile, part);
                    }
                }
            }
        });
        row
    }

    fn add_plain(&self, points: &[f64], first: usize, stride: usize, tile: &mut Tile, part: &mut [f64]) {
        let (d, number) = (self.currents.dimension(), self.currents.len());
        let count = (points.len() / d).saturating_sub(first + stride).min(LENGTH);
        if count == 0 {
            return;
        }
        vectorised(
            #[inline(always)]
            || {
                tile.load(points, d, first, stride, count);
                self.currents.fill(tile, count);
                part[0] += count as f64;
                let (sums, products) = part[1..].split_at_mut(number);
                add_sums(&tile.values, sums);
                add_products(&tile.values, products);
            },
        );
    }
}

/// Numbers of a row for one stride.
pub(super) fn row_width(currents: usize) -> usize {
    1 + currents + currents * (currents + 1) / 2
}

thread_local! {
    static TILE: RefCell<Option<Tile>> = const { RefCell::new(None) };
}

/// A tile kept by the thread, so that leaves allocate their row only.
pub(super) fn with_tile(currents: &Currents, work: impl FnOnce(&mut Tile)) {
    TILE.with(|kept| {
        let mut kept = kept.borrow_mut();
        let fits = kept.as_ref().is_some_and(|tile| tile.fits(currents));
        if !fits {
            *kept = None;
        }
        work(kept.get_or_insert_with(|| Tile::new(currents)));
    });
}

/// The part of a row that belongs to one stride.
#[derive(Debug, Clone, Copy)]
pub(super) struct StrideSums<'a> {
    pub(super) count: f64,
    pub(super) sums: &'a [f64],
    pub(super) products: &'a [f64],
}

impl<'a> StrideSums<'a> {
    /// `None` without a step or beyond the strides.
    pub(super) fn of(row: &'a [f64], place: usize, currents: usize) -> Option<Self> {
        let part = row.chunks_exact(row_width(currents)).nth(place)?;
        let (sums, products) = part[1..].split_at(currents);
        (part[0] > 0.0).then_some(Self {
            count: part[0],
            sums,
            products,
        })
    }

    pub(super) fn means(&self) -> Vec<f64> {
        self.sums.iter().map(|sum| sum / self.count).collect()
    }

    /// (Σ g gᵀ − N m mᵀ)/(N − 1), lower triangle by rows.
    pub(super) fn covariance(&self, means: &[f64]) -> Vec<f64> {
        let free = self.count - 1.0;
        let mut covariance = Vec::with_capacity(self.products.len());
        let mut place = 0;
        for k in 0..means.len() {
            for l in 0..=k {
                covariance.push((self.products[place] - self.count * means[k] * means[l]) / free);
                place += 1;
            }
        }
        covariance
    }
}

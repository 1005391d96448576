//! Averages at a given value of a coordinate: ρ(r), ⟨Ṙ; r⟩, ⟨Ṙ²; r⟩, ⟨R̈; r⟩ in the cells of a grid, with errors, in one pass.
//!
//! A cell's average is the ratio of a sum over its frames to their weight. Errors come from blocks of consecutive frames, which the same pass makes, so
//! that they hold for correlated data; memory does not grow with the data. Same frames in the same order, same bits, on any number of threads and in
//! chunks of any size.
//!
//! Derivatives are given with the frames, or are central differences inside of a segment: ṙ = (r₊ − r₋)/2h, r̈ = (r₊ − 2r + r₋)/h², with the formulas for
//! uneven steps where times are given, and the short way round for periodic coordinates. Frames without a neighbour on either side then count for nothing,
//! so that all averages are over the same frames.

mod errors;
mod kernel;
mod pass;

pub use errors::BlockErrors;
pub use kernel::PeriodicSteps;
pub(crate) use kernel::{ACCELERATION, SQUARED_VELOCITY, WEIGHT, WIDTH};
pub use pass::{MomentPass, conditional_moments};

use irrev_numerics::Estimate;

use crate::blocks::Blocks;
use crate::error::{Error, Result};
use crate::grid::Grid;

/// Where the velocities ṙ come from.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Velocities {
    /// Central differences of positions (default).
    Differences,
    /// The columns of velocities.
    Given,
    /// ⟨Ṙ²; r⟩ = kT ⟨g; r⟩ from the columns of metrics, at this kT; ⟨Ṙ; r⟩ is then not known, and NaN. Holds for coordinates that depend on positions
    /// only, in equilibrium, and fluctuates less than ṙ².
    Metrics {
        /// kT, in the unit of mass · length²/time² of the metrics.
        temperature: f64,
    },
}

/// Where the accelerations r̈ come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Accelerations {
    /// Second differences of positions (default).
    Differences,
    /// The columns of accelerations.
    Given,
    /// They are not needed; ⟨R̈; r⟩ is then NaN.
    NotNeeded,
}

/// How moments are taken.
#[derive(Debug, Clone, PartialEq)]
pub struct MomentOptions {
    /// Which coordinate, counted from 0; default 0.
    pub coordinate: usize,
    /// Where ṙ comes from; default differences.
    pub velocities: Velocities,
    /// Where r̈ comes from; default differences.
    pub accelerations: Accelerations,
    /// Frames of the shortest block, 16 to 65536. Default `None`: [`conditional_moments`] takes a 512th of the record, but at most 4096; a [`MomentPass`],
    /// which does not know what will come, takes 4096.
    pub shortest_block: Option<usize>,
    /// What to do with frames outside of the grid; default [`Outside::Counted`].
    pub outside: Outside,
}

impl Default for MomentOptions {
    fn default() -> Self {
        Self {
            coordinate: 0,
            velocities: Velocities::Differences,
            accelerations: Accelerations::Differences,
            shortest_block: None,
            outside: Outside::Counted,
        }
    }
}

/// What to do with frames outside of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outside {
    /// They count in the normalisation of ρ, and how many there are is told.
    Counted,
    /// They are an error.
    Refused,
}

/// Sums of a pass over a record, and the averages that follow.
///
/// A cell without frames has averages NaN.
///
/// ```
/// use irrev_landscape::moments::{MomentOptions, conditional_moments};
/// use irrev_landscape::{Grid, Record};
/// use irrev_numerics::Run;
/// // an oscillator with ω = 1: Ṙ² = 1 − r², R̈ = −r
/// let x: Vec<f64> = (0..100_000).map(|k| (0.01 * f64::from(k)).sin()).collect();
/// let record = Record::of_positions(0.01, [&x[..]])?;
/// let moments = conditional_moments(&record, &Grid::uniform(-0.25, 0.25, 1)?, &MomentOptions::default(), &Run::default())?;
/// let (w, a) = (moments.mean_square_velocity()[0], moments.mean_acceleration()[0]);
/// assert!((w.value - 0.979).abs() < 1e-3);
/// assert!(a.value.abs() < 5.0 * a.standard_error + 1e-3);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionalMoments {
    grid: Grid,
    velocities: Velocities,
    accelerations: Accelerations,
    blocks: Blocks,
    shortest_block: usize,
    total: Vec<f64>,
    steps: PeriodicSteps,
}

impl ConditionalMoments {
    /// The cells.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Frames in each cell.
    #[must_use]
    pub fn counts(&self) -> Vec<u64> {
        self.slots(1..=self.grid.cells())
            .map(|slot| slot[kernel::COUNT] as u64)
            .collect()
    }

    /// Frames below the lowest edge and above the highest.
    #[must_use]
    pub fn outside(&self) -> (u64, u64) {
        let mut ends = self
            .slots([0, self.grid.cells() + 1])
            .map(|slot| slot[kernel::COUNT] as u64);
        (ends.next().unwrap_or(0), ends.next().unwrap_or(0))
    }

    /// Frames counted, outside of the cells or inside.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.total
            .chunks(WIDTH)
            .map(|slot| slot[kernel::COUNT] as u64)
            .sum()
    }

    /// Steps of a periodic coordinate; all zero for one on a line.
    #[must_use]
    pub fn periodic_steps(&self) -> PeriodicSteps {
        self.steps
    }

    /// ρ in each cell: its part of the weight of all frames, also of those outside of the cells, over its width.
    #[must_use]
    pub fn density(&self) -> Vec<Estimate> {
        let all: f64 = self.total.chunks(WIDTH).map(|slot| slot[WEIGHT]).sum();
        let (errors, widths) = (self.errors(), self.grid.widths());
        (0..self.grid.cells())
            .map(|cell| {
                let part = self.slot(cell)[WEIGHT] / all / widths[cell];
                let error = errors.of_part(cell).sqrt() / widths[cell];
                Estimate::from_mean(part, error, whole(errors.effective_count(cell)))
            })
            .collect()
    }

    /// ⟨Ṙ; r⟩ in each cell: 0 in equilibrium, and NaN where velocities follow from metrics.
    #[must_use]
    pub fn mean_velocity(&self) -> Vec<Estimate> {
        match self.velocities {
            Velocities::Metrics { .. } => self.unknown(),
            _ => self.ratios(kernel::VELOCITY),
        }
    }

    /// w = ⟨Ṙ²; r⟩ in each cell.
    #[must_use]
    pub fn mean_square_velocity(&self) -> Vec<Estimate> {
        self.ratios(SQUARED_VELOCITY)
    }

    /// a = ⟨R̈; r⟩ in each cell, the mean force; NaN if accelerations were not needed.
    #[must_use]
    pub fn mean_acceleration(&self) -> Vec<Estimate> {
        match self.accelerations {
            Accelerations::NotNeeded => self.unknown(),
            _ => self.ratios(ACCELERATION),
        }
    }

    /// ⟨R̈²; r⟩ in each cell; NaN if accelerations were not needed.
    #[must_use]
    pub fn mean_square_acceleration(&self) -> Vec<Estimate> {
        match self.accelerations {
            Accelerations::NotNeeded => self.unknown(),
            _ => self.ratios(kernel::SQUARED_ACCELERATION),
        }
    }

    /// How many independent visits each cell has seen: the number of independent frames that would leave the same error of ρ; at most the number of frames.
    ///
    /// NaN for a single block, from which no correlation can be told.
    #[must_use]
    pub fn effective_counts(&self) -> Vec<f64> {
        let errors = self.errors();
        (0..self.grid.cells())
            .map(|cell| errors.effective_count(cell))
            .collect()
    }

    /// The blocks that errors come from.
    #[must_use]
    pub fn errors(&self) -> BlockErrors {
        BlockErrors::new(&self.blocks, self.grid.cells())
    }

    /// Adds the frames of another pass with the same cells and options, as if its segments had come after those of this one.
    ///
    /// Up to rounding the same as one pass over all; blocks are not joined across.
    ///
    /// # Errors
    /// [`Error::Unlike`].
    pub fn merge(&mut self, other: Self) -> Result<()> {
        let unlike = |what| Err(Error::Unlike { what });
        if self.grid != other.grid {
            return unlike("cells");
        }
        if (self.velocities, self.accelerations) != (other.velocities, other.accelerations) {
            return unlike("sources of derivatives");
        }
        if self.shortest_block != other.shortest_block {
            return unlike("shortest blocks");
        }
        self.blocks
            .merge(other.blocks)
            .map_err(|_| Error::Unlike { what: "cells" })?;
        self.total = self.blocks.total();
        self.steps.merge(&other.steps);
        Ok(())
    }

    pub(crate) fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    pub(crate) fn total(&self) -> &[f64] {
        &self.total
    }

    pub(crate) fn knows_accelerations(&self) -> bool {
        self.accelerations != Accelerations::NotNeeded
    }

    fn slot(&self, cell: usize) -> &[f64] {
        &self.total[(cell + 1) * WIDTH..(cell + 2) * WIDTH]
    }

    fn slots(&self, which: impl IntoIterator<Item = usize>) -> impl Iterator<Item = &[f64]> {
        which
            .into_iter()
            .map(|slot| &self.total[slot * WIDTH..(slot + 1) * WIDTH])
    }

    fn ratios(&self, column: usize) -> Vec<Estimate> {
        let errors = self.errors();
        (0..self.grid.cells())
            .map(|cell| {
                let slot = self.slot(cell);
                let error = errors.of_ratio(cell, column).sqrt();
                Estimate::from_mean(
                    slot[column] / slot[WEIGHT],
                    error,
                    whole(errors.effective_count(cell)),
                )
            })
            .collect()
    }

    fn unknown(&self) -> Vec<Estimate> {
        vec![Estimate::from_mean(f64::NAN, f64::NAN, 0); self.grid.cells()]
    }
}

/// A count as a whole number; NaN, which has none, is 0.
fn whole(count: f64) -> usize {
    count.round() as usize
}

//! Sums over the frames in the cells of two coordinates, block by block.

use irrev_numerics::Run;
use rayon::prelude::*;

use super::{PairMotion, PairSource, RecordedFieldOptions};
use crate::blocks::{Blocks, resampled, variance_of_ratio};
use crate::diagnose::common_step;
use crate::error::{Error, Result};
use crate::grid::Grid;
use crate::record::{Period, Record, Segment, require_inside, require_numbers};

/// Columns of a cell: frames, weight, the field, the velocity that time reversal turns, and the second moments 11, 12 and 22.
pub(super) const WIDTH: usize = 9;
const COUNT: usize = 0;
pub(super) const WEIGHT: usize = 1;
pub(super) const FIELD: [usize; 2] = [2, 3];
pub(super) const VELOCITY: [usize; 2] = [4, 5];
pub(super) const SECOND: [usize; 3] = [6, 7, 8];

/// Leaves that a record is cut into, and the frames of the shortest.
const LEAVES: usize = 128;
const SHORTEST: usize = 16;

/// Sums of all cells, the last axis running fastest, and of what lies outside of them.
pub(super) struct PairSums {
    pub(super) step: f64,
    pub(super) motion: PairMotion,
    pub(super) cells: usize,
    pub(super) blocks: Vec<Vec<f64>>,
    pub(super) total: Vec<f64>,
}

impl PairSums {
    pub(super) fn of(
        record: &Record<'_>,
        coordinates: [usize; 2],
        grids: [&Grid; 2],
        options: &RecordedFieldOptions,
        run: &Run<'_>,
    ) -> Result<Self> {
        let step = common_step(record)?;
        let cells = grids[0].cells() * grids[1].cells();
        let width = WIDTH * (cells + 1);
        run.require_memory("the cells of two coordinates", 3 * Blocks::memory(width))?;
        let frames: usize = record.segments().iter().map(Segment::frames).sum();
        let length = (frames / LEAVES).max(SHORTEST);
        let mut leaves = Vec::new();
        for segment in record.segments() {
            // frames with a neighbour on either side
            let last = segment.frames().saturating_sub(1);
            leaves.extend(
                (1..last)
                    .step_by(length)
                    .map(|start| (segment, start..(start + length).min(last))),
            );
        }
        if leaves.is_empty() {
            return Err(Error::Empty {
                what: "the set of frames with a neighbour on either side",
                way_out: "give trajectories of at least three frames",
            });
        }
        let mut blocks = Blocks::new(width);
        run.install(|| -> Result<()> {
            for (group, some) in leaves.chunks(LEAVES).enumerate() {
                run.report(
                    (group * LEAVES) as f64 / leaves.len() as f64,
                    "field of two coordinates",
                )?;
                let sums: Vec<Result<Vec<f64>>> = some
                    .par_iter()
                    .map(|(segment, frames)| {
                        let mut leaf = vec![0.0; width];
                        let pair = Pair::of(segment, coordinates, grids, options)?;
                        pair.check(frames.start - 1..frames.end + 1, coordinates)?;
                        for frame in frames.clone() {
                            pair.add(frame, step, segment.weight(), &mut leaf);
                        }
                        Ok(leaf)
                    })
                    .collect();
                sums.into_iter()
                    .try_for_each(|leaf| leaf.and_then(|leaf| Ok(blocks.add(leaf)?)))?;
            }
            Ok(())
        })??;
        Ok(Self {
            step,
            motion: options.motion,
            cells,
            total: blocks.total(),
            blocks: resampled(&blocks),
        })
    }

    pub(super) fn count(&self, cell: usize) -> f64 {
        self.total[cell * WIDTH + COUNT]
    }

    /// p (1 − p)/Var p̂ for the part p of the weight in a cell, in visits to it, at most the number of frames.
    pub(super) fn effective_count(&self, cell: usize) -> f64 {
        let count = self.count(cell);
        if count == 0.0 {
            return 0.0;
        }
        let part = self.total[cell * WIDTH + WEIGHT] / weight_of(&self.total);
        let parts = self
            .blocks
            .iter()
            .map(|block| (block[cell * WIDTH + WEIGHT], weight_of(block)));
        (part * part * (1.0 - part) / variance_of_ratio(parts)).min(count)
    }

    /// Standard error of a cell's part of the weight.
    pub(super) fn error_of_part(&self, cell: usize) -> f64 {
        let parts = self.blocks.iter();
        variance_of_ratio(parts.map(|block| (block[cell * WIDTH + WEIGHT], weight_of(block)))).sqrt()
    }

    /// Standard error of a cell's mean of a column.
    pub(super) fn error_of_mean(&self, cell: usize, column: usize) -> f64 {
        let at = cell * WIDTH;
        let parts = self.blocks.iter();
        variance_of_ratio(parts.map(|block| (block[at + column], block[at + WEIGHT]))).sqrt()
    }

    /// Mean of a column over all frames, with its standard error.
    pub(super) fn mean_over_all(&self, column: usize) -> (f64, f64) {
        let sum = |block: &[f64]| block.iter().skip(column).step_by(WIDTH).sum::<f64>();
        let parts = self.blocks.iter().map(|block| (sum(block), weight_of(block)));
        let parts: Vec<(f64, f64)> = parts.collect();
        let error = variance_of_ratio(parts.into_iter()).sqrt();
        (sum(&self.total) / weight_of(&self.total), error)
    }
}

/// Weight of all frames.
pub(super) fn weight_of(total: &[f64]) -> f64 {
    total.iter().skip(WEIGHT).step_by(WIDTH).sum()
}

/// Two coordinates of a segment.
struct Pair<'a> {
    positions: [&'a [f64]; 2],
    velocities: Option<[&'a [f64]; 2]>,
    accelerations: Option<[&'a [f64]; 2]>,
    grids: [&'a Grid; 2],
    overdamped: bool,
}

impl<'a> Pair<'a> {
    fn of(
        segment: &Segment<'a>,
        [i, j]: [usize; 2],
        grids: [&'a Grid; 2],
        options: &RecordedFieldOptions,
    ) -> Result<Self> {
        let overdamped = options.motion == PairMotion::Overdamped;
        let given = |source: PairSource| !overdamped && source == PairSource::Given;
        let velocities = if given(options.velocities) {
            Some([segment.velocities(i)?, segment.velocities(j)?])
        } else {
            None
        };
        let accelerations = if given(options.accelerations) {
            Some([segment.accelerations(i)?, segment.accelerations(j)?])
        } else {
            None
        };
        Ok(Self {
            positions: [segment.positions(i)?, segment.positions(j)?],
            velocities,
            accelerations,
            grids,
            overdamped,
        })
    }

    /// Checks the values of some frames.
    fn check(&self, frames: std::ops::Range<usize>, coordinates: [usize; 2]) -> Result<()> {
        let first = frames.start as u64;
        for axis in 0..2 {
            let x = &self.positions[axis][frames.clone()];
            require_numbers("a position", x, first)?;
            require_inside(self.grids[axis].period(), coordinates[axis], x, first)?;
            if let Some(v) = self.velocities {
                require_numbers("a velocity", &v[axis][frames.clone()], first)?;
            }
            if let Some(a) = self.accelerations {
                require_numbers("an acceleration", &a[axis][frames.clone()], first)?;
            }
        }
        Ok(())
    }

    fn add(&self, frame: usize, step: f64, weight: f64, leaf: &mut [f64]) {
        let (mut field, mut velocity, mut jump) = ([0.0; 2], [0.0; 2], [0.0; 2]);
        for axis in 0..2 {
            let x = self.positions[axis];
            let near = |d: f64| nearest(self.grids[axis].period(), d);
            let (ahead, behind) = (near(x[frame + 1] - x[frame]), near(x[frame] - x[frame - 1]));
            velocity[axis] = match self.velocities {
                Some(given) => given[axis][frame],
                None => (ahead + behind) / (2.0 * step),
            };
            field[axis] = match self.accelerations {
                Some(given) => given[axis][frame],
                None if self.overdamped => ahead / step,
                None => (ahead - behind) / (step * step),
            };
            jump[axis] = ahead;
        }
        let [x, y] = if self.overdamped {
            let root = (2.0 * step).sqrt();
            jump.map(|d| d / root)
        } else {
            velocity
        };
        let place = [0, 1].map(|axis: usize| self.grids[axis].cell(self.positions[axis][frame]));
        let cell = match place {
            [Some(i), Some(j)] => i * self.grids[1].cells() + j,
            _ => self.grids[0].cells() * self.grids[1].cells(),
        };
        let terms = [field[0], field[1], velocity[0], velocity[1], x * x, x * y, y * y];
        let slot = &mut leaf[cell * WIDTH..(cell + 1) * WIDTH];
        slot[COUNT] += 1.0;
        slot[WEIGHT] += weight;
        for (sum, term) in slot[FIELD[0]..].iter_mut().zip(terms) {
            *sum += weight * term;
        }
    }
}

fn nearest(period: Option<Period>, difference: f64) -> f64 {
    period.map_or(difference, |period| period.nearest_image(difference))
}

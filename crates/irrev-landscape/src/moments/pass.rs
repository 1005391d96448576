//! The pass over the data: a whole record in parallel, or chunks as they come.

use std::ops::Range;

use irrev_numerics::Run;
use rayon::prelude::*;

use crate::blocks::Blocks;
use crate::error::{Error, Result};
use crate::grid::Grid;
use crate::record::{Clock, Record, Segment};

use super::kernel::{Columns, First, PeriodicSteps, Second, WIDTH, leaf_sums};
use super::{Accelerations, ConditionalMoments, MomentOptions, Outside, Velocities};

/// Longest leaf that a record's length asks for, and the leaf of a stream.
const LONGEST_LEAF: usize = 4096;
const LEAVES: std::ops::RangeInclusive<usize> = 16..=65536;

/// Leaves between two looks at the monitor.
const LEAVES_AT_ONCE: usize = 1024;

/// The moments of a whole record, in parallel; the same bits on any number of threads.
///
/// Cost: one reading of the columns used, O(cells) memory.
///
/// # Errors
/// [`Error::Unlike`] if the coordinate's period and that of the grid differ, what is wrong with the values, [`Error::Missing`] for columns that are needed
/// and not there, [`Error::OutsideGrid`] if that is refused, [`Error::Empty`] if no frame has what is needed,
/// [`Error::Numerics`] if cancelled.
pub fn conditional_moments(
    record: &Record<'_>,
    grid: &Grid,
    options: &MomentOptions,
    run: &Run<'_>,
) -> Result<ConditionalMoments> {
    let frames = usize::try_from(record.frames()).unwrap_or(usize::MAX);
    let by_length = (frames / 512)
        .max(1)
        .next_power_of_two()
        .clamp(*LEAVES.start(), LONGEST_LEAF);
    let leaf = options.shortest_block.unwrap_or(by_length);
    grid.require_period(record.period(options.coordinate)?)?;
    let mut pass = MomentPass::new(
        grid.clone(),
        &MomentOptions {
            shortest_block: Some(leaf),
            ..options.clone()
        },
        run,
    )?;
    let mut leaves: Vec<(&Segment<'_>, Range<usize>)> = Vec::new();
    for segment in record.segments() {
        let core = columns_of(segment, options)?.core();
        leaves.extend(leaves_of(core, leaf).map(|core| (segment, core)));
    }
    run.install(|| -> Result<()> {
        for (group, some) in leaves.chunks(LEAVES_AT_ONCE).enumerate() {
            let done = group * LEAVES_AT_ONCE;
            run.report(done as f64 / leaves.len() as f64, "moments in cells")?;
            let sums: Vec<Result<_>> = some
                .par_iter()
                .map(|(segment, core)| {
                    leaf_sums(
                        grid,
                        options.coordinate,
                        columns_of(segment, options)?,
                        core.clone(),
                    )
                })
                .collect();
            for leaf in sums {
                pass.add(leaf?)?;
            }
        }
        Ok(())
    })??;
    pass.finish()
}

fn leaves_of(core: Range<usize>, length: usize) -> impl Iterator<Item = Range<usize>> {
    core.clone()
        .step_by(length)
        .map(move |start| start..(start + length).min(core.end))
}

fn columns_of<'a>(segment: &Segment<'a>, options: &MomentOptions) -> Result<Columns<'a>> {
    let coordinate = options.coordinate;
    Ok(Columns {
        clock: segment.clock(),
        positions: segment.positions(coordinate)?,
        first: match options.velocities {
            Velocities::Differences => First::Differences,
            Velocities::Given => First::Given(segment.velocities(coordinate)?),
            Velocities::Metrics { temperature } => First::Metrics {
                metrics: segment.metrics(coordinate)?,
                temperature,
            },
        },
        second: match options.accelerations {
            Accelerations::Differences => Second::Differences,
            Accelerations::Given => Second::Given(segment.accelerations(coordinate)?),
            Accelerations::NotNeeded => Second::NotNeeded,
        },
        weight: segment.weight(),
        first_row: 0,
    })
}

/// Moments from chunks of trajectories, in constant memory.
///
/// Chunks of one segment follow each other; [`Self::end_segment`] says where the next trajectory begins. The size of the chunks changes no bit.
///
/// ```
/// use irrev_landscape::moments::{MomentOptions, MomentPass};
/// use irrev_landscape::record::{Clock, Segment};
/// use irrev_landscape::Grid;
/// use irrev_numerics::Run;
/// let mut pass = MomentPass::new(Grid::uniform(0.0, 1.0, 2)?, &MomentOptions::default(), &Run::default())?;
/// for chunk in [[0.1, 0.2], [0.4, 0.7]] {
///     pass.push(&Segment::new(Clock::Step(0.1), vec![&chunk])?)?;
/// }
/// pass.end_segment()?;
/// assert_eq!(pass.finish()?.counts(), [2, 0]);                    // the first and the last frame have no neighbour on one side
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct MomentPass {
    grid: Grid,
    options: MomentOptions,
    leaf: usize,
    blocks: Blocks,
    steps: PeriodicSteps,
    open: Option<OpenSegment>,
}

/// Frames that wait until a leaf is full.
#[derive(Debug, Clone, Default)]
struct OpenSegment {
    /// The step if all are equal, the times if not.
    step: Option<f64>,
    times: Vec<f64>,
    positions: Vec<f64>,
    /// Velocities or metrics, whichever are used.
    first: Vec<f64>,
    second: Vec<f64>,
    weight: f64,
    /// Row in the segment of the first frame that waits.
    first_row: u64,
}

impl MomentPass {
    /// A pass over frames that are yet to come.
    ///
    /// # Errors
    /// [`Error::Domain`] for a block shorter than 16 or longer than 65536 frames or a kT that is not positive, [`Error::Numerics`] if the blocks would need
    /// more memory than allowed.
    pub fn new(grid: Grid, options: &MomentOptions, run: &Run<'_>) -> Result<Self> {
        let leaf = options.shortest_block.unwrap_or(LONGEST_LEAF);
        Error::require(
            "the shortest block",
            leaf as f64,
            LEAVES.contains(&leaf),
            "16 to 65536 frames",
        )?;
        if let Velocities::Metrics { temperature } = options.velocities {
            Error::require(
                "the temperature",
                temperature,
                temperature > 0.0 && temperature.is_finite(),
                "a positive kT",
            )?;
        }
        let width = WIDTH * grid.slots();
        // the blocks, and the leaves of one group
        run.require_memory("moments in cells", 3 * Blocks::memory(width))?;
        Ok(Self {
            blocks: Blocks::new(width),
            grid,
            options: options.clone(),
            leaf,
            steps: PeriodicSteps::default(),
            open: None,
        })
    }

    /// The next frames of the open segment, or the first of a new one.
    ///
    /// # Errors
    /// What is wrong with the values, named by rows counted from the start of the segment; [`Error::Missing`] for columns that are needed and not there;
    /// [`Error::Unlike`] if step or weight differ from those of the chunk before; [`Error::Times`] if the times do not go on.
    pub fn push(&mut self, chunk: &Segment<'_>) -> Result<()> {
        let columns = columns_of(chunk, &self.options)?;
        let mut open = self.open.take().unwrap_or_else(|| OpenSegment::like(chunk));
        open.require_like(chunk)?;
        let frames = chunk.frames();
        let mut taken = 0;
        while taken < frames {
            let part = taken..frames.min(taken + self.leaf);
            taken = part.end;
            open.extend(&columns, part);
            self.drain(&mut open, false)?;
        }
        self.open = Some(open);
        Ok(())
    }

    /// Ends the open segment, so that no difference is taken to what comes next.
    ///
    /// # Errors
    /// What is wrong with the values.
    pub fn end_segment(&mut self) -> Result<()> {
        match self.open.take() {
            Some(mut open) => self.drain(&mut open, true),
            None => Ok(()),
        }
    }

    /// The moments of all frames so far; an open segment is ended.
    ///
    /// # Errors
    /// [`Error::Empty`] if no frame had what is needed, [`Error::OutsideGrid`] if frames outside are refused and there are some.
    pub fn finish(mut self) -> Result<ConditionalMoments> {
        self.end_segment()?;
        let total = self.blocks.total();
        let moments = ConditionalMoments {
            grid: self.grid,
            velocities: self.options.velocities,
            accelerations: self.options.accelerations,
            blocks: self.blocks,
            shortest_block: self.leaf,
            total,
            steps: self.steps,
        };
        if moments.frames() == 0 {
            let way_out =
                "give trajectories of at least three frames, or velocities and accelerations with the frames";
            return Err(Error::Empty {
                what: "the set of frames with derivatives",
                way_out,
            });
        }
        match (self.options.outside, moments.outside()) {
            (Outside::Refused, (below, above)) if below + above > 0 => {
                let edges = moments.grid.edges();
                Err(Error::OutsideGrid {
                    below,
                    above,
                    start: edges[0],
                    end: edges[edges.len() - 1],
                })
            }
            _ => Ok(moments),
        }
    }

    fn add(&mut self, (leaf, steps): (Vec<f64>, PeriodicSteps)) -> Result<()> {
        self.blocks.add(leaf)?;
        self.steps.merge(&steps);
        Ok(())
    }

    /// Takes the full leaves out of what waits; at the end of the segment, the rest, too.
    fn drain(&mut self, open: &mut OpenSegment, all: bool) -> Result<()> {
        loop {
            let columns = open.columns(&self.options);
            let core = columns.core();
            // frames that have been counted stay as neighbours only
            let left = core.len();
            if left == 0 || (left < self.leaf && !all) {
                return Ok(());
            }
            let core = core.start..core.start + left.min(self.leaf);
            let leaf = leaf_sums(&self.grid, self.options.coordinate, columns, core.clone())?;
            let margin = columns.core().start;
            self.add(leaf)?;
            open.forget(core.end - margin);
        }
    }
}

impl OpenSegment {
    fn like(chunk: &Segment<'_>) -> Self {
        let step = match chunk.clock() {
            Clock::Step(step) => Some(step),
            Clock::Times(_) => None,
        };
        Self {
            step,
            weight: chunk.weight(),
            ..Self::default()
        }
    }

    fn require_like(&self, chunk: &Segment<'_>) -> Result<()> {
        let step = match chunk.clock() {
            Clock::Step(step) => Some(step),
            Clock::Times(times) => {
                if let (Some(before), Some(time)) = (self.times.last(), times.first())
                    && time <= before
                {
                    let row = self.first_row + self.times.len() as u64;
                    return Err(Error::Times {
                        row,
                        time: *time,
                        before: *before,
                    });
                }
                None
            }
        };
        if step != self.step {
            return Err(Error::Unlike {
                what: "clocks (chunks of one segment)",
            });
        }
        if chunk.weight() != self.weight {
            return Err(Error::Unlike {
                what: "weights (chunks of one segment)",
            });
        }
        Ok(())
    }

    fn extend(&mut self, columns: &Columns<'_>, part: Range<usize>) {
        if let Clock::Times(times) = columns.clock {
            self.times.extend_from_slice(&times[part.clone()]);
        }
        self.positions.extend_from_slice(&columns.positions[part.clone()]);
        if let First::Given(column) | First::Metrics { metrics: column, .. } = columns.first {
            self.first.extend_from_slice(&column[part.clone()]);
        }
        if let Second::Given(column) = columns.second {
            self.second.extend_from_slice(&column[part]);
        }
    }

    fn columns(&self, options: &MomentOptions) -> Columns<'_> {
        Columns {
            clock: self.step.map_or(Clock::Times(&self.times), Clock::Step),
            positions: &self.positions,
            first: match options.velocities {
                Velocities::Differences => First::Differences,
                Velocities::Given => First::Given(&self.first),
                Velocities::Metrics { temperature } => First::Metrics {
                    metrics: &self.first,
                    temperature,
                },
            },
            second: match options.accelerations {
                Accelerations::Differences => Second::Differences,
                Accelerations::Given => Second::Given(&self.second),
                Accelerations::NotNeeded => Second::NotNeeded,
            },
            weight: self.weight,
            first_row: self.first_row,
        }
    }

    fn forget(&mut self, frames: usize) {
        for column in [
            &mut self.times,
            &mut self.positions,
            &mut self.first,
            &mut self.second,
        ] {
            column.drain(..frames.min(column.len()));
        }
        self.first_row += frames as u64;
    }
}

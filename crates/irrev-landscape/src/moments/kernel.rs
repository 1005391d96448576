//! One pass over some thousand frames of one segment: slots, derivatives, and sums per slot.
//!
//! Frames are taken 128 at a time. Slots and differences are computed without branches, so that they vectorise; only the last loop, which adds to the
//! sums of a slot, goes frame by frame. Neighbouring frames mostly fall into the same cell, and each addition would wait for the one before: four tables
//! take turns instead.

use std::ops::Range;

use irrev_numerics::linalg::vectorised;

use crate::error::Result;
use crate::grid::Grid;
use crate::record::{Clock, Period, require_inside, require_numbers};

/// Frames at a time.
const PIECE: usize = 128;

/// Tables that take turns.
const TABLES: usize = 4;

/// Sums of a slot that the inner loop makes: 1, ṙ, ṙ², r̈, r̈².
const SUMS: usize = 5;

type Row = [f64; SUMS];

/// The columns of one coordinate of one segment, or of a part of it.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a> {
    pub(crate) clock: Clock<'a>,
    pub(crate) positions: &'a [f64],
    pub(crate) first: First<'a>,
    pub(crate) second: Second<'a>,
    pub(crate) weight: f64,
    /// Row of the first entry in its segment.
    pub(crate) first_row: u64,
}

/// Where ṙ comes from.
#[derive(Clone, Copy)]
pub(crate) enum First<'a> {
    Given(&'a [f64]),
    Differences,
    /// ṙ² = kT g on average; the sign of ṙ is not known.
    Metrics {
        metrics: &'a [f64],
        temperature: f64,
    },
}

/// Where r̈ comes from.
#[derive(Clone, Copy)]
pub(crate) enum Second<'a> {
    Given(&'a [f64]),
    Differences,
    NotNeeded,
}

impl Columns<'_> {
    /// Whether frames at the ends have no derivatives.
    fn needs_neighbours(&self) -> bool {
        matches!(self.first, First::Differences) || matches!(self.second, Second::Differences)
    }

    /// The frames that have all derivatives asked for.
    pub(crate) fn core(&self) -> Range<usize> {
        let (margin, frames) = (usize::from(self.needs_neighbours()), self.positions.len());
        margin.min(frames)..frames.saturating_sub(margin).max(margin.min(frames))
    }
}

/// Steps of a periodic coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PeriodicSteps {
    /// Steps that pass the end of the period.
    pub wraps: u64,
    /// Steps of more than 0.4 periods after taking the short way round: where these occur, some were longer than half a period and are taken for their images.
    pub doubtful: u64,
    /// Largest step after taking the short way round.
    pub largest: f64,
}

/// Part of a period beyond which a step is doubtful.
const DOUBTFUL: f64 = 0.4;

impl PeriodicSteps {
    fn add(&mut self, period: Period, step: f64) {
        let size = period.nearest_image(step).abs();
        self.wraps += u64::from(step.abs() > 0.5 * period.length());
        self.doubtful += u64::from(size > DOUBTFUL * period.length());
        self.largest = self.largest.max(size);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.wraps += other.wraps;
        self.doubtful += other.doubtful;
        self.largest = self.largest.max(other.largest);
    }
}

/// Columns of a slot in the sums of a leaf.
pub(crate) const WIDTH: usize = 6;
/// Frames.
pub(crate) const COUNT: usize = 0;
/// Their weight.
pub(crate) const WEIGHT: usize = 1;
/// Weighted ṙ.
pub(crate) const VELOCITY: usize = 2;
/// Weighted ṙ².
pub(crate) const SQUARED_VELOCITY: usize = 3;
/// Weighted r̈.
pub(crate) const ACCELERATION: usize = 4;
/// Weighted r̈².
pub(crate) const SQUARED_ACCELERATION: usize = 5;

/// Sums over the frames `core` of one segment: [`WIDTH`] numbers for each slot of the grid; with the steps if the coordinate is periodic.
pub(crate) fn leaf_sums(
    grid: &Grid,
    coordinate: usize,
    columns: Columns<'_>,
    core: Range<usize>,
) -> Result<(Vec<f64>, PeriodicSteps)> {
    let slots = grid.slots();
    // short leaves would spend their time on joining tables
    let tables = if core.len() < TABLES * slots { 1 } else { TABLES };
    let mut sums = vec![[0.0; SUMS]; tables * slots];
    let accumulated = vectorised(
        #[inline(always)]
        || match tables {
            1 => accumulate::<1>(grid, &columns, core.clone(), &mut sums),
            _ => accumulate::<TABLES>(grid, &columns, core.clone(), &mut sums),
        },
    );
    if let Err(Unsound) = accumulated {
        check(grid, coordinate, &columns, &core)?;
    }
    let mut leaf = Vec::with_capacity(WIDTH * slots);
    for slot in 0..slots {
        let [count, first, square, second, square_second] = sums[slot..]
            .iter()
            .step_by(slots)
            .fold([0.0; SUMS], |total, row| {
                std::array::from_fn(|k| total[k] + row[k])
            });
        let w = columns.weight;
        leaf.extend([
            count,
            w * count,
            w * first,
            w * square,
            w * second,
            w * square_second,
        ]);
    }
    Ok((leaf, steps(grid, &columns, core)))
}

/// A value that is no number, or outside of its period.
struct Unsound;

/// Names the first value that cannot be used.
fn check(grid: &Grid, coordinate: usize, columns: &Columns<'_>, core: &Range<usize>) -> Result<()> {
    let margin = usize::from(columns.needs_neighbours());
    let read = core.start - margin..core.end + margin;
    let row = columns.first_row + read.start as u64;
    require_numbers("a position", &columns.positions[read.clone()], row)?;
    require_inside(grid.period(), coordinate, &columns.positions[read], row)?;
    let row = columns.first_row + core.start as u64;
    match columns.first {
        First::Given(v) => require_numbers("a velocity", &v[core.clone()], row)?,
        First::Metrics { metrics, .. } => require_numbers("a metric", &metrics[core.clone()], row)?,
        First::Differences => {}
    }
    match columns.second {
        Second::Given(a) => require_numbers("an acceleration", &a[core.clone()], row),
        Second::Differences | Second::NotNeeded => Ok(()),
    }
}

/// Each step once: the one after each frame, and the one before the first frame that has a neighbour on either side.
fn steps(grid: &Grid, columns: &Columns<'_>, core: Range<usize>) -> PeriodicSteps {
    let mut found = PeriodicSteps::default();
    if let Some(period) = grid.period() {
        let start = if columns.needs_neighbours() && core.start == 1 && columns.first_row == 0 {
            0
        } else {
            core.start
        };
        for pair in columns.positions[start..(core.end + 1).min(columns.positions.len())].windows(2) {
            found.add(period, pair[1] - pair[0]);
        }
    }
    found
}

/// Whether all values of a piece can be used. Piece by piece, since sums of one are made while the next is on its way from memory.
#[inline(always)]
fn sound(grid: &Grid, columns: &Columns<'_>, piece: &Range<usize>) -> bool {
    let finite = |column: &[f64]| {
        column[piece.clone()]
            .iter()
            .fold(true, |all, x| all & x.is_finite())
    };
    let margin = usize::from(columns.needs_neighbours());
    let positions = &columns.positions[piece.start - margin..piece.end + margin];
    let first = match columns.first {
        First::Given(column) | First::Metrics { metrics: column, .. } => finite(column),
        First::Differences => true,
    };
    let second = match columns.second {
        Second::Given(column) => finite(column),
        Second::Differences | Second::NotNeeded => true,
    };
    let inside = match grid.period() {
        None => positions.iter().fold(true, |all, x| all & x.is_finite()),
        // no number compares with NaN
        Some(period) => positions.iter().fold(true, |all, x| all & period.holds(*x)),
    };
    first & second & inside
}

#[inline(always)]
fn accumulate<const N: usize>(
    grid: &Grid,
    columns: &Columns<'_>,
    core: Range<usize>,
    sums: &mut [Row],
) -> std::result::Result<(), Unsound> {
    let slots = grid.slots();
    let (mut slot, mut first, mut square, mut second) =
        ([0_u32; PIECE], [0.0; PIECE], [0.0; PIECE], [0.0; PIECE]);
    let mut start = core.start;
    while start < core.end {
        let piece = start..(start + PIECE).min(core.end);
        let n = piece.len();
        if !sound(grid, columns, &piece) {
            return Err(Unsound);
        }
        grid.slots_of(&columns.positions[piece.clone()], &mut slot[..n]);
        derivatives(
            columns,
            grid.period(),
            piece.clone(),
            &mut first[..n],
            &mut second[..n],
        );
        match columns.first {
            First::Metrics { metrics, temperature } => {
                for (square, g) in square[..n].iter_mut().zip(&metrics[piece.clone()]) {
                    *square = temperature * g;
                }
            }
            First::Given(_) | First::Differences => {
                for (square, v) in square[..n].iter_mut().zip(&first[..n]) {
                    *square = v * v;
                }
            }
        }
        for k in 0..n {
            // PIECE is a multiple of N, so that which table a frame is added to depends on its place alone
            let row = &mut sums[(k % N) * slots + slot[k] as usize];
            row[0] += 1.0;
            row[1] += first[k];
            row[2] += square[k];
            row[3] += second[k];
            row[4] += second[k] * second[k];
        }
        start = piece.end;
    }
    Ok(())
}

/// ṙ and r̈ of a piece: what is given is copied, what is not needed is zero, and the rest are differences.
#[inline(always)]
fn derivatives(
    columns: &Columns<'_>,
    period: Option<Period>,
    piece: Range<usize>,
    first: &mut [f64],
    second: &mut [f64],
) {
    match columns.first {
        First::Given(v) => first.copy_from_slice(&v[piece.clone()]),
        First::Metrics { .. } => first.fill(0.0),
        First::Differences => differences(columns, period, piece.clone(), Stencil::first, first),
    }
    match columns.second {
        Second::Given(a) => second.copy_from_slice(&a[piece]),
        Second::NotNeeded => second.fill(0.0),
        Second::Differences => differences(columns, period, piece, Stencil::second, second),
    }
}

/// A derivative as a combination of the steps before and after a frame.
#[derive(Clone, Copy)]
struct Stencil {
    before: f64,
    after: f64,
}

impl Stencil {
    /// ṙ = [h₁ (r₊ − r)/h₂ + h₂ (r − r₋)/h₁]/(h₁ + h₂), exact on parabolas; (r₊ − r₋)/2h for equal steps.
    #[inline(always)]
    fn first(h1: f64, h2: f64) -> Self {
        Self {
            before: h2 / (h1 * (h1 + h2)),
            after: h1 / (h2 * (h1 + h2)),
        }
    }

    /// r̈ = 2 [(r₊ − r)/h₂ − (r − r₋)/h₁]/(h₁ + h₂), exact on parabolas; (r₊ − 2r + r₋)/h² for equal steps.
    #[inline(always)]
    fn second(h1: f64, h2: f64) -> Self {
        Self {
            before: -2.0 / (h1 * (h1 + h2)),
            after: 2.0 / (h2 * (h1 + h2)),
        }
    }

    #[inline(always)]
    fn applied(self, before: f64, after: f64) -> f64 {
        self.before * before + self.after * after
    }
}

#[inline(always)]
fn differences(
    columns: &Columns<'_>,
    period: Option<Period>,
    piece: Range<usize>,
    stencil: impl Fn(f64, f64) -> Stencil,
    result: &mut [f64],
) {
    let x = &columns.positions[piece.start - 1..piece.end + 1];
    match (columns.clock, period) {
        (Clock::Step(h), None) => {
            let stencil = stencil(h, h);
            for (result, x) in result.iter_mut().zip(x.windows(3)) {
                *result = stencil.applied(x[1] - x[0], x[2] - x[1]);
            }
        }
        (Clock::Step(h), Some(period)) => {
            let stencil = stencil(h, h);
            for (result, x) in result.iter_mut().zip(x.windows(3)) {
                *result = stencil.applied(
                    period.nearest_image(x[1] - x[0]),
                    period.nearest_image(x[2] - x[1]),
                );
            }
        }
        (Clock::Times(times), period) => {
            let short = |step: f64| period.map_or(step, |period| period.nearest_image(step));
            let times = times[piece.start - 1..piece.end + 1].windows(3);
            for ((result, x), t) in result.iter_mut().zip(x.windows(3)).zip(times) {
                *result = stencil(t[1] - t[0], t[2] - t[1]).applied(short(x[1] - x[0]), short(x[2] - x[1]));
            }
        }
    }
}

//! ⟨Ṙ²; r⟩ρ(r) from positions alone, twice: from how fast a value is passed, and from the accelerations beyond it.
//!
//! In equilibrium d(wρ)/dr = aρ (the identity of Ching and others). It has a twin that holds in every sample: with steps d_t = r_{t+1} − r_t over times h_t,
//! and accelerations a_t τ_t = d_t/h_t − d_{t−1}/h_{t−1}, τ_t = (h_{t−1} + h_t)/2, summation by parts gives for any function f
//!
//! Σ a_t τ_t f(r_t) = −Σ (d_t/h_t) [f(r_{t+1}) − f(r_t)] + the last of (d/h) f(r_last) − the first of (d/h) f(r_first).
//!
//! With f = 1 above the edge e, W(e) = (1/T) Σ |d_t|/h_t over the steps that cross e estimates w(e) ρ(e), and equals −(1/T) Σ a_t τ_t over frames above e up
//! to the two terms at the ends of each segment. What is left after these, the residual, is rounding, or an error of bookkeeping. It follows that −kT ln W(e)
//! is the normalised mean-force potential at the edges, without velocities and without an integral.
//!
//! Here a frame on an edge lies below it (f is 1 strictly above). On a circle f is 1 in one cell, and the identity says how much W differs from edge to edge.
//!
//! Sources: E. S. C. Ching, Phys. Rev. Lett. 70, 283 (1993); S. B. Pope and E. S. C. Ching, Phys. Fluids A 5, 1529 (1993).

use std::ops::Range;

use irrev_numerics::{Estimate, Run};
use rayon::prelude::*;

use crate::blocks::{Blocks, resampled, variance_of_ratio};
use crate::error::{Error, Result};
use crate::grid::Grid;
use crate::record::{Clock, Period, Record, Segment, require_inside, require_numbers};

/// Frames of a leaf, and leaves between two looks at the monitor.
const LEAF: usize = 4096;
const LEAVES_AT_ONCE: usize = 1024;

/// Columns of a slot: time, Σ a τ, the terms of segment ends, Σ |d|/h over steps that cross its lower edge.
const WIDTH: usize = 4;
const TIME: usize = 0;
const ACCELERATION: usize = 1;
const ENDS: usize = 2;
const CROSSING: usize = 3;

/// Both sides of the identity.
///
/// ```
/// use irrev_landscape::ching::crossings;
/// use irrev_landscape::{Grid, Record};
/// use irrev_numerics::Run;
/// let x: Vec<f64> = (0..100_000).map(|k| (0.01 * f64::from(k)).sin()).collect();
/// let found = crossings(&Record::of_positions(0.01, [&x[..]])?, 0, &Grid::uniform(-0.5, 0.5, 2)?, &Run::default())?;
/// // an oscillator of unit amplitude and frequency: w ρ = (1 − r²)/(π √(1 − r²)), 1/π at the centre
/// assert!((found.at_edges[1].value * std::f64::consts::PI - 1.0).abs() < 1e-2);
/// assert!(found.residual < 1e-12);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Crossings {
    /// Edges of the cells, in the unit of the coordinate; on a circle the last is left out, which is the first again.
    pub edges: Vec<f64>,
    /// W(e) ≈ w ρ at each edge, from crossings, in the unit of the coordinate over time².
    pub at_edges: Vec<Estimate>,
    /// (1/T) Σ a τ over the frames of each cell, ∫ a ρ dr; on a line the first entry is for what is below the cells, and the last for what is above.
    pub in_cells: Vec<f64>,
    /// The terms of segment ends over T, for the same cells.
    pub ends: Vec<f64>,
    /// Total time T = Σ τ of frames with neighbours, weighted.
    pub duration: f64,
    /// Largest violation of the identity over the largest W.
    pub residual: f64,
    /// Whether the edges are on a circle.
    closed: bool,
}

impl Crossings {
    /// −(1/T) Σ a τ over frames above each edge, which also estimates w ρ, and differs from [`Self::at_edges`] by [`Self::ends_above`]; `None` on a circle.
    #[must_use]
    pub fn from_accelerations(&self) -> Option<Vec<f64>> {
        self.above(&self.in_cells)
            .map(|sums| sums.into_iter().map(|sum| -sum).collect())
    }

    /// The terms of segment ends above each edge, over T: crossings are these plus [`Self::from_accelerations`]. `None` on a circle.
    #[must_use]
    pub fn ends_above(&self) -> Option<Vec<f64>> {
        self.above(&self.ends)
    }

    /// V*(e) = −kT ln W(e) at the edges, which is −kT ∫ a/w dr up to a constant, in the unit of kT; +∞ at an edge that was never crossed. The interval is
    /// that of W.
    #[must_use]
    pub fn normalised_mean_force_potential(&self, temperature: f64) -> Vec<Estimate> {
        let value = |w: f64| -temperature * w.max(0.0).ln();
        let mut potentials = self.at_edges.clone();
        for potential in &mut potentials {
            potential.standard_error *= temperature / potential.value;
            potential.interval = (value(potential.interval.1), value(potential.interval.0));
            potential.value = value(potential.value);
        }
        potentials
    }

    fn above(&self, in_slots: &[f64]) -> Option<Vec<f64>> {
        if self.closed {
            return None;
        }
        let mut sum = 0.0;
        let mut sums: Vec<f64> = in_slots[1..]
            .iter()
            .rev()
            .map(|x| {
                sum += x;
                sum
            })
            .collect();
        sums.reverse();
        Some(sums)
    }
}

/// Crossings and accelerations of one coordinate of a record; the same bits on any number of threads.
///
/// # Errors
/// [`Error::Unlike`] if the periods of coordinate and grid differ, [`Error::Domain`] for fewer than three cells on a circle, what is wrong with the values,
/// [`Error::Empty`] if no segment has three frames, [`Error::Numerics`] if cancelled.
pub fn crossings(record: &Record<'_>, coordinate: usize, grid: &Grid, run: &Run<'_>) -> Result<Crossings> {
    grid.require_period(record.period(coordinate)?)?;
    let few = grid.period().is_some() && grid.cells() < 3;
    Error::require(
        "the number of cells on a circle",
        grid.cells() as f64,
        !few,
        "at least 3, so that a step does not pass all edges",
    )?;
    let mut leaves = Vec::new();
    for segment in record.segments() {
        let frames = segment.positions(coordinate)?.len();
        let last = frames.saturating_sub(1);
        leaves.extend(
            (1..last)
                .step_by(LEAF)
                .map(|start| (segment, start..(start + LEAF).min(last))),
        );
    }
    let mut blocks = Blocks::new(WIDTH * grid.slots());
    run.require_memory("crossings of edges", 3 * Blocks::memory(WIDTH * grid.slots()))?;
    run.install(|| -> Result<()> {
        for (group, some) in leaves.chunks(LEAVES_AT_ONCE).enumerate() {
            run.report(
                (group * LEAVES_AT_ONCE) as f64 / leaves.len() as f64,
                "crossings of edges",
            )?;
            let sums: Vec<Result<Vec<f64>>> = some
                .par_iter()
                .map(|(segment, core)| leaf_sums(grid, coordinate, segment, core.clone()))
                .collect();
            sums.into_iter()
                .try_for_each(|leaf| leaf.and_then(|leaf| Ok(blocks.add(leaf)?)))?;
        }
        Ok(())
    })??;
    if leaves.is_empty() {
        let way_out = "give trajectories of at least three frames";
        return Err(Error::Empty {
            what: "the set of frames with neighbours",
            way_out,
        });
    }
    Ok(from_blocks(grid, &blocks))
}

fn from_blocks(grid: &Grid, blocks: &Blocks) -> Crossings {
    let closed = grid.period().is_some();
    let total = blocks.total();
    // on a line what is outside counts; on a circle there is no outside
    let slots: Vec<usize> = if closed {
        (1..=grid.cells()).collect()
    } else {
        (0..grid.slots()).collect()
    };
    let duration: f64 = total.iter().step_by(WIDTH).sum();
    let scaled = |column: usize| -> Vec<f64> {
        slots
            .iter()
            .map(|s| total[s * WIDTH + column] / duration)
            .collect()
    };
    let (in_cells, ends) = (scaled(ACCELERATION), scaled(ENDS));
    let coarse = resampled(&blocks);
    let edge_slots = &slots[usize::from(!closed)..];
    let at_edges: Vec<Estimate> = edge_slots
        .iter()
        .map(|slot| {
            let pairs = coarse
                .iter()
                .map(|block| (block[slot * WIDTH + CROSSING], block.iter().step_by(WIDTH).sum()));
            let error = variance_of_ratio(pairs).sqrt();
            Estimate::from_mean(total[slot * WIDTH + CROSSING] / duration, error, coarse.len())
        })
        .collect();
    let largest = at_edges.iter().fold(0.0, |most: f64, w| most.max(w.value));
    let mut found = Crossings {
        edges: grid.edges()[..at_edges.len()].to_vec(),
        at_edges,
        in_cells,
        ends,
        duration,
        residual: 0.0,
        closed,
    };
    let violation = violations(&found).into_iter().fold(0.0, f64::max);
    found.residual = if largest > 0.0 {
        violation / largest
    } else {
        violation
    };
    found
}

/// |W(upper edge) − W(lower edge) − ∫aρ + ends| of every cell between two edges.
fn violations(found: &Crossings) -> Vec<f64> {
    let (w, first) = (&found.at_edges, usize::from(!found.closed));
    let upper = |cell: usize| {
        if found.closed {
            (cell + 1) % w.len()
        } else {
            cell + 1
        }
    };
    let cells = if found.closed { w.len() } else { w.len() - 1 };
    (0..cells)
        .map(|cell| {
            let difference = w[upper(cell)].value - w[cell].value;
            (difference - found.in_cells[cell + first] + found.ends[cell + first]).abs()
        })
        .collect()
}

/// Sums over the frames `core`, which all have neighbours, with the step after each, and the one before the segment's second frame.
fn leaf_sums(grid: &Grid, coordinate: usize, segment: &Segment<'_>, core: Range<usize>) -> Result<Vec<f64>> {
    let x = segment.positions(coordinate)?;
    let read = core.start - 1..core.end + 1;
    require_numbers("a position", &x[read.clone()], read.start as u64)?;
    require_inside(grid.period(), coordinate, &x[read.clone()], read.start as u64)?;
    let mut sums = vec![0.0; WIDTH * grid.slots()];
    let weight = segment.weight();
    let velocity = |k: usize| {
        let step = grid.period().map_or(x[k + 1] - x[k], |period: Period| {
            period.nearest_image(x[k + 1] - x[k])
        });
        (step, step / duration_of(segment, k))
    };
    let mut slot = grid.slot_from_below(x[core.start]);
    let mut before = velocity(core.start - 1);
    if core.start == 1 {
        let first = grid.slot_from_below(x[0]);
        cross(grid, &mut sums, (first, slot), before, weight);
        sums[first * WIDTH + ENDS] -= weight * before.1;
    }
    for k in core.clone() {
        let after = velocity(k);
        let next = grid.slot_from_below(x[k + 1]);
        sums[slot * WIDTH + TIME] += weight * 0.5 * (duration_of(segment, k - 1) + duration_of(segment, k));
        sums[slot * WIDTH + ACCELERATION] += weight * (after.1 - before.1);
        cross(grid, &mut sums, (slot, next), after, weight);
        (slot, before) = (next, after);
    }
    if core.end == x.len() - 1 {
        sums[slot * WIDTH + ENDS] += weight * before.1;
    }
    Ok(sums)
}

fn duration_of(segment: &Segment<'_>, step: usize) -> f64 {
    match segment.clock() {
        Clock::Step(h) => h,
        Clock::Times(times) => times[step + 1] - times[step],
    }
}

/// Adds |d|/h to each edge between two slots, on a circle along the way of the step.
#[inline]
fn cross(
    grid: &Grid,
    sums: &mut [f64],
    (from, to): (usize, usize),
    (step, velocity): (f64, f64),
    weight: f64,
) {
    if from == to {
        return;
    }
    let (low, high) = if step > 0.0 { (from, to) } else { (to, from) };
    let cells = grid.cells();
    let edges = if high >= low {
        high - low
    } else {
        high + cells - low
    };
    for k in 1..=edges {
        let slot = if grid.period().is_some() {
            (low - 1 + k) % cells + 1
        } else {
            low + k
        };
        sums[slot * WIDTH + CROSSING] += weight * velocity.abs();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_numerics::streams::{Purpose, Stream};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_identity_holds_to_rounding_on_any_series(
            series in prop::collection::vec((-1.5..1.5_f64, 0.1..2.0_f64), 3..40),
            uneven in any::<bool>(),
            closed in any::<bool>(),
        ) {
            let x: Vec<f64> = series.iter().map(|(x, _)| if closed { x / 1.5 } else { *x }).collect();
            let times: Vec<f64> = series.iter().scan(0.0, |t, (_, h)| { *t += h; Some(*t) }).collect();
            let clock = if uneven { Clock::Times(&times) } else { Clock::Step(0.1) };
            let period = closed.then(|| Period::new(-1.0, 2.0).unwrap());
            let grid = period.map_or_else(|| Grid::uniform(-1.0, 1.0, 5), |period| Grid::circle(period, 5)).unwrap();
            let segments = vec![Segment::new(clock, vec![&x]).unwrap(), Segment::new(clock, vec![&x]).unwrap()];
            let found = crossings(&Record::new(vec![period], segments).unwrap(), 0, &grid, &Run::default()).unwrap();
            // a few additions of numbers up to 30 times as large as the largest W
            prop_assert!(found.residual < 1e-11, "{}", found.residual);
            if let (Some(w), Some(ends)) = (found.from_accelerations(), found.ends_above()) {
                for ((crossing, w), ends) in found.at_edges.iter().zip(w).zip(ends) {
                    prop_assert!((crossing.value - w - ends).abs() < 1e-11 * (1.0 + crossing.value.abs() + ends.abs()));
                }
            }
        }
    }

    #[test]
    fn leaves_and_threads_change_nothing() {
        let mut stream = Stream::new(1, Purpose::Search, 0);
        let x: Vec<f64> = (0..3 * LEAF + 17).map(|_| stream.normal()).collect();
        let record = Record::of_positions(0.5, [&x[..]]).unwrap();
        let grid = Grid::uniform(-1.0, 1.0, 8).unwrap();
        let on = |threads| {
            crossings(
                &record,
                0,
                &grid,
                &Run {
                    threads,
                    ..Run::default()
                },
            )
            .unwrap()
        };
        assert_eq!(on(1), on(3));
        assert!(on(1).residual < 1e-12);
        assert_eq!(on(1).duration, 0.5 * (x.len() - 2) as f64);
    }
}

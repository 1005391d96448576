//! Passes over the points of a series, leaf by leaf, for what is not a sum of currents.

use irrev_numerics::linalg::vectorised;
use rayon::prelude::*;

use super::family::Currents;
use super::moments::with_tile;
use super::series::Series;
use super::tile::{LENGTH, Tile};

/// Leaves that one task takes; part of the order of additions.
const TASK: usize = 16;

/// Steps that begin at up to 128 points of a segment from `first` on.
#[derive(Debug, Clone, Copy)]
struct Leaf {
    segment: usize,
    first: usize,
}

/// Σ over leaves of what `add` makes of the values of the currents (and their number of steps), one sum for each task of 16 leaves, in the order of the data.
pub(super) fn summed<S: Send>(
    series: &Series<'_>,
    currents: &Currents,
    zero: impl Fn() -> S + Sync,
    add: impl Fn(&mut S, &mut Tile, usize) + Sync,
) -> Vec<S> {
    let d = series.dimension();
    let leaves: Vec<Leaf> = (0..series.segments())
        .flat_map(|segment| {
            let steps = series.segment(segment).len() / d - 1;
            (0..steps)
                .step_by(LENGTH)
                .map(move |first| Leaf { segment, first })
        })
        .collect();
    let task = |leaves: &[Leaf]| {
        let mut sum = zero();
        with_tile(currents, |tile| {
            for leaf in leaves {
                let points = series.segment(leaf.segment);
                let count = (points.len() / d - 1 - leaf.first).min(LENGTH);
                vectorised(
                    #[inline(always)]
                    || {
                        tile.load(points, d, leaf.first, 1, count);
                        currents.fill(tile, count);
                    },
                );
                add(&mut sum, tile, count);
            }
        });
        sum
    };
    leaves.par_chunks(TASK).map(task).collect()
}

/// Writes y = θ·g into the tile's room for one number a step.
pub(super) fn project(tile: &mut Tile, theta: &[f64]) {
    let Tile { values, weights, .. } = tile;
    vectorised(
        #[inline(always)]
        || {
            weights.fill(0.0);
            for (column, theta) in values.chunks_exact(LENGTH).zip(theta) {
                for (y, g) in weights.iter_mut().zip(column) {
                    *y += theta * g;
                }
            }
        },
    );
}

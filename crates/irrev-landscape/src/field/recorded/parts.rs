//! The fields of one set of sums on the edges of a grid, and their parts.

use irrev_numerics::Run;
use irrev_numerics::sum::compensated_sum;

use super::PairMotion;
use super::sums::{FIELD, SECOND, VELOCITY, WEIGHT, WIDTH, weight_of};
use crate::axes::{self, Axis};
use crate::error::Result;
use crate::field::{Attribution, GridField, attributed};
use crate::grid::Grid;

/// Cells as nodes: their centres, and on a line an empty node beyond either end, so that the outermost cells are whole.
pub(super) struct Nodes {
    pub(super) axes: [Axis; 2],
    cells: [usize; 2],
    /// Empty nodes before the first cell.
    before: [usize; 2],
}

impl Nodes {
    pub(super) fn of(grids: [&Grid; 2]) -> Result<Self> {
        let cells = grids.map(Grid::cells);
        let before = grids.map(|grid| usize::from(grid.period().is_none()));
        let axis = |grid: &Grid| {
            let edges = grid.edges();
            let (low, high) = (edges[0], edges[edges.len() - 1]);
            let width = (high - low) / grid.cells() as f64;
            match grid.period() {
                Some(_) => Axis::circle(low + 0.5 * width, high + 0.5 * width, grid.cells()),
                None => Axis::line(low - 0.5 * width, high + 0.5 * width, grid.cells() + 1),
            }
        };
        Ok(Self {
            axes: [axis(grids[0])?, axis(grids[1])?],
            cells,
            before,
        })
    }

    pub(super) fn count(&self) -> usize {
        self.axes[0].nodes() * self.axes[1].nodes()
    }

    /// The node of a cell.
    pub(super) fn node(&self, cell: usize) -> usize {
        let (i, j) = (cell / self.cells[1], cell % self.cells[1]);
        (i + self.before[0]) * self.axes[1].nodes() + j + self.before[1]
    }

    /// The cell of a node, if it is no empty one.
    fn cell(&self, node: usize) -> Option<usize> {
        let place = [0, 1].map(|axis| axes::index(&self.axes, node, axis).checked_sub(self.before[axis]));
        match place {
            [Some(i), Some(j)] if i < self.cells[0] && j < self.cells[1] => Some(i * self.cells[1] + j),
            _ => None,
        }
    }

    /// The next cell along an axis.
    fn ahead(&self, cell: usize, axis: usize) -> Option<usize> {
        axes::next(&self.axes, self.node(cell), axis).and_then(|node| self.cell(node))
    }

    /// The cells before and after each, along an axis.
    fn neighbours(&self, axis: usize) -> Vec<(Option<usize>, Option<usize>)> {
        let cells = self.cells[0] * self.cells[1];
        let mut found = vec![(None, None); cells];
        for cell in 0..cells {
            if let Some(next) = self.ahead(cell, axis) {
                found[cell].1 = Some(next);
                found[next].0 = Some(cell);
            }
        }
        found
    }
}

/// What follows from one set of sums.
pub(super) struct Parts {
    pub(super) attribution: Attribution,
    /// ⟨|F − ρ⁻¹ ∂(Wρ)|²⟩, for overdamped motion with the time-even part of the drift.
    pub(super) identity: f64,
    /// ⟨ν·W⁻¹ν⟩.
    pub(super) flow: f64,
    /// ∮ F dr along grid lines, for each axis.
    pub(super) circulation: [Vec<f64>; 2],
}

/// Means of a cell.
pub(super) struct Means {
    pub(super) field: [f64; 2],
    pub(super) velocity: [f64; 2],
    /// W, or for overdamped motion D, as 11, 12, 22.
    pub(super) second: [f64; 3],
}

pub(super) fn means(total: &[f64], cell: usize, motion: PairMotion, step: f64) -> Means {
    let slot = &total[cell * WIDTH..(cell + 1) * WIDTH];
    let mean = |column: usize| slot[column] / slot[WEIGHT];
    let field = FIELD.map(mean);
    let mut second = SECOND.map(mean);
    if motion == PairMotion::Overdamped {
        // the spread about the mean step
        let half = 0.5 * step;
        second[0] -= half * field[0] * field[0];
        second[1] -= half * field[0] * field[1];
        second[2] -= half * field[1] * field[1];
    }
    Means {
        field,
        velocity: VELOCITY.map(mean),
        second,
    }
}

/// Splits the field of the sums, its reversible part and the rest, on the edges between known cells.
pub(super) fn parts(
    total: &[f64],
    (nodes, known): (&Nodes, &[bool]),
    (motion, step): (PairMotion, f64),
    metric: &[f64],
    run: &Run<'_>,
) -> Result<Parts> {
    let all = weight_of(total);
    let weight = |cell: usize| total[cell * WIDTH + WEIGHT];
    // a draw of blocks may leave a cell without frames
    let is_known = |cell: usize| known[cell] && weight(cell) > 0.0;
    let mut density = vec![0.0; nodes.count()];
    for cell in (0..known.len()).filter(|cell| is_known(*cell)) {
        density[nodes.node(cell)] = weight(cell) / all;
    }
    let of: Vec<Option<Means>> = (0..known.len())
        .map(|cell| (weight(cell) > 0.0).then(|| means(total, cell, motion, step)))
        .collect();
    // W ρ is a sum over frames, known in every cell: 0 where nobody was
    let flow = |cell: usize, entry: usize| {
        of[cell]
            .as_ref()
            .map_or(0.0, |means| means.second[entry] * weight(cell))
    };
    let neighbours = [nodes.neighbours(0), nodes.neighbours(1)];
    let spacing = [nodes.axes[0].spacing(), nodes.axes[1].spacing()];
    let across = |cell: usize, axis: usize, entry: usize| {
        let (before, after) = neighbours[axis][cell];
        let steps = usize::from(before.is_some()) + usize::from(after.is_some());
        let difference = flow(after.unwrap_or(cell), entry) - flow(before.unwrap_or(cell), entry);
        difference / (steps.max(1) as f64 * spacing[axis])
    };
    // ρ⁻¹ Σ_j ∂_j(W_ij ρ) between two cells along axis i
    let from_moments = |axis: usize, a: usize, b: usize| {
        let along = (flow(b, 2 * axis) - flow(a, 2 * axis)) / spacing[axis];
        let other = 1 - axis;
        let sideways = 0.5 * (across(a, other, 1) + across(b, other, 1));
        (along + sideways) / (0.5 * (weight(a) + weight(b)))
    };
    let between = |a: usize, b: usize, of_cell: &dyn Fn(&Means) -> f64| {
        let part = |cell: usize| {
            of[cell]
                .as_ref()
                .map_or(0.0, |means| weight(cell) * of_cell(means))
        };
        (part(a) + part(b)) / (weight(a) + weight(b))
    };
    let on_edges = |value: &dyn Fn(usize, usize, usize) -> f64| {
        GridField::assembled(&nodes.axes, &density, run, |axis, from, to| {
            let ends = nodes.cell(from).zip(nodes.cell(to));
            match ends.filter(|(a, b)| is_known(*a) && is_known(*b)) {
                Some((a, b)) => (0.5 * (density[from] + density[to]), value(axis, a, b)),
                None => (0.0, 0.0),
            }
        })
    };
    let field = on_edges(&|axis, a, b| between(a, b, &|means| means.field[axis]))?;
    let even = |means: &Means, axis: usize| means.field[axis] - means.velocity[axis];
    let reversible = match motion {
        PairMotion::Inertial => on_edges(&from_moments)?,
        PairMotion::Overdamped => on_edges(&|axis, a, b| between(a, b, &|means| even(means, axis)))?,
    };
    let off = on_edges(&|axis, a, b| {
        let known = match motion {
            PairMotion::Inertial => between(a, b, &|means| means.field[axis]),
            PairMotion::Overdamped => between(a, b, &|means| even(means, axis)),
        };
        known - from_moments(axis, a, b)
    })?;
    let identity = compensated_sum(
        off.edges
            .iter()
            .map(|edge| edge.weight * edge.field.powi(2) / metric[edge.axis]),
    );
    let seen: f64 = (0..known.len()).filter(|cell| is_known(*cell)).map(weight).sum();
    // spreads over all known cells, against which that of a cell is judged
    let spread = [0, 2].map(|entry: usize| {
        let cells = (0..known.len()).filter(|cell| is_known(*cell));
        cells.map(|cell| flow(cell, entry)).sum::<f64>() / seen
    });
    let flow = compensated_sum((0..known.len()).filter(|cell| is_known(*cell)).map(|cell| {
        let part = weight(cell) / seen;
        of[cell]
            .as_ref()
            .map_or(0.0, |means| part * in_units_of_spread(means, spread))
    }));
    Ok(Parts {
        attribution: attributed(&field, &reversible, metric, run)?,
        identity,
        flow,
        circulation: [field.circulation(0)?, field.circulation(1)?],
    })
}

/// Part of the mean spread below which that of a cell, from too few steps of a draw, says nothing; and how far from singular it has to be.
const RESOLVED: f64 = 0.05;

/// ν·W⁻¹ν; 0 where W is not clearly positive.
fn in_units_of_spread(means: &Means, spread: [f64; 2]) -> f64 {
    let [a, b, c] = means.second;
    let [x, y] = means.velocity;
    let determinant = a * c - b * b;
    let is_resolved = a > RESOLVED * spread[0] && c > RESOLVED * spread[1] && determinant > RESOLVED * a * c;
    if is_resolved {
        (c * x * x - 2.0 * b * x * y + a * y * y) / determinant
    } else {
        0.0
    }
}

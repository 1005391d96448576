//! Dense elimination of the pivots of one front, with additions, products and quotients of non-negative
//! numbers only.
//!
//! A front holds the couplings among its pivots and its border as lower triangles by columns. Eliminating
//! node s joins all pairs of its neighbours (star-mesh transformation):
//!
//! ```text
//! weighted graph   c_uv += c_us c_sv / d_s,               d_s = Σ_u c_us
//! Markov chain     rate(u→v) += rate(u→s) rate(s→v) / d_s, d_s = Σ_v rate(s→v)
//! ```
//!
//! where the sums run over the nodes that remain, all of which are in the front. The outflow d_s is summed
//! afresh each time, which is what makes the elimination accurate in every component (Grassmann, Taksar and
//! Heyman, Oper. Res. 33, 1107 (1985); O'Cinneide, Numer. Math. 65, 109 (1993)). The upper triangles hold
//! leftovers of blocked updates and are never read.
//!
//! A chain needs two triangles, the rates towards the pivot and those away from it. For a graph the two are
//! the same up to the factor d_s, and one is kept. The order of all sums is fixed by the shape of the front.

use crate::dense_kernels::DenseKernels;
use faer::linalg::matmul::matmul;
use faer::traits::ComplexField;
use faer::{Accum, MatMut, MatRef, Par};
use rayon::prelude::*;

/// Runs `work` with the widest vector instructions the processor has.
#[inline]
pub(super) fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    <f64 as ComplexField>::Arch::default().dispatch(work)
}

/// Columns eliminated one by one; above, the panel is halved and the halves are coupled by a matrix product.
const COLUMN_BLOCK: usize = 16;
/// Columns of a target treated as one unit of work.
const TILE: usize = 96;
/// Updates with fewer products than this do not repay the set-up of a matrix product.
const PRODUCT_THRESHOLD: usize = 6_000;
/// Updates with fewer products than this are not worth distributing.
const PARALLEL_THRESHOLD: usize = 8_000_000;

/// Some rows of a set of columns: entry (i, k) is `data[k * stride + row + i]`.
#[derive(Clone, Copy)]
struct Columns<'a> {
    data: &'a [f64],
    stride: usize,
    row: usize,
    count: usize,
}

impl Columns<'_> {
    #[inline(always)]
    fn column(&self, k: usize, rows: std::ops::Range<usize>) -> &[f64] {
        let start = k * self.stride + self.row;
        &self.data[start + rows.start..start + rows.end]
    }

    fn entry(&self, i: usize, k: usize) -> f64 {
        self.data[k * self.stride + self.row + i]
    }
}

/// The right factor of an update: columns, scaled by a weight each if there is one.
#[derive(Clone, Copy)]
struct Multipliers<'a> {
    columns: Columns<'a>,
    weight: Option<&'a [f64]>,
}

impl Multipliers<'_> {
    #[inline(always)]
    fn entry(&self, i: usize, k: usize) -> f64 {
        let entry = self.columns.entry(i, k);
        match self.weight {
            Some(weight) => entry * weight[k],
            None => entry,
        }
    }
}

/// target += c₀ s₀ + c₁ s₁ + c₂ s₂ + c₃ s₃.
#[inline(always)]
fn add_four(target: &mut [f64], sources: [&[f64]; 4], factors: [f64; 4]) {
    let n = target.len();
    let [s0, s1, s2, s3] = sources.map(|source| &source[..n]);
    let [c0, c1, c2, c3] = factors;
    for i in 0..n {
        target[i] += (c0 * s0[i] + c1 * s1[i]) + (c2 * s2[i] + c3 * s3[i]);
    }
}

#[inline(always)]
fn add_one(target: &mut [f64], source: &[f64], factor: f64) {
    for (t, s) in target.iter_mut().zip(source) {
        *t += factor * s;
    }
}

/// Sum in eight interleaved partial sums.
#[inline(always)]
fn sum(values: &[f64]) -> f64 {
    let mut partial = [0.0; 8];
    let (blocks, rest) = values.as_chunks::<8>();
    for block in blocks {
        for (p, v) in partial.iter_mut().zip(block) {
            *p += v;
        }
    }
    let tail: f64 = rest.iter().sum();
    let [a, b, c, d, e, f, g, h] = partial;
    (((a + e) + (c + g)) + ((b + f) + (d + h))) + tail
}

/// target(u, v) += Σ_k left(u, k) right(v, k) for u ≥ v, column by column.
#[inline(always)]
fn add_products_directly(
    target: &mut [f64],
    stride: usize,
    row: usize,
    rows: usize,
    columns: usize,
    left: Columns<'_>,
    right: Multipliers<'_>,
) {
    let inner = left.count;
    for v in 0..columns {
        let into = &mut target[v * stride + row + v..v * stride + row + rows];
        let mut k = 0;
        while k + 4 <= inner {
            add_four(
                into,
                std::array::from_fn(|i| left.column(k + i, v..rows)),
                std::array::from_fn(|i| right.entry(v, k + i)),
            );
            k += 4;
        }
        while k < inner {
            add_one(into, left.column(k, v..rows), right.entry(v, k));
            k += 1;
        }
    }
}

/// target(u, v) += Σ_k left(u, k) right(v, k) for u ≥ v; entries with u < v may change too.
///
/// Target entry (u, v) is `target[v * stride + row + u]`. Tiles of columns are independent, so they may run
/// on several threads without any effect on the result.
#[inline(always)]
#[allow(clippy::too_many_arguments)] // a dense update has a target, its shape and two factors
fn add_products(
    target: &mut [f64],
    stride: usize,
    row: usize,
    rows: usize,
    columns: usize,
    left: Columns<'_>,
    right: Multipliers<'_>,
    parallel: bool,
) {
    let products = rows * columns * left.count;
    if products < PRODUCT_THRESHOLD || left.count < 4 {
        return vectorised(|| add_products_directly(target, stride, row, rows, columns, left, right));
    }
    let tile = |(index, part): (usize, &mut [f64])| {
        let first = index * TILE;
        add_products_tile(
            part,
            stride,
            row,
            rows,
            first,
            TILE.min(columns - first),
            left,
            right,
        );
    };
    let tiles = target[..(columns - 1) * stride + row + rows].chunks_mut(TILE * stride);
    if parallel && products > PARALLEL_THRESHOLD {
        tiles
            .enumerate()
            .collect::<Vec<_>>()
            .into_par_iter()
            .for_each(tile);
    } else {
        tiles.enumerate().for_each(tile);
    }
}

/// Columns `first..first + columns` of the update, as one matrix product.
#[allow(clippy::too_many_arguments)] // see `add_products`
fn add_products_tile(
    part: &mut [f64],
    stride: usize,
    row: usize,
    rows: usize,
    first: usize,
    columns: usize,
    left: Columns<'_>,
    right: Multipliers<'_>,
) {
    let inner = left.count;
    let scaled: Vec<f64>;
    let (right_data, right_stride) = match right.weight {
        Some(weight) => {
            let source = |k: usize| right.columns.column(k, first..first + columns);
            let mut product = Vec::with_capacity(inner * columns);
            for (k, weight) in weight.iter().enumerate() {
                product.extend(source(k).iter().map(|entry| entry * weight));
            }
            scaled = product;
            (&scaled[..], columns)
        }
        None => (
            &right.columns.data[right.columns.row + first..],
            right.columns.stride,
        ),
    };
    let lower = rows - first;
    let _kernels = DenseKernels::on_this_thread();
    matmul(
        MatMut::from_column_major_slice_with_stride_mut(&mut part[row + first..], lower, columns, stride),
        Accum::Add,
        MatRef::from_column_major_slice_with_stride(
            &left.data[left.row + first..],
            lower,
            inner,
            left.stride,
        ),
        MatRef::from_column_major_slice_with_stride(right_data, columns, inner, right_stride).transpose(),
        1.0,
        Par::Seq,
    );
}

/// A front during elimination: `pivots` columns of `rows` entries each, and the border's triangle.
pub(super) struct Front<'a> {
    pub(super) rows: usize,
    pub(super) pivots: usize,
    /// May large updates use several threads?
    pub(super) parallel: bool,
    /// Outflow d of each pivot (output).
    pub(super) outflow: &'a mut [f64],
}

impl Front<'_> {
    fn border(&self) -> usize {
        self.rows - self.pivots
    }

    fn columns<'d>(&self, data: &'d [f64], from: usize, to: usize, row: usize) -> Columns<'d> {
        Columns {
            data: &data[from * self.rows..to * self.rows],
            stride: self.rows,
            row,
            count: to - from,
        }
    }

    /// Eliminates the pivots of a weighted graph. On return `panel` holds c_us / d_s, and `border` the
    /// couplings among the border that the pivots mediate, added to what was there.
    pub(super) fn eliminate_graph(&mut self, panel: &mut [f64], border: &mut [f64]) {
        self.graph_panel(panel, 0, self.pivots);
        let m = self.border();
        if m > 0 {
            let left = self.columns(panel, 0, self.pivots, self.pivots);
            let right = Multipliers {
                columns: left,
                weight: Some(self.outflow),
            };
            add_products(border, m, 0, m, m, left, right, self.parallel);
        }
    }

    fn graph_panel(&mut self, panel: &mut [f64], from: usize, to: usize) {
        let n = self.rows;
        if to - from <= COLUMN_BLOCK {
            return vectorised(|| graph_columns(panel, n, self.outflow, from, to));
        }
        let middle = halve(from, to);
        self.graph_panel(panel, from, middle);
        let (done, rest) = panel.split_at_mut(middle * n);
        let left = self.columns(done, from, middle, middle);
        let right = Multipliers {
            columns: left,
            weight: Some(&self.outflow[from..middle]),
        };
        add_products(
            rest,
            n,
            middle,
            n - middle,
            to - middle,
            left,
            right,
            self.parallel,
        );
        self.graph_panel(panel, middle, to);
    }

    /// Eliminates the pivots of a Markov chain. On return `panels[0]` holds rate(u→s), `panels[1]`
    /// rate(s→u) / d_s, both of the chain reduced to s and what follows; `borders` likewise gain the rates
    /// towards the lower-numbered node and away from it.
    pub(super) fn eliminate_chain(
        &mut self,
        panels: [&mut [f64]; 2],
        borders: [&mut [f64]; 2],
        inflow: &mut [f64],
    ) {
        let [towards, away] = panels;
        self.chain_panel(towards, away, inflow, 0, self.pivots);
        let m = self.border();
        if m > 0 {
            let [border_towards, border_away] = borders;
            let left = self.columns(towards, 0, self.pivots, self.pivots);
            let right = self.columns(away, 0, self.pivots, self.pivots);
            let plain = |columns| Multipliers {
                columns,
                weight: None,
            };
            add_products(border_towards, m, 0, m, m, left, plain(right), self.parallel);
            add_products(border_away, m, 0, m, m, right, plain(left), self.parallel);
        }
    }

    fn chain_panel(
        &mut self,
        towards: &mut [f64],
        away: &mut [f64],
        inflow: &mut [f64],
        from: usize,
        to: usize,
    ) {
        let n = self.rows;
        if to - from <= COLUMN_BLOCK {
            return vectorised(|| chain_columns(towards, away, n, self.outflow, inflow, from, to));
        }
        let middle = halve(from, to);
        self.chain_panel(towards, away, inflow, from, middle);
        let (towards_done, towards_rest) = towards.split_at_mut(middle * n);
        let (away_done, away_rest) = away.split_at_mut(middle * n);
        let left = self.columns(towards_done, from, middle, middle);
        let right = self.columns(away_done, from, middle, middle);
        let plain = |columns| Multipliers {
            columns,
            weight: None,
        };
        add_products(
            towards_rest,
            n,
            middle,
            n - middle,
            to - middle,
            left,
            plain(right),
            self.parallel,
        );
        add_products(
            away_rest,
            n,
            middle,
            n - middle,
            to - middle,
            right,
            plain(left),
            self.parallel,
        );
        self.chain_panel(towards, away, inflow, middle, to);
    }
}

/// The middle of a range of columns, a whole number of blocks from its start.
fn halve(from: usize, to: usize) -> usize {
    from + ((to - from) / 2)
        .next_multiple_of(COLUMN_BLOCK)
        .min(to - from - 1)
}

/// Eliminates columns `from..to` one by one, after all earlier ones have been applied to them.
#[inline(always)]
fn graph_columns(panel: &mut [f64], n: usize, outflow: &mut [f64], from: usize, to: usize) {
    for j in from..to {
        let (done, rest) = panel.split_at_mut(j * n);
        let column = &mut rest[j + 1..n];
        let source = |k: usize| &done[k * n + j + 1..k * n + n];
        let factor = |k: usize| done[k * n + j] * outflow[k];
        let mut k = from;
        while k + 4 <= j {
            add_four(
                column,
                std::array::from_fn(|i| source(k + i)),
                std::array::from_fn(|i| factor(k + i)),
            );
            k += 4;
        }
        while k < j {
            add_one(column, source(k), factor(k));
            k += 1;
        }
        outflow[j] = sum(column);
        normalise(column, outflow[j]);
    }
}

/// The same for a chain; `inflow[j]` is the sum of the rates towards pivot j.
#[inline(always)]
fn chain_columns(
    towards: &mut [f64],
    away: &mut [f64],
    n: usize,
    outflow: &mut [f64],
    inflow: &mut [f64],
    from: usize,
    to: usize,
) {
    for j in from..to {
        let (towards_done, towards_rest) = towards.split_at_mut(j * n);
        let (away_done, away_rest) = away.split_at_mut(j * n);
        let (into, out) = (&mut towards_rest[j + 1..n], &mut away_rest[j + 1..n]);
        let towards_source = |k: usize| &towards_done[k * n + j + 1..k * n + n];
        let away_source = |k: usize| &away_done[k * n + j + 1..k * n + n];
        let mut k = from;
        while k + 4 <= j {
            let at: [usize; 4] = std::array::from_fn(|i| k + i);
            add_four(into, at.map(towards_source), at.map(|k| away_done[k * n + j]));
            add_four(out, at.map(away_source), at.map(|k| towards_done[k * n + j]));
            k += 4;
        }
        while k < j {
            add_one(into, towards_source(k), away_done[k * n + j]);
            add_one(out, away_source(k), towards_done[k * n + j]);
            k += 1;
        }
        inflow[j] = sum(into);
        outflow[j] = sum(out);
        normalise(out, outflow[j]);
    }
}

/// Divides by the outflow; a node without outflow is the last of its component and keeps zeros.
#[inline(always)]
fn normalise(column: &mut [f64], outflow: f64) {
    if outflow > 0.0 {
        for entry in column {
            *entry /= outflow;
        }
    }
}

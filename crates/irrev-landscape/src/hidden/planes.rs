//! Moments of frames in the cells of a grid, and local planes through them, of which the value at the node is kept.
//!
//! Cells keep the moments 1, x, x xᵀ, y and y x of their frames, with nothing rounded to the cell's centre. A Gaussian window about a node weighs cells, and the
//! plane y ≈ m + g·(x − node) of least weighted squares is exact for data on a plane, whatever the window. Windows are products, so that the sums of all
//! nodes are one convolution along each axis.

use crate::record::Period;

/// Widths beyond which the window is zero: a jump there would be felt in second differences.
const REACH: f64 = 6.0;

/// Farthest that the mean of the frames in a window may lie from its node, in widths: beyond, a plane would be extrapolated.
const FARTHEST: f64 = 2.0;

/// Least spread of frames along a direction that gets a slope, as a part of the squared width.
const RIDGE: f64 = 1e-9;

/// Nodes beyond the range at either end: interpolation needs one, and rounding another.
const BEYOND: usize = 2;

/// Nodes along one coordinate, in units of its standard deviation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ScaledAxis {
    pub(super) centre: f64,
    pub(super) scale: f64,
    low: f64,
    spacing: f64,
    pub(super) nodes: usize,
    period: Option<Period>,
}

impl ScaledAxis {
    /// Nodes over the range from the first to the last of `sorted` values but for a part of them at either end; for a periodic coordinate over its period and
    /// half of it again on either side, where frames have their images.
    pub(super) fn over(
        sorted: &[f64],
        left_out: f64,
        scale: f64,
        nodes: usize,
        period: Option<Period>,
    ) -> Self {
        let at = |part: f64| sorted[(part * (sorted.len() - 1) as f64).round() as usize];
        let (low, high) = match period {
            Some(period) => (
                period.start() - 0.5 * period.length(),
                period.end() + 0.5 * period.length(),
            ),
            None => (at(left_out), at(1.0 - left_out)),
        };
        let centre = 0.5 * (low + high);
        let (low, high) = ((low - centre) / scale, (high - centre) / scale);
        let spacing = (high - low) / (nodes - 1 - 2 * BEYOND) as f64;
        Self {
            centre,
            scale,
            low: low - BEYOND as f64 * spacing,
            spacing,
            nodes,
            period,
        }
    }

    pub(super) fn spacing(&self) -> f64 {
        self.spacing
    }

    pub(super) fn scaled(&self, value: f64) -> f64 {
        (value - self.centre) / self.scale
    }

    pub(super) fn node(&self, k: usize) -> f64 {
        self.low + self.spacing * k as f64
    }

    /// The node nearest to a scaled value.
    fn nearest(&self, x: f64) -> Option<usize> {
        let place = ((x - self.low) / self.spacing).round();
        (place >= 0.0 && place < self.nodes as f64).then_some(place as usize)
    }

    /// The node below a scaled value that has neighbours on either side, and how far the value is above it in units of the spacing.
    pub(super) fn below(&self, x: f64) -> Option<(usize, f64)> {
        let place = (x - self.low) / self.spacing;
        if !(place >= 1.0 && place < (self.nodes - 2) as f64) {
            return None;
        }
        Some((place as usize, place.fract()))
    }

    /// A scaled value and the images of it that the nodes hold.
    fn images(&self, x: f64) -> impl Iterator<Item = f64> {
        let turn = self.period.map(|period| period.length() / self.scale);
        let shifted = turn.into_iter().flat_map(move |turn| [x - turn, x + turn]);
        std::iter::once(x).chain(shifted)
    }
}

/// Sums of a cell: the number of frames, Σw, Σw x, Σw x xᵀ (lower triangle), Σw y, Σw y x.
pub(super) fn width(dimension: usize) -> usize {
    3 + 2 * dimension + dimension * (dimension + 1) / 2
}

/// Sums of all cells, for each part of the frames.
pub(super) struct CellSums {
    pub(super) axes: Vec<ScaledAxis>,
    pub(super) parts: Vec<Vec<f64>>,
}

impl CellSums {
    pub(super) fn new(axes: Vec<ScaledAxis>, parts: usize) -> Self {
        let nodes: usize = axes.iter().map(|axis| axis.nodes).product();
        let row = width(axes.len());
        Self {
            axes,
            parts: vec![vec![0.0; nodes * row]; parts],
        }
    }

    pub(super) fn add(&mut self, part: usize, point: &[f64], y: f64, weight: f64) {
        let scaled: Vec<f64> = self
            .axes
            .iter()
            .zip(point)
            .map(|(axis, r)| axis.scaled(*r))
            .collect();
        // at most one coordinate of the hierarchy is periodic: the first
        let Some(first) = self.axes.first() else { return };
        let mut x = scaled.clone();
        for image in first.images(scaled[0]).collect::<Vec<_>>() {
            x[0] = image;
            let node = self
                .axes
                .iter()
                .zip(&x)
                .try_fold(0, |node, (axis, x)| Some(node * axis.nodes + axis.nearest(*x)?));
            let Some(node) = node else { continue };
            let row = width(x.len());
            let sums = &mut self.parts[part][node * row..(node + 1) * row];
            let mut slots = sums.iter_mut();
            let mut put = |value: f64| {
                if let Some(slot) = slots.next() {
                    *slot += value;
                }
            };
            put(1.0);
            put(weight);
            x.iter().for_each(|a| put(weight * a));
            for (i, a) in x.iter().enumerate() {
                x[..=i].iter().for_each(|b| put(weight * a * b));
            }
            put(weight * y);
            x.iter().for_each(|a| put(weight * y * a));
        }
    }

    /// The sums of each part within a Gaussian window of this width, in standard deviations, about every node.
    pub(super) fn windowed(&self, bandwidth: f64) -> Vec<Vec<f64>> {
        let row = width(self.axes.len());
        self.parts
            .iter()
            .map(|part| {
                let mut sums = part.clone();
                for k in 0..self.axes.len() {
                    let inner: usize = self.axes[k + 1..].iter().map(|axis| axis.nodes).product();
                    sums = convolved(
                        &sums,
                        self.axes[k].nodes,
                        inner * row,
                        bandwidth / self.axes[k].spacing,
                    );
                }
                sums
            })
            .collect()
    }
}

/// Convolution with e^{−j²/2σ²} along an axis whose neighbours are `stride` apart.
fn convolved(sums: &[f64], nodes: usize, stride: usize, sigma: f64) -> Vec<f64> {
    let reach = ((REACH * sigma).floor() as usize).min(nodes - 1);
    let window: Vec<f64> = (0..=reach)
        .map(|j| (-0.5 * (j as f64 / sigma).powi(2)).exp())
        .collect();
    let mut result = vec![0.0; sums.len()];
    for (lines, sums) in result.chunks_mut(nodes * stride).zip(sums.chunks(nodes * stride)) {
        for (k, line) in lines.chunks_mut(stride).enumerate() {
            for j in k.saturating_sub(reach)..(k + reach + 1).min(nodes) {
                let w = window[k.abs_diff(j)];
                for (line, sum) in line.iter_mut().zip(&sums[j * stride..(j + 1) * stride]) {
                    *line += w * sum;
                }
            }
        }
    }
    result
}

/// Number of frames in the window, and the value of their plane at the node; `None` if no frame is there, or if all are far off.
pub(super) fn plane(sums: &[f64], node: &[f64], bandwidth: f64) -> Option<(f64, f64)> {
    let d = node.len();
    let (frames, s0) = (sums[0], sums[1]);
    if !(s0 > 0.0) {
        return None;
    }
    let (first, rest) = sums[2..].split_at(d);
    let (second, y) = rest.split_at(d * (d + 1) / 2);
    let mean: Vec<f64> = first.iter().map(|x| x / s0).collect();
    let mean_y = y[0] / s0;
    let off = node
        .iter()
        .zip(&mean)
        .fold(0.0, |most: f64, (node, mean)| most.max((node - mean).abs()));
    if off > FARTHEST * bandwidth {
        return None;
    }
    // Cholesky's factor of the spread of the frames, row by row
    let mut root = vec![0.0; d * d];
    let mut slope: Vec<f64> = (0..d).map(|i| y[1 + i] / s0 - mean_y * mean[i]).collect();
    let least = RIDGE.sqrt() * bandwidth;
    for i in 0..d {
        for j in 0..=i {
            let spread = second[i * (i + 1) / 2 + j] / s0 - mean[i] * mean[j];
            let known: f64 = (0..j).map(|k| root[i * d + k] * root[j * d + k]).sum();
            root[i * d + j] = if i == j {
                (spread - known).max(0.0).sqrt().max(least)
            } else {
                (spread - known) / root[j * d + j]
            };
        }
    }
    for i in 0..d {
        let known: f64 = (0..i).map(|k| root[i * d + k] * slope[k]).sum();
        slope[i] = (slope[i] - known) / root[i * d + i];
    }
    for i in (0..d).rev() {
        let known: f64 = (i + 1..d).map(|k| root[k * d + i] * slope[k]).sum();
        slope[i] = (slope[i] - known) / root[i * d + i];
    }
    let offset = node.iter().zip(&mean).map(|(node, mean)| node - mean);
    let value = mean_y + slope.iter().zip(offset).map(|(g, x)| g * x).sum::<f64>();
    Some((frames, value))
}

//! ⟨y; r₁, …, r_n⟩ as a smooth function: local planes at nodes, interpolated.

use rayon::prelude::*;

use irrev_numerics::Run;

use super::planes::{CellSums, ScaledAxis, plane, width};
use crate::error::{Error, Result};
use crate::record::Period;

/// Nodes along each of one to four coordinates.
const NODES: [usize; 4] = [512, 96, 40, 20];

/// Part of the frames beyond the nodes at either end of a coordinate.
const LEFT_OUT: f64 = 1e-4;

/// Frames from which the ends of a coordinate are taken, and those on which bandwidths are compared, at most.
const SUBSAMPLE: usize = 200_000;

/// Widest window that is tried, and the ratio of neighbouring ones.
const WIDEST: f64 = 0.6;
const RATIO: f64 = std::f64::consts::SQRT_2;

/// Narrowest window in units of the distance of nodes.
const NARROWEST: f64 = 1.5;

/// The widest window is taken whose squared error of prediction exceeds the least by no more than this part: a rough mean costs little there, and much in second
/// differences.
const WORTH: f64 = 1e-4;

/// Frames (r₁, …, r_n; y) pooled from all segments in their order.
#[derive(Default)]
pub(super) struct Samples {
    pub(super) dimension: usize,
    /// r₁, …, r_n of the first frame, of the second, ….
    pub(super) points: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) weights: Vec<f64>,
    /// Which part is left out to predict a frame.
    pub(super) parts: Vec<usize>,
    /// Whether a frame is not the successor of the one before.
    pub(super) starts: Vec<bool>,
}

impl Samples {
    pub(super) fn point(&self, frame: usize) -> &[f64] {
        &self.points[frame * self.dimension..(frame + 1) * self.dimension]
    }
}

/// How a mean is fitted.
#[derive(Clone)]
pub(super) struct FitOptions {
    pub(super) parts: usize,
    pub(super) least_visits: f64,
    /// In standard deviations; `None` compares several.
    pub(super) bandwidth: Option<f64>,
    pub(super) period: Option<Period>,
}

/// The average of a quantity at given values of one to four coordinates, smooth and with a known bandwidth.
///
/// About each node of a grid a plane is fitted to the frames in a Gaussian window, and its value at the node kept; between nodes cubic convolution gives a
/// function with a continuous derivative, so that it can be differentiated twice along a trajectory. On data that lie on a plane it is exact. Where too few
/// independent visits fall in a window that is needed, and beyond the data, it is NaN.
///
/// Sources: J. Fan and I. Gijbels, Local Polynomial Modelling and Its Applications (1996); R. G. Keys, IEEE Trans. Acoust. Speech Signal Process. 29, 1153
/// (1981).
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionalMean {
    axes: Vec<ScaledAxis>,
    period: Option<Period>,
    bandwidth: f64,
    frames_per_visit: f64,
    /// Value at each node; NaN where too few frames are.
    nodes: Vec<f64>,
}

impl ConditionalMean {
    /// The average at a point; NaN where too few frames are.
    ///
    /// # Errors
    /// [`Error::Size`] unless the point has as many coordinates as the mean.
    pub fn at(&self, point: &[f64]) -> Result<f64> {
        Error::require_size("a point of a conditional mean", point.len(), self.axes.len())?;
        Ok(self.value(point))
    }

    /// Width (standard deviation) of the window along each coordinate, in its unit.
    #[must_use]
    pub fn bandwidths(&self) -> Vec<f64> {
        self.axes.iter().map(|axis| self.bandwidth * axis.scale).collect()
    }

    /// The same in units of each coordinate's standard deviation, one for all.
    #[must_use]
    pub fn relative_bandwidth(&self) -> f64 {
        self.bandwidth
    }

    /// How many consecutive frames a visit to a window takes on average: windows count visits, not frames.
    #[must_use]
    pub fn frames_per_visit(&self) -> f64 {
        self.frames_per_visit
    }

    pub(super) fn value(&self, point: &[f64]) -> f64 {
        interpolated(&self.axes, self.period, &self.nodes, point)
    }
}

/// A fitted mean, and what was predicted for each frame without the part it belongs to.
pub(super) struct Fit {
    pub(super) mean: ConditionalMean,
    pub(super) held_out: Vec<f64>,
}

/// Fits ⟨y; r₁, …, r_n⟩; `None` if a coordinate does not vary.
pub(super) fn fit(samples: &Samples, options: &FitOptions, run: &Run<'_>) -> Result<Option<Fit>> {
    let d = samples.dimension;
    let Some(nodes) = NODES.get(d.wrapping_sub(1)).copied() else {
        return Err(Error::Domain {
            what: "the number of coordinates of a conditional mean",
            value: d as f64,
            expected: "1 to 4",
        });
    };
    let cells = nodes.pow(d as u32) as u64;
    run.require_memory(
        "a conditional mean",
        3 * cells * (width(d) * options.parts * size_of::<f64>()) as u64,
    )?;
    let Some(axes) = axes(samples, nodes, options.period) else {
        return Ok(None);
    };
    let mut sums = CellSums::new(axes, options.parts);
    for frame in 0..samples.y.len() {
        sums.add(
            samples.parts[frame],
            samples.point(frame),
            samples.y[frame],
            samples.weights[frame],
        );
    }
    let bandwidth = match options.bandwidth {
        Some(bandwidth) => bandwidth,
        None => best_bandwidth(samples, &sums, options, run)?,
    };
    let planes = Planes::new(samples, &sums, bandwidth, options, run)?;
    let held_out = run.install(|| {
        (0..samples.y.len())
            .into_par_iter()
            .map(|frame| planes.held_out(samples, frame))
            .collect()
    })?;
    let Planes {
        all: nodes,
        frames_per_visit,
        ..
    } = planes;
    Ok(Some(Fit {
        mean: ConditionalMean {
            axes: sums.axes,
            period: options.period,
            bandwidth,
            frames_per_visit,
            nodes,
        },
        held_out,
    }))
}

/// Axes over the frames; `None` if a coordinate does not vary.
fn axes(samples: &Samples, nodes: usize, period: Option<Period>) -> Option<Vec<ScaledAxis>> {
    let (frames, d) = (samples.y.len(), samples.dimension);
    let step = frames.div_ceil(SUBSAMPLE).max(1);
    (0..d)
        .map(|k| {
            let mut values: Vec<f64> = (0..frames)
                .step_by(step)
                .map(|frame| samples.point(frame)[k])
                .collect();
            values.sort_by(f64::total_cmp);
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
            let scale = variance.sqrt();
            let axis = ScaledAxis::over(&values, LEFT_OUT, scale, nodes, period.filter(|_| k == 0));
            // below the rounding of the values there is nothing to resolve
            let resolved = scale > 1e-13 * mean.abs() && axis.spacing() > 0.0 && axis.spacing().is_finite();
            resolved.then_some(axis)
        })
        .collect()
}

/// The widest window whose planes predict what they have not seen as well as any.
fn best_bandwidth(samples: &Samples, sums: &CellSums, options: &FitOptions, run: &Run<'_>) -> Result<f64> {
    let widest_spacing = sums
        .axes
        .iter()
        .fold(0.0, |most: f64, axis| most.max(axis.spacing()));
    let narrowest = NARROWEST * widest_spacing;
    let steps = (WIDEST / narrowest).ln() / RATIO.ln();
    let candidates: Vec<f64> = (0..=steps.max(0.0) as i32)
        .map(|k| narrowest * RATIO.powi(k))
        .collect();
    let total: f64 = samples.weights.iter().sum();
    let mean = samples
        .y
        .iter()
        .zip(&samples.weights)
        .map(|(y, w)| w * y)
        .sum::<f64>()
        / total;
    // neighbouring frames say the same: a prime step takes some of every run
    let step = samples.y.len().div_ceil(SUBSAMPLE).max(1) | 1;
    let mut errors = Vec::with_capacity(candidates.len());
    for (k, bandwidth) in candidates.iter().enumerate() {
        run.report(
            k as f64 / candidates.len() as f64,
            "bandwidth of a conditional mean",
        )?;
        let planes = Planes::new(samples, sums, *bandwidth, options, run)?;
        let error: f64 = (0..samples.y.len())
            .step_by(step)
            .map(|frame| {
                let predicted = planes.held_out(samples, frame);
                // a window that knows nothing of a frame must not look better than one that does
                let predicted = if predicted.is_nan() { mean } else { predicted };
                samples.weights[frame] * (samples.y[frame] - predicted).powi(2)
            })
            .sum();
        errors.push(error);
    }
    let least = errors.iter().copied().fold(f64::INFINITY, f64::min);
    let widest = errors.iter().rposition(|error| *error <= (1.0 + WORTH) * least);
    Ok(widest.map_or(narrowest, |place| candidates[place]))
}

/// Planes at all nodes for one width of windows, from all frames and without each part.
struct Planes<'a> {
    axes: &'a [ScaledAxis],
    period: Option<Period>,
    all: Vec<f64>,
    without: Vec<Vec<f64>>,
    frames_per_visit: f64,
}

impl<'a> Planes<'a> {
    fn new(
        samples: &Samples,
        sums: &'a CellSums,
        bandwidth: f64,
        options: &FitOptions,
        run: &Run<'_>,
    ) -> Result<Self> {
        let frames_per_visit = frames_per_visit(samples, &sums.axes, bandwidth);
        let parts = sums.windowed(bandwidth);
        let mut total = vec![0.0; parts.first().map_or(0, Vec::len)];
        for part in &parts {
            total.iter_mut().zip(part).for_each(|(sum, x)| *sum += x);
        }
        let least = options.least_visits * frames_per_visit;
        let without = run.install(|| {
            parts
                .par_iter()
                .map(|part| {
                    let rest: Vec<f64> = total.iter().zip(part).map(|(all, part)| all - part).collect();
                    planes(&sums.axes, &rest, bandwidth, least)
                })
                .collect()
        })?;
        Ok(Self {
            axes: &sums.axes,
            period: options.period,
            all: planes(&sums.axes, &total, bandwidth, least),
            without,
            frames_per_visit,
        })
    }

    fn held_out(&self, samples: &Samples, frame: usize) -> f64 {
        let nodes = &self.without[samples.parts[frame]];
        interpolated(self.axes, self.period, nodes, samples.point(frame))
    }
}

/// Value at each node; NaN where fewer than `least` frames are in the window.
fn planes(axes: &[ScaledAxis], sums: &[f64], bandwidth: f64, least: f64) -> Vec<f64> {
    let mut node = vec![0.0; axes.len()];
    sums.chunks(width(axes.len()))
        .enumerate()
        .map(|(index, sums)| {
            let mut rest = index;
            for (axis, node) in axes.iter().zip(&mut node).rev() {
                *node = axis.node(rest % axis.nodes);
                rest /= axis.nodes;
            }
            match plane(sums, &node, bandwidth) {
                Some((frames, value)) if frames >= least => value,
                _ => f64::NAN,
            }
        })
        .collect()
}

/// Weights of the four nodes about a place t between the second and the third, which reproduce parabolas and have a continuous derivative.
fn cubic_weights(t: f64) -> [f64; 4] {
    [
        0.5 * t * (t * (2.0 - t) - 1.0),
        0.5 * (t * t * (3.0 * t - 5.0) + 2.0),
        0.5 * t * (t * (4.0 - 3.0 * t) + 1.0),
        0.5 * t * t * (t - 1.0),
    ]
}

/// Cubic convolution along each coordinate; NaN unless all nodes that count are known.
fn interpolated(axes: &[ScaledAxis], period: Option<Period>, nodes: &[f64], point: &[f64]) -> f64 {
    let mut start = 0;
    let mut weights = [[0.0; 4]; NODES.len()];
    for (k, axis) in axes.iter().enumerate() {
        let value = match period {
            Some(period) if k == 0 => period.wrapped(point[k]),
            _ => point[k],
        };
        let Some((node, t)) = axis.below(axis.scaled(value)) else {
            return f64::NAN;
        };
        start = start * axis.nodes + node - 1;
        weights[k] = cubic_weights(t);
    }
    sum_over_nodes(axes, &weights, nodes, start)
}

/// Σ w_i f_i over the four nodes along the first axis, each the same sum over the axes after it.
fn sum_over_nodes(axes: &[ScaledAxis], weights: &[[f64; 4]], nodes: &[f64], start: usize) -> f64 {
    let Some((_, after)) = axes.split_first() else {
        return nodes[start];
    };
    let stride: usize = after.iter().map(|axis| axis.nodes).product();
    let mut sum = 0.0;
    for (k, weight) in weights[0].iter().enumerate() {
        // a node exactly below the place decides alone
        if *weight != 0.0 {
            sum += weight * sum_over_nodes(after, &weights[1..], nodes, start + k * stride);
        }
    }
    sum
}

/// Frames over visits: a visit begins where a run of frames begins, or enters another cell of two widths.
fn frames_per_visit(samples: &Samples, axes: &[ScaledAxis], bandwidth: f64) -> f64 {
    let mut visits = 0_u64;
    let mut before = [i64::MIN; NODES.len()];
    for frame in 0..samples.y.len() {
        let mut moved = samples.starts[frame];
        for (k, (axis, r)) in axes.iter().zip(samples.point(frame)).enumerate() {
            let cell = (axis.scaled(*r) / (2.0 * bandwidth)).floor() as i64;
            moved |= cell != before[k];
            before[k] = cell;
        }
        visits += u64::from(moved);
    }
    samples.y.len() as f64 / visits.max(1) as f64
}

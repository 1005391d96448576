//! ⟨y; r₁, …, r_n⟩ as a smooth function: local planes, blended.

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
/// About each node of a grid a plane is fitted to the frames in a Gaussian window, and between nodes neighbouring planes are blended so that the function has
/// a continuous derivative. On data that lie on a plane it is exact. Where too few independent visits fall in the window, and beyond the data, it is NaN.
///
/// Source: J. Fan and I. Gijbels, Local Polynomial Modelling and Its Applications (1996).
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionalMean {
    axes: Vec<ScaledAxis>,
    period: Option<Period>,
    bandwidth: f64,
    frames_per_visit: f64,
    /// Value and slopes at each node; NaN where too few frames are.
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
        blended(&self.axes, self.period, &self.nodes, point)
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

/// The window whose planes predict best what they have not seen.
fn best_bandwidth(
    samples: &Samples,
    sums: &CellSums,
    options: &FitOptions,
    run: &Run<'_>,
) -> Result<f64> {
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
    let mut best = (f64::INFINITY, narrowest);
    for (k, bandwidth) in candidates.iter().enumerate() {
        run.report(k as f64 / candidates.len() as f64, "bandwidth of a conditional mean")?;
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
        if error < best.0 {
            best = (error, *bandwidth);
        }
    }
    Ok(best.1)
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
        blended(self.axes, self.period, nodes, samples.point(frame))
    }
}

/// Value and slopes at each node; NaN where fewer than `least` frames are in the window.
fn planes(axes: &[ScaledAxis], sums: &[f64], bandwidth: f64, least: f64) -> Vec<f64> {
    let d = axes.len();
    let mut found = vec![f64::NAN; sums.len() / width(d) * (1 + d)];
    let mut node = vec![0.0; d];
    for (index, (result, sums)) in found
        .chunks_mut(1 + d)
        .zip(sums.chunks(width(d)))
        .enumerate()
    {
        let mut rest = index;
        for k in (0..d).rev() {
            node[k] = axes[k].node(rest % axes[k].nodes);
            rest /= axes[k].nodes;
        }
        let frames = plane(sums, &node, bandwidth, result);
        if !frames.is_some_and(|frames| frames >= least) {
            result.fill(f64::NAN);
        }
    }
    found
}

/// Neighbouring planes with the weights 1 − t²(3 − 2t) and t²(3 − 2t) along each coordinate, which have continuous derivatives.
fn blended(axes: &[ScaledAxis], period: Option<Period>, nodes: &[f64], point: &[f64]) -> f64 {
    let d = axes.len();
    let mut below = [(0_usize, 0.0_f64); NODES.len()];
    for (k, axis) in axes.iter().enumerate() {
        let value = match period {
            Some(period) if k == 0 => period.wrapped(point[k]),
            _ => point[k],
        };
        match axis.below(axis.scaled(value)) {
            Some(place) => below[k] = place,
            None => return f64::NAN,
        }
    }
    let mut sum = 0.0;
    for corner in 0..1_usize << d {
        let (mut weight, mut index) = (1.0, 0);
        let mut offset = [0.0; NODES.len()];
        for (k, axis) in axes.iter().enumerate() {
            let (node, t) = below[k];
            let upper = corner >> k & 1;
            let step = t * t * (3.0 - 2.0 * t);
            weight *= if upper == 1 { step } else { 1.0 - step };
            index = index * axis.nodes + node + upper;
            offset[k] = (t - upper as f64) * axis.spacing();
        }
        // a node exactly below a point decides alone
        if weight == 0.0 {
            continue;
        }
        let plane = &nodes[index * (1 + d)..(index + 1) * (1 + d)];
        let slopes: f64 = plane[1..].iter().zip(offset).map(|(g, x)| g * x).sum();
        sum += weight * (plane[0] + slopes);
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

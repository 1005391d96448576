//! The density of a linear coordinate and of what its acceleration knows beyond it, in equilibrium.

use irrev_landscape::hidden::{Topology, peaks};
use irrev_landscape::landscape::Profile;
use irrev_report::{Axis, Figure, Heatmap, Mark, readable_number};

use super::context::Context;
use crate::model::ProjectionValues;

/// Points of the plane along each axis, over which the density is carried to (r₁, r₂).
const POINTS: usize = 1_200;

/// Cells of r₁ and r₂.
const CELLS: usize = 72;

/// Standard deviation of the window, in cells.
const WINDOW: f64 = 1.0;

/// Part of the highest peak that another must stand out by.
const STANDS_OUT: f64 = 0.1;

/// r₂ below this part of the largest mean acceleration is what is missed between the points of the mean.
const NOTHING: f64 = 5e-3;

/// Part of the density that may lie beyond the range of r₂.
const BEYOND: f64 = 0.01;

/// ρ(r₁, r₂) with r₂ = −a·∇V − ⟨r̈₁; r₁⟩, and how many peaks it has beside those of ρ(r₁).
pub(super) fn picture(
    context: &Context<'_>,
    projection: &ProjectionValues,
    profile: &Profile,
    temperature: f64,
    suffix: &str,
) -> irrev_landscape::Result<(Option<Figure>, String)> {
    let fields = &context.values.fields;
    let reach = context.values.reach();
    let at = |k: usize| reach * (2.0 * (k as f64 + 0.5) / POINTS as f64 - 1.0);
    let mean = |r: f64| interpolated(&profile.points, &profile.mean_acceleration, r);
    let floor = (0..POINTS * POINTS)
        .step_by(97)
        .map(|k| fields.potential(0.0, &[at(k / POINTS), at(k % POINTS)]))
        .fold(f64::INFINITY, f64::min);
    let &[a, b] = &projection.vector[..] else {
        return Err(irrev_landscape::Error::Missing {
            what: "two coordinates of a plane",
        });
    };
    let mut carried: Vec<[f64; 3]> = Vec::new();
    for i in 0..POINTS {
        for j in 0..POINTS {
            let q = [at(i), at(j)];
            let weight = (-(fields.potential(0.0, &q) - floor) / temperature).exp();
            let r = a * q[0] + b * q[1];
            if weight > 1e-9
                && let Some(mean) = mean(r)
            {
                let acceleration = -a * fields.gradient(0, 0.0, &q) - b * fields.gradient(1, 0.0, &q);
                carried.push([r, acceleration - mean, weight]);
            }
        }
    }
    let (low, high) = (profile.points[0], profile.points[profile.points.len() - 1]);
    let height = quantile(&carried);
    let largest = profile
        .mean_acceleration
        .iter()
        .map(|a| a.abs())
        .fold(0.0, f64::max);
    if height <= NOTHING * largest {
        let sentence = format!(
            "The acceleration of {} is a function of it alone: no dimension is hidden from it.",
            projection.name
        );
        return Ok((None, sentence));
    }
    let cell = |x: f64, from: f64, to: f64| ((x - from) / (to - from) * CELLS as f64) as usize;
    let mut counts = vec![0.0; CELLS * CELLS];
    for [r, hidden, weight] in carried {
        if hidden.abs() < height {
            let (i, j) = (
                cell(r, low, high).min(CELLS - 1),
                cell(hidden, -height, height).min(CELLS - 1),
            );
            counts[i * CELLS + j] += weight;
        }
    }
    let smooth = smoothed(&counts);
    let area = (high - low) * 2.0 * height / (CELLS * CELLS) as f64;
    let total: f64 = smooth.iter().sum::<f64>() * area;
    let density: Vec<f64> = smooth.iter().map(|p| p / total).collect();
    let found = peaks(&density, [CELLS, CELLS], Topology::Plane)?;
    let tallest = found.first().map_or(0.0, |peak| peak.height);
    let told: Vec<_> = found
        .iter()
        .filter(|peak| peak.persistence() > STANDS_OUT * tallest)
        .collect();
    let middle = |k: usize, from: f64, to: f64| from + (to - from) * (k as f64 + 0.5) / CELLS as f64;
    let axis = |from: f64, to: f64| (0..CELLS).map(|k| middle(k, from, to)).collect::<Vec<f64>>();
    let rows = (0..CELLS)
        .map(|j| (0..CELLS).map(|i| density[i * CELLS + j]).collect())
        .collect();
    let length = context.length();
    let mut map = Heatmap::new(
        Axis::new(format!("r₁: {}", projection.name), &length),
        axis(low, high),
        Axis::new("r₂", context.units.apply(&format!("{length}/time²"))),
        axis(-height, height),
        Axis::new("density", ""),
        rows,
    );
    for peak in &told {
        map = map.mark(Mark::point(
            middle(peak.cell[0], low, high),
            middle(peak.cell[1], -height, height),
            "peak",
        ));
    }
    let sentence = format!(
        "({0}, r₂), with r₂ what its acceleration knows beyond it, has {1} {2} at a resolution of {3} and {4}.",
        projection.name,
        told.len(),
        if told.len() == 1 { "peak" } else { "peaks" },
        readable_number(WINDOW * (high - low) / CELLS as f64, 2),
        readable_number(WINDOW * 2.0 * height / CELLS as f64, 2)
    );
    let figure = Figure::new(
        format!("hidden{suffix}"),
        format!("Density of {} and its first hidden dimension", projection.name),
        "r₂ = r̈₁ − ⟨r̈₁; r₁⟩ in equilibrium. Where r₁ alone shows one peak, (r₁, r₂) may show the wells that it hides; wells without force along r₁ still coincide.",
        map,
    );
    Ok((Some(figure), sentence))
}

/// The value between points, none beyond them.
fn interpolated(points: &[f64], values: &[f64], r: f64) -> Option<f64> {
    let step = (points[points.len() - 1] - points[0]) / (points.len() - 1) as f64;
    let place = (r - points[0]) / step;
    let k = place.floor();
    if !(0.0..(points.len() - 1) as f64).contains(&k) {
        return None;
    }
    let (k, part) = (k as usize, place - k);
    Some(values[k] + part * (values[k + 1] - values[k]))
}

/// |r₂| below which nearly all of the weight lies.
fn quantile(carried: &[[f64; 3]]) -> f64 {
    let mut sizes: Vec<(f64, f64)> = carried
        .iter()
        .map(|[_, hidden, weight]| (hidden.abs(), *weight))
        .collect();
    sizes.sort_by(|x, y| x.0.total_cmp(&y.0));
    let total: f64 = sizes.iter().map(|(_, weight)| weight).sum();
    let mut sum = 0.0;
    for (size, weight) in sizes {
        sum += weight;
        if sum >= (1.0 - BEYOND) * total {
            return size.max(f64::MIN_POSITIVE);
        }
    }
    1.0
}

/// A normal window along both axes.
fn smoothed(counts: &[f64]) -> Vec<f64> {
    let reach = (4.0 * WINDOW).ceil() as isize;
    let weights: Vec<f64> = (-reach..=reach)
        .map(|k| (-0.5 * (k as f64 / WINDOW).powi(2)).exp())
        .collect();
    let along = |values: &[f64], stride: usize, across: usize| {
        let mut out = vec![0.0; values.len()];
        for line in 0..CELLS {
            for k in 0..CELLS as isize {
                let mut sum = 0.0;
                for (shift, weight) in (-reach..=reach).zip(&weights) {
                    let other = k + shift;
                    if (0..CELLS as isize).contains(&other) {
                        sum += weight * values[line * across + other as usize * stride];
                    }
                }
                out[line * across + k as usize * stride] = sum;
            }
        }
        out
    };
    let once = along(counts, 1, CELLS);
    along(&once, CELLS, 1)
}

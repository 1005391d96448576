//! The field of the best current in two coordinates, over where the series was.

use irrev_inference::currents::Currents;
use irrev_report::{Axis, Figure, Heatmap};

use super::recorded::SeriesData;
use super::told::{Tell, per};
use crate::analysis::arrows::arrows;
use crate::error::Result;

/// Cells along each coordinate.
const CELLS: usize = 40;
/// Part of the points that may lie outside of the picture at either end.
const OUTSIDE: f64 = 1e-3;
/// Cells with fewer points have no arrow.
const FEWEST: f64 = 3.0;

pub(super) fn add(
    data: &SeriesData,
    currents: &Currents,
    coefficients: &[f64],
    tell: &mut Tell<'_>,
) -> Result<()> {
    let ends = [0, 1].map(|k| range(data, k));
    let width = ends.map(|(low, high)| (high - low) / CELLS as f64);
    let cell = |k: usize, x: f64| {
        let place = ((x - ends[k].0) / width[k]).floor();
        (place >= 0.0 && place < CELLS as f64).then_some(place as usize)
    };
    let mut counts = vec![vec![0.0_f64; CELLS]; CELLS];
    for segment in 0..data.series.segments() {
        for point in data.series.segment(segment).chunks_exact(2) {
            if let (Some(i), Some(j)) = (cell(0, point[0]), cell(1, point[1])) {
                counts[j][i] += 1.0;
            }
        }
    }
    let centres = |k: usize| {
        (0..CELLS)
            .map(|i| ends[k].0 + (i as f64 + 0.5) * width[k])
            .collect::<Vec<f64>>()
    };
    let known = |x: f64, y: f64| Some(counts[cell(1, y)?][cell(0, x)?]).filter(|count| *count >= FEWEST);
    // a field of the dimension of the series at a point of it always is
    currents
        .field(coefficients, &[ends[0].0, ends[1].0])
        .map_err(|e| tell.fail(e))?;
    let field = |x: f64, y: f64| {
        known(x, y)?;
        let found = currents.field(coefficients, &[x, y]).ok()?;
        Some([found[0], found[1]])
    };
    let values = counts
        .iter()
        .map(|row| row.iter().map(|n| if *n > 0.0 { *n } else { f64::NAN }).collect());
    let axis = |k: usize| Axis::new(data.names[k].clone(), data.units[k].clone());
    let map = Heatmap::new(
        axis(0),
        centres(0),
        axis(1),
        centres(1),
        Axis::new("points in a cell", "").logarithmic(),
        values.collect(),
    )
    .curve(arrows("force of the best current", (ends[0], ends[1]), field));
    tell.report.push_figure(Figure::new(
        "current_field",
        format!("Field of the best current of {} and {}", data.names[0], data.names[1]),
        format!(
            "Arrows: the field d(x) of the current J = d(x)∘dx whose ratio of mean to spread is best; scaled so that it estimates the thermodynamic force, in {}. Colour: how often cells were visited.",
            per("nats", "length")
        ),
        map,
    ));
    Ok(())
}

/// Where all but a few of the values lie.
fn range(data: &SeriesData, coordinate: usize) -> (f64, f64) {
    let segments = (0..data.series.segments()).map(|k| data.series.segment(k));
    let mut values: Vec<f64> = segments
        .flat_map(|points| points.iter().skip(coordinate).step_by(2))
        .copied()
        .collect();
    values.sort_by(f64::total_cmp);
    let last = values.len() - 1;
    let out = (OUTSIDE * last as f64) as usize;
    let (low, high) = (values[out], values[last - out]);
    if low < high {
        (low, high)
    } else {
        (low - 0.5, low + 0.5)
    }
}

//! Pictures of the field of two coordinates: G, V_m with the streamlines of the flux, and the current where it is what time reversal turns.

use irrev_landscape::Grid;
use irrev_landscape::field::{PairMotion, RecordedField};
use irrev_report::{Axis, Figure, Heatmap, Report};

use super::field::{is_beyond, what};
use super::pair::Pair;
use super::streamlines::streamlines;

/// `flux` says whether there is more of a flux than noise.
pub(super) fn add(pair: &Pair<'_>, found: &RecordedField, flux: bool, report: &mut Report) {
    let g: Vec<f64> = found.density.iter().map(|rho| -rho.value.ln()).collect();
    let mut map = heatmap(pair, found, &above_lowest(&g, found, false), Axis::new("G", "kT"));
    let mut caption =
        "G = −kT ln ρ over its lowest value; cells with too few visits are left open.".to_owned();
    if found.motion == PairMotion::Overdamped && is_beyond(&found.squares.flow) {
        let current = [0, 1].map(|axis: usize| {
            let both = found.velocity[axis].iter().zip(&found.density);
            both.map(|(v, rho)| v.value * rho.value).collect::<Vec<f64>>()
        });
        map = map.curve(lines("current J", pair, found, &current));
        caption += " Lines: the probability current J.";
    }
    report.push_figure(Figure::new(
        "field_free_energy",
        format!("Free energy of {}", pair.names()),
        caption,
        map,
    ));
    let mut map = heatmap(
        pair,
        found,
        &above_lowest(
            &found.potential.iter().map(|v| v.value).collect::<Vec<f64>>(),
            found,
            true,
        ),
        Axis::new("V_m", ""),
    );
    let mut caption = format!(
        "Colour: the potential V_m whose negative gradient is nearest to the {} where {} are found, over its lowest value in each part.",
        what(found.motion),
        pair.names()
    );
    caption += if flux {
        map = map.curve(lines("flux", pair, found, &found.flux));
        " Lines: the flux v that is left."
    } else {
        " The flux that is left is no more than noise, and is not drawn."
    };
    report.push_figure(Figure::new(
        "field_potential",
        format!(
            "{} of {} as gradient and flux",
            capital(what(found.motion)),
            pair.names()
        ),
        caption,
        map,
    ));
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// Values less the lowest, of all or of each component.
fn above_lowest(values: &[f64], found: &RecordedField, by_component: bool) -> Vec<f64> {
    let part = |cell: usize| found.component[cell].filter(|_| by_component).unwrap_or(0);
    let parts = found.component.iter().flatten().max().map_or(1, |most| most + 1);
    let mut lowest = vec![f64::INFINITY; parts];
    for (cell, value) in values.iter().enumerate() {
        lowest[part(cell)] = lowest[part(cell)].min(*value);
    }
    let cells = values.iter().enumerate();
    cells.map(|(cell, value)| value - lowest[part(cell)]).collect()
}

fn heatmap(pair: &Pair<'_>, found: &RecordedField, values: &[f64], axis: Axis) -> Heatmap {
    let [first, second] = &found.grids;
    let (n, m) = (first.cells(), second.cells());
    let rows = (0..m).map(|j| (0..n).map(|i| values[i * m + j]).collect());
    Heatmap::new(
        pair.axis(0),
        first.centres(),
        pair.axis(1),
        second.centres(),
        axis,
        rows.collect(),
    )
}

/// Streamlines of vectors given in cells, interpolated between the known ones.
fn lines(name: &str, pair: &Pair<'_>, found: &RecordedField, vectors: &[Vec<f64>; 2]) -> irrev_report::Curve {
    let grids = [&found.grids[0], &found.grids[1]];
    let ends = grids.map(|grid: &Grid| {
        let edges = grid.edges();
        (edges[0], edges[edges.len() - 1])
    });
    let at = |point: [f64; 2]| {
        let nearest = [grids[0].cell(point[0])?, grids[1].cell(point[1])?];
        let index = |i: usize, j: usize| i * grids[1].cells() + j;
        if !found.known[index(nearest[0], nearest[1])] {
            return None;
        }
        let sides = [0, 1].map(|axis: usize| side(grids[axis], ends[axis], point[axis]));
        let (mut sum, mut weight) = ([0.0; 2], 0.0);
        for (i, of_i) in sides[0] {
            for (j, of_j) in sides[1] {
                let cell = index(i, j);
                let vector = [vectors[0][cell], vectors[1][cell]];
                if found.known[cell] && vector.iter().all(|v| v.is_finite()) {
                    let part = of_i * of_j;
                    weight += part;
                    sum = [sum[0] + part * vector[0], sum[1] + part * vector[1]];
                }
            }
        }
        (weight > 0.0).then(|| sum.map(|v| v / weight))
    };
    streamlines(name, ends, [pair.is_circle(0), pair.is_circle(1)], &at)
}

/// The two cells whose centres a value lies between, with the weight of each; the outermost of a line stand for both.
fn side(grid: &Grid, (low, high): (f64, f64), value: f64) -> [(usize, f64); 2] {
    let n = grid.cells();
    let place = (value - low) / (high - low) * n as f64 - 0.5;
    let below = place.floor();
    let part = place - below;
    let cell = |index: f64| match grid.period() {
        Some(_) => index.rem_euclid(n as f64) as usize % n,
        None => index.clamp(0.0, (n - 1) as f64) as usize,
    };
    [(cell(below), 1.0 - part), (cell(below + 1.0), part)]
}

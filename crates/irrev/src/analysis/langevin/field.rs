//! Section: the drift as a gradient and a flux, in the stationary density.

use irrev_landscape::axes::{Axis as GridAxis, point_of};
use irrev_landscape::field::{GridField, split};
use irrev_report::{Axis, Check, Figure, Heatmap, Report, Table};

use super::context::{Context, OnGrid};
use super::definitions::GRADIENT_PART;
use crate::analysis::arrows::arrows;
use crate::error::Result;

/// Up to which squares of the parts add up, relative.
const PYTHAGORAS: f64 = 1e-7;

/// # Errors
/// As [`split`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let on_grid = context.on_grid()?;
    let OnGrid { process, stationary } = &*on_grid;
    let axes = process.axes();
    let density = process.density(stationary).map_err(|error| context.fail(error))?;
    let drift = |x: &[f64], axis: usize| drift(context, x, axis);
    let states = || (0..density.len()).filter_map(|state| process.point(state));
    let field: Vec<Vec<f64>> = (0..axes.len())
        .map(|axis| states().map(|x| drift(&x, axis)).collect())
        .collect();
    let found = GridField::from_nodes(axes, &density, &field, context.run)
        .and_then(|field| split(&field, &vec![1.0; axes.len()], context.run));
    let found = found.map_err(|error| context.fail(error))?;
    let (gradient, flux) = (found.mean_square_gradient, found.mean_square_flux);
    report.push_quantity(
        context
            .quantity(&GRADIENT_PART, gradient / found.mean_square)
            .key(),
    );
    report.push_check(Check::new(
        "gradient_and_flux",
        "|⟨b²⟩ − ⟨|∇V_m|²⟩ − ⟨v²⟩| relative to ⟨b²⟩",
        (found.mean_square - gradient - flux).abs() / found.mean_square,
        PYTHAGORAS,
    ));
    let unit = context.units.apply(&format!("{}²/time²", context.length()));
    report.push_table(
        Table::new(
            "field",
            "Mean squares of the drift and of its parts in the stationary density; the metric is that of the coordinates as they are",
        )
        .text(
            "part",
            vec!["drift".into(), "gradient".into(), "flux".into()],
        )
        .numbers("mean square", unit, vec![found.mean_square, gradient, flux]),
    );
    if let [first, second] = axes {
        report.push_figure(picture(
            context,
            (first, second),
            &density,
            &found.potential,
            &drift,
        ));
    }
    Ok(())
}

/// Drift along an axis in the sense of Itô: μ F + T ∂μ.
fn drift(context: &Context<'_>, x: &[f64], axis: usize) -> f64 {
    let fields = &context.values.fields;
    fields.mobility(axis, 0.0, x) * fields.force(axis, 0.0, x)
        + context.values.temperatures[axis] * fields.mobility_slope(axis, 0.0, x)
}

/// V_m as colours and what is left of the drift as arrows.
fn picture(
    context: &Context<'_>,
    (first, second): (&GridAxis, &GridAxis),
    density: &[f64],
    potential: &[f64],
    drift: &dyn Fn(&[f64], usize) -> f64,
) -> Figure {
    let (n, m) = (first.nodes(), second.nodes());
    let largest = density.iter().copied().fold(0.0, f64::max);
    // where hardly anything is, nothing is told
    let known = |node: usize| density[node] > largest * (-12.0_f64).exp();
    let at = |i: usize, j: usize| i * m + j;
    let value = |node: usize| if known(node) { potential[node] } else { f64::NAN };
    let least = (0..n * m).map(value).fold(f64::INFINITY, f64::min);
    let map = (0..m)
        .map(|j| (0..n).map(|i| value(at(i, j)) - least).collect())
        .collect();
    let slope = |i: usize, j: usize| -> [f64; 2] {
        let along = |axis: &GridAxis, before: Option<usize>, after: Option<usize>, here: usize| {
            let (low, high) = (before.unwrap_or(here), after.unwrap_or(here));
            let steps = f64::from(u8::from(before.is_some())) + f64::from(u8::from(after.is_some()));
            (potential[high] - potential[low]) / (steps * axis.spacing())
        };
        let side = |count: usize, circle: bool, k: usize, step: isize| match (k, step) {
            (0, -1) => circle.then(|| count - 1),
            (k, 1) if k + 1 == count => circle.then_some(0),
            (k, -1) => Some(k - 1),
            (k, _) => Some(k + 1),
        };
        let x = |step| side(n, first.is_circle(), i, step).map(|i| at(i, j));
        let y = |step| side(m, second.is_circle(), j, step).map(|j| at(i, j));
        [
            along(first, x(-1), x(1), at(i, j)),
            along(second, y(-1), y(1), at(i, j)),
        ]
    };
    let flux = |x: f64, y: f64| {
        let (i, j) = (first.nearest(x).ok()?, second.nearest(y).ok()?);
        if !known(at(i, j)) {
            return None;
        }
        let point = point_of(&[*first, *second], at(i, j));
        let slope = slope(i, j);
        Some([drift(&point, 0) + slope[0], drift(&point, 1) + slope[1]])
    };
    let ranges = (
        (first.node(0), first.node(first.intervals())),
        (second.node(0), second.node(second.intervals())),
    );
    let nodes = |axis: &GridAxis| (0..axis.nodes()).map(|k| axis.node(k)).collect::<Vec<f64>>();
    let names = context.names();
    let length = context.length();
    Figure::new(
        "field",
        "Drift as gradient and flux",
        "Colour: the potential V_m whose negative gradient is nearest to the drift in the stationary density. Arrows: the flux that is left, their length like the root of its strength.",
        Heatmap::new(
            Axis::new(names[0], &length),
            nodes(first),
            Axis::new(names[1], &length),
            nodes(second),
            Axis::new("V_m", context.units.apply(&format!("{length}²/time"))),
            map,
        )
        .curve(arrows("flux", ranges, flux)),
    )
}

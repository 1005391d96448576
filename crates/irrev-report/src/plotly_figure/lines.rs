//! Curves with bands, error bars and marks.

use super::{axis_layout, legend_layout, literal, marks_layout};
use crate::colour::category;
use crate::thinning::drawn_indices;
use crate::{Curve, CurveStyle, Lines, Scale};
use serde_json::{Value, json};

pub(crate) fn plot(lines: &Lines) -> (Vec<Value>, Value) {
    let mut data = Vec::new();
    for (index, curve) in lines.curves.iter().enumerate() {
        data.extend(band_trace(curve, index));
    }
    data.extend(
        lines
            .curves
            .iter()
            .enumerate()
            .map(|(index, curve)| curve_trace(curve, index)),
    );
    data.extend(mark_range_trace(lines));
    let (shapes, annotations) = marks_layout(&lines.marks, lines.x_axis.scale, lines.y_axis.scale);
    let layout = json!({
        "xaxis": axis_layout(&lines.x_axis),
        "yaxis": axis_layout(&lines.y_axis),
        "showlegend": lines.curves.len() > 1,
        "legend": legend_layout(),
        "hovermode": if lines.curves.len() > 1 { "x unified" } else { "closest" },
        "shapes": shapes,
        "annotations": annotations,
        "height": 460,
        "margin": {"l": 60, "r": 24, "t": 24, "b": 56},
    });
    (data, layout)
}

/// Vertical lines from 0, with gaps between them.
fn stick_trace(curve: &Curve, index: usize) -> Value {
    let (mut x, mut y): (Vec<Option<f64>>, Vec<Option<f64>>) = (Vec::new(), Vec::new());
    for at in drawn_indices(&curve.y) {
        x.extend([Some(curve.x[at]), Some(curve.x[at]), None]);
        y.extend([Some(0.0), Some(curve.y[at]), None]);
    }
    json!({
        "type": "scatter",
        "mode": "lines",
        "name": literal(&curve.name),
        "legendgroup": index.to_string(),
        "x": x,
        "y": y,
        "line": {"color": category(index), "width": 3},
    })
}

pub(super) fn curve_trace(curve: &Curve, index: usize) -> Value {
    if curve.style == CurveStyle::Sticks {
        return stick_trace(curve, index);
    }
    let indices = drawn_indices(&curve.y);
    let pick = |values: &[f64]| -> Vec<f64> { indices.iter().map(|&at| values[at]).collect() };
    let (mode, dash) = match curve.style {
        CurveStyle::Line | CurveStyle::Sticks => ("lines", "solid"),
        CurveStyle::Markers => ("markers", "solid"),
        CurveStyle::LineAndMarkers => ("lines+markers", "solid"),
        CurveStyle::Dashed => ("lines", "dash"),
    };
    let mut trace = json!({
        "type": "scatter",
        "mode": mode,
        "name": literal(&curve.name),
        "legendgroup": index.to_string(),
        "x": pick(&curve.x),
        "y": pick(&curve.y),
        "line": {"color": category(index), "width": 2.2, "dash": dash},
        "marker": {"color": category(index), "size": 7},
    });
    if curve.style == CurveStyle::Markers
        && let (Some(lower), Some(upper)) = (&curve.lower, &curve.upper)
    {
        let up: Vec<f64> = indices.iter().map(|&at| upper[at] - curve.y[at]).collect();
        let down: Vec<f64> = indices.iter().map(|&at| curve.y[at] - lower[at]).collect();
        trace["error_y"] = json!({"type": "data", "symmetric": false, "array": up, "arrayminus": down, "thickness": 1.5, "width": 4});
    }
    trace
}

/// The band of a line as one filled outline for each stretch without gap.
fn band_trace(curve: &Curve, index: usize) -> Option<Value> {
    let (Some(lower), Some(upper)) = (&curve.lower, &curve.upper) else {
        return None;
    };
    if curve.style == CurveStyle::Markers {
        return None;
    }
    let (mut x, mut y): (Vec<Option<f64>>, Vec<Option<f64>>) = (Vec::new(), Vec::new());
    let indices = drawn_indices(&curve.y);
    let drawable = |at: &usize| curve.x[*at].is_finite() && lower[*at].is_finite() && upper[*at].is_finite();
    for stretch in indices
        .split(|at| !drawable(at))
        .filter(|stretch| stretch.len() > 1)
    {
        let outline = stretch
            .iter()
            .map(|&at| (curve.x[at], lower[at]))
            .chain(stretch.iter().rev().map(|&at| (curve.x[at], upper[at])));
        for (abscissa, ordinate) in outline {
            x.push(Some(abscissa));
            y.push(Some(ordinate));
        }
        x.push(None);
        y.push(None);
    }
    Some(json!({
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "fillcolor": format!("{}30", category(index)),
        "line": {"width": 0},
        "legendgroup": index.to_string(),
        "showlegend": false,
        "hoverinfo": "skip",
        "x": x,
        "y": y,
    }))
}

/// An invisible point at each mark, because shapes do not widen the axes.
fn mark_range_trace(lines: &Lines) -> Option<Value> {
    let first = |values: fn(&Curve) -> &Vec<f64>, scale: Scale| {
        let drawable = move |value: &f64| value.is_finite() && (scale == Scale::Linear || *value > 0.0);
        lines.curves.iter().flat_map(values).copied().find(drawable)
    };
    let x = first(|curve| &curve.x, lines.x_axis.scale)?;
    let y = first(|curve| &curve.y, lines.y_axis.scale)?;
    let points = lines
        .marks
        .iter()
        .map(|mark| (mark.x.unwrap_or(x), mark.y.unwrap_or(y)));
    let (x, y): (Vec<f64>, Vec<f64>) = points.unzip();
    (!x.is_empty()).then(|| {
        json!({
            "type": "scatter", "mode": "markers", "opacity": 0, "hoverinfo": "skip", "showlegend": false,
            "x": x, "y": y,
        })
    })
}

//! Values on a grid.

use super::lines::curve_trace;
use super::{axis_layout, colour_bar, hover_text, legend_layout, marks_layout, named_ticks};
use crate::colour::Run;
use crate::{Heatmap, Positions, Scale, readable_number, svg};
use serde_json::{Value, json};

pub(crate) fn plot(map: &Heatmap) -> (Vec<Value>, Value) {
    let scale = map.value_axis.scale;
    let coloured = |value: f64| match scale {
        Scale::Linear => value,
        Scale::Logarithmic => value.log10(),
    };
    let range = svg::heatmap_range(map);
    let z: Vec<Vec<f64>> = map
        .values
        .iter()
        .map(|row| row.iter().map(|&value| coloured(value)).collect())
        .collect();
    let (mut x_axis, mut y_axis) = (axis_layout(&map.x_axis), axis_layout(&map.y_axis));
    let place = |positions: &Positions, axis: &mut Value| match positions {
        Positions::Numbers(values) => json!(values),
        Positions::Labels(labels) => {
            named_ticks(axis, labels);
            (0..labels.len()).collect()
        }
    };
    let (x, y) = (place(&map.x, &mut x_axis), place(&map.y, &mut y_axis));
    let name = |positions: &Positions, index: usize| match positions {
        Positions::Numbers(values) => readable_number(values[index], 6),
        Positions::Labels(labels) => labels[index].clone(),
    };
    let hover: Vec<Vec<String>> = (0..map.y.len())
        .map(|row| {
            (0..map.x.len())
                .map(|column| {
                    hover_text(&[
                        format!(
                            "{}: {}",
                            map.value_axis.label,
                            readable_number(map.values[row][column], 5)
                        ),
                        format!("{}: {}", map.x_axis.label, name(&map.x, column)),
                        format!("{}: {}", map.y_axis.label, name(&map.y, row)),
                    ])
                })
                .collect()
        })
        .collect();
    let data = json!({
        "type": "heatmap",
        "x": x,
        "y": y,
        "z": z,
        "zmin": coloured(range.0),
        "zmax": coloured(range.1),
        "colorscale": Run::from(map.colours).points(),
        "colorbar": colour_bar(&map.value_axis, range, coloured),
        "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>",
    });
    let over = map.curves.iter().enumerate().flat_map(|(index, curve)| {
        let line = curve_trace(curve, svg::category_over_cells(index));
        [halo(&line), line]
    });
    let (shapes, mut annotations) = marks_layout(&map.marks, map.x_axis.scale, map.y_axis.scale);
    if !map.curves.is_empty() || !map.marks.is_empty() {
        // what is drawn over the cells must not widen the map
        for (axis, positions) in [(&mut x_axis, &map.x), (&mut y_axis, &map.y)] {
            if let Positions::Numbers(values) = positions
                && let (Some(first), Some(last)) = (values.first(), values.last())
            {
                axis["range"] = match axis["type"] == "log" {
                    true => json!([first.log10(), last.log10()]),
                    false => json!([first, last]),
                };
            }
        }
    }
    if let Some(range) = x_axis["range"].as_array()
        && let [Some(first), Some(last)] = [0, 1].map(|end| range.get(end).and_then(Value::as_f64))
    {
        // the label of a point runs towards the middle, where it has room
        let middle = 0.5 * (first + last);
        for label in annotations.iter_mut().filter(|label| label["showarrow"] == true) {
            let left = label["x"].as_f64().is_some_and(|x| x < middle);
            label["xanchor"] = json!(if left { "left" } else { "right" });
        }
    }
    let layout = json!({
        "xaxis": x_axis,
        "yaxis": y_axis,
        "showlegend": !map.curves.is_empty(),
        "legend": legend_layout(),
        "shapes": shapes,
        "annotations": annotations,
        "hovermode": "closest",
        "height": 500,
        "margin": {"l": 60, "r": 12, "t": 16, "b": 56},
    });
    (std::iter::once(data).chain(over).collect(), layout)
}

/// The same curve wider and white, to lie under it: cells have all colours.
fn halo(curve: &Value) -> Value {
    let mut under = curve.clone();
    for (part, size, wider) in [("line", "width", 2.4), ("marker", "size", 3.0)] {
        let width = curve[part][size].as_f64().unwrap_or(0.0);
        under[part]["color"] = json!("#ffffff");
        under[part][size] = json!(width + wider);
    }
    under["showlegend"] = json!(false);
    under["hoverinfo"] = json!("skip");
    under
}

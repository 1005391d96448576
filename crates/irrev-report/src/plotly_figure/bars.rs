//! Bars, lying where their names are long.

use super::{axis_layout, hover_text, legend_layout, literal, marks_layout, named_ticks};
use crate::colour::category;
use crate::{Arrangement, Axis, Bars, Mark, Scale, readable_number};
use serde_json::{Value, json};

pub(crate) fn plot(bars: &Bars) -> (Vec<Value>, Value) {
    let count = bars.categories.len();
    let longest = bars
        .categories
        .iter()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or(0);
    let lying = longest * count > 90;
    let (value_key, place_key, error_key) = if lying {
        ("x", "y", "error_x")
    } else {
        ("y", "x", "error_y")
    };
    let data = bars.groups.iter().enumerate().map(|(index, group)| {
        let hover: Vec<String> = bars
            .categories
            .iter()
            .zip(&group.values)
            .map(|(category, value)| {
                let number = readable_number(*value, 5);
                let heading = if bars.groups.len() > 1 {
                    format!("{category} · {}", group.name)
                } else {
                    category.clone()
                };
                hover_text(&[
                    heading,
                    format!("{}: {number} {}", bars.value_axis.label, bars.value_axis.unit),
                ])
            })
            .collect();
        let mut trace = json!({
            "type": "bar",
            "name": literal(&group.name),
            "orientation": if lying { "h" } else { "v" },
            "marker": {"color": category(index)},
            "hovertext": hover,
            "hovertemplate": "%{hovertext}<extra></extra>",
        });
        trace[value_key] = json!(group.values);
        trace[place_key] = (0..count).collect();
        if let Some(errors) = &group.errors {
            trace[error_key] = json!({"type": "data", "array": errors, "thickness": 1.3, "width": 4});
        }
        trace
    });
    let mut places = axis_layout(&Axis::new(&bars.category_label, ""));
    named_ticks(&mut places, &bars.categories);
    let mut values = axis_layout(&bars.value_axis);
    values["zeroline"] = json!(true);
    let scale = bars.value_axis.scale;
    let horizontal = bars
        .marks
        .iter()
        .filter_map(|mark| mark.y.map(|y| (y, &mark.label)));
    let marks: Vec<Mark> = horizontal
        .map(|(y, label)| {
            if lying {
                Mark::vertical(y, label)
            } else {
                Mark::horizontal(y, label)
            }
        })
        .collect();
    let (shapes, annotations) = if lying {
        marks_layout(&marks, scale, Scale::Linear)
    } else {
        marks_layout(&marks, Scale::Linear, scale)
    };
    let height = if lying {
        (150 + 24 * count * bars.groups.len().min(3)).clamp(360, 1400)
    } else {
        420
    };
    if lying {
        places["autorange"] = json!("reversed");
    }
    let layout = json!({
        "xaxis": if lying { values.clone() } else { places.clone() },
        "yaxis": if lying { places } else { values },
        "barmode": match bars.arrangement { Arrangement::Grouped => "group", Arrangement::Stacked => "relative" },
        "bargap": 0.25,
        "showlegend": bars.groups.len() > 1,
        "legend": legend_layout(),
        "hovermode": "closest",
        "shapes": shapes,
        "annotations": annotations,
        "height": height,
        "margin": {"l": 60, "r": 24, "t": 24, "b": 56},
    });
    (data.collect(), layout)
}

//! Figures as data and layout for Plotly, which draws them on the interactive page.
//!
//! Plotly reads a small markup in all text it shows, so that names are escaped here; undrawable numbers are
//! `null`. Colours of text and grid are left to the page, which is light or dark.

use crate::colour::{INFINITE, Run, category};
use crate::drawing::{NetworkDrawing, large_network};
use crate::thinning::drawn_indices;
use crate::{
    Arrangement, Axis, Bars, Curve, CurveStyle, Figure, FigureKind, Heatmap, Lines, Mark, Network, Positions,
    Scale, readable_number, svg,
};
use serde::Serialize;
use serde_json::{Value, json};

/// Traces and layout of one figure.
#[derive(Serialize)]
pub(crate) struct PlotlyFigure {
    name: String,
    data: Vec<Value>,
    layout: Value,
}

/// A valid figure for Plotly.
pub(crate) fn plotly_figure(figure: &Figure) -> PlotlyFigure {
    let (data, layout) = match &figure.kind {
        FigureKind::Lines(lines) => lines_plot(lines),
        FigureKind::Bars(bars) => bars_plot(bars),
        FigureKind::Network(network) if network.nodes.len() > Network::LARGEST_DRAWN => {
            bars_plot(&large_network(network).0)
        }
        FigureKind::Network(network) => network_plot(network),
        FigureKind::Heatmap(map) => heatmap_plot(map),
    };
    PlotlyFigure {
        name: figure.name.clone(),
        data,
        layout,
    }
}

/// Text that Plotly shows as it is.
fn literal(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\n', "<br>")
}

/// Lines for the pointer, the first as a heading.
fn hover_text(lines: &[String]) -> String {
    let mut lines = lines.iter().map(|line| literal(line));
    let heading = lines.next().map(|line| format!("<b>{line}</b>"));
    heading.into_iter().chain(lines).collect::<Vec<_>>().join("<br>")
}

fn scale_name(scale: Scale) -> &'static str {
    match scale {
        Scale::Linear => "linear",
        Scale::Logarithmic => "log",
    }
}

fn axis_layout(axis: &Axis) -> Value {
    json!({
        "title": {"text": literal(&axis.title()), "standoff": 12},
        "type": scale_name(axis.scale),
        "automargin": true,
        "exponentformat": "power",
        "hoverformat": ".6~g",
        "zeroline": false,
        "ticks": "outside",
        "ticklen": 4,
    })
}

fn legend_layout() -> Value {
    json!({"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"})
}

fn lines_plot(lines: &Lines) -> (Vec<Value>, Value) {
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

fn curve_trace(curve: &Curve, index: usize) -> Value {
    let indices = drawn_indices(&curve.y);
    let pick = |values: &[f64]| -> Vec<f64> { indices.iter().map(|&at| values[at]).collect() };
    let (mode, dash) = match curve.style {
        CurveStyle::Line => ("lines", "solid"),
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

/// Reference lines as shapes, their labels as annotations. On logarithmic axes shapes are placed by value,
/// annotations by logarithm: so Plotly wants it.
fn marks_layout(marks: &[Mark], x_scale: Scale, y_scale: Scale) -> (Vec<Value>, Vec<Value>) {
    let (mut shapes, mut annotations) = (Vec::new(), Vec::new());
    let placed = |value: f64, scale: Scale| match scale {
        Scale::Linear => value,
        Scale::Logarithmic => value.log10(),
    };
    let drawable = |value: f64, scale: Scale| value.is_finite() && (scale == Scale::Linear || value > 0.0);
    for (index, mark) in marks.iter().enumerate() {
        let x = mark.x.filter(|&x| drawable(x, x_scale));
        let y = mark.y.filter(|&y| drawable(y, y_scale));
        let text = literal(&mark.label);
        let line = json!({"width": 1.3, "dash": "dash"});
        match (x, y) {
            (Some(x), None) => {
                shapes.push(json!({
                    "type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line,
                }));
                annotations.push(json!({
                    "xref": "x", "yref": "paper", "x": placed(x, x_scale), "y": 1.0 - 0.06 * (index % 4) as f64,
                    "text": text, "showarrow": false, "xanchor": "left", "yanchor": "top", "xshift": 4,
                }));
            }
            (None, Some(y)) => {
                shapes.push(json!({
                    "type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line,
                }));
                annotations.push(json!({
                    "xref": "paper", "yref": "y", "x": 1, "y": placed(y, y_scale), "text": text,
                    "showarrow": false, "xanchor": "right", "yanchor": "bottom",
                }));
            }
            (Some(x), Some(y)) => annotations.push(json!({
                "xref": "x", "yref": "y", "x": placed(x, x_scale), "y": placed(y, y_scale), "text": text,
                "showarrow": true, "arrowhead": 6, "arrowsize": 0.8, "ax": 28, "ay": -28,
            })),
            (None, None) => {}
        }
    }
    (shapes, annotations)
}

/// Ticks at whole numbers for named positions; names may repeat, which Plotly's own categories would merge.
fn named_ticks(axis: &mut Value, names: &[String]) {
    let stride = names.len().div_ceil(60).max(1);
    let shown = (0..names.len()).step_by(stride);
    axis["tickmode"] = json!("array");
    axis["tickvals"] = shown.clone().collect();
    axis["ticktext"] = shown.map(|index| literal(&shortened(&names[index]))).collect();
    axis["showgrid"] = json!(false);
}

/// Long names cut to 32 characters; the pointer shows them in full.
fn shortened(name: &str) -> String {
    if name.chars().count() <= 32 {
        name.to_owned()
    } else {
        name.chars().take(31).chain(['…']).collect()
    }
}

fn bars_plot(bars: &Bars) -> (Vec<Value>, Value) {
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

/// Colour bar with ticks at the given values; `map` turns a value into the number that is coloured.
fn colour_bar(axis: &Axis, range: (f64, f64), map: impl Fn(f64) -> f64) -> Value {
    let ticks = svg::scale_ticks(range, axis.scale);
    json!({
        "title": {"text": literal(&axis.title()), "side": "right", "font": {"size": 14}},
        "tickmode": "array",
        "tickvals": ticks.iter().map(|(value, _)| map(*value)).collect::<Vec<_>>(),
        "ticktext": ticks.iter().map(|(_, label)| format!("{label}\u{a0}\u{a0}")).collect::<Vec<_>>(),
        "thickness": 14,
        "outlinewidth": 0,
        "len": 0.9,
    })
}

fn network_plot(network: &Network) -> (Vec<Value>, Value) {
    let drawing = NetworkDrawing::new(network);
    let mut data = edge_traces(&drawing);
    data.push(arrow_trace(&drawing, network));
    data.push(node_trace(&drawing));
    // A margin for names; a flat drawing still gets some height.
    let [x_reach, y_reach] = drawing.reach().map(|reach| 1.15 * reach.max(0.3));
    let hidden = |reach: f64| json!({"visible": false, "range": [-reach, reach]});
    let mut vertical = hidden(y_reach);
    vertical["scaleanchor"] = json!("x");
    let explanation = format!(
        "node area: {} · arrow: {}",
        network.weight_label, network.current_axis.label
    );
    let layout = json!({
        "xaxis": hidden(x_reach),
        "yaxis": vertical,
        "showlegend": false,
        "hovermode": "closest",
        "dragmode": "pan",
        "annotations": [{
            "xref": "paper", "yref": "paper", "x": 0, "y": 0, "xanchor": "left", "yanchor": "top", "yshift": -6,
            "text": literal(&explanation), "showarrow": false,
        }],
        "height": 560,
        "margin": {"l": 12, "r": 12, "t": 12, "b": 40},
    });
    (data, layout)
}

/// Curves gathered by colour, since a trace has one colour and hundreds of traces are slow.
fn edge_traces(drawing: &NetworkDrawing) -> Vec<Value> {
    const SHADES: usize = 20;
    // Undefined values first, then the shades, then infinite values on top.
    let mut shades: Vec<(Vec<Option<f64>>, Vec<Option<f64>>)> = vec![Default::default(); SHADES + 2];
    for edge in &drawing.edges {
        let shade = match edge.fraction {
            Some(fraction) => 1 + ((fraction * SHADES as f64) as usize).min(SHADES - 1),
            None if edge.value.is_infinite() => SHADES + 1,
            None => 0,
        };
        for point in &edge.curve {
            shades[shade].0.push(Some(point[0]));
            shades[shade].1.push(Some(point[1]));
        }
        shades[shade].0.push(None);
        shades[shade].1.push(None);
    }
    let style = |shade: usize| match shade {
        0 => ("#9aa3ad".to_owned(), 1.2),
        shade if shade > SHADES => (INFINITE.to_owned(), 5.0),
        shade => {
            let fraction = (shade as f64 - 0.5) / SHADES as f64;
            (Run::Lines.at(fraction), 1.6 + 3.4 * fraction)
        }
    };
    let filled = shades.into_iter().enumerate().filter(|(_, (x, _))| !x.is_empty());
    filled
        .map(|(shade, (x, y))| {
            let (colour, width) = style(shade);
            json!({
                "type": "scatter", "mode": "lines", "hoverinfo": "skip", "x": x, "y": y,
                "line": {"color": colour, "width": width},
            })
        })
        .collect()
}

fn arrow_trace(drawing: &NetworkDrawing, network: &Network) -> Value {
    let of = |axis: usize| -> Vec<f64> { drawing.edges.iter().map(|edge| edge.middle[axis]).collect() };
    // Plotly turns markers clockwise from upwards, in degrees.
    let angle = |arrow: [f64; 2]| arrow[0].atan2(arrow[1]).to_degrees();
    let angles: Vec<f64> = drawing
        .edges
        .iter()
        .map(|edge| edge.arrow.map_or(0.0, angle))
        .collect();
    let symbols: Vec<&str> = drawing
        .edges
        .iter()
        .map(|edge| {
            if edge.arrow.is_some() {
                "triangle-up"
            } else {
                "circle"
            }
        })
        .collect();
    let colours: Vec<f64> = drawing
        .edges
        .iter()
        .map(|edge| edge.fraction.unwrap_or(1.0))
        .collect();
    let shrink = drawing.arrow_shrink();
    let size = |fraction: Option<f64>| shrink * (12.0 + 4.0 * fraction.unwrap_or(1.0));
    let sizes: Vec<f64> = drawing
        .edges
        .iter()
        .map(|edge| {
            if edge.arrow.is_some() {
                size(edge.fraction)
            } else {
                8.0 * shrink
            }
        })
        .collect();
    let hover: Vec<String> = drawing.edges.iter().map(|edge| hover_text(&edge.hover)).collect();
    let scale = network.value_axis.scale;
    let bar = colour_bar(&network.value_axis, drawing.range, |value| {
        crate::drawing::fraction(value, drawing.range, scale).unwrap_or(0.0)
    });
    json!({
        "type": "scatter",
        "mode": "markers",
        "x": of(0),
        "y": of(1),
        "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": symbols, "angle": angles, "size": sizes, "color": colours, "cmin": 0, "cmax": 1,
            "colorscale": Run::Lines.points(), "showscale": true, "colorbar": bar, "opacity": 1, "line": {"width": 0},
        },
    })
}

fn node_trace(drawing: &NetworkDrawing) -> Value {
    let of = |axis: usize| -> Vec<f64> { drawing.nodes.iter().map(|node| node.place[axis]).collect() };
    let labels: Vec<String> = drawing
        .nodes
        .iter()
        .map(|node| {
            node.label
                .as_deref()
                .map(|label| literal(&shortened(label)))
                .unwrap_or_default()
        })
        .collect();
    let positions: Vec<&str> = drawing
        .nodes
        .iter()
        .map(|node| text_position(node.outward))
        .collect();
    let hover: Vec<String> = drawing.nodes.iter().map(|node| hover_text(&node.hover)).collect();
    json!({
        "type": "scatter",
        "mode": "markers+text",
        "x": of(0),
        "y": of(1),
        "text": labels,
        "textposition": positions,
        "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": false,
        "marker": {
            "size": drawing.nodes.iter().map(|node| 2.0 * node.radius).collect::<Vec<_>>(),
            "color": "#56b4e9", "opacity": 1, "line": {"width": 1.5},
        },
    })
}

fn text_position(outward: [f64; 2]) -> &'static str {
    let side = |value: f64| {
        if value > 0.38 {
            2
        } else if value < -0.38 {
            0
        } else {
            1
        }
    };
    match (side(outward[0]), side(outward[1])) {
        (0, 0) => "bottom left",
        (0, 1) => "middle left",
        (0, _) => "top left",
        (1, 0) => "bottom center",
        (1, _) => "top center",
        (_, 0) => "bottom right",
        (_, 1) => "middle right",
        _ => "top right",
    }
}

fn heatmap_plot(map: &Heatmap) -> (Vec<Value>, Value) {
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
    let layout = json!({
        "xaxis": x_axis,
        "yaxis": y_axis,
        "hovermode": "closest",
        "height": 500,
        "margin": {"l": 60, "r": 12, "t": 16, "b": 56},
    });
    (vec![data], layout)
}

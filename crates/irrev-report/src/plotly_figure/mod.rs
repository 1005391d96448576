//! Figures as data and layout for Plotly, which draws them on the interactive page.
//!
//! Plotly reads a small markup in all text it shows, so that names are escaped here; undrawable numbers are
//! `null`. Colours of text and grid are left to the page, which is light or dark.

mod bars;
mod heatmap;
mod lines;
mod network;

use crate::drawing::large_network;
use crate::{Axis, Figure, FigureKind, Mark, Network, Scale, svg};
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
        FigureKind::Lines(lines) => lines::plot(lines),
        FigureKind::Bars(bars) => bars::plot(bars),
        FigureKind::Network(network) if network.nodes.len() > Network::LARGEST_DRAWN => {
            bars::plot(&large_network(network).0)
        }
        FigureKind::Network(network) => network::plot(network),
        FigureKind::Heatmap(map) => heatmap::plot(map),
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
            (Some(x), Some(y)) if mark.label_only => annotations.push(json!({
                "xref": "x", "yref": "y", "x": placed(x, x_scale), "y": placed(y, y_scale), "text": text, "showarrow": false,
            })),
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

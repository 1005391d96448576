//! Networks: curves gathered by shade, arrows that carry the colour bar and the hover text, nodes.

use super::{colour_bar, hover_text, literal, shortened};
use crate::Network;
use crate::colour::{INFINITE, Run};
use crate::drawing::{NetworkDrawing, fraction};
use serde_json::{Value, json};

pub(crate) fn plot(network: &Network) -> (Vec<Value>, Value) {
    let drawing = NetworkDrawing::new(network);
    let mut data = edge_traces(&drawing);
    data.push(arrow_trace(&drawing, network));
    data.push(node_trace(&drawing));
    // A flat drawing still gets some height.
    let [x_reach, y_reach] = drawing.reach().map(|reach| 1.15 * reach.max(0.3));
    let side = 12.0 + side_room(&drawing);
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
        "margin": {"l": side, "r": side, "t": 12, "b": 40},
    });
    (data, layout)
}

/// Room beside the plot that names of outer nodes need, in pixels; they are written beyond the edge of the plot.
fn side_room(drawing: &NetworkDrawing) -> f64 {
    const PIXELS_A_LETTER: f64 = 6.5;
    let outer = drawing.nodes.iter().filter(|node| node.place[0].abs() > 0.5);
    let letters = outer.filter_map(|node| Some(shortened(node.label.as_deref()?).chars().count()));
    PIXELS_A_LETTER * letters.max().unwrap_or(0) as f64
}

/// Curves gathered by colour, since a trace has one colour and hundreds of traces are slow.
fn edge_traces(drawing: &NetworkDrawing) -> Vec<Value> {
    const SHADES: usize = 20;
    // Undefined values first, then the shades, then infinite values on top.
    let mut shades = vec![(Vec::new(), Vec::new()); SHADES + 2];
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
        fraction(value, drawing.range, scale).unwrap_or(0.0)
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

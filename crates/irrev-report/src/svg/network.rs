//! Networks: nodes by weight, edges by value, arrows by net current.

use super::WIDTH;
use super::axes::{Frame, Map, SMALL_TEXT};
use super::canvas::{Anchor, Canvas, Ground, Lettering, Pen, shortened, text_width};
use super::legend::{self, COLOUR_BAR_WIDTH};
use crate::Network;
use crate::colour::{INFINITE, Run};
use crate::drawing::{DrawnEdge, NetworkDrawing};

const NODE: &str = "#56b4e9";
const HEIGHT: f64 = 460.0;
/// Least room around the outermost nodes, in pixels.
const MARGIN: f64 = 44.0;
/// Widest name shown in full, in pixels.
const WIDEST_NAME: f64 = 150.0;

pub(crate) fn draw(network: &Network, top: f64, ground: &Ground) -> Canvas {
    let drawing = NetworkDrawing::new(network);
    let frame = Frame {
        left: 20.0,
        right: WIDTH - 20.0 - COLOUR_BAR_WIDTH,
        top,
        bottom: top + HEIGHT,
    };
    let mut canvas = Canvas::new(WIDTH, frame.bottom + 40.0);
    let side = side_room(&drawing);
    let wide = 0.5 * (frame.right - frame.left) - side;
    let high = 0.5 * HEIGHT - MARGIN;
    let reach = drawing.reach();
    let scale = (wide / reach[0].max(1e-9)).min(high / reach[1].max(1e-9));
    let centre = [0.5 * (frame.left + frame.right), 0.5 * (frame.top + frame.bottom)];
    let place = |point: [f64; 2]| [centre[0] + scale * point[0], centre[1] - scale * point[1]];
    for edge in &drawing.edges {
        let points: Vec<[f64; 2]> = edge.curve.iter().map(|&point| place(point)).collect();
        canvas.polyline(&points, Pen::new(&colour(edge), width(edge)));
    }
    for edge in &drawing.edges {
        draw_arrow(
            &mut canvas,
            edge,
            place(edge.middle),
            drawing.arrow_shrink(),
            ground,
        );
    }
    for node in &drawing.nodes {
        canvas.circle(
            place(node.place),
            node.radius,
            NODE,
            Pen::new(ground.halo, 1.5),
            &node.hover.join("\n"),
        );
    }
    for node in &drawing.nodes {
        let Some(label) = &node.label else { continue };
        let [dx, dy] = node.outward;
        let anchor = name_anchor(dx);
        let [x, y] = place(node.place);
        let mut lettering = Lettering::new(SMALL_TEXT, ground.ink, anchor);
        lettering.rim = Some(ground.halo);
        let away = node.radius + if anchor == Anchor::Middle { 11.0 } else { 6.0 };
        canvas.text(
            &shortened(label, WIDEST_NAME, SMALL_TEXT),
            [x + away * dx, y - away * dy],
            lettering,
        );
    }
    let map = Map::between(drawing.range.0, drawing.range.1, network.value_axis.scale);
    let bar = Frame {
        top: frame.top + 30.0,
        bottom: frame.bottom - 30.0,
        ..frame
    };
    legend::draw_colour_bar(
        &mut canvas,
        bar,
        (&map, &network.value_axis, Run::Lines),
        drawing.has_infinite,
        ground,
    );
    let explanation = format!(
        "node area: {} · arrow: {}",
        network.weight_label, network.current_axis.label
    );
    let lettering = Lettering::new(SMALL_TEXT, ground.muted, Anchor::Start);
    canvas.text(&explanation, [frame.left, frame.bottom + 20.0], lettering);
    canvas
}

/// Where a name begins that stands in direction `dx` of its node.
fn name_anchor(dx: f64) -> Anchor {
    match dx {
        dx if dx > 0.4 => Anchor::Start,
        dx if dx < -0.4 => Anchor::End,
        _ => Anchor::Middle,
    }
}

/// Room that names beside the outer nodes need, in pixels.
fn side_room(drawing: &NetworkDrawing) -> f64 {
    let needed = drawing
        .nodes
        .iter()
        .filter(|node| node.place[0].abs() > 0.5)
        .filter_map(|node| {
            let width = text_width(node.label.as_deref()?, SMALL_TEXT).min(WIDEST_NAME);
            let share = if name_anchor(node.outward[0]) == Anchor::Middle {
                0.5
            } else {
                1.0
            };
            Some(share * width + node.radius + 14.0)
        });
    needed.fold(MARGIN, f64::max)
}

fn colour(edge: &DrawnEdge) -> String {
    match edge.fraction {
        Some(fraction) => Run::Lines.at(fraction),
        None if edge.value.is_infinite() => INFINITE.to_owned(),
        None => "#9aa3ad".to_owned(),
    }
}

/// Width from the value as well, for readers who do not see the colour.
fn width(edge: &DrawnEdge) -> f64 {
    match edge.fraction {
        Some(fraction) => 1.6 + 3.4 * fraction,
        None if edge.value.is_infinite() => 5.0,
        None => 1.2,
    }
}

fn draw_arrow(canvas: &mut Canvas, edge: &DrawnEdge, at: [f64; 2], shrink: f64, ground: &Ground) {
    let (colour, hover, size) = (
        colour(edge),
        edge.hover.join("\n"),
        shrink * (5.0 + 1.1 * width(edge)),
    );
    match edge.arrow {
        // y grows downwards on the canvas.
        Some([dx, dy]) => {
            let (along, across) = ([dx, -dy], [dy, dx]);
            let corner = |forward: f64, sideways: f64| {
                [0, 1].map(|axis| at[axis] + size * (forward * along[axis] + sideways * across[axis]))
            };
            let corners = [corner(1.0, 0.0), corner(-0.7, 0.75), corner(-0.7, -0.75)];
            canvas.polygon(&corners, &colour, 1.0, &hover);
        }
        None => canvas.circle(at, 4.0 * shrink, &colour, Pen::new(ground.halo, 1.0), &hover),
    }
}

//! Geometry of a network figure, shared by the interactive page and the SVG files.
//!
//! Channels between the same two nodes are separate curves, bent apart symmetrically. Node areas are
//! proportional to weights, with a smallest radius so that rare states stay visible. The arrow in the middle
//! of a curve points along the net current; without current there is a dot.

use crate::{Axis, Bars, Network, Scale, network_layout, readable_number};
use std::collections::BTreeMap;
use std::f64::consts::PI;

/// Points along a curve.
const SAMPLES: usize = 20;
/// Most nodes whose names are written beside them; larger networks show names under the pointer.
const LABELLED: usize = 60;

/// A network ready to draw, in the coordinates of [`network_layout`].
pub(crate) struct NetworkDrawing {
    pub(crate) nodes: Vec<DrawnNode>,
    pub(crate) edges: Vec<DrawnEdge>,
    /// Smallest and largest finite value, as shown at the ends of the colour bar.
    pub(crate) range: (f64, f64),
    /// Whether an edge has an infinite value.
    pub(crate) has_infinite: bool,
}

pub(crate) struct DrawnNode {
    pub(crate) place: [f64; 2],
    /// Radius in pixels.
    pub(crate) radius: f64,
    /// Direction away from the node's surroundings, where its name stands; unit vector.
    pub(crate) outward: [f64; 2],
    /// Name to write, if names are written.
    pub(crate) label: Option<String>,
    /// Lines shown under the pointer, the first as a heading.
    pub(crate) hover: Vec<String>,
}

pub(crate) struct DrawnEdge {
    /// Points from the node `from` to the node `to`.
    pub(crate) curve: Vec<[f64; 2]>,
    /// Middle of the curve.
    pub(crate) middle: [f64; 2],
    /// Direction of the net current at the middle, as unit vector; none without current.
    pub(crate) arrow: Option<[f64; 2]>,
    /// Place of the value in the range, 0…1; none if it is infinite or undefined.
    pub(crate) fraction: Option<f64>,
    /// The value; infinite values are drawn in a colour of their own.
    pub(crate) value: f64,
    /// Lines shown under the pointer, the first as a heading.
    pub(crate) hover: Vec<String>,
}

impl NetworkDrawing {
    /// Lays out and bends a network with valid node indices.
    pub(crate) fn new(network: &Network) -> Self {
        let places = network_layout(network);
        let range = value_range(network);
        let edges = drawn_edges(network, &places, range);
        let nodes = drawn_nodes(network, &places);
        let has_infinite = network.edges.iter().any(|edge| edge.value.is_infinite());
        Self {
            nodes,
            edges,
            range,
            has_infinite,
        }
    }

    /// Largest distance of a curve or node from the centre along each axis.
    pub(crate) fn reach(&self) -> [f64; 2] {
        let points = self.edges.iter().flat_map(|edge| &edge.curve);
        let points = points.chain(self.nodes.iter().map(|node| &node.place));
        points.fold([0.0; 2], |reach: [f64; 2], point| {
            [reach[0].max(point[0].abs()), reach[1].max(point[1].abs())]
        })
    }

    /// Factor by which arrows shrink where there are many edges.
    pub(crate) fn arrow_shrink(&self) -> f64 {
        (36.0 / self.edges.len().max(1) as f64).sqrt().clamp(0.45, 1.0)
    }
}

/// Smallest and largest drawable value; zero belongs to a linear scale of values of one sign.
fn value_range(network: &Network) -> (f64, f64) {
    let logarithmic = network.value_axis.scale == Scale::Logarithmic;
    let drawable = |value: &f64| value.is_finite() && (!logarithmic || *value > 0.0);
    let values = network.edges.iter().map(|edge| edge.value).filter(drawable);
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    match (low <= high, logarithmic) {
        (false, false) => (0.0, 1.0),
        (false, true) => (0.1, 1.0),
        (true, true) if low == high => (low / 10.0, high),
        (true, true) => (low, high),
        (true, false) => {
            let (low, high) = (low.min(0.0), high.max(0.0));
            if low == high { (0.0, 1.0) } else { (low, high) }
        }
    }
}

/// Place of a value within a range, 0…1; none if it is not finite, or not positive on a logarithmic scale.
pub(crate) fn fraction(value: f64, (low, high): (f64, f64), scale: Scale) -> Option<f64> {
    let part = match scale {
        Scale::Linear => (value - low) / (high - low),
        Scale::Logarithmic => (value / low).ln() / (high / low).ln(),
    };
    part.is_finite().then(|| part.clamp(0.0, 1.0))
}

fn drawn_nodes(network: &Network, places: &[[f64; 2]]) -> Vec<DrawnNode> {
    let count = network.nodes.len();
    let largest = (26.0 * (8.0 / count.max(1) as f64).sqrt()).clamp(5.0, 24.0);
    let smallest = 0.22 * largest;
    let heaviest = network
        .nodes
        .iter()
        .map(|node| node.weight)
        .filter(|weight| weight.is_finite());
    let heaviest = heaviest.fold(0.0, f64::max);
    let outward = outward_directions(network, places);
    let nodes = network.nodes.iter().zip(places).zip(outward);
    nodes
        .map(|((node, &place), outward)| {
            let share = if heaviest > 0.0 && node.weight > 0.0 {
                node.weight / heaviest
            } else {
                0.0
            };
            let mut hover = vec![
                node.label.clone(),
                format!("{}: {}", network.weight_label, readable_number(node.weight, 5)),
            ];
            hover.extend(node.hover.lines().map(str::to_owned));
            DrawnNode {
                place,
                radius: (largest * share.min(1.0).sqrt()).max(smallest),
                outward,
                label: (count <= LABELLED).then(|| node.label.clone()),
                hover,
            }
        })
        .collect()
}

/// Unit vectors away from the mean direction of each node's edges, or from the centre where they cancel.
fn outward_directions(network: &Network, places: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut pull = vec![[0.0; 2]; places.len()];
    for edge in network.edges.iter().filter(|edge| edge.from != edge.to) {
        let (from, to) = (places[edge.from], places[edge.to]);
        let direction = unit([to[0] - from[0], to[1] - from[1]]);
        for axis in 0..2 {
            pull[edge.from][axis] += direction[axis];
            pull[edge.to][axis] -= direction[axis];
        }
    }
    pull.iter()
        .zip(places)
        .map(|(pull, place)| {
            if pull[0].hypot(pull[1]) > 0.3 {
                unit([-pull[0], -pull[1]])
            } else if place[0].hypot(place[1]) > 0.1 {
                unit(*place)
            } else {
                [0.0, 1.0]
            }
        })
        .collect()
}

fn unit(vector: [f64; 2]) -> [f64; 2] {
    let length = vector[0].hypot(vector[1]);
    if length > 0.0 {
        [vector[0] / length, vector[1] / length]
    } else {
        [0.0, 1.0]
    }
}

fn drawn_edges(network: &Network, places: &[[f64; 2]], range: (f64, f64)) -> Vec<DrawnEdge> {
    let mut channels: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for edge in &network.edges {
        *channels.entry(ends(edge.from, edge.to)).or_default() += 1;
    }
    let mut drawn: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    network
        .edges
        .iter()
        .map(|edge| {
            let pair = ends(edge.from, edge.to);
            let rank = drawn.entry(pair).or_default();
            let parallel = channels.get(&pair).copied().unwrap_or(1);
            let mut curve = if pair.0 == pair.1 {
                loop_curve(places[pair.0], *rank)
            } else {
                bent_curve(
                    places[pair.0],
                    places[pair.1],
                    *rank as f64 - 0.5 * (parallel - 1) as f64,
                )
            };
            *rank += 1;
            if edge.from > edge.to {
                curve.reverse();
            }
            let half = SAMPLES / 2;
            let (before, after) = (curve[half - 1], curve[half + 1]);
            let along = unit([after[0] - before[0], after[1] - before[1]]);
            let arrow = match edge.current {
                current if current > 0.0 => Some(along),
                current if current < 0.0 => Some([-along[0], -along[1]]),
                _ => None,
            };
            DrawnEdge {
                middle: curve[half],
                curve,
                arrow,
                fraction: fraction(edge.value, range, network.value_axis.scale),
                value: edge.value,
                hover: edge_hover(network, edge),
            }
        })
        .collect()
}

fn ends(from: usize, to: usize) -> (usize, usize) {
    (from.min(to), from.max(to))
}

fn edge_hover(network: &Network, edge: &crate::NetworkEdge) -> Vec<String> {
    let (from, to) = (&network.nodes[edge.from].label, &network.nodes[edge.to].label);
    let channel = if edge.label.is_empty() {
        String::new()
    } else {
        format!(" · {}", edge.label)
    };
    let measured = |axis: &Axis, value: f64| {
        let number = readable_number(value, 5);
        if axis.unit.is_empty() {
            format!("{}: {number}", axis.label)
        } else {
            format!("{}: {number} {}", axis.label, axis.unit)
        }
    };
    let mut hover = vec![
        format!("{from} → {to}{channel}"),
        measured(&network.value_axis, edge.value),
        measured(&network.current_axis, edge.current),
    ];
    hover.extend(edge.hover.lines().map(str::to_owned));
    hover
}

/// A curve between two places, bent sideways by `offset` steps.
fn bent_curve(from: [f64; 2], to: [f64; 2], offset: f64) -> Vec<[f64; 2]> {
    let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    let length = dx.hypot(dy);
    // The middle of a quadratic Bézier curve is half as far off the chord as its control point.
    let shift = 2.0 * offset * (0.2 * length).min(0.17);
    let normal = unit([-dy, dx]);
    let control = [
        0.5 * (from[0] + to[0]) + shift * normal[0],
        0.5 * (from[1] + to[1]) + shift * normal[1],
    ];
    (0..=SAMPLES)
        .map(|sample| {
            let t = sample as f64 / SAMPLES as f64;
            let weights = [(1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t];
            [0, 1].map(|axis| weights[0] * from[axis] + weights[1] * control[axis] + weights[2] * to[axis])
        })
        .collect()
}

/// A loop at a node, larger for later channels.
fn loop_curve(place: [f64; 2], rank: usize) -> Vec<[f64; 2]> {
    let radius = 0.08 * (1.0 + 0.5 * rank as f64);
    let outward = if place[0].hypot(place[1]) > 0.1 {
        unit(place)
    } else {
        [0.0, 1.0]
    };
    let start = outward[1].atan2(outward[0]) + PI;
    (0..=SAMPLES)
        .map(|sample| {
            let angle = start + 2.0 * PI * sample as f64 / SAMPLES as f64;
            [
                place[0] + radius * (outward[0] + angle.cos()),
                place[1] + radius * (outward[1] + angle.sin()),
            ]
        })
        .collect()
}

/// What stands for a network that is too large to draw: a histogram of its edge values, by decade if they
/// span more than two, and a sentence that says so.
pub(crate) fn large_network(network: &Network) -> (Bars, String) {
    const CLASSES: usize = 24;
    let mut positive: Vec<f64> = network
        .edges
        .iter()
        .map(|edge| edge.value)
        .filter(|value| value.is_finite() && *value > 0.0)
        .collect();
    positive.sort_by(f64::total_cmp);
    let others = network.edges.len() - positive.len();
    let note = format!(
        "The network has {} nodes and {} edges, too many to draw; shown is how the positive finite edge \
         values are distributed. {others} edges are zero, negative or not finite.",
        network.nodes.len(),
        network.edges.len(),
    );
    let (low, high) = match (positive.first(), positive.last()) {
        (Some(&low), Some(&high)) if low < high => (low, high),
        (Some(&low), _) => (low, low * 2.0),
        _ => (1.0, 2.0),
    };
    let scale = if high / low > 100.0 {
        Scale::Logarithmic
    } else {
        Scale::Linear
    };
    let border = |class: usize| {
        let part = class as f64 / CLASSES as f64;
        match scale {
            Scale::Logarithmic => low * (high / low).powf(part),
            Scale::Linear => low + (high - low) * part,
        }
    };
    let mut counts = vec![0.0; CLASSES];
    for &value in &positive {
        if let Some(part) = fraction(value, (low, high), scale) {
            counts[((part * CLASSES as f64) as usize).min(CLASSES - 1)] += 1.0;
        }
    }
    let categories = (0..CLASSES)
        .map(|class| {
            format!(
                "{}…{}",
                readable_number(border(class), 3),
                readable_number(border(class + 1), 3)
            )
        })
        .collect();
    let bars = Bars::new(
        network.value_axis.title(),
        Axis::new("number of edges", ""),
        categories,
    )
    .group("edges", counts);
    (bars, note)
}

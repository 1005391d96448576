//! Pictures of a geodesic: where the probability is, which edges carry it, and what drives it.

use irrev_network::Network;
use irrev_report::{Axis, Bars, Curve, Figure, Heatmap, Lines, NetworkEdge, NetworkNode, Report};

use super::path::{Carried, Moments};
use crate::analysis::units::Units;

/// Curves of one picture; of more, those that change most.
const MOST_CURVES: usize = 10;

/// Ratios of the largest to the smallest probability for which a map has logarithmic colours.
const DECADES: std::ops::Range<f64> = 30.0..1e7;

/// Moments that are shown side by side.
const SNAPSHOTS: usize = 9;

pub(super) fn add(network: &Network, path: &Moments, carried: &Carried, units: &Units, report: &mut Report) {
    let states = network.states();
    let edges: Vec<String> = network.edges().iter().map(|e| e.name.clone()).collect();
    states_over_time(states, path, report);
    snapshots(states, path, report);
    diagram(network, path, carried, units, report);
    let currents = (0..edges.len()).map(|e| path.curve(|m| m.current[e])).collect();
    report.push_figure(Figure::new(
        "geodesic_currents",
        "Currents along the geodesic",
        caption(
            "Probability per unit of t along each transition.",
            edges.len(),
            "transitions",
        ),
        lines(&edges, currents, path, Axis::new("current", "1")),
    ));
    let inner = path.away_from_empty_ends();
    let potentials = (0..states.len())
        .map(|i| inner.curve(|m| m.potential[i]))
        .collect();
    report.push_figure(Figure::new(
        "geodesic_potentials",
        "Potentials along the geodesic",
        caption(
            "Differences of the potential are the forces that drive the currents; its mean is zero. Where a path begins or ends in an empty state, the \
             potential there grows without limit, and the outermost hundredth is left out.",
            states.len(),
            "states",
        ),
        lines(states, potentials, &inner, Axis::new("potential", units.apply("nats·time"))),
    ));
}

fn states_over_time(states: &[String], path: &Moments, report: &mut Report) {
    let values = (0..states.len()).map(|i| path.curve(|m| m.state[i])).collect();
    report.push_figure(Figure::new(
        "geodesic_states",
        "Probabilities along the geodesic",
        caption(
            "The shortest path from t = 0 to t = 1, at constant speed.",
            states.len(),
            "states",
        ),
        lines(states, values, path, Axis::new("probability", "1")),
    ));
}

/// The path as a row of moments: stacked bars, or a map where the states are many.
fn snapshots(states: &[String], path: &Moments, report: &mut Report) {
    if states.len() > irrev_report::Network::LARGEST_DRAWN {
        return;
    }
    let wanted = |k: usize| k as f64 / (SNAPSHOTS - 1) as f64;
    let chosen: Vec<usize> = (0..SNAPSHOTS)
        .map(|k| {
            path.times
                .partition_point(|t| *t < wanted(k))
                .min(path.times.len() - 1)
        })
        .collect();
    let at = |i: usize| {
        chosen
            .iter()
            .map(|&k| path.moments[k].state[i])
            .collect::<Vec<f64>>()
    };
    let times: Vec<f64> = chosen.iter().map(|&k| path.times[k]).collect();
    if states.len() <= MOST_CURVES {
        let labels = times.iter().map(f64::to_string).collect();
        let mut bars = Bars::new("t", Axis::new("probability", "1"), labels);
        for (i, name) in states.iter().enumerate() {
            bars = bars.group(name.clone(), at(i));
        }
        report.push_figure(Figure::new(
            "geodesic_snapshots",
            "The geodesic in nine moments",
            "Probability of each state, stacked, from the first distribution to the second.",
            bars.stacked(),
        ));
        return;
    }
    let values: Vec<Vec<f64>> = (0..states.len()).map(at).collect();
    let map = Heatmap::new(
        Axis::new("t", "1"),
        times,
        Axis::new("state", ""),
        states.to_vec(),
        colours(&values),
        values,
    );
    report.push_figure(Figure::new(
        "geodesic_snapshots",
        "The geodesic in nine moments",
        "Probability of each state, from the first distribution to the second.",
        map,
    ));
}

/// The axis of colours: logarithmic where probabilities spread over decades, but not so far that the smallest would rule the picture.
fn colours(probabilities: &[Vec<f64>]) -> Axis {
    let all = || probabilities.iter().flatten().copied();
    let spread = all().fold(0.0, f64::max) / all().fold(f64::INFINITY, f64::min);
    let axis = Axis::new("probability", "1");
    if DECADES.contains(&spread) {
        axis.logarithmic()
    } else {
        axis
    }
}

fn diagram(network: &Network, path: &Moments, carried: &Carried, units: &Units, report: &mut Report) {
    if network.states().len() > irrev_report::Network::LARGEST_DRAWN {
        return;
    }
    let half_way = path.times.partition_point(|t| *t < 0.5);
    let Some(middle) = path.moments.get(half_way) else {
        return;
    };
    let mut diagram = irrev_report::Network::new(Axis::new("part of W₂²", units.apply("nats·time")))
        .showing("probability half way", Axis::new("probability carried", "1"));
    for (name, p) in network.states().iter().zip(&middle.state) {
        diagram.nodes.push(NetworkNode::new(name.clone(), *p));
    }
    for (edge, (action, moved)) in network
        .edges()
        .iter()
        .zip(carried.action.iter().zip(&carried.probability))
    {
        diagram.edges.push(NetworkEdge::new(
            edge.from,
            edge.to,
            edge.name.clone(),
            *action,
            *moved,
        ));
    }
    report.push_figure(Figure::new(
        "geodesic_network",
        "What goes where",
        "States sized by their probability half way, transitions coloured by their part of W₂²; arrows show the probability carried along the geodesic.",
        diagram,
    ));
}

pub(super) fn caption(text: &str, number: usize, what: &str) -> String {
    if number > MOST_CURVES {
        format!("{text} Shown are the {MOST_CURVES} {what} (of {number}) that change most.")
    } else {
        text.to_owned()
    }
}

/// The curves that change most, in their order.
pub(super) fn lines(names: &[String], curves: Vec<Vec<f64>>, path: &Moments, axis: Axis) -> Lines {
    let range = |curve: &[f64]| {
        curve.iter().copied().fold(f64::NEG_INFINITY, f64::max)
            - curve.iter().copied().fold(f64::INFINITY, f64::min)
    };
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&a, &b| range(&curves[b]).total_cmp(&range(&curves[a])).then(a.cmp(&b)));
    order.truncate(MOST_CURVES);
    order.sort_unstable();
    order
        .into_iter()
        .fold(Lines::new(Axis::new("t", "1"), axis), |lines, k| {
            lines.curve(Curve::new(
                names[k].clone(),
                path.times.clone(),
                curves[k].clone(),
            ))
        })
}

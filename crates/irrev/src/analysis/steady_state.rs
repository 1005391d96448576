//! Section: the stationary state, its currents, and where it dissipates.

use irrev_report::{Axis, Bars, Check, Figure, NetworkEdge, NetworkNode, Report, Table};

use super::context::Context;
use super::definitions::{ACTIVITY, ENTROPY_PER_JUMP, ENTROPY_PRODUCTION_RATE, MOBILITY};
use crate::error::Result;

/// Bars beyond this number are not drawn; the table has them all.
pub(super) const MOST_BARS: usize = 60;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let (pi, flow) = context.steady()?;
    let kinetics = &context.system.kinetics;
    let network = context.network();
    let units = &context.units;
    let rate = flow.entropy_production_rate();
    let mut headline = context.quantity(&ENTROPY_PRODUCTION_RATE, rate).key();
    let one_way = flow.one_way_edges();
    if !one_way.is_empty() {
        let names: Vec<&str> = one_way
            .iter()
            .map(|&e| network.edges()[e].name.as_str())
            .collect();
        let shown = names[..names.len().min(8)].join(", ");
        headline = headline.with_note(format!("infinite because of one-way flux along: {shown}"));
        report.push_warning(format!(
            "One-way flux makes the entropy production rate infinite: {shown}."
        ));
    }
    report.push_quantity(headline);
    report.push_quantity(context.quantity(&ACTIVITY, flow.activity()).key());
    report.push_quantity(context.quantity(&MOBILITY, flow.mobility()));
    if flow.activity() > 0.0 {
        report.push_quantity(context.quantity(&ENTROPY_PER_JUMP, rate / flow.activity()));
    }

    let names = network.states().to_vec();
    report.push_table(
        Table::new(
            "stationary_distribution",
            "Probability of each state, stationary and at the start",
        )
        .text("state", names.clone())
        .numbers("stationary", "1", pi.probabilities().to_vec())
        .numbers("initial", "1", context.initial.probabilities().to_vec()),
    );
    let (current, force) = (flow.current(), flow.force());
    let (onsager, dissipation) = (
        flow.onsager_coefficient(),
        flow.entropy_production_rate_per_edge(),
    );
    let edge_names: Vec<String> = network.edges().iter().map(|e| e.name.clone()).collect();
    let reservoir = |e: &irrev_network::Edge| {
        e.reservoir
            .map_or_else(String::new, |r| network.reservoirs()[r].clone())
    };
    let mut table = Table::new(
        "transitions",
        "Fluxes, forces and dissipation of each transition in the stationary state",
    )
    .text("transition", edge_names.clone())
    .text(
        "from",
        network.edges().iter().map(|e| names[e.from].clone()).collect(),
    )
    .text(
        "to",
        network.edges().iter().map(|e| names[e.to].clone()).collect(),
    );
    if !network.reservoirs().is_empty() {
        table = table.text("reservoir", network.edges().iter().map(reservoir).collect());
    }
    let per_time = units.per_time();
    report.push_table(
        table
            .numbers("forward_rate", per_time.clone(), kinetics.forward_rate().to_vec())
            .numbers(
                "backward_rate",
                per_time.clone(),
                kinetics.backward_rate().to_vec(),
            )
            .numbers("forward_flux", per_time.clone(), flow.forward_flux().to_vec())
            .numbers("backward_flux", per_time.clone(), flow.backward_flux().to_vec())
            .numbers("current", per_time.clone(), current.clone())
            .numbers("force", "nats", force)
            .numbers("onsager_coefficient", per_time.clone(), onsager)
            .numbers(
                "entropy_production_rate",
                units.entropy_rate(),
                dissipation.clone(),
            ),
    );
    for (name, caption, parts) in [
        (
            "dissipation_by_reservoir",
            "Entropy production rate by reservoir",
            flow.entropy_production_rate_by_reservoir(),
        ),
        (
            "dissipation_by_subsystem",
            "Entropy production rate by the subsystems that the jumps change",
            flow.entropy_production_rate_by_subsystem(),
        ),
    ] {
        if parts.len() > 1 {
            report.push_table(
                Table::new(name, caption)
                    .text("part", parts.keys().cloned().collect())
                    .numbers(
                        "entropy_production_rate",
                        units.entropy_rate(),
                        parts.values().copied().collect(),
                    ),
            );
        }
    }

    let mut diagram = irrev_report::Network::new(Axis::new("entropy production rate", units.entropy_rate()))
        .showing(
            "stationary probability",
            Axis::new("net current", per_time.clone()),
        );
    for (name, p) in names.iter().zip(pi.probabilities()) {
        diagram.nodes.push(NetworkNode::new(name.clone(), *p));
    }
    for (edge, (j, d)) in network.edges().iter().zip(current.iter().zip(&dissipation)) {
        diagram
            .edges
            .push(NetworkEdge::new(edge.from, edge.to, edge.name.clone(), *d, *j));
    }
    report.push_figure(Figure::new(
        "network",
        "Where it dissipates",
        "States sized by stationary probability, transitions coloured by their entropy production rate; arrows show the net current.",
        diagram,
    ));
    if edge_names.len() <= MOST_BARS && dissipation.iter().all(|d| d.is_finite()) {
        report.push_figure(Figure::new(
            "dissipation",
            "Entropy production by transition",
            "Entropy production rate of each transition in the stationary state.",
            Bars::new(
                "transition",
                Axis::new("entropy production rate", units.entropy_rate()),
                edge_names,
            )
            .group("stationary", dissipation),
        ));
    }
    if names.len() <= MOST_BARS {
        report.push_figure(Figure::new(
            "distribution",
            "Distribution over the states",
            "Stationary distribution beside the initial one.",
            Bars::new("state", Axis::new("probability", "1"), names)
                .group("stationary", pi.probabilities().to_vec())
                .group("initial", context.initial.probabilities().to_vec()),
        ));
    }

    let n = pi.len() as f64;
    let defect = kinetics.stationarity_defect(pi).map_err(|e| context.fail(e))?;
    report.push_check(Check::new(
        "stationarity",
        "largest imbalance of flow in and out of a state, relative to the flow through it",
        defect,
        16.0 * n.max(8.0) * f64::EPSILON,
    ));
    let sum: f64 = pi.probabilities().iter().sum();
    report.push_check(Check::new(
        "normalisation",
        "|Σ π − 1|",
        (sum - 1.0).abs(),
        4.0 * n * f64::EPSILON,
    ));
    Ok(())
}

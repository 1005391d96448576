//! Section: the steady state, its stability, and what each reaction dissipates there.

use irrev_network::Flow;
use irrev_network::decomposition::geometric_decomposition;
use irrev_network::reactions::bounds::{scaled_diffusion, uncertainty_products};
use irrev_network::reactions::steady_state::Stability;
use irrev_report::{
    Axis, Bars, Bound, Check, Figure, Mark, Network, NetworkEdge, NetworkNode, Report, Table,
};

use super::super::definitions::{ACTIVITY, ENTROPY_PRODUCTION_RATE, SLOWEST_RATE};
use super::context::{Context, infinite_because, shortened};
use crate::error::Result;

/// Reactions shown as bars; of more, those that dissipate most.
const BARS: usize = 30;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(steady) = context.steady() else {
        return Ok(());
    };
    let system = &context.chemistry.system;
    let (_, unit) = context.species_axis();
    report.push_table(
        Table::new("steady_state", "Steady state of the dynamic species")
            .text("species", system.state_names().to_vec())
            .numbers("value", unit, context.chemistry.symbols(&steady.amounts)),
    );
    let leading = steady.eigenvalues.first().copied();
    let stability = match steady.stability {
        Stability::Stable => "stable",
        Stability::Unstable => "unstable",
        _ => "marginally stable",
    };
    if let Some(leading) = leading {
        let oscillates = if leading.im == 0.0 {
            ""
        } else {
            ", with oscillations"
        };
        report.push_quantity(
            context
                .quantity(&SLOWEST_RATE, -leading.re)
                .with_note(format!("the steady state is {stability}{oscillates}")),
        );
    }
    report.push_check(Check::new(
        "steady_state",
        "largest |ẋ| over the traffic through a species",
        steady.convergence.residual,
        steady.convergence.target,
    ));
    if context.no_thermodynamics().is_some() {
        return Ok(());
    }
    let flow = system.flow(0.0, &steady.amounts).map_err(|e| context.fail(e))?;
    dissipation(context, &flow, report)?;
    Ok(())
}

/// Entropy production of a flow, reaction by reaction, with the figures that show where it arises.
fn dissipation(context: &Context<'_>, flow: &Flow, report: &mut Report) -> Result<()> {
    let rate = flow.entropy_production_rate();
    let mut total = context.quantity(&ENTROPY_PRODUCTION_RATE, rate).key();
    if rate.is_infinite() {
        let names = context.counted_names(&flow.one_way_edges());
        total = total.with_note(infinite_because(&names));
    } else if !context.chemistry.system.left_out().is_empty() {
        let names = context.chemistry.system.left_out();
        total = total.with_note(format!(
            "of the reactions that count; left out: {}",
            shortened(&names)
        ));
    }
    report.push_quantity(total);
    report.push_quantity(
        context
            .quantity(&ACTIVITY, flow.activity())
            .in_unit(context.units.extent_rate()),
    );
    let names = context.reaction_names();
    let per_reaction = flow.entropy_production_rate_per_edge();
    let unit = context.units.entropy_rate();
    report.push_table(
        Table::new("reaction_thermodynamics", "Reactions in the steady state")
            .text("reaction", names.clone())
            .text("equation", context.equations())
            .numbers("current", context.units.extent_rate(), flow.current())
            .numbers("force", "nats", flow.force())
            .numbers(
                "Onsager coefficient",
                context.units.extent_rate(),
                flow.onsager_coefficient(),
            )
            .numbers("entropy production rate", &unit, per_reaction.clone()),
    );
    if !rate.is_finite() {
        return Ok(());
    }
    let split = geometric_decomposition(flow).map_err(|e| context.fail(e))?;
    let floor = 1e-9 * rate + 1e-12 * flow.activity();
    // where reactions were left out, the others do not balance
    if context.left_out().is_empty() {
        report.push_check(Check::new(
            "no_excess",
            "geometric excess in the steady state: housekeeping is all there is",
            split.excess,
            floor,
        ));
    }
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&a, &b| per_reaction[b].total_cmp(&per_reaction[a]));
    order.truncate(BARS);
    report.push_figure(Figure::new(
        "dissipation_by_reaction",
        "Where it dissipates",
        "Entropy production rate of each reaction in the steady state.",
        Bars::new(
            "reaction",
            Axis::new("entropy production rate", unit.clone()),
            order.iter().map(|&e| names[e].clone()).collect(),
        )
        .group(
            "entropy production rate",
            order.iter().map(|&e| per_reaction[e]).collect(),
        )
        .mark(Mark::horizontal(0.0, "")),
    ));
    graph(context, flow, report);
    if context.left_out().is_empty() {
        bounds(context, flow, rate, report);
    }
    Ok(())
}

/// The graph of complexes, coloured by dissipation.
fn graph(context: &Context<'_>, flow: &Flow, report: &mut Report) {
    let Some(complexes) = flow.network().complexes() else {
        return;
    };
    let mut network = Network::new(Axis::new("entropy production rate", context.units.entropy_rate()))
        .showing(
            "traffic through the complex",
            Axis::new("net current", context.units.extent_rate()),
        );
    let mut traffic = vec![0.0; complexes.len()];
    for (edge, (a, b)) in flow.network().edges().iter().zip(flow.fluxes()) {
        traffic[edge.from] += a + b;
        traffic[edge.to] += a + b;
    }
    let largest = traffic.iter().fold(f64::MIN_POSITIVE, |m: f64, v| m.max(*v));
    for (complex, traffic) in complexes.iter().zip(&traffic) {
        network = network.node(NetworkNode::new(complex.name.clone(), traffic / largest));
    }
    let dissipation = flow.entropy_production_rate_per_edge();
    for ((edge, d), j) in flow.network().edges().iter().zip(dissipation).zip(flow.current()) {
        network = network.edge(NetworkEdge::new(edge.from, edge.to, edge.name.clone(), d, j));
    }
    report.push_figure(Figure::new(
        "reaction_graph",
        "The reactions, coloured by what they dissipate",
        "Complexes joined by reactions in the steady state: colours show the entropy production rate, arrows the net current.",
        network,
    ));
}

/// Thermodynamic uncertainty of every species that reactions still move.
fn bounds(context: &Context<'_>, flow: &Flow, rate: f64, report: &mut Report) {
    let diffusion = scaled_diffusion(flow);
    let moved = uncertainty_products(flow, rate);
    // in a steady state nothing moves, up to what was left out
    for ((name, product), d) in context
        .chemistry
        .system
        .state_names()
        .iter()
        .zip(moved)
        .zip(diffusion)
    {
        let Some(product) = product.filter(|p| *p < 1e6) else {
            continue;
        };
        report.push_bound(
            Bound::at_least(
                format!("uncertainty_{name}"),
                format!("Σ̇ D / ẋ² of {name} ≥ 2"),
                product,
                2.0,
            )
            .assuming("every counted reaction has a reverse")
            .with_note(format!("D = {d:.4e}")),
        );
    }
}

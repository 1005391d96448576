//! Section: cycles, their affinities and currents.

use irrev_network::cycles::{Cycle, cycle_decomposition, cycle_through_edges, fundamental_cycles};
use irrev_network::{MarkovJump, Network};
use irrev_report::{Axis, Bars, Check, Figure, Report, Table};

use super::context::Context;
use super::steady_state::MOST_BARS;
use crate::error::Result;
use crate::model::{Direction, Markov};

/// Beyond this many independent cycles their table says little, and a dense basis much.
const MOST_CYCLES: usize = 2000;

/// The named cycles of a model.
pub(super) fn named(spec: &Markov, network: &Network) -> irrev_network::Result<Vec<(String, Cycle)>> {
    let sign = |d: &Direction| if *d == Direction::Forward { 1.0 } else { -1.0 };
    spec.cycles
        .iter()
        .map(|cycle| {
            let steps: Vec<(usize, f64)> = cycle.steps.iter().map(|(e, d)| (*e, sign(d))).collect();
            Ok((
                cycle.name.clone(),
                cycle_through_edges(network, &cycle.name, &steps)?,
            ))
        })
        .collect()
}

/// Names and cycles of a basis: the first independent named cycles if they span the space, else the fundamental ones.
pub(super) fn basis(
    spec: &Markov,
    kinetics: &MarkovJump,
    network: &Network,
) -> irrev_network::Result<Vec<(String, Cycle)>> {
    let fundamental = fundamental_cycles(network);
    let count = fundamental.cycles.len();
    let named = named(spec, network)?;
    let zero = vec![0.0; network.edges().len()];
    // greedily keep named cycles; a subset is independent if it can be completed, which at full size the decomposition itself decides
    if named.len() >= count {
        let combinations = combinations(named.len(), count);
        for chosen in combinations {
            let cycles: Vec<Cycle> = chosen.iter().map(|&i| named[i].1.clone()).collect();
            if cycle_decomposition(kinetics, &cycles, &zero).is_ok() {
                return Ok(chosen.into_iter().map(|i| named[i].clone()).collect());
            }
        }
    }
    let label = |k: usize| {
        format!(
            "cycle {} (through {})",
            k + 1,
            network.edges()[fundamental.chords[k]].name
        )
    };
    Ok(fundamental
        .cycles
        .iter()
        .enumerate()
        .map(|(k, c)| (label(k), c.clone()))
        .collect())
}

/// Choices of `count` out of `total`, in lexicographic order; at most a few hundred of them.
fn combinations(total: usize, count: usize) -> Vec<Vec<usize>> {
    const MOST: usize = 500;
    let mut all = Vec::new();
    let mut chosen: Vec<usize> = (0..count).collect();
    while all.len() < MOST && count > 0 {
        all.push(chosen.clone());
        let Some(k) = (0..count).rev().find(|&k| chosen[k] < total - count + k) else {
            break;
        };
        chosen[k] += 1;
        for later in k + 1..count {
            chosen[later] = chosen[later - 1] + 1;
        }
    }
    all
}

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let kinetics = &context.system.kinetics;
    let network = context.network();
    let spec = context.environment.spec();
    let fail = |e| context.fail(e);
    let (_, flow) = context.steady()?;
    let count = fundamental_cycles(network).cycles.len();
    if count > MOST_CYCLES {
        report.push_warning(format!(
            "The network has {count} independent cycles; they are not listed one by one."
        ));
        return Ok(());
    }
    let medium = kinetics.medium_entropy_change();
    let basis = basis(spec, kinetics, network).map_err(fail)?;
    let (names, cycles): (Vec<String>, Vec<Cycle>) = basis.into_iter().unzip();
    let decomposition = cycle_decomposition(kinetics, &cycles, &flow.current()).map_err(fail)?;
    let path = |cycle: &Cycle| {
        let steps = cycle
            .edges
            .iter()
            .map(|&(e, s)| format!("{}{}", if s > 0.0 { "+" } else { "−" }, network.edges()[e].name));
        steps.collect::<Vec<_>>().join(" ")
    };
    let product: Vec<f64> = decomposition
        .currents
        .iter()
        .zip(&decomposition.affinities)
        .map(|(j, a)| j * a)
        .collect();
    report.push_table(
        Table::new(
            "cycles",
            "A basis of cycles: affinity, stationary current around it, and their product",
        )
        .text("cycle", names.clone())
        .text("path", cycles.iter().map(path).collect())
        .numbers("affinity", "nats", decomposition.affinities.clone())
        .numbers(
            "current",
            context.units.per_time(),
            decomposition.currents.clone(),
        )
        .numbers(
            "entropy_production_rate",
            context.units.entropy_rate(),
            product.clone(),
        ),
    );
    let named = named(spec, network).map_err(fail)?;
    if named.len() > count {
        report.push_table(
            Table::new(
                "named_cycles",
                "Affinities of all named cycles (they are not independent)",
            )
            .text("cycle", named.iter().map(|c| c.0.clone()).collect())
            .numbers(
                "affinity",
                "nats",
                named.iter().map(|c| c.1.sum(&medium)).collect(),
            ),
        );
    }
    let rate = flow.entropy_production_rate();
    if rate.is_finite() {
        if names.len() <= MOST_BARS {
            report.push_figure(Figure::new(
                "cycles",
                "Entropy production by cycle",
                "Current times affinity of each cycle of the basis; their sum is the entropy production rate.",
                Bars::new("cycle", Axis::new("entropy production rate", context.units.entropy_rate()), names.clone())
                    .group("stationary", product.clone()),
            ));
        }
        let size: f64 = product.iter().map(|p| p.abs()).sum::<f64>() + flow.activity();
        report.push_check(Check::new(
            "cycle_sum",
            "|Σ cycle current × affinity − entropy production rate|",
            (decomposition.entropy_production_rate - rate).abs(),
            // affinities multiply currents that carry the rounding of the fluxes
            1e-10 * rate
                + 1e-13
                    * size
                    * decomposition
                        .affinities
                        .iter()
                        .fold(1.0, |m, a| f64::max(m, a.abs())),
        ));
    }
    context.cycles = Some((names, decomposition));
    Ok(())
}

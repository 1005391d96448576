//! Section: updates one at a time as a jump process between the 2^N states, and what the analysis of networks says of it: its stationary flow, and excess and
//! housekeeping of the start.

use irrev_ising::KineticIsing;
use irrev_ising::enumeration::sequential_stationary_state;
use irrev_network::decomposition::{geometric_decomposition, hatano_sasa_decomposition};
use irrev_network::{Distribution, Flow, MarkovJump};
use irrev_report::{Check, Report, Table};

use super::super::definitions::{
    ACTIVITY, ADIABATIC, ENTROPY_PER_JUMP, ENTROPY_PRODUCTION_RATE, GEOMETRIC_EXCESS, GEOMETRIC_HOUSEKEEPING,
    INITIAL_ENTROPY_PRODUCTION_RATE, MOBILITY, NONADIABATIC,
};
use super::context::Context;
use crate::error::{Error, Result};
use crate::spins::{independent_spins, jump_process};

/// Accepted relative deviation of a sum of parts from the whole.
const PARTS: f64 = 1e-9;

/// Most spins whose stationary law and potentials the analysis of networks solves for: on larger hypercubes elimination fills in.
const SOLVED: usize = 12;

/// # Errors
/// Those of the jump process and of its splits.
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(network) = context.network()? else {
        return Ok(());
    };
    let model = context.environment.spec().source.name().to_owned();
    let fail = |error| Error::network(&model, error);
    context
        .run
        .report(0.0, "splitting the flow between all states")
        .map_err(|e| context.fail(e.into()))?;
    let process = jump_process(&network)?;
    let magnetization = context.values.initial_magnetization;
    let start = independent_spins(network.spins(), magnetization)?;
    let pi = stationary(context, &network, &process)?;
    let stationary = process.flow(&pi).map_err(fail)?;
    handed_over(context, &process, &stationary, report);
    let flow = process.flow(&start).map_err(fail)?;
    let rate = flow.entropy_production_rate();
    let note = format!(
        "of the whole network, from independent spins with magnetisation {magnetization} (`initial.magnetization`)"
    );
    report.push_quantity(
        context
            .quantity(&INITIAL_ENTROPY_PRODUCTION_RATE, rate)
            .with_note(note),
    );
    let split = hatano_sasa_decomposition(&process, &start, &pi).map_err(fail)?;
    report.push_quantity(context.quantity(&NONADIABATIC, split.nonadiabatic));
    report.push_quantity(context.quantity(&ADIABATIC, split.adiabatic));
    let tolerance = PARTS * rate + 64.0 * f64::EPSILON * flow.activity();
    if network.spins() > SOLVED {
        report.push_warning(format!(
            "The geometric split needs a potential on all 2^{} states, which is solved for up to {SOLVED} spins; the split of Hatano and Sasa is given.",
            network.spins()
        ));
    } else if rate.is_finite() {
        let geometric = geometric_decomposition(&flow).map_err(fail)?;
        report.push_quantity(context.quantity(&GEOMETRIC_EXCESS, geometric.excess));
        report.push_quantity(context.quantity(&GEOMETRIC_HOUSEKEEPING, geometric.housekeeping));
        let unit = context.units.entropy_rate();
        report.push_table(
            Table::new(
                "decomposition",
                "Excess and housekeeping of the whole network at the start",
            )
            .text("split", ["Hatano–Sasa", "geometric"].map(String::from).to_vec())
            .numbers("excess", unit.clone(), vec![split.nonadiabatic, geometric.excess])
            .numbers(
                "housekeeping",
                unit,
                vec![split.adiabatic, geometric.housekeeping],
            ),
        );
        report.push_check(Check::new(
            "geometric_split",
            "|excess + housekeeping − entropy production rate|",
            (geometric.excess + geometric.housekeeping - rate).abs(),
            tolerance,
        ));
    }
    if rate.is_finite() {
        report.push_check(Check::new(
            "hatano_sasa_split",
            "|adiabatic + nonadiabatic − entropy production rate|",
            (split.adiabatic + split.nonadiabatic - rate).abs(),
            tolerance,
        ));
    }
    if let Some(enumerated) = context.enumerated {
        let expected = enumerated.entropy_production * network.spins() as f64;
        report.push_check(Check::new(
            "network_and_spins",
            "entropy production rate by channels of the jump process and by turns of the spins",
            (stationary.entropy_production_rate() - expected).abs(),
            PARTS * expected.abs() + 64.0 * f64::EPSILON * stationary.activity(),
        ));
    }
    Ok(())
}

/// π of the jump process: by elimination for few spins, from the enumeration for more.
fn stationary(context: &Context<'_>, network: &KineticIsing, process: &MarkovJump) -> Result<Distribution> {
    let model = context.environment.spec().source.name();
    let fail = |error| Error::network(model, error);
    if network.spins() <= SOLVED {
        return process.stationary_distribution().map_err(fail);
    }
    let law = match &context.stationary_law {
        Some(law) => law.clone(),
        None => {
            let state = sequential_stationary_state(network, context.run);
            state.map_err(|e| context.fail(e))?.distribution
        }
    };
    Distribution::new(law).map_err(fail)
}

/// The stationary flow as the analysis of networks tells it.
fn handed_over(context: &Context<'_>, process: &MarkovJump, flow: &Flow, report: &mut Report) {
    let network = irrev_network::Kinetics::network(process);
    let (rate, activity) = (flow.entropy_production_rate(), flow.activity());
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "In continuous time the network is a jump process between {} states with {} channels, one for each turn of a spin in each state, which was handed to the analysis of networks.",
            network.states().len(),
            network.edges().len()
        ),
    );
    let note = "of the jump process between all states, the whole network";
    report.push_quantity(context.quantity(&ENTROPY_PRODUCTION_RATE, rate).with_note(note));
    report.push_quantity(context.quantity(&ACTIVITY, activity));
    report.push_quantity(context.quantity(&MOBILITY, flow.mobility()));
    if activity > 0.0 {
        report.push_quantity(context.quantity(&ENTROPY_PER_JUMP, rate / activity));
    }
    let parts = flow.entropy_production_rate_by_subsystem();
    report.push_table(
        Table::new(
            "dissipation_by_spin",
            "Entropy production rate of the jump process by the spins that turn",
        )
        .text("spin", parts.keys().cloned().collect())
        .numbers(
            "entropy_production_rate",
            context.units.entropy_rate(),
            parts.values().copied().collect(),
        ),
    );
}

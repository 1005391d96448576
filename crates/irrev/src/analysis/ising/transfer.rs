//! Section: spins of a lattice over temperature — what a spin learns from a neighbour and from all others, and what an input spin tells the rest.

use irrev_ising::Update;
use irrev_ising::lattice::{
    DrivenLattice, EnumeratedLattice, LocalTransfer, TransferAt, critical_temperature, driven_lattice,
    largest, transfer_by_temperature,
};
use irrev_numerics::Estimate;
use irrev_report::{
    Axis, Check, Curve, CurveStyle, Definition, Figure, Lines, Mark, Report, Table, readable_estimate,
    readable_number,
};

use super::context::Context;
use super::definitions::{
    GLOBAL_TEMPERATURE, INPUT_INFORMATION, INPUT_INFORMATION_FLOW, LATTICE_ENTROPY_PRODUCTION,
    PAIR_TEMPERATURE,
};
use crate::error::Result;
use crate::model::{FieldValues, IsingValues, LatticeValues, TransferValues};

/// Most sites whose states are counted, and of a lattice that is driven.
const COUNTED: usize = 25;
const DRIVEN: usize = 16;

/// Most temperatures at which a driven lattice of more than twelve sites is solved.
const MOST_DRIVEN: usize = 11;

/// Heading of the summary.
const WHAT_SPINS_LEARN: &str = "What spins learn";

/// Why the section cannot be computed, or `None`.
pub(super) fn obstacle(values: &IsingValues) -> Option<String> {
    let (Some(of), Some(transfer)) = (&values.lattice, &values.transfer) else {
        return Some("the model has no [transfer] (of couplings of the type \"lattice\")".into());
    };
    let lattice = of.lattice;
    if values.update != Update::Sequential {
        return Some(
            "transfer entropies of a lattice are those of updates one at a time (`dynamics.update`)".into(),
        );
    }
    if !matches!(values.fields, FieldValues::Law(law) if law == irrev_ising::ensemble::FieldLaw::Constant(0.0))
    {
        return Some("transfer entropies of a lattice are those without fields (`network.fields`)".into());
    }
    if lattice.sites() > COUNTED {
        let square = lattice.columns() == lattice.rows() && lattice.rows().is_multiple_of(2);
        if !square || of.coupling <= 0.0 {
            return Some(format!(
                "lattices of more than {COUNTED} sites are simulated, which asks for as many rows as columns, an even number, and a positive coupling"
            ));
        }
    }
    if transfer.input_rate.is_some() && lattice.sites() > DRIVEN {
        return Some(format!(
            "an input (`transfer.input_rate`) drives lattices of at most {DRIVEN} sites"
        ));
    }
    None
}

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let (Some(of), Some(transfer)) = (context.values.lattice, context.values.transfer.clone()) else {
        return Ok(());
    };
    if of.lattice.sites() <= COUNTED {
        counted(context, &of, &transfer, report)?;
    } else {
        simulated(context, &of, &transfer, report)?;
    }
    if let Some(rate) = transfer.input_rate {
        driven(context, &of, &transfer, rate, report)?;
    }
    Ok(())
}

/// Exactly, from all states.
fn counted(
    context: &Context<'_>,
    of: &LatticeValues,
    transfer: &TransferValues,
    report: &mut Report,
) -> Result<()> {
    let fail = |error| context.fail(error);
    let lattice = EnumeratedLattice::new(of.lattice).map_err(fail)?;
    let at = |temperature: f64| lattice.equilibrium(of.coupling, temperature).map_err(fail);
    let temperatures = &transfer.temperatures;
    let found = temperatures.iter().map(|t| at(*t)).collect::<Result<Vec<_>>>()?;
    let column =
        |value: fn(&LocalTransfer) -> f64| found.iter().map(|e| value(&e.transfer)).collect::<Vec<f64>>();
    let (pair, global) = (
        column(LocalTransfer::pair_per_sweep),
        column(LocalTransfer::global_per_sweep),
    );
    let per_site = |value: fn(&irrev_ising::lattice::LatticeEquilibrium) -> f64| {
        found.iter().map(value).collect::<Vec<f64>>()
    };
    report.push_table(
        Table::new("transfer", "Transfer entropies of an equilibrium lattice over temperature, exact; per sweep and per step of one site")
            .numbers("temperature", context.units.energy(), temperatures.clone())
            .numbers("pair_per_sweep", "nats", pair.clone())
            .numbers("global_per_sweep", "nats", global.clone())
            .numbers("pair_per_step", "nats", column(|t| t.pair_per_step))
            .numbers("global_per_step", "nats", column(|t| t.global_per_step))
            .numbers("neighbour_information", "nats", column(|t| t.neighbour_information))
            .numbers("energy_per_site", context.units.energy(), per_site(|e| e.energy_per_site))
            .numbers("mean_absolute_magnetization", "1", per_site(|e| e.mean_absolute_magnetization)),
    );
    let mut lines = axes(context, of);
    lines = lines.curve(Curve::new(
        "from one neighbour",
        temperatures.clone(),
        pair.clone(),
    ));
    lines = lines.curve(Curve::new("from all", temperatures.clone(), global.clone()));
    figure(lines, report);
    let excess = pair
        .iter()
        .zip(&global)
        .map(|(pair, global)| pair - global)
        .fold(0.0, f64::max);
    report.push_check(Check::new(
        "pair_and_global",
        "largest excess of the transfer entropy from one neighbour over that from all",
        excess,
        1e-13,
    ));
    let mut told = Vec::new();
    let curves: [(&Definition, &[f64], fn(&LocalTransfer) -> f64); 2] = [
        (&PAIR_TEMPERATURE, &pair, LocalTransfer::pair_per_sweep),
        (&GLOBAL_TEMPERATURE, &global, LocalTransfer::global_per_sweep),
    ];
    for (definition, values, value) in curves {
        let highest = (0..values.len())
            .max_by(|&i, &j| values[i].total_cmp(&values[j]))
            .unwrap_or(0);
        if highest == 0 || highest + 1 == values.len() {
            told.push(None);
            continue;
        }
        let place = top(
            |t| Ok(value(&at(t)?.transfer)),
            temperatures[highest - 1],
            temperatures[highest + 1],
        )?;
        report.push_quantity(context.quantity(definition, place).key());
        told.push(Some(readable_number(place, 4)));
    }
    sentence(of, &told, report);
    Ok(())
}

/// Where a function with one maximum in an interval is largest, by golden sections.
fn top(value: impl Fn(f64) -> Result<f64>, mut from: f64, mut to: f64) -> Result<f64> {
    const SECTIONS: usize = 40;
    let ratio = 0.5 * (5.0_f64.sqrt() - 1.0);
    for _ in 0..SECTIONS {
        let (left, right) = (to - ratio * (to - from), from + ratio * (to - from));
        if value(left)? < value(right)? {
            from = left;
        } else {
            to = right;
        }
    }
    Ok(0.5 * (from + to))
}

/// By Monte Carlo, with errors.
fn simulated(
    context: &Context<'_>,
    of: &LatticeValues,
    transfer: &TransferValues,
    report: &mut Report,
) -> Result<()> {
    let fail = |error| context.fail(error);
    let (side, sites) = (of.lattice.rows(), of.lattice.sites());
    let found = transfer_by_temperature(
        side,
        of.coupling,
        &transfer.temperatures,
        &transfer.sampling,
        context.run,
    )
    .map_err(fail)?;
    let column = |value: &dyn Fn(&TransferAt) -> f64| found.iter().map(value).collect::<Vec<f64>>();
    report.push_table(
        Table::new(
            "transfer",
            "Transfer entropies of an equilibrium lattice over temperature, per sweep, simulated",
        )
        .numbers(
            "temperature",
            context.units.energy(),
            transfer.temperatures.clone(),
        )
        .numbers("pair_per_sweep", "nats", column(&|p| p.pair.value))
        .numbers("pair_per_sweep_error", "nats", column(&|p| p.pair.standard_error))
        .numbers("global_per_sweep", "nats", column(&|p| p.global.value))
        .numbers(
            "global_per_sweep_error",
            "nats",
            column(&|p| p.global.standard_error),
        )
        .numbers(
            "neighbour_information",
            "nats",
            column(&|p| p.neighbour_information.value),
        )
        .numbers(
            "energy_per_site",
            context.units.energy(),
            column(&|p| p.energy_per_site.value),
        )
        .numbers(
            "energy_per_site_error",
            context.units.energy(),
            column(&|p| p.energy_per_site.standard_error),
        )
        .numbers(
            "mean_absolute_magnetization",
            "1",
            column(&|p| p.mean_absolute_magnetization.value),
        ),
    );
    let mut lines = axes(context, of);
    let curves: [(&str, fn(&TransferAt) -> Estimate); 2] =
        [("from one neighbour", |p| p.pair), ("from all", |p| p.global)];
    for (name, value) in curves {
        let curve = Curve::new(name, transfer.temperatures.clone(), column(&|p| value(p).value));
        lines =
            lines.curve(curve.with_band(column(&|p| value(p).interval.0), column(&|p| value(p).interval.1)));
    }
    figure(lines, report);
    let mut told = Vec::new();
    let curves: [(&Definition, fn(&LocalTransfer) -> f64); 2] = [
        (&PAIR_TEMPERATURE, LocalTransfer::pair_per_sweep),
        (&GLOBAL_TEMPERATURE, LocalTransfer::global_per_sweep),
    ];
    for (definition, value) in curves {
        let place = largest(&found, value, of.coupling, sites).map_err(fail)?;
        if let Some(place) = place {
            report.push_quantity(
                context
                    .quantity(definition, place.value)
                    .estimate(place.standard_error)
                    .key(),
            );
        }
        told.push(place.map(|place| readable_estimate(place.value, Some(place.standard_error))));
    }
    sentence(of, &told, report);
    Ok(())
}

fn axes(context: &Context<'_>, of: &LatticeValues) -> Lines {
    let lines = Lines::new(
        Axis::new("temperature", context.units.energy()),
        Axis::new("transfer entropy per sweep", "nats"),
    );
    if of.coupling > 0.0 {
        lines.mark(Mark::vertical(
            critical_temperature(of.coupling),
            "transition, infinite lattice",
        ))
    } else {
        lines
    }
}

fn figure(lines: Lines, report: &mut Report) {
    report.push_figure(Figure::new(
        "transfer_over_temperature",
        "What a spin learns, over temperature",
        "Transfer entropy to a spin from one of its neighbours, and from the whole lattice, per sweep of as many single-spin steps as there are sites.",
        lines,
    ));
}

/// Where the curves are largest; `told` holds the temperatures of the pair and of the whole.
fn sentence(of: &LatticeValues, told: &[Option<String>], report: &mut Report) {
    if let [Some(pair), Some(global)] = told {
        let infinite = match of.coupling {
            coupling if coupling > 0.0 => format!(
                " (transition of the infinite lattice: {})",
                readable_number(critical_temperature(coupling), 4)
            ),
            _ => String::new(),
        };
        report.push_summary(
            WHAT_SPINS_LEARN,
            format!("A spin learns most from one neighbour at T = {pair}, and most from the whole lattice at T = {global}{infinite}."),
        );
    }
}

/// Beside an input: at the model's own temperature, and over the others.
fn driven(
    context: &Context<'_>,
    of: &LatticeValues,
    transfer: &TransferValues,
    rate: f64,
    report: &mut Report,
) -> Result<()> {
    let solve = |temperature: f64| {
        driven_lattice(of.lattice, of.coupling, temperature, rate, context.run)
            .map_err(|error| context.fail(error))
    };
    if context.values.inverse_temperature > 0.0 {
        here(context, &solve(1.0 / context.values.inverse_temperature)?, report);
    }
    let every = match of.lattice.sites() {
        ..=12 => 1,
        _ => transfer.temperatures.len().div_ceil(MOST_DRIVEN),
    };
    let temperatures: Vec<f64> = transfer.temperatures.iter().copied().step_by(every).collect();
    let found = temperatures
        .iter()
        .map(|t| solve(*t))
        .collect::<Result<Vec<DrivenLattice>>>()?;
    let unit = context.units.apply("nats/time");
    let column = |value: &dyn Fn(&DrivenLattice) -> f64| found.iter().map(value).collect::<Vec<f64>>();
    let flow = column(&|d| d.information_flow_of_the_rest);
    let production = column(&|d| d.entropy_production_rate());
    report.push_table(
        Table::new(
            "driven_over_temperature",
            "A lattice driven by an input spin, over temperature",
        )
        .numbers("temperature", context.units.energy(), temperatures.clone())
        .numbers("information_flow", &unit, flow.clone())
        .numbers("entropy_production_rate", &unit, production.clone())
        .numbers(
            "information_of_the_rest",
            "nats",
            column(&|d| d.information_of_the_rest),
        )
        .numbers(
            "information_of_a_neighbour",
            "nats",
            column(&|d| d.information_about_input[1]),
        ),
    );
    let mut lines = Lines::new(
        Axis::new("temperature", context.units.energy()),
        Axis::new("rate", unit),
    )
    .curve(Curve::new(
        "information flow from the input",
        temperatures.clone(),
        flow,
    ))
    .curve(Curve::new("entropy production", temperatures, production).styled(CurveStyle::Dashed));
    if of.coupling > 0.0 {
        lines = lines.mark(Mark::vertical(
            critical_temperature(of.coupling),
            "transition, infinite lattice",
        ));
    }
    report.push_figure(Figure::new(
        "input_over_temperature",
        "Information flow from the input, over temperature",
        "Rate at which the lattice learns of its input spin, and what the whole dissipates for it.",
        lines,
    ));
    Ok(())
}

/// The driven lattice at the temperature of the model.
fn here(context: &Context<'_>, found: &DrivenLattice, report: &mut Report) {
    let unit = context.units.apply("nats/time");
    let flow = found.information_flow_of_the_rest;
    report.push_quantity(context.quantity(&INPUT_INFORMATION_FLOW, flow).key());
    report.push_quantity(context.quantity(&LATTICE_ENTROPY_PRODUCTION, found.entropy_production_rate()));
    report.push_quantity(context.quantity(&INPUT_INFORMATION, found.information_of_the_rest));
    let spins = (0..found.partial_entropy_production_rate.len()).map(|k| k.to_string());
    report.push_table(
        Table::new(
            "driven_spins",
            "Spins of the driven lattice at the temperature of the model; spin 0 is the input",
        )
        .text("spin", spins.collect())
        .numbers(
            "entropy_production_rate",
            &unit,
            found.partial_entropy_production_rate.clone(),
        )
        .numbers("environment_flow", &unit, found.environment_flow.clone())
        .numbers("information_flow", &unit, found.information_flow.clone())
        .numbers(
            "information_about_input",
            "nats",
            found.information_about_input.clone(),
        ),
    );
    let environment: f64 = found.environment_flow.iter().sum();
    report.push_summary(
        WHAT_SPINS_LEARN,
        format!(
            "Beside the input the other spins learn of it at a rate of {} {unit}, and deliver {} {unit} to their surroundings.",
            readable_number(flow, 4),
            readable_number(environment, 4)
        ),
    );
    report.push_check(Check::new(
        "driven_stationarity",
        "Σ |dπ/dt| of the driven lattice",
        found.convergence.residual,
        found.convergence.target,
    ));
    report.push_check(Check::new(
        "input_and_rest",
        "|information flow of the input + that of the rest|",
        (found.information_flow[0] + flow).abs(),
        1e-11 * (1.0 + flow.abs()),
    ));
}

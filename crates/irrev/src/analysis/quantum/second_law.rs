//! Section: entropy production over time, and the books of energy, particles and entropy.

use irrev_report::{Axis, Check, Curve, CurveStyle, Definition, Figure, Lines, Mark, Report, Table};

use super::super::Section;
use super::context::Context;
use super::definitions::{CONTACT_ENERGY, ENTROPY_PRODUCTION, HEAT, LOWEST_ENTROPY_PRODUCTION};
use super::history::{History, without_rounding};
use crate::error::Result;
use crate::model::BathStart;

/// Part of the width of all energies up to which books are balanced.
const BALANCED: f64 = 1e-10;

/// # Errors
/// As [`irrev_quantum::thermodynamics::ThermalContact::evolve`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    if !context.has_temperature(Section::SecondLaw, report)? {
        return Ok(());
    }
    let histories = context.histories()?;
    let errors = context.bath()?.standard_errors;
    for (place, history) in histories.iter().enumerate() {
        let Some(last) = history.last() else { continue };
        let end = context.units.lasting(last.time);
        let of = |definition: &Definition, value| context.of_coupling(definition, place, value);
        let noted = |note: &str| match context.values.couplings.len() {
            1 => note.to_owned(),
            _ => format!("hopping of the contact {}; {note}", context.coupling(place)),
        };
        report.push_quantity(
            of(&ENTROPY_PRODUCTION, without_rounding(last.entropy_production))
                // at most, as those of β and α are correlated
                .with_error(errors.map(|(beta, alpha)| {
                    beta * last.bath_energy_change.abs() + alpha * last.bath_number_change.abs()
                }))
                .with_note(noted(&format!("at t = {end}")))
                .key(),
        );
        report.push_quantity(of(&LOWEST_ENTROPY_PRODUCTION, history.lowest()));
        report.push_quantity(of(&HEAT, last.heat));
        report.push_quantity(of(&CONTACT_ENERGY, last.contact_energy));
        report.push_table(table(context, history, place));
        report.push_figure(energies(context, history, place));
        report.push_figure(entropies(context, history, place));
    }
    report.push_figure(production(context, &histories));
    checks(context, &histories, report);
    Ok(())
}

/// σ(t) for all couplings.
fn production(context: &Context<'_>, histories: &[History]) -> Figure {
    let mut lines = Lines::new(
        Axis::new("time", context.units.time()),
        Axis::new("entropy production", "nats"),
    )
    .mark(Mark::horizontal(0.0, "second law"));
    for (place, history) in histories.iter().enumerate() {
        lines = lines.curve(Curve::new(
            format!("hopping {}", context.coupling(place)),
            context.values.times.clone(),
            history.column(|b| b.entropy_production),
        ));
    }
    if let Some(time) = context.lieb_robinson_time {
        lines = lines.mark(Mark::vertical(time, "τ_LR"));
    }
    Figure::new(
        "entropy_production",
        "Entropy production beside a bath in one pure state",
        "σ(t) = ΔS + βΔE − αΔN for every hopping of the contact. It is a change since the start, and grows like t² at first.",
        lines,
    )
}

/// Where energy is over time.
fn energies(context: &Context<'_>, history: &History, place: usize) -> Figure {
    let times = || context.values.times.clone();
    let first = history.balances.first();
    let (system, contact) = first.map_or((0.0, 0.0), |b| (b.system_energy, b.contact_energy));
    Figure::new(
        format!("energies{}", context.suffix(place)),
        format!("Where the energy goes, hopping {}", context.coupling(place)),
        "Changes of the mean energies of system, contact and bath since the start, which add up to zero.",
        Lines::new(
            Axis::new("time", context.units.time()),
            Axis::new("change since the start", context.units.energy()),
        )
        .curve(Curve::new(
            "system",
            times(),
            history.column(|b| b.system_energy - system),
        ))
        .curve(Curve::new(
            "contact",
            times(),
            history.column(|b| b.contact_energy - contact),
        ))
        .curve(Curve::new(
            "bath",
            times(),
            history.column(|b| b.bath_energy_change),
        )),
    )
}

/// Where entropy is over time.
fn entropies(context: &Context<'_>, history: &History, place: usize) -> Figure {
    let times = || context.values.times.clone();
    Figure::new(
        format!("entropies{}", context.suffix(place)),
        format!("Where the entropy goes, hopping {}", context.coupling(place)),
        "What the system's von Neumann entropy gained, what went to the bath, and their sum, the entropy production.",
        Lines::new(
            Axis::new("time", context.units.time()),
            Axis::new("change since the start", "nats"),
        )
        .curve(Curve::new(
            "system",
            times(),
            history.column(|b| b.entropy_change),
        ))
        .curve(Curve::new(
            "bath",
            times(),
            history.column(|b| b.entropy_production - b.entropy_change),
        ))
        .curve(
            Curve::new(
                "entropy production",
                times(),
                history.column(|b| b.entropy_production),
            )
            .styled(CurveStyle::Dashed),
        )
        .mark(Mark::horizontal(0.0, "")),
    )
}

fn table(context: &Context<'_>, history: &History, place: usize) -> Table {
    let energy = context.units.energy();
    Table::new(
        format!("books{}", context.suffix(place)),
        format!(
            "System, contact and bath over time, hopping of the contact {}",
            context.coupling(place)
        ),
    )
    .numbers("time", context.units.time(), context.values.times.clone())
    .numbers(
        "entropy production",
        "nats",
        history.column(|b| b.entropy_production),
    )
    .numbers("exponential average", "1", history.averages.clone())
    .numbers("entropy of the system", "nats", history.column(|b| b.entropy))
    .numbers(
        "energy of the system",
        energy,
        history.column(|b| b.system_energy),
    )
    .numbers(
        "energy of the contact",
        energy,
        history.column(|b| b.contact_energy),
    )
    .numbers(
        "change of the bath's energy",
        energy,
        history.column(|b| b.bath_energy_change),
    )
    .numbers(
        "particles in the system",
        "1",
        history.column(|b| b.system_number),
    )
    .numbers(
        "change of the bath's particles",
        "1",
        history.column(|b| b.bath_number_change),
    )
    .numbers("heat into the bath", energy, history.column(|b| b.heat))
}

fn checks(context: &Context<'_>, histories: &[History], report: &mut Report) {
    let largest = |of: &dyn Fn(&History) -> f64| histories.iter().map(of).fold(0.0, f64::max);
    let whole = |bond: &irrev_quantum::Bond| bond.hopping.norm().max(bond.interaction.abs());
    let bath = &context.values.bath;
    let width =
        bath.bonds().iter().map(whole).sum::<f64>() + bath.energies().iter().map(|w| w.abs()).sum::<f64>();
    report.push_check(Check::new(
        "energy_balance",
        "energies of system, contact and bath, computed apart, add up to that of the start",
        largest(&|h| h.energy_residual),
        BALANCED * width.max(1.0),
    ));
    report.push_check(Check::new(
        "particle_balance",
        "the system gains the particles that the bath loses",
        largest(&|h| h.number_residual),
        BALANCED,
    ));
    report.push_check(Check::new(
        "norm",
        "drift of the norm of the states",
        largest(&|h| h.norm_drift),
        BALANCED,
    ));
    report.push_check(Check::new(
        "truncation",
        "bound of what the expansions in Chebyshev polynomials leave out",
        largest(&|h| h.truncation),
        BALANCED,
    ));
    let at_start = |h: &History| h.balances.first().map_or(0.0, |b| b.entropy_production.abs());
    report.push_check(Check::new(
        "start",
        "no entropy is produced at t = 0",
        largest(&at_start),
        BALANCED,
    ));
    if matches!(context.values.start, BathStart::Gibbs { .. }) {
        report.push_check(Check::new(
            "second_law",
            "entropy production beside a Gibbs bath is a relative entropy and not negative",
            largest(&|h| -h.lowest()),
            BALANCED,
        ));
    }
}

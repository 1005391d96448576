//! Section: entropy production over time, and the books of energy, particles and entropy.

use irrev_quantum::composite::{Drive, Factors, return_error};
use irrev_report::{
    Axis, Check, Curve, CurveStyle, Definition, Figure, Lines, Mark, Report, Table, readable_number,
};

use super::super::Section;
use super::context::Context;
use super::definitions::{
    AVERAGE_ENTROPY_PRODUCTION, CONTACT_ENERGY, ENTROPY_PRODUCTION, HEAT, LOWEST_ENTROPY_PRODUCTION, WORK,
};
use super::history::{History, accuracy, without_rounding};
use crate::error::Result;
use crate::model::BathStart;

/// Part of the width of all energies up to which books are balanced.
const BALANCED: f64 = 1e-10;

/// The same with a drive, whose power is integrated with the accuracy of the evolution.
const BALANCED_DRIVEN: f64 = 1e-9;

/// # Errors
/// As [`irrev_quantum::thermodynamics::ThermalContact::evolve`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    if !context.has_temperature(Section::SecondLaw, report)? {
        return Ok(());
    }
    let histories = context.histories()?;
    let scatters = context.scatters()?;
    let errors = context.bath()?.standard_errors;
    for (place, history) in histories.iter().enumerate() {
        let Some(last) = history.last() else { continue };
        let end = context.units.lasting(last.time);
        let of = |definition: &Definition, value| context.of_coupling(definition, place, value);
        let scatter = scatters[place];
        let origin = scatter.map_or(String::new(), |s| format!("; {}", s.origin));
        let noted = |note: &str| match context.values.couplings.len() {
            1 => note.to_owned(),
            _ => format!("hopping of the contact {}; {note}", context.coupling(place)),
        };
        report.push_quantity(
            of(&ENTROPY_PRODUCTION, without_rounding(last.entropy_production))
                .with_error(scatter.map(|s| s.entropy_production))
                .with_note(noted(&format!("at t = {end}{origin}")))
                .key(),
        );
        report.push_quantity(of(&LOWEST_ENTROPY_PRODUCTION, history.lowest()));
        if let Some([mean, least, largest]) = history.late() {
            let range = format!(
                "between {} and {} in the second half",
                readable_number(without_rounding(least), 4),
                readable_number(largest, 4)
            );
            // at most, as the errors of β and α are correlated
            let error = errors.map(|(beta, alpha)| {
                let [energy, number] = history.late_changes();
                beta * energy + alpha * number
            });
            report.push_quantity(
                of(&AVERAGE_ENTROPY_PRODUCTION, mean)
                    .with_error(error.or(scatter.map(|s| s.entropy_production)))
                    .with_note(noted(&range)),
            );
        }
        report.push_quantity(of(&HEAT, last.heat).with_error(scatter.map(|s| s.heat)));
        report.push_quantity(
            of(&CONTACT_ENERGY, last.contact_energy)
                .with_error(scatter.map(|s| s.contact_energy).filter(|error| *error > 0.0)),
        );
        if context.values.drive.is_some() {
            report.push_quantity(of(&WORK, last.work));
        }
        report.push_table(table(context, history, place));
        report.push_figure(energies(context, history, place));
        report.push_figure(entropies(context, history, place));
    }
    if let Some(drive) = &context.values.drive {
        report.push_figure(protocol(context, drive));
    }
    report.push_figure(production(context, &histories));
    checks(context, &histories, report);
    report.push_check(forward_and_back(context)?);
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
        "σ(t) = ΔS + βΔE − αΔN for every hopping of the contact. It is a change since the start, and grows like t² at first. τ_LR: the Lieb–Robinson time of the strongest contact.",
        lines,
    )
}

/// The factors of system and contact over the time of the evolution.
fn protocol(context: &Context<'_>, drive: &Drive) -> Figure {
    let end = context.values.times.last().copied().unwrap_or(0.0);
    let knots = drive.times().iter().copied().filter(|t| (0.0..=end).contains(t));
    let mut points = vec![(0.0, drive.before(0.0))];
    points.extend(knots.flat_map(|t| [(t, drive.before(t)), (t, drive.after(t))]));
    points.push((end, drive.after(end)));
    points.dedup();
    let curve = |name: &'static str, of: fn(&Factors) -> f64| {
        Curve::new(
            name,
            points.iter().map(|point| point.0).collect(),
            points.iter().map(|point| of(&point.1)).collect(),
        )
    };
    Figure::new(
        "drive",
        "How system and contact are driven",
        "Factors of the energies of the system and of the contact: H(t) = a(t) H_S + g(t) H_I + H_B.",
        Lines::new(Axis::new("time", context.units.time()), Axis::new("factor", "1"))
            .curve(curve("system", |factors| factors.system))
            .curve(curve("contact", |factors| factors.contact).styled(CurveStyle::Dashed)),
    )
}

/// Where energy is over time.
fn energies(context: &Context<'_>, history: &History, place: usize) -> Figure {
    let times = || context.values.times.clone();
    let first = history.balances.first();
    let (system, contact) = first.map_or((0.0, 0.0), |b| (b.system_energy, b.contact_energy));
    let is_driven = context.values.drive.is_some();
    let caption = if is_driven {
        "Changes of the mean energies of system, contact and bath since the start, which add up to the work of the drive."
    } else {
        "Changes of the mean energies of system, contact and bath since the start, which add up to zero."
    };
    let mut lines = Lines::new(
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
    ));
    if is_driven {
        // changes are counted from after a jump at t = 0
        let done = first.map_or(0.0, |b| b.work);
        let work = Curve::new("work", times(), history.column(|b| b.work - done));
        lines = lines.curve(work.styled(CurveStyle::Dashed));
    }
    Figure::new(
        format!("energies{}", context.suffix(place)),
        format!("Where the energy goes, hopping {}", context.coupling(place)),
        caption,
        lines,
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
    let mut books = Table::new(
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
    );
    if !history.averages.is_empty() {
        books = books.numbers("exponential average", "1", history.averages.clone());
    }
    books = books
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
        .numbers("heat into the bath", energy, history.column(|b| b.heat));
    if context.values.drive.is_some() {
        books = books.numbers("work", energy, history.column(|b| b.work));
    }
    books
}

/// Whether all states return when the evolution is undone, at every hopping of the contact.
fn forward_and_back(context: &mut Context<'_>) -> Result<Check> {
    let state = context.bath()?.state.clone();
    let values = &context.values;
    let end = values.times.last().copied().unwrap_or(0.0);
    let mut largest = 0.0_f64;
    for &coupling in &values.couplings {
        let composite = values.composite(coupling).map_err(|e| context.fail(e))?;
        let error = return_error(
            &composite,
            &values.state,
            &state,
            end,
            &accuracy(values),
            context.run,
        );
        largest = largest.max(error.map_err(|e| context.fail(e))?);
    }
    Ok(Check::new(
        "forward_and_back",
        "distance from where states began, evolved to the end and back",
        largest,
        if values.drive.is_some() {
            BALANCED_DRIVEN
        } else {
            BALANCED
        },
    ))
}

fn checks(context: &Context<'_>, histories: &[History], report: &mut Report) {
    let largest = |of: &dyn Fn(&History) -> f64| histories.iter().map(of).fold(0.0, f64::max);
    let whole = |bond: &irrev_quantum::Bond| bond.hopping.norm().max(bond.interaction.abs());
    let bath = &context.values.bath;
    let width =
        bath.bonds().iter().map(whole).sum::<f64>() + bath.energies().iter().map(|w| w.abs()).sum::<f64>();
    let (balance, balanced) = if context.values.drive.is_some() {
        (
            "energies of system, contact and bath, computed apart, change by the work of the drive, integrated along the way",
            BALANCED_DRIVEN,
        )
    } else {
        (
            "energies of system, contact and bath, computed apart, add up to that of the start",
            BALANCED,
        )
    };
    report.push_check(Check::new(
        "energy_balance",
        balance,
        largest(&|h| h.energy_residual),
        balanced * width.max(1.0),
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

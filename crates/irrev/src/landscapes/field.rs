//! Two coordinates: their mean force (without inertia: their drift) as the gradient of a potential and a flux, and what of the flux is metric and what dissipates.

use irrev_landscape::field::{
    PairMotion, PartSquares, RecordedField, TimeReversal, recorded_field, recorded_time_reversal,
};
use irrev_numerics::Estimate;
use irrev_report::{Check, Definition, Quantity, Report, Table, readable_estimate, readable_number};

use super::definitions::{
    FIELD_AREA, FIELD_CIRCULATION, FIELD_ENTROPY, FIELD_FLOW, FIELD_FLUX_SHARE, FIELD_IDENTITY,
    FIELD_METRIC_SHARE, FIELD_REVERSAL, FIELD_VELOCITY,
};
use super::field_pictures;
use super::pair::Pair;
use crate::error::{Error, Result};

/// Heading of the summary.
const GRADIENT_AND_FLUX: &str = "Gradient and flux";

/// Drawn signs of the test for a direction of time, and its level.
const SIGNS: usize = 999;
const LEVEL: f64 = 0.01;

/// Standard errors beyond which a square is not zero.
const BEYOND: f64 = 3.0;

/// Up to which squares of the parts add up, relative.
const PYTHAGORAS: f64 = 1e-7;

/// # Errors
/// [`Error::NotPossible`] for too few visits; as [`recorded_field`].
pub(super) fn add(pair: &Pair<'_>, report: &mut Report) -> Result<()> {
    let [first, second] = &pair.grids;
    let found = recorded_field(
        pair.record,
        pair.coordinates,
        [first, second],
        &pair.options(),
        pair.run,
    );
    let found = found.map_err(|error| match error {
        irrev_landscape::Error::TooFewVisits { .. } => Error::NotPossible {
            model: pair.source.into(),
            what: format!("a field of {}", pair.names()),
            reason: format!("{error} (--field-cells, --least-count)"),
        },
        error => pair.fail(error),
    })?;
    let reversal = recorded_time_reversal(pair.record, pair.coordinates, SIGNS, pair.run);
    let reversal = reversal.map_err(|error| pair.fail(error))?;
    for sentence in [
        verdict(pair, &found, &reversal),
        attribution(pair, &found),
        conditions(pair, &found),
    ] {
        report.push_summary(GRADIENT_AND_FLUX, sentence);
    }
    quantities(pair, &found, &reversal, report);
    let whole = &found.attribution.whole;
    report.push_check(Check::new(
        "recorded_gradient_and_flux",
        "|⟨F²⟩ − ⟨|∇V_m|²⟩ − ⟨v²⟩| relative to ⟨F²⟩, of the field as it is",
        (whole.mean_square - whole.mean_square_gradient - whole.mean_square_flux).abs() / whole.mean_square,
        PYTHAGORAS,
    ));
    field_pictures::add(pair, &found, is_flux(&found.squares), report);
    report.push_table(parts(&found));
    report.push_table(cells(pair, &found));
    Ok(())
}

fn is_flux(squares: &PartSquares) -> bool {
    is_beyond(&squares.flux)
}

/// Whether a square is more than noise.
pub(super) fn is_beyond(square: &Estimate) -> bool {
    square.value > BEYOND * square.standard_error
}

/// The name of the field.
pub(super) fn what(motion: PairMotion) -> &'static str {
    match motion {
        PairMotion::Overdamped => "drift",
        _ => "mean force",
    }
}

fn percent(share: &Estimate) -> String {
    format!(
        "{} %",
        readable_estimate(100.0 * share.value, Some(100.0 * share.standard_error))
    )
}

/// Whether there is a flux, and whether it may be told from that of an equilibrium.
fn verdict(pair: &Pair<'_>, found: &RecordedField, reversal: &TimeReversal) -> String {
    let (names, what) = (pair.names(), what(found.motion));
    let share = percent(&found.squares.flux_share);
    let directed = reversal.p_value <= LEVEL;
    let p = readable_number(reversal.p_value, 2);
    let parts = if is_flux(&found.squares) {
        format!("{share} of the mean square of the {what} of {names} is flux, no gradient of a potential")
    } else {
        format!("the {what} of {names} is a gradient within errors (flux {share} of its mean square)")
    };
    let parts = first_letter_large(&parts);
    match (directed, found.motion) {
        (false, _) if is_flux(&found.squares) => format!(
            "{parts}; the recording cannot be told from its reverse (p = {p}). Flux part: metric, as in equilibrium where the spread of velocities depends on the place."
        ),
        (false, _) => format!("{parts}, and the recording cannot be told from its reverse (p = {p})."),
        (true, PairMotion::Overdamped)
            if found.squares.flow.value > 2.0 * found.squares.flow.standard_error =>
        {
            format!(
                "{parts}; the recording can be told from its reverse (p = {p}): the motion dissipates, by a current that produces entropy at a rate of at least {} nats per unit of time as far as {names} show it.",
                readable_estimate(found.squares.flow.value, Some(found.squares.flow.standard_error))
            )
        }
        (true, _) => format!(
            "{parts}; the recording can be told from its reverse (p = {p}): the motion dissipates, and the flux is not that of an equilibrium's metric alone."
        ),
    }
}

fn first_letter_large(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// Which part of the flux comes from where.
fn attribution(pair: &Pair<'_>, found: &RecordedField) -> String {
    let squares = &found.squares;
    let of = |part: &Estimate| {
        readable_estimate(
            100.0 * part.value / squares.field.value,
            Some(100.0 * part.standard_error / squares.field.value),
        )
    };
    match found.motion {
        PairMotion::Overdamped => format!(
            "Of the mean square of the drift of {}, the flux of its reversible part ρ⁻¹∂(Dρ) makes {} %, and J/ρ, which changes sign where time is reversed, {} %.",
            pair.names(),
            of(&squares.metric_flux),
            of(&squares.rest)
        ),
        _ => format!(
            "What the second moments of the velocities make of the mean force of {}, ρ⁻¹∂(Wρ), has a flux of {} % of its mean square; {} % of the field is left, which in a stationary state, driven or not, is no more than width of cells and steps: dissipation is told by the direction of time alone.",
            pair.names(),
            of(&squares.metric_flux),
            of(&squares.rest)
        ),
    }
}

/// Metric and cells.
fn conditions(pair: &Pair<'_>, found: &RecordedField) -> String {
    let [a, b] = pair.request.metric_weights;
    let metric = if (a, b) == (1.0, 1.0) {
        "Euclidean: the coordinates are compared as they are, and the split would change with their units (--metric-weights)".to_owned()
    } else {
        format!("diag({}, {})", readable_number(a, 4), readable_number(b, 4))
    };
    let known = found.known.iter().filter(|known| **known).count();
    let components = found.component.iter().flatten().max().map_or(0, |most| most + 1);
    let joined = match components {
        1 => String::new(),
        n => format!(" in {n} parts that no visited cell joins, whose potentials do not compare"),
    };
    format!(
        "{known} of {} cells are visited often enough{joined}; the others are left open. The metric of the split is {metric}.",
        found.known.len()
    )
}

fn quantities(pair: &Pair<'_>, found: &RecordedField, reversal: &TimeReversal, report: &mut Report) {
    let squares = &found.squares;
    let share = |part: &Estimate| {
        (
            part.value / squares.field.value,
            part.standard_error / squares.field.value,
        )
    };
    let of = |definition: &Definition, (value, error): (f64, f64)| -> Quantity {
        pair.quantity(definition, value).estimate(error)
    };
    let estimate = |e: &Estimate| (e.value, e.standard_error);
    report.push_quantity(of(&FIELD_FLUX_SHARE, estimate(&squares.flux_share)).key());
    report.push_quantity(of(&FIELD_METRIC_SHARE, share(&squares.metric_flux)));
    report.push_quantity(of(&FIELD_IDENTITY, share(&squares.identity)));
    match found.motion {
        PairMotion::Overdamped => {
            report.push_quantity(of(&FIELD_ENTROPY, estimate(&squares.flow)).key());
        }
        _ => {
            let half = (0.5 * squares.flow.value, 0.5 * squares.flow.standard_error);
            report.push_quantity(of(&FIELD_FLOW, half));
        }
    }
    report.push_quantity(
        pair.quantity(&FIELD_REVERSAL, reversal.p_value)
            .key()
            .with_note(format!("at a lag of {}", readable_number(reversal.lag, 3))),
    );
    if !pair.is_circle(0)
        && !pair.is_circle(1)
        && let Some((_, area)) = reversal.circulations.first()
    {
        report.push_quantity(of(&FIELD_AREA, estimate(area)));
    }
    for axis in [0, 1] {
        let named = |quantity: Quantity| {
            let name = format!("{}_{}", quantity.name, plain(pair.name(axis)));
            quantity.named(name)
        };
        if let Some(circulation) = &found.circulation[axis] {
            report.push_quantity(named(of(&FIELD_CIRCULATION, estimate(circulation))));
        }
        if pair.is_circle(axis) {
            report.push_quantity(named(of(&FIELD_VELOCITY, estimate(&found.mean_velocity[axis]))));
        }
    }
}

fn plain(name: &str) -> String {
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
        .to_lowercase()
}

/// The mean squares.
fn parts(found: &RecordedField) -> Table {
    let squares = &found.squares;
    let (reversible, rest, identity) = match found.motion {
        PairMotion::Overdamped => ("flux of the reversible part", "J/ρ", "reversible part − ρ⁻¹∂(Dρ)"),
        _ => ("flux of ρ⁻¹∂(Wρ)", "F − ρ⁻¹∂(Wρ)", "F − ρ⁻¹∂(Wρ), on edges"),
    };
    let rows = [
        ("field", &squares.field),
        ("gradient", &squares.gradient),
        ("flux", &squares.flux),
        (reversible, &squares.metric_flux),
        (rest, &squares.rest),
        ("flux of that", &squares.rest_flux),
        (identity, &squares.identity),
    ];
    Table::new(
        "field_parts",
        format!(
            "Mean squares of the {} of two coordinates and of its parts, in the metric of the split; what noise adds is taken off, so that small ones may be negative",
            what(found.motion)
        ),
    )
    .text("part", rows.iter().map(|row| row.0.to_owned()).collect())
    .numbers("mean square", "", rows.iter().map(|row| row.1.value).collect())
    .numbers("error", "", rows.iter().map(|row| row.1.standard_error).collect())
    .numbers(
        "taken off for noise",
        "",
        rows.iter().map(|row| row.1.bias_correction).collect(),
    )
}

/// Everything cell by cell.
fn cells(pair: &Pair<'_>, found: &RecordedField) -> Table {
    let [first, second] = &found.grids;
    let (x, y) = (first.centres(), second.centres());
    let m = second.cells();
    let at = |cell: usize| (x[cell / m], y[cell % m]);
    let all = 0..found.counts.len();
    let kt = pair.request.temperature;
    let names = [pair.name(0), pair.name(1)];
    let mut table = Table::new(
        "field",
        format!(
            "Field of {} cell by cell; what is visited too rarely is left open",
            pair.names()
        ),
    )
    .numbers(
        names[0],
        &pair.axis(0).unit,
        all.clone().map(|cell| at(cell).0).collect(),
    )
    .numbers(
        names[1],
        &pair.axis(1).unit,
        all.clone().map(|cell| at(cell).1).collect(),
    )
    .numbers("frames", "1", found.counts.iter().map(|n| *n as f64).collect())
    .numbers("independent visits", "1", found.effective_counts.clone());
    let w = match found.motion {
        PairMotion::Overdamped => "D",
        _ => "W",
    };
    let columns: [(String, &[Estimate]); 9] = [
        ("density".into(), &found.density),
        ("V_m".into(), &found.potential),
        (format!("F along {}", names[0]), &found.field[0]),
        (format!("F along {}", names[1]), &found.field[1]),
        (format!("{w}₁₁"), &found.second[0]),
        (format!("{w}₁₂"), &found.second[1]),
        (format!("{w}₂₂"), &found.second[2]),
        (format!("J/ρ along {}", names[0]), &found.velocity[0]),
        (format!("J/ρ along {}", names[1]), &found.velocity[1]),
    ];
    for (name, column) in columns {
        table = table
            .numbers(&name, "", column.iter().map(|e| e.value).collect())
            .numbers(
                format!("error of {name}"),
                "",
                column.iter().map(|e| e.standard_error).collect(),
            );
    }
    table
        .numbers(
            "G",
            "",
            found.density.iter().map(|rho| -kt * rho.value.ln()).collect(),
        )
        .numbers(format!("flux along {}", names[0]), "", found.flux[0].clone())
        .numbers(format!("flux along {}", names[1]), "", found.flux[1].clone())
}

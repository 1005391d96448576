//! Section: the bath at the start, and its temperature.

use irrev_quantum::Sector;
use irrev_quantum::temperature::{Matched, Matching, TemperatureSign};
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Mark, Report, Table, readable_number};

use super::context::Context;
use super::definitions::{
    BATH_ENERGY, CHEMICAL_AFFINITY, EFFECTIVE_DIMENSION, INVERSE_TEMPERATURE, LEVEL_GAP,
};
use crate::error::Result;
use crate::model::BathStart;

/// Bins of the density of levels.
const BINS: usize = 40;

/// # Errors
/// As [`crate::lattices::prepare`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let bath = context.bath()?.clone();
    let values = &context.values;
    let energy = bath.state.mean_energy();
    let dimension = Sector::new(values.bath.sites(), values.particles)
        .map_err(|e| context.fail(e))?
        .dimension();
    let mut start = context.quantity(&BATH_ENERGY, energy).key();
    if bath.energy_variance > 0.0 {
        start = start.with_note(format!(
            "a state of a window: its energies are spread with a standard deviation of {}",
            readable_number(bath.energy_variance.sqrt(), 3)
        ));
    }
    report.push_quantity(start);
    if let Some((index, gap)) = bath.level {
        report.push_quantity(context.quantity(&LEVEL_GAP, gap).with_note(match &values.block {
            None => format!("level {index} of {dimension}, counted from 0"),
            Some(label) => format!(
                "level {index} of the symmetry block {label:?}, counted from 0; the next level of that block"
            ),
        }));
    }
    if let Some(typicality) = &bath.typicality {
        report.push_quantity(
            context
                .quantity(&EFFECTIVE_DIMENSION, typicality.effective_dimension)
                .with_note(format!(
                    "averages of an observable scatter by {} of its largest deviation at most, over random vectors",
                    readable_number(typicality.scatter, 2)
                )),
        );
        if !typicality.left_out.is_empty() {
            let numbers: Vec<String> = typicality.left_out.iter().map(usize::to_string).collect();
            report.push_left_out(
                "particle_numbers",
                format!(
                    "the typical state has no member with {} particles: their weight is below 1e-12",
                    numbers.join(", ")
                ),
            );
        }
    }
    let errors = bath.standard_errors;
    let method = match values.start {
        BathStart::Gibbs { .. } | BathStart::Typical { .. } => bath.method.to_owned(),
        _ => format!("{}, {}", matching_words(context.matching()), bath.method),
    };
    let (beta, alpha) = numbers(bath.matched);
    if let Some(beta) = beta {
        let quantity = context.quantity(&INVERSE_TEMPERATURE, beta);
        report.push_quantity(quantity.with_error(errors.map(|e| e.0)).with_note(method).key());
    }
    if let Some(alpha) = alpha {
        let quantity = context.quantity(&CHEMICAL_AFFINITY, alpha);
        report.push_quantity(quantity.with_error(errors.map(|e| e.1)).key());
    }
    if let Some(warning) = warning(bath.matched) {
        report.push_warning(warning);
    }
    if context.matching() != Matching::Grand && bath.level.is_some() {
        report.push_warning(
            "Particles flow between system and bath, but only the energy of the bath was matched (`bath.matching`): entropy production below zero and departures \
             from the fluctuation theorem may be due to that; \"grand\" matches both.",
        );
    }
    sectors(context, report)?;
    if let Some(spectrum) = &bath.spectrum {
        let levels = spectrum
            .sector(values.particles)
            .map_err(|e| context.fail(e))?
            .energies();
        report.push_figure(density(context, &levels, energy));
    }
    Ok(())
}

/// β and α, where they have a value or are infinite.
fn numbers(matched: Matched) -> (Option<f64>, Option<f64>) {
    match matched {
        Matched::Finite(reservoir) => (Some(reservoir.beta), Some(reservoir.alpha)),
        Matched::Lowest => (Some(f64::INFINITY), None),
        Matched::Highest => (Some(f64::NEG_INFINITY), None),
        Matched::Empty => (None, Some(f64::NEG_INFINITY)),
        Matched::Full => (None, Some(f64::INFINITY)),
        _ => (None, None),
    }
}

/// What is unusual about a temperature.
fn warning(matched: Matched) -> Option<&'static str> {
    match matched {
        Matched::Finite(reservoir) => match reservoir.sign() {
            TemperatureSign::Positive => None,
            TemperatureSign::Infinite => Some(
                "The temperature of the bath is infinite (β = 0): there is no chemical potential, and heat is the energy that the bath gains.",
            ),
            TemperatureSign::Negative => Some(
                "The temperature of the bath is negative: its state lies above the middle of the spectrum, where more energy means less entropy.",
            ),
        },
        Matched::Lowest => Some(
            "The bath has the lowest energy that it can have (temperature +0, β = +∞): entropy production is not defined.",
        ),
        Matched::Highest => Some(
            "The bath has the highest energy that it can have (temperature −0, β = −∞): entropy production is not defined.",
        ),
        Matched::Empty => Some("The bath is empty (α = −∞): entropy production is not defined."),
        Matched::Full => {
            Some("Every site of the bath is occupied (α = +∞): entropy production is not defined.")
        }
        _ => None,
    }
}

fn matching_words(matching: Matching) -> &'static str {
    match matching {
        Matching::Grand => "energy and particle number matched",
        Matching::Sector => "energy matched within the sector",
        Matching::Fock => "energy alone matched, over all sectors",
    }
}

/// The sectors that are evolved, and what they take.
fn sectors(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let values = &context.values;
    let (m, sites) = (values.system.sites(), values.bath.sites());
    let numbers: Vec<usize> = (values.particles..=values.particles + m).collect();
    let dimensions: Vec<f64> = numbers
        .iter()
        .map(|n| Sector::new(m + sites, *n).map(|sector| sector.dimension() as f64))
        .collect::<irrev_quantum::Result<_>>()
        .map_err(|e| context.fail(e))?;
    let memory = dimensions
        .iter()
        .map(|d| 16.0 * d * values.times.len() as f64 / 1e6)
        .collect();
    report.push_table(
        Table::new("sectors", "Sectors of system and bath, by their particle number")
            .numbers("particles", "1", numbers.iter().map(|n| *n as f64).collect())
            .numbers("states", "1", dimensions)
            .numbers("memory of all times", "MB", memory),
    );
    Ok(())
}

/// How many levels lie where, with the bath's own energy.
fn density(context: &Context<'_>, levels: &[f64], energy: f64) -> Figure {
    let (low, high) = (
        levels.first().copied().unwrap_or(0.0),
        levels.last().copied().unwrap_or(0.0),
    );
    let width = ((high - low) / BINS as f64).max(f64::MIN_POSITIVE);
    let mut counts = vec![0.0; BINS];
    for level in levels {
        counts[(((level - low) / width) as usize).min(BINS - 1)] += 1.0;
    }
    let middles = (0..BINS).map(|k| low + (k as f64 + 0.5) * width).collect();
    Figure::new(
        "levels",
        "Levels of the bath",
        format!(
            "How many levels the sector of the bath has, in {BINS} bins of equal width, and where the bath's own state lies: to the left of the maximum at a positive temperature."
        ),
        Lines::new(
            Axis::new("energy of the bath", context.units.energy()),
            Axis::new("levels per bin", "1"),
        )
        .curve(Curve::new("levels", middles, counts).styled(CurveStyle::LineAndMarkers))
        .mark(Mark::vertical(energy, "state of the bath")),
    )
}

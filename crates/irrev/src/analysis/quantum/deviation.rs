//! What of the departure from the fluctuation theorem is due to sites near the contact, and what to those beyond.

use irrev_quantum::bath::BathSpectrum;
use irrev_quantum::thermodynamics::{Deviation, ThermalContact, deviation};
use irrev_report::{Report, Table};

use super::context::Context;
use super::history::accuracy;
use crate::error::Result;
use crate::model::BathStart;

/// Largest bath for which it is computed: all of its 2^sites eigenstates are evolved, once for every radius and once for all.
const MOST_SITES: usize = 10;

/// Adds a table of the parts by the radius of what is near, for a small bath in one eigenstate whose eigenstates are all known.
///
/// # Errors
/// As [`deviation`].
pub(super) fn add(
    context: &Context<'_>,
    spectrum: Option<&BathSpectrum>,
    contact: &ThermalContact,
    place: usize,
    report: &mut Report,
) -> Result<()> {
    let values = &context.values;
    let sites = values.bath.sites();
    let Some(spectrum) = spectrum.filter(|spectrum| {
        sites <= MOST_SITES
            && values.drive.is_none()
            && matches!(values.start, BathStart::Eigenstate(_))
            && (0..=sites).all(|n| spectrum.sector(n).is_ok())
    }) else {
        return Ok(());
    };
    let parts = by_radius(context, spectrum, contact, place).map_err(|e| context.fail(e))?;
    let column = |of: fn(&Deviation) -> f64| parts.iter().map(|part| of(&part.2)).collect();
    let time = context.units.lasting(values.times[values.distribution_at]);
    let caption = format!(
        "⟨e^−σ⟩ − (1 − λ) at t = {time}, hopping {}: what the eigenstate is not thermal for within some bonds of the contact, and what lies beyond",
        context.coupling(place)
    );
    report.push_table(
        Table::new(format!("departure_parts{}", context.suffix(place)), caption)
            .numbers(
                "bonds from the contact",
                "1",
                parts.iter().map(|part| part.0 as f64).collect(),
            )
            .numbers(
                "sites within",
                "1",
                parts.iter().map(|part| part.1 as f64).collect(),
            )
            .numbers(
                "eigenstate not thermal nearby",
                "1",
                column(|part| part.thermalisation),
            )
            .numbers("what lies beyond", "1", column(|part| part.finite_size))
            .numbers("both", "1", column(|part| part.total)),
    );
    Ok(())
}

/// Radius, sites within it, and the parts, until all sites of the bath are within.
fn by_radius(
    context: &Context<'_>,
    spectrum: &BathSpectrum,
    contact: &ThermalContact,
    place: usize,
) -> irrev_quantum::Result<Vec<(usize, usize, Deviation)>> {
    let values = &context.values;
    let composite = values.composite(values.couplings[place])?;
    let time = values.times[values.distribution_at];
    let mut parts: Vec<(usize, usize, Deviation)> = Vec::new();
    for radius in 1..=values.bath.sites() {
        let near = composite.bath_sites_within(radius)?;
        if parts.last().is_some_and(|part| part.1 == near.len()) {
            break;
        }
        let found = deviation(contact, spectrum, &near, time, &accuracy(values), context.run)?;
        parts.push((radius, near.len(), found));
    }
    Ok(parts)
}

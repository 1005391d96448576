//! Section: the same for other eigenstates of the bath. Is it almost all of them?

use irrev_quantum::bath::{BathSpectrum, BathState};
use irrev_quantum::diagonalise::{Symmetries, Wanted};
use irrev_quantum::temperature::{Matched, Matching, Reservoir, canonical_state, match_temperature};
use irrev_quantum::thermodynamics::{
    BathEnergies, Fluctuations, ThermalContact, entropy_production, short_time_coefficient,
};
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Mark, Report, Table};
use rayon::prelude::*;

use super::context::Context;
use super::definitions::{ROOT_MEAN_SQUARE_C2, VIOLATING_FRACTION};
use super::history::accuracy;
use crate::error::Result;
use crate::lattices;
use crate::model::counted;

/// Levels of all sectors are computed for the temperatures of a scan up to so many states of the largest one.
const SMALL: u64 = 13_000;

/// What one eigenstate of the bath does at one coupling.
struct Row {
    index: usize,
    energy: f64,
    reservoir: Reservoir,
    production: f64,
    average: f64,
    coefficient: Option<f64>,
}

/// # Errors
/// Those of the evolutions; a bath too large for the temperatures of all its levels.
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(scan) = context.values.scan else {
        return Ok(());
    };
    let bath = context.bath()?.clone();
    let values = &context.values;
    let fail = |e| context.fail(e);
    let n = values.particles;
    let symmetries = Symmetries::of_lattice(&values.bath, &values.lattice).map_err(fail)?;
    let near = lattices::reachable(values);
    let spectrum = match bath.spectrum {
        Some(spectrum) if near.clone().all(|n| spectrum.sector(n).is_ok()) => spectrum,
        _ => BathSpectrum::new(&values.bath, near, &symmetries, Wanted::States, context.run).map_err(fail)?,
    };
    let energies = all_energies(context, &spectrum, &symmetries).map_err(fail)?;
    let sector = spectrum.sector(n).map_err(fail)?.energies();
    let beta = match match_temperature(&energies, n, bath.state.mean_energy(), Matching::Sector) {
        Ok(Matched::Finite(reservoir)) => reservoir.beta,
        _ => 0.0,
    };
    let centre = canonical_state(&sector, beta).map_err(fail)?.energy;
    let mut indices = lattices::by_distance(&spectrum, n, beta).map_err(fail)?;
    indices.truncate(scan.eigenstates);
    for place in 0..values.couplings.len() {
        context
            .run
            .report(
                place as f64 / values.couplings.len() as f64,
                "scan over eigenstates",
            )
            .map_err(|e| context.fail(e.into()))?;
        let row = |&index: &usize| row(context, &spectrum, &energies, (index, place));
        let rows: Vec<Option<Row>> = indices
            .par_iter()
            .map(row)
            .collect::<irrev_quantum::Result<_>>()
            .map_err(fail)?;
        let mut rows: Vec<Row> = rows.into_iter().flatten().collect();
        rows.sort_by(|a, b| a.energy.total_cmp(&b.energy));
        if rows.is_empty() {
            report.push_warning("No eigenstate of the scan has a finite temperature.");
            return Ok(());
        }
        let violating = rows.iter().filter(|row| row.production < -scan.threshold).count();
        let fraction = violating as f64 / rows.len() as f64;
        report.push_quantity(
            context
                .of_coupling(&VIOLATING_FRACTION, place, fraction)
                .with_note(format!(
                    "hopping {}: {violating} of {} around the energy {}, at t = {}, below −{}",
                    context.coupling(place),
                    counted(rows.len(), "eigenstate"),
                    irrev_report::readable_number(centre, 4),
                    context.units.lasting(scan.time),
                    scan.threshold
                )),
        );
        let squares: Option<Vec<f64>> = rows.iter().map(|row| row.coefficient.map(|c| c * c)).collect();
        if let Some(squares) = squares {
            let mean = squares.iter().sum::<f64>() / squares.len() as f64;
            report.push_quantity(context.of_coupling(&ROOT_MEAN_SQUARE_C2, place, mean.sqrt()));
        }
        report.push_table(table(context, &rows, place));
        report.push_figure(figure(context, &rows, place, scan.time));
    }
    Ok(())
}

/// Levels by particle number, of those sectors that the matching needs.
fn all_energies(
    context: &Context<'_>,
    spectrum: &BathSpectrum,
    symmetries: &Symmetries,
) -> irrev_quantum::Result<Vec<Vec<f64>>> {
    let values = &context.values;
    let sites = values.bath.sites();
    let largest = irrev_quantum::sector::binomial(sites, sites / 2);
    if context.matching() == Matching::Sector || largest > SMALL {
        let own = |n: usize| {
            spectrum
                .sector(n)
                .map(|sector| sector.energies())
                .unwrap_or_default()
        };
        return Ok((0..=sites).map(own).collect());
    }
    BathSpectrum::new(&values.bath, 0..=sites, symmetries, Wanted::Levels, context.run)?.all_energies()
}

/// `None` for an eigenstate without a finite temperature.
fn row(
    context: &Context<'_>,
    spectrum: &BathSpectrum,
    energies: &[Vec<f64>],
    (index, place): (usize, usize),
) -> irrev_quantum::Result<Option<Row>> {
    let (values, run) = (&context.values, context.run);
    let Some(scan) = values.scan else { return Ok(None) };
    let state = BathState::eigenstate(spectrum, values.particles, index)?;
    let energy = state.mean_energy();
    let found = match_temperature(energies, values.particles, energy, context.matching())?;
    let Matched::Finite(reservoir) = found else {
        return Ok(None);
    };
    let composite = values.composite(values.couplings[place])?;
    let contact = ThermalContact::new(&composite, &values.state, &state, reservoir)?;
    let evolution = contact.evolve(&[scan.time], &accuracy(values), run)?;
    let books = entropy_production(&contact, &evolution)?;
    let energies = BathEnergies::MatrixFree { largest: 1.0 };
    let average = Fluctuations::forward(&contact, &evolution, 0, energies, run)?.exponential_average()?;
    let coefficient = match short_time_coefficient(&contact, run) {
        Ok(c2) => Some(c2),
        Err(irrev_quantum::Error::ShortTime { .. }) => None,
        Err(error) => return Err(error),
    };
    Ok(Some(Row {
        index,
        energy,
        reservoir,
        production: books.balances[0].entropy_production,
        average,
        coefficient,
    }))
}

fn table(context: &Context<'_>, rows: &[Row], place: usize) -> Table {
    let column = |of: &dyn Fn(&Row) -> f64| rows.iter().map(of).collect::<Vec<f64>>();
    Table::new(
        format!("scan{}", context.suffix(place)),
        format!(
            "Eigenstates of the bath, hopping of the contact {}",
            context.coupling(place)
        ),
    )
    .numbers("level", "1", column(&|row| row.index as f64))
    .numbers("energy", context.units.energy(), column(&|row| row.energy))
    .numbers(
        "inverse temperature",
        context.units.apply("1/energy"),
        column(&|row| row.reservoir.beta),
    )
    .numbers("chemical affinity", "1", column(&|row| row.reservoir.alpha))
    .numbers("entropy production", "nats", column(&|row| row.production))
    .numbers("exponential average", "1", column(&|row| row.average))
    .numbers(
        "short-time coefficient",
        context.units.apply("1/time²"),
        column(&|row| row.coefficient.unwrap_or(f64::NAN)),
    )
}

fn figure(context: &Context<'_>, rows: &[Row], place: usize, time: f64) -> Figure {
    let energies = || rows.iter().map(|row| row.energy).collect::<Vec<f64>>();
    Figure::new(
        format!("scan{}", context.suffix(place)),
        format!(
            "Other eigenstates at t = {}, hopping {}",
            context.units.lasting(time),
            context.coupling(place)
        ),
        "Entropy production and the departure from the fluctuation theorem for the bath in other eigenstates, each with its own temperature.",
        Lines::new(
            Axis::new("energy of the eigenstate", context.units.energy()),
            Axis::new("σ, ⟨e^−σ⟩ − 1", "nats, 1"),
        )
        .curve(
            Curve::new(
                "entropy production",
                energies(),
                rows.iter().map(|row| row.production).collect(),
            )
            .styled(CurveStyle::Markers),
        )
        .curve(
            Curve::new(
                "⟨e^−σ⟩ − 1",
                energies(),
                rows.iter().map(|row| row.average - 1.0).collect(),
            )
            .styled(CurveStyle::Markers),
        )
        .mark(Mark::horizontal(0.0, "0")),
    )
}

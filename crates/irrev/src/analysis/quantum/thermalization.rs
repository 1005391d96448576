//! Section: whether eigenstates of the bath look thermal.

use irrev_quantum::bath::BathSpectrum;
use irrev_quantum::diagonalise::{Spectrum, Symmetries, Wanted};
use irrev_quantum::temperature::Matching;
use irrev_quantum::thermalisation::{Elements, density, gap_ratio};
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Mark, Report};

use super::context::Context;
use super::definitions::{ETH_DEVIATION, ETH_VARIANCE, GAP_RATIO};
use crate::error::Result;
use crate::model::{QuantumValues, counted};

/// Fewest levels, or ratios of their gaps, that say anything.
const LEAST: usize = 8;

/// Half of the window of energies, as part of the width of the sector.
const WINDOW: f64 = 0.05;

const TOO_FEW: &str = "The sector of the bath has too few levels to tell how thermal its eigenstates are.";

/// # Errors
/// As [`Elements::new`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let bath = context.bath()?.clone();
    let fail = |e| context.fail(e);
    let values = &context.values;
    let n = values.particles;
    let spectrum = match bath.spectrum {
        Some(spectrum) => spectrum,
        None => {
            let symmetries = Symmetries::of_lattice(&values.bath, &values.lattice).map_err(fail)?;
            BathSpectrum::new(&values.bath, n..=n, &symmetries, Wanted::States, context.run).map_err(fail)?
        }
    };
    let sector = spectrum.sector(n).map_err(fail)?;
    // levels of different symmetry do not repel each other, and may be degenerate
    let Some(block) = sector.blocks.iter().max_by_key(|block| block.energies.len()) else {
        return Ok(());
    };
    if block.energies.len() < 3 {
        report.push_warning(TOO_FEW);
        return Ok(());
    }
    let site = values.touched().first().copied().unwrap_or(0);
    let observable = density(values.bath.sites(), site).map_err(fail)?;
    let elements = Elements::new(sector, &observable, Some(&block.label), context.run).map_err(fail)?;
    let beta = match spectrum.temperature(n, bath.state.mean_energy(), Matching::Sector) {
        Ok(found) => found.finite().map_or(0.0, |reservoir| reservoir.beta),
        Err(_) => bath.matched.finite().map_or(0.0, |reservoir| reservoir.beta),
    };
    let energies = elements.energies();
    let width = energies[energies.len() - 1] - energies[0];
    let found = match elements.thermalisation(beta, WINDOW * width, context.run) {
        Ok(found) if found.count >= LEAST => found,
        Ok(_) | Err(irrev_quantum::Error::EmptyWindow { .. }) => {
            report.push_warning(TOO_FEW);
            return Ok(());
        }
        Err(error) => return Err(fail(error)),
    };
    let block_in_words = if block.label.is_empty() {
        "of the".to_owned()
    } else {
        format!("block {:?} of", block.label)
    };
    let note = format!(
        "occupation of site {site} of the bath, {} within {} of the energy {}, {block_in_words} {}",
        counted(found.count, "level"),
        irrev_report::readable_number(WINDOW * width, 3),
        irrev_report::readable_number(found.centre, 4),
        counted(energies.len(), "level")
    );
    report.push_quantity(context.quantity(&ETH_VARIANCE, found.variance).with_note(note));
    report.push_quantity(context.quantity(&ETH_DEVIATION, found.largest_deviation));
    let alike = of_one_symmetry(values, sector, &block.label).map_err(fail)?;
    if let Some(ratio) = gap_ratio(&alike).filter(|ratio| ratio.count >= LEAST) {
        let quantity = context
            .quantity(&GAP_RATIO, ratio.mean)
            .with_error(Some(ratio.standard_error));
        report.push_quantity(quantity.with_note(format!(
            "{}, of levels with the same symmetry",
            counted(ratio.count, "ratio")
        )));
    }
    report.push_figure(Figure::new(
        "eigenstates",
        "What eigenstates of the bath say of one site",
        "Occupation of the site at the contact in every eigenstate of the largest symmetry block, against energy. Eigenstate thermalisation: a narrow band that gets narrower as the bath grows. The window is that of the quantities above.",
        Lines::new(
            Axis::new("energy of the eigenstate", context.units.energy()),
            Axis::new("occupation", "1"),
        )
        .curve(
            Curve::new("eigenstates", energies.to_vec(), elements.diagonal().to_vec()).styled(CurveStyle::Markers),
        )
        .mark(Mark::vertical(found.centre - found.half_width, "window"))
        .mark(Mark::vertical(found.centre + found.half_width, "window"))
        .mark(Mark::horizontal(found.canonical_mean, "thermal mean")),
    ));
    Ok(())
}

/// Energies of the levels of a block that are also even in all mirror images which do not commute with those of the blocks: others do not repel them.
pub(super) fn of_one_symmetry(
    values: &QuantumValues,
    sector: &Spectrum,
    label: &[usize],
) -> irrev_quantum::Result<Vec<f64>> {
    let mirrors: Vec<Vec<usize>> = values
        .lattice
        .mirrors()
        .into_iter()
        .filter(|mirror| Symmetries::new(&values.bath, std::slice::from_ref(mirror)).is_ok())
        .collect();
    let labelled = Symmetries::commuting_mirrors(&values.bath, &values.lattice)?;
    let mirrors: Vec<Vec<usize>> = mirrors
        .into_iter()
        .filter(|mirror| !labelled.contains(mirror))
        .collect();
    let mut alike = Vec::new();
    for (index, level) in sector.levels.iter().enumerate() {
        if sector.blocks[level.block].label != label {
            continue;
        }
        let mut is_even = true;
        for mirror in &mirrors {
            let parity = sector.mean_permutation(index, mirror)?.unwrap_or(0.0);
            is_even &= parity > 0.5;
        }
        if is_even {
            alike.push(level.energy);
        }
    }
    Ok(alike)
}

//! The sections of a small system beside a quantum bath.

mod bath;
mod context;
pub(super) mod definitions;
mod deviation;
mod eigenstates;
mod fluctuation_theorem;
mod history;
mod light_cone;
mod scatter;
mod second_law;
mod sizes;
mod summary;
mod sweep;
mod thermalization;

use irrev_numerics::Run;
use irrev_report::Report;

use super::{Options, Possibility, Section};
use crate::error::Result;
use crate::model::{Override, Quantum, QuantumEnvironment};
pub(super) use context::Context;
pub(super) use summary::add as summarise;

/// The sections that a quantum lattice may have, in the order of the report.
pub(super) const SECTIONS: [Section; 8] = [
    Section::Bath,
    Section::LightCone,
    Section::SecondLaw,
    Section::FluctuationTheorem,
    Section::Thermalization,
    Section::Eigenstates,
    Section::Sizes,
    Section::Sweep,
];

/// Names of the sections, for `[report] quantities`.
pub(super) const SECTION_NAMES: [&str; 8] = [
    "bath",
    "light_cone",
    "second_law",
    "fluctuation_theorem",
    "thermalization",
    "eigenstates",
    "sizes",
    "sweep",
];

/// Names of numbers that sweeps may show.
pub(super) const SCALARS: [&str; 10] = [
    "entropy_production",
    "lowest_entropy_production",
    "exponential_average",
    "largest_departure",
    "heat_into_bath",
    "contact_energy",
    "drive_work",
    "inverse_temperature",
    "chemical_affinity",
    "short_time_coefficient",
];

/// Which sections can be computed, and what would be refused.
///
/// # Errors
/// As [`Context::new`].
pub(super) fn possibilities(
    spec: &Quantum,
    overrides: &[Override],
    run: &Run<'_>,
) -> Result<Vec<Possibility>> {
    let environment = QuantumEnvironment::new(spec, overrides)?;
    let context = Context::new(&environment, Vec::new(), run)?;
    let (refused, note) = (context.refused_beforehand(), context.note());
    let possibility = |section| {
        let obstacle = context.obstacle(section).or_else(|| refused.clone());
        let is_open = obstacle.is_none() && section == Section::Bath;
        Possibility {
            section,
            obstacle,
            note: note.clone().filter(|_| is_open),
        }
    };
    Ok(SECTIONS.map(possibility).to_vec())
}

/// Adds one section.
pub(super) fn add(section: Section, context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    match section {
        Section::Bath => bath::add(context, report),
        Section::LightCone => light_cone::add(context, report),
        Section::SecondLaw => second_law::add(context, report),
        Section::FluctuationTheorem => fluctuation_theorem::add(context, report),
        Section::Thermalization => thermalization::add(context, report),
        Section::Eigenstates => eigenstates::add(context, report),
        Section::Sizes => sizes::add(context, report),
        Section::Sweep => sweep::add(context, report),
        _ => Ok(()),
    }
}

/// The sections asked for by options or model; `None` for all that are possible.
pub(super) fn asked(spec: &Quantum, options: &Options) -> Option<Vec<Section>> {
    options.sections.clone().or_else(|| {
        let names = spec.report.as_ref()?;
        let named = |section: &Section| names.iter().any(|n| n.name == section.name());
        Some(SECTIONS.into_iter().filter(named).collect())
    })
}

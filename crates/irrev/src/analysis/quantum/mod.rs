//! The sections of a small system beside a quantum bath.

mod bath;
mod context;
pub(super) mod definitions;
mod eigenstates;
mod fluctuation_theorem;
mod history;
mod light_cone;
mod second_law;
mod summary;
mod sweep;
mod thermalization;

use irrev_numerics::Run;
use irrev_report::Report;

use super::{Options, Section};
use crate::error::Result;
use crate::model::{Override, Quantum, QuantumEnvironment};
pub(super) use context::Context;
pub(super) use summary::add as summarise;

/// The sections that a quantum lattice may have, in the order of the report.
pub(super) const SECTIONS: [Section; 7] = [
    Section::Bath,
    Section::LightCone,
    Section::SecondLaw,
    Section::FluctuationTheorem,
    Section::Thermalization,
    Section::Eigenstates,
    Section::Sweep,
];

/// Names of the sections, for `[report] quantities`.
pub(super) const SECTION_NAMES: [&str; 7] = [
    "bath",
    "light_cone",
    "second_law",
    "fluctuation_theorem",
    "thermalization",
    "eigenstates",
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

/// Why a section cannot be computed, for each.
///
/// # Errors
/// As [`Context::new`].
pub(super) fn obstacles(spec: &Quantum, overrides: &[Override]) -> Result<Vec<(Section, Option<String>)>> {
    let environment = QuantumEnvironment::new(spec, overrides)?;
    let run = Run::default();
    let context = Context::new(&environment, Vec::new(), &run)?;
    Ok(SECTIONS
        .map(|section| (section, context.obstacle(section)))
        .to_vec())
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

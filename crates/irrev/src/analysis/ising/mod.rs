//! The sections of a kinetic Ising model. All quantities are per spin, and per step or unit of time.

mod context;
mod decomposition;
pub(super) mod definitions;
mod enumeration;
mod finite_size;
mod infinite;
mod mean_field;
mod phase_diagram;
mod quench;
mod simulation;
mod summary;
mod sweep;
mod transfer;

use irrev_numerics::Run;
use irrev_report::Report;

use super::{Options, Section};
use crate::error::Result;
use crate::model::{Ising, IsingEnvironment, Override};
pub(super) use context::Context;
pub(super) use summary::add as summarise;

/// The sections that a kinetic Ising model may have, in the order of the report.
pub(super) const SECTIONS: [Section; 10] = [
    Section::InfiniteSize,
    Section::Quench,
    Section::PhaseDiagram,
    Section::Transfer,
    Section::Enumeration,
    Section::Decomposition,
    Section::Simulation,
    Section::FiniteSize,
    Section::MeanField,
    Section::Sweep,
];

/// Names of the sections, for `[report] quantities`.
pub(super) const SECTION_NAMES: [&str; 10] = [
    "infinite_size",
    "quench",
    "phase_diagram",
    "transfer",
    "enumeration",
    "decomposition",
    "simulation",
    "finite_size",
    "mean_field",
    "sweep",
];

/// Names of numbers that sweeps may show.
pub(super) const SCALARS: [&str; 11] = [
    "magnetization",
    "even_magnetization",
    "odd_magnetization",
    "overlap",
    "gain",
    "conditional_entropy",
    "reversed_entropy",
    "entropy_production",
    "flip_rate",
    "state_entropy",
    "distance_to_criticality",
];

/// Why a section cannot be computed, for each.
///
/// # Errors
/// As [`Context::new`].
pub(super) fn obstacles(spec: &Ising, overrides: &[Override]) -> Result<Vec<(Section, Option<String>)>> {
    let environment = IsingEnvironment::new(spec, overrides)?;
    let run = Run::default();
    let context = Context::new(&environment, None, &run)?;
    Ok(SECTIONS
        .map(|section| (section, context.obstacle(section)))
        .to_vec())
}

/// Adds one section.
pub(super) fn add(section: Section, context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    match section {
        Section::InfiniteSize => infinite::add(context, report),
        Section::Quench => quench::add(context, report),
        Section::PhaseDiagram => phase_diagram::add(context, report),
        Section::Transfer => transfer::add(context, report),
        Section::Enumeration => enumeration::add(context, report),
        Section::Decomposition => decomposition::add(context, report),
        Section::MeanField => mean_field::add(context, report),
        Section::Simulation => simulation::add(context, report),
        Section::FiniteSize => finite_size::add(context, report),
        Section::Sweep => sweep::add(context, report),
        _ => Ok(()),
    }
}

/// The sections asked for by options or model; `None` for all that are possible.
pub(super) fn asked(spec: &Ising, options: &Options) -> Option<Vec<Section>> {
    options.sections.clone().or_else(|| {
        let names = spec.report.as_ref()?;
        let named = |section: &Section| names.iter().any(|n| n.name == section.name());
        Some(SECTIONS.into_iter().filter(named).collect())
    })
}

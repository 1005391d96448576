//! The sections of a Langevin model: its Fokker–Planck equation on a grid, and its projections.

mod cells;
mod context;
mod counting;
pub(super) mod definitions;
mod field;
mod first_passage;
mod hidden;
mod linear;
mod projection;
mod protocol;
mod relaxation;
mod simulation;
mod spectrum;
mod stationary;
mod subsystems;
mod summary;
mod sweep;

use irrev_report::Report;

use super::{Options, Section};
use crate::error::Result;
use crate::model::{Langevin, LangevinEnvironment, Override};
pub(super) use context::Context;
pub(super) use summary::add as summarise;

/// The sections that a Langevin model may have, in the order of the report.
pub(super) const SECTIONS: [Section; 12] = [
    Section::SteadyState,
    Section::Linear,
    Section::Field,
    Section::Subsystems,
    Section::Counting,
    Section::Spectrum,
    Section::Relaxation,
    Section::FirstPassage,
    Section::Protocol,
    Section::Projection,
    Section::Simulation,
    Section::Sweep,
];

/// Names of the sections, for `[report] quantities`.
pub(super) const SECTION_NAMES: [&str; 12] = [
    "stationary",
    "linear",
    "field",
    "subsystems",
    "counting",
    "spectrum",
    "relaxation",
    "first_passage",
    "protocol",
    "projection",
    "simulation",
    "sweep",
];

/// Names of numbers that sweeps may show.
pub(super) const SCALARS: [&str; 5] = [
    "entropy_production_rate",
    "mean_velocity",
    "relaxation_rate",
    "mean_first_passage_time",
    "largest_landscape_difference",
];

/// Which sections cannot be computed, and why.
///
/// # Errors
/// Values of the model that are not allowed.
pub(super) fn obstacles(
    spec: &Langevin,
    overrides: &[Override],
    run: &irrev_numerics::Run<'_>,
) -> Result<Vec<(Section, Option<String>)>> {
    let environment = LangevinEnvironment::new(spec, overrides)?;
    let context = Context::new(&environment, run)?;
    Ok(SECTIONS
        .map(|section| (section, context.obstacle(section)))
        .to_vec())
}

/// Adds one section.
pub(super) fn add(section: Section, context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    match section {
        Section::SteadyState => stationary::add(context, report),
        Section::Linear => linear::add(context, report),
        Section::Field => field::add(context, report),
        Section::Subsystems => subsystems::add(context, report),
        Section::Counting => counting::add(context, report),
        Section::Spectrum => spectrum::add(context, report),
        Section::Relaxation => relaxation::add(context, report),
        Section::Protocol => protocol::add(context, report),
        Section::FirstPassage => first_passage::add(context, report),
        Section::Projection => projection::add(context, report),
        Section::Simulation => simulation::add(context, report),
        Section::Sweep => sweep::add(context, report),
        _ => Ok(()),
    }
}

/// The sections asked for by options or model; `None` for all that are possible.
pub(super) fn asked(spec: &Langevin, options: &Options) -> Option<Vec<Section>> {
    options.sections.clone().or_else(|| {
        let names = spec.report.as_ref()?;
        let named = |section: &Section| names.iter().any(|n| n.name == section.name());
        Some(SECTIONS.into_iter().filter(named).collect())
    })
}

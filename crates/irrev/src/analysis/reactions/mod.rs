//! The sections of a reaction model.

mod attractor;
mod context;
mod counts;
mod decomposition;
mod evolution;
mod free_energy;
mod limit_cycle;
mod response;
mod stability;
mod structure;
mod summary;
mod sweep;

use irrev_numerics::Run;
use irrev_report::{Report, Table};

use super::{Options, Section};
use crate::chemistry::Cause;
use crate::error::Result;
use crate::model::{Diagnostic, Override, Reactions, ReactionsEnvironment, Treatment};
pub(super) use context::Context;

/// The sections that a reaction model may have, in the order of the report.
pub(super) const SECTIONS: [Section; 10] = [
    Section::Structure,
    Section::SteadyState,
    Section::LimitCycle,
    Section::Evolution,
    Section::Decomposition,
    Section::Stability,
    Section::FreeEnergy,
    Section::Response,
    Section::Counts,
    Section::Sweep,
];

/// Names of the sections, for `[report] quantities`.
pub(super) const SECTION_NAMES: [&str; 10] = [
    "structure",
    "stationary",
    "limit_cycle",
    "evolution",
    "decomposition",
    "stability",
    "free_energy",
    "response",
    "counts",
    "sweep",
];

/// Names of numbers that sweeps may show, besides species and variables.
pub(super) const SCALARS: [&str; 6] = [
    "entropy_production_rate",
    "activity",
    "period",
    "entropy_production_per_period",
    "excess_per_period",
    "geometric_excess",
];

/// Why a section cannot be computed, for each. Whether the motion of a large system comes to rest is left to the computation itself.
///
/// # Errors
/// As [`Context::new`].
pub(super) fn obstacles(spec: &Reactions, overrides: &[Override]) -> Result<Vec<(Section, Option<String>)>> {
    let environment = ReactionsEnvironment::new(spec, overrides)?;
    let run = Run::default();
    let context = Context::new(&environment, &run)?.foreseeing();
    Ok(SECTIONS
        .map(|section| (section, context.obstacle(section)))
        .to_vec())
}

/// Adds one section.
pub(super) fn add(section: Section, context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    match section {
        Section::Structure => structure::add(context, report),
        Section::SteadyState => attractor::add(context, report),
        Section::LimitCycle => limit_cycle::add(context, report),
        Section::Evolution => evolution::add(context, report),
        Section::Decomposition => decomposition::add(context, report),
        Section::Stability => stability::add(context, report),
        Section::FreeEnergy => free_energy::add(context, report),
        Section::Response => response::add(context, report),
        Section::Counts => counts::add(context, report),
        Section::Sweep => sweep::add(context, report),
        _ => Ok(()),
    }
}

/// The sections asked for by options or model; `None` for all that are possible.
pub(super) fn asked(spec: &Reactions, options: &Options) -> Option<Vec<Section>> {
    options.sections.clone().or_else(|| {
        let names = spec.report.as_ref()?;
        let named = |section: &Section| names.iter().any(|n| n.name == section.name());
        Some(SECTIONS.into_iter().filter(named).collect())
    })
}

/// Notes on the reading of a file are listed one by one up to this number, and in a table beyond.
const NOTES_IN_FULL: usize = 3;

/// How the file was read: sentence by sentence, or as a table where there are many.
pub(crate) fn reading(warnings: &[Diagnostic], report: &mut Report) {
    if warnings.len() <= NOTES_IN_FULL {
        warnings
            .iter()
            .for_each(|warning| report.push_warning(warning.sentence()));
    } else {
        report.push_warning(format!(
            "{} notes on how the file was read (laws split into directions, reactions paired) are in the table \"reading\".",
            warnings.len()
        ));
        let line = |w: &Diagnostic| w.place.as_ref().map_or(0.0, |place| place.line as f64);
        report.push_table(
            Table::new("reading", "How the file was read, line by line")
                .numbers("line", "", warnings.iter().map(line).collect())
                .text(
                    "what was done",
                    warnings.iter().map(|w| w.message.clone()).collect(),
                )
                .text(
                    "detail",
                    warnings
                        .iter()
                        .map(|w| w.help.clone().unwrap_or_default())
                        .collect(),
                ),
        );
    }
}

/// What every report of the model says first: how the file was read, and decisions about reactions without finite entropy production.
pub(super) fn preface(context: &Context<'_>, report: &mut Report) {
    reading(&context.environment.spec().warnings, report);
    let mut told: Vec<(Cause, Treatment)> = Vec::new();
    for decision in &context.chemistry.decisions {
        let kind = (decision.cause, decision.treatment);
        if told.contains(&kind) {
            continue;
        }
        told.push(kind);
        let alike = context
            .chemistry
            .decisions
            .iter()
            .filter(|d| (d.cause, d.treatment) == kind);
        let names: Vec<&str> = alike.map(|d| d.reaction.as_str()).collect();
        report.push_warning(match &names[..] {
            [_] => decision.to_string(),
            several => format!(
                "{} reactions {}: {}. They are {}.",
                several.len(),
                decision.cause,
                decision.consequence(),
                several.join(", ")
            ),
        });
    }
    let system = &context.chemistry.system;
    let in_reactions = |name: &&String| {
        let named = |(s, _): &(usize, f64)| system.species()[*s].name == **name;
        system
            .reactions()
            .iter()
            .any(|r| r.reactants.iter().chain(&r.products).any(named))
    };
    let driven: Vec<&str> = system
        .drifting()
        .iter()
        .filter(in_reactions)
        .map(String::as_str)
        .collect();
    if !driven.is_empty() {
        report.push_warning(format!(
            "Driven from outside: {} {} a rate given in the model. No reaction changes {}; for the thermodynamics {}.",
            context::shortened(&driven),
            if driven.len() == 1 { "follows" } else { "follow" },
            if driven.len() == 1 { "it" } else { "them" },
            if driven.len() == 1 { "it is a chemostat whose amount moves" } else { "they are chemostats whose amounts move" },
        ));
    }
    if let Some(reason) = &context.chemistry.refusal {
        report.push_warning(format!("No thermodynamics: {reason}."));
    }
}

pub(super) use summary::add as summarise;

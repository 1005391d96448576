//! From a model to a report: one file per section, each turning records of physics into quantities, figures and checks.
//!
//! A section appears if the model allows it; [`possibilities`] says which do and why the others do not. Each section evaluates the
//! identities that must hold (probability conserved, parts sum to the whole, duality gaps) and reports residual and tolerance.

pub(crate) mod arrows;
mod context;
mod counting;
mod curvature;
mod cycles;
mod decomposition;
pub(crate) mod definitions;
mod distance;
mod driven;
mod energetics;
mod ising;
mod langevin;
mod quantum;
mod reactions;
mod relaxation;
mod section;
mod spectrum;
mod speed;
mod steady_state;
mod subsystems;
mod summary;
mod sweep;
mod sweeping;
pub(crate) mod units;

pub(crate) use definitions::{define, define_quantities};
pub use distance::{DistanceRequest, distance};
pub(crate) use reactions::reading;
pub use section::Section;
pub use sweeping::SweepRequest;

use irrev_numerics::Run;
use irrev_report::{Citation, Definition, Provenance, Report};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::model::{
    Environment, Ising, IsingEnvironment, KindVocabulary, Langevin, LangevinEnvironment, Markov, Model,
    Override, Quantum, QuantumEnvironment, Reactions, ReactionsEnvironment, Vocabulary, code,
};
use context::Context;

/// What a run is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// Other values for numbers of the model (`--set KEY=VALUE`); default none.
    pub overrides: Vec<Override>,
    /// Sections to compute; default those of `[report] quantities`, or all that the model allows.
    pub sections: Option<Vec<Section>>,
    /// Numbers to sweep and what to show, in place of the model's own `[[sweep]]`; default none.
    pub sweep: Option<SweepRequest>,
}

/// The sections of a Markov jump process.
const MARKOV_SECTIONS: [Section; 12] = [
    Section::SteadyState,
    Section::Decomposition,
    Section::Cycles,
    Section::Energetics,
    Section::Counting,
    Section::Spectrum,
    Section::Relaxation,
    Section::Curvature,
    Section::Speed,
    Section::Subsystems,
    Section::Driven,
    Section::Sweep,
];

const SECTION_NAMES: [&str; 12] = [
    "stationary",
    "decomposition",
    "cycles",
    "energetics",
    "counting",
    "spectrum",
    "relaxation",
    "curvature",
    "speed",
    "subsystems",
    "driven",
    "sweep",
];

/// Names that derived quantities may use and sweeps may show, besides observables and derived quantities.
pub(crate) const SCALARS: [&str; 6] = [
    "entropy_production_rate",
    "activity",
    "mobility",
    "entropy_per_jump",
    "power",
    "chemical_work",
];

/// The names of results that a model file may refer to.
#[must_use]
pub fn vocabulary() -> Vocabulary<'static> {
    Vocabulary {
        quantities: &SECTION_NAMES,
        scalars: &SCALARS,
        scalars_per_reservoir: &["heat", "particles"],
        scalars_per_subsystem: &subsystems::SCALARS,
        reactions: KindVocabulary {
            quantities: &reactions::SECTION_NAMES,
            scalars: &reactions::SCALARS,
        },
        ising: KindVocabulary {
            quantities: &ising::SECTION_NAMES,
            scalars: &ising::SCALARS,
        },
        quantum: KindVocabulary {
            quantities: &quantum::SECTION_NAMES,
            scalars: &quantum::SCALARS,
        },
        langevin: KindVocabulary {
            quantities: &langevin::SECTION_NAMES,
            scalars: &langevin::SCALARS,
        },
    }
}

/// Whether a section can be computed for a model, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Possibility {
    /// The section.
    pub section: Section,
    /// `None` if it can be computed, else the reason in words.
    pub obstacle: Option<String>,
    /// What else is known before: what it takes, or what only the computation will tell.
    pub note: Option<String>,
}

/// Which sections the model allows, with reasons for the others.
///
/// # Errors
/// As [`Environment::new`] and [`Environment::evaluate`].
pub fn possibilities(model: &Model, overrides: &[Override]) -> Result<Vec<Possibility>> {
    possibilities_within(model, overrides, &Run::default())
}

/// As [`possibilities`], also with what would not fit into the memory of a run, where that is known beforehand (quantum lattices).
///
/// ```
/// use irrev::analysis::{possibilities_within, vocabulary};
/// use irrev::model::{parse, template};
/// use irrev::numerics::Run;
/// use irrev::source::SourceFile;
/// let text = template("quantum-lattice").ok_or("no template")?;
/// let model = parse(SourceFile::from_text("site.toml", text)?, &vocabulary())?;
/// let little = Run { memory_limit: 1 << 20, ..Run::default() };
/// let refused = possibilities_within(&model, &[], &little)?;
/// assert!(refused.iter().all(|section| section.obstacle.is_some()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`possibilities`].
pub fn possibilities_within(
    model: &Model,
    overrides: &[Override],
    run: &Run<'_>,
) -> Result<Vec<Possibility>> {
    let possibility = |(section, obstacle)| Possibility {
        section,
        obstacle,
        note: None,
    };
    let found: Vec<(Section, Option<String>)> = match model {
        Model::Markov(spec) => {
            let environment = Environment::new(spec, overrides)?;
            let context = Context::new(&environment, run)?;
            MARKOV_SECTIONS
                .map(|section| (section, context.obstacle(section)))
                .to_vec()
        }
        Model::Reactions(spec) => reactions::obstacles(spec, overrides)?,
        Model::Ising(spec) => ising::obstacles(spec, overrides)?,
        Model::Quantum(spec) => return quantum::possibilities(spec, overrides, run),
        Model::Langevin(spec) => langevin::obstacles(spec, overrides, run)?,
    };
    Ok(found.into_iter().map(possibility).collect())
}

/// Analyses a model: every section that was asked for, or every one it allows.
///
/// ```
/// use irrev::analysis::{Options, run, vocabulary};
/// use irrev::model::parse;
/// use irrev::source::SourceFile;
///
/// let text = r#"
/// irrev = 1
/// kind = "markov"
/// states = ["a", "b", "c"]
/// transitions = [
///   { between = ["a", "b"], rates = { forward = 2.0, backward = 0.5 } },
///   { between = ["b", "c"], rates = { forward = 3.0, backward = 1.0 } },
///   { between = ["c", "a"], rates = { forward = 1.5, backward = 0.25 } },
/// ]
/// "#;
/// let model = parse(SourceFile::from_text("ring.toml", text)?, &vocabulary())?;
/// let report = run(&model, &Options::default(), &Default::default())?;
/// assert!((report.quantity("entropy_production_rate").unwrap().value - 2.12337968146951).abs() < 1e-13);
/// assert!(report.all_verified());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Model`] for numbers that are not allowed, [`Error::NotPossible`] for a section that was asked for and cannot be, and
/// whatever the numerics report.
pub fn run(model: &Model, options: &Options, run: &Run<'_>) -> Result<Report> {
    let name = model.source().name().to_owned();
    let work = || match model {
        Model::Markov(spec) => markov_report(spec, options, run),
        Model::Reactions(spec) => reactions_report(spec, options, run),
        Model::Ising(spec) => ising_report(spec, options, None, run),
        Model::Quantum(spec) => quantum_report(spec, options, run),
        Model::Langevin(spec) => langevin_report(spec, options, None, run),
    };
    run.install(work)
        .map_err(|error| Error::network(&name, error.into()))?
}

fn markov_report(spec: &Markov, options: &Options, run: &Run<'_>) -> Result<Report> {
    check_names(spec)?;
    let environment = Environment::new(spec, &options.overrides)?;
    let mut context = Context::new(&environment, run)?;
    context.sweep = options.sweep.clone();
    let asked = options.sections.clone().or_else(|| {
        let names = spec.report.as_ref()?;
        let named = |section: &Section| names.iter().any(|n| n.name == section.name());
        Some(MARKOV_SECTIONS.into_iter().filter(named).collect())
    });
    let title = spec.title.clone().unwrap_or_else(|| "Markov jump process".into());
    let origin = provenance(spec.source.text(), &options.overrides).with_seed(run.seed);
    let mut report = Report::new("markov", title, origin);
    for warning in &spec.warnings {
        report.push_warning(warning.sentence());
    }
    let sections = Sections {
        model: spec.source.name(),
        all: &MARKOV_SECTIONS,
        asked,
        run,
    };
    sections.add(&mut context, &mut report, &Context::obstacle, &add)?;
    cite(&spec.sources, &mut report);
    summary::add(&context, &mut report);
    Ok(report)
}

fn reactions_report(spec: &Reactions, options: &Options, run: &Run<'_>) -> Result<Report> {
    let environment = ReactionsEnvironment::new(spec, &options.overrides)?;
    let mut context = reactions::Context::new(&environment, run)?;
    context.sweep = options.sweep.clone();
    let title = spec
        .title
        .clone()
        .unwrap_or_else(|| "Chemical reaction network".into());
    let origin = provenance(spec.source.text(), &options.overrides).with_seed(run.seed);
    let mut report = Report::new("reactions", title, origin);
    if let Some(reason) = context.refusal() {
        return Err(Error::NotPossible {
            model: spec.source.name().into(),
            what: "the thermodynamics".into(),
            reason,
        });
    }
    reactions::preface(&context, &mut report);
    let sections = Sections {
        model: spec.source.name(),
        all: &reactions::SECTIONS,
        asked: reactions::asked(spec, options),
        run,
    };
    sections.add(
        &mut context,
        &mut report,
        &reactions::Context::obstacle,
        &reactions::add,
    )?;
    if sections.asked.is_none() && context.did_not_settle() {
        report
            .missing_sections
            .push(Section::SteadyState.name().to_owned());
    }
    cite(&spec.sources, &mut report);
    reactions::summarise(&context, &mut report)?;
    Ok(report)
}

/// The report of a network of spins; with seconds between checkpoints, if simulations keep any.
fn ising_report(
    spec: &Ising,
    options: &Options,
    checkpoint_seconds: Option<f64>,
    run: &Run<'_>,
) -> Result<Report> {
    let environment = IsingEnvironment::new(spec, &options.overrides)?;
    let asked = ising::asked(spec, options);
    let mut context = ising::Context::new(&environment, asked.clone(), run)?;
    context.sweep = options.sweep.clone();
    context.keep_checkpoints_every(checkpoint_seconds);
    let title = (spec.title.clone()).unwrap_or_else(|| "Kinetic Ising network".into());
    let origin = provenance(spec.source.text(), &options.overrides).with_seed(run.seed);
    let mut report = Report::new("kinetic-ising", title, origin);
    for warning in &spec.warnings {
        report.push_warning(warning.sentence());
    }
    let sections = Sections {
        model: spec.source.name(),
        all: &ising::SECTIONS,
        asked,
        run,
    };
    sections.add(&mut context, &mut report, &ising::Context::obstacle, &ising::add)?;
    cite(&spec.sources, &mut report);
    ising::summarise(&context, &mut report);
    Ok(report)
}

/// The report of a small system beside a quantum bath.
fn quantum_report(spec: &Quantum, options: &Options, run: &Run<'_>) -> Result<Report> {
    let environment = QuantumEnvironment::new(spec, &options.overrides)?;
    let asked = quantum::asked(spec, options);
    let mut context = quantum::Context::new(&environment, asked.clone().unwrap_or_default(), run)?;
    context.sweep = options.sweep.clone();
    let title = (spec.title.clone()).unwrap_or_else(|| "Small system beside a quantum bath".into());
    let origin = provenance(spec.source.text(), &options.overrides).with_seed(run.seed);
    let mut report = Report::new("quantum-lattice", title, origin);
    for warning in environment.warnings()? {
        report.push_warning(warning.sentence());
    }
    let sections = Sections {
        model: spec.source.name(),
        all: &quantum::SECTIONS,
        asked,
        run,
    };
    sections.add(
        &mut context,
        &mut report,
        &quantum::Context::obstacle,
        &quantum::add,
    )?;
    cite(&spec.sources, &mut report);
    quantum::summarise(&context, &mut report);
    Ok(report)
}

/// The report of a continuous motion.
fn langevin_report(
    spec: &Langevin,
    options: &Options,
    checkpoint_seconds: Option<f64>,
    run: &Run<'_>,
) -> Result<Report> {
    let environment = LangevinEnvironment::new(spec, &options.overrides)?;
    let mut context = langevin::Context::new(&environment, run)?;
    context.sweep = options.sweep.clone();
    if let Some(seconds) = checkpoint_seconds {
        context.checkpoint_interval = seconds;
    }
    let title = (spec.title.clone()).unwrap_or_else(|| "Langevin dynamics".into());
    let origin = provenance(spec.source.text(), &options.overrides).with_seed(run.seed);
    let mut report = Report::new("langevin", title, origin);
    for warning in &spec.warnings {
        report.push_warning(warning.sentence());
    }
    let sections = Sections {
        model: spec.source.name(),
        all: &langevin::SECTIONS,
        asked: langevin::asked(spec, options),
        run,
    };
    sections.add(
        &mut context,
        &mut report,
        &langevin::Context::obstacle,
        &langevin::add,
    )?;
    cite(&spec.sources, &mut report);
    langevin::summarise(&context, &mut report);
    Ok(report)
}

/// Walkers of a continuous motion alone, with what they can be compared with; for `irrev simulate`.
pub(crate) fn simulated_walkers(
    spec: &Langevin,
    options: &Options,
    checkpoint_seconds: f64,
    run: &Run<'_>,
) -> Result<Report> {
    let options = Options {
        sections: Some(vec![Section::Simulation]),
        ..options.clone()
    };
    langevin_report(spec, &options, Some(checkpoint_seconds), run)
}

/// Averages of simulated spins alone, with what they can be compared with; for `irrev simulate`.
pub(crate) fn simulated_spins(
    spec: &Ising,
    options: &Options,
    checkpoint_seconds: f64,
    run: &Run<'_>,
) -> Result<Report> {
    let environment = IsingEnvironment::new(spec, &options.overrides)?;
    let section = ising::Context::new(&environment, None, run)?.simulated_section();
    let options = Options {
        sections: Some(vec![section]),
        ..options.clone()
    };
    ising_report(spec, &options, Some(checkpoint_seconds), run)
}

/// A time in which a reaction model has settled, or gone through its limit cycle a few times.
pub(crate) fn settling_time(environment: &ReactionsEnvironment<'_>, run: &Run<'_>) -> Result<f64> {
    let times = reactions::Context::new(environment, run)?.times()?;
    Ok(times.last().copied().unwrap_or(1.0))
}

/// Which sections a report is to have.
struct Sections<'a> {
    model: &'a str,
    all: &'a [Section],
    /// `None` for all that are possible.
    asked: Option<Vec<Section>>,
    run: &'a Run<'a>,
}

impl Sections<'_> {
    /// Refuses a section that was asked for and that only models of another kind have.
    fn require_own(&self) -> Result<()> {
        let asked = self.asked.iter().flatten();
        let Some(foreign) = asked.into_iter().find(|section| !self.all.contains(section)) else {
            return Ok(());
        };
        let own: Vec<&str> = self.all.iter().map(|section| section.name()).collect();
        Err(Error::NotPossible {
            model: self.model.into(),
            what: format!("section \"{}\"", foreign.name()),
            reason: format!("models of this kind do not have it; they have {}", own.join(", ")),
        })
    }

    /// Adds the sections one by one, with what keeps a section out and how one is added.
    fn add<C>(
        &self,
        context: &mut C,
        report: &mut Report,
        obstacle: &dyn Fn(&C, Section) -> Option<String>,
        add: &dyn Fn(Section, &mut C, &mut Report) -> Result<()>,
    ) -> Result<()> {
        self.require_own()?;
        for (k, &section) in self.all.iter().enumerate() {
            self.run
                .report(k as f64 / self.all.len() as f64, section.description())
                .map_err(|e| Error::network(self.model, e.into()))?;
            if self.asked.as_ref().is_some_and(|asked| !asked.contains(&section)) {
                continue;
            }
            match (&self.asked, obstacle(context, section)) {
                (Some(_), Some(reason)) => {
                    return Err(Error::NotPossible {
                        model: self.model.into(),
                        what: format!("section \"{}\"", section.name()),
                        reason,
                    });
                }
                (None, Some(reason)) => report.push_left_out(section.name(), reason),
                (asked, None) => match add(section, context, report) {
                    // a section that nobody asked for does not take the others with it
                    Err(error) if asked.is_none() && error.exit_code() == 75 => {
                        report
                            .push_warning(format!("The section \"{}\" is missing: {error}.", section.name()));
                        report.missing_sections.push(section.name().to_owned());
                    }
                    outcome => outcome?,
                },
            }
        }
        if report.quantities.is_empty() && report.tables.is_empty() {
            let reasons = self
                .all
                .iter()
                .filter_map(|s| Some(format!("{}: {}", s.name(), obstacle(context, *s)?)));
            return Err(Error::NotPossible {
                model: self.model.into(),
                what: "an analysis".into(),
                reason: reasons.collect::<Vec<_>>().join("; "),
            });
        }
        Ok(())
    }
}

/// The definition of every reported quantity.
///
/// ```
/// let all = irrev::analysis::definitions();
/// assert!(all.iter().any(|d| d.name == "entropy_production_rate"));
/// ```
#[must_use]
pub fn definitions() -> Vec<Definition> {
    let mut all = definitions::all();
    all.extend(subsystems::definitions());
    all.extend(speed::definitions());
    all.extend(ising::definitions::all());
    all.extend(quantum::definitions::all());
    all.extend(langevin::definitions::all());
    all.extend(crate::inference::definitions());
    all.extend(crate::landscapes::definitions());
    all.extend(crate::estimation::definitions());
    all
}

/// What the names mean that only sweeps show.
pub(crate) fn definitions_of_sweeps() -> Vec<Definition> {
    let mut all = ising::definitions::of_scalars();
    all.extend(quantum::definitions::of_scalars());
    all.extend(langevin::definitions::of_scalars());
    all.push(definitions::CHEMICAL_WORK);
    all
}

pub(crate) fn cite(sources: &[String], report: &mut Report) {
    for (k, source) in sources.iter().enumerate() {
        report
            .push_citation(Citation::new(format!("model{}", k + 1), source.clone(), "").for_use("the model"));
    }
}

fn add(section: Section, context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    match section {
        Section::SteadyState => steady_state::add(context, report),
        Section::Decomposition => decomposition::add(context, report),
        Section::Cycles => cycles::add(context, report),
        Section::Energetics => energetics::add(context, report),
        Section::Counting => counting::add(context, report),
        Section::Spectrum => spectrum::add(context, report),
        Section::Relaxation => relaxation::add(context, report),
        Section::Curvature => curvature::add(context, report),
        Section::Speed => speed::add(context, report),
        Section::Subsystems => subsystems::add(context, report),
        Section::Driven => driven::add(context, report),
        Section::Sweep => sweep::add(context, report),
        _ => Ok(()),
    }
}

/// Refuses observables and derived quantities that bear the name of a quantity of the report.
fn check_names(spec: &Markov) -> Result<()> {
    let taken = |name: &str| {
        let of_reservoir = ["heat_", "particles_"].iter().any(|prefix| {
            name.strip_prefix(prefix)
                .is_some_and(|rest| spec.reservoir(rest).is_some())
        });
        let of_part = subsystems::SCALARS.iter().any(|prefix| {
            let rest = name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_'));
            rest.is_some_and(|rest| spec.parts().contains(&rest))
        });
        of_reservoir
            || of_part
            || SCALARS.contains(&name)
            || definitions::all().iter().any(|d| d.name == name)
    };
    let named = spec
        .observables
        .iter()
        .map(|o| (&o.name, o.span))
        .chain(spec.derived.iter().map(|d| (&d.name, d.span)));
    for (name, span) in named {
        if taken(name) {
            let message = format!("\"{name}\" is the name of a quantity that every report may hold");
            let help = Some(
                "choose another name, or use the built-in quantity, which expressions and sweeps can refer to",
            );
            return Err(spec.error_at(span, code::DUPLICATE_NAME, message, help).into());
        }
    }
    Ok(())
}

pub(crate) fn provenance(text: &str, overrides: &[Override]) -> Provenance {
    let mut hash = Sha256::new();
    hash.update(text);
    let mut provenance = Provenance::new(env!("CARGO_PKG_VERSION"));
    for o in overrides {
        hash.update(format!("\n--set {}={}", o.key, o.value));
        provenance = provenance.with_option(format!("set {}", o.key), &o.value);
    }
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    provenance.with_model(text, format!("sha256:{digest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_lists_every_section() {
        assert_eq!(MARKOV_SECTIONS.map(Section::name), SECTION_NAMES);
        assert_eq!(reactions::SECTIONS.map(Section::name), reactions::SECTION_NAMES);
        assert_eq!(ising::SECTIONS.map(Section::name), ising::SECTION_NAMES);
        assert_eq!(quantum::SECTIONS.map(Section::name), quantum::SECTION_NAMES);
        assert_eq!(langevin::SECTIONS.map(Section::name), langevin::SECTION_NAMES);
    }

    #[test]
    fn whatever_a_sweep_can_show_can_be_explained() {
        let all = vocabulary();
        let of_kinds = [
            all.scalars,
            all.reactions.scalars,
            all.ising.scalars,
            all.quantum.scalars,
            all.langevin.scalars,
        ];
        for name in of_kinds.into_iter().flatten() {
            let meanings = crate::explain::meanings(name).unwrap();
            assert!(meanings.iter().all(|meaning| meaning.name == *name));
        }
    }
}

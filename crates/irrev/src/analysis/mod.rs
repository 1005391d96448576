//! From a model to a report: one file per section, each turning records of physics into quantities, figures and checks.
//!
//! A section appears if the model allows it; [`possibilities`] says which do and why the others do not. Each section evaluates the
//! identities that must hold (probability conserved, parts sum to the whole, duality gaps) and reports residual and tolerance.

mod context;
mod counting;
mod cycles;
mod decomposition;
mod definitions;
mod driven;
mod energetics;
mod relaxation;
mod spectrum;
mod steady_state;
mod summary;
mod sweep;
mod units;

pub use definitions::all as definitions;

use irrev_numerics::Run;
use irrev_report::{Check, Citation, Provenance, Report};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::model::{Environment, Markov, Model, Override, ReactionsVocabulary, Vocabulary, code};
use context::Context;

/// A part of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Section {
    /// Stationary distribution, currents, entropy production.
    SteadyState,
    /// Excess and housekeeping at the initial distribution.
    Decomposition,
    /// Cycles, affinities, cycle currents.
    Cycles,
    /// Heat, work, efficiency.
    Energetics,
    /// Counting statistics and uncertainty relations.
    Counting,
    /// Spectrum of the generator.
    Spectrum,
    /// Relaxation from the initial distribution.
    Relaxation,
    /// Time-dependent driving.
    Driven,
    /// Sweeps over parameters.
    Sweep,
}

impl Section {
    /// Every section, in the order of the report.
    pub const ALL: [Self; 9] = [
        Self::SteadyState,
        Self::Decomposition,
        Self::Cycles,
        Self::Energetics,
        Self::Counting,
        Self::Spectrum,
        Self::Relaxation,
        Self::Driven,
        Self::Sweep,
    ];

    /// Name in `[report] quantities`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SteadyState => "stationary",
            Self::Decomposition => "decomposition",
            Self::Cycles => "cycles",
            Self::Energetics => "energetics",
            Self::Counting => "counting",
            Self::Spectrum => "spectrum",
            Self::Relaxation => "relaxation",
            Self::Driven => "driven",
            Self::Sweep => "sweep",
        }
    }

    /// What it holds, in words.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::SteadyState => {
                "stationary distribution, currents, forces, entropy production per transition, reservoir and subsystem"
            }
            Self::Decomposition => "excess and housekeeping: geometric, Hatano–Sasa, information-geometric",
            Self::Cycles => "cycles with affinities and currents",
            Self::Energetics => "heat, work, efficiency, first and second law",
            Self::Counting => "fluctuations of currents and entropy production, uncertainty relations",
            Self::Spectrum => "relaxation times and oscillations",
            Self::Relaxation => "state and entropy production over time from the initial distribution",
            Self::Driven => "state, work and entropy production under time-dependent driving",
            Self::Sweep => "results over the values of one or two parameters",
        }
    }
}

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

/// Which numbers of a model to sweep, and which results to show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SweepRequest {
    /// One or two dotted keys with their values; the last varies fastest.
    pub axes: Vec<(String, Vec<f64>)>,
    /// Names of results; empty shows the model's observables and the entropy production rate.
    pub show: Vec<String>,
}

const SECTION_NAMES: [&str; 9] = [
    "stationary",
    "decomposition",
    "cycles",
    "energetics",
    "counting",
    "spectrum",
    "relaxation",
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
        reactions: ReactionsVocabulary::default(),
    }
}

/// Whether a section can be computed for a model, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Possibility {
    /// The section.
    pub section: Section,
    /// `None` if it can be computed, else the reason in words.
    pub obstacle: Option<String>,
}

/// Which sections the model allows, with reasons for the others.
///
/// # Errors
/// As [`Environment::new`] and [`Environment::evaluate`].
pub fn possibilities(model: &Model, overrides: &[Override]) -> Result<Vec<Possibility>> {
    let Model::Markov(spec) = model else {
        return Ok(Vec::new());
    };
    let environment = Environment::new(spec, overrides)?;
    let run = Run::default();
    let context = Context::new(&environment, &run)?;
    Ok(Section::ALL
        .into_iter()
        .map(|section| Possibility {
            section,
            obstacle: context.obstacle(section),
        })
        .collect())
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
    let Model::Markov(spec) = model else {
        return Ok(Report::new(
            "reactions",
            "",
            Provenance::new(env!("CARGO_PKG_VERSION")),
        ));
    };
    let name = spec.source.name().to_owned();
    let work = || analyse(spec, options, run);
    run.install(work)
        .map_err(|error| Error::network(&name, error.into()))?
}

fn analyse(spec: &Markov, options: &Options, run: &Run<'_>) -> Result<Report> {
    check_names(spec)?;
    let environment = Environment::new(spec, &options.overrides)?;
    let mut context = Context::new(&environment, run)?;
    context.sweep = options.sweep.clone();
    let asked = options.sections.clone().or_else(|| {
        let names = spec.report.as_ref()?;
        Some(
            Section::ALL
                .into_iter()
                .filter(|s| names.iter().any(|n| n.name == s.name()))
                .collect(),
        )
    });
    let mut report = Report::new(
        "markov",
        title(spec),
        provenance(spec, &options.overrides).with_seed(run.seed),
    );
    for warning in &spec.warnings {
        report.push_warning(warning.to_string());
    }
    for (k, section) in Section::ALL.into_iter().enumerate() {
        run.report(k as f64 / Section::ALL.len() as f64, section.description())
            .map_err(|e| context.fail(e.into()))?;
        match (&asked, context.obstacle(section)) {
            (Some(asked), _) if !asked.contains(&section) => {}
            (Some(_), Some(reason)) => {
                let what = format!("section \"{}\"", section.name());
                return Err(Error::NotPossible {
                    model: spec.source.name().into(),
                    what,
                    reason,
                });
            }
            (None, Some(_)) => {}
            (asked, None) => match add(section, &mut context, &mut report) {
                // a section that nobody asked for does not take the others with it; its failure is a failed check
                Err(error) if asked.is_none() && error.exit_code() == 75 => {
                    report.push_warning(format!("The section \"{}\" is missing: {error}.", section.name()));
                    report.push_check(Check::new(
                        section.name(),
                        "the section could be computed",
                        f64::INFINITY,
                        0.0,
                    ));
                }
                outcome => outcome?,
            },
        }
    }
    if report.quantities.is_empty() && report.tables.is_empty() {
        let reasons = Section::ALL
            .into_iter()
            .filter_map(|s| Some(format!("{}: {}", s.name(), context.obstacle(s)?)));
        return Err(Error::NotPossible {
            model: spec.source.name().into(),
            what: "an analysis".into(),
            reason: reasons.collect::<Vec<_>>().join("; "),
        });
    }
    for (k, source) in spec.sources.iter().enumerate() {
        report
            .push_citation(Citation::new(format!("model{}", k + 1), source.clone(), "").for_use("the model"));
    }
    summary::add(&context, &mut report);
    Ok(report)
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
        Section::Driven => driven::add(context, report),
        Section::Sweep => sweep::add(context, report),
    }
}

/// Refuses observables and derived quantities that bear the name of a quantity of the report.
fn check_names(spec: &Markov) -> Result<()> {
    let taken = |name: &str| {
        let of_reservoir = ["heat_", "particles_"].iter().any(|prefix| {
            name.strip_prefix(prefix)
                .is_some_and(|rest| spec.reservoir(rest).is_some())
        });
        of_reservoir || SCALARS.contains(&name) || definitions().iter().any(|d| d.name == name)
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

fn title(spec: &Markov) -> String {
    spec.title.clone().unwrap_or_else(|| "Markov jump process".into())
}

fn provenance(spec: &Markov, overrides: &[Override]) -> Provenance {
    let mut hash = Sha256::new();
    hash.update(spec.source.text());
    let mut provenance = Provenance::new(env!("CARGO_PKG_VERSION"));
    for o in overrides {
        hash.update(format!("\n--set {}={}", o.key, o.value));
        provenance = provenance.with_option(format!("set {}", o.key), &o.value);
    }
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    provenance.with_model(spec.source.text(), format!("sha256:{digest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_lists_every_section() {
        assert_eq!(Section::ALL.map(Section::name), SECTION_NAMES);
    }
}

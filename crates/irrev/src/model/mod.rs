//! Model files: what they may say, and the numbers they stand for.
//!
//! A model file is TOML. Its first key is `irrev = 1`, the version of the format; `kind` selects the schema. Every
//! number may be an expression in `[parameters]`, and unknown keys are errors with a suggestion. Reading a file
//! checks all of it: a [`Markov`] that exists has resolved names, parsed expressions and, at time 0, allowed
//! numbers. What is wrong is collected in a [`ModelError`] that prints with line, column and carets.
//!
//! Three steps lead from a file to numbers: [`load`] gives the specification, an [`Environment`] is the
//! specification with other values for some of its numbers ([`Override`]: `--set KEY=VALUE`, sweeps), and
//! [`Environment::evaluate`] gives every energy, temperature and rate at one time as a [`Snapshot`].
//!
//! Conventions: k_B = 1, so temperatures and energies share a unit; numbers are never rescaled; a rate is positive
//! unless `one_way = true` says that there is no backward jump; no default stands in for a missing rate.
//!
//! ```
//! use irrev::model::{Environment, LawValues, Model, Override, Vocabulary};
//! use irrev::source::SourceFile;
//!
//! let text = r#"
//! irrev = 1
//! kind = "markov"
//! states = ["off", "on"]
//! [parameters]
//! k = 2.0
//! [[transitions]]
//! between = ["off", "on"]
//! rates = { forward = "3*k", backward = "k" }
//! "#;
//! let source = SourceFile::from_text("switch.toml", text)?;
//! let Model::Markov(switch) = irrev::model::parse(source, &Vocabulary::default())? else { unreachable!() };
//! assert_eq!(switch.transitions[0].name, "off→on");
//!
//! let environment = Environment::new(&switch, &[Override::parse("parameters.k=0.5")?])?;
//! let snapshot = environment.evaluate(0.0)?;
//! assert_eq!(snapshot.transitions[0].law, LawValues::Rates { forward: 1.5, backward: 0.5 });
//!
//! let error = Environment::new(&switch, &[Override::parse("k=0.5")?]).unwrap_err();
//! assert_eq!(error.diagnostics[0].help.as_deref(), Some("did you mean `parameters.k`?"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod csv_matrix;
pub(crate) mod diagnostic;
mod document;
mod environment;
mod evaluation;
mod field_formulas;
pub(crate) mod formula;
pub(crate) mod ising;
mod keyed;
mod keyed_changes;
mod langevin;
mod markov;
mod matrix;
pub(crate) mod npy;
mod overrides;
mod parameters;
mod quantum;
pub(crate) mod reactions;
mod read;
mod reader;
mod schema;
mod template;
mod toml_text;
mod vector;

use std::path::Path;
use std::sync::Arc;

pub use diagnostic::{Diagnostic, MAXIMUM_DIAGNOSTICS, ModelError, Place, Severity, code};
pub use document::{MAXIMUM_NESTING, MAXIMUM_PIECES, MAXIMUM_VALUES};
pub use environment::{Environment, LawValues, NORMALISATION_TOLERANCE, Snapshot, TransitionValues};
pub use field_formulas::FieldFormulas;
pub use formula::Formula;
pub use ising::{
    CouplingKind, CouplingValues, DiagramValues, FieldKind, FieldValues, Ising, IsingEnvironment,
    IsingValues, LatticeValues, SelfCouplingPolicy, SizeValues, Sizes, TransferValues, UpdateRule,
};
pub use keyed_changes::KeyedSweep;
pub use langevin::{
    Coordinate, CoordinateValues, Curvature, DynamicsKind, Ends, FieldRows, Fields, Integrator, Langevin,
    LangevinEnvironment, LangevinValues, MemoryTerms, PassageValues, ProjectedFunction, ProjectionKind,
    ProjectionValues, RelaxationValues, SimulationValues, WallKind, as_network,
};
pub use markov::{
    Cycle, Derived, Direction, Initial, InitialDistribution, Markov, Matrix, Observable, Orientation,
    Protocol, RateLaw, Rates, Reference, Reservoir, Rule, RuleKind, Spacing, State, Subsystems, Sweep,
    SweepValues, TimeGrid, TimeSpacing, Transition,
};
pub use matrix::{DIAGONAL_TOLERANCE, MAXIMUM_MATRIX_BYTES, MAXIMUM_MATRIX_STATES};
pub use overrides::{Override, Target};
pub use parameters::{Parameter, ParameterTable};
pub use quantum::{
    BathSizeValues, BathSizes, BathStart, LatticeKind, Quantum, QuantumEnvironment, QuantumValues, StateKind,
};
pub use reactions::{
    Backward, Compartment, Law, Origin, Pair, Pairing, Powers, Quantity, Reaction, ReactionSweep,
    ReactionTarget, Reactions, ReactionsEnvironment, Role, Species, Symbol, Treatment, Variable, VariableLaw,
    Written, write,
};
pub(crate) use reader::counted;
pub use schema::{KINDS_WITH_SCHEMA, schema};
pub use template::{KINDS_WITH_TEMPLATE, template};
pub(crate) use vector::numbers;

use crate::expression::nearest_name;
use crate::source::{ExitCategory, Limits, SourceFile, Span, read_regular_file};
use diagnostic::{Fault, Findings};
use document::Refusal;
use reader::{Table, quoted, shortened};

/// The version of the file format that this library reads: the value of the first key, `irrev`.
pub const FORMAT_VERSION: u64 = 1;

/// The kinds of model that exist, with whether this version reads them.
const KINDS: &[(&str, bool)] = &[
    ("markov", true),
    ("reactions", true),
    ("langevin", true),
    ("kinetic-ising", true),
    ("quantum-lattice", true),
    ("analysis", false),
];

/// The names of results that a model file may refer to. The analyses own them; the reader only checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary<'a> {
    /// What `[report] quantities` may list.
    pub quantities: &'a [&'a str],
    /// Numbers that derived quantities may use and sweeps may show, such as `entropy_production_rate`.
    pub scalars: &'a [&'a str],
    /// As `scalars`, one per reservoir: `heat` stands for `heat_hot`, `heat_cold` and so on.
    pub scalars_per_reservoir: &'a [&'a str],
    /// As `scalars`, one per subsystem: `information_flow` stands for `information_flow_ligand` and so on.
    pub scalars_per_subsystem: &'a [&'a str],
    /// The names for models of kind `reactions`; sweeps may show species and variables besides.
    pub reactions: KindVocabulary<'a>,
    /// The names for models of kind `kinetic-ising`.
    pub ising: KindVocabulary<'a>,
    /// The names for models of kind `quantum-lattice`.
    pub quantum: KindVocabulary<'a>,
    /// The names for models of kind `langevin`.
    pub langevin: KindVocabulary<'a>,
}

/// As [`Vocabulary`], for models of one other kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindVocabulary<'a> {
    /// What `[report] quantities` may list.
    pub quantities: &'a [&'a str],
    /// Numbers that sweeps may show.
    pub scalars: &'a [&'a str],
}

/// A checked model of any kind.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Model {
    /// `kind = "markov"`: a continuous-time Markov jump process.
    Markov(Box<Markov>),
    /// `kind = "reactions"`: a chemical reaction network, from a model file or from SBML.
    Reactions(Box<Reactions>),
    /// `kind = "kinetic-ising"`: a network of spins.
    Ising(Box<Ising>),
    /// `kind = "quantum-lattice"`: a small system beside a bath of hard-core bosons.
    Quantum(Box<Quantum>),
    /// `kind = "langevin"`: continuous motion beside heat baths.
    Langevin(Box<Langevin>),
}

impl Model {
    /// The file it was read from.
    #[must_use]
    pub fn source(&self) -> &SourceFile {
        match self {
            Self::Markov(markov) => &markov.source,
            Self::Reactions(reactions) => &reactions.source,
            Self::Ising(ising) => &ising.source,
            Self::Quantum(quantum) => &quantum.source,
            Self::Langevin(langevin) => &langevin.source,
        }
    }

    /// Its kind, as the key `kind` of a model file names it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Markov(_) => "markov",
            Self::Reactions(_) => "reactions",
            Self::Ising(_) => "kinetic-ising",
            Self::Quantum(_) => "quantum-lattice",
            Self::Langevin(_) => "langevin",
        }
    }

    /// The title that the file gives, if any.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        match self {
            Self::Markov(markov) => markov.title.as_deref(),
            Self::Reactions(reactions) => reactions.title.as_deref(),
            Self::Ising(ising) => ising.title.as_deref(),
            Self::Quantum(quantum) => quantum.title.as_deref(),
            Self::Langevin(langevin) => langevin.title.as_deref(),
        }
    }

    /// What the author may have meant otherwise, and what reading changed.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        match self {
            Self::Markov(markov) => &markov.warnings,
            Self::Reactions(reactions) => &reactions.warnings,
            Self::Ising(ising) => &ising.warnings,
            Self::Quantum(quantum) => &quantum.warnings,
            Self::Langevin(langevin) => &langevin.warnings,
        }
    }

    /// The seed that the file asks for in `[random]`.
    #[must_use]
    pub fn seed(&self) -> Option<u64> {
        match self {
            Self::Markov(markov) => markov.seed,
            Self::Reactions(reactions) => reactions.seed,
            Self::Ising(ising) => ising.seed,
            Self::Quantum(quantum) => quantum.seed,
            Self::Langevin(langevin) => langevin.seed,
        }
    }
}

/// Reads and checks the model file at `path`; `-` is standard input.
///
/// # Errors
/// [`ModelError`] with everything that is wrong (up to [`MAXIMUM_DIAGNOSTICS`] faults) and the exit code category:
/// the file cannot be read, exceeds a limit, or is not a model.
pub fn load(path: &Path, vocabulary: &Vocabulary) -> Result<Model, ModelError> {
    parse(read_regular_file(path, &Limits::default())?, vocabulary)
}

/// Checks a model that was read already: TOML, or SBML if the text looks like XML. Files it names are looked for in
/// [`SourceFile::directory`].
///
/// # Errors
/// As [`load`].
pub fn parse(source: SourceFile, vocabulary: &Vocabulary) -> Result<Model, ModelError> {
    if crate::sbml::looks_like_xml(&source) {
        return crate::sbml::read(source).map(|reactions| Model::Reactions(Box::new(reactions)));
    }
    let source = Arc::new(source);
    let findings = Findings::new(Arc::clone(&source));
    let entries = match document::parsed(&source, &findings) {
        Ok(entries) => entries,
        Err(Refusal::TooManyValues(fault)) => {
            return Err(ModelError::single(
                ExitCategory::OverLimit,
                fault.in_file(&source),
            ));
        }
        Err(Refusal::Invalid) => return Err(failure(findings)),
    };
    let root = Table::root(&entries, &findings);
    let kind = match has_known_version(&root) {
        true => known_kind(&root),
        false => None,
    };
    let model = match kind {
        Some("markov") => read::markov(&root, vocabulary)?.map(|markov| Model::Markov(Box::new(markov))),
        Some("kinetic-ising") => ising::ising(&root, vocabulary)?.map(|ising| Model::Ising(Box::new(ising))),
        Some("quantum-lattice") => {
            quantum::quantum(&root, vocabulary)?.map(|quantum| Model::Quantum(Box::new(quantum)))
        }
        Some("langevin") => {
            langevin::langevin(&root, vocabulary)?.map(|langevin| Model::Langevin(Box::new(langevin)))
        }
        Some(_) => reactions::reactions(&root, vocabulary)?.map(|spec| Model::Reactions(Box::new(spec))),
        None => None,
    };
    let Some(mut model) = model else {
        return Err(failure(findings));
    };
    let warnings = findings.conclusion()?;
    match &mut model {
        Model::Markov(markov) => markov.warnings = warnings,
        Model::Ising(ising) => ising.warnings = warnings,
        Model::Quantum(quantum) => quantum.warnings = warnings,
        Model::Langevin(langevin) => langevin.warnings = warnings,
        Model::Reactions(reactions) => {
            reactions.warnings.extend(warnings);
            reactions.split_net_laws();
            if reactions.pairing == Pairing::Joined {
                reactions.pair_one_way_reactions();
            }
        }
    }
    Ok(model)
}

/// The error that the findings make.
fn failure(findings: Findings) -> ModelError {
    let source = Arc::clone(findings.source());
    match findings.conclusion() {
        Err(error) => error,
        // Every way here has recorded why; should one not have, the file is still not a model.
        Ok(_) => {
            let fault = Fault::error(code::SYNTAX, Span::new(0, 1), "the file is not a model");
            ModelError::single(ExitCategory::Invalid, fault.in_file(&source))
        }
    }
}

fn has_known_version(root: &Table) -> bool {
    let help = format!("a model file begins with `irrev = {FORMAT_VERSION}`");
    let Some(item) = root.get("irrev") else {
        let fault = Fault::error(
            code::VERSION,
            Span::new(0, 1),
            "missing key `irrev`, the version of the file format",
        );
        root.findings().add(fault.help(help));
        return false;
    };
    let is_known = item.is_integer(FORMAT_VERSION);
    if !is_known {
        let message = format!(
            "`irrev` is the version of the file format; this version of irrev reads {FORMAT_VERSION}"
        );
        root.findings()
            .add(Fault::error(code::VERSION, item.span, message).help(help));
    }
    is_known
}

/// The kind of the file, if this version reads it.
fn known_kind(root: &Table) -> Option<&'static str> {
    let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
    let Some(item) = root.get("kind") else {
        let fault = Fault::error(code::KIND, root.span(), "missing key `kind`");
        root.findings().add(
            fault.help("as in `kind = \"markov\"`, `kind = \"reactions\"`, `kind = \"kinetic-ising\"`, `kind = \"quantum-lattice\"` or `kind = \"langevin\"`"),
        );
        return None;
    };
    let kind = item.string()?;
    match KINDS.iter().find(|(name, _)| *name == kind) {
        Some((name, true)) => return Some(name),
        Some((name, false)) => {
            let known: Vec<&str> = (KINDS.iter().filter(|(_, read)| *read))
                .map(|(name, _)| *name)
                .collect();
            let message = format!("this version of irrev does not read models of kind \"{name}\"");
            let help = format!("it reads the kinds {}", quoted(&known));
            root.findings()
                .add(Fault::error(code::KIND, item.span, message).help(help));
        }
        None => {
            let message = format!(
                "unknown kind {}, expected one of {}",
                shortened(kind),
                quoted(&names)
            );
            root.findings()
                .add(Fault::error(code::KIND, item.span, message).suggest(nearest_name(kind, names)));
        }
    }
    None
}

//! The schema of `kind = "reactions"`: which keys there are, what they may hold, and how names are resolved.

mod laws;
mod outputs;
mod species;
mod symbols;

pub(super) use outputs::MAXIMUM_TRAJECTORIES;

use std::sync::Arc;

use super::super::Vocabulary;
use super::super::diagnostic::{Fault, ModelError, code};
use super::super::read::dynamics::{seed, time};
use super::super::read::{bibliography, units};
use super::super::reader::{Item, Table};
use super::environment::ReactionsEnvironment;
use super::symbols::Admit;
use super::{Origin, Pairing, Powers, Reactions, Treatment};

/// The keys of each table, in the order in which the documentation lists them.
pub(in super::super) mod keys {
    pub(crate) const ROOT: &[&str] = &[
        "irrev",
        "kind",
        "title",
        "doc",
        "sources",
        "units",
        "parameters",
        "compartments",
        "species",
        "variables",
        "reactions",
        "thermodynamics",
        "volume",
        "time",
        "stochastic",
        "limit_cycle",
        "sweep",
        "report",
        "random",
        "reading",
    ];
    pub(crate) const COMPARTMENT: &[&str] = &["size", "dimensions"];
    pub(crate) const SPECIES: &[&str] = &[
        "initial",
        "initial_amount",
        "chemostat",
        "chemostat_amount",
        "assigned",
        "rate",
        "compartment",
        "symbol",
        "standard_potential",
        "doc",
    ];
    pub(crate) const VARIABLE: &[&str] = &["initial", "rate"];
    pub(crate) const REACTION: &[&str] = &[
        "eq",
        "kf",
        "kr",
        "keq",
        "dG0",
        "standard_potentials",
        "forward",
        "backward",
        "net",
        "compartment",
        "irreversible",
        "doc",
    ];
    pub(crate) const THERMODYNAMICS: &[&str] = &["temperature", "irreversible", "unsplit", "pairing"];
    pub(crate) const VOLUME: &[&str] = &["omega"];
    pub(crate) const STOCHASTIC: &[&str] = &["trajectories", "powers"];
    pub(crate) const SWEEP: &[&str] = super::super::super::read::keys::SWEEP;
    pub(crate) const LIMIT_CYCLE: &[&str] = &["species", "value"];
    pub(crate) const READING: &[&str] = &["code", "note", "help"];
}

/// What may be done about reactions without a reverse rate.
pub(super) const IRREVERSIBLE: &[(Treatment, &str)] = &[
    (Treatment::Infinite, "infinite"),
    (Treatment::LeaveOut, "leave-out"),
    (Treatment::Refuse, "refuse"),
];

/// What may be done about net laws.
pub(super) const UNSPLIT: &[(Treatment, &str)] =
    &[(Treatment::LeaveOut, "leave-out"), (Treatment::Refuse, "refuse")];

/// What may become of one-way reactions that undo each other.
pub(super) const PAIRING: &[(Pairing, &str)] = &[(Pairing::Joined, "joined"), (Pairing::Apart, "apart")];

/// What a power of a number of molecules may mean.
pub(super) const POWERS: &[(Powers, &str)] = &[
    (Powers::AsWritten, "as-written"),
    (Powers::FallingFactorials, "falling-factorials"),
];

/// What reading a file may have decided that a model written from it does not show.
pub(super) const READING: &[&str] = &[code::LAW, code::CHANGED, code::UNSUPPORTED, code::NO_EFFECT];

/// The model in the file, or nothing if the findings say why there is none.
pub(in super::super) fn reactions(
    root: &Table,
    vocabulary: &Vocabulary,
) -> Result<Option<Reactions>, ModelError> {
    let findings = root.findings();
    root.only(keys::ROOT);
    let declared = symbols::declared(root);
    let symbols = declared.symbols();
    let parameters = declared.parameters(&symbols);
    let compartments = species::compartments(&declared.compartments, &symbols);
    let species = species::species(&declared.species, &symbols, &compartments);
    let variables = declared.variables(&symbols);
    let reactions = laws::reactions(root, &symbols, &species, &compartments);
    if findings.has_errors() {
        return Ok(None);
    }
    let constant = |item: &Item| symbols.read(item, Admit::Constants);
    let thermodynamics = outputs::thermodynamics(root, &symbols);
    let stochastic = outputs::stochastic(root);
    let mut spec = Reactions {
        source: Arc::clone(findings.source()),
        title: root.string("title"),
        doc: root.string("doc"),
        sources: bibliography(root),
        units: units(root),
        parameters,
        compartments,
        species,
        variables,
        reactions,
        temperature: thermodynamics.temperature,
        system_size: outputs::system_size(root, &symbols),
        irreversible: thermodynamics.irreversible,
        unsplit: thermodynamics.unsplit,
        pairing: thermodynamics.pairing,
        powers: stochastic.powers,
        time: time(root, &constant),
        trajectories: stochastic.trajectories,
        section: None,
        sweeps: Vec::new(),
        report: super::super::read::outputs::report(root, vocabulary.reactions.quantities),
        seed: seed(root),
        origin: Origin::ModelFile,
        warnings: outputs::reading(root),
    };
    spec.section = outputs::section(root, &symbols, &spec);
    if findings.has_errors() {
        return Ok(None);
    }
    let environment = ReactionsEnvironment::new(&spec, &[])?;
    environment.check()?;
    let slots = environment.initial_slots()?;
    let sweeps = outputs::sweeps(root, &symbols, &spec, &slots, vocabulary)?;
    if findings.has_errors() {
        return Ok(None);
    }
    spec.sweeps = sweeps;
    Ok(Some(spec))
}

/// Records that a thing is stated in two ways that exclude each other.
fn conflict(table: &Table, key: &str, message: String, help: &str) {
    let span = table.key_span(key).unwrap_or(table.span());
    let fault = Fault::error(code::CONFLICT, span, message);
    table.findings().add(match help {
        "" => fault,
        help => fault.help(help),
    });
}

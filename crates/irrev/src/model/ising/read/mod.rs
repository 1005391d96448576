//! The schema of `kind = "kinetic-ising"`: which keys there are, what they may hold, and what must fit together.

mod network;
mod questions;

pub(super) use network::{INFINITE, misspelt_infinite};
pub(super) use questions::varied_key;

use std::sync::Arc;

use irrev_ising::simulation::Start;

use super::super::Vocabulary;
use super::super::diagnostic::{Fault, ModelError, code};
use super::super::formula::Admit;
use super::super::keyed::Reader;
use super::super::keyed_changes::sweeps;
use super::super::read::dynamics::seed;
use super::super::read::{bibliography, outputs, parameters, units};
use super::super::reader::{Item, Table};
use super::numbers;
use super::overrides::find;
use super::values::IsingEnvironment;
use super::{CouplingKind, Ising, SelfCouplingPolicy, UpdateRule};
use crate::source::ExitCategory;

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
        "network",
        "dynamics",
        "initial",
        "quench",
        "phase_diagram",
        "mean_field",
        "simulation",
        "transfer",
        "sweep",
        "report",
        "random",
    ];
    pub(crate) const NETWORK: &[&str] = &["size", "couplings", "fields", "self_couplings", "draws"];
    /// Keys of couplings of each type, required ones first.
    pub(crate) const COUPLINGS: &[(&str, &[&str], &[&str])] = &[
        ("gaussian", &["mean", "spread"], &["symmetry", "rng"]),
        ("diluted", &["mean", "spread", "degree"], &["rng"]),
        ("patterns", &["patterns"], &["sequence", "rng"]),
        (
            "excitatory-inhibitory",
            &["excitatory", "excitation", "inhibition", "spread"],
            &["rng"],
        ),
        ("lattice", &["columns", "rows", "coupling"], &[]),
        ("matrix", &[], &["rows", "entries", "file", "entries_file"]),
    ];
    /// As `COUPLINGS`, for fields.
    pub(crate) const FIELDS: &[(&str, &[&str], &[&str])] = &[
        ("constant", &["value"], &[]),
        ("uniform", &["half_width"], &["mean", "rng"]),
        ("gaussian", &["spread"], &["mean", "rng"]),
        ("given", &[], &["values", "file"]),
    ];
    pub(crate) const DYNAMICS: &[&str] = &["update", "beta", "probability"];
    pub(crate) const INITIAL: &[&str] = &["magnetization"];
    pub(crate) const QUENCH: &[&str] = &["steps"];
    pub(crate) const PHASE_DIAGRAM: &[&str] = &["x", "y"];
    pub(crate) const AXIS: &[&str] = &["key", "from", "to", "points"];
    pub(crate) const MEAN_FIELD: &[&str] = &["steps", "tolerance"];
    pub(crate) const TRANSFER: &[&str] = &[
        "from",
        "to",
        "points",
        "replicas",
        "burn_in",
        "measured",
        "input_rate",
    ];
    pub(crate) const SIMULATION: &[&str] = &["replicas", "burn_in", "measured", "every", "lags", "start"];
}

/// What may become of couplings of spins to themselves.
pub(super) const POLICIES: &[(SelfCouplingPolicy, &str)] = &[
    (SelfCouplingPolicy::Keep, "keep"),
    (SelfCouplingPolicy::Drop, "drop"),
    (SelfCouplingPolicy::Refuse, "refuse"),
];

/// Where simulations may start.
pub(super) const STARTS: &[(Start, &str)] = &[(Start::Up, "up"), (Start::Random, "random")];

/// The model in the file, or nothing if the findings say why there is none.
pub(in super::super) fn ising(root: &Table, vocabulary: &Vocabulary) -> Result<Option<Ising>, ModelError> {
    let findings = root.findings();
    root.only(keys::ROOT);
    let (parameters, scope) = parameters(root, Admit::Constants);
    let mut reader = Reader::new(&scope, numbers::of);
    let network = network::network(root, &mut reader)?;
    let update = dynamics(root, &mut reader);
    let questions = questions::questions(root, &mut reader);
    let (Some(network), Some(update), false) = (network, update, findings.has_errors()) else {
        return Ok(None);
    };
    let mut spec = Ising {
        source: Arc::clone(findings.source()),
        title: root.string("title"),
        doc: root.string("doc"),
        sources: bibliography(root),
        units: units(root),
        parameters,
        network_span: network.span,
        sizes: network.sizes,
        couplings: network.couplings,
        fields: network.fields,
        self_couplings: network.self_couplings,
        update,
        phase_diagram: questions.phase_diagram,
        has_quench: questions.has_quench,
        has_mean_field: questions.has_mean_field,
        simulation: questions.simulation,
        has_transfer: questions.has_transfer,
        numbers: reader.kept,
        sweeps: Vec::new(),
        report: outputs::report(root, vocabulary.ising.quantities),
        seed: seed(root),
        warnings: Vec::new(),
    };
    // Sweeps may name any number of the model, so they come when all the others are there.
    spec.sweeps = sweeps(root, &scope, |key| find(&spec, key), vocabulary.ising.scalars);
    if findings.has_errors() {
        return Ok(None);
    }
    consistent(&spec)?;
    let environment = IsingEnvironment::new(&spec, &[])?;
    environment.values()?;
    for index in 0..spec.sweeps.len() {
        environment.sweep_values(index)?;
    }
    Ok(Some(spec))
}

fn dynamics(root: &Table, reader: &mut Reader) -> Option<UpdateRule> {
    let table = root.require("dynamics").as_ref().and_then(Item::table)?;
    table.only(keys::DYNAMICS);
    reader.required(&table, "beta");
    if let Some(item) = table.get("probability") {
        reader.keep(&item);
    }
    table.require("update")?.choice(UpdateRule::ALL)
}

/// What must fit together whatever the numbers are: asked again after overrides.
///
/// # Errors
/// Partial updates without a probability, self-couplings that are to be kept for updates of single spins.
pub(super) fn consistent(spec: &Ising) -> Result<(), ModelError> {
    let fault = |message: &str, help: &str| {
        let fault = Fault::error(code::CONFLICT, spec.network_span, message).help(help);
        ModelError::single(ExitCategory::Invalid, fault.in_file(&spec.source))
    };
    if spec.has_transfer && !matches!(spec.couplings, CouplingKind::Lattice) {
        return Err(fault(
            "[transfer] asks for transfer entropies over temperature, and couplings are not those of a lattice",
            "write `couplings = { type = \"lattice\", columns = 16, rows = 16, coupling = 1.0 }`",
        ));
    }
    if spec.update == UpdateRule::Partial && spec.number("dynamics.probability").is_none() {
        return Err(fault(
            "`dynamics.update` is \"partial\" and `dynamics.probability` is missing",
            "write the probability with which each spin is refreshed at a step, above 0 and at most 1",
        ));
    }
    if spec.update.is_one_at_a_time() && spec.self_couplings == Some(SelfCouplingPolicy::Keep) {
        return Err(fault(
            "`network.self_couplings` is \"keep\", which updates of single spins do not allow: even symmetric couplings would dissipate",
            "write \"drop\" or \"refuse\", or parallel or partial updates",
        ));
    }
    if spec.couplings.is_random() && spec.self_couplings == Some(SelfCouplingPolicy::Refuse) {
        return Err(fault(
            "`network.self_couplings` is \"refuse\", but couplings are drawn at random, those of spins to themselves like all others",
            "write \"keep\" or \"drop\"",
        ));
    }
    Ok(())
}

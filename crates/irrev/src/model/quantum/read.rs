//! The schema of `kind = "quantum-lattice"`: which keys there are, what they may hold, and what must fit together.

use std::sync::Arc;

use irrev_quantum::lattice::Boundary;
use irrev_quantum::temperature::Matching;

use super::super::Vocabulary;
use super::super::diagnostic::{Fault, ModelError, code};
use super::super::formula::Admit;
use super::super::keyed::Reader;
use super::super::keyed_changes::sweeps;
use super::super::read::dynamics::seed;
use super::super::read::{bibliography, outputs, parameters, units};
use super::super::reader::{Item, Table, counted};
use super::overrides::find;
use super::values::QuantumEnvironment;
use super::{BathSizes, LatticeKind, Quantum, Spans, StateKind, numbers};
use crate::source::Span;

/// Most bonds that are listed: all pairs of 64 sites, a few times.
const MOST_BONDS: usize = 10_000;

/// Most sizes of a bath that are compared.
const MOST_SIZES: usize = 100;

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
        "lattice",
        "bath",
        "system",
        "contact",
        "drive",
        "time",
        "light_cone",
        "scan",
        "sizes",
        "sweep",
        "report",
        "random",
    ];
    pub(crate) const LATTICE: &[&str] = &["type", "shape", "boundary", "sites", "bonds"];
    pub(crate) const BATH: &[&str] = &[
        "particles",
        "state",
        "eigenstate",
        "block",
        "temperature",
        "width",
        "beta",
        "alpha",
        "matching",
        "hopping",
        "interaction",
        "energy",
        "phase",
        "flux",
        "disorder",
        "rng",
        "next_hopping",
        "next_interaction",
    ];
    pub(crate) const SYSTEM: &[&str] = &[
        "energy",
        "populations",
        "amplitudes",
        "regularise",
        "bonds",
        "hopping",
        "interaction",
    ];
    pub(crate) const CONTACT: &[&str] = &["hopping", "interaction", "sites"];
    pub(crate) const DRIVE: &[&str] = &["times", "system", "contact"];
    pub(crate) const TIME: &[&str] = &["end", "points", "distribution_at"];
    pub(crate) const LIGHT_CONE: &[&str] = &["radius", "threshold"];
    pub(crate) const SCAN: &[&str] = &["eigenstates", "time", "threshold"];
    pub(crate) const SIZES: &[&str] = &["shapes", "particles", "filling", "eigenstates", "window", "times"];
}

/// Kinds of lattices that a word names.
pub(super) const LATTICES: &[(&LatticeKind, &str)] = &[
    (&LatticeKind::Chain, "chain"),
    (&LatticeKind::Ladder, "ladder"),
    (&LatticeKind::Square, "square"),
    (&LatticeKind::Hexagonal, "hexagonal"),
];

/// Ends of a lattice.
pub(super) const BOUNDARIES: &[(Boundary, &str)] =
    &[(Boundary::Open, "open"), (Boundary::Periodic, "periodic")];

/// Which ensemble is matched.
pub(super) const MATCHINGS: &[(Matching, &str)] = &[
    (Matching::Grand, "grand"),
    (Matching::Sector, "sector"),
    (Matching::Fock, "fock"),
];

/// The model in the file, or nothing if the findings say why there is none.
pub(in super::super) fn quantum(
    root: &Table,
    vocabulary: &Vocabulary,
) -> Result<Option<Quantum>, ModelError> {
    let findings = root.findings();
    root.only(keys::ROOT);
    let (parameters, scope) = parameters(root, Admit::Constants);
    let mut reader = Reader::new(&scope, numbers::of);
    let lattice = required(root, "lattice", keys::LATTICE).and_then(|table| {
        let (kind, boundaries, bonds) = lattice(&table, &mut reader)?;
        Some((kind, boundaries, table.span(), bonds))
    });
    let bath = required(root, "bath", keys::BATH).map(|table| {
        let (state, matching) = bath(&table, &mut reader);
        (state, matching, table.span())
    });
    let system = required(root, "system", keys::SYSTEM).and_then(|table| {
        let energy = table.require("energy");
        energy.and_then(|item| reader.keep_all(&item));
        initial_state(&table, &mut reader);
        for key in ["regularise", "hopping", "interaction"] {
            reader.optional(Some(&table), key, &format!("system.{key}"));
        }
        let bonds = table
            .get("bonds")
            .map_or_else(|| Some(Pairs::default()), |item| pairs(&item, Ends::Alike));
        Some((bonds?, table.span()))
    });
    let contact = required(root, "contact", keys::CONTACT).and_then(|table| {
        if let Some(item) = table.require("hopping") {
            reader.keep_all(&item);
        }
        reader.optional(Some(&table), "interaction", "contact.interaction");
        let sites = match table.get("sites") {
            None => Pairs {
                sites: vec![(0, 0)],
                spans: Vec::new(),
            },
            Some(item) => {
                let sites = pairs(&item, Ends::Different)?;
                if sites.sites.is_empty() {
                    item.refuse("found an empty list: the system would touch the bath nowhere");
                    return None;
                }
                sites
            }
        };
        Some((sites, table.span()))
    });
    let drive = root
        .get("drive")
        .as_ref()
        .and_then(|item| drive(item, &mut reader));
    let (has_scan, sizes) = questions(root, &mut reader, lattice.as_ref().map(|found| &found.0));
    let (Some(lattice), Some(bath), Some(system), Some(contact), false) =
        (lattice, bath, system, contact, findings.has_errors())
    else {
        return Ok(None);
    };
    let mut spec = Quantum {
        source: Arc::clone(findings.source()),
        title: root.string("title"),
        doc: root.string("doc"),
        sources: bibliography(root),
        units: units(root),
        parameters,
        spans: Spans {
            drive,
            lattice: lattice.2,
            bath: bath.2,
            system: system.1,
            contact: contact.1,
            bonds: lattice.3,
            system_bonds: system.0.spans,
            contacts: contact.0.spans,
        },
        lattice: lattice.0,
        boundaries: lattice.1,
        state: bath.0,
        matching: bath.1,
        system_bonds: system.0.sites,
        contacts: contact.0.sites,
        numbers: reader.kept,
        has_scan,
        sizes,
        sweeps: Vec::new(),
        report: outputs::report(root, vocabulary.quantum.quantities),
        seed: seed(root),
        warnings: Vec::new(),
    };
    // Sweeps may name any number of the model, so they come when all the others are there.
    spec.sweeps = sweeps(root, &scope, |key| find(&spec, key), vocabulary.quantum.scalars);
    if findings.has_errors() {
        return Ok(None);
    }
    let environment = QuantumEnvironment::new(&spec, &[])?;
    environment.values()?;
    for place in 0..spec.sizes.as_ref().map_or(0, |sizes| sizes.shapes.len()) {
        environment.sized(place, 0.0)?;
    }
    for index in 0..spec.sweeps.len() {
        environment.sweep_values(index)?;
    }
    Ok(Some(spec))
}

/// A table that must be there, with its keys checked.
fn required<'a>(root: &Table<'a>, name: &str, keys: &[&str]) -> Option<Table<'a>> {
    let table = root.require(name)?.table()?;
    table.only(keys);
    Some(table)
}

/// The kind of the lattice, its ends, and where its bonds are written if they are listed.
fn lattice(table: &Table, reader: &mut Reader) -> Option<(LatticeKind, [Boundary; 2], Vec<Span>)> {
    let boundaries = match table.get("boundary") {
        None => [Boundary::Open; 2],
        Some(item) if item.is_array() => {
            let elements = item.array()?;
            let [first, second] = elements.as_slice() else {
                item.refuse("expected one word, or one for each of the two directions");
                return None;
            };
            [first.choice(BOUNDARIES)?, second.choice(BOUNDARIES)?]
        }
        Some(item) => [item.choice(BOUNDARIES)?; 2],
    };
    if let Some(item) = table.get("bonds") {
        for key in ["type", "shape", "boundary"] {
            if let Some(other) = table.get(key) {
                other.refuse("found beside `bonds`, which say all of the lattice themselves");
                return None;
            }
        }
        reader.required(table, "sites");
        let bonds = pairs(&item, Ends::Alike)?;
        return Some((LatticeKind::Bonds(bonds.sites), boundaries, bonds.spans));
    }
    if let Some(other) = table.get("sites") {
        other.refuse("found without `bonds`; the size of a lattice with a type is its `shape`");
        return None;
    }
    let kind = table.require("type")?.choice(LATTICES)?.clone();
    let shape = table.require("shape")?;
    let found = reader.keep_all(&shape)?;
    let expected = if kind == LatticeKind::Chain { 1 } else { 2 };
    if found != expected {
        shape.refuse(&format!(
            "found {found} numbers, expected {expected}: {}",
            match kind {
                LatticeKind::Chain => "the length of the chain",
                LatticeKind::Ladder => "the length and the number of legs",
                _ => "the numbers of columns and rows",
            }
        ));
        return None;
    }
    Some((kind, boundaries, Vec::new()))
}

fn bath(table: &Table, reader: &mut Reader) -> (StateKind, Matching) {
    reader.required(table, "particles");
    for key in [
        "hopping",
        "interaction",
        "flux",
        "disorder",
        "next_hopping",
        "next_interaction",
    ] {
        reader.optional(Some(table), key, &format!("bath.{key}"));
    }
    for key in ["energy", "phase"] {
        match table.get(key) {
            Some(item) => {
                reader.keep_all(&item);
            }
            None => reader.default(&format!("bath.{key}")),
        }
    }
    for key in ["rng", "eigenstate", "temperature", "width", "beta", "alpha"] {
        if let Some(item) = table.get(key) {
            reader.keep(&item);
        }
    }
    if let Some(item) = table.get("block") {
        reader.keep_all(&item);
    }
    let state = table.get("state").and_then(|item| item.choice(StateKind::ALL));
    let stated = table.get("matching");
    if let (Some(item), Some(StateKind::Gibbs | StateKind::Typical)) = (&stated, state) {
        item.refuse("a Gibbs state, and a typical one, has β and α of its own, and nothing is matched");
    }
    let matching = stated.and_then(|item| item.choice(MATCHINGS));
    (
        state.unwrap_or(StateKind::Eigenstate),
        matching.unwrap_or_default(),
    )
}

/// Knots of the factors of system and contact, with the place of the table.
fn drive(item: &Item, reader: &mut Reader) -> Option<Span> {
    let table = item.table()?;
    table.only(keys::DRIVE);
    reader.keep_all(&table.require("times")?)?;
    let factors = ["system", "contact"].map(|key| table.get(key));
    if factors.iter().all(Option::is_none) {
        item.refuse("found `times` alone; expected factors of the `system`, of the `contact`, or of both at these times");
        return None;
    }
    for factors in factors.iter().flatten() {
        reader.keep_all(factors)?;
    }
    Some(table.span())
}

/// Reads the state of the system at the start: a mixture of occupations, or a superposition of them.
fn initial_state(table: &Table, reader: &mut Reader) {
    match (table.get("populations"), table.get("amplitudes")) {
        (Some(_), Some(amplitudes)) => {
            amplitudes
                .refuse("found beside `populations`; the system starts in a mixture or in a superposition");
        }
        (None, Some(amplitudes)) => {
            for pair in amplitudes.array().into_iter().flatten() {
                let Some(parts) = pair.array() else { continue };
                if parts.len() != 2 {
                    pair.refuse(&format!(
                        "found {}, expected the real and the imaginary part of an amplitude",
                        counted(parts.len(), "number")
                    ));
                }
                for part in parts {
                    reader.keep(&part);
                }
            }
        }
        (Some(populations), None) => {
            reader.keep_all(&populations);
        }
        (None, None) => {
            let message = "missing key `populations` in `system`";
            let fault = Fault::error(code::MISSING_KEY, table.span(), message);
            let help = "or `amplitudes`, if the system starts in a superposition";
            table.findings().add(fault.help(help));
        }
    }
}

/// Reads what the author wants to know: whether a scan over eigenstates is asked for, and which lattices are to be compared.
fn questions(root: &Table, reader: &mut Reader, lattice: Option<&LatticeKind>) -> (bool, Option<BathSizes>) {
    let table = |name: &str, keys: &[&str]| {
        let table = root.get(name).as_ref().and_then(Item::table)?;
        table.only(keys);
        Some(table)
    };
    if let Some(time) = required(root, "time", keys::TIME) {
        reader.required(&time, "end");
        reader.optional(Some(&time), "points", "time.points");
        if let Some(item) = time.get("distribution_at") {
            reader.keep(&item);
        }
    }
    let light_cone = table("light_cone", keys::LIGHT_CONE);
    if let Some(item) = light_cone.as_ref().and_then(|table| table.get("radius")) {
        reader.keep(&item);
    }
    reader.optional(light_cone.as_ref(), "threshold", "light_cone.threshold");
    let scan = table("scan", keys::SCAN);
    for key in ["eigenstates", "threshold"] {
        reader.optional(scan.as_ref(), key, &format!("scan.{key}"));
    }
    if let Some(item) = scan.as_ref().and_then(|table| table.get("time")) {
        reader.keep(&item);
    }
    let sizes = table("sizes", keys::SIZES).and_then(|table| sizes(&table, reader, lattice?));
    (scan.is_some(), sizes)
}

/// Reads which lattices are to be compared; nothing if the findings say why not.
fn sizes(table: &Table, reader: &mut Reader, lattice: &LatticeKind) -> Option<BathSizes> {
    let shapes = table.require("shapes")?;
    let lengths = match lattice {
        LatticeKind::Bonds(_) => {
            shapes.refuse("found beside `lattice.bonds`; only a lattice with a type has other sizes");
            return None;
        }
        LatticeKind::Chain => 1,
        _ => 2,
    };
    let elements = shapes.array()?;
    let shape = |element: &Item| {
        let numbers = if element.is_array() {
            let lengths = element.array()?;
            lengths
                .iter()
                .map(|item| item.count(1, 64))
                .collect::<Option<Vec<_>>>()?
        } else {
            vec![element.count(1, 64)?]
        };
        if numbers.len() != lengths {
            element.refuse(&format!(
                "found {}, expected {lengths} as in `lattice.shape`",
                counted(numbers.len(), "number")
            ));
            return None;
        }
        Some(numbers)
    };
    let found: Vec<Vec<usize>> = elements.iter().map(shape).collect::<Option<_>>()?;
    if found.is_empty() || found.len() > MOST_SIZES {
        shapes.refuse(&format!(
            "found {}, expected 1 to {MOST_SIZES}",
            counted(found.len(), "shape")
        ));
        return None;
    }
    match (table.get("particles"), table.get("filling")) {
        (Some(particles), None) => {
            let listed = reader.keep_all(&particles)?;
            if listed != found.len() {
                particles.refuse(&format!(
                    "found {}, expected {}, one for each of `sizes.shapes`",
                    counted(listed, "number"),
                    found.len()
                ));
            }
        }
        (None, Some(filling)) => reader.keep(&filling),
        (Some(_), Some(filling)) => filling.refuse("found beside `particles`, which say the same"),
        (None, None) => {
            let message = "missing key `particles` in `sizes`";
            let fault = Fault::error(code::MISSING_KEY, table.span(), message);
            let help = "or `filling`, the part of the sites that is occupied";
            table.findings().add(fault.help(help));
        }
    }
    for key in ["eigenstates", "window"] {
        reader.optional(Some(table), key, &format!("sizes.{key}"));
    }
    if let Some(times) = table.get("times") {
        reader.keep_all(&times);
    }
    Some(BathSizes {
        shapes: found,
        spans: elements.iter().map(|element| element.span).collect(),
    })
}

/// Pairs of sites, and where each is written.
#[derive(Default)]
struct Pairs {
    sites: Vec<(usize, usize)>,
    spans: Vec<Span>,
}

/// Whether a pair of sites and the same the other way round are one bond.
#[derive(Clone, Copy, PartialEq)]
enum Ends {
    /// Both ends lie in one lattice.
    Alike,
    /// The first lies in the system, the second in the bath.
    Different,
}

/// Pairs of sites, counted from 0; what is listed twice is warned of.
fn pairs(item: &Item, ends: Ends) -> Option<Pairs> {
    let elements = item.array()?;
    if elements.len() > MOST_BONDS {
        item.refuse(&format!(
            "found {} pairs, expected at most {MOST_BONDS}",
            elements.len()
        ));
        return None;
    }
    let sites: Vec<(usize, usize)> = elements
        .iter()
        .map(|element| {
            let ends = element.array()?;
            let [first, second] = ends.as_slice() else {
                element.refuse(&format!(
                    "found {} numbers, expected the two sites of a bond",
                    ends.len()
                ));
                return None;
            };
            Some((first.count(0, 63)?, second.count(0, 63)?))
        })
        .collect::<Option<_>>()?;
    for (place, &(i, j)) in sites.iter().enumerate() {
        let is_again = |pair: &(usize, usize)| *pair == (i, j) || (ends == Ends::Alike && *pair == (j, i));
        let earlier = sites[..place].iter().position(is_again);
        if let Some(earlier) = earlier {
            let element = &elements[place];
            let message = format!(
                "`{}` joins the sites of `{}` again: their couplings add up",
                element.path, elements[earlier].path
            );
            element.fault(Fault::warning(code::REPEATED_BOND, element.span, message));
        }
    }
    Some(Pairs {
        sites,
        spans: elements.iter().map(|element| element.span).collect(),
    })
}

//! The schema of `kind = "langevin"`: which keys there are, what they may hold, and what must fit together.

use std::collections::HashSet;
use std::sync::Arc;

use super::super::Vocabulary;
use super::super::diagnostic::{Fault, ModelError, code};
use super::super::formula::{Admit, Formula, Scope, refused_name};
use super::super::keyed::Reader;
use super::super::keyed_changes::sweeps;
use super::super::read::dynamics::seed;
use super::super::read::{bibliography, is_new, outputs, parameters, tables, units};
use super::super::reader::{Item, Table, quoted};
use super::overrides::find;
use super::values::LangevinEnvironment;
use super::{
    Coordinate, DynamicsKind, Ends, Integrator, Langevin, MemoryTerms, WallKind, memory, numbers, projections,
};
use crate::source::Span;

/// Most coordinates.
const MOST_COORDINATES: usize = 1_000;

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
        "coordinates",
        "dynamics",
        "first_passage",
        "relaxation",
        "protocol",
        "projections",
        "simulate",
        "sweep",
        "report",
        "random",
    ];
    pub(crate) const COORDINATE: &[&str] = &["min", "max", "boundary", "intervals"];
    pub(crate) const DYNAMICS: &[&str] = &[
        "type",
        "potential",
        "force",
        "temperature",
        "mobility",
        "mass",
        "friction",
        "memory",
    ];
    pub(crate) const FIRST_PASSAGE: &[&str] = &["from", "to", "radius"];
    pub(crate) const RELAXATION: &[&str] = &["from", "width", "time", "points"];
    pub(crate) const PROTOCOL: &[&str] = &["duration"];
    pub(crate) const SIMULATE: &[&str] = &["step", "time", "walkers", "discard", "start", "integrator"];
}

/// What may be at both ends of a coordinate.
pub(super) const BOUNDARIES: &[(Ends, &str)] = &[
    (Ends::Open, "open"),
    (Ends::Periodic, "periodic"),
    (
        Ends::Walls(WallKind::Reflecting, WallKind::Reflecting),
        "reflecting",
    ),
    (Ends::Walls(WallKind::Absorbing, WallKind::Absorbing), "absorbing"),
];

/// What may be at one end of a coordinate.
pub(super) const WALLS: &[(WallKind, &str)] = &[
    (WallKind::Reflecting, "reflecting"),
    (WallKind::Absorbing, "absorbing"),
];

/// The model in the file, or nothing if the findings say why there is none.
pub(in super::super) fn langevin(
    root: &Table,
    vocabulary: &Vocabulary,
) -> Result<Option<Langevin>, ModelError> {
    let findings = root.findings();
    root.only(keys::ROOT);
    let (parameters, scope) = parameters(root, Admit::Constants);
    let mut reader = Reader::new(&scope, numbers::of);
    let coordinates = coordinates(root, &scope, &mut reader);
    let names: Vec<String> = coordinates
        .iter()
        .map(|coordinate| coordinate.name.clone())
        .collect();
    let of_place = scope_of_place(&scope, &names);
    let dynamics = root
        .require("dynamics")
        .and_then(|item| dynamics(&item, &names, &of_place, &mut reader));
    questions(root, &names, &mut reader);
    let mut formulas = Vec::new();
    let projections = tables(root, "projections")
        .iter()
        .enumerate()
        .map(|(place, table)| {
            let sizes = (place, names.len());
            projections::read(table, (&mut reader, &of_place), sizes, &mut formulas)
        })
        .collect::<Option<Vec<_>>>();
    let integrator = dynamics
        .as_ref()
        .and_then(|dynamics| integrator(root, dynamics.kind));
    let (
        Some(Read {
            kind,
            fields,
            memory,
            span: dynamics_span,
        }),
        Some(projections),
        false,
    ) = (dynamics, projections, findings.has_errors())
    else {
        return Ok(None);
    };
    let mut spec = Langevin {
        source: Arc::clone(findings.source()),
        title: root.string("title"),
        doc: root.string("doc"),
        sources: bibliography(root),
        units: units(root),
        parameters,
        coordinates,
        dynamics: kind,
        dynamics_span,
        fields: fields.into_iter().chain(formulas).collect(),
        memory,
        projections,
        has_passage: root.contains("first_passage"),
        has_relaxation: root.contains("relaxation"),
        has_protocol: root.contains("protocol"),
        has_simulation: root.contains("simulate"),
        integrator,
        numbers: reader.kept,
        sweeps: Vec::new(),
        report: outputs::report(root, vocabulary.langevin.quantities),
        seed: seed(root),
        warnings: Vec::new(),
    };
    // Sweeps may name any number of the model, so they come when all the others are there.
    spec.sweeps = sweeps(root, &scope, |key| find(&spec, key), vocabulary.langevin.scalars);
    if findings.has_errors() {
        return Ok(None);
    }
    let environment = LangevinEnvironment::new(&spec, &[])?;
    environment.values()?;
    for index in 0..spec.sweeps.len() {
        environment.sweep_values(index)?;
    }
    Ok(Some(spec))
}

/// Names of parameters and coordinates together, for fields.
pub(super) fn scope_of_place(parameters: &Scope, coordinates: &[String]) -> Scope {
    let names = parameters.names().iter().chain(coordinates).cloned();
    Scope::new(names.collect())
}

fn coordinates(root: &Table, scope: &Scope, reader: &mut Reader) -> Vec<Coordinate> {
    let Some(table) = root.require("coordinates").as_ref().and_then(Item::table) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for entry in table.entries() {
        let refused = refused_name(entry.key).or_else(|| {
            scope
                .position(entry.key)
                .map(|_| format!("`{}` is the name of a parameter", entry.key))
        });
        if let Some(reason) = refused {
            root.findings()
                .add(Fault::error(code::BAD_NAME, entry.key_span, reason));
            continue;
        }
        if !is_new(&mut seen, entry.key, "coordinates", &entry.item) {
            continue;
        }
        let Some(details) = entry.item.table() else {
            continue;
        };
        details.only(keys::COORDINATE);
        for key in ["min", "max", "intervals"] {
            if let Some(item) = details.get(key) {
                reader.keep(&item);
            }
        }
        let ends = match details.get("boundary") {
            None => Some(Ends::Open),
            Some(item) => ends(&item),
        };
        let Some(ends) = ends else { continue };
        let has_both = details.contains("min") && details.contains("max");
        if !has_both && (ends != Ends::Open || details.contains("min") || details.contains("max")) {
            entry
                .item
                .refuse("expected both `min` and `max`: where it begins and ends");
            continue;
        }
        found.push(Coordinate {
            name: entry.key.to_owned(),
            ends,
            span: entry.key_span,
        });
    }
    if found.is_empty() && !root.findings().has_errors() {
        table.findings().add(Fault::error(
            code::MISSING_KEY,
            table.span(),
            "found no coordinate, expected at least one, as in `x = { min = -2, max = 2 }`",
        ));
    }
    if found.len() > MOST_COORDINATES {
        let message = format!(
            "found {} coordinates, expected at most {MOST_COORDINATES}",
            found.len()
        );
        table
            .findings()
            .add(Fault::error(code::BAD_VALUE, table.span(), message));
    }
    found
}

fn ends(item: &Item) -> Option<Ends> {
    if !item.is_array() {
        return item.choice(BOUNDARIES);
    }
    let elements = item.array()?;
    let [low, high] = elements.as_slice() else {
        item.refuse("expected one word, or one for each of the two ends");
        return None;
    };
    Some(Ends::Walls(low.choice(WALLS)?, high.choice(WALLS)?))
}

/// What moves, its fields, what its baths remember, and where it is written.
struct Read {
    kind: DynamicsKind,
    fields: Vec<Formula>,
    memory: Vec<MemoryTerms>,
    span: Span,
}

fn dynamics(item: &Item, names: &[String], of_place: &Scope, reader: &mut Reader) -> Option<Read> {
    let table = item.table()?;
    table.only(keys::DYNAMICS);
    let kind = match table.get("type") {
        None => DynamicsKind::Overdamped,
        Some(item) => item.choice(DynamicsKind::ALL)?,
    };
    let mut fields = Vec::new();
    let field = |item: &Item, fields: &mut Vec<Formula>| {
        let formula = item.formula(of_place, Admit::Time);
        fields.extend(formula);
    };
    if let Some(item) = table.get("potential") {
        field(&item, &mut fields);
    }
    let force = table.get("force");
    if let Some(force) = &force {
        if names.len() > 1 && !force.is_table() {
            force.refuse(&format!(
                "expected a table with a force for each of {}, as in `{{ {} = \"…\" }}`",
                quoted(&names.iter().map(String::as_str).collect::<Vec<_>>()),
                names[0]
            ));
            return None;
        }
        each(force, names, |item| field(item, &mut fields))?;
    }
    if table.get("potential").is_none() && force.is_none() {
        item.refuse("found neither `potential` nor `force`; expected at least one of them");
        return None;
    }
    match table.get("temperature") {
        Some(item) => each(&item, names, |item| reader.keep(item))?,
        None => reader.default("dynamics.temperature"),
    }
    let (own, foreign): (&[&str], &[&str]) = match kind {
        DynamicsKind::Overdamped => (&["mobility"], &["mass", "friction", "memory"]),
        DynamicsKind::Underdamped => (&["mass", "friction"], &["mobility", "memory"]),
        DynamicsKind::Generalized => (&["mass", "friction", "memory"], &["mobility"]),
    };
    for key in foreign {
        if let Some(item) = table.get(key) {
            item.refuse(&format!(
                "found beside `type = \"{}\"`, which has {} instead",
                kind.word(),
                quoted(own)
            ));
            return None;
        }
    }
    if kind == DynamicsKind::Overdamped {
        if let Some(item) = table.get("mobility") {
            each(&item, names, |item| field(item, &mut fields))?;
        }
    } else {
        match table.get("mass") {
            Some(item) => each(&item, names, |item| reader.keep(item))?,
            None => reader.default("dynamics.mass"),
        }
        match (kind, table.get("friction")) {
            // baths with memory may be without a white part
            (DynamicsKind::Generalized, None) => {}
            (_, Some(item)) => each(&item, names, |item| reader.keep(item))?,
            (_, None) => each(&table.require("friction")?, names, |item| reader.keep(item))?,
        }
    }
    let memory = match kind {
        DynamicsKind::Generalized => memory::read(&table.require("memory")?, names, reader)?,
        _ => Vec::new(),
    };
    Some(Read {
        kind,
        fields,
        memory,
        span: table.span(),
    })
}

/// How the simulation is integrated, if the file says so.
fn integrator(root: &Table, kind: DynamicsKind) -> Option<Integrator> {
    let table = root.get("simulate")?.table()?;
    let item = table.get("integrator")?;
    let choices: Vec<(Integrator, &str)> = Integrator::of(kind)
        .iter()
        .map(|integrator| (*integrator, integrator.word()))
        .collect();
    item.choice(&choices)
}

/// One value for all coordinates, or a table with one for some of them by name.
fn each(item: &Item, names: &[String], mut keep: impl FnMut(&Item)) -> Option<()> {
    if !item.is_table() {
        keep(item);
        return Some(());
    }
    let table = item.table()?;
    table.only(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for entry in table.entries() {
        if names.iter().any(|name| name == entry.key) {
            keep(&entry.item);
        }
    }
    Some(())
}

/// Reads what the author wants to know beside the stationary state.
fn questions(root: &Table, names: &[String], reader: &mut Reader) {
    let passage = root.get("first_passage").as_ref().and_then(Item::table);
    if let Some(table) = &passage {
        table.only(keys::FIRST_PASSAGE);
        for key in ["from", "to"] {
            if let Some(item) = table.require(key) {
                each(&item, names, |item| reader.keep(item));
            }
        }
        reader.optional(Some(table), "radius", "first_passage.radius");
    }
    if let Some(table) = root.get("relaxation").as_ref().and_then(Item::table) {
        table.only(keys::RELAXATION);
        for key in ["from", "width"] {
            if let Some(item) = table.require(key) {
                each(&item, names, |item| reader.keep(item));
            }
        }
        reader.required(&table, "time");
        reader.optional(Some(&table), "points", "relaxation.points");
    }
    if let Some(table) = root.get("protocol").as_ref().and_then(Item::table) {
        table.only(keys::PROTOCOL);
        reader.required(&table, "duration");
    }
    if let Some(table) = root.get("simulate").as_ref().and_then(Item::table) {
        table.only(keys::SIMULATE);
        for key in ["step", "time"] {
            reader.required(&table, key);
        }
        for key in ["walkers", "discard"] {
            reader.optional(Some(&table), key, &format!("simulate.{key}"));
        }
        if let Some(item) = table.get("start") {
            each(&item, names, |item| reader.keep(item));
        }
    }
}

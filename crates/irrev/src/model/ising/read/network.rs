//! `[network]`: how many spins there are, and where couplings and fields come from.

use std::collections::BTreeSet;

use super::super::super::diagnostic::{Fault, ModelError, code};
use super::super::super::formula::{Formula, Scope};
use super::super::super::reader::{Item, Table, quoted, shortened};
use super::super::{CouplingKind, FieldKind, SelfCouplingPolicy, Sizes, files};
use super::{POLICIES, Reader, keys};
use crate::expression::nearest_name;
use crate::source::Span;

/// The size of a network of infinitely many spins.
pub(in super::super) const INFINITE: &str = "infinite";

/// The fault of a size that is meant to be [`INFINITE`] and is neither that nor the name of a parameter.
pub(in super::super) fn misspelt_infinite(word: &str, span: Span, scope: &Scope) -> Option<Fault> {
    let is_known = scope.names().iter().any(|name| name == word);
    let near = nearest_name(word, [INFINITE]).filter(|_| !is_known)?;
    let message = format!(
        "`network.size`: found {}, expected a number, an expression or {}",
        shortened(word),
        quoted(&[INFINITE])
    );
    Some(Fault::error(code::OUT_OF_RANGE, span, message).suggest(Some(near)))
}

/// Largest number of sizes of a study.
const MOST_SIZES: usize = 100;

/// Most spins of a network whose couplings are listed, entry by entry.
const MOST_LISTED: usize = 1_000_000;

/// What `[network]` says.
pub(super) struct Network {
    pub(super) span: Span,
    pub(super) sizes: Sizes,
    pub(super) couplings: CouplingKind,
    pub(super) fields: FieldKind,
    pub(super) self_couplings: Option<SelfCouplingPolicy>,
}

/// # Errors
/// A file of couplings or fields that cannot be read.
pub(super) fn network(root: &Table, reader: &mut Reader) -> Result<Option<Network>, ModelError> {
    let Some(table) = root.require("network").as_ref().and_then(Item::table) else {
        return Ok(None);
    };
    table.only(keys::NETWORK);
    let self_couplings = table.get("self_couplings").and_then(|item| item.choice(POLICIES));
    if let Some(item) = table.get("draws") {
        reader.keep(&item);
    }
    let couplings = match table.require("couplings") {
        Some(item) => couplings(&item, reader)?,
        None => None,
    };
    let fields = fields(&table, reader)?;
    let (Some(couplings), Some(fields)) = (couplings, fields) else {
        return Ok(None);
    };
    let sizes = sizes(&table, &couplings, reader);
    Ok(sizes.map(|sizes| Network {
        span: table.span(),
        sizes,
        couplings,
        fields,
        self_couplings,
    }))
}

fn sizes(table: &Table, couplings: &CouplingKind, reader: &Reader) -> Option<Sizes> {
    let states_size = matches!(
        couplings,
        CouplingKind::Rows(_) | CouplingKind::MatrixFile { .. } | CouplingKind::Lattice
    );
    let Some(item) = table.get("size") else {
        if states_size {
            return Some(Sizes::OfCouplings);
        }
        table.require("size")?;
        return None;
    };
    let word = if item.is_string() { item.string() } else { None };
    if word == Some(INFINITE) {
        if !couplings.is_random() {
            item.refuse("given couplings join a finite number of spins");
            return None;
        }
        return Some(Sizes::Infinite);
    }
    if let Some(word) = word
        && let Some(fault) = misspelt_infinite(word, item.span, reader.scope)
    {
        item.fault(fault);
        return None;
    }
    if !item.is_array() {
        return reader.formula(&item).map(|size| Sizes::Finite(vec![size]));
    }
    let elements = item.array()?;
    if elements.is_empty() || elements.len() > MOST_SIZES {
        item.refuse(&format!(
            "found {} sizes, expected 1 to {MOST_SIZES}",
            elements.len()
        ));
        return None;
    }
    if elements.len() > 1 && !couplings.is_random() {
        item.refuse("found several sizes, but given couplings have one");
        return None;
    }
    let sizes: Option<Vec<Formula>> = elements.iter().map(|size| reader.formula(size)).collect();
    sizes.map(Sizes::Finite)
}

/// The type that a table names, with all its keys checked; numbers are kept.
fn typed(
    table: &Table,
    known: &'static [(&str, &[&str], &[&str])],
    implied: Option<&str>,
    prefix: &str,
    reader: &mut Reader,
) -> Option<&'static str> {
    let names: Vec<&str> = known.iter().map(|(name, ..)| *name).collect();
    let item = table.get("type");
    let word = match (&item, implied) {
        (Some(item), _) => item.string()?,
        (None, Some(word)) => word,
        (None, None) => {
            table.require("type")?;
            return None;
        }
    };
    let Some((name, required, optional)) = known.iter().find(|(name, ..)| *name == word) else {
        if let Some(item) = &item {
            let message = format!(
                "`{}`: found {}, expected one of {}",
                item.path,
                shortened(word),
                quoted(&names)
            );
            let near = nearest_name(word, names);
            item.fault(Fault::error(code::OUT_OF_RANGE, item.span, message).suggest(near));
        }
        return None;
    };
    let keys: Vec<&str> = ["type"]
        .iter()
        .chain(*required)
        .chain(*optional)
        .copied()
        .collect();
    table.only(&keys);
    for key in *required {
        reader.required(table, key);
    }
    // given couplings and fields are read by their own rules
    if !matches!(*name, "matrix" | "given") {
        for key in *optional {
            reader.optional(Some(table), key, &format!("{prefix}.{key}"));
        }
    }
    Some(name)
}

/// Which of several keys a table has; a fault unless it has exactly one.
fn only_one<'a>(table: &Table<'a>, keys: &[&'static str]) -> Option<(&'static str, Item<'a>)> {
    let mut found: Vec<(&'static str, Item<'a>)> = keys
        .iter()
        .filter_map(|key| Some((*key, table.get(key)?)))
        .collect();
    if found.len() == 1 {
        return found.pop();
    }
    let (code, what) = if found.is_empty() {
        (code::MISSING_KEY, "none")
    } else {
        (code::CONFLICT, "several")
    };
    let message = format!("found {what} of {}, expected exactly one", quoted(keys));
    table.findings().add(Fault::error(code, table.span(), message));
    None
}

fn couplings(item: &Item, reader: &mut Reader) -> Result<Option<CouplingKind>, ModelError> {
    let Some(table) = item.table() else {
        return Ok(None);
    };
    const GIVEN: [&str; 4] = ["rows", "entries", "file", "entries_file"];
    let implied = GIVEN.iter().any(|key| table.contains(key)).then_some("matrix");
    let Some(word) = typed(&table, keys::COUPLINGS, implied, "network.couplings", reader) else {
        return Ok(None);
    };
    Ok(match word {
        "gaussian" => Some(CouplingKind::Gaussian),
        "diluted" => Some(CouplingKind::Diluted),
        "patterns" => Some(CouplingKind::Patterns),
        "excitatory-inhibitory" => Some(CouplingKind::ExcitatoryInhibitory),
        "lattice" => Some(CouplingKind::Lattice),
        _ => match only_one(&table, &GIVEN) {
            Some(("rows", item)) => rows(&item, reader).map(CouplingKind::Rows),
            Some(("entries", item)) => entries(&item, reader).map(CouplingKind::Entries),
            Some(("file", item)) => {
                files::matrix(&item)?.map(|(file, couplings)| CouplingKind::MatrixFile { file, couplings })
            }
            Some((_, item)) => {
                files::entries(&item)?.map(|(file, entries)| CouplingKind::EntriesFile { file, entries })
            }
            None => None,
        },
    })
}

/// A square matrix, row by row.
fn rows(item: &Item, reader: &Reader) -> Option<Vec<Vec<Formula>>> {
    let rows = item.array()?;
    if rows.is_empty() {
        item.refuse("found no rows; a network of N spins has N");
        return None;
    }
    let mut read = Vec::with_capacity(rows.len());
    for row in &rows {
        let cells = row.array()?;
        if cells.len() != rows.len() {
            let message = format!(
                "`{}`: found a row of {} couplings in a matrix of {} rows; a network of N spins needs N of both",
                row.path,
                cells.len(),
                rows.len()
            );
            row.fault(Fault::error(code::MATRIX, row.span, message));
            return None;
        }
        let cells: Option<Vec<Formula>> = cells.iter().map(|cell| reader.formula(cell)).collect();
        read.push(cells?);
    }
    Some(read)
}

/// Entries `[to, from, J]`.
fn entries(item: &Item, reader: &Reader) -> Option<Vec<(usize, usize, Formula)>> {
    let read = |entry: &Item| {
        let parts = entry.array()?;
        let [to, from, value] = parts.as_slice() else {
            entry.refuse(&format!(
                "found {} values, expected three: to, from, coupling",
                parts.len()
            ));
            return None;
        };
        Some((
            to.count(0, MOST_LISTED)?,
            from.count(0, MOST_LISTED)?,
            reader.formula(value)?,
        ))
    };
    let mut pairs = BTreeSet::new();
    let checked = |entry: &Item| {
        let (to, from, value) = read(entry)?;
        if !pairs.insert((to, from)) {
            entry.refuse(&format!(
                "the coupling to spin {to} from spin {from} is given twice"
            ));
            return None;
        }
        Some((to, from, value))
    };
    item.array()?.iter().map(checked).collect()
}

fn fields(network: &Table, reader: &mut Reader) -> Result<Option<FieldKind>, ModelError> {
    let Some(item) = network.get("fields") else {
        reader.default("network.fields");
        return Ok(Some(FieldKind::Constant));
    };
    if item.is_array() {
        return Ok(listed(&item, reader).map(FieldKind::Listed));
    }
    if !item.is_table() {
        reader.keep(&item);
        return Ok(Some(FieldKind::Constant));
    }
    let Some(table) = item.table() else {
        return Ok(None);
    };
    const GIVEN: [&str; 2] = ["values", "file"];
    let implied = GIVEN.iter().any(|key| table.contains(key)).then_some("given");
    let Some(word) = typed(&table, keys::FIELDS, implied, "network.fields", reader) else {
        return Ok(None);
    };
    Ok(match word {
        "constant" => Some(FieldKind::Constant),
        "uniform" => Some(FieldKind::Uniform),
        "gaussian" => Some(FieldKind::Gaussian),
        _ => match only_one(&table, &GIVEN) {
            Some(("values", item)) => listed(&item, reader).map(FieldKind::Listed),
            Some((_, item)) => files::fields(&item)?.map(|(file, values)| FieldKind::File { file, values }),
            None => None,
        },
    })
}

fn listed(item: &Item, reader: &Reader) -> Option<Vec<Formula>> {
    item.array()?.iter().map(|field| reader.formula(field)).collect()
}

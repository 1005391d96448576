//! What is asked of the parts that the labels of the states name.

use super::super::diagnostic::{Fault, code};
use super::super::formula::{Admit, Scope};
use super::super::markov::{Markov, Subsystems};
use super::super::reader::{Item, Table};
use super::keys;
use super::transitions::unknown;

pub(super) fn subsystems(root: &Table, scope: &Scope, spec: &Markov) -> Option<Subsystems> {
    let table = root.get("subsystems").as_ref().and_then(Item::table)?;
    table.only(keys::SUBSYSTEMS);
    let labels: Vec<String> = spec.parts().into_iter().map(str::to_owned).collect();
    if labels.is_empty() {
        let message = "[subsystems] asks for parts, and no state has labels";
        let fault = Fault::error(code::MISSING_KEY, table.span(), message)
            .help("give every state its labels, as in `labels = { ligand = \"bound\", receptor = \"on\" }`");
        table.findings().add(fault);
        return None;
    }
    let include = match table.get("include") {
        None => None,
        Some(item) => Some(parts(&item, &labels)?),
    };
    let known = include.as_ref().unwrap_or(&labels);
    let views = match table.get("views") {
        None => None,
        Some(item) => Some(
            item.array()?
                .iter()
                .map(|view| parts(view, known))
                .collect::<Option<Vec<_>>>()?,
        ),
    };
    Some(Subsystems {
        interval: table.formula("interval", scope, Admit::Constants),
        include,
        views,
        span: table.span(),
    })
}

/// Names of parts, each once.
fn parts(item: &Item, known: &[String]) -> Option<Vec<String>> {
    let names = item.strings()?;
    if names.is_empty() {
        item.refuse("found an empty list, expected the name of at least one subsystem");
        return None;
    }
    let mut found: Vec<String> = Vec::new();
    for (name, element) in &names {
        if !known.iter().any(|part| part == name) {
            unknown(element, "subsystem", name, known.iter().map(String::as_str));
            return None;
        }
        if found.iter().any(|part| part == name) {
            let message = format!("`{}`: the subsystem `{name}` is named twice", element.path);
            element.fault(Fault::error(code::DUPLICATE_NAME, element.span, message));
            return None;
        }
        found.push((*name).to_owned());
    }
    Some(found)
}

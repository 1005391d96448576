//! What the identifiers of a file are called here.
//!
//! Symbols share one set of names: `t`, `T`, `e` and `pi` are taken, and a parameter of a kinetic law gets the name of its reaction
//! in front where its own name is somebody else's too.

use std::collections::{HashMap, HashSet};

use super::xml::{Element, Report};
use crate::model::diagnostic::{Fault, code};
use crate::model::formula::refused_name;
use crate::source::Span;

/// The names given so far.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// Where each identifier of the file is declared.
    declared: HashMap<String, Span>,
}

impl Names {
    /// Records an identifier; one that is declared already is an error.
    pub(super) fn declare(&mut self, id: &str, element: Element<'_>) {
        let span = element.attribute("id").map_or(element.span(), |id| id.span);
        if let Some(first) = self.declared.insert(id.to_owned(), span) {
            let line = element.report.source().line_column(first).line;
            let message = format!("the identifier `{id}` is given twice, first in line {line}");
            element
                .report
                .add(Fault::error(code::DUPLICATE_NAME, span, message));
        }
    }

    pub(super) fn is_declared(&self, id: &str) -> bool {
        self.declared.contains_key(id)
    }

    /// The name of a symbol of the model, with a warning if it is not its identifier.
    pub(super) fn symbol(&mut self, id: &str, report: &Report) -> String {
        let Some(reason) = refused_name(id) else {
            self.taken.insert(id.to_owned());
            return id.to_owned();
        };
        let name = self.free(format!("{id}_"));
        let span = self.declared.get(id).copied().unwrap_or_default();
        report.warn(Fault::warning(
            code::CHANGED,
            span,
            format!("{reason}; the symbol is called `{name}` here"),
        ));
        name
    }

    /// The wish, with underscores until nothing else is called so.
    fn free(&mut self, wish: String) -> String {
        let mut name = wish;
        while self.declared.contains_key(&name) || !self.taken.insert(name.clone()) {
            name.push('_');
        }
        name
    }

    /// Names for the parameters of kinetic laws: reaction and identifier, in the order of the file.
    pub(super) fn local(&mut self, locals: &[(&str, &str, Span)], report: &Report) -> Vec<String> {
        let mut uses: HashMap<&str, usize> = HashMap::new();
        for (_, id, _) in locals {
            *uses.entry(id).or_default() += 1;
        }
        let mut renamed: Option<(Span, usize, String)> = None;
        let mut names = Vec::with_capacity(locals.len());
        for (reaction, id, span) in locals {
            let is_free = uses[id] == 1 && !self.declared.contains_key(*id) && refused_name(id).is_none();
            if is_free && self.taken.insert((*id).to_owned()) {
                names.push((*id).to_owned());
                continue;
            }
            let name = self.free(format!("{reaction}_{id}"));
            match &mut renamed {
                Some((_, count, _)) => *count += 1,
                None => renamed = Some((*span, 1, format!("`{id}` of `{reaction}` is `{name}`"))),
            }
            names.push(name);
        }
        if let Some((span, count, example)) = renamed {
            let message = format!(
                "{count} parameters of kinetic laws share their name with another symbol and have that of their reaction in front here: {example}"
            );
            report.warn(Fault::warning(code::CHANGED, span, message));
        }
        names
    }
}

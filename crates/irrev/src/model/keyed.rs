//! Numbers of a model that stand under dotted keys: what each may be, how they are read and kept, and how they are evaluated.

use std::sync::Arc;

use super::diagnostic::{Diagnostic, Fault, ModelError, code};
use super::evaluation::Faults;
use super::formula::{Admit, Formula, Scope};
use super::parameters::ParameterTable;
use super::reader::{Item, Table};
use crate::source::{SourceFile, Span};

/// What a number may be.
#[derive(Clone, Copy)]
pub(super) struct Meaning {
    pub(super) key: &'static str,
    pub(super) range: Range,
    /// Its value where the file does not state it; `None` where it must, or where silence has a meaning of its own.
    pub(super) default: Option<f64>,
}

/// Numbers that have a meaning somewhere.
#[derive(Clone, Copy)]
pub(super) enum Range {
    Finite,
    NonNegative,
    Positive,
    NonZero,
    Between(f64, f64),
    /// In (0, 1].
    Probability,
    Whole(f64, f64),
}

pub(super) const fn meaning(key: &'static str, range: Range, default: Option<f64>) -> Meaning {
    Meaning { key, range, default }
}

impl Meaning {
    pub(super) fn admits(&self, value: f64) -> bool {
        match self.range {
            Range::Finite => value.is_finite(),
            Range::NonNegative => value >= 0.0 && value.is_finite(),
            Range::Positive => value > 0.0 && value.is_finite(),
            Range::NonZero => value != 0.0 && value.is_finite(),
            Range::Between(low, high) => (low..=high).contains(&value),
            Range::Probability => value > 0.0 && value <= 1.0,
            Range::Whole(low, high) => (low..=high).contains(&value) && value.fract() == 0.0,
        }
    }

    /// "expected …" for a value that is not admitted.
    pub(super) fn requirement(&self) -> String {
        match self.range {
            Range::Finite => "expected a finite number".to_owned(),
            Range::NonNegative => "expected a number of at least 0".to_owned(),
            Range::Positive => "expected a number above 0".to_owned(),
            Range::NonZero => "expected a number other than 0".to_owned(),
            Range::Between(low, high) => format!("expected a number from {low} to {high}"),
            Range::Probability => "expected a probability above 0 and at most 1".to_owned(),
            Range::Whole(low, high) => format!("expected a whole number from {low} to {high}"),
        }
    }
}

/// Reads numbers and keeps them.
pub(super) struct Reader<'a> {
    pub(super) scope: &'a Scope,
    pub(super) kept: Vec<Formula>,
    of: fn(&str) -> Meaning,
}

impl<'a> Reader<'a> {
    /// `of` says what the number under a key may be.
    pub(super) fn new(scope: &'a Scope, of: fn(&str) -> Meaning) -> Self {
        Self {
            scope,
            kept: Vec::new(),
            of,
        }
    }

    /// A number, or an expression in the parameters.
    pub(super) fn formula(&self, item: &Item) -> Option<Formula> {
        item.formula(self.scope, Admit::Constants)
    }

    /// Keeps a number.
    pub(super) fn keep(&mut self, item: &Item) {
        let formula = self.formula(item);
        self.kept.extend(formula);
    }

    /// Keeps a number, or each of a list of them under the key with its place; how many there are.
    pub(super) fn keep_all(&mut self, item: &Item) -> Option<usize> {
        if !item.is_array() {
            self.keep(item);
            return Some(1);
        }
        let elements = item.array()?;
        if elements.is_empty() {
            item.refuse("found an empty list, expected at least one number");
            return None;
        }
        for element in &elements {
            self.keep(element);
        }
        Some(elements.len())
    }

    /// Keeps the number under a key, which must be there.
    pub(super) fn required(&mut self, table: &Table, key: &str) {
        if let Some(item) = table.require(key) {
            self.keep(&item);
        }
    }

    /// Keeps the number under a key, or the default under its dotted key.
    pub(super) fn optional(&mut self, table: Option<&Table>, key: &str, dotted: &str) {
        match table.and_then(|table| table.get(key)) {
            Some(item) => self.keep(&item),
            None => self.default(dotted),
        }
    }

    /// Keeps the default of a number that has one.
    pub(super) fn default(&mut self, dotted: &str) {
        let default = (self.of)(dotted).default;
        self.kept
            .extend(default.map(|value| Formula::literal(dotted, Span::default(), value)));
    }
}

/// Evaluates numbers one by one; what is wrong is collected.
pub(super) struct Values<'a> {
    numbers: &'a [Formula],
    slots: Vec<f64>,
    pub(super) faults: Faults<'a>,
    of: fn(&str) -> Meaning,
}

impl<'a> Values<'a> {
    /// With the parameters evaluated.
    ///
    /// # Errors
    /// Parameters that are not allowed.
    pub(super) fn new(
        source: &'a Arc<SourceFile>,
        parameters: &ParameterTable,
        numbers: &'a [Formula],
        of: fn(&str) -> Meaning,
    ) -> Result<Self, ModelError> {
        let mut faults = Faults::new(source);
        let mut slots = vec![f64::NAN; parameters.len() + 2];
        for &index in parameters.evaluation_order() {
            faults.parameter(parameters.at(index), index, &mut slots);
        }
        faults.stop_if_any()?;
        Ok(Self {
            numbers,
            slots,
            faults,
            of,
        })
    }

    /// Values of parameters, and of the two names that constants do not use.
    pub(super) fn slots(&self) -> &[f64] {
        &self.slots
    }

    /// The value of a formula; NaN, with a fault, if it is not allowed.
    pub(super) fn value(&mut self, formula: &Formula) -> f64 {
        let meaning = (self.of)(formula.key());
        let found = self.faults.checked(
            formula,
            &self.slots,
            |value| meaning.admits(value),
            &meaning.requirement(),
        );
        found.unwrap_or(f64::NAN)
    }

    /// The formula under a key, if the model states one.
    pub(super) fn formula(&self, key: &str) -> Option<&'a Formula> {
        self.numbers.iter().find(|formula| formula.key() == key)
    }

    /// The number under a key; `None` if the model does not state it.
    pub(super) fn stated(&mut self, key: &str) -> Option<f64> {
        let formula = self.formula(key)?;
        Some(self.value(formula))
    }

    /// The number under a key; NaN if there is none, or it is not allowed.
    pub(super) fn at(&mut self, key: &str) -> f64 {
        self.stated(key).unwrap_or(f64::NAN)
    }

    /// A whole number; faults have been recorded for any other, so that the 0 in its place is not used.
    pub(super) fn whole(&mut self, key: &str) -> usize {
        self.stated_whole(key).unwrap_or(0)
    }

    /// As [`Self::whole`], `None` if the model does not state it.
    pub(super) fn stated_whole(&mut self, key: &str) -> Option<usize> {
        let value = self.stated(key)?;
        Some(if value.is_nan() { 0 } else { value as usize })
    }

    /// The number under a key, or all of the list under it.
    pub(super) fn all(&mut self, key: &str) -> Vec<f64> {
        let found: Vec<&Formula> = self.under(key).collect();
        found.into_iter().map(|formula| self.value(formula)).collect()
    }

    /// What stands under a key: one number, or those of a list.
    fn under(&self, key: &str) -> impl Iterator<Item = &'a Formula> + use<'a> {
        let key = key.to_owned();
        self.numbers.iter().filter(move |formula| {
            let rest = formula.key().strip_prefix(&key);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        })
    }

    /// A fault about all that stands under a key, from the first number to the last; `None` if nothing is written there.
    pub(super) fn fault_at(&self, key: &str, message: &str) -> Option<Diagnostic> {
        let mut written = self.under(key).filter(|formula| !formula.span().is_empty());
        let first = written.next()?;
        // numbers of one list may stand in different texts, since each can be overridden
        let beside = written.filter(|formula| formula.is_beside(first));
        let span = beside.fold(first.span(), |span, formula| span.union(formula.span()));
        let fault = Fault::error(code::BAD_VALUE, span, message);
        Some(first.diagnostic(fault, self.faults.source()))
    }
}

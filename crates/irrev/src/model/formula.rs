//! A number of a model file: a literal, or an expression in the parameters.

use std::collections::HashMap;
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Fault, code};
use crate::expression::{Compiled, Expression, ExpressionError, constant, is_name, nearest_name};
use crate::source::{SourceFile, Span};

/// The time, in expressions that may depend on it.
pub(crate) const TIME: &str = "t";

/// The temperature of a transition's reservoir, in the expressions of that transition.
pub(crate) const TEMPERATURE: &str = "T";

/// A number of a model file, with the key under which it stands and the place where it is written.
///
/// A literal, or an expression in the parameters, the time `t`, and (inside a transition) `T`, the temperature of
/// its reservoir.
#[derive(Clone, Debug)]
pub struct Formula {
    key: String,
    span: Span,
    kind: Kind,
    /// The text it was written in, if that is not the model file: a `KEY=VALUE` of the command.
    source: Option<Arc<SourceFile>>,
}

#[derive(Clone, Debug)]
enum Kind {
    Number(f64),
    Written(Box<Written>),
}

#[derive(Clone, Debug)]
struct Written {
    compiled: Compiled,
    /// Where the expression's text begins in the file; unknown if the string has escapes.
    text_start: Option<usize>,
    depends_on_time: bool,
}

impl Formula {
    /// A literal number.
    pub(crate) fn literal(key: impl Into<String>, span: Span, value: f64) -> Self {
        Formula {
            key: key.into(),
            span,
            kind: Kind::Number(value),
            source: None,
        }
    }

    pub(crate) fn written_in(mut self, source: Arc<SourceFile>) -> Self {
        self.source = Some(source);
        self
    }

    /// The dotted key of the model file, such as `transitions[3].rates.forward`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Where the value is written in the model file.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Whether both are written in the same text.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        match (&self.source, &other.source) {
            (None, None) => true,
            (Some(one), Some(another)) => Arc::ptr_eq(one, another),
            _ => false,
        }
    }

    /// The value, if it is a literal.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match &self.kind {
            Kind::Number(value) => Some(*value),
            Kind::Written(_) => None,
        }
    }

    /// The expression, if it is not a literal.
    #[must_use]
    pub fn expression(&self) -> Option<&Expression> {
        match &self.kind {
            Kind::Number(_) => None,
            Kind::Written(written) => Some(written.compiled.expression()),
        }
    }

    /// The value as written: the expression's text, or the number.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.kind {
            Kind::Number(value) => value.to_string(),
            Kind::Written(written) => written.compiled.expression().text().to_owned(),
        }
    }

    /// Whether the value changes with the time `t`, by itself or through a parameter.
    #[must_use]
    pub fn depends_on_time(&self) -> bool {
        matches!(&self.kind, Kind::Written(written) if written.depends_on_time)
    }

    /// The slots that the value depends on; one may come more than once.
    pub(crate) fn slots(&self) -> impl Iterator<Item = usize> + '_ {
        self.compiled().into_iter().flat_map(Compiled::loads)
    }

    /// Finds out again whether the value changes with time.
    pub(crate) fn refresh(&mut self, scope: &Scope) {
        let depends_on_time = scope.depends_on_time(self);
        if let Kind::Written(written) = &mut self.kind {
            written.depends_on_time = depends_on_time;
        }
    }

    /// What is compiled, if the value is no literal.
    pub(super) fn compiled(&self) -> Option<&Compiled> {
        match &self.kind {
            Kind::Number(_) => None,
            Kind::Written(written) => Some(&written.compiled),
        }
    }

    /// The value for these slots (see [`Scope`]); a result that is not finite is a fault.
    pub(crate) fn value(&self, slots: &[f64]) -> Result<f64, Box<Fault>> {
        match &self.kind {
            Kind::Number(value) => Ok(*value),
            Kind::Written(written) => written
                .compiled
                .evaluate_checked(slots)
                .map_err(|error| Box::new(self.fault(code::NOT_FINITE, &error))),
        }
    }

    /// A fault about the value, which was `value`: "`key` is −2; a rate must be positive".
    pub(crate) fn refused(&self, value: f64, requirement: &str) -> Fault {
        let verb = if self.number().is_some() {
            "is"
        } else {
            "evaluates to"
        };
        Fault::error(
            code::BAD_VALUE,
            self.span,
            format!("`{}` {verb} {value}; {requirement}", self.key),
        )
    }

    pub(crate) fn fault(&self, code: &'static str, error: &ExpressionError) -> Fault {
        let span = match &self.kind {
            Kind::Written(written) => place_in_file(error.span, written.text_start, self.span),
            Kind::Number(_) => self.span,
        };
        let fault = Fault::error(code, span, format!("`{}`: {}", self.key, error.message));
        match &error.help {
            Some(help) => fault.help(help.clone()),
            None => fault,
        }
    }

    /// A fault of this formula in the text where it was written: the model file, unless it was overridden.
    pub(crate) fn diagnostic(&self, fault: Fault, model: &SourceFile) -> Diagnostic {
        fault.in_file(self.source.as_deref().unwrap_or(model))
    }
}

/// A place in the text of a string as a place in the file; the whole string if it does not stand there as it is.
pub(super) fn place_in_file(span: Span, text_start: Option<usize>, whole: Span) -> Span {
    match text_start {
        Some(start) if span.is_empty() => Span::new(start + span.start, start + span.end + 1),
        Some(start) => span.shifted(start),
        None => whole,
    }
}

/// Which names besides the parameters an expression may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admit {
    /// Parameters only, and only such as do not depend on time.
    Constants,
    /// Parameters and the time `t`.
    Time,
    /// Parameters, the time `t` and the reservoir's temperature `T`.
    TimeAndTemperature,
    /// As `Time`, in a transition that has no reservoir and hence no `T`.
    TimeWithoutReservoir,
}

/// Why a name may not stand in an expression.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// The numbering of names in expressions: the parameters in the order of the file, then `t`, then `T`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    names: Vec<String>,
    positions: HashMap<String, usize>,
    depends_on_time: Vec<bool>,
    /// How deep formulas may nest, if not as deep as those written by hand.
    deepest: Option<usize>,
}

impl Scope {
    pub(crate) fn new(names: Vec<String>) -> Self {
        let positions = names
            .iter()
            .enumerate()
            .map(|(index, name)| (name.clone(), index))
            .collect();
        let depends_on_time = vec![false; names.len()];
        Scope {
            names,
            positions,
            depends_on_time,
            deepest: None,
        }
    }

    /// The same names for formulas that may nest this deep.
    pub(crate) fn nested(mut self, deepest: usize) -> Self {
        self.deepest = Some(deepest);
        self
    }

    /// Marks the parameters that change with time.
    pub(crate) fn set_time_dependence(&mut self, depends_on_time: Vec<bool>) {
        self.depends_on_time = depends_on_time;
    }

    /// Whether a formula uses the time or a parameter that changes with it.
    pub(crate) fn depends_on_time(&self, formula: &Formula) -> bool {
        let names = formula
            .expression()
            .map(|expression| expression.names())
            .unwrap_or_default();
        names.into_iter().any(|name| {
            name == TIME
                || self
                    .positions
                    .get(name)
                    .is_some_and(|index| self.depends_on_time[*index])
        })
    }

    pub(crate) fn time_dependence(&self) -> &[bool] {
        &self.depends_on_time
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        match name {
            TIME => Some(self.names.len()),
            TEMPERATURE => Some(self.names.len() + 1),
            _ => self.positions.get(name).copied(),
        }
    }

    /// A formula from its text. `start` is where the text begins in its file, if it stands there unescaped.
    pub(crate) fn formula(
        &self,
        key: &str,
        text: &str,
        span: Span,
        start: Option<usize>,
        admit: Admit,
    ) -> Result<Formula, Box<Fault>> {
        let admitted = |name: &str| {
            self.admitted(name, admit).map_err(|message| {
                let near = self.names.iter().map(String::as_str);
                let near = nearest_name(name, near).filter(|_| self.position(name).is_none());
                Refusal {
                    message,
                    help: near.map(|near| format!("did you mean `{near}`?")),
                }
            })
        };
        self.formula_where(key, text, span, start, &admitted)
    }

    /// As [`formula`](Self::formula), for names of which `admitted` says whether they bring the time with them, or why they may
    /// not stand here.
    pub(super) fn formula_where(
        &self,
        key: &str,
        text: &str,
        span: Span,
        start: Option<usize>,
        admitted: &dyn Fn(&str) -> Result<bool, Refusal>,
    ) -> Result<Formula, Box<Fault>> {
        let fault = |code, error: &ExpressionError| {
            let fault = Fault::error(
                code,
                place_in_file(error.span, start, span),
                error.message.clone(),
            );
            Box::new(match &error.help {
                Some(help) => fault.help(help.clone()),
                None => fault,
            })
        };
        let parsed = match self.deepest {
            Some(deepest) => Expression::parse_nested(text, deepest),
            None => Expression::parse(text),
        };
        let expression = parsed.map_err(|error| fault(code::EXPRESSION, &error))?;
        if let Some(value) = expression.as_number() {
            return Ok(Formula::literal(key, span, value));
        }
        let mut depends_on_time = false;
        for name in expression.names() {
            depends_on_time |= admitted(name).map_err(|refusal| {
                let place = expression.span_of(name).unwrap_or_default();
                let place = place_in_file(place, start, span);
                let fault = Fault::error(code::EXPRESSION_NAME, place, refusal.message);
                Box::new(match refusal.help {
                    Some(help) => fault.help(help),
                    None => fault,
                })
            })?;
        }
        let compiled = expression
            .compile_with(&|name| self.position(name), &[])
            .map_err(|error| fault(code::EXPRESSION_NAME, &error))?;
        let written = Written {
            compiled,
            text_start: start,
            depends_on_time,
        };
        Ok(Formula {
            key: key.to_owned(),
            span,
            kind: Kind::Written(Box::new(written)),
            source: None,
        })
    }

    /// Whether `name` brings the time with it; the message if it may not stand here.
    fn admitted(&self, name: &str, admit: Admit) -> Result<bool, String> {
        let constants_only = admit == Admit::Constants;
        match name {
            TIME if constants_only => Err("this value may not depend on the time `t`".to_owned()),
            TIME => Ok(true),
            TEMPERATURE if admit == Admit::TimeAndTemperature => Ok(false),
            TEMPERATURE if admit == Admit::TimeWithoutReservoir => Err(
                "`T` is the temperature of the transition's reservoir, and this transition names none"
                    .to_owned(),
            ),
            TEMPERATURE => {
                Err("`T` is the temperature of a transition's reservoir; here there is none".to_owned())
            }
            _ => match self.positions.get(name) {
                Some(index) if constants_only && self.depends_on_time[*index] => Err(format!(
                    "this value may not depend on time, but the parameter `{name}` does"
                )),
                Some(index) => Ok(self.depends_on_time[*index]),
                None if constant(name).is_some() => Ok(false),
                None => Err(format!("unknown name `{name}`: not in [parameters]")),
            },
        }
    }
}

/// Why `name` cannot be the name of a parameter, observable or derived quantity.
pub(crate) fn refused_name(name: &str) -> Option<String> {
    match name {
        TIME => Some("`t` is reserved for the time".to_owned()),
        TEMPERATURE => Some("`T` is reserved for the temperature".to_owned()),
        "pi" | "e" => Some(format!("`{name}` is reserved for the constant")),
        _ if !is_name(name) => Some(format!(
            "`{name}` cannot be used in expressions: a name is a letter or `_`, then letters, digits and `_`"
        )),
        _ => None,
    }
}

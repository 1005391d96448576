//! What is wrong with a model, where, and what to do about it.
//!
//! A [`ModelError`] holds every fault found in one go (at most [`MAXIMUM_DIAGNOSTICS`]). It prints itself, so that
//! the command, Python and Rust show the same text:
//!
//! ```text
//! dot.toml:7:15: error[IRV0116]: unknown state `grond`
//!   7 | between = ["empty", "grond"]
//!     |                     ^^^^^^^ not in [[states]]
//!   help: did you mean `ground`?
//! ```

use std::cell::RefCell;
use std::sync::Arc;

use crate::source::{ExitCategory, SourceError, SourceFile, Span};

/// How many faults are collected before reading stops.
pub const MAXIMUM_DIAGNOSTICS: usize = 20;

/// Longest piece of a source line that is shown, in characters.
const EXCERPT_WIDTH: usize = 110;

/// Characters shown before the fault where a line is too long to be shown whole.
const EXCERPT_LEAD: usize = 30;

/// Whether the model can be used in spite of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The model cannot be used.
    Error,
    /// The model can be used; the author may have meant something else.
    Warning,
}

/// Where in its file a fault lies, with the line to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Byte range in the file's text.
    pub span: Span,
    /// Line number, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The line, or the part of it around the fault; control characters are shown as spaces or escapes.
    pub excerpt: String,
    /// Characters of the excerpt before the carets.
    pub caret_start: usize,
    /// Number of carets; at least one.
    pub caret_count: usize,
}

/// One fault of a model file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Stable code such as `IRV0116`; one per kind of fault.
    pub code: &'static str,
    /// Name of the file, as given.
    pub file: String,
    /// What is wrong, without a full stop.
    pub message: String,
    /// A word or two beside the carets; may be empty.
    pub label: String,
    /// The place; absent if the file could not be read.
    pub place: Option<Place>,
    /// Whether `file` is an argument of a command, such as `--set KEY=VALUE`: then line and column say nothing.
    pub is_argument: bool,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// The fault in one line for a report, which knows no paths: `line 12: what is wrong; what to do about it`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let place = self.place.as_ref().filter(|_| !self.is_argument);
        let place = place.map_or_else(String::new, |place| format!("line {}: ", place.line));
        let help = self
            .help
            .as_ref()
            .map_or_else(String::new, |help| format!("; {}", printable(help)));
        format!("{place}{}{help}", printable(&self.message))
    }
}

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let (code, message) = (self.code, printable(&self.message));
        let file = printable(&self.file);
        match &self.place {
            None => write!(formatter, "{file}: {severity}[{code}]: {message}")?,
            Some(place) => {
                let at = match self.is_argument {
                    true => String::new(),
                    false => format!(":{}:{}", place.line, place.column),
                };
                writeln!(formatter, "{file}{at}: {severity}[{code}]: {message}")?;
                let number = place.line.to_string();
                writeln!(formatter, "  {number} | {}", place.excerpt)?;
                let (margin, lead) = (" ".repeat(number.len()), " ".repeat(place.caret_start));
                let label = printable(&self.label);
                let marked = format!("  {margin} | {lead}{} {label}", "^".repeat(place.caret_count));
                formatter.write_str(marked.trim_end())?;
            }
        }
        if let Some(help) = &self.help {
            write!(formatter, "\n  help: {}", printable(help))?;
        }
        Ok(())
    }
}

/// Control characters would let a file write to the terminal; they are shown as escapes.
fn printable(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    let escaped = |character: char| match character.is_control() {
        true => character.escape_default().to_string(),
        false => character.to_string(),
    };
    text.chars().map(escaped).collect()
}

impl Place {
    fn new(source: &SourceFile, span: Span) -> Place {
        let position = source.line_column(span);
        let line_span = source.line_at(span);
        let line = source.slice(line_span);
        let before = position.column - 1;
        let marked_end = Span::new(span.start, span.end.min(line_span.end));
        let marked = source.slice(marked_end).chars().count();
        let is_long = line.chars().nth(EXCERPT_WIDTH).is_some();
        let first = if is_long {
            before.saturating_sub(EXCERPT_LEAD)
        } else {
            0
        };
        // Of a long line only the part around the fault is looked at: a file may be one line with many faults.
        let at = source.slice(Span::new(line_span.start, span.start)).len();
        // The place may be the line end itself, which is not shown.
        let beyond = at.saturating_sub(line.len());
        let at = at - beyond;
        let lead = line[..at]
            .char_indices()
            .rev()
            .take((before - first).saturating_sub(beyond))
            .last();
        let start = lead.map_or(at, |(offset, _)| offset);
        let shown = line[start..].chars().take(EXCERPT_WIDTH);
        let excerpt: String = shown
            .map(|character| if character.is_control() { ' ' } else { character })
            .collect();
        let room = (EXCERPT_WIDTH + first).saturating_sub(before);
        Place {
            span,
            line: position.line,
            column: position.column,
            excerpt: excerpt.trim_end().to_owned(),
            caret_start: before - first,
            caret_count: marked.clamp(1, room.max(1)),
        }
    }
}

/// A model that cannot be used: every fault that was found, and which exit code says so.
///
/// Prints as its faults, one after the other, with an empty line between.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModelError {
    /// Which exit code belongs to it.
    pub category: ExitCategory,
    /// The faults in the order of the file; at least one.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether reading stopped because there were [`MAXIMUM_DIAGNOSTICS`] faults.
    pub truncated: bool,
}

impl ModelError {
    pub(crate) fn single(category: ExitCategory, diagnostic: Diagnostic) -> Self {
        ModelError {
            category,
            diagnostics: vec![diagnostic],
            truncated: false,
        }
    }
}

impl std::fmt::Display for ModelError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n\n" };
            write!(formatter, "{separator}{diagnostic}")?;
        }
        if self.truncated {
            write!(
                formatter,
                "\n\nreading stopped after {MAXIMUM_DIAGNOSTICS} errors"
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for ModelError {}

impl From<SourceError> for ModelError {
    fn from(error: SourceError) -> Self {
        ModelError::single(error.category(), Diagnostic::from(error))
    }
}

impl From<SourceError> for Diagnostic {
    fn from(error: SourceError) -> Self {
        let text = error.to_string();
        let message = text
            .strip_prefix(error.name())
            .unwrap_or(&text)
            .trim_start_matches(':')
            .trim_start();
        let code = code_of(error.category());
        // A line number that preceded the message would be lost with the name: say it in words.
        let message = match message.split_once(": ") {
            Some((line, rest)) if line.parse::<usize>().is_ok() => format!("line {line}: {rest}"),
            _ => message.to_owned(),
        };
        Diagnostic {
            severity: Severity::Error,
            code,
            file: error.name().to_owned(),
            message,
            label: String::new(),
            place: None,
            is_argument: false,
            help: None,
        }
    }
}

/// The code of a file that cannot be turned into text.
pub(crate) fn code_of(category: ExitCategory) -> &'static str {
    match category {
        ExitCategory::Unreadable => code::UNREADABLE,
        ExitCategory::OverLimit => code::OVER_LIMIT,
        ExitCategory::Invalid => code::NOT_TEXT,
    }
}

/// The codes of faults, grouped by what they are about. A code once given keeps its meaning.
pub mod code {
    /// The file cannot be read.
    pub const UNREADABLE: &str = "IRV0001";
    /// A limit on size is exceeded.
    pub const OVER_LIMIT: &str = "IRV0002";
    /// The content is not text.
    pub const NOT_TEXT: &str = "IRV0003";
    /// The text is not TOML.
    pub const SYNTAX: &str = "IRV0101";
    /// Brackets or dotted keys nest too deep.
    pub const NESTING: &str = "IRV0102";
    /// A key is given twice.
    pub const DUPLICATE_KEY: &str = "IRV0103";
    /// `irrev = 1` is missing or has another version.
    pub const VERSION: &str = "IRV0104";
    /// `kind` is missing, unknown, or not read by this version.
    pub const KIND: &str = "IRV0105";
    /// A key that the schema does not know.
    pub const UNKNOWN_KEY: &str = "IRV0110";
    /// A key that the schema requires.
    pub const MISSING_KEY: &str = "IRV0111";
    /// A value of the wrong type.
    pub const WRONG_TYPE: &str = "IRV0112";
    /// Keys that exclude each other.
    pub const CONFLICT: &str = "IRV0113";
    /// A value of the right type that is not allowed.
    pub const OUT_OF_RANGE: &str = "IRV0114";
    /// A name given to two things.
    pub const DUPLICATE_NAME: &str = "IRV0115";
    /// A name that refers to nothing.
    pub const UNKNOWN_NAME: &str = "IRV0116";
    /// A name that cannot be used.
    pub const BAD_NAME: &str = "IRV0117";
    /// An expression that cannot be parsed.
    pub const EXPRESSION: &str = "IRV0120";
    /// An expression that uses a name nobody defines, or one that has no meaning there.
    pub const EXPRESSION_NAME: &str = "IRV0121";
    /// Parameters defined by each other.
    pub const CYCLIC_PARAMETERS: &str = "IRV0122";
    /// An expression without a finite value.
    pub const NOT_FINITE: &str = "IRV0123";
    /// A quantity whose value is not allowed, such as a negative rate.
    pub const BAD_VALUE: &str = "IRV0124";
    /// A transition with flux in one direction that does not say so, or says so wrongly.
    pub const ONE_WAY: &str = "IRV0130";
    /// A transition from a state to itself.
    pub const SELF_LOOP: &str = "IRV0131";
    /// A cycle whose steps do not close.
    pub const BROKEN_CYCLE: &str = "IRV0132";
    /// A chemical equation that cannot be read.
    pub const EQUATION: &str = "IRV0134";
    /// A distribution that is not one.
    pub const NOT_NORMALISED: &str = "IRV0133";
    /// A matrix file with a fault.
    pub const MATRIX: &str = "IRV0140";
    /// A recording of activity with a fault.
    pub const RECORDING: &str = "IRV0141";
    /// A `KEY=VALUE` that names no number of the model.
    pub const OVERRIDE: &str = "IRV0150";
    /// A section without effect.
    pub const NO_EFFECT: &str = "IRV0160";
    /// A bond that is listed twice, and counts twice.
    pub const REPEATED_BOND: &str = "IRV0161";
    /// A lattice in several parts that no bonds join.
    pub const SEPARATE_PARTS: &str = "IRV0162";
    /// The text is not well-formed XML, or declares a document type.
    pub const XML: &str = "IRV0201";
    /// The XML is not SBML of a level and version that is read.
    pub const SBML: &str = "IRV0202";
    /// A feature of SBML that is not read.
    pub const UNSUPPORTED: &str = "IRV0203";
    /// MathML that says nothing, or nothing that an expression can say.
    pub const MATHML: &str = "IRV0204";
    /// What was changed in reading: a symbol renamed, something left out.
    pub const CHANGED: &str = "IRV0205";
    /// How the law of a reaction was taken, such as split into two directions.
    pub const LAW: &str = "IRV0206";
    /// Two one-way reactions that undo each other were joined.
    pub const PAIR: &str = "IRV0207";
    /// The law of a reaction is kept as a net flux.
    pub const NET: &str = "IRV0208";
}

/// A fault about to be recorded: the parts that the reader knows; the file adds line and excerpt.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
}

impl Fault {
    pub(crate) fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Fault {
            severity: Severity::Error,
            code,
            span,
            message: message.into(),
            label: String::new(),
            help: None,
        }
    }

    pub(crate) fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Fault {
            severity: Severity::Warning,
            ..Fault::error(code, span, message)
        }
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean …?" if there is a near name.
    pub(crate) fn suggest(mut self, near: Option<&str>) -> Self {
        if let Some(near) = near {
            self.help = Some(format!("did you mean `{near}`?"));
        }
        self
    }

    pub(crate) fn in_file(self, source: &SourceFile) -> Diagnostic {
        Diagnostic {
            severity: self.severity,
            code: self.code,
            file: source.name().to_owned(),
            message: self.message,
            label: self.label,
            place: Some(Place::new(source, self.span)),
            is_argument: source.is_argument(),
            help: self.help,
        }
    }
}

/// The faults found so far in one file.
#[derive(Debug)]
pub(crate) struct Findings {
    source: Arc<SourceFile>,
    found: RefCell<Vec<Diagnostic>>,
}

impl Findings {
    pub(crate) fn new(source: Arc<SourceFile>) -> Self {
        Findings {
            source,
            found: RefCell::new(Vec::new()),
        }
    }

    pub(crate) fn source(&self) -> &Arc<SourceFile> {
        &self.source
    }

    pub(crate) fn add(&self, fault: Fault) {
        self.add_diagnostic(fault.in_file(&self.source));
    }

    /// A fault in another file than this one.
    pub(crate) fn add_diagnostic(&self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.found.borrow_mut().push(diagnostic);
        }
    }

    fn error_count(&self) -> usize {
        self.found
            .borrow()
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .count()
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.error_count() > 0
    }

    /// Whether nothing more would be recorded.
    pub(crate) fn is_full(&self) -> bool {
        self.found.borrow().len() >= MAXIMUM_DIAGNOSTICS
    }

    /// The warnings if there was no error; all as an error otherwise.
    pub(crate) fn conclusion(self) -> Result<Vec<Diagnostic>, ModelError> {
        self.conclusion_of(ExitCategory::Invalid)
    }

    pub(crate) fn conclusion_of(self, category: ExitCategory) -> Result<Vec<Diagnostic>, ModelError> {
        let truncated = self.is_full();
        if !self.has_errors() {
            return Ok(self.found.into_inner());
        }
        let mut diagnostics = self.found.into_inner();
        diagnostics.sort_by_key(|found| found.place.as_ref().map_or(0, |place| place.span.start));
        Err(ModelError {
            category,
            diagnostics,
            truncated,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, span: Span) -> String {
        let source = SourceFile::from_text("m.toml", text).unwrap();
        Fault::error(code::UNKNOWN_NAME, span, "unknown state `grond`")
            .label("here")
            .help("look")
            .in_file(&source)
            .to_string()
    }

    #[test]
    fn a_fault_is_shown_under_its_line() {
        let expected = "m.toml:2:6: error[IRV0116]: unknown state `grond`\n  2 | b = 'grond'\n    |      ^^^^^ here\n  help: look";
        assert_eq!(shown("a = 1\nb = 'grond'\n", Span::new(11, 16)), expected);
    }

    #[test]
    fn long_lines_are_shown_around_the_fault_and_control_characters_never() {
        let text = format!("{}\u{1b}[31mX{}", "a".repeat(5_000), "b".repeat(5_000));
        let shown = shown(&text, Span::new(5_005, 5_006));
        assert!(shown.lines().all(|line| line.len() < 160), "{shown}");
        assert!(!shown.contains('\u{1b}'));
        let (line, carets) = (shown.lines().nth(1).unwrap(), shown.lines().nth(2).unwrap());
        assert_eq!(line.chars().nth(carets.find('^').unwrap()), Some('X'));
    }
}

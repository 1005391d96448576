//! XML as far as SBML needs it: well-formed, without a document type, of bounded size, every fault with its place.

use std::cell::RefCell;
use std::sync::Arc;

use roxmltree::{Document, Error as XmlError, Node, ParsingOptions};

use super::{MAXIMUM_NESTING, MAXIMUM_NODES};
use crate::model::diagnostic::{Fault, Findings, code};
use crate::model::{Diagnostic, ModelError};
use crate::source::{ExitCategory, SourceFile, Span};

/// What was found wrong so far, and what the author should know.
pub(super) struct Report {
    findings: Findings,
    /// Apart from the faults, whose number is limited.
    warnings: RefCell<Vec<Diagnostic>>,
}

impl Report {
    pub(super) fn new(source: Arc<SourceFile>) -> Self {
        Report {
            findings: Findings::new(source),
            warnings: RefCell::default(),
        }
    }

    pub(super) fn source(&self) -> &Arc<SourceFile> {
        self.findings.source()
    }

    pub(super) fn add(&self, fault: Fault) {
        if !self.is_full() {
            self.findings.add(fault);
        }
    }

    /// Whether no more faults are recorded, so that nothing need be found out about them.
    pub(super) fn is_full(&self) -> bool {
        self.findings.is_full()
    }

    pub(super) fn warn(&self, fault: Fault) {
        let diagnostic = fault.in_file(self.source());
        self.warnings.borrow_mut().push(diagnostic);
    }

    pub(super) fn has_errors(&self) -> bool {
        self.findings.has_errors()
    }

    /// The warnings if there was no error.
    pub(super) fn conclusion(self) -> Result<Vec<Diagnostic>, ModelError> {
        self.findings.conclusion()?;
        Ok(self.warnings.into_inner())
    }
}

/// Parses the text; the tree is at most [`MAXIMUM_NESTING`] elements deep, so walking it by recursion is safe.
pub(super) fn parsed(source: &SourceFile) -> Result<Document<'_>, ModelError> {
    let text = source.text();
    let refused = |category, fault: Fault| ModelError::single(category, fault.in_file(source));
    check_encoding(source).map_err(|fault| refused(ExitCategory::Invalid, *fault))?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAXIMUM_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        XmlError::DtdDetected => {
            let start = text.find("<!DOCTYPE").unwrap_or(0);
            let fault = Fault::error(
                code::XML,
                Span::new(start, start + "<!DOCTYPE".len()),
                "the file declares a document type, and with it the means to include other files or to grow without limit",
            );
            refused(ExitCategory::Invalid, fault.help("SBML has none; remove the declaration"))
        }
        XmlError::NodesLimitReached => {
            let message = format!("the file has more than {MAXIMUM_NODES} elements and texts");
            refused(ExitCategory::OverLimit, Fault::error(code::OVER_LIMIT, Span::new(0, 1), message))
        }
        error => refused(ExitCategory::Invalid, not_well_formed(text, &error)),
    })?;
    match deeper_than_allowed(&document) {
        Some(span) => {
            let message = format!("elements nest deeper than {MAXIMUM_NESTING} levels");
            let fault = Fault::error(code::OVER_LIMIT, span, message);
            Err(refused(
                ExitCategory::OverLimit,
                fault.help("split the formula into several parameters or rules"),
            ))
        }
        None => Ok(document),
    }
}

/// The text is UTF-8 already; a declaration of another encoding would mean other letters by the same bytes.
fn check_encoding(source: &SourceFile) -> Result<(), Box<Fault>> {
    let text = source.text();
    let Some(declaration) = text
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split("?>").next())
    else {
        return Ok(());
    };
    let Some(at) = declaration.find("encoding") else {
        return Ok(());
    };
    let value = declaration[at + "encoding".len()..].trim_start_matches([' ', '=', '\t', '\n', '\r']);
    let quoted = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    let Some(name) = quoted.and_then(|quote| value[1..].split(quote).next()) else {
        return Ok(());
    };
    let is_utf8 = ["utf-8", "utf8", "us-ascii", "ascii"].contains(&name.to_ascii_lowercase().as_str());
    if is_utf8 || text.is_ascii() {
        return Ok(());
    }
    let start = "<?xml".len() + at;
    let message = format!("the file says that its encoding is `{name}`, but it is read as UTF-8");
    let fault = Fault::error(code::XML, Span::new(start, start + "encoding".len()), message);
    Err(Box::new(fault.help("save the file as UTF-8")))
}

fn not_well_formed(text: &str, error: &XmlError) -> Fault {
    let place = error.pos();
    let at_end = matches!(
        error,
        XmlError::UnclosedRootNode | XmlError::UnexpectedEndOfStream
    );
    let start = if at_end {
        text.trim_end().len().saturating_sub(1)
    } else {
        offset(text, place.row as usize, place.col as usize)
    };
    let message = match error {
        _ if at_end => "the XML ends before its elements are closed; the file may be cut off".to_owned(),
        XmlError::NoRootNode => "the file has no XML element".to_owned(),
        XmlError::UnknownEntityReference(name, _) => format!("the entity `&{name};` is not defined"),
        XmlError::UnexpectedCloseTag(wanted, found, _) => {
            format!("found `</{found}>`, expected `</{wanted}>`")
        }
        other => {
            // The place is shown with the line; the parser's copy of it would be said twice.
            let text = other.to_string();
            let said = text.split(" at ").next().unwrap_or(&text);
            format!("this is not well-formed XML: {said}")
        }
    };
    Fault::error(code::XML, Span::new(start, start + 1), message)
}

/// The byte at this line and column, both from 1, the column in characters.
fn offset(text: &str, row: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n');
    let start: usize = lines.take(row.saturating_sub(1)).map(str::len).sum();
    let line = &text[start..];
    let width = line.char_indices().nth(column.saturating_sub(1));
    start + width.map_or(0, |(width, _)| width)
}

/// The first element that nests too deep. Nodes come parents first, so one pass is enough.
fn deeper_than_allowed(document: &Document) -> Option<Span> {
    let mut depths: Vec<usize> = Vec::new();
    for node in document.root().descendants() {
        let above = node.parent().map_or(0, |parent| depths[parent.id().get_usize()]);
        let depth = above + usize::from(node.is_element());
        depths.push(depth);
        if depth > MAXIMUM_NESTING {
            return Some(name_span(&node));
        }
    }
    None
}

/// `<name` of an element.
fn name_span(node: &Node) -> Span {
    let start = node.range().start;
    let tag = &node.document().input_text()[start..node.range().end];
    let width = tag.find([' ', '>', '/', '\t', '\n', '\r']).unwrap_or(tag.len());
    Span::new(start, start + width)
}

/// An element of the file.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    node: Node<'a, 'a>,
    pub(super) report: &'a Report,
}

/// An attribute's value and place.
#[derive(Clone, Copy)]
pub(super) struct Attribute<'a> {
    pub(super) value: &'a str,
    pub(super) span: Span,
}

impl<'a> Element<'a> {
    pub(super) fn root(document: &'a Document<'a>, report: &'a Report) -> Self {
        Element {
            node: document.root_element(),
            report,
        }
    }

    pub(super) fn name(self) -> &'a str {
        self.node.tag_name().name()
    }

    pub(super) fn namespace(self) -> &'a str {
        self.node.tag_name().namespace().unwrap_or("")
    }

    /// Where its start tag begins.
    pub(super) fn span(self) -> Span {
        name_span(&self.node)
    }

    pub(super) fn fault(self, code: &'static str, message: impl Into<String>) {
        self.report.add(Fault::error(code, self.span(), message));
    }

    /// The element children, comments and text aside.
    pub(super) fn children(self) -> impl Iterator<Item = Element<'a>> {
        let report = self.report;
        let elements = self.node.children().filter(Node::is_element);
        elements.map(move |node| Element { node, report })
    }

    /// The children of SBML itself: not those of packages.
    pub(super) fn own_children(self) -> impl Iterator<Item = Element<'a>> {
        let namespace = self.namespace();
        self.children()
            .filter(move |child| child.namespace() == namespace)
    }

    pub(super) fn child(self, name: &str) -> Option<Element<'a>> {
        self.own_children().find(|child| child.name() == name)
    }

    /// The items of a `listOf…` child; anything else in it is an error.
    pub(super) fn list(self, list: &str, items: &[&str]) -> Vec<Element<'a>> {
        let mut found = Vec::new();
        for list in self.own_children().filter(|child| child.name() == list) {
            for item in list.own_children() {
                match item.name() {
                    "notes" | "annotation" => {}
                    name if items.contains(&name) => found.push(item),
                    name => item.fault(
                        code::UNKNOWN_KEY,
                        format!("unexpected `<{name}>` in `<{}>`", list.name()),
                    ),
                }
            }
        }
        found
    }

    /// The `<math>` child.
    pub(super) fn math(self) -> Option<Element<'a>> {
        self.children().find(|child| child.name() == "math")
    }

    /// All text of the element, without the spaces around.
    pub(super) fn text(self) -> String {
        let texts = self
            .node
            .children()
            .filter_map(|child| child.text().filter(|_| child.is_text()));
        texts.collect::<String>().trim().to_owned()
    }

    /// The texts between `<sep/>` elements.
    pub(super) fn separated_texts(self) -> Vec<String> {
        let mut texts = vec![String::new()];
        for child in self.node.children() {
            match (child.is_element(), texts.last_mut()) {
                (true, _) => texts.push(String::new()),
                (false, Some(last)) if child.is_text() => last.push_str(child.text().unwrap_or("")),
                _ => {}
            }
        }
        texts.iter().map(|text| text.trim().to_owned()).collect()
    }

    pub(super) fn attribute(self, name: &str) -> Option<Attribute<'a>> {
        let attribute = self.node.attribute_node(name)?;
        let span = Span::from(attribute.range_value());
        // A caret needs something to stand under.
        let span = if span.is_empty() {
            attribute.range().into()
        } else {
            span
        };
        Some(Attribute {
            value: attribute.value(),
            span,
        })
    }

    /// The attributes of packages: namespace, value and place.
    pub(super) fn package_attributes(self) -> impl Iterator<Item = (&'a str, &'a str, &'a str, Span)> {
        self.node.attributes().filter_map(|attribute| {
            let namespace = attribute.namespace()?;
            Some((
                namespace,
                attribute.name(),
                attribute.value(),
                attribute.range().into(),
            ))
        })
    }

    /// An attribute that must be there.
    pub(super) fn required(self, name: &str) -> Option<Attribute<'a>> {
        let found = self.attribute(name);
        if found.is_none() {
            self.fault(
                code::MISSING_KEY,
                format!("`<{}>` has no attribute `{name}`", self.name()),
            );
        }
        found
    }

    /// The identifier: a letter or underscore, then letters, digits and underscores, all of ASCII.
    pub(super) fn id(self) -> Option<Attribute<'a>> {
        let id = self.required("id")?;
        if is_identifier(id.value) {
            return Some(id);
        }
        let message = format!("`{}` is no identifier", id.value);
        let fault = Fault::error(code::BAD_NAME, id.span, message);
        self.report
            .add(fault.help("an identifier is a letter or `_`, then letters, digits and `_`"));
        None
    }

    /// A finite number. `Err` if there is one that is wrong; it has been reported.
    pub(super) fn number(self, name: &str) -> Result<Option<f64>, Reported> {
        let Some(attribute) = self.attribute(name) else {
            return Ok(None);
        };
        match number(attribute.value) {
            Ok(value) => Ok(Some(value)),
            Err(reason) => {
                let message = format!("`{name}` of `<{}>` {reason}", self.name());
                self.report
                    .add(Fault::error(code::WRONG_TYPE, attribute.span, message));
                Err(Reported)
            }
        }
    }

    /// `true` or `false`, also written 1 and 0; anything else is reported and read as the default.
    pub(super) fn boolean(self, name: &str, default: bool) -> bool {
        let Some(attribute) = self.attribute(name) else {
            return default;
        };
        match attribute.value.trim() {
            "true" | "1" => true,
            "false" | "0" => false,
            other => {
                let message = format!(
                    "`{name}` of `<{}>` is `{other}`, expected true or false",
                    self.name()
                );
                self.report
                    .add(Fault::error(code::WRONG_TYPE, attribute.span, message));
                default
            }
        }
    }
}

/// A fault that has been reported already.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reported;

pub(super) fn is_identifier(text: &str) -> bool {
    let mut letters = text.bytes();
    letters
        .next()
        .is_some_and(|letter| letter == b'_' || letter.is_ascii_alphabetic())
        && letters.all(|letter| letter == b'_' || letter.is_ascii_alphanumeric())
}

/// A finite decimal number, or why the text is none.
pub(super) fn number(text: &str) -> Result<f64, String> {
    let text = text.trim();
    let is_decimal = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    match text.parse::<f64>() {
        Ok(value) if is_decimal && value.is_finite() => Ok(value),
        Ok(_) if is_decimal => Err(format!("is {text}, which overflows")),
        _ if matches!(text, "NaN" | "INF" | "-INF" | "+INF") => {
            Err(format!("is {text}, expected a finite number"))
        }
        _ => Err(format!(
            "is `{}`, expected a number",
            text.chars().take(60).collect::<String>()
        )),
    }
}

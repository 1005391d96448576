//! Walking through TOML values so that every fault knows its key and place.

use toml::de::{DeString, DeTable, DeValue};

use super::diagnostic::{Fault, Findings, code};
use super::formula::{Admit, Formula, Scope};
use crate::expression::nearest_name;
use crate::source::{SourceFile, Span};

/// A table of the file.
#[derive(Clone)]
pub(super) struct Table<'a> {
    entries: &'a DeTable<'a>,
    path: String,
    span: Span,
    findings: &'a Findings,
}

/// A value of the file with its dotted key.
#[derive(Clone)]
pub(super) struct Item<'a> {
    value: &'a DeValue<'a>,
    pub(super) span: Span,
    pub(super) path: String,
    findings: &'a Findings,
}

/// Makes a formula of a key, the text of its value, the place of the value, and where the text begins if it stands there unescaped.
pub(super) type FormulaReader<'a> =
    dyn Fn(&str, &str, Span, Option<usize>) -> Result<Formula, Box<Fault>> + 'a;

/// A key and its value.
pub(super) struct Entry<'a> {
    pub(super) key: &'a str,
    pub(super) key_span: Span,
    pub(super) item: Item<'a>,
}

impl<'a> Table<'a> {
    /// The whole file.
    pub(super) fn root(entries: &'a DeTable<'a>, findings: &'a Findings) -> Self {
        Table {
            entries,
            path: String::new(),
            span: Span::new(0, 1),
            findings,
        }
    }

    pub(super) fn findings(&self) -> &'a Findings {
        self.findings
    }

    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// How a message speaks of this table.
    fn name(&self) -> String {
        if self.path.is_empty() {
            "the file".to_owned()
        } else {
            format!("`{}`", self.path)
        }
    }

    fn key_path(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    /// Records every key that is not among `known`.
    pub(super) fn only(&self, known: &[&str]) {
        for (key, _) in self.entries {
            let name: &DeString = key.get_ref();
            if !known.contains(&&**name) {
                let message = format!("unknown key `{name}` in {}", self.name());
                let fault = Fault::error(code::UNKNOWN_KEY, key.span().into(), message);
                let near = nearest_name(name, known.iter().copied());
                self.findings.add(match near {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => fault.help(format!("known keys: {}", known.join(", "))),
                });
            }
            if self.findings.is_full() {
                return;
            }
        }
    }

    pub(super) fn contains(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    pub(super) fn get(&self, key: &str) -> Option<Item<'a>> {
        let value = self.entries.get(key)?;
        let span = value.span().into();
        Some(Item {
            value: value.get_ref(),
            span,
            path: self.key_path(key),
            findings: self.findings,
        })
    }

    /// The value of a key that must be there.
    pub(super) fn require(&self, key: &str) -> Option<Item<'a>> {
        let item = self.get(key);
        if item.is_none() {
            let message = format!("missing key `{key}` in {}", self.name());
            self.findings
                .add(Fault::error(code::MISSING_KEY, self.span, message));
        }
        item
    }

    /// Where a key is written.
    pub(super) fn key_span(&self, key: &str) -> Option<Span> {
        self.entries.get_key_value(key).map(|(key, _)| key.span().into())
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let table = self.clone();
        let findings = self.findings;
        self.entries.iter().map(move |(key, value)| {
            let name: &str = key.get_ref();
            let path = table.key_path(name);
            let item = Item {
                value: value.get_ref(),
                span: value.span().into(),
                path,
                findings,
            };
            Entry {
                key: name,
                key_span: key.span().into(),
                item,
            }
        })
    }

    pub(super) fn string(&self, key: &str) -> Option<String> {
        self.get(key)?.string().map(str::to_owned)
    }

    pub(super) fn boolean(&self, key: &str) -> Option<bool> {
        self.get(key)?.boolean()
    }

    pub(super) fn formula(&self, key: &str, scope: &Scope, admit: Admit) -> Option<Formula> {
        self.get(key)?.formula(scope, admit)
    }

    pub(super) fn required_formula(&self, key: &str, scope: &Scope, admit: Admit) -> Option<Formula> {
        self.require(key)?.formula(scope, admit)
    }
}

impl<'a> Item<'a> {
    fn wrong_type(&self, expected: &str) {
        let found = match self.value {
            DeValue::String(text) => format!("the string {}", shortened(text)),
            DeValue::Integer(_) => "an integer".to_owned(),
            DeValue::Float(_) => "a number with a fraction".to_owned(),
            DeValue::Boolean(value) => format!("the boolean {value}"),
            DeValue::Datetime(_) => "a date or time".to_owned(),
            DeValue::Array(_) => "an array".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        };
        let message = format!("`{}`: found {found}, expected {expected}", self.path);
        self.fault(Fault::error(code::WRONG_TYPE, self.span, message));
    }

    /// The file it stands in.
    pub(super) fn source(&self) -> &'a std::sync::Arc<SourceFile> {
        self.findings.source()
    }

    pub(super) fn fault(&self, fault: Fault) {
        self.findings.add(fault);
    }

    /// Records that the value has the right type and is still not allowed.
    pub(super) fn refuse(&self, message: &str) {
        self.fault(Fault::error(
            code::OUT_OF_RANGE,
            self.span,
            format!("`{}`: {message}", self.path),
        ));
    }

    pub(super) fn is_string(&self) -> bool {
        matches!(self.value, DeValue::String(_))
    }

    pub(super) fn is_integer(&self, wanted: u64) -> bool {
        matches!(self.value, DeValue::Integer(integer) if u64::from_str_radix(integer.as_str(), integer.radix()) == Ok(wanted))
    }

    pub(super) fn is_array(&self) -> bool {
        matches!(self.value, DeValue::Array(_))
    }

    pub(super) fn is_table(&self) -> bool {
        matches!(self.value, DeValue::Table(_))
    }

    /// Whether the value is a number literal that is zero.
    pub(super) fn is_zero(&self) -> bool {
        self.literal().and_then(Result::ok) == Some(0.0)
    }

    pub(super) fn string(&self) -> Option<&'a str> {
        if let DeValue::String(text) = self.value {
            return Some(text);
        }
        self.wrong_type("a string");
        None
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        if let DeValue::Boolean(value) = self.value {
            return Some(*value);
        }
        self.wrong_type("true or false");
        None
    }

    /// A whole number in the range, as an `u64`.
    pub(super) fn integer(&self, range: std::ops::RangeInclusive<u64>) -> Option<u64> {
        let DeValue::Integer(integer) = self.value else {
            self.wrong_type("an integer");
            return None;
        };
        let value = u64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let found = value.filter(|value| range.contains(value));
        if found.is_none() {
            self.refuse(&format!(
                "found {integer}, expected an integer from {} to {}",
                range.start(),
                range.end()
            ));
        }
        found
    }

    /// A whole number in the range, for counting.
    pub(super) fn count(&self, least: usize, greatest: usize) -> Option<usize> {
        self.integer(least as u64..=greatest as u64)
            .and_then(|value| usize::try_from(value).ok())
    }

    /// One of several words.
    pub(super) fn choice<T: Copy>(&self, choices: &[(T, &str)]) -> Option<T> {
        let word = self.string()?;
        let found = choices
            .iter()
            .find(|(_, name)| *name == word)
            .map(|(choice, _)| *choice);
        if found.is_none() {
            let names: Vec<&str> = choices.iter().map(|(_, name)| *name).collect();
            let message = format!(
                "`{}`: found {}, expected one of {}",
                self.path,
                shortened(word),
                quoted(&names)
            );
            self.fault(
                Fault::error(code::OUT_OF_RANGE, self.span, message).suggest(nearest_name(word, names)),
            );
        }
        found
    }

    pub(super) fn table(&self) -> Option<Table<'a>> {
        if let DeValue::Table(entries) = self.value {
            return Some(Table {
                entries,
                path: self.path.clone(),
                span: self.span,
                findings: self.findings,
            });
        }
        self.wrong_type("a table");
        None
    }

    /// The elements of an array, each with its number in its key.
    pub(super) fn array(&self) -> Option<Vec<Item<'a>>> {
        let DeValue::Array(elements) = self.value else {
            self.wrong_type("an array");
            return None;
        };
        let item = |(index, value): (usize, &'a toml::Spanned<DeValue<'a>>)| Item {
            value: value.get_ref(),
            span: value.span().into(),
            path: format!("{}[{index}]", self.path),
            findings: self.findings,
        };
        Some(elements.iter().enumerate().map(item).collect())
    }

    /// An array of strings, each with its item.
    pub(super) fn strings(&self) -> Option<Vec<(&'a str, Item<'a>)>> {
        let elements = self.array()?.into_iter();
        elements
            .map(|element| element.string().map(|text| (text, element)))
            .collect()
    }

    /// The number, if the value is a literal number at all; an error if it is not finite.
    fn literal(&self) -> Option<Result<f64, String>> {
        let text = match self.value {
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
            DeValue::Integer(integer) => {
                let value = u64::from_str_radix(integer.as_str(), integer.radix());
                return Some(
                    value
                        .map(|value| value as f64)
                        .map_err(|_| format!("the integer {integer} is too large")),
                );
            }
            DeValue::Float(float) => float.as_str(),
            _ => return None,
        };
        let digits = text.split(['e', 'E']).next().unwrap_or(text);
        Some(match text.parse::<f64>() {
            Ok(value) if value.is_nan() => Err("nan is not a number".to_owned()),
            Ok(value) if value.is_infinite() && text.contains("inf") => {
                Err(format!("found {text}, expected a finite number"))
            }
            Ok(value) if value.is_infinite() => Err(format!("the number {} overflows", shortened(text))),
            Ok(0.0) if digits.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) => {
                Err(format!("the number {} underflows to zero", shortened(text)))
            }
            Ok(value) => Ok(value),
            Err(_) => Err(format!("{} is not a number", shortened(text))),
        })
    }

    /// A literal number.
    pub(super) fn number(&self) -> Option<f64> {
        match self.literal() {
            Some(Ok(value)) => Some(value),
            Some(Err(message)) => {
                self.refuse(&message);
                None
            }
            None => {
                self.wrong_type("a number");
                None
            }
        }
    }

    /// A number, or an expression in a string.
    pub(super) fn formula(&self, scope: &Scope, admit: Admit) -> Option<Formula> {
        self.formula_by(&|key, text, span, start| scope.formula(key, text, span, start, admit))
    }

    /// A number, or an expression in a string that `read` makes a formula of.
    pub(super) fn formula_by(&self, read: &FormulaReader) -> Option<Formula> {
        let DeValue::String(text) = self.value else {
            if self.literal().is_none() {
                self.wrong_type("a number or an expression in a string");
                return None;
            }
            return self
                .number()
                .map(|value| Formula::literal(self.path.clone(), self.span, value));
        };
        match read(&self.path, text, self.span, self.text_start(text)) {
            Ok(formula) => Some(formula),
            Err(fault) => {
                let message = format!("`{}`: {}", self.path, fault.message);
                self.fault(Fault { message, ..*fault });
                None
            }
        }
    }

    /// Where the text of a string begins, if it stands in the file as it is.
    pub(super) fn text_start(&self, text: &str) -> Option<usize> {
        let written = self.findings.source().slice(self.span);
        let quotes = if written.starts_with("\"\"\"") || written.starts_with("'''") {
            3
        } else {
            1
        };
        let inside = written.get(quotes..written.len().checked_sub(quotes)?)?;
        (inside == text).then_some(self.span.start + quotes)
    }
}

/// Longest piece of a foreign text that a message repeats, in characters.
const LONGEST_REPEATED: usize = 60;

/// A text in quotes, cut if it is long.
pub(super) fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST_REPEATED {
        return format!("`{text}`");
    }
    let beginning: String = text.chars().take(LONGEST_REPEATED).collect();
    format!("`{beginning}…`")
}

/// A number of things: "1 site", "2 sites".
pub(crate) fn counted(number: usize, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {one}s"),
    }
}

/// Words in quotes with commas between.
pub(super) fn quoted(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("\"{word}\""))
        .collect::<Vec<_>>()
        .join(", ")
}

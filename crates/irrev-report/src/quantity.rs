//! Reported numbers and what they mean.

use crate::number::{self, readable_estimate, readable_lower_bound, readable_upper_bound};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What a reported quantity is: the one place from which pages, the terminal and the guides draw.
///
/// All fields are plain text and may be constants: with [`text`] a definition can be a `const` item.
/// `symbol` and `formula` are LaTeX without dollar signs; `label` is a few words in lower case; `unit` is
/// empty for pure numbers; `explanation` is one or two sentences; `source` names author, journal, year.
///
/// ```
/// use irrev_report::{Definition, text};
/// const ACTIVITY: Definition = Definition {
///     name: text("dynamical_activity"),
///     label: text("dynamical activity"),
///     symbol: text(r"\mathcal{A}"),
///     unit: text("1/time"),
///     formula: text(r"\mathcal{A} = \sum_e \left(j_e^+ + j_e^-\right)"),
///     explanation: text("Mean number of jumps per unit time."),
///     source: text("Maes, Phys. Rep. 850, 1 (2020)"),
/// };
/// assert_eq!(ACTIVITY.name, "dynamical_activity");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// Name in code, JSON and on the page: `entropy_production_rate`.
    pub name: Cow<'static, str>,
    /// The name in words: `entropy production rate`.
    pub label: Cow<'static, str>,
    /// Symbol in LaTeX: `\dot\Sigma`.
    pub symbol: Cow<'static, str>,
    /// Unit in words: `nats/time`; empty for a pure number.
    pub unit: Cow<'static, str>,
    /// Defining formula in LaTeX.
    pub formula: Cow<'static, str>,
    /// What it tells, for a reader who does not know it.
    pub explanation: Cow<'static, str>,
    /// Author, journal, year; empty if it is common knowledge.
    pub source: Cow<'static, str>,
}

/// A constant piece of text for a [`Definition`].
pub const fn text(value: &'static str) -> Cow<'static, str> {
    Cow::Borrowed(value)
}

/// What kind of statement a number makes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum QuantityKind {
    /// Computed from the model to rounding or to a stated solver tolerance.
    #[default]
    Exact,
    /// Estimated from data or simulation; `error` is its standard error.
    Estimate,
    /// Known to lie in an interval that is proven: nowhere farther from the value than `error`.
    Certified,
    /// The true value is at least this.
    LowerBound,
    /// The true value is at most this.
    UpperBound,
}

impl QuantityKind {
    /// The kind in words: `exact`, `estimate`, `certified`, `lower bound`, `upper bound`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Estimate => "estimate",
            Self::Certified => "certified",
            Self::LowerBound => "lower bound",
            Self::UpperBound => "upper bound",
        }
    }
}

/// One reported number with unit, error, kind and definition.
///
/// Values may be infinite or NaN; see [`crate::Report::to_json`].
///
/// ```
/// use irrev_report::{Definition, Quantity, text};
/// let definition = Definition {
///     name: text("entropy_production_rate"),
///     label: text("entropy production rate"),
///     unit: text("nats/time"),
///     ..Definition::default()
/// };
/// let exact = Quantity::new(definition.clone(), 0.25);
/// let estimated = Quantity::new(definition, 0.26).named("measured_rate").estimate(0.01);
/// assert_eq!((exact.name.as_str(), exact.unit.as_str()), ("entropy_production_rate", "nats/time"));
/// assert_eq!(estimated.error, Some(0.01));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Quantity {
    /// Key in `result.json`; the definition's name unless several quantities share one definition.
    pub name: String,
    /// The number, in `unit`.
    pub value: f64,
    /// Unit in words; empty for a pure number.
    pub unit: String,
    /// In `unit`: the standard error of an estimate, the half width of a certified interval.
    pub error: Option<f64>,
    /// What kind of statement the number makes.
    pub kind: QuantityKind,
    /// What the number is.
    pub definition: Definition,
    /// Remark for the reader, for instance why it is infinite.
    pub note: Option<String>,
    /// Whether it is one of the key figures shown first, as a card.
    pub key: bool,
}

/// The label of a unit; a pure number, "1", has none.
pub(crate) fn unit_label(unit: impl Into<String>) -> String {
    let unit = unit.into();
    if unit == "1" { String::new() } else { unit }
}

/// Significant digits of a bound in text.
const DIGITS: usize = 6;

impl Quantity {
    /// The number for people: with its error, or after ≥ or ≤ and rounded so that it stays a bound.
    pub(crate) fn readable(&self) -> String {
        match self.kind {
            QuantityKind::LowerBound => format!("≥ {}", readable_lower_bound(self.value, DIGITS)),
            QuantityKind::UpperBound => format!("≤ {}", readable_upper_bound(self.value, DIGITS)),
            QuantityKind::Exact | QuantityKind::Estimate | QuantityKind::Certified => {
                readable_estimate(self.value, self.error)
            }
        }
    }

    /// An exact value named and measured as its definition says.
    pub fn new(definition: Definition, value: f64) -> Self {
        Self {
            name: definition.name.clone().into_owned(),
            value,
            unit: unit_label(definition.unit.clone().into_owned()),
            error: None,
            kind: QuantityKind::Exact,
            definition,
            note: None,
            key: false,
        }
    }

    /// The same quantity under its own name, where several share one definition.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The same quantity in another unit than the definition's; the value is taken as it is.
    #[must_use]
    pub fn in_unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit_label(unit);
        self
    }

    /// Marks the value as an estimate with this standard error.
    #[must_use]
    pub fn estimate(mut self, standard_error: f64) -> Self {
        self.kind = QuantityKind::Estimate;
        self.error = Some(standard_error);
        self
    }

    /// Marks the value as certified to this distance on either side.
    #[must_use]
    pub fn certified(mut self, half_width: f64) -> Self {
        self.kind = QuantityKind::Certified;
        self.error = Some(half_width);
        self
    }

    /// Sets the standard error and leaves the kind.
    #[must_use]
    pub fn with_error(mut self, standard_error: Option<f64>) -> Self {
        self.error = standard_error;
        self
    }

    /// Sets what kind of statement the number makes.
    #[must_use]
    pub fn of_kind(mut self, kind: QuantityKind) -> Self {
        self.kind = kind;
        self
    }

    /// Adds a remark for the reader.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Marks the quantity as a key figure, shown first.
    #[must_use]
    pub fn key(mut self) -> Self {
        self.key = true;
        self
    }

    /// The definition's words, or the name where the definition has none.
    pub fn label(&self) -> &str {
        if self.definition.label.is_empty() {
            &self.name
        } else {
            &self.definition.label
        }
    }
}

/// A quantity as it stands in JSON below its name.
#[derive(Serialize, Deserialize)]
struct Body<'a> {
    #[serde(with = "number::one")]
    value: f64,
    unit: Cow<'a, str>,
    #[serde(with = "number::optional", default)]
    error: Option<f64>,
    kind: QuantityKind,
    definition: Cow<'a, Definition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    key: bool,
}

/// `#[serde(with)]` that writes quantities as a map from name to the rest, in the report's order.
pub(crate) mod by_name {
    use super::{Body, Cow, Quantity};
    use serde::de::{self, Deserializer, MapAccess, Visitor};
    use serde::ser::Serializer;

    pub(crate) fn serialize<S: Serializer>(
        quantities: &[Quantity],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(quantities.iter().map(|quantity| {
            let body = Body {
                value: quantity.value,
                unit: Cow::Borrowed(quantity.unit.as_str()),
                error: quantity.error,
                kind: quantity.kind,
                definition: Cow::Borrowed(&quantity.definition),
                note: quantity.note.as_deref().map(Cow::Borrowed),
                key: quantity.key,
            };
            (&quantity.name, body)
        }))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Quantity>, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Vec<Quantity>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a map from quantity names to value, unit, error, kind and definition")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Vec<Quantity>, M::Error> {
                let mut quantities = Vec::new();
                while let Some((name, body)) = map.next_entry::<String, Body<'static>>()? {
                    quantities.push(Quantity {
                        name,
                        value: body.value,
                        unit: body.unit.into_owned(),
                        error: body.error,
                        kind: body.kind,
                        definition: body.definition.into_owned(),
                        note: body.note.map(Cow::into_owned),
                        key: body.key,
                    });
                }
                Ok(quantities)
            }
        }
        let quantities = deserializer.deserialize_map(Entries)?;
        let mut names: Vec<&str> = quantities.iter().map(|quantity| quantity.name.as_str()).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(de::Error::custom(format_args!(
                "quantity \"{}\" occurs twice",
                pair[0]
            ))),
            None => Ok(quantities),
        }
    }
}

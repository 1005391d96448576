//! Bars over categories.

use super::{Axis, Mark};
use crate::number;
use serde::{Deserialize, Serialize};

/// How the groups of a bar figure stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Arrangement {
    /// Side by side.
    #[default]
    Grouped,
    /// On top of each other; for parts of a whole.
    Stacked,
}

/// One value for each category, in one colour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BarGroup {
    /// Name in the legend.
    pub name: String,
    /// One value for each category.
    #[serde(with = "number::list")]
    pub values: Vec<f64>,
    /// Standard errors, one for each category.
    #[serde(
        with = "number::optional_list",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub errors: Option<Vec<f64>>,
}

/// Bars over categories.
///
/// ```
/// use irrev_report::{Axis, Bars};
/// let bars = Bars::new("edge", Axis::new("dissipation", "nats/time"), vec!["A→B".into(), "B→C".into()])
///     .group("model", vec![0.1, 0.3]);
/// assert_eq!(bars.groups[0].values.len(), bars.categories.len());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Bars {
    /// What the categories are: `edge`.
    pub category_label: String,
    /// Axis of the values.
    pub value_axis: Axis,
    /// Names of the categories.
    pub categories: Vec<String>,
    /// Values, one group for each colour.
    pub groups: Vec<BarGroup>,
    /// How the groups stand.
    #[serde(default)]
    pub arrangement: Arrangement,
    /// Horizontal reference lines (marks with `y`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

impl Bars {
    /// Categories without values.
    pub fn new(category_label: impl Into<String>, value_axis: Axis, categories: Vec<String>) -> Self {
        Self {
            category_label: category_label.into(),
            value_axis,
            categories,
            ..Self::default()
        }
    }

    /// Adds a group of values.
    #[must_use]
    pub fn group(mut self, name: impl Into<String>, values: Vec<f64>) -> Self {
        self.groups.push(BarGroup {
            name: name.into(),
            values,
            errors: None,
        });
        self
    }

    /// Adds a group of values with standard errors.
    #[must_use]
    pub fn group_with_errors(mut self, name: impl Into<String>, values: Vec<f64>, errors: Vec<f64>) -> Self {
        self.groups.push(BarGroup {
            name: name.into(),
            values,
            errors: Some(errors),
        });
        self
    }

    /// Stacks the groups.
    #[must_use]
    pub fn stacked(mut self) -> Self {
        self.arrangement = Arrangement::Stacked;
        self
    }

    /// Adds a horizontal reference line.
    #[must_use]
    pub fn mark(mut self, mark: Mark) -> Self {
        self.marks.push(mark);
        self
    }
}

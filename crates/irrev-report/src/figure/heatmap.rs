//! Values on a rectangular grid.

use super::{Axis, Curve, Mark};
use crate::number;
use serde::{Deserialize, Serialize};

/// Positions along one side of a heatmap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Positions {
    /// Numbers in increasing order.
    Numbers(#[serde(with = "number::list")] Vec<f64>),
    /// Names, in order.
    Labels(Vec<String>),
}

impl Positions {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Labels(labels) => labels.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl From<Vec<f64>> for Positions {
    fn from(values: Vec<f64>) -> Self {
        Self::Numbers(values)
    }
}

impl From<Vec<String>> for Positions {
    fn from(labels: Vec<String>) -> Self {
        Self::Labels(labels)
    }
}

/// The run of colours of a heatmap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ColourRun {
    /// From dark to bright; for values of one sign.
    #[default]
    Sequential,
    /// Two hues from a neutral zero; for values of both signs.
    Diverging,
}

/// Values on a rectangular grid: `values[row][column]` belongs to `y[row]` and `x[column]`.
///
/// ```
/// use irrev_report::{Axis, Heatmap};
/// let map = Heatmap::new(
///     Axis::new("temperature", ""),
///     vec![1.0, 2.0, 3.0],
///     Axis::new("coupling", ""),
///     vec![0.5, 1.0],
///     Axis::new("entropy production rate", "nats/step"),
///     vec![vec![0.1, 0.2, 0.1], vec![0.3, 0.5, 0.2]],
/// )
/// .curve(irrev_report::Curve::new("critical line", vec![1.0, 3.0], vec![0.5, 1.0]));
/// assert_eq!(map.values.len(), map.y.len());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Heatmap {
    /// Horizontal axis.
    pub x_axis: Axis,
    /// Columns.
    pub x: Positions,
    /// Vertical axis.
    pub y_axis: Axis,
    /// Rows, from the bottom.
    pub y: Positions,
    /// What the colours show.
    pub value_axis: Axis,
    /// Rows of values.
    #[serde(with = "number::rows")]
    pub values: Vec<Vec<f64>>,
    /// The run of colours.
    #[serde(default)]
    pub colours: ColourRun,
    /// Curves drawn over the cells, such as a critical line; only where both sides are numbers. What lies outside of the cells is not drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curves: Vec<Curve>,
    /// Reference lines and points over the cells; only where both sides are numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

impl Heatmap {
    /// A heatmap with a sequential run of colours.
    pub fn new(
        x_axis: Axis,
        x: impl Into<Positions>,
        y_axis: Axis,
        y: impl Into<Positions>,
        value_axis: Axis,
        values: Vec<Vec<f64>>,
    ) -> Self {
        Self {
            x_axis,
            x: x.into(),
            y_axis,
            y: y.into(),
            value_axis,
            values,
            colours: ColourRun::Sequential,
            curves: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// Draws a curve over the cells.
    #[must_use]
    pub fn curve(mut self, curve: Curve) -> Self {
        self.curves.push(curve);
        self
    }

    /// Draws a reference line or point over the cells.
    #[must_use]
    pub fn mark(mut self, mark: Mark) -> Self {
        self.marks.push(mark);
        self
    }

    /// Uses two hues from a neutral zero.
    #[must_use]
    pub fn diverging(mut self) -> Self {
        self.colours = ColourRun::Diverging;
        self
    }
}

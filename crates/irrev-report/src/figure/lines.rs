//! Curves over one axis, with bands, error bars and reference marks.

use super::Axis;
use crate::number;
use serde::{Deserialize, Serialize};

/// How a curve is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CurveStyle {
    /// A solid line.
    #[default]
    Line,
    /// Markers only.
    Markers,
    /// Markers joined by a line.
    LineAndMarkers,
    /// A dashed line, for bounds and references.
    Dashed,
    /// A vertical line from 0 to each point, for probabilities of separate values; on a linear axis.
    Sticks,
}

/// A curve, with a band or error bars if `lower` and `upper` are given.
///
/// With a line style they bound a shaded band, with [`CurveStyle::Markers`] they are the ends of error bars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Curve {
    /// Name in the legend.
    pub name: String,
    /// Abscissae.
    #[serde(with = "number::list")]
    pub x: Vec<f64>,
    /// Ordinates, one for each abscissa.
    #[serde(with = "number::list")]
    pub y: Vec<f64>,
    /// Lower ends of the band, in absolute terms.
    #[serde(
        with = "number::optional_list",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub lower: Option<Vec<f64>>,
    /// Upper ends of the band, in absolute terms.
    #[serde(
        with = "number::optional_list",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub upper: Option<Vec<f64>>,
    /// How it is drawn.
    #[serde(default)]
    pub style: CurveStyle,
}

impl Curve {
    /// A solid line through (x, y).
    pub fn new(name: impl Into<String>, x: Vec<f64>, y: Vec<f64>) -> Self {
        Self {
            name: name.into(),
            x,
            y,
            lower: None,
            upper: None,
            style: CurveStyle::Line,
        }
    }

    /// Draws it in another style.
    #[must_use]
    pub fn styled(mut self, style: CurveStyle) -> Self {
        self.style = style;
        self
    }

    /// Adds a band, or error bars for markers, between these absolute values.
    #[must_use]
    pub fn with_band(mut self, lower: Vec<f64>, upper: Vec<f64>) -> Self {
        self.lower = Some(lower);
        self.upper = Some(upper);
        self
    }
}

/// A reference line or point with a label, such as a stall force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mark {
    /// Abscissa: a vertical line, or a point if `y` is given too.
    #[serde(with = "number::optional", default, skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    /// Ordinate: a horizontal line, or a point if `x` is given too.
    #[serde(with = "number::optional", default, skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
    /// What it marks.
    pub label: String,
    /// Whether a point is only labelled, such as a contour with its value; default false, with a ring around it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub label_only: bool,
}

impl Mark {
    /// A vertical line at `x`.
    pub fn vertical(x: f64, label: impl Into<String>) -> Self {
        Self {
            x: Some(x),
            y: None,
            label: label.into(),
            label_only: false,
        }
    }

    /// A horizontal line at `y`.
    pub fn horizontal(y: f64, label: impl Into<String>) -> Self {
        Self {
            x: None,
            y: Some(y),
            label: label.into(),
            label_only: false,
        }
    }

    /// A label at a point, without a ring: the value of a contour.
    pub fn label(x: f64, y: f64, label: impl Into<String>) -> Self {
        Self {
            label_only: true,
            ..Self::point(x, y, label)
        }
    }

    /// A point.
    pub fn point(x: f64, y: f64, label: impl Into<String>) -> Self {
        Self {
            x: Some(x),
            y: Some(y),
            label: label.into(),
            label_only: false,
        }
    }
}

/// Curves over one axis.
///
/// ```
/// use irrev_report::{Axis, Curve, Figure, Lines, Mark};
/// let lines = Lines::new(Axis::new("load", "pN"), Axis::new("velocity", "nm/s"))
///     .curve(Curve::new("model", vec![0.0, 1.0, 2.0], vec![8.0, 4.0, 0.0]))
///     .mark(Mark::vertical(2.0, "stall force"));
/// let figure = Figure::new("velocity", "Velocity against load", "Mean velocity of the motor.", lines);
/// assert_eq!(figure.name, "velocity");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Lines {
    /// Horizontal axis.
    pub x_axis: Axis,
    /// Vertical axis.
    pub y_axis: Axis,
    /// The curves, in drawing order.
    pub curves: Vec<Curve>,
    /// Reference lines and points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

impl Lines {
    /// Axes without curves.
    pub fn new(x_axis: Axis, y_axis: Axis) -> Self {
        Self {
            x_axis,
            y_axis,
            curves: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// Adds a curve.
    #[must_use]
    pub fn curve(mut self, curve: Curve) -> Self {
        self.curves.push(curve);
        self
    }

    /// Adds a reference line or point.
    #[must_use]
    pub fn mark(mut self, mark: Mark) -> Self {
        self.marks.push(mark);
        self
    }
}

//! Figures as data: what is drawn, not how. The writers turn them into interactive plots and into SVG.
//!
//! Lists that belong together are equally long; this is checked when a report is written or read. NaN and
//! infinite values are gaps in the drawing and stay in the data.

mod bars;
mod heatmap;
mod lines;
mod network;

pub use bars::{Arrangement, BarGroup, Bars};
pub use heatmap::{ColourRun, Heatmap, Positions};
pub use lines::{Curve, CurveStyle, Lines, Mark};
pub use network::{Network, NetworkEdge, NetworkNode};

use serde::{Deserialize, Serialize};

/// A figure with its data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Figure {
    /// Name, also of the file: `a-z 0-9 _ -`.
    pub name: String,
    /// Short heading.
    pub title: String,
    /// What it shows and how to read it, in one to three sentences.
    pub caption: String,
    /// The data.
    pub kind: FigureKind,
}

impl Figure {
    /// A figure from its data, for instance `Figure::new("current", "Current", "…", Lines::new(x, y))`.
    pub fn new(
        name: impl Into<String>,
        title: impl Into<String>,
        caption: impl Into<String>,
        kind: impl Into<FigureKind>,
    ) -> Self {
        Self {
            name: name.into(),
            title: title.into(),
            caption: caption.into(),
            kind: kind.into(),
        }
    }
}

/// The kinds of figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum FigureKind {
    /// Curves over one axis.
    Lines(Lines),
    /// Bars over categories.
    Bars(Bars),
    /// States, transitions between them, and what they dissipate.
    Network(Network),
    /// Values on a rectangular grid.
    Heatmap(Heatmap),
}

impl From<Lines> for FigureKind {
    fn from(lines: Lines) -> Self {
        Self::Lines(lines)
    }
}

impl From<Bars> for FigureKind {
    fn from(bars: Bars) -> Self {
        Self::Bars(bars)
    }
}

impl From<Network> for FigureKind {
    fn from(network: Network) -> Self {
        Self::Network(network)
    }
}

impl From<Heatmap> for FigureKind {
    fn from(heatmap: Heatmap) -> Self {
        Self::Heatmap(heatmap)
    }
}

/// How an axis or a colour scale is divided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Scale {
    /// Equal steps.
    #[default]
    Linear,
    /// Equal factors; values ≤ 0 are gaps.
    Logarithmic,
}

/// An axis, or a colour scale: what it measures and how it is divided.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Axis {
    /// What is measured: `entropy production rate`.
    pub label: String,
    /// Unit; empty for pure numbers.
    pub unit: String,
    /// Division.
    #[serde(default)]
    pub scale: Scale,
}

impl Axis {
    /// A linear axis.
    pub fn new(label: impl Into<String>, unit: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            unit: crate::quantity::unit_label(unit),
            scale: Scale::Linear,
        }
    }

    /// The same axis in equal factors.
    #[must_use]
    pub fn logarithmic(mut self) -> Self {
        self.scale = Scale::Logarithmic;
        self
    }

    /// Label and unit as written at the axis: `time [s]`.
    pub fn title(&self) -> String {
        if self.unit.is_empty() {
            self.label.clone()
        } else {
            format!("{} [{}]", self.label, self.unit)
        }
    }
}

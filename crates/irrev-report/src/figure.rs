//! Figures as data: what is drawn, not how. The writers turn them into interactive plots and into SVG.
//!
//! Lists that belong together are equally long; this is checked when a report is written or read. NaN and
//! infinite values are gaps in the drawing and stay in the data.

use crate::number;
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
            unit: unit.into(),
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
}

impl Mark {
    /// A vertical line at `x`.
    pub fn vertical(x: f64, label: impl Into<String>) -> Self {
        Self {
            x: Some(x),
            y: None,
            label: label.into(),
        }
    }

    /// A horizontal line at `y`.
    pub fn horizontal(y: f64, label: impl Into<String>) -> Self {
        Self {
            x: None,
            y: Some(y),
            label: label.into(),
        }
    }

    /// A point.
    pub fn point(x: f64, y: f64, label: impl Into<String>) -> Self {
        Self {
            x: Some(x),
            y: Some(y),
            label: label.into(),
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

/// A node of a network figure.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NetworkNode {
    /// Name of the state.
    pub label: String,
    /// Weight ≥ 0 that the node's area shows, such as the stationary probability.
    #[serde(with = "number::one")]
    pub weight: f64,
    /// Further text shown when the pointer is on the node; lines separated by `\n`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hover: String,
    /// Place in the drawing; if any node has none, all places are computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<[f64; 2]>,
}

impl NetworkNode {
    /// A node whose place is computed.
    pub fn new(label: impl Into<String>, weight: f64) -> Self {
        Self {
            label: label.into(),
            weight,
            ..Self::default()
        }
    }

    /// Puts the node at a given place; used only if all nodes have one.
    #[must_use]
    pub fn at(mut self, position: [f64; 2]) -> Self {
        self.position = Some(position);
        self
    }

    /// Adds text shown when the pointer is on the node; lines separated by `\n`.
    #[must_use]
    pub fn with_hover(mut self, hover: impl Into<String>) -> Self {
        self.hover = hover.into();
        self
    }
}

/// An edge of a network figure, one for each channel: parallel edges are drawn as separate curves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NetworkEdge {
    /// Index of the node that the edge leaves.
    pub from: usize,
    /// Index of the node that the edge enters.
    pub to: usize,
    /// Name of the channel.
    pub label: String,
    /// What the colour shows, such as the dissipation; infinite values get a colour of their own.
    #[serde(with = "number::one")]
    pub value: f64,
    /// Net current along the edge; the arrow points against the edge where it is negative.
    #[serde(with = "number::one")]
    pub current: f64,
    /// Further text shown when the pointer is on the edge; lines separated by `\n`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hover: String,
}

impl NetworkEdge {
    /// An edge between the nodes with indices `from` and `to`.
    pub fn new(from: usize, to: usize, label: impl Into<String>, value: f64, current: f64) -> Self {
        Self {
            from,
            to,
            label: label.into(),
            value,
            current,
            hover: String::new(),
        }
    }

    /// Adds text shown when the pointer is on the edge; lines separated by `\n`.
    #[must_use]
    pub fn with_hover(mut self, hover: impl Into<String>) -> Self {
        self.hover = hover.into();
        self
    }
}

/// States and transitions: node areas show weights, edge colours show values, arrows show net currents.
///
/// Places are computed from the graph alone (see [`crate::network_layout`]). Networks of more than
/// [`Network::LARGEST_DRAWN`] nodes are shown as a histogram of the edge values instead.
///
/// ```
/// use irrev_report::{Axis, Network, NetworkEdge, NetworkNode};
/// let network = Network::new(Axis::new("entropy production rate", "nats/time"))
///     .node(NetworkNode::new("A", 0.6))
///     .node(NetworkNode::new("B", 0.4))
///     .edge(NetworkEdge::new(0, 1, "cold", 0.02, 0.1))
///     .edge(NetworkEdge::new(1, 0, "hot", 0.05, 0.1).with_hover("heat 0.3 into the reservoir"));
/// assert_eq!(network.edges.len(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Network {
    /// What the node areas show: `stationary probability`.
    pub weight_label: String,
    /// What the edge colours show.
    pub value_axis: Axis,
    /// Name and unit of the net current.
    pub current_axis: Axis,
    /// The nodes.
    pub nodes: Vec<NetworkNode>,
    /// The edges.
    pub edges: Vec<NetworkEdge>,
}

impl Network {
    /// Largest number of nodes that is drawn as a network; beyond it the picture tells nothing.
    pub const LARGEST_DRAWN: usize = 400;

    /// An empty network whose edge colours show `value_axis`, with stationary probabilities as weights and
    /// currents in 1/time.
    pub fn new(value_axis: Axis) -> Self {
        Self {
            weight_label: "stationary probability".to_owned(),
            value_axis,
            current_axis: Axis::new("net current", "1/time"),
            ..Self::default()
        }
    }

    /// Adds a node.
    #[must_use]
    pub fn node(mut self, node: NetworkNode) -> Self {
        self.nodes.push(node);
        self
    }

    /// Adds an edge.
    #[must_use]
    pub fn edge(mut self, edge: NetworkEdge) -> Self {
        self.edges.push(edge);
        self
    }

    /// States what node areas show, and in which terms currents are given.
    #[must_use]
    pub fn showing(mut self, weight_label: impl Into<String>, current_axis: Axis) -> Self {
        self.weight_label = weight_label.into();
        self.current_axis = current_axis;
        self
    }
}

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
/// );
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
        }
    }

    /// Uses two hues from a neutral zero.
    #[must_use]
    pub fn diverging(mut self) -> Self {
        self.colours = ColourRun::Diverging;
        self
    }
}

//! Networks of states and channels.

use super::Axis;
use crate::number;
use serde::{Deserialize, Serialize};

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

//! What can be wrong with a graph, its weights, or a right-hand side.

/// Why an elimination could not be planned, carried out or used.
///
/// Edges are named by their position in the list given to
/// [`EliminationPlan::new`](super::EliminationPlan::new), nodes by their number there.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EliminationError {
    /// An end of an edge is not a node.
    #[error("edge {edge}: node {node} does not exist, the graph has {nodes} nodes (0 to {nodes} - 1)")]
    NodeOutOfRange {
        /// Position of the edge in the list.
        edge: usize,
        /// The end that is out of range.
        node: usize,
        /// Number of nodes of the graph.
        nodes: usize,
    },
    /// An edge joins a node to itself; it has no effect on any balance and is most likely a mistake.
    #[error("edge {edge} joins node {node} to itself; remove it")]
    SelfLoop {
        /// Position of the edge in the list.
        edge: usize,
        /// The node at both its ends.
        node: usize,
    },
    /// More nodes, edges or factor entries than the engine can number.
    #[error("{what}: {count} exceeds the limit {limit}; reduce the graph or use an iterative method")]
    TooLarge {
        /// What is being counted.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A vector does not have one entry per node or per edge.
    #[error("{what}: {found} values given, {expected} expected")]
    Length {
        /// Which argument.
        what: &'static str,
        /// Length expected.
        expected: usize,
        /// Length found.
        found: usize,
    },
    /// A conductance or rate is negative, infinite or not a number.
    #[error("edge {edge}: {what} {value} is not a finite non-negative number")]
    InvalidWeight {
        /// Position of the edge in the list.
        edge: usize,
        /// `"conductance"`, `"forward rate"` or `"backward rate"`.
        what: &'static str,
        /// The offending value.
        value: f64,
    },
    /// A right-hand side holds an infinite value or something that is not a number.
    #[error("right-hand side at node {node}: {value} is not finite")]
    InvalidRightHandSide {
        /// The node.
        node: usize,
        /// The offending value.
        value: f64,
    },
    /// The weights span more orders of magnitude than double precision can hold at once.
    #[error(
        "edge {edge}: {what} {value:e} is too small beside the largest, {largest:e}; the ratio may be at most about 1e379"
    )]
    RangeTooWide {
        /// Position of the edge in the list.
        edge: usize,
        /// `"conductance"`, `"forward rate"` or `"backward rate"`.
        what: &'static str,
        /// The smallest non-zero value.
        value: f64,
        /// The largest value.
        largest: f64,
    },
    /// An effective conductance or rate became too small for double precision during the elimination.
    #[error(
        "node {node}: its effective outflow became too small for double precision during the elimination; \
         raise the smallest weights or remove the edges that do not matter"
    )]
    Underflow {
        /// The node whose elimination failed.
        node: usize,
    },
    /// A solution is too large for double precision.
    #[error(
        "the solution exceeds the range of double precision (node {node}); rescale weights or right-hand side"
    )]
    Overflow {
        /// A node where it is infinite.
        node: usize,
    },
    /// A generator whose states do not all communicate.
    #[error(
        "the generator is reducible: state {state} {defect}; treat each closed class of states on its own"
    )]
    Reducible {
        /// A state where this shows.
        state: usize,
        /// What that state lacks.
        defect: ReducibleDefect,
    },
    /// The right-hand side does not lie in the range of the singular matrix.
    #[error(
        "right-hand side on the component of node {node} is unbalanced: |sum| = {defect:e} against a sum of magnitudes \
         {magnitude:e}, allowed is the fraction {tolerance:e}; make it balanced or raise `imbalance_tolerance`"
    )]
    Unbalanced {
        /// A node of the component.
        node: usize,
        /// |Σ w| on the component (for the transposed generator |Σ π w|).
        defect: f64,
        /// Σ |w| (for the transposed generator Σ π |w|).
        magnitude: f64,
        /// The tolerance in force.
        tolerance: f64,
    },
    /// The thread pool could not be started.
    #[error("could not start {threads} threads: {reason}")]
    ThreadPool {
        /// How many were asked for.
        threads: usize,
        /// What the system answered.
        reason: String,
    },
}

/// What a state of a reducible generator lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReducibleDefect {
    /// From here the remaining states cannot be reached.
    NoWayOut,
    /// It cannot be reached from the remaining states.
    NoWayIn,
}

impl std::fmt::Display for ReducibleDefect {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::NoWayOut => "belongs to a class that cannot be left",
            Self::NoWayIn => "cannot be reached from the other states",
        })
    }
}

//! The tree itself: nodes in one vector, children before parents, the root last.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Arity, ExpressionError, Function, constant};
use crate::source::Span;

/// The place of a node in [`Expression::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// Index into [`Expression::nodes`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub(super) fn register(self) -> u32 {
        self.0
    }
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// left + right.
    Add,
    /// left − right.
    Subtract,
    /// left · right.
    Multiply,
    /// left / right.
    Divide,
    /// left to the power right.
    Power,
}

/// A comparison; its value is 1 if it holds and 0 if not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// left < right.
    Less,
    /// left ≤ right.
    LessOrEqual,
    /// left > right.
    Greater,
    /// left ≥ right.
    GreaterOrEqual,
    /// left = right, exactly.
    Equal,
    /// left ≠ right, exactly.
    NotEqual,
}

/// One case of a piecewise expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Branch {
    /// The value if the condition holds (is not 0) and no earlier one does.
    pub value: NodeId,
    /// The condition.
    pub condition: NodeId,
}

/// What a node is. Children are named by their place and always stand before their parent.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum NodeKind {
    /// A literal: finite, not negative.
    Number(f64),
    /// A name: a variable of the caller, or else one of the constants `pi` and `e`.
    Variable(String),
    /// The operand with the other sign.
    Negate(NodeId),
    /// An operator between two operands.
    Binary {
        /// Which operator.
        operator: BinaryOperator,
        /// First operand.
        left: NodeId,
        /// Second operand.
        right: NodeId,
    },
    /// A comparison of two operands.
    Compare {
        /// Which comparison.
        comparison: Comparison,
        /// First operand.
        left: NodeId,
        /// Second operand.
        right: NodeId,
    },
    /// A function of its arguments, as many as its [`Arity`](super::Arity) admits.
    Call {
        /// Which function.
        function: Function,
        /// Its arguments in order.
        arguments: Vec<NodeId>,
    },
    /// The value of the first branch whose condition holds, or else `otherwise`.
    Piecewise {
        /// The cases in order; at least one.
        branches: Vec<Branch>,
        /// The value when no condition holds.
        otherwise: NodeId,
    },
}

impl NodeKind {
    /// The children in the order in which they are written.
    pub fn children(&self) -> Vec<NodeId> {
        match self {
            NodeKind::Number(_) | NodeKind::Variable(_) => Vec::new(),
            NodeKind::Negate(operand) => vec![*operand],
            NodeKind::Binary { left, right, .. } | NodeKind::Compare { left, right, .. } => {
                vec![*left, *right]
            }
            NodeKind::Call { arguments, .. } => arguments.clone(),
            NodeKind::Piecewise { branches, otherwise } => {
                let cases = branches
                    .iter()
                    .flat_map(|branch| [branch.value, branch.condition]);
                cases.chain([*otherwise]).collect()
            }
        }
    }

    /// The same node with every child renamed.
    pub(super) fn renamed(&self, rename: impl Fn(NodeId) -> NodeId) -> NodeKind {
        match self {
            NodeKind::Number(value) => NodeKind::Number(*value),
            NodeKind::Variable(name) => NodeKind::Variable(name.clone()),
            NodeKind::Negate(operand) => NodeKind::Negate(rename(*operand)),
            NodeKind::Binary {
                operator,
                left,
                right,
            } => NodeKind::Binary {
                operator: *operator,
                left: rename(*left),
                right: rename(*right),
            },
            NodeKind::Compare {
                comparison,
                left,
                right,
            } => NodeKind::Compare {
                comparison: *comparison,
                left: rename(*left),
                right: rename(*right),
            },
            NodeKind::Call { function, arguments } => NodeKind::Call {
                function: *function,
                arguments: arguments.iter().map(|id| rename(*id)).collect(),
            },
            NodeKind::Piecewise { branches, otherwise } => NodeKind::Piecewise {
                branches: branches
                    .iter()
                    .map(|branch| Branch {
                        value: rename(branch.value),
                        condition: rename(branch.condition),
                    })
                    .collect(),
                otherwise: rename(*otherwise),
            },
        }
    }
}

/// A node and the bytes of [`Expression::text`] it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it was written. In a derivative: the sub-expression that gave rise to it.
    pub span: Span,
}

/// A parsed formula. Cloning is cheap: the nodes are shared.
///
/// Two expressions are equal if they are the same tree; spelling, spaces and redundant brackets do not count.
#[derive(Clone, Debug)]
pub struct Expression {
    text: Arc<str>,
    nodes: Arc<[Node]>,
}

impl Expression {
    /// The text that was parsed. A derivative keeps the text of its origin, where its spans point.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All nodes, children before parents, the root last; never empty.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The node that is the whole expression.
    #[must_use]
    pub fn root(&self) -> NodeId {
        NodeId(u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX))
    }

    /// The node at `id`.
    ///
    /// # Panics
    /// If `id` belongs to a larger expression.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// The part of the expression below a node, as an expression of its own.
    pub(crate) fn part(&self, id: NodeId) -> Expression {
        let nodes = self.nodes[..=id.index()].to_vec();
        TreeBuilder { nodes }.finish(&self.text, id)
    }

    /// An expression that is one number. `None` if it is not finite.
    #[must_use]
    pub fn number(value: f64) -> Option<Expression> {
        let text = super::display::number_text(value);
        let mut builder = TreeBuilder::default();
        let root = value
            .is_finite()
            .then(|| builder.number(value, Span::new(0, text.len())))?;
        Some(builder.finish(&text, root))
    }

    /// The value, if the expression is one literal number, with or without a minus sign.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match &self.node(self.root()).kind {
            NodeKind::Number(value) => Some(*value),
            NodeKind::Negate(operand) => match self.node(*operand).kind {
                NodeKind::Number(value) => Some(-value),
                _ => None,
            },
            _ => None,
        }
    }

    /// Every name in the expression, once each in order of appearance, the constants `pi` and `e` included.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut seen = std::collections::HashSet::new();
        let names = self.nodes.iter().filter_map(|node| match &node.kind {
            NodeKind::Variable(name) => Some(name.as_str()),
            _ => None,
        });
        names.filter(|name| seen.insert(*name)).collect()
    }

    /// Every name that is not one of the constants `pi` and `e`, once each in order of appearance.
    #[must_use]
    pub fn variables(&self) -> Vec<&str> {
        self.names()
            .into_iter()
            .filter(|name| constant(name).is_none())
            .collect()
    }

    /// Whether it has corners or jumps, as `abs`, `min` or `if` have: its derivatives then miss what lies in them.
    #[must_use]
    pub fn has_corners(&self) -> bool {
        self.nodes.iter().any(|node| match &node.kind {
            NodeKind::Compare { .. } | NodeKind::Piecewise { .. } => true,
            NodeKind::Call { function, .. } => function.has_corners(),
            _ => false,
        })
    }

    /// Where `name` is first written.
    #[must_use]
    pub fn span_of(&self, name: &str) -> Option<Span> {
        self.nodes
            .iter()
            .find(|node| matches!(&node.kind, NodeKind::Variable(known) if known == name))
            .map(|node| node.span)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        let mut shapes = HashMap::new();
        shape(&mut shapes, &self.nodes) == shape(&mut shapes, &other.nodes)
    }
}

/// Number of the root's shape in a table in which equal subtrees have equal numbers, shared or not.
fn shape(shapes: &mut HashMap<String, NodeId>, nodes: &[Node]) -> Option<NodeId> {
    let mut of_node: Vec<NodeId> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let kind = node.kind.renamed(|child| of_node[child.index()]);
        let next = NodeId(u32::try_from(shapes.len()).unwrap_or(u32::MAX));
        // The debug form is an injective text of a node: numbers round-trip and names are quoted.
        of_node.push(*shapes.entry(format!("{kind:?}")).or_insert(next));
    }
    of_node.last().copied()
}

/// Collects nodes bottom-up.
#[derive(Clone, Default)]
pub(super) struct TreeBuilder {
    nodes: Vec<Node>,
}

impl TreeBuilder {
    pub(super) fn push(&mut self, kind: NodeKind, span: Span) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { kind, span });
        id
    }

    /// A finite number; a negative one becomes the negation of a literal, as it would be parsed.
    pub(super) fn number(&mut self, value: f64, span: Span) -> NodeId {
        let literal = self.push(NodeKind::Number(value.abs()), span);
        if value < 0.0 {
            self.push(NodeKind::Negate(literal), span)
        } else {
            literal
        }
    }

    pub(super) fn binary(
        &mut self,
        operator: BinaryOperator,
        left: NodeId,
        right: NodeId,
        span: Span,
    ) -> NodeId {
        self.push(
            NodeKind::Binary {
                operator,
                left,
                right,
            },
            span,
        )
    }

    /// A call whose number of arguments is checked.
    pub(super) fn call(
        &mut self,
        function: Function,
        arguments: Vec<NodeId>,
        span: Span,
    ) -> Result<NodeId, ExpressionError> {
        arity_checked(function.name(), function.arity(), arguments.len(), span)?;
        Ok(self.push(NodeKind::Call { function, arguments }, span))
    }

    pub(super) fn kind(&self, id: NodeId) -> &NodeKind {
        &self.nodes[id.index()].kind
    }

    pub(super) fn span(&self, id: NodeId) -> Span {
        self.nodes[id.index()].span
    }

    pub(super) fn set_span(&mut self, id: NodeId, span: Span) {
        self.nodes[id.index()].span = span;
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Keeps what `root` needs, in order, and closes the tree.
    pub(super) fn finish(self, text: &str, root: NodeId) -> Expression {
        let mut needed = vec![false; self.nodes.len()];
        needed[root.index()] = true;
        for index in (0..=root.index()).rev() {
            if needed[index] {
                self.nodes[index]
                    .kind
                    .children()
                    .into_iter()
                    .for_each(|child| needed[child.index()] = true);
            }
        }
        let mut renamed = vec![NodeId(0); self.nodes.len()];
        let mut kept = TreeBuilder::default();
        for (index, node) in self.nodes.iter().enumerate().take(root.index() + 1) {
            if needed[index] {
                renamed[index] = kept.push(node.kind.renamed(|child| renamed[child.index()]), node.span);
            }
        }
        Expression {
            text: text.into(),
            nodes: kept.nodes.into(),
        }
    }
}

pub(super) fn arity_checked(
    name: &str,
    arity: Arity,
    found: usize,
    span: Span,
) -> Result<(), ExpressionError> {
    if arity.admits(found) {
        return Ok(());
    }
    Err(ExpressionError::new(
        span,
        format!("`{name}` takes {arity}, found {found}"),
    ))
}

//! A product without some of its factors: what is left of k x² y once x² y is taken out.
//!
//! Products, quotients and powers with a number as exponent are looked into as far as they mention a name that is taken out;
//! everything else is one factor, and stays as it was written.

use super::derivative::Algebra;
use super::tree::TreeBuilder;
use super::{BinaryOperator, Expression, NodeId, NodeKind};
use crate::source::Span;

/// A factor in a product, with its exponent.
struct Factor {
    node: NodeId,
    exponent: f64,
}

impl Expression {
    /// The quotient of the formula and ∏ name^power, with as much of each name as the powers leave. `None` if a name stands anywhere
    /// but in a factor of its own.
    ///
    /// Exact as a formula; the value may differ in the last bits, as factors are multiplied in another order. O(nodes · names).
    ///
    /// ```
    /// use irrev::expression::Expression;
    ///
    /// let law = Expression::parse("cell*(k/K)*A*B^2")?;
    /// let rest = law.without_factors(&[("cell", 1.0), ("A", 1.0), ("B", 2.0)]).unwrap();
    /// assert_eq!(rest.to_string(), "k/K");
    /// assert_eq!(law.without_factors(&[("B", 1.0)]).unwrap().to_string(), "cell*(k/K)*A*B");
    /// assert!(Expression::parse("k*A/(1 + A)")?.without_factors(&[("A", 1.0)]).is_none());
    /// # Ok::<(), irrev::expression::ExpressionError>(())
    /// ```
    #[must_use]
    pub fn without_factors(&self, powers: &[(&str, f64)]) -> Option<Expression> {
        let power_of = |name: &str| powers.iter().position(|(known, _)| *known == name);
        let mut mentions = Vec::with_capacity(self.nodes().len());
        for node in self.nodes() {
            let by_itself = matches!(&node.kind, NodeKind::Variable(name) if power_of(name).is_some());
            let through = node.kind.children().iter().any(|child| mentions[child.index()]);
            mentions.push(by_itself || through);
        }
        let mut left: Vec<f64> = powers.iter().map(|(_, power)| -power).collect();
        let mut rest = Vec::new();
        let mut open = vec![(self.root(), 1.0)];
        while let Some((node, exponent)) = open.pop() {
            if !mentions[node.index()] {
                rest.push(Factor { node, exponent });
                continue;
            }
            match &self.node(node).kind {
                NodeKind::Variable(name) => left[power_of(name)?] += exponent,
                // Last in, first out: the left factor comes first again.
                NodeKind::Binary {
                    operator,
                    left,
                    right,
                } => match operator {
                    BinaryOperator::Multiply => open.extend([(*right, exponent), (*left, exponent)]),
                    BinaryOperator::Divide => open.extend([(*right, -exponent), (*left, exponent)]),
                    BinaryOperator::Power => open.push((*left, exponent * self.literal(*right)?)),
                    BinaryOperator::Add | BinaryOperator::Subtract => return None,
                },
                _ => return None,
            }
        }
        Some(self.product_of(&rest, powers, &left))
    }

    /// The number that a node is, with its sign.
    fn literal(&self, node: NodeId) -> Option<f64> {
        match self.node(node).kind {
            NodeKind::Number(value) => Some(value),
            NodeKind::Negate(operand) => match self.node(operand).kind {
                NodeKind::Number(value) => Some(-value),
                _ => None,
            },
            _ => None,
        }
    }

    /// The factors of this tree, and the names to the powers that are left of them, as one product; of nothing 1.
    fn product_of(&self, factors: &[Factor], names: &[(&str, f64)], left: &[f64]) -> Expression {
        let mut algebra = Algebra {
            tree: TreeBuilder::default(),
        };
        let mut copies: Vec<NodeId> = Vec::with_capacity(self.nodes().len());
        for node in self.nodes() {
            let kind = node.kind.renamed(|child| copies[child.index()]);
            copies.push(algebra.tree.push(kind, node.span));
        }
        let mut factors: Vec<(NodeId, f64)> = factors
            .iter()
            .map(|factor| (copies[factor.node.index()], factor.exponent))
            .collect();
        for ((name, _), exponent) in names.iter().zip(left).filter(|(_, left)| **left != 0.0) {
            let node = algebra
                .tree
                .push(NodeKind::Variable((*name).to_owned()), Span::default());
            factors.push((node, *exponent));
        }
        let span = Span::default();
        let one = algebra.tree.number(1.0, span);
        let product = factors.iter().fold(one, |product, &(node, exponent)| {
            let size = algebra.tree.number(exponent.abs(), span);
            let factor = algebra.power(node, size, span);
            if exponent < 0.0 {
                algebra.divide(product, factor, span)
            } else {
                algebra.multiply(product, factor, span)
            }
        });
        algebra.tree.finish(self.text(), product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(text: &str, powers: &[(&str, f64)]) -> Option<String> {
        let expression = Expression::parse(text).unwrap();
        expression.without_factors(powers).map(|rest| rest.to_string())
    }

    #[test]
    fn what_mentions_no_name_stays_as_it_was_written() {
        let powers = [("V", -1.0), ("A", 2.0)];
        assert_eq!(rest("V*(a/(b*c))*(A/V)^2", &powers).as_deref(), Some("a/(b*c)"));
        assert_eq!(rest("A/V*(a - b)*A", &powers).as_deref(), Some("a - b"));
        assert_eq!(rest("A*A/V", &powers).as_deref(), Some("1"));
        assert_eq!(rest("k*A*A", &powers).as_deref(), Some("k*V"));
        assert_eq!(rest("0.25*A^2/V/K", &powers).as_deref(), Some("0.25/K"));
    }

    #[test]
    fn a_name_in_a_sum_a_call_or_an_exponent_is_no_factor() {
        for text in ["(A + B)*k", "k*exp(A)", "k^A", "k*A^n", "-A*k"] {
            assert_eq!(rest(text, &[("A", 1.0)]), None, "{text}");
        }
        assert_eq!(rest("k", &[("A", 1.0)]).as_deref(), Some("k/A"));
    }
}

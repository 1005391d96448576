//! A difference told apart: value = forward − backward, both without a minus sign.
//!
//! A kinetic law states the net flux j = j⁺ − j⁻, and thermodynamics needs j⁺ and j⁻. Where every name stands for a quantity that
//! is not negative, signs travel up the tree:
//!
//! | node | forward | backward |
//! |---|---|---|
//! | a + b | a⁺ + b⁺ | a⁻ + b⁻ |
//! | a − b | a⁺ + b⁻ | a⁻ + b⁺ |
//! | a · b | a⁺b⁺ + a⁻b⁻ | a⁺b⁻ + a⁻b⁺ |
//! | a / d, d ≥ 0 | a⁺/d | a⁻/d |
//! | exp, √, a², comparisons, … | the node | – |
//!
//! A sub-expression without a minus sign stays as it was written, to the last bit. The split is that of the formula as written: it
//! is unique only up to a common addend, so whether forward and backward are the two directions of a reaction is for the caller to
//! check (each must vanish with what it consumes).

use super::derivative::Algebra;
use super::parse::MAXIMUM_NODES;
use super::tree::TreeBuilder;
use super::{BinaryOperator, Branch, Expression, Function, NodeId, NodeKind};
use crate::source::Span;

/// The two parts of a formula: value = forward − backward, each not negative where no name is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Split {
    /// What is added.
    pub forward: Expression,
    /// What is subtracted; `None` if nothing is.
    pub backward: Option<Expression>,
}

impl Expression {
    /// Tells what a formula adds from what it subtracts, every name standing for a quantity that is not negative.
    ///
    /// `None` if a sign cannot be told (`ln`, `sin`, a denominator with a minus sign, an odd power of a difference), or if multiplying
    /// out would exceed [`MAXIMUM_NODES`](super::MAXIMUM_NODES). O(nodes).
    ///
    /// ```
    /// use irrev::expression::Expression;
    ///
    /// let split = Expression::parse("V/Ks*(A - B/Keq)/(1 + A/Ks + B/Kp)")?.split().unwrap();
    /// assert_eq!(split.forward.to_string(), "V/Ks*A/(1 + A/Ks + B/Kp)");
    /// assert_eq!(split.backward.unwrap().to_string(), "V/Ks*(B/Keq)/(1 + A/Ks + B/Kp)");
    ///
    /// assert!(Expression::parse("V*A/(1 + A)")?.split().unwrap().backward.is_none());
    /// assert!(Expression::parse("V*ln(A/B)")?.split().is_none());
    /// # Ok::<(), irrev::expression::ExpressionError>(())
    /// ```
    #[must_use]
    pub fn split(&self) -> Option<Split> {
        let mut splitter = Splitter {
            algebra: Algebra {
                tree: TreeBuilder::default(),
            },
            copies: Vec::with_capacity(self.nodes().len()),
            parts: Vec::with_capacity(self.nodes().len()),
        };
        for node in self.nodes() {
            let copies = &splitter.copies;
            let kind = node.kind.renamed(|child| copies[child.index()]);
            let copy = splitter.algebra.tree.push(kind, node.span);
            let parts = splitter.of_node(&node.kind, copy, node.span);
            splitter.copies.push(copy);
            splitter.parts.push(parts);
        }
        let parts = (*splitter.parts.last()?)?;
        let tree = splitter.algebra.tree;
        let part = |root: NodeId| {
            let part = tree.clone().finish(self.text(), root);
            (written_size(&part) <= MAXIMUM_NODES).then_some(part)
        };
        Some(Split {
            forward: match parts.forward {
                Some(root) => part(root)?,
                None => Expression::number(0.0)?,
            },
            backward: match parts.backward {
                Some(root) => Some(part(root)?),
                None => None,
            },
        })
    }
}

/// Number of nodes when shared sub-expressions are written out.
fn written_size(expression: &Expression) -> usize {
    let mut sizes: Vec<usize> = Vec::with_capacity(expression.nodes().len());
    for node in expression.nodes() {
        let children = node.kind.children().into_iter();
        sizes.push(children.fold(1, |size, child| usize::saturating_add(size, sizes[child.index()])));
    }
    sizes.last().copied().unwrap_or(0)
}

/// What a node adds and what it subtracts; `None` is zero.
#[derive(Clone, Copy)]
struct Parts {
    forward: Option<NodeId>,
    backward: Option<NodeId>,
}

impl Parts {
    /// A node that is not negative as a whole.
    fn positive(node: NodeId) -> Self {
        Parts {
            forward: Some(node),
            backward: None,
        }
    }

    fn is_positive(self) -> bool {
        self.backward.is_none()
    }

    fn reversed(self) -> Self {
        Parts {
            forward: self.backward,
            backward: self.forward,
        }
    }
}

/// Per node of the original: its copy in the new tree, and its parts if its signs are known.
struct Splitter {
    algebra: Algebra,
    copies: Vec<NodeId>,
    parts: Vec<Option<Parts>>,
}

impl Splitter {
    fn parts(&self, id: NodeId) -> Option<Parts> {
        self.parts[id.index()]
    }

    fn is_positive(&self, id: NodeId) -> bool {
        self.parts(id).is_some_and(Parts::is_positive)
    }

    fn of_node(&mut self, kind: &NodeKind, copy: NodeId, span: Span) -> Option<Parts> {
        if let NodeKind::Piecewise { branches, otherwise } = kind {
            return self.of_cases(branches, *otherwise, copy, span);
        }
        if self.is_positive_by_itself(kind) {
            return Some(Parts::positive(copy));
        }
        match kind {
            NodeKind::Negate(operand) => self.parts(*operand).map(Parts::reversed),
            NodeKind::Binary {
                operator,
                left,
                right,
            } => self.of_operator(*operator, self.parts(*left)?, self.parts(*right)?, span),
            _ => None,
        }
    }

    /// Whether a node is not negative whatever cancels inside it.
    fn is_positive_by_itself(&self, kind: &NodeKind) -> bool {
        match kind {
            NodeKind::Number(_) | NodeKind::Variable(_) | NodeKind::Compare { .. } => true,
            NodeKind::Negate(_) | NodeKind::Piecewise { .. } => false,
            NodeKind::Binary {
                operator: BinaryOperator::Power,
                left,
                right,
            } => {
                let exponent = self.algebra.constant(self.copies[right.index()]);
                self.is_positive(*left) || exponent.is_some_and(|power| power % 2.0 == 0.0)
            }
            NodeKind::Binary {
                operator: BinaryOperator::Subtract,
                ..
            } => false,
            NodeKind::Binary { left, right, .. } => self.is_positive(*left) && self.is_positive(*right),
            NodeKind::Call { function, arguments } => match function {
                Function::Exp
                | Function::Sqrt
                | Function::Abs
                | Function::Cosh
                | Function::Acosh
                | Function::Acos
                | Function::Heaviside => true,
                Function::Max => arguments.iter().any(|id| self.is_positive(*id)),
                // Odd functions that grow, and those that round, keep the sign of what they take.
                Function::Min
                | Function::Cbrt
                | Function::Sinh
                | Function::Tanh
                | Function::Asinh
                | Function::Atan
                | Function::Sign
                | Function::Floor
                | Function::Ceil => arguments.iter().all(|id| self.is_positive(*id)),
                _ => false,
            },
        }
    }

    fn of_operator(
        &mut self,
        operator: BinaryOperator,
        left: Parts,
        right: Parts,
        span: Span,
    ) -> Option<Parts> {
        match operator {
            BinaryOperator::Add => Some(self.sum(left, right, span)),
            BinaryOperator::Subtract => Some(self.sum(left, right.reversed(), span)),
            BinaryOperator::Multiply => {
                let like = [
                    self.product(left.forward, right.forward, span),
                    self.product(left.backward, right.backward, span),
                ];
                let unlike = [
                    self.product(left.forward, right.backward, span),
                    self.product(left.backward, right.forward, span),
                ];
                Some(Parts {
                    forward: self.total(like, span),
                    backward: self.total(unlike, span),
                })
            }
            BinaryOperator::Divide => {
                let (numerator, divisor) = match (right.forward, right.backward) {
                    (Some(divisor), None) => (left, divisor),
                    (None, Some(divisor)) => (left.reversed(), divisor),
                    _ => return None,
                };
                let mut over = |part: Option<NodeId>| Some(self.algebra.divide(part?, divisor, span));
                Some(Parts {
                    forward: over(numerator.forward),
                    backward: over(numerator.backward),
                })
            }
            // An odd or broken power of a difference.
            BinaryOperator::Power => None,
        }
    }

    fn sum(&mut self, left: Parts, right: Parts, span: Span) -> Parts {
        let forward = self.total([left.forward, right.forward], span);
        let backward = self.total([left.backward, right.backward], span);
        // 1 − 4 is the number −3, not a part of each sign.
        let numbers = [forward, backward].map(|part| self.algebra.constant(part?));
        match numbers {
            [Some(plus), Some(minus)] => {
                let mut number = |value: f64| (value > 0.0).then(|| self.algebra.tree.number(value, span));
                Parts {
                    forward: number(plus - minus),
                    backward: number(minus - plus),
                }
            }
            _ => Parts { forward, backward },
        }
    }

    fn total(&mut self, terms: [Option<NodeId>; 2], span: Span) -> Option<NodeId> {
        match terms {
            [Some(left), Some(right)] => Some(self.algebra.add(left, right, span)),
            [left, right] => left.or(right),
        }
    }

    fn product(&mut self, left: Option<NodeId>, right: Option<NodeId>, span: Span) -> Option<NodeId> {
        Some(self.algebra.multiply(left?, right?, span))
    }

    fn of_cases(
        &mut self,
        branches: &[Branch],
        otherwise: NodeId,
        copy: NodeId,
        span: Span,
    ) -> Option<Parts> {
        let last = self.parts(otherwise)?;
        let values: Vec<Parts> = branches
            .iter()
            .map(|branch| self.parts(branch.value))
            .collect::<Option<_>>()?;
        if last.is_positive() && values.iter().all(|value| value.is_positive()) {
            return Some(Parts::positive(copy));
        }
        let mut side = |part: fn(&Parts) -> Option<NodeId>| {
            let tree = &mut self.algebra.tree;
            let mut value = |parts: &Parts| part(parts).unwrap_or_else(|| tree.number(0.0, span));
            let cases = branches.iter().zip(&values).map(|(branch, parts)| Branch {
                value: value(parts),
                condition: self.copies[branch.condition.index()],
            });
            let cases: Vec<Branch> = cases.collect();
            let otherwise = value(&last);
            self.algebra.cases(cases, otherwise, span)
        };
        Some(Parts {
            forward: Some(side(|parts| parts.forward)),
            backward: Some(side(|parts| parts.backward)),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(text: &str) -> Option<(String, Option<String>)> {
        let split = Expression::parse(text).unwrap().split()?;
        let backward = split.backward.map(|part| part.to_string());
        Some((split.forward.to_string(), backward))
    }

    fn check(text: &str, forward: &str, backward: Option<&str>) {
        let expected = (forward.to_owned(), backward.map(str::to_owned));
        assert_eq!(parts(text), Some(expected), "{text}");
    }

    #[test]
    fn net_laws_of_the_literature_fall_apart() {
        check("V*(k1*A*B - k2*C)", "V*(k1*A*B)", Some("V*(k2*C)"));
        check(
            "Vmax/Ks*(A - B/Keq)/(1 + A/Ks + B/Kp)",
            "Vmax/Ks*A/(1 + A/Ks + B/Kp)",
            Some("Vmax/Ks*(B/Keq)/(1 + A/Ks + B/Kp)"),
        );
        check("k*A*(1 - B/K)", "k*A", Some("k*A*(B/K)"));
        check("k*A - (-B)", "k*A + B", None);
        check("-k*A", "0", Some("k*A"));
        check("-(B - A)", "A", Some("B"));
        check("(A - B)*(C - D)", "A*C + B*D", Some("A*D + B*C"));
        check("A/(-B)", "0", Some("A/B"));
        check("if(A > B, A - B, 0)", "if(A > B, A, 0)", Some("if(A > B, B, 0)"));
    }

    #[test]
    fn what_has_no_minus_sign_stays_as_it_is() {
        for text in [
            "V*A^n/(K^n + A^n)",
            "exp(-A)*B",
            "(A - B)^2*k",
            "max(A - B, 0)",
            "abs(A - B) + A^-2",
            "if(A > B, A, B)*(A < 3)",
        ] {
            let expression = Expression::parse(text).unwrap();
            let split = expression.split().unwrap();
            assert_eq!((&split.forward, &split.backward), (&expression, &None), "{text}");
        }
        check("(1 - 4)*A", "0", Some("3*A"));
        check("(4 - 1)*A", "(4 - 1)*A", None);
    }

    #[test]
    fn unknown_signs_are_not_guessed() {
        for text in [
            "ln(A)",
            "k*sin(A) + B",
            "A/(B - C)",
            "(A - B)^3",
            "(A - B)^n",
            "min(A - B, C)",
        ] {
            assert_eq!(parts(text), None, "{text}");
        }
    }

    #[test]
    fn products_of_many_differences_are_given_up_in_time() {
        let text = vec!["(a - b)"; 60].join("*");
        assert!(Expression::parse(&text).unwrap().split().is_none());
    }

    proptest! {
        #[test]
        fn forward_minus_backward_is_the_value(
            text in prop_oneof![Just("a".to_owned()), Just("b".to_owned()), Just("2".to_owned())].prop_recursive(5, 40, 3, |inner| {
                let operator = prop::sample::select(vec!["+", "-", "-", "*", "/"]);
                prop_oneof![
                    (inner.clone(), operator, inner.clone()).prop_map(|(x, operator, y)| format!("({x}){operator}({y})")),
                    inner.clone().prop_map(|x| format!("-({x})")),
                    (inner.clone(), inner.clone()).prop_map(|(x, y)| format!("if(a < b, {x}, {y})")),
                    inner.clone().prop_map(|x| format!("exp(-({x})^2)")),
                    inner.prop_map(|x| format!("max({x}, 1)")),
                ]
            }),
            a in 0.1..3.0_f64,
            b in 0.1..3.0_f64,
        ) {
            let expression = Expression::parse(&text).unwrap();
            if let Some(split) = expression.split() {
                let value = |part: &Expression| part.evaluate(&|name| match name { "a" => Some(a), "b" => Some(b), _ => None }).unwrap();
                let (forward, backward) = (value(&split.forward), split.backward.as_ref().map_or(0.0, value));
                let net = value(&expression);
                if net.is_finite() && forward.is_finite() {
                    prop_assert!(forward >= 0.0 && backward >= 0.0, "{} {}", forward, backward);
                    prop_assert!((forward - backward - net).abs() <= 1e-11 * (forward + backward + net.abs()), "{} - {} against {}", forward, backward, net);
                }
            }
        }
    }
}
